"""Unlocking a school when it is opened, with what has to be said about its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.ui.forms.unlock import UnlockForm
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.theme import measure, space


class UnlockPage(QWidget):
    """The page before a school is open."""

    title = "Unlock"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        space(outer)
        scroll = ScrollArea(gap=0.8)
        body = scroll.body
        space(body, 1.4, 1.4, 1.4, 1.4, 0.8)
        outer.addWidget(scroll)
        body.addStretch(2)
        self.form = UnlockForm(other="Another school")
        row = QHBoxLayout()
        space(row)
        row.addStretch(1)
        row.addWidget(self.form, 6)
        row.addStretch(1)
        body.addLayout(row)
        self.notice = Banner("", "attention")
        measure(self.notice, most_width=30)
        notice_row = QHBoxLayout()
        space(notice_row)
        notice_row.addStretch(1)
        notice_row.addWidget(self.notice, 6)
        notice_row.addStretch(1)
        body.addLayout(notice_row)
        body.addStretch(3)

    def set_address(self, address: str, name: str, people: Sequence[str], person: str = "") -> None:
        """The school to unlock."""
        where = address if "://" in address else str(Path(address))
        self.form.set_school(name or Path(address).stem, where, people, person)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.form.go_to_field()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.form.forget()  # Esc is always safe: what was typed goes, nothing else happens
            return
        super().keyPressEvent(event)
