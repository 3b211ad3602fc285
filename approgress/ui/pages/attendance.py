"""Attendance of the school: a group or everyone over a range, in sums of sessions; pupils, weeks, groups compared, every mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.attendance import Tally
from approgress.domain.school_attendance import (
    HALF_TERM,
    HIDDEN_WORDS,
    NOT_SHOWN,
    SINCE,
    WHY_NOT_SHOWN,
    BeforeNow,
    Range,
    SchoolAttendance,
    chart_of,
    ranges_of,
    rate_text,
    small_words,
)
from approgress.domain.values import NOTHING, counted_words, number, percent_words, share_words
from approgress.ui.parts.buttons import MenuButton, SegmentedChoice
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Chip, Text
from approgress.ui.parts.layouts import CardGrid, SideBySide
from approgress.ui.parts.page import Page
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.theme import measure, reveal, space

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from approgress.domain.agreed import AgreedTally, Watch
    from approgress.domain.edits import Changes
    from approgress.store.reads.attendance import Whose
    from approgress.ui.workspace import Workspace

_TOUCHED: Final = frozenset(
    {"mark", "enrolment", "group_member", "group", "half_term", "closure", "setting", "name", "pupil", "home_school", "timetable", "timetable_step", "stated_attendance"}
)
_SCHOOL: Final = frozenset({"setting", "half_term", "closure"})
_PIECE: Final = 4
TABS: Final = (("pupils", "Pupils"), ("weeks", "Weeks"), ("compare", "Compared"), ("wall", "Every mark"))
_SHORT: Final = {
    "unauthorised": "10 unauthorised",
    "without_leave": "10 days away",
    "ill": "15 days ill",
    "ill_in_a_row": "15 days ill in a row",
}


def pupil_columns(statutory: bool, part_time: bool) -> tuple[Column, ...]:
    """The columns of the list: without percentages where no statutory register is kept, and of agreed sessions only where there are any."""
    found = [
        Column("Pupil", least=9, stretch=3),
        Column("Home school", stretch=2, least=5, drop=1),
        Column("Attended", "right", said="sessions attended of those possible" if statutory else "sessions attended of those offered"),
    ]
    if statutory:
        found.append(Column("%", "right", said="per cent of possible sessions, the DfE measure"))
    if part_time:
        found += [
            Column("Of agreed", "right", said="sessions attended of those agreed, not the DfE measure", drop=4),
            Column("%", "right", said="per cent of agreed sessions, not the DfE measure", drop=4),
        ]
    found += [
        Column("Authorised", "right", said="authorised absences", drop=6),
        Column("Unauthorised", "right", said="unauthorised absences", drop=7),
        Column("Late", "right", said="late, L and U", drop=5),
        Column("Not marked", "right", said="sessions without a mark", drop=3),
        Column("Watch", said="rules that are watching", drop=2),
    ]
    return tuple(found)


def pupil_row(
    key: tuple[int, int], who: Whose, t: Tally, agreed: AgreedTally | None, watches: Sequence[Watch] | None, *, statutory: bool, part_time: bool
) -> Row:
    """One enrolment's row. `watches` None: not read yet."""
    year = f"Y{who.year}" if who.year.isdecimal() else who.year
    if statutory and t.possible:
        said = "severe" if t.severe else "persistent" if t.persistent else ""
    else:
        said = ""
    more = [_SHORT.get(w.rule, w.rule) for w in watches or ()]
    cells: list[TextCell] = [
        TextCell(who.name.full, " · ".join(p for p in (year, who.group) if p), kind="strong", may_elide=True),
        TextCell(who.home_school or "none", role="ink" if who.home_school else "quiet", may_elide=True),
        TextCell(share_words(t.attended, t.possible), across="right") if t.possible else TextCell("none possible", role="quiet", across="right"),
    ]
    rate = t.attended / t.possible if t.possible else None
    sort: list[Any] = [who.name.by_forename, who.home_school.casefold() or None, rate]
    if statutory:
        cells.append(TextCell(percent_words(t.attended, t.possible), kind="strong", across="right"))
        sort.append(rate)
    if part_time:
        if agreed is None:
            cells += [TextCell("", across="right"), TextCell("", across="right")]
            sort += [None, None]
        else:
            share = agreed.attended / agreed.asked if agreed.asked else None
            cells += [
                TextCell(share_words(agreed.attended, agreed.asked), across="right"),
                TextCell(percent_words(agreed.attended, agreed.asked) if statutory else "", across="right"),
            ]
            sort += [share, share]
    unmarked = TextCell(NOTHING if t.unmarked is None else number(t.unmarked), role="attention" if t.unmarked else "quiet", across="right")
    cells += [
        TextCell(number(t.authorised), across="right"),
        TextCell(number(t.unauthorised), across="right"),
        TextCell(number(t.late), across="right"),
        unmarked,
        TextCell(more[0] if more else said, said if more else "", role="attention" if more else "quiet"),
    ]
    sort += [t.authorised, t.unauthorised, t.late, t.unmarked, (-len(more), {"severe": 0, "persistent": 1}.get(said, 2)) if more or said else None]
    tip = " · ".join(w.sentence for w in watches or ())
    return Row(key, who.name.full, tuple(cells), tuple(sort), tip=tip)


