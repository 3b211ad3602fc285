"""The first part of a pupil's page: strengths first, six strands, the large chart, starting point, goals and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.dossier import GoalView, StartValueView, Step, StrandView
from approgress.domain.figures import small
from approgress.domain.instruments import STRANDS
from approgress.domain.values import Value, percent_words
from approgress.ui.pages.pupil.main_chart import MainChart
from approgress.ui.pages.pupil.pieces import FromTo, LeadText, RecordButton, Rows
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, EmptyState, Line
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid, SideBySide
from approgress.ui.parts.sparkline import mini_of
from approgress.ui.parts.strand_card import SpanBar, StrandCard, StrandFacts
from approgress.ui.theme import h, measure, reveal, space, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

VALUES, STEPS = 5, 3
"""How many starting values and next steps are shown here; the rest stands in their own tabs."""

LEADS = {"good_at": "Good at", "what_helps": "What helps", "own_words": "In their words"}


def lead_of(sort: str, seen: Seen) -> str:
    """'Good at', 'What helps', 'In her words': pronouns come from the pupil's own field, with none the name is used."""
    if sort == "own_words":
        return f"In {seen.dossier.name.possessive} words"
    return LEADS.get(sort, "Good at")


def quoted(text: str) -> str:
    """Words in quotation marks, unless whoever wrote them down put some."""
    return text if text[:1] in "\"'\u201c\u2018" else f"\u201c{text}\u201d"


def _card_text(value: Value, text: str) -> str:
    """A percentage without decimals, since the counts stand below it; anything else as it is."""
    return percent_words(value.count, value.of) if text.endswith("%") and value.count is not None and value.of else text


def card_facts(seen: Seen, view: StrandView) -> StrandFacts:
    """What the card of a strand says."""
    if view.missing is not None:
        return StrandFacts(view.strand, missing=view.missing.what.rstrip("."), to_do=" ".join(p for p in (view.missing.why, view.missing.do) if p))
    figure = small(seen.dossier, view.strand)
    sign = view.sign
    return StrandFacts(
        view.strand,
        start=_card_text(view.start, view.start_text),
        now=_card_text(view.now, view.now_text),
        unit=view.unit,
        sign=sign.mark,
        verdict=sign.words,
        chart=mini_of(figure),
        sources=tuple(s for s in view.sources if s),
        chart_words="" if figure.empty else figure.text,
    )


