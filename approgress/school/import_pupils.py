"""A pupil list compared with what the school holds: what is new, changed, kept or asked, by the rules of a snapshot of its day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from approgress.domain.acts.pupils import REGISTRATIONS, SEXES, code_from
from approgress.domain.days import words
from approgress.domain.edits import Edit, Put, Title
from approgress.domain.records import Enrolment, Flag, Group, GroupMember, HomeSchool, Identifier, Name, Note, Partner, Pupil, YearGroup
from approgress.domain.school_year import school_year_of, school_year_words, year_words
from approgress.interchange.cells import NEEDS, SEN_WORDS
from approgress.interchange.pupils import PupilDraft, Span
from approgress.interchange.text import fold, same_text, shown
from approgress.school.import_edits import NEW_ID, PupilEdits
from approgress.school.import_matching import Known, Matcher
from approgress.school.import_plan import Ask, Choice, Happening

if TYPE_CHECKING:
    from approgress.store.reads import Reader

FILE, KEEP = "file", "keep"
END = "end"
ON = "yes"

FLAG_WORDS = {
    "sen": "SEN",
    "need": "Need",
    "pupil_premium": "Pupil premium",
    "fsm": "Free school meals",
    "eal": "EAL",
    "care": "In care",
    "previously_looked_after": "Previously in care",
    "young_carer": "Young carer",
    "service_child": "Service child",
    "social_work": "Social work",
}
SYSTEM_WORDS = {
    "upn": "UPN",
    "former_upn": "Former UPN",
    "uln": "ULN",
    "number": "Admission number",
    "arbor": "Arbor number",
    "arbor_global": "Arbor's global number",
    "sims": "SIMS number",
    "bromcom": "Bromcom number",
    "mis": "Information system's number",
}


def _list() -> list[Any]:
    return []


def _dict() -> dict[Any, Any]:
    return {}


@dataclass(slots=True)
class Outcome:
    """What becomes of one pupil of the list."""

    happens: list[Happening] = field(default_factory=_list)
    asks: list[Ask] = field(default_factory=_list)
    edits: list[Edit] = field(default_factory=_list)
    compared: int = 0  # values looked at
    number_kept: bool = False  # the file has another admission number than the school; the school's stands

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return bool(self.edits)


@dataclass(slots=True)
class Held:
    """What the school holds about its pupils' lists, beside names and numbers (those are in the matcher)."""

    years: Mapping[int, list[YearGroup]]
    flags: Mapping[int, list[Flag]]
    homes: Mapping[int, list[HomeSchool]]
    members: Mapping[int, list[GroupMember]]
    notes: Mapping[int, list[Note]]
    groups: list[Group]
    partners: list[Partner]
    new_groups: dict[str, Group] = field(default_factory=_dict)
    new_partners: dict[str, Partner] = field(default_factory=_dict)

    @classmethod
    def read(cls, reader: Reader) -> Held:
        """All of it in one reading."""

        def by_pupil(kind: type[Any]) -> dict[int, list[Any]]:
            out: dict[int, list[Any]] = {}
            for record in reader.every(kind):
                out.setdefault(record.pupil_id, []).append(record)
            return out

        return cls(
            by_pupil(YearGroup),
            by_pupil(Flag),
            by_pupil(HomeSchool),
            by_pupil(GroupMember),
            by_pupil(Note),
            reader.every(Group),
            reader.every(Partner),
        )

    def group(self, name: str, setting_id: int) -> Group:
        """The group of a name, a new one (with a negative id) where there is none."""
        key = " ".join(name.split()).casefold()
        found = next((g for g in self.groups if " ".join(g.name.split()).casefold() == key), None) or self.new_groups.get(key)
        if found is None:
            found = self.new_groups[key] = Group(-(1000 + len(self.new_groups)), setting_id, " ".join(name.split()))
        return found

    def partner(self, name: str, la: str | None = None, estab: str | None = None) -> Partner:
        """The school of a name (or number), a new one (with a negative id) where there is none."""
        key = fold(name)
        if la and estab:
            by_number = next((p for p in self.partners if (p.la, p.estab) == (la, estab)), None)
            if by_number is not None:
                return by_number
        found = next((p for p in self.partners if fold(p.name) == key and p.sort == "school"), None) or self.new_partners.get(key)
        if found is None:
            found = self.new_partners[key] = Partner(-(1 + len(self.new_partners)), " ".join(name.split()), la=la, estab=estab)
        return found

    def named(self, kind: str, record_id: int | None) -> str | None:
        """The name of a group or school."""
        pool: Iterable[Any] = (
            (*self.groups, *self.new_groups.values()) if kind == "group" else (*self.partners, *self.new_partners.values())
        )
        return next((r.name for r in pool if r.id == record_id), None)


