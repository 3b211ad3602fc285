"""Views that a dossier holds: header, series, strands, attendance, goals and the rest, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from approgress.domain.agreed import AgreedView
from approgress.domain.attendance import Tally
from approgress.domain.change import Judgement, WeekCount
from approgress.domain.instruments import Instrument, Scale
from approgress.domain.naming import ShownName
from approgress.domain.records import Contact, Goal, Moment, Note, Placement, Setting, StartingPoint, Strength
from approgress.domain.school_year import Calendar, Holiday
from approgress.domain.starting_point import SeriesKey
from approgress.domain.strands import MomentCount, Sign, Stay
from approgress.domain.values import Key, Value


@dataclass(frozen=True, slots=True)
class Chip:
    """A need or status as it stood on the dossier's day: 'SEN support: SEMH', 'EHC plan', 'Pupil premium', 'In care'.

    `shared` is False for what never stands on shared paper (social work). `first_day` None: not known since when.
    """

    text: str
    sort: str
    first_day: date | None = None
    detail: str = ""
    shared: bool = True
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A placement in words. `state`: current, ended, planned. `week` of `weeks` are school weeks (None: no calendar or no planned end)."""

    placement: Placement
    state: str
    short: str  # 'Respite'
    words: str  # 'respite placement from Parkfield Academy, school week 19 of 22'
    home_school: str | None
    commissioner: str | None
    week: int | None
    weeks: int | None


@dataclass(frozen=True, slots=True)
class Header:
    """The head of the page. `line` is 'Year 9 · Ash group · respite placement from Parkfield Academy, school week 19 of 22'."""

    name: ShownName
    line: str
    year: str
    year_code: str | None
    group: str | None
    group_id: int | None
    key_adults: tuple[str, ...]
    placement: PlacementView | None
    placements: tuple[PlacementView, ...]
    home_school: str | None
    chips: tuple[Chip, ...]
    born: date | None
    age: int | None
    upn: str | None
    number: str | None
    on_roll: bool
    first_day: date | None  # of the enrolment that the dossier speaks of
    last_day: date | None
    registration: str  # in words


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there: what, why it matters (or why it is missing), and what to do next. Each a sentence or ''."""

    what: str
    why: str = ""
    do: str = ""
    strand: str = ""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One reading in a series. `place`: before (the start), start, after, now; a start that is also the latest reading is `start`."""

    day: date
    value: float
    text: str
    place: str
    reading_id: int
    rater: str | None = None
    form: str | None = None

    def key(self, pupil_id: int) -> Key:
        """The reading that it shows."""
        return ("reading", (pupil_id, self.reading_id))


@dataclass(frozen=True, slots=True)
class Series:
    """One scale of one instrument, edition and respondent (and goal), over time, with the judgement of its change.

    `name` is 'WHO-5, pupil' or 'SDQ, teacher: total difficulties'. `start_agreed` tells an agreed starting point from the earliest
    complete reading. `doubts` are sentences about odd readings (two of one day, one before the start). `given` of `asked`: scored
    readings of sittings begun (void ones excepted). `again_from`: the first day on which the instrument may be asked again.
    """

    key: SeriesKey
    strand: str
    name: str
    title: str
    who: str
    instrument: Instrument
    scale: Scale
    is_main: bool
    points: tuple[SeriesPoint, ...]
    start: SeriesPoint | None
    now: SeriesPoint | None
    start_agreed: bool
    judgement: Judgement
    sign: Sign
    given: int
    asked: int
    again_from: date | None
    unscored: str = ""  # the days (and reasons, as written down) of sittings without a score
    doubts: tuple[str, ...] = ()
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class StrandView:
    """A strand with its primary measure: all that its card shows.

    `start_text`, an arrow, `now_text` and `unit` are the card's figure ('28', '52', 'of 100'; '' where not known). `sources` are the two
    small lines with denominators. `missing` is set where there is neither start nor now: then what to do next stands in place of a
    chart. `reading` is the whole card in words. The small chart is `figures.small(dossier, strand)`.
    """

    strand: str
    title: str
    measure: str
    start: Value
    now: Value
    start_text: str
    now_text: str
    unit: str
    sign: Sign
    sources: tuple[str, str]
    reading: str
    missing: Missing | None
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One line of 'Where she started, where she is now': every measure, strand by strand."""

    strand: str
    area: str
    measure: str
    start: Value
    now: Value
    start_text: str
    now_text: str
    change_text: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Stretch:
    """Attendance of a named stretch of time; `stated_by` is who said so where it was not marked here."""

    name: str
    short: str
    first_day: date | None
    last_day: date | None
    tally: Tally
    rate: Value
    stated_by: str | None = None
    whole: bool = True  # False: cut by the cut-off or the roll ("to 24 Nov")


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """Attendance as counts: before (as stated), since the start, in the period, and by half-term.

    `period` is the time asked for, clipped to the time on roll; `since` the present stay up to the last day. `comparison` holds two
    stretches of equal length (the time before, and as many days since day 0) where they are known, else None.
    """

    period: Stretch
    since: Stretch
    before: Stretch | None
    stated: tuple[Stretch, ...]
    half_terms: tuple[Stretch, ...]
    this_half_term: Stretch | None
    comparison: tuple[Stretch, Stretch] | None
    sign: Sign
    not_final: int = 0  # marks N, whose reason is not established yet
    agreed: AgreedView | None = None  # both figures where there is, or was, a part-time timetable in that time


@dataclass(frozen=True, slots=True)
class EngagementView:
    """Engagement as counts of rated lessons: the first four school weeks with ten or more, and the last four; never a mean.

    `judgement` is None where no engagement scale is in use; `own` judges the pupil's own ratings, where there are any. `scored` counts
    the rated lessons of sessions attended. `top` is the point of the scale from which it counts; `top_words` 'at 4 or 5'.
    """

    judgement: Judgement | None
    own: Judgement | None
    weeks: tuple[WeekCount, ...]
    rated: int
    scored: Value
    top: int
    top_words: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class BehaviourView:
    """Moments by half-term with the sessions attended in each; `start` and `now` are the first and the last with a session attended.

    `suspensions_before` is what the starting point says of them; `suspensions_since` counts those of this stay.
    """

    half_terms: tuple[MomentCount, ...]
    start: MomentCount | None
    now: MomentCount | None
    incidents: int
    good: int
    neutral: int
    sign: Sign
    suspensions_before: StartValueView | None
    suspensions_since: Value


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal in the words in which it was said, with its ratings 0 to 10."""

    goal: Goal
    owner: str
    series: Series | None
    start: Value
    now: Value
    start_text: str
    now_text: str  # '' where it was rated once
    text: str  # '3, now 8 of 10', or 'not rated yet'


