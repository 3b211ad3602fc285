"""Tables on paper: measured columns, a heading on every page, rows that are never cut through a line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from approgress.reports.fonts import clean, text_width
from approgress.reports.paper import Paper
from approgress.reports.text import BODY, COLUMN, SMALL, Block, Line, Look, Said, lay_out, mark_width, paint_lines, pieces_of

GAP: Final = 10.0
PADDING: Final = 3.1
TOGETHER: Final = 110.0
"""A table that is no higher is not divided."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `align` left or right. `share` 0: as wide as its widest text, up to `most` points; else its part of what is left."""

    heading: str
    align: str = "left"
    share: float = 0.0
    most: float = 160.0
    look: Look = BODY


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell that is painted: its width and height in points, its words for the tag, and how (paper, left, middle of the line)."""

    width: float
    height: float
    words: str
    paint: Callable[[Paper, float, float], None]


Cell = Said | Drawn


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell a column, and below them, if it is there, a line in small type over the whole width (what a figure rests on)."""

    cells: tuple[Cell, ...]
    under: Said = ""


@dataclass(slots=True)
class _Laid:
    cells: list[tuple[Line, ...] | Drawn]
    under: tuple[Line, ...]
    head: float
    height: float
    continued: bool = False


def _natural(said: Said, look: Look) -> float:
    """The width of a cell in one line (of its longest typed line)."""
    wide = 0.0
    reach = 0.0
    for piece in pieces_of(said):
        if piece.mark:
            reach += mark_width(piece.mark, look.size)
            continue
        first, *more = clean(piece.text).split("\n")
        reach += text_width(first, piece.weight or look.weight, look.size)
        for line in more:
            wide = max(wide, reach)
            reach = text_width(line, piece.weight or look.weight, look.size)
    return max(wide, reach)


def _heading_width(column: Column) -> float:
    """A heading's width in one line, or where that is too much of the widest of its lines."""
    whole = text_width(column.heading, COLUMN.weight, COLUMN.size)
    return whole if whole <= column.most else max(line.width for line in lay_out(column.heading, COLUMN, column.most))


