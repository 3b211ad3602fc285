"""Needs you: what waits for a person, beside the register; six lines, the rest folded; one banner that opens in a narrow window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.days import words
from approgress.domain.edits import Changes, Title
from approgress.domain.errors import Trouble
from approgress.domain.needs import CONTACT, GIVE_REASON, OPEN, REST, Line, Needs, Resting, arrange
from approgress.style import Size
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.painting import draw_box, draw_mark
from approgress.ui.theme import h, reveal, space, theme

if TYPE_CHECKING:
    from approgress.domain.needs import Rules
    from approgress.ui.workspace import Workspace

WAIT_MS: Final = 350
"""After a change the panel waits this long for the next one: not every key of the register reads it again."""
LONGEST_WAIT_MS: Final = 2000
AT_ONCE: Final = 40
"""Pupils read in one go, so that a large school's list is made between the keys of the register."""

_ALL_AGAIN: Final = frozenset(
    {"setting", "half_term", "closure", "instrument_file", "enrolment", "group", "group_member", "strand_measure", "pupil"}
)
_OF_REGISTERS: Final = frozenset({"mark", "timetable", "timetable_step", "elsewhere", "suspension"})
_VERBS: Final = {GIVE_REASON: "Give a reason", CONTACT: "Write a contact down", OPEN: "Open", REST: "Not worried because…"}
WAKE: Final = "wake"
_SIDE: Final = 0.45
"""Words and buttons stand this far inside the ground of their line, which reaches into the card's padding."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line as it stands in the panel, and what of it rests."""

    line: Line
    resting: Resting | None = None

    @property
    def key(self) -> tuple[str, tuple[int, ...], bool]:
        return self.line.key, self.line.pupils, self.resting is not None


