"""Taking the register: one mark, all present, marks expected, arrivals, marks without a reason settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.days import to_number, words
from approgress.domain.edits import Edit, Erase, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.first_day import clock
from approgress.domain.records import LessonScore, Mark, Movement, Setting
from approgress.domain.register import AM, NOON, PM, NeedsReason, closes_at, opens_at, refusal_of

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.domain.cohort import NMark
    from approgress.domain.instruments import Instrument
    from approgress.domain.school_year import Calendar

MOST_MINUTES = 420
"""Minutes late that a school day can hold; more is a slip of the finger."""


def refuse_day(day: date, calendar: Calendar, today: date) -> None:
    """Refuse a register for a day that has not come, at a weekend, or on which the school is closed.

    In a school year of which no half-term is known nobody can say that the school is closed: its register is taken.
    """
    if day > today:
        raise Refusal(f"{words(day, weekday=True)} has not come yet; a register is taken on its day.", "day")
    if day.weekday() > 4:
        raise Refusal(f"{words(day, weekday=True)} is not a school day, so there is no register.", "day")
    if calendar and calendar.knows(day, day) and not calendar.is_school_day(day):
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
    """One mark typed into the register ('L', 'L12' with minutes late, '12' alone where L or U stands); a blank takes the mark out.

    No edits where nothing changes. `closed`: the register has closed, so a mark that was there is changed only with `why` (NeedsReason asks for it); N to a code needs no
    reason beyond the code, and a mark that was blank is late, not amended (2024 Regulations). Refusal for what is no code.
    """
    field = session.lower()
    before = held or Mark(pupil, setting, day)
    was, was_late = getattr(before, field), getattr(before, f"{field}_late")
    if typed.strip().isdigit() and was in codes.late_numbers:  # figures alone are the minutes of a late mark
        typed = f"{codes.text(was)}{typed.strip()}"
    read = codes.read(typed, session, day)
    if isinstance(read, Refusal):
        raise Refusal(read.sentence.replace("this mark was left out", "nothing was written"), read.field)
    if read.code is not None and not read.code.in_force(day):
        raise Refusal(read.said[-1], session.lower())
    minutes = read.minutes
    if minutes is not None and minutes > MOST_MINUTES:
        raise Refusal(f"{minutes} minutes late is longer than a school day. Nothing was written; type the minutes again.", session.lower())
    number = None if read.code is None else read.code.number
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


# --- coming and going within a day ------------------------------------------------------------------------------------

ARRIVED, LEFT, RETURNED = "arrived", "left", "returned"
MOVES = {ARRIVED: "Arrived", LEFT: "Left", RETURNED: "Returned"}


def move(
    ids: NewIds,
    pupil: int,
    day: date,
    sort: str,
    at: int,
    *,
    today: date,
    now_minutes: int | None = None,
    earlier: Iterable[Movement] = (),
    note: str | None = None,
    person_id: int | None = None,
) -> list[Edit]:
    """A pupil arrived, left or returned at `at` (minutes after midnight). `earlier` are the pupil's movements of that day.

    Refusal for a time that has not come, and where it contradicts what is there: left twice in a row, returned without having left.
    """
    if sort not in MOVES:
        raise Refusal("Choose what happened: arrived, left or returned.", "sort")
    if not 0 <= at < 24 * 60:
        raise Refusal("A time goes from 00:00 to 23:59. Nothing was written.", "at")
    if day > today or (day == today and now_minutes is not None and at > now_minutes):
        raise Refusal(f"{clock(at)} on {words(day)} has not come yet. Nothing was written.", "at")
    before = [m for m in earlier if m.day == day and m.at <= at]
    last = max(before, key=lambda m: (m.at, m.id), default=None)
    if sort == LEFT and last is not None and last.sort == LEFT:
        raise Refusal(f"The pupil left at {clock(last.at)} already. Nothing was written; enter the return first.", "sort")
    if sort != LEFT and last is not None and last.sort != LEFT:
        raise Refusal(f"The pupil {last.sort} at {clock(last.at)} and has not left since. Nothing was written.", "sort")
    if sort == RETURNED and last is None:
        raise Refusal("The pupil has not left on that day, so there is no return. Nothing was written; enter an arrival instead.", "sort")
    return [Put(Movement(pupil, ids.other(), day, sort, at, (note or "").strip() or None, person_id))]


def late_mark(held: Mark | None, pupil: int, day: date, at: int, setting: Setting, codes: CodeSet) -> list[Edit]:
    """What an arrival at `at` makes of the session's mark, where that is blank or N: L before the register closes, U after, with the
    minutes since it started (england.md 1.2: an N who arrives after closing becomes U). No edits where another code stands, where the
    setting has not said when registers start, or where the pupil came before that.
    """
    afternoon = opens_at(setting, PM)
    session = PM if at >= (afternoon if afternoon is not None else NOON) else AM
    starts, closes = opens_at(setting, session), closes_at(setting, session)
    number = None if held is None else held.am if session == AM else held.pm
    if starts is None or closes is None or at <= starts or (number is not None and codes.text(number) != "N"):
        return []
    code = "L" if at < closes else "U"
    return take_mark(held, pupil, setting.id, day, session, f"{code}{min(at - starts, MOST_MINUTES)}", codes)


# --- marks without a reason -------------------------------------------------------------------------------------------


def settle_n(settled: Iterable[tuple[NMark, str]], codes: CodeSet, why: str | None = None) -> list[Edit]:
    """Marks N changed at once, each to its own code ('O' where the reason stays unknown); `why` goes with all of them.

    The code is the reason, so none beyond it is asked for. Refusal, and nothing is written, where a text is no code, is N or blank, or
    cannot be right for that pupil and session.
    """
    after: dict[tuple[int, int, date], tuple[Mark, Mark]] = {}
    for n, text in settled:
        said = f"{words(n.day, weekday=True)} {n.session}"
        code = codes.parse(text, n.session, n.day)
        if isinstance(code, Refusal):
            raise Refusal(f"{said}: {code.sentence.replace('this mark was left out', 'nothing was written')}", "code")
        if code is None or code.text == "N":
            raise Refusal(f"{said}: type the code that is the reason, or O where the reason stays unknown. Nothing was written.", "code")
        wrong = refusal_of(code, n.day, n.known, born=n.born)
        if wrong is not None:
            raise Refusal(f"{said}: {wrong} Nothing was written.", "code")
        key = (n.pupil_id, n.mark.setting_id, n.day)
        seen, so_far = after.get(key, (n.mark, n.mark))
        edits = take_mark(so_far, n.pupil_id, n.mark.setting_id, n.day, n.session, text, codes, why=why)
        for edit in edits:
            if isinstance(edit, Put):
                after[key] = (seen, edit.record)
    reason = (why or "").strip() or None
    return [Put(record, seen, reason) for seen, record in after.values()]
