"""Going to a day: any school day that has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from approgress.domain.errors import Refusal
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import DateField


class GoToDayDialog(FormDialog):
    """A date, and `go(day)` with it."""

    def __init__(self, day: date, today: date, go: Callable[[date], None], parent: QWidget | None = None) -> None:
        super().__init__(
            "Go to a day",
            "Registers of every day are kept; one that was forgotten can still be taken.",
            verb="Go there",
            width=26,
            parent=parent,
        )
        self._go = go
        self.day = DateField("Day", day, today=today, latest=today, key="day")
        self.add(self.day)

    def submit(self) -> None:
        """Goes there."""
        day = self.day.value()
        if day is None:
            raise Refusal("Type a day, such as 24 Nov 2026.", "day")
        self._go(day)
