"""A list on paper: title, day, headings on every page, rows divided only where they are longer than a page, page numbers; PDF or printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from approgress.domain.errors import Trouble
from approgress.style import SIGN_ROLE, load_style
from approgress.ui.parts.painting import mark_path
from approgress.ui.theme import theme

if TYPE_CHECKING:
    from approgress.ui.parts.tables import TableView

_BODY, _SMALL, _TITLE = 9.0, 7.5, 15.0  # points


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: heading, how it stands, and its share of the width that is left when all have what they need."""

    title: str
    across: str = "left"
    stretch: int = 0


@dataclass(frozen=True, slots=True)
class PaperList:
    """What is printed. A cell that is one of `style.SIGN_ROLE` after a '@' ('@gain') is drawn as that sign."""

    title: str
    sentence: str
    foot: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    key: str = ""


SIGNS_KEY: Final = "Triangle up: better; disc: no clear change; triangle down: worse; dashed ring: cannot be judged."
_ALIGN: Final = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight, "middle": Qt.AlignmentFlag.AlignHCenter}


class _Sheet:
    """One run over a device: fonts, widths and where the pen is."""

    def __init__(self, device: QPagedPaintDevice, painter: QPainter, what: PaperList) -> None:
        self.device, self.painter, self.what = device, painter, what
        self.unit = device.logicalDpiY() / 72
        self.style = load_style("light")
        self.width, self.height = float(device.width()), float(device.height())
        self.body, self.small = self._font(_BODY, 400), self._font(_SMALL, 600)
        self.line_high = 11.5 * self.unit
        self.row_pad = 5.5 * self.unit
        self.widths = self._widths()
        self.y = 0.0
        self.page = 0
        self.head = 0.0  # where the rows of a page begin

    def _font(self, points: float, weight: int) -> QFont:
        font = QFont(theme().font().family())
        font.setPixelSize(max(1, round(points * self.unit)))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _widths(self) -> list[float]:
        body, small = QFontMetricsF(self.body), QFontMetricsF(self.small)
        pad = 8 * self.unit
        wanted = []
        for n, column in enumerate(self.what.columns):
            cells = (9 * self.unit if row[n].startswith("@") else body.horizontalAdvance(row[n]) for row in self.what.rows)
            wanted.append(max(max(cells, default=0.0), small.horizontalAdvance(column.title)) + pad)
        left = self.width - sum(wanted)
        if left >= 0:
            shares = sum(c.stretch for c in self.what.columns) or 1
            return [w + left * c.stretch / shares for w, c in zip(wanted, self.what.columns, strict=True)]
        loose = [n for n, c in enumerate(self.what.columns) if c.stretch] or list(range(len(wanted)))
        room = sum(wanted[n] for n in loose)
        return [w + left * w / room if n in loose else w for n, w in enumerate(wanted)]

    def text(self, rect: QRectF, text: str, font: QFont, role: str, across: str = "left") -> None:
        """One line of text; what has no room ends in dots."""
        self.painter.setFont(font)
        self.painter.setPen(QColor(self.style.colour(role)))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        self.painter.drawText(rect, _ALIGN[across] | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def rule(self, role: str) -> None:
        """A hairline where the pen is."""
        self.painter.fillRect(QRectF(0, self.y, self.width, max(1.0, 0.5 * self.unit)), QColor(self.style.colour(role)))

    def begin(self) -> None:
        """Head and headings of a page."""
        self.page += 1
        self.y = 0.0
        if self.page == 1:
            self.text(QRectF(0, 0, self.width, 22 * self.unit), self.what.title, self._font(_TITLE, 700), "ink")
            self.y = 22 * self.unit
            for line in self._wrapped(self.what.sentence):
                self.text(QRectF(0, self.y, self.width, 14 * self.unit), line, self.body, "quiet")
                self.y += 13 * self.unit
            self.y += 9 * self.unit
        self.line(tuple(c.title for c in self.what.columns), self.small, "quiet")
        self.rule("edge")
        self.head = self.y

    def foot(self) -> None:
        """The foot of a page."""
        rect = QRectF(0, self.height - 12 * self.unit, self.width, 12 * self.unit)
        font = self._font(_SMALL, 400)
        self.text(rect, self.what.foot, font, "quiet")
        self.text(rect, f"page {self.page}", font, "quiet", "right")
        if self.what.key:
            self.text(rect.translated(0, -11 * self.unit), self.what.key, font, "quiet")

    def line(self, cells: Sequence[str], font: QFont, role: str) -> None:
        """One row of cells; what is too long for its column goes on below, and a row longer than a page on the next one."""
        broken = [[cell] if cell.startswith("@") else self._broken(cell, n, font) for n, cell in enumerate(cells)]
        lines = max((len(b) for b in broken), default=1)
        end = self.height - 28 * self.unit
        if self.page and self.y + self.row_pad + lines * self.line_high > end and self.row_pad + lines * self.line_high < end - self.head:
            self.turn()
        done = 0
        while done < lines:
            fit = max(1, int((end - self.y - self.row_pad) / self.line_high))
            now = min(lines - done, fit)
            self._lines([b[done : done + now] for b in broken], font, role)
            self.y += self.row_pad + now * self.line_high
            done += now
            if done < lines:
                self.turn()

    def _lines(self, broken: Sequence[Sequence[str]], font: QFont, role: str) -> None:
        x, pad = 0.0, 4 * self.unit
        for n, (cell, column) in enumerate(zip(broken, self.what.columns, strict=True)):
            wide = self.widths[n] - pad * (2 if n else 1)
            for i, text in enumerate(cell):
                rect = QRectF(x + (pad if n else 0), self.y + self.row_pad / 2 + i * self.line_high, wide, self.line_high)
                if text.startswith("@"):
                    self._sign(text[1:], rect, column.across)
                else:
                    self.text(rect, text, font, role, column.across)
            x += self.widths[n]

    def _broken(self, text: str, column: int, font: QFont) -> list[str]:
        """A cell's text in lines of its column's width."""
        room = self.widths[column] - 4 * self.unit * (2 if column else 1)
        metrics = QFontMetricsF(font)
        lines: list[str] = []
        for part in text.replace("\r\n", "\n").split("\n"):
            if metrics.horizontalAdvance(part) <= room:
                lines.append(part)
                continue
            layout = QTextLayout(part, font)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1.0, room))
                lines.append(part[line.textStart() : line.textStart() + line.textLength()].rstrip())
            layout.endLayout()
        return lines or [""]

    def _wrapped(self, sentence: str) -> list[str]:
        metrics, lines = QFontMetricsF(self.body), [""]
        for word in sentence.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and metrics.horizontalAdvance(longer) > self.width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def turn(self) -> None:
        """The next page."""
        self.foot()
        self.device.newPage()
        self.begin()

    def _sign(self, sign: str, rect: QRectF, across: str) -> None:
        from approgress.style import MARKS

        size = 7 * self.unit
        x = {"left": rect.left() + size / 2, "right": rect.right() - size / 2, "middle": rect.center().x()}[across]
        colour = QColor(self.style.colour(SIGN_ROLE[sign]))
        self.painter.save()
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.translate(x, rect.center().y())
        self.painter.scale(size, size)
        stroke = MARKS[sign].stroke
        if stroke:
            from PySide6.QtGui import QPen

            self.painter.setPen(QPen(colour, stroke))
            self.painter.drawPath(mark_path(sign))
        else:
            self.painter.fillPath(mark_path(sign), colour)
        self.painter.restore()


