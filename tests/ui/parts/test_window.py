"""Ring, frame, page, cards and folding: what shows where, what is freed, and the whole gallery without a fault."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approgress.style import THEMES
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button, FilterChips, MenuButton, SegmentedChoice, TailButton
from approgress.ui.parts.cards import Card, EmptyState, Heading, Line
from approgress.ui.parts.fields import (
    ChoiceField,
    DateField,
    NoteField,
    NumberField,
    OptionsField,
    PassphraseField,
    SearchField,
    TextField,
    TickField,
)
from approgress.ui.parts.fold import Fold, fold_for
from approgress.ui.parts.frame import Frame, Place
from approgress.ui.parts.labels import Badge, Chip, Disc, Dot, KeyCap, Legend, MarkText, NameText, Rule, Text
from approgress.ui.parts.layouts import CardGrid, FlowLayout, SideBySide
from approgress.ui.parts.mini import MiniBar, MiniBars, MiniLine, MiniSpan, MiniSpans, draw_mini
from approgress.ui.parts.page import Page
from approgress.ui.parts.painting import crisp, draw_hairline, draw_text, elided, initials, recorded_overflows, text_width
from approgress.ui.parts.progress import ProgressRow, time_left
from approgress.ui.parts.ring import start_rings
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.strand_card import SpanBar, StrandCard, StrandFacts
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.parts.tables import TableView
from approgress.ui.pictures import cut, faults, order_faults, outside, rings, tab_order, unnamed, weak_text
from approgress.ui.theme import h, start_theme, theme

TODAY = date(2026, 11, 24)
FACTS = StrandFacts(
    "wellbeing",
    "28",
    "52",
    "of 100",
    "gain",
    "clear gain",
    MiniLine(((0, 28), (1, None), (2, 52)), 0, 100, 28, (6, 50)),
    ("+24; 23 or more counts", "WHO-5, pupil, 9 of 9 asked"),
    chart_words="From 28 to 52",
)


# The ring


@pytest.fixture
def form(qtbot: QtBot) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for name in ("One", "Two"):
        column.addWidget(Button(name))
    column.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    return window


def test_ring_after_a_key_in_one_place_and_none_after_a_click(qtbot: QtBot, qapp: QApplication, form: QWidget) -> None:
    one, two = form.findChildren(Button)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(one, Qt.Key.Key_Tab)
    assert two.hasFocus() and start_rings(qapp).shown() is two
    (ring,) = rings(form)
    assert ring.geometry() == two.geometry().adjusted(-4, -4, 4, 4)
    line = form.findChild(QLineEdit)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    line.setFocus(Qt.FocusReason.MouseFocusReason)
    assert rings(form) == [] and start_rings(qapp).shown() is None
    qtbot.keyClick(line, Qt.Key.Key_Backtab)
    assert start_rings(qapp).shown() is two


def test_ring_is_drawn_in_the_colour_of_focus(qtbot: QtBot, form: QWidget) -> None:
    one, two = form.findChildren(Button)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(one, Qt.Key.Key_Tab)
    image = form.grab().toImage()
    assert image.pixelColor(two.geometry().center().x(), two.geometry().top() - 4).name() == theme().colour("focus").name()
    assert image.pixelColor(two.geometry().center().x(), two.geometry().top() - 2).name() == theme().colour("paper").name()


def test_ring_follows_its_widget_and_goes_with_it(qtbot: QtBot, qapp: QApplication, form: QWidget) -> None:
    one, two = form.findChildren(Button)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(one, Qt.Key.Key_Tab)
    form.resize(700, 500)
    qapp.processEvents()
    assert rings(form)[0].geometry() == two.geometry().adjusted(-4, -4, 4, 4)
    two.hide()
    qapp.processEvents()
    assert all(ring.geometry() != two.geometry().adjusted(-4, -4, 4, 4) for ring in rings(form))


def test_ring_is_cut_where_its_widget_scrolls_away(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    head = QLabel("Head")
    head.setFixedHeight(60)
    column.addWidget(head)
    area = ScrollArea()
    buttons = [Button(f"Button {i}") for i in range(20)]
    for button in buttons:
        area.body.addWidget(button)
    column.addWidget(area)
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(buttons[0], Qt.Key.Key_Tab)
    area.verticalScrollBar().setValue(round(h(2.2)) + 20)
    qapp.processEvents()
    for ring in rings(window):
        assert ring.geometry().top() >= area.geometry().top() - 4
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qapp.processEvents()
    assert rings(window) == []


def test_scroll_area_is_no_tab_stop_and_its_parts_come_into_sight(qtbot: QtBot) -> None:
    area = ScrollArea()
    buttons = [Button(f"Button {i}") for i in range(20)]
    for button in buttons:
        area.body.addWidget(button)
    qtbot.addWidget(area)
    area.resize(300, 150)
    area.show()
    area.activateWindow()
    assert QTest.qWaitForWindowActive(area)
    assert tab_order(area) == buttons
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    for button in buttons[:9]:
        qtbot.keyClick(button, Qt.Key.Key_Tab)
    assert buttons[9].hasFocus() and not buttons[9].visibleRegion().isEmpty()


# Painting


def test_overflow_is_recorded_unless_a_name_may_end_in_dots(qapp: QApplication) -> None:
    image = QImage(200, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    with recorded_overflows() as found:
        draw_text(painter, QRectF(0, 0, 190, 20), "short")
        draw_text(painter, QRectF(0, 0, 30, 20), "a long text that has no room")
        draw_text(painter, QRectF(0, 0, 60, 20), "Oluwaseun-Christopher", may_elide=True)
        draw_text(painter, QRectF(0, 0, 190, 6), "too tall")
        draw_text(painter, QRectF(0, 0, 60, 20), "three lines of text in twenty pixels", wrap=True)
    painter.end()
    assert [overflow.text for overflow in found] == ["a long text that has no room", "too tall", "three lines of text in twenty pixels"]


def test_elided_fits_and_keeps_what_fits(qapp: QApplication) -> None:
    name = "Wolfeschlegelsteinhausen-Bergerdorff"
    short = elided(name, 100)
    assert short.endswith("…") and text_width(short) <= 100 and name.startswith(short[:-1].rstrip())
    assert elided(name, 10_000) == name


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_hairlines_are_sharp_at_every_scale(qapp: QApplication, ratio: float) -> None:
    image = QImage(round(100 * ratio), round(40 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for y in (3, 7.3, 11, 20.5, 30):
        draw_hairline(painter, 2, y, 90, "ink")
    assert all(
        abs(value - round(value)) < 1e-9
        for value in painter.deviceTransform().mapRect(crisp(painter, QRectF(3.3, 4.7, 9.1, 5.2))).getRect()
    )
    painter.end()
    seen = {image.pixelColor(50, y).name() for y in range(image.height())}
    assert seen == {"#ffffff", theme().colour("ink").name()}


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amara Bell", "AB"), ("Harley Quinn-Moss", "HM"), ("Zoë", "Z"), ("Wolfe, Maximiliana-Theodora", "WT"), ("", ""), ("Ó Briain", "ÓB")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    "chart",
    [
        MiniLine(((0, 28.0),), 0, 100),
        MiniLine(((0, 28.0), (0, 28.0)), 0, 100, 28, (20, 36)),
        MiniLine(tuple((i, float(i % 5)) for i in range(200)), 1, 5, steps=True),
        MiniLine(((0, 3.0), (1, None), (2, None), (3, 4.0)), 3, 3),
        MiniBars((MiniBar(None, "", "before"), MiniBar(0, "0", "Sum 2"), MiniBar(140, "140", "Aut 1")), 100),
        MiniBars(tuple(MiniBar(50, "50", "a long label") for _ in range(8)), 100),
        MiniSpans((MiniSpan("Community and home", 0, 4), MiniSpan("Self", None, 2), MiniSpan("School", 1, None)), 0, 4, 2),
    ],
)
def test_charts_of_odd_data_stay_in_their_rectangle(qapp: QApplication, chart: object) -> None:
    image = QImage(220, 140, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    draw_mini(painter, QRectF(30, 30, 160, 80), chart, "wellbeing")  # type: ignore[arg-type]
    painter.end()
    outside_pixels = [
        (x, y)
        for x in range(220)
        for y in range(140)
        if not (29 <= x <= 191 and 29 <= y <= 111) and image.pixelColor(x, y) != QColor("#FFFFFF")
    ]
    assert outside_pixels == []


# Cards


def test_strand_card_says_everything(qtbot: QtBot) -> None:
    card = StrandCard(FACTS)
    qtbot.addWidget(card)
    assert card.accessibleName() == (
        "Wellbeing: from 28 to 52 of 100, clear gain. +24; 23 or more counts. WHO-5, pupil, 9 of 9 asked. From 28 to 52."
    )
    card.set_facts(StrandFacts("learning", missing="No test yet", to_do="Enter the reading test."))
    assert card.accessibleName() == "Learning: No test yet. Enter the reading test."


def test_strand_card_is_a_button(qtbot: QtBot) -> None:
    card = StrandCard(FACTS)
    qtbot.addWidget(card)
    card.show()
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, Qt.Key.Key_Space)


@pytest.mark.parametrize("width", [6.5, 8, 9.6, 15, 30])
@pytest.mark.parametrize("percent", [100, 200])
def test_strand_cards_have_room_for_long_words(qtbot: QtBot, qapp: QApplication, width: float, percent: int) -> None:
    start_theme(qapp, "light", percent)
    long = StrandFacts(
        "home",
        "1,234.5",
        "1,300.25",
        "of the 1,400 points that can be reached",
        "unjudged",
        "cannot be judged: no room to improve that much",
        MiniSpans((MiniSpan("Community", 1, 3),), 0, 4),
        ("A source line that goes on for longer than the card is wide", "and another"),
    )
    missing = StrandFacts(
        "engagement", missing="Fewer than ten rated lessons", to_do="Rate lessons in the register; it needs ten in four weeks."
    )
    for facts in (FACTS, long, missing):
        card = StrandCard(facts)
        qtbot.addWidget(card)
        card.resize(round(h(width)), card.heightForWidth(round(h(width))))
        card.show()
        with recorded_overflows() as found:
            card.grab()
        assert [o for o in found if len(o.text.split()) > 1 or o.needed[1] > o.given[1] + 5] == [], (facts.strand, width)


def test_cards_fold(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    grid = CardGrid()
    cards = [Card(f"Card {i}") for i in range(6)]
    for card in cards:
        grid.add(card)
    column.addWidget(grid)
    qtbot.addWidget(window)
    for width, rows in ((70, [6]), (50, [3, 3]), (35, [2, 2, 2])):
        window.resize(round(h(width)), 900)
        window.show()
        from approgress.ui.parts.fold import fold_inside

        fold_inside(window, fold_for(window.width()))
        qapp.processEvents()
        tops = [card.y() for card in cards]
        assert [tops.count(top) for top in sorted(set(tops))] == rows
        widths = {card.width() for card in cards}
        assert max(widths) - min(widths) <= 1
    assert (fold_for(h(62)), fold_for(h(61.9)), fold_for(h(44)), fold_for(h(43.9))) == (Fold.WIDE, Fold.MIDDLE, Fold.MIDDLE, Fold.NARROW)


def test_flow_goes_on_to_the_next_line(qtbot: QtBot) -> None:
    box = QWidget()
    flow = FlowLayout(box, gap=0.5)
    chips = [Chip(f"chip number {i}") for i in range(8)]
    for chip in chips:
        flow.addWidget(chip)
    qtbot.addWidget(box)
    box.resize(round(h(20)), 400)
    box.show()
    assert len({chip.y() for chip in chips}) > 1
    assert all(chip.geometry().right() <= box.width() for chip in chips)
    assert flow.heightForWidth(round(h(20))) > flow.heightForWidth(round(h(100)))


def test_banner(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    banner = Banner()
    column.addWidget(banner)
    qtbot.addWidget(window)
    window.show()
    assert not banner.isVisible()
    banner.say("The backup could not be written.", "error", action="Try again")
    assert banner.isVisible() and banner.accessibleName() == "The backup could not be written."
    with qtbot.waitSignal(banner.acted):
        qtbot.mouseClick(banner.action, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(banner.closed):
        qtbot.keyClick(banner.action, Qt.Key.Key_Escape)
    assert not banner.isVisible()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 120, 5, ""),
        (60, 120, 1, ""),
        (31, 120, 60, "about 3 minutes"),
        (100, 120, 100, "about 20 seconds"),
        (119, 120, 100, "a few seconds"),
        (120, 120, 9, ""),
    ],
)
def test_time_left(done: int, total: int, seconds: float, words: str) -> None:
    assert time_left(done, total, seconds) == words


def test_progress_row(qtbot: QtBot) -> None:
    row = ProgressRow("Making reports")
    qtbot.addWidget(row)
    row.show()
    row.show_progress(31, 1200)
    assert row._state.text().startswith("31 of 1,200")
    with qtbot.waitSignal(row.stop_asked):
        qtbot.mouseClick(row.stop, Qt.MouseButton.LeftButton)
    assert not row.stop.isEnabled()
    row.finish("31 of 1,200 were made and kept.")
    assert row._state.text() == "31 of 1,200 were made and kept."


# Page and frame


def _places(made: list[str]) -> list[Place]:
    def factory(key: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(key)
            page = Page(key.capitalize(), "A sentence")
            page.set_main_action("Add", page.refresh)
            return page

        return make

    return [Place(key, key.capitalize(), "today", factory(key)) for key in ("today", "pupils", "setting")]


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def frame(qtbot: QtBot, made: list[str]) -> Frame:
    shown = Frame(_places(made), school="Hawthorn Centre")
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    shown.activateWindow()
    assert QTest.qWaitForWindowActive(shown)
    return shown


def test_pages_are_made_when_they_are_first_shown(frame: Frame, made: list[str]) -> None:
    assert made == []
    one = frame.show_place("pupils")
    frame.show_place("today")
    assert frame.show_place("pupils") is one and made == ["pupils", "today"]
    assert frame.page("setting") is None and frame.current_page() is one


def test_pages_inside_a_place_and_the_way_back(frame: Frame, made: list[str]) -> None:
    frame.show_place("pupils")
    told: list[str] = []
    frame.place_shown.connect(told.append)
    pupil = frame.open_page("pupils", "pupil 7", lambda: Page("Amara Bell"))
    assert frame.current_page() is pupil and frame.rail.list.chosen == "pupils" and told == ["pupils"]
    frame.show_place("today")
    frame.back()
    assert frame.current_page() is pupil
    frame.back()
    assert frame.current_page() is frame.page("pupils")
    frame.open_page("pupils", "pupil 7", lambda: Page("never made"))
    frame.forget("pupil 7")
    assert frame.page("pupil 7") is None and frame.current_page() is frame.page("pupils")


def test_a_page_that_comes_back_reads_again(frame: Frame) -> None:
    read: list[int] = []

    class Counting(Page):
        def refresh(self) -> None:
            read.append(1)

    frame.open_page("today", "counting", Counting)
    frame.show_place("pupils")
    assert read == []
    frame.open_page("today", "counting", Counting)
    assert read == [1]


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier, "hide_names_asked"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "undo_asked"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "redo_asked"),
        (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier, "redo_asked"),
        (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, "lock_asked"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "keys_asked"),
    ],
)
def test_keys_of_the_frame(qtbot: QtBot, frame: Frame, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str) -> None:
    frame.show_place("today")
    with qtbot.waitSignal(getattr(frame, signal)):
        qtbot.keyClick(frame, key, modifiers)


def test_ctrl_and_a_number_opens_a_place(qtbot: QtBot, frame: Frame) -> None:
    frame.show_place("today")
    qtbot.keyClick(frame, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert frame.rail.list.chosen == "pupils"


def test_rail_by_keys_opens_only_with_enter(qtbot: QtBot, frame: Frame, made: list[str]) -> None:
    frame.show_place("today")
    places = frame.rail.list
    places.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(places, Qt.Key.Key_Down)
    qtbot.keyClick(places, Qt.Key.Key_Down)
    assert made == ["today"]
    qtbot.keyClick(places, Qt.Key.Key_Return)
    assert made == ["today", "setting"]


def test_rail_buttons_say_what_is_wanted(qtbot: QtBot, frame: Frame) -> None:
    frame.set_undo("Enter engagement")
    for button, signal in (
        (frame.rail.hide_names, frame.hide_names_asked),
        (frame.rail.undo, frame.undo_asked),
        (frame.rail.lock, frame.lock_asked),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert frame.rail.undo.accessibleName() == "Undo: Enter engagement, Ctrl Z"
    frame.set_undo("")
    assert not frame.rail.undo.isEnabled()
    frame.set_names_hidden(True)
    assert frame.rail.hide_names.text() == "Show names"


def test_what_was_saved_is_never_cut(qtbot: QtBot, qapp: QApplication, frame: Frame) -> None:
    for saved, backed in (("Saved 09:12", "Backed up"), ("Saved 09:12", "Backed up 09:12"), ("Saved 09:12", "Not backed up")):
        frame.set_saved(saved)
        frame.set_backed_up(backed)
        qapp.processEvents()
        assert frame.rail.saved.width() >= frame.rail.saved.sizeHint().width(), backed
        assert frame.rail.backed_up.geometry().right() <= frame.rail.width()


def test_counts_are_read_out(frame: Frame) -> None:
    frame.set_count("today", 6, "6 need you")
    model = frame.rail.list.places
    spoken = int(Qt.ItemDataRole.AccessibleTextRole)
    assert model.data(model.index(0, 0), spoken) == "Today, 6 need you"
    frame.set_count("today", 0)
    assert model.data(model.index(0, 0), spoken) == "Today"


def test_narrow_frame_folds_its_rail_and_f10_opens_it(qtbot: QtBot, qapp: QApplication, frame: Frame) -> None:
    frame.set_demonstration("Demonstration school", "Today is 24 Nov 2026")
    page = frame.show_place("today")
    assert frame.rail.width() == round(h(10.5)) and not frame.strip.isVisible()
    assert frame.rail.demonstration.isVisible() and "24 Nov 2026" in frame.rail.demonstration_day.text()
    frame.resize(round(h(35)), round(h(19.7)))
    qapp.processEvents()
    assert frame.fold() is Fold.NARROW and frame.rail.width() == round(h(3.2))
    assert frame.strip.isVisible() and frame.strip.words() == "Demonstration school · Today is 24 Nov 2026"
    assert frame.rail.menu_button.isVisible() and frame.rail.lock_icon.isVisible() and not frame.rail.hide_names.isVisible()
    left = page.mapTo(frame, page.rect().topLeft()).x()
    qtbot.keyClick(frame, Qt.Key.Key_F10)
    assert frame.rail.width() == round(h(10.5)) and frame.rail.hide_names.isVisible() and frame.rail.list.hasFocus()
    assert page.mapTo(frame, page.rect().topLeft()).x() == left, "the page does not move"
    qtbot.keyClick(frame.rail.list, Qt.Key.Key_Escape)
    assert frame.rail.width() == round(h(3.2))
    frame.resize(1366, 768)
    qapp.processEvents()
    assert frame.fold() is Fold.WIDE and not frame.strip.isVisible()


def test_page_head(qtbot: QtBot, qapp: QApplication) -> None:
    page = Page("Tuesday 24 November", "Autumn 2, week 4", crumb="Setting, Data in")
    pressed: list[int] = []

    class Press(QWidget):
        def go(self) -> None:
            pressed.append(1)

    press = Press()
    main = page.set_main_action("Add moment", press.go, icon="plus", short="Moment")
    extra = page.add_action("Print list", press.go)
    qtbot.addWidget(page)
    page.resize(round(h(70)), 600)
    page.show()
    qapp.processEvents()
    right = main.mapTo(page, main.rect().topRight()).x()
    assert abs(page.width() - right - h(1.4)) < 3, "the main action is at the top right"
    assert extra.mapTo(page, extra.rect().topRight()).x() < main.mapTo(page, main.rect().topLeft()).x()
    assert page.head.sentence.isVisible() and page.head.crumb.isVisible()
    folds: list[object] = []
    page.folded.connect(folds.append)
    page.resize(round(h(30)), 600)
    qapp.processEvents()
    assert folds == [Fold.NARROW] and main.text() == "Moment" and main.accessibleName() == "Add moment"
    assert not page.head.sentence.isVisible() and page.head.title.accessibleDescription() == "Autumn 2, week 4"
    qtbot.mouseClick(main, Qt.MouseButton.LeftButton)
    assert pressed == [1]


def test_page_content_does_not_move_when_the_bar_comes(qtbot: QtBot, qapp: QApplication) -> None:
    page = Page("Long")
    filler = QWidget()
    page.body.addWidget(filler)
    qtbot.addWidget(page)
    page.resize(1200, 500)
    page.show()
    qapp.processEvents()
    before = filler.width()
    filler.setMinimumHeight(2_000)
    qapp.processEvents()
    qapp.processEvents()
    assert page._scroll.verticalScrollBar().isVisible() and abs(filler.width() - before) <= 1
    qtbot.keyClick(page, Qt.Key.Key_PageDown)
    assert page._scroll.verticalScrollBar().value() > 0


def test_status_line_folds(qtbot: QtBot) -> None:
    line = StatusLine(((("↑", "↓"), "choose"), (("Enter",), "open")), "Sorted by name")
    qtbot.addWidget(line)
    line.resize(1300, 40)
    line.show()
    assert [cap.text() for cap in line.findChildren(KeyCap) if cap.isVisible()] == ["↑", "↓", "Enter"]
    line.set_fold(Fold.NARROW)
    assert [cap.text() for cap in line.findChildren(KeyCap) if cap.isVisible()] == ["F1"]
    assert line.hints() == [(("↑", "↓"), "choose"), (("Enter",), "open")]


# The gallery, and the checks themselves


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("size", "percent"), [((1440, 900), 100), ((1366, 768), 100), ((1366, 768), 150), ((1366, 768), 200)])
def test_gallery_has_no_fault(qtbot: QtBot, qapp: QApplication, name: str, size: tuple[int, int], percent: int) -> None:
    from tests.ui.gallery import gallery_faults

    start_theme(qapp, name, percent)
    assert gallery_faults(*size) == []


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_gallery_has_no_fault_on_scaled_screens(factor: str) -> None:
    env = dict(os.environ, QT_SCALE_FACTOR=factor, QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.gallery", "--check"], capture_output=True, text=True, env=env, timeout=110, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_checks_find_what_is_wrong(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    window.resize(400, 300)
    qtbot.addWidget(window)
    button = Button("Bring in fifteen rows", parent=window)
    button.setGeometry(10, 10, 60, 37)
    label = Text("A sentence of a few words that needs more than one line", wrap=True, parent=window)
    label.setGeometry(10, 60, 120, 20)
    stray = Text("stray", parent=window)
    stray.setGeometry(380, 100, 60, 20)
    faint = QLabel("faint words", window)
    palette = faint.palette()
    palette.setColor(faint.foregroundRole(), QColor("#C8C8C8"))
    faint.setPalette(palette)
    faint.setGeometry(10, 150, 200, 30)
    nameless = QLineEdit(window)
    nameless.setGeometry(10, 200, 100, 37)
    window.show()
    qapp.processEvents()
    assert any("fifteen" in fault for fault in cut(window))
    assert any("A sentence" in fault for fault in cut(window))
    assert any("stray" in fault for fault in outside(window))
    assert any("faint" in fault for fault in weak_text(window))
    assert unnamed(window) == ["QLineEdit"]
    assert len(faults(window)) >= 4


def test_order_check_finds_a_jump_up(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    buttons = [Button(str(i)) for i in range(4)]
    for button in buttons:
        column.addWidget(button)
    qtbot.addWidget(window)
    window.show()
    qapp.processEvents()
    assert order_faults(window) == []
    QWidget.setTabOrder(buttons[3], buttons[1])
    assert order_faults(window)


# Freed


def _parts() -> list[Callable[[], QWidget]]:
    return [
        lambda: Button("x", icon="plus"),
        lambda: TailButton("x", keycap="1"),
        lambda: MenuButton((("a", "A"),), "a", name="x"),
        lambda: SegmentedChoice((("a", "A"), ("b", "B")), "a", name="x"),
        lambda: FilterChips((("a", "A", 1),), name="x"),
        lambda: TabStrip((("a", "A"), ("b", "B"))),
        lambda: Card("x", sentence="y", aside="z"),
        lambda: Heading("x"),
        lambda: Line("x", "y", "z"),
        lambda: EmptyState("x", "y", "z", icon="plus"),
        lambda: Banner("x", "error", action="y"),
        lambda: ProgressRow("x"),
        lambda: StatusLine(((("a",), "b"),), "c"),
        lambda: ScrollArea(),
        lambda: Text("x"),
        lambda: Chip("x", "gain", "plus"),
        lambda: Badge(6, "six"),
        lambda: KeyCap("F8"),
        lambda: MarkText("gain", "x"),
        lambda: NameText("x", "y"),
        lambda: Legend(),
        lambda: Disc("Amara Bell"),
        lambda: Rule(),
        lambda: Dot("home"),
        lambda: StrandCard(FACTS),
        lambda: SpanBar(1, 2, 0, 10),
        lambda: CardGrid(),
        lambda: SideBySide((QLabel("x"), 1)),
        lambda: TextField("x"),
        lambda: PassphraseField("x"),
        lambda: NoteField("x"),
        lambda: NumberField("x"),
        lambda: DateField("x", today=TODAY),
        lambda: ChoiceField("x", (("a", "A"),)),
        lambda: OptionsField("x", (("a", "A", "b"),)),
        lambda: TickField("x"),
        lambda: SearchField("x"),
        lambda: TableView("x"),
        lambda: Page("x", "y"),
        lambda: Frame(_places([])),
    ]


@pytest.mark.parametrize("make", _parts(), ids=lambda make: make.__code__.co_names[0])
def test_parts_are_freed(qapp: QApplication, make: Callable[[], QWidget]) -> None:
    part = make()
    part.show()
    qapp.processEvents()
    gone = weakref.ref(part)
    children = [weakref.ref(child) for child in part.findChildren(QWidget)]
    part.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(part)
    del part
    gc.collect()
    assert gone() is None
    assert [child() for child in children if child() is not None and shiboken6.isValid(child())] == []
    start_theme(qapp, "dark")  # whoever was connected to the look and is gone must not be called
