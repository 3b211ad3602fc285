"""The foot of Today: counts in one line where they fit, the worded points of the scale, and the keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from approgress.domain.sheets import SessionCount
from approgress.style import Size
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import KeyCap, Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.theme import h, reveal, space, theme

_ALL_KEYS: Final = (
    (("/", "L", "N"), "type a code to mark and move down"),
    (("L12",), "late, with the minutes"),
    (("1", "5"), "how engaged, one key a pupil"),
    (("= 4",), "the same for all who were in and have no score"),
    ((". 4",), "the pupil’s own rating"),
    (("Shift Enter",), "mark blanks present"),
    (("Del",), "take a mark out"),
    (("?",), "what a code or a point means"),
    (("F2",), "add a moment"),
    (("F3",), "came late, left, came back"),
    (("F4",), "history of this mark"),
    (("F6",), "how the lesson went, what worked"),
    (("F7",), "first-day contact; then C, T, S or A"),
    (("Ctrl G",), "go to a day"),
    (("Ctrl P",), "print this register"),
    (("Ctrl C", "Ctrl V", "Ctrl D"), "copy, paste, fill down"),
    (("[", "]"), "other lessons, in a narrow window"),
)


_PARTS: Final = (
    ("present", "present"),
    ("late", "late"),
    ("after_closing", "after closing"),
    ("elsewhere", "elsewhere"),
    ("absent", "with a reason"),
    ("not_due", "not due"),
    ("expected", "expected"),
)
_GAP: Final = 0.8  # h between counts


class CountLine(QWidget):
    """'AM 10 of 11 marked', what they are, '1 no reason', and at the right how many of a lesson are scored: one line where it fits."""

    def __init__(self) -> None:
        super().__init__()
        self.marked = Text("", "second_strong")
        self.parts = Text("", "second", "quiet")
        self.no_reason = Text("", "second_strong", "decline")
        self.rated = Text("", "second")
        self._all = (self.marked, self.parts, self.no_reason, self.rated)
        for text in self._all:
            text.setParent(self)
        self._few = False
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, count: SessionCount, rated: str, *, of_lesson: bool) -> None:
        """The counts of a session and of a lesson; `of_lesson`: the cursor stands in the lesson, so that it is what is asked for."""
        self.marked.setText(count.words[0])
        self.parts.setText("   ".join(f"{n} {said}" for what, said in _PARTS if (n := getattr(count, what))))
        self.no_reason.setText(f"{count.no_reason} no reason" if count.no_reason else "")
        self.rated.setText(rated)
        self._of_lesson = of_lesson
        self.updateGeometry()
        self._place(self.width(), move=True)

    def set_few(self, few: bool) -> None:
        """In a narrow window one count: of the lesson where the cursor stands in one, else of the session."""
        self._few = few
        self.updateGeometry()
        self._place(self.width(), move=True)

    def _shown(self) -> list[Text]:
        wanted = self._all
        if self._few:
            wanted = (self.rated if self._of_lesson and self.rated.text() else self.marked,)
        return [text for text in wanted if text.text()]

    _of_lesson = False

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(round(h(10)), self._place(max(1, self.width()), move=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(6)), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def _place(self, width: int, *, move: bool) -> int:
        shown, gap = self._shown(), round(h(_GAP))
        sizes = [text.sizeHint() for text in shown]
        high = max((size.height() for size in sizes), default=round(h(1.0)))
        one_line = sum(size.width() for size in sizes) + gap * max(0, len(sizes) - 1) <= width
        x = y = 0
        for text, size in zip(shown, sizes, strict=True):
            if x and x + size.width() > width:
                x, y = 0, y + high
            if one_line and text is self.rated and len(shown) > 1:
                x = width - size.width()
            if move:
                text.setGeometry(QRect(x, y, min(size.width(), max(1, width)), high))
            x += size.width() + gap
        if move:
            for text in self._all:
                reveal(text, text in shown)
        return y + high


class Legend(QWidget):
    """The points of the scale in the school's words, which go on in another line where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=_GAP, line_gap=0.2)
        self._points: list[tuple[str, str]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_points(self, points: list[tuple[str, str]]) -> None:
        """Other points: (figure, its words)."""
        if points == self._points:
            return
        self._points = points
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for figure, said in points:
            one = QWidget()
            row = QHBoxLayout(one)
            space(row, gap=0.3)
            row.addWidget(KeyCap(figure))
            row.addWidget(Text(said, "second", "quiet"))
            self._flow.addWidget(one)
        self.setAccessibleName(", ".join(f"{figure} {said}" for figure, said in points))
        self.updateGeometry()


class TodayStatus(StatusLine):
    """A few keys in sight; F1 lists all of them. The one that many look for is a button: `all`."""

    def __init__(self) -> None:
        self.all: Button | None = None
        self._of_marks = True
        super().__init__()
        self.all = Button("Mark blanks present", small=True, icon="check")
        self.all.setToolTip("Shift+Enter")
        self._row.insertWidget(0, self.all)
        self._keep_height()
        theme().changed.connect(self._keep_height)
        self.set_fold(self._fold)

    def set_fold(self, fold: Fold) -> None:
        """Without the button in a narrow window, where the register has it."""
        super().set_fold(fold)
        self._keep_height()
        self.show_button(self._of_marks)

    def _keep_height(self) -> None:
        """As high without the button as with it, so that the register above does not move."""
        self.setMinimumHeight(round(h(Size.CONTROL_SMALL)) if self._fold is not Fold.NARROW else 0)

    def show_button(self, of_marks: bool) -> None:
        """With the button where marks are typed; while lessons are rated its room belongs to the points of the scale."""
        self._of_marks = of_marks
        if self.all is not None:
            reveal(self.all, of_marks and self._fold is not Fold.NARROW)

    def hints(self) -> list[tuple[tuple[str, ...], str]]:  # type: ignore[override]
        """All keys of the page."""
        return list(_ALL_KEYS)

    def keys_width(self) -> int:
        """How wide button and keys at the left are, in logical pixels: what is left belongs to the words at the right."""
        keys = (self._keys if self._keys.isVisibleTo(self) else self._short).sizeHint().width()
        return keys + (self.all.sizeHint().width() + round(h(0.6)) if self.all is not None and self.all.isVisibleTo(self) else 0)
