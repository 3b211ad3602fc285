"""Scores from answers: by each instrument's own rules, and as properties of the scorer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal
from approgress.domain.instruments import Instrument, Item, Licence, Response, Scale, read_instrument
from approgress.domain.records import Reading
from approgress.domain.scoring import (
    DECLINED,
    NOT_REACHED,
    SCORER,
    answers_from_bytes,
    answers_to_bytes,
    parts_of,
    raised,
    reading_score,
    score,
    score_typed,
)
from approgress.store.catalogue import bundled_instruments

FIVE = tuple(Response(v, str(v)) for v in range(5))


def instrument(items: int = 5, *, reverse: tuple[int, ...] = (), risk: tuple[int, ...] = (), **scale: object) -> Instrument:
    made = tuple(Item(n, f"Item {n}", FIVE, reverse=n in reverse, risk=n in risk) for n in range(1, items + 1))
    settings: dict[str, object] = {
        "low": 0,
        "high": 4 * items,
        "better": "higher",
        "kind": "interval",
        "items": tuple(range(1, items + 1)),
        **scale,
    }
    total = Scale("total", "Total", **settings)  # type: ignore[arg-type]
    return Instrument("made", "1", "Made", "Made", "wellbeing", ("pupil",), "items", Licence("us", True), (total,), items=made)


def bundled(instrument_id: str) -> Instrument:
    found = bundled_instruments().get(instrument_id)
    assert found is not None
    return found


ANSWERS = st.lists(st.sampled_from([0, 1, 2, 3, 4, DECLINED, NOT_REACHED]), min_size=5, max_size=5).map(lambda a: dict(enumerate(a, 1)))
GIVEN = st.lists(st.integers(0, 4), min_size=5, max_size=5).map(lambda a: dict(enumerate(a, 1)))


@pytest.mark.parametrize(
    ("answers", "total"),
    [([5, 5, 5, 5, 5], 100), ([0, 0, 0, 0, 0], 0), ([1, 2, 1, 2, 1], 28), ([3, 3, 2, 3, 2], 52), ([3, 2, 3, 2, 2], 48)],
)
def test_who5_is_the_sum_times_four(answers: list[int], total: int) -> None:
    who5 = bundled("who5")
    found = score(who5, dict(enumerate(answers, 1)))
    assert found["total"] == total
    assert found.scorer == SCORER
    assert found.parts is None
    band = who5.band_of("total", total, "pupil")
    assert band is not None
    assert (band.label == "not low") is (total > 50)


def test_who5_needs_all_five() -> None:
    found = score(bundled("who5"), {1: 5, 2: None, 3: 5, 4: 5})
    assert found.main.value is None
    assert (found.main.answered, found.main.declined, found.main.not_reached) == (3, 1, 1)
    assert found.main.why == "1 of 5 declined; 1 of 5 not reached"


def test_answers_are_kept_as_bytes() -> None:
    who5 = bundled("who5")
    kept = answers_to_bytes(who5, {1: 5, 3: 0, 4: None, 2: DECLINED})
    assert kept == bytes([5, DECLINED, 0, DECLINED, NOT_REACHED])
    assert answers_from_bytes(who5, kept) == {1: 5, 2: DECLINED, 3: 0, 4: DECLINED, 5: NOT_REACHED}
    assert score(who5, kept) == score(who5, {1: 5, 3: 0, 2: None, 4: None})
    with pytest.raises(Refusal, match="4 answers"):
        answers_from_bytes(who5, kept[:4])


@pytest.mark.parametrize(
    ("answers", "said"),
    [({1: 6}, "Item 1 of WHO-5 takes 0 to 5, not 6."), ({1: -1}, "takes 0 to 5"), ({9: 1}, "no item 9"), ({0: 1}, "no item 0")],
)
def test_an_impossible_answer_is_refused(answers: dict[int, int], said: str) -> None:
    for use in (score, answers_to_bytes):
        with pytest.raises(Refusal, match=said):
            use(bundled("who5"), answers)


def test_unanswered_items_are_prorated_half_up() -> None:
    """The SDQ's published example: 4 from 3 answered items of 5 is 6.67, so 7."""
    i = instrument(missing_allowed=2)
    assert score(i, {1: 1, 2: 1, 3: 2})["total"] == 7
    assert score(i, {1: 1, 2: 1, 3: 2}).main.prorated
    assert score(i, {1: 1, 2: 1, 3: 2, 4: 0})["total"] == 5
    assert score(i, {1: 1, 2: 1})["total"] is None
    assert score(instrument(4, missing_allowed=2), {1: 1, 2: 2})["total"] == 6
    assert score(instrument(5, missing_allowed=1), {1: 1, 2: 1, 3: 2, 4: 2})["total"] == 8, "7.5 goes up"
    exact = score(instrument(missing_allowed=2, prorate_round=False), {1: 1, 2: 1, 3: 2})["total"]
    assert exact == pytest.approx(20 / 3, abs=1e-12)


def test_a_mean_is_of_those_answered() -> None:
    i = instrument(score="mean", high=4, missing_allowed=2)
    assert score(i, {1: 1, 2: 2, 3: 4})["total"] == pytest.approx(7 / 3, abs=1e-12)
    assert score(i, {1: 1, 2: 2, 3: 4, 4: 0, 5: 1})["total"] == pytest.approx(8 / 5, abs=1e-12)


