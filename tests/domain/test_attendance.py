"""Attendance codes and the tally, against the worked examples and the published formulas."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.attendance import (
    ATTENDED,
    AUTHORISED,
    CLASSES,
    NOT_POSSIBLE,
    UNAUTHORISED,
    Code,
    CodeSet,
    Tally,
    by_half_term,
    by_week,
    class_of,
    group_tally,
    n_last_day,
    odd,
    read_codes,
    spans_of,
    stated_tally,
    tally,
)
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, Enrolment, HalfTerm, Mark, StatedAttendance
from approgress.domain.school_year import Calendar
from approgress.paths import resource

CODES = read_codes(resource("codes", "attendance.toml").read_text(encoding="utf-8"))
IN_FORCE = {
    ATTENDED: "/ \\ L K V P W B",
    AUTHORISED: "C C1 C2 E I J1 M R S T",
    UNAUTHORISED: "G N O U",
    NOT_POSSIBLE: "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #",
}
RETIRED = {"J": ATTENDED, "H": AUTHORISED, "F": AUTHORISED, "Y": NOT_POSSIBLE}
NUMBERS = {c.text: c.number for c in CODES.codes}
AUTUMN_1 = HalfTerm(1, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23))
AUTUMN_2 = HalfTerm(2, 1, "Autumn 2", date(2026, 11, 3), date(2026, 12, 18))
CALENDAR = Calendar.of([AUTUMN_2, AUTUMN_1])


def marks(first: date, text: str) -> list[Mark]:
    """Marks of school days in a row from `first`: 'AM,PM AM,PM ...', '-' for none."""
    found: list[Mark] = []
    day = first
    for pair in text.split():
        while day.weekday() > 4:
            day += timedelta(days=1)
        am, pm = (None if code == "-" else NUMBERS[code] for code in pair.split(","))
        found.append(Mark(1, 1, day, am, pm))
        day += timedelta(days=1)
    return found


# --- codes ------------------------------------------------------------------------------------------------------------


def test_codes_in_force_are_those_of_the_regulations() -> None:
    now = CODES.in_force(date(2026, 11, 24))
    assert {c.text: c.counts_as for c in now} == {text: cls for cls, texts in IN_FORCE.items() for text in texts.split()}
    assert {c.text: c.counts_as for c in CODES.codes if c not in now} == RETIRED


def test_every_code_is_in_exactly_one_class_and_its_band() -> None:
    for code in CODES.codes:
        assert CLASSES[code.number // 32] == code.counts_as == class_of(code.number)
    assert len({c.number for c in CODES.codes}) == len(CODES.codes)


def test_the_permanent_numbers() -> None:
    """Stored in every mark of every school: they never change."""
    expected = {
        **dict(zip("/ \\ L K V P W B J".split(), range(9), strict=True)),
        **dict(zip("C C1 C2 E I J1 M R S T H F".split(), range(32, 44), strict=True)),
        **dict(zip("G N O U".split(), range(64, 68), strict=True)),
        **dict(zip("D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z # Y".split(), range(96, 109), strict=True)),
    }
    assert expected == NUMBERS
    assert {c.text for c in CODES.codes if c.counts_late} == {"L", "U"}
    assert {CODES.text(n) for n in CODES.late_numbers} == {"L", "U"}


def test_a_code_counts_only_in_its_days() -> None:
    assert CODES.by_text("H", date(2024, 8, 18)) is not None
    assert CODES.by_text("H", date(2024, 8, 19)) is None
    assert CODES.by_text("J1", date(2024, 8, 18)) is None
    assert CODES.by_text("J1", date(2024, 8, 19)) is not None


def test_text_of_a_number() -> None:
    assert (CODES.text(0), CODES.text(None), CODES.text(31)) == ("/", "", "?")
    with pytest.raises(KeyError):
        CODES.by_number(31)
    with pytest.raises(ValueError, match="128"):
        class_of(128)


@pytest.mark.parametrize(
    ("typed", "session", "code"),
    [
        ("/", "AM", "/"),
        ("\\", "PM", "\\"),
        ("\\", "AM", "/"),
        ("/", "PM", "\\"),
        ("l", "AM", "L"),
        (" c2 ", "PM", "C2"),
        ("#", "AM", "#"),
        ("y7", "AM", "Y7"),
    ],
)
def test_typed_codes(typed: str, session: str, code: str) -> None:
    found = CODES.parse(typed, session, date(2026, 11, 9))
    assert isinstance(found, Code)
    assert found.text == code


@pytest.mark.parametrize("typed", ["", " ", "-", "\u2013"])
def test_a_blank_is_no_mark(typed: str) -> None:
    assert CODES.parse(typed, "AM", date(2026, 11, 9)) is None


@pytest.mark.parametrize("typed", ["A", "0", "1", "Y8", "/\\", "absent", "\u2713", "PP"])
def test_what_is_no_code_is_refused_by_name(typed: str) -> None:
    found = CODES.parse(typed, "AM", date(2026, 11, 16))
    assert isinstance(found, Refusal)
    assert typed in found.sentence
    assert "16 Nov 2026" in found.sentence
    assert found.field == "am"


def test_a_retired_code_is_refused_when_typed_and_said_when_read() -> None:
    day = date(2026, 11, 9)
    typed = CODES.parse("H", "AM", day)
    assert isinstance(typed, Refusal)
    assert "18 Aug 2024" in typed.sentence
    read = CODES.read("H", "AM", day)
    assert not isinstance(read, Refusal)
    assert read.code is not None
    assert (read.code.counts_as, len(read.said)) == (AUTHORISED, 1)
    old = CODES.read("H", "AM", date(2023, 11, 9))
    assert not isinstance(old, Refusal)
    assert old.said == ()


def test_cells_as_people_write_them() -> None:
    day = date(2026, 11, 9)

    def read(text: str, session: str) -> tuple[str, int | None, int]:
        found = CODES.read(text, session, day)
        assert not isinstance(found, Refusal)
        assert found.code is not None
        return found.code.text, found.minutes, len(found.said)

    assert read("/", "PM") == ("\\", None, 1)
    assert read("\\", "AM") == ("/", None, 1)
    assert read("/", "AM") == ("/", None, 0)
    assert read("Present", "AM") == ("/", None, 1)
    assert read("present", "PM") == ("\\", None, 1)
    assert read("L12", "AM") == ("L", 12, 0)
    assert read("U (35)", "PM") == ("U", 35, 0)
    assert read("P", "AM") == ("P", None, 0)


def test_odd_codes_are_asked_about() -> None:
    day = date(2026, 11, 9)
    x, z, c2 = (CODES.by_number(NUMBERS[t]) for t in ("X", "Z", "C2"))
    assert odd(x, day, born=date(2012, 5, 1)) is not None
    assert odd(x, day, born=date(2009, 5, 1)) is None
    assert odd(x, day) is None
    assert odd(z, day) is not None
    assert odd(z, day, on_roll=False) is None
    assert odd(c2, day, born=date(2012, 5, 1)) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("number = 2", "number = 40"), "band"),
        (("number = 3", "number = 2"), "numbered 2"),
        (('text = "K"', 'text = "L"'), "one day"),
        (('session = "AM"', 'session = "am"'), "session"),
    ],
)
def test_a_damaged_code_file_is_refused(change: tuple[str, str], said: str) -> None:
    text = resource("codes", "attendance.toml").read_text(encoding="utf-8").replace(*change, 1)
    with pytest.raises(Refusal, match=said):
        read_codes(text)


# --- the tally --------------------------------------------------------------------------------------------------------


def figures(t: Tally) -> tuple[object, ...]:
    return (t.possible, t.attended, t.authorised, t.unauthorised, t.late, t.attendance_percent, t.absence_percent, t.persistent, t.severe)


def test_the_worked_example() -> None:
    """england.md 1.3: 5 /, 4 \\, 1 L, 2 B, 2 I, 1 O, 1 U, 2 C2, 2 D."""
    t = tally(marks(date(2026, 9, 7), "/,\\ /,\\ /,\\ /,\\ /,L B,B I,I O,U C2,C2 D,D"), CODES)
    assert figures(t) == (18, 12, 4, 2, 2, 66.7, 33.3, True, False)
    assert t.unauthorised_percent == 11.1
    assert t.authorised_percent == 22.2
    assert t.not_possible == 2
    assert t.by_code[NUMBERS["/"]] == 5
    assert t.unmarked is None


SAMPLES = {
    "AP0101": ("/,\\ D,D /,\\ D,D B,B /,\\ D,D L,\\ D,D I,I", (12, 10, 2, 0, 1, 83.3, 16.7, True, False)),
    "AP0102": ("/,\\ /,\\ C2,C2 /,\\ M,\\ /,\\ /,\\ C2,C2 /,\\ /,\\", (20, 15, 5, 0, 0, 75.0, 25.0, True, False)),
    "AP0103": ("/,N O,O /,\\ U,\\ E,E E,E E,E /,\\ Y5,Y5 /,\\", (18, 8, 6, 4, 1, 44.4, 55.6, True, True)),
}


@pytest.mark.parametrize("number", SAMPLES)
def test_two_weeks_worked_by_hand(number: str) -> None:
    text, expected = SAMPLES[number]
    assert figures(tally(marks(date(2026, 9, 7), text), CODES)) == expected


def test_marks_outside_the_time_on_roll_do_not_count() -> None:
    """Joins on a Wednesday, leaves on a Tuesday, returns seven weeks later: 24 sessions of 30 count."""
    rows = marks(date(2026, 9, 7), "Z,Z /,\\ /,\\ /,\\ I,I /,\\ /,\\ L,\\ O,O /,\\ /,\\ /,N O,O O,O") + marks(
        date(2026, 11, 9), "/,\\ C2,C2"
    )
    spans = spans_of([Enrolment(1, 1, 1, "S", date(2026, 9, 9), date(2026, 9, 22)), Enrolment(1, 2, 1, "S", date(2026, 11, 9))], 1)
    t = tally(rows, CODES, spans)
    assert figures(t) == (24, 17, 4, 3, 1, 70.8, 29.2, True, False)
    assert tally(rows, CODES, ()).possible == 0


def test_no_possible_session_is_none_not_nought() -> None:
    t = tally(marks(date(2026, 9, 7), "D,D -,-"), CODES)
    assert (t.possible, t.attendance_percent, t.absence_percent, t.persistent, t.severe) == (0, None, None, None, None)
    assert t.rate().words == "0 of 0"


def test_thresholds_are_judged_on_counts() -> None:
    assert Tally.of_counts(18, 2, 0).persistent is True
    assert Tally.of_counts(19, 2, 0).persistent is False
    assert Tally.of_counts(5, 5, 0).severe is True
    assert Tally.of_counts(6, 5, 0).severe is False
    assert Tally.of_counts(899, 100, 0).attendance_percent == 90.0
    assert Tally.of_counts(899, 100, 0).persistent is True


def test_range_and_day_asked() -> None:
    rows = marks(date(2026, 9, 7), "/,\\ /,\\ O,O /,\\ I,I")
    assert tally(rows, CODES, first=date(2026, 9, 8), last=date(2026, 9, 10)).possible == 6
    assert tally(rows, CODES, as_of=date(2026, 9, 8)).unauthorised == 0


def test_unmarked_sessions_need_a_calendar() -> None:
    rows = marks(date(2026, 9, 7), "/,- -,- /,\\")
    span = [(date(2026, 9, 7), None)]
    asked = {"calendar": CALENDAR, "as_of": date(2026, 9, 9)}
    assert tally(rows, CODES, span, **asked).unmarked == 3
    assert tally(rows, CODES, span, as_of=date(2026, 9, 9)).unmarked is None
    assert tally(rows, CODES, span, calendar=CALENDAR).unmarked is None
    assert tally(rows, CODES, [(None, None)], **asked).unmarked is None
    assert tally(rows, CODES, [(None, None)], first=date(2026, 9, 8), **asked).unmarked == 2
    assert tally([], CODES, span, calendar=CALENDAR, as_of=date(2026, 11, 3)).unmarked == 2 * (35 + 1)
    assert tally(rows, CODES, [(date(2025, 9, 7), None)], **asked).unmarked is None, "no half-terms of that year are known"
    assert tally(rows, CODES, span, calendar=Calendar.of([]), as_of=date(2026, 9, 9)).unmarked is None


def test_a_closed_day_is_not_unmarked() -> None:
    calendar = Calendar.of([AUTUMN_1], [Closure(1, 1, date(2026, 9, 8), date(2026, 9, 8), "inset", "INSET")])
    rows = marks(date(2026, 9, 7), "/,\\ -,- /,\\")
    assert tally(rows, CODES, [(date(2026, 9, 7), None)], calendar=calendar, as_of=date(2026, 9, 9)).unmarked == 0


def test_a_group_is_sums_over_sums() -> None:
    group = group_tally([Tally.of_counts(4, 0, 0), Tally.of_counts(30, 40, 30), Tally.of_counts(24, 50, 22), Tally()])
    assert (group.total.attended, group.total.possible, group.total.attendance_percent) == (58, 200, 29.0)
    assert (group.enrolments, group.persistent, group.severe, group.without_sessions) == (3, 2, 2, 1)
    assert group.persistent_share.denominator == "2 of 3; 1 with no possible session"
    assert group_tally([]).total.attendance_percent is None


def test_stated_attendance_keeps_its_own_whole() -> None:
    stated = StatedAttendance(1, 1, "Parkfield", date(2025, 9, 1), date(2026, 6, 5), 380, 118, 100, 150)
    t = stated_tally(stated)
    assert (t.possible, t.attended, t.attendance_percent, t.absence_percent, t.late) == (380, 118, 31.1, 68.9, None)
    assert (t + Tally()).late is None


def test_figures_in_the_shape_of_json() -> None:
    t = tally(marks(date(2026, 9, 7), SAMPLES["AP0101"][0]), CODES, [(date(2026, 9, 7), None)], calendar=CALENDAR, as_of=date(2026, 9, 18))
    assert t.as_figures(date(2026, 9, 7), date(2026, 9, 18)) == {
        "from": "2026-09-07",
        "to": "2026-09-18",
        "possible": 12,
        "attended": 10,
        "authorised": 2,
        "unauthorised": 0,
        "late": 1,
        "unmarked": 0,
        "attendance_percent": 83.3,
        "absence_percent": 16.7,
        "persistent": True,
        "severe": False,
    }


def test_by_week_and_by_half_term() -> None:
    rows = (
        marks(date(2026, 10, 22), "/,\\ I,I")
        + marks(date(2026, 10, 28), "#,#")
        + marks(date(2026, 11, 3), "/,\\ /,O")
        + marks(date(2026, 11, 9), "-,-")
    )
    weeks = by_week(rows, CODES, CALENDAR)
    assert [(w.first_day, w.tally.possible) for w in weeks] == [(date(2026, 10, 19), 4), (date(2026, 10, 26), 0), (date(2026, 11, 2), 4)]
    parts = by_half_term(rows, CODES, CALENDAR)
    assert [(p.name, p.tally.attended, p.tally.possible) for p in parts] == [("Autumn 1", 2, 4), ("Autumn 2", 3, 4)]
    stray = by_half_term([*rows, *marks(date(2026, 10, 29), "/,\\")], CODES, CALENDAR)
    assert [p.name for p in stray] == ["Autumn 1", "Autumn 2", "outside the half-terms"]
    assert sum(p.tally.possible for p in stray) == 10


def test_the_last_day_of_an_n() -> None:
    """Half-term and an INSET day do not count; nothing is proposed where the calendar ends."""
    calendar = Calendar.of(
        [AUTUMN_1, HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18))],
        [Closure(1, 1, date(2026, 11, 2), date(2026, 11, 2), "inset", "INSET")],
    )
    assert n_last_day(date(2026, 10, 16), calendar) == date(2026, 10, 23)
    assert calendar.next_school_day(date(2026, 10, 23)) == date(2026, 11, 3)
    assert n_last_day(date(2026, 10, 20), calendar) == date(2026, 11, 4)
    assert n_last_day(date(2026, 12, 16), calendar) is None


NUMBER = st.sampled_from(sorted(NUMBERS.values())) | st.none()
ROWS = st.lists(st.tuples(NUMBER, NUMBER), max_size=40).map(
    lambda pairs: [Mark(1, 1, date(2026, 9, 1) + timedelta(days=i), am, pm) for i, (am, pm) in enumerate(pairs)]
)


@given(ROWS)
def test_possible_is_attended_and_absent(rows: list[Mark]) -> None:
    t = tally(rows, CODES)
    given_marks = [n for m in rows for n in (m.am, m.pm) if n is not None]
    assert t.possible == t.attended + t.authorised + t.unauthorised
    assert t.absent == t.authorised + t.unauthorised
    assert t.possible + t.not_possible == len(given_marks) == sum(t.by_code.values())
    assert t.severe is not True or t.persistent is True


@given(ROWS, st.integers(0, 40))
def test_a_tally_is_the_sum_of_its_parts(rows: list[Mark], cut: int) -> None:
    assert tally(rows[:cut], CODES) + tally(rows[cut:], CODES) == tally(rows, CODES)
    weeks = by_week(rows, CODES)
    assert sum(w.tally.possible for w in weeks) == tally(rows, CODES).possible


@given(ROWS)
def test_half_terms_make_up_the_whole(rows: list[Mark]) -> None:
    assert sum(p.tally.possible for p in by_half_term(rows, CODES, CALENDAR)) == tally(rows, CODES).possible


def test_a_code_whose_class_changes_gets_a_number_of_its_own() -> None:
    codes = CodeSet(
        (
            Code(8, "J", "Interview", "legacy", ATTENDED, last_day=date(2024, 8, 18)),
            Code(50, "J", "Interview", "absence", AUTHORISED, first_day=date(2024, 8, 19)),
        )
    )
    old, new = codes.parse("J", "AM", date(2024, 8, 18)), codes.parse("J", "AM", date(2024, 8, 19))
    assert isinstance(old, Code)
    assert isinstance(new, Code)
    assert (old.number, new.number) == (8, 50)


def test_a_letter_pasted_into_one_cell_is_not_read_out_again() -> None:
    read = CODES.read("Dear Ms Mbeki, " * 5000, "AM", date(2026, 11, 24))
    assert isinstance(read, Refusal) and len(read.sentence) < 200 and "Dear Ms Mbeki" in read.sentence
