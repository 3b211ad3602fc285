"""Needs you: what in the school's records waits for a person, as lines with a stable key, in the order in which they are to be done.

Each rule is a function of what is known of one pupil (`PupilFacts`, the last weeks only) and of the school (`Rules`). Nothing here decides
for a person or changes a record: a line says what is waiting, how it is known, and where to go. Rules know no names: `Needs.named` puts
them in, as they are shown, so that hiding them and reading only those that are shown is one thing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from approgress.domain.attendance import NOT_POSSIBLE, UNAUTHORISED, class_of, n_last_day, on_roll
from approgress.domain.change import TREND_LESSONS, TREND_WEEKS, WeekCount, weekly_trend
from approgress.domain.days import words
from approgress.domain.records import Rest
from approgress.domain.school_year import school_year_of
from approgress.domain.suspensions import LUNCHTIME, PERMANENT, Limits, board_duty, day_six, last_day_of, standing
from approgress.domain.values import share_words

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet, Span
    from approgress.domain.records import AbsenceContact, Event, Goal, Intervention, Mark, Setting, Suspension, Timetable, TimetableReview
    from approgress.domain.school_year import Calendar

AM, PM = "AM", "PM"

MOST_SHOWN: Final = 6
"""Lines shown before the rest is folded (rulings, Words). Safety lines come first and are never folded, however many they are."""
REST_DAYS: Final = 14
"""How long a line rests after "Not worried because ..." (issue 3)."""
N_FROM_DAY: Final = 3
"""An N is listed here from the third school day after it; the list of all N marks shows it from the first."""
UNSEEN_DAYS: Final = 5
"""School days unseen after which any absence is listed, explained or not (rulings, Register and record rules)."""
REVIEW_AHEAD: Final = 5
"""School days before a review or the end of a part-time timetable from which it is listed."""
START_FROM_DAY: Final = 8
"""Calendar days since day 0 from which a starting point with gaps is listed: politely from week 2 (product, feature 11)."""
START_GIVEN_UP: Final = 2
"""After so many times the school's days for a starting point a gap is a gap for good: it stays in the list of pupils and nags no more."""
FOLLOW_UP_DAYS: Final = 42
"""Half-term rhythm of follow-up readings (product, feature 24); an instrument whose shortest sensible gap is longer says its own."""
LAPSED_AFTER: Final = 65
"""School days past its day, about a term, after which a follow-up has lapsed: no day by which it was due means much any more."""
AIM_POINTS: Final = 3
"""Rated points in a row below the aim line of a goal (product, feature 46)."""
SILENT_DAYS: Final = 14
"""Days without anything written about a pupil (issue 3), of which ten are school days, so that a holiday silences nobody."""
SILENT_SCHOOL_DAYS: Final = 10
DAY_6_AHEAD: Final = 3
"""School days before the sixth of a suspension from which its provision is asked for."""
BOARD_AHEAD: Final = 5
DAYS_BACK, DAYS_AHEAD = 731, 366
RETURN_BACK: Final = 20
"""School days after which a return meeting that was not held is a gap in the record and no longer waits here."""
NAMES_SHOWN: Final = 3

EXPLAINED_BY_CONTACT_ONLY: Final = frozenset({"N", "O"})
"""Codes that say nothing of why a pupil is away. Any other absence code is a reason that somebody has given."""

DUTY = "The law asks for this record, so it does not rest. Finish it, or say in the record why it cannot be finished."
OVERDUE_N = "The fifth school day after this mark is here or has gone by, so it cannot rest: it becomes O, or a reason."
DATED = "Its day is here or has gone by, so it does not rest. Hold the review, or say how the timetable ended."
SAFETY = "This is about a pupil's safety, so it does not rest. It goes when the pupil was seen or spoken of with someone at home."
REGISTER = "A register belongs to its day and does not rest. Finish it, or mark the pupils who were not due."

GIVE_REASON, CONTACT, REST, OPEN = "reason", "contact", "rest", "open"
"""What can be done on a line: give the N marks a reason, write down a contact, rest it, go there."""


