"""Undo and redo after the school was closed and opened again: by the same person, that day, wherever the file lies by then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Mark, Note, Person, Setting
from approgress.school.school import School, check, restore
from approgress.store.keys import key_path
from tests.store.conftest import DAY, PASS, add_pupils, mark

MORNING = datetime(2026, 9, 7, 8, 50)


class Clock:
    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Path:
    """A school with one pupil and three marks, typed one by one and so one step, closed."""
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS, person="A. Teacher", clock=clock)
    (p,) = add_pupils(school, 1)
    for i in range(3):
        school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))])
    school.set_passphrase(1, "A. Teacher", PASS)
    school.close()
    return tmp_path / "s.approgress"


def _marks(school: School) -> int:
    return len(school.read(lambda r: r.every(Mark)))


def test_undo_and_redo_go_on_where_they_were_left(made: Path, clock: Clock) -> None:
    with School.open(made, PASS, clock=clock) as school:
        assert school.journal.can_undo() == (Title.TAKE_REGISTER, None)
        school.undo()
        school.undo()
        assert _marks(school) == 1
    clock.at += timedelta(hours=3)
    with School.open(made, PASS, clock=clock) as school:
        assert school.journal.can_undo() == (Title.TAKE_REGISTER, Title.TAKE_REGISTER)
        school.redo()
        school.redo()
        assert _marks(school) == 3
        with pytest.raises(Refusal, match="nothing to do again"):
            school.redo()
    with School.open(made, PASS, clock=clock) as school:
        for left in (2, 1, 0):
            school.undo()
            assert _marks(school) == left
        assert check(school) == []


def test_on_another_day_nothing_is_taken_back_unseen_but_by_number_it_is(made: Path, clock: Clock) -> None:
    clock.at += timedelta(days=1)
    with School.open(made, PASS, clock=clock) as school:
        assert school.journal.can_undo() == (None, None)
        with pytest.raises(Refusal, match="older than today"):
            school.undo()
        assert _marks(school) == 3
        school.undo(3)
        assert _marks(school) == 0
        assert school.journal.can_undo() == (None, Title.TAKE_REGISTER), "what was taken back today may be done again today"
        school.redo()
        assert _marks(school) == 3


def test_midnight_does_not_divide_a_sitting(made: Path, clock: Clock) -> None:
    clock.at = datetime(2026, 9, 8, 23, 58)
    with School.open(made, PASS, clock=clock) as school:
        (p,) = {m.pupil_id for m in school.read(lambda r: r.every(Mark))}
        school.do(Title.WRITE_NOTE, [Put(Note(p, 9001, DAY, "note", "late at night", 1))])
        clock.at += timedelta(minutes=10)
        assert school.journal.can_undo() == (Title.WRITE_NOTE, None)
        school.undo()
        assert school.read(lambda r: r.every(Note)) == []
        assert school.journal.can_undo()[0] is None, "the marks are of the day before that"


def test_a_clock_set_back_loses_no_undo(made: Path, clock: Clock) -> None:
    clock.at -= timedelta(days=2)
    with School.open(made, PASS, clock=clock) as school:
        school.undo()
        assert _marks(school) == 2


@pytest.mark.parametrize("way", ["moved", "copied", "restored"])
def test_a_file_that_became_another_desk_keeps_its_undo(made: Path, clock: Clock, tmp_path: Path, way: str) -> None:
    elsewhere = tmp_path / "elsewhere" / "s.approgress"
    elsewhere.parent.mkdir()
    if way == "restored":
        with School.open(made, PASS, clock=clock) as school:
            backup = school.back_up(tmp_path / "b.backup").path
        restore(backup, elsewhere, PASS)
    else:
        shutil.copy(made, elsewhere)
        shutil.copy(key_path(made), key_path(elsewhere))
        if way == "moved":
            made.unlink()
            key_path(made).unlink()
    with School.open(elsewhere, PASS, clock=clock) as school:
        assert school.journal.can_undo() == (Title.TAKE_REGISTER, None)
        school.undo()
        assert _marks(school) == 2
        steps = school.history(last=2)
        assert steps[0].desk != steps[1].desk, "it is another desk now"
        school.undo()
        school.redo()
    with School.open(elsewhere, PASS, clock=clock) as school:
        assert _marks(school) == 2
        school.redo()
        assert _marks(school) == 3
        for left in (2, 1, 0):
            school.undo()
            assert _marks(school) == left
        assert check(school) == []


def test_nobody_finds_another_persons_steps_after_opening(made: Path, clock: Clock) -> None:
    with School.open(made, PASS, clock=clock) as school:
        school.do(Title.PEOPLE, [Put(Person(77, "B. Other", "teacher"))])
        school.set_passphrase(77, "B. Other", "another four plain words")
    with School.open(made, "another four plain words", "77", clock=clock) as school:
        assert school.viewer.person_id == 77
        assert school.journal.can_undo() == (None, None)


def test_the_school_itself_is_never_taken_back(tmp_path: Path) -> None:
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS)
    with school:
        assert school.journal.can_undo() == (None, None)
        add_pupils(school, 1)
        school.undo()
        with pytest.raises(Refusal, match="nothing to take back"):
            school.undo()
        assert len(school.read(lambda r: r.every(Setting))) == 1


@pytest.mark.parametrize("text", [lambda n: f"short {n}", lambda n: "".join(chr(0x4E00 + (i * 7919 + n) % 20000) for i in range(9000))])
def test_a_long_note_is_taken_back_before_the_short_one_that_it_followed(tmp_path: Path, text: Callable[[int], str]) -> None:
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS)
    with school:
        (p,) = add_pupils(school, 1)
        school.do(Title.WRITE_NOTE, [Put(Note(p, 9001, DAY, "note", "first", 1))])
        school.do(Title.WRITE_NOTE, [Put(Note(p, 9002, DAY, "note", text(1), 1))])
        assert len(school.history(last=1)[0].changes) == 2, "one step of two strokes"
        school.undo()
        assert [n.id for n in school.read(lambda r: r.every(Note))] == [9001]
        school.undo()
        assert school.read(lambda r: r.every(Note)) == []
        school.redo()
        school.redo()
        assert len(school.read(lambda r: r.every(Note))) == 2


def test_fifty_steps_back_and_forth_over_two_openings(tmp_path: Path, clock: Clock) -> None:
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS, clock=clock)
    (p,) = add_pupils(school, 1)
    for i in range(60):
        clock.at += timedelta(minutes=1)
        school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))])
    school.close()
    with School.open(tmp_path / "s.approgress", PASS, clock=clock) as again:
        for _ in range(50):
            again.undo()
        assert _marks(again) == 10
    with School.open(tmp_path / "s.approgress", PASS, clock=clock) as again:
        for _ in range(50):
            again.redo()
        assert _marks(again) == 60
        assert check(again) == []
