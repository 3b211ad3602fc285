"""What holds for every test of the window (look and rings started, unexpected questions are errors), and a school to look at."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.school.school import School
from approgress.ui.ask import Question, answers
from approgress.ui.garbage import keep_garbage_here
from approgress.ui.main_window import MainWindow
from approgress.ui.parts.ring import start_rings
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import make_school, pupil_named


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """What a test of the window leaves is collected here, once pytest itself has let go of it.

    Otherwise the threads that pytest-xdist and pytest-timeout run beside the tests collect it now and then, as does the program's own
    worker: a timer freed there crashes a later test.
    """
    here = Path(__file__).parent
    if not item.path.is_relative_to(here):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()  # what is still there is there for good, and need not be looked through after every test
        if nextitem is None or not nextitem.path.is_relative_to(here):
            gc.enable()


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[QApplication]:
    """Light at 100%, whatever the test before left, and nothing of a test's windows left after it."""
    keep_garbage_here()
    start_theme(qapp, "light", 100)
    start_rings(qapp)
    yield qapp
    for window in qapp.topLevelWidgets():
        window.close()
        if window.parent() is None:  # a popup goes with whose it is
            window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def questions() -> Iterator[list[Question]]:
    """The questions asked; one that the test does not answer with `ask.answers` is `Unexpected`."""
    with answers() as asked:
        yield asked


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """The school of `a_school`; a test that needs another has a `school` of its own."""
    made = make_school(tmp_path)
    yield made
    made.close()


@pytest.fixture
def workspace(school: School) -> Workspace:
    return Workspace(school)


@pytest.fixture
def amara(workspace: Workspace) -> int:
    """The id of the pupil of whom most is known."""
    return pupil_named(workspace.school, "amara")


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The program's window, empty and in front."""
    made = MainWindow(1366, 768)
    qtbot.addWidget(made, before_close_func=MainWindow.close_now)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    return made
