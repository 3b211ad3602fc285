"""The view of a grid that is typed into: a key marks the cell and moves down; arrows, Enter and Tab as people expect; blocks of cells."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, Qt
from PySide6.QtWidgets import QWidget

from approgress.domain.errors import Refusal
from approgress.style import Size
from approgress.ui.parts.blocks import Placed, from_text, place
from approgress.ui.parts.tables import CELL, Block, TableModel, TableView, cell_text

_WAIT_MS = 1200  # how long C waits whether it becomes C2


class SheetView(TableView):
    """Says `typed(row, column, text)` for what was typed into a cell, after which it moves down; an empty text clears the cell.

    `goes_on(text, column)` says whether what is typed so far may still become longer; then the view waits for the next key, Enter or a moment,
    and says `drafted(row, column, text)` meanwhile. Only the columns in `columns` are typed into, and the current cell stays in them.

    Shift with the arrows, or the mouse, chooses a block of cells. Ctrl+C copies it; Ctrl+V says `pasted`, Ctrl+D `filled`, and Delete in
    a block `cleared`, for the page to make one act of each. `placed` tells a page where the cells of a pasted block go and what fell
    outside; what the sheet itself cannot do is said by `refused(sentence)`.
    """

    typed = Signal(int, int, str)
    drafted = Signal(int, int, str)
    helped = Signal()
    """A question mark was typed: what may stand here?"""
    pasted = Signal(int, int, list)
    """Row and column of the first cell, and list[list[str]]: give all three to `placed`."""
    filled = Signal(int, int, list)
    """The same for Ctrl+D: what stands above, in every cell of the block below it."""
    cleared = Signal(list)
    """list[tuple[int, int]]: the cells (row, column) of a block that Delete empties. One cell alone is `typed` with ''."""
    refused = Signal(str)
    """A sentence: why nothing was copied, pasted or filled down."""

    def __init__(self, name: str, columns: Collection[int], goes_on: Callable[[str, int], bool], parent: QWidget | None = None) -> None:
        super().__init__(name, row_height=Size.ROW_REGISTER, rings_cells=True, parent=parent)
        self._typed_columns = sorted(columns)
        self._goes_on = goes_on
        self._skips: Callable[[int, int], bool] | None = None
        self._draft = ""
        self._draft_at = (-1, -1)
        self._draft_key: Any = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._waited)
        self._whole = False

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
                self._clear()
            return
        if self._sheet_key(event):
            return
        if key in (keys.Key_Left, keys.Key_Right):
            self._finish()
            self._key_of_block(event)
            self._sideways(1 if key == keys.Key_Right else -1)
            if self.block() is not None:
                self._block_changed()
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

    def focusNextPrevChild(self, onwards: bool) -> bool:
        """Tab leaves the sheet; while something is half typed it ends that and goes sideways, as in a spreadsheet."""
        if self._draft:
            self._finish()
            self._sideways(1 if onwards else -1)
            return True
        return super().focusNextPrevChild(onwards)

    # Blocks

    def block_columns(self, one: int, other: int) -> tuple[int, ...]:
        """The columns between two that are typed into and shown; all of them where one end lies in another column, such as the names."""
        shown = tuple(c for c in self._typed_columns if not self.isColumnHidden(c))
        if one not in shown or other not in shown:
            return shown
        return tuple(c for c in shown if min(one, other) <= c <= max(one, other))

    def block(self) -> Block | None:
        if self._whole and self.model() is not None and self.model().rowCount():
            return Block(0, self.model().rowCount() - 1, tuple(range(len(self.columns()))))
        return super().block()

    def choose_none(self) -> None:
        self._whole = False
        super().choose_none()

    def choose_all(self) -> None:
        """Every cell that is typed into; the second time also names and figures, with their headings, to be copied."""
        rows, shown = self.model().rowCount(), [c for c in self._typed_columns if not self.isColumnHidden(c)]
        if not rows or not shown:
            return
        before = self.block()
        self._whole = before is not None and (before.first, before.last, before.columns) == (0, rows - 1, tuple(shown))
        at = self.currentIndex()
        self.choose_block(0, shown[0], rows - 1, shown[-1])
        if self._whole:
            self.go_to(at.row(), at.column())
            self._block_changed()

    def choose_block(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Chooses the cells from one to another; the other is the current one then."""
        self.go_to(row, column)
        self._anchor = None
        self._choose_from(self.currentIndex())
        self.go_to(last_row, last_column)
        self._block_changed()

    def chosen_cells(self) -> list[tuple[int, int]]:
        """(row, column) of the chosen cells that are typed into, or of the current one."""
        block = self.block()
        if block is not None:
            columns = [c for c in block.columns if c in self._typed_columns]
            return [(row, column) for row in range(block.first, block.last + 1) for column in columns]
        at = self.currentIndex()
        return [(at.row(), at.column())] if self._may_type() else []

    def chosen_texts(self) -> tuple[list[list[str]], bool]:
        if self._whole:
            return super().chosen_texts()
        rows: dict[int, list[str]] = {}
        for row, column in self.chosen_cells():
            rows.setdefault(row, []).append(self._text_at(row, column))
        return list(rows.values()), False

    def _text_at(self, row: int, column: int) -> str:
        return cell_text(self.model().index(row, column).data(CELL))

    def placed(self, row: int, column: int, cells: list[list[str]]) -> Placed:
        """Where the cells of a `pasted` or `filled` block go, and in words what fell outside of the grid."""
        shown = [c for c in self._typed_columns if not self.isColumnHidden(c) and c >= column]
        return place(cells, row, shown, self.model().rowCount())

    def _sheet_key(self, event: QKeyEvent) -> bool:
        keys, held = Qt.Key, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held != Qt.KeyboardModifier.ControlModifier:
            return False
        acts = {int(keys.Key_V): self.paste, int(keys.Key_D): self.fill_down, int(keys.Key_X): self._cut}
        act = acts.get(event.key())
        if act is None:
            return False
        self._finish()
        act()
        return True

    def _cut(self) -> None:
        self.copy_chosen()
        self._clear()

    def _clear(self) -> None:
        cells = self.chosen_cells()
        if len(cells) > 1:
            self.cleared.emit(cells)
        else:
            self._say("")

    def paste(self) -> None:
        """Takes the clipboard's text as cells, from the current cell or the chosen block's first; a smaller one fills a block evenly."""
        from PySide6.QtGui import QGuiApplication

        data = QGuiApplication.clipboard().mimeData()
        text = data.text() if data is not None and data.hasText() else ""
        if not text.strip("\r\n\t \0\ufeff"):
            self.refused.emit("There is no text on the clipboard that could be pasted. Nothing was changed; copy some cells first.")
            return
        try:
            cells = from_text(text)
        except Refusal as e:
            self.refused.emit(e.sentence)
            return
        chosen = self.chosen_cells()
        if not chosen:
            return
        block = self.block()
        if block is not None:
            rows, wide = block.last - block.first + 1, len({c for _, c in chosen})
            high, broad = len(cells), len(cells[0])
            if rows % high == 0 and wide % broad == 0:
                cells = [[cells[i % high][j % broad] for j in range(wide)] for i in range(rows)]
        self.pasted.emit(*chosen[0], cells)

    def fill_down(self) -> None:
        """Puts the first row of the chosen block into the rows below it; without a block, what stands above into the current cell."""
        chosen = self.chosen_cells()
        if not chosen:
            return
        rows = sorted({row for row, _ in chosen})
        columns = sorted({column for _, column in chosen})
        source, rows = (rows[0], rows[1:]) if len(rows) > 1 else (rows[0] - 1, rows)
        texts = [self._text_at(source, c) for c in columns] if source >= 0 else []
        if not any(texts):
            self.refused.emit("There is nothing above that could be filled down. Nothing was changed.")
            return
        self.filled.emit(rows[0], columns[0], [texts for _ in rows])

    def _may_type(self) -> bool:
        return self.currentIndex().isValid() and self.currentIndex().column() in self._typed_columns

    def _take(self, text: str) -> None:
        self.choose_none()  # what is typed replaces the current cell, and no other
        at = (self.currentIndex().row(), self.currentIndex().column())
        if at != self._draft_at:
            self._finish()
            self._draft_at, self._draft_key = at, self._key_at(at[0])
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
        column, text = self._draft_at[1], self._draft
        row = self._row_of(self._draft_key)
        self._draft, self._draft_at = "", (-1, -1)
        if row < 0:
            self.refused.emit(f"{text} was not written: the pupil is no longer in this list.")
            return True
        at = self.currentIndex()
        self.typed.emit(row, column, text)
        if move and at == self.currentIndex():
            self._move_down()
        return True

    def _drop(self) -> None:
        self._wait.stop()
        row, column = self._row_of(self._draft_key), self._draft_at[1]
        self._draft, self._draft_at = "", (-1, -1)
        if row >= 0:
            self.drafted.emit(row, column, "")

    def finish_draft(self) -> None:
        """Say what is half typed now: before other rows or another day are shown, to which it does not belong."""
        self._finish()

    def _key_at(self, row: int) -> Any:
        """What tells the record of a row from the others; rows may be read again while something is half typed."""
        model = self.model()
        return model.row(row).key if isinstance(model, TableModel) else row

    def _row_of(self, key: Any) -> int:
        """Where a record stands now, -1 where it is gone."""
        model = self.model()
        return model.find(key) if isinstance(model, TableModel) else key

    def _say(self, text: str) -> None:
        if self._may_type():
            self.typed.emit(self.currentIndex().row(), self.currentIndex().column(), text)

    def stay(self, row: int, column: int) -> None:
        """Go back to a cell whose text was refused."""
        self.go_to(row, column)

    def _move_down(self) -> None:
        self.choose_none()
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

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._finish()
        self._stay_in_columns()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stay_in_columns()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._finish()
        super().focusOutEvent(event)
