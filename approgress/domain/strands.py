"""The six strands of a pupil: start, now and one sign for each, by the same rules in a dossier and in the list of pupils."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from approgress.domain import change
from approgress.domain.attendance import Span
from approgress.domain.change import Judgement, WeekCount
from approgress.domain.instruments import AGE_MONTHS, STANDARD_SCORE, STRANDS, Instrument, Scale, months_words
from approgress.domain.records import Enrolment, Placement, Reading, Setting, StartingPoint, StartValue, StrandMeasure
from approgress.domain.scoring import reading_score
from approgress.domain.starting_point import SeriesKey, complete, completeness
from approgress.domain.values import Key, Value, number

GAIN, DECLINE, NONE, UNJUDGED, NO_SIGN = "gain", "decline", "none", "unjudged", ""
"""The mark of a strand. NO_SIGN: 'better' or 'worse' is written and no mark is drawn (attendance, engagement, behaviour)."""

BETTER, WORSE, SAME, MIXED = "better", "worse", "same", "mixed"
"""`MIXED`: the half-terms after the first lie on both sides of it."""

ABOUT_THE_SAME = 2
"""Shares of attendance less than this many sessions per hundred apart are 'about the same': this program's own rounding, no rule of anybody's."""
ABOUT_WORDS = f"less than {ABOUT_THE_SAME} sessions in 100 apart, which this program rounds to the same"

MEASURES: Mapping[str, tuple[str, str, str]] = {
    "wellbeing": ("who5", "pupil", "total"),
    "engagement": ("lesson_engagement", "teacher", "engagement"),
    "learning": ("reading_test", "pupil", "standard_score"),
}
"""The primary measure of a strand (instrument, respondent, scale) where the school has fixed none. Attendance is counted from marks,
behaviour from moments, and home from the values of the starting point."""

LESSON_SCALE = MEASURES["engagement"][0]
"""The instrument whose scores are lesson scores, not readings."""
GOAL = "goal"
"""The instrument whose readings are ratings of a goal: shown with the goal and in no strand."""


# --- a time on roll ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """The time on roll of which is spoken: its enrolment, day 0 and last day (None: not known, still open), and all times on roll here."""

    enrolment: Enrolment | None
    began: date | None
    ended: date | None
    spans: tuple[Span, ...]

    def on_roll(self, day: date) -> bool:
        """Whether this stay holds `day`."""
        e = self.enrolment
        return e is not None and (e.first_day is None or e.first_day <= day) and (e.last_day is None or day <= e.last_day)


def stay_of(
    enrolments: Iterable[Enrolment], placements: Iterable[Placement], setting_id: int, day: date, *, first_seen: date | None = None
) -> Stay:
    """The stay at a setting that holds `day`; else the last one before it; else the first one after it.

    Day 0 is the enrolment's first day; where that is not known, the first day of its first placement, else `first_seen` (the first mark).
    """
    here = [e for e in enrolments if e.setting_id == setting_id]
    spans = tuple((e.first_day, e.last_day) for e in here)
    if not here:
        return Stay(None, first_seen, None, spans)

    def begins(e: Enrolment) -> tuple[date, int]:
        return (e.first_day or date.min, e.id)

    begun = [e for e in here if e.first_day is None or e.first_day <= day]
    holding = [e for e in begun if e.last_day is None or day <= e.last_day]
    if holding or begun:
        chosen = max(holding or begun, key=begins)
    else:
        chosen = min(here, key=begins)
    began = chosen.first_day
    if began is None:
        began = min((p.first_day for p in placements if p.enrolment_id == chosen.id), default=first_seen)
    return Stay(chosen, began, chosen.last_day, spans)


# --- signs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sign:
    """A strand in one sign and few words. `mark`: gain, decline, none, unjudged, or '' (no mark is drawn: `word` is written).

    `word` is the shortest form ('better', 'worse', 'same'; '' beside a mark), `words` what it means, `rest` the counts or the reason.
    """

    mark: str
    word: str
    words: str
    rest: str = ""

    @property
    def text(self) -> str:
        """'cannot be judged: one reading only'; 'better than before: 118 of 380, then 128 of 173'."""
        return f"{self.words}: {self.rest}" if self.rest else self.words


_MARKS = {change.GAIN: GAIN, change.DECLINE: DECLINE, change.NO_CLEAR_CHANGE: NONE, change.CANNOT_BE_JUDGED: UNJUDGED}


def unjudged(why: str) -> Sign:
    """The sign of what cannot be judged, and why."""
    return Sign(UNJUDGED, "", change.CANNOT_BE_JUDGED, why)


def judgement_sign(judged: Judgement) -> Sign:
    """The sign of a series by its verdict: reliable change or 'cannot be judged' and why; a published smallest change is said as a fact.

    A reading age has no verdict: months gained and months gone by are said.
    """
    if judged.kind == AGE_MONTHS:
        ends = [(p.day, p.value.value) if p is not None and p.value.value is not None else None for p in (judged.start, judged.now)]
        months = change.months_gained(ends[0], ends[1])
        return unjudged(months.why or "") if months.gained is None else Sign(NO_SIGN, "", months.words)
    if judged.verdict is None:
        return Sign(NO_SIGN, SAME if not judged.change else BETTER if _improved(judged) else WORSE, "no verdict", "an ordered scale has none")
    if judged.verdict == change.CANNOT_BE_JUDGED:
        return unjudged("; ".join(p for p in (judged.why or "", judged.smallest_change_words) if p))
    rest = "; ".join(p for p in (judged.needs_words, judged.smallest_change_words) if p)
    return Sign(_MARKS[judged.verdict], "", judged.words, rest)


def _improved(judged: Judgement) -> bool:
    return (judged.change or 0) * (1 if judged.better == "higher" else -1) > 0


def attendance_sign(before: Value | None, since: Value, *, equal_length: bool = False) -> Sign:
    """Better or worse written from counts before and since, without a verdict (rulings, start, now, change 8).

    Shares less than `ABOUT_THE_SAME` sessions per hundred apart are said as about the same, with that this is the program's own rounding.
    """
    if not since.of:
        return unjudged("no possible sessions")
    if before is None:
        return unjudged("nothing is known of the time before")
    if not before.of:
        return unjudged("no possible sessions before")
    compared = _compare(since, before)
    words = {BETTER: "better than before", WORSE: "worse than before", SAME: "the same as before"}[compared]
    rest = f"{before.counts}, then {since.counts}" + (", over equal lengths of time" if equal_length else "")
    if compared != SAME and _about_the_same(since, before):
        return Sign(NO_SIGN, SAME, "about the same as before", f"{rest}; {ABOUT_WORDS}")
    return Sign(NO_SIGN, compared, words, rest)


def _about_the_same(a: Value, b: Value) -> bool:
    """Whether two shares lie less than `ABOUT_THE_SAME` in a hundred apart, on counts."""
    whole = (a.of or 0) * (b.of or 0)
    return abs((a.count or 0) * (b.of or 0) - (b.count or 0) * (a.of or 0)) * 100 < ABOUT_THE_SAME * whole


def _compare(later: Value, earlier: Value, *, fewer_is_better: bool = False) -> str:
    """Shares compared on counts, so that no rounding decides."""
    a = (later.count or 0) * (earlier.of or 0)
    b = (earlier.count or 0) * (later.of or 0)
    if a == b:
        return SAME
    return BETTER if (a > b) != fewer_is_better else WORSE


def top_words(scale: Scale) -> str:
    """'at 4 or 5': the points of an ordered scale that are counted."""
    if scale.count_from is None:
        return ""
    points = [number(p) for p in range(scale.count_from, int(scale.high) + 1)]
    return "at " + (points[0] if len(points) == 1 else f"{', '.join(points[:-1])} or {points[-1]}")


def engagement_sign(judged: Judgement, scale: Scale, weeks: Sequence[WeekCount]) -> Sign:
    """Lessons at the top first and now, as shares and counts: the wholes differ, so no 'more' or 'fewer' is said of the counts.

    The weekly trend only where there are weeks enough for it (rulings, 7).
    """
    if judged.verdict == change.CANNOT_BE_JUDGED or judged.start is None or judged.now is None:
        return unjudged(judged.why or "")
    compared = _compare(judged.now.value, judged.start.value)
    words = f"{_of_a_hundred(judged.start.value)}, then {_of_a_hundred(judged.now.value)} {top_words(scale)}"
    trend = change.weekly_trend(weeks)
    rest = f"{judged.start.value.counts}, then {judged.now.value.counts}"
    return Sign(NO_SIGN, compared, words, f"{rest}; {trend.words}" if trend else rest)


def _of_a_hundred(value: Value) -> str:
    """'51 in 100': a share in whole hundredths, halves up; it has a whole."""
    of = value.of or 1
    return f"{number((200 * (value.count or 0) + of) // (2 * of))} in 100"


@dataclass(frozen=True, slots=True)
class MomentCount:
    """Moments in a stretch of time, with the sessions attended in it: the denominator of every rate. `settle`: minutes to settle, in order."""

    name: str
    short: str
    first_day: date
    last_day: date
    incidents: int
    good: int
    neutral: int
    attended: int
    settle: tuple[int, ...] = ()
    rests_on: tuple[Key, ...] = ()

    @property
    def rate(self) -> Value:
        """Incidents per 10 sessions attended."""
        return change.rate_per_ten(self.incidents, self.attended, rests_on=self.rests_on)

    @property
    def words(self) -> str:
        """'14 in 43'."""
        return f"{number(self.incidents)} in {number(self.attended)}"


def behaviour_sign(counts: Sequence[MomentCount]) -> Sign:
    """Incidents per 10 sessions attended in the first half-term here and the last, as counts and without a verdict.

    Fewer or more is said only where every later half-term lies on that side of the first; else what lay between is said too.
    `counts` are the half-terms of the stay in order; without any moment written down nothing can be told.
    """
    attended = [c for c in counts if c.attended]
    if not any(c.incidents or c.good or c.neutral for c in counts):
        return unjudged("no moments written down")
    if len(attended) < 2:
        return unjudged("one half-term so far" if attended else "no sessions attended")
    first, last = attended[0], attended[-1]
    sides = {_compare(c.rate, first.rate, fewer_is_better=True) for c in attended[1:]}
    rest = f"{first.words} sessions attended, then {last.words}"
    if len(sides) > 1:
        between = [c.incidents for c in attended[1:-1]]
        low, high = number(min(between)), number(max(between))
        told = f"{number(first.incidents)}, then {number(last.incidents)} incidents, in between {low if low == high else f'{low} to {high}'}"
        return Sign(NO_SIGN, MIXED, told, rest)
    (side,) = sides
    words = {BETTER: "fewer incidents", WORSE: "more incidents", SAME: "as many incidents" if first.incidents else "no incidents"}[side]
    return Sign(NO_SIGN, side, words, rest)


# --- measures ---------------------------------------------------------------------------------------------------------


def primary_measure(strand: str, measures: Iterable[StrandMeasure], setting: Setting) -> tuple[str, str, str] | None:
    """Instrument, respondent and scale of a strand: as the school has fixed them, else as the program comes; None: it has none."""
    for m in measures:
        if m.strand == strand and m.setting_id == setting.id:
            return m.instrument, m.respondent, m.scale
    return MEASURES.get(strand)


def primary_key(
    groups: Mapping[SeriesKey, Sequence[Reading]], measure: tuple[str, str, str], instruments: Mapping[SeriesKey, Instrument], as_of: date
) -> SeriesKey | None:
    """Which of a pupil's series is that of the strand's measure: of several editions, the one read last. None: it was never read."""
    instrument_id, respondent, scale_id = measure
    found: list[tuple[date, str, SeriesKey]] = []
    for key, readings in groups.items():
        if (key.instrument, key.respondent, key.goal_id) != (instrument_id, respondent, None) or key not in instruments:
            continue
        scored = [r for r in complete(readings, as_of) if reading_score(r, instruments[key], scale_id) is not None]
        if scored:
            found.append((scored[-1].day, key.edition, key))
    return max(found)[2] if found else None


def score_text(scale: Scale, value: float | None) -> str:
    """A score as it is shown: '52', or '9:06' for a reading age; an en dash where there is none."""
    if value is not None and scale.kind == AGE_MONTHS:
        return months_words(value)
    return number(value)


def unit_words(scale: Scale) -> str:
    """What stands after a score: 'of 100', 'standard score', 'years:months', or the scale's range."""
    if scale.kind == AGE_MONTHS:
        return "years:months"
    if scale.kind == STANDARD_SCORE:
        return "standard score"
    return f"of {number(scale.high)}" if scale.low == 0 else f"on {scale.range_words}"


