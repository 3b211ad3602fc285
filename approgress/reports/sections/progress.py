"""Where the pupil started and is now, as a table and as charts."""

from __future__ import annotations

from datetime import date

from approgress.domain import days
from approgress.domain.dossier import ProgressRow
from approgress.domain.figures import FIGURES, Figure, report_figures
from approgress.domain.strands import Sign
from approgress.domain.values import NOTHING
from approgress.reports.build import Part, Telling, section
from approgress.reports.fonts import text_width
from approgress.reports.plot import Chart, Pair, phases_shown
from approgress.reports.sections.said import capital, sign_pieces, started_and_now
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SMALL, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


@section("progress")
def progress(t: Telling) -> Part:
    """One line a measure: start, now, change, and what it means; what is missing says what to do next."""
    d = t.dossier
    columns = (
        Column("Area", look=_STRONG, most=62),
        Column("Measure", most=122),
        Column("Start", "right", most=80),
        Column("Now", "right", most=80, look=_STRONG),
        Column("Change", "right", most=70),
        Column("What it means", share=1),
    )
    rows = [_row(r) for r in d.progress]
    blocks: list[Block] = []
    if rows:
        blocks.append(Table(columns, rows))
    without = [v for v in d.strands if v.missing is not None and not any(r.strand == v.strand for r in d.progress)]
    if not rows:
        blocks.append(
            Text(f"There are no readings yet to set side by side. {d.name.call}\u2019s starting point is still to be found.", BODY)
        )
    if without:
        pieces: list[Piece] = []
        for view in without:
            assert view.missing is not None
            pieces.append(Piece((" " if pieces else "") + view.title + ": ", 600, "ink"))
            pieces.append(Piece(" ".join(p for p in (view.missing.what, view.missing.why) if p)))
        blocks.append(Text(pieces, SMALL, before=6.0))
    return Part(started_and_now(d), tuple(blocks))


_MEANING_WIDE = 138.0  # about what is left for the last column; longer reasons stand below the row, over its whole width


def _row(r: ProgressRow) -> Row:
    sign = r.sign
    cells = (r.area, r.measure, r.start_text or NOTHING, r.now_text or NOTHING, r.change_text or NOTHING)
    inline = text_width(sign.words, 600, BODY.size) + text_width(sign.rest, 400, BODY.size) + (12 if sign.mark else 3) < _MEANING_WIDE
    if inline:
        return Row((*cells, sign_pieces(sign)))
    return Row((*cells, sign_pieces(Sign(sign.mark, sign.word, sign.words))), capital(sign.rest))


@section("charts")
def charts(t: Telling) -> Part:
    """The plan's charts, two side by side, with what the grey band and the dashes mean."""
    d = t.dossier
    figures = [FIGURES[name](d) for name in t.plan.charts] if t.plan.charts else list(report_figures(d))
    drawn = [f for f in figures if not f.empty]
    if not drawn:
        words = f"There is nothing to draw yet: no readings, no rated lessons and no possible sessions of {d.name.call} so far."
        return Part("How it changed", (Text(words, BODY),))
    blocks: list[Block] = []
    numbers: dict[tuple[date, str], int] = {}
    for phase in sorted((p for f in drawn for p in phases_shown(f)), key=lambda p: p.day):
        numbers.setdefault((phase.day, phase.label), len(numbers) + 1)
    for i in range(0, len(figures), 2):
        charts_here = [Chart(f, numbers=numbers) for f in figures[i : i + 2]]
        if len(charts_here) == 2:
            blocks.append(Pair(charts_here[0], charts_here[1], after=11.0))
        else:
            charts_here[0].after = 11.0
            blocks.append(charts_here[0])
    if numbers:
        said = "; ".join(f"{n} {label}, {days.words(day)}" for (day, label), n in numbers.items())
        blocks.append(Text([Piece("Lines: ", 600, "ink"), Piece(said + ".")], SMALL, before=2.0))
    note = _notes(drawn)
    if note:
        blocks.append(Text(note, SMALL, before=2.0))
    return Part("How it changed", tuple(blocks))


def _notes(figures: list[Figure]) -> str:
    noted = [f for f in figures if f.note]
    banded = sum(f.corridor is not None for f in noted)
    notes: list[str] = []
    for f in noted:
        note = f.note if f.note.endswith(".") else f"{f.note}."
        notes.append(
            f"{f.title.split(',')[0].split(':')[0]}: {note[:1].lower()}{note[1:]}" if banded > 1 and f.corridor is not None else note
        )
    if any(s.dashed for f in figures for line in f.lines for s in line.strokes):
        notes.append("Dashed: mostly holiday.")
    if any(f.levels for f in figures):
        notes.append("Dashed level: the start.")
    if any(s.kind == "holiday" for f in figures for s in f.shades):
        notes.append("Shaded: holidays.")
    return " ".join(dict.fromkeys(notes))
