"""All keys: those of the page that is shown, and those that always work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.labels import KeyCap, Text
from approgress.ui.theme import space

Hint = tuple[Sequence[str], str]

ALWAYS: Final[tuple[Hint, ...]] = (
    (("Ctrl 1", "Ctrl 2", "Ctrl 3"), "the places of the rail"),
    (("Alt ←",), "back to what was shown before"),
    (("F8",), "hide names, or show them again"),
    (("Ctrl Z",), "undo"),
    (("Ctrl Shift Z", "Ctrl Y"), "do again what was undone"),
    (("Ctrl L",), "lock"),
    (("F10",), "the rail"),
    (("Tab", "Shift Tab"), "to the next thing, and back"),
    (("Esc",), "leave, with nothing changed"),
)


class KeysDialog(FormDialog):
    """A list to look at; Enter and Esc close it."""

    def __init__(self, title: str, hints: Sequence[Hint], parent: QWidget | None = None) -> None:
        super().__init__("All keys", verb="Close", width=30, parent=parent)
        self.leave_button.hide()
        if hints:
            self.add_widget(Text(f"On this page: {title}" if title else "On this page", "strong"))
            for keys, words in hints:
                self.add_widget(_line(keys, words))
        self.add_widget(Text("Everywhere", "strong"))
        for keys, words in ALWAYS:
            self.add_widget(_line(keys, words))

    def submit(self) -> None:
        """Nothing to do: it is only looked at."""


def _line(keys: Sequence[str], words: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, gap=0.35)
    for key in keys:
        row.addWidget(KeyCap(key))
    row.addWidget(Text(words, "second", wrap=True), 1)
    return box
