"""A strand's sign in a table, one a strand: a mark where something was judged, a word where better or worse is only written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from approgress.domain.strands import SAME, Sign
from approgress.ui.parts.painting import draw_text, text_width
from approgress.ui.parts.tables import Cell, CellDelegate, SignCell, TextCell
from approgress.ui.theme import h


@dataclass(frozen=True, slots=True)
class WordCell:
    """Better, worse or same, written where no sign may be drawn (attendance, counts of lessons and incidents)."""

    word: str
    said: str

    def words(self) -> str:
        """What is read out."""
        return self.said


class SignDelegate(CellDelegate):
    """Paints written verdicts small, so that six strands have room."""

    def paint_cell(self, painter: QPainter, rect: QRectF, cell: Any, hover: bool, ring: bool) -> None:
        """Paints one cell."""
        if isinstance(cell, WordCell):
            draw_text(painter, rect, cell.word, "source", "quiet" if cell.word == SAME else "ink", across="middle")
        else:
            super().paint_cell(painter, rect, cell, hover, ring)

    def cell_width(self, cell: Any) -> float:
        """How wide a cell has to be."""
        return text_width(cell.word, "source") + h(0.35) if isinstance(cell, WordCell) else super().cell_width(cell)


def sign_cell(sign: Sign | None) -> Cell | WordCell:
    """A strand's sign: a mark where something was judged, a word where better or worse is only written; empty while it is being read."""
    if sign is None:
        return TextCell("")
    if sign.mark:
        return SignCell(sign.mark, sign.words)
    return WordCell(sign.word, sign.words)
