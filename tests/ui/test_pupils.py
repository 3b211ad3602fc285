"""The list of pupils: search, filters, sorting, signs, keys, names hidden, others' changes, paper, and that it is freed."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approgress.domain.acts.pupils import PupilRows, change_pupil
from approgress.domain.edits import Changes, Title
from approgress.domain.instruments import STRANDS
from approgress.domain.strands import BETTER, DECLINE, GAIN, Sign
from approgress.school.school import School
from approgress.store.reads.dossier import records_of
from approgress.store.reads.pupils import cards, signs
from approgress.ui.ask import answers
from approgress.ui.forms.pupil_details import AddPupilDialog
from approgress.ui.pages.pupils import FIRST_SIGN, STARTED, PupilsPage, columns, list_row, sign_cell
from approgress.ui.parts.tables import SignCell
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, pupil_named
from tests.ui.words_shown import words_shown


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace) -> PupilsPage:
    return shown(qtbot, workspace)


def shown(qtbot: QtBot, workspace: Workspace, width: int = 1240, height: int = 800) -> PupilsPage:
    made = PupilsPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.resize(width, height)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: not made._to_judge and not made._to_read)
    return made


def pdf_words(path: Path) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(p.extract_text() for p in PdfReader(path).pages).split())


def names(page: PupilsPage) -> list[str]:
    return [row.name for row in page.model.rows()]


def test_all_on_roll_by_name_with_counts_that_agree(page: PupilsPage) -> None:
    assert names(page) == ["Amara Bell", "Maximiliana-Theodora Wolfeschlegelsteinhausen-Bergerdorff", "Odd Forename Zanzibar"]
    assert page.head.sentence.text() == "3 on roll on 24 Nov 2026 · 1 with a full starting point, 2 without"
    assert page.count.text() == "3 of 3 shown, by name"


def test_a_row_says_what_the_store_says(page: PupilsPage, workspace: Workspace) -> None:
    amara = pupil_named(workspace.school, "amara")
    card = next(c for c in workspace.read(cards, workspace.facts, TODAY) if c.pupil_id == amara)
    row = page.model.row(page.model.find(amara))
    assert row.cells[0].words() == "Amara Bell Y9"
    assert row.cells[4].words() == f"{card.half_term.attended} of {card.half_term.possible}" == "26 of 34"
    assert row.cells[5].words() == "76%"
    assert row.cells[STARTED].words() == f"{card.strands_started} of 6"
    told = workspace.read(signs, workspace.facts, TODAY, [amara])[amara]
    for n, strand in enumerate(STRANDS):
        assert row.cells[FIRST_SIGN + n].words() == told[strand].words


def test_a_mark_is_drawn_only_where_something_is_judged() -> None:
    drawn = sign_cell(Sign(GAIN, "", "reliable gain"))
    assert isinstance(drawn, SignCell) and drawn.sign == GAIN
    written: Any = sign_cell(Sign("", BETTER, "better than before"))
    assert written.word == "better"
    assert not isinstance(written, SignCell)


def test_no_column_sums_a_pupil_over_strands(page: PupilsPage, workspace: Workspace) -> None:
    """Each sort key of a strand's column is of that strand alone."""
    amara = pupil_named(workspace.school, "amara")
    card = next(c for c in workspace.read(cards, workspace.facts, TODAY) if c.pupil_id == amara)
    told = dict.fromkeys(STRANDS, Sign("unjudged", "", "cannot be judged"))
    for n, strand in enumerate(STRANDS):
        before = list_row(card, told).sort
        after = list_row(card, told | {strand: Sign(DECLINE, "", "reliable decline")}).sort
        assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [FIRST_SIGN + n]
    assert [c.title for c in columns()][FIRST_SIGN:STARTED] == ["Wb", "En", "At", "Be", "Le", "Ho"]


def test_headings_sort_and_what_is_missing_comes_last(page: PupilsPage) -> None:
    page.table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    assert names(page)[0] == "Amara Bell"  # the others have no possible session yet
    page.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert names(page)[0] == "Amara Bell"
    assert "falling" in page.status._right._words
    page.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert names(page)[-1] == "Amara Bell"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bell", ["Amara Bell"]),
        ("AMARA  b", ["Amara Bell"]),
        ("parkf", ["Amara Bell"]),
        ("P9991100", ["Amara Bell"]),
        ("zanz odd", ["Odd Forename Zanzibar"]),
        ("nobody", []),
    ],
)
def test_search_by_name_number_and_school(page: PupilsPage, typed: str, found: list[str]) -> None:
    page.search.setText(typed)
    assert names(page) == found
    assert page.empty.isVisible() == (not found)
    if not found:
        assert any(typed in text for text in words_shown(page.empty))


