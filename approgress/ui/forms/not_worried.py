"""Not worried because …: a few words that stay as a note, and the line rests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.needs import not_worried, rests_until
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Title
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import NoteField

if TYPE_CHECKING:
    from approgress.domain.needs import Line
    from approgress.ui.workspace import Workspace


class NotWorriedDialog(FormDialog):
    """Why nobody is worried about a line; the reason stays as a note of its pupils."""

    def __init__(self, workspace: Workspace, line: Line, parent: QWidget | None = None) -> None:
        until = words(rests_until(line, workspace.today), weekday=True)
        several = len(line.pupils) > 1
        kept = f"a note with each of these {len(line.pupils)} pupils" if several else "a note with the pupil"
        super().__init__(
            "Not worried because…",
            f"{line.title}. {line.sentence}. It rests until {until}; your reason stays as {kept}.",
            verb="Let it rest",
            leave="Leave it",
            width=34,
            parent=parent,
        )
        self.workspace, self.line = workspace, line
        self.why = NoteField("Because", "", key="why", lines=3)
        self.add(self.why)

    def submit(self) -> None:
        """Writes the note and lets the line rest, as one step."""
        w = self.workspace

        def act(ids: NewIds) -> Iterable[Edit]:
            return not_worried(ids, self.line, self.why.text.toPlainText(), today=w.today, person_id=w.school.viewer.person_id)

        w.do(Title.REST, act, grow=False)
