"""What stands in the grid: which columns there are room for, and each pupil's cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from approgress.domain.acts.round import gap_words, was_in
from approgress.domain.attendance import Tally
from approgress.domain.cohort import RegisterRow
from approgress.domain.instruments import STRANDS
from approgress.domain.sheets import SESSIONS, RegisterSheet
from approgress.domain.strands import Sign
from approgress.domain.values import NOTHING, percent_words, share_words
from approgress.style import STRANDS as LOOKS
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.signs import sign_cell
from approgress.ui.parts.tables import CodeCell, Column, Row, ScoreCell, TextCell

Place = str | int
"""What a column is: 'pupil', 'AM', 'PM', a lesson's number from 0, 'tally', 'percent', or a strand."""

REGISTER, ENGAGEMENT, BOTH = "register", "engagement", "both"
MODES: Final = ((REGISTER, "Register"), (ENGAGEMENT, "Engagement"), (BOTH, "Both"))
NARROW_LESSONS: Final = 2
HALF_TERM: Final = "This half-term"
SIGNS: Final = "Since starting point"
"""The heading over the signs of the strands since the starting point."""
_ORDER: Final = ("wellbeing", "engagement", "attendance", "learning", "behaviour", "home")
_DROPS: Final = tuple(reversed(_ORDER))
"""Signs go from the right where there is no room, so that their heading stays over those that are left."""


@dataclass(frozen=True, slots=True)
class StartCell:
    """What stands across the signs of a pupil whose starting point is not whole: 'starting point 4 of 6'. Each of them paints its part."""

    said: str

    def words(self) -> str:
        """What is read out."""
        return self.said

    def shorter(self) -> tuple[str, ...]:
        """The same in fewer words, for less room."""
        return self.said, self.said.replace("starting point", "start"), self.said.replace("starting point ", "")


@dataclass(frozen=True, slots=True)
class RoundCell(ScoreCell):
    """A lesson's score with the pupil's own beside it, and whether a line says how the lesson went."""

    own: int | None = None
    note: str = ""

    def words(self) -> str:
        if not self.due and self.score is None:
            return "not due"
        said = gap_words(self.score, self.own) or (str(self.score) if self.score is not None else "no score yet")
        return f"{said}; {self.note}" if self.note else said


def places_of(mode: str, fold: Fold, lessons: int, first_lesson: int, *, percent: bool = True) -> tuple[Place, ...]:
    """The columns for a choice and a width. In a narrow window two lessons stay, from `first_lesson` on."""
    narrow = fold is Fold.NARROW
    shown: list[Place] = ["pupil"]
    if mode != ENGAGEMENT:
        shown += SESSIONS
    if mode != REGISTER:
        first = max(0, min(first_lesson, lessons - NARROW_LESSONS)) if narrow else 0
        shown += range(first, min(lessons, first + NARROW_LESSONS) if narrow else lessons)
    shown.append("tally")
    if not narrow:
        if percent:
            shown.append("percent")
        shown += _ORDER
    return tuple(shown)


def columns_of(places: Sequence[Place], lessons: int, half_term: str) -> list[Column]:
    """The columns of these places; what is dear is dropped last where there is no room."""
    shown = [p for p in places if isinstance(p, int)]
    narrow = bool(shown) and len(shown) < lessons
    columns: list[Column] = []
    for place in places:
        if place == "pupil":
            columns.append(Column("Pupil", least=9 if narrow else 11.4, stretch=3, sorts=False))
        elif place in SESSIONS:
            columns.append(Column(str(place), "middle", sorts=False))
        elif isinstance(place, int):
            title, group = (f"L{place + 1}", "") if narrow else (str(place + 1), "Engagement, by lesson")
            drop = 0 if narrow else 20 + lessons - place
            columns.append(Column(title, "middle", drop=drop, group=group, sorts=False, said=f"Engagement in lesson {place + 1}"))
        elif place == "tally":
            both = "percent" in places
            title, group = ("sessions", HALF_TERM) if both else ("Half-term", "")
            said = f"Sessions attended of possible in {half_term}"
            columns.append(Column(title, "right", drop=0 if narrow else 10, group=group, sorts=False, said=said))
        elif place == "percent":
            columns.append(Column("%", "right", drop=9, group=HALF_TERM, sorts=False, said=f"Attendance in percent in {half_term}"))
        else:
            strand = str(place)
            said = f"{STRANDS[strand]} since the starting point"
            columns.append(Column(LOOKS[strand].short, "middle", drop=_DROPS.index(strand) + 1, group=SIGNS, sorts=False, said=said))
    return columns


