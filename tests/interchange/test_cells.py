"""Dates, numbers and words as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.interchange import cells
from approgress.interchange.cells import BIRTH, EVENT, MARK, Bad, DayRead, read_day

TODAY = date(2026, 11, 24)


def day(text: str, sense: str = BIRTH, **kwargs: object) -> date | str | None:
    read = read_day(text, sense, TODAY, **kwargs)  # type: ignore[arg-type]
    return read.day if isinstance(read, DayRead) else read.why if isinstance(read, Bad) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14/03/12", date(2012, 3, 14)),
        ("29/02/2012", date(2012, 2, 29)),
        ("2012-03-14", date(2012, 3, 14)),
        ("2012-03-14T00:00:00Z", date(2012, 3, 14)),
        ("31/08/2011 00:00:00", date(2011, 8, 31)),
        ("31 December 2011", date(2011, 12, 31)),
        ("1st Sept. 2011", date(2011, 9, 1)),
        ("01-Sep-2011", date(2011, 9, 1)),
        ("31-Aug-11", date(2011, 8, 31)),
        ("Sep 1, 2011", date(2011, 9, 1)),
        ("1.9.2011", date(2011, 9, 1)),
        ("20110831", date(2011, 8, 31)),
        ("Thursday 1 September 2011", date(2011, 9, 1)),
        ("40786", date(2011, 8, 31)),
        ("40968.0", date(2012, 2, 29)),
        ("", None),
        ("N/A", None),
    ],
)
def test_a_birthday_is_read(text: str, expected: date | None) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("29/02/2011", "2011 had no 29 February"),
        ("31/06/2012", "June has no day 31"),
        ("00/00/0000", "no month 0"),
        ("0/05/2012", "no day 0"),
        ("2012-13-01", "no month 13"),
        ("01/01/0015", "the year 15 cannot be right. Was 2015 meant?"),
        ("05/06/69", "neither 1969 nor 2069"),
        ("24/11/2026", "would be 0 now"),
        ("25/11/2026", "lies in the future"),
        ("01/01/1990", "would be 36 now"),
        ("01/01/1900", "would be 126 now"),
        ("2011-08-31 23:00:00", "time of day"),
        ("40786.5", "time of day"),
        ("Friday 1 September 2011", "was a Thursday"),
        ("unknown", "not a date"),
        ("7/8", "not a date"),
    ],
)
def test_an_impossible_birthday_is_refused_in_words(text: str, why: str) -> None:
    assert why in str(day(text))


def test_other_dates_have_their_own_sense() -> None:
    assert day("01/09/26", EVENT) == date(2026, 9, 1)
    assert "neither 1968 nor 2068" in str(day("04/09/68", EVENT))
    assert "cannot be right" in str(day("04/09/1968", EVENT))
    assert "before the pupil" in str(day("04/09/2011", EVENT, born=date(2012, 1, 1)))
    assert day("07/09/2026 08:45", MARK) == date(2026, 9, 7)
    assert day("03/04/2012", order="mdy") == date(2012, 3, 4)


@given(
    st.dates(date(2003, 1, 1), date(2022, 1, 1)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y%m%d"]),
)
def test_every_date_comes_back_from_every_form(born: date, form: str) -> None:
    assert day(born.strftime(form)) == born


@given(st.dates(date(2003, 1, 1), date(2022, 1, 1)))
def test_an_excel_number_is_the_day_it_stands_for_and_is_said(born: date) -> None:
    read = read_day(str((born - date(1899, 12, 30)).days), BIRTH, TODAY)
    assert isinstance(read, DayRead) and read.day == born and "Excel" in read.said


@given(st.integers(1, 31), st.integers(1, 12), st.integers(2003, 2022))
def test_a_date_is_the_calendars_or_refused(d: int, m: int, y: int) -> None:
    try:
        expected: date | None = date(y, m, d)
    except ValueError:
        expected = None
    read = read_day(f"{d:02d}/{m:02d}/{y}", BIRTH, TODAY)
    assert (read.day if isinstance(read, DayRead) else None) == expected


def test_the_order_of_a_column_is_told_by_its_dates() -> None:
    assert cells.date_order(["14/03/2012", "02/04/2012", "03/03/2012"]) == (1, 0, 1)
    assert cells.date_order(["03/14/2012", "04/02/2012"]) == (0, 1, 1)


@pytest.mark.parametrize(("text", "value"), [("1,040", 1040), ("1 040", 1040), ("96", 96), ("12.0", 12), ("", None), ("-", None), ("0", 0)])
def test_whole_numbers(text: str, value: int | None) -> None:
    assert cells.read_whole(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("171.5", "count days"),
        ("85,5", "count days"),
        ("-4", "not negative"),
        ("\u22124", "not negative"),
        ("9.28E+09", "shortened"),
        ("ten", "not a whole number"),
    ],
)
def test_halves_minus_and_words_are_refused(text: str, why: str) -> None:
    read = cells.read_whole(text)
    assert isinstance(read, Bad) and why in read.why


def test_a_comma_may_be_a_decimal_and_then_is_no_thousand() -> None:
    assert isinstance(cells.read_whole("1,040", decimal_comma=True), Bad)
    assert cells.read_percent("66,7") == 66.7 and cells.read_percent("90.6 %") == 90.6 and cells.read_percent("n/a") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K - SEN Support", "K"), ("SEN Support", "K"), ("k", "K"), ("E - EHCP", "E"), ("EHC Plan", "E"), ("Education, Health and Care Plan", "E"),
        ("Education Health & Care Plan", "E"), ("N - No SEN", "N"), ("No SEN", "N"), ("No", "N"), ("", None),
    ],
)  # fmt: skip
def test_sen_in_words_and_codes(text: str, code: str | None) -> None:
    assert cells.read_sen(text) == code


@pytest.mark.parametrize("text", ["Yes", "S - Statement", "School Action Plus", "banana"])
def test_sen_that_says_too_little_or_ended_is_refused(text: str) -> None:
    assert isinstance(cells.read_sen(text), Bad)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Subsidiary - Dual Registration", "S"), ("Main - Dual Registration", "M"), ("Single Registration", "C"), ("C", "C"), ("M - Main", "M"), ("Guest", "G"),
        ("Current", "C"), ("Leaver", "P"), ("", None),
    ],
)  # fmt: skip
def test_registration_in_words_and_codes(text: str, code: str | None) -> None:
    assert cells.read_registration(text) == code


def test_yes_no_sex_session_and_needs() -> None:
    assert [cells.read_yes(t) for t in ("Yes", "TRUE", "y", "1", "T", "No", "FALSE", "0", "Unknown", "")] == [True] * 5 + [False] * 3 + [
        None,
        None,
    ]
    assert isinstance(cells.read_yes("maybe"), Bad)
    assert [cells.read_sex(t) for t in ("M", "Female", "U", "boy", "")] == ["M", "F", "U", "M", None]
    assert [cells.read_session(t) for t in ("AM", "pm", "Morning")] == ["AM", "PM", "AM"]
    assert cells.read_needs("SEMH, SLCN") == ["SEMH", "SLCN"]
    assert cells.read_needs("Speech, Language and Communication Needs") == ["SLCN"]
    assert cells.read_needs("ASD - Autistic Spectrum Disorder") == ["ASD"]
    assert isinstance(cells.read_needs("Hogwarts"), Bad)
    assert isinstance(cells.read_registration("Dual"), Bad)


def test_a_child_called_null_has_a_name() -> None:
    assert cells.is_blank("null") and not cells.is_blank("Nullman")
