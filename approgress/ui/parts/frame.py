"""The frame of the window: rail with its places, keys and state, and the pages, each built when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QAbstractListModel, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from approgress.style import Size
from approgress.ui.parts.fold import Fold, fold_for
from approgress.ui.parts.labels import Chip, MarkText, NameText, Rule, Text
from approgress.ui.parts.painting import draw_box, draw_count, draw_hairline, draw_keycap, draw_ring, draw_text, text_width
from approgress.ui.theme import h, reveal, space, theme

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QModelIndex
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent

_DISPLAY: Final = 0
_TIP: Final = 3
_SPOKEN: Final = 11
_ROW: Final = 2.05


class Place(NamedTuple):
    """A place of the rail: its page is made by `factory` when it is first shown; `icon` is a file of resources/icons."""

    key: str
    name: str
    icon: str
    factory: Callable[[], QWidget]


class _Places(QAbstractListModel):
    """The places, and how many things wait in each."""

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self.places = list(places)
        self.counts: dict[str, tuple[int, str]] = {}

    def rowCount(self, parent: Any = None) -> int:
        return len(self.places)

    def data(self, index: Any, role: int = _DISPLAY) -> Any:
        place = self.places[index.row()]
        if role == _DISPLAY:
            return place.name
        if role in (_SPOKEN, _TIP):
            count, words = self.counts.get(place.key, (0, ""))
            return f"{place.name}, {words or count}" if count else place.name
        return None

    def row(self, key: str) -> int:
        return next((i for i, place in enumerate(self.places) if place.key == key), -1)


class _RailDelegate(QStyledItemDelegate):
    """A place: icon, name, count; in a folded rail the icon alone with the count at its corner."""

    def __init__(self, view: _RailList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: Any, index: Any) -> QSize:
        return QSize(round(h(3)), round(h(_ROW)))

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        view = self._view
        view.seen = True
        row = index.row()
        place = view.places.places[row]
        whole = QRectF(option.rect)
        inset = round(h(0.075))
        box = whole.adjusted(0, inset, 0, -inset)
        chosen = place.key == view.chosen
        look = theme()
        if chosen or view.hover_row == row:
            draw_box(painter, box, ground="soft" if chosen else "hover", radius=Size.RADIUS)
        role = "on_soft" if chosen else "quiet"
        side = round(h(1.0))
        x = round(box.center().x() - side / 2) if view.folded else round(box.left() + h(0.5))
        painter.drawPixmap(QPointF(x, round(box.center().y() - side / 2)), look.pixmap(place.icon, role, 1.0))
        count = view.places.counts.get(place.key, (0, ""))[0]
        if view.folded:
            if count:
                draw_count(painter, QPointF(box.right() - h(0.56), box.top() + h(0.54)), _shown(count), edge=True)
        else:
            right = box.right() - h(0.4)
            if count:
                wide = max(h(1.1), text_width(_shown(count), "column") + h(0.7))
                draw_count(painter, QPointF(right - wide / 2, box.center().y()), _shown(count))
                right -= wide + h(0.2)
            left = box.left() + h(1.95)
            name = QRectF(left, box.top(), right - left, box.height())
            draw_text(painter, name, place.name, "strong", "on_soft" if chosen else "ink")
        if view.hasFocus() and view.currentIndex().row() == row:
            draw_ring(painter, box.adjusted(4, 4, -4, -4), 0.25)


def _shown(count: int) -> str:
    return str(count) if count < 100 else "99+"


class _RailList(QListView):
    """The places as a list: arrows move, Enter, Space or a click opens."""

    picked = Signal(str)

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self.places = _Places(places, parent)
        self.chosen = ""
        self.folded = False
        self.hover_row = -1
        self.seen = False
        self.setModel(self.places)
        self.setItemDelegate(_RailDelegate(self))
        self.setProperty("ground", "clear")
        self.setAccessibleName("Places")
        self.setMouseTracking(True)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        return QSize(round(h(3)), round(h(_ROW)) * len(self.places.places) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(1)), round(h(_ROW)))

    def choose(self, key: str) -> None:
        """Shows a place as the one that is open."""
        self.chosen = key
        row = self.places.row(key)
        if row >= 0:
            self.setCurrentIndex(self.places.index(row, 0))
        self.refresh()

    def refresh(self) -> None:
        """Paints the places again."""
        if self.seen:  # asking for the viewport makes PySide look through all classes of widgets: 14 ms of the first paint
            self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """Does nothing: a letter does not jump."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.refresh()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hover_row:
            self.hover_row = row
            self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        self.picked.emit(self.places.places[index.row()].key)


