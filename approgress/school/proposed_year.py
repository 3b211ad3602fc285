"""A school year to begin with: half-terms as most English schools have them and the bank holidays in them, to be mended by the school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ProposedTerm:
    """A half-term: its name, first and last day for pupils."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class ProposedClosure:
    """Closed days inside a half-term. `sort` as in records.Closure."""

    first_day: date
    last_day: date
    sort: str
    label: str


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """The bank holidays in England between two days, both included, by day."""
    import holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


def easter(year: int) -> date:
    """Easter Sunday (Gregorian calendar, Butcher's rule)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def propose_year(school_year: int) -> tuple[tuple[ProposedTerm, ...], tuple[ProposedClosure, ...]]:
    """Six half-terms of the school year that begins in that calendar year, and the bank holidays inside them.

    As most local authorities set them, never as a rule: in from about 3 September; a week off at the end of
    October, in mid-February and at the end of May; two weeks at Christmas and two round Easter; out about 21 July. Each school has dates
    of its own, so these are shown to be mended and nothing is kept unseen.
    """
    spring = school_year + 1
    first = _weekday(date(school_year, 9, 3))
    if first.weekday() == 4:
        first += 3 * _DAY  # nobody begins on a Friday
    october = _on_or_after(date(school_year, 10, 24), 0)
    christmas = _on_or_before(date(school_year, 12, 22), 4)
    january = christmas + 17 * _DAY
    february = _on_or_after(date(spring, 2, 13), 0)
    sunday = easter(spring)
    if sunday <= date(spring, 3, 31):
        out, back = sunday - 3 * _DAY, sunday + 15 * _DAY  # Maundy Thursday, and two weeks after Easter Monday
    elif sunday <= date(spring, 4, 10):
        out, back = sunday - 9 * _DAY, sunday + 8 * _DAY
    else:
        out, back = sunday - 16 * _DAY, sunday + 2 * _DAY
    may = _on_or_before(date(spring, 5, 31), 0)
    july = _on_or_before(date(spring, 7, 24), 2)
    terms = (
        ProposedTerm("Autumn 1", first, october - 3 * _DAY),
        ProposedTerm("Autumn 2", october + _WEEK, christmas),
        ProposedTerm("Spring 1", january, february - 3 * _DAY),
        ProposedTerm("Spring 2", february + _WEEK, out),
        ProposedTerm("Summer 1", back, may - 3 * _DAY),
        ProposedTerm("Summer 2", may + _WEEK, july),
    )
    closures = tuple(
        ProposedClosure(day, day, "bank_holiday", name.split(" (")[0])
        for day, name in bank_holidays(terms[0].first_day, terms[-1].last_day).items()
        if day.weekday() < 5 and any(t.first_day <= day <= t.last_day for t in terms)
    )
    return terms, closures


def _on_or_after(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % 7 * _DAY


def _on_or_before(day: date, weekday: int) -> date:
    return day - (day.weekday() - weekday) % 7 * _DAY


def _weekday(day: date) -> date:
    return day if day.weekday() < 5 else _on_or_after(day, 0)
