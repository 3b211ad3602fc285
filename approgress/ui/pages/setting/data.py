"""Setting: data in and out: files brought in, all tables taken out, the report of everybody on roll."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from approgress.school.import_plan import SORT_WORDS, SORTS
from approgress.ui.ask import Choice, ask_choice, ask_folder, ask_open_files
from approgress.ui.forms.lists import at_left
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import TickField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.tasks import Progress, Task
    from approgress.ui.workspace import Workspace

PATTERNS: Final = "Lists and transfer files (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods *.xml);;All files (*)"


class DataSection(Section):
    """Everything in is looked at before it is written; everything out is plain files that any program reads."""

    key = "data"
    name = "Data in and out"
    sentence = "A file is shown row by row before anything of it is written, and one undo takes it back."
    verb = "Bring in a file…"
    short = "Bring in"
    icon = "bring-in"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._task: Task | None = None
        grid = CardGrid({Fold.WIDE: 3, Fold.MIDDLE: 1, Fold.NARROW: 1}, gap=0.8, least=16)
        grid.add(self._in_card())
        grid.add(self._out_card())
        grid.add(self._report_card())
        self.body.addWidget(grid)
        self.progress = ProgressRow("")
        self.progress.stop_asked.connect(self._stop)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.addStretch(1)

    def _in_card(self) -> Card:
        card = Card("Bring in", sentence="From your information system: as you get it, in any order of columns.", padding=1.0)
        for sort in SORTS:
            card.add(Text(f"{SORT_WORDS[sort].capitalize()}", "second"))
        card.add(Text("CSV, Excel or XML. Nothing is written before you have seen what each row would do.", "second", "quiet", wrap=True))
        card.body.addStretch(1)
        return card

    def _out_card(self) -> Card:
        card = Card("Take out everything", sentence="Every table as CSV, with a description of each column.", padding=1.0)
        card.add(Text("The files hold names and are not locked. Put them where only those may read them who may read the pupils’ files.", "second", "quiet", wrap=True))
        card.body.addStretch(1)
        self.export_button = Button("Take out all tables…", icon="take-out")
        self.export_button.clicked.connect(self.export)
        card.add(at_left(self.export_button))
        return card

    def _report_card(self) -> Card:
        card = Card("Progress reports", sentence="The report of everybody who is on roll today, as PDF.", padding=1.0)
        self.names = TickField("With names", True, help="Without: each pupil’s code, also in the file names.")
        self.one_file = TickField("All in one file", False, help="For printing; otherwise one file a pupil.")
        card.add(self.names)
        card.add(self.one_file)
        card.body.addStretch(1)
        self.report_button = Button("Make the reports…", icon="document")
        self.report_button.clicked.connect(self.reports)
        card.add(at_left(self.report_button))
        return card

    # --- in --------------------------------------------------------------------------------------------------------

    def main(self) -> None:
        for path in ask_open_files(self, "A file to bring in", PATTERNS, Path.home())[:1]:
            self.workspace.open_place(f"import/{path}")

    # --- out -------------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Asks for a folder and writes every table into it."""
        folder = ask_folder(self, "Where the tables go", Path.home())
        if folder is not None:
            self._run("Taking out the tables", _export, self.workspace.school, folder, done=self._exported)

    def reports(self) -> None:
        """Asks for a folder and writes the reports into it."""
        folder = ask_folder(self, "Where the reports go", Path.home())
        if folder is not None:
            self._folder = folder
            self._make(free_names=False)

    def _make(self, *, free_names: bool) -> None:
        self._run(
            "Making the reports",
            _reports,
            self.workspace.school,
            self._folder,
            self.names.value(),
            self.one_file.value(),
            free_names,
            done=self._reported,
        )

    def _run(self, name: str, work: Any, *args: Any, done: Any) -> None:
        if self._task is not None and self._task.running():
            self.said.emit("Something is still being written. Stop it or let it finish first.", "attention")
            return
        self._busy(True)
        self.progress.begin(name)
        self._task = self.workspace.tasks.run(
            work, *args, on_done=done, on_failed=self._failed, on_stopped=self._stopped, on_progress=self.progress.show_progress
        )

    def _busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.export_button.setEnabled(not busy)
        self.report_button.setEnabled(not busy)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _exported(self, files: list[Path]) -> None:
        self._busy(False)
        self.said.emit(f"{len(files)} files are in {files[0].parent}." if files else "There was nothing to take out.", "done")

    def _reported(self, made: Any) -> None:
        self._busy(False)
        n = len(made.files)
        said = f"{n} {'file is' if n == 1 else 'files are'} in {self._folder}."
        if made.stopped:
            said = f"Stopped: {said}"
        if made.refusals:
            more = f" And {len(made.refusals) - 1} more could not be made." if len(made.refusals) > 1 else ""
            self.said.emit(f"{said} {made.refusals[0]}{more}", "attention")
            if made.locked and not made.stopped:
                self._offer_names(made.locked)
        else:
            self.said.emit(said, "done")

    def _offer_names(self, locked: Sequence[Path]) -> None:
        """A file that is open in a viewer stays as it is; the new one may stand beside it."""
        one = len(locked) == 1
        chosen = ask_choice(
            self,
            f"{locked[0].name} could not be replaced" if one else f"{len(locked)} files could not be replaced",
            f"{'It is' if one else 'They are'} open in another program, or may only be read. What is in {'it' if one else 'them'} is untouched. "
            "The new reports can stand beside under other names; or close the viewer and make them again.",
            (Choice("beside", "Write beside", "primary"),),
            leave="Leave it",
        )
        if chosen == "beside":
            self._make(free_names=True)

    def _failed(self, error: Exception) -> None:
        self._busy(False)
        self.said.emit(sentence_of(error), "error")

    def _stopped(self) -> None:
        self._busy(False)
        self.said.emit("Stopped. What was finished before is whole; nothing is half-written.", "attention")


def _export(school: Any, folder: Path, *, progress: Progress) -> list[Path]:
    from approgress.school.export import export_all

    return list(export_all(school, folder, progress=progress))


def _reports(school: Any, folder: Path, names: bool, one_file: bool, free_names: bool, *, progress: Progress) -> Any:
    from approgress.school.reports import make_reports
    from approgress.store.reads.pupils import on_roll

    ids = school.read(on_roll, school.today)

    def told(done: int, total: int | None = None) -> None:
        progress(done, total or 0)

    return make_reports(school, ids, folder, names=names, one_file=one_file, progress=told, free_names=free_names)
