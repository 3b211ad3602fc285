"""D1 to D9: questions to the store, the register saved, bytes, import; beside plain SQLite on the compact layout."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from approgress.domain.days import to_number
from approgress.domain.edits import Put, Title
from approgress.domain.records import Group, LessonScore, Mark, Reading
from approgress.school.school import School
from benchmarks.book import PASS, PUPILS, Book
from benchmarks.timing import Result, paired, timed


def d6(book: Book) -> Result:
    """Timeline of one pupil: every mark, score and reading as frozen rows."""
    with book.school() as school:
        floor = book.floor()

        def product() -> None:
            school.read(lambda r: (r.of_pupil(Mark, 60), r.of_pupil(LessonScore, 60), r.of_pupil(Reading, 60)))

        def plain() -> None:
            floor.execute("SELECT d, am, pm FROM mark WHERE p = 60").fetchall()
            floor.execute("SELECT slot, s FROM score WHERE p = 60").fetchall()
            floor.execute("SELECT d, total, answers FROM reading WHERE p = 60").fetchall()

        p, f, x = paired(product, plain)
        floor.close()
    return Result("D6", "timeline of one pupil as frozen rows", p, f, x, 6.0)


def d7(book: Book) -> Result:
    """A register of 15 read: names, years, placements, marks and lesson scores, against the 15 marks alone."""
    from approgress.store.reads.register import of_group
    from approgress.store.reads.school import school_facts

    day = book.days[-1]
    pupils = list(range(30, 45))
    with book.school() as school:
        facts = school.read(school_facts, school.codes)
        floor = book.floor()
        group = school.read(lambda r: r.every(Group))[0].id

        def product() -> None:
            school.read(of_group, facts, group, day)

        def plain() -> None:
            for n in pupils:
                floor.execute("SELECT am, pm FROM mark WHERE p = ? AND d = ?", (n, to_number(day))).fetchone()

        p, f, x = paired(product, plain, rounds=60, allowance_ms=0.5)
        floor.close()
    return Result("D7", "register of 15 read, with names and lesson scores", p, f, x, 4.0, note="0.5 ms allowed; floor: the marks alone")


def d1(book: Book) -> list[Result]:
    """Attendance with persistent absence, before and since, weekly engagement, of everyone on roll: dataclasses against the best SQL."""
    from approgress.store.reads.cohort import attendance, before_and_since, weekly_engagement
    from approgress.store.reads.school import school_facts

    first, last = book.days[-190], book.days[-1]
    a, b = to_number(first), to_number(last)
    results: list[Result] = []
    with book.school() as school:
        facts = school.read(school_facts, school.codes)
        floor = book.floor()
        asked = {
            "attendance and persistent absence, a year": (
                lambda: school.read(attendance, 1, first, last),
                (
                    f"SELECT p, (SELECT sum((am<32)+(pm<32)) FROM mark m WHERE m.p=x.p AND d BETWEEN {a} AND {b}), "
                    f"(SELECT sum((am<64)+(pm<64)) FROM mark m WHERE m.p=x.p AND d BETWEEN {a} AND {b}), "
                    f"(SELECT sum((am<96)+(pm<96)) FROM mark m WHERE m.p=x.p AND d BETWEEN {a} AND {b}) FROM (SELECT DISTINCT p FROM reading) x"
                ),
            ),
            "attendance since arrival, five years": (
                lambda: school.read(before_and_since, 1, last),
                (
                    "SELECT p, (SELECT sum((am<32)+(pm<32)) FROM mark m WHERE m.p=x.p), (SELECT sum((am<96)+(pm<96)) FROM mark m WHERE m.p=x.p) "
                    "FROM (SELECT DISTINCT p FROM reading) x"
                ),
            ),
            "engagement by week, a year": (
                lambda: school.read(weekly_engagement, facts, first, last),
                (
                    f"SELECT (slot/8-2)/7, sum(s>=4), count(*) FROM (SELECT DISTINCT p FROM reading) x JOIN score l ON l.p=x.p "
                    f"AND slot>={a * 8} AND slot<{(b + 1) * 8} GROUP BY (slot/8-2)/7"
                ),
            ),
        }
        for what, (product, sql) in asked.items():
            p, f, x = paired(product, lambda sql=sql: floor.execute(sql).fetchall(), rounds=9, allowance_ms=1.0)
            results.append(Result("D1", what, p, f, x, 1.5, note="1 ms allowed"))
        floor.close()
    return results


def d2(book: Book) -> Result:
    """Reliable change of every pupil on every instrument."""
    from approgress.store.reads.cohort import changes
    from approgress.store.reads.school import school_facts

    with book.school() as school:
        facts = school.read(school_facts, school.codes)
        floor = book.floor()
        sql = (
            "SELECT p, i, (SELECT total FROM reading r WHERE r.p=x.p AND r.i=x.i ORDER BY d LIMIT 1), "
            "(SELECT total FROM reading r WHERE r.p=x.p AND r.i=x.i ORDER BY d DESC LIMIT 1) FROM (SELECT DISTINCT p, i FROM reading) x"
        )
        p, f, x = paired(
            lambda: school.read(changes, facts, book.days[-1]), lambda: floor.execute(sql).fetchall(), rounds=15, allowance_ms=1.0
        )
        floor.close()
    return Result("D2", "reliable change, all pupils", p, f, x, 2.5, note="1 ms allowed; floor: first and last value only")


def d8(book: Book) -> Result:
    """15 marks saved durably, with their journal entry."""
    pupils = list(range(30, 45))
    day = [book.days[-1] + timedelta(1)]
    with book.school() as school:
        floor = book.floor()

        def product() -> None:
            day[0] += timedelta(1)
            school.do(Title.TAKE_REGISTER, [Put(Mark(n, 1, day[0], 0)) for n in pupils], grow=False)

        def plain() -> None:
            day[0] += timedelta(1)
            floor.execute("BEGIN IMMEDIATE")
            floor.executemany("INSERT INTO mark VALUES (?, ?, 0, NULL)", [(n, to_number(day[0])) for n in pupils])
            floor.execute("COMMIT")

        p, f, x = paired(product, plain, rounds=60)
        floor.close()
    return Result("D8", "15 marks saved, durable, encrypted, with journal", p, f, x, 2.5, note="floor: plain SQLite through Python")


def typed(book: Book) -> Result:
    """One key typed: a mark committed, growing the newest step."""
    day = [book.days[-1] + timedelta(4000)]
    with book.school() as school:
        floor = book.floor()

        def product() -> None:
            day[0] += timedelta(1)
            school.do(Title.TAKE_REGISTER, [Put(Mark(31, 1, day[0], 0))])

        def plain() -> None:
            day[0] += timedelta(1)
            floor.execute("BEGIN IMMEDIATE")
            floor.execute("INSERT INTO mark VALUES (31, ?, 0, NULL)", (to_number(day[0]),))
            floor.execute("COMMIT")

        p, f, x = paired(product, plain, rounds=120)
        floor.close()
    return Result("D8a", "one mark typed, durable, grown into the newest step", p, f, x, 3.0)


def d9(book: Book) -> Result:
    """Bytes of the book with journal and ids against the compact layout."""
    p, f = book.product.stat().st_size, book.compact.stat().st_size
    return Result("D9", "bytes as imported, with journal and ids", p, f, p / f, 2.0, "bytes")


def d9_typed(book: Book, weeks: int = 8) -> Result:
    """Bytes after weeks of typing the register and engagement key by key, carried forward to five years."""
    import shutil

    from approgress.store.keys import key_path

    copy = book.folder / "typed.approgress"
    shutil.copy(book.product, copy)
    shutil.copy(key_path(book.product), key_path(copy))
    clock = [1_790_000_000.0]
    with School.open(copy, PASS, clock=lambda: clock[0]) as school:
        school.seal()
        school.database.checkpoint()
        before = copy.stat().st_size
        marks, scores = typing(school, weeks, clock)
        school.seal()
        school.database.checkpoint()
        grown = copy.stat().st_size - before
    f = book.compact.stat().st_size
    c = sqlite3.connect(book.folder / "typed.db")
    c.execute("CREATE TABLE mark (p INTEGER, d INTEGER, am INTEGER, pm INTEGER, PRIMARY KEY (p, d)) WITHOUT ROWID")
    c.execute("CREATE TABLE score (p INTEGER, slot INTEGER, s INTEGER, PRIMARY KEY (p, slot)) WITHOUT ROWID")
    c.executemany("INSERT INTO mark VALUES (?, ?, 0, 1)", marks)
    c.executemany("INSERT INTO score VALUES (?, ?, 3)", scores)
    c.commit()
    c.close()
    floor = (book.folder / "typed.db").stat().st_size
    return Result(
        "D9a",
        f"bytes of {weeks} weeks typed key by key, journal and seals",
        grown,
        floor,
        grown / floor,
        2.0,
        "bytes",
        f"compact book {f / 2**20:.1f} MiB",
    )


def typing(school: School, weeks: int, clock: list[float]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Type register and engagement of all groups of ten, school day by school day; returns the keys written."""
    marks: list[tuple[int, int]] = []
    scores: list[tuple[int, int]] = []
    day = date(2027, 9, 6)
    for n in range(weeks * 7):
        today = day + timedelta(n)
        if today.weekday() > 4:
            continue
        for group in range(PUPILS // 10):
            pupils = range(group * 10 + 1, group * 10 + 11)
            for session in ("am", "pm"):
                clock[0] += 600
                for p in pupils:
                    clock[0] += 1
                    held = school.read(lambda r, p=p: r.one(Mark, p, 1, to_number(today)))
                    school.do(
                        Title.TAKE_REGISTER, [Put(replace(held or Mark(p, 1, today), **{session: 0 if session == "am" else 1}), held)]
                    )
                    if session == "am":
                        marks.append((p, to_number(today)))
            for lesson in range(5):
                clock[0] += 600
                for p in pupils:
                    clock[0] += 1
                    slot = to_number(today) * 8 + lesson
                    school.do(Title.ENTER_ENGAGEMENT, [Put(LessonScore(p, slot, 1 + (p + lesson + n) % 5))])
                    scores.append((p, slot))
    return marks, scores


def d10(book: Book) -> Result:
    """A year of marks imported through the journal, against Core's executemany of the same rows."""
    import sqlalchemy as sa

    from approgress.store.database import make_file
    from approgress.store.tables import TABLES

    days = book.days[:190]
    rows = [(p, 1, d, i % 3, 1) for p in range(1, PUPILS + 1) for i, d in enumerate(days)]
    turn = [0]

    def product() -> None:
        turn[0] += 1
        school, _ = School.create(book.folder / f"in{turn[0]}.approgress", "S", passphrase=PASS)
        took.append(timed(lambda: school.do(Title.IMPORT_MARKS, (Put(Mark(*r)) for r in rows), grow=False)))
        school.close()

    def floor() -> None:
        turn[0] += 1
        database = make_file(book.folder / f"core{turn[0]}.approgress", b"k" * 32)
        statement = sa.insert(TABLES["mark"])
        values = [
            {"pupil_id": p, "setting_id": s, "day": to_number(d), "am": a, "pm": b, "am_late": None, "pm_late": None}
            for p, s, d, a, b in rows
        ]

        def write() -> None:
            with database.write() as c:
                c.execute(statement, values)

        plain.append(timed(write))
        database.close()

    took: list[float] = []
    plain: list[float] = []
    for _ in range(5):
        product()
        floor()
    ratios = sorted(a / b for a, b in zip(took, plain, strict=True))
    return Result("D10", f"{len(rows):,} days of marks imported, with journal", sorted(took)[2], sorted(plain)[2], ratios[2], 1.2)


ALL: dict[str, Callable[[Book], Result | list[Result]]] = {
    "D1": d1,
    "D2": d2,
    "D6": d6,
    "D7": d7,
    "D8": d8,
    "D8a": typed,
    "D9": d9,
    "D9a": d9_typed,
    "D10": d10,
}
