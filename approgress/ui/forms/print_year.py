"""The form that prints a pupil's year of attendance: which year, names on or off, and the folder that the page goes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from approgress.domain.pupil_attendance import LATEST
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, TickField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from approgress.ui.workspace import Workspace


class PrintYearDialog(FormDialog):
    """One page of A4 as PDF. A file that is open elsewhere is left, and the page goes beside it."""

    def __init__(
        self, workspace: Workspace, pupil_id: int, years: Sequence[tuple[str, str]], year: str = LATEST, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Print year", "One page of A4: every session, both figures, half-terms and milestones.", verb="Save as PDF…", width=28, parent=parent
        )
        self.workspace, self.pupil_id = workspace, pupil_id
        self.year = ChoiceField("Which year", list(years), year, key="year")
        self.add(self.year)
        self.names = TickField(
            "Names on", not workspace.names_hidden, key="names", help="Off: the pupil’s code stands for the name, also in the file’s name."
        )
        self.add(self.names)
        self.folder: Path | None = None

    def accept(self) -> None:
        """Asks for the folder first; without one the form stays open."""
        from approgress.ui.ask import ask_folder

        self.folder = ask_folder(self, "Where to save the page", documents())
        if self.folder is not None:
            super().accept()

    def submit(self) -> None:
        from approgress.school.year_print import print_year

        assert self.folder is not None
        names = self.names.value()
        path = print_year(self.workspace.school, self.pupil_id, self.folder, year=self.year.value(), names=names, free_name=True)
        shown = path.name if not self.workspace.names_hidden or not names else "The page"
        self.workspace.say(f"{shown} is saved in {path.parent}.", "done")


def documents() -> Path:
    """The folder that this person's documents go to."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
