"""The tab of plan and goals: goals with their ratings, next steps, events on the time axis, strengths and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.figures import FIGURES
from approgress.domain.records import Event, Goal, NextStep, Note, Strength
from approgress.ui.forms.pupil_records import AUDIENCES, EVENTS, NOTES
from approgress.ui.pages.pupil.lists import ListCard, shortened
from approgress.ui.pages.pupil.overview import lead_of
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage

_AUDIENCES = dict(AUDIENCES)
_EVENTS = dict(EVENTS)
_NOTES = dict(NOTES)


class PlanTab(QWidget):
    """Shows what a pupil wants, what is done, and what was written down."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.chart = FigureCard()
        self.goals = ListCard(
            "Goals",
            (
                Column("In their words", stretch=3, least=9, sorts=False),
                Column("Start", "right", sorts=False),
                Column("Now", "right", sorts=False),
                Column("Target", "right", sorts=False, drop=1),
                Column("Whose", sorts=False, drop=2),
            ),
            add="Goal",
            empty="No goals yet. Ask what should be different, and write down the answer as it was said.",
        )
        self.ratings = ListCard(
            "Ratings", (Column("Day"), Column("Goal", stretch=1, least=8, sorts=False), Column("Rating", "right", sorts=False), Column("By", sorts=False)), add="Rating"
        )
        self.steps = ListCard(
            "Next steps",
            (Column("By"), Column("What", stretch=3, least=8, sorts=False), Column("Who", stretch=2, least=6, sorts=False, drop=1), Column("Done", sorts=False)),
            add="Next step",
            empty="Nothing is planned. Add what is to be done next, by when and by whom.",
        )
        self.events = ListCard(
            "Events on the time axis",
            (Column("Day"), Column("What", stretch=2, least=8, sorts=False), Column("Kind", stretch=2, least=7, sorts=False, drop=1)),
            add="Event",
            empty="No events yet. A plan, a move or a suspension stands as a line on every chart.",
        )
        self.strengths = ListCard(
            "Strengths", (Column("", said="Kind", sorts=False), Column("What", stretch=1, least=8, sorts=False)), add="Strength", empty="Nothing written yet."
        )
        self.notes = ListCard(
            "Notes",
            (
                Column("Day"),
                Column("Note", stretch=1, least=10, sorts=False),
                Column("Kind", sorts=False, drop=3),
                Column("Written by", sorts=False, drop=2),
                Column("Who may read it", sorts=False, drop=1),
            ),
            add="Note",
            empty="No notes yet.",
        )
        column.addWidget(SideBySide((self.goals, 3), (self.chart, 2), stack_at=Fold.MIDDLE))
        column.addWidget(SideBySide((self.steps, 1), (self.events, 1), stack_at=Fold.MIDDLE))
        column.addWidget(SideBySide((self.strengths, 1), (self.ratings, 1), stack_at=Fold.MIDDLE))
        column.addWidget(self.notes)
        column.addStretch(1)
        for card, kind in self._cards().items():
            card.setProperty("kind", kind)
            card.add_asked.connect(self._add)
            card.opened.connect(self._open)

    def _cards(self) -> dict[ListCard, str]:
        return {
            self.goals: "goal",
            self.ratings: "rating",
            self.steps: "next_step",
            self.events: "event",
            self.strengths: "strength",
            self.notes: "note",
        }

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        d, r = seen.dossier, seen.records
        figure = FIGURES["goals"](d)
        if self.chart.figure() != figure:
            self.chart.set_figure(figure)
        reveal(self.chart, bool(d.goals))
        views = {g.goal.id: g for g in d.goals}
        self.goals.show_rows([_goal_row(g, views[g.id].start_text if g.id in views else "", views[g.id].now_text if g.id in views else "", seen) for g in r.goals])
        words = {g.id: g.words for g in r.goals}
        rated = sorted((x for x in r.readings if x.goal_id in words), key=lambda x: (x.day, x.id), reverse=True)
        reveal(self.ratings, bool(r.goals))
        self.ratings.show_rows(
            [
                Row(
                    x.id,
                    f"{words[x.goal_id or 0]}, {days.words(x.day)}",
                    (
                        TextCell(days.words(x.day), struck=x.status == "void"),
                        TextCell(words[x.goal_id or 0], wrap=True),
                        TextCell("\u2013" if x.value is None else f"{x.value:g}", kind="strong", across="right", struck=x.status == "void"),
                        TextCell(x.respondent),
                    ),
                    sort=(x.day, None, None, None),
                )
                for x in rated
            ]
        )
        steps = sorted(r.next_steps, key=lambda s: (s.done_on is not None, s.day, s.id))
        self.steps.show_rows([_step_row(s, seen) for s in steps])
        self.events.show_rows([_event_row(e, seen) for e in sorted(r.events, key=lambda e: (e.day, e.id), reverse=True)])
        self.strengths.show_rows([_strength_row(s, seen) for s in r.strengths])
        self.notes.show_rows([_note_row(n, seen) for n in sorted(r.notes, key=lambda n: (n.day, n.id), reverse=True)])

    def _add(self) -> None:
        self._page.add(self.sender().property("kind"))

    def _open(self, key: object) -> None:
        self._page.change(self.sender().property("kind"), key)


