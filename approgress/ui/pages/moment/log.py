"""All moments as a list: by kind, pupil, group, days and words; it prints, copies, and opens what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.days import to_number
from approgress.domain.moments import TONE_WORDS, TONES, Entry, Wanted, entries, found, is_restricted, when_words
from approgress.domain.records import RESTRICTED
from approgress.domain.school_year import school_year_of
from approgress.domain.values import how_many, number
from approgress.ui.pages.moment.hidden import cover
from approgress.ui.pages.moment.pieces import TONE_ROLES
from approgress.ui.parts.buttons import Button, MenuButton, SegmentedChoice, TailButton
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import SearchField
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.tables import Column, Row, TableModel, TableView, TextCell
from approgress.ui.parts.ticks import TickBox
from approgress.ui.theme import h, reveal, space

if TYPE_CHECKING:
    from approgress.domain.edits import Changes
    from approgress.domain.naming import ShownName
    from approgress.ui.workspace import Workspace

MOST: Final = 1000
"""Entries shown at most; a narrower search shows the others."""
_ALL: Final = "all"


class MomentLog(Card):
    """The list of moments. `opened(key)` says which entry a person opened; `told` that what it shows is another."""

    opened = Signal(int)
    told = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.workspace = workspace
        self._names: dict[int, ShownName] = {}
        self._entries: list[Entry] = []
        self._all = 0
        self._pupil: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        bar = QWidget()
        bar.setSizePolicy(policy)
        flow = FlowLayout(bar, gap=0.6)
        self.search = SearchField("Words, also in what helped")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(150)
        self._later.timeout.connect(self.read)
        self.search.searched.connect(self._typed)
        flow.addWidget(self.search)
        self.tone = SegmentedChoice([(_ALL, "All"), *((t, {"good": "Good", "neutral": "Observations", "incident": "Incidents"}[t]) for t in TONES)], _ALL, name="Kind", small=False)
        self.tone.chosen.connect(self._chosen)
        flow.addWidget(self.tone)
        self.group = MenuButton((), name="Group")
        self.pupil = MenuButton((), name="Pupil")
        self.period = MenuButton((), name="Days")
        for menu in (self.group, self.pupil, self.period):
            menu.chosen.connect(self._chosen)
            flow.addWidget(menu)
        self.group.chosen.connect(self._group_chosen)
        self.mine = TickBox("Mine")
        self.helped = TickBox("Says what helped")
        self.to_tell = TickBox("Home to be told")
        for tick in (self.mine, self.helped, self.to_tell):
            tick.clicked.connect(self._ticked)
            flow.addWidget(tick)
        self.add(bar)
        self.model = TableModel(
            (
                Column("Day", least=5),
                Column("Kind", drop=5),
                Column("Pupil", least=7, stretch=2),
                Column("What", least=5, stretch=1, drop=6),
                Column("In a few words", least=10, stretch=4, sorts=False),
                Column("What helped", least=6, stretch=2, sorts=False, drop=4),
                Column("Where", drop=3),
                Column("Settled,\nminutes", "right", drop=1),
                Column("Home told", drop=2, sorts=False),
            )
        )
        self.table = TableView("Moments", opens_on_click=True)
        self.model.setParent(self.table)
        self.table.setModel(self.model)
        self.table.opened.connect(self._open_row)
        self.table.setMinimumHeight(round(h(16)))
        self.add(self.table, 1)
        foot = QWidget()
        row = FlowLayout(foot, gap=0.6)
        foot.setSizePolicy(policy)
        self.tell = TailButton("Home was told of this", keycap="T", icon="phone", small=True)
        self.tell.clicked.connect(self.tell_home)
        key = QShortcut(QKeySequence("T"), self.table)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self.tell_home)
        row.addWidget(self.tell)
        self.holds = Button("Physical interventions\u2026", small=True)
        self.holds.clicked.connect(self._show_holds)
        row.addWidget(self.holds)
        reveal(self.holds, workspace.school.viewer.may_read(RESTRICTED))
        self.count = Text("", "second", "quiet", wrap=False)
        row.addWidget(self.count)
        self.add(foot)
        self.empty = Text("", tone="quiet", wrap=True)
        column = QVBoxLayout()
        space(column)
        column.addWidget(self.empty)
        self.add_layout(column)
        self._fill_menus()

    # --- asking ----------------------------------------------------------------------------------------------------

    def show_pupil(self, pupil: int | None) -> None:
        """All moments of a pupil, or of everyone."""
        self._pupil = pupil
        self._fill_menus()
        self.pupil.set_value(str(pupil) if pupil is not None else _ALL)
        if pupil is not None:
            self.group.set_value(_ALL)
        self.read()

    def refresh(self, changes: Changes) -> None:
        """Reads again what changed."""
        if changes.everything or changes.kinds & {"name", "enrolment", "group", "group_member", "half_term", "setting"}:
            self._fill_menus()
        self.read()

    def sentence(self) -> str:
        """What is shown, in words."""
        first, last = self._span()
        when = "all days" if first is None else f"{days.words(first)} to {days.words(last)}"
        return f"{how_many(len(self._entries), 'entry', 'entries')}, {when}. Drafts are not listed."

    def _fill_menus(self) -> None:
        from approgress.store.reads.pupils import names_of, on_roll

        w = self.workspace
        groups = sorted((g for g in w.facts.groups.values() if g.last_day is None or g.last_day >= w.today), key=lambda g: g.name.casefold())
        options = [(_ALL, "All groups"), *((str(g.id), g.name) for g in groups)]
        self.group.set_options(options, self.group.value() if self.group.value() in dict(options) else _ALL)
        here = w.read(on_roll, w.today, leavers=False)
        if self._pupil is not None and self._pupil not in here:
            here = [*here, self._pupil]
        self._names = w.read(names_of, here, w.today, hidden=w.names_hidden)
        pupils = [(_ALL, "All pupils"), *((str(p), self._names[p].full) for p in here if p in self._names)]
        self.pupil.set_options(pupils, self.pupil.value() if self.pupil.value() in dict(pupils) else _ALL)
        self._periods = self._make_periods()
        named = [(key, words) for key, words, _, _ in self._periods]
        self.period.set_options(named, self.period.value() if self.period.value() in dict(named) else named[0][0])

    def _make_periods(self) -> list[tuple[str, str, date | None, date]]:
        w = self.workspace
        today, calendar = w.today, w.facts.calendar
        out: list[tuple[str, str, date | None, date]] = []
        past = [t for t in calendar.half_terms if t.first_day <= today]
        if past:
            out.append(("now", f"{past[-1].name}, so far" if past[-1].last_day >= today else past[-1].name, past[-1].first_day, min(today, past[-1].last_day)))
        out.append(("year", "This school year", date(school_year_of(today), 9, 1), today))
        out += [(f"t{t.id}", t.name + f" {t.first_day.year}", t.first_day, t.last_day) for t in reversed(past[:-1][-5:])]
        out.append((_ALL, "All days", None, today))
        return out

    def _span(self) -> tuple[date | None, date]:
        chosen = self.period.value()
        _, _, first, last = next((p for p in self._periods if p[0] == chosen), self._periods[0])
        return first, last

    def read(self) -> None:
        """Reads the list anew."""
        from approgress.store.reads.moments import between, members
        from approgress.store.reads.pupils import names_of

        w = self.workspace
        first, last = self._span()
        pupils: Sequence[int] | None = None
        if self.pupil.value() not in ("", _ALL):
            pupils = [int(self.pupil.value())]
        elif self.group.value() not in ("", _ALL):
            pupils = w.read(members, int(self.group.value()), w.today, w.school.setting.id)
        wanted = Wanted(
            tone="" if self.tone.value() == _ALL else self.tone.value(),
            pupils=None if pupils is None else frozenset(pupils),
            first=first,
            last=last,
            text=self.search.text(),
            person_id=w.school.viewer.person_id if self.mine.isChecked() else None,
            helped=self.helped.isChecked(),
            to_tell=self.to_tell.isChecked(),
        )
        chosen = entries(found(w.read(between, first, last, pupils=pupils), wanted))
        self._all = len(chosen)
        self._entries = list(chosen[:MOST])
        missing = {p for e in self._entries for p in e.pupils} - self._names.keys()
        if missing:
            self._names |= w.read(names_of, missing, w.today, hidden=w.names_hidden)
        covered = cover(w)
        self.model.set_rows([self._row(e, covered) for e in self._entries])
        more = f" The newest {number(MOST)} are shown; choose fewer days to see the others." if self._all > MOST else ""
        self.count.setText(f"{how_many(self._all, 'entry', 'entries')}.{more} Ctrl P prints, Ctrl C copies what is chosen.")
        reveal(self.table, bool(self._entries))
        self.empty.setText("" if self._entries else self._nothing())
        reveal(self.empty, not self._entries)
        self.tell.setVisible(self.to_tell.isChecked() and bool(self._entries) and w.may_write)
        self.told.emit()

    def _nothing(self) -> str:
        if self.search.text().strip() or self.helped.isChecked() or self.mine.isChecked() or self.to_tell.isChecked() or self.tone.value() != _ALL:
            return "No moment of these days is like this. Choose other days or other words."
        return "No moment is written down in these days yet."

    def _row(self, e: Entry, covered: Callable[[str], str]) -> Row:
        m = e.head
        names = ", ".join(self._names[p].full for p in e.pupils if p in self._names)
        told = f"told {days.words(m.told_home_on, year=False)}" if m.told_home_on else "to be told" if m.tell_home else ""
        words = (m.text or "").strip()
        more = "; ".join(p for p in (f"Led to it: {m.before}" if m.before else "", f"We did: {m.response}" if m.response else "") if p)
        text = ". ".join(p.rstrip(".") for p in (words, more) if p)
        when = when_words(m)
        return Row(
            e.key,
            f"{TONE_WORDS[m.tone]}, {names}, {days.words(m.day)}",
            (
                TextCell(days.words(m.day), when, below=True),
                TextCell(TONE_WORDS[m.tone].split()[0], role=TONE_ROLES[m.tone]),
                TextCell(names, "restricted" if is_restricted(m) else "", kind="strong", wrap=True, below=is_restricted(m)),
                TextCell("" if m.sort == TONE_WORDS[m.tone] else covered(m.sort), wrap=True),
                TextCell(covered(text), wrap=True),
                TextCell(covered(m.helped or ""), wrap=True),
                TextCell(covered(m.place or "")),
                TextCell("" if m.minutes_to_settle is None else str(m.minutes_to_settle), across="right"),
                TextCell(told, kind="second", role="quiet"),
            ),
            sort=((to_number(m.day), e.key), m.tone, names.casefold(), m.sort.casefold(), None, None, (m.place or "").casefold(), -1 if m.minutes_to_settle is None else m.minutes_to_settle, None),
        )

    # --- doing -----------------------------------------------------------------------------------------------------

    def tell_home(self) -> None:
        """Home was told of the entry that the cursor is on, or of the first one, today; undo takes it back."""
        from approgress.domain.acts.moments import told_home
        from approgress.domain.edits import Title

        if self.tell.isHidden():
            return
        at = self.table.currentIndex()
        row = at.row() if at.isValid() else 0
        if 0 <= row < len(self.model.rows()):
            key: Any = self.model.row(row).key
            e = next((x for x in self._entries if x.key == key), None)
            if e is not None:
                self.workspace.attempt(Title.LOG_MOMENT, told_home(e.moments, self.workspace.today))

    def _show_holds(self) -> None:
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.interventions import InterventionsDialog

        show_dialog(InterventionsDialog(self.workspace, parent=self))

    def _open_row(self, number_: int) -> None:
        key: Any = self.model.row(number_).key
        self.opened.emit(int(key))

    def _typed(self, _text: str) -> None:
        self._later.start()

    def _chosen(self, _key: str) -> None:
        if self.pupil.value() == _ALL:
            self._pupil = None
        self.read()

    def _group_chosen(self, _key: str) -> None:
        self.pupil.set_value(_ALL)
        self.read()

    def _ticked(self, _on: bool) -> None:
        self.read()

    def go(self) -> None:
        """Puts the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.TabFocusReason)

