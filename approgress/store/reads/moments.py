"""Questions about moments: those of a stretch of time, a person's drafts, what the school used, a group's rates, who is not written about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from approgress.domain.days import to_date, to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.moments import TONES, Rates, rates
from approgress.domain.records import LessonTime, Moment, kind_of
from approgress.store.reads import Reader
from approgress.store.reads.pupils import half_term_tallies, on_roll

_MOST = 400  # values of one statement


@dataclass(frozen=True, slots=True)
class Used:
    """What the school wrote so far: how often each type by tone, and each place."""

    sorts: dict[str, dict[str, int]]
    places: dict[str, int]


def used(reader: Reader, since: date) -> Used:
    """How often each type and place was written since a day, drafts left out."""
    sorts: dict[str, dict[str, int]] = {tone: {} for tone in TONES}
    rows: list[Any] = reader.sql(
        "SELECT tone, sort, count(*) FROM moment WHERE day >= ? AND status <> 'draft' GROUP BY tone, sort", to_number(since)
    )
    for tone, sort, n in rows:
        sorts.setdefault(tone, {})[sort] = n
    found: list[Any] = reader.sql(
        "SELECT place, count(*) FROM moment WHERE day >= ? AND status <> 'draft' AND place IS NOT NULL GROUP BY place", to_number(since)
    )
    return Used(sorts, dict(found))


def between(reader: Reader, first: date | None, last: date, *, pupils: Sequence[int] | None = None, drafts: bool = False) -> tuple[Moment, ...]:
    """The moments of some days that the viewer may read, newest first; of these pupils, or of all."""
    where = "day <= ?"
    values: list[Any] = [to_number(last)]
    if first is not None:
        where += " AND day >= ?"
        values.append(to_number(first))
    if not drafts:
        where += " AND status <> 'draft'"
    wanted = None if pupils is None else frozenset(pupils)
    if wanted is not None and len(wanted) <= _MOST:
        where += f" AND pupil_id IN ({', '.join('?' * len(wanted))})" if wanted else " AND 1 = 0"
        values += sorted(wanted)
    return tuple(m for m in _moments(reader, f"{where} ORDER BY day DESC, id DESC", *values) if wanted is None or m.pupil_id in wanted)


def latest(reader: Reader, day: date, n: int, *, tone: str = "", person_id: int | None = None, pupils: Sequence[int] | None = None) -> tuple[Moment, ...]:
    """The newest moments that the viewer may read, at most `n` rows (several of one entry count apart), drafts left out."""
    where = "day <= ? AND status <> 'draft'"
    values: list[Any] = [to_number(day)]
    if tone:
        where += " AND tone = ?"
        values.append(tone)
    if person_id is not None:
        where += " AND person_id = ?"
        values.append(person_id)
    if pupils is not None:
        if not pupils or len(pupils) > _MOST:
            return ()
        where += f" AND pupil_id IN ({', '.join('?' * len(pupils))})"
        values += pupils
    classes = sorted(reader.viewer.classes)
    if not classes:
        return ()
    where += f" AND privacy IN ({', '.join('?' * len(classes))})"
    return tuple(_moments(reader, f"{where} ORDER BY day DESC, id DESC LIMIT {int(n)}", *values, *classes))


def entry(reader: Reader, key: int) -> tuple[Moment, ...]:
    """The moments of an entry, found by the id of its first one (or of any, where it stands alone), in the order of their ids."""
    return tuple(_moments(reader, "id = ? OR joint = ? ORDER BY id", key, key))


def drafts_of(reader: Reader, person_id: int) -> tuple[Moment, ...]:
    """A person's moments that are not done yet, newest first."""
    return tuple(_moments(reader, "status = 'draft' AND person_id = ? ORDER BY id DESC", person_id))


def _moments(reader: Reader, where: str, *values: object) -> list[Moment]:
    kind = kind_of(Moment)
    columns = ", ".join(kind.key + kind.fields)
    rows: list[Any] = [reader.rows.record(kind, r) for r in reader.sql(f"SELECT {columns} FROM moment WHERE {where}", *values)]
    return [m for m in rows if reader.may(m)]


