"""How a `Figure` is painted on the screen: where its days and values lie, its grounds, strokes, marks and labels, all in theme colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from approgress.domain import days
from approgress.domain.figures import BARS, DOTS, STEPS, Bar, DotRow, Figure, Line, Tick, time_ticks
from approgress.domain.figures import Mark as DataMark
from approgress.style import MARKS, Size
from approgress.ui.parts.painting import crisp, draw_box, draw_hairline, draw_mark, draw_open_mark, draw_text, text_height, text_width
from approgress.ui.theme import h, theme

PHASE_ROWS = 3
TICK = "source"
_LINE_HIGH = 1.05
"""Height of a line of labels, in h."""


@dataclass(frozen=True, slots=True)
class Scales:
    """Where days and values lie: `plot` is the rectangle between the axes, `first` and `last` the days at its sides as ordinals."""

    plot: QRectF
    first: float
    last: float
    low: float
    high: float

    def x(self, day: date | float) -> float:
        """Where a day lies across."""
        at = day.toordinal() if isinstance(day, date) else day
        if self.last <= self.first:
            return self.plot.center().x()
        return self.plot.left() + (at - self.first) / (self.last - self.first) * self.plot.width()

    def y(self, value: float) -> float:
        """Where a value lies, within the axes."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.plot.bottom() - min(1.0, max(0.0, share)) * self.plot.height()

    def day_at(self, x: float) -> float:
        """The day at a place, as an ordinal with its fraction."""
        return self.first + (x - self.plot.left()) / max(1.0, self.plot.width()) * (self.last - self.first)

    def point(self, mark: DataMark) -> QPointF:
        """Where a mark lies."""
        return QPointF(self.x(mark.day), self.y(mark.value))


@dataclass(frozen=True, slots=True)
class Reading:
    """A place of a chart that can be read: where it is, what it says, and for the cursor whether a line goes up through it."""

    at: QPointF
    words: str
    upright: bool = True


# --- room -------------------------------------------------------------------------------------------------------------


def left_room(f: Figure) -> float:
    """What the value axis needs at the left, in pixels."""
    widest = max((text_width(t.label, TICK) for t in (f.y.ticks if f.y else ())), default=0.0)
    return ceil(widest + h(0.45)) if widest else h(0.3)


def _right_labels(f: Figure) -> list[tuple[float, str]]:
    """What stands at the right of the plot, by value: levels first, since they may push the others out."""
    found = [(level.value, level.label) for level in f.levels if level.label]
    if f.corridor is not None:
        found += [(v, label) for v, label in ((f.corridor.low, f.corridor.low_label), (f.corridor.high, f.corridor.high_label)) if label]
    return found


def right_room(f: Figure) -> float:
    """What labels of levels and of the grey band need at the right."""
    widest = max((text_width(label, TICK) for _, label in _right_labels(f)), default=0.0)
    last = f.x.ticks[-1].label if f.x is not None and f.x.ticks else ""
    return max(h(0.35), ceil(widest + h(0.4)) if widest else 0.0, text_width(last, TICK) / 2 if last else 0.0)


def bottom_room(f: Figure, width: float) -> float:
    """What stands below the axis: days, or the lines under bars."""
    if f.kind == BARS:
        slot = width / max(1, len(f.bars)) - h(0.3)
        return h(0.3) + max((sum(text_height(u, slot, TICK) for u in bar.under) for bar in f.bars), default=0.0)
    return h(1.25) if f.x is not None and f.x.ticks else h(0.3)


def top_room(f: Figure, s: Scales, right: float) -> float:
    """What stands above the plot: phases in rows, and room for the label of a mark at the top of the scale."""
    if f.kind == BARS:
        slot = s.plot.width() / max(1, len(f.bars)) - h(0.15)
        return max((text_height(bar.top, slot, "column") for bar in f.bars if bar.top), default=0.0) + h(0.25)
    rows = [p.row for p in phase_places(f, s, right) if p.row is not None]
    phases = (max(rows) + 1) * h(_LINE_HIGH) + h(0.1) if rows else 0.0
    return max(phases, h(0.5))


