"""Choosing what is typed into a cell from a list that says what each means: codes, or points of the scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.round import points_of
from approgress.domain.attendance import CLASS_WORDS
from approgress.domain.errors import Refusal
from approgress.domain.instruments import Instrument
from approgress.domain.sheets import RegisterSheet
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.theme import h


class ChoiceDialog(FormDialog):
    """A table of which Enter takes the chosen line: `take(key)` is called with it."""

    def __init__(
        self,
        title: str,
        sentence: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        verb: str,
        take: Callable[[str], None],
        at: str = "",
        high: float = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, verb=verb, width=46, parent=parent)
        self.model = TableModel(columns, rows)
        self.model.setParent(self)
        self.table = TableView(title, parent=self)
        self.table.setModel(self.model)
        self.table.setMinimumHeight(round(h(high)))
        self.table.opened.connect(self._opened)
        self.add_widget(self.table)
        self._take = take
        row = self.model.find(at) if at else 0
        if rows:
            self.table.go_to(max(0, row))

    def _opened(self, _row: int) -> None:
        self.accept()

    def submit(self) -> None:
        """Takes the line."""
        at = self.table.currentIndex()
        if not at.isValid():
            raise Refusal("Choose a line with the arrows first.")
        self._take(self.model.row(at.row()).key)


def codes_dialog(sheet: RegisterSheet, session: str, take: Callable[[str], None], parent: QWidget, at: str = "") -> ChoiceDialog:
    """All codes in force in a session, one line each."""
    rows = [
        Row(
            c.text,
            c.text,
            (TextCell(c.text, kind="bold"), TextCell(c.label, wrap=True), TextCell(CLASS_WORDS[c.counts_as], role="quiet")),
        )
        for c in sheet.codes.in_force(sheet.register.day, session)
    ]
    columns = (Column("Code"), Column("What it means", stretch=1, least=16), Column("Counts as"))
    sentence = "One code a session, set nationally. Enter takes the chosen one. Minutes late are typed behind L or U: L12."
    return ChoiceDialog("Attendance codes", sentence, columns, rows, verb="Use this code", take=take, at=at, parent=parent)


def scale_dialog(scale: Instrument, take: Callable[[str], None], parent: QWidget, at: str = "") -> ChoiceDialog:
    """The points of the engagement scale, what each looks like."""
    rows = [
        Row(
            str(p.value),
            p.label,
            (TextCell(str(p.value), kind="bold"), TextCell(p.label, kind="strong"), TextCell(p.looks_like, wrap=True)),
        )
        for p in points_of(scale)
    ]
    columns = (Column("Point"), Column("In a word"), Column("What it looks like", stretch=1, least=16))
    return ChoiceDialog(
        scale.name, "One point a lesson, by what was seen.", columns, rows, verb="Use this point", take=take, at=at, high=16, parent=parent
    )
