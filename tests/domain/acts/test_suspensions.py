"""Recording suspensions: what is refused and where, lengths, overlaps, cancelling, striking through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from approgress.domain.acts.suspensions import SuspensionForm, as_of, cancel, form_of, put_suspension, strike
from approgress.domain.edits import NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Flag, HalfTerm, Suspension
from approgress.domain.school_year import Calendar
from approgress.domain.suspensions import Exclusions, Reason
from approgress.store.catalogue import exclusions

TODAY = date(2026, 11, 24)
CALENDAR = Calendar.of((HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),))
GOOD = SuspensionForm(first_day=TODAY, half_days=5, reasons=("PA", "DM"))


def put(form: SuspensionForm, held: Suspension | None = None, others: tuple[Suspension, ...] = (), lists: Exclusions | None = None) -> Suspension:
    numbers = count(100)
    edits = put_suspension(
        NewIds(lambda _k: next(numbers)), 1, form, lists=lists or exclusions(), calendar=CALENDAR, today=TODAY, person_id=9, held=held, others=others
    )
    if not edits:
        assert held is not None
        return held
    (edit,) = edits
    assert isinstance(edit, Put)
    return edit.record  # type: ignore[no-any-return]


def test_a_suspension_is_recorded_with_its_last_day_worked_out() -> None:
    s = put(GOOD)
    assert (s.reasons, s.half_days, s.last_day, s.person_id) == ("PA,DM", 5, date(2026, 11, 26), 9)
    assert put(form_of(s), s) is s  # nothing changed


def test_a_permanent_exclusion_has_no_length() -> None:
    s = put(replace(GOOD, category="PERM"))
    assert s.half_days is None and s.last_day is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"category": "X"}, "category"),
        ({"first_day": None}, "first_day"),
        ({"first_day": date(2026, 11, 28)}, "first_day"),  # a Saturday
        ({"first_day": date(2027, 11, 28)}, "first_day"),
        ({"first_day": date(1999, 11, 28)}, "first_day"),
        ({"starts": "noon"}, "starts"),
        ({"half_days": None}, "half_days"),
        ({"half_days": 0}, "half_days"),
        ({"half_days": 91}, "half_days"),
        ({"reasons": ()}, "reason_1"),
        ({"reasons": ("PA", "ZZ")}, "reason_2"),
        ({"reasons": ("PA", "PA")}, "reason_2"),
        ({"reasons": ("PA", "DM", "TH", "BU")}, "reason_3"),
        ({"parents_told": date(2026, 11, 25)}, "parents_told"),
        ({"la_told": date(1990, 1, 1)}, "la_told"),
        ({"return_meeting": date(2026, 11, 20)}, "return_meeting"),
        ({"day6_from": date(2026, 11, 20)}, "day6_from"),
        ({"result": "ZZZ"}, "result"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        put(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_another_schools_suspension_may_begin_on_any_day() -> None:
    assert put(replace(GOOD, first_day=date(2026, 11, 21), partner_id=7)).partner_id == 7


def test_the_same_half_days_cannot_be_given_twice() -> None:
    first = put(GOOD)
    with pytest.raises(Refusal, match="already a suspension from 24 Nov 2026"):
        put(replace(GOOD, first_day=date(2026, 11, 26), half_days=1), others=(first,))
    put(replace(GOOD, first_day=date(2026, 11, 26), starts="PM", half_days=1), others=(first,))
    put(GOOD, others=(replace(first, struck="error"),))
    put(replace(GOOD, half_days=6), first, others=(first,))  # mending does not collide with itself


def test_a_reason_out_of_its_list_is_refused_for_a_new_record_and_kept_in_an_old_one() -> None:
    lists = replace(exclusions(), reasons=(Reason("PA", "Physical assault against an adult", last_day=date(2026, 8, 31)),))
    with pytest.raises(Refusal) as refused:
        put(replace(GOOD, reasons=("PA",)), lists=lists)
    assert refused.value.field == "reason_1"
    held = put(replace(GOOD, reasons=("PA",)))
    assert put(replace(form_of(held), note="mended"), held, lists=lists).reasons == "PA"


def test_cancelling_and_striking_keep_the_record_with_who_and_why() -> None:
    s = put(GOOD)
    for day, why, field in ((None, "x", "cancelled_on"), (date(2026, 11, 25), "x", "cancelled_on"), (TODAY, " ", "cancelled_why")):
        with pytest.raises(Refusal) as refused:
            cancel(s, day, why, today=TODAY)
        assert refused.value.field == field
    (edit,) = cancel(s, TODAY, "Wrong pupil sent home", today=TODAY)
    assert isinstance(edit, Put) and (edit.record.cancelled_on, edit.why) == (TODAY, "Wrong pupil sent home")
    with pytest.raises(Refusal, match="Say why"):
        strike(s, "", person_id=9, today=TODAY)
    (edit,) = strike(s, "Entered twice", person_id=9, today=TODAY)
    assert isinstance(edit, Put)
    struck = edit.record
    assert (struck.struck, struck.struck_by, struck.struck_on) == ("Entered twice", 9, TODAY)
    for again in (lambda: strike(struck, "x", person_id=9, today=TODAY), lambda: cancel(struck, TODAY, "x", today=TODAY), lambda: put(form_of(struck), struck)):
        with pytest.raises(Refusal, match="struck through"):
            again()


def test_status_at_that_time_comes_from_the_flags_of_that_day() -> None:
    flags = (Flag(1, 1, "sen", "K", last_day=date(2026, 9, 1)), Flag(1, 2, "sen", "E", first_day=date(2026, 9, 2)), Flag(1, 3, "care", "Y", last_day=date(2026, 1, 1)))
    assert as_of(flags, TODAY) == ("E", False, True)
    assert as_of(flags, date(2026, 1, 1)) == ("K", True, False)
    assert as_of((), TODAY) == (None, False, False)
