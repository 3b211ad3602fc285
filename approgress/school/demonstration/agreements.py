"""What was agreed and what followed in the demonstration school: part-time timetables, sessions elsewhere, suspensions, calls about absence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from approgress.domain.days import to_number
from approgress.domain.records import (
    AbsenceContact,
    Elsewhere,
    Intervention,
    LessonNote,
    LessonScore,
    Moment,
    Suspension,
    Timetable,
    TimetableReview,
    TimetableStep,
)
from approgress.domain.school_year import Calendar
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.chance import Chance
from approgress.school.demonstration.register import AM, WEEKDAYS, Half, Pattern, Register
from approgress.school.demonstration.roll import Plan

_CALLED_SINCE = 40
"""Days back to which calls about absence were kept one by one."""
_FULL_WEEK = 31


def mask(agreed: frozenset[str], session: str) -> int:
    """The half-days of one session in a week as the sum that records keep: 1 Monday to 16 Friday."""
    return sum(1 << i for i, day in enumerate(WEEKDAYS) if f"{day} {session}" in agreed)


def timetables(plan: Plan, register: Register, calendar: Calendar, book: Book, pupil: int, ids: Iterator[int]) -> Iterator[Any]:
    """The part-time timetable with its steps and reviews; a pattern of sessions at the home school where that is what the rest are."""
    chance = plan.chance("timetable")
    patterns = [p for p in register.patterns if (mask(p.agreed, AM), mask(p.agreed, "PM")) != (_FULL_WEEK, _FULL_WEEK)]
    for stay in plan.stays:
        here = [p for p in patterns if stay.came <= p.first_day and (stay.left is None or p.first_day <= stay.left)]
        at_home = [p for p in here if p.otherwise == "D"]
        for i, p in enumerate(at_home):
            until = at_home[i + 1].first_day - timedelta(1) if i + 1 < len(at_home) else stay.left
            am, pm = _FULL_WEEK - mask(p.agreed, AM), _FULL_WEEK - mask(p.agreed, "PM")
            yield Elsewhere(pupil, next(ids), 1, "D", am, pm, p.first_day, until, None, stay.home)
        agreed = [p for p in here if p.otherwise == "C2"]
        if agreed and agreed[0].first_day >= date(2024, 9, 1):
            yield from _timetable(plan, agreed, stay.left, calendar, book, pupil, ids, chance)
    for code, days in register.college:
        half_days = frozenset(days)
        place = "Riverside College" if code == "B" else "Ferry Lane tuition centre"
        yield Elsewhere(pupil, next(ids), 1, code, mask(half_days, AM), mask(half_days, "PM"), plan.stay.came, plan.stay.left, None, place)


def _timetable(
    plan: Plan, agreed: Sequence[Pattern], left: date | None, calendar: Calendar, book: Book, pupil: int, ids: Iterator[int], chance: Chance
) -> Iterator[Any]:
    said: Mapping[str, Any] = plan.told("part_time", {})
    words = book.words["part_time"]
    first = agreed[0].first_day
    end = said.get("target_end") or _school_day(calendar, book.today + timedelta(days=chance.between(10, 30)))
    told = _school_day(calendar, first + timedelta(days=chance.between(1, 12)))
    timetable = Timetable(
        pupil,
        next(ids),
        1,
        said.get("reason") or chance.one(words["reasons"]),
        first,
        min(end, left) if left else end,
        left,
        "ended" if left else None,
        said.get("aim") or chance.one(words["aims"]),
        said.get("agreed_by") or chance.one(words["agreed_by"]),
        first - timedelta(days=3),
        told if said or chance.happens(0.9) else None,
        chance.one(words["safeguarding"]),
        chance.one(words["work"]),
    )
    yield timetable
    for p in agreed:
        yield TimetableStep(pupil, next(ids), timetable.id, p.first_day, mask(p.agreed, AM), mask(p.agreed, "PM"))
    due = said.get("reviews") or _review_days(calendar, first, left or end)
    for day in due:
        held = day if day < book.today else None
        note = chance.one(words["reviews"]) if held else None
        yield TimetableReview(pupil, next(ids), timetable.id, day, held, note)


def _review_days(calendar: Calendar, first: date, last: date) -> list[date]:
    found: list[date] = []
    day = first + timedelta(weeks=3)
    while day <= last:
        found.append(_school_day(calendar, day))
        day += timedelta(weeks=6)
    return found


def _school_day(calendar: Calendar, day: date) -> date:
    return day if calendar.is_school_day(day) else calendar.next_school_day(day) or day


def suspensions(
    plan: Plan, register: Register, calendar: Calendar, book: Book, pupil: int, ids: Iterator[int], writer: int
) -> Iterator[Suspension]:
    """A record for each run of E in the register."""
    chance = plan.chance("suspensions")
    for day, half_days in register.suspensions():
        halves = [h for h in register.halves if h.code == "E" and h.day >= day][:half_days]
        last = halves[-1].day
        back = calendar.next_school_day(last)
        met = back if back is not None and back <= book.today and chance.happens(0.9) else None
        yield Suspension(
            pupil,
            next(ids),
            "SUSP",
            day,
            halves[0].session,
            half_days,
            last,
            chance.weighted((("CB", 4.0), ("VA", 3.0), ("PP", 2.0), ("DM", 1.0), ("PP,CB", 1.0))),
            sen="E" if plan.plan_held else "K",
            in_care=plan.in_care,
            ehc_plan=plan.plan_held,
            parents_told=day,
            la_told=_school_day(calendar, day + timedelta(1)),
            social_worker_told=day if plan.in_care else None,
            virtual_head_told=day if plan.in_care else None,
            work_set=True,
            return_meeting=met,
            return_plan=chance.one(book.words["part_time"]["returns"]) if met else None,
            person_id=writer,
        )


def contacts(plan: Plan, register: Register, book: Book, carer: str, pupil: int, ids: Iterator[int], office: int) -> Iterator[AbsenceContact]:
    """The calls of the last weeks about sessions missed; what is told one by one of this morning is typed later."""
    if plan.leaver or plan.told("bare"):
        return
    chance = plan.chance("contacts")
    since = book.today - timedelta(days=_CALLED_SINCE)
    words = book.words["calls"]
    for h in _first_missed(register, since, book.today):
        known = h.code in ("I", "M", "C", "R")
        if not known and not plan.story and h.day > book.today - timedelta(days=4) and chance.happens(0.35):
            continue  # nobody has rung yet
        at = (8 if known else 9) * 60 + chance.between(2, 55)
        if known:
            yield AbsenceContact(pupil, next(ids), h.day, "call", h.session, at, carer, True, True, chance.one(words["explained"]), office)
            continue
        if chance.happens(0.35):
            yield AbsenceContact(pupil, next(ids), h.day, "call", h.session, at, carer, False, False, "No answer", office)
            at += chance.between(10, 60)
        if chance.happens(0.8):
            yield AbsenceContact(pupil, next(ids), h.day, "spoke", h.session, at, carer, True, False, chance.one(words["spoke"]), office)
        else:
            yield AbsenceContact(pupil, next(ids), h.day, "text", h.session, at, carer, False, False, None, office)


def _first_missed(register: Register, since: date, until: date) -> list[Half]:
    """The first missed half-day of each day."""
    found: dict[date, Half] = {}
    for h in register.halves:
        if since <= h.day < until and h.due and h.code in ("O", "N", "U", "G", "I", "M", "C", "R"):
            found.setdefault(h.day, h)
    return list(found.values())


def lesson_notes(plan: Plan, scores: Sequence[LessonScore], book: Book, pupil: int, teacher: int) -> Iterator[LessonNote]:
    """What worked in some of this half-term's lessons."""
    chance = plan.chance("what worked")
    term = book.term_of(book.today)
    first = to_number(term.first_day) * 8 if term else 0
    for s in scores:
        if s.slot >= first and s.slot // 8 < to_number(book.today) and s.score is not None and chance.happens(0.07):
            tone = "good" if s.score >= 4 else "hard" if s.score <= 2 else "neutral"
            yield LessonNote(pupil, s.slot, tone, chance.one(book.words["strengths"]["what_helps"]), teacher)