# --- phases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhasePlace:
    """A phase: where its line stands, and in which row above the plot its words are (None: no room, its line stays)."""

    x: float
    left: float
    row: int | None
    label: str
    planned: bool
    day: date


def phase_places(f: Figure, s: Scales, right: float) -> list[PhasePlace]:
    """The phases within the days that are shown, their words in as few rows as hold them."""
    ends: list[float] = []
    found: list[PhasePlace] = []
    for phase in sorted(f.phases, key=lambda p: p.day):
        at = phase.day.toordinal()
        if not s.first <= at <= s.last:
            continue
        x = s.x(phase.day)
        wide = text_width(phase.label, TICK)
        left = max(s.plot.left(), min(x + h(0.2), right - wide))
        row = next((i for i, end in enumerate(ends) if left >= end + h(0.35)), None)
        if row is None and len(ends) < PHASE_ROWS and wide <= right - s.plot.left():
            ends.append(0.0)
            row = len(ends) - 1
        if row is not None:
            ends[row] = left + wide
        found.append(PhasePlace(x, left, row, phase.label, phase.planned, phase.day))
    return found


# --- painting: grounds and axes ---------------------------------------------------------------------------------------


def _dashes(role: str, pattern: list[float], width: float = 1.0) -> QPen:
    pen = QPen(theme().colour(role), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(pattern)
    return pen


def _upright(painter: QPainter, x: float, top: float, bottom: float, pen: QPen) -> None:
    painter.setPen(pen)
    at = round(x) + 0.5
    painter.drawLine(QLineF(at, top, at, bottom))


def _across(painter: QPainter, left: float, right: float, y: float, pen: QPen) -> None:
    painter.setPen(pen)
    at = round(y) + 0.5
    painter.drawLine(QLineF(left, at, right, at))


def paint_grounds(painter: QPainter, f: Figure, s: Scales, right: float) -> None:
    """Shaded days, the grey band, grid lines, levels, phase lines and today: all that lies below the lines."""
    plot, look = s.plot, theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for shade in f.shades:
        a, b = max(plot.left(), s.x(shade.first_day)), min(plot.right(), s.x(shade.last_day))
        if b > a:
            painter.fillRect(crisp(painter, QRectF(a, plot.top(), b - a, plot.height())), look.colour("sunken"))
            if look.style.outlined and b - a > 3:  # in high contrast sunken is black: its ends are drawn
                for x in (a, b):
                    _upright(painter, x, plot.top(), plot.bottom(), _dashes("grid", [1.0, 3.0]))
    if f.corridor is not None:
        top, bottom = s.y(f.corridor.high), s.y(f.corridor.low)
        painter.fillRect(crisp(painter, QRectF(plot.left(), top, plot.width(), bottom - top)), look.colour("band"))
    for tick in f.y.ticks if f.y else ():
        if not isinstance(tick.at, date) and tick.at > s.low:
            draw_hairline(painter, plot.left(), s.y(tick.at), plot.width(), "grid")
    for level in f.levels:
        role = "quiet" if level.role == "before" else level.role
        pen = _dashes(role, [3.0, 2.5]) if level.dashed else QPen(look.colour(role), 1)
        _across(painter, plot.left(), plot.right(), s.y(level.value), pen)
    for p in phase_places(f, s, right):
        if p.x > plot.left() + 1 or s.first != (f.x.first.toordinal() if f.x else s.first):
            reach = plot.top() - (p.row * h(_LINE_HIGH) if p.row is not None else 0)
            _upright(painter, p.x, reach, plot.bottom(), _dashes("edge", [2.0, 2.0]) if p.planned else QPen(look.colour("edge"), 1))
    if f.today is not None and s.first <= f.today.toordinal() < s.last:
        _upright(painter, s.x(f.today), plot.top(), plot.bottom(), _dashes("accent", [1.0, 2.0]))
    draw_hairline(painter, plot.left(), plot.bottom(), plot.width(), "edge")
    if f.kind != BARS:
        draw_hairline(painter, plot.left(), plot.top(), plot.height(), "edge", upright=True)
    painter.restore()


def paint_axes(painter: QPainter, f: Figure, s: Scales, edge_left: float, edge_right: float) -> None:
    """The words at the axes: values at the left, days below, levels and the grey band at the right."""
    plot, line = s.plot, h(_LINE_HIGH)
    for tick in f.y.ticks if f.y else ():
        if not isinstance(tick.at, date):
            y = s.y(tick.at)
            place = QRectF(edge_left, y - line / 2, plot.left() - edge_left - h(0.35), line)
            draw_text(painter, place, tick.label, TICK, "quiet", across="right")
    if f.x is not None and f.x.ticks:
        _paint_days(painter, f, s, edge_left, edge_right)
    taken: list[float] = []
    for value, label in _right_labels(f):
        y = s.y(value)
        if all(abs(y - other) >= line * 0.9 for other in taken):
            taken.append(y)
            draw_text(painter, QRectF(plot.right() + h(0.3), y - line / 2, text_width(label, TICK) + 2, line), label, TICK, "quiet")


def ticks_of(f: Figure, s: Scales) -> tuple[Tick, ...]:
    """The ticks of the days that are shown: the figure's own, or others where only a part of it is shown."""
    assert f.x is not None
    first, last = f.x.first.toordinal(), f.x.last.toordinal()
    if abs(s.first - first) < 0.5 and abs(s.last - last) < 0.5:
        return f.x.ticks
    return time_ticks(date.fromordinal(max(1, ceil(s.first))), date.fromordinal(max(1, int(s.last))))


def _paint_days(painter: QPainter, f: Figure, s: Scales, edge_left: float, edge_right: float) -> None:
    reach = -1e9
    for tick in ticks_of(f, s):
        assert isinstance(tick.at, date)
        x, wide = s.x(tick.at), text_width(tick.label, TICK)
        left = min(max(x - wide / 2, edge_left), edge_right - wide)
        if left < reach + h(0.5):
            continue
        reach = left + wide
        draw_hairline(painter, x, s.plot.bottom(), h(0.22), "edge", upright=True)
        draw_text(painter, QRectF(left, s.plot.bottom() + h(0.2), wide + 1, h(_LINE_HIGH)), tick.label, TICK, "quiet")


# --- painting: lines --------------------------------------------------------------------------------------------------


def paint_strokes(painter: QPainter, f: Figure, line: Line, s: Scales, ground: str = "surface") -> None:
    """One series: its strokes, dashed over holidays, then its marks."""
    look, width = theme(), h(Size.LINE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    solid = QPen(look.colour(line.role), width)
    solid.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    solid.setCapStyle(Qt.PenCapStyle.RoundCap)
    dashed = QPen(look.colour(line.role), max(1.0, width * 0.85))
    dashed.setDashPattern([1.6, 2.2])
    for stroke in line.strokes:
        a = QPointF(s.x(stroke.first_day), s.y(stroke.first_value))
        b = QPointF(s.x(stroke.last_day), s.y(stroke.last_value))
        painter.setPen(dashed if stroke.dashed else solid)
        if f.kind == STEPS and not stroke.dashed:
            painter.drawPolyline(QPolygonF([a, QPointF(b.x(), a.y()), b]))
        else:
            painter.drawLine(a, b)
    small, large = mark_sizes(line, s)
    for mark in line.marks:
        paint_point(painter, mark, s.point(mark), large if mark.filled else small, line.role, ground)
    painter.restore()


def mark_sizes(line: Line, s: Scales) -> tuple[float, float]:
    """How large open and filled marks are; smaller where they crowd."""
    small, large = h(Size.POINT) * 2, h(Size.LAST_POINT) * 2
    if len(line.marks) > 1:
        gap = s.plot.width() / (len(line.marks) - 1)
        small = max(h(0.18), min(small, gap * 0.7))
    return small, large


def paint_point(painter: QPainter, mark: DataMark, at: QPointF, size: float, role: str, ground: str) -> None:
    """One mark: filled for the newest, else open on its ground; a cross has no inside."""
    if mark.filled or MARKS[mark.shape].stroke:
        draw_mark(painter, mark.shape, at, size, role)
    else:
        draw_open_mark(painter, mark.shape, at, size, role, ground, max(1.25, h(Size.LINE) * 0.8))


@dataclass(frozen=True, slots=True)
class Label:
    """Words and where they stand; `ground` paints the surface behind them."""

    place: QRectF
    text: str
    kind: str
    role: str
    across: str = "left"
    ground: bool = False


def place_labels(f: Figure, s: Scales, edge_right: float) -> list[Label]:
    """Where the words over a plot stand: phases above it, values at their marks, and shaded time where there is room."""
    plot, line = s.plot, h(_LINE_HIGH)
    labels: list[Label] = []
    taken: list[QRectF] = []
    cuts: list[QLineF] = []
    for p in phase_places(f, s, edge_right):
        cuts.append(QLineF(p.x, plot.top(), p.x, plot.bottom()))
        if p.row is not None:
            place = QRectF(p.left, plot.top() - (p.row + 1) * line, text_width(p.label, TICK) + 1, line)
            labels.append(Label(place, p.label, TICK, "ink", ground=True))  # lines of later phases go up behind the words
    for series in f.lines:
        for stroke in series.strokes:
            cuts.append(QLineF(s.x(stroke.first_day), s.y(stroke.first_value), s.x(stroke.last_day), s.y(stroke.last_value)))
        small, large = mark_sizes(series, s)
        for mark in series.marks:
            size = large if mark.filled else small
            at = s.point(mark)
            taken.append(QRectF(at.x() - size / 2, at.y() - size / 2, size, size))
    cuts += [QLineF(plot.left(), s.y(level.value), plot.right(), s.y(level.value)) for level in f.levels]
    if f.today is not None:
        cuts.append(QLineF(s.x(f.today), plot.top(), s.x(f.today), plot.bottom()))
    bounds = QRectF(plot.left() + 1, plot.top() - h(0.4), edge_right - plot.left() - 1, plot.height() + h(0.4))
    labelled = [(mark, series) for series in f.lines for mark in series.marks if mark.label and s.first <= mark.day.toordinal() <= s.last]
    for mark, series in sorted(labelled, key=lambda one: not one[0].strong):
        label = _place_value(mark, s, taken, cuts, bounds, mark_sizes(series, s)[1 if mark.filled else 0])
        if label is not None:
            labels.append(label)
    for shade in f.shades:
        left, right = max(plot.left(), s.x(shade.first_day)), min(plot.right(), s.x(shade.last_day))
        wide = text_width(shade.label, TICK)
        if shade.label and wide + h(0.3) <= right - left:
            top = plot.bottom() - line - h(0.1) if shade.kind == "holiday" else plot.top() + h(0.1)
            place = QRectF((left + right - wide) / 2, top, wide + 1, line)
            if not any(place.intersects(other) for other in taken) and not any(_cuts(place, cut) for cut in cuts):
                labels.append(Label(place, shade.label, TICK, "quiet"))
    return labels


def paint_labels(painter: QPainter, labels: Iterable[Label]) -> None:
    """Paints words where they were placed."""
    for label in labels:
        if label.ground:
            painter.fillRect(label.place.adjusted(-2, 1, 2, -1), theme().colour("surface"))
        draw_text(painter, label.place, label.text, label.kind, label.role, across=label.across)


def _place_value(mark: DataMark, s: Scales, taken: list[QRectF], cuts: Sequence[QLineF], bounds: QRectF, size: float) -> Label | None:
    kind = "bold" if mark.strong else TICK
    wide = text_width(mark.label, kind)
    metrics = theme().metrics(kind)
    high = metrics.capHeight() + h(0.14)
    at, away = s.point(mark), size / 2 + h(0.16)
    reach = wide + 2 * away + 3 * high
    near = [line for line in cuts if min(line.x1(), line.x2()) <= at.x() + reach and max(line.x1(), line.x2()) >= at.x() - reach]
    close = [other for other in taken if abs(other.center().x() - at.x()) < reach + other.width()]
    above, below = at.y() - away - high, at.y() + away
    sides = (above, below) if mark.above else (below, above)
    places = [(at.x() - wide / 2 + shift, top) for shift in (0, wide * 0.45, -wide * 0.45) for top in sides]
    places += [(at.x() - wide / 2, at.y() - away * k - high) for k in (1.8, 2.6)]
    places += [(at.x() + away, at.y() - high / 2), (at.x() - away - wide, at.y() - high / 2)]
    best: tuple[float, QRectF] | None = None
    for number, (left, top) in enumerate(places):
        place = QRectF(min(max(left, bounds.left()), bounds.right() - wide), top, wide, high)
        cost = number * 0.4 + sum(40.0 for other in close if place.intersects(other)) + sum(12.0 for cut in near if _cuts(place, cut))
        if not bounds.contains(place):
            cost += 30.0
        if best is None or cost < best[0]:
            best = cost, place
        if cost == number * 0.4:
            break  # free: no later place can be better
    assert best is not None
    cost, place = best
    if cost > 38 and not mark.strong:
        return None  # no room that is free: the cursor and the table say it
    taken.append(place.adjusted(-1, -1, 1, 1))
    middle = place.center().y()
    full = QRectF(place.left() - 1, middle - metrics.height() / 2, wide + 2, metrics.height())
    return Label(full, mark.label, kind, "ink" if mark.strong else "quiet", "middle")


def _cuts(place: QRectF, line: QLineF) -> bool:
    """Whether a line runs through a rectangle (Liang and Barsky)."""
    low, high = 0.0, 1.0
    for start, delta, near, far in (
        (line.x1(), line.dx(), place.left(), place.right()),
        (line.y1(), line.dy(), place.top(), place.bottom()),
    ):
        if abs(delta) < 1e-9:
            if start < near or start > far:
                return False
            continue
        a, b = sorted(((near - start) / delta, (far - start) / delta))
        low, high = max(low, a), min(high, b)
        if low > high:
            return False
    return True


# --- painting: bars and dots ------------------------------------------------------------------------------------------


def bar_rects(f: Figure, s: Scales) -> list[QRectF]:
    """The rectangle of each bar; one without a value has no height."""
    count = max(1, len(f.bars))
    slot = s.plot.width() / count
    wide = min(round(slot * 0.6), round(h(3.2)))
    found: list[QRectF] = []
    for number, bar in enumerate(f.bars):
        middle = s.plot.left() + (number + 0.5) * slot
        top = s.plot.bottom() if bar.value is None else min(s.plot.bottom() - 1, s.y(bar.value))
        found.append(QRectF(round(middle - wide / 2), round(top), wide, round(s.plot.bottom()) - round(top)))
    return found


def paint_bars(painter: QPainter, f: Figure, s: Scales) -> None:
    """Bars with what stands above and below each; a dashed box where nothing is known."""
    look, count = theme(), max(1, len(f.bars))
    slot = s.plot.width() / count
    for number, (bar, rect) in enumerate(zip(f.bars, bar_rects(f, s), strict=True)):
        middle = s.plot.left() + (number + 0.5) * slot
        if bar.value is None:
            box = QRectF(rect.left(), s.plot.bottom() - h(1.2), rect.width(), h(1.2))
            draw_box(painter, box, edge="edge", dashed=True, radius=0.1)
            rect = box
        elif bar.hatched:
            _hatch(painter, rect, bar.role)
        else:
            painter.fillRect(crisp(painter, rect), look.colour(bar.role))
        room = slot - h(0.15)
        if bar.top:
            high = text_height(bar.top, room, "column")
            place = QRectF(middle - room / 2, rect.top() - high - h(0.1), room, high + 1)
            draw_text(painter, place, bar.top, "column", "ink" if bar.value is not None else "quiet", across="middle", wrap=True)
        y = s.plot.bottom() + h(0.25)
        room = slot - h(0.3)
        for n, under in enumerate(bar.under):
            high = text_height(under, room, TICK)
            role = "ink" if n else "quiet"
            draw_text(painter, QRectF(middle - room / 2, y, room, high + 1), under, TICK, role, across="middle", down="top", wrap=True)
            y += high


def _hatch(painter: QPainter, rect: QRectF, role: str) -> None:
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour(role), max(1.0, h(0.07))))
    step = h(0.35)
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QLineF(x, rect.bottom(), x + rect.height(), rect.top()))
        x += step
    painter.restore()
    draw_box(painter, rect, edge=role, radius=0.0)


