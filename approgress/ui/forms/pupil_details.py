"""The forms of who a pupil is and why they are here: adding and mending, placement, leaving, needs and statuses, contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from approgress.domain.acts import pupils as acts
from approgress.domain.acts.pupils import PLACEMENTS, REGISTRATIONS, SEXES, PlacementForm, PupilForm, PupilRows
from approgress.domain.days import words
from approgress.domain.edits import Edit, Erase, NewIds, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.identifiers import check_upn
from approgress.domain.records import Contact, Enrolment, Flag, Placement
from approgress.domain.school_year import YEARS, year_words
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Heading
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, NoteField, NumberField, TextField, TickField

if TYPE_CHECKING:
    from approgress.domain.dossier import PupilRecords, SchoolFacts
    from approgress.ui.workspace import Workspace

PRONOUNS: Final = (("she/her", "she, her"), ("he/him", "he, him"), ("they/them", "they, them"))
REASONS: Final = (
    "Returned to mainstream school",
    "Moved to another school",
    "Moved to further education, training or work",
    "Moved out of the area",
    "Home education",
    "Other",
)
SYSTEMS: Final = {"upn": "UPN", "former_upn": "Former UPN", "uln": "ULN", "number": "School’s own number"}
FLAGS: Final = (
    ("sen", "SEN support or EHC plan"),
    ("need", "Type of need"),
    ("care", "In care (looked after)"),
    ("previously_looked_after", "Previously in care"),
    ("pupil_premium", "Pupil premium"),
    ("fsm", "Free school meals"),
    ("young_carer", "Young carer"),
    ("eal", "English as an additional language"),
    ("social_work", "Social work"),
    ("service_child", "Service child"),
)
_VALUES: Final = {
    "sen": (("K", "SEN support"), ("E", "EHC plan")),
    "need": (
        ("SEMH", "Social, emotional and mental health"),
        ("ASD", "Autism"),
        ("SLCN", "Speech, language and communication"),
        ("SPLD", "Specific learning difficulty"),
        ("MLD", "Moderate learning difficulty"),
        ("SLD", "Severe learning difficulty"),
        ("PMLD", "Profound and multiple learning difficulty"),
        ("HI", "Hearing"),
        ("VI", "Vision"),
        ("MSI", "Multi-sensory"),
        ("PD", "Physical disability"),
        ("OTH", "Other"),
    ),
    "social_work": (("cin", "Child in need"), ("cp", "Child protection plan"), ("early_help", "Early help")),
}


def flag_words(flag: Flag) -> str:
    """'EHC plan', 'Type of need: Autism', 'Pupil premium'."""
    values = dict(_VALUES.get(flag.sort, ()))
    sort = dict(FLAGS).get(flag.sort, flag.sort)
    if flag.sort == "sen":
        return values.get(flag.value, f"SEN {flag.value}")
    return f"{sort}: {values.get(flag.value, flag.value)}" if flag.sort in _VALUES else sort


def partners_of(facts: SchoolFacts, sorts: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Home schools and others as options."""
    wanted = set(sorts)
    found = [p for p in facts.partners.values() if not wanted or p.sort in wanted]
    return [(str(p.id), p.name) for p in sorted(found, key=lambda p: p.name.casefold())]


def number_of(key: str) -> int | None:
    """The id that an option's key stands for, None for nothing chosen."""
    return int(key) if key else None


def rows_of(records: PupilRecords) -> PupilRows:
    """The rows that the form of a pupil speaks of."""
    r = records
    return PupilRows(r.pupil, r.names, r.years, r.identifiers, r.enrolments, r.memberships, r.home_schools)


def may_narrow(*fields: ChoiceField) -> None:
    """Lets choices with long options be narrower than the longest, as large text on a small screen asks for."""
    for field in fields:
        field.box.setSizeAdjustPolicy(field.box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)


class RecordDialog(FormDialog):
    """A form of one record, which may be there already: then a button at the foot takes it out, and undo brings it back."""

    take_out_title: Title = Title.CHANGE_PUPIL

    def __init__(self, workspace: Workspace, held: object, title: str, sentence: str = "", *, verb: str, width: float = 34, parent: QWidget | None = None) -> None:
        super().__init__(title, sentence, verb=verb, width=width, parent=parent)
        self.workspace = workspace
        self.held = held

    def offer_take_out(self, words: str = "Take out") -> None:
        """Puts the button there."""
        button = Button(words, kind="danger")
        button.clicked.connect(self.take_out)
        self.add_button(button)
        self.take_out_button = button

    def take_out(self) -> None:
        """Takes the record out and closes; a refusal is shown in the dialog."""
        try:
            self.workspace.do(self.take_out_title, [Erase(self.held)])
        except Refusal as refusal:
            self.show_refusal(refusal)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
        else:
            self.reject()


