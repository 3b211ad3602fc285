"""The weekly note: whose week it is, what each mark means, what is never on shared paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from approgress.domain.records import AbsenceContact, Closure, Enrolment, HomeSchool, Mark, Name, Partner, Placement, Pupil, YearGroup
from approgress.domain.school_year import Calendar
from approgress.domain.weekly_note import WeekRecords, week_to_tell, weekly_notes
from approgress.store.catalogue import code_set
from tests.domain.a_pupil import TERMS, facts

MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 20)
CODES = code_set()
NUMBER = {c.text: c.number for c in CODES.codes if c.in_force(MONDAY)}


def mark(day: int, am: str, pm: str, late: int | None = None) -> Mark:
    return Mark(1, 1, date(2026, 11, day), NUMBER.get(am), NUMBER.get(pm), late)


def records(**more: object) -> WeekRecords:
    held = WeekRecords(
        Pupil(1, "KTB412", date(2012, 10, 3)),
        names=(Name(1, 1, "legal", "Amara", "Bell"),),
        years=(YearGroup(1, 1, "9", 2026),),
        enrolments=(Enrolment(1, 1, 1, "S", date(2026, 11, 9)),),
        home_schools=(HomeSchool(1, 1, 7),),
        marks=(mark(16, "/", "\\"), mark(17, "I", "I"), mark(18, "L", "\\", 12), mark(19, "C2", "Y5"), Mark(1, 1, date(2026, 11, 10), NUMBER["O"], NUMBER["/"])),
    )
    return replace(held, **more)


def only(r: WeekRecords, as_of: date = FRIDAY, **more: object):  # type: ignore[no-untyped-def]
    (note,) = weekly_notes([r], facts(**more), MONDAY, as_of)
    return note, note.pupils[0]


def test_each_meaning_is_said_once_with_its_sessions() -> None:
    note, amara = only(records())
    assert amara.told == (
        "Illness (not an appointment) (I): Tue",
        "Late but arrived before the register closed (L): Wed AM, 12 minutes",
        "Leave of absence under a temporary part-time timetable (C2): Thu AM",
        "Could not attend (Y): Thu PM",
        "Not marked: Fri",
    )
    assert (amara.week.attended, amara.week.possible) == (4, 7), "Y5 is no possible session, Friday has no mark"
    assert (amara.since.attended, amara.since.possible, amara.began) == (5, 9, date(2026, 11, 9))
    assert note.span == "16 to 20 Nov 2026" and note.week == amara.week


def test_youth_justice_is_never_on_shared_paper() -> None:
    note, _ = only(records(marks=(mark(16, "Y5", "Y5"),)))
    assert "Y5" not in repr([p.told for p in note.pupils]) and "justice" not in repr(note.pupils[0].told)
    assert note.pupils[0].days[0].am.code == "Y"


def test_nothing_after_the_day_of_the_data_is_told() -> None:
    _, amara = only(records(), date(2026, 11, 17))
    assert [d.to_come for d in amara.days] == [False, False, True, True, True]
    assert (amara.week.attended, amara.week.possible) == (2, 4)
    assert not any("Wed" in t or "Fri" in t for t in amara.told)


def test_closed_days_say_why() -> None:
    calendar = Calendar.of(TERMS, (Closure(9, 1, date(2026, 11, 20), date(2026, 11, 20), "inset", "INSET day"),))
    _, amara = only(records(), calendar=calendar)
    assert [d.closed for d in amara.days] == ["", "", "", "", "INSET day"]
    assert not any("Fri" in t for t in amara.told)


def test_a_pupil_who_moves_within_the_week_is_in_both_notes_for_its_own_days() -> None:
    moved = (HomeSchool(1, 1, 7, None, date(2026, 11, 17)), HomeSchool(1, 2, 8, date(2026, 11, 18)))
    partners = {7: Partner(7, "Parkfield Academy"), 8: Partner(8, "Northgate School"), 9: Partner(9, "The authority", "local_authority")}
    notes = weekly_notes([records(home_schools=moved)], facts(partners=partners), MONDAY, FRIDAY)
    assert [n.school.name for n in notes] == ["Northgate School", "Parkfield Academy"]
    north, park = (n.pupils[0] for n in notes)
    assert [d.here for d in park.days] == [True, True, False, False, False] and park.left == date(2026, 11, 17)
    assert north.joined == date(2026, 11, 18) and (north.week.attended + park.week.attended, north.week.possible + park.week.possible) == (4, 7)
    assert not any("Tue" in t for t in north.told) and not any("Thu" in t for t in park.told)


def test_the_placements_school_serves_where_the_pupil_has_none_and_an_authority_gets_no_note() -> None:
    placed = records(home_schools=(), placements=(Placement(1, 1, 1, "respite", "x", date(2026, 11, 9), partner_id=7),))
    assert weekly_notes([placed], facts(), MONDAY, FRIDAY)[0].school.name == "Parkfield Academy"
    partners = {7: Partner(7, "The authority", "local_authority")}
    assert weekly_notes([placed], facts(partners=partners), MONDAY, FRIDAY) == ()
    gone = records(enrolments=(Enrolment(1, 1, 1, "S", date(2026, 9, 7), date(2026, 11, 13)),))
    assert weekly_notes([gone], facts(), MONDAY, FRIDAY) == ()


def test_contacts_say_what_was_done_and_nobodys_name_or_words() -> None:
    rows = (
        AbsenceContact(1, 1, date(2026, 11, 17), "call", "AM", 560, "Denise Bell", False, note="rang the father who may not know"),
        AbsenceContact(1, 2, date(2026, 11, 17), "spoke", "AM", 580, "Denise Bell", True, True, "at her sister's"),
        AbsenceContact(1, 3, date(2026, 11, 17), "visit", "PM", 800, struck="wrong pupil"),
        AbsenceContact(1, 4, date(2026, 11, 10), "letter"),
    )
    _, amara = only(records(contacts=rows))
    assert amara.contacts == ((date(2026, 11, 17), "called, no answer; spoke to somebody at home"),)


def test_names_off_shows_the_code_and_no_name_anywhere() -> None:
    (note,) = weekly_notes([records()], facts(), MONDAY, FRIDAY, hidden=True)
    assert note.pupils[0].name.full == "KTB412"
    assert "Amara" not in repr(note) and "Bell" not in repr(note)


def test_the_week_to_tell_is_that_of_the_day_or_the_last_one_in_a_holiday() -> None:
    f = facts()
    assert week_to_tell(f, date(2026, 11, 18)) == MONDAY
    assert week_to_tell(f, date(2026, 11, 22)) == MONDAY
    assert week_to_tell(f, date(2026, 10, 29)) == date(2026, 10, 19)
    assert week_to_tell(facts(calendar=Calendar()), date(2026, 10, 29)) == date(2026, 10, 26)
