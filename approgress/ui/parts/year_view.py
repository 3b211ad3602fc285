"""A year of sessions painted as a map, one column a week; pointer and arrow keys read it day by day."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from approgress.domain.figures import Figure
from approgress.domain.year_map import (
    AWAY,
    AWAY_WITHOUT,
    CLOSED,
    ELSEWHERE,
    LATE,
    NOT_AGREED,
    NOT_DUE,
    PRESENT,
    TO_COME,
    UNMARKED,
    WEEKDAYS,
    YearCell,
    YearMap,
)
from approgress.style import Size
from approgress.ui.parts.figure_painting import Reading, paint_cursor
from approgress.ui.parts.figure_view import open_menu, show_table, spoken, table_text
from approgress.ui.parts.painting import crisp, draw_box, draw_hairline, draw_text, text_height, text_width
from approgress.ui.theme import h, theme

_GAP = 2.0  # pixels between cells
_HOLIDAY = 0.4  # width of a week of holiday, of a school week's
_LINE = 1.05
_DAY_GAP = 0.28
_RADIUS = 0.14
_LEAST, _MOST = 1.0, 2.0  # width of a school week in h
_FILLED = {
    PRESENT: ("attendance", "", "surface"),
    LATE: ("attendance", "", "surface"),
    ELSEWHERE: ("before", "", "surface"),
    AWAY: ("attention_soft", "attention", "attention"),
    AWAY_WITHOUT: ("decline_soft", "decline", "decline"),
    NOT_DUE: ("none_soft", "edge", "ink"),
}
"""Ground, edge and text of the classes that are filled, as colour roles."""


def draw_year_cell(painter: QPainter, rect: QRectF, tone: str, code: str) -> None:
    """One session: its class by ground, edge and pattern, its code as letters."""
    if tone == CLOSED:
        wide = round(min(h(0.2), rect.width() / 2))
        draw_hairline(painter, rect.center().x() - wide / 2, round(rect.center().y()), wide, "line")
        return
    if tone == NOT_AGREED:
        _draw_hatch(painter, rect)
        return
    if tone in (TO_COME, UNMARKED):
        draw_box(painter, rect, edge="edge", dashed=tone == TO_COME, radius=_RADIUS)
        return
    ground, edge, ink = _FILLED[tone]
    if theme().style.outlined and not edge:
        edge = "ink"
    draw_box(painter, rect, ground=ground, edge=edge, radius=_RADIUS)
    if code:
        kind = "column" if text_width(code, "column") <= rect.width() else "source"
        draw_text(painter, rect.adjusted(-2, -2, 2, 2), code, kind, ink, across="middle")


def _draw_hatch(painter: QPainter, rect: QRectF) -> None:
    painter.save()
    rect = crisp(painter, rect)
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("edge"), max(1.0, h(0.06))))
    step, high = max(4.0, h(0.26)), rect.height()
    x = rect.left() - high
    lines: list[QLineF] = []
    while x < rect.right():
        lines.append(QLineF(x, rect.bottom(), x + high, rect.top()))
        x += step
    painter.drawLines(lines)
    painter.restore()
    draw_box(painter, rect, edge="line", radius=0.0)


@dataclass(frozen=True, slots=True)
class _Band:
    """A run of weeks side by side: its first week and one past its last, where their columns begin and how wide, and its rows' top."""

    first: int
    end: int
    columns: tuple[tuple[float, float], ...]
    top: float


@dataclass(frozen=True, slots=True)
class _Laid:
    """Where everything lies at a width."""

    labels: float
    cell: float
    bands: tuple[_Band, ...]
    legend: tuple[tuple[QRectF, str, str, str], ...]
    height: float

    def row(self, band: _Band, weekday: int, half: int) -> float:
        """The top of a row of cells."""
        return band.top + weekday * (2 * self.cell + h(_DAY_GAP)) + half * self.cell

    def rect(self, week: int, weekday: int, half: int) -> QRectF | None:
        """The box of a session."""
        for band in self.bands:
            if band.first <= week < band.end:
                x, wide = band.columns[week - band.first]
                return QRectF(x + _GAP / 2, self.row(band, weekday, half) + _GAP / 2, wide - _GAP, self.cell - _GAP)
        return None


