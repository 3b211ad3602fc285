"""What every kind of import shares: a file opened and its columns understood, questions about the whole file, answers remembered, the plan put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.errors import Changed, Refusal
from approgress.domain.records import HeadingMap, ImportAnswer
from approgress.domain.values import how_many
from approgress.interchange.cells import Order
from approgress.interchange.headings import MEANINGS, NEEDED, Columns, fingerprint, guess, is_known, match, plain_heading, words_of
from approgress.interchange.marks import day_heading
from approgress.interchange.rows import CellRefusal, RowReader
from approgress.interchange.table import Table, heading_row, letter, open_table
from approgress.interchange.text import clean, shown, unguard
from approgress.school.import_edits import NEW_ID
from approgress.school.import_plan import (
    REFUSED,
    SORT_WORDS,
    Ask,
    Choice,
    ColumnRead,
    Counts,
    ImportPlan,
    MissingPupil,
    Progress,
    RowPlan,
    RowRefusal,
)

if TYPE_CHECKING:
    from approgress.school.school import School

NONE = "none"
LARGEST_LIST = 5000
"""Refusals and questions that are listed one by one; more are counted."""


def _list() -> list[Any]:
    return []


@dataclass(slots=True)
class Context:
    """One import being planned: where from, into what, on which day, with which answers, and what has been found so far."""

    school: School
    path: Path
    taken_on: date
    given: Mapping[str, str]
    progress: Progress | None
    stamp: tuple[int, int]
    remembered: dict[str, ImportAnswer]
    headings_held: list[HeadingMap]
    asks: list[Ask] = field(default_factory=_list)
    refusals: list[RowRefusal] = field(default_factory=_list)
    warnings: list[str] = field(default_factory=_list)
    used: dict[str, str] = field(default_factory=lambda: {})
    blocked: bool = False
    refusals_left_out: int = 0
    last_told: tuple[int, int] = (0, 1)

    @property
    def answers(self) -> dict[str, str]:
        """All answers by question: those given now before those remembered."""
        return {**{q: a.answer for q, a in self.remembered.items()}, **self.given}

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def ask(
        self,
        question: str,
        sentence: str,
        choices: Sequence[tuple[str, str]],
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        kept: str | None = None,
        holds: bool = True,
        free: bool = False,
    ) -> str | None:
        """Ask, and return the answer that was given now or before; None while nobody has answered."""
        answer = self.answers.get(question)
        if answer is not None and not free and all(answer != key for key, _ in choices):
            answer = None
        if answer is not None:
            self.used[question] = answer
        self.add_ask(Ask(question, sentence, tuple(Choice(k, w) for k, w in choices), row, column, value, kept, holds, answer, free=free))
        return answer

    def add_ask(self, ask: Ask) -> None:
        """Take a question in, once."""
        if all(a.question != ask.question for a in self.asks[-200:]):
            self.asks.append(replace(ask, remembered=ask.answer is not None and ask.question not in self.given))

    def refuse(self, refusal: CellRefusal) -> None:
        """Take in why a cell or row is not stored."""
        if len(self.refusals) >= LARGEST_LIST:
            self.refusals_left_out += 1
            return
        self.refusals.append(RowRefusal(refusal.row, refusal.column, refusal.value, refusal.rule, refusal.sentence))

    def told(self, done: int, of: int) -> None:
        """Say how far it is; Stopped where a person pressed Stop."""
        self.last_told = (done, max(of, done))
        if self.progress is not None:
            self.progress(*self.last_told)

    def tick(self) -> None:
        """A moment at which a person may stop it, without being any further."""
        if self.progress is not None:
            self.progress(*self.last_told)


def begin(school: School, path: Path, taken_on: date | None, answers: Mapping[str, str] | None, progress: Progress | None) -> Context:
    """A context, with what the school remembers of earlier imports."""
    path = Path(path).expanduser()
    stamp, remembered, headings = school.read(lambda r: (stamp_of(r.sql), r.every(ImportAnswer), r.every(HeadingMap)))
    return Context(
        school, path, taken_on or school.today, dict(answers or {}), progress, stamp, {a.question: a for a in remembered}, headings
    )


def stamp_of(sql: Callable[..., list[tuple[Any, ...]]]) -> tuple[int, int]:
    """The journal's newest step and the length of its body: both change whenever anything is written."""
    rows = sql("SELECT tick, length(changes) FROM step ORDER BY tick DESC, desk DESC LIMIT 1")
    return (int(rows[0][0]), int(rows[0][1] or 0)) if rows else (0, 0)


