from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from approgress.reports.fonts import clean, face, runs, text_width
from approgress.reports.page import BOTTOM, WIDTH, Margin, lay_out_pages, paint_pages
from approgress.reports.paper import Paper
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, HEADING, Block, Piece, Text, lay_out

MARGIN = Margin("Amara Bell", ("Hawthorn Centre", "Confidential"))


def printed(blocks: list[Block]) -> list[str]:
    """The text of each page on which these blocks stand."""
    paper = Paper(title="t", author="a", subject="s", keywords="k", made=date(2026, 11, 24))
    paint_pages(paper, lay_out_pages(blocks), MARGIN, key="p", level=0)
    return [page.extract_text() for page in PdfReader(BytesIO(paper.finish())).pages]


def words_of(lines: object) -> str:
    return "".join("".join(f.text for f in line.fragments) for line in lines)  # type: ignore[attr-defined]


@given(st.text(max_size=300), st.floats(min_value=12, max_value=500))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, width: float) -> None:
    lines = lay_out(text, BODY, width)
    assert "".join(words_of(lines).split()) == "".join(clean(text).split())
    widest = max((text_width(c, 400, BODY.size) for c in clean(text) if c not in "\n\t"), default=0.0)
    assert all(line.width <= max(width, widest) + 0.05 for line in lines)


def test_line_ends_spaces_and_tabs_stay() -> None:
    lines = lay_out("one\n\n  two\n\tthree  four", BODY, 400)
    assert [words_of([line]) for line in lines] == ["one", "", "  two", "    three  four"]


def test_a_word_may_break_after_a_hyphen_between_letters_and_a_date_never() -> None:
    room = text_width("Featherstone-", 400, BODY.size) + 1
    assert [words_of([line]) for line in lay_out("Featherstone-haugh", BODY, room)] == ["Featherstone-", "haugh"]
    room = text_width("on 2026-", 400, BODY.size) + 1
    assert [words_of([line]) for line in lay_out("on 2026-11-24", BODY, text_width("2026-11-24", 400, BODY.size) + 0.1)] == [
        "on",
        "2026-11-24",
    ]


def test_runs_take_the_second_face_only_for_signs_that_the_first_lacks() -> None:
    found = runs("Đức, Київ", 600)
    assert "".join(text for _, text in found) == "Đức, Київ"
    for set_in, text in found:
        assert (set_in is face(600)) == set(text).issubset(face(600).glyphs)
    assert any(set_in is not face(600) for set_in, _ in found)


def test_clean_composes_letters_and_drops_what_has_no_form() -> None:
    assert clean("Zoe\u0308\r\nline\u2028more\x00\x07\ud800") == "Zo\u00eb\nline\nmore"


def test_a_table_of_two_hundred_rows_repeats_its_heading_and_cuts_no_row() -> None:
    told = [
        f"begin{i} " + "a longer text that needs more than one line in so narrow a column " * (1 + i % 3) + f"end{i}" for i in range(200)
    ]
    table = Table((Column("Name"), Column("Told", share=1)), [Row((f"row {i}", text)) for i, text in enumerate(told)])
    pages = printed([Text("Incidents", HEADING, with_next=True), table])
    assert len(pages) > 5
    found: list[int] = []
    for page in pages:
        lines = page.splitlines()
        assert sum(line.startswith("Name") for line in lines) == 1
        mine = [int(line.split()[1]) for line in lines if line.startswith("row ")]
        assert mine  # no heading without a row below it
        for i in mine:
            assert f"begin{i} " in page and f"end{i}" in page
        found += mine
    assert found == list(range(200))


def test_rows_lie_above_the_foot() -> None:
    rows = [Row((f"row {i}", "text " * (i % 40))) for i in range(150)]
    for page in lay_out_pages([Table((Column("Name"), Column("Told", share=1)), rows)]):
        for item in page.placed:
            assert item.top - item.block.measure(WIDTH) >= BOTTOM - 0.1


def test_a_row_taller_than_a_page_goes_on_over_the_next() -> None:
    rows = [Row(("first", "short")), Row(("tall", "\n".join(f"line {i}" for i in range(200)))), Row(("last", "short"))]
    text = "\n".join(printed([Table((Column("Name"), Column("Told", share=1)), rows)]))
    assert [f"line {i}" in text for i in range(200)] == [True] * 200
    assert "first" in text and "last" in text


def test_no_heading_stands_alone_at_the_foot() -> None:
    filler = [Text("filler\n" * 3, BODY) for _ in range(60)]
    for n in range(40, 60):
        pages = printed([*filler[:n], Text("A heading", HEADING, with_next=True), Text("what it heads\n" * 5, BODY)])
        (page,) = [p for p in pages if "A heading" in p]
        assert "what it heads" in page


@pytest.mark.parametrize("count", range(1, 90, 8))
def test_no_page_without_content(count: int) -> None:
    pages = printed([Text(f"block {i}\nof text", BODY, before=6, after=6) for i in range(count)])
    assert all("block" in page for page in pages)
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page


def test_a_drawn_mark_stands_in_its_line_without_a_letter() -> None:
    (line,) = lay_out((Piece("", mark="gain", colour="gain"), Piece(" reliable gain", 600)), BODY, 300)
    assert [f.mark for f in line.fragments] == ["gain", ""]
    assert words_of([line]) == " reliable gain"
