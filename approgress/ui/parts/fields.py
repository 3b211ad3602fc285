"""Fields: a label, what is typed into, and beneath it what is wrong, by which rule, and what was kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCalendarWidget,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from approgress.domain.days import words
from approgress.domain.errors import Refusal
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.labels import Text
from approgress.ui.parts.painting import draw_keycap, text_width
from approgress.ui.parts.ticks import RadioBox, TickBox
from approgress.ui.theme import dress, h, measure, px, reveal, space, theme

_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


def read_date(text: str, today: date) -> date | None:
    """The day that a person typed, None for nothing; Refusal where it is none, with a sentence that says why.

    Reads 24/11/2026, 24.11.26, 24-11-2026, 24 Nov 2026, Tue 24 November 2026, November 24 2026, 2026-11-24, and "today" and
    "yesterday". Day before month, as in England. A year of two figures is the one that lies at most ten years ahead of `today`.
    """
    typed = text.strip()
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", typed.lower()).replace(",", " ")
    if not plain:
        return None
    if plain in ("today", "yesterday"):
        return today - timedelta(days=plain == "yesterday")
    parts = [part for part in re.split(r"[\s/.\-]+", plain) if part]
    if len(parts) == 4 and re.fullmatch(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*", parts[0]):
        parts = parts[1:]
    months = [_month(part) for part in parts]
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        if len(parts[0]) == 4:
            year, month, day = (int(part) for part in parts)
        else:
            day, month, year = int(parts[0]), int(parts[1]), _year(parts[2], today)
    elif len(parts) == 3 and months[1] and parts[0].isdecimal() and parts[2].isdecimal():
        day, month, year = int(parts[0]), months[1], _year(parts[2], today)
    elif len(parts) == 3 and months[0] and parts[1].isdecimal() and parts[2].isdecimal():
        day, month, year = int(parts[1]), months[0], _year(parts[2], today)
    elif len(parts) == 2 and any(part.isdecimal() for part in parts):
        raise Refusal(f"“{typed}” needs a year, for example {words(today)}.")
    else:
        raise Refusal(f"“{typed}” is not a date. Type it as {today:%d/%m/%Y} or {words(today)}.")
    if not 1 <= month <= 12:
        raise Refusal(f"“{typed}” is not a date: there is no month {month}. The day comes first.")
    if not 1900 <= year <= 2100:
        raise Refusal(f"“{typed}” is not a date: the year {year} is too far away.")
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    if not 1 <= day <= last:
        name = _MONTHS[month - 1].capitalize()
        raise Refusal(f"“{typed}” is not a date: {name} {year} has {last} days.")
    return date(year, month, day)


def _month(part: str) -> int:
    return next((i + 1 for i, name in enumerate(_MONTHS) if len(part) >= 3 and name.startswith(part)), 9 if part == "sept" else 0)


def _year(part: str, today: date) -> int:
    if len(part) != 2:
        return int(part)
    year = today.year // 100 * 100 + int(part)
    return year - 100 if year > today.year + 10 else year


class UndoKeys(QObject):
    """Lets Ctrl+Z and its kin through to the window where the line or text in focus has nothing of its own to take back.

    Qt's line edits take these keys also when they are empty, so that the window could not be undone any more.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        assert isinstance(event, QKeyEvent)
        back, again = (event.matches(key) for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo))
        if not (back or again):
            return False
        if isinstance(watched, QLineEdit):
            own = watched.isUndoAvailable() if back else watched.isRedoAvailable()
        elif isinstance(watched, QPlainTextEdit | QTextEdit):
            own = watched.document().isUndoAvailable() if back else watched.document().isRedoAvailable()
        else:
            return False
        if own:
            return False
        event.ignore()
        return True


