"""Attendance codes as dated data, and the tally of marks by the formulas of the Department for Education."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approgress.domain import days
from approgress.domain.errors import Refusal
from approgress.domain.records import Enrolment, Mark, StatedAttendance
from approgress.domain.school_year import Calendar, of_compulsory_school_age, week_of
from approgress.domain.values import Key, Value, percent

ATTENDED, AUTHORISED, UNAUTHORISED, NOT_POSSIBLE = "attended", "authorised", "unauthorised", "not_possible"
CLASSES = (ATTENDED, AUTHORISED, UNAUTHORISED, NOT_POSSIBLE)
CLASS_WORDS = {
    ATTENDED: "attended",
    AUTHORISED: "authorised absence",
    UNAUTHORISED: "unauthorised absence",
    NOT_POSSIBLE: "not a possible session",
}
BAND = 32
"""Codes are numbered in bands of 32 by class, in the order of CLASSES, so that a comparison tells the class, in SQL too."""
ATTENDED_BELOW, AUTHORISED_BELOW, UNAUTHORISED_BELOW, NUMBERS_BELOW = BAND, 2 * BAND, 3 * BAND, 4 * BAND

N_SCHOOL_DAYS = 5
"""An N is changed within this many school days after its session (regulation 10(7) of the 2024 Regulations)."""

Span = tuple[date | None, date | None]
"""A time on roll: first and last day, both included; None where it is open or not known."""


def class_of(number: int) -> str:
    """The class of a stored code by its band. Raises ValueError outside 0 to 127."""
    if not 0 <= number < NUMBERS_BELOW:
        raise ValueError(f"{number} is not the number of an attendance code")
    return CLASSES[number // BAND]


@dataclass(frozen=True, slots=True)
class Code:
    """One attendance code. `number` is permanent. `session` is AM, PM or None for both; `counts_as` one of CLASSES;
    `group` the register's own grouping in words. `first_day` and `last_day` are its days of force, None where open."""

    number: int
    text: str
    label: str
    group: str
    counts_as: str
    session: str | None = None
    counts_late: bool = False
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the code may be used on `day`."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    @property
    def words(self) -> str:
        """'I: Illness (not an appointment), authorised absence'."""
        return f"{self.text}: {self.label}, {CLASS_WORDS[self.counts_as]}"


@dataclass(frozen=True, slots=True)
class MarkRead:
    """What a cell of a register was understood as. `code` None: no mark was taken. `minutes` late, if the cell said so.

    `said` holds what must be told: a stroke that was turned, a word that was taken for a code, a code that is odd on that day.
    """

    code: Code | None
    minutes: int | None = None
    said: tuple[str, ...] = ()


_BLANK = frozenset({"", "-", "\u2013", "\u2014", "\u2212", ".", "_"})
_OTHER_STROKE = {"/": "\\", "\\": "/"}


