"""Buttons: primary, quiet, danger and link; with a menu, with a key cap; segmented choice; filter chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.painting import draw_box, draw_mark, draw_text, text_width
from approgress.ui.theme import h, reveal, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QAbstractButton, QMenu

_NOT_PLAIN: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
_ICON_ROLE: Final = {"primary": "on_accent", "danger": "decline", "link": "accent", "plain": "quiet", "bare": "quiet"}


class Button(QPushButton):
    """A button. kind: quiet (the ordinary one), primary (one a page), danger, link, plain, icon, bare; icon: a file of resources/icons.

    A button that shows only an icon needs `name`, which is read out and shown as a tool tip.
    """

    def __init__(
        self,
        text: str = "",
        *,
        kind: str = "quiet",
        icon: str = "",
        small: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.kind = kind
        self._icon_name = icon
        self._icon_drawn = False
        self.setAutoDefault(False)
        if kind != "quiet":
            self.setProperty("kind", kind)
        if small:
            self.setProperty("compact", True)
        if name:
            self.setAccessibleName(name)
            if not text:
                self.setToolTip(name)
        if icon:
            self.setIconSize(self._icon_size())
            theme().changed.connect(self._look_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter presses the button that has the ring, also in a dialog, whose main button would be pressed else
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _NOT_PLAIN:
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def set_icon(self, icon: str) -> None:
        """Shows another icon of resources/icons, or none for ''."""
        first = not self._icon_name
        self._icon_name = icon
        self._look_changed()
        if first and icon:
            theme().changed.connect(self._look_changed)

    def sizeHint(self) -> QSize:
        self._draw_icon()
        return super().sizeHint()

    def _icon_size(self) -> QSize:
        size, gap = self._icon_measures()
        return QSize(round(h(size)) + round(h(gap)), round(h(size)))

    def _icon_measures(self) -> tuple[float, float]:
        return 0.9 if self.property("compact") else 1.05, 0.2 if self.text() else 0.0

    def _draw_icon(self) -> None:
        """Makes the icon when its room is first asked for, which it is not for a button that is never shown."""
        if self._icon_drawn or not self._icon_name:
            return
        self._icon_drawn = True
        size, gap = self._icon_measures()
        role = _ICON_ROLE.get(self.kind, "ink")
        self.setIcon(theme().icon(self._icon_name, role, size, gap, on="on_soft" if self.isCheckable() else ""))
        self.setIconSize(self._icon_size())

    def _look_changed(self) -> None:
        self._icon_drawn = False
        if self._icon_name:
            self._draw_icon()
        else:
            from PySide6.QtGui import QIcon

            self.setIcon(QIcon())


class TailButton(Button):
    """A button with something painted behind its text: a key cap, or a chevron that says a menu opens."""

    def __init__(
        self,
        text: str,
        *,
        keycap: str = "",
        chevron: bool = False,
        kind: str = "quiet",
        icon: str = "",
        small: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._keycap = keycap
        self._chevron = chevron
        super().__init__(text, kind=kind, icon=icon, small=small, name=name, parent=parent)

    def _tail_width(self) -> float:
        if self._keycap:
            return text_width(self._keycap, "column") + h(1.15)
        return h(1.35) if self._chevron else 0.0

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(round(self._tail_width()), 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        from PySide6.QtWidgets import QStyle, QStyleOptionButton  # 15 ms that the first paint does without

        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        down = bool(option.state & QStyle.StateFlag.State_Sunken)
        role = self._ink(down)
        kind = "second_strong" if self.property("compact") else "strong"
        text = self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        wide = text_width(text, kind)
        icon = self.iconSize().width() if self._icon_name else 0
        whole = icon + wide + self._tail_width()
        x = (self.width() - whole) / 2
        middle = self.height() / 2
        if icon:
            high = self.iconSize().height()
            picture = theme().pixmap(self._icon_name, role, high / h())
            painter.drawPixmap(QPointF(round(x), round(middle - high / 2)), picture)
            x += icon
        draw_text(painter, QRectF(x, 0, wide + 1, self.height()), text, kind, role)
        x += wide
        if self._keycap:
            self._draw_keycap(painter, x + h(0.5), middle, role)
        elif self._chevron:
            draw_mark(painter, "chevron_down", QPointF(x + h(0.9), middle + h(0.03)), h(0.75), role)
        painter.end()

    def _draw_keycap(self, painter: QPainter, x: float, middle: float, role: str) -> None:
        wide, high = round(text_width(self._keycap, "column") + h(0.65)), round(h(1.15))
        rect = QRectF(round(x), round(middle - high / 2), wide, high)
        primary = role == "on_accent"
        draw_box(painter, rect, ground="" if primary else "surface", edge=role if primary else "line", radius=0.2)
        draw_text(painter, rect, self._keycap, "column", role if primary else "ink", across="middle")

    def _ink(self, down: bool) -> str:
        if not self.isEnabled():
            return "quiet"
        if self.isChecked() or (down and theme().style.outlined and self.kind == "quiet"):
            return "on_soft"
        return {"primary": "on_accent", "danger": "decline", "link": "accent", "plain": "quiet"}.get(self.kind, "ink")


class MenuButton(TailButton):
    """A drop-down: shows what is chosen, opens a menu of the options (key, words) and says `chosen(key)`."""

    chosen = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str = "",
        *,
        name: str,
        text: str = "",
        kind: str = "quiet",
        icon: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._options = list(options)
        self._value = value
        self._fixed_text = text
        self._spoken = name
        self._menu: QMenu | None = None
        super().__init__(text, chevron=True, kind=kind, icon=icon, small=small, name=name, parent=parent)
        self.clicked.connect(self._open)
        self._show_value()

    def value(self) -> str:
        """The key of what is chosen, or ''."""
        return self._value

    def set_value(self, key: str) -> None:
        """Chooses without a signal."""
        self._value = key
        self._show_value()

    def set_options(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Other options, without a signal."""
        self._options = list(options)
        self.set_value(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._options:
            self._open()
            return
        super().keyPressEvent(event)

    def _show_value(self) -> None:
        words = dict(self._options).get(self._value, "")
        if not self._fixed_text:
            self.setText(words.replace("&", "&&"))
            self.setAccessibleName(f"{self._spoken}: {words}" if words else self._spoken)
            self.updateGeometry()

    def _open(self) -> None:
        from PySide6.QtGui import QActionGroup
        from PySide6.QtWidgets import QMenu

        # One menu, filled again: one that deletes itself when it closes does so while Qt still handles the key that closed it.
        if self._menu is None:
            self._menu = QMenu(self)
            self._menu.triggered.connect(self._triggered)
            self._actions = QActionGroup(self._menu)
        menu, group = self._menu, self._actions
        for action in menu.actions():
            group.removeAction(action)
        menu.clear()
        for key, words in self._options:
            action = menu.addAction(words.replace("&", "&&"))
            action.setData(key)
            if self._value and not self._fixed_text:
                action.setCheckable(True)
                group.addAction(action)
                action.setChecked(key == self._value)
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        actions = menu.actions()
        chosen = next((action for action in actions if action.isChecked()), actions[0] if actions else None)
        if chosen is not None:
            menu.setActiveAction(chosen)

    def _triggered(self, action: object) -> None:
        key = action.data()  # type: ignore[attr-defined]
        if not self._fixed_text:
            self.set_value(key)
        self.chosen.emit(key)


class SegmentedChoice(QWidget):
    """One of a few: buttons side by side, arrows move and choose; a drop-down button where the window is narrow.

    `options` are (key, words); `name` says what is chosen here ("Group").
    """

    chosen = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str = "",
        *,
        name: str,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._small = small
        self._value = value
        self._options: list[tuple[str, str]] = []
        self._narrow = False
        self.setAccessibleName(name)
        self._row = QWidget(self)
        self._lay = QHBoxLayout(self._row)
        self._lay.setContentsMargins(0, 0, 0, 0)
        self._lay.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._clicked)
        self._menu = MenuButton((), name=name, small=small, parent=self)
        self._menu.hide()
        self._menu.chosen.connect(self._chosen_in_menu)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_options(options, value)

    def value(self) -> str:
        """The key of what is chosen, or ''."""
        return self._value

    def set_value(self, key: str) -> None:
        """Chooses without a signal."""
        self._value = key
        self._menu.set_value(key)
        buttons = self._group.buttons()
        chosen = next((button for button in buttons if button.property("key") == key), None)
        for button in buttons:
            button.setChecked(button is chosen)
        _one_stop(buttons)
        if buttons and not self._row.isHidden():
            self.setFocusProxy(chosen or buttons[0])
        self.updateGeometry()  # the drop-down button is as wide as what is chosen

    def set_options(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Other options, without a signal."""
        self._options = list(options)
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._lay.removeWidget(button)
            button.hide()
            button.deleteLater()
        last = len(self._options) - 1
        for i, (key, words) in enumerate(self._options):
            button = Button(words.replace("&", "&&"), small=self._small, parent=self._row)
            button.setProperty("segment", "only" if last == 0 else "first" if i == 0 else "last" if i == last else "mid")
            button.setProperty("key", key)
            button.setCheckable(True)
            button.setAccessibleName(f"{self._name}: {words}")
            self._group.addButton(button)
            self._lay.addWidget(button)
            button.show()  # a button that waits to be shown by its layout counts for nothing in the width until then
        _after(self._menu, self._group.buttons())
        self._menu.set_options(self._options, value)
        self.set_value(value)
        self.updateGeometry()
        if self.isVisible():
            self.set_fold(fold_of(self))

    def set_fold(self, fold: Fold) -> None:
        """A drop-down button in a narrow window, segments otherwise."""
        self._narrow = fold is Fold.NARROW and len(self._options) > 1
        self._arrange()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return (self._menu if self._narrow else self._row).sizeHint()

    def minimumSizeHint(self) -> QSize:
        hint = self._menu.sizeHint()
        return QSize(min(hint.width(), self._row.sizeHint().width()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_fold(fold_of(self))

    def _arrange(self) -> None:
        folded = self._narrow or (self.width() < self._row.sizeHint().width() and len(self._options) > 1)
        had_focus = self._row.isAncestorOf(self.focusWidget() or self) or self._menu.hasFocus()
        reveal(self._menu, folded)
        reveal(self._row, not folded)
        if folded:
            hint = self._menu.sizeHint()
            self._menu.setGeometry(0, 0, min(hint.width(), self.width()) if self.width() else hint.width(), self.height())
            if had_focus:
                self._menu.setFocus()
        else:
            self._row.setGeometry(0, 0, self._row.sizeHint().width(), self.height())
        proxy = self._menu if folded else self._group.checkedButton() or next(iter(self._group.buttons()), None)
        if proxy is not None:
            self.setFocusProxy(proxy)

    def _clicked(self, button: QPushButton) -> None:
        self._choose(button.property("key"))

    def _chosen_in_menu(self, key: str) -> None:
        self._choose(key)

    def _choose(self, key: str) -> None:
        if key == self._value:
            return
        self.set_value(key)
        self.chosen.emit(key)


class FilterChip(Button):
    """A filter that is on or off, with how many it leaves ("Ash 11"); `ticked` shows a tick while it is on."""

    ring_radius = 0.775

    def __init__(self, key: str, text: str, count: int | None = None, *, ticked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", kind="filter", parent=parent)
        self.key = key
        self._text = text
        self._ticked = ticked
        self.setCheckable(True)
        self.set_count(count)
        if ticked:
            self.toggled.connect(self._show_tick)

    def set_count(self, count: int | None) -> None:
        """Shows how many the filter leaves, or nothing for None."""
        self.setText(self._text.replace("&", "&&") if count is None else f"{self._text.replace('&', '&&')} {count}")

    def _show_tick(self, on: bool) -> None:
        self.set_icon("check" if on else "")


def _one_stop(buttons: Sequence[QAbstractButton]) -> None:
    """One Tab stop for buttons of which one is chosen; Qt sees to that only once one of them has had the focus."""
    chosen = next((button for button in buttons if button.isChecked()), next(iter(buttons), None))
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.ClickFocus)


def _after(place: QWidget, buttons: Sequence[QWidget]) -> None:
    """Buttons made later than what stands below them get the Tab order of `place`, which has been there from the start."""
    for one, other in zip((place, *buttons), buttons, strict=False):
        QWidget.setTabOrder(one, other)


class FilterChips(QWidget):
    """Filter chips in a flow: one of them (exclusive) or any number; says `changed(keys)` with the keys that are on."""

    changed = Signal(list)

    def __init__(
        self,
        options: Sequence[tuple[str, str, int | None]] = (),
        on: Sequence[str] = (),
        *,
        name: str,
        exclusive: bool = True,
        ticked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._name = name
        self._ticked = ticked
        self._lay = FlowLayout(self)
        self._place = QWidget(self)
        self._place.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._place.hide()
        self._group = QButtonGroup(self)
        self._group.setExclusive(exclusive)
        self._group.buttonClicked.connect(self._clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_options(options, on)

    def set_options(self, options: Sequence[tuple[str, str, int | None]], on: Sequence[str] = ()) -> None:
        """Chips (key, words, count or None), and the keys of those that are on; without a signal."""
        keys = [chip.key for chip in self.chips()]
        if keys == [key for key, _, _ in options]:
            for chip, (_, _, count) in zip(self.chips(), options, strict=True):
                chip.set_count(count)
                chip.setChecked(chip.key in on)
            if self._group.exclusive():
                _one_stop(self.chips())
            return
        for chip in self.chips():
            self._lay.removeWidget(chip)
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        for key, words, count in options:
            chip = FilterChip(key, words, count, ticked=self._ticked, parent=self)
            self._group.addButton(chip)
            self._lay.addWidget(chip)
            chip.setChecked(key in on)
        _after(self._place, self.chips())
        if self._group.exclusive():
            _one_stop(self.chips())

    def chips(self) -> list[FilterChip]:
        """The chips, in order."""
        return [self._lay.itemAt(i).widget() for i in range(self._lay.count())]  # type: ignore[union-attr]

    def value(self) -> list[str]:
        """The keys of the chips that are on."""
        return [chip.key for chip in self.chips() if chip.isChecked()]

    def _clicked(self, _chip: QPushButton) -> None:
        self.changed.emit(self.value())
