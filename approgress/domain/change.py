"""Whether a change is more than measurement error, and what may be said where that cannot be judged.

Reliable change: Jacobson and Truax 1991. Which figures judge: instrument-file.md and the rulings 3 to 8 on start, now and change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from typing import Any, Protocol

from approgress.domain import days
from approgress.domain.attendance import Tally, stated_tally
from approgress.domain.instruments import (
    AGE_MONTHS,
    CONFIRMED,
    HIGHER,
    ORDINAL,
    STANDARD_SCORE,
    TOLERANCE,
    Instrument,
    Norm,
    Reliability,
    Scale,
    fits,
)
from approgress.domain.records import LessonScore, Reading, StatedAttendance
from approgress.domain.school_year import Calendar, week_of
from approgress.domain.scoring import reading_score
from approgress.domain.starting_point import Start, complete
from approgress.domain.values import Key, Value, number, share_words, signed

GAIN, DECLINE, NO_CLEAR_CHANGE, CANNOT_BE_JUDGED = "gain", "decline", "no clear change", "cannot be judged"
VERDICTS = (GAIN, DECLINE, NO_CLEAR_CHANGE, CANNOT_BE_JUDGED)
RELIABLE_CHANGE = "reliable change"
CRITICAL = 1.96
"""Jacobson and Truax's own figure, kept as they print it; elsewhere quantiles are exact."""
OWN_STARTS = 30
"""This many starting readings of the school's own before their spread may be used."""
CHANCE_PERCENT = 2.5
"""Of 100 pupils who did not change, about so many show a reliable gain by chance, and as many a decline."""

ONE_READING = "one reading only"
NO_READING = "no reading since the placement began"
SAME_DAY = "both readings are of one day"
NO_RELIABILITY = "no checked reliability is known for this measure"
NO_ROOM = "no room to improve that much"
NO_SCORE = "this scale has no score in the reading"


# --- the arithmetic ---------------------------------------------------------------------------------------------------


def needed_change(sd: float, reliability: float) -> float:
    """The change that measurement error alone exceeds in about 5 of 100 pupils: 1.96 * sd * sqrt(2 (1 - reliability)), in points.

    Jacobson and Truax 1991. A change must be greater than this, not equal.
    """
    return CRITICAL * sd * sqrt(2 * (1 - reliability))


def needed_change_of_band(band: float) -> float:
    """The change needed where the manual gives a half-width at 95% for one score: band * sqrt(2), the error of a difference."""
    return band * sqrt(2)


def reliable_change_index(start: float, now: float, sd: float, reliability: float) -> float:
    """(now - start) / (sqrt(2) * sd * sqrt(1 - reliability)); beyond 1.96 either way is a reliable change (Jacobson and Truax 1991)."""
    return (now - start) / (sqrt(2) * sd * sqrt(1 - reliability))


def quantile(level: float = 0.95) -> float:
    """The exact two-sided normal quantile of a level: 1.959963984540054 for 0.95."""
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(count: int, of: int, level: float = 0.95) -> tuple[float, float] | None:
    """The Wilson score interval of a proportion, as two proportions; None where `of` is 0. Raises ValueError for impossible counts."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is not a proportion")
    if of == 0:
        return None
    z = quantile(level)
    p = count / of
    middle = p + z * z / (2 * of)
    reach = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


# --- what judges a change ---------------------------------------------------------------------------------------------


class Spread(Protocol):
    """The spread of this school's own starting readings: how many, and their standard deviation (n - 1), if there are two or more."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def sd(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class OwnSpread:
    """The spread of this school's own starting readings of one series and scale: how many, and their standard deviation (n - 1)."""

    n: int
    sd: float | None


