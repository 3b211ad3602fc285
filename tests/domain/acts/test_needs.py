"""Not worried: one act of note and rest; refused with the reason where a line does not rest; woken again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest

from approgress.domain import needs
from approgress.domain.acts.needs import not_worried, wake
from approgress.domain.edits import Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.needs import Line, arrange
from approgress.domain.records import Note, Rest

TODAY = date(2026, 11, 24)


def ids() -> NewIds:
    numbers = count(100)
    return NewIds(lambda _: next(numbers))


def line(**more: object) -> Line:
    held = {"keys": ((1, "silence:a"), (2, "silence:b")), "since": TODAY, "pupil_id": None, "place": "pupil/1/plan", "said": "x"}
    held.update(more)
    return Line("silence:a", "Nothing written for 14 days", "", **held)  # type: ignore[arg-type]


def test_each_pupil_has_a_note_and_each_key_rests_for_two_weeks() -> None:
    edits = list(not_worried(ids(), line(), "  away with\nhis class ", today=TODAY, person_id=7))
    records = [e.record for e in edits if isinstance(e, Put)]
    assert records == [
        Note(1, 100, TODAY, "note", "Not worried: away with his class", 7),
        Note(2, 101, TODAY, "note", "Not worried: away with his class", 7),
        Rest(1, 102, "silence:a", TODAY + timedelta(days=14), 100, 7),
        Rest(2, 103, "silence:b", TODAY + timedelta(days=14), 101, 7),
    ]
    rests = [r for r in records if isinstance(r, Rest)]
    panel = arrange([line()], rests, TODAY)
    assert panel.count == 0 and panel.foot == "1 resting until 8 Dec"
    assert wake(panel.resting) == [Erase(r) for r in rests]
    assert arrange([line()], rests, TODAY + timedelta(days=14)).count == 1


def test_a_line_with_a_last_day_comes_back_on_it() -> None:
    edits = list(not_worried(ids(), line(rest_until=TODAY + timedelta(days=1)), "mum rings back", today=TODAY))
    assert {e.record.until for e in edits if isinstance(e, Put) and isinstance(e.record, Rest)} == {TODAY + timedelta(days=1)}
    with pytest.raises(Refusal, match="last day"):
        list(not_worried(ids(), line(rest_until=TODAY), "mum rings back", today=TODAY))


@pytest.mark.parametrize("more", [{"safety": True, "no_rest": needs.SAFETY}, {"no_rest": needs.DUTY}, {"no_rest": needs.OVERDUE_N}, {"keys": ()}])
def test_what_does_not_rest_is_refused_with_the_reason(more: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        list(not_worried(ids(), line(**more), "fine", today=TODAY))
    assert str(more.get("no_rest", "about no pupil")) in refused.value.sentence and "Nothing was changed" in refused.value.sentence


@pytest.mark.parametrize("why", ["", "  \n "])
def test_a_reason_is_needed(why: str) -> None:
    with pytest.raises(Refusal) as refused:
        list(not_worried(ids(), line(), why, today=TODAY))
    assert refused.value.field == "why"
