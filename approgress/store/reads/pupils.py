"""The list of pupils: who is on roll, who a key or a search finds, a card each for the list, and the signs of their strands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from approgress.domain import change
from approgress.domain.attendance import Tally
from approgress.domain.change import Judgement, WeekCount
from approgress.domain.cohort import PupilCard
from approgress.domain.days import age_on, to_date, to_number
from approgress.domain.dossier import PlacementView, SchoolFacts, chips_of, placement_view, year_of
from approgress.domain.instruments import STRANDS, Instrument
from approgress.domain.naming import ShownName, fold, matches, shown
from approgress.domain.records import (
    Enrolment,
    Flag,
    GroupMember,
    HomeSchool,
    Identifier,
    Name,
    Placement,
    Pupil,
    Reading,
    StartingPoint,
    StartValue,
    StatedAttendance,
    YearGroup,
    kind_of,
)
from approgress.domain.starting_point import SeriesKey, before_of, series_of, start_of
from approgress.domain.strands import (
    LESSON_SCALE,
    MomentCount,
    Sign,
    Stay,
    attendance_sign,
    behaviour_sign,
    current_starting_point,
    engagement_sign,
    judgement_sign,
    primary_key,
    primary_measure,
    stay_of,
    strands_held,
    unjudged,
)
from approgress.domain.values import Value
from approgress.store.reads import Reader
from approgress.store.reads.dossier import may

_ALWAYS = -1_000_000  # before every day that a record can have
_NEVER = 10_000_000

_ON_ROLL = """
SELECT DISTINCT pupil_id FROM enrolment
WHERE setting_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?
"""
_LEAVERS = """
SELECT DISTINCT pupil_id FROM enrolment e
WHERE setting_id = ? AND last_day < ? AND NOT EXISTS (
  SELECT 1 FROM enrolment f WHERE f.pupil_id = e.pupil_id AND f.setting_id = e.setting_id AND coalesce(f.last_day, 10000000) >= ?
)
"""
_EVERYONE = "SELECT DISTINCT pupil_id FROM enrolment WHERE setting_id = ? OR setting_id IS NULL"


# --- who --------------------------------------------------------------------------------------------------------------


def on_roll(reader: Reader, day: date, setting_id: int | None = None, *, leavers: bool = False) -> list[int]:
    """The ids of the pupils on roll on a day, by name; with `leavers` also those who have left by then.

    Without `setting_id` at the first setting. The day of leaving counts as on roll.
    """
    place = setting_id if setting_id is not None else _first_setting(reader)
    n = to_number(day)
    found: list[Any] = [r[0] for r in reader.sql(_ON_ROLL, place, n, n)]
    if leavers:
        found += [r[0] for r in reader.sql(_LEAVERS, place, n, n)]
    return by_name(reader, found, day)


def _first_setting(reader: Reader) -> int:
    found: Any = reader.sql("SELECT min(id) FROM setting")[0][0]
    return found if found is not None else 0


def by_name(reader: Reader, ids: Iterable[int], day: date) -> list[int]:
    """Pupils in the order of their names as shown on a day (forename, surname)."""
    wanted = list(dict.fromkeys(ids))
    names = names_of(reader, wanted, day)
    return sorted((i for i in wanted if i in names), key=lambda i: names[i].by_forename)


def by_key(reader: Reader, key: str) -> list[int]:
    """The pupils whose UPN, or else whose school's number, is `key`, whatever its capitals and spaces; else by a former UPN or another system's."""
    wanted = "".join(key.split()).upper()
    if not wanted:
        return []
    rows: list[Any] = reader.sql("SELECT pupil_id, system, value FROM identifier ORDER BY pupil_id, id")
    found = [(p, s) for p, s, v in rows if "".join(v.split()).upper() == wanted]
    for systems in (("upn",), ("number",), None):
        ids = list(dict.fromkeys(p for p, s in found if systems is None or s in systems))
        if ids:
            return ids
    return []


def names_of(
    reader: Reader, ids: Collection[int], day: date, *, hidden: bool = False, legal: bool = False
) -> dict[int, ShownName]:
    """How pupils are shown on a day, by id; ids that are no pupil are left out."""
    wanted = list(ids)
    names: dict[int, list[Name]] = {}
    for n in _of_pupils(reader, Name, wanted):
        names.setdefault(n.pupil_id, []).append(n)
    return {p.id: shown(p, names.get(p.id, ()), day, hidden=hidden, legal=legal) for p in _of_pupils(reader, Pupil, wanted)}


def _of_pupils(reader: Reader, cls: type[Any], ids: Sequence[int]) -> list[Any]:
    """All records of a class of these pupils; of many pupils by reading the whole table, which is one walk."""
    kind = kind_of(cls)
    if not ids:
        return []
    if len(ids) > 400:
        kept = set(ids)
        return [r for r in reader.every(cls) if (r.id if cls is Pupil else r.pupil_id) in kept]
    columns, order = ", ".join(kind.key + kind.fields), ", ".join(kind.key)
    marks = ", ".join("?" * len(ids))
    rows = reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {kind.key[0]} IN ({marks}) ORDER BY {order}", *ids)
    return [r for r in (reader.rows.record(kind, row) for row in rows) if reader.may(r)]


@dataclass(frozen=True, slots=True)
class Found:
    """A pupil whom a search found: the name, the year in words, and whether on roll."""

    pupil_id: int
    name: ShownName
    year: str
    on_roll: bool


def search(reader: Reader, typed: str, day: date, *, hidden: bool = False, limit: int = 20) -> list[Found]:
    """Pupils whom what was typed finds: words of the name without accents ('duc' finds Đức), or the start of a UPN or number.

    Those on roll come first, then by name; with names hidden by the code and the numbers only.
    """
    wanted = fold(typed)
    if not wanted:
        return []
    n = to_number(day)
    place = _first_setting(reader)
    here = {r[0] for r in reader.sql(_ON_ROLL, place, n, n)}
    names: dict[int, list[Name]] = {}
    for row in reader.every(Name):
        names.setdefault(row.pupil_id, []).append(row)
    numbers: dict[int, list[str]] = {}
    rows: list[Any] = reader.sql("SELECT pupil_id, value FROM identifier")
    for pupil, value in rows:
        numbers.setdefault(pupil, []).append(fold(value).replace(" ", ""))
    compact = wanted.replace(" ", "")
    found: list[tuple[bool, tuple[str, str, int], ShownName]] = []
    for p in reader.every(Pupil):
        name = shown(p, names.get(p.id, ()), day, hidden=hidden)
        if matches(name, wanted) or any(v.startswith(compact) for v in numbers.get(p.id, ())):
            found.append((p.id not in here, name.by_forename, name))
    found.sort(key=lambda f: f[:2])
    ids = [f[2].pupil_id for f in found[:limit]]
    years: dict[int, list[YearGroup]] = {}
    for y in _of_pupils(reader, YearGroup, ids):
        years.setdefault(y.pupil_id, []).append(y)
    return [Found(name.pupil_id, name, year_of(years.get(name.pupil_id, ()), day)[1], not away) for away, _, name in found[:limit]]


# --- cards ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that a card is made of, by pupil."""

    by: Mapping[type[Any], Mapping[int, Sequence[Any]]]

    def of(self, cls: type[Any], pupil: int) -> Sequence[Any]:
        return self.by.get(cls, {}).get(pupil, ())


