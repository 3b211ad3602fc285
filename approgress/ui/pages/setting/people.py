"""Setting: the people who work with the program, their roles, and who can unlock the file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.acts.setting import ROLES, leave_staff, put_person
from approgress.domain.days import words
from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.records import GroupTeacher, Person
from approgress.school.people import has_passphrase, rename_slot, take_passphrase, takes_passphrases
from approgress.ui.forms import show_dialog
from approgress.ui.forms.lists import ListTable
from approgress.ui.forms.people import LeaveDialog, PassphraseDialog, PersonDialog
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TextCell

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace

COLUMNS: Final = (
    Column("Name", least=8, stretch=3, sorts=False),
    Column("Role", sorts=False, stretch=2),
    Column("Job", least=6, sorts=False, stretch=2, drop=2),
    Column("Passphrase", sorts=False, stretch=1, drop=1),
)


class PeopleSection(Section):
    """Everybody who is here, and below them those who left."""

    key = "people"
    name = "People"
    sentence = "Who works with the program. What somebody wrote carries their name for good, also after they left."
    verb = "Add a person"
    short = "Person"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        card = Card()
        self.table = ListTable("People", COLUMNS, self.open_person)
        card.add(self.table)
        self._note = Text("", "second", "quiet", wrap=True)
        card.add(self._note)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._held: Person | None = None
        self._dialog: PersonDialog | None = None
        self.show_all()

    def show_all(self) -> None:
        """Shows what is held."""
        school, today = self.workspace.school, self.workspace.today
        here = takes_passphrases(school)
        self._people: list[Person] = self.every(Person)
        rows: list[Row] = []
        for p in sorted(self._people, key=lambda p: (p.last_day is not None and p.last_day < today, p.name.casefold())):
            left = p.last_day is not None and p.last_day < today
            has = here and has_passphrase(school, p.id)
            state = TextCell("set", role="gain", mark="tick", kind="strong") if has else TextCell("none" if here else "not needed", role="quiet")
            you = "you" if p.id == school.viewer.person_id else f"left {words(p.last_day)}" if left else f"until {words(p.last_day)}" if p.last_day else ""
            rows.append(
                Row(
                    p,
                    p.name,
                    (
                        TextCell(p.name, you, kind="strong", role="quiet" if left else "ink", may_elide=True),
                        TextCell(ROLES.get(p.role, p.role)),
                        TextCell(p.job or "", role="quiet", may_elide=True),
                        state,
                    ),
                )
            )
        self.table.rows.set_rows(rows)
        if school.keys.is_open:
            said = "The demonstration school opens without a passphrase, so nobody needs one here."
        elif school.path is None:
            said = "On a database server, who may sign in is looked after by whoever looks after the server."
        else:
            said = "Only those with a passphrase can unlock the file. A passphrase cannot be read back, only given anew."
        self._note.setText(said)

    def main(self) -> None:
        self._held = None
        show_dialog(PersonDialog(self._keep, passphrase=takes_passphrases(self.workspace.school), parent=self))

    def open_person(self, row: int) -> None:
        """The dialog of a person, with what else can be done for them."""
        p = self._held = self.table.rows.row(row).key
        school = self.workspace.school
        dialog = PersonDialog(self._keep, name=p.name, role=p.role, job=p.job or "", new=False, passphrase=False, parent=self)
        own = p.id == school.viewer.person_id
        if takes_passphrases(school) and not own:
            button = Button("Passphrase…", icon="key")
            button.clicked.connect(self._ask_passphrase)
            dialog.add_button(button)
        if not own and p.last_day is None:
            leave = Button("Leaves…", kind="danger")
            leave.clicked.connect(self._ask_leave)
            dialog.add_button(leave)
        self._dialog = show_dialog(dialog)

    def _keep(self, name: str, role: str, job: str, passphrase: str | None) -> None:
        held, people, school, today = self._held, self._people, self.workspace.school, self.workspace.today
        new: list[Person] = []

        def act(ids: NewIds) -> list[Edit]:
            edits = put_person(ids, name, role, job, others=people, today=today, held=held)
            new.extend(e.record for e in edits)  # type: ignore[union-attr]
            return edits

        self.do(Title.PEOPLE, act)
        if held is not None:
            rename_slot(school, held.id, " ".join(name.split()))
        elif passphrase is not None and new:
            school.set_passphrase(new[0].id, new[0].name, passphrase)
        self.show_all()

    def _ask_passphrase(self) -> None:
        self._close()
        assert self._held is not None
        show_dialog(PassphraseDialog(self._set_passphrase, who=self._held.name, own=False, parent=self))

    def _set_passphrase(self, _present: str, new: str) -> None:
        assert self._held is not None
        self.workspace.school.set_passphrase(self._held.id, self._held.name, new)
        self.said.emit(f"{self._held.name} has a new passphrase. Tell it to them alone; here it is not shown again.", "done")
        self.show_all()

    def _ask_leave(self) -> None:
        self._close()
        assert self._held is not None
        show_dialog(LeaveDialog(self._leave, who=self._held.name, today=self.workspace.today, parent=self))

    def _leave(self, last_day: date | None) -> None:
        held = self._held
        assert held is not None
        edits = leave_staff(held, last_day, others=self._people, teaching=self.every(GroupTeacher), today=self.workspace.today)
        self.do(Title.PEOPLE, edits)
        take_passphrase(self.workspace.school, held.id)
        self.said.emit(f"{held.name} leaves; their passphrase no longer opens this file. Undo brings the person back, and they then need a new passphrase.", "done")
        self.show_all()

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()
            self._dialog = None

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"person", "group_teacher"}:
            self.show_all()