def week_columns(statutory: bool) -> tuple[Column, ...]:
    """The columns of the weeks."""
    found = [Column("Week of", least=7, stretch=2), Column("Attended", "right")]
    if statutory:
        found.append(Column("%", "right", said="per cent of possible sessions"))
    return (
        *found,
        Column("Authorised", "right", drop=2),
        Column("Unauthorised", "right", drop=3),
        Column("Late", "right", drop=4),
        Column("Not marked", "right", drop=1),
    )


class FactCard(Card):
    """One figure with what it is counted of: heading, chip, figure, and lines below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        head = QHBoxLayout()
        space(head, gap=0.4)
        self.title = Text(title, "strong", wrap=True)
        self.chip = Chip("", "none")
        head.addWidget(self.title, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        self.add_layout(head)
        self.figure = Text("", "figure")
        self.add(self.figure)
        self.lines = Text("", "second", "quiet", wrap=True)
        self.add(self.lines)
        self.body.addStretch(1)
        reveal(self.chip, False)

    def show_fact(self, figure: str, lines: str, chip: tuple[str, str] | None = None, title: str = "") -> None:
        """Other words."""
        if title:
            self.title.setText(title)
        self.figure.setText(figure)
        self.lines.setText(lines)
        if chip is not None:
            self.chip.set(*chip)
        reveal(self.chip, chip is not None)


class AttendancePage(Page):
    """Attendance of everyone or a group over a range."""

    title = "Attendance"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Attendance", parent=parent)
        self.workspace = workspace
        self._range = HALF_TERM
        self._group: int | None = None
        self._by = "group"
        self._seen: SchoolAttendance | None = None
        self._whose: dict[int, Whose] = {}
        self._agreed: dict[tuple[int, int], AgreedTally] = {}
        self._watches: dict[int, tuple[Watch, ...]] = {}
        self._to_watch: list[int] = []
        self._made: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._watch_some)
        self._build()
        self._load()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.print_button = MenuButton(
            (("print", "Print…"), ("pdf", "Save as PDF…"), ("copy", "Copy for a spreadsheet")), name="Print this list", text="Print", icon="printer"
        )
        self.print_button.chosen.connect(self._print_chosen)
        self.head.add(self.print_button)
        self.set_main_action("Weekly notes", self.open_notes, icon="document", short="Notes")
        top = QHBoxLayout()
        space(top, gap=0.8)
        self.choice = SegmentedChoice((), name="Time")
        self.choice.chosen.connect(self.choose_range)
        self.groups = MenuButton((), name="Group", icon="group")
        self.groups.chosen.connect(self._group_chosen)
        top.addWidget(self.choice)
        top.addWidget(self.groups)
        top.addStretch(1)
        self.body.addLayout(top)
        self.facts = CardGrid({Fold.WIDE: 4, Fold.MIDDLE: 2, Fold.NARROW: 2})
        self.rate = FactCard("Of possible sessions")
        self.absent = FactCard("Not here")
        self.missing = FactCard("Persistent and severe")
        self.before = FactCard("Before and since")
        for card in (self.rate, self.absent, self.missing, self.before):
            self.facts.add(card)
        self.body.addWidget(self.facts)
        self.tabs = TabStrip(TABS, "pupils", name="Parts of this page")
        self.tabs.chosen.connect(self.show_section)
        self.body.addWidget(self.tabs)
        self.holder = QVBoxLayout()
        space(self.holder)
        self.body.addLayout(self.holder, 1)
        self.empty = EmptyState("No attendance yet", "", "")
        self.holder.addWidget(self.empty)
        self.table = TableView("Pupils", row_height=1.9)
        measure(self.table, least_height=11)
        self.table.opened.connect(self._open_row)
        self.pupils_card = Card()
        self.pupils_card.add(self.table, 1)
        self.note = Text("", "source", "quiet", wrap=True)
        self.pupils_card.add(self.note)
        self.holder.addWidget(self.pupils_card, 1)
        self._parts: dict[str, QWidget] = {"pupils": self.pupils_card}
        self.set_status(
            StatusLine(
                ((("↑", "↓"), "choose"), (("Enter",), "open the pupil’s attendance"), (("G",), "group"), (("T",), "time"), (("Ctrl P",), "print this list")),
            )
        )
        for key, slot in (("Ctrl+P", self.print_list), ("G", self._to_group), ("T", self._to_time)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self.folded.connect(self._folded)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def statutory(self) -> bool:
        """Whether percentages of the DfE are shown."""
        return self.workspace.facts.statutory

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Reads again where marks, times on roll, groups or the calendar changed."""
        if changes.everything or changes.kinds & _SCHOOL:
            self._watches = {}
        elif changes.kinds & _TOUCHED:
            self._watches = {i: held for i, held in self._watches.items() if i not in changes.pupils}
        else:
            return
        self._load()

    def range(self) -> Range:
        """The range that is shown."""
        found = ranges_of(self.workspace.facts.calendar, self.workspace.today)
        return next((r for r in found if r.key == self._range), found[-1])

    def _load(self) -> None:
        from approgress.store.reads import attendance as reads

        w = self.workspace
        facts, today = w.facts, w.today
        if self._group is not None and self._group not in facts.groups:
            self._group = None
        found = ranges_of(facts.calendar, today)
        if all(r.key != self._range for r in found):
            self._range = SINCE
        range_ = next(r for r in found if r.key == self._range)
        self.choice.set_options([(r.key, r.name) for r in found], self._range)
        groups = sorted((g for g in facts.groups.values() if g.last_day is None or g.last_day >= today or g.id == self._group), key=lambda g: g.name.casefold())
        self.groups.set_options([("", "Everyone"), *((str(g.id), g.name) for g in groups)], str(self._group or ""))
        self.groups.setText("Everyone" if self._group is None else facts.groups[self._group].name)
        self._seen = w.read(reads.attendance, facts, range_, self._group)
        ids = {line.pupil_id for line in self._seen.lines}
        self._whose = w.read(reads.whose, facts, ids, range_.last, hidden=w.names_hidden)
        self._agreed = w.read(reads.agreed, facts, self._seen)
        here = w.read(reads.in_group, self._group, today) if self._group is not None else None
        self._stated = w.read(reads.before_now, facts, today, here)
        self._to_watch = [i for i in dict.fromkeys(line.pupil_id for line in self._seen.lines) if i not in self._watches]
        self._made.clear()
        self._show()
        self._timer.start()

    def _watch_some(self) -> None:
        """The rules that are watching need every mark of the year: they come in pieces, after the list is seen."""
        from approgress.store.reads.attendance import watching

        some, self._to_watch = self._to_watch[:_PIECE], self._to_watch[_PIECE:]
        if some:
            self._watches.update(self.workspace.read(watching, self.workspace.facts, some, self.workspace.today))
            for i in some:
                if self._watches.get(i):
                    self._show_row(i)
        if self._to_watch:
            self._timer.start()
        else:
            self._show_open()

    def _show_open(self) -> None:
        """At the foot: how many registers of the last school days are not finished."""
        from approgress.store.reads.register import unfinished
        from approgress.ui.forms.contact import minutes_now

        w = self.workspace
        found = w.read(unfinished, w.facts, w.today, minutes=minutes_now(w))
        mine = [r for r in found if self._group is None or r.group_id == self._group]
        if not mine:
            self.status.say("Every register of the last 10 school days is finished" if w.facts.calendar else "")
            return
        never = sum(r.never_taken for r in mine)
        said = "1 register of the last 10 school days is not finished" if len(mine) == 1 else f"{number(len(mine))} registers of the last 10 school days are not finished"
        self.status.say(said + (f", {number(never)} never taken" if never else ""), "diamond", "attention")

    # --- showing ---------------------------------------------------------------------------------------------------

    def who(self) -> str:
        """'Everyone', or the group's name."""
        return self.workspace.facts.groups[self._group].name if self._group is not None else "Everyone"

    def _show(self) -> None:
        seen = self._seen
        assert seen is not None
        people = len({line.pupil_id for line in seen.lines if line.tally.possible})
        pupils = f"{number(people)} {'pupil' if people == 1 else 'pupils'}"
        self.set_title("Attendance", f"{self.who()} · {seen.range.words} · {pupils} with {'a possible session' if self.statutory else 'a session offered'}")
        self._show_facts(seen, self._stated)
        nothing = not seen.lines
        reveal(self.empty, nothing)
        if nothing:
            texts = self.empty.findChildren(Text)
            texts[0].setText("Nobody to count")
            texts[1].setText(f"{self.who()}: nobody is on roll in this time. Choose another time or group, or put pupils into the group on their own page.")
        for key, part in self._parts.items():
            reveal(part, not nothing and key == self.tabs.value())
        self._show_pupils()
        self._show_part(self.tabs.value())

    def _show_facts(self, seen: SchoolAttendance, before: BeforeNow) -> None:
        total = seen.total
        t = total.total
        statutory = self.statutory
        late = f"Late {number(t.late)} (L and U)"
        self.rate.show_fact(
            rate_text(t) if statutory else share_words(t.attended, t.possible),
            f"{share_words(t.attended, t.possible)} sessions\n{late}" if statutory else f"sessions offered\n{late}",
            ("DfE measure", "none") if statutory else None,
            "Of possible sessions" if statutory else "Sessions attended",
        )
        if t.unmarked is None:
            unmarked = "Not marked: not known without the half-terms of all this time"
        else:
            open_today = seen.unmarked_today or 0
            unmarked = f"Not marked, and in no figure: {number(t.unmarked)}"
            if open_today:
                unmarked += f", of them {number(open_today)} on {days.words(seen.range.last, year=False)}"
        self.absent.show_fact(number(t.absent), f"{number(t.authorised)} authorised, {number(t.unauthorised)} unauthorised\n{unmarked}", title="Sessions missed")
        reveal(self.missing, statutory)
        p, s = total.persistent_share, total.severe_share
        without = f"\nIn neither: {number(total.without_sessions)} with no possible session" if total.without_sessions else ""
        words = f"enrolments missed 10% or more; {s.counts} half or more, severely{without}"
        self.missing.show_fact(p.counts if statutory else "", words if statutory else "", title="Persistently absent")
        if before.pupils:
            then, since = (
                (counted_words(before.before_attended, before.before_possible), counted_words(before.attended, before.possible))
                if statutory
                else (share_words(before.before_attended, before.before_possible), share_words(before.attended, before.possible))
            )
            self.before.show_fact(
                f"{percent_words(before.attended, before.possible)} since" if statutory else f"{share_words(before.attended, before.possible)} since",
                f"{since} since day 0\n{then} before, as schools stated for {share_words(before.pupils, before.of)} pupils",
            )
        else:
            self.before.show_fact(NOTHING, "No school has stated the attendance before of anybody on roll.")
        self.facts.set_fold(self.fold())

    def _rows(self) -> list[Row]:
        assert self._seen is not None
        return [self._row(line.key, line.tally) for line in self._seen.lines if line.pupil_id in self._whose]

    def _row(self, key: tuple[int, int], t: Tally) -> Row:
        pupil = key[0]
        return pupil_row(key, self._whose[pupil], t, self._agreed.get(key), self._watches.get(pupil), statutory=self.statutory, part_time=bool(self._agreed))

    def _show_pupils(self) -> None:
        columns = pupil_columns(self.statutory, bool(self._agreed))
        model = self.table.model()
        if not isinstance(model, TableModel) or tuple(model.columns) != columns:
            self.model = TableModel(columns, parent=self.table)
            self.table.setModel(self.model)
            self.table.sort_by(0)
        current = self._current()
        self.model.set_rows(self._rows())
        at = self.model.find(current) if current is not None else -1
        if at >= 0:
            self.table.setCurrentIndex(self.model.index(at, 0))
        said: list[str] = []
        if self._group is not None:
            said.append("Sessions on the days in this group; persistent and severe are judged on those.")
        if self._agreed:
            said.append("Of agreed sessions, where a part-time timetable was in force: not the DfE measure.")
        if self.statutory:
            said.append("C2 counts as absence. One line an enrolment.")
        self.note.setText(" ".join(said))

    def showEvent(self, event: QShowEvent) -> None:
        """Opens with the keyboard on the list: the keys at the foot are those of it."""
        super().showEvent(event)
        if event.spontaneous() or not self.pupils_card.isVisible():
            return
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_row(self, pupil: int) -> None:
        assert self._seen is not None
        for line in self._seen.lines:
            if line.pupil_id == pupil and pupil in self._whose and (at := self.model.find(line.key)) >= 0:
                self.model.replace_row(at, self._row(line.key, line.tally))

    def _current(self) -> tuple[int, int] | None:
        index = self.table.currentIndex()
        return self.model.row(index.row()).key if index.isValid() and index.row() < self.model.rowCount() else None

    # --- the other parts -------------------------------------------------------------------------------------------

    def show_section(self, key: str) -> None:
        """Shows one of the parts: pupils, weeks, compare, wall."""
        if key not in dict(TABS):
            return
        self.tabs.set_value(key)
        assert self._seen is not None
        self._show_part(key)
        for name, part in self._parts.items():
            reveal(part, bool(self._seen.lines) and name == key)

    def _show_part(self, key: str) -> None:
        if key in self._made or key == "pupils":
            return
        makers: dict[str, Callable[[], None]] = {"weeks": self._show_weeks, "compare": self._show_compared, "wall": self._show_wall}
        makers[key]()
        self._made.add(key)

    def _show_weeks(self) -> None:
        assert self._seen is not None
        if "weeks" not in self._parts:
            self.chart = FigureCard(plot_height=7.0)
            self.weeks = TableView("Weeks", row_height=1.9)
            measure(self.weeks, least_height=11)
            card = Card()
            card.add(self.weeks, 1)
            self._put("weeks", SideBySide((self.chart, 5), (card, 6), stack_at=Fold.MIDDLE))
        self.chart.set_figure(chart_of(self._seen, self.workspace.facts.calendar, who=self.who(), statutory=self.statutory))
        columns = week_columns(self.statutory)
        self.week_model = TableModel(columns, [week_row(w.monday, w.tally, self.statutory) for w in reversed(self._seen.weeks)], parent=self.weeks)
        self.weeks.setModel(self.week_model)

    def _show_compared(self) -> None:
        from approgress.store.reads import attendance as reads

        assert self._seen is not None
        if "compare" not in self._parts:
            card = Card()
            row = QHBoxLayout()
            space(row, gap=0.6)
            self.by = MenuButton(tuple(reads.COMPARED_BY.items()), self._by, name="Compare by")
            self.by.chosen.connect(self._by_chosen)
            row.addWidget(self.by)
            row.addWidget(Text("Small groups stand without figures, as on paper that is shared.", "second", "quiet", wrap=True), 1)
            card.add_layout(row)
            self.compared = TableView("Groups compared")
            measure(self.compared, least_height=11)
            card.add(self.compared, 1)
            self.why_not_shown = Text(WHY_NOT_SHOWN, "source", "quiet", wrap=True)
            card.add(self.why_not_shown)
            self._put("compare", card)
        seen = self._seen
        if self._group is not None:
            seen = self.workspace.read(reads.attendance, self.workspace.facts, self._seen.range, weekly=False)
        statutory = self.statutory
        rows = [compared_row(c, statutory) for c in self.workspace.read(reads.divided, self.workspace.facts, seen, self._by)]
        self.compared_model = TableModel(compared_columns(reads.COMPARED_BY[self._by], statutory), rows, parent=self.compared)
        self.compared.setModel(self.compared_model)
        reveal(self.why_not_shown, any(cell.words() == NOT_SHOWN for row in rows for cell in row.cells))

    def _show_wall(self) -> None:
        from approgress.store.reads.attendance import wall
        from approgress.ui.parts.mark_wall import MarkWall

        assert self._seen is not None
        if "wall" not in self._parts:
            card = Card()
            self.wall = MarkWall()
            self.wall.opened.connect(self.open_attendance)
            card.add(self.wall)
            card.body.addStretch(1)
            self._put("wall", card)
        order = sorted(self._whose.values(), key=lambda o: o.name.by_forename)
        seen = self.workspace.read(wall, self.workspace.facts, self._seen.range, list(self._whose))
        self.wall.show_marks(seen, [(o.pupil_id, o.name.full) for o in order], self.workspace.facts.codes)

    def _put(self, key: str, part: QWidget) -> None:
        self._parts[key] = part
        self.holder.addWidget(part, 1)
        self._folded(self.fold())

    # --- choosing --------------------------------------------------------------------------------------------------

    def choose_range(self, key: str) -> None:
        """Counts another time."""
        self._range = key
        self._load()

    def choose_group(self, group_id: int | None) -> None:
        """Counts a group, or everyone."""
        self._group = group_id
        self._load()

    def _group_chosen(self, key: str) -> None:
        self.choose_group(int(key) if key else None)

    def _by_chosen(self, key: str) -> None:
        self._by = key
        self._made.discard("compare")
        self._show_part("compare")

    def _to_group(self) -> None:
        self.groups.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.groups.click()

    def _to_time(self) -> None:
        self.choice.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_row(self, row: int) -> None:
        self.open_attendance(self.model.row(row).key[0])

    def open_attendance(self, pupil_id: int) -> None:
        """Goes to the pupil's own attendance."""
        self.workspace.open_place(f"pupil/{pupil_id}/attendance")

    def open_notes(self) -> None:
        """The window in which the weekly notes of all home schools are made in one step."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.weekly_notes import WeeklyNotesDialog

        show_dialog(WeeklyNotesDialog(self.workspace, parent=self))

    def _folded(self, fold: Fold) -> None:
        reveal(self.print_button, fold is not Fold.NARROW)

    # --- paper -----------------------------------------------------------------------------------------------------

    def shown_model(self) -> TableModel:
        """The table of the part that is shown (of every mark: the pupils)."""
        return {"weeks": lambda: self.week_model, "compare": lambda: self.compared_model}.get(self.tabs.value(), lambda: self.model)()

    def paper(self) -> Any:
        """The table as it is shown, for paper."""
        from approgress.ui.forms.list_paper import PaperColumn, PaperList

        assert self._seen is not None
        model = self.shown_model()
        t = self._seen.total.total
        setting = self.workspace.school.setting
        mark = " (demonstration: invented pupils)" if setting.demonstration else ""
        counted = counted_words(t.attended, t.possible, 1) if self.statutory else share_words(t.attended, t.possible)
        foot = f"{setting.name}{mark} · Confidential · printed {days.words(self.workspace.today)}"
        key = "Sums of sessions over sums of possible sessions, as the Department for Education counts them." if self.statutory else ""
        if any(cell.words() == NOT_SHOWN for row in model.rows() for cell in row.cells):
            key = f"{key} {WHY_NOT_SHOWN}".strip()
        return PaperList(
            f"Attendance: {dict(TABS)[self.tabs.value()].lower()}" if self.tabs.value() != "wall" else "Attendance: pupils",
            f"{setting.name}{mark} · {self.who()} · {self._seen.range.words} · {counted} sessions",
            foot,
            tuple(PaperColumn(c.title.replace("\n", " "), c.across, 1 if c.stretch else 0) for c in model.columns),
            tuple(tuple(cell.words() for cell in row.cells) for row in model.rows()),
            key,
        )

    def copy(self) -> None:
        """Puts the table on the clipboard, with its headings, for a spreadsheet."""
        model = self.shown_model()
        lines = ["\t".join(c.spoken() for c in model.columns), *("\t".join(cell.words() for cell in row.cells) for row in model.rows())]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.workspace.say(f"Copied: {number(model.rowCount())} rows with their headings.", "done")

    def _print_chosen(self, key: str) -> None:
        {"pdf": self.save_list, "copy": self.copy}.get(key, self.print_list)()

    def save_list(self) -> None:
        """Saves the table as PDF where the person says."""
        from approgress.ui.forms.print_list import save_paper_as

        save_paper_as(self, self.workspace, self.paper(), f"Attendance {self.workspace.today.isoformat()}")

    def save_list_to(self, path: Path) -> None:
        """Saves the table; how it went is said in the banner."""
        from approgress.ui.forms.print_list import save_paper

        save_paper(self.workspace, self.paper(), path)

    def print_list(self) -> None:
        """Prints the table on a printer that the person chooses."""
        from approgress.ui.forms.print_list import print_paper

        print_paper(self, self.workspace, self.paper(), across=True)

    def picture_states(self) -> list[tuple[str, Callable[[], None]]]:
        """The other parts, and the window of the weekly notes."""
        return [
            ("weeks", lambda: self.show_section("weeks")),
            ("compared", lambda: self.show_section("compare")),
            ("every-mark", lambda: self.show_section("wall")),
            ("weekly-notes", self.open_notes),
        ]


def week_row(monday: Any, t: Tally, statutory: bool) -> Row:
    """One week's row."""
    words = days.words(monday)
    cells = [TextCell(words), TextCell(share_words(t.attended, t.possible), across="right")]
    sort: list[Any] = [monday, t.attended / t.possible if t.possible else None]
    if statutory:
        cells.append(TextCell(rate_text(t), kind="strong", across="right"))
        sort.append(sort[1])
    for n in (t.authorised, t.unauthorised, t.late, t.unmarked):
        cells.append(TextCell(number(n), across="right"))
        sort.append(n)
    return Row(monday, f"Week of {words}", tuple(cells), tuple(sort))