class _PupilDialog(FormDialog):
    """The fields that adding and mending have in common."""

    def __init__(self, workspace: Workspace, form: PupilForm, title: str, sentence: str, verb: str, parent: QWidget | None) -> None:
        super().__init__(title, sentence, verb=verb, width=38, parent=parent)
        self.workspace = workspace
        self.before = form
        today, facts = workspace.today, workspace.facts
        self.forename = TextField("Forename", form.forename, key="forename", most=80)
        self.surname = TextField("Surname", form.surname, key="surname", most=80)
        self.add_row(self.forename, self.surname)
        self.middle = TextField("Middle names", form.middle or "", key="middle", optional=True, most=80)
        self.pronouns = TextField("Pronouns", form.pronouns or "", key="pronouns", optional=True, most=40, placeholder="she/her, he/him, they/them")
        self.add_row(self.middle, self.pronouns)
        self.preferred_forename = TextField(
            "Known as", form.preferred_forename or "", key="preferred_forename", optional=True, most=80, help="The forename that is used here, where it differs."
        )
        self.preferred_surname = TextField("Known surname", form.preferred_surname or "", key="preferred_surname", optional=True, most=80)
        self.add_row(self.preferred_forename, self.preferred_surname)
        self.born = DateField("Date of birth", form.born, today=today, key="born", optional=True)
        self.sex = ChoiceField("Sex", list(SEXES.items()), form.sex or "", none="not entered", key="sex")
        self.add_row(self.born, self.sex)
        groups = [(str(g.id), g.name) for g in sorted(facts.groups.values(), key=lambda g: g.name.casefold()) if g.last_day is None or g.last_day >= today]
        self.year = ChoiceField("Year group", [(y, year_words(y)) for y in YEARS], form.year or "", none="not entered", key="year")
        self.group = ChoiceField("Group", groups, str(form.group_id or ""), none="none", key="group_id")
        self.add_row(self.year, self.group)
        self.form.addWidget(Heading("On roll here"))
        self.first_day = DateField("First day", form.first_day, today=today, key="first_day")
        self.registration = ChoiceField("Registration", list(REGISTRATIONS.items()), form.registration or "", none="not entered", key="registration")
        self.add_row(self.first_day, self.registration)
        self.partner = ChoiceField("Home school", partners_of(facts, ("school",)), str(form.partner_id or ""), none="none", key="partner_id")
        self.add(self.partner)
        may_narrow(self.year, self.group, self.sex, self.registration, self.partner)
        self.form.addWidget(Heading("Numbers"))
        self.upn = TextField("UPN", form.upn or "", key="upn", optional=True, help=_UPN_HELP, most=40)
        self.upn.edited.connect(self._upn_edited)
        self.uln = TextField("ULN", form.uln or "", key="uln", optional=True, most=40)
        self.add_row(self.upn, self.uln)
        self.number = TextField("School’s own number", form.number or "", key="number", optional=True, most=40)
        self.add(self.number)
        self._upn_edited()

    def typed(self) -> PupilForm:
        """What is in the fields. Refusal for a UPN with a wrong form or check letter, unless it stood there before."""
        form = PupilForm(
            forename=self.forename.value(),
            surname=self.surname.value(),
            middle=self.middle.value() or None,
            preferred_forename=self.preferred_forename.value() or None,
            preferred_surname=self.preferred_surname.value() or None,
            born=self.born.value(),
            sex=self.sex.value() or None,
            pronouns=self.pronouns.value() or None,
            upn=self.upn.value() or None,
            uln=self.uln.value() or None,
            number=self.number.value() or None,
            year=self.year.value() or None,
            group_id=number_of(self.group.value()),
            first_day=self.first_day.value(),
            registration=self.registration.value() or None,
            partner_id=number_of(self.partner.value()),
        )
        if form.upn is not None and form.upn != self.before.upn:
            found = check_upn(form.upn)
            if not found.ok:
                raise Refusal(f"“{form.upn}” is not kept as a UPN. {' '.join(found.doubts)}", "upn")
        return form

    def _upn_edited(self) -> None:
        typed = self.upn.value()
        doubts: list[str] = []
        if len(typed) >= 13:
            found = check_upn(typed)
            doubts = [*found.doubts, *([found.authority_doubt] if found.authority_doubt else [])]
            if found.temporary:
                doubts.append("This is a temporary UPN.")
        self.upn.set_help(" ".join(doubts) if doubts else _UPN_HELP)


