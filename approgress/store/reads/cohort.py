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
from approgress.store.reads.starts import Ended, starts_and_ends

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


# before as `starting_point.before_of` chooses it, from day 0 as `strands.stay_of` finds it: the period that the newest agreed starting point
# names, else the latest stated one that ended by day 0; of two that end on one day the longer. Where a point was agreed in this stay, those of
# earlier stays are left out
_BEFORE_SINCE = """
WITH stay AS (
  SELECT e.pupil_id, e.id, e.setting_id, coalesce(e.first_day, -1000000) AS first_day, coalesce(e.last_day, 10000000) AS last_day,
    coalesce(e.first_day,
      (SELECT min(p.first_day) FROM placement p WHERE p.pupil_id = e.pupil_id AND p.enrolment_id = e.id),
      (SELECT min(m.day) FROM mark m WHERE m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id AND m.day <= ?)) AS began
  FROM enrolment e WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?
), agreed AS (
  SELECT s.id AS enrolment_id, p.pupil_id, p.id, p.day, p.agreed_on,
    CASE WHEN p.day >= s.began THEN 1 ELSE 0 END AS present
  FROM stay s JOIN starting_point p ON p.pupil_id = s.pupil_id AND p.agreed_on <= ? AND p.day <= ?
), named AS (
  SELECT a.enrolment_id, a.pupil_id, v.stated_id, a.day, a.agreed_on, a.id
  FROM agreed a JOIN start_value v ON v.pupil_id = a.pupil_id AND v.starting_point_id = a.id AND v.stated_id IS NOT NULL
  WHERE a.present = 1 OR NOT EXISTS (
    SELECT 1 FROM agreed x WHERE x.pupil_id = a.pupil_id AND x.enrolment_id = a.enrolment_id AND x.present = 1)
), stated AS (
  SELECT t.pupil_id, s.id AS enrolment_id, t.attended, t.possible, t.school,
    row_number() OVER (PARTITION BY t.pupil_id, s.id ORDER BY
      coalesce(n.day, -1000000) DESC, coalesce(n.agreed_on, -1000000) DESC, coalesce(n.id, -1) DESC, t.last_day DESC, t.possible DESC, t.id DESC) AS n
  FROM stay s JOIN stated_attendance t ON t.pupil_id = s.pupil_id AND t.last_day <= ? AND (s.began IS NULL OR t.last_day <= s.began)
  LEFT JOIN named n ON n.pupil_id = t.pupil_id AND n.enrolment_id = s.id AND n.stated_id = t.id
)
SELECT s.pupil_id, t.attended, t.possible, t.school,
  (SELECT sum((CASE WHEN m.am < 32 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 32 THEN 1 ELSE 0 END)) FROM mark m
   WHERE m.pupil_id = s.pupil_id AND m.setting_id = s.setting_id AND m.day >= s.first_day AND m.day <= s.last_day AND m.day <= ?),
  (SELECT sum((CASE WHEN m.am < 96 THEN 1 ELSE 0 END) + (CASE WHEN m.pm < 96 THEN 1 ELSE 0 END)) FROM mark m
   WHERE m.pupil_id = s.pupil_id AND m.setting_id = s.setting_id AND m.day >= s.first_day AND m.day <= s.last_day AND m.day <= ?)
FROM stay s LEFT JOIN stated t ON t.pupil_id = s.pupil_id AND t.enrolment_id = s.id AND t.n = 1
ORDER BY s.pupil_id
"""


def before_and_since(reader: Reader, setting_id: int, day: date) -> list[BeforeSince]:
    """Attendance before, as stated (`starting_point.before_of`), and since day 0, of each pupil on roll on a day."""
    n = to_number(day)
    rows: list[Any] = reader.sql(_BEFORE_SINCE, n, setting_id, n, n, n, n, n, n, n)
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


