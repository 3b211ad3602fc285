"""The tab of measures: where the pupil started and is now, each measure as a chart, and every reading with who gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts.measures import RESPONDENTS
from approgress.domain.dossier import ProgressRow, Series
from approgress.domain.figures import FIGURES, Figure, raters_of, series_figure
from approgress.domain.instruments import STRANDS
from approgress.domain.records import Moment, Reading
from approgress.domain.scoring import parts_of
from approgress.domain.strands import NO_SIGN, score_text
from approgress.style import STRANDS as LOOKS
from approgress.ui.pages.pupil.lists import ListCard, shortened
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.cards import Heading
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.parts.sparkline import SparkCell, SparkDelegate, mini_of
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage

_STATUS = {"complete": "", "draft": "not finished", "void": "does not count"}
_TONES = {"good": "good moment", "neutral": "observation", "incident": "incident"}


class StrandSection(QWidget):
    """One strand: a heading and its charts."""

    def __init__(self, strand: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        space(column, gap=0.4)
        column.addWidget(Heading(STRANDS[strand]))
        self.grid = CardGrid({Fold.WIDE: 2, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=0.8, least=17)
        column.addWidget(self.grid)
        self._cards: dict[str, FigureCard] = {}

    def cards(self) -> list[FigureCard]:
        """The charts, in order."""
        return list(self._cards.values())

    def show_figures(self, figures: list[Figure]) -> None:
        """Shows these charts; a chart that is there already only gets its new figures."""
        if [f.name for f in figures] != list(self._cards):
            self.grid.clear()
            self._cards = {}
            for figure in figures:
                card = self._cards[figure.name] = FigureCard(figure)
                self.grid.add(card)
        for figure in figures:
            if self._cards[figure.name].figure() != figure:
                self._cards[figure.name].set_figure(figure)


class MeasuresTab(QWidget):
    """Shows all measures of a pupil."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.progress = ListCard(
            "From the start to now",
            (
                Column("Strand", sorts=False, drop=3),
                Column("Measure", stretch=3, least=8, sorts=False),
                Column("Start", "right", sorts=False),
                Column("Now", "right", sorts=False),
                Column("Change", "right", sorts=False),
                Column("What it means", stretch=4, least=8, sorts=False, drop=1),
                Column("Over time", sorts=False, drop=2),
            ),
            add="Add a reading",
            empty="Nothing is measured yet. Add a reading: the first one is the start.",
            opens=False,
        )
        self.progress.set_delegate(SparkDelegate)
        self.progress.add_asked.connect(self._add_reading)
        column.addWidget(self.progress)
        self.sections: dict[str, StrandSection] = {}
        for strand in STRANDS:
            section = StrandSection(strand)
            self.sections[strand] = section
            column.addWidget(section)
        self.readings = ListCard(
            "All readings",
            (
                Column("Day"),
                Column("Measure", stretch=3, least=8),
                Column("Score", "right", sorts=False),
                Column("Answered by", drop=3),
                Column("Rated by", stretch=1, drop=2),
                Column("Form", drop=1, sorts=False),
                Column("", stretch=2, said="State", sorts=False),
            ),
            sentence="Open one to mend it, or to say that it does not count.",
            add="Add a reading",
            empty="No readings yet.",
        )
        self.readings.add_asked.connect(self._add_reading)
        self.readings.opened.connect(self._open_reading)
        column.addWidget(self.readings)
        self.moments = ListCard(
            "Moments",
            (Column("Day"), Column("Tone"), Column("What", stretch=1, least=8, sorts=False), Column("Minutes to settle", "right", drop=1), Column("Written", stretch=3, sorts=False, drop=2)),
            opens=False,
        )
        column.addWidget(self.moments)
        column.addStretch(1)
        self._to_show = ""

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        d = seen.dossier
        by_name = {s.name: s for s in d.series}
        self.progress.show_rows([self._progress_row(seen, n, row, by_name.get(row.measure)) for n, row in enumerate(d.progress)])
        for strand, section in self.sections.items():
            view = d.strand(strand)
            figures: list[Figure] = []
            if view.missing is None:
                figures.append(FIGURES[strand](d))
            figures += [series_figure(d, s) for s in d.series if s.strand == strand and s is not view.series and s.is_main and s.points]
            if strand == "wellbeing" and raters_of(d):
                figures.append(FIGURES["raters"](d))
            figures = [f for f in figures if not f.empty]
            reveal(section, bool(figures))
            section.show_figures(figures)
        self._order_tabs()
        goals = {g.id for g in seen.records.goals}
        shown = [r for r in seen.records.readings if r.goal_id not in goals or r.goal_id is None]
        self.readings.show_rows([self._reading_row(seen, r) for r in sorted(shown, key=lambda r: (r.day, r.id), reverse=True)])
        reveal(self.moments, bool(d.moments))
        self.moments.show_rows([_moment_row(m) for m in d.moments[:60]])

    def _order_tabs(self) -> None:
        """Charts come and go between the two tables; Tab goes through them where they stand."""
        before: QWidget = self.progress.table
        for section in self.sections.values():
            for card in section.cards():
                for widget in (card.more, card.view):
                    QWidget.setTabOrder(before, widget)
                    before = widget
        for widget in (self.readings.add_button, self.readings.table.horizontalHeader(), self.readings.table, self.moments.table.horizontalHeader(), self.moments.table):
            if widget is not None:
                QWidget.setTabOrder(before, widget)
                before = widget

    def show_strand(self, strand: str) -> None:
        """Scrolls to the charts of a strand, once they have their place."""
        self._to_show = strand
        QTimer.singleShot(0, self._go_to_strand)

    def _go_to_strand(self) -> None:
        section = self.sections.get(self._to_show)
        if section is not None and not section.isHidden():
            self._page.scroll_to(section)

    def _progress_row(self, seen: Seen, n: int, row: ProgressRow, series: Series | None) -> Row:
        sign = row.sign
        look = LOOKS[row.strand]
        figure = series_figure(seen.dossier, series, small=True) if series is not None else FIGURES[row.strand](seen.dossier)
        said = "" if figure.empty else figure.text
        meaning = sign.text if sign.mark != NO_SIGN or not sign.rest else f"{sign.words}: {sign.rest}"
        return Row(
            n,
            row.measure,
            (
                TextCell(look.name, role="quiet"),
                TextCell(row.measure, kind="strong", wrap=True),
                TextCell(row.start_text, across="right"),
                TextCell(row.now_text, across="right"),
                TextCell(row.change_text, across="right"),
                TextCell(meaning, wrap=True, mark=sign.mark, role={"gain": "gain", "decline": "decline"}.get(sign.mark, "ink")),
                SparkCell(mini_of(figure), look.role, look.mark, said),  # type: ignore[arg-type]
            ),
        )

    def _reading_row(self, seen: Seen, r: Reading) -> Row:
        instrument = seen.facts.library.get(r.instrument, r.edition)
        name = instrument.name if instrument is not None else r.instrument
        if instrument is not None and instrument.open_edition:
            name = r.edition
        score = score_text(instrument.main, r.value) if instrument is not None else f"{r.value:g}" if r.value is not None else "\u2013"
        parts = ""
        if instrument is not None and r.parts:
            told = parts_of(r)
            parts = ", ".join(f"{s.name} {score_text(s, told[s.id])}" for s in instrument.scales[1:] if s.id in told)
        void = r.status == "void"
        state = ": ".join(p for p in (_STATUS.get(r.status, r.status), r.why or "") if p) or parts
        return Row(
            r.id,
            f"{name}, {days.words(r.day)}",
            (
                TextCell(days.words(r.day), struck=void),
                TextCell(name, kind="strong", wrap=True),
                TextCell(score, kind="strong", across="right", struck=void),
                TextCell(RESPONDENTS.get(r.respondent, r.respondent)),
                TextCell(r.rater or "", wrap=True),
                TextCell(r.form or ""),
                TextCell(state, kind="second", role="quiet", wrap=True),
            ),
            sort=(r.day, name.casefold(), None, r.respondent, (r.rater or "").casefold(), None, None),
        )

    def _add_reading(self) -> None:
        self._page.add("reading")

    def _open_reading(self, key: object) -> None:
        self._page.change("reading", key)


def _moment_row(m: Moment) -> Row:
    text = "; ".join(p for p in (m.place or "", m.text or "") if p)
    return Row(
        m.id,
        f"{m.sort}, {days.words(m.day)}",
        (
            TextCell(days.words(m.day) + (f" {m.session}" if m.session else "")),
            TextCell(_TONES.get(m.tone, m.tone)),
            TextCell(m.sort, kind="strong", wrap=True),
            TextCell("" if m.minutes_to_settle is None else str(m.minutes_to_settle), across="right"),
            TextCell(shortened(text), wrap=True),
        ),
    )
