"""Attendance of a whole school or group over a range of days, summed in SQL: a line an enrolment, the weeks, and a wall of marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from approgress.domain.acts.pupils import PLACEMENTS
from approgress.domain.agreed import AgreedTally, Watch, agreed_tally, rules_watching
from approgress.domain.attendance import GroupTally, Tally, group_tally
from approgress.domain.days import to_date, to_number
from approgress.domain.dossier import SchoolFacts, year_of
from approgress.domain.naming import ShownName
from approgress.domain.records import (
    AbsenceContact,
    Enrolment,
    Flag,
    GroupMember,
    HomeSchool,
    Mark,
    Name,
    Placement,
    Pupil,
    Timetable,
    TimetableStep,
    YearGroup,
    kind_of,
)
from approgress.domain.school_attendance import BeforeNow, Compared, EnrolmentSums, Range, SchoolAttendance, WeekSums, compared
from approgress.domain.school_year import school_year_of
from approgress.domain.weekly_note import WeekRecords
from approgress.store.reads import Reader
from approgress.store.reads.cohort import before_and_since
from approgress.store.reads.dossier import may
from approgress.store.reads.pupils import names_of

_LONG_AGO = -1_000_000
_NEVER = 10_000_000

# codes are numbered in bands of 32 by class, so that a comparison tells the class; a mark without a code compares to nothing and adds nothing
_SUMS = """
  sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am < 64 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 64 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am < 96 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 96 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am >= 96 THEN 1 ELSE 0 END) + (CASE WHEN m.pm >= 96 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am IN ({late}) THEN 1 ELSE 0 END) + (CASE WHEN m.pm IN ({late}) THEN 1 ELSE 0 END)),
  sum(CASE WHEN m.day IN ({days}) THEN (CASE WHEN m.am IS NULL THEN 0 ELSE 1 END) + (CASE WHEN m.pm IS NULL THEN 0 ELSE 1 END) ELSE 0 END),
  sum(CASE WHEN m.day = {b} THEN (CASE WHEN m.am IS NULL THEN 0 ELSE 1 END) + (CASE WHEN m.pm IS NULL THEN 0 ELSE 1 END) ELSE 0 END)
"""
_NONE = (0, 0, 0, 0, 0, 0, 0)
_MARKS = """
mark m ON m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id
  AND m.day >= coalesce(e.first_day, -1000000) AND m.day <= coalesce(e.last_day, 10000000) AND m.day >= {a} AND m.day <= {b}{in_group}
