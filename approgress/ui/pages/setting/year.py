"""Setting: the school year, its half-terms and the closed days inside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.acts.calendar import missing_bank_holidays, put_bank_holidays
from approgress.domain.acts.setting import CLOSURES, HALF_TERM_NAMES, put_closure, put_half_term, remove
from approgress.domain.days import words
from approgress.domain.edits import Changes, Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, HalfTerm
from approgress.domain.school_year import Calendar, YearCount, newly_closed, school_year_of, school_year_words, year_counts
from approgress.domain.values import number
from approgress.ui.forms import show_dialog
from approgress.ui.forms.calendar import ClosureDialog, HalfTermDialog
from approgress.ui.forms.lists import CLOSURE_COLUMNS, TERM_COLUMNS, ListTable, at_left, span
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace


YEAR_COLUMNS = (
    Column("School year", least=7, stretch=2, sorts=False),
    Column("School days", "right", sorts=False),
    Column("Sessions", "right", said="sessions, two to a day", sorts=False),
    Column("Closed inside", stretch=3, sorts=False, drop=1),
)
CLOSED_WORDS = {"inset": ("INSET day", "INSET days"), "bank_holiday": ("bank holiday", "bank holidays"), "other": ("other day", "other days")}


def closed_words(year: YearCount) -> str:
    """'5 INSET days, 3 bank holidays'."""
    return ", ".join(f"{number(n)} {CLOSED_WORDS[sort][n != 1]}" for sort in CLOSED_WORDS if (n := year.closed.get(sort, 0))) or "nothing entered"


_CLOSED = "The whole school is closed: nobody is marked"


def left_words(sessions: int, on: int) -> str:
    """What a change of the calendar left behind: marks on days that are closed now, which have no register to clear them in."""
    marks = "1 mark was taken" if sessions == 1 else f"{number(sessions)} marks were taken"
    one = on == 1
    return (
        f"{marks} on {'this day' if one else 'these days'}; {'it still counts' if sessions == 1 else 'they still count'} in figures. "
        f"Where nobody was in: take the change back (Ctrl Z), clear the marks in {'the register' if one else 'the registers'}, and make it again."
    )


def closed_day_words(sessions: int) -> str:
    """What a closed day means: it is in no figure, unless marks stand on closed days."""
    own = "One pupil\u2019s absence is never #."
    if not sessions:
        return f"{_CLOSED}, and the day is in no figure. {own}"
    one = sessions == 1
    return (
        f"{_CLOSED} there any more. But {'1 mark stands' if one else f'{number(sessions)} marks stand'} on closed days, and still "
        f"{'counts' if one else 'count'} in figures. Where nobody was in: take the closed day out, clear the marks in the registers, and put it in again. {own}"
    )


class YearSection(Section):
    """Half-terms and closed days of all years, the newest first."""

    key = "year"
    name = "School year"
    sentence = "When pupils are in. Figures count only these days, so a wrong date changes them; undo brings the old one back."
    verb = "Add a half-term"
    short = "Half-term"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        years = Card("In numbers", aside="two sessions to a day")
        self.years = ListTable("School years", YEAR_COLUMNS)
        years.add(self.years)
        self.body.addWidget(years)
        terms = Card("Half-terms", aside="first and last day for pupils")
        self.terms = ListTable("Half-terms", TERM_COLUMNS, self.open_term)
        terms.add(self.terms)
        self.propose = Button("")
        self.propose.clicked.connect(self._propose)
        terms.add(at_left(self.propose))
        self.body.addWidget(terms)
        closed = Card("Closed days inside them", aside="code # in the register")
        self.closed_words = Text("", "second", "quiet", wrap=True)
        closed.add(self.closed_words)
        self.closures = ListTable("Closed days", CLOSURE_COLUMNS, self.open_closure)
        closed.add(self.closures)
        add = Button("Add closed days", icon="plus")
        add.clicked.connect(self.add_closure)
        self.holidays = Button("")
        self.holidays.clicked.connect(self._put_holidays)
        closed.add(at_left(add, self.holidays))
        self.body.addWidget(closed)
        self.body.addStretch(1)
        self._held_term: HalfTerm | None = None
        self._held_closure: Closure | None = None
        self.show_all()

    def show_all(self) -> None:
        """Shows what is held."""
        self._terms: list[HalfTerm] = sorted(self.every(HalfTerm), key=lambda t: t.first_day, reverse=True)
        self._closures: list[Closure] = sorted(self.every(Closure), key=lambda c: c.first_day, reverse=True)
        calendar = self._calendar()
        self._years = year_counts(calendar)
        self.closed_words.setText(closed_day_words(self._marks_on_closed(calendar)))
        self.years.rows.set_rows(
            [
                Row(
                    y.school_year,
                    school_year_words(y.school_year),
                    (
                        TextCell(school_year_words(y.school_year), kind="strong"),
                        TextCell(number(y.days), across="right"),
                        TextCell(number(y.sessions), across="right"),
                        TextCell(closed_words(y), role="quiet"),
                    ),
                )
                for y in self._years
            ]
        )
        reveal(self.years, bool(self._years))
        self.terms.rows.set_rows(
            [
                Row(
                    t,
                    t.name,
                    (
                        TextCell(t.name, school_year_words(school_year_of(t.first_day)), kind="strong"),
                        TextCell(words(t.first_day, weekday=True)),
                        TextCell(words(t.last_day, weekday=True)),
                        TextCell(str(len(calendar.school_days(t.first_day, t.last_day))), across="right"),
                    ),
                )
                for t in self._terms
            ]
        )
        self.closures.rows.set_rows(
            [
                Row(c, c.label, (TextCell(span(c.first_day, c.last_day)), TextCell(CLOSURES.get(c.sort, c.sort)), TextCell(c.label, role="quiet", may_elide=True)))
                for c in self._closures
            ]
        )
        self._next = max((school_year_of(t.first_day) for t in self._terms), default=school_year_of(self.workspace.today) - 1) + 1
        self.propose.setText(f"Put in the usual dates of {school_year_words(self._next)}")
        missing = len(self._missing())
        self.holidays.setText("Put in the bank holiday that is missing" if missing == 1 else f"Put in the {number(missing)} bank holidays that are missing")
        reveal(self.holidays, missing > 0)

    def _calendar(self) -> Calendar:
        return Calendar.of(self._terms, self._closures)

    def _marks_on_closed(self, calendar: Calendar) -> int:
        """How many sessions are marked on the closed days inside the half-terms."""
        from approgress.store.reads.attendance import marks_on

        closed = newly_closed(Calendar.of(self._terms, ()), calendar)
        return self.workspace.read(marks_on, self.workspace.facts.setting.id, closed)[0]

    def _missing(self) -> dict[date, str]:
        """The bank holidays of the years that are held, as a library that is kept knows them, which are not closed yet."""
        from approgress.school.proposed_year import bank_holidays

        if not self._terms:
            return {}
        found = bank_holidays(min(t.first_day for t in self._terms), max(t.last_day for t in self._terms))
        return missing_bank_holidays(found, self._terms, self._closures)

    def _put_holidays(self) -> None:
        missing = self._missing()

        def act(ids: NewIds) -> list[Edit]:
            return put_bank_holidays(ids, self.workspace.facts.setting.id, missing)

        before = self._calendar()
        if self.workspace.attempt(Title.CALENDAR, act, grow=False):
            named = ", ".join(f"{name} {words(day)}" for day, name in list(missing.items())[:3])
            more = f" and {number(len(missing) - 3)} more" if len(missing) > 3 else ""
            self._say_left(before, f"Put in: {named}{more}. Each can be changed by hand.")

    def _say_left(self, before: Calendar, done: str = "") -> None:
        """Says how many marks stand on days that a change has closed; they are kept."""
        from approgress.store.reads.attendance import marks_on

        self.show_all()  # the page itself is told a little later
        closed = newly_closed(before, self._calendar())
        sessions, on = self.workspace.read(marks_on, self.workspace.facts.setting.id, closed)
        if sessions:
            self.said.emit(f"{done} {left_words(sessions, on)}".strip(), "attention")
        elif done:
            self.said.emit(done, "done")

    def main(self) -> None:
        self._held_term = None
        year = max((school_year_of(t.first_day) for t in self._terms), default=school_year_of(self.workspace.today))
        taken = {t.name for t in self._terms if school_year_of(t.first_day) == year}
        name = next((n for n in HALF_TERM_NAMES if n not in taken), HALF_TERM_NAMES[0])
        show_dialog(HalfTermDialog(self._keep_term, today=self.workspace.today, name=name, parent=self))

    def open_term(self, row: int) -> None:
        """The dialog of a half-term."""
        t = self._held_term = self.terms.rows.row(row).key
        show_dialog(HalfTermDialog(self._keep_term, today=self.workspace.today, name=t.name, first=t.first_day, last=t.last_day, remove=self._remove_term, parent=self))

    def _keep_term(self, name: str, first: date | None, last: date | None) -> None:
        held, others = self._held_term, self._terms

        def act(ids: NewIds) -> list[Edit]:
            return put_half_term(ids, self.workspace.facts.setting.id, name, first, last, others=others, held=held)

        before = self._calendar()
        self.do(Title.CALENDAR, act)
        self._say_left(before)

    def _remove_term(self) -> None:
        assert self._held_term is not None
        before = self._calendar()
        self.do(Title.CALENDAR, remove(self._held_term))
        self._say_left(before)

    def add_closure(self) -> None:
        """The dialog of new closed days."""
        self._held_closure = None
        show_dialog(ClosureDialog(self._keep_closure, today=self.workspace.today, parent=self))

    def open_closure(self, row: int) -> None:
        """The dialog of closed days."""
        c = self._held_closure = self.closures.rows.row(row).key
        show_dialog(
            ClosureDialog(
                self._keep_closure,
                today=self.workspace.today,
                sort=c.sort,
                label=c.label,
                first=c.first_day,
                last=c.last_day,
                remove=self._remove_closure,
                parent=self,
            )
        )

    def _keep_closure(self, sort: str, label: str, first: date | None, last: date | None) -> None:
        held, terms = self._held_closure, self._terms

        def act(ids: NewIds) -> list[Edit]:
            return put_closure(ids, self.workspace.facts.setting.id, sort, label, first, last, half_terms=terms, held=held)

        before = self._calendar()
        self.do(Title.CALENDAR, act)
        self._say_left(before)

    def _remove_closure(self) -> None:
        assert self._held_closure is not None
        self.do(Title.CALENDAR, remove(self._held_closure))

    def _propose(self) -> None:
        from approgress.school.proposed_year import propose_year

        terms, closures = propose_year(self._next)
        year = school_year_words(self._next)

        def act(ids: NewIds) -> list[Edit]:
            edits: list[Edit] = []
            for t in terms:
                if any(t.first_day <= o.last_day and t.last_day >= o.first_day for o in self._terms):
                    raise Refusal(f"{t.name} of {year} would overlap a half-term that is there already. Nothing was put in.")
                edits.append(Put(HalfTerm(ids.other(), self.workspace.facts.setting.id, t.name, t.first_day, t.last_day)))
            edits += [Put(Closure(ids.other(), self.workspace.facts.setting.id, c.first_day, c.last_day, c.sort, c.label)) for c in closures]
            return edits

        if self.workspace.attempt(Title.CALENDAR, act, grow=False):
            self.said.emit(f"The usual dates of {year} were put in. Compare each with your own calendar; Ctrl Z takes them all back.", "done")

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"half_term", "closure", "mark"}:
            self.show_all()
