"""Two small questions: something that undo cannot mend, and a database address."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from approgress.domain.errors import Refusal
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import TextField


class ConfirmDialog(FormDialog):
    """Asked only for what undo cannot mend; Esc and the other button leave everything as it is."""

    def __init__(self, title: str, sentence: str, *, verb: str, do: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(title, sentence, verb=verb, leave="Keep it", kind="danger", width=30, parent=parent)
        self._do = do
        self._agreed = False
        self.main_button.setDefault(False)
        self.leave_button.setDefault(True)
        self.finished.connect(self._finished)

    def submit(self) -> None:
        """The work is done when the dialog is closed, since it may free the window below."""
        self._agreed = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.leave_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _finished(self) -> None:
        if self._agreed:
            self._do()


class AddressDialog(FormDialog):
    """The address of a school on a database server."""

    def __init__(self, go_to: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(
            "A school on a database server",
            "Whoever looks after the server gives you the address. A password in it is used now and not kept.",
            verb="Go on",
            width=34,
            parent=parent,
        )
        self._open_it = go_to
        self._address = ""
        self.address = TextField("Address", key="address", placeholder="postgresql://name@server/database")
        self.add(self.address)
        self.finished.connect(self._finished)

    def submit(self) -> None:
        typed = self.address.value()
        if not typed.startswith(("postgresql://", "postgres://")) or len(typed.split("://")[1].strip("/")) == 0:
            raise Refusal("An address begins with postgresql:// and names the server and the database.", "address")
        self._address = typed

    def _finished(self) -> None:
        if self._address:
            self._open_it(self._address)
