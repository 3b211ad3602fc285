"""Sheets: blocks by keys and mouse, copy, paste, fill down and clear as one act each, Tab, and the first column that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approgress.ui.parts.sheet_model import SheetModel
from approgress.ui.parts.sheet_view import SheetView
from approgress.ui.parts.tables import Block, CodeCell, Column, Row, ScoreCell, TableModel, TableView, TextCell
from approgress.ui.theme import h, theme

NAMES = ("Amara Bell", "Callum Dyer", "Chloe Frost", "Dariusz Wolski", "Ellis Grant")
_ = Qt.KeyboardModifier
KEY = Qt.Key


def _rows() -> list[Row]:
    codes = ("/", "L", "", "N", "C2")
    return [
        Row(
            name,
            name,
            (
                TextCell(name, kind="strong", may_elide=True),
                CodeCell(codes[i], said="said" if codes[i] else "", expected=codes[i] == "C2"),
                CodeCell(""),
                TextCell("29 of 33", across="right"),
                ScoreCell(3 if not i else None),
            ),
            sort=(name.split()[-1], codes[i], "", 0, 0),
        )
        for i, name in enumerate(NAMES)
    ]


@pytest.fixture
def sheet(qtbot: QtBot) -> Iterator[SheetView]:
    view = SheetView("Register", (1, 2, 4), lambda text, _column: text.upper() == "C")
    model = SheetModel(
        (
            Column("Pupil", least=9),
            Column("AM", "middle", sorts=False),
            Column("PM", "middle", sorts=False),
            Column("This half-term"),
            Column("1", "middle", said="Engagement in lesson 1"),
        ),
        _rows(),
    )
    model.setParent(view)
    view.setModel(model)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(view)
    column.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(round(h(60)), round(h(24)))
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.go_to(0, 1)
    yield view
    QGuiApplication.clipboard().clear()


def _copied() -> str:
    return QGuiApplication.clipboard().text()


def _here(view: TableView) -> tuple[int, int]:
    return view.currentIndex().row(), view.currentIndex().column()


def test_shift_and_arrows_choose_a_block_and_an_arrow_ends_it(qtbot: QtBot, sheet: SheetView) -> None:
    qtbot.keyClick(sheet, KEY.Key_Down, _.ShiftModifier)
    qtbot.keyClick(sheet, KEY.Key_Right, _.ShiftModifier)
    qtbot.keyClick(sheet, KEY.Key_Right, _.ShiftModifier)
    assert sheet.block() == Block(0, 1, (1, 2, 4)), "the column that is not typed into is passed over"
    assert _here(sheet) == (1, 4)
    assert "2 rows" in sheet.accessibleDescription() and "3 columns" in sheet.accessibleDescription()
    qtbot.keyClick(sheet, KEY.Key_Left)
    assert sheet.block() is None and _here(sheet) == (1, 2)
    assert sheet.accessibleDescription() == ""


def test_a_block_is_seen_by_its_ground_and_its_edge_and_the_cell_keeps_its_ring(qtbot: QtBot, sheet: SheetView) -> None:
    before = sheet.viewport().grab().toImage()
    qtbot.keyClick(sheet, KEY.Key_Down, _.ShiftModifier)
    qtbot.keyClick(sheet, KEY.Key_Down, _.ShiftModifier)
    image = sheet.viewport().grab().toImage()
    rect = sheet.visualRect(sheet.model().index(0, 1))
    assert image.pixelColor(rect.left() + 4, rect.top() + 4).name() == theme().colour("soft").name()
    assert before.pixelColor(rect.left() + 4, rect.top() + 4) != image.pixelColor(rect.left() + 4, rect.top() + 4)
    assert image.pixelColor(rect.left(), rect.center().y()).name() == theme().colour("accent").name(), "the edge"
    at = sheet.visualRect(sheet.model().index(2, 1))
    colours = {image.pixelColor(x, at.center().y()).name() for x in range(at.left() + 2, at.right() - 1)}
    assert theme().colour("focus").name() in colours, "the ring"
    outside = sheet.visualRect(sheet.model().index(1, 2))
    assert image.pixelColor(outside.left() + 4, outside.top() + 4).name() != theme().colour("soft").name()


def test_the_mouse_chooses_a_block_and_whole_rows_by_their_names(qtbot: QtBot, sheet: SheetView) -> None:
    place = [sheet.visualRect(sheet.model().index(*at)).center() for at in ((1, 1), (3, 2), (1, 0), (2, 0))]
    port = sheet.viewport()

    def drag(one: QPoint, other: QPoint) -> None:
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=one)
        sheet.mouseMoveEvent(moved(other))
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=other)

    drag(place[0], place[1])
    assert sheet.block() == Block(1, 3, (1, 2))
    drag(place[2], place[3])
    assert sheet.block() == Block(1, 2, (1, 2, 4))
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place[0])
    assert sheet.block() is None and _here(sheet) == (1, 1)
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, _.ShiftModifier, pos=place[1])
    assert sheet.block() == Block(1, 3, (1, 2))


def moved(place: QPoint) -> object:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(place), QPointF(place), Qt.MouseButton.NoButton, left, _.NoModifier)


def test_copy_takes_the_cells_as_codes_without_headings(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.choose_block(0, 1, 4, 2)
    qtbot.keyClick(sheet, KEY.Key_C, _.ControlModifier)
    assert _copied() == "/\t\nL\t\n\t\nN\t\n\t", "an expected code is not a mark"
    html = QGuiApplication.clipboard().mimeData().html()
    assert html.count("<tr>") == 5 and "<th" not in html
    sheet.go_to(0, 4)
    sheet.choose_none()
    qtbot.keyClick(sheet, KEY.Key_C, _.ControlModifier)
    assert _copied() == "3"


def test_all_is_first_what_is_typed_and_then_everything_with_headings(qtbot: QtBot, sheet: SheetView) -> None:
    qtbot.keyClick(sheet, KEY.Key_A, _.ControlModifier)
    assert sheet.block() == Block(0, 4, (1, 2, 4))
    qtbot.keyClick(sheet, KEY.Key_A, _.ControlModifier)
    assert sheet.block() == Block(0, 4, (0, 1, 2, 3, 4))
    qtbot.keyClick(sheet, KEY.Key_C, _.ControlModifier)
    assert _copied().split("\n")[:2] == ["Pupil\tAM\tPM\tThis half-term\tEngagement in lesson 1", "Amara Bell\t/\t\t29 of 33\t3"]
    with qtbot.waitSignal(sheet.cleared) as told:
        qtbot.keyClick(sheet, KEY.Key_Delete)
    assert {c for _row, c in told.args[0]} == {1, 2, 4}, "names and figures are not cleared"
    qtbot.keyClick(sheet, KEY.Key_Escape)
    assert sheet.block() is None


def test_paste_says_where_and_what_in_one_act(qtbot: QtBot, sheet: SheetView) -> None:
    QGuiApplication.clipboard().setText('/\tN\r\n"L"\tC2\r\n')
    sheet.go_to(3, 2)
    with qtbot.waitSignal(sheet.pasted) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    assert told.args == [3, 2, [["/", "N"], ["L", "C2"]]]
    placed = sheet.placed(*told.args)
    assert placed.cells == ((3, 2, "/"), (3, 4, "N"), (4, 2, "L"), (4, 4, "C2")), "the column of figures is passed over"
    assert placed.words == ""


def test_a_block_larger_than_the_grid_says_what_did_not_fit(qtbot: QtBot, sheet: SheetView) -> None:
    QGuiApplication.clipboard().setText("\n".join("\t".join("/" * 4) for _row in range(7)))
    with qtbot.waitSignal(sheet.pasted) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    placed = sheet.placed(*told.args)
    assert len(placed.cells) == 15
    assert placed.words == "13 cells did not fit: 2 rows below the last one, 1 column to the right."


def test_a_hidden_column_is_never_pasted_into_unseen(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.setColumnHidden(2, True)
    placed = sheet.placed(0, 1, [["/", "5", "x"]])
    assert placed.cells == ((0, 1, "/"), (0, 4, "5")) and placed.columns_beyond == 1


def test_one_cell_pasted_into_a_block_fills_it_and_so_does_a_smaller_block(qtbot: QtBot, sheet: SheetView) -> None:
    QGuiApplication.clipboard().setText("/\n")
    sheet.choose_block(1, 1, 3, 2)
    with qtbot.waitSignal(sheet.pasted) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    assert told.args == [1, 1, [["/", "/"]] * 3]
    QGuiApplication.clipboard().setText("/\tL\n")
    with qtbot.waitSignal(sheet.pasted) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    assert told.args == [1, 1, [["/", "L"]] * 3]
    QGuiApplication.clipboard().setText("/\nL\n")
    with qtbot.waitSignal(sheet.pasted) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    assert told.args == [1, 1, [["/"], ["L"]]], "three rows are no multiple of two"


@pytest.mark.parametrize("kind", ["nothing", "picture", "blank", "endless"])
def test_what_is_no_text_is_said_and_nothing_is_pasted(qtbot: QtBot, sheet: SheetView, kind: str) -> None:
    data = QMimeData()
    if kind == "picture":
        data.setImageData(sheet.grab().toImage())
    elif kind == "blank":
        data.setText("\t\r\n\r\n")
    elif kind == "endless":
        data.setText("/\n" * 1_000_001)
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.assertNotEmitted(sheet.pasted), qtbot.waitSignal(sheet.refused) as told:
        qtbot.keyClick(sheet, KEY.Key_V, _.ControlModifier)
    assert "Nothing was" in told.args[0]


def test_fill_down_copies_the_top_of_the_block_or_what_stands_above(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.choose_block(0, 1, 3, 2)
    with qtbot.waitSignal(sheet.filled) as told:
        qtbot.keyClick(sheet, KEY.Key_D, _.ControlModifier)
    assert told.args == [1, 1, [["/", ""]] * 3]
    assert sheet.placed(*told.args).cells == ((1, 1, "/"), (2, 1, "/"), (3, 1, "/")), "a blank above takes nothing away"
    sheet.choose_none()
    sheet.go_to(2, 1)
    with qtbot.waitSignal(sheet.filled) as told:
        qtbot.keyClick(sheet, KEY.Key_D, _.ControlModifier)
    assert told.args == [2, 1, [["L"]]]
    for row, column in ((0, 1), (3, 1), (3, 2)):
        sheet.go_to(row, column)
        with qtbot.assertNotEmitted(sheet.filled), qtbot.waitSignal(sheet.refused):
            qtbot.keyClick(sheet, KEY.Key_D, _.ControlModifier)


def test_delete_clears_a_block_at_once_and_a_cell_as_before(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.choose_block(0, 1, 1, 2)
    with qtbot.assertNotEmitted(sheet.typed), qtbot.waitSignal(sheet.cleared) as told:
        qtbot.keyClick(sheet, KEY.Key_Delete)
    assert told.args == [[(0, 1), (0, 2), (1, 1), (1, 2)]]
    qtbot.keyClick(sheet, KEY.Key_Up)
    with qtbot.assertNotEmitted(sheet.cleared), qtbot.waitSignal(sheet.typed) as told:
        qtbot.keyClick(sheet, KEY.Key_Delete)
    assert told.args == [0, 2, ""]


def test_cut_copies_and_clears(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.choose_block(0, 1, 1, 1)
    with qtbot.waitSignal(sheet.cleared):
        qtbot.keyClick(sheet, KEY.Key_X, _.ControlModifier)
    assert _copied() == "/\nL"


def test_typing_replaces_the_current_cell_only_and_moves_down(qtbot: QtBot, sheet: SheetView) -> None:
    sheet.choose_block(0, 1, 1, 2)
    with qtbot.waitSignal(sheet.typed) as told:
        qtbot.keyClicks(sheet, "L")
    assert told.args == [1, 2, "L"] and _here(sheet) == (2, 2) and sheet.block() is None


def test_tab_leaves_the_sheet_unless_something_is_half_typed(qtbot: QtBot, sheet: SheetView) -> None:
    qtbot.keyClicks(sheet, "C")
    assert sheet.draft == "C"
    with qtbot.waitSignal(sheet.typed) as told:
        qtbot.keyClick(sheet, KEY.Key_Tab)
    assert told.args == [0, 1, "C"] and _here(sheet) == (0, 2) and sheet.hasFocus()
    qtbot.keyClick(sheet, KEY.Key_Tab)
    assert not sheet.hasFocus()


def test_sorting_keeps_the_cursor_on_its_pupil_and_ends_the_block(qtbot: QtBot, sheet: SheetView) -> None:
    model = sheet.model()
    assert isinstance(model, TableModel)
    sheet.choose_block(0, 1, 1, 1)
    sheet.sort_by(0, falling=True)
    assert next(row.key for row in model.rows()) == "Dariusz Wolski"
    assert model.row(sheet.currentIndex().row()).key == "Callum Dyer" and sheet.currentIndex().column() == 1
    assert sheet.block() is None


def test_rows_read_again_leave_the_cursor_on_its_pupil(sheet: SheetView) -> None:
    model = sheet.model()
    assert isinstance(model, TableModel)
    sheet.go_to(3, 2)
    model.set_rows(list(reversed(_rows()))[:4])
    assert _here(sheet) == (1, 2) and model.row(1).key == NAMES[3]
    model.set_rows(_rows()[:1])
    assert not sheet.currentIndex().isValid(), "the pupil is gone"


def test_the_names_stand_still_when_the_table_is_wider_than_its_window(qtbot: QtBot, qapp: QApplication, sheet: SheetView) -> None:
    window = sheet.window()
    window.setMinimumWidth(1)
    window.resize(round(h(17)), round(h(24)))
    qapp.processEvents()
    bar = sheet.horizontalScrollBar()
    assert bar.maximum() > 0, "there is not room for all"
    wide = sheet.columnWidth(0)
    still = sheet.viewport().grab().toImage().copy(0, 0, wide - 2, sheet.viewport().height())
    heading = sheet.horizontalHeader().viewport().grab().toImage().copy(0, 0, wide - 2, 20)
    sheet.go_to(0, 4)
    assert bar.value() > 0
    moved_on = sheet.viewport().grab().toImage().copy(0, 0, wide - 2, sheet.viewport().height())
    assert moved_on == still
    assert sheet.horizontalHeader().viewport().grab().toImage().copy(0, 0, wide - 2, 20) == heading
    assert sheet.indexAt(QPoint(5, sheet.rowViewportPosition(2) + 5)).column() == 0
    assert sheet.visualRect(sheet.model().index(2, 0)).left() == 0
    qtbot.keyClick(sheet, KEY.Key_Left)
    qtbot.keyClick(sheet, KEY.Key_Left)
    at = sheet.columnViewportPosition(sheet.currentIndex().column())
    assert at >= wide, "the cell with the cursor is never under the names"


def test_a_list_copies_whole_rows_with_headings(qtbot: QtBot) -> None:
    view = TableView("Pupils", opens_on_click=True)
    model = TableModel((Column("Pupil"), Column("Sessions", said="Sessions attended")), [Row(n, n, (TextCell(n, "Y9"), TextCell("=1"))) for n in NAMES])
    model.setParent(view)
    view.setModel(model)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.go_to(1)
    qtbot.keyClick(view, KEY.Key_Down, _.ShiftModifier)
    qtbot.keyClick(view, KEY.Key_C, _.ControlModifier)
    assert _copied() == "Pupil\tSessions attended\nCallum Dyer Y9\t'=1\nChloe Frost Y9\t'=1"
    assert "<th" in QGuiApplication.clipboard().mimeData().html()
    view.choose_none()
    qtbot.keyClick(view, KEY.Key_C, _.ControlModifier)
    assert _copied().count("\n") == 1
    qtbot.keyClick(view, KEY.Key_A, _.ControlModifier)
    qtbot.keyClick(view, KEY.Key_C, _.ControlModifier)
    assert _copied().count("\n") == 5
    one, other = (view.visualRect(model.index(row, 0)).center() for row in (0, 3))
    with qtbot.assertNotEmitted(view.opened):
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=one)
        view.mouseMoveEvent(moved(other))
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=other)
    assert view.block() == Block(0, 3, (0, 1)), "choosing rows by the mouse opens none"
    with qtbot.waitSignal(view.opened):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=other)
