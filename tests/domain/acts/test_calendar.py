"""The day of the school and its groups: what is refused, in which field, and what is written; days and sessions of a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.acts import calendar as acts
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, Group, GroupMember, HalfTerm, LessonTime, Setting
from approgress.domain.school_year import Calendar, newly_closed, year_counts

HELD = Setting(1, "Hawthorn Centre", am_starts=530, pm_starts=760)
DAY = date(2026, 11, 18)  # a Wednesday
GROUPS = {5: Group(5, 1, "Ash"), 6: Group(6, 1, "Birch"), 7: Group(7, 1, "Old", date(2025, 9, 1), date(2026, 7, 17))}
SPANS = [(date(2026, 9, 7), None)]


@pytest.fixture
def ids() -> NewIds:
    return new_ids()


def new_ids() -> NewIds:
    numbers = count(100)
    return NewIds(lambda _kind: next(numbers))


def refused(act: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def day(**changes: Any) -> list[Edit]:
    wanted: dict[str, Any] = {"am_starts": 530, "pm_starts": 760, "register_minutes": 30, "alert_sessions": 2, "certificates": False} | changes
    return acts.set_day(HELD, **wanted)


def test_the_day_is_mended_and_the_same_is_no_edit() -> None:
    assert day() == []
    (edit,) = day(am_starts=540, register_minutes=20, alert_sessions=3, certificates=True)
    assert isinstance(edit, Put)
    changed = edit.record
    assert (changed.am_starts, changed.register_minutes, changed.alert_sessions, changed.certificates) == (540, 20, 3, True)
    assert day(am_starts=None, pm_starts=None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"register_minutes": 31}, "register_minutes"),
        ({"register_minutes": 0}, "register_minutes"),
        ({"register_minutes": None}, "register_minutes"),
        ({"alert_sessions": 0}, "alert_sessions"),
        ({"alert_sessions": 21}, "alert_sessions"),
        ({"am_starts": 720}, "am_starts"),
        ({"pm_starts": 500}, "pm_starts"),
        ({"am_starts": 700, "pm_starts": 720}, "pm_starts"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert refused(lambda: day(**changes)).field == field


def test_lesson_times_are_added_changed_and_taken_out(ids: NewIds) -> None:
    held = [LessonTime(1, 1, 0, 530, 570), LessonTime(2, 1, 4, 800, 840), LessonTime(3, 2, 0, 1, 2)]
    edits = acts.set_lesson_times(ids, HELD, 4, [(540, 580), (580, 620), (None, None), (640, 700)], held)
    assert edits[0] == Put(Setting(1, "Hawthorn Centre", am_starts=530, pm_starts=760, lessons=4), HELD)
    assert edits[1] == Put(LessonTime(1, 1, 0, 540, 580), held[0])
    assert [e.record for e in edits if isinstance(e, Put)][2:] == [LessonTime(100, 1, 1, 580, 620), LessonTime(101, 1, 3, 640, 700)]
    assert [e for e in edits if isinstance(e, Erase)] == [Erase(held[1])], "of another setting nothing is touched"
    assert acts.set_lesson_times(ids, HELD, 5, [(530, 570), (None, None), (None, None), (None, None), (800, 840)], held) == []


@pytest.mark.parametrize(
    ("lessons", "wanted", "field"),
    [
        (0, [], "lessons"),
        (9, [], "lessons"),
        (None, [], "lessons"),
        (2, [(530, 570), (560, 600)], "starts 1"),
        (2, [(530, None)], "ends 0"),
        (2, [(None, 530)], "starts 0"),
        (1, [(530, 530)], "ends 0"),
    ],
)
def test_lessons_that_cannot_be_are_refused(ids: NewIds, lessons: float | None, wanted: list[Any], field: str) -> None:
    assert refused(lambda: acts.set_lesson_times(ids, HELD, lessons, wanted, [])).field == field


def move(out_of: int | None, into: int | None, on: date | None, memberships: list[GroupMember]) -> list[Edit]:
    return acts.move_member(new_ids(), 1, out_of, into, on, memberships=memberships, groups=GROUPS, spans=SPANS)


def test_a_pupil_moves_in_mid_week_and_the_day_before_stays_the_last_one() -> None:
    m = GroupMember(1, 9, 5, date(2026, 9, 7))
    assert move(5, 6, DAY, [m]) == [
        Put(GroupMember(1, 9, 5, date(2026, 9, 7), date(2026, 11, 17), typed=True), m),
        Put(GroupMember(1, 100, 6, DAY, None, typed=True)),
    ]


def test_leaving_joining_and_a_move_on_the_first_day() -> None:
    m = GroupMember(1, 9, 5, DAY)
    assert move(5, 6, DAY, [m])[0] == Erase(m), "nobody was in it for no day"
    since = GroupMember(1, 9, 5)
    assert move(5, None, DAY, [since]) == [Put(GroupMember(1, 9, 5, None, date(2026, 11, 17), typed=True), since)]
    assert move(None, 6, DAY, []) == [Put(GroupMember(1, 100, 6, DAY, typed=True))]
    until = GroupMember(1, 9, 5, None, date(2026, 12, 18))
    assert move(5, 6, DAY, [until])[1] == Put(GroupMember(1, 100, 6, DAY, date(2026, 12, 18), typed=True)), "what was planned to end still ends"


@pytest.mark.parametrize(
    ("out_of", "into", "on", "memberships", "field"),
    [
        (5, 6, None, [GroupMember(1, 9, 5)], "day"),
        (5, 5, DAY, [GroupMember(1, 9, 5)], "into"),
        (5, 6, date(2026, 9, 1), [GroupMember(1, 9, 5)], "day"),
        (5, 6, DAY, [GroupMember(1, 9, 5, None, date(2026, 11, 10))], "day"),
        (5, 7, DAY, [GroupMember(1, 9, 5)], "day"),
        (5, 99, DAY, [GroupMember(1, 9, 5)], "into"),
        (5, 6, DAY, [GroupMember(1, 9, 5), GroupMember(1, 10, 6, date(2026, 12, 1))], "into"),
    ],
)
def test_a_move_that_cannot_be_is_refused(out_of: int, into: int, on: date | None, memberships: list[GroupMember], field: str) -> None:
    assert refused(lambda: move(out_of, into, on, memberships)).field == field


@given(st.lists(st.tuples(st.sampled_from([None, 5, 6]), st.integers(0, 200)), min_size=1, max_size=8))
def test_after_any_moves_a_pupil_is_in_one_group_at_most_on_each_day(moves: list[tuple[int | None, int]]) -> None:
    rows: dict[int, GroupMember] = {}
    ids = new_ids()
    for into, n in sorted(moves, key=lambda m: m[1]):
        on = SPANS[0][0] + timedelta(days=n)
        now = next((m.group_id for m in rows.values() if (m.first_day or date.min) <= on <= (m.last_day or date.max)), None)
        try:
            edits = acts.move_member(ids, 1, now, into, on, memberships=list(rows.values()), groups=GROUPS, spans=SPANS)
        except Refusal:
            continue
        for e in edits:
            if isinstance(e, Erase):
                del rows[e.seen.id]
            else:
                rows[e.record.id] = e.record
    for n in range(210):
        on = SPANS[0][0] + timedelta(days=n)
        assert sum((m.first_day or date.min) <= on <= (m.last_day or date.max) for m in rows.values()) <= 1


TERMS = [HalfTerm(1, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23)), HalfTerm(2, 1, "Summer 1", date(2027, 4, 12), date(2027, 5, 28))]
HOLIDAYS = {date(2026, 12, 25): "Christmas Day", date(2027, 5, 3): "May Day (observed)", date(2027, 5, 31): "Spring Bank Holiday"}


def test_bank_holidays_are_proposed_where_they_are_missing_and_never_twice(ids: NewIds) -> None:
    missing = acts.missing_bank_holidays(HOLIDAYS, TERMS, [])
    assert missing == {date(2027, 5, 3): "May Day"}
    assert acts.put_bank_holidays(ids, 1, missing) == [Put(Closure(100, 1, date(2027, 5, 3), date(2027, 5, 3), "bank_holiday", "May Day"))]
    mended = [Closure(1, 1, date(2027, 5, 3), date(2027, 5, 4), "other", "May Day and a day more")]
    assert acts.missing_bank_holidays(HOLIDAYS, TERMS, mended) == {}


def test_a_year_in_numbers_counts_each_closed_day_once() -> None:
    closures = [
        Closure(1, 1, date(2026, 9, 3), date(2026, 9, 4), "inset", "INSET"),
        Closure(2, 1, date(2026, 9, 4), date(2026, 9, 7), "other", "Boiler"),  # a Friday that is closed already, a weekend, a Monday
        Closure(3, 1, date(2027, 5, 3), date(2027, 5, 3), "bank_holiday", "May Day"),
        Closure(4, 1, date(2026, 12, 25), date(2026, 12, 25), "bank_holiday", "in a holiday"),
    ]
    (year,) = year_counts(Calendar.of(TERMS, closures))
    assert (year.school_year, year.closed) == (2026, {"inset": 2, "other": 1, "bank_holiday": 1})
    assert (year.days, year.sessions) == (37 + 35 - 4, 136)
    assert year_counts(Calendar()) == ()


def test_days_that_a_change_closes() -> None:
    before = Calendar.of(TERMS)
    after = Calendar.of(TERMS[:1], [Closure(1, 1, date(2026, 9, 3), date(2026, 9, 4), "inset", "INSET")])
    closed = newly_closed(before, after)
    assert closed[:2] == (date(2026, 9, 3), date(2026, 9, 4)) and len(closed) == 2 + 35
    assert newly_closed(after, before) == () and newly_closed(Calendar(), after) == ()
