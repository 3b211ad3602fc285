"""Garbage: no thread but the window's collects, whatever runs beside it, and the window does collect, the old as well as the young."""

from __future__ import annotations

import gc
import re
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from approgress.ui import garbage
from approgress.ui.garbage import collect_here, keep_garbage_here
from approgress.ui.tasks import Progress, Tasks

MANY = 5_000  # more than Python makes before it collects


@pytest.fixture
def collected_in() -> Iterator[list[int]]:
    """The threads in which Python collected."""
    threads: list[int] = []

    def note(phase: str, _info: object) -> None:
        threads.append(threading.get_ident())

    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)


class Ring(QWidget):
    """A widget that only a collection frees, and a timer of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer(self)
        self.timer.start(10)


def rings(count: int) -> list[list[object]]:
    """Lists that hold themselves."""
    made: list[list[object]] = []
    for _ in range(count):
        one: list[object] = []
        one.append(one)
        made.append(one)
    return made


def _work(progress: Progress) -> int:
    return len(rings(MANY))


def test_the_worker_never_collects(qtbot: QtBot, collected_in: list[int]) -> None:
    tasks = Tasks()
    done: list[int] = []
    for _ in range(10):
        rings(MANY)
        tasks.run(_work, on_done=done.append)
        qtbot.waitUntil(lambda: not tasks.busy())
    assert tasks.stop_all() and done == [MANY] * 10
    assert set(collected_in) <= {threading.get_ident()}
    assert not gc.isenabled(), "and nobody does so by accident later"


def test_no_other_thread_collects(qapp: QApplication, collected_in: list[int]) -> None:
    thread = threading.Thread(target=rings, args=(MANY,))
    thread.start()
    thread.join()
    assert collected_in == []


def test_what_warms_up_leaves_collecting_off(qapp: QApplication, collected_in: list[int]) -> None:
    from approgress.ui import program, warm

    for begin in (warm._load, program._warm_up):
        thread = threading.Thread(target=begin)
        thread.start()
        thread.join()
        assert not gc.isenabled()
    assert collected_in == []


def test_the_window_collects_between_two_events(qtbot: QtBot, qapp: QApplication, collected_in: list[int]) -> None:
    keep_garbage_here()
    timers = [timer for timer in qapp.children() if timer is garbage._timer]
    assert len(timers) == 1 and garbage._timer is not None
    assert garbage._timer.isActive() and garbage._timer.thread() is QThread.currentThread()
    gone = weakref.ref(Ring())
    kept = rings(MANY)
    assert gone() is not None
    qtbot.waitUntil(lambda: gone() is None, timeout=10 * garbage.EVERY)
    assert set(collected_in) == {threading.get_ident()} and len(kept) == MANY


def test_few_objects_are_no_reason(qapp: QApplication, collected_in: list[int]) -> None:
    gc.collect()
    del collected_in[:]
    collect_here()
    assert collected_in == []


def test_old_garbage_goes_once_much_was_made(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_all", 0)
    monkeypatch.setattr(garbage, "_grown", 0)
    page = Ring()
    gone = weakref.ref(page)
    gc.collect()
    del page
    kept = rings(MANY)
    collect_here()
    assert gone() is not None, "the old are left alone while little was made"
    for _ in range(3):
        kept += rings(MANY)
        collect_here()
    assert gone() is None


def test_a_job_is_freed_by_the_window(qtbot: QtBot) -> None:
    """What a piece of work was given may be a widget's last reference."""
    freed_in: list[int] = []

    class Given:
        def __del__(self) -> None:
            freed_in.append(threading.get_ident())

    tasks = Tasks()
    for _ in range(50):
        tasks.run(_take, Given())
    qtbot.waitUntil(lambda: len(freed_in) == 50)
    assert set(freed_in) == {threading.get_ident()}
    assert not tasks.busy()


def _take(_given: object, progress: Progress) -> None:
    """Does nothing with it."""


def test_nothing_turns_collecting_on_or_walks_the_focus_chain() -> None:
    """PySide makes each widget of the focus chain that is walked the owner of the next, so that the end of one takes the other with it."""
    here = Path(__file__)
    root = here.parent.parent.parent
    may: dict[str, Callable[[Path], bool]] = {
        "InFocusChain": lambda file: False,
        r"gc\.enable": lambda file: file.name == "conftest.py",
    }
    for file in [*(root / "approgress").rglob("*.py"), *(root / "tests").rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        for word, allowed in may.items():
            assert file == here or allowed(file) or not re.search(word, text), f"{file.relative_to(root)} has {word}"
