"""Everything that is painted by hand goes through these functions: text, hairlines, boxes, marks, chips, cells, discs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from approgress.style import MARKS, Size
from approgress.ui.theme import h, theme

# Alignment as the plain numbers of Qt.AlignmentFlag and Qt.TextFlag: `drawText` takes them, and naming Qt's enumerations here
# would cost 40 ms before the first paint.
_ACROSS: Final = {"left": 0x1, "right": 0x2, "middle": 0x4}
_DOWN: Final = {"top": 0x20, "bottom": 0x40, "middle": 0x80}
_SINGLE_LINE: Final = 0x100
_WRAP: Final = 0x1000


class Overflow(NamedTuple):
    """A text that was painted into too small a rectangle: how much it needed, how much there was, in logical pixels."""

    text: str
    needed: tuple[float, float]
    given: tuple[float, float]


_overflows: list[Overflow] | None = None


@contextmanager
def recorded_overflows() -> Iterator[list[Overflow]]:
    """While it lasts, every text painted too wide or too tall for its rectangle is put on the list that it yields."""
    global _overflows
    before, _overflows = _overflows, []
    try:
        yield _overflows
    finally:
        _overflows = before


def text_width(text: str, kind: str = "body") -> float:
    """Width of `text` in a size of type, in logical pixels."""
    return theme().metrics(kind).horizontalAdvance(text)


def text_height(text: str, width: float, kind: str = "body") -> float:
    """Height of `text` wrapped to `width`, in logical pixels."""
    return theme().metrics(kind).boundingRect(QRectF(0, 0, max(1.0, width), 1e6), _WRAP, text).height()


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    kind: str = "body",
    role: str = "ink",
    *,
    across: str = "left",
    down: str = "middle",
    wrap: bool = False,
    may_elide: bool = False,
    struck: bool = False,
) -> None:
    """Paints `text` into `rect` in a size of type and a colour role; across is left, middle or right, down top, middle or bottom.

    `may_elide` is for names only, whose full text stands in a tool tip: they end in '…' where they do not fit. All other text has
    to fit, and a test that records overflows sees where it does not.
    """
    look = theme()
    metrics = look.metrics(kind)
    if may_elide and not wrap and metrics.horizontalAdvance(text) > rect.width():
        text = elided(text, rect.width(), kind)
    if _overflows is not None:
        _record(rect, text, kind, wrap, may_elide)
    font = look.font(kind)
    if struck:
        font = type(font)(font)
        font.setStrikeOut(True)
    painter.setFont(font)
    painter.setPen(_colour(role))
    painter.drawText(rect, _ACROSS[across] | _DOWN[down] | (_WRAP if wrap else _SINGLE_LINE), text)


def elided(text: str, width: float, kind: str = "body") -> str:
    """`text`, cut so that it fits `width` with '…' at its end."""
    advance = theme().metrics(kind).horizontalAdvance
    if advance(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if advance(text[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def _record(rect: QRectF, text: str, kind: str, wrap: bool, may_elide: bool) -> None:
    assert _overflows is not None
    metrics = theme().metrics(kind)
    if wrap:
        needed = metrics.boundingRect(QRectF(0, 0, max(1.0, rect.width()), 1e6), _WRAP, text)
        size = (needed.width(), needed.height())
    else:
        size = (metrics.horizontalAdvance(text), metrics.height())
    too_wide = size[0] > rect.width() + 0.75 and not may_elide
    # A line box is taller than its letters: what must fit is from the top of the capitals to the foot of the descenders.
    spare = metrics.ascent() - metrics.capHeight()
    if too_wide or size[1] > rect.height() + spare + 0.75 or (text.startswith("…") and may_elide):
        _overflows.append(Overflow(text, size, (rect.width(), rect.height())))


def crisp(painter: QPainter, rect: QRectF) -> QRectF:
    """`rect` moved to whole pixels of the screen, at least one wide and high, also where the scale is 125% or 150%."""
    there = painter.deviceTransform()
    back, possible = there.inverted()
    if not possible:
        return rect
    device = there.mapRect(rect)
    left, top = round(device.left()), round(device.top())
    wide, high = max(1, round(device.width())), max(1, round(device.height()))
    return back.mapRect(QRectF(left, top, wide, high))


def draw_hairline(painter: QPainter, x: float, y: float, length: float, role: str = "line", *, upright: bool = False) -> None:
    """One line of one pixel (a drawn antialiased line would be two grey ones), across from (x, y), or down from it."""
    rect = QRectF(x, y, 1.0, length) if upright else QRectF(x, y, length, 1.0)
    smooth = bool(painter.renderHints() & painter.RenderHint.Antialiasing)
    painter.setRenderHint(painter.RenderHint.Antialiasing, False)
    painter.fillRect(crisp(painter, rect), theme().colour(role))
    painter.setRenderHint(painter.RenderHint.Antialiasing, smooth)


def draw_box(
    painter: QPainter,
    rect: QRectF,
    *,
    ground: str = "",
    edge: str = "",
    width: float = 1.0,
    radius: float = Size.RADIUS,
    dashed: bool = False,
) -> None:
    """A rounded box: ground and edge are colour roles or '#RRGGBB', or '' for none; the edge lies inside `rect`; radius in h."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rect = crisp(painter, rect)
    if edge:
        pen = QPen(_colour(edge), width)
        if dashed:
            pen.setDashPattern([3.0 / max(1.0, width), 2.0 / max(1.0, width)])
        painter.setPen(pen)
        half = width / 2
        rect = rect.adjusted(half, half, -half, -half)
    else:
        painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(_colour(ground) if ground else QColor(0, 0, 0, 0))
    corner = h(radius)
    painter.drawRoundedRect(rect, corner, corner)
    painter.restore()


