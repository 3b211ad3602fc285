"""A pupil list: what each row says of a pupil, and several rows of one pupil put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from approgress.domain.identifiers import NumberCheck, check_uln, check_upn
from approgress.domain.school_year import parse_year_group
from approgress.interchange import cells
from approgress.interchange.cells import Bad, is_blank, is_scientific
from approgress.interchange.headings import plain_heading
from approgress.interchange.rows import CellRefusal, Row, RowReader
from approgress.interchange.text import fold, same_text

OTHER_SYSTEMS = ("arbor", "arbor_global", "sims", "bromcom", "mis")
YES_FLAGS = ("pupil_premium", "fsm", "eal", "care", "previously_looked_after", "young_carer", "service_child", "cin", "cp")
"""Columns that say yes or no about a flag."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a row speaks of, as far as it says: numbers (normalised), names, date of birth. `orders` are ways to read one name in one cell."""

    upn: str | None = None
    upn_check: NumberCheck | None = None
    number: str | None = None
    systems: tuple[tuple[str, str], ...] = ()
    surname: str | None = None
    forename: str | None = None
    legal: bool = False
    born: date | None = None
    orders: tuple[tuple[str, str], ...] = ()  # (surname, forename) as it might be
    full: str | None = None
    code: str | None = None

    @property
    def shown(self) -> str:
        """'Mockridge, Casey', as far as the file says."""
        if self.surname and self.forename:
            return f"{self.surname}, {self.forename}"
        return (
            self.full
            or self.surname
            or self.forename
            or self.upn
            or self.number
            or (self.systems[0][1] if self.systems else "")
            or self.code
            or "?"
        )

    @property
    def says_nobody(self) -> bool:
        """Whether it names nobody at all."""
        return not (self.upn or self.number or self.systems or self.surname or self.forename or self.full or self.code)

    @property
    def names(self) -> tuple[tuple[str | None, str | None], ...]:
        """The (surname, forename) pairs it may mean."""
        if self.surname or self.forename:
            return ((self.surname, self.forename),)
        return self.orders


SURNAME_FIRST, FORENAME_FIRST = "surname first", "forename first"


def name_order_of(heading: str) -> str | None:
    """Whether a heading of whole names says which part comes first."""
    plain = plain_heading(heading)
    if re.match(r"^(legal )?(surname|last name)", plain):
        return SURNAME_FIRST
    if re.match(r"^(legal )?(forename|first name)", plain):
        return FORENAME_FIRST
    return None


def whole_name_orders(text: str, order: str | None) -> tuple[tuple[str, str], ...]:
    """The (surname, forename) pairs that a whole name may mean: one where a comma or the heading tells, else surname first, then forename first."""
    if pair := cells.split_name(text):
        return (pair,)
    words = text.split()
    if len(words) < 2:
        return ((text.strip(), ""),) if words else ()
    surname_first = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(len(words) - 1, 0, -1)]
    forename_first = [(" ".join(words[i:]), " ".join(words[:i])) for i in range(1, len(words))]
    if order == SURNAME_FIRST:
        return tuple(surname_first)
    if order == FORENAME_FIRST:
        return tuple(forename_first)
    return (*surname_first, *forename_first)


def read_who(row: Row, name_order: str | None = None) -> Who:
    """Whom a row of any list speaks of. Cells that cannot be are refused on the row."""
    upn_text = row.line("upn")
    check = check_upn(upn_text) if upn_text and not is_blank(upn_text) else None
    systems = tuple((s, v) for s in OTHER_SYSTEMS if (v := _number(row, s)))
    legal_surname, legal_forename = row.line("legal_surname"), row.line("legal_forename")
    surname, forename = legal_surname or row.line("surname"), legal_forename or row.line("forename")
    full, orders = None, ()
    if not surname and not forename and (full := row.line("full_name")):
        orders = whole_name_orders(full, name_order)
        if len(orders) == 1:
            surname, forename = orders[0][0], orders[0][1] or None
    born = row.day("born", cells.BIRTH)
    return Who(
        check.value if check else None, check, _number(row, "number"), systems, surname, forename, bool(legal_surname or legal_forename), born, orders, full,
        row.line("pupil_code"),
    )  # fmt: skip


