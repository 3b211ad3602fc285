"""Taking the register: codes typed, blanks left alone, days on which there is none."""

from __future__ import annotations

from datetime import date

import pytest

from approgress.domain.acts.register import mark_all_present, refuse_day, take_mark
from approgress.domain.edits import Put
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, HalfTerm, Mark
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set

CODES = code_set()
DAY = date(2026, 11, 24)
CALENDAR = Calendar.of([HalfTerm(1, 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18))], [Closure(2, 1, date(2026, 11, 27), date(2026, 11, 27), "inset", "INSET")])


def typed(text: str, session: str = "AM", held: Mark | None = None) -> Mark | None:
    edits = take_mark(held, 1, 1, DAY, session, text, CODES)
    if not edits:
        return None
    assert isinstance(edits[0], Put)
    return edits[0].record


@pytest.mark.parametrize("text", ["/", "l", "L", "N", "c2", "C2", "Y5", "I", "D", "B"])
def test_codes_are_taken_in_either_case(text: str) -> None:
    mark = typed(text)
    assert mark is not None and CODES.text(mark.am) == text.upper()


@pytest.mark.parametrize("text", ["A", "1", "??", "C9", "present and correct"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        typed(text)


def test_the_same_code_again_writes_nothing_and_a_blank_takes_it_out() -> None:
    held = typed("/")
    assert held is not None and typed("/", held=held) is None
    cleared = typed("", held=held)
    assert cleared is not None and cleared.am is None


def test_all_present_fills_blanks_of_those_who_are_due_and_nothing_else() -> None:
    ill = typed("I")
    edits = mark_all_present([(1, None, True), (2, ill, True), (3, None, False), (4, Mark(4, 1, DAY, None, 1), True)], 1, DAY, "AM", CODES)
    assert [(e.record.pupil_id, e.record.am, e.record.pm) for e in edits if isinstance(e, Put)] == [(1, 0, None), (4, 0, 1)]
    assert all(CODES.text(e.record.am) == "/" for e in edits if isinstance(e, Put))


def test_minutes_late_go_with_the_late_code() -> None:
    held = Mark(1, 1, DAY, am=CODES.by_text("L", DAY).number, am_late=12)  # pyright: ignore
    after = typed("/", held=held)
    assert after is not None and after.am_late is None


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 11, 22), date(2026, 10, 28), date(2025, 11, 27)])
def test_there_is_no_register_on_a_day_to_come_or_a_closed_one(day: date) -> None:
    with pytest.raises(Refusal):
        refuse_day(day, CALENDAR, DAY)


def test_there_is_one_today() -> None:
    refuse_day(DAY, CALENDAR, DAY)
