"""A page with one thing that is going on: a school is opened, or backed up before the window closes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.theme import measure, space


class WaitingPage(QWidget):
    """A sentence and, where it may last, a bar and Stop; where it went wrong, what happened and two ways on."""

    stop_asked = Signal()
    again_asked = Signal()
    leave_asked = Signal()

    def __init__(self, title: str, sentence: str, *, stop: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        outer = QVBoxLayout(self)
        space(outer, 1.4, 1.4, 1.4, 1.4)
        outer.addStretch(2)
        card = Card(title, sentence=sentence, padding=1.4)
        measure(card, most_width=32)
        self.banner = Banner("", "error", closes=False)
        card.add(self.banner)
        self.progress = ProgressRow(title)
        self.progress.stop_asked.connect(self.stop_asked)
        self.progress.stop.setVisible(bool(stop))
        if stop:
            self.progress.stop.setText(stop)
        card.add(self.progress)
        self.more = Text("", tone="quiet", wrap=True)
        self.more.hide()
        card.add(self.more)
        self.again = Button("Try again")
        self.again.clicked.connect(self.again_asked)
        self.leave = Button("", kind="primary")
        self.leave.clicked.connect(self.leave_asked)
        foot = QHBoxLayout()
        space(foot, gap=0.6)
        foot.addStretch(1)
        foot.addWidget(self.again)
        foot.addWidget(self.leave)
        card.add_layout(foot)
        row = QHBoxLayout()
        space(row)
        row.addStretch(1)
        row.addWidget(card, 6)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        self.again.hide()
        self.leave.hide()

    def fail(self, sentence: str, *, again: str, leave: str) -> None:
        """What went wrong, and what may be done about it."""
        self.banner.say(sentence, "error")
        self.progress.hide()
        self.again.setText(again)
        self.leave.setText(leave)
        self.again.show()
        self.leave.show()
        self.leave.setFocus()

    def go_on(self) -> None:
        """Works again."""
        self.banner.say("")
        self.again.hide()
        self.leave.hide()
        self.progress.begin(self.title)
        self.progress.show()