def test_a_table_converts() -> None:
    i = instrument(2, score="table", low=7, high=15, missing_allowed=1, table=tuple((raw, 7 + raw + 0.25 * (raw == 3)) for raw in range(9)))
    assert score(i, {1: 1, 2: 2})["total"] == 10.25
    assert score(i, {1: 2})["total"] == 11
    typed = replace(i, entry="scores", items=())
    assert score_typed(typed, {"total": 3})["total"] == 10.25
    with pytest.raises(Refusal, match="0 to 8"):
        score_typed(typed, {"total": 9})


def test_a_risk_item_is_raised_above_its_lowest() -> None:
    i = instrument(risk=(4,))
    assert raised(i, {4: 0, 1: 4}) == ()
    assert raised(i, {4: 1}) == (4,)
    assert raised(i, {4: None}) == ()
    assert raised(i, bytes([0, 0, 0, NOT_REACHED, 0])) == ()
    assert raised(i, bytes([0, 0, 0, 2, 0])) == (4,)


def test_typed_sdq_scores_make_the_total() -> None:
    sdq = bundled("sdq_teacher")
    found = score_typed(sdq, {"emotional": 4, "conduct": 6, "hyperactivity": 9, "peer": 5, "prosocial": 3})
    assert found["total"] == 24
    assert list(found) == ["total", "emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact"]
    assert dict(found)["impact"] is None
    reading = Reading(1, 1, date(2026, 6, 8), "sdq_teacher", "T4-17", "teacher", found.main.value, found.parts)
    assert parts_of(reading) == {"emotional": 4, "conduct": 6, "hyperactivity": 9, "peer": 5, "prosocial": 3}
    assert (reading_score(reading, sdq), reading_score(reading, sdq, "peer"), reading_score(reading, sdq, "impact")) == (24, 5, None)


def test_a_total_alone_stands_and_a_wrong_one_is_refused() -> None:
    sdq = bundled("sdq_parent")
    assert score_typed(sdq, {"total": 19})["total"] == 19
    assert score_typed(sdq, {"emotional": 4})["total"] is None
    assert score_typed(sdq, {"emotional": 4}).main.why == "3 of the 4 scales that make it are missing"
    with pytest.raises(Refusal, match="its parts make 10"):
        score_typed(sdq, {"total": 19, "emotional": 1, "conduct": 2, "hyperactivity": 3, "peer": 4})
    with pytest.raises(Refusal, match="0 to 10"):
        score_typed(sdq, {"peer": 11})
    with pytest.raises(Refusal, match="no scale"):
        score_typed(sdq, {"anxiety": 1})


@given(ANSWERS, st.integers(0, 4), st.booleans())
def test_missing_stays_missing(answers: dict[int, int], allowed: int, rounded: bool) -> None:
    found = score(instrument(missing_allowed=allowed, prorate_round=rounded), answers).main
    missing = sum(a in (DECLINED, NOT_REACHED) for a in answers.values())
    assert found.answered + found.declined + found.not_reached == 5
    assert (found.value is None) is (missing > allowed or missing == 5)
    assert found.prorated is (found.value is not None and missing > 0)
    if found.value is not None:
        assert 0 <= found.value <= 20


@given(ANSWERS, st.sets(st.integers(1, 5)))
def test_reversing_an_item_and_its_answer_changes_nothing(answers: dict[int, int], reverse: set[int]) -> None:
    turned = {n: 4 - a if n in reverse and a < DECLINED else a for n, a in answers.items()}
    left = score(instrument(missing_allowed=2), answers)
    right = score(instrument(missing_allowed=2, reverse=tuple(reverse)), turned)
    assert left == right


@given(GIVEN)
def test_reversing_every_item_mirrors_the_score(answers: dict[int, int]) -> None:
    left = score(instrument(), answers)["total"]
    right = score(instrument(reverse=(1, 2, 3, 4, 5)), answers)["total"]
    assert left is not None
    assert right == 20 - left


@given(ANSWERS, st.sampled_from([1, 2, 4, 0.5, 2.5]))
def test_multiplying_comes_after_the_score(answers: dict[int, int], factor: float) -> None:
    plain = score(instrument(missing_allowed=2), answers)["total"]
    found = score(instrument(missing_allowed=2, multiply=factor), answers)["total"]
    assert found == (None if plain is None else float(Fraction(str(factor)) * Fraction(plain)))


@given(GIVEN, st.permutations([1, 2, 3, 4, 5]))
def test_the_order_in_which_answers_came_does_not_matter(answers: dict[int, int], order: list[int]) -> None:
    assert score(instrument(), {n: answers[n] for n in order}) == score(instrument(), answers)


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 5) | st.none()))
def test_who5_scores_can_be_reached(answers: dict[int, int | None]) -> None:
    who5 = bundled("who5")
    found = score(who5, answers)["total"]
    assert found is None or found in who5.main.steps


def test_every_band_edge_of_a_made_scale() -> None:
    text = """
id = "edges"
edition = "1"
name = "Edges"
strand = "home"
respondents = ["parent"]
entry = "scores"
[licence]
owner = "us"
text_may_be_shown = true
[[scales]]
id = "total"
name = "Total"
range = [0, 4]
step = 0.5
better = "lower"
kind = "count"
[[bands]]
scale = "total"
scheme = "s"
from = 0
to = 1.5
label = "few"
source = "s"
checked = "confirmed"
[[bands]]
scale = "total"
scheme = "s"
from = 2
to = 4
label = "many"
source = "s"
checked = "confirmed"
"""
    i = read_instrument(text, "edges.toml")
    labels = [band.label for s in i.main.steps if (band := i.band_of("total", s, "parent"))]
    assert labels == ["few"] * 4 + ["many"] * 5
