"""Suspensions and permanent exclusions: their half-days, running totals against the limits, the board's duty, day 6, and their sessions.

Reasons and limits are data (resources/codes/exclusions.toml). What is not confirmed there says "not confirmed" in every sentence made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.errors import Refusal
from approgress.domain.records import Event, HalfTerm, Suspension, key_of, kind_of
from approgress.domain.school_year import Calendar, school_year_of, school_year_words
from approgress.domain.values import Key, Value, how_many, number

SUSPENSION, PERMANENT, LUNCHTIME = "SUSP", "PERM", "LNCH"
AM, PM = "AM", "PM"
E_SCHOOL_DAYS = 5
"""E stands for at most the first five school days; from the sixth there is provision (england.md 1.2 and 2.2)."""
NOT_CONFIRMED = "not confirmed"
_LONGEST = 400
"""School days looked at for one suspension at most, so that a mistyped length cannot run for ever."""

Session = tuple[date, str]


# --- the data ---------------------------------------------------------------------------------------------------------


NEW_REASONS = "(new): on the list since May 2026; the first census that takes it is not confirmed."
"""What 'new' after a reason means, said once below the reasons."""


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
        """'PP: Physical assault against a pupil'; a reason that is new is marked, and `NEW_REASONS` says what that means."""
        return f"{self.code}: {self.label}" + ("" if self.before else " (new)")


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


# --- running totals ---------------------------------------------------------------------------------------------------


def days_words(half_days: int) -> str:
    """'2½ days', '1 day', '½ day': half-days as people count them."""
    whole, half = divmod(half_days, 2)
    text = f"{number(whole) if whole or not half else ''}{'½' if half else ''}"
    return f"{text} {'day' if half_days in (1, 2) else 'days'}"


def category_words(category: str) -> str:
    """'Suspension', 'Permanent exclusion', 'Lunchtime suspension'."""
    return {SUSPENSION: "Suspension", PERMANENT: "Permanent exclusion", LUNCHTIME: "Lunchtime suspension"}.get(category, category)


def phase_label(suspension: Suspension) -> str:
    """What stands on the time axis: 'Suspended, 2½ days', 'Permanently excluded'; a cancelled one says so."""
    s = suspension
    length = f", {days_words(s.half_days)}" if s.half_days else ""
    text = {PERMANENT: "Permanently excluded", LUNCHTIME: f"Suspended at lunchtime{length}"}.get(s.category, f"Suspended{length}")
    return f"{text} (cancelled)" if s.cancelled_on is not None else text


@dataclass(frozen=True, slots=True)
class Standing:
    """A suspension as it counts, whether it has a record of its own or stands on the time axis as an event of an earlier school."""

    day: date
    key: Key
    record: Suspension | None = None
    event: Event | None = None

    @property
    def planned(self) -> bool:
        """Whether it is only planned."""
        return self.event is not None and self.event.planned

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled, so that it is not one any more; the days before count on."""
        return self.record is not None and self.record.cancelled_on is not None

    @property
    def label(self) -> str:
        """What it is called."""
        return phase_label(self.record) if self.record is not None else (self.event.label if self.event is not None else "")


def standing(suspensions: Iterable[Suspension], events: Iterable[Event]) -> tuple[Standing, ...]:
    """The suspensions that stand, by day: records, and events of that sort on days that no record covers, so that none counts twice.

    Struck ones are left out, and bring back no event of their days: give them too. Cancelled ones stay, and say so. A record covers the
    days from its first to its last, or its first only where the last is not known.
    """
    held = tuple(suspensions)
    found = [Standing(s.first_day, (kind_of(s).name, key_of(s)), record=s) for s in held if counts(s)]
    covered = [(s.first_day, max(s.first_day, s.last_day or s.first_day)) for s in held]
    found += [
        Standing(e.day, (kind_of(e).name, key_of(e)), event=e)
        for e in events
        if e.sort == "suspension" and not any(first <= e.day <= last for first, last in covered)
    ]
    return tuple(sorted(found, key=lambda s: (s.day, s.key)))


def _half_days_of(one: Standing, calendar: Calendar) -> tuple[date, ...]:
    """The day of each half-day that it takes."""
    if one.record is not None:
        return tuple(d for d, _ in sessions_of(one.record, calendar))
    event = one.event
    if event is None or event.planned or not event.half_days:
        return ()
    as_record = Suspension(event.pupil_id, event.id, SUSPENSION, event.day, AM, event.half_days)
    return tuple(d for d, _ in sessions_of(as_record, calendar))


TERMS = ("Autumn", "Spring", "Summer")


def _term_name(term: HalfTerm) -> str:
    for name in TERMS:
        if term.name.strip().casefold().startswith(name.casefold()):
            return name
    month = term.first_day.month
    return "Autumn" if month >= 9 else "Spring" if month <= 3 else "Summer"


@dataclass(frozen=True, slots=True)
class Term:
    """One of the three terms of a school year: its name ('Autumn term 2026/27'), first and last day."""

    name: str
    first_day: date
    last_day: date


