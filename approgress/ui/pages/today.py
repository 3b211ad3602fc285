"""Today: a group's register of a day, AM and PM, typed key by key; who is not in, and which registers are still open."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain.acts.register import AM, refuse_day
from approgress.domain.attendance import CLASS_WORDS, Tally
from approgress.domain.cohort import Register, RegisterRow
from approgress.domain.days import words
from approgress.domain.edits import Changes, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.records import Group
from approgress.domain.sheets import SESSIONS, RegisterSheet
from approgress.domain.values import NOTHING, percent_words, share_words
from approgress.style import Size
from approgress.ui.parts.buttons import Button, SegmentedChoice
from approgress.ui.parts.cards import Card, EmptyState, Heading, Line
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import MarkText, Text
from approgress.ui.parts.page import Page
from approgress.ui.parts.sheet_model import SheetModel
from approgress.ui.parts.sheet_view import SheetView
from approgress.ui.parts.tables import Cell, CodeCell, Column, Row, ScoreCell, TableModel, TableView, TextCell
from approgress.ui.theme import h, reveal, space
from approgress.ui.workspace import Workspace

_PUPIL, _AM, _PM, _LESSON = range(4)  # then the lessons of the day, and two columns of figures
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_EVERYONE = "all"
ENGAGEMENT = "lesson_engagement"
_OF_REGISTER = frozenset(
    {"mark", "pupil", "name", "year_group", "enrolment", "placement", "group_member", "group", "setting", "lesson_score"}
)


class CodesDialog(FormDialog):
    """All codes in force, one line each; Enter takes the one that is chosen."""

    def __init__(self, sheet: RegisterSheet, session: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "Attendance codes",
            "One code a session, set nationally. Enter takes the chosen one.",
            verb="Use this code",
            width=46,
            parent=parent,
        )
        rows = [
            Row(
                c.text,
                c.text,
                (TextCell(c.text, kind="bold"), TextCell(c.label, wrap=True), TextCell(CLASS_WORDS[c.counts_as], role="quiet")),
            )
            for c in sheet.codes.in_force(sheet.register.day, session)
        ]
        self._model = TableModel((Column("Code"), Column("What it means", stretch=1, least=16), Column("Counts as")), rows, None)
        self._model.setParent(self)
        self.table = TableView("Attendance codes", parent=self)
        self.table.setModel(self._model)
        self.table.setMinimumHeight(round(h(22)))
        self.table.opened.connect(self._opened)
        self.add_widget(self.table)
        self.chosen = ""

    def _opened(self, _row: int) -> None:
        self.accept()

    def submit(self) -> None:
        at = self.table.currentIndex()
        if not at.isValid():
            raise Refusal("Choose a code with the arrows first.")
        self.chosen = self._model.row(at.row()).key


class ScaleDialog(FormDialog):
    """The points of the engagement scale, what each looks like; Enter takes the one that is chosen."""

    def __init__(self, sheet: RegisterSheet, parent: QWidget | None = None) -> None:
        assert sheet.engagement is not None
        super().__init__(sheet.engagement.name, "One point a lesson, by what was seen.", verb="Use this point", width=46, parent=parent)
        points = sheet.engagement.responses or (sheet.engagement.items[0].responses if sheet.engagement.items else ())
        rows = [
            Row(
                str(p.value),
                p.label,
                (TextCell(str(p.value), kind="bold"), TextCell(p.label, kind="strong"), TextCell(p.looks_like, wrap=True)),
            )
            for p in sorted(points, key=lambda p: -p.value)
        ]
        self._model = TableModel((Column("Point"), Column("In a word"), Column("What it looks like", stretch=1, least=16)), rows, None)
        self._model.setParent(self)
        self.table = TableView("Points of the scale", parent=self)
        self.table.setModel(self._model)
        self.table.setMinimumHeight(round(h(16)))
        self.table.opened.connect(self._opened)
        self.add_widget(self.table)
        self.chosen = ""

    def _opened(self, _row: int) -> None:
        self.accept()

    def submit(self) -> None:
        at = self.table.currentIndex()
        if not at.isValid():
            raise Refusal("Choose a point with the arrows first.")
        self.chosen = self._model.row(at.row()).key


class TodayPage(Page):
    """The register of a group, by keys."""

    title = "Today"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("Today")
        self._workspace = workspace
        self._day = workspace.today
        self._shown_today = workspace.today
        self._group: int | None = None
        self._groups: tuple[Group, ...] = ()
        self._sheet: RegisterSheet | None = None
        self._contents: dict[int, QWidget] = {}
        self._refused_at = (0, _AM)
        self._tallies: dict[int, Tally] = {}
        self._build()
        workspace.day_changed.connect(self._day_changed)
        self._read_groups()
        self._read_all()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        days = QWidget()
        row = QHBoxLayout(days)
        space(row, gap=0.3)
        self._before = Button(kind="icon", icon="chevron-left", name="The school day before")
        self._before.clicked.connect(self._go_before)
        self._after = Button(kind="icon", icon="chevron-right", name="The school day after")
        self._after.clicked.connect(self._go_after)
        self._back = Button("Back to today")
        self._back.clicked.connect(self._go_today)
        for button in (self._before, self._after, self._back):
            row.addWidget(button)
        self.head.add(days)
        self._choice = SegmentedChoice((), name="Group")
        self._choice.chosen.connect(self._group_chosen)
        self.head.add(self._choice)
        self._all = self.set_main_action("Mark blanks present", self._mark_all, icon="check", short="Present")

        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        space(self._columns, gap=0.8)
        self.body.addLayout(self._columns, 1)
        card = Card()
        self._card = card
        self._view = SheetView("Register", (_AM, _PM), self._may_go_on)
        self._model = SheetModel(
            (
                Column("Pupil", least=9, stretch=3, sorts=False),
                Column("AM", "middle", sorts=False),
                Column("PM", "middle", sorts=False),
                *self._lesson_columns(),
                Column("This half-term", "right", drop=2, sorts=False, said="Sessions attended of possible this half-term"),
                Column("", "right", drop=1, sorts=False, said="Attendance this half-term in percent"),
            )
        )
        self._model.setParent(self._view)
        self._view.setModel(self._model)
        self._view.set_columns((_AM, _PM, *self._lesson_numbers()))
        self._view.set_skips(self._skips)
        self._view.typed.connect(self._typed)
        self._view.drafted.connect(self._drafted)
        self._view.helped.connect(self._show_codes)
        card.add(self._view, 1)
        self._refusal = Text("", "strong", "decline", wrap=True)
        reveal(self._refusal, False)
        card.add(self._refusal)
        foot = QHBoxLayout()
        space(foot, gap=1.0)
        self._counts = [Text("", "second", wrap=True), Text("", "second", "quiet", wrap=True)]
        for text in self._counts:
            foot.addWidget(text, 1)
        card.add_layout(foot)
        self._empty = Card()
        self._empty_state: EmptyState | None = None
        self._columns.addWidget(card, 5)
        self._columns.addWidget(self._empty, 5)
        side = QWidget()
        self._panel = QVBoxLayout(side)
        space(self._panel, gap=0.8)
        self._absent = Card()
        self._open = Card()
        self._panel.addWidget(self._absent)
        self._panel.addWidget(self._open)
        self._panel.addStretch(1)
        self._columns.addWidget(side, 2)
        self.folded.connect(self._folded)
        self.status.set_hints(
            (
                (("/", "L", "N"), "type a code to mark and move down"),
                (("1", "5"), "how engaged"),
                (("Shift Enter",), "mark blanks present"),
                (("Del",), "take a mark out"),
                (("?",), "what a code means"),
            )
        )
        reveal(self.status, True)
        for keys, slot in (("Shift+Return", self._mark_all), ("Shift+Enter", self._mark_all)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def _lessons(self) -> int:
        return self._workspace.school.setting.lessons

    def _lesson_numbers(self) -> range:
        return range(_LESSON, _LESSON + self._lessons)

    def _lesson_columns(self) -> list[Column]:
        last = self._lessons
        return [
            Column(
                str(i + 1), "middle", drop=3 + last - i, group="Engagement, by lesson", sorts=False, said=f"Engagement in lesson {i + 1}"
            )
            for i in range(last)
        ]

    def _skips(self, row: int, column: int) -> bool:
        if self._sheet is None or column < _LESSON or column not in self._lesson_numbers():
            return False
        return not self._sheet.rates(self._sheet.register.rows[row], column - _LESSON)

    def _folded(self, fold: Fold) -> None:
        wide = fold is Fold.WIDE
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        rows = 6.2 * Size.ROW_DENSE if fold is Fold.NARROW else 8 * Size.ROW_REGISTER
        self._view.setMinimumHeight(round(h(rows)) + self._view.horizontalHeader().sizeHint().height())
        self._show_counts()

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Read again what changed; only the touched rows where only marks did."""
        if changes.everything or changes.kinds & {"group", "group_member", "enrolment", "setting", "half_term", "closure"}:
            self._read_groups()
            self._read_all()
            return
        if changes.kinds & _OF_REGISTER:
            self._read_register(changes.pupils)
            if changes.title.startswith(("Undo", "Redo")) and len(changes.pupils) == 1:
                # the next key belongs to what was taken back, not to wherever the cursor had gone on to
                row = self._model.find(next(iter(changes.pupils)))
                if row >= 0:
                    self._view.go_to(row, max(self._view.currentIndex().column(), _AM))

    def _read_groups(self) -> None:
        w = self._workspace
        groups = [
            g
            for g in w.facts.groups.values()
            if (g.first_day is None or g.first_day <= self._day) and (g.last_day is None or self._day <= g.last_day)
        ]
        self._groups = tuple(sorted(groups, key=lambda g: g.name.casefold()))
        known = {g.id for g in self._groups}
        if self._group not in known:
            self._group = self._groups[0].id if self._groups else None
        options = [(str(g.id), g.name) for g in self._groups] + [(_EVERYONE, "All")]
        self._choice.set_options(options, str(self._group) if self._group is not None else _EVERYONE)
        reveal(self._choice, bool(self._groups))

    def _read(self, group: int | None) -> Register:
        from approgress.store.reads.register import of_group

        w = self._workspace
        return w.read(of_group, w.facts, group, self._day, hidden=w.names_hidden)

    def _sheet_of(self, register: Register) -> RegisterSheet:
        w = self._workspace
        return RegisterSheet(register, w.school.codes, w.facts.library.get(ENGAGEMENT), self._lessons)

    def _read_all(self) -> None:
        self._sheet = self._sheet_of(self._read(self._group))
        self._read_tallies([r.pupil_id for r in self._sheet.register.rows])
        self._model.uncover_all()
        self._model.set_rows([self._row(r) for r in self._sheet.register.rows])
        self._refuse("")
        self._show_day()
        self._show_side()
        self._go_to_first_blank()

    def _read_tallies(self, pupils: list[int]) -> None:
        from approgress.store.reads.pupils import half_term_tallies

        w = self._workspace
        self._tallies.update(w.read(half_term_tallies, w.facts, self._day, pupils))

    def _read_register(self, pupils: frozenset[int]) -> None:
        register = self._read(self._group)
        before = self._sheet.register if self._sheet else None
        self._sheet = self._sheet_of(register)
        self._view.set_goes_on(self._may_go_on)
        if before is None or [r.pupil_id for r in before.rows] != [r.pupil_id for r in register.rows]:
            self._read_all()
            return
        touched = [r for r in register.rows if r.pupil_id in pupils]
        self._read_tallies([r.pupil_id for r in touched])
        for r in touched:
            self._model.replace_row(self._model.find(r.pupil_id), self._row(r))
        self._show_counts()
        self._show_side()

    # --- showing ---------------------------------------------------------------------------------------------------

    def _row(self, r: RegisterRow) -> Row:
        assert self._sheet is not None
        year = f"Y{r.year}" if r.year and r.year.isdigit() else r.year or ""
        cells: list[Cell] = [TextCell(r.name.full, year, kind="strong", initials=r.name.initials, may_elide=True)]
        for session in SESSIONS:
            shown = self._sheet.shown(r, session)
            cells.append(CodeCell(shown.text, shown.tone, said=shown.words) if shown else CodeCell(""))
        for i in range(self._lessons):
            score = r.scores[i] if i < len(r.scores) else None
            cells.append(ScoreCell(score, due=score is not None or self._sheet.rates(r, i)))
        tally = self._tallies.get(r.pupil_id)
        if tally is None or not tally.possible:
            cells += [
                TextCell("no sessions yet", kind="second", role="quiet", across="right"),
                TextCell(NOTHING, role="quiet", across="right"),
            ]
        else:
            cells += [
                TextCell(share_words(tally.attended, tally.possible), across="right"),
                TextCell(percent_words(tally.attended, tally.possible), role="quiet", across="right"),
            ]
        return Row(r.pupil_id, r.name.full, tuple(cells), tip=r.name.full)

    def _show_day(self) -> None:
        assert self._sheet is not None
        w, day = self._workspace, self._day
        calendar = w.facts.calendar
        half_term = calendar.half_term_of(day) if calendar else None
        title = f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
        parts = []
        if half_term is not None:
            weeks = calendar.weeks(half_term.first_day, day)
            parts.append(f"{half_term.name}, week {len(weeks)}" if weeks else half_term.name)
        if day != w.today:
            parts.append(f"{day.year}, {'yesterday' if day == w.today - timedelta(1) else words(day, weekday=True, year=False)}")
        self.set_title(title, " · ".join(parts))
        reveal(self._back, day != w.today)
        self._after.setEnabled(day < w.today)
        why = self._why_none()
        reveal(self._card, why is None)
        reveal(self._empty, why is not None)
        self._all.setEnabled(why is None and w.may_write)
        if why is not None:
            self._show_empty(why)
        self._show_counts()

    def _why_none(self) -> tuple[str, str, str] | None:
        """Title, sentence and action where there is no register to take."""
        assert self._sheet is not None
        w = self._workspace
        try:
            refuse_day(self._day, w.facts.calendar, w.today)
        except Refusal as e:
            return "No register today" if self._day == w.today else "No register on this day", e.sentence, "Go to the school day before"
        if not self._sheet.register.rows:
            name = next((g.name for g in self._groups if g.id == self._group), "")
            if name:
                return f"Nobody is in {name} on this day", "Put pupils into the group on their page, or choose another group.", ""
            return "No pupils on roll on this day", "Add a pupil, or bring in the list from your information system.", "Bring in pupils"
        return None

    def _show_empty(self, why: tuple[str, str, str]) -> None:
        if self._empty_state is not None:
            self._empty_state.hide()
            self._empty_state.deleteLater()
        title, sentence, action = why
        self._empty_state = EmptyState(title, sentence, action)
        if self._empty_state.action is not None:
            self._empty_state.action.clicked.connect(self._go_before if "day before" in action else self._go_to_import)
        self._empty.add(self._empty_state, 1)

    def _show_counts(self) -> None:
        assert self._sheet is not None
        narrow = self.fold() is Fold.NARROW
        for text, session in zip(self._counts, SESSIONS, strict=True):
            said = self._sheet.count(session).words
            text.setText(said[0] if narrow else " · ".join(said))

    def _session_now(self) -> str:
        assert self._sheet is not None
        return AM if self._sheet.count("PM").marked == 0 else "PM"

    def _show_side(self) -> None:
        assert self._sheet is not None
        session = self._session_now()
        self._fill(self._absent, Heading("Not in", sentence=f"{session}, {words(self._day, year=False)}"), self._absent_lines(session))
        self._fill(self._open, Heading("Registers not finished"), self._open_lines())

    def _absent_lines(self, session: str) -> list[QWidget]:
        assert self._sheet is not None
        lines: list[QWidget] = []
        away = self._sheet.not_in(session)
        for r, code in away:
            lines.append(Line(r.name.full, code.label, code.text))
        blanks = self._sheet.blanks(session)
        if not away and self._sheet.register.rows:
            lines.append(
                Text(
                    "Everybody who is marked is in." if blanks < len(self._sheet.register.rows) else "Nobody is marked yet.",
                    tone="quiet",
                    wrap=True,
                )
            )
        if blanks and self._sheet.register.rows:
            lines.append(MarkText("unjudged", f"{blanks} without a mark", "attention"))
        return lines

    def _open_lines(self) -> list[QWidget]:
        """The registers of the day that are not finished, and the count for the rail."""
        session = self._session_now()
        lines: list[QWidget] = []
        open_: list[str] = []
        unfinished = counted = 0
        for group in self._groups or (None,):
            shown = group is None or group.id == self._group
            sheet = self._sheet if shown else self._sheet_of(self._read(group.id))
            if sheet is None or not sheet.register.rows:
                continue
            counted += 1
            unfinished += sheet.blanks(AM) > 0
            count = sheet.count(session)
            if count.marked < count.due:
                name = group.name if group else "Everyone"
                open_.append(f"{name} {count.marked} of {count.due}")
        if open_:
            lines.append(Text(f"{session}: " + ", ".join(open_), wrap=True))
        if counted and not lines:
            lines.append(MarkText("tick", f"All {counted} {session} registers are finished", "gain"))
        open_today = self._day == self._workspace.today and self._why_none() is None
        if self._day == self._workspace.today:
            said = f"{unfinished} morning {'register is' if unfinished == 1 else 'registers are'} not finished"
            self._workspace.set_badge("today", unfinished if open_today else 0, said if open_today and unfinished else "")
        return lines

    def _fill(self, card: Card, heading: QWidget, lines: list[QWidget]) -> None:
        """Other content for a card of the side panel: a widget of its own, so that nothing of the old one is touched while it goes."""
        before = self._contents.get(id(card))
        content = QWidget()
        column = QVBoxLayout(content)
        space(column, gap=0.3)
        for widget in (heading, *lines):
            column.addWidget(widget)
        card.add(content)
        self._contents[id(card)] = content
        if before is not None:
            card.body.removeWidget(before)
            before.hide()
            before.deleteLater()

    def _go_to_first_blank(self) -> None:
        assert self._sheet is not None
        rows = self._sheet.register.rows
        for column, session in ((_AM, "AM"), (_PM, "PM")):
            for i, r in enumerate(rows):
                if self._sheet.number(r, session) is None:
                    self._view.go_to(i, column)
                    return
        if rows:
            self._view.go_to(0, _AM)

    # --- typing ----------------------------------------------------------------------------------------------------

    def _may_go_on(self, text: str, column: int) -> bool:
        return column < _LESSON and self._sheet is not None and self._sheet.goes_on(text)

    def _drafted(self, row: int, column: int, text: str) -> None:
        self._refuse("")
        self._model.cover(row, column, CodeCell(text.upper(), "none", said=f"{text.upper()}, not finished") if text else None)

    def _typed(self, row: int, column: int, text: str) -> None:
        assert self._sheet is not None
        r = self._sheet.register.rows[row]
        lesson = column - _LESSON
        place = f"lesson {lesson + 1}" if lesson >= 0 else "AM" if column == _AM else "PM"
        try:
            edits = self._sheet.rated(r, lesson, text) if lesson >= 0 else self._sheet.typed(r, place, text)
            self._model.cover(row, column, None)
            self._refuse("")
            if edits:
                self._workspace.do(Title.ENTER_ENGAGEMENT if lesson >= 0 else Title.TAKE_REGISTER, edits)
        except (Refusal, Trouble) as e:
            self._model.cover(row, column, CodeCell(text.upper()[:3], "none", wrong=True, said=e.sentence))
            self._refuse(f"{r.name.full}, {place}: {e.sentence}")
            QTimer.singleShot(0, self._return_to_refused)
            self._refused_at = (row, column)

    def _return_to_refused(self) -> None:
        self._view.stay(*self._refused_at)

    def _refuse(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        reveal(self._refusal, bool(sentence))

    def _mark_all(self) -> None:
        if self._sheet is None or self._why_none() is not None:
            return
        session = "PM" if self._view.currentIndex().column() == _PM else "AM"
        edits = self._sheet.all_present(session)
        if edits:
            self._workspace.attempt(Title.TAKE_REGISTER, edits)
        else:
            self._workspace.say(f"Every {session} mark is there already.", "done")

    def _show_codes(self) -> None:
        if self._sheet is None or self._why_none() is not None:
            return
        at = self._view.currentIndex()
        if at.column() >= _LESSON:
            self._show_scale()
            return
        dialog = CodesDialog(self._sheet, "PM" if at.column() == _PM else "AM", self)
        done = dialog.exec()
        chosen = dialog.chosen
        dialog.deleteLater()
        if done and chosen and at.isValid():
            self._typed(at.row(), at.column() if at.column() in (_AM, _PM) else _AM, chosen)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_scale(self) -> None:
        """What each point of the engagement scale looks like."""
        assert self._sheet is not None
        if self._sheet.engagement is None:
            return
        dialog = ScaleDialog(self._sheet, self)
        done = dialog.exec()
        chosen = dialog.chosen
        dialog.deleteLater()
        at = self._view.currentIndex()
        if done and chosen and at.isValid():
            self._typed(at.row(), at.column(), chosen)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- going -----------------------------------------------------------------------------------------------------

    def _group_chosen(self, key: str) -> None:
        self._group = None if key == _EVERYONE else int(key)
        self._read_all()

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

    def _show(self, day: date) -> None:
        self._day = day
        self._read_groups()
        self._read_all()

    def _day_changed(self, day: date) -> None:
        if self._day == self._shown_today:
            self._show(day)
        self._shown_today = day

    def _go_to_import(self) -> None:
        self._workspace.open_place("setting/data")

    def where(self) -> int | None:
        """Which day is shown, for Back."""
        return self._day.toordinal()

    def go(self, where: int | None) -> None:
        """Show a day again."""
        if where is not None and date.fromordinal(where) != self._day:
            self._show(date.fromordinal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # a code typed while nothing in particular has the focus belongs to the register
        text = event.text()
        if (
            text
            and text.isprintable()
            and not text.isspace()
            and not self._view.hasFocus()
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._view.keyPressEvent(event)
            return
        super().keyPressEvent(event)
