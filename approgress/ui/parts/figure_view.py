"""The screen painter of any `Figure`: lines with their grey band, steps, bars and rows of dots, read by pointer, keys and screen reader."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.figures import BARS, DOTS, Figure
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.figure_painting import (
    Label,
    Reading,
    Scales,
    bottom_room,
    dot_row_height,
    left_room,
    nearest,
    paint_axes,
    paint_bars,
    paint_cursor,
    paint_dots,
    paint_grounds,
    paint_labels,
    paint_strokes,
    place_labels,
    readings_of,
    right_room,
    top_room,
)
from approgress.ui.parts.labels import Text
from approgress.ui.parts.painting import draw_box, draw_text, text_height
from approgress.ui.theme import h, reveal, space, theme


def spoken(figure: Figure) -> str:
    """A chart as sentences: what it is, what it shows, and what its grey band rests on."""
    return " ".join(part for part in (f"{figure.title}.", figure.empty or figure.text, figure.note) if part)


def table_text(figure: Figure) -> str:
    """The figures of a chart as lines with tabs between, as spreadsheets take them."""
    return "\n".join("\t".join(row) for row in (figure.table.headings, *figure.table.rows))


class FigureView(QWidget):
    """Paints a figure. Pointer and arrow keys read its values one by one; the menu shows or copies its table.

    Its title, its sentence and its note are the owner's to show (`FigureCard` does). `plot_height` is the least height of the plot in h.
    """

    def __init__(self, figure: Figure | None = None, *, plot_height: float = 8.0, ground: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = figure
        self._plot_height = plot_height
        self._ground = ground
        self._cursor = -1
        self._by_key = False
        self._readings: list[Reading] = []
        self._scales: Scales | None = None
        self._labels: list[Label] = []
        self._laid: object = None
        self._heights: dict[int, int] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._look_changed)
        if figure is not None:
            self.set_figure(figure)

    def _look_changed(self) -> None:
        self._laid = None
        self._heights.clear()
        self.updateGeometry()

    def figure(self) -> Figure | None:
        """What it shows."""
        return self._figure

    def set_figure(self, figure: Figure) -> None:
        """Shows another figure."""
        self._figure = figure
        self._laid = None
        self._heights.clear()
        self._cursor = -1
        self._readings = []
        self.setAccessibleName(spoken(figure))
        self.setAccessibleDescription("")
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Shows and says nothing."""
        self._figure, self._cursor, self._readings, self._labels, self._laid = None, -1, [], [], None
        self._heights.clear()
        self.setAccessibleName("")
        self.setAccessibleDescription("")

    def reading(self) -> str:
        """What is read at the cursor, '' where it is nowhere."""
        return self._readings[self._cursor].words if 0 <= self._cursor < len(self._readings) else ""

    def readings(self) -> list[str]:
        """All that can be read, in order."""
        self._lay()
        return [r.words for r in self._readings]

    # --- sizes -----------------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        found = self._heights.get(width)
        if found is None:
            found = self._heights[width] = self._height(width)
        return found

    def _height(self, width: int) -> int:
        f = self._figure
        if f is None:
            return round(h(3))
        if f.empty:
            return round(text_height(f.empty, max(h(6), width - h(2)), "second") + h(2))
        if f.kind == DOTS:
            return round(sum(dot_row_height(row, width) for row in f.rows)) + 2
        plot = QRectF(0, 0, width - left_room(f) - right_room(f), h(self._plot_height))
        s = self._scales_in(plot)
        return round(top_room(f, s, width) + h(self._plot_height) + bottom_room(f, plot.width()) + 2)

    def sizeHint(self) -> QSize:
        width = max(round(h(20)), self.width() if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created) else 0)
        return QSize(round(h(20)), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(10)), round(h(3)))

    def _scales_in(self, plot: QRectF) -> Scales:
        f = self._figure
        assert f is not None
        low, high = (f.y.low, f.y.high) if f.y is not None else (0.0, 1.0)
        first, last = (f.x.first.toordinal(), f.x.last.toordinal()) if f.x is not None else (0, 1)
        return Scales(plot, first, last, low, high)

    def _lay(self) -> Scales | None:
        """Where everything lies now; the places that can be read are made with it."""
        f = self._figure
        if f is None or f.empty or f.kind == DOTS:
            self._scales = None
            return None
        if self._laid == self.size() and self._scales is not None:
            return self._scales
        self._laid = self.size()
        left, right = left_room(f), right_room(f)
        wide = max(h(3), self.width() - left - right)
        top = top_room(f, self._scales_in(QRectF(left, 0, wide, 10)), self.width() - 1.0)
        bottom = bottom_room(f, wide)
        s = self._scales_in(QRectF(round(left), round(top), round(wide), max(h(2), round(self.height() - top - bottom - 1))))
        self._scales = s
        self._readings = readings_of(f, s)
        self._labels = place_labels(f, s, self.width() - 1.0) if f.kind != BARS else []
        return s

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        f = self._figure
        if f is None:
            return
        painter = QPainter(self)
        if f.empty:
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            draw_box(painter, box, edge="edge", dashed=True)
            draw_text(painter, box.adjusted(h(1), h(0.5), -h(1), -h(0.5)), f.empty, "second", "quiet", across="middle", wrap=True)
        elif f.kind == DOTS:
            self._readings = paint_dots(painter, f, 0, 0, self.width(), self._ground)
        else:
            s = self._lay()
            assert s is not None
            edge = self.width() - 1.0
            paint_grounds(painter, f, s, edge)
            if f.kind == BARS:
                paint_bars(painter, f, s)
                paint_axes(painter, f, s, 0, edge)
            else:
                paint_axes(painter, f, s, 0, edge)
                for line in f.lines:
                    paint_strokes(painter, f, line, s, self._ground)
                paint_labels(painter, self._labels)
        if 0 <= self._cursor < len(self._readings):
            paint_cursor(painter, self._readings[self._cursor], self._scales, QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    # --- pointer and keys ------------------------------------------------------------------------------------------

    def _read(self, number: int, *, by_key: bool) -> None:
        if number == self._cursor:
            return
        self._cursor, self._by_key = number, by_key
        self.setAccessibleDescription(self.reading())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._readings:
            return
        dots = self._figure is not None and self._figure.kind == DOTS
        self._read(nearest(self._readings, QPointF(event.position()), across=not dots), by_key=False)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._by_key:
            self._read(-1, by_key=False)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._read(-1, by_key=False)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if self._scales is None:
            self._lay()
        last = len(self._readings) - 1
        steps = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -1, keys.Key_Down: 1}
        dots = self._figure is not None and self._figure.kind == DOTS
        ours = (keys.Key_Up, keys.Key_Down) if dots else (keys.Key_Left, keys.Key_Right)
        if last >= 0 and event.key() in ours:
            step = steps[keys(event.key())]
            start = self._cursor if self._cursor >= 0 else (last + 1 if step < 0 else -1)
            self._read(min(last, max(0, start + step)), by_key=True)
        elif last >= 0 and event.key() in (keys.Key_Home, keys.Key_End):
            self._read(0 if event.key() == keys.Key_Home else last, by_key=True)
        elif event.key() == keys.Key_Escape and self._cursor >= 0:
            self._read(-1, by_key=False)
        elif event.key() == keys.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.copy_table()
        else:
            super().keyPressEvent(event)

    # --- table -----------------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        open_menu(self, event.globalPos())

    def show_table(self) -> None:
        """Opens the figures as a table."""
        if self._figure is not None:
            show_table(self._figure, self)

    def copy_table(self) -> None:
        """Puts the figures on the clipboard, with tabs between them."""
        if self._figure is not None and self._figure.table.rows:
            QGuiApplication.clipboard().setText(table_text(self._figure))


