"""The weekly attendance note of one home school as a PDF: a table of its pupils, what each mark means, counts, and contacts made."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.values import NOTHING, number, percent_words, share_words
from approgress.domain.weekly_note import DayTold, PupilWeek, SessionTold, WeeklyNote
from approgress.reports.build import Imprint
from approgress.reports.page import Margin, lay_out_pages, paint_pages
from approgress.reports.paper import Paper
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, LEAD, SMALL, TITLE, UNDER_TITLE, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


def build_weekly(note: WeeklyNote, imprint: Imprint) -> bytes:
    """The PDF of one note. The same note and imprint give the same bytes, on every system and in every process."""
    title = f"Attendance of the week {note.span}"
    paper = Paper(
        title=f"{title}: {note.school.name}",
        author=note.setting,
        subject=f"Weekly attendance note for {note.school.name}",
        keywords=f"approgress, weekly attendance, data of {days.words(note.as_of)}, journal step {imprint.step}",
        made=note.as_of,
    )
    paper.begin("Sect")
    paint_pages(paper, lay_out_pages(_blocks(note, title)), _margin(note, title, imprint), key="w", level=0)
    paper.end()
    return paper.finish()


def _margin(note: WeeklyNote, title: str, imprint: Imprint) -> Margin:
    setting = f"{note.setting} (demonstration: invented pupils)" if note.demonstration else note.setting
    seal = f", seal {imprint.seal}" if imprint.seal else ""
    foot = [setting, "Confidential", f"for {note.school.name} only", f"data of {days.words(note.as_of)}, journal step {imprint.step:,}{seal}"]
    if imprint.made_by:
        foot.append(f"made by {imprint.made_by}")
    return Margin(f"{note.school.name} \u00b7 {title}", tuple(foot))


def _blocks(note: WeeklyNote, title: str) -> list[Block]:
    week = note.week
    pupils = f"{number(len(note.pupils))} pupil{'' if len(note.pupils) == 1 else 's'}"
    told = f" Told as far as {days.words(note.as_of, weekday=True)}." if note.as_of < note.friday else ""
    lead = f"{pupils} of {note.school.name}: {_shared(note, week.attended, week.possible)} this week.{told}"
    blocks: list[Block] = [
        Text(title, TITLE, tag="H1"),
        Text(f"{note.setting} to {note.school.name}", UNDER_TITLE, after=8.0),
        Text(lead, LEAD, after=6.0),
        Table(_columns(note), [_row(note, p) for p in note.pupils], after=8.0),
    ]
    return [*blocks, *_key(note)]


def _shared(note: WeeklyNote, attended: int, possible: int) -> str:
    if not possible:
        return "no possible session" if note.statutory else "no session offered"
    words = f"{share_words(attended, possible)} {'possible ' if note.statutory else ''}sessions attended"
    return f"{words} ({percent_words(attended, possible, 1)})" if note.statutory else words


def _columns(note: WeeklyNote) -> list[Column]:
    found = [Column("Pupil", share=1, look=_STRONG)]
    found += [Column(f"{days.words(d.day, weekday=True)[:3]} {d.day.day}", most=46) for d in (note.pupils[0].days if note.pupils else ())]
    found.append(Column("This week", "right", most=52, look=_STRONG))
    found.append(Column("Since start", "right", most=58))
    if note.statutory:
        found.append(Column("%", "right"))
    return found


def _row(note: WeeklyNote, p: PupilWeek) -> Row:
    cells = [(Piece(p.name.full, 600), Piece(f" {p.year}" if p.year else "", 400, "quiet"))]
    cells += [_cell(d) for d in p.days]
    cells.append((Piece(share_words(p.week.attended, p.week.possible) if p.week.possible else NOTHING),))
    cells.append((Piece(share_words(p.since.attended, p.since.possible) if p.since.possible else NOTHING),))
    if note.statutory:
        cells.append((Piece(percent_words(p.since.attended, p.since.possible)),))
    return Row(tuple(cells), _under(note, p))


def _cell(d: DayTold) -> tuple[Piece, ...]:
    if d.closed:
        return (Piece("closed", None, "quiet"),)
    if not d.here:
        return (Piece(NOTHING, None, "quiet"),)
    if d.to_come:
        return (Piece("to come", None, "quiet"),)
    return (_mark(d.am), Piece("  "), _mark(d.pm))


def _mark(s: SessionTold) -> Piece:
    return Piece(s.code, 600) if s.code else Piece("none", None, "quiet")


def _under(note: WeeklyNote, p: PupilWeek) -> tuple[Piece, ...]:
    """What the marks mean, what was done about absences, and since when is counted."""
    sentences: list[str] = []
    if p.told:
        sentences.append(". ".join(p.told) + ".")
    if p.contacts:
        sentences.append("We " + ". We ".join(f"{words} ({days.words(day, weekday=True)[:3]})" for day, words in p.contacts) + ".")
    if p.joined is not None:
        sentences.append(f"In this note from {days.words(p.joined, weekday=True, year=False)}.")
    if p.left is not None:
        sentences.append(f"In this note to {days.words(p.left, weekday=True, year=False)}.")
    if p.began is not None:
        sentences.append(f"Start: {days.words(p.began)}.")
    if p.agreed is not None and p.agreed.asked:
        share = share_words(p.agreed.attended, p.agreed.asked)
        if note.statutory:
            sentences.append(f"Part-time timetable: {share} agreed sessions attended ({percent_words(p.agreed.attended, p.agreed.asked)}), not the DfE measure.")
        else:
            sentences.append(f"Part-time timetable: {share} agreed sessions attended.")
    return (Piece(" ".join(sentences)),)


def _key(note: WeeklyNote) -> list[Block]:
    """What the columns say, and where to ask."""
    closed = sorted({(d.day, d.closed) for p in note.pupils for d in p.days if d.closed})
    said = ["Each day: the mark of the morning, then of the afternoon; / and \\ are present, a session is a half-day."]
    if closed:
        said.append("Closed: " + "; ".join(f"{days.words(day, weekday=True, year=False)}, {why}" for day, why in closed) + ".")
    if note.statutory:
        said.append(
            "Percentages are of possible sessions, counted as the Department for Education counts them: a session that a part-time timetable "
            "does not ask for (C2) is an absence, one at another school (D) is not counted."
        )
    said.append("\u201cnone\u201d is a session that has not been marked; it is in no figure. Who was spoken to and what was said is not in this note: please ask us.")
    return [Text(" ".join(said), SMALL, before=4.0)]
