"""The progress report's form: pages as they will be printed, time and names chosen, what is missing said, files written or refused in words."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.ui.ask import answers
from approgress.ui.forms.report import PagePicture, ReportDialog
from approgress.ui.workspace import Workspace
from tests.ui.a_school import DAY_0, TODAY, pupil_named

_LONG = 60_000


@pytest.fixture
def dialog(qtbot: QtBot, workspace: Workspace) -> Iterator[ReportDialog]:
    made = ReportDialog(workspace, pupil_named(workspace.school, "amara"), DAY_0)
    qtbot.addWidget(made)
    made.show()
    ready(qtbot, made)
    yield made
    made.reject()


def ready(qtbot: QtBot, dialog: ReportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog._tasks.busy() and dialog.save_button.isEnabled(), timeout=_LONG)


def pages(dialog: ReportDialog) -> list[PagePicture]:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # those of the preview before
    return dialog.pages.widget().findChildren(PagePicture)


def text_of(path: Path) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(path).pages).split())


def test_the_pages_are_shown_with_what_is_missing(dialog: ReportDialog) -> None:
    shown = pages(dialog)
    assert len(shown) >= 2
    assert dialog.count.text() == f"{len(shown)} pages"
    assert shown[0].accessibleName() == f"Page 1 of {len(shown)}"
    assert not shown[0].pixmap().isNull()
    assert dialog.lacking_text.text() == "Nothing that is asked for is missing."
    assert not dialog.progress.isVisible()


def test_the_report_is_saved_where_the_person_says(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with answers(folder):
        dialog.save_button.click()
    ready(qtbot, dialog)
    (made,) = folder.iterdir()
    assert made.name == "Amara Bell progress report 2026-11-24.pdf"
    assert "Amara Bell" in text_of(made)
    assert "is saved in" in dialog.banner.sentence()
    assert len(PdfReader(made).pages) == len(pages(dialog))


def test_escape_from_the_choice_of_folder_writes_nothing(dialog: ReportDialog, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*.pdf"))
    with answers(None):
        dialog.save_button.click()
    assert sorted(tmp_path.rglob("*.pdf")) == before


def test_names_off_leave_no_name_in_file_or_text(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.names.box.click()
    ready(qtbot, dialog)
    folder = tmp_path / "out"
    folder.mkdir()
    dialog.save_to(folder)
    ready(qtbot, dialog)
    (made,) = folder.iterdir()
    assert "Amara" not in made.name and "KTB412" in made.name
    assert "Amara" not in text_of(made) and "Bell" not in text_of(made)


def test_another_time_is_laid_out_anew_and_a_wrong_one_refused(qtbot: QtBot, dialog: ReportDialog) -> None:
    before = pages(dialog)[0].pixmap().toImage()
    dialog.first.set_value(date(2026, 9, 1))
    dialog.make_preview()
    ready(qtbot, dialog)
    assert pages(dialog)[0].pixmap().toImage() != before
    dialog.first.set_value(date(2026, 11, 24))
    dialog.last.set_value(date(2026, 11, 1))
    dialog.make_preview()
    assert dialog.first.wrong() == "It begins after it ends."
    dialog.last.line.setText("tomorrow?")
    dialog.make_preview()
    assert "is not a date" in dialog.last.wrong()


def test_a_file_that_is_locked_is_said_and_another_name_offered(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    taken = folder / "Amara Bell progress report 2026-11-24.pdf"
    taken.mkdir()  # cannot be replaced, as a file that a viewer holds open on Windows cannot
    dialog.save_to(folder)
    ready(qtbot, dialog)
    assert dialog.banner.sentence() and "saved in" not in dialog.banner.sentence()
    if dialog.banner.action.text():
        dialog.banner.action.click()
        ready(qtbot, dialog)
        assert [p for p in folder.iterdir() if p.is_file()]


def test_a_folder_that_is_gone_is_said(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.save_to(tmp_path / "no" / "such" / "place")
    ready(qtbot, dialog)
    assert dialog.banner.sentence()
    assert not (tmp_path / "no").exists()


def test_a_pupil_who_came_today_gets_a_report_of_sensible_length(qtbot: QtBot, workspace: Workspace) -> None:
    from approgress.domain.acts.pupils import PupilForm, add_pupil
    from approgress.domain.edits import Title

    workspace.do(Title.ADD_PUPIL, lambda ids: add_pupil(ids, PupilForm("Sol", "Brook"), code="SOL111", setting_id=1, today=TODAY))
    made = ReportDialog(workspace, pupil_named(workspace.school, "sol brook"), TODAY)
    qtbot.addWidget(made)
    made.show()
    ready(qtbot, made)
    assert made.banner.sentence() == ""
    assert 1 <= len(pages(made)) <= 3
    assert made.banner.sentence() == ""
    assert "starting point is not agreed yet" in made.lacking_text.text()
    made.reject()


def test_closing_while_pages_are_made_stops_and_frees(qtbot: QtBot, workspace: Workspace) -> None:
    made = ReportDialog(workspace, pupil_named(workspace.school, "amara"), DAY_0)
    made.show()
    assert made._tasks.busy()
    made.reject()
    assert not made._tasks.busy()
    gone = weakref.ref(made)
    made.deleteLater()
    del made
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert gone() is None
