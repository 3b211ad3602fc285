"""The engagement round: one score for all but a few, the pupil's own rating, and a line on how a lesson went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.acts.pupils import clean
from approgress.domain.acts.register import rate_lesson
from approgress.domain.days import to_number
from approgress.domain.edits import Edit, Erase, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import LessonNote, LessonScore

if TYPE_CHECKING:
    from approgress.domain.cohort import RegisterRow
    from approgress.domain.instruments import Instrument, Response
    from approgress.domain.sheets import RegisterSheet

TONES: Final = {"good": "Good", "neutral": "Neither", "hard": "Hard"}


@dataclass(frozen=True, slots=True)
class SameForAll:
    """What one score for all makes: its edits, for how many pupils, and how many were left out without a mark in the register."""

    edits: tuple[Edit, ...]
    count: int
    unmarked: int


_HERE: Final = frozenset({"/", "\\", "L"})


def was_in(sheet: RegisterSheet, row: RegisterRow, lesson: int) -> bool:
    """Whether the register says that the pupil was here for the lesson's session; K, V, P, W and B are attended elsewhere."""
    number = sheet.number(row, sheet.session_of(lesson))
    return number is not None and sheet.codes.text(number) in _HERE and sheet.rates(row, lesson)


def same_for_all(sheet: RegisterSheet, lesson: int, typed: str) -> SameForAll:
    """One score for everybody who was in and has none yet in that lesson (from 0): one act. Refusal for what is not on the scale.

    A pupil without a mark in the register is left out: nobody has said yet that they were there.
    """
    if sheet.engagement is None:
        raise Refusal("No scale of engagement is in use. Choose one in Setting, Measures.")
    if not typed.strip():
        raise Refusal("Type the score that all of them get: = and then a figure.")
    edits: list[Edit] = []
    count = unmarked = 0
    for row in sheet.register.rows:
        score, own = of_lesson(row, lesson)
        if score is not None:
            continue
        if not was_in(sheet, row, lesson):
            unmarked += sheet.number(row, sheet.session_of(lesson)) is None
            continue
        edits += rate_lesson(score, own, row.pupil_id, sheet.register.day, lesson, typed, sheet.engagement)
        count += 1
    return SameForAll(tuple(edits), count, unmarked)


def of_lesson(row: RegisterRow, lesson: int) -> tuple[int | None, int | None]:
    """The adult's score and the pupil's own of a lesson."""
    return row.scores[lesson] if lesson < len(row.scores) else None, row.own[lesson] if lesson < len(row.own) else None


def rate_own(score: int | None, own: int | None, pupil: int, day: date, lesson: int, typed: str, instrument: Instrument) -> list[Edit]:
    """The pupil's own rating of a lesson (from 0), beside the adult's; a blank takes it out. Refusal for what is not on the scale."""
    found = instrument.parse(typed)
    if isinstance(found, Refusal):
        raise found
    return put_ratings(score, own, pupil, day, lesson, score, None if found is None else int(found))


def put_ratings(score: int | None, own: int | None, pupil: int, day: date, lesson: int, now: int | None, now_own: int | None) -> list[Edit]:
    """Both ratings of a lesson (from 0) at once, `score` and `own` as seen; none left takes the record out."""
    slot = to_number(day) * 8 + lesson
    if (score, own) == (now, now_own):
        return []
    seen = None if score is None and own is None else LessonScore(pupil, slot, score, own)
    if now is None and now_own is None:
        return [] if seen is None else [Erase(seen)]
    return [Put(LessonScore(pupil, slot, now, now_own), seen)]


def gap_words(score: int | None, own: int | None) -> str:
    """'3, own rating 5: 2 higher' of a lesson; '' without an own rating. The two are set side by side, never put together."""
    if own is None:
        return ""
    if score is None:
        return f"no score yet, own rating {own}"
    gap = own - score
    return f"{score}, own rating {own}: " + ("the same" if not gap else f"{abs(gap)} {'higher' if gap > 0 else 'lower'}")


def write_lesson_note(
    held: LessonNote | None, pupil: int, day: date, lesson: int, *, tone: str | None, worked: str | None, person_id: int | None
) -> list[Edit]:
    """How a lesson (from 0) went and what worked, a line; both blank takes it out. Refusal for a tone that is none."""
    worked = clean(worked)
    if tone is not None and tone not in TONES:
        raise Refusal("Choose good, neither or hard, or leave it open.", "tone")
    if worked is not None and len(worked) > 300:
        raise Refusal("This is longer than a line (300 letters). Write a note on the pupil's page for more.", "worked")
    if tone is None and worked is None:
        return [] if held is None else [Erase(held)]
    if held is None:
        return [Put(LessonNote(pupil, to_number(day) * 8 + lesson, tone, worked, person_id))]
    after = replace(held, tone=tone, worked=worked, person_id=person_id)
    return [] if after == held else [Put(after, held)]


def points_of(instrument: Instrument) -> tuple[Response, ...]:
    """The worded points of a scale, from the highest."""
    points = instrument.responses or (instrument.items[0].responses if instrument.items else ())
    return tuple(sorted(points, key=lambda p: -p.value))
