"""A web page saved as a workbook (as some systems export): its largest table, read as text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from approgress.domain.errors import Refusal
from approgress.interchange.table import Table
from approgress.interchange.text import decode

_LARGEST = 30_000_000


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._deaf = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._deaf += 1
        elif tag == "table":
            self._open.append([])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 1000) if span.isdigit() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._deaf = max(0, self._deaf - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self.tables.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._deaf:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            return
        if not self._open[-1]:
            self._open[-1].append([])
        self._open[-1][-1] += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell, self._span = None, 1

    def finished(self) -> list[list[list[str]]]:
        """All tables, also those that were never closed."""
        self.close()
        self._end_cell()
        while self._open:
            self.tables.append(self._open.pop())
        return self.tables


def open_web_page(data: bytes, name: str) -> Table:
    """The largest table of a web page. Refusal where it has none. Nothing that the page points at is fetched."""
    if len(data) > _LARGEST:
        raise Refusal(
            f"{name} is a web page of more than {_LARGEST // 1_000_000} MB. It was not read. Save it as a workbook (.xlsx) or CSV."
        )
    decoded = decode(data)
    parser = _Tables()
    parser.feed(decoded.text)
    tables = parser.finished()
    if not tables:
        raise Refusal(f"{name} is a web page without a table. Nothing was changed. Export the list as CSV or as a workbook (.xlsx).")
    rows = max(tables, key=lambda t: sum(len(r) for r in t))

    def records() -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(rows, start=1):
            if any(c and not c.isspace() for c in cells):
                yield number, list(cells)

    table = Table(name, f"a web page's table, {decoded.encoding}", records, about=len(rows))
    table.warnings.append(f"{name} is a web page and not a workbook, whatever its name ends in; its table was read as text.")
    return table
