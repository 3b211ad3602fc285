"""The map of a year: which class each session falls into, what is open, closed or off roll, and what is said of it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.attendance import ATTENDED, class_of, tally
from approgress.domain.records import Mark
from approgress.domain.year_map import (
    AWAY,
    AWAY_WITHOUT,
    CLOSED,
    ELSEWHERE,
    LATE,
    NOT_AGREED,
    NOT_DUE,
    PRESENT,
    TO_COME,
    UNMARKED,
    YearDay,
    YearMap,
    reasons,
    table_rows,
    year_map,
    year_sentence,
)
from tests.domain.test_agreed import CALENDAR, CODES, NUMBERS, marks

TODAY = date(2026, 9, 17)
MONDAY = date(2026, 9, 14)


def made(rows: list[Mark], **more: object) -> YearMap:
    options: dict[str, object] = {"first": MONDAY, "last": MONDAY + timedelta(days=4), "today": TODAY, **more}
    return year_map(rows, CODES, CALENDAR, **options)  # type: ignore[arg-type]


def day(shown: YearMap, when: date) -> YearDay | None:
    return next((d for w in shown.weeks for d in w.days if d is not None and d.day == when), None)


def test_each_session_has_the_class_of_its_code() -> None:
    shown = made(marks(MONDAY, "/,C2 L,\\ I,O D,B"))
    tones = [(d.am.tone, d.pm.tone) for d in shown.weeks[0].days if d is not None]
    assert tones == [(PRESENT, NOT_AGREED), (LATE, PRESENT), (AWAY, AWAY_WITHOUT), (NOT_DUE, PRESENT), (TO_COME, TO_COME)]
    thursday = day(shown, date(2026, 9, 17))
    assert thursday is not None and (thursday.am.code, thursday.pm.code) == ("D", "B"), "a code that is no stroke is written"
    assert [tone for tone, *_ in shown.legend] == [PRESENT, LATE, NOT_AGREED, AWAY, AWAY_WITHOUT, NOT_DUE, TO_COME]


def test_a_day_is_read_in_words() -> None:
    rows = [Mark(1, 1, MONDAY, NUMBERS["L"], NUMBERS["C2"], am_late=12)]
    one = day(made(rows), MONDAY)
    assert one is not None
    assert one.words.startswith("Mon 14 Sep 2026. AM: L, ") and "12 minutes late" in one.words and "PM: C2, " in one.words


def test_what_is_not_marked_is_open_or_missing_and_closed_days_are_no_sessions() -> None:
    shown = made([], first=date(2026, 9, 7), last=date(2026, 9, 18))
    inset, gone, today, ahead = (day(shown, d) for d in (date(2026, 9, 7), date(2026, 9, 8), TODAY, date(2026, 9, 18)))
    assert inset is not None and inset.am.tone == CLOSED and "no school" in inset.words
    assert gone is not None and gone.am.tone == UNMARKED
    assert today is not None and today.am.tone == TO_COME
    assert ahead is not None and ahead.pm.tone == TO_COME


def test_off_roll_is_empty_and_weeks_before_the_roll_are_left_out() -> None:
    shown = made(marks(date(2026, 9, 8), "/,\\ " * 8), first=date(2026, 9, 1), spans=[(date(2026, 9, 10), None)])
    assert shown.weeks[0].first_day == date(2026, 9, 7)
    assert day(shown, date(2026, 9, 9)) is None, "a mark off roll is not shown"
    assert day(shown, date(2026, 9, 10)) is not None


def test_marks_of_another_school_are_grey_and_only_before_day_0() -> None:
    before = marks(date(2026, 9, 8), "/,O L,I /,\\")
    here = marks(MONDAY, "/,\\")
    shown = made(
        here, first=date(2026, 9, 7), began=MONDAY, spans=[(MONDAY, None)], before=[*before, Mark(1, 2, MONDAY, NUMBERS["O"], None)],
        before_school="Parkfield", since_words="Day 0",
    )  # fmt: skip
    tuesday = day(shown, date(2026, 9, 8))
    assert tuesday is not None and (tuesday.am.tone, tuesday.pm.tone) == (ELSEWHERE, AWAY_WITHOUT)
    assert day(shown, date(2026, 9, 11)) is None, "no mark was stated for that day"
    monday = day(shown, MONDAY)
    assert monday is not None and monday.am.tone == PRESENT
    assert (shown.began, shown.before_words, shown.since_words) == (1, "marks of Parkfield", "Day 0")
    assert shown.legend[0] == (ELSEWHERE, "", "present, at Parkfield")


def test_months_holidays_and_the_table() -> None:
    shown = made(marks(date(2026, 10, 19), "/,C2 C2,O"), first=date(2026, 10, 12), last=date(2026, 11, 6), today=date(2026, 11, 24))
    assert [w.holiday for w in shown.weeks] == [False, False, True, False]
    assert shown.months == ((0, "Oct"), (3, "Nov"))
    assert table_rows(shown)[1] == ("19 Oct 2026", "/ C2", "C2 O", "- -", "- -", "- -")
    assert len(table_rows(shown)) == 3, "weeks of holiday are no rows"


def test_the_sentence_gives_counts_and_reasons() -> None:
    rows = marks(MONDAY, "/,C2 O,I D,D")
    text = year_sentence(rows, CODES, None, first=MONDAY, last=TODAY)
    assert text.startswith("1 of 4 possible sessions attended here from 14 Sep 2026 to 17 Sep 2026; not here: 1 not agreed (C2)")
    assert "No possible session" in year_sentence([], CODES, None, first=MONDAY, last=TODAY)
    assert "sessions offered" in year_sentence(rows, CODES, None, first=MONDAY, last=TODAY, statutory=False)


ANY = st.sampled_from([None, *(c.number for c in CODES.codes)])


@given(st.lists(st.tuples(ANY, ANY), max_size=40))
def test_no_mark_is_lost_and_reasons_make_up_the_absence(pairs: list[tuple[int | None, int | None]]) -> None:
    school_days = CALENDAR.school_days(date(2026, 9, 8), date(2026, 12, 18))
    rows = [Mark(1, 1, d, am, pm) for d, (am, pm) in zip(school_days, pairs, strict=False)]
    last = date(2026, 12, 18)
    shown = made(rows, first=date(2026, 9, 7), last=last, today=date(2027, 1, 5))
    cells = [c for w in shown.weeks for d in w.days if d is not None for c in (d.am, d.pm)]
    taken = [n for m in rows for n in (m.am, m.pm) if n is not None]
    assert len([c for c in cells if c.tone not in (UNMARKED, CLOSED)]) == len(taken)
    assert len([c for c in cells if c.tone in (PRESENT, LATE)]) == sum(class_of(n) == ATTENDED for n in taken)
    counted = tally(rows, CODES)
    assert sum(n for _, n in reasons(counted, CODES)) == counted.absent