def _goal_row(g: Goal, start: str, now: str, seen: Seen) -> Row:
    target = "" if g.target is None else f"{g.target}" + (f" by {days.words(g.target_day)}" if g.target_day else "")
    return Row(
        g.id,
        g.words,
        (
            TextCell(g.words, f"ended {days.words(g.ended_on)}" if g.ended_on else "", kind="strong", wrap=True, below=True),
            TextCell(start or "\u2013", across="right"),
            TextCell(now or "\u2013", kind="strong", across="right"),
            TextCell(target, across="right"),
            TextCell(seen.dossier.name.call if g.owner == "pupil" else g.owner),
        ),
    )


def _step_row(s: NextStep, seen: Seen) -> Row:
    late = s.done_on is None and s.day < seen.today
    return Row(
        s.id,
        s.text,
        (
            TextCell(days.words(s.day), kind="strong" if late else "body", role="attention" if late else "ink"),
            TextCell(s.text, kind="body" if s.done_on else "strong", wrap=True, role="quiet" if s.done_on else "ink"),
            TextCell(s.owner or "", wrap=True),
            TextCell(days.words(s.done_on) if s.done_on else "overdue" if late else "", role="attention" if late else "quiet"),
        ),
        sort=(s.day, None, None, None),
    )


def _event_row(e: Event, seen: Seen) -> Row:
    more = f"{e.half_days} half-day{'s' if e.half_days != 1 else ''}" if e.half_days else "planned" if e.planned or e.day > seen.today else ""
    return Row(
        e.id,
        e.label,
        (TextCell(days.words(e.day)), TextCell(e.label, more, kind="strong", wrap=True, below=True), TextCell(_EVENTS.get(e.sort, e.sort), role="quiet", wrap=True)),
        sort=(e.day, None, None),
    )


def _strength_row(s: Strength, seen: Seen) -> Row:
    return Row(s.id, s.text, (TextCell(lead_of(s.sort, seen), role="quiet"), TextCell(shortened(s.text), wrap=True)))


def _note_row(n: Note, seen: Seen) -> Row:
    who = seen.facts.people.get(n.person_id) if n.person_id is not None else None
    return Row(
        n.id,
        f"note of {days.words(n.day)}",
        (
            TextCell(days.words(n.day)),
            TextCell(shortened(n.text), wrap=True),
            TextCell(_NOTES.get(n.sort, n.sort), role="quiet"),
            TextCell(who.name if who is not None else "", role="quiet"),
            TextCell(_AUDIENCES.get(n.audience, n.audience), role="quiet"),
        ),
        sort=(n.day, None, None, None, None),
    )
