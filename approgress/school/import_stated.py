"""The plans for attendance as others state it: summaries and Common Transfer Files; kept as stated, never added to marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.attendance import Tally
from approgress.domain.days import words
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import StatedAttendance
from approgress.domain.school_year import school_year_of, school_year_words
from approgress.domain.values import how_many
from approgress.domain.values import number as shown_number
from approgress.interchange.cells import Bad, read_whole
from approgress.interchange.pupils import PupilDraft
from approgress.interchange.rows import CellRefusal, place_words
from approgress.interchange.summary import HALVES, Sessions, SummaryRow, read_summary, sessions_of
from approgress.interchange.text import fold
from approgress.interchange.transfer_file import TransferFile, TransferPupil, YearStated, read_transfer_file
from approgress.school.import_context import Context, Opened, blocked_plan, unused
from approgress.school.import_edits import NEW_ID, PupilEdits
from approgress.school.import_list import (
    PUPIL_KINDS,
    Gathered,
    Gathering,
    ask_upn,
    ask_who,
    check_numbers,
    finish_pupils,
    make_comparison,
    match_all,
    refuse_clash,
    refuse_too_little,
    rows_of_pupil,
    settle_name_order,
)
from approgress.school.import_matching import FOUND, HOLD, NOBODY, Matcher, question_of
from approgress.school.import_plan import CHANGED, CTF, NEW, REFUSED, SAME, SUMMARY, Ask, Choice, Happening, ImportPlan, RowPlan
from approgress.school.import_pupils import Held

if TYPE_CHECKING:
    from approgress.store.reads import Reader

STATED_KINDS = PUPIL_KINDS | {"stated_attendance"}
_TYPED = "typed"


def _held_stated(r: Reader) -> dict[int, list[StatedAttendance]]:
    out: dict[int, list[StatedAttendance]] = {}
    for s in r.every(StatedAttendance):
        out.setdefault(s.pupil_id, []).append(s)
    return out


@dataclass(slots=True)
class _Statement:
    """One statement about one pupil, and the row it stands in."""

    row: int
    record: StatedAttendance
    who: str

    @property
    def key(self) -> tuple[str, date | None, date | None, str | None]:
        """What makes two statements one: school, period, and the year's text where its meaning is open."""
        s = self.record
        return fold(s.school), s.first_day, s.last_day, s.year_said

    @property
    def counts(self) -> tuple[int | None, ...]:
        """The figures."""
        s = self.record
        return s.possible, s.attended, s.authorised, s.unauthorised, s.late

    @property
    def words(self) -> str:
        """'80 of 120 (66.7%)'."""
        s = self.record
        return _stated_words(s)


def _stated_words(s: StatedAttendance) -> str:
    percent = (
        Tally.of_counts(s.attended, s.authorised, s.unauthorised).attendance_percent
        if s.possible == s.attended + s.authorised + s.unauthorised
        else None
    )
    return f"{s.attended} of {s.possible}" + (f" ({shown_number(percent, 1)}%)" if percent is not None else "")


def _period_words(s: StatedAttendance) -> str:
    if s.first_day or s.last_day:
        return f"{words(s.first_day) or '…'} to {words(s.last_day) or '…'}"
    return f"year {s.year_said}" if s.year_said else "period not known"


