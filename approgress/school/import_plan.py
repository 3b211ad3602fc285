"""What an import found and what would become of it: the plan that the preview shows and the command line prints, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.values import how_many

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
STATES = (NEW, CHANGED, SAME, REFUSED)

PUPILS, MARKS, SUMMARY, CTF, READINGS, TABLE = "pupils", "marks", "summary", "ctf", "readings", "table"
SORTS = (PUPILS, MARKS, SUMMARY, CTF, READINGS)
SORT_WORDS = {
    PUPILS: "pupil list",
    MARKS: "attendance marks",
    SUMMARY: "attendance summary",
    CTF: "transfer file",
    READINGS: "readings",
    TABLE: "a table of approgress",
}

Progress = Callable[[int, int], None]
"""Called with how much is done and of how much; it may raise Stopped, and then nothing of the import is there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: its key, which `answers` takes, and its words."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a person should decide.

    `question` is its stable key: `answers={ask.question: choice.key}` answers it, and an answer that was carried out is remembered.
    `kept` is what stands while nobody answers. `holds`: what the file says there is not stored until it is answered. `answer` is the
    answer that was given now or (`remembered`) an earlier time. `row` None: it concerns the whole file.
    """

    question: str
    sentence: str
    choices: tuple[Choice, ...]
    row: int | None = None
    column: str | None = None
    value: str | None = None
    kept: str | None = None
    holds: bool = True
    answer: str | None = None
    remembered: bool = False
    free: bool = False  # besides the choices, any text may answer (a period, a name)

    def to_json(self) -> dict[str, Any]:
        """The ask in the shape of `import --json`, with its key and choices besides."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "kept": self.kept,
            "sentence": self.sentence,
            "question": self.question,
            "choices": [{"key": c.key, "words": c.words} for c in self.choices],
        }


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row or cell that is not stored. `rule` is a short name of the rule; `sentence` names row, column, value and rule in words."""

    row: int | None
    column: str | None
    value: str | None
    rule: str
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The refusal in the shape of `import --json`."""
        return {"row": self.row, "column": self.column, "value": self.value, "rule": self.rule, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that an import does: what it concerns, the value before and after (None: none). `kept`: the value before stands."""

    what: str
    before: str | None
    after: str | None
    kept: bool = False
    since: date | None = None

    @property
    def words(self) -> str:
        """'SEN none → SEN support (K) from 2 Nov 2026'."""
        from approgress.domain import days

        text = f"{self.what} {self.after if self.after is not None else 'none'}" if self.before is None else ""
        if self.before is not None:
            what = "" if self.before.startswith(self.what) else self.what + " "
            text = f"{what}{self.before} kept" if self.kept else f"{what}{self.before} → {self.after if self.after is not None else 'none'}"
        return text.strip() + (f" from {days.words(self.since)}" if self.since is not None and not self.kept else "")


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What becomes of one row of the file.

    `row` as a spreadsheet counts it. `who` is the pupil as the file names them; `matched_by` how they were found ('UPN', 'number',
    'name and birth date', 'no match', or '–' where the row was refused before that). `asks`: somebody should decide something about it.
    `sentence` is the refusal, or what there is to say where nothing happens.
    """

    row: int
    state: str
    who: str
    matched_by: str
    pupil_id: int | None = None
    happens: tuple[Happening, ...] = ()
    asks: bool = False
    sentence: str = ""

    @property
    def words(self) -> str:
        """What happens and why, in one line."""
        return self.sentence or " · ".join(h.words for h in self.happens)


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """How a column was understood. `meaning` None: not used. `words` names the meaning; `how` says how its values are read.

    `sure` False: only guessed now, nobody has confirmed it by carrying an import out. `samples` are its first few values.
    """

    index: int
    letter: str
    heading: str
    meaning: str | None
    words: str
    how: str = ""
    sure: bool = False
    remembered: bool = False
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingPupil:
    """A pupil on roll who is not in the file; nothing is done about it."""

    pupil_id: int
    who: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of the file by what becomes of them: new + changed + same + refused = rows."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    @property
    def brought_in(self) -> int:
        """Rows from which something would be written."""
        return self.new + self.changed

    @property
    def words(self) -> str:
        """'6 new + 9 changed + 48 same + 4 refused = 67'."""
        return f"{self.new} new + {self.changed} changed + {self.same} same + {self.refused} refused = {self.rows}"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file holds and what would become of it. Nothing has been written.

    `rows` is a sequence in the order of the file; it may hold hundreds of thousands and makes each `RowPlan` when it is asked for
    (`rows_in` gives the places of those in one state). `refusals` may also name single cells of rows that go in. `blocked`: a question
    about the whole file (a column, the order of dates) is open, and until it is answered nothing can be brought in.
    """

    path: Path
    file: str
    as_: str
    taken_on: date
    counts: Counts
    rows: Sequence[RowPlan]
    refusals: tuple[RowRefusal, ...] = ()
    asks: tuple[Ask, ...] = ()
    warnings: tuple[str, ...] = ()
    columns: tuple[ColumnRead, ...] = ()
    missing: tuple[MissingPupil, ...] = ()
    read_as: str = ""  # 'UTF-8, commas, headings in row 1', or the sheet of a workbook
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    blocked: bool = False
    edit_count: int = 0  # about how many records carry_out will write, for progress
    make_edits: Callable[[NewIds], Iterator[Edit]] | None = field(default=None, repr=False, compare=False)
    title: Title = Title.IMPORT_PUPILS
    stamp: tuple[int, int] = (0, 0)  # the journal's newest step, and its length, when the plan was made
    rests_on: frozenset[str] = frozenset()  # kinds of record it was compared with

    @property
    def new(self) -> int:
        """Rows that bring something new."""
        return self.counts.new

    @property
    def changed(self) -> int:
        """Rows that change something."""
        return self.counts.changed

    @property
    def same(self) -> int:
        """Rows that hold nothing new."""
        return self.counts.same

    @property
    def refused(self) -> int:
        """Rows of which nothing goes in."""
        return self.counts.refused

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        """The questions that nobody has answered."""
        return tuple(a for a in self.asks if a.answer is None)

    @property
    def writes(self) -> bool:
        """Whether carrying it out would write anything."""
        return self.make_edits is not None and self.edit_count > 0 and not self.blocked

    def rows_in(self, state: str) -> list[int]:
        """The places in `rows` of the rows in a state."""
        found = getattr(self.rows, "places_in", None)
        if found is not None:
            return found(state)
        return [i for i, r in enumerate(self.rows) if r.state == state]

    @property
    def said(self) -> str:
        """What is said of it in one line: '67 rows: 6 new, 9 changed, 48 same, 4 refused'."""
        c = self.counts
        return f"{how_many(c.rows, 'row')}: {c.new} new, {c.changed} changed, {c.same} same, {c.refused} refused"

    def to_json(self, step: int | None = None) -> dict[str, Any]:
        """The plan in the shape of `import --json` (commands.md), with `warnings`, `missing` and the headings besides."""
        return {
            "file": self.file,
            "as": self.as_,
            "rows": self.counts.rows,
            "new": self.counts.new,
            "changed": self.counts.changed,
            "same": self.counts.same,
            "refused": self.counts.refused,
            "step": step,
            "asks": [a.to_json() for a in self.open_asks],
            "refusals": [r.to_json() for r in self.refusals],
            "warnings": list(self.warnings),
            "missing": [m.who for m in self.missing],
            "read_as": self.read_as,
            "columns": [{"column": c.letter, "heading": c.heading, "meaning": c.meaning, "words": c.words} for c in self.columns],
        }


def refusal_list(plan: ImportPlan) -> str:
    """What was refused as a CSV text to hand back to whoever made the file: row, column, value, and why. Text is guarded (see export)."""
    import csv
    import io

    from approgress.interchange.tables import csv_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Row", "Column", "Value", "Why"])
    for r in plan.refusals:
        writer.writerow([csv_cell(v) for v in (r.row, r.column, r.value, r.sentence)])
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """An import carried out: its plan and what it changed. `step` is None where nothing changed."""

    plan: ImportPlan
    changes: Changes

    @property
    def step(self) -> int | None:
        """The journal step, None where nothing changed."""
        return self.changes.step

    def to_json(self) -> dict[str, Any]:
        """The shape of `import --json`."""
        return self.plan.to_json(self.step)
