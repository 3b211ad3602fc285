"""Many cells of a register written as one act: marks and scores of one pupil and day are one record each, so they are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from approgress.domain.acts.register import title_of
from approgress.domain.cohort import RegisterRow
from approgress.domain.edits import Edit, Erase, Put, Title
from approgress.domain.records import LessonScore, Mark, kind_of
from approgress.domain.register import NeedsReason
from approgress.domain.sheets import SESSIONS, RegisterSheet


@dataclass(frozen=True, slots=True)
class Amended:
    """A mark that is changed after its register has closed: whose, of which session, the code that stands and the new one ('' for none)."""

    pupil_id: int
    name: str = field(compare=False)  # names may be hidden while it is shown
    session: str
    old: str
    new: str


class ManyCells:
    """Takes cells one by one and refuses each that cannot be; `edits` is the act of the rest, `count` how many cells it changes.

    `amended` are the marks that need a reason, since their register has closed: with `why` it goes with each of them and with nothing else,
    without it they are left out.
    """

    def __init__(self, sheet: RegisterSheet, closed: Mapping[str, bool], why: str | None = None) -> None:
        self._sheet = sheet
        self._closed = closed
        self._why = why
        self.amended: list[Amended] = []
        self.doubts: list[tuple[str, str]] = []  # whose and of which session, and why the code is odd there
        self._edits: dict[tuple[str, tuple[object, ...]], Edit] = {}
        self._sessions: set[str] = set()
        self._of_marks = False
        self.count = 0

    def put(self, row: RegisterRow, place: str | int, text: str) -> None:
        """One cell. Refusal where it cannot be."""
        now = next((r for r in self._sheet.register.rows if r.pupil_id == row.pupil_id), row)
        if isinstance(place, int):
            edits = self._sheet.rated(now, place, text)
        else:
            closed, fill = self._closed.get(place, False), place not in self._sessions
            doubt = self._sheet.warning(now, place, text) if text.strip() else None
            try:
                edits = self._sheet.typed(now, place, text, closed=closed, fill=fill)
            except NeedsReason as asked:
                self.amended.append(Amended(row.pupil_id, row.name.full, place, asked.old, asked.new))
                if self._why is None:
                    return
                edits = self._sheet.typed(now, place, text, self._why, closed=closed, fill=fill)
            self._of_marks = True
            if text.strip():  # a mark that is taken out brings no expected codes with it
                self._sessions.add(place)
        if not edits:
            return
        self.count += 1
        if not isinstance(place, int) and doubt is not None:
            self.doubts.append((f"{row.name.full}, {place}", doubt))
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
        return list(self._edits.values())

    @property
    def title(self) -> Title:
        """What the act is called: of lessons only, of the register, or an amendment of it."""
        if not self._of_marks:
            return Title.ENTER_ENGAGEMENT
        return (
            Title.AMEND_MARK if self.amended else title_of(self._edits.values(), closed=any(self._closed.get(s, False) for s in SESSIONS))
        )