class _Stating:
    """Compares statements with those held and gathers what is written."""

    def __init__(self, ctx: Context, held: dict[int, list[StatedAttendance]], matcher: Matcher) -> None:
        self.ctx = ctx
        self.held = held
        self.matcher = matcher

    def put(self, pupil_id: int | None, statement: _Statement) -> tuple[str, Happening, Put | None]:
        """(state, what happens, the edit) for one statement; `pupil_id` None: the pupil is new too."""
        record = statement.record
        what = f"Attendance, {record.school}, {_period_words(record)}:"
        if pupil_id is None:
            return NEW, Happening(what, None, statement.words), Put(record)
        found = self._same(pupil_id, record)
        if found is None:
            return NEW, Happening(what, None, statement.words), Put(replace(record, pupil_id=pupil_id))
        after = replace(
            found, first_day=record.first_day or found.first_day, last_day=record.last_day or found.last_day, possible=record.possible, attended=record.attended,
            authorised=record.authorised, unauthorised=record.unauthorised, late=record.late if record.late is not None else found.late,
            year_said=None if record.first_day is not None else (record.year_said or found.year_said),
        )  # fmt: skip
        if after == found:
            return SAME, Happening(what, None, statement.words), None
        if found.source == _TYPED:
            code = self.matcher.known[pupil_id].pupil.code
            question = f"typed-stated:{code}:{statement.key}:{statement.counts}"
            answer = self.ctx.answers.get(question)
            answer = answer if answer in ("file", "keep") else None
            if answer is not None:
                self.ctx.used[question] = answer
            kept = _stated_words(found)
            self.ctx.add_ask(
                Ask(
                    question, f"{place_words(statement.row)}attendance of {self.matcher.shown(pupil_id)} at {record.school}, {_period_words(record)}, was typed here as {kept}, "
                    f"and the file says {statement.words}.", (Choice("keep", f"keep {kept}"), Choice("file", f"take {statement.words}")), statement.row, "Attendance",
                    statement.words, kept, False, answer,
                )
            )  # fmt: skip
            if answer != "file":
                return SAME, Happening(what, kept, statement.words, kept=True), None
        before = _stated_words(found)
        if before == statement.words and _period_words(found) != _period_words(after):
            before = _period_words(found)
            return CHANGED, Happening("Attendance, period", before, _period_words(after)), Put(after, found)
        return CHANGED, Happening(what, before, statement.words), Put(after, found)

    def _same(self, pupil_id: int, record: StatedAttendance) -> StatedAttendance | None:
        mine = [s for s in self.held.get(pupil_id, []) if fold(s.school) == fold(record.school)]
        for s in mine:
            if (s.first_day, s.last_day) == (record.first_day, record.last_day) and (
                record.first_day or record.last_day or s.year_said == record.year_said
            ):
                return s
        if record.year_said is not None and record.first_day is None:
            return next((s for s in mine if s.year_said == record.year_said), None)
        for s in mine:  # the same year, whose meaning was open, or whose end has moved on with the file's day
            if record.first_day is not None and (
                (s.year_said is not None and s.first_day is None and _year_fits(s.year_said, record))
                or (record.source == CTF and s.source == CTF and s.first_day == record.first_day)
            ):
                return s
        return None


def _year_fits(year: str, record: StatedAttendance) -> bool:
    return bool(record.first_day) and re.sub(r"\D", "", year)[:4] in (str(record.first_day.year), str(record.first_day.year + 1))  # type: ignore[union-attr]


# --- summaries --------------------------------------------------------------------------------------------------------


