"""Blocks of cells as text: what a grid puts on the clipboard for LibreOffice and Excel, and what it takes from there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from approgress.domain.errors import Refusal
from approgress.interchange.text import DANGEROUS, guard

MOST_SIGNS: Final = 2_000_000
"""More text than this is not taken from the clipboard: no grid here has that many cells, and reading it would hold the window up."""

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?")
_SEPARATORS: Final = ",;"

Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the cells of a pasted block go: (row, column, text) for each that is not blank, and what lay outside of the grid.

    `rows_beyond` and `columns_beyond` are rows and columns of the block, not blank, that found no place; `outside` is how many cells
    with text that were. Blank cells overwrite nothing and are counted nowhere.
    """

    cells: tuple[tuple[int, int, str], ...]
    outside: int = 0
    rows_beyond: int = 0
    columns_beyond: int = 0

    @property
    def words(self) -> str:
        """'6 cells did not fit: 3 rows below the last one, 1 column to the right.', or '' where all had a place."""
        if not self.outside:
            return ""
        parts = []
        if self.rows_beyond:
            parts.append(f"{self.rows_beyond} {'row' if self.rows_beyond == 1 else 'rows'} below the last one")
        if self.columns_beyond:
            parts.append(f"{self.columns_beyond} {'column' if self.columns_beyond == 1 else 'columns'} to the right")
        cells = "1 cell" if self.outside == 1 else f"{self.outside} cells"
        return f"{cells} did not fit: {', '.join(parts)}."


def place(cells: Sequence[Sequence[str]], row: int, columns: Sequence[int], rows: int) -> Placed:
    """Lays a block's first cell at `row` in the first of `columns` (those from there to the right that are typed into) of a grid of `rows`."""
    kept: list[tuple[int, int, str]] = []
    outside = 0
    low: set[int] = set()
    right: set[int] = set()
    for i, line in enumerate(cells):
        for j, cell in enumerate(line):
            text = cell.strip()
            if not text:
                continue
            if row + i < rows and j < len(columns):
                kept.append((row + i, columns[j], text))
                continue
            outside += 1
            if row + i >= rows:
                low.add(i)
            if j >= len(columns):
                right.add(j)
    return Placed(tuple(kept), outside, len(low), len(right))


def as_text(cells: Sequence[Sequence[str]]) -> str:
    """The cells, tabs between them and a line a row; a cell that a spreadsheet would run as a formula is guarded by an apostrophe."""
    return "\n".join("\t".join(_quoted(_guarded(cell)) for cell in row) for row in cells)


def _guarded(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else guard(text)


def _unguarded(text: str) -> str:
    """What `guard` was given; an apostrophe that it never sets ('t Hooft) stays."""
    return text[1:] if text[:1] == "'" and (text[1:2] in DANGEROUS or text[1:2] == "'") else text


def _quoted(text: str) -> str:
    if text.startswith('"') or any(sign in text for sign in "\t\n\r"):
        return '"' + text.replace('"', '""') + '"'
    return text


def as_html(cells: Sequence[Sequence[str]], headings: bool = False) -> str:
    """The cells as a table of a web page, which Excel and LibreOffice prefer: numbers are numbers there, all else stays text."""
    lines = ['<html><head><meta charset="utf-8"></head><body><table>']
    for number, row in enumerate(cells):
        kind = "th" if headings and not number else "td"
        lines.append("<tr>" + "".join(_html_cell(cell, kind) for cell in row) + "</tr>")
    lines.append("</table></body></html>")
    return "\n".join(lines)


def _html_cell(text: str, kind: str) -> str:
    if kind == "td" and _NUMBER.fullmatch(text):
        return f'<td sdval="{text}">{text}</td>'
    # the first is Excel's word for "this is text", the second LibreOffice's
    shown = escape(text).replace("\r\n", "\n").replace("\n", '<br style="mso-data-placement:same-cell">')
    return f'<{kind} style="mso-number-format:\'\\@\'" sdnum="2057;0;@">{shown}</{kind}>'


def from_text(text: str) -> Cells:
    """The cells of a text from a spreadsheet or a CSV file, rows of one length; a Refusal where it is too long to be a block.

    Cells stand between tabs; where there is no tab, between commas or semicolons if each line has as many of them. A quoted cell may
    hold all of these and line ends. The line end after the last row is no row.
    """
    if len(text) > MOST_SIGNS:
        raise Refusal("The clipboard holds far more than a grid has room for. Nothing was pasted: copy only the cells that belong here.")
    text = text.removeprefix("\ufeff").replace("\0", "")
    cells = _split(text, "\t")
    if "\t" not in text:
        for separator in _SEPARATORS:
            other = _split(text, separator)
            wide = {len(row) for row in other if any(row)}
            if len(wide) == 1 and wide != {1}:
                cells = [row for row in other if any(row)]
                break
    widest = max((len(row) for row in cells), default=0)
    return [[_unguarded(cell) for cell in row] + [""] * (widest - len(row)) for row in cells]


def _split(text: str, separator: str) -> Cells:
    rows: Cells = []
    row: list[str] = []
    at, end = 0, len(text)
    stop = re.compile(f"[{re.escape(separator)}\r\n]")
    while True:
        cell = ""
        close = _closing_quote(text, at, separator) if text.startswith('"', at) else -1
        if close >= 0:
            cell = text[at + 1 : close].replace('""', '"')
            at = close + 1
        else:
            found = stop.search(text, at)
            here = found.start() if found is not None else end
            cell, at = text[at:here], here
        row.append(cell)
        if at >= end:
            break
        if text[at] == separator:
            at += 1
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        rows.append(row)
        row = []
        if at >= end:
            break
    if row:
        rows.append(row)
    return rows


def _closing_quote(text: str, at: int, separator: str) -> int:
    """Where the quoted cell that begins at `at` ends; -1 where the quotation mark is only a sign like others."""
    close = at + 1
    while True:
        close = text.find('"', close)
        if close < 0:
            return -1
        if text.startswith('""', close):
            close += 2
            continue
        after = text[close + 1 : close + 2]
        return close if after in ("", separator, "\r", "\n") else -1
