"""Charts as data: frozen Figures that the screen painter and the paper painter both draw, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from approgress.domain.dossier import Dossier, Phase
from approgress.domain.values import Key

LINE, BARS, STEPS, DOTS = "line", "bars", "steps", "dots"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what stands there. Days are given as `date`, values as numbers, bars by their index."""

    at: float | date
    label: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days that a chart spans, left to right."""

    first: date
    last: date
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """The scale that a chart spans, bottom to top: fixed by the instrument, never by the data. `title` goes with it in words."""

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a line. `shape`: circle, square, diamond, hexagon, cross (`style.MARKS`). `filled` for the newest. `label` may be ''.

    `above` says on which side of the mark its label stands; `strong` whether it is set bold.
    """

    day: date
    value: float
    shape: str
    filled: bool
    label: str = ""
    above: bool = True
    strong: bool = False
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line between two places; `dashed` over holidays and where nothing was measured in between."""

    first_day: date
    first_value: float
    last_day: date
    last_value: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart: marks and the strokes that join them. `role` is a colour role of the theme."""

    name: str
    role: str
    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `role` is 'before' for history, hatched where `hatched`. `value` None: nothing to draw, `top` says so. `under` are lines below."""

    value: float | None
    role: str
    top: str
    under: tuple[str, ...]
    hatched: bool = False
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of dots on one scale: where it started (hollow) and where it is now (filled), None where not known. `right` stands at its end."""

    label: str
    start: float | None
    now: float | None
    role: str
    right: str
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Corridor:
    """The grey band around the start in which a change is too small to tell from ordinary wobble; bounds cut to the scale."""

    low: float
    high: float
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level line across the chart: the start (dashed). `role` is a colour role."""

    value: float
    label: str
    role: str = "before"
    dashed: bool = True


@dataclass(frozen=True, slots=True)
class Shade:
    """Shaded days: a holiday, or the time before day 0 ('history')."""

    first_day: date
    last_day: date
    label: str
    kind: str = "holiday"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart as a table, for screen readers and for those who want numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart. `kind`: line, steps (a line drawn in steps), bars, dots. `empty` is set where there is nothing to draw and says so; then
    nothing else is drawn. `text` is its one sentence, under it and for screen readers; `note` says what the grey band rests on.

    `strand` is the strand it speaks of; each series has its own `role`. `today` is a dotted line where it lies inside the axis.
    """

    name: str
    kind: str
    title: str
    subtitle: str
    strand: str
    text: str
    empty: str = ""
    note: str = ""
    x: TimeAxis | None = None
    y: ValueAxis | None = None
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    rows: tuple[DotRow, ...] = ()
    corridor: Corridor | None = None
    levels: tuple[Level, ...] = ()
    phases: tuple[Phase, ...] = ()
    shades: tuple[Shade, ...] = ()
    today: date | None = None
    table: Table = Table((), ())


FigureMaker = Callable[[Dossier], Figure]
FIGURES: dict[str, FigureMaker] = {}
"""Every chart of a dossier by its name; made by functions under `@figure`."""


def figure(name: str) -> Callable[[FigureMaker], FigureMaker]:
    """Register a chart under its name."""

    def register(make: FigureMaker) -> FigureMaker:
        if name in FIGURES:
            raise ValueError(f"two charts are called {name}")
        FIGURES[name] = make
        return make

    return register
