"""The model of a grid that is typed into: rows as a page read them, and over them only what is being typed or was refused."""

from __future__ import annotations

from typing import Any

from approgress.ui.parts.tables import CELL, Cell, Index, Row, TableModel

_DISPLAY = 0


class SheetModel(TableModel):
    """A TableModel whose cells may be covered for a moment, by a draft (typed, not yet a code) or by what was refused."""

    _covers: dict[tuple[Any, int], Cell]

    def cover(self, row: int, column: int, cell: Cell | None) -> None:
        """Show another cell in a place until the row is read again (None: uncover it)."""
        covers = self._cover_map()
        key = (self.row(row).key, column)
        if cell is None:
            covers.pop(key, None)
        else:
            covers[key] = cell
        self.dataChanged.emit(self.index(row, column), self.index(row, column))

    def _cover_map(self) -> dict[tuple[Any, int], Cell]:
        if not hasattr(self, "_covers"):
            self._covers = {}
        return self._covers

    def uncover_all(self) -> None:
        """Show what is held, everywhere."""
        covers = self._cover_map()
        if covers:
            covers.clear()
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def replace_row(self, number: int, row: Row) -> None:
        for key in [k for k in self._cover_map() if k[0] == row.key]:
            del self._covers[key]
        super().replace_row(number, row)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == CELL and self._cover_map():
            covered = self._covers.get((self.row(index.row()).key, index.column()))
            if covered is not None:
                return covered
        return super().data(index, role)
