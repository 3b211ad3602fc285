"""The school's calendar: school days, half-terms, weeks and holidays; school years and year groups."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from approgress.domain.days import age_on
from approgress.domain.records import Closure, HalfTerm

YEARS = ("E1", "E2", "N1", "N2", "R", *(str(n) for n in range(1, 15)), "X")
"""The year groups of the Common Basic Data Set; X is 'National Curriculum not followed'."""

_ONE = timedelta(days=1)


def school_year_of(day: date) -> int:
    """The calendar year in which the school year of `day` began (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_words(school_year: int) -> str:
    """'2026/27'."""
    return f"{school_year}/{(school_year + 1) % 100:02d}"


def year_by_age(born: date, school_year: int) -> str | None:
    """The usual year group: age on 31 August before the school year begins, minus 4 (0 is R); None outside nursery to 14.

    A pupil may be taught out of year, so this is a proposal and never overwrites what is stored.
    """
    years = age_on(born, date(school_year, 8, 31)) - 4
    if 1 <= years <= 14:
        return str(years)
    return {0: "R", -1: "N2", -2: "N1"}.get(years)


def year_words(code: str) -> str:
    """'Year 10', 'Reception', 'Nursery 2', 'year not followed': a year group as people say it."""
    if code == "R":
        return "Reception"
    if code == "X":
        return "National Curriculum not followed"
    if code[:1] == "N":
        return f"Nursery {code[1:]}"
    if code[:1] == "E":
        return f"Early years {code[1:]}"
    return f"Year {code}"


@dataclass(frozen=True, slots=True)
class YearRead:
    """What a year group text was understood as: its code, or None with a sentence that asks (no sentence: the text was blank)."""

    code: str | None
    sentence: str | None = None


_NUMBER_WORDS = {
    word: str(n)
    for n, word in enumerate(
        ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE", "THIRTEEN", "FOURTEEN"), start=1
    )
}
_YEAR_WORD = re.compile(r"^(?:(?:NATIONAL CURRICULUM|NC) ?)?(?:YEAR ?GROUP|YEAR|YR|Y)\.? ?(?=[0-9A-Z])")


def parse_year_group(text: str | None) -> YearRead:
    """The year group that a text names ('7', 'Year 7', 'Yr7', '7.0', 'Reception', 'N2', 'X'); what could be two things is asked about.

    A blank is no year and no question. Codes: Common Basic Data Set.
    """
    said = " ".join((text or "").replace("\u00a0", " ").split())
    if not said:
        return YearRead(None)
    plain = _YEAR_WORD.sub("", said.upper()).strip()
    plain = re.sub(r"^0*(\d+)\.0+$", r"\1", plain)
    plain = re.sub(r"^0+(?=[1-9]\d*$)", "", plain)
    plain = _NUMBER_WORDS.get(plain, plain)
    plain = {
        "RECEPTION": "R",
        "REC": "R",
        "NURSERY 1": "N1",
        "NURSERY 2": "N2",
        "NURSERY1": "N1",
        "NURSERY2": "N2",
        "NATIONAL CURRICULUM NOT FOLLOWED": "X",
        "CURRICULUM NOT FOLLOWED": "X",
        "NOT FOLLOWED": "X",
    }.get(plain, plain)
    if plain in YEARS:
        return YearRead(plain)
    if plain.isdigit():
        return YearRead(None, f"“{said}” is not a year group: they go from R and 1 to 14.")
    if re.fullmatch(r"KS ?\d|KEY STAGE ?\d", plain):
        return YearRead(None, f"“{said}” is a key stage, not a year group. Which year is the pupil taught in?")
    if len(re.findall(r"\d+", plain)) > 1:
        return YearRead(None, f"“{said}” names more than one year. Which one is the pupil taught in?")
    return YearRead(None, f"“{said}” is not a year group that is known here (R, 1 to 14, N1, N2, E1, E2 or X).")


def of_compulsory_school_age(born: date, day: date) -> bool:
    """Whether a child is of compulsory school age on `day`.

    From the 31 August, 31 December or 31 March on or after the fifth birthday (Education Act 1996 s.8), to the last Friday
    in June of the school year in which they turn 16.
    """
    leap_child = (born.month, born.day) == (2, 29)  # a leap year is never five years after another
    fifth = date(born.year + 5, 3, 1) if leap_child else born.replace(year=born.year + 5)
    starts = min(d for y in (fifth.year, fifth.year + 1) for d in (date(y, 3, 31), date(y, 8, 31), date(y, 12, 31)) if d >= fifth)
    turns_16_in = school_year_of(date(born.year + 16, born.month, min(born.day, 28)))
    ends = date(turns_16_in + 1, 6, 30)
    while ends.weekday() != 4:
        ends -= _ONE
    return starts <= day <= ends


def week_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Week:
    """A school week: its Monday, its place among the school weeks asked for (from 1, holidays skipped), and its school days."""

    first_day: date
    number: int
    school_days: int

    @property
    def last_day(self) -> date:
        """The Sunday."""
        return self.first_day + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A stretch between two half-terms: first and last day without school, weekends included, and what it is called."""

    first_day: date
    last_day: date
    name: str


def _empty() -> frozenset[date]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Calendar:
    """One setting's half-terms and closed days, in order; school days are Mondays to Fridays inside a half-term and not closed."""

    half_terms: tuple[HalfTerm, ...] = ()
    closures: tuple[Closure, ...] = ()
    _starts: tuple[date, ...] = field(default=(), init=False, repr=False, compare=False)
    _closed: frozenset[date] = field(default_factory=_empty, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        terms = tuple(sorted((t for t in self.half_terms if t.first_day <= t.last_day), key=lambda t: (t.first_day, t.last_day)))
        closed: set[date] = set()
        for c in self.closures:
            closed.update(_each(c.first_day, c.last_day))
        object.__setattr__(self, "half_terms", terms)
        object.__setattr__(self, "_starts", tuple(t.first_day for t in terms))
        object.__setattr__(self, "_closed", frozenset(closed))

    @classmethod
    def of(cls, half_terms: Iterable[HalfTerm], closures: Iterable[Closure] = (), setting_id: int | None = None) -> Calendar:
        """The calendar made of these records; with `setting_id` of that setting's only."""
        return cls(
            tuple(t for t in half_terms if setting_id is None or t.setting_id == setting_id),
            tuple(c for c in closures if setting_id is None or c.setting_id == setting_id),
        )

    def __bool__(self) -> bool:
        """Whether there is a calendar at all."""
        return bool(self.half_terms)

    def half_term_of(self, day: date) -> HalfTerm | None:
        """The half-term that `day` falls into (weekends and closed days inside it included), or None in a holiday."""
        at = bisect_right(self._starts, day) - 1
        if at < 0 or self.half_terms[at].last_day < day:
            return None
        return self.half_terms[at]

    def is_school_day(self, day: date) -> bool:
        """Whether pupils are in on `day`."""
        return day.weekday() < 5 and day not in self._closed and self.half_term_of(day) is not None

    def knows(self, first: date, last: date) -> bool:
        """Whether every school year between the two days has a half-term: else nothing can be said to be missing in it."""
        known = {y for t in self.half_terms for y in (school_year_of(t.first_day), school_year_of(t.last_day))}
        return all(y in known for y in range(school_year_of(first), school_year_of(last) + 1))

    def school_days(self, first: date, last: date) -> list[date]:
        """The school days from `first` to `last`, both included."""
        days: list[date] = []
        for term in self.half_terms:
            if term.first_day <= last and term.last_day >= first:
                days += [
                    d
                    for d in _each(max(first, term.first_day), min(last, term.last_day))
                    if d.weekday() < 5 and d not in self._closed and (not days or d > days[-1])
                ]
        return days

    def next_school_day(self, day: date) -> date | None:
        """The first school day after `day`; None where the calendar does not reach that far."""
        return self.add_school_days(day, 1)

    def add_school_days(self, day: date, n: int) -> date | None:
        """The `n`th school day after `day` (which need not be one itself); None where the calendar does not reach that far.

        With n = 5: the last day on which a mark N may stand (regulation 10(7) of the 2024 Regulations counts school days).
        """
        if n < 1 or not self.half_terms:
            return day if n == 0 else None
        for term in self.half_terms:
            for d in _each(max(day + _ONE, term.first_day), term.last_day):
                day = d  # so that half-terms that overlap count no day twice
                if d.weekday() < 5 and d not in self._closed:
                    n -= 1
                    if n == 0:
                        return d
        return None

    def weeks(self, first: date, last: date) -> tuple[Week, ...]:
        """The weeks from Monday on that hold a school day between the two days; weeks of holiday are skipped, so the numbers run on."""
        found: dict[date, int] = {}
        for d in self.school_days(first, last):
            monday = week_of(d)
            found[monday] = found.get(monday, 0) + 1
        return tuple(Week(monday, i, n) for i, (monday, n) in enumerate(found.items(), start=1))

    def holidays(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The holidays between half-terms that touch the days asked for, whole, with their names: for shading a chart."""
        found: list[Holiday] = []
        for before, after in zip(self.half_terms, self.half_terms[1:], strict=False):
            start, end = before.last_day + _ONE, after.first_day - _ONE
            days = (end - start).days + 1
            if days > 2 and start <= last and end >= first:
                found.append(Holiday(start, end, _holiday_name(start, end, days)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class YearCount:
    """A school year in numbers: days on which pupils are in, two sessions to each, and closed weekdays inside the half-terms by their sort."""

    school_year: int
    days: int
    closed: dict[str, int]

    @property
    def sessions(self) -> int:
        """Two to a day (england.md 1.1)."""
        return 2 * self.days


def year_counts(calendar: Calendar) -> tuple[YearCount, ...]:
    """The school years of a calendar in numbers, the newest first; a day that is closed twice counts once, as its first closure."""
    years: dict[int, list[HalfTerm]] = {}
    for t in calendar.half_terms:
        years.setdefault(school_year_of(t.first_day), []).append(t)
    found: list[YearCount] = []
    for year in sorted(years, reverse=True):
        open_days = sum(len(calendar.school_days(t.first_day, t.last_day)) for t in years[year])
        closed: dict[str, int] = {}
        seen: set[date] = set()
        for c in sorted(calendar.closures, key=lambda c: (c.first_day, c.id)):
            for day in _each(c.first_day, c.last_day):
                if day.weekday() < 5 and day not in seen and any(t.first_day <= day <= t.last_day for t in years[year]):
                    seen.add(day)
                    closed[c.sort] = closed.get(c.sort, 0) + 1
        found.append(YearCount(year, open_days, closed))
    return tuple(found)


def newly_closed(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """The school days of one calendar that are none in the other."""
    if not before.half_terms:
        return ()
    first, last = before.half_terms[0].first_day, max(t.last_day for t in before.half_terms)
    return tuple(d for d in before.school_days(first, last) if not after.is_school_day(d))


def _holiday_name(start: date, end: date, days: int) -> str:
    if start <= date(start.year, 12, 25) <= end:
        return "Christmas holiday"
    if start.month <= 8 <= end.month and days > 21:
        return "summer holiday"
    if days > 11 and start.month in (3, 4):
        return "Easter holiday"
    return "half-term holiday"


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
