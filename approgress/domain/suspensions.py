"""Suspensions and permanent exclusions: their half-days, running totals against the limits, the board's duty, day 6, and their sessions.

Reasons and limits are data (resources/codes/exclusions.toml). What is not confirmed there says "not confirmed" in every sentence made here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from approgress.domain.errors import Refusal
from approgress.domain.records import Suspension
from approgress.domain.school_year import Calendar

SUSPENSION, PERMANENT, LUNCHTIME = "SUSP", "PERM", "LNCH"
AM, PM = "AM", "PM"
E_SCHOOL_DAYS = 5
"""E stands for at most the first five school days; from the sixth there is provision (england.md 1.2 and 2.2)."""
NOT_CONFIRMED = "not confirmed"
_LONGEST = 400
"""School days looked at for one suspension at most, so that a mistyped length cannot run for ever."""

Session = tuple[date, str]


# --- the data ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, category or result: its code and label; `before`: it stood in the list used before the one of May 2026."""

    code: str
    label: str
    before: bool = True
    first_day: date | None = None
    last_day: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the code may be used on `day`; a code without days always may."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    @property
    def words(self) -> str:
        """'PP: Physical assault against a pupil'; a reason that is new says that its first census is not confirmed."""
        return f"{self.code}: {self.label}" + ("" if self.before else " (new; first census not confirmed)")


@dataclass(frozen=True, slots=True)
class Limits:
    """School days: 45 in a school year over all schools, 5 and 15 in a term; whether the time limits are confirmed."""

    year_days: int = 45
    year_warning_days: int = 40
    lunchtime_half_days: int = 1
    provision_from_day: int = 6
    term_low_days: int = 5
    term_high_days: int = 15
    meet_if_asked_within: int = 50
    meet_within: int = 15
    meet_sure: str = NOT_CONFIRMED
    la_told_sure: str = NOT_CONFIRMED
    source: str = ""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The lists and limits that suspensions are recorded by."""

    reasons: tuple[Reason, ...]
    categories: tuple[Reason, ...]
    results: tuple[Reason, ...]
    limits: Limits = field(default_factory=Limits)
    edition: str = ""
    source: str = ""

    def reason(self, code: str) -> Reason | None:
        """The reason of that code, or None."""
        return next((r for r in self.reasons if r.code == code), None)

    def reason_words(self, codes: str) -> str:
        """The labels of up to three codes joined by commas, in order; a code that is not known stands as it is."""
        known = [(c, self.reason(c)) for c in (c.strip() for c in codes.split(",")) if c]
        return "; ".join(r.label if r else c for c, r in known)


def read_exclusions(text: str, file_name: str = "exclusions.toml") -> Exclusions:
    """The lists that a TOML text holds. Refusal with file and rule where it breaks one."""
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{file_name} is not a TOML file: {error}.") from error
    lists: dict[str, tuple[Reason, ...]] = {}
    for name in ("reasons", "categories", "results"):
        rows = tuple(
            Reason(r["code"], r["label"], r.get("before", name != "reasons"), r.get("first_day"), r.get("last_day"))
            for r in data.get(name, [])
        )
        if not rows:
            raise Refusal(f"{file_name} holds no {name}.")
        if len({r.code for r in rows}) != len(rows):
            raise Refusal(f"{file_name}: two {name} have one code.")
        lists[name] = rows
    try:
        limits = Limits(**data.get("limits", {}))
    except TypeError as error:
        raise Refusal(f"{file_name}: the limits hold something that is not known: {error}.") from error
    return Exclusions(lists["reasons"], lists["categories"], lists["results"], limits, data.get("edition", ""), data.get("source", ""))


# --- sessions and half-days -------------------------------------------------------------------------------------------


def counts(suspension: Suspension) -> bool:
    """Whether a suspension stands: not struck through as an error. A cancelled one counts up to the day on which it was cancelled."""
    return suspension.struck is None


def _school_days(first: date, n: int, calendar: Calendar) -> list[date]:
    """The `n` school days from `first` on; Mondays to Fridays where the calendar does not know them."""
    found: list[date] = []
    day = first
    for _ in range(n * 3 + 80):
        if len(found) >= n:
            break
        if calendar.is_school_day(day) if calendar and calendar.knows(day, day) else day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def sessions_of(suspension: Suspension, calendar: Calendar) -> tuple[Session, ...]:
    """The half-days that a suspension takes, in order: (day, 'AM' or 'PM'); a lunchtime stands as ('PM') of its day and counts half a day.

    School days come from the calendar, Mondays to Fridays where it does not reach. Without a length it runs to its last day, and to the
    first day only where that is not known. A cancelled one ends the day before it was cancelled. A permanent exclusion has none.
    """
    s = suspension
    if not counts(s) or s.category == PERMANENT:
        return ()
    wanted = s.half_days
    if wanted is None:
        last = s.last_day if s.last_day is not None and s.last_day >= s.first_day else s.first_day
        run = [d for d in _school_days(s.first_day, min(_LONGEST, (last - s.first_day).days + 1), calendar) if d <= last]
        found = [(d, PM) for d in run] if s.category == LUNCHTIME else [(d, half) for d in run for half in (AM, PM)]
    elif s.category == LUNCHTIME:
        found = [(d, PM) for d in _school_days(s.first_day, min(_LONGEST, max(0, wanted)), calendar)]
    else:
        run = _school_days(s.first_day, min(_LONGEST, max(0, wanted) // 2 + 2), calendar)
        found = [(d, half) for d in run for half in (AM, PM)]
    if s.category != LUNCHTIME and s.starts == PM and found and found[0] == (s.first_day, AM):
        found = found[1:]
    if wanted is not None:
        found = found[: max(0, wanted)]
    if s.cancelled_on is not None:
        found = [(d, half) for d, half in found if d < s.cancelled_on]
    return tuple(found)


def last_day_of(suspension: Suspension, calendar: Calendar) -> date | None:
    """The last day that it takes, worked out from its length; None for a permanent exclusion."""
    taken = sessions_of(suspension, calendar)
    return taken[-1][0] if taken else suspension.last_day


def suspended_sessions(suspension: Suspension, calendar: Calendar) -> frozenset[Session]:
    """The sessions for which the register proposes E: at most those of its first five school days ((day, 'AM' or 'PM')).

    None for a lunchtime, for one that was struck through, and for one that another school issued (whether it bars the pupil here is for
    a person to say). A permanent exclusion gives its first five school days. From the sixth day the code is that of the provision
    (england.md 1.2: B, K or D; that mapping is general knowledge, so nothing is proposed).
    """
    s = suspension
    if not counts(s) or s.category == LUNCHTIME or s.partner_id is not None:
        return frozenset()
    first_five = _school_days(s.first_day, E_SCHOOL_DAYS, calendar)
    if s.category == PERMANENT:
        taken = [(d, half) for d in first_five for half in (AM, PM) if (s.cancelled_on is None or d < s.cancelled_on)]
        if s.starts == PM and taken and taken[0] == (s.first_day, AM):
            taken = taken[1:]
        return frozenset(taken)
    allowed = set(first_five)
    return frozenset(x for x in sessions_of(s, calendar) if x[0] in allowed)
