"""A whole morning by keys: register, reasons, first-day contact, the round, undo and history; what was pasted; who was first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Put, Title
from approgress.domain.records import LessonNote, LessonScore, Mark, Movement
from approgress.domain.strands import Sign
from approgress.school.school import School
from approgress.ui.ask import answers
from approgress.ui.forms.contact import ANSWERED, ContactDialog, ContactsDialog
from approgress.ui.forms.lesson_note import LessonNoteDialog
from approgress.ui.forms.marks import MarkHistoryDialog, ReasonDialog, ReasonsDialog
from approgress.ui.forms.movement import MovementDialog
from approgress.ui.pages.today import TodayPage
from tests.ui.a_morning import DAY, contacts, marks, morning_school, part_time, pupil, scores, shown_page, with_contacts, with_times
from tests.ui.words_shown import words_shown

TEN = ("Ada A", "Bea B", "Cal C", "Dan D", "Eve E", "Flo F", "Gus G", "Hal H", "Ivy I", "Jon J")
BEFORE_CLOSE, AFTER_CLOSE = 545, 600  # 09:05 and 10:00; the register closes at 09:20
KEYS = Qt.Key


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = morning_school(tmp_path)
    with_times(made)
    with_contacts(made, "Amara")
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, school: School) -> TodayPage:
    return shown_page(qtbot, school, minutes=BEFORE_CLOSE)


def late(page: TodayPage, minutes: int = AFTER_CLOSE) -> None:
    page._now = lambda: minutes  # type: ignore[method-assign]


def afternoon(page: TodayPage) -> None:
    """The afternoon register is meant, though it has not begun."""
    page._accepted.add((0, "PM", "early", DAY))


def dialog_of(page: TodayPage, kind: type[QDialog]) -> QDialog:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found = [d for d in page.findChildren(kind) if d.isVisible()]
    assert len(found) == 1, f"{kind.__name__}: {len(found)} shown"
    return found[0]


def mark(school: School, forename: str) -> Mark:
    p = pupil(school, forename)
    return next(m for m in school.read(lambda r: r.every(Mark)) if m.pupil_id == p and m.day == DAY)


# --- the head ----------------------------------------------------------------------------------------------------------


def test_the_head_says_when_the_register_closes_and_the_next_lesson_begins(page: TodayPage) -> None:
    assert page._sentence() == "Autumn 2, week 4 · register closes 09:20 · lesson 2 starts 09:30"
    late(page)
    assert page._sentence() == "Autumn 2, week 4 · PM register closes 13:30 · lesson 3 starts 10:30"


def test_main_action_and_f2_go_to_a_moment_of_the_pupil_under_the_cursor(qtbot: QtBot, page: TodayPage, school: School) -> None:
    asked: list[str] = []
    page._workspace.place_asked.connect(asked.append)
    page._view.go_to(1, 1)
    qtbot.keyClick(page._view, KEYS.Key_F2)
    page._add.click()
    assert asked == [f"moment/{pupil(school, 'Callum')}"] * 2


# --- the register ------------------------------------------------------------------------------------------------------


def test_minutes_follow_l_and_u_and_typing_goes_on_below(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "L12/u35")
    qtbot.keyClick(page._view, KEYS.Key_Return)
    assert marks(school) == {"Amara": ("L", ""), "Callum": ("/", ""), "Faith": ("U", "")}
    assert mark(school, "Amara").am_late == 12 and mark(school, "Faith").am_late == 35
    assert [row.cells[1].code for row in page._model.rows()] == ["L12", "/", "U35"]
    assert "12 minutes late" in page._model.row(0).cells[1].words()


def test_a_late_mark_without_minutes_is_a_late_mark(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "Ln")
    assert marks(school) == {"Amara": ("L", ""), "Callum": ("N", "")} and mark(school, "Amara").am_late is None


def test_an_expected_code_is_shown_as_such_and_written_with_the_first_mark(qtbot: QtBot, page: TodayPage, school: School) -> None:
    part_time(school, "Faith", page)
    cell = page._model.row(2).cells[1]
    assert cell.expected and cell.code == "C2" and "expected" in cell.words() and marks(school) == {}
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "/")
    assert marks(school) == {"Amara": ("/", ""), "Faith": ("C2", "")}
    page._workspace.undo()
    assert marks(school) == {}, "both are one act"


def test_going_down_passes_over_sessions_that_are_known_beforehand(qtbot: QtBot, page: TodayPage, school: School) -> None:
    part_time(school, "Callum", page)
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "//")
    assert marks(school) == {"Amara": ("/", ""), "Callum": ("C2", ""), "Faith": ("/", "")}


def test_after_closing_a_changed_mark_asks_why_and_escape_leaves_it(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    late(page)
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    asked = dialog_of(page, ReasonDialog)
    assert marks(school)["Amara"] == ("/", ""), "nothing is written before the reason"
    qtbot.keyClick(asked, KEYS.Key_Escape)
    assert marks(school)["Amara"] == ("/", "") and page._model.row(0).cells[1].code == "/"
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    asked = dialog_of(page, ReasonDialog)
    assert isinstance(asked, ReasonDialog)
    asked.accept()
    assert asked.isVisible() and "reason is needed" in asked.why.wrong()
    qtbot.keyClicks(asked.why.line, "letter from the surgery")
    asked.main_button.click()
    assert marks(school)["Amara"] == ("I", "")
    (step,) = school.history(last=1)
    assert step.title == Title.AMEND_MARK and step.changes[0].why == "letter from the surgery"


def test_n_becomes_a_code_without_a_reason_and_a_first_mark_needs_none(qtbot: QtBot, page: TodayPage, school: School) -> None:
    late(page)
    qtbot.keyClicks(page._view, "n")
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "i")
    assert marks(school) == {"Amara": ("I", "")}


def test_the_history_of_a_mark_is_one_key_away_and_prints(qtbot: QtBot, page: TodayPage, school: School, tmp_path: Path) -> None:
    qtbot.keyClicks(page._view, "n")
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    page._view.go_to(0, 1)
    qtbot.keyClick(page._view, KEYS.Key_F4)
    shown = dialog_of(page, MarkHistoryDialog)
    assert isinstance(shown, MarkHistoryDialog)
    assert [row[:3] for row in shown.rows] == [("AM", "no mark", "N"), ("AM", "N", "I")]
    assert all(row[-1] == "T. Mbeki" for row in shown.rows)
    out = tmp_path / "history.pdf"
    with answers("pdf", out) as asked:
        shown.print()
    assert out.stat().st_size > 1000 and [q.kind for q in asked] == ["choice", "save"]


def test_an_odd_code_is_asked_about_once(qtbot: QtBot, page: TodayPage, school: School) -> None:
    with answers(None) as asked:
        qtbot.keyClicks(page._view, "d")
    assert len(asked) == 1 and "second school" in asked[0].sentence and marks(school) == {}
    qtbot.wait(5)
    with answers("write") as asked:
        qtbot.keyClicks(page._view, "d")
    assert marks(school) == {"Amara": ("D", "")}
    page._workspace.undo()
    page._view.go_to(0, 1)
    with answers() as asked:
        qtbot.keyClicks(page._view, "d")
    assert asked == [] and marks(school) == {"Amara": ("D", "")}


def test_the_sentence_of_a_refusal_stands_below_its_row(qtbot: QtBot, page: TodayPage) -> None:
    page._view.go_to(1, 1)
    qtbot.keyClicks(page._view, "9")
    (line,) = page._view.below(1)
    assert line.isVisible() and "Callum Dyer, AM" in page.refused_words()
    row = page._view.rowViewportPosition(1)
    assert row + page._view.row_high <= line.y() < page._view.rowViewportPosition(2)
    qtbot.keyClick(page._view, KEYS.Key_Escape)
    assert page._view.below(1) == [] and page.refused_words() == ""


def test_a_class_of_fifteen_is_marked_by_one_key_in_one_transaction(qtbot: QtBot, tmp_path: Path) -> None:
    names = tuple(f"P{i:02d} Q" for i in range(15))
    with morning_school(tmp_path, names, 15) as school:
        page = shown_page(qtbot, school)
        before = school.journal.newest()
        qtbot.keyClick(page._view, KEYS.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert len(marks(school)) == 15 and school.journal.newest() == before + 1
        page._workspace.undo()
        assert marks(school) == {}


# --- many cells --------------------------------------------------------------------------------------------------------


def paste(qtbot: QtBot, page: TodayPage, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(page._view, KEYS.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_pasted_block_is_one_act_and_one_undo(qtbot: QtBot, page: TodayPage, school: School) -> None:
    afternoon(page)
    paste(qtbot, page, "/\t\\\t4\nI\tI\n/\tL\t2")
    assert marks(school) == {"Amara": ("/", "\\"), "Callum": ("I", "I"), "Faith": ("/", "L")}
    assert scores(school) == {"Amara": [4, None, None, None, None], "Faith": [2, None, None, None, None]}
    page._workspace.undo()
    assert marks(school) == {} and scores(school) == {}


def test_pasted_rubbish_is_said_cell_by_cell_and_the_rest_is_kept(qtbot: QtBot, page: TodayPage, school: School) -> None:
    said: list[str] = []
    page._workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    page._view.go_to(1, 1)
    paste(qtbot, page, "hello\n/\nN\nN")
    assert marks(school) == {"Faith": ("/", "")}
    assert "Callum Dyer, AM" in page.refused_words() and "hello" in page.refused_words()
    assert said and "1 refused" in said[-1] and "did not fit" in said[-1] and "2 rows" in said[-1]


def test_a_paste_after_closing_asks_one_reason_for_all_changed_marks(qtbot: QtBot, page: TodayPage, school: School) -> None:
    afternoon(page)
    qtbot.keyClicks(page._view, "//")
    late(page)
    page._view.go_to(0, 1)
    before, steps = marks(school), school.journal.newest()
    paste(qtbot, page, "I\tI\nV\nV")
    asked = dialog_of(page, ReasonsDialog)
    assert isinstance(asked, ReasonsDialog)
    assert marks(school) == before, "nothing is written before the reason"
    said = " ".join(words_shown(asked))
    assert "2 marks of 2 pupils are changed" in said and "2 more cells are written" in said
    assert [tuple(c.words() for c in r.cells) for r in asked.model.rows()] == [
        ("Amara Bell", "AM", "/", "I"),
        ("Callum Dyer", "AM", "/", "V"),
    ]
    asked.accept()
    assert asked.isVisible() and "reason is needed" in asked.why.wrong()
    qtbot.keyClicks(asked.why.line, "list from the trip")
    asked.main_button.click()
    assert marks(school) == {"Amara": ("I", "I"), "Callum": ("V", ""), "Faith": ("V", "")}
    assert school.journal.newest() == steps + 1, "one act"
    (step,) = school.history(last=1)
    names = {pupil(school, n): n for n in ("Amara", "Callum", "Faith")}
    assert step.title == Title.AMEND_MARK
    assert {names[c.pupil]: c.why for c in step.changes} == {"Amara": "list from the trip", "Callum": "list from the trip", "Faith": None}
    page._workspace.undo()
    assert marks(school) == before


def test_escape_leaves_every_mark_of_a_block_cleared_or_filled_after_closing(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "V//")
    late(page)
    before = marks(school)
    page._view.choose_block(0, 1, 2, 1)
    qtbot.keyClick(page._view, KEYS.Key_D, Qt.KeyboardModifier.ControlModifier)
    asked = dialog_of(page, ReasonsDialog)
    qtbot.keyClick(asked, KEYS.Key_Escape)
    assert marks(school) == before and page.refused_words() == ""
    page._view.choose_block(0, 1, 2, 1)
    qtbot.keyClick(page._view, KEYS.Key_Delete)
    asked = dialog_of(page, ReasonsDialog)
    assert isinstance(asked, ReasonsDialog) and asked.model.row(2).cells[3].words() == "no mark"
    qtbot.keyClick(asked, KEYS.Key_Escape)
    assert marks(school) == before


def test_blanks_filled_late_and_n_given_a_code_need_no_reason(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "n")
    late(page)
    page._view.go_to(0, 1)
    paste(qtbot, page, "I\nI\nI")
    assert not [d for d in page.findChildren(ReasonsDialog) if d.isVisible()]
    assert marks(school) == {"Amara": ("I", ""), "Callum": ("I", ""), "Faith": ("I", "")}


def test_marks_that_another_person_changed_meanwhile_are_not_written_over_with_the_reason(
    qtbot: QtBot, page: TodayPage, school: School
) -> None:
    qtbot.keyClicks(page._view, "//")
    late(page)
    page._view.go_to(0, 1)
    paste(qtbot, page, "I\nI")
    asked = dialog_of(page, ReasonsDialog)
    assert isinstance(asked, ReasonsDialog)
    change_elsewhere(school, "Amara", school.codes.parse("L", "AM", DAY).number)  # type: ignore[union-attr]
    page._workspace.look_round()
    qtbot.keyClicks(asked.why.line, "list from the trip")
    asked.main_button.click()
    assert asked.isVisible() and "while this was open" in " ".join(words_shown(asked))
    assert marks(school)["Amara"][0] == "L" and marks(school)["Callum"][0] == "/"


def test_a_paste_brings_the_expected_codes_with_it_and_may_overwrite_them(qtbot: QtBot, page: TodayPage, school: School) -> None:
    afternoon(page)
    part_time(school, "Callum", page, am=0, pm=0)
    part_time(school, "Faith", page, am=0, pm=0)
    page._view.go_to(0, 1)
    paste(qtbot, page, "/\t\\\nI\t")
    assert marks(school) == {"Amara": ("/", "\\"), "Callum": ("I", "C2"), "Faith": ("C2", "C2")}
    page._workspace.undo()
    assert marks(school) == {}


def test_filling_down_repeats_what_stands_above(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "V")
    page._view.choose_block(0, 1, 2, 1)
    qtbot.keyClick(page._view, KEYS.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert marks(school) == {"Amara": ("V", ""), "Callum": ("V", ""), "Faith": ("V", "")}


# --- somebody else was first -------------------------------------------------------------------------------------------


def change_elsewhere(school: School, forename: str, am: int) -> None:
    assert school.path is not None
    with School.open(school.path) as other:
        held = next(m for m in other.read(lambda r: r.every(Mark)) if m.pupil_id == pupil(school, forename))
        other.do(Title.TAKE_REGISTER, [Put(replace(held, am=am), held)])


@pytest.mark.parametrize(("mine", "stands"), [(True, "I"), (False, "L")])
def test_theirs_or_mine_is_chosen_by_a_key(qtbot: QtBot, page: TodayPage, school: School, mine: bool, stands: str) -> None:
    qtbot.keyClicks(page._view, "/")
    change_elsewhere(school, "Amara", 2)
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    assert marks(school)["Amara"] == ("L", "") and "Keep L, or write I over it?" in page.refused_words()
    assert page._model.row(0).cells[1].code == "L", "what they wrote is shown"
    if mine:
        qtbot.keyClick(page._view, KEYS.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        qtbot.keyClick(page._view, KEYS.Key_Escape)
    assert marks(school)["Amara"] == (stands, "") and page.refused_words() == ""


def test_another_session_of_the_same_day_changed_elsewhere_is_no_conflict(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    assert school.path is not None
    with School.open(school.path) as other:
        held = next(iter(other.read(lambda r: r.every(Mark))))
        other.do(Title.TAKE_REGISTER, [Put(replace(held, pm=1), held)])
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "I")
    assert marks(school)["Amara"] == ("I", "\\") and page.refused_words() == ""


# --- first-day contact -------------------------------------------------------------------------------------------------


def test_an_n_unfolds_a_line_and_a_call_is_written_down_by_keys(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "n")
    line = page._contact_lines[pupil(school, "Amara")]
    assert line.isVisible() and page._view.below(0) == [line]
    assert line.tried.text() == "0 of 2 numbers tried"
    page._view.go_to(0, 1)
    qtbot.keyClick(page._view, KEYS.Key_F7)
    qtbot.keyClick(QApplication.focusWidget() or line, KEYS.Key_C)
    asked = dialog_of(page, ContactDialog)
    assert isinstance(asked, ContactDialog)
    assert [asked.who.box.itemText(i) for i in range(asked.who.box.count())] == [
        "mother · 01632 960001",
        "grandmother · 01632 960002",
        "Somebody else",
    ], "who must not be contacted is never offered"
    assert any("father: must not be contacted" in w for w in words_shown(asked))
    asked.at.set_value("8:58")
    asked.main_button.click()
    (held,) = contacts(school)
    assert (held.sort, held.at, held.who, held.answered) == ("call", 538, "Denise Bell (mother)", False)
    assert "no answer 08:58, mother" in line.so_far.toolTip() and line.tried.text() == "1 of 2 numbers tried"


def test_an_explained_absence_becomes_a_code_at_once_and_leaves_the_alerts(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "n")
    p = pupil(school, "Amara")
    before = school.journal.newest()
    page.ask_contact(p, "call")
    asked = dialog_of(page, ContactDialog)
    assert isinstance(asked, ContactDialog)
    assert asked.explains.isHidden(), "nobody was reached, so nothing is explained"
    asked.came.set_value(ANSWERED)
    asked.came.edited.emit()
    asked.note.set_value("sick in the night")
    asked.explains.set_value(True)
    asked.explains.edited.emit()
    asked.accept()
    assert asked.becomes.wrong() == "Say which code it becomes, or take the tick away." and contacts(school) == []
    asked.becomes.set_value("I")
    asked.at.set_value("9:02")
    asked.accept()
    assert marks(school)["Amara"] == ("I", "") and school.journal.newest() == before + 1, "one act"
    assert p not in page._contact_lines
    page._show_side()
    assert "Amara Bell" in words_shown(page._absent) and any("mother said so 09:02" in w for w in words_shown(page._absent))
    page._workspace.undo()
    assert marks(school)["Amara"] == ("N", "")
    (held,) = contacts(school)
    assert held.struck is not None, "a contact is struck through, never taken away"
    assert p in page._contact_lines, "and so the absence is open again"


def test_an_explanation_comes_back_after_five_school_days_unseen(qtbot: QtBot, page: TodayPage, school: School) -> None:
    from approgress.domain.records import AbsenceContact

    p = pupil(school, "Amara")
    school.do(
        Title.ABSENCE_CONTACT, lambda ids: [Put(AbsenceContact(p, ids.other(), date(2026, 11, 16), "spoke", "AM", 530, "mum", True, True))]
    )
    school.do(Title.TAKE_REGISTER, [Put(Mark(p, 1, date(2026, 11, 13), 0, 1))])
    qtbot.keyClicks(page._view, "n")
    assert "not seen for 7 school days" in page._contact_lines[p].so_far.toolTip()


def test_safe_and_seen_and_striking_through(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "n")
    p = pupil(school, "Amara")
    page.ask_contact(p, "seen")
    asked = dialog_of(page, ContactDialog)
    asked.accept()
    assert contacts(school)[0].sort == "seen" and p not in page._contact_lines
    page.list_contacts(p)
    shown = dialog_of(page, ContactsDialog)
    assert isinstance(shown, ContactsDialog)
    shown.table.go_to(0)
    with answers("wrong pupil"):
        shown.strike()
    assert contacts(school)[0].struck == "wrong pupil" and p in page._contact_lines
    assert any("struck through" in w for w in words_shown(shown))


def test_a_text_is_written_down_at_once_where_there_is_one_number(qtbot: QtBot, page: TodayPage, school: School) -> None:
    from approgress.domain.records import Contact

    p = pupil(school, "Callum")
    school.do(Title.CHANGE_CONTACT, lambda ids: [Put(Contact(p, ids.other(), "Jo Dyer", "father", "01632 960009"))])
    page._view.go_to(1, 1)
    qtbot.keyClicks(page._view, "n")
    page.ask_contact(p, "text")
    assert [(c.sort, c.who, c.at) for c in contacts(school)] == [("text", "Jo Dyer (father)", BEFORE_CLOSE)]


# --- the round ---------------------------------------------------------------------------------------------------------


def rounds(qtbot: QtBot, tmp_path: Path) -> tuple[School, TodayPage]:
    school = morning_school(tmp_path, TEN, 10)
    page = shown_page(qtbot, school)
    qtbot.keyClick(page._view, KEYS.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    page._view.go_to(0, 3)
    return school, page


def press(qtbot: QtBot, page: TodayPage, keys: list[str | Qt.Key]) -> int:
    for key in keys:
        if isinstance(key, str):
            qtbot.keyClicks(page._view, key)
        else:
            qtbot.keyClick(page._view, key)
        qtbot.wait(2)
    return sum(len(k) if isinstance(k, str) else 1 for k in keys)


def test_ten_pupils_are_rated_one_by_one_with_ten_keys(qtbot: QtBot, tmp_path: Path) -> None:
    school, page = rounds(qtbot, tmp_path)
    assert press(qtbot, page, ["4", "4", "5", "3", "4", "2", "4", "4", "1", "4"]) == 10
    assert [s[0] for s in scores(school).values()] == [4, 4, 5, 3, 4, 2, 4, 4, 1, 4]
    school.close()


def test_ten_pupils_are_rated_with_same_for_all_and_three_exceptions_in_at_most_fourteen_keys(qtbot: QtBot, tmp_path: Path) -> None:
    school, page = rounds(qtbot, tmp_path)
    before = school.journal.newest()
    down = KEYS.Key_Down
    used = press(qtbot, page, ["=", "4"])
    assert [s[0] for s in scores(school).values()] == [4] * 10 and school.journal.newest() == before + 1
    used += press(qtbot, page, [down, down, "5", "3", down, "2", down, down, "1"])
    assert [s[0] for s in scores(school).values()] == [4, 4, 5, 3, 4, 2, 4, 4, 1, 4] and used <= 14
    for _ in range(4):
        page._workspace.undo()
    page._workspace.undo()
    assert scores(school) == {}
    school.close()


def test_same_for_all_leaves_out_who_was_not_in_who_is_not_marked_and_who_has_a_score(
    qtbot: QtBot, page: TodayPage, school: School
) -> None:
    said: list[str] = []
    page._workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    qtbot.keyClicks(page._view, "/I")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "=4")
    assert scores(school) == {"Amara": [4, None, None, None, None]}
    assert "1 without a mark" in said[-1]
    qtbot.wait(5)
    qtbot.keyClicks(page._view, "=2")
    assert scores(school)["Amara"][0] == 4, "a score that is there is not overwritten"


def test_a_wrong_figure_for_all_is_refused_at_the_cell(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "///")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "=9")
    assert "1 to 5" in page.refused_words() and scores(school) == {}


def test_the_pupils_own_rating_stands_beside_the_adults_with_the_gap_in_words(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "3")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, ".5")
    (held,) = school.read(lambda r: r.every(LessonScore))
    assert (held.score, held.own) == (3, 5)
    spoken = page._model.data(page._model.index(0, 3), int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken == "Amara Bell, Engagement in lesson 1: 3, own rating 5: 2 higher"


def test_tone_and_what_worked_are_a_line_that_undo_takes_back(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "4")
    page._view.go_to(0, 3)
    qtbot.keyClick(page._view, KEYS.Key_F6)
    asked = dialog_of(page, LessonNoteDialog)
    assert isinstance(asked, LessonNoteDialog)
    qtbot.keyClicks(asked.worked.line, "drew the steps first")
    asked.tone.set_value("good")
    asked.own.set_value("5")
    asked.accept()
    (note,) = school.read(lambda r: r.every(LessonNote))
    assert (note.tone, note.worked, note.slot % 8) == ("good", "drew the steps first", 0)
    assert page._model.row(0).cells[3].words() == "4, own rating 5: 1 higher; went well: drew the steps first"
    page._workspace.undo()
    assert school.read(lambda r: r.every(LessonNote)) == []
    (held,) = school.read(lambda r: r.every(LessonScore))
    assert (held.score, held.own) == (4, None)


def test_the_points_of_the_scale_stand_beside_the_keys_while_lessons_are_rated(qtbot: QtBot, school: School) -> None:
    page = shown_page(qtbot, school, minutes=BEFORE_CLOSE, wide=1400)
    page._view.go_to(0, 3)
    said = " ".join(words_shown(page.status))
    assert "Absorbed" in said and "Away from the lesson" in said
    page._view.go_to(0, 1)
    assert "Absorbed" not in " ".join(words_shown(page.status))


def test_points_in_many_words_go_into_lines_of_their_own(page: TodayPage) -> None:
    from approgress.ui.parts.fold import Fold

    points = [(str(n), "comes in and works with an adult beside for most of the lesson") for n in range(1, 6)]
    assert not page._points_fit(points)
    page._points_fit = lambda _points: False  # type: ignore[method-assign]
    page._view.go_to(0, 3)
    page._show_hints()
    assert page.fold() is not Fold.NARROW and page._legend.isVisible() and "Absorbed" not in " ".join(words_shown(page.status))


def test_engagement_alone_keeps_the_points_of_the_scale_in_sight_and_says_how_many_present_are_scored(
    qtbot: QtBot, page: TodayPage, school: School
) -> None:
    qtbot.keyClicks(page._view, "/I/")
    page._mode_chosen("engagement")
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "4")
    said = " ".join(words_shown(page._legend))
    assert "5 Absorbed" in said and "1 Away from the lesson" in said
    assert page._legend.isVisible() and page._counts.rated.text() == "Lesson 1: 1 of 2 present scored"
    narrow = page._legend.heightForWidth(200)
    assert narrow > page._legend.heightForWidth(2000), "words that have no room go on in another line"
    page._mode_chosen("register")
    assert not page._legend.isVisible() and page._counts.rated.text() == ""


def test_register_or_engagement_alone(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "/I/")
    page._mode_chosen("engagement")
    assert page._places[:3] == ("pupil", 0, 1)
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "43")
    assert scores(school) == {"Amara": [4, None, None, None, None], "Faith": [3, None, None, None, None]}
    page._mode_chosen("register")
    assert [p for p in page._places if isinstance(p, int)] == []


# --- coming and going, lists -------------------------------------------------------------------------------------------


def test_an_arrival_after_closing_writes_u_with_its_minutes(qtbot: QtBot, page: TodayPage, school: School) -> None:
    qtbot.keyClicks(page._view, "n")
    late(page)
    page._view.go_to(0, 1)
    qtbot.keyClick(page._view, KEYS.Key_F3)
    asked = dialog_of(page, MovementDialog)
    assert isinstance(asked, MovementDialog)
    asked.sort.set_value("arrived")
    asked.at.set_value("0:05")
    asked.at.edited.emit()
    asked.accept()
    assert [(m.sort, m.at) for m in school.read(lambda r: r.every(Movement))] == [("arrived", 5)]
    assert marks(school)["Amara"] == ("N", ""), "before the register starts an arrival says nothing of a mark"


def test_lists_for_an_evacuation_and_for_home_schools(qtbot: QtBot, page: TodayPage) -> None:
    qtbot.keyClicks(page._view, "/N")
    paper, name = page.paper("building")
    assert paper.rows[0][1] == "Amara Bell" and "1 should be in the building" in paper.sentence and name
    here = [r[1] for r in paper.rows]
    assert "Callum Dyer" not in here
    register, _ = page.paper("register")
    assert register.rows[0][:2] == ("Amara Bell", "/") and "AM 2 of 3 marked" in register.sentence
    assert page.paper("not_arrived")[0].rows == ()


def test_the_menu_offers_comings_and_goings_and_the_lists_to_who_knows_no_keys(qtbot: QtBot, page: TodayPage, school: School) -> None:
    offered = [said for _, said in page._more._options]
    for words in ("Mark blanks present", "Arrived, left or came back…", "Who is in the building now…", "Not arrived, by home school…"):
        assert any(said.startswith(words) for said in offered)
    page._more.chosen.emit("blanks")
    assert marks(school)["Amara"] == ("/", "")
    page._more.chosen.emit("movement")
    qtbot.keyClick(dialog_of(page, MovementDialog), KEYS.Key_Escape)
    asked: list[str] = []
    page.print_chosen = asked.append  # type: ignore[method-assign]
    page._more.chosen.emit("building")
    page._more.chosen.emit("not_arrived")
    assert asked == ["building", "not_arrived"]
    page._show(date(2026, 11, 22))
    assert not any(key in ("blanks", "movement", "register") for key, _ in page._more._options), "a Sunday has no register"


# --- going -------------------------------------------------------------------------------------------------------------


def test_an_address_opens_day_session_and_pupil(page: TodayPage, school: School) -> None:
    page.show_section(f"2026-11-20/PM/{pupil(school, 'Leon')}")
    assert page._day == date(2026, 11, 20) and [r.name for r in page._model.rows()] == ["Leon Marsh"]
    assert page._place_now() == "PM"
    page.show_section("nonsense")
    assert page._day == date(2026, 11, 20)


def test_a_whole_morning_by_keys_and_back(qtbot: QtBot, page: TodayPage, school: School) -> None:
    part_time(school, "Faith", page)
    before = marks(school), scores(school)
    page._view.go_to(0, 1)
    qtbot.keyClicks(page._view, "L7n")
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "4")
    assert marks(school) == {"Amara": ("L", ""), "Callum": ("N", ""), "Faith": ("C2", "")}
    assert scores(school) == {"Amara": [4, None, None, None, None]}
    for _ in range(4):  # L, its minutes, N, the score
        page._workspace.undo()
    assert (marks(school), scores(school)) == before
    for _ in range(4):
        page._workspace.redo()
    assert mark(school, "Amara").am_late == 7 and scores(school)["Amara"][0] == 4


def test_hidden_names_are_in_no_line_and_in_no_dialog(qtbot: QtBot, page: TodayPage, school: School) -> None:
    from approgress.domain.edits import Changes

    qtbot.keyClicks(page._view, "n9")
    page._workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    page._show_side()
    p = pupil(school, "Amara")
    page.ask_contact(p, "call")
    said = " ".join(words_shown(page) + words_shown(dialog_of(page, ContactDialog)))
    for secret in ("Amara", "Bell", "Denise", "Callum", "Dyer"):
        assert secret not in said
    assert "BCD000" in said


def test_a_narrow_window_shows_two_lessons_and_brackets_move_them(qtbot: QtBot, school: School) -> None:
    from approgress.ui.theme import h

    page = shown_page(qtbot, school, wide=round(h(40)))
    qtbot.waitUntil(lambda: [p for p in page._places if isinstance(p, int)] == [0, 1])
    page._view.go_to(0, 3)
    qtbot.keyClicks(page._view, "]")
    assert [p for p in page._places if isinstance(p, int)] == [1, 2]
    qtbot.keyClicks(page._view, "4")
    assert scores(school) == {"Amara": [None, 4, None, None, None]}


# --- room --------------------------------------------------------------------------------------------------------------

ELEVEN = tuple(f"{forename} Quinn-Moss" for forename in ("Ada", "Bea", "Cal", "Dan", "Eve", "Flo", "Gus", "Hal", "Ivy", "Jon", "Kit"))


@pytest.mark.parametrize("high", [768, 700])
def test_eleven_pupils_with_a_contact_line_are_whole_in_a_small_window(qtbot: QtBot, tmp_path: Path, high: int) -> None:
    from approgress.ui.main_window import MainWindow
    from approgress.ui.school_frame import SchoolFrame
    from approgress.ui.workspace import Workspace

    with morning_school(tmp_path, ELEVEN, 11) as school:
        with_times(school)
        workspace, window = Workspace(school), MainWindow()
        qtbot.addWidget(window)
        window.setMinimumSize(1, 1)
        window.resize(1366, high)
        window.show()
        frame = SchoolFrame(workspace)
        window.show_school(frame)
        frame.go("today")
        page = frame.current_page()
        assert isinstance(page, TodayPage)
        qtbot.waitUntil(lambda: page.fold().value == "wide" and page._view.viewport().width() > 700)
        for key in "/L7nI///////":
            qtbot.keyClicks(page._view, key)
        qtbot.wait(50)
        view = page._view
        last = view.rowViewportPosition(10) + view.rowHeight(10)
        assert len(page._contact_lines) == 1 and last <= view.viewport().height(), "the last pupil is whole, below a line of contact"
        assert page._scroll.verticalScrollBar().maximum() == 0 and view.verticalScrollBar().maximum() == 0
        better, unclear = Sign("", "better", "better than before"), Sign("none", "", "no clear change")
        page._starting = {}
        page._signs = {  # pyright: ignore[reportAttributeAccessIssue]
            r.pupil_id: dict.fromkeys(("wellbeing", "learning", "home"), unclear)
            | dict.fromkeys(("engagement", "attendance", "behaviour"), better)
            for r in page._sheet.register.rows  # type: ignore[union-attr]
        }
        page._lay_out(again=True)
        shown = [p for n, p in enumerate(page._places) if not view.isColumnHidden(n)]
        assert {"percent", "wellbeing", "engagement", "attendance", "learning"} <= set(shown)
        counts = [t for t in (page._counts.marked, page._counts.parts, page._counts.no_reason, page._counts.rated) if t.isVisible()]
        assert len(counts) == 4 and len({t.y() for t in counts}) == 1, "one line at the foot"
        assert page._counts.rated.geometry().right() >= page._counts.width() - 2
        choice, main = page._choice, page.head.main
        assert main is not None and choice.mapTo(window, choice.rect().center()).y() == pytest.approx(
            main.mapTo(window, main.rect().center()).y(), abs=2
        )
        window.close_now()


def test_a_starting_point_that_is_not_whole_is_said_in_place_of_signs(qtbot: QtBot, school: School) -> None:
    page = shown_page(qtbot, school, wide=1400)
    page._needs.read_now()
    column = page._places.index("wellbeing")
    shown = {row.name: row.cells[column].words() for row in page._model.rows()}
    assert shown == dict.fromkeys(("Amara Bell", "Callum Dyer", "Faith Oduya"), page._needs.titles_of("start")[pupil(school, "Amara")])
    assert shown["Amara Bell"].startswith("starting point ") and shown["Amara Bell"].endswith(" of 6")
    assert page._view.signs_across() is not None


def through_the_head(qtbot: QtBot, page: TodayPage) -> tuple[int, int]:
    """Which stops of Tab from the first button of the head to the register are the main action and the choice of what is typed."""
    page._before.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    while page._view not in seen:
        at = page.focusWidget()
        assert at is not None and at not in seen, "Tab goes on to the register, and to nothing twice"
        seen.append(at)
        qtbot.keyClick(at, KEYS.Key_Tab)
    assert page.head.main in seen, "the main action is not passed over"
    return seen.index(page.head.main), next(i for i, w in enumerate(seen) if page._modes.isAncestorOf(w))


def test_tab_goes_through_the_head_as_the_eye_does_on_one_line_and_on_two(qtbot: QtBot, school: School) -> None:
    on_two_lines: list[bool] = []
    for wide in (1500, 900):
        page = shown_page(qtbot, school, wide=wide)
        assert page.head.main is not None
        below = page._modes.mapTo(page.head, page._modes.rect().topLeft()).y() >= page.head.main.geometry().bottom()
        on_two_lines.append(below)
        main, modes = through_the_head(qtbot, page)
        assert (main < modes) is below
        page._modes._group.buttons()[0].click()  # another button is the stop of the choice now
        main, modes = through_the_head(qtbot, page)
        assert (main < modes) is below
        page.hide()
    assert on_two_lines == [False, True]
