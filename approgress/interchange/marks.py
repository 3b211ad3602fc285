"""A file of session marks: wide (AM and PM of a day), long (one session a row), or a register with a column for each session.

Hundreds of thousands of rows are kept as arrays of small numbers, by pupil; each different text is understood once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from approgress.domain import days
from approgress.domain.errors import Refusal
from approgress.interchange import cells
from approgress.interchange.cells import MARK, Bad, DayRead, read_day
from approgress.interchange.pupils import Who, name_order_of, read_who
from approgress.interchange.rows import CellRefusal, Row, RowReader
from approgress.interchange.table import DATE, cell_name
from approgress.interchange.text import shown

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet

AM, PM = "AM", "PM"
NO_MARK = -1
REFUSED_MARK = -2
"""In place of a code: a cell that says something which is not stored."""
MOST_REFUSED = 2000

_SESSION = re.compile(r"^(.*?)[\s,\-_(]*\b(am|pm|morning|afternoon)\b\)?$", re.IGNORECASE)


def day_heading(heading: str, today: date) -> tuple[date, str | None] | None:
    """The day (and AM or PM) that a heading names, where a register has a column for each session; None for other headings."""
    if len(heading) > 40 or not any(c.isdigit() for c in heading):
        return None
    session = None
    text = heading.strip()
    if found := _SESSION.match(text):
        text, session = found[1].strip(), AM if found[2].lower() in ("am", "morning") else PM
    if not re.search(r"\d{1,4}[/.\- ](?:\d{1,2}|[A-Za-z]{3,9})[/.\- ]\d{2,4}", text):
        return None
    read = read_day(text, MARK, today)
    return (read.day, session) if isinstance(read, DayRead) else None


def _ints() -> array[int]:
    return array("i")


def _shorts() -> array[int]:
    return array("h")


@dataclass(slots=True)
class PupilMarks:
    """The marks of one pupil of the file, a line for each row: its place in the file, the day, both codes and minutes (NO_MARK: none)."""

    who: Who
    place: array[int] = field(default_factory=_ints)
    day: array[int] = field(default_factory=_ints)
    am: array[int] = field(default_factory=_shorts)
    pm: array[int] = field(default_factory=_shorts)
    am_late: array[int] = field(default_factory=_shorts)
    pm_late: array[int] = field(default_factory=_shorts)

    def add(self, place: int, day: int, am: int, pm: int, am_late: int, pm_late: int) -> None:
        """Take a row in."""
        self.place.append(place)
        self.day.append(day)
        self.am.append(am)
        self.pm.append(pm)
        self.am_late.append(am_late)
        self.pm_late.append(pm_late)


@dataclass(slots=True)
class MarksRead:
    """All marks of a file: by pupil, the row number of each place, what was refused and what there is to tell.

    `said` counts remarks about how marks were understood, with the first row of each. `texts` counts each code text that was read.
    """

    pupils: list[PupilMarks] = field(default_factory=lambda: [])
    rows: array[int] = field(default_factory=_ints)
    whose: array[int] = field(default_factory=_ints)  # index into pupils by place, -1 where the row was refused
    refusals: dict[int, list[CellRefusal]] = field(default_factory=lambda: {})  # by place
    said: dict[str, tuple[int, int]] = field(default_factory=lambda: {})
    refusals_left_out: int = 0
    p_marks: int = 0  # cells that say P, which some take for present
    odd_words: int = 0  # different texts that are no code, or had to be turned or read as a word
    cut_off: bool = False
    p_is_present: bool = False  # a person said that P was meant as present


@dataclass(frozen=True, slots=True)
class _Cell:
    code: int
    minutes: int
    refusal: str | None = None


def read_marks(
    reader: RowReader, codes: CodeSet, told: Callable[[int], None], leave_out: frozenset[int] = frozenset(), *, p_is_present: bool = False
) -> MarksRead:
    """The marks of a file. `told` is called now and then with the rows read; `leave_out` are rows that are not read; a person may have said that P is present."""
    return _Reading(reader, codes, leave_out, p_is_present).run(told)


class _Reading:
    def __init__(self, reader: RowReader, codes: CodeSet, leave_out: frozenset[int], p_is_present: bool) -> None:
        self.p_is_present = p_is_present
        self.reader = reader
        self.codes = codes
        self.out = MarksRead(p_is_present=p_is_present)
        self.leave_out = leave_out
        self.place_of = reader.columns.place
        self._people: dict[tuple[str, ...], int | list[CellRefusal]] = {}
        self._same_people: dict[Any, int] = {}
        self._days: dict[str, int | Bad] = {}
        self._cells: dict[tuple[str, str, int], _Cell] = {}
        self._order = name_order_of(reader.columns.heading("full_name")) if "full_name" in self.place_of else None
        self._who_places = [self.place_of[k] for k in ("upn", "number", "mis", "arbor", "arbor_global", "sims", "bromcom", "surname", "forename", "legal_surname", "legal_forename",
                                                        "full_name", "born", "pupil_code") if k in self.place_of]  # fmt: skip
        self.sessions = self._session_columns()

    def _session_columns(self) -> list[tuple[int, int, str]]:
        """(column, day, session) of a register that has a column for each session; a day without AM or PM twice in a row is AM, then PM."""
        found: list[tuple[int, int, str]] = []
        if any(k in self.place_of for k in ("am", "pm", "mark")):
            return found
        seen: set[tuple[int, str]] = set()
        for i, heading in enumerate(self.reader.columns.headings):
            named = day_heading(heading, self.reader.today)
            if named is None:
                continue
            day = days.to_number(named[0])
            session = named[1] or (AM if (day, AM) not in seen else PM)
            seen.add((day, session))
            found.append((i, day, session))
        return found

    # --- cells understood once -------------------------------------------------------------------------------------

    def _day(self, text: str, odd: str | None) -> int | Bad | None:
        key = text if odd is None else f"{odd}:{text}"
        found = self._days.get(key)
        if found is None:
            read = read_day(
                self.reader.text(text), MARK, self.reader.today, self.reader.orders.get("date", "dmy") if odd != DATE else "dmy"
            )
            if read is None:
                return None
            found = days.to_number(read.day) if isinstance(read, DayRead) else read
            if isinstance(read, DayRead) and read.said:
                self.reader.notes.append(f"“{self.reader.columns.heading('date')}”: {read.said}.")
            self._days[key] = found
        return found

    def _cell(self, text: str, session: str, day: int, row: int) -> _Cell:
        key = (text, session, day)
        found = self._cells.get(key)
        if found is None:
            plain = self.reader.text(text)
            read = self.codes.read(plain, session, days.to_date(day))
            if isinstance(read, Refusal):
                found = _Cell(REFUSED_MARK, NO_MARK, read.sentence)
                self.out.odd_words += 1
            elif read.code is None:
                found = _Cell(NO_MARK, NO_MARK)
            else:
                found = _Cell(read.code.number, NO_MARK if read.minutes is None else read.minutes)
                for sentence in read.said:
                    n, first = self.out.said.get(sentence, (0, row))
                    self.out.said[sentence] = (n + 1, first)
                self.out.odd_words += bool(read.said)
                if read.code.text == "P" and self.p_is_present:
                    stroke = self.codes.by_text("/" if session == AM else "\\", days.to_date(day))
                    found = _Cell(stroke.number, NO_MARK) if stroke else found
            self._cells[key] = found
        return found

    def _person(self, number: int, row_cells: list[str], refusal: CellRefusal | None) -> int | list[CellRefusal]:
        row = Row(self.reader, number, row_cells, refusal)
        who = read_who(row, self._order)
        bad = [r for r in row.refusals if r.rule not in ("number",)]
        if bad:
            return bad
        if who.says_nobody:
            return [CellRefusal(number, None, None, "nobody named", "it names no pupil: no UPN, number or name.")]
        key = (who.code, who.upn, who.number, who.systems, who.names, who.born)
        found = self._same_people.get(key)
        if found is None:
            found = self._same_people[key] = len(self.out.pupils)
            self.out.pupils.append(PupilMarks(who))
        return found

    # --- the rows --------------------------------------------------------------------------------------------------

    def run(self, told: Callable[[int], None]) -> MarksRead:
        """Read all rows."""
        reader, out, place_of = self.reader, self.out, self.place_of
        width = len(reader.columns.headings)
        at_date, at_am, at_pm = place_of.get("date", -1), place_of.get("am", -1), place_of.get("pm", -1)
        at_session, at_mark = place_of.get("session", -1), place_of.get("mark", -1)
        at_am_late, at_pm_late, at_minutes = place_of.get("am_late", -1), place_of.get("pm_late", -1), place_of.get("minutes", -1)
        odd = reader.table.odd
        who_places, people = self._who_places, self._people
        wide = bool(self.sessions)
        place = -1
        last: tuple[int, list[str]] | None = None
        for number, row in reader.raw():
            place += 1
            if place % 4000 == 0:
                told(place)
            out.rows.append(number)
            if len(row) < width:
                short = reader.wrong_width(number, row, False)
                last = (place, row) if short is None else None
                row = row + [""] * (width - len(row))
                if short is not None:
                    self._refuse(place, [short])
                    continue
            else:
                last = None
                if len(row) > width and (wrong := reader.wrong_width(number, row, False)) is not None:
                    self._refuse(place, [wrong])
                    continue
            if number in self.leave_out:
                self._refuse(place, [CellRefusal(number, None, None, "hidden", "the row is hidden in the workbook and was left out.")])
                continue
            key = tuple([row[i] for i in who_places])
            person = people.get(key)
            if person is None:
                person = self._person(number, row, None)
                if isinstance(person, int) or len(people) < 100_000:
                    people[key] = person
            if not isinstance(person, int):
                self._refuse(place, [CellRefusal(number, r.column, r.value, r.rule, r.why) for r in person])
                continue
            marks = out.pupils[person]
            if wide:
                self._register(place, number, row, person)
                continue
            day = self._day(row[at_date], odd.get((number, at_date)) if odd else None)
            if not isinstance(day, int):
                heading = reader.columns.heading("date")
                bad = day or Bad("date", "the row has no date.")
                self._refuse(place, [CellRefusal(number, heading, reader.text(row[at_date]), bad.rule, bad.why)])
                continue
            if at_mark >= 0 and at_am < 0 and at_pm < 0:
                session = cells.read_session(reader.text(row[at_session])) if at_session >= 0 else None
                if not isinstance(session, str):
                    bad = session or Bad("session", "it does not say which session, AM or PM.")
                    self._refuse(
                        place,
                        [
                            CellRefusal(
                                number, reader.columns.heading("session"), row[at_session] if at_session >= 0 else "", bad.rule, bad.why
                            )
                        ],
                    )
                    continue
                am, pm = (row[at_mark], "") if session == AM else ("", row[at_mark])
                minutes = row[at_minutes] if at_minutes >= 0 else ""
                am_minutes, pm_minutes = (minutes, "") if session == AM else ("", minutes)
                am_at = pm_at = at_mark
            else:
                am, pm = row[at_am] if at_am >= 0 else "", row[at_pm] if at_pm >= 0 else ""
                am_minutes = row[at_am_late] if at_am_late >= 0 else ""
                pm_minutes = row[at_pm_late] if at_pm_late >= 0 else ""
                am_at, pm_at = at_am, at_pm
            # the usual case, twice: a text that was met before on that day
            first = self._cells.get((am, AM, day)) if am else _NOTHING
            if first is None:
                first = self._cell(am, AM, day, number)
            second = self._cells.get((pm, PM, day)) if pm else _NOTHING
            if second is None:
                second = self._cell(pm, PM, day, number)
            code_1, code_2 = first.code, second.code
            if first.refusal is not None or second.refusal is not None or (odd and ((number, am_at) in odd or (number, pm_at) in odd)):
                bad_cells: list[CellRefusal] = []
                for cell, at, text in ((first, am_at, am), (second, pm_at, pm)):
                    kind = odd.get((number, at)) if odd else None
                    if kind is not None and text:
                        why = f"cell {cell_name(number, at)} holds a date, a time or an error of the workbook, not a mark."
                        bad_cells.append(CellRefusal(number, reader.columns.headings[at], shown(text, 60), "attendance code", why))
                        if at == am_at:
                            code_1 = REFUSED_MARK
                        if at == pm_at:
                            code_2 = REFUSED_MARK
                    elif cell.refusal is not None:
                        bad_cells.append(
                            CellRefusal(number, reader.columns.headings[at], shown(reader.text(text), 60), "attendance code", cell.refusal)
                        )
                self._note(place, bad_cells)
            late_1 = first.minutes if not am_minutes else self._minutes(am_minutes, number, place, "am_late", first)
            late_2 = second.minutes if not pm_minutes else self._minutes(pm_minutes, number, place, "pm_late", second)
            out.whose.append(person)
            marks.add(place, day, code_1, code_2, late_1, late_2)
        if last is not None and reader.table.unterminated:
            cut_place, cut_row = last
            if cut_place == place:
                refusal = reader.wrong_width(out.rows[place], cut_row, True)
                if refusal is not None:
                    self._take_back(place)
                    self._note(place, [refusal])
                    out.cut_off = True
        told(place + 1)
        return out

    def _refuse(self, place: int, refusals: list[CellRefusal]) -> None:
        """A row of which nothing goes in."""
        self._note(place, refusals)
        self.out.whose.append(-1)

    def _note(self, place: int, refusals: list[CellRefusal]) -> None:
        """Keep why a row or its cells are refused; beyond a number of rows they are only counted."""
        if len(self.out.refusals) < MOST_REFUSED:
            self.out.refusals.setdefault(place, []).extend(refusals)
        else:
            self.out.refusals_left_out += len(refusals)

    def _take_back(self, place: int) -> None:
        """A row that turned out to be cut off."""
        person = self.out.whose[place]
        if person >= 0:
            marks = self.out.pupils[person]
            while marks.place and marks.place[-1] == place:
                for column in (marks.place, marks.day, marks.am, marks.pm, marks.am_late, marks.pm_late):
                    column.pop()
            self.out.whose[place] = -1

    def _minutes(self, text: str, number: int, place: int, key: str, cell: _Cell) -> int:
        plain = self.reader.text(text)
        if cells.is_blank(plain) or not plain:
            return cell.minutes
        found = re.fullmatch(r"(\d{1,3})(?:\.0+)?\s*(?:m|min|mins|minutes)?\.?", plain, re.IGNORECASE)
        if found and not int(found[1]):
            return cell.minutes
        if found and int(found[1]) <= 480 and cell.code in self.codes.late_numbers:
            return int(found[1])
        heading = self.reader.columns.heading(key if key in self.place_of else "minutes")
        if found and int(found[1]) <= 480:
            mark = self.codes.text(cell.code) if cell.code >= 0 else "no mark"
            why = f"minutes late go with L or U, and here {'is' if cell.code < 0 else 'stands'} {mark}. The minutes were left out."
        else:
            why = "minutes late are a whole number."
        self._note(place, [CellRefusal(number, heading, shown(plain, 60), "minutes", why)])
        return cell.minutes

    def _register(self, place: int, number: int, row: list[str], person: int) -> None:
        """A row with a column for each session: one line for each day that has a mark."""
        marks = self.out.pupils[person]
        by_day: dict[int, list[int]] = {}
        bad: list[CellRefusal] = []
        for at, day, session in self.sessions:
            text = row[at]
            if not text:
                continue
            cell = self._cell(text, session, day, number)
            if cell.refusal is not None:
                bad.append(
                    CellRefusal(
                        number, self.reader.columns.headings[at], shown(self.reader.text(text), 60), "attendance code", cell.refusal
                    )
                )
            line = by_day.setdefault(day, [NO_MARK, NO_MARK, NO_MARK, NO_MARK])
            offset = 0 if session == AM else 1
            held = line[offset]
            if NO_MARK in (held, cell.code):  # the first, or a blank beside a mark
                if held == NO_MARK:
                    line[offset], line[offset + 2] = cell.code, cell.minutes
            elif held != cell.code:
                line[offset], line[offset + 2] = REFUSED_MARK, NO_MARK
                heading, value = self.reader.columns.headings[at], shown(self.reader.text(text), 60)
                why = (
                    f"another column says otherwise of the same session, {days.words(days.to_date(day))} {session}. Neither was brought in."
                )
                bad.append(CellRefusal(number, heading, value, "two marks for one session", why))
        if bad:
            self._note(place, bad)
        self.out.whose.append(person)
        for day, (am, pm, am_late, pm_late) in by_day.items():
            marks.add(place, day, am, pm, am_late, pm_late)
        if not by_day:
            marks.add(place, self.sessions[0][1], NO_MARK, NO_MARK, NO_MARK, NO_MARK)


_NOTHING = _Cell(NO_MARK, NO_MARK)
