"""The day of the school: register times, alerts, lessons and their times; bank holidays put in; pupils moved between groups from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from approgress.domain.attendance import Span, on_roll
from approgress.domain.days import words
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.first_day import clock
from approgress.domain.records import Closure, Group, GroupMember, HalfTerm, LessonTime, Setting

LONGEST_REGISTER = 30
"""A register stays open no longer than 30 minutes after it starts, the same every session (england.md 1.2)."""
MOST_ALERT = 20


def set_day(
    held: Setting,
    *,
    am_starts: int | None,
    pm_starts: int | None,
    register_minutes: float | None,
    alert_sessions: float | None,
    certificates: bool,
) -> list[Edit]:
    """When the two registers of a day start (minutes after midnight), how long they stay open, after how many sessions absent in a row
    without contact a pupil is listed, and whether certificates for runs may be printed. Refusal names the field."""
    if register_minutes is None or not 1 <= register_minutes <= LONGEST_REGISTER or register_minutes % 1:
        raise Refusal(f"A register stays open from 1 to {LONGEST_REGISTER} minutes, the same every session.", "register_minutes")
    if alert_sessions is None or not 1 <= alert_sessions <= MOST_ALERT or alert_sessions % 1:
        raise Refusal(f"The number of sessions goes from 1 to {MOST_ALERT}.", "alert_sessions")
    if am_starts is not None and am_starts >= 12 * 60:
        raise Refusal(f"{clock(am_starts)} is not in the morning.", "am_starts")
    if pm_starts is not None and not 11 * 60 <= pm_starts < 18 * 60:
        raise Refusal(f"{clock(pm_starts)} is no time for an afternoon register.", "pm_starts")
    if am_starts is not None and pm_starts is not None and pm_starts < am_starts + register_minutes:
        raise Refusal("The afternoon register starts after the morning’s has closed.", "pm_starts")
    changed = replace(
        held,
        am_starts=am_starts,
        pm_starts=pm_starts,
        register_minutes=int(register_minutes),
        alert_sessions=int(alert_sessions),
        certificates=certificates,
    )
    return [Put(changed, held)] if changed != held else []


def set_lesson_times(
    ids: NewIds, setting: Setting, lessons: float | None, wanted: Sequence[tuple[int | None, int | None]], held: Iterable[LessonTime]
) -> list[Edit]:
    """How many rated lessons a day has, and when each begins and ends (minutes after midnight; both None: not said).

    Refusal names the field: 'lessons', 'starts 0', 'ends 0'. Times are in order and do not overlap. Times of lessons that there are no more
    are taken out; scores given in them stay.
    """
    if lessons is None or not 1 <= lessons <= 8 or lessons % 1:
        raise Refusal("A day has from 1 to 8 rated lessons.", "lessons")
    before: int | None = None
    for n, (starts, ends) in enumerate(wanted[: int(lessons)]):
        if starts is None and ends is None:
            continue
        if starts is None or ends is None:
            raise Refusal("Give both times, or none.", f"starts {n}" if starts is None else f"ends {n}")
        if ends <= starts:
            raise Refusal(f"Lesson {n + 1} would end before it begins.", f"ends {n}")
        if before is not None and starts < before:
            raise Refusal(f"Lesson {n + 1} would begin before the one before it ends, at {clock(before)}.", f"starts {n}")
        before = ends
    edits: list[Edit] = []
    if int(lessons) != setting.lessons:
        edits.append(Put(replace(setting, lessons=int(lessons)), setting))
    by_lesson: dict[int, list[LessonTime]] = {}
    for t in held:
        if t.setting_id == setting.id:
            by_lesson.setdefault(t.lesson, []).append(t)
    for n in range(max([int(lessons), *(x + 1 for x in by_lesson)])):
        starts, ends = wanted[n] if n < len(wanted) and n < lessons else (None, None)
        mine = sorted(by_lesson.get(n, ()), key=lambda t: t.id)
        if starts is None or ends is None:
            edits += [Erase(t) for t in mine]
        elif not mine:
            edits.append(Put(LessonTime(ids.other(), setting.id, n, starts, ends)))
        else:
            record = replace(mine[0], starts=starts, ends=ends)
            edits += [Put(record, mine[0])] if record != mine[0] else []
            edits += [Erase(t) for t in mine[1:]]
    return edits


def missing_bank_holidays(holidays: Mapping[date, str], half_terms: Iterable[HalfTerm], closures: Iterable[Closure]) -> dict[date, str]:
    """The bank holidays on weekdays inside a half-term on which the school is not closed yet."""
    terms, closed = list(half_terms), list(closures)
    return {
        day: name.split(" (")[0]
        for day, name in sorted(holidays.items())
        if day.weekday() < 5
        and any(t.first_day <= day <= t.last_day for t in terms)
        and not any(c.first_day <= day <= c.last_day for c in closed)
    }


def put_bank_holidays(ids: NewIds, setting_id: int, missing: Mapping[date, str]) -> list[Edit]:
    """Closed days for bank holidays; each can be changed or taken out by hand afterwards."""
    return [Put(Closure(ids.other(), setting_id, day, day, "bank_holiday", name)) for day, name in sorted(missing.items())]


def move_member(
    ids: NewIds,
    pupil: int,
    out_of: int | None,
    into: int | None,
    day: date | None,
    *,
    memberships: Iterable[GroupMember],
    groups: Mapping[int, Group],
    spans: Sequence[Span],
) -> list[Edit]:
    """A pupil leaves one group (None: is in none) and joins another (None: joins none) from `day` on, also in mid-week.

    The day before stays the last one in the old group, so that each day's register is of those who were in it. What was there before stays
    in the record. Refusal names the field: 'day', 'into'.
    """
    if day is None:
        raise Refusal("Enter the first day in the new group.", "day")
    if out_of == into:
        raise Refusal("Choose another group.", "into")
    if not on_roll(day, spans):
        raise Refusal(f"The pupil is not on roll on {words(day)}. Nothing was changed.", "day")
    mine = [m for m in memberships if m.pupil_id == pupil]
    held = [m for m in mine if m.group_id == out_of and _in_force(m, day)]
    if out_of is not None and not held:
        raise Refusal(f"The pupil is not in {_called(groups, out_of)} on {words(day)}.", "day")
    ends = max((m.last_day or date.max for m in held), default=date.max)
    if into is not None:
        group = groups.get(into)
        if group is None:
            raise Refusal("That group is not there any more.", "into")
        if (group.first_day is not None and day < group.first_day) or (group.last_day is not None and day > group.last_day):
            raise Refusal(f"{group.name} is not in use on {words(day)}.", "day")
        for m in mine:
            if m.group_id == into and (m.last_day is None or m.last_day >= day) and (m.first_day is None or m.first_day <= ends):
                since = f" from {words(m.first_day)}" if m.first_day is not None and m.first_day > day else ""
                raise Refusal(f"The pupil is in {group.name}{since} already.", "into")
    edits: list[Edit] = []
    for m in held:
        began_that_day = m.first_day is not None and m.first_day >= day
        edits.append(Erase(m) if began_that_day else Put(replace(m, last_day=day - timedelta(days=1), typed=True), m))
    if into is not None:
        edits.append(Put(GroupMember(pupil, ids.other(), into, day, None if ends == date.max else ends, typed=True)))
    return edits


def _in_force(m: GroupMember, day: date) -> bool:
    return (m.first_day is None or m.first_day <= day) and (m.last_day is None or day <= m.last_day)


def _called(groups: Mapping[int, Group], group: int) -> str:
    return groups[group].name if group in groups else "that group"
