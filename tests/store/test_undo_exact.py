"""Undo takes back what it says and nothing else: strokes and whole steps mixed, others in between, files of an older schema, copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approgress.domain.edits import Erase, Put, Title
from approgress.domain.errors import Changed, Refusal
from approgress.domain.records import (
    Mark,
    Moment,
    Partner,
    Placement,
    Pupil,
    Reading,
    StartingPoint,
    StartValue,
    Timetable,
    TimetableReview,
    TimetableStep,
)
from approgress.school.school import School, check, restore
from approgress.store.bodies import pack
from approgress.store.journal import Journal
from tests.store.conftest import DAY, PASS, add_pupils, mark


def marks(school: School) -> list[Mark]:
    return school.read(lambda r: r.every(Mark))


def test_a_redone_stroke_of_a_step_undone_as_a_whole_is_not_passed_over(either: School) -> None:
    (p,) = add_pupils(either, 1)
    first = either.do(Title.TAKE_REGISTER, [Put(mark(p))], grow=False).step
    second = either.do(Title.AMEND_MARK, [Put(mark(p, am=64), mark(p))], grow=False).step
    either.do(Title.AMEND_MARK, [Put(mark(p, day=DAY + timedelta(1)))])
    assert either.journal.newest() == second, "two strokes of one step"
    either.undo(second)
    either.redo()
    assert mark(p, am=64) in marks(either)
    with pytest.raises(Refusal, match="changed the mark"):
        either.undo(first)
    assert mark(p, am=64) in marks(either)
    assert check(either) == []


def test_a_stroke_undone_alone_is_not_undone_again_with_its_step(either: School) -> None:
    a, b, c = add_pupils(either, 3)
    for p in (a, b, c):
        step = either.do(Title.TAKE_REGISTER, [Put(mark(p))]).step
    either.undo()
    either.do(Title.AMEND_MARK, [Put(mark(c, am=64))])
    either.undo(step)
    assert marks(either) == [mark(c, am=64)]
    assert check(either) == []


def test_what_somebody_changed_before_a_redo_is_not_taken_with_the_whole_step(either: School) -> None:
    a, b = add_pupils(either, 2)
    for p in (a, b):
        step = either.do(Title.TAKE_REGISTER, [Put(mark(p))]).step
    either.undo()
    Journal(either.database, 77).do(Title.AMEND_MARK, [Put(mark(a, am=64), mark(a))])
    either.redo()
    with pytest.raises(Refusal, match="since"):
        either.undo(step)
    assert marks(either) == [mark(a, am=64), mark(b)]
    assert check(either) == []


_ACTS = st.one_of(
    st.tuples(st.integers(0, 2), st.sampled_from([0, 1, 64]), st.booleans()),
    st.sampled_from(["undo", "redo", "whole"]),
)


@given(acts=st.lists(_ACTS, min_size=3, max_size=14), which=st.integers(0, 30))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_taken_back_and_done_again_the_journal_leads_to_the_tables(school: School, acts: list[object], which: int) -> None:
    pupils = [x.id for x in school.read(lambda r: r.every(Pupil))] or add_pupils(school, 3)
    steps: list[int] = []
    for n, act in enumerate(acts):
        who = Journal(school.database, 77) if n % 5 == 4 else school.journal
        try:
            if isinstance(act, tuple):
                i, code, grow = act
                there = next((m for m in marks(school) if m.pupil_id == pupils[i]), None)
                done = who.do(Title.TAKE_REGISTER, [Put(replace(there or mark(pupils[i]), am=code), there)], grow=grow)
                steps += [done.step] if done.step is not None and who is school.journal else []
            elif act == "undo":
                who.undo()
            elif act == "redo":
                who.redo()
            elif steps:
                who.undo(steps[which % len(steps)])
        except (Refusal, Changed):
            continue
    assert check(school) == []


def test_an_undo_that_the_tables_do_not_agree_with_is_refused(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    with either.database.write() as c:
        c.exec_driver_sql(f"UPDATE mark SET am = 64 WHERE pupil_id = {p}")
    with pytest.raises(Refusal, match="not as it was left"):
        either.undo()
    assert marks(either) == [mark(p, am=64)]


def test_what_was_written_under_the_first_schema_is_taken_back_and_done_again(either: School) -> None:
    (p,) = add_pupils(either, 1)
    moment = Moment(p, 9001, DAY, "good", "helped", text="carried the chairs")
    step = either.do(Title.LOG_MOMENT, [Put(moment)], grow=False).step
    (view,) = either.history(last=1)
    (change,) = view.changes
    later = ("status", "privacy", "tell_home", "told_home_on", "severity", "helped", "lesson", "at", "joint")
    old = replace(change, fields={f: v for f, v in change.fields.items() if f not in later})
    with either.database.write() as c:
        c.exec_driver_sql(either.journal._q("UPDATE step SET changes = ? WHERE tick = ?"), (pack([old]), step))  # pyright: ignore[reportPrivateUsage]
    either.undo()
    assert either.read(lambda r: r.every(Moment)) == []
    either.redo()
    assert either.read(lambda r: r.every(Moment)) == [moment]
    assert check(either) == []


@pytest.mark.parametrize("way", ["refused", "nothing"])
def test_a_copy_becomes_a_desk_of_its_own_also_after_a_write_that_was_refused(school: School, tmp_path: Path, way: str) -> None:
    (p,) = add_pupils(school, 1)
    copy = tmp_path / "copy.approgress"
    restore(school.back_up(tmp_path / "b.backup").path, copy, PASS)
    with School.open(copy, PASS) as other:
        if way == "refused":
            with pytest.raises(Changed):
                other.do(Title.TAKE_REGISTER, [Put(mark(p, am=1), mark(p, am=64))])
        else:
            with pytest.raises(Refusal):
                other.redo()
        other.do(Title.TAKE_REGISTER, [Put(mark(p))])
        assert other.history(last=1)[0].desk != 0
    with School.open(copy, PASS) as again:
        again.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(1)))], grow=False)
        one, two = again.history(last=2)
        assert one.desk == two.desk, "and it becomes one only once"


def _timetable(p: int) -> tuple[list[Put], list[Put]]:
    return [Put(Timetable(p, 900, 1, "return", DAY)), Put(TimetableStep(p, 901, 900, DAY, 1, 1))], [Put(TimetableReview(p, 902, 900, DAY))]


def _reading(p: int) -> tuple[list[Put], list[Put]]:
    return (
        [Put(Reading(p, 910, DAY, "who5", "1998", "pupil", 40.0))],
        [Put(StartingPoint(p, 911, DAY)), Put(StartValue(p, 912, 911, "wellbeing", "WHO-5", reading_id=910))],
    )


def _commissioner(p: int) -> tuple[list[Put], list[Put]]:
    return [Put(Partner(920, "Northshire", "local_authority"))], [Put(Placement(p, 921, 1, "respite", "x", DAY, commissioner_id=920))]


@pytest.mark.parametrize("records", [_timetable, _reading, _commissioner])
def test_nothing_is_taken_back_that_a_later_record_points_at(either: School, records: Callable[[int], tuple[list[Put], list[Put]]]) -> None:
    (p,) = add_pupils(either, 1)
    pointed, pointing = records(p)
    first = either.do(Title.TIMETABLE, pointed, grow=False).step
    second = either.do(Title.STARTING_POINT, pointing, grow=False).step
    with pytest.raises(Refusal, match="still used"):
        either.undo(first)
    with pytest.raises(Refusal, match="still used"):
        either.do(Title.TIMETABLE, [Erase(pointed[0].record)], grow=False)
    either.undo(second)
    either.undo(first)
    assert check(either) == []
