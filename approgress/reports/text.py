"""Text on paper: pieces of a sentence laid out in lines without any markup, so that what a person typed is set letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from reportlab.platypus.flowables import Flowable

from approgress.reports.fonts import Face, clean, measured, runs
from approgress.reports.paper import Fragment, Paper


@dataclass(frozen=True, slots=True)
class Look:
    """A way in which a text is set: size and distance of base lines in points, weight and colour role."""

    size: float
    leading: float
    weight: int = 400
    colour: str = "ink"


TITLE: Final = Look(18.4, 23.0, 700)
UNDER_TITLE: Final = Look(10.0, 14.0, 400, "quiet")
LEAD: Final = Look(11.0, 16.2)
HEADING: Final = Look(11.2, 15.0, 700, "accent")
SUBHEADING: Final = Look(9.3, 12.6, 600)
BODY: Final = Look(9.3, 13.2)
SMALL: Final = Look(8.7, 12.6, 400, "quiet")
COLUMN: Final = Look(8.4, 11.0, 600, "quiet")
AXIS: Final = Look(7.9, 9.6, 400, "quiet")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one weight and colour (None: as its surroundings), or a drawn mark (`style.MARKS`) that stands in the line."""

    text: str
    weight: int | None = None
    colour: str | None = None
    mark: str = ""


Said = str | Piece | Sequence[Piece]
"""What can be set: plain words, or pieces."""


def pieces_of(said: Said) -> tuple[Piece, ...]:
    """What was said, as pieces."""
    if isinstance(said, str):
        return (Piece(said),)
    return (said,) if isinstance(said, Piece) else tuple(said)


def plain(said: Said) -> str:
    """What was said, without weights and marks."""
    return "".join(p.text for p in pieces_of(said))


# --- lines ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One laid-out line: its fragments from left to right and its width in points. `ends` says that a line end was typed after it."""

    fragments: tuple[Fragment, ...]
    width: float
    ends: bool = False


_TOKENS: Final = re.compile(r"\n|\t| +|[^ \n\t]+")
# A word may break after a hyphen or a stroke between letters, never between figures.
_BREAKS: Final = re.compile(r"(?<=[^\W\d_][^\W\d_][-–—/])(?=[^\W\d_]{2})")
_MAY_BREAK: Final = re.compile(r"[-–—/]")
_TAB: Final = "    "

_Part = tuple[Face, str, str, float, str]  # face, colour, text, width, mark


def mark_width(mark: str, size: float) -> float:
    """The room that a drawn mark takes in a line of this size."""
    return size * (1.15 if mark == "arrow" else 0.82)


def lay_out(said: Said, look: Look, width: float) -> tuple[Line, ...]:
    """The text in lines no wider than `width` points. Line ends and runs of spaces stay, a tab is four spaces, a word too long is broken."""
    return _lay_out(pieces_of(said), look, round(width, 2))


