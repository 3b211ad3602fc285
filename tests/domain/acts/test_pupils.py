"""Adding and mending pupils: what is written, what is refused and at which field."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.acts.pupils import (
    PlacementForm,
    PupilForm,
    PupilRows,
    add_pupil,
    change_pupil,
    code_from,
    end_flag,
    leave,
    put_contact,
    put_placement,
    upn_doubts,
)
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Contact, Enrolment, Flag, GroupMember, HomeSchool, Identifier, Name, Placement, Pupil, YearGroup

TODAY = date(2026, 11, 24)


def ids() -> NewIds:
    return NewIds(lambda _kind, n=itertools.count(100): next(n))


def rows_of(edits: list[Edit]) -> PupilRows:
    records = [e.record for e in edits if isinstance(e, Put)]

    def of(cls: type) -> tuple:  # pyright: ignore
        return tuple(r for r in records if isinstance(r, cls))

    return PupilRows(of(Pupil)[0], of(Name), of(YearGroup), of(Identifier), of(Enrolment), of(GroupMember), of(HomeSchool))


def added(**form: object) -> PupilRows:
    return rows_of(list(add_pupil(ids(), PupilForm(**({"forename": "Amara", "surname": "Bell"} | form)), code="BCD001", setting_id=1, today=TODAY)))  # pyright: ignore


FULL = PupilForm(
    forename="Amara", surname="Bell", middle="Jo", preferred_forename="Ama", born=date(2012, 9, 1), sex="F", pronouns="she/her",
    upn="T999400126001", uln="9276308686", number="AP0101", year="9", group_id=7, first_day=date(2026, 6, 8), registration="S", partner_id=9,
)  # fmt: skip


def test_the_form_reads_back_what_it_wrote() -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    assert rows.form(TODAY) == FULL
    assert all(r.typed for r in (*rows.names, *rows.identifiers, *rows.years, *rows.enrolments))


def test_an_unchanged_form_writes_nothing() -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    assert list(change_pupil(ids(), rows, rows.form(TODAY), today=TODAY)) == []


changes = st.fixed_dictionaries(
    {},
    optional={
        "surname": st.sampled_from(["Bell", "Chime", "O'Dell"]),
        "preferred_forename": st.sampled_from([None, "", "Ama", "Mara"]),
        "born": st.sampled_from([None, date(2012, 9, 1), date(2012, 2, 29)]),
        "year": st.sampled_from(["9", "10"]),
        "number": st.sampled_from([None, "AP0101", "000045"]),
        "uln": st.sampled_from([None, "9276308686"]),
        "registration": st.sampled_from([None, "C", "S"]),
    },
)


@given(changes)
def test_what_is_changed_in_the_form_is_what_is_read_next(change: dict[str, object]) -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    form = replace(FULL, **change)  # pyright: ignore
    held = {(type(r), getattr(r, "id", 0)): r for r in (rows.pupil, *rows.names, *rows.years, *rows.identifiers, *rows.enrolments, *rows.groups, *rows.home_schools)}
    for e in change_pupil(NewIds(lambda _k, n=itertools.count(900): next(n)), rows, form, today=TODAY):
        if isinstance(e, Erase):
            del held[type(e.seen), e.seen.id]
        else:
            held[type(e.record), e.record.id] = e.record

    def of(cls: type) -> tuple:  # pyright: ignore
        return tuple(r for (c, _), r in held.items() if c is cls)

    after = PupilRows(of(Pupil)[0], of(Name), of(YearGroup), of(Identifier), of(Enrolment), of(GroupMember), of(HomeSchool)).form(TODAY)
    assert after == replace(form, preferred_forename=form.preferred_forename or None)


def test_a_former_name_is_kept_as_former_when_a_name_changes_on_a_day() -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    edits = list(change_pupil(ids(), rows, replace(FULL, surname="Fairley"), today=TODAY, name_change=TODAY))
    names = [e.record for e in edits if isinstance(e, Put) and isinstance(e.record, Name)]
    assert [(n.use, n.surname) for n in names] == [("former", "Bell"), ("legal", "Fairley")]
    assert names[0].last_day == date(2026, 11, 23) and names[1].first_day == TODAY


def test_a_corrected_spelling_leaves_no_former_name() -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    (edit,) = change_pupil(ids(), rows, replace(FULL, surname="Belle"), today=TODAY)
    assert isinstance(edit, Put) and edit.record.use == "legal" and edit.record.surname == "Belle"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"forename": " ", "surname": ""}, "forename"),
        ({"born": date(2027, 1, 1)}, "born"),
        ({"born": date(1969, 6, 5)}, "born"),
        ({"born": date(2026, 11, 24)}, "born"),
        ({"born": date(2012, 1, 1), "first_day": date(2011, 1, 1)}, "first_day"),
        ({"first_day": date(2068, 9, 4)}, "first_day"),
        ({"year": "7/8"}, "year"),
        ({"uln": "9276308687"}, "uln"),
        ({"sex": "X"}, "sex"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(form: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as told:
        added(**form)
    assert told.value.field == field


def test_a_mistyped_upn_is_kept_with_its_doubt_and_never_refused() -> None:
    rows = added(upn="Q999420124121")
    assert upn_doubts(PupilForm(upn="Q999420124121"))
    (upn,) = rows.identifiers
    assert upn.value == "Q999420124121" and upn.doubt


def test_a_new_upn_keeps_the_old_one_as_former() -> None:
    rows = rows_of(list(add_pupil(ids(), FULL, code="BCD001", setting_id=1, today=TODAY)))
    edits = list(change_pupil(ids(), rows, replace(FULL, upn="M999400125014"), today=TODAY))
    assert [(e.record.system, e.record.value) for e in edits if isinstance(e, Put)] == [("former_upn", "T999400126001"), ("upn", "M999400125014")]


@given(st.integers(0, 2**30 - 1))
def test_a_code_has_no_vowel_and_no_initials(number: int) -> None:
    code = code_from(number)
    assert len(code) == 6 and not set(code[:3]) & set("AEIOUY") and code[3:].isdigit()


def test_leaving_ends_the_open_placements_in_it() -> None:
    e = Enrolment(1, 10, 1, "S", date(2026, 6, 8))
    open_, over = Placement(1, 11, 10, "respite", "Back to maths", date(2026, 6, 8)), Placement(1, 12, 10, "outreach", "Visits", date(2026, 6, 1), date(2026, 6, 7))
    edits = list(leave(e, [open_, over], date(2026, 11, 20), reason="returned", destination="Parkfield Academy"))
    assert [x.record.id for x in edits if isinstance(x, Put)] == [10, 11]
    with pytest.raises(Refusal):
        list(leave(e, [], date(2026, 6, 7), reason=None, destination=None))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (PlacementForm("respite", "  ", date(2026, 6, 8)), "purpose"),
        (PlacementForm("holiday", "Rest", date(2026, 6, 8)), "sort"),
        (PlacementForm("respite", "Back to maths", None), "first_day"),
        (PlacementForm("respite", "Back to maths", date(2026, 6, 7)), "first_day"),
        (PlacementForm("respite", "Back to maths", date(2026, 12, 1)), "first_day"),
        (PlacementForm("respite", "Back to maths", date(2026, 6, 8), planned_end=date(2026, 6, 1)), "planned_end"),
        (PlacementForm("respite", "Back to maths", date(2026, 6, 8), sessions_a_week=11), "sessions_a_week"),
    ],
)
def test_no_placement_without_a_purpose_or_outside_the_time_on_roll(form: PlacementForm, field: str) -> None:
    with pytest.raises(Refusal) as told:
        put_placement(ids(), form, Enrolment(1, 10, 1, "S", date(2026, 6, 8), date(2026, 11, 20)))
    assert told.value.field == field


def test_a_flag_ends_and_stays_for_the_days_before() -> None:
    flag = Flag(1, 20, "sen", "K", first_day=date(2025, 1, 6))
    (edit,) = end_flag(flag, date(2026, 1, 1))
    assert isinstance(edit, Put) and edit.record.last_day == date(2026, 1, 1) and edit.record.first_day == flag.first_day
    with pytest.raises(Refusal):
        end_flag(flag, date(2025, 1, 1))


def test_one_who_must_not_be_contacted_receives_no_reports() -> None:
    with pytest.raises(Refusal, match="must not be contacted"):
        put_contact(ids(), Contact(1, 0, "A. Nother", must_not_contact=True, may_receive_reports=True))
