"""Small things that only the page of moments is made of: the three kinds, rows of the form, chips that keys choose, the choice of pupils."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.moments import TONE_HELP, TONE_KEYS, TONE_WORDS
from approgress.domain.naming import ShownName, fold, matches
from approgress.ui.parts.buttons import FilterChip, FilterChips, SegmentedChoice
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.painting import draw_box, draw_keycap, draw_text, text_width
from approgress.ui.theme import h, measure, px, reveal, space, theme

TONE_ICONS: Final = {"good": "star", "neutral": "eye", "incident": "bolt"}
TONE_ROLES: Final = {"good": "gain", "neutral": "none", "incident": "attention"}
OTHER: Final = "other"
LABEL_WIDTH: Final = 7.0
_SUGGESTED: Final = 12


class ToneButton(QAbstractButton):
    """One of the three kinds of moment, with its icon, what it is for, and its key."""

    ring_radius = 0.4

    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tone = tone
        self._narrow = False
        self.setCheckable(True)
        self.setText(TONE_WORDS[tone])
        self.setAccessibleName(f"{TONE_WORDS[tone]}: {TONE_HELP[tone]}, key {TONE_KEYS[tone]}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fold(self, fold_now: Fold) -> None:
        """Without the second line in a narrow window."""
        self._narrow = fold_now is Fold.NARROW
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wide = text_width(self.text(), "strong")  # the line below it stands where there is room for it
        return QSize(round(wide + h(2.6 if self._narrow else 4.6)), round(h(1.9 if self._narrow else 3.2)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "strong") + h(1.2)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on, look = self.isChecked(), theme()
        outlined = look.style.outlined
        ground = "soft" if on else "hover" if self.underMouse() else "surface"
        edge = "edge" if not on else "soft" if outlined else "accent"
        draw_box(painter, QRectF(self.rect()), ground=ground, edge=edge, width=2.0 if on or outlined else 1.0)
        ink = "on_soft" if on and outlined else "ink"
        pad, high = h(0.75), float(self.height())
        x = pad
        room = self.width() - 2 * pad - h(1.4)
        size = 1.1 if self._narrow else 1.7
        if text_width(self.text(), "strong") + h(size + 0.7) <= room:
            box = QRectF(round(x), round((high - h(size)) / 2), round(h(size)), round(h(size)))
            icon = "on_soft" if on and outlined else "on_accent" if on and not self._narrow else TONE_ROLES[self.tone]
            if not self._narrow:
                draw_box(painter, box, ground=("" if outlined else "accent") if on else "none_soft" if not outlined else "", radius=0.35)
            side = 0.95
            picture = look.pixmap(TONE_ICONS[self.tone], icon, side)
            painter.drawPixmap(QPointF(round(box.center().x() - h(side) / 2), round(box.center().y() - h(side) / 2)), picture)
            x = box.right() + h(0.7)
        cap = QRectF(self.width() - h(0.5) - round(h(1.05)), round(h(0.4)), round(h(1.05)), round(h(1.1)))
        if not self._narrow:
            draw_keycap(painter, cap, TONE_KEYS[self.tone])
        wide = self.width() - x - (h(0.4) if self._narrow else h(1.75))
        second = not self._narrow and text_width(TONE_HELP[self.tone], "second") <= self.width() - x - h(0.4)
        if second:
            draw_text(painter, QRectF(x, h(0.45), wide, h(1.2)), self.text(), "strong", ink)
            draw_text(painter, QRectF(x, h(1.55), self.width() - x - h(0.4), h(1.2)), TONE_HELP[self.tone], "second", ink if on and outlined else "quiet")
        else:
            draw_text(painter, QRectF(x, 0, wide, high), self.text(), "strong", ink)
        painter.end()


class FormRow(QWidget):
    """A row of the form: what is asked at the left (above, in a narrow window), what answers it at the right, and what is wrong below."""

    def __init__(self, title: str, second: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        space(outer, 0, 0.4, 0, 0.4, 0.6)
        self._outer = outer
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        space(head, 0, 0.2, 0, 0)
        self.label = Text(title, "strong", wrap=True)
        head.addWidget(self.label)
        self._second = Text(second, "source", "quiet", wrap=True)
        reveal(self._second, bool(second))
        head.addWidget(self._second)
        head.addStretch(1)
        measure(self._head, width=LABEL_WIDTH)
        outer.addWidget(self._head)
        right = QVBoxLayout()
        space(right, gap=0.3)
        self.right = right
        self._wrong = Text("", "second_strong", "decline", wrap=True)
        self._wrong.hide()
        outer.addLayout(right, 1)

    def put(self, widget: QWidget) -> None:
        """Adds what answers the row, below what is there."""
        self.right.removeWidget(self._wrong)
        self.right.addWidget(widget)
        self.right.addWidget(self._wrong)

    def set_wrong(self, sentence: str) -> None:
        """Says what is wrong; '' takes it away."""
        self._wrong.setText(sentence)
        reveal(self._wrong, bool(sentence))

    def wrong(self) -> str:
        """What it says is wrong."""
        return self._wrong.text()

    def set_fold(self, fold_now: Fold) -> None:
        """The question above its answer in a narrow window."""
        narrow = fold_now is Fold.NARROW
        way = QBoxLayout.Direction
        self._outer.setDirection(way.TopToBottom if narrow else way.LeftToRight)
        measure(self._head, **({"least_width": 1.0, "most_width": 60.0} if narrow else {"width": LABEL_WIDTH}))
        reveal(self._second, bool(self._second.text()) and not narrow)
        space(self._outer, 0, 0.3 if narrow else 0.4, 0, 0.3 if narrow else 0.4, 0.2 if narrow else 0.6)


class ChoiceChips(FilterChips):
    """Chips of which one is chosen: arrows and Space, a mouse, or the number of its place; what is chosen is taken away by choosing it again."""

    taken = Signal()
    """A person chose with a number or the mouse and is done here."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name=name, exclusive=False, ticked=True, parent=parent)

    def choose(self, key: str) -> None:
        """Chooses one, or none for '', without a signal."""
        for chip in self.chips():
            chip.setChecked(chip.key == key)
        self._stops()

    def chosen(self) -> str:
        """The key of what is chosen, or ''."""
        return next(iter(self.value()), "")

    def set_choices(self, keys: Sequence[str], words: dict[str, str] | None = None) -> None:
        """Other choices; what was chosen stays so where it is still there."""
        on = self.chosen()
        self.set_options([(k, (words or {}).get(k, k), None) for k in keys], [on] if on in keys else [])
        for chip in self.chips():
            chip.show()  # else it takes the keyboard only once its layout has shown it
        self._stops()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chips = self.chips()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text().isdecimal() and 1 <= int(event.text()) <= len(chips):
            chip = chips[int(event.text()) - 1]
            self._only(chip.key, chip.key)
            self.changed.emit(self.value())
            self.taken.emit()
            return
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and chips:
            at = next((i for i, c in enumerate(chips) if c.hasFocus()), 0)
            to = chips[(at + step) % len(chips)]
            self._only(to.key, to.key)
            to.setFocus(Qt.FocusReason.TabFocusReason)
            self.changed.emit(self.value())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.taken.emit()
            return
        super().keyPressEvent(event)

    def _clicked(self, chip: object) -> None:
        key = chip.key  # type: ignore[attr-defined]
        self._only(key if chip.isChecked() else "", key)  # type: ignore[attr-defined]
        self.changed.emit(self.value())

    def _only(self, key: str, at: str) -> None:
        for chip in self.chips():
            chip.setChecked(chip.key == key)
        self._stops(at)

    def _stops(self, at: str = "") -> None:
        """One stop of Tab for all of them."""
        chips = self.chips()
        here = at or self.chosen()
        stop = next((c for c in chips if c.key == here), chips[0] if chips else None)
        for chip in chips:
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip is stop else Qt.FocusPolicy.ClickFocus)

    def go(self) -> None:
        """Puts the keyboard here."""
        for chip in self.chips():
            if chip.focusPolicy() & Qt.FocusPolicy.TabFocus:
                chip.setFocus(Qt.FocusReason.TabFocusReason)
                return


