"""Attendance in counts of sessions: before, as others stated it, by half-term, and since the start; both figures where part time."""

from __future__ import annotations

from dataclasses import dataclass

from approgress.domain import days
from approgress.domain.agreed import AGREED_LABEL, POSSIBLE_LABEL, AgreedTally, AgreedView
from approgress.domain.dossier import AttendanceView, Stretch
from approgress.domain.strands import ABOUT_WORDS
from approgress.domain.values import NOTHING, number, percent_words, share_words
from approgress.reports.build import Part, Telling, section
from approgress.reports.sections.said import capital
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SMALL, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


def _span(s: Stretch) -> str:
    if s.first_day is None or s.last_day is None:
        return days.words(s.first_day or s.last_day)
    return f"{days.words(s.first_day, year=s.first_day.year != s.last_day.year)} to {days.words(s.last_day)}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which columns the table has: percentages; both figures of a part-time timetable, which take the room of the sessions without a mark."""

    percentages: bool
    part_time: bool


def _row(s: Stretch, name: str, shape: _Shape, agreed: AgreedTally | None, *, strong: bool = False) -> Row:
    weight = 700 if strong else None
    tally = s.tally
    span = _span(s)
    label = (Piece(name, weight or 600), Piece(f" {span}" if span else "", None, "quiet"))
    share = f"{number(tally.attended)} of {number(tally.possible)}" if tally.possible else "no possible sessions"
    cells = [label, Piece(share, weight)]
    if shape.percentages:
        cells.append(Piece(s.rate.text if tally.possible else NOTHING, weight or 600))
    if shape.part_time:
        cells.append(Piece(share_words(agreed.attended, agreed.asked) if agreed is not None else NOTHING, weight))
        if shape.percentages:
            cells.append(Piece(percent_words(agreed.attended, agreed.asked, 1) if agreed is not None else NOTHING, weight or 600))
    cells += [
        Piece(number(tally.authorised), weight),
        Piece(number(tally.unauthorised), weight),
        Piece(NOTHING if tally.late is None else number(tally.late), weight),
    ]
    if not shape.part_time:
        cells.append(Piece(NOTHING if tally.unmarked is None else number(tally.unmarked), weight))
    return Row(tuple(cells))


def _columns(shape: _Shape) -> list[Column]:
    columns = [
        Column("Time", share=1),
        Column("Possible sessions attended" if shape.part_time else "Attended", "right", most=70 if shape.part_time else 96),
    ]
    if shape.percentages:
        columns.append(Column(POSSIBLE_LABEL if shape.part_time else "%", "right", look=_STRONG, most=52))
    if shape.part_time:
        columns.append(Column("Agreed sessions attended", "right", most=60))
        if shape.percentages:
            columns.append(Column(AGREED_LABEL, "right", look=_STRONG, most=52))
    columns += [
        Column("Authorised absence", "right", most=58),
        Column("Unauthorised absence", "right", most=66),
        Column("Late", "right"),
    ]
    if not shape.part_time:
        columns.append(Column("Not marked", "right", most=40))
    return columns


def _both(view: AgreedView, a: AttendanceView, percentages: bool) -> list[Piece]:
    """Both figures since day 0 in one sentence, each with its label; what counts in no share is said after it."""
    since = view.since.agreed
    if since is None:
        return []
    of_agreed = since.rate().words if percentages else share_words(since.attended, since.asked)
    pieces = [Piece("Part-time timetable: ", 600, "ink")]
    if percentages:
        pieces.append(Piece(f"{a.since.rate.words} of possible sessions, the {POSSIBLE_LABEL}; "))
    pieces.append(Piece(f"{of_agreed} of the sessions that it asked for, {AGREED_LABEL}. "))
    if since.apart:
        pieces.append(Piece(f"{since.apart} "))
    if a.since.tally.unmarked:
        one = a.since.tally.unmarked == 1
        pieces.append(Piece(f"{number(a.since.tally.unmarked)} {'session has' if one else 'sessions have'} no mark. "))
    return pieces


def _agreed_of(view: AgreedView | None, s: Stretch) -> AgreedTally | None:
    """The agreed sessions of a half-term, found by its days."""
    if view is None:
        return None
    return next((t.agreed for t in view.half_terms if (t.first_day, t.last_day) == (s.first_day, s.last_day)), None)


@section("attendance")
def attendance(t: Telling) -> Part:
    """A table of counts, who stated what was before, and the comparison over equal lengths where there is one."""
    d = t.dossier
    a = d.attendance
    title = "Attendance, in sessions"
    if not a.since.tally.possible and not a.period.tally.possible and not a.stated and a.before is None:
        words = "There are no possible sessions yet. Take the register, or bring marks in from the school\u2019s system."
        return Part(title, (Text(words, BODY),))
    view = a.agreed
    shape = _Shape(d.statutory, view is not None)

    def row(s: Stretch, name: str, *, strong: bool = False, agreed: AgreedTally | None = None) -> Row:
        return _row(s, name, shape, agreed, strong=strong)

    rows: list[Row] = []
    before = [*a.stated, *([a.before] if a.before is not None and a.before not in a.stated else [])]
    for s in before:
        by = f", stated by {s.stated_by}" if s.stated_by else ""
        rows.append(row(s, f"Before{by}"))
    for s in a.half_terms:
        rows.append(row(s, s.name if s.whole else f"{s.name} so far", agreed=_agreed_of(view, s)))
    rows.append(row(a.since, f"Since {d.name.subject} came", strong=True, agreed=view.since.agreed if view is not None else None))
    if a.period.tally != a.since.tally or (a.period.first_day, a.period.last_day) != (a.since.first_day, a.since.last_day):
        rows.append(row(a.period, "In the time of this report", strong=True, agreed=view.period.agreed if view is not None else None))
    blocks: list[Block] = [Table(_columns(shape), rows)]
    sign = a.sign
    pieces: list[Piece] = _both(view, a, d.statutory) if view is not None else []
    if a.comparison is not None:
        left, right = a.comparison
        by = f" as {left.stated_by} stated" if left.stated_by else ""
        pieces += [
            Piece("Over equal lengths of time: ", 600, "ink"),
            Piece(f"{left.rate.words} before{by} ({_span(left)}), {right.rate.words} since ({_span(right)}): "),
            Piece(sign.words, 600, "ink"),
            Piece(f" ({ABOUT_WORDS})." if ABOUT_WORDS in sign.rest else "."),
        ]
    elif sign.words:
        pieces += (
            [Piece(capital(sign.words) + ": ", 600, "ink"), Piece(f"{sign.rest}.")] if sign.rest else [Piece(capital(sign.words) + ".")]
        )
    if a.not_final:
        pieces.append(
            Piece(f" {number(a.not_final)} of the absences still {'have' if a.not_final != 1 else 'has'} no established reason (code N).")
        )
    if d.statutory and view is not None:
        pieces.append(Piece(" A session is a half-day. The DfE measure is counted as the Department for Education counts it."))
    elif d.statutory:
        pieces.append(
            Piece(" A session is a half-day. Percentages are of possible sessions, counted as the Department for Education counts them.")
        )
    else:
        pieces.append(Piece(" A session is a half-day that was offered."))
    blocks.append(Text(pieces, SMALL, before=5.0))
    return Part(title, tuple(blocks))
