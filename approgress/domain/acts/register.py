"""Taking the register: one mark, all present, marks expected, arrivals, marks without a reason settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.days import to_number, words
from approgress.domain.edits import Edit, Erase, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import LessonScore, Mark
from approgress.domain.register import AM, NeedsReason

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.domain.instruments import Instrument
    from approgress.domain.school_year import Calendar

MOST_MINUTES = 420
"""Minutes late that a school day can hold; more is a slip of the finger."""

def refuse_day(day: date, calendar: Calendar, today: date) -> None:
    """Refuse a register for a day that has not come, or on which the school is closed."""
    if day > today:
        raise Refusal(f"{words(day, weekday=True)} has not come yet; a register is taken on its day.", "day")
    if calendar and not calendar.is_school_day(day):
        raise Refusal(f"{words(day, weekday=True)} is not a school day in the calendar, so there is no register.", "day")


def take_mark(
    held: Mark | None,
    pupil: int,
    setting: int,
    day: date,
    session: str,
    typed: str,
    codes: CodeSet,
    *,
    why: str | None = None,
    closed: bool = False,
) -> list[Edit]:
    """One mark typed into the register ('L', 'L12' with minutes late); a blank takes the mark out. No edits where nothing changes.

    `closed`: the register has closed, so a mark that was there is changed only with `why` (NeedsReason asks for it); N to a code needs no
    reason beyond the code, and a mark that was blank is late, not amended (2024 Regulations). Refusal for what is no code.
    """
    read = codes.read(typed, session, day)
    if isinstance(read, Refusal):
        raise Refusal(read.sentence.replace("this mark was left out", "nothing was written"), read.field)
    if read.code is not None and not read.code.in_force(day):
        raise Refusal(read.said[-1], session.lower())
    minutes = read.minutes
    if minutes is not None and minutes > MOST_MINUTES:
        raise Refusal(f"{minutes} minutes late is longer than a school day. Nothing was written; type the minutes again.", session.lower())
    number = None if read.code is None else read.code.number
    field = session.lower()
    before = held or Mark(pupil, setting, day)
    was, was_late = getattr(before, field), getattr(before, f"{field}_late")
    if number not in codes.late_numbers:
        late = None
    else:
        late = was_late if minutes is None and number == was else minutes
    if was == number and was_late == late:
        return []
    why = (why or "").strip() or None
    if closed and was is not None and was != number and why is None and not (codes.text(was) == "N" and number is not None):
        raise NeedsReason(session, codes.text(was), codes.text(number))
    return [Put(replace(before, **{field: number, f"{field}_late": late}), held, why)]


def title_of(edits: Iterable[Edit], *, closed: bool) -> Title:
    """What a step of these edits is called: an amendment where the register had closed and a mark that was there changes."""
    for edit in edits:
        if closed and isinstance(edit, Put) and isinstance(edit.record, Mark) and isinstance(edit.seen, Mark):
            seen, record = edit.seen, edit.record
            if (seen.am is not None and seen.am != record.am) or (seen.pm is not None and seen.pm != record.pm):
                return Title.AMEND_MARK
    return Title.TAKE_REGISTER


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