def plan_summary(ctx: Context, opened: Opened) -> ImportPlan:
    """The plan of an attendance summary."""
    unused(ctx, opened)
    if ctx.blocked:
        return blocked_plan(ctx, opened, Title.IMPORT_SUMMARY)
    reader, school, mark = opened.reader, ctx.school, opened.fingerprint[:8]
    setting = school.setting
    rows = list(read_summary(reader))
    halves = [r for r in rows if any(x.rule == HALVES and "." in (x.value or "").replace(",", ".") for x in r.refusals)]
    if halves:
        answer = ctx.ask(
            f"days:{mark}",
            f"{how_many(len(halves), 'row')} of {ctx.name} {'has' if len(halves) == 1 else 'have'} halves (first in row {halves[0].row}). "
            "Does the whole file count days, of two sessions each?",
            (("double", "yes, take each number twice, in every row"), ("sessions", "no, these are sessions and the rows are wrong")), row=halves[0].row,
            column=halves[0].refusals[0].column, value=halves[0].refusals[0].value, kept="rows with halves are left out", holds=False,
        )  # fmt: skip
        if answer == "double":
            rows = list(read_summary(reader, double=True))
    first, last = _period(ctx, opened, rows)
    stated_by = None
    if not reader.columns.has("school"):
        answer = ctx.ask(
            f"school:{mark}", f"{ctx.name} does not say which school states these figures. {setting.name} was taken.", (("own", setting.name),),
            column="School", kept=setting.name, holds=False, free=True,
        )  # fmt: skip
        stated_by = answer if answer and answer != "own" else setting.name
    matcher, held, held_stated = school.read(lambda r: (Matcher(r), Held.read(r), _held_stated(r)))
    gathering = Gathering()
    by_row: dict[int, Gathered] = {}
    plans: dict[int, RowPlan] = {}
    good: list[tuple[SummaryRow, Sessions]] = []
    for n, r in enumerate(rows):
        if n % 200 == 0:
            ctx.told(n, 3 * len(rows))
        if r.refusal is None and not opened.read_hidden and r.row in reader.table.hidden_rows:
            r.refusal = CellRefusal(r.row, None, None, "hidden", "the row is hidden in the workbook and was left out.")
        if r.refusal is not None:
            for refusal in r.refusals or [r.refusal]:
                ctx.refuse(refusal)
            plans[r.row] = RowPlan(r.row, REFUSED, r.who.shown, "–", sentence=r.refusal.sentence)
            continue
        sessions = _checked(ctx, r, reader.columns.heading("possible"))
        if sessions is None:
            refusal = next(x for x in reversed(ctx.refusals) if x.row == r.row)
            plans[r.row] = RowPlan(r.row, REFUSED, r.who.shown, "asked", asks=True, sentence=refusal.sentence)
            continue
        good.append((r, sessions))
        by_row[r.row] = gathering.add(PupilDraft(r.who, [r.row]))
    if reader.table.unterminated and any(r.refusal is not None and r.refusal.rule == "cut off" for r in rows):
        ctx.warnings.append(f"{ctx.name} looks cut off: it ends in the middle of row {rows[-1].row}.")
    _say_percent(ctx, good)
    _say_activity(ctx, good)
    match_all(ctx, gathering.pupils, matcher)
    settle_name_order(ctx, opened, gathering.pupils, matcher)
    check_numbers(ctx, gathering.pupils, matcher, {"upn": reader.columns.heading("upn")})
    statements: dict[int, list[_Statement]] = {}
    for r, c in good:
        record = StatedAttendance(
            NEW_ID, NEW_ID, r.school or stated_by or setting.name, r.first_day or first, r.last_day or last, c.possible, c.attended, c.authorised, c.unauthorised, r.late,
            None, SUMMARY, ctx.taken_on,
        )  # fmt: skip
        statements.setdefault(id(by_row[r.row]), []).append(_Statement(r.row, record, r.who.shown))
    comparison = make_comparison(ctx, matcher, held, setting)
    stating = _Stating(ctx, held_stated, matcher)
    pupil_edits: list[PupilEdits] = []
    for n, g in enumerate(gathering.pupils):
        if n % 200 == 0:
            ctx.told(2 * len(rows) + n, 3 * len(rows))
        mine = statements.get(id(g), [])
        if g.clash == "joined":
            continue
        if g.match.kind == FOUND:
            for other in gathering.pupils:
                if other.clash == "joined" and other.match.pupil_id == g.match.pupil_id:
                    mine = mine + statements.get(id(other), [])
        if g.clash is not None:
            said = refuse_clash(ctx, g, reader.columns.heading("full_name"))
            plans |= {row: RowPlan(row, REFUSED, g.named.get(row, ""), "–", sentence=text) for row, text in said.items()}
            continue
        if refuse_too_little(ctx, g, plans, needs_number=True):
            continue
        ask_who(ctx, g, matcher)
        if g.match.kind == HOLD:
            for s in mine:
                refusal = CellRefusal(
                    s.row,
                    None,
                    None,
                    "who is it",
                    f"{g.draft.who.shown}: {g.match.why}. Nothing of this row was brought in until that is answered.",
                )
                ctx.refuse(refusal)
                plans[s.row] = RowPlan(s.row, REFUSED, g.draft.who.shown, "asked", asks=True, sentence=refusal.sentence)
            continue
        pupil_id = g.match.pupil_id if g.match.kind == FOUND else None
        edits = PupilEdits(pupil_id)
        if pupil_id is None:
            ask_upn(ctx, g, reader.columns.heading("upn"))
            edits.edits += comparison.new(g.draft).edits
        for s in _without_doubles(ctx, mine, plans):
            state, happens, edit = stating.put(pupil_id, s)
            if edit is not None:
                edits.edits.append(edit)
            plans[s.row] = RowPlan(s.row, state, s.who, g.match.by if pupil_id is not None else NOBODY, pupil_id, (happens,))
        if any(isinstance(e, Put) and isinstance(e.record, StatedAttendance) for e in edits.edits):
            pupil_edits.append(edits)
    ctx.used |= comparison.used
    return finish_pupils(ctx, opened, SUMMARY, Title.IMPORT_SUMMARY, [plans[r.row] for r in rows], pupil_edits, held, rests_on=STATED_KINDS)


