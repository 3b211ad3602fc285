"""Colours, sizes of type and space, and the painted marks, read from resources/themes, for screen and paper alike."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from math import cos, pi, sin
from typing import Final, NamedTuple

from approgress.paths import resource

THEMES: Final = ("light", "dark", "contrast")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Style:
    """One theme: every colour role as '#RRGGBB', and the three things in which high contrast differs.

    There is one a name, so it is compared by identity; that also spares the start of the program 5 ms of made methods.
    """

    name: str
    title: str
    dark: bool
    outlined: bool
    edge_width: int
    paper: str
    surface: str
    sunken: str
    hover: str
    line: str
    edge: str
    ink: str
    quiet: str
    accent: str
    accent_hover: str
    accent_press: str
    on_accent: str
    soft: str
    soft_press: str
    on_soft: str
    focus: str
    gain: str
    gain_soft: str
    none: str
    none_soft: str
    decline: str
    decline_soft: str
    attention: str
    attention_soft: str
    wellbeing: str
    engagement: str
    attendance: str
    behaviour: str
    learning: str
    home: str
    before: str
    band: str
    grid: str
    score_ground: tuple[str, str, str, str, str]
    score_figure: tuple[str, str, str, str, str]
    score_edge: tuple[str, str, str, str, str]

    def colour(self, role: str) -> str:
        """The colour of a role by its name, as '#RRGGBB'; AttributeError for a name that is no role."""
        return getattr(self, role)  # type: ignore[no-any-return]


_NOT_COLOURS: Final = frozenset({"name", "title", "dark", "outlined", "edge_width", "score_ground", "score_figure", "score_edge"})
ROLES: Final[tuple[str, ...]] = tuple(field.name for field in fields(Style) if field.name not in _NOT_COLOURS)


@cache
def load_style(name: str) -> Style:
    """The theme `name` (one of `THEMES`); ValueError names the role that its file lacks or has too many of."""
    with resource("themes", f"{name}.toml").open("rb") as file:
        raw = tomllib.load(file)
    colours: dict[str, str] = raw["colours"]
    if wrong := set(colours) ^ set(ROLES):
        raise ValueError(f"Theme {name}: these roles are missing or unknown: {', '.join(sorted(wrong))}.")
    scores: dict[str, list[str]] = raw["scores"]
    return Style(
        name=raw["name"],
        title=raw["title"],
        dark=raw["dark"],
        outlined=raw["outlined"],
        edge_width=raw["edge_width"],
        score_ground=_five(scores["ground"]),
        score_figure=_five(scores["figure"]),
        score_edge=_five(scores["edge"]),
        **colours,
    )


def _five(colours: list[str]) -> tuple[str, str, str, str, str]:
    one, two, three, four, five = colours
    return one, two, three, four, five


def luminance(colour: str) -> float:
    """Relative luminance of '#RRGGBB', 0 to 1 (WCAG 2.2, section 'relative luminance')."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Ratio of contrast of two colours, 1 to 21 (WCAG 2.2, section 'contrast ratio')."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


# Named tuples from here on: a frozen dataclass takes 1.3 ms to make, and these are made before the first paint.

# Sizes. h is the height of a line of body text, so nothing clips when the text grows.


class Type(NamedTuple):
    """A size of type: multiple of the base size, and weight."""

    size: float
    weight: int


TYPES: Final[Mapping[str, Type]] = {
    "opening": Type(2.35, 700),
    "title": Type(1.62, 700),
    "dialog": Type(1.3, 700),
    "figure": Type(1.42, 700),
    "brand": Type(1.15, 700),
    "heading": Type(1.08, 600),
    "body": Type(1.0, 400),
    "medium": Type(1.0, 500),
    "strong": Type(1.0, 600),
    "bold": Type(1.0, 700),
    "second": Type(0.87, 400),
    "second_strong": Type(0.87, 600),
    "column": Type(0.80, 600),
    "source": Type(0.80, 400),
}

BASE_POINTS: Final = 11.0


class Size:
    """Lengths in multiples of h."""

    MARGIN_SIDE: Final = 1.4
    MARGIN_TOP: Final = 1.0
    GAP: Final = 0.8
    STRAND_GAP: Final = 0.6
    CARD_PADDING: Final = 0.75
    CARD_RADIUS: Final = 0.6
    RADIUS: Final = 0.4
    CHIP_RADIUS: Final = 0.3
    CONTROL: Final = 1.9
    CONTROL_SMALL: Final = 1.5
    BUTTON_PADDING: Final = 0.8
    ROW_REGISTER: Final = 2.4
    ROW_LIST: Final = 2.2
    ROW_DENSE: Final = 1.8
    REGISTER_CELL: Final = (1.9, 1.55)
    SCORE_CELL: Final = (1.45, 1.55)
    RAIL: Final = 10.5
    RAIL_FOLDED: Final = 3.2
    CHART: Final = 2.4
    PROGRESS: Final = 0.6
    MARK: Final = 0.6
    LINE: Final = 0.1
    POINT: Final = 0.17
    LAST_POINT: Final = 0.24


# Marks. The typeface has none of them, so they are drawn, and look the same on every system and on paper.

Step = tuple[str, float, float] | tuple[str, float, float, float, float, float, float] | tuple[str]


