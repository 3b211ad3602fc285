"""The base of every form in a dialog: title, sentence, fields, and at the right the verb that does it; Esc changes nothing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.errors import Refusal, Trouble
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.fields import Field
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.theme import h, reveal, space, theme

_MOST_GROWTHS = 4


class FormDialog(QDialog):
    """A form. Subclasses add fields and override `submit`, which does the work or raises Refusal or Trouble.

    A refusal is shown under the field whose `key` it names, else above the fields, and the dialog stays open. `verb` stands on the
    main button ("Add pupil"); Enter and Ctrl+Enter press it, Esc presses the other one.
    """

    def __init__(
        self,
        title: str,
        sentence: str = "",
        *,
        verb: str,
        leave: str = "Cancel",
        kind: str = "primary",
        width: float = 34,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._width = width
        self._side = 1.4
        self._grows = 0
        outer = QVBoxLayout(self)
        space(outer)
        self._scroll = ScrollArea(gap=0.8)
        body = self._scroll.body
        space(body, 1.4, 1.1, 1.4, 1.0, 0.8)
        head = QVBoxLayout()
        space(head, gap=0.15)
        self._title = Text(title, "dialog", wrap=True)
        head.addWidget(self._title)
        self._sentence = Text(sentence, tone="quiet", wrap=True)
        reveal(self._sentence, bool(sentence))
        head.addWidget(self._sentence)
        body.addLayout(head)
        self.banner = Banner("", "error")
        body.addWidget(self.banner)
        self.form = QVBoxLayout()
        space(self.form, gap=0.8)
        body.addLayout(self.form)
        body.addStretch(1)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(Rule())
        foot = QHBoxLayout()
        space(foot, 1.4, 0.7, 1.4, 0.8, 0.6)
        self._foot = foot
        self._extra = QHBoxLayout()
        space(self._extra, gap=0.6)
        foot.addLayout(self._extra)
        foot.addStretch(1)
        self.leave_button = Button(leave)
        self.leave_button.clicked.connect(self.reject)
        self.main_button = Button(verb, kind=kind)
        self.main_button.setDefault(True)
        self.main_button.clicked.connect(self.accept)
        foot.addWidget(self.leave_button)
        foot.addWidget(self.main_button)
        outer.addLayout(foot)
        self._fields: list[Field] = []
        self._scroll.verticalScrollBar().rangeChanged.connect(self._range_changed)
        theme().changed.connect(self._fit)

    def submit(self) -> None:
        """Does what the verb says; Refusal or Trouble keeps the dialog open and is shown."""
        raise NotImplementedError

    def add(self, field: Field) -> Field:
        """Adds a field below those that are there, and returns it."""
        self._fields.append(field)
        self.form.addWidget(field)
        return field

    def add_row(self, *fields: Field) -> None:
        """Adds fields side by side; they stand below one another where the dialog is narrow."""
        row = FieldRow(*fields)
        self._fields.extend(fields)
        self.form.addWidget(row)

    def add_widget(self, widget: QWidget) -> None:
        """Adds something that is no field."""
        self.form.addWidget(widget)

    def add_button(self, button: Button) -> None:
        """Adds a button at the left of the foot ("Delete")."""
        self._extra.addWidget(button)

    def fields(self) -> list[Field]:
        """The fields, in order."""
        return list(self._fields)

    def set_title(self, title: str, sentence: str = "") -> None:
        """Other words at the top."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self._sentence.setText(sentence)
        reveal(self._sentence, bool(sentence))

    def accept(self) -> None:
        """Submits; closes only when nothing was refused."""
        self.banner.say("")
        wrong: Field | None = None
        for field in self._fields:
            if field.isHidden():
                continue
            try:
                field.value()
            except Refusal as refusal:
                field.set_wrong(refusal.sentence)
                wrong = wrong or field
            else:
                field.set_wrong("")
        if wrong is not None:
            self._go_to(wrong)
            return
        try:
            self.submit()
        except Refusal as refusal:
            self.show_refusal(refusal)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
            self._scroll.ensureVisible(0, 0)
        else:
            super().accept()

    def show_refusal(self, refusal: Refusal) -> None:
        """Shows a refusal under its field and goes there, or above the fields."""
        for field in self._fields:
            if refusal.field and field.key == refusal.field and not field.isHidden():
                field.set_wrong(refusal.sentence)
                self._go_to(field)
                return
        self.banner.say(refusal.sentence, "error")
        self._scroll.ensureVisible(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.main_button.click()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._fit()
            if self._fields:
                first = next((field for field in self._fields if field.isVisible() and field.isEnabled()), None)
                if first is not None:
                    first.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.main_button.setFocus(Qt.FocusReason.TabFocusReason)

    def sizeHint(self) -> QSize:
        room = self.screen().availableGeometry()
        width = min(round(h(self._width)), room.width() - round(h(1)))
        inside = self._scroll.body
        high = inside.heightForWidth(width) if inside.hasHeightForWidth() else inside.sizeHint().height()
        foot = self._foot.sizeHint().height() + 2
        return QSize(width, min(high + foot, room.height() - round(h(2))))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(round(h(16)), self.sizeHint().width()), min(round(h(8)), self.sizeHint().height()))

    def _fit(self) -> None:
        hint = self.sizeHint()
        self._side = 0.7 if hint.width() < h(26) else 1.4
        space(self._scroll.body, self._side, 1.1, self._side, 1.0, 0.8)
        space(self._foot, self._side, 0.7, self._side, 0.8, 0.6)
        self._grows = _MOST_GROWTHS
        self.resize(hint)
        for row in self.findChildren(FieldRow):
            row.arrange(hint.width() < h(26))
        self.resize(self.sizeHint())
        self._grown(self._scroll.verticalScrollBar().maximum())

    def _grown(self, lacking: int) -> bool:
        """Makes the dialog taller by what is out of sight, where the screen has room: what wraps says its height only when it has its width."""
        if not lacking or not self._grows or not self.isVisible():
            return False
        taller = min(self.height() + lacking, self.screen().availableGeometry().height() - round(h(2)))
        if taller <= self.height():
            return False
        self._grows -= 1
        self.resize(self.width(), taller)
        return True

    def _range_changed(self, _low: int, high: int) -> None:
        """Takes the width of a scroll bar out of the margin, so that nothing moves when it comes or goes."""
        if self._grown(high):
            return
        bar = self._scroll.verticalScrollBar().sizeHint().width() if high else 0
        margins = self._scroll.body.contentsMargins()
        margins.setRight(max(0, round(h(self._side)) - bar))
        self._scroll.body.setContentsMargins(margins)

    def _go_to(self, field: Field) -> None:
        field.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(field)


class FieldRow(QFrame):
    """Fields side by side, or below one another."""

    def __init__(self, *fields: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        space(self._row, gap=0.8)
        for field in fields:
            self._row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)

    def arrange(self, stacked: bool) -> None:
        """Puts them below one another, or side by side."""
        way = self._row.Direction
        self._row.setDirection(way.TopToBottom if stacked else way.LeftToRight)
