"""An invented pupil and school for tests of dossiers: small enough to count by hand."""

from __future__ import annotations

from datetime import date, timedelta

from approgress.domain.days import to_number
from approgress.domain.dossier import PupilRecords, SchoolFacts
from approgress.domain.records import (
    Closure,
    Enrolment,
    Event,
    Flag,
    Goal,
    Group,
    GroupMember,
    GroupTeacher,
    HalfTerm,
    HomeSchool,
    Identifier,
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
    Strength,
    YearGroup,
)
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import bundled_instruments, code_set

TODAY = date(2026, 11, 24)
DAY_0 = date(2026, 6, 8)

TERMS = (
    HalfTerm(1, 1, "Summer 2", date(2026, 6, 8), date(2026, 7, 17)),
    HalfTerm(2, 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)),
    HalfTerm(3, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
)
CALENDAR = Calendar.of(TERMS, (Closure(1, 1, date(2026, 9, 7), date(2026, 9, 7), "inset", "INSET"),))


def facts(**more: object) -> SchoolFacts:
    """A school with one group, one home school and the bundled instruments."""
    held = {
        "setting": Setting(1, "Hawthorn Centre", demonstration=True, today=TODAY),
        "calendar": CALENDAR,
        "codes": code_set(),
        "library": bundled_instruments(),
        "partners": {7: Partner(7, "Parkfield Academy")},
        "groups": {5: Group(5, 1, "Ash")},
        "group_teachers": (GroupTeacher(1, 5, 3),),
        "people": {3: Person(3, "T. Mbeki")},
        "settings": {1: Setting(1, "Hawthorn Centre")},
    }
    held.update(more)
    return SchoolFacts(**held)  # type: ignore[arg-type]


def marks(absent_every: int = 5) -> tuple[Mark, ...]:
    """Present, but the morning of each `absent_every`th school day I and its afternoon O."""
    codes = code_set()
    number = {t: next(c.number for c in codes.codes if c.text == t) for t in ("/", "\\", "I", "O")}
    found = []
    for n, day in enumerate(CALENDAR.school_days(DAY_0, TODAY)):
        away = n % absent_every == 0
        found.append(Mark(1, 1, day, number["I" if away else "/"], number["O" if away else "\\"]))
    return tuple(found)


def scores() -> tuple[LessonScore, ...]:
    """Five lessons a school day: one of five at 4 in the first half of the days, three of five after."""
    days = CALENDAR.school_days(DAY_0, TODAY)
    found = []
    for n, day in enumerate(days):
        good = 1 if n < len(days) // 2 else 3
        found += [LessonScore(1, to_number(day) * 8 + lesson, 4 if lesson < good else 2) for lesson in range(5)]
    return tuple(found)


def amara(**more: object) -> PupilRecords:
    """Amara Bell, on respite since 8 June 2026."""
    who5 = [28, 28, 32, 36, 40, 40, 44, 48, 52]
    on = [DAY_0 + timedelta(days=d) for d in (0, 14, 28, 42, 98, 112, 126, 154, 168)]
    readings = [Reading(1, 100 + i, day, "who5", "1998", "pupil", float(v), rater="Amara") for i, (day, v) in enumerate(zip(on, who5, strict=True))]
    readings += [
        Reading(1, 120, date(2026, 6, 9), "reading_test", "NGRT", "pupil", 82.0, form="A"),
        Reading(1, 121, date(2026, 11, 16), "reading_test", "NGRT", "pupil", 85.0, form="B"),
        Reading(1, 122, date(2026, 6, 20), "sdq_teacher", "T4-17", "teacher", 24.0),
        Reading(1, 130, DAY_0, "goal", "0 to 10", "pupil", 3.0, goal_id=60),
        Reading(1, 131, date(2026, 11, 20), "goal", "0 to 10", "pupil", 8.0, goal_id=60),
    ]
    held: dict[str, object] = {
        "pupil": Pupil(1, "KTB412", date(2012, 10, 3), "F", "she/her"),
        "names": (Name(1, 1, "legal", "Amara", "Bell"),),
        "years": (YearGroup(1, 1, "9", 2026),),
        "identifiers": (Identifier(1, 1, "upn", "P999110025201"), Identifier(1, 2, "number", "AP0101")),
        "flags": (
            Flag(1, 1, "sen", "K", first_day=date(2025, 9, 1)),
            Flag(1, 2, "need", "SEMH", 1),
            Flag(1, 3, "pupil_premium", "Y"),
            Flag(1, 4, "fsm", "Y", last_day=date(2026, 1, 1)),
        ),
        "enrolments": (Enrolment(1, 1, 1, "S", DAY_0),),
        "placements": (Placement(1, 1, 1, "respite", "Get back into lessons", DAY_0, None, date(2026, 12, 18), 10, 7),),
        "home_schools": (HomeSchool(1, 1, 7),),
        "memberships": (GroupMember(1, 1, 5),),
        "strengths": (
            Strength(1, 1, "own_words", "I can do it if nobody is watching me do it."),
            Strength(1, 2, "good_at", "drawing, mending bikes with her uncle, younger children"),
            Strength(1, 3, "what_helps", "a two-minute warning; a seat by the door"),
        ),
        "notes": (Note(1, 1, date(2026, 9, 9), "note", "Came in <b>early</b> & stayed."),),
        "events": (
            Event(1, 1, date(2026, 9, 14), "plan", "Mentoring starts"),
            Event(1, 2, date(2026, 10, 15), "suspension", "Suspended 1 day", 2),
            Event(1, 3, date(2026, 12, 11), "taster", "First taster day at Parkfield", planned=True),
        ),
        "next_steps": (NextStep(1, 1, date(2026, 11, 20), "Ask mum again for the SDQ", "T. Mbeki"),),
        "marks": marks(),
        "lesson_scores": scores(),
        "moments": tuple(
            [Moment(1, i, date(2026, 6, 10) + timedelta(days=i), "incident", "walked out", minutes_to_settle=10) for i in range(5)]
            + [Moment(1, 20, date(2026, 9, 10), "good", "helped"), Moment(1, 21, date(2026, 11, 10), "incident", "shouted")]
        ),
        "stated": (
            StatedAttendance(1, 50, "Parkfield Academy", date(2025, 9, 1), date(2026, 6, 5), 380, 118, 200, 62, said_on=date(2026, 6, 9), sure="high"),
        ),
        "readings": tuple(readings),
        "goals": (Goal(1, 60, "Get through maths without walking out"),),
        "starting_points": (StartingPoint(1, 1, DAY_0, date(2026, 6, 12), "T. Mbeki"),),
        "start_values": (
            StartValue(1, 1, 1, "wellbeing", "Wellbeing, WHO-5", reading_id=100, source="Amara", sure="high"),
            StartValue(1, 2, 1, "attendance", "Attendance, year before", stated_id=50),
            StartValue(1, 3, 1, "behaviour", "Suspensions before", value=4, detail="22 half-days", source="Parkfield", sure="high"),
            StartValue(1, 4, 1, "home", "Barriers at 3 or 4", value=3, of=4, source="mum", sure="medium"),
        ),
    }
    held.update(more)
    return PupilRecords(**held)  # type: ignore[arg-type]
