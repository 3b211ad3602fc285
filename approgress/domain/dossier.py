"""Dossier: all that is known of one pupil in one period, with its changes, as plain data: page, report, list and JSON are made of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from approgress.domain import change, days
from approgress.domain.agreed import AgreedView, agreed_view
from approgress.domain.attendance import (
    ATTENDED,
    UNAUTHORISED,
    CodeSet,
    Span,
    Tally,
    by_half_term,
    class_of,
    stated_tally,
    tally,
)
from approgress.domain.change import Judgement, OwnSpread, WeekCount
from approgress.domain.days import age_on
from approgress.domain.instruments import AGE_MONTHS, RESPONDENTS, STANDARD_SCORE, STRANDS, Instrument, Library, Scale
from approgress.domain.moments import DRAFT
from approgress.domain.moments import complete as complete_moments
from approgress.domain.naming import ShownName, shown
from approgress.domain.records import (
    ORDINARY,
    AbsenceContact,
    Contact,
    Elsewhere,
    Enrolment,
    Event,
    Flag,
    Goal,
    Group,
    GroupMember,
    GroupTeacher,
    HomeSchool,
    Identifier,
    Intervention,
    LessonNote,
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
    Suspension,
    Timetable,
    TimetableReview,
    TimetableStep,
    YearGroup,
    key_of,
    kind_of,
)
from approgress.domain.school_year import Calendar, Holiday, school_year_of, school_year_words, year_words
from approgress.domain.scoring import reading_score
from approgress.domain.starting_point import COMPLETE, VOID, SeriesKey, Start, before_of, complete, same_day, series_of, start_of
from approgress.domain.strands import (
    BETTER,
    DECLINE,
    GAIN,
    LESSON_SCALE,
    NO_SIGN,
    NONE,
    SAME,
    UNJUDGED,
    WORSE,
    MomentCount,
    Sign,
    Stay,
    attendance_sign,
    behaviour_sign,
    current_starting_point,
    engagement_sign,
    judgement_sign,
    primary_key,
    primary_measure,
    score_text,
    short_period,
    stay_of,
    strands_held,
    strands_read,
    top_words,
    unit_words,
    unjudged,
)
from approgress.domain.suspensions import phase_label, standing
from approgress.domain.values import Key, Value, number, signed

__all__ = [
    "AUDIENCES", "BETTER", "DECLINE", "FAMILY", "GAIN", "NONE", "NO_SIGN", "PUPIL", "SAME", "SCHOOLS", "STAFF", "UNJUDGED", "WORSE",
    "AttendanceView", "BehaviourView", "Chip", "Dossier", "EngagementView", "GoalView", "Header", "Missing", "MomentCount", "Phase",
    "PlacementView", "ProgressRow", "PupilRecords", "SchoolFacts", "Series", "SeriesPoint", "Sign", "StartValueView",
    "StartingPointView", "Step", "StrandView", "Stretch", "build_dossier", "may_read", "series_list",
]  # fmt: skip

_Dated = TypeVar("_Dated", Flag, GroupMember, HomeSchool)

STAFF, SCHOOLS, FAMILY, PUPIL = "staff", "schools", "family", "pupil"
AUDIENCES = (STAFF, SCHOOLS, FAMILY, PUPIL)
"""Who may read a thing, from the narrowest: what is for the family is also for schools and staff."""


def may_read(reader: str, audience: str) -> bool:
    """Whether what is meant for `audience` may be read by `reader` (both of AUDIENCES; an unknown audience is for staff only)."""
    meant = AUDIENCES.index(audience) if audience in AUDIENCES else 0
    return AUDIENCES.index(reader) <= meant


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
    timetables: tuple[Timetable, ...] = ()
    timetable_steps: tuple[TimetableStep, ...] = ()
    timetable_reviews: tuple[TimetableReview, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    absence_contacts: tuple[AbsenceContact, ...] = ()
    lesson_notes: tuple[LessonNote, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    interventions: tuple[Intervention, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a dossier needs to know of the school: read once and kept until one of its records changes."""

    setting: Setting
    calendar: Calendar
    codes: CodeSet
    library: Library
    partners: Mapping[int, Partner] = field(default_factory=dict[int, Partner], hash=False)
    groups: Mapping[int, Group] = field(default_factory=dict[int, Group], hash=False)
    group_teachers: tuple[GroupTeacher, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict[int, Person], hash=False)
    measures: tuple[StrandMeasure, ...] = ()
    spreads: Mapping[SeriesKey, OwnSpread] = field(default_factory=dict[SeriesKey, OwnSpread], hash=False)  # this school's own starting values, main scale
    settings: Mapping[int, Setting] = field(default_factory=dict[int, Setting], hash=False)

    @property
    def statutory(self) -> bool:
        """Whether the setting keeps the statutory register; else it records attendance for the commissioner and sees no percentages."""
        return self.setting.sort != "non_school"

    @property
    def strand_of(self) -> dict[str, str]:
        """The strand of each instrument."""
        return {i.id: i.strand for i in self.library.instruments}


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
    """What is to be done next. `overdue` is judged on the dossier's today."""

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


# --- how it is made ---------------------------------------------------------------------------------------------------


