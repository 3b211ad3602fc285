"""Adding and mending pupils, their names, numbers, year, flags, contacts, time on roll and placements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from approgress.domain.days import age_on, words
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.identifiers import check_uln, check_upn
from approgress.domain.records import (
    Contact,
    Enrolment,
    Flag,
    GroupMember,
    HomeSchool,
    Identifier,
    Name,
    Placement,
    Pupil,
    YearGroup,
)
from approgress.domain.school_year import YEARS, school_year_of

PLACEMENTS = {
    "respite": "Respite",
    "part_time": "Part time",
    "full_time": "Full time",
    "outreach": "Outreach",
    "post_return": "After return",
    "medical": "Medical",
    "off_site_direction": "Off-site direction",
    "excluded": "Permanently excluded",
    "other": "Other",
}
REGISTRATIONS = {"C": "Sole registration", "M": "Main, dual registered", "S": "Subsidiary, dual registered", "G": "Guest", "F": "FE college", "O": "Other provider"}
SEXES = {"F": "Female", "M": "Male", "U": "Unknown"}
YOUNGEST, OLDEST = 3, 25

_CODE_LETTERS = "BCDFGHJKMPQRTVWX"


def code_from(number: int) -> str:
    """The code that stands for a pupil where names are off, made from a random number of 30 bits: three letters, three digits, no words."""
    letters = "".join(_CODE_LETTERS[(number >> s) & 15] for s in (0, 4, 8))
    return f"{letters}{(number >> 12) % 1000:03d}"


def clean(text: str | None) -> str | None:
    """A line of text without spaces at its ends; None where nothing is left."""
    text = (text or "").strip()
    return text or None


@dataclass(frozen=True, slots=True)
class PupilForm:
    """What the form of a pupil holds; None or '' where nothing was entered."""

    forename: str = ""
    surname: str = ""
    middle: str | None = None
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    born: date | None = None
    sex: str | None = None
    pronouns: str | None = None
    upn: str | None = None
    uln: str | None = None
    number: str | None = None
    year: str | None = None
    group_id: int | None = None
    first_day: date | None = None
    registration: str | None = None
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class PupilRows:
    """The rows of a pupil that the form speaks of, as they are now."""

    pupil: Pupil
    names: tuple[Name, ...] = ()
    years: tuple[YearGroup, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    groups: tuple[GroupMember, ...] = ()
    home_schools: tuple[HomeSchool, ...] = ()

    def name(self, use: str) -> Name | None:
        """The newest name of a use that has not ended."""
        return next((n for n in reversed(self.names) if n.use == use and n.last_day is None), None)

    def identifier(self, system: str) -> Identifier | None:
        """The identifier of a system."""
        return next((i for i in reversed(self.identifiers) if i.system == system), None)

    def enrolment(self) -> Enrolment | None:
        """The newest time on roll."""
        return max(self.enrolments, key=lambda e: (e.first_day or date.min, e.id), default=None)

    def form(self, today: date) -> PupilForm:
        """The form filled with what is held."""
        legal, preferred = self.name("legal"), self.name("preferred")
        year = next((y for y in sorted(self.years, key=lambda y: -y.school_year) if y.school_year <= school_year_of(today)), None)
        enrolment = self.enrolment()
        group = next((g for g in reversed(self.groups) if g.last_day is None or g.last_day >= today), None)
        home = next((h for h in reversed(self.home_schools) if h.last_day is None), None)
        numbers = {s: i.value for s in ("upn", "uln", "number") if (i := self.identifier(s)) is not None}
        return PupilForm(
            forename=(legal.forename if legal else None) or "",
            surname=(legal.surname if legal else None) or "",
            middle=legal.middle if legal else None,
            preferred_forename=preferred.forename if preferred else None,
            preferred_surname=preferred.surname if preferred else None,
            born=self.pupil.born,
            sex=self.pupil.sex,
            pronouns=self.pupil.pronouns,
            upn=numbers.get("upn"),
            uln=numbers.get("uln"),
            number=numbers.get("number"),
            year=year.year if year else None,
            group_id=group.group_id if group else None,
            first_day=enrolment.first_day if enrolment else None,
            registration=enrolment.registration if enrolment else None,
            partner_id=home.partner_id if home else None,
        )


def check_form(form: PupilForm, today: date) -> None:
    """Refuse a form that cannot be right, naming the field."""
    if not form.forename.strip() and not form.surname.strip():
        raise Refusal("A pupil needs a name: a forename, a surname or both.", "forename")
    if form.born is not None:
        if form.born > today:
            raise Refusal(f"The date of birth {words(form.born)} lies in the future.", "born")
        age = age_on(form.born, today)
        if age < YOUNGEST or age > OLDEST:
            raise Refusal(f"Born {words(form.born)} would make the pupil {age}; pupils here are {YOUNGEST} to {OLDEST}. Check the year.", "born")
    if form.first_day is not None and form.born is not None and form.first_day < form.born:
        raise Refusal("The first day on roll lies before the date of birth.", "first_day")
    if form.first_day is not None and (form.first_day.year < 1990 or form.first_day.year > today.year + 2):
        raise Refusal(f"The first day on roll {words(form.first_day)} cannot be right. Check the year.", "first_day")
    if form.year is not None and form.year not in YEARS:
        raise Refusal(f"“{form.year}” is not a year group (R, 1 to 14, N1, N2, E1, E2 or X).", "year")
    if form.sex is not None and form.sex not in SEXES:
        raise Refusal("Sex is female, male, unknown or not entered.", "sex")
    if clean(form.uln) and not check_uln(form.uln or "").ok:
        raise Refusal(check_uln(form.uln or "").doubts[0], "uln")


def upn_doubts(form: PupilForm) -> tuple[str, ...]:
    """What is odd about the form's UPN: shown as a warning, never a refusal."""
    return check_upn(form.upn).doubts if form.upn and clean(form.upn) else ()