def _number(row: Row, key: str) -> str | None:
    text = row.line(key)
    if text is None or is_blank(text):
        return None
    if is_scientific(text):
        row.refuse(key, Bad("number", "a spreadsheet has shortened this number, and its last digits are lost."))
        return None
    if row.reader.own:
        return text
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


@dataclass(frozen=True, slots=True)
class Span:
    """A time on roll as a row states it."""

    registration: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    leaving_reason: str | None = None
    destination: str | None = None
    left: bool = False  # the status says that the pupil left

    @property
    def says_anything(self) -> bool:
        """Whether the row says anything about it."""
        return self != Span()


@dataclass(slots=True)
class PupilDraft:
    """What a list says of one pupil, over all rows that speak of them. Each value is None where the list does not say.

    `flags`: sort -> the value that is said, or False for a plain no. `needs`: (code, rank). `known_as_plain`: the list has a plain surname
    beside a legal one, which is then the name the pupil is known by.
    """

    who: Who
    rows: list[int]
    middle: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    sex: str | None = None
    year: str | None = None
    group: str | None = None
    spans: list[Span] = field(default_factory=list)
    home_school: str | None = None
    home_la: str | None = None
    home_estab: str | None = None
    sen: str | None = None
    sen_since: date | None = None
    needs: list[tuple[str, int | None]] = field(default_factory=list)
    flags: dict[str, str | bool] = field(default_factory=dict)
    uln: str | None = None
    former_upn: str | None = None
    former_surname: str | None = None
    ethnicity: str | None = None
    first_language: str | None = None
    pronouns: str | None = None
    notes: list[str] = field(default_factory=list)
    refusals: list[CellRefusal] = field(default_factory=list)
    year_asked: str | None = None
    row_refusal: CellRefusal | None = None
    since: dict[str, date] = field(default_factory=dict)  # the day from which a flag is known, where the file says it (transfer files)


_SINGLE = (
    ("middle", "middle names"), ("preferred_surname", "known-as surname"), ("preferred_forename", "known-as name"), ("sex", "sex"), ("year", "year group"),
    ("group", "group"), ("home_school", "home school"), ("sen", "SEN status"), ("uln", "ULN"), ("former_upn", "former UPN"), ("ethnicity", "ethnicity"),
    ("first_language", "first language"), ("pronouns", "pronouns"),
)  # fmt: skip


def read_pupil(row: Row, name_order: str | None = None) -> PupilDraft:
    """What one row says. `row_refusal` is set where nothing of it may go in: nobody is named, or a date that everything rests on is wrong."""
    if row.refusal is not None:
        return PupilDraft(_who_for_words(row), [row.number], row_refusal=row.refusal)
    who = read_who(row, name_order)
    draft = PupilDraft(who, [row.number])
    if who.says_nobody:
        draft.row_refusal = CellRefusal(row.number, None, None, "nobody named", "it names no pupil: no UPN, number or name.")
        return draft
    draft.middle = row.line("middle")
    if who.legal and not row.reader.columns.has("preferred_surname", "preferred_forename"):
        draft.preferred_surname, draft.preferred_forename = row.line("surname"), row.line("forename")
    draft.preferred_surname = row.line("preferred_surname") or draft.preferred_surname
    draft.preferred_forename = row.line("preferred_forename") or draft.preferred_forename
    if (
        draft.preferred_forename
        and who.surname
        and fold(draft.preferred_forename).endswith(fold(who.surname))
        and " " in draft.preferred_forename
    ):
        draft.preferred_forename = draft.preferred_forename[: -len(who.surname)].strip(" ,") or None
    draft.former_surname = row.line("former_surname")
    draft.sex = row.read("sex", cells.read_sex)
    _read_year(row, draft)
    draft.group = None if is_blank(row.text("group")) else row.line("group")
    draft.home_school = None if is_blank(row.text("home_school")) or fold(row.text("home_school")) == "none" else row.line("home_school")
    draft.sen = row.read("sen", cells.read_sen)
    draft.sen_since = row.day("sen_since", cells.EVENT, who.born)
    _read_needs(row, draft)
    for sort in YES_FLAGS:
        text = row.text(sort)
        if text:
            value = _flag_value(sort, text)
            if isinstance(value, Bad):
                row.refuse(sort, value)
            elif value is not None:
                draft.flags[sort] = value
    uln = _number(row, "uln")
    if uln and not is_blank(uln):
        check = check_uln(uln)
        if check.ok:
            draft.uln = check.value
        else:
            row.refuse("uln", Bad("ULN", " ".join(check.doubts)))
    former = row.line("former_upn")
    draft.former_upn = check_upn(former).value if former and not is_blank(former) else None
    for key in ("ethnicity", "first_language", "pronouns"):
        text = row.line(key)
        setattr(draft, key, None if text is None or is_blank(text) else text)
    if (note := row.text("notes")) and not is_blank(note):
        draft.notes = [note]
    _read_span(row, draft)
    draft.refusals = list(row.refusals)
    fatal = row.refused("born", "admitted", "left") + [
        r
        for r in row.refusals
        if r.rule == "cell" and r in row.refused("surname", "forename", "legal_surname", "legal_forename", "full_name", "upn", "number")
    ]
    if fatal:
        draft.row_refusal = fatal[0]
    return draft


