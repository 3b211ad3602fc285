"""A scroll area without a Tab stop of its own, whose ground is that of the page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from approgress.ui.theme import h, space


class ScrollArea(QScrollArea):
    """Scrolls `body`, a vertical layout, down, never sideways; the keyboard scrolls it by moving through what is in it."""

    def __init__(self, *, gap: float = 0.8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("ground", "clear")
        self.body = QVBoxLayout(inside)
        space(self.body, gap=gap)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), round(h(4)))  # it scrolls: what is around it need not grow for it

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(6)), round(h(2)))
