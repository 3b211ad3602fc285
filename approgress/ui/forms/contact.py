"""First-day contact: what was done about an absence, all that was done, and striking through what was entered by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.contact import CALL, SEEN, SORTS, SPOKE, TEXT, record_contact, strike_contact
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.first_day import Absence, clock, said
from approgress.domain.records import AbsenceContact, Contact
from approgress.domain.register import parse_clock
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, OptionsField, TextField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.theme import h, reveal

if TYPE_CHECKING:
    from approgress.domain.naming import ShownName
    from approgress.ui.workspace import Workspace

OTHER: Final = "other"
NO_ANSWER, MESSAGE, ANSWERED = "no", "message", "yes"
_RESULTS: Final = ((NO_ANSWER, "No answer", ""), (MESSAGE, "Left a message", ""), (ANSWERED, "Answered", ""))
_TITLES: Final = {CALL: "Call", TEXT: "Text", SPOKE: "Spoke to", SEEN: "Safe and seen"}

Remark = Callable[[str, str], list[Edit]]
"""What becomes of the mark: (code, reason) -> edits; raises Refusal."""


def minutes_now(workspace: Workspace) -> int:
    """Minutes after midnight, by the clock of the school's own day."""
    now = datetime.fromtimestamp(workspace.school.now())
    return now.hour * 60 + now.minute


class TimeField(TextField):
    """A time of day, typed like 08:58."""

    def __init__(self, label: str, value: int | None, *, key: str = "at", parent: QWidget | None = None) -> None:
        super().__init__(label, clock(value), key=key, width=6, most=5, parent=parent)

    def value(self) -> str:
        """The text, which is a time or blank; Refusal else."""
        self.minutes()
        return self.line.text().strip()

    def minutes(self) -> int | None:
        """Minutes after midnight, None for a blank."""
        text = self.line.text().strip()
        return parse_clock(text) if text else None


class ContactDialog(FormDialog):
    """One thing that was done: with whom, when, what came of it, whether it explains the absence, and the code it becomes then.

    `codes` are what the mark may become (code, words), none where there is no mark to change; `remark` gives the edits for it.
    """

    def __init__(
        self,
        workspace: Workspace,
        name: ShownName,
        absence: Absence,
        sort: str,
        session: str,
        contacts: Sequence[Contact],
        *,
        mark: str = "",
        codes: Sequence[tuple[str, str]] = (),
        remark: Remark | None = None,
        parent: QWidget | None = None,
    ) -> None:
        verb = {CALL: "Write call down", TEXT: "Write text down", SPOKE: "Write down", SEEN: "Write down"}[sort]
        super().__init__(f"{_TITLES[sort]}: {name.full}", verb=verb, width=34, parent=parent)
        self.workspace, self.absence, self.sort, self.session = workspace, absence, sort, session
        self.contacts, self._remark, self._mark = tuple(contacts), remark, mark
        people = [r for r in absence.reach if not r.barred]
        options = [(r.who, f"{r.call}{f' · {r.phone}' if r.phone else ''}") for r in people]
        first = absence.next_reach
        self.who = ChoiceField(
            "Who", [*options, (OTHER, "Somebody else")], first.who if first else options[0][0] if options else OTHER, key="who"
        )
        self.other = TextField("Who was it", key="who", most=120, placeholder="aunt, social worker, …")
        if sort == SEEN:
            self.other.set_help("Who saw the pupil, or where; left open where it was you.")
        else:
            self.add(self.who)
            self.who.edited.connect(self._changed)
        self.add(self.other)
        self.came = OptionsField("What came of it", _RESULTS, NO_ANSWER, key="answered")
        if sort == CALL:
            self.add(self.came)
            self.came.edited.connect(self._changed)
        self.note = TextField("What was said", key="note", optional=True, most=300)
        self.at = TimeField("Time", minutes_now(workspace) if absence.day == workspace.today else None)
        self.add_row(self.at, self.note)
        self.explains = TickField("This explains the absence", key="explains")
        self.explains.edited.connect(self._changed)
        self.add(self.explains)
        self.becomes = ChoiceField("The mark becomes", codes, "", none="choose" if mark == "N" else f"stays {mark}" if mark else "stays as it is", key="code")
        self.add(self.becomes)
        for r in absence.reach:
            if r.barred:
                order = f" ({r.order})" if r.order and not name.hidden else ""
                self.add_widget(Text(f"{r.call}: must not be contacted{order}", "second_strong", "attention", wrap=True))
        self._has_codes = bool(codes) and remark is not None
        self._changed()

    def _changed(self) -> None:
        other = self.sort == SEEN or self.who.value() == OTHER
        reveal(self.other, other)
        reached = self._reached()
        reveal(self.note, self.sort != TEXT and (self.sort != CALL or self.came.value() != NO_ANSWER))
        reveal(self.explains, reached and self.sort != SEEN)
        reveal(self.becomes, reached and self.explains.value() and self._has_codes)
        if self.isVisible():
            self._fit()

    def _reached(self) -> bool:
        return self.sort in (SPOKE, SEEN) or (self.sort == CALL and self.came.value() == ANSWERED)

    def _who(self) -> str | None:
        if self.sort == SEEN or self.who.value() == OTHER:
            return self.other.value() or None
        return self.who.value()

    def submit(self) -> None:
        """Writes the contact, and the mark that it becomes, as one step; Refusal for an N that is explained and stays N."""
        reached = self._reached()
        explains = reached and self.sort != SEEN and self.explains.value()
        note = self.note.value() if not self.note.isHidden() else ""
        if self.sort == CALL and self.came.value() == MESSAGE:
            note = f"left a message{f': {note}' if note else ''}"
        code = self.becomes.value() if explains and self._has_codes else ""
        if explains and self._has_codes and self._mark == "N" and not code:
            raise Refusal("Say which code it becomes, or take the tick away.", "code")
        why = ", ".join(part for part in (self._who() or "", note) if part) or None
        edits = self._remark(code, why or "first-day contact") if code and self._remark is not None else []

        def act(ids: NewIds) -> Iterable[Edit]:
            yield from record_contact(
                ids,
                self.absence.pupil_id,
                self.absence.day,
                self.sort,
                today=self.workspace.today,
                session=self.session,
                at=self.at.minutes(),
                who=self._who(),
                answered=reached,
                explains=explains,
                note=note or None,
                person_id=self.workspace.school.viewer.person_id,
                contacts=self.contacts,
            )
            yield from edits

        self.workspace.do(Title.ABSENCE_CONTACT, act, grow=False)