def _read_rows(reader: Reader, ids: Sequence[int], classes: Iterable[type[Any]]) -> _Rows:
    by: dict[type[Any], dict[int, list[Any]]] = {}
    for cls in classes:
        mine = by.setdefault(cls, {})
        for r in _of_pupils(reader, cls, ids):
            if cls is not Flag or may(reader, r):
                mine.setdefault(r.pupil_id, []).append(r)
    return _Rows(by)


def _stay(reader: Reader, rows: _Rows, pupil: int, setting_id: int, day: date) -> Stay:
    enrolments, placements = rows.of(Enrolment, pupil), rows.of(Placement, pupil)
    stay = stay_of(enrolments, placements, setting_id, day)
    if stay.began is not None:
        return stay
    first: Any = reader.sql(_FIRST_MARK, pupil, setting_id, to_number(day))[0][0]
    return stay_of(enrolments, placements, setting_id, day, first_seen=to_date(first) if first is not None else None)


_FIRST_MARK = "SELECT min(day) FROM mark WHERE pupil_id = ? AND setting_id = ? AND day <= ?"
_SUMS = """
SELECT sum((CASE WHEN am < 32 THEN 1 ELSE 0 END) + (CASE WHEN pm < 32 THEN 1 ELSE 0 END)),
       sum((CASE WHEN am >= 32 AND am < 64 THEN 1 ELSE 0 END) + (CASE WHEN pm >= 32 AND pm < 64 THEN 1 ELSE 0 END)),
       sum((CASE WHEN am >= 64 AND am < 96 THEN 1 ELSE 0 END) + (CASE WHEN pm >= 64 AND pm < 96 THEN 1 ELSE 0 END))
FROM mark WHERE pupil_id = ? AND setting_id = ? AND day >= ? AND day <= ?
"""
_RATED = """
SELECT count(*) FROM (
  SELECT 1 FROM lesson_score WHERE pupil_id = ? AND slot >= ? AND slot < ? AND score IS NOT NULL LIMIT 10
) AS rated
"""


