"""Moments: choices from what the school used, rates with their counts, minutes to settle, entries of several pupils, finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal
from approgress.domain.moments import (
    SORTS,
    TONES,
    Wanted,
    choices,
    complete,
    count_text,
    entries,
    found,
    is_restricted,
    rate_text,
    rates,
    read_time,
    settling,
    story,
    time_words,
    when_words,
)
from approgress.domain.records import Moment

DAY = date(2026, 11, 24)


def moment(id: int, tone: str = "good", **more: object) -> Moment:
    return replace(Moment(1, id, DAY, tone, "Kind"), **more)  # type: ignore[arg-type]


def test_what_the_school_used_stands_first_and_the_rest_is_what_it_began_with() -> None:
    used = {"Shared tools": 4, "shared  tools": 1, "Kind": 2, " ": 9}
    assert choices(used, SORTS["good"]) == ("Shared tools", "Kind", "Helped someone", "Kept going", "Asked for help")
    assert choices({}, SORTS["good"]) == SORTS["good"]
    assert choices({f"type {n}": 1 for n in range(9)}, SORTS["good"], 5) == tuple(f"type {n}" for n in range(5))


def test_rates_are_counted_against_sessions_attended_and_carry_both_counts() -> None:
    moments = [moment(n) for n in range(58)] + [moment(100 + n, "incident") for n in range(12)]
    r = rates(moments, 292, date(2026, 11, 2), DAY)
    assert count_text(r.of("good")) == "58 in 292" and rate_text(r.of("good")) == "2.0 per 10"
    assert count_text(r.of("incident")) == "12 in 292" and rate_text(r.of("incident")) == "0.4 per 10"
    assert count_text(r.of("neutral")) == "0 in 292"
    assert len(r.of("good").rests_on) == 58


def test_without_a_session_attended_there_is_no_rate() -> None:
    r = rates([moment(1)], 0, date(2026, 11, 2), DAY)
    assert r.of("good").value is None and rate_text(r.of("good")) == ""
    assert count_text(r.of("good")) == "1 in 0"


def test_a_draft_counts_nowhere() -> None:
    draft = moment(1, "incident", status="draft", minutes_to_settle=5, text="x")
    assert complete([draft]) == ()
    assert rates([draft], 10, DAY, DAY).of("incident").count == 0
    assert settling([draft]).incidents == 0
    assert found([draft], Wanted()) == ()


@given(st.lists(st.sampled_from(TONES), max_size=40), st.integers(0, 300))
def test_the_three_counts_make_up_the_whole(tones: list[str], attended: int) -> None:
    r = rates([moment(n, t) for n, t in enumerate(tones)], attended, DAY, DAY)
    assert sum(r.of(t).count or 0 for t in TONES) == len(tones)


def test_moments_outside_the_days_do_not_count() -> None:
    r = rates([moment(1, day=date(2026, 11, 1)), moment(2, day=date(2026, 11, 2)), moment(3, day=date(2026, 11, 25))], 10, date(2026, 11, 2), DAY)
    assert r.of("good").count == 1


def test_minutes_to_settle_are_a_median_with_its_counts() -> None:
    incidents = [moment(n, "incident", minutes_to_settle=m) for n, m in enumerate((4, 9, 30, None))]
    s = settling([*incidents, moment(9, "good", minutes_to_settle=1)])
    assert (s.middle, s.noted, s.incidents) == (9, 3, 4)
    assert s.words == "9 minutes, the median of 3 noted of 4 incidents"
    assert settling([moment(1, "incident")]).words == "not noted for any of 1 incident"
    assert settling([]).words == "no incidents"
    assert settling([moment(1, "incident", minutes_to_settle=0)]).middle == 0


def test_an_entry_joins_what_was_typed_once() -> None:
    a, b = moment(5, pupil_id=1, joint=5), moment(6, pupil_id=2, joint=5)
    older = moment(4, day=date(2026, 11, 23))
    first, second = entries([b, older, a])
    assert first.pupils == (1, 2) and first.key == 5 and second.key == 4
    (left,) = entries([b])  # its first moment was taken out
    assert left.key == 5


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), [1, 2, 3]),
        (Wanted(tone="incident"), [2]),
        (Wanted(pupils=frozenset({2})), [3]),
        (Wanted(text="ZOE tools"), [1]),
        (Wanted(text="two to a bench"), [3]),
        (Wanted(text="bench zoe"), []),
        (Wanted(helped=True), [3]),
        (Wanted(to_tell=True), [2]),
        (Wanted(person_id=8), [3]),
        (Wanted(first=date(2026, 11, 24)), [2, 3]),
        (Wanted(last=date(2026, 11, 23)), [1]),
    ],
)
def test_finding(wanted: Wanted, ids: list[int]) -> None:
    moments = [
        moment(1, day=date(2026, 11, 23), text="Zoë shared the tools"),
        moment(2, "incident", before="Seat moved", tell_home=True),
        moment(3, pupil_id=2, helped="Two to a bench", person_id=8, tell_home=True, told_home_on=DAY),
    ]
    assert [m.id for m in found(moments, wanted)] == ids


def test_in_words() -> None:
    m = moment(1, "incident", text="Left the room.", before="Seat moved", minutes_to_settle=1)
    assert story(m) == "Left the room. Led to it: Seat moved. Settled in 1 minute."
    assert story(moment(1)) == "Kind"
    assert [when_words(moment(1, **w)) for w in ({"at": 545}, {"lesson": 1}, {"session": "PM"}, {})] == ["09:05", "lesson 2", "PM", ""]
    assert is_restricted(moment(1, privacy="restricted")) and not is_restricted(moment(1))


@pytest.mark.parametrize(("typed", "minutes"), [("", None), ("9:05", 545), ("09.05", 545), ("0905", 545), ("9", 540), ("2pm", 840), ("12 am", 0), ("23:59", 1439)])
def test_times_as_people_type_them(typed: str, minutes: int | None) -> None:
    assert read_time(typed) == minutes
    assert minutes is None or read_time(time_words(minutes)) == minutes


@pytest.mark.parametrize("typed", ["24:00", "9:60", "noon", "-1", "99999"])
def test_what_is_no_time_is_a_sentence(typed: str) -> None:
    with pytest.raises(Refusal, match="is not a time"):
        read_time(typed)
