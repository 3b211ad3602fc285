"""The form that unlocks a school: who, passphrase or recovery code; each way in which it may not open has its own sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.errors import Trouble, WrongPassphrase
from approgress.store.keys import looks_like_recovery_code
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import ChoiceField, PassphraseField, TextField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import measure, space


class UnlockForm(Card):
    """Who and with what; says `tried(person, passphrase)`, and is told how it went by `refuse` or simply goes away."""

    tried = Signal(str, str)
    """Name of the person ('' for whoever it fits), and the passphrase or recovery code."""
    other_asked = Signal()

    def __init__(self, *, other: str, parent: QWidget | None = None) -> None:
        super().__init__(padding=1.4, parent=parent)
        measure(self, most_width=30)
        self.title_text = Text("", "dialog", wrap=True)
        self.sentence = Text("", tone="quiet", wrap=True)
        head = QVBoxLayout()
        space(head, gap=0.15)
        head.addWidget(self.title_text)
        head.addWidget(self.sentence)
        self.add_layout(head)
        self.banner = Banner("", "error", closes=False)
        self.add(self.banner)
        self.person = ChoiceField("Who are you?", none="Whoever this passphrase fits")
        self.person_typed = TextField("Your name", optional=True)
        self.passphrase = PassphraseField("Passphrase")
        self.passphrase.line.returnPressed.connect(self._try)
        self.person_typed.line.returnPressed.connect(self._go_on)
        for field in (self.person, self.person_typed, self.passphrase):
            self.add(field)
        self.open_button = Button("Unlock", kind="primary")
        self.open_button.clicked.connect(self._try)
        self.code_button = Button("Use the recovery code", kind="link")
        self.code_button.setCheckable(False)
        self.code_button.clicked.connect(self._use_code)
        self.other_button = Button(other)
        self.other_button.clicked.connect(self.other_asked)
        foot = QHBoxLayout()
        space(foot, 0, 0.4, 0, 0, 0.6)
        foot.addWidget(self.code_button)
        foot.addStretch(1)
        foot.addWidget(self.other_button)
        foot.addWidget(self.open_button)
        self.add_layout(foot)
        self._code = False

    def set_school(self, title: str, sentence: str, people: Sequence[str], person: str = "") -> None:
        """What is to be unlocked, and by whom; no people: their names are not known before it is open."""
        self.title_text.setText(title)
        self.sentence.setText(sentence)
        self.person.set_options([(name, name) for name in people], person if person in people else people[0] if len(people) == 1 else "")
        self.person.setVisible(len(people) > 1)
        self.person_typed.setVisible(not people)
        self.show_code(False)
        self.passphrase.set_value("")
        self.banner.say("")

    def show_code(self, code: bool) -> None:
        """Asks for the recovery code instead of a passphrase, or for the passphrase again."""
        self._code = code
        self.passphrase.set_value("")
        self.passphrase.set_wrong("")
        self.passphrase.set_help("Eight groups of four, as printed when the school was set up." if code else "")
        self.passphrase.line.setAccessibleName("Recovery code" if code else "Passphrase")
        self.code_button.setText("Use the passphrase" if code else "Use the recovery code")
        self.person.setEnabled(not code)

    def set_busy(self, busy: bool) -> None:
        """While the key is made from the passphrase, which takes a moment by intention."""
        self.open_button.setEnabled(not busy)
        self.open_button.setText("Unlocking" if busy else "Unlock")
        self.passphrase.setEnabled(not busy)
        if not busy:
            self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)

    def refuse(self, error: Trouble) -> None:
        """How it went wrong: a wrong passphrase beneath the field, anything else above the fields."""
        self.set_busy(False)
        if isinstance(error, WrongPassphrase):
            self.banner.say("")
            self.passphrase.set_wrong(error.sentence)
            self.passphrase.line.selectAll()
        else:
            self.passphrase.set_wrong("")
            self.banner.say(error.sentence, "error")

    def go_to_field(self) -> None:
        """Puts the cursor where the passphrase is typed."""
        self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)

    def forget(self) -> None:
        """Leaves nothing that was typed in memory's reach of a person."""
        self.passphrase.set_value("")
        self.passphrase.set_wrong("")
        self.banner.say("")

    def _go_on(self) -> None:
        self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)

    def _use_code(self) -> None:
        self.show_code(not self._code)
        self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)

    def _try(self) -> None:
        typed = self.passphrase.value()
        if not typed.strip():
            self.passphrase.set_wrong("Type the recovery code first." if self._code else "Type your passphrase first.")
            return
        if self._code and not looks_like_recovery_code(typed):
            from approgress.domain.errors import Refusal
            from approgress.store.keys import read_recovery_code

            try:
                read_recovery_code(typed)
            except Refusal as refusal:
                self.passphrase.set_wrong(refusal.sentence)
                return
        self.passphrase.set_wrong("")
        self.set_busy(True)
        person = self.person.value() if self.person.isVisibleTo(self) else self.person_typed.value()
        self.tried.emit("" if self._code else person, typed)
