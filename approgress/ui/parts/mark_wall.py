"""A wall of marks: a line a pupil, a column a school day, AM above PM; arrows read each day, Enter opens the pupil."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from approgress.domain import days
from approgress.domain.attendance import ATTENDED, NOT_POSSIBLE, UNAUTHORISED, CodeSet, class_of
from approgress.ui.parts.painting import draw_box, draw_hairline, draw_ring, draw_text, elided, text_width
from approgress.ui.theme import h, theme

if TYPE_CHECKING:
    from approgress.store.reads.attendance import Wall

_NAME: Final = 11.0  # h
_CELL: Final = 0.8
_WIDEST: Final = 1.7
_ROW: Final = 1.9
_HEAD: Final = 2.4
_FOOT: Final = 1.7
_LEGEND: Final = (("", "attended"), ("L", "late"), ("C2", "not on the part-time timetable"), ("I", "authorised"), ("O", "unauthorised"), ("D", "not possible"))


class MarkWall(QWidget):
    """Shows the newest school days that have room. `opened(pupil_id)` on Enter or a double click."""

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[date, ...] = ()
        self._marks: dict[int, dict[date, tuple[int | None, int | None]]] = {}
        self._names: list[tuple[int, str]] = []
        self._codes: CodeSet | None = None
        self._at = (0, -1)  # pupil, day counted from the newest
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def show_marks(self, seen: Wall, names: Sequence[tuple[int, str]], codes: CodeSet) -> None:
        """Shows these pupils (id, name) in that order."""
        self._days, self._marks, self._names, self._codes = seen.days, seen.marks, list(names), codes
        self._at = (0, -1)
        span = f"{days.words(seen.days[0])} to {days.words(seen.days[-1])}" if seen.days else "no school days"
        self.setAccessibleName(f"Every mark, {len(self._names)} pupils, {span}. Arrow keys read each day.")
        self.setAccessibleDescription("")
        self._look_changed()

    # --- places ----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(round(h(_NAME + 10)), round(h(_HEAD + _FOOT) + len(self._names) * self._row()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(_NAME + 6)), self.sizeHint().height())

    def _row(self) -> int:
        return round(h(_ROW))

    def _cell(self) -> int:
        weeks = len({d.isocalendar()[:2] for d in self._days}) or 1
        room = (self.width() - h(_NAME) - h(0.5) * weeks) / max(1, len(self._days)) - 1
        return round(min(h(_WIDEST), max(8.0, h(_CELL), room)))

    def _shown_days(self) -> tuple[date, ...]:
        room = (self.width() - h(_NAME) - h(0.5)) - h(0.5) * 8
        return self._days[-max(1, int(room / (self._cell() + 1))) :]

    def _columns(self) -> list[tuple[date, float]]:
        """Each shown day with the left edge of its cells; a gap before each week."""
        x = h(_NAME)
        found: list[tuple[date, float]] = []
        before: date | None = None
        for day in self._shown_days():
            if before is not None and ((day - before).days >= 3 or day.weekday() < before.weekday()):
                x += h(0.5)
            if x + self._cell() > self.width():
                break
            found.append((day, round(x)))
            x += self._cell() + 1
            before = day
        return found

    # --- words -----------------------------------------------------------------------------------------------------

    def words(self, pupil: int, day: date) -> str:
        """'Tue 24 Nov 2026: AM present, PM no mark'."""
        name = next((n for i, n in self._names if i == pupil), "")
        am, pm = self._marks.get(pupil, {}).get(day, (None, None))
        return f"{name}, {days.words(day, weekday=True)}: AM {self._said(am)}, PM {self._said(pm)}"

    def _said(self, number: int | None) -> str:
        if number is None or self._codes is None:
            return "no mark"
        try:
            code = self._codes.by_number(number)
        except KeyError:
            return "a code that is not known"
        return f"{code.text} {code.label[:1].lower()}{code.label[1:]}"

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        columns = self._columns()
        row, cell, half = self._row(), self._cell(), round(h(_ROW) * 0.38)
        top = round(h(_HEAD))
        for month, some in groupby(columns, key=lambda c: (c[0].year, c[0].month)):
            held = list(some)
            wide = held[-1][1] + cell - held[0][1]
            text = days.words(date(month[0], month[1], 1), year=False)[2:]
            if text_width(text, "column") <= wide:
                draw_text(painter, QRectF(held[0][1], 0, wide + 1, h(1.1)), text, "column", "quiet")
        last_label = -1.0
        for day, x in columns:
            label = str(day.day)
            wide = text_width(label, "source")
            if x > last_label + h(0.3 if day.weekday() == 0 else 2.2):
                draw_text(painter, QRectF(x, h(1.1), wide + 2, h(1.1)), label, "source", "quiet")
                last_label = x + wide
        area = event.rect()
        for n, (pupil, name) in enumerate(self._names):
            y = top + n * row
            if y > area.bottom() or y + row < area.top():
                continue
            if self.hasFocus() and n == self._at[0]:
                painter.fillRect(QRectF(0, y, self.width(), row - 1), theme().colour("hover"))
            draw_text(painter, QRectF(0, y, h(_NAME - 0.6), row), elided(name, h(_NAME - 0.6)), "body", may_elide=True)
            draw_hairline(painter, 0, y + row - 1, self.width())
            mine = self._marks.get(pupil, {})
            for day, x in columns:
                marks = mine.get(day, (None, None))
                for k, number in enumerate(marks):
                    self._paint(painter, QRectF(x, y + row / 2 - half - 0.5 + k * (half + 1), cell, half), number)
                if self.hasFocus() and (n, day) == (self._at[0], self._day()):
                    draw_ring(painter, QRectF(x, y + row / 2 - half - 0.5, cell, 2 * half + 1), 0.1)
        self._paint_legend(painter, top + len(self._names) * row + h(0.4))
        painter.end()

    def _text(self, number: int) -> str:
        return self._codes.text(number) if self._codes is not None else ""

    def _paint(self, painter: QPainter, rect: QRectF, number: int | None) -> None:
        if number is None:
            painter.fillRect(QRectF(rect.center().x() - 1, rect.center().y() - 1, 2, 2), theme().colour("line"))
            return
        self._paint_code(painter, rect, self._text(number), class_of(number), self._codes is not None and number in self._codes.late_numbers)

    def _paint_code(self, painter: QPainter, rect: QRectF, text: str, counts_as: str, late: bool) -> None:
        if counts_as == ATTENDED:
            painter.fillRect(rect, theme().colour("attendance"))
            if late:  # a bar of the ground, so that late does not hang on colour
                painter.fillRect(QRectF(rect.left() + 1, rect.center().y() - 1, rect.width() - 2, 2), theme().colour("surface"))
            return
        if counts_as == NOT_POSSIBLE:
            painter.fillRect(QRectF(rect.left() + 2, rect.center().y() - 0.5, rect.width() - 4, 1), theme().colour("quiet"))
            return
        if text == "C2":
            painter.save()
            painter.setClipRect(rect)
            painter.setPen(QPen(theme().colour("quiet"), 1))
            step = max(3.0, rect.height() / 2)
            x = rect.left() - rect.height()
            while x < rect.right():
                painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
                x += step
            painter.restore()
            return
        role = "decline" if counts_as == UNAUTHORISED else "attention"
        draw_box(painter, rect, ground=f"{role}_soft", edge=role, width=1.0, radius=0.1)
        if role == "decline":  # a stroke across, so that the two absences do not hang on colour
            painter.setPen(QPen(theme().colour(role), 1))
            painter.drawLine(rect.bottomLeft() + QPointF(1, -1), rect.topRight() + QPointF(-1, 1))

    def _paint_legend(self, painter: QPainter, y: float) -> None:
        x = 0.0
        kinds = {"": (ATTENDED, False), "L": (ATTENDED, True), "C2": ("authorised", False), "I": ("authorised", False), "O": (UNAUTHORISED, False), "D": (NOT_POSSIBLE, False)}
        cell, half = self._cell(), round(h(_ROW) * 0.38)
        for text, words in _LEGEND:
            wide = text_width(words, "source") + cell + h(1.2)
            if x + wide > self.width():
                return
            self._paint_code(painter, QRectF(round(x), round(y + h(0.65) - half / 2), cell, half), text, *kinds[text])
            draw_text(painter, QRectF(x + cell + h(0.35), y, wide, h(1.3)), words, "source", "quiet")
            x += wide

    # --- reading ---------------------------------------------------------------------------------------------------

    def _day(self) -> date | None:
        columns = self._columns()
        at = self._at[1]
        return columns[at][0] if -len(columns) <= at < 0 else None

    def _go(self, pupil: int, back: int) -> None:
        columns = self._columns()
        if not self._names or not columns:
            return
        self._at = (min(max(0, pupil), len(self._names) - 1), min(-1, max(-len(columns), back)))
        day = self._day()
        if day is not None:
            said = self.words(self._names[self._at[0]][0], day)
            self.setAccessibleDescription(said)
            self.setToolTip(said)
        self.update()

    def current(self) -> str:
        """What is read at the cursor."""
        return self.accessibleDescription()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._go(self._at[0] + step[0], self._at[1] + step[1])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._names:
            self.opened.emit(self._names[self._at[0]][0])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._go(*self._at)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _under(self, place: QPointF) -> tuple[int, int] | None:
        n = int((place.y() - round(h(_HEAD))) // self._row())
        columns = self._columns()
        if not 0 <= n < len(self._names):
            return None
        at = next((i for i, (_, x) in enumerate(columns) if x <= place.x() <= x + self._cell()), None)
        return (n, at - len(columns) if at is not None else self._at[1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if (found := self._under(event.position())) is not None:
            self._go(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (found := self._under(event.position())) is not None:
            self.opened.emit(self._names[found[0]][0])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._under(QPointF(event.pos()))
            columns = self._columns()
            if found is not None and event.pos().x() >= h(_NAME):
                QToolTip.showText(event.globalPos(), self.words(self._names[found[0]][0], columns[found[1]][0]), self)
            elif found is not None:
                QToolTip.showText(event.globalPos(), self._names[found[0]][1], self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
