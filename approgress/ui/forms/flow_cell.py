"""A cell of pieces that flow on to the next line: what a row of an import does, old values struck through, new ones strong."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from approgress.ui.parts.painting import draw_mark, draw_ring, draw_text, text_width
from approgress.ui.parts.tables import CellDelegate, TableView
from approgress.ui.theme import h

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

_PAD: Final = 0.4
_LINE: Final = 1.25
ARROW: Final = "\0"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in one kind of type; `ARROW` as text is the drawn arrow."""

    text: str
    kind: str = "body"
    role: str = "ink"
    struck: bool = False


@dataclass(frozen=True, slots=True)
class FlowCell:
    """Pieces, and the words that a screen reader says for them."""

    pieces: tuple[Piece, ...]
    said: str

    wrap: bool = True
    below: bool = False

    def words(self) -> str:
        """What is read out."""
        return self.said


def _words(pieces: tuple[Piece, ...]) -> Iterator[tuple[str, Piece]]:
    for piece in pieces:
        if piece.text == ARROW:
            yield ARROW, piece
        else:
            for word in piece.text.split():
                yield word, piece


def placed(pieces: tuple[Piece, ...], width: float) -> tuple[list[tuple[float, float, float, str, Piece]], float]:
    """Each word with its place (left, top, width) in a room of that width, and the height of all, in logical pixels."""
    out: list[tuple[float, float, float, str, Piece]] = []
    x = y = 0.0
    line = h(_LINE)
    for word, piece in _words(pieces):
        gap = text_width(" ", piece.kind)
        wide = h(0.8) if word == ARROW else text_width(word, piece.kind)
        if x and x + gap + wide > width:
            x, y = 0.0, y + line
        left = x + gap if x else 0.0
        out.append((left, y, wide, word, piece))
        x = left + wide
    return out, y + line


class FlowDelegate(CellDelegate):
    """Paints flowing cells, and all others as every table does."""

    def paint_cell(self, painter: QPainter, rect: QRectF, cell: Any, hover: bool, ring: bool) -> None:
        if not isinstance(cell, FlowCell):
            super().paint_cell(painter, rect, cell, hover, ring)
            return
        room = rect.adjusted(h(_PAD), 0, -h(_PAD), 0)
        words, high = placed(cell.pieces, room.width())
        top = room.center().y() - high / 2
        line = h(_LINE)
        for left, y, wide, word, piece in words:
            if word == ARROW:
                draw_mark(painter, "arrow", QPointF(room.left() + left + wide / 2, top + y + line / 2), h(0.6), "quiet")
            else:
                place = QRectF(room.left() + left, top + y, wide + 1, line)
                draw_text(painter, place, word, piece.kind, piece.role, struck=piece.struck)
        if ring:
            draw_ring(painter, rect.adjusted(5, 5, -5, -5), 0.3)

    def cell_width(self, cell: Any) -> float:
        if isinstance(cell, FlowCell):
            longest = max((text_width(word, piece.kind) for word, piece in _words(cell.pieces)), default=0.0)
            return ceil(longest + h(2 * _PAD)) + 1
        return super().cell_width(cell)

    def cell_height(self, cell: Any, width: float) -> float:
        if isinstance(cell, FlowCell):
            return placed(cell.pieces, width - h(2 * _PAD))[1] + h(0.7)
        return super().cell_height(cell, width)


class FlowTable(TableView):
    """A table some of whose cells flow, so that its rows are as high as they need."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.setItemDelegate(FlowDelegate(self))

    @staticmethod
    def _wraps(cell: Any) -> bool:
        return isinstance(cell, FlowCell) or TableView._wraps(cell)