def test_letters_without_accents_find_letters_with_them(qtbot: QtBot, workspace: Workspace) -> None:
    amara = pupil_named(workspace.school, "amara")
    records = workspace.read(records_of, amara)
    rows = PupilRows(records.pupil, records.names)
    for forename, surname, typed in (("Zoë", "Grützmann", "zoe"), ("Đức", "Trần", "tran duc"), ("Áine", "Ní Bhriain", "aine ni")):
        records = workspace.read(records_of, amara)
        rows = PupilRows(records.pupil, records.names, records.years, records.identifiers, records.enrolments, records.memberships, records.home_schools)
        form = rows.form(TODAY)
        from dataclasses import replace

        workspace.do(Title.CHANGE_PUPIL, lambda ids, r=rows, f=replace(form, forename=forename, surname=surname): change_pupil(ids, r, f, today=TODAY))
        page = shown(qtbot, workspace)
        page.search.setText(typed)
        assert names(page) == [f"{forename} {surname}"]


def test_filters_leave_whom_they_say(page: PupilsPage) -> None:
    chips = {chip.key: chip for chip in page.chips.chips()}
    assert chips["all"].text() == "All 3"
    assert chips["care"].text() == "Looked after 2"
    assert next(c for c in chips.values() if c.key.startswith("group")).text() == "Ash 1"
    chips["care"].click()
    assert "Amara Bell" not in names(page) and len(names(page)) == 2
    assert page.count.text().startswith("2 of 3 shown")


def test_those_who_left_are_read_when_asked_for(qtbot: QtBot, page: PupilsPage) -> None:
    page.choose_filter("left")
    qtbot.waitUntil(lambda: not page._to_judge and not page._to_read)
    assert names(page) == ["Left Already"]
    assert page.model.row(0).cells[4].words() == "left 17 Jul 2026"
    page.choose_filter("all")
    assert "Left Already" not in names(page)
    assert page.head.sentence.text().startswith("3 on roll")


def test_keys_search_choose_and_open(qtbot: QtBot, page: PupilsPage, workspace: Workspace) -> None:
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Z)
    assert page.search.text() == "z"
    assert names(page) == ["Odd Forename Zanzibar"]
    with qtbot.waitSignal(workspace.pupil_asked) as asked:
        QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert asked.args == [pupil_named(workspace.school, "zanzibar")]
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(names(page)) == 3
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(workspace.pupil_asked) as asked:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == [page.model.row(1).key]


def test_slash_and_control_f_go_to_the_search(qtbot: QtBot, page: PupilsPage) -> None:
    page.activateWindow()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Slash)
    assert page.search.text() == ""
    qtbot.waitUntil(page.search.hasFocus)


def test_model_keeps_the_rules_of_models(page: PupilsPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.model)


def test_cells_have_words_for_those_who_do_not_see_them(page: PupilsPage, workspace: Workspace) -> None:
    at = page.model.find(pupil_named(workspace.school, "amara"))
    spoken = page.model.index(at, FIRST_SIGN).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Amara Bell, Wellbeing since the starting point: ")
    tip = page.model.index(at, FIRST_SIGN + 2).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Attendance: better than before")


def test_hidden_names_stand_nowhere_on_the_page(qtbot: QtBot, page: PupilsPage, workspace: Workspace) -> None:
    assert any("Amara" in text for text in words_shown(page))
    workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    qtbot.waitUntil(lambda: not page._to_judge and not page._to_read)
    shown_now = words_shown(page)
    assert not [text for text in shown_now if any(secret in text for secret in SECRETS)]
    assert any("KTB412" in text for text in shown_now)
    paper = page.paper()
    assert not [cell for row in paper.rows for cell in row if any(secret in cell for secret in SECRETS)]


