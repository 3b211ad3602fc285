"""One frozen dataclass per kind of record that the store keeps, and what a kind is: its key and its fields.

Every kind is registered by `@kind`; tables, journal, export and history are all made from that register.
Keys are never edited: whatever a person may mend is a field. Days are `date`; attendance codes are the permanent
integers of the code set (`approgress.domain.attendance`); texts are what a person typed, unescaped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar, get_type_hints

from approgress.domain.values import Key

T = TypeVar("T")

ORDINARY, RESTRICTED, SAFEGUARDING = "ordinary", "restricted", "safeguarding"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rest of the program needs to know of one kind of record.

    `of_pupil` says that the first key is a pupil's id. `types` maps each field to one of `int`, `str`, `float`, `bool`,
    `date`, `bytes`; `may_be_none` holds the fields that may be empty. `plain` is what people call such a record.
    """

    name: str
    cls: type[Any]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    types: dict[str, type[Any]]
    may_be_none: frozenset[str]
    plain: str
    of_pupil: bool
    numbered: bool  # the last key is an id that the store draws
    kept: bool  # never taken away again: struck through, with who and why (it has the fields `struck`, `struck_by`, `struck_on`)


KINDS: dict[str, Kind] = {}
_BY_CLASS: dict[type[Any], Kind] = {}
_BASE = {int: int, str: str, float: float, bool: bool, date: date, bytes: bytes}


def kind(key: tuple[str, ...], plain: str, *, kept: bool = False) -> Callable[[type[T]], type[T]]:
    """Register a record class under its snake_case name, with its key and what people call it; `kept` as `Kind.kept`."""

    def register(cls: type[T]) -> type[T]:
        name = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")
        types: dict[str, type[Any]] = {}
        empty: set[str] = set()
        for field, hint in get_type_hints(cls).items():
            options = getattr(hint, "__args__", (hint,))
            if type(None) in options:
                empty.add(field)
            (types[field],) = [_BASE[o] for o in options if o is not type(None)]
        names = tuple(f.name for f in fields(cls))  # pyright: ignore[reportArgumentType]
        record = Kind(
            name=name,
            cls=cls,
            key=key,
            fields=tuple(n for n in names if n not in key),
            types=types,
            may_be_none=frozenset(empty),
            plain=plain,
            of_pupil=key[0] == "pupil_id" or name == "pupil",
            numbered=key[-1] == "id",
            kept=kept,
        )
        KINDS[name] = record
        _BY_CLASS[cls] = record
        return cls

    return register


def class_field(kind: Kind) -> str | None:
    """The field that holds the class of a kind's records (ORDINARY, RESTRICTED, SAFEGUARDING); None where all of them are ordinary.

    The `audience` of other kinds says for which paper a thing is meant, not who of the staff may read it.
    """
    return "privacy" if "privacy" in kind.fields else "audience" if kind.name in ("flag", "kept_apart") else None


def kind_of(record: object) -> Kind:
    """The kind of a record (or of a record class)."""
    return _BY_CLASS[record if isinstance(record, type) else type(record)]


def key_of(record: Any) -> tuple[int, ...]:
    """The key of a record as the store knows it: whole numbers, days counted from 2000."""
    from approgress.domain.days import to_number

    out: list[int] = []
    for name in kind_of(record).key:
        value = getattr(record, name)
        out.append(to_number(value) if isinstance(value, date) else value)
    return tuple(out)


def named_key(record: Any) -> Key:
    """The name of a record's kind with its key: what a number rests on."""
    return (kind_of(record).name, key_of(record))


# --- the school -------------------------------------------------------------------------------------------------------


