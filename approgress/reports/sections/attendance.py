"""Attendance in counts of sessions: before, as others stated it, by half-term, and since the start."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.dossier import Stretch
from approgress.domain.values import NOTHING, number
from approgress.reports.build import Part, Telling, section
from approgress.reports.sections.said import capital
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SMALL, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


def _span(s: Stretch) -> str:
    if s.first_day is None or s.last_day is None:
        return days.words(s.first_day or s.last_day)
    return f"{days.words(s.first_day, year=s.first_day.year != s.last_day.year)} to {days.words(s.last_day)}"


def _row(s: Stretch, name: str, percentages: bool, *, strong: bool = False) -> Row:
    weight = 700 if strong else None
    tally = s.tally
    span = _span(s)
    label = (Piece(name, weight or 600), Piece(f" {span}" if span else "", None, "quiet"))
    share = f"{number(tally.attended)} of {number(tally.possible)}" if tally.possible else "no possible sessions"
    cells = [label, Piece(share, weight)]
    if percentages:
        cells.append(Piece(s.rate.text if tally.possible else NOTHING, weight or 600))
    cells += [
        Piece(number(tally.authorised), weight),
        Piece(number(tally.unauthorised), weight),
        Piece(NOTHING if tally.late is None else number(tally.late), weight),
        Piece(NOTHING if tally.unmarked is None else number(tally.unmarked), weight),
    ]
    return Row(tuple(cells))


@section("attendance")
def attendance(t: Telling) -> Part:
    """A table of counts, who stated what was before, and the comparison over equal lengths where there is one."""
    d = t.dossier
    a = d.attendance
    title = "Attendance, in sessions"
    if not a.since.tally.possible and not a.period.tally.possible and not a.stated and a.before is None:
        words = "There are no possible sessions yet. Take the register, or bring marks in from the school\u2019s system."
        return Part(title, (Text(words, BODY),))
    rows: list[Row] = []
    before = [*a.stated, *([a.before] if a.before is not None and a.before not in a.stated else [])]
    for s in before:
        by = f", stated by {s.stated_by}" if s.stated_by else ""
        rows.append(_row(s, f"Before{by}", d.statutory))
    rows += [_row(s, s.name if s.whole else f"{s.name} so far", d.statutory) for s in a.half_terms]
    rows.append(_row(a.since, f"Since {d.name.subject} came", d.statutory, strong=True))
    if a.period.tally != a.since.tally or (a.period.first_day, a.period.last_day) != (a.since.first_day, a.since.last_day):
        rows.append(_row(a.period, "In the time of this report", d.statutory, strong=True))
    columns = [Column("Time", share=1), Column("Attended", "right", most=96)]
    if d.statutory:
        columns.append(Column("%", "right", look=_STRONG))
    columns += [
        Column("Authorised absence", "right", most=58),
        Column("Unauthorised absence", "right", most=66),
        Column("Late", "right"),
        Column("Not marked", "right", most=40),
    ]
    blocks: list[Block] = [Table(columns, rows)]
    sign = a.sign
    pieces: list[Piece] = []
    if a.comparison is not None:
        left, right = a.comparison
        by = f" as {left.stated_by} stated" if left.stated_by else ""
        pieces += [
            Piece("Over equal lengths of time: ", 600, "ink"),
            Piece(f"{left.rate.words} before{by} ({_span(left)}), {right.rate.words} since ({_span(right)}): "),
            Piece(sign.words + ".", 600, "ink"),
        ]
    elif sign.words:
        pieces += (
            [Piece(capital(sign.words) + ": ", 600, "ink"), Piece(f"{sign.rest}.")] if sign.rest else [Piece(capital(sign.words) + ".")]
        )
    if a.not_final:
        pieces.append(
            Piece(f" {number(a.not_final)} of the absences still {'have' if a.not_final != 1 else 'has'} no established reason (code N).")
        )
    if d.statutory:
        pieces.append(
            Piece(" A session is a half-day. Percentages are of possible sessions, counted as the Department for Education counts them.")
        )
    else:
        pieces.append(Piece(" A session is a half-day that was offered."))
    blocks.append(Text(pieces, SMALL, before=5.0))
    return Part(title, tuple(blocks))
