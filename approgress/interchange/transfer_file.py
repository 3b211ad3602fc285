"""Common Transfer Files (CTF) of any version: read by element name without regard to capitals, totals of attendance only, no DOCTYPE at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn
from xml.parsers import expat

from approgress.domain.days import words
from approgress.domain.errors import Refusal
from approgress.domain.identifiers import check_uln, check_upn
from approgress.domain.school_year import parse_year_group
from approgress.interchange import cells
from approgress.interchange.cells import Bad, DayRead, read_day
from approgress.interchange.pupils import PupilDraft, Who
from approgress.interchange.rows import CellRefusal, place_words

LARGEST = 40_000_000
_LARGEST_PUPIL = 400_000
_DEEPEST = 40
_CHUNK = 1 << 16


def looks_like_one(data: bytes) -> bool:
    """Whether these bytes are XML that is, or pretends to be, a transfer file."""
    head = data[:200_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not head.startswith(b"<") or head.startswith((b"<html", b"<!doctype html")):
        return False
    return b"<ctfile" in head or b":ctfile" in head or (b"<!doctype" in head and b"<!doctype html" not in head[:2000])


@dataclass(slots=True)
class _Element:
    name: str
    text: list[str] = field(default_factory=list)
    inside: list[_Element] = field(default_factory=list)

    def said(self) -> str:
        """Its own text without spaces at the ends."""
        return "".join(self.text).strip()

    def all(self, *path: str) -> list[_Element]:
        """The elements at the end of a path of names."""
        found: list[_Element] = [self]
        for name in path:
            found = [c for e in found for c in e.inside if c.name == name]
        return found

    def get(self, *path: str) -> str:
        """The text of the first element at the end of a path, '' where there is none."""
        found = self.all(*path)
        return found[0].said() if found else ""


@dataclass(frozen=True, slots=True)
class YearStated:
    """Attendance totals of one school and year, as written: numbers are texts still."""

    year: str
    school: str
    la: str
    estab: str
    possible: str
    attended: str
    authorised: str
    unauthorised: str


@dataclass(slots=True)
class TransferPupil:
    """One pupil of the file: its place (the first is row 2), what it says of the pupil, and the attendance stated.

    `doubts`: sentences about where the file says two things and one of them was taken.
    """

    row: int
    draft: PupilDraft
    attendance: list[YearStated]
    doubts: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class TransferFile:
    """A transfer file: who sent it and when, and its pupils."""

    school: str = ""
    la: str = ""
    estab: str = ""
    academic_year: str = ""
    written: date | None = None
    version: str = ""
    qualifier: str = ""
    pupils: list[TransferPupil] = field(default_factory=list)


class _Reading:
    """Builds one Pupil (or the Header) at a time out of the parser's events, with limits."""

    def __init__(self, name: str, header: Callable[[_Element], None], pupil: Callable[[_Element], None]) -> None:
        self._name = name
        self._header = header
        self._pupil = pupil
        self._stack: list[_Element] = []
        self._names: list[str] = []
        self._size = 0
        self.root: str | None = None

    def start(self, name: str, _attributes: Any) -> None:
        plain = name.rpartition(":")[2].casefold()
        self._names.append(plain)
        if self.root is None:
            self.root = plain
            if plain != "ctfile":
                raise Refusal(f"{self._name} is XML, but not a Common Transfer File. Nothing was changed.")
        if len(self._names) > _DEEPEST:
            raise Refusal(f"{self._name} is nested deeper than any transfer file. Nothing was changed.")
        if self._stack or plain in ("pupil", "header"):
            element = _Element(plain)
            if self._stack:
                self._stack[-1].inside.append(element)
            else:
                self._size = 0
            self._stack.append(element)
            self._grow(60)

    def text(self, text: str) -> None:
        if self._stack:
            self._grow(len(text))
            self._stack[-1].text.append(text)

    def _grow(self, n: int) -> None:
        self._size += n
        if self._size > _LARGEST_PUPIL:
            raise Refusal(f"{self._name} holds more about one pupil than any transfer file. Nothing was changed.")

    def end(self, _name: str) -> None:
        self._names.pop()
        if self._stack:
            done = self._stack.pop()
            if not self._stack:
                (self._pupil if done.name == "pupil" else self._header)(done)