def interventions(
    plan: Plan, moments: Sequence[Moment], book: Book, people: Mapping[str, int], carer: str, pupil: int, ids: Iterator[int]
) -> Iterator[Intervention]:
    """A record for an incident in which an adult held a pupil: few, each with its second adult, the parent told and the leader's review."""
    chance = plan.chance("interventions")
    serious = [m for m in moments if m.tone == "incident" and m.sort in ("Argument", "Threw something") and m.severity == 3]
    if plan.story or not serious or not chance.happens(0.2):
        return
    m = chance.one(serious)
    words = book.words["held"]
    others = [i for n, i in people.items() if i != m.person_id and n not in ("J. Okafor", "R. Sand")]
    recent = m.day > book.today - timedelta(days=14)
    yield Intervention(
        pupil,
        next(ids),
        m.day,
        "force",
        m.at,
        chance.between(1, 4),
        m.place,
        m.id,
        m.before,
        chance.one(words["tried"]),
        chance.one(words["why"]),
        chance.one(words["done"]),
        chance.one(words["staff"]),
        "None seen; checked by the first aider",
        "Water and ten minutes with the mentor",
        chance.one(words["account"]),
        carer,
        m.day,
        "telephone",
        "R. Sand",
        person_id=m.person_id,
        signed_by=None if recent else chance.one(others),
        signed_on=None if recent else m.day,
        reviewed_by=None if recent else people["R. Sand"],
        reviewed_on=None if recent else m.day + timedelta(1),
        review=None if recent else chance.one(words["review"]),
    )
