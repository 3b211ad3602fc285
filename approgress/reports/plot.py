"""Paper painter of charts: every kind of `Figure` drawn on the canvas, texts measured so that nothing is cut and no labels meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from approgress.domain.dossier import Phase
from approgress.domain.figures import BARS, DOTS, STEPS, YEAR, Figure, Line
from approgress.domain.figures import Mark as DataMark
from approgress.domain.year_map import (
    AWAY,
    AWAY_WITHOUT,
    CLOSED,
    ELSEWHERE,
    LATE,
    NOT_AGREED,
    NOT_DUE,
    PRESENT,
    TO_COME,
    UNMARKED,
    WEEKDAYS,
)
from approgress.reports.fonts import clean, measured, text_width
from approgress.reports.paper import Fragment, Paper
from approgress.reports.text import AXIS, SMALL, Block, Look, Piece, lay_out, paint_lines
from approgress.reports.text import Line as TextLine
from approgress.style import MARKS

CHART_TITLE: Final = Look(9.2, 13.0, 400, "quiet")
SENTENCE: Final = Look(8.3, 11.2, 400, "quiet")
VALUE: Final = Look(9.2, 11.0, 600)
TICK: Final = Look(7.9, 9.6, 400, "quiet")
UNDER: Final = Look(7.9, 9.8, 600)

PLOT_HEIGHT: Final = 76.0
LEAST_PLOT_HEIGHT: Final = 56.0
LINE_WIDTH: Final = 1.5
POINT: Final = 6.2
LAST_POINT: Final = 8.6
PHASE_ROWS: Final = 4


Segment = tuple[float, float, float, float]
"""A straight line between two places of the page."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> float:
        """The area in common."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return wide * high if wide > 0 and high > 0 else 0.0

    def crossed(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Whether a line between two places runs through it."""
        low, high = 0.0, 1.0
        for start, delta, near, far in ((x0, x1 - x0, self.left, self.right), (y0, y1 - y0, self.bottom, self.top)):
            if abs(delta) < 1e-9:
                if start < near or start > far:
                    return False
                continue
            a, b = sorted(((near - start) / delta, (far - start) / delta))
            low, high = max(low, a), min(high, b)
            if low > high:
                return False
        return True


def write(
    paper: Paper, x: float, y: float, text: str, look: Look, *, align: str = "left", colour: str | None = None, weight: int | None = None
) -> None:
    """One line of text with its base line at y; `align` says which of its ends (or its middle) is at x."""
    fragments: list[Fragment] = []
    reach = 0.0
    for set_in, part, unit in measured(clean(text), weight or look.weight):
        fragments.append(Fragment(reach, unit * look.size, set_in, colour or look.colour, part))
        reach += unit * look.size
    shift = {"left": 0.0, "right": reach, "centre": reach / 2}[align]
    paper.write_line(x - shift, y, look.size, fragments)


def wide(text: str, look: Look, weight: int | None = None) -> float:
    """The width of a line of text in points."""
    return text_width(clean(text), weight or look.weight, look.size)


Numbers = Mapping[tuple[date, str], int]
"""Numbers that stand on phase lines in place of their words, by day and label; a key below the charts says what they are."""