def _who_for_words(row: Row) -> Who:
    return Who(
        upn=row.line("upn"), number=row.line("number"), surname=row.line("legal_surname") or row.line("surname"),
        forename=row.line("legal_forename") or row.line("forename"), full=row.line("full_name"),
    )  # fmt: skip


def _read_year(row: Row, draft: PupilDraft) -> None:
    text = row.text("year")
    if is_blank(text):
        return
    read = parse_year_group(text)
    draft.year = read.code
    if read.code is None and read.sentence:
        draft.year_asked = read.sentence
        row.refuse("year", Bad("year group", read.sentence))


def _read_needs(row: Row, draft: PupilDraft) -> None:
    rank: int | None = None
    text = row.text("need_rank")
    if not is_blank(text):
        if re.fullmatch(r"[1-9]\d?(\.0)?", text):
            rank = int(float(text))
        else:
            row.refuse("need_rank", Bad("rank", "a rank is a whole number from 1."))
    needs = row.read("need", cells.read_needs) or []
    first = rank if rank is not None else (1 if "primary" in plain_heading(row.reader.columns.heading("need")) else None)
    draft.needs = [(code, first + i if first is not None else None) for i, code in enumerate(needs)]
    second = row.read("second_need", cells.read_needs) or []
    draft.needs += [(code, 2 + i) for i, code in enumerate(second) if code not in needs]


_FSM: dict[str, str | bool] = {"tfsm": "TFSM", "efsm": "EFSM", "ofsm": "OFSM"}
_PREMIUM: dict[str, str | bool] = {
    "dpp": "DPP",
    "scp": "SCP",
    "lap": "LAP",
    "afc": "AFC",
    "eyp": "EYP",
    "deprivation": "DPP",
    "servicechild": "SCP",
    "lookedafter": "LAP",
    "adoptedfromcare": "AFC",
}
_CARER: dict[str, str | bool] = {
    "p": "P",
    "s": "S",
    "n": False,
    "identifiedbyparent": "P",
    "identifiedbyparentorguardian": "P",
    "identifiedbyschool": "S",
    "notdeclared": False,
}
_WAS_IN_CARE: dict[str, str | bool] = {"a": "A", "g": "G", "r": "R", "c": "C", "o": "O", "n": False, "notdeclared": False}


def _flag_value(sort: str, text: str) -> str | bool | Bad | None:
    """The value of a flag: a code where the column gives one, else 'yes'; False for no; None for a blank or not known."""
    plain = fold(text)
    coded = {"fsm": _FSM, "pupil_premium": _PREMIUM, "young_carer": _CARER, "previously_looked_after": _WAS_IN_CARE}.get(sort, {})
    if plain in coded:
        return coded[plain]
    head = re.match(r"^\s*([A-Za-z]{1,4})\s*[-:]", text)
    if head and head[1].casefold() in coded and head[1].casefold() not in ("n",):
        return coded[head[1].casefold()]
    if sort == "care" and plain in ("lookedafter", "lac", "cla", "incare", "childlookedafter", "cic"):
        return "yes"
    if sort == "cp" and plain in ("neg", "phy", "sab", "emo", "mul"):
        return plain.upper()
    yes = cells.read_yes(text)
    if isinstance(yes, Bad) or yes is None:
        return yes
    return "yes" if yes else False


