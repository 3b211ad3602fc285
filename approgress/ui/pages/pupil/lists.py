"""Lists in cards of the pupil page: a heading with the button that adds, a table that opens its rows, or what to do where it is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from approgress.ui.forms.lists import ListTable
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import CellDelegate, Column, Row
from approgress.ui.theme import reveal

LONG = 260


def shortened(text: str, most: int = LONG) -> str:
    """The beginning of a long text, cut between words, with how long the whole is; a short one letter for letter."""
    if len(text) <= most:
        return text
    cut = text[:most].rsplit(None, 1)[0].rstrip()
    return f"{cut} \u2026 ({len(text.split()):,} words, open to read all)"


class ListCard(Card):
    """A card with a table. `opened(key)` says which row a person opened; `add_asked` that they want one more."""

    opened = Signal(object)
    add_asked = Signal()

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        *,
        sentence: str = "",
        add: str = "",
        empty: str = "",
        opens: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence=sentence, parent=parent)
        assert self.heading is not None
        self.add_button: Button | None = None
        if add:
            self.add_button = Button(add, icon="plus", small=True)
            self.add_button.clicked.connect(self.add_asked)
            self.heading.add(self.add_button)
        self.table = ListTable(title, columns, self._open_row if opens else None)
        self.add(self.table)
        self.empty = Text(empty, "second", "quiet", wrap=True)
        self.add(self.empty)
        self.body.addStretch(1)
        self._shown: tuple[Row, ...] | None = None

    def set_delegate(self, make: Callable[[QWidget], CellDelegate]) -> None:
        """Another painter of the cells."""
        self.table.setItemDelegate(make(self.table))

    def show_rows(self, rows: Sequence[Row], title: str = "", sentence: str = "") -> None:
        """Shows rows; the same rows as before are left as they are."""
        if title and self.heading is not None:
            self.heading.set(title, sentence)
            self.table.setAccessibleName(title)
        if self._shown == tuple(rows):
            return
        self._shown = tuple(rows)
        self.table.rows.set_rows(rows)
        reveal(self.table, bool(rows))
        reveal(self.empty, not rows and bool(self.empty.text()))

    def keys(self) -> list[object]:
        """The keys of the rows shown."""
        return [row.key for row in self.table.rows.rows()]

    def _open_row(self, number: int) -> None:
        self.opened.emit(self.table.rows.row(number).key)