def still_holds(school: School, plan: ImportPlan) -> None:
    """Raise Changed where something that the plan was compared with was written since; asked inside the transaction of the import."""
    if school.read(lambda r: stamp_of(r.sql)) == plan.stamp:
        return
    from approgress.store.bodies import unpack

    for tick, length, body in school.read(
        lambda r: r.sql("SELECT tick, length(changes), changes FROM step WHERE tick >= ? ORDER BY tick", plan.stamp[0])
    ):
        if (tick, length or 0) == plan.stamp:
            continue  # the step that was the newest then, and has not grown
        for change in unpack(cast("bytes | None", body)):
            if change.kind in plan.rests_on:
                raise Changed(
                    "Something was changed in the school since this file was compared with it. Nothing of the file was written. Look at it again and bring it in then."
                )


# --- the columns ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Opened:
    """A table whose columns are understood."""

    reader: RowReader
    sort: str
    columns: tuple[ColumnRead, ...]
    fingerprint: str
    read_as: str
    sheet: str | None
    sheets: tuple[str, ...]
    read_hidden: bool = True


def open_list(
    ctx: Context,
    data: bytes,
    table: Table,
    as_: str | None,
    mapping: Mapping[int | str, str | None] | None,
    scales: Mapping[str, str],
) -> Opened:
    """The file as a list with its columns understood; questions about the whole file are asked in `ctx` and may block it."""
    table = _choose_sheet(ctx, data, table)
    first: list[tuple[int, list[str]]] = []
    for record in table.records():
        first.append(record)
        if len(first) >= 25:
            break
    if not first:
        raise Refusal(f"{ctx.name} holds no rows. Nothing was changed.")

    def known(cell: str) -> bool:
        return is_known(cell) or plain_heading(cell) in scales or _is_day(cell, ctx.taken_on)

    place = heading_row(first, known)
    row_number, headings = first[place]
    headings = [clean(h) for h in headings]
    while headings and not headings[-1]:
        headings.pop()
    days = sum(1 for h in headings if _is_day(h, ctx.taken_on))
    sort = as_ or guess(headings, scales, days)
    if sort is None or sort not in MEANINGS:
        raise Refusal(
            f"{ctx.name}: the headings ({shown(', '.join(h for h in headings if h), 120)}) are not those of a list that is known here. Nothing was changed. "
            "Say what the file is, or give its columns headings such as UPN, Surname, Forename, Date of birth."
        )
    mark = fingerprint(headings)
    held = next((h for h in ctx.headings_held if h.sort == sort and h.headings == mark), None)
    chosen: dict[int, str | None] = {}
    if held is not None:
        chosen = {int(k): v for k, v in json.loads(held.mapping).items()}
    chosen |= _overrides(mapping, headings, sort)
    columns = match(headings, sort, scales=scales, chosen=chosen)
    columns.remembered = held is not None
    ctx.last_told = (0, 2 * max(table.about, 1))
    reader = RowReader(table, columns, sort, ctx.taken_on, row_number, own="pupil_code" in columns.place, tick=ctx.tick)
    _settle_missing(ctx, reader, mark, days)
    _settle_twice(ctx, reader, mark)
    texts = reader.look()
    _settle_orders(ctx, reader, texts, mark)
    read_hidden = True
    if table.hidden_rows and any(r > row_number for r in table.hidden_rows):
        n = sum(1 for r, _ in reader.raw() if r in table.hidden_rows)
        if n:
            said = ctx.ask(
                f"hidden rows:{mark[:8]}",
                f"{how_many(n, 'row')} of {ctx.name} {'is' if n == 1 else 'are'} hidden in the workbook. Should {'it' if n == 1 else 'they'} be read too?",
                (("read", "read hidden rows too"), ("leave", "leave hidden rows out")), kept="left out",
            )  # fmt: skip
            read_hidden = said == "read"
    ctx.warnings += table.warnings
    if table.cut_off:
        ctx.warnings.append(f"{ctx.name} looks cut off or damaged: {table.cut_off}.")
    read_as = f"{table.read_as}, headings in row {row_number}"
    return Opened(reader, sort, _columns_read(reader, held is not None), mark, read_as, table.sheet, table.sheets, read_hidden)


