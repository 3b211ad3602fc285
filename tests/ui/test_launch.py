"""First launch: three choices by key, the demonstration school made and stopped, files and addresses opened, looks chosen at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Stopped, Trouble
from approgress.school.school import School
from approgress.store.preferences import SetUpDraft, change_preferences, read_preferences, write_draft
from approgress.ui import ask
from approgress.ui.main_window import MainWindow
from approgress.ui.pages.launch import LaunchPage, recent_words
from approgress.ui.pages.restore import RestorePage
from approgress.ui.pages.set_up import SetUpPage
from approgress.ui.pages.unlock import UnlockPage
from approgress.ui.pictures import faults, unnamed
from approgress.ui.program import Program
from approgress.ui.theme import theme
from tests.ui.a_school import make_school


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    yield made
    if made._tasks is not None:
        made._tasks.stop_all()
    if made.window.frame is not None:
        made.window.frame.workspace.tasks.stop_all()
    made.end()


def _begin(program: Program, qtbot: QtBot) -> LaunchPage:
    program.start()
    qtbot.waitExposed(program.window)
    program.window.activateWindow()
    page = program.window.screen_shown()
    assert isinstance(page, LaunchPage)
    return page


def test_first_launch_shows_the_three_choices_with_keys(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _begin(program, qtbot)
    asked: list[str] = []
    page.demonstration_asked.disconnect()
    page.set_up_asked.disconnect()
    page.file_asked.disconnect()
    page.demonstration_asked.connect(lambda: asked.append("demonstration"))
    page.set_up_asked.connect(lambda: asked.append("set up"))
    page.file_asked.connect(lambda: asked.append("file"))
    qtbot.waitUntil(program.window.isActiveWindow)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        qtbot.keyClick(page, key)
    assert asked == ["demonstration", "set up", "file"]
    assert program.window.windowTitle() == "Begin · approgress"


def test_the_first_choice_has_the_keyboard_and_enter_takes_it(program: Program, qtbot: QtBot) -> None:
    page = _begin(program, qtbot)
    assert program.window.focusWidget() is page.demonstration_button


@pytest.mark.parametrize(("size", "look"), [((1440, 900), "dark"), ((1366, 768), "light"), ((910, 512), "contrast"), ((683, 384), "light")])
def test_nothing_is_cut_at_any_size(program: Program, qtbot: QtBot, size: tuple[int, int], look: str) -> None:
    program.window.setMinimumSize(1, 1)
    program.window.resize(*size)
    theme().set_look(look)
    page = _begin(program, qtbot)
    page.set_recent(("/schools/hawthorn.approgress", "postgresql://db/trust"))
    page.set_draft(3)
    qtbot.wait(1)
    # a key cap with one digit has too few pixels of one colour for the measure of contrast
    assert [f for f in faults(program.window) if "KeyCap" not in f] == []
    assert unnamed(program.window) == []


def test_text_size_and_colours_are_chosen_at_once_and_kept(program: Program, qtbot: QtBot) -> None:
    page = _begin(program, qtbot)
    page._text_chosen("150")
    page._colour_chosen("contrast")
    assert theme().text_percent == 150 and theme().style.name == "contrast"
    assert (read_preferences().text_percent, read_preferences().theme) == (150, "contrast")
    assert page.text_choice.value() == "150" and page.colour_choice.value() == "contrast"


def test_the_demonstration_school_is_made_with_progress_and_opened(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[int, int]] = []

    def small(path: Path, *, progress: object) -> School:
        assert path == program.demonstration_path()
        for done in range(3):
            progress(done, 3)  # type: ignore[operator]
        path.parent.mkdir(exist_ok=True)
        made = make_school(path.parent)
        made.close()
        for ending in ("", "-keys"):
            (path.parent / f"s.approgress{ending}").rename(path.with_name(path.name + ending))
        return School.open(path)

    monkeypatch.setattr("approgress.school.demonstration.make_demonstration", small)
    page = _begin(program, qtbot)
    page.progress.show_progress = lambda done, total: said.append((done, total))  # type: ignore[method-assign]
    page.demonstration_button.click()
    assert page.progress.isVisible() and not page.demonstration_button.isEnabled()
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)
    assert program.school is not None and program.school.setting.demonstration
    assert read_preferences().schools == (str(program.demonstration_path()),)


def test_stop_leaves_nothing_of_the_demonstration_school(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    begun = threading.Event()

    def slow(path: Path, *, progress: object) -> School:
        path.write_bytes(b"half")
        begun.set()
        for done in range(100_000):
            progress(done, 100_000)  # type: ignore[operator]
            threading.Event().wait(0.002)
        raise AssertionError("it was not stopped")

    monkeypatch.setattr("approgress.school.demonstration.make_demonstration", slow)
    page = _begin(program, qtbot)
    page.demonstration_button.click()
    assert begun.wait(10)
    page.progress.stop.click()
    qtbot.waitUntil(lambda: page.demonstration_button.isEnabled(), timeout=10_000)
    assert "Stopped" in page.banner.sentence() and not program.demonstration_path().exists()
    assert not page.progress.isVisible() and program.school is None
    assert issubclass(Stopped, Exception)


def test_what_cannot_be_made_is_said_in_place(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *, progress: object) -> School:
        raise Trouble("The disk is full: nothing was made.")

    monkeypatch.setattr("approgress.school.demonstration.make_demonstration", full)
    page = _begin(program, qtbot)
    page.demonstration_button.click()
    qtbot.waitUntil(lambda: bool(page.banner.sentence()), timeout=10_000)
    assert page.banner.sentence() == "The disk is full: nothing was made." and page.demonstration_button.isEnabled()


def test_a_demonstration_school_that_is_there_is_opened_at_once(program: Program, qtbot: QtBot) -> None:
    path = program.demonstration_path()
    made = make_school(path.parent)
    made.close()
    for ending in ("", "-keys"):
        (path.parent / f"s.approgress{ending}").rename(path.with_name(path.name + ending))
    page = _begin(program, qtbot)
    page.demonstration_button.click()
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)


def test_a_locked_school_is_unlocked_first_and_found_again_at_the_next_start(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "Siân Ó M#r%20in & co"
    home.mkdir()
    file = home / "unsere schule.approgress"
    School.create(file, "Hawthorn Centre", passphrase="four short words")[0].close()
    _begin(program, qtbot)
    with ask.answers([file]):
        program._choose_file()
    page = program.window.screen_shown()
    assert isinstance(page, UnlockPage)
    page.form.passphrase.set_value("four short words")
    page.form.open_button.click()
    qtbot.waitUntil(lambda: program.window.frame is not None, timeout=20_000)
    assert read_preferences().schools == (str(file),)
    again = Program(program.app)
    qtbot.addWidget(again.window, before_close_func=MainWindow.close_now)
    again.start()
    assert isinstance(again.window.screen_shown(), UnlockPage)
    assert again.window.screen_shown().form.title_text.text() == "Hawthorn Centre"  # type: ignore[union-attr]
    again.end()


def test_a_backup_that_is_chosen_is_restored_first(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    with make_school(tmp_path) as school:
        school.back_up(tmp_path / "copy.backup")
    _begin(program, qtbot)
    with ask.answers([tmp_path / "copy.backup"]):
        program._choose_file()
    assert isinstance(program.window.screen_shown(), RestorePage)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: None, "There is no file"),
        (lambda p: (p.write_bytes(b""), p.with_name(p.name + "-keys").write_text("{}")), "damaged"),
        (lambda p: p.write_bytes(b"x" * 4096), "key file"),
    ],
)
def test_what_cannot_be_opened_is_said_on_the_page(program: Program, qtbot: QtBot, tmp_path: Path, make: object, said: str) -> None:
    file = tmp_path / "school.approgress"
    make(file)  # type: ignore[operator]
    _begin(program, qtbot)
    program.open_path(file)
    page = program.window.screen_shown()
    assert isinstance(page, LaunchPage) and said in page.banner.sentence()


def test_a_synchronised_folder_is_refused_in_words(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - Trial Trust" / "Documents"
    folder.mkdir(parents=True)
    file = folder / "school.approgress"
    file.write_bytes(b"x" * 4096)
    _begin(program, qtbot)
    program.open_path(file)
    page = program.window.screen_shown()
    assert isinstance(page, LaunchPage)
    assert "OneDrive - Trial Trust" in page.banner.sentence() and "Choose a folder on this computer" in page.banner.sentence()


def test_the_last_school_that_is_gone_is_said_and_launch_is_shown(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    change_preferences(schools=(str(tmp_path / "gone.approgress"),))
    program.preferences = read_preferences()
    page = _begin(program, qtbot)
    assert "There is no file" in page.banner.sentence()


def test_an_unfinished_set_up_goes_on_where_it_was_and_can_be_forgotten(program: Program, qtbot: QtBot) -> None:
    write_draft(SetUpDraft(step=3, name="Hawthorn Centre"))
    page = _begin(program, qtbot)
    assert page.set_up_button.text() == "Go on with step 3"
    page.set_up_button.click()
    shown = program.window.screen_shown()
    assert isinstance(shown, SetUpPage) and shown.step == 3
    shown.stop_button.click()
    page = program.window.screen_shown()
    assert isinstance(page, LaunchPage)
    page.give_up_button.click()
    assert page.set_up_button.text() == "Start" and not page.give_up_button.isVisible()


def test_an_address_that_is_none_is_refused_in_the_dialog(program: Program, qtbot: QtBot) -> None:
    _begin(program, qtbot)
    program._ask_address()
    dialog = QApplication.activeModalWidget()
    dialog.address.set_value("mysql://db/x")  # type: ignore[union-attr]
    dialog.main_button.click()  # type: ignore[union-attr]
    assert "postgresql://" in dialog.address.wrong()  # type: ignore[union-attr]
    dialog.reject()  # type: ignore[union-attr]


def test_recent_schools_are_named_without_folders_or_passwords() -> None:
    assert recent_words("/home/x/Hawthorn Centre.approgress") == "Hawthorn Centre"
    assert recent_words("postgresql://name@db.example/trust") == "trust on db.example"


@pytest.mark.parametrize("way", ["key", "press"])
def test_set_up_begins_in_the_field_of_the_name(program: Program, qtbot: QtBot, way: str) -> None:
    page = _begin(program, qtbot)
    qtbot.waitUntil(program.window.isActiveWindow)
    if way == "key":
        qtbot.keyClick(page, Qt.Key.Key_2)
    else:
        page.set_up_button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.mouseClick(page.set_up_button, Qt.MouseButton.LeftButton)
    shown = program.window.screen_shown()
    assert isinstance(shown, SetUpPage)
    qtbot.keyClicks(QApplication.focusWidget(), "Rowan House")
    assert shown.name.value() == "Rowan House"
