"""Buttons that choose: segments with arrows, folded to a menu, filter chips, tabs and what goes into More, tick boxes that wrap."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approgress.ui.parts.buttons import Button, FilterChips, MenuButton, SegmentedChoice, TailButton
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.parts.ticks import RadioBox, TickBox
from approgress.ui.theme import h, start_theme

GROUPS = (("ash", "Ash"), ("birch", "Birch & Elm"), ("cedar", "Cedar"))


def _window(qtbot: QtBot, widget: QWidget, width: float) -> QWidget:
    window = QWidget()
    row = QVBoxLayout(window)
    row.addWidget(widget)
    qtbot.addWidget(window)
    window.resize(round(h(width)), 200)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    widget.window_kept = window  # type: ignore[attr-defined] # a window that nobody holds is freed at once
    return window


def test_arrows_move_and_choose(qtbot: QtBot) -> None:
    choice = SegmentedChoice(GROUPS, "ash", name="Group")
    _window(qtbot, choice, 70)
    told: list[str] = []
    choice.chosen.connect(told.append)
    choice.setFocus()
    first = choice._group.checkedButton()
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert told == ["birch"] and choice.value() == "birch" and choice._group.checkedButton().hasFocus()
    choice.set_value("cedar")
    assert told == ["birch"] and choice._group.checkedButton().text() == "Cedar"
    assert choice._group.buttons()[1].accessibleName() == "Group: Birch & Elm"


def test_other_options_on_a_shown_choice_have_their_room(qtbot: QtBot, qapp: QApplication) -> None:
    choice = SegmentedChoice((), name="Time", small=True)
    _window(qtbot, choice, 70)
    for options in (GROUPS, GROUPS[:2], (), GROUPS):
        choice.set_options(options, "ash")
        qapp.processEvents()
        shown = [button for button in choice._group.buttons() if button.isVisible()]
        assert [button.width() >= button.sizeHint().width() for button in shown] == [True] * len(options)
        assert choice.width() >= sum(button.width() for button in shown)
    assert not choice._menu.isVisible()


def test_only_one_segment_is_a_tab_stop(qtbot: QtBot) -> None:
    choice = SegmentedChoice(GROUPS, "birch", name="Group")
    _window(qtbot, choice, 70)
    stops = [b for b in choice._group.buttons() if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [choice._group.checkedButton()]


def test_segments_become_a_menu_in_a_narrow_window(qtbot: QtBot, qapp: QApplication) -> None:
    choice = SegmentedChoice(GROUPS, "ash", name="Group")
    window = _window(qtbot, choice, 35)
    assert choice._menu.isVisible() and not choice._row.isVisible()
    assert choice._menu.text() == "Ash" and choice._menu.accessibleName() == "Group: Ash"
    told: list[str] = []
    choice.chosen.connect(told.append)
    qtbot.keyClick(choice._menu, Qt.Key.Key_Down)
    menu = qapp.activePopupWidget()
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert told == ["birch"] and choice.value() == "birch"
    choice.set_fold(Fold.WIDE)
    window.resize(round(h(70)), 200)
    assert choice._row.isVisible() and choice._group.checkedButton().text() == "Birch && Elm"


def test_segments_fold_where_they_have_no_room(qtbot: QtBot) -> None:
    choice = SegmentedChoice(GROUPS, "ash", name="Group")
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(choice)
    filler = QWidget()
    filler.setMinimumWidth(round(h(62)))
    row.addWidget(filler)
    qtbot.addWidget(window)
    window.resize(round(h(69)), 100)
    window.show()
    assert choice._menu.isVisible() and not choice._row.isVisible()


def test_menu_button_with_words_of_its_own(qtbot: QtBot, qapp: QApplication) -> None:
    button = MenuButton((("a", "By need"), ("b", "By year")), name="Compare", text="Compare by…")
    _window(qtbot, button, 70)
    with qtbot.waitSignal(button.chosen) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.keyClick(qapp.activePopupWidget(), Qt.Key.Key_Return)
    assert told.args == ["a"] and button.text() == "Compare by…"


def test_filter_chips_keep_their_widgets_when_only_counts_change(qtbot: QtBot) -> None:
    chips = FilterChips((("all", "All", 64), ("ash", "Ash", 11)), ("all",), name="Filters")
    _window(qtbot, chips, 70)
    before = chips.chips()
    chips.set_options((("all", "All", 65), ("ash", "Ash", 12)), ("ash",))
    assert chips.chips() == before and [chip.text() for chip in before] == ["All 65", "Ash 12"] and chips.value() == ["ash"]
    with qtbot.waitSignal(chips.changed) as told:
        qtbot.mouseClick(before[0], Qt.MouseButton.LeftButton)
    assert told.args == [["all"]]


def test_options_that_come_later_keep_the_tab_order(qtbot: QtBot, qapp: QApplication) -> None:
    from approgress.ui.pictures import order_faults, tab_order

    window = QWidget()
    column = QVBoxLayout(window)
    chips, choice = FilterChips(name="Filters"), SegmentedChoice((), name="Time")
    for part in (Button("above"), chips, choice, Button("below")):
        column.addWidget(part)
    qtbot.addWidget(window)
    window.resize(round(h(70)), 300)
    window.show()
    chips.set_options((("a", "All", 1), ("b", "Ash", 2)), ("a",))
    choice.set_options(GROUPS, "birch")
    qapp.processEvents()
    assert order_faults(window) == []
    assert [button.text() for button in tab_order(window)] == ["above", "All 1", "Birch && Elm", "below"]


def test_filter_chips_that_are_not_exclusive(qtbot: QtBot) -> None:
    chips = FilterChips((("a", "Amara", None), ("b", "Ellis", None)), name="Who", exclusive=False, ticked=True)
    _window(qtbot, chips, 70)
    for chip in chips.chips():
        qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert chips.value() == ["a", "b"]


def test_tabs_that_do_not_fit_go_into_more(qtbot: QtBot, qapp: QApplication) -> None:
    names = ("Overview", "Starting point", "Measures", "Attendance", "Behaviour", "Learning", "History")
    strip = TabStrip([(name, name) for name in names], name="Parts")
    window = _window(qtbot, strip, 70)
    shown = [i for i in range(len(names)) if strip._bar.isTabVisible(i)]
    assert len(shown) == len(names) and not strip._more.isVisible()
    window.resize(round(h(26)), 200)
    shown = [i for i in range(len(names)) if strip._bar.isTabVisible(i)]
    assert 0 < len(shown) < len(names) and strip._more.isVisible()
    assert strip._more.geometry().right() <= strip.width()
    told: list[str] = []
    strip.chosen.connect(told.append)
    qtbot.mouseClick(strip._more, Qt.MouseButton.LeftButton)
    menu = qapp.activePopupWidget()
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert told == ["History"] and strip.value() == "History" and strip._bar.isTabVisible(6)
    window.resize(round(h(70)), 200)
    assert all(strip._bar.isTabVisible(i) for i in range(len(names)))


def test_tabs_move_by_keys_and_keep_their_width(qtbot: QtBot) -> None:
    strip = TabStrip([("a", "Overview"), ("b", "Measures")], name="Parts")
    _window(qtbot, strip, 70)
    widths = [strip._bar.tabRect(i).width() for i in range(2)]
    told: list[str] = []
    strip.chosen.connect(told.append)
    qtbot.keyClick(strip._bar, Qt.Key.Key_Right)
    assert told == ["b"]
    assert [strip._bar.tabRect(i).width() for i in range(2)] == widths
    strip.set_value("a")
    assert told == ["b"] and strip.value() == "a"


def test_tick_box_goes_on_to_the_next_line(qtbot: QtBot) -> None:
    words = "A social worker is involved and has said that the school may write to her"
    for kind in (TickBox, RadioBox):
        box = kind(words)
        qtbot.addWidget(box)
        wide = box.sizeHint()
        assert box.heightForWidth(wide.width()) <= round(h(1.4))
        assert box.heightForWidth(round(h(14))) > round(h(2.2))
        box.resize(round(h(14)), box.heightForWidth(round(h(14))))
        box.show()
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().bottomRight() - box.rect().center() / 2)
        assert box.isChecked()


def test_button_that_shows_only_an_icon_says_what_it_does(qtbot: QtBot) -> None:
    button = Button(kind="icon", icon="trash", name="Delete the reading")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Delete the reading"
    button.show()
    assert not button.icon().isNull()


def test_icons_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    button = Button("Print", icon="printer")
    qtbot.addWidget(button)
    button.show()
    before = button.icon().cacheKey()
    size = button.iconSize()
    start_theme(qapp, "dark", 200)
    assert button.icon().cacheKey() != before and button.iconSize().height() > 1.8 * size.height()


def test_tail_button_has_room_for_its_tail(qtbot: QtBot) -> None:
    plain, tail = Button("Open it"), TailButton("Open it", keycap="Ctrl Enter")
    for button in (plain, tail):
        qtbot.addWidget(button)
    assert tail.sizeHint().width() > plain.sizeHint().width() + h(3)


def test_the_list_of_keys_scrolls_by_keys(qtbot: QtBot) -> None:
    from approgress.ui.forms.keys import SHEETS, KeysDialog

    dialog = KeysDialog("Today", [(("G",), f"line {n}") for n in range(120)], grid=SHEETS)
    qtbot.addWidget(dialog)
    dialog.show()
    bar = dialog._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 2 * bar.pageStep() > 0)
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Down):
        before = bar.value()
        qtbot.keyClick(dialog.main_button, key)
        assert bar.value() > before
    qtbot.keyClick(dialog.main_button, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_Up):
        before = bar.value()
        qtbot.keyClick(dialog.main_button, key)
        assert bar.value() < before
    qtbot.keyClick(dialog.main_button, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_the_ring_goes_with_the_chosen_tab(qtbot: QtBot) -> None:
    from approgress.ui.pictures import rings

    box = QWidget()
    column = QVBoxLayout(box)
    button = Button("Before")
    strip = TabStrip([("a", "Pupils"), ("b", "Weeks"), ("c", "Compared")], "a")
    column.addWidget(button)
    column.addWidget(strip)
    qtbot.addWidget(box)
    box.resize(600, 120)
    box.show()
    box.activateWindow()
    assert QTest.qWaitForWindowActive(box)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Tab)
    for key in ("b", "c"):
        qtbot.keyClick(strip._bar, Qt.Key.Key_Right)
        assert strip.value() == key
        (ring,) = rings(box)
        inner = strip._bar.ring_rect()
        corner = strip._bar.mapTo(box, inner.topLeft())
        assert (ring.geometry().topLeft(), ring.width()) == (corner - QPoint(4, 4), inner.width() + 8)
