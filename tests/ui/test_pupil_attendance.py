"""The attendance tab of a pupil: both figures, the map read day by day by keys, timetables opened from it, the year printed, nothing cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Erase, Put, Title
from approgress.domain.records import Setting, Timetable, TimetableReview, TimetableStep
from approgress.domain.year_map import CLOSED
from approgress.ui.ask import answers
from approgress.ui.forms.print_year import PrintYearDialog
from approgress.ui.forms.timetable import TimetableDialog
from approgress.ui.pages.pupil.page import PupilPage
from approgress.ui.parts.year_view import YearView
from approgress.ui.pictures import faults
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.reports.made import text_of
from tests.ui.a_school import SECRETS, pupil_named
from tests.ui.words_shown import words_shown


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace) -> PupilPage:
    made = PupilPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.resize(1160, 768)
    made.open_pupil(pupil_named(workspace.school, "amara"))
    made.show_tab("attendance")
    made.show()
    qtbot.waitExposed(made)
    return made


def tab(page: PupilPage) -> Any:
    return page.tab("attendance")


def start_timetable(page: PupilPage) -> int:
    """Mornings only from 2 November on; the timetable's id."""
    pupil = page.pupil_id
    assert pupil is not None
    kept: list[int] = []

    def act(ids: Any) -> list[Put]:
        number = ids.other()
        kept.append(number)
        return [
            Put(Timetable(pupil, number, 1, "Denise Bell asked for it", date(2026, 11, 2), date(2026, 12, 18), agreed_by="Denise Bell")),
            Put(TimetableStep(pupil, ids.other(), number, date(2026, 11, 2), 31, 0)),
            Put(TimetableReview(pupil, ids.other(), number, date(2026, 11, 27))),
        ]

    page.workspace.do(Title.TIMETABLE, act)
    return kept[0]


# --- what it says -----------------------------------------------------------------------------------------------------


def test_a_timetable_brings_the_second_figure_and_undo_takes_it_away(page: PupilPage) -> None:
    body = tab(page)
    assert body.agreed.isHidden()
    start_timetable(page)
    assert not body.agreed.isHidden()
    words = words_shown(body)
    assert "DfE measure" in words and "not the DfE measure" in words
    assert "13 of 17 sessions that the timetable asked for since 2 Nov 2026" in body.agreed_counts.text()
    assert "attended although not agreed" in body.agreed_counts.text(), "her afternoons are said apart"
    row = next(r for r in body.half_terms.table.rows.rows() if r.name.startswith("Autumn 2"))
    assert [c.words() for c in row.cells[1:5]] == ["26 of 34", "76%", "13 of 17", "76%"]
    assert [c.title.replace("\n", " ") for c in body.half_terms.table.rows.columns[1:5]] == ["Possible sessions", "DfE measure", "Agreed sessions", "not the DfE measure"]
    assert body.timetables.keys() and "review due Fri 27 Nov" in body.timetables.table.rows.rows()[0].cells[1].words().replace("Review", "review")
    page.workspace.undo()
    assert body.agreed.isHidden() and len(body.half_terms.table.rows.columns) == 6


def test_a_setting_without_a_register_sees_no_percentage(page: PupilPage) -> None:
    held = page.workspace.read(lambda reader: reader.every(Setting))[0]
    page.workspace.do(Title.CHANGE_SETTING, [Put(replace(held, sort="non_school"), held)])
    start_timetable(page)
    words = words_shown(tab(page))
    assert not [w for w in words if "%" in w]
    assert "DfE measure" not in [w for w in words if w == "DfE measure"] or tab(page).possible_label.isHidden()
    assert "128 of 162" in " ".join(words)


def test_hidden_names_are_nowhere(page: PupilPage) -> None:
    number = start_timetable(page)
    page.workspace.hide_names(True)
    from approgress.domain.edits import Changes

    page.refresh(Changes(everything=True))
    everything = " ".join(words_shown(tab(page)))
    assert not [s for s in SECRETS if s in everything]
    said: list[str] = []
    page.workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    page.change("timetable", number)
    assert said and "Names are hidden" in said[-1]


# --- the map ----------------------------------------------------------------------------------------------------------


def view(page: PupilPage) -> YearView:
    found = tab(page).year.view
    assert isinstance(found, YearView)
    return found


def test_the_cursor_reads_day_by_day_and_week_by_week(page: PupilPage) -> None:
    v = view(page)
    v.setFocus()
    k = Qt.Key
    QTest.keyClick(v, k.Key_Home)
    assert v.reading().startswith("Mon 8 Jun 2026. AM: I, ")
    assert v.accessibleDescription() == v.reading()
    QTest.keyClick(v, k.Key_Down)
    assert v.reading().startswith("Tue 9 Jun 2026. AM: /, ")
    QTest.keyClick(v, k.Key_Right)
    assert v.reading().startswith("Tue 16 Jun 2026.")
    for _ in range(3):
        QTest.keyClick(v, k.Key_Down)
    QTest.keyClick(v, k.Key_Down)
    assert v.reading().startswith("Mon 22 Jun 2026."), "Friday goes on to Monday"
    QTest.keyClick(v, k.Key_End)
    assert v.reading() == "Fri 27 Nov 2026. AM: to come. PM: to come."
    QTest.keyClick(v, k.Key_Right)
    assert v.reading().startswith("Fri 27 Nov"), "there is nothing further on"
    QTest.keyClick(v, k.Key_Escape)
    assert v.reading() == ""


