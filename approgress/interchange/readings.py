"""A file of readings: pupil, day, instrument and scores or answers, each row checked by the instrument it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.errors import Refusal
from approgress.domain.identifiers import check_upn
from approgress.domain.instruments import AGE_MONTHS, RESPONDENTS, Instrument
from approgress.domain.scoring import DECLINED, NOT_REACHED, Scores, answers_to_bytes, score, score_typed
from approgress.interchange import cells
from approgress.interchange.cells import Bad, is_blank
from approgress.interchange.pupils import Who, name_order_of, read_who
from approgress.interchange.rows import CellRefusal, Row, RowReader
from approgress.interchange.table import TIME
from approgress.interchange.text import fold

if TYPE_CHECKING:
    from approgress.domain.instruments import Library

_RESPONDENTS = {
    "pupil": ("pupil", "self", "child", "student", "learner", "youngperson", "selfreport"),
    "teacher": ("teacher", "staff", "keyworker", "tutor", "keyteacher", "adult"),
    "parent": ("parent", "carer", "parentorcarer", "parentcarer", "guardian", "home", "family"),
    "school": ("school", "homeschool", "mainstreamschool"),
}
_DECLINED = ("declined", "ratherntosay", "rathernottosay", "idrathernotanswer", "refused", "prefernottosay")


@dataclass(slots=True)
class ReadingRow:
    """One row: who, when, which instrument, and its scores. `refusals` name single cells; `refusal` set: nothing of it can be stored."""

    row: int
    who: Who
    day: date | None = None
    instrument: Instrument | None = None
    edition: str = ""
    respondent: str = ""
    rater: str | None = None
    form: str | None = None
    scores: Scores | None = None
    answers: bytes | None = None
    refusals: list[CellRefusal] = field(default_factory=list)
    refusal: CellRefusal | None = None


def find_instrument(library: Library, text: str, edition: str | None) -> Instrument | Bad:
    """The instrument that a cell names, by id, name or short name, in that edition (the one in use, where none is named)."""
    wanted = fold(text)
    ids = list(dict.fromkeys(i.id for i in library.instruments if wanted in (fold(i.id), fold(i.name), fold(i.short))))
    if not ids:
        known = ", ".join(dict.fromkeys(i.id for i in library.instruments if i.enabled))
        return Bad("instrument", f"there is no instrument of this name here. There are {known}.")
    if len(ids) > 1:
        return Bad("instrument", f"several instruments have this name: {', '.join(ids)}. Use one of these.")
    found = library.get(ids[0], edition)
    if found is None:
        editions = ", ".join(i.edition for i in library.instruments if i.id == ids[0])
        return Bad("edition", f"{ids[0]} has no edition “{edition}” here. There {'is' if ',' not in editions else 'are'} {editions}.")
    return found


def fitting_instruments(library: Library, keys: set[str], respondent_column: bool) -> list[Instrument]:
    """The instruments in use whose scales or items are those of the columns."""
    scales = {k[6:] for k in keys if k.startswith("scale:")}
    items = {int(k[5:]) for k in keys if k.startswith("item:")}
    found: dict[str, Instrument] = {}
    for i in library.instruments:
        if i.enabled and scales <= {s.id for s in i.scales} and items <= {x.number for x in i.items} and (scales or items):
            found[i.id] = i
    return list(found.values())


def read_readings(reader: RowReader, library: Library, instrument: Instrument | None) -> Iterator[ReadingRow]:
    """The rows of a file. `instrument` is that of the whole file where no column names one."""
    order = name_order_of(reader.columns.heading("full_name")) if reader.columns.has("full_name") else None
    for row in reader.rows():
        yield _read(row, library, instrument, order)


def _read(row: Row, library: Library, fixed: Instrument | None, order: str | None) -> ReadingRow:
    if row.refusal is not None:
        return ReadingRow(row.number, Who(upn=row.line("upn") or row.line("pupil")), refusal=row.refusal)
    who = _who(row, order)
    found = ReadingRow(row.number, who)
    if who.says_nobody:
        found.refusal = CellRefusal(row.number, None, None, "nobody named", "it names no pupil: no UPN, number or name.")
        return found
    found.day = row.day("date", cells.EVENT, who.born)
    if found.day is None and not row.refusals:
        row.refuse("date", Bad("date", "the row has no date."))
    elif found.day is not None and found.day > row.reader.today:
        row.refuse("date", Bad("date", "this day has not come yet."))
    instrument = fixed
    text = row.line("instrument")
    edition = row.line("edition")
    if text and not is_blank(text):
        read = find_instrument(library, text, edition)
        if isinstance(read, Bad):
            row.refuse("edition" if read.rule == "edition" else "instrument", read)
            instrument = None
        else:
            instrument = read
    elif instrument is None:
        row.refuse("instrument", Bad("instrument", "it does not say which instrument."))
    elif edition:
        instrument = library.get(instrument.id, edition) or instrument
    if instrument is not None:
        found.instrument, found.edition = instrument, instrument.edition
        found.respondent = _respondent(row, instrument)
        found.rater, found.form = row.line("rater"), row.line("form")
        if instrument.id == "goal":
            row.refuse("instrument", Bad("instrument", "ratings of a goal are entered on the pupil's page, where the goal is."))
        else:
            _scores(row, instrument, found)
    found.refusals = list(row.refusals)
    if found.refusals and (
        found.scores is None or found.day is None or not found.respondent or instrument is None or _identity_refused(row)
    ):
        found.refusal = found.refusals[0]
    elif found.scores is None:
        found.refusal = CellRefusal(row.number, None, None, "nothing measured", "it holds no score and no answer.")
    elif found.refusals:
        found.refusal = found.refusals[0]  # a sitting with one score refused would look whole
    return found


def _identity_refused(row: Row) -> bool:
    return bool(row.refused("born", "date"))


def _who(row: Row, order: str | None) -> Who:
    who = read_who(row, order)
    key = row.line("pupil")
    if not key or is_blank(key) or who.upn or who.number:
        return who
    check = check_upn(key)
    if check.ok or (len(check.value) == 13 and check.value[:1].isalpha()):
        return replace(who, upn=check.value, upn_check=check)
    return replace(who, number=key)


def _respondent(row: Row, instrument: Instrument) -> str:
    text = row.line("respondent")
    if not text or is_blank(text):
        if len(instrument.respondents) == 1:
            return instrument.respondents[0]
        who = " or ".join(RESPONDENTS[r] for r in instrument.respondents)
        row.refuse("respondent", Bad("respondent", f"{instrument.name} is answered by {who}, and the row does not say by whom."))
        return ""
    plain = fold(text)
    found = next((r for r, names in _RESPONDENTS.items() if plain in names), None)
    if found is None or found not in instrument.respondents:
        row.refuse(
            "respondent",
            Bad("respondent", f"{instrument.name} is answered by {' or '.join(RESPONDENTS[r] for r in instrument.respondents)}."),
        )
        return ""
    return found


def _scores(row: Row, instrument: Instrument, found: ReadingRow) -> None:
    place = row.reader.columns.place
    answers: dict[int, int] = {}
    given = False
    for key in place:
        if not key.startswith("item:"):
            continue
        number = int(key[5:])
        text = row.text(key)
        if all(i.number != number for i in instrument.items):
            if text and not is_blank(text):
                row.refuse(key, Bad("item", f"{instrument.short} has no item {number}."))
            continue
        answer = _answer(text)
        if isinstance(answer, Bad):
            row.refuse(key, answer)
            continue
        answers[number] = answer
        given = given or answer != NOT_REACHED
    typed: dict[str, float] = {}
    for key in place:
        if key != "total" and not key.startswith("scale:"):
            continue
        scale_id = key[6:] if key.startswith("scale:") else _total(instrument)
        if all(s.id != scale_id for s in instrument.scales):
            if row.text(key) and not is_blank(row.text(key)):
                row.refuse(key, Bad("scale", f"{instrument.short} has no scale of this name."))
            continue
        text = row.text(key, TIME if instrument.scale(scale_id).kind == AGE_MONTHS else None)
        if not text or is_blank(text):
            continue
        value = instrument.parse(text, scale_id)
        if isinstance(value, Refusal):
            row.refuse(key, Bad("score", value.sentence))
        elif value is not None:
            typed[scale_id] = value
            if instrument.scale(scale_id).kind == AGE_MONTHS and re.fullmatch(r"\d{1,2}:\d{2}:00", text):
                row.reader.notes.append(
                    f"“{row.reader.columns.heading(key)}” in row {row.number}: {text} was read as {int(text.split(':')[0])} years {int(text.split(':')[1])} months."
                )
    if row.refusals:
        return
    try:
        if given:
            found.scores = score(instrument, answers)
            found.answers = answers_to_bytes(instrument, answers)
            for scale_id, value in typed.items():
                made = found.scores[scale_id]
                if made is not None and abs(made - value) > 1e-9:
                    raise Refusal(f"The answers make {made:g}, and the row says {value:g}.", scale_id)
        elif typed:
            found.scores = score_typed(instrument, typed)
    except Refusal as refusal:
        field_name = refusal.field or ""
        key = next(
            (
                k
                for k in place
                if k in (f"item:{field_name.removeprefix('item')}", f"scale:{field_name}")
                or (k == "total" and field_name == _total(instrument))
            ),
            "",
        )
        if key:
            row.refuse(key, Bad("score", refusal.sentence))
        else:
            row.refusals.append(CellRefusal(row.number, None, None, "score", refusal.sentence))
        found.scores = None


def _total(instrument: Instrument) -> str:
    return next((s.id for s in instrument.scales if s.id == "total"), instrument.main.id)


def _answer(text: str) -> int | Bad:
    said = text.strip()
    if not said or is_blank(said):
        return NOT_REACHED
    if fold(said) in _DECLINED:
        return DECLINED
    if re.fullmatch(r"\d{1,3}(\.0+)?", said):
        return int(float(said))
    return Bad("answer", "an answer is a whole number, or blank where it was not answered.")
