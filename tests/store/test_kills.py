"""Killed at any moment: what was said to be saved is there, nothing is half there, and the journal is whole. Real kills, hundreds of times."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from approgress.domain.edits import Put, Title
from approgress.domain.records import Mark
from approgress.school.school import School, check
from approgress.store.database import open_file
from approgress.store.keys import KeyFile, key_path
from tests.store.conftest import DAY, PASS, add_pupils, mark

KILLS = 200
ROW = 15  # marks of one class in one act

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="real kills need fork; the store is the same on every system")


def reopened(path: Path, key: bytes) -> School:
    return School(open_file(path, key), KeyFile.read(key_path(path)), 1)


def write_until_killed(path: Path, key: bytes, pupils: list[int], first: int, said: int) -> None:
    school = reopened(path, key)
    if first % 3 == 0:
        school.seal()
    for i in range(first, first + 100_000):
        school.do(Title.TAKE_REGISTER, [Put(mark(p, i % 3, 1, DAY + timedelta(i))) for p in pupils], grow=i % 2 == 0)
        os.write(said, i.to_bytes(4, "big"))
        if i % 7 == 0:
            school.undo()
            school.redo()
        if i % 11 == 0:
            school.seal()


def test_hundreds_of_kills(tmp_path: Path) -> None:
    made, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS)
    pupils = add_pupils(made, ROW)
    assert made.path is not None and made.database.key is not None
    path, key = made.path, made.database.key
    made.close()
    chance = random.Random(20261124)
    acknowledged = -1
    hit = more = 0
    for turn in range(KILLS):
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(out)
            try:
                write_until_killed(path, key, pupils, acknowledged + 1, into)
            finally:
                os._exit(9)
        os.close(into)
        if turn % 4:
            # mostly not before a first act was acknowledged: on a busy machine nearly all would die at their start
            select.select([out], [], [], 30)
        time.sleep(chance.uniform(0.002, 0.09))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        hit += os.WIFSIGNALED(status)
        data = b""
        while part := os.read(out, 65536):
            data += part
        os.close(out)
        if data:
            acknowledged = int.from_bytes(data[len(data) - len(data) % 4 - 4 : len(data) - len(data) % 4], "big")
        school = reopened(path, key)
        days = [{m.day: m for m in school.read(lambda r, p=p: r.of_pupil(Mark, p))} for p in pupils]
        for d in days[1:]:
            assert {k: (m.am, m.pm) for k, m in d.items()} == {k: (m.am, m.pm) for k, m in days[0].items()}, f"kill {turn}: half an act"
        there = len(days[0])
        # an undo between two acknowledgements may have been the last thing done: then one day fewer stands
        assert there >= acknowledged, f"kill {turn}: {acknowledged + 1} acts were said to be saved, {there} are there"
        if there > acknowledged + 1:
            more += 1
        if there == acknowledged:
            school.redo()
        acknowledged = max(acknowledged, len(school.read(lambda r: r.of_pupil(Mark, pupils[0]))) - 1)
        if turn % 20 == 0 or turn == KILLS - 1:
            assert check(school) == []
        school.close()
    assert hit >= KILLS * 0.95
    assert acknowledged > 50