"""
_IN_GROUP = """
  AND EXISTS (SELECT 1 FROM group_member g WHERE g.pupil_id = m.pupil_id AND g.group_id = {group}
    AND coalesce(g.first_day, -1000000) <= m.day AND coalesce(g.last_day, 10000000) >= m.day)"""
_WHO = """
WHERE e.setting_id = {setting} AND coalesce(e.first_day, -1000000) <= {b} AND coalesce(e.last_day, 10000000) >= {least}{of_group}
"""
_OF_GROUP = " AND e.pupil_id IN (SELECT pupil_id FROM group_member WHERE group_id = {group})"

Span = tuple[int, int]


def attendance(reader: Reader, facts: SchoolFacts, range_: Range, group_id: int | None = None, *, weekly: bool = True) -> SchoolAttendance:
    """Attendance of everyone (or of a group, each pupil for the days of the membership) in a range.

    An enrolment appears where it shares a day with the range (and the group); a range since day 0 holds those who are on roll (and in the
    group) on its last day. `unmarked` counts sessions without a mark on school days up to the range's last day, None where the calendar does not reach.
    """
    a = to_number(range_.first) if range_.first is not None else _LONG_AGO
    b = to_number(range_.last)
    spans = _spans(reader, facts.setting.id, a, b, range_.first is None, group_id)
    school_days = _school_days(facts, spans, range_.last)
    fill = {
        "a": a,
        "b": b,
        "setting": facts.setting.id,
        "least": b if range_.first is None else a,
        "group": group_id,
        "late": ", ".join(str(n) for n in sorted(facts.codes.late_numbers)) or "NULL",
        "days": ", ".join(map(str, school_days)) or "NULL",
    }
    fill["in_group"] = _IN_GROUP.format(**fill) if group_id is not None else ""
    fill["of_group"] = _OF_GROUP.format(**fill) if group_id is not None else ""
    sums, marks, who = _SUMS.format(**fill), _MARKS.format(**fill), _WHO.format(**fill)
    by_enrolment: dict[tuple[int, int], tuple[int, ...]] = {}
    by_week: dict[int, tuple[int, ...]] = {}
    # one walk over the marks gives both, which costs less than two
    week_of = "(m.day - 2) / 7" if weekly else "e.setting_id"  # a bare number would be the place of a column
    found: list[Any] = reader.sql(f"SELECT e.pupil_id, e.id, {week_of}, {sums} FROM enrolment e JOIN {marks} {who} GROUP BY e.pupil_id, e.id, {week_of}")
    counted = {(pupil, enrolment) for pupil, enrolment, _ in spans}
    for pupil, enrolment, week, *counts in found:
        if (pupil, enrolment) not in counted:
            continue
        by_enrolment[pupil, enrolment] = _added(by_enrolment.get((pupil, enrolment)), counts)
        by_week[int(week)] = _added(by_week.get(int(week)), counts)
    lines: list[EnrolmentSums] = []
    for pupil, enrolment, mine in spans:
        n = by_enrolment.get((pupil, enrolment), _NONE)
        lines.append(EnrolmentSums(pupil, enrolment, _tally(n, _unmarked(facts, school_days, mine, n[5]))))
    weeks = _weeks(facts, spans, school_days, by_week) if weekly else []
    return SchoolAttendance.of(range_, lines, weeks, _unmarked_on(facts, spans, b, sum(n[6] for n in by_enrolment.values())))


def _added(one: tuple[int, ...] | None, other: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(x) for x in other) if one is None else tuple(x + int(y) for x, y in zip(one, other, strict=True))


def _tally(n: Sequence[Any], unmarked: int | None) -> Tally:
    attended, authorised, possible, out, late = (int(x) for x in n[:5])
    return Tally.of_counts(attended, authorised - attended, possible - authorised, late=late, not_possible=out, unmarked=unmarked)


def _spans(reader: Reader, setting_id: int, a: int, b: int, now_only: bool, group_id: int | None) -> list[tuple[int, int, list[Span]]]:
    """Each enrolment with the days of it that count: within range, roll and group, joined where they touch."""
    rows: list[Any] = reader.sql(
        "SELECT pupil_id, id, first_day, last_day FROM enrolment WHERE setting_id = ? AND coalesce(first_day, -1000000) <= ? "
        "AND coalesce(last_day, 10000000) >= ? ORDER BY pupil_id, id",
        setting_id,
        b,
        b if now_only else a,
    )
    members: dict[int, list[Span]] = {}
    if group_id is not None:
        found: list[Any] = reader.sql("SELECT pupil_id, first_day, last_day FROM group_member WHERE group_id = ?", group_id)
        for pupil, first, last in found:
            members.setdefault(pupil, []).append((_LONG_AGO if first is None else first, _NEVER if last is None else last))
    spans: list[tuple[int, int, list[Span]]] = []
    for pupil, enrolment, first, last in rows:
        begins, ends = max(a, _LONG_AGO if first is None else first), min(b, _NEVER if last is None else last)
        mine = [(begins, ends)] if group_id is None else _joined((max(begins, x), min(ends, y)) for x, y in members.get(pupil, ()))
        mine = [s for s in mine if s[0] <= s[1]]
        if mine and (not now_only or any(begins <= b <= ends for begins, ends in mine)):
            spans.append((pupil, enrolment, mine))
    return spans


def _joined(spans: Any) -> list[Span]:
    found: list[Span] = []
    for begins, ends in sorted(s for s in spans if s[0] <= s[1]):
        if found and begins <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def _school_days(facts: SchoolFacts, spans: Sequence[tuple[int, int, list[Span]]], last: date) -> list[int]:
    begins = min((s[0][0] for _, _, s in spans if s[0][0] > _LONG_AGO), default=None)
    if begins is None or not facts.calendar:
        return []
    return [to_number(d) for d in facts.calendar.school_days(to_date(begins), last)]


def _unmarked(facts: SchoolFacts, school_days: Sequence[int], spans: Sequence[Span], marked: int) -> int | None:
    """Sessions of these days without a mark; None where it is not known which days are school days."""
    expected = 0
    for begins, ends in spans:
        if begins <= _LONG_AGO or not facts.calendar or not facts.calendar.knows(to_date(begins), to_date(ends)):
            return None
        expected += 2 * (bisect_right(school_days, ends) - bisect_left(school_days, begins))
    return max(0, expected - int(marked))


def _weeks(
    facts: SchoolFacts, spans: Sequence[tuple[int, int, list[Span]]], school_days: Sequence[int], counted: dict[int, tuple[int, ...]]
) -> list[WeekSums]:
    steps = [0] * (len(school_days) + 1)
    known = bool(facts.calendar)
    for _, _, mine in spans:
        for begins, ends in mine:
            known = known and begins > _LONG_AGO and facts.calendar.knows(to_date(begins), to_date(ends))
            steps[bisect_left(school_days, begins)] += 1
            steps[bisect_right(school_days, ends)] -= 1
    expected: dict[int, int] = {}
    for day, pupils in zip(school_days, accumulate(steps), strict=False):
        week = (day - 2) // 7
        expected[week] = expected.get(week, 0) + 2 * pupils
    found: list[WeekSums] = []
    for week in sorted({w for w in counted if any(counted[w][:5])} | {w for w, n in expected.items() if n}):
        n = counted.get(week, _NONE)  # day 2 of the count of days is a Monday
        found.append(WeekSums(to_date(7 * week + 2), _tally(n, max(0, expected.get(week, 0) - int(n[5])) if known else None)))
    return found


def _unmarked_on(facts: SchoolFacts, spans: Sequence[tuple[int, int, list[Span]]], n: int, marked: int) -> int | None:
    """Sessions without a mark on the last day of the range, of these enrolments."""
    if not facts.calendar.is_school_day(to_date(n)):
        return 0 if facts.calendar else None
    here = sum(any(begins <= n <= ends for begins, ends in mine) for _, _, mine in spans)
    return max(0, 2 * here - marked)


def before_now(reader: Reader, facts: SchoolFacts, day: date, pupils: Collection[int] | None = None) -> BeforeNow:
    """Sums of the time before, as stated, and since day 0, over those on roll of whom it is stated (and who are among `pupils`)."""
    rows = [r for r in before_and_since(reader, facts.setting.id, day) if pupils is None or r.pupil_id in pupils]
    stated = [r for r in rows if r.before_possible]
    return BeforeNow(
        len({r.pupil_id for r in stated}),
        len({r.pupil_id for r in rows}),
        sum(r.before_attended for r in stated),
        sum(r.before_possible for r in stated),
        sum(r.attended for r in stated),
        sum(r.possible for r in stated),
    )


def in_group(reader: Reader, group_id: int, day: date) -> set[int]:
    """The pupils who are in a group on a day."""
    n = to_number(day)
    rows: list[Any] = reader.sql(
        "SELECT pupil_id FROM group_member WHERE group_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?",
        group_id,
        n,
        n,
    )
    return {pupil for (pupil,) in rows}


def marks_on(reader: Reader, setting_id: int, on: Collection[date]) -> tuple[int, int]:
    """How many sessions are marked on these days, and on how many of them any is: what a change of the calendar leaves on closed days."""
    if not on:
        return 0, 0
    numbers = ", ".join(str(to_number(d)) for d in sorted(on))
    rows: list[Any] = reader.sql(
        "SELECT day, sum((CASE WHEN am IS NULL THEN 0 ELSE 1 END) + (CASE WHEN pm IS NULL THEN 0 ELSE 1 END)) FROM mark "
        f"WHERE setting_id = ? AND day IN ({numbers}) GROUP BY day",
        setting_id,
    )
    held = [int(n) for _, n in rows if n]
    return sum(held), len(held)


_MEMBERS = """
SELECT DISTINCT {columns} FROM group_member g JOIN enrolment e ON e.pupil_id = g.pupil_id AND e.setting_id = ?
  AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?