class Chart(Block):
    """A chart with its title above and its one sentence below, `plot_height` points between its axes; never divided."""

    def __init__(
        self,
        figure: Figure,
        *,
        plot_height: float = PLOT_HEIGHT,
        sentence: bool = True,
        numbers: Numbers | None = None,
        before: float = 0.0,
        after: float = 0.0,
    ) -> None:
        super().__init__()
        self.figure = figure
        self.plot_height = plot_height
        self.sentence = sentence
        self.numbers = numbers
        self.before = before
        self.after = after

    # --- measuring -------------------------------------------------------------------------------------------------

    def _title(self, width: float) -> tuple[TextLine, ...]:
        f = self.figure
        pieces = [Piece(f.title, 600, "ink")]
        if f.subtitle:
            pieces.append(Piece(" " + f.subtitle))
        return lay_out(pieces, CHART_TITLE, width)

    def _sentence_lines(self, width: float) -> tuple[TextLine, ...]:
        f = self.figure
        return lay_out(f.text, SENTENCE, width) if self.sentence and f.text and not f.empty else ()

    def head_height(self, width: float) -> float:
        """From its upper edge to the top of what its axes span: title, legend, labels."""
        f = self.figure
        height = len(self._title(width)) * CHART_TITLE.leading + 4
        if f.empty or f.kind in (DOTS, YEAR):
            return height
        if f.kind == BARS:
            return height + _top_room(f)
        return height + _legend_height(f, width) + _phase_height(f, width, self.numbers) + _top_room(f)

    def _body_height(self, width: float) -> float:
        """From the top of what its axes span to below its ticks."""
        f = self.figure
        if f.empty:
            return max(34.0, len(lay_out(f.empty, SMALL, width - 20)) * SMALL.leading + 14)
        if f.kind == DOTS:
            return sum(_dot_row_height(row.label, width) for row in f.rows)
        if f.kind == YEAR:
            return year_height(f, width)
        if f.kind == BARS:
            return self.plot_height + _bars_under(f, width)[1]
        return self.plot_height + TICK.leading + 5

    def measure(self, width: float, head: float | None = None) -> float:
        """Its height in points; `head` where the head is higher than it needs, to stand level with another."""
        height = (head or self.head_height(width)) + self._body_height(width)
        sentence = self._sentence_lines(width)
        return height + (len(sentence) * SENTENCE.leading + 3 if sentence else 0)

    # --- painting --------------------------------------------------------------------------------------------------

    def paint(self, paper: Paper, x: float, top: float, width: float, head: float | None = None) -> None:
        """Draw title, chart and sentence."""
        f = self.figure
        lines = self._title(width)
        paper.begin("P")
        paint_lines(paper, lines, CHART_TITLE, x, top, width)
        paper.end()
        y = top - (head or self.head_height(width))
        paper.begin("Figure", f.empty or " ".join(t for t in (f.text, f.note) if t) or f.title)
        paper.drawing()
        height = self._body_height(width)
        if f.empty:
            _paint_empty(paper, f.empty, x, y, width, height)
        elif f.kind == DOTS:
            _paint_dots(paper, f, x, y, width)
        elif f.kind == YEAR:
            paint_year(paper, f, x, y, width)
        elif f.kind == BARS:
            _paint_bars(paper, f, x, y, width, self.plot_height)
        else:
            _paint_lines(paper, f, x, y, width, self.plot_height, self.numbers)
        paper.end()
        sentence = self._sentence_lines(width)
        if sentence:
            paper.begin("P")
            paint_lines(paper, sentence, SENTENCE, x, y - height - 3, width)
            paper.end()


class Pair(Block):
    """Two charts side by side whose plots begin at one height; never divided."""

    def __init__(self, left: Chart, right: Chart, *, gap: float = 24.0, after: float = 0.0) -> None:
        super().__init__()
        self.charts = left, right
        self.gap = gap
        self.after = after

    def _head(self, width: float) -> tuple[float, float]:
        each = (width - self.gap) / 2
        return each, max(c.head_height(each) for c in self.charts)

    def measure(self, width: float) -> float:
        """The height of the higher one."""
        each, head = self._head(width)
        return max(c.measure(each, head) for c in self.charts)

    def least(self, width: float) -> float:
        """Its height with plots as low as they may be."""
        return self.measure(width) - max(0.0, max(c.plot_height for c in self.charts) - LEAST_PLOT_HEIGHT)

    def squeezed(self, width: float, height: float) -> Block | None:
        """The same charts with lower plots, so that they go into `height` points; None where they do not."""
        over = self.measure(width) - height
        if over > self.measure(width) - self.least(width):
            return None
        charts = [Chart(c.figure, plot_height=c.plot_height - max(over, 0.0), sentence=c.sentence, numbers=c.numbers) for c in self.charts]
        lower = Pair(charts[0], charts[1], gap=self.gap, after=self.after)
        lower.section = self.section
        return lower

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draw both."""
        each, head = self._head(width)
        self.charts[0].paint(paper, x, top, each, head)
        self.charts[1].paint(paper, x + each + self.gap, top, each, head)


def _paint_empty(paper: Paper, words: str, x: float, top: float, width: float, height: float) -> None:
    paper.frame(x + 0.5, top - height + 0.5, width - 1, height - 1, "edge", 0.8, (3, 2.4))
    lines = lay_out(words, SMALL, width - 20)
    middle = top - height / 2 + len(lines) * SMALL.leading / 2
    paint_lines(paper, lines, SMALL, x + 10, middle, width - 20)


# --- axes -------------------------------------------------------------------------------------------------------------


def _top_room(f: Figure) -> float:
    return 9.0 if f.kind == BARS or any(m.label for line in f.lines for m in line.marks) else 4.0


def _left_room(f: Figure) -> float:
    ticks = f.y.ticks if f.y else ()
    return max((wide(t.label, TICK) for t in ticks), default=0.0) + 5.0


class _Scales:
    """Where days and values lie on the page."""

    def __init__(self, f: Figure, left: float, right: float, bottom: float, top: float) -> None:
        self.left, self.right, self.bottom, self.top = left, right, bottom, top
        low, high = (f.y.low, f.y.high) if f.y else (0.0, 1.0)
        self.low, self.high = (low, high) if high > low else (low, low + 1)
        days = [f.x.first.toordinal(), f.x.last.toordinal()] if f.x else [0, 1]
        self.first, self.last = days[0], max(days[1], days[0])

    def x(self, day: date) -> float:
        """The place of a day, within the axes."""
        if self.last == self.first:
            return (self.left + self.right) / 2
        share = (day.toordinal() - self.first) / (self.last - self.first)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def y(self, value: float) -> float:
        """The place of a value, within the axes."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + min(1.0, max(0.0, share)) * (self.top - self.bottom)


