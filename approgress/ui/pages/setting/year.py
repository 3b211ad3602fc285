"""Setting: the school year, its half-terms and the closed days inside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.acts.setting import CLOSURES, HALF_TERM_NAMES, put_closure, put_half_term, remove
from approgress.domain.days import words
from approgress.domain.edits import Changes, Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Closure, HalfTerm
from approgress.domain.school_year import Calendar, school_year_of, school_year_words
from approgress.ui.forms import show_dialog
from approgress.ui.forms.calendar import ClosureDialog, HalfTermDialog
from approgress.ui.forms.lists import CLOSURE_COLUMNS, TERM_COLUMNS, ListTable, add_button, at_left, span
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.tables import Row, TextCell

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace


class YearSection(Section):
    """Half-terms and closed days of all years, the newest first."""

    key = "year"
    name = "School year"
    sentence = "When pupils are in. Figures count only these days, so a wrong date changes them; undo brings the old one back."
    verb = "Add a half-term"
    short = "Half-term"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        terms = Card("Half-terms", aside="first and last day for pupils")
        self.terms = ListTable("Half-terms", TERM_COLUMNS, self.open_term)
        terms.add(self.terms)
        self.propose = Button("")
        self.propose.clicked.connect(self._propose)
        terms.add(at_left(self.propose))
        self.body.addWidget(terms)
        closed = Card("Closed days inside them", aside="INSET, bank holidays")
        self.closures = ListTable("Closed days", CLOSURE_COLUMNS, self.open_closure)
        closed.add(self.closures)
        closed.add(add_button("Add closed days", self.add_closure))
        self.body.addWidget(closed)
        self.body.addStretch(1)
        self._held_term: HalfTerm | None = None
        self._held_closure: Closure | None = None
        self.show_all()

    def show_all(self) -> None:
        """Shows what is held."""
        self._terms: list[HalfTerm] = sorted(self.every(HalfTerm), key=lambda t: t.first_day, reverse=True)
        self._closures: list[Closure] = sorted(self.every(Closure), key=lambda c: c.first_day, reverse=True)
        calendar = Calendar.of(self._terms, self._closures)
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
            return put_half_term(ids, 1, name, first, last, others=others, held=held)

        self.do(Title.CALENDAR, act)

    def _remove_term(self) -> None:
        assert self._held_term is not None
        self.do(Title.CALENDAR, remove(self._held_term))

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
            return put_closure(ids, 1, sort, label, first, last, half_terms=terms, held=held)

        self.do(Title.CALENDAR, act)

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
                edits.append(Put(HalfTerm(ids.other(), 1, t.name, t.first_day, t.last_day)))
            edits += [Put(Closure(ids.other(), 1, c.first_day, c.last_day, c.sort, c.label)) for c in closures]
            return edits

        if self.workspace.attempt(Title.CALENDAR, act, grow=False):
            self.said.emit(f"The usual dates of {year} were put in. Compare each with your own calendar; Ctrl Z takes them all back.", "done")

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"half_term", "closure"}:
            self.show_all()
