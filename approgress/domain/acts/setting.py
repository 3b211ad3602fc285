"""The setting itself: its details, school year, groups, people, and the one primary measure of each strand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from approgress.domain.acts.pupils import clean
from approgress.domain.days import words
from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.instruments import STRANDS, Instrument
from approgress.domain.records import (
    Closure,
    Group,
    GroupTeacher,
    HalfTerm,
    InstrumentFile,
    Person,
    Setting,
    StrandMeasure,
)

SORTS = {
    "ap_academy": "AP academy",
    "ap_free_school": "AP free school",
    "pru": "Pupil referral unit",
    "hospital": "Hospital school",
    "independent": "Independent school",
    "non_school": "Provision that is not a school",
}
ROLES = {
    "head": "Head or deputy",
    "teacher": "Teacher",
    "community_teacher": "Community teacher",
    "office": "Office or data lead",
    "visitor": "Visitor, read only",
}
CLOSURES = {"inset": "INSET day", "bank_holiday": "Bank holiday", "other": "Closed"}
HALF_TERM_NAMES = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
LONGEST_HALF_TERM = timedelta(weeks=12)


def check_setting(name: str, sort: str, la: str | None, estab: str | None) -> tuple[str, str, str | None, str | None]:
    """Name, sort, authority and establishment number, cleaned; Refusal names the field that cannot be right.

    A local authority number has three digits, an establishment number four (Get Information about Schools).
    """
    name = " ".join(name.split())
    if not name:
        raise Refusal("A school needs a name.", "name")
    if sort not in SORTS:
        raise Refusal("Choose what kind of provision this is.", "sort")
    la, estab = clean(la), clean(estab)
    if la is not None and not re.fullmatch(r"\d{3}", la):
        raise Refusal(f"A local authority number has three digits, such as 380; “{la}” has not.", "la")
    if estab is not None and not re.fullmatch(r"\d{4}", estab):
        raise Refusal(f"An establishment number has four digits, such as 1100; “{estab}” has not.", "estab")
    return name, sort, la, estab


def change_setting(
    held: Setting,
    *,
    name: str,
    sort: str,
    la: str | None,
    estab: str | None,
    urn: str | None,
    lessons: int | None,
    starting_point_days: int | None,
    legal_names_on_registers: bool,
) -> list[Edit]:
    """The details of a setting, mended."""
    name, sort, la, estab = check_setting(name, sort, la, estab)
    urn = clean(urn)
    if urn is not None and not re.fullmatch(r"\d{6}", urn):
        raise Refusal(f"A URN has six digits; “{urn}” has not.", "urn")
    if lessons is None or not 1 <= lessons <= 8:
        raise Refusal("A day has from 1 to 8 rated lessons.", "lessons")
    if starting_point_days is None or not 7 <= starting_point_days <= 120:
        raise Refusal("The time for a starting point goes from 7 to 120 days.", "starting_point_days")
    changed = replace(
        held,
        name=name,
        sort=sort,
        la=la,
        estab=estab,
        urn=urn,
        lessons=lessons,
        starting_point_days=starting_point_days,
        legal_names_on_registers=legal_names_on_registers,
    )
    return [Put(changed, held)] if changed != held else []


def check_half_term(name: str, first: date | None, last: date | None, others: Iterable[HalfTerm]) -> tuple[str, date, date]:
    """A half-term that can be right beside the others: named, in order, at most twelve weeks, overlapping none."""
    named = clean(name)
    if named is None:
        raise Refusal("Give the half-term a name, such as Autumn 1.", "name")
    if first is None:
        raise Refusal("Enter the first day for pupils.", "first_day")
    if last is None:
        raise Refusal("Enter the last day for pupils.", "last_day")
    if last < first:
        raise Refusal(f"{words(last)} lies before the first day, {words(first)}.", "last_day")
    if last - first > LONGEST_HALF_TERM:
        raise Refusal(f"From {words(first)} to {words(last)} is more than twelve weeks. A half-term ends where a holiday begins.", "last_day")
    for other in others:
        if first <= other.last_day and last >= other.first_day:
            raise Refusal(
                f"It would overlap {other.name}, {words(other.first_day)} to {words(other.last_day)}.",
                "first_day" if first >= other.first_day else "last_day",
            )
    return named, first, last


def put_half_term(
    ids: NewIds, setting_id: int, name: str, first: date | None, last: date | None, *, others: Iterable[HalfTerm], held: HalfTerm | None = None
) -> list[Edit]:
    """A new or mended half-term; `others` are all that there are."""
    named, first, last = check_half_term(name, first, last, [o for o in others if held is None or o.id != held.id])
    record = HalfTerm(held.id if held else ids.other(), setting_id, named, first, last)
    return [Put(record, held)] if record != held else []


def check_closure(sort: str, label: str, first: date | None, last: date | None, half_terms: Iterable[HalfTerm]) -> tuple[str, date, date]:
    """Closed days that can be right: inside one half-term, in order."""
    if sort not in CLOSURES:
        raise Refusal("Choose why the school is closed.", "sort")
    if first is None:
        raise Refusal("Enter the first closed day.", "first_day")
    last = last or first
    if last < first:
        raise Refusal(f"{words(last)} lies before the first closed day, {words(first)}.", "last_day")
    terms = list(half_terms)
    if terms and not any(first <= t.last_day and last >= t.first_day for t in terms):
        raise Refusal(f"{words(first)} lies in no half-term, so the school is closed then anyway.", "first_day")
    return clean(label) or CLOSURES[sort], first, last


def put_closure(
    ids: NewIds,
    setting_id: int,
    sort: str,
    label: str,
    first: date | None,
    last: date | None,
    *,
    half_terms: Iterable[HalfTerm],
    held: Closure | None = None,
) -> list[Edit]:
    """New or mended closed days."""
    named, first, last = check_closure(sort, label, first, last, half_terms)
    record = Closure(held.id if held else ids.other(), setting_id, first, last, sort, named)
    return [Put(record, held)] if record != held else []


def put_group(
    ids: NewIds, setting_id: int, name: str, *, others: Iterable[Group], today: date, held: Group | None = None, last_day: date | None = None
) -> list[Edit]:
    """A new or mended group; no two open ones of one name."""
    named = " ".join(name.split())
    if not named:
        raise Refusal("A group needs a name, such as Ash or 9B.", "name")
    if len(named) > 24:
        raise Refusal("A group's name has at most 24 letters.", "name")
    for other in others:
        if (held is None or other.id != held.id) and other.name.casefold() == named.casefold() and (other.last_day is None or other.last_day >= today):
            raise Refusal(f"There is a group {other.name} already.", "name")
    if held is not None and last_day is not None and held.first_day is not None and last_day < held.first_day:
        raise Refusal(f"The group began on {words(held.first_day)}.", "last_day")
    record = Group(held.id if held else ids.other(), setting_id, named, held.first_day if held else None, last_day)
    return [Put(record, held)] if record != held else []


def set_teachers(ids: NewIds, group_id: int, wanted: Iterable[int], held: Iterable[GroupTeacher], *, today: date) -> list[Edit]:
    """Who teaches a group from today on; who taught it until now stays in the record."""
    now = [t for t in held if t.group_id == group_id and (t.last_day is None or t.last_day >= today)]
    chosen = set(wanted)
    edits: list[Edit] = []
    for t in now:
        if t.person_id not in chosen:
            began_today = t.first_day is not None and t.first_day >= today
            edits.append(Erase(t) if began_today else Put(replace(t, last_day=today - timedelta(days=1)), t))
    edits += [Put(GroupTeacher(ids.other(), group_id, p, today)) for p in sorted(chosen - {t.person_id for t in now})]
    return edits


def check_person(name: str, role: str, others: Iterable[Person], today: date, held: Person | None = None) -> str:
    """The name of a member of staff, cleaned; no two present people of one name, since the name is what they unlock with."""
    named = " ".join(name.split())
    if not named:
        raise Refusal("Enter the person's name.", "name")
    if role not in ROLES:
        raise Refusal("Choose a role.", "role")
    for other in others:
        if (held is None or other.id != held.id) and other.name.casefold() == named.casefold() and _here(other, today):
            raise Refusal(f"There is {other.name} already. Add a letter, so that both can be told apart.", "name")
    return named


def _here(person: Person, day: date) -> bool:
    return person.last_day is None or person.last_day >= day


def put_person(
    ids: NewIds,
    name: str,
    role: str,
    job: str | None,
    *,
    others: Iterable[Person],
    today: date,
    held: Person | None = None,
) -> list[Edit]:
    """A new or mended member of staff. The last head keeps the role, since nobody else could give it."""
    people = list(others)
    named = check_person(name, role, people, today, held)
    if held is not None and held.role == "head" and role != "head":
        _keep_a_head(held, people, today, "role")
    if held is None:
        return [Put(Person(ids.other(), named, role, clean(job), today))]
    record = replace(held, name=named, role=role, job=clean(job))
    return [Put(record, held)] if record != held else []


def leave_staff(person: Person, last_day: date | None, *, others: Iterable[Person], teaching: Iterable[GroupTeacher], today: date) -> list[Edit]:
    """A member of staff leaves: the record and all that they wrote stay, their groups end that day."""
    if last_day is None:
        raise Refusal("Enter the last day.", "last_day")
    if person.first_day is not None and last_day < person.first_day:
        raise Refusal(f"{person.name} came on {words(person.first_day)}.", "last_day")
    if person.role == "head":
        _keep_a_head(person, others, today, None)
    edits: list[Edit] = [Put(replace(person, last_day=last_day), person)]
    for t in teaching:
        if t.person_id == person.id and (t.last_day is None or t.last_day > last_day):
            edits.append(Put(replace(t, last_day=last_day), t) if t.first_day is None or t.first_day <= last_day else Erase(t))
    return edits


def _keep_a_head(person: Person, others: Iterable[Person], today: date, field: str | None) -> None:
    if not any(o.id != person.id and o.role == "head" and _here(o, today) for o in others):
        raise Refusal(f"{person.name} is the only one with the role “{ROLES['head']}”. Give it to somebody else first.", field)


@dataclass(frozen=True, slots=True)
class PrimaryMeasure:
    """A choice for a strand: instrument, who answers, which scale."""

    instrument: str
    respondent: str
    scale: str


def set_primary_measure(
    ids: NewIds, setting_id: int, strand: str, chosen: PrimaryMeasure | None, *, held: StrandMeasure | None, instruments: Iterable[Instrument]
) -> list[Edit]:
    """The one measure by which a strand is counted for groups, fixed beforehand; None: no measure for it (rulings, "Start, now, change", 10)."""
    if strand not in STRANDS:
        raise Refusal("Choose a strand.", "strand")
    if chosen is None:
        return [Erase(held)] if held is not None else []
    found = [i for i in instruments if i.id == chosen.instrument]
    if not found:
        raise Refusal("That instrument is not in use here.", strand)
    if not any(chosen.respondent in i.respondents and any(s.id == chosen.scale for s in i.scales) for i in found):
        raise Refusal(f"{found[0].name} has no such scale or is not answered by them.", strand)
    if not any(i.strand == strand for i in found):
        raise Refusal(f"{found[0].name} measures {STRANDS[found[0].strand].lower()}.", strand)
    record = StrandMeasure(held.id if held else ids.other(), setting_id, strand, chosen.instrument, chosen.respondent, chosen.scale)
    return [Put(record, held)] if record != held else []


def use_instrument(ids: NewIds, instrument: Instrument, text: str, enabled: bool, *, held: InstrumentFile | None) -> list[Edit]:
    """Take an instrument into use, or out of it: its readings stay, and it is no longer offered for new ones.

    `text` is the instrument's TOML, which the school keeps from now on, so that a later edition of the program changes nothing under it.
    """
    if held is not None:
        return [Put(replace(held, enabled=enabled), held)] if held.enabled != enabled else []
    return [Put(InstrumentFile(ids.other(), instrument.id, instrument.edition, text, enabled))]


def remove(record: HalfTerm | Closure | Group | Person) -> list[Edit]:
    """Take a record out; the journal refuses where something still belongs to it."""
    return [Erase(record)]
