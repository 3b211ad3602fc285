"""Needs you: each rule just inside and just outside its threshold; holidays, leavers, part-time pupils; order, folding and resting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain import needs
from approgress.domain.acts.needs import rests_until
from approgress.domain.change import WeekCount
from approgress.domain.needs import (
    GoalFacts,
    Line,
    OpenSession,
    Own,
    PupilFacts,
    Rules,
    SeriesFacts,
    StartFacts,
    arrange,
    lines_of,
    register_lines,
)
from approgress.domain.records import (
    AbsenceContact,
    Closure,
    Goal,
    HalfTerm,
    Intervention,
    Mark,
    Rest,
    Setting,
    Suspension,
    Timetable,
    TimetableReview,
)
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set

CODES = code_set()
TERMS = (
    HalfTerm(1, 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)),
    HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(3, 1, "Spring 1", date(2027, 1, 4), date(2027, 2, 12)),
)
CALENDAR = Calendar.of(TERMS, (Closure(1, 1, date(2026, 11, 2), date(2026, 11, 2), "inset", "INSET"),))
TODAY = date(2026, 11, 24)  # a Tuesday
BEGAN = date(2026, 9, 7)


def rules(today: date = TODAY, **setting: Any) -> Rules:
    return Rules(today, CALENDAR, CODES, Setting(1, "Hawthorn Centre", **setting))


def day(text: str, month: int = 11) -> date:
    return date(2026, month, int(text))


def number(text: str) -> int | None:
    return None if not text else next(c.number for c in CODES.codes if c.text == text and c.in_force(TODAY))


def mark(when: date, am: str = "", pm: str = "") -> Mark:
    return Mark(1, 1, when, number(am), number(pm))


def pupil(**more: Any) -> PupilFacts:
    """A pupil on roll since the term began, seen yesterday, of whom somebody wrote today."""
    held: dict[str, Any] = {"stay": (BEGAN, None), "seen_on": day("23"), "written_on": TODAY}
    held.update(more)
    return PupilFacts(1, **held)


def titles(facts: PupilFacts, asked: Rules | None = None) -> list[str]:
    return [line.title for line in lines_of(facts, asked or rules())]


def only(facts: PupilFacts, asked: Rules | None = None) -> Line:
    (line,) = lines_of(facts, asked or rules())
    return line


def test_nothing_is_said_of_a_pupil_of_whom_nothing_waits() -> None:
    assert titles(pupil()) == []


# --- who is spoken of --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stay", [(date(2026, 11, 25), None), (BEGAN, date(2026, 11, 23))], ids=["not begun yet", "left yesterday"])
def test_who_is_not_on_roll_has_no_line(stay: tuple[date, date | None]) -> None:
    everything = pupil(stay=stay, marks=(mark(day("10"), "N", "N"), mark(day("23"), "O", "O")), seen_on=None, written_on=None)
    assert lines_of(everything, rules()) == ()
    assert lines_of(replace(everything, stay=(BEGAN, TODAY)), rules()), "the day of leaving is on roll"


# --- absent without contact --------------------------------------------------------------------------------------------


def test_one_session_is_none_and_two_in_a_row_are_a_line_that_neither_rests_nor_folds() -> None:
    assert titles(pupil(marks=(mark(TODAY, "N"),))) == []
    line = only(pupil(marks=(mark(day("23"), "/", "N"), mark(TODAY, "N"))))
    assert (line.title, line.said, line.place) == ("2 sessions absent, no contact", "since Mon 23 Nov PM", "today/2026-11-24/AM/1")
    assert line.safety and line.urgent and not line.may_rest and "safety" in line.no_rest and needs.REST not in line.actions


def test_how_many_sessions_is_the_schools_own_number() -> None:
    three = pupil(marks=(mark(day("23"), "N", "O"), mark(TODAY, "N")), seen_on=day("20"))
    assert titles(three, rules(alert_sessions=4)) == []
    assert titles(three, rules(alert_sessions=3)) == ["3 sessions absent, no contact"]


@pytest.mark.parametrize("neutral", ["C2", "D", "#", "Y4", "X", ""])
def test_sessions_that_the_pupil_was_not_due_for_never_count_and_never_end_a_row(neutral: str) -> None:
    days = CALENDAR.school_days(day("16"), TODAY)
    assert titles(pupil(marks=tuple(mark(d, neutral, neutral) for d in days), seen_on=day("13"))) == []
    row = pupil(marks=(mark(day("20"), "N", neutral), mark(day("23"), neutral, neutral), mark(TODAY, "N")), seen_on=day("19"))
    assert titles(row) == ["2 sessions absent, no contact"]


@pytest.mark.parametrize("here", ["/", "L", "U", "B", "V"])
def test_having_been_here_ends_a_row_also_after_the_register_had_closed(here: str) -> None:
    assert titles(pupil(marks=(mark(day("20"), "N", "N"), mark(day("23"), here, "N")), seen_on=day("19"))) == []


def test_a_reason_ends_a_row_and_sessions_before_it_are_no_longer_asked_about() -> None:
    assert titles(pupil(marks=(mark(day("20"), "O", "O"), mark(day("23"), "I", "O")), seen_on=day("19"))) == []
    assert titles(pupil(marks=(mark(day("20"), "O", "O"), mark(day("23"), "I", "I"), mark(TODAY, "O", "O")), seen_on=day("19"))) == [
        "2 sessions absent, no contact"
    ]


def contact(when: date, sort: str = "call", **more: Any) -> AbsenceContact:
    return AbsenceContact(1, 9, when, sort, **more)


def test_only_a_real_contact_resets_the_clock_and_tries_are_said() -> None:
    two = (mark(day("20"), "O", "O"), mark(day("23"), "O", "O"))
    away = pupil(marks=two, seen_on=day("19"))
    tried = replace(away, contacts=(contact(day("20")), contact(day("23"), "text")))
    assert only(tried).said == "since Fri 20 Nov AM; 2 tries without an answer"
    assert titles(replace(away, contacts=(contact(day("23"), "call", answered=True),))) == []
    later = only(replace(away, contacts=(contact(day("20"), "spoke"),)))
    assert later.said == "since Mon 23 Nov AM", "sessions after the contact count again"
    assert titles(replace(away, contacts=(contact(day("20"), "spoke", explains=True),))) == [], "explained for the whole row"
    struck = contact(day("23"), "spoke", explains=True, struck="wrong pupil")
    assert titles(replace(away, contacts=(struck,))) == ["4 sessions absent, no contact"]
    assert titles(replace(away, contacts=(contact(day("19"), "spoke", explains=True),))) == ["4 sessions absent, no contact"], "of an absence before"


def test_an_absence_before_the_present_stay_is_not_counted() -> None:
    assert titles(pupil(stay=(TODAY, None), marks=(mark(day("23"), "O", "O"), mark(TODAY, "N")), seen_on=None)) == []


# --- not seen ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["I", "C", "M", "E", "O"])
def test_explained_or_not_an_absence_comes_back_after_five_school_days(code: str) -> None:
    days = CALENDAR.school_days(day("17"), TODAY)[:-1]  # Tue to Mon: 5 school days
    assert len(days) == 5
    spoken = tuple(contact(d, "spoke", explains=True) for d in days)
    away = pupil(marks=tuple(mark(d, code, code) for d in days), seen_on=day("16"), contacts=spoken)
    assert titles(replace(away, marks=away.marks[1:], seen_on=day("17"))) == []
    line = only(away)
    assert (line.title, line.said) == ("Not seen, 5 school days absent", "last seen Mon 16 Nov")
    assert line.safety and not line.may_rest


def test_safe_and_seen_is_seen_and_a_call_is_not() -> None:
    days = CALENDAR.school_days(day("16"), TODAY)
    away = pupil(marks=tuple(mark(d, "I", "I") for d in days), seen_on=day("13"))
    assert only(replace(away, contacts=(contact(day("23"), "call", answered=True, explains=True),))).title == "Not seen, 7 school days absent"
    assert titles(replace(away, contacts=(contact(day("18"), "seen"),))) == []  # 19, 20, 23, 24
    assert only(replace(away, contacts=(contact(day("17"), "seen"),))).said == "last seen Tue 17 Nov"


def test_days_of_holiday_and_days_not_due_are_not_days_unseen() -> None:
    before = CALENDAR.school_days(date(2026, 10, 20), date(2026, 11, 3))  # 20, 21, 22, 23 Oct and 3 Nov: half-term and INSET between
    assert len(before) == 5
    four = pupil(marks=tuple(mark(d, "I", "I") for d in before[1:]), seen_on=before[0], written_on=date(2026, 11, 3))
    assert titles(four, rules(date(2026, 11, 3))) == []
    part_time = [mark(d, "C2" if i % 2 else "I", "C2") for i, d in enumerate(CALENDAR.school_days(day("11"), day("20")))]
    assert len([m for m in part_time if m.am == number("I")]) == 4
    assert titles(pupil(marks=tuple(part_time), seen_on=day("10"))) == []


def test_unseen_and_without_contact_is_one_line_that_says_both() -> None:
    days = CALENDAR.school_days(day("16"), TODAY)
    line = only(pupil(marks=tuple(mark(d, "O", "O") for d in days), seen_on=day("13"), contacts=(contact(day("20")),)))
    assert line.title == "Not seen, 7 school days absent"
    assert line.said == "last seen Fri 13 Nov; no contact with home (1 try without an answer)"


# --- N codes -----------------------------------------------------------------------------------------------------------


def n_of(when: date, today: date, session: str = "AM") -> list[Line]:
    held = mark(when, "N", "/") if session == "AM" else mark(when, "/", "N")
    return list(needs.n_codes(pupil(marks=(held,)), rules(today)))


def test_the_picture_day_4_of_5_by_tomorrow() -> None:
    (line,) = n_of(day("18"), TODAY)
    assert (line.title, line.due_words, line.said) == ("N code, day 4 of 5", "by tomorrow", "Wed 18 Nov AM has no reason yet")
    assert line.key == "n:2026-11-18:AM" and line.urgent and line.may_rest and line.rest_until == day("25")
    assert line.place == "today/2026-11-18/AM/1"


def test_an_n_is_listed_from_its_third_school_day_and_overdue_after_its_fifth() -> None:
    seen = {d: n_of(day("16"), d) for d in (day("18"), day("19"), day("20"), day("23"), day("24"))}
    assert seen[day("18")] == []
    assert [(x[0].title, x[0].due_words, x[0].urgent) for x in list(seen.values())[1:]] == [
        ("N code, day 3 of 5", "by Mon 23 Nov", False),
        ("N code, day 4 of 5", "by Mon 23 Nov", True),
        ("N code, day 5 of 5", "by today", True),
        ("N code overdue", "1 school day over", True),
    ]
    assert not seen[day("24")][0].may_rest and needs.GIVE_REASON in seen[day("24")][0].actions


def test_half_term_and_an_inset_day_do_not_count_and_nothing_turns_into_o() -> None:
    """Trial 51: N on Fri 16 Oct AM and on Tue 20 Oct PM, the clock moved day by day from 20 Oct to 6 Nov."""
    first_over: dict[str, date] = {}
    last: dict[str, date | None] = {}
    for i in range(18):
        today = date(2026, 10, 20) + timedelta(days=i)
        for name, when, session in (("first", date(2026, 10, 16), "AM"), ("second", date(2026, 10, 20), "PM")):
            for line in n_of(when, today, session):
                last[name] = line.rest_until
                if "overdue" in line.title and CALENDAR.is_school_day(today):
                    first_over.setdefault(name, today)
                assert "has no reason yet" in line.said, "still N"
    assert last == {"first": date(2026, 10, 23), "second": date(2026, 11, 4)}
    assert first_over == {"first": date(2026, 11, 3), "second": date(2026, 11, 5)}


def test_several_n_of_a_pupil_are_one_line_and_a_new_one_wakes_it() -> None:
    held = pupil(marks=(mark(day("18"), "N", "N"), mark(day("19"), "N", "/")))
    line = only(held)
    assert line.said == "Wed 18 Nov AM has no reason yet, and 2 more" and len(line.keys) == 3
    asleep = [Rest(1, i, key, day("25")) for i, (_, key) in enumerate(line.keys)]
    assert arrange([line], asleep, TODAY).count == 0
    assert arrange([line], asleep[:2], TODAY).count == 1


# --- plans and starting points -----------------------------------------------------------------------------------------


def plan(ends: date | None, review: date | None = None, held_on: date | None = None, **more: Any) -> PupilFacts:
    reviews = () if review is None else (TimetableReview(1, 5, 3, review, held_on),)
    return pupil(timetables=(Timetable(1, 3, 1, "building up", day("2"), ends, **more),), reviews=reviews)


def test_the_picture_review_and_end_on_one_day_are_one_line() -> None:
    line = only(plan(day("27"), day("27")))
    assert (line.title, line.due_words, line.said, line.place) == ("Part-time timetable review", "Fri 27 Nov", "plan ends that day", "pupil/1/attendance")


def test_a_review_is_listed_five_school_days_ahead_and_stays_until_it_was_held() -> None:
    assert titles(plan(None, day("2", 12))) == []
    assert titles(plan(None, day("1", 12))) == ["Part-time timetable review"]
    over = only(plan(None, day("20")))
    assert over.due_words == "2 school days over" and over.urgent
    assert titles(plan(None, day("20"), day("20"))) == []


def test_a_plan_past_its_end_stays_until_a_person_says_how_it_ended() -> None:
    assert titles(plan(day("2", 12))) == []
    assert titles(plan(day("1", 12))) == ["Part-time timetable ends"]
    assert titles(plan(day("20"))) == ["Part-time timetable is past its end"]
    assert titles(plan(day("20"), last_day=day("20"))) == []


def test_a_review_and_an_end_rest_until_their_day_and_no_longer() -> None:
    for facts in (plan(None, day("27")), plan(day("27"))):
        line = only(facts)
        assert line.may_rest and line.rest_until == day("27") and needs.REST in line.actions
        assert rests_until(line, TODAY) == day("27"), "not the two weeks of other lines"
    for facts in (plan(None, TODAY), plan(TODAY), plan(day("20"))):
        line = only(facts)
        assert not line.may_rest and line.actions == (needs.OPEN,)
        rest = Rest(1, 1, line.key, day("30"))
        assert arrange([line], [rest], TODAY).shown == (line,), "also one that was put to rest for longer"


def start(day_number: int, have: int = 4, agreed: bool = False) -> PupilFacts:
    return pupil(start=StartFacts(have, 6, "" if have == 6 else "no learning", agreed, day_number, 28))


def test_a_starting_point_with_gaps_is_named_from_the_second_week_to_twice_its_time() -> None:
    assert [n for n in range(70) if titles(start(n))] == list(range(8, 57))
    line = only(start(19))
    assert (line.title, line.due_words, line.said) == ("Starting point 4 of 6", "day 19 of 28", "4 of 6 strands; no learning")
    assert only(start(33)).due_words == "day 33, past 28"
    assert titles(start(19, agreed=True)) == []
    assert titles(start(27, have=6)) == [] and titles(start(28, have=6)) == ["Starting point to agree"]


# --- readings, goals, engagement ---------------------------------------------------------------------------------------


def series(last: date, gap: int = 14) -> PupilFacts:
    return pupil(series=(SeriesFacts("who5", "WHO-5", "Wellbeing", gap, last),))


def test_a_follow_up_is_due_after_half_a_term_or_the_instruments_own_longer_gap() -> None:
    assert titles(series(TODAY - timedelta(days=41))) == [] and titles(series(TODAY - timedelta(days=42))) == ["Wellbeing follow-up due"]
    assert titles(series(TODAY - timedelta(days=89), gap=90)) == [] and titles(series(TODAY - timedelta(days=90), gap=90)) != []
    line = only(series(date(2026, 10, 5)))
    assert (line.due_words, line.said) == ("6 school days over", "WHO-5, due 16 Nov")


def test_a_follow_up_that_falls_into_a_holiday_waits_for_the_first_school_day() -> None:
    last = date(2026, 10, 26) - timedelta(days=42)
    assert needs.follow_up_day(SeriesFacts("who5", "WHO-5", "Wellbeing", 14, last), rules()) == date(2026, 11, 3)


def test_a_follow_up_that_is_a_term_over_says_when_it_was_last_taken_and_stands_last() -> None:
    old, new = series(date(2025, 11, 17)), series(date(2026, 10, 5))
    (lapsed,) = needs.follow_ups(old, rules())
    assert (lapsed.title, lapsed.due_words, lapsed.said) == ("Wellbeing follow-up missed", "", "WHO-5, last taken 17 Nov 2025")
    lines = [x for i, one in enumerate((old, old, new), start=1) for x in needs.follow_ups(replace(one, pupil_id=i), rules())]
    shown = needs.arrange(lines, (), TODAY).shown
    assert [(x.title, x.pupils) for x in shown] == [("Wellbeing follow-up due", (3,)), ("Wellbeing follow-up missed", (1, 2))]
    assert shown[1].order > next(iter(needs.silence(pupil(written_on=date(2026, 10, 1)), rules()))).order


def test_follow_ups_of_one_instrument_are_one_line_from_the_oldest_on() -> None:
    lines = [x for i, last in enumerate((5, 6, 7, 8), start=1) for x in needs.follow_ups(replace(series(date(2026, 10, last)), pupil_id=i), rules())]
    panel = arrange(lines, (), TODAY)
    (line,) = panel.named({1: "Callum Dyer", 2: "Ellis Grant", 3: "Imran Shah", 4: "Josie Penn"}).shown
    assert line.sentence == "Callum Dyer, Ellis Grant, Imran Shah and 1 more · WHO-5, the first due 16 Nov" and len(line.pupils) == 4
    rested = arrange(lines, [Rest(1, 1, lines[0].key, day("30"))], TODAY)
    assert rested.shown[0].pupils == (2, 3, 4) and rested.resting[0].line.pupils == (1,)


def ratings(*values: float, start_day: date = BEGAN) -> tuple[tuple[date, float], ...]:
    return tuple((start_day + timedelta(days=7 * i), v) for i, v in enumerate(values))


GOAL = Goal(1, 4, "Get here by bus", target=8, target_day=BEGAN + timedelta(days=70))


def test_three_points_in_a_row_below_the_aim_line_and_not_two() -> None:
    # the line goes from 3 by half a point a week: 3.5, 4, 4.5, 5
    assert titles(pupil(goals=(GoalFacts(GOAL, ratings(3, 3, 3.9)),))) == []
    line = only(pupil(goals=(GoalFacts(GOAL, ratings(3, 3, 3.9, 4)),)))
    assert line.title == "Below the aim line" and "talk about changing the plan" in line.said and line.rank == 1
    assert titles(pupil(goals=(GoalFacts(GOAL, ratings(3, 3, 4, 4)),))) == [], "a point on the line is not below it"
    assert titles(pupil(goals=(GoalFacts(replace(GOAL, ended_on=day("20")), ratings(3, 3, 3, 3)),))) == []
    assert titles(pupil(goals=(GoalFacts(replace(GOAL, target_day=None), ratings(3, 3, 3, 3)),))) == []


@given(st.lists(st.integers(0, 10), min_size=2, max_size=12), st.integers(0, 10), st.integers(1, 200))
def test_below_the_aim_line_agrees_with_the_line_worked_in_fractions(values: list[int], target: int, days: int) -> None:
    from fractions import Fraction

    goal = Goal(1, 4, "x", target=target, target_day=BEGAN + timedelta(days=days))
    rated = ratings(*map(float, values))
    below = [Fraction(v) < values[0] + Fraction((target - values[0]) * min(7 * i, days), days) for i, v in enumerate(values)][1:]
    tail = 0
    for one in reversed(below):
        if not one:
            break
        tail += 1
    assert needs.below_aim(goal, rated) == tail


def weeks(*counts: int, of: int = 10) -> tuple[WeekCount, ...]:
    return tuple(WeekCount(date(2026, 9, 28) + timedelta(weeks=i), i + 1, c, of) for i, c in enumerate(counts))


def test_engagement_is_said_to_fall_only_from_eight_weeks_of_five_lessons_and_in_counts() -> None:
    falling = (9, 8, 8, 7, 6, 5, 4, 3)
    line = only(pupil(weeks=weeks(*falling)))
    assert (line.title, line.due_words) == ("Engagement is falling", "in these 8 weeks")
    assert line.said == "lessons at 4 or 5: 32 of 40, then 18 of 40"
    assert titles(pupil(weeks=weeks(*falling[1:]))) == [], "seven weeks"
    assert titles(pupil(weeks=weeks(*(4, 4, 3, 3, 2, 2, 1, 0), of=4))) == [], "four lessons a week"
    assert titles(pupil(weeks=weeks(9, 3, 8, 4, 9, 3, 8, 2))) == [], "no clear trend"
    assert titles(pupil(weeks=weeks(*reversed(falling)))) == []


# --- what the law asks for ---------------------------------------------------------------------------------------------


def test_a_record_of_an_intervention_waits_for_the_second_adult_and_the_parent() -> None:
    held = Intervention(1, 7, day("18"), "restraint")
    line = only(pupil(interventions=(held,)))
    assert line.said == "Wed 18 Nov: a second adult has not signed, the parent is not told" and not line.may_rest and "restraint" not in line.said
    assert only(pupil(interventions=(replace(held, signed_by=2, signed_on=day("18")),))).said == "Wed 18 Nov: the parent is not told"
    withheld = replace(held, signed_by=2, withheld_why="risk of harm", withheld_by="Head")
    assert titles(pupil(interventions=(withheld,))) == []
    assert titles(pupil(interventions=(replace(held, struck="wrong pupil"),))) == []


def suspended(**more: Any) -> PupilFacts:
    held: dict[str, Any] = {"half_days": None, "last_day": day("25"), "parents_told": day("19")}
    held.update(more)
    return pupil(suspensions=(Suspension(1, 8, held.pop("category", "SUSP"), held.pop("first_day", day("19")), **held),))


def test_day_six_is_asked_for_three_school_days_ahead_of_the_sixth_and_only_for_more_than_five() -> None:
    # from Thu 19 Nov the sixth school day is Thu 26 Nov
    assert titles(suspended(half_days=10)) == []
    line = only(suspended(half_days=12))
    assert (line.title, line.due_words) == ("Day-6 provision not arranged", "Thu 26 Nov")
    assert titles(suspended(half_days=12), rules(day("20"))) == []
    assert titles(suspended(half_days=12, day6_where="Birch Centre", day6_from=day("26"))) == []
    assert "Day-6 provision not arranged" in titles(suspended(category="PERM", half_days=None, last_day=None))


def test_parents_board_and_return_meeting() -> None:
    assert titles(suspended(parents_told=None)) == ["Parents not told yet"]
    assert "The board must meet" in titles(suspended(category="PERM", half_days=None, last_day=None))
    assert "The board must meet" not in titles(suspended(half_days=30)) and "The board must meet" in titles(suspended(half_days=31))
    assert titles(suspended(last_day=day("25"))) == []
    assert titles(suspended(last_day=day("23"))) == ["Return meeting not held"]
    assert titles(suspended(last_day=day("23"), return_meeting=day("24"))) == []
    assert titles(suspended(half_days=10)) == [] and titles(suspended(half_days=8)) == ["Return meeting not held"], "the length says when it ends"
    earlier = Suspension(1, 7, "SUSP", date(2026, 9, 14), half_days=30, parents_told=date(2026, 9, 14), return_meeting=date(2026, 10, 6))
    both = suspended(half_days=10)
    assert titles(replace(both, suspensions=(earlier, *both.suspensions))) == ["The board must meet"], "more than 15 days in the term together"
    for gone in ({"cancelled_on": day("20")}, {"struck": "typed twice"}, {"partner_id": 7}):
        assert titles(suspended(parents_told=None, half_days=31, last_day=day("23"), **gone)) == []


# --- silence -----------------------------------------------------------------------------------------------------------


def test_nothing_written_for_fourteen_days_of_which_ten_are_school_days() -> None:
    assert titles(pupil(written_on=day("11"))) == []
    line = only(pupil(written_on=day("10")))
    assert (line.title, line.said) == ("Nothing written for 14 days", "last entry 10 Nov")
    assert titles(pupil(written_on=None, stay=(day("11"), None))) == [], "new pupils are not named"
    assert only(pupil(written_on=None, stay=(day("10"), None))).said == "nothing written yet"


def test_a_holiday_silences_nobody() -> None:
    spring = rules(date(2027, 1, 5))
    assert titles(pupil(written_on=date(2026, 12, 17), seen_on=date(2027, 1, 4)), spring) == []
    assert titles(pupil(written_on=date(2026, 12, 7), seen_on=date(2027, 1, 4)), spring) == ["Nothing written for 14 days"]


# --- registers ---------------------------------------------------------------------------------------------------------


def test_registers_of_today_are_a_line_a_session_and_those_before_are_one() -> None:
    ones = [
        OpenSession(TODAY, "AM", 5, "Ash", 10, 11, "closed 09:20"),
        OpenSession(TODAY, "AM", 6, "Birch", 0, 9, "closed 09:20"),
        OpenSession(day("23"), "PM", 5, "Ash", 0, 11),
        OpenSession(day("20"), "PM", 6, "Birch", 8, 9),
        OpenSession(day("20"), "AM", 6, "Birch", 9, 9),
    ]
    today, before = register_lines(ones, rules())
    assert (today.title, today.due_words, today.said) == ("AM register not finished", "closed 09:20", "Ash 10 of 11, Birch not taken")
    assert today.place == "today/2026-11-24/AM/g5" and not today.may_rest
    assert (before.title, before.due_words) == ("2 registers not finished", "2 school days over")
    assert before.said == "Fri 20 Nov: Birch PM 8 of 9; Mon 23 Nov: Ash PM never taken" and before.place == "today/2026-11-20/PM/g6"


# --- the panel ---------------------------------------------------------------------------------------------------------


def made(n: int, **more: Any) -> Line:
    held: dict[str, Any] = {"keys": ((n, f"k:{n}"),), "since": TODAY - timedelta(days=n)}
    held.update(more)
    return Line(f"k:{n}", f"title {n}", "", "said", n, "today", **held)


def test_six_are_shown_and_the_rest_is_folded_and_safety_is_never() -> None:
    panel = arrange([made(n) for n in range(9)], (), TODAY)
    assert len(panel.shown) == 6 and panel.foot == "3 more folded" and panel.shown[0].since == TODAY - timedelta(days=8)
    safe = [made(n, safety=True, no_rest=needs.SAFETY) for n in range(20, 28)]
    panel = arrange([*(made(n, urgent=True) for n in range(3)), *safe], (), TODAY)
    assert set(panel.shown) == set(safe) and len(panel.folded) == 3, "more than six where safety asks for it"


def test_a_line_rests_until_its_day_and_then_comes_back() -> None:
    rest = Rest(1, 3, "k:1", day("25"))
    assert arrange([made(1)], [rest], TODAY).foot == "1 resting until 25 Nov"
    assert arrange([made(1)], [rest], day("25")).count == 1
    assert arrange([made(1)], [replace(rest, pupil_id=2)], TODAY).count == 1, "another pupil's"


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2), st.booleans()), max_size=14))
def test_no_line_is_lost_and_safety_is_always_shown(kinds: list[tuple[bool, bool, int, bool]]) -> None:
    lines = [
        made(n, safety=s, urgent=u or s, rank=r, no_rest=needs.SAFETY if s else "", joins="j" if r == 2 and not s and not u else "")
        for n, (s, u, r, _) in enumerate(kinds)
    ]
    rests = [Rest(n, n, f"k:{n}", day("30")) for n, kind in enumerate(kinds) if kind[3]]
    panel = arrange(lines, rests, TODAY)
    everyone = [p for x in (*panel.shown, *panel.folded, *(r.line for r in panel.resting)) for p in x.pupils]
    assert sorted(everyone) == list(range(len(kinds)))
    assert {x.pupil_id for x in panel.shown if x.safety} == {n for n, kind in enumerate(kinds) if kind[0]}
    assert not any(x.safety for x in panel.folded) and len([x for x in panel.shown if not x.safety]) <= needs.MOST_SHOWN
    assert list(panel.shown) == sorted(panel.shown, key=lambda x: x.order)


def test_own_pupils_come_first_but_for_safety() -> None:
    def line(pupil_id: int, **more: Any) -> Line:
        return Line("k", "Title", "", "", pupil_id, "", TODAY, **more)

    theirs, mine, danger = line(1, urgent=True), line(2), line(3, safety=True)
    register = replace(line(4), pupil_id=None, groups=frozenset({7}))
    own = Own(frozenset({7}), frozenset({2}))
    assert arrange([theirs, mine, danger], (), TODAY, own=own).shown == (danger, mine, theirs)
    assert arrange([theirs, register], (), TODAY, own=own).shown == (register, theirs)
    assert arrange([theirs, mine, danger], (), TODAY).shown == (danger, theirs, mine)
    assert arrange([theirs, mine], (), TODAY, 1, own=own).folded == (theirs,)


def test_lines_of_own_pupils_are_joined_by_themselves() -> None:
    lines = [x for i, last in enumerate((5, 6, 7), start=1) for x in needs.follow_ups(replace(series(date(2026, 10, last)), pupil_id=i), rules())]
    shown = arrange(lines, (), TODAY, own=Own(frozenset({7}), frozenset({2, 3}))).shown
    assert [x.pupils for x in shown] == [(2, 3), (1,)]
