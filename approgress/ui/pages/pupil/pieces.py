"""Small things that only the pupil page is made of: words with a strong beginning, from-to figures, lists that change in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from approgress.ui.parts.buttons import Button
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.painting import draw_mark, draw_text, text_width
from approgress.ui.theme import h, px, space


class LeadText(Text):
    """A paragraph whose first words are strong: "Good at drawing". What people typed is escaped, so it is shown letter for letter."""

    def __init__(self, lead: str, text: str, kind: str = "second", *, parent: QWidget | None = None) -> None:
        super().__init__("", kind, wrap=True, parent=parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.set(lead, text)

    def set(self, lead: str, text: str) -> None:
        """Other words."""
        shown = escape(text).replace("\n", "<br>")
        self.setText(f'<span style="font-weight:600">{escape(lead)}</span> {shown}')
        self.setAccessibleName(f"{lead} {text}")


class FromTo(QWidget):
    """'3 → 8 of 10': where it was, where it is, and of what; one figure alone where there is only one. `kind` is the size of the figures."""

    def __init__(self, start: str, now: str, unit: str = "", *, kind: str = "strong", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(start, now, unit)

    def set(self, start: str, now: str, unit: str = "") -> None:
        """Other figures."""
        self._parts = (start, now, unit)
        said = f"from {start} to {now}" if start and now else now or start
        self.setAccessibleName(f"{said} {unit}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        start, now, unit = self._parts
        wide = text_width(start, self._kind) + text_width(now, self._kind) + (h(1.2) if start and now else 0)
        return QSize(round(wide + (text_width(unit, "second") + h(0.3) if unit else 0)) + 3, px(1.2 if self._kind == "strong" else 1.6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        start, now, unit = self._parts
        painter = QPainter(self)
        x, high = 0.0, float(self.height())
        for number, text in enumerate((start, now)):
            if not text:
                continue
            if number and start:
                draw_mark(painter, "arrow", QPointF(x + h(0.6), high / 2 + h(0.03)), h(0.55), "quiet")
                x += h(1.2)
            wide = text_width(text, self._kind)
            draw_text(painter, QRectF(x, 0, wide + 1, high), text, self._kind, "ink")
            x += wide
        if unit:
            draw_text(painter, QRectF(x + h(0.3), 0, self.width() - x - h(0.3), high), unit, "second", "quiet")
        painter.end()


class RecordButton(Button):
    """A button that belongs to one record: says `asked(id)`."""

    asked = Signal(int)

    def __init__(self, record_id: int, text: str = "", **look: Any) -> None:
        super().__init__(text, **look)
        self.record_id = record_id
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        self.asked.emit(self.record_id)


class Rows(QWidget):
    """A short list of widgets with hairlines between; it is only made anew where its rows differ from those that it shows."""

    def __init__(self, make: Callable[[Any], QWidget], *, rules: bool = True, gap: float = 0.25, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._rules = rules
        self._rows: tuple[Any, ...] | None = None
        self._box = QVBoxLayout(self)
        space(self._box, gap=gap)

    def set_rows(self, rows: Sequence[Any]) -> bool:
        """Shows these rows; whether anything was made anew."""
        if self._rows == tuple(rows):
            return False
        self._rows = tuple(rows)
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            if self._rules:
                self._box.addWidget(Rule())
            self._box.addWidget(self._make(row))
        self.setVisible(bool(rows))
        return True

    def forget(self) -> None:
        """Makes everything anew the next time."""
        self._rows = None
