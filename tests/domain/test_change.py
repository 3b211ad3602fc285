"""Whether a change is real: against published worked examples and scipy, and as properties."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from approgress.domain import days as day_numbers
from approgress.domain.attendance import Tally
from approgress.domain.change import (
    CANNOT_BE_JUDGED,
    DECLINE,
    GAIN,
    NO_CLEAR_CHANGE,
    NO_RELIABILITY,
    NO_ROOM,
    ONE_READING,
    RELIABLE_CHANGE,
    Basis,
    Judgement,
    OwnSpread,
    WeekCount,
    attendance_before_and_since,
    behaviour_before_and_since,
    choose_basis,
    count_verdicts,
    engagement_weeks,
    equal_since,
    group_months,
    judge,
    judge_engagement,
    months_between,
    months_gained,
    needed_change,
    needed_change_of_band,
    own_spread,
    pairings,
    quantile,
    rate_per_ten,
    rate_words,
    reliable_change_index,
    verdict_of,
    weekly_trend,
    wilson,
)
from approgress.domain.instruments import Instrument, Licence, Norm, Reliability, Scale, SmallestChange
from approgress.domain.records import HalfTerm, LessonScore, Reading, StatedAttendance
from approgress.domain.school_year import Calendar
from approgress.domain.starting_point import start_of
from approgress.domain.values import round_half_up
from approgress.store.catalogue import bundled_instruments

EXACT = 1e-9
BEGAN, TODAY = date(2026, 6, 8), date(2026, 11, 24)


def bundled(instrument_id: str, edition: str | None = None) -> Instrument:
    found = bundled_instruments().get(instrument_id, edition)
    assert found is not None
    return found


def made(
    *figures: Reliability | Norm | SmallestChange,
    low: float = 0,
    high: float = 100,
    better: str = "higher",
    kind: str = "interval",
    step: float = 1,
) -> Instrument:
    steps = tuple(low + step * k for k in range(int((high - low) / step) + 1))
    scale = Scale("total", "Total", low, high, better, kind, step=step, steps=steps)
    return Instrument(
        "made",
        "1",
        "Made",
        "Made",
        "wellbeing",
        ("pupil",),
        "scores",
        Licence("us", True),
        (scale,),
        reliabilities=tuple(f for f in figures if isinstance(f, Reliability)),
        norms=tuple(f for f in figures if isinstance(f, Norm)),
        smallest_changes=tuple(f for f in figures if isinstance(f, SmallestChange)),
    )


def alpha(value: float, sd: float | None = None, checked: str = "confirmed", sample: str = "a study") -> Reliability:
    return Reliability("total", "alpha", "source", checked, value, sd=sd, sample=sample)


def retest(value: float, days: int, sd: float | None = None, checked: str = "confirmed") -> Reliability:
    return Reliability("total", "retest", "source", checked, value, days=days, sd=sd, sample="a retest")


def norm(sd: float, checked: str = "confirmed", **more: object) -> Norm:
    return Norm("total", 50, sd, "source", checked, sample="a norm", **more)  # type: ignore[arg-type]


def series(instrument: Instrument, *values: tuple[date, float | None]) -> list[Reading]:
    who = instrument.respondents[0]
    return [Reading(1, i, day, instrument.id, instrument.edition, who, value) for i, (day, value) in enumerate(values, 1)]


def judged(
    instrument: Instrument, *values: tuple[date, float | None], own: OwnSpread | None = None, as_of: date = TODAY, **more: object
) -> Judgement:
    rows = series(instrument, *values)
    return judge(instrument, rows, start_of(rows, [], [], began=BEGAN, as_of=as_of), as_of=as_of, own=own, **more)  # type: ignore[arg-type]


# --- the arithmetic ---------------------------------------------------------------------------------------------------


def test_jacobson_and_truax() -> None:
    """sd 5, r .80: standard error of measurement 2.236, of a difference 3.162; a change of -8 gives -2.530."""
    assert reliable_change_index(20, 12, 5, 0.80) == pytest.approx(-8 / sqrt(10), abs=EXACT)
    assert reliable_change_index(20, 12, 5, 0.80) == pytest.approx(-2.5298221281347035, abs=EXACT)
    assert needed_change(5, 0.80) == pytest.approx(1.96 * sqrt(10), abs=EXACT)


@pytest.mark.parametrize(
    ("sd", "r", "published"),
    [
        (10, 0.72, 14.7), (6.8, 0.87, 6.8), (6.8, 0.66, 11.0), (15, 0.90, 13.1), (15, 0.95, 9.3), (6.0, 0.87, 6.0), (6.0, 0.80, 7.4),
        (5.8, 0.82, 6.8), (5.8, 0.72, 8.5), (5.2, 0.80, 6.4), (5.2, 0.62, 8.9), (7, 0.75, 9.7), (7, 0.38, 15.3),
    ],
)  # fmt: skip
def test_needed_changes_of_published_figures(sd: float, r: float, published: float) -> None:
    """KIDSCREEN-10 14.7; WEMWBS 6.8 and 11.0; standard scores 13.1 and 9.3; SDQ 6.0 to 8.9; SCWBS 9.7 and 15.3; and to 1e-9 by decimals."""
    from decimal import Decimal

    assert round_half_up(needed_change(sd, r), 1) == published
    exact = Decimal("1.96") * Decimal(str(sd)) * (2 * (1 - Decimal(str(r)))).sqrt()
    assert needed_change(sd, r) == pytest.approx(float(exact), abs=EXACT)


def test_jacobson_and_truaxs_own_couples() -> None:
    """Their data: a standard error of a difference of 5.793 makes 11.35 points."""
    assert round_half_up(needed_change(5.793 / sqrt(2 * 0.12), 0.88), 2) == 11.35


@given(st.floats(0.1, 50), st.floats(0.01, 0.99), st.floats(-100, 100), st.floats(-100, 100))
def test_needed_change_and_index_say_the_same(sd: float, r: float, start: float, now: float) -> None:
    needs = needed_change(sd, r)
    assume(abs(abs(now - start) - needs) > 1e-6)
    assert (abs(reliable_change_index(start, now, sd, r)) > 1.96) is (abs(now - start) > needs)


def test_quantile_is_exact() -> None:
    from scipy.stats import norm as normal

    for level in (0.5, 0.8, 0.9, 0.95, 0.99):
        assert quantile(level) == pytest.approx(normal.ppf((1 + level) / 2), abs=1e-12)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0, 0.1611), (8, 8, 0.6756, 1), (3, 8, 0.137, 0.694)]
)
def test_wilson_as_published(count: int, of: int, low: float, high: float) -> None:
    found = wilson(count, of)
    assert found is not None
    assert found == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.9, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(counts: tuple[int, int], level: float) -> None:
    from scipy.stats import binomtest

    found, wanted = wilson(*counts, level), binomtest(*counts).proportion_ci(level, method="wilson")
    assert found is not None
    assert found == (pytest.approx(wanted.low, abs=EXACT), pytest.approx(wanted.high, abs=EXACT))


def test_wilson_of_nothing() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="4 of 3"):
        wilson(4, 3)


def test_own_spread_is_of_a_sample() -> None:
    import numpy as np

    values = [28.0, 40, 52, 12, 60, 72, 44]
    assert own_spread([*values, None]) == OwnSpread(7, pytest.approx(float(np.std(values, ddof=1)), abs=EXACT))
    assert own_spread([5]) == OwnSpread(1, None)
    assert own_spread([]) == OwnSpread(0, None)


# --- which figures judge ----------------------------------------------------------------------------------------------


def basis(instrument: Instrument, gap: int = 90, own: OwnSpread | None = None, **more: object) -> Basis | str:
    return choose_basis(instrument, instrument.main, "pupil", gap, own, **more)  # type: ignore[arg-type]


def needs(instrument: Instrument, gap: int = 90, own: OwnSpread | None = None, **more: object) -> float:
    found = basis(instrument, gap, own, **more)
    assert isinstance(found, Basis), found
    return found.needs


OWN = OwnSpread(112, 20.0)


def test_the_order_in_which_figures_are_taken() -> None:
    with_own_sd, with_norm = alpha(0.85, sd=8), norm(9)
    assert needs(made(alpha(0.85), with_norm, with_own_sd), own=OWN) == needed_change(8, 0.85)
    assert needs(made(alpha(0.85), with_norm), own=OWN) == needed_change(9, 0.85)
    assert needs(made(alpha(0.85)), own=OWN) == needed_change(20, 0.85)
    assert basis(made(with_norm), own=OWN) == NO_RELIABILITY
    assert basis(made(), own=OWN) == NO_RELIABILITY


def test_a_reliability_with_its_own_spread_beats_a_better_one_without() -> None:
    assert needs(made(retest(0.7, 90), norm(9), alpha(0.9, sd=8))) == needed_change(8, 0.9)


def test_a_retest_over_half_the_gap_comes_before_alpha() -> None:
    i = made(alpha(0.9, sd=10), retest(0.6, 45, sd=10))
    assert needs(i, 90) == needed_change(10, 0.6)
    assert needs(i, 91) == needed_change(10, 0.9)
    assert needs(made(retest(0.6, 7, sd=10)), 90) == needed_change(10, 0.6), "a short one is better than none"
    found = basis(made(retest(0.6, 7, sd=10)), 90)
    assert isinstance(found, Basis)
    assert "7 days" in found.notes[0]


def test_unverified_figures_are_never_used() -> None:
    assert basis(made(alpha(0.9, sd=10, checked="unverified")), own=OWN) == NO_RELIABILITY
    assert needs(made(alpha(0.9), norm(5, checked="unverified")), own=OWN) == needed_change(20, 0.9)
    assert isinstance(basis(made(alpha(0.9), norm(5, checked="unverified"))), str)


def test_figures_for_others_are_not_used() -> None:
    older = made(alpha(0.9), norm(5, ages=(14, 16)), norm(8))
    assert needs(older, age=12) == needed_change(8, 0.9)
    assert needs(older, age=15) == needed_change(5, 0.9)
    boys = made(alpha(0.9), norm(5, sex="M"), norm(8))
    assert (needs(boys, sex="F"), needs(boys, sex="M")) == (needed_change(8, 0.9), needed_change(5, 0.9))
    teachers = made(alpha(0.9), norm(5, respondents=("teacher",)))
    assert isinstance(basis(teachers), str)


@pytest.mark.parametrize(
    ("own", "judged_by"),
    [(None, False), (OwnSpread(29, 20.0), False), (OwnSpread(30, 20.0), True), (OwnSpread(40, 0.0), False), (OwnSpread(1, None), False)],
)
def test_own_spread_needs_thirty_starts(own: OwnSpread | None, judged_by: bool) -> None:
    assert isinstance(basis(made(alpha(0.85)), own=own), Basis) is judged_by


def test_what_a_change_is_judged_by_is_said() -> None:
    found = basis(made(alpha(0.85, sample="a study of adults")), own=OWN)
    assert isinstance(found, Basis)
    assert found.words == "spread from this school's 112 starts; reliability from a study of adults"
    assert (found.mixed, found.confirmed) == (True, True)
    few = basis(made(alpha(0.85)), own=OwnSpread(12, 20.0))
    assert isinstance(few, str)
    assert "12 of the 30" in few
    typed = basis(made(retest(0.81, 28, sd=1.1, checked="school")), 30)
    assert isinstance(typed, Basis)
    assert (typed.mixed, typed.confirmed) == (False, False)
    assert "1.1" in typed.words
    assert "0.81" in typed.words


def test_a_manuals_band() -> None:
    manual = Reliability("total", "manual", "NGRT manual", "school", band=7)
    i = made(manual, norm(15), low=40, high=160, kind="standard_score")
    found = basis(i)
    assert isinstance(found, Basis)
    assert found.needs == needed_change_of_band(7) == pytest.approx(7 * sqrt(2), abs=EXACT)
    assert "NGRT manual" in found.words
    with_alpha = made(Reliability("total", "alpha", "a study", "confirmed", 0.9, sd=15), manual)
    assert needs(with_alpha) == needed_change_of_band(7), "the publisher's band of one score comes before alpha"
    assert needs(made(manual, retest(0.8, 90, sd=15))) == needed_change(15, 0.8)


def test_ordered_scales_and_reading_ages_are_not_judged() -> None:
    for kind in ("ordinal", "age_months"):
        assert isinstance(basis(made(alpha(0.9, sd=1), kind=kind), own=OWN), str)


# --- the verdict ------------------------------------------------------------------------------------------------------


def test_more_than_needed_counts_and_as_much_does_not() -> None:
    scale = made().main
    assert verdict_of(scale, 30, 50, 20).verdict == NO_CLEAR_CHANGE
    assert verdict_of(scale, 30, 51, 20).verdict == GAIN
    assert verdict_of(scale, 30, 9, 20).verdict == DECLINE
    tenths = made(high=1, step=0.1).main
    assert verdict_of(tenths, 0.1, 0.4, 0.3).verdict == NO_CLEAR_CHANGE, "0.4 - 0.1 is a little more than 0.3 in floats"
    lower = made(better="lower").main
    assert verdict_of(lower, 30, 9, 20).verdict == GAIN
    assert verdict_of(lower, 30, 51, 20).verdict == DECLINE


def test_no_room_to_improve() -> None:
    scale = made().main
    assert verdict_of(scale, 80, 85, 20) == verdict_of(scale, 80, 95, 20)
    at_ceiling = verdict_of(scale, 80, 95, 20)
    assert (at_ceiling.verdict, at_ceiling.why, at_ceiling.at_ceiling, at_ceiling.next_score) == (CANNOT_BE_JUDGED, NO_ROOM, True, None)
    just_below = verdict_of(scale, 79, 95, 20)
    assert (just_below.verdict, just_below.at_ceiling, just_below.next_score) == (NO_CLEAR_CHANGE, False, 100)
    fall = verdict_of(scale, 90, 20, 20)
    assert (fall.verdict, fall.at_ceiling) == (DECLINE, True), "a fall is not hidden behind a good start"


def test_the_corridor_stays_on_the_scale() -> None:
    assert verdict_of(made().main, 10, 10, 20).corridor == (0, 30)
    assert verdict_of(made().main, 50, 50, 20.5).corridor == (29.5, 70.5)


def test_who5_with_the_schools_own_spread() -> None:
    own = OwnSpread(112, 22.1 / (1.96 * sqrt(0.3)))
    j = judged(bundled("who5"), (BEGAN, 28), (date(2026, 9, 14), 40), (date(2026, 11, 23), 52), own=own)
    assert (j.verdict, j.rule, j.change, j.readings, j.smallest_change) == (GAIN, RELIABLE_CHANGE, 24, 3, 10)
    assert j.needs == pytest.approx(22.1, abs=EXACT)
    assert (j.next_score, j.needs_words) == (52, "24 points or more count")
    assert j.corridor == (pytest.approx(5.9), pytest.approx(50.1))
    assert j.words == "reliable gain"
    assert j.smallest_change_words == "more than the published smallest change of 10"
    assert j.basis == "spread from this school's 112 starts; reliability from a study of adults"
    assert j.mixed
    assert not j.agreed
    assert j.start is not None
    assert j.start.value.rests_on == (("reading", (1, 1)),)
    assert j.change_value.rests_on == (("reading", (1, 1)), ("reading", (1, 3)))
    assert j.as_figure() == {
        "instrument": "who5",
        "edition": "1998",
        "respondent": "pupil",
        "scale": "total",
        "strand": "wellbeing",
        "goal": None,
        "better": "higher",
        "agreed": False,
        "start": {"date": "2026-06-08", "value": 28},
        "now": {"date": "2026-11-23", "value": 52},
        "readings": 3,
        "change": 24,
        "verdict": "gain",
        "rule": "reliable change",
        "needs": j.needs,
        "basis": j.basis,
        "why": None,
        "smallest_change": 10,
    }


def test_who5_without_thirty_starts_cannot_be_judged() -> None:
    j = judged(bundled("who5"), (BEGAN, 28), (date(2026, 11, 23), 52), own=OwnSpread(29, 20.0))
    assert (j.verdict, j.rule, j.needs, j.corridor, j.change, j.smallest_change) == (CANNOT_BE_JUDGED, None, None, None, 24, 10)
    assert j.why is not None
    assert "29 of the 30" in j.why


def test_one_reading_is_no_change_of_nought() -> None:
    j = judged(bundled("who5"), (date(2026, 9, 10), 40), own=OWN)
    assert (j.verdict, j.why, j.change, j.now, j.readings) == (CANNOT_BE_JUDGED, ONE_READING, None, None, 1)
    assert j.change_words == "\u2013"
    assert j.words == "cannot be judged: one reading only"
    none = judged(bundled("who5"), own=OWN)
    assert (none.verdict, none.start, none.readings) == (CANNOT_BE_JUDGED, None, 0)


def test_two_readings_of_one_day_are_no_change() -> None:
    j = judged(bundled("who5"), (date(2026, 9, 10), 40), (date(2026, 9, 10), 56), own=OWN)
    assert (j.verdict, j.change) == (CANNOT_BE_JUDGED, None)
    later = judged(bundled("who5"), (date(2026, 9, 10), 40), (date(2026, 9, 10), 56), (date(2026, 11, 12), 60), own=OWN)
    assert later.change == 20


def test_a_reading_before_the_start_is_not_now() -> None:
    who5 = bundled("who5")
    rows = series(who5, (date(2026, 5, 1), 80), (BEGAN, 28))
    j = judge(who5, rows, start_of(rows, [], [], began=BEGAN, as_of=TODAY), as_of=TODAY, own=OWN)
    assert (j.why, j.now, j.readings) == (ONE_READING, None, 2)
    earlier = judge(who5, rows, start_of(rows, [], [], began=BEGAN, as_of=TODAY), as_of=date(2026, 5, 2), own=OWN)
    assert (earlier.verdict, earlier.change, earlier.now) == (CANNOT_BE_JUDGED, None, None), "a start that lies ahead of the day asked"


def test_sdq_totals_by_own_spread_and_the_published_retest() -> None:
    sdq = bundled("sdq_teacher")
    own = OwnSpread(64, 6.0)
    j = judged(sdq, (BEGAN, 24), (date(2026, 11, 20), 13), own=own)
    assert j.needs == pytest.approx(1.96 * 6 * sqrt(2 * 0.38), abs=EXACT)
    assert (j.verdict, j.change) == (GAIN, -11)
    assert judged(sdq, (BEGAN, 24), (date(2026, 11, 20), 19), own=own).verdict == NO_CLEAR_CHANGE
    assert judged(sdq, (BEGAN, 13), (date(2026, 11, 20), 24), own=own).verdict == DECLINE
    assert judged(sdq, (BEGAN, 24), (date(2026, 11, 20), 13)).verdict == CANNOT_BE_JUDGED
    years = judged(sdq, (BEGAN, 24), (date(2028, 11, 20), 13), own=own, as_of=date(2028, 12, 1))
    assert years.needs == j.needs, "alpha never takes the retest's place"


def test_a_subscale_is_never_judged() -> None:
    sdq = bundled("sdq_teacher")
    rows = [replace(r, parts=f'{{"peer":{v}}}') for r, v in zip(series(sdq, (BEGAN, 24), (date(2026, 11, 20), 13)), (9, 1), strict=True)]
    j = judge(sdq, rows, start_of(rows, [], [], began=BEGAN, as_of=TODAY), as_of=TODAY, scale_id="peer", own=OwnSpread(200, 2.0))
    assert (j.change, j.verdict, j.why, j.scale) == (-8, CANNOT_BE_JUDGED, NO_RELIABILITY, "peer")


def test_a_reading_without_that_scale_is_left_out() -> None:
    sdq = bundled("sdq_teacher")
    rows = series(sdq, (BEGAN, 24), (date(2026, 11, 20), 13))
    j = judge(sdq, rows, start_of(rows, [], [], began=BEGAN, as_of=TODAY), as_of=TODAY, scale_id="peer")
    assert (j.verdict, j.change, j.readings) == (CANNOT_BE_JUDGED, None, 0)


def test_standard_scores() -> None:
    plain = bundled("reading_test", "NGRT 4")
    assert judged(plain, (BEGAN, 82), (date(2026, 11, 16), 85)).why == NO_RELIABILITY
    typed = plain.with_reliability(Reliability("standard_score", "alpha", "NGRT manual, page 31", "school", 0.90))
    j = judged(typed, (BEGAN, 82), (date(2026, 11, 16), 85))
    assert j.needs == pytest.approx(1.96 * 15 * sqrt(0.2), abs=EXACT)
    assert (j.verdict, j.words, j.next_score) == (NO_CLEAR_CHANGE, "kept pace with age; more cannot be told", 96)
    assert not j.mixed
    risen = judged(typed, (BEGAN, 82), (date(2026, 11, 16), 96))
    assert (risen.verdict, risen.words) == (GAIN, "gain, by figures that the school typed")
    age = judge(typed, [], None, as_of=TODAY, scale_id="reading_age")
    assert age.verdict == CANNOT_BE_JUDGED


def test_goals_have_no_change_figure() -> None:
    j = judged(bundled("goal"), (BEGAN, 3), (date(2026, 11, 16), 8), own=OwnSpread(90, 2.0))
    assert (j.change, j.verdict, j.why, j.smallest_change, j.smallest_change_words) == (5, CANNOT_BE_JUDGED, NO_RELIABILITY, None, "")


def test_different_raters_are_said() -> None:
    i = made(retest(0.8, 90, sd=5))
    rows = [replace(r, rater=name) for r, name in zip(series(i, (BEGAN, 40), (date(2026, 9, 1), 60)), "AB", strict=True)]
    j = judge(i, rows, start_of(rows, [], [], began=BEGAN, as_of=TODAY), as_of=TODAY)
    assert j.notes == ("The two readings were rated by different people.",)


def test_an_ordered_questionnaire_has_no_verdict() -> None:
    j = judged(made(alpha(0.9, sd=1), low=1, high=5, kind="ordinal"), (BEGAN, 2), (date(2026, 9, 1), 4))
    assert (j.verdict, j.words, j.change) == (None, "", 2)


SCORES = st.integers(0, 50)


@given(SCORES, SCORES, st.floats(0.5, 30), st.floats(0.1, 0.95))
def test_reversing_direction_swaps_gain_and_decline(start: int, now: int, sd: float, r: float) -> None:
    values = ((BEGAN, float(start)), (date(2026, 9, 1), float(now)))
    up, down = (judged(made(alpha(r, sd=sd), high=50, better=better), *values) for better in ("higher", "lower"))
    swapped = {GAIN: DECLINE, DECLINE: GAIN}
    if up.verdict in swapped or down.verdict in swapped:
        assert up.verdict is not None
        assert down.verdict == swapped[up.verdict]
    assert up.change == down.change
    mirrored = judged(made(alpha(r, sd=sd), high=50, better="lower"), *((d, 50 - v) for d, v in values))
    assert (mirrored.verdict, mirrored.why, mirrored.at_ceiling) == (up.verdict, up.why, up.at_ceiling)


@given(SCORES, SCORES, st.floats(0.5, 30), st.floats(0.1, 0.95), st.integers(-500, 500), st.sampled_from(["higher", "lower"]))
def test_adding_a_constant_changes_nothing(start: int, now: int, sd: float, r: float, constant: int, better: str) -> None:
    values = ((BEGAN, float(start)), (date(2026, 9, 1), float(now)))
    plain = judged(made(alpha(r, sd=sd), high=50, better=better), *values)
    moved = judged(made(alpha(r, sd=sd), low=constant, high=50 + constant, better=better), *((d, v + constant) for d, v in values))
    assert (plain.verdict, plain.why, plain.change, plain.needs, plain.at_ceiling) == (
        moved.verdict,
        moved.why,
        moved.change,
        moved.needs,
        moved.at_ceiling,
    )


@given(SCORES, SCORES, st.floats(0.5, 30), st.floats(0.1, 0.95), st.sampled_from(["higher", "lower"]))
def test_the_next_score_is_the_first_that_counts(start: int, now: int, sd: float, r: float, better: str) -> None:
    i = made(alpha(r, sd=sd), high=50, better=better)
    j = judged(i, (BEGAN, float(start)), (date(2026, 9, 1), float(now)))
    assert j.needs is not None
    gains = [s for s in i.main.steps if verdict_of(i.main, start, s, j.needs).verdict == GAIN]
    assert j.next_score == (min(gains, key=lambda s: abs(s - start)) if gains else None)
    assert j.at_ceiling is not bool(gains)


@given(st.lists(st.tuples(st.integers(0, 160).map(lambda n: BEGAN + timedelta(days=n)), SCORES | st.none()), max_size=6))
def test_missing_stays_missing(rows: list[tuple[date, int | None]]) -> None:
    i = made(alpha(0.8, sd=5), high=50)
    j = judged(i, *((d, None if v is None else float(v)) for d, v in rows))
    known = [d for d, v in rows if v is not None]
    assert j.readings == len(known)
    if len(set(known)) < 2 or len(known) != len(rows):
        assert j.verdict == CANNOT_BE_JUDGED or len(set(known)) > 1
    if len(set(known)) < 2:
        assert j.change is None
        assert j.verdict == CANNOT_BE_JUDGED


# --- engagement -------------------------------------------------------------------------------------------------------

AUTUMN = Calendar.of(
    [HalfTerm(1, 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18))]
)


def lessons(monday: date, text: str) -> list[LessonScore]:
    """Scores of lessons from a Monday on, five a day: '44352 31...', '-' for a lesson that was not rated."""
    found: list[LessonScore] = []
    for i, one in enumerate(text.split()):
        day = day_numbers.to_number(monday + timedelta(days=i))
        found += [LessonScore(1, day * 8 + n, None if c == "-" else int(c)) for n, c in enumerate(one)]
    return found


def test_engagement_is_counts_in_the_first_and_last_four_school_weeks() -> None:
    mondays = [w.first_day for w in AUTUMN.weeks(date(2026, 9, 7), date(2026, 11, 20))]
    assert len(mondays) == 10, "the half-term holiday is no school week"
    scores = [s for i, monday in enumerate(mondays) for s in lessons(monday, "143 -2" if i < 6 else "544 -3")]
    j = judge_engagement(bundled("lesson_engagement"), scores, began=date(2026, 9, 7), as_of=TODAY, calendar=AUTUMN)
    assert (j.verdict, j.why, j.change, j.needs, j.corridor) == (None, None, None, None, None)
    assert j.start is not None
    assert j.now is not None
    assert (j.start.value.words, j.now.value.words) == ("4 of 16", "12 of 16")
    assert (j.start.day, j.start.last_day) == (date(2026, 9, 7), date(2026, 10, 4))
    assert (j.now.day, j.now.last_day) == (date(2026, 10, 19), date(2026, 11, 22))
    figure = j.as_figure()
    assert figure["start"] == {"date": "2026-09-07", "to": "2026-10-04", "value": {"count": 4, "of": 16}}
    assert (figure["verdict"], figure["rule"], j.readings) == (None, None, 40)


@pytest.mark.parametrize(("weeks", "each", "why"), [(7, "44444", "7 school weeks"), (8, "44", "8 lessons"), (0, "4", "no lesson")])
def test_too_little_engagement_cannot_be_judged(weeks: int, each: str, why: str) -> None:
    mondays = [w.first_day for w in AUTUMN.weeks(date(2026, 9, 7), date(2026, 12, 18))][:weeks]
    scores = [s for monday in mondays for s in lessons(monday, each)]
    j = judge_engagement(bundled("lesson_engagement"), scores, began=date(2026, 9, 7), as_of=date(2026, 12, 18), calendar=AUTUMN)
    assert j.verdict == CANNOT_BE_JUDGED
    assert j.why is not None
    assert why in j.why


def test_weeks_without_a_rated_lesson_are_not_nought() -> None:
    scores = (
        lessons(date(2026, 9, 7), "44444")
        + lessons(date(2026, 9, 21), "1---5")
        + [LessonScore(1, day_numbers.to_number(date(2026, 9, 22)) * 8, None, 3)]
    )
    weeks = engagement_weeks(scores, 4, AUTUMN, as_of=TODAY)
    assert [(w.number, w.count, w.of) for w in weeks] == [(1, 5, 5), (2, 0, 0), (3, 1, 2)]
    assert [w.of for w in engagement_weeks(scores, 4, as_of=TODAY)] == [5, 2]
    assert engagement_weeks(scores, 4, AUTUMN, began=date(2026, 10, 1)) == ()


def test_the_pupils_own_ratings_are_a_series_of_their_own() -> None:
    row = LessonScore(1, day_numbers.to_number(date(2026, 9, 7)) * 8, 5, 2)
    j = judge_engagement(bundled("lesson_engagement"), [row], began=None, as_of=TODAY, own_ratings=True)
    assert j.respondent == "pupil"
    assert j.start is not None
    assert (j.start.value.count, j.start.value.of) == (0, 1)


WEEKS = st.lists(st.tuples(st.integers(0, 12), st.integers(5, 12), st.integers(1, 3)), min_size=8, max_size=20)


@given(WEEKS)
def test_the_trend_agrees_with_scipy(rows: list[tuple[int, int, int]]) -> None:
    from scipy.stats import kendalltau, theilslopes
    from scipy.stats import norm as normal

    number, weeks = 0, []
    for count, of, step in rows:
        number += step
        weeks.append(WeekCount(date(2026, 1, 5) + timedelta(weeks=number), number, min(count, of), of))
    found = weekly_trend(weeks)
    assert found is not None
    x, y = [w.number for w in weeks], [w.count / w.of for w in weeks]
    wanted = theilslopes(y, x, method="joint")
    assert found.slope == pytest.approx(wanted.slope, abs=EXACT)
    assert found.intercept == pytest.approx(wanted.intercept, abs=EXACT)
    if abs(found.s) > 1:  # scipy's form has no continuity correction: taken out, the two agree
        z = found.z * found.s / (found.s - (1 if found.s > 0 else -1))
        assert 2 * normal.sf(abs(z)) == pytest.approx(kendalltau(x, y, method="asymptotic").pvalue, abs=EXACT)
    turned = weekly_trend([replace(w, count=w.of - w.count) for w in weeks])
    assert turned is not None
    assert (turned.s, turned.z) == (-found.s, pytest.approx(-found.z, abs=EXACT))
    assert turned.direction == {"rising": "falling", "falling": "rising"}.get(found.direction, found.direction)


def test_mann_kendall_by_hand() -> None:
    """Eight rising weeks: S = 28, variance 8*7*21/18 = 65.33, z = 27/8.083 = 3.340; with one tie of two: S = 27, variance 64.33."""
    weeks = [WeekCount(date(2026, 1, 5), n, n, 10) for n in range(1, 9)]
    found = weekly_trend(weeks)
    assert found is not None
    assert (found.s, found.z) == (28, pytest.approx(27 / sqrt(8 * 7 * 21 / 18), abs=EXACT))
    assert (found.slope, found.words) == (pytest.approx(0.1, abs=EXACT), "rising in these 8 weeks")
    tied = weekly_trend([*weeks[:7], replace(weeks[7], count=7)])
    assert tied is not None
    assert (tied.s, tied.z) == (27, pytest.approx(26 / sqrt((8 * 7 * 21 - 2 * 1 * 9) / 18), abs=EXACT))


def test_a_trend_needs_eight_weeks_of_five_lessons() -> None:
    weeks = [WeekCount(date(2026, 1, 5), n, 3, 5) for n in range(1, 9)]
    flat = weekly_trend(weeks)
    assert flat is not None
    assert (flat.direction, flat.z, flat.words) == ("no clear trend", 0.0, "no clear trend in these 8 weeks")
    assert weekly_trend(weeks[:7]) is None
    assert weekly_trend([*weeks[:7], replace(weeks[7], of=4)]) is None
    more = weekly_trend([*weeks, WeekCount(date(2026, 3, 5), 9, 0, 0)])
    assert more is not None
    assert (more.weeks, more.left_out) == (8, 1)


def test_pairings_as_published() -> None:
    """Parker and Vannest 2009: 38.5 of 42."""
    found = pairings([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29])
    assert found is not None
    assert (found.better + found.equal / 2, found.pairs) == (38.5, 42)
    assert found.nap == pytest.approx(38.5 / 42, abs=EXACT)
    assert found.words == "in 38 of 42 pairings the later week was better, and in 1 it was the same"
    assert pairings([], [1]) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_pairings_agree_with_scipy(earlier: list[int], later: list[int]) -> None:
    from scipy.stats import mannwhitneyu

    found, lower = pairings(earlier, later), pairings(earlier, later, "lower")
    assert found is not None
    assert lower is not None
    u = mannwhitneyu(later, earlier, method="asymptotic").statistic if len(set(earlier + later)) > 1 else len(earlier) * len(later) / 2
    assert found.nap == pytest.approx(u / (len(earlier) * len(later)), abs=EXACT)
    assert found.nap + lower.nap == pytest.approx(1, abs=EXACT)


# --- attendance, behaviour, reading ages ------------------------------------------------------------------------------

STATED = StatedAttendance(1, 4, "Parkfield Academy", date(2025, 9, 1), date(2026, 6, 5), 380, 118, 120, 142)


def test_attendance_before_and_since_is_counts_and_a_word() -> None:
    since = Tally.of_counts(128, 30, 15)
    found = attendance_before_and_since(STATED, since, first=BEGAN, last=TODAY)
    assert found.compared == "better"
    assert found.words == "118 of 380 (31.1%) before, stated by Parkfield Academy; 128 of 173 (74.0%) since: better"
    assert found.before is not None
    assert found.before.rests_on == (("stated_attendance", (1, 4)),)
    worse = attendance_before_and_since(STATED, Tally.of_counts(1, 9, 0))
    assert worse.compared == "worse"
    same = attendance_before_and_since(replace(STATED, possible=20, attended=10), Tally.of_counts(50, 50, 0))
    assert same.compared == "the same"
    assert attendance_before_and_since(None, since).compared is None
    assert "nothing is stated" in attendance_before_and_since(None, since).words
    assert attendance_before_and_since(STATED, Tally()).compared is None


def test_equal_lengths_where_there_are_any() -> None:
    assert equal_since(replace(STATED, first_day=date(2026, 5, 1), last_day=date(2026, 5, 31)), BEGAN, TODAY) == (BEGAN, date(2026, 7, 8))
    assert equal_since(STATED, BEGAN, TODAY) is None
    assert equal_since(replace(STATED, first_day=None), BEGAN, TODAY) is None


def test_behaviour_is_a_rate_with_its_counts() -> None:
    before = rate_per_ten(14, 43)
    assert (before.text, rate_words(before)) == ("3.3 per 10", "3.3 per 10 sessions attended (14 in 43)")
    assert rate_words(rate_per_ten(3, 0)) == "3 in 0"
    assert rate_per_ten(3, 0).value is None
    assert behaviour_before_and_since((14, 43), (3, 29)).compared == "better"
    assert behaviour_before_and_since((14, 43), (3, 29), fewer_is_better=False).compared == "worse"
    assert behaviour_before_and_since((14, 43), (28, 86)).compared == "the same"
    assert behaviour_before_and_since((14, 0), (28, 86)).compared is None


def test_reading_ages() -> None:
    assert months_gained((date(2026, 6, 9), 99), (date(2026, 11, 16), 106)).words == "7 months gained in 5 months"
    assert months_gained((date(2026, 6, 9), 99), (date(2026, 11, 16), 98)).words == "1 month lost in 5 months"
    early = months_gained((date(2026, 6, 9), 99), (date(2026, 9, 8), 106))
    assert (early.gained, early.gone_by) == (None, 2)
    assert "3 months apart" in early.words
    assert months_gained((date(2026, 6, 9), 99), (date(2026, 9, 9), 106)).gained == 7
    assert months_gained((date(2026, 6, 9), 99), None).why == ONE_READING
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0
    group = group_months([months_gained((date(2026, 1, 9), 99), (date(2026, 11, 16), 99 + n)) for n in (3, 20, 6)] + [early])
    assert (group.gained.value, group.gone_by.value) == (6, 10)
    assert group.gained.denominator == "3 of 4; 1 the two tests are less than 3 months apart"
    assert group_months([]).gained.value is None


def test_verdicts_of_a_group_are_counted_with_those_that_cannot_be_judged() -> None:
    i = made(alpha(0.8, sd=5))
    pairs = [(10, 40), (10, 12), (40, 10), (95, 97)]
    rows = [judged(i, (BEGAN, float(a)), (date(2026, 9, 1), float(b))) for a, b in pairs] + [judged(i, (BEGAN, 5.0))]
    found = count_verdicts(rows)
    assert (found.gain, found.decline, found.no_clear_change, found.judged, found.of, found.at_ceiling) == (1, 1, 1, 3, 5, 1)
    assert found.words == (
        "1 of 3 gained, 1 declined, 1 no clear change; 1 no room to improve that much; 1 one reading only; "
        "about 2.5 of 100 each way are expected by chance"
    )


def test_judging_loads_no_heavy_library() -> None:
    """Start-up: the common path imports neither numpy nor scipy."""
    import subprocess

    code = (
        "import sys, approgress.domain.change as c, approgress.store.catalogue as k\n"
        "k.code_set(); k.library(); c.wilson(3, 8); c.own_spread([1, 2, 3])\n"
        "print(sorted(set(sys.modules) & {'numpy', 'scipy', 'sqlalchemy', 'PySide6'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
