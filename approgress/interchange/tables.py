"""The program's own tables as files: each kind of record with named columns, cells written and read back letter for letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from approgress.domain import days
from approgress.domain.records import KINDS, Kind
from approgress.domain.scoring import DECLINED, NOT_REACHED
from approgress.interchange.text import guard

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.interchange.table import Table

PUPIL_CODE = "pupil_code"
NAMED = {"partner_id": "partner", "commissioner_id": "commissioner", "group_id": "group", "person_id": "person", "setting_id": "setting"}
"""Columns that hold an id, and the column beside them that holds the name."""

FIELD_WORDS = {
    "id": "number of the record in this school's file",
    "pupil_id": "number of the pupil in this school's file; pupil_code says the same and stays the same elsewhere",
    "first_day": "first day of it, included; blank: not known, or since ever",
    "last_day": "last day of it, included; blank: still so",
    "typed": "true: a person typed it, so that an imported file only asks",
    "audience": "who may read it",
    "privacy": "its class: ordinary, restricted or safeguarding",
    "day": "the day",
    "sort": "which kind of it",
    "am": "morning mark, the letters of the register",
    "pm": "afternoon mark, the letters of the register",
    "am_late": "minutes late in the morning",
    "pm_late": "minutes late in the afternoon",
    "answers": "answers in the order of the items, with spaces between: a number, d for declined, - for not reached",
    "parts": "scores of the other scales, as JSON",
    "value": "the value; for a reading the score of the main scale",
    "address_confidential": "true: this address may not be given to anybody outside the school, and it stands in this export",
    "must_not_contact": "true: this person must not be contacted",
    "slot": "day and lesson as one number; the columns day and lesson say the same",
    "doubt": "what a check found odd",
}


def columns(kind: Kind) -> list[str]:
    """The columns of a kind's table, in order."""
    found = [PUPIL_CODE] if kind.of_pupil else []
    for name in (*kind.key, *kind.fields):
        if kind.name == "pupil" and name == "code":
            continue
        found.append("pupil_id" if kind.name == "pupil" and name == "id" else name)
        if name in NAMED and kind.name != "setting":
            found.append(NAMED[name])
        if name == "slot":
            found += ["day", "lesson"]
    return found


def kind_of_headings(headings: Sequence[str]) -> Kind | None:
    """The kind whose table has exactly these headings, or None."""
    given = list(headings)
    return next((k for k in KINDS.values() if columns(k) == given), None)


def table_of(table: Table) -> Kind | None:
    """The kind whose exported table a file is, told by its headings in row 1; None for any other file."""
    for row, cells in table.records():
        return kind_of_headings(cells) if row == 1 else None
    return None


def cell_of(kind: Kind, field: str, value: Any, codes: CodeSet) -> Any:
    """A stored value as a cell: text, int, float, bool, date or None. Codes are letters, answers are numbers with spaces between."""
    if value is None:
        return None
    if kind.name == "mark" and field in ("am", "pm"):
        return codes.text(value)
    if kind.types[field] is bytes:
        return " ".join("d" if b == DECLINED else "-" if b == NOT_REACHED else str(b) for b in bytes(value))
    if kind.types[field] is float and value == int(value) and abs(value) < 1e15:
        return int(value)
    return value


def csv_cell(value: Any) -> str:
    """A cell as it is written into a CSV file: dates ISO, true and false, numbers bare, and text guarded so that no spreadsheet runs it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    return guard(value)


def parse_cell(kind: Kind, field: str, text: str, codes: CodeSet, day: date | None) -> Any:
    """The value of an unguarded cell; None for a blank. ValueError, in words, for what the field cannot hold."""
    if text == "":
        return None
    if kind.name == "mark" and field in ("am", "pm"):
        code = codes.by_text(text, day) if day is not None else None
        code = code or next((c for c in codes.codes if c.text == text), None)
        if code is None:
            raise ValueError(f"“{text}” is not an attendance code")
        return code.number
    type_ = kind.types[field]
    if type_ is str:
        return text
    if type_ is date:
        return date.fromisoformat(text)
    if type_ is bool:
        if text not in ("true", "false"):
            raise ValueError(f"“{text}” is not true or false")
        return text == "true"
    if type_ is bytes:
        parts = text.split(" ")
        if not all(re.fullmatch(r"d|-|\d{1,3}", p) for p in parts):
            raise ValueError("these are not answers")
        return bytes(DECLINED if p == "d" else NOT_REACHED if p == "-" else int(p) for p in parts)
    if type_ is int:
        if not re.fullmatch(r"-?\d{1,18}", text):
            raise ValueError(f"“{text}” is not a whole number")
        return int(text)
    return float(text)


def rows_of(
    kind: Kind, records: Iterator[tuple[Any, ...]], codes: CodeSet, code_of: Callable[[int], str], name_of: Callable[[str, int], str | None]
) -> Iterator[list[Any]]:
    """The cells of each record (given as key and fields in order) under `columns(kind)`."""
    names = (*kind.key, *kind.fields)
    for record in records:
        cells: list[Any] = [code_of(record[0])] if kind.of_pupil else []
        for name, value in zip(names, record, strict=True):
            if kind.name == "pupil" and name == "code":
                continue
            cells.append(cell_of(kind, name, value, codes))
            if name in NAMED and kind.name != "setting":
                cells.append(name_of(name, value) if value is not None else None)
            if name == "slot":
                slot = cast(int, value)
                cells += [days.to_date(slot // 8), slot % 8 + 1]
        yield cells


def dictionary() -> Iterator[list[str]]:
    """The data dictionary: table, column, what it holds, may it be blank, meaning. The first row of each table describes the table."""
    yield ["table", "column", "holds", "may be blank", "meaning"]
    plain = {int: "whole number", str: "text", float: "number", bool: "true or false", date: "date, yyyy-mm-dd", bytes: "text"}
    for kind in KINDS.values():
        doc = " ".join((kind.cls.__doc__ or "").split())
        yield [kind.name, "", "", "", doc]
        for column in columns(kind):
            field = "id" if kind.name == "pupil" and column == "pupil_id" else column
            if column == PUPIL_CODE:
                yield [
                    kind.name,
                    column,
                    "text",
                    "no",
                    "random code of the pupil; it joins the tables, and stands for the pupil where names are off",
                ]
            elif field in kind.types:
                holds = "text (letters of the register)" if kind.name == "mark" and field in ("am", "pm") else plain[kind.types[field]]
                yield [kind.name, column, holds, "yes" if field in kind.may_be_none else "no", FIELD_WORDS.get(field, "")]
            else:
                beside = next((k for k, v in NAMED.items() if v == column), "slot")
                yield [
                    kind.name,
                    column,
                    "text" if column not in ("day", "lesson") else plain[date] if column == "day" else plain[int],
                    "yes",
                    f"what {beside} stands for",
                ]
