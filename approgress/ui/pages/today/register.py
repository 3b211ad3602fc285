"""The register of a group as it is shown: what is read of it, its columns and rows, what unfolds below them, what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.acts.register import AM, refuse_day
from approgress.domain.acts.round import of_lesson, points_of, was_in
from approgress.domain.attendance import Tally
from approgress.domain.cohort import Register, RegisterRow
from approgress.domain.days import words
from approgress.domain.edits import Changes
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.first_day import Absence, clock
from approgress.domain.instruments import STRANDS, Instrument
from approgress.domain.records import Group
from approgress.domain.register import closes_at, is_closed
from approgress.domain.sheets import SESSIONS, RegisterSheet
from approgress.domain.strands import Sign
from approgress.style import Size
from approgress.ui.pages.today.foot import CountLine, Legend, TodayStatus
from approgress.ui.pages.today.grid import RegisterView
from approgress.ui.pages.today.lines import ContactLine, RefusalLine
from approgress.ui.pages.today.rows import (
    BOTH,
    ENGAGEMENT,
    MODES,
    NARROW_LESSONS,
    REGISTER,
    Place,
    RoundCell,
    columns_of,
    lesson_due,
    places_of,
    row_of,
)
from approgress.ui.pages.today.side import UNEXPLAINED, NotHere, explained_lines
from approgress.ui.parts.buttons import Button, MenuButton, SegmentedChoice
from approgress.ui.parts.cards import Card, EmptyState
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Rule
from approgress.ui.parts.needs_panel import NeedsPanel
from approgress.ui.parts.page import Page
from approgress.ui.parts.painting import elided, text_width
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.parts.sheet_model import SheetModel
from approgress.ui.parts.status_line import StatusLine
from approgress.ui.parts.tables import CodeCell, Row
from approgress.ui.theme import h, reveal, space
from approgress.ui.workspace import Workspace

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_EVERYONE = "all"
ENGAGEMENT_SCALE: Final = "lesson_engagement"
SIDE_MS: Final = 120
"""The side panel is read again so long after a key: many keys in a row read it once, and none waits for it."""
_SIGNS_AT_ONCE: Final = 6
_OF_ROWS = frozenset(
    {
        "mark",
        "pupil",
        "name",
        "year_group",
        "placement",
        "lesson_score",
        "lesson_note",
        "absence_contact",
        "contact",
        "movement",
        "timetable",
        "timetable_step",
        "elsewhere",
        "suspension",
        "home_school",
    }
)
_OF_ALL = frozenset({"group", "group_member", "enrolment", "setting", "half_term", "closure", "lesson_time", "instrument_file"})
_OF_SIGNS = frozenset({"reading", "starting_point", "start_value", "strand_measure", "placement", "stated_attendance", "moment"})


class TableCard(Card):
    """A card around a table, whose headings bring their own air at the top."""

    def set_fold(self, fold: Fold) -> None:
        """Less padding in a narrow window."""
        super().set_fold(fold)
        narrow = fold is Fold.NARROW
        side = 0.5 if narrow else self._padding
        space(self.body, side, 0.1, side, 0.4 if narrow else 0.5, 0.3 if narrow else 0.4)


class RegisterPage(Page):
    """A group's register of a day with the round of its lessons, shown and read again; what is typed into it is `marking`'s."""

    contact_asked = Signal(int, str)
    """First-day contact about a pupil: which, and what is done (acts.contact)."""
    contacts_asked = Signal(int)
    """All that was done about a pupil's absence."""
    clash_answered = Signal(str)
    """Somebody else was first: theirs or mine."""

    # --- building --------------------------------------------------------------------------------------------------

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("Today")
        self._workspace = workspace
        self._day = workspace.today
        self._shown_today = workspace.today
        self._group: int | None = None
        self._groups: tuple[Group, ...] = ()
        self._mode = BOTH
        self._first_lesson = 0
        self._places: tuple[Place, ...] = ()
        self._sheet: RegisterSheet | None = None
        self._tallies: dict[int, Tally] = {}
        self._signs: dict[int, dict[str, Sign]] = {}
        self._starting: dict[int, str] = {}
        self._to_judge: list[int] = []
        self._absences: dict[int, Absence] = {}
        self._unfolded: set[int] = set()
        self._contact_lines: dict[int, ContactLine] = {}
        self._refusals: dict[int, RefusalLine] = {}
        self._times: tuple[tuple[int, int], ...] = ()
        self._build()
        workspace.day_changed.connect(self._day_changed)
        self._read_groups()
        self._read_all()

    def _build(self) -> None:
        days = QWidget()
        row = QHBoxLayout(days)
        space(row, gap=0.2)
        self._before = Button(kind="icon", icon="chevron-left", small=True, name="The school day before")
        self._before.clicked.connect(self._go_before)
        self._after = Button(kind="icon", icon="chevron-right", small=True, name="The school day after")
        self._after.clicked.connect(self._go_after)
        self._calendar = Button(kind="icon", icon="calendar", small=True, name="Go to a day (Ctrl+G)")
        for button in (self._before, self._after, self._calendar):
            row.addWidget(button)
        self._more = MenuButton((), name="More of this register: comings and goings, lists", text="More", small=True)
        row.addWidget(self._more)
        self._back = Button("Today", small=True)
        self._back.setAccessibleName("Back to today")
        self._back.clicked.connect(self._go_today)
        row.addWidget(self._back)
        self.head.put_before(days)
        self._choice = SegmentedChoice((), name="Group")
        self._choice.chosen.connect(self._group_chosen)
        self.head.add(self._choice, folds=True)
        self._modes = SegmentedChoice(MODES, BOTH, name="What is typed")
        self._modes.chosen.connect(self._mode_chosen)
        self.head.add(self._modes)
        self._build_main_action()  # here, since Tab goes in the order in which parts come into the page
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._columns, gap=0.8)
        self.body.addLayout(self._columns, 1)
        self._card = TableCard()
        self._view = RegisterView("Register", (), self._may_go_on)
        self._view.set_skips(self._skips)
        self._view.stepped.connect(self._step_lessons)
        self._model = SheetModel((), ())
        self._card.add(self._view, 1)
        self._legend = Legend()
        reveal(self._legend, False)
        self._card.add(self._legend)
        self._build_foot()
        self._empty = Card()
        self._empty_state: EmptyState | None = None
        self._columns.addWidget(self._card, 28)
        self._columns.addWidget(self._empty, 28)
        self._beside = QWidget()
        self._panel = QVBoxLayout(self._beside)
        space(self._panel, gap=0.8)
        self._absent = NotHere()
        self._needs = NeedsPanel(self._workspace)
        self._needs.shown.connect(self._show_starting)
        self._panel.addWidget(self._needs)
        self._panel.addStretch(1)
        self._rule = Rule()
        line = QHBoxLayout()
        space(line, Size.CARD_PADDING, 0, Size.CARD_PADDING, 0)
        line.addWidget(self._rule)
        self._panel.addLayout(line)
        self._panel.addWidget(self._absent)
        self._side_scroll = ScrollArea(gap=0)
        self._side_card = Card(padding=0)  # one card whose content scrolls inside it
        self._side_card.add(self._side_scroll, 1)
        self._columns.addWidget(self._side_card, 11)
        self.folded.connect(self._folded)
        self.head.room_changed.connect(self._room_changed, Qt.ConnectionType.QueuedConnection)
        self._status = TodayStatus()
        self.set_status(self._status)
        reveal(self.status, True)
        self._side_timer = QTimer(self)
        self._side_timer.setSingleShot(True)
        self._side_timer.setInterval(SIDE_MS)
        self._side_timer.timeout.connect(self._show_side)
        self._signs_timer = QTimer(self)
        self._signs_timer.setSingleShot(True)
        self._signs_timer.setInterval(30)
        self._signs_timer.timeout.connect(self._judge_some)

    def _build_main_action(self) -> None:
        """The one main action at the top right, if there is one."""

    def _build_foot(self) -> None:
        self._counts = CountLine()
        self._all = Button("Mark blanks present", small=True, icon="check")
        self._all.setToolTip("Shift+Enter")
        reveal(self._all, False)
        line = QHBoxLayout()
        space(line, gap=0.6)
        line.addWidget(self._counts, 1)
        line.addWidget(self._all, 0, Qt.AlignmentFlag.AlignVCenter)
        self._card.add_layout(line)

    @property
    def _lessons(self) -> int:
        return self._workspace.school.setting.lessons

    @property
    def _scale(self) -> Instrument | None:
        return self._workspace.facts.library.get(ENGAGEMENT_SCALE)

    def _skips(self, row: int, column: int) -> bool:
        """Going down passes over who was not in, and over sessions that are known beforehand."""
        if self._sheet is None or column >= len(self._places) or row >= len(self._sheet.register.rows):
            return False
        r, place = self._sheet.register.rows[row], self._places[column]
        if isinstance(place, int):
            return not lesson_due(self._sheet, r, place)
        if place in SESSIONS:
            due = r.standing(str(place)).expected
            return due is not None and self._sheet.codes.text(r.number(str(place))) in ("", due.code)
        return False

    def _may_go_on(self, text: str, column: int) -> bool:
        place = self._places[column] if column < len(self._places) else None
        if isinstance(place, int):
            return text in ("=", ".")
        return place in SESSIONS and self._sheet is not None and self._sheet.goes_on(text)

    def _folded(self, fold: Fold) -> None:
        wide = fold is Fold.WIDE
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        narrow = fold is Fold.NARROW
        # one banner above the register, or a card beside it
        place: QBoxLayout = self.body if narrow else self._panel
        if place.indexOf(self._needs) < 0:
            (self._panel if narrow else self.body).removeWidget(self._needs)
            place.insertWidget(0, self._needs)
        # beside the register the panel scrolls by itself, so that the register's foot stays in sight; below it, with the page
        into, out_of = (self._side_scroll.body, self._columns) if wide else (self._columns, self._side_scroll.body)
        if into.indexOf(self._beside) < 0:
            out_of.removeWidget(self._beside)
            into.addWidget(self._beside)
        reveal(self._side_card, wide)
        reveal(self._rule, wide)
        space(self._panel, gap=0.2 if wide else 0.8)
        self._beside.setMinimumHeight(1 if wide else 0)  # as high as its words need at this width, not at their narrowest
        self._needs.set_bare(wide)
        self._absent.set_kind("bare" if wide else "plain")
        for widget in (self._before, self._after, self._calendar):
            reveal(widget, not narrow)  # "More" offers to go to a day there
        self._more.setText("…" if narrow else "More")
        self._card.body.removeWidget(self._legend)
        self._card.body.insertWidget(self._card.body.count() if narrow else 1, self._legend)
        reveal(self._all, narrow)
        self._counts.set_few(narrow)
        QTimer.singleShot(0, self, self._head_again)
        rows = {Fold.NARROW: 3.8, Fold.MIDDLE: 8.0, Fold.WIDE: 6.0}[fold]
        self._view.setMinimumHeight(round(h(rows * 1.8)) + self._view.horizontalHeader().sizeHint().height())
        self._lay_out()
        self._show_title()
        self._show_counts()
        self._show_hints()
        self._judge_later()

    def _head_again(self) -> None:
        """The choices in the head have folded since it was told how much room there is."""
        self.head.set_fold(self.fold())
        if self.fold() is Fold.NARROW and self.head.main is not None:  # the banner stands between head and register, and so Tab goes
            QWidget.setTabOrder(self.head.main, self._needs.strip)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Read again what changed; only the touched rows where only their records did."""
        if changes.everything or changes.kinds & _OF_ALL:
            self._signs.clear()
            self._read_groups()
            self._read_all(keep=True)
            self._needs.refresh(changes)
            return
        if changes.kinds & _OF_SIGNS:
            for pupil in changes.pupils:
                self._signs.pop(pupil, None)
            self._judge_later()
        if changes.kinds & _OF_ROWS:
            self._read_rows(changes.pupils)
            if changes.title.startswith(("Undo", "Redo")) and len(changes.pupils) == 1:
                # the next key belongs to what was taken back, not to wherever the cursor had gone on to
                row = self._model.find(next(iter(changes.pupils)))
                if row >= 0:
                    self._view.go_to(row, max(self._view.currentIndex().column(), 1))
        self._side_timer.start()
        self._needs.refresh(changes)

    def _read_groups(self) -> None:
        from approgress.domain.records import LessonTime

        w = self._workspace
        groups = [
            g
            for g in w.facts.groups.values()
            if (g.first_day is None or g.first_day <= self._day) and (g.last_day is None or self._day <= g.last_day)
        ]
        self._groups = tuple(sorted(groups, key=lambda g: g.name.casefold()))
        known = {g.id for g in self._groups}
        if self._group not in known:
            self._group = self._own_group(known)
        options = [(str(g.id), g.name) for g in self._groups] + [(_EVERYONE, "All")]
        self._choice.set_options(options, str(self._group) if self._group is not None else _EVERYONE)
        reveal(self._choice, bool(self._groups))
        times = w.read(lambda r: r.every(LessonTime))
        self._times = tuple(sorted((t.starts, t.lesson) for t in times if t.setting_id == w.school.setting.id))

    def _own_group(self, known: set[int]) -> int | None:
        """The first group that the person here teaches, else the first."""
        me, day = self._workspace.school.viewer.person_id, self._day
        mine = {
            t.group_id
            for t in self._workspace.facts.group_teachers
            if t.person_id == me and (t.first_day is None or t.first_day <= day) and (t.last_day is None or day <= t.last_day)
        }
        return next((g.id for g in self._groups if g.id in mine & known), self._groups[0].id if self._groups else None)

    def _read(self, only: Iterable[int] | None = None) -> Register:
        from approgress.store.reads.register import of_group

        w = self._workspace
        wanted = frozenset(only) if only is not None else None
        return w.read(of_group, w.facts, self._group, self._day, hidden=w.names_hidden, only=wanted)

    def _sheet_of(self, register: Register) -> RegisterSheet:
        w = self._workspace
        return RegisterSheet(register, w.school.codes, self._scale, self._lessons)

    def _read_all(self, *, keep: bool = False) -> None:
        """Everything again; with `keep` the cursor stays at its pupil and column, so that the next key hits nobody else."""
        before = self._cursor() if keep else None
        self._sheet = self._sheet_of(self._read())
        ids = [r.pupil_id for r in self._sheet.register.rows]
        self._read_tallies(ids)
        self._forget_refusals()
        self._unfolded.clear()
        self._model.uncover_all()
        self._lay_out(again=True)
        self._read_absences(ids)
        self._show_day()
        self._show_side()
        if not self._go_back_to(before):
            self._go_to_first_blank()
        self._judge_later()
        QTimer.singleShot(0, self, self._bring_into_sight)

    def _cursor(self) -> tuple[int, Place] | None:
        """The pupil and the place of the column at which the cursor stands."""
        at = self._view.currentIndex()
        if not at.isValid() or at.row() >= self._model.rowCount() or at.column() >= len(self._places):
            return None
        return self._model.row(at.row()).key, self._places[at.column()]

    def _go_back_to(self, cursor: tuple[int, Place] | None) -> bool:
        if cursor is None or cursor[1] not in self._places:
            return False
        row = self._model.find(cursor[0])
        if row < 0:
            return False
        self._view.go_to(row, self._places.index(cursor[1]))
        return True

    def _bring_into_sight(self) -> None:
        """The cell of the cursor, once the rows have their heights."""
        if self._view.currentIndex().isValid():
            self._view.scrollTo(self._view.currentIndex())

    def _read_tallies(self, pupils: list[int]) -> None:
        from approgress.store.reads.pupils import half_term_tallies

        w = self._workspace
        self._tallies.update(w.read(half_term_tallies, w.facts, self._day, pupils))

    def _read_rows(self, pupils: frozenset[int]) -> None:
        if self._sheet is None:
            return
        register = self._sheet.register
        mine = [r.pupil_id for r in register.rows if r.pupil_id in pupils]
        if not mine:
            return
        self._sheet = self._sheet_of(register.with_rows(self._read(mine).rows))
        self._read_tallies(mine)
        for r in self._sheet.register.rows:
            if r.pupil_id in pupils:
                row = self._model.find(r.pupil_id)
                if row >= 0:
                    self._model.replace_row(row, self._row(r))
        self._read_absences(mine)
        self._show_counts()
        self._show_current()

    def _read_absences(self, pupils: list[int]) -> None:
        """Where first-day contact stands for those of these pupils who are away, and the lines below their rows."""
        from approgress.store.reads.contact import absences

        assert self._sheet is not None
        w = self._workspace
        away = [
            r.pupil_id for r in self._sheet.register.rows if r.pupil_id in pupils and (self._is_away(r) or r.pupil_id in self._unfolded)
        ]
        for pupil in pupils:
            self._absences.pop(pupil, None)
        if away:
            self._absences.update(w.read(absences, w.facts, self._day, away, hidden=w.names_hidden))
        self._show_lines()

    def _is_away(self, row: RegisterRow) -> bool:
        """Whether a mark of the day is an absence here."""
        return any(self._was_away(row, session) for session in SESSIONS)

    def _was_away(self, row: RegisterRow, session: str) -> bool:
        """Whether a mark is an absence and the pupil has not come since; who came after closing (U) is here."""
        assert self._sheet is not None
        number = row.number(session)
        return number is not None and 32 <= number < 96 and self._sheet.codes.text(number) != "U"

    def _unexplained(self, row: RegisterRow) -> bool:
        assert self._sheet is not None
        return any(self._sheet.codes.text(row.number(s)) in UNEXPLAINED for s in SESSIONS)

    def _row_of(self, pupil: int) -> RegisterRow | None:
        return next((r for r in self._sheet.register.rows if r.pupil_id == pupil), None) if self._sheet is not None else None

    # --- signs -----------------------------------------------------------------------------------------------------

    def _judge_later(self) -> None:
        """Signs need every mark of a stay: they come in pieces, after the register is seen."""
        if self._sheet is None or not any(p in STRANDS for p in self._places):
            return
        self._to_judge = [r.pupil_id for r in self._sheet.register.rows if r.pupil_id not in self._signs]
        if self._to_judge:
            self._signs_timer.start()

    def _judge_some(self) -> None:
        from approgress.store.reads.pupils import signs

        w = self._workspace
        some, self._to_judge = self._to_judge[:_SIGNS_AT_ONCE], self._to_judge[_SIGNS_AT_ONCE:]
        if self._sheet is None or not some:
            return
        try:
            self._signs.update(w.read(signs, w.facts, w.today, some))
        except Trouble:
            return  # the next reading says what is wrong; the register itself is there
        for r in self._sheet.register.rows:
            row = self._model.find(r.pupil_id)
            if r.pupil_id in some and row >= 0:
                self._model.replace_row(row, self._row(r))
        if self._to_judge:
            self._signs_timer.start()

    def _show_starting(self) -> None:
        """Whose starting point is not whole, as the panel has read it: that is said in place of signs which would say nothing."""
        before, self._starting = self._starting, self._needs.titles_of("start")
        if self._sheet is None or before == self._starting:
            return
        for r in self._sheet.register.rows:
            row = self._model.find(r.pupil_id)
            if row >= 0 and before.get(r.pupil_id) != self._starting.get(r.pupil_id):
                self._model.replace_row(row, self._row(r))

    # --- showing ---------------------------------------------------------------------------------------------------

    def _lay_out(self, *, again: bool = False) -> None:
        """The columns for the width and the choice, and all rows in them."""
        if self._sheet is None:
            return
        fold, calendar = self.fold(), self._workspace.facts.calendar
        statutory = self._workspace.facts.statutory
        places = places_of(self._mode, fold, self._lessons, self._first_lesson, percent=statutory)
        if places == self._places and not again:
            return
        at = self._view.currentIndex()
        place = self._places[at.column()] if at.isValid() and at.column() < len(self._places) else "AM"
        rows = [
            row_of(self._sheet, r, places, self._tallies.get(r.pupil_id), self._signs.get(r.pupil_id), self._starting.get(r.pupil_id, ""))
            for r in self._sheet.register.rows
        ]
        if places == self._places:
            self._model.set_rows(rows)
            return
        self._places = places
        half_term = calendar.half_term_of(self._day) if calendar else None
        model = SheetModel(columns_of(places, self._lessons, half_term.name if half_term else "this half-term"), rows)
        model.setParent(self._view)
        before, self._model = self._model, model
        typed = [n for n, p in enumerate(places) if p in SESSIONS or isinstance(p, int)]
        self._view.set_columns(typed)
        self._view.setModel(model)
        self._view.selectionModel().currentChanged.connect(self._current_changed)
        before.deleteLater()
        if rows and at.isValid():
            if place not in places and isinstance(place, int):  # other lessons are shown: the first of them
                place = next((p for p in places if isinstance(p, int)), place)
            column = places.index(place) if place in places else typed[0] if typed else 0
            self._view.go_to(min(at.row(), len(rows) - 1), column)

    def _row(self, r: RegisterRow) -> Row:
        assert self._sheet is not None
        p = r.pupil_id
        return row_of(self._sheet, r, self._places, self._tallies.get(p), self._signs.get(p), self._starting.get(p, ""))

    def _show_day(self) -> None:
        assert self._sheet is not None
        w, day = self._workspace, self._day
        self._show_title()
        reveal(self._back, day != w.today)
        self._after.setEnabled(day < w.today)
        why = self._why_none()
        reveal(self._card, why is None)
        reveal(self._empty, why is not None)
        for button in (self._all, self._status.all):
            if button is not None:
                button.setEnabled(why is None and w.may_write)
        self._more.set_options(self._offered())
        if why is not None:
            self._show_empty(why)
        self._show_counts()

    def _show_title(self) -> None:
        day = self._day
        weekday = _WEEKDAYS[day.weekday()]
        narrow, month = self.fold() is Fold.NARROW, _MONTHS[day.month - 1]
        # in a narrow window "Engagement" is wider than "Both": the month makes room
        title = f"{weekday[:3] if narrow else weekday} {day.day} {month[:3] if narrow and self._mode == ENGAGEMENT else month}"
        sentences, room = [self._sentence(less) for less in range(3)], self.head.words_room() - 2
        self.set_title(title, next((s for s in sentences if text_width(s, "second") <= room), sentences[-1]))

    def _room_changed(self) -> None:
        self._show_title()
        self._show_hints()

    def _points_fit(self, points: list[tuple[str, str]]) -> bool:
        """Whether the worded points of the scale have room beside the keys, and what the cell is at their right."""
        return sum(text_width(said, "second") + h(2.6) for _, said in points) + h(7 + 12) <= self._status.width()

    def _offered(self) -> list[tuple[str, str]]:
        """What the menu "More" offers: (key, words)."""
        return []

    def _sentence(self, less: int = 0) -> str:
        """'Autumn 2, week 4 · register closes 09:20 · lesson 2 starts 09:30'; with `less` 1 or 2 one or two words fewer."""
        w, day = self._workspace, self._day
        calendar = w.facts.calendar
        half_term = calendar.half_term_of(day) if calendar else None
        parts: list[str] = []
        if half_term is not None:
            weeks = calendar.weeks(half_term.first_day, day)
            parts.append(f"{half_term.name}, week {len(weeks)}" if weeks else half_term.name)
        if day != w.today:
            parts.append(f"{day.year}, {'yesterday' if day == w.today - timedelta(1) else words(day, weekday=True, year=False)}")
            return " · ".join(parts)
        now = self._now()
        for session in SESSIONS:
            closes = closes_at(w.school.setting, session)
            if closes is not None and now < closes:
                parts.append(f"{session + ' ' if session != AM else ''}{'' if less else 'register '}closes {clock(closes)}")
                break
        upcoming = next(((starts, lesson) for starts, lesson in self._times if starts > now), None)
        if upcoming is not None:
            parts.append(f"lesson {upcoming[1] + 1} {'' if less > 1 else 'starts '}{clock(upcoming[0])}")
        return " · ".join(parts)

    def _now(self) -> int:
        now = datetime.fromtimestamp(self._workspace.school.now())
        return now.hour * 60 + now.minute

    def _closed(self, session: str) -> bool:
        w = self._workspace
        return is_closed(w.school.setting, self._day, session, w.today, self._now())

    def _why_none(self) -> tuple[str, str, str] | None:
        """Title, sentence and action where there is no register to take."""
        assert self._sheet is not None
        w = self._workspace
        try:
            refuse_day(self._day, w.facts.calendar, w.today)
        except Refusal as e:
            closure = next((c.label for c in w.facts.calendar.closures if c.first_day <= self._day <= c.last_day and c.label), "")
            sentence = f"{e.sentence} {closure}." if closure else e.sentence
            return "No register today" if self._day == w.today else "No register on this day", sentence, "Go to the school day before"
        if not self._sheet.register.rows:
            name = next((g.name for g in self._groups if g.id == self._group), "")
            if name:
                return f"Nobody is in {name} on this day", "Put pupils into the group on their page, or choose another group.", ""
            return "No pupils on roll on this day", "Add a pupil, or bring in the list from your information system.", "Bring in pupils"
        return None

    def _show_empty(self, why: tuple[str, str, str]) -> None:
        if self._empty_state is not None:
            self._empty.body.removeWidget(self._empty_state)
            self._empty_state.hide()
            self._empty_state.deleteLater()
        title, sentence, action = why
        self._empty_state = EmptyState(title, sentence, action)
        if self._empty_state.action is not None:
            self._empty_state.action.clicked.connect(self._go_before if "day before" in action else self._go_to_import)
        self._empty.add(self._empty_state, 1)

    def _show_counts(self) -> None:
        """The line at the foot of the grid: the session or lesson in which the cursor stands."""
        if self._sheet is None or self._why_none() is not None:
            return
        count = self._sheet.count(self._session_now())
        lesson, rated = self._lesson_now(), ""
        if lesson is not None and self._scale is not None and self._mode != REGISTER:
            here = [r for r in self._sheet.register.rows if was_in(self._sheet, r, lesson)]
            done = sum(of_lesson(r, lesson)[0] is not None for r in here)
            rated = f"Lesson {lesson + 1}: {done} of {len(here)} present scored"
        self._counts.say(count, rated, of_lesson=isinstance(self._place_now(), int))

    def _place_now(self) -> Place | None:
        at = self._view.currentIndex()
        return self._places[at.column()] if at.isValid() and at.column() < len(self._places) else None

    def _session_now(self) -> str:
        """The session of the cell in which the cursor stands, else the one that is being taken."""
        assert self._sheet is not None
        place = self._place_now()
        if place in SESSIONS:
            return str(place)
        if isinstance(place, int):
            return self._sheet.session_of(place)
        return AM if self._sheet.count("PM").marked == 0 else "PM"

    def _lesson_now(self) -> int | None:
        """The lesson of the cursor, else the one that runs or ran last, else the first with a score."""
        place = self._place_now()
        if isinstance(place, int):
            return place
        if self._sheet is None or not self._lessons:
            return None
        if self._times and self._day == self._workspace.today:
            begun = [lesson for starts, lesson in self._times if starts <= self._now()]
            return begun[-1] if begun else 0
        scored = [i for i in range(self._lessons) if any(of_lesson(r, i)[0] is not None for r in self._sheet.register.rows)]
        return scored[-1] if scored else 0

    def _current_changed(self) -> None:
        self._show_counts()
        self._show_hints()
        self._show_current()

    def _show_hints(self) -> None:
        """Beside the keys stands what they mean here: codes, or the worded points of the scale."""
        hints: list[tuple[tuple[str, ...], str]]
        points = [(str(p.value), p.label) for p in points_of(self._scale)] if self._scale is not None else []
        fold = self.fold()
        long = self._mode == BOTH and fold is not Fold.NARROW and not (fold is Fold.WIDE and self._points_fit(points))
        legend = bool(points) and (self._mode == ENGAGEMENT or long)
        self._legend.set_points(points)
        reveal(self._legend, legend)
        in_lesson = isinstance(self._place_now(), int)
        self._status.show_button(not in_lesson)
        if in_lesson and points:
            hints = [] if legend else [((figure,), said) for figure, said in points]
            hints.append((("=",), "all the same"))
            if legend:
                hints += [((".",), "the pupil’s own"), (("?",), "what a point looks like"), (("F6",), "how it went")]
        else:
            hints = [
                (("/", "L", "N"), "a code marks and moves down"),
                (("?",), "what a code means"),
                (("F3",), "came, left"),
                (("F7",), "contact"),
            ]
        shown = [(tuple(keys), said) for keys, said in StatusLine.hints(self.status)]
        if shown != hints:
            self.status.set_hints(hints)

    def _show_current(self) -> None:
        """At the right of the foot: what the cell under the cursor is."""
        at = self._view.currentIndex()
        if not at.isValid() or at.row() >= self._model.rowCount() or self._why_none() is not None:
            self.status.say("")
            return
        cell = self._model.row(at.row()).cells[at.column()]
        if isinstance(cell, RoundCell) and self._scale is not None:
            label = next((p.label for p in points_of(self._scale) if p.value == cell.score), "")
            said = f"{cell.words()}{f', {label}' if label and cell.own is None and not cell.note else ''}"
        elif isinstance(cell, CodeCell):
            said = cell.words()
        else:
            self.status.say("")
            return
        words_ = f"{self._model.row(at.row()).name}: {said}"
        room = self._status.width() - self._status.keys_width() - h(3)
        if room < h(7):
            self.status.say("")
            return
        self.status.say(elided(words_, room, "second"), "unjudged" if said == "no mark yet" else "")

    # --- beside the grid -------------------------------------------------------------------------------------------

    def _show_side(self) -> None:
        assert self._sheet is not None
        w = self._workspace
        session = self._session_now()
        explained, not_yet = explained_lines(self._sheet, session, self._absences, hidden=w.names_hidden)
        more = []
        if self._sheet.blanks(session):
            n = self._sheet.blanks(session)
            more.append(f"{n} {'pupil has' if n == 1 else 'pupils have'} no {session} mark yet.")
        elif not explained and not not_yet and self._sheet.register.rows:
            more.append("Everybody is in.")
        if not_yet:
            more.insert(0, "Not explained yet: " + ", ".join(f"{name} ({why})" for name, why in not_yet) + ".")
        self._absent.show_lines("Not here, explained", f"{session}, {words(self._day, year=False)}", explained, more)

    # --- lines below rows ------------------------------------------------------------------------------------------

    def _show_lines(self) -> None:
        """First-day contact below those who are away unexplained, and what was refused below its row."""
        assert self._sheet is not None
        lines: dict[int, list[QWidget]] = {}
        kept: set[int] = set()
        for r in self._sheet.register.rows:
            below: list[QWidget] = []
            if r.pupil_id in self._refusals:
                below.append(self._refusals[r.pupil_id])
            absence = self._absences.get(r.pupil_id)
            if absence is not None and ((self._unexplained(r) and not absence.settled) or r.pupil_id in self._unfolded):
                line = self._contact_lines.get(r.pupil_id)
                if line is None or line.accessibleName() != f"First-day contact, {r.name.full}":
                    self._drop_line(r.pupil_id)
                    line = self._contact_lines[r.pupil_id] = self._new_line(r)
                line.show_absence(absence)
                below.append(line)
                kept.add(r.pupil_id)
            if below:
                lines[r.pupil_id] = below
        self._view.set_lines(lines)
        for pupil in [p for p in self._contact_lines if p not in kept]:
            self._drop_line(pupil)

    def _new_line(self, row: RegisterRow) -> ContactLine:
        line = ContactLine(row.pupil_id, row.name.full, self._view.viewport())
        line.chosen.connect(self.contact_asked)
        line.listed.connect(self.contacts_asked)
        line.left.connect(self._focus_grid)
        return line

    def _drop_line(self, pupil: int) -> None:
        line = self._contact_lines.pop(pupil, None)
        if line is not None:
            line.hide()
            line.deleteLater()

    def _focus_grid(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def refused_words(self) -> str:
        """All that is refused at the moment, in words."""
        return " ".join(line.words.text() for line in self._refusals.values())

    def _refuse(self, pupil: int, sentence: str, mine: str = "") -> None:
        line = self._refusals.get(pupil)
        if line is None:
            line = self._refusals[pupil] = RefusalLine(self._view.viewport())
            line.acted.connect(self.clash_answered)
        line.say(sentence, mine)
        self._show_lines()

    def _forget_refusals(self) -> None:
        """What was refused is said no longer: something else was typed, or another day is shown."""
        if not self._refusals:
            return
        gone, self._refusals = self._refusals, {}
        self._model.uncover_all()
        if self._sheet is not None:
            self._show_lines()
        for line in gone.values():
            line.hide()
            line.deleteLater()

    # --- going -----------------------------------------------------------------------------------------------------

    def _go_to_first_blank(self) -> None:
        """To the first mark that is missing, of the session that runs; then to the lesson that runs."""
        assert self._sheet is not None
        rows = self._sheet.register.rows
        for session in SESSIONS:
            if session not in self._places:
                continue
            for i, r in enumerate(rows):
                if r.number(session) is None and r.standing(session).expected is None:
                    self._view.go_to(i, self._places.index(session))
                    return
        lesson = self._lesson_now()
        if rows and lesson is not None and lesson in self._places and self._mode == ENGAGEMENT:
            self._view.go_to(0, self._places.index(lesson))
        elif rows:
            self._view.go_to(0, 1)

    def _group_chosen(self, key: str) -> None:
        self._finish_typing()
        self._group = None if key == _EVERYONE else int(key)
        self._read_all()

    def _mode_chosen(self, key: str) -> None:
        self._mode = key
        self._show_title()
        self._lay_out()
        self._go_to_first_blank()
        self._judge_later()
        self._show_lines()
        self._current_changed()

    def _step_lessons(self, step: int) -> None:
        shown = [p for p in self._places if isinstance(p, int)]
        if not shown or len(shown) == self._lessons:
            return
        self._first_lesson = max(0, min(self._lessons - NARROW_LESSONS, shown[0] + step))
        self._lay_out()
        self._show_lines()
        self._current_changed()

    def _go_before(self) -> None:
        self._step(-1)

    def _go_after(self) -> None:
        self._step(1)

    def _step(self, direction: int) -> None:
        calendar = self._workspace.facts.calendar
        day = self._day
        for _ in range(120):
            day += timedelta(direction)
            if day > self._workspace.today:
                return
            if calendar.is_school_day(day) if calendar and calendar.knows(day, day) else day.weekday() < 5:
                self._show(day)
                return

    def _go_today(self) -> None:
        self._show(self._workspace.today)

    def _finish_typing(self) -> None:
        """What is half typed goes where it was typed, before another day or group is shown."""
        self._view.finish_draft()
        self._view.end_minutes()

    def _show(self, day: date) -> None:
        self._finish_typing()
        self._day = day
        self._needs.set_day(day)
        self._read_groups()
        self._read_all()

    def _day_changed(self, day: date) -> None:
        if self._day == self._shown_today:
            self._show(day)
        self._shown_today = day

    def _go_to_import(self) -> None:
        self._workspace.open_place("setting/data")
