"""A certificate for a run of attendance, on one page: the pupil's own, in plain words, without any percentage."""

from __future__ import annotations

from datetime import date
from typing import Final

from approgress.domain import days
from approgress.domain.naming import ShownName
from approgress.reports.page import LEFT, WIDTH
from approgress.reports.paper import PAGE_HEIGHT, Paper
from approgress.reports.text import Look, Text

_SCHOOL: Final = Look(13.0, 18.0, 600, "quiet")
_WORDS: Final = Look(15.0, 22.0)
_NAME: Final = Look(34.0, 42.0, 700)
_REACHED: Final = Look(19.0, 28.0, 600, "accent")
_FOOT: Final = Look(10.0, 14.0, 400, "quiet")


def build_certificate(name: ShownName, school: str, reached: str, day: date, *, demonstration: bool = False) -> bytes:
    """The page as PDF: `reached` is what was reached ('came to 15 agreed sessions in a row'). The same words give the same bytes."""
    paper = Paper(title=f"Certificate: {name.full}", author=school, subject="Certificate of attendance", keywords="approgress", made=day)
    paper.begin("Sect")
    y = PAGE_HEIGHT - 150.0
    lines = (
        (school, _SCHOOL, "P", 60.0),
        ("This is to say, with pleasure, that", _WORDS, "P", 22.0),
        (name.full, _NAME, "H1", 26.0),
        (f"{reached}.", _REACHED, "P", 40.0),
        (days.words(day), _WORDS, "P", 130.0),
    )
    for words, look, tag, after in lines:
        block = Text(words, look, tag=tag, align="centre")
        block.paint(paper, LEFT, y, WIDTH)
        y -= block.measure(WIDTH) + after
    paper.ornament()
    paper.rule(LEFT + WIDTH / 2 - 110, y, 220, "edge", 0.8)
    signed = Text("Signed for the school", _FOOT, align="centre")
    signed.paint(paper, LEFT, y - 6, WIDTH)
    if demonstration:
        Text("Demonstration school: the pupil is invented.", _FOOT, align="centre").paint(paper, LEFT, 60.0, WIDTH)
    paper.frame(LEFT - 14, 36.0, WIDTH + 28, PAGE_HEIGHT - 72.0, "accent", 1.6)
    paper.showPage()
    paper.end()
    return paper.finish()
