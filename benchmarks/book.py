"""The book that the store's benchmarks ask: a small school (120 pupils, five years), written by the product and, compact, by plain SQLite."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from approgress.domain.days import to_number
from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Enrolment, Group, GroupMember, HalfTerm, LessonScore, Mark, Name, Pupil, Reading
from approgress.school.school import School

PUPILS, YEARS, LESSONS = 120, 5, 5
PASS = "a passphrase for benchmarks"
_AM = [0] * 12 + [2, 35, 36, 65, 65, 96]
_PM = [1] * 12 + [1, 35, 36, 65, 65, 96]


def school_days() -> list[date]:
    """190 school days a year, five years, to the summer of 2026."""
    out: list[date] = []
    for year in range(2021, 2021 + YEARS):
        day, n = date(year, 9, 6), 0
        while n < 190:
            if day.weekday() < 5 and not (day.month == 12 and day.day > 18) and day.month != 8:
                out.append(day)
                n += 1
            day += timedelta(1)
    return out


@dataclass
class Book:
    """Both files in a folder: the product's and the compact one."""

    folder: Path

    @cached_property
    def days(self) -> list[date]:
        """All school days."""
        return school_days()

    def marks(self, pupil: int) -> Iterator[tuple[int, int, int]]:
        """(day, am, pm) of a pupil."""
        chance = random.Random(pupil)
        for day in self.days:
            i = chance.randrange(len(_AM))
            yield to_number(day), _AM[i], _PM[i]

    def scores(self, pupil: int) -> Iterator[tuple[int, int]]:
        """(slot, score) of a pupil: five lessons on each day."""
        chance = random.Random(-pupil)
        for day in self.days:
            base = to_number(day) * 8
            for lesson in range(LESSONS):
                yield base + lesson, chance.choice((1, 2, 3, 3, 4, 4, 5))

    def readings(self, pupil: int) -> Iterator[tuple[int, int]]:
        """(day, WHO-5 score) of a pupil: one each six weeks."""
        chance = random.Random(pupil * 7)
        for i, day in enumerate(self.days[::30]):
            yield to_number(day), 4 * min(25, max(0, 8 + i // 3 + chance.randrange(-3, 4)))

    @cached_property
    def compact(self) -> Path:
        """The compact file by plain SQLite: marks, scores and readings clustered by pupil, nothing else."""
        path = self.folder / "compact.db"
        c = sqlite3.connect(path)
        c.execute("PRAGMA journal_mode = WAL")
        c.execute("PRAGMA synchronous = FULL")
        c.execute("CREATE TABLE mark (p INTEGER, d INTEGER, am INTEGER, pm INTEGER, PRIMARY KEY (p, d)) WITHOUT ROWID")
        c.execute("CREATE TABLE score (p INTEGER, slot INTEGER, s INTEGER, PRIMARY KEY (p, slot)) WITHOUT ROWID")
        c.execute(
            "CREATE TABLE reading (p INTEGER, d INTEGER, i INTEGER, total INTEGER, answers BLOB, PRIMARY KEY (p, d, i)) WITHOUT ROWID"
        )
        with c:
            for p in range(1, PUPILS + 1):
                c.executemany("INSERT INTO mark VALUES (?, ?, ?, ?)", ((p, d, a, b) for d, a, b in self.marks(p)))
                c.executemany("INSERT INTO score VALUES (?, ?, ?)", ((p, slot, s) for slot, s in self.scores(p)))
                c.executemany("INSERT INTO reading VALUES (?, ?, 1, ?, ?)", ((p, d, v, bytes(5)) for d, v in self.readings(p)))
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        c.close()
        return path

    def edits(self, ids: NewIds) -> Iterator[Put]:
        """The book as edits, pupil by pupil."""
        from approgress.domain.days import to_date

        yield Put(HalfTerm(ids.other(), 1, "Autumn 1", date(2025, 9, 1), date(2025, 10, 24)))
        yield Put(HalfTerm(ids.other(), 1, "Summer 2", date(2026, 6, 8), date(2026, 7, 22)))
        group = ids.other()
        yield Put(Group(group, 1, "Ash"))
        for n in range(1, PUPILS + 1):
            p = ids.pupil()
            if 30 <= n < 45:
                yield Put(GroupMember(p, ids.other(), group))
            yield Put(Pupil(p, f"BBB{n:03d}", date(2011, 1, 1) + timedelta(n)))
            yield Put(Name(p, ids.other(), "legal", f"Forename{n}", f"Surname{n}"))
            yield Put(Enrolment(p, ids.other(), 1, "C", self.days[0]))
            for d, a, b in self.marks(n):
                yield Put(Mark(p, 1, to_date(d), a, b))
            for slot, s in self.scores(n):
                yield Put(LessonScore(p, slot, s))
            for d, v in self.readings(n):
                yield Put(Reading(p, ids.other(), to_date(d), "who5", "1998", "pupil", float(v), answers=bytes(5)))

    @cached_property
    def product(self) -> Path:
        """The product's file, imported in one step."""
        path = self.folder / "book.approgress"
        school, _ = School.create(path, "Benchmark School", passphrase=PASS, person="B. Mark")
        school.do(Title.DEMONSTRATION, self.edits, grow=False)
        school.seal()
        school.close()
        return path

    def school(self) -> School:
        """The product's school, opened."""
        return School.open(self.product, PASS)

    def floor(self) -> sqlite3.Connection:
        """The compact file, opened by plain SQLite, durable as the product is."""
        c = sqlite3.connect(self.compact, isolation_level=None)
        c.execute("PRAGMA synchronous = FULL")
        return c