def compared_columns(what: str, statutory: bool) -> tuple[Column, ...]:
    """The columns of groups compared."""
    found = [Column(what, least=9, stretch=3, sorts=False), Column("Pupils", "right", sorts=False), Column("Attended", "right", sorts=False, drop=1)]
    if statutory:
        found += [
            Column("%", "right", said="per cent of possible sessions", sorts=False),
            Column("Persistently\nabsent", "right", sorts=False, drop=3),
            Column("Severely\nabsent", "right", sorts=False, drop=2),
        ]
    return tuple(found)


def compared_row(c: Any, statutory: bool) -> Row:
    """One group of a comparison; a small one stands without figures."""
    t = c.total.total
    if c.hidden:
        cells = [TextCell(c.name, kind="strong", may_elide=True), TextCell("under 10" if c.people < 10 else number(c.people), role="quiet", across="right")]
        cells += [TextCell("hidden", role="quiet", across="right")] + [TextCell(NOTHING, role="quiet", across="right")] * (3 if statutory else 0)
        return Row(c.name, c.name, tuple(cells), tip=HIDDEN_WORDS)
    cells = [TextCell(c.name, kind="strong", may_elide=True), TextCell(number(c.people), across="right"), TextCell(share_words(t.attended, t.possible), across="right")]
    if statutory:
        cells += [
            TextCell(rate_text(t), kind="strong", across="right"),
            TextCell(small_words(c.total.persistent, c.total.enrolments), across="right"),
            TextCell(small_words(c.total.severe, c.total.enrolments), across="right"),
        ]
    return Row(c.name, c.name, tuple(cells))
