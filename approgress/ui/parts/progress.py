"""Long work in one row: bar, how far it is in words, and Stop."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from approgress.ui.parts.buttons import Button
from approgress.ui.parts.labels import Text
from approgress.ui.theme import space


def time_left(done: int, total: int, seconds: float) -> str:
    """'about 2 minutes', from how long the first part took; '' while too little is done to tell (under 2 seconds or 3%)."""
    if seconds < 2 or done <= 0 or total <= 0 or done / total < 0.03 or done >= total:
        return ""
    left = seconds / done * (total - done)
    if left < 10:
        return "a few seconds"
    if left < 55:
        return f"about {max(10, round(left / 10) * 10)} seconds"
    minutes = max(1, round(left / 60))
    return "about 1 minute" if minutes == 1 else f"about {minutes} minutes"


class ProgressRow(QWidget):
    """Says what is being done and how far it is; `stop_asked` when a person presses Stop. `name` is what is being done."""

    stop_asked = Signal()

    def __init__(self, name: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._started = 0.0
        row = QHBoxLayout(self)
        space(row, gap=0.8)
        column = QVBoxLayout()
        space(column, gap=0.3)
        words = QHBoxLayout()
        space(words, gap=0.6)
        self._name = Text(name, "strong", wrap=True)
        self._state = Text("", "second", "quiet", wrap=True, across="right")
        words.addWidget(self._name, 1)
        words.addWidget(self._state, 1)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addLayout(words)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        self.stop = Button("Stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        self.begin(name)

    def begin(self, name: str) -> None:
        """Starts afresh."""
        self._started = monotonic()
        self._name.setText(name)
        self._bar.setAccessibleName(name)
        self._state.setText("")
        self._bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.stop.setText("Stop")

    def show_progress(self, done: int, total: int) -> None:
        """'31 of 120, about 2 minutes'; a total of 0 means that it is not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        left = time_left(done, total, monotonic() - self._started)
        words = f"{done:,} of {total:,}" if total else f"{done:,}"
        self._state.setText(f"{words}, {left}" if left else words)

    def finish(self, sentence: str) -> None:
        """Says how it ended: what was finished, also after Stop."""
        self._bar.setRange(0, 1)
        self._bar.setValue(1)
        self._state.setText(sentence)
        self.stop.setEnabled(False)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText("Stopping")
        self.stop_asked.emit()