class ArrowChoice(SegmentedChoice):
    """Segments whose arrows choose from the first press on: Qt only moves the focus while none of a group is chosen yet."""

    def set_options(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        super().set_options(options, value)
        for button in self._group.buttons():
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._group.checkedButton() is None:
            buttons = self._group.buttons()
            step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and watched in buttons:
                to = buttons[(buttons.index(watched) + step) % len(buttons)]
                to.setFocus(Qt.FocusReason.TabFocusReason)
                to.click()
                return True
        return super().eventFilter(watched, event)


class NameLine(QLineEdit):
    """The line into which a name is typed; keys that belong to the choice of pupils are handed to it."""

    def __init__(self, handle: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self._handle = handle

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._handle(event):
            super().keyPressEvent(event)


class PupilPicker(QWidget):
    """Who it is about: chips of those chosen, and a line that finds more by the beginnings of their names.

    Enter takes the first that is found (arrows choose another), Enter in an empty line goes on, Backspace in an empty line takes the last
    one away. `changed` says that the choice is another; `gone_on` that a person is done here.
    """

    changed = Signal()
    gone_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        space(column, gap=0.35)
        self._first = QWidget()
        flow = FlowLayout(self._first, gap=0.45)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._first.setSizePolicy(policy)
        self.setSizePolicy(policy)
        self._flow = flow
        self.line = NameLine(self._line_key)
        self.line.setAccessibleName("Who: type the beginning of a name")
        self.line.setPlaceholderText("type a name")
        measure(self.line, width=8)
        self.line.textEdited.connect(self._typed)
        column.addWidget(self._first)
        self._offered_box = QWidget()
        self._offered_box.setSizePolicy(policy)
        self._offered_flow = FlowLayout(self._offered_box, gap=0.35)
        column.addWidget(self._offered_box)
        self._known: dict[int, ShownName] = {}
        self._near: tuple[int, ...] = ()
        self._chosen: list[int] = []
        self._chips: list[FilterChip] = []
        self._offered: list[FilterChip] = []
        self._at = 0
        flow.addWidget(self.line)
        self.setFocusProxy(self.line)
        self._show_offered()

    # --- what it knows ---------------------------------------------------------------------------------------------

    def set_known(self, names: dict[int, ShownName], near: Sequence[int]) -> None:
        """Whom it may find, in order of names, and whom it offers before anything is typed."""
        self._known = names
        self._near = tuple(p for p in near if p in names)
        self._show_chosen()
        self._show_offered()

    def value(self) -> tuple[int, ...]:
        """The pupils chosen, in order."""
        return tuple(self._chosen)

    def set_value(self, pupils: Sequence[int]) -> None:
        """Chooses without a signal."""
        self._chosen = list(dict.fromkeys(pupils))
        self.line.clear()
        self._show_chosen()
        self._show_offered()

    def names(self) -> list[str]:
        """The names of those chosen, as they are shown."""
        return [self._name(p) for p in self._chosen]

    def offered(self) -> list[int]:
        """Whom Enter and the mouse can take now."""
        return [int(c.key) for c in self._offered]

    def _name(self, pupil: int) -> str:
        name = self._known.get(pupil)
        return name.full if name is not None else "a pupil no longer here"

    def left_over(self) -> str:
        """What stands in the line and chose nobody, as a sentence of what to do; '' where the line is empty."""
        typed = self.line.text().strip()
        if not typed:
            return ""
        if not self._offered:
            return f"Nobody on roll is called \u201c{typed}\u201d. Type another name, or clear it."
        return f"\u201c{typed}\u201d chose nobody yet. Press Enter for {self._name(int(self._offered[self._at].key))}, or clear it."

    # --- choosing --------------------------------------------------------------------------------------------------

    def add(self, pupil: int) -> None:
        """Chooses one more."""
        self.line.clear()
        if pupil not in self._chosen:
            self._chosen.append(pupil)
            self._show_chosen()
            self.changed.emit()
        self._show_offered()

    def take_away(self, pupil: int) -> None:
        """Takes one out of the choice."""
        if pupil in self._chosen:
            self._chosen.remove(pupil)
            self._show_chosen()
            self._show_offered()
            self.changed.emit()

    def _line_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if self.line.text().strip():
                if self._offered:
                    self.add(int(self._offered[self._at].key))
                return True
            self.gone_on.emit()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._offered:
            self._at = (self._at + (1 if key == Qt.Key.Key_Down else -1)) % len(self._offered)
            self._show_at()
            return True
        if key == Qt.Key.Key_Backspace and not self.line.text() and self._chosen:
            self.take_away(self._chosen[-1])
            return True
        if key == Qt.Key.Key_Escape and self.line.text():
            self.line.clear()
            self._show_offered()
            return True
        return False

    def _typed(self, _text: str) -> None:
        self._show_offered()

    # --- showing ---------------------------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.line)
        self._chips = []
        for pupil in self._chosen:
            chip = FilterChip(str(pupil), self._name(pupil), ticked=True, parent=self._first)
            chip.setChecked(True)
            chip.setAccessibleName(f"{self._name(pupil)}, chosen; press to take away")
            chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            chip.clicked.connect(self._chip_clicked)
            self._flow.addWidget(chip)
            chip.show()
            self._chips.append(chip)
        self._flow.addWidget(self.line)
        self.line.setPlaceholderText("another pupil" if self._chosen else "type a name")
        self._first.updateGeometry()

    def _show_offered(self) -> None:
        typed = self.line.text().strip()
        if typed:
            found = [p for p, n in self._known.items() if p not in self._chosen and matches(n, typed)]
            wanted = fold(typed)
            near = set(self._near)
            found.sort(key=lambda p: (p not in near, not fold(self._known[p].full).startswith(wanted)))
            shown = found[:6]
        else:
            shown = [] if self._chosen else [p for p in self._near if p not in self._chosen][:_SUGGESTED]
        for chip in self._offered:
            self._offered_flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._offered = []
        for pupil in shown:
            chip = FilterChip(str(pupil), self._name(pupil), parent=self._offered_box)
            chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            chip.clicked.connect(self._offered_clicked)
            self._offered_flow.addWidget(chip)
            chip.show()
            self._offered.append(chip)
        self._at = 0
        self._show_at()
        reveal(self._offered_box, bool(self._offered))
        self._offered_box.updateGeometry()

    def _show_at(self) -> None:
        typed = bool(self.line.text().strip())
        for i, chip in enumerate(self._offered):
            chip.setChecked(typed and i == self._at)
        said = self._name(int(self._offered[self._at].key)) if typed and self._offered else ""
        none = "nobody on roll is called that" if typed and not self._offered else ""
        self.line.setAccessibleDescription(f"Enter takes {said}" if said else none)
        self.line.setToolTip(none)

    def _chip_clicked(self, _on: bool) -> None:
        chip = self.sender()
        if isinstance(chip, FilterChip):
            self.take_away(int(chip.key))

    def _offered_clicked(self, _on: bool) -> None:
        chip = self.sender()
        if isinstance(chip, FilterChip):
            self.add(int(chip.key))
            self.line.setFocus()


class IconText(QWidget):
    """An icon and words beside it."""

    def __init__(self, icon: str, role: str, text: str, *, kind: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role, self._text, self._kind = icon, role, text, kind
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self._text, self._kind) + h(1.5)) + 2, px(1.45))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = 0.9
        painter.drawPixmap(QPointF(0, round((self.height() - h(side)) / 2)), theme().pixmap(self._icon, self._role, side))
        draw_text(painter, QRectF(h(1.45), 0, self.width() - h(1.45), self.height()), self._text, self._kind)
        painter.end()


