"""Tabs in one line; those that do not fit go into "More"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from approgress.ui.parts.buttons import MenuButton
from approgress.ui.parts.painting import draw_hairline, text_width
from approgress.ui.parts.ring import ring_moved
from approgress.ui.theme import h, reveal, theme


class _Bar(QTabBar):
    """A tab bar whose tabs are as wide chosen as not, and whose ring goes round the tab."""

    ring_radius = 0.25

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)

    def tabSizeHint(self, index: int) -> QSize:
        text = self.tabText(index).replace("&&", "&")
        return QSize(round(text_width(text, "strong") + h(1.0)) + 2, super().tabSizeHint(index).height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def ring_rect(self) -> QRect:
        """The chosen tab, a little inside the bar below it."""
        return self.tabRect(self.currentIndex()).adjusted(4, 4, -4, -round(h(0.3)))


class TabStrip(QWidget):
    """Tabs (key, words) with a hairline below; says `chosen(key)`. `name` says what they are the parts of."""

    chosen = Signal(str)

    def __init__(
        self, tabs: Sequence[tuple[str, str]] = (), value: str = "", *, name: str = "Parts of this page", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bar = _Bar(self)
        self._bar.setAccessibleName(name)
        self._more = MenuButton((), name="More parts of this page", text="More", kind="plain", parent=self)
        self._more.hide()
        self._tabs: list[tuple[str, str]] = []
        self._value = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._bar.currentChanged.connect(self._current_changed)
        self._more.chosen.connect(self._chosen_in_menu)
        theme().changed.connect(self._arrange)
        self.set_tabs(tabs, value)

    def set_tabs(self, tabs: Sequence[tuple[str, str]], value: str = "") -> None:
        """Other tabs, without a signal."""
        self._tabs = list(tabs)
        self._bar.blockSignals(True)
        while self._bar.count():
            self._bar.removeTab(0)
        for _, words in tabs:
            self._bar.addTab(words.replace("&", "&&"))
        self._bar.blockSignals(False)
        self.set_value(value or (tabs[0][0] if tabs else ""))

    def value(self) -> str:
        """The key of the chosen tab, or ''."""
        return self._value

    def set_value(self, key: str) -> None:
        """Chooses without a signal."""
        keys = [one for one, _ in self._tabs]
        if key not in keys:
            return
        self._value = key
        self._bar.blockSignals(True)
        self._bar.setCurrentIndex(keys.index(key))
        self._bar.blockSignals(False)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(round(h(20)), self._bar.sizeHint().height() + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(10)), self._bar.sizeHint().height() + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_hairline(painter, 0, self.height() - 1, self.width(), "line")
        painter.end()

    def _arrange(self) -> None:
        """Shows as many tabs as fit, always with the chosen one."""
        if not self._tabs:
            return
        widths = [self._bar.tabSizeHint(i).width() for i in range(len(self._tabs))]
        chosen = next((i for i, (key, _) in enumerate(self._tabs) if key == self._value), 0)
        room = self.width()
        shown = set(range(len(widths)))
        if sum(widths) > room:
            room -= self._more.sizeHint().width()
            shown, used = {chosen}, widths[chosen]
            for i, width in enumerate(widths):
                if i == chosen:
                    continue
                if used + width > room:
                    break
                shown.add(i)
                used += width
        self._bar.blockSignals(True)
        for i in range(len(widths)):
            self._bar.setTabVisible(i, i in shown)
        self._bar.setCurrentIndex(chosen)
        self._bar.blockSignals(False)
        hidden = [tab for i, tab in enumerate(self._tabs) if i not in shown]
        self._more.set_options(hidden)
        used, high = sum(widths[i] for i in shown), self._bar.sizeHint().height()
        self._bar.setGeometry(0, 0, min(used, self.width()), high)
        self._more.setGeometry(used, 0, self._more.sizeHint().width(), high - round(h(0.14)))
        reveal(self._more, bool(hidden))
        ring_moved(self._bar)

    def _current_changed(self, index: int) -> None:
        if 0 <= index < len(self._tabs) and self._tabs[index][0] != self._value:
            self._value = self._tabs[index][0]
            ring_moved(self._bar)
            self.chosen.emit(self._value)

    def _chosen_in_menu(self, key: str) -> None:
        self.set_value(key)
        self._bar.setFocus()
        self.chosen.emit(key)