def dot_row_height(row: DotRow, width: float) -> float:
    """Height of a row of dots whose words are wrapped to their part of the width."""
    label, _, _ = _dot_parts(width, row)
    return max(h(1.6), text_height(row.label, label, "second") + h(0.5))


def _dot_parts(width: float, row: DotRow) -> tuple[float, float, float]:
    right = max(h(5.0), text_width(row.right, "second_strong") + h(0.2)) if row.right else 0.0
    rest = max(h(6.0), width - right - h(1.2))
    return rest * 0.52, rest * 0.48, right


def paint_dots(painter: QPainter, f: Figure, left: float, top: float, width: float, ground: str = "surface") -> list[Reading]:
    """Rows of dots on one scale; returns the places that can be read."""
    low, high = (f.y.low, f.y.high) if f.y else (0.0, 10.0)
    span, look = (high - low) or 1.0, theme()
    found: list[Reading] = []
    y = top
    right_wide = max((_dot_parts(width, row)[2] for row in f.rows), default=0.0)
    rest = max(h(6.0), width - right_wide - h(1.2))
    label_wide, scale_wide = rest * 0.52, rest * 0.48
    for row in f.rows:
        tall = max(h(1.6), text_height(row.label, label_wide, "second") + h(0.5))
        middle = y + tall / 2
        draw_text(painter, QRectF(left, y, label_wide, tall), row.label, "second", "ink", wrap=True)
        size, thick = h(0.42), h(0.17)
        a, b = left + label_wide + h(0.6) + size / 2, left + label_wide + h(0.6) + scale_wide - size / 2

        def at(value: float, a: float = a, b: float = b) -> float:
            return a + (min(max(value, low), high) - low) / span * (b - a)

        painter.fillRect(crisp(painter, QRectF(a, middle - thick / 2, b - a, thick)), look.colour("line"))
        if row.start is not None and row.now is not None:
            first, last = sorted((at(row.start), at(row.now)))
            painter.fillRect(QRectF(first, middle - thick / 2, last - first, thick), look.colour(row.role))
        if row.start is not None:
            draw_open_mark(painter, "circle", QPointF(at(row.start), middle), size, row.role, ground, max(1.5, h(0.09)))
        if row.now is not None:
            draw_mark(painter, "circle", QPointF(at(row.now), middle), size * 1.1, row.role)
        if row.right:
            draw_text(painter, QRectF(left + width - right_wide, y, right_wide, tall), row.right, "second_strong", "ink", across="right")
        place = row.now if row.now is not None else row.start
        found.append(Reading(QPointF(at(place) if place is not None else a, middle), f"{row.label}: {row.right or 'not known'}", False))
        y += tall
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def readings_of(f: Figure, s: Scales) -> list[Reading]:
    """The places of a chart of lines or bars that can be read, from left to right; values of one day are read together."""
    if f.kind == BARS:
        return [
            Reading(QPointF(rect.center().x(), rect.top()), _bar_words(bar), False)
            for bar, rect in zip(f.bars, bar_rects(f, s), strict=True)
        ]
    by_day: dict[date, list[tuple[Line, DataMark]]] = {}
    for line in f.lines:
        for mark in line.marks:
            by_day.setdefault(mark.day, []).append((line, mark))
    found: list[Reading] = []
    for day, marks in sorted(by_day.items()):
        said = "; ".join(_mark_words(f, line, mark) for line, mark in marks)
        phases = "".join(f". {p.label}" for p in f.phases if p.day == day)
        found.append(Reading(s.point(marks[0][1]), f"{days.words(day)}: {said}{phases}"))
    return found