class _KeyRow(QAbstractButton):
    """A line at the foot of the rail: what a key does, and the key."""

    ring_radius = 0.25

    def __init__(self, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._hover = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str, tip: str = "") -> None:
        """Other words; `tip` says more."""
        self.setText(words)
        self.setAccessibleName(f"{tip or words}, {self._key}")
        self.setToolTip(tip)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(h(8)), round(h(1.28)))

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._hover = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isEnabled() and (self._hover or self.isDown()):
            draw_box(painter, QRectF(self.rect()), ground="hover", radius=0.25)
        pad, wide, high = h(0.3), round(text_width(self._key, "column") + h(0.65)), round(h(1.1))
        cap = QRectF(self.width() - pad - wide, round((self.height() - high) / 2), wide, high)
        ink = "ink" if self._hover and self.isEnabled() else "quiet"
        draw_text(painter, QRectF(pad, 0, cap.left() - 2 * pad, self.height()), self.text(), "second", ink)
        draw_keycap(painter, cap, self._key)
        painter.end()


class _IconRow(QAbstractButton):
    """An icon of the rail that is a button, with words behind it or alone; painted, as an icon of QPushButton costs the first paint 8 ms."""

    ring_radius = 0.3

    def __init__(self, icon: str, words: str = "", *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._hover = False
        self.setText(words)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        high = round(h(1.5))
        return QSize(round(text_width(self.text(), "second") + h(1.95)) + 1 if self.text() else high, high)

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._hover = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._hover or self.isDown():
            draw_box(painter, QRectF(self.rect()), ground="hover", radius=0.3)
        side = round(h(0.95))
        left = round(h(0.35)) if self.text() else round((self.width() - side) / 2)
        picture = theme().pixmap(self._icon, "ink" if self._hover else "quiet", 0.95)
        painter.drawPixmap(QPointF(left, round((self.height() - side) / 2)), picture)
        if self.text():
            x = left + side + h(0.3)
            role = "ink" if self._hover else "quiet"
            draw_text(painter, QRectF(x, 0, self.width() - x, self.height()), self.text(), "second", role)
        painter.end()


class Rail(QWidget):
    """Brand, school, places, keys, state, person. Folded it is a menu button, icons and a lock."""

    def __init__(self, places: Sequence[Place], school: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._folded: bool | None = None
        self._wide: list[QWidget] = []
        self.menu_button = _IconRow("menu", name="Open the rail, F10")
        self.menu_button.setToolTip("Open the rail, F10")
        self.menu_button.hide()
        self._column.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignHCenter)
        head = QWidget()
        brand = QVBoxLayout(head)
        space(brand, 0.45, 0, 0.2, 0.6, 0.1)
        brand.addWidget(Text("approgress", "brand", "accent"))
        self.school = Text(school, "source", "quiet", wrap=True)
        brand.addWidget(self.school)
        self.demonstration = Chip("", "attention")
        self.demonstration.hide()
        brand.addSpacing(5)
        brand.addWidget(self.demonstration, 0, Qt.AlignmentFlag.AlignLeft)
        self.demonstration_day = Text("", "source", "quiet", wrap=True)
        self.demonstration_day.hide()
        brand.addWidget(self.demonstration_day)
        self._column.addWidget(head)
        self.list = _RailList(places, self)
        self._column.addWidget(self.list)
        self._column.addStretch(1)
        foot = QWidget()
        lines = QVBoxLayout(foot)
        space(lines, 0, 0, 0, 0, 0.12)
        lines.addWidget(Rule())
        lines.addSpacing(2)
        self.find = _KeyRow("Find anything", "Ctrl K")
        self.hide_names = _KeyRow("Hide names", "F8")
        self.undo = _KeyRow("Undo", "Ctrl Z")
        lines.addWidget(self.find)
        lines.addWidget(self.hide_names)
        lines.addWidget(self.undo)
        self._state = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._state, 0.3, 0.1, 0.3, 0, 0.15)
        self.saved = NameText("", kind="source", role="quiet")
        self.backed_up = MarkText("", "", "quiet", kind="source")
        self._state.addWidget(self.saved, 1)
        self._state.addWidget(self.backed_up)
        lines.addLayout(self._state)
        who = QHBoxLayout()
        space(who, 0.3, 0, 0, 0, 0.1)
        self.person = NameText("", kind="column")
        self.lock = _IconRow("lock", "Lock", name="Lock")
        self.lock.setToolTip("Covers the window until the passphrase is typed")
        who.addWidget(self.person, 1)
        who.addWidget(self.lock)
        lines.addLayout(who)
        self._column.addWidget(foot)
        self.lock_icon = _IconRow("lock", name="Lock")
        self.lock_icon.setToolTip("Lock")
        self.lock_icon.hide()
        self._column.addWidget(self.lock_icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._wide = [head, foot]
        self.set_folded(False)

    def set_folded(self, folded: bool) -> None:
        """Icons only, or everything."""
        if folded == self._folded:
            return
        self._folded = folded
        for widget in self._wide:
            reveal(widget, not folded)
        reveal(self.menu_button, folded)
        reveal(self.lock_icon, folded)
        self.list.folded = folded
        # A bar would lie over the counts of the icons; arrows and the wheel scroll them as well.
        bar = Qt.ScrollBarPolicy
        self.list.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if folded else bar.ScrollBarAsNeeded)
        if folded:
            space(self._column, 0.4, 0.45, 0.4, 0.45, 0.3)
        else:
            space(self._column, 0.6, 0.85, 0.6, 0.6, 0)
        self.list.refresh()

    def arrange_state(self) -> None:
        """What was saved and what was backed up beside one another, or below where they have no room."""
        needed = self.saved.sizeHint().width() + self.backed_up.sizeHint().width() + h(0.15)
        way = QBoxLayout.Direction
        self._state.setDirection(way.LeftToRight if needed <= h(Size.RAIL - 1.8) else way.TopToBottom)

    def width_for(self, folded: bool) -> int:
        """Its width in logical pixels."""
        return round(h(Size.RAIL_FOLDED if folded else Size.RAIL))


