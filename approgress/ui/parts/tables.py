"""Tables: what a cell holds, a model of rows, the view with row hover and keys that do not trap, the delegate, the heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from approgress.style import SIGN_ROLE, SIGN_WORDS, Size
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.painting import (
    chip_width,
    draw_box,
    draw_chip,
    draw_code_cell,
    draw_disc,
    draw_hairline,
    draw_mark,
    draw_ring,
    draw_score_cell,
    draw_text,
    text_height,
    text_width,
)
from approgress.ui.theme import h, theme

Index = QModelIndex | QPersistentModelIndex

CELL: Final = int(Qt.ItemDataRole.UserRole) + 1
"""The role by which a model hands over the cell to paint."""
SORT: Final = int(Qt.ItemDataRole.UserRole) + 2
"""The role by which a model hands over what a row is sorted by."""
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)

_PAD: Final = 0.4  # h at each side of a cell
_MOVES: Final = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


# What a cell holds


@dataclass(frozen=True, slots=True)
class TextCell:
    """Words: `text`, and `second` in smaller quiet type behind it (or below it: `below`).

    Only a name may be elided. `initials` puts a disc before it; `mark` a mark (a key of `style.MARKS`) in the colour of `role`.
    """

    text: str
    second: str = ""
    kind: str = "body"
    role: str = "ink"
    across: str = "left"
    initials: str = ""
    mark: str = ""
    may_elide: bool = False
    below: bool = False
    wrap: bool = False
    struck: bool = False

    def words(self) -> str:
        return f"{self.text} {self.second}".strip()


@dataclass(frozen=True, slots=True)
class SignCell:
    """Better, no clear change, worse or cannot be judged, as a mark; `said` are other words for it."""

    sign: str
    said: str = ""

    def words(self) -> str:
        return self.said or SIGN_WORDS[self.sign]


@dataclass(frozen=True, slots=True)
class ChipCell:
    """A chip: tone gain, none, decline, attention or accent, and a mark before the words."""

    text: str
    tone: str = "none"
    mark: str = ""

    def words(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class CodeCell:
    """An attendance mark; '' is no mark yet; `said` says what the code means; `expected` is a code that nobody has marked yet."""

    code: str
    tone: str = "none"
    due: bool = True
    wrong: bool = False
    said: str = ""
    expected: bool = False

    def words(self) -> str:
        return self.said or self.code or ("no mark yet" if self.due else "not due")


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """A lesson score from 1 to 5, None where none is given yet."""

    score: int | None
    due: bool = True
    wrong: bool = False

    def words(self) -> str:
        return str(self.score) if self.score is not None else "no score yet" if self.due else "not due"


Cell = TextCell | SignCell | ChipCell | CodeCell | ScoreCell


def cell_text(cell: Any) -> str:
    """What a cell is on the clipboard: the code or score itself, a sign in words, '' for what is not there (an expected code is not)."""
    if isinstance(cell, CodeCell):
        return "" if cell.expected else cell.code
    if isinstance(cell, ScoreCell):
        return "" if cell.score is None else str(cell.score)
    return "" if cell is None else str(cell.words())


@dataclass(frozen=True, slots=True)
class Block:
    """Cells chosen together: from the first row to the last, in these columns of the model."""

    first: int
    last: int
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (a line break is kept), how its heading and figures stand, and what happens where there is little room.

    `least` is its least width in h, `stretch` its share of the room that is left, `drop` the order in which columns go where there is
    not room for all (1 goes first, 0 never), `group` a heading above several columns, `said` the heading in full for screen readers;
    `wide_only` columns are not shown in a narrow window.
    """

    title: str
    across: str = "left"
    least: float = 0.0
    stretch: int = 0
    drop: int = 0
    group: str = ""
    sorts: bool = True
    said: str = ""
    wide_only: bool = False

    def spoken(self) -> str:
        return self.said or self.title.replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: key of the record, what it is called when read out, one cell a column, and what each column sorts by (cells if empty).

    `tip` is the sentence of a tool tip for the whole row.
    """

    key: Any
    name: str
    cells: tuple[Cell, ...]
    sort: tuple[Any, ...] = ()
    tip: str = ""


class TableModel(QAbstractTableModel):
    """Rows that a page has read, for display; to edit cells in place, write a model of your own that answers `CELL`."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._rows = list(rows)
        self._order: tuple[int, bool] | None = None

    def rows(self) -> list[Row]:
        """The rows in the order shown."""
        return list(self._rows)

    def row(self, number: int) -> Row:
        """One row in the order shown."""
        return self._rows[number]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Other rows, in the order that was chosen."""
        self.beginResetModel()
        self._rows = list(rows)
        self._sort_rows()
        self.endResetModel()

    def replace_row(self, number: int, row: Row) -> None:
        """Another content for one row, which is all that is repainted."""
        self._rows[number] = row
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def find(self, key: Any) -> int:
        """The number of the row with that key, -1 where there is none."""
        return next((i for i, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            return self._rows[index.row()].cells[index.column()].words()
        if role == CELL:
            return self._rows[index.row()].cells[index.column()]
        if role == _SPOKEN:
            row = self._rows[index.row()]
            words = row.cells[index.column()].words()
            return words if index.column() == 0 else f"{row.name}, {self.columns[index.column()].spoken()}: {words}"
        if role == _TIP:
            row = self._rows[index.row()]
            cell = row.cells[index.column()]
            name = cell.words() if isinstance(cell, TextCell) and cell.may_elide else ""  # in full, as it may end in dots
            return " · ".join(part for part in (name, row.tip) if part) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == _DISPLAY:
                return self.columns[section].title
            if role == _SPOKEN:
                column = self.columns[section]
                return f"{column.group}, {column.spoken()}" if column.group else column.spoken()
        elif role in (_DISPLAY, _SPOKEN):
            return self._rows[section].name
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self._rows[index.row()], index.column()) for index in before]
        self._order = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._sort_rows()
        places = {id(row): i for i, row in enumerate(self._rows)}
        self.changePersistentIndexList(before, [self.index(places[id(row)], at) for row, at in kept])
        self.layoutChanged.emit()

    def _sort_rows(self) -> None:
        if self._order is None:
            return
        column, falling = self._order

        def value(row: Row) -> Any:
            return row.sort[column] if row.sort else row.cells[column].words().casefold()

        # What is missing comes last, whichever way the rest is sorted; rows of one value keep the order that they had.
        there = [row for row in self._rows if value(row) is not None]
        there.sort(key=value, reverse=falling)
        self._rows = there + [row for row in self._rows if value(row) is None]


class CellDelegate(QStyledItemDelegate):
    """Paints the cells above. Pages with cells of their own override `paint_cell` and `cell_width`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        view = self.parent()
        row, column = index.row(), index.column()
        current = hovered = False
        ring = False
        if isinstance(view, TableView):
            at = view.currentIndex()
            current = at.row() == row
            hovered = view.hover_row == row
            ring = current and at.column() == column and view.rings_cells and view.hasFocus()
            if view.in_block(row, column) and not theme().style.outlined:
                painter.fillRect(rect, theme().colour("soft"))
            elif current or hovered:
                painter.fillRect(rect, theme().colour("hover"))
        draw_hairline(painter, rect.left(), rect.bottom() - 1, rect.width())
        cell = index.data(CELL)
        if cell is not None:
            self.paint_cell(painter, rect, cell, hovered and isinstance(view, TableView) and view.hover_column == column, ring)

    def paint_cell(self, painter: QPainter, rect: QRectF, cell: Any, hover: bool, ring: bool) -> None:
        """Paints one cell; `hover` is whether the pointer is over it, `ring` whether it shows the focus ring."""
        if isinstance(cell, TextCell):
            _paint_text(painter, rect, cell)
        elif isinstance(cell, SignCell):
            draw_mark(painter, cell.sign, rect.center(), h(Size.MARK), SIGN_ROLE[cell.sign])
        elif isinstance(cell, CodeCell):
            hover = hover and cell.due
            draw_code_cell(
                painter, rect, cell.code, cell.tone, due=cell.due, wrong=cell.wrong, hover=hover, ring=ring, expected=cell.expected
            )
        elif isinstance(cell, ScoreCell):
            draw_score_cell(painter, rect, cell.score, due=cell.due, wrong=cell.wrong, hover=hover and cell.due, ring=ring)
        elif isinstance(cell, ChipCell):
            draw_chip(painter, rect.left() + h(_PAD), rect.center().y(), cell.text, cell.tone, cell.mark)
        if ring and isinstance(cell, TextCell | SignCell | ChipCell):
            draw_ring(painter, rect.adjusted(5, 5, -5, -5), Size.CHIP_RADIUS)

    def cell_width(self, cell: Any) -> float:
        """How wide a cell has to be, in logical pixels."""
        if isinstance(cell, TextCell):
            return _text_width(cell)
        if isinstance(cell, SignCell):
            return h(Size.MARK + 0.55)
        if isinstance(cell, CodeCell):
            return h(Size.REGISTER_CELL[0] + 0.6)
        if isinstance(cell, ScoreCell):
            return h(Size.SCORE_CELL[0] + 0.3)
        return chip_width(cell.text, cell.mark) + h(2 * _PAD)

    def cell_height(self, cell: Any, width: float) -> float:
        """How high a cell of that width has to be, in logical pixels; 0 where one row height serves."""
        if isinstance(cell, TextCell) and (cell.wrap or cell.below):
            room = width - h(2 * _PAD) - (h(0.85) if cell.mark else 0.0)
            high = text_height(cell.text, room, cell.kind) if cell.wrap else h(1.2)
            if cell.below and cell.second:
                high += text_height(cell.second, room, "second")
            return high + h(0.7)
        return 0.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell = index.data(CELL)
        width = 0.0 if cell is None else self.cell_width(cell)
        return QSize(ceil(width), round(h(Size.ROW_LIST)))


