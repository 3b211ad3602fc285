"""Good moments, observations and incidents, and the notes of the demonstration school: what staff wrote about a pupil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approgress.domain.school_year import Calendar
from approgress.school.demonstration.book import Book, Term
from approgress.school.demonstration.chance import Chance, clipped
from approgress.school.demonstration.register import Half, Register
from approgress.school.demonstration.roll import Plan

GOOD, NEUTRAL, INCIDENT = "good", "neutral", "incident"
TONES = (GOOD, NEUTRAL, INCIDENT)
_RECENT = timedelta(days=13)
_LATEST_IN_ASH = date(2026, 11, 19)
"""The newest moments of Ash are told one by one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A moment before it has an id."""

    day: date
    tone: str
    sort: str
    session: str | None = None
    place: str | None = None
    before: str | None = None
    response: str | None = None
    settle: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A note before it has an id."""

    day: date
    sort: str
    text: str
    privacy: str = "ordinary"


def make_moments(plan: Plan, register: Register, book: Book) -> list[Written]:
    """The pupil's moments, in order of day: counted by half-term as the story says, or at rates that change over the stay."""
    if plan.told("bare") or plan.told("due") == "none":
        return []
    chance = plan.chance("moments")
    fixed = [Written(m[0], m[1], m[2], None, None, *(m[4:] or (None, None, None)), text=m[3]) for m in plan.told("moment", [])]
    told: dict[str, list[int]] = plan.told("moments", {})
    busy = 1.0 if not plan.leaver else 0.45
    rates = {
        GOOD: (clipped(chance.normal(1.3, 0.5), 0.2, 3) * busy, clipped(chance.normal(1.8, 0.6), 0.3, 4) * busy),
        NEUTRAL: (clipped(chance.normal(0.8, 0.3), 0.1, 2) * busy, clipped(chance.normal(0.8, 0.3), 0.1, 2) * busy),
        INCIDENT: (clipped(chance.normal(1.6, 1.0), 0, 5) * busy, clipped(chance.normal(0.8, 0.6), 0, 4) * busy),
    }
    found: list[Written] = []
    terms = [t for t in book.terms if any(s.came <= t.last_day for s in plan.stays)]
    terms = [t for t in terms if register.attended(t.first_day, t.last_day)]
    for i, term in enumerate(terms):
        attended = [h for h in register.attended(term.first_day, term.last_day) if h.day < book.today]
        along = i / (len(terms) - 1) if len(terms) > 1 else 0.0
        here = [w for w in fixed if term.first_day <= w.day <= term.last_day]
        found += here
        for at, tone in enumerate(TONES):
            low, high = rates[tone]
            n = told[term.key][at] if term.key in told else round(chance.normal(low + (high - low) * along, 0.15) * len(attended) / 10)
            n -= sum(w.tone == tone for w in here)
            days = _places_for(plan, term, attended, told, book)
            found += [_written(h, tone, book.words["moments"], chance) for h in _spread(days, n, chance)]
    return sorted(found, key=lambda w: w.day)


def _places_for(plan: Plan, term: Term, attended: list[Half], told: Mapping[str, Any], book: Book) -> list[Half]:
    quiet = plan.told("quiet_after")
    last = quiet or book.today
    if plan.group == "Ash" and term.first_day <= book.today <= term.last_day and term.key in told:
        last = min(last, _LATEST_IN_ASH)
    return [h for h in attended if h.day <= last] or attended[:1]


def _spread(attended: list[Half], n: int, chance: Chance) -> list[Half]:
    if n <= 0 or not attended:
        return []
    once = chance.some(attended, n)
    return once + [chance.one(attended) for _ in range(n - len(once))]


def _written(h: Half, tone: str, words: Mapping[str, Any], chance: Chance) -> Written:
    said = words[tone]
    sort = chance.one(said["sorts"])
    text = chance.one(said[sort])
    place = chance.one(words["places"]) if tone != NEUTRAL and chance.happens(0.8) else None
    if tone != INCIDENT:
        return Written(h.day, tone, sort, h.session, place, text=text)
    return Written(
        h.day,
        tone,
        sort,
        h.session,
        place,
        chance.one(words["before"]),
        chance.one(words["response"]),
        chance.between(3, 40) if chance.happens(0.9) else None,
        text,
    )


def make_notes(plan: Plan, register: Register, moments: list[Written], book: Book, calendar: Calendar) -> list[Noted]:
    """The pupil's notes: why they came, something every few weeks, and, of those on roll, something of the last fortnight."""
    if plan.told("bare"):
        return []
    chance = plan.chance("notes")
    words = book.words["notes"]
    found = [Noted(n[0], n[1], n[2], *n[3:4]) for n in plan.told("notes", [])]
    quiet = plan.told("quiet_after")
    for stay in plan.stays:
        if not any(n.sort == "context" for n in found) and stay.came < book.today - timedelta(days=3):
            found.append(Noted(stay.came, "context", chance.one(words["context"])))
        last = min(stay.left or book.today, quiet or book.today)
        days = calendar.school_days(max(stay.came, book.first_day), last)[:-2]
        if stay.placement == "outreach":
            continue
        at = chance.between(8, 16)
        while at < len(days):
            sort = "quote" if chance.happens(0.12) else "note"
            found.append(Noted(days[at], sort, chance.one(words[sort])))
            at += chance.between(14, 26) * (1 if not plan.leaver else 3)
    if quiet is not None:
        found = [n for n in found if n.day <= quiet]
        if not any(n.day == quiet for n in found) and not any(m.day == quiet for m in moments):
            found.append(Noted(quiet, "note", chance.one(words["note"])))
    elif not plan.leaver and max([n.day for n in found] + [m.day for m in moments], default=date.min) < book.today - _RECENT:
        found.append(
            Noted(
                chance.one(calendar.school_days(book.today - timedelta(days=8), book.today - timedelta(days=2))),
                "note",
                chance.one(words["note"]),
            )
        )
    return sorted(found, key=lambda n: n.day)
