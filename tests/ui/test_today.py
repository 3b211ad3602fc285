"""Today: keys in, marks out; refusals at the cell; days without a register; names hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Put, Title
from approgress.domain.records import Mark, Pupil
from approgress.school.school import School
from approgress.ui.pages.today import TodayPage
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_morning import DAY, NAMES, marks, morning_school, part_time, scores, shown_page


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = morning_school(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, school: School) -> TodayPage:
    return shown_page(qtbot, school)


def shown(page: TodayPage) -> list[tuple[str, str]]:
    return [(row.cells[1].code, row.cells[2].code) for row in page._model.rows()]  # pyright: ignore


def test_a_class_is_marked_without_the_mouse(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/Ln")
    assert marks(school) == {"Amara": ("/", ""), "Callum": ("L", ""), "Faith": ("N", "")}
    assert shown(page) == [("/", ""), ("L", ""), ("N", "")]
    assert school.journal.newest() == 3, "one step for the class, not one a key"


def test_two_letter_codes_wait_for_their_second_key_and_then_move_on(qtbot: QtBot, page: TodayPage, school: School) -> None:
    part_time(school, "Amara", page)
    qtbot.keyClicks(page._view, "c2y5/")
    assert marks(school) == {"Amara": ("C2", ""), "Callum": ("Y5", ""), "Faith": ("/", "")}


def test_a_code_that_may_go_on_is_taken_by_enter_or_an_arrow(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "C")
    assert marks(school) == {}, "C may still become C2"
    qtbot.keyClick(page._view, Qt.Key.Key_Return)
    qtbot.keyClicks(page._view, "C")
    qtbot.keyClick(page._view, Qt.Key.Key_Down)
    assert marks(school) == {"Amara": ("C", ""), "Callum": ("C", "")}
    assert page._view.currentIndex().row() == 2


def test_escape_drops_what_is_half_typed(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "Y")
    qtbot.keyClick(page._view, Qt.Key.Key_Escape)
    assert marks(school) == {} and page._view.draft == ""


def test_what_is_no_code_is_refused_at_the_cell_and_nothing_is_written(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "9")
    qtbot.wait(10)
    assert marks(school) == {}
    assert "Amara Bell, AM" in page.refused_words() and "not an attendance code" in page.refused_words()
    assert page._view.currentIndex().row() == 0, "the cursor stays where the mistake was"
    qtbot.keyClicks(page._view, "/")
    assert marks(school) == {"Amara": ("/", "")} and page.refused_words() == ""


def test_afternoon_by_arrow_and_marks_taken_out_by_delete(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    page._view.go_to(0, 1)
    qtbot.keyClick(page._view, Qt.Key.Key_Right)
    qtbot.keyClicks(page._view, "\\")
    assert marks(school)["Amara"] == ("/", "\\")
    page._view.go_to(0, 2)
    qtbot.keyClick(page._view, Qt.Key.Key_Delete)
    assert marks(school)["Amara"] == ("/", "")


def test_blanks_are_marked_present_and_nothing_else(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "I")
    qtbot.keyClick(page._view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert marks(school) == {"Amara": ("I", ""), "Callum": ("/", ""), "Faith": ("/", "")}
    page._workspace.undo()
    assert marks(school) == {"Amara": ("I", "")}
    assert shown(page) == [("I", ""), ("", ""), ("", "")]


def test_undo_takes_back_key_by_key(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/L")
    page._workspace.undo()
    assert marks(school) == {"Amara": ("/", "")}
    page._workspace.redo()
    assert shown(page)[1] == ("L", "")


def test_another_persons_mark_appears(qtbot: QtBot, page: TodayPage, school: School) -> None:
    assert school.path is not None
    with School.open(school.path) as other:
        (first, *_) = other.read(lambda r: r.every(Pupil))
        other.do(Title.TAKE_REGISTER, [Put(Mark(first.id, 1, DAY, 0))])
    page._workspace.look_round()
    assert shown(page)[0] == ("/", "")


def test_a_mark_changed_elsewhere_is_not_overwritten_unseen(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    assert school.path is not None
    with School.open(school.path) as other:
        (held,) = other.read(lambda r: r.every(Mark))
        from dataclasses import replace

        other.do(Title.TAKE_REGISTER, [Put(replace(held, am=2), held)])
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    assert marks(school)["Amara"] == ("L", "")
    assert "changed this mark" in page.refused_words()


def test_there_is_no_register_on_a_closed_day_and_it_is_said(qtbot: QtBot, page: TodayPage, school: School) -> None:
    page._show(date(2026, 11, 22))
    said = " ".join(label.text() for label in page._empty.findChildren(QLabel))
    assert "not a school day" in said
    assert not page._card.isVisibleTo(page)


def test_days_go_by_school_days(page: TodayPage) -> None:
    page._go_before()
    assert page._day == date(2026, 11, 23)
    page._go_before()
    assert page._day == date(2026, 11, 20), "the weekend is passed over"
    page._go_today()
    assert page._day == DAY
    page._go_after()
    assert page._day == DAY, "tomorrow has no register yet"


def test_the_other_group_and_all(page: TodayPage) -> None:
    names = [row.name for row in page._model.rows()]
    assert names == ["Amara Bell", "Callum Dyer", "Faith Oduya"]
    page._group_chosen("all")
    assert len(page._model.rows()) == 4


def test_hidden_names_are_nowhere_on_the_page(qtbot: QtBot, page: TodayPage) -> None:
    from approgress.domain.edits import Changes

    qtbot.keyClicks(page._view, "IN")
    page._workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    words: list[str] = []
    for w in page.findChildren(QWidget):
        if w.isVisibleTo(page):
            words += [w.accessibleName(), w.toolTip(), getattr(w, "text", str)() or ""]
    for row in page._model.rows():
        words += [row.name, row.tip, *(c.words() for c in row.cells)]
    said = " ".join(words)
    for name in NAMES:
        for part in name.split():
            assert part not in said
    assert "BCD000" in said


def test_cells_are_read_out_with_name_session_and_meaning(qtbot: QtBot, page: TodayPage) -> None:
    qtbot.keyClicks(page._view, "I")
    index = page._model.index(0, 1)
    assert page._model.data(index, int(Qt.ItemDataRole.AccessibleTextRole)) == "Amara Bell, AM: I, Illness (not an appointment)"


def test_the_models_are_whole(page: TodayPage, qtmodeltester: object) -> None:
    qtmodeltester.check(page._model)  # pyright: ignore


def test_a_school_without_groups_or_pupils_says_what_to_do(qtbot: QtBot, qapp: object, tmp_path: Path) -> None:
    start_theme(qapp)  # pyright: ignore[reportArgumentType]
    empty, _ = School.create(tmp_path / "e.approgress", "Empty", passphrase=None, demonstration_today=DAY)
    page = TodayPage(Workspace(empty))
    qtbot.addWidget(page)
    page.show()
    assert "No pupils on roll" in " ".join(label.text() for label in page._empty.findChildren(QLabel))
    empty.close()


def test_lessons_are_rated_by_one_key_a_pupil_and_absent_pupils_are_passed_over(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/I/")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "45")
    assert scores(school) == {"Amara": [4, None, None, None, None], "Faith": [5, None, None, None, None]}
    page._workspace.undo()
    assert scores(school) == {"Amara": [4, None, None, None, None]}


def test_a_score_off_the_scale_or_for_a_pupil_who_is_not_in_is_refused(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/I")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "6")
    assert "1 to 5" in page.refused_words() and scores(school) == {}
    page._view.go_to(1, 3)
    qtbot.keyClicks(page._view, "3")
    assert "was there" in page.refused_words() and scores(school) == {}


def test_a_score_is_taken_out_by_delete(qtbot: QtBot, page: TodayPage, school: School) -> None:
    page._view.go_to(0, 4)
    qtbot.keyClicks(page._view, "3")
    page._view.go_to(0, 4)
    qtbot.keyClick(page._view, Qt.Key.Key_Delete)
    assert scores(school) == {}


@pytest.mark.parametrize("code", ["z", "x"])
def test_codes_that_cannot_be_right_for_a_pupil_on_roll_are_refused(qtbot: QtBot, page: TodayPage, school: School, code: str) -> None:
    qtbot.keyClicks(page._view, code)
    assert marks(school) == {} and "Nothing was written" in page.refused_words()


def test_after_an_undo_the_cursor_is_back_where_it_was_taken(qtbot: QtBot, page: TodayPage, school: School) -> None:
    page._view.go_to(1, 1)
    qtbot.keyClicks(page._view, "I")
    assert page._view.currentIndex().row() == 2
    page._workspace.undo()
    assert page._view.currentIndex().row() == 1
    qtbot.keyClicks(page._view, "L")
    assert marks(school) == {"Callum": ("L", "")}
