"""Many pupils: sums over sums, small numbers, counts of signs, and the words of a card."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.attendance import Tally
from approgress.domain.change import GAIN, NO_CLEAR_CHANGE, NO_ROOM
from approgress.domain.cohort import (
    ChangeRow,
    PupilCard,
    PupilTally,
    change_counts,
    group_attendance,
    held_counts,
    may_share_rate,
    shared_count,
    sign_counts,
)
from approgress.domain.dossier import Chip
from approgress.domain.instruments import STRANDS
from approgress.domain.naming import shown
from approgress.domain.records import Name, Pupil
from approgress.domain.starting_point import SeriesKey
from approgress.domain.strands import Sign, unjudged

TODAY = date(2026, 11, 24)


def card(pupil: int = 1, forename: str = "Zoë", **more: object) -> PupilCard:
    held: dict[str, object] = {
        "pupil_id": pupil,
        "name": shown(Pupil(pupil, "KTB412"), (Name(pupil, 1, "legal", forename, "Bell"),), TODAY),
        "year_code": "9",
        "year": "Year 9",
        "group_id": 5,
        "group": "Ash",
        "placement_sort": "respite",
        "placement": "Respite",
        "since": TODAY,
        "home_school": "St Hild's Catholic School",
        "registration": "S",
        "on_roll": True,
        "left_on": None,
        "half_term_name": "Autumn 2",
        "half_term": Tally.of_counts(29, 2, 2),
        "chips": (Chip("In care", "care"),),
        "agreed": False,
        "day_number": 19,
        "days": 28,
        "last_written": None,
        "upn": "P999110025201",
        "number": "AP0101",
        "born": None,
    }
    return PupilCard(**(held | more))  # type: ignore[arg-type]


def test_a_groups_rate_is_not_the_mean_of_its_pupils() -> None:
    tallies = (Tally.of_counts(4, 0, 0), Tally.of_counts(30, 40, 30), Tally.of_counts(24, 50, 22))
    group = group_attendance(PupilTally(i, t) for i, t in enumerate(tallies))
    assert (group.total.attended, group.total.possible, group.total.attendance_percent) == (58, 200, 29.0)
    assert (group.persistent, group.severe, group.enrolments) == (2, 2, 3)


def test_a_group_without_possible_sessions_has_no_rate() -> None:
    group = group_attendance([PupilTally(1, Tally())])
    assert group.total.attendance_percent is None and group.enrolments == 0 and group.without_sessions == 1


def test_small_counts_on_shared_paper() -> None:
    assert [shared_count(n) for n in (0, 1, 4, 5)] == ["0", "fewer than 5", "fewer than 5", "5"]
    assert shared_count(7, limit=10) == "fewer than 10"
    assert shared_count(4, limit=2) == "fewer than 5"  # a school may raise the limit, not lower it
    assert not may_share_rate(9) and may_share_rate(10) and not may_share_rate(9, limit=3)


@given(st.lists(st.sampled_from([Sign("gain", "", "x"), Sign("decline", "", "x"), Sign("none", "", "x"), Sign("", "better", "x"), Sign("", "worse", "x"), Sign("", "same", "x"), unjudged("x")])))
def test_every_sign_is_counted_once(signs: list[Sign]) -> None:
    counts = sign_counts(signs)
    assert counts.of == len(signs)
    assert counts.better == sum(s.word == "better" for s in signs) and counts.gain == sum(s.mark == "gain" for s in signs)


def test_starting_values_held_by_strand_have_their_whole() -> None:
    some = dict.fromkeys(STRANDS, False) | {"wellbeing": True}
    found = held_counts([card(held=some), card(2), card(3, held=dict.fromkeys(STRANDS, True))])
    assert found["wellbeing"].counts == "2 of 3" and found["home"].counts == "1 of 3"


def test_a_card_says_what_is_lacking_and_which_day_it_is() -> None:
    assert card().lacking_words == "not begun" and card().strands_started == 0
    three = dict.fromkeys(STRANDS, True) | {"engagement": False, "learning": False, "home": False}
    assert card(held=three).lacking_words == "no engagement, learning or home and community"
    assert card(held=dict.fromkeys(STRANDS, True)).lacking_words == "" and card(held=dict.fromkeys(STRANDS, True)).full_start
    assert (card().day_words, card(day_number=50).day_words, card(day_number=None).day_words) == ("day 19 of 28", "day 50, past 28", "")


@pytest.mark.parametrize(("typed", "found"), [("zoe", True), ("be", True), ("P9991", True), ("ap0101", True), ("st hil", True), ("hild", True), ("xyz", False), ("ell", False)])
def test_a_card_is_found_by_name_number_or_school(typed: str, found: bool) -> None:
    assert card().found_by(typed) is found


def test_flags_are_asked_by_sort() -> None:
    assert card().has("care") and not card().has("sen")


def test_verdicts_are_counted_with_their_reasons() -> None:
    key = SeriesKey("who5", "1998", "pupil")

    def row(verdict: str, why: str | None = None) -> ChangeRow:
        return ChangeRow(1, key, TODAY, 40.0, TODAY, 60.0, verdict, 20.0, why)

    counts = change_counts([row(GAIN), row(NO_CLEAR_CHANGE), row("cannot be judged", NO_ROOM), row("cannot be judged", "one reading only")])
    assert (counts.gain, counts.decline, counts.no_clear_change, counts.at_ceiling, counts.of) == (1, 0, 1, 1, 4)
    assert counts.cannot == {NO_ROOM: 1, "one reading only": 1}
    assert row(GAIN).change == 20.0
