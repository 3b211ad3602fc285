"""The list of pupils: search, filters, sorting, one sign a strand, and who has no full starting point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts.pupils import PLACEMENTS
from approgress.domain.cohort import PupilCard, held_counts
from approgress.domain.instruments import STRANDS
from approgress.domain.strands import BETTER, DECLINE, GAIN, MIXED, NONE, SAME, UNJUDGED, WORSE, Sign
from approgress.domain.values import number, percent_words, share_words
from approgress.style import STRANDS as LOOKS
from approgress.ui.parts.buttons import Button, FilterChips, MenuButton
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.fields import SearchField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Dot, Legend, Rule, Text
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.page import Page
from approgress.ui.parts.painting import draw_text
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.parts.signs import SignDelegate, WordCell, sign_cell
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.tables import CELL, Column, Row, SignCell, TableModel, TableView, TextCell
from approgress.ui.theme import h, measure, reveal, space

if TYPE_CHECKING:
    from approgress.domain.edits import Changes
    from approgress.ui.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex

_AT_ONCE: Final = 120
"""So many pupils are read in one go; more are read in pieces, so that the window never stands still."""
_PIECE: Final = 12
_SIDE_ROWS: Final = 12
_QUIET_DAYS: Final = 28
_GROUPS_AS_CHIPS: Final = 4
_SCHOOL: Final = frozenset({"setting", "half_term", "closure", "instrument_file", "strand_measure", "partner", "group"})

_SIGN_ORDER: Final = {GAIN: 0, BETTER: 0, NONE: 1, SAME: 1, MIXED: 1, DECLINE: 2, WORSE: 2}


def columns() -> tuple[Column, ...]:
    """The columns of the list. No column and no sort sums a pupil over strands."""
    return (
        Column("Pupil", least=9, stretch=3),
        Column("Group", drop=4),
        Column("Placement, since", drop=5, stretch=1),
        Column("Home school", stretch=2, least=5, drop=2),
        Column("This\nhalf-term", "right", drop=7),
        Column("", "right", said="per cent of possible sessions this half-term", drop=7),
        *(Column(LOOKS[s].short, "middle", group="Since starting point", said=f"{STRANDS[s]} since the starting point", drop=6) for s in STRANDS),
        Column("Strands\nstarted", "right", said="strands that have a starting value", drop=1),
    )


FIRST_SIGN: Final = 6
STARTED: Final = FIRST_SIGN + len(STRANDS)


def home_school_words(card: PupilCard) -> str:
    """'Parkfield Academy', or 'none, sole roll'."""
    if card.home_school:
        return card.home_school
    return "none, sole roll" if card.registration in ("C", None) else "not known"


def _sort_of(sign: Sign | None) -> int | None:
    if sign is None or sign.mark == UNJUDGED:
        return None
    return _SIGN_ORDER.get(sign.mark or sign.word)


def list_row(card: PupilCard, signs: dict[str, Sign] | None, *, statutory: bool = True) -> Row:
    """One pupil's row."""
    t = card.half_term
    name = card.name
    if card.left_on is not None:
        half, share = TextCell(f"left {days.words(card.left_on)}", role="quiet", kind="second", across="right"), TextCell("")
    elif card.placement_sort == "outreach" and not t.possible:
        half, share = TextCell("visits", role="quiet", kind="second", across="right"), TextCell("")
    elif not t.possible:
        half, share = TextCell("none yet", role="quiet", kind="second", across="right"), TextCell("")
    else:
        half = TextCell(share_words(t.attended, t.possible), across="right")
        share = TextCell(percent_words(t.attended, t.possible) if statutory else "", across="right")
    found = signs or {}
    cells: list[Any] = [
        TextCell(name.full, f"Y{card.year_code}" if card.year_code and card.year_code.isdecimal() else card.year, kind="strong", initials=name.initials or "\u2013", may_elide=True),
        TextCell(card.group or ""),
        TextCell(card.placement, days.words(card.since) if card.placement else ""),
        TextCell(home_school_words(card), role="ink" if card.home_school else "quiet", may_elide=True),
        half,
        share,
        *(sign_cell(found.get(s)) for s in STRANDS),
        TextCell(f"{card.strands_started} of {len(STRANDS)}", role="quiet", across="right")
        if card.full_start
        else TextCell(f"{card.strands_started} of {len(STRANDS)}", kind="strong", role="attention", across="right"),
    ]
    rate = t.attended / t.possible if t.possible else None
    sort: list[Any] = [
        name.by_forename,
        (card.group or "").casefold() or None,
        (card.placement.casefold(), card.since or date.min) if card.placement else None,
        (card.home_school or "").casefold() or None,
        rate,
        rate,
        *(_sort_of(found.get(s)) for s in STRANDS),
        card.strands_started,
    ]
    return Row(card.pupil_id, name.full, tuple(cells), tuple(sort), tip=name.full)