@lru_cache(maxsize=2048)
def _lay_out(said: tuple[Piece, ...], look: Look, width: float) -> tuple[Line, ...]:
    size = look.size
    lines: list[Line] = []
    line: list[_Part] = []
    reach = 0.0
    spaces: list[_Part] = []
    spaces_wide = 0.0
    word: list[_Part] = []
    word_wide = 0.0
    at_start = True  # of a typed line: spaces that begin it stay

    def close(ends: bool) -> None:
        nonlocal line, reach, spaces, spaces_wide, at_start
        lines.append(_line(line, size, ends))
        line, reach, spaces, spaces_wide = [], 0.0, [], 0.0
        at_start = ends

    def put_word() -> None:
        nonlocal word, word_wide, line, reach, spaces, spaces_wide, at_start
        if not word:
            return
        if line and reach + spaces_wide + word_wide > width:
            close(False)
        if spaces and (line or at_start) and reach + spaces_wide < width:
            line += spaces
            reach += spaces_wide
        spaces, spaces_wide = [], 0.0
        while reach + word_wide > width + 0.01:
            head, word = _cut(word, width - reach, size, at_least=0 if line else 1)
            line += head
            word_wide = sum(p[3] for p in word)
            close(False)
        line += word
        reach += word_wide
        word, word_wide = [], 0.0
        at_start = False

    for piece in said:
        weight = piece.weight or look.weight
        colour = piece.colour or look.colour
        if piece.mark:
            set_in = runs(" ", weight)[0][0]
            word.append((set_in, colour, "", mark_width(piece.mark, size), piece.mark))
            word_wide += word[-1][3]
            continue
        for token in _TOKENS.findall(clean(piece.text)):
            first = token[0]
            if first == "\n":
                put_word()
                close(True)
                continue
            if first in " \t":
                put_word()
                text = _TAB if first == "\t" else token
                set_in = runs(" ", weight)[0][0]
                wide = measured(text, weight)[0][2] * size
                spaces.append((set_in, colour, text, wide, ""))
                spaces_wide += wide
                continue
            parts = _BREAKS.split(token) if _MAY_BREAK.search(token) else (token,)
            for i, part in enumerate(parts):
                if i:
                    put_word()
                for set_in, text, unit in measured(part, weight):
                    wide = unit * size
                    word.append((set_in, colour, text, wide, ""))
                    word_wide += wide
    put_word()
    if line or not lines:
        close(False)
    return tuple(lines)


def _cut(word: list[_Part], room: float, size: float, at_least: int) -> tuple[list[_Part], list[_Part]]:
    """As many signs of a word as go into `room`, at least so many (0 or 1), and the rest."""
    head: list[_Part] = []
    for i, (set_in, colour, text, wide, mark) in enumerate(word):
        if wide <= room:
            head.append(word[i])
            room -= wide
            continue
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if set_in.width(text[:middle], size) <= room:
                low = middle
            else:
                high = middle - 1
        low = max(low, 0 if head else at_least)
        if mark or not text:
            low = 0
            if not head and at_least:
                return [word[i]], word[i + 1 :]
        if low:
            head.append((set_in, colour, text[:low], set_in.width(text[:low], size), ""))
        rest = text[low:]
        left = [(set_in, colour, rest, set_in.width(rest, size), mark)] if rest or mark else []
        return head, [*left, *word[i + 1 :]]
    return head, []


def _line(parts: list[_Part], size: float, ends: bool) -> Line:
    fragments: list[Fragment] = []
    x = 0.0
    for set_in, colour, text, wide, mark in parts:
        last = fragments[-1] if fragments else None
        if last is not None and not mark and not last.mark and last.face is set_in and last.colour == colour:
            last.text += text
            last.width += wide
        else:
            fragments.append(Fragment(x, wide, set_in, colour, text, mark))
        x += wide
    return Line(tuple(fragments), x, ends)


# --- blocks -----------------------------------------------------------------------------------------------------------


_Flowable: Any = Flowable  # ReportLab carries no types


class Block(_Flowable):
    """A platypus flowable that paints itself at a place: what a section is made of.

    `before` and `after` are the space around it in points; `with_next` keeps it on the page of what follows; `section` names what a page
    that it runs over to continues.
    """

    before: float = 0.0
    after: float = 0.0
    with_next: bool = False
    section: str = ""

    def __init__(self) -> None:
        _Flowable.__init__(self)

    def measure(self, width: float) -> float:
        """Its height in points when `width` points wide."""
        raise NotImplementedError

    def least(self, width: float) -> float:
        """The height that its first part needs when it may be divided."""
        return self.measure(width)

    def divide(self, width: float, height: float) -> tuple[Block, Block] | None:
        """The part that goes into `height` points and the rest, or None where it cannot be divided there."""
        return None

    def squeezed(self, width: float, height: float) -> Block | None:
        """The same in `height` points, where it can be drawn lower than it would like; else None."""
        return None

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draw itself, its upper left corner at (x, top)."""
        raise NotImplementedError

    # what platypus asks for

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Width and height."""
        self.width = aW
        self.height = self.measure(aW)
        return aW, self.height

    def split(self, aW: float, aH: float) -> list[Any]:  # noqa: N803
        """Two parts, the first of which fits; or nothing."""
        return list(self.divide(aW, aH) or ())

    def draw(self) -> None:
        """Draw itself on the canvas that platypus gave it."""
        self.paint(self.canv, 0.0, self.height, self.width)

    def getSpaceBefore(self) -> float:  # noqa: N802
        """Points above."""
        return self.before

    def getSpaceAfter(self) -> float:  # noqa: N802
        """Points below."""
        return self.after

    def getKeepWithNext(self) -> bool:  # noqa: N802
        """Whether it stays with what follows."""
        return self.with_next


