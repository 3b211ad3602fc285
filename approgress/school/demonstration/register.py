"""The register of one pupil of the demonstration school: a code for every half-day on roll, believable and countable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approgress.domain.attendance import ATTENDED_BELOW, CodeSet
from approgress.domain.records import Mark
from approgress.domain.school_year import Calendar
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.chance import Chance, clipped
from approgress.school.demonstration.roll import ON_ROLL, Plan, Stay

AM, PM = "AM", "PM"
PRESENT = {AM: "/", PM: "\\"}
IN_LESSONS = ("/", "\\", "L")
_EARLIER_CODES = {"C2": "C", "K": "B", "Y4": "Y"}
"""What stood in registers before August 2024 for codes that came then."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
_TAKEN_TODAY = ("Ash", "Birch", "Cedar", "Outreach")
"""Groups whose register of this morning is taken; Elm's is half done, the others have not begun."""

# the wrong side of a session, how many in a row, and how often: (code, shortest, longest, weight)
_ABSENCES = (
    (("I", 2, 7), 22.0),
    (("M", 1, 1), 14.0),
    (("C", 1, 2), 3.0),
    (("R", 2, 2), 0.6),
    (("O", 2, 4), 27.0),
    (("O", 1, 1), 18.0),
    (("U", 1, 1), 11.0),
    (("G", 6, 10), 0.5),
)


@dataclass(slots=True)
class Half:
    """One half-day of the register. `code` None: not settled yet. `due`: the pupil was to come."""

    day: date
    session: str
    code: str | None = None
    late: int | None = None
    due: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """From a day on, the half-days agreed ('Mon AM'), and the code of the others."""

    first_day: date
    agreed: frozenset[str]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Register:
    """All half-days of a pupil on roll, in order, each with its code; the patterns that they follow, and half-days at college by code."""

    halves: tuple[Half, ...]
    codes: CodeSet
    patterns: tuple[Pattern, ...] = ()
    college: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def number(self, half: Half) -> int:
        """The permanent integer of a half-day's code on its day."""
        assert half.code is not None
        code = self.codes.by_text(half.code, half.day) or self.codes.by_text(_EARLIER_CODES[half.code], half.day)
        assert code is not None
        return code.number

    def attended(self, first: date | None = None, last: date | None = None) -> list[Half]:
        """Sessions attended between two days."""
        return [
            h
            for h in self.halves
            if (first is None or h.day >= first) and (last is None or h.day <= last) and self.number(h) < ATTENDED_BELOW
        ]

    def possible(self, first: date | None = None, last: date | None = None) -> int:
        """How many sessions were possible between two days."""
        return sum((first is None or h.day >= first) and (last is None or h.day <= last) and self.number(h) < 96 for h in self.halves)

    def in_school(self) -> list[date]:
        """Days on which the pupil was in the building."""
        return list(dict.fromkeys(h.day for h in self.halves if h.code in IN_LESSONS))

    def suspensions(self) -> list[tuple[date, int]]:
        """First day and half-days of each suspension."""
        found: list[tuple[date, int]] = []
        before = False
        for h in self.halves:
            if h.code == "E":
                found = [*found[:-1], (found[-1][0], found[-1][1] + 1)] if before else [*found, (h.day, 1)]
            if h.due:
                before = h.code == "E"
        return found

    def marks(self, pupil_id: int) -> Iterable[Mark]:
        """The days as records."""
        days: dict[date, dict[str, Half]] = {}
        for h in self.halves:
            days.setdefault(h.day, {})[h.session] = h
        for day, by in days.items():
            am, pm = by.get(AM), by.get(PM)
            yield Mark(
                pupil_id,
                1,
                day,
                self.number(am) if am else None,
                self.number(pm) if pm else None,
                am.late if am else None,
                pm.late if pm else None,
            )


def taken_today(plan: Plan) -> bool:
    """Whether this morning's mark of the pupil is there already."""
    if plan.leaver or plan.told("bare") or plan.told("unmarked_today"):
        return False
    return plan.group in _TAKEN_TODAY or (plan.group == "Elm" and plan.number % 2 == 0)


def make_register(plan: Plan, book: Book, calendar: Calendar, codes: CodeSet) -> Register:
    """The register of all the pupil's time on roll, up to this morning."""
    halves: list[Half] = []
    patterns: list[Pattern] = []
    college: list[tuple[str, tuple[str, ...]]] = []
    chance = plan.chance("register")
    if not plan.told("bare"):
        for stay in plan.stays:
            halves += _of_stay(plan, stay, book, calendar, chance, patterns, college)
    return Register(tuple(halves), codes, tuple(patterns), tuple(college))


