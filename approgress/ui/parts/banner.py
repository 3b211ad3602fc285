"""A sentence across the page that needs attention, with at most one action; Esc closes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from approgress.ui.parts.buttons import Button
from approgress.ui.parts.labels import Text
from approgress.ui.theme import dress, h, reveal, space, theme

_TONE = {"attention": ("attention", "info"), "error": ("decline", "warning"), "done": ("gain", "check")}


class Banner(QFrame):
    """kind: attention, error or done. It starts hidden where no sentence is given; `closed` is said when a person closes it."""

    acted = Signal()
    closed = Signal()

    def __init__(
        self, sentence: str = "", kind: str = "attention", *, action: str = "", closes: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        space(row, 0.7, 0.3, 0.4, 0.3, 0.6)
        self._kind = kind
        self._icon = Text()
        self._text = Text(wrap=True)
        self._text.setMinimumWidth(1)
        self.action = Button(small=True)
        self.action.clicked.connect(self.acted)
        self.close_button = Button(kind="bare", icon="cross", name="Close this message")
        self.close_button.clicked.connect(self._close)
        reveal(self.close_button, closes)
        self._inside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._inside, gap=0.4)
        self._inside.addWidget(self._text, 1)
        self._inside.addWidget(self.action, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._inside, 1)
        row.addWidget(self.close_button)
        theme().changed.connect(self._look_changed)
        self.say(sentence, kind, action=action)

    def say(self, sentence: str, kind: str = "attention", *, action: str = "") -> None:
        """Shows a sentence, and a button where `action` says a verb; '' hides the banner."""
        self._kind = kind
        dress(self, banner=kind)
        self._text.setText(sentence)
        self._text.set_tone(_TONE[kind][0])
        self.action.setText(action)
        reveal(self.action, bool(action))
        self.setAccessibleName(sentence)
        self._look_changed()
        reveal(self, bool(sentence))

    def sentence(self) -> str:
        """What it says."""
        return self._text.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._inside.setDirection(way.TopToBottom if event.size().width() < h(24) else way.LeftToRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.close_button.isVisible():
            self._close()
            return
        super().keyPressEvent(event)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _look_changed(self) -> None:
        role, icon = _TONE[self._kind]
        self._icon.setPixmap(theme().pixmap(icon, role, 1.1))
        self._icon.setFixedSize(round(h(1.1)), round(h(1.1)))
