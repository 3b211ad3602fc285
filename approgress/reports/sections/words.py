"""Strengths, what is next, and notes: words of people, set as they were written."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.dossier import may_read
from approgress.domain.records import ORDINARY
from approgress.reports.build import Part, Telling, section
from approgress.reports.sections.said import own_words, quoted
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SUBHEADING, Block, Piece, Text

_SORTS = {"good_at": "Good at", "what_helps": "What helps"}


@section("strengths")
def strengths(t: Telling) -> Part:
    """What the pupil is good at, what helps, and own words."""
    d = t.dossier
    blocks: list[Block] = []
    for sort in ("good_at", "what_helps", "own_words"):
        held = [s for s in d.strengths if s.sort == sort and s.text.strip()]
        if not held:
            continue
        label = _SORTS.get(sort) or own_words(d)[:1].upper() + own_words(d)[1:]
        for i, s in enumerate(held):
            text = quoted(s.text) if sort == "own_words" else s.text
            pieces = [Piece(f"{label}: ", 600), Piece(text)] if i == 0 else [Piece(text)]
            blocks.append(Text(pieces, BODY, before=2.0))
    return Part(f"{d.name.whose} strengths", tuple(blocks))


@section("next")
def next_steps(t: Telling) -> Part:
    """What is to be done, by when and by whom."""
    d = t.dossier
    rows = [
        Row(
            (
                (Piece(days.words(s.day), 600), Piece(" overdue", 600, "decline")) if s.overdue else Piece(days.words(s.day), 600),
                s.text,
                Piece(s.owner, None, "quiet"),
            )
        )
        for s in d.next_steps
    ]
    if not rows:
        return Part("What is next", ())
    columns = (Column("By", most=120), Column("What", share=1), Column("Who", most=130))
    return Part("What is next", (Table(columns, rows),))


_NOTES = {"note": "Note", "visit": "Visit", "quote": "Said", "context": "Background"}


@section("notes")
def notes(t: Telling) -> Part:
    """Notes and quotations meant for these readers, newest first; a restricted one never stands on shared paper."""
    d = t.dossier
    blocks: list[Block] = []
    for n in d.notes:
        if n.privacy != ORDINARY or not may_read(t.plan.audience, n.audience) or not n.text.strip():
            continue
        label = f"{_NOTES.get(n.sort, 'Note')}, {days.words(n.day)}"
        blocks.append(Text(label, SUBHEADING, tag="H3", before=7.0, with_next=True))
        blocks.append(Text(quoted(n.text) if n.sort == "quote" else n.text, BODY))
    return Part("Notes and words", tuple(blocks))
