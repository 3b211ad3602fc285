"""Names hidden while a dialog is open: its contents go behind a veil until names are shown again, and nothing typed is lost."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from approgress.ui.parts.labels import KeyCap, Text
from approgress.ui.theme import space

TITLE = "Names are hidden"


class Veil(QWidget):
    """Stands in place of all that a dialog shows. What was shown is only hidden, so it comes back as it was."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._title = dialog.windowTitle()
        self._before = dialog.focusWidget()
        self._hidden = [w for w in dialog.children() if isinstance(w, QWidget) and w is not self and not w.isWindow() and not w.isHidden()]
        self._size = (dialog.minimumSize(), dialog.maximumSize())
        dialog.setFixedSize(dialog.size())  # or it would shrink to the veil
        for widget in self._hidden:
            widget.hide()
        dialog.setWindowTitle(TITLE)
        column = QVBoxLayout(self)
        space(column, 1.4, 1.4, 1.4, 1.4, 0.6)
        column.addStretch(1)
        column.addWidget(Text(TITLE, "dialog", wrap=True))
        line = QWidget()
        row = QHBoxLayout(line)
        space(row, gap=0.35)
        row.addWidget(KeyCap("F8"))
        row.addWidget(Text("shows this form again, with what was typed.", wrap=True), 1)
        column.addWidget(line)
        column.addStretch(1)
        self.setAccessibleName(f"{TITLE}. F8 shows this form again.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dialog.installEventFilter(self)
        self.setGeometry(dialog.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._dialog.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # a key meant for a form that is not seen does nothing

    def lift(self) -> None:
        """Shows the dialog as it was."""
        import shiboken6

        self._dialog.removeEventFilter(self)
        self._dialog.setMinimumSize(self._size[0])
        self._dialog.setMaximumSize(self._size[1])
        for widget in self._hidden:
            if shiboken6.isValid(widget):
                widget.show()
        if self._dialog.windowTitle() == TITLE:
            self._dialog.setWindowTitle(self._title)
        self.hide()
        self.deleteLater()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)


def veil_dialogs() -> list[Veil]:
    """A veil over every dialog that is open now, but for the lock; menus and tool tips that are shown go."""
    from PySide6.QtWidgets import QToolTip

    from approgress.ui.lock import LockDialog

    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    return [Veil(d) for d in QApplication.topLevelWidgets() if isinstance(d, QDialog) and d.isVisible() and not isinstance(d, LockDialog)]


def lift_veils(veils: list[Veil]) -> None:
    """Takes veils away again; a dialog that was closed meanwhile has taken its own with it."""
    import shiboken6

    for veil in veils:
        if shiboken6.isValid(veil):
            veil.lift()
