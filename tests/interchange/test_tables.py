"""The program's own tables: what a cell was given comes back letter for letter, and every kind of record has its columns."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.records import KINDS, Kind
from approgress.domain.scoring import DECLINED, NOT_REACHED
from approgress.interchange.headings import is_known
from approgress.interchange.table import open_table
from approgress.interchange.tables import cell_of, columns, csv_cell, dictionary, kind_of_headings, parse_cell
from approgress.interchange.text import unguard
from approgress.store.catalogue import code_set

CODES = code_set()
TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
VALUES: dict[type[Any], st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False, width=32),
    bool: st.booleans(),
    date: st.dates(),
    bytes: st.binary(min_size=1, max_size=9).map(lambda b: bytes(x if x < 100 else (DECLINED, NOT_REACHED)[x % 2] for x in b)),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_table_is_told_by_its_headings_alone(kind: Kind) -> None:
    found = kind_of_headings(columns(kind))
    assert found is kind or (found is not None and not kind.of_pupil and not found.of_pupil)  # tables of no pupil are not brought in
    assert kind_of_headings([*columns(kind), "more"]) is None


@given(st.data())
def test_a_row_of_any_table_comes_back_as_it_was(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([k for k in KINDS.values() if k.name not in ("mark", "lesson_score")]))
    fields = [f for f in kind.fields if f != "code"]
    values = {f: data.draw(st.none() | VALUES[kind.types[f]]) for f in fields}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["x", *fields])
    writer.writerow(["1", *(csv_cell(cell_of(kind, f, v, CODES)) for f, v in values.items())])
    (_, _), (_, cells) = open_table(("\ufeff" + out.getvalue()).encode(), "t.csv", is_known).records()
    back = {f: parse_cell(kind, f, unguard(c), CODES, None) for f, c in zip(fields, cells[1:], strict=True)}
    assert back == values


def test_marks_are_letters_and_come_back_as_their_numbers() -> None:
    mark = KINDS["mark"]
    day = date(2026, 11, 9)
    for code in CODES.in_force(day):
        text = csv_cell(cell_of(mark, "am", code.number, CODES))
        assert text == code.text
        assert parse_cell(mark, "am", unguard(text), CODES, day) == code.number
    with pytest.raises(ValueError, match="not an attendance code"):
        parse_cell(mark, "am", "%", CODES, day)


def test_numbers_are_numbers_and_text_is_guarded() -> None:
    assert [csv_cell(v) for v in (-2.5, 52, True, None, date(2026, 1, 2), "-2.5 points", "'Bea", "plain")] == [
        "-2.5", "52", "true", "", "2026-01-02", "'-2.5 points", "''Bea", "plain",
    ]  # fmt: skip


def test_the_dictionary_speaks_of_every_column() -> None:
    rows = list(dictionary())
    for kind in KINDS.values():
        assert [r[1] for r in rows if r[0] == kind.name] == ["", *columns(kind)]
        assert next(r[4] for r in rows if r[0] == kind.name)