_UPN_HELP: Final = "13 characters; leave it empty where there is none yet."


class AddPupilDialog(_PupilDialog):
    """A new pupil; `added(id)` says whose page to open."""

    added = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        form = PupilForm(first_day=workspace.today)
        super().__init__(workspace, form, "Add a pupil", "A name is enough to begin with. Everything else can be added later.", "Add pupil", parent)

    def submit(self) -> None:
        import secrets

        form = self.typed()
        setting = self.workspace.school.setting
        made: list[int] = []

        def act(ids: NewIds) -> Iterable[Edit]:
            edits = list(acts.add_pupil(ids, form, code=acts.code_from(secrets.randbits(30)), setting_id=setting.id, today=self.workspace.today))
            made[:] = [e.record.id for e in edits[:1]]  # type: ignore[union-attr]
            return edits

        self.workspace.do(Title.ADD_PUPIL, act)
        self.added.emit(made[0])


class ChangePupilDialog(_PupilDialog):
    """A pupil's details mended. A name changed on a day becomes a former one, which is never printed; a mended spelling does not."""

    def __init__(self, workspace: Workspace, records: PupilRecords, parent: QWidget | None = None) -> None:
        self.rows = rows_of(records)
        super().__init__(workspace, self.rows.form(workspace.today), "Change details", "", "Keep changes", parent)
        self.changed_on = DateField(
            "The name was changed on",
            None,
            today=workspace.today,
            key="changed_on",
            optional=True,
            latest=workspace.today,
            help="Only where the child has another name now: the old one is kept as a former name and is printed nowhere. Leave it empty for a spelling that is mended.",
        )
        at = self.form.indexOf(self.findChildren(Heading)[0])
        self._fields.append(self.changed_on)
        self.form.insertWidget(at, self.changed_on)
        self.changed_on.setVisible(False)
        for field in (self.forename, self.surname, self.middle):
            field.edited.connect(self._name_edited)

    def submit(self) -> None:
        form = self.typed()
        day = self.changed_on.value() if not self.changed_on.isHidden() else None

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.change_pupil(ids, self.rows, form, today=self.workspace.today, name_change=day)

        self.workspace.do(Title.CHANGE_PUPIL, act)

    def _name_edited(self) -> None:
        now = (self.forename.value(), self.surname.value(), self.middle.value())
        was = (self.before.forename, self.before.surname, self.before.middle or "")
        self.changed_on.setVisible(now != was)
        self._fit()