def add_pupil(ids: NewIds, form: PupilForm, *, code: str, setting_id: int, today: date) -> Iterator[Edit]:
    """A new pupil with a time on roll from `form.first_day` (today where none is given)."""
    check_form(form, today)
    pupil = ids.pupil()
    yield Put(Pupil(pupil, code, form.born, form.sex, clean(form.pronouns), made_on=today))
    yield Put(Name(pupil, ids.other(), "legal", clean(form.forename), clean(form.surname), clean(form.middle), typed=True))
    if clean(form.preferred_forename) or clean(form.preferred_surname):
        yield Put(Name(pupil, ids.other(), "preferred", clean(form.preferred_forename), clean(form.preferred_surname), typed=True))
    yield Put(Enrolment(pupil, ids.other(), setting_id, form.registration, form.first_day or today, typed=True))
    for system, value in _numbers(form):
        yield Put(Identifier(pupil, ids.other(), system, value, _doubt(system, value), typed=True))
    if form.year is not None:
        yield Put(YearGroup(pupil, ids.other(), form.year, school_year_of(today), typed=True))
    if form.group_id is not None:
        yield Put(GroupMember(pupil, ids.other(), form.group_id, form.first_day or today, typed=True))
    if form.partner_id is not None:
        yield Put(HomeSchool(pupil, ids.other(), form.partner_id, form.first_day or today, typed=True))


def _numbers(form: PupilForm) -> Iterator[tuple[str, str]]:
    if upn := clean(form.upn):
        yield "upn", check_upn(upn).value
    if uln := clean(form.uln):
        yield "uln", check_uln(uln).value
    if number := clean(form.number):
        yield "number", number


def _doubt(system: str, value: str) -> str | None:
    if system != "upn":
        return None
    return " ".join(check_upn(value).doubts) or None


