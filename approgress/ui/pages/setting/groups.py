"""Setting: the groups, who teaches them and from when, and who is in each on any day; pupils moved from a day on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout

from approgress.domain.acts.calendar import move_member
from approgress.domain.acts.setting import put_group, remove, set_teachers
from approgress.domain.days import words
from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.records import Enrolment, Group, GroupMember, GroupTeacher, Person
from approgress.domain.values import number
from approgress.ui.forms import show_dialog
from approgress.ui.forms.calendar import MoveDialog
from approgress.ui.forms.lists import ListTable, span
from approgress.ui.forms.people import GroupDialog
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.fields import ChoiceField, DateField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace

COLUMNS: Final = (
    Column("Group", least=6, stretch=2, sorts=False),
    Column("Taught by", least=8, stretch=4, sorts=False, drop=1),
    Column("Pupils now", "right", sorts=False),
)
MEMBER_COLUMNS: Final = (
    Column("Pupil", least=9, stretch=3, sorts=False),
    Column("In the group", least=8, stretch=3, sorts=False),
    Column("Before, or after", least=6, stretch=3, sorts=False, drop=1),
)
_NONE: Final = "none"


class GroupsSection(Section):
    """Groups with their teachers and how many pupils are in them now, and the list of any group on any day."""

    key = "groups"
    name = "Groups"
    sentence = "The groups in which pupils are taught or registered. Pupils are put into one here, on their own page, or by a list that is brought in."
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
        self.body.addWidget(self._members_card())
        self.body.addStretch(1)
        self._held: Group | None = None
        self.show_all()

    def _members_card(self) -> Card:
        card = self.card = Card("Who is in", sentence="The list of a group on any day, as its register of that day holds it. Enter on a pupil moves them to another group.")
        head = QHBoxLayout()
        space(head, gap=0.8)
        self.group = ChoiceField("Group", width=12)
        self.group.edited.connect(self.show_members)
        self.day = DateField("On", self.workspace.today, today=self.workspace.today, key="on")
        self.day.line.editingFinished.connect(self.show_members)
        self.day.edited.connect(self.show_members)
        head.addWidget(self.group)
        head.addWidget(self.day)
        head.addStretch(1)
        card.add_layout(head)
        self.members = ListTable("Who is in the group", MEMBER_COLUMNS, self.open_member)
        card.add(self.members)
        self.nobody = Text("", "second", "quiet", wrap=True)
        card.add(self.nobody)
        row = FlowLayout(gap=0.6)
        self.move_button = Button("Move a pupil", icon="arrow-right")
        self.move_button.clicked.connect(self.move_first)
        self.print_button = Button("Save this list as PDF", icon="printer")
        self.print_button.clicked.connect(self.save_list)
        row.addWidget(self.move_button)
        row.addWidget(self.print_button)
        card.add_layout(row)
        self._shown_members: list[tuple[int, str]] = []
        return card

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
            taught = self._taught(g.id, today, names) or "nobody entered"
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
        reveal(self.card, bool(rows))
        chosen = self.group.value()
        options = [(str(row.key.id), row.key.name) for row in rows]
        self.group.set_options([*options, (_NONE, "In no group")], chosen if chosen in {k for k, _ in options} | {_NONE} else options[0][0] if options else _NONE)
        self.show_members()

    def _taught(self, group: int, today: date, names: dict[int, str]) -> str:
        """'T. Mbeki since 3 Sep 2026, J. Okafor from 4 Jan 2027'."""
        said: list[str] = []
        for t in sorted((t for t in self._teachers if t.group_id == group and (t.last_day is None or t.last_day >= today)), key=lambda t: names.get(t.person_id, "")):
            when = ""
            if t.first_day is not None:
                when = f" {'since' if t.first_day <= today else 'from'} {words(t.first_day)}"
            until = f" until {words(t.last_day)}" if t.last_day is not None else ""
            said.append(f"{names.get(t.person_id, '')}{when}{until}")
        return ", ".join(said)

    # --- who is in -------------------------------------------------------------------------------------------------

    def show_members(self) -> None:
        """The list of the chosen group on the chosen day."""
        from approgress.store.reads.attendance import in_no_group, members_on
        from approgress.store.reads.pupils import names_of

        try:
            day = self.day.value()
        except Refusal as refusal:
            self.day.set_wrong(refusal.sentence)
            return
        self.day.set_wrong("")
        if day is None:
            return
        w = self.workspace
        setting, group = w.facts.setting.id, self.group.value()
        held: dict[int, GroupMember] = w.read(members_on, setting, int(group), day) if group not in ("", _NONE) else {}
        ids = list(held) if group != _NONE else w.read(in_no_group, setting, day)
        names = w.read(names_of, ids, day, hidden=w.names_hidden)
        order = sorted(ids, key=lambda i: names[i].by_forename)
        others = _others(self.every(GroupMember), set(ids), {(m.pupil_id, m.id) for m in held.values()})
        called = {g.id: g.name for g in self._groups}
        rows: list[Row] = []
        for i in order:
            m = held.get(i)
            when = "in no group" if m is None else _when(m)
            besides = "; ".join(f"{called.get(o.group_id, 'a group')} {_when(o)}" for o in others.get(i, ()))
            rows.append(Row(i, names[i].full, (TextCell(names[i].full, kind="strong", may_elide=True), TextCell(when), TextCell(besides, role="quiet", may_elide=True))))
        self.members.rows.set_rows(rows)
        self._shown_members = [(i, names[i].full) for i in order]
        reveal(self.members, bool(rows))
        name = "no group" if group == _NONE else called.get(int(group), "") if group else ""
        assert self.card.heading is not None
        said = f"{number(len(rows))} {'pupil' if len(rows) == 1 else 'pupils'} in {name} on {words(day, weekday=True)}"
        self.nobody.setText(said + ("" if rows else ". Choose another day, or move pupils into it." if group != _NONE else ": everyone on roll is in a group."))
        reveal(self.move_button, bool(rows) and w.may_write)
        reveal(self.print_button, bool(rows))

    def move_first(self) -> None:
        """The dialog that moves a pupil, with the first of the list chosen, or the one at the cursor."""
        at = self.members.currentIndex().row()
        self.open_member(max(0, at))

    def open_member(self, row: int) -> None:
        """The dialog that moves a pupil to another group."""
        if not self.workspace.may_write or row >= len(self._shown_members):
            return
        group = self.group.value()
        day = self.day.value() or self.workspace.today
        mine = int(group) if group != _NONE else None
        today = self.workspace.today
        into = [(g.id, g.name) for g in sorted(self._groups, key=lambda g: g.name.casefold()) if g.id != mine and (g.last_day is None or g.last_day >= day)]
        if mine is None and not into:
            self.said.emit("There is no group to move into yet. Add a group first; nothing was changed.", "attention")
            return
        out_of = next((g.name for g in self._groups if g.id == mine), "no group")
        show_dialog(
            MoveDialog(
                self._keep_move,
                pupils=self._shown_members,
                pupil=self._shown_members[row][0],
                out_of=out_of,
                groups=into,
                day=day,
                today=today,
                may_leave=mine is not None,
                parent=self,
            )
        )

    def _keep_move(self, pupil: int, into: int | None, day: date | None) -> None:
        group = self.group.value()
        memberships = self.workspace.read(lambda r: r.of_pupil(GroupMember, pupil))
        enrolments = self.workspace.read(lambda r: r.of_pupil(Enrolment, pupil))
        setting = self.workspace.facts.setting.id
        spans = [(e.first_day, e.last_day) for e in enrolments if e.setting_id == setting]
        groups = {g.id: g for g in self._groups}

        def act(ids: NewIds) -> list[Edit]:
            return move_member(ids, pupil, int(group) if group != _NONE else None, into, day, memberships=memberships, groups=groups, spans=spans)

        self.do(Title.GROUPS, act)
        where = groups[into].name if into is not None else "no group"
        self.said.emit(f"Moved: in {where} from {words(day, weekday=True)}. Ctrl Z takes it back.", "done")

    def paper(self) -> Any:
        """The list of the group on that day, for paper."""
        from approgress.ui.forms.list_paper import PaperColumn, PaperList

        setting = self.workspace.school.setting
        mark = " (demonstration: invented pupils)" if setting.demonstration else ""
        return PaperList(
            self.nobody.text(),
            f"{setting.name}{mark}",
            f"{setting.name}{mark} · Confidential · printed {words(self.workspace.today)}",
            tuple(PaperColumn(c.title, c.across, 1) for c in MEMBER_COLUMNS),
            tuple(tuple(cell.words() for cell in row.cells) for row in self.members.rows.rows()),
        )

    def save_list(self) -> None:
        """Saves the list as PDF where the person says."""
        from approgress.ui.ask import ask_save_file
        from approgress.ui.forms.list_paper import save_list

        path = ask_save_file(self, "Save the list as PDF", Path.home() / f"Group {self.workspace.today.isoformat()}.pdf", "PDF (*.pdf)")
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".pdf")
        try:
            pages = save_list(path, self.paper())
        except Trouble as trouble:
            self.said.emit(trouble.sentence, "error")
        else:
            self.said.emit(f"{path.name} is saved: {number(pages)} {'page' if pages == 1 else 'pages'}.", "done")

    # --- groups ----------------------------------------------------------------------------------------------------

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

    def _keep(self, name: str, people: list[int], last_day: date | None, since: date | None) -> None:
        held, today = self._held, self.workspace.today
        if since is None:
            raise Refusal("Enter the day from which they teach the group.", "since")

        def act(ids: NewIds) -> list[Edit]:
            edits = put_group(ids, self.workspace.facts.setting.id, name, others=self._groups, today=today, held=held, last_day=last_day)
            group = held.id if held is not None else edits[0].record.id  # type: ignore[union-attr]
            return [*edits, *set_teachers(ids, group, people, self._teachers, today=since)]

        self.do(Title.GROUPS, act)

    def _remove(self) -> None:
        """Takes a group out that nobody is or was in; the journal refuses otherwise."""
        assert self._held is not None
        from approgress.domain.edits import Erase

        held = self._held
        teachers = [Erase(t) for t in self._teachers if t.group_id == held.id]
        self.do(Title.GROUPS, [*teachers, *remove(held)])

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"group", "group_teacher", "group_member", "person", "enrolment", "name"}:
            self.show_all()


def _when(m: GroupMember) -> str:
    """'since 3 Sep 2026', 'Mon 2 Nov to Tue 17 Nov 2026', 'until 17 Nov 2026', 'always'."""
    if m.first_day is None:
        return f"until {words(m.last_day)}" if m.last_day is not None else "since the beginning"
    return span(m.first_day, m.last_day) if m.last_day is not None else f"since {words(m.first_day)}"


def _others(every: list[GroupMember], pupils: set[int], shown: set[tuple[int, int]]) -> dict[int, list[GroupMember]]:
    """The other memberships of these pupils, in order."""
    found: dict[int, list[GroupMember]] = {}
    for m in sorted(every, key=lambda m: (m.first_day or date.min, m.id)):
        if m.pupil_id in pupils and (m.pupil_id, m.id) not in shown:
            found.setdefault(m.pupil_id, []).append(m)
    return found
