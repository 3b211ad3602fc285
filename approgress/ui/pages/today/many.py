"""Many cells of a register written as one act: marks and scores of one pupil and day are one record each, so they are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from approgress.domain.acts.register import title_of
from approgress.domain.cohort import RegisterRow
from approgress.domain.edits import Edit, Erase, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import LessonScore, Mark, kind_of
from approgress.domain.register import NeedsReason
from approgress.domain.sheets import SESSIONS, RegisterSheet


class ManyCells:
    """Takes cells one by one and refuses each that cannot be; `edits` is the act of the rest, `count` how many cells it changes."""

    def __init__(self, sheet: RegisterSheet, closed: Mapping[str, bool]) -> None:
        self._sheet = sheet
        self._closed = closed
        self._edits: dict[tuple[str, tuple[object, ...]], Edit] = {}
        self._sessions: set[str] = set()
        self.count = 0
        self.title = Title.TAKE_REGISTER

    def put(self, row: RegisterRow, place: str | int, text: str) -> None:
        """One cell. Refusal where it cannot be; after the register has closed a reason is asked for one mark at a time."""
        now = next((r for r in self._sheet.register.rows if r.pupil_id == row.pupil_id), row)
        if isinstance(place, int):
            edits = self._sheet.rated(now, place, text)
            self.title = Title.ENTER_ENGAGEMENT if not self._sessions else self.title
        else:
            try:
                edits = self._sheet.typed(now, place, text, closed=self._closed.get(place, False), fill=place not in self._sessions)
            except NeedsReason as asked:
                # one reason cannot be asked for many marks
                raise Refusal(
                    f"The {asked.session} register has closed, and {asked.old} stands here. Change it by itself, with its reason."
                ) from None
            self._sessions.add(place)
        if not edits:
            return
        self.count += 1
        for edit in edits:
            self._join(edit)
        self._sheet = replace(self._sheet, register=self._sheet.register.with_rows(self._after(now, place, edits)))

    def _join(self, edit: Edit) -> None:
        record = edit.record if isinstance(edit, Put) else edit.seen
        kind = kind_of(record)
        key = (kind.name, tuple(getattr(record, k) for k in kind.key))
        before = self._edits.get(key)
        if before is None:
            self._edits[key] = edit
        elif isinstance(edit, Put):
            self._edits[key] = Put(edit.record, before.seen, edit.why or before.why)
        elif before.seen is None:
            del self._edits[key]
        else:
            self._edits[key] = Erase(before.seen, edit.why or before.why)

    def _after(self, row: RegisterRow, place: str | int, edits: list[Edit]) -> list[RegisterRow]:
        """The rows as they are after some edits: the first mark of a session brings the expected codes of other pupils with it."""
        records = [e.record for e in edits if isinstance(e, Put)]
        if isinstance(place, int):
            score = next((r.score for r in records if isinstance(r, LessonScore)), None)
            return [replace(row, scores=tuple(score if i == place else s for i, s in enumerate(row.scores)))]
        marks = {r.pupil_id: r for r in records if isinstance(r, Mark)}
        return [replace(r, mark=marks[r.pupil_id]) for r in self._sheet.register.rows if r.pupil_id in marks]

    def edits(self) -> list[Edit]:
        """The act: the cells, and in each session that is typed into the expected codes of those who are not due."""
        found = list(self._edits.values())
        if self._sessions:
            self.title = title_of(found, closed=any(self._closed.get(s, False) for s in SESSIONS))
        return found