def tally_of(reader: Reader, pupil: int, setting_id: int, first: date | None, last: date | None) -> Tally:
    """One pupil's sessions at a setting between two days, summed in SQL (no late sessions, nothing by code); no time on roll is looked at."""
    a, b = (to_number(first) if first is not None else _ALWAYS), (to_number(last) if last is not None else _NEVER)
    attended, authorised, unauthorised = (int(x or 0) for x in reader.sql(_SUMS, pupil, setting_id, a, b)[0])  # pyright: ignore[reportArgumentType]
    return Tally.of_counts(attended, authorised, unauthorised, late=None)


def _within(stay: Stay, first: date | None, last: date) -> tuple[date | None, date]:
    """Days cut to the present time on roll."""
    e = stay.enrolment
    begins = max((d for d in (first, e.first_day if e else None) if d is not None), default=None)
    return begins, min(d for d in (last, e.last_day if e else None) if d is not None)


def half_term_tallies(reader: Reader, facts: SchoolFacts, day: date, ids: Sequence[int]) -> dict[int, Tally]:
    """Sessions of the half-term of `day` up to that day, since day 0, for each of these pupils; none of 0 in a holiday."""
    rows = _read_rows(reader, list(ids), (Enrolment, Placement))
    return {i: _half_term(reader, facts, i, _stay(reader, rows, i, facts.setting.id, day), day) for i in ids}


def _half_term(reader: Reader, facts: SchoolFacts, i: int, stay: Stay, day: date) -> Tally:
    term = facts.calendar.half_term_of(day)
    if term is None or stay.enrolment is None:
        return Tally()
    first, last = _within(stay, max(term.first_day, stay.began or term.first_day), day)
    return tally_of(reader, i, facts.setting.id, first, last)


_CARD = (
    Name,
    YearGroup,
    Identifier,
    Flag,
    Enrolment,
    Placement,
    HomeSchool,
    GroupMember,
    StatedAttendance,
    StartingPoint,
    StartValue,
)


def cards(
    reader: Reader, facts: SchoolFacts, day: date, *, leavers: bool = False, hidden: bool = False, ids: Sequence[int] | None = None
) -> list[PupilCard]:
    """A card for each pupil on roll on a day (with `leavers` also those who left; with `ids` just these), by name.

    The signs of the strands are asked for apart (`signs`), since they need every mark and score of the stay.
    """
    place = facts.setting.id
    wanted = list(ids) if ids is not None else _who(reader, place, day, leavers)
    rows = _read_rows(reader, wanted, _CARD)
    pupils = {p.id: p for p in _of_pupils(reader, Pupil, wanted)}
    written = _last_written(reader, wanted, day)
    read = _strands_read(reader, wanted, facts, day)
    named = _named_readings(reader, wanted)
    found: list[PupilCard] = []
    for i in wanted:
        if i not in pupils:
            continue
        stay = _stay(reader, rows, i, place, day)
        found.append(_card(reader, facts, day, pupils[i], rows, stay, hidden, written.get(i), read.get(i, {}), named.get(i, ())))
    found.sort(key=lambda c: c.name.by_forename)
    return found


def _who(reader: Reader, place: int, day: date, leavers: bool) -> list[int]:
    n = to_number(day)
    found: list[Any] = [r[0] for r in reader.sql(_ON_ROLL, place, n, n)]
    if leavers:
        found += [r[0] for r in reader.sql(_LEAVERS, place, n, n)]
    return list(dict.fromkeys(found))


