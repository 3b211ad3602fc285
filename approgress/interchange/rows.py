"""Records of a table as rows with named cells: too short or too long ones refused, cells that a spreadsheet changed pointed out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from approgress.interchange.cells import Bad, DayRead, Order, date_order, read_day
from approgress.interchange.headings import DATES, Columns
from approgress.interchange.table import DATE, ERROR, FORMULA, TIME, Table, cell_name
from approgress.interchange.text import clean, shown, unguard

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CellRefusal:
    """A cell (or with `column` None a row) that is not stored: where, what it says, which rule, and why as the end of a sentence."""

    row: int
    column: str | None
    value: str | None
    rule: str
    why: str

    @property
    def sentence(self) -> str:
        """'“Date of Birth” in row 12, 31/02/2012: February has no day 31.'"""
        return place_words(self.row, self.column, self.value) + self.why[:1].upper() + self.why[1:]


def place_words(row: int | None, column: str | None = None, value: str | None = None) -> str:
    """'“Date of Birth” in row 12, 31/02/2012: ', the beginning of a sentence about a cell; 'In row 12: ' about a row."""
    if row is None:
        return f"“{shown(column)}”: " if column else ""
    return (f"“{shown(column)}” in row {row}" if column else f"In row {row}") + (f", {shown(value)}: " if value else ": ")


def _orders() -> dict[str, Order]:
    return {}


@dataclass(slots=True)
class RowReader:
    """A table with its columns understood: what reads of a format ask for cells by meaning.

    `own`: the file was written by approgress, so that every cell is exactly what `text.guard` made of it. `orders` is the order of the
    numbers in the dates of each date column; `excel_dates` gathers what is to be told about dates that were numbers.
    """

    table: Table
    columns: Columns
    sort: str
    today: date
    heading_row: int = 1
    own: bool = False
    orders: dict[str, Order] = field(default_factory=_orders)
    notes: list[str] = field(default_factory=list)
    repeats: int = 0  # how often the headings were met again among the rows
    keeps_trailing_blanks: bool = False
    tick: Callable[[], None] | None = None  # called every few thousand rows of whatever is done with them; it may raise Stopped

    def raw(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers and cells after the heading row, headings met again left out, cells as they stand in the file."""
        headings = [clean(h) for h in self.columns.headings]
        first = self.columns.headings[0] if len(headings) > 1 else None
        repeats = 0
        for row, cells in self.table.records():
            if row <= self.heading_row:
                continue
            if first is not None and cells[0] == first and [clean(c) for c in cells[: len(headings)]] == headings:
                repeats += 1
                continue
            if self.tick is not None and row % 4096 == 0:
                self.tick()
            yield row, cells
        self.repeats = repeats

    def look(self) -> dict[str, set[str]]:
        """Go through the file once: the different texts of each date column, and whether short rows are usual. Sets `keeps_trailing_blanks`."""
        places = {k: self.columns.place[k] for k in DATES.get(self.sort, ()) if k in self.columns.place}
        found: dict[str, set[str]] = {k: set() for k in places}
        width = len(self.columns.headings)
        whole_blank_end = False
        for _, cells in self.raw():
            n = len(cells)
            if n >= width and not cells[width - 1].strip():
                whole_blank_end = True
            for k, at in places.items():
                if at < n and cells[at]:
                    found[k].add(cells[at])
        self.keeps_trailing_blanks = whole_blank_end
        return found

    def settle_orders(self, texts: dict[str, set[str]]) -> list[str]:
        """Decide day first or month first for each date column; returns the columns whose every telling date has the month first."""
        doubtful: list[str] = []
        for key, values in texts.items():
            day_first, month_first, _ = date_order(self.text(v) for v in values)
            if month_first and not day_first:
                doubtful.append(key)
        return doubtful

    def text(self, cell: str) -> str:
        """A cell's text: what was guarded, undone; somebody else's cell without what only a spreadsheet needs."""
        if self.own:
            return unguard(cell) if self.table.is_text else cell
        return clean(cell)

    def wrong_width(self, row: int, cells: list[str], last: bool) -> CellRefusal | None:
        """Why a row of the wrong number of cells cannot be trusted, or None."""
        width = len(self.columns.headings)
        if len(cells) > width and any(c.strip() for c in cells[width:]):
            return CellRefusal(
                row,
                None,
                None,
                "cells",
                f"it has {len(cells)} cells, but there are {width} headings. Is there a separator inside one of its values?",
            )
        if len(cells) < width and self.table.is_text:
            if last and self.table.unterminated:
                return CellRefusal(
                    row, None, None, "cut off",
                    f"it has fewer cells than the headings ({len(cells)} of {width}) and the file ends in the middle of it: it looks cut off.",
                )  # fmt: skip
            if self.keeps_trailing_blanks:
                return CellRefusal(
                    row,
                    None,
                    None,
                    "cells",
                    f"it has fewer cells than the headings ({len(cells)} of {width}), so its values may be shifted.",
                )
        return None

    def rows(self) -> Iterator[Row]:
        """All rows, each with what makes it unreadable as a whole (`Row.refusal`), if anything does."""
        waiting: tuple[int, list[str]] | None = None
        for item in self.raw():
            if waiting is not None:
                yield self._row(*waiting, last=False)
            waiting = item
        if waiting is not None:
            yield self._row(*waiting, last=True)

    def _row(self, number: int, cells: list[str], last: bool) -> Row:
        refusal = self.wrong_width(number, cells, last)
        if refusal is None and self.table.open_quote_row == number:
            refusal = CellRefusal(
                number,
                None,
                None,
                "quotation mark",
                "a quotation mark opens here and is never closed, so the rest of the file could not be read.",
            )
        return Row(self, number, cells, refusal)


