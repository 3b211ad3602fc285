"""Agreed sessions, milestones and the rules that are watching: worked examples counted by hand, and what must hold for any marks."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.agreed import (
    AGREED_WEEK,
    FULL_DAY,
    FULL_WEEK,
    RUN,
    agreed_tally,
    agreed_view,
    disagreements,
    is_agreed,
    milestones,
    rules_watching,
    sessions_in,
    shown_rules,
    step_on,
    timetable_on,
    two_by_half_term,
    two_by_week,
    two_figures,
    week_words,
)
from approgress.domain.attendance import tally
from approgress.domain.records import Closure, HalfTerm, Mark, Timetable, TimetableStep
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set

CODES = code_set()
NUMBERS = {c.text: c.number for c in CODES.codes}
TERMS = (
    HalfTerm(1, 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)),
    HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
)
CALENDAR = Calendar.of(TERMS, (Closure(1, 1, date(2026, 9, 7), date(2026, 9, 7), "inset", "INSET"),))
MON, TUE, WED, THU, FRI = 1, 2, 4, 8, 16
START = date(2026, 9, 14)  # a Monday
MORNINGS = Timetable(1, 50, 1, "back after illness", START)
FIRST = TimetableStep(1, 51, 50, START, MON | WED, 0)  # Monday and Wednesday mornings
SECOND = TimetableStep(1, 52, 50, date(2026, 11, 2), 31, MON)  # every morning, and Monday afternoons


def marks(first: date, text: str) -> list[Mark]:
    """Marks of weekdays in a row from `first`: 'AM,PM AM,PM ...', '-' for none."""
    found: list[Mark] = []
    day = first
    for pair in text.split():
        while day.weekday() > 4:
            day += timedelta(days=1)
        am, pm = (None if code == "-" else NUMBERS[code] for code in pair.split(","))
        found.append(Mark(1, 1, day, am, pm))
        day += timedelta(days=1)
    return found


# --- which sessions are agreed ----------------------------------------------------------------------------------------


def test_a_step_holds_until_the_next_and_a_timetable_until_it_did_end() -> None:
    steps = (SECOND, FIRST)
    assert timetable_on(date(2026, 9, 13), [MORNINGS]) is None
    assert step_on(date(2026, 10, 30), MORNINGS, steps) == FIRST
    assert step_on(date(2026, 11, 2), MORNINGS, steps) == SECOND
    assert is_agreed(date(2026, 9, 16), "AM", [MORNINGS], steps) is True
    assert is_agreed(date(2026, 9, 16), "PM", [MORNINGS], steps) is False
    assert is_agreed(date(2026, 9, 15), "AM", [MORNINGS], steps) is False
    assert is_agreed(date(2026, 11, 3), "AM", [MORNINGS], steps) is True
    assert is_agreed(date(2026, 9, 11), "AM", [MORNINGS], steps) is None, "before it began"
    assert is_agreed(date(2026, 9, 19), "AM", [MORNINGS], steps) is False, "a Saturday"
    ended = Timetable(1, 50, 1, "", START, target_end=date(2026, 9, 18), last_day=date(2026, 9, 25))
    assert is_agreed(date(2026, 9, 25), "AM", [ended], steps) is False, "the target has gone by, the end has not"
    assert is_agreed(date(2026, 9, 28), "AM", [ended], steps) is None


def test_a_timetable_without_a_step_agrees_nothing_and_says_so() -> None:
    assert is_agreed(START, "AM", [MORNINGS], ()) is None
    assert is_agreed(START, "AM", [MORNINGS], [TimetableStep(1, 9, 999, START, 31, 31)]) is None, "another timetable's step"
    assert agreed_tally(marks(START, "/,C2"), CODES, [MORNINGS], ()) is None


def test_a_week_in_words() -> None:
    assert week_words(MON | WED, 0) == "Mon and Wed mornings"
    assert week_words(MON | THU, THU) == "Mon morning, Thu all day"
    assert week_words(0, TUE | WED | FRI) == "Tue, Wed and Fri afternoons"
    assert (week_words(31, 31), week_words(0, 0)) == ("every session", "no sessions")
    assert sessions_in(SECOND) == 6


# --- the two percentages ----------------------------------------------------------------------------------------------


def test_two_percentages_of_one_week() -> None:
    """Mon /,C2  Tue C2,C2  Wed O,C2: 1 of 6 possible sessions, 1 of 2 agreed ones."""
    two = two_figures("week", marks(START, "/,C2 C2,C2 O,C2"), CODES, [MORNINGS], [FIRST])
    assert (two.tally.attended, two.tally.possible) == (1, 6)
    assert two.agreed is not None
    assert (two.agreed.attended, two.agreed.asked, two.agreed.unauthorised, two.agreed.not_agreed) == (1, 2, 1, 4)
    assert two.words == "1 of 6 (17%) of possible sessions, the DfE measure; 1 of 2 (50%) of agreed sessions, not the DfE measure"
    assert "not the DfE measure" in two.agreed.rate().rule


def test_one_pupil_who_attends_every_agreed_session_is_at_half_of_the_possible_ones() -> None:
    """england.md 1.4: 5 of 10 sessions, all attended, is 50.0% by the DfE measure and persistently and severely absent."""
    timetable, step = Timetable(1, 50, 1, "", START), TimetableStep(1, 51, 50, START, 31, 0)
    two = two_figures("week", marks(START, "/,C2 /,C2 L,C2 /,C2 /,C2"), CODES, [timetable], [step])
    assert two.tally.attendance_percent == 50.0
    assert two.tally.persistent and two.tally.severe
    assert two.agreed is not None and (two.agreed.attended, two.agreed.asked, two.agreed.late) == (5, 5, 1)
    assert two.agreed.rate().value == 100


def test_what_counts_in_no_share_is_said_apart() -> None:
    got = agreed_tally(marks(START, "C2,\\ O,C2 D,# Y1,C2"), CODES, [MORNINGS], [FIRST])
    assert got is not None
    assert (got.asked, got.leave, got.extra, got.absent_other, got.not_possible, got.not_agreed) == (0, 1, 1, 1, 3, 2)
    assert got.rate().value is None
    assert got.apart == (
        "Not counted: 1 session attended although not agreed; 1 session marked C2 although agreed; 1 session marked absent although not agreed."
    )


def test_agreed_sessions_without_a_mark_are_counted_by_the_calendar() -> None:
    got = agreed_tally(marks(START, "/,C2"), CODES, [MORNINGS], [FIRST], last=date(2026, 9, 23), calendar=CALENDAR)
    assert got is not None and got.unmarked == 3  # Wed 16, Mon 21, Wed 23
    assert got.rate().missing == {"agreed sessions without a mark": 3}


def test_the_figure_is_none_where_no_timetable_was_in_force() -> None:
    before = agreed_tally(marks(date(2026, 9, 8), "/,\\"), CODES, [MORNINGS], [FIRST], last=date(2026, 9, 11))
    assert before is None
    off_roll = agreed_tally([], CODES, [MORNINGS], [FIRST], [(None, date(2026, 9, 11))])
    assert off_roll is None


HARLOW = [
    ("2026-09-07", "Z", "Z"), ("2026-09-08", "/", "\\"), ("2026-09-09", "/", "\\"), ("2026-09-10", "/", "\\"), ("2026-09-11", "I", "I"),
    ("2026-09-14", "/", "\\"), ("2026-09-15", "/", "\\"), ("2026-09-16", "L", "\\"), ("2026-09-17", "O", "O"), ("2026-09-18", "/", "\\"),
    ("2026-09-21", "/", "\\"), ("2026-09-22", "/", "N"), ("2026-09-23", "O", "O"), ("2026-09-24", "O", "O"), ("2026-11-09", "/", "\\"),
    ("2026-11-10", "C2", "C2"),
]  # fmt: skip
"""A pupil on roll from 9 to 22 September and from 9 November on, part time without Tuesdays since; invented."""
SPANS = ((date(2026, 9, 9), date(2026, 9, 22)), (date(2026, 11, 9), None))


def test_a_gap_in_the_roll_counts_nowhere() -> None:
    rows = [Mark(1, 1, date.fromisoformat(d), NUMBERS[a], NUMBERS[p]) for d, a, p in HARLOW]
    today = date(2026, 11, 24)
    back = Timetable(1, 50, 1, "", date(2026, 11, 9))
    step = TimetableStep(1, 51, 50, date(2026, 11, 9), 31 - TUE, 31 - TUE)
    counted = tally(rows, CODES, SPANS, first=date(2026, 9, 1), last=today)
    assert (counted.possible, counted.attended, counted.authorised, counted.unauthorised, counted.late) == (24, 17, 4, 3, 1)
    agreed = agreed_tally(rows, CODES, [back], [step], SPANS, first=date(2026, 9, 1), last=today)
    assert agreed is not None and (agreed.attended, agreed.asked, agreed.not_agreed) == (2, 2, 2)
    watch = {w.rule: w for w in rules_watching(rows, CODES, CALENDAR, SPANS, last=today)}
    assert (watch["unauthorised"].count, watch["without_leave"].count) == (3, 0)
    assert (watch["persistent"].reached, watch["severe"].reached, watch["persistent"].of, watch["persistent"].count) == (True, False, 24, 7)
    assert watch["ill"].count == 2
    run = next(m for m in milestones(rows, CODES, [back], [step], CALENDAR, SPANS, last=today) if m.kind == RUN)
    assert (run.count, run.day) == (6, date(2026, 9, 16)), "the run before the gap is not joined to the one after"


def test_half_terms_and_weeks_make_up_the_whole() -> None:
    rows = [*marks(date(2026, 10, 19), "/,C2 C2,C2 O,C2 C2,C2 C2,C2"), *marks(date(2026, 11, 2), "/,\\ O,C2 /,C2 L,C2 /,C2")]
    steps = [FIRST, SECOND]
    halves = two_by_half_term(rows, CODES, [MORNINGS], steps, CALENDAR)
    weeks = two_by_week(rows, CODES, [MORNINGS], steps, CALENDAR)
    assert [(t.name, t.agreed.attended, t.agreed.asked) for t in halves if t.agreed] == [("Autumn 1", 1, 2), ("Autumn 2", 5, 6)]
    whole = agreed_tally(rows, CODES, [MORNINGS], steps)
    assert whole is not None and (whole.attended, whole.asked) == (6, 8)
    assert sum(w.agreed.asked for w in weeks if w.agreed) == 8


def test_a_dossier_carries_both_figures_only_where_there_was_a_timetable() -> None:
    rows = marks(START, "/,C2 C2,C2 O,C2")
    span = ((date(2026, 9, 9), None),)
    more = {"own": span, "spans": span, "began": date(2026, 9, 9), "first": None, "last": date(2026, 9, 16), "ended": date(2026, 9, 16)}
    assert agreed_view(rows, CODES, CALENDAR, (), (), **more) is None  # type: ignore[arg-type]
    view = agreed_view(rows, CODES, CALENDAR, (MORNINGS,), (FIRST,), **more)  # type: ignore[arg-type]
    assert view is not None and view.now == MORNINGS and view.step == FIRST
    assert view.since.agreed is not None and (view.since.agreed.attended, view.since.agreed.asked) == (1, 2)
    assert view.of(view.since.first_day, view.since.last_day) == view.since.agreed


# --- marks that disagree ----------------------------------------------------------------------------------------------


def test_marks_that_disagree_with_a_timetable_are_named() -> None:
    found = disagreements(marks(START, "C2,C2 O,C2 /,\\ D,C2"), CODES, [MORNINGS], [FIRST])
    assert [d.words for d in found] == ["Mon 14 Sep AM: C2, but agreed", "Tue 15 Sep AM: O, but not agreed"]
    without = disagreements(marks(START, "C2,\\"), CODES, [], [])
    assert [d.code for d in without] == ["C2"], "C2 without any timetable"


# --- what must hold for any marks -------------------------------------------------------------------------------------

ANY_CODE = st.sampled_from([None, *(c.number for c in CODES.codes if c.first_day is None or c.last_day is None)])
MASK = st.integers(0, 31)


@given(st.lists(st.tuples(ANY_CODE, ANY_CODE), max_size=60), MASK, MASK, MASK, MASK, st.integers(0, 40), st.integers(0, 40))
def test_each_marked_session_of_a_timetable_is_counted_once(
    pairs: list[tuple[int | None, int | None]], a: int, b: int, c: int, d: int, step: int, ends: int
) -> None:
    rows = [Mark(1, 1, date(2026, 9, 8) + timedelta(days=n), am, pm) for n, (am, pm) in enumerate(pairs)]
    timetable = Timetable(1, 5, 1, "", START, last_day=START + timedelta(days=ends))
    steps = [TimetableStep(1, 6, 5, START, a, b), TimetableStep(1, 7, 5, START + timedelta(days=step), c, d)]
    got = agreed_tally(rows, CODES, [timetable], steps)
    assert got is not None
    assert got.asked == got.attended + got.authorised + got.unauthorised
    within = [n for m in rows if START <= m.day <= timetable.last_day for n in (m.am, m.pm) if n is not None]  # type: ignore[operator]
    assert len(within) == got.asked + got.extra + got.leave + got.absent_other + got.not_agreed + got.not_possible
    assert got.late <= got.asked
    dfe = tally(rows, CODES, first=START, last=timetable.last_day)
    assert got.attended + got.extra == dfe.attended
    assert got.asked + got.extra + got.leave + got.absent_other + got.not_agreed == dfe.possible


@given(st.lists(st.tuples(ANY_CODE, ANY_CODE), max_size=30))
def test_with_every_session_agreed_and_no_c2_both_figures_are_one(pairs: list[tuple[int | None, int | None]]) -> None:
    c2 = NUMBERS["C2"]
    rows = [Mark(1, 1, d, *(None if n == c2 else n for n in pair)) for d, pair in zip(CALENDAR.school_days(START, date(2026, 12, 18)), pairs, strict=False)]
    got = agreed_tally(rows, CODES, [Timetable(1, 5, 1, "", START)], [TimetableStep(1, 6, 5, START, 31, 31)])
    dfe = tally(rows, CODES)
    assert got is not None
    assert (got.attended, got.asked, got.authorised, got.unauthorised, got.late) == (dfe.attended, dfe.possible, dfe.authorised, dfe.unauthorised, dfe.late)


@given(st.lists(st.tuples(ANY_CODE, ANY_CODE), max_size=60), MASK, MASK)
def test_milestones_and_rules_never_fail_and_never_speak_of_the_future(pairs: list[tuple[int | None, int | None]], am: int, pm: int) -> None:
    rows = [Mark(1, 1, date(2026, 9, 8) + timedelta(days=n), a, p) for n, (a, p) in enumerate(pairs)]
    last = date(2026, 10, 10)
    timetable, step = Timetable(1, 5, 1, "", START), TimetableStep(1, 6, 5, START, am, pm)
    for m in milestones(rows, CODES, [timetable], [step], CALENDAR, last=last):
        assert m.day is None or m.day <= last
    seen = tally(rows, CODES, first=date(2026, 9, 1), last=last)
    for w in rules_watching(rows, CODES, CALENDAR, last=last):
        assert w.limit is None or w.reached == (w.count >= w.limit), w
        if w.rule in ("persistent", "severe"):
            assert (w.count, w.of) == (seen.absent, seen.possible)
            assert w.reached is bool(seen.persistent if w.rule == "persistent" else seen.severe)


# --- milestones -------------------------------------------------------------------------------------------------------


def test_milestones_of_a_pupil_building_up() -> None:
    weeks = "/,C2 C2,C2 O,C2 C2,C2 C2,C2 /,C2 C2,C2 L,C2 C2,C2 C2,C2"  # the second week has both agreed mornings
    later = "/,\\ /,C2 /,C2 /,C2 /,C2 /,\\ /,\\ /,\\ /,\\ /,\\"  # from 2 Nov: first full day; from 9 Nov a full week
    rows = [*marks(START, weeks), *marks(date(2026, 11, 2), later)]
    found = milestones(rows, CODES, [MORNINGS], [FIRST, SECOND], CALENDAR, first=START, last=date(2026, 11, 24))
    got = {m.kind: m for m in found}
    assert (got[AGREED_WEEK].day, got[AGREED_WEEK].words) == (date(2026, 9, 21), "First week of all agreed sessions (2)")
    assert got[FULL_DAY].day == date(2026, 11, 2)
    assert (got[FULL_WEEK].day, got[FULL_WEEK].count) == (date(2026, 11, 9), 5)
    assert (got[RUN].count, got[RUN].day) == (14, date(2026, 11, 13)), "two in the second week, six, and six: what was not agreed counts in no run"
    assert got[FULL_DAY].rests_on


def test_what_is_not_reached_yet_comes_last_and_a_broken_run_is_not_told() -> None:
    rows = marks(START, "/,C2 C2,C2 /,C2 C2,C2 C2,C2 O,C2")
    found = milestones(rows, CODES, [MORNINGS], [FIRST], CALENDAR, last=date(2026, 9, 21))
    assert [(m.kind, m.day is None) for m in found] == [(AGREED_WEEK, False), (RUN, False), (FULL_DAY, True), (FULL_WEEK, True)]
    assert not any("broken" in m.words or "ended" in m.words for m in found)
    assert next(m for m in found if m.kind == RUN).count == 2


def test_a_week_that_is_not_over_is_not_a_week_yet() -> None:
    rows = marks(date(2026, 9, 21), "/,C2 C2,C2")
    found = milestones(rows, CODES, [MORNINGS], [FIRST], CALENDAR, last=date(2026, 9, 22))
    assert next(m for m in found if m.kind == AGREED_WEEK).day is None


def test_a_short_week_is_no_full_week() -> None:
    rows = marks(date(2026, 9, 8), "/,\\ /,\\ /,\\ /,\\")  # the Monday was an INSET day: four days are a week
    assert next(m for m in milestones(rows, CODES, (), (), CALENDAR, last=date(2026, 9, 11)) if m.kind == FULL_WEEK).count == 4
    joined = ((date(2026, 9, 9), None),)  # on roll from the Wednesday only
    found = milestones(rows, CODES, (), (), CALENDAR, joined, last=date(2026, 9, 11))
    assert next(m for m in found if m.kind == FULL_WEEK).day is None
    assert [m.kind for m in found if m.kind == AGREED_WEEK] == [], "without a timetable nothing was agreed"


# --- rules that are watching ------------------------------------------------------------------------------------------


def watching(rows: list[Mark], last: date, **more: object) -> dict[str, tuple[int, bool]]:
    return {w.rule: (w.count, w.reached) for w in rules_watching(rows, CODES, CALENDAR, last=last, **more)}  # type: ignore[arg-type]


def test_ten_unauthorised_sessions_in_ten_school_weeks_holidays_left_out() -> None:
    early = marks(date(2026, 9, 14), "O,O G,U")  # school week 2 of the term
    late = marks(date(2026, 11, 9), "O,O N,U O,O")
    assert watching([*early, *late], date(2026, 11, 11))["unauthorised"] == (10, True), "half-term is no school week: 14 Sep is the eighth before"
    assert watching([*early, *late], date(2026, 11, 27))["unauthorised"] == (10, True), "the tenth week"
    rule = next(w for w in rules_watching([*early, *late], CODES, CALENDAR, last=date(2026, 11, 30)) if w.rule == "unauthorised")
    assert (rule.count, rule.reached) == (6, False)
    assert "it was 10 on 11 Nov 2026" in rule.sentence and "1 of them N" in rule.sentence


def test_nine_are_not_ten() -> None:
    assert watching(marks(START, "O,O O,O O,O O,O O,/"), date(2026, 9, 18))["unauthorised"] == (9, False)


def test_ten_days_without_leave_in_a_row() -> None:
    ten = marks(START, "O,O " * 10)
    assert watching(ten, date(2026, 9, 25))["without_leave"] == (10, True)
    assert watching([*ten, *marks(date(2026, 9, 28), "/,O")], date(2026, 9, 28))["without_leave"] == (0, False)
    assert watching([*ten, *marks(date(2026, 9, 28), "I,I")], date(2026, 9, 28))["without_leave"] == (0, False), "absent with leave"
    part_time = marks(START, "O,C2 C2,C2 O,C2 D,D O,#")
    assert watching(part_time, date(2026, 9, 18))["without_leave"] == (3, False), "days on which nothing was due are passed over"


def test_fifteen_days_of_illness_in_all_and_in_a_row() -> None:
    assert watching(marks(START, "I,I " * 14 + "I,/"), date(2026, 10, 2))["ill"] == (29, False)
    fifteen = watching(marks(START, "I,I " * 15), date(2026, 10, 2))
    assert (fifteen["ill"], fifteen["ill_in_a_row"]) == ((30, True), (15, True))
    assert watching(marks(START, "I,I /,\\ I,C2 M,M I,I"), date(2026, 9, 18))["ill_in_a_row"] == (1, False)
    last_year = marks(date(2026, 7, 6), "I,I " * 5)
    assert watching([*last_year, *marks(START, "I,I")], START)["ill"] == (2, False), "this school year only"
    words = [w.sentence for w in rules_watching(marks(START, "I,/"), CODES, CALENDAR, last=START) if w.rule == "ill"]
    assert words == ["½ day ill this school year (15 tells the LA)"]


def test_exactly_a_tenth_and_exactly_a_half() -> None:
    tenth = watching(marks(START, "/,\\ /,\\ /,\\ /,\\ /,O"), date(2026, 9, 18))
    assert (tenth["persistent"], tenth["severe"]) == ((1, True), (1, False))
    half = rules_watching(marks(START, "/,C2 /,C2"), CODES, CALENDAR, last=START + timedelta(days=1))
    assert next(w for w in half if w.rule == "severe").reached
    assert [w.rule for w in shown_rules(half)] == ["unauthorised", "without_leave", "ill", "severe"]


def test_who_is_not_of_compulsory_school_age_and_who_keeps_no_register() -> None:
    rows = marks(START, "O,O L,/")
    assert "unauthorised" not in watching(rows, date(2026, 9, 15), born=date(2008, 1, 1))
    assert "unauthorised" in watching(rows, date(2026, 9, 15), born=date(2012, 1, 1))
    assert set(watching(rows, date(2026, 9, 15), statutory=False)) == {"without_leave", "late"}


def test_lateness_is_counted_of_what_was_attended() -> None:
    late = next(w for w in rules_watching(marks(START, "L,\\ U,O"), CODES, CALENDAR, last=date(2026, 9, 15)) if w.rule == "late")
    assert (late.count, late.of, late.limit, late.reached) == (1, 2, None, False)
    assert late.sentence == "Late 1 of 2 this school year; 1 more after the register closed (U)"
