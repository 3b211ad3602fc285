"""Attendance of the school in the window: ranges, groups, sums, keys to a pupil's attendance, names hidden, paper, weekly notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Changes, Put, Title
from approgress.domain.records import Mark
from approgress.store.catalogue import code_set
from approgress.ui.ask import answers
from approgress.ui.forms.weekly_notes import WeeklyNotesDialog
from approgress.ui.main_window import MainWindow
from approgress.ui.pages.attendance import TABS, AttendancePage
from approgress.ui.parts.mark_wall import MarkWall
from approgress.ui.pictures import faults, unnamed
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, pupil_named
from tests.ui.words_shown import words_shown

N = {c.text: c.number for c in code_set().codes if c.in_force(TODAY)}


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace) -> AttendancePage:
    return shown(qtbot, workspace)


def shown(qtbot: QtBot, workspace: Workspace, width: int = 1160, height: int = 768) -> AttendancePage:
    made = AttendancePage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.resize(width, height)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: not made._to_watch)
    return made


def said_of(widget: QWidget) -> str:
    return " ".join(words_shown(widget))


def cells(page: AttendancePage, name: str) -> list[str]:
    row = next(r for r in page.model.rows() if r.name.startswith(name))
    return [c.words() for c in row.cells]


def test_the_half_term_is_counted_at_first_with_its_sessions(page: AttendancePage) -> None:
    assert page.range().key == "half_term"
    total = page._seen.total.total  # type: ignore[union-attr]
    assert f"{total.attended} of {total.possible} sessions" in page.rate.lines.text()
    assert page.rate.figure.text().endswith("%") and page.rate.chip.text() == "DfE measure"
    assert page.missing.figure.text() == page._seen.total.persistent_share.counts  # type: ignore[union-attr]
    assert "half or more, severely" in page.missing.lines.text()
    amara = cells(page, "Amara")
    assert amara[2] == f"{total.attended} of {total.possible}" and amara[3].endswith("%")
    ModelTester(None).check(page.model)


def test_every_range_and_group_can_be_chosen(qtbot: QtBot, page: AttendancePage) -> None:
    possible = {}
    for key in ("week", "half_term", "term", "year", "since"):
        page.choose_range(key)
        possible[key] = page._seen.total.total.possible  # type: ignore[union-attr]
    assert possible["week"] < possible["half_term"] < possible["term"] <= possible["year"] < possible["since"]
    birch = next(g.id for g in page.workspace.facts.groups.values() if g.name == "Birch")
    page.choose_group(birch)
    assert page.who() == "Birch" and "Amara Bell" not in [r.name for r in page.model.rows()]
    assert "on the days in this group" in page.note.text()
    assert page.groups.text() == "Birch"


def test_a_mark_made_elsewhere_is_seen(page: AttendancePage, workspace: Workspace) -> None:
    before = page._seen.total.total.possible  # type: ignore[union-attr]
    pupil = pupil_named(workspace.school, "zanzibar")
    workspace.do(Title.TAKE_REGISTER, [Put(Mark(pupil, 1, date(2026, 11, 23), N["O"], N["O"]))])
    assert page._seen.total.total.possible == before + 2  # type: ignore[union-attr]
    assert cells(page, "Odd")[2] == "0 of 2"
    assert "severe" in " ".join(cells(page, "Odd"))


def test_enter_opens_the_pupils_attendance(page: AttendancePage, workspace: Workspace) -> None:
    asked: list[str] = []
    workspace.place_asked.connect(asked.append)
    page.table.setFocus()
    page.table.go_to(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert asked == [f"pupil/{page.model.row(0).key[0]}/attendance"]


def test_the_parts_are_made_when_shown_and_nothing_is_cut(qtbot: QtBot, page: AttendancePage) -> None:
    for key, _ in TABS:
        page.show_section(key)
        QApplication.processEvents()
        assert [k for k, part in page._parts.items() if part.isVisibleTo(page)] == [key]
        assert [*faults(page), *unnamed(page)] == []
    assert page.week_model.rowCount() and page.compared_model.rowCount()


@pytest.mark.parametrize(("look", "percent", "width"), [("dark", 100, 1160), ("contrast", 200, 1366), ("light", 150, 800)])
def test_no_look_and_no_size_cuts_anything(qtbot: QtBot, workspace: Workspace, qapp: QApplication, look: str, percent: int, width: int) -> None:
    start_theme(qapp, look, percent)
    page = shown(qtbot, workspace, width)
    for key, _ in TABS:
        page.show_section(key)
        QApplication.processEvents()
        assert [*faults(page), *unnamed(page)] == []


def test_hidden_names_are_hidden_on_every_part_and_on_paper(qtbot: QtBot, workspace: Workspace) -> None:
    workspace.hide_names(True)
    page = shown(qtbot, workspace)
    for key, _ in TABS:
        page.show_section(key)
        said = said_of(page) + repr(page.paper())
        assert not any(secret.split()[0] in said for secret in SECRETS)
    wall = page.findChild(MarkWall)
    assert wall is not None
    wall.setFocus()
    QTest.keyClick(wall, Qt.Key.Key_Left)
    assert "Amara" not in wall.current() and wall.current()


def test_names_hidden_while_it_is_shown(page: AttendancePage, workspace: Workspace) -> None:
    workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    assert "Amara" not in said_of(page)


def test_groups_compared_hide_small_ones(page: AttendancePage) -> None:
    page.show_section("compare")
    said = [[c.words() for c in r.cells] for r in page.compared_model.rows()]
    assert all(row[1:3] == ["under 10", "hidden"] for row in said if row[1] != "0")
    assert not any("%" in c for row in said for c in row)


def test_a_setting_without_register_sees_no_percentage(qtbot: QtBot, workspace: Workspace) -> None:
    held = workspace.school.setting
    workspace.do(Title.CHANGE_SETTING, [Put(replace(held, sort="non_school"), held)])
    page = shown(qtbot, workspace)
    for key, _ in TABS:
        page.show_section(key)
        assert "%" not in said_of(page) + repr(page.paper())
    assert not page.missing.isVisibleTo(page)


def test_it_prints_and_copies_what_is_shown(page: AttendancePage, tmp_path: Path) -> None:
    from pypdf import PdfReader

    page.save_list_to(tmp_path / "list.pdf")
    said = " ".join(" ".join(p.extract_text() for p in PdfReader(tmp_path / "list.pdf").pages).split())
    assert "Amara Bell" in said and "Attendance: pupils" in said and "Sums of sessions" in said
    page.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].startswith("Pupil\t") and len(lines) == page.model.rowCount() + 1
    page.show_section("weeks")
    page.copy()
    assert QGuiApplication.clipboard().text().startswith("Week of\t")


def test_a_day_of_the_wall_is_read_by_keys(qtbot: QtBot, page: AttendancePage, workspace: Workspace) -> None:
    page.show_section("wall")
    wall = page.findChild(MarkWall)
    assert wall is not None
    wall.setFocus()
    asked: list[str] = []
    workspace.place_asked.connect(asked.append)
    for _ in range(3):
        QTest.keyClick(wall, Qt.Key.Key_Left)
    assert "AM" in wall.current() and "PM" in wall.current() and "2026" in wall.current()
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert asked and asked[0].endswith("/attendance")


def test_registers_that_are_not_finished_are_counted_at_the_foot(page: AttendancePage) -> None:
    said = said_of(page.status)
    assert "registers of the last 10 school days are not finished" in said and "never taken" in said
    page.choose_group(next(g.id for g in page.workspace.facts.groups.values() if g.name == "Ash"))
    while page._to_watch or page._timer.isActive():
        QApplication.processEvents()
    assert "Every register of the last 10 school days is finished" in said_of(page.status)


def test_nobody_to_count_says_what_to_do(qtbot: QtBot, workspace: Workspace) -> None:
    from approgress.domain.records import Group

    workspace.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, "Empty"))])
    page = shown(qtbot, workspace)
    page.choose_group(next(g.id for g in workspace.facts.groups.values() if g.name == "Empty"))
    assert page.empty.isVisibleTo(page) and "nobody is on roll in this time" in said_of(page)


def test_the_weekly_notes_are_made_in_one_step(qtbot: QtBot, page: AttendancePage, tmp_path: Path) -> None:
    page.open_notes()
    dialog = page.findChild(WeeklyNotesDialog)
    assert dialog is not None
    qtbot.waitExposed(dialog)
    assert [*faults(dialog), *unnamed(dialog)] == []
    assert "Parkfield Academy, 1 pupil" in said_of(dialog)
    out = tmp_path / "notes"
    out.mkdir()
    with answers(out):
        dialog.main_button.click()
    qtbot.waitUntil(lambda: dialog.banner.sentence() != "")
    assert dialog.banner.sentence() == f"1 note is in {out}."
    assert [f.name for f in out.iterdir()] == ["Parkfield Academy weekly attendance 2026-11-16.pdf"]
    dialog.none.click()
    assert not dialog.main_button.isEnabled()
    dialog.reject()


def test_it_opens_with_the_keyboard_on_the_list_so_that_arrows_work(qtbot: QtBot, workspace: Workspace, window: MainWindow) -> None:
    frame = SchoolFrame(workspace, PAGES)
    window.show_school(frame)
    frame.go("today")
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = frame.current_page()
    assert isinstance(page, AttendancePage)
    assert QApplication.focusWidget() is page.table and page.table.currentIndex().row() == 0
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 1
    page.tabs._bar.setFocus()
    frame.go("today")
    frame.go("attendance")
    assert QApplication.focusWidget() is page.table
    workspace.stop_looking()
    workspace.tasks.stop_all()
