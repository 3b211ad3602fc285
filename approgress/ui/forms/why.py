"""Asking for a reason that stays with a record: striking it through, or cancelling a suspension from a day on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from approgress.domain.edits import Edit, Title
from approgress.ui.forms import show_dialog
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import DateField, NoteField
from approgress.ui.workspace import Workspace


class WhyDialog(FormDialog):
    """Asks why (and, with `day_key`, on which day); `act` makes the edits of the reason and that day."""

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        sentence: str,
        *,
        verb: str,
        key: str,
        step: Title,
        act: Callable[[str, date | None], Sequence[Edit]],
        day_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, sentence, verb=verb, kind="danger", width=34, parent=parent)
        self.workspace = workspace
        self._act, self._step = act, step
        self.day: DateField | None = None
        if day_key:
            self.day = DateField("From which day", workspace.today, today=workspace.today, latest=workspace.today, key=day_key)
            self.add(self.day)
        self.why = NoteField("Why", key=key, lines=3)
        self.add(self.why)

    def submit(self) -> None:
        day = self.day.value() if self.day is not None else None
        self.workspace.do(self._step, self._act(self.why.value(), day), grow=False)


def ask_strike(form: FormDialog, workspace: Workspace, act: Callable[[str], Sequence[Edit]]) -> None:
    """Asks why the record of `form` is struck through; `act` makes the edits of the reason, and the form closes when they are done."""
    dialog = WhyDialog(
        workspace,
        "Strike this record through",
        "For a record made in error. It stays to be read, with who struck it through and why, and counts nowhere.",
        verb="Strike through",
        key="struck",
        step=Title.STRIKE,
        act=lambda why, _day: act(why),
        parent=form,
    )
    dialog.accepted.connect(form.reject)
    show_dialog(dialog)