def _is_day(cell: str, today: date) -> bool:
    return day_heading(cell, today) is not None


def _choose_sheet(ctx: Context, data: bytes, table: Table) -> Table:
    names = (table.sheet or "", *table.rival_sheets, *table.hidden_lists)
    if table.hidden_lists and not table.rival_sheets:
        hidden = ", ".join(table.hidden_lists)
        answer = ctx.ask(
            f"sheet:{ctx.name}", f"{ctx.name} has a hidden sheet that looks like a list too: {hidden}. Which one is meant?",
            tuple((n, f"{n} (hidden)" if n in table.hidden_lists else n) for n in names), kept=f"the sheet {table.sheet}", holds=False,
        )  # fmt: skip
        return table if answer is None or answer == table.sheet else open_table(data, ctx.name, is_known, answer)
    if not table.rival_sheets:
        return table
    answer = ctx.ask(
        f"sheet:{ctx.name}", f"{ctx.name} has several sheets that look like lists: {', '.join(names)}. Which one?",
        tuple((n, n) for n in names), kept="nothing is brought in",
    )  # fmt: skip
    if answer is None:
        ctx.blocked = True
        return table
    return open_table(data, ctx.name, is_known, answer)


def _overrides(mapping: Mapping[int | str, str | None] | None, headings: list[str], sort: str) -> dict[int, str | None]:
    """A mapping by column number, letter or heading as one by column number; Refusal for a column or meaning that is not there."""
    out: dict[int, str | None] = {}
    keys = {m.key for m in MEANINGS[sort]}
    for where, meaning in (mapping or {}).items():
        at = where if isinstance(where, int) else next((i for i in range(len(headings)) if letter(i) == where), None)
        if at is None:
            at = next((i for i, h in enumerate(headings) if h == where), None)
        if at is None or not 0 <= at < len(headings):
            raise Refusal(f"There is no column “{where}” in this file.")
        if meaning and meaning not in keys and not meaning.startswith(("item:", "scale:")):
            raise Refusal(f"“{meaning}” is not something that a column of {SORT_WORDS[sort]} may hold.")
        out[at] = meaning or None
    return out


def _settle_missing(ctx: Context, reader: RowReader, mark: str, days: int) -> None:
    """Where a column is missing that the list cannot do without: ask which it is; Refusal where there is none left that it could be."""
    columns = reader.columns
    for key, any_of in NEEDED[reader.sort]:
        if any(k in columns.place or (k.endswith(":") and any(p.startswith(k) for p in columns.place)) for k in any_of):
            continue
        if reader.sort == "marks" and days >= 2 and key != "upn":
            continue  # a register with a column for each session
        free = [i for i, m in enumerate(columns.meanings) if m is None and columns.headings[i].strip()]
        what = words_of(key, reader.sort)
        if not free:
            raise Refusal(
                f"{ctx.name} has no column for “{what}”, without which it cannot be brought in as {SORT_WORDS[reader.sort]}. Nothing was changed. "
                "Say what kind of file it is, or export it again with that column."
            )
        answer = ctx.ask(
            f"missing:{mark[:8]}:{key}", f"No column of {ctx.name} was understood as “{what}”. Which one is it?",
            tuple((letter(i), f"column {letter(i)}, “{columns.headings[i]}”") for i in free),
            row=reader.heading_row, column=what, value=None, kept="nothing is brought in",
        )  # fmt: skip
        if answer is None:
            ctx.blocked = True
            continue
        at = next(i for i in free if letter(i) == answer)
        columns.meanings[at], columns.place[key] = key, at