class PupilModel(TableModel):
    """The rows with, for those who do not see the signs, what each means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(columns(), parent=parent)
        self.said: Callable[[int, str], str] | None = None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role == int(Qt.ItemDataRole.ToolTipRole) and self.said is not None and FIRST_SIGN <= index.column() < STARTED:
            return self.said(self.row(index.row()).key, list(STRANDS)[index.column() - FIRST_SIGN]) or None
        return super().data(index, role)


class PupilTable(TableView):
    """The list; a letter typed in it goes to the search."""

    typed = Signal(str)

    def keyboardSearch(self, search: str) -> None:
        if search.strip():
            self.typed.emit(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier)
        if plain and text and text.isprintable() and text.strip():
            self.typed.emit(text)
            return
        super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the list: its key, its words, and whom it leaves."""

    key: str
    words: str
    leaves: Callable[[PupilCard], bool]


def filters_of(cards: Iterable[PupilCard], today: date) -> list[Filter]:
    """The filters that make sense for these pupils: their groups, kinds of placement, care, and what is missing."""
    rows = list(cards)
    found = [Filter("all", "All", lambda c: True)]
    groups = sorted({(c.group, c.group_id) for c in rows if c.group_id is not None and c.group}, key=lambda g: (str(g[0]).casefold(), g[1]))
    for name, group_id in groups:
        found.append(Filter(f"group {group_id}", str(name), lambda c, g=group_id: c.group_id == g))
    for sort in ("part_time", "respite", "outreach"):
        if any(c.placement_sort == sort for c in rows):
            found.append(Filter(sort, PLACEMENTS[sort], lambda c, s=sort: c.placement_sort == s))
    if any(c.has("care") for c in rows):
        found.append(Filter("care", "Looked after", lambda c: c.has("care")))
    found.append(Filter("start", "No full starting point", lambda c: not c.full_start))
    since = today - timedelta(days=_QUIET_DAYS)
    found.append(Filter("quiet", "Not written about", lambda c: c.last_written is None or c.last_written < since))
    return found