def _in(ids: Sequence[int], column: str = "pupil_id") -> tuple[str, tuple[int, ...]]:
    """A condition for these pupils; for many it is left to the caller to drop what is not wanted."""
    if len(ids) > 400:
        return "1 = 1", ()
    return f"{column} IN ({', '.join('?' * len(ids))})", tuple(ids)


_COUNTS = "AND status <> 'draft' AND privacy IN ({})"
"""Which moments count: those that are done, and that the viewer may read."""


def _classes(reader: Reader) -> tuple[str, ...]:
    return tuple(sorted(reader.viewer.classes))


def _holes(reader: Reader) -> str:
    return ", ".join("?" * len(reader.viewer.classes)) or "''"


def _last_written(reader: Reader, ids: Sequence[int], day: date) -> dict[int, date]:
    """When a note or a moment of each pupil was last written down, notes as far as the viewer may read them."""
    if not ids:
        return {}
    where, values = _in(ids)
    classes = sorted(reader.viewer.classes)
    privacy = ", ".join("?" * len(classes)) or "''"
    newest: dict[int, int] = {}
    for text, more in (
        (f"SELECT pupil_id, max(day) FROM note WHERE {where} AND day <= ? AND privacy IN ({privacy}) GROUP BY pupil_id", tuple(classes)),
        (
            f"SELECT pupil_id, max(day) FROM moment WHERE {where} AND day <= ? AND status <> 'draft' AND privacy IN ({privacy}) GROUP BY pupil_id",
            tuple(classes),
        ),
    ):
        rows: list[Any] = reader.sql(text, *values, to_number(day), *more)
        for pupil, last in rows:
            newest[pupil] = max(last, newest.get(pupil, last))
    return {pupil: to_date(n) for pupil, n in newest.items()}


def _strands_read(reader: Reader, ids: Sequence[int], facts: SchoolFacts, day: date) -> dict[int, dict[str, date]]:
    """For each pupil the last day on which an instrument of a strand was read."""
    if not ids:
        return {}
    where, values = _in(ids)
    strand_of = facts.strand_of
    found: dict[int, dict[str, date]] = {}
    rows: list[Any] = reader.sql(
        f"SELECT pupil_id, instrument, max(day) FROM reading WHERE {where} AND status = 'complete' AND value IS NOT NULL AND goal_id IS NULL "
        "AND instrument <> 'goal' AND day <= ? GROUP BY pupil_id, instrument",
        *values,
        to_number(day),
    )
    for pupil, instrument, last in rows:
        strand = strand_of.get(instrument)
        if strand is not None:
            mine = found.setdefault(pupil, {})
            mine[strand] = max(to_date(last), mine.get(strand, date.min))
    return found


def _named_readings(reader: Reader, ids: Sequence[int]) -> dict[int, list[Reading]]:
    """The readings that starting values name."""
    if not ids:
        return {}
    kind = kind_of(Reading)
    where, values = _in(ids, "r.pupil_id")
    columns = ", ".join(f"r.{c}" for c in kind.key + kind.fields)
    text = f"SELECT {columns} FROM start_value v JOIN reading r ON r.pupil_id = v.pupil_id AND r.id = v.reading_id WHERE {where}"
    found: dict[int, list[Reading]] = {}
    for row in reader.sql(text, *values):
        record = reader.rows.record(kind, row)
        found.setdefault(record.pupil_id, []).append(record)
    return found


def _latest(rows: Iterable[Any], day: date) -> Any:
    """The dated row in force on a day that began last, or None."""
    held = [r for r in rows if (r.first_day is None or r.first_day <= day) and (r.last_day is None or day <= r.last_day)]
    return max(held, key=lambda r: (r.first_day or date.min, r.id), default=None)


