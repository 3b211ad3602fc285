"""Acts of the setting: what is refused, in which field, and what is returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.acts import setting as acts
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, Group, GroupTeacher, HalfTerm, InstrumentFile, Person, Setting, StrandMeasure
from approgress.store.catalogue import instruments

TODAY = date(2026, 11, 24)
TERM = HalfTerm(5, 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18))
HEAD, TEACHER = Person(1, "R. Sand", "head"), Person(2, "T. Mbeki", "teacher", "Teacher, Ash")


@pytest.fixture
def ids() -> NewIds:
    numbers = count(100)
    return NewIds(lambda _kind: next(numbers))


def refused(act: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        list(act())
    return caught.value


def change(**changes: Any) -> list[Edit]:
    held = Setting(1, "Trial Bridge School")
    wanted: dict[str, Any] = {
        "name": held.name, "sort": held.sort, "la": None, "estab": None, "urn": None, "lessons": 5, "starting_point_days": 28, "legal_names_on_registers": True,
    } | changes  # fmt: skip
    return acts.change_setting(held, **wanted)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"sort": "shop"}, "sort"),
        ({"la": "99"}, "la"),
        ({"la": "９９９９"}, "la"),
        ({"estab": "11000"}, "estab"),
        ({"urn": "12345"}, "urn"),
        ({"lessons": 0}, "lessons"),
        ({"lessons": 9}, "lessons"),
        ({"lessons": None}, "lessons"),
        ({"starting_point_days": 6}, "starting_point_days"),
        ({"starting_point_days": 121}, "starting_point_days"),
    ],
)
def test_details_are_refused_at_their_field(changes: dict[str, Any], field: str) -> None:
    assert refused(lambda: change(**changes)).field == field


def test_details_that_did_not_change_are_no_edit_and_others_are_one() -> None:
    assert change() == []
    (edit,) = change(name=" Trial  Bridge ", la="999", estab="1100", urn="123456", lessons=8, starting_point_days=7)
    assert isinstance(edit, Put) and edit.record == Setting(1, "Trial Bridge", la="999", estab="1100", urn="123456", lessons=8, starting_point_days=7)


@pytest.mark.parametrize(
    ("name", "first", "last", "field"),
    [
        ("", date(2027, 1, 5), date(2027, 2, 12), "name"),
        ("Spring 1", None, date(2027, 2, 12), "first_day"),
        ("Spring 1", date(2027, 1, 5), None, "last_day"),
        ("Spring 1", date(2027, 2, 12), date(2027, 1, 5), "last_day"),
        ("Spring 1", date(2027, 1, 5), date(2027, 4, 5), "last_day"),
        ("Spring 1", date(2026, 12, 18), date(2027, 2, 12), "first_day"),
        ("Autumn 1", date(2026, 9, 3), date(2026, 11, 3), "last_day"),
    ],
)
def test_half_terms_are_refused_at_their_field(ids: NewIds, name: str, first: date | None, last: date | None, field: str) -> None:
    assert refused(lambda: acts.put_half_term(ids, 1, name, first, last, others=[TERM])).field == field


def test_a_half_term_may_be_moved_over_its_own_old_days(ids: NewIds) -> None:
    (edit,) = acts.put_half_term(ids, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 17), others=[TERM], held=TERM)
    assert isinstance(edit, Put) and edit.seen == TERM and edit.record.id == TERM.id
    assert acts.put_half_term(ids, 1, TERM.name, TERM.first_day, TERM.last_day, others=[TERM], held=TERM) == []


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 80), st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 80))
def test_two_half_terms_never_share_a_day(a: date, a_days: int, b: date, b_days: int) -> None:
    one = HalfTerm(1, 1, "One", a, a + timedelta(days=a_days))
    last = b + timedelta(days=b_days)
    shares = any(one.first_day <= b + timedelta(days=i) <= one.last_day for i in range(b_days + 1))
    try:
        acts.check_half_term("Two", b, last, [one])
    except Refusal:
        assert shares
    else:
        assert not shares


@pytest.mark.parametrize(
    ("sort", "first", "last", "field"),
    [
        ("holiday", date(2026, 11, 9), None, "sort"),
        ("inset", None, None, "first_day"),
        ("inset", date(2026, 11, 9), date(2026, 11, 6), "last_day"),
        ("inset", date(2026, 12, 25), None, "first_day"),
    ],
)
def test_closed_days_are_refused_at_their_field(ids: NewIds, sort: str, first: date | None, last: date | None, field: str) -> None:
    assert refused(lambda: acts.put_closure(ids, 1, sort, "", first, last, half_terms=[TERM])).field == field


def test_closed_days_of_one_day_take_the_name_of_their_kind(ids: NewIds) -> None:
    (edit,) = acts.put_closure(ids, 1, "inset", " ", date(2026, 11, 9), None, half_terms=[TERM])
    assert isinstance(edit, Put) and edit.record == Closure(100, 1, date(2026, 11, 9), date(2026, 11, 9), "inset", "INSET day")


def test_groups(ids: NewIds) -> None:
    ash = Group(7, 1, "Ash")
    ended = Group(8, 1, "Birch", None, date(2026, 7, 1))
    assert refused(lambda: acts.put_group(ids, 1, " ", others=[ash], today=TODAY)).field == "name"
    assert refused(lambda: acts.put_group(ids, 1, "ASH", others=[ash], today=TODAY)).field == "name"
    assert refused(lambda: acts.put_group(ids, 1, "A" * 25, others=[], today=TODAY)).field == "name"
    (edit,) = acts.put_group(ids, 1, "Birch", others=[ash, ended], today=TODAY)
    assert isinstance(edit, Put) and edit.record.name == "Birch", "a name may come back after its group ended"
    held = replace(ash, first_day=date(2026, 9, 1))
    assert refused(lambda: acts.put_group(ids, 1, "Ash", others=[held], today=TODAY, held=held, last_day=date(2026, 8, 1))).field == "last_day"


def test_teachers_change_from_today_and_the_past_stays(ids: NewIds) -> None:
    before = GroupTeacher(9, 7, 2, date(2026, 9, 1))
    today_only = GroupTeacher(10, 7, 3, TODAY)
    edits = acts.set_teachers(ids, 7, [4], [before, today_only, GroupTeacher(11, 8, 2)], today=TODAY)
    assert edits == [Put(replace(before, last_day=TODAY - timedelta(days=1)), before), Erase(today_only), Put(GroupTeacher(100, 7, 4, TODAY))]
    assert acts.set_teachers(ids, 7, [2, 3], [before, today_only], today=TODAY) == []


def test_people_are_told_apart_and_one_head_stays(ids: NewIds) -> None:
    everybody = [HEAD, TEACHER]
    assert refused(lambda: acts.put_person(ids, "t. mbeki", "teacher", None, others=everybody, today=TODAY)).field == "name"
    assert refused(lambda: acts.put_person(ids, "", "teacher", None, others=everybody, today=TODAY)).field == "name"
    assert refused(lambda: acts.put_person(ids, "A. New", "boss", None, others=everybody, today=TODAY)).field == "role"
    assert refused(lambda: acts.put_person(ids, HEAD.name, "teacher", None, others=everybody, today=TODAY, held=HEAD)).field == "role"
    assert "the only one" in refused(lambda: acts.leave_staff(HEAD, TODAY, others=everybody, teaching=[], today=TODAY)).sentence
    second = Person(3, "A. Second", "head")
    assert acts.leave_staff(HEAD, TODAY, others=[*everybody, second], teaching=[], today=TODAY) == [Put(replace(HEAD, last_day=TODAY), HEAD)]
    (edit,) = acts.put_person(ids, " A.  New ", "teacher", " ", others=everybody, today=TODAY)
    assert isinstance(edit, Put) and edit.record == Person(100, "A. New", "teacher", None, TODAY)


def test_who_leaves_leaves_their_groups_that_day() -> None:
    now, later = GroupTeacher(9, 7, 2, date(2026, 9, 1)), GroupTeacher(10, 8, 2, date(2027, 1, 5))
    edits = acts.leave_staff(TEACHER, TODAY, others=[HEAD, TEACHER], teaching=[now, later, GroupTeacher(11, 7, 1)], today=TODAY)
    assert edits == [Put(replace(TEACHER, last_day=TODAY), TEACHER), Put(replace(now, last_day=TODAY), now), Erase(later)]
    assert refused(lambda: acts.leave_staff(TEACHER, None, others=[], teaching=[], today=TODAY)).field == "last_day"


def test_a_primary_measure_is_one_of_the_strand_in_its_scale_and_respondent(ids: NewIds) -> None:
    who5 = acts.PrimaryMeasure("who5", "pupil", "total")
    (edit,) = acts.set_primary_measure(ids, 1, "wellbeing", who5, held=None, instruments=instruments())
    assert isinstance(edit, Put) and edit.record == StrandMeasure(100, 1, "wellbeing", "who5", "pupil", "total")
    held = edit.record
    assert acts.set_primary_measure(ids, 1, "wellbeing", who5, held=held, instruments=instruments()) == []
    assert acts.set_primary_measure(ids, 1, "wellbeing", None, held=held, instruments=instruments()) == [Erase(held)]
    assert acts.set_primary_measure(ids, 1, "wellbeing", None, held=None, instruments=instruments()) == []
    for strand, wrong in (("learning", who5), ("wellbeing", replace(who5, respondent="teacher")), ("wellbeing", replace(who5, scale="x")), ("wellbeing", replace(who5, instrument="x"))):
        assert refused(lambda s=strand, w=wrong: acts.set_primary_measure(ids, 1, s, w, held=None, instruments=instruments())).field == strand
    assert refused(lambda: acts.set_primary_measure(ids, 1, "luck", who5, held=None, instruments=instruments())).field == "strand"


def test_an_instrument_goes_out_of_use_and_comes_back(ids: NewIds) -> None:
    who5 = next(i for i in instruments() if i.id == "who5")
    (edit,) = acts.use_instrument(ids, who5, "text", False, held=None)
    assert isinstance(edit, Put)
    held = edit.record
    assert held == InstrumentFile(100, "who5", who5.edition, "text", False)
    assert acts.use_instrument(ids, who5, "", False, held=held) == []
    assert acts.use_instrument(ids, who5, "", True, held=held) == [Put(replace(held, enabled=True), held)]