class Frame(QWidget):
    """Rail and pages. It knows nothing of the data: places, words and counts are given to it, and what a person wants it says."""

    place_shown = Signal(str)
    hide_names_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    lock_asked = Signal()
    keys_asked = Signal()
    find_asked = Signal()
    print_asked = Signal()

    def __init__(self, places: Sequence[Place], *, school: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = {place.key: place for place in places}
        self._order = [place.key for place in places]
        self._pages: dict[str, QWidget] = {}
        self._home: dict[str, str] = {}
        self._history: list[str] = []
        self._shown = ""
        self._fold = Fold.WIDE
        self._open = False
        self._painted = False
        self.pages = QStackedWidget(self)
        self.strip = _Strip(self)
        self.strip.hide()
        self.rail = Rail(places, school, self)
        self.rail.list.picked.connect(self.show_place)
        self.rail.menu_button.clicked.connect(self.toggle_rail)
        self.rail.find.clicked.connect(self.find_asked)
        self.rail.hide_names.clicked.connect(self.hide_names_asked)
        self.rail.undo.clicked.connect(self.undo_asked)
        self.rail.lock.clicked.connect(self.lock_asked)
        self.rail.lock_icon.clicked.connect(self.lock_asked)
        for keys, slot in (
            ("F8", self.hide_names_asked),
            ("Ctrl+Z", self.undo_asked),
            ("Ctrl+Shift+Z", self.redo_asked),
            ("Ctrl+Y", self.redo_asked),
            ("Ctrl+L", self.lock_asked),
            ("F1", self.keys_asked),
            ("Ctrl+K", self.find_asked),
            ("F10", self.toggle_rail),
            ("Alt+Left", self.back),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        for number in range(min(9, len(self._order))):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self)
            shortcut.setProperty("place", self._order[number])
            shortcut.activated.connect(self._place_by_key)
        theme().changed.connect(self._arrange)

    # Pages

    def show_place(self, key: str) -> QWidget:
        """Shows the page of a place, made now if it is shown for the first time, and returns it."""
        return self.open_page(key, key, self._places[key].factory)

    def open_page(self, place: str, name: str, factory: Callable[[], QWidget]) -> QWidget:
        """Shows a page that belongs to `place`, such as one pupil's; made by `factory` unless a page of that `name` is there."""
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = factory()
            self.pages.addWidget(page)
        elif name != self._shown:
            refresh = getattr(page, "refresh", None)
            if refresh is not None:
                refresh()
        self._home[name] = place
        if self._shown and self._shown != name:
            self._history.append(self._shown)
            del self._history[:-30]
        self._shown = name
        self.pages.setCurrentWidget(page)
        self.rail.list.choose(place)
        if self._open:
            self.toggle_rail()
        self.place_shown.emit(place)
        return page

    def page(self, name: str) -> QWidget | None:
        """The page of that name if it has been made, else None."""
        return self._pages.get(name)

    def current_page(self) -> QWidget | None:
        """The page that is shown."""
        return self._pages.get(self._shown)

    def back(self) -> None:
        """Shows the page before this one."""
        while self._history:
            name = self._history.pop()
            page = self._pages.get(name)
            if page is not None and name != self._shown:
                self._shown = ""
                self.open_page(self._home[name], name, self._places[self._home[name]].factory)
                return

    def forget(self, name: str) -> None:
        """Frees a page; where it is the one shown, its place is shown instead."""
        page = self._pages.pop(name, None)
        if page is None:
            return
        self._history = [one for one in self._history if one != name]
        if self._shown == name:
            self._shown = ""
            self.show_place(self._home[name])
        self.pages.removeWidget(page)
        page.deleteLater()

    def forget_all(self) -> None:
        """Frees every page; `show_place` makes them anew (another school, another person)."""
        for page in self._pages.values():
            self.pages.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._history.clear()
        self._shown = ""

    # What the rail says

    def set_school(self, name: str) -> None:
        """The name of the school."""
        self.rail.school.setText(name)

    def set_demonstration(self, words: str, day: str = "") -> None:
        """'Demonstration school' and which day it takes for today; '' for a real one."""
        self.rail.demonstration.setText(words)
        reveal(self.rail.demonstration, bool(words))
        self.rail.demonstration_day.setText(day)
        reveal(self.rail.demonstration_day, bool(day))
        self.strip.set_words(" · ".join(part for part in (words, day) if part))
        if self.isVisible():
            self._arrange()

    def set_count(self, place: str, count: int, words: str = "") -> None:
        """How many things wait in a place, and in words ("6 need you")."""
        places = self.rail.list.places
        places.counts[place] = (count, words)
        row = places.row(place)
        if row >= 0:
            places.dataChanged.emit(places.index(row, 0), places.index(row, 0))

    def set_saved(self, words: str) -> None:
        """'Saved 09:12'."""
        self.rail.saved.set(words)
        self.rail.arrange_state()

    def set_backed_up(self, words: str, good: bool = True) -> None:
        """'Backed up', or what is wrong with the backup."""
        self.rail.backed_up.set("tick" if good else "gain", words, "quiet" if good else "attention", "gain" if good else "attention")
        self.rail.arrange_state()

    def set_person(self, name: str, role: str = "") -> None:
        """Who is working."""
        self.rail.person.set(name, f"· {role}" if role else "")

    def set_names_hidden(self, hidden: bool) -> None:
        """What F8 does next."""
        self.rail.hide_names.set_words("Show names" if hidden else "Hide names")

    def set_undo(self, title: str) -> None:
        """What Ctrl Z takes back; '' for nothing."""
        self.rail.undo.set_words("Undo", f"Undo: {title}" if title else "")
        self.rail.undo.setEnabled(bool(title))

    # Folding

    def fold(self) -> Fold:
        """What the window has room for."""
        return self._fold

    def toggle_rail(self) -> None:
        """Opens a folded rail over the page and closes it again; a rail that is not folded gets the focus."""
        if self._fold is not Fold.NARROW:
            self.rail.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._open = not self._open
        self._arrange()
        if self._open:
            self.rail.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif (page := self.current_page()) is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.print_asked.emit()  # no shortcut: a page that prints in a way of its own has one, and two would be none
            return
        if event.key() == Qt.Key.Key_Escape and self._open:
            self.toggle_rail()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(300, theme().load_second_face)

    def _arrange(self) -> None:
        self._fold = fold_for(self.window().width())
        narrow = self._fold is Fold.NARROW
        if not narrow:
            self._open = False
        self.rail.set_folded(narrow and not self._open)
        # Over a narrow page the strip says what the chip would, and the places need the room.
        for part in (self.rail.demonstration, self.rail.demonstration_day):
            reveal(part, bool(part.text()) and not narrow)
        rail = self.rail.width_for(narrow)
        self.rail.setGeometry(0, 0, self.rail.width_for(narrow and not self._open), self.height())
        strip = round(h(1.1)) if narrow and self.strip.words() else 0
        reveal(self.strip, bool(strip))
        self.strip.setGeometry(rail, 0, self.width() - rail, strip)
        self.pages.setGeometry(QRect(rail, strip, max(0, self.width() - rail), max(0, self.height() - strip)))
        if self._open:
            self.rail.raise_()

    def _place_by_key(self) -> None:
        self.show_place(self.sender().property("place"))


class _Strip(QWidget):
    """Says above the page that this is the demonstration school, where the rail has no room for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""

    def words(self) -> str:
        """What it says."""
        return self._words

    def set_words(self, words: str) -> None:
        """Says something else."""
        self._words = words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("attention_soft"))
        if theme().style.outlined:
            draw_hairline(painter, 0, self.height() - 1, self.width(), "attention")
        room = QRectF(h(0.7), 0, self.width() - h(1.4), self.height())
        draw_text(painter, room, self._words, "column", "attention", may_elide=True)
        painter.end()