class YearView(QWidget):
    """Paints a figure of kind `year`. Arrow keys go from day to day and week to week and read each; the menu shows or copies the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: Figure | None = None
        self._laid: tuple[int, _Laid] | None = None
        self._at: tuple[int, int] | None = None  # week and weekday
        self._by_key = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self._laid = None
        self.updateGeometry()

    def figure(self) -> Figure | None:
        """What it shows."""
        return self._figure

    def set_figure(self, figure: Figure) -> None:
        """Shows another figure; the cursor stays on its day where that is still there."""
        before = self._day_at_cursor()
        self._figure, self._laid, self._at = figure, None, None
        if before is not None and figure.year is not None:
            for n, week in enumerate(figure.year.weeks):
                for i, day in enumerate(week.days):
                    if day is not None and day.day == before:
                        self._at = (n, i)
        self.setAccessibleName(spoken(figure))
        self.setAccessibleDescription(self.reading())
        self.updateGeometry()
        self.update()

    def _day_at_cursor(self) -> object:
        year = self._figure.year if self._figure is not None else None
        if year is None or self._at is None:
            return None
        day = year.weeks[self._at[0]].days[self._at[1]]
        return day.day if day is not None else None

    def reading(self) -> str:
        """What is read at the cursor, '' where it is nowhere."""
        year = self._figure.year if self._figure is not None else None
        if year is None or self._at is None:
            return ""
        day = year.weeks[self._at[0]].days[self._at[1]]
        return day.words if day is not None else ""

    # --- sizes -----------------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        f = self._figure
        if f is None or f.year is None:
            return round(text_height(f.empty, max(h(6), width - h(2)), "second") + h(2)) if f is not None else round(h(3))
        return round(self._lay(width).height)

    def sizeHint(self) -> QSize:
        return QSize(round(h(20)), self.heightForWidth(max(round(h(20)), self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(12)), round(h(3)))

    def _lay(self, width: int) -> _Laid:
        if self._laid is None or self._laid[0] != width:
            assert self._figure is not None and self._figure.year is not None
            self._laid = (width, _lay_out(self._figure.year, width))
        return self._laid[1]

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        f = self._figure
        if f is None:
            return
        painter = QPainter(self)
        if f.year is None:
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            draw_box(painter, box, edge="edge", dashed=True)
            draw_text(painter, box.adjusted(h(1), h(0.5), -h(1), -h(0.5)), f.empty, "second", "quiet", across="middle", wrap=True)
            painter.end()
            return
        laid = self._lay(self.width())
        _paint_legend(painter, laid)
        for band in laid.bands:
            _paint_band(painter, f.year, laid, band)
        if self._at is not None:
            self._paint_cursor(painter, laid)
        painter.end()

    def _paint_cursor(self, painter: QPainter, laid: _Laid) -> None:
        assert self._at is not None
        am, pm = laid.rect(*self._at, 0), laid.rect(*self._at, 1)
        if am is None or pm is None or not self.reading():
            return
        both = am.united(pm).adjusted(-2, -2, 2, 2)
        draw_box(painter, both, edge="focus", width=2.0, radius=Size.CHIP_RADIUS)
        paint_cursor(painter, Reading(QPointF(both.center().x(), both.top()), self.reading(), upright=False), None, QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # --- pointer and keys ------------------------------------------------------------------------------------------

    def _read(self, at: tuple[int, int] | None, *, by_key: bool) -> None:
        if at == self._at:
            return
        self._at, self._by_key = at, by_key
        self.setAccessibleDescription(self.reading())
        self.update()

    def _there(self, week: int, weekday: int) -> bool:
        year = self._figure.year if self._figure is not None else None
        if year is None or not (0 <= week < len(year.weeks) and 0 <= weekday < 5):
            return False
        day = year.weeks[week].days[weekday]
        return day is not None and day.am.tone != CLOSED

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._figure is None or self._figure.year is None:
            return
        place, laid = QPointF(event.position()), self._lay(self.width())
        for band in laid.bands:
            week = next((band.first + n for n, (x, wide) in enumerate(band.columns) if x <= place.x() < x + wide), None)
            if week is None:
                continue
            for weekday in range(5):
                top = laid.row(band, weekday, 0)
                if top <= place.y() < top + 2 * laid.cell and self._there(week, weekday):
                    self._read((week, weekday), by_key=False)
                    return
        if not self._by_key:
            self._read(None, by_key=False)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._by_key:
            self._read(None, by_key=False)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._read(None, by_key=False)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        year = self._figure.year if self._figure is not None else None
        moves = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, -1), keys.Key_Down: (0, 1)}
        if event.key() == keys.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.copy_table()
        elif year is not None and event.key() in moves:
            self._read(self._next(moves[keys(event.key())]), by_key=True)
        elif year is not None and event.key() in (keys.Key_Home, keys.Key_End):
            places = [(n, i) for n in range(len(year.weeks)) for i in range(5) if self._there(n, i)]
            if places:
                self._read(places[0 if event.key() == keys.Key_Home else -1], by_key=True)
        elif event.key() == keys.Key_Escape and self._at is not None:
            self._read(None, by_key=False)
        else:
            super().keyPressEvent(event)

    def _next(self, step: tuple[int, int]) -> tuple[int, int] | None:
        """The next day of school that way: across to the same weekday of another week, down through the days on to the next week."""
        assert self._figure is not None and self._figure.year is not None
        weeks = len(self._figure.year.weeks)
        if self._at is None:
            places = [(n, i) for n in range(weeks) for i in range(5) if self._there(n, i)]
            return places[0 if sum(step) > 0 else -1] if places else None
        week, weekday = self._at
        while True:
            if step[0]:
                week += step[0]
            else:
                week, weekday = (week + (weekday + step[1]) // 5, (weekday + step[1]) % 5)
            if not 0 <= week < weeks:
                return self._at
            if self._there(week, weekday):
                return week, weekday

    # --- table -----------------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        open_menu(self, event.globalPos())

    def show_table(self) -> None:
        """Opens the sessions as a table, one row a week."""
        if self._figure is not None:
            show_table(self._figure, self)

    def copy_table(self) -> None:
        """Puts the table on the clipboard, with tabs between its cells."""
        if self._figure is not None and self._figure.table.rows:
            QGuiApplication.clipboard().setText(table_text(self._figure))


def _lay_out(year: YearMap, width: int) -> _Laid:
    labels = max(text_width(d, "column") for d in WEEKDAYS) + h(0.4) + text_width("PM", "source") + h(0.4)
    legend, below = _lay_legend(year, width)
    room = width - labels - 2
    shares = [_HOLIDAY if w.holiday else 1.0 for w in year.weeks]
    count = 1
    while count < 12 and room * count / (sum(shares) or 1.0) < h(_LEAST) + 0.01:
        count += 1
    runs = _runs(shares, count)
    unit = min(h(_MOST), min(room / max(1.0, sum(shares[a:b])) for a, b in runs))
    cell = round(min(max(unit, h(0.92)), h(1.0)))
    bands: list[_Band] = []
    y = below
    for first, end in runs:
        lines = 1 + (year.began is not None and first <= year.began < end and bool(year.before_words or year.since_words))
        x = labels
        columns: list[tuple[float, float]] = []
        for share in shares[first:end]:
            columns.append((x, unit * share))
            x += unit * share
        top = round(y + lines * h(_LINE) + h(0.1))
        bands.append(_Band(first, end, tuple(columns), top))
        y = top + 5 * 2 * cell + 4 * h(_DAY_GAP) + h(0.5)
    return _Laid(labels, cell, tuple(bands), tuple(legend), y - h(0.4))


def _runs(shares: list[float], count: int) -> list[tuple[int, int]]:
    """The weeks in `count` runs of about the same width."""
    if count <= 1 or len(shares) <= count:
        return [(0, len(shares))]
    each = sum(shares) / count
    cuts, reach = [0], 0.0
    for n, share in enumerate(shares):
        reach += share
        if reach >= each * len(cuts) - 1e-9 and len(cuts) < count and n + 1 < len(shares):
            cuts.append(n + 1)
    return list(pairwise([*cuts, len(shares)]))


def _lay_legend(year: YearMap, width: int) -> tuple[list[tuple[QRectF, str, str, str]], float]:
    """The boxes of the legend, each with its class, letter and words, in as many lines as they need; and where they end."""
    found: list[tuple[QRectF, str, str, str]] = []
    x, y, high = 0.0, 0.0, h(1.25)
    for tone, sample, words in year.legend:
        wide = h(1.25) + text_width(words, "source") + h(0.9)
        if x and x + wide - h(0.9) > width:
            x, y = 0.0, y + high
        found.append((QRectF(x, y + h(0.15), h(1.0), h(0.95)), tone, sample, words))
        x += wide
    return found, y + high + h(0.1) if found else 0.0


def _paint_legend(painter: QPainter, laid: _Laid) -> None:
    for rect, tone, sample, words in laid.legend:
        draw_year_cell(painter, rect, tone, sample)
        place = QRectF(rect.right() + h(0.3), rect.center().y() - h(0.55), text_width(words, "source") + 2, h(1.1))
        draw_text(painter, place, words, "source", "quiet")


def _paint_band(painter: QPainter, year: YearMap, laid: _Laid, band: _Band) -> None:
    wide_day = max(text_width(d, "column") for d in WEEKDAYS) + h(0.4)
    for weekday, name in enumerate(WEEKDAYS):
        top = laid.row(band, weekday, 0)
        draw_text(painter, QRectF(0, top, wide_day, 2 * laid.cell), name, "column", "ink")
        for half, label in enumerate(("AM", "PM")):
            place = QRectF(wide_day, laid.row(band, weekday, half), laid.labels - wide_day - h(0.3), laid.cell)
            draw_text(painter, place, label, "source", "quiet", across="right")
    end = band.columns[-1][0] + band.columns[-1][1]
    reach = 0.0
    for n, words in year.months:
        if band.first <= n < band.end:
            x = band.columns[n - band.first][0]
            if x >= reach and x + text_width(words, "source") <= end + h(1):
                draw_text(painter, QRectF(x, band.top - h(_LINE), text_width(words, "source") + 2, h(_LINE)), words, "source", "quiet")
                reach = x + text_width(words, "source") + h(0.4)
    for n in range(band.first, band.end):
        for weekday, day in enumerate(year.weeks[n].days):
            if day is None:
                continue
            cells: tuple[YearCell, YearCell] = (day.am, day.pm)
            for half, cell in enumerate(cells):
                rect = laid.rect(n, weekday, half)
                assert rect is not None
                draw_year_cell(painter, rect, cell.tone, cell.code)
    if year.began is not None and band.first <= year.began < band.end:
        x = round(band.columns[year.began - band.first][0]) - 1.0
        top = band.top - 2 * h(_LINE) - h(0.05)
        bottom = laid.row(band, 4, 1) + laid.cell
        painter.fillRect(crisp(painter, QRectF(x - 0.5, top, 1.5, bottom - top)), theme().colour("ink"))
        line = QRectF(0, top, 0, h(_LINE))
        left, right = x - laid.labels, end - x
        if year.before_words and text_width(year.before_words, "source") + h(0.4) <= left:
            wide = text_width(year.before_words, "source") + 2
            draw_text(painter, QRectF(x - h(0.35) - wide, line.top(), wide, line.height()), year.before_words, "source", "quiet", across="right")
        if year.since_words:
            wide = text_width(year.since_words, "column") + 2
            if wide + h(0.35) <= right:
                draw_text(painter, QRectF(x + h(0.35), line.top(), wide, line.height()), year.since_words, "column", "ink")
            elif wide + h(0.4) <= left and not year.before_words:
                draw_text(painter, QRectF(x - h(0.35) - wide, line.top(), wide, line.height()), year.since_words, "column", "ink")
