"""Every measure in full: each series with what judges it; engagement and behaviour in counts."""

from __future__ import annotations

from dataclasses import replace

from approgress.domain import days
from approgress.domain.dossier import Series
from approgress.domain.instruments import AGE_MONTHS, STRANDS
from approgress.domain.strands import MomentCount
from approgress.domain.values import NOTHING, number
from approgress.reports.build import Part, Telling, section
from approgress.reports.sections.said import capital, sign_pieces
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SMALL, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


def _basis(s: Series) -> str:
    """What the judgement of a series rests on, as sentences."""
    j = s.judgement
    said: list[str] = []
    if s.start is not None:
        ends = f"Start {days.words(s.start.day)}" + ("" if s.start_agreed else " (earliest reading, not yet agreed)")
        if s.now is not None:
            ends += f", now {days.words(s.now.day)}"
        said.append(ends)
    said.append(f"{number(s.given)} of {number(s.asked)} answered")
    if j.basis:
        said.append(f"judged by {j.basis}")
    if j.needs_words and j.needs_words not in s.sign.rest:
        said.append(j.needs_words)
    out = "; ".join(said) + "."
    for note in (*j.notes, *s.doubts):
        out += f" {note}" + ("" if note.endswith(".") else ".")
    return out


def _parts(series: list[Series]) -> str:
    """The other scales of a sitting in one line: their figures, and what can be said of them."""
    said: dict[str, list[str]] = {}
    for s in series:
        start = s.start.text if s.start is not None else NOTHING
        figures = (
            f"{start}, now {s.now.text}" if s.now is not None else f"{start}, once" if s.start is not None else "no reading since the start"
        )
        said.setdefault(s.sign.text, []).append(f"{s.scale.name.lower()} {figures}")
    return " ".join(f"{capital('; '.join(figures))}: {meaning}." for meaning, figures in said.items())


def _together(series: tuple[Series, ...]) -> list[tuple[Series, list[Series]]]:
    """Each main scale with the other scales of its instrument, edition and respondent; a reading age stands for itself."""
    rows: list[tuple[Series, list[Series]]] = []
    main: dict[tuple[str, str, str], list[Series]] = {}
    for s in series:
        sitting = (s.key.instrument, s.key.edition, s.key.respondent)
        if s.is_main or s.scale.kind == AGE_MONTHS or sitting not in main:
            rows.append((s, []))
            if s.is_main:
                main[sitting] = rows[-1][1]
        else:
            main[sitting].append(s)
    return rows


@section("measures")
def measures(t: Telling) -> Part:
    """A table of all series: start, now, change, what it means, and below each what it rests on and its parts."""
    d = t.dossier
    title = "Every measure, and what judges it"
    if not d.series:
        return Part(title, (Text(f"There are no readings yet. Add the first of a measure for {d.name.call}.", BODY),))
    columns = (
        Column("Area", look=_STRONG, most=62),
        Column("Measure", most=150),
        Column("Start", "right", most=60),
        Column("Now", "right", most=60, look=_STRONG),
        Column("Change", "right", most=60),
        Column("What it means", share=1),
    )
    rows: list[Row] = []
    for s, parts in _together(d.series):
        j = s.judgement
        now = s.now.text if s.now is not None else NOTHING
        start = s.start.text if s.start is not None else NOTHING
        change = j.change_words if j.change is not None else NOTHING
        months = " months" if s.scale.kind == AGE_MONTHS and j.change is not None else ""
        under = f"{capital(s.sign.rest)}. {_basis(s)}" if s.sign.rest else _basis(s)
        if parts:
            under = f"{under}\n{_parts(parts)}"
        rows.append(Row((STRANDS[s.strand], s.name, start, now, change + months, sign_pieces(replace(s.sign, rest=""))), under))
    blocks: list[Block] = [Table(columns, rows)]
    licences = dict.fromkeys(s.instrument.licence.line for s in d.series if s.instrument.licence.line)
    if licences:
        blocks.append(Text(" ".join(licences), SMALL, before=5.0))
    return Part(title, tuple(blocks))


