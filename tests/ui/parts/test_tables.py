"""Tables: cells in their rectangles, widths that cut nothing, keys that do not trap, sorting with what is missing last."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approgress.style import Size
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.painting import cell_rect, draw_code_cell, draw_score_cell, recorded_overflows
from approgress.ui.parts.tables import CELL, ChipCell, CodeCell, Column, Row, ScoreCell, SignCell, TableModel, TableView, TextCell
from approgress.ui.pictures import cut
from approgress.ui.theme import h, start_theme, theme

NAMES = ("Leon Marsh", "Amara Bell", "Oluwaseun-Christopher Featherstonehaugh", "Zoë Ó Briain")


def _model(extra: int = 0) -> TableModel:
    columns = (
        Column("Pupil", least=8, stretch=1),
        Column("AM", "middle", sorts=False),
        Column("Lesson 1", "middle", drop=1, wide_only=True),
        Column("This half-term", "right", drop=2),
        Column("Wb", "middle", group="Since starting point", drop=3, said="Wellbeing"),
        Column("State", drop=4),
    )
    rows = [
        Row(
            name,
            name,
            (
                TextCell(name, f"Y{8 + i}", kind="strong", initials="AB", may_elide=True),
                CodeCell("/" if i else "", "gain", said="present" if i else ""),
                ScoreCell(i + 1 if i else None),
                TextCell(f"{20 + i} of 33" if i != 2 else "", across="right"),
                SignCell(("gain", "none", "decline", "unjudged")[i]),
                ChipCell("changed", "accent", "none"),
            ),
            sort=(name.split()[-1], None, None, None if i == 2 else 20 + i, i, ""),
        )
        for i, name in enumerate(NAMES)
    ]
    return TableModel(columns, rows)


@pytest.fixture
def view(qtbot: QtBot) -> TableView:
    made = TableView("Pupils")
    model = _model()
    model.setParent(made)
    made.setModel(model)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    column.addWidget(made)
    column.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(round(h(70)), 400)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    made.setFocus(Qt.FocusReason.TabFocusReason)
    made.window_kept = window  # type: ignore[attr-defined] # a window that nobody holds is freed at once
    return made


def test_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(_model())


def test_words_of_cells_for_screen_readers() -> None:
    model = _model()
    spoken = int(Qt.ItemDataRole.AccessibleTextRole)
    assert model.data(model.index(0, 0), spoken) == "Leon Marsh Y8"
    assert model.data(model.index(0, 1), spoken) == "Leon Marsh, AM: no mark yet"
    assert model.data(model.index(1, 1), spoken) == "Amara Bell, AM: present"
    assert model.data(model.index(2, 4), spoken) == "Oluwaseun-Christopher Featherstonehaugh, Wellbeing: worse"
    assert model.headerData(0, Qt.Orientation.Vertical, spoken) == "Leon Marsh"
    assert model.headerData(4, Qt.Orientation.Horizontal, spoken) == "Since starting point, Wellbeing"


def test_a_name_that_may_end_in_dots_is_in_the_tool_tip() -> None:
    model = _model()
    tip = int(Qt.ItemDataRole.ToolTipRole)
    assert model.data(model.index(2, 0), tip) == "Oluwaseun-Christopher Featherstonehaugh Y10"
    assert model.data(model.index(2, 3), tip) is None


def test_sorting_puts_what_is_missing_last_both_ways(view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    view.sort_by(3)
    assert [row.key for row in model.rows()] == [NAMES[0], NAMES[1], NAMES[3], NAMES[2]]
    view.sort_by(3, falling=True)
    assert [row.key for row in model.rows()] == [NAMES[3], NAMES[1], NAMES[0], NAMES[2]]


def test_sorting_keeps_the_current_row(view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    view.go_to(model.find(NAMES[1]))
    view.sort_by(0, falling=True)
    assert model.row(view.currentIndex().row()).key == NAMES[1]


def test_new_rows_keep_the_chosen_order(view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    view.sort_by(0)
    model.set_rows(list(reversed(model.rows())))
    assert [row.key for row in model.rows()] == [NAMES[1], NAMES[3], NAMES[2], NAMES[0]]


@pytest.mark.parametrize("width", [30, 40, 50, 70])
@pytest.mark.parametrize("percent", [100, 200])
def test_no_heading_and_no_cell_is_cut(qtbot: QtBot, qapp: QApplication, view: TableView, width: int, percent: int) -> None:
    start_theme(qapp, "light", percent)
    view.window().resize(round(h(width)), 500)
    qapp.processEvents()
    with recorded_overflows() as overflows:
        view.window().grab()
    assert overflows == []
    assert cut(view.window()) == []
    assert view.horizontalHeader().length() <= view.viewport().width()


def test_a_column_narrowed_on_purpose_is_found(view: TableView) -> None:
    view.setColumnWidth(3, 40)
    with recorded_overflows() as overflows:
        view.window().grab()
    assert any("33" in overflow.text for overflow in overflows)
    assert any("half-term" in fault for fault in cut(view.window()))


def test_columns_go_in_their_order_and_narrow_windows_have_fewer(qapp: QApplication, view: TableView) -> None:
    view.window().resize(round(h(30)), 400)
    view.set_fold(Fold.NARROW)
    qapp.processEvents()
    hidden = [n for n in range(6) if view.isColumnHidden(n)]
    assert 2 in hidden and 0 not in hidden and 1 not in hidden
    assert view.verticalHeader().defaultSectionSize() == round(h(Size.ROW_DENSE))
    view.set_fold(Fold.WIDE)
    assert view.verticalHeader().defaultSectionSize() == round(h(Size.ROW_LIST))


def test_letters_do_not_jump_to_names(qtbot: QtBot, view: TableView) -> None:
    view.go_to(1)
    qtbot.keyClicks(view, "L")
    assert view.currentIndex().row() == 1


def test_tab_leaves_the_table(qtbot: QtBot, view: TableView) -> None:
    first, last = view.window().findChildren(QLineEdit)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert last.hasFocus()
    assert first is not last


def test_enter_opens_the_row(qtbot: QtBot, view: TableView) -> None:
    view.go_to(2)
    with qtbot.waitSignal(view.opened) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [2]


def test_headings_sort_by_keys(qtbot: QtBot, view: TableView) -> None:
    view.sort_by(0)
    heading = view.horizontalHeader()
    view.go_to(0)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert heading.hasFocus()
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert heading.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    qtbot.keyClick(heading, Qt.Key.Key_Right)
    qtbot.keyClick(heading, Qt.Key.Key_Return)
    assert heading.sortIndicatorSection() == 2, "AM does not sort, so the next one that does"
    qtbot.keyClick(heading, Qt.Key.Key_Down)
    assert view.hasFocus()


def test_the_whole_row_is_marked_under_the_pointer(qtbot: QtBot, view: TableView) -> None:
    hover = theme().colour("hover").name()
    place = view.visualRect(view.model().index(2, 3)).center()
    qtbot.mouseMove(view.viewport(), place)
    view.mouseMoveEvent(_move(place))
    image = view.viewport().grab().toImage()
    for column in (0, 1, 3, 4):
        rect = view.visualRect(view.model().index(2, column))
        assert image.pixelColor(rect.left() + 1, rect.top() + 2).name() == hover, column
    assert view.hover_row == 2
    from PySide6.QtCore import QEvent

    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert view.hover_row == -1


def _move(place: QPoint) -> object:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    point = QPointF(place)
    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, point, point, none, none, Qt.KeyboardModifier.NoModifier)


def test_nothing_is_selected_or_edited_by_itself(view: TableView) -> None:
    assert view.selectionMode() == QAbstractItemView.SelectionMode.NoSelection
    assert view.editTriggers() == QAbstractItemView.EditTrigger.NoEditTriggers


def _painted(paint: object) -> set[tuple[int, int, int, int]]:
    """The outermost box of what was painted."""
    image = QImage(120, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    paint(painter)  # type: ignore[operator]
    painter.end()
    # what is smoothed away at rounded corners does not count
    places = [(x, y) for x in range(120) for y in range(60) if min(image.pixelColor(x, y).getRgb()[:3]) < 235]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return {(min(xs), min(ys), max(xs), max(ys))}


def test_empty_and_filled_cells_lie_in_one_rectangle() -> None:
    row = QRectF(0, 0, 119, 47)
    codes = [("", "none"), ("/", "gain"), ("N", "decline"), ("L", "attention")]
    boxes = [_painted(lambda p, c=c, t=t: draw_code_cell(p, row, c, t)) for c, t in codes]
    assert boxes == [boxes[0]] * len(boxes)
    assert boxes[0] == _painted(lambda p: draw_code_cell(p, row, "", "none", wrong=True))
    scores = [_painted(lambda p, s=s: draw_score_cell(p, row, s)) for s in (None, 1, 2, 3, 4, 5)]
    assert scores == [scores[0]] * len(scores)


@pytest.mark.parametrize("top", [0.0, 0.3, 0.5, 10.7])
def test_cell_rectangles_are_whole_pixels(top: float) -> None:
    rect = cell_rect(QRectF(0.4, top, 50, 47), Size.SCORE_CELL)
    assert all(value == round(value) for value in rect.getRect())  # type: ignore[union-attr]


def test_data_changed_widens_and_repaints(qapp: QApplication, view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    before = view.columnWidth(3)
    row = model.row(0)
    cells = (*row.cells[:3], TextCell("1,000,020 of 1,000,033", across="right"), *row.cells[4:])
    model.replace_row(0, Row(row.key, row.name, cells, row.sort))
    assert view.columnWidth(3) > before
    assert model.index(0, 3).data(CELL).text.startswith("1,000")