class NameLink(QAbstractButton):
    """A name that opens the pupil's page; a long one ends in dots and stands in full in the tool tip."""

    ring_radius = 0.2

    def __init__(self, name: str, said: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(name)
        self.setAccessibleName(said)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(h(3)), round(h(1.3)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = "accent" if self.underMouse() or self.isDown() else "ink"
        draw_text(painter, QRectF(self.rect()), self.text(), "strong", role, may_elide=True)
        painter.end()


class SideRow(QWidget):
    """A pupil without a full starting point: the name opens the page, the day says how far the time for it has run."""

    opened = Signal(int)

    def __init__(self, card: PupilCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pupil_id = card.pupil_id
        column = QVBoxLayout(self)
        space(column, 0, 0.15, 0, 0.15, 0.05)
        row = QHBoxLayout()
        space(row, gap=0.4)
        name = NameLink(card.name.full, f"{card.name.full}, {card.day_words}, {card.lacking_words}")
        name.clicked.connect(self._open)
        row.addWidget(name, 1)
        late = card.day_number is not None and card.day_number > card.days // 2
        row.addWidget(Text(card.day_words, "second_strong" if late else "second", "attention" if late else "quiet", across="right"))
        column.addLayout(row)
        column.addWidget(Text(card.lacking_words, "second", "quiet", wrap=True))

    def _open(self) -> None:
        self.opened.emit(self.pupil_id)


class SideCard(Card):
    """Who has no full starting point, and how many of all have a starting value in each strand."""

    opened = Signal(int)
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("No full starting point", parent=parent)
        self._shown: object = None
        self.area = ScrollArea(gap=0.15)
        self._rows = self.area.body
        measure(self.area, least_height=7)
        self.add(self.area, 1)
        self.more = Button("", kind="link")
        self.more.clicked.connect(self.all_asked)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_rule()
        self.add(Text("Starting value held", "strong", wrap=True))
        self.counts: dict[str, Text] = {}
        for strand, words in STRANDS.items():
            row = QHBoxLayout()
            space(row, gap=0.4)
            row.addWidget(Dot(LOOKS[strand].role), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(Text(LOOKS[strand].name, "second", wrap=True), 1)
            count = Text("", "second", across="right")
            count.setAccessibleDescription(words)
            row.addWidget(count)
            self.counts[strand] = count
            self.add_layout(row)

    def show_cards(self, cards: Sequence[PupilCard]) -> None:
        """Shows those on roll."""
        lacking = sorted((c for c in cards if not c.full_start), key=lambda c: (-(c.day_number or 0), c.name.by_forename))
        assert self.heading is not None
        for strand, value in held_counts(cards).items():
            self.counts[strand].setText(value.counts)
        key = [(c.pupil_id, c.name.full, c.day_words, c.lacking_words) for c in lacking], len(cards)
        if self._shown == key:
            return
        self._shown = key
        if lacking:
            self.heading.set("No full starting point", f"{share_words(len(lacking), len(cards))}. Counted as missing, never as no change.")
        else:
            self.heading.set("Every starting point is full", f"All {number(len(cards))} have a starting value in each strand." if cards else "")
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for card in lacking[:_SIDE_ROWS]:
            self._rows.addWidget(Rule())
            row = SideRow(card)
            row.opened.connect(self.opened)
            self._rows.addWidget(row)
        self._rows.addStretch(1)
        rest = len(lacking) - _SIDE_ROWS
        self.more.setText(f"and {number(rest)} more")
        reveal(self.more, rest > 0)


class PupilsPage(Page):
    """All pupils on roll, and on request those who left."""

    title = "Pupils"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Pupils", parent=parent)
        self.workspace = workspace
        self._cards: dict[int, PupilCard] = {}
        self._signs: dict[int, dict[str, Sign]] = {}
        self._rows: dict[int, Row] = {}
        self._left: set[int] | None = None
        self._left_count = 0
        self._to_read: list[int] = []
        self._to_judge: list[int] = []
        self._filter = "all"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        self._build()
        self._load()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.print_button = MenuButton((("print", "Print…"), ("pdf", "Save as PDF…")), name="Print list", text="Print list", icon="printer")
        self.print_button.chosen.connect(self._print_chosen)
        self.head.add(self.print_button)
        self.set_main_action("Add pupil", self.add_pupil, icon="plus", short="Add")
        top = QHBoxLayout()
        space(top, gap=0.5)
        self.search = SearchField("Name, UPN or school", key="/")
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.search.searched.connect(self._searched)
        self.search.returnPressed.connect(self._open_first)
        self.search.installEventFilter(self)
        self.chips = FilterChips(name="Filters")
        self.chips.changed.connect(self._chips_changed)
        self.menu = MenuButton((), name="Filter", icon="filter")
        self.menu.chosen.connect(self.choose_filter)
        self.more = MenuButton((), name="More filters", text="Filter", icon="plus", small=False)
        self.more.chosen.connect(self.choose_filter)
        top.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.chips, 1)
        top.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.table = PupilTable("Pupils", parent=self)
        self.table.setItemDelegate(SignDelegate(self.table))
        self.model = PupilModel(self.table)
        self.model.said = self._sign_words
        self.table.setModel(self.model)
        self.table.sort_by(0)
        self.table.opened.connect(self._open_row)
        self.table.typed.connect(self._typed_in_table)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._sorted)
        card = Card()
        card.add(self.table, 1)
        measure(self.table, least_height=12)
        self.empty = EmptyState("No pupil found", "", "Show all")
        assert self.empty.action is not None
        self.empty.action.clicked.connect(self._show_all)
        card.add(self.empty, 1)
        foot = QHBoxLayout()
        space(foot, 0.3, gap=0.6)
        self.count = Text("", "second", "quiet")
        foot.addWidget(self.count, 1)
        self.legend = Legend()
        foot.addWidget(self.legend)
        card.add_layout(foot)
        self.side = SideCard()
        self.side.opened.connect(self.workspace.open_pupil)
        self.side.all_asked.connect(self._show_lacking)
        measure(self.side, least_width=11.5)
        self.body.addWidget(SideBySide((card, 82), (self.side, 18)), 1)
        self.set_status(
            StatusLine(
                ((("↑", "↓"), "choose"), (("Enter",), "open"), (("/",), "search"), (("Ctrl P",), "print this list")),
                "Sorted by name; press a heading to sort",
            )
        )
        for key, slot in (("/", self._to_search), ("Ctrl+F", self._to_search), ("Ctrl+P", self.print_list)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self.folded.connect(self._folded)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Reads the pupils again that were touched, or all where the school changed."""
        if changes.everything or changes.kinds & _SCHOOL or len(changes.pupils) > _AT_ONCE:
            self._load()
            return
        if changes.pupils:
            self._read_again(sorted(changes.pupils))

    def _load(self) -> None:
        """Everyone anew: at once for a school of ordinary size, else in pieces, those first in the list first."""
        from approgress.store.reads.pupils import on_roll

        day = self.workspace.today
        self._timer.stop()
        ids = self.workspace.read(on_roll, day)
        if len(ids) <= _AT_ONCE:
            self._left_count = self.workspace.read(_count_of_leavers, day)
        if self._left is not None:
            self._left = set(self.workspace.read(on_roll, day, leavers=True)) - set(ids)
        wanted = [*ids, *sorted(self._left or ())]
        self._cards, self._signs, self._rows = {}, {}, {}
        first = wanted if len(wanted) <= _AT_ONCE else wanted[:_PIECE]
        self._to_read = wanted[len(first) :]
        self._take(first)
        self._to_judge = list(wanted)  # signs need every mark of the stay: they come in pieces, after the list is seen
        self._show()
        if self._to_read or self._to_judge:
            self._timer.start()

    def _go_on(self) -> None:
        """One more piece."""
        if self._to_read:
            some, self._to_read = self._to_read[:_PIECE], self._to_read[_PIECE:]
            self._take(some)
            if not self._to_read:
                self._left_count = self.workspace.read(_count_of_leavers, self.workspace.today)
                self._show()
        elif self._to_judge:
            before = self._to_judge[:_PIECE]
            self._judge(_PIECE)
            for i in before:
                self._show_row(i)
            if not self._to_judge and self.table.horizontalHeader().sortIndicatorSection() >= FIRST_SIGN:
                self._show()
        if self._to_read or self._to_judge:
            self._timer.start()

    def _take(self, ids: Sequence[int]) -> None:
        from approgress.store.reads.pupils import cards

        for card in self.workspace.read(cards, self.workspace.facts, self.workspace.today, hidden=self.workspace.names_hidden, ids=ids):
            self._cards[card.pupil_id] = card
            self._rows.pop(card.pupil_id, None)

    def _judge(self, count: int) -> None:
        from approgress.store.reads.pupils import signs

        some, self._to_judge = self._to_judge[:count], self._to_judge[count:]
        for i, found in self.workspace.read(signs, self.workspace.facts, self.workspace.today, some).items():
            self._signs[i] = found
            self._rows.pop(i, None)

    def _read_again(self, ids: Sequence[int]) -> None:
        before = {i: self._cards.get(i) for i in ids}
        for i in ids:
            self._cards.pop(i, None)
            self._signs.pop(i, None)
            self._rows.pop(i, None)
        self._take(ids)
        for i in ids:
            card = self._cards.get(i)
            if card is not None and not card.on_roll and (self._left is None or i not in self._left):
                if self._left is None:
                    self._cards.pop(i)
                else:
                    self._left.add(i)
            elif card is not None and card.on_roll and self._left is not None:
                self._left.discard(i)
        wait, self._to_judge = [i for i in self._to_judge if i not in before], [i for i in ids if i in self._cards]
        self._judge(len(self._to_judge))
        self._to_judge = wait
        same = all((before[i] is None) == (i not in self._cards) and (before[i] is None or before[i].name == self._cards[i].name) for i in ids)  # type: ignore[union-attr]
        visible = {i for i in ids if self.model.find(i) >= 0}
        if same and visible == {i for i in ids if i in self._cards and self._passes(self._cards[i])}:
            for i in visible:
                self._show_row(i)
            self._show_words()
        else:
            self._show()

    # --- showing ---------------------------------------------------------------------------------------------------

    def here(self) -> list[PupilCard]:
        """Those on roll."""
        return [c for c in self._cards.values() if self._left is None or c.pupil_id not in self._left]

    def _passes(self, card: PupilCard) -> bool:
        left = self._left is not None and card.pupil_id in self._left
        if self._filter == "left":
            if not left:
                return False
        elif left or not self._leaves(card):
            return False
        return card.found_by(self.search.text())

    def _leaves(self, card: PupilCard) -> bool:
        chosen = next((f for f in self._filters if f.key == self._filter), None)
        return chosen is None or chosen.leaves(card)

    _filters: Sequence[Filter] = ()

    def _row(self, pupil_id: int) -> Row:
        row = self._rows.get(pupil_id)
        if row is None:
            statutory = self.workspace.facts.statutory
            row = self._rows[pupil_id] = list_row(self._cards[pupil_id], self._signs.get(pupil_id), statutory=statutory)
        return row

    def _show(self) -> None:
        """The rows that filter and search leave, the counts and the card at the side."""
        here = self.here()
        self._filters = filters_of(here, self.workspace.today)
        if self._filter != "left" and all(f.key != self._filter for f in self._filters):
            self._filter = "all"
        current = self._current()
        self.model.set_rows([self._row(i) for i, card in self._cards.items() if self._passes(card)])
        at = self.model.find(current) if current is not None else -1
        if at >= 0:
            self.table.setCurrentIndex(self.model.index(at, 0))
        self._show_words()

    def _show_row(self, pupil_id: int) -> None:
        at = self.model.find(pupil_id)
        if at >= 0 and pupil_id in self._cards:
            self.model.replace_row(at, self._row(pupil_id))

    def _show_words(self) -> None:
        here = self.here()
        full = sum(c.full_start for c in here)
        day = days.words(self.workspace.today)
        if here and not self._to_read:
            sentence = f"{number(len(here))} on roll on {day} · {number(full)} with a full starting point, {number(len(here) - full)} without"
        elif here:
            sentence = f"{number(len(here) + len(self._to_read))} on roll on {day}"
        else:
            sentence = f"Nobody is on roll on {day}"
        self.set_title("Pupils", sentence)
        self._show_filters(here)
        shown = self.model.rowCount()
        of = self._left_count if self._filter == "left" else len(here) + len(self._to_read)
        self.count.setText(f"{number(shown)} of {number(of)} shown{self._sort_words()}")
        nothing = shown == 0 and not self._to_read
        reveal(self.table, not nothing)
        reveal(self.empty, nothing)
        if nothing:
            self._show_empty(here)
        self.side.show_cards(here)

    def _show_empty(self, here: Sequence[PupilCard]) -> None:
        texts = self.empty.findChildren(Text)
        button = self.empty.action
        assert button is not None
        if not here and self._filter == "all" and not self.search.text():
            texts[0].setText("No pupils yet")
            texts[1].setText("Add the first one, or bring in a list from the school’s information system (Setting, Data in and out).")
            button.setText("Add pupil")
        else:
            texts[0].setText("No pupil found")
            said = f"Nobody here is found by “{self.search.text()}”." if self.search.text() else "Nobody is left by this filter."
            texts[1].setText(said)
            button.setText("Show all")

    def _show_filters(self, here: Sequence[PupilCard]) -> None:
        counted = [(f.key, f.words, sum(map(f.leaves, here))) for f in self._filters]
        if self._left_count:
            counted.append(("left", "Left", self._left_count))
        mine = {f"group {g}" for g in self._own_groups()}
        groups = [one for one in counted if one[0].startswith("group ")]
        always = {"all", "part_time", "respite", "care", "start"}
        chips = [one for one in counted if one[0] in always or (one in groups and (len(groups) <= _GROUPS_AS_CHIPS or one[0] in mine)) or one[0] == self._filter]
        rest = [one for one in counted if one not in chips]
        self.chips.set_options(chips, (self._filter,))
        self.more.set_options([(key, f"{words} {number(count)}") for key, words, count in rest])
        self.menu.set_options([(key, f"{words} {number(count)}") for key, words, count in counted], self._filter)
        narrow = self.fold() is Fold.NARROW
        reveal(self.chips, not narrow)
        reveal(self.more, not narrow and bool(rest))
        reveal(self.menu, narrow)

    def _own_groups(self) -> set[int]:
        """The groups that the person here teaches today."""
        today, me = self.workspace.today, self.workspace.school.viewer.person_id
        return {
            g.group_id
            for g in self.workspace.facts.group_teachers
            if g.person_id == me and (g.first_day is None or g.first_day <= today) and (g.last_day is None or today <= g.last_day)
        }

    def _sort_words(self) -> str:
        heading = self.table.horizontalHeader()
        section = heading.sortIndicatorSection()
        said = "name" if section <= 0 else self.model.columns[section].spoken()
        falling = heading.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return f", by {said[:1].lower() + said[1:]}" + (", falling" if falling else "")

    def _sign_words(self, pupil_id: int, strand: str) -> str:
        sign = self._signs.get(pupil_id, {}).get(strand)
        return f"{STRANDS[strand]}: {sign.text}" if sign is not None else ""

    def _current(self) -> int | None:
        index = self.table.currentIndex()
        return self.model.row(index.row()).key if index.isValid() and index.row() < self.model.rowCount() else None

    def _sorted(self) -> None:
        said = self._sort_words().removeprefix(", ")
        self.status.say(f"Sorted {said}; press a heading to sort")
        self.count.setText(self.count.text().split(" shown")[0] + f" shown, {said}")

    # --- choosing --------------------------------------------------------------------------------------------------

    def choose_filter(self, key: str) -> None:
        """Shows whom a filter leaves; 'left' reads those who left when it is first chosen."""
        self._filter = key
        if key == "left" and self._left is None:
            from approgress.store.reads.pupils import on_roll

            here = {c.pupil_id for c in self._cards.values()} | set(self._to_read)
            ids = [i for i in self.workspace.read(on_roll, self.workspace.today, leavers=True) if i not in here]
            self._left = set(ids)
            self._to_read = [*self._to_read, *ids]
            self._to_judge = [*self._to_judge, *ids]
            while self._to_read and len(ids) <= _AT_ONCE:
                some, self._to_read = self._to_read[:_AT_ONCE], self._to_read[_AT_ONCE:]
                self._take(some)
            self._timer.start()
        self._show()

    def _chips_changed(self, keys: list[str]) -> None:
        self.choose_filter(keys[0] if keys else "all")

    def _searched(self, _text: str) -> None:
        self._show()

    def _show_all(self) -> None:
        if not self.here() and not self.search.text() and self._filter == "all":
            self.add_pupil()
            return
        self.search.clear()
        self.choose_filter("all")

    def _show_lacking(self) -> None:
        self.choose_filter("start")
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _typed_in_table(self, text: str) -> None:
        if text == "/":
            self._to_search()
            return
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.setText(self.search.text() + text)

    def _open_first(self) -> None:
        if self.model.rowCount():
            self.workspace.open_pupil(self.model.row(0).key)

    def _open_row(self, row: int) -> None:
        self.workspace.open_pupil(self.model.row(row).key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the search into the list (the scroll area around both would take it for itself)."""
        search = getattr(self, "search", None)  # events still come while Python takes the page apart
        pressed = search is not None and watched is search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() == Qt.Key.Key_Down and self.model.rowCount():  # type: ignore[attr-defined]
            if not self.table.currentIndex().isValid():
                self.table.go_to(0)
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _folded(self, fold: Fold) -> None:
        reveal(self.legend, fold is not Fold.NARROW)
        reveal(self.print_button, fold is not Fold.NARROW)
        measure(self.table, least_height={Fold.WIDE: 8.0, Fold.MIDDLE: 18.0, Fold.NARROW: 11.0}[fold])
        self._show_filters(self.here())

    # --- adding and printing ---------------------------------------------------------------------------------------

    def add_pupil(self) -> None:
        """Opens the form of a new pupil, and their page when it is added."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.pupil_details import AddPupilDialog

        dialog = AddPupilDialog(self.workspace, parent=self)
        dialog.added.connect(self.workspace.open_pupil)
        show_dialog(dialog)

    def paper(self) -> Any:
        """The list as it is shown, for paper: filtered, sorted, names hidden where they are hidden."""
        from approgress.ui.forms.list_paper import PaperColumn, PaperList

        heads = tuple(PaperColumn(c.title.replace("\n", " "), c.across, 1 if c.stretch else 0) for c in self.model.columns)
        rows = tuple(tuple(_on_paper(cell) for cell in row.cells) for row in self.model.rows())
        chosen = next((f.words for f in self._filters if f.key == self._filter), "Left" if self._filter == "left" else "All")
        said = f"{self.count.text()}; {chosen.lower()}" + (f"; found by “{self.search.text()}”" if self.search.text() else "")
        setting = self.workspace.school.setting
        mark = " (demonstration: invented pupils)" if setting.demonstration else ""
        return PaperList(
            "Pupils",
            f"{setting.name}{mark} · {days.words(self.workspace.today)} · {said}",
            f"{setting.name}{mark} · Confidential · printed {days.words(self.workspace.today)}",
            heads,
            rows,
            "Triangle up: better; disc: no clear change; triangle down: worse; dashed ring: cannot be judged.",
        )

    def _print_chosen(self, key: str) -> None:
        if key == "pdf":
            self.save_list()
        else:
            self.print_list()

    def save_list(self) -> None:
        """Saves the list as PDF where the person says."""
        from approgress.ui.forms.print_list import save_paper_as

        save_paper_as(self, self.workspace, self.paper(), f"Pupils {self.workspace.today.isoformat()}")

    def save_list_to(self, path: Path) -> None:
        """Saves the list; how it went is said in the banner."""
        from approgress.ui.forms.print_list import save_paper

        save_paper(self.workspace, self.paper(), path)

    def print_list(self) -> None:
        """Prints the list on a printer that the person chooses."""
        from approgress.ui.forms.print_list import print_paper

        print_paper(self, self.workspace, self.paper(), across=True)


def _on_paper(cell: Any) -> str:
    if isinstance(cell, SignCell):
        return f"@{cell.sign}"
    return cell.word if isinstance(cell, WordCell) else str(cell.words())


def _count_of_leavers(reader: Any, day: date) -> int:
    from approgress.store.reads.pupils import on_roll

    return len(on_roll(reader, day, leavers=True)) - len(on_roll(reader, day))


__all__ = ["CELL", "PupilModel", "PupilsPage", "SideCard", "filters_of", "h", "list_row", "sign_cell"]
