"""The demonstration school for tests: made once a run and only looked at, or a fresh copy of it, opened, that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from approgress.school.demonstration import make_demonstration
from approgress.school.school import School
from approgress.store import desk
from approgress.store.keys import key_path


@dataclass(frozen=True, slots=True)
class Made:
    """Where the school of this run lies, and what a copy needs to pass for it: the school's id and the file's mark."""

    path: Path
    school_id: str
    mark: str


@pytest.fixture(scope="session")
def made_demonstration(data_root: Path) -> Made:
    """The demonstration school (64 on roll, 120 left, three years), made once and closed. Nobody writes in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPROGRESS_DATA_DIR", str(data_root / "session"))
        with make_demonstration(data_root / "demonstration" / "demonstration.approgress") as school, school.database.read() as c:
            assert school.path is not None
            made = Made(school.path, school.school_id, school.journal.about(c, "mark") or "")
    return made


@pytest.fixture(scope="session")
def demo_school_path(made_demonstration: Made) -> Path:
    """The file of the demonstration school, to be opened and not written in."""
    return made_demonstration.path


@pytest.fixture
def demo_school(made_demonstration: Made, tmp_path: Path) -> Iterator[School]:
    """A fresh copy of the demonstration school, opened as T. Mbeki; it writes as the file that it was copied from would."""
    copy = tmp_path / "demonstration.approgress"
    shutil.copy(made_demonstration.path, copy)
    shutil.copy(key_path(made_demonstration.path), key_path(copy))
    # noted as this machine's own file, or its first step would make it a new desk with ids drawn by lot
    desk.found_desk(made_demonstration.school_id, copy, made_demonstration.mark)
    with School.open(copy) as school:
        yield school
