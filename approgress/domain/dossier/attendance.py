"""Attendance of a dossier: before, since the start, in the period and by half-term."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from approgress.domain import change, days
from approgress.domain.agreed import agreed_view
from approgress.domain.attendance import UNAUTHORISED, Span, Tally, by_half_term, stated_tally, tally
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.views import AttendanceView, Stretch
from approgress.domain.records import Mark, StatedAttendance
from approgress.domain.starting_point import before_of
from approgress.domain.strands import Stay, attendance_sign, short_period
from approgress.domain.values import Key, Value


def clip(first: date, last: date, spans: Sequence[Span]) -> tuple[date, date]:
    """The days from `first` to `last` cut to the times on roll; as they are where no time on roll touches them."""
    touching = [(a, b) for a, b in spans if (a is None or a <= last) and (b is None or b >= first)]
    if not touching or first > last:
        return first, last
    return min(max(first, a or first) for a, _ in touching), max(min(last, b or last) for _, b in touching)


class _Keys:
    """The keys of one pupil's marks at one setting, found by day."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._days = [m.day for m in marks]
        self._keys: list[Key] = [("mark", (m.pupil_id, m.setting_id, days.to_number(m.day))) for m in marks]

    def of(self, first: date | None, last: date | None, spans: Sequence[Span] | None) -> tuple[Key, ...]:
        """Those between two days, within the times on roll (None: no limit)."""
        found: list[Key] = []
        for a, b in spans if spans is not None else ((None, None),):
            begins = max((d for d in (a, first) if d is not None), default=date.min)
            ends = min((d for d in (b, last) if d is not None), default=date.max)
            found += self._keys[bisect_left(self._days, begins) : bisect_right(self._days, ends)]
        return tuple(found)


def attendance_of(
    records: PupilRecords, facts: SchoolFacts, stay: Stay, marks: Sequence[Mark], first: date | None, begins: date, last: date
) -> AttendanceView:
    """Attendance in the time from `begins` to `last` (`first` None: the stay itself), since day 0, before it, and by half-term."""
    codes, calendar = facts.codes, facts.calendar
    spans = stay.spans or None
    own = ((stay.enrolment.first_day, stay.enrolment.last_day),) if stay.enrolment is not None else None
    keys = _Keys(marks)

    def stretch(name: str, short: str, a: date | None, b: date | None, counted: Tally, within: Sequence[Span] | None, whole: bool = True) -> Stretch:
        return Stretch(name, short, a, b, counted, counted.rate(keys.of(a, b, within)), None, whole)

    def counted(a: date | None, b: date, within: Sequence[Span] | None) -> Tally:
        return tally(marks, codes, within, first=a, last=b, calendar=calendar)

    ended = min(last, stay.ended) if stay.ended is not None else last
    since_words = f"since {days.words(stay.began)}" if stay.began is not None else "since the first mark"
    since = stretch(since_words, "since", stay.began, ended, counted(stay.began, last, own), own)
    if first is None:
        period = since
    else:
        a, b = clip(begins, last, stay.spans)
        period = stretch(f"{days.words(a)} to {days.words(b)}", "this time", a, b, counted(begins, last, spans), spans)
    halves: list[Stretch] = []
    for part in by_half_term(marks, codes, calendar, own, first=stay.began, last=last) if calendar else ():
        term = calendar.half_term_of(part.first_day)
        whole = term is not None and part.last_day == term.last_day
        halves.append(stretch(part.name, short_period(part.name), part.first_day, part.last_day, part.tally, own, whole))
    term = calendar.half_term_of(last)
    this = None
    if term is not None:
        a = max(term.first_day, stay.began or term.first_day)
        this = stretch(term.name, short_period(term.name), a, last, counted(a, last, own), own, whole=last == term.last_day)
    before, stated, comparison = _before(records, facts, stay, marks, since, last)
    left, right = comparison if comparison is not None else (before, since)
    sign = attendance_sign(left.rate if left else None, right.rate, equal_length=comparison is not None)
    n_numbers = {c.number for c in codes.codes if c.text == "N" and c.counts_as == UNAUTHORISED}
    return AttendanceView(
        period=period,
        since=since,
        before=before,
        stated=stated,
        half_terms=tuple(halves),
        this_half_term=this,
        comparison=comparison,
        sign=sign,
        not_final=sum(n for code, n in period.tally.by_code.items() if code in n_numbers),
        agreed=agreed_view(
            marks,
            codes,
            calendar,
            [t for t in records.timetables if t.setting_id == facts.setting.id],
            records.timetable_steps,
            own=own,
            spans=spans,
            began=stay.began,
            first=first,
            last=last,
            ended=ended,
        ),
    )


def _stated_stretch(s: StatedAttendance) -> Stretch:
    counted = stated_tally(s)
    if s.first_day is not None and s.last_day is not None:
        long = (s.last_day - s.first_day).days >= 250
        short = "year before" if long else "before"
        name = f"{days.words(s.first_day)} to {days.words(s.last_day)}"
    else:
        short, name = "before", s.year_said or "time not given"
    rate = Value.share(
        counted.attended, counted.possible, rule="attended of possible sessions, as stated", rests_on=(("stated_attendance", (s.pupil_id, s.id)),)
    )
    return Stretch(name, short, s.first_day, s.last_day, counted, rate, s.school)


def _before(
    records: PupilRecords, facts: SchoolFacts, stay: Stay, marks: Sequence[Mark], since: Stretch, last: date
) -> tuple[Stretch | None, tuple[Stretch, ...], tuple[Stretch, Stretch] | None]:
    """What is known of attendance before day 0: as stated, else by marks at another setting of this store; with an equal stretch since."""
    chosen = before_of(records.stated, records.starting_points, records.start_values, began=stay.began, as_of=last)
    rows = sorted(records.stated, key=lambda s: (s.last_day or date.min, s.id))
    stated = tuple(_stated_stretch(s) for s in rows if s.last_day is None or s.last_day <= last)
    began = stay.began
    own = ((stay.enrolment.first_day, stay.enrolment.last_day),) if stay.enrolment is not None else None
    if chosen is not None:
        before = _stated_stretch(chosen)
        equal = change.equal_since(chosen, began, min(last, stay.ended or last)) if began is not None else None
        if equal is None:
            return before, stated, None
        counted = tally(marks, facts.codes, own, first=equal[0], last=equal[1], calendar=facts.calendar)
        words = f"{days.words(equal[0])} to {days.words(equal[1])}"
        return before, stated, (before, Stretch(words, "since", *equal, counted, counted.rate(_Keys(marks).of(*equal, own))))
    elsewhere = [m for m in records.marks if m.setting_id != facts.setting.id and began is not None and m.day < began]
    if began is None or not elsewhere or since.last_day is None or since.last_day < began:
        return None, stated, None
    place = max(elsewhere, key=lambda m: m.day).setting_id
    a, b = began - (since.last_day - began) - timedelta(days=1), began - timedelta(days=1)
    there = [m for m in elsewhere if m.setting_id == place]
    counted = tally(there, facts.codes, first=a, last=b)
    if not counted.possible:
        return None, stated, None
    school = facts.settings[place].name if place in facts.settings else "another setting"
    before = Stretch(f"{days.words(a)} to {days.words(b)}", "before", a, b, counted, counted.rate(_Keys(there).of(a, b, None)), school)
    return before, stated, (before, since)
