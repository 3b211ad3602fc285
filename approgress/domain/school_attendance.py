"""Attendance of the school: the ranges that can be asked for, sums of a range over its enrolments, weeks, and groups compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.attendance import GroupTally, Tally, group_tally
from approgress.domain.cohort import SMALL_COUNT, SMALL_GROUP, may_share_rate
from approgress.domain.figures import BARS, Bar, Figure, Table, Tick, ValueAxis, value_ticks
from approgress.domain.records import HalfTerm
from approgress.domain.school_year import Calendar, school_year_of, school_year_words, week_of
from approgress.domain.values import NOTHING, counted_words, number, percent_words, share_words

WEEK, HALF_TERM, TERM, YEAR, SINCE = "week", "half_term", "term", "year", "since"
RANGES = (WEEK, HALF_TERM, TERM, YEAR, SINCE)


@dataclass(frozen=True, slots=True)
class Range:
    """Days that are counted. `first` None: from each pupil's own day 0, of those on roll on `last` only. `name` as it stands on a button."""

    key: str
    name: str
    first: date | None
    last: date

    @property
    def words(self) -> str:
        """'This half-term, 2 Nov to 24 Nov 2026', 'Since day 0, to 24 Nov 2026'."""
        if self.first is None:
            return f"{self.name}, to {days.words(self.last)}"
        if self.first == self.last:
            return f"{self.name}, {days.words(self.last)}"
        return f"{self.name}, {days.words(self.first, year=self.first.year != self.last.year)} to {days.words(self.last)}"


def ranges_of(calendar: Calendar, today: date) -> tuple[Range, ...]:
    """The ranges up to `today`, each as far as it has come; in a holiday the last week, half-term and term that there were.

    Without a calendar there are no half-terms and no terms.
    """
    school_days = calendar.school_days(today - timedelta(days=120), today)
    last_in = school_days[-1] if school_days else today
    monday = week_of(last_in)
    found = [Range(WEEK, "This week" if monday == week_of(today) else "Last school week", monday, min(today, monday + timedelta(days=6)))]
    begun = [t for t in calendar.half_terms if t.first_day <= today]
    if begun:
        half = begun[-1]
        running = today <= half.last_day
        found.append(Range(HALF_TERM, "This half-term" if running else "Last half-term", half.first_day, min(today, half.last_day)))
        term = [t for t in calendar.half_terms if _term_of(t) == _term_of(half)]
        ends = term[-1].last_day
        found.append(Range(TERM, "This term" if today <= ends else "Last term", term[0].first_day, min(today, ends)))
    year = school_year_of(today)
    this_year = [t for t in calendar.half_terms if school_year_of(t.first_day) == year]
    found.append(Range(YEAR, "This year", min((t.first_day for t in this_year if t.first_day <= today), default=date(year, 9, 1)), today))
    found.append(Range(SINCE, "Since day 0", None, today))
    return tuple(found)


def _term_of(half_term: HalfTerm) -> tuple[int, str]:
    """School year and name without its number: 'Autumn 1' and 'Autumn 2' are one term."""
    return school_year_of(half_term.first_day), re.sub(r"[\s\d]+$", "", half_term.name).casefold()


def school_weeks_back(calendar: Calendar, today: date, n: int = 12) -> tuple[Range, ...]:
    """The last `n` school weeks up to today, newest first: what a weekly note can be about. Without a calendar the last calendar weeks."""
    mondays = [w.first_day for w in calendar.weeks(today - timedelta(weeks=n + 20), today)][-n:]
    if not mondays:
        mondays = [week_of(today) - timedelta(weeks=i) for i in reversed(range(n))]
    return tuple(Range(WEEK, f"Week of {days.words(m)}", m, m + timedelta(days=4)) for m in reversed(mondays))


# --- sums -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EnrolmentSums:
    """One enrolment's sessions in a range, cut to its time on roll (and in the group asked for)."""

    pupil_id: int
    enrolment_id: int
    tally: Tally

    @property
    def key(self) -> tuple[int, int]:
        """Pupil and enrolment."""
        return self.pupil_id, self.enrolment_id


@dataclass(frozen=True, slots=True)
class WeekSums:
    """All sessions of a school week from its Monday, over every enrolment asked for."""

    monday: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class SchoolAttendance:
    """A range over a group or everyone: a line an enrolment, weeks, and sums over sums."""

    range: Range
    lines: tuple[EnrolmentSums, ...]
    weeks: tuple[WeekSums, ...]
    total: GroupTally
    unmarked_today: int | None = None  # sessions without a mark on the last day of the range, which may not be over yet

    @classmethod
    def of(cls, range_: Range, lines: Iterable[EnrolmentSums], weeks: Iterable[WeekSums], unmarked_today: int | None = None) -> SchoolAttendance:
        """Put together; the total is the sum of the lines (DfE: never the mean of percentages)."""
        rows = tuple(lines)
        return cls(range_, rows, tuple(weeks), group_tally(r.tally for r in rows), unmarked_today)


@dataclass(frozen=True, slots=True)
class BeforeNow:
    """Sums over those pupils on roll of whom a school stated the time before: sessions before, and since day 0 here. Counts, and no verdict:
    the two stretches are not of one length."""

    pupils: int
    of: int
    before_attended: int
    before_possible: int
    attended: int
    possible: int

    @property
    def words(self) -> str:
        """'1,203 of 3,400 before, 4,010 of 7,100 since'."""
        return f"{share_words(self.before_attended, self.before_possible)} before, {share_words(self.attended, self.possible)} since"


