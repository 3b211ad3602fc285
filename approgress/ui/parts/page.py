"""A page: title and sentence at the left, one main action at the top right, what it shows below, keys and state at its foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.style import Size
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.fold import Fold, fold_inside, fold_of
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.theme import dress, h, reveal, space, theme

_ANY_WIDTH = 16_777_215
_LOW = 15.0  # h: below this a window has no room for the foot of a page


class PageHead(QWidget):
    """Words at the left, main action at the right, and between them what else is chosen here, or on a line of its own below."""

    room_changed = Signal()
    """The words at the left have more or less room: see `words_room`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = QWidget(self)
        left = QHBoxLayout(self._left)
        space(left, gap=0.7)
        self._before = left
        words = QVBoxLayout()
        space(words)
        self.crumb = Text("", "second", "quiet")
        self.title = Text("", "title", wrap=True)
        self.sentence = Text("", "second", "quiet", wrap=True)
        words.addStretch(1)
        for text in (self.crumb, self.title, self.sentence):
            text.hide()
            words.addWidget(text)
        words.addStretch(1)
        left.addLayout(words, 1)
        self._put_before: list[QWidget] = []
        self._first = QWidget(self)  # never shown: a place in the order of Tab before all that is added later
        self._first.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._first.hide()
        self._extras = QWidget(self)
        self._extras_row = FlowLayout(self._extras, gap=0.75)
        self._extras.installEventFilter(self)
        self._folding: list[QWidget] = []
        self.main: Button | None = None
        self._long = self._short = ""
        self._fold = Fold.WIDE
        self._low = False
        self._tabs: tuple[bool, list[QWidget]] | None = None
        self._room = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._again)

    def set_words(self, title: str, sentence: str = "", crumb: str = "") -> None:
        """The words at the left."""
        for text, words in ((self.title, title), (self.sentence, sentence), (self.crumb, crumb)):
            text.setText(words)
            reveal(text, bool(words))
        self.title.setToolTip(sentence if self._fold is Fold.NARROW else "")
        self.title.setAccessibleDescription(sentence)
        self.set_fold(self._fold)

    def put_before(self, widget: QWidget) -> None:
        """A widget before the words, such as a disc with initials."""
        self._before.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._put_before.append(widget)
        self._again()

    def add(self, widget: QWidget, *, folds: bool = False) -> None:
        """A widget between the words and the main action; one that `folds` takes its least width before all go to a line of their own."""
        self._extras_row.addWidget(widget)
        if folds:
            self._folding.append(widget)
        self._again()

    def words_room(self) -> int:
        """How wide the words at the left may be, in logical pixels."""
        before = sum(
            item.sizeHint().width() + self._before.spacing()
            for item in (self._before.itemAt(i) for i in range(self._before.count()))
            if item is not None and item.widget() is not None and not item.isEmpty()
        )
        return max(1, self._room - before)

    def set_main(self, button: Button, short: str = "") -> None:
        """The main action; `short` is what it says in a narrow window."""
        self.main = button
        button.setParent(self)
        button.show()
        self._long, self._short = button.text(), short
        self.set_fold(self._fold)

    def set_low(self, low: bool) -> None:
        """In a very low window (large text on a small screen) the title is small, and what stands before it is left out."""
        if low == self._low:
            return
        self._low = low
        dress(self.title, type="heading" if low else "title")
        for number in range(self._before.count()):
            item = self._before.itemAt(number)
            if item is not None and (widget := item.widget()) is not None:
                reveal(widget, not low)
        self._again()

    def set_fold(self, fold: Fold) -> None:
        """Without the sentence and with the short verb in a narrow window."""
        self._fold = fold
        narrow = fold is Fold.NARROW
        self._extras_row.set_gap(0.4 if narrow else 0.75)
        reveal(self.sentence, bool(self.sentence.text()) and not narrow)
        reveal(self.crumb, bool(self.crumb.text()) and not narrow)
        if self.main is not None:
            self.main.setText(self._short if narrow and self._short else self._long)
            self.main.setAccessibleName(self._long)
        self._again()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(round(h(30)), self._place(max(1, self.width()), move=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(8)), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is chosen here may be wider now than what was chosen before."""
        # Python may have let go of what this page held before Qt takes its parts away, and they still say so here
        if event.type() == QEvent.Type.LayoutRequest and watched is self.__dict__.get("_extras"):
            self._again()
        return super().eventFilter(watched, event)

    def _again(self) -> None:
        self.updateGeometry()
        self._place(self.width(), move=True)

    def _place(self, width: int, *, move: bool) -> int:
        gap, small = round(h(0.4 if self._fold is Fold.NARROW else 0.75)), round(h(0.5))
        main = self.main.sizeHint() if self.main is not None else QSize(0, 0)
        widgets = [w for i in range(self._extras_row.count()) if (w := self._extra(i)) is not None and not w.isHidden()]
        shown = bool(widgets)
        least = self._left_width()
        right = main.width() + (gap if main.width() else 0)
        high_extras = max((w.sizeHint().height() for w in widgets), default=0)

        def wide(folded: bool) -> int:
            sizes = [(w.minimumSizeHint() if folded and w in self._folding else w.sizeHint()).width() for w in widgets]
            return sum(sizes) + gap * max(0, len(sizes) - 1)

        tight = False
        if shown and least + wide(False) + gap + right > width:  # folded where that brings all into this line, or into one line below
            tight = least + wide(True) + gap + right <= width or wide(True) <= width < wide(False)
        extras = QSize(wide(tight), high_extras)
        beside = extras.width() + (gap if extras.width() else 0)
        in_line = least + beside + right <= width
        room = max(1, width - right - (beside if in_line else 0))
        left_high = self._left_height(room)
        high = max(left_high, main.height(), extras.height() if in_line else 0)
        if move:
            for w in self._folding:
                most = w.minimumSizeHint().width() if tight else _ANY_WIDTH
                if w.maximumWidth() != most:
                    w.setMaximumWidth(most)
        below = self._extras_row.heightForWidth(width) if shown and not in_line else 0
        total = high + (small + below if below else 0)
        if move:
            self._order_tabs(in_line)
            if room != self._room:
                self._room = room
                self.room_changed.emit()
            self._left.setGeometry(0, 0, room, high)
            if self.main is not None:
                self.main.setGeometry(QRect(width - main.width(), (high - main.height()) // 2, main.width(), main.height()))
            reveal(self._extras, shown)
            if shown:
                if in_line:
                    x = width - right - extras.width()
                    self._extras.setGeometry(x, (high - extras.height()) // 2, extras.width(), extras.height())
                else:
                    self._extras.setGeometry(0, high + small, min(width, extras.width()), below)
                self._extras_row.setGeometry(self._extras.rect())
        return total

    def _extra(self, number: int) -> QWidget | None:
        item = self._extras_row.itemAt(number)
        return item.widget() if item is not None else None

    def _order_tabs(self, in_line: bool) -> None:
        """Tab goes as the eye does: the main action after what stands beside it, before what stands on the line below.

        No choice is moved, only the main action: Qt does not move a choice together with the button at which it is entered.
        """
        if self.main is None:
            return
        parts = (self._extra(i) for i in range(self._extras_row.count())) if in_line else self._put_before
        stops = self._stops([w for w in parts if w is not None]) or [self._first]
        if (in_line, stops) != self._tabs:
            self._tabs = (in_line, stops)
            for one, other in zip(stops, (*stops[1:], self.main), strict=True):
                QWidget.setTabOrder(one, other)

    @staticmethod
    def _stops(parts: Sequence[QWidget]) -> list[QWidget]:
        """Where Tab might stop in the last of these that it stops in, be it shown now or not; Qt's own chain would change who owns what."""
        for part in reversed(parts):
            found = [w for w in (part, *part.findChildren(QWidget)) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
            if found:
                return found
        return []

    def _left_width(self) -> int:
        """The least room that the words ask for: the title in one line if it is not too long, and what stands before it."""
        title = theme().metrics("heading" if self._low else "title").horizontalAdvance(self.title.text())
        items = (self._before.itemAt(i) for i in range(self._before.count()))
        before = sum(
            item.sizeHint().width() + self._before.spacing()
            for item in items
            if item is not None and item.widget() is not None and not item.isEmpty()
        )
        sentence = theme().metrics("second").horizontalAdvance(self.sentence.text()) if self.sentence.isVisibleTo(self) else 0
        return round(max(min(title, h(18)), min(sentence, h(13))) + before) + 4

    def _left_height(self, width: int) -> int:
        layout = self._before
        return layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()


class Page(QWidget):
    """The base of every page. What it shows goes into `body`, a vertical layout that scrolls down where it has too little room.

    `folded(fold)` says that the window has more or less room now; parts inside are told by themselves.
    """

    folded = Signal(object)

    def __init__(self, title: str = "", sentence: str = "", *, crumb: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fold: Fold | None = None
        self._low = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._outer = outer
        self._top = QVBoxLayout()
        self.head = PageHead()
        self.banner = Banner()
        self._top.addWidget(self.head)
        self._top.addWidget(self.banner)
        outer.addLayout(self._top)
        self._scroll = ScrollArea(gap=Size.GAP)
        self.body = self._scroll.body
        self._scroll.verticalScrollBar().rangeChanged.connect(self._range_changed)
        outer.addWidget(self._scroll, 1)
        self._foot_box = QWidget()
        self._foot = QVBoxLayout(self._foot_box)
        self.status = StatusLine()
        self.status.hide()
        self._foot.addWidget(self.status)
        outer.addWidget(self._foot_box)
        self.set_title(title, sentence, crumb)
        self._space()
        theme().changed.connect(self._look_changed)

    def fold(self) -> Fold:
        """What the window has room for now."""
        return self._fold or fold_of(self)

    def set_title(self, title: str, sentence: str = "", crumb: str = "") -> None:
        """Title, the sentence below it, and where the page belongs ("Setting, Data in") above it."""
        self.head.set_words(title, sentence, crumb)
        self.setAccessibleName(title)

    def set_main_action(self, verb: str, slot: Callable[[], None], *, icon: str = "", short: str = "") -> Button:
        """The one main action, top right; `slot` is a bound method; `short` is the verb for a narrow window."""
        button = Button(verb, kind="primary", icon=icon)
        button.clicked.connect(slot)
        self.head.set_main(button, short)
        return button

    def add_action(self, verb: str, slot: Callable[[], None], *, icon: str = "") -> Button:
        """A quiet button before the main one; `slot` is a bound method."""
        button = Button(verb, icon=icon)
        button.clicked.connect(slot)
        self.head.add(button)
        return button

    def set_status(self, status: StatusLine) -> None:
        """The line at the foot."""
        self._foot.removeWidget(self.status)
        self.status.hide()
        self.status.deleteLater()
        self.status = status
        self._foot.addWidget(status)
        self._space()

    def refresh(self) -> None:
        """Reads again what is shown; the frame calls it when a page that was left comes back. Pages override it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + (1 if event.key() == Qt.Key.Key_PageDown else -1) * bar.pageStep())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._check_fold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._check_fold()

    def _check_fold(self) -> None:
        if not self.isVisible():
            return
        low = self.window().height() < h(_LOW)
        if low != self._low:
            self._low = low
            self.head.set_low(low)
            reveal(self._foot_box, not low)
        fold = fold_of(self)
        if fold is not self._fold:
            self._fold = fold
            self._space()
            fold_inside(self, fold)
            self.folded.emit(fold)

    def _look_changed(self) -> None:
        self._check_fold()
        self._space()

    def _space(self) -> None:
        narrow = self._fold is Fold.NARROW
        side = 0.7 if narrow else Size.MARGIN_SIDE
        top, gap = (0.45, 0.45) if narrow else (Size.MARGIN_TOP, 0.75)
        space(self._top, side, top, side, gap, 0.5)
        self._bar = 0.0
        self._side = side
        space(self.body, side, 0, side, 0.45 if narrow else Size.GAP, 0.5 if narrow else Size.GAP)
        foot = 0.0 if not self.status.isVisibleTo(self) else 0.4 if narrow else 0.6
        space(self._foot, side, 0 if narrow else 0.1, side, foot)
        bar = self._scroll.verticalScrollBar()
        self._range_changed(bar.minimum(), bar.maximum())

    def _range_changed(self, _low: int, high: int) -> None:
        """Takes the width of a scroll bar out of the margin, so that nothing moves when it comes or goes."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if high else 0
        margins = self.body.contentsMargins()
        margins.setRight(max(0, round(h(self._side)) - bar))
        self.body.setContentsMargins(margins)
