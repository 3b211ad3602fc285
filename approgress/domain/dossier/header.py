"""Head of a dossier: name, year, group, placement, needs and strengths as they stood on its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from approgress.domain import days
from approgress.domain.days import age_on
from approgress.domain.dossier.audiences import may_read
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.views import Chip, Header, PlacementView
from approgress.domain.naming import ShownName
from approgress.domain.records import Flag, Group, GroupMember, HomeSchool, Identifier, Placement, Strength, YearGroup, named_key
from approgress.domain.school_year import school_year_of, school_year_words, year_words
from approgress.domain.strands import Stay

_Dated = TypeVar("_Dated", Flag, GroupMember, HomeSchool)

PLACEMENTS = {
    "respite": ("Respite", "respite placement"),
    "part_time": ("Part time", "part-time placement"),
    "full_time": ("Full time", "full-time placement"),
    "outreach": ("Outreach", "outreach"),
    "post_return": ("After return", "support after return"),
    "medical": ("Medical", "medical placement"),
    "off_site_direction": ("Off-site direction", "off-site direction"),
    "excluded": ("Permanently excluded", "placement after permanent exclusion"),
    "other": ("Other", "placement"),
}
_REGISTRATIONS = {
    "C": "sole registration",
    "M": "main registration, dual registered",
    "S": "subsidiary registration, dual registered",
    "G": "guest",
    "F": "further education college",
    "O": "other provider",
}
_FLAGS = {
    "care": "In care",
    "previously_looked_after": "Previously in care",
    "social_work": "Social worker",
    "pupil_premium": "Pupil premium",
    "fsm": "Free school meals",
    "young_carer": "Young carer",
    "eal": "English as an additional language",
    "service_child": "Service child",
}
_SOCIAL_WORK = {"cin": "Child in need", "cp": "Child protection plan", "early_help": "Early help"}
_NO = frozenset({"", "N", "NO", "F", "FALSE", "0"})


def _held(rows: Iterable[_Dated], day: date) -> list[_Dated]:
    """The dated rows in force on a day, the one that began last at the end."""
    found = [r for r in rows if (r.first_day is None or r.first_day <= day) and (r.last_day is None or day <= r.last_day)]
    return sorted(found, key=lambda r: (r.first_day or date.min, r.id))


def chips_of(flags: Iterable[Flag], day: date) -> tuple[Chip, ...]:
    """Needs and status as they stood on a day, in the order in which they are shown."""
    held = _held(flags, day)
    chips: list[Chip] = []
    needs = sorted((f for f in held if f.sort == "need" and f.value.strip()), key=lambda f: (f.rank or 99, f.id))
    need_words = tuple(dict.fromkeys(f.value.strip() for f in needs))
    sen = [f for f in held if f.sort == "sen"]
    for f in sen[-1:]:
        plan = {"K": "SEN support", "E": "EHC plan"}.get(f.value.strip().upper())
        if plan is not None:
            also = f"also {', '.join(need_words[1:])}" if need_words[1:] else ""
            text = f"{plan}: {need_words[0]}" if need_words else plan
            chips.append(Chip(text, "sen", f.first_day, "; ".join(p for p in (f.detail or "", also) if p), True, tuple(map(named_key, (f, *needs)))))
    if not chips and need_words:
        chips.append(Chip(f"Need: {', '.join(need_words)}", "need", needs[0].first_day, needs[0].detail or "", True, tuple(map(named_key, needs))))
    for sort, text in _FLAGS.items():
        for f in [f for f in held if f.sort == sort][-1:]:
            if f.value.strip().upper() in _NO and sort != "care":
                continue
            social = sort == "social_work"
            said = _SOCIAL_WORK.get(f.value.strip().casefold(), text) if social else text
            chips.append(Chip(said, sort, f.first_day, f.detail or "", not social, (named_key(f),)))
    return tuple(chips)


def year_of(years: Iterable[YearGroup], day: date) -> tuple[str | None, str]:
    """Code and words of the year in which a pupil is taught on a day; an older entry is said with its school year, since it never moves."""
    now = school_year_of(day)
    rows = sorted((y for y in years if y.school_year <= now), key=lambda y: (y.school_year, y.id))
    if not rows:
        return None, ""
    newest = rows[-1]
    words = year_words(newest.year)
    return newest.year, words if newest.school_year == now else f"{words} in {school_year_words(newest.school_year)}"


def placement_view(placement: Placement, facts: SchoolFacts, home_school: str | None, day: date) -> PlacementView:
    """A placement in words, with the school week in which it is on `day`."""
    short, kind = PLACEMENTS.get(placement.sort, PLACEMENTS["other"])
    partner = facts.partners.get(placement.partner_id or 0)
    commissioner = facts.partners.get(placement.commissioner_id or 0)
    home = partner.name if partner else home_school
    ends = placement.last_day or placement.planned_end
    if placement.first_day > day:
        state = "planned"
    elif placement.last_day is not None and placement.last_day < day:
        state = "ended"
    else:
        state = "current"
    calendar = facts.calendar
    week = weeks = None
    if calendar and state != "planned" and calendar.knows(placement.first_day, day):
        week = len(calendar.weeks(placement.first_day, min(day, placement.last_day or day))) or None
        if ends is not None and calendar.knows(placement.first_day, ends):
            weeks = len(calendar.weeks(placement.first_day, ends)) or None
    words = kind + (f" {'for' if placement.sort in ('outreach', 'post_return') else 'from'} {home}" if home else "")
    if state == "planned":
        words += f", from {days.words(placement.first_day)}"
    elif week is not None and state == "current":
        words += f", school week {week}" + (f" of {weeks}" if weeks is not None and weeks >= week else "")
    return PlacementView(placement, state, short, words, home, commissioner.name if commissioner else None, week, weeks)


def header_of(records: PupilRecords, facts: SchoolFacts, stay: Stay, name: ShownName, last: date) -> Header:
    """The head of the page, as it stood on the day `last`."""
    year_code, year = year_of(records.years, last)
    group: Group | None = None
    for m in _held(records.memberships, last):
        group = facts.groups.get(m.group_id, group)
    schools = _held(records.home_schools, last)
    partner = facts.partners.get(schools[-1].partner_id) if schools else None
    home = partner.name if partner else None
    views = tuple(
        placement_view(p, facts, home, last) for p in sorted(records.placements, key=lambda p: (p.first_day, p.id)) if is_here(p, stay, records)
    )
    current = next((v for v in reversed(views) if v.state == "current"), None)
    shown_placement = current or next((v for v in views if v.state == "planned"), None)
    on_roll = stay.on_roll(last)
    parts = [year, _group_words(group.name) if group else ""]
    if on_roll:
        parts.append(shown_placement.words if shown_placement else "no placement written down")
    elif stay.enrolment is not None and stay.ended is not None and stay.ended < last:
        parts.append(f"left on {days.words(stay.ended)}")
    elif stay.enrolment is not None and stay.enrolment.first_day is not None:
        parts.append(f"comes on {days.words(stay.enrolment.first_day)}")
    else:
        parts.append("not on roll yet")
    adults = [t for t in facts.group_teachers if group is not None and t.group_id == group.id]
    names = [facts.people[t.person_id].name for t in adults if t.person_id in facts.people and _covers(t.first_day, t.last_day, last)]
    born = records.pupil.born
    return Header(
        name=name,
        line=" \u00b7 ".join(p for p in parts if p),
        year=year,
        year_code=year_code,
        group=group.name if group else None,
        group_id=group.id if group else None,
        key_adults=tuple(dict.fromkeys(names)),
        placement=shown_placement,
        placements=views,
        home_school=(shown_placement.home_school if shown_placement else None) or home,
        chips=chips_of(records.flags, last),
        born=born,
        age=age_on(born, last) if born is not None and born <= last else None,
        upn=_identifier(records.identifiers, "upn"),
        number=_identifier(records.identifiers, "number"),
        on_roll=on_roll,
        first_day=stay.began,
        last_day=stay.ended,
        registration=_REGISTRATIONS.get((stay.enrolment.registration if stay.enrolment else None) or "", ""),
    )


def is_here(placement: Placement, stay: Stay, records: PupilRecords) -> bool:
    """Whether a placement belongs to the setting of this stay (any does where no time on roll is known)."""
    return stay.enrolment is None or placement.enrolment_id in {e.id for e in records.enrolments if e.setting_id == stay.enrolment.setting_id}


def _covers(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _group_words(name: str) -> str:
    return name if name.casefold().endswith(("group", "class", "form")) else f"{name} group"


def _identifier(identifiers: Iterable[Identifier], system: str) -> str | None:
    return next((i.value for i in sorted(identifiers, key=lambda i: -i.id) if i.system == system), None)


_STRENGTHS = ("good_at", "what_helps", "own_words")


def strengths_shown(strengths: Iterable[Strength], audience: str, last: date) -> tuple[Strength, ...]:
    """The strengths that `audience` may read, said up to `last`: what the pupil is good at first."""
    kept = [s for s in strengths if may_read(audience, s.audience) and (s.day is None or s.day <= last)]
    return tuple(sorted(kept, key=lambda s: (_STRENGTHS.index(s.sort) if s.sort in _STRENGTHS else 9, s.id)))
