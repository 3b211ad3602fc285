"""The page of one pupil: header, tabs, and what is read again when something of this pupil changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.errors import Refusal
from approgress.ui.pages.pupil.seen import Seen, see
from approgress.ui.parts.buttons import MenuButton
from approgress.ui.parts.cards import EmptyState
from approgress.ui.parts.fold import Fold, fold_inside
from approgress.ui.parts.labels import Chip, Disc
from approgress.ui.parts.page import Page
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.domain.dossier import PupilRecords, SchoolFacts
    from approgress.domain.edits import Changes
    from approgress.ui.workspace import Workspace

TABS: Final = (
    ("overview", "Overview"),
    ("start", "Starting point"),
    ("measures", "Measures"),
    ("attendance", "Attendance"),
    ("behaviour", "Behaviour"),
    ("plan", "Plan and goals"),
    ("placements", "Placements and contacts"),
    ("history", "History"),
)

RECORDS: Final = (
    ("reading", "Reading"),
    ("note", "Note"),
    ("strength", "Strength"),
    ("goal", "Goal"),
    ("rating", "Rating of a goal"),
    ("next_step", "Next step"),
    ("event", "Event"),
    ("suspension", "Suspension or exclusion"),
    ("intervention", "Physical intervention"),
    ("stated", "Attendance before"),
    ("starting_point", "Starting point"),
    ("placement", "Placement"),
    ("contact", "Contact"),
    ("flag", "Need or status"),
)
"""What a dialog of this page adds: key and words."""

MENU: Final = (("moment", "Moment"), *RECORDS)
"""What can be added from the page's menu; a moment is written on a page of its own."""

_SCHOOL: Final = frozenset({"setting", "half_term", "closure", "instrument_file", "strand_measure", "partner", "group", "group_teacher", "person"})
"""Kinds that belong to no pupil and change what this page says."""
_SPREAD_MS: Final = 700


class Chips(QWidget):
    """The needs and statuses beside the name."""

    grown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        space(self._row, gap=0.5)
        self._shown: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.grown.emit()  # the head places what is in it by hand, so it has to be told
        return done

    def show_chips(self, chips: tuple[tuple[str, str], ...]) -> bool:
        """Shows chips (words, explanation); whether anything changed."""
        if chips == self._shown:
            return False
        self._shown = chips
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for words, tip in chips:
            chip = Chip(words)
            chip.setToolTip(tip)
            self._row.addWidget(chip)
        return True