WHERE g.group_id = ? AND coalesce(g.first_day, -1000000) <= ? AND coalesce(g.last_day, 10000000) >= ? ORDER BY g.pupil_id, g.id
"""
_IN_NONE = """
SELECT DISTINCT e.pupil_id FROM enrolment e WHERE e.setting_id = ?
  AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?
  AND NOT EXISTS (SELECT 1 FROM group_member g WHERE g.pupil_id = e.pupil_id
    AND coalesce(g.first_day, -1000000) <= ? AND coalesce(g.last_day, 10000000) >= ?) ORDER BY e.pupil_id
"""


def members_on(reader: Reader, setting_id: int, group_id: int, day: date) -> dict[int, GroupMember]:
    """The memberships of those in a group and on roll on a day, by pupil: whom its register of that day holds."""
    kind = kind_of(GroupMember)
    n = to_number(day)
    text = _MEMBERS.format(columns=", ".join(f"g.{c}" for c in kind.key + kind.fields))
    found: dict[int, GroupMember] = {}
    for row in reader.sql(text, setting_id, n, n, group_id, n, n):
        record: GroupMember = reader.rows.record(kind, row)
        found[record.pupil_id] = record
    return found


def in_no_group(reader: Reader, setting_id: int, day: date) -> list[int]:
    """Those on roll on a day who are in no group then, so that no group's register holds them."""
    n = to_number(day)
    rows: list[Any] = reader.sql(_IN_NONE, setting_id, n, n, n, n)
    return [pupil for (pupil,) in rows]


