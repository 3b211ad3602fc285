"""A pupil came late, left early or came back within a day; an arrival marks the pupil late where the register allows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.register import ARRIVED, LEFT, MOVES, RETURNED, late_mark, move
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.first_day import clock
from approgress.ui.forms.contact import TimeField, minutes_now
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, TextField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import reveal

if TYPE_CHECKING:
    from approgress.domain.cohort import RegisterRow
    from approgress.ui.workspace import Workspace


class MovementDialog(FormDialog):
    """Arrived, left or returned, when, and why; the mark that an arrival makes is said before it is written."""

    def __init__(self, workspace: Workspace, row: RegisterRow, day: date, parent: QWidget | None = None) -> None:
        super().__init__(f"Came or went: {row.name.full}", verb="Write down", width=32, parent=parent)
        self.workspace, self.row, self.day = workspace, row, day
        last = max(row.movements, key=lambda m: (m.at, m.id), default=None)
        here = row.mark is not None and any(
            n is not None and n < 32 and workspace.school.codes.text(n) in ("/", "\\", "L") for n in (row.mark.am, row.mark.pm)
        )
        sort = RETURNED if last is not None and last.sort == LEFT else LEFT if last is not None or here else ARRIVED
        self.sort = ChoiceField("What happened", list(MOVES.items()), sort, key="sort")
        self.at = TimeField("Time", minutes_now(workspace) if day == workspace.today else None)
        self.add_row(self.sort, self.at)
        self.note = TextField("Why", key="note", optional=True, most=300, placeholder="bus, dentist, collected by aunt, …")
        self.add(self.note)
        self.marks = TickField("", True, key="mark")
        self.add(self.marks)
        for movement in row.movements:
            note = f", {movement.note}" if movement.note and not row.name.hidden else ""
            self.add_widget(Text(f"{MOVES[movement.sort]} {clock(movement.at)}{note}", "second", "quiet", wrap=True))
        self.sort.edited.connect(self._show_mark)
        self.at.edited.connect(self._show_mark)
        self._show_mark()

    def _mark_edits(self) -> list[Edit]:
        try:
            at = self.at.minutes()
            if self.sort.value() == LEFT or at is None:
                return []
            return late_mark(self.row.mark, self.row.pupil_id, self.day, at, self.workspace.school.setting, self.workspace.school.codes)
        except Refusal:
            return []

    def _show_mark(self) -> None:
        edits = self._mark_edits()
        reveal(self.marks, bool(edits))
        if edits:
            record = getattr(edits[0], "record", None)
            codes = self.workspace.school.codes
            was = self.row.mark
            changed = "am" if was is None or getattr(record, "am", None) != was.am else "pm"
            if was is None and getattr(record, "am", None) is None:
                changed = "pm"
            code, late = codes.text(getattr(record, changed)), getattr(record, f"{changed}_late")
            self.marks.box.setText(f"The {changed.upper()} mark becomes {code}, {late} {'minute' if late == 1 else 'minutes'} late")
            self.marks.box.setAccessibleName(self.marks.box.text())
        if self.isVisible():
            self._fit()

    def submit(self) -> None:
        """Writes the movement, and the mark with it, as one step."""
        at = self.at.minutes()
        if at is None:
            raise Refusal("Say at what time.", "at")
        edits = self._mark_edits() if self.marks.value() else []
        now = minutes_now(self.workspace) if self.day == self.workspace.today else None

        def act(ids: NewIds) -> Iterable[Edit]:
            yield from move(
                ids,
                self.row.pupil_id,
                self.day,
                self.sort.value(),
                at,
                today=self.workspace.today,
                now_minutes=now,
                earlier=self.row.movements,
                note=self.note.value(),
                person_id=self.workspace.school.viewer.person_id,
            )
            yield from edits

        self.workspace.do(Title.MOVEMENT, act, grow=False)