def _settle_twice(ctx: Context, reader: RowReader, mark: str) -> None:
    """Where several columns claim one meaning: one of them if they say the same in every row, else a person is asked."""
    columns = reader.columns
    for key, places in list(columns.twice.items()):
        samples: dict[int, list[str]] = {i: [] for i in places}
        same = True
        for _, cells in reader.raw():
            values = [clean(cells[i]) if i < len(cells) else "" for i in places]
            same = same and all(v == values[0] for v in values)
            for i, v in zip(places, values, strict=True):
                if v and len(samples[i]) < 3:
                    samples[i].append(shown(v, 30))
        if same:
            _keep_one(columns, key, places[0], places)
            continue
        named = " and ".join(f"“{columns.headings[i]}” in column {letter(i)} ({', '.join(samples[i]) or 'blank'})" for i in places)
        answer = ctx.ask(
            f"column:{mark[:8]}:{key}",
            f"Several columns may hold {words_of(key, reader.sort)}: {named}. Which one is meant?",
            (*((letter(i), f"column {letter(i)}, “{columns.headings[i]}” ({', '.join(samples[i]) or 'blank'})") for i in places), (NONE, "leave both out" if len(places) == 2 else "leave all out")),
            row=reader.heading_row, column=columns.headings[places[0]], value=" / ".join(columns.headings[i] for i in places), kept="nothing is brought in",
        )  # fmt: skip
        if answer is None:
            ctx.blocked = True
        elif answer == NONE:
            _keep_one(columns, key, None, places)
        else:
            _keep_one(columns, key, next(i for i in places if letter(i) == answer), places)


def _keep_one(columns: Columns, key: str, keep: int | None, places: list[int]) -> None:
    for i in places:
        if i != keep:
            columns.meanings[i] = None
    columns.twice.pop(key, None)
    if keep is None:
        columns.place.pop(key, None)
    else:
        columns.place[key] = keep


def _settle_orders(ctx: Context, reader: RowReader, texts: dict[str, set[str]], mark: str) -> None:
    doubtful = reader.settle_orders(texts)
    for key in doubtful:
        heading = reader.columns.heading(key)
        sample = sorted(reader.text(t) for t in texts[key])[:3]
        answer = ctx.ask(
            f"date order:{mark[:8]}:{key}",
            f"The dates of “{heading}” ({', '.join(shown(s, 20) for s in sample)}) look as if the month came first. Which is it?",
            (("mdy", "month first, 12/31/2011"), ("dmy", "day first, 31/12/2011; the others are refused")),
            row=reader.heading_row, column=heading, value=", ".join(sample), kept="nothing is brought in",
        )  # fmt: skip
        if answer is None:
            ctx.blocked = True
        else:
            reader.orders[key] = cast(Order, answer)


def _columns_read(reader: RowReader, remembered: bool) -> tuple[ColumnRead, ...]:
    samples: list[list[str]] = [[] for _ in reader.columns.headings]
    for n, (_, cells) in enumerate(reader.raw()):
        for i, cell in enumerate(cells[: len(samples)]):
            if cell and len(samples[i]) < 3:
                samples[i].append(shown(unguard(cell) if reader.own else clean(cell), 30))
        if n >= 20:
            break
    out: list[ColumnRead] = []
    for i, heading in enumerate(reader.columns.headings):
        meaning = reader.columns.meanings[i]
        how = ""
        if meaning in ("born", "admitted", "left", "sen_since", "date", "first_day", "last_day"):
            how = "date, month first" if reader.orders.get(meaning) == "mdy" else "date, day first"
        if meaning in reader.columns.twice:
            how = "asked"
        if reader.sort == "marks" and meaning is None and not any(k in reader.columns.place for k in ("am", "pm", "mark")):
            named = day_heading(heading, reader.today)
            if named is not None:
                meaning = f"marks:{named[0].isoformat()}"
                out.append(
                    ColumnRead(
                        i, letter(i), heading, meaning, f"Marks of {heading}", "a session", remembered, remembered, tuple(samples[i])
                    )
                )
                continue
        out.append(
            ColumnRead(i, letter(i), heading, meaning, words_of(meaning, reader.sort), how, remembered, remembered, tuple(samples[i]))
        )
    return tuple(out)


