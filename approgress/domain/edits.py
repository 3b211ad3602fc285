"""What an act returns and what the journal answers: edits to be written, and what they changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Put:
    """Make or change a record. `seen` is the record as the person saw it (None: they saw none): if the store holds
    another by now, the journal refuses in words. `why` is a reason that goes with the change and with the child."""

    record: Any
    seen: Any = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Erase:
    """Take a record out; the journal keeps what it was."""

    seen: Any
    why: str | None = None


Edit = Put | Erase


@dataclass(slots=True)
class NewIds:
    """Draws ids for new records, one desk's counters behind it; an act asks it and never counts by itself."""

    draw: Any  # Callable[[str], int]: kind of record ("pupil" or anything else) -> new id

    def pupil(self) -> int:
        """A new pupil's id."""
        return self.draw("pupil")

    def other(self) -> int:
        """A new id for any other record."""
        return self.draw("other")

    def several(self, n: int) -> Iterator[int]:
        """`n` new ids for other records."""
        return (self.draw("other") for _ in range(n))


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step changed: kinds of record and pupils (empty where the records belong to no pupil), and the step itself."""

    kinds: frozenset[str] = frozenset()
    pupils: frozenset[int] = frozenset()
    step: int | None = None
    title: str = ""
    count: int = 0
    everything: bool = field(default=False)  # too many to name: read all again

    def __bool__(self) -> bool:
        return self.everything or bool(self.kinds)

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.kinds | other.kinds,
            self.pupils | other.pupils,
            other.step if other.step is not None else self.step,
            other.title or self.title,
            self.count + other.count,
            self.everything or other.everything,
        )


class Title(IntEnum):
    """What a step of the journal is called: a fixed list, so that no name of a child can stand in a title."""

    SET_UP = 1
    CHANGE_SETTING = 2
    ADD_PUPIL = 3
    CHANGE_PUPIL = 4
    ADD_PLACEMENT = 5
    CHANGE_PLACEMENT = 6
    TAKE_REGISTER = 7
    ENTER_ENGAGEMENT = 8
    ENTER_READING = 9
    CHANGE_READING = 10
    WRITE_NOTE = 11
    SET_GOAL = 12
    STARTING_POINT = 13
    NEXT_STEP = 14
    STRENGTHS = 15
    IMPORT_PUPILS = 16
    IMPORT_MARKS = 17
    IMPORT_SUMMARY = 18
    IMPORT_CTF = 19
    IMPORT_READINGS = 20
    ADD_INSTRUMENT = 21
    LOG_MOMENT = 22
    LOG_EVENT = 23
    CHANGE_CONTACT = 24
    STATE_ATTENDANCE = 25
    DEMONSTRATION = 26
    LEAVE = 27
    CALENDAR = 28
    GROUPS = 29
    PEOPLE = 30
    KEEP_APART = 31
    AMEND_MARK = 32
    ABSENCE_CONTACT = 33
    TIMETABLE = 34
    ELSEWHERE = 35
    INTERVENTION = 36
    SUSPENSION = 37
    STRIKE = 38
    REST = 39
    MOVEMENT = 40
    LESSON_NOTE = 41
    SETTLE_N = 42
    UNDO = 90
    REDO = 91

    @property
    def words(self) -> str:
        """The title as people read it."""
        return _WORDS[self]


_WORDS = {
    Title.SET_UP: "Set up the school",
    Title.CHANGE_SETTING: "Change the setting",
    Title.ADD_PUPIL: "Add a pupil",
    Title.CHANGE_PUPIL: "Change a pupil's details",
    Title.ADD_PLACEMENT: "Add a placement",
    Title.CHANGE_PLACEMENT: "Change a placement",
    Title.TAKE_REGISTER: "Take the register",
    Title.ENTER_ENGAGEMENT: "Enter engagement",
    Title.ENTER_READING: "Enter a reading",
    Title.CHANGE_READING: "Change a reading",
    Title.WRITE_NOTE: "Write a note",
    Title.SET_GOAL: "Set a goal",
    Title.STARTING_POINT: "Starting point",
    Title.NEXT_STEP: "Next step",
    Title.STRENGTHS: "Strengths",
    Title.IMPORT_PUPILS: "Import pupils",
    Title.IMPORT_MARKS: "Import marks",
    Title.IMPORT_SUMMARY: "Import an attendance summary",
    Title.IMPORT_CTF: "Import a transfer file",
    Title.IMPORT_READINGS: "Import readings",
    Title.ADD_INSTRUMENT: "Add an instrument",
    Title.LOG_MOMENT: "Log a moment",
    Title.LOG_EVENT: "Log an event",
    Title.CHANGE_CONTACT: "Change a contact",
    Title.STATE_ATTENDANCE: "Attendance before",
    Title.DEMONSTRATION: "Make the demonstration school",
    Title.LEAVE: "End a time on roll",
    Title.CALENDAR: "Change the calendar",
    Title.GROUPS: "Change groups",
    Title.PEOPLE: "Change people",
    Title.KEEP_APART: "Keep two pupils apart",
    Title.AMEND_MARK: "Amend a mark",
    Title.ABSENCE_CONTACT: "First-day contact",
    Title.TIMETABLE: "Part-time timetable",
    Title.ELSEWHERE: "Sessions elsewhere",
    Title.INTERVENTION: "Record a physical intervention",
    Title.SUSPENSION: "Suspension or exclusion",
    Title.STRIKE: "Strike a record through",
    Title.REST: "Not worried for now",
    Title.MOVEMENT: "Arrived, left or returned",
    Title.LESSON_NOTE: "Note on a lesson",
    Title.SETTLE_N: "Settle marks without a reason",
    Title.UNDO: "Undo",
    Title.REDO: "Redo",
}