def _without_doubles(ctx: Context, statements: list[_Statement], plans: dict[int, RowPlan]) -> Iterator[_Statement]:
    """Statements of one pupil; two of one school and period are one if they agree, and are refused, each naming the other, if they do not."""
    by_key: dict[object, list[_Statement]] = {}
    for s in statements:
        by_key.setdefault(s.key, []).append(s)
    for several in by_key.values():
        if len({s.counts for s in several}) == 1:
            yield several[0]
            for s in several[1:]:
                plans[s.row] = RowPlan(s.row, SAME, s.who, "–", None, (Happening("", None, f"the same as row {several[0].row}"),))
            continue
        for s in several:
            others = " and ".join(f"row {o.row}" for o in several if o is not s)
            refusal = CellRefusal(
                s.row,
                None,
                s.words,
                "contradiction",
                f"{others} state other figures for the same pupil, school and period. None of them was brought in.",
            )
            ctx.refuse(refusal)
            plans[s.row] = RowPlan(s.row, REFUSED, s.who, "–", sentence=refusal.sentence)


def _period(ctx: Context, opened: Opened, rows: list[SummaryRow]) -> tuple[date | None, date | None]:
    """The period of a file that names none: asked, and left open until then."""
    if opened.reader.columns.has("first_day", "last_day") or not rows:
        return None, None
    answer = ctx.ask(
        f"period:{opened.fingerprint[:8]}", f"{ctx.name} does not say which period its figures are of. They are kept without one, and then cannot stand for the time before.",
        (("unknown", "not known"),), column="Period", value=None, kept="period not known", holds=False, free=True,
    )  # fmt: skip
    if answer is None or answer == "unknown":
        return None, None
    found = re.fullmatch(r"\s*(\d{4}-\d{2}-\d{2})\s*(?:/|to|–|\.\.)\s*(\d{4}-\d{2}-\d{2})\s*", answer)
    try:
        if found is None:
            raise ValueError
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise Refusal(f"“{answer}” is not a period. Write it as 2026-09-01/2026-11-06.") from None
    if last < first:
        raise Refusal(f"The period {answer} ends before it begins.")
    return first, last


def _checked(ctx: Context, r: SummaryRow, column: str) -> Sessions | None:
    """A row's sessions; None (asked and refused) while nobody has said what to do with a sum that is not right."""
    c = sessions_of(r)
    if c.adds_up:
        return c
    answer = ask_sum(ctx, r.row, r.who.shown, question_of(r.who), c, column, f"{words(r.first_day)}–{words(r.last_day)}")
    if answer is None:
        ctx.refuse(
            CellRefusal(
                r.row,
                column,
                str(c.possible),
                "sum",
                f"{_sum_words(c)}, but possible is {c.possible}. The figures were left out until somebody says what is right.",
            )
        )
    return answer


def _sum_words(c: Sessions) -> str:
    return f"{c.attended} attended + {c.authorised} authorised + {c.unauthorised} unauthorised make {c.total}"


def ask_sum(ctx: Context, row: int, who: str, key: str, c: Sessions, column: str, period: str) -> Sessions | None:
    """Ask about parts that do not make up possible, with both numbers; the counts to store by the answer, None for none."""
    answer = ctx.ask(
        f"sum:{key}:{period}:{c.possible}:{c.total}",
        f"{place_words(row)}{who}: {_sum_words(c)}, but possible is {c.possible}. Which is right?",
        (("leave", "leave these figures out"), ("sum", f"possible is {c.total}, as the parts make"), ("stated", f"possible is {c.possible}; keep all figures as stated")),
        row=row, column=column, value=str(c.possible), kept="left out",
    )  # fmt: skip
    if answer == "sum":
        return replace(c, possible=c.total, adds_up=True)
    return c if answer == "stated" else None


def _say_percent(ctx: Context, good: list[tuple[SummaryRow, Sessions]]) -> None:
    off = [
        (r, made) for r, c in good
        if r.percent is not None and c.adds_up and (made := Tally.of_counts(c.attended, c.authorised, c.unauthorised).attendance_percent) is not None and abs(made - r.percent) > 0.55
    ]  # fmt: skip
    if off:
        r, made = off[0]
        ctx.warnings.append(
            f"{how_many(len(off), 'row')} {'states' if len(off) == 1 else 'state'} another percentage than the counts make (first in row {r.row}: "
            f"{shown_number(r.percent, 1)}% stated, {shown_number(made, 1)}% by its counts); the counts were taken."
        )


