"""Questions: what their dialogs answer, Esc is harmless, and tests are told of a question that they did not expect."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Refusal
from approgress.ui import ask
from approgress.ui.ask import Choice, ChoiceDialog, Question, TextDialog, Unexpected, answers

CHOICES = (Choice("keep", "Keep both"), Choice("wipe", "Wipe it", "danger"))


def test_an_unexpected_question_is_an_error() -> None:
    with pytest.raises(Unexpected, match="Wipe"):
        ask.ask_choice(None, "Wipe the demonstration school?", "It cannot be brought back.", CHOICES)


def test_answers_are_given_in_order(tmp_path: Path) -> None:
    with answers("wipe", "a name", None, None, [tmp_path], tmp_path / "x.pdf", tmp_path) as asked:
        assert ask.ask_choice(None, "One?", "First.", CHOICES) == "wipe"
        assert ask.ask_text(None, "Two?", "", label="Name", verb="Name it") == "a name"
        assert ask.ask_text(None, "Three?", "", label="Name", verb="Name it") is None
        ask.tell(None, "Four", "Told.")
        assert ask.ask_open_files(None, "Five") == [tmp_path]
        assert ask.ask_save_file(None, "Six", tmp_path / "y.pdf") == tmp_path / "x.pdf"
        assert ask.ask_folder(None, "Seven") == tmp_path
        with pytest.raises(Unexpected):
            ask.tell(None, "Eight", "Too many.")
    assert asked[0] == Question("choice", "One?", "First.", ("keep", "wipe"))
    assert [question.kind for question in asked] == ["choice", "text", "text", "tell", "open", "save", "folder", "tell"]


def test_a_pressed_button_is_the_answer(qtbot: QtBot) -> None:
    dialog = ChoiceDialog("Wipe it?", "Once.", CHOICES)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.buttons["wipe"], Qt.MouseButton.LeftButton)
    assert dialog.chosen == "wipe"


def test_esc_chooses_nothing_and_enter_only_the_default(qtbot: QtBot) -> None:
    for default, key, chosen in (("", Qt.Key.Key_Escape, None), ("", Qt.Key.Key_Return, None), ("keep", Qt.Key.Key_Return, "keep")):
        dialog = ChoiceDialog("Wipe it?", "Once.", CHOICES, default=default)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.keyClick(dialog, key)
        assert not dialog.isVisible()
        assert dialog.chosen == chosen


def test_a_text_that_will_not_do_is_refused_in_place(qtbot: QtBot) -> None:
    def check(text: str) -> None:
        if len(text) < 3:
            raise Refusal("Three letters at least.")

    dialog = TextDialog("Name", "", label="Name", verb="Name it", value="ab", check=check)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible() and dialog.fields()[0].wrong() == "Three letters at least."
    qtbot.keyClicks(dialog.fields()[0].editor, "abc")  # what was refused is selected
    assert dialog.fields()[0].wrong() == ""
    qtbot.mouseClick(dialog.main_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible() and dialog.text() == "abc"
