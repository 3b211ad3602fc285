"""Part-time timetables and sessions elsewhere: what is written, what is refused and where, and which marks then disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from approgress.domain.acts.timetables import (
    ElsewhereForm,
    NoSessions,
    ReviewForm,
    StepForm,
    TimetableForm,
    TimetableRows,
    after_edits,
    elsewhere_hints,
    form_of,
    hints,
    hold_review,
    left_words,
    marks_left,
    put_elsewhere,
    put_timetable,
    take_out_timetable,
)
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Elsewhere, Mark, Timetable, TimetableReview, TimetableStep
from approgress.store.catalogue import code_set

TODAY = date(2026, 11, 24)
START = date(2026, 11, 9)
CODES = code_set()
NUMBERS = {c.text: c.number for c in CODES.codes}
GOOD = TimetableForm(
    reason="Anxiety; building up after seven weeks at home",
    aim="Full time in January",
    first_day=START,
    target_end=date(2026, 12, 18),
    steps=(StepForm(None, am=5), StepForm(date(2026, 11, 30), am=31, note="all mornings")),
    reviews=(ReviewForm(date(2026, 11, 27)),),
    agreed_by="Mother",
    agreed_on=date(2026, 11, 6),
    la_told_on=date(2026, 11, 6),
)


@pytest.fixture
def ids() -> NewIds:
    numbers: Iterator[int] = count(100)
    return NewIds(lambda _kind: next(numbers))


def put(ids: NewIds, form: TimetableForm = GOOD, **more: object) -> list[Edit]:
    return put_timetable(ids, 1, 1, form, today=TODAY, **more)  # type: ignore[arg-type]


def made(edits: list[Edit]) -> TimetableRows:
    records = [e.record for e in edits if isinstance(e, Put)]
    timetable = next(r for r in records if isinstance(r, Timetable))
    return TimetableRows.of(timetable, [r for r in records if isinstance(r, TimetableStep)], [r for r in records if isinstance(r, TimetableReview)])


def test_a_timetable_is_written_with_its_steps_and_reviews(ids: NewIds) -> None:
    rows = made(put(ids))
    assert (rows.timetable.first_day, rows.timetable.target_end, rows.timetable.last_day) == (START, date(2026, 12, 18), None)
    assert [(s.first_day, s.am, s.pm) for s in rows.steps] == [(START, 5, 0), (date(2026, 11, 30), 31, 0)], "the first step begins with it"
    assert [r.day for r in rows.reviews] == [date(2026, 11, 27)]
    assert put(ids, rows.form(), held=rows) == [], "nothing changed, nothing is written"


def test_only_what_differs_is_written_and_what_was_taken_out_is_erased(ids: NewIds) -> None:
    rows = made(put(ids))
    form = rows.form()
    changed = replace(form, steps=(form.steps[0], StepForm(date(2026, 12, 7), am=31, pm=1)), reviews=(replace(form.reviews[0], held_on=TODAY, note="All well"),))
    edits = put(ids, changed, held=rows)
    assert [type(e.record).__name__ for e in edits if isinstance(e, Put)] == ["TimetableStep", "TimetableReview"]
    assert [e.seen for e in edits if isinstance(e, Erase)] == [rows.steps[1]]
    assert all(isinstance(e, Erase) for e in take_out_timetable(rows)) and len(take_out_timetable(rows)) == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"first_day": None}, "first_day"),
        ({"first_day": date(1926, 11, 9)}, "first_day"),
        ({"target_end": None}, "target_end"),
        ({"target_end": date(2026, 11, 8)}, "target_end"),
        ({"last_day": date(2026, 11, 8), "outcome": "full_time"}, "last_day"),
        ({"last_day": date(2026, 11, 25), "outcome": "full_time"}, "last_day"),
        ({"last_day": TODAY}, "outcome"),
        ({"outcome": "full_time"}, "last_day"),
        ({"steps": ()}, "week_1"),
        ({"steps": (StepForm(None, 31, 31),)}, "week_1"),
        ({"steps": (StepForm(None, 1), StepForm(None, 3))}, "step_2"),
        ({"steps": (StepForm(None, 1), StepForm(date(2026, 11, 2), 3))}, "step_2"),
        ({"steps": (StepForm(None, 1), StepForm(date(2027, 1, 4), 3))}, "step_2"),
        ({"steps": (StepForm(None, 1), StepForm(START, 3))}, "step_2"),
        ({"steps": (StepForm(None, 1), StepForm(date(2026, 11, 30), 3), StepForm(date(2026, 11, 30), 7))}, "step_3"),
        ({"reviews": ()}, "review_1"),
        ({"reviews": (ReviewForm(None),)}, "review_1"),
        ({"reviews": (ReviewForm(date(2026, 11, 2)),)}, "review_1"),
        ({"reviews": (ReviewForm(date(2026, 11, 20)), ReviewForm(date(2026, 11, 20)))}, "review_2"),
        ({"reviews": (ReviewForm(date(2026, 11, 20), held_on=date(2026, 11, 25)),)}, "held_1"),
        ({"reviews": (ReviewForm(date(2026, 11, 20), held_on=date(2026, 11, 5)),)}, "held_1"),
        ({"agreed_on": date(2026, 11, 25)}, "agreed_on"),
        ({"agreed_by": None}, "agreed_by"),
        ({"la_told_on": date(2026, 12, 1)}, "la_told_on"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(ids: NewIds, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        put(ids, replace(GOOD, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")


def test_two_timetables_at_once_are_refused_one_after_another_is_not(ids: NewIds) -> None:
    running = Timetable(1, 7, 1, "illness", date(2026, 9, 7))
    with pytest.raises(Refusal, match="from 7 Sep 2026 and has not ended"):
        put(ids, others=[running])
    put(ids, others=[replace(running, last_day=date(2026, 11, 6))])
    with pytest.raises(Refusal, match="Change the days"):
        put(ids, others=[replace(running, last_day=START)])
    with pytest.raises(Refusal, match="only one at a time"):
        put(ids, others=[Timetable(1, 7, 1, "later", date(2026, 12, 1))])


def test_who_is_not_of_compulsory_school_age_or_not_on_roll_has_none(ids: NewIds) -> None:
    with pytest.raises(Refusal, match="not of compulsory school age"):
        put(ids, born=date(2009, 9, 1))
    put(ids, born=date(2011, 9, 1))
    with pytest.raises(Refusal, match="not on roll here on 9 Nov 2026"):
        put(ids, spans=[(date(2026, 11, 16), None)])


def test_a_week_of_no_sessions_is_asked_about(ids: NewIds) -> None:
    empty = replace(GOOD, steps=(StepForm(None), *GOOD.steps[1:]))
    with pytest.raises(NoSessions) as asked:
        put(ids, empty)
    assert asked.value.field == "week_1"
    rows = made(put(ids, replace(empty, none_agreed=True)))
    assert (rows.steps[0].am, rows.steps[0].pm) == (0, 0)
    assert rows.form().none_agreed, "what was said once is not asked again"


def test_hints_have_their_source_and_stop_nothing(ids: NewIds) -> None:
    assert hints(GOOD, today=TODAY) == ()
    form = replace(GOOD, reason="To manage his behaviour", agreed_on=None, la_told_on=None, target_end=date(2027, 2, 1))
    said = " ".join(h for _, h in hints(form, today=TODAY, social_worker=True))
    for part in ("not a way to manage behaviour (DfE", "six weeks", "agreement of the parent", "local authority has not been told", "social worker"):
        assert part in said
    put(ids, form)
    over = replace(GOOD, target_end=date(2026, 11, 20), steps=GOOD.steps[:1])
    assert any("was to end on 20 Nov 2026" in h for _, h in hints(over, today=TODAY))


def test_a_review_is_held() -> None:
    review = TimetableReview(1, 9, 5, TODAY)
    (edit,) = hold_review(review, TODAY, " went well ", today=TODAY)
    assert isinstance(edit, Put) and edit.record == replace(review, held_on=TODAY, note="went well")
    with pytest.raises(Refusal):
        hold_review(review, date(2026, 11, 25), None, today=TODAY)


def test_marks_already_taken_are_never_touched_and_those_that_disagree_are_named(ids: NewIds) -> None:
    rows = made(put(ids))
    marks = [
        Mark(1, 1, date(2026, 11, 9), NUMBERS["/"], NUMBERS["C2"]),
        Mark(1, 1, date(2026, 11, 10), NUMBERS["C2"], NUMBERS["C2"]),
        Mark(1, 1, date(2026, 11, 11), NUMBERS["O"], NUMBERS["C2"]),
    ]
    form = rows.form()
    fewer = replace(form, steps=(replace(form.steps[0], am=3), form.steps[1]))  # Monday and Tuesday in place of Monday and Wednesday
    edits = put(ids, fewer, held=rows)
    assert not [e for e in edits if isinstance(e, Put) and isinstance(e.record, Mark)]
    left = marks_left(marks, CODES, [rows.timetable], rows.steps, edits)
    assert [d.words for d in left] == ["Tue 10 Nov AM: C2, but agreed", "Wed 11 Nov AM: O, but not agreed"]
    assert left_words(left).startswith("2 marks already taken do not go with it and were left as they are: Tue 10 Nov AM")
    assert left_words(()) == ""
    gone = marks_left(marks, CODES, [rows.timetable], rows.steps, take_out_timetable(rows))
    assert len(gone) == 4, "without a timetable no C2 is right"
    tables, steps = after_edits([rows.timetable], rows.steps, edits)
    assert tables == (rows.timetable,) and steps[0].am == 3


# --- sessions elsewhere -----------------------------------------------------------------------------------------------

AT_PARKFIELD = ElsewhereForm("D", am=2, pm=2, first_day=START, partner_id=7)


def test_sessions_elsewhere_are_written_and_mended(ids: NewIds) -> None:
    (edit,) = put_elsewhere(ids, 1, 1, AT_PARKFIELD)
    assert isinstance(edit, Put)
    held: Elsewhere = edit.record
    assert (held.code, held.am, held.pm, held.partner_id) == ("D", 2, 2, 7)
    assert put_elsewhere(ids, 1, 1, form_of(held), held=held) == []
    (edit,) = put_elsewhere(ids, 1, 1, replace(form_of(held), last_day=TODAY), held=held)
    assert isinstance(edit, Put) and edit.record.id == held.id and edit.record.last_day == TODAY


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(AT_PARKFIELD, code=""), "code"),
        (replace(AT_PARKFIELD, code="C2"), "code"),
        (replace(AT_PARKFIELD, am=0, pm=0), "week"),
        (replace(AT_PARKFIELD, am=64), "week"),
        (replace(AT_PARKFIELD, last_day=date(2026, 11, 6)), "last_day"),
        (replace(AT_PARKFIELD, partner_id=None), "partner_id"),
        (ElsewhereForm("B", am=1), "place"),
    ],
)
def test_sessions_elsewhere_that_cannot_be_right_are_refused(ids: NewIds, form: ElsewhereForm, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        put_elsewhere(ids, 1, 1, form)
    assert refused.value.field == field


def test_one_session_has_one_code(ids: NewIds) -> None:
    held = Elsewhere(1, 9, 1, "D", 2, 2, START, None, 7)
    with pytest.raises(Refusal, match="Tue afternoon: D is entered there already"):
        put_elsewhere(ids, 1, 1, ElsewhereForm("K", am=1, pm=3, place="College"), others=[held])
    put_elsewhere(ids, 1, 1, ElsewhereForm("K", am=1, pm=1, place="College"), others=[held])
    put_elsewhere(ids, 1, 1, ElsewhereForm("K", am=2, last_day=date(2026, 11, 6), place="College"), others=[held])


def test_work_at_home_is_pointed_out() -> None:
    assert any("Work at home is not B" in h for _, h in elsewhere_hints(ElsewhereForm("B", am=1, place="at home with a laptop")))
    assert elsewhere_hints(AT_PARKFIELD) == ()