def paper_of(table: TableView, title: str, sentence: str, foot: str) -> PaperList:
    """A table as it is read on the screen, sorted, names hidden where they are hidden, with the columns that had no room there."""
    from approgress.ui.parts.tables import CELL, Column, SignCell, cell_text

    model = table.model()
    columns: list[Column] = table.columns()

    def on_paper(row: int, n: int) -> str:
        cell = model.index(row, n).data(CELL)
        text = f"@{cell.sign}" if isinstance(cell, SignCell) else cell_text(cell)
        return text if not text.startswith("@") or isinstance(cell, SignCell) else f" {text}"

    rows = [[on_paper(row, n) for n in range(len(columns))] for row in range(model.rowCount())]
    kept = [n for n, c in enumerate(columns) if c.spoken() or any(row[n] for row in rows)]
    signs = any(cell.startswith("@") for row in rows for cell in row)
    return PaperList(
        title,
        sentence,
        foot,
        tuple(PaperColumn(_heading(columns[n]), columns[n].across, columns[n].stretch) for n in kept),
        tuple(tuple(row[n] for n in kept) for row in rows),
        SIGNS_KEY if signs else "",
    )


def _heading(column: Any) -> str:
    title = column.title.replace("\n", " ")
    return f"{column.group} {title}" if column.group and len(title) < 3 else title or ""


def draw_list(device: QPagedPaintDevice, what: PaperList) -> int:
    """Draws the list page by page; how many pages. Trouble where the device cannot be begun."""
    painter = QPainter()
    if not painter.begin(device):
        raise Trouble("The list could not be printed. Nothing else was changed. Choose another printer or folder.")
    sheet = _Sheet(device, painter, what)
    sheet.begin()
    for row in what.rows:
        sheet.line(row, sheet.body, "ink")
        sheet.rule("line")
    sheet.foot()
    painter.end()
    return sheet.page


def save_list(path: Path, what: PaperList) -> int:
    """The list as PDF, upright or across by its width; how many pages. Trouble where it cannot be written; nothing half-written stays."""
    temporary = path.with_name(f".{path.name}.part")
    sorry = Trouble(
        f"{path.name} could not be written to {path.parent}: it may be open in another program, or the folder cannot be written to. "
        "Close it there or choose another folder; nothing was changed."
    )
    try:
        temporary.write_bytes(b"")  # Qt would only say that it could not begin, and not why
    except OSError:
        raise sorry from None
    writer = QPdfWriter(str(temporary))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape if len(what.columns) > 6 else QPageLayout.Orientation.Portrait)
    writer.setPageMargins(QMarginsF(14, 14, 14, 12), QPageLayout.Unit.Millimeter)
    writer.setResolution(300)
    writer.setTitle(what.title)
    try:
        pages = draw_list(writer, what)
        del writer
        if not temporary.exists() or temporary.stat().st_size == 0:
            raise OSError(28, "nothing was written")
        temporary.replace(path)
    except (OSError, Trouble):
        raise sorry from None
    finally:
        temporary.unlink(missing_ok=True)
    return pages