def _card(
    reader: Reader,
    facts: SchoolFacts,
    day: date,
    pupil: Pupil,
    rows: _Rows,
    stay: Stay,
    hidden: bool,
    written: date | None,
    read: Mapping[str, date],
    named: Sequence[Reading],
) -> PupilCard:
    i = pupil.id
    began = stay.began
    year_code, year = year_of(rows.of(YearGroup, i), day)
    member = _latest(rows.of(GroupMember, i), day)
    group = facts.groups.get(member.group_id) if member is not None else None
    school = _latest(rows.of(HomeSchool, i), day)
    partner = facts.partners.get(school.partner_id) if school is not None else None
    placement = _placement(rows.of(Placement, i), rows.of(Enrolment, i), facts, partner.name if partner else None, day)
    term = facts.calendar.half_term_of(day)
    points = [p for p in rows.of(StartingPoint, i) if p.day <= day]
    point = current_starting_point(points, began)
    values = [v for v in rows.of(StartValue, i) if point is not None and v.starting_point_id == point.id]
    before = before_of(rows.of(StatedAttendance, i), rows.of(StartingPoint, i), rows.of(StartValue, i), began=began, as_of=day)
    a, b = (to_number(began) if began is not None else _ALWAYS), to_number(day)
    rated: Any = reader.sql(_RATED, i, a * 8, (b + 1) * 8)[0][0]
    moments: Any = reader.sql(f"SELECT count(*) FROM moment WHERE pupil_id = ? AND day >= ? AND day <= ? {_COUNTS.format(_holes(reader))}", i, a, b, *_classes(reader))[0][0]
    numbers = {n.system: n.value for n in rows.of(Identifier, i)}
    return PupilCard(
        pupil_id=i,
        name=shown(pupil, rows.of(Name, i), day, hidden=hidden),
        year_code=year_code,
        year=year,
        group_id=group.id if group else None,
        group=group.name if group else None,
        placement_sort=placement.placement.sort if placement else None,
        placement=placement.short if placement else "",
        since=placement.placement.first_day if placement else began,
        home_school=(placement.home_school if placement else None) or (partner.name if partner else None),
        registration=stay.enrolment.registration if stay.enrolment else None,
        on_roll=stay.on_roll(day),
        left_on=stay.ended if stay.ended is not None and stay.ended < day else None,
        half_term_name=term.name if term is not None else "",
        half_term=_half_term(reader, facts, i, stay, day),
        chips=chips_of(rows.of(Flag, i), day),
        agreed=point is not None and point.agreed_on is not None and point.agreed_on <= day,
        day_number=(day - began).days if began is not None and began <= day else None,
        days=facts.setting.starting_point_days,
        last_written=written,
        upn=numbers.get("upn"),
        number=numbers.get("number"),
        born=pupil.born,
        held=strands_held(
            values,
            named,
            read=[s for s, last in read.items() if began is None or last >= began],
            before=before is not None or _elsewhere(reader, i, facts.setting.id, began, _within(stay, began, day)[1]) is not None,
            rated_lessons=int(rated),
            moments=int(moments),
        ),
    )


def _placement(
    placements: Sequence[Placement], enrolments: Sequence[Enrolment], facts: SchoolFacts, home_school: str | None, day: date
) -> PlacementView | None:
    """The current placement, else the next one."""
    here = {e.id for e in enrolments if e.setting_id == facts.setting.id}
    mine = sorted((p for p in placements if p.enrolment_id in here), key=lambda p: (p.first_day, p.id))
    current = [p for p in mine if p.first_day <= day and (p.last_day is None or day <= p.last_day)]
    chosen = current[-1] if current else next((p for p in mine if p.first_day > day), None)
    return placement_view(chosen, facts, home_school, day) if chosen is not None else None


# --- signs ------------------------------------------------------------------------------------------------------------

_WEEKS = """
SELECT (slot / 8 - 2) / 7, sum(CASE WHEN score >= ? THEN 1 ELSE 0 END), count(*)
FROM lesson_score WHERE pupil_id = ? AND slot >= ? AND slot < ? AND score IS NOT NULL GROUP BY (slot / 8 - 2) / 7
"""
# the sessions of each half-term, kept to the stay; a half-term that holds no mark with a code does not appear
_HALF_TERMS = """
SELECT h.id, sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END))
FROM half_term h JOIN mark m ON m.pupil_id = ? AND m.setting_id = h.setting_id AND m.day >= h.first_day AND m.day <= h.last_day
WHERE h.setting_id = ? AND m.day >= ? AND m.day <= ? AND (m.am IS NOT NULL OR m.pm IS NOT NULL) GROUP BY h.id
"""