def _of_stay(
    plan: Plan,
    stay: Stay,
    book: Book,
    calendar: Calendar,
    chance: Chance,
    patterns: list[Pattern],
    college: list[tuple[str, tuple[str, ...]]],
) -> list[Half]:
    yesterday = date.fromordinal(book.today.toordinal() - 1)
    last = min(stay.left or yesterday, yesterday)
    days = calendar.school_days(max(stay.came, book.first_day), last) if stay.came <= last else []
    halves = [Half(day, session) for day in days for session in (AM, PM)]
    if taken_today(plan) and stay is plan.stay:
        halves.append(Half(book.today, AM))
    if not halves:
        return []
    present = stay is plan.stay
    patterns += _set_due(halves, plan, stay, chance, present)
    for h in halves:
        if h.day in book.snow:
            h.code, h.late = "Y4", None
    if present:
        _set_told(halves, plan)
    if not plan.story:
        _suspend(halves, chance)
    _fill(halves, plan, stay, book, chance, present)
    half_days, code = _dress(halves, plan, stay, book, calendar, chance)
    if half_days and present:
        college.append((code, tuple(half_days)))
    return halves


def _set_due(halves: list[Half], plan: Plan, stay: Stay, chance: Chance, present: bool) -> list[Pattern]:
    timetables: list[dict[str, Any]] = plan.told("timetable", []) if present else []
    if present and plan.told("due") == "none":
        timetables = [{"from": stay.came, "agreed": [], "otherwise": "D"}]
    elif stay.placement == "part_time" and not timetables:
        mornings = [f"{d} AM" for d in WEEKDAYS]
        afternoons = [f"{d} PM" for d in WEEKDAYS]
        timetables = [{"from": stay.came, "agreed": chance.some(mornings, 4) + chance.some(afternoons, 2)}]
    for timetable in timetables:
        agreed = set(timetable["agreed"])
        for h in halves:
            if h.day >= timetable["from"]:
                h.due = f"{WEEKDAYS[h.day.weekday()]} {h.session}" in agreed
                h.code = None if h.due else timetable.get("otherwise", "C2")
    return [Pattern(t["from"], frozenset(t["agreed"]), t.get("otherwise", "C2")) for t in timetables]


def _set_told(halves: list[Half], plan: Plan) -> None:
    marks: dict[str, str] = plan.told("marks", {})
    asked = _days_asked(plan)
    spells: dict[str, list[date]] = plan.told("spells", {})
    for h in halves:
        said = marks.get(h.day.isoformat(), "- -").split()[0 if h.session == AM else 1]
        if said != "-":
            h.code = said
        for code, (first, last) in spells.items():
            if first <= h.day <= last:
                h.code = code
        if h.code is None and h.day in asked:
            h.code = PRESENT[h.session]
            asked.discard(h.day)  # one half-day is enough to be asked in


def _days_asked(plan: Plan) -> set[date]:
    """The days on which the story has the pupil answer, be tested or rate a goal."""
    told: list[list[Any]] = [*plan.told("who5", []), *plan.told("reading", [])]
    goals: list[dict[str, Any]] = plan.told("goals", [])
    return {row[0] for row in told} | {row[0] for g in goals for row in g["ratings"]} | set(plan.told("who5_declined", []))


def _suspend(halves: list[Half], chance: Chance) -> None:
    """One or two suspensions of a few days in some pupils."""
    days = list(dict.fromkeys(h.day for h in halves))[5:-8]
    if len(days) < 20 or not chance.happens(0.24):
        return
    for _ in range(chance.between(1, 2)):
        at = chance.below(len(days))
        away = days[at : at + chance.between(1, 3)]
        for h in halves:
            if h.day in away and h.code is None:
                h.code = "E"


def _fill(halves: list[Half], plan: Plan, stay: Stay, book: Book, chance: Chance, present: bool) -> None:
    """Absences: so many as the story says of each half-term, or as the pupil's rate makes them; the rest is present."""
    first = clipped(chance.normal(0.47, 0.18), 0.06, 0.96)
    last = clipped(first + chance.normal(0.16, 0.17), 0.05, 0.98)
    if stay.placement == "part_time":
        first, last = clipped(first + 0.2, 0, 0.97), clipped(last + 0.15, 0, 0.98)
    if present and plan.told("rate"):
        first, last = plan.told("rate")
    told: dict[str, Any] = plan.told("attended", {}) if present else {}
    terms = [t for t in book.terms if halves[0].day <= t.last_day and t.first_day <= halves[-1].day]
    for i, term in enumerate(terms):
        here = [h for h in halves if term.first_day <= h.day <= term.last_day]
        open_ = [h for h in here if h.code is None]
        if present and plan.told("exact"):
            quota: dict[str, int] = {}
        elif term.key in told:
            quota = _quota_told(told[term.key], here)
        else:
            rate = first + (last - first) * (i / (len(terms) - 1) if len(terms) > 1 else 1)
            share = clipped(chance.normal(rate, 0.05), 0, 1)
            quota = {"": len(open_) - round(share * len(open_))}
        _absent(open_, quota, chance)
        for h in open_:
            if h.code is None:
                h.code = PRESENT[h.session]