class Field(QWidget):
    """A field of a form. `key` is the name of the record's field, by which a refusal finds it; `edited` says a person changed it.

    `value()` gives what is in it, or raises Refusal where that cannot be read.
    """

    edited = Signal()

    def __init__(
        self, label: str, editor: QWidget, *, key: str = "", help: str = "", optional: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.label = label
        self.editor = editor
        self._help_text = help
        column = QVBoxLayout(self)
        space(column, gap=0.2)
        if label:
            head = QHBoxLayout()
            space(head, gap=0.4)
            name = Text(label, "strong")
            name.setBuddy(editor)
            head.addWidget(name)
            if optional:
                head.addWidget(Text("optional", "second", "quiet"))
            head.addStretch(1)
            column.addLayout(head)
        self._row = QHBoxLayout()
        space(self._row, gap=0.4)
        self._row.addWidget(editor, 1)
        column.addLayout(self._row)
        self._help = Text(help, "second", "quiet", wrap=True)
        reveal(self._help, bool(help))
        column.addWidget(self._help)
        self._wrong_row = QWidget()
        wrong = QHBoxLayout(self._wrong_row)
        space(wrong, 0, 0.1, 0, 0, 0.35)
        self._wrong_icon = Text()
        self._wrong_icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._wrong = Text("", "second_strong", "decline", wrap=True)
        wrong.addWidget(self._wrong_icon, 0, Qt.AlignmentFlag.AlignTop)
        wrong.addWidget(self._wrong, 1)
        self._wrong_row.hide()
        column.addWidget(self._wrong_row)
        column.addStretch(1)
        editor.setAccessibleName(label)
        if help:
            editor.setAccessibleDescription(help)
        self.setFocusProxy(editor)
        theme().changed.connect(self._look_changed)

    def value(self) -> object:
        """What is in the field."""
        raise NotImplementedError

    def set_wrong(self, sentence: str) -> None:
        """Shows what is wrong beneath the field; '' takes it away."""
        if bool(sentence) != bool(self.wrong()):
            for widget in (self.editor, *self.editor.findChildren(QLineEdit)):
                dress(widget, wrong=bool(sentence))
        self._wrong.setText(sentence)
        reveal(self._wrong_row, bool(sentence))
        self.editor.setAccessibleDescription(sentence or self._help_text)
        if sentence:
            self._look_changed()

    def wrong(self) -> str:
        """The sentence beneath the field, or ''."""
        return self._wrong.text()

    def set_help(self, help: str) -> None:
        """Other words of help."""
        self._help_text = help
        self._help.setText(help)
        reveal(self._help, bool(help))
        if not self.wrong():
            self.editor.setAccessibleDescription(help)

    def _was_edited(self) -> None:
        if self.wrong():
            self.set_wrong("")
        self.edited.emit()

    def _look_changed(self) -> None:
        if self.wrong():
            self._wrong_icon.setPixmap(theme().pixmap("warning", "decline", 0.95))
            self._wrong_icon.setFixedSize(round(h(0.95)), round(h(1.05)))


class TextField(Field):
    """A line of text. `most` is how many letters at most; `width` in h, 0 for all there is."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        key: str = "",
        help: str = "",
        optional: bool = False,
        placeholder: str = "",
        most: int = 0,
        width: float = 0,
        parent: QWidget | None = None,
    ) -> None:
        self.line = QLineEdit(value)
        super().__init__(label, self.line, key=key, help=help, optional=optional, parent=parent)
        self.line.setPlaceholderText(placeholder)
        if most:
            self.line.setMaxLength(most)
        if width:
            measure(self.line, width=width)
            self._row.addStretch(1)
        self.line.textEdited.connect(self._was_edited)

    def value(self) -> str:
        """The text, without blanks at its ends."""
        return self.line.text().strip()

    def set_value(self, value: str) -> None:
        """Shows another text, without a signal."""
        self.line.setText(value)


class PassphraseField(TextField):
    """A passphrase, covered until the eye is pressed."""

    def __init__(self, label: str, *, key: str = "", help: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, key=key, help=help, parent=parent)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye = Button(kind="icon", icon="eye", name="Show the passphrase")
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show)
        self._row.addWidget(self._eye)

    def value(self) -> str:
        """The passphrase exactly as typed."""
        return self.line.text()

    def _show(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        self._eye.set_icon("eye-off" if on else "eye")
        self._eye.setAccessibleName("Hide the passphrase" if on else "Show the passphrase")


class _Note(QPlainTextEdit):
    """A text edit in which Tab goes on to the next field."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)


class NoteField(Field):
    """Several lines of text; `lines` is how many are shown."""

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        key: str = "",
        help: str = "",
        optional: bool = False,
        placeholder: str = "",
        lines: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        self.text = _Note(value)
        super().__init__(label, self.text, key=key, help=help, optional=optional, parent=parent)
        self.text.setPlaceholderText(placeholder)
        measure(self.text, height=lines * 1.0 + 0.9)
        self.text.textChanged.connect(self._was_edited)

    def value(self) -> str:
        """The text, without blanks at its ends."""
        return self.text.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Shows another text, without a signal."""
        self.text.blockSignals(True)
        self.text.setPlainText(value)
        self.text.blockSignals(False)


class NumberField(Field):
    """A number from `low` to `high` with at most `decimals` decimals; `unit` stands behind it ("of 40")."""

    def __init__(
        self,
        label: str,
        value: float | None = None,
        *,
        low: float = 0,
        high: float = 100,
        decimals: int = 0,
        unit: str = "",
        key: str = "",
        help: str = "",
        optional: bool = False,
        width: float = 5,
        parent: QWidget | None = None,
    ) -> None:
        self.line = QLineEdit()
        super().__init__(label, self.line, key=key, help=help, optional=optional, parent=parent)
        self._low, self._high, self._decimals, self._optional = low, high, decimals, optional
        self.line.setProperty("figures", True)
        measure(self.line, width=width)
        self._unit = Text(unit, tone="quiet")
        self._row.addWidget(self._unit)
        self._row.addStretch(1)
        self.line.textEdited.connect(self._was_edited)
        self.line.editingFinished.connect(self._left)
        self.set_value(value)

    def set_range(self, low: float, high: float, unit: str = "") -> None:
        """Another range and unit."""
        self._low, self._high = low, high
        self._unit.setText(unit)

    def set_value(self, value: float | None) -> None:
        """Shows another number, or nothing for None; without a signal."""
        self.line.setText("" if value is None else f"{value:.{self._decimals}f}")

    def value(self) -> float | None:
        """The number, None where nothing is typed; Refusal where it is none or out of range."""
        typed = self.line.text().strip()
        if not typed:
            return None
        try:
            number = float(typed)
        except ValueError:
            raise Refusal(f"“{typed}” is not a number.", self.key or None) from None
        if not self._low <= number <= self._high:
            name = self.label or "It"
            raise Refusal(f"{name} goes from {self._low:g} to {self._high:g}, so {typed} is not kept.", self.key or None)
        if round(number, self._decimals) != number:
            rule = "whole numbers" if not self._decimals else f"at most {self._decimals} figures after the point"
            raise Refusal(f"{self.label or 'It'} takes {rule}, so {typed} is not kept.", self.key or None)
        return number

    def _left(self) -> None:
        try:
            self.value()
        except Refusal as refusal:
            self.set_wrong(refusal.sentence)


class Calendar(QCalendarWidget):
    """A month to choose a day from, weeks from Monday."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setGridVisible(False)
        self._look_changed()
        theme().changed.connect(self._look_changed)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(0, round(h(0.5)))  # Qt forgets that its bar of months is styled

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _look_changed(self) -> None:
        look = theme()
        ink, quiet = QTextCharFormat(), QTextCharFormat()
        ink.setForeground(look.colour("ink"))
        quiet.setForeground(look.colour("quiet"))
        quiet.setBackground(look.colour("surface"))
        self.setHeaderTextFormat(quiet)
        for button in self.findChildren(QToolButton):
            button.setIconSize(QSize(round(h(1.0)), round(h(1.0))))
        for day in Qt.DayOfWeek:
            self.setWeekdayTextFormat(day, quiet if day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday) else ink)


