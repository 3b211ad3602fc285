"""Goals in the words in which they were said, with their ratings from 0 to 10."""

from __future__ import annotations

from approgress.domain.dossier import GoalView
from approgress.reports.build import Part, Telling, section
from approgress.reports.paper import Paper
from approgress.reports.plot import DOT_SCALE, paint_dot_scale
from approgress.reports.sections.said import own_words, quoted
from approgress.reports.table import Cell, Column, Drawn, Row, Table
from approgress.reports.text import BODY, Look, Piece, Text

_FIGURE = Look(BODY.size, BODY.leading, 600)


def _scale(goal: GoalView) -> Cell:
    start = goal.start.value
    now = goal.now.value
    if start is None and now is None:
        return ""

    def paint(paper: Paper, x: float, middle: float) -> None:
        paint_dot_scale(paper, x, middle, DOT_SCALE, 0, 10, start, now, "accent")

    return Drawn(DOT_SCALE, 10.0, f"A scale from 0 to 10: {goal.text}.", paint)


def _rating(goal: GoalView) -> Cell:
    if not goal.start_text or not goal.now_text:
        return Piece(goal.text, 400, "quiet") if not goal.start_text else Piece(goal.text)
    return (
        Piece(goal.start_text + " "),
        Piece("", mark="arrow", colour="quiet"),
        Piece(f" {goal.now_text}"),
        Piece(" of 10", 400, "quiet"),
    )


@section("goals")
def goals(t: Telling) -> Part:
    """Each goal, verbatim; a scale with its start and now; the two figures."""
    d = t.dossier
    if not d.goals:
        return Part("Goals", (Text(f"No goals have been set yet. Ask {d.name.call} for one in {d.name.possessive} own words.", BODY),))
    own = all(g.owner == "pupil" for g in d.goals)
    rows: list[Row] = []
    for g in d.goals:
        words: list[Piece] = [Piece(quoted(g.goal.words))]
        if g.owner != "pupil":
            words.append(Piece(f" {g.owner}", None, "quiet"))
        if g.goal.ended_on is not None and g.goal.ended_on <= d.last:
            words.append(Piece(" (ended)", None, "quiet"))
        rows.append(Row((words, _scale(g), _rating(g))))
    columns = (Column("", share=1), Column("", most=DOT_SCALE + 2), Column("", "right", most=130, look=_FIGURE))
    title = f"Goals, {own_words(d)}" if own else "Goals"
    return Part(title, (Table(columns, rows, headings=False),))
