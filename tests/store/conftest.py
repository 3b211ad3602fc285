"""A small school to write in, on an encrypted file and on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.errors import Trouble
from approgress.domain.records import Mark, Name, Pupil
from approgress.school.school import School

PASS = "four short plain words"
DAY = date(2026, 9, 7)


def add_pupils(school: School, n: int = 3) -> list[int]:
    made: list[int] = []

    def act(ids: NewIds) -> Iterator[Put]:
        for i in range(n):
            p = ids.pupil()
            made.append(p)
            yield Put(Pupil(p, f"QXZ{i:03d}"))
            yield Put(Name(p, ids.other(), "legal", f"Forename{i}", f"Surname{i}"))

    school.do(Title.ADD_PUPIL, act)
    return made


def mark(pupil: int, am: int | None = 0, pm: int | None = None, day: date = DAY) -> Mark:
    return Mark(pupil, 1, day, am, pm)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made, _ = School.create(tmp_path / "school.approgress", "Trial Bridge School", passphrase=PASS, person="A. Teacher")
    yield made
    with suppress(Trouble):  # a test may have damaged, moved or closed it
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[School]:
    """A school on each kind of store."""
    if request.param == "sqlite":
        address: str | Path = tmp_path / "school.approgress"
    else:
        new_database: Callable[[], str] = request.getfixturevalue("postgres_url")
        address = new_database()
    made, _ = School.create(address, "Trial Bridge School", passphrase=PASS, person="A. Teacher")
    yield made
    made.close()
