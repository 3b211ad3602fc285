"""The lock: covers over every window of the program, and in front of them the question for the passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.errors import Trouble, WrongPassphrase
from approgress.ui.forms.unlock import UnlockForm
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.tasks import Progress, Tasks
from approgress.ui.theme import h, space, theme

if TYPE_CHECKING:
    from approgress.school.school import School


BURST_MS: Final = 400


class Cover(QWidget):
    """An opaque sheet over a whole window; it follows the window's size and lets nothing through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAutoFillBackground(True)
        self.setAccessibleName("Locked")
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.setGeometry(self._window.rect())
            self.raise_()
        elif event.type() == QEvent.Type.ChildAdded:
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("paper"))
        painter.end()


def cover_windows() -> list[Cover]:
    """A cover over every window of the program that is shown now."""
    return [Cover(w) for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowType() != Qt.WindowType.Popup]


class _Burst(QObject):
    """Swallows keys that come in one burst, until none came for a moment."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(BURST_MS)
        self._quiet.timeout.connect(self.deleteLater)
        self._quiet.start()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            self._quiet.start()
            event.accept()  # so that no shortcut takes it either
            return True
        return False


def swallow_burst() -> QObject:
    """From now on keys go nowhere until none was pressed for a moment; returns what swallows them, which goes by itself."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return _Burst(app)


class LockDialog(QDialog):
    """Asks for the passphrase of the person who works here; the demonstration school opens by Enter or its button. `opened_again` says so.

    It cannot be closed away; Esc empties what was typed. What is typed on after the Enter that opened goes nowhere: a person who does not
    look at the screen would else write it into the register.
    """

    opened_again = Signal()
    leave_asked = Signal()

    def __init__(self, school: School, covers: list[Cover], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setModal(True)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle("Locked")
        self._school = school
        self._covers = covers
        self._open = school.keys.is_open
        self._parent = parent
        column = self._column = QVBoxLayout(self)
        space(column, 1.4, 1.4, 1.4, 1.4, 0.8)
        self._tasks = Tasks(self)
        self.form: UnlockForm | None = None
        if self._open:
            card = Card("Locked", padding=1.4)
            card.add(Text("The demonstration school is covered. Press Enter, or the button, to go on.", wrap=True))
            button = Button("Go on", kind="primary")
            button.clicked.connect(self.let_in)
            button.installEventFilter(self)
            self.button = button
            row = QHBoxLayout()
            space(row)
            row.addStretch(1)
            row.addWidget(button)
            card.add_layout(row)
            column.addWidget(card)
            button.setFocus()
        else:
            self.form = UnlockForm(other="Close the program")
            self.form.set_school(
                "Locked", f"{school.viewer.name} works here. Everything is saved.", [school.viewer.name], school.viewer.name
            )
            self.form.tried.connect(self._try)
            self.form.other_asked.connect(self.leave_asked)
            column.addWidget(self.form)
            self.form.go_to_field()
        parent.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        area = self._parent.window().geometry()
        width = min(round(h(32)), area.width())
        column = self._column
        high = column.heightForWidth(width) if column.hasHeightForWidth() else column.sizeHint().height()
        self.resize(width, min(high, area.height()))
        self.move(area.center() - self.rect().center())

    def _try(self, _person: str, typed: str) -> None:
        who = str(self._school.viewer.person_id)
        self._tasks.run(_check, self._school, typed, who, on_done=self._done, on_failed=self._failed)

    def _done(self, _who: object) -> None:
        self.let_in()

    def _failed(self, error: BaseException) -> None:
        assert self.form is not None
        if isinstance(error, WrongPassphrase):
            self.form.refuse(
                WrongPassphrase(
                    "That is not the passphrase of the person who works here. Nothing was changed. Check Caps Lock, or use the recovery code."
                )
            )
        elif isinstance(error, Trouble):
            self.form.refuse(error)
        else:
            from approgress.ui.told import sentence_of

            self.form.refuse(Trouble(sentence_of(error)))

    def let_in(self) -> None:
        """Takes the covers away and says so."""
        for cover in self._covers:
            try:
                cover.hide()
                cover.deleteLater()
            except RuntimeError:
                continue  # its window was closed meanwhile
        self._covers = []
        self.hide()
        self.opened_again.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._open:
            self._open_key(event)
        elif event.key() == Qt.Key.Key_Escape:
            assert self.form is not None
            self.form.forget()
        else:
            super().keyPressEvent(event)

    def _open_key(self, event: QKeyEvent) -> None:
        """Enter opens; every other key does nothing at all."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            swallow_burst()
            self.let_in()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._parent:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._open_key(event)
                return True
            return False
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False

    def reject(self) -> None:
        """Cannot be closed away."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()


def _check(school: School, typed: str, person: str, *, progress: Progress) -> int | None:
    """The person whom a passphrase opens the school for (None: the recovery code); WrongPassphrase for anybody else's."""
    from approgress.store.keys import looks_like_recovery_code

    return school.keys.open(typed, None if looks_like_recovery_code(typed) else person)[1]
