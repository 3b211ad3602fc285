"""Blocks as text: what is copied comes back letter for letter, what spreadsheets write is read, rubbish is cut to size and said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal
from approgress.ui.parts.blocks import MOST_SIGNS, as_html, as_text, from_text, place

_CELL = st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=("Cs",)), max_size=12).filter(lambda t: "," not in t and ";" not in t)


@given(st.integers(1, 4).flatmap(lambda wide: st.lists(st.lists(_CELL, min_size=wide, max_size=wide), min_size=1, max_size=5)))
def test_what_is_copied_comes_back(cells: list[list[str]]) -> None:
    back = from_text(as_text(cells) + "\n")
    assert back == [list(row) for row in cells]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("/\tL\r\nN\tC2\r\n", [["/", "L"], ["N", "C2"]]),
        ("/\n\\\n", [["/"], ["\\"]]),
        ("/\r\r", [["/"], [""]]),
        ('"quoted ""so"" here"\tx\n', [['quoted "so" here', "x"]]),
        ('"two\nlines"\t"a\ttab"\n', [["two\nlines", "a\ttab"]]),
        ('5" nail\tx\n', [['5" nail', "x"]]),
        ('"never closed\tx\n', [['"never closed', "x"]]),
        ("a\n\nb\n", [["a"], [""], ["b"]]),
        ("a\tb\nc\n", [["a", "b"], ["c", ""]]),
        ("\ufeff/\t/\n", [["/", "/"]]),
        ("/,L\r\nN,\r\n", [["/", "L"], ["N", ""]]),
        ('/;"a;b"\n', [["/", "a;b"]]),
        ("one, two\nthree\n", [["one, two"], ["three"]]),
        ("'-\t't Hooft\n", [["-", "'t Hooft"]]),
        ("/", [["/"]]),
        ("", [[""]]),
    ],
)
def test_what_spreadsheets_write_is_read(text: str, cells: list[list[str]]) -> None:
    assert from_text(text) == cells


def test_far_too_much_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match="Nothing was pasted"):
        from_text("x" * (MOST_SIGNS + 1))


def test_a_formula_is_never_handed_to_a_spreadsheet() -> None:
    cells = [["=HYPERLINK(1)", "@x", "-2.5", "4"]]
    assert as_text(cells) == "'=HYPERLINK(1)\t'@x\t-2.5\t4"
    html = as_html(cells)
    assert len(re.findall(r"mso-number-format:'\\@'", html)) == 2
    assert '<td sdval="4">4</td>' in html and '<td sdval="-2.5">' in html


def test_the_table_of_a_web_page_is_escaped_and_has_its_headings() -> None:
    html = as_html([["Pupil"], ["<b>&\nx"], ["007"]], headings=True)
    assert "<th" in html.split("\n")[1] and "&lt;b&gt;&amp;<br" in html
    assert "sdval" not in html, "007 is no number"


def test_what_has_no_place_is_counted_and_said() -> None:
    placed = place([["/", "L", "x"], ["", "N", ""], ["/", " ", ""]], 3, (1, 4), 5)
    assert placed.cells == ((3, 1, "/"), (3, 4, "L"), (4, 4, "N"))
    assert (placed.outside, placed.rows_beyond, placed.columns_beyond) == (2, 1, 1)
    assert placed.words == "2 cells did not fit: 1 row below the last one, 1 column to the right."
    assert place([["/"]], 0, (1,), 1).words == ""