def signs(reader: Reader, facts: SchoolFacts, day: date, ids: Sequence[int]) -> dict[int, dict[str, Sign]]:
    """For each of these pupils one sign a strand, in the order of the strands: the same as a dossier of that day shows.

    Marks and scores are summed in SQL; only readings of the primary measures come out as records.
    """
    place = facts.setting.id
    wanted = list(ids)
    rows = _read_rows(reader, wanted, (Enrolment, Placement, StatedAttendance, StartingPoint, StartValue))
    pupils = {p.id: p for p in _of_pupils(reader, Pupil, wanted)}
    measures = {s: primary_measure(s, facts.measures, facts.setting) for s in STRANDS}
    readings = _primary_readings(reader, wanted, {m[0] for m in measures.values() if m is not None and m[0] != LESSON_SCALE}, day)
    found: dict[int, dict[str, Sign]] = {}
    for i in wanted:
        if i not in pupils:
            continue
        stay = _stay(reader, rows, i, place, day)
        one: dict[str, Sign] = {}
        for strand in STRANDS:
            measure = measures[strand]
            judged = _judged(facts, rows, pupils[i], readings.get(i, ()), stay, measure, day) if measure is not None else None
            if judged is not None:
                one[strand] = judgement_sign(judged)
            elif strand == "attendance":
                one[strand] = _attendance_sign(reader, facts, rows, i, stay, day)
            elif strand == "behaviour":
                one[strand] = behaviour_sign(_moment_counts(reader, facts, i, stay, day))
            elif strand == "engagement" and (measure is None or measure[0] == LESSON_SCALE):
                one[strand] = _engagement_sign(reader, facts, i, stay, day)
            elif strand == "home" and measure is None:
                one[strand] = _home_sign(rows, i, stay, day)
            else:
                known = measure is not None and facts.library.get(measure[0]) is not None
                one[strand] = unjudged(change.NO_READING if known else "no measure")
        found[i] = one
    return found


def _primary_readings(reader: Reader, ids: Sequence[int], instruments: Collection[str], day: date) -> dict[int, list[Reading]]:
    if not ids or not instruments:
        return {}
    kind = kind_of(Reading)
    where, values = _in(ids)
    marks = ", ".join("?" * len(instruments))
    columns = ", ".join(kind.key + kind.fields)
    text = f"SELECT {columns} FROM reading WHERE {where} AND instrument IN ({marks}) AND goal_id IS NULL AND status <> 'void' AND day <= ?"
    found: dict[int, list[Reading]] = {}
    for row in reader.sql(text, *values, *sorted(instruments), to_number(day)):
        record = reader.rows.record(kind, row)
        found.setdefault(record.pupil_id, []).append(record)
    return found


def _judged(
    facts: SchoolFacts, rows: _Rows, pupil: Pupil, readings: Sequence[Reading], stay: Stay, measure: tuple[str, str, str], day: date
) -> Judgement | None:
    groups = series_of(r for r in readings if r.instrument == measure[0])
    instruments: dict[SeriesKey, Instrument] = {}
    for key in groups:
        instrument = facts.library.get(key.instrument, key.edition)
        if instrument is not None and any(s.id == measure[2] for s in instrument.scales):
            instruments[key] = instrument
    key = primary_key(groups, measure, instruments, day)
    if key is None:
        return None
    start = start_of(groups[key], rows.of(StartingPoint, pupil.id), rows.of(StartValue, pupil.id), began=stay.began, as_of=day)
    born = pupil.born
    age = age_on(born, start.reading.day) if born is not None and start is not None and born <= start.reading.day else None
    instrument = instruments[key]
    own = facts.spreads.get(key) if measure[2] == instrument.main.id else None
    return change.judge(
        instrument, groups[key], start, as_of=day, respondent=key.respondent, scale_id=measure[2], own=own, age=age, sex=pupil.sex
    )


def _attendance_sign(reader: Reader, facts: SchoolFacts, rows: _Rows, i: int, stay: Stay, day: date) -> Sign:
    place = facts.setting.id
    began = stay.began
    first, last = _within(stay, began, day)
    since = tally_of(reader, i, place, first, last)
    stated = before_of(rows.of(StatedAttendance, i), rows.of(StartingPoint, i), rows.of(StartValue, i), began=began, as_of=day)
    if stated is not None:
        before = Value(None, stated.attended, stated.possible)
        equal = change.equal_since(stated, began, min(day, stay.ended or day)) if began is not None else None
        if equal is None:
            return attendance_sign(before, since.rate())
        then = tally_of(reader, i, place, *_within(stay, equal[0], equal[1]))
        return attendance_sign(before, then.rate(), equal_length=True)
    elsewhere = _elsewhere(reader, i, place, began, last)
    return attendance_sign(elsewhere.rate() if elsewhere else None, since.rate(), equal_length=elsewhere is not None)


