"""The large chart of a pupil: a `Figure` over time in pyqtgraph, which can be moved and enlarged along its days; made once, then given data.

Import this module only when the first window has been painted and nothing is to do: pyqtgraph takes about half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from approgress.domain.figures import STEPS, Figure, Line
from approgress.style import MARKS, Size
from approgress.ui.parts.figure_painting import (
    Label,
    Reading,
    Scales,
    bottom_room,
    left_room,
    mark_sizes,
    nearest,
    paint_axes,
    paint_cursor,
    paint_grounds,
    paint_labels,
    place_labels,
    readings_of,
    right_room,
    top_room,
)
from approgress.ui.parts.figure_view import open_menu, show_table, spoken, table_text
from approgress.ui.parts.painting import mark_path
from approgress.ui.theme import h, theme

_MANY = 150
"""With more strokes than this pens are one pixel wide: pyqtgraph draws those several times faster (performance.md, U6)."""
_LEAST_DAYS = 14


class _Days(pg.ViewBox):
    """A view that is moved and enlarged along the days only; the scale of the measure stays whole."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """The wheel scrolls the page; with Ctrl it enlarges the chart, as elsewhere."""
        if ev.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(ev, axis=0)
        else:
            ev.ignore()


def _cosmetic(colour: QColor, width: float) -> QPen:
    """A pen as wide on the screen whatever the scale."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


class _Series:
    """The items of one series: solid strokes, dashed strokes, open marks, filled marks."""

    def __init__(self, view: pg.ViewBox) -> None:
        self.solid = pg.PlotCurveItem(connect="pairs")
        self.dashed = pg.PlotCurveItem(connect="pairs")
        self.open = pg.ScatterPlotItem(pxMode=True)
        self.filled = pg.ScatterPlotItem(pxMode=True)
        for item in (self.solid, self.dashed, self.open, self.filled):
            view.addItem(item, ignoreBounds=True)

    def set(self, figure: Figure, line: Line, scales: Scales) -> None:
        """Gives the items the data of a series."""
        look = theme()
        many = len(line.strokes) > _MANY
        width = 1.0 if many else h(Size.LINE)
        colour = look.colour(line.role)
        pen = _cosmetic(colour, width)
        dashes = _cosmetic(colour, max(1.0, width * 0.85))
        dashes.setDashPattern([1.6, 2.2])
        self.solid.setPen(pen)
        self.dashed.setPen(dashes)
        xs: tuple[list[float], list[float]] = ([], [])
        ys: tuple[list[float], list[float]] = ([], [])
        for s in line.strokes:
            a, b = s.first_day.toordinal(), s.last_day.toordinal()
            to = 1 if s.dashed else 0
            if figure.kind == STEPS and not s.dashed:
                xs[0].extend((a, b, b, b))
                ys[0].extend((s.first_value, s.first_value, s.first_value, s.last_value))
            else:
                xs[to].extend((a, b))
                ys[to].extend((s.first_value, s.last_value))
        for item, x, y in ((self.solid, xs[0], ys[0]), (self.dashed, xs[1], ys[1])):
            item.setData(np.array(x, dtype=float), np.array(y, dtype=float), antialias=not many, connect="pairs")
        small, large = mark_sizes(line, scales)
        ground, thick = look.colour("surface"), max(1.25, h(Size.LINE) * 0.8)
        for item, filled, size in ((self.open, False, small), (self.filled, True, large)):
            marks = [m for m in line.marks if m.filled == filled]
            shape = marks[0].shape if marks else "circle"
            stroke = MARKS[shape].stroke
            item.setData(
                x=np.array([m.day.toordinal() for m in marks], dtype=float),
                y=np.array([m.value for m in marks], dtype=float),
                size=size,
                symbol=mark_path(shape),
                pen=_cosmetic(colour, max(thick, size * stroke)) if stroke or not filled else QPen(Qt.PenStyle.NoPen),
                brush=QColor(0, 0, 0, 0) if stroke else colour if filled else ground,
                antialias=True,
            )

    def clear(self) -> None:
        """Shows nothing."""
        for item in (self.solid, self.dashed, self.open, self.filled):
            item.setData([], [])