# --- what is said ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that needs a person.

    `keys` are its stable keys with the pupils that they belong to, by which it rests; `key` the first of them. `due_words` stand at the
    right ('by tomorrow', 'day 19 of 28'). `said` is what there is to know, without the pupil; `names` are the pupils as shown. `place` is
    where Enter goes ('pupil/12/attendance', 'today/2026-11-18/AM/12'). `since` is what older lines are told from newer by. `safety` lines
    are never folded and never rest; `no_rest` says why a line does not ('': it may). `rest_until` is the day on which it comes back
    at the latest, where it has a last day of its own. `about` says it in the call list's words.
    """

    key: str
    title: str
    due_words: str
    said: str
    pupil_id: int | None
    place: str
    since: date
    urgent: bool = False
    safety: bool = False
    actions: tuple[str, ...] = (OPEN, REST)
    no_rest: str = ""
    rest_until: date | None = None
    keys: tuple[tuple[int, str], ...] = ()
    names: tuple[str, ...] = ()
    about: str = ""
    joins: str = ""  # lines of several pupils with the same of these are shown as one
    groups: frozenset[int] = frozenset()  # whose registers they are
    rank: int = 0  # among lines that are not urgent: 0 has a day by which it is to be done, 1 is a hint, 2 can be caught up with, 3 lapsed

    @property
    def pupils(self) -> tuple[int, ...]:
        """The pupils that it is about."""
        return tuple(dict.fromkeys(p for p, _ in self.keys)) or ((self.pupil_id,) if self.pupil_id is not None else ())

    @property
    def sentence(self) -> str:
        """'Harley Quinn-Moss · Wed 18 Nov AM has no reason yet'; of more than three pupils the first three are named."""
        if not self.names:
            return self.said
        more = len(self.pupils) - len(self.names)
        return f"{', '.join(self.names)}{f' and {more} more' if more > 0 else ''} · {self.said}"

    @property
    def may_rest(self) -> bool:
        """Whether "Not worried because ..." is offered."""
        return not self.safety and not self.no_rest and bool(self.keys)

    @property
    def order(self) -> tuple[bool, bool, int, date, str, str]:
        """Safety first, then what is urgent, then by rank, and the oldest of each first."""
        return (not self.safety, not self.urgent, self.rank, self.since, self.title, self.key)


@dataclass(frozen=True, slots=True)
class Resting:
    """A line that rests, until when, and the records by which it does."""

    line: Line
    until: date
    rests: tuple[Rest, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """The panel: what is shown, what is folded, what rests."""

    shown: tuple[Line, ...] = ()
    folded: tuple[Line, ...] = ()
    resting: tuple[Resting, ...] = ()

    @property
    def count(self) -> int:
        """How many lines there are that do not rest."""
        return len(self.shown) + len(self.folded)

    @property
    def pupils(self) -> tuple[int, ...]:
        """The pupils who are named in it."""
        lines = (*self.shown, *self.folded, *(r.line for r in self.resting))
        return tuple(dict.fromkeys(p for line in lines for p in line.pupils[:NAMES_SHOWN]))

    def named(self, names: Mapping[int, str]) -> Needs:
        """The panel with these names in its lines; a pupil who is not among them is not named."""

        def put(line: Line) -> Line:
            return replace(line, names=tuple(names[p] for p in line.pupils[:NAMES_SHOWN] if p in names))

        return Needs(
            tuple(map(put, self.shown)), tuple(map(put, self.folded)), tuple(Resting(put(r.line), r.until, r.rests) for r in self.resting)
        )

    @property
    def foot(self) -> str:
        """'2 more folded · 3 resting until 2 Dec', or ''."""
        parts: list[str] = []
        if self.folded:
            parts.append(f"{len(self.folded)} more folded")
        if self.resting:
            first = min(r.until for r in self.resting)
            same = all(r.until == first for r in self.resting)
            parts.append(f"{len(self.resting)} resting{' until' if same else ', the first until'} {words(first, year=False)}")
        return " · ".join(parts)


# --- what the rules are told -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A register that is not finished: its day and session, the group (None: everyone), marked of due, and the words for when it closed."""

    day: date
    session: str
    group_id: int | None
    group: str
    marked: int
    due: int
    closed: str = ""


