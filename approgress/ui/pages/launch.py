"""First launch: look round the demonstration school, set up our school, or open our school's file; text size and colours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from approgress import __version__
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button, SegmentedChoice, TailButton
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import KeyCap, Rule, Text
from approgress.ui.parts.layouts import CardGrid, FlowLayout
from approgress.ui.parts.painting import draw_box, draw_mark
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.theme import h, measure, space, theme

STORIES: Final = (
    "A respite placement, and the return",
    "Missing for 19 days, now in two mornings a week",
    "Wellbeing dips while attendance climbs",
    "No starting point yet, day 19 of 28",
    "Teacher and parent who disagree",
    "Pupils who left, with where they went",
)
STEPS: Final = (
    ("Your setting", "name, type, LA number"),
    ("School year", "half-terms, closed days"),
    ("Groups", "as you call them"),
    ("People", "passphrases, roles"),
    ("Measures", "what you use, licences"),
)
COLOURS: Final = (("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"))


class BrandPanel(QWidget):
    """What the program is and what it promises, on the colour of the house; a slim strip in a narrow window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "brand")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = self._column = QVBoxLayout(self)
        space(column, 2.2, 2.4, 2.0, 1.6, 0.5)
        self._name = _brand_text("approgress", "title")
        column.addWidget(self._name)
        column.addSpacing(1)
        self._long: list[QWidget] = []
        self._spare: list[QWidget] = []  # what goes first where the panel is too low for all of it
        self._narrow = False
        opening = _brand_text("How far each pupil has come, from where they started.", "opening", wrap=True)
        for_whom = _brand_text("For pupil referral units, alternative provision, hospital schools and small independent settings in England.", wrap=True)
        column.addStretch(1)
        column.addWidget(opening)
        column.addWidget(for_whom)
        column.addStretch(5)
        self._long += [opening, for_whom]
        self._icons: list[tuple[QLabel, str]] = []
        for icon, words in (
            ("lock", "Everything stays in one locked file on this computer."),
            ("check", "No internet needed. Nothing is sent anywhere, ever."),
            ("undo", "Kept as you type. Every change can be undone and is in the history."),
        ):
            line = QWidget()
            row = QHBoxLayout(line)
            space(row, 0, 0.2, 0, 0.2, 0.6)
            picture = QLabel()
            picture.setAlignment(Qt.AlignmentFlag.AlignTop)
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(_brand_text(words, wrap=True), 1)
            column.addWidget(line)
            self._long.append(line)
            self._icons.append((picture, icon))
        version = _brand_text(f"Version {__version__} · works without administrator rights", "second", wrap=True)
        column.addSpacing(1)
        column.addWidget(version)
        self._long.append(version)
        self._spare = [version, for_whom, *reversed(self._long[2:5])]
        theme().changed.connect(self._look_changed)
        self._look_changed()

    def set_fold(self, fold: Fold) -> None:
        """Everything, or the name alone."""
        self._narrow = fold is Fold.NARROW
        for widget in self._long:
            widget.setVisible(not self._narrow)
        if fold is Fold.NARROW:
            measure(self, least_height=3.0, least_width=0)
            self.setMaximumSize(16777215, round(h(4.5)))
            space(self._column, 1.4, 0.6, 1.4, 0.6)
        else:
            self.setMaximumHeight(16777215)
            measure(self, width=21.5 if fold is Fold.WIDE else 16.5)
            space(self._column, 2.2 if fold is Fold.WIDE else 1.4, 2.4, 1.8 if fold is Fold.WIDE else 1.2, 1.6, 0.5)

        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Shows as much as the height has room for; the opening line stays."""
        if self._narrow:
            return
        layout = self._column
        for widget in self._long:
            widget.show()
        for widget in self._spare:
            layout.invalidate()
            if layout.heightForWidth(self.width()) <= self.height():
                break
            widget.hide()

    def _look_changed(self) -> None:
        for label, icon in self._icons:
            label.setPixmap(theme().pixmap(icon, _brand_role(), 1.1))


def _brand_role() -> str:
    style = theme().style
    return "ink" if style.outlined or style.dark else "on_accent"


def _brand_text(words: str, kind: str = "body", *, wrap: bool = False) -> Text:
    return Text(words, kind, "on_brand", wrap=wrap)


class LaunchPage(QWidget):
    """The three choices. It asks; the program does: `demonstration_asked`, `set_up_asked`, `file_asked`, `address_asked`, `school_asked`."""

    title = "Begin"
    demonstration_asked = Signal()
    set_up_asked = Signal()
    give_up_asked = Signal()
    file_asked = Signal()
    address_asked = Signal()
    school_asked = Signal(str)
    look_asked = Signal(str, int)
    """Theme, or '', and text size in percent, or 0."""
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        space(self._outer)
        self.brand = BrandPanel()
        self._outer.addWidget(self.brand)
        self._scroll = ScrollArea(gap=0.8)
        body = self._scroll.body
        space(body, 3.0, 2.4, 3.0, 1.2, 0.8)
        self._body = body
        self._outer.addWidget(self._scroll, 1)
        body.addStretch(1)
        head = QVBoxLayout()
        space(head, gap=0.3)
        head.addWidget(Text("How would you like to begin?", "title", wrap=True))
        hint = QWidget()
        flow = FlowLayout(hint, gap=0.3)
        for part in ("Press", KeyCap("1"), KeyCap("2"), "or", KeyCap("3"), "or Tab and Enter. You can change your mind later."):
            flow.addWidget(part if isinstance(part, QWidget) else Text(part, tone="quiet"))
        head.addWidget(hint)
        body.addLayout(head)
        self.banner = Banner("", "error")
        body.addWidget(self.banner)
        body.addWidget(self._demonstration_card())
        body.addWidget(self._set_up_card())
        body.addWidget(self._open_card())
        body.addStretch(2)
        body.addWidget(self._foot())
        for key, button in (("1", self.demonstration_button), ("2", self.set_up_button), ("3", self.file_button)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)

    # --- the three cards -------------------------------------------------------------------------------------------

    def _demonstration_card(self) -> Card:
        card = Card(kind="chosen", padding=1.1)
        self.demonstration_button = TailButton("Open it", keycap="1", kind="primary")
        self.demonstration_button.setAccessibleName("Open the demonstration school, key 1")
        self.demonstration_button.clicked.connect(self.demonstration_asked)
        body = _choice(
            card,
            "compass",
            "Look round a demonstration school",
            "64 invented pupils on roll, 120 leavers, three school years. Change anything; wipe it in one click.",
            self.demonstration_button,
        )
        stories = CardGrid({Fold.WIDE: 2, Fold.MIDDLE: 1, Fold.NARROW: 1}, gap=0.3, least=15)
        for story in STORIES:
            line = QWidget()
            row = QHBoxLayout(line)
            space(row, gap=0.5)
            row.addWidget(_Bullet(), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(story, "second", wrap=True), 1)
            stories.add(line)
        body.addWidget(stories)
        self.progress = ProgressRow("Making the demonstration school")
        self.progress.stop_asked.connect(self.stop_asked)
        self.progress.hide()
        body.addWidget(self.progress)
        return card

    def _set_up_card(self) -> Card:
        card = Card(padding=1.1)
        self.set_up_button = TailButton("Start", keycap="2")
        self.set_up_button.setAccessibleName("Set up our school, key 2")
        self.set_up_button.clicked.connect(self.set_up_asked)
        body = _choice(
            card,
            "house",
            "Set up our school",
            "Five short steps, about six minutes. Stop at any step and come back. Pupils can be brought in from your information system afterwards.",
            self.set_up_button,
        )
        steps = CardGrid({Fold.WIDE: 5, Fold.MIDDLE: 5, Fold.NARROW: 1}, gap=0.4, least=6.6)
        self._step_rules: list[Rule] = []
        for number, (name, second) in enumerate(STEPS, start=1):
            step = QWidget()
            column = QVBoxLayout(step)
            space(column, gap=0.15)
            rule = Rule()
            self._step_rules.append(rule)
            column.addWidget(rule)
            column.addWidget(Text(f"{number}. {name}", "second_strong", wrap=True))
            column.addWidget(Text(second, "source", "quiet", wrap=True))
            column.addStretch(1)
            steps.add(step)
        body.addWidget(steps)
        self.give_up_button = Button("Forget what was entered", kind="link")
        self.give_up_button.clicked.connect(self.give_up_asked)
        self.give_up_button.hide()
        body.addWidget(self.give_up_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _open_card(self) -> Card:
        card = Card(padding=1.1)
        self.file_button = TailButton("Choose file…", keycap="3")
        self.file_button.setAccessibleName("Open our school's file, key 3")
        self.file_button.clicked.connect(self.file_asked)
        body = _choice(
            card,
            "folder",
            "Open our school’s file",
            "A file or backup another computer made, or your school’s database address. You need your own passphrase, or the printed recovery code.",
            self.file_button,
        )
        self._recent = QWidget()
        flow = FlowLayout(self._recent, gap=0.3)
        self._recent_flow = flow
        body.addWidget(self._recent)
        self.address_button = Button("Use a database address", kind="link")
        self.address_button.clicked.connect(self.address_asked)
        body.addWidget(self.address_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        space(column, gap=0.7)
        column.addWidget(Rule())
        line = QWidget()
        flow = FlowLayout(line, gap=0.6)
        self.text_choice = SegmentedChoice((("100", "100%"), ("150", "150%"), ("200", "200%")), name="Text size", small=True)
        self.text_choice.chosen.connect(self._text_chosen)
        self.colour_choice = SegmentedChoice(COLOURS, name="Colours", small=True)
        self.colour_choice.chosen.connect(self._colour_chosen)
        for widget in (
            Text("Text", "second", "quiet"),
            self.text_choice,
            Text("  Colours", "second", "quiet"),
            self.colour_choice,
            Text("  These stay yours, on this computer", "second", "quiet"),
        ):
            flow.addWidget(widget)
        line.setSizePolicy(_height_for_width())
        column.addWidget(line)
        self._look_chosen()
        theme().changed.connect(self._look_chosen)
        return foot

    # --- what it shows ---------------------------------------------------------------------------------------------

    def set_recent(self, schools: Sequence[str]) -> None:
        """The schools opened lately, last first: a button for each."""
        while (item := self._recent_flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for address in schools:
            button = Button(recent_words(address), icon="house", small=True, name=f"Open {address}")
            button.setToolTip(address)
            button.setProperty("address", address)
            button.clicked.connect(self._recent_clicked)
            self._recent_flow.addWidget(button)
        self._recent.setVisible(bool(schools))

    def set_draft(self, step: int) -> None:
        """An unfinished set-up is at this step; 0: there is none."""
        self.set_up_button.setText("Start" if step < 2 else f"Go on with step {step}")
        self.set_up_button.setAccessibleName("Set up our school, key 2" if step < 2 else f"Go on with step {step} of setting up our school, key 2")
        self.set_up_button.updateGeometry()
        self.give_up_button.setVisible(step > 1)

    def set_busy(self, busy: bool, name: str = "") -> None:
        """While a school is made or opened, only Stop can be pressed."""
        for button in (self.demonstration_button, self.set_up_button, self.file_button, self.address_button, self.give_up_button):
            button.setEnabled(not busy)
        self._recent.setEnabled(not busy)
        self.progress.setVisible(busy)
        if busy:
            self.progress.begin(name)
            self.progress.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.demonstration_button.setFocus(Qt.FocusReason.TabFocusReason)

    def set_fold(self, fold: Fold) -> None:
        """The brand beside the choices, or above them."""
        narrow = fold is Fold.NARROW
        self._outer.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        side = 1.0 if narrow else 3.0 if fold is Fold.WIDE else 1.6
        space(self._body, side, 1.0 if narrow else 2.0, side, 1.0, 0.8)

    def _look_chosen(self) -> None:
        self.text_choice.set_value(str(theme().text_percent))
        self.colour_choice.set_value(theme().style.name)

    def _text_chosen(self, key: str) -> None:
        self.look_asked.emit("", int(key))

    def _colour_chosen(self, key: str) -> None:
        self.look_asked.emit(key, 0)

    def _recent_clicked(self) -> None:
        self.school_asked.emit(str(self.sender().property("address")))


def recent_words(address: str) -> str:
    """What a recent school is called on its button: the file's name, or the database and its server."""
    if "://" in address:
        from urllib.parse import urlsplit

        parts = urlsplit(address)
        return f"{parts.path.strip('/')} on {parts.hostname or 'this machine'}"
    return Path(address).stem


