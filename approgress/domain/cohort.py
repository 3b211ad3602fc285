"""Many pupils: a line of the pupil list each, a group's attendance as sums over sums, counts of signs, and small numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from approgress.domain import change, days
from approgress.domain.attendance import GroupTally, Tally, group_tally
from approgress.domain.dossier import Chip
from approgress.domain.instruments import STRANDS
from approgress.domain.naming import ShownName, fold, matches
from approgress.domain.records import AbsenceContact, LessonNote, Mark, Movement
from approgress.domain.register import AM, NOTHING_KNOWN, Expected, Standing
from approgress.domain.starting_point import SeriesKey
from approgress.domain.strands import BETTER, DECLINE, GAIN, MIXED, NONE, SAME, UNJUDGED, WORSE, Sign
from approgress.domain.values import Value, number

SMALL_COUNT = 5
"""On shared paper a count below this is said as 'fewer than 5' (a true 0 stays 0); a school may raise it, not lower it."""
SMALL_GROUP = 10
"""On shared paper no rate and no mean of fewer people than this; a school may raise it, not lower it."""


def shared_count(n: int, limit: int = SMALL_COUNT) -> str:
    """A count as it stands on shared paper: 'fewer than 5' from 1 to 4."""
    limit = max(limit, SMALL_COUNT)
    return f"fewer than {number(limit)}" if 0 < n < limit else number(n)


def may_share_rate(people: int, limit: int = SMALL_GROUP) -> bool:
    """Whether a rate or mean of so many people may stand on shared paper."""
    return people >= max(limit, SMALL_GROUP)


# --- a line of the list -----------------------------------------------------------------------------------------------


def _no_held() -> dict[str, bool]:
    return dict.fromkeys(STRANDS, False)


@dataclass(frozen=True, slots=True)
class PupilCard:
    """One pupil in the list of pupils, on one day.

    `half_term` counts sessions of the half-term of that day since day 0 (of 0 in a holiday). `held` says of each strand whether a starting
    value is held; `day_number` of `days` how far the time for the starting point has run. `last_written` is the newest note or moment.
    The signs of the strands are read apart (`store.reads.pupils.signs`).
    """

    pupil_id: int
    name: ShownName
    year_code: str | None
    year: str
    group_id: int | None
    group: str | None
    placement_sort: str | None
    placement: str
    since: date | None
    home_school: str | None
    registration: str | None
    on_roll: bool
    left_on: date | None
    half_term_name: str
    half_term: Tally
    chips: tuple[Chip, ...]
    agreed: bool
    day_number: int | None
    days: int
    last_written: date | None
    upn: str | None
    number: str | None
    born: date | None
    held: Mapping[str, bool] = field(default_factory=_no_held, hash=False)

    @property
    def strands_started(self) -> int:
        """How many of the six strands have a starting value."""
        return sum(self.held.values())

    @property
    def lacking(self) -> tuple[str, ...]:
        """The strands without a starting value."""
        return tuple(s for s, held in self.held.items() if not held)

    @property
    def full_start(self) -> bool:
        """Whether all six strands have a starting value."""
        return not self.lacking

    @property
    def lacking_words(self) -> str:
        """'no engagement, learning or home and community', or ''."""
        names = [STRANDS[s][:1].lower() + STRANDS[s][1:] for s in self.lacking]
        if len(names) == len(STRANDS):
            return "not begun"
        return "" if not names else f"no {names[0]}" if len(names) == 1 else f"no {', '.join(names[:-1])} or {names[-1]}"

    @property
    def day_words(self) -> str:
        """'day 19 of 28', 'day 50, past 28', or '' where day 0 is not known."""
        if self.day_number is None:
            return ""
        return f"day {self.day_number} of {self.days}" if self.day_number <= self.days else f"day {self.day_number}, past {self.days}"

    def has(self, sort: str) -> bool:
        """Whether a flag of that sort is in force: care, pupil_premium, sen ..."""
        return any(c.sort == sort for c in self.chips)

    def found_by(self, typed: str) -> bool:
        """Whether what was typed finds this pupil: words of the name, the start of UPN or number, a word of the home school."""
        wanted = fold(typed)
        if not wanted or matches(self.name, wanted):
            return True
        compact = wanted.replace(" ", "")
        if any(n is not None and fold(n).replace(" ", "").startswith(compact) for n in (self.upn, self.number)):
            return True
        school = fold(self.home_school or "").split()
        return bool(school) and all(any(w.startswith(t) for w in school) for t in wanted.split())


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One pupil in a register of one day: the mark, the lessons' scores (None: not rated), and what is known of both sessions beforehand.

    `contacts`, `movements` and `notes` are of the day, the latter by lesson like the scores. `home_school` is its name, `registration` the
    enrolment's of the day.
    """

    pupil_id: int
    name: ShownName
    mark: Mark | None
    scores: tuple[int | None, ...]
    own: tuple[int | None, ...]
    year: str | None
    placement_sort: str | None
    sessions_a_week: int | None
    born: date | None
    am: Standing = NOTHING_KNOWN
    pm: Standing = NOTHING_KNOWN
    contacts: tuple[AbsenceContact, ...] = ()
    movements: tuple[Movement, ...] = ()
    notes: tuple[LessonNote | None, ...] = ()
    registration: str | None = None
    home_school: str | None = None

    @property
    def expected_am(self) -> Expected | None:
        """The code that the morning is expected to bear."""
        return self.am.expected

    @property
    def expected_pm(self) -> Expected | None:
        """The code that the afternoon is expected to bear."""
        return self.pm.expected

    def standing(self, session: str) -> Standing:
        """What is known of a session beforehand."""
        return self.am if session == AM else self.pm

    def number(self, session: str) -> int | None:
        """The stored number of a session's mark, or None."""
        return None if self.mark is None else self.mark.am if session == AM else self.mark.pm


