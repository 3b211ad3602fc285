"""Today while others change the school: what is typed goes to the pupil and day it was typed for; questions before what is likely not meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Enrolment, Group, GroupMember, Mark, Name, Pupil
from approgress.school.school import School
from approgress.ui.ask import Question, answers
from approgress.ui.forms.contact import ContactDialog
from approgress.ui.forms.marks import ReasonDialog
from approgress.ui.pages.today import TodayPage
from tests.ui.a_morning import DAY, contacts, marks, morning_school, pupil, shown_page, with_contacts, with_times
from tests.ui.words_shown import words_shown

BEFORE_CLOSE, AFTER_CLOSE, AFTERNOON = 545, 600, 785


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = morning_school(tmp_path)
    with_times(made)
    with_contacts(made, "Amara")
    yield made
    made.close()


@pytest.fixture
def colleague(school: School) -> Iterator[School]:
    assert school.path is not None
    made = School.open(school.path)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, school: School) -> TodayPage:
    return shown_page(qtbot, school, minutes=BEFORE_CLOSE)


def joins_first(school: School) -> None:
    """A pupil whose name stands before all others comes into the group."""
    ash = next(g.id for g in school.read(lambda r: r.every(Group)) if g.name == "Ash")

    def act(ids: NewIds) -> Iterator[Put]:
        p = ids.pupil()
        yield Put(Pupil(p, "BCD999", date(2012, 1, 1)))
        yield Put(Name(p, ids.other(), "legal", "Aaron", "Aaab"))
        yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 11, 3)))
        yield Put(GroupMember(p, ids.other(), ash))

    school.do(Title.ADD_PUPIL, act)


def writes(school: School, forename: str, code: str) -> None:
    p = pupil(school, forename)
    held = next((m for m in school.read(lambda r: r.of_pupil(Mark, p)) if m.day == DAY), None)
    number = school.codes.by_text(code, DAY)
    assert number is not None
    school.do(Title.TAKE_REGISTER, [Put(replace(held or Mark(p, 1, DAY), am=number.number), held)], grow=False)


def dialog_of(page: TodayPage, kind: type[QDialog]) -> QDialog:
    (found,) = [d for d in page.findChildren(kind) if d.isVisible()]
    return found


def test_what_is_half_typed_goes_to_its_own_pupil(qtbot: QtBot, page: TodayPage, school: School, colleague: School) -> None:
    page._view.go_to(1, 1)
    qtbot.keyClicks(page._view, "C")
    joins_first(colleague)
    page._workspace.look_round()
    page._view.finish_draft()
    assert marks(school) == {"Callum": ("C", "")}


def test_minutes_go_to_their_own_pupil(qtbot: QtBot, page: TodayPage, school: School, colleague: School) -> None:
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "L1")
    joins_first(colleague)
    page._workspace.look_round()
    page._view.end_minutes()
    (held,) = school.read(lambda r: r.every(Mark))
    assert (held.pupil_id, held.am_late) == (pupil(school, "Amara"), 1)


def test_the_cursor_stays_at_its_pupil_when_somebody_joins(qtbot: QtBot, page: TodayPage, school: School, colleague: School) -> None:
    page._view.go_to(2, 1)
    joins_first(colleague)
    page._workspace.look_round()
    qtbot.keyClicks(page._view, "I")
    assert marks(school) == {"Faith": ("I", "")}


def test_a_code_chosen_from_the_list_goes_to_the_pupil_it_was_opened_for(
    qtbot: QtBot, page: TodayPage, school: School, colleague: School
) -> None:
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "?")
    (dialog,) = [d for d in QApplication.topLevelWidgets() if isinstance(d, QDialog) and d.isVisible()]
    joins_first(colleague)
    page._workspace.look_round()
    dialog.table.go_to(dialog.model.find("I"))  # type: ignore[attr-defined]
    dialog.accept()
    qtbot.waitUntil(lambda: marks(school) == {"Amara": ("I", "")})


def test_what_is_half_typed_at_midnight_belongs_to_the_day_before(qtbot: QtBot, page: TodayPage, school: School) -> None:
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "C")
    held = school.setting
    school.do(Title.CHANGE_SETTING, [Put(replace(held, today=DAY + timedelta(1)), held)])
    page._workspace.look_round()
    page._view.finish_draft()
    assert [(m.day, school.codes.text(m.am)) for m in school.read(lambda r: r.every(Mark))] == [(DAY, "C")]


def test_a_reason_is_not_written_over_what_a_colleague_wrote_meanwhile(
    qtbot: QtBot, page: TodayPage, school: School, colleague: School
) -> None:
    writes(school, "Amara", "/")
    page._now = lambda: AFTER_CLOSE  # type: ignore[method-assign]
    page._workspace.look_round()
    page._read_all()
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    dialog = dialog_of(page, ReasonDialog)
    writes(colleague, "Amara", "M")
    page._workspace.look_round()
    field = (dialog.findChildren(QLineEdit) + dialog.findChildren(QPlainTextEdit))[0]
    qtbot.keyClicks(field, "mum rang")
    dialog.accept()
    assert dialog.isVisible() and marks(school)["Amara"][0] == "M"
    assert "it is M now" in " ".join(words_shown(dialog))
    dialog.reject()


def test_a_contact_does_not_change_a_mark_that_a_colleague_changed_meanwhile(
    qtbot: QtBot, page: TodayPage, school: School, colleague: School
) -> None:
    writes(school, "Amara", "N")
    page._read_all()
    page.ask_contact(pupil(school, "Amara"), "spoke")
    dialog = dialog_of(page, ContactDialog)
    writes(colleague, "Amara", "L")
    page._workspace.look_round()
    with pytest.raises(Exception, match="it is L now"):
        dialog._remark("I", "ill")  # type: ignore[attr-defined]
    assert marks(school)["Amara"][0] == "L" and not contacts(school)
    dialog.reject()


def test_an_odd_code_in_a_paste_is_asked_about_once_for_all(qtbot: QtBot, page: TodayPage, school: School) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("E\nE\n/")
    page._view.go_to(0, 1)
    with answers(None) as asked:
        qtbot.keyClick(page._view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 1 and "2 odd codes" in asked[0].title and marks(school) == {}
    with answers("write"):
        qtbot.keyClick(page._view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert marks(school) == {"Amara": ("E", ""), "Callum": ("E", ""), "Faith": ("/", "")}


def test_the_afternoon_is_not_taken_in_the_morning_without_a_question(qtbot: QtBot, page: TodayPage, school: School) -> None:
    page._view.go_to(0, 2)
    with answers(None) as asked:
        qtbot.keyClicks(page._view, "/")
    assert "13:00" in asked[0].sentence and marks(school) == {}
    qtbot.waitUntil(lambda: page._view.currentIndex().row() == 0)
    with answers("write") as asked:
        qtbot.keyClicks(page._view, "//")
    assert len(asked) == 1 and marks(school) == {"Amara": ("", "\\"), "Callum": ("", "\\")}


@pytest.mark.parametrize(("answer", "amara"), [("rest", ""), ("all", "\\"), (None, None)])
def test_who_was_away_in_the_morning_is_asked_about_before_all_are_marked_present(
    qtbot: QtBot, page: TodayPage, school: School, answer: str | None, amara: str | None
) -> None:
    qtbot.keyClicks(page._view, "I//")
    page._now = lambda: AFTERNOON  # type: ignore[method-assign]
    page._view.go_to(0, 2)
    asked: list[Question]
    with answers(answer) as asked:
        qtbot.keyClick(page._view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert len(asked) == 1 and "Amara Bell (I)" in asked[0].sentence
    if amara is None:
        assert {m[1] for m in marks(school).values()} == {""}
    else:
        assert marks(school) == {"Amara": ("I", amara), "Callum": ("/", "\\"), "Faith": ("/", "\\")}


def test_who_came_after_closing_is_here_and_not_without_a_reason(qtbot: QtBot, page: TodayPage) -> None:
    assert page._sheet is not None
    qtbot.keyClicks(page._view, "U")
    count = page._sheet.count("AM")
    assert (count.no_reason, count.after_closing) == (0, 1) and "1 arrived after closing" in count.words
    assert page._sheet.not_in("AM") == ()