class Mark(NamedTuple):
    """A shape in the box from -0.5 to 0.5, y downwards.

    `path` holds ('M', x, y), ('L', x, y), ('C', x1, y1, x2, y2, x, y) and ('Z',). It is filled when `stroke` is 0, else drawn
    with a round pen that is `stroke` wide, in the same units.
    """

    path: tuple[Step, ...]
    stroke: float = 0.0


def _polygon(*points: tuple[float, float]) -> tuple[Step, ...]:
    first, *rest = points
    return (("M", *first), *(("L", *point) for point in rest), ("Z",))


def _lines(*runs: tuple[tuple[float, float], ...]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for first, *rest in runs:
        steps.append(("M", *first))
        steps.extend(("L", *point) for point in rest)
    return tuple(steps)


def _arc(radius: float, begin: float, end: float) -> tuple[Step, ...]:
    """A piece of a circle of less than a quarter as one cubic curve (error below 0.03% of the radius)."""
    pull = 4 / 3 * (1 - cos((end - begin) / 2)) / sin((end - begin) / 2)
    x1, y1, x2, y2 = radius * cos(begin), radius * sin(begin), radius * cos(end), radius * sin(end)
    return ("M", x1, y1), ("C", x1 - pull * y1, y1 + pull * x1, x2 + pull * y2, y2 - pull * x2, x2, y2)


def _circle(radius: float) -> tuple[Step, ...]:
    quarters = [_arc(radius, i * pi / 2, (i + 1) * pi / 2) for i in range(4)]
    return (quarters[0][0], *(quarter[1] for quarter in quarters), ("Z",))


def _dashed_ring(radius: float, dashes: int, share: float) -> tuple[Step, ...]:
    turn = 2 * pi / dashes
    return tuple(step for i in range(dashes) for step in _arc(radius, i * turn, (i + share) * turn))


def _hexagon(radius: float) -> tuple[Step, ...]:
    return _polygon(*((radius * cos(i * pi / 3 + pi / 6), radius * sin(i * pi / 3 + pi / 6)) for i in range(6)))


MARKS: Final[Mapping[str, Mark]] = {
    "gain": Mark(_polygon((0.0, -0.42), (0.48, 0.40), (-0.48, 0.40))),
    "decline": Mark(_polygon((0.0, 0.42), (0.48, -0.40), (-0.48, -0.40))),
    "none": Mark(_circle(0.40)),
    "unjudged": Mark(_dashed_ring(0.38, 8, 0.50), 0.13),
    "arrow": Mark(_lines(((-0.45, 0.0), (0.42, 0.0)), ((0.12, -0.28), (0.44, 0.0), (0.12, 0.28))), 0.11),
    "tick": Mark(_lines(((-0.40, 0.02), (-0.12, 0.30), (0.42, -0.30))), 0.14),
    "times": Mark(_lines(((-0.30, -0.30), (0.30, 0.30)), ((-0.30, 0.30), (0.30, -0.30))), 0.14),
    "plus": Mark(_lines(((-0.38, 0.0), (0.38, 0.0)), ((0.0, -0.38), (0.0, 0.38))), 0.14),
    "circle": Mark(_circle(0.50)),
    "square": Mark(_polygon((-0.44, -0.44), (0.44, -0.44), (0.44, 0.44), (-0.44, 0.44))),
    "diamond": Mark(_polygon((0.0, -0.56), (0.56, 0.0), (0.0, 0.56), (-0.56, 0.0))),
    "hexagon": Mark(_hexagon(0.53)),
    "cross": Mark(_lines(((-0.40, -0.40), (0.40, 0.40)), ((-0.40, 0.40), (0.40, -0.40))), 0.20),
    "chevron_down": Mark(_lines(((-0.34, -0.16), (0.0, 0.18), (0.34, -0.16))), 0.13),
    "chevron_up": Mark(_lines(((-0.34, 0.16), (0.0, -0.18), (0.34, 0.16))), 0.13),
    "chevron_left": Mark(_lines(((0.16, -0.34), (-0.18, 0.0), (0.16, 0.34))), 0.13),
    "chevron_right": Mark(_lines(((-0.16, -0.34), (0.18, 0.0), (-0.16, 0.34))), 0.13),
}

SIGN_WORDS: Final[Mapping[str, str]] = {
    "gain": "better",
    "decline": "worse",
    "none": "no clear change",
    "unjudged": "cannot be judged",
}
SIGN_ROLE: Final[Mapping[str, str]] = {"gain": "gain", "decline": "decline", "none": "none", "unjudged": "quiet"}


class Strand(NamedTuple):
    """How a strand looks: its name in words, its short name in column headings, its colour role and the mark of its points."""

    name: str
    short: str
    role: str
    mark: str


STRANDS: Final[Mapping[str, Strand]] = {
    "wellbeing": Strand("Wellbeing", "Wb", "wellbeing", "circle"),
    "engagement": Strand("Engagement", "En", "engagement", "square"),
    "attendance": Strand("Attendance", "At", "attendance", "diamond"),
    "behaviour": Strand("Behaviour", "Be", "behaviour", "cross"),
    "learning": Strand("Learning", "Le", "learning", "hexagon"),
    "home": Strand("Home, community", "Ho", "home", "circle"),
}