@dataclass(frozen=True, slots=True)
class Register:
    """A group's register of one day at one setting; `school_day` None: no calendar to know it by."""

    setting_id: int
    group_id: int | None
    day: date
    school_day: bool | None
    rows: tuple[RegisterRow, ...]

    def with_rows(self, rows: Iterable[RegisterRow]) -> Register:
        """This register with some rows read again; a row of a pupil who is not in it is left out."""
        again = {r.pupil_id: r for r in rows}
        return replace(self, rows=tuple(again.get(r.pupil_id, r) for r in self.rows))


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A session's register that was never taken or not finished: `blanks` of `due` marks are missing (expected sessions are not due).

    `group_id` None: pupils on roll who are in no group.
    """

    group_id: int | None
    group: str
    day: date
    session: str
    blanks: int
    due: int

    @property
    def never_taken(self) -> bool:
        """Whether not one mark of those due is there."""
        return self.blanks == self.due

    @property
    def words(self) -> str:
        """'Birch, PM Mon 23 Nov: never taken' or '... 3 of 11 marks missing'."""
        what = "never taken" if self.never_taken else f"{self.blanks} of {self.due} marks missing"
        return f"{self.group}, {self.session} {days.words(self.day, weekday=True, year=False)}: {what}"


@dataclass(frozen=True, slots=True)
class NMark:
    """A mark N that stands: its pupil, day and session, the last school day on which it may stand (None: the calendar ends before), and
    whether that day has gone by. `school_days` counts the school days after the session up to the day asked for; `known` as in a register."""

    pupil_id: int
    name: ShownName
    day: date
    session: str
    mark: Mark
    last_day: date | None
    school_days: int
    overdue: bool
    born: date | None = None
    known: Standing = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class InBuilding:
    """A pupil who should be in the building now, by the latest mark or movement of the day; `known` False: nothing is known yet.

    `since` in minutes after midnight where known.
    """

    pupil_id: int
    name: ShownName
    group: str | None
    code: str | None
    since: int | None
    why: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A pupil of a home school who has not arrived for a session; `code` is the mark, None for none yet."""

    pupil_id: int
    name: ShownName
    code: str | None
    said: str


