"""The foot of Today: counts that go on in a second line, and the keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QSizePolicy, QWidget

from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.status_line import StatusLine

_ALL_KEYS: Final = (
    (("/", "L", "N"), "type a code to mark and move down"),
    (("L12",), "late, with the minutes"),
    (("1", "5"), "how engaged, one key a pupil"),
    (("= 4",), "the same for all who were in and have no score"),
    ((". 4",), "the pupil’s own rating"),
    (("Shift Enter",), "mark blanks present"),
    (("Del",), "take a mark out"),
    (("?",), "what a code or a point means"),
    (("F2",), "add a moment"),
    (("F3",), "came late, left, came back"),
    (("F4",), "history of this mark"),
    (("F6",), "how the lesson went, what worked"),
    (("F7",), "first-day contact; then C, T, S or A"),
    (("Ctrl G",), "go to a day"),
    (("Ctrl P",), "print this register"),
    (("Ctrl C", "Ctrl V", "Ctrl D"), "copy, paste, fill down"),
    (("[", "]"), "other lessons, in a narrow window"),
)


class TodayStatus(StatusLine):
    """A few keys in sight; F1 lists all of them."""

    def hints(self) -> list[tuple[tuple[str, ...], str]]:  # type: ignore[override]
        """All keys of the page."""
        return list(_ALL_KEYS)

    def keys_width(self) -> int:
        """How wide the keys at the left are, in logical pixels: what is left belongs to the words at the right."""
        return (self._keys if self._keys.isVisibleTo(self) else self._short).sizeHint().width()


class Flow(QWidget):
    """Words side by side that go on in a second line where there is no room."""

    def __init__(self, gap: float) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=gap, line_gap=0.1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """One more at the end."""
        self._flow.addWidget(widget)
