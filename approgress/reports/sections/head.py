"""The head of the first page and the opening paragraph."""

from __future__ import annotations

from approgress.domain import days
from approgress.domain.dossier import Dossier
from approgress.reports.build import Part, Telling, section
from approgress.reports.paper import Paper
from approgress.reports.sections.said import opening_pieces
from approgress.reports.text import LEAD, TITLE, UNDER_TITLE, Block, Line, Look, Text, lay_out, paint_lines

_RIGHT = Look(9.6, 13.2, 600)
_RIGHT_SECOND = Look(8.9, 12.4, 400, "quiet")
_LONG_LEAD = Look(9.8, 14.2)
_LONG = 560  # signs: about six lines of the large type, which is as much as anyone reads in it


class _Head(Block):
    """Title, pupil and time on the left; setting and placement on the right; a line in accent below."""

    after = 12.0

    def __init__(self, title: str, under: str, right: str, right_second: str) -> None:
        super().__init__()
        self._texts = title, under, right, right_second

    def _lay_out(self, width: float) -> tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...], tuple[Line, ...]]:
        title, under, right, second = self._texts
        part = width * 0.42
        right_wide = max(line.width for text, look in ((right, _RIGHT), (second, _RIGHT_SECOND)) for line in lay_out(text, look, part))
        left = width - right_wide - 20
        return (
            lay_out(title, TITLE, left),
            lay_out(under, UNDER_TITLE, left),
            lay_out(right, _RIGHT, part),
            lay_out(second, _RIGHT_SECOND, part) if second else (),
        )

    def measure(self, width: float) -> float:
        """Its height in points."""
        title, under, right, second = self._lay_out(width)
        left_high = len(title) * TITLE.leading + len(under) * UNDER_TITLE.leading
        right_high = len(right) * _RIGHT.leading + len(second) * _RIGHT_SECOND.leading
        return max(left_high, right_high) + 9

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draw it, both sides on one foot."""
        title, under, right, second = self._lay_out(width)
        foot = top - self.measure(width) + 9
        left_high = len(title) * TITLE.leading + len(under) * UNDER_TITLE.leading
        right_high = len(right) * _RIGHT.leading + len(second) * _RIGHT_SECOND.leading
        paper.begin("H1")
        paint_lines(paper, title, TITLE, x, foot + left_high, width)
        paper.end()
        paper.begin("P")
        paint_lines(paper, under, UNDER_TITLE, x, foot + len(under) * UNDER_TITLE.leading, width)
        paper.end()
        paper.begin("P")
        paint_lines(paper, right, _RIGHT, x, foot + right_high, width, "right")
        paint_lines(paper, second, _RIGHT_SECOND, x, foot + len(second) * _RIGHT_SECOND.leading, width, "right")
        paper.end()
        paper.ornament()
        paper.fill_rect(x, foot - 9, width, 2.2, "accent")


def _placement_line(d: Dossier) -> str:
    placement = d.header.placement
    if placement is None:
        return d.header.home_school or ""
    words, home = placement.words.split(",")[0], d.header.home_school or ""
    return f"{words}, {home}" if home and home not in words else words


@section("head")
def head(t: Telling) -> Part:
    """Title, pupil, year and time; setting and placement."""
    d = t.dossier
    span = f"{days.words(d.first, year=d.first.year != d.last.year)} to {days.words(d.last)}" if d.first < d.last else days.words(d.last)
    under = " \u00b7 ".join(p for p in (d.name.full, d.header.year, span) if p)
    line = _placement_line(d)
    return Part("", (_Head(t.plan.title, under, d.school, line[:1].upper() + line[1:]),))


@section("opening")
def opening(t: Telling) -> Part:
    """The findings that say in a few sentences who the pupil is, how they came, and what has changed."""
    pieces = opening_pieces(t.dossier)
    look = LEAD if sum(len(p.text) for p in pieces) <= _LONG else _LONG_LEAD
    return Part("", (Text(pieces, look, after=4.0),) if pieces else ())
