"""Unlock: wrong and right passphrase, recovery code, each damage its own sentence, nothing touched, Esc harmless."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.records import Person
from approgress.school.school import School
from approgress.store.keys import key_path
from approgress.store.preferences import change_preferences, read_preferences
from approgress.ui.main_window import MainWindow
from approgress.ui.pages.launch import LaunchPage
from approgress.ui.pages.unlock import UnlockPage
from approgress.ui.program import Program

WORDS = "four short words"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hawthorn.approgress"
    school, code = School.create(path, "Hawthorn Centre", passphrase=WORDS, person="T. Mbeki")
    from approgress.domain.acts.setting import put_person
    from approgress.domain.edits import Title

    school.do(Title.PEOPLE, lambda ids: put_person(ids, "J. Okafor", "office", None, others=[], today=school.today))
    other = next(p for p in school.read(lambda r: r.every(Person)) if p.name == "J. Okafor")
    school.set_passphrase(other.id, other.name, "another four words")
    school.close()
    (tmp_path / "code.txt").write_text(code)
    return path


@pytest.fixture
def program(file: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    change_preferences(schools=(str(file),))
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    if made._tasks is not None:
        made._tasks.stop_all()
    if made.window.frame is not None:
        made.window.frame.workspace.tasks.stop_all()
    made.end()


def _page(program: Program) -> UnlockPage:
    page = program.window.screen_shown()
    assert isinstance(page, UnlockPage)
    return page


def _unlock(program: Program, passphrase: str, person: str = "") -> None:
    form = _page(program).form
    form.person.set_value(person)
    form.passphrase.set_value(passphrase)
    form.open_button.click()


def _whole(file: Path) -> tuple[str, str]:
    return sha256(file.read_bytes()).hexdigest(), sha256(key_path(file).read_bytes()).hexdigest()


def test_the_last_school_asks_who_and_for_the_passphrase(program: Program) -> None:
    form = _page(program).form
    assert form.title_text.text() == "Hawthorn Centre"
    assert [form.person.box.itemText(i) for i in range(form.person.box.count())] == ["Whoever this passphrase fits", "T. Mbeki", "J. Okafor"]
    assert program.window.focusWidget() is form.passphrase.line
    assert form.passphrase.line.echoMode() == form.passphrase.line.EchoMode.Password


def test_a_wrong_passphrase_is_said_beneath_the_field_and_touches_nothing(program: Program, file: Path, qtbot: QtBot) -> None:
    before = _whole(file)
    _unlock(program, "wrong words here")
    form = _page(program).form
    qtbot.waitUntil(lambda: bool(form.passphrase.wrong()), timeout=20_000)
    assert "does not open this school" in form.passphrase.wrong() and "Nothing was changed" in form.passphrase.wrong()
    assert _whole(file) == before and program.school is None and form.open_button.isEnabled()
    _unlock(program, WORDS)
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)
    assert program.school is not None and program.school.viewer.name == "T. Mbeki"


def test_the_person_that_is_chosen_is_the_one_who_writes(program: Program, qtbot: QtBot) -> None:
    _unlock(program, WORDS, "J. Okafor")
    form = _page(program).form
    qtbot.waitUntil(lambda: bool(form.passphrase.wrong()), timeout=20_000)
    _unlock(program, "another four words", "J. Okafor")
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)
    assert program.school is not None and program.school.viewer.name == "J. Okafor"
    assert "J. Okafor" in program.window.frame.rail.person.accessibleName()  # type: ignore[union-attr]


def test_the_recovery_code_opens_and_asks_for_a_new_passphrase(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    form = _page(program).form
    form.code_button.click()
    assert form.passphrase.line.accessibleName() == "Recovery code"
    form.passphrase.set_value("ABCD-EFGH")
    form.open_button.click()
    assert "32 letters and digits" in form.passphrase.wrong()
    form.passphrase.set_value((tmp_path / "code.txt").read_text().lower())
    form.open_button.click()
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)
    page = program.window.frame.current_page()  # type: ignore[union-attr]
    assert "recovery code" in page.banner.sentence() and "new passphrase" in page.banner.sentence()  # type: ignore[union-attr]


def test_esc_empties_and_nothing_else(program: Program, qtbot: QtBot) -> None:
    page = _page(program)
    page.form.passphrase.set_value("half typ")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.form.passphrase.value() == "" and program.window.screen_shown() is page


def test_nothing_typed_is_said(program: Program) -> None:
    form = _page(program).form
    form.open_button.click()
    assert form.passphrase.wrong() == "Type your passphrase first."


def test_another_school_goes_back_to_the_choices_with_this_one_among_them(program: Program, file: Path) -> None:
    _page(program).form.other_button.click()
    page = program.window.screen_shown()
    assert isinstance(page, LaunchPage)
    assert [page._recent_flow.itemAt(i).widget().property("address") for i in range(page._recent_flow.count())] == [str(file)]  # type: ignore[union-attr]
    page._recent_flow.itemAt(0).widget().click()  # type: ignore[union-attr]
    assert isinstance(program.window.screen_shown(), UnlockPage)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda f: f.write_bytes(f.read_bytes()[:8192] + b"x" * (len(f.read_bytes()) - 8192)), "damaged"),
        (lambda f: f.write_bytes(f.read_bytes()[:-100]), "cut off"),
        (lambda f: f.write_bytes(b""), "0 bytes"),
    ],
)
def test_a_damaged_file_has_its_own_sentence_above_the_fields(program: Program, file: Path, qtbot: QtBot, damage: object, said: str) -> None:
    damage(file)  # type: ignore[operator]
    before = _whole(file)
    _unlock(program, WORDS)
    form = _page(program).form
    qtbot.waitUntil(lambda: bool(form.banner.sentence()), timeout=20_000)
    assert said in form.banner.sentence() and form.passphrase.wrong() == ""
    assert _whole(file) == before


def test_a_lost_key_file_is_said_at_the_start(file: Path, qapp: QApplication, qtbot: QtBot) -> None:
    change_preferences(schools=(str(file),))
    key_path(file).unlink()
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    made.start()
    page = made.window.screen_shown()
    assert isinstance(page, LaunchPage) and "key file" in page.banner.sentence() and "every backup holds a copy" in page.banner.sentence()
    made.end()


def test_copies_by_a_synchronising_program_are_pointed_out_before_anything_is_typed(file: Path, qapp: QApplication, qtbot: QtBot) -> None:
    (file.parent / "hawthorn-LAPTOP2.approgress").write_bytes(b"x")
    change_preferences(schools=(str(file),))
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    made.start()
    page = made.window.screen_shown()
    assert isinstance(page, UnlockPage)
    assert "hawthorn-LAPTOP2.approgress" in page.notice.sentence() and "Nothing was taken from it" in page.notice.sentence()
    made.end()


def test_a_passphrase_given_to_the_command_opens_at_once(file: Path, qapp: QApplication, qtbot: QtBot) -> None:
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    made.start(str(file), WORDS, "T. Mbeki")
    qtbot.waitUntil(lambda: made.window.frame is not None, timeout=20_000)
    assert read_preferences().schools[0] == str(file)
    made.window.frame.workspace.tasks.stop_all()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: not made._tasks.busy())  # type: ignore[union-attr]
    made.end()