def _quota_told(said: int | list[int], here: Sequence[Half]) -> dict[str, int]:
    """How many open half-days must be absences, by session or ('') in all, so that as many are attended as the story says."""

    def missing(wanted: int, halves: list[Half]) -> int:
        settled = sum(h.code in ("/", "\\", "L", "B", "K", "V", "P", "W") for h in halves)
        open_ = sum(h.code is None for h in halves)
        absent = open_ - (wanted - settled)
        if not 0 <= absent <= open_:
            raise ValueError(f"{wanted} sessions cannot be attended of {open_} open and {settled} settled from {halves[0].day}")
        return absent

    if isinstance(said, int):
        return {"": missing(said, list(here))}
    return {s: missing(n, [h for h in here if h.session == s]) for s, n in zip((AM, PM), said, strict=True)}


def _absent(open_: list[Half], quota: dict[str, int], chance: Chance) -> None:
    def left(h: Half) -> str | None:
        return "" if quota.get("", 0) > 0 else h.session if quota.get(h.session, 0) > 0 else None

    free = list(range(len(open_)))
    while free and any(n > 0 for n in quota.values()):
        place = chance.below(len(free))
        at = free[place]
        if open_[at].code is not None or left(open_[at]) is None:
            free[place] = free[-1]
            free.pop()
            continue
        code, shortest, longest = chance.weighted(_ABSENCES)
        if code == "U" and open_[at].session == PM:
            continue
        if code == "O" and longest == 1 and open_[at].session == AM and chance.happens(0.7):
            continue  # those who leave, leave after dinner
        if shortest > 1 and open_[at].session == PM and at and open_[at - 1].code is None and open_[at - 1].day == open_[at].day:
            at -= 1
        for i in range(at, min(len(open_), at + chance.between(shortest, longest))):
            where = left(open_[i])
            if open_[i].code is not None or where is None:
                break
            open_[i].code = code
            quota[where] -= 1


def _dress(halves: list[Half], plan: Plan, stay: Stay, book: Book, calendar: Calendar, chance: Chance) -> tuple[list[str], str]:
    """Where and how sessions were attended, minutes late, and reasons that are not known yet; answers the half-days at college and their code."""
    college: list[str] = plan.told("college", [])
    code = plan.told("college_code", "B")
    drawn = not plan.story
    if drawn and plan.year >= 10 and chance.happens(0.3):
        day = chance.one(WEEKDAYS)
        college, code = [f"{day} AM", f"{day} PM"], chance.weighted([("B", 80.0), ("K", 20.0)])
    sport = drawn and chance.happens(0.12)
    late = 0.0 if plan.told("exact") else clipped(chance.normal(0.06, 0.05), 0, 0.25)
    trips = {t.last_day for t in book.terms} if drawn else set[date]()
    told: dict[str, str] = plan.told("marks", {})
    recent = calendar.school_days(book.today - timedelta(days=14), book.today)[-5:] if not plan.leaver else []
    for h in halves:
        when = f"{WEEKDAYS[h.day.weekday()]} {h.session}"
        if h.code in ("/", "\\") and not _said(told, h):
            if when in college:
                h.code = code
            elif h.session == PM and h.day in trips:
                h.code = "V" if chance.happens(0.8) else h.code
            elif sport and when == "Wed PM":
                h.code = "P"
            elif drawn and plan.year == 11 and date(2026, 6, 29) <= h.day <= date(2026, 7, 3):
                h.code = "W"
            elif chance.happens(late if h.session == AM else late / 4):
                h.code = "L"
        elif drawn and plan.number < ON_ROLL and h.code == "O" and h.day in recent and chance.happens(0.4):
            h.code = "N"
        if h.code in ("L", "U"):
            h.late = chance.between(3, 25) if h.code == "L" else chance.between(35, 110)
    return college, code


def _said(told: dict[str, str], h: Half) -> bool:
    return told.get(h.day.isoformat(), "- -").split()[0 if h.session == AM else 1] != "-"