class DateField(Field):
    """A day, typed as people type it and shown as "24 Nov 2026", or chosen from a calendar. `today` is what today is."""

    def __init__(
        self,
        label: str,
        value: date | None = None,
        *,
        today: date,
        earliest: date | None = None,
        latest: date | None = None,
        key: str = "",
        help: str = "",
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.line = QLineEdit(words(value))
        super().__init__(label, self.line, key=key, help=help, optional=optional, parent=parent)
        self._today, self._earliest, self._latest = today, earliest, latest
        self.line.setPlaceholderText("day, month, year")
        measure(self.line, least_width=6.6, most_width=8.5)
        self._open = Button(kind="icon", icon="calendar", name=f"Choose {label.lower() or 'a day'} from a calendar")
        self._open.clicked.connect(self._show_calendar)
        self._row.addWidget(self._open)
        self._row.addStretch(0)
        self.line.textEdited.connect(self._was_edited)
        self.line.editingFinished.connect(self._left)
        self._popup: QFrame | None = None

    def value(self) -> date | None:
        """The day, None where nothing is typed; Refusal where it is none, too early or too late."""
        try:
            day = read_date(self.line.text(), self._today)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, self.key or None) from None
        if day is not None and self._earliest is not None and day < self._earliest:
            raise Refusal(f"{words(day)} is before {words(self._earliest)}, so it is not kept.", self.key or None)
        if day is not None and self._latest is not None and day > self._latest:
            raise Refusal(f"{words(day)} is after {words(self._latest)}, so it is not kept.", self.key or None)
        return day

    def set_value(self, value: date | None) -> None:
        """Shows another day, without a signal."""
        self.line.setText(words(value))

    def set_today(self, today: date) -> None:
        """Another day has begun: what was refused as lying ahead may be today now."""
        if self._latest == self._today:
            self._latest = today
        self._today = today

    def _left(self) -> None:
        try:
            day = self.value()
        except Refusal as refusal:
            self.set_wrong(refusal.sentence)
        else:
            self.line.setText(words(day))

    def _show_calendar(self) -> None:
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setProperty("popup", True)
        box = QVBoxLayout(popup)
        box.setContentsMargins(px(0.3), px(0.3), px(0.3), px(0.3))
        calendar = Calendar(popup)
        calendar.setAccessibleName(self.label)
        if self._earliest is not None:
            calendar.setMinimumDate(QDate(self._earliest.year, self._earliest.month, self._earliest.day))
        if self._latest is not None:
            calendar.setMaximumDate(QDate(self._latest.year, self._latest.month, self._latest.day))
        try:
            shown = self.value() or self._today
        except Refusal:
            shown = self._today
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.activated.connect(self._chosen)
        calendar.clicked.connect(self._chosen)
        box.addWidget(calendar)
        popup.adjustSize()
        corner = self.line.mapToGlobal(QPoint(0, self.line.height() + px(0.15)))
        screen = self.screen().availableGeometry()
        x = min(corner.x(), screen.right() - popup.width())
        y = corner.y()
        if y + popup.height() > screen.bottom():
            y = self.line.mapToGlobal(QPoint(0, 0)).y() - popup.height() - px(0.15)
        popup.move(max(screen.left(), x), max(screen.top(), y))
        popup.show()
        calendar.setFocus()
        self._popup = popup

    def _chosen(self, day: QDate) -> None:
        if self._popup is not None:
            self._popup.close()
            self._popup = None
        self.line.setText(words(date(day.year(), day.month(), day.day())))
        self._was_edited()
        self._left()
        self.line.setFocus()