def test_others_changes_are_read_again_and_only_of_whom_they_touched(page: PupilsPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    amara = pupil_named(workspace.school, "amara")
    read: list[list[int]] = []
    whole = page._take
    monkeypatch.setattr(page, "_take", lambda ids: (read.append(list(ids)), whole(ids)))
    before = {row.key: row for row in page.model.rows()}
    records = workspace.read(records_of, amara)
    name = next(n for n in records.names if n.use == "legal")
    from dataclasses import replace

    from approgress.domain.edits import Put

    workspace.do(Title.CHANGE_PUPIL, [Put(replace(name, surname="Aardvark"), name)])
    assert read == [[amara]]
    assert "Amara Aardvark" in names(page)
    assert all(row is before[row.key] for row in page.model.rows() if row.key != amara)


def test_a_pupil_added_or_gone_by_another_window_comes_and_goes(qtbot: QtBot, page: PupilsPage, workspace: Workspace) -> None:
    from approgress.domain.acts.pupils import PupilForm, add_pupil, leave

    workspace.do(Title.ADD_PUPIL, lambda ids: add_pupil(ids, PupilForm("New", "Comer"), code="NEW111", setting_id=1, today=TODAY))
    assert "New Comer" in names(page)
    new = pupil_named(workspace.school, "new comer")
    records = workspace.read(records_of, new)
    workspace.do(Title.LEAVE, list(leave(records.enrolments[0], (), TODAY, reason=None, destination=None)))
    assert "New Comer" in names(page)  # the last day counts as on roll
    workspace.undo()
    workspace.undo()
    assert "New Comer" not in names(page)


def test_who_has_no_full_starting_point_is_named_with_days(qtbot: QtBot, page: PupilsPage, workspace: Workspace) -> None:
    side = [row for row in words_shown(page.side) if "day 4 of 28" in row]
    assert side
    with qtbot.waitSignal(page.side.opened):
        from approgress.ui.pages.pupils import NameLink

        page.side.findChildren(NameLink)[0].click()


def test_adding_a_pupil_opens_the_form_and_then_their_page(qtbot: QtBot, page: PupilsPage, workspace: Workspace) -> None:
    page.add_pupil()
    dialog = next(d for d in page.findChildren(AddPupilDialog))
    dialog.forename.set_value("Sol")
    with qtbot.waitSignal(workspace.pupil_asked):
        dialog.accept()
    assert "Sol" in names(page)


def test_the_list_is_printed_as_it_is_shown(page: PupilsPage, workspace: Workspace, tmp_path: Path) -> None:
    page.choose_filter("care")
    with answers(tmp_path / "list.pdf"):
        page.save_list()
    text = pdf_words(tmp_path / "list.pdf")
    assert "Odd Forename Zanzibar" in text
    assert "Amara" not in text
    assert "2 of 3 shown" in text
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_list_that_cannot_be_saved_says_so(qtbot: QtBot, page: PupilsPage, workspace: Workspace, tmp_path: Path) -> None:
    with qtbot.waitSignal(workspace.troubled) as said:
        page.save_list_to(tmp_path / "missing folder" / "list.pdf")
    assert said.args is not None and said.args[1] == "error" and "could not be written" in said.args[0]


def test_long_lists_are_printed_on_several_pages(qapp: QApplication, tmp_path: Path) -> None:
    from pypdf import PdfReader

    from approgress.ui.forms.list_paper import PaperColumn, PaperList, save_list

    start_theme(qapp)
    rows = tuple((f"Pupil {n}", "@gain", f"{n}%") for n in range(90))
    what = PaperList("Pupils", "Trial", "Foot", (PaperColumn("Name", stretch=1), PaperColumn("Wb", "middle"), PaperColumn("%", "right")), rows)
    assert save_list(tmp_path / "l.pdf", what) == len(PdfReader(tmp_path / "l.pdf").pages) > 1
    text = pdf_words(tmp_path / "l.pdf")
    assert all(f"Pupil {n}" in text for n in (0, 44, 89))


def test_a_school_without_pupils_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    school, _ = School.create(tmp_path / "e.approgress", "Empty", passphrase=None, demonstration_today=TODAY)
    page = shown(qtbot, Workspace(school))
    assert "No pupils yet" in words_shown(page.empty)
    page._show_all()
    dialog = page.findChild(AddPupilDialog)
    assert dialog is not None
    dialog.reject()
    school.close()


def test_many_pupils_are_read_in_pieces(qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from approgress.ui.pages import pupils

    monkeypatch.setattr(pupils, "_AT_ONCE", 1)
    monkeypatch.setattr(pupils, "_PIECE", 1)
    page = shown(qtbot, workspace)
    assert len(names(page)) == 3
    assert page.head.sentence.text().startswith("3 on roll")
    assert all(row.cells[FIRST_SIGN].words() for row in page.model.rows())


@pytest.mark.parametrize(("width", "percent"), [(1240, 100), (800, 100), (1240, 200)])
def test_the_page_folds_without_faults(qtbot: QtBot, qapp: QApplication, workspace: Workspace, width: int, percent: int) -> None:
    from approgress.ui.pictures import faults, order_faults, unnamed

    start_theme(qapp, "light", percent)
    page = shown(qtbot, workspace, width, 700)
    qapp.processEvents()
    assert [*faults(page), *order_faults(page), *unnamed(page)] == []


def test_the_page_is_freed(qtbot: QtBot, workspace: Workspace) -> None:
    page = PupilsPage(workspace)
    page.show()
    page.add_pupil()
    for dialog in page.findChildren(QDialog):
        dialog.close()
    gone = weakref.ref(page)
    page.close()
    page.deleteLater()
    del page, dialog
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert gone() is None
