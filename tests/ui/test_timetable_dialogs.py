"""The forms of a part-time timetable and of sessions elsewhere: a week by keys, steps and reviews, refusals at their fields, undo."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.acts.timetables import TimetableRows
from approgress.domain.agreed import is_agreed
from approgress.domain.dossier import PupilRecords
from approgress.domain.errors import Refusal
from approgress.ui.forms.elsewhere import ElsewhereDialog
from approgress.ui.forms.timetable import TimetableDialog
from approgress.ui.forms.week_grid import WeekField, WeekGrid
from approgress.ui.pages.pupil.dialogs import dialog_for
from approgress.ui.pages.pupil.seen import see
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import TODAY
from tests.ui.test_pupil_dialogs import choose, held, keep, opened, refused, type_in


def keys(widget: QWidget, *pressed: Qt.Key) -> None:
    """Presses keys wherever the focus of that window is."""
    for key in pressed:
        here = widget.window().focusWidget()
        assert here is not None
        QTest.keyClick(here, key)


def rows(workspace: Workspace, pupil: int) -> TimetableRows:
    r = held(workspace, pupil)
    return TimetableRows.of(r.timetables[0], r.timetable_steps, r.timetable_reviews)


# --- a week by keys ---------------------------------------------------------------------------------------------------


def test_a_week_is_chosen_with_arrows_and_space(qtbot: QtBot) -> None:
    field = WeekField("Agreed sessions")
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitExposed(field)
    field.setFocus()
    k = Qt.Key
    keys(field, k.Key_Space, k.Key_Right, k.Key_Right, k.Key_Space, k.Key_Down, k.Key_Space, k.Key_End, k.Key_Space, k.Key_Right, k.Key_Space)
    assert field.value() == (1 | 4, 4), "Monday and Wednesday mornings, Wednesday afternoon; Friday's was ticked and taken back at the edge"
    assert field.window().focusWidget() is field.grid.box(4, 1)
    keys(field, k.Key_Home, k.Key_Up, k.Key_Space)
    assert field.value() == (4, 4)
    assert "2 of 10 a week: Wed all day" in field.editor.accessibleDescription()
    assert field.grid.box(2, 1).accessibleName() == "Agreed sessions: Wednesday afternoon"
    stops = [b for r in field.grid._boxes for b in r if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) == 1, "one Tab stop for the whole week"
    QTest.mouseClick(field.grid.box(1, 0), Qt.MouseButton.LeftButton)
    assert field.value() == (6, 4)


def test_a_week_says_what_it_holds(qtbot: QtBot) -> None:
    grid = WeekGrid("x", 31, 1)
    qtbot.addWidget(grid)
    assert grid.value() == (31, 1)


# --- part-time timetables ---------------------------------------------------------------------------------------------


def new(qtbot: QtBot, workspace: Workspace, pupil: int) -> TimetableDialog:
    return opened(qtbot, TimetableDialog(workspace, held(workspace, pupil)))


def test_a_timetable_is_started_by_keys_and_undone(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = new(qtbot, workspace, amara)
    assert d.focusWidget() is d.reason.text
    type_in(d.reason, "Back after illness")
    type_in(d.target_end, "18.12.2026")
    d.steps[0].week.setFocus()
    keys(d, Qt.Key.Key_Space, Qt.Key.Key_End, Qt.Key.Key_Space)
    QTest.mouseClick(d.add_step_button, Qt.MouseButton.LeftButton)
    assert d.steps[1].week.value() == (17, 0), "a step begins from the one before"
    type_in(d.steps[1].first_day, "7.12.2026")
    d.steps[1].week.set_value(31, 0)
    type_in(d.agreed_by, "Denise Bell, mother")
    said: list[str] = []
    workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    type_in(d.agreed_on, "23.11.2026")
    type_in(d.la_told_on, "23.11.2026")
    keep(d)
    assert not d.isVisible() and not any("agreement of the parent" in s for s in said)
    made = rows(workspace, amara)
    assert (made.timetable.first_day, made.timetable.target_end, made.timetable.reason) == (TODAY, date(2026, 12, 18), "Back after illness")
    assert [(s.first_day, s.am, s.pm) for s in made.steps] == [(TODAY, 17, 0), (date(2026, 12, 7), 31, 0)]
    assert [r.day for r in made.reviews] == [date(2026, 12, 8)]
    assert is_agreed(date(2026, 11, 27), "AM", [made.timetable], made.steps) is True
    workspace.undo()
    assert held(workspace, amara).timetables == () and held(workspace, amara).timetable_steps == ()
    workspace.redo()
    assert rows(workspace, amara) == made


def test_what_is_refused_stands_at_its_field_and_nothing_is_written(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = new(qtbot, workspace, amara)
    keep(d)
    assert "reason" in refused(d)
    type_in(d.reason, "To manage behaviour")
    assert "not a way to manage behaviour" in d.reason.editor.accessibleDescription(), "a hint, which stops nothing"
    keep(d)
    assert "target_end" in refused(d)
    type_in(d.target_end, "1.11.2026")
    keep(d)
    assert "before it begins (24 Nov 2026)" in refused(d)["target_end"]
    type_in(d.target_end, "18.12.2026")
    keep(d)
    assert "tick the box" in refused(d)["week_1"], "a week without any session is asked about"
    assert d.none_agreed.isVisible()
    QTest.mouseClick(d.add_step_button, Qt.MouseButton.LeftButton)
    type_in(d.steps[1].first_day, "18.1.2027")
    d.none_agreed.box.click()
    keep(d)
    assert "after the timetable ends (18 Dec 2026)" in refused(d)["step_2"]
    d.steps[1].take_out.click()
    assert len(d.steps) == 1
    type_in(d.reviews[0].day, "1.11.2026")
    keep(d)
    assert "before the timetable begins" in refused(d)["review_1"]
    assert held(workspace, amara).timetables == ()
    type_in(d.reviews[0].day, "8.12.2026")
    said: list[str] = []
    workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    keep(d)
    assert rows(workspace, amara) and "needs the agreement of the parent" in said[0], "it is kept, and never as if it were agreed"
    type_in(d.reviews[0].day, "1.12.2026")
    keep(d)
    assert not d.isVisible()
    assert [(s.am, s.pm) for s in rows(workspace, amara).steps] == [(0, 0)]


def test_esc_changes_nothing(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = new(qtbot, workspace, amara)
    type_in(d.reason, "x")
    QTest.keyClick(d, Qt.Key.Key_Escape)
    assert not d.isVisible() and held(workspace, amara).timetables == ()


def start(qtbot: QtBot, workspace: Workspace, pupil: int, first: str = "9.11.2026") -> TimetableRows:
    d = new(qtbot, workspace, pupil)
    type_in(d.reason, "Back after illness")
    type_in(d.first_day, first)
    type_in(d.target_end, "18.12.2026")
    d.steps[0].week.set_value(31, 0)
    keep(d)
    assert not d.isVisible(), refused(d)
    return rows(workspace, pupil)


def test_marks_already_taken_stay_and_those_that_disagree_are_named(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    said: list[str] = []
    workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    before = held(workspace, amara).marks
    start(qtbot, workspace, amara)
    assert held(workspace, amara).marks == before
    assert said and "already taken do not go with it and were left as they are" in said[-1]
    assert "but not agreed" in said[-1], "absences in the afternoons, which are no longer agreed"


def test_a_second_timetable_waits_until_the_first_has_ended(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    first = start(qtbot, workspace, amara)
    d = new(qtbot, workspace, amara)
    type_in(d.reason, "Another")
    type_in(d.target_end, "18.12.2026")
    d.steps[0].week.set_value(1, 0)
    keep(d)
    assert "only one at a time" in refused(d)["first_day"]
    QTest.keyClick(d, Qt.Key.Key_Escape)
    ending = opened(qtbot, TimetableDialog(workspace, held(workspace, amara), first))
    type_in(ending.last_day, "23.11.2026")
    keep(ending)
    assert "Say how it ended" in refused(ending)["outcome"]
    choose(ending.outcome, "extended")
    keep(ending)
    assert rows(workspace, amara).timetable.last_day == date(2026, 11, 23)
    again = new(qtbot, workspace, amara)
    type_in(again.reason, "Another")
    type_in(again.target_end, "18.12.2026")
    again.steps[0].week.set_value(1, 0)
    keep(again)
    assert len(held(workspace, amara).timetables) == 2


def test_a_review_is_held_a_step_taken_out_and_all_of_it_taken_out(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    first = start(qtbot, workspace, amara)
    d = opened(qtbot, TimetableDialog(workspace, held(workspace, amara), first))
    d.add_step()
    type_in(d.steps[1].first_day, "7.12.2026")
    d.steps[1].week.set_value(31, 3)
    type_in(d.reviews[0].held_on, "24.11.2026")
    type_in(d.reviews[0].note, "With Amara and her mother: all mornings are working")
    keep(d)
    now = rows(workspace, amara)
    assert now.reviews[0].held_on == TODAY and len(now.steps) == 2
    d = opened(qtbot, TimetableDialog(workspace, held(workspace, amara), now))
    d.steps[1].take_out.click()
    keep(d)
    assert len(rows(workspace, amara).steps) == 1
    d = opened(qtbot, TimetableDialog(workspace, held(workspace, amara), rows(workspace, amara)))
    d.take_out_button.click()
    r = held(workspace, amara)
    assert (r.timetables, r.timetable_steps, r.timetable_reviews) == ((), (), ())
    workspace.undo()
    assert rows(workspace, amara).timetable == first.timetable


def test_nothing_is_cut_at_two_hundred_per_cent(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    first = start(qtbot, workspace, amara)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    start_theme(app, "light", 200)
    d = opened(qtbot, TimetableDialog(workspace, held(workspace, amara), first))
    d.resize(1366, 700)
    inside = d._scroll.widget()
    assert inside is not None and inside.width() <= d._scroll.viewport().width() + 1
    for row in (0, 1):
        for box in d.steps[0].week.grid._boxes[row]:
            assert box.width() >= box.sizeHint().width()


def test_history_says_the_sessions_as_weekdays(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    from approgress.school.history import history_document
    from approgress.ui.pages.pupil.history import step_words

    start(qtbot, workspace, amara)
    (step,) = [s for s in history_document(workspace.school, pupil=amara, last=5)["steps"] if s["title"] == "Part-time timetable"]
    words = step_words(step)
    assert "step of a part-time timetable added: from 9 Nov 2026, morning Mon, Tue, Wed, Thu, Fri, afternoon none" in words.replace("Step of", "step of")
    assert "timetable id" not in words


# --- sessions elsewhere -----------------------------------------------------------------------------------------------


def test_sessions_elsewhere_are_entered_changed_and_taken_out(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, ElsewhereDialog(workspace, held(workspace, amara)))
    keep(d)
    assert "code" in refused(d)
    d.code.set_value("D")
    keep(d)
    assert "week" in refused(d)
    d.week.setFocus()
    keys(d, Qt.Key.Key_Right, Qt.Key.Key_Space)
    keep(d)
    assert "Choose the other school" in refused(d)["partner_id"]
    choose(d.partner, next(str(p) for p, one in workspace.facts.partners.items() if one.name == "Parkfield Academy"))
    keep(d)
    (row,) = held(workspace, amara).elsewhere
    assert (row.code, row.am, row.pm, row.first_day) == ("D", 2, 0, TODAY)
    d = opened(qtbot, ElsewhereDialog(workspace, held(workspace, amara), row))
    type_in(d.last_day, "1.11.2026")
    keep(d)
    assert "before it begins" in refused(d)["last_day"]
    type_in(d.last_day, "18.12.2026")
    keep(d)
    assert held(workspace, amara).elsewhere[0].last_day == date(2026, 12, 18)
    d = opened(qtbot, ElsewhereDialog(workspace, held(workspace, amara), held(workspace, amara).elsewhere[0]))
    d.take_out_button.click()
    assert held(workspace, amara).elsewhere == ()
    workspace.undo()
    assert len(held(workspace, amara).elsewhere) == 1


def test_the_page_finds_the_forms_and_hides_them_with_the_names(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    start(qtbot, workspace, amara)
    records: PupilRecords = held(workspace, amara)
    seen = see(records, workspace.facts, TODAY, hidden=False)
    d = dialog_for(workspace, seen, "timetable", records.timetables[0].id, None)  # type: ignore[arg-type]
    qtbot.addWidget(d)
    assert isinstance(d, TimetableDialog) and d.rows is not None
    e = dialog_for(workspace, seen, "elsewhere", None, None)  # type: ignore[arg-type]
    qtbot.addWidget(e)
    assert isinstance(e, ElsewhereDialog)
    hidden = see(records, workspace.facts, TODAY, hidden=True)
    with pytest.raises(Refusal, match="Names are hidden"):
        dialog_for(workspace, hidden, "timetable", records.timetables[0].id, None)  # type: ignore[arg-type]
