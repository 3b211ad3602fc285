"""A week of ten sessions to choose from, by keys or pointer: mornings above, afternoons below, Monday to Friday."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from approgress.domain.agreed import week_words
from approgress.style import Size
from approgress.ui.parts.fields import Field
from approgress.ui.parts.labels import Text
from approgress.ui.parts.painting import draw_box, draw_mark
from approgress.ui.theme import h, px, theme

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HALVES: Final = ("AM", "PM")
_SAID: Final = ("morning", "afternoon")


class SessionBox(QAbstractButton):
    """One session of the week: ticked or not."""

    ring_radius = Size.CHIP_RADIUS

    def __init__(self, day: int, half: int, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day, self.half = day, half
        self.setCheckable(True)
        self.setAccessibleName(f"{what}: {DAYS[day]} {_SAID[half]}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(2.2), px(1.55))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() in (keys.Key_Left, keys.Key_Right, keys.Key_Up, keys.Key_Down):
            event.ignore()  # a button of Qt's would go to the next Tab stop; the week knows where its neighbours are
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        on, able = self.isChecked(), self.isEnabled()
        edge = "accent" if on or self.underMouse() else "edge"
        draw_box(painter, box, ground=("accent" if able else "soft") if on else "surface", edge=edge if able else "line", radius=Size.CHIP_RADIUS)
        if on:
            draw_mark(painter, "tick", QPointF(box.center()), h(0.75), "on_accent" if able else "on_soft")
        painter.end()


class WeekGrid(QWidget):
    """Ten sessions. Arrows move, Space ticks, Home and End go to Monday and Friday; one Tab stop for all. `changed` after each tick."""

    changed = Signal()

    def __init__(self, what: str, am: int = 0, pm: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(0.3))
        grid.setVerticalSpacing(px(0.25))
        self._boxes: list[list[SessionBox]] = []
        for day, name in enumerate(DAYS):
            grid.addWidget(Text(name[:3], "column", "quiet"), 0, day + 1, Qt.AlignmentFlag.AlignHCenter)
        for half, label in enumerate(HALVES):
            grid.addWidget(Text(label, "column", "quiet"), half + 1, 0)
            row = [SessionBox(day, half, what, self) for day in range(5)]
            for box in row:
                grid.addWidget(box, half + 1, box.day + 1)
                box.clicked.connect(self._clicked)
            self._boxes.append(row)
        grid.setColumnStretch(6, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._at = (0, 0)
        self.set_value(am, pm)
        self._stop_at(0, 0)

    def value(self) -> tuple[int, int]:
        """The mornings and afternoons ticked, as masks: 1 for Monday, 2, 4, 8, 16 for Friday."""
        am, pm = (sum(box.isChecked() << box.day for box in row) for row in self._boxes)
        return am, pm

    def set_value(self, am: int, pm: int) -> None:
        """Ticks these sessions, without a signal."""
        for row, mask in zip(self._boxes, (am, pm), strict=True):
            for box in row:
                box.setChecked(bool(mask >> box.day & 1))

    def box(self, day: int, half: int) -> SessionBox:
        """The box of a session: day from 0 for Monday, half 0 for the morning."""
        return self._boxes[half][day]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        day, half = self._at
        keys = Qt.Key
        moves = {
            keys.Key_Left: (max(0, day - 1), half),
            keys.Key_Right: (min(4, day + 1), half),
            keys.Key_Up: (day, 0),
            keys.Key_Down: (day, 1),
            keys.Key_Home: (0, half),
            keys.Key_End: (4, half),
        }
        move = moves.get(keys(event.key())) if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier) else None
        if move is None:
            super().keyPressEvent(event)
            return
        self._stop_at(*move)
        self.box(*move).setFocus(Qt.FocusReason.TabFocusReason)

    def _stop_at(self, day: int, half: int) -> None:
        self._at = (day, half)
        here = self.box(day, half)
        for row in self._boxes:
            for box in row:
                box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if box is here else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(here)

    def _clicked(self) -> None:
        box = self.sender()
        if isinstance(box, SessionBox):
            self._stop_at(box.day, box.half)
        self.changed.emit()


class WeekField(Field):
    """The sessions of a week as a field; below it what they are in words. `value` gives the masks of mornings and afternoons."""

    def __init__(self, label: str, am: int = 0, pm: int = 0, *, key: str = "", parent: QWidget | None = None) -> None:
        self.grid = WeekGrid(label, am, pm)
        super().__init__(label, self.grid, key=key, help=" ", parent=parent)
        self.grid.changed.connect(self._was_changed)
        self._say()

    def value(self) -> tuple[int, int]:
        """The mornings and afternoons ticked."""
        return self.grid.value()

    def set_value(self, am: int, pm: int) -> None:
        """Ticks these, without a signal."""
        self.grid.set_value(am, pm)
        self._say()

    def _was_changed(self) -> None:
        self._say()
        self._was_edited()

    def _say(self) -> None:
        am, pm = self.grid.value()
        count = am.bit_count() + pm.bit_count()
        self.set_help(f"{count} of 10 a week: {week_words(am, pm)}. Arrows move, Space ticks.")