def change_pupil(ids: NewIds, rows: PupilRows, form: PupilForm, *, today: date, name_change: date | None = None) -> Iterator[Edit]:
    """What differs between a pupil's rows and the form. With `name_change`, the old legal name becomes a former one on that day."""
    check_form(form, today)
    pupil = rows.pupil
    changed = replace(pupil, born=form.born, sex=form.sex, pronouns=clean(form.pronouns))
    if changed != pupil:
        yield Put(changed, pupil)
    yield from _change_name(ids, pupil.id, rows.name("legal"), "legal", form.forename, form.surname, form.middle, name_change)
    yield from _change_name(ids, pupil.id, rows.name("preferred"), "preferred", form.preferred_forename, form.preferred_surname, None, None)
    wanted = dict(_numbers(form))
    for system in ("upn", "uln", "number"):
        held, value = rows.identifier(system), wanted.get(system)
        if held is None and value is not None:
            yield Put(Identifier(pupil.id, ids.other(), system, value, _doubt(system, value), typed=True))
        elif held is not None and value is None:
            yield Erase(held)
        elif held is not None and value is not None and held.value != value:
            if system == "upn":
                yield Put(replace(held, system="former_upn"), held)
                yield Put(Identifier(pupil.id, ids.other(), system, value, _doubt(system, value), typed=True))
            else:
                yield Put(replace(held, value=value, typed=True), held)
    year = next((y for y in rows.years if y.school_year == school_year_of(today)), None)
    if form.year is not None and (year is None or year.year != form.year):
        made = year or YearGroup(pupil.id, ids.other(), form.year, school_year_of(today))
        yield Put(replace(made, year=form.year, typed=True), year)
    enrolment = rows.enrolment()
    if enrolment is not None and (enrolment.first_day, enrolment.registration) != (form.first_day, form.registration):
        if form.first_day is not None and enrolment.last_day is not None and form.first_day > enrolment.last_day:
            raise Refusal(f"The first day on roll lies after the last, {words(enrolment.last_day)}.", "first_day")
        yield Put(replace(enrolment, first_day=form.first_day, registration=form.registration, typed=True), enrolment)
    member = next((g for g in reversed(rows.groups) if g.last_day is None or g.last_day >= today), None)
    if (member.group_id if member else None) != form.group_id:
        yield from _move(member, today, GroupMember(pupil.id, ids.other(), form.group_id, today, typed=True) if form.group_id is not None else None)
    home = next((h for h in reversed(rows.home_schools) if h.last_day is None), None)
    if (home.partner_id if home else None) != form.partner_id:
        yield from _move(home, today, HomeSchool(pupil.id, ids.other(), form.partner_id, today, typed=True) if form.partner_id is not None else None)


def _move(old: GroupMember | HomeSchool | None, today: date, new: GroupMember | HomeSchool | None) -> Iterator[Edit]:
    if old is not None:
        if old.first_day is not None and old.first_day >= today:
            yield Erase(old)
        else:
            yield Put(replace(old, last_day=date.fromordinal(today.toordinal() - 1)), old)
    if new is not None:
        yield Put(new)


def _change_name(
    ids: NewIds, pupil: int, held: Name | None, use: str, forename: str | None, surname: str | None, middle: str | None, changed_on: date | None
) -> Iterator[Edit]:
    forename, surname, middle = clean(forename), clean(surname), clean(middle)
    if held is None:
        if forename or surname:
            yield Put(Name(pupil, ids.other(), use, forename, surname, middle, typed=True))
        return
    if (held.forename, held.surname, held.middle) == (forename, surname, middle):
        return
    if not forename and not surname:
        yield Erase(held)
    elif changed_on is not None:
        yield Put(replace(held, use="former", last_day=date.fromordinal(changed_on.toordinal() - 1)), held)
        yield Put(Name(pupil, ids.other(), use, forename, surname, middle, changed_on, typed=True))
    else:
        yield Put(replace(held, forename=forename, surname=surname, middle=middle, typed=True), held)


