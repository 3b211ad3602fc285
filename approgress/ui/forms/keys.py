"""All keys: those of the page that is shown, and those that always work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QWidget

from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.labels import KeyCap, Text
from approgress.ui.theme import space

Hint = tuple[Sequence[str], str]

ALWAYS: Final[tuple[Hint, ...]] = (
    (("Ctrl K",), "find anything: a pupil, a page, what to do"),
    (("Ctrl 1 to 4",), "the places of the rail"),
    (("Alt ←",), "back to what was shown before"),
    (("F8",), "hide names, or show them again"),
    (("Ctrl Z",), "undo"),
    (("Ctrl Shift Z", "Ctrl Y"), "do again what was undone"),
    (("Ctrl L",), "lock"),
    (("Ctrl P",), "print the list that is shown"),
    (("F10",), "the rail"),
    (("Tab", "Shift Tab"), "to the next thing, and back"),
    (("Esc",), "leave, with nothing changed"),
)
TABLES: Final[tuple[Hint, ...]] = (
    (("↑", "↓"), "another row"),
    (("Shift ↑", "Shift ↓"), "choose several"),
    (("Ctrl A",), "choose all"),
    (("Ctrl C",), "copy with headings, for Excel or LibreOffice"),
)
SHEETS: Final[tuple[Hint, ...]] = (
    (("↑", "↓", "←", "→"), "another cell"),
    (("Shift →", "Shift ↓"), "choose a block; the mouse does too"),
    (("Ctrl A",), "choose all cells; again: names and figures as well"),
    (("Ctrl C", "Ctrl X"), "copy, cut"),
    (("Ctrl V",), "paste, from Excel or LibreOffice too"),
    (("Ctrl D",), "fill down from the cell above"),
    (("Del",), "empty the chosen cells"),
)


_MOVES: Final = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class KeysDialog(FormDialog):
    """A list to look at; Enter and Esc close it. `grid` are the keys of the table that the page shows, if there is one."""

    def __init__(self, title: str, hints: Sequence[Hint], parent: QWidget | None = None, *, grid: Sequence[Hint] = ()) -> None:
        super().__init__("All keys", verb="Close", width=30, parent=parent)
        self.leave_button.hide()
        self.main_button.installEventFilter(self)
        if hints:
            self.add_widget(Text(f"On this page: {title}" if title else "On this page", "strong"))
            for keys, words in hints:
                self.add_widget(_line(keys, words))
        if grid:
            self.add_widget(Text("In the table", "strong"))
            for keys, words in grid:
                self.add_widget(_line(keys, words))
        self.add_widget(Text("Everywhere", "strong"))
        for keys, words in ALWAYS:
            self.add_widget(_line(keys, words))

    def submit(self) -> None:
        """Nothing to do: it is only looked at."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list is longer than some screens: the keys that scroll a page scroll it. The button, which has the keyboard, would take arrows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            move = _MOVES.get(event.key())
            if move is not None:
                self._scroll.verticalScrollBar().triggerAction(move)
                return True
        return super().eventFilter(watched, event)


def _line(keys: Sequence[str], words: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, gap=0.35)
    for key in keys:
        row.addWidget(KeyCap(key))
    row.addWidget(Text(words, "second", wrap=True), 1)
    return box