def _paint_value_axis(paper: Paper, f: Figure, s: _Scales) -> None:
    for tick in f.y.ticks if f.y else ():
        if isinstance(tick.at, date):
            continue
        y = s.y(tick.at)
        if y > s.bottom + 0.5:
            paper.rule(s.left, y, s.right - s.left, "grid", 0.6)
        write(paper, s.left - 5, y - TICK.size * 0.35, tick.label, TICK, align="right")


def _paint_day_ticks(paper: Paper, f: Figure, s: _Scales, edge_left: float, edge_right: float) -> None:
    paper.rule(s.left, s.bottom, s.right - s.left, "edge", 1.0)
    reach = edge_left
    placed: list[tuple[float, str, float]] = []
    ticks = [t for t in (f.x.ticks if f.x else ()) if isinstance(t.at, date)]
    for i, tick in enumerate(ticks):
        assert isinstance(tick.at, date)
        x, w = s.x(tick.at), wide(tick.label, TICK)
        left = min(max(x - w / 2, edge_left), edge_right - w)
        if left < reach + (4 if placed else -0.01):
            if i == len(ticks) - 1 and len(placed) > 1:  # the last day is worth more than the one before it
                _, _, before_left = placed[-1]
                if left >= before_left:
                    placed[-1] = (x, tick.label, left)
            continue
        placed.append((x, tick.label, left))
        reach = left + w
    for x, label, left in placed:
        paper.fill_rect(x - 0.4, s.bottom - 3, 0.8, 3, "edge")
        write(paper, left, s.bottom - 4 - TICK.size, label, TICK)


# --- phases and legend ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PhaseLine:
    """A phase on the page: where its line stands, its words or number, and in which row above the plot they are (None: no room)."""

    x: float
    left: float
    row: int | None
    label: str
    planned: bool


def phases_shown(f: Figure) -> list[Phase]:
    """The phases whose lines are drawn: those within the axis; one on its very first day is the axis itself."""
    if f.x is None:
        return []
    return [p for p in sorted(f.phases, key=lambda p: p.day) if f.x.first < p.day <= f.x.last]


def _phase_lines(f: Figure, s: _Scales, right: float, numbers: Numbers | None) -> list[_PhaseLine]:
    ends: list[float] = []
    out: list[_PhaseLine] = []
    for phase in phases_shown(f):
        x = s.x(phase.day)
        label = phase.label if numbers is None else str(numbers.get((phase.day, phase.label), ""))
        w = wide(label, TICK)
        left = x - w / 2 if numbers is not None else x + 2
        left = min(left, right - w)
        apart = 4 if numbers is None else 2
        row = next((i for i, end in enumerate(ends) if left >= end + apart), None)
        if row is None and len(ends) < PHASE_ROWS:
            ends.append(0.0)
            row = len(ends) - 1
        if row is not None:
            ends[row] = left + w
        out.append(_PhaseLine(x, left, row, label, phase.planned))
    return out


