"""Rules that a pupil's records may break without being damaged: each broken one is a sentence for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.agreed import is_agreed
from approgress.domain.attendance import NOT_POSSIBLE, odd, on_roll, spans_of
from approgress.domain.days import words
from approgress.domain.records import Enrolment
from approgress.domain.register import standing
from approgress.domain.school_year import school_year_of, school_year_words
from approgress.domain.starting_point import same_day
from approgress.domain.values import how_many

if TYPE_CHECKING:
    from approgress.domain.attendance import Code
    from approgress.domain.dossier import PupilRecords, SchoolFacts


def broken_by(records: PupilRecords, facts: SchoolFacts, called: str) -> Iterator[str]:
    """Sentences about one pupil, who is called `called` in them."""
    yield from _marks(records, facts, called)
    yield from _roll(records, called)
    yield from _readings(records, facts, called)
    for f in records.flags:
        if f.first_day is not None and f.last_day is not None and f.last_day < f.first_day:
            yield f"{called}: {f.sort} {f.value} ends on {words(f.last_day)}, before it begins on {words(f.first_day)}."
    for s in records.stated:
        made = s.attended + s.authorised + s.unauthorised
        if made != s.possible:
            yield f"{called}: {s.school} states {s.possible} possible sessions, but attended, authorised and unauthorised make {made}."
    if records.pupil.born is not None:
        for e in records.enrolments:
            if e.first_day is not None and e.first_day < records.pupil.born:
                yield f"{called}: on roll from {words(e.first_day)}, before the date of birth."


def on_closed_days(records: PupilRecords, facts: SchoolFacts) -> Counter[tuple[int, str]]:
    """Marks that count, on days on which the calendar has this school closed, by school year and kind of day; add those of pupils up.

    Kinds: 'closed' (INSET and other closures), 'holiday', 'weekend'. Only between half-terms that are entered, and within the time on
    roll. A mark that says itself that no session was possible (# for a closure, Y) contradicts nothing.
    """
    calendar = facts.calendar
    found: Counter[tuple[int, str]] = Counter()
    if not calendar.half_terms:
        return found
    first, last = calendar.half_terms[0].first_day, max(t.last_day for t in calendar.half_terms)
    possible = {c.number for c in facts.codes.codes if c.counts_as != NOT_POSSIBLE}
    spans = spans_of(records.enrolments, facts.setting.id)
    for m in records.marks:
        n = (m.am in possible) + (m.pm in possible)
        if not n or m.setting_id != facts.setting.id or calendar.is_school_day(m.day) or not on_roll(m.day, spans):
            continue
        if first <= m.day <= last and calendar.knows(m.day, m.day):
            sort = "weekend" if m.day.weekday() >= 5 else "holiday" if calendar.half_term_of(m.day) is None else "closed"
            found[school_year_of(m.day), sort] += n
    return found


_CLOSED_WORDS = {"closed": "on INSET and other closed days", "holiday": "in holidays", "weekend": "at weekends"}


def closed_sentences(found: Counter[tuple[int, str]]) -> Iterator[str]:
    """A sentence for each school year with such marks, the newest first."""
    for year in sorted({y for y, _ in found}, reverse=True):
        parts = [(found[year, sort], words_) for sort, words_ in _CLOSED_WORDS.items() if found[year, sort]]
        n = sum(k for k, _ in parts)
        where = ", ".join(f"{k:,} {words_}" for k, words_ in parts)
        yield (
            f"{school_year_words(year)}: {how_many(n, 'mark')} {'stands' if n == 1 else 'stand'} on days on which the calendar says that the "
            f"school is closed: {where}. {'It counts' if n == 1 else 'They count'} in attendance as long as {'it stands' if n == 1 else 'they stand'} there."
        )


def _marks(records: PupilRecords, facts: SchoolFacts, called: str) -> Iterator[str]:
    outside = unknown = swapped = closed = minutes = 0
    odd_codes: Counter[str] = Counter()
    spans = {s: spans_of(records.enrolments, s) for s in {m.setting_id for m in records.marks}}
    for m in records.marks:
        if not on_roll(m.day, spans[m.setting_id]):
            outside += 1
        if facts.calendar.half_term_of(m.day) is not None and not facts.calendar.is_school_day(m.day):
            closed += 1
        for session, number, late in (("AM", m.am, m.am_late), ("PM", m.pm, m.pm_late)):
            if late is not None and number not in facts.codes.late_numbers:
                minutes += 1
            if number is None:
                continue
            try:
                code = facts.codes.by_number(number)
            except KeyError:
                unknown += 1
                continue
            if code.session not in (None, session):
                swapped += 1
            if code.text in _WATCHED and (rule := _odd_code(records, facts, m.day, session, m.setting_id, code)) is not None:
                odd_codes[rule] += 1
    for n, what in (
        (outside, "outside the time on roll; they count nowhere"),
        (closed, "on which the calendar says that the school is closed"),
    ):
        if n:
            yield f"{called}: {n} {'day' if n == 1 else 'days'} with marks {what}."
    if unknown:
        yield f"{called}: {unknown} {'mark' if unknown == 1 else 'marks'} with a code that this program does not know."
    if swapped:
        yield f"{called}: {swapped} {'mark' if swapped == 1 else 'marks'} with the other session's stroke."
    if minutes:
        yield f"{called}: minutes late beside {minutes} {'mark' if minutes == 1 else 'marks'} that {'is' if minutes == 1 else 'are'} not L or U."
    for rule, n in sorted(odd_codes.items()):
        yield f"{called}: {n} {'mark' if n == 1 else 'marks'} {rule}."


_WATCHED = frozenset({"C2", "X", "K", "B"})


def _odd_code(records: PupilRecords, facts: SchoolFacts, day: date, session: str, setting_id: int, code: Code) -> str | None:
    """What cannot be right about a mark, by the rules of the register (england.md 1.1, 1.2): only where a record here contradicts it."""
    if code.text == "X":
        return "X at compulsory school age" if odd(code, day, born=records.pupil.born) is not None else None
    if code.text == "C2":
        timetables = [t for t in records.timetables if t.setting_id == setting_id]
        return (
            "C2 for a session that the part-time timetable asks for"
            if is_agreed(day, session, timetables, records.timetable_steps)
            else None
        )
    known = standing(day, session, setting_id=setting_id, elsewhere=records.elsewhere)
    return f"{code.text} where D is due" if known.elsewhere == "D" else None


def _roll(records: PupilRecords, called: str) -> Iterator[str]:
    def overlaps(a: Enrolment, b: Enrolment) -> bool:
        return (a.last_day is None or b.first_day is None or b.first_day <= a.last_day) and (
            b.last_day is None or a.first_day is None or a.first_day <= b.last_day
        )

    rolls = sorted(records.enrolments, key=lambda e: e.id)
    for i, a in enumerate(rolls):
        if a.first_day is not None and a.last_day is not None and a.last_day < a.first_day:
            yield f"{called}: leaves on {words(a.last_day)}, before coming on {words(a.first_day)}."
        for b in rolls[i + 1 :]:
            if a.setting_id == b.setting_id and overlaps(a, b):
                yield f"{called}: two times on roll at the same setting overlap."
    by_id = {e.id: e for e in rolls}
    for p in records.placements:
        e = by_id.get(p.enrolment_id)
        if e is None:
            yield f"{called}: a placement from {words(p.first_day)} belongs to no time on roll."
        elif (e.first_day is not None and p.first_day < e.first_day) or (e.last_day is not None and p.first_day > e.last_day):
            yield f"{called}: a placement from {words(p.first_day)} lies outside its time on roll."


def _readings(records: PupilRecords, facts: SchoolFacts, called: str) -> Iterator[str]:
    for r in records.readings:
        instrument = facts.library.get(r.instrument, r.edition)
        if instrument is None:
            yield f"{called}: a reading of {words(r.day)} is of an instrument ({r.instrument}, {r.edition}) that is not here."
        elif r.value is not None and not instrument.main.low <= r.value <= instrument.main.high:
            yield f"{called}: {instrument.name} of {words(r.day)} is {r.value:g}; it goes from {instrument.main.range_words}."
    for several in same_day(r for r in records.readings if r.status == "complete"):
        yield f"{called}: {len(several)} readings of {several[0].instrument} by the same respondent on {words(several[0].day)}. Two sittings, or a mistake?"


def twice(values: Iterable[tuple[str, str]], what: str) -> Iterator[str]:
    """Sentences about identifiers that several pupils share: (value, who)."""
    held: dict[str, list[str]] = {}
    for value, who in values:
        held.setdefault(value, []).append(who)
    for value, n in Counter({v: len(w) for v, w in held.items()}).items():
        if n > 1:
            yield f"{', '.join(sorted(held[value]))}: the same {what} {value}."