def _text_width(cell: TextCell) -> float:
    width = text_width(cell.text, cell.kind) + h(2 * _PAD) + 1
    if cell.second:
        second = text_width(cell.second, "second")
        width = max(width, second + h(2 * _PAD) + 1) if cell.below else width + h(0.3) + second
    if cell.initials:
        width += h(2.0)
    if cell.mark:
        width += h(0.85)
    return width


def _paint_text(painter: QPainter, rect: QRectF, cell: TextCell) -> None:
    left, right = rect.left() + h(_PAD), rect.right() - h(_PAD)
    if cell.initials:
        side = round(h(1.5))
        draw_disc(painter, QRectF(round(left), round(rect.center().y() - side / 2), side, side), cell.initials)
        left += h(2.0)
    if cell.mark:
        draw_mark(painter, cell.mark, QPointF(left + h(0.3), rect.center().y()), h(0.52), cell.role)
        left += h(0.85)
    if cell.below or cell.wrap:
        _paint_lines(painter, QRectF(left, rect.top(), right - left, rect.height()), cell)
        return
    second = text_width(cell.second, "second") if cell.second else 0.0
    if cell.across == "left":
        room = right - left - (second + h(0.3) if second else 0.0)
        draw_text(
            painter,
            QRectF(left, rect.top(), room, rect.height()),
            cell.text,
            cell.kind,
            cell.role,
            may_elide=cell.may_elide,
            struck=cell.struck,
        )
        if second:
            x = left + min(text_width(cell.text, cell.kind), room) + h(0.3)
            drop = (theme().metrics(cell.kind).capHeight() - theme().metrics("second").capHeight()) / 2
            draw_text(painter, QRectF(x, rect.top() + drop, second + 1, rect.height()), cell.second, "second", "quiet")
    else:
        if second:
            draw_text(painter, QRectF(right - second - 1, rect.top(), second + 1, rect.height()), cell.second, "second", "quiet")
            right -= second + h(0.3)
        area = QRectF(left, rect.top(), right - left, rect.height())
        draw_text(painter, area, cell.text, cell.kind, cell.role, across=cell.across, may_elide=cell.may_elide, struck=cell.struck)


