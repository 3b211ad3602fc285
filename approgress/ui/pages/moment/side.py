"""Beside the form of a moment: how often each kind was written down, counted against sessions attended, and the latest entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.moments import TONE_PLURALS, TONES, Rates, count_text, rate_text
from approgress.domain.values import number
from approgress.ui.pages.moment.pieces import TONE_ICONS, TONE_ROLES, IconText
from approgress.ui.parts.buttons import Button, SegmentedChoice
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.painting import draw_hairline, draw_text, text_width
from approgress.ui.theme import h, reveal, space, theme


class RatesCard(Card):
    """Rates per 10 sessions attended, each with its counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("This half-term", sentence=" ", parent=parent)
        self._grid = QGridLayout()
        space(self._grid, 0, 0.2, 0, 0, 0.5)
        self._grid.setColumnStretch(0, 1)
        self._counts: dict[str, tuple[Text, Text]] = {}
        for row, tone in enumerate(TONES):
            self._grid.addWidget(IconText(TONE_ICONS[tone], TONE_ROLES[tone], TONE_PLURALS[tone]), row, 0)
            counts, rate = Text("", "body", "quiet", across="right"), Text("", "strong", across="right")
            self._grid.addWidget(counts, row, 1)
            self._grid.addWidget(rate, row, 2)
            self._counts[tone] = (counts, rate)
        self.add_layout(self._grid)

    def show_rates(self, group: str, found: Rates | None) -> None:
        """Shows rates of a group (''  for everyone); None in a holiday."""
        assert self.heading is not None
        title = f"{group}, this half-term" if group else "All pupils, this half-term"
        if found is None:
            self.heading.set(title, "Not a half-term now: nothing is counted in a holiday.")
        else:
            span = f"{days.words(found.first_day, year=False)} to {days.words(found.last_day, year=False)}"
            if found.first_day.month == found.last_day.month:
                span = f"{found.first_day.day} to {days.words(found.last_day, year=False)}"
            self.heading.set(title, f"Counted against {number(found.attended)} sessions attended, {span}")
        for tone, (counts, rate) in self._counts.items():
            value = found.of(tone) if found is not None else None
            counts.setText(count_text(value) if value is not None else "\u2013")
            rate.setText(rate_text(value) if value is not None else "")
            if value is not None:
                rate.setAccessibleName(f"{TONE_PLURALS[tone]}: {count_text(value)} sessions attended, {rate_text(value)}")


@dataclass(frozen=True, slots=True)
class LatestLine:
    """An entry as the list shows it: whose, when, what was said, its kind, whether it is locked or a draft."""

    key: int
    tone: str
    names: str
    when: str
    story: str
    locked: bool = False
    draft: bool = False


class LatestRow(QAbstractButton):
    """One entry; pressing it opens it."""

    asked = Signal(int)
    ring_radius = 0.3

    def __init__(self, line: LatestLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        lock = ", restricted" if line.locked else ""
        self.setAccessibleName(f"{line.names}, {line.when}{lock}: {line.story}")
        self.setToolTip(line.names)
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        self.asked.emit(self.line.key)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = 2 if _first_line(self.line.story, width - h(1.75))[1] else 1
        return round(h(1.25) + lines * theme().metrics("second").height() + h(0.75))

    def sizeHint(self) -> QSize:
        return QSize(round(h(14)), self.heightForWidth(max(round(h(14)), self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(8)), round(h(3)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            painter.fillRect(QRectF(0, 1, self.width(), self.height() - 1), theme().colour("hover"))
        draw_hairline(painter, 0, 0, self.width())
        line, side = self.line, 0.9
        top = h(0.35)
        painter.drawPixmap(QPointF(h(0.1), round(top + h(0.15))), theme().pixmap(TONE_ICONS[line.tone], TONE_ROLES[line.tone], side))
        x = h(1.65)
        when = text_width(line.when, "second") + 2
        right = float(self.width()) - h(0.1)
        draw_text(painter, QRectF(right - when, top, when, h(1.25)), line.when, "second", "quiet", across="right")
        right -= when + h(0.4)
        if line.locked:
            painter.drawPixmap(QPointF(round(right - h(0.85)), round(top + h(0.2))), theme().pixmap("lock", "quiet", 0.85))
            right -= h(1.1)
        draw_text(painter, QRectF(x, top, max(h(1), right - x), h(1.25)), line.names, "strong", may_elide=True)
        room = QRectF(x, top + h(1.25), self.width() - h(1.75), self.height() - top - h(1.35))
        _draw_two_lines(painter, room, line.story)
        painter.end()


def _first_line(text: str, width: float) -> tuple[str, list[str]]:
    """What fits into a line of that width, and the words that are left."""
    metrics = theme().metrics("second")
    words = text.split()
    first = ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        first = words.pop(0)
    return first, words


def _draw_two_lines(painter: QPainter, room: QRectF, text: str) -> None:
    """Two lines at most; what has no room ends in dots, and stands in full where the entry is opened."""
    first, words = _first_line(text, room.width())
    high = theme().metrics("second").height()
    draw_text(painter, QRectF(room.left(), room.top(), room.width(), high), first, "second", "quiet", may_elide=True)
    if words:
        draw_text(painter, QRectF(room.left(), room.top() + high, room.width(), high), " ".join(words), "second", "quiet", may_elide=True)


class LatestCard(Card):
    """The newest entries, first one's own drafts; all, good ones, or one's own; the log behind it; and who is not written about."""

    chosen = Signal(str)
    opened = Signal(int)
    log_asked = Signal()
    quiet_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Latest", parent=parent)
        assert self.heading is not None
        self.choice = SegmentedChoice((("all", "All"), ("good", "Good"), ("mine", "Mine")), "all", name="Latest", small=True)
        self.choice.chosen.connect(self.chosen)
        self.heading.add(self.choice)
        self._box = QWidget()
        self._rows = QVBoxLayout(self._box)
        space(self._rows)
        self.add(self._box)
        self.empty = Text("", "second", "quiet", wrap=True)
        self.add(self.empty)
        self.body.addStretch(1)
        self.add(Rule())
        self.quiet = Button("", kind="link", small=True)
        self.quiet.clicked.connect(self.quiet_asked)
        self.log = Button("All moments", small=True)
        self.log.clicked.connect(self.log_asked)
        foot = QHBoxLayout()
        space(foot, gap=0.4)
        foot.addWidget(self.log)
        foot.addStretch(1)
        self.quiet_words = Text("", "second", "quiet", wrap=True)
        self.add(self.quiet_words)
        self.add_layout(foot)
        self._shown: tuple[LatestLine, ...] | None = None
        self.quiet.hide()

    def show_lines(self, lines: Sequence[LatestLine], empty: str) -> None:
        """Shows entries; the same ones as before are left as they are."""
        self.empty.setText(empty)
        reveal(self.empty, not lines)
        if self._shown == tuple(lines):
            return
        self._shown = tuple(lines)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        before: QWidget = self.choice
        for line in lines:
            row = LatestRow(line)
            row.asked.connect(self.opened)
            self._rows.addWidget(row)
            QWidget.setTabOrder(before, row)
            before = row
        QWidget.setTabOrder(before, self.log)

    def lines(self) -> tuple[LatestLine, ...]:
        """What it shows."""
        return self._shown or ()

    def say_quiet(self, words: str) -> None:
        """Who was not written about."""
        self.quiet_words.setText(words)
        reveal(self.quiet_words, bool(words))
