"""A `Figure` at the size of a card or a table cell: turned into the small charts of `mini`, and a cell with its delegate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from approgress.domain.figures import BARS, DOTS, STEPS, Figure
from approgress.ui.parts.mini import MiniBar, MiniBars, MiniChart, MiniLine, MiniSpan, MiniSpans, draw_mini
from approgress.ui.parts.tables import CellDelegate
from approgress.ui.theme import h

_ROWS = 4


def mini_of(figure: Figure) -> MiniChart | None:
    """The small chart of a figure, None where there is nothing to draw. Percentages above bars lose their sign, as there is no room."""
    if figure.empty:
        return None
    low, high = (figure.y.low, figure.y.high) if figure.y is not None else (0.0, 1.0)
    if figure.kind == BARS:
        bars = tuple(
            MiniBar(bar.value, _short(bar.top) if bar.value is not None else "", bar.under[0] if bar.under else "", before=bar.role == "before")
            for bar in figure.bars
        )
        return MiniBars(bars, high) if bars else None
    if figure.kind == DOTS:
        return MiniSpans(tuple(MiniSpan(row.label, row.start, row.now) for row in figure.rows[:_ROWS]), low, high) if figure.rows else None
    if not figure.lines or not figure.lines[0].marks:
        return None
    line = figure.lines[0]
    dashed = {stroke.last_day for stroke in line.strokes if stroke.dashed}
    points: list[tuple[float, float | None]] = []
    for mark in line.marks:
        if mark.day in dashed:
            points.append((mark.day.toordinal() - 1, None))
        points.append((mark.day.toordinal(), mark.value))
    corridor = (figure.corridor.low, figure.corridor.high) if figure.corridor is not None else None
    start = figure.levels[0].value if figure.levels else None
    return MiniLine(tuple(points), low, high, start, corridor, steps=figure.kind == STEPS)


def _short(top: str) -> str:
    """'79.4%' as '79': the exact figure stands in the card's own lines and in the table."""
    number = top.removesuffix("%")
    if number == top:
        return top if len(top) <= 4 else ""
    try:
        from approgress.domain.values import round_half_up

        return f"{round_half_up(float(number)):.0f}"
    except ValueError:
        return number


@dataclass(frozen=True, slots=True)
class SparkCell:
    """A small chart in a table, in a strand's colour; `said` is its sentence."""

    chart: MiniChart | None
    role: str
    mark: str
    said: str

    def words(self) -> str:
        """What stands for it where it is not seen."""
        return self.said


class SparkDelegate(CellDelegate):
    """Paints small charts beside the other cells."""

    def paint_cell(self, painter: QPainter, rect: QRectF, cell: Any, hover: bool, ring: bool) -> None:
        """Paints one cell."""
        if not isinstance(cell, SparkCell):
            super().paint_cell(painter, rect, cell, hover, ring)
        elif cell.chart is not None:
            draw_mini(painter, rect.adjusted(h(0.4), h(0.25), -h(0.4), -h(0.25)), cell.chart, cell.role, cell.mark)

    def cell_width(self, cell: Any) -> float:
        """How wide a cell has to be."""
        return h(9.0) if isinstance(cell, SparkCell) else super().cell_width(cell)

    def cell_height(self, cell: Any, width: float) -> float:
        """How high a cell has to be."""
        return h(2.2) if isinstance(cell, SparkCell) else super().cell_height(cell, width)