class ToneRow(QWidget):
    """The three kinds side by side, of which one is always chosen; Left and Right move and choose."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        space(row, gap=0.6)
        self._row = row
        self.buttons = [ToneButton(tone) for tone in TONE_WORDS]
        for button in self.buttons:
            button.clicked.connect(self._clicked)
            row.addWidget(button, 1)
        self._value = ""
        self.set_value("good")
        self.setAccessibleName("What kind of moment")

    def value(self) -> str:
        """The kind that is chosen."""
        return self._value

    def set_value(self, tone: str) -> None:
        """Chooses without a signal."""
        self._value = tone
        for button in self.buttons:
            on = button.tone == tone
            button.setChecked(on)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
            if on:
                self.setFocusProxy(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = sum(b.minimumSizeHint().width() for b in self.buttons) + round(h(1.2))
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if event.size().width() < least else way.LeftToRight)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(h(8)), self.buttons[0].sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        tones = [b.tone for b in self.buttons]
        to = tones[(tones.index(self._value) + step) % len(tones)]
        self.set_value(to)
        self.buttons[tones.index(to)].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(to)

    def _clicked(self, _on: bool) -> None:
        button = self.sender()
        if isinstance(button, ToneButton):
            self.set_value(button.tone)
            self.chosen.emit(button.tone)
