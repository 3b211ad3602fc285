"""Set up our school: five short steps; stopped at any of them, they go on where they were left.

Steps 1 to 3 and the names of step 4 wait in a draft in the data folder; passphrases wait nowhere. At the end of step 4 the file is made,
the recovery code is shown and typed back, and from then on the school itself holds everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.acts.setting import HALF_TERM_NAMES, ROLES, SORTS, check_closure, check_half_term, check_person, check_setting
from approgress.domain.days import words
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.records import Closure, HalfTerm, Person
from approgress.domain.school_year import school_year_of, school_year_words
from approgress.store.preferences import DraftClosure, DraftPerson, DraftTerm, SetUpDraft, write_draft
from approgress.ui.ask import ask_folder
from approgress.ui.forms import show_dialog
from approgress.ui.forms.calendar import ClosureDialog, HalfTermDialog
from approgress.ui.forms.lists import CLOSURE_COLUMNS, TERM_COLUMNS, ListTable, add_button, span
from approgress.ui.forms.people import PersonDialog
from approgress.ui.forms.recovery import RecoveryCard
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.dialogs import FieldRow
from approgress.ui.parts.fields import ChoiceField, Field, TextField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.parts.page import Page
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.parts.tables import Column, Row, TableView, TextCell
from approgress.ui.tasks import Progress, Task, Tasks
from approgress.ui.theme import measure, space
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from approgress.school.school import School

STEPS: Final = ("Your setting", "School year", "Groups", "People", "Measures")
SENTENCES: Final = (
    "What the provision is called, and what it is. Everything can be changed later in Setting.",
    "When pupils are in. These dates are only a proposal: compare them with your own calendar.",
    "The groups in which pupils are taught or registered. Pupils are put into them afterwards.",
    "Who may unlock the file. You come first; others can be added at any time.",
    "What you measure with. Everything that comes with the program is there; take out what you do not use.",
)
NEXT: Final = ("Next: school year", "Next: groups", "Next: people", "Make the school", "Open the school")
PEOPLE_COLUMNS: Final = (
    Column("Name", least=8, stretch=2, sorts=False),
    Column("Role", sorts=False, stretch=2, drop=1),
    Column("Passphrase", sorts=False, stretch=1),
)


def make_school(draft: SetUpDraft, passphrases: Sequence[str | None], *, progress: Progress) -> tuple[School, str]:
    """The school that a draft describes, made whole or not at all, and its recovery code; passphrases in the order of `draft.people`."""
    from approgress.domain.edits import Edit, NewIds, Put, Title
    from approgress.domain.records import Group
    from approgress.school.school import School

    head = draft.people[0]
    first = passphrases[0]
    assert first is not None
    progress(0, 2 + len(draft.people))
    school, code = School.create(
        draft.address, draft.name, passphrase=first, person=head.name, role="head", sort=draft.sort, la=draft.la or None, estab=draft.estab or None
    )
    try:
        others: list[tuple[int, str, str | None]] = []

        def act(ids: NewIds) -> list[Edit]:
            edits: list[Edit] = [Put(HalfTerm(ids.other(), 1, t.name, t.first_day, t.last_day)) for t in draft.half_terms]
            edits += [Put(Closure(ids.other(), 1, c.first_day, c.last_day, c.sort, c.label)) for c in draft.closures]
            edits += [Put(Group(ids.other(), 1, name)) for name in draft.groups]
            for person, passphrase in zip(draft.people[1:], passphrases[1:], strict=True):
                number = ids.other()
                others.append((number, person.name, passphrase))
                edits.append(Put(Person(number, person.name, person.role)))
            return edits

        school.do(Title.SET_UP, act)
        for done, (number, name, passphrase) in enumerate(others, start=2):
            progress(done, 2 + len(draft.people))
            if passphrase is not None:
                school.set_passphrase(number, name, passphrase)
    except BaseException:
        path = school.path
        school.close()
        if path is not None:
            from approgress.store.keys import key_path

            for p in (path, key_path(path)):
                p.unlink(missing_ok=True)
        raise
    return school, code


class SetUpPage(Page):
    """The five steps. `made(school)` says that the file is there and open; `finished(school)` that the last step is done; `left` that a
    person stopped here, with the school closed by whoever hears it."""

    made = Signal(object)
    finished = Signal()
    left = Signal()

    def __init__(self, draft: SetUpDraft | None, *, folder: Path, today: date, keeps: bool = True, parent: QWidget | None = None) -> None:
        super().__init__("Set up our school", parent=parent)
        self.title = "Set up our school"
        self._today = today
        self._folder = folder
        self._keeps = keeps  # False: for pictures, which leave nothing behind
        self.draft = draft or SetUpDraft()
        self._passphrases: list[str | None] = []
        self.school: School | None = None
        self._recovery: RecoveryCard | None = None
        self._tasks = Tasks(self)
        self._making: Task | None = None
        self.stop_button = self.add_action("Stop here", self._leave)
        self.back_button = self.add_action("Back", self._back, icon="arrow-left")
        self.next_button = self.set_main_action("Next", self._next)
        self._steps = _StepLine()
        self.body.addWidget(self._steps)
        self._holder = QVBoxLayout()
        space(self._holder, gap=0.8)
        self.body.addLayout(self._holder)
        self.progress = ProgressRow("Making the school")
        self.progress.stop_asked.connect(self._stop_making)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.addStretch(1)
        self._part: QWidget | None = None
        self.show_step(min(self.draft.step, 4))

    # --- steps -----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """The step that is shown, 1 to 5."""
        return self._step

    def show_step(self, step: int) -> None:
        """Shows a step, filled with what is kept."""
        self._step = step
        self.banner.say("")
        makers: tuple[Callable[[], QWidget], ...] = (self._setting_part, self._year_part, self._groups_part, self._people_part, self._measures_part)
        self._recovery = None
        self._put(makers[step - 1]())
        self.set_title(f"{step}. {STEPS[step - 1]}", SENTENCES[step - 1], "Set up our school")
        self.back_button.setVisible(1 < step < 5)
        self.stop_button.setVisible(step < 5)
        self.next_button.setText(NEXT[step - 1])
        self.head.set_main(self.next_button, "Next")
        self._steps.set_step(step)
        self._focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and self._recovery is None:
            self._focus_first()  # what was asked for before it stood in its window is lost

    def resume(self, school: School) -> None:
        """Goes on with a school that was made and unlocked again: at the recovery code if it was not typed back, else at the last step."""
        self.school = school
        self.draft = replace(self.draft, step=5)
        if self.draft.code_confirmed:
            self.show_step(5)
            return
        try:
            code = school.new_recovery_code()
        except Trouble as trouble:
            self.show_step(5)
            self.banner.say(trouble.sentence, "error")
            return
        self._show_recovery(code)

    def _put(self, part: QWidget) -> None:
        if self._part is not None:
            self._holder.removeWidget(self._part)
            self._part.hide()
            self._part.deleteLater()
        self._part = part
        self._holder.addWidget(part)
        set_fold = getattr(part, "set_fold", None)
        if set_fold is not None and self.isVisible():
            set_fold(self.fold())

    def _focus_first(self) -> None:
        part = self._part
        field = part.findChild(Field) if part is not None else None
        table = part.findChild(TableView) if part is not None else None
        (field or table or self.next_button).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- 1 setting -------------------------------------------------------------------------------------------------

    def _setting_part(self) -> QWidget:
        card = Card(padding=1.1)
        measure(card, most_width=46)
        self.name = TextField("Name of the provision", self.draft.name, key="name", help="As it stands on reports.", most=120)
        self.sort = ChoiceField("What it is", list(SORTS.items()), self.draft.sort, key="sort", width=16)
        self.sort.edited.connect(self._sort_changed)
        self.la = TextField("Local authority number", self.draft.la, key="la", optional=True, help="Three digits.", most=3, width=5)
        self.estab = TextField("Establishment number", self.draft.estab, key="estab", optional=True, help="Four digits.", most=4, width=6)
        self.place = TextField(
            "Where the file is kept",
            self.draft.address,
            key="address",
            optional=True,
            placeholder=str(self._folder),
            help="Left empty: in this computer’s own data folder, which is right for most. A database address (postgresql://…) is possible too.",
        )
        browse = Button("Choose a folder…", icon="folder", small=True)
        browse.clicked.connect(self._choose_folder)
        numbers = FieldRow(self.la, self.estab)
        for widget in (self.name, self.sort, numbers, self.place):
            card.add(widget)
        card.body.addWidget(browse, 0, Qt.AlignmentFlag.AlignLeft)
        self._sort_changed()
        return card

    def _sort_changed(self) -> None:
        self.sort.set_help(
            "Keeps session attendance for those who commission it; DfE percentages are not shown."
            if self.sort.value() == "non_school"
            else "Keeps the statutory register."
        )

    def _choose_folder(self) -> None:
        found = ask_folder(self, "Where to keep the school’s file", self._folder)
        if found:
            self.place.set_value(str(found))
            self.place.set_wrong("")

    def _keep_setting(self) -> None:
        name, sort, la, estab = check_setting(self.name.value(), self.sort.value(), self.la.value(), self.estab.value())
        address = self.place.value()
        try:
            file = self.address_for(name, address)
        except Trouble as trouble:
            raise Refusal(trouble.sentence, "address") from None
        self.draft = replace(self.draft, name=name, sort=sort, la=la or "", estab=estab or "", address=address if address and "://" in address else "")
        self._file = file
        if address and "://" not in address:
            self.draft = replace(self.draft, address=address)

    def address_for(self, name: str, place: str) -> str:
        """Where the file will be: the database, or a file of the school's name that is not there yet. Trouble where it may not lie there."""
        from approgress.store import places

        if "://" in place:
            return place
        folder = Path(place).expanduser().absolute() if place else self._folder
        places.refuse_unsafe(folder / "school.approgress")
        if folder.exists() and not folder.is_dir():
            raise Trouble(f"{folder} is a file, not a folder. Nothing was written. Choose a folder.")
        stem = file_stem(name)
        file, number = folder / f"{stem}.approgress", 2
        while file.exists() or file.with_name(file.name + "-keys").exists():
            file, number = folder / f"{stem} {number}.approgress", number + 1
        return str(file)

    # --- 2 school year ---------------------------------------------------------------------------------------------

    def _year_part(self) -> QWidget:
        if not self.draft.half_terms and not self.draft.school_year:
            self._propose(self._usual_year())
        box = QWidget()
        column = QVBoxLayout(box)
        space(column, gap=0.8)
        years = Card(padding=0.9)
        this = self._usual_year()
        self.year = ChoiceField(
            "School year",
            [(str(y), school_year_words(y)) for y in (this - 1, this, this + 1)],
            str(self.draft.school_year or this),
            width=10,
            help="Another year puts its usual dates in place of those below.",
        )
        self.year.edited.connect(self._year_chosen)
        years.add(self.year)
        column.addWidget(years)
        terms = Card("Half-terms", aside="first and last day for pupils", padding=0.9)
        self.terms = ListTable("Half-terms", TERM_COLUMNS, self._open_term)
        terms.add(self.terms)
        terms.add(add_button("Add a half-term", self._add_term))
        column.addWidget(terms)
        closed = Card("Closed days inside them", aside="INSET, bank holidays", padding=0.9)
        self.closures = ListTable("Closed days", CLOSURE_COLUMNS, self._open_closure)
        closed.add(self.closures)
        closed.add(add_button("Add closed days", self._add_closure))
        column.addWidget(closed)
        self._show_year()
        return box

    def _usual_year(self) -> int:
        """The school year that is on, or from July on the next one."""
        return school_year_of(self._today) + (1 if self._today.month in (7, 8) else 0)

    def _propose(self, year: int) -> None:
        from approgress.school.proposed_year import propose_year

        terms, closures = propose_year(year)
        self.draft = replace(
            self.draft,
            school_year=year,
            half_terms=tuple(DraftTerm(t.name, t.first_day, t.last_day) for t in terms),
            closures=tuple(DraftClosure(c.first_day, c.last_day, c.sort, c.label) for c in closures),
        )

    def _year_chosen(self) -> None:
        self._propose(int(self.year.value()))
        self._show_year()

    def _records(self) -> tuple[list[HalfTerm], list[Closure]]:
        terms = [HalfTerm(i, 1, t.name, t.first_day, t.last_day) for i, t in enumerate(self.draft.half_terms)]
        return terms, [Closure(i, 1, c.first_day, c.last_day, c.sort, c.label) for i, c in enumerate(self.draft.closures)]

    def _show_year(self) -> None:
        from approgress.domain.acts.setting import CLOSURES
        from approgress.domain.school_year import Calendar

        terms, closures = self._records()
        calendar = Calendar.of(terms, closures)
        self.terms.rows.set_rows(
            [
                Row(
                    i,
                    t.name,
                    (
                        TextCell(t.name, kind="strong", may_elide=True),
                        TextCell(words(t.first_day, weekday=True)),
                        TextCell(words(t.last_day, weekday=True)),
                        TextCell(str(len(calendar.school_days(t.first_day, t.last_day))), across="right"),
                    ),
                )
                for i, t in enumerate(self.draft.half_terms)
            ]
        )
        self.closures.rows.set_rows(
            [
                Row(i, c.label, (TextCell(span(c.first_day, c.last_day)), TextCell(CLOSURES.get(c.sort, c.sort)), TextCell(c.label, role="quiet", may_elide=True)))
                for i, c in enumerate(self.draft.closures)
            ]
        )

    def _open_term(self, row: int) -> None:
        place = self.terms.rows.row(row).key
        t = self.draft.half_terms[place]
        self._editing = place
        show_dialog(HalfTermDialog(self._change_term, today=self._today, name=t.name, first=t.first_day, last=t.last_day, remove=self._remove_term, parent=self))

    def _add_term(self) -> None:
        self._editing = -1
        taken = {t.name for t in self.draft.half_terms}
        show_dialog(HalfTermDialog(self._change_term, today=self._today, name=next((n for n in HALF_TERM_NAMES if n not in taken), ""), parent=self))

    def _change_term(self, name: str, first: date | None, last: date | None) -> None:
        terms, _ = self._records()
        name, first, last = check_half_term(name, first, last, [t for t in terms if t.id != self._editing])
        kept = [t for i, t in enumerate(self.draft.half_terms) if i != self._editing]
        self.draft = replace(self.draft, half_terms=tuple(sorted([*kept, DraftTerm(name, first, last)], key=lambda t: t.first_day)))
        self._show_year()

    def _remove_term(self) -> None:
        self.draft = replace(self.draft, half_terms=tuple(t for i, t in enumerate(self.draft.half_terms) if i != self._editing))
        self._show_year()

    def _open_closure(self, row: int) -> None:
        place = self.closures.rows.row(row).key
        c = self.draft.closures[place]
        self._editing = place
        show_dialog(
            ClosureDialog(self._change_closure, today=self._today, sort=c.sort, label=c.label, first=c.first_day, last=c.last_day, remove=self._remove_closure, parent=self)
        )

    def _add_closure(self) -> None:
        self._editing = -1
        show_dialog(ClosureDialog(self._change_closure, today=self._today, parent=self))

    def _change_closure(self, sort: str, label: str, first: date | None, last: date | None) -> None:
        terms, _ = self._records()
        label, first, last = check_closure(sort, label, first, last, terms)
        kept = [c for i, c in enumerate(self.draft.closures) if i != self._editing]
        self.draft = replace(self.draft, closures=tuple(sorted([*kept, DraftClosure(first, last, sort, label)], key=lambda c: c.first_day)))
        self._show_year()

    def _remove_closure(self) -> None:
        self.draft = replace(self.draft, closures=tuple(c for i, c in enumerate(self.draft.closures) if i != self._editing))
        self._show_year()

    # --- 3 groups --------------------------------------------------------------------------------------------------

    def _groups_part(self) -> QWidget:
        card = Card(padding=1.1)
        measure(card, most_width=46)
        self.groups = TextField(
            "Groups", ", ".join(self.draft.groups), key="groups", optional=True, help="With commas between them, such as: Ash, Birch, Cedar. None is fine too."
        )
        self.groups.line.returnPressed.connect(self._next)
        card.add(self.groups)
        return card

    def _keep_groups(self) -> None:
        found = [" ".join(g.split()) for g in self.groups.value().replace(";", ",").split(",")]
        named = [g for g in found if g]
        for g in named:
            if len(g) > 24:
                raise Refusal(f"“{g}” is too long: a group’s name has at most 24 letters.", "groups")
        seen: set[str] = set()
        for g in named:
            if g.casefold() in seen:
                raise Refusal(f"{g} is there twice.", "groups")
            seen.add(g.casefold())
        self.draft = replace(self.draft, groups=tuple(named))

    # --- 4 people --------------------------------------------------------------------------------------------------

    def _people_part(self) -> QWidget:
        card = Card(padding=0.9)
        while len(self._passphrases) < len(self.draft.people):
            self._passphrases.append(None)
        self.people = ListTable("People", PEOPLE_COLUMNS, self._open_person)
        if not self.draft.people:
            empty = EmptyState("You come first", "Enter your name and a passphrase. With it you unlock the file, and what you write carries your name.", "About you")
            assert empty.action is not None
            empty.action.clicked.connect(self._add_person)
            card.add(empty)
            self.people.setParent(card)
            self.people.hide()
        else:
            card.add(self.people)
            card.add(add_button("Add a person", self._add_person))
        self._show_people()
        return card

    def _show_people(self) -> None:
        rows: list[Row] = []
        for i, p in enumerate(self.draft.people):
            given = self._passphrases[i] is not None
            state = TextCell("set", role="gain", mark="tick", kind="strong") if given else TextCell("needed" if i == 0 else "none yet", role="attention" if i == 0 else "quiet")
            rows.append(Row(i, p.name, (TextCell(p.name, "you" if i == 0 else "", kind="strong", may_elide=True), TextCell(ROLES[p.role]), state)))
        self.people.rows.set_rows(rows)

    def _add_person(self) -> None:
        self._editing = -1
        you = not self.draft.people
        show_dialog(PersonDialog(self._change_person, role="head" if you else "teacher", needed=you, you=you, parent=self))

    def _open_person(self, row: int) -> None:
        self._editing = row
        p = self.draft.people[row]
        given = self._passphrases[row] is not None
        show_dialog(
            PersonDialog(
                self._change_person,
                name=p.name,
                role=p.role,
                new=False,
                needed=row == 0 and not given,
                you=row == 0,
                remove=self._remove_person if row else None,
                parent=self,
            )
        )

    def _change_person(self, name: str, role: str, job: str, passphrase: str | None) -> None:
        at = self._editing
        others = [Person(i, p.name, p.role) for i, p in enumerate(self.draft.people) if i != at]
        name = check_person(name, role, others, self._today)
        people, kept = list(self.draft.people), self._passphrases
        if at < 0:
            people.append(DraftPerson(name, "head" if not people else role))
            kept.append(passphrase)
        else:
            people[at] = DraftPerson(name, "head" if at == 0 else role)
            kept[at] = passphrase or kept[at]
        first = at < 0 and len(people) == 1
        self.draft = replace(self.draft, people=tuple(people))
        if first:
            self._put(self._people_part())
        else:
            self._show_people()

    def _remove_person(self) -> None:
        at = self._editing
        self.draft = replace(self.draft, people=tuple(p for i, p in enumerate(self.draft.people) if i != at))
        del self._passphrases[at]
        self._show_people()

    def _make(self) -> None:
        if not self.draft.people:
            self.banner.say("Enter your own name and passphrase first: somebody has to be able to unlock the file.", "attention")
            return
        if self._passphrases[0] is None:
            self.banner.say(f"{self.draft.people[0].name} needs a passphrase: passphrases are not kept while the school is not made. Open the line and type one.", "attention")
            return
        try:
            address = self.address_for(self.draft.name, self.draft.address)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
            return
        self._set_busy(True)
        self._making = self._tasks.run(
            make_school,
            replace(self.draft, address=address),
            list(self._passphrases),
            on_done=self._was_made,
            on_failed=self._was_not_made,
            on_stopped=self._was_stopped,
            on_progress=self.progress.show_progress,
        )

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.cancel()

    def _set_busy(self, busy: bool) -> None:
        for button in (self.next_button, self.back_button, self.stop_button):
            button.setEnabled(not busy)
        self.progress.setVisible(busy)
        if self._part is not None:
            self._part.setEnabled(not busy)
        if busy:
            self.progress.begin("Making the school")

    def _was_made(self, made: tuple[School, str]) -> None:
        school, code = made
        self._set_busy(False)
        self.school = school
        self._passphrases = []
        where = str(school.path or self.draft.address)
        self.draft = replace(self.draft, step=5, school=where, code_confirmed=False)
        self._save_draft()
        self.made.emit(school)
        self._show_recovery(code)

    def _was_not_made(self, error: BaseException) -> None:
        self._set_busy(False)
        if isinstance(error, Refusal) and error.field == "passphrase":
            self.banner.say(error.sentence, "attention")
            return
        self.banner.say(sentence_of(error), "error")

    def _was_stopped(self) -> None:
        self._set_busy(False)
        self.banner.say("Stopped. No file was made; what you entered is still here.", "attention")

    def _show_recovery(self, code: str) -> None:
        self._step = 4
        recovery = RecoveryCard(self.draft.name, code, self._today)
        measure(recovery, most_width=46)
        self._put(recovery)
        self._recovery = recovery
        self.set_title("4. People: the recovery code", "The school is made and saved. One thing has to be on paper.", "Set up our school")
        self.back_button.hide()
        self.stop_button.show()
        self.next_button.setText("Next: measures")
        self.head.set_main(self.next_button, "Next")
        recovery.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- 5 measures ------------------------------------------------------------------------------------------------

    def _measures_part(self) -> QWidget:
        from approgress.ui.forms.measures import MeasuresBox

        assert self.school is not None
        box = MeasuresBox(self.school)
        box.troubled.connect(self.banner.say)
        return box

    # --- moving ----------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        if self._tasks.busy():
            return
        self.banner.say("")
        try:
            if self._recovery is not None:
                if self._recovery.check():
                    self.draft = replace(self.draft, code_confirmed=True)
                    self._save_draft()
                    self.show_step(5)
                return
            if self._step == 1:
                self._keep_setting()
            elif self._step == 3:
                self._keep_groups()
        except Refusal as refusal:
            self._show_refusal(refusal)
            return
        if self._step == 4:
            self._make()
            return
        if self._step == 5:
            write_draft(None)
            self.finished.emit()
            return
        self.draft = replace(self.draft, step=max(self.draft.step, self._step + 1))
        self._save_draft()
        self.show_step(self._step + 1)

    def _show_refusal(self, refusal: Refusal) -> None:
        for field in self.findChildren(Field):
            if field.key and field.key == refusal.field:
                field.set_wrong(refusal.sentence)
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.banner.say(refusal.sentence, "attention")

    def _back(self) -> None:
        if self._step > 1:
            self.show_step(self._step - 1)

    def _leave(self) -> None:
        """Keeps what can be kept of the step that is shown, and goes."""
        if self._recovery is None:
            try:
                if self._step == 1:
                    self._keep_setting()
                elif self._step == 3:
                    self._keep_groups()
            except Refusal:
                pass  # what cannot be right yet is not kept, and nothing is lost that a rule would have let in
        self._save_draft()
        self.left.emit()

    def _save_draft(self) -> None:
        if not self._keeps:
            return
        try:
            write_draft(self.draft)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")