class StrengthsCard(Card):
    """Strengths first, in columns of at most three."""

    add_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=0.55, parent=parent)
        self._shown: object = None
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._box, gap=1.2)
        head = QWidget()
        row = QHBoxLayout(head)
        space(row, gap=0.45)
        self._star = Text()
        row.addWidget(self._star)
        row.addWidget(Text("Strengths first", "heading"))
        self._box.addWidget(head, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add_layout(self._box)
        self._parts: list[QWidget] = []
        self._look_changed()
        theme().changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self._star.setPixmap(theme().pixmap("star", "accent", 1.05))
        self._star.setFixedSize(round(h(1.05)), round(h(1.1)))

    def show_seen(self, seen: Seen) -> None:
        """Shows the strengths of a pupil, each sort in a column; with none, what to do."""
        by: dict[str, list[str]] = {}
        for s in seen.dossier.strengths:
            by.setdefault(s.sort, []).append(s.text)
        texts: list[tuple[str, str]] = []
        for sort in ("good_at", "what_helps", "own_words"):
            for text in by.get(sort, ())[-1:] if sort == "own_words" else [", ".join(by[sort])] if sort in by else ():
                texts.append((lead_of(sort, seen), quoted(text) if sort == "own_words" else text))
        shown = (seen.dossier.name.full, texts)  # the name too: two pupils without strengths must not be asked about under one name
        if self._shown == shown:
            return
        self._shown = shown
        for widget in self._parts:
            self._box.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._parts = [LeadText(lead, text) for lead, text in texts]
        if not texts:
            self._parts.append(Text(f"Nothing written yet. Ask {seen.dossier.name.call}, and those who know {seen.dossier.name.object} well.", "second", "quiet", wrap=True))
            button = Button("Add a strength", small=True, icon="plus")
            button.clicked.connect(self.add_asked)
            self._parts.append(button)
        for widget in self._parts:
            self._box.addWidget(widget, 0 if isinstance(widget, Button) else 1)

    def set_fold(self, fold: Fold) -> None:
        """One below the other in a narrow window."""
        super().set_fold(fold)
        way = QBoxLayout.Direction
        self._box.setDirection(way.TopToBottom if fold is Fold.NARROW else way.LeftToRight)
        space(self._box, gap=0.35 if fold is Fold.NARROW else 1.2)


@dataclass(frozen=True, slots=True)
class _StepRow:
    step: Step
    today: object


class Overview(QWidget):
    """All of it. Says which strand or record a person wants to see or change."""

    strand_asked = Signal(str)
    asked = Signal(str)
    """What a person wants to do: 'strength', 'goal', 'next_step', 'starting_point'."""
    tab_asked = Signal(str)
    step_done = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.strengths = StrengthsCard()
        self.strengths.add_asked.connect(self._add_strength)
        column.addWidget(self.strengths)
        self.grid = CardGrid()
        self.cards: dict[str, StrandCard] = {}
        for strand in STRANDS:
            card = StrandCard(StrandFacts(strand, missing="\u00a0"))
            card.setProperty("strand", strand)
            card.clicked.connect(self._card_clicked)
            self.cards[strand] = card
            self.grid.add(card)
        column.addWidget(self.grid)
        self.chart = MainChart()
        self.starting = Card("Starting point")
        self.start_rows = Rows(self._start_row)
        self.starting.add(self.start_rows)
        self.agree = Button("Agree the starting point", small=True)
        self.agree.clicked.connect(self._agree)
        self.no_start = Text("", "second", "quiet", wrap=True)
        self.starting.add(self.no_start)
        self.all_values = Button("", kind="link", small=True)
        self.all_values.clicked.connect(self._all_values)
        self.starting.body.addWidget(self.all_values, 0, Qt.AlignmentFlag.AlignLeft)
        self.starting.add(self.agree)
        self.starting.body.addStretch(1)
        side = QWidget()
        right = QVBoxLayout(side)
        space(right, gap=0.8)
        self.goals = Card("Goals")
        self.goal_rows = Rows(self._goal_row)
        self.goals.add(self.goal_rows)
        self.no_goal = EmptyState("No goals yet", "", "Add a goal", icon="plus")
        assert self.no_goal.action is not None
        self.no_goal.action.clicked.connect(self._add_goal)
        self.goals.add(self.no_goal)
        self.goals.body.addStretch(1)
        self.next = Card("Next")
        self.step_rows = Rows(self._step_row)
        self.next.add(self.step_rows)
        self.no_step = Text("Nothing is planned. Add what is to be done next, by when and by whom.", "second", "quiet", wrap=True)
        self.next.add(self.no_step)
        self.add_step = Button("Add a next step", kind="link", small=True)
        self.add_step.setCheckable(False)
        self.add_step.clicked.connect(self._add_step)
        self.next.body.addWidget(self.add_step, 0, Qt.AlignmentFlag.AlignLeft)
        self.next.body.addStretch(1)
        right.addWidget(self.goals)
        right.addWidget(self.next, 1)
        self._side = side
        rest = SideBySide((self.starting, 1), (side, 1), stack_at=Fold.NARROW)
        self.below = SideBySide((self.chart, 61), (rest, 52))
        column.addWidget(self.below, 1)
        column.addStretch(0)
        self._column = column

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read; what is the same as before is left as it is."""
        d = seen.dossier
        self.strengths.show_seen(seen)
        for view in d.strands:
            facts = card_facts(seen, view)
            if self.cards[view.strand].facts() != facts:
                self.cards[view.strand].set_facts(facts)
        self.chart.show_seen(seen)
        figure = self.chart.figure()
        nothing = figure is None or bool(figure.empty)
        self._column.setStretchFactor(self.below, 0 if nothing else 1)  # an empty chart takes no more room than its sentence
        self._column.setStretch(self._column.count() - 1, 1 if nothing else 0)
        assert self.starting.heading is not None and self.goals.heading is not None
        self.starting.heading.set("Starting point", d.starting_point.line)
        self.start_rows.set_rows(d.starting_point.values[:VALUES])
        rest = len(d.starting_point.values) - VALUES
        self.all_values.setText(f"and {rest} more")
        reveal(self.all_values, rest > 0)
        reveal(self.no_start, not d.starting_point.values)
        self.no_start.setText("No starting value yet. Enter a reading, or attendance before; progress is counted from them.")
        reveal(self.agree, not d.starting_point.agreed and bool(d.starting_point.values))
        own = bool(d.goals) and all(g.owner == "pupil" for g in d.goals)
        self.goals.heading.set(f"Goals in {d.name.possessive} own words" if own else "Goals")
        self.goal_rows.set_rows(d.goals)
        reveal(self.no_goal, not d.goals)
        self.step_rows.set_rows([_StepRow(s, s.overdue) for s in d.next_steps[:STEPS]])
        reveal(self.no_step, not d.next_steps)
        later = len(d.next_steps) - STEPS
        self.add_step.setText(f"and {later} more" if later > 0 else "Add a next step")

    def _start_row(self, value: StartValueView) -> QWidget:
        return Line(value.what, value.detail, value.text)

    def _goal_row(self, goal: GoalView) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        space(column, 0, 0.1, 0, 0.1, 0.15)
        column.addWidget(Text(goal.goal.words, "second", wrap=True))
        row = QHBoxLayout()
        space(row, gap=0.6)
        if goal.start.value is None:
            row.addWidget(Text("not rated yet", "second", "quiet"))
        else:
            high = goal.series.scale.high if goal.series is not None else 10
            row.addWidget(SpanBar(goal.start.value, goal.now.value, 0, high, spoken=goal.text), 1)
            row.addWidget(FromTo(goal.start_text, goal.now_text, f"of {high:g}"))
        column.addLayout(row)
        return box

    def _step_row(self, row: _StepRow) -> QWidget:
        step = row.step
        box = QWidget()
        line = QHBoxLayout(box)
        space(line, 0, 0.1, 0, 0.1, 0.4)
        day = Text(days.words(step.day, year=False), "second_strong", "attention" if step.overdue else "")
        measure(day, width=3.2)
        if step.overdue:
            day.setToolTip("This day has passed.")
            day.setAccessibleName(f"{days.words(step.day)}, overdue")
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        space(words)
        words.addWidget(Text(step.text, "second", wrap=True))
        under = ", ".join(p for p in ("overdue" if step.overdue else "", step.owner) if p)
        if under:
            words.addWidget(Text(under, "source", "quiet", wrap=True))
        line.addLayout(words, 1)
        done = RecordButton(step.step_id, kind="bare", icon="check", name=f"Done: {step.text}")
        done.asked.connect(self.step_done)
        line.addWidget(done, 0, Qt.AlignmentFlag.AlignTop)
        return box

    # --- asking ----------------------------------------------------------------------------------------------------

    def _card_clicked(self) -> None:
        self.strand_asked.emit(self.sender().property("strand"))

    def _add_strength(self) -> None:
        self.asked.emit("strength")

    def _add_goal(self) -> None:
        self.asked.emit("goal")

    def _add_step(self) -> None:
        if self.add_step.text().startswith("and "):
            self.tab_asked.emit("plan")
        else:
            self.asked.emit("next_step")

    def _all_values(self) -> None:
        self.tab_asked.emit("start")

    def _agree(self) -> None:
        self.asked.emit("starting_point")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fold = fold_of(self)
        self.strengths.set_fold(fold)


__all__ = ["LEADS", "Overview", "card_facts", "lead_of", "quoted"]
