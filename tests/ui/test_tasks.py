"""Work off the GUI thread: results, errors, progress, cancel, and owners that are gone."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Stopped, Trouble
from approgress.ui.crash import WENT_WRONG
from approgress.ui.tasks import Tasks
from approgress.ui.told import sentence_of


@pytest.fixture
def tasks(qapp: QApplication) -> Any:
    made = Tasks()
    yield made
    assert made.stop_all()


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.done: list[Any] = []
        self.failed: list[Exception] = []
        self.moved: list[tuple[int, int]] = []
        self.stopped = 0
        self.threads: set[int] = set()

    def on_done(self, result: Any) -> None:
        self.threads.add(threading.get_ident())
        self.done.append(result)

    def on_failed(self, error: Exception) -> None:
        self.failed.append(error)

    def on_progress(self, done: int, total: int) -> None:
        self.threads.add(threading.get_ident())
        self.moved.append((done, total))

    def on_stopped(self) -> None:
        self.stopped += 1


def test_result_comes_back_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    worker: list[int] = []

    def work(a: int, b: int, *, progress: Any, c: int) -> int:
        worker.append(threading.get_ident())
        for i in range(1, 4):
            progress(i, 3)
        return a + b + c

    handle = tasks.run(work, 1, 2, c=3, on_done=listener.on_done, on_progress=listener.on_progress, on_failed=listener.on_failed)
    assert handle.running()
    qtbot.waitUntil(lambda: bool(listener.done))
    assert listener.done == [6] and not listener.failed and not handle.running() and not tasks.busy()
    assert listener.moved[-1] == (3, 3)
    assert listener.threads == {threading.get_ident()} and worker != [threading.get_ident()]


def test_twenty_results_of_twenty(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    for i in range(20):
        tasks.run(lambda n, progress: n * n, i, on_done=listener.on_done)
    qtbot.waitUntil(lambda: len(listener.done) == 20)
    assert listener.done == [i * i for i in range(20)]


def test_an_error_comes_back(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()

    def work(progress: Any) -> None:
        raise Trouble("The disk is full.")

    tasks.run(work, on_done=listener.on_done, on_failed=listener.on_failed)
    qtbot.waitUntil(lambda: bool(listener.failed))
    assert isinstance(listener.failed[0], Trouble) and not listener.done


class Panic(BaseException):
    """What a library written in Rust raises when it meets a defect of its own."""


def test_what_is_no_exception_comes_back_as_a_defect_and_not_never(qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()

    def work(progress: Any) -> None:
        raise Panic

    handle = tasks.run(work, on_done=listener.on_done, on_failed=listener.on_failed)
    qtbot.waitUntil(lambda: bool(listener.failed), timeout=2000)
    (error,) = listener.failed
    assert isinstance(error.__cause__, Panic) and not listener.done and not handle.running() and not tasks.busy()
    caught: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: caught.append(told[1]))
    assert sentence_of(error) == WENT_WRONG and caught == [error]


def test_cancel_stops_at_the_next_report(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    begun, go = threading.Event(), threading.Event()
    reached: list[int] = []

    def work(progress: Any) -> None:
        progress(0, 10)
        begun.set()
        go.wait(5)
        for i in range(10):
            progress(i, 10)
            reached.append(i)

    handle = tasks.run(work, on_done=listener.on_done, on_failed=listener.on_failed, on_stopped=listener.on_stopped)
    assert begun.wait(5)
    handle.cancel()
    go.set()
    qtbot.waitUntil(lambda: listener.stopped == 1)
    assert reached == [] and not listener.done and not listener.failed


def test_cancel_before_it_began_and_without_on_stopped(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    gate = threading.Event()
    ran: list[int] = []
    tasks.run(lambda progress: gate.wait(5))
    handle = tasks.run(lambda progress: ran.append(1), on_failed=listener.on_failed)
    handle.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(listener.failed))
    assert isinstance(listener.failed[0], Stopped) and not ran


def test_one_worker_at_a_time(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()
    inside, most = [0], [0]

    def work(progress: Any) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        inside[0] -= 1

    for _ in range(5):
        tasks.run(work, on_done=listener.on_done)
    qtbot.waitUntil(lambda: len(listener.done) == 5)
    assert most == [1]


def test_an_owner_that_is_gone_is_not_called(qtbot: QtBot, qapp: QApplication, tasks: Tasks) -> None:
    called: list[int] = []

    class Page(QWidget):
        def on_done(self, _result: object) -> None:
            called.append(1)

    gate = threading.Event()
    page = Page()
    tasks.run(lambda progress: gate.wait(5), on_done=page.on_done)
    import shiboken6

    shiboken6.delete(page)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert called == []


def test_progress_is_thinned_out(qtbot: QtBot, tasks: Tasks) -> None:
    listener = Listener()

    def work(progress: Any) -> None:
        for i in range(50_000):
            progress(i + 1, 50_000)

    tasks.run(work, on_done=listener.on_done, on_progress=listener.on_progress)
    qtbot.waitUntil(lambda: bool(listener.done), timeout=10_000)
    assert listener.moved[-1] == (50_000, 50_000)
    assert len(listener.moved) < 500


def test_nothing_is_called_after_stop_all(qtbot: QtBot, qapp: QApplication) -> None:
    tasks, listener = Tasks(), Listener()

    def work(progress: Any) -> None:
        while True:
            progress(1, 2)
            threading.Event().wait(0.001)

    tasks.run(work, on_done=listener.on_done, on_failed=listener.on_failed, on_stopped=listener.on_stopped)
    assert tasks.stop_all()
    qapp.processEvents()
    assert (listener.done, listener.failed, listener.stopped) == ([], [], 0)
