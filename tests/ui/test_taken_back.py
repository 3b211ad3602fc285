"""Undo and redo in the window: what and whose record is said, by the name as shown, and the page goes there; also after opening again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.days import to_number
from approgress.domain.edits import Put, Title
from approgress.domain.records import Group, LessonScore, Mark, Note, Strength
from approgress.school.school import School
from approgress.ui.main_window import MainWindow
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, make_school, pupil_named

PLACES = tuple(p for p in PAGES if p.key in ("today", "pupils", "pupil", "setting"))


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    yield made
    made.close()


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Callable[[School], SchoolFrame]]:
    shown: list[SchoolFrame] = []
    windows: list[MainWindow] = []

    def made(school: School) -> SchoolFrame:
        window = MainWindow(1366, 768)
        qtbot.addWidget(window, before_close_func=MainWindow.close_now)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        frame = SchoolFrame(Workspace(school), PLACES)
        window.show_school(frame)
        frame.go("today")
        shown.append(frame)
        windows.append(window)  # one that nobody holds is freed at once
        return frame

    yield made
    for frame in shown:
        frame.workspace.stop_looking()
        frame.workspace.tasks.stop_all()


def _said(frame: SchoolFrame) -> str:
    return frame.current_page().banner.sentence()  # type: ignore[union-attr]


def _undo(qtbot: QtBot, frame: SchoolFrame) -> None:
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def _mark(school: School, pupil: int) -> None:
    held = next((m for m in school.read(lambda r: r.of_pupil(Mark, pupil)) if m.day == TODAY), None)
    new = replace(held, am=1 if held.am != 1 else 0) if held is not None else Mark(pupil, 1, TODAY, am=0)
    school.do(Title.TAKE_REGISTER, [Put(new, held)])


def test_a_mark_taken_back_says_whose_and_leads_to_the_register(
    qtbot: QtBot, show: Callable[[School], SchoolFrame], school: School
) -> None:
    odd = pupil_named(school, "odd")
    _mark(school, odd)
    frame = show(school)
    frame.go("setting")
    _undo(qtbot, frame)
    assert frame.current_page() is frame.page("today")
    assert _said(frame) == "Undo: Take the register · Odd Forename Zanzibar, Tue 24 Nov."
    table = frame._tables(frame.current_page())[0]  # pyright: ignore[reportPrivateUsage, reportArgumentType]
    assert table.model().row(table.currentIndex().row()).key == odd, "in Birch, which was not the group shown"


@pytest.mark.parametrize(("lesson", "session"), [(2, "AM"), (3, "PM")])
def test_a_lessons_score_taken_back_leads_to_its_own_session(
    show: Callable[[School], SchoolFrame], school: School, lesson: int, session: str
) -> None:
    odd = pupil_named(school, "odd")
    school.do(Title.ENTER_ENGAGEMENT, [Put(LessonScore(odd, to_number(TODAY) * 8 + lesson, 4))])
    frame = show(school)
    went: list[str] = []
    frame.workspace.went_back.connect(went.append)
    frame.workspace.undo()
    assert went == [f"today/{TODAY.isoformat()}/{session}/{odd}"]


def test_with_names_hidden_the_code_is_said(qtbot: QtBot, show: Callable[[School], SchoolFrame], school: School) -> None:
    _mark(school, pupil_named(school, "odd"))
    frame = show(school)
    frame.workspace.hide_names(True)
    _undo(qtbot, frame)
    assert "QQX001" in _said(frame) and not any(secret in _said(frame) for secret in SECRETS)


def test_a_pupils_record_leads_to_their_page_and_redo_as_well(qtbot: QtBot, show: Callable[[School], SchoolFrame], school: School) -> None:
    amara = pupil_named(school, "amara")
    school.do(Title.WRITE_NOTE, lambda ids: [Put(Note(amara, ids.other(), TODAY, "note", "x"))])
    frame = show(school)
    frame.workspace.undo()
    assert frame.current_page() is frame.page("pupil") and frame.current_page().pupil_id == amara  # type: ignore[union-attr]
    assert _said(frame) == "Undo: Write a note · Amara Bell."
    frame.go("today")
    frame.workspace.redo()
    assert frame.current_page() is frame.page("pupil") and _said(frame) == "Redo: Write a note · Amara Bell."


def test_the_setting_leads_to_its_part(show: Callable[[School], SchoolFrame], school: School) -> None:
    school.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, "Rowan"))])
    frame = show(school)
    frame.workspace.undo()
    page = frame.current_page()
    assert page is frame.page("setting") and page.section().key == "groups"  # type: ignore[union-attr]
    assert _said(frame) == "Undo: Change groups."


def test_several_pupils_are_counted_and_a_pupil_who_is_gone_leads_to_the_list(
    show: Callable[[School], SchoolFrame], school: School
) -> None:
    from approgress.domain.records import Name, Pupil

    both = [pupil_named(school, "amara"), pupil_named(school, "odd")]
    school.do(Title.STRENGTHS, lambda ids: [Put(Strength(p, ids.other(), "good_at", "kind", TODAY)) for p in both])
    frame = show(school)
    frame.workspace.undo()
    assert frame.current_page() is frame.page("pupils") and _said(frame) == "Undo: Strengths · 2 pupils."

    def add(ids: object) -> list[Put]:
        new = ids.pupil()  # type: ignore[attr-defined]
        return [Put(Pupil(new, "QQZ999")), Put(Name(new, ids.other(), "legal", "New", "Comer"))]  # type: ignore[attr-defined]

    school.do(Title.ADD_PUPIL, add)
    frame.go("today")
    frame.workspace.undo()
    assert frame.current_page() is frame.page("pupils") and _said(frame) == "Undo: Add a pupil."


def test_undo_by_key_after_the_window_was_closed_and_opened_again(
    qtbot: QtBot, show: Callable[[School], SchoolFrame], tmp_path: Path
) -> None:
    school = make_school(tmp_path)
    amara, odd = pupil_named(school, "amara"), pupil_named(school, "odd")
    frame = show(school)
    before = school.read(lambda r: r.every(Mark))
    for pupil in (amara, odd):
        _mark(school, pupil)
    frame.workspace.stop_looking()
    frame.window().close_now()  # type: ignore[attr-defined]
    school.close()
    with School.open(tmp_path / "s.approgress") as again:
        frame = show(again)
        qtbot.waitUntil(frame.rail.undo.isEnabled)
        assert frame.rail.undo.toolTip() == "Undo: Take the register"
        _undo(qtbot, frame)
        assert "Odd Forename Zanzibar" in _said(frame)
        _undo(qtbot, frame)
        assert "Amara Bell" in _said(frame)
        assert again.read(lambda r: r.every(Mark)) == before


def test_a_large_import_taken_back_is_not_looked_through(
    show: Callable[[School], SchoolFrame], school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    amara = pupil_named(school, "amara")
    school.do(Title.IMPORT_MARKS, [Put(Mark(amara, 1, TODAY - timedelta(3000 - n), 0, 0)) for n in range(600)])
    frame = show(school)
    monkeypatch.setattr(School, "history", lambda *_a, **_k: pytest.fail("read the whole import"))
    frame.workspace.undo()
    assert _said(frame).startswith("Undo: Import marks · Amara Bell")


def test_when_it_was_last_saved_is_true_after_opening_again(show: Callable[[School], SchoolFrame], qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import datetime

    school = make_school(tmp_path)
    _mark(school, pupil_named(school, "amara"))
    at = school.history(last=1)[0].at
    school.close()
    with School.open(tmp_path / "s.approgress") as again:
        frame = show(again)
        qtbot.waitUntil(lambda: bool(_saved(frame)))
        assert _saved(frame) == f"Saved {datetime.fromtimestamp(at):%H:%M}"


def test_what_was_saved_on_another_day_says_the_day(show: Callable[[School], SchoolFrame], qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import datetime

    clock = [datetime(2026, 9, 7, 9, 12).timestamp()]
    school, _ = School.create(tmp_path / "c.approgress", "C", passphrase="four short words", clock=lambda: clock[0])
    clock[0] = datetime(2026, 9, 8, 8, 0).timestamp()
    with school:
        frame = show(school)
        qtbot.waitUntil(lambda: bool(_saved(frame)))
        assert _saved(frame) == "Saved 7 Sep"
        frame.workspace.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, "Rowan"))])
        assert _saved(frame) == "Saved 08:00"


def _saved(frame: SchoolFrame) -> str:
    return frame.rail.saved.accessibleName()


def test_ctrl_z_again_and_again_is_not_swallowed_by_an_empty_search_line(qtbot: QtBot, show: Callable[[School], SchoolFrame], school: School) -> None:
    from approgress.ui.parts.fields import SearchField

    for n in range(3):
        school.do(Title.GROUPS, lambda ids, n=n: [Put(Group(ids.other(), 1, f"Oak {n}"))])
    frame = show(school)
    line = frame.go("pupils").findChild(SearchField)
    assert line is not None
    for _ in range(2):
        line.setFocus()
        qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        frame.go("pupils")
    assert len(school.read(lambda r: r.every(Group))) == before_groups(school) + 1
    line.setFocus()
    qtbot.keyClicks(line, "am")
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "", "what was typed is taken back first"
    assert len(school.read(lambda r: r.every(Group))) == before_groups(school) + 1
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def before_groups(school: School) -> int:
    return sum(not g.name.startswith("Oak ") for g in school.read(lambda r: r.every(Group)))


def test_after_an_undo_no_search_line_has_the_keyboard(show: Callable[[School], SchoolFrame], school: School) -> None:
    from approgress.ui.parts.fields import SearchField

    both = [pupil_named(school, "amara"), pupil_named(school, "odd")]
    school.do(Title.STRENGTHS, lambda ids: [Put(Strength(p, ids.other(), "good_at", "kind", TODAY)) for p in both])
    frame = show(school)
    frame.go("pupils").findChild(SearchField).setFocus()  # type: ignore[union-attr]
    frame.go("today")
    frame.workspace.undo()
    assert frame.current_page() is frame.page("pupils")
    assert not isinstance(QApplication.focusWidget(), SearchField)


def test_the_key_of_today_shows_today_and_back_the_day_looked_at(qtbot: QtBot, show: Callable[[School], SchoolFrame], school: School) -> None:
    from datetime import timedelta

    frame = show(school)
    earlier = TODAY - timedelta(days=7)
    frame.workspace.open_place(f"today/{earlier.isoformat()}")
    page = frame.current_page()
    assert page.where() == earlier.toordinal()  # type: ignore[union-attr]
    frame.go("setting")
    frame.show_place("today")
    assert page.where() == frame.workspace.today.toordinal()  # type: ignore[union-attr]
    frame.back()
    frame.back()
    assert frame.current_page() is page and page.where() == earlier.toordinal()  # type: ignore[union-attr]