def _say_activity(ctx: Context, good: list[tuple[SummaryRow, Sessions]]) -> None:
    apart = [r.row for r, c in good if c.apart is True]
    within = [r.row for r, c in good if c.apart is False]
    if apart and not within:
        ctx.warnings.append(
            "Approved educational activity stands beside “present” in this file and was counted as attended, as the sums say."
        )
    elif within and not apart:
        ctx.warnings.append("“Present” includes approved educational activity in this file, as the sums say.")
    elif apart and within:
        ctx.warnings.append(
            f"By its sums, “present” includes approved educational activity in some rows (first in row {within[0]}) and not in others (first in row {apart[0]}): look at them."
        )


# --- transfer files ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _CtfPupil:
    pupil: TransferPupil
    refused: list[CellRefusal] = field(default_factory=list)


def plan_transfer_file(ctx: Context, data: bytes) -> ImportPlan:
    """The plan of a Common Transfer File: pupils and the attendance totals it states."""
    file = read_transfer_file(data, ctx.name, ctx.taken_on, lambda done, of: ctx.told(done, 3 * of))
    setting = ctx.school.setting
    matcher, held, held_stated = ctx.school.read(lambda r: (Matcher(r), Held.read(r), _held_stated(r)))
    own = (file.la, file.estab) == (setting.la, setting.estab) and file.estab != ""
    gathering = Gathering()
    plans: dict[int, RowPlan] = {}
    by_row: dict[int, Gathered] = {}
    for p in file.pupils:
        if p.draft.row_refusal is not None:
            ctx.refuse(p.draft.row_refusal)
            plans[p.row] = RowPlan(p.row, REFUSED, p.draft.who.shown, "–", sentence=p.draft.row_refusal.sentence)
            continue
        if file.school and not own:
            p.draft.home_school, p.draft.home_la, p.draft.home_estab = file.school, file.la or None, file.estab or None
        for refusal in p.draft.refusals:
            ctx.refuse(refusal)
        ctx.warnings += p.doubts
        by_row[p.row] = gathering.add(p.draft)
    match_all(ctx, gathering.pupils, matcher)
    check_numbers(ctx, gathering.pupils, matcher, {"upn": "UPN", "uln": "UniqueLearnerNumber"})
    meaning = _year_meaning(ctx, file)
    stated_rows = {p.row: list(_stated(ctx, p, file, meaning)) for p in file.pupils if p.row in by_row}
    comparison = make_comparison(ctx, matcher, held, setting)
    stating = _Stating(ctx, held_stated, matcher)
    pupil_edits: list[PupilEdits] = []
    seen: set[int] = set()
    for n, g in enumerate(gathering.pupils):
        ctx.told(len(file.pupils) + n, 2 * len(file.pupils) or 1)
        if g.clash == "joined" or not g.rows:
            continue
        if g.clash is not None:
            said = refuse_clash(ctx, g, "Pupil")
            plans |= {row: RowPlan(row, REFUSED, g.draft.who.shown, "–", sentence=text) for row, text in said.items()}
            continue
        ask_who(ctx, g, matcher)
        if g.match.kind == HOLD:
            for row in g.rows:
                refusal = CellRefusal(
                    row,
                    None,
                    None,
                    "who is it",
                    f"{g.draft.who.shown}: {g.match.why}. Nothing of this pupil was brought in until that is answered.",
                )
                ctx.refuse(refusal)
                plans[row] = RowPlan(row, REFUSED, g.draft.who.shown, "asked", asks=True, sentence=refusal.sentence)
            continue
        ask_upn(ctx, g, "UPN")
        pupil_id = g.match.pupil_id if g.match.kind == FOUND else None
        if pupil_id is not None and held.homes.get(pupil_id):
            g.draft.home_school = None  # the school that sends a file is not by that the home school of a pupil who has one
        rows_of_pupil(ctx, g, comparison, pupil_edits, plans, seen, True)
        edits = next((p for p in reversed(pupil_edits) if p.pupil_id == pupil_id), None) if pupil_id is not None else pupil_edits[-1]
        happens: list[Happening] = []
        written = False
        for s in _without_doubles(ctx, [s for row in g.rows for s in stated_rows.get(row, [])], {}):
            _, happening, edit = stating.put(pupil_id, s)
            happens.append(happening)
            if edit is not None:
                written = True
                if edits is None:
                    edits = PupilEdits(pupil_id)
                    pupil_edits.append(edits)
                edits.edits.append(edit)
        first = plans[g.rows[0]]
        state = CHANGED if written and first.state == SAME else first.state
        plans[g.rows[0]] = replace(
            first, state=state, happens=(*first.happens, *happens), sentence="" if (first.happens or happens) else first.sentence
        )
    ctx.used |= comparison.used
    read_as = (
        f"Common Transfer File {file.version}".strip()
        + (f" of {file.school}" if file.school else "")
        + (f", written {words(file.written)}" if file.written else "")
    )
    return finish_pupils(
        ctx, None, CTF, Title.IMPORT_CTF, [plans[p.row] for p in file.pupils], pupil_edits, held, rests_on=STATED_KINDS, read_as=read_as
    )


