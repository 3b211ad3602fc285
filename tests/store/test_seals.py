"""Seals: an altered value, an altered time, a missing step and a fork are each found; a whole journal is not accused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection

from approgress.domain.edits import Put, Title
from approgress.school.school import School, check
from approgress.store.bodies import Change, pack, unpack
from approgress.store.seals import STRETCH, make_seals
from tests.store.conftest import DAY, add_pupils, mark


def alter_value(c: Connection) -> None:
    tick, body = c.exec_driver_sql("SELECT tick, changes FROM step WHERE title = 7 ORDER BY tick LIMIT 1").one()
    changed = [Change(x.stroke, x.op, x.kind, x.key, {"am": (None, 32)}) for x in unpack(body)]
    c.exec_driver_sql("UPDATE step SET changes = ? WHERE tick = ?", (pack(changed), tick))


def alter_time(c: Connection) -> None:
    c.exec_driver_sql("UPDATE step SET at = at + 60 WHERE tick = 3")


def alter_person(c: Connection) -> None:
    c.exec_driver_sql("UPDATE step SET who = 2 WHERE tick = 3")


def drop_step(c: Connection) -> None:
    c.exec_driver_sql("DELETE FROM step WHERE tick = 3")


def add_step(c: Connection) -> None:
    c.exec_driver_sql("UPDATE step SET tick = 40 WHERE tick = 3")


def drop_all_steps(c: Connection) -> None:
    c.exec_driver_sql("DELETE FROM step")


def spoil_body(c: Connection) -> None:
    c.exec_driver_sql("UPDATE step SET changes = ? WHERE tick = 3", (b"\x00",))


@pytest.mark.parametrize("tamper", [alter_value, alter_time, alter_person, drop_step, add_step, drop_all_steps, spoil_body])
def test_tampering_is_found(school: School, tamper: Callable[[Connection], None]) -> None:
    (p,) = add_pupils(school, 1)
    for i in range(5):
        school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))], grow=False)
    school.seal()
    assert check(school) == []
    with school.database.write() as c:
        tamper(c)
    assert any("seal" in sentence for sentence in check(school))


def test_a_journal_that_was_never_sealed_and_is_gone_or_spoilt_is_found(school: School) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.TAKE_REGISTER, [Put(mark(p))], grow=False)
    with school.database.write() as c:
        spoil_body(c)
    assert check(school) == ["Step 3 of the journal is damaged: what it changed cannot be read."]
    with school.database.write() as c:
        drop_all_steps(c)
    assert check(school) == ["The journal is empty, though there is 1 pupil: its steps were lost."]


def test_a_body_written_anew_in_another_form_still_holds(school: School) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.IMPORT_MARKS, [Put(mark(p, day=DAY + timedelta(i))) for i in range(50)])
    school.seal()
    from approgress.store.bodies import Body

    with school.database.write() as c:
        for tick, body in c.exec_driver_sql("SELECT tick, changes FROM step").fetchall():
            again = Body(3)
            again.add(unpack(body))
            c.exec_driver_sql("UPDATE step SET changes = ? WHERE tick = ?", (again.bytes(), tick))
    assert check(school) == []


def test_stretches_and_what_they_touch(school: School) -> None:
    a, b = add_pupils(school, 2)
    for i in range(STRETCH + 20):
        school.do(Title.TAKE_REGISTER, [Put(mark(a, day=DAY + timedelta(i)))], grow=False)
    make_seals(school.database, 0)
    school.do(Title.TAKE_REGISTER, [Put(mark(b))])
    school.seal()
    with school.database.read() as c:
        assert [n for (n,) in c.exec_driver_sql("SELECT steps FROM seal ORDER BY tick")] == [STRETCH, 22, 1]
        assert c.exec_driver_sql("SELECT count(*) FROM touched WHERE pupil_id = ?", (b,)).scalar() == 2
    assert check(school) == []
    assert len(school.history(pupil=b)) == 2
