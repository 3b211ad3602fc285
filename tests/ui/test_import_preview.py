"""The import preview: rows, filters, refusals, questions and headings answered in place, one step, one undo, stop, names hidden."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Changes
from approgress.domain.errors import Trouble
from approgress.domain.records import Pupil
from approgress.school.import_plan import NEW, REFUSED
from approgress.school.school import School
from approgress.ui import ask
from approgress.ui.pages.import_preview import ImportPreviewPage
from approgress.ui.pictures import faults, unnamed
from approgress.ui.workspace import Workspace
from tests.importing import new_school, upn

HEAD = "Admission No,UPN,Legal Surname,Legal Forename,Date of Birth,Year Group,House\n"
AIRD = f"P1,{upn(1)},Aird,Zoe,14/03/2012,10,Red\n"
BELL = f"P2,{upn(2)},Bell,Max,02/04/2012,9,Blue\n"
WRONG = f"P3,{upn(3)},Farthing,Dee,31/02/2012,9,Blue\n"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path / "school", calendar=True)
    yield made
    made.close()


@pytest.fixture
def page(school: School, qtbot: QtBot) -> Iterator[ImportPreviewPage]:
    workspace = Workspace(school)
    made = ImportPreviewPage(workspace)
    workspace.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1150, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    workspace.tasks.stop_all()


def _file(folder: Path, text: str, name: str = "pupils.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _quiet(page: ImportPreviewPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.workspace.tasks.busy() and not page.progress.isVisible(), timeout=30_000)


def _open(page: ImportPreviewPage, qtbot: QtBot, path: Path) -> None:
    page.show_section(str(path))
    _quiet(page, qtbot)


def _pupils(school: School) -> int:
    return len(school.read(lambda r: r.every(Pupil)))


def test_a_list_is_shown_brought_in_as_one_step_and_taken_back(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    step = school.journal.newest()
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD + BELL + WRONG))
    assert school.journal.newest() == step and _pupils(school) == 0, "nothing is written before the button"
    assert page.main.text() == "Bring in 2 rows" and page.main.isEnabled()
    assert [page.cards[k]._count for k in ("all", "new", "changed", "same", "refused")] == [3, 2, 0, 0, 1]
    first = page.rows.row(0)
    assert first.key.state == REFUSED and "31/02/2012" in first.cells[4].words() and first.cells[0].words() == "4"
    page.main.click()
    _quiet(page, qtbot)
    assert _pupils(school) == 2 and school.journal.newest() == step + 1
    assert "2 new" in page.banner.sentence() and "1 refused row stays out" in page.banner.sentence()
    assert page.cards["same"]._count == 2 and page.main.text() == "Nothing to bring in" and not page.main.isEnabled()
    page.workspace.undo()
    _quiet(page, qtbot)
    assert _pupils(school) == 0
    qtbot.waitUntil(lambda: page.cards["new"]._count == 2)


def test_filters_show_one_kind_of_row_and_r_goes_to_refused_ones(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD + BELL + WRONG + WRONG.replace("P3", "P4").replace(upn(3), upn(4))))
    page.cards[NEW].click()
    assert {r.key.state for r in page.rows.rows()} == {NEW} and page.rows.rowCount() == 2
    page.cards["all"].click()
    assert page.rows.rowCount() == 4
    qtbot.keyClick(page, Qt.Key.Key_R)
    qtbot.keyClick(page, Qt.Key.Key_R)
    at = page.table.currentIndex().row()
    assert page.rows.row(at).key.state == REFUSED
    qtbot.keyClick(page, Qt.Key.Key_R)
    assert page.table.currentIndex().row() != at and page.rows.row(page.table.currentIndex().row()).key.state == REFUSED


def test_headings_are_matched_and_can_be_changed(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD + BELL))
    columns = [r.key for r in page.headings.rows.rows()]
    house = next(i for i, c in enumerate(columns) if c.heading == "House")
    assert columns[house].meaning is None and [c.meaning for c in columns if c.heading == "UPN"] == ["upn"]
    page.open_heading(house)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None and "Red, Blue" in dialog._sentence.text()  # type: ignore[attr-defined]
    dialog.meaning.set_value("group")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    _quiet(page, qtbot)
    assert [c.meaning for c in page.plan.columns if c.heading == "House"] == ["group"]  # type: ignore[union-attr]
    assert any("Red" in r.cells[4].words() for r in page.rows.rows())


def test_questions_are_answered_in_place_and_the_plan_made_again(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD))
    page.main.click()
    _quiet(page, qtbot)
    # the UPN of one child with the name and birthday of another: asked about, never taken silently
    _open(page, qtbot, _file(tmp_path, HEAD + f"P7,{upn(1)},Olaniyan,Kit,05/06/2011,10,Red\n", "again.csv"))
    plan = page.plan
    assert plan is not None and plan.open_asks and page.asks_card.isVisible()
    asked = plan.open_asks[0]
    page.answer(asked.question, asked.choices[0].key)
    _quiet(page, qtbot)
    (box,) = [b for b in page.answer_boxes() if b.ask.question == asked.question]
    assert box.choice.value() == asked.choices[0].key, "what was answered can still be seen, and taken back"
    assert page.plan is not None and asked.question not in {a.question for a in page.plan.open_asks}
    page.answer(asked.question, "")
    _quiet(page, qtbot)
    assert page.plan is not None and asked.question in {a.question for a in page.plan.open_asks}


def test_pupils_who_are_not_in_the_file_are_named_and_left_alone(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD + BELL))
    page.main.click()
    _quiet(page, qtbot)
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD, "fewer.csv"))
    assert page.missing_card.isVisible() and "Bell" in page.missing.text()
    assert page.plan is not None and not page.plan.writes and _pupils(school) == 2


def test_a_file_that_is_no_list_and_one_that_is_gone_are_said(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, "\x00\x01\x02", "x.csv"))
    assert page.banner.sentence() and not page.main.isEnabled() and page.plan is None
    _open(page, qtbot, tmp_path / "gone.csv")
    assert "gone.csv" in page.banner.sentence()


def test_a_full_disk_while_writing_leaves_nothing_and_the_same_press_works_later(
    page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD))

    def full(*_: object, **__: object) -> Changes:
        raise Trouble("The disk is full: this could not be saved and was not.")

    monkeypatch.setattr(school, "do", full)
    page.main.click()
    _quiet(page, qtbot)
    assert "The disk is full" in page.banner.sentence() and _pupils(school) == 0 and page.workspace.saved == ""
    monkeypatch.undo()
    page.main.click()
    _quiet(page, qtbot)
    assert _pupils(school) == 1


def test_stop_while_writing_leaves_nothing(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD + BELL))
    begun = threading.Event()

    def slow(_school: object, _plan: object, progress: object = None) -> None:
        begun.set()
        for done in range(10_000):
            progress(done, 10_000)  # type: ignore[operator]
            threading.Event().wait(0.002)
        raise AssertionError("it was not stopped")

    monkeypatch.setattr("approgress.school.import_file.carry_out", slow)
    page.main.click()
    assert begun.wait(10) and page.progress.isVisible()
    page.progress.stop.click()
    _quiet(page, qtbot)
    assert page.banner.sentence() == "Stopped. Nothing of this file was written." and page.main.isEnabled() and _pupils(school) == 0


def test_what_others_change_meanwhile_makes_the_plan_anew(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD))
    assert page.cards["new"]._count == 1
    from tests.importing import bring

    bring(school, _file(tmp_path, HEAD + AIRD, "other.csv"))
    page.refresh(Changes(frozenset({"pupil", "name"})))
    _quiet(page, qtbot)
    assert page.cards["same"]._count == 1 and page.cards["new"]._count == 0


def test_with_names_hidden_nothing_of_the_file_is_shown(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD))
    page.workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    assert not page.table.isVisible() and not page.main.isEnabled() and "Names are hidden" in page.banner.sentence()
    page.workspace.hide_names(False)
    page.refresh(Changes(everything=True))
    assert page.table.isVisible() and page.main.isEnabled()


def test_refused_rows_are_saved_as_a_list_that_no_spreadsheet_runs(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    wrong = WRONG.replace("31/02/2012", "=1+1")
    _open(page, qtbot, _file(tmp_path, HEAD + wrong))
    with ask.answers(tmp_path / "refused.csv"):
        page.refused_button.click()
    text = (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "Date of Birth" in text and "'=1+1" in text
    with ask.answers(tmp_path / "gone" / "refused.csv"):
        page.refused_button.click()
    assert "could not be written" in page.banner.sentence()


def test_esc_leaves_with_nothing_written(page: ImportPreviewPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    step = school.journal.newest()
    _open(page, qtbot, _file(tmp_path, HEAD + AIRD))
    with qtbot.waitSignal(page.workspace.place_asked) as asked:
        qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert asked.args == ["setting/data"] and school.journal.newest() == step


@pytest.mark.parametrize("size", [(1150, 768), (900, 600), (620, 384)])
def test_nothing_is_cut(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot, size: tuple[int, int]) -> None:
    page.resize(*size)
    long = AIRD.replace("Aird", "Wolfeschlegelsteinhausen-Bergerdorff").replace("Zoe", "Maximiliana-Theodora")
    _open(page, qtbot, _file(tmp_path, HEAD + long + BELL + WRONG))
    qtbot.wait(1)
    assert faults(page) == [] and unnamed(page) == []


def test_a_long_list_shows_its_beginning_and_more_on_demand(page: ImportPreviewPage, tmp_path: Path, qtbot: QtBot) -> None:
    rows = "".join(f"P{i},{upn(100 + i)},Pupil{i},Test,02/04/2012,9,Blue\n" for i in range(700))
    _open(page, qtbot, _file(tmp_path, HEAD + rows))
    assert page.rows.rowCount() == 300 and page.more_button.isVisible() and "300 of 700 rows shown" in page.shown.text()
    page.more_button.click()
    assert page.rows.rowCount() == 700 and not page.more_button.isVisible()
