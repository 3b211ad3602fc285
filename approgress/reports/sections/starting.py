"""The starting point: each value with who said so and how sure they are, and which strands have none yet."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.instruments import STRANDS
from approgress.reports.build import Part, Telling, section
from approgress.reports.table import Column, Row, Table
from approgress.reports.text import BODY, SMALL, Block, Look, Piece, Text

_STRONG = Look(BODY.size, BODY.leading, 600)


@section("starting_point")
def starting_point(t: Telling) -> Part:
    """Agreed or not, its values with source and sureness, and what is not held yet."""
    d = t.dossier
    s = d.starting_point
    title = "The starting point"
    line = s.line[:1].upper() + s.line[1:]
    if not s.values and not any(s.held.values()):
        return Part(title, (Text(f"No starting point yet. {line}.", BODY),))
    blocks: list[Block] = [Text(line + ("" if line.endswith(".") else "."), SMALL, after=2.0, with_next=bool(s.values))]
    if s.values:
        columns = (
            Column("Area", look=_STRONG, most=62),
            Column("What", most=170),
            Column("Value", "right", most=90, look=_STRONG),
            Column("Who said so, and how sure", share=1),
            Column("Day", "right", most=70),
        )
        rows = [
            Row((STRANDS.get(v.strand, v.strand), v.what, v.text, Piece(v.detail, None, "quiet"), Piece(days.words(v.day), None, "quiet")))
            for v in s.values
        ]
        blocks.append(Table(columns, rows))
    without = [STRANDS[k] for k in STRANDS if not s.held.get(k)]
    held = len(STRANDS) - len(without)
    words = f"A starting value is held for {held} of {len(STRANDS)} areas."
    if without:
        words += f" Not yet: {', '.join(without)}."
    if s.earlier:
        words += f" An earlier starting point of {', '.join(days.words(p.day) for p in s.earlier)} is kept beside it."
    blocks.append(Text(words, SMALL, before=5.0))
    return Part(title, tuple(blocks))