# --- the wall ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wall:
    """Every mark of a range: its days, and by pupil the two codes of each day that has any."""

    days: tuple[date, ...]
    marks: dict[int, dict[date, tuple[int | None, int | None]]]


def wall(reader: Reader, facts: SchoolFacts, range_: Range, pupils: Collection[int], *, most: int = 45) -> Wall:
    """The marks of these pupils on the last `most` school days of a range (days of marks where there is no calendar)."""
    first = range_.first or range_.last - timedelta(days=400)
    shown = facts.calendar.school_days(first, range_.last)[-most:]
    begins = to_number(shown[0] if shown else max(first, range_.last - timedelta(days=most)))
    marks: dict[int, dict[date, tuple[int | None, int | None]]] = {}
    ids = sorted(pupils)
    for at in range(0, len(ids), 400):
        some = ", ".join(map(str, ids[at : at + 400]))
        rows: list[Any] = reader.sql(
            f"SELECT pupil_id, day, am, pm FROM mark WHERE pupil_id IN ({some}) AND setting_id = ? AND day >= ? AND day <= ?",
            facts.setting.id,
            begins,
            to_number(range_.last),
        )
        for pupil, day, am, pm in rows:
            marks.setdefault(pupil, {})[to_date(day)] = (am, pm)
    if not shown:
        shown = sorted({d for mine in marks.values() for d in mine})
    return Wall(tuple(shown), marks)


# --- whose it is ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Whose:
    """What a line of the list says of a pupil besides the counts: name, year, groups and home school on a day."""

    pupil_id: int
    name: ShownName
    year: str
    group: str
    home_school: str


def whose(reader: Reader, facts: SchoolFacts, ids: Collection[int], day: date, *, hidden: bool = False) -> dict[int, Whose]:
    """Names, years, groups and home schools of these pupils on a day (of those who left: on their last day in each)."""
    names = names_of(reader, ids, day, hidden=hidden)
    years = _by_pupil(reader, YearGroup, names)
    groups = _by_pupil(reader, GroupMember, names)
    schools = _by_pupil(reader, HomeSchool, names)
    found: dict[int, Whose] = {}
    for i, name in names.items():
        held = _in_force(groups.get(i, ()), day)
        called = sorted({facts.groups[m.group_id].name for m in held if m.group_id in facts.groups}, key=str.casefold)
        school = _in_force(schools.get(i, ()), day)[-1:]
        partner = facts.partners.get(school[0].partner_id) if school else None
        found[i] = Whose(i, name, year_of(years.get(i, ()), day)[0] or "", ", ".join(called), partner.name if partner is not None else "")
    return found


def _in_force(rows: Sequence[Any], day: date) -> list[Any]:
    """Dated rows in force on a day, the one that began last at the end; where none is, the last one that was."""
    held = [r for r in rows if (r.first_day is None or r.first_day <= day) and (r.last_day is None or day <= r.last_day)]
    if not held:
        gone = [r for r in rows if r.last_day is not None and r.last_day < day]
        held = [max(gone, key=lambda r: r.last_day)] if gone else []
    return sorted(held, key=lambda r: (r.first_day or date.min, r.id))


def _by_pupil(reader: Reader, cls: type[Any], ids: Collection[int]) -> dict[int, list[Any]]:
    """The records of a class of these pupils, by pupil."""
    kind = kind_of(cls)
    columns = ", ".join(kind.key + kind.fields)
    found: dict[int, list[Any]] = {}
    wanted = sorted(ids)
    for at in range(0, len(wanted), 400):
        some = ", ".join(map(str, wanted[at : at + 400]))
        for row in reader.sql(f"SELECT {columns} FROM {kind.name} WHERE pupil_id IN ({some}) ORDER BY {', '.join(kind.key)}"):
            record = reader.rows.record(kind, row)
            if may(reader, record):
                found.setdefault(record.pupil_id, []).append(record)
    return found


