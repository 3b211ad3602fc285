"""Short lists in cards: a table as high as its rows, so that the page scrolls and not the table; the button that adds a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from approgress.domain.days import words
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.tables import Column, TableModel, TableView
from approgress.ui.theme import h, space

TERM_COLUMNS: Final = (
    Column("Half-term", least=8, stretch=2, sorts=False),
    Column("From", sorts=False, stretch=2),
    Column("To", sorts=False, stretch=2),
    Column("School days", "right", sorts=False, drop=1),
)
CLOSURE_COLUMNS: Final = (
    Column("Days", least=11, stretch=3, sorts=False),
    Column("Why", sorts=False, stretch=2),
    Column("Name", least=6, sorts=False, stretch=2, drop=1),
)


class ListTable(TableView):
    """A table without a scroll bar of its own. `opened(row)` on a click, Enter or a double click."""

    def __init__(self, name: str, columns: Sequence[Column], opened: Callable[[int], None] | None = None, *, parent: QWidget | None = None) -> None:
        self._tall = 0
        super().__init__(name, opens_on_click=opened is not None, parent=parent)
        self.rows = TableModel(columns)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setModel(self.rows)
        if opened is not None:
            self.opened.connect(opened)

    def fit(self) -> None:
        """As a table does, and then takes the height that the rows need."""
        super().fit()
        tall = self.sizeHint().height()
        if tall != self._tall:  # else a layout that is just being made would begin again, for ever
            self._tall = tall
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(h(16)), self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(8)), self.sizeHint().height())


def add_button(verb: str, slot: Callable[[], None], *, icon: str = "plus") -> QWidget:
    """A quiet button at the left, on a line of its own; the button is its first child."""
    button = Button(verb, icon=icon)
    button.clicked.connect(slot)
    return at_left(button)


def at_left(*widgets: QWidget) -> QWidget:
    """Widgets side by side at the left of a line."""
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, gap=0.6)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return box


def span(first: date, last: date) -> str:
    """'Mon 3 May 2027', or 'Tue 1 Sep to Wed 2 Sep 2026'."""
    if first == last:
        return words(first, weekday=True)
    return f"{words(first, weekday=True, year=first.year != last.year)} to {words(last, weekday=True)}"