class _Words(QAbstractButton):
    """The words of a line: one button that is read out in full, and is moved between by the arrows."""

    ring_radius = Size.RADIUS
    moved = Signal(int)
    sideways = Signal()
    became_current = Signal()

    def __init__(self, shown: _Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = shown.line
        column = QVBoxLayout(self)
        space(column, _SIDE, 0.4, _SIDE, 0.4, 0.1)
        head = QHBoxLayout()
        space(head, gap=0.5)
        title = Text(line.title, "strong", wrap=True)
        due = line.due_words if shown.resting is None else f"until {words(shown.resting.until, year=False)}"
        tone = "quiet" if shown.resting is not None else "decline" if line.safety else "attention"
        self._due = Text(due, "column", tone, across="right")
        self._due.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        head.addWidget(title, 1)
        head.addWidget(self._due, 0, Qt.AlignmentFlag.AlignTop)
        reveal(self._due, bool(due))
        column.addLayout(head)
        said = Text(line.sentence, "second", "quiet", wrap=True)
        column.addWidget(said)
        for text in (title, self._due, said):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(". ".join(part for part in (line.title, due, line.sentence) if part))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = Qt.Key(event.key()), Qt.Key
        step = {keys.Key_Down: 1, keys.Key_Up: -1, keys.Key_Home: -1000, keys.Key_End: 1000}.get(key)
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(step)
        elif key == keys.Key_Right:
            self.sideways.emit()
        elif key in (keys.Key_Return, keys.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.became_current.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing of its own: the ground is that of the line, and the words are labels."""


class _Action(Button):
    """A button of a line: the arrows go on to the next, back to the words, or to another line."""

    moved = Signal(int)
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), Qt.Key
        if key in (keys.Key_Up, keys.Key_Down):
            self.moved.emit(1 if key == keys.Key_Down else -1)
        elif key in (keys.Key_Left, keys.Key_Right):
            self.stepped.emit(1 if key == keys.Key_Right else -1)
        else:
            super().keyPressEvent(event)


class NeedLine(QFrame):
    """One line: its words, and while it is the current one its buttons. `acted(line, what)` for a button, `opened` for Enter or a click."""

    acted = Signal(object, str)
    opened = Signal(object)
    moved = Signal(object, int)
    current = Signal(object)

    def __init__(self, shown: _Shown, *, may_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self._current = False
        self._may_write = may_write
        column = QVBoxLayout(self)
        space(column)
        self.words = _Words(shown)
        self.words.clicked.connect(self._clicked)
        self.words.moved.connect(self._moved)
        self.words.sideways.connect(self._to_first_action)
        self.words.became_current.connect(self._say_current)
        column.addWidget(self.words)
        self._row = QWidget()
        inside = QVBoxLayout(self._row)
        space(inside, _SIDE, 0.05, 0, 0.45)
        flow = QWidget()
        self._row_lay = FlowLayout(flow, gap=0.3, line_gap=0.3)
        for widget in (flow, self._row):
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            widget.setSizePolicy(policy)
        inside.addWidget(flow)
        self.buttons: list[_Action] = []
        for what in self._offered():
            verb = "Wake it" if what == WAKE else _VERBS[what]
            button = _Action(verb, small=True)
            button.setAccessibleName(f"{verb}: {shown.line.title}, {shown.line.sentence}")
            button.setProperty("what", what)
            button.clicked.connect(self._pressed)
            button.moved.connect(self._moved)
            button.stepped.connect(self._stepped)
            self._row_lay.addWidget(button)
            self.buttons.append(button)
        self._row.hide()
        column.addWidget(self._row)

    def _offered(self) -> tuple[str, ...]:
        line = self.shown.line
        if self.shown.resting is not None:
            return (WAKE, OPEN) if self._may_write else (OPEN,)
        if not self._may_write:
            return (OPEN,)
        return tuple(a for a in line.actions if a != REST or line.may_rest)

    def set_current(self, current: bool) -> None:
        """Shows the buttons and the ground of the current line, or takes them away; Tab stops only here."""
        self._current = current
        reveal(self._row, current and bool(self.buttons))
        self.words.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._current:
            painter = QPainter(self)
            draw_box(painter, QRectF(self.rect()), ground="hover", radius=Size.RADIUS)
            painter.end()

    def _say_current(self) -> None:
        self.current.emit(self)

    def _clicked(self) -> None:
        self.opened.emit(self)

    def _moved(self, step: int) -> None:
        self.moved.emit(self, step)

    def _to_first_action(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _stepped(self, step: int) -> None:
        at = next((i for i, b in enumerate(self.buttons) if b.hasFocus()), 0) + step
        to = self.words if at < 0 else self.buttons[min(at, len(self.buttons) - 1)]
        to.setFocus(Qt.FocusReason.TabFocusReason)

    def _pressed(self) -> None:
        button = self.sender()
        self.acted.emit(self, str(button.property("what")) if button is not None else "")


class _Strip(QAbstractButton):
    """The banner of a narrow window: how many lines there are, the first in few words, and whether they are shown below."""

    ring_radius = Size.RADIUS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        row = QHBoxLayout(self)
        space(row, 0.7, 0.35, 2.0, 0.35, 0.5)
        self._count = Text("", "strong", "attention")
        self._first = Text("", "body", "attention")
        self._first.setMinimumWidth(1)
        for text in (self._count, self._first):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._count.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(self._count)
        row.addWidget(self._first, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tone = "attention"
        self._whole = ""
        theme().changed.connect(self._fit)

    def say(self, count: int, first: Line | None) -> None:
        """How many, and the first of them."""
        self._tone = "attention" if count else "gain"
        for text in (self._count, self._first):
            text.set_tone(self._tone)
        self._count.setText(f"Needs you: {count}" if count else "Nothing needs you now")
        self._whole = ""
        if first is not None:
            name = first.names[0] if first.names else ""
            self._whole = ", ".join(p for p in (first.title.split(",")[0], name, first.due_words) if p)
        self.setAccessibleName(f"{self._count.text()}. {self._whole}" if self._whole else self._count.text())
        self._fit()
        self.update()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        from approgress.ui.parts.painting import elided

        room = self.width() - h(3.4) - self._count.sizeHint().width()
        self._first.setText(elided(self._whole, max(1.0, room)))
        self.setToolTip(self._whole)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        draw_box(painter, box, ground=f"{self._tone}_soft", edge=self._tone, width=theme().style.edge_width, radius=Size.CARD_RADIUS)
        mark = "chevron_up" if self.isChecked() else "chevron_down"
        draw_mark(painter, mark, QPointF(self.width() - h(1.1), self.height() / 2), h(0.75), self._tone)
        painter.end()


class NeedsPanel(QWidget):
    """The panel. `refresh(changes)` after a change, `set_day(day)` when another day is shown; what waits is always what waits today.

    Arrows go between the lines, Enter opens the place of the current one, Right its buttons. `counted(n)` says how many lines are shown.
    A place is opened by `workspace.open_place`: 'pupil/<id>/<tab>', 'today/<day>/<AM or PM>/<pupil id or g and group id>'.
    """

    counted = Signal(int)
    shown = Signal()
    """What is shown was read again."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.needs = Needs()
        self._plain = Needs()  # without names
        self._read: dict[int, tuple[Line, ...]] = {}
        self._registers: tuple[Line, ...] = ()
        self._rules: Rules | None = None
        self._pending = Changes(everything=True)
        self._todo: list[int] = []
        self._fresh: dict[int, tuple[Line, ...]] | None = None
        self._unfolded = False
        self._current: tuple[str, tuple[int, ...], bool] | None = None
        self._rows: list[NeedLine] = []
        self._content: QWidget | None = None
        self._narrow = False
        self._day = workspace.today
        self._put_off = False
        self._since = QElapsedTimer()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._waited)
        self._work = QTimer(self)
        self._work.setSingleShot(True)
        self._work.setInterval(0)
        self._work.timeout.connect(self._worked)
        self._closing = QTimer(self)
        self._closing.setSingleShot(True)
        self._closing.timeout.connect(self._register_closed)
        self._build()
        workspace.names_hidden_changed.connect(self._names_changed)
        self._wait.start(0)

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        space(outer, gap=0.5)
        self.strip = _Strip()
        self.strip.toggled.connect(self._strip_toggled)
        self.strip.hide()
        outer.addWidget(self.strip)
        self.card = Card(padding=Size.CARD_PADDING - _SIDE)
        outer.addWidget(self.card)
        head = QHBoxLayout()
        space(head, _SIDE, _SIDE, 0, 0, 0.5)
        titles = QVBoxLayout()
        space(titles)
        titles.addWidget(Text("Needs you", "heading"))
        self._of_day = Text("", "second", "quiet", wrap=True)
        reveal(self._of_day, False)
        titles.addWidget(self._of_day)
        head.addLayout(titles, 1)
        self.call_button = Button("Call list", kind="plain", icon="printer", small=True)
        self.call_button.clicked.connect(self.print_calls)
        head.addWidget(self.call_button, 0, Qt.AlignmentFlag.AlignTop)
        self.card.add_layout(head)
        self.foot = Button("", kind="plain", small=True)
        self.foot.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.foot.setCheckable(True)
        self.foot.clicked.connect(self._toggle_folded)
        reveal(self.foot, False)
        self._foot_row = QHBoxLayout()
        space(self._foot_row, 0.1, 0, 0, 0.2)
        self._foot_row.addWidget(self.foot)
        self._foot_row.addStretch(1)
        self.card.add_layout(self._foot_row)
        self._show([])

    def set_fold(self, fold: Fold) -> None:
        """One banner that opens in a narrow window."""
        self._narrow = fold is Fold.NARROW
        reveal(self.strip, self._narrow)
        reveal(self.card, not self._narrow or self.strip.isChecked())

    def set_bare(self, bare: bool) -> None:
        """Without an edge of its own, inside another card."""
        self.card.set_kind("bare" if bare else "plain")

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.set_fold(fold_of(self))
        if self._put_off:
            self._put_off = False
            (self._work if self._todo or self._fresh is not None else self._wait).start()

    def _strip_toggled(self, opened: bool) -> None:
        reveal(self.card, not self._narrow or opened)
        self.strip.update()
        if opened and self._rows:
            self._rows[self._current_row()].words.setFocus(Qt.FocusReason.TabFocusReason)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are shown without unfolding."""
        return self.needs.shown

    def titles_of(self, key: str) -> dict[int, str]:
        """By pupil the title of what waits under a key ('start': 'starting point 4 of 6'), whether it is shown, folded or rests."""
        found = ((pupil, next((x.title for x in lines if x.key == key), "")) for pupil, lines in self._read.items())
        return {pupil: title[:1].lower() + title[1:] for pupil, title in found if title}

    def busy(self) -> bool:
        """Whether something still waits to be read."""
        return self._wait.isActive() or self._work.isActive()

    def set_day(self, day: date) -> None:
        """The page shows this day: where it is another than today, the panel says that it speaks of today."""
        self._day = day
        today = self.workspace.today
        self._of_day.setText(f"As of today, {words(today, weekday=True, year=False)}" if day != today else "")
        reveal(self._of_day, day != today)

    def refresh(self, changes: Changes) -> None:
        """Read again what changed, after a moment in which nothing else did."""
        self._pending = self._pending | changes
        if not self._since.isValid():
            self._since.start()
        if not self._wait.isActive() or self._since.elapsed() < LONGEST_WAIT_MS:
            self._wait.start(WAIT_MS)

    def read_now(self) -> None:
        """Reads everything that waits, at once: before a list is printed, and in tests."""
        if self._wait.isActive():
            self._wait.stop()
            self._begin()
        while self._work.isActive():
            self._work.stop()
            self._go_on()

    def _may_read(self) -> bool:
        """Only while it is shown: a page that is left, or whose school was closed, reads nothing until it is shown again."""
        from shiboken6 import isValid

        if isValid(self.workspace) and self.isVisible():
            return True
        self._put_off = True
        return False

    def _waited(self) -> None:
        if self._may_read():
            self._begin()

    def _worked(self) -> None:
        if self._may_read():
            self._go_on()

    def _begin(self) -> None:
        from approgress.store.reads import needs as reads

        changes, self._pending = self._pending, Changes()
        self._since.invalidate()
        w = self.workspace
        everything = changes.everything or bool(changes.kinds & _ALL_AGAIN) or self._rules is None or self._rules.today != w.today
        try:
            if everything:
                self._rules = reads.rules_of(w.facts, w.today)
                self._fresh = {}
                self._todo = w.read(reads.on_roll, w.facts.setting.id, w.today)
                self.set_day(self._day)
            else:
                known = self._read if self._fresh is None else self._fresh
                waiting = set(self._todo)
                self._todo += [p for p in sorted(changes.pupils) if p not in waiting and (p in known or self._fresh is None)]
        except Trouble as e:
            w.say(e.sentence, "error")
            return
        if everything or changes.kinds & _OF_REGISTERS:
            self._todo.append(-1)
        self._work.start()

    def _go_on(self) -> None:
        """The next pupils; the registers come last. What was read is shown when all of it is there."""
        from approgress.store.reads import needs as reads

        w, todo = self.workspace, self._todo
        some, self._todo = [p for p in todo[:AT_ONCE] if p >= 0], [p for p in todo[AT_ONCE:] if p >= 0]
        registers = -1 in todo
        try:
            if some:
                found = w.read(reads.needs, w.facts, w.today, pupils=some, rules=self._rules)
                (self._read if self._fresh is None else self._fresh).update(found.lines)
            if self._todo:
                if registers:
                    self._todo.append(-1)
                self._work.start()
                return
            if self._fresh is not None:
                self._read, self._fresh = self._fresh, None
            if registers and self._rules is not None:
                from approgress.domain.needs import register_lines

                now = self._minutes()
                self._registers = register_lines(w.read(reads.open_sessions, w.facts, w.today, now), self._rules)
                self._wait_for_closing(now)
            rests, own = w.read(reads.rests, w.today), w.read(reads.own, w.facts, w.today)
        except Trouble as e:
            w.say(e.sentence, "error")
            return
        lines = [*self._registers, *(line for lines in self._read.values() for line in lines)]
        self._plain = arrange(lines, rests, w.today, own=own)
        self._put_names()

    def _put_names(self) -> None:
        from approgress.store.reads import needs as reads

        w = self.workspace
        plain = self._plain
        try:
            names = w.read(reads.names, w.facts, w.today, plain.pupils, hidden=w.names_hidden) if plain.pupils else {}
        except Trouble as e:
            w.say(e.sentence, "error")
            return
        self.needs = plain.named(names)
        self._show_all()
        count = len(self.needs.shown)
        w.set_badge("today", count, f"{count} {'needs' if count == 1 else 'need'} you" if count else "")
        self.counted.emit(count)
        self.shown.emit()

    def _names_changed(self, _hidden: bool) -> None:
        self._put_names()

    def _minutes(self) -> int:
        now = datetime.fromtimestamp(self.workspace.school.now())
        return now.hour * 60 + now.minute

    def _wait_for_closing(self, now: int) -> None:
        """Looks again when the next register of today closes."""
        from approgress.domain.register import closes_at

        setting = self.workspace.facts.setting
        closes = [c for c in (closes_at(setting, session) for session in ("AM", "PM")) if c is not None and c > now]
        if closes:
            self._closing.start((min(closes) - now) * 60_000 + 1000)

    def _register_closed(self) -> None:
        self._pending = self._pending | Changes(kinds=frozenset({"mark"}))
        self._waited()

    # --- showing ---------------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        needs = self.needs
        shown = [_Shown(line) for line in needs.shown]
        if self._unfolded:
            shown += [_Shown(line) for line in needs.folded] + [_Shown(r.line, r) for r in needs.resting]
        self.strip.say(len(needs.shown), needs.shown[0] if needs.shown else None)
        hidden = needs.folded or needs.resting
        if not hidden:
            self._unfolded = False
        self.foot.setText(f"Fold again · {needs.foot}" if self._unfolded else needs.foot)
        self.foot.setAccessibleName(f"{needs.foot}: {'shown' if self._unfolded else 'show them'}")
        self.foot.setChecked(self._unfolded)
        reveal(self.foot, bool(hidden))
        if [(r.shown.line, r.shown.resting) for r in self._rows] != [(s.line, s.resting) for s in shown] or not shown:
            self._show(shown)

    def _show(self, shown: Iterable[_Shown]) -> None:
        """Other lines, in a widget of their own, so that nothing of the old ones is touched while they go."""
        had = self._focused()
        before, content = self._content, QWidget()
        column = QVBoxLayout(content)
        space(column)
        self._rows = []
        resting = False
        for one in shown:
            if one.resting is not None and not resting:
                resting = True
                column.addSpacing(round(h(0.5)))
                column.addWidget(Text("Resting", "column", "quiet"))
            elif self._rows:
                column.addWidget(Rule())
            row = NeedLine(one, may_write=self.workspace.may_write)
            row.acted.connect(self._acted)
            row.opened.connect(self._opened)
            row.moved.connect(self._moved)
            row.current.connect(self._make_current)
            column.addWidget(row)
            self._rows.append(row)
        if not self._rows:
            space(column, _SIDE, 0, _SIDE, _SIDE)
            column.addWidget(Text("Nothing needs you now." if self._rules is not None else "Looking…", tone="quiet", wrap=True))
        self.card.body.insertWidget(1, content)
        self._content = content
        if before is not None:
            self.card.body.removeWidget(before)
            before.hide()
            before.deleteLater()
        # Tab as the eye goes: these lines were made after what stands below them
        stops = [self.call_button, *(w for row in self._rows for w in (row.words, *row.buttons)), self.foot]
        for one, other in zip(stops, stops[1:], strict=False):
            QWidget.setTabOrder(one, other)
        if self._rows:
            row = self._rows[self._current_row()]
            self._make_current(row)
            if had:
                row.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused(self) -> bool:
        return self._content is not None and self._content.isAncestorOf(self.focusWidget() or self)

    def _current_row(self) -> int:
        """The line that was current, or the one that stands where it stood."""
        for i, row in enumerate(self._rows):
            if row.shown.key == self._current:
                return i
        return 0

    def _make_current(self, row: NeedLine) -> None:
        self._current = row.shown.key
        for other in self._rows:
            other.set_current(other is row)

    def _toggle_folded(self) -> None:
        self._unfolded = not self._unfolded
        self._show_all()

    # --- doing -----------------------------------------------------------------------------------------------------

    def _moved(self, row: NeedLine, step: int) -> None:
        at = self._rows.index(row) + step
        to = self._rows[min(max(at, 0), len(self._rows) - 1)]
        to.words.setFocus(Qt.FocusReason.TabFocusReason)

    def _opened(self, row: NeedLine) -> None:
        self._make_current(row)
        self.open_line(row.shown.line)

    def open_line(self, line: Line) -> None:
        """Goes to the place of a line."""
        self.workspace.open_place(line.place)

    def _acted(self, row: NeedLine, what: str) -> None:
        line = row.shown.line
        if what == WAKE and row.shown.resting is not None:
            from approgress.domain.acts.needs import wake

            self.workspace.attempt(Title.REST, wake([row.shown.resting]), grow=False)
        elif what == REST:
            self.rest(line)
        elif what == GIVE_REASON:
            self.settle(line)
        else:
            self.open_line(line)

    def rest(self, line: Line) -> None:
        """Asks why nobody is worried, and lets the line rest."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.not_worried import NotWorriedDialog

        show_dialog(NotWorriedDialog(self.workspace, line, parent=self))

    def settle(self, line: Line | None = None) -> None:
        """The list of marks N, at those of the line."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.settle_n import SettleDialog

        show_dialog(SettleDialog(self.workspace, first=line.pupil_id if line is not None else None, parent=self))

    def print_calls(self) -> None:
        """The call list, to a printer or as PDF."""
        from approgress.ui.forms.call_list import call_paper
        from approgress.ui.forms.print_list import print_or_save

        try:
            paper = call_paper(self.workspace)
        except Trouble as e:
            self.workspace.say(e.sentence, "error")
            return
        print_or_save(self, self.workspace, paper, f"Call list {self.workspace.today.isoformat()}")


__all__ = ["NeedLine", "NeedsPanel"]