def _year_meaning(ctx: Context, file: TransferFile) -> str | None:
    """Whether a year of the file is the start or the end of a school year: told by a year that would not have begun, else asked."""
    years = {y.year for p in file.pupils for y in p.attendance if re.fullmatch(r"\d{4}", y.year)}
    if not years:
        return None
    now = school_year_of(file.written or ctx.taken_on)
    if any(int(y) == now + 1 for y in years):
        return "end"
    sample = max(years)
    return ctx.ask(
        f"ctf year:{fold(file.school) or file.la + file.estab}",
        f"The attendance in {ctx.name} is of the year {sample}. Is that the year in which a school year begins or ends? Until this is answered the figures are kept without dates.",
        (("start", f"begins: {sample} is {school_year_words(int(sample))}"), ("end", f"ends: {sample} is {school_year_words(int(sample) - 1)}")),
        column="Year", value=sample, kept="kept without dates", holds=False,
    )  # fmt: skip


def _year_days(text: str, meaning: str | None, file: TransferFile, ctx: Context) -> tuple[date | None, date | None, str | None]:
    """First and last day of the year a transfer file names, and the text where its meaning is open. The year in which it was written ends with it."""
    start: int | None = None
    if found := re.fullmatch(r"(\d{4})\s*[/\-–]\s*(\d{2}|\d{4})", text):
        start = int(found[1])
    elif re.fullmatch(r"\d{4}", text) and meaning is not None:
        start = int(text) - (1 if meaning == "end" else 0)
    if start is None:
        return None, None, text or None
    first, last = date(start, 9, 1), date(start + 1, 8, 31)
    written = file.written or ctx.taken_on
    return first, (written if first <= written < last else last), None


def _stated(ctx: Context, p: TransferPupil, file: TransferFile, meaning: str | None) -> Iterator[_Statement]:
    for y in p.attendance:
        counts: dict[str, int] = {}
        bad = False
        for key, text in (
            ("SessionsPossible", y.possible),
            ("SessionsAttended", y.attended),
            ("SessionsAuthorised", y.authorised),
            ("SessionsUnauthorised", y.unauthorised),
        ):
            value = read_whole(text)
            if isinstance(value, Bad):
                ctx.refuse(
                    CellRefusal(p.row, key, text, value.rule, f"{p.draft.who.shown}: {value.why} The attendance of {y.year} was left out.")
                )
                bad = True
            elif value is None and key != "SessionsPossible":
                value = 0
            if isinstance(value, int):
                counts[key] = value
        if bad or "SessionsPossible" not in counts:
            continue
        c = Sessions(counts["SessionsPossible"], counts["SessionsAttended"], counts["SessionsAuthorised"], counts["SessionsUnauthorised"])
        if c.total != c.possible:
            answered = ask_sum(
                ctx, p.row, p.draft.who.shown, question_of(p.draft.who), replace(c, adds_up=False), "SessionsPossible", y.year
            )
            if answered is None:
                continue
            c = answered
        first, last, said = _year_days(y.year, meaning, file, ctx)
        school = _stater(y, file)
        record = StatedAttendance(
            NEW_ID,
            NEW_ID,
            school,
            first,
            last,
            c.possible,
            c.attended,
            c.authorised,
            c.unauthorised,
            None,
            said,
            CTF,
            file.written or ctx.taken_on,
        )
        yield _Statement(p.row, record, p.draft.who.shown)


def _stater(y: YearStated, file: TransferFile) -> str:
    if y.school:
        return y.school
    if (not y.estab or (y.la, y.estab) == (file.la, file.estab)) and file.school:
        return file.school
    return f"School {y.la}/{y.estab}" if y.estab else file.school or "A school not named"
