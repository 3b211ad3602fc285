"""The weekly attendance note for a home school: each of its pupils, every session of a week with its plain meaning, counts and contacts made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.agreed import AgreedTally, agreed_tally
from approgress.domain.attendance import Code, CodeSet, Tally, on_roll, tally
from approgress.domain.dossier import SchoolFacts, year_of
from approgress.domain.naming import ShownName, shown
from approgress.domain.records import (
    AbsenceContact,
    Enrolment,
    HomeSchool,
    Mark,
    Name,
    Partner,
    Placement,
    Pupil,
    Timetable,
    TimetableStep,
    YearGroup,
)
from approgress.domain.school_year import week_of
from approgress.domain.strands import stay_of

CONTACTS = {
    "call": "called",
    "text": "sent a text",
    "letter": "wrote a letter",
    "visit": "visited",
    "spoke": "spoke to somebody at home",
    "seen": "saw the pupil safe and well",
}
"""What was done about an absence, as it is told to a home school. Who was spoken to and what was said stays in the school's own records:
a name may be that of somebody under a court order, and the words may hold what this reader may not read."""

_YOUTH_JUSTICE = "Y5"
NOT_SAID = "could not attend"
"""What stands for a code that says more than shared paper may (rulings: youth justice is never on it)."""


@dataclass(frozen=True, slots=True)
class WeekRecords:
    """The rows of one pupil that a weekly note is made of."""

    pupil: Pupil
    names: tuple[Name, ...] = ()
    years: tuple[YearGroup, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    placements: tuple[Placement, ...] = ()
    home_schools: tuple[HomeSchool, ...] = ()
    marks: tuple[Mark, ...] = ()
    timetables: tuple[Timetable, ...] = ()
    steps: tuple[TimetableStep, ...] = ()
    contacts: tuple[AbsenceContact, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionTold:
    """A session as it is told: the letters of its code ('' no mark yet), and in words what they mean where it is not plain presence."""

    code: str
    words: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class DayTold:
    """A day of the week. `closed` says why nobody was in ('INSET day'), '' for a school day; `here` whether the pupil was on roll and
    this school's; `to_come` that the day is after the day of the data."""

    day: date
    closed: str
    here: bool
    to_come: bool
    am: SessionTold
    pm: SessionTold


@dataclass(frozen=True, slots=True)
class PupilWeek:
    """One pupil's week, and the time since their start."""

    name: ShownName
    year: str
    days: tuple[DayTold, ...]
    week: Tally
    since: Tally
    began: date | None
    agreed: AgreedTally | None  # since the start, of the sessions that a part-time timetable asked for; not the DfE measure
    contacts: tuple[tuple[date, str], ...]

    @property
    def told(self) -> tuple[str, ...]:
        """'Illness (I): Tue, Wed AM'; 'Late but arrived ... (L): Thu PM, 12 minutes': each meaning once, with its sessions in order."""
        when: dict[str, list[str]] = {}
        for d in self.days:
            if not d.here or d.closed or d.to_come:
                continue
            weekday = days.words(d.day, weekday=True)[:3]
            parts = [(weekday, d.am)] if d.am == d.pm and not d.am.minutes else [(f"{weekday} AM", d.am), (f"{weekday} PM", d.pm)]
            for name, s in parts:
                if s.words:
                    said = f"{s.words[:1].upper()}{s.words[1:]}{f' ({s.code})' if s.code else ''}"
                    when.setdefault(said, []).append(f"{name}, {s.minutes} minutes" if s.minutes else name)
        return tuple(f"{said}: {', '.join(names)}" for said, names in when.items())

    @property
    def left(self) -> date | None:
        """The last of the days of this week on which the pupil was on roll and this school's, where others follow; else None."""
        here = [d.day for d in self.days if d.here]
        return here[-1] if here and here[-1] < self.days[-1].day else None

    @property
    def joined(self) -> date | None:
        """The first of those days, where others came before."""
        here = [d.day for d in self.days if d.here]
        return here[0] if here and here[0] > self.days[0].day else None


@dataclass(frozen=True, slots=True)
class WeeklyNote:
    """The note of one home school: no other school's pupils are in it, and no UPN."""

    school: Partner
    setting: str
    demonstration: bool
    statutory: bool
    monday: date
    as_of: date
    pupils: tuple[PupilWeek, ...]

    @property
    def friday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=4)

    @property
    def span(self) -> str:
        """'16 to 20 Nov 2026'."""
        same = self.monday.month == self.friday.month
        return f"{self.monday.day if same else days.words(self.monday, year=self.monday.year != self.friday.year)} to {days.words(self.friday)}"

    @property
    def week(self) -> Tally:
        """The week of all its pupils: sums of sessions."""
        return sum((p.week for p in self.pupils), Tally())


def week_to_tell(facts: SchoolFacts, day: date) -> date:
    """The Monday of the school week that holds `day`, or of the last one before it; without a calendar of the week of `day`."""
    weeks = facts.calendar.weeks(day - timedelta(days=120), week_of(day) + timedelta(days=6))
    return weeks[-1].first_day if weeks else week_of(day)


