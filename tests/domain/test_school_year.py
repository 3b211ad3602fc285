"""The calendar, school years and year groups."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.days import age_on
from approgress.domain.records import Closure, HalfTerm
from approgress.domain.school_year import (
    YEARS,
    Calendar,
    of_compulsory_school_age,
    parse_year_group,
    school_year_of,
    school_year_words,
    week_of,
    year_by_age,
    year_words,
)

TERMS = [
    HalfTerm(1, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23)),
    HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(3, 1, "Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
    HalfTerm(4, 1, "Spring 2", date(2027, 2, 22), date(2027, 3, 25)),
    HalfTerm(5, 1, "Summer 1", date(2027, 4, 12), date(2027, 5, 28)),
    HalfTerm(6, 1, "Summer 2", date(2027, 6, 7), date(2027, 7, 21)),
    HalfTerm(7, 1, "Autumn 1", date(2027, 9, 2), date(2027, 10, 22)),
]
CLOSED = [
    Closure(1, 1, date(2026, 11, 2), date(2026, 11, 2), "inset", "INSET"),
    Closure(2, 1, date(2027, 1, 4), date(2027, 1, 4), "inset", "INSET"),
    Closure(3, 1, date(2027, 5, 3), date(2027, 5, 3), "bank_holiday", "May Day"),
]
CALENDAR = Calendar.of(TERMS, CLOSED)
DAYS = st.dates(date(2026, 8, 1), date(2027, 10, 31))


def test_school_days() -> None:
    assert CALENDAR.is_school_day(date(2026, 9, 3))
    assert not CALENDAR.is_school_day(date(2026, 9, 5))
    assert not CALENDAR.is_school_day(date(2026, 10, 26))
    assert not CALENDAR.is_school_day(date(2026, 11, 2))
    assert CALENDAR.next_school_day(date(2026, 10, 23)) == date(2026, 11, 3)
    assert CALENDAR.next_school_day(date(2027, 10, 22)) is None
    assert CALENDAR.half_term_of(date(2026, 9, 6)) == TERMS[0]
    assert CALENDAR.half_term_of(date(2026, 10, 24)) is None
    assert not Calendar.of(TERMS, setting_id=2)
    assert Calendar.of(TERMS, setting_id=1)


@given(DAYS, st.integers(1, 60))
def test_adding_school_days_agrees_with_counting_them(day: date, n: int) -> None:
    found = CALENDAR.add_school_days(day, n)
    following = CALENDAR.school_days(day + timedelta(days=1), date(2027, 12, 31))
    assert found == (following[n - 1] if len(following) >= n else None)


@given(DAYS, DAYS)
def test_school_days_are_those_that_are(first: date, last: date) -> None:
    every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert CALENDAR.school_days(first, last) == [d for d in every if CALENDAR.is_school_day(d)]
    assert sum(w.school_days for w in CALENDAR.weeks(first, last)) == len(CALENDAR.school_days(first, last))


def test_overlapping_half_terms_count_no_day_twice() -> None:
    calendar = Calendar.of([*TERMS, HalfTerm(8, 1, "typed twice", date(2026, 9, 21), date(2026, 10, 30))])
    days = calendar.school_days(date(2026, 9, 1), date(2026, 11, 30))
    assert days == sorted(set(days))
    assert calendar.add_school_days(date(2026, 9, 18), 5) == date(2026, 9, 25)


def test_weeks_skip_holidays_and_run_through_the_change_of_clocks() -> None:
    weeks = CALENDAR.weeks(date(2026, 10, 15), date(2026, 11, 13))
    assert [(w.first_day, w.number, w.school_days) for w in weeks] == [
        (date(2026, 10, 12), 1, 2),
        (date(2026, 10, 19), 2, 5),
        (date(2026, 11, 2), 3, 4),
        (date(2026, 11, 9), 4, 5),
    ]
    assert week_of(date(2026, 10, 25)) == date(2026, 10, 19)
    assert week_of(date(2026, 10, 26)) == date(2026, 10, 26)
    assert week_of(date(2027, 3, 28)) == date(2027, 3, 22)


def test_holidays_for_shading() -> None:
    found = [(h.name, h.first_day, h.last_day) for h in CALENDAR.holidays(date(2026, 9, 1), date(2027, 9, 30))]
    assert found == [
        ("half-term holiday", date(2026, 10, 24), date(2026, 11, 1)),
        ("Christmas holiday", date(2026, 12, 19), date(2027, 1, 3)),
        ("half-term holiday", date(2027, 2, 13), date(2027, 2, 21)),
        ("Easter holiday", date(2027, 3, 26), date(2027, 4, 11)),
        ("half-term holiday", date(2027, 5, 29), date(2027, 6, 6)),
        ("summer holiday", date(2027, 7, 22), date(2027, 9, 1)),
    ]
    assert CALENDAR.holidays(date(2026, 11, 3), date(2026, 12, 1)) == ()


def test_what_the_calendar_knows() -> None:
    assert CALENDAR.knows(date(2026, 9, 1), date(2027, 9, 1))
    assert not CALENDAR.knows(date(2026, 8, 31), date(2026, 9, 30))
    assert not Calendar.of([]).knows(date(2026, 9, 1), date(2026, 9, 2))


def test_the_school_year_begins_in_september() -> None:
    assert school_year_of(date(2026, 8, 31)) == 2025
    assert school_year_of(date(2026, 9, 1)) == 2026
    assert school_year_words(2026) == "2026/27"
    assert school_year_words(1999) == "1999/00"


@pytest.mark.parametrize(
    ("born", "year"),
    [
        (date(2011, 8, 31), "11"),
        (date(2011, 9, 1), "10"),
        (date(2012, 2, 29), "10"),
        (date(2022, 8, 31), "R"),
        (date(2022, 9, 1), "N2"),
        (date(2024, 8, 1), "N1"),
        (date(2008, 9, 1), "13"),
        (date(2000, 1, 1), None),
        (date(2026, 1, 1), None),
    ],
)
def test_year_by_age(born: date, year: str | None) -> None:
    assert year_by_age(born, 2026) == year


def test_a_birthday_on_29_february() -> None:
    born = date(2012, 2, 29)
    assert [age_on(born, d) for d in (date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29), date(2026, 8, 31))] == [14, 15, 16, 14]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10", "10"),
        ("Year 10", "10"),
        ("Yr10", "10"),
        ("Y10", "10"),
        ("10.0", "10"),
        ("Year  10 ", "10"),
        ("NC Year 10", "10"),
        ("07", "7"),
        ("year seven", "7"),
        ("R", "R"),
        ("Reception", "R"),
        ("Year R", "R"),
        ("N2", "N2"),
        ("Year N2", "N2"),
        ("Nursery 1", "N1"),
        ("x", "X"),
        ("14", "14"),
    ],
)
def test_year_groups_as_people_write_them(text: str, code: str) -> None:
    found = parse_year_group(text)
    assert (found.code, found.sentence) == (code, None)
    assert code in YEARS
    assert year_words(code)


@pytest.mark.parametrize("text", ["7/8", "Mixed 9-10", "KS4", "15", "10R", "Key Stage 3", "0", "Nursery", "sixth form", "2012"])
def test_what_is_not_one_year_is_asked_about(text: str) -> None:
    found = parse_year_group(text)
    assert found.code is None
    assert found.sentence is not None
    assert text in found.sentence


@pytest.mark.parametrize("text", ["", "  ", None])
def test_a_blank_year_is_no_question(text: str | None) -> None:
    assert parse_year_group(text) == parse_year_group("")
    assert parse_year_group(text).code is None
    assert parse_year_group(text).sentence is None


@pytest.mark.parametrize(
    ("born", "day", "is_it"),
    [
        (date(2012, 5, 1), date(2026, 11, 24), True),
        (date(2021, 9, 1), date(2026, 12, 30), False),
        (date(2021, 9, 1), date(2026, 12, 31), True),
        (date(2021, 12, 31), date(2026, 12, 31), True),
        (date(2011, 8, 31), date(2027, 6, 25), True),
        (date(2011, 8, 31), date(2027, 6, 26), False),
        (date(2011, 9, 1), date(2028, 6, 30), True),
        (date(2012, 2, 29), date(2017, 3, 30), False),
        (date(2012, 2, 29), date(2017, 3, 31), True),
    ],
)
def test_compulsory_school_age(born: date, day: date, is_it: bool) -> None:
    assert of_compulsory_school_age(born, day) is is_it