def row_of(
    sheet: RegisterSheet, row: RegisterRow, places: Sequence[Place], tally: Tally | None, signs: Mapping[str, Sign] | None, start: str = ""
) -> Row:
    """One pupil's row; signs None: not read yet; `start` says of a starting point that is not whole how far it is, in place of signs."""
    cells: list[Any] = []
    year = f"Y{row.year}" if row.year and row.year.isdigit() else row.year or ""
    for place in places:
        if place == "pupil":
            cells.append(TextCell(row.name.full, year, kind="strong", initials=row.name.initials, may_elide=True))
        elif place in SESSIONS:
            cells.append(code_cell(sheet, row, str(place)))
        elif isinstance(place, int):
            cells.append(score_cell(sheet, row, place))
        elif place == "tally":
            cells.append(_tally(tally))
        elif place == "percent":
            cells.append(_percent(tally))
        elif start:
            cells.append(StartCell(start))
        else:
            cells.append(sign_cell((signs or {}).get(str(place))))
    return Row(row.pupil_id, row.name.full, tuple(cells), tip=row.name.full)


def code_cell(sheet: RegisterSheet, row: RegisterRow, session: str) -> CodeCell:
    """A mark, the code that is expected, or nothing yet. Minutes late stand behind the letter."""
    shown = sheet.shown(row, session)
    if shown is None:
        return CodeCell("")
    late = None if row.mark is None or shown.expected else row.mark.am_late if session == "AM" else row.mark.pm_late
    text = shown.text if late is None else f"{shown.text}{late}"
    return CodeCell(text, shown.tone, said=shown.words, expected=shown.expected)


def score_cell(sheet: RegisterSheet, row: RegisterRow, lesson: int) -> RoundCell:
    """A lesson's score, the pupil's own, and the line on how it went; a dash where the pupil was not in."""
    score = row.scores[lesson] if lesson < len(row.scores) else None
    own = row.own[lesson] if lesson < len(row.own) else None
    note = row.notes[lesson] if lesson < len(row.notes) else None
    said = ""
    if note is not None:
        tone = {"good": "went well", "hard": "was hard", "neutral": "neither good nor hard"}.get(note.tone or "", "")
        said = ": ".join(part for part in (tone, "with a note" if row.name.hidden and note.worked else note.worked or "") if part)
    due = score is not None or own is not None or lesson_due(sheet, row, lesson)
    return RoundCell(score, due=due, own=own, note=said)


def lesson_due(sheet: RegisterSheet, row: RegisterRow, lesson: int) -> bool:
    """Whether a lesson waits for a score: the pupil is marked as here, or not marked and not expected elsewhere."""
    session = sheet.session_of(lesson)
    if sheet.number(row, session) is None:
        return row.standing(session).expected is None and sheet.rates(row, lesson)
    return was_in(sheet, row, lesson)


def _tally(tally: Tally | None) -> TextCell:
    if tally is None or not tally.possible:
        return TextCell("none yet", kind="second", role="quiet", across="right")
    return TextCell(share_words(tally.attended, tally.possible), across="right")


def _percent(tally: Tally | None) -> TextCell:
    if tally is None or not tally.possible:
        return TextCell(NOTHING, role="quiet", across="right")
    return TextCell(percent_words(tally.attended, tally.possible), role="quiet", across="right")
