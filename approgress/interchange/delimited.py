"""Text with separators (CSV and its relations) as a table: separator guessed, quoted line breaks, any line ends, rows as a spreadsheet counts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from approgress.domain.errors import Refusal
from approgress.interchange.table import Table, heading_row
from approgress.interchange.text import decode

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_SEP_LINE = re.compile(r'^"?sep=(.)"?[ ,;\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LOOK = 40  # records that are looked at to guess separator and heading row

csv.field_size_limit(20_000_000)


def _lines(text: str, start: int) -> Iterator[str]:
    return (m[0] for m in _LINE.finditer(text, start))


def open_delimited(data: bytes, name: str, known: Callable[[str], bool]) -> Table:
    """The table of a text file. Its encoding and separator are guessed and said in `read_as` and, where unsure, in a warning."""
    decoded = decode(data)
    text, start, hinted = decoded.text, 0, None
    start_of_it = text[:50_000]
    odd = sum(1 for c in start_of_it if c < " " and c not in "\t\r\n\f\v\x1a")
    if odd > 50 and odd * 20 > len(start_of_it):
        raise Refusal(f"{name} is not text. Nothing was changed. Export it as CSV or as a workbook (.xlsx).")
    if found := _SEP_LINE.match(text):
        hinted, start = found[1], found.end()
    separator = hinted or _guess(text, start, known)
    first_line = next(_lines(text, start), "")
    spaced = first_line.count(separator) > 1 and first_line.count(separator + " ") == first_line.count(separator) and separator != " "

    def records() -> Iterator[tuple[int, list[str]]]:
        for row, cells in enumerate(csv.reader(_lines(text, start), delimiter=separator, skipinitialspace=spaced), start=1):
            if cells and (cells[0] > " " or any(c and not c.isspace() for c in cells)):
                yield row, cells

    line_ends = text.count("\n") or text.count("\r")
    table = Table(name, f"{decoded.encoding}, {SEPARATORS.get(separator, 'separated by ' + repr(separator))}", records, about=line_ends + 1)
    if decoded.guessed:
        table.warnings.append(
            f"The letters of {name} were read as {decoded.encoding}, which was guessed: look at names with accents before you bring them in."
        )
    if decoded.lost:
        table.warnings.append(
            f"{name} holds {decoded.lost} letter{'s' if decoded.lost != 1 else ''} that cannot be read (shown as \ufffd)."
        )
    if "Ã©" in text or "Ã¨" in text or "Ã¡" in text or "â€™" in text:
        table.warnings.append(
            f"Some names in {name} look as if their accents were spoilt before the file came here (such as “Ã©” for “é”)."
        )
    table.unterminated = not text.endswith(("\n", "\r"))
    table.decimal_comma = separator == ";"
    table.open_quote_row = _open_quote(text, start, separator)
    if table.open_quote_row is not None:
        table.cut_off = f"a quotation mark opens in row {table.open_quote_row} and is never closed"
    return table


def _guess(text: str, start: int, known: Callable[[str], bool]) -> str:
    best, rank = ",", (-1, -1, -1)
    for place, separator in enumerate(SEPARATORS):
        rows = list(islice(csv.reader(islice(_lines(text, start), 400), delimiter=separator), _LOOK))
        rows = [r for r in rows if any(c.strip() for c in r)]
        if not rows:
            continue
        headings = rows[heading_row([(0, r) for r in rows], known)]
        knows = sum(1 for c in headings if known(c))
        width, times = Counter(len(r) for r in rows).most_common(1)[0]
        mine = (knows, times if width > 1 else 0, -place)
        if mine > rank:
            best, rank = separator, mine
    return best


def _open_quote(text: str, start: int, separator: str) -> int | None:
    """The row in which a quotation mark opens that is never closed, or None."""
    if text.count('"', start) % 2 == 0:
        return None
    row = line = last = 0
    reader = csv.reader(_lines(text, start), delimiter=separator)
    for _ in reader:
        row += 1
        last, line = line, reader.line_num
    if row == 0:
        return None
    try:
        for _ in csv.reader(islice(_lines(text, start), last, None), delimiter=separator, strict=True):
            pass
    except csv.Error as e:
        return row if "unexpected end" in str(e) else None
    return None
