"""Small charts of strand cards and tables, painted by hand: a line with its corridor, bars, spans from start to now."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from approgress.style import Size
from approgress.ui.parts.painting import crisp, draw_box, draw_hairline, draw_mark, draw_open_mark, draw_text, text_width
from approgress.ui.theme import h, theme


@dataclass(frozen=True, slots=True)
class MiniLine:
    """Readings over time: (day or week as a number, value); a value of None is a gap that is bridged by a dotted line.

    low and high are the ends of the instrument's scale; corridor is the change too small to tell, as two values; start a dashed line.
    """

    points: tuple[tuple[float, float | None], ...]
    low: float
    high: float
    start: float | None = None
    corridor: tuple[float, float] | None = None
    steps: bool = False


@dataclass(frozen=True, slots=True)
class MiniBar:
    """One bar: its value (None where there is none), the figure above it, the period below it; `before` is home-school history."""

    value: float | None
    figure: str
    label: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class MiniBars:
    """Bars from 0 to `high`."""

    bars: tuple[MiniBar, ...]
    high: float


@dataclass(frozen=True, slots=True)
class MiniSpan:
    """One line from start (open) to now (filled); None where there is no value."""

    label: str
    start: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class MiniSpans:
    """Spans on one scale from `low` to `high`, with a dotted line at `line` where one is given."""

    spans: tuple[MiniSpan, ...]
    low: float
    high: float
    line: float | None = None


MiniChart = MiniLine | MiniBars | MiniSpans


def mini_height(chart: MiniChart) -> float:
    """Height that a chart needs, in h."""
    if isinstance(chart, MiniSpans):
        return max(Size.CHART, 0.86 * len(chart.spans))
    if isinstance(chart, MiniBars):
        return Size.CHART + 1.2
    return Size.CHART


def draw_mini(painter: QPainter, rect: QRectF, chart: MiniChart, role: str, mark: str = "circle", ground: str = "surface") -> None:
    """Paints a chart into `rect` in a strand's colour and mark, on a ground of that colour role."""
    painter.save()
    if isinstance(chart, MiniLine):
        _line(painter, rect, chart, role, "circle" if mark in ("diamond", "cross") else mark, ground)
    elif isinstance(chart, MiniBars):
        _bars(painter, rect, chart, role)
    else:
        _spans(painter, rect, chart, role, ground)
    painter.restore()


def _line(painter: QPainter, rect: QRectF, chart: MiniLine, role: str, mark: str, ground: str) -> None:
    last_size, size, thick = h(Size.LAST_POINT) * 2, h(Size.POINT) * 2, h(Size.LINE)
    plot = rect.adjusted(size / 2 + 1, last_size / 2, -last_size / 2 - 1, -last_size / 2)
    span = (chart.high - chart.low) or 1.0
    first, last = chart.points[0][0], chart.points[-1][0]
    along = (last - first) or 1.0

    def place(x: float, value: float) -> QPointF:
        across = plot.left() + (x - first) / along * plot.width() if last > first else plot.center().x()
        inside = min(max(value, chart.low), chart.high)
        return QPointF(across, plot.bottom() - (inside - chart.low) / span * plot.height())

    look = theme()
    if chart.corridor is not None:
        low, high = (max(chart.low, min(chart.high, value)) for value in chart.corridor)
        top, bottom = place(first, high).y(), place(first, low).y()
        painter.fillRect(crisp(painter, QRectF(rect.left(), top, rect.width(), bottom - top)), look.colour("band"))
    if chart.start is not None:
        y = floor(place(first, chart.start).y()) + 0.5
        pen = QPen(look.colour("quiet"), 1)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(look.colour(role), thick)
    dotted = QPen(look.colour(role), max(1.0, thick * 0.8))
    dotted.setDashPattern([1.2, 2.0])
    placed = [(place(x, value), gap) for (x, value), gap in _with_gaps(chart.points)]
    for (one, _), (other, gap) in zip(placed, placed[1:], strict=False):
        painter.setPen(dotted if gap else pen)
        if chart.steps and not gap:
            painter.drawPolyline(QPolygonF([one, QPointF(other.x(), one.y()), other]))
        else:
            painter.drawLine(one, other)
    crowded = len(placed) > 1 and plot.width() / (len(placed) - 1) < size * 1.15
    for number, (point, _) in enumerate(placed):
        if number == len(placed) - 1:
            draw_mark(painter, mark, point, last_size, role)
        elif not crowded or number == 0:
            draw_open_mark(painter, mark, point, size, role, ground, max(1.25, thick * 0.75))


