"""Rules of taking a register: the code a session is expected to bear, when a register closes, which codes cannot be right, and what needs a reason.

Source of the rules: School Attendance (Pupil Registration) (England) Regulations 2024 and the guidance on them (england.md 1.1, 1.2, 2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from approgress.domain.agreed import is_agreed
from approgress.domain.attendance import ATTENDED, UNAUTHORISED, odd
from approgress.domain.days import words
from approgress.domain.errors import Refusal
from approgress.domain.school_year import Calendar, of_compulsory_school_age
from approgress.domain.suspensions import E_SCHOOL_DAYS, LUNCHTIME, PERMANENT, counts, sessions_of

if TYPE_CHECKING:
    from approgress.domain.attendance import Code
    from approgress.domain.records import Elsewhere, Setting, Suspension, Timetable, TimetableStep

AM, PM = "AM", "PM"
LONGEST_OPEN = 30
"""A register stays open no longer than 30 minutes after it starts (england.md 1.2)."""
_WHERE = {
    "D": "due at the other school where the pupil is registered",
    "K": "at education arranged by the local authority",
    "B": "at education off site arranged by this school",
}


class NeedsReason(Refusal):
    """A register has closed and a mark in it was to be changed: the reason is asked for, and nothing was written yet.

    `session` is AM or PM; `old` and `new` are the codes as text, '' for no mark.
    """

    def __init__(self, session: str, old: str, new: str) -> None:
        becomes = f"becomes {new}" if new else "is taken out"
        super().__init__(
            f"The {session} register has closed, and {old} {becomes}. Say why; the old mark, the new one and the reason are kept.", "why"
        )
        self.session = session
        self.old = old
        self.new = new


@dataclass(frozen=True, slots=True)
class Expected:
    """The code that a session will bear unless something else happens, and why in words ('part-time timetable: not agreed for this session')."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one pupil's session before a mark is taken.

    `agreed`: whether the part-time timetable asks for it, None without one. `elsewhere`: D, K or B where a weekly pattern says so.
    `suspended`: which school day of a suspension by this setting it is, from 1. `dual`: registered at a second school.
    """

    expected: Expected | None = None
    agreed: bool | None = None
    elsewhere: str | None = None
    suspended: int | None = None
    dual: bool = False


NOTHING_KNOWN = Standing()


def standing(
    day: date,
    session: str,
    *,
    setting_id: int,
    timetables: Iterable[Timetable] = (),
    steps: Iterable[TimetableStep] = (),
    elsewhere: Iterable[Elsewhere] = (),
    suspensions: Iterable[Suspension] = (),
    born: date | None = None,
    registration: str | None = None,
    calendar: Calendar | None = None,
) -> Standing:
    """What is known of a session. `registration` is the enrolment's (M and S are dual); all records are one pupil's.

    Where several codes could stand: D before E before K and B before C2, for a pupil due at the other school is not this register's, and
    a suspended pupil goes neither to this school's sessions nor to those it arranges. Closed days of `calendar` are #.
    """
    bit = 1 << day.weekday()
    agreed = is_agreed(day, session, [t for t in timetables if t.setting_id == setting_id], steps)
    patterns = [
        e
        for e in elsewhere
        if e.setting_id == setting_id
        and (e.am if session == AM else e.pm) & bit
        and (e.first_day is None or e.first_day <= day)
        and (e.last_day is None or day <= e.last_day)
    ]
    pattern = min(patterns, key=lambda e: ("DKB".find(e.code), -e.id), default=None)
    suspended = max((n for s in suspensions if (n := suspension_day(s, day, session, calendar)) is not None), default=None)
    dual = registration in ("M", "S") or any(e.code == "D" and e.setting_id == setting_id for e in elsewhere)

    found: Expected | None = None
    if calendar and not calendar.is_school_day(day) and calendar.knows(day, day):
        found = Expected("#", _closed(day, calendar)) if day.weekday() < 5 else None
    elif pattern is not None and pattern.code == "D":
        found = Expected("D", _where(pattern))
    elif suspended is not None and suspended <= E_SCHOOL_DAYS:
        found = Expected("E", f"suspended, school day {suspended}")
    elif pattern is not None:
        found = Expected(pattern.code, _where(pattern))
    elif agreed is False:
        if born is None or of_compulsory_school_age(born, day):
            found = Expected("C2", "part-time timetable: this session is not agreed")
        else:
            found = Expected("X", "not of compulsory school age, and this session is not agreed")
    return Standing(found, agreed, pattern.code if pattern else None, suspended, dual)


def suspension_day(suspension: Suspension, day: date, session: str, calendar: Calendar | None = None) -> int | None:
    """Which school day of a suspension or exclusion by this setting a session is, from 1; None where it is not in force then.

    Another school's suspension, a lunchtime one, and one that was struck through put nobody out of a session here. Which sessions it takes
    says `suspensions.sessions_of`; a permanent exclusion runs until it is cancelled or the pupil reinstated. Without a calendar for that
    time school days are Mondays to Fridays.
    """
    s = suspension
    if s.partner_id is not None or s.category == LUNCHTIME or not counts(s) or day < s.first_day:
        return None
    if s.reinstated_on is not None and day >= s.reinstated_on:
        return None
    if s.category != PERMANENT:
        taken = sessions_of(s, calendar or Calendar())
        return len({d for d, _ in taken if d <= day}) if (day, session) in taken else None
    if s.cancelled_on is not None and day >= s.cancelled_on:
        return None
    school_days = _school_days(s.first_day, day, calendar)
    if not school_days or school_days[-1] != day or (s.starts == PM and session == AM and day == s.first_day):
        return None
    return len(school_days)


def _school_days(first: date, last: date, calendar: Calendar | None) -> Sequence[date]:
    if calendar and calendar.knows(first, last):
        return calendar.school_days(first, last)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [d for d in days if d.weekday() < 5]


def _where(pattern: Elsewhere) -> str:
    return f"{_WHERE.get(pattern.code, 'elsewhere')}" + (f": {pattern.place}" if pattern.place else "")


def _closed(day: date, calendar: Calendar) -> str:
    label = next((c.label for c in calendar.closures if c.first_day <= day <= c.last_day and c.label), None)
    return f"the school is closed: {label}" if label else "the school is closed: holiday"


# --- opening and closing ----------------------------------------------------------------------------------------------


def opens_at(setting: Setting, session: str) -> int | None:
    """When a session's register starts, in minutes after midnight; None where the setting does not say."""
    return setting.am_starts if session == AM else setting.pm_starts