def test_the_cursor_passes_over_holidays(page: PupilPage) -> None:
    v = view(page)
    QTest.keyClick(v, Qt.Key.Key_Home)
    for _ in range(60):
        QTest.keyClick(v, Qt.Key.Key_Right)
        week, weekday = v._at or (0, 0)
        one = v.figure().year.weeks[week].days[weekday]  # type: ignore[union-attr]
        assert one is not None and one.am.tone != CLOSED


def test_the_map_is_said_in_a_sentence_and_copied_as_a_table(page: PupilPage) -> None:
    v = view(page)
    assert "128 of 162 possible sessions attended here" in v.accessibleName()
    v.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Week of\tMon\tTue\tWed\tThu\tFri" and lines[1].startswith("8 Jun 2026\tI O\t/ \\")


def test_a_change_keeps_the_cursor_on_its_day(page: PupilPage) -> None:
    v = view(page)
    QTest.keyClick(v, Qt.Key.Key_Home)
    QTest.keyClick(v, Qt.Key.Key_Down)
    mark = next(m for m in page.seen.held.marks if m.day == date(2026, 6, 9))  # type: ignore[union-attr]
    page.workspace.do(Title.TAKE_REGISTER, [Erase(mark)])
    assert v.reading() == "Tue 9 Jun 2026. AM: no mark. PM: no mark."


def test_another_year_is_chosen(page: PupilPage) -> None:
    body = tab(page)
    body.years.chosen.emit("2025")
    assert body.shown.year == "2025" and "2026-08" not in body.year.figure().subtitle
    assert view(page).figure().year.weeks[0].first_day == date(2026, 6, 8)  # type: ignore[union-attr]


# --- forms and print --------------------------------------------------------------------------------------------------


def open_dialog(page: PupilPage, cls: type[Any]) -> Any:
    return next(w for w in page.findChildren(cls) if w.isVisible())


def test_the_buttons_open_the_timetable_that_runs(page: PupilPage) -> None:
    tab(page).timetables.add_button.click()
    new = open_dialog(page, TimetableDialog)
    assert new.rows is None
    new.reject()
    QApplication.sendPostedEvents(None, 52)
    number = start_timetable(page)
    tab(page).change_button.click()
    d = open_dialog(page, TimetableDialog)
    assert d.rows.timetable.id == number
    d.reject()


def test_the_year_is_printed_into_a_folder(page: PupilPage, tmp_path: Path) -> None:
    said: list[str] = []
    page.workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    tab(page).print_button.click()
    d = open_dialog(page, PrintYearDialog)
    out = tmp_path / "out"
    out.mkdir()
    d.names.set_value(False)
    with answers(None):
        d.accept()
    assert d.isVisible(), "without a folder the form stays open"
    with answers(out):
        d.accept()
    (file,) = out.iterdir()
    assert "Amara" not in file.name and file.name.endswith("attendance year 2026-11-24.pdf")
    assert "Amara" not in text_of(file.read_bytes())
    assert said and "is saved in" in said[-1]


def test_a_certificate_is_off_until_the_school_allows_it_and_bears_the_name(page: PupilPage, tmp_path: Path) -> None:
    body = tab(page)
    assert body.certificate_button.isHidden()
    held = page.workspace.read(lambda reader: reader.every(Setting))[0]
    page.workspace.do(Title.CHANGE_SETTING, [Put(replace(held, certificates=True), held)])
    assert not body.certificate_button.isHidden()
    said: list[str] = []
    page.workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    with answers(tmp_path):
        body.certificate_button.click()
    (file,) = tmp_path.glob("*certificate*.pdf")
    text = text_of(file.read_bytes())
    run = next(m for m in body.shown.milestones if m.kind == "run")
    assert "Amara Bell" in text and f"came to {run.count} sessions in a row" in text and "%" not in text
    page.workspace.hide_names(True)
    body.certificate_button.click()
    assert "Names are hidden" in said[-1]


# --- room -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("look", "percent", "size"), [("light", 100, (1160, 768)), ("dark", 100, (1366, 768)), ("contrast", 200, (1280, 700)), ("light", 200, (1246, 700))])
def test_nothing_is_cut(qtbot: QtBot, page: PupilPage, look: str, percent: int, size: tuple[int, int]) -> None:
    start_timetable(page)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    start_theme(app, look, percent)
    page.resize(*size)
    QTest.keyClick(view(page), Qt.Key.Key_Home)
    for _ in range(4):
        app.processEvents()
    assert faults(page) == []
