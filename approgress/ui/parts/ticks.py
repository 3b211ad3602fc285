"""Tick boxes and radio buttons whose words go on to the next line where they have no room, which Qt's own cut."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from approgress.ui.parts.painting import draw_text, text_height, text_width
from approgress.ui.theme import h, theme

_LEAD = 1.7  # h from the left edge to the words
_LINE = 1.3


class TickBox(QCheckBox):
    """A tick box with the words `text`."""

    ring_radius = 0.3

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        _prepare(self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height(self, width)

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _least(self)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _paint(self, option, QStyle.ControlElement.CE_CheckBox)


class RadioBox(QRadioButton):
    """A radio button with the words `text`."""

    ring_radius = 0.3

    def __init__(self, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        _prepare(self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height(self, width)

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _least(self)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        _paint(self, option, QStyle.ControlElement.CE_RadioButton)


def _prepare(button: QAbstractButton) -> None:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)
    theme().changed.connect(button.updateGeometry)


def _words(button: QAbstractButton) -> str:
    return button.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


def _height(button: QAbstractButton, width: int) -> int:
    return max(round(h(_LINE)), round(text_height(_words(button), width - h(_LEAD), "body") + h(_LINE - 1.0)) + 1)


def _size(button: QAbstractButton) -> QSize:
    return QSize(round(text_width(_words(button)) + h(_LEAD + 0.2)) + 2, round(h(_LINE)))


def _least(button: QAbstractButton) -> QSize:
    longest = max((text_width(word) for word in _words(button).split()), default=0.0)
    return QSize(round(longest + h(_LEAD + 0.2)) + 2, round(h(_LINE)))


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
