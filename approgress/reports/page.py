"""The page: A4 with running head and foot, on which blocks are laid out before any is drawn, so that 'page x of y' is known at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from approgress.reports.paper import PAGE_HEIGHT, PAGE_WIDTH, Paper
from approgress.reports.plot import wide, write
from approgress.reports.text import Block, Look, Space

LEFT: Final = 43.5
WIDTH: Final = PAGE_WIDTH - 2 * LEFT
TOP: Final = PAGE_HEIGHT - 38.0
RUNNING_TOP: Final = PAGE_HEIGHT - 30.0
TOP_BELOW_RUNNING: Final = PAGE_HEIGHT - 58.0
BOTTOM: Final = 54.0
FOOT_RULE: Final = 44.0

FOOT: Final = Look(8.2, 10.4, 400, "quiet")


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands at the head of every page but the first, and at the foot of all: the pupil and the report, and the parts of the foot."""

    head: str
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A block at its place: its upper edge."""

    block: Block
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    """One laid-out page. `continues` is the section that runs over from the page before, or ''; `bottom` is where its blocks end."""

    placed: tuple[Placed, ...]
    continues: str = ""
    bottom: float = 0.0


THIN: Final = 130.0
"""A last page that holds less than this is worth avoiding."""


def lay_out_pages(blocks: Sequence[Block]) -> list[Page]:
    """The blocks on pages. No page without content, no heading at a page's foot without what follows, tables and texts divided by themselves.

    Where a few lines would be left over for a last page, the space between blocks is drawn in, if that saves the page.
    """
    pages = _lay_out(blocks, 1.0)
    if len(pages) > 1 and TOP_BELOW_RUNNING - pages[-1].bottom < THIN:
        for air in (0.8, 0.6):
            closer = _lay_out(blocks, air)
            if len(closer) < len(pages):
                return closer
    return pages


def _lay_out(blocks: Iterable[Block], air: float) -> list[Page]:
    waiting = deque(blocks)
    pages: list[Page] = []
    placed: list[Placed] = []
    continues = ""
    y = TOP
    gap = 0.0

    def turn(section: str) -> None:
        nonlocal placed, continues, y, gap
        pages.append(Page(tuple(placed), continues, y))
        placed, continues, y, gap = [], section, TOP_BELOW_RUNNING, 0.0

    while waiting:
        block = waiting.popleft()
        if isinstance(block, Space):
            gap = max(gap, block.measure(WIDTH))
            continue
        above = max(gap, block.before) * air if placed else 0.0
        room = y - above - BOTTOM
        needed = _needed(block, waiting)
        if needed > room and placed:
            parts = None if block.with_next else block.divide(WIDTH, room)
            if parts is None:
                waiting.appendleft(block)
                turn(block.section if block.section == _last_section(placed) else "")
                continue
        height = block.measure(WIDTH)
        if height > room + 0.01:
            block = block.squeezed(WIDTH, room) or block
            height = block.measure(WIDTH)
        if height <= room + 0.01:
            placed.append(Placed(block, y - above))
            y -= above + height
            gap = block.after
            continue
        parts = block.divide(WIDTH, room)
        if parts is None:
            if placed:
                waiting.appendleft(block)
                turn(block.section if block.section == _last_section(placed) else "")
                continue
            placed.append(Placed(block, y - above))  # it fits on no page; drawn from the top, as much as there is paper
            y -= above + height
            continue
        head, rest = parts
        placed.append(Placed(head, y - above))
        y -= above + head.measure(WIDTH)
        waiting.appendleft(rest)
        turn(block.section)
    if placed:
        pages.append(Page(tuple(placed), continues, y))
    return pages


def _last_section(placed: Sequence[Placed]) -> str:
    return placed[-1].block.section


def _needed(block: Block, following: Iterable[Block]) -> float:
    """What must be free for a block to begin here: its own least, and for a heading what it heads too."""
    if not block.with_next:
        return block.least(WIDTH)
    height = block.measure(WIDTH)
    after = block.after
    for other in following:
        if isinstance(other, Space):
            after = max(after, other.measure(WIDTH))
            continue
        height += max(after, other.before)
        if not other.with_next:
            return height + other.least(WIDTH)
        height += other.measure(WIDTH)
        after = other.after
    return height


def paint_pages(paper: Paper, pages: Sequence[Page], margin: Margin, *, key: str, level: int) -> None:
    """Draw the pages with their margins; headings become bookmarks at `level`, their keys beginning with `key`."""
    bookmarks = 0
    for number, page in enumerate(pages, 1):
        if number > 1:
            _paint_running_head(paper, margin.head, page.continues)
        for item in page.placed:
            bookmark = getattr(item.block, "bookmark", "")
            if bookmark:
                bookmarks += 1
                name = f"{key}.{bookmarks}"
                paper.bookmarkPage(name, fit="XYZ", left=0, top=item.top + 6)
                paper.addOutlineEntry(bookmark, name, level, closed=0)
            item.block.paint(paper, LEFT, item.top, WIDTH)
        _paint_foot(paper, margin.foot, f"{number} of {len(pages)}")
        paper.showPage()


def _paint_running_head(paper: Paper, head: str, continues: str) -> None:
    paper.ornament()
    y = RUNNING_TOP - FOOT.size
    right = f"{continues}, continued" if continues else ""
    room = WIDTH - (wide(right, FOOT, 600) + 14 if right else 0)
    write(paper, LEFT, y, shorten(head, FOOT, room), FOOT)
    if right:
        write(paper, LEFT + WIDTH, y, right, FOOT, align="right", weight=600)
    paper.rule(LEFT, y - 6, WIDTH, "line", 0.6)


def _paint_foot(paper: Paper, parts: Sequence[str], number: str) -> None:
    paper.ornament()
    paper.rule(LEFT, FOOT_RULE, WIDTH, "line", 0.6)
    write(paper, LEFT + WIDTH, FOOT_RULE - 6 - FOOT.size, number, FOOT, align="right")
    room = WIDTH - wide("100 of 100", FOOT) - 12
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} \u00b7 {part}" if lines else part
        if lines and wide(longer, FOOT) <= room:
            lines[-1] = longer
        else:
            lines.append(shorten(part, FOOT, room))
    for i, line in enumerate(lines[:2]):
        write(paper, LEFT, FOOT_RULE - 6 - FOOT.size - i * FOOT.leading, line, FOOT)


def shorten(text: str, look: Look, room: float) -> str:
    """The text, its end replaced by three dots where it is wider than `room` points (margins only; the page itself says it in full)."""
    if wide(text, look) <= room:
        return text
    while text and wide(text + "\u2026", look) > room:
        text = text[:-1]
    return text.rstrip() + "\u2026"