@section("engagement")
def engagement(t: Telling) -> Part:
    """Lessons at 4 or 5 of those rated, first and last four school weeks; never a mean."""
    d = t.dossier
    e = d.engagement
    title = "Engagement, in lessons rated"
    if not e.rated:
        return Part(title)  # said where it started and is now, with what to do next
    rows: list[Row] = []
    for who, j in (("Teachers", e.judgement), (d.name.call, e.own)):
        if j is None or j.start is None:
            continue
        start = j.start.value.counts
        now = j.now.value.counts if j.now is not None else NOTHING
        span = f"{days.words(j.start.day)} to {days.words(j.start.last_day)}" if j.start.last_day else days.words(j.start.day)
        if j.now is not None:
            span += (
                f"; {days.words(j.now.day)} to {days.words(min(j.now.last_day, d.last))}"
                if j.now.last_day
                else f"; {days.words(j.now.day)}"
            )
        sign = sign_pieces(e.sign) if j is e.judgement else (Piece(j.why or "the pupil\u2019s own ratings", None, "quiet"),)
        rows.append(Row((f"{who}, {e.top_words}" if e.top_words else who, start, now, sign), f"{span}."))
    columns = (
        Column("Rated by", most=170, look=_STRONG),
        Column("First four weeks", "right", most=90),
        Column("Last four weeks", "right", most=90, look=_STRONG),
        Column("What it means", share=1),
    )
    blocks: list[Block] = [Table(columns, rows)] if rows else []
    words = f"{e.scored.counts} lessons of sessions attended were rated. " if e.scored.of else f"{number(e.rated)} lessons were rated. "
    words += "Scores from 1 to 5 are an order and not distances, so they are counted and never averaged."
    blocks.append(Text(words, SMALL, before=5.0))
    return Part(title, tuple(blocks))


def _settling(c: MomentCount) -> str:
    if not c.settle:
        return NOTHING
    from statistics import median

    return f"{number(median(c.settle))} (of {number(len(c.settle))})"


@section("behaviour")
def behaviour(t: Telling) -> Part:
    """Incidents with the sessions attended, good moments beside them, and suspensions before and since."""
    d = t.dossier
    b = d.behaviour
    title = "Behaviour, in moments written down"
    blocks: list[Block] = []
    if b.incidents or b.good or b.neutral:
        rows = [
            Row(
                (
                    (Piece(c.name, 600), Piece(f" {days.words(c.first_day, year=False)} to {days.words(c.last_day)}", None, "quiet")),
                    number(c.good),
                    number(c.neutral),
                    f"{number(c.incidents)} in {number(c.attended)}",
                    NOTHING if c.rate.value is None else number(c.rate.value, 1),
                    _settling(c),
                )
            )
            for c in b.half_terms
        ]
        columns = (
            Column("Time", share=1),
            Column("Good moments", "right", most=50),
            Column("Other notes", "right", most=40),
            Column("Incidents in sessions attended", "right", most=84),
            Column("Per 10 sessions", "right", most=48, look=_STRONG),
            Column("Minutes to settle, the middle one", "right", most=80),
        )
        if rows:
            blocks.append(Table(columns, rows))
        blocks.append(
            Text([Piece(capital(b.sign.words), 600, "ink"), Piece(f": {b.sign.rest}." if b.sign.rest else ".")], SMALL, before=5.0)
        )
    said: list[str] = []
    if b.suspensions_before is not None:
        v = b.suspensions_before
        said.append(f"{v.what}: {v.text}" + (f" ({v.detail})" if v.detail else "") + ".")
    if b.suspensions_before is not None or b.suspensions_since.value:
        n = b.suspensions_since.value or 0
        said.append(f"Suspensions since {d.name.subject} came: {number(n) if n else 'none'}.")
    if said:
        blocks.append(Text(" ".join(said), SMALL, before=3.0))
    return Part(title, tuple(blocks))