class PlacementDialog(RecordDialog):
    """A placement added, mended or ended."""

    take_out_title = Title.CHANGE_PLACEMENT

    def __init__(
        self, workspace: Workspace, enrolments: Iterable[Enrolment], held: Placement | None = None, *, home: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            workspace,
            held,
            "Change a placement" if held else "Add a placement",
            "No placement without a purpose: reports compare with it at the end.",
            verb="Keep changes" if held else "Add placement",
            parent=parent,
        )
        self.held: Placement | None = held
        self.enrolments = sorted(enrolments, key=lambda e: (e.first_day or date.min, e.id))
        today, facts = workspace.today, workspace.facts
        newest = self.enrolments[-1] if self.enrolments else None
        self.sort = ChoiceField("Kind", list(PLACEMENTS.items()), held.sort if held else "respite", key="sort")
        self.sessions = NumberField(
            "Sessions a week", held.sessions_a_week if held else None, low=1, high=10, unit="of 10 half-days", key="sessions_a_week", optional=True
        )
        self.add_row(self.sort, self.sessions)
        self.purpose = NoteField("Purpose", held.purpose if held else "", key="purpose", lines=2, help="What should be different for the pupil when it ends?")
        self.add(self.purpose)
        first = held.first_day if held else (newest.first_day if newest and newest.first_day and newest.first_day >= today else today)
        self.first_day = DateField("First day", first, today=today, key="first_day")
        self.planned_end = DateField("Planned end", held.planned_end if held else None, today=today, key="planned_end", optional=True)
        self.add_row(self.first_day, self.planned_end)
        schools = partners_of(facts, ("school",))
        self.partner = ChoiceField("Home school", schools, str((held.partner_id if held else home) or ""), none="none", key="partner_id")
        self.commissioner = ChoiceField("Commissioner", partners_of(facts), str((held.commissioner_id if held else None) or ""), none="none", key="commissioner_id")
        self.add_row(self.partner, self.commissioner)
        may_narrow(self.sort, self.partner, self.commissioner)
        self.objectives = NoteField("Objectives", (held.objectives if held else None) or "", key="objectives", lines=3, optional=True)
        self.add(self.objectives)
        self.last_day = DateField("It ended on", held.last_day if held else None, today=today, key="last_day", optional=True)
        self.outcome = NoteField("Outcome", (held.outcome if held else None) or "", key="outcome", lines=3, optional=True)
        if held is not None:
            self.add(self.last_day)
            self.add(self.outcome)
            self.offer_take_out()

    def submit(self) -> None:
        form = PlacementForm(
            self.sort.value(),
            self.purpose.value(),
            self.first_day.value(),
            self.last_day.value() if self.held else None,
            self.planned_end.value(),
            whole(self.sessions.value()),
            number_of(self.partner.value()),
            number_of(self.commissioner.value()),
            self.objectives.value() or None,
            self.outcome.value() or None if self.held else None,
        )
        enrolment = self._enrolment(form.first_day)

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_placement(ids, form, enrolment, held=self.held)

        self.workspace.do(Title.CHANGE_PLACEMENT if self.held else Title.ADD_PLACEMENT, act)

    def _enrolment(self, day: date | None) -> Enrolment:
        """The time on roll in which the placement lies."""
        if self.held is not None:
            found = next((e for e in self.enrolments if e.id == self.held.enrolment_id), None)
            if found is not None:
                return found
        if not self.enrolments:
            raise Refusal("This pupil has no time on roll here yet. Enter the first day on roll first (Change details).", "first_day")
        within = [e for e in self.enrolments if day is not None and (e.first_day is None or e.first_day <= day) and (e.last_day is None or day <= e.last_day)]
        return within[-1] if within else self.enrolments[-1]



class EndRollDialog(FormDialog):
    """A pupil leaves: the time on roll ends, and with it the placements that are still open."""

    def __init__(self, workspace: Workspace, enrolment: Enrolment, placements: Iterable[Placement], parent: QWidget | None = None) -> None:
        super().__init__(
            "End the time on roll", "Nothing is taken away: the whole record stays, in the list under Left.", verb="End time on roll", width=32, parent=parent
        )
        self.workspace, self.enrolment, self.placements = workspace, enrolment, tuple(placements)
        self.last_day = DateField("Last day", enrolment.last_day or workspace.today, today=workspace.today, key="last_day")
        self.add(self.last_day)
        self.reason = ChoiceField("Reason", [(r, r) for r in REASONS], enrolment.leaving_reason or "", none="not entered", key="leaving_reason")
        self.add(self.reason)
        self.destination = TextField("Where to", enrolment.destination or "", key="destination", optional=True, most=120)
        self.add(self.destination)

    def submit(self) -> None:
        last = self.last_day.value()
        if last is None:
            raise Refusal("A date is needed.", "last_day")
        edits = list(acts.leave(self.enrolment, self.placements, last, reason=self.reason.value(), destination=self.destination.value()))
        self.workspace.do(Title.LEAVE, edits)


