"""A small invented school for tests of pages: Amara Bell with the record of tests/domain/a_pupil, two pupils with little, one who left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Contact, Enrolment, Flag, Group, GroupMember, GroupTeacher, HalfTerm, Name, Partner, Pupil, YearGroup
from approgress.school.school import School
from approgress.store import desk
from approgress.store.keys import key_path
from tests.domain.a_pupil import DAY_0, TERMS, TODAY, amara

SECRETS = ("Amara", "Bell", "Odd Forename", "Zanzibar", "Wolfeschlegelsteinhausen", "Denise")
"""Names in the small school that no word of the program is made of."""


_made: tuple[bytes, bytes, str, str] | None = None


def make_school(folder: Path) -> School:
    """The school in a folder, opened; its own day is that of the other tests. Made once a run and then copied, since keys are slow to make."""
    global _made
    path = folder / "s.approgress"
    if _made is None:
        made, _ = School.create(path, "Trial Bridge School", passphrase=None, demonstration_today=TODAY, person="T. Mbeki")
        made.do(Title.DEMONSTRATION, _edits)
        with made.database.read() as c:
            mark = made.journal.about(c, "mark") or ""
        school_id = made.school_id
        made.close()
        _made = path.read_bytes(), key_path(path).read_bytes(), school_id, mark
    else:
        path.write_bytes(_made[0])
        key_path(path).write_bytes(_made[1])
        desk.found_desk(_made[2], path, _made[3])
    return School.open(path)


def _edits(ids: NewIds) -> Iterator[Put]:
    for t in TERMS:
        yield Put(HalfTerm(ids.other(), 1, t.name, t.first_day, t.last_day))
    ash, birch = ids.other(), ids.other()
    yield Put(Group(ash, 1, "Ash"))
    yield Put(Group(birch, 1, "Birch"))
    yield Put(GroupTeacher(ids.other(), ash, 1))
    parkfield, northgate = ids.other(), ids.other()
    yield Put(Partner(parkfield, "Parkfield Academy"))
    yield Put(Partner(northgate, "Northgate School"))
    yield from _amara(ids, {5: ash, 7: parkfield, 3: 1})
    for forename, surname, code, group in (
        ("Odd Forename", "Zanzibar", "QQX001", birch),
        ("Maximiliana-Theodora", "Wolfeschlegelsteinhausen-Bergerdorff", "QQX002", birch),
    ):
        p = ids.pupil()
        yield Put(Pupil(p, code, date(2012, 2, 29)))
        yield Put(Name(p, ids.other(), "legal", forename, surname))
        yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 11, 20)))
        yield Put(GroupMember(p, ids.other(), group, date(2026, 11, 20)))
        yield Put(YearGroup(p, ids.other(), "10", 2026))
        yield Put(Flag(p, ids.other(), "care", "Y", first_day=date(2026, 1, 1)))
    gone = ids.pupil()
    yield Put(Pupil(gone, "QQX003"))
    yield Put(Name(gone, ids.other(), "legal", "Left", "Already"))
    yield Put(Enrolment(gone, ids.other(), 1, "C", date(2026, 6, 8), date(2026, 7, 17)))


def _amara(ids: NewIds, known: dict[int, int]) -> Iterator[Put]:
    """Amara's rows with ids of this school; links between them are kept."""
    records = amara()
    pupil = ids.pupil()
    numbers: dict[tuple[str, int], int] = {}
    linked = {"goal_id": "goals", "reading_id": "readings", "stated_id": "stated", "starting_point_id": "starting_points", "enrolment_id": "enrolments"}
    order = ("goals", "readings", "stated", "starting_points", "enrolments")
    names = [f.name for f in fields(records) if f.name != "pupil"]
    yield Put(replace(records.pupil, id=pupil))
    for name in sorted(names, key=lambda n: order.index(n) if n in order else 9):
        for row in getattr(records, name):
            changed: dict[str, Any] = {"pupil_id": pupil}
            if hasattr(row, "id"):
                changed["id"] = numbers[name, row.id] = ids.other()
            for link, to in linked.items():
                if getattr(row, link, None) is not None:
                    changed[link] = numbers[to, getattr(row, link)]
            for link in ("group_id", "partner_id", "person_id"):
                if getattr(row, link, None) is not None:
                    changed[link] = known[getattr(row, link)]
            yield Put(replace(row, **changed))
    yield Put(Contact(pupil, ids.other(), "Denise Bell", "mother", "01234 567890", lives_with=True, may_receive_reports=True))


def pupil_named(school: School, typed: str) -> int:
    """The id of a pupil."""
    from approgress.store.reads.pupils import search

    return school.read(search, typed, school.today)[0].pupil_id


__all__ = ["DAY_0", "SECRETS", "TODAY", "make_school", "pupil_named"]
