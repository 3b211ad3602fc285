"""The line at the foot of a page: which keys do what at the left, what was saved or is missing at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import KeyCap, MarkText, Text
from approgress.ui.theme import reveal, space


class StatusLine(QWidget):
    """`hints` are (keys, words): (("↑", "↓"), "choose"). In a narrow window they become "F1 all keys"."""

    def __init__(self, hints: Sequence[tuple[Sequence[str], str]] = (), right: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        space(self._row, gap=0.6)
        self._keys = QWidget()
        self._keys_row = QHBoxLayout(self._keys)
        space(self._keys_row, gap=0.35)
        self._short = QWidget()
        short = QHBoxLayout(self._short)
        space(short, gap=0.35)
        short.addWidget(KeyCap("F1"))
        short.addWidget(Text("all keys", "second", "quiet"))
        self._right = MarkText("", "", "quiet", kind="second")
        self._row.addWidget(self._keys)
        self._row.addWidget(self._short)
        self._row.addStretch(1)
        self._row.addWidget(self._right)
        self._fold = Fold.WIDE
        self._hints: list[tuple[Sequence[str], str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_hints(hints)
        self.say(right)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))

    def set_hints(self, hints: Sequence[tuple[Sequence[str], str]]) -> None:
        """Other keys."""
        self._hints = list(hints)
        while (item := self._keys_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (keys, words) in enumerate(hints):
            for key in keys:
                self._keys_row.addWidget(KeyCap(key))
            last = number == len(hints) - 1
            self._keys_row.addWidget(Text(words if last else f"{words} ·", "second", "quiet"))
        self.set_fold(self._fold)

    def say(self, right: str, mark: str = "", role: str = "quiet") -> None:
        """What stands at the right: "Kacey Lomas: no mark yet" with the mark of its state."""
        self._right.set(mark, right, "quiet", role)
        reveal(self._right, bool(right))

    def hints(self) -> list[tuple[Sequence[str], str]]:
        """What it says of the keys, for the page that F1 opens."""
        return list(self._hints)

    def set_fold(self, fold: Fold) -> None:
        """All keys in a wide window, else the key that shows them."""
        self._fold = fold
        reveal(self._keys, fold is Fold.WIDE and bool(self._hints))
        reveal(self._short, fold is not Fold.WIDE and bool(self._hints))