@kind(("id",), "setting")
@dataclass(frozen=True, slots=True)
class Setting:
    """A provision. `sort`: pru, ap_academy, ap_free_school, hospital, independent, non_school (which keeps no statutory register)."""

    id: int
    name: str
    sort: str = "ap_academy"
    la: str | None = None
    estab: str | None = None
    urn: str | None = None
    lessons: int = 5  # rated lessons in a day
    demonstration: bool = False
    today: date | None = None  # the demonstration school's own day; a real school has none
    starting_point_days: int = 28
    legal_names_on_registers: bool = True
    am_starts: int | None = None  # when the morning register starts, in minutes after midnight; None: not said
    pm_starts: int | None = None
    register_minutes: int = 30  # how long a register stays open: at most 30, the same every session (england.md 1.2)
    alert_sessions: int = 2  # sessions absent in a row without contact, after which the pupil is listed
    certificates: bool = False  # a pupil's own certificate for a run of attendance may be printed


@kind(("id",), "lesson time")
@dataclass(frozen=True, slots=True)
class LessonTime:
    """When a rated lesson of the day begins and ends, in minutes after midnight; `lesson` from 0."""

    id: int
    setting_id: int
    lesson: int
    starts: int
    ends: int


@kind(("id",), "person")
@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. `role`: head, teacher, community_teacher, office, visitor (read only)."""

    id: int
    name: str
    role: str = "teacher"
    job: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@kind(("id",), "school")
@dataclass(frozen=True, slots=True)
class Partner:
    """A home school or commissioner, with the person to speak to there."""

    id: int
    name: str
    sort: str = "school"  # school | local_authority | other
    la: str | None = None
    estab: str | None = None
    contact: str | None = None
    job: str | None = None
    phone: str | None = None
    email: str | None = None


@kind(("id",), "half-term")
@dataclass(frozen=True, slots=True)
class HalfTerm:
    """One half-term: first and last school day, and its name ("Autumn 1")."""

    id: int
    setting_id: int
    name: str
    first_day: date
    last_day: date


@kind(("id",), "closed day")
@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the whole school is closed inside a half-term. `sort`: inset, bank_holiday, other."""

    id: int
    setting_id: int
    first_day: date
    last_day: date
    sort: str
    label: str


@kind(("id",), "group")
@dataclass(frozen=True, slots=True)
class Group:
    """A teaching or registration group."""

    id: int
    setting_id: int
    name: str
    first_day: date | None = None
    last_day: date | None = None


@kind(("id",), "group's teacher")
@dataclass(frozen=True, slots=True)
class GroupTeacher:
    """Who teaches a group, from when to when."""

    id: int
    group_id: int
    person_id: int
    first_day: date | None = None
    last_day: date | None = None


@kind(("id",), "instrument")
@dataclass(frozen=True, slots=True)
class InstrumentFile:
    """An instrument that this school added: its TOML text (instrument-file.md), and whether it is in use."""

    id: int
    instrument: str
    edition: str
    text: str
    enabled: bool = True


@kind(("id",), "choice of measure")
@dataclass(frozen=True, slots=True)
class StrandMeasure:
    """The one primary measure of a strand, fixed beforehand by the school: instrument, respondent, scale."""

    id: int
    setting_id: int
    strand: str
    instrument: str
    respondent: str
    scale: str


@kind(("id",), "remembered headings")
@dataclass(frozen=True, slots=True)
class HeadingMap:
    """How the columns of a kind of import file were understood: the headings' fingerprint and the mapping as JSON."""

    id: int
    sort: str  # pupils | marks | summary | readings
    headings: str
    mapping: str


@kind(("id",), "pupils kept apart")
@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two pupils whom no list, search or import may take for one; `why` is shown to nobody but office and head."""

    id: int
    pupil_a: int
    pupil_b: int
    why: str | None = None
    audience: str = ORDINARY


@kind(("id",), "answer to an import's question")
@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """An answer that an import need not ask for again: `question` is the question's stable key, `answer` the choice."""

    id: int
    question: str
    answer: str


# --- pupils -----------------------------------------------------------------------------------------------------------


@kind(("id",), "pupil")
@dataclass(frozen=True, slots=True)
class Pupil:
    """A child. Names, year, identifiers, flags and places are rows of their own, each with its dates.

    `code` is the random code that stands for the pupil where names are off. `sex`: M, F, U or none.
    """

    id: int
    code: str
    born: date | None = None
    sex: str | None = None
    pronouns: str | None = None
    ethnicity: str | None = None
    first_language: str | None = None
    made_on: date | None = None


