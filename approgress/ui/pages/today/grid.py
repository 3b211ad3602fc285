"""The grid of a register: minutes late behind L and U, and lines that unfold below a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from approgress.style import Size
from approgress.ui.pages.today.rows import SIGNS, RoundCell, StartCell
from approgress.ui.parts.painting import cell_rect, draw_box, draw_hairline, draw_score_cell, draw_text, text_width
from approgress.ui.parts.sheet_view import SheetView
from approgress.ui.parts.signs import SignDelegate
from approgress.ui.parts.tables import CodeCell, TextCell
from approgress.ui.theme import h, theme

MINUTES_MS: Final = 2500
"""So long may figures follow an L or U as its minutes."""
_CLOSER: Final = 0.3  # h: figures stand so much closer to what is at their left than words would
_OWN: Final = 0.95  # h: room for the pupil's own rating beside the score


class RegisterDelegate(SignDelegate):
    """Paints a row in the height of a row, whatever unfolds below it, and a lesson with both ratings."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        view = self.parent()
        if isinstance(view, RegisterView) and view.below(index.row()):
            rect = QRectF(option.rect)  # type: ignore[attr-defined]
            strip = QRectF(rect.left(), rect.top() + view.row_high, rect.width(), rect.height() - view.row_high)
            painter.fillRect(strip, theme().colour("hover"))
            draw_hairline(painter, strip.left(), strip.bottom() - 1, strip.width())
            option.rect = QRect(round(rect.left()), round(rect.top()), round(rect.width()), view.row_high)  # type: ignore[attr-defined]
        super().paint(painter, option, index)

    def paint_cell(self, painter: QPainter, rect: QRectF, cell: Any, hover: bool, ring: bool) -> None:
        """Paints one cell."""
        if isinstance(cell, StartCell):
            self._paint_start(painter, rect, cell)
            return
        if isinstance(cell, TextCell) and cell.across == "right":
            rect = rect.adjusted(-h(_CLOSER), 0, 0, 0)
        if not isinstance(cell, RoundCell) or (cell.own is None and not cell.note):
            super().paint_cell(painter, rect, cell, hover, ring)
            return
        left = rect
        if cell.own is not None:
            left = QRectF(rect.left(), rect.top(), rect.width() - h(_OWN), rect.height())
            side = h(0.95)
            box = cell_rect(left, Size.SCORE_CELL)
            round_ = QRectF(round(box.right() + h(0.12)), round(rect.center().y() - side / 2), round(side), round(side))
            draw_box(painter, round_, ground="surface", edge="edge", radius=0.5)
            draw_text(painter, round_, str(cell.own), "column", "ink", across="middle")
        draw_score_cell(painter, left, cell.score, due=cell.due, wrong=cell.wrong, hover=hover and cell.due, ring=ring)
        if cell.note:
            box = cell_rect(left, Size.SCORE_CELL)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(QPointF(box.right() - h(0.06), box.top() + h(0.06)), h(0.16), h(0.16))
            painter.restore()

    def _paint_start(self, painter: QPainter, rect: QRectF, cell: StartCell) -> None:
        """This column's part of words that go over all columns of signs."""
        view = self.parent()
        if not isinstance(view, RegisterView) or (signs := view.signs_across()) is None:
            return
        left, wide = signs
        pad = h(0.15)
        room = wide - 2 * pad
        said = next((s for s in cell.shorter() if text_width(s, "second") <= room), cell.shorter()[-1])
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        draw_text(painter, QRectF(left + pad, rect.top(), room, rect.height()), said, "second", "quiet")
        painter.restore()

    def cell_width(self, cell: Any) -> float:
        """How wide a cell has to be."""
        if isinstance(cell, StartCell):
            return h(1.4)  # four of them hold the words
        if isinstance(cell, CodeCell):
            return h(Size.REGISTER_CELL[0] + 0.45)
        if isinstance(cell, TextCell) and cell.across == "right":
            return super().cell_width(cell) - h(_CLOSER)
        wide = super().cell_width(cell)
        return wide + h(_OWN) if isinstance(cell, RoundCell) and cell.own is not None else wide


