"""Tick boxes and radio buttons whose words go on to the next line where they have no room, which Qt's own cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from approgress.ui.parts.painting import draw_text, text_height, text_width
from approgress.ui.theme import h, theme

_LEAD = 1.7  # h from the left edge to the words
_LINE = 1.3

# Qt lets a class have one base of its own: what both kinds of button share stands before it
if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object


class _Wrapping(_Button):
    """A button whose words take as many lines as they need at its width, and which is hit wherever it is."""

    ring_radius = 0.3

    def _prepare(self) -> None:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(round(h(_LINE)), round(text_height(_words(self), width - h(_LEAD), "body") + h(_LINE - 1.0)) + 1)

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(_words(self)) + h(_LEAD + 0.2)) + 2, round(h(_LINE)))

    def minimumSizeHint(self) -> QSize:
        longest = max((text_width(word) for word in _words(self).split()), default=0.0)
        return QSize(round(longest + h(_LEAD + 0.2)) + 2, round(h(_LINE)))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)


class TickBox(_Wrapping, QCheckBox):
    """A tick box with the words `text`."""

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._prepare()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _paint(self, option, QStyle.ControlElement.CE_CheckBox)


class RadioBox(_Wrapping, QRadioButton):
    """A radio button with the words `text`."""

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._prepare()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _paint(self, option, QStyle.ControlElement.CE_RadioButton)


def _words(button: QAbstractButton) -> str:
    return button.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


def _paint(button: QAbstractButton, option: QStyleOptionButton, element: QStyle.ControlElement) -> None:
    painter = QPainter(button)
    option.text = ""  # type: ignore[attr-defined]
    option.rect = QRect(0, 0, button.width(), round(h(_LINE)))  # type: ignore[attr-defined]
    button.style().drawControl(element, option, painter, button)
    role = "ink" if button.isEnabled() else "quiet"
    words, top = _words(button), h((_LINE - 1.0) / 2)
    room = QRectF(h(_LEAD), top, button.width() - h(_LEAD), button.height() - top)
    draw_text(painter, room, words, "body", role, down="top", wrap=True)
    painter.end()
