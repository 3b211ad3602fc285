"""Two windows on one school: each hears what the other wrote, and neither takes the other's passphrases away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Trouble, WrongPassphrase
from approgress.domain.records import Mark, Note, Person
from approgress.school.people import rename_slot, take_passphrase
from approgress.school.school import School, restore
from approgress.store.keys import KeyFile, key_path
from tests.store.conftest import DAY, PASS, add_pupils, mark


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[tuple[School, School]]:
    one, _ = School.create(tmp_path / "school.approgress", "S", passphrase=PASS, person="A. Teacher")
    with one, School.open(tmp_path / "school.approgress", PASS) as other:
        yield one, other


def test_what_the_other_wrote_is_heard_also_after_a_write_of_ones_own(windows: tuple[School, School]) -> None:
    one, other = windows
    (p,) = add_pupils(one, 1)
    assert not one.others_changes()
    assert "pupil" in other.others_changes().kinds
    other.do(Title.TAKE_REGISTER, [Put(mark(p))])
    one.do(Title.WRITE_NOTE, [Put(Note(p, 9001, DAY, "note", "x", 1))])
    assert one.others_changes().kinds >= {"mark"}
    assert not one.others_changes()


def test_a_step_of_the_other_that_grew_is_heard(windows: tuple[School, School]) -> None:
    one, other = windows
    a, b = add_pupils(one, 2)
    one.others_changes()
    other.do(Title.TAKE_REGISTER, [Put(mark(a))])
    assert one.others_changes().pupils == {a}
    other.do(Title.TAKE_REGISTER, [Put(mark(b))])
    assert b in one.others_changes().pupils


def test_ones_own_writes_are_not_told_as_anothers(windows: tuple[School, School]) -> None:
    one, _ = windows
    (p,) = add_pupils(one, 1)
    for i in range(3):
        one.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))])
    one.undo()
    one.seal()
    one.looked("export of all tables")
    assert not one.others_changes()


def test_what_is_kept_of_the_setting_is_read_again_when_the_other_changes_it(windows: tuple[School, School]) -> None:
    one, other = windows
    assert one.setting.register_minutes == 30
    other.do(Title.CHANGE_SETTING, [Put(replace(other.setting, register_minutes=20), other.setting)])
    one.do(Title.PEOPLE, [Put(Person(9001, "B. Teacher"))])
    one.others_changes()
    assert one.setting.register_minutes == 20


def test_what_reads_the_whole_school_is_made_again_when_a_step_grew(windows: tuple[School, School]) -> None:
    one, other = windows
    (p,) = add_pupils(one, 1)

    def count() -> int:
        return one.as_of_now("marks", lambda: len(one.read(lambda r: r.every(Mark))))

    for i, school in enumerate((one, one, other, other)):
        school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))])
        assert count() == i + 1


def test_a_passphrase_set_in_one_window_outlives_one_set_in_the_other(windows: tuple[School, School]) -> None:
    one, other = windows
    assert one.path is not None
    code = other.new_recovery_code()
    other.set_passphrase(2, "B. Teacher", "another good passphrase")
    one.set_passphrase(3, "C. Teacher", "a third good passphrase")
    for typed in (PASS, code, "another good passphrase", "a third good passphrase"):
        School.open(one.path, typed).close()
    take_passphrase(other, 2)
    rename_slot(one, 3, "C. Other")
    with pytest.raises(WrongPassphrase):
        School.open(one.path, "another good passphrase")
    assert KeyFile.read(key_path(one.path)).people == {"1": "A. Teacher", "3": "C. Other"}


def test_a_lost_key_file_is_written_again_and_another_schools_is_left_alone(windows: tuple[School, School], tmp_path: Path) -> None:
    one, _ = windows
    assert one.path is not None
    place = key_path(one.path)
    place.unlink()
    one.set_passphrase(2, "B. Teacher", "another good passphrase")
    School.open(one.path, PASS).close()
    foreign = KeyFile.new("0" * 16, "Another school")
    foreign.write(place)
    with pytest.raises(Trouble, match="belongs to another school"):
        one.set_passphrase(2, "B. Teacher", "yet another passphrase")
    assert KeyFile.read(place).school == "0" * 16


def test_a_restored_school_is_backed_up_beside_the_backups_of_what_it_was(windows: tuple[School, School], tmp_path: Path) -> None:
    one, _ = windows
    (p,) = add_pupils(one, 1)
    early = one.back_up(tmp_path / "early.backup").path
    for i in range(5):
        one.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))], grow=False)
    one.back_up()
    restore(early, tmp_path / "again.approgress", PASS)
    with School.open(tmp_path / "again.approgress", PASS, clock=lambda: one.now() + 60) as again:
        again.do(Title.TAKE_REGISTER, [Put(mark(p, am=64, day=date(2026, 9, 30)))], grow=False)
        assert again.back_up_if_changed() is not None
        assert again.back_up_if_changed() is None