def leave(enrolment: Enrolment, placements: Iterable[Placement], last_day: date, *, reason: str | None, destination: str | None) -> Iterator[Edit]:
    """End a time on roll, and the placements in it that are still open."""
    if enrolment.first_day is not None and last_day < enrolment.first_day:
        raise Refusal(f"The last day lies before the first, {words(enrolment.first_day)}.", "last_day")
    yield Put(replace(enrolment, last_day=last_day, leaving_reason=clean(reason), destination=clean(destination), typed=True), enrolment)
    for p in placements:
        if p.enrolment_id == enrolment.id and (p.last_day is None or p.last_day > last_day) and p.first_day <= last_day:
            yield Put(replace(p, last_day=last_day), p)


@dataclass(frozen=True, slots=True)
class PlacementForm:
    """What the form of a placement holds."""

    sort: str
    purpose: str
    first_day: date | None
    last_day: date | None = None
    planned_end: date | None = None
    sessions_a_week: int | None = None
    partner_id: int | None = None
    commissioner_id: int | None = None
    objectives: str | None = None
    outcome: str | None = None


def put_placement(ids: NewIds, form: PlacementForm, enrolment: Enrolment, *, held: Placement | None = None) -> list[Edit]:
    """A new placement, or a mended one. No placement without a purpose; it lies within the time on roll."""
    purpose = clean(form.purpose)
    if form.sort not in PLACEMENTS:
        raise Refusal("Choose what kind of placement this is.", "sort")
    if purpose is None:
        raise Refusal("A placement needs a purpose: what should be different for the pupil when it ends?", "purpose")
    if form.first_day is None:
        raise Refusal("A placement needs its first day.", "first_day")
    if enrolment.first_day is not None and form.first_day < enrolment.first_day:
        raise Refusal(f"The pupil came on roll on {words(enrolment.first_day)}; the placement cannot begin before that.", "first_day")
    if enrolment.last_day is not None and form.first_day > enrolment.last_day:
        raise Refusal(f"The pupil left on {words(enrolment.last_day)}; the placement cannot begin after that.", "first_day")
    for field, day in (("last_day", form.last_day), ("planned_end", form.planned_end)):
        if day is not None and day < form.first_day:
            raise Refusal("That day lies before the first day of the placement.", field)
    if form.sessions_a_week is not None and not 1 <= form.sessions_a_week <= 10:
        raise Refusal("Sessions a week go from 1 to 10 (a session is a half-day).", "sessions_a_week")
    record = Placement(
        enrolment.pupil_id,
        held.id if held else ids.other(),
        enrolment.id,
        form.sort,
        purpose,
        form.first_day,
        form.last_day,
        form.planned_end,
        form.sessions_a_week,
        form.partner_id,
        form.commissioner_id,
        clean(form.objectives),
        clean(form.outcome),
    )
    return [Put(record, held)]


def put_flag(ids: NewIds, pupil: int, sort: str, value: str, first_day: date | None, *, rank: int | None = None, detail: str | None = None) -> list[Edit]:
    """A need or status from a day on."""
    if not value:
        raise Refusal("Choose which need or status this is.", "value")
    return [Put(Flag(pupil, ids.other(), sort, value, rank, first_day, None, clean(detail), typed=True))]


def end_flag(flag: Flag, last_day: date) -> list[Edit]:
    """End a need or status; it stays for every day before."""
    if flag.first_day is not None and last_day < flag.first_day:
        raise Refusal(f"The last day lies before the first, {words(flag.first_day)}.", "last_day")
    return [Put(replace(flag, last_day=last_day, typed=True), flag)]


def put_contact(ids: NewIds, contact: Contact, held: Contact | None = None) -> list[Edit]:
    """A new or mended contact. One who must not be contacted may not receive reports."""
    if not contact.name.strip():
        raise Refusal("A contact needs a name.", "name")
    if contact.must_not_contact and contact.may_receive_reports:
        raise Refusal("Someone who must not be contacted cannot receive reports. Untick one of the two.", "may_receive_reports")
    return [Put(replace(contact, id=held.id if held else ids.other()), held)]