def build_dossier(
    records: PupilRecords,
    facts: SchoolFacts,
    *,
    last: date,
    today: date,
    first: date | None = None,
    hidden: bool = False,
    legal: bool = False,
    audience: str = STAFF,
) -> Dossier:
    """All that is known of a pupil from `first` to `last`, seen on `today`.

    Without `first` the time begins with the pupil's day 0. Nothing after `last` is seen, and no day after `today`. `hidden` shows the code
    in place of the name, `legal` the legal name; `audience` leaves out what is not for those readers. A pupil without any rows gives a
    whole dossier that says what is missing.
    """
    last = min(last, today)
    setting = facts.setting
    if any(m.status == DRAFT for m in records.moments):
        records = replace(records, moments=complete_moments(records.moments))  # a draft counts nowhere
    here = tuple(m for m in records.marks if m.setting_id == setting.id and m.day <= last)
    stay = stay_of(records.enrolments, records.placements, setting.id, last, first_seen=here[0].day if here else None)
    begins = first if first is not None else min(stay.began or last, last)
    name = shown(records.pupil, records.names, today, hidden=hidden, legal=legal)
    series = series_list(records, facts, stay, last)
    attendance = _attendance(records, facts, stay, here, first, begins, last)
    engagement = _engagement(records, facts, stay, here, last)
    starting = _starting_point(records, facts, stay, series, attendance, engagement, last)
    behaviour = _behaviour(records, stay, attendance, starting, last)
    primary = _primaries(records, facts, series, last)
    strands = tuple(_strand(s, name, facts, primary.get(s), attendance, engagement, behaviour, starting) for s in STRANDS)
    header = _header(records, facts, stay, name, last)
    goals = _goals(records, series, audience, last)
    return Dossier(
        pupil_id=records.pupil.id,
        school=setting.name,
        setting=setting,
        calendar=facts.calendar,
        first=begins,
        last=last,
        today=today,
        audience=audience,
        header=header,
        strengths=_strengths(records.strengths, audience, last),
        strands=strands,
        series=tuple(s for s in series if s.key.goal_id is None),
        progress=_progress(strands, series, primary, attendance, engagement, behaviour, facts),
        attendance=attendance,
        engagement=engagement,
        behaviour=behaviour,
        goals=goals,
        starting_point=starting,
        next_steps=_next_steps(records.next_steps, today),
        phases=_phases(records, facts, stay, audience, last),
        holidays=facts.calendar.holidays(begins, max(last, begins)),
        notes=tuple(sorted((n for n in records.notes if n.day <= last and may_read(audience, n.audience)), key=lambda n: (n.day, n.id), reverse=True)),
        moments=tuple(sorted((m for m in records.moments if begins <= m.day <= last and (audience == STAFF or m.privacy == ORDINARY)), key=lambda m: (m.day, m.id), reverse=True)),
        contacts=records.contacts if audience == STAFF else (),
        missing=_missing(strands, series, starting, name, last),
        stay=stay,
        statutory=facts.statutory,
    )


# --- head of the page -------------------------------------------------------------------------------------------------

_PLACEMENTS = {
    "respite": ("Respite", "respite placement"),
    "part_time": ("Part time", "part-time placement"),
    "full_time": ("Full time", "full-time placement"),
    "outreach": ("Outreach", "outreach"),
    "post_return": ("After return", "support after return"),
    "medical": ("Medical", "medical placement"),
    "off_site_direction": ("Off-site direction", "off-site direction"),
    "excluded": ("Permanently excluded", "placement after permanent exclusion"),
    "other": ("Other", "placement"),
}
_REGISTRATIONS = {
    "C": "sole registration",
    "M": "main registration, dual registered",
    "S": "subsidiary registration, dual registered",
    "G": "guest",
    "F": "further education college",
    "O": "other provider",
}
_FLAGS = {
    "care": "In care",
    "previously_looked_after": "Previously in care",
    "social_work": "Social worker",
    "pupil_premium": "Pupil premium",
    "fsm": "Free school meals",
    "young_carer": "Young carer",
    "eal": "English as an additional language",
    "service_child": "Service child",
}
_SOCIAL_WORK = {"cin": "Child in need", "cp": "Child protection plan", "early_help": "Early help"}
_NO = frozenset({"", "N", "NO", "F", "FALSE", "0"})


def _held(rows: Iterable[_Dated], day: date) -> list[_Dated]:
    """The dated rows in force on a day, the one that began last at the end."""
    found = [r for r in rows if (r.first_day is None or r.first_day <= day) and (r.last_day is None or day <= r.last_day)]
    return sorted(found, key=lambda r: (r.first_day or date.min, r.id))


def chips_of(flags: Iterable[Flag], day: date) -> tuple[Chip, ...]:
    """Needs and status as they stood on a day, in the order in which they are shown."""
    held = _held(flags, day)
    chips: list[Chip] = []
    needs = sorted((f for f in held if f.sort == "need" and f.value.strip()), key=lambda f: (f.rank or 99, f.id))
    need_words = tuple(dict.fromkeys(f.value.strip() for f in needs))
    sen = [f for f in held if f.sort == "sen"]
    for f in sen[-1:]:
        plan = {"K": "SEN support", "E": "EHC plan"}.get(f.value.strip().upper())
        if plan is not None:
            also = f"also {', '.join(need_words[1:])}" if need_words[1:] else ""
            text = f"{plan}: {need_words[0]}" if need_words else plan
            chips.append(Chip(text, "sen", f.first_day, "; ".join(p for p in (f.detail or "", also) if p), True, tuple(map(_key, (f, *needs)))))
    if not chips and need_words:
        chips.append(Chip(f"Need: {', '.join(need_words)}", "need", needs[0].first_day, needs[0].detail or "", True, tuple(map(_key, needs))))
    for sort, text in _FLAGS.items():
        for f in [f for f in held if f.sort == sort][-1:]:
            if f.value.strip().upper() in _NO and sort != "care":
                continue
            social = sort == "social_work"
            said = _SOCIAL_WORK.get(f.value.strip().casefold(), text) if social else text
            chips.append(Chip(said, sort, f.first_day, f.detail or "", not social, (_key(f),)))
    return tuple(chips)


def _key(record: Any) -> Key:
    kind = kind_of(record).name
    return (kind, key_of(record))


def year_of(years: Iterable[YearGroup], day: date) -> tuple[str | None, str]:
    """Code and words of the year in which a pupil is taught on a day; an older entry is said with its school year, since it never moves."""
    now = school_year_of(day)
    rows = sorted((y for y in years if y.school_year <= now), key=lambda y: (y.school_year, y.id))
    if not rows:
        return None, ""
    newest = rows[-1]
    words = year_words(newest.year)
    return newest.year, words if newest.school_year == now else f"{words} in {school_year_words(newest.school_year)}"