# --- the chart --------------------------------------------------------------------------------------------------------

WEEKS_DRAWN = 14
"""More weeks than this and the chart shows half-terms."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bar of the chart: a week, or a half-term made of weeks."""

    label: str
    name: str
    tally: Tally


def stretches_of(weeks: Sequence[WeekSums], calendar: Calendar) -> tuple[Stretch, ...]:
    """The weeks as bars, or where they are many the half-terms that they make up (sums of the weeks); years where even those are many."""
    if len(weeks) <= WEEKS_DRAWN:
        return tuple(Stretch(days.words(w.monday, year=False), f"Week of {days.words(w.monday)}", w.tally) for w in weeks)
    joined: dict[str, tuple[str, Tally]] = {}
    by_year = len({_half_term_name(w, calendar) for w in weeks}) > WEEKS_DRAWN
    for w in weeks:
        year = school_year_words(school_year_of(w.monday))
        term = _half_term_name(w, calendar)
        key = year if by_year else f"{term} {year}"
        label = year if by_year else _short(term)
        before = joined.get(key)
        joined[key] = (label, w.tally if before is None else before[1] + w.tally)
    return tuple(Stretch(label, name, tally) for name, (label, tally) in joined.items())


def _half_term_name(w: WeekSums, calendar: Calendar) -> str:
    for i in range(5):
        term = calendar.half_term_of(w.monday + timedelta(days=i))
        if term is not None:
            return term.name
    return "outside"


def _short(name: str) -> str:
    word, _, rest = name.partition(" ")
    return f"{word[:3]} {rest}".strip() if rest else name[:8]


def chart_of(seen: SchoolAttendance, calendar: Calendar, *, who: str, statutory: bool) -> Figure:
    """Sessions attended of those possible, week by week (or by half-term), as bars with their counts."""
    stretches = stretches_of(seen.weeks, calendar)
    weekly = len(seen.weeks) <= WEEKS_DRAWN
    title = "By week" if weekly else "By half-term"
    if not any(s.tally.possible for s in stretches):
        words = "No possible sessions in this time."
        return Figure("school attendance", BARS, title, "", "attendance", words, empty=words)
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    for s in stretches:
        t = s.tally
        share = share_words(t.attended, t.possible)
        top = (percent_words(t.attended, t.possible) if statutory else share) if t.possible else "none possible"
        bars.append(Bar(100 * t.attended / t.possible if t.possible else None, "attendance", top, (s.label, share) if len(stretches) <= 8 else (s.label,)))
        row = (s.name, number(t.attended), number(t.possible))
        rows.append((*row, percent_words(t.attended, t.possible, 1)) if statutory else row)
    total = seen.total.total
    counted = counted_words(total.attended, total.possible, 1) if statutory else share_words(total.attended, total.possible)
    headings = ("Time", "Attended", "Possible", "Attendance") if statutory else ("Time", "Attended", "Offered")
    subtitle = "% of possible sessions" if statutory else "sessions attended of those offered"
    return Figure(
        name="school attendance",
        kind=BARS,
        title=title,
        subtitle=subtitle,
        strand="attendance",
        text=f"{who}: {counted} sessions attended, {seen.range.words[:1].lower()}{seen.range.words[1:]}.",
        y=ValueAxis(0, 100, value_ticks(0, 100, most=3) if statutory else (Tick(0, "none"), Tick(100, "all")), subtitle),
        bars=tuple(bars),
        table=Table(headings, tuple(rows)),
    )


# --- groups compared --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """One group in a comparison: its name and sums. `hidden`: it stands without figures, since it or a neighbour is too small."""

    name: str
    people: int
    total: GroupTally
    hidden: bool = False


def compared(groups: Iterable[tuple[str, int, GroupTally]]) -> tuple[Compared, ...]:
    """Groups side by side with small ones hidden (rulings, "Start, now, change", 10): no rate of fewer than 10 people.

    Where exactly one group would be hidden, the next smallest goes with it, or the hidden one could be had from the sum over all.
    """
    rows = [Compared(name, people, total, bool(people) and not may_share_rate(people)) for name, people, total in groups]
    shown = [r for r in rows if not r.hidden and r.people]
    if sum(r.hidden for r in rows) == 1 and len(shown) > 1:
        least = min(shown, key=lambda r: r.people)
        rows = [Compared(r.name, r.people, r.total, r.hidden or r is least) for r in rows]
    return tuple(rows)


NOT_SHOWN = "not shown: small number"
WHY_NOT_SHOWN = f"Not shown: a count under {SMALL_COUNT}, or one that leaves fewer than {SMALL_COUNT} over, could point to a pupil."


def small_words(count: int, of: int) -> str:
    """'7 of 12' as groups are compared: a count under 5, or one that leaves fewer than 5 over, is not shown; a true 0 stays."""
    if 0 < count < SMALL_COUNT or 0 < of - count < SMALL_COUNT:
        return NOT_SHOWN
    return share_words(count, of)


HIDDEN_WORDS = f"fewer than {SMALL_GROUP} pupils, or hidden with them"


def rate_text(tally: Tally, *, places: int = 1) -> str:
    """The percentage of possible sessions, an en dash where there is none."""
    return percent_words(tally.attended, tally.possible, places) if tally.possible else NOTHING
