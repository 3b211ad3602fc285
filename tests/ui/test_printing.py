"""Ctrl+P: the list that is shown goes to paper as it is read, names hidden where they are hidden; long cells are wrapped, none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.school.school import School
from approgress.ui.ask import answers
from approgress.ui.forms.list_paper import PaperColumn, PaperList, save_list
from approgress.ui.forms.print_page import PrintDialog
from approgress.ui.main_window import MainWindow
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, pupil_named

PLACES = tuple(p for p in PAGES if p.key in ("today", "pupils", "pupil", "setting"))


@pytest.fixture
def frame(school: School, qtbot: QtBot) -> Iterator[SchoolFrame]:
    window = MainWindow(1366, 768)
    qtbot.addWidget(window, before_close_func=MainWindow.close_now)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    workspace = Workspace(school)
    made = SchoolFrame(workspace, PLACES)
    window.show_school(made)
    made.go("today")
    yield made
    workspace.stop_looking()
    workspace.tasks.stop_all()


def _text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)


def _print_by_key(qtbot: QtBot, frame: SchoolFrame) -> PrintDialog:
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PrintDialog)
    return dialog


def _save(dialog: PrintDialog, path: Path) -> str:
    dialog.way.set_value("pdf")
    with answers(path):
        dialog.accept()
    return _text(path)


def test_a_list_is_printed_by_key_and_noted_in_the_access_log(qtbot: QtBot, frame: SchoolFrame, tmp_path: Path) -> None:
    frame.go("setting").show_section("groups")  # type: ignore[attr-defined]
    said = _save(_print_by_key(qtbot, frame), tmp_path / "r.pdf")
    assert "Ash" in said and "demonstration: invented pupils" in said and "24 Nov 2026" in said
    assert "saved" in frame.current_page().banner.sentence()  # type: ignore[union-attr]
    looked = frame.workspace.read(lambda r: r.sql("SELECT what FROM looked"))
    assert [row[0] for row in looked] == ["list on setting"]


def test_hidden_names_are_not_printed(qtbot: QtBot, frame: SchoolFrame, school: School, tmp_path: Path) -> None:
    frame.workspace.hide_names(True)
    frame.open_pupil(pupil_named(school, "amara"))
    frame.current_page().show_tab("placements")  # type: ignore[union-attr]
    QApplication.processEvents()
    assert frame.papers()
    for n, paper in enumerate(frame.papers()):
        save_list(tmp_path / f"{n}.pdf", paper)
        assert not any(secret in _text(tmp_path / f"{n}.pdf") for secret in SECRETS)


@pytest.mark.parametrize(("place", "act"), [("pupils", "print_list"), ("today", "print_register")])
def test_a_page_with_a_way_of_its_own_prints_once_by_key_and_by_quick_find(
    qtbot: QtBot, frame: SchoolFrame, monkeypatch: pytest.MonkeyPatch, place: str, act: str
) -> None:
    printed: list[str] = []
    kind = type(frame.go(place))
    frame.forget(place)
    monkeypatch.setattr(kind, act, lambda *_: printed.append(place))
    frame.go(place)
    QApplication.processEvents()
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert printed == [place]
    frame.find_anything()
    assert frame.quick is not None
    qtbot.keyClicks(frame.quick.line, "print")
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)
    assert printed == [place, place]


def test_a_page_with_several_tables_asks_which(qtbot: QtBot, frame: SchoolFrame, school: School) -> None:
    frame.open_pupil(pupil_named(school, "amara"))
    frame.current_page().show_tab("placements")  # type: ignore[union-attr]
    QApplication.processEvents()
    titles = [p.title for p in frame.papers()]
    assert len(titles) > 1 and len(set(titles)) == len(titles)
    dialog = _print_by_key(qtbot, frame)
    assert dialog.which is not None
    dialog.which.set_value("1")
    assert dialog.paper().title == titles[1]
    dialog.reject()


def test_a_page_without_a_list_says_so(qtbot: QtBot, frame: SchoolFrame) -> None:
    page = frame.go("setting")
    page.show_section("appearance")  # type: ignore[attr-defined]
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.activeModalWidget() is None
    assert "no list on this page" in page.banner.sentence()  # type: ignore[attr-defined]


def test_without_a_printer_it_says_what_to_do_and_stays(qtbot: QtBot, frame: SchoolFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    frame.go("setting").show_section("groups")  # type: ignore[attr-defined]
    dialog = _print_by_key(qtbot, frame)
    dialog.accept()
    assert dialog.isVisible() and "PDF" in dialog.banner.sentence()
    dialog.reject()


def test_a_long_cell_is_wrapped_and_one_longer_than_a_page_goes_on(qapp: QApplication, tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(900))
    lines = "\n".join(f"line{n}" for n in range(150))
    rows = (("short", words), ("x", "one"), ("y", lines), ("last", "end"))
    what = PaperList("Notes", "A sentence " * 40, "Foot", (PaperColumn("Name"), PaperColumn("Text", stretch=1)), rows)
    assert save_list(tmp_path / "n.pdf", what) == len(PdfReader(tmp_path / "n.pdf").pages) >= 3
    said = _text(tmp_path / "n.pdf")
    assert all(f"word{n}" in said for n in (0, 450, 899)) and all(f"line{n}" in said for n in (0, 75, 149))
    assert "end" in said and "…" not in said


def test_a_row_is_not_divided_where_the_next_page_has_room(qapp: QApplication, tmp_path: Path) -> None:
    rows = tuple((f"r{n}", "\n".join(f"r{n}l{i}" for i in range(5))) for n in range(40))
    save_list(tmp_path / "n.pdf", PaperList("T", "S", "F", (PaperColumn("A"), PaperColumn("B", stretch=1)), rows))
    for page in PdfReader(tmp_path / "n.pdf").pages:
        said = page.extract_text()
        for n in range(40):
            there = [f"r{n}l{i}" in said for i in range(5)]
            assert all(there) or not any(there), n
