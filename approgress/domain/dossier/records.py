"""Records that a dossier is made from: a pupil's rows, and what it needs to know of the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from approgress.domain.attendance import CodeSet
from approgress.domain.change import OwnSpread
from approgress.domain.instruments import Library
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Elsewhere,
    Enrolment,
    Event,
    Flag,
    Goal,
    Group,
    GroupMember,
    GroupTeacher,
    HomeSchool,
    Identifier,
    Intervention,
    LessonNote,
    LessonScore,
    Mark,
    Moment,
    Name,
    NextStep,
    Note,
    Partner,
    Person,
    Placement,
    Pupil,
    Reading,
    Setting,
    StartingPoint,
    StartValue,
    StatedAttendance,
    StrandMeasure,
    Strength,
    Suspension,
    Timetable,
    TimetableReview,
    TimetableStep,
    YearGroup,
)
from approgress.domain.school_year import Calendar
from approgress.domain.starting_point import SeriesKey


@dataclass(frozen=True, slots=True)
class PupilRecords:
    """All rows of one pupil that the viewer may read, as the store holds them."""

    pupil: Pupil
    names: tuple[Name, ...] = ()
    years: tuple[YearGroup, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    flags: tuple[Flag, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    placements: tuple[Placement, ...] = ()
    home_schools: tuple[HomeSchool, ...] = ()
    memberships: tuple[GroupMember, ...] = ()
    contacts: tuple[Contact, ...] = ()
    strengths: tuple[Strength, ...] = ()
    notes: tuple[Note, ...] = ()
    events: tuple[Event, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    marks: tuple[Mark, ...] = ()
    lesson_scores: tuple[LessonScore, ...] = ()
    moments: tuple[Moment, ...] = ()
    stated: tuple[StatedAttendance, ...] = ()
    readings: tuple[Reading, ...] = ()
    goals: tuple[Goal, ...] = ()
    starting_points: tuple[StartingPoint, ...] = ()
    start_values: tuple[StartValue, ...] = ()
    timetables: tuple[Timetable, ...] = ()
    timetable_steps: tuple[TimetableStep, ...] = ()
    timetable_reviews: tuple[TimetableReview, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    absence_contacts: tuple[AbsenceContact, ...] = ()
    lesson_notes: tuple[LessonNote, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    interventions: tuple[Intervention, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a dossier needs to know of the school: read once and kept until one of its records changes."""

    setting: Setting
    calendar: Calendar
    codes: CodeSet
    library: Library
    partners: Mapping[int, Partner] = field(default_factory=dict[int, Partner], hash=False)
    groups: Mapping[int, Group] = field(default_factory=dict[int, Group], hash=False)
    group_teachers: tuple[GroupTeacher, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict[int, Person], hash=False)
    measures: tuple[StrandMeasure, ...] = ()
    spreads: Mapping[SeriesKey, OwnSpread] = field(default_factory=dict[SeriesKey, OwnSpread], hash=False)  # this school's own starting values, main scale
    settings: Mapping[int, Setting] = field(default_factory=dict[int, Setting], hash=False)

    @property
    def statutory(self) -> bool:
        """Whether the setting keeps the statutory register; else it records attendance for the commissioner and sees no percentages."""
        return self.setting.sort != "non_school"

    @property
    def strand_of(self) -> dict[str, str]:
        """The strand of each instrument."""
        return {i.id: i.strand for i in self.library.instruments}
