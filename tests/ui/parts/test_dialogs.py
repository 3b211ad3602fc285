"""The base of dialogs: refusals under their field, Esc harmless, the main button within reach on a small screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Refusal, Trouble
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import NoteField, NumberField, TextField
from approgress.ui.pictures import faults, order_faults, tab_order
from approgress.ui.theme import start_theme


class Form(FormDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Add a pupil", "It is kept as you type.", verb="Add pupil", parent=parent)
        self.name = TextField("Name", key="name")
        self.total = NumberField("Total", low=0, high=40, key="total")
        self.note = NoteField("Note", key="note")
        self.add_row(self.name, self.total)
        self.add(self.note)
        self.raises: Exception | None = None
        self.submitted = 0

    def submit(self) -> None:
        self.submitted += 1
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    return made


def test_first_field_has_the_focus_and_enter_submits(qtbot: QtBot, form: Form) -> None:
    assert form.name.line.hasFocus()
    qtbot.keyClicks(form.name.line, "Amara")
    qtbot.keyClick(form.name.line, Qt.Key.Key_Return)
    assert form.submitted == 1 and not form.isVisible()
    assert form.result() == Form.DialogCode.Accepted


def test_ctrl_enter_submits_from_a_note_and_tab_leaves_it(qtbot: QtBot, form: Form) -> None:
    form.note.text.setFocus()
    qtbot.keyClick(form.note.text, Qt.Key.Key_Tab)
    assert not form.note.text.hasFocus() and "\t" not in form.note.value()
    form.note.text.setFocus()
    qtbot.keyClick(form.note.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.submitted == 1


def test_esc_submits_nothing(qtbot: QtBot, form: Form) -> None:
    qtbot.keyClick(form.name.line, Qt.Key.Key_Escape)
    assert form.submitted == 0 and not form.isVisible()


def test_what_cannot_be_read_is_never_submitted(qtbot: QtBot, form: Form) -> None:
    form.total.line.setText("44")
    qtbot.mouseClick(form.main_button, Qt.MouseButton.LeftButton)
    assert form.submitted == 0 and form.isVisible()
    assert "44 is not kept" in form.total.wrong() and form.total.line.hasFocus()


def test_a_refusal_stands_under_its_field(qtbot: QtBot, form: Form) -> None:
    form.raises = Refusal("Somebody has this name already.", "name")
    qtbot.mouseClick(form.main_button, Qt.MouseButton.LeftButton)
    assert form.isVisible() and form.name.wrong() == "Somebody has this name already." and form.name.line.hasFocus()
    form.raises = Refusal("The placement overlaps another.", "placement")
    qtbot.mouseClick(form.main_button, Qt.MouseButton.LeftButton)
    assert form.name.wrong() == "" and form.banner.sentence() == "The placement overlaps another." and form.banner.isVisible()
    form.raises = Trouble("The disk is full. Nothing was changed.")
    qtbot.mouseClick(form.main_button, Qt.MouseButton.LeftButton)
    assert form.banner.sentence().startswith("The disk is full")
    form.raises = None
    qtbot.mouseClick(form.main_button, Qt.MouseButton.LeftButton)
    assert not form.isVisible() and form.submitted == 4


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_it_fits_the_screen_with_its_buttons(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    start_theme(qapp, "light", percent)
    form = Form()
    for number in range(12):
        form.add(TextField(f"One more field, number {number}"))
    qtbot.addWidget(form)
    form.show()
    qapp.processEvents()
    room = form.screen().availableGeometry()
    assert form.width() <= room.width() and form.height() <= room.height()
    for button in (form.main_button, form.leave_button):
        assert form.rect().contains(button.geometry()), percent
        assert button in tab_order(form)
    assert faults(form) == []
    assert order_faults(form) == []


def test_tab_goes_through_the_fields_to_the_buttons_and_round(qtbot: QtBot, form: Form) -> None:
    order = tab_order(form)
    assert order == [form.name.line, form.total.line, form.note.text, form.leave_button, form.main_button]


def test_base_does_nothing_by_itself(qtbot: QtBot) -> None:
    dialog = FormDialog("Title", verb="Do it")
    qtbot.addWidget(dialog)
    with pytest.raises(NotImplementedError):
        dialog.submit()


def test_a_dialog_is_as_high_as_its_words_need(qtbot: QtBot) -> None:
    long = "What stood there stays in the history, with who changed it, when and why; it prints with the register. " * 3
    dialog = FormDialog("Why is it changed?", long, verb="Change")
    qtbot.addWidget(dialog)
    dialog.add(TextField("Reason", key="why"))
    dialog.show()
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: dialog._scroll.verticalScrollBar().maximum() == 0)  # pyright: ignore[reportPrivateUsage]