def _marks(reader: Reader, setting_id: int, ids: Collection[int], first: date | None, last: date) -> dict[int, list[Mark]]:
    kind = kind_of(Mark)
    columns = ", ".join(kind.key + kind.fields)
    found: dict[int, list[Mark]] = {}
    wanted = sorted(ids)
    for at in range(0, len(wanted), 400):
        some = ", ".join(map(str, wanted[at : at + 400]))
        for row in reader.sql(
            f"SELECT {columns} FROM mark WHERE pupil_id IN ({some}) AND setting_id = ? AND day >= ? AND day <= ? ORDER BY pupil_id, day",
            setting_id,
            to_number(first) if first is not None else _LONG_AGO,
            to_number(last),
        ):
            record: Mark = reader.rows.record(kind, row)
            found.setdefault(record.pupil_id, []).append(record)
    return found


def agreed(reader: Reader, facts: SchoolFacts, seen: SchoolAttendance) -> dict[tuple[int, int], AgreedTally]:
    """By pupil and enrolment, of those with a part-time timetable in the range: the sessions it asked for, and how many were attended.

    Not the DfE measure, which stands beside it in the line.
    """
    setting = facts.setting.id
    rows: list[Any] = reader.sql("SELECT DISTINCT pupil_id FROM timetable WHERE setting_id = ?", setting)
    with_one = {pupil for (pupil,) in rows} & {line.pupil_id for line in seen.lines}
    if not with_one:
        return {}
    timetables = {i: [t for t in held if t.setting_id == setting] for i, held in _by_pupil(reader, Timetable, with_one).items()}
    steps = _by_pupil(reader, TimetableStep, with_one)
    enrolments = {(e.pupil_id, e.id): e for held in _by_pupil(reader, Enrolment, with_one).values() for e in held}
    marks = _marks(reader, setting, with_one, seen.range.first, seen.range.last)
    found: dict[tuple[int, int], AgreedTally] = {}
    for line in seen.lines:
        e = enrolments.get(line.key)
        mine = timetables.get(line.pupil_id, [])
        if e is None or not mine:
            continue
        counted = agreed_tally(
            marks.get(line.pupil_id, ()),
            facts.codes,
            mine,
            steps.get(line.pupil_id, ()),
            ((e.first_day, e.last_day),),
            first=seen.range.first,
            last=seen.range.last,
        )
        if counted is not None:
            found[line.key] = counted
    return found


def watching(reader: Reader, facts: SchoolFacts, ids: Collection[int], day: date) -> dict[int, tuple[Watch, ...]]:
    """By pupil the rules that are reached on a day, besides persistent and severe absence, which stand with the counts of the range."""
    found: dict[int, tuple[Watch, ...]] = {}
    enrolments = _by_pupil(reader, Enrolment, ids)
    pupils = {i: p for i in ids if (p := reader.one(Pupil, i)) is not None}
    # the rules count this school year, the sessions without leave the ten school weeks before each of its days too
    marks = _marks(reader, facts.setting.id, ids, date(school_year_of(day), 4, 1), day)
    for i in ids:
        if i not in pupils:
            continue
        spans = tuple((e.first_day, e.last_day) for e in enrolments.get(i, ()) if e.setting_id == facts.setting.id)
        watches = rules_watching(
            marks.get(i, ()), facts.codes, facts.calendar, spans, last=day, born=pupils[i].born, statutory=facts.statutory
        )
        found[i] = tuple(w for w in watches if w.reached and w.rule not in ("persistent", "severe", "late"))
    return found


# --- groups compared --------------------------------------------------------------------------------------------------

COMPARED_BY = {
    "group": "Groups",
    "year": "Year groups",
    "school": "Home schools",
    "placement": "Kinds of placement",
    "need": "Special educational needs",
    "pupil_premium": "Pupil premium",
    "care": "Looked after",
}
"""By what a school is divided to be compared, and what each is called."""


