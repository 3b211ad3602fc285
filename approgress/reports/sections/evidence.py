"""What the report rests on, with every denominator and what is missing, and how to read it."""

from __future__ import annotations

from approgress.domain import findings
from approgress.reports.build import Part, Telling, section
from approgress.reports.sections.said import finding_pieces
from approgress.reports.text import SMALL, Block, Piece, Text


@section("evidence")
def evidence(t: Telling) -> Part:
    """One paragraph: counts and who stated them, then what is missing."""
    d = t.dossier
    pieces = finding_pieces(findings.evidence(d))
    missing = finding_pieces(findings.missing(d))
    if missing:
        pieces += [Piece(" Missing: " if pieces else "Missing: ", 600, "ink"), *missing]
    blocks: list[Block] = [Text(pieces, SMALL)] if pieces else []
    return Part("Evidence behind this report", tuple(blocks))


@section("how_to_read")
def how_to_read(t: Telling) -> Part:
    """The marks, the counts, and what this report does not claim."""
    d = t.dossier
    marks: list[Piece] = [
        Piece("", mark="gain", colour="gain"),
        Piece(" better, by more than error of measurement.  "),
        Piece("", mark="decline", colour="decline"),
        Piece(" worse, by more than that.  "),
        Piece("", mark="none", colour="none"),
        Piece(" no clear change.  "),
        Piece("", mark="unjudged", colour="quiet"),
        Piece(" cannot be judged, and why.  A mark says better or worse, never higher or lower."),
    ]
    counts = (
        "Every figure stands with what it was counted from: \u201c29 of 33\u201d is 29 of 33 possible. Attendance, engagement and behaviour are "
        "counts and get no mark: \u201cbetter\u201d says only that the later count is better than the earlier one. Start is the agreed starting "
        f"point, or the earliest reading since {d.name.subject} came where none is agreed yet; now is the latest reading, not the best. "
        "What is missing is said and never counted as no change. A change is told, not its cause: pupils often come at a low point, and some "
        "rise would be expected without any help."
    )
    return Part("How to read this report", (Text(marks, SMALL, after=3.0), Text(counts, SMALL)))
