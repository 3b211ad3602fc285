"""Workspace: all that a page ever holds. It reads, does, undoes, and says what changed, whoever changed it.

How a page hangs in
-------------------
A page is a QWidget, made by `factory(workspace)` when its place is first opened (`approgress.ui.places.PAGES` lists the
places: a new page is one line there). It holds the workspace and nothing else of the program. It has

* `title`: what the window's title says ("Today", "Pupil"); never a pupil's name.
* `refresh(changes)`: read again what `changes` names. Called only while the page is visible; what happened while it was hidden is
  joined and handed over when it is shown. `changes.everything` means all of it: then names were hidden or shown, a new day began,
  or too much changed to name. Do not connect to `Workspace.changed` as well.
* where it shows one pupil: `open_pupil(pupil_id)`, called before it is shown.
* where it can be left in a state worth coming back to: `where()` -> int | None, and `go(where)`; Back (Alt+Left) uses them.
* where something must be finished before it may be hidden: `may_leave()` -> bool (it asks the person itself).

To write, a page calls `workspace.do(title, edits)`: Refusal and Trouble are raised, and shown where they belong (`FormDialog` shows
both in the dialog; a cell shows them beside itself). An act started by a button that has no place for a sentence goes through
`workspace.attempt(title, edits)`, which shows either in the window's banner and answers whether it was done. To go elsewhere it calls
`workspace.open_pupil(id)` or `workspace.open_place("setting")`; a count beside its place in the rail is
`workspace.set_badge("today", 6, "6 need you")`. Long work runs in `workspace.tasks` (`approgress.ui.tasks`); what it wrote through the
school itself is then said by `workspace.tell(changes)`. Names are shown by `approgress.domain.naming.shown(..., hidden=workspace.names_hidden)`
or by a read function that takes `hidden`. `workspace.today` is today, read afresh; `workspace.facts` what a dossier needs of the school.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.ui.tasks import Tasks

if TYPE_CHECKING:
    from approgress.domain.dossier import SchoolFacts
    from approgress.school.school import School
    from approgress.store.reads import Reader

P = ParamSpec("P")
T = TypeVar("T")

Edits = Iterable[Edit] | Callable[[NewIds], Iterable[Edit]]

_FACTS = frozenset(
    {
        "setting",
        "half_term",
        "closure",
        "instrument_file",
        "strand_measure",
        "person",
        "partner",
        "group",
        "group_teacher",
        "reading",
        "starting_point",
        "start_value",
        "enrolment",
        "placement",
    }
)
"""Kinds of record that `facts` is made of (readings: the school's own spread of starts)."""

POLL_MS = 1000


class Workspace(QObject):
    """One opened school in one window. Lives in the GUI thread; the school itself may be read from any thread."""

    changed = Signal(object)
    """Changes: what was written, here or by somebody else."""
    names_hidden_changed = Signal(bool)
    day_changed = Signal(object)
    """date: another day has begun (or the machine woke on one)."""
    troubled = Signal(str, str)
    """A sentence for the window's banner, and its kind (attention, error, done)."""
    saved_changed = Signal(str)
    """'Saved 09:12', after a commit and never before."""
    pupil_asked = Signal(int)
    place_asked = Signal(str)
    went_back = Signal(str)
    """Where the record stands that undo or redo changed: an address as `open_place` takes it, or 'pupil/7'."""
    badge_changed = Signal(str, int, str)
    """Key of the place, count, what is counted."""
    asked = Signal(str, object)
    """What a page asks of the program: ('look', (theme or '', percent or 0)), ('idle', minutes), ('lock', None), ('restore', path of a
    backup), ('open', address), ('launch', None) to another school, ('wipe', None), ('backed_up', None) when a backup was made by hand."""

    def __init__(self, school: School, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.school = school
        self.saved = ""
        self._names_hidden = False
        self._facts: SchoolFacts | None = None
        self._day = school.today
        self._lost_touch = False
        self.tasks = Tasks(self)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look_round)

    # --- asking ----------------------------------------------------------------------------------------------------

    def read(self, question: Callable[Concatenate[Reader, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask a read function: `workspace.read(reads.pupils.on_roll, day)`. Trouble where the file cannot be read."""
        return self.school.read(question, *args, **kwargs)

    @property
    def today(self) -> date:
        """Today, read afresh each time; the demonstration school carries its own."""
        return self.school.today

    @property
    def facts(self) -> SchoolFacts:
        """What a dossier needs to know of the school; kept until one of its records changes."""
        if self._facts is None:
            from approgress.store.reads.school import school_facts

            self._facts = self.read(school_facts, self.school.codes)
        return self._facts

    @property
    def may_write(self) -> bool:
        """Whether the person here may change anything."""
        return self.school.viewer.role != "visitor"

    # --- writing ---------------------------------------------------------------------------------------------------

    def do(self, title: Title, edits: Edits, *, grow: bool = True) -> Changes:
        """Write what an act returned as one step; raises Refusal or Trouble, and then nothing was written."""
        return self._done(self.school.do(title, edits, grow=grow))

    def attempt(self, title: Title, edits: Edits, *, grow: bool = True) -> bool:
        """`do` for a button that has no place for a sentence: a Refusal or Trouble goes to the window's banner. Whether it was done."""
        try:
            self.do(title, edits, grow=grow)
        except (Refusal, Trouble) as e:
            self.say(e.sentence, "error" if isinstance(e, Trouble) else "attention")
            return False
        return True

    def undo(self) -> None:
        """Take this person's last act back; why not, or what was taken back, is said in the banner."""
        self._back(self.school.undo)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._back(self.school.redo)

    def _back(self, act: Callable[[], Changes]) -> None:
        try:
            changes = act()
        except (Refusal, Trouble) as e:
            self.say(e.sentence, "error" if isinstance(e, Trouble) else "attention")
            return
        self._done(changes)
        from approgress.ui.taken_back import back_words

        sentence, address = back_words(self, changes)
        if address:
            self.went_back.emit(address)  # before it is said, so that it is said on the page that shows it
        self.say(sentence, "done")

    def tell(self, changes: Changes) -> None:
        """Say what was written through the school itself, by long work off the GUI thread."""
        self._done(changes)

    def _done(self, changes: Changes) -> Changes:
        if changes:
            self._set_saved()
            self._pass_on(changes)
        return changes

    def _set_saved(self) -> None:
        self.saved = f"Saved {datetime.fromtimestamp(self.school.now()):%H:%M}"
        self.saved_changed.emit(self.saved)

    def last_saved(self) -> str:
        """'Saved 09:12', or 'Saved 23 Nov' of another day: by the newest step of the journal, so it is true after opening as well."""
        from approgress.domain.days import words

        if self.saved:
            return self.saved
        row = next(iter(self.read(lambda r: r.sql("SELECT at FROM step ORDER BY tick DESC, desk DESC LIMIT 1"))), None)
        if row is None:
            return ""
        at = datetime.fromtimestamp(int(str(row[0])))
        return f"Saved {at:%H:%M}" if at.date() == self.today else f"Saved {words(at.date(), year=at.year != self.today.year)}"

    def _pass_on(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & _FACTS:
            self._facts = None
        self.changed.emit(changes)

    def undo_titles(self) -> tuple[str, str]:
        """What undo and redo would take next, in words; '' where there is nothing."""
        back, again = self.school.journal.can_undo()
        return (back.words if back else "", again.words if again else "")

    # --- the window ------------------------------------------------------------------------------------------------

    def say(self, sentence: str, kind: str = "attention") -> None:
        """A sentence in the window's banner; kind: attention, error, done."""
        self.troubled.emit(sentence, kind)

    def open_pupil(self, pupil_id: int) -> None:
        """Go to a pupil's page."""
        self.pupil_asked.emit(pupil_id)

    def open_place(self, key: str) -> None:
        """Go to a place of the rail, or a section inside it ('setting/people')."""
        self.place_asked.emit(key)

    def set_badge(self, key: str, count: int, words: str) -> None:
        """A count beside a place in the rail; 0 takes it away."""
        self.badge_changed.emit(key, count, words)

    @property
    def names_hidden(self) -> bool:
        """Whether pupils are shown by their codes now (F8)."""
        return self._names_hidden

    def hide_names(self, hidden: bool) -> None:
        """Hide or show names, everywhere and at once."""
        if hidden != self._names_hidden:
            self._names_hidden = hidden
            self.names_hidden_changed.emit(hidden)

    # --- others ----------------------------------------------------------------------------------------------------

    def start_looking(self) -> None:
        """Look each second what other windows and people changed, and whether a new day began."""
        self._timer.start()

    def stop_looking(self) -> None:
        """End that."""
        self._timer.stop()

    def look_round(self) -> None:
        """Look now; the window does so when it gets the focus. A file that is out of reach is said once, not each second."""
        try:
            changes = self.school.others_changes()
        except Trouble as e:
            if not self._lost_touch:
                self._lost_touch = True
                self.say(e.sentence, "error")
            return
        self._lost_touch = False
        if changes:
            self._pass_on(changes)
        day = self.school.today
        if day != self._day:
            self._day = day
            self._facts = None
            self.day_changed.emit(day)
