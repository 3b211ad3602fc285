"""The report of a term's physical interventions as a PDF: counts with what they are counted against, each record, and what is missing."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.acts.interventions import SORTS
from approgress.domain.intervention_term import InterventionTerm, Told, sort_words
from approgress.domain.moments import time_words
from approgress.domain.values import number, share_words
from approgress.reports.build import Heading, Imprint
from approgress.reports.page import Margin, lay_out_pages, paint_pages
from approgress.reports.paper import Paper
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, LEAD, SMALL, TITLE, UNDER_TITLE, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)
_SIGNED, _PARENT, _REVIEW = "second adult\u2019s signature", "parent to be told", "leader\u2019s review"


def build_interventions(term: InterventionTerm, imprint: Imprint) -> bytes:
    """The PDF. The same records, names and imprint give the same bytes."""
    title = f"Physical interventions, {term.term.name}"
    paper = Paper(
        title=title,
        author=term.setting.name,
        subject="Force, restraint and seclusion, by term",
        keywords=f"approgress, physical interventions, data of {days.words(term.as_of)}, journal step {imprint.step}",
        made=term.as_of,
    )
    paper.begin("Sect")
    paint_pages(paper, lay_out_pages(_blocks(term, title)), _margin(term, title, imprint), key="i", level=0)
    paper.end()
    return paper.finish()


def _margin(term: InterventionTerm, title: str, imprint: Imprint) -> Margin:
    setting = f"{term.setting.name} (demonstration: invented pupils)" if term.setting.demonstration else term.setting.name
    seal = f", seal {imprint.seal}" if imprint.seal else ""
    foot = [setting, "Confidential: restricted", f"data of {days.words(term.as_of)}, journal step {imprint.step:,}{seal}"]
    if imprint.made_by:
        foot.append(f"made by {imprint.made_by}")
    return Margin(title, tuple(foot))


def _blocks(term: InterventionTerm, title: str) -> list[Block]:
    n = len(term.counted)
    span = f"{days.words(term.term.first_day)} to {days.words(min(term.term.last_day, term.as_of))}"
    blocks: list[Block] = [Text(title, TITLE, tag="H1"), Text(f"{term.setting.name}, {span}", UNDER_TITLE, after=8.0), Text(_lead(term), LEAD, after=6.0)]
    if n:
        blocks.append(
            Table(
                [Column("What", share=1, look=_STRONG), Column("Records", "right", most=60), Column("Of all records", "right", most=80)],
                [Row((Piece(words), Piece(number(term.of_sort(sort))), Piece(share_words(term.of_sort(sort), n)))) for sort, words in SORTS.items()],
                after=6.0,
            )
        )
        blocks.append(
            Table(
                [Column("Still missing", share=1, look=_STRONG), Column("Records", "right", most=80)],
                [Row((Piece(_capital(what)), Piece(term.lacking(what).counts))) for what in (_PARENT, _SIGNED, _REVIEW)],
                after=8.0,
            )
        )
    if term.records:
        blocks.append(Heading("Each record"))
        blocks.append(Table(_columns(), [_row(t) for t in term.records], after=8.0))
    blocks.append(
        Text(
            "Recorded and reported to parents since 1 April 2026 (regulations of 2025 on the recording and reporting of seclusion and restraint). "
            "The fields are this program\u2019s own list; that of the guidance was not read (not confirmed). Struck records stand here and count nowhere. "
            "With few pupils a count can name a child: this report is for those who may see restricted records.",
            SMALL,
            before=4.0,
        )
    )
    return blocks


def _lead(term: InterventionTerm) -> str:
    n, pupils = len(term.counted), term.pupils
    attended = f"together they attended {number(term.attended)} sessions in this term."
    if not n:
        return f"No record in this term of {number(term.on_roll)} pupils on roll; {attended}"
    one = "" if pupils.count == 1 else "s"
    return f"{number(n)} record{'' if n == 1 else 's'} of {number(pupils.count)} pupil{one} (of {number(pupils.of)} on roll); {attended}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _columns() -> list[Column]:
    return [
        Column("Pupil", share=1.2, look=_STRONG),
        Column("Day", most=74),
        Column("What", most=70),
        Column("Minutes", "right", most=44),
        Column("Second adult", share=1),
        Column("Parent", share=1.4),
    ]


def _row(t: Told) -> Row:
    at = f" {time_words(t.at)}" if t.at is not None else ""
    if t.struck:
        quiet = [Piece(t.name.full, None, "quiet"), Piece(f"{days.words(t.day)}{at}", None, "quiet"), Piece(sort_words(t.sort), None, "quiet"), Piece(""), Piece(""), Piece("")]
        return Row(tuple(quiet), (Piece(_capital(t.struck)),))
    cells = (
        Piece(t.name.full, 600),
        Piece(f"{days.words(t.day)}{at}"),
        Piece(sort_words(t.sort)),
        Piece("" if t.minutes is None else number(t.minutes)),
        Piece(t.signed or "not signed", None if t.signed else 600, None if t.signed else "attention"),
        Piece(t.parent or "to be told", None if t.parent else 600, None if t.parent else "attention"),
    )
    return Row(cells, (Piece(" ".join(_told(t))),))


def _told(t: Told) -> list[str]:
    said = (
        ("Where", t.place), ("Staff", t.staff), ("Led to it", t.led_to), ("Tried first", t.tried_first), ("Why", t.why_needed), ("Done", t.what_done),
        ("Injuries", t.injury), ("Care", t.care), ("The pupil\u2019s account", t.account), (f"Review, {t.reviewed}" if t.reviewed else "Review", t.review),
    )  # fmt: skip
    lines = [f"{what}: {text.rstrip('.')}." for what, text in said if text]
    rest = [x for x in t.lacks if x not in (_SIGNED, _PARENT)]
    if rest:
        lines.append(f"Missing: {', '.join(rest)}.")
    return lines


__all__ = ["build_interventions"]