class FigurePlot(pg.GraphicsView):
    """Draws a figure of lines; drag moves it along its days, Ctrl and wheel or + and - enlarge, 0 shows all again.

    Lines and marks are pyqtgraph's; grounds and words are painted by the functions that `FigureView` uses, so both look the same.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)  # pyright: ignore[reportArgumentType]
        self._figure: Figure | None = None
        self._cursor = -1
        self._by_key = False
        self._series: list[_Series] = []
        self._room = (0.0, 0.0, 0.0, 0.0)
        self._laid: object = None
        self._labels: list[Label] = []
        self._places: list[Reading] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._view = _Days()
        self._view.setBorder(None)
        self.scene().addItem(self._view)
        self._view.sigXRangeChanged.connect(self._moved)
        theme().changed.connect(self._look_changed)

    def figure(self) -> Figure | None:
        """What it shows."""
        return self._figure

    def set_figure(self, figure: Figure) -> None:
        """Shows another figure, from its first day to its last. ValueError for one that is not over time."""
        if figure.x is None and not figure.empty:
            raise ValueError("only charts over time are drawn here")
        same = self._figure is not None and self._figure.x == figure.x and self._figure.name == figure.name
        self._figure = figure
        self._cursor = -1
        self.setAccessibleName(spoken(figure))
        self.setAccessibleDescription("")
        if not same:
            self.show_all()
        self._give()

    def clear(self) -> None:
        """Shows and says nothing."""
        self._figure, self._cursor = None, -1
        self.setAccessibleName("")
        self.setAccessibleDescription("")
        for series in self._series:
            series.clear()
        self._lay()

    def show_all(self) -> None:
        """From the first day to the last."""
        if self._figure is not None and self._figure.x is not None:
            first, last = self._ends()
            self._view.setLimits(xMin=first, xMax=last, minXRange=min(_LEAST_DAYS, last - first))
            self._view.setXRange(first, last, padding=0)

    def _ends(self) -> tuple[float, float]:
        assert self._figure is not None and self._figure.x is not None
        first, last = self._figure.x.first.toordinal(), self._figure.x.last.toordinal()
        return (first, last) if last > first else (first - 7, last + 7)

    def reading(self) -> str:
        """What is read at the cursor, '' where it is nowhere."""
        readings = self._readings()
        return readings[self._cursor].words if 0 <= self._cursor < len(readings) else ""

    def readings(self) -> list[str]:
        """All that can be read, in order."""
        return [r.words for r in self._readings()]

    def scales(self) -> Scales | None:
        """Where days and values lie now; None where nothing is drawn."""
        f = self._figure
        if f is None or f.x is None or f.empty:
            return None
        (first, last), _ = self._view.viewRange()
        low, high = (f.y.low, f.y.high) if f.y is not None else (0.0, 1.0)
        left, top, right, bottom = self._room
        plot = QRectF(left, top, max(h(2), self.width() - left - right), max(h(2), self.height() - top - bottom))
        return Scales(plot, first, last, low, high)

    def _lay(self) -> Scales | None:
        """Where everything lies; words are placed anew only when something moved."""
        s = self.scales()
        if s is None or self._figure is None:
            self._places, self._labels, self._laid = [], [], None
            return None
        now = (id(self._figure), s)
        if self._laid != now:
            self._laid = now
            self._places = readings_of(self._figure, s)
            self._labels = place_labels(self._figure, s, self.width() - 1.0)
        return s

    def _readings(self) -> list[Reading]:
        self._lay()
        return self._places

    # --- giving data -----------------------------------------------------------------------------------------------

    def _give(self) -> None:
        f = self._figure
        if f is None:
            return
        self._arrange()
        s = self.scales()
        lines: Sequence[Line] = f.lines if s is not None else ()
        while len(self._series) < len(lines):
            self._series.append(_Series(self._view))
        for number, series in enumerate(self._series):
            if s is not None and number < len(lines):
                series.set(f, lines[number], s)
            else:
                series.clear()
        if f.y is not None:
            self._view.setYRange(f.y.low, f.y.high, padding=0)
        self.viewport().update()

    def _arrange(self) -> None:
        """Gives the plot its place; marks at its sides are cut by nothing, since the view itself is wider than the plot by one mark."""
        f = self._figure
        if f is None or f.x is None or f.empty:
            return
        left, right = round(left_room(f)), round(right_room(f))
        first, last = self._ends()
        low, high = (f.y.low, f.y.high) if f.y is not None else (0.0, 1.0)
        wide = max(h(2), self.width() - left - right)
        top = round(top_room(f, Scales(QRectF(left, 0, wide, 10), first, last, low, high), self.width() - 1.0))
        bottom = round(bottom_room(f, wide)) + 1
        self._room = (left, top, right, bottom)
        self._view.setGeometry(QRectF(left, top, wide, max(h(2), self.height() - top - bottom)))
        self._view.setFlag(self._view.GraphicsItemFlag.ItemClipsChildrenToShape, not self._whole())

    def _whole(self) -> bool:
        """Whether all days are shown: then nothing lies outside, and a mark on the axis need not be cut."""
        if self._figure is None or self._figure.x is None:
            return True
        (first, last), _ = self._view.viewRange()
        a, b = self._ends()
        return abs(first - a) < 0.5 and abs(last - b) < 0.5

    def _moved(self) -> None:
        self._cursor = -1
        self._view.setFlag(self._view.GraphicsItemFlag.ItemClipsChildrenToShape, not self._whole())
        self.viewport().update()

    def _look_changed(self) -> None:
        self._laid = None
        self._give()

    # --- painting --------------------------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, theme().colour("surface"))
        s = self.scales()
        if s is None or self._figure is None:
            return
        painter.save()
        paint_grounds(painter, self._figure, s, self.width() - 1.0)
        paint_axes(painter, self._figure, s, 0, self.width() - 1.0)
        painter.restore()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        s = self._lay()
        if s is None:
            return
        painter.save()
        paint_labels(painter, self._labels)
        if 0 <= self._cursor < len(self._places):
            paint_cursor(painter, self._places[self._cursor], s, QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.restore()

    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        super().resizeEvent(ev)
        if hasattr(self, "_view"):
            self._give()

    def sizeHint(self) -> QSize:
        return QSize(round(h(24)), round(h(13)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(10)), round(h(8)))

    # --- pointer and keys ------------------------------------------------------------------------------------------

    def _read(self, number: int, *, by_key: bool) -> None:
        if number != self._cursor:
            self._cursor, self._by_key = number, by_key
            self.setAccessibleDescription(self.reading())
            self.viewport().update()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        super().mouseMoveEvent(ev)
        if not ev.buttons():
            self._read(nearest(self._readings(), QPointF(ev.position()), across=True), by_key=False)

    def leaveEvent(self, ev: QEvent) -> None:
        super().leaveEvent(ev)
        if not self._by_key:
            self._read(-1, by_key=False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._read(-1, by_key=False)

    def wheelEvent(self, ev: Any) -> None:
        if ev.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(ev)
        else:
            ev.ignore()  # the page scrolls

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        keys, readings = Qt.Key, self._readings()
        last = len(readings) - 1
        if ev.key() in (keys.Key_Left, keys.Key_Right) and last >= 0:
            step = 1 if ev.key() == keys.Key_Right else -1
            start = self._cursor if self._cursor >= 0 else (last + 1 if step < 0 else -1)
            self._read(min(last, max(0, start + step)), by_key=True)
        elif ev.key() in (keys.Key_Home, keys.Key_End) and last >= 0:
            self._read(0 if ev.key() == keys.Key_Home else last, by_key=True)
        elif ev.key() in (keys.Key_Plus, keys.Key_Equal):
            self._view.scaleBy(x=0.7)
        elif ev.key() == keys.Key_Minus:
            self._view.scaleBy(x=1 / 0.7)
        elif ev.key() == keys.Key_0:
            self.show_all()
        elif ev.key() == keys.Key_Escape and self._cursor >= 0:
            self._read(-1, by_key=False)
        elif ev.key() == keys.Key_C and ev.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.copy_table()
        else:
            ev.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        open_menu(self, event.globalPos())

    def show_table(self) -> None:
        """Opens the figures as a table."""
        if self._figure is not None:
            show_table(self._figure, self)

    def copy_table(self) -> None:
        """Puts the figures on the clipboard, with tabs between them."""
        if self._figure is not None and self._figure.table.rows:
            QGuiApplication.clipboard().setText(table_text(self._figure))

