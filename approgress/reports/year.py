"""A year of a pupil's sessions on one page: both figures, every session as a map, half-terms, milestones and the rules that are watching."""

from __future__ import annotations

from typing import Final

from approgress.domain import days
from approgress.domain.agreed import AGREED_LABEL, POSSIBLE_LABEL, TwoFigures
from approgress.domain.dossier import STAFF, Dossier
from approgress.domain.pupil_attendance import PupilAttendance, tally_words
from approgress.domain.values import NOTHING, counted_words, number, percent_words, share_words
from approgress.reports.build import Heading, Imprint, Plan, Telling, margin
from approgress.reports.page import lay_out_pages, paint_pages
from approgress.reports.paper import Paper
from approgress.reports.plot import Chart
from approgress.reports.sections.head import head
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, Block, Look, Piece, Text

PLAN: Final = Plan("attendance-year", "Year of attendance", "attendance year", "Every session of a year", STAFF, ())
_STRONG: Final = Look(BODY.size, BODY.leading, 600)


def build_year(d: Dossier, p: PupilAttendance, imprint: Imprint) -> bytes:
    """The page as PDF; the same records and imprint give the same bytes. `d` begins and ends with the year that `p` shows."""
    telling = Telling(d, PLAN, imprint)
    blocks = _blocks(telling, p)
    paper = Paper(
        title=f"{PLAN.title}: {d.name.full}, {days.words(d.first)} to {days.words(d.last)}",
        author=d.school,
        subject=PLAN.subject,
        keywords=f"approgress, {PLAN.name}, data of {days.words(d.last)}, journal step {imprint.step}",
        made=d.last,
    )
    paper.begin("Sect")
    paint_pages(paper, lay_out_pages(blocks), margin(telling), key="p0", level=0)
    paper.end()
    return paper.finish()


def _blocks(t: Telling, p: PupilAttendance) -> list[Block]:
    d = t.dossier
    blocks: list[Block] = [*head(t).blocks, Text(_figures(d, p), BODY, after=8.0)]
    blocks.append(Chart(p.figure))
    halves = [
        h for h in p.half_terms if h.last_day is not None and h.first_day is not None and h.last_day >= d.first and h.first_day <= d.last
    ]
    if halves:
        blocks += [Heading("By half-term"), _table(d, p, halves)]
    reached = [m for m in p.milestones if m.day is not None]
    if reached:
        pieces: list[Piece] = []
        for n, m in enumerate(reached):
            pieces += [
                Piece(("; " if n else "") + days.words(m.day) + " ", 600, "ink"),
                Piece(m.words[:1].lower() + m.words[1:] if n else m.words),
            ]
        blocks += [Heading("Milestones"), Text([*pieces, Piece(".")], BODY)]
    if p.rules:
        pieces = []
        for n, w in enumerate(p.rules):
            pieces.append(Piece(("; " if n else "") + w.sentence, 600 if w.reached else None))
        blocks += [Heading(f"Rules that are watching, on {days.words(d.last)}"), Text([*pieces, Piece(".")], BODY)]
    return blocks


def _figures(d: Dossier, p: PupilAttendance) -> list[Piece]:
    """Both figures since day 0 with their labels, and what is known of before."""
    since = days.words(p.since.first_day) if p.since.first_day else "the first mark"
    pieces = [Piece(f"Since {since}: ", 600), Piece(tally_words(p.since.tally, p.statutory), 600)]
    pieces.append(Piece(f" of possible sessions, the {POSSIBLE_LABEL}" if p.statutory else " of sessions offered"))
    if p.agreed is not None:
        shown = counted_words(p.agreed.attended, p.agreed.asked) if p.statutory else share_words(p.agreed.attended, p.agreed.asked)
        pieces += [Piece("; "), Piece(shown, 600), Piece(f" of agreed sessions (part-time timetable), {AGREED_LABEL}")]
    pieces.append(Piece("."))
    if p.agreed is not None and p.agreed.apart:
        pieces.append(Piece(f" {p.agreed.apart}"))
    if p.left is not None and p.left.tally.possible:
        by = f", stated by {p.left.stated_by}" if p.left.stated_by else ""
        pieces.append(Piece(f" Before{by}: {tally_words(p.left.tally, p.statutory)}."))
    if p.part_time and p.statutory:
        pieces.append(Piece(" Sessions that are not agreed (C2) are authorised absence and count as possible sessions."))
    return pieces


def _table(d: Dossier, p: PupilAttendance, halves: list[TwoFigures]) -> Table:
    columns = [Column("Half-term", share=1), Column("Possible sessions" if p.statutory else "Sessions offered", "right", most=70)]
    if p.statutory:
        columns.append(Column(POSSIBLE_LABEL, "right", look=_STRONG, most=60))
    if p.part_time:
        columns.append(Column("Agreed sessions", "right", most=64))
        if p.statutory:
            columns.append(Column(AGREED_LABEL, "right", look=_STRONG, most=66))
    columns += [Column("Authorised", "right"), Column("Unauthorised", "right"), Column("Late", "right")]
    rows: list[Row] = []
    for h in halves:
        span = f" {days.words(h.first_day, year=False)} to {days.words(h.last_day, year=False)}"
        cells: list[str | tuple[Piece, ...]] = [
            (Piece(h.name, 600), Piece(span, None, "quiet")),
            share_words(h.tally.attended, h.tally.possible),
        ]
        if p.statutory:
            cells.append(percent_words(h.tally.attended, h.tally.possible))
        if p.part_time:
            a = h.agreed
            cells.append(share_words(a.attended, a.asked) if a is not None else NOTHING)
            if p.statutory:
                cells.append(percent_words(a.attended, a.asked) if a is not None else NOTHING)
        cells += [number(h.tally.authorised), number(h.tally.unauthorised), NOTHING if h.tally.late is None else number(h.tally.late)]
        rows.append(Row(tuple(cells)))
    return Table(columns, rows)
