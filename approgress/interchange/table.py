"""A file as a table: numbered records of text cells, whatever it was stored in, and what is to be said about how it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from approgress.domain.errors import Refusal, Trouble

LARGEST_FILE = 100_000_000
"""Bytes of a file that are read at all; a year of marks of 600 pupils is 4 million."""

DATE, TIME, ERROR, FORMULA = "date", "time", "error", "formula"
"""What a cell of a workbook may be besides text, number and yes or no."""

Records = Callable[[], Iterator[tuple[int, list[str]]]]


def _cells() -> dict[tuple[int, int], str]:
    return {}


@dataclass(slots=True)
class Table:
    """A file's records. `records()` begins afresh at each call and gives (row as a spreadsheet counts it, cells), blank rows left out.

    `odd` names the cells of a workbook that are a date, a time, an error or a formula without its result, by row and column (from 0).
    `hidden_rows` are rows that a person who opens the workbook does not see. `cut_off`: the file ends in the middle of something.
    `about` is roughly how many records there are, for progress. `unterminated`: the last line has no line end.
    """

    name: str
    read_as: str
    records: Records
    about: int = 0
    warnings: list[str] = field(default_factory=list)
    odd: dict[tuple[int, int], str] = field(default_factory=_cells)
    hidden_rows: frozenset[int] = frozenset()
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    rival_sheets: tuple[str, ...] = ()  # other sheets that look like a list too
    hidden_lists: tuple[str, ...] = ()  # hidden sheets that look like a list
    cut_off: str = ""  # why it looks cut off, in words
    open_quote_row: int | None = None  # the row in which a quotation mark opens that is never closed
    unterminated: bool = False
    is_text: bool = True
    decimal_comma: bool = False


def letter(column: int) -> str:
    """The letter of a column counted from 0: A, B, ... Z, AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def cell_name(row: int, column: int) -> str:
    """'J4' for row 4 and column 9."""
    return f"{letter(column)}{row}"


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Trouble where it cannot be read, Refusal where it is empty or larger than any list can be."""
    try:
        if path.is_dir():
            raise Trouble(f"{path} is a folder. Nothing was read. Choose a file.")
        if not path.is_file() and path.exists():
            raise Trouble(f"{path} is not an ordinary file. Nothing was read.")
        with open(path, "rb") as f:
            data = f.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}. Nothing was changed. Check the name and the folder.") from None
    except PermissionError:
        raise Trouble(f"{path} may not be read by you. Nothing was changed.") from None
    except OSError as e:
        raise Trouble(f"{path} could not be read ({e.strerror or e.__class__.__name__}). Nothing was changed.") from None
    if len(data) > LARGEST_FILE:
        raise Refusal(f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB, more than any list of pupils or marks. It was not read.")
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refusal(f"{path.name} is empty. Nothing was changed.")
    return data


_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)


def open_table(data: bytes, name: str, known: Callable[[str], bool], sheet: str | None = None) -> Table:
    """The table in a file's bytes, told by what they are and not by the name's ending. `known` says whether a cell is a heading we know.

    Refusal, in words, for what is no table: a PDF, a picture, a document, a workbook that is protected or that would not fit.
    """
    from approgress.interchange import delimited, workbook

    for signature, what in _FOREIGN:
        if data.startswith(signature) and not (signature == b"MZ" and data[:200].isascii() and b"\0" not in data[:200]):
            raise Refusal(f"{name} is {what}, not a list. Nothing was changed. Export it as CSV or as a workbook (.xlsx).")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return workbook.open_packed(data, name, known, sheet)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return workbook.open_old(data, name, known, sheet)
    head = data[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style", b"<head")):
        from approgress.interchange import web_page

        return web_page.open_web_page(data, name)
    if head.startswith((b"<?xml", b"<")):
        raise Refusal(f"{name} is XML, but not a Common Transfer File. Nothing was changed. Export it as CSV or as a workbook (.xlsx).")
    return delimited.open_delimited(data, name, known)


def heading_row(records: list[tuple[int, list[str]]], known: Callable[[str], bool]) -> int:
    """Which of the first records holds the headings: the one with most cells that are known as headings, else the first. Its place in the list."""
    best, most = 0, 0
    for i, (_, cells) in enumerate(records):
        n = sum(1 for c in cells if known(c))
        if n > most:
            best, most = i, n
    return best