def term_of(day: date, calendar: Calendar) -> Term:
    """The term of a day: the half-terms of one name in its school year; a day in a holiday belongs to the term that ended before it.

    Where the calendar says nothing of that school year: September to December, January to March, April to August.
    """
    year = school_year_of(day)
    terms: dict[str, list[HalfTerm]] = {}
    for t in calendar.half_terms:
        if school_year_of(t.first_day) == year:
            terms.setdefault(_term_name(t), []).append(t)
    found = sorted((min(t.first_day for t in ts), max(t.last_day for t in ts), name) for name, ts in terms.items())
    for first, last, name in reversed(found):
        if first <= day:
            return Term(f"{name} term {school_year_words(year)}", first, last)
    if found:
        first, last, name = found[0]
        return Term(f"{name} term {school_year_words(year)}", first, last)
    spans = (
        ("Autumn", date(year, 9, 1), date(year, 12, 31)),
        ("Spring", date(year + 1, 1, 1), date(year + 1, 3, 31)),
        ("Summer", date(year + 1, 4, 1), date(year + 1, 8, 31)),
    )
    name, first, last = next(s for s in spans if s[1] <= day <= s[2])
    return Term(f"{name} term {school_year_words(year)}", first, last)


@dataclass(frozen=True, slots=True)
class Totals:
    """Half-days of suspension in a term and in a school year over all schools, each of how many suspensions, against the limits."""

    term: Term
    school_year: int
    term_half_days: int
    year_half_days: int
    term_count: int
    year_count: int
    elsewhere_half_days: int
    unknown: int  # suspensions of that year whose length is not known: events without half-days
    limits: Limits
    rests_on: tuple[Key, ...] = ()

    @property
    def year(self) -> Value:
        """Half-days this school year of the 90 that there may be."""
        missing = {"of unknown length": self.unknown} if self.unknown else {}
        most = 2 * self.limits.year_days
        return Value(self.year_half_days, self.year_half_days, most, missing, "half-days of suspension in the school year, all schools", self.rests_on)

    @property
    def left(self) -> int:
        """Half-days that may still be given this school year, 0 where there are none."""
        return max(0, 2 * self.limits.year_days - self.year_half_days)

    @property
    def over(self) -> bool:
        """Whether the limit of the school year is passed."""
        return self.year_half_days > 2 * self.limits.year_days

    @property
    def warns(self) -> bool:
        """Whether 40 days are reached."""
        return self.year_half_days >= 2 * self.limits.year_warning_days

    @property
    def words(self) -> tuple[str, ...]:
        """Sentences: this term, this school year, what is left, what is passed."""
        year = school_year_words(self.school_year)
        n, most = self.limits, self.limits.year_days
        said = [
            f"{self.term.name}: {days_words(self.term_half_days)} in {how_many(self.term_count, 'suspension')}.",
            f"School year {year}, all schools: {days_words(self.year_half_days)} of {most} in {how_many(self.year_count, 'suspension')}.",
        ]
        if self.elsewhere_half_days:
            said.append(f"{days_words(self.elsewhere_half_days)} of these at another school.")
        if self.over:
            said.append(f"This is more than the {most} school days that there may be in a school year.")
        elif self.year_half_days == 2 * most:
            said.append(f"The limit of {most} school days is reached: there may be no more suspension this school year.")
        elif self.warns:
            said.append(f"{days_words(self.left)} left before the limit of {most} school days ({n.year_warning_days} is this program's early warning).")
        if self.unknown:
            said.append(f"{how_many(self.unknown, 'suspension')} of unknown length {'is' if self.unknown == 1 else 'are'} not counted in these days.")
        return tuple(said)


def totals(found: Sequence[Standing], calendar: Calendar, day: date, limits: Limits) -> Totals:
    """Running totals in the term and the school year of `day`, over all schools, each half-day in the term in which it falls.

    A suspension counts whole from the day it is recorded, also what of it is still to come. A lunchtime is half a day; a permanent
    exclusion has no length. A cancelled one counts for the days before it was cancelled, the careful reading (not confirmed).
    Limits: england.md 2.2.
    """
    year, term = school_year_of(day), term_of(day, calendar)
    term_half = year_half = elsewhere = unknown = term_n = year_n = 0
    keys: list[Key] = []
    for one in found:
        if one.planned:
            continue
        taken = [d for d in _half_days_of(one, calendar) if school_year_of(d) == year]
        begins_here = school_year_of(one.day) == year
        permanent = one.record is not None and one.record.category == PERMANENT
        if begins_here and not permanent and not taken and one.event is not None and not one.event.half_days:
            unknown += 1
        if permanent or not (taken or begins_here):
            continue
        year_half += len(taken)
        inside = [d for d in taken if _in_term(d, term, calendar)]
        term_half += len(inside)
        year_n += 1
        term_n += bool(inside) or (begins_here and _in_term(one.day, term, calendar))
        if one.event is not None or (one.record is not None and one.record.partner_id is not None):
            elsewhere += len(taken)
        keys.append(one.key)
    return Totals(term, year, term_half, year_half, term_n, year_n, elsewhere, unknown, limits, tuple(keys))