@dataclass(frozen=True, slots=True)
class StartValueView:
    """One value of the starting point as it is listed: 'Attendance, year before', '118 of 380 · Parkfield, high', '31%'."""

    strand: str
    what: str
    value: Value
    text: str
    detail: str
    source: str
    sure: str
    day: date | None
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class StartingPointView:
    """The starting point: agreed or not yet, its values, which strands have one, and how far the time for it has run.

    `day` is the agreed day, else the first day here. `day_number` of `days` counts calendar days since the placement began (None: not
    known). `held` says for each strand whether a starting value is held.
    """

    agreed: bool
    day: date | None
    agreed_on: date | None
    agreed_by: str | None
    line: str  # '8 Jun 2026 · agreed, locked'
    values: tuple[StartValueView, ...]
    held: Mapping[str, bool]
    day_number: int | None
    days: int
    earlier: tuple[StartingPoint, ...] = ()

    @property
    def strands_started(self) -> int:
        """How many of the six strands have a starting value."""
        return sum(self.held.values())


@dataclass(frozen=True, slots=True)
class Phase:
    """A line on the time axis where something changed. `kind`: placement, placement_end, plan, suspension, taster, move, return, other.

    Medication, child protection and youth justice are never phases. `planned` lines are dashed.
    """

    day: date
    label: str
    kind: str
    planned: bool = False
    detail: str = ""
    rests_on: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next, as of the dossier's last day, on which `overdue` is judged."""

    day: date
    text: str
    owner: str
    overdue: bool
    done_on: date | None
    step_id: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one pupil from `first` to `last` (both included), seen on `today`, for `audience`."""

    pupil_id: int
    school: str
    setting: Setting
    calendar: Calendar
    first: date
    last: date
    today: date
    audience: str
    header: Header
    strengths: tuple[Strength, ...]
    strands: tuple[StrandView, ...]
    series: tuple[Series, ...]
    progress: tuple[ProgressRow, ...]
    attendance: AttendanceView
    engagement: EngagementView
    behaviour: BehaviourView
    goals: tuple[GoalView, ...]
    starting_point: StartingPointView
    next_steps: tuple[Step, ...]
    phases: tuple[Phase, ...]
    holidays: tuple[Holiday, ...]
    notes: tuple[Note, ...]
    moments: tuple[Moment, ...]
    contacts: tuple[Contact, ...]
    missing: tuple[Missing, ...]
    stay: Stay
    statutory: bool

    @property
    def name(self) -> ShownName:
        """The pupil as they are shown."""
        return self.header.name

    def strand(self, strand: str) -> StrandView:
        """One of the six strands. Raises KeyError for another word."""
        for found in self.strands:
            if found.strand == strand:
                return found
        raise KeyError(strand)
