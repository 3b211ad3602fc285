"""Questions about all pupils of a setting at once, summed in SQL: attendance, before and since, weekly engagement, change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from approgress.domain import change
from approgress.domain.attendance import CodeSet, Tally
from approgress.domain.change import OwnSpread, WeekCount
from approgress.domain.cohort import ChangeRow, PupilTally
from approgress.domain.days import age_on, to_date, to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.instruments import Instrument
from approgress.domain.starting_point import SeriesKey
from approgress.store.reads import Reader
from approgress.store.reads.starts import AGREED_STARTS, EARLIEST_STARTS

# one seek a time on roll, and a walk along the clustered key; a mark without a code compares to nothing and adds nothing
_ATTENDANCE = """
SELECT e.pupil_id,
  sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am < 64 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 64 THEN 1 ELSE 0 END)),
  sum((CASE WHEN m.am < 96 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 96 THEN 1 ELSE 0 END))
FROM enrolment e JOIN mark m ON m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id
  AND m.day >= coalesce(e.first_day, -1000000) AND m.day <= coalesce(e.last_day, 10000000) AND m.day >= ? AND m.day <= ?
WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?
GROUP BY e.pupil_id, e.id ORDER BY e.pupil_id, e.id
"""
_LATE = """
SELECT e.pupil_id, sum((CASE WHEN m.am IN ({0}) THEN 1 ELSE 0 END) + (CASE WHEN m.pm IN ({0}) THEN 1 ELSE 0 END))
FROM enrolment e JOIN mark m ON m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id
  AND m.day >= coalesce(e.first_day, -1000000) AND m.day <= coalesce(e.last_day, 10000000) AND m.day >= ? AND m.day <= ?
WHERE e.setting_id = ? GROUP BY e.pupil_id, e.id ORDER BY e.pupil_id, e.id
"""


def attendance(reader: Reader, setting_id: int, first: date, last: date, *, codes: CodeSet | None = None) -> list[PupilTally]:
    """Attendance of every enrolment of a setting between two days, each clipped to its time on roll; one row an enrolment, by pupil.

    Late sessions are counted only with `codes`. An enrolment without a mark in that time does not appear.
    """
    a, b = to_number(first), to_number(last)
    rows: list[Any] = reader.sql(_ATTENDANCE, a, b, setting_id, b, a)
    late: list[Any] = []
    if codes is not None:
        numbers = ", ".join(str(n) for n in sorted(codes.late_numbers)) or "NULL"
        late = reader.sql(_LATE.format(numbers), a, b, setting_id)
    counts = iter(late)
    found: list[PupilTally] = []
    for pupil, attended, authorised, possible in rows:
        told = int(next(counts)[1]) if late else None
        found.append(PupilTally(pupil, Tally(int(possible), int(attended), int(authorised - attended), int(possible - authorised), 0, told)))
    return found


@dataclass(frozen=True, slots=True)
class BeforeSince:
    """A pupil's attendance before day 0, as stated by a named school, and since, as counts; `before` of 0 is not known."""

    pupil_id: int
    before_attended: int
    before_possible: int
    stated_by: str
    attended: int
    possible: int


# the latest stated period that ended by day 0; of two that end on one day the longer
_BEFORE_SINCE = """
WITH stay AS (
  SELECT e.pupil_id, e.setting_id, coalesce(e.first_day, -1000000) AS first_day, coalesce(e.last_day, 10000000) AS last_day
  FROM enrolment e WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?
), stated AS (
  SELECT t.pupil_id, t.attended, t.possible, t.school,
    row_number() OVER (PARTITION BY t.pupil_id ORDER BY t.last_day DESC, t.possible DESC, t.id DESC) AS n
  FROM stay s JOIN stated_attendance t ON t.pupil_id = s.pupil_id AND t.last_day <= s.first_day
)
SELECT s.pupil_id, t.attended, t.possible, t.school,
  (SELECT sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END)) FROM mark m
   WHERE m.pupil_id = s.pupil_id AND m.setting_id = s.setting_id AND m.day >= s.first_day AND m.day <= s.last_day AND m.day <= ?),
  (SELECT sum((CASE WHEN m.am < 96 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 96 THEN 1 ELSE 0 END)) FROM mark m
   WHERE m.pupil_id = s.pupil_id AND m.setting_id = s.setting_id AND m.day >= s.first_day AND m.day <= s.last_day AND m.day <= ?)
FROM stay s LEFT JOIN stated t ON t.pupil_id = s.pupil_id AND t.n = 1
ORDER BY s.pupil_id
"""


def before_and_since(reader: Reader, setting_id: int, day: date) -> list[BeforeSince]:
    """Attendance before, as stated, and since day 0, of each pupil on roll on a day."""
    n = to_number(day)
    rows: list[Any] = reader.sql(_BEFORE_SINCE, setting_id, n, n, n, n)
    return [BeforeSince(p, x or 0, y or 0, school or "", int(a or 0), int(b or 0)) for p, x, y, school, a, b in rows]


_WEEKLY = """
SELECT (l.slot / 8 - 2) / 7, sum(CASE WHEN l.score >= ? THEN 1 ELSE 0 END), count(l.score)
FROM enrolment e JOIN lesson_score l ON l.pupil_id = e.pupil_id AND l.slot >= ? AND l.slot < ?
WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= l.slot / 8 AND coalesce(e.last_day, 10000000) >= l.slot / 8
GROUP BY (l.slot / 8 - 2) / 7
"""