class ContactsDialog(FormDialog):
    """All that was done about a pupil's absence on a day, struck entries too; one can be struck through with a reason, and it prints."""

    def __init__(
        self, workspace: Workspace, name: ShownName, day: str, held: Sequence[AbsenceContact], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"First-day contact: {name.full}", day, verb="Close", width=44, parent=parent)
        self.workspace, self.name, self.held, self.day = workspace, name, list(held), day
        self.leave_button.hide()
        self.model = TableModel((Column("Time"), Column("What was done", stretch=1, least=14), Column("By"), Column("")), self._rows())
        self.model.setParent(self)
        self.table = TableView("What was done", parent=self)
        self.table.setModel(self.model)
        self.table.setMinimumHeight(round(h(12)))
        self.add_widget(self.table)
        if not self.held:
            self.add_widget(Text("Nothing has been written down yet.", tone="quiet", wrap=True))
        self.strike_button = Button("Strike through…", kind="danger")
        self.strike_button.clicked.connect(self.strike)
        self.strike_button.setEnabled(workspace.may_write and any(c.struck is None for c in self.held))
        self.add_button(self.strike_button)
        self.print_button = Button("Print…", icon="printer")
        self.print_button.clicked.connect(self.print)
        self.add_button(self.print_button)

    def _by(self, person: int | None) -> str:
        found = self.workspace.facts.people.get(person) if person is not None else None
        return found.name if found is not None else ""

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for c in self.held:
            text = said(c, hidden=self.name.hidden)
            struck = f"struck through {words(c.struck_on)}, {self._by(c.struck_by)}: {c.struck}" if c.struck is not None else ""
            state = "explains it" if c.explains and c.struck is None else ""
            cells = (
                TextCell(clock(c.at) or "–"),
                TextCell(
                    text,
                    struck,
                    wrap=True,
                    below=bool(struck),
                    struck=c.struck is not None,
                    role="quiet" if c.struck is not None else "ink",
                ),
                TextCell(self._by(c.person_id)),
                TextCell(state, role="quiet"),
            )
            rows.append(Row(c.id, SORTS.get(c.sort, c.sort), cells))
        return rows

    def strike(self) -> None:
        """Asks why the chosen entry is struck through, and does it."""
        from approgress.ui.ask import ask_text

        at = self.table.currentIndex()
        held = self.held[at.row()] if at.isValid() and at.row() < len(self.held) else None
        if held is None:
            self.banner.say("Choose the entry with the arrows first.", "attention")
            return
        sentence = "It stays readable, struck through, with your name and the reason."
        why = ask_text(self, "Strike this entry through", sentence, label="Why", verb="Strike through")
        if why is None:
            return
        try:
            edits = strike_contact(held, why, by=self.workspace.school.viewer.person_id, on=self.workspace.today)
            self.workspace.do(Title.STRIKE, edits, grow=False)
        except Refusal as e:
            self.banner.say(e.sentence, "error")
            return
        self.held = [getattr(edits[0], "record", c) if c is held else c for c in self.held]
        self.model.set_rows(self._rows())
        self.strike_button.setEnabled(any(c.struck is None for c in self.held))

    def print(self) -> None:
        """The list on paper."""
        from approgress.ui.forms.list_paper import PaperColumn
        from approgress.ui.forms.print_list import paper_of, print_or_save

        rows = tuple(
            (
                clock(c.at),
                said(c, hidden=self.name.hidden),
                self._by(c.person_id),
                "" if c.struck is None else f"struck through: {c.struck}",
            )
            for c in self.held
        )
        columns = (
            PaperColumn("Time"),
            PaperColumn("What was done", stretch=3),
            PaperColumn("By"),
            PaperColumn("Struck through", stretch=1),
        )
        paper = paper_of(self.workspace, f"First-day contact: {self.name.full}", self.day, columns, rows)
        print_or_save(self, self.workspace, paper, f"First-day contact {self.name.file_part}")

    def submit(self) -> None:
        """Nothing to do: it is looked at."""


__all__ = ["ContactDialog", "ContactsDialog", "TimeField", "minutes_now"]
