"""From a plan to edits: all records of one pupil of the demonstration school, one pupil after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approgress.domain.acts.pupils import code_from
from approgress.domain.attendance import CodeSet
from approgress.domain.days import to_number
from approgress.domain.edits import Edit, NewIds, Put
from approgress.domain.instruments import Instrument
from approgress.domain.records import (
    Enrolment,
    Event,
    Goal,
    GroupMember,
    HomeSchool,
    Identifier,
    LessonScore,
    Mark,
    Moment,
    Name,
    NextStep,
    Note,
    Placement,
    Pupil,
    Reading,
    StartingPoint,
    StartValue,
    StatedAttendance,
    YearGroup,
)
from approgress.domain.school_year import Calendar, school_year_of
from approgress.domain.scoring import SCORER
from approgress.school.demonstration import agreements, people
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.lessons import WINDOW, make_scores
from approgress.school.demonstration.measures import BARRIERS, READING, SDQ_PARENT, SDQ_TEACHER, WHO5, Measured, Measures, Sitting
from approgress.school.demonstration.moments import make_moments, make_notes
from approgress.school.demonstration.register import make_register
from approgress.school.demonstration.roll import ONE, Plan, Stay, school_years

_ETHNICITIES = (
    ("WBRI", 66.0),
    ("WOTH", 5.0),
    ("MWBC", 5.0),
    ("APKN", 5.0),
    ("BAFR", 4.0),
    ("MWAS", 3.0),
    ("BCRB", 3.0),
    ("AIND", 2.0),
    ("WROM", 2.0),
    ("NOBT", 5.0),
)
_MIDDLES = ("Jo", "Lee", "Rae", "Kit", "Robin", "Alex", "Sky", "Dale", "Quinn", "Noor")
_TYPED_LATER = date(2026, 11, 23)
"""Amara's WHO-5 of this day is typed as a step of its own."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the records of pupils point at: the book, the calendar, codes, instruments, and ids by name."""

    book: Book
    calendar: Calendar
    codes: CodeSet
    instruments: Mapping[str, Instrument]
    people: Mapping[str, int]
    partners: Mapping[str, int]
    groups: Mapping[str, int]


@dataclass(slots=True)
class Later:
    """What is typed one by one when the rest is there: this morning's marks by group, scores, and a questionnaire of yesterday."""

    pupils: dict[str, int] = field(default_factory=lambda: {})
    marks: dict[str, list[Mark]] = field(default_factory=lambda: {})
    scores: list[LessonScore] = field(default_factory=lambda: [])
    readings: list[Sitting] = field(default_factory=lambda: [])


def pupil_edits(plan: Plan, frame: Frame, ids: NewIds, later: Later) -> Iterator[Edit]:
    """All records of one pupil; what belongs to this morning goes into `later`."""
    return _Writer(plan, frame, ids, later).edits()