def placement_view(placement: Placement, facts: SchoolFacts, home_school: str | None, day: date) -> PlacementView:
    """A placement in words, with the school week in which it is on `day`."""
    short, kind = _PLACEMENTS.get(placement.sort, _PLACEMENTS["other"])
    partner = facts.partners.get(placement.partner_id or 0)
    commissioner = facts.partners.get(placement.commissioner_id or 0)
    home = partner.name if partner else home_school
    ends = placement.last_day or placement.planned_end
    if placement.first_day > day:
        state = "planned"
    elif placement.last_day is not None and placement.last_day < day:
        state = "ended"
    else:
        state = "current"
    calendar = facts.calendar
    week = weeks = None
    if calendar and state != "planned" and calendar.knows(placement.first_day, day):
        week = len(calendar.weeks(placement.first_day, min(day, placement.last_day or day))) or None
        if ends is not None and calendar.knows(placement.first_day, ends):
            weeks = len(calendar.weeks(placement.first_day, ends)) or None
    words = kind + (f" {'for' if placement.sort in ('outreach', 'post_return') else 'from'} {home}" if home else "")
    if state == "planned":
        words += f", from {days.words(placement.first_day)}"
    elif week is not None and state == "current":
        words += f", school week {week}" + (f" of {weeks}" if weeks is not None and weeks >= week else "")
    return PlacementView(placement, state, short, words, home, commissioner.name if commissioner else None, week, weeks)


def _header(records: PupilRecords, facts: SchoolFacts, stay: Stay, name: ShownName, last: date) -> Header:
    year_code, year = year_of(records.years, last)
    group: Group | None = None
    for m in _held(records.memberships, last):
        group = facts.groups.get(m.group_id, group)
    schools = _held(records.home_schools, last)
    partner = facts.partners.get(schools[-1].partner_id) if schools else None
    home = partner.name if partner else None
    views = tuple(
        placement_view(p, facts, home, last) for p in sorted(records.placements, key=lambda p: (p.first_day, p.id)) if _is_here(p, stay, records)
    )
    current = next((v for v in reversed(views) if v.state == "current"), None)
    shown_placement = current or next((v for v in views if v.state == "planned"), None)
    on_roll = stay.on_roll(last)
    parts = [year, _group_words(group.name) if group else ""]
    if on_roll:
        parts.append(shown_placement.words if shown_placement else "no placement written down")
    elif stay.enrolment is not None and stay.ended is not None and stay.ended < last:
        parts.append(f"left on {days.words(stay.ended)}")
    elif stay.enrolment is not None and stay.enrolment.first_day is not None:
        parts.append(f"comes on {days.words(stay.enrolment.first_day)}")
    else:
        parts.append("not on roll yet")
    adults = [t for t in facts.group_teachers if group is not None and t.group_id == group.id]
    names = [facts.people[t.person_id].name for t in adults if t.person_id in facts.people and _covers(t.first_day, t.last_day, last)]
    born = records.pupil.born
    return Header(
        name=name,
        line=" \u00b7 ".join(p for p in parts if p),
        year=year,
        year_code=year_code,
        group=group.name if group else None,
        group_id=group.id if group else None,
        key_adults=tuple(dict.fromkeys(names)),
        placement=shown_placement,
        placements=views,
        home_school=(shown_placement.home_school if shown_placement else None) or home,
        chips=chips_of(records.flags, last),
        born=born,
        age=age_on(born, last) if born is not None and born <= last else None,
        upn=_identifier(records.identifiers, "upn"),
        number=_identifier(records.identifiers, "number"),
        on_roll=on_roll,
        first_day=stay.began,
        last_day=stay.ended,
        registration=_REGISTRATIONS.get((stay.enrolment.registration if stay.enrolment else None) or "", ""),
    )


def _is_here(placement: Placement, stay: Stay, records: PupilRecords) -> bool:
    return stay.enrolment is None or placement.enrolment_id in {e.id for e in records.enrolments if e.setting_id == stay.enrolment.setting_id}