class PupilPage(Page):
    """Shows one pupil; `open_pupil` says which."""

    title = "Pupil"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.workspace = workspace
        self.pupil_id: int | None = None
        self.seen: Seen | None = None
        self.disc = Disc("", 2.5)
        self.head.put_before(self.disc)
        self.chips = Chips()
        self.head.add(self.chips)
        self.chips.grown.connect(self._chips_grown)
        self.add_record = MenuButton(MENU, name="Add record", text="Add record", icon="plus")
        self.add_record.chosen.connect(self.add)
        self.head.add(self.add_record)
        self.report_button = self.set_main_action("Progress report", self.open_report, short="Report")
        self.tabs = TabStrip(TABS, name="Parts of this pupil’s record")
        self.tabs.chosen.connect(self.show_tab)
        strip = QVBoxLayout()
        strip.addWidget(self.tabs)
        self._top.addLayout(strip)
        self._facts: SchoolFacts | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SPREAD_MS)
        self._later.timeout.connect(self._read_spreads)
        self._bodies: dict[str, QWidget] = {}
        self._fresh: set[str] = set()
        self._places: dict[str, int] = {}
        self.gone = EmptyState("This pupil is not here any more", "Go back to the list; nothing was changed.", "To the list of pupils")
        assert self.gone.action is not None
        self.gone.action.clicked.connect(self._to_list)
        self.gone.hide()
        self.body.addWidget(self.gone, 1)
        self.folded.connect(self._folded)

    # --- where -----------------------------------------------------------------------------------------------------

    def open_pupil(self, pupil_id: int) -> None:
        """Shows this pupil, from the first tab; Refusal where there is none."""
        if pupil_id != self.pupil_id:
            self.pupil_id = pupil_id
            self._places.clear()
            self.tabs.set_value("overview")
        self._read()

    def where(self) -> int | None:
        """Which pupil is shown."""
        return self.pupil_id

    def go(self, pupil_id: int) -> None:
        """Shows a pupil again."""
        self.open_pupil(pupil_id)

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Reads again where this pupil, or what the school says for all, was changed."""
        if self.pupil_id is None:
            return
        if changes.everything or self.pupil_id in changes.pupils or changes.kinds & _SCHOOL:
            if changes.everything or changes.kinds & _SCHOOL:
                self._facts = None
            try:
                self._read(changes.kinds if not changes.everything and self.pupil_id in changes.pupils else None)
            except Refusal:
                self._show_gone()
        if "reading" in changes.kinds:
            self._later.start()

    # --- reading ---------------------------------------------------------------------------------------------------

    def _read_spreads(self) -> None:
        """Judges anew by this school's own spread, which a reading of any pupil may have moved; not while a person waits for their own."""
        before = self._facts
        self._facts = None
        if before is not None and self.pupil_id is not None and self.workspace.facts.spreads != before.spreads:
            try:
                self._read()
            except Refusal:
                self._show_gone()

    def _read(self, kinds: frozenset[str] | None = None) -> None:
        """Reads the pupil; with `kinds` only the rows of those kinds, where the others are at hand."""
        assert self.pupil_id is not None
        before = self.seen.held if self.seen is not None and self.seen.pupil_id == self.pupil_id else None
        if before is not None and kinds:
            held: PupilRecords = self.workspace.read(_changed_records, before, kinds)
        else:
            held = self.workspace.read(_records, self.pupil_id)
        if self._facts is None:
            self._facts = self.workspace.facts
        self.seen = see(held, self._facts, self.workspace.today, hidden=self.workspace.names_hidden)
        self._show_head()
        self._fresh.clear()
        reveal(self.gone, False)
        self._show_body()

    def _show_head(self) -> None:
        assert self.seen is not None
        header = self.seen.dossier.header
        name = header.name
        left = "" if header.on_roll or header.last_day is None else f"left {_words(header.last_day)}"
        self.set_title(name.full, " · ".join(p for p in (header.line, left) if p))
        self.disc.set_name(name.full, name.initials)
        chips = tuple((c.text, " ".join(p for p in (f"since {_words(c.first_day)}" if c.first_day else "", c.detail) if p)) for c in header.chips)
        self.chips.show_chips(chips)
        self.chips.setVisible(bool(chips) and self.fold() is not Fold.NARROW)
        self.add_record.setEnabled(self.workspace.may_write)
        self.head.set_fold(self.fold())

    def _show_gone(self) -> None:
        self.seen = None
        self.set_title("Pupil", "")
        self.disc.set_name("", "")
        self.chips.show_chips(())
        for body in self._bodies.values():
            body.hide()
        reveal(self.gone, True)

    # --- tabs ------------------------------------------------------------------------------------------------------

    def show_tab(self, key: str) -> None:
        """Shows a part of the record."""
        if key != self.tabs.value():
            self.tabs.set_value(key)
        self._show_body()

    def tab(self, key: str) -> QWidget:
        """The body of a tab, made when it is first shown."""
        body = self._bodies.get(key)
        if body is None:
            body = self._bodies[key] = self._make(key)
            self.body.addWidget(body, 1)
            body.hide()
            fold_inside(body, self.fold())
        return body

    def _show_body(self) -> None:
        key = self.tabs.value()
        bar = self._scroll.verticalScrollBar()
        for other, body in self._bodies.items():
            if other != key and not body.isHidden():
                self._places[other] = bar.value()
                body.hide()
        body = self.tab(key)
        if self.seen is not None and key not in self._fresh:
            self._fresh.add(key)
            body.show_seen(self.seen)  # type: ignore[attr-defined]
        if body.isHidden():
            body.show()
            bar.setValue(self._places.get(key, 0))

    def _make(self, key: str) -> QWidget:
        return _MAKERS[key](self)

    def _chips_grown(self) -> None:
        self.head.set_fold(self.fold())

    def _folded(self, _fold: Fold) -> None:
        if self.seen is not None:
            self.chips.setVisible(bool(self.seen.dossier.header.chips) and self.fold() is not Fold.NARROW)

    # --- asking ----------------------------------------------------------------------------------------------------

    def scroll_to(self, part: QWidget) -> None:
        """Brings a part of the page to the top."""
        inside = self._scroll.widget()
        if inside is not None:
            self._scroll.verticalScrollBar().setValue(part.mapTo(inside, QPoint(0, 0)).y())

    def show_strand(self, strand: str) -> None:
        """Shows the measures of a strand; attendance and behaviour have tabs of their own, and a first moment is logged at once."""
        if strand == "behaviour" and self.seen is not None and self.seen.dossier.strand(strand).missing is not None and self.workspace.may_write:
            self.add("moment")
            return
        if strand in ("attendance", "behaviour"):
            self.show_tab(strand)
            return
        self.show_tab("measures")
        self.tab("measures").show_strand(strand)  # type: ignore[attr-defined]

    def add(self, what: str) -> None:
        """Opens the dialog that adds a record of that kind (a key of RECORDS)."""
        self._open(what, None)

    def change(self, what: str, key: object) -> None:
        """Opens the dialog of a record that is there."""
        if self.workspace.may_write:
            self._open(what, key)
        else:
            self.workspace.say("You may look at everything here and change nothing. Ask the head for another role.")

    def _open(self, what: str, key: object) -> None:
        if self.seen is None:
            return
        if what == "moment":  # it is written on a page of its own
            self.workspace.open_place(f"moment/{self.seen.pupil_id}")
            return
        from approgress.ui.forms import show_dialog
        from approgress.ui.pages.pupil.dialogs import dialog_for

        try:
            dialog = dialog_for(self.workspace, self.seen, what, key, self)
        except Refusal as refusal:
            self.workspace.say(refusal.sentence)
            return
        show_dialog(dialog)

    def finish_step(self, step_id: int) -> None:
        """Ticks a next step off."""
        from approgress.domain.acts.measures import finish_step
        from approgress.domain.edits import Title

        held = next((s for s in self.seen.held.next_steps if s.id == step_id), None) if self.seen is not None else None
        if held is not None:
            self.workspace.attempt(Title.NEXT_STEP, finish_step(held, self.workspace.today))

    def open_report(self) -> None:
        """Opens the progress report."""
        if self.pupil_id is None or self.seen is None:
            return
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.report import ReportDialog

        show_dialog(ReportDialog(self.workspace, self.pupil_id, self.seen.dossier.stay.began, parent=self))

    def _to_list(self) -> None:
        self.workspace.open_place("pupils")


