"""Rounding, percentages and the words for counts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.values import (
    Value,
    counted_words,
    number,
    percent,
    percent_words,
    ratio_half_up,
    round_half_up,
    share_words,
    signed,
)


@pytest.mark.parametrize(
    ("count", "of", "attendance", "absence"),
    [
        (1, 16, 6.3, 93.8),
        (5, 16, 31.3, 68.8),
        (11, 16, 68.8, 31.3),
        (13, 80, 16.3, 83.8),
        (3, 80, 3.8, 96.3),
        (45, 80, 56.3, 43.8),
        (2, 3, 66.7, 33.3),
        (58, 200, 29.0, 71.0),
    ],
)
def test_exact_halves_go_up(count: int, of: int, attendance: float, absence: float) -> None:
    assert percent(count, of) == attendance
    assert percent(of - count, of) == absence


def test_a_share_of_nothing_is_none() -> None:
    assert percent(0, 0) is None
    assert percent_words(0, 0) == "\u2013"
    assert counted_words(0, 0) == "0 of 0"
    assert Value.share(0, 0).value is None


def test_a_percentage_is_made_of_counts() -> None:
    with pytest.raises(ValueError, match="counts"):
        percent(-1, 3)


@pytest.mark.parametrize(
    ("x", "places", "rounded"), [(2.85, 1, 2.9), (0.5, 0, 1), (1.5, 0, 2), (2.5, 0, 3), (-2.5, 0, -3), (-2.85, 1, -2.9), (6.67, 0, 7)]
)
def test_floats_round_as_they_are_written(x: float, places: int, rounded: float) -> None:
    assert round_half_up(x, places) == rounded


def test_no_number_is_not_rounded() -> None:
    with pytest.raises(ValueError, match="rounded"):
        round_half_up(float("nan"))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 4))
def test_rounding_is_the_nearest_and_halves_go_away_from_zero(a: int, b: int, places: int) -> None:
    exact = Fraction(a, b)
    found = Fraction(ratio_half_up(a, b, places)).limit_denominator(10**places)
    gap = Fraction(1, 2 * 10**places)
    assert abs(found - exact) <= gap
    if abs(found - exact) == gap:
        assert abs(found) > abs(exact)
    assert round_half_up(exact, places) == ratio_half_up(a, b, places)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_percent_agrees_with_fractions(count: int, of: int) -> None:
    found = percent(count, of)
    assert found is not None
    assert abs(Fraction(found).limit_denominator(10) - Fraction(100 * count, of)) <= Fraction(1, 20)


def test_words() -> None:
    assert share_words(29, 33) == "29 of 33"
    assert percent_words(29, 33) == "88%"
    assert counted_words(29, 33) == "29 of 33 (88%)"
    assert number(1040) == "1,040"
    assert number(19.25) == "19.25"
    assert number(28.0) == "28"
    assert number(3.25, 1) == "3.3"
    assert number(None) == "\u2013"
    assert (signed(24), signed(-5), signed(0), signed(None)) == ("+24", "\u22125", "0", "\u2013")
    assert number(-0.001) == "0"


def test_a_value_speaks_with_its_denominator() -> None:
    value = Value.share(5, 16, missing={"no starting point": 3, "never attended": 2}, rests_on=(("mark", (1, 2, 3)),))
    assert value.value == 31.25
    assert value.text == "31.3%"
    assert value.words == "5 of 16 (31.3%)"
    assert value.denominator == "5 of 16; 3 no starting point; 2 never attended"
    assert Value(52).words == "52"
    assert Value(None).text == "\u2013"
    assert Value(None, 12, 20).words == "12 of 20"
    assert hash(value) == hash(Value.share(5, 16, missing={}, rests_on=(("mark", (1, 2, 3)),)))