@dataclass(frozen=True, slots=True)
class StartFacts:
    """How far a pupil's starting point is: strands with a value, what is lacking in words, whether it is agreed, and how old the stay is."""

    have: int
    of: int
    lacking: str
    agreed: bool
    day_number: int
    days: int


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """The newest complete reading of one instrument: its name, the strand's name, its shortest sensible gap in days, and its day."""

    instrument: str
    short: str
    strand: str
    gap: int
    last: date


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """An open goal with a target and a day for it, and its ratings in order of day."""

    goal: Goal
    ratings: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """What the rules look at of one pupil on roll.

    `stay` is the present time on roll. `marks` hold at least each recent day with an absence and each day with an N, in any order;
    `seen_on` the last day with an attended session, a day of `marks` included (None: not in the time looked at). `written_on` is when
    staff last wrote of the pupil (None: not in this stay).
    """

    pupil_id: int
    stay: Span
    marks: tuple[Mark, ...] = ()
    seen_on: date | None = None
    contacts: tuple[AbsenceContact, ...] = ()
    written_on: date | None = None
    start: StartFacts | None = None
    series: tuple[SeriesFacts, ...] = ()
    goals: tuple[GoalFacts, ...] = ()
    weeks: tuple[WeekCount, ...] = ()
    timetables: tuple[Timetable, ...] = ()
    reviews: tuple[TimetableReview, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    events: tuple[Event, ...] = ()  # suspensions that stand on the time axis only


def _no_days() -> list[date]:
    return []


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules need of the school: today, the calendar, the codes, and the setting's own numbers.

    The school days of two years back and one ahead are kept, since every rule counts some. A day outside every school year that the
    calendar knows is a school day from Monday to Friday.
    """

    today: date
    calendar: Calendar
    codes: CodeSet
    setting: Setting
    count_from: str = "at 4 or 5"  # the points of the engagement scale that are counted, in words
    limits: Limits = field(default_factory=Limits)
    _days: list[date] = field(default_factory=_no_days, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {y for t in self.calendar.half_terms for y in (school_year_of(t.first_day), school_year_of(t.last_day))}
        for i in range(-DAYS_BACK, DAYS_AHEAD):
            day = self.today + timedelta(days=i)
            if self.calendar.is_school_day(day) if school_year_of(day) in known else day.weekday() < 5:
                self._days.append(day)

    def between(self, first: date, last: date) -> int:
        """School days after `first`, up to and with `last`."""
        return max(0, bisect_right(self._days, last) - bisect_right(self._days, first))

    def after(self, day: date) -> int:
        """School days after `day` up to today, today included."""
        return self.between(day, self.today)

    def until(self, day: date) -> int:
        """School days from tomorrow to `day`; negative: so many school days over."""
        return self.between(self.today, day) if day >= self.today else -self.between(day, self.today)

    def on_or_after(self, day: date) -> date:
        """`day`, or the first school day after it where it is none."""
        at = bisect_left(self._days, day)
        return self._days[at] if at < len(self._days) and day >= self._days[0] else day


def due_words(day: date, rules: Rules) -> str:
    """'by tomorrow', 'today', 'Fri 27 Nov' for a day to come; '3 school days over' for one that has passed."""
    today = rules.today
    if day < today:
        n = max(1, rules.after(day))
        return f"{n} school {'day' if n == 1 else 'days'} over"
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "by tomorrow"
    return words(day, weekday=True, year=False)


def _near(day: date, today: date) -> str:
    return words(day, year=abs((today - day).days) > 180)


def _short(day: date) -> str:
    return words(day, weekday=True, year=False)


# --- absence -----------------------------------------------------------------------------------------------------------

Absent = tuple["date", str, str]
"""A session absent from: day, AM or PM, code as text."""


def absent_run(facts: PupilFacts, rules: Rules) -> tuple[Absent, ...]:
    """The sessions absent from since the pupil was last here, newest first.

    A session that the pupil was not due for (C2, D, a closed day, any that is not possible) and one without a mark neither belongs to the
    run nor ends it; U, who came after the register had closed, was here. Only the present time on roll counts.
    """
    found: list[Absent] = []
    for m in sorted(facts.marks, key=lambda m: m.day, reverse=True):
        if m.day > rules.today or not on_roll(m.day, (facts.stay,)):
            continue
        if facts.seen_on is not None and m.day < facts.seen_on:
            break
        for session, number in ((PM, m.pm), (AM, m.am)):
            if number is None:
                continue
            code, counted = rules.codes.text(number), class_of(number)
            if counted == NOT_POSSIBLE or code == "C2":
                continue
            if counted not in _ABSENT or code == "U":
                return tuple(found)
            found.append((m.day, session, code))
    return tuple(found)


_ABSENT = frozenset({UNAUTHORISED, "authorised"})


def _live(facts: PupilFacts, rules: Rules) -> list[AbsenceContact]:
    return [c for c in facts.contacts if c.struck is None and c.day <= rules.today]


def reached(contact: AbsenceContact) -> bool:
    """Whether anybody was reached: a try without an answer is no contact (product: only a real contact or sighting resets a clock)."""
    return contact.answered or contact.sort in ("spoke", "seen")


def absence(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Absence as a matter of safety: not seen for five school days, or so many sessions in a row without contact.

    *Not seen*: five or more school days with a session absent since the pupil was last here or was safe and seen, explained or not
    (rulings: explained absence comes back after five school days unseen). *No contact*: `Setting.alert_sessions` or more sessions in a
    row coded N or O, on days after the last real contact of this absence, and no contact that explains it (issue 3; product, feature 34).
    Neither rests, and neither is hidden by "explained" (rulings, Words).
    """
    run = absent_run(facts, rules)
    if not run:
        return
    began = run[-1][0]
    contacts = [c for c in _live(facts, rules) if c.day >= began]
    seen = max((c.day for c in _live(facts, rules) if c.sort == "seen"), default=None)
    unseen = sorted({day for day, _, _ in run if seen is None or day > seen})
    silent = _without_contact(run, contacts)
    tries = sum(not reached(c) for c in contacts)
    alone = len(silent) >= rules.setting.alert_sessions
    tried = "" if not tries else f"{tries} {'try' if tries == 1 else 'tries'} without an answer"
    pupil = facts.pupil_id
    newest = run[0]
    place = f"today/{newest[0].isoformat()}/{newest[1]}/{pupil}"
    if len(unseen) >= UNSEEN_DAYS:
        late = max((m.day for m in facts.marks if m.day < unseen[0] and "U" in (rules.codes.text(m.am), rules.codes.text(m.pm))), default=None)
        last = max((d for d in (facts.seen_on, late, seen) if d is not None), default=None)
        said = [f"last seen {_short(last)}" if last is not None else "not seen here since the absence began"]
        if alone:
            said.append("no contact with home" + (f" ({tried})" if tried else ""))
        yield Line(
            f"unseen:{unseen[0].isoformat()}",
            f"Not seen, {len(unseen)} school days absent",
            "today",
            f"{'; '.join(said)}",
            pupil,
            place,
            unseen[0],
            urgent=True,
            safety=True,
            actions=(CONTACT, OPEN),
            no_rest=SAFETY,
            keys=((pupil, f"unseen:{unseen[0].isoformat()}"),),
            about=f"not seen, {len(unseen)} school days absent" + (f"; {said[0]}" if last is not None else ""),
        )
    elif alone:
        oldest = silent[-1]
        yield Line(
            f"contact:{oldest[0].isoformat()}:{oldest[1]}",
            f"{len(silent)} sessions absent, no contact",
            "today",
            f"since {_short(oldest[0])} {oldest[1]}" + (f"; {tried}" if tried else ""),
            pupil,
            place,
            oldest[0],
            urgent=True,
            safety=True,
            actions=(CONTACT, OPEN),
            no_rest=SAFETY,
            keys=((pupil, f"contact:{oldest[0].isoformat()}:{oldest[1]}"),),
            about=f"{len(silent)} sessions absent since {_short(oldest[0])} {oldest[1]}, no contact" + (f" ({tried})" if tried else ""),
        )


def _without_contact(run: Sequence[Absent], contacts: Sequence[AbsenceContact]) -> tuple[Absent, ...]:
    """The newest sessions of a run that nobody has explained, on days after the last real contact; newest first."""
    if any(c.explains for c in contacts):
        return ()
    spoken = max((c.day for c in contacts if reached(c)), default=None)
    found: list[Absent] = []
    for one in run:
        if one[2] not in EXPLAINED_BY_CONTACT_ONLY or (spoken is not None and one[0] <= spoken):
            break
        found.append(one)
    return tuple(found)


def n_codes(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """A pupil's marks N, as one line from the oldest: from the third school day on, overdue from the sixth.

    N becomes the reason or O no later than the fifth school day after the session (regulation 10(7) of the 2024 Regulations; england.md
    1.2), and nothing becomes O by itself. Before its last day a mark may rest, until that day.
    """
    found: list[tuple[date, str, date | None]] = []
    for m in facts.marks:
        if m.day > rules.today or not on_roll(m.day, (facts.stay,)):
            continue
        for session, number in ((AM, m.am), (PM, m.pm)):
            if rules.codes.text(number) == "N":
                found.append((m.day, session, n_last_day(m.day, rules.calendar)))
    due = sorted(n for n in found if rules.after(n[0]) >= N_FROM_DAY)
    if not due:
        return
    day, session, last = due[0]
    overdue = [n for n in due if n[2] is not None and n[2] < rules.today]
    more = len(due) - 1
    now = bool(overdue) or (last is not None and last <= rules.today)
    said = f"{_short(day)} {session} has no reason yet" + (f", and {more} more" if more else "")
    if overdue:
        title = "N code overdue" if len(overdue) == 1 else f"{len(overdue)} N codes overdue"
        when = due_words(overdue[0][2] or day, rules)
    else:
        title = f"N code, day {min(5, rules.after(day))} of 5"
        when = "" if last is None else "by today" if last == rules.today else due_words(last, rules)
        if last is not None and last > rules.today + timedelta(days=1):
            when = f"by {when}"
    yield Line(
        n_key(day, session),
        title,
        when,
        f"{said}",
        facts.pupil_id,
        f"today/{day.isoformat()}/{session}/{facts.pupil_id}",
        day,
        urgent=bool(overdue) or (last is not None and rules.until(last) <= 1),
        actions=(GIVE_REASON, OPEN) if now else (GIVE_REASON, REST),
        no_rest=OVERDUE_N if now else "",
        rest_until=last,
        keys=tuple((facts.pupil_id, n_key(d, s)) for d, s, _ in due),
        about=f"reason for {_short(day)} {session}" + (f" and {more} more {'session' if more == 1 else 'sessions'}" if more else ""),
    )


def n_key(day: date, session: str) -> str:
    """'n:2026-11-18:AM': the stable key of a mark N."""
    return f"n:{day.isoformat()}:{session}"


class _Dated(TypedDict):
    actions: tuple[str, ...]
    no_rest: str
    rest_until: date


# --- plans -------------------------------------------------------------------------------------------------------------


def timetables(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Reviews of a part-time timetable that are due within five school days or past, and timetables whose agreed end is.

    A part-time timetable has regular reviews and an end by which full time is expected (england.md 2.4, guidance S14); it ends by a
    person's word only, so an end that has passed stays here. Either may rest until its day and not beyond it.
    """
    pupil = facts.pupil_id
    place = f"pupil/{pupil}/attendance"
    for t in facts.timetables:
        if t.setting_id != rules.setting.id or (t.last_day is not None and t.last_day < rules.today) or t.first_day > rules.today:
            continue
        ends = t.target_end if t.last_day is None else None
        open_ones = sorted((r for r in facts.reviews if r.timetable_id == t.id and r.held_on is None), key=lambda r: (r.day, r.id))
        said_end = False
        if open_ones and rules.until(open_ones[0].day) <= REVIEW_AHEAD:
            r = open_ones[0]
            same = ends is not None and ends == r.day
            said_end = same
            rest = "plan ends that day" if same else f"plan ends {words(ends, year=False)}" if ends is not None else "no end is agreed"
            yield Line(
                f"review:{r.id}",
                "Part-time timetable review",
                due_words(r.day, rules),
                f"{rest}",
                pupil,
                place,
                r.day,
                urgent=r.day <= rules.today,
                **_until_its_day(r.day, rules),
                keys=((pupil, f"review:{r.id}"),),
                about="review of the part-time timetable",
            )
        if ends is not None and not said_end and rules.until(ends) <= REVIEW_AHEAD:
            over = ends < rules.today
            yield Line(
                f"plan-end:{t.id}:{ends.isoformat()}",
                "Part-time timetable is past its end" if over else "Part-time timetable ends",
                due_words(ends, rules),
                f"{'say how it ended, or agree a new end' if over else 'back to full time, or a new agreement'}",
                pupil,
                place,
                ends,
                urgent=over,
                **_until_its_day(ends, rules),
                keys=((pupil, f"plan-end:{t.id}:{ends.isoformat()}"),),
                about="end of the part-time timetable",
            )


def _until_its_day(day: date, rules: Rules) -> _Dated:
    """What a line of a dated duty says of resting: until its day, and from that day on not at all."""
    if day <= rules.today:
        return {"actions": (OPEN,), "no_rest": DATED, "rest_until": day}
    return {"actions": (OPEN, REST), "no_rest": "", "rest_until": day}


def starting_point(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """A starting point with gaps from the second week on, and one that nobody has agreed by its last day.

    How many strands have a value, of six, and which have none; the time is `Setting.starting_point_days` (product, features 10 and 11).
    After twice that time it is a gap and no longer waits for anybody here.
    """
    s = facts.start
    if s is None or s.agreed or s.day_number < START_FROM_DAY or s.day_number > START_GIVEN_UP * s.days:
        return
    whole = s.have == s.of
    if whole and s.day_number < s.days:
        return
    pupil = facts.pupil_id
    when = f"day {s.day_number} of {s.days}" if s.day_number <= s.days else f"day {s.day_number}, past {s.days}"
    key = "start:agree" if whole else "start"
    yield Line(
        key,
        "Starting point to agree" if whole else f"Starting point {share_words(s.have, s.of)}",
        when,
        f"{'all strands have a value' if whole else f'{share_words(s.have, s.of)} strands; {s.lacking}'}",
        pupil,
        f"pupil/{pupil}/start",
        rules.today - timedelta(days=s.day_number - s.days) if s.day_number > s.days else rules.today,
        keys=((pupil, key),),
        about="agree the starting point" if whole else f"starting point: {s.lacking}",
    )


def follow_ups(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Readings to be taken again: half a term (42 days) after the last complete one, or after the instrument's own gap where that is longer.

    A day in a holiday means the first school day after it. Missing follow-ups are shown as missing, so this never drops one (product,
    feature 24); one that is a term over says since when there is no reading, not how many days it is over, and stands behind all others.
    Lines of one instrument are joined, those that have lapsed by themselves.
    """
    pupil = facts.pupil_id
    for s in facts.series:
        day = follow_up_day(s, rules)
        if day > rules.today:
            continue
        key = f"follow:{s.instrument}:{s.last.isoformat()}"
        lapsed = rules.after(day) > LAPSED_AFTER
        yield Line(
            key,
            f"{s.strand} follow-up {'missed' if lapsed else 'due'}",
            "" if lapsed else due_words(day, rules),
            f"{s.short}, {'last taken' if lapsed else 'due'} {_near(s.last if lapsed else day, rules.today)}",
            pupil,
            f"pupil/{pupil}/measures",
            day,
            keys=((pupil, key),),
            rank=3 if lapsed else 2,
            about=f"{s.short} again, due {_near(day, rules.today)}",
            joins=f"follow:{s.instrument}:lapsed" if lapsed else f"follow:{s.instrument}",
        )


def follow_up_day(series: SeriesFacts, rules: Rules) -> date:
    """The day on which a reading is due again, never in a holiday."""
    return rules.on_or_after(series.last + timedelta(days=max(FOLLOW_UP_DAYS, series.gap)))


def aim_lines(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Three rated points in a row below the aim line of a goal.

    The aim line is straight from the first rating to the target on its day. Points on the line are not below it. After the target's day the
    line stays at the target (product, feature 46: "talk about changing the plan").
    """
    pupil = facts.pupil_id
    for g in facts.goals:
        ratings = [r for r in g.ratings if r[0] <= rules.today]
        below = below_aim(g.goal, ratings)
        if below < AIM_POINTS:
            continue
        key = f"aim:{g.goal.id}:{ratings[-1][0].isoformat()}"
        yield Line(
            key,
            "Below the aim line",
            f"{below} ratings",
            f"goal: the last {below} ratings lie below the line to {g.goal.target}; talk about changing the plan",
            pupil,
            f"pupil/{pupil}/plan",
            ratings[-below][0],
            rank=1,
            keys=((pupil, key),),
            about=f"a goal: {below} ratings below its aim line; talk about changing the plan",
        )


def below_aim(goal: Goal, ratings: Sequence[tuple[date, float]]) -> int:
    """How many of the last ratings in a row lie below the straight line from the first rating to the target on its day; 0 without one.

    Counted in whole numbers of days, so that a rating on the line is on it. A target at or below the first rating has a line too.
    """
    if goal.target is None or goal.target_day is None or goal.ended_on is not None or len(ratings) < 2:
        return 0
    (first, start), rest = ratings[0], ratings[1:]
    whole = (goal.target_day - first).days
    if whole <= 0:
        return 0
    n = 0
    for day, value in reversed(rest):
        gone = min((day - first).days, whole)
        if (value - start) * whole >= (goal.target - start) * gone:
            break
        n += 1
    return n


def engagement(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Engagement that falls: the weekly trend of the last school weeks, only from eight weeks of five or more rated lessons.

    Counts at 4 or 5 of those rated, never means; the line says them for the first and the last half of these weeks (rulings, start, now,
    change 7; `change.weekly_trend`).
    """
    weeks = [w for w in facts.weeks if w.of >= TREND_LESSONS][-TREND_WEEKS:]
    if sum((b.count * a.of > a.count * b.of) - (b.count * a.of < a.count * b.of) for i, a in enumerate(weeks) for b in weeks[i + 1 :]) >= 0:
        return  # more pairs rise than fall, so that nothing falls: most pupils, at a tenth of the price
    trend = weekly_trend(weeks)
    if trend is None or trend.direction != "falling":
        return
    half = len(weeks) // 2
    then, now = weeks[:half], weeks[half:]
    first = share_words(sum(w.count for w in then), sum(w.of for w in then))
    last = share_words(sum(w.count for w in now), sum(w.of for w in now))
    pupil = facts.pupil_id
    key = f"engagement:{weeks[-1].first_day.isoformat()}"
    yield Line(
        key,
        "Engagement is falling",
        f"in these {len(weeks)} weeks",
        f"lessons {rules.count_from}: {first}, then {last}",
        pupil,
        f"pupil/{pupil}/overview",
        weeks[half].first_day,
        rank=1,
        keys=((pupil, key),),
        about=f"engagement is falling: lessons {rules.count_from}, {first}, then {last}",
    )


# --- records that the law asks for -------------------------------------------------------------------------------------


def interventions(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Records of force, restraint or seclusion without a second adult's signature, or of which the parent was not told.

    Recorded and reported as soon as practicable since 1 April 2026 (england.md 2.5; sign-off: product, feature 40). Withheld from the
    parent with a reason counts as settled. What happened is not said here, where others may read it.
    """
    pupil = facts.pupil_id
    for i in facts.interventions:
        if i.struck is not None or i.day > rules.today:
            continue
        missing = [] if i.signed_by is not None else ["a second adult has not signed"]
        if i.told_on is None and i.withheld_why is None:
            missing.append("the parent is not told")
        if not missing:
            continue
        yield Line(
            f"intervention:{i.id}",
            "Record to finish",
            "today" if i.day == rules.today else f"since {words(i.day, year=False)}",
            f"{_short(i.day)}: {', '.join(missing)}",
            pupil,
            f"pupil/{pupil}/behaviour",
            i.day,
            urgent=True,
            actions=(OPEN,),
            no_rest=DUTY,
            about=f"record of {_short(i.day)}: {', '.join(missing)}",
        )


def suspensions(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Suspensions and exclusions by this school with something still to be done.

    Parents told without delay; from the sixth school day full-time provision, asked for three school days ahead; the board's meeting where
    it must meet, by the half-days of the term; a return meeting once the pupil is due back (england.md 2.2 and 2.4; the lengths and limits
    are those of `domain.suspensions`). Cancelled ones and those of another school ask nothing of us here, but count in the term.
    """
    pupil = facts.pupil_id
    place = f"pupil/{pupil}/behaviour"

    def line(what: str, id_: int, title: str, when: str, said: str, since: date, urgent: bool) -> Line:
        key = f"suspension:{id_}:{what}"
        return Line(
            key, title, when, said, pupil, place, since,
            urgent=urgent, actions=(OPEN,), no_rest=DUTY, keys=((pupil, key),), about=f"{title[:1].lower()}{title[1:]}: {said}",
        )  # fmt: skip

    found = standing(facts.suspensions, facts.events) if facts.suspensions else ()
    for s in facts.suspensions:
        if s.struck is not None or s.cancelled_on is not None or s.partner_id is not None or s.first_day > rules.today:
            continue
        permanent = s.category == PERMANENT
        said = f"{'permanent exclusion' if permanent else 'suspension'} from {_short(s.first_day)}"
        if s.parents_told is None:
            yield line("told", s.id, "Parents not told yet", "today", said, s.first_day, True)
        if s.category == LUNCHTIME:
            continue
        last = None if permanent else last_day_of(s, rules.calendar)
        sixth = day_six(s, rules.calendar, rules.limits)
        over = s.reinstated_on is not None or (last is not None and last < rules.today)
        if sixth is not None and sixth.due is not None and not over and not (s.day6_where and s.day6_from) and rules.until(sixth.due) <= DAY_6_AHEAD:
            yield line("day6", s.id, "Day-6 provision not arranged", due_words(sixth.due, rules), said, sixth.due, True)
        board = board_duty(s, found, rules.calendar, rules.limits)
        if board is not None and board.what == "The board must meet" and not board.done:
            by = board.due or s.first_day
            when = due_words(board.due, rules) if board.due is not None else ""
            yield line("board", s.id, board.what, when, f"{said}; within {rules.limits.meet_within} school days", by, rules.until(by) <= BOARD_AHEAD)
        if last is not None and s.return_meeting is None and last <= rules.today and rules.after(last) <= RETURN_BACK:
            yield line("return", s.id, "Return meeting not held", due_words(last, rules), f"{said}, to {_short(last)}", last, last < rules.today)


def silence(facts: PupilFacts, rules: Rules) -> Iterator[Line]:
    """Nobody on the staff has written about this pupil for 14 days, ten of them school days.

    Notes, moments, readings, lesson notes and contacts count; marks and scores do not (issue 3). A pupil on roll for less than that is not
    named. Lines are joined.
    """
    begun = facts.stay[0]
    since = max((d for d in (facts.written_on, begun) if d is not None), default=None)
    if since is None or (rules.today - since).days < SILENT_DAYS or rules.after(since) < SILENT_SCHOOL_DAYS:
        return
    pupil = facts.pupil_id
    said = f"last entry {_near(facts.written_on, rules.today)}" if facts.written_on is not None else "nothing written yet"
    yield Line(
        f"silence:{since.isoformat()}",
        f"Nothing written for {SILENT_DAYS} days",
        "",
        f"{said}",
        pupil,
        f"pupil/{pupil}/plan",
        since,
        rank=2,
        keys=((pupil, f"silence:{since.isoformat()}"),),
        about=said,
        joins="silence",
    )


RULES: Final[tuple[Callable[[PupilFacts, Rules], Iterator[Line]], ...]] = (
    absence,
    n_codes,
    timetables,
    starting_point,
    follow_ups,
    aim_lines,
    engagement,
    interventions,
    suspensions,
    silence,
)


def lines_of(facts: PupilFacts, rules: Rules) -> tuple[Line, ...]:
    """Every line of one pupil on roll; none of a pupil who has not begun or has left."""
    if not on_roll(rules.today, (facts.stay,)):
        return ()
    return tuple(line for rule in RULES for line in rule(facts, rules))


def register_lines(open_ones: Iterable[OpenSession], rules: Rules) -> tuple[Line, ...]:
    """Registers that were not finished or never taken: a line a session for today once it has closed, and one for all days before.

    A register is taken at the start of each morning session and once in each afternoon session (england.md 1.2).
    """
    today: dict[str, list[OpenSession]] = {}
    before: list[OpenSession] = []
    for o in open_ones:
        if o.marked < o.due:
            if o.day == rules.today:
                today.setdefault(o.session, []).append(o)
            elif o.day < rules.today:
                before.append(o)
    found: list[Line] = []
    for session, rows in sorted(today.items()):
        never = all(o.marked == 0 for o in rows)
        found.append(
            Line(
                f"register:{rules.today.isoformat()}:{session}",
                f"{session} register not taken" if never else f"{session} register not finished",
                rows[0].closed or "today",
                ", ".join(_group_words(o) for o in rows),
                None,
                _register_place(rows[0]),
                rules.today,
                urgent=True,
                actions=(OPEN,),
                no_rest=REGISTER,
                groups=_groups_of(rows),
            )
        )
    if before:
        before.sort(key=lambda o: (o.day, o.session, o.group))
        oldest = before[0]
        n = len({(o.day, o.session, o.group_id) for o in before})
        days: dict[date, list[str]] = {}
        for o in before:
            days.setdefault(o.day, []).append(f"{o.group} {o.session}".strip() + (" never taken" if not o.marked else f" {share_words(o.marked, o.due)}"))
        said = [f"{_short(d)}: {', '.join(rows[:NAMES_SHOWN])}{f' and {len(rows) - NAMES_SHOWN} more' if len(rows) > NAMES_SHOWN else ''}" for d, rows in days.items()]
        shown = "; ".join(said[:2]) + (f"; and {len(said) - 2} more days" if len(said) > 3 else f"; {said[2]}" if len(said) == 3 else "")
        found.append(
            Line(
                f"register:{oldest.day.isoformat()}:before",
                "Register not finished" if n == 1 else f"{n} registers not finished",
                due_words(oldest.day, rules),
                shown,
                None,
                _register_place(oldest),
                oldest.day,
                urgent=True,
                actions=(OPEN,),
                no_rest=REGISTER,
                groups=_groups_of(before),
            )
        )
    return tuple(found)


def _groups_of(rows: Iterable[OpenSession]) -> frozenset[int]:
    return frozenset(o.group_id for o in rows if o.group_id is not None)


def _group_words(o: OpenSession) -> str:
    name = o.group or "Everyone"
    return f"{name} not taken" if not o.marked else f"{name} {share_words(o.marked, o.due)}"


def _register_place(o: OpenSession) -> str:
    return f"today/{o.day.isoformat()}/{o.session}" + (f"/g{o.group_id}" if o.group_id is not None else "")


# --- whom to ring ------------------------------------------------------------------------------------------------------


def to_ring(facts: PupilFacts, rules: Rules) -> tuple[str, ...]:
    """What somebody at the pupil's home is rung for today, the most urgent first; none where nobody needs to be.

    An absence of safety, or one of today that nobody has spoken of yet; each N before today, from its first school day on; a parent to be
    told of an intervention or a suspension; a return meeting to agree. Explained and rested makes no difference to safety and to duties.
    """
    if not on_roll(rules.today, (facts.stay,)):
        return ()
    found = [line.about for line in absence(facts, rules)]
    run = absent_run(facts, rules)
    if not found and run and run[0][0] == rules.today and run[0][2] in EXPLAINED_BY_CONTACT_ONLY:
        contacts = [c for c in _live(facts, rules) if c.day >= run[-1][0]]
        if not any(c.explains or (c.day == rules.today and reached(c)) for c in contacts):
            tries = sum(c.day == rules.today for c in contacts)
            sessions = " and ".join(dict.fromkeys(session for day, session, _ in reversed(run) if day == rules.today))
            found.append(f"absent today, {sessions}" + (f" ({tries} {'try' if tries == 1 else 'tries'} so far)" if tries else ""))
    ns = sorted((m.day, s) for m in facts.marks for s, n in ((AM, m.am), (PM, m.pm)) if rules.codes.text(n) == "N" and m.day < rules.today)
    ns = [n for n in ns if on_roll(n[0], (facts.stay,))]
    if ns:
        more = len(ns) - 1
        found.append(f"reason for {_short(ns[0][0])} {ns[0][1]}" + (f" and {more} more {'session' if more == 1 else 'sessions'}" if more else ""))
    found += [f"tell the parent of the record of {_short(i.day)}" for i in facts.interventions if i.struck is None and i.told_on is None and i.withheld_why is None]
    found += [line.about for line in suspensions(facts, rules) if line.key.endswith((":told", ":return"))]
    return tuple(found)


# --- the panel ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """Whom somebody teaches: the groups and the pupils in them. Who teaches no group looks after everyone alike."""

    groups: frozenset[int] = frozenset()
    pupils: frozenset[int] = frozenset()

    def holds(self, line: Line) -> bool:
        """Whether a line is about one of those pupils, or the register of one of those groups."""
        return not self.groups or any(p in self.pupils for p in line.pupils) or bool(line.groups & self.groups)


def arrange(lines: Iterable[Line], rests: Iterable[Rest], today: date, most: int = MOST_SHOWN, own: Own = Own()) -> Needs:
    """The lines in order: what rests taken out, what belongs together joined, at most `most` shown and the rest folded.

    Safety stands first whoever looks; then what is about the looker's `own` pupils, and after it the rest of the school.
    A line rests while each of its keys does, so that a new N of a pupil wakes it; it comes back on the day until which it rests. Safety
    lines and those with a reason not to rest are never taken out, whatever a Rest says; safety lines are all shown, also beyond `most`.
    """
    resting: dict[tuple[int, str], Rest] = {}
    for r in rests:
        key = (r.pupil_id, r.line)
        if r.until > today and (key not in resting or r.until > resting[key].until):
            resting[key] = r
    awake: list[Line] = []
    asleep: list[Resting] = []
    for line in lines:
        held = [resting[k] for k in line.keys if k in resting]
        if line.may_rest and len(held) == len(line.keys):
            until = min(r.until for r in held)
            asleep.append(Resting(line, until, tuple(held)))
        else:
            awake.append(line)
    ordered = sorted((x for part in _apart(awake, own) for x in _joined(part)), key=lambda x: (not x.safety, not own.holds(x), x.order))
    safety = [x for x in ordered if x.safety]
    rest = [x for x in ordered if not x.safety]
    room = max(0, most - len(safety))
    return Needs((*safety, *rest[:room]), tuple(rest[room:]), tuple(sorted(asleep, key=lambda r: (r.until, r.line.order))))


def _apart(lines: Sequence[Line], own: Own) -> tuple[list[Line], list[Line]]:
    """The looker's own and the others: what is joined of one is not buried among the others."""
    mine = [x for x in lines if own.holds(x)]
    return mine, [x for x in lines if not own.holds(x)]


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines that are shown as one, joined from the oldest on."""
    together: dict[str, list[Line]] = {}
    for line in lines:
        if line.joins:
            together.setdefault(line.joins, []).append(line)
        else:
            yield line
    for rows in together.values():
        rows.sort(key=lambda x: (x.since, x.key, x.pupils))
        first = rows[0]
        if len(rows) == 1:
            yield first
            continue
        said = first.said
        if any(x.said != first.said for x in rows):
            said = said.replace(", due ", ", the first due ").replace(", last taken ", ", the oldest taken ").replace("last entry", "the last entry of the first").replace("nothing written yet", "of the first nothing yet")
        yield replace(first, said=said, pupil_id=None, keys=tuple(k for x in rows for k in x.keys))
