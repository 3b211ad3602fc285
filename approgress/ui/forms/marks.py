"""Marks that had their time: the reason for changing one after the register closed, and the history of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.days import words
from approgress.domain.errors import Refusal
from approgress.style import Size
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import TextField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.theme import h

if TYPE_CHECKING:
    from approgress.domain.naming import ShownName
    from approgress.domain.register import NeedsReason
    from approgress.ui.workspace import Workspace


class ReasonDialog(FormDialog):
    """Old mark, new mark, and why. `write(reason)` does it and may raise; Esc leaves the old mark."""

    def __init__(self, name: str, day: date, asked: NeedsReason, write: Callable[[str], None], parent: QWidget | None = None) -> None:
        becomes = asked.new or "no mark"
        title = f"{asked.old or 'no mark'} becomes {becomes}"
        sentence = f"{name}, {asked.session} {words(day, weekday=True)}. The register has closed: both marks, the reason, the time and your name are kept."
        super().__init__(
            title,
            sentence,
            verb=f"Change to {becomes}" if asked.new else "Take the mark out",
            leave=f"Leave {asked.old}",
            width=32,
            parent=parent,
        )
        self._write = write
        self.why = TextField("Why is it changed", key="why", most=300, placeholder="typed in the wrong row, letter from the surgery, …")
        self.add(self.why)

    def submit(self) -> None:
        """Writes the change with its reason."""
        if not self.why.value():
            raise Refusal("A reason is needed after the register has closed.", "why")
        self._write(self.why.value())


class ReasonsDialog(FormDialog):
    """One reason for many marks that are changed after closing, each with its pupil, old and new: `rows` are pupil, session, old, new.

    `beside` says what else the act does. `write(reason)` does it and may raise; Esc leaves everything as it is.
    """

    def __init__(
        self,
        day: date,
        rows: Sequence[tuple[str, str, str, str]],
        beside: str,
        write: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        marks, pupils = len(rows), len({name for name, *_ in rows})
        sessions = " and ".join(dict.fromkeys(session for _, session, *_ in rows))
        of = "1 pupil" if pupils == 1 else f"{pupils} pupils"
        register = "registers have" if " and " in sessions else "register has"
        sentence = f"{words(day, weekday=True)}: the {sessions} {register} closed. Both marks, the reason, the time and your name are kept with each."
        super().__init__(
            f"{marks} {'mark' if marks == 1 else 'marks'} of {of} {'is' if marks == 1 else 'are'} changed",
            f"{sentence} {beside}".strip(),
            verb="Change the mark" if marks == 1 else f"Change {marks} marks",
            leave="Leave all as it is",
            width=36,
            parent=parent,
        )
        self._write = write
        columns = (
            Column("Pupil", stretch=1, least=9, sorts=False),
            Column("Session", sorts=False),
            Column("Now", sorts=False),
            Column("Becomes", sorts=False),
        )
        self.model = TableModel(
            columns,
            [
                Row(
                    i,
                    name,
                    (
                        TextCell(name, may_elide=True),
                        TextCell(session),
                        TextCell(old, role="quiet"),
                        TextCell(new or "no mark", kind="strong"),
                    ),
                )
                for i, (name, session, old, new) in enumerate(rows)
            ],
        )
        self.model.setParent(self)
        self.table = TableView("Marks that are changed", row_height=Size.ROW_DENSE, parent=self)
        self.table.setModel(self.model)
        self.table.setMinimumHeight(self.table.horizontalHeader().sizeHint().height() + round(h(Size.ROW_DENSE)) * min(marks, 8) + 2)
        self.add_widget(self.table)
        self.why = TextField(
            "Why are they changed" if marks > 1 else "Why is it changed",
            key="why",
            most=300,
            placeholder="typed in the wrong rows, list from the trip, …",
        )
        self.add(self.why)

    def submit(self) -> None:
        """Writes them all with the reason."""
        if not self.why.value():
            raise Refusal("A reason is needed after the register has closed.", "why")
        self._write(self.why.value())


class MarkHistoryDialog(FormDialog):
    """What became of a pupil's marks of one day: who, when, old, new, why. It prints."""

    def __init__(
        self, workspace: Workspace, name: ShownName, day: date, rows: list[tuple[str, ...]], parent: QWidget | None = None
    ) -> None:
        """`rows` are session, old, new, why, when, who."""
        super().__init__("History of this mark", f"{name.full}, {words(day, weekday=True)}", verb="Close", width=48, parent=parent)
        self.workspace, self.name, self.day, self.rows = workspace, name, day, rows
        self.leave_button.hide()
        columns = (Column("Session"), Column("Before"), Column("After"), Column("Why", stretch=1, least=10), Column("When"), Column("Who"))
        made = [
            Row(
                i,
                f"{session}, {new}",
                (
                    TextCell(session),
                    TextCell(old, role="quiet"),
                    TextCell(new, kind="strong"),
                    TextCell(why, wrap=True),
                    TextCell(when),
                    TextCell(who),
                ),
            )
            for i, (session, old, new, why, when, who) in enumerate(rows)
        ]
        self.model = TableModel(columns, made)
        self.model.setParent(self)
        self.table = TableView("History of this mark", parent=self)
        self.table.setModel(self.model)
        self.table.setMinimumHeight(round(h(9)))
        self.add_widget(self.table)
        if not rows:
            self.add_widget(Text("No mark has been made for this day yet.", tone="quiet", wrap=True))
        self.print_button = Button("Print…", icon="printer")
        self.print_button.clicked.connect(self.print)
        self.add_button(self.print_button)

    def print(self) -> None:
        """The history on paper."""
        from approgress.ui.forms.list_paper import PaperColumn
        from approgress.ui.forms.print_list import paper_of, print_or_save

        columns = tuple(PaperColumn(c.title, stretch=1 if c.stretch else 0) for c in self.model.columns)
        paper = paper_of(self.workspace, f"History of marks: {self.name.full}", words(self.day, weekday=True), columns, tuple(self.rows))
        print_or_save(self, self.workspace, paper, f"History of marks {self.name.file_part} {self.day.isoformat()}")

    def submit(self) -> None:
        """Nothing to do: it is looked at."""
