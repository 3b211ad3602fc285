"""The tab of attendance: counts before and since, each half-term and week, always with what they are counted of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.attendance import Tally, by_week
from approgress.domain.dossier import Stretch
from approgress.domain.figures import FIGURES
from approgress.domain.values import counted_words, percent_words
from approgress.ui.pages.pupil.lists import ListCard
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.cards import Card, Line
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage


WEEKS = 40
"""How many weeks are listed, newest first."""


def _columns(first: str) -> tuple[Column, ...]:
    return (
        Column(first, stretch=1, sorts=False),
        Column("Attended", "right", sorts=False),
        Column("Possible", "right", sorts=False),
        Column("", "right", said="per cent", sorts=False),
        Column("Authorised", "right", sorts=False, drop=2),
        Column("Unauthorised", "right", sorts=False, drop=2),
        Column("Late", "right", sorts=False, drop=1),
    )


class AttendanceTab(QWidget):
    """Shows a pupil's attendance."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.chart = FigureCard()
        self.facts = Card("In counts")
        self._lines: list[QWidget] = []
        self.no_final = Text("", "second", "attention", wrap=True)
        self.facts.add(self.no_final)
        self.facts.body.addStretch(1)
        column.addWidget(SideBySide((self.chart, 2), (self.facts, 1), stack_at=Fold.MIDDLE))
        self.half_terms = ListCard("Half-terms", _columns("Half-term"), empty="No half-term of this stay has a mark yet.", opens=False)
        self.weeks = ListCard("Weeks", _columns("Week of"), empty="No week of this stay has a mark yet.", opens=False)
        column.addWidget(SideBySide((self.half_terms, 1), (self.weeks, 1), stack_at=Fold.MIDDLE))
        column.addStretch(1)
        self._shown: object = None

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        d = seen.dossier
        a = d.attendance
        figure = FIGURES["attendance"](d)
        if self.chart.figure() != figure:
            self.chart.set_figure(figure)
        facts: list[tuple[str, str, str]] = []
        if a.this_half_term is not None:
            facts.append((f"{a.this_half_term.name}, so far", "", _counts(a.this_half_term, d.statutory)))
        since = f"since {days.words(a.since.first_day)}" if a.since.first_day else "since day 0"
        facts.append(("Here", since, _counts(a.since, d.statutory)))
        if a.comparison is not None:
            before, after = a.comparison
            facts.append(("Before, over as long a time", _span(before), _counts(before, d.statutory)))
            facts.append(("Here, over as long a time", _span(after), _counts(after, d.statutory)))
        elif a.before is not None:
            facts.append(("Before", f"{_span(a.before)}, stated by {a.before.stated_by}", _counts(a.before, d.statutory)))
        else:
            facts.append(("Before", "not known: ask the home school", "\u2013"))
        if self._shown != facts:
            self._shown = facts
            for line in self._lines:
                line.hide()
                line.deleteLater()
            self._lines = [Line(title, second, value) for title, second, value in facts]
            for n, line in enumerate(self._lines):
                self.facts.body.insertWidget(1 + n, line)
        self.no_final.setText(
            f"{a.not_final} {'mark is' if a.not_final == 1 else 'marks are'} N: the reason is not established yet, and the figures may still change." if a.not_final else ""
        )
        reveal(self.no_final, bool(a.not_final))
        self.half_terms.show_rows([_row(s.tally, s.name if s.whole else f"{s.name}, to {days.words(s.last_day, year=False)}", d.statutory) for s in reversed(a.half_terms)])
        weeks = by_week(
            (m for m in seen.records.marks if m.setting_id == seen.facts.setting.id),
            seen.facts.codes,
            seen.facts.calendar,
            d.stay.spans,
            first=d.stay.began,
            last=d.last,
            as_of=seen.today,
        )
        self.weeks.show_rows([_row(w.tally, days.words(w.first_day), d.statutory) for w in reversed(weeks)][:WEEKS])


def _counts(s: Stretch, statutory: bool) -> str:
    if not s.tally.possible:
        return "none possible"
    return counted_words(s.tally.attended, s.tally.possible) if statutory else s.rate.counts


def _span(s: Stretch) -> str:
    if s.first_day is None or s.last_day is None:
        return days.words(s.last_day) and f"to {days.words(s.last_day)}"
    return f"{days.words(s.first_day)} to {days.words(s.last_day)}"


def _row(t: Tally, name: str, statutory: bool) -> Row:
    return Row(
        name,
        name,
        (
            TextCell(name, kind="strong"),
            TextCell(f"{t.attended:,}", across="right"),
            TextCell(f"{t.possible:,}", across="right"),
            TextCell(percent_words(t.attended, t.possible) if statutory else "", across="right"),
            TextCell(f"{t.authorised:,}", across="right"),
            TextCell(f"{t.unauthorised:,}", across="right"),
            TextCell("" if t.late is None else f"{t.late:,}", across="right"),
        ),
    )
