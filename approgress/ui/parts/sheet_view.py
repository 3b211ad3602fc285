"""The view of a grid that is typed into: a key marks the cell and moves down; arrows, Enter and Tab as people expect."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QWidget

from approgress.style import Size
from approgress.ui.parts.tables import TableView

_WAIT_MS = 1200  # how long C waits whether it becomes C2


class SheetView(TableView):
    """Says `typed(row, column, text)` for what was typed into a cell, after which it moves down; an empty text clears the cell.

    `goes_on(text, column)` says whether what is typed so far may still become longer; then the view waits for the next key, Enter or a moment,
    and says `drafted(row, column, text)` meanwhile. Only the columns in `columns` are typed into, and the current cell stays in them.
    """

    typed = Signal(int, int, str)
    drafted = Signal(int, int, str)
    helped = Signal()
    """A question mark was typed: what may stand here?"""

    def __init__(self, name: str, columns: Collection[int], goes_on: Callable[[str, int], bool], parent: QWidget | None = None) -> None:
        super().__init__(name, row_height=Size.ROW_REGISTER, rings_cells=True, parent=parent)
        self._typed_columns = sorted(columns)
        self._goes_on = goes_on
        self._skips: Callable[[int, int], bool] | None = None
        self._draft = ""
        self._draft_at = (-1, -1)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._waited)

    def set_goes_on(self, goes_on: Callable[[str, int], bool]) -> None:
        """Another answer to what may become longer."""
        self._goes_on = goes_on

    def set_columns(self, columns: Collection[int]) -> None:
        """Other columns that are typed into."""
        self._typed_columns = sorted(columns)

    def set_skips(self, skips: Callable[[int, int], bool]) -> None:
        """Which cells moving down passes over: skips(row, column)."""
        self._skips = skips

    @property
    def draft(self) -> str:
        """What is typed and not yet said."""
        return self._draft

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        key, text = event.key(), event.text()
        mods = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if key in (keys.Key_Return, keys.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not mods:
            if not self._finish(move=True):
                self._move_down()
            return
        if key == keys.Key_Escape and self._draft:
            self._drop()
            return
        if key in (keys.Key_Delete, keys.Key_Backspace) and not mods:
            if self._draft:
                self._drop()
            else:
                self._say("")
            return
        if key in (keys.Key_Left, keys.Key_Right):
            self._finish()
            self._sideways(1 if key == keys.Key_Right else -1)
            return
        if key in (keys.Key_Up, keys.Key_Down, keys.Key_Home, keys.Key_End, keys.Key_PageUp, keys.Key_PageDown):
            self._finish()
            super().keyPressEvent(event)
            self._stay_in_columns()
            return
        if text and text.isprintable() and not text.isspace() and not mods and self._may_type():
            if text == "?":
                self._finish()
                self.helped.emit()
            else:
                self._take(text)
            return
        super().keyPressEvent(event)

    def _may_type(self) -> bool:
        return self.currentIndex().isValid() and self.currentIndex().column() in self._typed_columns

    def _take(self, text: str) -> None:
        at = (self.currentIndex().row(), self.currentIndex().column())
        if at != self._draft_at:
            self._finish()
            self._draft_at = at
        self._draft += text
        if self._goes_on(self._draft, self._draft_at[1]):
            self.drafted.emit(*at, self._draft)
            self._wait.start()
        else:
            self._finish(move=True)

    def _waited(self) -> None:
        self._finish()

    def _finish(self, *, move: bool = False) -> bool:
        """Say what was typed; whether there was anything."""
        self._wait.stop()
        if not self._draft:
            return False
        (row, column), text = self._draft_at, self._draft
        self._draft, self._draft_at = "", (-1, -1)
        at = self.currentIndex()
        self.typed.emit(row, column, text)
        if move and at == self.currentIndex():
            self._move_down()
        return True

    def _drop(self) -> None:
        self._wait.stop()
        row, column = self._draft_at
        self._draft, self._draft_at = "", (-1, -1)
        self.drafted.emit(row, column, "")

    def _say(self, text: str) -> None:
        if self._may_type():
            self.typed.emit(self.currentIndex().row(), self.currentIndex().column(), text)

    def stay(self, row: int, column: int) -> None:
        """Go back to a cell whose text was refused."""
        self.go_to(row, column)

    def _move_down(self) -> None:
        at = self.currentIndex()
        if not at.isValid():
            return
        for row in range(at.row() + 1, self.model().rowCount()):
            if self._skips is None or not self._skips(row, at.column()):
                self.go_to(row, at.column())
                return

    def _sideways(self, step: int) -> None:
        at = self.currentIndex()
        shown = [c for c in self._typed_columns if not self.isColumnHidden(c)]
        if not at.isValid() or not shown:
            return
        beyond = [c for c in shown if (c > at.column() if step > 0 else c < at.column())]
        if beyond:
            self.go_to(at.row(), beyond[0] if step > 0 else beyond[-1])

    def _stay_in_columns(self) -> None:
        at = self.currentIndex()
        if at.isValid() and at.column() not in self._typed_columns and self._typed_columns:
            self.go_to(at.row(), self._typed_columns[0])

    def mouseReleaseEvent(self, event: object) -> None:
        super().mouseReleaseEvent(event)  # pyright: ignore[reportArgumentType]
        self._finish()
        self._stay_in_columns()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stay_in_columns()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._finish()
        super().focusOutEvent(event)