def _records(reader: Any, pupil_id: int) -> PupilRecords:
    from approgress.store.reads.dossier import records_of

    return records_of(reader, pupil_id)


def _changed_records(reader: Any, before: PupilRecords, kinds: frozenset[str]) -> PupilRecords:
    """The rows as they are now, of which only those of some kinds are read again; Refusal where the pupil is gone."""
    from approgress.domain.records import kind_of
    from approgress.store.reads.dossier import ROWS, may, records_of

    if "pupil" in kinds:
        return records_of(reader, before.pupil.id)
    rows: dict[str, Any] = {}
    for field, cls in ROWS.items():
        if kind_of(cls).name in kinds:
            rows[field] = tuple(r for r in reader.of_pupil(cls, before.pupil.id) if may(reader, r))
    return replace(before, **rows)


def _words(day: Any) -> str:
    from approgress.domain.days import words

    return words(day)


def _overview(page: PupilPage) -> QWidget:
    from approgress.ui.pages.pupil.overview import Overview

    made = Overview()
    made.strand_asked.connect(page.show_strand)
    made.asked.connect(page.add)
    made.tab_asked.connect(page.show_tab)
    made.step_done.connect(page.finish_step)
    return made


def _maker(module: str, name: str) -> Callable[[PupilPage], QWidget]:
    """A tab that is imported when it is first shown."""

    def make(page: PupilPage) -> QWidget:
        made: QWidget = getattr(import_module(f"approgress.ui.pages.pupil.{module}"), name)(page)
        return made

    return make


_MAKERS: Final[dict[str, Callable[[PupilPage], QWidget]]] = {
    "overview": _overview,
    "start": _maker("starting", "StartingTab"),
    "measures": _maker("measures", "MeasuresTab"),
    "attendance": _maker("attendance", "AttendanceTab"),
    "behaviour": _maker("behaviour", "BehaviourTab"),
    "plan": _maker("plan", "PlanTab"),
    "placements": _maker("placements", "PlacementsTab"),
    "history": _maker("history", "HistoryTab"),
}
