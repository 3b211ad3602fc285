"""Writing moments: drafts, several pupils at once, done with two answers, mended, home told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from approgress.domain.acts.moments import MomentForm, finish, form_of, keep_draft, take_out, told_home
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Moment

DAY = date(2026, 11, 24)


@pytest.fixture
def ids() -> NewIds:
    numbers = count(100)
    return NewIds(lambda _kind: next(numbers))


def after(held: tuple[Moment, ...], edits: list[Edit]) -> tuple[Moment, ...]:
    now = {m.id: m for m in held}
    for e in edits:
        if isinstance(e, Put):
            assert (e.seen is None) == (e.record.id not in now)
            now[e.record.id] = e.record
        else:
            del now[e.seen.id]
    return tuple(now[k] for k in sorted(now))


def test_nothing_is_kept_before_who_and_one_answer(ids: NewIds) -> None:
    assert keep_draft(ids, (), MomentForm(text="x"), today=DAY, person_id=9) == []
    assert keep_draft(ids, (1,), MomentForm(), today=DAY, person_id=9) == []
    (put,) = keep_draft(ids, (1,), MomentForm(text=" Shared "), today=DAY, person_id=9)
    assert isinstance(put, Put)
    m = put.record
    assert (m.status, m.text, m.sort, m.person_id, m.joint, m.day) == ("draft", "Shared", "", 9, None, DAY)


def test_one_entry_each_typed_once(ids: NewIds) -> None:
    form = MomentForm(sort="Kind", text="Shared")
    held = after((), keep_draft(ids, (1,), form, today=DAY, person_id=9))
    held = after(held, keep_draft(ids, (1, 2), form, today=DAY, person_id=9, held=held))
    assert [(m.pupil_id, m.joint) for m in held] == [(1, 100), (2, 100)]
    done = after(held, finish(ids, (1, 2), form, today=DAY, person_id=9, held=held))
    assert {m.status for m in done} == {"complete"} and {m.text for m in done} == {"Shared"}
    # a third pupil, and the first one taken away: the entry stays joined by the same id
    later = after(done, keep_draft(ids, (2, 3), form, today=DAY, person_id=9, held=done))
    assert [(m.pupil_id, m.joint, m.status) for m in later] == [(2, 100, "complete"), (3, 100, "complete")]
    assert finish(ids, (2, 3), form, today=DAY, person_id=9, held=later) == []


def test_the_same_pupil_twice_is_one_entry(ids: NewIds) -> None:
    assert len(finish(ids, (1, 1), MomentForm(sort="Kind"), today=DAY, person_id=9)) == 1


@pytest.mark.parametrize(
    ("pupils", "form", "field"),
    [
        ((), MomentForm(sort="Kind"), "pupils"),
        ((1,), MomentForm(helped="a quiet word"), "sort"),
        ((1,), MomentForm(sort="Kind", day=date(2026, 11, 25)), "day"),
        ((1,), MomentForm(sort="Kind", severity=4), "severity"),
        ((1,), MomentForm(sort="Kind", minutes_to_settle=601), "minutes_to_settle"),
        ((1,), MomentForm(sort="Kind", at=1440), "at"),
        ((1,), MomentForm(sort="Kind", lesson=8), "lesson"),
        ((1,), MomentForm(sort="Kind", session="EVE"), "session"),
        ((1,), MomentForm(sort="Kind", tone="bad"), "tone"),
    ],
)
def test_what_cannot_be_done_names_its_field(ids: NewIds, pupils: tuple[int, ...], form: MomentForm, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        finish(ids, pupils, form, today=DAY, person_id=9)
    assert refused.value.field == field


def test_two_answers_are_enough_and_words_alone_get_the_plain_type(ids: NewIds) -> None:
    (put,) = finish(ids, (1,), MomentForm(tone="neutral", text="Quiet"), today=DAY, person_id=9)
    assert isinstance(put, Put) and put.record.sort == "Observation"
    assert form_of(put.record).sort == ""  # which is no choice of a person's
    (put,) = finish(ids, (1,), MomentForm(sort="Kind"), today=DAY, person_id=9)
    assert isinstance(put, Put) and put.record.text is None


def test_what_only_an_incident_asks_is_written_for_incidents_only(ids: NewIds) -> None:
    form = MomentForm(tone="incident", sort="Refused", before="Seat moved", response="A walk", severity=2, minutes_to_settle=9)
    (put,) = finish(ids, (1,), form, today=DAY, person_id=9)
    assert isinstance(put, Put)
    assert (put.record.before, put.record.response, put.record.severity, put.record.minutes_to_settle) == ("Seat moved", "A walk", 2, 9)
    (good,) = keep_draft(ids, (1,), replace(form, tone="good"), today=DAY, person_id=9, held=(put.record,))
    assert isinstance(good, Put) and (good.record.before, good.record.severity, good.record.minutes_to_settle) == (None, None, None)


def test_mending_keeps_the_writer_and_what_home_was_told(ids: NewIds) -> None:
    (made,) = finish(ids, (1,), MomentForm(sort="Kind", tell_home=True, restricted=True), today=DAY, person_id=9)
    assert isinstance(made, Put) and made.record.privacy == "restricted"
    (told,) = told_home((made.record,), DAY)
    assert isinstance(told, Put)
    assert told_home((told.record,), DAY) == []
    safe = replace(told.record, privacy="safeguarding")
    (mended,) = keep_draft(ids, (1,), replace(form_of(safe), text="more"), today=DAY, person_id=4, held=(safe,))
    assert isinstance(mended, Put)
    r = mended.record
    assert (r.person_id, r.told_home_on, r.status, r.privacy) == (9, DAY, "complete", "safeguarding")


def test_nothing_changed_writes_nothing(ids: NewIds) -> None:
    held = after((), finish(ids, (1, 2), MomentForm(sort="Kind", text="x"), today=DAY, person_id=9))
    assert keep_draft(ids, (1, 2), form_of(held[0]), today=DAY, person_id=9, held=held) == []


def test_an_entry_is_taken_out_whole(ids: NewIds) -> None:
    held = after((), finish(ids, (1, 2), MomentForm(sort="Kind"), today=DAY, person_id=9))
    assert take_out(held) == [Erase(held[0]), Erase(held[1])]