class PupilComparison:
    """Compares drafts with what is held, on the day the list was taken. `answers` are answers by question."""

    def __init__(
        self,
        matcher: Matcher,
        held: Held,
        taken_on: date,
        setting_id: int,
        answers: Mapping[str, str],
        typed: TypedByHand,
        *,
        own_name: str = "",
    ) -> None:
        self.matcher = matcher
        self.held = held
        self.day = taken_on
        self.before = date.fromordinal(taken_on.toordinal() - 1)
        self.setting_id = setting_id
        self.answers = answers
        self.typed = typed
        self.own_name = own_name
        self.used: dict[str, str] = {}  # answers that were needed, to be remembered
        self._codes = set(matcher.codes)

    # --- a new pupil -----------------------------------------------------------------------------------------------

    def new_code(self) -> str:
        """A code that no pupil has."""
        while True:
            code = code_from(secrets.randbits(30))
            if code not in self._codes:
                self._codes.add(code)
                return code

    def new(self, draft: PupilDraft) -> Outcome:
        """What a pupil nobody knows yet is made of."""
        out = Outcome()
        who = draft.who
        code = who.code if who.code and who.code not in self._codes else self.new_code()
        self._codes.add(code)
        pupil = Pupil(NEW_ID, code, who.born, draft.sex, draft.pronouns, draft.ethnicity, draft.first_language, self.day)
        out.edits.append(Put(pupil))
        if who.surname or who.forename or who.full:
            out.edits.append(
                Put(Name(NEW_ID, NEW_ID, "legal", who.forename or None, who.surname or (None if who.forename else who.full), draft.middle))
            )
        preferred = self._preferred(draft)
        if preferred != (None, None):
            out.edits.append(Put(Name(NEW_ID, NEW_ID, "preferred", *preferred)))
        if draft.former_surname and fold(draft.former_surname) != fold(who.surname):
            out.edits.append(Put(Name(NEW_ID, NEW_ID, "former", None, draft.former_surname)))
        for system, value, doubt in self._numbers(draft):
            if system in ("upn", "uln", "number") and (owners := self.matcher.by_number(system, value)):
                out.happens.append(
                    Happening(f"{SYSTEM_WORDS[system]} {value}", "left to " + self.matcher.shown(owners[0]), None, kept=True)
                )
                continue
            out.edits.append(Put(Identifier(NEW_ID, NEW_ID, system, value, doubt)))
            if doubt:
                out.happens.append(Happening(SYSTEM_WORDS[system], None, f"{value}, doubtful"))
        if draft.year is not None:
            out.edits.append(Put(YearGroup(NEW_ID, NEW_ID, draft.year, school_year_of(self.day))))
            out.happens.append(Happening("", None, year_words(draft.year)))
        if draft.group:
            group = self.held.group(draft.group, self.setting_id)
            out.edits.append(Put(GroupMember(NEW_ID, NEW_ID, group.id)))
            out.happens.append(Happening("", None, group.name))
        for sort, value, rank in self._flags_said(draft):
            since = (
                draft.since.get(sort)
                or (draft.sen_since if sort == "sen" and draft.sen_since and draft.sen_since <= self.day else None)
                or self.day
            )
            out.edits.append(Put(Flag(NEW_ID, NEW_ID, sort, value, rank, since)))
            out.happens.append(Happening("", None, flag_words(sort, value)))
        for span in draft.spans or [Span()]:
            out.edits.append(self._enrolment(span))
            if span.first_day:
                out.happens.append(Happening("starts", None, words(span.first_day)))
            if span.last_day:
                out.happens.append(Happening("left", None, words(span.last_day)))
        home = self._home(draft)
        if home is not None:
            out.edits.append(Put(HomeSchool(NEW_ID, NEW_ID, home.id)))
            out.happens.append(Happening("from", None, home.name))
        for text in draft.notes:
            out.edits.append(Put(Note(NEW_ID, NEW_ID, self.day, "note", text)))
            out.happens.append(Happening("", None, "a note"))
        if draft.who.born is None:
            out.happens.append(Happening("date of birth", None, "missing"))
        if draft.who.upn is None:
            out.happens.append(Happening("", None, "no UPN yet"))
        elif draft.who.upn_check and draft.who.upn_check.temporary:
            out.happens.append(Happening("", None, "UPN temporary"))
        return out

    def _preferred(self, draft: PupilDraft) -> tuple[str | None, str | None]:
        """(forename, surname) the pupil is known by, only the parts that differ from the legal ones."""
        forename = (
            draft.preferred_forename if draft.preferred_forename and fold(draft.preferred_forename) != fold(draft.who.forename) else None
        )
        surname = draft.preferred_surname if draft.preferred_surname and fold(draft.preferred_surname) != fold(draft.who.surname) else None
        return forename, surname

    def _numbers(self, draft: PupilDraft) -> list[tuple[str, str, str | None]]:
        who = draft.who
        found: list[tuple[str, str, str | None]] = []
        if who.upn and who.upn_check:
            answer = self.answers.get(upn_question(who.upn))
            if who.upn_check.ok:
                found.append(("upn", who.upn, None))
            elif answer == "suggestion" and who.upn_check.suggestion:
                self.used[upn_question(who.upn)] = answer
                found.append(("upn", who.upn_check.suggestion, None))
            elif answer != "leave":
                found.append(("upn", who.upn, " ".join(who.upn_check.doubts) or None))
            else:
                self.used[upn_question(who.upn)] = answer
        if draft.former_upn:
            found.append(("former_upn", draft.former_upn, None))
        if draft.uln:
            found.append(("uln", draft.uln, None))
        if who.number:
            found.append(("number", who.number, None))
        found += [(system, value, None) for system, value in who.systems]
        return found

    def _flags_said(self, draft: PupilDraft) -> list[tuple[str, str, int | None]]:
        found: list[tuple[str, str, int | None]] = []
        if draft.sen in ("K", "E"):
            found.append(("sen", draft.sen, None))
        found += [("need", code, rank) for code, rank in draft.needs]
        for sort, value in draft.flags.items():
            if value is not False:
                found.append(("social_work", sort, None) if sort in ("cin", "cp") else (sort, str(value), None))
        return found

    def _enrolment(self, span: Span) -> Edit:
        return Put(
            Enrolment(
                NEW_ID,
                NEW_ID,
                self.setting_id,
                span.registration,
                span.first_day,
                span.last_day,
                None,
                span.leaving_reason,
                span.destination,
            )
        )

    def _home(self, draft: PupilDraft) -> Partner | None:
        if not draft.home_school or fold(draft.home_school) == fold(self.own_name):
            return None
        return self.held.partner(draft.home_school, draft.home_la, draft.home_estab)

    # --- a pupil who is known --------------------------------------------------------------------------------------

    def known(self, draft: PupilDraft, k: Known, row: int, partial: bool = False) -> Outcome:
        """What a list says of a known pupil that is not held yet. `partial`: the file does not set out to say all (a transfer file)."""
        out = Outcome()
        ask = _Asker(self, out, k, row)
        self._person(draft, k, out, ask)
        self._names(draft, k, out, ask)
        self._identifiers(draft, k, out, ask)
        self._year(draft, k, out, ask)
        self._group(draft, k, out, ask)
        self._flags(draft, k, out, ask, partial)
        self._spans(draft, k, out, ask)
        self._home_school(draft, k, out, ask)
        for text in draft.notes:
            out.compared += 1
            if not any(same_text(n.text, text) or n.text == text for n in self.held.notes.get(k.id, [])):
                out.edits.append(Put(Note(k.id, NEW_ID, self.day, "note", text)))
                out.happens.append(Happening("Note", None, shown(text, 40)))
        return out

    def _person(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        pupil = k.pupil
        new: dict[str, Any] = {}
        values: list[tuple[str, Any, str, Callable[[Any], str]]] = [
            ("born", draft.who.born, "Date of birth", words),
            ("sex", draft.sex, "Sex", _sex_words),
            ("ethnicity", draft.ethnicity, "Ethnicity", str),
            ("first_language", draft.first_language, "First language", str),
            ("pronouns", draft.pronouns, "Pronouns", str),
        ]
        for field_name, value, name, show in values:
            if value is None:
                continue
            out.compared += 1
            held = getattr(pupil, field_name)
            if (
                held == value
                or (isinstance(value, str) and held is not None and same_text(held, value))
                or (field_name == "sex" and value == "U" and held)
            ):
                continue
            typed = held is not None and self.typed.field("pupil", k.id, (k.id,), field_name)
            if ask.may_change(field_name, name, show(held) if held is not None else None, show(value), typed):
                new[field_name] = value
        if new:
            out.edits.append(Put(replace(pupil, **new), pupil))

    def _names(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        who = draft.who
        legal, preferred = k.legal(), k.preferred()
        surname, forename = who.surname, who.forename
        if surname is None and forename is None:
            return
        out.compared += 1
        if legal is None:
            out.edits.append(Put(Name(k.id, NEW_ID, "legal", forename, surname, draft.middle)))
            out.happens.append(Happening("Legal name", None, _name(forename, surname)))
        else:
            new_surname, new_forename = _better(legal.surname, surname), _better(legal.forename, forename)
            if not who.legal and preferred is not None:
                # a plain surname that agrees with the name the pupil is known by says nothing about the legal one
                if new_surname is not None and preferred.surname and fold(preferred.surname) == fold(surname):
                    new_surname = None
                if new_forename is not None and preferred.forename and fold(preferred.forename) == fold(forename):
                    new_forename = None
            if any(n.use == "former" and new_surname is not None and n.surname and fold(n.surname) == fold(new_surname) for n in k.names):
                ask.say(
                    "former:" + fold(new_surname),
                    "Surname",
                    legal.surname,
                    new_surname or "",
                    f"{new_surname} is a former name of {k.shown}; it was not taken back.",
                )
                new_surname = None
            if legal.first_day is not None and legal.first_day > self.day:
                new_surname = new_forename = None  # the list is older than the change of name
            new_middle = _better(legal.middle, draft.middle)
            real = any(a is not None and fold(a) != fold(b) for a, b in ((new_surname, legal.surname), (new_forename, legal.forename)))
            if new_surname is not None or new_forename is not None or new_middle is not None:
                after = replace(
                    legal, surname=new_surname or legal.surname, forename=new_forename or legal.forename, middle=new_middle or legal.middle
                )
                what = "Legal name" if (new_surname or new_forename) else "Middle names"
                shows = (
                    (_name(legal.forename, legal.surname), _name(after.forename, after.surname))
                    if what == "Legal name"
                    else (legal.middle, after.middle)
                )
                if ask.may_change("name", what, shows[0], shows[1] or "", legal.typed):
                    if real:
                        start = legal.first_day is not None and legal.first_day >= self.day
                        if start:
                            out.edits.append(Put(replace(after, typed=False), legal))
                        else:
                            out.edits.append(Put(replace(legal, use="former", last_day=self.before), legal))
                            out.edits.append(Put(replace(after, id=NEW_ID, first_day=self.day, last_day=None, typed=False)))
                    else:
                        out.edits.append(Put(replace(after, typed=False), legal))
        self._preferred_name(draft, k, preferred, legal, out, ask)

    def _preferred_name(self, draft: PupilDraft, k: Known, preferred: Name | None, legal: Name | None, out: Outcome, ask: _Asker) -> None:
        said_forename, said_surname = draft.preferred_forename, draft.preferred_surname
        if said_forename is None and said_surname is None:
            return
        out.compared += 1
        legal_forename = draft.who.forename or (legal.forename if legal else None)
        legal_surname = draft.who.surname or (legal.surname if legal else None)
        forename = said_forename if said_forename and fold(said_forename) != fold(legal_forename) else None
        surname = said_surname if said_surname and fold(said_surname) != fold(legal_surname) else None
        if preferred is None:
            if forename or surname:
                out.edits.append(Put(Name(k.id, NEW_ID, "preferred", forename, surname)))
                out.happens.append(Happening("Known as", None, _name(forename, surname)))
            return
        gone = [
            part for part, said, held, legal_part in (
                ("forename", said_forename, preferred.forename, legal_forename), ("surname", said_surname, preferred.surname, legal_surname),
            ) if said and held and fold(said) == fold(legal_part) and fold(held) != fold(said)
        ]  # fmt: skip
        new_forename = _better(preferred.forename, forename) if forename else None
        new_surname = _better(preferred.surname, surname) if surname else None
        if new_forename is not None or new_surname is not None:
            after = replace(preferred, forename=new_forename or preferred.forename, surname=new_surname or preferred.surname)
            if ask.may_change(
                "known as", "Known as", _name(preferred.forename, preferred.surname), _name(after.forename, after.surname), preferred.typed
            ):
                out.edits.append(Put(replace(after, typed=False), preferred))
        elif gone:
            held = _name(preferred.forename, preferred.surname)
            answer = ask.question(
                f"known-as-gone:{k.pupil.code}:{fold(held)}",
                f"{k.shown} is known here as {held}, and the list gives the legal name instead. Is {held} still used?",
                (Choice(KEEP, f"yes, keep {held}"), Choice(END, "no, the legal name is used now")),
                "Known as", _name(said_forename, said_surname), held, holds=False,
            )  # fmt: skip
            if answer == END:
                out.edits.append(Put(replace(preferred, last_day=self.before), preferred))
                out.happens.append(Happening("Known as", held, None))

    def _identifiers(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        for system, value, doubt in self._numbers(draft):
            out.compared += 1
            held = [i for i in k.identifiers if i.system == system]
            if any(_same_number(system, i.value, value) for i in held):
                continue
            what = SYSTEM_WORDS.get(system, system)
            if not held:
                owner = [p for p in self.matcher.by_number(system, value) if p != k.id] if system in ("upn", "uln", "number") else []
                if owner:
                    ask.say(
                        f"{system}:{value}", what, None, value,
                        f"{what} {value} is held for {self.matcher.shown(owner[0])}; it was not given to {k.shown} as well.",
                    )  # fmt: skip
                    continue
                out.edits.append(Put(Identifier(k.id, NEW_ID, system, value, doubt)))
                out.happens.append(Happening(what, None, value + (", doubtful" if doubt else "")))
            elif system in ("upn", "uln") and (others := [p for p in self.matcher.by_number(system, value) if p != k.id]):
                ask.say(
                    f"{system}:{value}", what, held[-1].value, value,
                    f"{what} {value} is held for {self.matcher.shown(others[0])}; {k.shown} keeps {held[-1].value}.",
                )  # fmt: skip
            elif system == "upn":
                old = held[-1]
                if any(_same_number("upn", i.value, value) for i in k.identifiers if i.system == "former_upn"):
                    continue
                if doubt:
                    ask.say(
                        f"upn:{value}",
                        what,
                        old.value,
                        value,
                        f"The list has the UPN {value} for {k.shown}, which cannot be right ({doubt}) {old.value} was kept.",
                    )
                elif ask.may_change("upn", what, old.value, value, old.typed):
                    out.edits.append(Put(replace(old, system="former_upn", typed=False), old))
                    out.edits.append(Put(Identifier(k.id, NEW_ID, "upn", value, doubt)))
            elif system == "former_upn":
                out.edits.append(Put(Identifier(k.id, NEW_ID, system, value, doubt)))
                out.happens.append(Happening(what, None, value))
            elif system == "uln":
                if ask.may_change("uln", what, held[-1].value, value, held[-1].typed):
                    out.edits.append(Put(replace(held[-1], value=value, typed=False), held[-1]))
            else:
                out.number_kept = True
                out.happens.append(Happening(what, held[-1].value, value, kept=True))

    def _year(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        if draft.year is None:
            return
        out.compared += 1
        school_year = school_year_of(self.day)
        held = next((y for y in self.held.years.get(k.id, []) if y.school_year == school_year), None)
        if held is None:
            before = next(
                (y for y in sorted(self.held.years.get(k.id, []), key=lambda y: -y.school_year) if y.school_year < school_year), None
            )
            out.edits.append(Put(YearGroup(k.id, NEW_ID, draft.year, school_year)))
            text = f"{year_words(draft.year)} in {school_year_words(school_year)}"
            out.happens.append(Happening("Year", year_words(before.year) if before else None, text))
        elif held.year != draft.year and ask.may_change("year", "Year", year_words(held.year), year_words(draft.year), held.typed):
            out.edits.append(Put(replace(held, year=draft.year, typed=False), held))

    def _group(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        if not draft.group:
            return
        out.compared += 1
        group = self.held.group(draft.group, self.setting_id)
        open_ = [m for m in self.held.members.get(k.id, []) if m.last_day is None or m.last_day >= self.day]
        if any(m.group_id == group.id for m in open_):
            return
        if not open_:
            out.edits.append(Put(GroupMember(k.id, NEW_ID, group.id, self.day if self.held.members.get(k.id) else None)))
            out.happens.append(Happening("Group", None, group.name))
            return
        held = open_[-1]
        if held.first_day is not None and held.first_day > self.day:
            return  # the list is older than the group
        if ask.may_change("group", "Group", self.held.named("group", held.group_id), group.name, held.typed, since=self.day):
            if held.first_day == self.day:
                out.edits.append(Put(replace(held, group_id=group.id, typed=False), held))
            else:
                out.edits.append(Put(replace(held, last_day=self.before), held))
                out.edits.append(Put(GroupMember(k.id, NEW_ID, group.id, self.day)))

    # --- flags -----------------------------------------------------------------------------------------------------

    def _flags(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker, partial: bool) -> None:
        held = self.held.flags.get(k.id, [])
        if draft.sen is not None:
            out.compared += 1
            self._one_flag(
                k, held, "sen", draft.sen if draft.sen != "N" else None, draft.since.get("sen") or draft.sen_since, out, ask, "no SEN"
            )
        if draft.needs:
            out.compared += 1
            self._needs(draft, k, held, out, ask)
        for sort, value in draft.flags.items():
            out.compared += 1
            if sort in ("cin", "cp"):
                self._one_flag(
                    k,
                    [f for f in held if f.value == sort],
                    "social_work",
                    sort if value is not False else None,
                    draft.since.get(sort),
                    out,
                    ask,
                    "no",
                )
            else:
                self._one_flag(k, held, sort, None if value is False else str(value), draft.since.get(sort), out, ask, "no")

    def _one_flag(
        self, k: Known, all_held: list[Flag], sort: str, value: str | None, since: date | None, out: Outcome, ask: _Asker, says_none: str
    ) -> None:
        mine = [f for f in all_held if f.sort == sort]
        open_ = [f for f in mine if f.last_day is None or f.last_day >= self.day]
        held = next((f for f in reversed(open_) if f.value == value), open_[-1] if open_ else None)
        what = FLAG_WORDS[sort]
        start = since if since is not None and since <= self.day else self.day
        if value is None:
            held = next((f for f in reversed(open_) if f.last_day is None or f.last_day > self.day), None)
            if held is None or (held.first_day is not None and held.first_day > self.day):
                return
            was = flag_words(sort, held.value)
            answer = ask.question(
                f"gone:{k.pupil.code}:{sort}:{held.value}",
                f"{k.shown} has {was}{_since(held.first_day)} here, and the list of {words(self.day)} says {says_none}. Has it ended?",
                (Choice(KEEP, "no, keep it"), Choice(END, f"yes, it ended before {words(self.day)}")),
                what, says_none, was, holds=False,
            )  # fmt: skip
            if answer == END:
                out.edits.append(
                    Put(replace(held, last_day=self.before, typed=False), held)
                    if held.first_day is None or held.first_day < self.day
                    else Put(replace(held, last_day=held.first_day), held)
                )
                out.happens.append(Happening(what, was, says_none, since=self.day))
            return
        if held is None:
            ended = max(
                (f for f in mine if f.value == value and f.typed and f.last_day is not None),
                key=lambda f: f.last_day or date.min,
                default=None,
            )
            if ended is not None:
                text = flag_words(sort, value)
                answer = ask.question(
                    f"again:{k.pupil.code}:{sort}:{value}:{ended.last_day}",
                    f"{text} of {k.shown} was ended here on {words(ended.last_day)}, and the list of {words(self.day)} still has it.",
                    (Choice(KEEP, "it ended"), Choice(FILE, f"it holds again from {words(self.day)}")), what, text, f"ended {words(ended.last_day)}", holds=False,
                )  # fmt: skip
                if answer != FILE:
                    return
            out.edits.append(Put(Flag(k.id, NEW_ID, sort, value, None, start)))
            out.happens.append(Happening(what, "none" if sort == "sen" else "no", _said(sort, value), since=start))
            return
        if held.value == value or (
            value == ON and sort in ("fsm", "pupil_premium", "young_carer", "previously_looked_after") and held.value not in ("", "N")
        ):
            if (
                held.first_day is not None
                and start < held.first_day
                and not held.typed
                and not any(f is not held and (f.last_day or date.max) >= start for f in mine)
            ):
                out.edits.append(Put(replace(held, first_day=start), held))
                out.happens.append(Happening(f"{what} known from", words(held.first_day), words(start)))
            return
        if held.first_day is not None and held.first_day > self.day:
            return
        if held.value == ON and sort != "sen":
            # the list says more exactly what is held already
            if ask.may_change(sort, what, _said(sort, held.value), _said(sort, value), held.typed):
                out.edits.append(Put(replace(held, value=value, typed=False), held))
            return
        if ask.may_change(sort, what, _said(sort, held.value), _said(sort, value), held.typed, since=self.day):
            if held.first_day == self.day:
                out.edits.append(Put(replace(held, value=value, typed=False), held))
            else:
                out.edits.append(Put(replace(held, last_day=self.before, typed=False), held))
                out.edits.append(
                    Put(
                        Flag(
                            k.id,
                            NEW_ID,
                            sort,
                            value,
                            None,
                            max(start, date.fromordinal(held.first_day.toordinal() + 1)) if held.first_day else self.day,
                        )
                    )
                )

    def _needs(self, draft: PupilDraft, k: Known, all_held: list[Flag], out: Outcome, ask: _Asker) -> None:
        open_ = [f for f in all_held if f.sort == "need" and (f.last_day is None or f.last_day >= self.day)]
        said = {code for code, _ in draft.needs}
        for code, rank in draft.needs:
            held = next((f for f in open_ if f.value == code), None)
            if held is None:
                if any(f.sort == "need" and f.value == code and f.typed and f.last_day is not None for f in all_held):
                    ask.say(
                        f"need:{code}", "Need", "ended", code, f"The need {code} of {k.shown} was ended here, and the list still has it."
                    )
                    continue
                out.edits.append(Put(Flag(k.id, NEW_ID, "need", code, rank, self.day)))
                out.happens.append(Happening("Need", None, flag_words("need", code), since=self.day))
            elif (
                rank is not None
                and held.rank != rank
                and ask.may_change(f"rank of {code}", f"Rank of {code}", str(held.rank) if held.rank else None, str(rank), held.typed)
            ):
                out.edits.append(Put(replace(held, rank=rank), held))
        ranks = {rank for _, rank in draft.needs if rank is not None}
        for f in open_:
            if f.value not in said and f.rank in ranks:
                was = flag_words("need", f.value)
                answer = ask.question(
                    f"gone:{k.pupil.code}:need:{f.value}",
                    f"{k.shown} has the need {was} here, and the list has another in its place. Has it ended?",
                    (Choice(KEEP, "no, keep it"), Choice(END, f"yes, it ended before {words(self.day)}")), "Need", ", ".join(sorted(said)), was, holds=False,
                )  # fmt: skip
                if answer == END:
                    out.edits.append(Put(replace(f, last_day=max(self.before, f.first_day or self.before)), f))
                    out.happens.append(Happening("Need", was, None, since=self.day))

    # --- times on roll ---------------------------------------------------------------------------------------------

    def _spans(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        held = sorted((e for e in k.enrolments if e.setting_id == self.setting_id), key=lambda e: (e.first_day or date.min, e.id))
        if not held:
            for span in draft.spans or [Span()]:
                edit = self._enrolment(span)
                assert isinstance(edit, Put)
                out.edits.append(Put(replace(edit.record, pupil_id=k.id)))
                out.happens.append(Happening("On roll", None, f"from {words(span.first_day)}" if span.first_day else "start not known"))
            return
        spans = draft.spans or [Span()]
        taken: set[int] = set()
        for span in spans:
            if span.says_anything:
                out.compared += 1
            e = self._fitting(span, [x for x in held if x.id not in taken])
            if e is None:
                newest = held[-1]
                if (
                    span.first_day is None
                    or (newest.last_day is not None and span.first_day > newest.last_day)
                    or (span.last_day is not None and all(not _overlap(span, x) for x in held))
                ):
                    if span.first_day is None:
                        continue
                    edit = self._enrolment(span)
                    assert isinstance(edit, Put)
                    out.edits.append(Put(replace(edit.record, pupil_id=k.id)))
                    text = f"{words(span.first_day)}" + (f" to {words(span.last_day)}" if span.last_day else "")
                    out.happens.append(
                        Happening("On roll", f"left {words(newest.last_day)}" if newest.last_day else None, f"again from {text}")
                    )
                continue
            taken.add(e.id)
            self._span(span, e, k, out, ask, alone=len(held) == 1)

    def _fitting(self, span: Span, held: list[Enrolment]) -> Enrolment | None:
        if not held:
            return None
        if span.first_day is None:
            return held[-1]
        for e in held:
            if e.first_day == span.first_day:
                return e
        for e in held:
            if e.first_day is None and (e.last_day is None or e.last_day >= span.first_day):
                return e
        for e in held:
            if _overlap(span, e):
                return e
        return None

    def _span(self, span: Span, e: Enrolment, k: Known, out: Outcome, ask: _Asker, *, alone: bool) -> None:
        new: dict[str, Any] = {}
        if span.first_day is None and e.last_day is not None and e.last_day < self.day and not span.left and span.last_day is None:
            answer = ask.question(
                f"back:{k.pupil.code}:{e.last_day}",
                f"{k.shown}, born {words(k.pupil.born) or 'on a day not known'}, left on {words(e.last_day)} and is in the list of {words(self.day)}. Back with us?",
                (Choice("back", f"yes, on roll again from {words(self.day)}"), Choice("left", "no, still a leaver")), "On roll", "in the list", f"left {words(e.last_day)}", holds=False,
            )  # fmt: skip
            if answer == "back":
                out.edits.append(Put(Enrolment(k.id, NEW_ID, self.setting_id, span.registration, self.day)))
                out.happens.append(Happening("On roll", f"left {words(e.last_day)}", "again", since=self.day))
            return
        if span.left and span.last_day is None and e.last_day is None:
            ask.say(
                f"left:{k.pupil.code}", "Enrolment status", "on roll", "left",
                f"The list says that {k.shown} left, but not when. The time on roll was kept open; end it on the pupil's page.",
            )  # fmt: skip
        values: list[tuple[str, Any, str, Callable[[Any], str]]] = [
            ("first_day", span.first_day, "First day on roll", words),
            ("last_day", span.last_day, "Last day on roll", words),
            ("registration", span.registration, "Registration", _registration_words),
            ("leaving_reason", span.leaving_reason, "Reason for leaving", str),
            ("destination", span.destination, "Destination", str),
        ]
        for name, value, what, show in values:
            held = getattr(e, name)
            if value is None or value == held or (isinstance(value, str) and held is not None and same_text(held, value)):
                continue
            if name == "registration" and e.last_day is not None and e.last_day < self.day and span.last_day is None:
                continue
            if (
                name in ("last_day", "leaving_reason", "destination")
                and span.first_day is None
                and held is None
                and not alone
                and e.first_day is not None
                and span.last_day is not None
                and span.last_day < e.first_day
            ):
                continue
            typed = e.typed and held is not None
            if ask.may_change(name, what, show(held) if held is not None else None, show(value), typed):
                new[name] = value
        if new:
            first, last = new.get("first_day", e.first_day), new.get("last_day", e.last_day)
            if first is not None and last is not None and last < first:
                ask.say(
                    f"roll:{last}",
                    "Last day on roll",
                    words(e.last_day),
                    words(last),
                    f"The list ends the time on roll of {k.shown} on {words(last)}, before it began ({words(first)}); it was kept as it is.",
                )
                return
            out.edits.append(Put(replace(e, **new), e))

    def _home_school(self, draft: PupilDraft, k: Known, out: Outcome, ask: _Asker) -> None:
        partner = self._home(draft)
        if partner is None:
            return
        out.compared += 1
        open_ = [h for h in self.held.homes.get(k.id, []) if h.last_day is None or h.last_day >= self.day]
        if any(h.partner_id == partner.id for h in open_):
            return
        if not open_:
            out.edits.append(Put(HomeSchool(k.id, NEW_ID, partner.id, self.day if self.held.homes.get(k.id) else None)))
            out.happens.append(Happening("Home school", None, partner.name))
            return
        held = open_[-1]
        if held.first_day is not None and held.first_day > self.day:
            return
        if ask.may_change(
            "home school", "Home school", self.held.named("partner", held.partner_id), partner.name, held.typed, since=self.day
        ):
            if held.first_day == self.day:
                out.edits.append(Put(replace(held, partner_id=partner.id, typed=False), held))
            else:
                out.edits.append(Put(replace(held, last_day=self.before), held))
                out.edits.append(Put(HomeSchool(k.id, NEW_ID, partner.id, self.day)))


@dataclass(slots=True)
class _Asker:
    """Asks about one pupil of one row, and answers from what was answered before."""

    comparison: PupilComparison
    out: Outcome
    known: Known
    row: int

    def question(
        self, key: str, sentence: str, choices: tuple[Choice, ...], column: str, value: str | None, kept: str | None, *, holds: bool = True
    ) -> str | None:
        """The answer to a question, asked where there is none."""
        answer = self.comparison.answers.get(key)
        if answer is not None and any(c.key == answer for c in choices):
            self.comparison.used[key] = answer
        else:
            answer = None
        self.out.asks.append(Ask(key, f"In row {self.row}: {sentence}", choices, self.row, column, value, kept, holds, answer))
        return answer

    def say(self, key: str, column: str, kept: str | None, value: str, sentence: str) -> None:
        """Tell of something that was kept as it is; answered by saying that it is known."""
        self.question(
            f"told:{self.known.pupil.code}:{key}", sentence, (Choice(KEEP, "it is right as it is"),), column, value, kept, holds=False
        )
        self.out.happens.append(Happening(column, kept or "none", value, kept=True))

    def may_change(self, key: str, what: str, before: str | None, after: str, typed: bool, *, since: date | None = None) -> bool:
        """Whether the file's value is taken: yes, unless a person typed what is held and has not said that the file is right."""
        if typed and before is not None:
            sign = hashlib.sha256(after.encode()).hexdigest()[:8]
            answer = self.question(
                f"typed:{self.known.pupil.code}:{key}:{sign}",
                f"{what} of {self.known.shown} was typed here as {before}, and the file says {after}.",
                (Choice(KEEP, f"keep {before}"), Choice(FILE, f"take {after}")), what, after, before, holds=False,
            )  # fmt: skip
            if answer != FILE:
                self.out.happens.append(Happening(what, before, after, kept=True))
                return False
        self.out.happens.append(Happening(what, before, after, since=since))
        return True


class TypedByHand:
    """Whether a field that has no mark of its own was last set by a person at a form, found in the journal when it is asked."""

    def __init__(self, history: Any) -> None:
        self._history = history  # Callable[[int, frozenset[str]], list[StepView]]
        self._steps: dict[tuple[int, str], list[Any]] = {}

    def field(self, kind: str, pupil: int, key: tuple[int, ...], name: str) -> bool:
        """Whether the newest step that set a field of a record was a person's own entry and not an import."""
        if (pupil, kind) not in self._steps:
            self._steps[pupil, kind] = self._history(pupil, frozenset({kind}))
        for step in self._steps[pupil, kind]:
            if step.what != 1:
                continue
            if any(x.key == key and name in x.fields for x in step.changes):
                return step.title in (Title.ADD_PUPIL, Title.CHANGE_PUPIL, Title.TAKE_REGISTER)
        return False


def upn_question(upn: str) -> str:
    """The stable key of the question about a doubtful UPN."""
    return f"upn:{upn}"


def flag_words(sort: str, value: str) -> str:
    """A flag as people say it."""
    if sort == "sen":
        return SEN_WORDS.get(value, value)
    if sort == "need":
        return f"{value} ({NEEDS[value]})" if value in NEEDS else value
    if sort == "social_work":
        return {"cin": "child in need", "cp": "child protection"}.get(value, value)
    name = FLAG_WORDS[sort] if sort == "eal" else FLAG_WORDS[sort].lower()
    return name if value == ON else f"{name} ({value})"


def _said(sort: str, value: str) -> str:
    """A flag's value beside its name: 'yes', 'yes (TFSM)', 'SEN support (K)'."""
    if sort in ("sen", "need", "social_work"):
        return flag_words(sort, value)
    return "yes" if value == ON else f"yes ({value})"


def _sex_words(code: str) -> str:
    return SEXES.get(code, code)


def _registration_words(code: str) -> str:
    return REGISTRATIONS.get(code, code)


def _since(day: date | None) -> str:
    return f" (known from {words(day)})" if day else ""


def _name(forename: str | None, surname: str | None) -> str:
    return " ".join(p for p in (forename, surname) if p)


def _better(held: str | None, said: str | None) -> str | None:
    """What a file makes of a stored name: the file's where it is another name or written with more care; None where nothing changes."""
    if not said:
        return None
    if held is None:
        return said
    if same_text(held, said):
        return None
    if fold(held) == fold(said):
        return said if _care(said) > _care(held) else None
    return said


def _care(name: str) -> int:
    """How carefully a name is written: accents, hyphens and apostrophes count, and so do small letters after capitals."""
    marks = sum(1 for c in name if not c.isascii() or c in "-'")
    return 2 * marks + (0 if name.isupper() or name.islower() else 1)


def _same_number(system: str, held: str, said: str) -> bool:
    if held == said:
        return True
    if system in ("upn", "former_upn", "uln"):
        return held.replace(" ", "").upper() == said.replace(" ", "").upper()
    a, b = " ".join(held.split()).casefold(), " ".join(said.split()).casefold()
    return a == b or (a.isdigit() and b.isdigit() and a.lstrip("0") == b.lstrip("0"))


def _overlap(span: Span, e: Enrolment) -> bool:
    first = span.first_day or date.min
    last = span.last_day or date.max
    return first <= (e.last_day or date.max) and (e.first_day or date.min) <= last


__all__ = ["Held", "Outcome", "PupilComparison", "PupilEdits", "TypedByHand", "flag_words", "upn_question"]
