"""The form of a part-time timetable: why, the agreed sessions step by step, reviews, who agreed, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.acts import timetables as acts
from approgress.domain.acts.timetables import OUTCOMES, NoSessions, ReviewForm, StepForm, TimetableForm, TimetableRows
from approgress.domain.attendance import spans_of
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.ui.forms.pupil_details import RecordDialog, may_narrow
from approgress.ui.forms.week_grid import WeekField
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Heading
from approgress.ui.parts.dialogs import FieldRow
from approgress.ui.parts.fields import ChoiceField, DateField, Field, NoteField, TextField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.domain.dossier import PupilRecords
    from approgress.ui.workspace import Workspace

_FIRST_REVIEW = timedelta(days=14)


class _Block(Card):
    """A step or a review: its fields under a small heading, with the button that takes it out."""

    def __init__(self, take_out: Callable[[_Block], None], record_id: int | None) -> None:
        super().__init__(kind="sunken", padding=0.6)
        self.record_id = record_id
        self.fields: list[Field] = []
        head = QHBoxLayout()
        space(head, gap=0.4)
        self.name = Text("", "second_strong")
        head.addWidget(self.name, 1)
        self.take_out = Button(kind="bare", icon="cross", name="Take out")
        self.take_out.clicked.connect(lambda: take_out(self))
        head.addWidget(self.take_out)
        self.add_layout(head)

    def call(self, name: str, removable: bool) -> None:
        """What it is called, and whether it may be taken out."""
        self.name.setText(name)
        self.take_out.setAccessibleName(f"Take out: {name}")
        self.take_out.setToolTip(f"Take out: {name}")
        reveal(self.take_out, removable)


class _Step(_Block):
    def __init__(self, held: StepForm, today: date, take_out: Callable[[_Block], None]) -> None:
        super().__init__(take_out, held.id)
        self.week = WeekField("Agreed sessions", held.am, held.pm)
        self.first_day = DateField("From", held.first_day, today=today)
        self.note = TextField("Note", held.note or "", optional=True, most=200)
        right = QWidget()
        column = QVBoxLayout(right)
        space(column, gap=0.5)
        column.addWidget(self.first_day)
        column.addWidget(self.note)
        column.addStretch(1)
        self.add(FieldRow(self.week, right))  # type: ignore[arg-type]
        self.fields = [self.week, self.first_day, self.note]

    def number(self, n: int, of: int) -> None:
        """Its place among the steps; the first begins with the timetable and stays."""
        self.call("From the first day" if n == 1 else f"Step {n}", n > 1)
        reveal(self.first_day, n > 1)
        self.week.key, self.first_day.key = f"week_{n}", f"step_{n}"

    def form(self) -> StepForm:
        """What is in it."""
        am, pm = self.week.value()
        return StepForm(self.first_day.value() if not self.first_day.isHidden() else None, am, pm, self.note.value() or None, self.record_id)


class _Review(_Block):
    def __init__(self, held: ReviewForm, today: date, take_out: Callable[[_Block], None]) -> None:
        super().__init__(take_out, held.id)
        self.day = DateField("Due", held.day, today=today)
        self.held_on = DateField("Held on", held.held_on, today=today, optional=True)
        self.add(FieldRow(self.day, self.held_on))
        self.note = NoteField("With whom, and what was said", held.note or "", optional=True, lines=2)
        self.add(self.note)
        self.fields = [self.day, self.held_on, self.note]

    def number(self, n: int, of: int) -> None:
        """Its place among the reviews; one stays."""
        self.call(f"Review {n}" if of > 1 else "Review", of > 1)
        self.day.key, self.held_on.key = f"review_{n}", f"held_{n}"

    def form(self) -> ReviewForm:
        """What is in it."""
        return ReviewForm(self.day.value(), self.held_on.value(), self.note.value() or None, self.record_id)


class TimetableDialog(RecordDialog):
    """A part-time timetable made, changed, ended or taken out. Marks already taken stay; those that disagree are named afterwards."""

    take_out_title = Title.TIMETABLE

    def __init__(self, workspace: Workspace, records: PupilRecords, held: TimetableRows | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            held,
            "Change the part-time timetable" if held else "Part-time timetable",
            "For a time only, in the pupil’s interest, with an aim of full time. Marks already taken are not changed.",
            verb="Keep changes" if held else "Start timetable",
            width=44,
            parent=parent,
        )
        self.rows = held
        self.records = records
        today = workspace.today
        setting = workspace.facts.setting
        self._here = [t for t in records.timetables if t.setting_id == setting.id]
        self._social = any(
            f.sort == "social_work" and (f.first_day is None or f.first_day <= today) and (f.last_day is None or f.last_day >= today)
            for f in records.flags
        )
        form = held.form() if held else TimetableForm(first_day=today, steps=(StepForm(None),), reviews=(ReviewForm(today + _FIRST_REVIEW),))
        self.reason = NoteField("Why", form.reason, key="reason", lines=2)
        self.add(self.reason)
        self.aim = TextField("Aim", form.aim or "", key="aim", optional=True, most=300)
        self.add(self.aim)
        self.first_day = DateField("First day", form.first_day, today=today, key="first_day")
        self.target_end = DateField("Full time expected by", form.target_end, today=today, key="target_end")
        self.add_row(self.first_day, self.target_end)

        self.form.addWidget(Heading("Agreed sessions", sentence="What is agreed from the first day, and each step of the build-up after it."))
        self.steps: list[_Step] = []
        self._steps_box = QVBoxLayout()
        space(self._steps_box, gap=0.5)
        self.form.addLayout(self._steps_box)
        self.none_agreed = TickField("No session at all is agreed for a time", form.none_agreed, key="none_agreed")
        self._fields.append(self.none_agreed)
        self.form.addWidget(self.none_agreed)
        reveal(self.none_agreed, form.none_agreed)
        self.add_step_button = self._adder("Add a step", lambda: self.add_step())

        self.form.addWidget(Heading("Reviews", sentence="With the pupil and parents."))
        self.reviews: list[_Review] = []
        self._reviews_box = QVBoxLayout()
        space(self._reviews_box, gap=0.5)
        self.form.addLayout(self._reviews_box)
        self.add_review_button = self._adder("Add a review", lambda: self.add_review())

        self.form.addWidget(Heading("Agreement and care"))
        self.agreed_by = TextField("Agreed by", form.agreed_by or "", key="agreed_by", most=120, placeholder="the parent with whom the pupil lives")
        self.agreed_on = DateField("Agreed on", form.agreed_on, today=today, key="agreed_on", optional=True)
        self.add_row(self.agreed_by, self.agreed_on)
        self.la_told_on = DateField("Local authority told on", form.la_told_on, today=today, key="la_told_on", optional=True)
        self.add(self.la_told_on)
        self.safeguarding = NoteField("Care in the other sessions", form.safeguarding or "", key="safeguarding", lines=2, optional=True)
        self.add(self.safeguarding)
        self.work = NoteField("Work for the other sessions", form.work or "", key="work", lines=2, optional=True)
        self.add(self.work)
        self.last_day = DateField("It ended on", form.last_day, today=today, key="last_day", optional=True)
        self.outcome = ChoiceField("How it ended", list(OUTCOMES.items()), form.outcome or "", none="it has not ended", key="outcome")
        may_narrow(self.outcome)
        if held is not None:
            self.form.addWidget(Heading("The end"))
            self.add_row(self.last_day, self.outcome)
            self.offer_take_out()
        for step in form.steps:
            self.add_step(step)
        for review in form.reviews:
            self.add_review(review)
        for field in self._fields:
            field.edited.connect(self._hint)
        self._hint()

    # --- steps and reviews -----------------------------------------------------------------------------------------

    def _adder(self, words: str, add: Callable[[], None]) -> Button:
        button = Button(words, icon="plus", small=True)
        button.clicked.connect(add)
        row = QHBoxLayout()
        space(row)
        row.addWidget(button)
        row.addStretch(1)
        self.form.addLayout(row)
        return button

    def add_step(self, held: StepForm | None = None) -> None:
        """One more step, with the sessions of the one before to begin from."""
        if held is None:
            last = self.steps[-1].week.value() if self.steps else (0, 0)
            held = StepForm(None, *last)
        self._put(_Step(held, self.workspace.today, self._take_out_block), self.steps, self._steps_box)

    def add_review(self, held: ReviewForm | None = None) -> None:
        """One more review."""
        self._put(_Review(held or ReviewForm(None), self.workspace.today, self._take_out_block), self.reviews, self._reviews_box)

    def _put(self, block: _Step | _Review, blocks: list[_Step] | list[_Review], box: QVBoxLayout) -> None:
        blocks.append(block)  # type: ignore[arg-type]
        box.addWidget(block)
        self._fields.extend(block.fields)
        for field in block.fields:
            field.edited.connect(self._hint)
        self._number()
        if self.isVisible():
            block.show()
            self._fit()
            first = next(f for f in block.fields if not f.isHidden())
            self._go_to(first)

    def _take_out_block(self, block: _Block) -> None:
        for blocks in (self.steps, self.reviews):
            if block in blocks:
                blocks.remove(block)  # type: ignore[arg-type]
        self._fields = [f for f in self._fields if f not in block.fields]
        block.hide()
        block.deleteLater()
        self._number()
        self._hint()
        self.add_step_button.setFocus() if isinstance(block, _Step) else self.add_review_button.setFocus()
        self._fit()

    def _number(self) -> None:
        for blocks in (self.steps, self.reviews):
            for n, block in enumerate(blocks, start=1):
                block.number(n, len(blocks))

    # --- what is typed ---------------------------------------------------------------------------------------------

    def typed(self) -> TimetableForm:
        """What is in the fields; Refusal where one of them cannot be read."""
        return TimetableForm(
            reason=self.reason.value(),
            aim=self.aim.value() or None,
            first_day=self.first_day.value(),
            target_end=self.target_end.value(),
            steps=tuple(s.form() for s in self.steps),
            reviews=tuple(r.form() for r in self.reviews),
            agreed_by=self.agreed_by.value() or None,
            agreed_on=self.agreed_on.value(),
            la_told_on=self.la_told_on.value(),
            safeguarding=self.safeguarding.value() or None,
            work=self.work.value() or None,
            last_day=self.last_day.value() if self.rows else None,
            outcome=(self.outcome.value() or None) if self.rows else None,
            none_agreed=self.none_agreed.value() and not self.none_agreed.isHidden(),
        )

    def _hint(self) -> None:
        try:
            said = acts.hints(self.typed(), today=self.workspace.today, social_worker=self._social)
        except Refusal:
            return  # a date is being typed: what is wrong with it is said when the field is left
        texts: dict[str, str] = {}
        for field, sentence in said:
            texts[field] = f"{texts[field]} {sentence}" if field in texts else sentence
        for field in self._fields:
            if not isinstance(field, WeekField) and field.key:
                wanted = texts.get(field.key, "")
                if field._help_text != wanted:
                    field.set_help(wanted)

    # --- keeping ---------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        form = self.typed()
        setting = self.workspace.facts.setting
        others = [t for t in self._here if self.rows is None or t.id != self.rows.timetable.id]
        kept: list[Edit] = []

        def act(ids: NewIds) -> Iterable[Edit]:
            kept[:] = acts.put_timetable(
                ids,
                self.records.pupil.id,
                setting.id,
                form,
                today=self.workspace.today,
                held=self.rows,
                others=others,
                born=self.records.pupil.born,
                spans=spans_of(self.records.enrolments, setting.id) or None,
            )
            return kept

        try:
            self.workspace.do(Title.TIMETABLE, act)
        except NoSessions:
            reveal(self.none_agreed, True)
            raise
        self._say_left(kept, acts.NOT_AGREED if form.last_day is None and not (form.agreed_by and form.agreed_on) else "")

    def take_out(self) -> None:
        """Takes the timetable out with its steps and reviews, and closes."""
        assert self.rows is not None
        edits = acts.take_out_timetable(self.rows)
        try:
            self.workspace.do(Title.TIMETABLE, edits)
        except Refusal as refusal:
            self.show_refusal(refusal)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
        else:
            self._say_left(edits)
            self.reject()

    def _say_left(self, edits: list[Edit], more: str = "") -> None:
        facts = self.workspace.facts
        marks = [m for m in self.records.marks if m.setting_id == facts.setting.id]
        left = acts.marks_left(marks, facts.codes, self._here, self.records.timetable_steps, edits)
        said = " ".join(part for part in (more, acts.left_words(left)) if part)
        if said:
            self.workspace.say(said)