class ChoiceBox(QComboBox):
    """A combo box that the mouse wheel does not change in passing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(12)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceField(Field):
    """One of the options (key, words); `none` are the words for nothing chosen, '' where something always is."""

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[str, str]] = (),
        value: str = "",
        *,
        none: str = "",
        key: str = "",
        help: str = "",
        optional: bool = False,
        width: float = 0,
        parent: QWidget | None = None,
    ) -> None:
        self.box = ChoiceBox()
        super().__init__(label, self.box, key=key, help=help, optional=optional, parent=parent)
        self._none = none
        if width:
            measure(self.box, width=width)
            self._row.addStretch(1)
        self.set_options(options, value)
        self.box.activated.connect(self._activated)

    def value(self) -> str:
        """The key of what is chosen, '' for nothing."""
        return self.box.currentData() or ""

    def set_value(self, key: str) -> None:
        """Chooses without a signal; a key that is no option chooses nothing."""
        self.box.setCurrentIndex(self.box.findData(key))

    def set_options(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Other options, without a signal."""
        self.box.clear()
        if self._none:
            self.box.addItem(self._none, "")
        for key, shown in options:
            self.box.addItem(shown, key)
        self.set_value(value)

    def _activated(self, _index: int) -> None:
        self._was_edited()


class OptionsField(Field):
    """One of a few options that need a line of explanation each: (key, words, explanation)."""

    def __init__(
        self,
        label: str,
        options: Sequence[tuple[str, str, str]],
        value: str = "",
        *,
        key: str = "",
        help: str = "",
        parent: QWidget | None = None,
    ) -> None:
        box = QWidget()
        super().__init__(label, box, key=key, help=help, parent=parent)
        column = QVBoxLayout(box)
        space(column)
        self._group = QButtonGroup(self)
        for option, shown, explanation in options:
            button = RadioBox(shown)
            button.setProperty("key", option)
            button.setChecked(option == value)
            if explanation:
                button.setAccessibleDescription(explanation)
            self._group.addButton(button)
            column.addWidget(button)
            if explanation:
                line = QHBoxLayout()
                space(line, left=1.7, bottom=0.3)
                line.addWidget(Text(explanation, "second", "quiet", wrap=True))
                column.addLayout(line)
        self._group.buttonClicked.connect(self._clicked)
        chosen = self._group.checkedButton() or (self._group.buttons() or [box])[0]
        self.setFocusProxy(chosen)

    def value(self) -> str:
        """The key of what is chosen, '' for nothing."""
        button = self._group.checkedButton()
        return button.property("key") if button is not None else ""

    def set_value(self, key: str) -> None:
        """Chooses without a signal."""
        for button in self._group.buttons():
            button.setChecked(button.property("key") == key)

    def _clicked(self, _button: object) -> None:
        self._was_edited()


