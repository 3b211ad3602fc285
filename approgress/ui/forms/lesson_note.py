"""How a lesson went for a pupil: tone, what worked in a line, and the pupil's own rating beside the adult's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.round import TONES, gap_words, of_lesson, points_of, put_ratings, write_lesson_note
from approgress.domain.edits import Edit, Title
from approgress.domain.records import LessonNote
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, TextField
from approgress.ui.parts.labels import Text

if TYPE_CHECKING:
    from approgress.domain.cohort import RegisterRow
    from approgress.domain.instruments import Instrument
    from approgress.ui.workspace import Workspace


class LessonNoteDialog(FormDialog):
    """All of it may be left open; what is typed is one step."""

    def __init__(
        self,
        workspace: Workspace,
        row: RegisterRow,
        day: date,
        lesson: int,
        held: LessonNote | None,
        scale: Instrument,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"Lesson {lesson + 1}: {row.name.full}", verb="Keep", width=34, parent=parent)
        self.workspace, self.row, self.day, self.lesson, self.held, self.scale = workspace, row, day, lesson, held, scale
        score, own = of_lesson(row, lesson)
        points = [(str(p.value), f"{p.value}  {p.label}") for p in points_of(scale)]
        self.worked = TextField("What worked", held.worked or "" if held else "", key="worked", optional=True, most=300)
        self.add(self.worked)
        self.tone = ChoiceField("How it went", list(TONES.items()), held.tone or "" if held else "", none="not said", key="tone")
        self.own = ChoiceField("Pupil’s own rating", points, "" if own is None else str(own), none="not asked", key="own")
        self.score = ChoiceField("Your rating", points, "" if score is None else str(score), none="not rated", key="score")
        self.add(self.tone)
        self.add_row(self.score, self.own)
        self.gap = Text("", "second", "quiet", wrap=True)
        self.add_widget(self.gap)
        for field in (self.own, self.score):
            field.edited.connect(self._show_gap)
        self._show_gap()

    def _show_gap(self) -> None:
        said = gap_words(*self._numbers())
        self.gap.setText(f"{said}. Two views of one lesson; they are shown side by side and never put together." if said else "")

    def submit(self) -> None:
        """Writes note and ratings."""
        pupil = self.row.pupil_id
        score, own = of_lesson(self.row, self.lesson)
        person = self.workspace.school.viewer.person_id
        edits: list[Edit] = put_ratings(score, own, pupil, self.day, self.lesson, *self._numbers())
        edits += write_lesson_note(
            self.held, pupil, self.day, self.lesson, tone=self.tone.value() or None, worked=self.worked.value(), person_id=person
        )
        if edits:
            self.workspace.do(Title.LESSON_NOTE, edits, grow=False)

    def _numbers(self) -> tuple[int | None, int | None]:
        score, own = self.score.value(), self.own.value()
        return int(score) if score else None, int(own) if own else None
