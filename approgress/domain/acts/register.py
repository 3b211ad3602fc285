"""Taking the register: one mark, a row of marks, all present."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.days import to_number, words
from approgress.domain.edits import Edit, Erase, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import LessonScore, Mark

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.domain.instruments import Instrument
    from approgress.domain.school_year import Calendar

AM, PM = "AM", "PM"


def refuse_day(day: date, calendar: Calendar, today: date) -> None:
    """Refuse a register for a day that has not come, or on which the school is closed."""
    if day > today:
        raise Refusal(f"{words(day, weekday=True)} has not come yet; a register is taken on its day.", "day")
    if calendar and not calendar.is_school_day(day):
        raise Refusal(f"{words(day, weekday=True)} is not a school day in the calendar, so there is no register.", "day")


def take_mark(
    held: Mark | None, pupil: int, setting: int, day: date, session: str, typed: str, codes: CodeSet, *, why: str | None = None
) -> list[Edit]:
    """One mark typed into the register; a blank takes the mark out. No edits where nothing changes. Refusal for what is no code."""
    found = codes.parse(typed, session, day)
    if isinstance(found, Refusal):
        raise found
    number = None if found is None else found.number
    field = "am" if session == AM else "pm"
    before = held or Mark(pupil, setting, day)
    if getattr(before, field) == number:
        return []
    after = replace(
        before, **{field: number, f"{field}_late": None if number not in codes.late_numbers else getattr(before, f"{field}_late")}
    )
    return [Put(after, held, why)]


def mark_all_present(rows: Iterable[tuple[int, Mark | None, bool]], setting: int, day: date, session: str, codes: CodeSet) -> list[Edit]:
    """Present for every pupil whose mark is blank and who is due: (pupil, mark as seen, due)."""
    edits: list[Edit] = []
    stroke = "/" if session == AM else "\\"
    field = "am" if session == AM else "pm"
    for pupil, held, due in rows:
        if due and (held is None or getattr(held, field) is None):
            edits += take_mark(held, pupil, setting, day, session, stroke, codes)
    return edits


def rate_lesson(score: int | None, own: int | None, pupil: int, day: date, lesson: int, typed: str, instrument: Instrument) -> list[Edit]:
    """One lesson's engagement typed (`lesson` from 0); a blank takes the score out. Refusal for what is not on the scale.

    `score` and `own` are the lesson's rating and the pupil's own, as seen.
    """
    found = instrument.parse(typed)
    if isinstance(found, Refusal):
        raise found
    number = None if found is None else int(found)
    if number == score:
        return []
    slot = to_number(day) * 8 + lesson
    seen = None if score is None and own is None else LessonScore(pupil, slot, score, own)
    if number is None and own is None:
        return [] if seen is None else [Erase(seen)]
    return [Put(LessonScore(pupil, slot, number, own), seen)]