class RegisterView(SheetView):
    """A sheet whose rows unfold: `set_lines` puts widgets below rows. After an L or U, figures are its minutes: `minutes(row, column, text)`."""

    minutes = Signal(int, int, str)
    minutes_drafted = Signal(int, int, str)
    stepped = Signal(int)
    """[ or ]: other lessons, where there is room for two only."""

    def __init__(self, name: str, columns: Collection[int], goes_on: Callable[[str, int], bool], parent: QWidget | None = None) -> None:
        super().__init__(name, columns, goes_on, parent)
        self.row_high = round(h(Size.ROW_REGISTER))
        self._lines: dict[Any, list[QWidget]] = {}
        self._rows_with_lines: dict[int, list[QWidget]] = {}
        self._late_at: tuple[Any, int] | None = None  # the pupil, since rows may be read again meanwhile, and the column
        self._figures = ""
        self._late_timer = QTimer(self)
        self._late_timer.setSingleShot(True)
        self._late_timer.setInterval(MINUTES_MS)
        self._late_timer.timeout.connect(self.end_minutes)
        self.setItemDelegate(RegisterDelegate(self))

    # Minutes late

    def await_minutes(self, row: int, column: int) -> None:
        """Figures typed next are the minutes of that cell."""
        self._late_at, self._figures = (self._key_at(row), column), ""
        self._late_timer.start()

    def end_minutes(self) -> None:
        """What was typed as minutes is said; figures mean something else again."""
        self._late_timer.stop()
        at, figures = self._late_at, self._figures
        self._late_at, self._figures = None, ""
        if at is not None and figures and (row := self._row_of(at[0])) >= 0:
            self.minutes.emit(row, at[1], figures)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if self._late_at is not None and not self.draft:
            if plain and len(text) == 1 and text in "0123456789" and self.currentIndex().column() == self._late_at[1]:
                self._figures += text
                self.minutes_drafted.emit(self._row_of(self._late_at[0]), self._late_at[1], self._figures)
                self._late_timer.start()
                if len(self._figures) == 3:
                    self.end_minutes()
                return
            if event.key() == Qt.Key.Key_Escape and self._figures:
                at, self._figures = self._late_at, ""
                self.minutes_drafted.emit(self._row_of(at[0]), at[1], "")
                self.end_minutes()
                return
            if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr):
                self.end_minutes()
                if (
                    event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                    and plain
                    and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                ):
                    return  # Enter ends the minutes; the cursor has gone on already
        if plain and text in ("[", "]") and text and not self.draft:
            self.stepped.emit(-1 if text == "[" else 1)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.end_minutes()
        super().focusOutEvent(event)

    def _waited(self) -> None:
        """A code that might have gone on is taken after a moment, and the cursor goes on as after any other."""
        self._finish(move=True)

    # Lines below rows

    def set_lines(self, lines: Mapping[Any, Sequence[QWidget]]) -> None:
        """The widgets below rows, by the key of the row; those that were there and are not any more are freed by whoever made them."""
        now = {key: list(widgets) for key, widgets in lines.items() if widgets}
        if now == self._lines:
            self._fit_rows()  # their words may need another height
            return
        for widgets in self._lines.values():
            for widget in widgets:
                if not any(widget in kept for kept in lines.values()):
                    widget.hide()
        self._lines = now
        for widgets in self._lines.values():
            for widget in widgets:
                if widget.parentWidget() is not self.viewport():
                    widget.setParent(self.viewport())
        self._find_lines()
        self._fit_rows()

    def below(self, row: int) -> list[QWidget]:
        """The widgets below a row."""
        return self._rows_with_lines.get(row, [])

    def signs_across(self) -> tuple[int, int] | None:
        """Where the columns of the signs begin and how wide they are together, in logical pixels; None where none is shown."""
        shown = [n for n, column in enumerate(self._columns) if column.group == SIGNS and not self.isColumnHidden(n)]
        return (self.columnViewportPosition(shown[0]), sum(self.columnWidth(n) for n in shown)) if shown else None

    def _find_lines(self) -> None:
        model = self.model()
        self._rows_with_lines = {}
        if model is not None:
            for key, widgets in self._lines.items():
                row = model.find(key)  # type: ignore[attr-defined]
                if row >= 0:
                    self._rows_with_lines[row] = widgets

    def _rows_changed(self) -> None:
        self._find_lines()
        super()._rows_changed()

    def _fit_columns(self) -> None:
        """One sign alone says too little and has no room for its heading: then none is shown."""
        super()._fit_columns()
        signs = [n for n, column in enumerate(self._columns) if column.group == SIGNS]
        if self._dense or sum(not self.isColumnHidden(n) for n in signs) != 1:
            return
        kept, self._columns = self._columns, [replace(c, wide_only=True) if c.group == SIGNS else c for c in self._columns]
        self._dense = True
        super()._fit_columns()
        self._columns, self._dense = kept, False

    def _fit_rows(self) -> None:
        model = self.model()
        if model is None:
            return
        rows = model.rowCount()
        most, least = round(h(Size.ROW_REGISTER)), round(h(Size.ROW_DENSE))
        # room for one line is kept, so that the first that unfolds makes no other row move more than it must
        wide = self.viewport().width()
        below = sum(_height(widget, wide) for widgets in self._rows_with_lines.values() for widget in widgets)
        room = self.viewport().height() - max(below, round(h(1.9)))
        self.row_high = most if not rows else max(least, min(most, room // rows))
        if self._dense:
            self.row_high = least
        self._place_rows()

    def _place_rows(self) -> None:
        model = self.model()
        if model is None:
            return
        wide = self.viewport().width()
        changed = False
        for row in range(model.rowCount()):
            more = sum(_height(widget, wide) for widget in self.below(row))
            if self.rowHeight(row) != self.row_high + more:
                self.setRowHeight(row, self.row_high + more)
                changed = True
        self._place_lines()
        if changed:  # otherwise only the touched rows are painted again
            self.viewport().update()

    def _place_lines(self) -> None:
        wide = self.viewport().width()
        for row, widgets in self._rows_with_lines.items():
            y = self.rowViewportPosition(row) + self.row_high
            for widget in widgets:
                high = _height(widget, wide)
                widget.setGeometry(0, y, wide, high - 1)
                widget.show()
                y += high

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_lines()


def _height(widget: QWidget, wide: int) -> int:
    if widget.hasHeightForWidth():
        return max(widget.heightForWidth(wide), round(h(1.9)))
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return max(layout.heightForWidth(wide), round(h(1.9)))
    return max(widget.sizeHint().height(), round(h(1.9)))