def _read_span(row: Row, draft: PupilDraft) -> None:
    born = draft.who.born
    registration = row.read("registration", cells.read_registration)
    first, last = row.day("admitted", cells.EVENT, born), row.day("left", cells.EVENT, born)
    if first is not None and last is not None and last < first:
        row.refuse("left", Bad("date", "the last day lies before the first."))
        last = None
    span = Span(
        registration if registration != cells.LEFT else None,
        first,
        last,
        row.line("leaving_reason"),
        row.line("destination"),
        registration == cells.LEFT,
    )
    draft.spans = [span] if span.says_anything else []


# --- several rows of one pupil ----------------------------------------------------------------------------------------


def contradiction(a: PupilDraft, b: PupilDraft) -> str | None:
    """What two rows that name one pupil cannot both be right about, in words, or None."""
    x, y = a.who, b.who
    if x.born is not None and y.born is not None and x.born != y.born:
        return "date of birth"
    if x.upn and y.upn and x.upn != y.upn:
        return "UPN"
    if x.forename and y.forename and fold(x.forename) != fold(y.forename):
        return "forename"
    if x.surname and y.surname and fold(x.surname) != fold(y.surname):
        return "surname"
    if a.who.number and b.who.number and not (a.who.upn and a.who.upn == b.who.upn) and not same_text(a.who.number, b.who.number):
        return "school's number"  # two children of one name and birthday, or one child admitted twice: only a person can tell
    for name, words in _SINGLE:
        v, w = getattr(a, name), getattr(b, name)
        if v is not None and w is not None and not same_text(v, w):
            return words
    for sort, value in a.flags.items():
        if sort in b.flags and b.flags[sort] != value:
            return sort.replace("_", " ")
    ranks = {rank: code for code, rank in a.needs if rank is not None}
    for code, rank in b.needs:
        if rank is not None and ranks.get(rank, code) != code:
            return f"need of rank {rank}"
    return _spans_contradict(a.spans, b.spans)


def _spans_contradict(a: list[Span], b: list[Span]) -> str | None:
    for s in a:
        for t in b:
            if (
                s.first_day is not None
                and s.first_day == t.first_day
                and s.last_day is not None
                and t.last_day is not None
                and s.last_day != t.last_day
            ):
                return "last day on roll"
            if s.registration and t.registration and s.registration != t.registration and s.first_day == t.first_day:
                return "enrolment status"
            if s.first_day and t.first_day and s.first_day != t.first_day:
                earlier, later = (s, t) if s.first_day < t.first_day else (t, s)
                if earlier.last_day is None or (later.first_day is not None and earlier.last_day >= later.first_day):
                    return "first day on roll"
    return None


def merge(a: PupilDraft, b: PupilDraft) -> None:
    """Take what a further row says into the draft of the first; they do not contradict each other."""
    x, y = a.who, b.who
    a.who = replace(
        x,
        upn=x.upn or y.upn,
        upn_check=x.upn_check or y.upn_check,
        number=x.number or y.number,
        systems=tuple(dict([*y.systems, *x.systems]).items()),
        surname=x.surname or y.surname,
        forename=x.forename or y.forename,
        born=x.born or y.born,
    )
    a.rows += b.rows
    for name, _ in _SINGLE:
        if getattr(a, name) is None:
            setattr(a, name, getattr(b, name))
    a.sen_since = a.sen_since or b.sen_since
    a.former_surname = a.former_surname or b.former_surname
    a.flags = {**b.flags, **a.flags}
    a.since = {**b.since, **a.since}
    have = {code for code, _ in a.needs}
    a.needs += [(code, rank) for code, rank in b.needs if code not in have]
    a.notes += [n for n in b.notes if n not in a.notes]
    a.refusals += b.refusals
    a.year_asked = a.year_asked or b.year_asked
    for span in b.spans:
        twin = next(
            (i for i, s in enumerate(a.spans) if s.first_day == span.first_day or span.first_day is None or s.first_day is None), None
        )
        if twin is None:
            a.spans.append(span)
        else:
            s = a.spans[twin]
            a.spans[twin] = Span(
                s.registration or span.registration, s.first_day or span.first_day, s.last_day or span.last_day,
                s.leaving_reason or span.leaving_reason, s.destination or span.destination, s.left or span.left,
            )  # fmt: skip


def read_pupils(reader: RowReader, name_order: str | None = None) -> Iterator[PupilDraft]:
    """A draft for each row, in the order of the file."""
    for row in reader.rows():
        yield read_pupil(row, name_order)
