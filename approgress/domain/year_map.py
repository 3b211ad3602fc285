"""A year of sessions as a map: weeks as columns, Monday to Friday with morning and afternoon as rows, each session by the class of its code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.attendance import ATTENDED, AUTHORISED, UNAUTHORISED, CodeSet, Span, Tally, class_of, on_roll, tally
from approgress.domain.records import Mark
from approgress.domain.school_year import Calendar, week_of
from approgress.domain.values import number, share_words

PRESENT, LATE, NOT_AGREED = "present", "late", "not_agreed"
AWAY, AWAY_WITHOUT, NOT_DUE = "authorised", "unauthorised", "not_possible"
ELSEWHERE, TO_COME, UNMARKED, CLOSED = "elsewhere", "to_come", "unmarked", "closed"
"""The classes of cells. ELSEWHERE is present at another school, before day 0; CLOSED has no box."""

LEGEND: dict[str, tuple[str, str]] = {
    ELSEWHERE: ("", "present elsewhere"),
    PRESENT: ("", "present"),
    LATE: ("L", "late"),
    NOT_AGREED: ("", "not agreed, C2"),
    AWAY: ("I", "authorised"),
    AWAY_WITHOUT: ("O", "unauthorised"),
    NOT_DUE: ("D", "not possible"),
    UNMARKED: ("", "no mark"),
    TO_COME: ("", "to come"),
}
"""A sample letter and the words of each class, in the order of the legend."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@dataclass(frozen=True, slots=True)
class YearCell:
    """One session: its class, the code that stands in it ('' for none, and for an ordinary stroke), and what it is in words."""

    tone: str
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class YearDay:
    """One weekday: the day, its morning and afternoon, and what the cursor reads."""

    day: date
    am: YearCell
    pm: YearCell

    @property
    def words(self) -> str:
        """'Tue 24 Nov 2026. AM: L, late. PM: to come.'"""
        if self.am.tone == CLOSED:
            return f"{days.words(self.day, weekday=True)}: {self.am.words}."
        return f"{days.words(self.day, weekday=True)}. AM: {self.am.words}. PM: {self.pm.words}."


@dataclass(frozen=True, slots=True)
class YearWeek:
    """A column: its Monday, and Monday to Friday (None: outside the time shown, or not on roll). `holiday`: no session in all of it."""

    first_day: date
    days: tuple[YearDay | None, ...]
    holiday: bool


@dataclass(frozen=True, slots=True)
class YearMap:
    """The map. `months` are columns and what stands above them; `began` the column of day 0 (None: it lies before), with words for both
    sides; `legend` the classes that occur: class, letter, words."""

    weeks: tuple[YearWeek, ...]
    months: tuple[tuple[int, str], ...]
    legend: tuple[tuple[str, str, str], ...]
    began: int | None = None
    before_words: str = ""
    since_words: str = ""


def year_map(
    marks: Iterable[Mark],
    codes: CodeSet,
    calendar: Calendar,
    *,
    first: date,
    last: date,
    today: date,
    spans: Sequence[Span] | None = None,
    began: date | None = None,
    before: Iterable[Mark] = (),
    before_school: str = "",
    since_words: str = "",
) -> YearMap:
    """The map from `first` to `last`. `marks` are those of this setting; `before` those of another, shown in grey before `began` only.

    Days off roll are empty; a school day gone by without a mark says so; days that have not come are open, as far as `last` reaches.
    """
    here = {m.day: m for m in marks if spans is None or on_roll(m.day, spans)}
    there = {m.day: m for m in before if began is not None and m.day < began}
    seen: set[str] = set()
    weeks: list[YearWeek] = []
    monday = week_of(first)
    while monday <= last:
        row: list[YearDay | None] = []
        for i in range(5):
            day = monday + timedelta(days=i)
            one = None
            if first <= day <= last:
                one = _day(day, here.get(day), there.get(day), codes, calendar, today, on_roll(day, spans) if spans is not None else True)
            if one is not None:
                seen.update((one.am.tone, one.pm.tone))
            row.append(one)
        weeks.append(YearWeek(monday, tuple(row), all(d is None or d.am.tone == CLOSED for d in row)))
        monday += timedelta(days=7)
    # weeks at both ends in which nothing was on roll are no part of the picture
    while weeks and all(d is None for d in weeks[0].days):
        weeks.pop(0)
    while weeks and all(d is None for d in weeks[-1].days):
        weeks.pop()
    line = next((n for n, w in enumerate(weeks) if began is not None and n and w.first_day == week_of(began)), None)
    shown_there = any(d is not None and d.day in there for w in weeks for d in w.days)
    legend = tuple((tone, sample, _legend_words(tone, words, before_school)) for tone, (sample, words) in LEGEND.items() if tone in seen)
    return YearMap(
        tuple(weeks),
        _months(weeks),
        legend,
        line,
        f"marks of {before_school or 'another school'}" if shown_there and line is not None else "",
        since_words if line is not None else "",
    )