def _covers(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _group_words(name: str) -> str:
    return name if name.casefold().endswith(("group", "class", "form")) else f"{name} group"


def _identifier(identifiers: Iterable[Identifier], system: str) -> str | None:
    return next((i.value for i in sorted(identifiers, key=lambda i: -i.id) if i.system == system), None)


_STRENGTHS = ("good_at", "what_helps", "own_words")


def _strengths(strengths: Iterable[Strength], audience: str, last: date) -> tuple[Strength, ...]:
    kept = [s for s in strengths if may_read(audience, s.audience) and (s.day is None or s.day <= last)]
    return tuple(sorted(kept, key=lambda s: (_STRENGTHS.index(s.sort) if s.sort in _STRENGTHS else 9, s.id)))


# --- measures ---------------------------------------------------------------------------------------------------------


def series_list(records: PupilRecords, facts: SchoolFacts, stay: Stay, last: date) -> tuple[Series, ...]:
    """Every scale that was ever scored, each series apart, in order of strand, instrument and scale; readings after `last` are not seen."""
    found: list[tuple[tuple[int, int, str, str, str, int, int], Series]] = []
    for key, readings in series_of(r for r in records.readings if r.day <= last and r.status != VOID).items():
        instrument = facts.library.get(key.instrument, key.edition)
        if instrument is None:
            continue
        start = start_of(readings, records.starting_points, records.start_values, began=stay.began, as_of=last)
        strand = list(STRANDS).index(instrument.strand)
        for n, scale in enumerate(instrument.scales):
            scored = [r for r in complete(readings, last) if reading_score(r, instrument, scale.id) is not None]
            if n and not scored:
                continue
            own = facts.spreads.get(SeriesKey(key.instrument, key.edition, key.respondent)) if n == 0 and key.goal_id is None else None
            born = records.pupil.born
            age = age_on(born, start.reading.day) if born is not None and start is not None and born <= start.reading.day else None
            judged = change.judge(
                instrument, readings, start, as_of=last, respondent=key.respondent, scale_id=scale.id, own=own, age=age, sex=records.pupil.sex
            )
            one = _series(key, instrument, scale, n == 0, readings, scored, start, judged)
            found.append(((strand, n > 0, key.instrument, key.respondent, key.edition, key.goal_id or 0, n), one))
    found.sort(key=lambda f: f[0])
    return tuple(one for _, one in found)


def _series(
    key: SeriesKey,
    instrument: Instrument,
    scale: Scale,
    is_main: bool,
    readings: Sequence[Reading],
    scored: Sequence[Reading],
    start: Start | None,
    judged: Judgement,
) -> Series:
    first = start.reading if start is not None else None
    newest = scored[-1].id if scored and judged.now is not None else None
    points: list[SeriesPoint] = []
    for r in scored:
        value = reading_score(r, instrument, scale.id)
        assert value is not None
        if first is None or (r.day, r.id) < (first.day, first.id):
            place = "before"
        elif r.id == first.id:
            place = "start"
        else:
            place = "now" if r.id == newest else "after"
        points.append(SeriesPoint(r.day, value, score_text(scale, value), place, r.id, r.rater, r.form))
    doubts = [
        f"{len(rows)} readings of {days.words(rows[0].day)} are complete: a mistake, or two sittings? The one entered last is used."
        for rows in same_day(readings)
    ]
    early = [p for p in points if p.place == "before"]
    if early and start is not None and start.agreed:
        doubts.append(f"{_count(len(early), 'reading')} before the agreed start {'is' if len(early) == 1 else 'are'} drawn and not counted from.")
    who = "own answers" if key.respondent == "pupil" else RESPONDENTS.get(key.respondent, key.respondent)
    title = key.edition if instrument.open_edition else instrument.short
    last_day = scored[-1].day if scored else None
    return Series(
        key=key,
        strand=instrument.strand,
        name=measure_name(instrument, key.edition, key.respondent, scale),
        title=title,
        who=who,
        instrument=instrument,
        scale=scale,
        is_main=is_main,
        points=tuple(points),
        start=next((p for p in points if p.place == "start"), None),
        now=next((p for p in points if p.place == "now"), None),
        start_agreed=bool(start and start.agreed),
        judgement=judged,
        sign=judgement_sign(judged),
        given=len(scored),
        asked=len([r for r in readings if r.status != VOID and (is_main or r in scored)]),
        again_from=last_day + timedelta(days=instrument.interval_days) if last_day is not None and instrument.interval_days else None,
        unscored=_unscored(readings, scored) if is_main else "",
        doubts=tuple(doubts),
        rests_on=tuple(("reading", (r.pupil_id, r.id)) for r in scored),
    )


def _unscored(readings: Sequence[Reading], scored: Sequence[Reading]) -> str:
    kept = {r.id for r in scored}
    told = [f"{days.words(r.day)}: {r.why or ('not finished' if r.status != COMPLETE else 'chose not to answer')}" for r in readings if r.id not in kept]
    return f"{'; '.join(told)}." if told else ""


def measure_name(instrument: Instrument, edition: str, respondent: str, scale: Scale) -> str:
    """What a measure is called: 'WHO-5, pupil', 'SDQ, teacher: total difficulties', 'NGRT: standard score'; the test's edition names it."""
    title = edition if instrument.open_edition else instrument.short
    who = RESPONDENTS.get(respondent, respondent)
    if who not in title and "own answers" not in title and scale.kind not in (STANDARD_SCORE, AGE_MONTHS):
        title = f"{title}, {who}"
    return title if len(instrument.scales) == 1 else f"{title}: {in_sentence(scale.name)}"


def in_sentence(title: str) -> str:
    """A title inside a sentence: 'reading test', but 'WHO-5' and 'SDQ' as they are."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _count(n: int, one: str, several: str | None = None) -> str:
    """'1 reading', '3 readings'."""
    return f"{number(n)} {one if n == 1 else several or one + 's'}"


def _primaries(records: PupilRecords, facts: SchoolFacts, series: Sequence[Series], last: date) -> dict[str, Series]:
    """The series of each strand's primary measure, where it was read."""
    groups = series_of(r for r in records.readings if r.status == COMPLETE and r.day <= last)
    instruments = {s.key: s.instrument for s in series}
    found: dict[str, Series] = {}
    for strand in STRANDS:
        measure = primary_measure(strand, facts.measures, facts.setting)
        if measure is None:
            continue
        key = primary_key(groups, measure, instruments, last)
        chosen = next((s for s in series if s.key == key and s.scale.id == measure[2]), None)
        if chosen is not None:
            found[strand] = chosen
    return found


# --- attendance -------------------------------------------------------------------------------------------------------


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


def _attendance(
    records: PupilRecords, facts: SchoolFacts, stay: Stay, marks: Sequence[Mark], first: date | None, begins: date, last: date
) -> AttendanceView:
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


# --- engagement, behaviour --------------------------------------------------------------------------------------------


def am_lessons(lessons: int) -> int:
    """How many of a day's lessons belong to the morning session: the larger half."""
    return (lessons + 1) // 2


def _engagement(records: PupilRecords, facts: SchoolFacts, stay: Stay, marks: Sequence[Mark], last: date) -> EngagementView:
    measure = primary_measure("engagement", facts.measures, facts.setting)
    instrument = facts.library.get(measure[0] if measure and measure[0] == LESSON_SCALE else LESSON_SCALE)
    began, ended = stay.began, min(last, stay.ended or last)
    counted = [
        s
        for s in records.lesson_scores
        if s.score is not None and (began is None or s.slot >= days.to_number(began) * 8) and s.slot < (days.to_number(ended) + 1) * 8
    ]
    scored = _scored(counted, marks, facts.setting.lessons, began, ended)
    if instrument is None or instrument.main.count_from is None:
        return EngagementView(None, None, (), len(counted), scored, 4, "", unjudged("no scale of engagement is in use"))
    scale = instrument.main
    top = scale.count_from or 0
    weeks = change.engagement_weeks(counted, top, facts.calendar, began=began, as_of=ended)
    judged = change.judge_engagement_weeks(instrument, weeks)
    own = None
    if any(s.own is not None for s in records.lesson_scores):
        own = change.judge_engagement(instrument, records.lesson_scores, began=began, as_of=ended, calendar=facts.calendar, own_ratings=True)
    return EngagementView(judged, own, weeks, len(counted), scored, top, top_words(scale), engagement_sign(judged, scale, weeks))


def _scored(scores: Sequence[LessonScore], marks: Sequence[Mark], lessons: int, began: date | None, last: date) -> Value:
    """Lessons rated of the lessons in sessions attended."""
    morning = am_lessons(lessons)
    attended: dict[int, tuple[bool, bool]] = {}
    of = 0
    for m in marks:
        if (began is None or m.day >= began) and m.day <= last:
            am, pm = m.am is not None and class_of(m.am) == ATTENDED, m.pm is not None and class_of(m.pm) == ATTENDED
            attended[days.to_number(m.day)] = (am, pm)
            of += am * morning + pm * (lessons - morning)
    count = 0
    for s in scores:
        am, pm = attended.get(s.slot // 8, (False, False))
        count += (am if s.slot % 8 < morning else pm) and s.slot % 8 < lessons
    return Value(None, count, of, rule="lessons rated of the lessons in sessions attended")


def _behaviour(records: PupilRecords, stay: Stay, attendance: AttendanceView, starting: StartingPointView, last: date) -> BehaviourView:
    ended = min(last, stay.ended or last)
    moments = [m for m in records.moments if (stay.began is None or m.day >= stay.began) and m.day <= ended]
    halves: list[MomentCount] = []
    for part in attendance.half_terms:
        if part.first_day is None or part.last_day is None or part.name == "outside the half-terms":
            continue
        within = [m for m in moments if part.first_day <= m.day <= part.last_day]
        halves.append(_moment_count(part.name, part.short, part.first_day, part.last_day, within, part.tally.attended))
    if not halves and attendance.since.first_day is not None and attendance.since.last_day is not None:
        whole = attendance.since
        halves.append(_moment_count("since day 0", "since", whole.first_day or last, whole.last_day or last, moments, whole.tally.attended))
    attended = [h for h in halves if h.attended]
    suspended = standing(records.suspensions, records.events)
    since = [s for s in suspended if (stay.began is None or s.day >= stay.began) and s.day <= ended and not (s.planned or s.cancelled)]
    return BehaviourView(
        half_terms=tuple(halves),
        start=attended[0] if attended else None,
        now=attended[-1] if len(attended) > 1 else None,
        incidents=sum(m.tone == "incident" for m in moments),
        good=sum(m.tone == "good" for m in moments),
        neutral=sum(m.tone == "neutral" for m in moments),
        sign=behaviour_sign(halves),
        suspensions_before=next((v for v in starting.values if v.strand == "behaviour" and "suspension" in v.what.casefold()), None),
        suspensions_since=Value(len(since), rule="suspensions since day 0", rests_on=tuple(s.key for s in since)),
    )


def _moment_count(name: str, short: str, first: date, last: date, moments: Sequence[Moment], attended: int) -> MomentCount:
    incidents = [m for m in moments if m.tone == "incident"]
    return MomentCount(
        name=name,
        short=short,
        first_day=first,
        last_day=last,
        incidents=len(incidents),
        good=sum(m.tone == "good" for m in moments),
        neutral=sum(m.tone == "neutral" for m in moments),
        attended=attended,
        settle=tuple(sorted(m.minutes_to_settle for m in incidents if m.minutes_to_settle is not None)),
        rests_on=tuple(map(_key, incidents)),
    )


# --- starting point, goals, next, phases ------------------------------------------------------------------------------


def _starting_point(
    records: PupilRecords,
    facts: SchoolFacts,
    stay: Stay,
    series: Sequence[Series],
    attendance: AttendanceView,
    engagement: EngagementView,
    last: date,
) -> StartingPointView:
    points = [p for p in records.starting_points if p.day <= last]
    point = current_starting_point(points, stay.began)
    values = [v for v in records.start_values if point is not None and v.starting_point_id == point.id]
    agreed = point is not None and point.agreed_on is not None and point.agreed_on <= last
    strands = list(STRANDS)
    views = [_start_value(v, records, facts) for v in sorted(values, key=lambda v: (strands.index(v.strand) if v.strand in strands else 9, v.id))]
    if point is None:
        views = _proposed(series, attendance)
    began_moments = sum((stay.began is None or m.day >= stay.began) and m.day <= last for m in records.moments)
    held = strands_held(
        values,
        records.readings,
        read=strands_read(records.readings, facts.strand_of, stay.began, last),
        before=attendance.before is not None,
        rated_lessons=engagement.rated,
        moments=began_moments,
    )
    number_of_day = (last - stay.began).days if stay.began is not None and stay.began <= last else None
    total = facts.setting.starting_point_days
    if agreed and point is not None:
        by = f" by {point.agreed_by}" if point.agreed_by else ""
        line = f"{days.words(point.day)} \u00b7 agreed {days.words(point.agreed_on)}{by}"
    else:
        line = "not agreed yet"
        if number_of_day is not None:
            line += f" \u00b7 day {number_of_day} of {total}" if number_of_day <= total else f" \u00b7 day {number_of_day}, past {total}"
    return StartingPointView(
        agreed=agreed,
        day=point.day if point is not None else stay.began,
        agreed_on=point.agreed_on if point is not None and agreed else None,
        agreed_by=point.agreed_by if point is not None and agreed else None,
        line=line,
        values=tuple(views),
        held=held,
        day_number=number_of_day,
        days=total,
        earlier=tuple(p for p in sorted(points, key=lambda p: (p.day, p.id)) if point is not None and p.id != point.id),
    )


def _start_value(v: StartValue, records: PupilRecords, facts: SchoolFacts) -> StartValueView:
    own: Key = ("start_value", (v.pupil_id, v.id))
    reading = next((r for r in records.readings if r.id == v.reading_id), None) if v.reading_id is not None else None
    stated = next((s for s in records.stated if s.id == v.stated_id), None) if v.stated_id is not None else None
    unit, day, source, sure = "", None, v.source or "", v.sure or ""
    detail = v.detail or ""
    if reading is not None:
        instrument = facts.library.get(reading.instrument, reading.edition)
        keys = (own, ("reading", (reading.pupil_id, reading.id)))
        value = Value(reading.value if reading.status != VOID else None, rests_on=keys)
        text = score_text(instrument.main, value.value) if instrument is not None else number(value.value)
        unit = unit_words(instrument.main) if instrument is not None else ""
        if reading.status == VOID:
            detail = detail or "this reading no longer counts"
        day = reading.day
        source = source or reading.rater or RESPONDENTS.get(reading.respondent, reading.respondent)
        sure = sure or reading.sure or ""
    elif stated is not None:
        keys = (own, ("stated_attendance", (stated.pupil_id, stated.id)))
        value = Value.share(stated.attended, stated.possible, rule="attended of possible sessions, as stated", rests_on=keys)
        text = value.text if facts.statutory else value.counts
        unit = value.counts if facts.statutory else ""
        day = stated.said_on or stated.last_day
        source = source or stated.school
        sure = sure or stated.sure or ""
    elif v.value is not None and v.of is not None and v.value == int(v.value):
        value = Value(None, int(v.value), v.of, rests_on=(own,))
        text = value.counts
    elif v.value is not None:
        value = Value(v.value, rests_on=(own,))
        text = number(v.value)
        unit = f"of {number(v.of)}" if v.of is not None else ""
    else:
        value = Value(None, rests_on=(own,))
        text, detail = (detail or number(None)), ""
    said = ", ".join(p for p in (source, sure) if p)
    line = " \u00b7 ".join(p for p in (unit, detail, said) if p)
    return StartValueView(v.strand, v.what, value, text, line, source, sure, day, value.rests_on)


def _proposed(series: Sequence[Series], attendance: AttendanceView) -> list[StartValueView]:
    """What would be the starting values where none were written down: attendance as stated and the first readings."""
    found: list[StartValueView] = []
    for s in series:
        if s.is_main and s.start is not None and s.key.goal_id is None and s.judgement.start is not None:
            value = s.judgement.start.value
            who = s.start.rater or s.who
            line = f"{unit_words(s.scale)} \u00b7 {days.words(s.start.day)}, {who}"
            found.append(StartValueView(s.strand, s.name, value, s.start.text, line, who, "", s.start.day, value.rests_on))
    if attendance.before is not None:
        b = attendance.before
        line = f"{b.rate.counts} \u00b7 {b.stated_by}"
        found.append(StartValueView("attendance", "Attendance before", b.rate, b.rate.text, line, b.stated_by or "", "", b.last_day, b.rate.rests_on))
    strands = list(STRANDS)
    return sorted(found, key=lambda v: strands.index(v.strand))


def _goals(records: PupilRecords, series: Sequence[Series], audience: str, last: date) -> tuple[GoalView, ...]:
    found: list[GoalView] = []
    for g in sorted(records.goals, key=lambda g: (g.rank if g.rank is not None else 99, g.id)):
        if not may_read(audience, g.audience) or (g.first_day is not None and g.first_day > last):
            continue
        mine = [s for s in series if s.key.goal_id == g.id and s.is_main]
        one = max(mine, key=lambda s: (s.key.respondent == "pupil", s.given), default=None)
        start = one.judgement.start.value if one is not None and one.judgement.start is not None else Value(None)
        now = one.judgement.now.value if one is not None and one.judgement.now is not None else Value(None)
        high = number(one.scale.high) if one is not None else "10"
        start_text = number(start.value) if start.value is not None else ""
        now_text = number(now.value) if now.value is not None else ""
        if not start_text:
            text = "not rated yet"
        else:
            text = f"{start_text}, now {now_text} of {high}" if now_text else f"{start_text} of {high}, rated once"
        found.append(GoalView(g, g.owner, one, start, now, start_text, now_text, text))
    return tuple(found)


def _next_steps(steps: Iterable[NextStep], today: date) -> tuple[Step, ...]:
    open_ones = sorted((s for s in steps if s.done_on is None), key=lambda s: (s.day, s.id))
    return tuple(Step(s.day, s.text, s.owner or "", s.day < today, s.done_on, s.id) for s in open_ones)


_EVENTS = frozenset({"plan", "taster", "suspension", "move", "return", "other"})


def _phases(records: PupilRecords, facts: SchoolFacts, stay: Stay, audience: str, last: date) -> tuple[Phase, ...]:
    """Lines on the time axis, in order; only the kinds that may stand there (never medication, child protection or youth justice)."""
    found: list[Phase] = []
    if stay.began is not None and stay.began <= last:
        found.append(Phase(stay.began, "Day 0: placed here", "placement", rests_on=(_key(stay.enrolment),) if stay.enrolment else ()))
    for p in records.placements:
        if p.first_day != stay.began and _is_here(p, stay, records):
            short = _PLACEMENTS.get(p.sort, _PLACEMENTS["other"])[0]
            found.append(Phase(p.first_day, short, "placement", p.first_day > last, rests_on=(_key(p),)))
        ends = p.last_day or p.planned_end
        if p.planned_end is not None and p.last_day is None and ends is not None and ends > last:
            found.append(Phase(ends, "Placement due to end", "placement_end", True, rests_on=(_key(p),)))
    told = {s.key for s in standing(records.suspensions, records.events) if not s.cancelled}
    for e in records.events:
        if e.sort in _EVENTS and may_read(audience, e.audience) and (e.sort != "suspension" or _key(e) in told):
            found.append(Phase(e.day, e.label, e.sort, e.planned or e.day > last, _half_days(e), (_key(e),)))
    if may_read(audience, SCHOOLS):
        for s in records.suspensions:
            if _key(s) in told:
                detail = _count(s.half_days, "half-day") if s.half_days else ""
                found.append(Phase(s.first_day, phase_label(s), "suspension", s.first_day > last, detail, (_key(s),)))
    return tuple(sorted(found, key=lambda p: (p.day, p.kind != "placement", p.label)))


def _half_days(event: Event) -> str:
    return _count(event.half_days, "half-day") if event.half_days else ""


# --- strands ----------------------------------------------------------------------------------------------------------


def _strand(
    strand: str,
    name: ShownName,
    facts: SchoolFacts,
    series: Series | None,
    attendance: AttendanceView,
    engagement: EngagementView,
    behaviour: BehaviourView,
    starting: StartingPointView,
) -> StrandView:
    if series is not None:
        return _measured_strand(strand, series, name)
    measure = primary_measure(strand, facts.measures, facts.setting)
    if strand == "attendance":
        return _attendance_strand(attendance, facts.statutory)
    if strand == "behaviour":
        return _behaviour_strand(behaviour, name)
    if strand == "engagement" and (measure is None or measure[0] == LESSON_SCALE):
        return _engagement_strand(engagement, facts.statutory)
    if strand == "home" and measure is None:
        return _home_strand(starting, name)
    return _never_read(strand, measure, facts, name)


def _view(
    strand: str,
    measure: str,
    start: Value,
    now: Value,
    start_text: str,
    now_text: str,
    unit: str,
    sign: Sign,
    sources: tuple[str, str],
    missing: Missing | None = None,
    series: Series | None = None,
) -> StrandView:
    title = STRANDS[strand]
    if missing is not None:
        reading = " ".join(p for p in (f"{title}: {missing.what}", missing.why, missing.do) if p)
    else:
        ends = f"from {start_text} to {now_text}" if start_text and now_text else f"{start_text} at the start" if start_text else f"{now_text} now"
        reading = f"{title}, {measure}: {ends} {unit}".rstrip() + f"; {sign.text}."
    return StrandView(strand, title, measure, start, now, start_text, now_text, unit, sign, sources, reading, missing, series)


def _measured_strand(strand: str, s: Series, name: ShownName) -> StrandView:
    j = s.judgement
    start = j.start.value if j.start is not None else Value(None)
    now = j.now.value if j.now is not None else Value(None)
    asked = f"{s.name}, {number(s.given)} of {number(s.asked)} asked"
    if j.change is None:
        first = (f"{days.words(s.start.day)}, " if s.start is not None else "") + (j.why or "")
    else:
        first = "; ".join(p for p in (j.change_words, j.needs_words or j.smallest_change_words) if p)
    start_text = s.start.text if s.start is not None else ""
    now_text = s.now.text if s.now is not None else ""
    if not start_text:
        # scored only before day 0: drawn, and nothing to count from
        missing = not_read(s.instrument, s.key.respondent, s.scale, name, strand, since=True)
        return _view(strand, s.name, start, now, "", "", "", s.sign, (first, asked), missing, s)
    return _view(strand, s.name, start, now, start_text, now_text, unit_words(s.scale), s.sign, (first, asked), None, s)


def not_read(instrument: Instrument, respondent: str, scale: Scale, name: ShownName, strand: str, since: bool = False) -> Missing:
    """What is missing where a measure was never read (or, with `since`, not since day 0), and whom to ask."""
    when = "since day 0" if since else "yet"
    if scale.kind in (STANDARD_SCORE, AGE_MONTHS):
        return Missing(f"No {in_sentence(instrument.short)} {when}.", "", f"Test {name.call}, and add the reading.", strand)
    whom = {"pupil": name.call, "teacher": "a teacher", "parent": "a parent or carer", "school": "the home school"}.get(respondent, name.call)
    return Missing(f"{instrument.short} has not been answered {when}.", "", f"Ask {whom}, and add the reading.", strand)


def _has(instrument: Instrument, scale_id: str) -> bool:
    return any(s.id == scale_id for s in instrument.scales)


def _never_read(strand: str, measure: tuple[str, str, str] | None, facts: SchoolFacts, name: ShownName) -> StrandView:
    instrument = facts.library.get(measure[0]) if measure is not None else None
    if measure is None or instrument is None:
        missing = Missing("No measure is chosen for this strand.", "", "Choose one in Setting.", strand)
        return _view(strand, "", Value(None), Value(None), "", "", "", unjudged("no measure"), ("", ""), missing)
    missing = not_read(instrument, measure[1], instrument.scale(measure[2]) if _has(instrument, measure[2]) else instrument.main, name, strand)
    title = measure_name(instrument, instrument.short, measure[1], instrument.main)
    return _view(strand, title, Value(None), Value(None), "", "", "", unjudged(change.NO_READING), ("", ""), missing)


def _rate_text(value: Value, statutory: bool) -> str:
    if value.of is None or not value.of:
        return ""
    return value.text if statutory else value.counts


def _attendance_strand(a: AttendanceView, statutory: bool) -> StrandView:
    left, right = a.comparison if a.comparison is not None else (a.before, a.since)
    start = left.rate if left is not None else Value(None)
    now = right.rate
    measure = "Of possible sessions (DfE)" if statutory else "Of sessions offered"
    if not now.of and not start.of:
        missing = Missing("No possible sessions yet.", "", "Take the register, or bring marks in from your system.", "attendance")
        return _view("attendance", measure, start, now, "", "", "", a.sign, ("", ""), missing)
    counts = [v.counts for v in (start, now) if v.of]
    first = ", then ".join(counts) if len(counts) > 1 else f"{counts[0]} {'before' if start.of else 'since day 0'}"
    second = measure
    if left is not None and left.stated_by:
        second += f"; before: {left.stated_by}"
    elif left is None:
        second += "; nothing known of before"
    return _view("attendance", measure, start, now, _rate_text(start, statutory), _rate_text(now, statutory), "", a.sign, (first, second))


def _engagement_strand(e: EngagementView, statutory: bool) -> StrandView:
    j = e.judgement
    measure = f"Lessons {e.top_words}" if e.top_words else "Lessons rated"
    start = j.start.value if j is not None and j.start is not None else Value(None)
    now = j.now.value if j is not None and j.now is not None else Value(None)
    if not e.rated:
        missing = Missing("No lesson has been rated yet.", "", "Rate lessons 1 to 5 in Today.", "engagement")
        return _view("engagement", measure, Value(None), Value(None), "", "", "", e.sign, ("", ""), missing)
    second = f"{e.scored.counts} lessons attended were rated" if e.scored.of else f"{_count(e.rated, 'lesson')} rated"
    first = f"First and last {change.ENGAGEMENT_WEEKS} school weeks" if now.of else f"First {change.ENGAGEMENT_WEEKS} school weeks"
    return _view("engagement", measure, start, now, start.counts, now.counts, e.top_words, e.sign, (first, second))


def _behaviour_strand(b: BehaviourView, name: ShownName) -> StrandView:
    measure = "Incidents per 10 sessions attended"
    if b.start is None or not (b.incidents or b.good or b.neutral):
        if b.suspensions_before is not None:
            v = b.suspensions_before
            return _view("behaviour", v.what, v.value, Value(None), v.text, "", "", b.sign, (v.detail, "No moments written down here yet"))
        missing = Missing("No moments written down yet.", "", f"Log a moment of {name.call}, good ones first.", "behaviour")
        return _view("behaviour", measure, Value(None), Value(None), "", "", "", b.sign, ("", ""), missing)
    start = b.start.rate
    now = b.now.rate if b.now is not None else Value(None)
    words = [c.words for c in (b.start, b.now) if c is not None]
    good = [number(c.good) for c in (b.start, b.now) if c is not None]
    first, second = f"Incidents: {', then '.join(words)} sessions", f"Good moments: {', then '.join(good)}"
    now_text = number(now.value, 1) if now.value is not None else ""
    return _view("behaviour", measure, start, now, number(start.value, 1), now_text, "per 10", b.sign, (first, second))


def _home_strand(starting: StartingPointView, name: ShownName) -> StrandView:
    values = [v for v in starting.values if v.strand == "home"]
    if not values:
        missing = Missing("Nothing is known yet of home and community.", "", f"Ask {name.call} and those at home; add it to the starting point.", "home")
        return _view("home", "Starting point", Value(None), Value(None), "", "", "", unjudged("no value yet"), ("", ""), missing)
    v = next((v for v in values if v.value.of is not None), values[0])
    sign = unjudged("asked at the start only")
    return _view("home", v.what, v.value, Value(None), v.text, "", "", sign, (v.what, v.detail))


def _progress(
    strands: Sequence[StrandView],
    series: Sequence[Series],
    primary: Mapping[str, Series],
    attendance: AttendanceView,
    engagement: EngagementView,
    behaviour: BehaviourView,
    facts: SchoolFacts,
) -> tuple[ProgressRow, ...]:
    rows: list[ProgressRow] = []
    for view in strands:
        if view.missing is None and (view.start_text or view.now_text):
            rows.append(
                ProgressRow(
                    view.strand,
                    view.title,
                    view.measure,
                    view.start,
                    view.now,
                    _with_counts(view.start, view.start_text),
                    _with_counts(view.now, view.now_text),
                    _change_text(view),
                    view.sign,
                )
            )
        chosen = primary.get(view.strand)
        for s in series:
            is_age = s.scale.kind == AGE_MONTHS
            if s.strand != view.strand or s is chosen or s.key.goal_id is not None or s.start is None or not (s.is_main or is_age):
                continue
            j = s.judgement
            rows.append(
                ProgressRow(
                    s.strand,
                    view.title,
                    s.name,
                    j.start.value if j.start is not None else Value(None),
                    j.now.value if j.now is not None else Value(None),
                    s.start.text,
                    s.now.text if s.now is not None else number(None),
                    (signed(j.change) + (" months" if is_age else "")) if j.change is not None else number(None),
                    s.sign,
                )
            )
    return tuple(rows)


def _with_counts(value: Value, text: str) -> str:
    return text or number(None)


def _change_text(view: StrandView) -> str:
    if view.series is not None:
        return view.series.judgement.change_words
    if view.strand == "attendance" and view.start.value is not None and view.now.value is not None:
        return f"{signed(view.now.value - view.start.value, 1)} points"
    if view.strand == "behaviour" and view.start.value is not None and view.now.value is not None:
        return signed(view.now.value - view.start.value, 1)
    if view.strand == "engagement" and view.start.of and view.start.of == view.now.of:
        return signed((view.now.count or 0) - (view.start.count or 0))
    return number(None)


def _missing(strands: Sequence[StrandView], series: Sequence[Series], starting: StartingPointView, name: ShownName, last: date) -> tuple[Missing, ...]:
    found: list[Missing] = []
    if not starting.agreed:
        past = starting.day_number is not None and starting.day_number > starting.days
        when = f" It is day {starting.day_number} of {starting.days}." if starting.day_number is not None else ""
        if past:
            when = f" It is day {starting.day_number}, past the {starting.days} days for it."
        found.append(Missing("The starting point is not agreed yet.", when.strip(), "Agree it on the page Starting point."))
    for view in strands:
        if view.missing is not None:
            found.append(view.missing)
        elif view.series is not None and not view.now_text:
            test = view.series.scale.kind in (STANDARD_SCORE, AGE_MONTHS)
            title = view.series.title
            once, again = ("taken", f"Test {name.call} again") if test else ("answered", f"Ask again for {title}")
            found.append(Missing(f"{title} has been {once} once, so no change can be told.", "", f"{again}.", view.strand))
        elif not view.start_text and view.strand == "attendance":
            found.append(Missing("Attendance before is not known.", "", "Ask the home school for possible and attended sessions.", "attendance"))
    for s in series:
        lacking = s.asked - s.given
        if s.is_main and lacking > 0:
            found.append(Missing(f"{s.name}: {_count(lacking, 'sitting')} of {number(s.asked)} without a score.", s.unscored, "", s.strand))
    return tuple(found)
