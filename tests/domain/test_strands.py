"""Which stay is meant, and the one sign of each strand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain import change
from approgress.domain.instruments import STRANDS
from approgress.domain.records import Enrolment, Placement, Reading, Setting, StartingPoint, StartValue, StrandMeasure
from approgress.domain.strands import (
    MomentCount,
    attendance_sign,
    behaviour_sign,
    current_starting_point,
    engagement_sign,
    judgement_sign,
    primary_measure,
    score_text,
    short_period,
    stay_of,
    strands_held,
    strands_read,
    unit_words,
)
from approgress.domain.values import Value
from approgress.store.catalogue import bundled_instruments

DAY = date(2026, 11, 24)
LIBRARY = bundled_instruments()


def enrolment(n: int, first: date | None, last: date | None = None, setting: int = 1) -> Enrolment:
    return Enrolment(1, n, setting, "C", first, last)


def test_the_stay_is_the_one_that_holds_the_day() -> None:
    rows = (enrolment(1, date(2025, 9, 1), date(2026, 3, 1)), enrolment(2, date(2026, 9, 7)))
    assert stay_of(rows, (), 1, DAY).began == date(2026, 9, 7)
    assert stay_of(rows, (), 1, date(2026, 1, 1)).began == date(2025, 9, 1)
    between = stay_of(rows, (), 1, date(2026, 5, 1))
    assert between.began == date(2025, 9, 1) and not between.on_roll(date(2026, 5, 1))
    assert stay_of(rows, (), 1, date(2025, 1, 1)).began == date(2025, 9, 1)
    assert len(stay_of(rows, (), 1, DAY).spans) == 2


def test_a_stay_at_another_setting_is_none_here() -> None:
    stay = stay_of((enrolment(1, DAY, setting=2),), (), 1, DAY, first_seen=date(2026, 9, 9))
    assert stay.enrolment is None and stay.began == date(2026, 9, 9) and not stay.on_roll(DAY)


def test_an_unknown_first_day_is_the_first_placement_of_that_enrolment() -> None:
    placements = (Placement(1, 1, 9, "respite", "x", date(2026, 1, 1)), Placement(1, 2, 3, "respite", "x", date(2026, 6, 8)))
    assert stay_of((enrolment(3, None),), placements, 1, DAY).began == date(2026, 6, 8)
    assert stay_of((enrolment(4, None),), placements, 1, DAY, first_seen=DAY).began == DAY


def _value(count: int, of: int) -> Value:
    return Value(None, count, of)


def test_attendance_is_compared_on_counts_so_that_rounding_never_decides() -> None:
    assert attendance_sign(_value(50, 100), _value(52, 100)).words == "better than before", "two in a hundred are not rounded away"
    assert attendance_sign(_value(520, 1000), _value(500, 1000)).word == "worse"
    assert attendance_sign(_value(1, 3), _value(2, 6)).word == "same"
    assert attendance_sign(_value(0, 10), _value(0, 10)).word == "same"


def test_attendance_less_than_two_in_a_hundred_apart_is_about_the_same_by_our_own_rounding() -> None:
    for one, other in (((99, 100), (100, 100)), ((100, 100), (99, 100)), ((1, 3), (333, 1000)), ((500, 1000), (519, 1000))):
        sign = attendance_sign(_value(*one), _value(*other))
        assert (sign.word, sign.words) == ("same", "about the same as before")
        assert "this program rounds" in sign.rest
    assert "rounds" not in attendance_sign(_value(1, 3), _value(2, 6)).rest


def test_attendance_without_a_denominator_is_not_judged() -> None:
    for before, since in ((None, _value(1, 2)), (_value(1, 2), _value(0, 0)), (_value(0, 0), _value(1, 2)), (None, _value(0, 0))):
        sign = attendance_sign(before, since)
        assert sign.mark == "unjudged" and sign.rest


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_turning_before_and_since_turns_better_and_worse(a: int, b: int, c: int, d: int) -> None:
    one, other = attendance_sign(_value(min(a, b), b), _value(min(c, d), d)), attendance_sign(_value(min(c, d), d), _value(min(a, b), b))
    assert {"better": "worse", "worse": "better", "same": "same"}[one.word] == other.word and one.mark == other.mark == ""


def moments(*rows: tuple[int, int, int]) -> list[MomentCount]:
    return [MomentCount(f"Half-term {n}", "H", DAY, DAY, i, g, 0, attended) for n, (i, g, attended) in enumerate(rows)]


def test_behaviour_compares_the_first_and_last_half_term_with_a_session() -> None:
    sign = behaviour_sign(moments((14, 0, 43), (3, 0, 0), (11, 0, 56), (3, 2, 29)))
    assert (sign.mark, sign.word, sign.rest) == ("", "better", "14 in 43 sessions attended, then 3 in 29")
    assert behaviour_sign(moments((1, 0, 10), (2, 0, 10))).words == "more incidents"
    assert behaviour_sign(moments((0, 1, 10), (0, 0, 20))).words == "no incidents"


def test_fewer_incidents_only_where_every_later_half_term_is_below_the_first() -> None:
    sign = behaviour_sign(moments((5, 0, 40), (9, 0, 40), (2, 0, 40), (3, 0, 40)))
    assert (sign.mark, sign.word, sign.words) == ("", "mixed", "5, then 3 incidents, in between 2 to 9")
    assert sign.rest == "5 in 40 sessions attended, then 3 in 40"
    assert behaviour_sign(moments((5, 0, 40), (9, 0, 40), (3, 0, 40))).words.endswith("in between 9")
    assert behaviour_sign(moments((5, 0, 40), (6, 0, 40), (9, 0, 40))).words == "more incidents"


def test_engagement_is_said_as_shares_without_more_or_fewer() -> None:
    lesson = LIBRARY.get("lesson_engagement")
    assert lesson is not None
    day = date(2026, 9, 7)
    weeks = [change.WeekCount(day + timedelta(weeks=n), n, a, of) for n, (a, of) in enumerate([(9, 18), (9, 17), (9, 17), (8, 17), (7, 14), (7, 14), (6, 13), (6, 13)])]
    sign = engagement_sign(change.judge_engagement_weeks(lesson, weeks), lesson.main, [])
    assert (sign.words, sign.rest) == ("51 in 100, then 48 in 100 at 4 or 5", "35 of 69, then 26 of 54")


@pytest.mark.parametrize(
    ("rows", "why"),
    [((), "no moments written down"), (((0, 0, 20), (0, 0, 30)), "no moments written down"), (((1, 0, 20),), "one half-term so far"), (((1, 0, 0),), "no sessions attended")],
)
def test_behaviour_that_cannot_be_told(rows: tuple[tuple[int, int, int], ...], why: str) -> None:
    assert behaviour_sign(moments(*rows)).rest == why


def _judge(instrument: str, edition: str, values: tuple[float, ...], scale: str | None = None, parts: str | None = None) -> change.Judgement:
    known = LIBRARY.get(instrument, edition)
    assert known is not None
    from approgress.domain.starting_point import Start

    rows = [Reading(1, i, date(2026, 1, 5) + timedelta(days=100 * i), instrument, edition, known.respondents[0], v, parts) for i, v in enumerate(values)]
    return change.judge(known, rows, Start(rows[0], True), as_of=DAY, scale_id=scale, own=change.OwnSpread(40, 20.0))


def test_a_fall_in_difficulties_is_a_gain() -> None:
    assert judgement_sign(_judge("sdq_teacher", "T4-17", (38.0, 1.0))).mark == "gain"
    assert judgement_sign(_judge("who5", "1998", (80.0, 8.0))).mark == "decline"
    assert judgement_sign(_judge("who5", "1998", (40.0, 44.0))).mark == "none"
    assert judgement_sign(_judge("who5", "1998", (40.0,))).mark == "unjudged"


def test_a_reading_age_says_months_and_has_no_mark() -> None:
    sign = judgement_sign(_judge("reading_test", "NGRT", (90.0, 90.0), "reading_age", '{"reading_age":100.0}'))
    assert sign.mark == "" and sign.words == "0 months gained in 3 months"
    assert judgement_sign(_judge("reading_test", "NGRT", (90.0,), "reading_age", '{"reading_age":100.0}')).mark == "unjudged"


def test_the_primary_measure_is_the_schools_own_choice_else_the_programs() -> None:
    rows = (StrandMeasure(1, 1, "wellbeing", "sdq_teacher", "teacher", "total"), StrandMeasure(2, 2, "learning", "x", "pupil", "y"))
    assert primary_measure("wellbeing", rows, Setting(1, "A")) == ("sdq_teacher", "teacher", "total")
    assert primary_measure("wellbeing", rows, Setting(2, "B")) == ("who5", "pupil", "total")
    assert primary_measure("attendance", rows, Setting(1, "A")) is None
    for strand in ("wellbeing", "engagement", "learning"):
        instrument, respondent, scale = primary_measure(strand, (), Setting(1, "A")) or ("", "", "")
        known = LIBRARY.get(instrument)
        assert known is not None and known.strand == strand and respondent in known.respondents and known.scale(scale)


def test_what_starts_a_strand() -> None:
    none = strands_held((), (), read=(), before=False, rated_lessons=9, moments=0)
    assert list(none) == list(STRANDS) and not any(none.values())
    every = strands_held((StartValue(1, 1, 1, "home", "Schools before", value=3),), (), read=("wellbeing", "learning"), before=True, rated_lessons=10, moments=1)
    assert all(every.values())


def test_goals_drafts_and_readings_before_day_0_start_nothing() -> None:
    rows = (
        Reading(1, 1, DAY, "goal", "0 to 10", "pupil", 3.0, goal_id=4),
        Reading(1, 2, DAY, "who5", "1998", "pupil", status="draft"),
        Reading(1, 3, date(2026, 1, 1), "reading_test", "NGRT", "pupil", 90.0),
    )
    strand_of = {"goal": "home", "who5": "wellbeing", "reading_test": "learning"}
    assert strands_read(rows, strand_of, date(2026, 6, 1), DAY) == frozenset()
    assert strands_read(rows, strand_of, None, DAY) == {"learning"}


def test_the_starting_point_of_this_stay_comes_before_an_older_one() -> None:
    old, new = StartingPoint(1, 1, date(2025, 9, 1), date(2025, 9, 9)), StartingPoint(1, 2, date(2026, 9, 7))
    assert current_starting_point((new, old), date(2026, 9, 7)) == new
    assert current_starting_point((old,), date(2026, 9, 7)) == old
    assert current_starting_point((), None) is None


def test_scores_and_their_units() -> None:
    known = LIBRARY.get("reading_test", "NGRT")
    who5 = LIBRARY.get("who5")
    assert known is not None and who5 is not None
    assert (score_text(known.scale("reading_age"), 114), unit_words(known.scale("reading_age"))) == ("9:06", "years:months")
    assert (score_text(who5.main, 52.0), unit_words(who5.main), score_text(who5.main, None)) == ("52", "of 100", "–")
    assert unit_words(known.main) == "standard score"


def test_half_terms_are_short_under_bars() -> None:
    assert [short_period(n) for n in ("Autumn 1", "Summer 2", "outside the half-terms")] == ["Aut 1", "Sum 2", "outside the half-terms"]
