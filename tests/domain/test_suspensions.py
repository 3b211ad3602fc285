"""Suspensions: which half-days they take, running totals just under and over the limits, terms, lunchtimes, schools, day 6, the board."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, Event, HalfTerm, Suspension
from approgress.domain.school_year import Calendar
from approgress.domain.suspensions import (
    Limits,
    board_duty,
    day_six,
    days_words,
    last_day_of,
    phase_label,
    read_exclusions,
    sessions_of,
    standing,
    suspended_sessions,
    term_of,
    totals,
    untold,
)
from approgress.store.catalogue import exclusions

TERMS = (
    HalfTerm(1, 1, "Autumn 1", date(2026, 9, 2), date(2026, 10, 23)),
    HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(3, 1, "Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
    HalfTerm(4, 1, "Spring 2", date(2027, 2, 22), date(2027, 3, 26)),
    HalfTerm(5, 1, "Summer 1", date(2027, 4, 12), date(2027, 5, 28)),
    HalfTerm(6, 1, "Summer 2", date(2027, 6, 7), date(2027, 7, 21)),
)
CALENDAR = Calendar.of(TERMS, (Closure(1, 1, date(2026, 11, 20), date(2026, 11, 20), "inset", "INSET"),))
LIMITS = Limits()


def susp(first: date, half_days: int | None, *, starts: str = "AM", category: str = "SUSP", id: int = 1, **more: object) -> Suspension:
    return Suspension(1, id, category, first, starts, half_days, **more)  # type: ignore[arg-type]


def total(*found: Suspension, day: date, events: tuple[Event, ...] = ()) -> object:
    return totals(standing(found, events), CALENDAR, day, LIMITS)


# --- half-days --------------------------------------------------------------------------------------------------------


def test_a_suspension_takes_the_half_days_of_school_days_only() -> None:
    s = susp(date(2026, 11, 19), 5, starts="PM")  # Thursday afternoon; Friday is INSET
    assert sessions_of(s, CALENDAR) == (
        (date(2026, 11, 19), "PM"),
        (date(2026, 11, 23), "AM"),
        (date(2026, 11, 23), "PM"),
        (date(2026, 11, 24), "AM"),
        (date(2026, 11, 24), "PM"),
    )
    assert last_day_of(s, CALENDAR) == date(2026, 11, 24)


def test_a_holiday_is_passed_over() -> None:
    s = susp(date(2026, 10, 22), 6)
    assert [d for d, half in sessions_of(s, CALENDAR) if half == "AM"] == [date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2)]


def test_without_a_calendar_it_is_mondays_to_fridays_and_a_leap_day_counts() -> None:
    s = susp(date(2028, 2, 28), 6)  # Monday; 29 February 2028 is a Tuesday
    assert [d for d, half in sessions_of(s, Calendar()) if half == "PM"] == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]


def test_a_lunchtime_is_half_a_day_and_proposes_no_mark() -> None:
    s = susp(date(2026, 11, 23), 3, category="LNCH")
    assert [d for d, _ in sessions_of(s, CALENDAR)] == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)]
    assert suspended_sessions(s, CALENDAR) == frozenset()
    t = total(s, day=date(2026, 11, 25))
    assert t.year_half_days == 3  # type: ignore[attr-defined]


def test_a_permanent_exclusion_has_no_half_days_and_gives_five_school_days_of_e() -> None:
    s = susp(date(2026, 11, 19), None, category="PERM", starts="PM")
    assert sessions_of(s, CALENDAR) == ()
    proposed = sorted(suspended_sessions(s, CALENDAR))
    assert proposed[0] == (date(2026, 11, 19), "PM") and proposed[-1] == (date(2026, 11, 26), "PM")
    assert len(proposed) == 9  # five school days less the first morning
    assert total(s, day=date(2026, 11, 19)).year_half_days == 0  # type: ignore[attr-defined]


def test_e_is_proposed_for_the_first_five_school_days_only() -> None:
    s = susp(date(2026, 11, 9), 14)
    days = {d for d, _ in suspended_sessions(s, CALENDAR)}
    assert days == {date(2026, 11, 9) + timedelta(days=n) for n in range(5)}
    assert len(sessions_of(s, CALENDAR)) == 14


def test_struck_other_schools_and_what_follows_a_cancellation_propose_nothing() -> None:
    s = susp(date(2026, 11, 9), 10)
    assert suspended_sessions(replace(s, struck="wrong pupil"), CALENDAR) == frozenset()
    assert suspended_sessions(replace(s, partner_id=7), CALENDAR) == frozenset()
    assert {d for d, _ in suspended_sessions(replace(s, cancelled_on=date(2026, 11, 11)), CALENDAR)} == {date(2026, 11, 9), date(2026, 11, 10)}


@given(st.integers(1, 90), st.sampled_from(["AM", "PM"]), st.dates(date(2026, 9, 2), date(2027, 7, 1)))
def test_as_many_half_days_as_were_given_each_once_and_in_order(n: int, starts: str, first: date) -> None:
    taken = sessions_of(susp(first, n, starts=starts), CALENDAR)
    assert len(taken) == n == len(set(taken))
    assert list(taken) == sorted(taken)
    assert all(d >= first for d, _ in taken)
    assert suspended_sessions(susp(first, n, starts=starts), CALENDAR) <= set(taken)


# --- totals -----------------------------------------------------------------------------------------------------------


def test_half_days_count_in_the_term_in_which_they_fall() -> None:
    s = susp(date(2026, 12, 17), 8)  # two days in autumn, two in spring
    autumn, spring = total(s, day=date(2026, 12, 17)), total(s, day=date(2027, 1, 5))
    assert (autumn.term_half_days, autumn.year_half_days) == (4, 8)  # type: ignore[attr-defined]
    assert (spring.term_half_days, spring.year_half_days) == (4, 8)  # type: ignore[attr-defined]
    assert spring.term.name == "Spring term 2026/27"  # type: ignore[attr-defined]


def test_the_school_year_begins_anew() -> None:
    last_year = susp(date(2026, 7, 13), 10)
    assert total(last_year, day=date(2026, 11, 2)).year_half_days == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("half_days", "warns", "over", "says"),
    [
        (79, False, False, None),
        (80, True, False, "5 days left"),
        (89, True, False, "½ day left"),
        (90, True, False, "limit of 45 school days is reached"),
        (91, True, True, "more than the 45"),
    ],
)
def test_just_under_and_over_forty_and_forty_five(half_days: int, warns: bool, over: bool, says: str | None) -> None:
    t = total(susp(date(2026, 9, 2), half_days), day=date(2026, 9, 2))
    assert (t.warns, t.over) == (warns, over)  # type: ignore[attr-defined]
    text = " ".join(t.words)  # type: ignore[attr-defined]
    assert f"{days_words(half_days)} of 45" in text
    assert (says in text) if says else "left" not in text


def test_other_schools_count_towards_the_year_and_an_event_of_the_same_day_does_not_count_twice() -> None:
    here, there = susp(date(2026, 11, 9), 4), susp(date(2026, 9, 14), 6, id=2, partner_id=7)
    events = (
        Event(1, 10, date(2026, 9, 21), "suspension", "Suspended at Parkfield", 3),
        Event(1, 11, date(2026, 11, 9), "suspension", "Suspended", 4),
        Event(1, 12, date(2026, 9, 28), "suspension", "Suspended, length not known"),
        Event(1, 13, date(2026, 12, 1), "suspension", "Planned", 2, planned=True),
    )
    t = total(here, there, day=date(2026, 11, 9), events=events)
    assert (t.year_half_days, t.elsewhere_half_days, t.year_count, t.unknown) == (13, 9, 4, 1)  # type: ignore[attr-defined]
    assert "of unknown length is not counted" in " ".join(t.words)  # type: ignore[attr-defined]
    assert t.year.of == 90 and t.left == 77  # type: ignore[attr-defined]


def test_struck_counts_nowhere_and_cancelled_counts_until_then() -> None:
    s = susp(date(2026, 11, 9), 10)
    assert total(replace(s, struck="error"), day=date(2026, 11, 9)).year_half_days == 0  # type: ignore[attr-defined]
    assert total(replace(s, cancelled_on=date(2026, 11, 11)), day=date(2026, 11, 9)).year_half_days == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize("struck", [None, "error"])
def test_an_event_of_a_day_that_a_record_covers_counts_neither_beside_it_nor_once_it_is_struck(struck: str | None) -> None:
    s = susp(date(2026, 11, 9), 6, last_day=date(2026, 11, 11), struck=struck)
    events = [Event(1, 10 + n, date(2026, 11, 8 + n), "suspension", "Suspended", 2) for n in range(5)]
    assert [one.event.id for one in standing((s,), events) if one.event is not None] == [10, 14]
    without_end = replace(s, last_day=None)
    assert [one.event.id for one in standing((without_end,), events) if one.event is not None] == [10, 12, 13, 14]


def test_a_day_in_a_holiday_belongs_to_the_term_before_and_without_a_calendar_the_months_decide() -> None:
    assert term_of(date(2026, 10, 28), CALENDAR).name == "Autumn term 2026/27"
    assert term_of(date(2026, 12, 28), CALENDAR).name == "Autumn term 2026/27"
    assert term_of(date(2027, 8, 5), CALENDAR).name == "Summer term 2026/27"
    assert term_of(date(2028, 2, 29), Calendar()).name == "Spring term 2027/28"


# --- duties -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("half_days", "what", "due"),
    [
        (10, "The board considers what parents say", None),
        (11, "The board meets if parents ask", date(2026, 11, 18)),
        (30, "The board meets if parents ask", date(2026, 11, 18)),
        (31, "The board must meet", date(2026, 9, 23)),
    ],
)
def test_the_boards_duty_just_under_and_over_five_and_fifteen_days(half_days: int, what: str, due: date | None) -> None:
    s = susp(date(2026, 9, 2), half_days)
    duty = board_duty(s, standing((s,), ()), CALENDAR, LIMITS)
    assert duty is not None and duty.what == what and duty.due == due
    assert "not confirmed" in duty.sentence


def test_earlier_suspensions_of_the_term_count_towards_the_boards_duty_and_those_of_another_term_do_not() -> None:
    first, second, spring = susp(date(2026, 9, 2), 9), susp(date(2026, 11, 9), 2, id=2), susp(date(2027, 1, 4), 2, id=3)
    found = standing((first, second, spring), ())
    assert board_duty(first, found, CALENDAR, LIMITS).what == "The board considers what parents say"  # type: ignore[union-attr]
    assert board_duty(second, found, CALENDAR, LIMITS).what == "The board meets if parents ask"  # type: ignore[union-attr]
    assert board_duty(spring, found, CALENDAR, LIMITS).what == "The board considers what parents say"  # type: ignore[union-attr]


def test_a_permanent_exclusion_is_always_for_the_board() -> None:
    s = susp(date(2026, 11, 2), None, category="PERM")
    duty = board_duty(s, standing((s,), ()), CALENDAR, LIMITS)
    assert duty is not None and duty.what == "The board must meet" and duty.due == date(2026, 11, 24)  # INSET on the 20th is no school day
    assert not duty.done
    assert board_duty(replace(s, board_met=date(2026, 11, 16)), standing((s,), ()), CALENDAR, LIMITS).done  # type: ignore[union-attr]
    assert board_duty(replace(s, cancelled_on=date(2026, 11, 3)), standing((s,), ()), CALENDAR, LIMITS) is None


@pytest.mark.parametrize(("half_days", "due"), [(10, None), (11, date(2026, 11, 16)), (20, date(2026, 11, 16))])
def test_day_six_is_the_sixth_school_day(half_days: int, due: date | None) -> None:
    duty = day_six(susp(date(2026, 11, 9), half_days), CALENDAR, LIMITS)
    assert (duty.due if duty is not None else None) == due


def test_day_six_says_who_and_whether_it_is_in_time() -> None:
    s = susp(date(2026, 11, 9), 14)
    assert "by this school" in day_six(s, CALENDAR, LIMITS).sentence  # type: ignore[union-attr]
    late = day_six(replace(s, day6_where="Bridge House", day6_from=date(2026, 11, 17)), CALENDAR, LIMITS)
    assert late is not None and not late.done and "later than day 6" in late.sentence
    assert day_six(replace(s, day6_where="Bridge House", day6_from=date(2026, 11, 16)), CALENDAR, LIMITS).done  # type: ignore[union-attr]
    gone = susp(date(2026, 11, 9), None, category="PERM")
    assert "by the local authority" in day_six(gone, CALENDAR, LIMITS).sentence  # type: ignore[union-attr]


def test_who_is_still_to_be_told_and_what_is_not_confirmed_says_so() -> None:
    s = susp(date(2026, 11, 9), 4)
    assert untold(s, social_worker=True, virtual_head=True, limits=LIMITS) == (
        "parents, in writing",
        "the local authority (not confirmed for every one)",
        "the social worker",
        "the virtual school head",
    )
    told = replace(s, parents_told=date(2026, 11, 9), la_told=date(2026, 11, 9))
    assert untold(told, social_worker=False, virtual_head=False, limits=LIMITS) == ()
    assert untold(replace(s, struck="error"), social_worker=True, virtual_head=True, limits=LIMITS) == ()


# --- the data ---------------------------------------------------------------------------------------------------------


def test_the_lists_are_those_of_may_2026() -> None:
    lists = exclusions()
    assert len(lists.reasons) == 29 and sum(r.before for r in lists.reasons) == 16
    assert [c.code for c in lists.categories] == ["SUSP", "PERM", "LNCH"]
    assert {r.code for r in lists.results} == set("ANO BRE CNO DNO EON FRE GNO HWD INO JRE KRE LNO MNO NOG".split())
    assert (lists.limits.term_low_days, lists.limits.term_high_days, lists.limits.year_days) == (5, 15, 45)
    assert lists.reason_words("DB, PA,QQ") == "Persistent or general disruptive behaviour; Physical assault against an adult; QQ"
    new = lists.reason("MP")
    assert new is not None and new.words.endswith(" (new)")
    assert "http" not in lists.source


def test_a_file_that_breaks_a_rule_is_named() -> None:
    with pytest.raises(Refusal, match=r"x\.toml is not a TOML file"):
        read_exclusions("[", "x.toml")
    with pytest.raises(Refusal, match="holds no categories"):
        read_exclusions('[[reasons]]\ncode="PA"\nlabel="a"', "x.toml")


def test_words() -> None:
    assert [days_words(n) for n in (0, 1, 2, 3, 5, 90)] == ["0 days", "½ day", "1 day", "1½ days", "2½ days", "45 days"]
    assert phase_label(susp(date(2026, 11, 9), 5)) == "Suspended, 2½ days"
    assert phase_label(susp(date(2026, 11, 9), None, category="PERM")) == "Permanently excluded"
    assert phase_label(susp(date(2026, 11, 9), 5, cancelled_on=date(2026, 11, 9))) == "Suspended, 2½ days (cancelled)"


@given(
    st.integers(1, 20),
    st.sampled_from(["AM", "PM"]),
    st.sampled_from(["SUSP", "LNCH", "PERM"]),
    st.sampled_from(CALENDAR.school_days(date(2026, 10, 12), date(2026, 11, 27))),
    st.integers(0, 12),
)
def test_the_register_and_the_suspension_agree_on_the_first_five_days(n: int, starts: str, category: str, first: date, ahead: int) -> None:
    from approgress.domain.register import suspension_day

    s = susp(first, None if category == "PERM" else n, starts=starts, category=category)
    proposed = suspended_sessions(s, CALENDAR)
    day = CALENDAR.add_school_days(first, ahead)
    assert day is not None
    for session in ("AM", "PM"):
        place = suspension_day(s, day, session, CALENDAR)
        assert ((day, session) in proposed) == (place is not None and place <= 5)
