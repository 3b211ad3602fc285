"""Records of physical intervention: who may sign, what a later change does to a signature, parent told or withheld, review, struck through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from approgress.domain.acts.interventions import InterventionForm, form_of, missing, put_intervention, review, sign, strike
from approgress.domain.edits import NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Intervention, Person

DAY = date(2026, 11, 24)
WRITER, OTHER, HEAD, VISITOR = Person(9, "T. Mbeki"), Person(4, "A. Ahmed"), Person(5, "H. Head", "head"), Person(6, "V. Visit", "visitor")
GOOD = InterventionForm(day=DAY, sort="restraint", what_done="Held by the arms")


def put(form: InterventionForm, held: Intervention | None = None, person: int = 9) -> Intervention:
    numbers = count(100)
    edits = put_intervention(NewIds(lambda _k: next(numbers)), 1, form, today=DAY, person_id=person, held=held)
    if not edits:
        assert held is not None
        return held
    (edit,) = edits
    assert isinstance(edit, Put)
    return edit.record  # type: ignore[no-any-return]


def signed(held: Intervention) -> Intervention:
    (edit,) = sign(held, OTHER, today=DAY)
    assert isinstance(edit, Put)
    return edit.record  # type: ignore[no-any-return]


def test_a_record_is_restricted_and_says_what_it_still_lacks() -> None:
    made = put(GOOD)
    assert made.privacy == "restricted" and made.person_id == 9
    assert missing(made)[:2] == ("parent to be told", "second adult’s signature")
    whole = replace(
        made, told_on=DAY, told_who="mum", signed_by=4, staff="T. Mbeki", led_to="x", tried_first="x", why_needed="x", injury="none", pupils_account="x", minutes=2, at=640, place="hall",
        reviewed_by=5,
    )  # fmt: skip
    assert missing(whole) == ()
    assert missing(replace(whole, at=None, place=None)) == ("where", "the time")
    assert missing(replace(made, struck="error")) == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": None}, "day"),
        ({"day": date(2026, 11, 25)}, "day"),
        ({"sort": ""}, "sort"),
        ({"minutes": 601}, "minutes"),
        ({"at": 1440}, "at"),
        ({"what_done": " "}, "what_done"),
        ({"told_who": "mum"}, "told_on"),
        ({"told_on": DAY}, "told_who"),
        ({"told_who": "mum", "told_on": date(2026, 11, 23)}, "told_on"),
        ({"told_who": "mum", "told_on": DAY, "withheld_why": "risk"}, "withheld_why"),
        ({"withheld_by": "head"}, "withheld_why"),
        ({"withheld_why": "risk of harm"}, "withheld_by"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        put(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_parent_is_told_or_it_is_withheld_with_why_and_by_whom() -> None:
    assert "parent to be told" not in missing(put(replace(GOOD, told_who="mum", told_on=DAY, told_how="call")))
    assert "parent to be told" not in missing(put(replace(GOOD, withheld_why="risk of harm", withheld_by="H. Head")))


def test_a_second_adult_signs_and_never_the_writer() -> None:
    made = put(GOOD)
    for signer in (None, WRITER, VISITOR, replace(OTHER, last_day=date(2026, 11, 23))):
        with pytest.raises(Refusal) as refused:
            sign(made, signer, today=DAY)
        assert refused.value.field == "signed_by"
    done = signed(made)
    assert (done.signed_by, done.signed_on) == (4, DAY)
    with pytest.raises(Refusal, match="signed already"):
        sign(done, HEAD, today=DAY)


def test_a_change_of_what_was_signed_takes_the_signature_away_and_telling_the_parent_does_not() -> None:
    done = signed(put(GOOD))
    told = put(replace(form_of(done), told_who="mum", told_on=DAY), done)
    assert told.signed_by == 4
    changed = put(replace(form_of(done), what_done="Held by the wrists"), done, person=4)
    assert changed.signed_by is None and changed.signed_on is None
    assert changed.person_id == 9  # whoever wrote it first stays the writer, so that they cannot sign
    assert put(form_of(done), done) is done


def test_the_review_is_a_leaders_and_not_of_their_own_record() -> None:
    made = put(GOOD)
    for reviewer in (None, OTHER):
        with pytest.raises(Refusal, match="head"):
            review(made, reviewer, "x", today=DAY)
    with pytest.raises(Refusal, match="another leader"):
        review(put(GOOD, person=5), HEAD, "x", today=DAY)
    with pytest.raises(Refusal, match="Write what was learnt"):
        review(made, HEAD, " ", today=DAY)
    (edit,) = review(made, HEAD, "Two adults at the door", today=DAY)
    assert isinstance(edit, Put) and (edit.record.reviewed_by, edit.record.reviewed_on) == (5, DAY)


def test_a_record_is_struck_through_and_then_nothing_more_happens_to_it() -> None:
    made = put(GOOD)
    with pytest.raises(Refusal) as refused:
        strike(made, "", person_id=9, today=DAY)
    assert refused.value.field == "struck"
    (edit,) = strike(made, "Wrong pupil", person_id=9, today=DAY)
    assert isinstance(edit, Put)
    gone = edit.record
    assert (gone.struck, gone.struck_by, gone.struck_on, edit.why) == ("Wrong pupil", 9, DAY, "Wrong pupil")
    for again in (
        lambda: sign(gone, OTHER, today=DAY),
        lambda: review(gone, HEAD, "x", today=DAY),
        lambda: strike(gone, "x", person_id=9, today=DAY),
        lambda: put(form_of(gone), gone),
    ):
        with pytest.raises(Refusal, match="struck through"):
            again()
