"""The engagement round: who was in, one score for all, the pupil's own rating beside the adult's, a line on the lesson."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.acts.round import gap_words, points_of, put_ratings, rate_own, same_for_all, was_in, write_lesson_note
from approgress.domain.cohort import Register, RegisterRow
from approgress.domain.days import to_number
from approgress.domain.edits import Erase, Put
from approgress.domain.errors import Refusal
from approgress.domain.naming import shown
from approgress.domain.records import LessonNote, LessonScore, Mark, Pupil
from approgress.domain.sheets import RegisterSheet
from approgress.store.catalogue import bundled_instruments, code_set

DAY = date(2026, 11, 24)
SLOT = to_number(DAY) * 8
CODES = code_set()
_FOUND = bundled_instruments().get("lesson_engagement")
assert _FOUND is not None
SCALE = _FOUND
POINT = st.one_of(st.none(), st.integers(1, 5))


def row(pupil: int, code: str = "", score: int | None = None) -> RegisterRow:
    found = CODES.by_text(code, DAY)
    mark = Mark(pupil, 1, DAY, found.number) if found is not None else None
    name = shown(Pupil(pupil, f"BCD{pupil:03d}"), (), DAY, hidden=True)
    return RegisterRow(pupil, name, mark, (score, None, None, None, None), (None,) * 5, "9", None, None, None)


def sheet(*rows: RegisterRow) -> RegisterSheet:
    return RegisterSheet(Register(1, None, DAY, True, rows), CODES, SCALE, 5)


@pytest.mark.parametrize(("code", "here"), [("/", True), ("L", True), ("I", False), ("N", False), ("K", False), ("C2", False), ("", False)])
def test_in_is_who_was_in_the_room(code: str, here: bool) -> None:
    one = row(1, code)
    assert was_in(sheet(one), one, 0) is here


def test_one_score_for_all_is_for_those_who_were_in_and_have_none() -> None:
    made = same_for_all(sheet(row(1, "/"), row(2, "I"), row(3, "L"), row(4), row(5, "/", 2)), 0, "4")
    assert [e.record for e in made.edits] == [LessonScore(1, SLOT, 4), LessonScore(3, SLOT, 4)]  # type: ignore[union-attr]
    assert (made.count, made.unmarked) == (2, 1)


def test_a_figure_off_the_scale_or_none_writes_nothing() -> None:
    for typed in ("6", "x", ""):
        with pytest.raises(Refusal):
            same_for_all(sheet(row(1, "/")), 0, typed)
    with pytest.raises(Refusal, match="No scale"):
        same_for_all(replace(sheet(row(1, "/")), engagement=None), 0, "4")


@given(POINT, POINT, POINT, POINT)
def test_both_ratings_become_what_was_typed(score: int | None, own: int | None, now: int | None, now_own: int | None) -> None:
    edits = put_ratings(score, own, 1, DAY, 2, now, now_own)
    if (score, own) == (now, now_own):
        assert edits == []
        return
    (edit,) = edits
    seen = None if (score, own) == (None, None) else LessonScore(1, SLOT + 2, score, own)
    assert edit.seen == seen
    if (now, now_own) == (None, None):
        assert isinstance(edit, Erase)
    else:
        assert isinstance(edit, Put) and edit.record == LessonScore(1, SLOT + 2, now, now_own)


def test_the_pupils_own_rating_leaves_the_adults_alone() -> None:
    (edit,) = rate_own(3, None, 1, DAY, 0, "5", SCALE)
    assert edit == Put(LessonScore(1, SLOT, 3, 5), LessonScore(1, SLOT, 3, None))
    with pytest.raises(Refusal):
        rate_own(3, None, 1, DAY, 0, "9", SCALE)


@pytest.mark.parametrize(
    ("score", "own", "words"),
    [
        (3, None, ""),
        (3, 5, "3, own rating 5: 2 higher"),
        (4, 1, "4, own rating 1: 3 lower"),
        (2, 2, "2, own rating 2: the same"),
        (None, 4, "no score yet, own rating 4"),
    ],
)
def test_the_gap_is_said_in_words(score: int | None, own: int | None, words: str) -> None:
    assert gap_words(score, own) == words


def test_a_line_on_a_lesson_is_written_changed_and_taken_out() -> None:
    (made,) = write_lesson_note(None, 1, DAY, 3, tone="good", worked=" drew it first ", person_id=7)
    held = LessonNote(1, SLOT + 3, "good", "drew it first", 7)
    assert made == Put(held)
    assert write_lesson_note(held, 1, DAY, 3, tone="good", worked="drew it first", person_id=7) == []
    assert write_lesson_note(held, 1, DAY, 3, tone=None, worked="", person_id=7) == [Erase(held)]
    assert write_lesson_note(None, 1, DAY, 3, tone=None, worked=None, person_id=7) == []
    for wrong in ({"tone": "great", "worked": None}, {"tone": None, "worked": "x" * 301}):
        with pytest.raises(Refusal):
            write_lesson_note(None, 1, DAY, 3, person_id=7, **wrong)  # type: ignore[arg-type]


def test_the_points_come_from_the_highest() -> None:
    assert [p.value for p in points_of(SCALE)] == [5, 4, 3, 2, 1] and all(p.looks_like for p in points_of(SCALE))