def _phase_height(f: Figure, width: float, numbers: Numbers | None) -> float:
    rows = [p.row for p in _phase_lines(f, _Scales(f, _left_room(f), width - 4, 0, 1), width, numbers) if p.row is not None]
    return (max(rows) + 1) * TICK.leading + 3 if rows else 0.0


def _legend(f: Figure, width: float) -> list[list[tuple[float, Line]]]:
    rows: list[list[tuple[float, Line]]] = []
    if len(f.lines) < 2:
        return rows
    reach = 0.0
    for line in f.lines:
        w = 13 + wide(line.name, TICK)
        if not rows or reach + w > width:
            rows.append([])
            reach = 0.0
        rows[-1].append((reach, line))
        reach += w + 12
    return rows


def _legend_height(f: Figure, width: float) -> float:
    return len(_legend(f, width)) * (TICK.leading + 1.5)


# --- lines and steps --------------------------------------------------------------------------------------------------


def _paint_lines(paper: Paper, f: Figure, x: float, plot_top: float, width: float, height: float, numbers: Numbers | None) -> None:
    left, right = x + _left_room(f), x + width - 4
    phase_lines = _phase_lines(f, _Scales(f, left, right, 0, 1), x + width, numbers)
    rows = [p.row for p in phase_lines if p.row is not None]
    labels_bottom = plot_top + _top_room(f)
    y = labels_bottom + ((max(rows) + 1) * TICK.leading + 3 if rows else 0.0) + _legend_height(f, width)
    for row in _legend(f, width):
        for at, line in row:
            shape = line.marks[-1].shape if line.marks else "circle"
            _paint_point(paper, shape, x + at + 4, y - TICK.leading / 2, 6.2, line.role, filled=True)
            write(paper, x + at + 11, y - TICK.leading / 2 - TICK.size * 0.33, line.name, TICK)
        y -= TICK.leading + 1.5
    s = _Scales(f, left, right, plot_top - height, plot_top)
    _paint_grounds(paper, f, s)
    _paint_value_axis(paper, f, s)
    for level in f.levels:
        paper.polyline(
            [(left, s.y(level.value)), (right, s.y(level.value))], level.role, 1.0, (2.6, 2.2) if level.dashed else (), round_ends=False
        )
    ruled: list[Segment] = [(left, s.y(level.value), right, s.y(level.value)) for level in f.levels]
    for p in phase_lines:
        reach = labels_bottom + (p.row * TICK.leading if p.row is not None else 0)
        paper.polyline([(p.x, s.bottom), (p.x, reach)], "edge", 0.9, (1.6, 1.8) if p.planned else (), round_ends=False)
        ruled.append((p.x, s.bottom, p.x, reach))
    for p in phase_lines:
        if p.row is not None:
            base = labels_bottom + p.row * TICK.leading + TICK.leading * 0.28
            paper.fill_rect(p.left - 0.5, base - 1.6, wide(p.label, TICK) + 1, TICK.size * 0.98, "white")
            write(paper, p.left, base, p.label, TICK)
    if f.today is not None and f.x is not None and f.x.first <= f.today < f.x.last:
        paper.polyline([(s.x(f.today), s.bottom), (s.x(f.today), s.top)], "quiet", 0.9, (0.9, 1.8), round_ends=False)
        ruled.append((s.x(f.today), s.bottom, s.x(f.today), s.top))
    taken: list[Box] = []
    segments: list[Segment] = []
    for line in f.lines:
        segments += _paint_strokes(paper, line, s, steps=f.kind == STEPS)
    for line in f.lines:
        for mark in line.marks:
            px, py = s.x(mark.day), s.y(mark.value)
            size = LAST_POINT if mark.filled else POINT
            _paint_point(paper, mark.shape, px, py, size, line.role, filled=mark.filled)
            taken.append(Box(px - size / 2, py - size / 2, px + size / 2, py + size / 2))
    _paint_day_ticks(paper, f, s, x, x + width)
    bounds = Box(left + 1, s.bottom + 1, x + width, labels_bottom)
    labelled = [mark for line in f.lines for mark in line.marks if mark.label]
    for mark in sorted(labelled, key=lambda m: not m.strong):
        _paint_label(paper, mark, s, taken, segments, ruled, bounds)
    _paint_small_labels(paper, f, s, taken, [*segments, *ruled])


