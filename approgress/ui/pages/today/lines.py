"""What unfolds below a row of the register: first-day contact, and why a cell was refused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from approgress.domain.acts.contact import CALL, SEEN, SPOKE, TEXT
from approgress.domain.first_day import Absence
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Text
from approgress.ui.parts.painting import elided, text_width
from approgress.ui.theme import dress, h, reveal, space

_BUTTONS: Final = ((CALL, "Call", "C"), (TEXT, "Text", "T"), (SPOKE, "Spoke to…", "S"), (SEEN, "Safe and seen", "A"))


class ContactLine(QWidget):
    """First-day contact about one absent pupil. Says `chosen(pupil, sort)`, `listed(pupil)` for all that was done, `left()` for Esc.

    The buttons are no stop of Tab, which would lead through every absent pupil: F7 goes into the line, letters and arrows choose there.
    """

    chosen = Signal(int, str)
    listed = Signal(int)
    left = Signal()

    def __init__(self, pupil_id: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pupil_id, self._name = pupil_id, name
        self._so_far = ""
        self._narrow = False
        self.setAccessibleName(f"First-day contact, {name}")
        row = QHBoxLayout(self)
        space(row, 2.4, 0.2, 0.4, 0.2, 0.5)
        self._title = Text("First-day contact", "second_strong", "quiet")
        self.so_far = Text("", "second", "quiet")
        self.so_far.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._title)
        row.addWidget(self.so_far, 1)
        self.buttons: dict[str, Button] = {}
        for sort, words, key in _BUTTONS:
            button = Button(words, small=True, icon="phone" if sort == CALL else "")
            button.setToolTip(f"{words.rstrip('…')}: F7, then {key}")
            button.setAccessibleName(f"{words.rstrip('…')}, {name}")
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.setProperty("key", sort)
            button.clicked.connect(self._clicked)
            self.buttons[sort] = button
            row.addWidget(button)
        self.tried = Button("", kind="link", small=True, name=f"All that was done, {name}")
        self.tried.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.tried.clicked.connect(self._list)
        row.addWidget(self.tried)

    def show_absence(self, absence: Absence) -> None:
        """What was done so far, and how many numbers were tried."""
        self._so_far = absence.so_far or "nothing done yet"
        self.so_far.setToolTip(absence.so_far)
        dress(self.so_far, tone="attention" if absence.came_back else "quiet")
        self.tried.setText(absence.tried)
        self.tried.setAccessibleName(f"{absence.tried}; all that was done, {self._name}")
        self.set_fold(fold_of(self))

    def set_fold(self, fold: Fold) -> None:
        """Without the words at its ends in a narrow window."""
        self._narrow = fold is Fold.NARROW
        row = self.layout()
        if row is not None:
            space(row, 0.4 if self._narrow else 2.4, 0.2, 0.4, 0.2, 0.3 if self._narrow else 0.5)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What was done has the room first; then how many numbers were tried, then the title."""
        buttons = sum(button.sizeHint().width() for button in self.buttons.values()) + h(2.4 + 0.4 + 3.0)
        room = self.width() - buttons
        said = text_width(self._so_far, "second")
        tried = self.tried.sizeHint().width() + h(0.5)
        title = text_width(self._title.text(), "second_strong") + h(0.5)
        with_tried = not self._narrow and room >= said + tried
        room -= tried if with_tried else 0
        with_title = not self._narrow and room >= said + title
        room -= title if with_title else 0
        reveal(self.tried, with_tried)
        reveal(self._title, with_title)
        self.so_far.setText(elided(self._so_far, max(h(3), room), "second"))

    def enter(self) -> None:
        """Puts the keyboard on the first button."""
        self.buttons[CALL].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = [*self.buttons.values(), self.tried]
        at = next((n for n, button in enumerate(shown) if button.hasFocus()), 0)
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
            return
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            to = at + (1 if key == Qt.Key.Key_Right else -1)
            if 0 <= to < len(shown) and shown[to].isVisible():
                shown[to].setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shown[at].click()
            return
        typed = event.text().upper()
        for sort, _, letter in _BUTTONS:
            if typed == letter:
                self.chosen.emit(self.pupil_id, sort)
                return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(self.pupil_id, str(sender.property("key")))

    def _list(self) -> None:
        self.listed.emit(self.pupil_id)


class RefusalLine(QWidget):
    """Why a cell of the row above was refused; where somebody else was first, what to do about it: `acted(key)` is theirs or mine."""

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        space(row, 2.4, 0.25, 0.4, 0.25, 0.5)
        self.words = Text("", "second_strong", "decline", wrap=True)
        row.addWidget(self.words, 1)
        self.theirs = Button("Keep theirs", small=True)
        self.mine = Button("Write mine", small=True)
        for button, key, tip in ((self.theirs, "theirs", "Esc"), (self.mine, "mine", "Ctrl+Enter")):
            button.setProperty("key", key)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.clicked.connect(self._clicked)
            reveal(button, False)
            row.addWidget(button)

    def say(self, sentence: str, mine: str = "") -> None:
        """A sentence; `mine` is what the button that overwrites says, '' where there is nothing to choose."""
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.mine.setText(mine)
        for button in (self.theirs, self.mine):
            reveal(button, bool(mine))

    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.acted.emit(str(sender.property("key")))
