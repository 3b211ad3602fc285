"""The tab of placements and contacts: details, time on roll, placements with their purpose, needs and statuses, contacts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts.pupils import PLACEMENTS, REGISTRATIONS, SEXES
from approgress.domain.days import age_on
from approgress.domain.records import Contact, Enrolment, Flag, Placement
from approgress.ui.forms.pupil_details import SYSTEMS, flag_words
from approgress.ui.pages.pupil.lists import ListCard, shortened
from approgress.ui.pages.pupil.seen import Seen
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Line
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid, SideBySide
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.page import PupilPage


class DetailsCard(Card):
    """Who the pupil is, as it is stored."""

    change_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Details", parent=parent)
        assert self.heading is not None
        self.change = Button("Change details", small=True, icon="pencil")
        self.change.clicked.connect(self.change_asked)
        self.heading.add(self.change)
        self.grid = CardGrid({Fold.WIDE: 4, Fold.MIDDLE: 3, Fold.NARROW: 2}, gap=0.8, least=9)
        self.add(self.grid)
        self.doubt = Text("", "second", "attention", wrap=True)
        self.add(self.doubt)
        self._shown: object = None

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read; with names hidden neither names nor numbers."""
        lines = details_of(seen)
        if lines == self._shown:
            return
        self._shown = lines
        self.grid.clear()
        for title, value in lines:
            self.grid.add(Line(value, title))
        doubts = [f"{SYSTEMS.get(i.system, i.system)}: {i.doubt}" for i in seen.records.identifiers if i.doubt and not seen.hidden]
        self.doubt.setText(" ".join(doubts))
        reveal(self.doubt, bool(doubts))


def details_of(seen: Seen) -> list[tuple[str, str]]:
    """What is stored of who the pupil is, as (what, value)."""
    r, d = seen.records, seen.dossier
    found: list[tuple[str, str]] = [("Code where names are off", r.pupil.code)]
    if not seen.hidden:
        for name in r.names:
            if name.use == "former":
                continue
            text = " ".join(p for p in (name.forename, name.middle, name.surname) if p)
            found.append(("Legal name" if name.use == "legal" else "Known as", text))
    born = r.pupil.born
    found.append(("Date of birth", f"{days.words(born)}, {age_on(born, seen.today)} years" if born else "not entered"))
    found.append(("Sex", SEXES.get(r.pupil.sex or "", "not entered")))
    found.append(("Pronouns", (r.pupil.pronouns or "none: the name is used") if not seen.hidden else "hidden"))
    found.append(("Year group", d.header.year or "not entered"))
    found.append(("Group", d.header.group or "none"))
    found.append(("Home school", d.header.home_school or "none"))
    if not seen.hidden:
        found += [(SYSTEMS.get(i.system, i.system), i.value) for i in r.identifiers]
    return found


class PlacementsTab(QWidget):
    """Shows why and since when a pupil is here, and who belongs to them."""

    def __init__(self, page: PupilPage) -> None:
        super().__init__()
        self._page = page
        column = QVBoxLayout(self)
        space(column, gap=0.8)
        self.details = DetailsCard()
        self.details.change_asked.connect(self._change_details)
        column.addWidget(self.details)
        self.placements = ListCard(
            "Placements",
            (
                Column("Kind"),
                Column("First day"),
                Column("End", sorts=False),
                Column("Purpose", stretch=3, least=9, sorts=False),
                Column("Home school", stretch=1, sorts=False, drop=1),
                Column("Commissioner", sorts=False, drop=3),
                Column("A week", "right", sorts=False, drop=2),
            ),
            add="Placement",
            empty="No placement yet. Add one with its purpose: what should be different when it ends?",
        )
        self.rolls = ListCard(
            "Time on roll",
            (Column("From"), Column("To", sorts=False), Column("Registration", stretch=1, sorts=False), Column("Reason, where to", stretch=1, sorts=False, drop=1)),
            sentence="Open it to end it when the pupil leaves.",
            empty="No time on roll yet. Enter the first day under Change details.",
        )
        self.flags = ListCard(
            "Needs and statuses",
            (Column("What", stretch=2, least=8, sorts=False), Column("Since"), Column("Until", sorts=False), Column("Detail", stretch=1, sorts=False, drop=1)),
            sentence="Open one to end it; it stays for every day before.",
            add="Need or status",
            empty="Nothing is entered.",
        )
        self.contacts = ListCard(
            "Contacts",
            (
                Column("Name", stretch=2, least=8, sorts=False),
                Column("Phone, email", stretch=2, sorts=False),
                Column("Address", stretch=2, sorts=False, drop=1),
                Column("What they may have", stretch=3, least=8, sorts=False),
            ),
            sentence="Letters and reports obey what is ticked here.",
            add="Contact",
            empty="No contact yet. Add who is called first, and who may receive reports.",
        )
        column.addWidget(self.placements)
        column.addWidget(SideBySide((self.rolls, 1), (self.flags, 1), stack_at=Fold.MIDDLE))
        column.addWidget(self.contacts)
        column.addStretch(1)
        for card, kind in ((self.placements, "placement"), (self.rolls, "roll"), (self.flags, "flag"), (self.contacts, "contact")):
            card.setProperty("kind", kind)
            card.add_asked.connect(self._add)
            card.opened.connect(self._open)

    def show_seen(self, seen: Seen) -> None:
        """Shows a pupil as just read."""
        r = seen.records
        self.details.show_seen(seen)
        self.placements.show_rows([_placement_row(p, seen) for p in sorted(r.placements, key=lambda p: (p.first_day, p.id), reverse=True)])
        self.rolls.show_rows([_roll_row(e) for e in sorted(r.enrolments, key=lambda e: (e.first_day or date.min, e.id), reverse=True)])
        flags = sorted(r.flags, key=lambda f: (f.last_day is not None, f.sort, f.rank or 9, f.id))
        self.flags.show_rows([_flag_row(f, seen) for f in flags])
        self.contacts.show_rows([_contact_row(c, seen) for c in sorted(r.contacts, key=lambda c: (c.rank or 99, c.id))])

    def _change_details(self) -> None:
        self._page.change("details", None)

    def _add(self) -> None:
        self._page.add(self.sender().property("kind"))

    def _open(self, key: object) -> None:
        self._page.change(self.sender().property("kind"), key)