class FlagDialog(RecordDialog):
    """A need or status from a day on, or its end."""

    def __init__(self, workspace: Workspace, pupil_id: int, held: Flag | None = None, parent: QWidget | None = None) -> None:
        if held is None:
            super().__init__(workspace, None, "Add a need or status", "With its dates, so that any past day is told rightly.", verb="Add", width=32, parent=parent)
        else:
            since = f"Since {words(held.first_day)}." if held.first_day else "Not known since when."
            super().__init__(workspace, held, flag_words(held), since, verb="End it", width=32, parent=parent)
        self.held: Flag | None = held
        self.pupil_id = pupil_id
        today = workspace.today
        if held is None:
            self.sort = ChoiceField("Need or status", FLAGS, "sen", key="sort")
            self.sort.edited.connect(self._sort_edited)
            self.add(self.sort)
            self.value = ChoiceField("Which", key="value")
            self.add(self.value)
            self.first_day = DateField("Since", None, today=today, key="first_day", optional=True, help="Leave it empty where nobody knows.")
            self.rank = NumberField("Rank of this need", None, low=1, high=9, key="rank", optional=True, help="1 is the primary need.")
            self.add_row(self.first_day, self.rank)
            self.detail = TextField("Detail", key="detail", optional=True, most=200)
            self.add(self.detail)
            self._sort_edited()
        else:
            self.last_day = DateField("Last day", held.last_day or today, today=today, key="last_day", help="It stays for every day before.")
            self.add(self.last_day)
            self.offer_take_out("Entered by mistake")

    def submit(self) -> None:
        if self.held is not None:
            last = self.last_day.value()
            if last is None:
                raise Refusal("A date is needed.", "last_day")
            self.workspace.do(Title.CHANGE_PUPIL, acts.end_flag(self.held, last))
            return
        sort = self.sort.value()
        value = self.value.value() if sort in _VALUES else "Y"
        first, rank, detail = self.first_day.value(), whole(self.rank.value()), self.detail.value()

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_flag(ids, self.pupil_id, sort, value, first, rank=rank if sort == "need" else None, detail=detail)

        self.workspace.do(Title.CHANGE_PUPIL, act)

    def _sort_edited(self) -> None:
        sort = self.sort.value()
        options = _VALUES.get(sort, ())
        self.value.set_options(options, options[0][0] if options else "")
        self.value.setVisible(bool(options))
        self.rank.setVisible(sort == "need")
        self._fit()



class ContactDialog(RecordDialog):
    """A person of the pupil's home, and what they may have. Letters and reports obey these ticks."""

    take_out_title = Title.CHANGE_CONTACT

    def __init__(self, workspace: Workspace, pupil_id: int, held: Contact | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            held,
            "Change a contact" if held else "Add a contact",
            "What is ticked here decides who may receive what.",
            verb="Keep changes" if held else "Add contact",
            parent=parent,
        )
        self.held: Contact | None = held
        c = held or Contact(pupil_id, 0, "")
        self.blank = c
        self.name = TextField("Name", c.name, key="name", most=120)
        self.relationship = TextField("Relationship", c.relationship or "", key="relationship", optional=True, most=60, placeholder="mother, carer, social worker")
        self.add_row(self.name, self.relationship)
        self.phone = TextField("Phone", c.phone or "", key="phone", optional=True, most=60)
        self.email = TextField("Email", c.email or "", key="email", optional=True, most=120)
        self.add_row(self.phone, self.email)
        self.address = NoteField("Address", c.address or "", key="address", optional=True, lines=2)
        self.add(self.address)
        self.confidential = TickField("The address is confidential", c.address_confidential, key="address_confidential", help="It is printed nowhere.")
        self.responsibility = TickField("Has parental responsibility", c.parental_responsibility, key="parental_responsibility")
        self.lives_with = TickField("The pupil lives with them", c.lives_with, key="lives_with")
        self.reports = TickField("May receive reports", c.may_receive_reports, key="may_receive_reports")
        self.never = TickField("Must not be contacted", c.must_not_contact, key="must_not_contact")
        for tick in (self.confidential, self.responsibility, self.lives_with, self.reports, self.never):
            self.add(tick)
        self.order = TextField("Court order", c.court_order or "", key="court_order", optional=True, most=200)
        self.rank = NumberField("Order of calling", c.rank, low=1, high=20, key="rank", optional=True, help="1 is called first.")
        self.add_row(self.order, self.rank)
        if held is not None:
            self.offer_take_out()

    def submit(self) -> None:
        contact = replace(
            self.blank,
            name=self.name.value(),
            relationship=self.relationship.value() or None,
            phone=self.phone.value() or None,
            email=self.email.value() or None,
            address=self.address.value() or None,
            address_confidential=self.confidential.value(),
            parental_responsibility=self.responsibility.value(),
            lives_with=self.lives_with.value(),
            may_receive_reports=self.reports.value(),
            must_not_contact=self.never.value(),
            court_order=self.order.value() or None,
            rank=whole(self.rank.value()),
        )

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_contact(ids, contact, self.held)

        self.workspace.do(Title.CHANGE_CONTACT, act)



def whole(value: float | None) -> int | None:
    """A number field's value as a whole number."""
    return None if value is None else int(value)
