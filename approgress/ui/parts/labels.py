"""Small things that say something: text in a size and a tone, chips, badges, key caps, marks with their words, initials."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from approgress.style import SIGN_ROLE, SIGN_WORDS
from approgress.ui.parts.painting import CHIP_TONES, draw_box, draw_disc, draw_mark, draw_text, initials, text_width
from approgress.ui.theme import dress, h, measure, px

MARK_WORDS: Final = {**SIGN_WORDS, "arrow": "to", "tick": "yes", "times": "no"}


class Text(QLabel):
    """A line or, with `wrap`, a paragraph of plain text; kind is a key of `style.TYPES`, tone a colour role for text."""

    def __init__(
        self, text: str = "", kind: str = "body", tone: str = "", *, wrap: bool = False, across: str = "left", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind != "body":
            self.setProperty("type", kind)
        if tone:
            self.setProperty("tone", tone)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if across == "right":
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        elif across == "middle":
            self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_tone(self, tone: str) -> None:
        """Gives the text another tone, '' for ink."""
        dress(self, tone=tone)


class NameText(QWidget):
    """A name, which may end in dots where it has no room and then stands in full in the tool tip; `second` in quiet type behind it."""

    def __init__(self, name: str, second: str = "", *, kind: str = "strong", role: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._second, self._kind, self._role = name, second, kind, role
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set(name, second)

    def set(self, name: str, second: str = "") -> None:
        """Another name."""
        self._name, self._second = name, second
        whole = f"{name} {second}".strip()
        self.setAccessibleName(whole)
        self.setToolTip(whole)
        self.updateGeometry()
        self.update()

    def _second_kind(self) -> str:
        return "source" if self._kind in ("column", "source") else "second"

    def sizeHint(self) -> QSize:
        width = text_width(self._name, self._kind)
        if self._second:
            width += h(0.25) + text_width(self._second, self._second_kind())
        return QSize(round(width) + 2, px(1.2))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(2)), px(1.2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        second = text_width(self._second, self._second_kind()) + h(0.25) if self._second else 0.0
        wide = text_width(self._name, self._kind)
        if wide + second > self.width():
            second = 0.0  # the name comes first; the rest is in the tool tip
        draw_text(painter, QRectF(0, 0, self.width() - second, self.height()), self._name, self._kind, self._role, may_elide=True)
        if second:
            rest = QRectF(wide + h(0.25), 0, second, self.height())
            draw_text(painter, rest, self._second, self._second_kind(), "quiet")
        painter.end()


class Chip(QLabel):
    """A few words on a soft ground; tone: gain, none, decline, attention or accent; mark: a key of `style.MARKS`, or ''."""

    def __init__(self, text: str, tone: str = "none", mark: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._tone = tone
        self._mark = mark
        self.setProperty("chip", tone)
        self.setProperty("marked", bool(mark))

    def set(self, text: str, tone: str, mark: str = "") -> None:
        """Shows something else."""
        self._tone, self._mark = tone, mark
        self.setText(text)
        dress(self, chip=tone, marked=bool(mark))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._mark:
            painter = QPainter(self)
            draw_mark(painter, self._mark, QPointF(h(0.68), self.height() / 2), h(0.48), CHIP_TONES[self._tone][0])
            painter.end()


class Badge(QLabel):
    """A round count; `name` says what is counted ("6 need you") to those who do not see it."""

    def __init__(self, count: int | str, name: str, tone: str = "attention", *, parent: QWidget | None = None) -> None:
        super().__init__(str(count), parent)
        self.setProperty("badge", tone)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)


class KeyCap(QLabel):
    """A key, drawn as on a keyboard."""

    def __init__(self, key: str, *, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setProperty("keycap", True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"key {key}")


class MarkText(QWidget):
    """A mark and words beside it: "▲ clear gain", "✓ Backed up"; the words are what is read out."""

    def __init__(
        self, mark: str, words: str, role: str = "", *, kind: str = "strong", mark_role: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark, self._words, self._kind = mark, words, kind
        self._role = role or SIGN_ROLE.get(mark, "quiet")
        self._mark_role = mark_role or self._role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def set(self, mark: str, words: str, role: str = "", mark_role: str = "") -> None:
        """Shows another mark and other words."""
        self._mark, self._words = mark, words
        self._role = role or SIGN_ROLE.get(mark, "quiet")
        self._mark_role = mark_role or self._role
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lead = h(0.85) if self._mark else 0.0
        return QSize(round(text_width(self._words, self._kind) + lead) + 2, px(1.3))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0.0
        if self._mark:
            draw_mark(painter, self._mark, QPointF(h(0.33), self.height() / 2 + h(0.02)), h(0.6), self._mark_role)
            x = h(0.85)
        draw_text(painter, QRectF(x, 0, self.width() - x, self.height()), self._words, self._kind, self._role)
        painter.end()


class Legend(QWidget):
    """The four signs and their words, for the foot of a table."""

    def __init__(self, signs: tuple[str, ...] = ("gain", "none", "decline", "unjudged"), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from approgress.ui.parts.layouts import FlowLayout  # the first paint does without it

        row = FlowLayout(self, gap=0.9, line_gap=0.1)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for sign in signs:
            kind = "second" if sign == "unjudged" else "second_strong"
            row.addWidget(MarkText(sign, SIGN_WORDS[sign], kind=kind))


class Disc(QWidget):
    """A pupil's initials on a disc `size` h wide; `name` is the full name, or what stands for it while names are hidden."""

    def __init__(self, name: str, size: float = 2.5, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters = ""
        self._large = size >= 2
        measure(self, width=size, height=size)
        self.set_name(name)

    def set_name(self, name: str, letters: str | None = None) -> None:
        """Shows the initials of `name`, or `letters` where they are given."""
        self._letters = initials(name) if letters is None else letters
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_disc(painter, QRectF(self.rect()), self._letters, "strong" if self._large else "column")
        painter.end()


class Rule(QFrame):
    """A hairline, across or (upright) down."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", "down" if upright else "across")


class Dot(QWidget):
    """The coloured square that stands for a strand or a series."""

    def __init__(self, role: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        measure(self, width=0.6, height=0.6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), ground=self._role, radius=0.13)
        painter.end()
