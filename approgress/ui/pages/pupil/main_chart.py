"""The large chart of the pupil page: which strand, over which time, and its sentence; drawn by pyqtgraph as soon as that is loaded."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from approgress.domain.figures import FIGURES, Figure
from approgress.domain.instruments import STRANDS
from approgress.ui.pages.pupil.seen import SINCE, Seen
from approgress.ui.parts.buttons import Button, MenuButton, SegmentedChoice
from approgress.ui.parts.cards import Card
from approgress.ui.parts.figure_view import FigureView, open_menu
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.theme import measure, reveal, space
from approgress.ui.warm import charts_ready, warm_up

_POLL_MS = 60


class MainChart(Card):
    """Shows the chart of one strand. What was chosen stays chosen while the page shows the same pupil."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._seen: Seen | None = None
        self._pupil = -1
        self.title = Text("", "heading", wrap=True)
        self.subtitle = Text("", "second", "quiet", wrap=True)
        head = QHBoxLayout()
        space(head, gap=0.6)
        words = QVBoxLayout()
        space(words)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        head.addLayout(words, 1)
        choices = QWidget()
        flow = FlowLayout(choices, gap=0.4)
        self.strand = MenuButton((), name="Strand", small=True)
        self.strand.chosen.connect(self._chosen)
        self.stretch = SegmentedChoice((), name="Time", small=True)
        self.stretch.chosen.connect(self._chosen)
        self.more = Button(kind="icon", icon="more", small=True, name="Show this chart as a table, or copy it")
        self.more.clicked.connect(self._open_menu)
        for widget in (self.strand, self.stretch, self.more):
            flow.addWidget(widget)
        choices.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addWidget(choices, 0, Qt.AlignmentFlag.AlignTop)
        self.add_layout(head)
        self._stack = QStackedWidget()
        measure(self._stack, least_height=12.5)
        self.painted = FigureView(plot_height=8)
        self.plot: QWidget | None = None
        self._stack.addWidget(self.painted)
        self.add(self._stack, 1)
        self.sentence = Text("", "second", wrap=True)
        self.note = Text("", "source", "quiet", wrap=True)
        self.add(self.sentence)
        self.add(self.note)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._load)

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        self._seen = seen
        if seen.pupil_id != self._pupil:
            self._pupil = seen.pupil_id
            self.strand.set_options(tuple(STRANDS.items()), self._first_strand(seen))
            self.stretch.set_value("")
        stretches = seen.stretches()
        now = self.stretch.value()
        chosen = now if now in dict(stretches) else SINCE
        if [key for key, _ in stretches] != self._shown_stretches:
            self._shown_stretches = [key for key, _ in stretches]
            self.stretch.set_options(stretches, chosen)
        else:
            self.stretch.set_value(chosen)
        reveal(self.stretch, len(stretches) > 1)
        self._draw()

    _shown_stretches: list[str] | None = None

    @staticmethod
    def _first_strand(seen: Seen) -> str:
        """The strand that is shown first: the first that has a line to draw, else the first with anything."""
        figures = {strand: FIGURES[strand](seen.dossier) for strand in STRANDS}
        lined = next((s for s, f in figures.items() if not f.empty and f.lines), "")
        return lined or next((s for s, f in figures.items() if not f.empty), "wellbeing")

    def figure(self) -> Figure | None:
        """What it shows."""
        return self._current().figure()  # type: ignore[attr-defined,no-any-return]

    def _current(self) -> QWidget:
        return self.plot if self.plot is not None and self._stack.currentWidget() is self.plot else self.painted

    def _draw(self) -> None:
        if self._seen is None:
            return
        figure = FIGURES[self.strand.value()](self._seen.over(self.stretch.value() or SINCE))
        self.title.setText(figure.title)
        self.subtitle.setText("" if figure.empty else figure.subtitle)
        reveal(self.subtitle, bool(figure.subtitle) and not figure.empty)
        measure(self._stack, least_height=4 if figure.empty else 12.5)
        over_time = figure.x is not None and not figure.empty
        view = self.plot if over_time and self.plot is not None else self.painted
        view.set_figure(figure)  # type: ignore[union-attr]
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
        for other in (self.painted, self.plot):
            if other is not None and other is not view:
                other.clear()  # type: ignore[attr-defined] # what is not seen says nothing either: names may be hidden now
        self.sentence.setText("" if figure.empty else figure.text)
        self.note.setText(figure.note)
        reveal(self.sentence, bool(figure.text) and not figure.empty)
        reveal(self.note, bool(figure.note))
        reveal(self.more, bool(figure.table.rows))

    def _chosen(self, _key: str) -> None:
        self._draw()

    def choose_strand(self, strand: str) -> None:
        """Shows the chart of a strand."""
        self.strand.set_value(strand)
        self._draw()

    def _open_menu(self) -> None:
        open_menu(self._current(), self.more.mapToGlobal(self.more.rect().bottomLeft()))

    # --- the large chart -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None:
            warm_up()
            self._timer.start()

    def _load(self) -> None:
        """Until pyqtgraph is there the same chart is painted by hand, so nothing is waited for and nothing jumps."""
        if self.plot is not None or not charts_ready():
            return
        self._timer.stop()
        from approgress.ui.parts.figure_plot import FigurePlot

        self.plot = FigurePlot()
        self._stack.addWidget(self.plot)
        QWidget.setTabOrder(self.painted, self.plot)
        had_focus = self.painted.hasFocus()
        self._draw()
        if had_focus:
            self._current().setFocus()