def _paint_grounds(paper: Paper, f: Figure, s: _Scales) -> None:
    for shade in f.shades:
        a, b = s.x(shade.first_day), s.x(shade.last_day)
        if b > a:
            paper.fill_rect(a, s.bottom, b - a, s.top - s.bottom, "sunken")
    if f.corridor is not None:
        low, high = s.y(f.corridor.low), s.y(f.corridor.high)
        paper.fill_rect(s.left, low, s.right - s.left, high - low, "band")
        for edge in (low, high):  # so that the band is one also where there is no colour
            paper.rule(s.left, edge, s.right - s.left, "before", 0.35)


def _paint_strokes(paper: Paper, line: Line, s: _Scales, *, steps: bool) -> list[Segment]:
    """Draw the strokes, joined where they follow each other; returns them as segments on the page."""
    segments: list[Segment] = []
    path: list[tuple[float, float]] = []
    dashed = False

    def draw() -> None:
        paper.polyline(path, line.role, LINE_WIDTH, (2.6, 2.4) if dashed else ())

    for stroke in line.strokes:
        a = s.x(stroke.first_day), s.y(stroke.first_value)
        b = s.x(stroke.last_day), s.y(stroke.last_value)
        places = [a, (b[0], a[1]), b] if steps and not stroke.dashed else [a, b]
        segments += [(*p, *q) for p, q in zip(places, places[1:], strict=False)]
        if path and not dashed and not stroke.dashed and path[-1] == a:
            path += places[1:]
        else:
            draw()
            path, dashed = places, stroke.dashed
    draw()
    return segments


def _paint_point(paper: Paper, shape: str, x: float, y: float, size: float, role: str, *, filled: bool) -> None:
    if MARKS[shape].stroke:
        paper.mark(shape, x, y, size, role)
    else:
        paper.mark(shape, x, y, size if filled else size - 1.2, role, hollow=not filled)


def _paint_label(
    paper: Paper, mark: DataMark, s: _Scales, taken: list[Box], segments: Sequence[Segment], ruled: Sequence[Segment], bounds: Box
) -> None:
    """The value beside its mark, where it meets no other label or mark and no stroke; if need be across a ruled line."""
    weight = 700 if mark.strong else 600
    w, h = wide(mark.label, VALUE, weight), VALUE.size * 0.78
    px, py = s.x(mark.day), s.y(mark.value)
    away = (LAST_POINT if mark.filled else POINT) / 2 + 2.6
    above, below = py + away, py - away - h
    sides = [above, below] if mark.above else [below, above]
    places = [(px - w / 2 + shift, bottom) for shift in (0, w * 0.35, -w * 0.35, w * 0.7, -w * 0.7) for bottom in sides]
    places += [(px - w / 2 + shift, py + away * k) for k in (1.9, 2.8, 3.8, 5.0) for shift in (0, w * 0.5, -w * 0.5)]
    places += [(px + away + 1, py - h / 2), (px - away - 1 - w, py - h / 2)]
    best: tuple[float, float, float, Box] | None = None
    for i, (left, bottom) in enumerate(places):
        left = min(max(left, bounds.left), bounds.right - w)
        box = Box(left - 1, bottom - 0.6, left + w + 1, bottom + h + 0.6)
        outside = max(0.0, bounds.bottom - box.bottom) + max(0.0, box.top - bounds.top)
        cost = sum(box.meets(other) for other in taken) * 4 + outside * 60 + i * 0.4
        cost += sum(14 for g in segments if box.crossed(*g)) + sum(3 for g in ruled if box.crossed(*g))
        if best is None or cost < best[0]:
            best = cost, left, bottom, box
        if cost <= i * 0.4 or (best[0] <= i * 0.4):
            break  # free: the places that follow are wanted less
    assert best is not None
    cost, left, bottom, box = best
    if cost > 24 and not mark.strong:
        return  # no room that is free: its figure stands in the table
    taken.append(box)
    if bottom > py + 2.2 * away and left - 1 <= px <= left + w + 1:
        paper.polyline([(px, py + away - 1.6), (px, bottom - 1.6)], "edge", 0.5)  # far off: a thin line says whose figure it is
    write(paper, left, bottom, mark.label, VALUE, weight=weight, colour="ink")