def divided(reader: Reader, facts: SchoolFacts, seen: SchoolAttendance, by: str) -> tuple[Compared, ...]:
    """The enrolments of a range divided by groups, years, home schools, placements or a need on its last day; small ones hidden.

    By groups each pupil counts for the days in the group, and `seen` must be that of everyone; a pupil in two groups is in both.
    """
    if by == "group":
        parts: list[tuple[str, int, GroupTally]] = []
        for group in sorted(facts.groups.values(), key=lambda g: g.name.casefold()):
            mine = attendance(reader, facts, seen.range, group.id, weekly=False)
            if mine.lines:
                parts.append((group.name, _people(mine.lines), mine.total))
        return compared(parts)
    ids = {line.pupil_id for line in seen.lines}
    names = _names_by(reader, facts, ids, seen.range.last, by)
    lines: dict[str, list[EnrolmentSums]] = {}
    for line in seen.lines:
        lines.setdefault(names.get(line.pupil_id, "Not known"), []).append(line)
    order = sorted(lines, key=lambda n: (n.startswith(("Not", "No ")), _natural(n)))
    return compared((n, _people(lines[n]), group_tally(one.tally for one in lines[n])) for n in order)


def _people(lines: Sequence[EnrolmentSums]) -> int:
    return len({line.pupil_id for line in lines if line.tally.possible})


def _natural(name: str) -> tuple[Any, ...]:
    return tuple(int(p) if p.isdigit() else p.casefold() for p in re.split(r"(\d+)", name))


def _names_by(reader: Reader, facts: SchoolFacts, ids: Collection[int], day: date, by: str) -> dict[int, str]:
    if by == "year":
        years = _by_pupil(reader, YearGroup, ids)
        return {i: year_of(years.get(i, ()), day)[1] or "Not known" for i in ids}
    if by == "school":
        schools = _by_pupil(reader, HomeSchool, ids)
        found: dict[int, str] = {}
        for i in ids:
            held = _in_force(schools.get(i, ()), day)[-1:]
            partner = facts.partners.get(held[0].partner_id) if held else None
            found[i] = partner.name if partner is not None else "No home school"
        return found
    if by == "placement":
        placements = _by_pupil(reader, Placement, ids)
        held_of = {i: _in_force(placements.get(i, ()), day)[-1:] for i in ids}
        return {i: str(PLACEMENTS.get(held[0].sort, held[0].sort)) if held else "No placement entered" for i, held in held_of.items()}
    flags = _by_pupil(reader, Flag, ids)
    now = {
        i: [f for f in flags.get(i, ()) if (f.first_day is None or f.first_day <= day) and (f.last_day is None or day <= f.last_day)] for i in ids
    }
    if by == "need":
        words = {"E": "EHC plan", "K": "SEN support"}
        return {i: next((words[f.value] for f in held if f.sort == "sen" and f.value in words), "No SEN provision") for i, held in now.items()}
    name = COMPARED_BY[by]
    return {i: name if any(f.sort == by and f.value not in ("N", "no", "") for f in held) else f"Not {name[0].lower()}{name[1:]}" for i, held in now.items()}


# --- weekly notes -----------------------------------------------------------------------------------------------------


def week_records(reader: Reader, facts: SchoolFacts, monday: date, as_of: date, *, week_only: bool = False) -> list[WeekRecords]:
    """The rows of everyone on roll in the week from `monday` with a home school, for the notes to it.

    `week_only` leaves out the marks before that week, for a list of who would be in a note.
    """
    friday = monday + timedelta(days=4)
    ids: list[Any] = [
        pupil
        for (pupil,) in reader.sql(
            "SELECT DISTINCT pupil_id FROM enrolment WHERE setting_id = ? AND coalesce(first_day, -1000000) <= ? "
            "AND coalesce(last_day, 10000000) >= ? ORDER BY pupil_id",
            facts.setting.id,
            to_number(friday),
            to_number(monday),
        )
    ]
    classes = (Name, YearGroup, Enrolment, Placement, HomeSchool, Timetable, TimetableStep, AbsenceContact)
    by = {cls: _by_pupil(reader, cls, ids) for cls in classes}
    ids = [i for i in ids if by[HomeSchool].get(i) or any(p.partner_id is not None for p in by[Placement].get(i, ()))]
    marks = _marks(reader, facts.setting.id, ids, monday if week_only else None, min(friday, as_of))
    found: list[WeekRecords] = []
    for i in ids:
        pupil = reader.one(Pupil, i)
        if pupil is None:
            continue
        rows = {cls: tuple(held.get(i, ())) for cls, held in by.items()}
        found.append(
            WeekRecords(
                pupil,
                names=rows[Name],
                years=rows[YearGroup],
                enrolments=rows[Enrolment],
                placements=rows[Placement],
                home_schools=rows[HomeSchool],
                marks=tuple(marks.get(i, ())),
                timetables=rows[Timetable],
                steps=rows[TimetableStep],
                contacts=rows[AbsenceContact],
            )
        )
    return found
