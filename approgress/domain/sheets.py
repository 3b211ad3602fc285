"""Grids as data: what a cell shows and what is made of what is typed into it. A sheet keeps nothing; the grid keeps no copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from approgress.domain.acts.register import mark_all_present, rate_lesson, take_mark
from approgress.domain.attendance import ATTENDED, NOT_POSSIBLE, UNAUTHORISED
from approgress.domain.days import words
from approgress.domain.errors import Refusal
from approgress.domain.register import AM, LONGEST_OPEN, PM, doubt_of, refusal_of

if TYPE_CHECKING:
    from approgress.domain.attendance import Code, CodeSet
    from approgress.domain.cohort import Register, RegisterRow
    from approgress.domain.edits import Edit
    from approgress.domain.instruments import Instrument

SESSIONS = (AM, PM)


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A mark as a grid shows it: its letters, a tone (gain, attention, none, decline) that never stands alone, and words.

    `expected`: no mark yet, only the code that the pupil's pattern lets one expect; it is shown as such and counts nowhere.
    """

    text: str
    tone: str
    words: str
    expected: bool = False


@dataclass(frozen=True, slots=True)
class SessionCount:
    """One session of a register in counts: `marked` of `due`, and how many by what the code means; `expected` have no mark yet and
    a code that their pattern lets one expect, and so need none from a person."""

    session: str
    marked: int
    due: int
    present: int
    late: int
    elsewhere: int
    absent: int
    no_reason: int
    not_due: int
    expected: int = 0
    after_closing: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """'AM 10 of 11 marked', '5 present', ...: only what there is."""
        parts = [f"{self.session} {self.marked} of {self.due} marked"]
        for n, what in (
            (self.present, "present"),
            (self.late, "late"),
            (self.after_closing, "arrived after closing"),
            (self.elsewhere, "elsewhere"),
            (self.absent, "absent with a reason"),
            (self.no_reason, "without a reason"),
            (self.not_due, "not due here"),
            (self.expected, "known beforehand"),
        ):
            if n:
                parts.append(f"{n} {what}")
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Clash:
    """A mark that somebody else changed between the moment it was shown and the key: `theirs` stands now, `mine` was typed over `before`.

    `row` is the row read again: `sheet.typed(row, session, text)` writes mine over theirs knowingly.
    """

    row: RegisterRow
    session: str
    before: str
    theirs: str
    mine: str

    @property
    def question(self) -> str:
        """'AM is I by now; it was blank when you typed /. Keep I, or write / over it?'"""
        was = f"it was {self.before}" if self.before else "it was blank"
        now = self.theirs or "blank"
        mine = f"write {self.mine} over it" if self.mine else "take it out"
        typed = f"you typed {self.mine}" if self.mine else "you took it out"
        return f"{self.session} is {now} by now; {was} when {typed}. Keep {now}, or {mine}?"


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """The register of a group on a day as a grid: a row a pupil, a column a session."""

    register: Register
    codes: CodeSet
    engagement: Instrument | None = None
    lessons: int = 0

    def session_of(self, lesson: int) -> str:
        """The session in which a lesson (from 0) lies: the first half of the day's lessons, the odd one with them, is the morning."""
        return AM if lesson < (self.lessons + 1) // 2 else PM

    def rates(self, row: RegisterRow, lesson: int) -> bool:
        """Whether a lesson may be rated: not while the register says that the pupil was not in, or lets one expect it.

        U is an absence in the figures, but the pupil came: later lessons are rated.
        """
        session = self.session_of(lesson)
        number = row.number(session)
        if number is None:
            return row.standing(session).expected is None
        try:
            code = self.codes.by_number(number)
        except KeyError:
            return True
        return code.counts_as == ATTENDED or code.text == "U"

    def rated(self, row: RegisterRow, lesson: int, text: str) -> list[Edit]:
        """The edits that what was typed makes of a lesson's score. Refusal where it is no score, or the pupil was not in."""
        if self.engagement is None:
            raise Refusal("No scale of engagement is in use. Choose one in Setting, Measures.")
        if text.strip() and not self.rates(row, lesson):
            shown = self.shown(row, self.session_of(lesson))
            raise Refusal(f"The register says {shown.words if shown else 'not in'}; a lesson is rated only for a pupil who was there.")
        score = row.scores[lesson] if lesson < len(row.scores) else None
        own = row.own[lesson] if lesson < len(row.own) else None
        return rate_lesson(score, own, row.pupil_id, self.register.day, lesson, text, self.engagement)

    def number(self, row: RegisterRow, session: str) -> int | None:
        """The stored number of a mark, or None."""
        return row.number(session)

    def shown(self, row: RegisterRow, session: str) -> CodeShown | None:
        """What a cell shows: the mark, or the expected code marked as such; None for neither."""
        number = row.number(session)
        if number is None:
            due = row.standing(session).expected
            return None if due is None else CodeShown(due.code, "none", f"{due.code} expected, {due.why}; no mark yet", expected=True)
        try:
            code = self.codes.by_number(number)
        except KeyError:
            return CodeShown("?", "decline", "a code that this program does not know")
        minutes = row.mark and (row.mark.am_late if session == AM else row.mark.pm_late)
        late = f", {minutes} {'minute' if minutes == 1 else 'minutes'} late" if minutes is not None else ""
        return CodeShown(code.text, tone_of(code), f"{code.text}, {code.label}{late}")

    def typed(
        self, row: RegisterRow, session: str, text: str, why: str | None = None, *, closed: bool = False, fill: bool = True
    ) -> list[Edit]:
        """The edits that what was typed makes of a mark; a blank takes it out. With a code, the expected codes of the other rows that
        are still blank are written in the same act (`fill`), so that a register once taken leaves no expected session blank.

        `closed` and `why` as for `take_mark`. Refusal for what is no code or cannot be right; NeedsReason where a reason is asked for.
        """
        if self.register.school_day is False:
            raise Refusal(f"{words(self.register.day, weekday=True)} is not a school day in the calendar, so there is no register.", "day")
        code = self._code(session, text)
        if code is not None and row.number(session) != code.number:
            wrong = refusal_of(code, self.register.day, row.standing(session), born=row.born, on_roll=True)
            if wrong is not None:
                raise Refusal(f"{wrong} Nothing was written; type another code.", session.lower())
        edits = take_mark(
            row.mark, row.pupil_id, self.register.setting_id, self.register.day, session, text, self.codes, why=why, closed=closed
        )
        if edits and code is not None and fill:
            edits += self._expected_edits(session, but=row.pupil_id)
        return edits

    def warning(self, row: RegisterRow, session: str, text: str) -> str | None:
        """A sentence where the code typed is possible but odd for this session; a person is asked once. None where it is not, or no code."""
        was = row.number(session)
        if text.strip().isdigit() and was in self.codes.late_numbers:
            text = f"{self.codes.text(was)}{text.strip()}"
        read = self.codes.read(text, session, self.register.day)
        if isinstance(read, Refusal) or read.code is None or not read.code.in_force(self.register.day):
            return None
        if read.code.text == "L" and read.minutes is not None and read.minutes > LONGEST_OPEN:
            return f"A register is open for at most {LONGEST_OPEN} minutes, so who comes {read.minutes} minutes after its start is U, or bears the true reason."
        return None if read.code.number == was else doubt_of(read.code, row.standing(session))

    def told(self, session: str, text: str) -> str:
        r"""What must be said of a code that was understood otherwise than it was typed ('\ is the PM stroke; it was read as /.'), or ''."""
        read = self.codes.read(text, session, self.register.day)
        return "" if isinstance(read, Refusal) else " ".join(read.said)

    def clash(self, now: RegisterRow, session: str, text: str) -> Clash | None:
        """What to ask after the journal said Changed: `now` is the typed row read again.

        None where this session of this pupil is as it was shown here, or is already what was typed: then the same key may simply be
        written again on a sheet that is read afresh.
        """
        before = next((r for r in self.register.rows if r.pupil_id == now.pupil_id), None)
        was, there = before.number(session) if before is not None else None, now.number(session)
        if text.strip().isdigit() and was in self.codes.late_numbers:
            text = f"{self.codes.text(was)}{text.strip()}"
        code = self._code(session, text)
        mine = None if code is None else code.number
        if there in (was, mine):
            return None
        return Clash(now, session, self.codes.text(was), self.codes.text(there), self.codes.text(mine))

    def _code(self, session: str, text: str) -> Code | None:
        """The code that was typed; None for a blank, and for figures alone, which are minutes. Refusal for what is no code."""
        if text.strip().isdigit():
            return None
        code = self.codes.parse(text, session, self.register.day)
        if isinstance(code, Refusal):
            raise Refusal(code.sentence.replace("this mark was left out", "nothing was written"), code.field)
        return code

    def fill(self, row: RegisterRow, session: str) -> list[Edit]:
        """The edit that writes a row's expected code where its mark is blank; none where nothing is expected or a mark stands."""
        due = row.standing(session).expected
        if due is None or row.number(session) is not None:
            return []
        return take_mark(row.mark, row.pupil_id, self.register.setting_id, self.register.day, session, due.code, self.codes)

    def _expected_edits(self, session: str, but: int | None = None) -> Iterator[Edit]:
        for row in self.register.rows:
            if row.pupil_id != but:
                yield from self.fill(row, session)

    def goes_on(self, text: str) -> bool:
        """Whether what is typed so far may still become a longer code: C may become C1 or C2, Y only Y1 to Y7."""
        so_far = text.upper()
        return any(c.text.startswith(so_far) and c.text != so_far for c in self.codes.in_force(self.register.day))

    def all_present(self, session: str, *, but: frozenset[int] = frozenset()) -> list[Edit]:
        """The edits that mark everyone whose mark is still blank: present, or the expected code for those who are not due; `but` stay blank."""
        if self.register.school_day is False:
            raise Refusal(f"{words(self.register.day, weekday=True)} is not a school day in the calendar, so there is no register.", "day")
        rows = [(r.pupil_id, r.mark, r.standing(session).expected is None) for r in self.register.rows if r.pupil_id not in but]
        return [
            *mark_all_present(rows, self.register.setting_id, self.register.day, session, self.codes),
            *self._expected_edits(session),
        ]

    def blanks(self, session: str) -> int:
        """How many marks of a session are still missing; a session with an expected code waits for nobody."""
        return sum(r.number(session) is None and r.standing(session).expected is None for r in self.register.rows)

    def count(self, session: str) -> SessionCount:
        """A session in counts."""
        n: dict[str, int] = dict.fromkeys(("present", "late", "after_closing", "elsewhere", "absent", "no_reason", "not_due"), 0)
        marked = expected = 0
        for row in self.register.rows:
            number = row.number(session)
            if number is None:
                expected += row.standing(session).expected is not None
                continue
            marked += 1
            try:
                n[_meaning(self.codes.by_number(number))] += 1
            except KeyError:
                n["no_reason"] += 1
        return SessionCount(session, marked, len(self.register.rows), **n, expected=expected)

    def not_in(self, session: str) -> tuple[tuple[RegisterRow, Code], ...]:
        """Who is not here in a session, with the code that says why."""
        out: list[tuple[RegisterRow, Code]] = []
        for row in self.register.rows:
            number = self.number(row, session)
            if number is None:
                continue
            try:
                code = self.codes.by_number(number)
            except KeyError:
                continue
            if _meaning(code) not in ("present", "late", "after_closing"):
                out.append((row, code))
        return tuple(out)


def tone_of(code: Code) -> str:
    """The tone of a code's cell: present gain, late attention, unauthorised decline, all else plain."""
    meaning = _meaning(code)
    return {"present": "gain", "late": "attention", "after_closing": "decline", "no_reason": "decline"}.get(meaning, "none")


def _meaning(code: Code) -> str:
    if code.counts_as == ATTENDED:
        return "late" if code.counts_late else "present" if code.text in ("/", "\\") else "elsewhere"
    if code.counts_as == UNAUTHORISED:
        return "after_closing" if code.counts_late else "no_reason"  # U: absent by the register, and in the building
    return "not_due" if code.counts_as == NOT_POSSIBLE else "absent"