def closes_at(setting: Setting, session: str) -> int | None:
    """When a session's register closes, in minutes after midnight: at most 30 minutes after it starts; None where no start is known."""
    starts = opens_at(setting, session)
    return None if starts is None else starts + min(max(setting.register_minutes, 0), LONGEST_OPEN)


def is_closed(setting: Setting, day: date, session: str, now_day: date, now_minutes: int) -> bool:
    """Whether the register of a session has closed: on a day gone by always; today once `closes_at` is reached (never without a time)."""
    if day != now_day:
        return day < now_day
    closes = closes_at(setting, session)
    return closes is not None and now_minutes >= closes


NOON = 12 * 60


def has_begun(setting: Setting, day: date, session: str, now_day: date, now_minutes: int) -> bool:
    """Whether a session has begun: on a day gone by; today from the start of its register (AM at midnight, PM at noon without a time)."""
    if day != now_day:
        return day < now_day
    starts = opens_at(setting, session)
    return now_minutes >= (starts if starts is not None else 0 if session == AM else NOON)


def parse_clock(text: str) -> int:
    """Minutes after midnight from a time as people type it: '9:05', '0905', '9.05', '905', '9'. Refusal for what is no time."""
    plain = text.strip().replace(".", ":").replace(" ", "")
    found = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?", plain)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hours > 23 or minutes > 59:
        raise Refusal(f"“{text.strip()}” is not a time; type it as 9:05 or 0905.", "at")
    return hours * 60 + minutes


# --- codes that cannot be right, and codes that are odd ---------------------------------------------------------------


def refusal_of(code: Code, day: date, known: Standing = NOTHING_KNOWN, *, born: date | None = None, on_roll: bool = True) -> str | None:
    """A sentence where a code cannot be right for one pupil's session, with the rule; None where it can (see `doubt_of`)."""
    wrong = odd(code, day, born=born, on_roll=on_roll)
    if wrong is not None:
        return wrong
    if code.text == "#":
        return "# is a planned closure of the whole school or a whole year group, never of one pupil; closed days are entered in Setting, School year."
    if code.text == "C2":
        if born is not None and not of_compulsory_school_age(born, day):
            return f"C2 is only for a pupil of compulsory school age, which this pupil was not on {words(day)}; X is for a session not required."
        if known.agreed is None:
            return "C2 is only for a pupil on a part-time timetable, and none is in force here on that day. Give the true reason, or enter the timetable first."
        if known.agreed:
            return "The part-time timetable asks for this session, so C2 cannot stand. Give the true reason for the absence."
    if code.text in ("K", "B") and known.elsewhere == "D":
        return f"The pupil is registered at the other school and due there in this session: that is D, never {code.text}."
    return None


def doubt_of(code: Code, known: Standing = NOTHING_KNOWN) -> str | None:
    """A sentence where a code is possible but odd for one pupil's session, for a person to look at once; None where it is not."""
    due = known.expected
    if code.text == "D" and not known.dual:
        return "D is for a pupil registered at a second school and due there, and this pupil is not entered as dual registered."
    if code.text == "E" and known.suspended is None:
        return "E is for a pupil who is suspended or excluded, and no suspension is entered for this session."
    if code.text == "E" and known.suspended is not None and known.suspended > E_SCHOOL_DAYS:
        return f"This is school day {known.suspended} of the suspension. From the sixth day provision is due: B, K or D where it is made."
    if due is not None and due.code == "E" and code.counts_as == ATTENDED:
        return f"The pupil is {due.why}, and {code.text} says that the pupil was taught."
    if due is not None and due.code == "D" and code.text in ("/", "\\", "L"):
        return f"The pupil is {due.why} in this session; {code.text} says that the pupil was here."
    if due is not None and code.counts_as == UNAUTHORISED:
        return f"{due.code} is expected ({due.why}); {code.text} counts as unauthorised absence."
    return None


def refuse_off_roll(day: date, spans: Iterable[tuple[date | None, date | None]]) -> None:
    """Refuse a mark for a pupil who is in none of the times on roll (first and last day, both included) on that day."""
    if not any((first is None or first <= day) and (last is None or day <= last) for first, last in spans):
        raise Refusal(f"This pupil was not on roll on {words(day, weekday=True)}, so there is no mark to take.", "day")
