"""Layouts that fold: chips that flow on to the next line, cards in as many equal columns as there is room for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QSizePolicy, QWidget

from approgress.style import Size
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.theme import h, space


class FlowLayout(QLayout):
    """Lays its widgets out from left to right and on to the next line; gaps in h."""

    def __init__(self, parent: QWidget | None = None, gap: float = 0.45, line_gap: float | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._line_gap = gap if line_gap is None else line_gap
        self.setContentsMargins(0, 0, 0, 0)

    def set_gap(self, gap: float) -> None:
        """Another gap, in h."""
        self._gap = self._line_gap = gap
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gap = round(h(self._gap))
        return QSize(sum(size.width() for size in shown) + gap * max(0, len(shown) - 1), max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        least = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                least = least.expandedTo(item.minimumSize())
        return least

    def _place(self, rect: QRect, *, move: bool) -> int:
        gap, line_gap = round(h(self._gap)), round(h(self._line_gap))
        lines: list[tuple[list[tuple[QLayoutItem, QSize]], int]] = []
        line: list[tuple[QLayoutItem, QSize]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if line and used + gap + size.width() > rect.width():
                lines.append((line, max(one.height() for _, one in line)))
                line, used = [], 0
            used += (gap if line else 0) + size.width()
            line.append((item, size))
        if line:
            lines.append((line, max(one.height() for _, one in line)))
        y = rect.y()
        for number, (items, high) in enumerate(lines):
            y += line_gap if number else 0
            x = rect.x()
            for item, size in items:
                if move:
                    wide = min(size.width(), rect.width())
                    item.setGeometry(QRect(x, y + (high - size.height()) // 2, wide, size.height()))
                x += size.width() + gap
            y += high
        return y - rect.y()


class ColumnLayout(QLayout):
    """Equal columns, row by row; every row as high as its tallest item. `columns` is how many at most, `least` their width in h."""

    def __init__(self, parent: QWidget | None = None, columns: int = 1, gap: float = Size.STRAND_GAP, least: float = 8.0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._least = least
        self.columns = columns
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        count = max(1, min(self.columns, len(self._items)))
        width = round(count * h(self._least) + (count - 1) * h(self._gap))
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        width = max((item.minimumSize().width() for item in self._items if not item.isEmpty()), default=0)
        return QSize(width, 0)

    def _place(self, rect: QRect, *, move: bool) -> int:
        items = [item for item in self._items if not item.isEmpty()]
        if not items:
            return 0
        gap = round(h(self._gap))
        room = max(1, int((rect.width() + gap) // max(1.0, h(self._least) + gap)))
        count = max(1, min(self.columns, room, len(items)))
        if count < self.columns and len(items) % count:
            # 6 cards in 4 columns would be 4 + 2: prefer rows of one length.
            count = max((n for n in range(1, count + 1) if len(items) % n == 0), default=count)
        y = rect.y()
        for start in range(0, len(items), count):
            row = items[start : start + count]
            edges = [rect.x() + round(i * (rect.width() + gap) / count) for i in range(count + 1)]
            widths = [edges[i + 1] - gap - edges[i] for i in range(count)]
            high = max(
                item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
                for item, width in zip(row, widths, strict=False)
            )
            y += gap if start else 0
            if move:
                for i, item in enumerate(row):
                    item.setGeometry(QRect(edges[i], y, widths[i], high))
            y += high
        return y - rect.y()


class SideBySide(QWidget):
    """Cards beside one another, each with its share of the width, and below one another where the window has folded so far.

    `stack_at` is the first fold at which they stand below one another: MIDDLE for a side panel, NARROW for things that belong together.
    """

    def __init__(
        self, *parts: tuple[QWidget, int], stack_at: Fold = Fold.MIDDLE, gap: float = Size.GAP, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shares = [share for _, share in parts]
        self._stacks = (Fold.NARROW,) if stack_at is Fold.NARROW else (Fold.MIDDLE, Fold.NARROW)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._gap = gap
        space(self._box, gap=gap)
        for part, share in parts:
            self._box.addWidget(part, share)

    def add(self, part: QWidget, share: int = 1) -> None:
        """Adds a card after those that are there."""
        self._shares.append(share)
        self._box.addWidget(part, share)

    def set_fold(self, fold: Fold) -> None:
        """Beside or below one another."""
        stacked = fold in self._stacks
        way = QBoxLayout.Direction
        self._box.setDirection(way.TopToBottom if stacked else way.LeftToRight)
        space(self._box, gap=min(self._gap, 0.6) if fold is Fold.NARROW else min(self._gap, Size.GAP) if stacked else self._gap)
        for number, share in enumerate(self._shares):
            self._box.setStretch(number, 0 if stacked else share)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))


class CardGrid(QWidget):
    """Cards in equal columns, fewer where the window folds: 6, then 3 + 3, then 2 a row, unless other numbers are given."""

    def __init__(
        self,
        columns: Mapping[Fold, int] | None = None,
        *,
        gap: float = Size.STRAND_GAP,
        least: float = 8.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = dict(columns or {Fold.WIDE: 6, Fold.MIDDLE: 3, Fold.NARROW: 2})
        self._layout = ColumnLayout(self, self._columns[Fold.WIDE], gap, least)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, card: QWidget) -> None:
        """Adds a card after those that are there."""
        self._layout.addWidget(card)

    def clear(self) -> None:
        """Takes all cards away and frees them."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))

    def set_fold(self, fold: Fold) -> None:
        """Lays the cards out for a window of that fold."""
        if self._layout.columns != self._columns[fold]:
            self._layout.columns = self._columns[fold]
            self._layout.invalidate()
            self.updateGeometry()
