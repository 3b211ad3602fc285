"""Fields: dates as people type them, numbers with their rule, refusals beneath, the wheel that changes nothing in passing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from approgress.domain.days import words
from approgress.domain.errors import Refusal
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
    read_date,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "24/11/2026",
        "24.11.2026",
        "24-11-26",
        "24 11 2026",
        "24 Nov 2026",
        "24 november 2026",
        "24th Nov 2026",
        "Tue 24 Nov 2026",
        "Tuesday, 24 November 2026",
        "November 24, 2026",
        "2026-11-24",
        " 24/11/26 ",
        "today",
    ],
)
def test_one_day_in_many_notations(text: str) -> None:
    assert read_date(text, TODAY) == TODAY


@given(st.dates(date(1930, 1, 1), date(2036, 11, 24)), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%a %d %b %Y"]))
def test_what_is_written_is_read_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form), TODAY) == day
    assert read_date(words(day), TODAY) == day


@given(st.dates(TODAY - timedelta(days=89 * 365), TODAY + timedelta(days=10 * 365)))
def test_years_of_two_figures_are_the_likely_ones(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year % 100:02}", TODAY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_nothing_or_a_refusal(text: str) -> None:
    try:
        day = read_date(text, TODAY)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".") and text.strip()
    else:
        assert (day is None) == (not text.strip())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("31/02/2012", "February 2012 has 29 days"),
        ("29/02/2023", "February 2023 has 28 days"),
        ("12/13/2026", "no month 13"),
        ("24/11", "needs a year"),
        ("24 Nov", "needs a year"),
        ("soon", "is not a date"),
        ("0/5/2026", "May 2026 has 31 days"),
        ("24/11/0026", "too far away"),
        ("24 Foo 2026", "is not a date"),
    ],
)
def test_a_refused_date_says_why(text: str, part: str) -> None:
    with pytest.raises(Refusal, match=part):
        read_date(text, TODAY)


def test_date_field_shows_what_it_read_when_left(qtbot: QtBot) -> None:
    field = DateField("Came on", today=TODAY, key="start")
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field.line, "5/9/26")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert field.line.text() == "5 Sep 2026" and field.value() == date(2026, 9, 5) and not field.wrong()


def test_date_field_keeps_what_it_refuses_and_says_why(qtbot: QtBot) -> None:
    field = DateField("Came on", today=TODAY, earliest=date(2026, 9, 1), latest=TODAY, key="start")
    qtbot.addWidget(field)
    field.show()
    for typed, part in (("31/02/2026", "February"), ("31/8/2026", "before 1 Sep 2026"), ("25/11/2026", "after 24 Nov 2026")):
        field.line.setText(typed)
        qtbot.keyClick(field.line, Qt.Key.Key_Return)
        assert part in field.wrong() and field.line.text() == typed
        assert field.editor.property("wrong") is True
        with pytest.raises(Refusal) as raised:
            field.value()
        assert raised.value.field == "start"
    qtbot.keyClicks(field.line, "1")
    assert field.wrong() == ""


def test_calendar_chooses_a_day(qtbot: QtBot, qapp: QApplication) -> None:
    from PySide6.QtCore import QDate

    field = DateField("Came on", date(2026, 9, 5), today=TODAY)
    qtbot.addWidget(field)
    field.show()
    with qtbot.waitSignal(field.edited):
        qtbot.mouseClick(field._open, Qt.MouseButton.LeftButton)
        popup = qapp.activePopupWidget()
        assert popup is not None
        field._chosen(QDate(2026, 10, 12))
    assert field.value() == date(2026, 10, 12) and qapp.activePopupWidget() is None


@pytest.mark.parametrize(
    ("typed", "value", "part"),
    [
        ("", None, ""),
        ("12", 12, ""),
        ("12.5", None, "whole numbers"),
        ("44", None, "goes from 0 to 40, so 44 is not kept"),
        ("x", None, "not a number"),
    ],
)
def test_number_field(qtbot: QtBot, typed: str, value: float | None, part: str) -> None:
    field = NumberField("SDQ total", low=0, high=40, unit="of 40", key="total")
    qtbot.addWidget(field)
    field.show()
    field.line.setText(typed)
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert part in field.wrong() and bool(part) == bool(field.wrong())
    if part:
        with pytest.raises(Refusal):
            field.value()
    else:
        assert field.value() == value


def test_decimals(qtbot: QtBot) -> None:
    field = NumberField("Hours", 12.5, low=0, high=40, decimals=1)
    qtbot.addWidget(field)
    assert field.value() == 12.5 and field.line.text() == "12.5"
    field.line.setText("12.25")
    with pytest.raises(Refusal, match="at most 1"):
        field.value()
    for odd in ("nan", "inf", "1e9"):
        field.line.setText(odd)
        with pytest.raises(Refusal):
            field.value()


def test_only_a_person_edits(qtbot: QtBot) -> None:
    fields = [
        TextField("Name"),
        NoteField("Note"),
        NumberField("Number"),
        DateField("Day", today=TODAY),
        ChoiceField("Year", (("a", "A"), ("b", "B"))),
        TickField("Tick"),
        OptionsField("Sure", (("h", "High", ""), ("l", "Low", "Second-hand."))),
    ]
    values: list[object] = ["x", "x\ny", 3.0, TODAY, "b", True, "l"]
    for field, value in zip(fields, values, strict=True):
        qtbot.addWidget(field)
        told: list[int] = []
        field.edited.connect(lambda told=told: told.append(1))
        field.set_value(value)  # type: ignore[attr-defined]
        assert field.value() == value and not told, field.label


def test_editing_says_so(qtbot: QtBot) -> None:
    text, tick, options = TextField("Name"), TickField("Tick"), OptionsField("Sure", (("h", "High", ""), ("l", "Low", "")))
    for field in (text, tick, options):
        qtbot.addWidget(field)
        field.show()
    with qtbot.waitSignal(text.edited):
        qtbot.keyClicks(text.line, "a")
    with qtbot.waitSignal(tick.edited):
        qtbot.keyClick(tick.box, Qt.Key.Key_Space)
    with qtbot.waitSignal(options.edited):
        qtbot.keyClick(options._group.buttons()[1], Qt.Key.Key_Space)
    assert tick.value() is True and options.value() == "l"


def test_choice_field(qtbot: QtBot) -> None:
    field = ChoiceField("Home school", (("p", "Parkfield"), ("n", "Northgate")), none="none, sole roll")
    qtbot.addWidget(field)
    assert field.value() == ""
    field.set_value("n")
    assert field.value() == "n"
    field.set_options((("q", "Queens"),), "q")
    assert field.value() == "q"


def test_the_wheel_changes_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    field = ChoiceField("Year", (("a", "A"), ("b", "B")), "a")
    qtbot.addWidget(field)
    field.show()
    place = QPointF(5, 5)
    wheel = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(field.box, wheel)
    assert field.value() == "a"


def test_passphrase_is_covered_and_taken_as_typed(qtbot: QtBot) -> None:
    field = PassphraseField("Passphrase")
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClicks(field.line, " two words ")
    assert field.value() == " two words "
    assert field.line.echoMode() == QLineEdit.EchoMode.Password
    qtbot.mouseClick(field._eye, Qt.MouseButton.LeftButton)
    assert field.line.echoMode() == QLineEdit.EchoMode.Normal
    assert field._eye.accessibleName() == "Hide the passphrase"


def test_search_esc_empties_first(qtbot: QtBot) -> None:
    field = SearchField("Name, UPN or school", key="/")
    qtbot.addWidget(field)
    field.show()
    with qtbot.waitSignal(field.searched):
        qtbot.keyClicks(field, "a")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_words_for_screen_readers(qtbot: QtBot) -> None:
    field = TextField("UPN", key="upn", help="13 characters.")
    qtbot.addWidget(field)
    assert (field.editor.accessibleName(), field.editor.accessibleDescription()) == ("UPN", "13 characters.")
    field.set_wrong("The last place should be M.")
    assert field.editor.accessibleDescription() == "The last place should be M."
    field.set_wrong("")
    assert field.editor.accessibleDescription() == "13 characters."
