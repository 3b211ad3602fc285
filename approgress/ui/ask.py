"""The only modal questions: one of a few choices, a line of text, something to be told, a file or folder. Esc is always harmless.

Never asked for what undo can mend. Tests answer through `answers`; a question that no test expects is an error there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.errors import Refusal
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import PassphraseField, TextField
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.theme import h, space


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a question: what it is called in code, its verb, and its kind (quiet, primary or danger)."""

    key: str
    verb: str
    kind: str = "quiet"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, for whoever answers in a test: kind is choice, text, tell, open, save or folder."""

    kind: str
    title: str
    sentence: str = ""
    choices: tuple[str, ...] = ()


class Unexpected(AssertionError):
    """A question was asked that the test did not expect."""


_answer: Callable[[Question], Any] | None = None


@contextmanager
def answers(*given: Any) -> Iterator[list[Question]]:
    """For tests: questions get these answers in order and no dialog is shown; yields the questions that were asked.

    An answer is what the question would return (a key, a text, None, a path). A question more than answers is `Unexpected`.
    """
    global _answer
    asked: list[Question] = []
    waiting = list(given)

    def give(question: Question) -> Any:
        asked.append(question)
        if not waiting:
            raise Unexpected(f"{question.kind}: {question.title}. {question.sentence}")
        return waiting.pop(0)

    before, _answer = _answer, give
    try:
        yield asked
    finally:
        _answer = before


def ask_choice(
    parent: QWidget | None, title: str, sentence: str, choices: Sequence[Choice], *, leave: str = "Cancel", default: str = ""
) -> str | None:
    """The key of the button that was pressed, None for Esc or `leave`. `default` is the key of the button that Enter presses."""
    if _answer is not None:
        return _answer(Question("choice", title, sentence, tuple(choice.key for choice in choices)))
    dialog = ChoiceDialog(title, sentence, choices, leave=leave, default=default, parent=parent)
    try:
        dialog.exec()
        return dialog.chosen
    finally:
        dialog.deleteLater()


def ask_text(
    parent: QWidget | None,
    title: str,
    sentence: str,
    *,
    label: str,
    verb: str,
    value: str = "",
    secret: bool = False,
    check: Callable[[str], None] | None = None,
) -> str | None:
    """The text that was typed, None for Esc. `check` raises Refusal for a text that will not do; `secret` covers it."""
    if _answer is not None:
        return _answer(Question("text", title, sentence))
    dialog = TextDialog(title, sentence, label=label, verb=verb, value=value, secret=secret, check=check, parent=parent)
    try:
        return dialog.text() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


def tell(parent: QWidget | None, title: str, sentence: str, *, verb: str = "Close") -> None:
    """Says something that must not be missed; a banner is better for everything else."""
    if _answer is not None:
        _answer(Question("tell", title, sentence))
        return
    dialog = ChoiceDialog(title, sentence, (), leave=verb, parent=parent)
    try:
        dialog.exec()
    finally:
        dialog.deleteLater()


def ask_open_files(parent: QWidget | None, title: str, patterns: str = "", folder: Path | None = None) -> list[Path]:
    """The files chosen, none for Esc; patterns as "Lists (*.csv *.xlsx)"."""
    if _answer is not None:
        return list(_answer(Question("open", title)) or ())
    names, _ = QFileDialog.getOpenFileNames(parent, title, str(folder or ""), patterns)
    return [Path(name) for name in names]


def ask_save_file(parent: QWidget | None, title: str, suggested: Path, patterns: str = "") -> Path | None:
    """Where to write, None for Esc; the system's dialog asks before an existing file is replaced."""
    if _answer is not None:
        return _answer(Question("save", title))
    name, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), patterns)
    return Path(name) if name else None


def ask_folder(parent: QWidget | None, title: str, folder: Path | None = None) -> Path | None:
    """A folder, None for Esc."""
    if _answer is not None:
        return _answer(Question("folder", title))
    name = QFileDialog.getExistingDirectory(parent, title, str(folder or ""))
    return Path(name) if name else None


class ChoiceDialog(QDialog):
    """Title, sentence and a button a choice; the harmless one at the left of them, where Esc goes."""

    def __init__(
        self,
        title: str,
        sentence: str,
        choices: Sequence[Choice],
        *,
        leave: str = "Cancel",
        default: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.chosen: str | None = None
        outer = QVBoxLayout(self)
        space(outer)
        scroll = ScrollArea(gap=0.3)
        space(scroll.body, 1.4, 1.1, 1.4, 1.0, 0.3)
        scroll.body.addWidget(Text(title, "dialog", wrap=True))
        if sentence:
            scroll.body.addWidget(Text(sentence, wrap=True))
        scroll.body.addStretch(1)
        self._body = scroll.body
        outer.addWidget(scroll, 1)
        outer.addWidget(Rule())
        foot = QHBoxLayout()
        space(foot, 1.4, 0.7, 1.4, 0.8, 0.6)
        foot.addStretch(1)
        self.leave_button = Button(leave)
        self.leave_button.clicked.connect(self.reject)
        foot.addWidget(self.leave_button)
        self.buttons: dict[str, Button] = {}
        for choice in choices:
            button = Button(choice.verb, kind=choice.kind)
            button.setProperty("key", choice.key)
            button.clicked.connect(self._pressed)
            button.setDefault(choice.key == default)
            foot.addWidget(button)
            self.buttons[choice.key] = button
        if not default:
            self.leave_button.setDefault(True)
        self._foot = foot
        outer.addLayout(foot)
        first = self.buttons.get(default, self.leave_button)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        room = self.screen().availableGeometry()
        width = min(max(round(h(28)), foot.sizeHint().width()), room.width() - round(h(1)))
        high = self._body.heightForWidth(width) + foot.sizeHint().height() + 2
        self.resize(width, min(high, room.height() - round(h(2))))

    def _pressed(self) -> None:
        self.chosen = self.sender().property("key")
        self.accept()


class TextDialog(FormDialog):
    """One line of text."""

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        label: str,
        verb: str,
        value: str = "",
        secret: bool = False,
        check: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, verb=verb, width=28, parent=parent)
        self._check = check
        self._field = PassphraseField(label, key="text") if secret else TextField(label, value, key="text")
        self.add(self._field)

    def text(self) -> str:
        """What is typed."""
        return self._field.value()

    def submit(self) -> None:
        if self._check is not None:
            try:
                self._check(self.text())
            except Refusal as refusal:
                raise Refusal(refusal.sentence, "text") from None