def draw_ring(painter: QPainter, rect: QRectF, radius: float = Size.RADIUS) -> None:
    """The focus ring, 2 wide with a gap of 2 outside `rect`; radius is that of what it goes round, in h."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("focus"), 2.0))
    painter.setBrush(QColor(0, 0, 0, 0))
    corner = h(radius) + 2.0
    painter.drawRoundedRect(crisp(painter, rect).adjusted(-3, -3, 3, 3), corner, corner)
    painter.restore()


@cache
def mark_path(name: str) -> QPainterPath:
    """The outline of a mark (a key of `style.MARKS`) in its box of one unit; callers must not change it."""
    path = QPainterPath()
    for step in MARKS[name].path:
        if step[0] == "M":
            path.moveTo(step[1], step[2])  # type: ignore[misc]
        elif step[0] == "L":
            path.lineTo(step[1], step[2])  # type: ignore[misc]
        elif step[0] == "C":
            path.cubicTo(*step[1:])
        else:
            path.closeSubpath()
    return path


def draw_mark(painter: QPainter, name: str, centre: QPointF, size: float, role: str) -> None:
    """A mark (a key of `style.MARKS`), `size` logical pixels wide, in a colour role or '#RRGGBB'."""
    mark = MARKS[name]
    colour = _colour(role)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.scale(size, size)
    if mark.stroke:
        pen = QPen(colour, mark.stroke)
        pen.setCapStyle(pen.capStyle().RoundCap)
        pen.setJoinStyle(pen.joinStyle().RoundJoin)
        painter.setPen(pen)
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.drawPath(mark_path(name))
    else:
        painter.fillPath(mark_path(name), colour)
    painter.restore()


def draw_open_mark(painter: QPainter, name: str, centre: QPointF, size: float, role: str, ground: str, width: float) -> None:
    """A mark as an outline `width` wide, filled with the colour of its ground: a point of a series."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.scale(size, size)
    painter.setPen(QPen(_colour(role), width / size))
    painter.setBrush(_colour(ground))
    painter.drawPath(mark_path(name))
    painter.restore()


# Chips and discs

CHIP_TONES: Final = {
    "gain": ("gain", "gain_soft"),
    "none": ("none", "none_soft"),
    "decline": ("decline", "decline_soft"),
    "attention": ("attention", "attention_soft"),
    "accent": ("on_soft", "soft"),
}


def chip_width(text: str, mark: str = "") -> float:
    """Width of a painted chip, in logical pixels."""
    return ceil(text_width(text, "column") + h(0.8) + (h(0.75) if mark else 0.0))


def draw_chip(painter: QPainter, left: float, middle: float, text: str, tone: str = "none", mark: str = "") -> QRectF:
    """A chip whose left edge is at `left` and whose centre is at height `middle`; returns its rectangle."""
    ink, ground = CHIP_TONES[tone]
    tall = round(h(1.25))
    rect = QRectF(left, round(middle - tall / 2), chip_width(text, mark), tall)
    edge = (ground if tone == "accent" else ink) if theme().style.outlined else ""
    draw_box(painter, rect, ground=ground, edge=edge, radius=Size.CHIP_RADIUS)
    x = rect.left() + h(0.4)
    if mark:
        draw_mark(painter, mark, QPointF(x + h(0.26), rect.center().y()), h(0.48), ink)
        x += h(0.75)
    draw_text(painter, QRectF(x, rect.top(), rect.right() - x - h(0.35), rect.height()), text, "column", ink)
    return rect


