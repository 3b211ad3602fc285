"""Attendance of the school: ranges of a calendar, sums and never means, small groups hidden, the chart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.attendance import Tally, group_tally
from approgress.domain.records import HalfTerm
from approgress.domain.school_attendance import (
    HALF_TERM,
    NOT_SHOWN,
    SINCE,
    TERM,
    WEEK,
    WHY_NOT_SHOWN,
    YEAR,
    EnrolmentSums,
    Range,
    SchoolAttendance,
    WeekSums,
    chart_of,
    compared,
    ranges_of,
    school_weeks_back,
    small_words,
    stretches_of,
)
from approgress.domain.school_year import Calendar

TERMS = (
    HalfTerm(1, 1, "Summer 2", date(2026, 6, 1), date(2026, 7, 17)),
    HalfTerm(2, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23)),
    HalfTerm(3, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(4, 1, "Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
)
CALENDAR = Calendar.of(TERMS)


def spans(day: date, calendar: Calendar = CALENDAR) -> dict[str, tuple[str, date | None, date]]:
    return {r.key: (r.name, r.first, r.last) for r in ranges_of(calendar, day)}


def test_ranges_of_a_day_in_term_reach_as_far_as_it_has_come() -> None:
    day = date(2026, 11, 24)
    found = spans(day)
    assert found[WEEK] == ("This week", date(2026, 11, 23), day)
    assert found[HALF_TERM] == ("This half-term", date(2026, 11, 2), day)
    assert found[TERM] == ("This term", date(2026, 9, 3), day)
    assert found[YEAR] == ("This year", date(2026, 9, 3), day)
    assert found[SINCE] == ("Since day 0", None, day)


def test_in_a_holiday_the_last_ones_are_named_as_such() -> None:
    october = spans(date(2026, 10, 28))
    assert october[WEEK] == ("Last school week", date(2026, 10, 19), date(2026, 10, 25))
    assert october[HALF_TERM] == ("Last half-term", date(2026, 9, 3), date(2026, 10, 23))
    assert october[TERM] == ("This term", date(2026, 9, 3), date(2026, 10, 28))
    august = spans(date(2026, 8, 20))
    assert august[TERM] == ("Last term", date(2026, 6, 1), date(2026, 7, 17))
    january = spans(date(2027, 1, 2))
    assert january[HALF_TERM] == ("Last half-term", date(2026, 11, 2), date(2026, 12, 18))


def test_without_a_calendar_there_are_weeks_years_and_day_0() -> None:
    assert list(spans(date(2026, 11, 24), Calendar())) == [WEEK, YEAR, SINCE]
    weeks = school_weeks_back(Calendar(), date(2026, 11, 24), 3)
    assert [w.first for w in weeks] == [date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 9)]


def test_weeks_to_tell_of_skip_holidays() -> None:
    weeks = school_weeks_back(CALENDAR, date(2026, 11, 4), 3)
    assert [w.first for w in weeks] == [date(2026, 11, 2), date(2026, 10, 19), date(2026, 10, 12)]


def test_a_groups_rate_is_the_sum_of_sessions_and_never_the_mean_of_percentages() -> None:
    """Trial 50: one pupil with four sessions, two with about a hundred; the mean of their percentages would be 51.7."""
    counts = ((4, 0, 0), (30, 40, 30), (24, 50, 22))
    lines = [EnrolmentSums(i, i, Tally.of_counts(*c)) for i, c in enumerate(counts)]
    seen = SchoolAttendance.of(Range(WEEK, "This week", date(2026, 11, 23), date(2026, 11, 24)), lines, ())
    total = seen.total.total
    assert (total.attended, total.possible, total.attendance_percent) == (58, 200, 29.0)
    assert seen.total.persistent_share.counts == "2 of 3"
    assert seen.total.severe_share.counts == "2 of 3"


def test_an_enrolment_without_a_possible_session_is_in_no_rate() -> None:
    seen = SchoolAttendance.of(Range(WEEK, "w", None, date(2026, 11, 24)), [EnrolmentSums(1, 1, Tally()), EnrolmentSums(2, 2, Tally.of_counts(8, 0, 2))], ())
    assert seen.total.enrolments == 1 and seen.total.without_sessions == 1
    assert seen.total.persistent_share.denominator == "1 of 1; 1 with no possible session"


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=40))
def test_weeks_joined_to_half_terms_keep_every_session(counts: list[tuple[int, int, int]]) -> None:
    weeks = [WeekSums(date(2026, 6, 1) + timedelta(weeks=i), Tally.of_counts(*c)) for i, c in enumerate(counts)]
    bars = stretches_of(weeks, CALENDAR)
    assert sum(b.tally.possible for b in bars) == sum(sum(c) for c in counts)
    assert sum(b.tally.attended for b in bars) == sum(c[0] for c in counts)
    assert len(bars) <= 14


def _group(people: int) -> tuple[str, int, object]:
    return f"of {people}", people, group_tally([Tally.of_counts(8, 1, 1)] * people)


def test_groups_of_fewer_than_ten_stand_without_figures_and_never_one_alone() -> None:
    rows = compared([_group(12), _group(9), _group(10), _group(30)])  # type: ignore[arg-type]
    assert [r.hidden for r in rows] == [False, True, True, False], "one alone could be had from the sum over all"
    rows = compared([_group(9), _group(4), _group(30)])  # type: ignore[arg-type]
    assert [r.hidden for r in rows] == [True, True, False]
    rows = compared([_group(10), _group(30)])  # type: ignore[arg-type]
    assert not any(r.hidden for r in rows)
    assert not any(r.hidden for r in compared([("nobody", 0, group_tally([]))]))


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [
        (0, 12, "0 of 12"),
        (1, 12, NOT_SHOWN),
        (4, 12, NOT_SHOWN),
        (5, 12, "5 of 12"),
        (8, 12, NOT_SHOWN),
        (12, 12, "12 of 12"),
    ],
)
def test_small_counts_are_said_as_such_also_of_those_left_over(count: int, of: int, words: str) -> None:
    assert small_words(count, of) == words
    assert NOT_SHOWN == "not shown: small number" and "under 5" in WHY_NOT_SHOWN


def test_the_chart_has_no_percentages_where_no_register_is_kept() -> None:
    weeks = [WeekSums(date(2026, 11, 2), Tally.of_counts(30, 5, 5)), WeekSums(date(2026, 11, 9), Tally())]
    seen = SchoolAttendance.of(Range(HALF_TERM, "This half-term", date(2026, 11, 2), date(2026, 11, 24)), [EnrolmentSums(1, 1, Tally.of_counts(30, 5, 5))], weeks)
    school = chart_of(seen, CALENDAR, who="Everyone", statutory=True)
    assert [b.top for b in school.bars] == ["75%", "none possible"] and school.bars[1].value is None
    assert school.text == "Everyone: 30 of 40 (75.0%) sessions attended, this half-term, 2 Nov to 24 Nov 2026."
    other = chart_of(seen, CALENDAR, who="Everyone", statutory=False)
    assert "%" not in "".join((other.text, other.subtitle, *(b.top for b in other.bars), *(c for r in other.table.rows for c in r)))
    nothing = SchoolAttendance.of(seen.range, [], [])
    assert chart_of(nothing, CALENDAR, who="Ash", statutory=True).empty
