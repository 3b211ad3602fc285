"""Dossier: all that is known of one pupil in one period, with its changes, as plain data: page, report, list and JSON are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.attendance import CodeSet, Tally
from approgress.domain.instruments import Instrument, Library, Scale
from approgress.domain.naming import ShownName
from approgress.domain.records import (
    Contact,
    Enrolment,
    Event,
    Flag,
    Goal,
    Group,
    GroupMember,
    GroupTeacher,
    HomeSchool,
    Identifier,
    LessonScore,
    Mark,
    Moment,
    Name,
    NextStep,
    Note,
    Partner,
    Person,
    Placement,
    Pupil,
    Reading,
    Setting,
    StartingPoint,
    StartValue,
    StatedAttendance,
    StrandMeasure,
    Strength,
    YearGroup,
)
from approgress.domain.school_year import Calendar, Holiday
from approgress.domain.values import Key, Value

if TYPE_CHECKING:
    from approgress.domain.change import Judgement

GAIN, DECLINE, NONE, UNJUDGED, NO_SIGN = "gain", "decline", "none", "unjudged", ""
"""The sign of a strand. NO_SIGN: counts are written with 'better' or 'worse' and no mark is drawn (attendance, engagement, behaviour)."""

STAFF, SCHOOLS, FAMILY, PUPIL = "staff", "schools", "family", "pupil"
AUDIENCES = (STAFF, SCHOOLS, FAMILY, PUPIL)
"""Who may read a thing, from the narrowest: what is for the family is also for schools and staff."""


# --- what it is made from ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PupilRecords:
    """All rows of one pupil that the viewer may read, as the store holds them."""

    pupil: Pupil
    names: tuple[Name, ...] = ()
    years: tuple[YearGroup, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    flags: tuple[Flag, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    placements: tuple[Placement, ...] = ()
    home_schools: tuple[HomeSchool, ...] = ()
    memberships: tuple[GroupMember, ...] = ()
    contacts: tuple[Contact, ...] = ()
    strengths: tuple[Strength, ...] = ()
    notes: tuple[Note, ...] = ()
    events: tuple[Event, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    marks: tuple[Mark, ...] = ()
    lesson_scores: tuple[LessonScore, ...] = ()
    moments: tuple[Moment, ...] = ()
    stated: tuple[StatedAttendance, ...] = ()
    readings: tuple[Reading, ...] = ()
    goals: tuple[Goal, ...] = ()
    starting_points: tuple[StartingPoint, ...] = ()
    start_values: tuple[StartValue, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What makes readings one series, never mixed with another: instrument, edition, respondent, scale and, for goals, the goal."""

    instrument: str
    edition: str
    respondent: str
    scale: str
    goal_id: int | None = None


@dataclass(frozen=True, slots=True)
class OwnSpread:
    """This school's own starting values of a series: how many pupils, their mean and standard deviation (n - 1; None below two)."""

    n: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a dossier needs to know of the school: read once and kept until one of its records changes."""

    setting: Setting
    calendar: Calendar
    codes: CodeSet
    library: Library
    partners: Mapping[int, Partner] = field(default_factory=dict, hash=False)
    groups: Mapping[int, Group] = field(default_factory=dict, hash=False)
    group_teachers: tuple[GroupTeacher, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict, hash=False)
    measures: tuple[StrandMeasure, ...] = ()
    spreads: Mapping[SeriesKey, OwnSpread] = field(default_factory=dict, hash=False)


# --- what it holds ----------------------------------------------------------------------------------------------------


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
class Point:
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

    `title` 'WHO-5'; `who` 'pupil'; `scale_words` names the scale where it is not the only one. `start_agreed` tells an agreed starting
    point from the earliest complete reading. `doubts` are sentences about odd readings (two of one day). `given` of `asked`: complete
    readings of sittings begun or complete (void ones excepted).
    """

    key: SeriesKey
    strand: str
    title: str
    scale_words: str
    who: str
    instrument: Instrument
    scale: Scale
    points: tuple[Point, ...]
    start: Point | None
    now: Point | None
    start_agreed: bool
    judgement: Judgement
    given: int
    asked: int
    due: date | None
    doubts: tuple[str, ...] = ()
    rests_on: tuple[Key, ...] = ()

    @property
    def name(self) -> str:
        """'WHO-5, pupil' or 'SDQ total, teacher'."""
        scale = f" {self.scale_words}" if self.scale_words else ""
        return f"{self.title}{scale}, {self.who}"