def _elsewhere(reader: Reader, i: int, place: int, began: date | None, last: date) -> Tally | None:
    """As many days before day 0 at another setting of this store, where it marked the pupil."""
    if began is None or last < began:
        return None
    rows: list[Any] = reader.sql(
        "SELECT setting_id FROM mark WHERE pupil_id = ? AND setting_id <> ? AND day < ? ORDER BY day DESC LIMIT 1", i, place, to_number(began)
    )
    if not rows:
        return None
    counted = tally_of(reader, i, rows[0][0], to_date(2 * to_number(began) - to_number(last) - 1), to_date(to_number(began) - 1))
    return counted if counted.possible else None


def _engagement_sign(reader: Reader, facts: SchoolFacts, i: int, stay: Stay, day: date) -> Sign:
    instrument = facts.library.get(LESSON_SCALE)
    if instrument is None or instrument.main.count_from is None:
        return unjudged("no scale of engagement is in use")
    weeks = weeks_of(reader, facts, i, instrument.main.count_from, stay.began, min(day, stay.ended or day))
    return engagement_sign(change.judge_engagement_weeks(instrument, weeks), instrument.main, weeks)


def weeks_of(reader: Reader, facts: SchoolFacts, pupil: int, top: int, first: date | None, last: date) -> tuple[WeekCount, ...]:
    """One pupil's rated lessons by school week between two days, summed in SQL."""
    a = to_number(first) * 8 if first is not None else _ALWAYS
    counts: dict[date, tuple[int, int]] = {}
    rows: list[Any] = reader.sql(_WEEKS, top, pupil, a, (to_number(last) + 1) * 8)
    for week, count, of in rows:
        counts[to_date(7 * week + 2)] = (int(count), of)  # day 2 of the count of days is a Monday
    return change.school_weeks(counts, facts.calendar)


def _moment_counts(reader: Reader, facts: SchoolFacts, i: int, stay: Stay, day: date) -> list[MomentCount]:
    began = stay.began
    first, last = _within(stay, began, min(day, stay.ended or day))
    a = to_number(first) if first is not None else _ALWAYS
    attended: dict[Any, Any] = dict(reader.sql(_HALF_TERMS, i, facts.setting.id, a, to_number(last)))  # pyright: ignore[reportArgumentType, reportCallIssue]
    moments: list[Any] = reader.sql(
        f"SELECT day, tone FROM moment WHERE pupil_id = ? AND day >= ? AND day <= ? {_COUNTS.format(_holes(reader))}", i, a, to_number(last), *_classes(reader)
    )
    terms = [t for t in facts.calendar.half_terms if t.id in attended]
    if not terms:
        whole = tally_of(reader, i, facts.setting.id, first, last)
        if began is None:
            return []
        tones = [t for _, t in moments]
        return [MomentCount("since day 0", "since", began, last, tones.count("incident"), tones.count("good"), tones.count("neutral"), whole.attended)]
    starts = [to_number(t.first_day) for t in terms]
    tones_of: dict[int, list[str]] = {t.id: [] for t in terms}
    for when, tone in moments:
        at = bisect_right(starts, when) - 1
        if at >= 0 and when <= to_number(terms[at].last_day):
            tones_of[terms[at].id].append(tone)
    return [
        MomentCount(
            t.name,
            t.name,
            t.first_day,
            t.last_day,
            tones_of[t.id].count("incident"),
            tones_of[t.id].count("good"),
            tones_of[t.id].count("neutral"),
            int(attended[t.id] or 0),
        )
        for t in terms
    ]


def _home_sign(rows: _Rows, i: int, stay: Stay, day: date) -> Sign:
    point = current_starting_point((p for p in rows.of(StartingPoint, i) if p.day <= day), stay.began)
    values = [v for v in rows.of(StartValue, i) if point is not None and v.starting_point_id == point.id and v.strand == "home"]
    return unjudged("asked at the start only" if values else "no value yet")