def _height_for_width() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy


class _Tile(QWidget):
    """An icon on a soft square."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        measure(self, width=2.4, height=2.4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), ground="soft", radius=0.4)
        side = round(h(1.25))
        corner = QPointF(round((self.width() - side) / 2), round((self.height() - side) / 2))
        painter.drawPixmap(corner, theme().pixmap(self._icon, "on_soft", 1.25))
        painter.end()


class _Bullet(QWidget):
    """The dot before a line of a list."""

    def __init__(self) -> None:
        super().__init__()
        measure(self, width=0.5, height=1.15)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_mark(painter, "circle", QPointF(self.width() / 2, self.height() / 2), h(0.38), "accent")
        painter.end()


class _Choice(QWidget):
    """The head of a choice: icon, title, sentence and its button; the button goes below in a narrow window."""

    def __init__(self, icon: str, title: str, sentence: str, button: Button) -> None:
        super().__init__()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        space(self._row, gap=1.0)
        self._tile = _Tile(icon)
        self._row.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        space(words, gap=0.1)
        words.addWidget(Text(title, "dialog", wrap=True))
        words.addWidget(Text(sentence, "body", "quiet", wrap=True))
        self._row.addLayout(words, 1)
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def set_fold(self, fold: Fold) -> None:
        narrow = fold is Fold.NARROW
        self._tile.setVisible(not narrow)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def _choice(card: Card, icon: str, title: str, sentence: str, button: Button) -> QVBoxLayout:
    """Fills a card with a choice and gives the layout for what stands below its head, in line with the words."""
    card.add(_Choice(icon, title, sentence, button))
    below = _Below()
    card.add(below)
    return below.column


class _Below(QWidget):
    """What stands below the words of a choice, indented by the icon's width where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        space(self.column, 3.4, 0.2, 0, 0, 0.5)

    def set_fold(self, fold: Fold) -> None:
        space(self.column, 0 if fold is Fold.NARROW else 3.4, 0.2, 0, 0, 0.5)