@dataclass(slots=True)
class Row:
    """One row: cells asked for by meaning. `refusals` gathers what is wrong with single cells."""

    reader: RowReader
    number: int
    cells: list[str]
    refusal: CellRefusal | None = None
    refusals: list[CellRefusal] = field(default_factory=list)

    def raw(self, key: str) -> str:
        """The cell of a meaning as the file writes it, '' where there is none."""
        at = self.reader.columns.place.get(key)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def text(self, key: str, allowed: str | None = None) -> str:
        """The text of a meaning's cell; '' and a refusal where a workbook's cell is a date, a time or an error in place of text (`allowed` excepted)."""
        at = self.reader.columns.place.get(key)
        if at is None or at >= len(self.cells):
            return ""
        value = self.reader.text(self.cells[at])
        if value and self.reader.table.odd:
            kind = self.reader.table.odd.get((self.number, at))
            if kind is not None and kind != allowed:
                where = cell_name(self.number, at)
                why = {
                    DATE: f"cell {where} is a date in the workbook, not text. Type what was meant with an apostrophe before it, and import again.",
                    TIME: f"cell {where} is a time in the workbook, not text. Type what was meant with an apostrophe before it, and import again.",
                    ERROR: f"cell {where} shows an error in place of a value.",
                    FORMULA: f"cell {where} is a formula whose result is not in the file. Open it in the spreadsheet program, save it, and import again.",
                }[kind]
                self.refuse(key, Bad("cell", why))
                return ""
        return value

    def line(self, key: str) -> str | None:
        """A text of one line, spaces at its ends and doubled ones gone and letters composed (our own files are kept as they are); None: none."""
        value = self.text(key)
        if not value:
            return None
        if self.reader.own:
            return value
        line = " ".join(part for part in value.split(" ") if part)
        return (line if line.isascii() else unicodedata.normalize("NFC", line)) or None

    def day(self, key: str, sense: str, born: date | None = None) -> date | None:
        """The day of a meaning's cell; None where it is blank or refused (then `refusals` says why)."""
        at = self.reader.columns.place.get(key)
        if at is None or at >= len(self.cells) or not self.cells[at]:
            return None
        kind = self.reader.table.odd.get((self.number, at)) if self.reader.table.odd else None
        if kind in (ERROR, FORMULA):
            self.text(key)
            return None
        read = read_day(
            self.reader.text(self.cells[at]), sense, self.reader.today, self.reader.orders.get(key, "dmy") if kind != DATE else "dmy", born
        )
        if isinstance(read, Bad):
            self.refuse(key, read)
            return None
        if isinstance(read, DayRead):
            if read.said:
                self.reader.notes.append(f"Row {self.number}, “{self.reader.columns.heading(key)}”: {read.said}.")
            return read.day
        return None

    def refuse(self, key: str, bad: Bad) -> None:
        """Note that a meaning's cell is not stored."""
        at = self.reader.columns.place.get(key)
        value = self.reader.text(self.cells[at]) if at is not None and at < len(self.cells) else None
        self.refusals.append(CellRefusal(self.number, self.reader.columns.heading(key), shown(value, 200), bad.rule, bad.why))

    def refused(self, *keys: str) -> list[CellRefusal]:
        """The refusals of these meanings' cells."""
        headings = {self.reader.columns.heading(k) for k in keys if k in self.reader.columns.place}
        return [r for r in self.refusals if r.column in headings]

    def read(self, key: str, reading: Callable[[str], T | Bad | None]) -> T | None:
        """What `reading` (a function of a text) makes of a meaning's cell; a Bad answer is noted and None returned."""
        text = self.text(key)
        if not text:
            return None
        value = reading(text)
        if isinstance(value, Bad):
            self.refuse(key, value)
            return None
        return value