class _Writer:
    def __init__(self, plan: Plan, frame: Frame, ids: NewIds, later: Later) -> None:
        self.plan, self.frame, self.book, self.later = plan, frame, frame.book, later
        self.pupil = ids.pupil()
        self.ids: Iterator[int] = iter(ids.other, -1)
        self.today = frame.book.today
        self.register = make_register(plan, frame.book, frame.calendar, frame.codes)
        in_care = plan.in_care or any(f[0] == "care" and len(f) < 5 for f in plan.told("flags", []))
        self.carer = people.carer_of(plan, frame.book, in_care)
        if not plan.leaver:
            later.pupils[f"{plan.forename} {plan.surname}"] = self.pupil

    def edits(self) -> Iterator[Edit]:
        for record in self._records():
            yield Put(record)

    def _records(self) -> Iterator[Any]:
        plan = self.plan
        yield from self._who()
        stated: dict[date, StatedAttendance] = {}
        for stay in plan.stays:
            yield from self._stay(stay)
            before = people.stated_before(plan, stay, self.book, self.register, self.pupil, self.ids) if not plan.told("bare") else None
            if before is not None:
                stated[stay.came] = before
                yield before
        yield from people.contacts(plan, self.book, self.carer, self.pupil, self.ids) if not plan.told("bare") else ()
        yield from people.flags(plan, self.pupil, self.ids, self.today)
        yield from people.strengths(plan, self.book, self.pupil, self.ids)
        yield from self._marks()
        scores = self._scores()
        yield from (s for s in scores if s.slot // 8 < to_number(self.today))
        yield from self._agreed(scores)
        yield from self._written()
        measured = Measures(plan, self.register, self.book, self.frame.instruments, self.carer.called).make()
        readings = list(self._readings(measured))
        for record, _ in readings:
            yield record
        for stay in plan.stays:
            yield from self._starting_point(
                stay, stated.get(stay.came), [r for r, s in readings if isinstance(r, Reading) and s is not None], scores
            )
        yield from self._events()
        yield from self._next_steps()

    # --- who they are ----------------------------------------------------------------------------------------------

    def _who(self) -> Iterator[Any]:
        plan, chance = self.plan, self.plan.chance("who")
        first = plan.stays[0].came
        language = plan.told("language") or ("ENG" if chance.happens(0.9) else chance.one(("POL", "URD", "ROM", "PAN", "ARA")))
        code = code_from(chance.below(2**30))
        ethnicity = chance.weighted(_ETHNICITIES)
        yield Pupil(self.pupil, code, plan.born, plan.sex, plan.pronouns, ethnicity, language, first)
        middle = chance.one(_MIDDLES) if chance.happens(0.35) else None
        former: str | None = plan.told("former_surname")
        changed: date | None = plan.told("former_until")
        if former and changed:
            yield Name(self.pupil, next(self.ids), "former", plan.forename, former, middle, None, changed)
        yield Name(self.pupil, next(self.ids), "legal", plan.forename, plan.surname, middle, changed + ONE if changed else None)
        if plan.told("preferred_forename") or plan.told("preferred_surname"):
            yield Name(self.pupil, next(self.ids), "preferred", plan.told("preferred_forename"), plan.told("preferred_surname"))
        latest = school_year_of(min(plan.stay.left or self.today, self.today))
        for school_year in dict.fromkeys(y for stay in plan.stays for y in school_years(stay, self.today)):
            yield YearGroup(self.pupil, next(self.ids), str(plan.year - (latest - school_year)), school_year)
        yield Identifier(self.pupil, next(self.ids), "upn", people.upn(plan, latest))
        if plan.year >= 10 and not plan.told("temporary_upn"):
            yield Identifier(self.pupil, next(self.ids), "uln", people.uln(plan))
        yield Identifier(self.pupil, next(self.ids), "number", people.number(plan))

    def _stay(self, stay: Stay) -> Iterator[Any]:
        plan, chance = self.plan, self.plan.chance(f"stay {stay.came.isoformat()}")
        words = self.book.words["purposes"]
        enrolment = Enrolment(self.pupil, next(self.ids), 1, stay.registration, stay.came, stay.left, None, stay.reason, stay.destination)
        yield enrolment
        home = self.frame.partners[stay.home] if stay.home else None
        council = self.frame.partners[self.book.partners[-1]["name"]]
        present = stay is plan.stay
        yield Placement(
            self.pupil,
            next(self.ids),
            enrolment.id,
            stay.placement,
            (plan.told("purpose") if present else None) or chance.one(words[stay.placement]),
            stay.came,
            stay.left,
            stay.planned_end,
            stay.sessions_a_week,
            home,
            home if stay.placement == "respite" and home else council,
            (plan.told("objectives") if present else None) or (None if plan.told("bare") else chance.one(words["objectives"])),
            stay.outcome,
        )
        if home is not None:
            yield HomeSchool(self.pupil, next(self.ids), home, None, stay.left if not present else None)
        yield GroupMember(self.pupil, next(self.ids), self.frame.groups[plan.group], stay.came, stay.left)

    # --- day by day ------------------------------------------------------------------------------------------------

    def _marks(self) -> Iterator[Mark]:
        for mark in self.register.marks(self.pupil):
            if mark.day < self.today:
                yield mark
            else:
                self.later.marks.setdefault(self.plan.group, []).append(mark)

    def _scores(self) -> list[LessonScore]:
        scores = make_scores(self.plan, self.register, self.book, self.pupil)
        self.later.scores += [s for s in scores if s.slot // 8 == to_number(self.today)]
        return scores

    def _agreed(self, scores: list[LessonScore]) -> Iterator[Any]:
        plan, register, calendar, book, people_ = self.plan, self.register, self.frame.calendar, self.book, self.frame.people
        yield from agreements.timetables(plan, register, calendar, book, self.pupil, self.ids)
        yield from agreements.suspensions(plan, register, calendar, book, self.pupil, self.ids, people_[book.head])
        yield from agreements.contacts(plan, register, book, self.carer.called, self.pupil, self.ids, people_["J. Okafor"])
        yield from agreements.lesson_notes(plan, scores, book, self.pupil, people_[book.teacher_of(plan.group)])

    def _written(self) -> Iterator[Any]:
        plan, chance = self.plan, self.plan.chance("who wrote")
        moments = make_moments(plan, self.register, self.book)
        teacher = self.frame.people[self.book.teacher_of(plan.group)]
        mentor = self.frame.people["N. Ahmed"]
        more = plan.chance("more of moments")
        made: list[Moment] = []
        for m in moments:
            person = teacher if chance.happens(0.75) else mentor
            severity = more.weighted(((1, 6.0), (2, 3.0), (3, 1.0))) if m.tone == "incident" else None
            helped = more.one(self.book.words["strengths"]["what_helps"]) if m.tone == "good" and more.happens(0.3) else None
            made.append(
                Moment(
                    self.pupil,
                    next(self.ids),
                    m.day,
                    m.tone,
                    m.sort,
                    m.session,
                    m.place,
                    m.before,
                    m.response,
                    m.settle,
                    m.text,
                    person,
                    severity,
                    helped,
                    tell_home=m.tone == "good" and more.happens(0.25),
                )
            )
        yield from made
        yield from agreements.interventions(plan, made, self.book, self.frame.people, self.carer.called, self.pupil, self.ids)
        for n in make_notes(plan, self.register, moments, self.book, self.frame.calendar):
            audience = "schools" if n.sort == "context" else "family" if n.sort == "quote" else "staff"
            yield Note(
                self.pupil, next(self.ids), n.day, n.sort, n.text, teacher if n.privacy == "ordinary" else mentor, audience, n.privacy
            )

    # --- measures --------------------------------------------------------------------------------------------------

    def _readings(self, measured: Measured) -> Iterator[tuple[Goal | Reading, Sitting | None]]:
        goals: list[int] = []
        for rank, g in enumerate(measured.goals, start=1):
            goals.append(next(self.ids))
            yield Goal(self.pupil, goals[-1], g.words, "pupil", g.first_day, g.target, None, self.plan.stay.left, rank), None
        for s in measured.sittings:
            if self.plan.seed == "Amara Bell" and s.instrument == WHO5 and s.day == _TYPED_LATER:
                self.later.readings.append(s)
                continue
            yield reading_of(s, self.pupil, next(self.ids), goals), s

    def _starting_point(
        self, stay: Stay, before: StatedAttendance | None, readings: list[Reading], scores: list[LessonScore]
    ) -> Iterator[Any]:
        plan, chance = self.plan, self.plan.chance(f"starting point {stay.came.isoformat()}")
        sort = plan.told("start", "agreed") if stay is plan.stay else "agreed"
        if sort == "none" or (plan.leaver and not plan.story and chance.happens(0.15)):
            return
        until = stay.left or self.today - ONE
        here = [r for r in readings if stay.came <= r.day <= until and r.status == "complete" and r.goal_id is None]
        first: dict[str, Reading] = {}
        for r in here:
            first.setdefault(r.instrument, r)
        agreed = plan.told("agreed_on") if stay is plan.stay else None
        if agreed is None and sort == "agreed":
            wanted = stay.came + timedelta(days=chance.between(15, 27) if chance.happens(0.9) else chance.between(29, 45))
            agreed = min(
                until,
                max(
                    [
                        wanted,
                        *(
                            r.day
                            for name, r in first.items()
                            if name in (WHO5, READING, BARRIERS) and r.day <= stay.came + timedelta(days=60)
                        ),
                    ]
                ),
            )
        point = StartingPoint(
            self.pupil,
            next(self.ids),
            stay.came,
            agreed,
            f"{self.book.teacher_of(plan.group)}, {plan.forename}, {self.carer.called}" if agreed else None,
        )
        yield point
        only: list[str] | None = plan.told("start_only") if stay is plan.stay else None
        known = {name: r for name, r in first.items() if r.day <= (agreed or until)}
        for value in self._start_values(stay, point.id, before, known, scores, chance):
            if only is None or value.strand in only:
                yield value

    def _start_values(
        self, stay: Stay, point: int, before: StatedAttendance | None, known: Mapping[str, Reading], scores: list[LessonScore], chance: Any
    ) -> Iterator[StartValue]:
        plan = self.plan

        def value(strand: str, what: str, **more: Any) -> StartValue:
            return StartValue(self.pupil, next(self.ids), point, strand, what, **more)

        told: list[list[Any]] = plan.told("start_values", []) if stay is plan.stay else []
        if WHO5 in known:
            yield value(
                "wellbeing",
                "Wellbeing, WHO-5",
                reading_id=known[WHO5].id,
                source=plan.told("preferred_forename") or plan.forename,
                sure="high",
            )
        for instrument, what in ((SDQ_TEACHER, "SDQ total, teacher"), (SDQ_PARENT, "SDQ total, parent or carer")):
            if instrument in known:
                yield value("wellbeing", what, reading_id=known[instrument].id, source=known[instrument].rater, sure=known[instrument].sure)
        rated = [s for s in scores if stay.came <= _day(s) <= (stay.left or self.today) and s.score is not None][:WINDOW]
        if rated:
            at_top = sum(s.score is not None and s.score >= 4 for s in rated)
            what = "Lessons at 4 or 5, first twenty rated" if len(rated) == WINDOW else "Lessons at 4 or 5, of those rated so far"
            yield value("engagement", what, value=float(at_top), of=len(rated), source=self.book.teacher_of(plan.group), sure="high")
        if before is not None:
            yield value("attendance", "Attendance, year before", stated_id=before.id, source=before.school, sure=before.sure)
            n, half_days = people.suspensions_before(plan, chance)
            yield value(
                "behaviour",
                "Suspensions, year before",
                value=float(n),
                detail=f"{half_days} half-days" if n else None,
                source=before.school,
                sure=before.sure,
            )
        if READING in known:
            yield value(
                "learning", "Reading, NGRT", reading_id=known[READING].id, detail=known[READING].form, source="tested here", sure="high"
            )
        if BARRIERS in known:
            items = list(known[BARRIERS].answers or b"")
            yield value("home", "What gets in the way, total", reading_id=known[BARRIERS].id, source=self.carer.called, sure="medium")
            yield value(
                "home",
                "Areas that stop it or do on most days",
                value=float(sum(a >= 3 for a in items)),
                of=len(items),
                source=self.carer.called,
                sure="medium",
            )
        for strand, what, n, source, sure in told:
            yield value(strand, what, value=float(n), source=source, sure=sure)

    # --- what changed, what is next --------------------------------------------------------------------------------

    def _events(self) -> Iterator[Any]:
        plan, chance = self.plan, self.plan.chance("events")
        told: list[list[Any]] = plan.told("events", [])
        for day, sort, label, *more in told:
            if sort == "suspension" and any(s.came <= day for s in plan.stays):
                continue  # a record of its own, made from the register
            yield Event(
                self.pupil, next(self.ids), day, sort, label, (more[0] or None) if more else None, bool(more[1]) if len(more) > 1 else False
            )
        if not told and not plan.told("bare"):
            days = self.register.in_school()
            if len(days) > 30 and chance.happens(0.45):
                label = chance.one(
                    ("Mentoring starts", "Reading group starts", "New timetable", "Change of key worker", "Joins the workshop course")
                )
                yield Event(self.pupil, next(self.ids), days[chance.between(10, len(days) - 10)], "plan", label)
        for s in plan.told("after", []):
            yield StatedAttendance(
                self.pupil, next(self.ids), s["school"], s["first_day"], s["last_day"], s["possible"], s["attended"],
                s["possible"] - s["attended"] - s["unauthorised"], s["unauthorised"], None, None, "typed", s["said_on"], "high",
            )  # fmt: skip
        if plan.leaver and not told and plan.stay.destination is not None and plan.stay.destination == plan.stay.home:
            yield from self._after_return(chance)

    def _after_return(self, chance: Any) -> Iterator[Any]:
        """What the home school said after a return: at 6 and at 26 weeks, where that day has come."""
        stay, calendar = self.plan.stay, self.frame.calendar
        assert stay.left is not None and stay.home is not None
        yield Event(self.pupil, next(self.ids), stay.left, "return", f"Returned to {stay.home}")
        back = calendar.next_school_day(stay.left)
        gone = chance.happens(0.2)
        for weeks in (6, 26):
            day = stay.left + timedelta(weeks=weeks)
            if back is None or day > self.today:
                return
            if gone and weeks == 26:
                what = chance.one(("came back to us", "moved to another school", "moved away"))
                yield Event(self.pupil, next(self.ids), day, "other", f"26-week check: {what}")
                return
            possible = 2 * len(calendar.school_days(back, day))
            attended = round(possible * min(0.99, max(0.3, chance.normal(0.82, 0.1))))
            unauthorised = round((possible - attended) * 0.4)
            yield Event(self.pupil, next(self.ids), day, "other", f"{weeks}-week check: still there, {attended} of {possible} sessions")
            yield StatedAttendance(
                self.pupil, next(self.ids), stay.home, back, day, possible, attended, possible - attended - unauthorised, unauthorised,
                None, None, "typed", day, "high",
            )  # fmt: skip

    def _next_steps(self) -> Iterator[NextStep]:
        plan, chance = self.plan, self.plan.chance("next")
        if plan.leaver or plan.told("bare"):
            return
        told: list[list[Any]] = plan.told("next", [])
        for day, text, owner in told:
            yield NextStep(self.pupil, next(self.ids), day, text, owner)
        if told:
            return
        teacher = self.book.teacher_of(plan.group)
        days = self.frame.calendar.school_days(max(plan.stay.came + ONE, self.today - timedelta(days=40)), self.today + timedelta(days=24))
        for text in chance.some(self.book.words["next"]["steps"], chance.between(2, 4)):
            day = chance.one(days)
            done = day - timedelta(days=chance.between(0, 3)) if day < self.today and chance.happens(0.85) else None
            yield NextStep(self.pupil, next(self.ids), day, text, teacher if chance.happens(0.8) else "N. Ahmed", done)


def reading_of(s: Sitting, pupil: int, reading_id: int, goals: list[int]) -> Reading:
    """A sitting as a record."""
    goal = goals[s.goal] if s.goal is not None else None
    return Reading(
        pupil,
        reading_id,
        s.day,
        s.instrument,
        s.edition,
        s.respondent,
        s.value,
        s.parts,
        s.answers,
        s.rater,
        goal,
        s.status,
        s.why,
        SCORER,
        s.source,
        s.sure,
        s.form,
    )


def _day(score: LessonScore) -> date:
    return date(2000, 1, 1) + timedelta(days=score.slot // 8)
