"""Quick find: one line over the window, and under it what is found, in groups; typing, arrows, Enter, Esc."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QWidget

from approgress.style import Size
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import SearchField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.painting import draw_box, draw_disc, draw_keycap, draw_ring, draw_text, text_width
from approgress.ui.theme import h, reveal, theme

_DISPLAY: Final = 0
_SPOKEN: Final = 11
_ROW: Final = 2.0
_HEAD: Final = 1.6
_WIDE: Final = 34.0
_MOST_HIGH: Final = 24.0


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: `key` is for whoever asked, `words` and quieter `second`, an icon or initials before them, a key cap behind."""

    key: Any
    group: str
    words: str
    second: str = ""
    icon: str = ""
    initials: str = ""
    cap: str = ""

    def spoken(self) -> str:
        return ", ".join(part for part in (self.words, self.second, self.group, self.cap) if part)


class _Results(QAbstractListModel):
    """Headings (a text) and what was found under them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Found | str] = []

    def set_found(self, found: Sequence[Found]) -> None:
        self.beginResetModel()
        self.rows = []
        for one in found:
            if not self.rows or (isinstance(self.rows[-1], Found) and self.rows[-1].group != one.group):
                self.rows.append(one.group)
            self.rows.append(one)
        self.endResetModel()

    def rowCount(self, parent: Any = None) -> int:
        return len(self.rows)

    def flags(self, index: Any) -> Qt.ItemFlag:
        row = self.rows[index.row()] if index.isValid() else ""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if isinstance(row, Found) else Qt.ItemFlag.NoItemFlags

    def data(self, index: Any, role: int = _DISPLAY) -> Any:
        row = self.rows[index.row()]
        if role == _DISPLAY:
            return row.words if isinstance(row, Found) else row
        if role == _SPOKEN:
            return row.spoken() if isinstance(row, Found) else row
        return None


class _Painted(QStyledItemDelegate):
    def sizeHint(self, option: Any, index: Any) -> QSize:
        return QSize(round(h(10)), round(h(_ROW if isinstance(index.model().rows[index.row()], Found) else _HEAD)))

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        row = index.model().rows[index.row()]
        box = QRectF(option.rect)
        if not isinstance(row, Found):
            draw_text(painter, box.adjusted(h(0.6), h(0.3), 0, 0), row, "column", "quiet")
            return
        view = self.parent()
        current = isinstance(view, QListView) and view.currentIndex().row() == index.row()
        inside = box.adjusted(4, 1, -4, -1)
        if current:
            draw_box(painter, inside, ground="soft", radius=Size.RADIUS)
            draw_ring(painter, inside.adjusted(3, 3, -3, -3), 0.25)
        ink, quiet = ("on_soft", "on_soft") if current else ("ink", "quiet")
        side = round(h(1.35))
        middle = box.center().y()
        left = box.left() + h(0.6)
        if row.initials:
            draw_disc(painter, QRectF(round(left), round(middle - side / 2), side, side), row.initials)
        elif row.icon:
            small = round(h(1.0))
            painter.drawPixmap(QPointF(round(left + (side - small) / 2), round(middle - small / 2)), theme().pixmap(row.icon, quiet, 1.0))
        left += side + h(0.5)
        right = box.right() - h(0.6)
        if row.cap:
            wide, high = round(text_width(row.cap, "column") + h(0.65)), round(h(1.1))
            draw_keycap(painter, QRectF(right - wide, round(middle - high / 2), wide, high), row.cap)
            right -= wide + h(0.5)
        second = text_width(row.second, "second") + 1 if row.second else 0.0
        room = max(h(4), right - left - second - (h(0.4) if second else 0.0))
        draw_text(painter, QRectF(left, box.top(), room, box.height()), row.words, "strong", ink, may_elide=True)
        if second:
            x = left + min(text_width(row.words, "strong"), room) + h(0.4)
            draw_text(painter, QRectF(x, box.top(), max(1.0, right - x), box.height()), row.second, "second", quiet, may_elide=True)


class _List(QListView):
    """What was found. The keyboard stays in the line above; a click chooses."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.results = _Results(self)
        self.setModel(self.results)
        self.setItemDelegate(_Painted(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("ground", "clear")
        self.setAccessibleName("What was found")
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def high(self) -> int:
        """How high all of it is, in logical pixels."""
        return sum(round(h(_ROW if isinstance(row, Found) else _HEAD)) for row in self.results.rows) + 2

    def step(self, by: int) -> None:
        """To the next thing found, or back, round the end."""
        rows = [i for i, row in enumerate(self.results.rows) if isinstance(row, Found)]
        if not rows:
            return
        at = self.currentIndex().row()
        place = rows.index(at) + by if at in rows else 0
        self.setCurrentIndex(self.results.index(rows[place % len(rows)], 0))
        self.scrollTo(self.results.index(0, 0) if place % len(rows) == 0 else self.currentIndex())

    def current(self) -> Found | None:
        """What is chosen."""
        index = self.currentIndex()
        row = self.results.rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Found) else None


class QuickFind(QWidget):
    """Lies over its parent, dimmed; `find(typed)` answers what to show. Says `chosen(key)`, or `left` when nothing was.

    The keyboard stays in the line: Up and Down choose, Enter takes, Esc or a press outside leaves with nothing changed.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, find: Callable[[str], Sequence[Found]], parent: QWidget) -> None:
        super().__init__(parent)
        self._find = find
        self.hide()
        self.setAccessibleName("Find anything")
        self.sheet = Card(padding=0.6, parent=self)
        self.line = _Line("Find a pupil, a page or what to do", self)
        self.line.searched.connect(self.look)
        self.sheet.add(self.line)
        self.list = _List(self.sheet)
        self.list.clicked.connect(self._clicked)
        self.sheet.add(self.list, 1)
        self.nothing = Text("", tone="quiet", wrap=True)
        self.sheet.add(self.nothing)

    def open(self) -> None:
        """Shows it, empty, with the keyboard in its line."""
        self.line.blockSignals(True)
        self.line.clear()
        self.line.blockSignals(False)
        self.show()
        self.raise_()
        self.look()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def look(self, _typed: str = "") -> None:
        """Finds again: something else was typed, or names were hidden."""
        typed = self.line.text()
        found = self._find(typed)
        self.list.results.set_found(found)
        reveal(self.list, bool(found))
        # what was typed is not said again: it may be a name
        self.nothing.setText(
            "" if found else "Nothing found. Try the start of a name, a code or a number, or a word such as print or lock."
        )
        reveal(self.nothing, not found)
        self.list.setCurrentIndex(QModelIndex())
        self.step(0)
        self.arrange()

    def step(self, by: int) -> None:
        """Chooses the next thing found, or the one before."""
        self.list.step(by)
        current = self.list.current()
        self.line.setAccessibleDescription(current.spoken() if current is not None else self.nothing.text())

    def take(self) -> None:
        """Takes what is chosen."""
        current = self.list.current()
        if current is not None:
            self.hide()
            self.chosen.emit(current.key)

    def leave(self) -> None:
        """Goes without anything."""
        self.hide()
        self.left.emit()

    def _clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self.take()

    def arrange(self) -> None:
        """Takes the whole of its parent; the sheet stands in the upper half of it."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        wide = min(round(h(_WIDE)), parent.width() - round(h(1)))
        foot = self.list.high() if self.list.results.rows else round(h(2.2))
        top = min(round(h(3)), round(parent.height() * 0.08))
        high = min(self.line.sizeHint().height() + round(h(1.8)) + foot, round(h(_MOST_HIGH)), parent.height() - 2 * top)
        self.sheet.setGeometry((parent.width() - wide) // 2, top, wide, high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.sheet.geometry().contains(event.position().toPoint()):
            self.leave()

    def focusNextPrevChild(self, onwards: bool) -> bool:
        return True  # the keyboard stays in the line until Esc or Enter

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        dim = QColor(theme().colour("ink" if not theme().style.dark else "paper"))
        dim.setAlphaF(0.35)
        painter.fillRect(self.rect(), dim)
        painter.end()


class _Line(SearchField):
    """The line: Up and Down choose below it, Enter takes, Esc leaves at once."""

    def __init__(self, placeholder: str, owner: QuickFind) -> None:
        super().__init__(placeholder)
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_PageDown: 5, keys.Key_PageUp: -5}
        if event.key() in steps:
            self._owner.step(steps[Qt.Key(event.key())])
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self._owner.take()
        elif event.key() == keys.Key_Escape:
            self._owner.leave()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, onwards: bool) -> bool:
        self._owner.step(1 if onwards else -1)
        return True