def _paint_small_labels(paper: Paper, f: Figure, s: _Scales, taken: list[Box], segments: Sequence[Segment]) -> None:
    """Names of shaded time and of levels, where there is room for them."""
    wanted: list[tuple[str, float, float, float, float]] = []  # label, left, right, base line, how much room it may take
    for shade in f.shades:
        if shade.label and shade.kind != "holiday":
            wanted.append((shade.label, s.x(shade.first_day) + 2, s.x(shade.last_day) - 2, s.top - TICK.size, 0))
    for label, left, right, y, _ in wanted:
        w = wide(label, TICK)
        if w > right - left:
            continue
        box = Box(left, y - 1, left + w, y + TICK.size * 0.8)
        if any(box.meets(t) for t in taken) or any(box.crossed(*g) for g in segments):
            continue
        taken.append(box)
        write(paper, left, y, label, TICK)


# --- bars -------------------------------------------------------------------------------------------------------------


_SMALL_TICK: Final = Look(6.9, 8.4, 400, "quiet")
_SMALL_UNDER: Final = Look(6.9, 8.4, 600)


def _bars_under(f: Figure, width: float) -> tuple[list[list[tuple[str, Look]]], float]:
    """The lines below each bar, alike for all bars and broken so that they fit their slot, and the height that they need."""
    slot = max((width - _left_room(f) - 4) / max(1, len(f.bars)) - 3, 12.0)
    out: list[list[tuple[str, Look]]] = [[] for _ in f.bars]
    rows = max((len(bar.under) for bar in f.bars), default=0)
    for i in range(rows):
        label = i == 0 and rows > 1
        look = TICK if label else UNDER
        texts = [bar.under[i] if i < len(bar.under) else "" for bar in f.bars]
        if any(wide(text, look) > slot for text in texts):
            look = _SMALL_TICK if label else _SMALL_UNDER
        broken = [["".join(fr.text for fr in line.fragments) for line in lay_out(text, look, slot)] for text in texts]
        high = max(len(lines) for lines in broken)
        for lines, one in zip(broken, out, strict=True):
            one += [(text, look) for text in [*lines, *[""] * (high - len(lines))]]
    return out, sum(look.leading for _, look in out[0]) + 4 if out else 4.0


def _top_look(f: Figure, slot: float) -> Look:
    """The largest type in which every figure above a bar goes into one line of its slot; words there may take several lines."""
    figures = [word for bar in f.bars for word in bar.top.split() if bar.value is not None]
    for look in (VALUE, Look(7.6, 9.2, 600), Look(6.8, 8.4, 600)):
        if all(wide(word, look) <= slot - 1 for word in figures):
            return look
    return Look(5.8, 7.2, 600)


def _paint_bars(paper: Paper, f: Figure, x: float, plot_top: float, width: float, height: float) -> None:
    left, right = x + _left_room(f), x + width - 4
    s = _Scales(f, left, right, plot_top - height, plot_top)
    _paint_value_axis(paper, f, s)
    slot = (right - left) / max(1, len(f.bars))
    bar_wide = min(slot * 0.62, 44.0)
    unders, _ = _bars_under(f, width)
    top_look = _top_look(f, slot)
    for i, (bar, under) in enumerate(zip(f.bars, unders, strict=True)):
        middle = left + slot * (i + 0.5)
        reach = s.bottom
        if bar.value is not None:
            reach = s.y(bar.value)
            high = max(reach - s.bottom, 0.8)
            if bar.hatched:
                paper.hatch(middle - bar_wide / 2, s.bottom, bar_wide, high, bar.role)
            else:
                paper.fill_rect(middle - bar_wide / 2, s.bottom, bar_wide, high, bar.role)
        if bar.top:
            look = top_look
            for n, line in enumerate(reversed(lay_out(bar.top, look, max(slot - 1, 14)))):
                text = "".join(fr.text for fr in line.fragments)
                write(
                    paper,
                    middle,
                    reach + 3.0 + n * look.leading,
                    text,
                    look,
                    align="centre",
                    colour="ink" if bar.value is not None else "quiet",
                )
        y = s.bottom - 3
        for text, look in under:
            write(paper, middle, y - look.size, text, look, align="centre")
            y -= look.leading
    for level in f.levels:
        paper.polyline(
            [(left, s.y(level.value)), (right, s.y(level.value))], level.role, 1.0, (2.6, 2.2) if level.dashed else (), round_ends=False
        )
    paper.rule(left, s.bottom, right - left, "edge", 1.0)