def read_transfer_file(data: bytes, name: str, today: date, told: Callable[[int, int], None] | None = None) -> TransferFile:
    """The pupils of a transfer file. Refusal for a DOCTYPE (before anything in it is expanded), for what is not whole, or far too large.

    `told` is called with bytes read and bytes in all; it may raise.
    """
    if len(data) > LARGEST:
        raise Refusal(f"{name} is larger than {LARGEST // 1_000_000} MB, more than any transfer file. It was not read.")
    file = TransferFile()

    def pupil(element: _Element) -> None:
        row = len(file.pupils) + 2
        doubts: list[str] = []
        file.pupils.append(TransferPupil(row, _draft(element, row, today, doubts), list(_attendance(element)), doubts))

    reading = _Reading(name, lambda e: _header(file, e), pupil)

    def refuse(*_: Any) -> NoReturn:
        raise Refusal(
            f"{name} was not read: it has a DOCTYPE, which a transfer file never needs and which can hide harm. Nothing was changed."
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        for at in range(0, len(data), _CHUNK):
            parser.Parse(data[at : at + _CHUNK], False)
            if told is not None:
                told(min(at + _CHUNK, len(data)), len(data))
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as e:
        line = getattr(e, "lineno", 0)
        cut = "no element found" in str(e) or "unclosed" in str(e)
        why = "it ends in the middle, as a download that stopped does" if cut else f"its XML is not whole at line {line}"
        raise Refusal(f"{name} was not read: {why}. Nothing was changed. Ask for the file again.") from None
    return file


def _header(file: TransferFile, e: _Element) -> None:
    file.school = " ".join(e.get("sourceschool", "schoolname").split())
    file.la, file.estab = e.get("sourceschool", "lea") or e.get("sourceschool", "la"), e.get("sourceschool", "estab")
    file.academic_year = e.get("sourceschool", "academicyear")
    file.version, file.qualifier = e.get("ctfversion"), e.get("documentqualifier")
    written = re.match(r"^(\d{4})-(\d{2})-(\d{2})", e.get("datetime"))
    if written:
        try:
            file.written = date(int(written[1]), int(written[2]), int(written[3]))
        except ValueError:
            file.written = None


def _draft(e: _Element, row: int, today: date, doubts: list[str]) -> PupilDraft:
    refusals: list[CellRefusal] = []

    def day(element: _Element, name: str, sense: str, words: str) -> date | None:
        text = element.get(name)
        read = read_day(text, sense, today)
        if isinstance(read, Bad):
            refusals.append(CellRefusal(row, words, text, read.rule, read.why))
            return None
        return read.day if isinstance(read, DayRead) else None

    upn_text = e.get("upn")
    check = check_upn(upn_text) if upn_text and not cells.is_blank(upn_text) else None
    born = day(e, "dob", cells.BIRTH, "DOB")
    who = Who(check.value if check else None, check, None, (), _line(e.get("surname")), _line(e.get("forename")), True, born)
    draft = PupilDraft(who, [row])
    if who.says_nobody:
        draft.row_refusal = CellRefusal(row, None, None, "nobody named", "it names no pupil: no UPN and no name.")
        return draft
    if refusals:
        draft.row_refusal = refusals[0]
        return draft
    basic = (e.all("basicdetails") or [e])[0]
    uln = e.get("uniquelearnernumber")
    if uln:
        number = check_uln(uln)
        if number.ok:
            draft.uln = number.value
        else:
            refusals.append(CellRefusal(row, "UniqueLearnerNumber", uln, "ULN", " ".join(number.doubts)))
    former = basic.get("formerupn")
    draft.former_upn = check_upn(former).value if former else None
    draft.preferred_surname, draft.preferred_forename = _line(basic.get("preferredsurname")), _line(basic.get("preferredforename"))
    draft.former_surname = _line(basic.get("formersurname"))
    draft.middle = _line(basic.get("middlenames"))
    sex = cells.read_sex(e.get("sex") or e.get("gender"))
    draft.sex = sex if isinstance(sex, str) else None
    year = parse_year_group(basic.get("ncyearactual"))
    draft.year = year.code
    if year.sentence:
        refusals.append(CellRefusal(row, "NCyearActual", basic.get("ncyearactual"), "year group", year.sentence))
    draft.ethnicity = _line(basic.get("ethnicity"))
    language = next((x.said() for x in e.all("languages", "type") for x in x.all("language")), "") or e.get("languages", "language")
    draft.first_language = _line(language)
    doubts += [place_words(row) + doubt for doubt in _flags(e, draft, today)]
    draft.refusals = refusals
    return draft


def _line(text: str) -> str | None:
    return " ".join(text.split()) or None


def _plain_day(text: str) -> date | None:
    read = read_day(text, cells.EVENT, date(2200, 1, 1))
    return read.day if isinstance(read, DayRead) else None


def _flags(e: _Element, draft: PupilDraft, today: date) -> list[str]:
    """Takes needs and statuses into the draft; returns what was settled where the file says two things of one day."""
    doubts: list[str] = []
    care = e.get("lookedafter", "incare").casefold()
    if care in ("true", "1", "yes", "y"):
        draft.flags["care"] = "yes"
    history: list[tuple[date, str]] = []
    for sen in e.all("senhistory", "sen"):
        code = sen.get("senprovision").upper()
        start = _plain_day(sen.get("startdate"))
        if code in ("N", "K", "E"):
            history.append((start or date.min, code))
    history = [h for h in history if h[0] <= today]
    if history:
        start = max(h[0] for h in history)
        of_day = [c for d, c in history if d == start]
        code = of_day[-1]
        if len(set(of_day)) > 1:
            when = f"from {words(start)}" if start > date.min else "without a date"
            said = ", ".join(dict.fromkeys(of_day))
            doubts.append(f"SEN provision is given more than once {when} ({said}). {code}, which stands last in the file, was taken: look whether it is right.")
        draft.sen = code
        if start > date.min and code != "N":
            draft.since["sen"] = start
    for need in e.all("senneeds", "senneed"):
        texts = [c.said() for c in need.inside] or [need.said()]
        codes = [t.upper() for t in texts if t.upper() in cells.NEEDS]
        ranks = [int(t) for t in texts if re.fullmatch(r"[1-9]", t)]
        if codes:
            draft.needs.append((codes[0], ranks[0] if ranks else None))
    for instance in e.all("fsmhistory", "fsminstance"):
        end = _plain_day(instance.get("fsmenddate"))
        if end is not None and end < today:
            continue
        start = _plain_day(instance.get("fsmstartdate"))
        draft.flags["fsm"] = instance.get("fsmcategory").upper() or "yes"
        if start is not None and start <= today:
            draft.since["fsm"] = start
    return doubts


def _attendance(e: _Element) -> Iterator[YearStated]:
    for y in e.all("attendance", "yeardata"):
        yield YearStated(
            y.get("year"), " ".join(y.get("schoolname").split()), y.get("lea") or y.get("la"), y.get("estab"), y.get("sessionspossible"),
            y.get("sessionsattended"), y.get("sessionsauthorised"), y.get("sessionsunauthorised"),
        )  # fmt: skip
