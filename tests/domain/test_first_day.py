"""First-day contact: what is refused, what a line says, when an explained absence comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from approgress.domain.acts.contact import record_contact, strike_contact
from approgress.domain.edits import NewIds
from approgress.domain.errors import Refusal
from approgress.domain.first_day import Absence, absence_of, called, said
from approgress.domain.records import AbsenceContact, Contact, HalfTerm
from approgress.domain.school_year import Calendar

DAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = Calendar((HalfTerm(1, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),))
MUM = Contact(1, 11, "Denise Bell", "mother", "01234 567890", lives_with=True, rank=1)
GRAN = Contact(1, 12, "Ida Bell", "grandmother", "01234 000000", rank=2)
BARRED = Contact(1, 13, "Ray Bell", "father", "01234 999999", must_not_contact=True, court_order="No contact, order of 3 March 2025", rank=1)


def ids() -> NewIds:
    n = iter(range(100, 200))
    return NewIds(lambda _kind: next(n))


def contact(sort: str, day: date = DAY, *, at: int | None = None, who: str | None = None, answered: bool = False, explains: bool = False) -> AbsenceContact:
    return AbsenceContact(1, 900 + day.day + (at or 0), day, sort, "AM", at, who, answered, explains)


def absence(*done: AbsenceContact, attended: date | None = date(2026, 11, 23), day: date = DAY, people: tuple[Contact, ...] = (MUM, GRAN)) -> Absence:
    return absence_of(1, day, done, people, attended, CALENDAR)


def test_a_call_without_an_answer_is_written_as_it_was() -> None:
    (put,) = record_contact(ids(), 1, DAY, "call", today=DAY, session="AM", at=538, who=" Denise Bell (mother) ", person_id=7, contacts=(MUM,))
    assert put.record == AbsenceContact(1, 100, DAY, "call", "AM", 538, "Denise Bell (mother)", False, False, None, 7)
    assert said(put.record) == "no answer 08:58, mother"


@pytest.mark.parametrize(
    ("sort", "more", "field"),
    [
        ("shout", {}, "sort"),
        ("spoke", {}, "who"),
        ("call", {"explains": True}, "explains"),
        ("call", {"who": "Ray Bell (father)"}, "who"),
        ("visit", {"who": "ray bell"}, "who"),
    ],
)
def test_what_cannot_be_is_refused_and_names_its_field(sort: str, more: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as e:
        record_contact(ids(), 1, DAY, sort, today=DAY, contacts=(MUM, BARRED), **more)  # type: ignore[arg-type]
    assert e.value.field == field


@pytest.mark.parametrize("who", ["Ray Bell", "Ray  Bell", "ray", "Mr Ray Bell", "Dad (Ray Bell)", "Bell, Ray", "father"])
def test_who_must_not_be_contacted_is_known_by_other_words_too(who: str) -> None:
    with pytest.raises(Refusal, match="Ray Bell must not be contacted"):
        record_contact(ids(), 1, DAY, "call", today=DAY, who=who, contacts=(MUM, GRAN, BARRED))


@pytest.mark.parametrize("who", ["Denise Bell (mother)", "Denise", "Mrs Bell", "Bell", "mother", "Ray Okafor, social worker", "Rayleigh", "step-father Tom", "…"])
def test_somebody_else_with_a_part_of_that_name_may_be_contacted(who: str) -> None:
    assert record_contact(ids(), 1, DAY, "call", today=DAY, who=who, contacts=(MUM, GRAN, BARRED))


def test_words_that_fit_two_people_are_refused_only_where_the_whole_name_is_said() -> None:
    step = Contact(1, 14, "Ray Bell-Stone", "father")
    assert record_contact(ids(), 1, DAY, "call", today=DAY, who="father", contacts=(BARRED, step))
    with pytest.raises(Refusal, match="must not be contacted"):
        record_contact(ids(), 1, DAY, "call", today=DAY, who="Ray Bell", contacts=(BARRED, step))
    assert record_contact(ids(), 1, DAY, "call", today=DAY, who="Ray Bell-Stone (father)", contacts=(BARRED, step))


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(Refusal, match="has not come"):
        record_contact(ids(), 1, date(2026, 11, 25), "call", today=DAY)


def test_that_somebody_barred_rang_themselves_may_be_written_down() -> None:
    (put,) = record_contact(ids(), 1, DAY, "spoke", today=DAY, who="Ray Bell (father)", contacts=(BARRED,))
    assert put.record.answered


def test_striking_through_needs_a_reason_and_keeps_the_entry() -> None:
    held = contact("call", at=538)
    with pytest.raises(Refusal):
        strike_contact(held, "  ", by=7, on=DAY)
    (put,) = strike_contact(held, "wrong pupil", by=7, on=DAY)
    assert put.record == replace(held, struck="wrong pupil", struck_by=7, struck_on=DAY) and put.seen == held
    with pytest.raises(Refusal, match="already"):
        strike_contact(put.record, "again", by=7, on=DAY)


def test_numbers_tried_count_only_those_who_may_be_contacted() -> None:
    one = absence(contact("call", at=538, who="Denise Bell (mother)"), people=(BARRED, MUM, GRAN))
    assert (one.tried, one.so_far) == ("1 of 2 numbers tried", "no answer 08:58, mother")
    assert one.next_reach is not None and one.next_reach.call == "grandmother"
    assert [r.barred for r in one.reach] == [False, False, True] and one.reach[-1].phone is None


def test_struck_contacts_count_for_nothing() -> None:
    one = absence(replace(contact("spoke", who="mum", explains=True), struck="wrong pupil"))
    assert not one.settled and one.so_far == "" and one.tried == "0 of 2 numbers tried"


def test_explained_settles_until_five_school_days_unseen() -> None:
    monday = contact("spoke", date(2026, 11, 23), who="mum", answered=True, explains=True)
    friday_seen = date(2026, 11, 20)
    for day, settled in ((date(2026, 11, 23), True), (date(2026, 11, 26), True), (date(2026, 11, 27), False), (date(2026, 11, 30), False)):
        one = absence(monday, attended=friday_seen, day=day)
        assert one.settled is settled, day
    back = absence(monday, attended=friday_seen, day=date(2026, 11, 27))
    assert back.unseen == 5 and back.came_back and "not seen for 5 school days" in back.so_far


def test_safe_and_seen_settles_the_day_and_counts_as_seen() -> None:
    seen = contact("seen", at=600, answered=True)
    assert absence(seen, attended=None).settled
    assert not absence(seen, attended=None, day=date(2026, 11, 25)).settled, "the next day is another day"
    assert absence(seen, attended=None, day=date(2026, 11, 25)).unseen == 1


def test_an_explanation_of_an_earlier_absence_explains_nothing() -> None:
    earlier = contact("spoke", date(2026, 11, 18), who="mum", answered=True, explains=True)
    assert not absence(earlier, attended=date(2026, 11, 20)).settled


def test_hidden_names_leave_only_what_somebody_is() -> None:
    assert called("Denise Bell (mother)", hidden=True) == "mother" and called("Denise", hidden=True) == "a contact" and called("mum") == "mum"
    one = absence_of(1, DAY, (replace(contact("spoke", who="Denise"), note="Amara is ill"),), (MUM,), None, CALENDAR, hidden=True)
    assert "Denise" not in one.so_far and "Amara" not in one.so_far and all("Bell" not in r.call for r in one.reach)