# --- a year of sessions -----------------------------------------------------------------------------------------------

YEAR_LABELS: Final = 36.0
YEAR_CELL: Final = (8.6, 11.5)
"""Height of a session's box, least and most, in points; its width is what the weeks leave."""
_HOLIDAY_SHARE: Final = 0.4
_YEAR_CODE: Final = Look(6.4, 7.6, 700)
_YEAR_WORD: Final = Look(7.2, 9.0, 400, "quiet")
_DAY_GAP: Final = 2.6
_YEAR_GROUNDS: Final[Mapping[str, tuple[str, str, str]]] = {
    PRESENT: ("attendance", "", "white"),
    LATE: ("attendance", "", "white"),
    ELSEWHERE: ("before", "", "white"),
    AWAY: ("attention_soft", "attention", "attention"),
    AWAY_WITHOUT: ("decline_soft", "decline", "decline"),
    NOT_DUE: ("none_soft", "edge", "ink"),
}


def _year_unit(f: Figure, width: float) -> float:
    """The width of a school week."""
    assert f.year is not None
    return min(24.0, (width - YEAR_LABELS) / max(1.0, sum(_HOLIDAY_SHARE if w.holiday else 1.0 for w in f.year.weeks)))


def _year_legend(f: Figure, width: float) -> list[list[tuple[float, str, str, str]]]:
    """The legend in rows: place, class, letter, words."""
    assert f.year is not None
    rows: list[list[tuple[float, str, str, str]]] = [[]]
    reach = 0.0
    for tone, sample, words in f.year.legend:
        w = 13 + wide(words, _YEAR_WORD)
        if reach and reach + w > width:
            rows.append([])
            reach = 0.0
        rows[-1].append((reach, tone, sample, words))
        reach += w + 11
    return rows


def _year_cell(f: Figure, width: float) -> float:
    return min(YEAR_CELL[1], max(YEAR_CELL[0], _year_unit(f, width)))


def year_height(f: Figure, width: float) -> float:
    """How high a map of a year is: legend, months, ten rows of sessions."""
    assert f.year is not None
    lines = 2 if f.year.began is not None else 1
    return len(_year_legend(f, width)) * 12.0 + 2 + lines * _YEAR_WORD.leading + 10 * _year_cell(f, width) + 4 * _DAY_GAP + 2


def _year_box(paper: Paper, x: float, bottom: float, width: float, height: float, tone: str, code: str) -> None:
    if tone == CLOSED:
        paper.fill_rect(x + width / 2 - 1.1, bottom + height / 2 - 0.3, 2.2, 0.6, "edge")
    elif tone == NOT_AGREED:
        paper.hatch(x, bottom, width, height, "before", gap=2.6, thickness=0.5)
    elif tone in (TO_COME, UNMARKED):
        paper.frame(x + 0.3, bottom + 0.3, width - 0.6, height - 0.6, "edge", 0.5, (1.4, 1.1) if tone == TO_COME else ())
    else:
        ground, edge, ink = _YEAR_GROUNDS[tone]
        paper.fill_rect(x, bottom, width, height, ground)
        if edge:
            paper.frame(x + 0.25, bottom + 0.25, width - 0.5, height - 0.5, edge, 0.5)
        if code:
            write(paper, x + width / 2, bottom + height / 2 - _YEAR_CODE.size * 0.35, code, _YEAR_CODE, align="centre", colour=ink)