# --- which strands have a start ---------------------------------------------------------------------------------------


def strands_read(readings: Iterable[Reading], strand_of: Mapping[str, str], began: date | None, as_of: date) -> frozenset[str]:
    """The strands of which an instrument was read (complete, with a score, not a goal) since day 0."""
    return frozenset(
        strand_of[r.instrument]
        for r in complete(readings, as_of)
        if r.goal_id is None and r.instrument != GOAL and r.instrument in strand_of and r.value is not None and (began is None or r.day >= began)
    )


def strands_held(
    values: Iterable[StartValue], readings: Iterable[Reading], *, read: Collection[str], before: bool, rated_lessons: int, moments: int
) -> dict[str, bool]:
    """For each strand whether a starting value is held: in the starting point, or as what would be one.

    `values` are those of the starting point and `readings` (at least) the readings that they name; `read` is `strands_read`; `before`
    says whether attendance before day 0 is known; ten rated lessons start engagement, and a moment written down behaviour.
    """
    counted = completeness(values, readings).by_strand
    held = {s: bool(counted.get(s)) or s in read for s in STRANDS}
    held["attendance"] |= before
    held["engagement"] |= rated_lessons >= change.ENGAGEMENT_LESSONS
    held["behaviour"] |= moments > 0
    return held


def current_starting_point(points: Iterable[StartingPoint], began: date | None) -> StartingPoint | None:
    """The starting point of this stay: the newest one dated on or after day 0, else the newest of all; agreed or not."""
    rows = sorted(points, key=lambda p: (p.day, p.id))
    present = [p for p in rows if began is None or p.day >= began]
    return (present or rows or [None])[-1]


def short_period(name: str) -> str:
    """'Aut 2' for 'Autumn 2': how a half-term is called under a bar."""
    for long, short in (("Autumn", "Aut"), ("Spring", "Spr"), ("Summer", "Sum")):
        if name.startswith(long):
            return short + name[len(long) :]
    return name