class TickField(Field):
    """Yes or no: a tick box whose text is the label."""

    def __init__(self, label: str, value: bool = False, *, key: str = "", help: str = "", parent: QWidget | None = None) -> None:
        self.box = TickBox(label)
        super().__init__("", self.box, key=key, help=help, parent=parent)
        self.label = label
        self.box.setAccessibleName(label)
        self.box.setChecked(value)
        self.box.clicked.connect(self._clicked)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: bool) -> None:
        """Ticks it or not, without a signal."""
        self.box.setChecked(value)

    def _clicked(self, _on: bool) -> None:
        self._was_edited()


class SearchField(QLineEdit):
    """A search line with a magnifier; says `searched(text)` as it is typed; Esc empties it first, then is left to others.

    `key` is the key that the page gives it, shown while nothing is typed.
    """

    searched = Signal(str)

    def __init__(self, placeholder: str, *, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._look_changed()
        self.textChanged.connect(self.searched)
        theme().changed.connect(self._look_changed)

    def sizeHint(self) -> QSize:
        cap = text_width(self._key, "column") + h(1.2) if self._key else 0.0
        return QSize(round(text_width(self.placeholderText()) + h(3.2) + cap), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        glass = QPainter(self)
        glass.drawPixmap(QPointF(round(h(0.5)), round((self.height() - h(0.95)) / 2)), theme().pixmap("search", "quiet", 0.95))
        glass.end()
        if self._key and not self.text():
            wide, high = round(text_width(self._key, "column") + h(0.65)), round(h(1.1))
            cap = QRectF(self.width() - h(0.45) - wide, round((self.height() - high) / 2), wide, high)
            painter = QPainter(self)
            draw_keycap(painter, cap, self._key)
            painter.end()

    def _look_changed(self) -> None:
        self.setTextMargins(round(h(1.3)), 0, 0, 0)
        self.updateGeometry()