def _paint_lines(painter: QPainter, area: QRectF, cell: TextCell) -> None:
    first = text_height(cell.text, area.width(), cell.kind) if cell.wrap else theme().metrics(cell.kind).height()
    second = text_height(cell.second, area.width(), "second") if cell.second and cell.below else 0.0
    y = area.center().y() - (first + second) / 2
    draw_text(
        painter,
        QRectF(area.left(), y, area.width(), first + 1),
        cell.text,
        cell.kind,
        cell.role,
        across=cell.across,
        down="top",
        wrap=cell.wrap,
        may_elide=cell.may_elide,
        struck=cell.struck,
    )
    if second:
        draw_text(
            painter,
            QRectF(area.left(), y + first, area.width(), second + 1),
            cell.second,
            "second",
            "quiet",
            across=cell.across,
            down="top",
            wrap=True,
        )


class TableHeading(QHeaderView):
    """The headings of a table: one line, two where titles or groups need them; Tab reaches it, arrows and Enter sort."""

    ring_radius = 0.2

    def __init__(self, view: TableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self._cursor = 0
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setStretchLastSection(False)

    def _column(self, section: int) -> Column:
        columns = self._view.columns()
        return columns[section] if section < len(columns) else Column("")

    def _lines(self) -> int:
        shown = (column for number, column in enumerate(self._view.columns()) if not self.isSectionHidden(number))
        return max((column.title.count("\n") + (2 if column.group else 1) for column in shown), default=1)

    def needed(self, section: int) -> int:
        """How wide the heading of a column has to be, in logical pixels."""
        column = self._column(section)
        wide = max(text_width(line, "column") for line in column.title.split("\n"))
        mark = h(0.9) if self._sorted(section) else 0.0
        pad = h(2 * _PAD) if column.across != "middle" else h(0.3)
        return ceil(wide + pad + mark) + 1

    def sectionSizeFromContents(self, section: int) -> QSize:
        return QSize(self.needed(section), self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(0, round(h(1.05) * self._lines() + h(0.75)))

    def ring_rect(self) -> QRect | None:
        """The heading on which the keyboard is."""
        if not self._view.isSortingEnabled():
            return None
        at = 0 if self._cursor == 0 and self._view.frozen_now() else self.sectionViewportPosition(self._cursor)
        return QRect(at, 0, self.sectionSize(self._cursor), self.height()).adjusted(4, 5, -4, -5)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme().colour("surface"))
        draw_hairline(painter, 0, self.height() - 1, self.viewport().width())
        for section in range(self.count()):
            if not self.isSectionHidden(section):
                self._paint(painter, section, self.sectionViewportPosition(section))
        if frozen := self._view.frozen_now():
            painter.setClipRect(0, 0, frozen, self.height())
            painter.fillRect(0, 0, frozen, self.height() - 1, theme().colour("surface"))
            self._paint(painter, 0, 0)
            draw_hairline(painter, frozen - 1, 0, self.height(), "edge", upright=True)
        painter.end()

    def _paint(self, painter: QPainter, section: int, left: int) -> None:
        column = self._column(section)
        wide = self.sectionSize(section)
        sorted_now = self._sorted(section)
        role = "ink" if sorted_now else "quiet"
        lines = column.title.split("\n")
        line = h(1.05)
        top = self.height() - h(0.35) - line * len(lines)
        mark = h(0.9) if sorted_now else 0.0
        pad = h(_PAD) if column.across != "middle" else 1.0
        for number, text in enumerate(lines):
            room = QRectF(left + pad, top + number * line, wide - 2 * pad, line)
            if mark:
                room.setRight(room.right() - mark)
            draw_text(painter, room, text, "column", role, across=column.across)
        if mark:
            falling = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            longest = max(text_width(text, "column") for text in lines)
            x = left + pad + longest if column.across == "left" else left + wide - pad - mark
            draw_mark(
                painter, "chevron_down" if falling else "chevron_up", QPointF(x + h(0.5), self.height() - h(0.35) - line / 2), h(0.5), role
            )
        if column.group and (section == 0 or self._column(section - 1).group != column.group):
            wide = sum(
                self.sectionSize(other)
                for other in range(section, self.count())
                if self._column(other).group == column.group and not self.isSectionHidden(other)
            )
            first_pad = h(_PAD) if column.across == "left" else max(1.0, (self.sectionSize(section) - text_width(lines[0], "column")) / 2)
            area = QRectF(left + first_pad, top - line, max(wide, text_width(column.group, "column") + 2), line)
            draw_text(painter, area, column.group, "column", "quiet")

    def _sorted(self, section: int) -> bool:
        return self._view.isSortingEnabled() and self.sortIndicatorSection() == section and self._column(section).sorts

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() < self._view.frozen_now():
            if self._column(0).sorts and self._view.isSortingEnabled():
                self._sort(0)
            return
        if not self._column(self.logicalIndexAt(event.position().toPoint())).sorts:
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() in (keys.Key_Left, keys.Key_Right):
            step = 1 if event.key() == keys.Key_Right else -1
            at = self._cursor + step
            while 0 <= at < self.count() and (self.isSectionHidden(at) or not self._column(at).sorts):
                at += step
            if 0 <= at < self.count():
                self._cursor = at
                self._tell_ring()
        elif event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space) and self._view.isSortingEnabled():
            self._sort(self._cursor)
        elif event.key() == keys.Key_Down:
            self._view.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            event.ignore()

    def _sort(self, section: int) -> None:
        again = self.sortIndicatorSection() == section and self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        self._view.sortByColumn(section, Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder)

    def _tell_ring(self) -> None:
        from PySide6.QtWidgets import QApplication

        # The ring follows Move and Resize of its widget; here only the section inside has moved.
        QApplication.sendEvent(self, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
        name = self._column(self._cursor).spoken()
        self.setAccessibleName(f"Sort by {name}")


class TableView(QTableView):
    """A table as all of them are here. Arrows move, Enter or a double click says `opened(row)`, Tab leaves; nothing scrolls sideways
    unless not even the columns that must stay have room.

    `row_height` in h; `rings_cells` gives the ring to the cell, as in a register, instead of to the row; `opens_on_click` lets a
    single click open a row. Shift with the arrows, or the mouse, chooses a block of rows; Ctrl+A chooses all; Ctrl+C copies what is
    chosen with the headings, for a spreadsheet. The first column stands still where a table has to scroll sideways.
    """

    opened = Signal(int)
    chosen_changed = Signal()
    """Another block of cells is chosen, or none."""

    def __init__(
        self,
        name: str,
        *,
        row_height: float = Size.ROW_LIST,
        rings_cells: bool = False,
        opens_on_click: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.hover_row = -1
        self.hover_column = -1
        self.rings_cells = rings_cells
        self._row_height = row_height
        self._opens_on_click = opens_on_click
        self._fitting = False
        self._dense = False
        self._columns: list[Column] = []
        self._measured: tuple[list[float], list[float]] | None = None
        self._anchor: QPersistentModelIndex | None = None
        self._pressed: QPersistentModelIndex | None = None
        self._place: tuple[Any, int] | None = None
        self.setAccessibleName(name)
        self.setHorizontalHeader(TableHeading(self))
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self._look_changed()
        theme().changed.connect(self._look_changed)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled_sideways)

    def setModel(self, model: Any) -> None:
        super().setModel(model)
        self._measured = None
        self._columns = list(getattr(model, "columns", ()))
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self.choose_none)
        model.modelReset.connect(self._find_place)
        model.modelReset.connect(self._rows_changed)
        model.layoutChanged.connect(self.choose_none)
        model.layoutChanged.connect(self._rows_changed)
        model.dataChanged.connect(self._data_changed)
        if self.selectionModel() is not None:
            self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.fit()

    def _rows_changed(self) -> None:
        self._measured = None
        self.fit()

    def _keep_place(self) -> None:
        at, model = self.currentIndex(), self.model()
        self._place = (model.row(at.row()).key, at.column()) if at.isValid() and isinstance(model, TableModel) else None

    def _find_place(self) -> None:
        """The cursor stays on its record when the rows are read again, wherever that stands now."""
        place, self._place = self._place, None
        model = self.model()
        if place is None or not isinstance(model, TableModel):
            return
        row = model.find(place[0])
        if row >= 0 and place[1] < len(model.columns):
            self.selectionModel().setCurrentIndex(model.index(row, place[1]), QItemSelectionModel.SelectionFlag.NoUpdate)

    def sizeHint(self) -> QSize:
        return QSize(round(h(20)), round(h(6)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(8)), round(h(5)))

    def set_fold(self, fold: Fold) -> None:
        """Dense rows in a narrow window."""
        if self._dense != (fold is Fold.NARROW):
            self._dense = fold is Fold.NARROW
            self._look_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))
        if self.isSortingEnabled():
            QWidget.setTabOrder(self.horizontalHeader(), self)  # again, since the table has come into its window

    def columns(self) -> list[Column]:
        """The columns of the model."""
        return self._columns

    def sort_by(self, column: int, falling: bool = False) -> None:
        """Lets the headings sort, and sorts by one."""
        self.horizontalHeader().setSortIndicator(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.horizontalHeader().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        QWidget.setTabOrder(self.horizontalHeader(), self)
        self._rows_changed()

    def go_to(self, row: int, column: int = 0) -> None:
        """Makes a row the current one and brings it into sight."""
        index = self.model().index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    # Widths: the larger of the heading and the widest cell, so nothing is cut; what is left goes to the columns that stretch.

    def fit(self) -> None:
        """Gives every column its width, and rows with wrapped text their height."""
        if self._fitting or self.model() is None or not self._columns:
            return
        self._fitting = True
        try:
            self._fit_columns()
            self._fit_rows()
        finally:
            self._fitting = False

    def _measure_columns(self) -> tuple[list[float], list[float]]:
        """How wide each column wants to be and has to be; kept until rows or look change, since a resize asks for it again and again."""
        if self._measured is not None:
            return self._measured
        model, delegate, heading = self.model(), self.itemDelegate(), self.horizontalHeader()
        assert isinstance(heading, TableHeading) and isinstance(delegate, CellDelegate)
        rows = model.rowCount()
        widest: list[float] = []
        least: list[float] = []
        for number, column in enumerate(self._columns):
            floor = max(float(heading.needed(number)), h(column.least))
            wide = must = floor
            if isinstance(model, TableModel):
                cells: Any = {row.cells[number] for row in model.rows()}  # many rows say the same: each is measured once
            else:
                cells = (model.index(row, number).data(CELL) for row in range(rows))
            for cell in cells:
                if cell is None or (isinstance(cell, TextCell) and cell.wrap):
                    continue
                needed = delegate.cell_width(cell)
                wide = max(wide, needed)
                if not (isinstance(cell, TextCell) and cell.may_elide and column.least):
                    must = max(must, needed)  # only a name may end in dots, and not below its least width
            widest.append(ceil(wide))
            least.append(ceil(must))
        for group in {column.group for column in self._columns if column.group}:
            members = [number for number, column in enumerate(self._columns) if column.group == group]
            short = text_width(group, "column") + h(0.9) - sum(least[number] for number in members)
            if short > 0:  # the heading above them needs room as well
                for number in members:
                    least[number] += ceil(short / len(members))
                    widest[number] = max(widest[number], least[number])
        self._measured = widest, least
        return self._measured

    def _fit_columns(self) -> None:
        widest, least = self._measure_columns()
        room = self.viewport().width()
        shown = {n for n, column in enumerate(self._columns) if not (self._dense and column.wide_only)}
        for number in sorted((n for n in shown if self._columns[n].drop), key=lambda n: self._columns[n].drop):
            if sum(least[n] for n in shown) <= room:
                break
            shown.discard(number)
        spare = room - sum(least[n] for n in shown)
        wishes = {n: widest[n] - least[n] for n in shown}
        wished = sum(wishes.values())
        part = 1.0 if wished <= max(0.0, spare) else max(0.0, spare) / wished
        widths = {n: least[n] + int(wishes[n] * part) for n in shown}
        left = room - sum(widths.values())
        stretches = sum(self._columns[n].stretch for n in shown)
        for number, column in enumerate(self._columns):
            self.setColumnHidden(number, number not in shown)
            if number in shown:
                extra = left * column.stretch // stretches if left > 0 and stretches else 0
                self.setColumnWidth(number, int(widths[number] + extra))

    def _fit_rows(self) -> None:
        model, delegate = self.model(), self.itemDelegate()
        least = self._least_height()
        wrapped = [
            n
            for n in range(len(self._columns))
            if not self.isColumnHidden(n) and model.rowCount() and self._wraps(model.index(0, n).data(CELL))
        ]
        if not wrapped or not isinstance(delegate, CellDelegate):
            if self.verticalHeader().defaultSectionSize() != least or self.verticalHeader().length() != least * model.rowCount():
                self.verticalHeader().setDefaultSectionSize(least)
                for row in range(model.rowCount()):
                    self.setRowHeight(row, least)
            return
        for row in range(model.rowCount()):
            high = max(delegate.cell_height(model.index(row, n).data(CELL), self.columnWidth(n)) for n in wrapped)
            self.setRowHeight(row, max(least, ceil(high)))

    def _least_height(self) -> int:
        return round(h(min(self._row_height, Size.ROW_DENSE) if self._dense else self._row_height))

    @staticmethod
    def _wraps(cell: Any) -> bool:
        return isinstance(cell, TextCell) and (cell.wrap or cell.below)

    def _data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        """Widens a column whose new content has no room; never narrows, so that nothing jumps while a person types."""
        delegate = self.itemDelegate()
        if not isinstance(delegate, CellDelegate) or first.row() != last.row() or self._measured is None:
            self._rows_changed()
            return
        widest, least = self._measured
        narrow = False
        for number in range(first.column(), last.column() + 1):
            cell = self.model().index(first.row(), number).data(CELL)
            if cell is None or (isinstance(cell, TextCell) and cell.wrap):
                continue
            needed = ceil(delegate.cell_width(cell))
            widest[number] = max(widest[number], needed)
            if not (isinstance(cell, TextCell) and cell.may_elide):
                least[number] = max(least[number], needed)
                narrow = narrow or (not self.isColumnHidden(number) and needed > self.columnWidth(number))
        if narrow:
            self.fit()

    def _look_changed(self) -> None:
        self._measured = None
        self.verticalHeader().setDefaultSectionSize(self._least_height())
        self.horizontalHeader().updateGeometry()
        self.updateGeometries()
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    # The first column stands still where not even the columns that must stay have room

    def frozen(self) -> int:
        """How wide the first column is where it stands still over a table that scrolls sideways, in logical pixels; else 0."""
        if not self.horizontalScrollBar().maximum() or not self._columns or self.isColumnHidden(0):
            return 0
        wide = self.columnWidth(0)
        return wide if wide <= 0.7 * self.viewport().width() else 0  # else there would be no room for what is read beside it

    def frozen_now(self) -> int:
        """The same, 0 while nothing is scrolled."""
        return self.frozen() if self.horizontalScrollBar().value() else 0

    def _scrolled_sideways(self) -> None:
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def indexAt(self, point: QPoint) -> QModelIndex:
        if (wide := self.frozen_now()) and 0 <= point.x() < wide:
            row = self.rowAt(point.y())
            return self.model().index(row, 0) if row >= 0 else QModelIndex()
        return super().indexAt(point)

    def visualRect(self, index: Index) -> QRect:
        rect = super().visualRect(index)
        return QRect(0, rect.top(), rect.width(), rect.height()) if index.column() == 0 and self.frozen_now() else rect

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        bar = self.horizontalScrollBar()
        before, wide = bar.value(), self.frozen()
        super().scrollTo(index, hint)
        if wide and index.column() == 0:
            bar.setValue(before)  # the names are in sight already
        elif wide and (hidden := wide - self.columnViewportPosition(index.column())) > 0:
            bar.setValue(bar.value() - hidden)

    def _paint_frozen(self, event: QPaintEvent) -> None:
        wide = self.frozen_now()
        if not wide or event.rect().left() > wide:
            return
        painter = QPainter(self.viewport())
        painter.setClipRect(QRect(0, event.rect().top(), wide, event.rect().height()))
        painter.fillRect(0, event.rect().top(), wide, event.rect().height(), theme().colour("surface"))
        row, last = self.rowAt(max(0, event.rect().top())), self.model().rowCount() - 1
        option = QStyleOptionViewItem()
        while 0 <= row <= last and self.rowViewportPosition(row) <= event.rect().bottom():
            option.rect = QRect(0, self.rowViewportPosition(row), wide, self.rowHeight(row))  # pyright: ignore[reportAttributeAccessIssue]
            self.itemDelegate().paint(painter, option, self.model().index(row, 0))
            row += 1
        draw_hairline(painter, wide - 1, event.rect().top(), event.rect().height(), "edge", upright=True)
        painter.end()

    # The chosen block

    def block(self) -> Block | None:
        """The chosen block; None where none is, but the current cell."""
        at = self.currentIndex()
        if self._anchor is None or not self._anchor.isValid() or not at.isValid():
            return None
        columns = self.block_columns(self._anchor.column(), at.column())
        return Block(min(self._anchor.row(), at.row()), max(self._anchor.row(), at.row()), columns) if columns else None

    def block_columns(self, _one: int, _other: int) -> tuple[int, ...]:
        """The columns of a block between two columns: all, since here rows are chosen."""
        return tuple(range(len(self._columns)))

    def in_block(self, row: int, column: int) -> bool:
        """Whether a cell belongs to the chosen block."""
        block = self.block()
        return block is not None and block.first <= row <= block.last and column in block.columns

    def choose_none(self) -> None:
        """Nothing is chosen but the current cell."""
        if self._anchor is not None:
            self._anchor = None
            self._block_changed()

    def choose_all(self) -> None:
        """Chooses every row."""
        rows = self.model().rowCount() if self.model() is not None else 0
        if rows:
            self._anchor = QPersistentModelIndex(self.model().index(0, 0))
            self.setCurrentIndex(self.model().index(rows - 1, max(0, self.currentIndex().column())))
            self._block_changed()

    def _choose_from(self, index: Index) -> None:
        """A block begins at a cell, if none has begun."""
        if self._anchor is None and index.isValid():
            self._anchor = QPersistentModelIndex(index)

    def _block_changed(self) -> None:
        block = self.block()
        if block is None:
            words = ""
        else:
            rows, wide = block.last - block.first + 1, len(block.columns)
            words = f"{rows} {'row' if rows == 1 else 'rows'} chosen"
            if wide < len(self._columns):
                words += f", {wide} {'column' if wide == 1 else 'columns'}"
        self.setAccessibleDescription(words)
        self.viewport().update()
        self.chosen_changed.emit()

    def chosen_texts(self) -> tuple[list[list[str]], bool]:
        """What Ctrl+C copies, and whether its first row are headings: the chosen rows, or the current one."""
        block = self.block()
        at = self.currentIndex().row()
        rows = range(block.first, block.last + 1) if block is not None else range(at, at + 1) if at >= 0 else range(0)
        model = self.model()
        cells = [[cell_text(model.index(row, n).data(CELL)) for n in range(len(self._columns))] for row in rows]
        return ([[column.spoken() for column in self._columns], *cells] if cells else []), True

    def copy_chosen(self) -> None:
        """Puts what is chosen on the clipboard, as text and as a table."""
        from PySide6.QtCore import QMimeData
        from PySide6.QtGui import QGuiApplication

        from approgress.ui.parts.blocks import as_html, as_text

        cells, headings = self.chosen_texts()
        if not cells:
            return
        data = QMimeData()
        data.setText(as_text(cells))
        data.setHtml(as_html(cells, headings))
        QGuiApplication.clipboard().setMimeData(data)

    def _key_of_block(self, event: QKeyEvent) -> bool:
        """What a key does to the block; whether it was one of those keys."""
        keys, mods = Qt.Key, Qt.KeyboardModifier
        held = event.modifiers() & ~mods.KeypadModifier
        key = event.key()
        if held == mods.ControlModifier and key == keys.Key_C:
            self.copy_chosen()
            return True
        if held == mods.ControlModifier and key == keys.Key_A:
            self.choose_all()
            return True
        if key == keys.Key_Escape and not held and self.block() is not None:
            self.choose_none()
            return True
        if key in _MOVES:
            if held & mods.ShiftModifier:
                self._choose_from(self.currentIndex())
            else:
                self.choose_none()
        return False

    # Pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if left and shift and index.isValid():
            self._choose_from(self.currentIndex())
        elif left:
            self.choose_none()
        self._pressed = QPersistentModelIndex(index) if left and not shift and index.isValid() else None
        super().mousePressEvent(event)
        if self._anchor is not None:
            self._block_changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row(), index.column())
        if event.buttons() & Qt.MouseButton.LeftButton and self._pressed is not None and index.isValid() and index != self._pressed:
            self._choose_from(self._pressed)
            if self.currentIndex() != index:
                self.setCurrentIndex(index)
            self._block_changed()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1, -1)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._pressed = None
        if self._opens_on_click and self._anchor is None and index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not self._opens_on_click and index.isValid():
            self.opened.emit(index.row())

    def keyboardSearch(self, search: str) -> None:
        """Does nothing: letters are marks or go to the page, they do not jump to names."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid() and not self.rings_cells:
            self.opened.emit(self.currentIndex().row())
            return
        if self._key_of_block(event):
            return
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Up and self.currentIndex().row() == 0 and self.isSortingEnabled() and not shift:
            self.horizontalHeader().setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
        if self._anchor is not None:
            self._block_changed()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self.currentIndex().isValid() and self.model() is not None and self.model().rowCount():
            first = next((n for n in range(len(self._columns)) if not self.isColumnHidden(n)), 0)
            self.setCurrentIndex(self.model().index(0, first))
        super().focusInEvent(event)
        self._repaint_row(self.currentIndex().row())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_row(self.currentIndex().row())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._paint_frozen(event)
        self._paint_block_edge()
        if self.rings_cells or not self.hasFocus() or not self.currentIndex().isValid():
            return
        row = self.currentIndex().row()
        rect = QRectF(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))
        if rect.intersects(QRectF(event.rect())):
            painter = QPainter(self.viewport())
            draw_ring(painter, rect.adjusted(5, 5, -5, -6), Size.CHIP_RADIUS)
            painter.end()

    def _paint_block_edge(self) -> None:
        """A line round the chosen block, so that it is not told by its ground alone."""
        block = self.block()
        shown = [n for n in block.columns if not self.isColumnHidden(n)] if block is not None else []
        if block is None or not shown:
            return
        frozen = self.frozen_now()
        left = 0 if frozen and shown[0] == 0 else self.columnViewportPosition(shown[0])
        right = self.columnViewportPosition(shown[-1]) + self.columnWidth(shown[-1])
        top = self.rowViewportPosition(block.first)
        bottom = self.rowViewportPosition(block.last) + self.rowHeight(block.last)
        painter = QPainter(self.viewport())
        if frozen and shown[0] != 0:
            painter.setClipRect(frozen, 0, self.viewport().width(), self.viewport().height())
        wide = float(theme().style.edge_width)
        draw_box(painter, QRectF(left, top, right - left, bottom - top), edge="accent", width=wide, radius=Size.CHIP_RADIUS)
        painter.end()

    def _hover(self, row: int, column: int) -> None:
        if (row, column) == (self.hover_row, self.hover_column):
            return
        before, self.hover_row, self.hover_column = self.hover_row, row, column
        self._repaint_row(before)
        self._repaint_row(row)

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        self._repaint_row(before.row())
        self._repaint_row(now.row())

    def _repaint_row(self, row: int) -> None:
        if row >= 0 and self.model() is not None:
            self.viewport().update(0, self.rowViewportPosition(row) - 4, self.viewport().width(), self.rowHeight(row) + 8)
