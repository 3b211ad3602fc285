"""Cards and what stands in them: heading, lines, empty state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from approgress.style import Size
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.painting import draw_box
from approgress.ui.theme import dress, reveal, space, theme


class Heading(QWidget):
    """The heading of a card or a section: title, a sentence below it, and at the right quiet words or a widget."""

    def __init__(self, title: str, *, sentence: str = "", aside: str = "", kind: str = "heading", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        space(row, gap=0.6)
        words = QVBoxLayout()
        space(words)
        self.title = Text(title, kind, wrap=True)
        self.sentence = Text(sentence, "second", "quiet", wrap=True)
        reveal(self.sentence, bool(sentence))
        self.aside = Text(aside, "second", "quiet", across="right")
        reveal(self.aside, bool(aside))
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        row.addLayout(words, 1)
        row.addWidget(self.aside, 0, Qt.AlignmentFlag.AlignTop)
        self._row = row

    def set(self, title: str, sentence: str = "", aside: str = "") -> None:
        """Other words."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        reveal(self.sentence, bool(sentence))
        self.aside.setText(aside)
        reveal(self.aside, bool(aside))

    def add(self, widget: QWidget) -> None:
        """Puts a widget at the right end of the heading."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)


class Card(QFrame):
    """A surface with an edge; what belongs in it goes to `body`, a vertical layout. kind: plain, chosen, sunken, missing (dashed)."""

    def __init__(
        self,
        title: str = "",
        *,
        sentence: str = "",
        aside: str = "",
        kind: str = "plain",
        padding: float = Size.CARD_PADDING,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self._kind = kind
        self._padding = padding
        self.body = QVBoxLayout(self)
        space(self.body, padding, padding, padding, padding, 0.4)
        self.heading: Heading | None = None
        if title:
            self.heading = Heading(title, sentence=sentence, aside=aside)
            self.body.addWidget(self.heading)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Adds a widget below what is there."""
        self.body.addWidget(widget, stretch)

    def add_layout(self, layout: QLayout) -> None:
        """Adds a layout below what is there."""
        self.body.addLayout(layout)

    def add_rule(self) -> None:
        """Adds a hairline."""
        self.body.addWidget(Rule())

    def set_kind(self, kind: str) -> None:
        """Makes it another kind of card."""
        self._kind = kind
        dress(self, card=kind)

    def set_fold(self, fold: Fold) -> None:
        """Less padding in a narrow window."""
        side = min(self._padding, 0.5) if fold is Fold.NARROW else self._padding
        space(self.body, side, side, side, side, 0.3 if fold is Fold.NARROW else 0.4)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._kind == "missing":  # a sheet draws dashes of one pixel, which are dots
            painter = QPainter(self)
            width = theme().style.edge_width
            draw_box(painter, QRectF(self.rect()), edge="edge", width=width, radius=Size.CARD_RADIUS, dashed=True)
            painter.end()


class Line(QWidget):
    """One line of a list in a card: title and a second line at the left, a value in its own column at the right."""

    def __init__(
        self,
        title: str,
        second: str = "",
        value: str = "",
        *,
        value_kind: str = "strong",
        value_tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        space(row, 0, 0.2, 0, 0.2, 0.6)
        words = QVBoxLayout()
        space(words)
        self.title = Text(title, wrap=True)
        words.addWidget(self.title)
        if second:
            words.addWidget(Text(second, "second", "quiet", wrap=True))
        row.addLayout(words, 1)
        self.value = Text(value, value_kind, value_tone, across="right")
        row.addWidget(self.value)


class EmptyState(QWidget):
    """What is missing, why it matters, and the one thing to do about it; `action` is the button, None where there is nothing to do."""

    def __init__(self, title: str, sentence: str, action: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        space(column, 1.0, 1.2, 1.0, 1.2, 0.4)
        column.addStretch(1)
        for text in (Text(title, "heading", wrap=True, across="middle"), Text(sentence, tone="quiet", wrap=True, across="middle")):
            column.addWidget(text)
        self.action: Button | None = None
        if action:
            self.action = Button(action, icon=icon)
            column.addSpacing(6)
            column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
