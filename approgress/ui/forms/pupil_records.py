"""The forms of what is written down about a pupil: note, strength, goal, next step, event, attendance before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from approgress.domain.acts import measures as acts
from approgress.domain.acts.measures import SURE
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Event, Goal, NextStep, Note, StatedAttendance, Strength
from approgress.ui.forms.pupil_details import RecordDialog, whole
from approgress.ui.parts.fields import ChoiceField, DateField, NoteField, NumberField, OptionsField, TextField, TickField

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace

AUDIENCES: Final = (("staff", "Staff here"), ("schools", "Schools and staff"), ("family", "Family, schools and staff"), ("pupil", "The pupil as well"))
NOTES: Final = (("note", "Note"), ("quote", "In their own words"), ("visit", "Visit"), ("context", "Background"))
STRENGTHS: Final = (
    ("good_at", "Good at", "What the pupil is good at and likes."),
    ("what_helps", "What helps", "What adults do that works."),
    ("own_words", "In their own words", "Verbatim, as the pupil said it."),
)
EVENTS: Final = (
    ("plan", "A plan or support begins"),
    ("taster", "Taster day or visit to a school"),
    ("suspension", "Suspension at an earlier school"),
    ("move", "Move or change at home"),
    ("return", "Return to school"),
    ("other", "Something else"),
)


class NoteDialog(RecordDialog):
    """A note, kept letter for letter."""

    take_out_title = Title.WRITE_NOTE

    def __init__(self, workspace: Workspace, pupil_id: int, held: Note | None = None, parent: QWidget | None = None) -> None:
        super().__init__(workspace, held, "Change a note" if held else "Write a note", verb="Keep changes" if held else "Keep note", width=38, parent=parent)
        self.held: Note | None = held
        self.pupil_id = pupil_id
        self.text = NoteField("Note", held.text if held else "", key="text", lines=7)
        self.add(self.text)
        self.day = DateField("Date", held.day if held else workspace.today, today=workspace.today, latest=workspace.today, key="day")
        self.sort = ChoiceField("Kind", NOTES, held.sort if held else "note", key="sort")
        self.add_row(self.day, self.sort)
        self.audience = ChoiceField("Who may read it", AUDIENCES, held.audience if held else "staff", key="audience", help="Reports obey this.")
        self.add(self.audience)
        if held is not None:
            self.offer_take_out()

    def submit(self) -> None:
        person = self.held.person_id if self.held else self.workspace.school.viewer.person_id

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.write_note(
                ids,
                self.pupil_id,
                self.day.value(),
                self.text.text.toPlainText(),
                today=self.workspace.today,
                sort=self.sort.value(),
                person_id=person,
                audience=self.audience.value(),
                held=self.held,
            )

        self.workspace.do(Title.WRITE_NOTE, act)


class StrengthDialog(RecordDialog):
    """A strength."""

    take_out_title = Title.STRENGTHS

    def __init__(self, workspace: Workspace, pupil_id: int, held: Strength | None = None, parent: QWidget | None = None) -> None:
        super().__init__(workspace, held, "Change a strength" if held else "Add a strength", verb="Keep changes" if held else "Add strength", width=32, parent=parent)
        self.held: Strength | None = held
        self.pupil_id = pupil_id
        self.sort = OptionsField("What it says", STRENGTHS, held.sort if held else "good_at", key="sort")
        self.text = NoteField("In a few words", held.text if held else "", key="text", lines=3)
        self.add(self.sort)
        self.add(self.text)
        if held is not None:
            self.offer_take_out()

    def submit(self) -> None:
        day = self.held.day if self.held and self.held.day else self.workspace.today

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_strength(ids, self.pupil_id, self.sort.value(), self.text.value(), day=day, held=self.held)

        self.workspace.do(Title.STRENGTHS, act)


class GoalDialog(RecordDialog):
    """A goal in the words in which it was said."""

    take_out_title = Title.SET_GOAL

    def __init__(self, workspace: Workspace, pupil_id: int, held: Goal | None = None, *, rated: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            held,
            "Change a goal" if held else "Add a goal",
            "Ask what should be different, and write down the answer as it was said.",
            verb="Keep changes" if held else "Add goal",
            width=32,
            parent=parent,
        )
        self.held: Goal | None = held
        self.pupil_id = pupil_id
        self.words = NoteField("The goal, in their own words", held.words if held else "", key="words", lines=2)
        self.add(self.words)
        mine = not held or held.owner == "pupil"
        self.owner = TextField("Whose goal, if not the pupil’s own", "" if mine else (held.owner if held else ""), key="owner", optional=True, most=80)
        self.add(self.owner)
        self.target = NumberField("Target", held.target if held else None, low=0, high=10, unit="of 10", key="target", optional=True)
        self.target_day = DateField("By", held.target_day if held else None, today=workspace.today, key="target_day", optional=True)
        self.add_row(self.target, self.target_day)
        self.rating: NumberField | None = None
        self.ended: DateField | None = None
        if held is None:
            self.rating = NumberField("How close to it today", None, low=0, high=10, unit="of 10", key="value", optional=True, help="0 is not at all, 10 is reached. It is the start.")
            self.add(self.rating)
        else:
            self.ended = DateField("It ended on", held.ended_on, today=workspace.today, key="ended_on", optional=True)
            self.add(self.ended)
            if not rated:
                self.offer_take_out()

    def submit(self) -> None:
        today = self.workspace.today
        goal = self.workspace.facts.library.get("goal")
        rating = self.rating.value() if self.rating is not None else None

        def act(ids: NewIds) -> Iterable[Edit]:
            edits = acts.put_goal(
                ids,
                self.pupil_id,
                self.words.value(),
                today=today,
                owner=self.owner.value() or "pupil",
                target=whole(self.target.value()),
                target_day=self.target_day.value(),
                held=self.held,
            )
            record = edits[0].record  # type: ignore[union-attr]
            if self.held is not None and self.ended is not None:
                return [Put(replace(record, ended_on=self.ended.value()), self.held)]
            if rating is not None and goal is not None:
                form = acts.ReadingForm(today, "pupil", {goal.main.id: rating}, goal_id=record.id)
                return [*edits, *acts.put_reading(ids, self.pupil_id, goal, form, today=today)]
            return edits

        self.workspace.do(Title.SET_GOAL, act)


class NextStepDialog(RecordDialog):
    """What is to be done next, by when and by whom; done with a tick."""

    take_out_title = Title.NEXT_STEP

    def __init__(self, workspace: Workspace, pupil_id: int, held: NextStep | None = None, parent: QWidget | None = None) -> None:
        super().__init__(workspace, held, "Change a next step" if held else "Add a next step", verb="Keep changes" if held else "Add next step", width=32, parent=parent)
        self.held: NextStep | None = held
        self.pupil_id = pupil_id
        self.text = TextField("What is to be done", held.text if held else "", key="text", most=300)
        self.add(self.text)
        self.day = DateField("By", held.day if held else None, today=workspace.today, key="day")
        self.owner = TextField("By whom", (held.owner if held else workspace.school.viewer.name) or "", key="owner", optional=True, most=80)
        self.add_row(self.day, self.owner)
        self.tick: TickField | None = None
        if held is not None:
            self.tick = TickField("Done", held.done_on is not None, key="done_on")
            self.add(self.tick)
            self.offer_take_out()

    def submit(self) -> None:
        def act(ids: NewIds) -> Iterable[Edit]:
            edits = acts.put_next_step(ids, self.pupil_id, self.day.value(), self.text.value(), owner=self.owner.value(), held=self.held)
            if self.held is not None and self.tick is not None:
                day = (self.held.done_on or self.workspace.today) if self.tick.value() else None
                return [Put(replace(edits[0].record, done_on=day), self.held)]  # type: ignore[union-attr]
            return edits

        self.workspace.do(Title.NEXT_STEP, act)


class EventDialog(RecordDialog):
    """Something that changed, as a line on the time axis."""

    take_out_title = Title.LOG_EVENT

    def __init__(self, workspace: Workspace, pupil_id: int, held: Event | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            held,
            "Change an event" if held else "Add an event",
            "It stands as a line on every chart over time. Medication, child protection and youth justice do not belong here.",
            verb="Keep changes" if held else "Add event",
            width=32,
            parent=parent,
        )
        self.held: Event | None = held
        self.pupil_id = pupil_id
        self.sort = ChoiceField("What", EVENTS, held.sort if held else "plan", key="sort")
        self.sort.edited.connect(self._sort_edited)
        self.add(self.sort)
        self.label = TextField("In a few words", held.label if held else "", key="label", most=80, placeholder="Mentoring starts")
        self.add(self.label)
        self.day = DateField("Date", held.day if held else workspace.today, today=workspace.today, key="day")
        self.half_days = NumberField("Half-days", held.half_days if held else None, low=1, high=200, key="half_days", optional=True)
        self.add_row(self.day, self.half_days)
        if held is not None:
            self.offer_take_out()
        self._sort_edited()

    def submit(self) -> None:
        day = self.day.value()
        planned = day is not None and day > self.workspace.today
        half_days = whole(self.half_days.value()) if self.sort.value() == "suspension" else None

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_event(ids, self.pupil_id, day, self.sort.value(), self.label.value(), planned=planned, half_days=half_days, held=self.held)

        self.workspace.do(Title.LOG_EVENT, act)

    def _sort_edited(self) -> None:
        self.half_days.setVisible(self.sort.value() == "suspension")


class StatedDialog(RecordDialog):
    """Attendance over a period as another school states it; never added to our marks."""

    take_out_title = Title.STATE_ATTENDANCE

    def __init__(
        self, workspace: Workspace, pupil_id: int, held: StatedAttendance | None = None, *, school: str = "", began: date | None = None, parent: QWidget | None = None
    ) -> None:
        sentence = "As the home school states it, in sessions (half-days)."
        if began is not None:
            from approgress.domain.days import words

            sentence += f" It counts as the time before only if the period ends by {words(began)}."
        super().__init__(workspace, held, "Attendance before", sentence, verb="Keep changes" if held else "Keep it", width=34, parent=parent)
        self.held: StatedAttendance | None = held
        self.pupil_id = pupil_id
        today, s = workspace.today, held
        self.school = TextField("Who states it", s.school if s else school, key="school", most=120)
        self.add(self.school)
        self.first_day = DateField("From", s.first_day if s else None, today=today, key="first_day", optional=True)
        self.last_day = DateField("To", s.last_day if s else None, today=today, key="last_day")
        self.add_row(self.first_day, self.last_day)
        self.possible = NumberField("Possible sessions", s.possible if s else None, low=0, high=2000, key="possible")
        self.attended = NumberField("Attended", s.attended if s else None, low=0, high=2000, key="attended", help="Approved educational activity counts as attended.")
        self.add_row(self.possible, self.attended)
        self.authorised = NumberField("Authorised absence", s.authorised if s else None, low=0, high=2000, key="authorised")
        self.unauthorised = NumberField("Unauthorised absence", s.unauthorised if s else None, low=0, high=2000, key="unauthorised")
        self.add_row(self.authorised, self.unauthorised)
        self.late = NumberField("Of these late", s.late if s else None, low=0, high=2000, key="late", optional=True)
        self.sure = ChoiceField("How sure", list(SURE.items()), (s.sure if s else None) or "", none="not said", key="sure")
        self.add_row(self.late, self.sure)
        if held is not None:
            self.offer_take_out()

    def submit(self) -> None:
        counts: dict[str, int] = {}
        for field in (self.possible, self.attended, self.authorised, self.unauthorised):
            value = whole(field.value())
            if value is None:
                raise Refusal("A number is needed here; 0 where there were none.", field.key)
            counts[field.key] = value
        if self.last_day.value() is None:
            raise Refusal("Say when the period ends; without it nobody knows whether it lies before day 0.", "last_day")

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.state_attendance(
                ids,
                self.pupil_id,
                school=self.school.value(),
                first_day=self.first_day.value(),
                last_day=self.last_day.value(),
                late=whole(self.late.value()),
                sure=self.sure.value() or None,
                said_on=self.held.said_on if self.held else self.workspace.today,
                held=self.held,
                **counts,
            )

        self.workspace.do(Title.STATE_ATTENDANCE, act)