def _in_term(day: date, term: Term, calendar: Calendar) -> bool:
    return term_of(day, calendar).name == term.name


# --- duties -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done about a suspension: what, by when (None: no day, or the calendar does not reach), and whether it is done."""

    what: str
    due: date | None
    done: bool
    sentence: str


def board_duty(suspension: Suspension, found: Sequence[Standing], calendar: Calendar, limits: Limits) -> Duty | None:
    """What the governing board has to do about a suspension, by the half-days of its term up to and with it.

    Over 15 days, or permanent: it meets; over 5: it meets if parents ask; else it considers what they say. The thresholds count school
    days in one term [england.md 2.2]; the time limits of 15 and 50 school days are not confirmed, and the sentence says so. They are
    counted from the first day. None for one that was struck or cancelled.
    """
    s = suspension
    if not counts(s) or s.cancelled_on is not None:
        return None
    term = term_of(s.first_day, calendar)
    so_far = 0
    for one in found:
        if one.planned or one.day > s.first_day or (one.record is not None and one.record.category == PERMANENT):
            continue
        so_far += sum(_in_term(d, term, calendar) for d in _half_days_of(one, calendar))
    met = s.board_met is not None
    when = f"It met on {days.words(s.board_met)}. " if s.board_met is not None else ""
    so = f"{days_words(so_far)} this term"
    unsure = f"time limit {limits.meet_sure}"
    if s.category == PERMANENT or so_far > 2 * limits.term_high_days:
        due = calendar.add_school_days(s.first_day, limits.meet_within)
        why = "A permanent exclusion" if s.category == PERMANENT else f"More than {limits.term_high_days} days in the term ({so})"
        by = f", {days.words(due)}" if due is not None else ""
        return Duty("The board must meet", due, met, f"{why}: the board must meet within {limits.meet_within} school days{by} ({unsure}). {when}".strip())
    if so_far > 2 * limits.term_low_days:
        due = calendar.add_school_days(s.first_day, limits.meet_if_asked_within)
        by = f", {days.words(due)}" if due is not None else ""
        return Duty(
            "The board meets if parents ask",
            due,
            met,
            f"More than {limits.term_low_days} days in the term ({so}): if parents ask, the board meets within {limits.meet_if_asked_within} school days{by} ({unsure}). {when}".strip(),
        )
    return Duty(
        "The board considers what parents say",
        None,
        met,
        f"{so}, {limits.term_low_days} or fewer: the board considers what parents say; that it cannot reinstate is {limits.meet_sure}. {when}".strip(),
    )


def day_six(suspension: Suspension, calendar: Calendar, limits: Limits) -> Duty | None:
    """Full-time provision from the sixth school day, for a suspension by the school, for a permanent exclusion by the local authority.

    None where it does not last that long, or was struck or cancelled before. Day 1 is the first school day of it [england.md 2.2].
    """
    s = suspension
    if not counts(s) or s.category == LUNCHTIME:
        return None
    run = _school_days(s.first_day, limits.provision_from_day, calendar)
    if len(run) < limits.provision_from_day:
        return None
    sixth = run[-1]
    if s.cancelled_on is not None and s.cancelled_on <= sixth:
        return None
    if s.category != PERMANENT and not any(d >= sixth for d, _ in sessions_of(s, calendar)):
        return None
    who = "the local authority" if s.category == PERMANENT else "the school that issued it" if s.partner_id is not None else "this school"
    arranged = bool((s.day6_where or "").strip()) and s.day6_from is not None
    what = "Provision from day 6"
    if arranged and s.day6_from is not None:
        late = s.day6_from > sixth
        told = f"{(s.day6_where or '').strip()} from {days.words(s.day6_from)}" + (f", which is later than day 6, {days.words(sixth)}" if late else "")
        return Duty(what, sixth, not late, f"Full-time provision is due from day 6, {days.words(sixth)}, by {who}: {told}.")
    return Duty(what, sixth, False, f"Full-time provision is due from day 6, {days.words(sixth)}, by {who}: say where and from when.")


def untold(suspension: Suspension, *, social_worker: bool, virtual_head: bool, limits: Limits) -> tuple[str, ...]:
    """Who is still to be told, in words; parents without delay, social worker and virtual school head where there is one.

    That the local authority is told of every one is not confirmed, and says so.
    """
    s = suspension
    if not counts(s) or s.cancelled_on is not None:
        return ()
    found: list[str] = []
    if s.parents_told is None:
        found.append("parents, in writing")
    if s.la_told is None:
        found.append(f"the local authority ({limits.la_told_sure} for every one)" if limits.la_told_sure != "confirmed" else "the local authority")
    if social_worker and s.social_worker_told is None:
        found.append("the social worker")
    if virtual_head and s.virtual_head_told is None:
        found.append("the virtual school head")
    return tuple(found)