def _placement_row(p: Placement, seen: Seen) -> Row:
    partners = seen.facts.partners
    school = partners.get(p.partner_id) if p.partner_id is not None else None
    payer = partners.get(p.commissioner_id) if p.commissioner_id is not None else None
    end = days.words(p.last_day) if p.last_day else f"planned {days.words(p.planned_end)}" if p.planned_end else "open"
    said = "; ".join(t for t in (p.objectives or "", f"Outcome: {p.outcome}" if p.outcome else "") if t)
    return Row(
        p.id,
        f"{PLACEMENTS.get(p.sort, p.sort)} from {days.words(p.first_day)}",
        (
            TextCell(PLACEMENTS.get(p.sort, p.sort), kind="strong"),
            TextCell(days.words(p.first_day)),
            TextCell(end, role="quiet" if p.last_day is None else "ink"),
            TextCell(shortened(p.purpose), shortened(said), wrap=True, below=True),
            TextCell(school.name if school else "", wrap=True),
            TextCell(payer.name if payer else "", wrap=True),
            TextCell(f"{p.sessions_a_week} of 10" if p.sessions_a_week else "", across="right"),
        ),
        sort=(p.sort, p.first_day, None, None, None, None, None),
    )


def _roll_row(e: Enrolment) -> Row:
    where = ", ".join(t for t in (e.leaving_reason or "", e.destination or "") if t)
    return Row(
        e.id,
        f"on roll from {days.words(e.first_day) or 'an unknown day'}",
        (
            TextCell(days.words(e.first_day) or "not known", kind="strong"),
            TextCell(days.words(e.last_day) or "on roll", role="ink" if e.last_day else "quiet"),
            TextCell(REGISTRATIONS.get(e.registration or "", "not entered"), wrap=True),
            TextCell(where, wrap=True),
        ),
        sort=(e.first_day or date.min, None, None, None),
    )


def _flag_row(f: Flag, seen: Seen) -> Row:
    over = f.last_day is not None and f.last_day < seen.today
    text = flag_words(f) + (f", need {f.rank}" if f.sort == "need" and f.rank else "")
    return Row(
        f.id,
        text,
        (
            TextCell(text, kind="body" if over else "strong", role="quiet" if over else "ink", wrap=True),
            TextCell(days.words(f.first_day) or "not known"),
            TextCell(days.words(f.last_day)),
            TextCell(f.detail or "", wrap=True),
        ),
        sort=(None, f.first_day or date.min, None, None),
    )


def _contact_row(c: Contact, seen: Seen) -> Row:
    hidden = seen.hidden
    may = [
        words
        for words, yes in (
            ("parental responsibility", c.parental_responsibility),
            ("lives with", c.lives_with),
            ("may receive reports", c.may_receive_reports),
        )
        if yes
    ]
    if c.must_not_contact:
        may = ["must not be contacted", *may]
    if c.court_order:
        may.append(f"court order: {c.court_order}")
    address = "confidential" if c.address_confidential else c.address or ""
    return Row(
        c.id,
        "contact" if hidden else c.name,
        (
            TextCell("[name]" if hidden else c.name, c.relationship or "", kind="strong", below=True, wrap=True),
            TextCell("" if hidden else " · ".join(t for t in (c.phone or "", c.email or "") if t), wrap=True),
            TextCell("" if hidden else address, wrap=True, role="quiet" if c.address_confidential else "ink"),
            TextCell(", ".join(may), role="decline" if c.must_not_contact else "ink", mark="decline" if c.must_not_contact else "", wrap=True),
        ),
    )
