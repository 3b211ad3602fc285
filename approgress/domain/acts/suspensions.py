"""Recording a suspension or permanent exclusion: new or mended, cancelled with a reason, struck through with who and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from approgress.domain.acts.measures import EARLIEST
from approgress.domain.acts.pupils import clean
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Flag, Suspension
from approgress.domain.school_year import Calendar
from approgress.domain.suspensions import LUNCHTIME, PERMANENT, SUSPENSION, Exclusions, counts, last_day_of, sessions_of

REASONS_MOST = 3  # up to three, in order (general knowledge, england.md 2.1)
_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SuspensionForm:
    """What the form holds. `reasons` are codes in order; `half_days` the length, None for a permanent exclusion."""

    category: str = SUSPENSION
    first_day: date | None = None
    starts: str = "AM"
    half_days: int | None = None
    reasons: tuple[str, ...] = ()
    partner_id: int | None = None
    moment_id: int | None = None
    sen: str | None = None
    in_care: bool | None = None
    ehc_plan: bool | None = None
    exam_missed: bool = False
    parents_told: date | None = None
    la_told: date | None = None
    social_worker_told: date | None = None
    virtual_head_told: date | None = None
    work_set: bool = False
    day6_where: str | None = None
    day6_from: date | None = None
    board_met: date | None = None
    result: str | None = None
    reinstated_on: date | None = None
    return_meeting: date | None = None
    return_plan: str | None = None
    note: str | None = None


_PAST = {
    "parents_told": "Parents were told",
    "la_told": "The local authority was told",
    "social_worker_told": "The social worker was told",
    "virtual_head_told": "The virtual school head was told",
    "board_met": "The board met",
}


def put_suspension(
    ids: NewIds,
    pupil: int,
    form: SuspensionForm,
    *,
    lists: Exclusions,
    calendar: Calendar,
    today: date,
    person_id: int | None,
    held: Suspension | None = None,
    others: Iterable[Suspension] = (),
) -> list[Edit]:
    """A suspension, new or mended. Refusal names the field that cannot be right.

    That the limit of the school year is passed is said by the form and not refused: a record says what happened.
    """
    if held is not None and held.struck is not None:
        raise Refusal("This record is struck through, so it is not changed any more. Enter a new one.")
    if form.category not in {c.code for c in lists.categories}:
        raise Refusal("Choose whether it is a suspension, a lunchtime suspension or a permanent exclusion.", "category")
    first = form.first_day
    if first is None:
        raise Refusal("Say on which day it begins.", "first_day")
    if first < EARLIEST:
        raise Refusal(f"{words(first)} is too long ago. Check the year.", "first_day")
    if first > today + _AHEAD:
        raise Refusal(f"{words(first)} lies too far ahead. Check the date.", "first_day")
    ours = form.partner_id is None
    if ours and calendar and calendar.knows(first, first) and not calendar.is_school_day(first):
        raise Refusal(f"{words(first, weekday=True)} is not a school day in the calendar. It begins on a school day.", "first_day")
    if form.starts not in ("AM", "PM"):
        raise Refusal("It begins in the morning or in the afternoon.", "starts")
    half_days = None if form.category == PERMANENT else form.half_days
    if form.category != PERMANENT:
        if half_days is None:
            raise Refusal("Say how many half-days it takes.", "half_days")
        most = 2 * lists.limits.year_days
        if not 1 <= half_days <= most:
            raise Refusal(f"Half-days go from 1 to {most} ({lists.limits.year_days} school days).", "half_days")
    reasons = _reasons(form, lists, first, held)
    for field, said in _PAST.items():
        day: date | None = getattr(form, field)
        if day is not None and day > today:
            raise Refusal(f"{said} on {words(day)}, which lies in the future.", field)
        if day is not None and day < EARLIEST:
            raise Refusal(f"{words(day)} is too long ago. Check the year.", field)
    for field in ("return_meeting", "reinstated_on", "day6_from"):
        day = getattr(form, field)
        if day is not None and day < first:
            raise Refusal(f"{words(day)} is before it began, {words(first)}.", field)
    result = clean(form.result)
    if result is not None and result not in {r.code for r in lists.results}:
        raise Refusal("Choose a result from the list.", "result")
    record = Suspension(
        pupil_id=pupil,
        id=held.id if held else ids.other(),
        category=form.category,
        first_day=first,
        starts="PM" if form.category == LUNCHTIME else form.starts,
        half_days=half_days,
        reasons=",".join(reasons),
        partner_id=form.partner_id,
        moment_id=form.moment_id,
        sen=clean(form.sen),
        in_care=form.in_care,
        ehc_plan=form.ehc_plan,
        exam_missed=form.exam_missed,
        parents_told=form.parents_told,
        la_told=form.la_told,
        social_worker_told=form.social_worker_told,
        virtual_head_told=form.virtual_head_told,
        work_set=form.work_set,
        day6_where=clean(form.day6_where),
        day6_from=form.day6_from,
        board_met=form.board_met,
        result=result,
        reinstated_on=form.reinstated_on,
        return_meeting=form.return_meeting,
        return_plan=clean(form.return_plan),
        cancelled_on=held.cancelled_on if held else None,
        cancelled_why=held.cancelled_why if held else None,
        note=clean(form.note),
        person_id=held.person_id if held else person_id,
    )
    record = replace(record, last_day=last_day_of(record, calendar))
    mine = set(sessions_of(record, calendar))
    for other in others:
        if held is not None and other.id == held.id:
            continue
        if counts(other) and other.category == record.category and mine & set(sessions_of(other, calendar)):
            raise Refusal(f"There is already a suspension from {words(other.first_day)} that takes some of these half-days. Open that one, or choose other days.", "first_day")
    return [] if record == held else [Put(record, held)]


def _reasons(form: SuspensionForm, lists: Exclusions, day: date, held: Suspension | None) -> tuple[str, ...]:
    reasons = tuple(r for r in form.reasons if r)
    if not reasons:
        raise Refusal("Choose at least one reason; up to three, the main one first.", "reason_1")
    if len(reasons) > REASONS_MOST:
        raise Refusal(f"At most {REASONS_MOST} reasons are recorded.", "reason_3")
    kept: set[str] = set(held.reasons.split(",")) if held is not None else set()
    for n, code in enumerate(reasons, start=1):
        known = lists.reason(code)
        if code in kept:
            continue  # what was recorded under an older list stays
        if known is None:
            raise Refusal(f"{code} is not a reason of the list.", f"reason_{n}")
        if not known.in_force(day):
            raise Refusal(f"{known.label} is not in the list on {words(day)}.", f"reason_{n}")
    if len(set(reasons)) < len(reasons):
        raise Refusal("The same reason stands there twice.", f"reason_{len(reasons)}")
    return reasons


def cancel(held: Suspension, day: date | None, why: str, *, today: date) -> list[Edit]:
    """A suspension cancelled from a day on, with the reason; the days before count on."""
    if held.struck is not None:
        raise Refusal("This record is struck through already.")
    if day is None:
        raise Refusal("Say on which day it was cancelled.", "cancelled_on")
    if day > today:
        raise Refusal(f"{words(day)} lies in the future.", "cancelled_on")
    reason = clean(why)
    if reason is None:
        raise Refusal("Say why it was cancelled; the reason stays with it.", "cancelled_why")
    return [Put(replace(held, cancelled_on=day, cancelled_why=reason), held, why=reason)]


def strike(held: Suspension, why: str, *, person_id: int | None, today: date) -> list[Edit]:
    """A record made in error, struck through with who and why; it stays, and counts nowhere."""
    if held.struck is not None:
        raise Refusal("This record is struck through already.")
    reason = clean(why)
    if reason is None:
        raise Refusal("Say why this record is struck through; the reason stays with it.", "struck")
    return [Put(replace(held, struck=reason, struck_by=person_id, struck_on=today), held, why=reason)]


def form_of(s: Suspension) -> SuspensionForm:
    """What the form holds for a record that is there."""
    return SuspensionForm(
        **{f: getattr(s, f) for f in SuspensionForm.__dataclass_fields__ if f != "reasons"},
        reasons=tuple(r.strip() for r in s.reasons.split(",") if r.strip()),
    )


def as_of(flags: Sequence[Flag], day: date) -> tuple[str | None, bool, bool]:
    """SEN provision (N, K or E), in care, EHC plan as they stood on a day, for a new record; SEN None where nothing is said."""

    def held(sort: str) -> list[str]:
        return [
            f.value.strip().upper()
            for f in flags
            if f.sort == sort and (f.first_day is None or f.first_day <= day) and (f.last_day is None or day <= f.last_day)
        ]

    sen = (held("sen") or [None])[-1]
    return sen, any(v not in ("N", "NO", "FALSE", "0") for v in held("care")), sen == "E"


