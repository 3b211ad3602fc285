"""The tab of attendance: both figures before and since, why not here, the rules that are watching, every session of a year, half-terms, weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.agreed import AGREED_LABEL, POSSIBLE_LABEL, Milestone, TwoFigures, Watch, certificate_words
from approgress.domain.dossier import Stretch
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.pupil_attendance import LATEST, PupilAttendance, elsewhere_words, pupil_attendance, timetable_words
from approgress.domain.strands import ABOUT_WORDS
from approgress.domain.values import NOTHING, number, percent_words, share_words
from approgress.ui.pages.pupil.lists import ListCard
from approgress.ui.pages.pupil.pieces import FromTo, Rows
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button, MenuButton
from approgress.ui.parts.cards import Card
from approgress.ui.parts.figure_view import FigureCard
from approgress.ui.parts.fold import Fold, fold_of
from approgress.ui.parts.labels import Chip, Text
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.painting import draw_mark
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.parts.year_view import YearView
from approgress.ui.theme import h, measure, reveal, space

if TYPE_CHECKING:
    from approgress.domain.school_year import Calendar
    from approgress.ui.pages.pupil.page import PupilPage


WEEKS = 40
"""How many weeks are listed, newest first."""


def _columns(first: str, part_time: bool, statutory: bool) -> tuple[Column, ...]:
    """The columns of half-terms and weeks: both figures with their labels where there is a part-time timetable."""
    found = [Column(first, stretch=2, least=6, sorts=False), Column("Possible\nsessions" if statutory else "Sessions\noffered", "right", sorts=False)]
    if statutory:
        found.append(Column(POSSIBLE_LABEL.replace(" ", "\n"), "right", sorts=False))
    if part_time:
        found.append(Column("Agreed\nsessions", "right", sorts=False))
        if statutory:
            found.append(Column("not the\nDfE measure", "right", sorts=False, said=AGREED_LABEL))
    return (
        *found,
        Column("Author-\nised", "right", sorts=False, drop=2, said="Authorised"),
        Column("Unauthor-\nised", "right", sorts=False, drop=3, said="Unauthorised"),
        Column("Late", "right", sorts=False, drop=1),
    )


def _row(two: TwoFigures, name: str, part_time: bool, statutory: bool, *, strong: bool = False) -> Row:
    t, a = two.tally, two.agreed
    cells = [share_words(t.attended, t.possible)]
    if statutory:
        cells.append(percent_words(t.attended, t.possible))
    if part_time:
        cells.append(share_words(a.attended, a.asked) if a is not None else NOTHING)
        if statutory:
            cells.append(percent_words(a.attended, a.asked) if a is not None else NOTHING)
    cells += [number(t.authorised), number(t.unauthorised), NOTHING if t.late is None else number(t.late)]
    percents = (1, 3) if part_time else (1,)
    kinds = ["strong" if strong or (statutory and n in percents) else "body" for n in range(len(cells))]
    return Row(
        name,
        name,
        (TextCell(name, kind="strong"), *(TextCell(text, kind=kind, across="right") for text, kind in zip(cells, kinds, strict=True))),
    )


class _Mark(QWidget):
    """A disc for a rule that is only watching, a triangle for one that is reached."""

    def __init__(self, reached: bool) -> None:
        super().__init__()
        self._reached = reached
        measure(self, width=0.8, height=1.05)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shape, role = ("gain", "attention") if self._reached else ("none", "quiet")
        draw_mark(painter, shape, QPointF(h(0.33), self.height() / 2), h(0.55), role)
        painter.end()


def _rule_line(watch: Watch) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, gap=0.2)
    row.addWidget(_Mark(watch.reached), 0, Qt.AlignmentFlag.AlignTop)
    words = Text(watch.sentence, "second_strong" if watch.reached else "second", "attention" if watch.reached else "", wrap=True)
    words.setToolTip(watch.source)
    words.setAccessibleName(f"{watch.sentence}{' (reached)' if watch.reached else ''}. {watch.source}")
    row.addWidget(words, 1)
    return box


def _why_line(one: tuple[str, int]) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, gap=0.5)
    row.addWidget(Text(one[0], "second", wrap=True), 1)
    row.addWidget(Text(number(one[1]), "second_strong", across="right"))
    return box


def _stone_line(stone: Milestone) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    space(row, 0, 0.25, 0, 0.25, 0.6)
    reached = stone.day is not None
    when = Text(days.words(stone.day) if reached else "not yet", "second_strong" if reached else "second", "" if reached else "quiet")
    measure(when, width=5.6)
    row.addWidget(when)
    row.addWidget(Text(stone.words, "second", "" if reached else "quiet", wrap=True), 1)
    return box


class AttendanceTab(QWidget):
    """Shows a pupil's attendance."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        self._seen: Seen | None = None
        self._year = LATEST
        self.shown: PupilAttendance | None = None
        column = QVBoxLayout(self)
        space(column, gap=0.7)
        self._column = column

        self.possible = Card("Of possible sessions")
        assert self.possible.heading is not None
        self.possible_label = Chip(POSSIBLE_LABEL)
        self.possible.heading.add(self.possible_label)
        self.possible_figure = FromTo("", "", kind="figure")
        self.sign = Text("", "second_strong", wrap=True)
        self.possible_counts = Text("", "second", "quiet", wrap=True)
        line = QHBoxLayout()
        space(line, gap=0.6)
        line.addWidget(self.possible_figure)
        line.addWidget(self.sign, 1)
        self.possible.add_layout(line)
        self.possible.add(self.possible_counts)
        self.no_final = Text("", "second", "attention", wrap=True)
        self.possible.add(self.no_final)
        self.possible.body.addStretch(1)

        self.agreed = Card("Of agreed sessions")
        assert self.agreed.heading is not None
        self.agreed.heading.add(Chip(AGREED_LABEL, "attention"))
        self.agreed_figure = FromTo("", "", kind="figure")
        self.agreed.add(self.agreed_figure)
        self.agreed_counts = Text("", "second", "quiet", wrap=True)
        self.agreed.add(self.agreed_counts)
        self.change_button = Button("Change timetable", small=True)
        self.change_button.clicked.connect(self.change_timetable)
        foot = QHBoxLayout()
        space(foot)
        foot.addWidget(self.change_button)
        foot.addStretch(1)
        self.agreed.add_layout(foot)
        self.agreed.body.addStretch(1)

        self.why = Card("Not here, and why")
        self._why_rows = Rows(_why_line, rules=False, gap=0.1)
        self.why.add(self._why_rows)
        self.why.add_rule()
        self.why_of = Text("", "second", "quiet", wrap=True)
        self.why.add(self.why_of)
        self.why.body.addStretch(1)

        self.rules = Card("Rules that are watching")
        self._rule_rows = Rows(_rule_line, rules=False, gap=0.15)
        self.rules.add(self._rule_rows)
        self.rules.body.addStretch(1)

        first = SideBySide((self.possible, 5), (self.agreed, 5), stack_at=Fold.NARROW, gap=0.6)
        second = SideBySide((self.why, 4), (self.rules, 5), stack_at=Fold.NARROW, gap=0.6)
        column.addWidget(SideBySide((first, 10), (second, 9), stack_at=Fold.MIDDLE, gap=0.6))

        self.year = FigureCard()
        assert self.year.heading is not None
        self.years = MenuButton((), name="Which year", small=True)
        self.years.chosen.connect(self.show_year)
        self.year.heading.add(self.years)
        self.print_button = Button("Print year", icon="printer", small=True)
        self.print_button.clicked.connect(self.print_year)
        self.year.heading.add(self.print_button)
        self.year.put_view(lambda card: YearView(card))  # after what stands above it, as Tab goes
        column.addWidget(self.year)

        self.stones = Card("Milestones", aside=" ")
        self._stone_rows = Rows(_stone_line, gap=0)
        self.stones.add(self._stone_rows)
        self.no_stones = Text("", "second", "quiet", wrap=True)
        self.stones.add(self.no_stones)
        self.certificate_button = Button("Certificate", icon="star", small=True)
        self.certificate_button.clicked.connect(self.print_certificate)
        below = QHBoxLayout()
        space(below, top=0.3)
        below.addWidget(self.certificate_button)
        below.addStretch(1)
        self.stones.add_layout(below)
        self.stones.body.addStretch(1)
        self._shape: tuple[bool, bool] | None = None
        self._lists = QVBoxLayout()
        space(self._lists)
        column.addLayout(self._lists)
        self.half_terms: ListCard
        self.weeks: ListCard
        self._lists_row: QWidget | None = None

        self.timetables = ListCard(
            "Part-time timetables",
            (
                Column("When", stretch=2, least=8, sorts=False),
                Column("Agreed sessions", stretch=3, least=8, sorts=False),
            ),
            add="Part-time timetable",
            empty="No part-time timetable.",
        )
        self.timetables.opened.connect(lambda key: self._page.change("timetable", key))
        self.timetables.add_asked.connect(self.add_timetable)
        self.elsewhere = ListCard(
            "Sessions elsewhere",
            (
                Column("Where", stretch=3, least=7, sorts=False),
                Column("Sessions", stretch=2, least=6, sorts=False),
                Column("When", stretch=2, least=5, sorts=False, drop=1),
            ),
            add="Sessions elsewhere",
            empty="All sessions are here.",
        )
        self.elsewhere.opened.connect(lambda key: self._page.change("elsewhere", key))
        self.elsewhere.add_asked.connect(lambda: self._page.add("elsewhere"))
        patterns = QWidget()
        right = QVBoxLayout(patterns)
        space(right, gap=0.7)
        right.addWidget(self.timetables)
        right.addWidget(self.elsewhere)
        right.addStretch(1)
        self._weeks = QVBoxLayout()
        space(self._weeks)
        left = QWidget()
        left.setLayout(self._weeks)
        column.addWidget(SideBySide((left, 3), (patterns, 2), stack_at=Fold.MIDDLE, gap=0.7))
        column.addStretch(1)

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        if self._seen is None or self._seen.pupil_id != seen.pupil_id:
            self._year = LATEST
        self._seen = seen
        p = self.shown = pupil_attendance(seen.records, seen.facts, seen.dossier, year=self._year)
        self._show_possible(p)
        self._show_agreed(p)
        self._why_rows.set_rows(p.why)
        late = f"; {p.late.sentence[:1].lower()}{p.late.sentence[1:]}" if p.late is not None else ""
        self.why_of.setText(f"of {number(p.of)} sessions since day 0{late}" if p.of else "No possible session yet.")
        self._rule_rows.set_rows(p.rules)
        reveal(self.rules, bool(p.rules))
        self._show_year(p)
        self._make_lists(p.part_time, p.statutory)
        self.half_terms.show_rows(self._half_term_rows(p))
        self.weeks.show_rows([_row(w, w.name.removeprefix("week of "), p.part_time, p.statutory) for w in reversed(p.weeks)][:WEEKS])
        self._show_stones(p)
        self._show_patterns(seen)

    def _show_possible(self, p: PupilAttendance) -> None:
        assert self.possible.heading is not None and self._seen is not None
        d = self._seen.dossier
        a = d.attendance
        self.possible.heading.title.setText("Of possible sessions" if p.statutory else "Of sessions offered")
        reveal(self.possible_label, p.statutory)
        before = p.left if p.left is not None and p.left.tally.possible else None
        self.possible_figure.set(_figure(before, p.statutory) if before else "", _figure(p.right, p.statutory))
        self.sign.setText(a.sign.words if before and p.right.tally.possible else "")
        said = [f"{share_words(s.tally.attended, s.tally.possible)} {words}" for s, words in ((before, "before"), (p.right, "since")) if s is not None]
        counts = ", ".join(said)
        if before is not None and p.right is not a.since:
            counts += ", over as long a time"
        counts += "."
        if ABOUT_WORDS in a.sign.rest:
            counts += f" About the same: {ABOUT_WORDS}."
        if before is not None and before.stated_by:
            counts += f" Before: {before.stated_by}."
        elif before is None:
            counts += " Before is not known: ask the home school."
        if p.right is not a.since and a.since.tally.possible:
            counts += f" In all since {days.words(a.since.first_day)}: {share_words(a.since.tally.attended, a.since.tally.possible)}"
            counts += f" ({percent_words(a.since.tally.attended, a.since.tally.possible)})." if p.statutory else "."
        if p.part_time and p.statutory:
            counts += " Part-time (C2) counts as absence."
        self.possible_counts.setText(counts)
        n = p.not_final
        self.no_final.setText(f"{n} {'mark is' if n == 1 else 'marks are'} N: no reason yet, so this may still change." if n else "")
        reveal(self.no_final, bool(n))

    def _show_agreed(self, p: PupilAttendance) -> None:
        a = p.agreed
        reveal(self.agreed, a is not None)
        if a is None:
            return
        shown = percent_words(a.attended, a.asked) if p.statutory else share_words(a.attended, a.asked)
        self.agreed_figure.set("", shown)
        words = f"{share_words(a.attended, a.asked)} sessions that the timetable asked for"
        if p.agreed_from is not None:
            words += f" since {days.words(p.agreed_from)}"
        parts = [f"{words}.", p.agreed_before, a.apart]
        if a.unmarked:
            parts.append(f"{number(a.unmarked)} agreed {'session has' if a.unmarked == 1 else 'sessions have'} no mark.")
        self.agreed_counts.setText(" ".join(part for part in parts if part))
        reveal(self.change_button, p.timetable is not None)
        self.change_button.setEnabled(self._page.workspace.may_write)

    def _show_year(self, p: PupilAttendance) -> None:
        if self.year.figure() != p.figure:
            self.year.set_figure(p.figure)
        self.years.set_options(p.years, p.year)
        reveal(self.years, len(p.years) > 1)

    def _make_lists(self, part_time: bool, statutory: bool) -> None:
        """Makes the lists of half-terms and weeks with the columns that this pupil and this setting have."""
        if self._shape == (part_time, statutory):
            return
        self._shape = (part_time, statutory)
        if self._lists_row is not None:
            self.stones.setParent(self)  # or it would go with the row
            self._lists.removeWidget(self._lists_row)
            self._weeks.removeWidget(self.weeks)
            for gone in (self._lists_row, self.weeks):
                gone.hide()
                gone.deleteLater()
        self.half_terms = ListCard("Half-terms", _columns("Half-term", part_time, statutory), empty="No half-term of this stay has a mark yet.", opens=False)
        self.weeks = ListCard("Weeks", _columns("Week of", part_time, statutory), empty="No week of this stay has a mark yet.", opens=False)
        row = SideBySide((self.half_terms, 3), (self.stones, 1), stack_at=Fold.MIDDLE)
        self._lists_row = row
        self._lists.addWidget(row)
        self._weeks.addWidget(self.weeks)
        if self.isVisible():
            row.set_fold(fold_of(self))
        self._order_tabs()

    def _order_tabs(self) -> None:
        """The two lists are made later than what stands below them; Tab goes through them where they stand."""
        before = self.year.view
        for widget in (
            self.half_terms.table, self.certificate_button, self.weeks.table,
            self.timetables.add_button, self.timetables.table, self.elsewhere.add_button, self.elsewhere.table,
        ):
            if widget is not None:
                QWidget.setTabOrder(before, widget)
                before = widget

    def _half_term_rows(self, p: PupilAttendance) -> list[Row]:
        assert self._seen is not None
        calendar = self._seen.facts.calendar
        halves = [_row(t, _half_name(t, p.half_terms, calendar), p.part_time, p.statutory) for t in reversed(p.half_terms)]
        if not halves:
            return []
        found = [_row(p.since, "Since day 0", p.part_time, p.statutory, strong=True), *halves]
        if p.left is not None and p.left.tally.possible:
            before = TwoFigures("before", p.left.first_day, p.left.last_day, p.left.tally, None)
            found.append(_row(before, f"Before, {p.left.stated_by}" if p.left.stated_by else "Before", p.part_time, p.statutory))
        return found

    def _show_stones(self, p: PupilAttendance) -> None:
        assert self._seen is not None and self.stones.heading is not None
        began = self._seen.dossier.stay.began
        self.stones.heading.set("Milestones", "", f"since {days.words(began)}" if began else "")
        self._stone_rows.set_rows(p.milestones)
        self.no_stones.setText("" if p.milestones else "No milestone yet: they come with the first marks.")
        reveal(self.no_stones, not p.milestones)
        reveal(self.certificate_button, self._seen.facts.setting.certificates and any(certificate_words(m) for m in p.milestones))

    def _show_patterns(self, seen: Seen) -> None:
        r, setting = seen.records, seen.facts.setting.id
        rows: list[Row] = []
        for t in sorted((t for t in r.timetables if t.setting_id == setting), key=lambda t: (t.first_day, t.id), reverse=True):
            when, sessions, state = timetable_words(t, r.timetable_steps, r.timetable_reviews, seen.today)
            said = f"{sessions}. {state[:1].upper()}{state[1:]}." if state else f"{sessions}."
            rows.append(Row(t.id, when, (TextCell(when, kind="strong", wrap=True), TextCell(said, wrap=True)), tip=t.reason))
        self.timetables.show_rows(rows)
        others = sorted((e for e in r.elsewhere if e.setting_id == setting), key=lambda e: (e.first_day or seen.today, e.id), reverse=True)
        found: list[Row] = []
        for e in others:
            where, which, when = elsewhere_words(e, seen.facts)
            found.append(Row(e.id, where, (TextCell(where, kind="strong", wrap=True), TextCell(which, wrap=True), TextCell(when, wrap=True))))
        self.elsewhere.show_rows(found)
        for card in (self.timetables, self.elsewhere):
            if card.add_button is not None:
                card.add_button.setEnabled(self._page.workspace.may_write)

    # --- asking ----------------------------------------------------------------------------------------------------

    def show_year(self, year: str) -> None:
        """Shows another year of sessions: LATEST, or the calendar year in which a school year begins."""
        self._year = year
        if self._seen is not None:
            self.shown = pupil_attendance(self._seen.records, self._seen.facts, self._seen.dossier, year=year)
            self._show_year(self.shown)

    def change_timetable(self) -> None:
        """Opens the part-time timetable that is in force."""
        if self.shown is not None and self.shown.timetable is not None:
            self._page.change("timetable", self.shown.timetable.id)

    def add_timetable(self) -> None:
        """Opens the form of a new part-time timetable, or the one that is in force, since there is only one at a time."""
        if self.shown is not None and self.shown.timetable is not None:
            self.change_timetable()
        else:
            self._page.add("timetable")

    def print_year(self) -> None:
        """Opens the form that prints the year that is shown."""
        if self._seen is None or self.shown is None:
            return
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.print_year import PrintYearDialog

        show_dialog(PrintYearDialog(self._page.workspace, self._seen.pupil_id, self.shown.years, self._year, parent=self))


    def print_certificate(self) -> None:
        """Asks for a folder and writes the pupil's own certificate for the longest run there."""
        if self._seen is None:
            return
        workspace = self._page.workspace
        if workspace.names_hidden:
            workspace.say("Names are hidden, and a certificate bears the name. Show names first (F8).")
            return
        from approgress.school.year_print import print_certificate
        from approgress.ui.ask import ask_folder
        from approgress.ui.forms.print_year import documents

        folder = ask_folder(self, "Where to save the certificate", documents())
        if folder is None:
            return
        try:
            path = print_certificate(workspace.school, self._seen.pupil_id, folder, free_name=True)
        except (Refusal, Trouble) as e:
            workspace.say(e.sentence, "error" if isinstance(e, Trouble) else "attention")
            return
        workspace.say(f"{path.name} is saved in {path.parent}.", "done")


def _figure(s: Stretch, statutory: bool) -> str:
    if not s.tally.possible:
        return NOTHING
    return percent_words(s.tally.attended, s.tally.possible) if statutory else share_words(s.tally.attended, s.tally.possible)


def _half_name(two: TwoFigures, all_of_them: Sequence[TwoFigures], calendar: Calendar) -> str:
    """'Autumn 1 2025', with its year where another of that name stands in the list; 'Autumn 2, to 24 Nov' where it has not ended."""
    assert two.first_day is not None and two.last_day is not None
    again = sum(t.name == two.name for t in all_of_them) > 1
    name = f"{two.name} {two.first_day.year}" if again else two.name
    term = calendar.half_term_of(two.first_day)
    return f"{name}, to {days.words(two.last_day, year=False)}" if term is not None and two.last_day < term.last_day else name