def draw_count(painter: QPainter, centre: QPointF, count: str, *, tone: str = "attention", edge: bool = False) -> QRectF:
    """A round badge with a count; `edge` where it lies over something else. Returns its rectangle."""
    ink, ground = CHIP_TONES[tone]
    tall = round(h(1.1))
    wide = max(float(tall), ceil(text_width(count, "column") + h(0.7)))
    rect = QRectF(round(centre.x() - wide / 2), round(centre.y() - tall / 2), wide, tall)
    draw_box(painter, rect, ground=ground, edge=ink if edge or theme().style.outlined else "", radius=0.55)
    draw_text(painter, rect, count, "column", ink, across="middle")
    return rect


def draw_keycap(painter: QPainter, rect: QRectF, key: str) -> None:
    """A key, drawn as on a keyboard."""
    draw_box(painter, rect.translated(0, 1), ground="line", radius=0.2)
    draw_box(painter, rect, ground="surface", edge="line", radius=0.2)
    draw_text(painter, rect, key, "column", "ink", across="middle")


def initials(name: str) -> str:
    """'AB' for 'Amara Bell': the first letters of the first and the last part of a name, at most two."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalnum()]
    if not parts:
        return ""
    return parts[0][0].upper() if len(parts) == 1 else (parts[0][0] + parts[-1][0]).upper()


def draw_disc(painter: QPainter, rect: QRectF, letters: str, kind: str = "column") -> None:
    """A pupil's initials on a soft disc that fills `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(theme().colour("soft"))
    painter.drawEllipse(rect)
    painter.restore()
    draw_text(painter, rect, letters, kind, "on_soft", across="middle")


# Cells of a register. One function gives the rectangle, whatever is painted into it, so that filled and empty cells line up.


def cell_rect(row: QRectF, size: tuple[float, float]) -> QRectF:
    """The box of a cell in the middle of its place in the row, `size` in h, rounded once."""
    wide, high = round(h(size[0])), round(h(size[1]))
    return QRectF(round(row.center().x() - wide / 2), round(row.center().y() - high / 2), wide, high)


def draw_code_cell(
    painter: QPainter,
    row: QRectF,
    code: str,
    tone: str,
    *,
    due: bool = True,
    wrong: bool = False,
    hover: bool = False,
    ring: bool = False,
    expected: bool = False,
) -> None:
    """A register cell: `code` on the ground of its class (tone: gain, attention, none or decline); '' is not marked yet.

    Not due is a dash without a box; an expected code stands quietly in the dashed box of a mark that is not there yet; wrong has an
    edge for an error; hover an accent edge; ring the focus ring.
    """
    rect = cell_rect(row, Size.REGISTER_CELL)
    if not due:
        draw_text(painter, row, "–", "body", "quiet", across="middle")
    elif not code or expected:
        edge = "decline" if wrong else "accent" if hover else "edge"
        draw_box(painter, rect, edge=edge, width=2.0 if wrong else 1.0, dashed=not wrong, radius=Size.CHIP_RADIUS)
        if code:
            draw_text(painter, rect, code, "body", "quiet", across="middle")
    else:
        ink, ground = CHIP_TONES[tone]
        outlined = theme().style.outlined or tone == "decline"
        edge = "decline" if wrong else "accent" if hover else ink if outlined else ""
        draw_box(painter, rect, ground=ground, edge=edge, width=2.0 if wrong else 1.0, radius=Size.CHIP_RADIUS)
        draw_text(painter, rect, code, "bold", "ink" if tone == "none" else ink, across="middle")
    if ring:
        draw_ring(painter, rect if due else cell_rect(row, Size.REGISTER_CELL), Size.CHIP_RADIUS)


def draw_score_cell(
    painter: QPainter, row: QRectF, score: int | None, *, due: bool = True, wrong: bool = False, hover: bool = False, ring: bool = False
) -> None:
    """A lesson score, 1 to 5, on its step of the ramp; None is not scored yet; not due is a dash without a box."""
    rect = cell_rect(row, Size.SCORE_CELL)
    if not due:
        draw_text(painter, row, "–", "body", "quiet", across="middle")
    elif score is None:
        edge = "decline" if wrong else "accent" if hover else "edge"
        draw_box(painter, rect, edge=edge, width=2.0 if wrong else 1.0, dashed=not wrong, radius=Size.CHIP_RADIUS)
    else:
        style = theme().style
        edge = "decline" if wrong else "accent" if hover else style.score_edge[score - 1]
        draw_box(painter, rect, ground=style.score_ground[score - 1], edge=edge, width=2.0 if wrong else 1.0, radius=Size.CHIP_RADIUS)
        draw_text(painter, rect, str(score), "bold", style.score_figure[score - 1], across="middle")
    if ring:
        draw_ring(painter, rect, Size.CHIP_RADIUS)


def _colour(role: str) -> QColor:
    return QColor(role) if role.startswith("#") else theme().colour(role)
