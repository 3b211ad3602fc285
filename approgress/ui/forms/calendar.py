"""The dialogs of the school year: a half-term, and closed days. What is entered goes to the function that the page gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.setting import CLOSURES, HALF_TERM_NAMES
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, TextField

KeepTerm = Callable[[str, date | None, date | None], None]
KeepClosure = Callable[[str, str, date | None, date | None], None]


class HalfTermDialog(FormDialog):
    """A half-term: name, first and last day for pupils. `keep` writes it or raises Refusal; `remove` takes it out."""

    def __init__(
        self,
        keep: KeepTerm,
        *,
        today: date,
        name: str = "",
        first: date | None = None,
        last: date | None = None,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        new = first is None
        super().__init__(
            "Add a half-term" if new else f"Change {name}",
            "From the first to the last day on which pupils are in; holidays are what lies between.",
            verb="Add half-term" if new else "Keep changes",
            width=34,
            parent=parent,
        )
        self._keep = keep
        self._remove = remove
        self.name = TextField("Name", name, key="name", help=f"Such as {HALF_TERM_NAMES[0]} or {HALF_TERM_NAMES[3]}.", most=30)
        self.add(self.name)
        self.first = DateField("First day", first, today=today, key="first_day")
        self.last = DateField("Last day", last, today=today, key="last_day")
        self.add_row(self.first, self.last)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        self._keep(self.name.value(), self.first.value(), self.last.value())

    def _take_out(self) -> None:
        assert self._remove is not None
        _remove_and_close(self, self._remove)


class ClosureDialog(FormDialog):
    """Closed days inside a half-term: why, from when to when."""

    def __init__(
        self,
        keep: KeepClosure,
        *,
        today: date,
        sort: str = "inset",
        label: str = "",
        first: date | None = None,
        last: date | None = None,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        new = first is None
        super().__init__(
            "Add closed days" if new else "Change closed days",
            "Days inside a half-term on which no pupil is in. Nobody is marked on them and they are not counted.",
            verb="Add closed days" if new else "Keep changes",
            width=34,
            parent=parent,
        )
        self._keep = keep
        self._remove = remove
        self.sort = ChoiceField("Why", list(CLOSURES.items()), sort, key="sort", width=16)
        self.add(self.sort)
        self.label = TextField("Name", label, key="label", optional=True, help="Shown in the calendar, such as Polling station.", most=60)
        self.add(self.label)
        self.first = DateField("First day", first, today=today, key="first_day")
        self.last = DateField("Last day", last if last != first else None, today=today, key="last_day", optional=True)
        self.add_row(self.first, self.last)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        self._keep(self.sort.value(), self.label.value(), self.first.value(), self.last.value())

    def _take_out(self) -> None:
        assert self._remove is not None
        _remove_and_close(self, self._remove)


def _remove_and_close(dialog: FormDialog, remove: Callable[[], None]) -> None:
    """No question is asked before: undo brings it back."""
    from approgress.domain.errors import Refusal, Trouble

    try:
        remove()
    except Refusal as refusal:
        dialog.show_refusal(refusal)
    except Trouble as trouble:
        dialog.banner.say(trouble.sentence, "error")
    else:
        dialog.reject()
