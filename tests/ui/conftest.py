"""What holds for every test of the window: its look and rings are started, and a question that no test expects is an error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from approgress.ui.ask import Question, answers
from approgress.ui.parts.ring import start_rings
from approgress.ui.theme import start_theme


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[QApplication]:
    """Light at 100%, whatever the test before left, and nothing of a test's windows left after it."""
    start_theme(qapp, "light", 100)
    start_rings(qapp)
    yield qapp
    for window in qapp.topLevelWidgets():
        window.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def questions() -> Iterator[list[Question]]:
    """The questions asked; one that the test does not answer with `ask.answers` is `Unexpected`."""
    with answers() as asked:
        yield asked
