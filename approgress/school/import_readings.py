"""The plan for a file of readings: each row scored, matched and compared; two sittings of one day are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.instruments import AGE_MONTHS, Instrument, months_words
from approgress.domain.records import Reading
from approgress.domain.scoring import parts_of
from approgress.domain.values import number
from approgress.interchange.pupils import PupilDraft
from approgress.interchange.readings import ReadingRow, fitting_instruments, read_readings
from approgress.interchange.rows import CellRefusal, place_words
from approgress.interchange.text import fold
from approgress.school.import_context import Context, Opened, blocked_plan, finish, remember, unused
from approgress.school.import_edits import NEW_ID, PupilEdits, draw
from approgress.school.import_list import Gathered, ask_who
from approgress.school.import_matching import FOUND, HOLD, Match, Matcher, question_of
from approgress.school.import_plan import NEW, READINGS, REFUSED, SAME, Counts, Happening, ImportPlan, RowPlan

if TYPE_CHECKING:
    from approgress.store.reads import Reader

READING_KINDS = frozenset({"pupil", "name", "identifier", "kept_apart", "reading", "instrument_file"})


def _held(r: Reader) -> dict[int, list[Reading]]:
    out: dict[int, list[Reading]] = {}
    for reading in r.every(Reading):
        out.setdefault(reading.pupil_id, []).append(reading)
    return out


@dataclass(slots=True)
class _One:
    row: ReadingRow
    record: Reading
    match: Match


def _key(r: Reading) -> tuple[Any, ...]:
    return r.instrument, r.edition, r.respondent, fold(r.rater), r.day


def _content(r: Reading) -> tuple[Any, ...]:
    return r.value, r.parts, r.answers


def plan_readings(ctx: Context, opened: Opened) -> ImportPlan:
    """The plan of a file of readings."""
    unused(ctx, opened)
    fixed = _instrument_of_file(ctx, opened)
    if ctx.blocked:
        return blocked_plan(ctx, opened, Title.IMPORT_READINGS)
    school, reader = ctx.school, opened.reader
    matcher, held = school.read(lambda r: (Matcher(r), _held(r)))
    plans: dict[int, RowPlan] = {}
    order: list[int] = []
    groups: dict[tuple[Any, ...], list[_One]] = {}
    total = max(reader.table.about, 1)
    for row in read_readings(reader, school.library, fixed):
        order.append(row.row)
        if len(order) % 500 == 0:
            ctx.told(len(order), 2 * total)
        if row.refusal is None and not opened.read_hidden and row.row in reader.table.hidden_rows:
            row.refusal = CellRefusal(row.row, None, None, "hidden", "the row is hidden in the workbook and was left out.")
        if row.refusal is not None:
            for refusal in row.refusals or [row.refusal]:
                ctx.refuse(refusal)
            plans[row.row] = RowPlan(row.row, REFUSED, row.who.shown, "–", sentence=row.refusal.sentence)
            continue
        match = _match(ctx, matcher, row, plans)
        if match is not None:
            record = _record(row, match.pupil_id or 0)
            groups.setdefault((match.pupil_id, *_key(record)), []).append(_One(row, record, match))
    edits: list[PupilEdits] = []
    for key, several in groups.items():
        _compare(ctx, key[0], several, held.get(key[0], []), matcher, plans, edits)
    rows = [plans[r] for r in order]
    states = [r.state for r in rows]
    counts = Counts(len(rows), states.count(NEW), 0, states.count(SAME), states.count(REFUSED))
    edits.sort(key=lambda p: p.pupil_id or 0)
    n = sum(len(p.edits) for p in edits)
    last = remember(ctx, opened)
    if not n:
        last = [e for e in last if e.record.__class__.__name__ == "ImportAnswer"]

    def write(ids: NewIds) -> Iterator[Edit]:
        return draw((), edits, ids, last)

    return finish(
        ctx, READINGS, Title.IMPORT_READINGS, rows, counts, opened=opened, edits=write, edit_count=n + len(last), rests_on=READING_KINDS
    )


def _instrument_of_file(ctx: Context, opened: Opened) -> Instrument | None:
    """The instrument of a file that has no column for it: the one whose scales or items its columns are, else asked."""
    columns = opened.reader.columns
    if columns.has("instrument"):
        return None
    library = ctx.school.library
    found = fitting_instruments(library, set(columns.place), columns.has("respondent"))
    if len(found) == 1:
        ctx.warnings.append(f"{ctx.name} names no instrument; by its headings it was taken for {found[0].name}.")
        return found[0]
    choices = found or [i for i in library.instruments if i.enabled and i.id != "goal"]
    answer = ctx.ask(
        f"instrument:{opened.fingerprint[:8]}", f"{ctx.name} does not say which instrument its readings are of. Which is it?",
        tuple((i.id, i.name) for i in choices), column="Instrument", kept="nothing is brought in",
    )  # fmt: skip
    if answer is None:
        ctx.blocked = True
        return None
    return library.get(answer)


def _match(ctx: Context, matcher: Matcher, row: ReadingRow, plans: dict[int, RowPlan]) -> Match | None:
    question = question_of(row.who)
    answer = ctx.answers.get(question)
    match = matcher.match(row.who, answer)
    if answer is not None:
        ctx.used[question] = answer
    if match.kind == FOUND:
        return match
    who = row.who.shown
    if match.kind == HOLD or match.like:
        held = Match(HOLD, None, match.by, match.like, match.why, question, False)
        ask_who(ctx, Gathered(PupilDraft(row.who, [row.row]), held, rows=[row.row]), matcher)
        refusal = CellRefusal(row.row, None, None, "who is it", f"{who}: {match.why}. It was left out until that is answered.")
    else:
        said = row.who.upn or row.who.number or who
        refusal = CellRefusal(row.row, None, said, "unknown pupil", f"no pupil here is {said}. Bring the pupil list in first.")
    ctx.refuse(refusal)
    plans[row.row] = RowPlan(row.row, REFUSED, who, "–", asks=match.kind == HOLD, sentence=refusal.sentence)
    return None


def _record(row: ReadingRow, pupil_id: int) -> Reading:
    assert row.day is not None and row.instrument is not None and row.scores is not None
    value, parts = row.scores.main.value, row.scores.parts
    return Reading(
        pupil_id, NEW_ID, row.day, row.instrument.id, row.edition, row.respondent, value, parts, row.answers, row.rater,
        status="complete" if value is not None or parts is not None else "draft", scorer=row.scores.scorer, source="file", form=row.form,
    )  # fmt: skip


def _shown(instrument: Instrument | None, r: Reading) -> str:
    """The scores as they are said: '52', 'Reading age 9:06'."""
    if instrument is None:
        return number(r.value)

    def text(scale_id: str, value: float) -> str:
        return months_words(value) if instrument.scale(scale_id).kind == AGE_MONTHS else number(value)

    said = [text(instrument.main.id, r.value)] if r.value is not None else []
    said += [
        f"{instrument.scale(name).name} {text(name, value)}"
        for name, value in parts_of(r).items()
        if any(s.id == name for s in instrument.scales)
    ]
    return ", ".join(said) or "answers without a score"


def _compare(
    ctx: Context,
    pupil_id: int,
    several: list[_One],
    held: list[Reading],
    matcher: Matcher,
    plans: dict[int, RowPlan],
    edits: list[PupilEdits],
) -> None:
    """Readings of one pupil, instrument, edition, respondent, rater and day: with each other and with what is held."""
    here = [r for r in held if _key(r) == _key(several[0].record) and r.status != "void"]
    different = [one for i, one in enumerate(several) if all(_content(one.record) != _content(o.record) for o in several[:i])]
    _different(ctx, pupil_id, different, here, matcher, plans, edits)
    for one in several:
        if one not in different:
            twin = plans[next(o for o in different if _content(o.record) == _content(one.record)).row.row]
            state = REFUSED if twin.state == REFUSED else SAME
            plans[one.row.row] = RowPlan(
                one.row.row, state, one.row.who.shown, one.match.by, pupil_id, (Happening("", None, f"the same as row {twin.row}"),)
            )


def _different(
    ctx: Context,
    pupil_id: int,
    different: list[_One],
    here: list[Reading],
    matcher: Matcher,
    plans: dict[int, RowPlan],
    edits: list[PupilEdits],
) -> None:
    first = different[0]
    instrument = first.row.instrument
    name = instrument.short if instrument else first.record.instrument
    what = f"{name}, {words(first.record.day)}"
    new = [one for one in different if all(_content(one.record) != _content(r) for r in here)]
    for one in different:
        if one not in new:
            plans[one.row.row] = RowPlan(
                one.row.row, SAME, one.row.who.shown, one.match.by, pupil_id, (Happening(what, None, _shown(instrument, one.record)),)
            )
    if not new:
        return
    if len(different) == 1 and not here:
        _put(new[0], pupil_id, what, instrument, plans, edits)
        return
    for one in new:
        others = [f"row {o.row.row} ({_shown(instrument, o.record)})" for o in different if o is not one] + [
            f"the one held here ({_shown(instrument, r)})" for r in here
        ]
        shown = _shown(instrument, one.record)
        code = matcher.known[pupil_id].pupil.code
        answer = ctx.ask(
            f"two readings:{code}:{one.record.instrument}:{one.record.edition}:{one.record.respondent}:{one.record.day}:{shown}",
            f"{place_words(one.row.row)}{matcher.shown(pupil_id)} has two readings of {name} on {words(one.record.day)} by the same respondent: {shown}, and {' and '.join(others)}. "
            "A mistake, or two sittings?",
            (("both", f"two sittings: store {shown} too"), ("leave", f"a mistake: leave {shown} out")), row=one.row.row, column=name, value=shown,
            kept=" and ".join(others), holds=True,
        )  # fmt: skip
        if answer == "both":
            _put(one, pupil_id, what, instrument, plans, edits)
            continue
        refusal = CellRefusal(
            one.row.row,
            name,
            shown,
            "two on one day",
            f"{' and '.join(others)} is of the same pupil, respondent and day. It was left out until somebody says whether there were two sittings.",
        )
        ctx.refuse(refusal)
        plans[one.row.row] = RowPlan(one.row.row, REFUSED, one.row.who.shown, one.match.by, pupil_id, (), answer is None, refusal.sentence)


def _put(one: _One, pupil_id: int, what: str, instrument: Instrument | None, plans: dict[int, RowPlan], edits: list[PupilEdits]) -> None:
    plans[one.row.row] = RowPlan(
        one.row.row, NEW, one.row.who.shown, one.match.by, pupil_id, (Happening(what, None, _shown(instrument, one.record)),)
    )
    edits.append(PupilEdits(pupil_id, [Put(one.record)]))
