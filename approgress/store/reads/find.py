"""Whom quick find may find: every pupil with the name as shown, year, whether on roll, and the numbers they are known by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from approgress.domain.days import to_number
from approgress.domain.dossier import year_of
from approgress.domain.naming import ShownName, fold, shown
from approgress.domain.records import KeptApart, Name, Pupil, YearGroup
from approgress.store.reads import Reader

_ON_ROLL = """
SELECT DISTINCT pupil_id FROM enrolment
WHERE coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?
"""
_COMING = "SELECT DISTINCT pupil_id FROM enrolment WHERE first_day > ?"
_LEFT = "SELECT DISTINCT pupil_id FROM enrolment WHERE last_day < ?"


@dataclass(frozen=True, slots=True)
class Findable:
    """A pupil as quick find knows them; `words` are the folded words that what is typed may begin, `numbers` folded numbers without spaces."""

    pupil_id: int
    name: ShownName
    year: str
    on_roll: bool
    state: str
    """'' on roll, else: has left, not here yet, not on roll."""
    words: tuple[str, ...]
    numbers: tuple[str, ...]


def everyone(reader: Reader, day: date, *, hidden: bool = False) -> tuple[Findable, ...]:
    """All pupils, those on roll on that day first, each part by name; with names hidden they are found by code and number only.

    A former number is no way to a pupil who is kept apart from another: it would lead from the one life to the other.
    """
    n = to_number(day)
    here = {row[0] for row in reader.sql(_ON_ROLL, n, n)}
    states = {row[0]: "has left" for row in reader.sql(_LEFT, n)}
    states |= {row[0]: "not here yet" for row in reader.sql(_COMING, n)}
    names: dict[int, list[Name]] = {}
    for name in reader.every(Name):
        names.setdefault(name.pupil_id, []).append(name)
    years: dict[int, list[YearGroup]] = {}
    for year in reader.every(YearGroup):
        years.setdefault(year.pupil_id, []).append(year)
    apart = {p for k in reader.every(KeptApart) for p in (k.pupil_a, k.pupil_b)}
    numbers: dict[int, list[str]] = {}
    rows: list[Any] = reader.sql("SELECT pupil_id, system, value FROM identifier ORDER BY pupil_id, id")
    for pupil, system, value in rows:
        if not (pupil in apart and system.startswith("former")):
            numbers.setdefault(pupil, []).append(fold(value).replace(" ", ""))
    found: list[Findable] = []
    for pupil in reader.every(Pupil):
        name = shown(pupil, names.get(pupil.id, ()), day, hidden=hidden)
        words = tuple(dict.fromkeys([*name.search.split(), fold(pupil.code)]))
        year = year_of(years.get(pupil.id, ()), day)[1]
        state = "" if pupil.id in here else states.get(pupil.id, "not on roll")
        found.append(Findable(pupil.id, name, year, pupil.id in here, state, words, tuple(numbers.get(pupil.id, ()))))
    found.sort(key=lambda f: (not f.on_roll, f.state == "has left", f.name.by_forename))
    return tuple(found)