def weekly_engagement(reader: Reader, facts: SchoolFacts, first: date, last: date, top: int = 4) -> tuple[WeekCount, ...]:
    """Rated lessons of all pupils on roll by school week, and how many at `top` or above; school weeks without any stand as 0 of 0."""
    rows: list[Any] = reader.sql(_WEEKLY, top, to_number(first) * 8, (to_number(last) + 1) * 8, facts.setting.id)
    counts = {to_date(7 * week + 2): (int(count), int(of)) for week, count, of in rows if of}
    return change.school_weeks(counts, facts.calendar)


# the newest complete reading of each series of pupils on roll
_NEWEST = """
SELECT pupil_id, instrument, edition, respondent, day, value, id, born, sex FROM (
  SELECT r.pupil_id, r.instrument, r.edition, r.respondent, r.day, r.value, r.id, p.born, p.sex,
         row_number() OVER (PARTITION BY r.pupil_id, r.instrument, r.edition, r.respondent ORDER BY r.day DESC, r.id DESC) AS n
  FROM (SELECT DISTINCT pupil_id FROM enrolment WHERE setting_id = ? AND coalesce(first_day, -1000000) <= ? AND coalesce(last_day, 10000000) >= ?) e
  JOIN pupil p ON p.id = e.pupil_id
  JOIN reading r ON r.pupil_id = e.pupil_id
  WHERE r.status = 'complete' AND r.goal_id IS NULL AND r.value IS NOT NULL AND r.day <= ?
) AS numbered WHERE n = 1
"""


def changes(reader: Reader, facts: SchoolFacts, day: date) -> list[ChangeRow]:
    """Reliable change on the main scale of every series of every pupil on roll: the same verdicts as `change.judge` gives, one row a series.

    Series of an ordered scale or a reading age, and of an instrument that is not known here, do not appear.
    """
    n = to_number(day)
    place = facts.setting.id
    starts: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in reader.sql(EARLIEST_STARTS, place, n, n):
        starts[row[:4]] = row[4:]
    taken: set[tuple[Any, ...]] = set()
    for row in reader.sql(AGREED_STARTS, place, n, n, n, n):
        if row[:4] not in taken:
            taken.add(row[:4])
            starts[row[:4]] = row[4:]
    bases = _Bases(facts)
    found: list[ChangeRow] = []
    rows: list[Any] = reader.sql(_NEWEST, place, n, n, n)
    for pupil, instrument_id, edition, respondent, now_day, now, now_id, born, sex in rows:
        start: Any = starts.get((pupil, instrument_id, edition, respondent))
        key = SeriesKey(instrument_id, edition, respondent)
        instrument = bases.instrument(key)
        if start is None or start[0] is None or instrument is None or instrument.main.kind in (change.ORDINAL, change.AGE_MONTHS):
            continue
        found.append(_row(bases, instrument, pupil, key, start, (now, now_day, now_id), born, sex))
    return found


class _Bases:
    """What judges each series, worked out once for each case that the choice depends on."""

    def __init__(self, facts: SchoolFacts) -> None:
        self.facts = facts
        self._instruments: dict[SeriesKey, Instrument | None] = {}
        self._found: dict[tuple[Any, ...], change.Basis | str] = {}

    def instrument(self, key: SeriesKey) -> Instrument | None:
        if key not in self._instruments:
            self._instruments[key] = self.facts.library.get(key.instrument, key.edition)
        return self._instruments[key]

    def of(self, key: SeriesKey, instrument: Instrument, gap: int, born: int | None, start_day: int, sex: str | None) -> change.Basis | str:
        figures = (*instrument.reliabilities, *instrument.norms)
        age = None
        if born is not None and any(f.ages is not None for f in figures) and born <= start_day:
            age = age_on(to_date(born), to_date(start_day))
        who = sex if any(f.sex is not None for f in figures) else None
        case = (key, tuple(r.days is not None and 2 * r.days >= gap for r in instrument.reliabilities), age, who)
        if case not in self._found:
            own: OwnSpread | None = self.facts.spreads.get(key)
            self._found[case] = change.choose_basis(instrument, instrument.main, key.respondent, gap, own, age=age, sex=who)
        return self._found[case]


def _row(
    bases: _Bases, instrument: Instrument, pupil: int, key: SeriesKey, start: Any, now: tuple[Any, Any, Any], born: int | None, sex: str | None
) -> ChangeRow:
    value, start_day, start_id = start
    now_value, now_day, now_id = now

    def row(verdict: str, needs: float | None, why: str | None, ended: bool = True) -> ChangeRow:
        return ChangeRow(
            pupil, key, to_date(start_day), value, to_date(now_day) if ended else None, now_value if ended else None, verdict, needs, why
        )

    if now_id == start_id or now_day < start_day:
        return row(change.CANNOT_BE_JUDGED, None, change.ONE_READING, ended=False)
    if now_day == start_day:
        return row(change.CANNOT_BE_JUDGED, None, change.SAME_DAY)
    basis = bases.of(key, instrument, now_day - start_day, born, start_day, sex)
    if isinstance(basis, str):
        return row(change.CANNOT_BE_JUDGED, None, basis)
    outcome = change.verdict_of(instrument.main, value, now_value, basis.needs)
    return row(outcome.verdict, basis.needs, outcome.why)
