"""Part-time timetables: which sessions were agreed, how many of them were attended, milestones, and the rules that are watching.

The share of agreed sessions attended is **not** the DfE measure and never stands without that label and the DfE measure beside it
(england.md 1.4): a session that a part-time timetable does not ask for is C2, authorised absence, and stays a possible session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.attendance import (
    ATTENDED,
    AUTHORISED,
    NOT_POSSIBLE,
    UNAUTHORISED,
    CodeSet,
    Span,
    Tally,
    by_half_term,
    by_week,
    class_of,
    on_roll,
    tally,
)
from approgress.domain.records import Mark, Timetable, TimetableStep
from approgress.domain.school_year import Calendar, of_compulsory_school_age, school_year_of, week_of
from approgress.domain.values import Key, Value, counted_words, number

POSSIBLE_LABEL, AGREED_LABEL = "DfE measure", "not the DfE measure"
"""What stands beside the two percentages, wherever they stand."""
AGREED_RULE = "attended of the sessions that the part-time timetable asked for; not the DfE measure"
SESSIONS = ("AM", "PM")


# --- what was agreed --------------------------------------------------------------------------------------------------


def timetable_on(day: date, timetables: Iterable[Timetable]) -> Timetable | None:
    """The part-time timetable in force on `day`, or None; of several the one that began last.

    It runs until the day on which it did end. A target end that has gone by ends nothing by itself: a person says how it ended.
    """
    held = [t for t in timetables if t.first_day <= day and (t.last_day is None or day <= t.last_day)]
    return max(held, key=lambda t: (t.first_day, t.id), default=None)


def step_on(day: date, timetable: Timetable, steps: Iterable[TimetableStep]) -> TimetableStep | None:
    """The step of `timetable` whose week of sessions holds on `day`: the last that has begun by then; None before the first."""
    begun = [s for s in steps if s.timetable_id == timetable.id and s.first_day <= day]
    return max(begun, key=lambda s: (s.first_day, s.id), default=None)


def is_agreed(day: date, session: str, timetables: Iterable[Timetable], steps: Iterable[TimetableStep]) -> bool | None:
    """Whether `session` (AM or PM) of `day` is one that the pupil's part-time timetable asks for.

    None: no part-time timetable is in force then, or none of its steps has begun. Give the timetables of one setting only. It says
    nothing of holidays and closed days. Saturdays and Sundays are never agreed.
    """
    timetable = timetable_on(day, timetables)
    step = step_on(day, timetable, steps) if timetable is not None else None
    if step is None:
        return None
    weekday = day.weekday()
    return weekday < 5 and bool((step.am if session == "AM" else step.pm) >> weekday & 1)


def sessions_in(step: TimetableStep) -> int:
    """How many sessions a week a step agrees, of ten."""
    return (step.am & 31).bit_count() + (step.pm & 31).bit_count()


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def mask_words(mask: int) -> str:
    """'Mon, Wed': the weekdays of a mask; 'none' for 0."""
    return ", ".join(name for i, name in enumerate(_WEEKDAYS) if mask >> i & 1) or "none"


def week_words(am: int, pm: int) -> str:
    """The agreed sessions of a week in words: 'Mon and Wed mornings, Thu all day'; 'no sessions', 'every session'."""
    if am & 31 == 31 and pm & 31 == 31:
        return "every session"
    def listed(mask: int, what: str) -> str:
        held = [name for i, name in enumerate(_WEEKDAYS) if mask >> i & 1]
        if not held:
            return ""
        text = held[0] if len(held) == 1 else f"{', '.join(held[:-1])} and {held[-1]}"
        return f"{text} {what}" if len(held) == 1 or what == "all day" else f"{text} {what}s"

    parts = [listed(am & ~pm, "morning"), listed(pm & ~am, "afternoon"), listed(am & pm, "all day")]
    return ", ".join(p for p in parts if p) or "no sessions"


def _c2(codes: CodeSet) -> frozenset[int]:
    return frozenset(c.number for c in codes.codes if c.text == "C2")


def _numbers(codes: CodeSet, text: str) -> frozenset[int]:
    return frozenset(c.number for c in codes.codes if c.text == text)


def _sessions(
    marks: Iterable[Mark], spans: Sequence[Span] | None, first: date | None, last: date | None
) -> Iterator[tuple[date, str, int, Mark]]:
    """The marked sessions in range and on roll, in order: day, AM or PM, the code's number, the mark."""
    for mark in sorted(marks, key=lambda m: m.day):
        if (first is not None and mark.day < first) or (last is not None and mark.day > last):
            continue
        if spans is not None and not on_roll(mark.day, spans):
            continue
        for session, code in zip(SESSIONS, (mark.am, mark.pm), strict=True):
            if code is not None:
                yield mark.day, session, code, mark


