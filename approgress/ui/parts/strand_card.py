"""The card of one strand: start, now, what it means, its small chart and where the figures come from; or what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from approgress.style import SIGN_ROLE, STRANDS, Size
from approgress.ui.parts.mini import MiniChart, draw_mini, mini_height
from approgress.ui.parts.painting import crisp, draw_box, draw_mark, draw_open_mark, draw_text, text_height, text_width
from approgress.ui.theme import h, theme


@dataclass(frozen=True, slots=True)
class StrandFacts:
    """What the card of a strand says. Where `missing` is not '', there is a dashed box with it and with what to do next.

    `sign` is gain, decline, none or unjudged, or '' where better and worse are written, not drawn; `sources` are one line each.
    `chart_words` says in a sentence what the chart shows, for those who do not see it.
    """

    strand: str
    start: str = ""
    now: str = ""
    unit: str = ""
    sign: str = ""
    verdict: str = ""
    chart: MiniChart | None = None
    sources: tuple[str, ...] = ()
    missing: str = ""
    to_do: str = ""
    chart_words: str = ""

    def spoken(self) -> str:
        """The whole card as sentences."""
        name = STRANDS[self.strand].name
        if self.missing:
            return f"{name}: {self.missing}. {self.to_do}".strip()
        said = f"from {self.start} to {self.now}" if self.start and self.now else self.now or self.start
        parts = [f"{name}: {said} {self.unit}".strip() + (f", {self.verdict}" if self.verdict else "")]
        parts += [*self.sources, self.chart_words]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


@dataclass(slots=True)
class _Text:
    rect: QRectF
    text: str
    kind: str
    role: str
    wrap: bool = False


@dataclass(slots=True)
class _Layout:
    texts: list[_Text] = field(default_factory=list)
    arrow: QPointF | None = None
    mark: QPointF | None = None
    chart: QRectF | None = None
    box: QRectF | None = None
    height: float = 0.0


class StrandCard(QAbstractButton):
    """Shows `StrandFacts`; pressed it says `clicked`, and the page opens the measures of the strand."""

    ring_radius = Size.CARD_RADIUS

    def __init__(self, facts: StrandFacts, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._hover = False
        self.set_facts(facts)

    def facts(self) -> StrandFacts:
        """What it shows."""
        return self._facts

    def set_facts(self, facts: StrandFacts) -> None:
        """Shows something else."""
        self._facts = facts
        self.setText(STRANDS[facts.strand].name)
        self.setAccessibleName(facts.spoken())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._lay(width, None).height)

    def sizeHint(self) -> QSize:
        width = round(h(9.6))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(6)), round(h(4)))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        facts = self._facts
        strand = STRANDS[facts.strand]
        style = theme().style
        painter = QPainter(self)
        ground = "surface"
        if self.isDown():
            ground = "hover" if style.outlined else "soft_press"
        elif self._hover:
            ground = "hover"
        draw_box(painter, QRectF(self.rect()), ground=ground, edge="line", width=style.edge_width, radius=Size.CARD_RADIUS)
        lay = self._lay(self.width(), self.height())
        side = round(h(0.55))
        first = lay.texts[0].rect
        dot = QRectF(h(Size.CARD_PADDING), round(first.top() + h(0.58) - side / 2), side, side)
        draw_box(painter, dot, ground=strand.role, radius=0.12)
        if lay.box is not None:
            draw_box(painter, lay.box, edge="edge", dashed=True, radius=Size.CHIP_RADIUS)
        for text in lay.texts:
            draw_text(painter, text.rect, text.text, text.kind, text.role, wrap=text.wrap, down="top" if text.wrap else "middle")
        if lay.arrow is not None:
            draw_mark(painter, "arrow", lay.arrow, h(0.72), "quiet")
        if lay.mark is not None:
            draw_mark(painter, facts.sign, lay.mark, h(0.5), SIGN_ROLE[facts.sign])
        if lay.chart is not None and facts.chart is not None:
            draw_mini(painter, lay.chart, facts.chart, strand.role, strand.mark, ground)
        painter.end()

    def _lay(self, width: int, height: int | None) -> _Layout:
        """Where everything goes in a card of that size; without a height, how high it has to be."""
        facts = self._facts
        pad = h(Size.CARD_PADDING)
        room = max(1.0, width - 2 * pad)
        lay = _Layout()
        y = h(0.55)
        name = STRANDS[facts.strand].name
        indent = h(0.85)
        tall = text_height(name, room - indent, "strong")
        one_line = tall < h(1.7)
        lay.texts.append(_Text(QRectF(pad + indent, y, room - indent, tall), name, "strong", "ink", wrap=not one_line))
        y += tall + h(0.12)
        if facts.missing:
            return self._lay_missing(lay, y, pad, room, height)
        y = self._lay_figures(lay, y, pad, room)
        if facts.verdict:
            lead = h(0.8) if facts.sign else 0.0
            tall = text_height(facts.verdict, room - lead, "second_strong")
            role = SIGN_ROLE.get(facts.sign, "ink")
            lay.texts.append(_Text(QRectF(pad + lead, y, room - lead, tall + 1), facts.verdict, "second_strong", role, wrap=True))
            if facts.sign:
                lay.mark = QPointF(pad + h(0.28), y + h(0.57))
            y += tall
        foot = h(0.55)
        lines = [(line, text_height(line, room, "source")) for line in facts.sources]
        sources = sum(tall for _, tall in lines)
        chart = h(mini_height(facts.chart)) if facts.chart is not None else 0.0
        needed = y + (h(0.45) + chart if chart else 0.0) + (h(0.3) + sources if lines else 0.0) + foot
        lay.height = needed
        bottom = max(needed, height or 0) - foot
        y = bottom - sources
        for line, tall in lines:
            lay.texts.append(_Text(QRectF(pad, y, room, tall + 1), line, "source", "quiet", wrap=True))
            y += tall
        if chart:
            end = bottom - sources - (h(0.3) if lines else 0.0)
            lay.chart = QRectF(pad, end - chart, room, chart)
        return lay

    def _lay_figures(self, lay: _Layout, y: float, pad: float, room: float) -> float:
        facts = self._facts
        tall = h(1.75)
        x = pad
        start, now = text_width(facts.start, "figure"), text_width(facts.now, "figure")
        arrow = h(1.35) if facts.start and facts.now else 0.0
        if facts.start:
            lay.texts.append(_Text(QRectF(x, y, start + 2, tall), facts.start, "figure", "ink"))
            x += start
        if arrow:
            if start + arrow + now > room:
                x, y = pad - h(0.25), y + tall * 0.8  # two long figures stand one below the other
            lay.arrow = QPointF(x + h(0.68), y + tall / 2 + h(0.04))
            x += arrow
        if facts.now:
            lay.texts.append(_Text(QRectF(x, y, now + 2, tall), facts.now, "figure", "ink"))
            x += now
        if facts.unit:
            unit = text_width(facts.unit, "second")
            gap = h(0.35) if x > pad else 0.0
            if x + gap + unit <= pad + room + 1:
                # On the base line of the large figures.
                drop = (theme().metrics("figure").capHeight() - theme().metrics("second").capHeight()) / 2
                lay.texts.append(_Text(QRectF(x + gap, y + drop, unit + 2, tall), facts.unit, "second", "quiet"))
            else:
                y += tall * 0.88
                high = text_height(facts.unit, room, "second")
                lay.texts.append(_Text(QRectF(pad, y, room, high + 1), facts.unit, "second", "quiet", wrap=True))
                return y + high
        return y + tall

    def _lay_missing(self, lay: _Layout, y: float, pad: float, room: float, height: int | None) -> _Layout:
        facts = self._facts
        inset = h(0.5)
        inner = room - 2 * inset
        head = text_height(facts.missing, inner, "second_strong")
        tell = text_height(facts.to_do, inner, "second") if facts.to_do else 0.0
        top = y + h(0.3)
        words = head + (h(0.15) + tell if tell else 0.0)
        lay.height = top + inset + words + inset + h(Size.CARD_PADDING)
        bottom = max(lay.height, height or 0) - h(Size.CARD_PADDING)
        lay.box = QRectF(pad, top, room, bottom - top)
        x, at = pad + inset, top + inset
        lay.texts.append(_Text(QRectF(x, at, inner, head + 1), facts.missing, "second_strong", "quiet", wrap=True))
        if tell:
            lay.texts.append(_Text(QRectF(x, at + head + h(0.15), inner, tell + 1), facts.to_do, "second", "quiet", wrap=True))
        return lay


class SpanBar(QWidget):
    """A value from start to now on one scale, as in a goal: open ring, line, filled point; `spoken` says it in words."""

    def __init__(
        self,
        start: float | None,
        now: float | None,
        low: float,
        high: float,
        *,
        role: str = "accent",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values = (start, now, low, high)
        self._role = role
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(h(7)), round(h(1.0)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(4)), round(h(1.0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        start, now, low, high = self._values
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size, thick, y = h(0.42), h(0.17), self.height() / 2
        left, right = size / 2 + 1, self.width() - size / 2 - 1
        scale = (high - low) or 1.0

        def at(value: float) -> float:
            return left + (value - low) / scale * (right - left)

        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(look.colour("line"))
        painter.drawRoundedRect(crisp(painter, QRectF(left, y - thick / 2, right - left, thick)), thick / 2, thick / 2)
        if start is not None and now is not None:
            painter.setPen(QPen(look.colour(self._role), thick))
            painter.drawLine(QPointF(at(start), y), QPointF(at(now), y))
        if start is not None:
            draw_open_mark(painter, "circle", QPointF(at(start), y), size, self._role, "surface", max(1.5, h(0.09)))
        if now is not None:
            draw_mark(painter, "circle", QPointF(at(now), y), size * 1.1, self._role)
        painter.end()