class Text(Block):
    """A paragraph or heading. `tag` is P, H1, H2, H3 or LI; `indent` points on the left; `align` left, right or centre."""

    def __init__(
        self,
        said: Said,
        look: Look = BODY,
        *,
        tag: str = "P",
        before: float = 0.0,
        after: float = 0.0,
        with_next: bool = False,
        indent: float = 0.0,
        align: str = "left",
        at_most: float | None = None,
        lines: tuple[float, tuple[Line, ...]] | None = None,
    ) -> None:
        super().__init__()
        self.said = said
        self.look = look
        self.tag = tag
        self.before = before
        self.after = after
        self.with_next = with_next
        self.indent = indent
        self.align = align
        self.at_most = at_most
        self._lines = lines

    def lines(self, width: float) -> tuple[Line, ...]:
        """Its lines at this width."""
        room = width - self.indent
        if self.at_most is not None:
            room = min(room, self.at_most)
        if self._lines is None or abs(self._lines[0] - room) > 0.01:
            self._lines = room, lay_out(self.said, self.look, room)
        return self._lines[1]

    def measure(self, width: float) -> float:
        """Its height in points."""
        return len(self.lines(width)) * self.look.leading

    def least(self, width: float) -> float:
        """Two lines, or all of a short one."""
        n = len(self.lines(width))
        return (n if n <= 3 else 2) * self.look.leading

    def divide(self, width: float, height: float) -> tuple[Block, Block] | None:
        """Between two lines, with at least two on either side."""
        lines = self.lines(width)
        n = min(int((height + 0.01) / self.look.leading), len(lines) - 2)
        if n < 2:
            return None
        room = self._lines[0] if self._lines else width

        def part(some: tuple[Line, ...]) -> Text:
            return Text(
                self.said, self.look, tag=self.tag, after=self.after, with_next=False, indent=self.indent, align=self.align,
                at_most=self.at_most, lines=(room, some),
            )  # fmt: skip

        head, rest = part(lines[:n]), part(lines[n:])
        head.before, head.after = self.before, 0.0
        head.section = rest.section = self.section
        return head, rest

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draw the lines under one tag."""
        paper.begin(self.tag)
        paint_lines(paper, self.lines(width), self.look, x + self.indent, top, width - self.indent, self.align)
        paper.end()


def paint_lines(paper: Paper, lines: Iterable[Line], look: Look, x: float, top: float, width: float, align: str = "left") -> None:
    """Draw lines from `top` down, without a tag of their own."""
    y = top - look.leading * 0.5 - look.size * 0.335  # the middle of the capitals in the middle of the line
    for line in lines:
        shift = 0.0 if align == "left" else (width - line.width) / (1 if align == "right" else 2)
        if line.fragments:
            paper.write_line(x + shift, y, look.size, line.fragments)
        y -= look.leading


class Space(Block):
    """Nothing, so many points high; it makes no page of its own."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self._height = height

    def measure(self, width: float) -> float:
        """Its height in points."""
        return self._height

    def paint(self, paper: Paper, x: float, top: float, width: float) -> None:
        """Draws nothing."""
