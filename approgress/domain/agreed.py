"""Part-time timetables: which sessions were agreed, how many of them were attended, milestones, and the rules that are watching.

The share of agreed sessions attended is **not** the DfE measure and never stands without that label and the DfE measure beside it
(england.md 1.4): a session that a part-time timetable does not ask for is C2, authorised absence, and stays a possible session.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from approgress.domain.records import Timetable, TimetableStep


def timetable_on(day: date, timetables: Iterable[Timetable]) -> Timetable | None:
    """The part-time timetable in force on `day`, or None; of several the one that began last.

    It runs until the day on which it did end. A target end that has gone by ends nothing by itself: a person says how it ended.
    """
    held = [t for t in timetables if t.first_day <= day and (t.last_day is None or day <= t.last_day)]
    return max(held, key=lambda t: (t.first_day, t.id), default=None)


def step_on(day: date, timetable: Timetable, steps: Iterable[TimetableStep]) -> TimetableStep | None:
    """The step of `timetable` whose week of sessions holds on `day`: the last that has begun by then; None before the first."""
    begun = [s for s in steps if s.timetable_id == timetable.id and s.first_day <= day]
    return max(begun, key=lambda s: (s.first_day, s.id), default=None)


def is_agreed(day: date, session: str, timetables: Iterable[Timetable], steps: Iterable[TimetableStep]) -> bool | None:
    """Whether `session` (AM or PM) of `day` is one that the pupil's part-time timetable asks for.

    None: no part-time timetable is in force then, or none of its steps has begun. Give the timetables of one setting only. It says
    nothing of holidays and closed days. Saturdays and Sundays are never agreed.
    """
    timetable = timetable_on(day, timetables)
    step = step_on(day, timetable, steps) if timetable is not None else None
    if step is None:
        return None
    weekday = day.weekday()
    return weekday < 5 and bool((step.am if session == "AM" else step.pm) >> weekday & 1)
