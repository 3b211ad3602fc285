"""The window: places, what hidden pages are told, back, names hidden, lock, idle, title, the end with its backup, what pages ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Changes, Put, Title
from approgress.domain.errors import Trouble
from approgress.domain.records import Group
from approgress.school.school import School
from approgress.store.preferences import read_preferences
from approgress.ui.main_window import MainWindow
from approgress.ui.parts.banner import Banner
from approgress.ui.places import PAGES, Place
from approgress.ui.program import Program
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, make_school


class FirstPage(QWidget):
    """A page as the contract asks for it."""

    title = "First"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.told: list[Changes] = []
        self.may = True
        column = QVBoxLayout(self)
        self.banner = Banner()
        self.field = QLineEdit()
        column.addWidget(self.banner)
        column.addWidget(self.field)

    def refresh(self, changes: Changes) -> None:
        self.told.append(changes)

    def may_leave(self) -> bool:
        return self.may


class SecondPage(FirstPage):
    title = "Second"


class PupilPage(FirstPage):
    title = "Pupil"
    shown = Signal(int)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.pupils: list[int] = []

    def open_pupil(self, pupil_id: int) -> None:
        self.pupils.append(pupil_id)


HERE = __name__
PLACES = (
    Place("first", "First", "today", HERE, "FirstPage"),
    Place("second", "Second", "sliders", HERE, "SecondPage"),
    Place("pupil", "Pupil", "", HERE, "PupilPage", under="first"),
)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """With pytest's importlib mode this module is found by name only if it says so itself."""
    import sys

    monkeypatch.setitem(sys.modules, HERE, sys.modules.get(HERE) or __import__(HERE))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(1200, 700)
    qtbot.addWidget(made, before_close_func=MainWindow.close_now)
    made.show()
    qtbot.waitExposed(made)
    yield made


@pytest.fixture
def frame(school: School, window: MainWindow) -> Iterator[SchoolFrame]:
    workspace = Workspace(school)
    made = SchoolFrame(workspace, PLACES)
    window.show_school(made)
    made.go("first")
    yield made
    workspace.stop_looking()
    workspace.tasks.stop_all()


def _group(workspace: Workspace, name: str = "Rowan") -> None:
    workspace.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, name))])


def test_a_page_is_made_when_it_is_first_shown(frame: SchoolFrame) -> None:
    assert frame.page("second") is None
    page = frame.go("second")
    assert isinstance(page, SecondPage) and page.isVisible() and frame.go("second") is page


def test_only_the_page_that_is_shown_reads_at_once_the_others_when_they_come(frame: SchoolFrame) -> None:
    first = frame.page("first")
    second = frame.go("second")
    assert isinstance(first, FirstPage) and isinstance(second, SecondPage)
    _group(frame.workspace, "Rowan")
    _group(frame.workspace, "Alder")
    assert [c.kinds for c in second.told] == [{"group"}, {"group"}] and first.told == []
    frame.go("first")
    assert [c.kinds for c in first.told] == [{"group"}], "joined into one"
    frame.go("second")
    assert len(second.told) == 2, "nothing happened since"


def test_a_pupil_is_opened_under_its_place_and_back_goes_back(frame: SchoolFrame) -> None:
    frame.workspace.open_pupil(7)
    page = frame.current_page()
    assert isinstance(page, PupilPage) and page.pupils == [7]
    assert frame.rail.list.chosen == "first"
    frame.workspace.open_pupil(9)
    frame.go("second")
    frame.back()
    assert frame.current_page() is page and page.pupils == [7, 9, 9]
    frame.back()
    assert page.pupils == [7, 9, 9, 7]
    frame.back()
    assert frame.current_page() is frame.page("first")
    frame.back()
    assert frame.current_page() is frame.page("first"), "nowhere further back"