def _empty() -> dict[Any, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class CodeSet:
    """All attendance codes that were ever in force, found by number, or by text on a day."""

    codes: tuple[Code, ...]
    edition: str = ""
    source: str = ""
    _by_number: dict[int, Code] = field(default_factory=_empty, init=False, repr=False, compare=False)
    _by_text: dict[str, tuple[Code, ...]] = field(default_factory=_empty, init=False, repr=False, compare=False)
    late_numbers: frozenset[int] = field(default=frozenset(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_text: dict[str, tuple[Code, ...]] = {}
        for code in self.codes:
            by_text[code.text] = (*by_text.get(code.text, ()), code)
        self._by_number.update({c.number: c for c in self.codes})
        self._by_text.update(by_text)
        object.__setattr__(self, "late_numbers", frozenset(c.number for c in self.codes if c.counts_late))

    def by_number(self, number: int) -> Code:
        """The code stored as `number`. Raises KeyError where this set does not hold it."""
        return self._by_number[number]

    def text(self, number: int | None) -> str:
        """What stands in the register for a stored number: '' for no mark, '?' for a number that this program does not know."""
        if number is None:
            return ""
        code = self._by_number.get(number)
        return code.text if code else "?"

    def in_force(self, day: date, session: str | None = None) -> tuple[Code, ...]:
        """The codes that may be used on `day` (and in that session), in the order of the set."""
        return tuple(c for c in self.codes if c.in_force(day) and (session is None or c.session in (None, session)))

    def by_text(self, text: str, day: date) -> Code | None:
        """The code of exactly that text in force on `day`, or None."""
        return next((c for c in self._by_text.get(text, ()) if c.in_force(day)), None)

    def parse(self, text: str, session: str, day: date) -> Code | Refusal | None:
        """The code that a person typed into the register of `session` (AM or PM); None for a blank, a Refusal with a sentence for the rest.

        Either stroke is present in either session. A code out of force is refused.
        """
        read = self.read(text, session, day)
        if isinstance(read, Refusal) or read.code is None:
            return read if isinstance(read, Refusal) else None
        if not read.code.in_force(day):
            return Refusal(_out_of_force(read.code, day), session.lower())
        return read.code

    def read(self, text: str | None, session: str, day: date) -> MarkRead | Refusal:
        """What a cell of a file means, generously where nothing can change sides by it, and always saying so.

        Small letters are capitals; the other session's stroke is turned; 'Present' is the session's stroke; 'L12' and 'U (35)' are a
        code and minutes; a code out of force on that day is read and said to be odd (DfE counts J and H where schools still send them).
        """
        said = (text or "").replace("\u00a0", " ").replace("\uff0f", "/").strip()
        plain = said.upper()
        if plain in _BLANK:
            return MarkRead(None)
        if plain in ("PRESENT", "PRESENT AM", "PRESENT PM"):
            stroke = "/" if session == "AM" else "\\"
            code = self.by_text(stroke, day)
            return MarkRead(code, None, (f"“{said}” was read as {stroke}.",)) if code else _unknown(said, session, day)
        minutes = None
        late = re.fullmatch(r"([LU]) ?\(? ?(\d{1,3}) ?(?:M|MIN|MINS|MINUTES)?\.? ?\)?", plain)
        if late and not self._by_text.get(plain):
            plain, minutes = late[1], int(late[2])
        candidates = self._by_text.get(plain, ())
        if not candidates:
            return _unknown(said, session, day)
        code = next((c for c in candidates if c.in_force(day)), candidates[-1])
        notes: list[str] = []
        if code.session not in (None, session):
            turned = self.by_text(_OTHER_STROKE.get(plain, ""), day)
            if turned is None:
                return Refusal(f"{code.text} is a code of the {code.session} register only.", session.lower())
            notes.append(f"{code.text} is the {code.session} stroke; it was read as {turned.text}.")
            code = turned
        if not code.in_force(day):
            notes.append(_out_of_force(code, day))
        return MarkRead(code, minutes, tuple(notes))


_TICKS = frozenset({"\u2713", "\u2714", "\u221a", "\u2611", "1", "Y", "YES", "IN", "HERE", "PRES"})
_CROSSES = frozenset({"A", "AB", "ABS", "ABSENT", "0", "NO", "\u2717", "\u2718", "\u00d7", "\u2715", "\u2716", "\u2612", "OUT", "AWOL"})


def _unknown(said: str, session: str, day: date) -> Refusal:
    plain = said.upper()
    hint = ""
    if plain in _TICKS:
        hint = f" Present is {'/' if session == 'AM' else chr(92)}."
    elif plain in _CROSSES:
        hint = " An absence bears its reason as a code: I, M, C2 and so on, N while it is not known, O where it stays unknown."
    elif plain.startswith("LATE"):
        hint = " Late is L, after the register closed U, with the minutes behind it (L12)."
    return Refusal(f"“{_short(said)}” is not an attendance code on {days.words(day)}; this mark was left out.{hint}", session.lower())


def _short(said: str) -> str:
    """What was typed, or its beginning: a letter pasted into one cell need not be read out again."""
    return said if len(said) <= 40 else f"{said[:40]}…"


def _out_of_force(code: Code, day: date) -> str:
    if code.first_day is not None and day < code.first_day:
        return f"{code.text} ({code.label}) is a code only since {days.words(code.first_day)}."
    return f"{code.text} ({code.label}) has not been a code since {days.words(code.last_day)}."


def odd(code: Code, day: date, *, born: date | None = None, on_roll: bool = True) -> str | None:
    """A sentence where a code is possible but odd for this pupil (a person is asked; it is never refused), or None.

    X is not for a child of compulsory school age; Z is for a pupil who is not yet on roll (2024 Regulations, england.md 1.1 and 1.2).
    """
    if code.text == "X" and born is not None and of_compulsory_school_age(born, day):
        return f"X is not for a pupil of compulsory school age, which this pupil was on {days.words(day)}."
    if code.text == "Z" and on_roll:
        return f"Z is for a pupil not yet on roll, and this pupil was on roll on {days.words(day)}."
    return None


def read_codes(text: str, file_name: str = "attendance.toml") -> CodeSet:
    """The code set that a TOML text holds (resources/codes). Raises Refusal with file and rule where it breaks one."""
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{file_name} is not a TOML file: {error}.") from error
    codes: list[Code] = []
    for row in data.get("codes", []):
        code = Code(
            number=row["number"],
            text=row["text"],
            label=row["label"],
            group=row["group"],
            counts_as=row["counts_as"],
            session=row.get("session"),
            counts_late=row.get("late", False),
            first_day=row.get("first_day"),
            last_day=row.get("last_day"),
            note=row.get("note", ""),
        )
        if code.counts_as not in CLASSES or code.number // BAND != CLASSES.index(code.counts_as):
            raise Refusal(f"{file_name}: {code.text} is numbered {code.number}, which is not in the band of {code.counts_as}.")
        if code.session not in (None, "AM", "PM"):
            raise Refusal(f"{file_name}: the session of {code.text} is AM, PM or left out.")
        if any(c.number == code.number for c in codes):
            raise Refusal(f"{file_name}: two codes are numbered {code.number}.")
        if any(c.text == code.text and _overlap(c, code) for c in codes):
            raise Refusal(f"{file_name}: two codes {code.text} are in force on one day.")
        codes.append(code)
    if not codes:
        raise Refusal(f"{file_name} holds no codes.")
    return CodeSet(tuple(codes), data.get("edition", ""), data.get("source", ""))


def _overlap(a: Code, b: Code) -> bool:
    def before(x: date | None, y: date | None) -> bool:
        return x is not None and y is not None and x < y

    return not (before(a.last_day, b.first_day) or before(b.last_day, a.first_day))


# --- the tally --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """Sessions counted for one enrolment, or summed over several. Counts are of sessions (half-days).

    `late` is L and U (None where a source does not say). `unmarked` is None where there is no calendar to know it by.
    `by_code` counts marks by the code's number. Formulas: england.md 1.3, checked there on 643 rows published by DfE.
    """

    possible: int = 0
    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    not_possible: int = 0
    late: int | None = 0
    by_code: Mapping[int, int] = field(default_factory=_empty, hash=False)
    unmarked: int | None = None

    @classmethod
    def of_counts(
        cls,
        attended: int,
        authorised: int,
        unauthorised: int,
        *,
        late: int | None = 0,
        not_possible: int = 0,
        unmarked: int | None = None,
        by_code: Mapping[int, int] | None = None,
    ) -> Tally:
        """A tally from counts by class (as SQL sums them): possible = attended + authorised + unauthorised."""
        possible = attended + authorised + unauthorised
        return cls(possible, attended, authorised, unauthorised, not_possible, late, by_code or {}, unmarked)

    @property
    def absent(self) -> int:
        """Possible sessions not attended."""
        return self.possible - self.attended

    @property
    def attendance_percent(self) -> float | None:
        """100 * attended / possible to one decimal, halves up; None where no session was possible."""
        return percent(self.attended, self.possible)

    @property
    def absence_percent(self) -> float | None:
        """100 * absent / possible to one decimal, halves up; None where no session was possible."""
        return percent(self.absent, self.possible)

    @property
    def authorised_percent(self) -> float | None:
        """100 * authorised / possible to one decimal, halves up; None where no session was possible."""
        return percent(self.authorised, self.possible)

    @property
    def unauthorised_percent(self) -> float | None:
        """100 * unauthorised / possible to one decimal, halves up; None where no session was possible."""
        return percent(self.unauthorised, self.possible)

    @property
    def persistent(self) -> bool | None:
        """Persistently absent: 10 * absent >= possible, judged on counts; None where no session was possible."""
        return 10 * self.absent >= self.possible if self.possible else None

    @property
    def severe(self) -> bool | None:
        """Severely absent: 2 * absent >= possible, judged on counts; None where no session was possible."""
        return 2 * self.absent >= self.possible if self.possible else None

    def rate(self, rests_on: tuple[Key, ...] = ()) -> Value:
        """Attendance as a value: sessions attended of those possible."""
        missing = {"sessions without a mark": self.unmarked} if self.unmarked else {}
        return Value.share(self.attended, self.possible, missing=missing, rule="attended of possible sessions (DfE)", rests_on=rests_on)

    def __add__(self, other: Tally) -> Tally:
        """Sums of sessions, which is how a group's rate is made (never the mean of percentages)."""
        by_code = dict(self.by_code)
        for number, n in other.by_code.items():
            by_code[number] = by_code.get(number, 0) + n
        return Tally(
            self.possible + other.possible,
            self.attended + other.attended,
            self.authorised + other.authorised,
            self.unauthorised + other.unauthorised,
            self.not_possible + other.not_possible,
            None if self.late is None or other.late is None else self.late + other.late,
            by_code,
            None if self.unmarked is None or other.unmarked is None else self.unmarked + other.unmarked,
        )

    def as_figures(self, first: date | None, last: date | None) -> dict[str, Any]:
        """The tally in the shape of `figures --json`."""
        return {
            "from": first.isoformat() if first else None,
            "to": last.isoformat() if last else None,
            "possible": self.possible,
            "attended": self.attended,
            "authorised": self.authorised,
            "unauthorised": self.unauthorised,
            "late": self.late,
            "unmarked": self.unmarked,
            "attendance_percent": self.attendance_percent,
            "absence_percent": self.absence_percent,
            "persistent": self.persistent,
            "severe": self.severe,
        }


def spans_of(enrolments: Iterable[Enrolment], setting_id: int | None = None) -> tuple[Span, ...]:
    """The times on roll of these enrolments (at one setting, if given)."""
    return tuple((e.first_day, e.last_day) for e in enrolments if setting_id is None or e.setting_id == setting_id)


def on_roll(day: date, spans: Sequence[Span]) -> bool:
    """Whether `day` lies in one of the times on roll."""
    return any((first is None or first <= day) and (last is None or day <= last) for first, last in spans)


def tally(
    marks: Iterable[Mark],
    codes: CodeSet,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    calendar: Calendar | None = None,
    as_of: date | None = None,
) -> Tally:
    """Count the marks of one pupil at one setting, by the formulas of england.md 1.3 (DfE).

    Marks outside `first` to `last`, after `as_of`, or outside the times on roll (`spans`; None: no limit) do not count; a blank counts
    nowhere. `unmarked` counts the sessions without a mark on school days of `calendar` within range and roll, up to the day asked; it is
    None without a calendar for all of that time, or where neither range nor roll says when it begins or ends.
    """
    until = min((d for d in (last, as_of) if d is not None), default=None)
    limits = [
        (max(start or date.min, first or date.min), min(end or date.max, until or date.max))
        for start, end in (spans if spans is not None else ((None, None),))
    ]
    by_code: dict[int, int] = {}
    marked: dict[date, int] = {}
    for mark in marks:
        day = mark.day
        for begins, ends in limits:
            if begins <= day <= ends:
                break
        else:
            continue
        am, pm = mark.am, mark.pm
        if am is not None:
            by_code[am] = by_code.get(am, 0) + 1
        if pm is not None:
            by_code[pm] = by_code.get(pm, 0) + 1
        if calendar is not None:
            marked[day] = marked.get(day, 0) + (am is not None) + (pm is not None)
    counts: dict[str, int] = {name: 0 for name in CLASSES}
    late = 0
    for number, n in by_code.items():
        counts[class_of(number)] += n
        if number in codes.late_numbers:
            late += n
    return Tally.of_counts(
        counts[ATTENDED],
        counts[AUTHORISED],
        counts[UNAUTHORISED],
        late=late,
        not_possible=counts[NOT_POSSIBLE],
        by_code=by_code,
        unmarked=_unmarked(marked, spans, first, until, calendar),
    )


def _unmarked(
    marked: Mapping[date, int], spans: Sequence[Span] | None, first: date | None, until: date | None, calendar: Calendar | None
) -> int | None:
    if not calendar:
        return None
    missing: set[date] = set()
    for start, end in spans if spans is not None else ((None, None),):
        begins = max((d for d in (start, first) if d is not None), default=None)
        ends = min((d for d in (end, until) if d is not None), default=None)
        if begins is None or ends is None:
            return None
        if begins <= ends:
            if not calendar.knows(begins, ends):
                return None
            missing.update(calendar.school_days(begins, ends))
    return sum(max(0, 2 - marked.get(day, 0)) for day in missing)


@dataclass(frozen=True, slots=True)
class PeriodTally:
    """The tally of a named stretch of time: a half-term or a week."""

    name: str
    first_day: date
    last_day: date
    tally: Tally


def by_week(
    marks: Iterable[Mark],
    codes: CodeSet,
    calendar: Calendar | None = None,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
) -> tuple[PeriodTally, ...]:
    """A tally for each week from Monday that has a counting mark, in order; weeks of holiday do not appear."""
    weeks: dict[date, list[Mark]] = {}
    for mark in marks:
        if (mark.am is not None or mark.pm is not None) and (spans is None or on_roll(mark.day, spans)):
            weeks.setdefault(week_of(mark.day), []).append(mark)
    found: list[PeriodTally] = []
    for monday in sorted(weeks):
        sunday = monday + timedelta(days=6)
        begins, ends = max(monday, first or monday), min(sunday, last or sunday, as_of or sunday)
        if begins <= ends:
            counted = tally(weeks[monday], codes, spans, first=begins, last=ends, calendar=calendar)
            if counted.by_code:
                found.append(PeriodTally(f"week of {days.words(monday)}", monday, sunday, counted))
    return tuple(found)


def by_half_term(
    marks: Iterable[Mark],
    codes: CodeSet,
    calendar: Calendar,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
) -> tuple[PeriodTally, ...]:
    """A tally for each half-term that has a counting mark, in order, its days those of the half-term within the range asked for.

    Marks with possible sessions outside every half-term come last as 'outside the half-terms', so that the parts make up the whole.
    """
    parts: dict[int, list[Mark]] = {}
    outside: list[Mark] = []
    for mark in marks:
        term = calendar.half_term_of(mark.day)
        (outside if term is None else parts.setdefault(term.id, [])).append(mark)
    found: list[PeriodTally] = []
    for term in calendar.half_terms:
        begins = max(term.first_day, first or term.first_day)
        ends = min(term.last_day, last or term.last_day, as_of or term.last_day)
        if begins <= ends and term.id in parts:
            counted = tally(parts[term.id], codes, spans, first=begins, last=ends, calendar=calendar)
            if counted.by_code:
                found.append(PeriodTally(term.name, begins, ends, counted))
    rest = tally(outside, codes, spans, first=first, last=last, as_of=as_of)
    if rest.possible:
        where = [
            m.day
            for m in outside
            if (first is None or m.day >= first) and (last is None or m.day <= last) and (spans is None or on_roll(m.day, spans))
        ]
        found.append(PeriodTally("outside the half-terms", min(where), max(where), rest))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class GroupTally:
    """Attendance of a group: sums of sessions, and how many enrolments are persistently or severely absent of those that can be judged."""

    total: Tally
    enrolments: int  # with a possible session
    without_sessions: int  # no possible session: in no rate
    persistent: int
    severe: int

    @property
    def persistent_share(self) -> Value:
        """Persistently absent enrolments of all with a possible session."""
        return Value.share(self.persistent, self.enrolments, missing=self._missing, rule="10 or more of 100 possible sessions missed")

    @property
    def severe_share(self) -> Value:
        """Severely absent enrolments of all with a possible session."""
        return Value.share(self.severe, self.enrolments, missing=self._missing, rule="50 or more of 100 possible sessions missed")

    @property
    def _missing(self) -> dict[str, int]:
        return {"with no possible session": self.without_sessions} if self.without_sessions else {}


def group_tally(tallies: Iterable[Tally]) -> GroupTally:
    """A group's attendance from the tallies of its enrolments: sums over sums, never the mean of percentages (DfE)."""
    total: Tally | None = None
    enrolments = without = persistent = severe = 0
    for one in tallies:
        total = one if total is None else total + one
        if one.possible:
            enrolments += 1
            persistent += bool(one.persistent)
            severe += bool(one.severe)
        else:
            without += 1
    return GroupTally(total or Tally(), enrolments, without, persistent, severe)


def stated_tally(stated: StatedAttendance) -> Tally:
    """Attendance as a school or file stated it, as a tally: its own possible sessions are the whole, also where its parts do not add up."""
    return Tally(stated.possible, stated.attended, stated.authorised, stated.unauthorised, late=stated.late)


def n_last_day(day: date, calendar: Calendar) -> date | None:
    """The last day on which an N of `day` may stand: the fifth school day after it; None where the calendar ends before.

    It is overdue from the next school day. Nothing becomes O by itself.
    """
    return calendar.add_school_days(day, N_SCHOOL_DAYS)