# --- the plan ---------------------------------------------------------------------------------------------------------


def remember(ctx: Context, opened: Opened | None) -> list[Put]:
    """What goes into the step besides: answers given now, and how the columns were understood. Ids are drawn when it is written."""
    last: list[Put] = []
    for question, answer in ctx.used.items():
        held = ctx.remembered.get(question)
        if held is None:
            last.append(Put(ImportAnswer(NEW_ID, question, answer)))
        elif held.answer != answer:
            last.append(Put(replace(held, answer=answer), held))
    if opened is not None and not ctx.blocked:
        mapping = json.dumps({str(i): m for i, m in enumerate(opened.reader.columns.meanings)}, separators=(",", ":"))
        held_map = next((h for h in ctx.headings_held if h.sort == opened.sort and h.headings == opened.fingerprint), None)
        if held_map is None:
            last.append(Put(HeadingMap(NEW_ID, opened.sort, opened.fingerprint, mapping)))
        elif held_map.mapping != mapping:
            last.append(Put(replace(held_map, mapping=mapping), held_map))
    return last


def unused(ctx: Context, opened: Opened) -> None:
    """Say which columns are not used."""
    names = [c.heading for c in opened.columns if c.meaning is None and c.heading and c.samples]
    if names:
        ctx.warnings.append(f"Not used of {ctx.name}: {shown(', '.join(names), 200)}.")


def finish(
    ctx: Context,
    as_: str,
    title: Title,
    rows: Sequence[RowPlan],
    counts: Counts,
    *,
    opened: Opened | None = None,
    missing: Sequence[MissingPupil] = (),
    edits: Callable[[NewIds], Iterator[Edit]] | None = None,
    edit_count: int = 0,
    rests_on: frozenset[str] = frozenset(),
    read_as: str = "",
) -> ImportPlan:
    """The plan of all that was found."""
    if opened is not None:
        notes = opened.reader.notes
        ctx.warnings += notes[:20]
        if len(notes) > 20:
            ctx.warnings.append(f"{len(notes) - 20} more dates were read from numbers.")
        if opened.reader.repeats:
            ctx.warnings.append(
                f"The headings stand {how_many(opened.reader.repeats, 'more time')} among the rows of {ctx.name}; those lines were left out."
            )
    if ctx.refusals_left_out:
        ctx.warnings.append(f"{ctx.refusals_left_out:,} more cells were refused for like reasons.")
    ctx.told(1, 1)
    return ImportPlan(
        path=ctx.path,
        file=ctx.name,
        as_=as_,
        taken_on=ctx.taken_on,
        counts=counts,
        rows=rows,
        refusals=tuple(ctx.refusals),
        asks=tuple(ctx.asks),
        warnings=tuple(dict.fromkeys(ctx.warnings)),
        columns=opened.columns if opened else (),
        missing=tuple(missing),
        read_as=opened.read_as if opened else read_as,
        sheet=opened.sheet if opened else None,
        sheets=opened.sheets if opened else (),
        blocked=ctx.blocked,
        edit_count=0 if ctx.blocked else edit_count,
        make_edits=None if ctx.blocked else edits,
        title=title,
        stamp=ctx.stamp,
        rests_on=rests_on,
    )


def blocked_plan(ctx: Context, opened: Opened, title: Title) -> ImportPlan:
    """A plan that brings nothing in, because a question about the whole file is open."""
    open_asks = [a for a in ctx.asks if a.answer is None and a.holds]
    rows = [
        RowPlan(number, REFUSED, "", "–", sentence="waits for the answer to a question about the whole file")
        for number, _ in opened.reader.raw()
    ]
    for a in open_asks:
        ctx.refusals.append(
            RowRefusal(a.row, a.column, a.value, "question", f"{a.sentence} Nothing of the file is brought in until this is answered.")
        )
    return finish(ctx, opened.sort, title, rows, Counts(len(rows), refused=len(rows)), opened=opened)
