"""Readings, goals, notes and starting points: scored, dated and refused as the rules say."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from approgress.domain.acts.measures import (
    ReadingForm,
    StartValueForm,
    agree_starting_point,
    put_goal,
    put_next_step,
    put_reading,
    state_attendance,
    void_reading,
    write_note,
)
from approgress.domain.edits import NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import StartingPoint, StartValue
from approgress.domain.scoring import DECLINED
from approgress.store.catalogue import bundled_instruments

TODAY = date(2026, 11, 24)
LIBRARY = bundled_instruments()


def ids() -> NewIds:
    return NewIds(lambda _kind, n=itertools.count(100): next(n))


def reading(instrument: str, **form: object):  # pyright: ignore
    found = LIBRARY.get(instrument)
    assert found is not None
    given = {"day": TODAY, "respondent": found.respondents[0]} | form
    (edit,) = put_reading(ids(), 1, found, ReadingForm(**given), today=TODAY)  # pyright: ignore
    assert isinstance(edit, Put)
    return edit.record


def test_who5_answers_are_scored_and_kept() -> None:
    r = reading("who5", answers={1: 3, 2: 2, 3: 3, 4: 2, 5: 3})
    assert r.value == 52 and r.answers == bytes([3, 2, 3, 2, 3]) and r.status == "complete"


def test_an_unfinished_who5_is_a_draft_with_its_answers_and_no_score() -> None:
    r = reading("who5", answers={1: 3, 2: DECLINED})
    assert r.value is None and r.status == "draft" and r.answers is not None and r.answers[1] == DECLINED


def test_sdq_scales_make_the_total() -> None:
    r = reading("sdq_teacher", scores={"emotional": 7, "conduct": 6, "hyperactivity": 8, "peer": 3, "prosocial": 5})
    assert r.value == 24 and r.parts is not None and '"prosocial":5' in r.parts.replace(" ", "")


@pytest.mark.parametrize(
    ("instrument", "form", "field"),
    [
        ("who5", {"day": date(2026, 11, 25), "answers": {1: 1}}, "day"),
        ("who5", {"day": None, "answers": {1: 1}}, "day"),
        ("who5", {"answers": {1: 6, 2: 1, 3: 1, 4: 1, 5: 1}}, "item1"),
        ("who5", {"answers": {9: 1}}, "item9"),
        ("who5", {"respondent": "teacher", "answers": {1: 1}}, "respondent"),
        ("sdq_teacher", {"scores": {"emotional": 11}}, "emotional"),
        ("sdq_teacher", {"scores": {}}, "total"),
        ("sdq_teacher", {"answers": {1: 1}}, "answers"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(instrument: str, form: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as told:
        reading(instrument, **form)
    assert told.value.field == field


def test_a_void_reading_stays_with_its_reason() -> None:
    r = reading("who5", answers=dict.fromkeys(range(1, 6), 3))
    (edit,) = void_reading(r, "wrong pupil")
    assert isinstance(edit, Put) and edit.record.status == "void" and edit.record.why == "wrong pupil" and edit.record.value == 60
    with pytest.raises(Refusal):
        void_reading(r, " ")


def test_words_are_kept_letter_for_letter() -> None:
    said = 'Said "<3 this" about <b>boxing</b>\n\tindented  '
    (note,) = write_note(ids(), 1, TODAY, said, today=TODAY)
    assert isinstance(note, Put) and note.record.text == said


def test_a_goal_is_rated_from_0_to_10_and_needs_words() -> None:
    put_goal(ids(), 1, "Get through maths", today=TODAY, target=10)
    for words, target in (("", None), ("Get through maths", 11)):
        with pytest.raises(Refusal):
            put_goal(ids(), 1, words, today=TODAY, target=target)


def test_a_next_step_needs_words_and_a_day() -> None:
    for day, text in ((None, "Ring mum"), (TODAY, " ")):
        with pytest.raises(Refusal):
            put_next_step(ids(), 1, day, text, owner=None)


def test_stated_attendance_has_to_add_up() -> None:
    stated = {"school": "Parkfield", "first_day": None, "last_day": None}
    (edit,) = state_attendance(ids(), 1, **stated, possible=380, attended=118, authorised=180, unauthorised=82)  # pyright: ignore
    assert isinstance(edit, Put) and edit.record.source == "typed"
    with pytest.raises(Refusal, match="make 379, not 380"):
        state_attendance(ids(), 1, **stated, possible=380, attended=117, authorised=180, unauthorised=82)  # pyright: ignore


def test_a_starting_point_holds_its_values_and_refuses_an_empty_one() -> None:
    values = [StartValueForm("wellbeing", "WHO-5", reading_id=5, source="Amara", sure="high"), StartValueForm("behaviour", "Suspensions before", value=4)]
    edits = agree_starting_point(ids(), 1, date(2026, 6, 8), values, today=TODAY, agreed_by="T. Mbeki")
    records = [e.record for e in edits if isinstance(e, Put)]
    point = records[0]
    assert isinstance(point, StartingPoint) and point.agreed_on == TODAY
    assert all(isinstance(v, StartValue) and v.starting_point_id == point.id for v in records[1:])
    with pytest.raises(Refusal):
        agree_starting_point(ids(), 1, TODAY, [], today=TODAY, agreed_by="T. Mbeki")
    with pytest.raises(Refusal):
        agree_starting_point(ids(), 1, TODAY, [StartValueForm("home", "Nothing")], today=TODAY, agreed_by="T. Mbeki")