# --- agreed sessions counted ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreedTally:
    """Sessions of the time in which a part-time timetable was in force, counted by what it asked for. Counts are of sessions.

    `asked` = `attended` + `authorised` + `unauthorised`: agreed sessions attended, or missed for a true reason. The others are said
    apart and count in no share: `extra` were attended although not agreed; `leave` are C2 in agreed sessions (the mark disagrees with the
    timetable); `absent_other` are absences other than C2 in sessions that were not agreed; `not_agreed` are C2 there, as it should be;
    `not_possible` are D, X, Q, Y, Z and #. `unmarked` counts agreed sessions of school days without a mark (None: no calendar).
    """

    asked: int = 0
    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    late: int = 0
    extra: int = 0
    leave: int = 0
    absent_other: int = 0
    not_agreed: int = 0
    not_possible: int = 0
    unmarked: int | None = None

    def rate(self, rests_on: tuple[Key, ...] = ()) -> Value:
        """Agreed sessions attended of those asked for, as a value; not the DfE measure."""
        missing = {"agreed sessions without a mark": self.unmarked} if self.unmarked else {}
        return Value.share(self.attended, self.asked, missing=missing, rule=AGREED_RULE, rests_on=rests_on)

    @property
    def apart(self) -> str:
        """What counts in no share, in one sentence; '' where there is nothing."""
        said: list[str] = []
        if self.extra:
            said.append(f"{_sessions_words(self.extra)} attended although not agreed")
        if self.leave:
            said.append(f"{_sessions_words(self.leave)} marked C2 although agreed")
        if self.absent_other:
            said.append(f"{_sessions_words(self.absent_other)} marked absent although not agreed")
        return f"Not counted: {'; '.join(said)}." if said else ""


def _sessions_words(n: int) -> str:
    return f"{number(n)} session{'' if n == 1 else 's'}"