def own_spread(starts: Iterable[float | None]) -> OwnSpread:
    """The spread of a school's starting values of one series and scale, one value a pupil; missing ones are left out."""
    values = [float(v) for v in starts if v is not None]
    if len(values) < 2:
        return OwnSpread(len(values), None)
    from statistics import stdev

    return OwnSpread(len(values), stdev(values))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change is judged by: the change needed in points, in words what that rests on, and what must be said with it.

    `confirmed`: every figure was checked against its owner's, so that "reliable" may be said. `mixed`: spread and reliability are not of
    one sample.
    """

    needs: float
    words: str
    mixed: bool = False
    confirmed: bool = True
    notes: tuple[str, ...] = ()


def choose_basis(
    instrument: Instrument,
    scale: Scale,
    respondent: str,
    gap_days: int,
    own: Spread | None = None,
    *,
    age: int | None = None,
    sex: str | None = None,
) -> Basis | str:
    """The figures that judge a change over a gap of so many days, or in words why there are none (instrument-file.md).

    The first that is there: a reliability with its own spread (or a manual's band); a reliability with a norm's spread; a reliability with
    the spread of 30 or more starting readings of this school. Within each a retest over at least half the gap comes before a manual's band,
    that before alpha, and a retest over less comes last. Only checked figures are used.
    """
    if scale.kind == ORDINAL:
        return "an ordered scale has steps, not distances, so no change in it is judged"
    if scale.kind == AGE_MONTHS:
        return "a reading age says months gained and months gone by, and no more"
    fitting = [r for r in instrument.reliabilities if r.scale == scale.id and fits(r, respondent, age=age, sex=sex)]
    if not fitting:
        return NO_RELIABILITY
    ranked = sorted(fitting, key=lambda r: _rank(r, gap_days))
    norms = [n for n in instrument.norms if n.scale == scale.id and fits(n, respondent, age=age, sex=sex)]
    for r in ranked:
        if r.band is not None:
            words = f"the publisher's band of {number(r.band)} either side, from {r.source}"
            return Basis(needed_change_of_band(r.band), words, confirmed=_confirmed(r))
        if r.value is not None and r.sd is not None:
            words = f"spread {number(r.sd)} and {_reliability_words(r)}, from {r.sample or r.source}"
            return Basis(needed_change(r.sd, r.value), words, confirmed=_confirmed(r), notes=_notes(r, gap_days))
    reliability = ranked[0]
    if reliability.value is None:
        return NO_RELIABILITY
    origin = reliability.sample or reliability.source
    if norms:
        norm = norms[0]
        by_definition = scale.kind == STANDARD_SCORE
        words = f"spread {number(norm.sd)} from {norm.sample or norm.source}; {_reliability_words(reliability)} from {origin}"
        return Basis(
            needed_change(norm.sd, reliability.value),
            words,
            mixed=not by_definition,
            confirmed=_confirmed(reliability, norm),
            notes=_notes(reliability, gap_days),
        )
    n = own.n if own else 0
    if own is None or n < OWN_STARTS:
        return f"no spread is known for it, and this school has {n} of the {OWN_STARTS} starting readings that are needed"
    if not own.sd:
        return f"this school's {n} starting readings are all the same, so they have no spread"
    words = f"spread from this school's {n} starts; reliability from {origin}"
    return Basis(needed_change(own.sd, reliability.value), words, True, _confirmed(reliability), _notes(reliability, gap_days))


def _rank(r: Reliability, gap_days: int) -> int:
    if r.kind == "retest":
        return 0 if r.days is not None and 2 * r.days >= gap_days else 3
    return 1 if r.kind == "manual" else 2


def _confirmed(*figures: Reliability | Norm) -> bool:
    return all(f.checked == CONFIRMED for f in figures)


def _reliability_words(r: Reliability) -> str:
    kind = f"retest over {r.days} days" if r.kind == "retest" else "alpha"
    return f"reliability {number(r.value)} ({kind})"


def _notes(r: Reliability, gap_days: int) -> tuple[str, ...]:
    if r.kind == "alpha":
        return ("The reliability is of one sitting (alpha), so a change may be called clear too easily.",)
    if r.kind == "retest" and r.days is not None and 2 * r.days < gap_days:
        return (f"The reliability is of a retest over {r.days} days, less than half of the time between these readings.",)
    return ()


# --- one pupil, one scale of one series -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One end of a change: its day (and the last day, where it stretches over weeks), and its value."""

    day: date
    value: Value
    last_day: date | None = None

    def as_figure(self) -> dict[str, Any]:
        """The point in the shape of `figures --json`."""
        if self.value.of is not None:
            said: Any = {"count": self.value.count, "of": self.value.of}
        else:
            said = plain(self.value.value)
        figure: dict[str, Any] = {"date": self.day.isoformat(), "value": said}
        if self.last_day is not None:
            figure["to"] = self.last_day.isoformat()
        return figure


def plain(x: float | None) -> float | int | None:
    """A whole number without its '.0', as JSON and tables write scores."""
    return int(x) if x is not None and x == int(x) else x


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be said of one scale of one series of one pupil: start, now, change, verdict, and what all that rests on.

    `change` is now less start, in points (None: there are not two). `verdict` is one of VERDICTS, or None for an ordered scale, which has
    none; `why` says why it cannot be judged. `needs` is the change needed, not rounded; `next_score` the nearest better score that can be
    reached and would count; `corridor` the scores, within the scale, that cannot be told from the start. `smallest_change` is a published
    fact, no verdict. `notes` are sentences that belong beside the figure.
    """

    instrument: str
    edition: str
    respondent: str
    scale: str
    strand: str
    better: str
    start: Point | None
    now: Point | None
    readings: int
    kind: str = "interval"
    goal_id: int | None = None
    agreed: bool = False
    change: float | None = None
    verdict: str | None = CANNOT_BE_JUDGED
    rule: str | None = None
    needs: float | None = None
    next_score: float | None = None
    basis: str | None = None
    mixed: bool = False
    confirmed: bool = False
    why: str | None = None
    at_ceiling: bool = False
    smallest_change: float | None = None
    corridor: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The verdict as it is said: 'reliable gain', 'kept pace with age; more cannot be told', 'cannot be judged: one reading only'.

        'Reliable' is said only where every figure is confirmed.
        """
        if self.verdict is None:
            return ""
        if self.verdict == CANNOT_BE_JUDGED:
            return f"{CANNOT_BE_JUDGED}: {self.why}" if self.why else CANNOT_BE_JUDGED
        if self.verdict == NO_CLEAR_CHANGE:
            return "kept pace with age; more cannot be told" if self.kind == STANDARD_SCORE else NO_CLEAR_CHANGE
        return f"reliable {self.verdict}" if self.confirmed else f"{self.verdict}, by figures that the school typed"

    @property
    def needs_words(self) -> str:
        """'24 points or more count', the change needed as the next score that can be reached; '' where nothing judges."""
        if self.needs is None or self.start is None or self.start.value.value is None:
            return ""
        if self.next_score is None:
            return f"more than {number(self.needs, 1)} points would count"
        step = abs(self.next_score - self.start.value.value)
        return f"{number(step)} {'point' if step == 1 else 'points'} or more count"

    @property
    def smallest_change_words(self) -> str:
        """'more than the published smallest change of 10': a fact beside the verdict; '' where none is published or there is no change."""
        if self.smallest_change is None or self.change is None:
            return ""
        difference = abs(self.change) - self.smallest_change
        size = "as much as" if abs(difference) <= TOLERANCE else "more than" if difference > 0 else "less than"
        return f"{size} the published smallest change of {number(self.smallest_change)}"

    @property
    def change_words(self) -> str:
        """'+24', '−5', '0'; an en dash where there is no change to tell."""
        return signed(self.change)

    @property
    def change_value(self) -> Value:
        """The change as a value, with its rule and the readings that it rests on."""
        ends = tuple(p.value.rests_on for p in (self.start, self.now) if p is not None)
        return Value(self.change, rule=self.rule or "", rests_on=tuple(key for keys in ends for key in keys))

    def as_figure(self) -> dict[str, Any]:
        """The judgement in the shape of `figures --json`; numbers are not rounded."""
        return {
            "instrument": self.instrument,
            "edition": self.edition,
            "respondent": self.respondent,
            "scale": self.scale,
            "strand": self.strand,
            "goal": self.goal_id,
            "better": self.better,
            "agreed": self.agreed,
            "start": self.start.as_figure() if self.start else None,
            "now": self.now.as_figure() if self.now else None,
            "readings": self.readings,
            "change": plain(self.change),
            "verdict": self.verdict,
            "rule": self.rule,
            "needs": self.needs,
            "basis": self.basis,
            "why": self.why,
            "smallest_change": plain(self.smallest_change),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on two scores by one basis: what `verdict_of` found."""

    verdict: str
    why: str | None
    at_ceiling: bool
    corridor: tuple[float, float]
    next_score: float | None


def plain_verdict(scale: Scale, start: float, now: float, needs: float) -> tuple[str, str | None, bool]:
    """Verdict, why it cannot be judged, and whether the start was at the ceiling: `verdict_of` without corridor and next score.

    A start within `needs` of the best score cannot show a gain ('cannot be judged: no room to improve that much', counted apart); a decline
    from there is a decline all the same, or a fall would be hidden behind a good start.
    """
    change = now - start
    at_ceiling = abs(scale.best - start) - needs <= TOLERANCE
    if abs(change) - needs > TOLERANCE:
        return GAIN if change * scale.direction > 0 else DECLINE, None, at_ceiling
    return (CANNOT_BE_JUDGED, NO_ROOM, True) if at_ceiling else (NO_CLEAR_CHANGE, None, False)


def verdict_of(scale: Scale, start: float, now: float, needs: float) -> Outcome:
    """Gain, decline or no clear change of two scores on a scale where a change of more than `needs` counts (see `plain_verdict`)."""
    verdict, why, at_ceiling = plain_verdict(scale, start, now, needs)
    corridor = (max(scale.low, start - needs), min(scale.high, start + needs))
    return Outcome(verdict, why, at_ceiling, corridor, scale.next_beyond(start, needs, scale.direction))


def judge(
    instrument: Instrument,
    series: Sequence[Reading],
    start: Start | None,
    *,
    as_of: date,
    respondent: str | None = None,
    scale_id: str | None = None,
    own: Spread | None = None,
    age: int | None = None,
    sex: str | None = None,
) -> Judgement:
    """Judge one scale (the main one without `scale_id`) of one pupil's series from its start to its latest reading on or before `as_of`.

    `series` holds the readings of one instrument, edition, respondent and goal; `start` comes from `starting_point.start_of`; `own` is the
    spread of this school's starting readings of the same series (`own_spread`). `age` and `sex` rule out figures made for others.
    """
    scale = instrument.scale(scale_id)
    readings = [r for r in complete(series, as_of) if reading_score(r, instrument, scale.id) is not None]
    who = respondent or (readings[0].respondent if readings else series[0].respondent if series else instrument.respondents[0])
    goal_id = series[0].goal_id if series else None
    smallest = instrument.smallest_change(scale.id, who, age=age, sex=sex)

    def judgement(**more: Any) -> Judgement:
        return Judgement(
            instrument=instrument.id,
            edition=instrument.edition,
            respondent=who,
            scale=scale.id,
            strand=instrument.strand,
            better=scale.better,
            readings=len(readings),
            kind=scale.kind,
            goal_id=goal_id,
            agreed=bool(start and start.agreed),
            smallest_change=smallest.points if smallest else None,
            **more,
        )

    first = start.reading if start is not None else None
    if first is None or not readings:
        return judgement(start=None, now=None, why=NO_READING)
    start_score = reading_score(first, instrument, scale.id)
    if start_score is None:
        return judgement(start=None, now=None, why=NO_SCORE)
    began = _point(first, start_score)
    last = readings[-1]
    if last.id == first.id or last.day < first.day:
        return judgement(start=began, now=None, why=ONE_READING)
    now_score = reading_score(last, instrument, scale.id)
    assert now_score is not None  # readings without a score were left out above
    ended = _point(last, now_score)
    change = now_score - start_score
    if last.day == first.day:
        return judgement(start=began, now=ended, why=SAME_DAY)
    if scale.kind == ORDINAL:
        return judgement(start=began, now=ended, change=change, verdict=None)
    notes = _rater_notes(first, last)
    basis = choose_basis(instrument, scale, who, (last.day - first.day).days, own, age=age, sex=sex)
    if isinstance(basis, str):
        return judgement(start=began, now=ended, change=change, why=basis, notes=notes)
    found = verdict_of(scale, start_score, now_score, basis.needs)
    return judgement(
        start=began,
        now=ended,
        change=change,
        verdict=found.verdict,
        rule=RELIABLE_CHANGE,
        needs=basis.needs,
        next_score=found.next_score,
        basis=basis.words,
        mixed=basis.mixed,
        confirmed=basis.confirmed,
        why=found.why,
        at_ceiling=found.at_ceiling,
        corridor=found.corridor,
        notes=(*notes, *basis.notes),
    )


def _point(reading: Reading, score: float) -> Point:
    return Point(reading.day, Value(score, rests_on=(("reading", (reading.pupil_id, reading.id)),)))


def _rater_notes(first: Reading, last: Reading) -> tuple[str, ...]:
    if first.rater and last.rater and first.rater != last.rater:
        return ("The two readings were rated by different people.",)
    return ()


# --- engagement: an ordered scale of lessons --------------------------------------------------------------------------

ENGAGEMENT_WEEKS = 4
ENGAGEMENT_LESSONS = 10
TREND_WEEKS = 8
TREND_LESSONS = 5


@dataclass(frozen=True, slots=True)
class WeekCount:
    """A school week's rated lessons: how many at or above the scale's point, of how many rated. `number` runs on over holidays."""

    first_day: date
    number: int
    count: int
    of: int

    @property
    def value(self) -> Value:
        """The count as a value, '12 of 20'."""
        return Value(None, self.count, self.of, rule="lessons at 4 or 5 of those rated")


def engagement_weeks(
    scores: Iterable[LessonScore],
    count_from: int,
    calendar: Calendar | None = None,
    *,
    began: date | None = None,
    as_of: date | None = None,
) -> tuple[WeekCount, ...]:
    """Rated lessons by school week, from the week of the first to the week of the last rated lesson in the days asked for.

    A school week without a rated lesson stands as 0 of 0; weeks of holiday do not appear. Without a calendar the weeks with a rated lesson
    are all that is known.
    """
    counts: dict[date, tuple[int, int]] = {}
    for s in scores:
        day = days.to_date(s.slot // 8)
        if s.score is None or (began is not None and day < began) or (as_of is not None and day > as_of):
            continue
        monday = week_of(day)
        count, of = counts.get(monday, (0, 0))
        counts[monday] = (count + (s.score >= count_from), of + 1)
    return school_weeks(counts, calendar)


def school_weeks(counts: Mapping[date, tuple[int, int]], calendar: Calendar | None = None) -> tuple[WeekCount, ...]:
    """Counts by Monday (at the scale's point, of rated), as SQL sums them too, with the school weeks between them that have none."""
    if not counts:
        return ()
    mondays = set(counts)
    if calendar:
        mondays |= {w.first_day for w in calendar.weeks(min(counts), max(counts) + timedelta(days=6))}
    return tuple(WeekCount(monday, i, *counts.get(monday, (0, 0))) for i, monday in enumerate(sorted(mondays), start=1))


def judge_engagement(
    instrument: Instrument,
    scores: Iterable[LessonScore],
    *,
    began: date | None,
    as_of: date,
    calendar: Calendar | None = None,
    own_ratings: bool = False,
    scale_id: str | None = None,
) -> Judgement:
    """Engagement of one pupil: the first four school weeks with rated lessons and the last four, each as a count at 4 or 5 of those rated.

    Each four weeks together hold ten or more rated lessons and the two do not overlap; else it cannot be judged. There is no verdict: an
    ordered scale has none (rulings, start, now, change 7). `own_ratings` takes the pupil's own ratings in place of the teacher's.
    """
    scale = instrument.scale(scale_id)
    count_from = scale.count_from
    if count_from is None:
        raise ValueError(f"{instrument.id} has no point from which lessons are counted")
    rows = [LessonScore(s.pupil_id, s.slot, s.own) if own_ratings else s for s in scores]
    return judge_engagement_weeks(
        instrument, engagement_weeks(rows, count_from, calendar, began=began, as_of=as_of), own_ratings=own_ratings, scale_id=scale_id
    )


def judge_engagement_weeks(
    instrument: Instrument, weeks: Sequence[WeekCount], *, own_ratings: bool = False, scale_id: str | None = None
) -> Judgement:
    """`judge_engagement` from counts by school week (`engagement_weeks`, or `school_weeks` of what SQL summed)."""
    scale = instrument.scale(scale_id)
    first, last = weeks[:ENGAGEMENT_WEEKS], weeks[-ENGAGEMENT_WEEKS:]
    rated = sum(w.of for w in weeks)

    def judgement(start: Point | None, now: Point | None, verdict: str | None, why: str | None) -> Judgement:
        return Judgement(
            instrument=instrument.id,
            edition=instrument.edition,
            respondent="pupil" if own_ratings else "teacher",
            scale=scale.id,
            strand=instrument.strand,
            better=scale.better,
            start=start,
            now=now,
            readings=rated,
            kind=scale.kind,
            verdict=verdict,
            why=why,
        )

    if not weeks:
        return judgement(None, None, CANNOT_BE_JUDGED, "no lesson has been rated since the placement began")
    start = _weeks_point(first, scale)
    if sum(w.of for w in first) < ENGAGEMENT_LESSONS:
        why = f"{sum(w.of for w in first)} lessons were rated in the first {len(first)} school weeks, and {ENGAGEMENT_LESSONS} are needed"
        return judgement(start, None, CANNOT_BE_JUDGED, why)
    if len(weeks) < 2 * ENGAGEMENT_WEEKS:
        why = f"{len(weeks)} school weeks so far, and {2 * ENGAGEMENT_WEEKS} are needed"
        return judgement(start, None, CANNOT_BE_JUDGED, why)
    now = _weeks_point(last, scale)
    if sum(w.of for w in last) < ENGAGEMENT_LESSONS:
        why = f"{sum(w.of for w in last)} lessons were rated in the last {len(last)} school weeks, and {ENGAGEMENT_LESSONS} are needed"
        return judgement(start, now, CANNOT_BE_JUDGED, why)
    return judgement(start, now, None, None)


def _weeks_point(weeks: Sequence[WeekCount], scale: Scale) -> Point:
    count, of = sum(w.count for w in weeks), sum(w.of for w in weeks)
    rule = f"lessons at {scale.count_from} or above of those rated, {len(weeks)} school weeks"
    return Point(weeks[0].first_day, Value(None, count, of, rule=rule), weeks[-1].first_day + timedelta(days=6))


# --- many points: weeks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trend:
    """A Theil-Sen line through weekly shares, with the Mann-Kendall sign in words. It describes these weeks; it is no test of a cause.

    `slope` is the change of the share (0 to 1) a school week, `intercept` the line at week 0. `direction`: rising, falling, no clear trend.
    """

    weeks: int
    slope: float
    intercept: float
    s: int
    z: float
    direction: str
    left_out: int = 0

    @property
    def words(self) -> str:
        """'rising in these 11 weeks', 'no clear trend in these 11 weeks'."""
        return f"{self.direction} in these {self.weeks} weeks"


def weekly_trend(weeks: Iterable[WeekCount]) -> Trend | None:
    """The trend of weekly counts, from eight weeks of five or more rated lessons on; fewer lessons leave a week out; else None.

    Theil-Sen: the median slope of all pairs, over the real numbers of the weeks. Mann-Kendall: the normal form with ties and continuity;
    beyond the exact 95% quantile it rises or falls. Shares are compared in whole numbers, so equal shares are equal.
    """
    from statistics import median

    rows = list(weeks)
    used = sorted((w for w in rows if w.of >= TREND_LESSONS), key=lambda w: w.number)
    if len(used) < TREND_WEEKS:
        return None
    slopes: list[float] = []
    s = 0
    for i, a in enumerate(used):
        for b in used[i + 1 :]:
            difference = b.count * a.of - a.count * b.of
            s += (difference > 0) - (difference < 0)
            slopes.append(difference / (a.of * b.of) / (b.number - a.number))
    slope = median(slopes)
    z = _mann_kendall_z(s, [w.value for w in used])
    clear = abs(z) > quantile() and slope != 0
    direction = "no clear trend" if not clear else "rising" if s > 0 else "falling"
    intercept = median(w.count / w.of - slope * w.number for w in used)
    return Trend(len(used), slope, intercept, s, z, direction, len(rows) - len(used))


def _mann_kendall_z(s: int, shares: Sequence[Value]) -> float:
    from fractions import Fraction

    n = len(shares)
    tied: dict[Fraction, int] = {}
    for v in shares:
        share = Fraction(v.count or 0, v.of or 1)
        tied[share] = tied.get(share, 0) + 1
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in tied.values())) / 18
    if variance == 0 or s == 0:
        return 0.0
    return (s - (1 if s > 0 else -1)) / sqrt(variance)


@dataclass(frozen=True, slots=True)
class Pairings:
    """Every earlier point set against every later one (NAP, Parker and Vannest 2009): in how many the later was better, or equal."""

    better: int
    equal: int
    pairs: int

    @property
    def nap(self) -> float:
        """Share of pairs in which the later point is better, equal ones counting half."""
        return (2 * self.better + self.equal) / (2 * self.pairs)

    @property
    def words(self) -> str:
        """'in 38 of 42 pairings the later week was better, and in 1 it was the same'."""
        text = f"in {share_words(self.better, self.pairs)} pairings the later week was better"
        return f"{text}, and in {number(self.equal)} it was the same" if self.equal else text


def pairings(earlier: Sequence[float], later: Sequence[float], better: str = HIGHER) -> Pairings | None:
    """Compare two stretches point by point; None where one of them is empty."""
    if not earlier or not later:
        return None
    sign = 1 if better == HIGHER else -1
    differences = [sign * (b - a) for a in earlier for b in later]
    return Pairings(sum(d > TOLERANCE for d in differences), sum(abs(d) <= TOLERANCE for d in differences), len(differences))


# --- attendance, behaviour, reading ages ------------------------------------------------------------------------------

BETTER, WORSE, THE_SAME = "better", "worse", "the same"


@dataclass(frozen=True, slots=True)
class BeforeSince:
    """Two counts with their wholes, before and since, and which is better in plain words: no corridor and no verdict.

    `compared` is BETTER, WORSE, THE_SAME, or None where one of the two is not known. `stated_by` says who stated the time before.
    """

    before: Value | None
    since: Value
    compared: str | None
    stated_by: str | None = None
    before_days: tuple[date | None, date | None] = (None, None)
    since_days: tuple[date | None, date | None] = (None, None)

    @property
    def words(self) -> str:
        """'118 of 380 (31.1%) before, stated by Parkfield; 128 of 173 (74.0%) since: better'."""
        if self.before is None:
            return f"{self.since.words} since; nothing is stated of the time before"
        stated = f", stated by {self.stated_by}" if self.stated_by else ""
        text = f"{self.before.words} before{stated}; {self.since.words} since"
        return f"{text}: {self.compared}" if self.compared else text


def attendance_before_and_since(
    stated: StatedAttendance | None, since: Tally, *, first: date | None = None, last: date | None = None
) -> BeforeSince:
    """Attendance before, as stated, and since, as marked here, compared on counts (rulings, start, now, change 8).

    `first` and `last` are the days of `since`; take them from `equal_since` where a stretch of equal length is there.
    """
    value = since.rate()
    if stated is None:
        return BeforeSince(None, value, None, since_days=(first, last))
    before = stated_tally(stated)
    compared = _compare(since.attended * before.possible, before.attended * since.possible) if before.possible and since.possible else None
    rule = "sessions attended of possible sessions, as stated"
    key: Key = ("stated_attendance", (stated.pupil_id, stated.id))
    return BeforeSince(
        Value.share(before.attended, before.possible, rule=rule, rests_on=(key,)),
        value,
        compared,
        stated.school,
        (stated.first_day, stated.last_day),
        (first, last),
    )


def equal_since(stated: StatedAttendance, began: date, as_of: date) -> tuple[date, date] | None:
    """The first days of the placement, as many as the stated period has; None where so many have not gone by, or its days are not known."""
    if stated.first_day is None or stated.last_day is None:
        return None
    last = began + (stated.last_day - stated.first_day)
    return (began, last) if began <= last <= as_of else None


def _compare(a: int, b: int) -> str:
    return BETTER if a > b else WORSE if a < b else THE_SAME


def rate_per_ten(count: int, sessions_attended: int, *, rests_on: tuple[Key, ...] = ()) -> Value:
    """Incidents or moments per 10 sessions attended, with both counts; its value is None where no session was attended."""
    value = 10 * count / sessions_attended if sessions_attended else None
    return Value(value, count, sessions_attended, rule="per 10 sessions attended", rests_on=rests_on, unit="per 10", places=1)


def rate_words(value: Value) -> str:
    """'3.3 per 10 sessions attended (14 in 43)': a rate with its counts."""
    counts = f"{number(value.count)} in {number(value.of)}"
    return counts if value.value is None else f"{number(value.value, 1)} per 10 sessions attended ({counts})"


def behaviour_before_and_since(before: tuple[int, int], since: tuple[int, int], *, fewer_is_better: bool = True) -> BeforeSince:
    """Two rates per 10 sessions attended, each from (count, sessions attended), compared on counts; no verdict."""
    compared = None
    if before[1] and since[1]:
        earlier, later = before[0] * since[1], since[0] * before[1]
        compared = _compare(earlier, later) if fewer_is_better else _compare(later, earlier)
    return BeforeSince(rate_per_ten(*before), rate_per_ten(*since), compared)


@dataclass(frozen=True, slots=True)
class MonthsGained:
    """Reading age: months gained and whole months gone by between two sittings of one test, or why they cannot be set side by side."""

    gained: int | None
    gone_by: int | None
    why: str | None = None

    @property
    def words(self) -> str:
        """'7 months gained in 5 months', or 'cannot be judged: ...'."""
        if self.gained is None or self.gone_by is None:
            return f"{CANNOT_BE_JUDGED}: {self.why}"
        size = abs(self.gained)
        told = f"{number(size)} {'month' if size == 1 else 'months'} {'lost' if self.gained < 0 else 'gained'}"
        return f"{told} in {number(self.gone_by)} months"


READING_AGE_MONTHS = 3


def months_between(first: date, last: date) -> int:
    """Whole calendar months from one day to a later one."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def months_gained(start: tuple[date, float] | None, now: tuple[date, float] | None) -> MonthsGained:
    """Months of reading age gained and months gone by, from (day, reading age in months) of two sittings of the same test.

    At least three months apart (rulings, start, now, change 6): over less, months per month say nothing.
    """
    if start is None or now is None:
        return MonthsGained(None, None, ONE_READING if start or now else NO_READING)
    gone = months_between(start[0], now[0])
    if gone < READING_AGE_MONTHS:
        return MonthsGained(None, gone, f"the two tests are less than {READING_AGE_MONTHS} months apart")
    return MonthsGained(round(now[1] - start[1]), gone)


@dataclass(frozen=True, slots=True)
class GroupMonths:
    """Medians over a group of pupils, with how many they rest on and how many could not be counted, by reason."""

    gained: Value
    gone_by: Value


def group_months(pupils: Iterable[MonthsGained]) -> GroupMonths:
    """The medians of months gained and months gone by (reading ages are not averaged); None where no pupil can be counted."""
    from statistics import median

    rows = list(pupils)
    known = [(p.gained, p.gone_by) for p in rows if p.gained is not None and p.gone_by is not None]
    missing: dict[str, int] = {}
    for p in rows:
        if p.why:
            missing[p.why] = missing.get(p.why, 0) + 1
    gained = median(g for g, _ in known) if known else None
    gone = median(m for _, m in known) if known else None
    n = len(rows)
    return GroupMonths(
        Value(gained, len(known), n, missing, "median of months gained", unit="months"),
        Value(gone, len(known), n, missing, "median of months gone by", unit="months"),
    )


# --- a group's verdicts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many pupils of a group gained, declined, did not clearly change, and could not be judged and why: on one measure."""

    gain: int
    decline: int
    no_clear_change: int
    cannot: dict[str, int] = field(default_factory=lambda: {})
    at_ceiling: int = 0

    @property
    def judged(self) -> int:
        """Pupils with a verdict other than 'cannot be judged'."""
        return self.gain + self.decline + self.no_clear_change

    @property
    def of(self) -> int:
        """All pupils."""
        return self.judged + sum(self.cannot.values())

    @property
    def words(self) -> str:
        """'9 of 14 gained, 1 declined, 4 no clear change; 3 one reading only; about 2.5 of 100 each way are expected by chance'."""
        parts = [f"{share_words(self.gain, self.judged)} gained, {self.decline} declined, {self.no_clear_change} no clear change"]
        parts += [f"{n} {why}" for why, n in self.cannot.items()]
        return "; ".join([*parts, f"about {number(CHANCE_PERCENT)} of 100 each way are expected by chance"])


def count_verdicts(judgements: Iterable[Judgement]) -> VerdictCounts:
    """Count the verdicts of a group on one measure; ordered scales, which have none, are left out."""
    counts: dict[str, int] = {name: 0 for name in VERDICTS}
    cannot: dict[str, int] = {}
    ceiling = 0
    for j in judgements:
        if j.verdict is None:
            continue
        counts[j.verdict] += 1
        ceiling += j.why == NO_ROOM
        if j.verdict == CANNOT_BE_JUDGED:
            why = j.why or CANNOT_BE_JUDGED
            cannot[why] = cannot.get(why, 0) + 1
    return VerdictCounts(counts[GAIN], counts[DECLINE], counts[NO_CLEAR_CHANGE], cannot, ceiling)