def test_keys_of_the_window(frame: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(frame.current_page(), SecondPage)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert frame.current_page() is frame.page("first")
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert frame.workspace.names_hidden
    _group(frame.workspace)
    frame.setFocus()
    qtbot.keyClick(frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Rowan" not in {g.name for g in frame.workspace.read(lambda r: r.every(Group))}
    qtbot.keyClick(frame, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert "Rowan" in {g.name for g in frame.workspace.read(lambda r: r.every(Group))}
    qtbot.keyClick(frame, Qt.Key.Key_F1)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None and dialog.windowTitle() == "All keys"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


def test_hiding_names_reaches_every_page_at_once(frame: SchoolFrame) -> None:
    first = frame.page("first")
    second = frame.go("second")
    assert isinstance(first, FirstPage) and isinstance(second, SecondPage)
    frame.workspace.hide_names(True)
    assert second.told == [Changes(everything=True)]
    frame.go("first")
    assert first.told == [Changes(everything=True)]


def test_a_page_that_must_finish_first_is_not_left(frame: SchoolFrame) -> None:
    first = frame.page("first")
    assert isinstance(first, FirstPage)
    first.may = False
    assert frame.go("second") is first and frame.current_page() is first and frame.rail.list.chosen == "first"
    first.may = True
    assert isinstance(frame.go("second"), SecondPage)


def test_sentences_stand_in_the_page_that_is_shown(frame: SchoolFrame) -> None:
    first = frame.page("first")
    assert isinstance(first, FirstPage)
    frame.workspace.say("The disk is full.", "error")
    assert first.banner.sentence() == "The disk is full." and first.banner.isVisible()


def test_a_page_that_cannot_be_read_says_why(frame: SchoolFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    first = frame.page("first")
    assert isinstance(first, FirstPage)

    def broken(_changes: Changes) -> None:
        raise Trouble("s.approgress can no longer be reached.")

    monkeypatch.setattr(first, "refresh", broken)
    _group(frame.workspace)
    assert first.banner.sentence() == "s.approgress can no longer be reached."


def test_counts_stand_beside_their_place(frame: SchoolFrame) -> None:
    frame.workspace.set_badge("second", 6, "6 need you")
    assert frame.rail.list.places.counts["second"] == (6, "6 need you")


def test_the_demonstration_strip_names_its_day_and_offers_to_wipe(frame: SchoolFrame, qtbot: QtBot) -> None:
    assert "Demonstration" in frame.rail.demonstration.text()
    assert "24 Nov 2026" in frame.rail.demonstration_day.text()
    assert frame.wipe_button is not None
    with qtbot.waitSignal(frame.wipe_asked):
        frame.wipe_button.click()  # type: ignore[attr-defined]


def test_the_title_names_page_and_school_and_never_a_pupil(school: School, window: MainWindow) -> None:
    workspace = Workspace(school)
    frame = SchoolFrame(workspace)
    window.show_school(frame)
    for key in ("today", "pupils", "setting"):
        frame.go(key)
        assert window.windowTitle().endswith("Trial Bridge School · approgress")
    pupil = next(p for p in school.read(lambda r: r.sql("SELECT id FROM pupil ORDER BY id")))[0]
    frame.open_pupil(int(str(pupil)))
    assert not any(secret in window.windowTitle() for secret in SECRETS)
    workspace.tasks.stop_all()


def test_every_page_opens_on_a_small_school(school: School, window: MainWindow, qtbot: QtBot) -> None:
    workspace = Workspace(school)
    frame = SchoolFrame(workspace)
    window.show_school(frame)
    for place in PAGES:
        page = frame.go(place.key)
        qtbot.waitUntil(lambda: not workspace.tasks.busy())
        assert page.isVisible() and page.title, place.key  # type: ignore[attr-defined]
        page.refresh(Changes(everything=True))  # type: ignore[attr-defined]
    workspace.tasks.stop_all()


# --- lock ---------------------------------------------------------------------------------------------------------------


def _locked_school(tmp_path: Path) -> School:
    made, _ = School.create(tmp_path / "real.approgress", "Real School", passphrase="four short words", person="T. Mbeki")
    return made


@pytest.fixture
def real(tmp_path: Path, window: MainWindow) -> Iterator[SchoolFrame]:
    school = _locked_school(tmp_path)
    workspace = Workspace(school)
    made = SchoolFrame(workspace, PLACES)
    window.show_school(made)
    made.go("first")
    yield made
    workspace.stop_looking()
    workspace.tasks.stop_all()
    school.close()


def _covered(window: QWidget) -> bool:
    from approgress.ui.lock import Cover

    covers = [c for c in window.findChildren(Cover) if c.isVisible() and c.parentWidget() is window]
    return bool(covers) and covers[0].geometry() == window.rect()


def test_lock_covers_and_only_the_right_passphrase_opens(real: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    real.rail.lock.click()
    assert window.locked and _covered(window)
    dialog = window.cover
    assert dialog is not None and dialog.isVisible()
    form = dialog.form  # type: ignore[attr-defined]
    assert "Real School" not in window.windowTitle()
    qtbot.keyClicks(form.passphrase.line, "wrong words")
    qtbot.keyClick(form.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(form.passphrase.wrong()), timeout=20_000)
    assert window.locked
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.locked and form.passphrase.value() == "" and dialog.isVisible(), "Esc never opens and never closes it"
    qtbot.keyClicks(form.passphrase.line, "four short words")
    qtbot.keyClick(form.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.locked, timeout=20_000)
    assert not _covered(window) and window.windowTitle() == "First · Real School · approgress"


def test_a_dialog_that_is_open_is_covered_too_and_stays(real: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    from approgress.ui.forms import show_dialog
    from approgress.ui.forms.people import GroupDialog

    page = real.current_page()
    assert page is not None
    dialog = show_dialog(GroupDialog(lambda *_: None, today=real.workspace.today, parent=page))
    dialog.name.set_value("half typ")
    window.lock()
    assert _covered(window) and _covered(dialog)
    window.unlock_for_pictures()
    assert dialog.isVisible() and dialog.name.value() == "half typ" and not _covered(dialog)
    dialog.reject()


def test_somebody_elses_passphrase_does_not_open_it(real: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    school = real.workspace.school
    from approgress.domain.acts.setting import put_person
    from approgress.domain.records import Person

    school.do(Title.PEOPLE, lambda ids: put_person(ids, "J. Okafor", "office", None, others=[], today=school.today))
    other = next(p for p in school.read(lambda r: r.every(Person)) if p.name == "J. Okafor")
    school.set_passphrase(other.id, other.name, "another four words")
    window.lock()
    form = window.cover.form  # type: ignore[union-attr]
    form.passphrase.set_value("another four words")
    form.open_button.click()
    qtbot.waitUntil(lambda: bool(form.passphrase.wrong()), timeout=20_000)
    assert window.locked
    window.unlock_for_pictures()


def test_the_demonstration_school_opens_by_enter_and_by_no_other_key(frame: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    window.lock()
    assert window.locked and _covered(window)
    for key in (Qt.Key.Key_A, Qt.Key.Key_Slash, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_F8):
        for place in (window.cover, window.cover.button):  # type: ignore[union-attr]
            qtbot.keyClick(place, key)
            assert window.locked
    assert not frame.workspace.names_hidden
    qtbot.keyClick(window.cover.button, Qt.Key.Key_Return)  # type: ignore[union-attr]
    assert not window.locked


def test_what_is_typed_on_after_unlocking_goes_nowhere(frame: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    page = frame.current_page()
    assert isinstance(page, FirstPage)
    window.lock()
    qtbot.keyClick(window.cover, Qt.Key.Key_Return)
    page.field.setFocus()
    qtbot.keyClicks(page.field, "//L")
    qtbot.keyClick(frame, Qt.Key.Key_F8)
    assert page.field.text() == "" and not frame.workspace.names_hidden
    qtbot.wait(600)
    qtbot.keyClicks(page.field, "x")
    assert page.field.text() == "x", "after a moment keys count again"


def test_a_click_opens_only_on_the_button(frame: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    window.lock()
    qtbot.mouseClick(window.cover, Qt.MouseButton.LeftButton)
    assert window.locked
    qtbot.mouseClick(window.cover.button, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    assert not window.locked


def test_idle_locks_and_input_keeps_it_open(frame: SchoolFrame, window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    now = time.monotonic()
    monkeypatch.setattr("approgress.ui.main_window.time.monotonic", lambda: now + 299)
    window.look_idle()
    assert not window.locked
    handle = window.windowHandle()
    qtbot.keyClick(handle, Qt.Key.Key_A)  # type: ignore[arg-type]
    monkeypatch.setattr("approgress.ui.main_window.time.monotonic", lambda: now + 400)
    window.look_idle()
    assert not window.locked, "a key was pressed 101 seconds ago"
    monkeypatch.setattr("approgress.ui.main_window.time.monotonic", lambda: now + 700)
    window.look_idle()
    assert window.locked
    window.unlock_for_pictures()


def test_a_computer_that_slept_is_locked_and_never_means_never(frame: SchoolFrame, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    slept = time.time() + 3600
    monkeypatch.setattr("approgress.ui.main_window.time.time", lambda: slept)
    window.idle_minutes = 0
    window.look_idle()
    assert not window.locked
    window.idle_minutes = 5
    window.look_idle()
    assert window.locked
    window.unlock_for_pictures()


# --- the end ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    made = Program(qapp)
    made.start()
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    qtbot.waitExposed(made.window)
    yield made
    if made._tasks is not None:
        made._tasks.stop_all()
    if made.window.frame is not None:
        made.window.frame.workspace.tasks.stop_all()
    made.end()


def test_closing_makes_a_checked_backup_and_keeps_the_window_as_it_was(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    program.enter(school)
    program.window.resize(1111, 666)
    qtbot.waitUntil(lambda: not program._tasks.busy())  # type: ignore[union-attr]
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=20_000)
    with School.open(tmp_path / "s.approgress") as again:
        (backup,) = again.automatic_backups()
        assert backup.tick == again.journal.newest()
    kept = read_preferences()
    assert (kept.width, kept.height) == (1111, 666) and kept.schools == (str(tmp_path / "s.approgress"),) and kept.notices == ()


def test_a_backup_that_fails_is_said_may_be_tried_again_and_is_told_at_the_next_start(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    from approgress.ui.pages.waiting import WaitingPage

    school = make_school(tmp_path)
    program.enter(school)
    qtbot.waitUntil(lambda: not program._tasks.busy())  # type: ignore[union-attr]

    def full() -> None:
        raise Trouble("No backup could be made in backups: the disk is full. The school's file is untouched.")

    monkeypatch.setattr(school, "back_up_if_changed", full)
    program.window.close()
    qtbot.waitUntil(lambda: isinstance(program.window.screen_shown(), WaitingPage) and program.window.screen_shown().leave.isVisible(), timeout=20_000)  # type: ignore[union-attr]
    page = program.window.screen_shown()
    assert isinstance(page, WaitingPage) and "the disk is full" in page.banner.sentence()
    page.leave.click()
    assert not program.window.isVisible()
    (notice,) = read_preferences().notices
    assert "no backup was made" in notice and "the disk is full" in notice
    again = Program(program.app)
    again.start(str(tmp_path / "s.approgress"))
    qtbot.addWidget(again.window, before_close_func=MainWindow.close_now)
    qtbot.waitUntil(lambda: again.window.frame is not None, timeout=20_000)
    page2 = again.window.frame.current_page()  # type: ignore[union-attr]
    assert "no backup was made" in page2.banner.sentence()  # type: ignore[union-attr]
    assert read_preferences().notices == ()
    qtbot.waitUntil(lambda: not again._tasks.busy())  # type: ignore[union-attr]
    again.end()


def test_wiping_takes_the_demonstration_away_and_nothing_else(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    (tmp_path / "other.approgress").write_bytes(b"kept")
    program.enter(school)
    qtbot.waitUntil(lambda: not program._tasks.busy())  # type: ignore[union-attr]
    school.back_up()
    program._ask_wipe()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.focusWidget() is dialog.leave_button, "the harmless button has the keyboard"  # type: ignore[attr-defined]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert (tmp_path / "s.approgress").exists()
    program._ask_wipe()
    QApplication.activeModalWidget().main_button.click()  # type: ignore[union-attr]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.approgress"]
    assert program.window.frame is None and program.school is None and read_preferences().schools == ()


def test_after_a_wipe_it_is_said_which_reports_remain_and_where(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    from approgress.school.reports import make_reports
    from tests.ui.a_school import pupil_named

    school = make_school(tmp_path)
    program.enter(school)
    qtbot.waitUntil(lambda: not program._tasks.busy())  # type: ignore[union-attr]
    out = tmp_path / "papers"
    (made,) = make_reports(school, [pupil_named(school, "amara")], out).files
    (out / "somebody else.pdf").write_bytes(b"%PDF-1.7 /Creator (other) /Author (Trial Bridge School)")
    program.wipe()
    said = program._launch.banner.sentence()  # type: ignore[union-attr]
    assert "is wiped" in said and made.name in said and str(out) in said and "somebody else" not in said
    assert made.exists()


def test_from_the_demonstration_school_to_ones_own(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    program.enter(make_school(tmp_path))
    frame = program.window.frame
    assert frame is not None and frame.own_button is not None
    qtbot.waitUntil(lambda: not program._tasks.busy())  # type: ignore[union-attr]
    frame.own_button.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: program._launch is not None, timeout=20_000)
    assert program.school is None and program.window.frame is None
    assert (tmp_path / "s.approgress").exists(), "the demonstration school stays"
    assert program._launch.set_up_button.isVisible()  # type: ignore[union-attr]


def test_a_defect_gets_a_calm_dialog_one_at_a_time(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    program.enter(make_school(tmp_path))
    program.failed_anywhere.emit("Something went wrong inside the program.", "ValueError\n")
    program.failed_anywhere.emit("Something went wrong inside the program.", "KeyError\n")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None and dialog.windowTitle() == "Something went wrong"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None
    program.failed_anywhere.emit("The disk is full.", "")
    assert QApplication.activeModalWidget() is None
    assert program.window.frame.current_page().banner.sentence() == "The disk is full."  # type: ignore[union-attr]


def test_copies_by_a_synchronising_program_are_pointed_out_once_and_left_alone(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    copy = tmp_path / "s (Anna's conflicted copy 2026-11-20).approgress"
    copy.write_bytes(b"not looked into")
    program.enter(school)
    page = program.window.frame.current_page()  # type: ignore[union-attr]
    said = page.banner.sentence()  # type: ignore[union-attr]
    assert "conflicted copy" in said and "Nothing was taken from it" in said
    assert copy.read_bytes() == b"not looked into"
    assert str(copy) in read_preferences().kept_copies


def test_preferences_are_kept_and_applied(program: Program) -> None:
    from approgress.ui.theme import theme

    program.set_look("dark", 0)
    program.set_look("", 150)
    assert theme().style.name == "dark" and theme().text_percent == 150
    kept = read_preferences()
    assert (kept.theme, kept.text_percent) == ("dark", 150)
    assert replace(kept, theme="light").theme == "light"
