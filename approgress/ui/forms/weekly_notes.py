"""The window of the weekly attendance notes: week, home schools with their pupils, folder; all PDFs in one step, with progress and stop."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.school_attendance import school_weeks_back
from approgress.domain.school_year import week_of
from approgress.domain.values import number
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.tasks import Task, Tasks
from approgress.ui.theme import reveal, space
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from approgress.domain.weekly_note import WeeklyNote
    from approgress.school.weekly_notes import NotesMade
    from approgress.ui.workspace import Workspace


class WeeklyNotesDialog(FormDialog):
    """Makes the notes of a week. What is slow happens in a worker; Esc stops it, and what was written stays whole."""

    def __init__(self, workspace: Workspace, *, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            "Weekly attendance notes",
            "One PDF for each home school, with its own pupils only: every session of the week, counts since their start, contacts made. No UPN.",
            verb="Make the notes…",
            leave="Close",
            width=40,
            parent=parent,
        )
        self.workspace = workspace
        self._folder = folder
        self._tasks = Tasks(self)
        self._task: Task | None = None
        self._made: NotesMade | None = None
        self._notes: tuple[WeeklyNote, ...] = ()
        today = workspace.today
        weeks = school_weeks_back(workspace.facts.calendar, today)
        # before Wednesday there is little to tell of the week that runs: the one before it is offered first
        first = weeks[1] if len(weeks) > 1 and weeks[0].first == week_of(today) and today.weekday() < 2 else weeks[0]
        self.week = ChoiceField("Week", [(w.first.isoformat(), w.name) for w in weeks if w.first], first.first.isoformat() if first.first else "", key="week", width=16)
        self.week.edited.connect(self._week_chosen)
        self.add(self.week)
        self.names = TickField("Names on", not workspace.names_hidden, key="names", help="Off: each pupil’s code stands for the name.")
        self.add(self.names)
        self.card = Card("Home schools", kind="sunken", padding=0.6)
        self._ticks: dict[int, TickField] = {}
        self._list = QVBoxLayout()
        space(self._list, gap=0.25)
        self.card.add_layout(self._list)
        choose = QWidget()
        row = FlowLayout(choose, gap=0.6)
        self.all = Button("All", kind="link", small=True)
        self.none = Button("None", kind="link", small=True)
        self.all.clicked.connect(self._tick_all)
        self.none.clicked.connect(self._tick_none)
        row.addWidget(self.all)
        row.addWidget(self.none)
        self.card.add(choose)
        self.count = Text("", "second", "quiet", wrap=True)
        self.card.add(self.count)
        self.add_widget(self.card)
        self.progress = ProgressRow("Making the notes")
        self.progress.stop_asked.connect(self._stop)
        self.add_widget(self.progress)
        self.progress.hide()
        self.banner.acted.connect(self._another_name)
        self._show_week()

    # --- what is chosen --------------------------------------------------------------------------------------------

    def monday(self) -> date:
        """The Monday of the week that is chosen."""
        return date.fromisoformat(self.week.value())

    def schools(self) -> list[int]:
        """The home schools that are ticked."""
        return [i for i, tick in self._ticks.items() if tick.value()]

    def _week_chosen(self) -> None:
        self._show_week()
        self.resize(self.sizeHint())

    def _show_week(self) -> None:
        from approgress.school.weekly_notes import notes_of_week

        self._notes = notes_of_week(self.workspace.school, self.monday(), week_only=True)
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._ticks = {}
        for note in self._notes:
            n = len(note.pupils)
            tick = TickField(f"{note.school.name}, {number(n)} {'pupil' if n == 1 else 'pupils'}", True, key=f"school {note.school.id}")
            tick.edited.connect(self._count)
            self._ticks[note.school.id] = tick
            self._list.addWidget(tick)
        self._count()

    def _count(self) -> None:
        n = len(self.schools())
        if not self._notes:
            self.count.setText("No pupil on roll in that week has a home school. It is entered on the pupil’s page, under placements.")
        else:
            notes = "1 note" if n == 1 else f"{number(n)} notes"
            self.count.setText(f"{notes} will be made. Files carry the school’s name and the week, never a pupil’s.")
        reveal(self.all, len(self._notes) > 1)
        reveal(self.none, len(self._notes) > 1)
        self.main_button.setEnabled(n > 0)

    def _tick_all(self) -> None:
        self._tick(True)

    def _tick_none(self) -> None:
        self._tick(False)

    def _tick(self, on: bool) -> None:
        for tick in self._ticks.values():
            tick.set_value(on)
        self._count()

    # --- making ----------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Asks for the folder and makes the notes; the dialog stays, and says what came of it."""
        from approgress.ui.ask import ask_folder

        if self._task is not None and self._task.running():
            return
        folder = ask_folder(self, "Where the notes go", self._folder or _documents())
        if folder is not None:
            self.make_in(folder)

    def submit(self) -> None:
        """The work is done by `make_in`."""

    def make_in(self, folder: Path, *, free_names: bool = False) -> None:
        """Makes the notes in a folder, in the worker."""
        self._folder = folder
        self.banner.say("")
        self.main_button.setEnabled(False)
        self.progress.begin("Making the notes")
        reveal(self.progress, True)
        self._task = self._tasks.run(
            _make,
            self.workspace.school,
            folder,
            self.monday(),
            self.schools(),
            self.names.value(),
            free_names,
            on_done=self._done,
            on_failed=self._failed,
            on_progress=self.progress.show_progress,
        )

    def _done(self, made: NotesMade) -> None:
        self._made = made
        reveal(self.progress, False)
        self.main_button.setEnabled(True)
        n = len(made.notes)
        done = f"{'1 note is' if n == 1 else f'{number(n)} notes are'} in {self._folder}." if n else ""
        if made.refusals:
            self.banner.say(" ".join((done, *made.refusals)).strip(), "attention" if made.stopped else "error", action="Write beside them" if made.locked else "")
        else:
            self.banner.say(done, "done")
        self.leave_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _failed(self, error: Exception) -> None:
        reveal(self.progress, False)
        self.main_button.setEnabled(True)
        self.banner.say(sentence_of(error), "error")

    def _another_name(self) -> None:
        if self._folder is not None:
            self.make_in(self._folder, free_names=True)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # --- the window ------------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        self._tasks.stop_all()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tasks.stop_all()
        super().closeEvent(event)


def _make(school: Any, folder: Path, monday: date, ids: Sequence[int], names: bool, free_names: bool, *, progress: Any) -> NotesMade:
    from approgress.school.weekly_notes import make_weekly_notes

    return make_weekly_notes(school, folder, day=monday, ids=ids, names=names, progress=progress, free_names=free_names)


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