def weekly_notes(records: Iterable[WeekRecords], facts: SchoolFacts, monday: date, as_of: date, *, hidden: bool = False) -> tuple[WeeklyNote, ...]:
    """A note for each home school that has a pupil on roll in the week from `monday`, by its name; pupils by theirs.

    A pupil whose home school changes within the week is in both notes, in each for its own days. Nothing after `as_of` is told.
    """
    week = tuple(monday + timedelta(days=i) for i in range(5))
    of_school: dict[int, list[PupilWeek]] = {}
    for r in records:
        spans = tuple((e.first_day, e.last_day) for e in r.enrolments if e.setting_id == facts.setting.id)
        homes = {d: _home_of(r, d, facts) for d in week if on_roll(d, spans)}
        for partner in sorted({p for p in homes.values() if p is not None}):
            mine = frozenset(d for d, p in homes.items() if p == partner)
            of_school.setdefault(partner, []).append(_pupil_week(r, facts, week, mine, spans, as_of, hidden))
    found: list[WeeklyNote] = []
    setting = facts.setting
    for partner, pupils in of_school.items():
        pupils.sort(key=lambda p: p.name.by_surname)
        found.append(WeeklyNote(facts.partners[partner], setting.name, setting.demonstration, facts.statutory, monday, as_of, tuple(pupils)))
    return tuple(sorted(found, key=lambda n: (n.school.name.casefold(), n.school.id)))


def _home_of(r: WeekRecords, day: date, facts: SchoolFacts) -> int | None:
    """The home school on a day: that of the pupil, or of the placement where only that names one."""
    held = [x for x in r.home_schools if (x.first_day is None or x.first_day <= day) and (x.last_day is None or day <= x.last_day)]
    newest = max(held, key=lambda x: (x.first_day or date.min, x.id), default=None)
    partner = newest.partner_id if newest is not None else None
    if partner is None:
        placed = [p for p in r.placements if p.first_day <= day and (p.last_day is None or day <= p.last_day)]
        placement = max(placed, key=lambda p: (p.first_day, p.id), default=None)
        partner = placement.partner_id if placement is not None else None
    held_by = facts.partners.get(partner) if partner is not None else None
    return held_by.id if held_by is not None and held_by.sort == "school" else None


def _pupil_week(
    r: WeekRecords,
    facts: SchoolFacts,
    week: Sequence[date],
    mine: frozenset[date],
    spans: Sequence[tuple[date | None, date | None]],
    as_of: date,
    hidden: bool,
) -> PupilWeek:
    last = min(week[-1], as_of)
    marks = [m for m in r.marks if m.setting_id == facts.setting.id and m.day <= as_of]
    by_day = {m.day: m for m in marks}
    first_seen = min((m.day for m in marks), default=None)
    stay = stay_of(r.enrolments, r.placements, facts.setting.id, last, first_seen=first_seen)
    own = ((stay.began, stay.ended),)
    timetables = tuple(t for t in r.timetables if t.setting_id == facts.setting.id)
    calendar = facts.calendar if facts.calendar else None
    return PupilWeek(
        name=shown(r.pupil, r.names, last, hidden=hidden, legal=facts.setting.legal_names_on_registers),
        year=year_of(r.years, last)[1],
        days=tuple(_day(d, by_day.get(d), facts, d in mine, as_of) for d in week),
        week=tally([m for m in marks if m.day in mine], facts.codes, spans, first=week[0], last=week[-1], as_of=as_of),
        since=tally(marks, facts.codes, own, first=stay.began, last=last, calendar=calendar),
        began=stay.began,
        agreed=agreed_tally(marks, facts.codes, timetables, r.steps, own, first=stay.began, last=last),
        contacts=_contacts(r, mine, as_of),
    )


def _day(day: date, mark: Mark | None, facts: SchoolFacts, here: bool, as_of: date) -> DayTold:
    closed = ""
    if facts.calendar and facts.calendar.knows(day, day) and not facts.calendar.is_school_day(day):
        closed = next((c.label for c in facts.calendar.closures if c.first_day <= day <= c.last_day), "holiday")
    nothing = SessionTold("", "not marked")
    if mark is None or not here or day > as_of:
        return DayTold(day, closed, here, day > as_of, nothing, nothing)
    return DayTold(day, closed, here, False, _session(mark.am, mark.am_late, facts.codes), _session(mark.pm, mark.pm_late, facts.codes))


def _session(number: int | None, minutes: int | None, codes: CodeSet) -> SessionTold:
    if number is None:
        return SessionTold("", "not marked")
    try:
        code = codes.by_number(number)
    except KeyError:
        return SessionTold("?", "a mark that this program does not know")
    return SessionTold(code_told(code), meaning(code), minutes if code.counts_late else None)


def code_told(code: Code) -> str:
    """The letters of a code on shared paper."""
    return "Y" if code.text == _YOUTH_JUSTICE else code.text


def meaning(code: Code) -> str:
    """What a code means, in plain words; '' for plain presence."""
    if code.text in ("/", "\\"):
        return ""
    return NOT_SAID if code.text == _YOUTH_JUSTICE else f"{code.label[:1].lower()}{code.label[1:]}"


def _contacts(r: WeekRecords, mine: frozenset[date], as_of: date) -> tuple[tuple[date, str], ...]:
    """What this school did about absences of the week, day by day, with nobody's name and nothing of what was said."""
    found: list[tuple[date, str]] = []
    for day in sorted(mine):
        held = [c for c in r.contacts if c.day == day <= as_of and c.struck is None and c.sort in CONTACTS]
        said: list[str] = []
        for c in sorted(held, key=lambda c: (c.at if c.at is not None else 9999, c.id)):
            words = CONTACTS[c.sort] + ("" if c.answered or c.sort in ("letter", "spoke", "seen") else ", no answer")
            if words not in said:
                said.append(words)
        if said:
            found.append((day, "; ".join(said)))
    return tuple(found)
