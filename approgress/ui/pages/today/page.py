"""Today: the register and the round by keys, first-day contact, coming and going, lists on paper, addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, Qt

from approgress.domain.acts.contact import TEXT, record_contact
from approgress.domain.acts.register import AM
from approgress.domain.attendance import ATTENDED
from approgress.domain.cohort import RegisterRow
from approgress.domain.days import words
from approgress.domain.edits import Edit, Title
from approgress.domain.errors import Refusal
from approgress.domain.sheets import SESSIONS
from approgress.ui.forms import show_dialog
from approgress.ui.pages.today.marking import MarkingPage
from approgress.ui.pages.today.rows import (
    BOTH,
)

if TYPE_CHECKING:
    from approgress.ui.forms.list_paper import PaperList


_ACTS: Final = (
    ("blanks", "Mark blanks present\tShift+Enter"),
    ("movement", "Arrived, left or came back…\tF3"),
    ("contact", "First-day contact\tF7"),
    ("lesson", "How the lesson went…\tF6"),
)
"""What the menu "More" offers to who may write: (key, words, and behind them the keys)."""
_LOOKS: Final = (("history", "History of this mark…\tF4"), ("day", "Go to a day…\tCtrl+G"))


class TodayPage(MarkingPage):
    """The register and the round, by keys."""

    title = "Today"

    def _build(self) -> None:
        super()._build()
        self._calendar.clicked.connect(self.ask_day)
        self._more.chosen.connect(self._more_chosen)
        self.contact_asked.connect(self.ask_contact)
        self.contacts_asked.connect(self.list_contacts)
        shortcuts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Shift+Return", self._mark_all),
            ("Shift+Enter", self._mark_all),
            ("F2", self.add_moment),
            ("F3", self.ask_movement),
            ("F4", self.show_history),
            ("F6", self.ask_lesson_note),
            ("F7", self.enter_contact),
            ("Ctrl+G", self.ask_day),
            ("Ctrl+P", self.print_register),
            ("Ctrl+Return", self._write_mine),
            ("Ctrl+Enter", self._write_mine),
        )
        for keys, slot in shortcuts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _build_main_action(self) -> None:
        self._add = self.set_main_action("Add moment", self.add_moment, icon="plus", short="Moment")
        self._add.setToolTip("F2")

    # --- dialogs ---------------------------------------------------------------------------------------------------

    def _current_row(self) -> RegisterRow | None:
        at = self._view.currentIndex()
        if self._sheet is None or self._why_none() is not None or not at.isValid() or at.row() >= len(self._sheet.register.rows):
            return None
        return self._sheet.register.rows[at.row()]

    def add_moment(self) -> None:
        """Opens the page of a moment for the pupil under the cursor."""
        row = self._current_row()
        self._workspace.open_place(f"moment/{row.pupil_id}" if row is not None else "moment")

    def ask_movement(self) -> None:
        """Came late, left, came back."""
        from approgress.ui.forms.movement import MovementDialog

        row = self._current_row()
        if row is not None and self._workspace.may_write:
            dialog = MovementDialog(self._workspace, row, self._day, self)
            dialog.finished.connect(self._focus_grid)
            show_dialog(dialog)

    def show_history(self) -> None:
        """Who wrote the marks of this pupil on this day, when, and why they were changed."""
        from approgress.school.register_history import of_day
        from approgress.ui.forms.marks import MarkHistoryDialog

        row = self._current_row()
        if row is None:
            return
        changes = of_day(self._workspace.school, row.pupil_id, self._day)
        rows = [c.cells[1:] for c in changes]
        dialog = MarkHistoryDialog(self._workspace, row.name, self._day, rows, self)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def ask_lesson_note(self) -> None:
        """How the lesson went, what worked, and the pupil's own rating."""
        from approgress.ui.forms.lesson_note import LessonNoteDialog

        row, lesson = self._current_row(), self._lesson_now()
        if row is None or lesson is None or self._scale is None or not self._workspace.may_write:
            return
        held = row.notes[lesson] if lesson < len(row.notes) else None
        dialog = LessonNoteDialog(self._workspace, row, self._day, lesson, held, self._scale, self)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def enter_contact(self) -> None:
        """Into the line below the row, which is unfolded first where it is not; where the row is not away, to the first that is open."""
        row = self._current_row()
        if row is None:
            return
        if row.pupil_id not in self._contact_lines:
            if self._is_away(row):
                self._unfolded.add(row.pupil_id)
                self._read_absences([row.pupil_id])
            else:
                first = (
                    next((i for i, r in enumerate(self._sheet.register.rows) if r.pupil_id in self._contact_lines), None)
                    if self._sheet
                    else None
                )
                if first is None:
                    self._workspace.say("Nobody here is away without an explanation.", "done")
                    return
                self._view.go_to(first, max(1, self._view.currentIndex().column()))
                row = self._current_row()
        line = self._contact_lines.get(row.pupil_id) if row is not None else None
        if line is not None:
            line.enter()

    def ask_contact(self, pupil: int, sort: str) -> None:
        """The form of one contact; a text is written down at once where there is one number only."""
        from approgress.domain.records import Contact
        from approgress.ui.forms.contact import ContactDialog

        row, absence = self._row_of(pupil), self._absences.get(pupil)
        if row is None or absence is None or self._sheet is None or not self._workspace.may_write:
            return
        w = self._workspace
        people = w.read(lambda r: r.of_pupil(Contact, pupil))
        session = self._away_session(row)
        numbers = [r for r in absence.reach if r.phone and not r.barred]
        if sort == TEXT and len(numbers) == 1:
            w.attempt(
                Title.ABSENCE_CONTACT,
                lambda ids: record_contact(
                    ids,
                    pupil,
                    self._day,
                    TEXT,
                    today=w.today,
                    session=session,
                    at=self._now() if self._day == w.today else None,
                    who=numbers[0].who,
                    person_id=w.school.viewer.person_id,
                    contacts=people,
                ),
                grow=False,
            )
            return
        number = row.number(session)
        mark = self._sheet.codes.text(number)
        codes = [
            (c.text, f"{c.text}  {c.label}")
            for c in self._sheet.codes.in_force(self._day, session)
            if c.counts_as != ATTENDED and c.text not in ("N", "#", "Z", mark)
        ]
        dialog = ContactDialog(
            w, row.name, absence, sort, session, people, mark=mark, codes=codes, remark=partial(self._remark, pupil, session, self._day, number), parent=self
        )
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def _remark(self, pupil: int, session: str, day: date, seen: int | None, code: str, why: str) -> list[Edit]:
        """The edits by which a mark becomes another. Refusal where it is no longer the mark that was seen."""
        row = self._row_of(pupil)
        if row is None or self._sheet is None or day != self._day:
            raise Refusal("This register is no longer shown, or the pupil is no longer in it. Nothing was written; leave this and look again.")
        if row.number(session) != seen:
            now = self._sheet.codes.text(row.number(session)) or "no mark"
            raise Refusal(f"Somebody changed the {session} mark meanwhile: it is {now} now. Nothing was written; let the mark stay, or leave this.")
        return self._sheet.typed(row, session, code, why, closed=self._closed(session), fill=False)

    def _away_session(self, row: RegisterRow) -> str:
        """The session of the absence: the one under the cursor where it is away, else the first that is."""
        assert self._sheet is not None
        order = (self._session_now(), *SESSIONS)
        return next((s for s in order if (n := row.number(s)) is not None and 32 <= n < 96), order[0])

    def list_contacts(self, pupil: int) -> None:
        """All that was done today about a pupil's absence, struck entries too."""
        from approgress.domain.records import AbsenceContact
        from approgress.ui.forms.contact import ContactsDialog

        row = self._row_of(pupil)
        if row is None:
            return
        held = [c for c in self._workspace.read(lambda r: r.of_pupil(AbsenceContact, pupil)) if c.day == self._day]
        held.sort(key=lambda c: (c.at is None, c.at or 0, c.id))
        dialog = ContactsDialog(self._workspace, row.name, words(self._day, weekday=True), held, self)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    def ask_day(self) -> None:
        """Asks which day to show."""
        from approgress.ui.forms.go_to_day import GoToDayDialog

        dialog = GoToDayDialog(self._day, self._workspace.today, self._show, self)
        dialog.finished.connect(self._focus_grid)
        show_dialog(dialog)

    # --- paper -----------------------------------------------------------------------------------------------------

    def print_register(self) -> None:
        """The register as it stands."""
        self.print_chosen("register")

    def _offered(self) -> list[tuple[str, str]]:
        from approgress.ui.pages.today.papers import LISTS

        taken = self._sheet is not None and self._why_none() is None
        offered = list(_ACTS) if taken and self._workspace.may_write else []
        return [*offered, *(LISTS if taken else LISTS[1:]), *(_LOOKS if taken else _LOOKS[1:])]

    def _more_chosen(self, key: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "blanks": self._mark_all,
            "movement": self.ask_movement,
            "contact": self.enter_contact,
            "lesson": self.ask_lesson_note,
            "history": self.show_history,
            "day": self.ask_day,
        }
        if key in acts:
            acts[key]()
        else:
            self.print_chosen(key)

    def print_chosen(self, key: str) -> None:
        """One of the lists, to a printer or as PDF."""
        from approgress.ui.forms.print_list import print_or_save

        if self._sheet is None:
            return
        paper, name = self.paper(key)
        print_or_save(self, self._workspace, paper, f"{name} {self._day.isoformat()}")

    def paper(self, key: str) -> tuple[PaperList, str]:
        """One of the lists, and what its file is called."""
        from approgress.store.reads.register import in_the_building, not_arrived
        from approgress.ui.pages.today import papers

        assert self._sheet is not None
        w = self._workspace
        if key == papers.BUILDING:
            found = w.read(in_the_building, w.facts, w.today, self._now(), hidden=w.names_hidden)
            return papers.building_paper(w, found, self._now()), "In the building"
        if key == papers.NOT_ARRIVED:
            session = self._session_now()
            schools = w.read(not_arrived, w.facts, self._day, session, hidden=w.names_hidden)
            return papers.not_arrived_paper(w, schools, self._day, session), "Not arrived"
        group = next((g.name for g in self._groups if g.id == self._group), "Everyone")
        return papers.register_paper(w, self._sheet, group, self._day), "Register"

    # --- going to a place ------------------------------------------------------------------------------------------

    def where(self) -> int | None:
        """Which day is shown, for Back."""
        return self._day.toordinal()

    def go(self, where: int | None) -> None:
        """Show a day again."""
        if where is not None and date.fromordinal(where) != self._day:
            self._show(date.fromordinal(where))

    def show_section(self, section: str) -> None:
        """Goes to a day, session, and pupil or group: '2026-11-18/AM/12', '2026-11-18/PM/g3', '2026-11-18'."""
        parts = section.split("/")
        try:
            day = date.fromisoformat(parts[0])
        except ValueError:
            return
        session = parts[1] if len(parts) > 1 and parts[1] in SESSIONS else AM
        wanted = parts[2] if len(parts) > 2 else ""
        pupil = int(wanted) if wanted.isdigit() else None
        if wanted[:1] == "g" and wanted[1:].isdigit():
            self._group = int(wanted[1:])
        elif pupil is not None:
            self._group = self._group_of(pupil, day)
        here = pupil is not None and self._row_of(pupil) is not None
        if day != self._day or not here:
            self._show(day)
        if session not in self._places:
            self._modes.set_value(BOTH)
            self._mode_chosen(BOTH)
        row = self._model.find(pupil) if pupil is not None else -1
        column = self._places.index(session)
        if row < 0 and self._sheet is not None:
            row = next(
                (i for i, r in enumerate(self._sheet.register.rows) if r.number(session) is None and r.standing(session).expected is None),
                0,
            )
        at = self._view.currentIndex()
        if at.row() == row and isinstance(self._place_now(), int):
            column = at.column()  # a lesson of this pupil is at hand already, as after an undo
        if 0 <= row < self._model.rowCount():
            self._view.go_to(row, column)
        self._focus_grid()

    def _group_of(self, pupil: int, day: date) -> int | None:
        from approgress.domain.records import GroupMember

        found = self._workspace.read(lambda r: r.of_pupil(GroupMember, pupil))
        here = [m for m in found if (m.first_day is None or m.first_day <= day) and (m.last_day is None or day <= m.last_day)]
        if any(m.group_id == self._group for m in here):
            return self._group
        return here[0].group_id if here else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._refusals:
            self._keep_theirs()
            return
        # a code typed while nothing in particular has the focus belongs to the register
        text = event.text()
        if (
            text
            and text.isprintable()
            and not text.isspace()
            and not self._view.hasFocus()
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._view.keyPressEvent(event)
            return
        super().keyPressEvent(event)
