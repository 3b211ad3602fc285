"""What the people of the demonstration school typed yesterday afternoon and this morning: small steps with their own times and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import TypeVar

from approgress.domain.days import to_number
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.records import AbsenceContact, Contact, Mark, Moment, NextStep, Note
from approgress.school.demonstration.measures import Sitting
from approgress.school.demonstration.writing import Frame, Later, reading_of
from approgress.store.database import Database
from approgress.store.journal import Act, Journal

T = TypeVar("T")
_REGISTERS = (
    ("Outreach", "C. Adeyemi", "08:41"),
    ("Birch", "L. Fenwick", "08:50"),
    ("Cedar", "D. Achterberg", "08:53"),
    ("Elm", "S. Palliser", "08:56"),
    ("Ash", "T. Mbeki", "08:59"),
)


class Typed:
    """Steps of several people at their own times, through the journal like everything else.

    What concerns a pupil who is not there (in a smaller school) is left out.
    """

    def __init__(self, database: Database, frame: Frame, later: Later) -> None:
        self.database, self.frame, self.later = database, frame, later
        self.today = frame.book.today
        self.yesterday = date.fromordinal(self.today.toordinal() - 1)

    def type_all(self) -> None:
        """Everything, in the order of its times."""
        self._questionnaire()
        self._visit()
        self._amended_mark()
        self._taken_back()
        self._head()
        self._calls()
        self._registers()
        self._moment()
        self._engagement()

    # --- how -------------------------------------------------------------------------------------------------------

    def _journal(self, person: str, day: date, at: str) -> Journal:
        seconds = datetime.combine(day, time.fromisoformat(at)).timestamp()
        return Journal(self.database, self.frame.people[person], now=lambda: seconds)

    def _do(self, person: str, day: date, at: str, title: Title, edits: Iterable[Edit] | Act, *, grow: bool = False) -> None:
        self._journal(person, day, at).do(title, edits, grow=grow)

    def _of_pupil(self, cls: type[T], pupil: int) -> list[T]:
        with self.database.read() as c:
            return self._journal("R. Sand", self.today, "07:30").rows.of_pupil(c, cls, pupil)

    def _note(self, name: str, person: str, day: date, at: str, sort: str, text: str) -> None:
        pupil = self.later.pupils.get(name)
        if pupil is None:
            return

        def act(ids: NewIds) -> list[Edit]:
            return [Put(Note(pupil, ids.other(), day, sort, text, self.frame.people[person]))]

        self._do(person, day, at, Title.WRITE_NOTE, act)

    # --- yesterday -------------------------------------------------------------------------------------------------

    def _questionnaire(self) -> None:
        pupil = self.later.pupils.get("Amara Bell")
        readings: list[Sitting] = self.later.readings
        if pupil is not None and readings:

            def act(ids: NewIds) -> list[Edit]:
                return [Put(reading_of(s, pupil, ids.other(), [])) for s in readings]

            self._do("T. Mbeki", self.yesterday, "14:20", Title.ENTER_READING, act)

    def _visit(self) -> None:
        self._note(
            "Skye Marlow", "C. Adeyemi", self.yesterday, "16:36", "visit", "At the door, twenty minutes; said she would look at the maths."
        )

    def _amended_mark(self) -> None:
        pupil = self.later.pupils.get("Faith Oduya")
        if pupil is None:
            return
        day = date(2026, 11, 20)
        held = next(m for m in self._of_pupil(Mark, pupil) if m.day == day)
        code = self.frame.codes.by_text("M", day)
        assert code is not None
        amended = replace(held, am=code.number)
        self._do(
            "J. Okafor",
            self.yesterday,
            "16:52",
            Title.TAKE_REGISTER,
            [Put(amended, held, "Appointment card seen on Monday; the mark of Friday morning was O")],
        )

    def _taken_back(self) -> None:
        """A telephone number typed for the wrong pupil, and taken back two minutes later."""
        pupil = self.later.pupils.get("Ellis Grant")
        if pupil is None:
            return
        held = self._of_pupil(Contact, pupil)[0]
        self._do("J. Okafor", self.yesterday, "17:03", Title.CHANGE_CONTACT, [Put(replace(held, phone="07700 900999"), held)])
        self._journal("J. Okafor", self.yesterday, "17:05").undo()

    def _head(self) -> None:
        pupil = self.later.pupils.get("Archie Peckover")
        if pupil is not None:

            def act(ids: NewIds) -> list[Edit]:
                return [Put(NextStep(pupil, ids.other(), date(2026, 11, 26), "Ring the placements officer before the review", "R. Sand"))]

            self._do("R. Sand", self.yesterday, "18:10", Title.NEXT_STEP, act)

    # --- this morning ----------------------------------------------------------------------------------------------

    def _calls(self) -> None:
        self._contact("Josie Penn", "J. Okafor", "08:12", 490, answered=True, note="Mum rang: sick in the night, hopes for tomorrow")

    def _contact(self, name: str, person: str, at: str, rung: int, *, answered: bool, note: str) -> None:
        """A call about this morning's absence; one that was answered explains it."""
        pupil = self.later.pupils.get(name)
        if pupil is None:
            return

        def act(ids: NewIds) -> list[Edit]:
            who = self.frame.people[person]
            return [Put(AbsenceContact(pupil, ids.other(), self.today, "call", "AM", rung, "Mum", answered, answered, note, who))]

        self._do(person, self.today, at, Title.ABSENCE_CONTACT, act)

    def _registers(self) -> None:
        for group, person, at in _REGISTERS:
            for mark in self.later.marks.get(group, []):
                self._do(person, self.today, at, Title.TAKE_REGISTER, [Put(mark)], grow=True)
        self._contact("Harley Quinn-Moss", "T. Mbeki", "09:01", 538, answered=False, note="No answer")

    def _moment(self) -> None:
        pupil = self.later.pupils.get("Faith Oduya")
        if pupil is not None:

            def act(ids: NewIds) -> list[Edit]:
                said = "Quiet, hood up; said the bus was loud"
                teacher = self.frame.people["T. Mbeki"]
                return [
                    Put(Moment(pupil, ids.other(), self.today, "neutral", "Observation", "AM", "Classroom", text=said, person_id=teacher))
                ]

            self._do("T. Mbeki", self.today, "09:05", Title.LOG_MOMENT, act)

    def _engagement(self) -> None:
        for score in self.later.scores:
            assert score.slot // 8 == to_number(self.today)
            self._do("T. Mbeki", self.today, "09:12", Title.ENTER_ENGAGEMENT, [Put(score)], grow=True)