def lesson_times(reader: Reader, setting_id: int) -> tuple[LessonTime, ...]:
    """When the lessons of the day are, in order; none where the school has not said."""
    return tuple(sorted((t for t in reader.every(LessonTime) if t.setting_id == setting_id), key=lambda t: (t.lesson, t.starts)))


# --- a group ----------------------------------------------------------------------------------------------------------


def members(reader: Reader, group_id: int | None, day: date, setting_id: int) -> list[int]:
    """The pupils of a group who are on roll on a day, by name; everyone on roll without a group."""
    here = on_roll(reader, day, setting_id)
    if group_id is None:
        return here
    n = to_number(day)
    rows: list[Any] = reader.sql(
        "SELECT DISTINCT pupil_id FROM group_member WHERE group_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?",
        group_id,
        n,
        n,
    )
    inside = {r[0] for r in rows}
    return [p for p in here if p in inside]


def group_of(reader: Reader, pupil_id: int, day: date) -> int | None:
    """The group that a pupil is in on a day (the one joined last), or None."""
    n = to_number(day)
    rows: list[Any] = reader.sql(
        "SELECT group_id FROM group_member WHERE pupil_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ? "
        "ORDER BY coalesce(first_day, -1000000) DESC, id DESC LIMIT 1",
        pupil_id,
        n,
        n,
    )
    return rows[0][0] if rows else None


def half_term_rates(reader: Reader, facts: SchoolFacts, pupils: Sequence[int], day: date) -> Rates | None:
    """Moments of these pupils in the half-term of `day` up to that day against the sessions that they attended in it; None in a holiday.

    Both are counted since each pupil's day 0.
    """
    term = facts.calendar.half_term_of(day)
    if term is None:
        return None
    ids = list(pupils)
    attended = sum(t.attended for t in half_term_tallies(reader, facts, day, ids).values())
    return rates(between(reader, term.first_day, day, pupils=ids), attended, term.first_day, day)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A pupil about whom nobody has written a moment or a note since `last` (None: never)."""

    pupil_id: int
    last: date | None
    days: int | None


def quiet(reader: Reader, pupils: Sequence[int], day: date, *, least: int = 14) -> tuple[Quiet, ...]:
    """The pupils about whom nothing was written for `least` days or more, the longest first, then those of whom nothing ever was.

    Notes that the viewer may not read do not count; drafts count nowhere.
    """
    ids = list(pupils)
    if not ids:
        return ()
    newest: dict[int, int] = {}
    classes = sorted(reader.viewer.classes)
    privacy = ", ".join("?" * len(classes)) or "''"
    for kind, more in (("note", ""), ("moment", " AND status <> 'draft'")):
        rows: list[Any] = reader.sql(
            f"SELECT pupil_id, max(day) FROM {kind} WHERE day <= ? AND privacy IN ({privacy}){more} GROUP BY pupil_id", to_number(day), *classes
        )
        for pupil, last in rows:
            newest[pupil] = max(last, newest.get(pupil, last))
    found: list[Quiet] = []
    for p in ids:
        last = newest.get(p)
        gone = None if last is None else to_number(day) - last
        if gone is None or gone >= least:
            found.append(Quiet(p, None if last is None else to_date(last), gone))
    return tuple(sorted(found, key=lambda q: (q.days is None, -(q.days or 0))))


# --- the whole school in some days ------------------------------------------------------------------------------------

_ROLL = """
SELECT count(DISTINCT pupil_id) FROM enrolment
WHERE setting_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?
"""
_ATTENDED = """
SELECT coalesce(sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END)), 0)
FROM mark m WHERE m.setting_id = ? AND m.day >= ? AND m.day <= ? AND EXISTS (
  SELECT 1 FROM enrolment e WHERE e.pupil_id = m.pupil_id AND e.setting_id = m.setting_id
  AND coalesce(e.first_day, -1000000) <= m.day AND coalesce(e.last_day, 10000000) >= m.day
)
"""


def roll_and_attended(reader: Reader, setting_id: int, first: date, last: date) -> tuple[int, int]:
    """How many pupils were on roll at some time between two days, and how many sessions all of them attended in that time."""
    a, b = to_number(first), to_number(last)
    roll: Any = reader.sql(_ROLL, setting_id, b, a)[0][0]
    attended: Any = reader.sql(_ATTENDED, setting_id, a, b)[0][0]
    return int(roll), int(attended)
