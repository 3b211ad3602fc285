"""Rules of the register that records may break: each broken one is said once, with how often."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from approgress.domain.checks import broken_by, closed_sentences, on_closed_days
from approgress.domain.dossier import PupilRecords
from approgress.domain.records import Elsewhere, Enrolment, Mark, Pupil, Timetable, TimetableStep
from approgress.store.catalogue import code_set
from tests.domain.a_pupil import facts

N = {c.text: c.number for c in code_set().codes}
MONDAY = date(2026, 11, 9)
TIMETABLE = {
    "timetables": (Timetable(1, 5, 1, "anxiety", MONDAY),),
    "timetable_steps": (TimetableStep(1, 6, 5, MONDAY, am=31, pm=0),),
}


def said(*marks: Mark, **more: object) -> list[str]:
    held: dict[str, object] = {
        "pupil": Pupil(1, "QXZ001", date(2012, 5, 1)),
        "enrolments": (Enrolment(1, 2, 1, "C", date(2026, 9, 7)),),
    } | more
    return list(broken_by(PupilRecords(marks=marks, **held), facts(), "Amara"))  # type: ignore[arg-type]


def mark(n: int, am: str, pm: str, am_late: int | None = None) -> Mark:
    return Mark(1, 1, MONDAY + timedelta(days=n), N[am], N[pm], am_late)


def test_marks_that_keep_the_rules_say_nothing() -> None:
    assert said(mark(0, "/", "\\"), mark(1, "L", "C2", 12), mark(2, "K", "D"), **TIMETABLE) == []
    assert said(mark(0, "C2", "C2")) == []  # the timetable may simply not be entered here


@pytest.mark.parametrize(
    ("marks", "more", "sentence"),
    [
        ((mark(0, "C2", "C2"), mark(1, "C2", "C2")), TIMETABLE, "Amara: 2 marks C2 for a session that the part-time timetable asks for."),
        ((mark(0, "X", "X"),), {}, "Amara: 2 marks X at compulsory school age."),
        ((mark(0, "K", "/"),), {"elsewhere": (Elsewhere(1, 7, 1, "D", 31, 0),)}, "Amara: 1 mark K where D is due."),
        ((mark(0, "/", "\\", 5),), {}, "Amara: minutes late beside 1 mark that is not L or U."),
    ],
)
def test_what_cannot_be_right_is_said_once_with_how_often(marks: tuple[Mark, ...], more: dict[str, object], sentence: str) -> None:
    assert sentence in said(*marks, **more)


def _closed(*days: tuple[date, str | None, str | None], setting: int = 1) -> list[str]:
    marks = tuple(Mark(1, setting, d, N[am] if am else None, N[pm] if pm else None) for d, am, pm in days)
    records = PupilRecords(Pupil(1, "QXZ001"), marks=marks, enrolments=(Enrolment(1, 2, 1, "C", date(2026, 6, 8)),))
    return list(closed_sentences(on_closed_days(records, facts())))


def test_marks_on_days_that_the_calendar_closes_are_counted_for_each_year() -> None:
    inset, half_term, saturday, summer = date(2026, 9, 7), date(2026, 10, 27), date(2026, 11, 7), date(2026, 8, 4)
    says = "on days on which the calendar says that the school is closed"
    assert _closed((inset, "/", "\\"), (half_term, "I", None), (saturday, "/", "\\"), (summer, "/", None)) == [
        f"2026/27: 5 marks stand {says}: 2 on INSET and other closed days, 1 in holidays, 2 at weekends. They count in attendance as long as they stand there.",
        f"2025/26: 1 mark stands {says}: 1 in holidays. It counts in attendance as long as it stands there.",
    ]


def test_what_does_not_count_or_of_which_the_calendar_says_nothing_stands_on_no_closed_day() -> None:
    assert _closed((MONDAY, "/", "\\"), (date(2026, 9, 7), "#", "#")) == []
    assert _closed((date(2026, 6, 5), "/", "\\")) == [], "before the time on roll, and before the calendar begins"
    assert _closed((date(2027, 1, 11), "/", "\\")) == [], "the spring has no half-terms yet"
    assert _closed((date(2026, 9, 7), "/", "\\"), setting=2) == [], "another setting has a calendar of its own"