def _mark_words(f: Figure, line: Line, mark: DataMark) -> str:
    text = mark.label or _table_value(f, mark) or f"{mark.value:g}"
    return f"{line.name} {text}" if len(f.lines) > 1 else text


def _table_value(f: Figure, mark: DataMark) -> str:
    """The figure as the table writes it, for marks whose label had no room ('12 of 20', '9:06')."""
    wanted = days.words(mark.day)
    row = next((r for r in f.table.rows if r and r[0] == wanted), None)
    if row is None or len(row) < 2:
        return ""
    return f"{row[1]} of {row[2]}" if len(f.table.headings) > 2 and f.table.headings[2] == "Rated" else row[1]


def _bar_words(bar: Bar) -> str:
    return ", ".join(part for part in (bar.under[0] if bar.under else "", bar.top, *bar.under[1:]) if part)


def nearest(readings: Iterable[Reading], place: QPointF, *, across: bool) -> int:
    """The number of the reading nearest to a place (`across`: only left and right counts, as in charts over time), -1 for none."""
    best, at = 1e18, -1
    for number, reading in enumerate(readings):
        away = reading.at - place
        far = abs(away.x()) if across else abs(away.y())
        if far < best:
            best, at = far, number
    return at


def paint_cursor(painter: QPainter, reading: Reading, s: Scales | None, bounds: QRectF) -> None:
    """The reading under the pointer or the keys: a line through it and its words in a box that stays inside."""
    if reading.upright and s is not None:
        draw_hairline(painter, round(reading.at.x()), s.plot.top(), s.plot.height(), "ink", upright=True)
    room = min(bounds.width() - h(0.6), max(h(8), text_width(reading.words, "second_strong") + h(0.9)))
    high = text_height(reading.words, room - h(0.8), "second_strong") + h(0.5)
    left = min(max(bounds.left(), reading.at.x() + h(0.5)), bounds.right() - room)
    if left < reading.at.x() + h(0.4) and reading.at.x() - room - h(0.5) >= bounds.left():
        left = reading.at.x() - room - h(0.5)
    top = min(max(bounds.top(), reading.at.y() - high - h(0.5)), bounds.bottom() - high)
    box = QRectF(round(left), round(top), round(room), round(high))
    draw_box(painter, box, ground="surface", edge="edge", radius=Size.CHIP_RADIUS)
    inner = box.adjusted(h(0.4), h(0.2), -h(0.4), -h(0.2))
    draw_text(painter, inner, reading.words, "second_strong", "ink", wrap=True)


__all__ = [
    "DOTS", "Label", "Reading", "Scales", "bar_rects", "bottom_room", "dot_row_height", "left_room", "mark_sizes", "nearest", "paint_axes", "paint_bars",
    "paint_cursor", "paint_dots", "paint_grounds", "paint_labels", "paint_strokes", "phase_places", "place_labels", "readings_of", "right_room",
    "ticks_of", "top_room",
]  # fmt: skip