class _StepLine(QWidget):
    """The five steps across the page, with those that are done and the one that is shown."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        space(column)
        grid = CardGrid({Fold.WIDE: 5, Fold.MIDDLE: 5, Fold.NARROW: 5}, gap=0.4, least=3.4)
        column.addWidget(grid)
        self._lines: list[tuple[QWidget, Text]] = []
        for number, name in enumerate(STEPS, start=1):
            one = QWidget()
            inside = QVBoxLayout(one)
            space(inside, gap=0.25)
            bar = Card(padding=0)
            measure(bar, height=0.3)
            text = Text(f"{number}. {name}", "second", "quiet")
            text.setMinimumWidth(1)
            inside.addWidget(bar)
            inside.addWidget(text)
            self._lines.append((bar, text))
            grid.add(one)

    def set_fold(self, fold: Fold) -> None:
        """The bars alone in a narrow window; the title of the page says which step it is."""
        for _, text in self._lines:
            text.setVisible(fold is not Fold.NARROW)

    def set_step(self, step: int) -> None:
        """The step that is shown."""
        from approgress.ui.theme import dress

        for number, (bar, text) in enumerate(self._lines, start=1):
            dress(bar, card="chosen" if number <= step else "sunken")
            text.set_tone("accent" if number == step else "quiet")
        self.setAccessibleName(f"Step {step} of 5: {STEPS[step - 1]}")


def file_stem(name: str) -> str:
    """A file's name from the school's: letters of any language and digits, safe on every system."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in name)
    return " ".join(kept.split())[:60].strip() or "school"
