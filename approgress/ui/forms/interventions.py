"""Physical interventions of a term: counts, each record and what it lacks; the report as PDF, names on or off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from approgress.domain import days
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.intervention_term import InterventionTerm, Told, sort_words
from approgress.domain.moments import time_words
from approgress.domain.values import number
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.theme import measure, reveal

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace


class InterventionsDialog(FormDialog):
    """The list of a term. Enter on a row goes to the pupil; the main button saves the report."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        from approgress.school.interventions import terms

        super().__init__(
            "Physical interventions",
            "Restricted. Each record is signed by a second adult, told to the parent, and reviewed by a leader.",
            verb="Save as PDF\u2026",
            leave="Close",
            width=52,
            parent=parent,
        )
        self.workspace = workspace
        self._terms = terms(workspace.school)
        self.told: InterventionTerm | None = None
        self.term = ChoiceField("Term", [(str(n), t.name) for n, t in enumerate(self._terms)], "0", key="term", width=16)
        self.names = TickField("Names on", not workspace.names_hidden, key="names", help="Off: each pupil\u2019s code stands for the name.")
        self.names.box.setEnabled(not workspace.names_hidden)
        for field in (self.term, self.names):
            field.edited.connect(self._read)
        self.add_row(self.term, self.names)
        self.lead = Text("", wrap=True)
        self.add_widget(self.lead)
        self.model = TableModel(
            (
                Column("Pupil", least=7, stretch=1, sorts=False),
                Column("Day", sorts=False),
                Column("What", sorts=False),
                Column("Second adult", stretch=1, sorts=False, drop=2),
                Column("Parent", stretch=2, sorts=False, drop=1),
                Column("Still missing", stretch=2, least=6, sorts=False),
            )
        )
        self.table = TableView("Physical interventions", parent=self)
        self.model.setParent(self.table)
        self.table.setModel(self.model)
        self.table.opened.connect(self._open)
        measure(self.table, least_height=13)
        self.add_widget(self.table)
        self._read()

    def _read(self) -> None:
        from approgress.school.interventions import of_term

        self.told = of_term(self.workspace.school, self._terms[int(self.term.value() or 0)], names=self.names.value())
        t = self.told
        pupils = t.pupils
        self.lead.setText(
            f"{number(len(t.counted))} {'record' if len(t.counted) == 1 else 'records'} of {pupils.count} {'pupil' if pupils.count == 1 else 'pupils'} "
            f"(of {number(pupils.of)} on roll); together they attended {number(t.attended)} sessions in this term."
        )
        self.model.set_rows([_row(x) for x in t.records])
        reveal(self.table, bool(t.records))

    def _open(self, row: int) -> None:
        assert self.told is not None
        pupil = self.told.records[row].name.pupil_id
        self.reject()
        self.workspace.open_place(f"pupil/{pupil}/behaviour")

    def accept(self) -> None:
        """Asks for the folder and saves; the dialog stays, and says where it is."""
        from approgress.ui.ask import ask_folder

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = ask_folder(self, "Where the report goes", Path(documents) if documents else Path.home())
        if folder is not None:
            self.save_in(folder)

    def submit(self) -> None:
        """The work is done by `save_in`."""

    def save_in(self, folder: Path) -> None:
        """Saves the report in a folder; how it went is said in the dialog."""
        from approgress.school.interventions import make_intervention_report

        try:
            file = make_intervention_report(self.workspace.school, folder, self._terms[int(self.term.value() or 0)], names=self.names.value(), free_names=True)
        except (Refusal, Trouble) as e:
            self.banner.say(e.sentence, "error")
        else:
            self.banner.say(f"{file.name} is in {file.parent}.", "done")


def _row(t: Told) -> Row:
    struck = bool(t.struck)
    at = time_words(t.at)
    return Row(
        t.key,
        f"{t.name.full}, {days.words(t.day)}",
        (
            TextCell(t.name.full, kind="strong", struck=struck, wrap=True),
            TextCell(days.words(t.day), at, below=bool(at), struck=struck),
            TextCell(sort_words(t.sort), struck=struck),
            TextCell(t.signed or "\u2013", wrap=True),
            TextCell(t.parent or "\u2013", wrap=True),
            TextCell(t.struck or ", ".join(t.lacks[:3]) + (f" and {len(t.lacks) - 3} more" if len(t.lacks) > 3 else ""), kind="second", wrap=True),
        ),
    )