def open_menu(view: QWidget, place: object) -> QMenu | None:
    """The menu of a chart (anything with `figure`, `show_table` and `copy_table`); None where it has no figures."""
    figure: Figure | None = view.figure()  # type: ignore[attr-defined]
    if figure is None or not figure.table.rows:
        return None
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Show as table").triggered.connect(view.show_table)  # type: ignore[attr-defined]
    menu.addAction("Copy table").triggered.connect(view.copy_table)  # type: ignore[attr-defined]
    menu.popup(place)  # type: ignore[arg-type]
    return menu


def show_table(figure: Figure, owner: QWidget) -> TableDialog:
    """Opens the figures of a chart as a table over its window."""
    dialog = TableDialog(figure, parent=owner.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class TableDialog(FormDialog):
    """The figures of a chart, to be read line by line or copied."""

    def __init__(self, figure: Figure, parent: QWidget | None = None) -> None:
        from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell

        super().__init__(figure.title, figure.text, verb="Copy table", leave="Close", width=34, parent=parent)
        self._figure = figure
        columns = tuple(Column(heading or "\u00a0", sorts=False, stretch=1 if n == 0 else 0) for n, heading in enumerate(figure.table.headings))
        rows = [Row(n, row[0], tuple(TextCell(cell) for cell in row)) for n, row in enumerate(figure.table.rows)]
        self.table = TableView(figure.title)
        self.table.setModel(TableModel(columns, rows, self.table))
        self.table.setMinimumHeight(round(h(min(14.0, 2.2 * (len(rows) + 1) + 0.5))))
        self.add_widget(self.table)

    def submit(self) -> None:
        QGuiApplication.clipboard().setText(table_text(self._figure))


class FigureCard(Card):
    """A chart in a card: title, what it counts, the chart, its sentence and what the grey band rests on; a menu at the right."""

    def __init__(self, figure: Figure | None = None, *, plot_height: float = 8.0, parent: QWidget | None = None) -> None:
        super().__init__(" ", padding=0.75, parent=parent)
        assert self.heading is not None
        self.view: QWidget = FigureView(plot_height=plot_height)
        self.more = Button(kind="icon", icon="more", small=True, name="Show this chart as a table, or copy it")
        self.more.clicked.connect(self._open_menu)
        self.heading.add(self.more)
        self.add(self.view, 1)
        self.sentence = Text("", "second", wrap=True)
        self.note = Text("", "source", "quiet", wrap=True)
        words = QVBoxLayout()
        space(words, gap=0.15)
        words.addWidget(self.sentence)
        words.addWidget(self.note)
        self.add_layout(words)
        if figure is not None:
            self.set_figure(figure)

    def figure(self) -> Figure | None:
        """What it shows."""
        return self.view.figure()  # type: ignore[attr-defined,no-any-return]

    def set_figure(self, figure: Figure) -> None:
        """Shows another figure."""
        assert self.heading is not None
        self.heading.set(figure.title, figure.subtitle if not figure.empty else "")
        self.view.set_figure(figure)  # type: ignore[attr-defined]
        self.sentence.setText("" if figure.empty else figure.text)
        self.note.setText(figure.note)
        reveal(self.sentence, bool(figure.text) and not figure.empty)
        reveal(self.note, bool(figure.note))
        reveal(self.more, bool(figure.table.rows))

    def put_view(self, make: Callable[[QWidget], QWidget]) -> None:
        """Puts another painter of the same figure in place of the one that is there, which is freed."""
        before = self.view
        figure: Figure | None = before.figure()  # type: ignore[attr-defined]
        had_focus = before.hasFocus()
        self.view = make(self)
        self.body.replaceWidget(before, self.view)
        self.body.setStretchFactor(self.view, 1)
        before.hide()
        before.deleteLater()
        if figure is not None:
            self.view.set_figure(figure)  # type: ignore[attr-defined]
        self.view.show()
        if had_focus:
            self.view.setFocus()

    def _open_menu(self) -> None:
        open_menu(self.view, self.more.mapToGlobal(self.more.rect().bottomLeft()))
