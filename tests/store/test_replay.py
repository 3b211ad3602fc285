"""Check finds what was written into the tables past the journal, or lost from them; and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approgress.domain.edits import Erase, Put, Title
from approgress.domain.records import Mark
from approgress.school.school import School, check
from tests.store.conftest import add_pupils, mark


def _busy(school: School) -> list[int]:
    pupils = add_pupils(school, 3)
    for p in pupils:
        school.do(Title.TAKE_REGISTER, [Put(mark(p))])
    school.do(Title.AMEND_MARK, [Put(replace(mark(pupils[0]), am=70), mark(pupils[0]), "seen the card")], grow=False)
    school.undo()
    school.redo()
    school.do(Title.TAKE_REGISTER, [Erase(mark(pupils[1]))], grow=False)
    school.do(Title.CHANGE_SETTING, [Put(replace(school.setting, register_minutes=20), school.setting)], grow=False)
    return pupils


def test_tables_that_follow_the_journal_agree(either: School) -> None:
    _busy(either)
    assert check(either) == []


@pytest.mark.parametrize(
    ("past", "kind"),
    [
        ("UPDATE mark SET am = 0 WHERE pupil_id = {0}", "mark"),
        ("UPDATE mark SET pm = 1 WHERE pupil_id = {2}", "mark"),
        ("DELETE FROM mark WHERE pupil_id = {2}", "mark"),
        ("INSERT INTO mark (pupil_id, setting_id, day, am) VALUES ({1}, 1, 9000, 0)", "mark"),
        ("UPDATE pupil SET sex = 'F' WHERE id = {0}", "pupil"),
        ("UPDATE setting SET register_minutes = 25", "setting"),
    ],
)
def test_what_went_past_the_journal_is_found(either: School, past: str, kind: str) -> None:
    pupils = _busy(either)
    with either.database.write() as c:
        c.exec_driver_sql(past.format(*pupils))
    (fault,) = check(either)
    assert f"“{kind}”" in fault and "journal" in fault


def test_marks_swapped_between_two_pupils_are_found(either: School) -> None:
    a, b, _ = add_pupils(either, 3)
    either.do(Title.TAKE_REGISTER, [Put(Mark(a, 1, mark(a).day, 0)), Put(Mark(b, 1, mark(b).day, 64))])
    with either.database.write() as c:
        c.exec_driver_sql(f"UPDATE mark SET am = 64 - am WHERE pupil_id IN ({a}, {b})")
    (fault,) = check(either)
    assert "2 pupils" in fault
