"""Taking the register: codes typed, blanks left alone, days on which there is none."""

from __future__ import annotations

from datetime import date

import pytest

from approgress.domain.acts.register import late_mark, mark_all_present, move, refuse_day, settle_n, take_mark
from approgress.domain.cohort import NMark
from approgress.domain.edits import NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.naming import shown
from approgress.domain.records import Closure, HalfTerm, Mark, Movement, Pupil, Setting
from approgress.domain.register import Standing
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set

CODES = code_set()
DAY = date(2026, 11, 24)
CALENDAR = Calendar.of(
    [HalfTerm(1, 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18))],
    [Closure(2, 1, date(2026, 11, 27), date(2026, 11, 27), "inset", "INSET")],
)


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


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 11, 22), date(2026, 10, 28)])
def test_there_is_no_register_on_a_day_to_come_or_a_closed_one(day: date) -> None:
    with pytest.raises(Refusal):
        refuse_day(day, CALENDAR, DAY)


def test_there_is_one_today() -> None:
    refuse_day(DAY, CALENDAR, DAY)


def test_a_year_without_terms_has_registers_on_weekdays_only() -> None:
    nothing_known = Calendar()
    first_day_of_next_year = date(2027, 9, 2)  # nobody has entered the new year's terms yet
    refuse_day(first_day_of_next_year, CALENDAR, first_day_of_next_year)
    refuse_day(DAY, nothing_known, DAY)
    for calendar in (CALENDAR, nothing_known):
        with pytest.raises(Refusal, match="Sat 21 Nov 2026 is not a school day"):
            refuse_day(date(2026, 11, 21), calendar, DAY)


# --- coming and going -------------------------------------------------------------------------------------------------

IDS = NewIds(lambda _kind: 77)


def moved(sort: str, at: int, *earlier: Movement, now: int | None = None, day: date = DAY) -> Movement:
    (edit,) = move(IDS, 1, day, sort, at, today=DAY, now_minutes=now, earlier=earlier, person_id=3)
    assert isinstance(edit, Put)
    return edit.record


def test_arrived_left_and_returned_follow_one_another() -> None:
    came = moved("arrived", 555)
    assert came == Movement(1, 77, DAY, "arrived", 555, None, 3)
    left = moved("left", 660, came)
    assert moved("returned", 700, came, left).sort == "returned"
    assert moved("left", 600).at == 600  # present by the mark, nothing moved yet


@pytest.mark.parametrize(
    ("sort", "at", "earlier", "says"),
    [
        ("left", 700, (("left", 660),), "left at 11:00 already"),
        ("arrived", 700, (("arrived", 555),), "has not left since"),
        ("returned", 700, (), "has not left"),
        ("vanished", 700, (), "arrived, left or returned"),
        ("left", 1440, (), "23:59"),
        ("left", 701, (), "has not come yet"),
    ],
)
def test_movements_that_cannot_be_are_refused(sort: str, at: int, earlier: tuple[tuple[str, int], ...], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        moved(sort, at, *(Movement(1, i, DAY, s, t) for i, (s, t) in enumerate(earlier)), now=700)


SETTING = Setting(1, "x", am_starts=530, pm_starts=780, register_minutes=30)


@pytest.mark.parametrize(
    ("held", "at", "code"),
    [
        (None, 545, ("L", 15, "", None)),
        (Mark(1, 1, DAY, CODES.by_text("N", DAY).number), 559, ("L", 29, "", None)),  # pyright: ignore
        (Mark(1, 1, DAY, CODES.by_text("N", DAY).number), 560, ("U", 30, "", None)),  # pyright: ignore
        (Mark(1, 1, DAY, 0), 800, ("/", None, "L", 20)),
        (None, 530, None),
        (Mark(1, 1, DAY, CODES.by_text("M", DAY).number), 600, None),  # pyright: ignore
    ],
)
def test_who_arrives_after_the_start_is_late_or_after_closing_u(held: Mark | None, at: int, code: tuple[object, ...] | None) -> None:
    edits = late_mark(held, 1, DAY, at, SETTING, CODES)
    if code is None:
        assert edits == []
        return
    (edit,) = edits
    assert isinstance(edit, Put) and edit.seen == held
    m = edit.record
    assert (CODES.text(m.am), m.am_late, CODES.text(m.pm), m.pm_late) == code
    assert late_mark(held, 1, DAY, at, Setting(1, "x"), CODES) == []  # nothing is known of when registers start


# --- marks without a reason -------------------------------------------------------------------------------------------

NUMBER = {c.text: c.number for c in CODES.codes}


def n_mark(pupil: int, session: str, mark: Mark, known: Standing = Standing()) -> NMark:
    return NMark(pupil, shown(Pupil(pupil, "QXZ001"), (), DAY), mark.day, session, mark, None, 5, False, date(2012, 5, 1), known)


def test_many_ns_are_settled_in_one_act_each_with_its_own_code() -> None:
    both = Mark(1, 1, DAY, NUMBER["N"], NUMBER["N"])
    other = Mark(2, 1, DAY, NUMBER["/"], NUMBER["N"])
    edits = settle_n([(n_mark(1, "AM", both), "o"), (n_mark(1, "PM", both), "M"), (n_mark(2, "PM", other), "O")], CODES, " nobody knows ")
    assert [(e.record.pupil_id, CODES.text(e.record.am), CODES.text(e.record.pm), e.why) for e in edits if isinstance(e, Put)] == [
        (1, "O", "M", "nobody knows"),
        (2, "/", "O", "nobody knows"),
    ]
    assert [e.seen for e in edits] == [both, other]


@pytest.mark.parametrize("text", ["", "N", "A", "C2", "X"])
def test_an_n_is_settled_by_a_code_that_can_be_right(text: str) -> None:
    with pytest.raises(Refusal, match="othing was written"):
        settle_n([(n_mark(1, "AM", Mark(1, 1, DAY, NUMBER["N"])), text)], CODES)
