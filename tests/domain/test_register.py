"""Rules of the register: expected codes, closing, codes that cannot be right, and properties that hold for any day and any marks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.attendance import ATTENDED, CLASSES, UNAUTHORISED, class_of, tally
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, Elsewhere, HalfTerm, Mark, Setting, Suspension, Timetable, TimetableStep
from approgress.domain.register import (
    AM,
    PM,
    Expected,
    Standing,
    closes_at,
    doubt_of,
    has_begun,
    is_closed,
    parse_clock,
    refusal_of,
    refuse_off_roll,
    standing,
    suspension_day,
)
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set

CODES = code_set()
MONDAY = date(2026, 11, 9)
BORN = date(2012, 5, 1)  # of compulsory school age throughout
GROWN = date(2009, 5, 1)  # past it since 26 June 2025
CALENDAR = Calendar.of(
    [HalfTerm(1, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23)), HalfTerm(2, 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18))],
    [Closure(3, 1, date(2026, 11, 13), date(2026, 11, 13), "inset", "INSET")],
)
TIMETABLE = (Timetable(1, 1, 1, "anxiety", date(2026, 11, 9)),)
MORNINGS = (TimetableStep(1, 2, 1, date(2026, 11, 9), am=31, pm=0),)
COLLEGE = Elsewhere(1, 3, 1, "D", am=0, pm=2, partner_id=7)


def of(day: date, session: str, **known: object) -> str | None:
    found = standing(day, session, **({"setting_id": 1, "born": BORN, "calendar": CALENDAR} | known)).expected  # type: ignore[arg-type]
    return found.code if found else None


def days(n: int) -> date:
    return MONDAY + timedelta(days=n)


# --- expected codes ---------------------------------------------------------------------------------------------------


def test_without_patterns_nothing_is_expected() -> None:
    assert of(MONDAY, AM) is None and of(MONDAY, PM) is None


def test_a_part_time_timetable_expects_c2_for_what_it_does_not_ask_for() -> None:
    known = {"timetables": TIMETABLE, "steps": MORNINGS}
    assert [of(MONDAY, s, **known) for s in (AM, PM)] == [None, "C2"]
    assert of(date(2026, 11, 6), PM, **known) is None  # before it began
    assert of(MONDAY, PM, **known, setting_id=2) is None  # another setting's register
    assert of(MONDAY, PM, **known | {"born": GROWN}) == "X"


@pytest.mark.parametrize("letter", ["D", "K", "B"])
def test_sessions_elsewhere_are_expected_on_their_weekday(letter: str) -> None:
    pattern = Elsewhere(1, 3, 1, letter, am=2, pm=0, first_day=date(2026, 11, 10), last_day=date(2026, 11, 17), place="college")
    assert [of(days(n), AM, elsewhere=(pattern,)) for n in (1, 2, 8, 15)] == [letter, None, letter, None]
    assert of(days(1), PM, elsewhere=(pattern,)) is None
    found = standing(days(1), AM, setting_id=1, elsewhere=(pattern,)).expected
    assert found is not None and "college" in found.why


def test_elsewhere_comes_before_the_timetable_and_d_before_all() -> None:
    known = {"timetables": TIMETABLE, "steps": MORNINGS}
    k = Elsewhere(1, 4, 1, "K", am=0, pm=2)
    assert of(days(1), PM, **known, elsewhere=(k,)) == "K"
    assert of(days(1), PM, **known, elsewhere=(k, COLLEGE)) == "D"
    out = Suspension(1, 9, "SUSP", MONDAY, half_days=10)
    assert of(days(1), PM, **known, elsewhere=(k,), suspensions=(out,)) == "E"
    assert of(days(1), PM, **known, elsewhere=(COLLEGE,), suspensions=(out,)) == "D"


def test_closed_days_are_closed_for_everybody() -> None:
    known = {"timetables": TIMETABLE, "steps": MORNINGS}
    found = standing(date(2026, 11, 13), PM, setting_id=1, calendar=CALENDAR, **known).expected  # type: ignore[arg-type]
    assert found == Expected("#", "the school is closed: INSET")
    assert of(date(2026, 10, 28), AM) == "#" and of(date(2026, 11, 14), AM) is None  # holiday; Saturday


def test_a_suspension_expects_e_up_to_its_fifth_school_day() -> None:
    long = Suspension(1, 9, "SUSP", MONDAY, half_days=16)
    got = [(days(n).day, of(days(n), AM, suspensions=(long,))) for n in range(12)]
    # Mon 9 to Thu 12, then INSET on Friday, then Mon 16 is the fifth school day; Tue 17 is the sixth
    assert got == [
        (9, "E"), (10, "E"), (11, "E"), (12, "E"), (13, "#"), (14, None), (15, None), (16, "E"), (17, None), (18, None), (19, None), (20, None),
    ]  # fmt: skip
    assert suspension_day(long, date(2026, 11, 17), AM, CALENDAR) == 6
    assert suspension_day(long, date(2026, 11, 20), AM, CALENDAR) is None  # 16 half-days are over


def test_a_suspension_by_half_days_starts_and_ends_at_noon() -> None:
    s = Suspension(1, 9, "SUSP", MONDAY, starts="PM", half_days=2)
    assert [of(days(n), x, suspensions=(s,)) for n in (0, 1) for x in (AM, PM)] == [None, "E", "E", None]


@pytest.mark.parametrize(
    "s",
    [
        Suspension(1, 9, "LNCH", MONDAY, half_days=1),
        Suspension(1, 9, "SUSP", MONDAY, half_days=4, partner_id=7),
        Suspension(1, 9, "SUSP", MONDAY, half_days=4, struck="entered for the wrong pupil"),
        Suspension(1, 9, "SUSP", MONDAY, half_days=4, cancelled_on=MONDAY),
        Suspension(1, 9, "SUSP", MONDAY, half_days=4, reinstated_on=MONDAY),
        Suspension(1, 9, "PERM", date(2026, 10, 5)),
    ],
)
def test_what_puts_nobody_out_of_a_session_here(s: Suspension) -> None:
    assert of(MONDAY, AM, suspensions=(s,)) is None and of(MONDAY, PM, suspensions=(s,)) is None


def test_a_permanent_exclusion_is_in_force_after_its_fifth_day_too() -> None:
    s = Suspension(1, 9, "PERM", date(2026, 10, 5))
    assert suspension_day(s, date(2026, 10, 5), AM, CALENDAR) == 1
    assert suspension_day(s, MONDAY, AM, CALENDAR) == 15 + 5  # 5 to 23 October, then 3 to 6 and 9 November
    assert suspension_day(s, MONDAY, AM) == 26  # without a calendar: Mondays to Fridays


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_register_closes_at_most_thirty_minutes_after_it_starts() -> None:
    s = Setting(1, "x", am_starts=8 * 60 + 50, pm_starts=None, register_minutes=45)
    assert (closes_at(s, AM), closes_at(s, PM)) == (9 * 60 + 20, None)
    assert [is_closed(s, MONDAY, AM, MONDAY, m) for m in (0, 559, 560)] == [False, False, True]
    assert not is_closed(s, MONDAY, PM, MONDAY, 1439)
    assert is_closed(s, MONDAY, PM, days(1), 0) and not is_closed(s, days(1), AM, MONDAY, 1439)


def test_sessions_begin_at_their_time_or_the_afternoon_at_noon() -> None:
    s = Setting(1, "x")
    assert has_begun(s, MONDAY, AM, MONDAY, 0) and not has_begun(s, MONDAY, PM, MONDAY, 719) and has_begun(s, MONDAY, PM, MONDAY, 720)
    t = Setting(1, "x", am_starts=530, pm_starts=780)
    assert [has_begun(t, MONDAY, AM, MONDAY, m) for m in (529, 530)] == [False, True]
    assert [has_begun(t, MONDAY, PM, MONDAY, m) for m in (779, 780)] == [False, True]


@pytest.mark.parametrize(("text", "minutes"), [("9:05", 545), ("0905", 545), ("9.05", 545), ("905", 545), ("9", 540), ("23:59", 1439)])
def test_times_as_people_type_them(text: str, minutes: int) -> None:
    assert parse_clock(text) == minutes


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "noon", "12345"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="not a time"):
        parse_clock(text)


# --- codes that cannot be right ---------------------------------------------------------------------------------------


def wrong(text: str, known: Standing = Standing(), born: date | None = BORN) -> str | None:
    c = CODES.by_text(text, MONDAY)
    assert c is not None
    return refusal_of(c, MONDAY, known, born=born)


def doubt(text: str, known: Standing = Standing()) -> str | None:
    c = CODES.by_text(text, MONDAY)
    assert c is not None
    return doubt_of(c, known)


def test_c2_only_for_a_session_that_a_part_time_timetable_leaves_out() -> None:
    assert "none is in force" in (wrong("C2") or "")
    assert "true reason" in (wrong("C2", Standing(agreed=True)) or "")
    assert wrong("C2", Standing(agreed=False)) is None
    assert "compulsory school age" in (wrong("C2", Standing(agreed=False), GROWN) or "")


def test_x_z_and_the_closed_sign_are_not_for_this_pupil() -> None:
    assert "compulsory school age" in (wrong("X") or "") and wrong("X", born=GROWN) is None
    assert "not yet on roll" in (wrong("Z") or "")
    assert "whole school" in (wrong("#") or "")


@pytest.mark.parametrize("text", ["K", "B"])
def test_k_and_b_are_refused_where_d_is_due(text: str) -> None:
    assert "never" in (wrong(text, Standing(elsewhere="D", dual=True)) or "")
    assert wrong(text) is None and wrong(text, Standing(elsewhere="K")) is None


def test_odd_codes_are_asked_about_and_not_refused() -> None:
    assert "dual registered" in (doubt("D") or "") and doubt("D", Standing(dual=True)) is None
    assert "no suspension" in (doubt("E") or "") and doubt("E", Standing(suspended=2)) is None
    assert "school day 6" in (doubt("E", Standing(suspended=6)) or "")
    c2 = Standing(Expected("C2", "part-time timetable"), agreed=False)
    assert "unauthorised" in (doubt("N", c2) or "") and doubt("/", c2) is None and doubt("I", c2) is None
    assert doubt("/", Standing(Expected("D", "at college"), elsewhere="D", dual=True)) is not None
    assert doubt("/", Standing(Expected("E", "suspended"), suspended=1)) is not None
    assert wrong("D") is None and wrong("E") is None


@given(st.sampled_from(CODES.in_force(MONDAY)))
def test_an_expected_code_is_neither_refused_nor_odd_where_it_is_expected(c: object) -> None:
    for known in (
        {"timetables": TIMETABLE, "steps": MORNINGS},
        {"elsewhere": (Elsewhere(1, 3, 1, "K", am=31, pm=31),)},
        {"elsewhere": (Elsewhere(1, 3, 1, "D", am=31, pm=31),)},
        {"suspensions": (Suspension(1, 9, "SUSP", MONDAY, half_days=4),)},
    ):
        there = standing(MONDAY, PM, setting_id=1, born=BORN, calendar=CALENDAR, **known)  # type: ignore[arg-type]
        assert there.expected is not None
        due = CODES.by_text(there.expected.code, MONDAY)
        assert due is not None and refusal_of(due, MONDAY, there, born=BORN) is None and doubt_of(due, there) is None


def test_a_pupil_who_is_not_on_roll_has_no_mark() -> None:
    refuse_off_roll(MONDAY, [(MONDAY, None)])
    refuse_off_roll(MONDAY, [(None, MONDAY)])
    with pytest.raises(Refusal, match="not on roll"):
        refuse_off_roll(MONDAY, [(None, MONDAY - timedelta(days=1)), (days(1), None)])


# --- what holds for any marks -----------------------------------------------------------------------------------------

any_number = st.one_of(st.none(), st.sampled_from([c.number for c in CODES.codes]))
marks = st.lists(st.tuples(any_number, any_number), max_size=60).map(
    lambda pairs: [Mark(1, 1, MONDAY + timedelta(days=i), am, pm) for i, (am, pm) in enumerate(pairs)]
)


@given(marks)
def test_possible_is_attended_and_absent_and_no_code_falls_between_classes(held: list[Mark]) -> None:
    t = tally(held, CODES)
    taken = [n for m in held for n in (m.am, m.pm) if n is not None]
    assert t.possible == t.attended + t.absent == t.attended + t.authorised + t.unauthorised
    assert t.possible + t.not_possible == len(taken) == sum(t.by_code.values())
    assert t.late == sum(CODES.text(n) in ("L", "U") for n in taken)
    for n in taken:
        assert [c for c in CLASSES if c == class_of(n)] == [CODES.by_number(n).counts_as]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_code_of_every_day_is_of_one_class_and_of_one_number(day: date) -> None:
    now = CODES.in_force(day)
    assert len({c.text for c in now}) == len(now) == len({c.number for c in now})
    assert all(c.counts_as in CLASSES and class_of(c.number) == c.counts_as for c in now)


masks = st.integers(0, 31)


@given(
    st.dates(date(2026, 9, 1), date(2026, 12, 20)),
    st.sampled_from([AM, PM]),
    st.booleans(),
    masks,
    masks,
    st.lists(st.tuples(st.sampled_from("DKB"), masks, masks), max_size=3),
    st.one_of(st.none(), st.tuples(st.integers(-10, 10), st.sampled_from([AM, PM]), st.integers(1, 20))),
    st.sampled_from([BORN, GROWN, None]),
    st.sampled_from([CALENDAR, None]),
)
def test_an_expected_code_is_never_an_unauthorised_absence(
    day: date,
    session: str,
    part_time: bool,
    am: int,
    pm: int,
    patterns: list[tuple[str, int, int]],
    out: tuple[int, str, int] | None,
    born: date | None,
    calendar: Calendar | None,
) -> None:
    found = standing(
        day,
        session,
        setting_id=1,
        timetables=(Timetable(1, 1, 1, "x", date(2026, 9, 1)),) if part_time else (),
        steps=(TimetableStep(1, 2, 1, date(2026, 9, 1), am, pm),) if part_time else (),
        elsewhere=tuple(Elsewhere(1, 10 + i, 1, c, a, p) for i, (c, a, p) in enumerate(patterns)),
        suspensions=(Suspension(1, 9, "SUSP", day + timedelta(days=out[0]), starts=out[1], half_days=out[2]),) if out else (),
        born=born,
        calendar=calendar,
    )
    if found.expected is None:
        return
    c = CODES.by_text(found.expected.code, day)
    assert c is not None and found.expected.why and c.counts_as != UNAUTHORISED
    mine = [p for p, a, b in patterns if (a if session == AM else b) >> day.weekday() & 1 and day.weekday() < 5]
    if c.text in "DKB":
        assert c.text in mine
    if c.text == "C2":
        assert part_time and found.agreed is False and born is not GROWN  # never of a session that is asked for
    if c.counts_as == ATTENDED:
        assert c.text in ("K", "B")  # nobody is expected to be present
