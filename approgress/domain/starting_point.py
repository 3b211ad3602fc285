"""Which reading of a series is the start, which is now, and how complete a starting point is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.instruments import STRANDS
from approgress.domain.records import Reading, StartingPoint, StartValue, StatedAttendance
from approgress.domain.values import share_words

COMPLETE, DRAFT, VOID = "complete", "draft", "void"


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What makes one pupil's readings comparable. Forms (standard, follow-up) and raters do not part a series."""

    instrument: str
    edition: str
    respondent: str
    goal_id: int | None = None


def series_key(reading: Reading) -> SeriesKey:
    """The series that a reading belongs to."""
    return SeriesKey(reading.instrument, reading.edition, reading.respondent, reading.goal_id)


def series_of(readings: Iterable[Reading]) -> dict[SeriesKey, tuple[Reading, ...]]:
    """One pupil's readings by series, each in order of day and then of entry; drafts and void ones too (`complete` leaves them out)."""
    found: dict[SeriesKey, list[Reading]] = {}
    for reading in readings:
        found.setdefault(series_key(reading), []).append(reading)
    return {key: tuple(sorted(rows, key=_order)) for key, rows in found.items()}


def _order(reading: Reading) -> tuple[date, int]:
    return reading.day, reading.id


def complete(readings: Iterable[Reading], as_of: date | None = None) -> tuple[Reading, ...]:
    """The complete readings on or before a day, in order of day and then of entry; a draft or a void reading is none."""
    return tuple(sorted((r for r in readings if r.status == COMPLETE and (as_of is None or r.day <= as_of)), key=_order))


def same_day(readings: Iterable[Reading]) -> tuple[tuple[Reading, ...], ...]:
    """Complete readings of one series, day and rater of which there is more than one: a mistake or two sittings? A person is asked."""
    found: dict[tuple[SeriesKey, date, str | None], list[Reading]] = {}
    for reading in complete(readings):
        found.setdefault((series_key(reading), reading.day, reading.rater), []).append(reading)
    return tuple(tuple(rows) for rows in found.values() if len(rows) > 1)


@dataclass(frozen=True, slots=True)
class Start:
    """The reading from which change is counted, and whether a starting point with it was agreed."""

    reading: Reading
    agreed: bool
    starting_point: StartingPoint | None = None

    @property
    def words(self) -> str:
        """'agreed 12 Jun 2026' or 'not yet agreed'."""
        if self.starting_point is None or self.starting_point.agreed_on is None:
            return "not yet agreed"
        return f"agreed {days.words(self.starting_point.agreed_on)}"


def agreed_starting_points(starting_points: Iterable[StartingPoint], as_of: date, began: date | None = None) -> tuple[StartingPoint, ...]:
    """The starting points that were agreed by that day, newest first.

    Where one was made on or after the present stay began, older ones belong to an earlier stay and are left out.
    """
    agreed = sorted(
        (p for p in starting_points if p.agreed_on is not None and p.agreed_on <= as_of and p.day <= as_of),
        key=lambda p: (p.day, p.agreed_on or p.day, p.id),
        reverse=True,
    )
    present = [p for p in agreed if began is not None and p.day >= began]
    return tuple(present or agreed)


def start_of(
    series: Iterable[Reading],
    starting_points: Iterable[StartingPoint],
    start_values: Iterable[StartValue],
    *,
    began: date | None,
    as_of: date,
) -> Start | None:
    """The start of one series of one pupil (rulings, Start, now, change 1).

    The reading of this series in the newest agreed starting point that holds one; else the earliest complete reading on or after the
    placement began (`began`; None: the earliest of all), which is not yet agreed. A reading typed later with an earlier day moves nothing
    that was agreed. None where there is no such reading.
    """
    readings = complete(series, as_of)
    by_id = {r.id: r for r in readings}
    values = list(start_values)
    for point in agreed_starting_points(starting_points, as_of, began):
        named = [by_id[v.reading_id] for v in values if v.starting_point_id == point.id and v.reading_id in by_id]
        if named:
            return Start(min(named, key=_order), True, point)
    first = next((r for r in readings if began is None or r.day >= began), None)
    return None if first is None else Start(first, False)


def now_of(series: Iterable[Reading], as_of: date) -> Reading | None:
    """The latest complete reading on or before the day asked for (of two on one day, the one entered last), never the best one."""
    readings = complete(series, as_of)
    return readings[-1] if readings else None


# --- what was stated of the time before -------------------------------------------------------------------------------


def before_of(
    stated: Iterable[StatedAttendance],
    starting_points: Iterable[StartingPoint],
    start_values: Iterable[StartValue],
    *,
    began: date | None,
    as_of: date,
) -> StatedAttendance | None:
    """The attendance that stands for 'before': the agreed starting point's own; else the latest stated period that ended by day 0.

    A period that ends after the placement began (`began`), or of which the end is not known, is never used as before. Of two that end
    on one day the longer stands.
    """
    usable = [s for s in stated if s.last_day is not None and (began is None or s.last_day <= began) and s.last_day <= as_of]
    by_id = {s.id: s for s in usable}
    values = list(start_values)
    for point in agreed_starting_points(starting_points, as_of, began):
        named = [by_id[v.stated_id] for v in values if v.starting_point_id == point.id and v.stated_id in by_id]
        if named:
            return max(named, key=_stated_order)
    return max(usable, key=_stated_order, default=None)


def _stated_order(stated: StatedAttendance) -> tuple[date, int, int]:
    return stated.last_day or date.min, stated.possible, stated.id


# --- completeness -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a starting point is there: values by strand, in the order of the six strands."""

    by_strand: Mapping[str, int]

    @property
    def have(self) -> tuple[str, ...]:
        """The strands with a value."""
        return tuple(s for s in STRANDS if self.by_strand.get(s))

    @property
    def lacking(self) -> tuple[str, ...]:
        """The strands without one."""
        return tuple(s for s in STRANDS if not self.by_strand.get(s))

    @property
    def whole(self) -> bool:
        """Whether every strand has a value."""
        return not self.lacking

    @property
    def words(self) -> str:
        """'4 of 6 strands; missing: Learning, Home and community'."""
        text = f"{share_words(len(self.have), len(STRANDS))} strands"
        return text if self.whole else f"{text}; missing: {', '.join(STRANDS[s] for s in self.lacking)}"


def completeness(values: Iterable[StartValue], readings: Iterable[Reading] | None = None) -> Completeness:
    """The values of one starting point by strand. A value counts where it is a reading, attendance as stated, a number or words.

    With `readings`, a value that names one which is not complete (void, a draft, gone) does not count.
    """
    usable = None if readings is None else {r.id for r in complete(readings)}
    counts = dict.fromkeys(STRANDS, 0)
    for v in values:
        if v.strand not in counts:
            continue
        by_reading = v.reading_id is not None and (usable is None or v.reading_id in usable)
        if by_reading or v.stated_id is not None or v.value is not None or (v.reading_id is None and bool((v.detail or "").strip())):
            counts[v.strand] += 1
    return Completeness(counts)


def due_on(began: date, starting_point_days: int) -> date:
    """The day by which a starting point is to be there: so many days after the placement began (28 unless the school says otherwise)."""
    return began + timedelta(days=starting_point_days)


def newest(starting_points: Sequence[StartingPoint]) -> StartingPoint | None:
    """The starting point that a page shows first: the one of the latest day, agreed or not; None where there is none."""
    return max(starting_points, key=lambda p: (p.day, p.id), default=None)