def _legend_words(tone: str, words: str, school: str) -> str:
    return f"present, at {school}" if tone == ELSEWHERE and school else words


def _day(
    day: date, mark: Mark | None, other: Mark | None, codes: CodeSet, calendar: Calendar, today: date, on_roll_then: bool
) -> YearDay | None:
    if mark is None and other is not None:
        return YearDay(day, _cell(other.am, None, codes, ELSEWHERE), _cell(other.pm, None, codes, ELSEWHERE))
    if not on_roll_then:
        return None
    if mark is None or (mark.am is None and mark.pm is None):
        if calendar and not calendar.is_school_day(day):
            closed = YearCell(CLOSED, "", "no school")
            return YearDay(day, closed, closed)
        open_cell = YearCell(TO_COME, "", "to come") if day >= today else YearCell(UNMARKED, "", "no mark")
        return YearDay(day, open_cell, open_cell)
    rest = YearCell(TO_COME, "", "to come") if day >= today else YearCell(UNMARKED, "", "no mark")
    return YearDay(day, _cell(mark.am, mark.am_late, codes, PRESENT, rest), _cell(mark.pm, mark.pm_late, codes, PRESENT, rest))


def _cell(
    code: int | None, late: int | None, codes: CodeSet, present: str, blank: YearCell = YearCell(UNMARKED, "", "no mark")
) -> YearCell:
    if code is None:
        return blank
    text = codes.text(code)
    try:
        label = codes.by_number(code).label
    except KeyError:
        label = "a code that this program does not know"
    words = f"{text}, {label}" + (f", {late} minutes late" if late else "")
    counts_as = class_of(code)
    if counts_as == ATTENDED:
        if code in codes.late_numbers and present == PRESENT:
            return YearCell(LATE, text, words)
        return YearCell(present, "" if text in ("/", "\\") or present == ELSEWHERE else text, words)
    if text == "C2":
        return YearCell(NOT_AGREED, "", words)
    return YearCell({AUTHORISED: AWAY, UNAUTHORISED: AWAY_WITHOUT}.get(counts_as, NOT_DUE), text, words)


def _months(weeks: Sequence[YearWeek]) -> tuple[tuple[int, str], ...]:
    """Month names over the first column whose Friday lies in the month; the year with each January."""
    found: list[tuple[int, str]] = []
    held = 0
    for n, week in enumerate(weeks):
        friday = week.first_day + timedelta(days=4)
        if friday.month != held:
            held = friday.month
            text = days.words(friday).split(" ", 1)[1]
            found.append((n, text if held == 1 else text.split(" ")[0]))
    return tuple(found)


def table_rows(shown: YearMap) -> tuple[tuple[str, ...], ...]:
    """One row for each week with a session: its Monday, and for each day the two codes ('/ C2'), '' for none."""
    rows: list[tuple[str, ...]] = []
    for week in shown.weeks:
        if not week.holiday:
            rows.append((days.words(week.first_day), *(_codes(d) for d in week.days)))
    return tuple(rows)


def _codes(day: YearDay | None) -> str:
    if day is None or day.am.tone == CLOSED:
        return ""
    return " ".join(_short(c, s) for c, s in ((day.am, "/"), (day.pm, "\\")))


def _short(cell: YearCell, stroke: str) -> str:
    return {PRESENT: cell.code or stroke, ELSEWHERE: stroke, NOT_AGREED: "C2", TO_COME: "\u2026", UNMARKED: "-"}.get(cell.tone, cell.code)


def year_sentence(
    marks: Iterable[Mark], codes: CodeSet, spans: Sequence[Span] | None, *, first: date, last: date, statutory: bool = True
) -> str:
    """What the map shows, in one sentence, in counts of sessions here."""
    counted = tally(marks, codes, spans, first=first, last=last)
    when = f"from {days.words(first)} to {days.words(last)}"
    if not counted.possible:
        return f"No possible session here {when}."
    whole = "possible sessions" if statutory else "sessions offered"
    rest = reasons_words(counted, codes)
    return f"{share_words(counted.attended, counted.possible)} {whole} attended here {when}" + (f"; not here: {rest}." if rest else ".")


def reasons(counted: Tally, codes: CodeSet) -> tuple[tuple[str, int], ...]:
    """Why a pupil was not here, in sessions: not agreed (C2), ill or another reason given, no good reason; only what occurs."""
    c2 = sum(n for code, n in counted.by_code.items() if codes.text(code) == "C2")
    found = (
        ("Not agreed (C2)", c2),
        ("Ill or another reason given", counted.authorised - c2),
        ("No good reason (O, N, U, G)", counted.unauthorised),
    )
    return tuple((words, n) for words, n in found if n)


def reasons_words(counted: Tally, codes: CodeSet) -> str:
    """'122 not agreed (C2), 8 ill or another reason given, 12 no good reason (O, N, U, G)'."""
    return ", ".join(f"{number(n)} {words[:1].lower()}{words[1:]}" for words, n in reasons(counted, codes))
