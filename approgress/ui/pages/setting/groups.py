"""Setting: the groups and who teaches them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.acts.setting import put_group, remove, set_teachers
from approgress.domain.days import words
from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.records import Group, GroupMember, GroupTeacher, Person
from approgress.ui.forms import show_dialog
from approgress.ui.forms.lists import ListTable
from approgress.ui.forms.people import GroupDialog
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace

COLUMNS: Final = (
    Column("Group", least=6, stretch=2, sorts=False),
    Column("Taught by", least=8, stretch=4, sorts=False, drop=1),
    Column("Pupils now", "right", sorts=False),
)


class GroupsSection(Section):
    """Groups with their teachers and how many pupils are in them now."""

    key = "groups"
    name = "Groups"
    sentence = "The groups in which pupils are taught or registered. Pupils are put into one on their own page, or by a list that is brought in."
    verb = "Add a group"
    short = "Group"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        card = Card()
        self.table = ListTable("Groups", COLUMNS, self.open_group)
        card.add(self.table)
        self.empty = EmptyState("No groups yet", "With groups, a register is taken for the pupils in the room, not for the whole school.", "Add a group", icon="plus")
        assert self.empty.action is not None
        self.empty.action.clicked.connect(self.main)
        card.add(self.empty)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._held: Group | None = None
        self.show_all()

    def show_all(self) -> None:
        """Shows what is held."""
        today = self.workspace.today
        self._groups: list[Group] = self.every(Group)
        self._teachers: list[GroupTeacher] = self.every(GroupTeacher)
        self._people: list[Person] = self.every(Person)
        names = {p.id: p.name for p in self._people}
        members: dict[int, int] = {}
        for m in self.every(GroupMember):
            if (m.first_day is None or m.first_day <= today) and (m.last_day is None or m.last_day >= today):
                members[m.group_id] = members.get(m.group_id, 0) + 1
        rows: list[Row] = []
        for g in sorted(self._groups, key=lambda g: (g.last_day is not None and g.last_day < today, g.name.casefold())):
            ended = g.last_day is not None and g.last_day < today
            taught = ", ".join(sorted(names.get(t, "") for t in self._teaches(g.id, today))) or "nobody entered"
            rows.append(
                Row(
                    g,
                    g.name,
                    (
                        TextCell(g.name, f"until {words(g.last_day)}" if g.last_day else "", kind="strong", role="quiet" if ended else "ink"),
                        TextCell(taught, role="quiet" if taught == "nobody entered" else "ink", may_elide=True),
                        TextCell(str(members.get(g.id, 0)), across="right"),
                    ),
                    tip=taught,
                )
            )
        self.table.rows.set_rows(rows)
        reveal(self.table, bool(rows))
        reveal(self.empty, not rows)

    def _teaches(self, group: int, today: date) -> list[int]:
        return [t.person_id for t in self._teachers if t.group_id == group and (t.last_day is None or t.last_day >= today)]

    def _staff(self) -> list[tuple[int, str]]:
        today = self.workspace.today
        return sorted(((p.id, p.name) for p in self._people if (p.last_day is None or p.last_day >= today) and p.role != "visitor"), key=lambda p: p[1].casefold())

    def main(self) -> None:
        self._held = None
        show_dialog(GroupDialog(self._keep, today=self.workspace.today, people=self._staff(), parent=self))

    def open_group(self, row: int) -> None:
        """The dialog of a group."""
        g = self._held = self.table.rows.row(row).key
        today = self.workspace.today
        show_dialog(
            GroupDialog(
                self._keep,
                today=today,
                name=g.name,
                people=self._staff(),
                teachers=self._teaches(g.id, today),
                last_day=g.last_day,
                new=False,
                remove=self._remove,
                parent=self,
            )
        )

    def _keep(self, name: str, people: list[int], last_day: date | None) -> None:
        held, today = self._held, self.workspace.today

        def act(ids: NewIds) -> list[Edit]:
            edits = put_group(ids, 1, name, others=self._groups, today=today, held=held, last_day=last_day)
            group = held.id if held is not None else edits[0].record.id  # type: ignore[union-attr]
            return [*edits, *set_teachers(ids, group, people, self._teachers, today=today)]

        self.do(Title.GROUPS, act)

    def _remove(self) -> None:
        """Takes a group out that nobody is or was in; the journal refuses otherwise."""
        assert self._held is not None
        from approgress.domain.edits import Erase

        held = self._held
        teachers = [Erase(t) for t in self._teachers if t.group_id == held.id]
        self.do(Title.GROUPS, [*teachers, *remove(held)])

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"group", "group_teacher", "group_member", "person"}:
            self.show_all()
