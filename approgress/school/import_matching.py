"""Finding the pupil that a row of a file speaks of: by UPN, then by number, then by name and date of birth; likeness only asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.days import words
from approgress.domain.identifiers import check_upn
from approgress.domain.records import Enrolment, Identifier, KeptApart, Name, Pupil
from approgress.interchange.pupils import OTHER_SYSTEMS, Who
from approgress.interchange.text import fold

if TYPE_CHECKING:
    from approgress.store.reads import Reader

BY_UPN, BY_NUMBER, BY_NAME, BY_WHOLE_NAME, BY_ANSWER, BY_CODE, NOBODY = (
    "UPN",
    "number",
    "name and birth date",
    "name",
    "your answer",
    "code",
    "no match",
)

FOUND, NEW, HOLD = "found", "new", "hold"


@dataclass(slots=True)
class Known:
    """A pupil as the school knows them, for matching: all names they have or had, numbers, date of birth, times on roll."""

    pupil: Pupil
    names: list[Name] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    surnames: set[str] = field(default_factory=set)
    forenames: set[str] = field(default_factory=set)

    @property
    def id(self) -> int:
        """The pupil's id."""
        return self.pupil.id

    def legal(self) -> Name | None:
        """The legal name that holds now."""
        return next((n for n in reversed(self.names) if n.use == "legal" and n.last_day is None), None) or next(
            (n for n in reversed(self.names) if n.use == "legal"), None
        )

    def preferred(self) -> Name | None:
        """The name the pupil is known by, where it differs."""
        return next((n for n in reversed(self.names) if n.use == "preferred" and n.last_day is None), None)

    @property
    def shown(self) -> str:
        """'Dawn Rook': the legal name, as lists of the information system have it."""
        name = self.legal() or (self.names[-1] if self.names else None)
        return " ".join(p for p in (name.forename, name.surname) if p) if name else self.pupil.code

    def number(self, system: str) -> Identifier | None:
        """The identifier of a system."""
        return next((i for i in reversed(self.identifiers) if i.system == system), None)

    def index(self) -> None:
        """Fold the names once."""
        for n in self.names:
            if n.surname:
                self.surnames.add(fold(n.surname))
            if n.forename:
                self.forenames.add(fold(n.forename))


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: FOUND with the pupil and by what, NEW, or HOLD until somebody says who it is.

    `like` are pupils the row may mean; with NEW they are at most a hint. `why` is the sentence's middle part. `question` is the stable key.
    """

    kind: str
    pupil_id: int | None = None
    by: str = NOBODY
    like: tuple[int, ...] = ()
    why: str = ""
    question: str = ""
    may_be_new: bool = True


def question_of(who: Who) -> str:
    """The stable key of the question who a row is."""
    text = "|".join(
        (who.upn or "", who.number or "", fold(who.surname or who.full), fold(who.forename), who.born.isoformat() if who.born else "")
    )
    return "who:" + hashlib.sha256(text.encode()).hexdigest()[:12]


class Matcher:
    """All pupils the viewer may know of, indexed for matching."""

    def __init__(self, reader: Reader) -> None:
        self.known: dict[int, Known] = {p.id: Known(p) for p in reader.every(Pupil)}
        for name in reader.every(Name):
            if name.pupil_id in self.known:
                self.known[name.pupil_id].names.append(name)
        for i in reader.every(Identifier):
            if i.pupil_id in self.known:
                self.known[i.pupil_id].identifiers.append(i)
        for e in reader.every(Enrolment):
            if e.pupil_id in self.known:
                self.known[e.pupil_id].enrolments.append(e)
        self.apart: set[frozenset[int]] = {frozenset((k.pupil_a, k.pupil_b)) for k in reader.every(KeptApart)}
        self.codes = {k.pupil.code: k.id for k in self.known.values()}
        self._by_number: dict[tuple[str, str], list[int]] = {}
        self._by_name: dict[tuple[str, str, date | None], list[int]] = {}
        self._by_whole: dict[tuple[str, str], list[int]] = {}
        self._born: dict[date, list[int]] = {}
        for k in self.known.values():
            k.index()
            for i in k.identifiers:
                self._by_number.setdefault((i.system, _number_key(i.system, i.value)), []).append(k.id)
            for s in k.surnames or {""}:
                for f in k.forenames or {""}:
                    self._by_name.setdefault((s, f, k.pupil.born), []).append(k.id)
                    self._by_whole.setdefault((s, f), []).append(k.id)
            if k.pupil.born is not None:
                self._born.setdefault(k.pupil.born, []).append(k.id)

    # --- pieces ----------------------------------------------------------------------------------------------------

    def by_number(self, system: str, value: str) -> list[int]:
        """Pupils with a number of a system."""
        return _once(self._by_number.get((system, _number_key(system, value)), []))

    def by_name(self, who: Who, born: date | None) -> list[int]:
        """Pupils of that name (any they have or had) and date of birth."""
        found: list[int] = []
        for surname, forename in who.names:
            found += self._by_name.get((fold(surname), fold(forename), born), [])
        return _once(found)

    def name_agrees(self, who: Who, k: Known) -> tuple[bool | None, bool | None]:
        """Whether surname and forename agree with a name the pupil has or had; None where one side says nothing."""
        best: tuple[bool | None, bool | None] = (None, None)
        rank = -9
        for surname, forename in who.names:
            s = fold(surname) in k.surnames if surname and k.surnames else None
            f = fold(forename) in k.forenames if forename and k.forenames else None
            score = sum(1 if x else -1 if x is False else 0 for x in (s, f))
            if score > rank:
                best, rank = (s, f), score
        return best

    def born_agrees(self, who: Who, k: Known) -> bool | None:
        """Whether the date of birth agrees; None where one side does not know it."""
        if who.born is None or k.pupil.born is None:
            return None
        return who.born == k.pupil.born

    def kept_apart(self, a: int, b: int) -> bool:
        """Whether two pupils may never be taken for one."""
        return frozenset((a, b)) in self.apart

    def shown(self, pupil: int) -> str:
        """A pupil's name for a sentence."""
        return self.known[pupil].shown

    def described(self, pupil: int) -> str:
        """'Dale Lowe, born 3 Mar 2012'."""
        k = self.known[pupil]
        return k.shown + (f", born {words(k.pupil.born)}" if k.pupil.born else "")

    # --- the match -------------------------------------------------------------------------------------------------

    def match(self, who: Who, answer: str | None = None) -> Match:
        """The pupil a row speaks of. `answer`: 'same:CODE', 'new' or 'leave', where somebody has said who it is."""
        question = question_of(who)
        if answer is not None:
            if answer.startswith("same:") and answer[5:] in self.codes:
                return Match(FOUND, self.codes[answer[5:]], BY_ANSWER, question=question)
            if answer == "leave":
                return Match(HOLD, why="it was left out, as you answered", question=question)
        found = self._match(who, question)
        if answer == "new" and found.kind == HOLD and found.may_be_new:
            return Match(NEW, question=question)
        return found

    def _match(self, who: Who, question: str) -> Match:
        if who.code is not None and who.code in self.codes:
            return Match(FOUND, self.codes[who.code], BY_CODE)
        if who.upn is not None:
            have = self.by_number("upn", who.upn) or self.by_number("former_upn", who.upn)
            if len(have) > 1:
                have = [p for p in have if self._supports(who, self.known[p])] or have
            if len(have) > 1:
                return self._hold(have, f"{len(have)} pupils have this UPN", question, may_be_new=False)
            if have:
                return self._check_upn(who, self.known[have[0]], question)
        numbered = self._numbered(who, question)
        if numbered is not None:
            return numbered
        if who.born is not None:
            named = self.by_name(who, who.born)
            if len(named) > 1:
                return self._hold(named, "several pupils have this name and birthday", question)
            if named:
                k = self.known[named[0]]
                other = k.number("upn")
                if (
                    who.upn
                    and other
                    and other.value != who.upn
                    and who.upn_check
                    and who.upn_check.ok
                    and _permanent(other.value)
                    and not other.doubt
                ):
                    return self._hold(named, f"{k.shown} has the same name and birthday, but another UPN ({other.value})", question)
                return Match(FOUND, k.id, BY_NAME)
        return self._likeness(who, question)

    def _check_upn(self, who: Who, k: Known, question: str) -> Match:
        surname, forename = self.name_agrees(who, k)
        born = self.born_agrees(who, k)
        name_known = surname is not None or forename is not None
        name_right = name_known and surname is not False and forename is not False
        if name_right or (not name_known and born is not False):
            return Match(FOUND, k.id, BY_UPN)
        if born is True and forename is not False:
            return Match(FOUND, k.id, BY_UPN)  # the surname changed
        others = [p for p in (self.by_name(who, who.born) if who.born else []) if p != k.id]
        if any(self.kept_apart(k.id, p) for p in others):
            return self._hold(
                [], "its UPN and its name belong to two records that are kept apart; give the right UPN", question, may_be_new=False
            )
        what = "name and birthday" if born is False else "forename" if forename is False and surname is not False else "name"
        whose = f", and {self.described(others[0])} has this name" if others else ""
        return self._hold(
            [k.id, *others],
            f"the UPN is that of {self.described(k.id)}, whose {what} differ{'s' if what in ('forename', 'name') else ''}{whose}",
            question,
        )

    def _supports(self, who: Who, k: Known) -> bool:
        surname, forename = self.name_agrees(who, k)
        return self.born_agrees(who, k) is not False and surname is not False and forename is not False

    def _numbered(self, who: Who, question: str) -> Match | None:
        """A match by the school's number or another system's; None where no number leads anywhere."""
        for system, value in ((("number", who.number),) if who.number else ()) + who.systems:
            assert value is not None
            have = self.by_number(system, value)
            if not have:
                continue
            fits = [p for p in have if self._number_fits(who, self.known[p])]
            if len(fits) == 1:
                return Match(FOUND, fits[0], BY_NUMBER)
            if len(fits) > 1:
                return self._hold(fits, f"{len(fits)} pupils have the number {value}", question, may_be_new=False)
            if not who.names and who.born is None:
                return self._hold(have, f"the number {value} is that of {self.described(have[0])}, but the UPN is not", question)
            named = self.by_name(who, who.born) if who.born else []
            if len(named) == 1 and self._upn_may_be(who, self.known[named[0]]):
                if any(i.system == system and _bare(i.value) == _bare(value) for i in self.known[named[0]].identifiers):
                    return Match(FOUND, named[0], BY_NAME)  # their own number, which lost its zeros on the way
                why = f"the number {value} is that of {self.described(have[0])}, but name and birthday are those of {self.described(named[0])}"
                return self._hold([named[0], *have], why, question, may_be_new=False)
            if who.upn and who.upn_check and who.upn_check.ok and system != "number":
                continue
            if system in OTHER_SYSTEMS and who.number is None:
                continue
            return self._hold(have, f"the number {value} is that of {self.described(have[0])}", question)
        return None

    def _number_fits(self, who: Who, k: Known) -> bool:
        """Whether nothing else in the row speaks against a pupil found by number."""
        surname, forename = self.name_agrees(who, k)
        born = self.born_agrees(who, k)
        if surname is None and forename is None and born is None:
            return not who.upn or k.number("upn") is None or not (who.upn_check and who.upn_check.ok)
        if surname is not False and forename is not False and (surname or forename):
            return born is not False or (bool(surname) and bool(forename) and self._upn_may_be(who, k))
        return born is True and (forename is True or surname is None) and self._upn_may_be(who, k)

    def _upn_may_be(self, who: Who, k: Known) -> bool:
        """Whether the row's UPN does not speak against a pupil: there is none, or theirs is missing, doubtful or temporary."""
        other = k.number("upn")
        return (
            not who.upn
            or other is None
            or other.value == who.upn
            or bool(other.doubt)
            or not _permanent(other.value)
            or not (who.upn_check and who.upn_check.ok)
        )

    def _likeness(self, who: Who, question: str) -> Match:
        """Nobody was found for certain: pupils the row is like."""
        from rapidfuzz.distance import DamerauLevenshtein

        if not who.names:
            return Match(NEW, question=question)
        twins: list[int] = []
        perhaps: list[int] = []
        for p in self._born.get(who.born, []) if who.born else []:
            k = self.known[p]
            surname, forename = self.name_agrees(who, k)
            if surname and forename is False and self._could_be(who, k):
                twins.append(p)
            elif forename and surname is False and self._could_be(who, k):
                perhaps.append(p)
            elif surname is False and forename is False and self._could_be(who, k):
                near = any(
                    s
                    and f
                    and any(DamerauLevenshtein.distance(fold(s), t) <= 1 for t in k.surnames)
                    and any(DamerauLevenshtein.distance(fold(f), t) <= 1 for t in k.forenames)
                    for s, f in who.names
                )
                if near:
                    perhaps.append(p)
        whole: list[int] = []
        for s, f in who.names:
            whole += self._by_whole.get((fold(s), fold(f)), [])
        if who.born is None and not who.upn and not who.number and len(_once(whole)) == 1 and self.known[whole[0]].pupil.born is None:
            return Match(FOUND, whole[0], BY_WHOLE_NAME)  # nothing but the name is known on either side
        for p in _once(whole):
            k = self.known[p]
            if not self._could_be(who, k):
                continue
            if who.born is None or k.pupil.born is None or _near_days(who.born, k.pupil.born):
                perhaps.append(p)
        if perhaps:
            first = self.known[perhaps[0]]
            if who.born is None or first.pupil.born is None:
                why = f"{self.described(first.id)} has the same name, but there is no birthday to tell by"
            elif who.born == first.pupil.born:
                why = f"{self.described(first.id)} has the same birthday and nearly the same name"
            else:
                why = f"{self.described(first.id)} has the same name and nearly the same birthday"
            return self._hold(_once(perhaps), why, question)
        if twins:
            return Match(
                NEW,
                None,
                NOBODY,
                tuple(twins),
                f"{self.described(twins[0])} has the same surname and birthday: a twin, or the same pupil?",
                question,
            )
        return Match(NEW, question=question)

    def _could_be(self, who: Who, k: Known) -> bool:
        """Whether no UPN tells the two apart."""
        other = k.number("upn")
        return not (who.upn and who.upn_check and who.upn_check.ok and other is not None and not other.doubt and other.value != who.upn)

    def _hold(self, like: Iterable[int], why: str, question: str, *, may_be_new: bool = True) -> Match:
        return Match(HOLD, None, NOBODY, tuple(_once(like)), why, question, may_be_new)


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _number_key(system: str, value: str) -> str:
    if system in ("upn", "former_upn"):
        return check_upn(value).value if len(value) != 13 or not value.isupper() else value
    return " ".join(value.split()).casefold()


def _bare(number: str) -> str:
    """A number without the zeros in front that a spreadsheet takes off."""
    return " ".join(number.split()).casefold().lstrip("0")


def _permanent(upn: str) -> bool:
    return upn[-1:].isdigit()


def _near_days(a: date, b: date) -> bool:
    """Whether two birthdays differ as a slip of the pen does: day and month exchanged, or one of day, month, year changed by a digit."""
    if a == b:
        return True
    if a.year == b.year and a.day == b.month and a.month == b.day:
        return True
    same = (a.year == b.year) + (a.month == b.month) + (a.day == b.day)
    return same == 2