def paint_year(paper: Paper, f: Figure, x: float, top: float, width: float) -> None:
    """Every session of a year: legend above, then weeks as columns, Monday to Friday with morning and afternoon as rows."""
    year = f.year
    assert year is not None
    y = top
    for row in _year_legend(f, width):
        for at, tone, sample, words in row:
            _year_box(paper, x + at, y - 9.5, 9.0, 9.0, tone, sample)
            write(paper, x + at + 12, y - 7.6, words, _YEAR_WORD)
        y -= 12.0
    y -= 2
    unit, cell = _year_unit(f, width), _year_cell(f, width)
    places: list[float] = []
    reach = x + YEAR_LABELS
    for week in year.weeks:
        places.append(reach)
        reach += unit * (_HOLIDAY_SHARE if week.holiday else 1.0)
    end = reach
    words_top = y
    if year.began is not None:
        y -= _YEAR_WORD.leading
    taken = 0.0
    for n, words in year.months:
        if places[n] >= taken and places[n] + wide(words, _YEAR_WORD) <= end + 12:
            write(paper, places[n], y - _YEAR_WORD.size, words, _YEAR_WORD)
            taken = places[n] + wide(words, _YEAR_WORD) + 3
    y -= _YEAR_WORD.leading

    def row_top(weekday: int, half: int) -> float:
        return y - weekday * (2 * cell + _DAY_GAP) - half * cell

    for weekday, name in enumerate(WEEKDAYS):
        write(paper, x, row_top(weekday, 1) - 2.4, name, _YEAR_WORD, weight=600, colour="ink")
        for half, label in enumerate(("AM", "PM")):
            write(paper, x + YEAR_LABELS - 4, row_top(weekday, half) - cell + 2.4, label, _YEAR_WORD, align="right")
    for n, week in enumerate(year.weeks):
        wide_week = unit * (_HOLIDAY_SHARE if week.holiday else 1.0)
        for weekday, day in enumerate(week.days):
            if day is None:
                continue
            for half, one in enumerate((day.am, day.pm)):
                _year_box(paper, places[n] + 0.5, row_top(weekday, half) - cell + 0.5, wide_week - 1.0, cell - 1.0, one.tone, one.code)
    if year.began is not None:
        line = places[year.began] - 0.4
        paper.polyline([(line, words_top), (line, row_top(4, 1) - cell)], "ink", 0.8, round_ends=False)
        base = words_top - _YEAR_WORD.size
        if year.before_words and wide(year.before_words, _YEAR_WORD) + 4 <= line - x:
            write(paper, line - 4, base, year.before_words, _YEAR_WORD, align="right")
        if year.since_words and wide(year.since_words, _YEAR_WORD, 600) + 4 <= x + width - line:
            write(paper, line + 4, base, year.since_words, _YEAR_WORD, weight=600, colour="ink")


# --- rows of dots -----------------------------------------------------------------------------------------------------

DOT_SCALE: Final = 128.0


def _dot_row_height(label: str, width: float) -> float:
    lines = lay_out(label, AXIS, max(60.0, width - DOT_SCALE - 80))
    return max(16.0, len(lines) * AXIS.leading + 5)


def _paint_dots(paper: Paper, f: Figure, x: float, top: float, width: float) -> None:
    low, high = (f.y.low, f.y.high) if f.y else (0.0, 10.0)
    room = max(60.0, width - DOT_SCALE - 80)
    y = top
    for row in f.rows:
        lines = lay_out(row.label, AXIS, room)
        height = _dot_row_height(row.label, width)
        paint_lines(paper, lines, AXIS, x, y - (height - len(lines) * AXIS.leading) / 2, room)
        middle = y - height / 2
        paint_dot_scale(paper, x + room + 10, middle, DOT_SCALE, low, high, row.start, row.now, row.role)
        write(paper, x + width, middle - VALUE.size * 0.33, row.right, VALUE, align="right")
        y -= height


def paint_dot_scale(
    paper: Paper, x: float, middle: float, width: float, low: float, high: float, start: float | None, now: float | None, role: str
) -> None:
    """A scale from `low` to `high`: hollow dot where it started, filled dot where it is now, a bar between; ticks at whole numbers."""
    inner = width - LAST_POINT
    x += LAST_POINT / 2
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return x + (min(max(value, low), high) - low) / span * inner

    paper.fill_rect(x, middle - 0.9, inner, 1.8, "line")
    count = int(span) if span == int(span) and span <= 20 else 10
    for i in range(count + 1):
        paper.fill_rect(x + inner * i / count - 0.5, middle - 2.6, 1.0, 5.2, "line")
    if start is not None and now is not None:
        paper.fill_rect(min(at(start), at(now)), middle - 1.2, abs(at(now) - at(start)), 2.4, role)
    if start is not None:
        paper.mark("circle", at(start), middle, POINT, role, hollow=True)
    if now is not None:
        paper.mark("circle", at(now), middle, POINT + 0.8, role)