def _with_gaps(points: tuple[tuple[float, float | None], ...]) -> list[tuple[tuple[float, float], bool]]:
    """The points that have a value, and whether a gap lies before each."""
    kept: list[tuple[tuple[float, float], bool]] = []
    gap = False
    for x, value in points:
        if value is None:
            gap = True
        else:
            kept.append(((x, value), gap))
            gap = False
    return kept


def _bars(painter: QPainter, rect: QRectF, chart: MiniBars, role: str) -> None:
    look = theme()
    count = len(chart.bars)
    slot = rect.width() / count
    wide = min(round(slot * 0.66), round(h(2.2)))
    head, foot = h(0.95), h(1.0)
    plot = QRectF(rect.left(), rect.top() + head, rect.width(), rect.height() - head - foot)
    bottom = round(plot.bottom())
    outlined = look.style.outlined
    for number, bar in enumerate(chart.bars):
        middle = rect.left() + (number + 0.5) * slot
        high = 0.0 if bar.value is None else max(1.0, round(min(1.0, bar.value / (chart.high or 1.0)) * plot.height()))
        box = QRectF(round(middle - wide / 2), bottom - high, wide, high)
        if bar.value is None:
            missing = QRectF(box.left(), bottom - h(0.9), wide, h(0.9))
            draw_box(painter, missing, edge="edge", dashed=True, radius=0.1)
        else:
            painter.fillRect(crisp(painter, box), look.colour("before" if bar.before else role))
        place = QRectF(middle - slot / 2, box.top() - head, slot, head)
        if bar.figure:
            draw_text(painter, place, bar.figure, "column", "ink", across="middle")
    draw_hairline(painter, rect.left(), bottom, rect.width(), "ink" if outlined else "edge")
    fit = all(text_width(bar.label, "source") + h(0.25) <= slot for bar in chart.bars)
    below = QRectF(rect.left(), bottom + 2, rect.width(), foot)
    if fit:
        for number, bar in enumerate(chart.bars):
            draw_text(painter, QRectF(rect.left() + number * slot, below.top(), slot, foot), bar.label, "source", "quiet", across="middle")
    elif count > 1:
        # Not all labels have room: the first and the last say from when to when.
        draw_text(painter, below, chart.bars[0].label, "source", "quiet")
        first, last = text_width(chart.bars[0].label, "source"), text_width(chart.bars[-1].label, "source")
        if first + last + h(0.5) <= below.width():
            draw_text(painter, below, chart.bars[-1].label, "source", "quiet", across="right")


def _spans(painter: QPainter, rect: QRectF, chart: MiniSpans, role: str, ground: str) -> None:
    look = theme()
    labels = max((text_width(span.label, "source") for span in chart.spans), default=0.0)
    labels = min(labels, rect.width() * 0.6)
    size, thick = h(Size.POINT) * 2, h(0.15)
    left, right = rect.left() + labels + h(0.5) + size / 2, rect.right() - size / 2 - 1
    pitch = rect.height() / max(1, len(chart.spans))
    scale = (chart.high - chart.low) or 1.0

    def at(value: float) -> float:
        return left + (min(max(value, chart.low), chart.high) - chart.low) / scale * (right - left)

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if chart.line is not None:
        pen = QPen(look.colour("quiet"), 1)
        pen.setDashPattern([1.5, 2])
        painter.setPen(pen)
        x = floor(at(chart.line)) + 0.5
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
    for number, span in enumerate(chart.spans):
        y = rect.top() + (number + 0.5) * pitch
        draw_text(painter, QRectF(rect.left(), y - pitch / 2, labels + 1, pitch), span.label, "source", "quiet", may_elide=True)
        track = QRectF(left, y - thick / 2, right - left, thick)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(look.colour("grid"))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if span.start is not None and span.now is not None and span.start != span.now:
            painter.setPen(QPen(look.colour(role), thick))
            painter.drawLine(QPointF(at(span.start), y), QPointF(at(span.now), y))
        if span.start is not None:
            draw_open_mark(painter, "circle", QPointF(at(span.start), y), size, role, ground, max(1.25, h(0.075)))
        if span.now is not None:
            draw_mark(painter, "circle", QPointF(at(span.now), y), size * 1.1, role)