def agreed_tally(
    marks: Iterable[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
    calendar: Calendar | None = None,
) -> AgreedTally | None:
    """Attended of the sessions that a part-time timetable asked for; None where none was in force at any time asked for.

    **Not the DfE measure** (england.md 1.4). Range, roll and `as_of` as for `attendance.tally`. Days without a part-time timetable count
    nowhere: then the pupil was due all the time, and the DfE measure says it all. An agreed session missed for a true reason is asked for;
    C2, D, X, Q, Y, Z and # never are.
    """
    until = min((d for d in (last, as_of) if d is not None), default=None)
    if not any(_touches(t, steps, spans, first, until) for t in timetables):
        return None
    c2 = _c2(codes)
    attended = authorised = unauthorised = late = extra = leave = absent_other = not_agreed = not_possible = 0
    marked: set[tuple[date, str]] = set()
    for day, session, code, _ in _sessions(marks, spans, first, until):
        agreed = is_agreed(day, session, timetables, steps)
        if agreed is None:
            continue
        marked.add((day, session))
        counts_as = class_of(code)
        if counts_as == NOT_POSSIBLE:
            not_possible += 1
        elif code in c2:
            leave += agreed
            not_agreed += not agreed
        elif not agreed:
            extra += counts_as == ATTENDED
            absent_other += counts_as != ATTENDED
        else:
            attended += counts_as == ATTENDED
            authorised += counts_as == AUTHORISED
            unauthorised += counts_as == UNAUTHORISED
            late += code in codes.late_numbers
    unmarked = _unmarked(marked, timetables, steps, spans, first, until, calendar)
    asked = attended + authorised + unauthorised
    return AgreedTally(asked, attended, authorised, unauthorised, late, extra, leave, absent_other, not_agreed, not_possible, unmarked)


def _touches(t: Timetable, steps: Iterable[TimetableStep], spans: Sequence[Span] | None, first: date | None, last: date | None) -> bool:
    """Whether a timetable with a step that has begun is in force on a day of the range and of the roll."""
    begun = min((max(s.first_day, t.first_day) for s in steps if s.timetable_id == t.id), default=None)
    if begun is None:
        return False
    for start, end in spans if spans is not None else ((None, None),):
        a = max(d for d in (begun, start, first) if d is not None)
        b = min((d for d in (t.last_day, end, last) if d is not None), default=date.max)
        if a <= b:
            return True
    return False


def _unmarked(
    marked: set[tuple[date, str]],
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    spans: Sequence[Span] | None,
    first: date | None,
    last: date | None,
    calendar: Calendar | None,
) -> int | None:
    if not calendar or last is None:
        return None
    begins = min(t.first_day for t in timetables)
    return sum(
        (day, session) not in marked and bool(is_agreed(day, session, timetables, steps))
        for day in calendar.school_days(max(begins, first or begins), last)
        if spans is None or on_roll(day, spans)
        for session in SESSIONS
    )


@dataclass(frozen=True, slots=True)
class TwoFigures:
    """The two figures of a stretch of time, always side by side: of possible sessions (the DfE measure), and of agreed sessions
    (not the DfE measure; None where no part-time timetable was in force)."""

    name: str
    first_day: date | None
    last_day: date | None
    tally: Tally
    agreed: AgreedTally | None

    @property
    def words(self) -> str:
        """'99 of 241 (41%) of possible sessions, the DfE measure; 99 of 119 (83%) of agreed sessions, not the DfE measure'."""
        said = f"{counted_words(self.tally.attended, self.tally.possible)} of possible sessions, the {POSSIBLE_LABEL}"
        if self.agreed is not None:
            said += f"; {counted_words(self.agreed.attended, self.agreed.asked)} of agreed sessions, {AGREED_LABEL}"
        return said


def two_figures(
    name: str,
    marks: Sequence[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
    calendar: Calendar | None = None,
) -> TwoFigures:
    """Both figures of the days from `first` to `last`."""
    counted = tally(marks, codes, spans, first=first, last=last, calendar=calendar, as_of=as_of)
    agreed = agreed_tally(marks, codes, timetables, steps, spans, first=first, last=last, as_of=as_of, calendar=calendar)
    return TwoFigures(name, first, last, counted, agreed)


def two_by_week(
    marks: Sequence[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    calendar: Calendar | None = None,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> tuple[TwoFigures, ...]:
    """Both figures for each week from Monday that has a counting mark, in order."""
    found: list[TwoFigures] = []
    for w in by_week(marks, codes, calendar, spans, first=first, last=last):
        a, b = max(w.first_day, first or w.first_day), min(w.last_day, last or w.last_day)
        mine = [m for m in marks if a <= m.day <= b]
        agreed = agreed_tally(mine, codes, timetables, steps, spans, first=a, last=b, calendar=calendar)
        found.append(TwoFigures(w.name, w.first_day, w.last_day, w.tally, agreed))
    return tuple(found)


def two_by_half_term(
    marks: Sequence[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    calendar: Calendar,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> tuple[TwoFigures, ...]:
    """Both figures for each half-term that has a counting mark, in order, as `attendance.by_half_term`."""
    found: list[TwoFigures] = []
    for part in by_half_term(marks, codes, calendar, spans, first=first, last=last):
        if part.name == "outside the half-terms":
            mine = [m for m in marks if calendar.half_term_of(m.day) is None]
            agreed = agreed_tally(mine, codes, timetables, steps, spans, first=part.first_day, last=part.last_day)
        else:
            mine = [m for m in marks if part.first_day <= m.day <= part.last_day]
            agreed = agreed_tally(mine, codes, timetables, steps, spans, first=part.first_day, last=part.last_day, calendar=calendar)
        found.append(TwoFigures(part.name, part.first_day, part.last_day, part.tally, agreed))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A mark that does not go with the timetable: C2 in a session that it asks for (`agreed`), or another absence in one that it does not."""

    day: date
    session: str
    code: str
    agreed: bool

    @property
    def words(self) -> str:
        """'Tue 24 Nov AM: C2, but agreed'."""
        return (
            f"{days.words(self.day, weekday=True, year=False)} {self.session}: {self.code}, but {'agreed' if self.agreed else 'not agreed'}"
        )


def disagreements(
    marks: Iterable[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    *,
    first: date | None = None,
    last: date | None = None,
) -> tuple[Disagreement, ...]:
    """Marks that disagree with the timetables as they are now, in order. A session attended never disagrees: it is said apart.

    C2 on a day without any part-time timetable disagrees as well ("but agreed": the pupil was due).
    """
    c2 = _c2(codes)
    found: list[Disagreement] = []
    for day, session, code, _ in _sessions(marks, None, first, last):
        agreed = is_agreed(day, session, timetables, steps)
        if code in c2:
            if agreed is not False:
                found.append(Disagreement(day, session, codes.text(code), True))
        elif agreed is False and class_of(code) in (AUTHORISED, UNAUTHORISED):
            found.append(Disagreement(day, session, codes.text(code), False))
    return tuple(found)


# --- milestones -------------------------------------------------------------------------------------------------------

FULL_DAY, FULL_WEEK, AGREED_WEEK, RUN = "full_day", "full_week", "agreed_week", "run"
LEAST_DAYS = 4
"""A week with fewer school days than this is not called a full week."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something reached for the first time, or the longest so far. `day` None: not yet. Nothing here tells of a run that has ended."""

    kind: str
    day: date | None
    words: str
    count: int = 0
    rests_on: tuple[Key, ...] = ()


def milestones(
    marks: Iterable[Mark],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    calendar: Calendar | None,
    spans: Sequence[Span] | None = None,
    *,
    first: date | None = None,
    last: date,
) -> tuple[Milestone, ...]:
    """First full day, first full week, first week of all agreed sessions, and the longest run of agreed sessions attended, up to `last`.

    A full week has four school days or more, with both sessions of each attended. The week of all agreed sessions is only spoken of where
    there is a part-time timetable. A run counts the sessions that were due (agreed, or all where there is no part-time timetable); sessions
    that were not due, not possible or not marked neither lengthen nor end it; leaving the roll ends it.
    """
    sessions = list(_sessions(marks, spans, first, last))
    by_day: dict[date, dict[str, int]] = {}
    for day, session, code, _ in sessions:
        by_day.setdefault(day, {})[session] = code
    held = {day: mark for day, _, _, mark in sessions}
    has_timetable = any(_touches(t, steps, spans, first, last) for t in timetables)

    def keys(those: Iterable[date]) -> tuple[Key, ...]:
        return tuple(_mark_key(held[d]) for d in those if d in held)

    def all_day(day: date) -> bool:
        here = by_day.get(day, {})
        return all(s in here and class_of(here[s]) == ATTENDED for s in SESSIONS)

    full_day = next((d for d in by_day if all_day(d)), None)
    weeks = _weeks(by_day, calendar, spans, first)
    full_week = next((w for w, whole in weeks if whole and len(w) >= LEAST_DAYS and all(map(all_day, w))), None)
    found = [
        Milestone(FULL_DAY, full_day, "First full day, AM and PM", 2 if full_day else 0, keys([full_day] if full_day else [])),
    ]
    if has_timetable:
        agreed_week, n = next(((w, n) for w, _ in weeks if (n := _all_agreed(w, by_day, timetables, steps))), ((), 0))
        what = "all agreed sessions" if n != 1 else "the one agreed session"
        words = f"First week of {what}" + (f" ({number(n)})" if n > 1 else "")
        found.append(Milestone(AGREED_WEEK, agreed_week[0] if agreed_week else None, words, n, keys(agreed_week)))
    words = f"First full week, {number(len(full_week))} days" if full_week else "First full week"
    found.append(Milestone(FULL_WEEK, full_week[0] if full_week else None, words, len(full_week or ()), keys(full_week or ())))
    run, agreed_only = _longest_run(sessions, codes, timetables, steps, spans)
    if len(run) > 1:
        what = "agreed sessions" if agreed_only else "sessions"
        found.append(Milestone(RUN, run[-1], f"Longest run: {number(len(run))} {what}", len(run), keys(dict.fromkeys(run))))
    return tuple(sorted(found, key=lambda m: (m.day is None, m.kind == RUN, m.day or date.max)))


def certificate_words(milestone: Milestone) -> str:
    """What a pupil's own certificate says of a run: 'came to 15 agreed sessions in a row'; '' for what has no certificate."""
    if milestone.kind != RUN or milestone.day is None:
        return ""
    what = "agreed sessions" if "agreed" in milestone.words else "sessions"
    return f"came to {number(milestone.count)} {what} in a row"


def _mark_key(mark: Mark) -> Key:
    return ("mark", (mark.pupil_id, mark.setting_id, days.to_number(mark.day)))


def _weeks(
    by_day: dict[date, dict[str, int]], calendar: Calendar | None, spans: Sequence[Span] | None, first: date | None
) -> list[tuple[tuple[date, ...], bool]]:
    """The school days on roll of each week that has a mark, in order, and whether they are all the school days of that week."""
    found: list[tuple[tuple[date, ...], bool]] = []
    for monday in dict.fromkeys(week_of(d) for d in by_day):
        in_week = calendar.school_days(monday, monday + timedelta(days=4)) if calendar else [monday + timedelta(days=i) for i in range(5)]
        within = tuple(d for d in in_week if (first is None or d >= first) and (spans is None or on_roll(d, spans)))
        found.append((within, len(within) == len(in_week)))
    return found


def _all_agreed(
    week: Sequence[date], by_day: dict[date, dict[str, int]], timetables: Sequence[Timetable], steps: Sequence[TimetableStep]
) -> int:
    """How many agreed sessions a week had, where all that were possible were attended; else 0."""
    attended = 0
    for day in week:
        for session in SESSIONS:
            if not is_agreed(day, session, timetables, steps):
                continue
            code = by_day.get(day, {}).get(session)
            if code is None or class_of(code) in (AUTHORISED, UNAUTHORISED):
                return 0
            attended += class_of(code) == ATTENDED
    return attended


def _longest_run(
    sessions: Sequence[tuple[date, str, int, Mark]],
    codes: CodeSet,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    spans: Sequence[Span] | None,
) -> tuple[list[date], bool]:
    """The days of the sessions of the longest run (the first of that length), and whether all of them were agreed ones."""
    c2 = _c2(codes)
    best: list[date] = []
    best_agreed = run_agreed = True
    run: list[date] = []
    span_now: Span | None = None
    for day, session, code, _ in sessions:
        span = next((s for s in spans or () if on_roll(day, (s,))), None)
        if span != span_now:
            span_now, run, run_agreed = span, [], True
        agreed = is_agreed(day, session, timetables, steps)
        counts_as = class_of(code)
        if agreed is False or counts_as == NOT_POSSIBLE or code in c2:
            continue
        if counts_as != ATTENDED:
            run, run_agreed = [], True
            continue
        run = [*run, day]
        run_agreed = run_agreed and agreed is True
        if len(run) > len(best):
            best, best_agreed = run, run_agreed
    return best, best_agreed


# --- rules that are watching ------------------------------------------------------------------------------------------

UNAUTHORISED_SESSIONS, SCHOOL_WEEKS = 10, 10
"""Ten unauthorised sessions in ten rolling school weeks: the national threshold of penalty notices (england.md 1.2)."""
DAYS_WITHOUT_LEAVE = 10
ILL_DAYS = 15

_REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"
_GUIDANCE = "Working together to improve school attendance"


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule and how far a pupil is from it. `count` `of` (None: no whole); `limit` the count at which it is reached (None: it has none).

    `sentence` says it in words; `source` where the rule is written. All is judged on whole numbers.
    `rule`: unauthorised, without_leave, ill, ill_in_a_row, persistent, severe, late.
    """

    rule: str
    count: int
    of: int | None
    limit: int | None
    reached: bool
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    codes: tuple[int, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(map(class_of, self.codes))


def rules_watching(
    marks: Iterable[Mark],
    codes: CodeSet,
    calendar: Calendar | None,
    spans: Sequence[Span] | None = None,
    *,
    last: date,
    born: date | None = None,
    statutory: bool = True,
) -> tuple[Watch, ...]:
    """The rules of england.md 1.2 and 1.3 as they stand for a pupil on `last`, from the marks of one setting.

    Persistent and severe absence, illness and lateness count this school year so far. The threshold of unauthorised sessions, days without
    leave and illness only concern pupils of compulsory school age (where the birthday is not known, they are taken to). A setting that keeps
    no statutory register is told of days in a row and of lateness only.
    """
    marks = tuple(marks)
    begins = date(school_year_of(last), 9, 1)
    counted = tally(marks, codes, spans, first=begins, last=last)
    rows = _days(marks, spans, last)
    due = born is None or of_compulsory_school_age(born, last)
    found: list[Watch] = []
    if statutory and due:
        found.append(_unauthorised(rows, codes, calendar, begins, last))
    if due:
        found.append(_without_leave(rows, codes, spans, statutory))
    if statutory and due:
        found += _ill(rows, codes, spans, begins)
    if statutory and counted.possible:
        found += _share_missed(counted)
    if counted.attended or counted.late:
        arrived_after = sum(n for c, n in counted.by_code.items() if c in codes.late_numbers and class_of(c) != ATTENDED)
        late = (counted.late or 0) - arrived_after
        words = f"Late {number(late)} of {number(counted.attended)} this school year"
        if arrived_after:
            words += f"; {number(arrived_after)} more after the register closed (U)"
        found.append(Watch("late", late, counted.attended, None, False, words, f"{_GUIDANCE}: codes L and U"))
    return tuple(found)


def _days(marks: Iterable[Mark], spans: Sequence[Span] | None, last: date) -> list[_Day]:
    """The days with a mark, in order, on roll and up to `last`."""
    found: dict[date, list[int]] = {}
    for day, _, code, _ in _sessions(marks, spans, None, last):
        found.setdefault(day, []).append(code)
    return [_Day(d, tuple(c)) for d, c in found.items()]


def _unauthorised(rows: Sequence[_Day], codes: CodeSet, calendar: Calendar | None, begins: date, last: date) -> Watch:
    """Unauthorised sessions (G, N, O, U) in this and the nine school weeks before it; and when the threshold was met this school year."""
    sessions = [(r.day, c) for r in rows for c in r.codes if class_of(c) == UNAUTHORISED]
    first = min((r.day for r in rows), default=last)
    if calendar and calendar.knows(first, last):
        mondays = [w.first_day for w in calendar.weeks(first, last)]
    else:
        mondays = sorted({week_of(r.day) for r in rows})
    place = {monday: i for i, monday in enumerate(mondays)}
    met: date | None = None
    held = [(place[week_of(d)], d) for d, _ in sessions if week_of(d) in place]
    for i, (week, day) in enumerate(held):
        window = sum(week - w < SCHOOL_WEEKS for w, _ in held[: i + 1])
        if window >= UNAUTHORISED_SESSIONS and day >= begins and met is None:
            met = day
    now = len(mondays) - 1
    recent = [d for w, d in held if now - w < SCHOOL_WEEKS]
    count = len(recent)
    reached = count >= UNAUTHORISED_SESSIONS
    since = set(mondays[-SCHOOL_WEEKS:])
    unknown = sum(1 for d, c in sessions if week_of(d) in since and c in _numbers(codes, "N"))
    words = f"{number(count)} of {UNAUTHORISED_SESSIONS} unauthorised in {SCHOOL_WEEKS} school weeks"
    if unknown:
        words += f", {number(unknown)} of them N"
    if met is not None and not reached:
        words += f"; it was {UNAUTHORISED_SESSIONS} on {days.words(met)}"
    elif reached:
        words += ": consider a penalty notice or support first"
    return Watch("unauthorised", count, None, UNAUTHORISED_SESSIONS, reached, words, f"{_GUIDANCE}: national threshold")


def _row_at_end(rows: Sequence[_Day], spans: Sequence[Span] | None, judge: dict[date, bool | None]) -> int:
    """How many days in a row at the end are True; None is passed over; False, and time off roll, end the row."""
    count = 0
    span_now: Span | None = None
    for n, r in enumerate(reversed(rows)):
        span = next((s for s in spans or () if on_roll(r.day, (s,))), None)
        if n and span != span_now:
            break
        span_now = span
        verdict = judge[r.day]
        if verdict is False:
            break
        count += verdict is True
    return count


def _without_leave(rows: Sequence[_Day], codes: CodeSet, spans: Sequence[Span] | None, statutory: bool) -> Watch:
    """School days in a row, up to now, with no session attended and at least one unauthorised.

    Days on which no session was due (C2, D, Y, #) are passed over: they neither count nor end the row. A day absent with leave ends it.
    """
    c2 = _c2(codes)
    judged: dict[date, bool | None] = {}
    for r in rows:
        if ATTENDED in r.classes:
            judged[r.day] = False
        elif UNAUTHORISED in r.classes:
            judged[r.day] = True
        else:
            judged[r.day] = False if any(class_of(c) == AUTHORISED and c not in c2 for c in r.codes) else None
    count = _row_at_end(rows, spans, judged)
    reached = count >= DAYS_WITHOUT_LEAVE
    words = f"{number(count)} day{'' if count == 1 else 's'} in a row absent without leave"
    if statutory:
        words += ": tell the LA" if reached else f" ({DAYS_WITHOUT_LEAVE} tells the LA)"
    return Watch("without_leave", count, None, DAYS_WITHOUT_LEAVE, reached, words, _REGULATIONS)


def _ill(rows: Sequence[_Day], codes: CodeSet, spans: Sequence[Span] | None, begins: date) -> list[Watch]:
    """Days of illness (code I) this school year: in all, two sessions to a day; and in a row up to now."""
    ill, c2 = _numbers(codes, "I"), _c2(codes)
    year = [r for r in rows if r.day >= begins]
    sessions = sum(c in ill for r in year for c in r.codes)
    judged: dict[date, bool | None] = {}
    for r in year:
        others = [c for c in r.codes if c not in ill and c not in c2 and class_of(c) != NOT_POSSIBLE]
        judged[r.day] = False if others else True if any(c in ill for c in r.codes) else None
    row = _row_at_end(year, spans, judged)
    half = "\u00bd" if sessions % 2 else ""
    in_days = f"{sessions // 2 or ('' if half else 0)}{half}"
    total_reached = sessions >= 2 * ILL_DAYS
    end = ": tell the LA" if total_reached else f" ({ILL_DAYS} tells the LA)"
    words = f"{in_days} day{'' if sessions in (1, 2) else 's'} ill this school year{end}"
    found = [Watch("ill", sessions, None, 2 * ILL_DAYS, total_reached, words, _REGULATIONS)]
    row_reached = row >= ILL_DAYS
    end = ": tell the LA" if row_reached else f" ({ILL_DAYS} tells the LA)"
    words = f"{number(row)} day{'' if row == 1 else 's'} in a row ill{end}"
    found.append(Watch("ill_in_a_row", row, None, ILL_DAYS, row_reached, words, _REGULATIONS))
    return found


def _share_missed(counted: Tally) -> list[Watch]:
    """Persistent (10 * absent >= possible) and severe absence (2 * absent >= possible), by whole numbers (england.md 1.3)."""
    missed = f"{number(counted.absent)} of {number(counted.possible)} sessions missed this year"
    persistent, severe = bool(counted.persistent), bool(counted.severe)
    source = "Pupil absence statistics (DfE): definitions"
    lines = (
        ("persistent", 10, persistent, "Persistently absent", "Not persistently absent"),
        ("severe", 2, severe, "Persistently and severely absent", "Not severely absent"),
    )
    return [
        Watch(rule, counted.absent, counted.possible, -(-counted.possible // part), reached, f"{yes if reached else no}: {missed}", source)
        for rule, part, reached, yes, no in lines
    ]


def shown_rules(watches: Iterable[Watch]) -> tuple[Watch, ...]:
    """The rules as a page lists them: severe absence takes the line of persistent absence where it is reached, else it is left out; days
    ill in a row only from two on; lateness stands with the reasons."""
    watches = tuple(watches)
    severe = any(w.rule == "severe" and w.reached for w in watches)
    left_out = {"persistent" if severe else "severe", "late"}
    return tuple(w for w in watches if w.rule not in left_out and not (w.rule == "ill_in_a_row" and w.count < 2))


# --- what a dossier carries -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreedView:
    """Both figures where there is, or was, a part-time timetable in the time asked for: for pages, reports and JSON.

    `began` is its first day; `now` the timetable in force on the last day, with its `step`.
    """

    began: date
    since: TwoFigures
    period: TwoFigures
    half_terms: tuple[TwoFigures, ...]
    now: Timetable | None
    step: TimetableStep | None

    def of(self, first_day: date | None, last_day: date | None) -> AgreedTally | None:
        """The agreed sessions of the half-term that begins and ends on these days, or of the whole."""
        for part in (*self.half_terms, self.since, self.period):
            if (part.first_day, part.last_day) == (first_day, last_day):
                return part.agreed
        return None


def agreed_view(
    marks: Sequence[Mark],
    codes: CodeSet,
    calendar: Calendar,
    timetables: Sequence[Timetable],
    steps: Sequence[TimetableStep],
    *,
    own: Sequence[Span] | None,
    spans: Sequence[Span] | None,
    began: date | None,
    first: date | None,
    last: date,
    ended: date,
) -> AgreedView | None:
    """Both figures since `began`, from `first` to `last` and by half-term; None where no part-time timetable was in force since.

    `own` is the present time on roll, `spans` are all of them; `ended` the last day of the present one, or `last`.
    """
    in_force = [
        t for t in timetables if _touches(t, steps, own, began, last) or (first is not None and _touches(t, steps, spans, first, last))
    ]
    if not in_force:
        return None
    since = two_figures("since", marks, codes, timetables, steps, own, first=began, last=last, calendar=calendar)
    period = (
        since if first is None else two_figures("period", marks, codes, timetables, steps, spans, first=first, last=last, calendar=calendar)
    )
    halves = two_by_half_term(marks, codes, timetables, steps, calendar, own, first=began, last=last) if calendar else ()
    now = timetable_on(ended, timetables)
    return AgreedView(
        min(t.first_day for t in in_force),
        TwoFigures(since.name, began, ended, since.tally, since.agreed),
        period,
        halves,
        now,
        step_on(ended, now, steps) if now is not None else None,
    )