def changes(reader: Reader, facts: SchoolFacts, day: date) -> list[ChangeRow]:
    """Reliable change on the main scale of every series of every pupil on roll: the same verdicts as `change.judge` gives, one row a series.

    Series of an ordered scale or a reading age, and of an instrument that is not known here, do not appear.
    """
    bases = _Bases(facts)
    who: dict[int, tuple[int | None, str | None]] = {}
    if bases.for_some:
        rows: list[Any] = reader.sql("SELECT id, born, sex FROM pupil")
        who = {i: (born, sex) for i, born, sex in rows}
    found: list[ChangeRow] = []
    keys: dict[tuple[str, str, str], SeriesKey] = {}
    for (pupil, instrument_id, edition, respondent), (start, now) in starts_and_ends(reader, facts.setting.id, day, on_roll=True).items():
        if start is None or now is None or start[2] is None:
            continue
        series = (instrument_id, edition, respondent)
        key = keys.get(series)
        if key is None:
            key = keys[series] = SeriesKey(*series)
        instrument = bases.instrument(key)
        if instrument is None or instrument.main.kind in (change.ORDINAL, change.AGE_MONTHS):
            continue
        born, sex = who.get(pupil, (None, None))
        found.append(_row(bases, instrument, pupil, key, start, now, born, sex))
    return found


class _Bases:
    """What judges each series, worked out once for each case that the choice depends on."""

    def __init__(self, facts: SchoolFacts) -> None:
        self.facts = facts
        self._instruments: dict[SeriesKey, Instrument | None] = {}
        self._found: dict[tuple[Any, ...], change.Basis | str] = {}
        figures = (f for i in facts.library.instruments for f in (*i.reliabilities, *i.norms))
        self.for_some = any(f.ages is not None or f.sex is not None for f in figures)
        """Whether any figure is made for an age or a sex, so that the pupils' own must be known."""

    def instrument(self, key: SeriesKey) -> Instrument | None:
        if key not in self._instruments:
            self._instruments[key] = self.facts.library.get(key.instrument, key.edition)
        return self._instruments[key]

    def of(self, key: SeriesKey, instrument: Instrument, gap: int, born: int | None, start_day: int, sex: str | None) -> change.Basis | str:
        age = who = None
        if self.for_some:
            figures = (*instrument.reliabilities, *instrument.norms)
            if born is not None and any(f.ages is not None for f in figures) and born <= start_day:
                age = age_on(to_date(born), to_date(start_day))
            who = sex if any(f.sex is not None for f in figures) else None
        # a retest counts for gaps of up to twice its own
        case = (key, *[2 * (r.days or 0) >= gap for r in instrument.reliabilities], age, who)
        found = self._found.get(case)
        if found is None:
            own: OwnSpread | None = self.facts.spreads.get(key)
            found = self._found[case] = change.choose_basis(instrument, instrument.main, key.respondent, gap, own, age=age, sex=who)
        return found


def _row(
    bases: _Bases, instrument: Instrument, pupil: int, key: SeriesKey, start: Ended, now: Ended, born: int | None, sex: str | None
) -> ChangeRow:
    start_day, start_id, value = start
    now_day, now_id, now_value = now
    assert value is not None and now_value is not None  # series without a score at either end were passed over
    began, ended = to_date(start_day), to_date(now_day)
    if now_id == start_id or now_day < start_day:
        return ChangeRow(pupil, key, began, value, None, None, change.CANNOT_BE_JUDGED, None, change.ONE_READING)
    if now_day == start_day:
        return ChangeRow(pupil, key, began, value, ended, now_value, change.CANNOT_BE_JUDGED, None, change.SAME_DAY)
    basis = bases.of(key, instrument, now_day - start_day, born, start_day, sex)
    if isinstance(basis, str):
        return ChangeRow(pupil, key, began, value, ended, now_value, change.CANNOT_BE_JUDGED, None, basis)
    verdict, why, _ = change.plain_verdict(instrument.main, value, now_value, basis.needs)
    return ChangeRow(pupil, key, began, value, ended, now_value, verdict, basis.needs, why)