class Table(Block):
    """A table whose heading is repeated on each page it runs over to; a row taller than a page is divided between two lines."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        before: float = 0.0,
        after: float = 0.0,
        lines: bool = True,
        headings: bool = True,
        under_indent: bool = True,
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows = tuple(rows)
        self.before = before
        self.after = after
        self.lines = lines
        self.headings = headings and any(c.heading for c in columns)
        self.under_indent = under_indent
        self._at: float | None = None
        self._widths: list[float] = []
        self._laid: list[_Laid] = []
        self._head: list[tuple[Line, ...]] = []
        self._head_height = 0.0

    # --- measuring -------------------------------------------------------------------------------------------------

    def _lay_out(self, width: float) -> None:
        if self._at is not None and abs(self._at - width) < 0.01:
            return
        self._at = width
        widths = self._column_widths(width)
        self._widths = widths
        self._head = [lay_out(c.heading, COLUMN, w) for c, w in zip(self.columns, widths, strict=True)] if self.headings else []
        self._head_height = max((len(h) for h in self._head), default=0) * COLUMN.leading + 2 * PADDING if self._head else 0.0
        self._laid = [self._lay_row(row, width) for row in self.rows]

    def _column_widths(self, width: float) -> list[float]:
        natural: list[float] = []
        for i, column in enumerate(self.columns):
            if column.share:
                natural.append(0.0)
                continue
            wide = _heading_width(column) if self.headings else 0.0
            for row in self.rows:
                cell = row.cells[i]
                if isinstance(cell, Drawn):
                    wide = max(wide, cell.width)
                else:
                    wide = max(wide, _natural(cell, column.look))
            natural.append(min(wide, column.most) + 0.5)
        free = width - sum(natural) - GAP * (len(natural) - 1)
        shares = sum(c.share for c in self.columns)
        if shares and free < 60 * sum(1 for c in self.columns if c.share):
            over = 60 * sum(1 for c in self.columns if c.share) - free
            total = sum(natural)
            natural = [n - over * n / total for n in natural]
            free += over
        return [free * c.share / shares if c.share else n for n, c in zip(natural, self.columns, strict=True)]

    def _lay_row(self, row: Row, width: float) -> _Laid:
        cells: list[tuple[Line, ...] | Drawn] = []
        head = 0.0
        for cell, column, wide in zip(row.cells, self.columns, self._widths, strict=True):
            if isinstance(cell, Drawn):
                cells.append(cell)
                head = max(head, cell.height)
            else:
                lines = lay_out(cell, column.look, wide)
                cells.append(lines)
                head = max(head, len(lines) * column.look.leading)
        under: tuple[Line, ...] = ()
        if pieces_of(row.under)[0].text or len(pieces_of(row.under)) > 1:
            under = lay_out(row.under, SMALL, width - self._indent())
        return _Laid(cells, under, head, self._height(head, under))

    def _indent(self) -> float:
        return self._widths[0] + GAP if self.under_indent and len(self._widths) > 2 else 0.0

    @staticmethod
    def _height(head: float, under: tuple[Line, ...]) -> float:
        return head + len(under) * SMALL.leading + 2 * PADDING

    def measure(self, width: float) -> float:
        """Its height in points."""
        self._lay_out(width)
        return self._head_height + sum(r.height for r in self._laid)

    def least(self, width: float) -> float:
        """A small table whole; else the heading and the first row, or two lines of a very tall one."""
        whole = self.measure(width)
        if whole <= TOGETHER:
            return whole
        first = self._laid[0].height if self._laid else 0.0
        return self._head_height + (first if first < 200 else 60.0)

    def divide(self, width: float, height: float) -> tuple[Block, Block] | None:
        """Between two rows; between two lines only of a row that is taller than a third of a page."""
        if self.measure(width) <= TOGETHER:
            return None
        used = self._head_height
        n = 0
        while n < len(self._laid) and used + self._laid[n].height <= height + 0.01:
            used += self._laid[n].height
            n += 1
        if n == len(self._laid):
            return None
        parts = self._divide_row(self._laid[n], height - used) if self._laid[n].height > 250 else None
        if parts is not None:
            return self._part(self._laid[:n] + [parts[0]], width), self._part([parts[1], *self._laid[n + 1 :]], width, last=True)
        if n > 2 and n == len(self._laid) - 1:
            n -= 1  # the last row, often the sum, takes one along
        if n == 0:
            return None
        return self._part(self._laid[:n], width), self._part(self._laid[n:], width, last=True)

    def _divide_row(self, row: _Laid, height: float) -> tuple[_Laid, _Laid] | None:
        room = height - 2 * PADDING
        first: list[tuple[Line, ...] | Drawn] = []
        rest: list[tuple[Line, ...] | Drawn] = []
        for cell, column in zip(row.cells, self.columns, strict=True):
            if isinstance(cell, Drawn):
                first.append(cell)
                rest.append(())
                continue
            n = int(room / column.look.leading)
            if n < 2:
                return None
            first.append(cell[:n])
            rest.append(cell[n:])

        def head_of(cells: list[tuple[Line, ...] | Drawn]) -> float:
            return max(
                c.height if isinstance(c, Drawn) else len(c) * column.look.leading for c, column in zip(cells, self.columns, strict=True)
            )

        left = head_of(rest)
        if left == 0:  # only what stands below is too much: it goes over whole
            return None
        return (
            _Laid(first, (), head_of(first), self._height(head_of(first), ()), row.continued),
            _Laid(rest, row.under, left, self._height(left, row.under), True),
        )

    def _part(self, rows: list[_Laid], width: float, *, last: bool = False) -> Table:
        part = Table(self.columns, (), lines=self.lines, headings=self.headings, under_indent=self.under_indent)
        part._at, part._widths, part._laid, part._head, part._head_height = width, self._widths, rows, self._head, self._head_height
        part.before, part.after = (0.0, self.after) if last else (self.before, 0.0)
        part.section = self.section
        return part

    # --- painting --------------------------------------------------------------------------------------------------

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draw heading, rows and hairlines."""
        self._lay_out(width)
        paper.begin("Table")
        y = top
        if self._head:
            paper.begin("TR")
            at = x
            for lines, column, wide in zip(self._head, self.columns, self._widths, strict=True):
                paper.begin("TH", scope="Column")
                paint_lines(paper, lines, COLUMN, at, y - PADDING, wide, column.align)
                paper.end()
                at += wide + GAP
            paper.end()
            y -= self._head_height
        if self.lines and self._head:
            paper.ornament()
            paper.rule(x, y, width)
        for row in self._laid:
            paper.begin("TR")
            at = x
            for cell, column, wide in zip(row.cells, self.columns, self._widths, strict=True):
                if isinstance(cell, Drawn):
                    paper.begin("TD")
                    paper.begin("Figure", cell.words)
                    paper.drawing()
                    cell.paint(paper, at if column.align == "left" else at + wide - cell.width, y - PADDING - column.look.leading / 2)
                    paper.end()
                else:
                    paper.begin("TD")
                    paint_lines(paper, cell, column.look, at, y - PADDING, wide, column.align)
                paper.end()
                at += wide + GAP
            if row.under:
                paper.begin("TD")
                indent = self._indent()
                paint_lines(paper, row.under, SMALL, x + indent, y - PADDING - row.head, width - indent)
                paper.end()
            paper.end()
            y -= row.height
            if self.lines:
                paper.ornament()
                paper.rule(x, y, width)
        paper.end()
