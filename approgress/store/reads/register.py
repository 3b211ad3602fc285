"""A group's register of one day: pupils, marks and lesson scores, in three questions."""

from __future__ import annotations

from datetime import date
from typing import Any

from approgress.domain.cohort import Register, RegisterRow
from approgress.domain.days import to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.naming import shown
from approgress.domain.records import Mark, Name, Pupil, kind_of
from approgress.domain.school_year import school_year_of
from approgress.store.reads import Reader

# everyone on roll that day (and, with a group, in it), with the year and the placement of that day
_WHO = """
SELECT DISTINCT e.pupil_id,
  (SELECT y.year FROM year_group y WHERE y.pupil_id = e.pupil_id AND y.school_year <= ? ORDER BY y.school_year DESC, y.id DESC LIMIT 1),
  (SELECT p.id FROM placement p WHERE p.pupil_id = e.pupil_id AND p.first_day <= ? AND coalesce(p.last_day, 10000000) >= ?
   ORDER BY p.first_day DESC, p.id DESC LIMIT 1)
FROM enrolment e
"""
_IN_GROUP = "JOIN group_member g ON g.pupil_id = e.pupil_id AND g.group_id = ? AND coalesce(g.first_day, -1000000) <= ? AND coalesce(g.last_day, 10000000) >= ?"
_ROLL = " WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ? ORDER BY e.pupil_id"


def of_group(reader: Reader, facts: SchoolFacts, group_id: int | None, day: date, *, hidden: bool = False) -> Register:
    """The register of a group on a day (of everyone on roll without `group_id`), in the order of names.

    Names are the legal ones where the setting asks for them on registers. `school_day` is None without a calendar for that day.
    """
    setting = facts.setting
    n = to_number(day)
    values: list[Any] = [school_year_of(day), n, n]
    text = _WHO
    if group_id is not None:
        text += _IN_GROUP
        values += [group_id, n, n]
    who: dict[Any, Any] = {p: (year, placement) for p, year, placement in reader.sql(text + _ROLL, *values, setting.id, n, n)}
    calendar = facts.calendar
    school_day = calendar.is_school_day(day) if calendar and calendar.knows(day, day) else None
    if not who:
        return Register(setting.id, group_id, day, school_day, ())
    ids = list(who)
    holes = ", ".join("?" * len(ids))
    pupils: dict[int, Pupil] = {p.id: p for p in _records(reader, Pupil, f"id IN ({holes})", *ids)}
    names: dict[int, list[Name]] = {}
    for name in _records(reader, Name, f"pupil_id IN ({holes})", *ids):
        names.setdefault(name.pupil_id, []).append(name)
    marks: dict[int, Mark] = {m.pupil_id: m for m in _records(reader, Mark, f"pupil_id IN ({holes}) AND setting_id = ? AND day = ?", *ids, setting.id, n)}
    scores: dict[Any, dict[Any, tuple[Any, Any]]] = {}
    for pupil, slot, score, own in reader.sql(
        f"SELECT pupil_id, slot, score, own FROM lesson_score WHERE pupil_id IN ({holes}) AND slot >= ? AND slot < ?", *ids, n * 8, (n + 1) * 8
    ):
        scores.setdefault(pupil, {})[slot % 8] = (score, own)  # pyright: ignore[reportOperatorIssue]
    placed = [v[1] for v in who.values() if v[1] is not None]
    placements: dict[Any, Any] = {}
    if placed:
        text = f"SELECT pupil_id, id, sort, sessions_a_week FROM placement WHERE pupil_id IN ({holes})"
        placements = {(p, i): (sort, weekly) for p, i, sort, weekly in reader.sql(text, *ids)}
    lessons = range(setting.lessons)
    rows: list[RegisterRow] = []
    for i in ids:
        if i not in pupils:
            continue
        year, placement = who[i]
        sort, weekly = placements.get((i, placement), (None, None))
        mine = scores.get(i, {})
        rows.append(
            RegisterRow(
                pupil_id=i,
                name=shown(pupils[i], names.get(i, ()), day, hidden=hidden, legal=setting.legal_names_on_registers),
                mark=marks.get(i),
                scores=tuple(mine.get(k, (None, None))[0] for k in lessons),
                own=tuple(mine.get(k, (None, None))[1] for k in lessons),
                year=year,
                placement_sort=sort,
                sessions_a_week=weekly,
                born=pupils[i].born,
            )
        )
    rows.sort(key=lambda r: r.name.by_forename)
    return Register(setting.id, group_id, day, school_day, tuple(rows))


def _records(reader: Reader, cls: type[Any], where: str, *values: object) -> list[Any]:
    kind = kind_of(cls)
    columns, order = ", ".join(kind.key + kind.fields), ", ".join(kind.key)
    return [reader.rows.record(kind, row) for row in reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {where} ORDER BY {order}", *values)]