@dataclass(frozen=True, slots=True)
class Sign:
    """One strand in one sign and a few words: `mark` is gain, decline, none, unjudged, or '' (no mark; `words` stand alone).

    `word` is the shortest form ('better', 'worse', 'same', or '' with a mark); `words` what it means; `rest` the counts or the reason.
    """

    mark: str
    word: str
    words: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class StrandView:
    """A strand with its primary measure: all that its card shows.

    `start_text` → `now_text` `unit` is the card's figure ('28', '52', 'of 100'). `sources` are the two small lines with denominators.
    `missing` is set where start or now is not there; then what to do next stands in the place of a chart. `reading` is the whole card
    as one sentence. `rows` are for strands drawn as dots (home): name, start, now.
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
    """Attendance as counts: before (as stated), since the start, in the period, by half-term and by week.

    `comparison` holds two stretches of equal length (the last before, the first since) where marks or statements allow it, else None.
    `better` is better, worse, same, or '' where there is nothing to compare.
    """

    period: Stretch
    since: Stretch
    before: Stretch | None
    stated: tuple[Stretch, ...]
    half_terms: tuple[Stretch, ...]
    weeks: tuple[Stretch, ...]
    this_half_term: Stretch | None
    comparison: tuple[Stretch, Stretch] | None
    better: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatedWeek:
    """Lessons rated in one school week: how many, and how many at 4 or 5."""

    first_day: date
    number: int
    at_top: int
    rated: int


@dataclass(frozen=True, slots=True)
class EngagementView:
    """Engagement as counts of rated lessons: the first four school weeks with ten or more, and the last four; never a mean."""

    start: Value
    now: Value
    start_days: tuple[date, date] | None
    now_days: tuple[date, date] | None
    weeks: tuple[RatedWeek, ...]
    rated: int
    attended_lessons: int | None
    top: int  # the point of the scale from which it counts (4)
    top_words: str  # 'at 4 or 5'
    why: str  # why it cannot be judged, or ''
    trend: str  # 'rising in these weeks ...', or ''
    staff: int = 0


@dataclass(frozen=True, slots=True)
class MomentCount:
    """Moments in a stretch of time, with the sessions attended in it: the denominator of every rate."""

    name: str
    short: str
    first_day: date
    last_day: date
    incidents: int
    good: int
    neutral: int
    attended: int
    rate: Value  # incidents per 10 sessions attended
    settle: tuple[int, ...] = ()  # minutes to settle, in order


@dataclass(frozen=True, slots=True)
class BehaviourView:
    """Incidents per 10 sessions attended, good moments, and what is known from before."""

    start: MomentCount | None
    now: MomentCount | None
    half_terms: tuple[MomentCount, ...]
    incidents: int
    good: int
    neutral: int
    better: str
    suspensions_before: Value | None = None
    suspensions_since: Value | None = None


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal in the words in which it was said, with its ratings 0 to 10."""

    goal: Goal
    owner: str
    series: Series | None
    start: Value
    now: Value
    text: str  # '3 → 8 of 10', or 'not rated yet'


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
    """What is to be done next. `overdue` is judged on the dossier's today."""

    day: date
    text: str
    owner: str
    overdue: bool
    done_on: date | None
    step_id: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the dossier rests on, each a sentence with its denominators, and what is missing."""

    sentences: tuple[str, ...]
    missing: tuple[Missing, ...]


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
    evidence: Evidence

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