@dataclass(frozen=True, slots=True)
class NotArrivedAt:
    """Who has not arrived, of one home school (`partner_id` None: home school not known)."""

    partner_id: int | None
    school: str
    pupils: tuple[NotArrived, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something measured of a pupil on a day. `kind`: mark, engagement, reading, moment, event.

    `what` is the instrument, tone or sort; `value` of `of` its figure, where it has one (sessions attended of possible; lessons at the top
    of those rated; a score; minutes to settle; half-days). `key` tells it from others of its kind and day.
    """

    day: date
    kind: str
    what: str
    value: float | None
    of: int | None
    key: int


# --- groups -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PupilTally:
    """One pupil's attendance in a range of days, clipped to the time on roll."""

    pupil_id: int
    tally: Tally


def group_attendance(tallies: Iterable[PupilTally]) -> GroupTally:
    """A group's attendance: sums of sessions over sums of possible sessions, and how many are persistently or severely absent."""
    return group_tally(t.tally for t in tallies)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """The change of one pupil on the main scale of one series, judged by `change.verdict_of`; see `change.Judgement` for the words."""

    pupil_id: int
    key: SeriesKey
    start_day: date
    start: float
    now_day: date | None
    now: float | None
    verdict: str
    needs: float | None
    why: str | None

    @property
    def change(self) -> float | None:
        """Points from start to now."""
        return None if self.now is None else self.now - self.start


def change_counts(rows: Iterable[ChangeRow]) -> change.VerdictCounts:
    """Verdicts of a group on one measure, with those that cannot be judged by reason."""
    counts: dict[str, int] = {v: 0 for v in change.VERDICTS}
    cannot: dict[str, int] = {}
    ceiling = 0
    for r in rows:
        counts[r.verdict] += 1
        if r.verdict == change.CANNOT_BE_JUDGED:
            why = r.why or change.CANNOT_BE_JUDGED
            cannot[why] = cannot.get(why, 0) + 1
            ceiling += r.why == change.NO_ROOM
    return change.VerdictCounts(counts[change.GAIN], counts[change.DECLINE], counts[change.NO_CLEAR_CHANGE], cannot, ceiling)


@dataclass(frozen=True, slots=True)
class SignCounts:
    """How often each sign stands in one strand's column: judged ones, written ones, and those that cannot be judged."""

    gain: int = 0
    none: int = 0
    decline: int = 0
    better: int = 0
    same: int = 0
    worse: int = 0
    unjudged: int = 0
    mixed: int = 0

    @property
    def of(self) -> int:
        """All pupils."""
        return self.gain + self.none + self.decline + self.better + self.same + self.worse + self.unjudged + self.mixed


def sign_counts(signs: Iterable[Sign]) -> SignCounts:
    """Count the signs of one strand (one strand at a time: nothing sums a pupil over strands)."""
    counts: dict[str, int] = {}
    for sign in signs:
        key = sign.mark or sign.word
        counts[key] = counts.get(key, 0) + 1
    return SignCounts(
        gain=counts.get(GAIN, 0),
        none=counts.get(NONE, 0),
        decline=counts.get(DECLINE, 0),
        better=counts.get(BETTER, 0),
        same=counts.get(SAME, 0),
        worse=counts.get(WORSE, 0),
        unjudged=counts.get(UNJUDGED, 0),
        mixed=counts.get(MIXED, 0),
    )


def held_counts(cards: Iterable[PupilCard]) -> dict[str, Value]:
    """For each strand how many pupils of the list have a starting value, of how many: 'Wellbeing 61 of 64'."""
    rows = list(cards)
    return {s: Value(None, sum(c.held.get(s, False) for c in rows), len(rows)) for s in STRANDS}