@kind(("pupil_id", "id"), "name")
@dataclass(frozen=True, slots=True)
class Name:
    """A name of a pupil. `use`: legal, preferred (the parts that differ), former (never printed)."""

    pupil_id: int
    id: int
    use: str
    forename: str | None = None
    surname: str | None = None
    middle: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    typed: bool = False  # a person typed it, so that a file only asks


@kind(("pupil_id", "id"), "year group")
@dataclass(frozen=True, slots=True)
class YearGroup:
    """The year in which a pupil is taught, in the school year that begins in the calendar year `school_year`.

    `year`: E1, E2, N1, N2, R, 1 to 14, X. It never changes by itself.
    """

    pupil_id: int
    id: int
    year: str
    school_year: int
    typed: bool = False


@kind(("pupil_id", "id"), "identifier")
@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code of a pupil. `system`: upn, former_upn, uln, number (the school's own), or an information system's name."""

    pupil_id: int
    id: int
    system: str
    value: str
    doubt: str | None = None  # what a check found odd, in words
    typed: bool = False


@kind(("pupil_id", "id"), "flag")
@dataclass(frozen=True, slots=True)
class Flag:
    """A need or status with its dates.

    `sort`: sen (N, K, E), need (SEMH ...; `rank` 1 is the primary need), care, previously_looked_after, fsm, pupil_premium,
    young_carer, eal, social_work (cin, cp, early_help), service_child. `first_day` may be unknown.
    """

    pupil_id: int
    id: int
    sort: str
    value: str
    rank: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    detail: str | None = None
    typed: bool = False
    audience: str = ORDINARY


@kind(("pupil_id", "id"), "enrolment")
@dataclass(frozen=True, slots=True)
class Enrolment:
    """A time on roll at a setting. `registration`: C sole, M main, S subsidiary, G guest, F, O, or none. The start may be unknown."""

    pupil_id: int
    id: int
    setting_id: int
    registration: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    site: str | None = None
    leaving_reason: str | None = None
    destination: str | None = None
    typed: bool = False


@kind(("pupil_id", "id"), "placement")
@dataclass(frozen=True, slots=True)
class Placement:
    """Why a pupil is here. `sort`: respite, part_time, full_time, outreach, post_return, medical, off_site_direction, excluded, other."""

    pupil_id: int
    id: int
    enrolment_id: int
    sort: str
    purpose: str
    first_day: date
    last_day: date | None = None
    planned_end: date | None = None
    sessions_a_week: int | None = None
    partner_id: int | None = None  # the home school
    commissioner_id: int | None = None
    objectives: str | None = None
    outcome: str | None = None


@kind(("pupil_id", "id"), "home school")
@dataclass(frozen=True, slots=True)
class HomeSchool:
    """Which school a pupil comes from, and from when to when."""

    pupil_id: int
    id: int
    partner_id: int
    first_day: date | None = None
    last_day: date | None = None
    typed: bool = False


@kind(("pupil_id", "id"), "group membership")
@dataclass(frozen=True, slots=True)
class GroupMember:
    """In which group a pupil is, from when to when."""

    pupil_id: int
    id: int
    group_id: int
    first_day: date | None = None
    last_day: date | None = None
    typed: bool = False


@kind(("pupil_id", "id"), "contact")
@dataclass(frozen=True, slots=True)
class Contact:
    """A person of the pupil's home, and what they may have. Letters, exports and reports obey these fields."""

    pupil_id: int
    id: int
    name: str
    relationship: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    address_confidential: bool = False
    parental_responsibility: bool = False
    lives_with: bool = False
    may_receive_reports: bool = False
    must_not_contact: bool = False
    court_order: str | None = None
    rank: int | None = None


@kind(("pupil_id", "id"), "strength")
@dataclass(frozen=True, slots=True)
class Strength:
    """Strengths first. `sort`: good_at, what_helps, own_words. `audience`: who may read it: staff, schools, family, pupil."""

    pupil_id: int
    id: int
    sort: str
    text: str
    day: date | None = None
    audience: str = "family"


@kind(("pupil_id", "id"), "note")
@dataclass(frozen=True, slots=True)
class Note:
    """Something written down about a pupil. `sort`: note, visit, quote, context. `audience` as for strengths; `privacy` its class."""

    pupil_id: int
    id: int
    day: date
    sort: str
    text: str
    person_id: int | None = None
    audience: str = "staff"
    privacy: str = ORDINARY


@kind(("pupil_id", "id"), "event")
@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed for a pupil and stands on the time axis. `sort`: plan, taster, suspension, move, return, other."""

    pupil_id: int
    id: int
    day: date
    sort: str
    label: str
    half_days: int | None = None
    planned: bool = False
    audience: str = "schools"


@kind(("pupil_id", "id"), "next step")
@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done for a pupil, by when and by whom."""

    pupil_id: int
    id: int
    day: date
    text: str
    owner: str | None = None
    done_on: date | None = None


# --- attendance, engagement, behaviour --------------------------------------------------------------------------------


@kind(("pupil_id", "setting_id", "day"), "mark")
@dataclass(frozen=True, slots=True)
class Mark:
    """A pupil's two marks of one day at one setting: the permanent integers of the code set, and minutes late."""

    pupil_id: int
    setting_id: int
    day: date
    am: int | None = None
    pm: int | None = None
    am_late: int | None = None
    pm_late: int | None = None


@kind(("pupil_id", "slot"), "lesson score")
@dataclass(frozen=True, slots=True)
class LessonScore:
    """An engagement score of one lesson: `slot` = day number * 8 + lesson (0 to 7). `own` is the pupil's own rating."""

    pupil_id: int
    slot: int
    score: int | None = None
    own: int | None = None


@kind(("pupil_id", "slot"), "lesson note")
@dataclass(frozen=True, slots=True)
class LessonNote:
    """What was seen in a lesson besides its score: `slot` as for a lesson score; `tone`: good, neutral, hard; `worked` what worked, a line."""

    pupil_id: int
    slot: int
    tone: str | None = None
    worked: str | None = None
    person_id: int | None = None


@kind(("pupil_id", "id"), "part-time timetable")
@dataclass(frozen=True, slots=True)
class Timetable:
    """A temporary part-time timetable (england.md 2.4). `first_day` to `target_end` as agreed, `last_day` when it did end.

    `agreed_by` is the parent whom the pupil lives with; `outcome`: full_time, extended, ap, ended, other. The weeks are its steps.
    """

    pupil_id: int
    id: int
    setting_id: int
    reason: str
    first_day: date
    target_end: date | None = None
    last_day: date | None = None
    outcome: str | None = None
    aim: str | None = None
    agreed_by: str | None = None
    agreed_on: date | None = None
    la_told_on: date | None = None
    safeguarding: str | None = None  # who looks after the pupil in the sessions off site
    work: str | None = None  # work provided for the sessions off site


@kind(("pupil_id", "id"), "step of a part-time timetable")
@dataclass(frozen=True, slots=True)
class TimetableStep:
    """The sessions agreed from `first_day` on, until the next step: `am` and `pm` are sums of 1 for Monday, 2, 4, 8, and 16 for Friday."""

    pupil_id: int
    id: int
    timetable_id: int
    first_day: date
    am: int
    pm: int
    note: str | None = None


@kind(("pupil_id", "id"), "review of a part-time timetable")
@dataclass(frozen=True, slots=True)
class TimetableReview:
    """A review, due on `day`; held on `held_on`, with whom and what was said in `note`."""

    pupil_id: int
    id: int
    timetable_id: int
    day: date
    held_on: date | None = None
    note: str | None = None


@kind(("pupil_id", "id"), "sessions elsewhere")
@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A weekly pattern of sessions at another place: `code` D (the other school where the pupil is registered), K (arranged by the local
    authority) or B (arranged by this school); `am` and `pm` as for a timetable's step; `partner_id` the school, `place` in words."""

    pupil_id: int
    id: int
    setting_id: int
    code: str
    am: int
    pm: int
    first_day: date | None = None
    last_day: date | None = None
    partner_id: int | None = None
    place: str | None = None


@kind(("pupil_id", "id"), "absence contact", kept=True)
@dataclass(frozen=True, slots=True)
class AbsenceContact:
    """What was done about an absence. `sort`: call, text, letter, visit, spoke, seen (safe and seen); `session` AM or PM; `at` in minutes
    after midnight; `who` was spoken to or tried; `person_id` did it; `explains`: what was said explains the absence; `answered` whether
    anyone was reached."""

    pupil_id: int
    id: int
    day: date
    sort: str
    session: str | None = None
    at: int | None = None
    who: str | None = None
    answered: bool = False
    explains: bool = False
    note: str | None = None
    person_id: int | None = None
    struck: str | None = None
    struck_by: int | None = None
    struck_on: date | None = None


@kind(("pupil_id", "id"), "coming and going")
@dataclass(frozen=True, slots=True)
class Movement:
    """A pupil arrived, left or returned within a day. `sort`: arrived, left, returned; `at` in minutes after midnight."""

    pupil_id: int
    id: int
    day: date
    sort: str
    at: int
    note: str | None = None
    person_id: int | None = None


@kind(("pupil_id", "id"), "resting line")
@dataclass(frozen=True, slots=True)
class Rest:
    """A line of "Needs you" that rests until a day because somebody is not worried: `line` is its stable key, `note_id` the note that says why."""

    pupil_id: int
    id: int
    line: str
    until: date
    note_id: int | None = None
    person_id: int | None = None


@kind(("pupil_id", "id"), "record of physical intervention", kept=True)
@dataclass(frozen=True, slots=True)
class Intervention:
    """Force, restraint or seclusion (england.md 2.5). `sort`: force, restraint, seclusion. `staff` were present and acting; `signed_by` is
    the second adult. The parent was told (`told_*`), or it was withheld with why and by whom. A leader reviews it. `moment_id`: the incident."""

    pupil_id: int
    id: int
    day: date
    sort: str
    at: int | None = None
    minutes: int | None = None
    place: str | None = None
    moment_id: int | None = None
    led_to: str | None = None
    tried_first: str | None = None
    why_needed: str | None = None
    what_done: str | None = None
    staff: str | None = None
    injury: str | None = None
    care: str | None = None
    pupils_account: str | None = None
    told_who: str | None = None
    told_on: date | None = None
    told_how: str | None = None
    told_by: str | None = None
    withheld_why: str | None = None
    withheld_by: str | None = None
    person_id: int | None = None  # who wrote it
    signed_by: int | None = None
    signed_on: date | None = None
    reviewed_by: int | None = None
    reviewed_on: date | None = None
    review: str | None = None
    privacy: str = RESTRICTED
    struck: str | None = None
    struck_by: int | None = None
    struck_on: date | None = None


@kind(("pupil_id", "id"), "suspension or exclusion", kept=True)
@dataclass(frozen=True, slots=True)
class Suspension:
    """A suspension or permanent exclusion (england.md 2.1, 2.2, 2.4). `category`: SUSP, PERM, LNCH; `reasons` one to three DfE codes in
    order, joined by commas; `starts` AM or PM; `half_days` its length. `partner_id` is the school that issued it, None: this setting."""

    pupil_id: int
    id: int
    category: str
    first_day: date
    starts: str = "AM"
    half_days: int | None = None
    last_day: date | None = None
    reasons: str = ""
    partner_id: int | None = None
    moment_id: int | None = None
    sen: str | None = None
    in_care: bool | None = None
    ehc_plan: bool | None = None
    exam_missed: bool = False
    parents_told: date | None = None
    la_told: date | None = None
    social_worker_told: date | None = None
    virtual_head_told: date | None = None
    work_set: bool = False
    day6_where: str | None = None
    day6_from: date | None = None
    board_met: date | None = None
    result: str | None = None
    reinstated_on: date | None = None
    return_meeting: date | None = None
    return_plan: str | None = None
    cancelled_on: date | None = None
    cancelled_why: str | None = None
    note: str | None = None
    person_id: int | None = None
    struck: str | None = None
    struck_by: int | None = None
    struck_on: date | None = None


@kind(("pupil_id", "id"), "moment")
@dataclass(frozen=True, slots=True)
class Moment:
    """A good moment, a neutral observation or an incident. `tone`: good, neutral, incident.

    `severity` 1 (mild) to 3 (serious) of an incident; `helped` what helped; `lesson` from 0 and `at` in minutes after midnight say when;
    `joint` is the id of the first entry where one was typed for several pupils; `status`: draft or complete; `audience`: all staff, or
    `privacy` restricted. A draft counts nowhere.
    """

    pupil_id: int
    id: int
    day: date
    tone: str
    sort: str
    session: str | None = None  # AM | PM
    place: str | None = None
    before: str | None = None
    response: str | None = None
    minutes_to_settle: int | None = None
    text: str | None = None
    person_id: int | None = None
    severity: int | None = None
    helped: str | None = None
    lesson: int | None = None
    at: int | None = None
    joint: int | None = None
    tell_home: bool = False
    told_home_on: date | None = None
    status: str = "complete"
    privacy: str = ORDINARY


@kind(("pupil_id", "id"), "attendance as stated")
@dataclass(frozen=True, slots=True)
class StatedAttendance:
    """Attendance over a period as another school or a file states it; never added to marks.

    `attended` includes approved educational activity. `year_said` is the year text of a transfer file whose meaning is open.
    """

    pupil_id: int
    id: int
    school: str
    first_day: date | None
    last_day: date | None
    possible: int
    attended: int
    authorised: int
    unauthorised: int
    late: int | None = None
    year_said: str | None = None
    source: str | None = None  # summary | ctf | typed
    said_on: date | None = None
    sure: str | None = None  # high | medium | low


# --- measures ---------------------------------------------------------------------------------------------------------


@kind(("pupil_id", "id"), "reading")
@dataclass(frozen=True, slots=True)
class Reading:
    """One sitting of an instrument. A series is pupil, instrument, edition, respondent and, for goals, the goal.

    `value` is the main scale's score, `parts` the other scales as JSON {"scale": score}, `answers` one byte an item
    (254 declined, 255 not reached). `status`: draft, complete, void (then `why` says why). `scorer` is the scorer's version.
    """

    pupil_id: int
    id: int
    day: date
    instrument: str
    edition: str
    respondent: str  # pupil | teacher | parent | school
    value: float | None = None
    parts: str | None = None
    answers: bytes | None = None
    rater: str | None = None
    goal_id: int | None = None
    status: str = "complete"
    why: str | None = None
    scorer: int = 1
    source: str | None = None  # typed | file | sitting
    sure: str | None = None  # high | medium | low
    form: str | None = None  # test form, or standard / follow-up


@kind(("pupil_id", "id"), "goal")
@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, verbatim; ratings 0 to 10 are readings of the instrument `goal`. `owner`: pupil, or a member of staff's name."""

    pupil_id: int
    id: int
    words: str
    owner: str = "pupil"
    first_day: date | None = None
    target: int | None = None
    target_day: date | None = None
    ended_on: date | None = None
    rank: int | None = None
    audience: str = "family"


@kind(("pupil_id", "id"), "starting point")
@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A pupil's agreed starting point; a second one stands beside the first, never over it."""

    pupil_id: int
    id: int
    day: date
    agreed_on: date | None = None
    agreed_by: str | None = None
    note: str | None = None


@kind(("pupil_id", "id"), "starting value")
@dataclass(frozen=True, slots=True)
class StartValue:
    """One value of a starting point, with who said so and how sure they are.

    `what` names it in words. It is either a reading (`reading_id`), attendance as stated (`stated_id`), or a number of
    its own (`value`, of `of` where there is a whole).
    """

    pupil_id: int
    id: int
    starting_point_id: int
    strand: str
    what: str
    reading_id: int | None = None
    stated_id: int | None = None
    value: float | None = None
    of: int | None = None
    detail: str | None = None
    source: str | None = None
    sure: str | None = None
