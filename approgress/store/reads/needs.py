"""What the rules of "Needs you" look at: everyone on roll at once, or a few pupils, in bounded statements that do not grow with the years.

Marks and lesson scores are read by key range per pupil for the last weeks only (a mark N since the school year began); what was written last is
sought backwards along each pupil's own records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approgress.domain.acts.needs import BEGINS
from approgress.domain.attendance import ATTENDED_BELOW
from approgress.domain.change import TREND_WEEKS, WeekCount, school_weeks
from approgress.domain.days import to_date, to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.first_day import Reach, reach_of
from approgress.domain.instruments import STRANDS
from approgress.domain.naming import ShownName
from approgress.domain.needs import (
    SILENT_DAYS,
    START_FROM_DAY,
    START_GIVEN_UP,
    GoalFacts,
    Line,
    OpenSession,
    Own,
    PupilFacts,
    Rules,
    SeriesFacts,
    StartFacts,
    absence,
    lines_of,
    register_lines,
    to_ring,
)
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Event,
    Goal,
    Intervention,
    Mark,
    Rest,
    Suspension,
    Timetable,
    TimetableReview,
    kind_of,
)
from approgress.domain.register import closes_at, is_closed
from approgress.domain.school_year import school_year_of
from approgress.domain.strands import LESSON_SCALE, top_words
from approgress.store.catalogue import exclusions
from approgress.store.reads import Reader
from approgress.store.reads.moments import members
from approgress.store.reads.pupils import cards, names_of

ABSENCE_DAYS = 120
"""Days looked back for the last attended session, and for the absences since."""
N_DAYS = 120
"""Days looked back at least for a mark N; else to the beginning of the school year."""
SUSPENSION_DAYS = 400
ENGAGEMENT_WEEKS = TREND_WEEKS + 4
"""School weeks looked back for a trend of eight with lessons enough."""

_ROLL = "e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ?"
# the present stay; of two that overlap the one that began last
_STAYS = f"SELECT e.pupil_id, e.first_day, e.last_day FROM enrolment e WHERE {_ROLL}{{more}} ORDER BY e.pupil_id, coalesce(e.first_day, -1000000), e.id"
_SEEN = f"""
SELECT e.pupil_id, (
  SELECT m.day FROM mark m WHERE m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id AND m.day >= ? AND m.day <= ? AND (m.am < ? OR m.pm < ?)
    AND m.day >= coalesce(e.first_day, -1000000)
  ORDER BY m.day DESC LIMIT 1)
FROM enrolment e WHERE {_ROLL}{{more}}
"""
_ABSENT = f"""
SELECT m.pupil_id, m.day, m.am, m.pm
FROM enrolment e JOIN mark m ON m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id AND m.day >= ? AND m.day <= ?
  AND m.day >= coalesce(e.first_day, -1000000)
WHERE {_ROLL}{{more}} AND ((m.day >= ? AND (m.am >= ? OR m.pm >= ?)) OR m.am IN ({{ns}}) OR m.pm IN ({{ns}}))
"""
# newest first along each pupil's own records, so that the walk ends at the first that is recent
_WROTE = f"""
SELECT e.pupil_id FROM enrolment e WHERE {_ROLL}{{more}}
  AND (SELECT 1 FROM note x WHERE x.pupil_id = e.pupil_id AND x.day > ? AND x.day <= ? AND x.privacy IN ({{classes}})
       AND x.text NOT LIKE ? ORDER BY x.id DESC LIMIT 1) IS NULL
  AND (SELECT 1 FROM moment x WHERE x.pupil_id = e.pupil_id AND x.day > ? AND x.day <= ? AND x.privacy IN ({{classes}})
       AND x.status <> 'draft' ORDER BY x.id DESC LIMIT 1) IS NULL
  AND (SELECT 1 FROM reading x WHERE x.pupil_id = e.pupil_id AND x.day > ? AND x.day <= ? AND x.respondent <> 'pupil' AND x.status <> 'void'
       ORDER BY x.id DESC LIMIT 1) IS NULL
  AND (SELECT 1 FROM absence_contact x WHERE x.pupil_id = e.pupil_id AND x.day > ? AND x.day <= ? AND x.struck IS NULL ORDER BY x.id DESC LIMIT 1) IS NULL
  AND (SELECT 1 FROM lesson_note x WHERE x.pupil_id = e.pupil_id AND x.slot >= ? AND x.slot < ? LIMIT 1) IS NULL
"""
_SERIES = f"""
SELECT r.pupil_id, r.instrument, max(r.day)
FROM enrolment e JOIN reading r ON r.pupil_id = e.pupil_id AND r.status = 'complete' AND r.goal_id IS NULL AND r.value IS NOT NULL
  AND r.day >= coalesce(e.first_day, -1000000) AND r.day <= ?
WHERE {_ROLL}{{more}} GROUP BY r.pupil_id, r.instrument
"""
_RATINGS = f"""
SELECT r.pupil_id, r.goal_id, r.respondent, r.edition, r.day, r.value
FROM enrolment e JOIN goal g ON g.pupil_id = e.pupil_id AND g.ended_on IS NULL AND g.target IS NOT NULL AND g.target_day IS NOT NULL
JOIN reading r ON r.pupil_id = g.pupil_id AND r.goal_id = g.id AND r.status = 'complete' AND r.value IS NOT NULL AND r.day <= ?
WHERE {_ROLL}{{more}} ORDER BY r.day, r.id
"""
_WEEKS = f"""
SELECT l.pupil_id, (l.slot / 8 - 2) / 7, sum(CASE WHEN l.score >= ? THEN 1 ELSE 0 END), count(l.score)
FROM enrolment e JOIN lesson_score l ON l.pupil_id = e.pupil_id AND l.slot >= ? AND l.slot < ? AND l.slot >= 8 * coalesce(e.first_day, -1000000)
WHERE {_ROLL}{{more}} GROUP BY l.pupil_id, (l.slot / 8 - 2) / 7
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of the pupils that were asked for, those of registers (only where all were asked for), and what rests."""

    lines: Mapping[int, tuple[Line, ...]]
    registers: tuple[Line, ...] | None
    rests: tuple[Rest, ...]
    rules: Rules = field(repr=False)


def needs(
    reader: Reader,
    facts: SchoolFacts,
    today: date,
    *,
    pupils: Collection[int] | None = None,
    now: int | None = None,
    rules: Rules | None = None,
) -> Found:
    """The lines of everyone on roll today, or of `pupils` only. `now` is in minutes after midnight.

    A pupil of `pupils` who is not on roll has no lines. Registers are read only where `pupils` is None or empty.
    `rules` are those of a reading before on the same day, of the same facts.
    """
    rules = rules if rules is not None else rules_of(facts, today)
    found = {p.pupil_id: lines_of(p, rules) for p in pupil_facts(reader, facts, today, pupils=pupils)}
    for pupil in pupils or ():
        found.setdefault(pupil, ())
    registers = register_lines(open_sessions(reader, facts, today, now), rules) if not pupils else None
    return Found(found, registers, rests(reader, today), rules)


def rules_of(facts: SchoolFacts, today: date) -> Rules:
    """What the rules need of the school."""
    scale = facts.library.get(LESSON_SCALE)
    top = top_words(scale.main) if scale is not None else "at 4 or 5"
    return Rules(today, facts.calendar, facts.codes, facts.setting, top, exclusions().limits)


def on_roll(reader: Reader, setting_id: int, today: date) -> list[int]:
    """The ids of everyone on roll today."""
    n = to_number(today)
    rows: list[Any] = reader.sql(_STAYS.format(more=""), setting_id, n, n)
    return list(dict.fromkeys(p for p, _, _ in rows))


def own(reader: Reader, facts: SchoolFacts, today: date) -> Own:
    """The groups that the viewer teaches today, and who is in them."""
    groups = frozenset(
        t.group_id
        for t in facts.group_teachers
        if t.person_id == reader.viewer.person_id and (t.first_day is None or t.first_day <= today) and (t.last_day is None or today <= t.last_day)
    )
    return Own(groups, frozenset(p for g in groups for p in members(reader, g, today, facts.setting.id)))


def names(reader: Reader, facts: SchoolFacts, today: date, ids: Collection[int], *, hidden: bool = False) -> dict[int, str]:
    """How these pupils are named beside the register: as on the register itself."""
    found = names_of(reader, ids, today, hidden=hidden, legal=facts.setting.legal_names_on_registers)
    return {i: name.full for i, name in found.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """A pupil about whom somebody at home is rung: what for, and who may be rung, in their order. `urgent`: it is about safety."""

    name: ShownName
    reasons: tuple[str, ...]
    reach: tuple[Reach, ...]
    urgent: bool


def call_list(reader: Reader, facts: SchoolFacts, today: date, *, hidden: bool = False) -> tuple[Call, ...]:
    """Whom to ring today: safety first, then by name. Who must not be contacted, or has no number, is not among `reach`.

    With names hidden pupils are codes and people at home are what they are to the pupil ('mother').
    """
    rules = rules_of(facts, today)
    wanted: dict[int, tuple[tuple[str, ...], bool]] = {}
    for p in pupil_facts(reader, facts, today):
        reasons = to_ring(p, rules)
        if reasons:
            wanted[p.pupil_id] = (reasons, any(True for _ in absence(p, rules)))
    ids = list(wanted)
    shown = names_of(reader, ids, today, hidden=hidden, legal=facts.setting.legal_names_on_registers)
    people = _by_pupil(_of(reader, Contact, ids, "must_not_contact = 0"))
    found = [
        Call(shown[p], reasons, tuple(r for r in reach_of(people.get(p, ()), hidden=hidden) if r.phone and not r.barred), urgent)
        for p, (reasons, urgent) in wanted.items()
        if p in shown
    ]
    return tuple(sorted(found, key=lambda c: (not c.urgent, c.name.by_forename)))


def rests(reader: Reader, today: date) -> tuple[Rest, ...]:
    """The lines that rest beyond today."""
    return tuple(_records(reader, Rest, "until > ?", to_number(today)))


def open_sessions(reader: Reader, facts: SchoolFacts, today: date, now: int | None) -> tuple[OpenSession, ...]:
    """Registers that were not finished or never taken: of the last ten school days, and of today once they have closed."""
    from approgress.store.reads.register import unfinished

    setting = facts.setting
    found: list[OpenSession] = []
    for o in unfinished(reader, facts, today):
        closes = closes_at(setting, o.session)
        # without a time a register has no end, and the day's registers are there to be taken
        if o.day == today and (closes is None or now is None or not is_closed(setting, o.day, o.session, today, now)):
            continue
        said = f"closed {closes // 60:02d}:{closes % 60:02d}" if closes is not None else ""
        found.append(OpenSession(o.day, o.session, o.group_id, o.group, o.due - o.blanks, o.due, said))
    return tuple(found)


def pupil_facts(
    reader: Reader, facts: SchoolFacts, today: date, *, pupils: Collection[int] | None = None
) -> list[PupilFacts]:
    """What the rules look at, of everyone on roll today or of some of them."""
    n, setting = to_number(today), facts.setting.id
    some = sorted(pupils) if pupils is not None and pupils else None
    more = f" AND e.pupil_id IN ({', '.join('?' * len(some))})" if some is not None else ""
    roll: tuple[Any, ...] = (setting, n, n, *(some or ()))
    stays: dict[int, tuple[date | None, date | None]] = {}
    rows: list[Any] = reader.sql(_STAYS.format(more=more), *roll)
    for pupil, first, last in rows:
        stays[pupil] = (_day(first), _day(last))
    if not stays:
        return []
    ids = list(stays)
    rows = reader.sql(_SEEN.format(more=more), n - ABSENCE_DAYS, n, ATTENDED_BELOW, ATTENDED_BELOW, *roll)
    seen: dict[int, Any] = {pupil: day for pupil, day in rows if day is not None}
    marks = _absences(reader, facts, today, more, roll, seen)
    away = [p for p in ids if p in marks]
    contacts = _by_pupil(_of(reader, AbsenceContact, away, "day > ?", n - ABSENCE_DAYS))
    written = _written(reader, ids, today, more, roll)
    starts = _starts(reader, facts, today, stays)
    series = _series(reader, facts, n, more, roll)
    goals = _goals(reader, n, more, roll)
    weeks = _weeks(reader, facts, today, more, roll)
    plans = _by_pupil(_of(reader, Timetable, ids, "setting_id = ? AND first_day <= ? AND coalesce(last_day, 10000000) >= ?", setting, n, n))
    reviews = _by_pupil(_of(reader, TimetableReview, list(plans), "held_on IS NULL"))
    suspended = _by_pupil(_of(reader, Suspension, ids, "first_day >= ?", n - SUSPENSION_DAYS))  # struck ones too: no event of their days counts
    events = _by_pupil(_of(reader, Event, list(suspended), "sort = 'suspension'"))
    held = _by_pupil(
        _of(reader, Intervention, ids, "struck IS NULL AND day <= ? AND (signed_by IS NULL OR (told_on IS NULL AND withheld_why IS NULL))", n)
    )
    return [
        PupilFacts(
            pupil_id=p,
            stay=stays[p],
            marks=tuple(marks.get(p, ())),
            seen_on=_day(seen.get(p)),
            contacts=tuple(contacts.get(p, ())),
            written_on=written.get(p),
            start=starts.get(p),
            series=series.get(p, ()),
            goals=goals.get(p, ()),
            weeks=weeks.get(p, ()),
            timetables=tuple(plans.get(p, ())),
            reviews=tuple(reviews.get(p, ())),
            suspensions=tuple(suspended.get(p, ())),
            interventions=tuple(held.get(p, ())),
            events=tuple(events.get(p, ())),
        )
        for p in ids
    ]


# --- the parts ---------------------------------------------------------------------------------------------------------


def _absences(reader: Reader, facts: SchoolFacts, today: date, more: str, roll: tuple[Any, ...], seen: Mapping[Any, Any]) -> dict[int, list[Mark]]:
    n = to_number(today)
    year = to_number(date(school_year_of(today), 9, 1))
    ns = [c.number for c in facts.codes.codes if c.text == "N"]
    holes = ", ".join("?" * len(ns)) or "NULL"
    # of absences only those since the earliest day that anybody was last here matter; whoever was not here for so long has all of theirs
    back = n - ABSENCE_DAYS
    rows: list[Any] = reader.sql(
        _ABSENT.format(more=more, ns=holes), min(year, n - N_DAYS), n, *roll, back, ATTENDED_BELOW, ATTENDED_BELOW, *ns, *ns
    )
    wanted = set(ns)
    setting = facts.setting.id
    found: dict[int, list[Mark]] = {}
    for pupil, day, am, pm in rows:
        last = seen.get(pupil)
        if last is not None and day < last and am not in wanted and pm not in wanted:
            continue
        found.setdefault(pupil, []).append(Mark(pupil, setting, to_date(day), am, pm))
    return found


def _written(reader: Reader, ids: list[int], today: date, more: str, roll: tuple[Any, ...]) -> dict[int, date]:
    """When staff last wrote of each pupil; whoever was written of within the last two weeks stands at today, which is as good.

    "Not worried because ..." is not writing about a pupil: else resting the line would end the silence that it speaks of.
    """
    rested = f"{BEGINS}%"
    n = to_number(today)
    since = n - SILENT_DAYS
    classes = sorted(reader.viewer.classes)
    holes = ", ".join("?" * len(classes)) or "''"
    text = _WROTE.format(more=more, classes=holes)
    silent: list[Any] = [
        r[0] for r in reader.sql(text, *roll, since, n, *classes, rested, since, n, *classes, since, n, since, n, (since + 1) * 8, (n + 1) * 8)
    ]
    quiet = set(silent)
    found = {p: today for p in ids if p not in quiet}
    if silent:
        where = f"pupil_id IN ({', '.join('?' * len(silent))})"
        newest: dict[int, int] = {}
        for text, values in (
            (f"SELECT pupil_id, max(day) FROM note WHERE {where} AND day <= ? AND privacy IN ({holes}) AND text NOT LIKE ? GROUP BY pupil_id", (n, *classes, rested)),
            (f"SELECT pupil_id, max(day) FROM moment WHERE {where} AND day <= ? AND status <> 'draft' AND privacy IN ({holes}) GROUP BY pupil_id", (n, *classes)),
            (f"SELECT pupil_id, max(day) FROM reading WHERE {where} AND day <= ? AND respondent <> 'pupil' AND status <> 'void' GROUP BY pupil_id", (n,)),
            (f"SELECT pupil_id, max(day) FROM absence_contact WHERE {where} AND day <= ? AND struck IS NULL GROUP BY pupil_id", (n,)),
            (f"SELECT pupil_id, max(slot) / 8 FROM lesson_note WHERE {where} AND slot < ? GROUP BY pupil_id", ((n + 1) * 8,)),
        ):
            rows: list[Any] = reader.sql(text, *silent, *values)
            for pupil, day in rows:
                if day is not None:
                    newest[pupil] = max(day, newest.get(pupil, day))
        found.update({p: to_date(day) for p, day in newest.items()})
    return found


def _starts(reader: Reader, facts: SchoolFacts, today: date, stays: Mapping[int, tuple[date | None, date | None]]) -> dict[int, StartFacts]:
    days = facts.setting.starting_point_days
    first, last = today - timedelta(days=START_GIVEN_UP * days), today - timedelta(days=START_FROM_DAY)
    new = [p for p, (began, _) in stays.items() if began is not None and first <= began <= last]
    if not new:
        return {}
    # a starting point of this stay that is agreed waits for nobody: most are, and a card costs far more than this question
    agreed: dict[int, tuple[int, int, bool]] = {}
    rows: list[Any] = reader.sql(
        f"SELECT pupil_id, day, id, agreed_on FROM starting_point WHERE pupil_id IN ({', '.join('?' * len(new))}) AND day <= ?", *new, to_number(today)
    )
    for pupil, day, point, on in rows:
        began = stays[pupil][0]
        if began is not None and day >= to_number(began):
            agreed[pupil] = max(agreed.get(pupil, (0, 0, False)), (day, point, on is not None and on <= to_number(today)))
    new = [p for p in new if not agreed.get(p, (0, 0, False))[2]]
    if not new:
        return {}
    return {
        c.pupil_id: StartFacts(c.strands_started, len(c.held), c.lacking_words, c.agreed, c.day_number, c.days)
        for c in cards(reader, facts, today, ids=new)
        if c.day_number is not None
    }


def _series(reader: Reader, facts: SchoolFacts, n: int, more: str, roll: tuple[Any, ...]) -> dict[int, tuple[SeriesFacts, ...]]:
    found: dict[int, tuple[SeriesFacts, ...]] = {}
    rows: list[Any] = reader.sql(_SERIES.format(more=more), n, *roll)
    for pupil, instrument_id, last in rows:
        instrument = facts.library.get(instrument_id)
        if instrument is None or not instrument.enabled or instrument_id == LESSON_SCALE:
            continue
        one = SeriesFacts(instrument_id, instrument.short, STRANDS.get(instrument.strand, instrument.strand), instrument.interval_days, to_date(last))
        found[pupil] = (*found.get(pupil, ()), one)
    return found


def _goals(reader: Reader, n: int, more: str, roll: tuple[Any, ...]) -> dict[int, tuple[GoalFacts, ...]]:
    rows: list[Any] = reader.sql(_RATINGS.format(more=more), n, *roll)
    series: dict[tuple[int, int], dict[tuple[str, str], list[tuple[date, float]]]] = {}
    for pupil, goal, respondent, edition, day, value in rows:
        series.setdefault((pupil, goal), {}).setdefault((respondent, edition), []).append((to_date(day), value))
    if not series:
        return {}
    found: dict[int, tuple[GoalFacts, ...]] = {}
    rated = sorted({pupil for pupil, _ in series})
    for g in _of(reader, Goal, rated, "ended_on IS NULL AND target IS NOT NULL"):
        of = series.get((g.pupil_id, g.id))
        if of is not None:  # the pupil's own ratings where there are any; respondents are never mixed
            chosen = max(of.items(), key=lambda one: (one[0][0] == "pupil", len(one[1])))[1]
            found[g.pupil_id] = (*found.get(g.pupil_id, ()), GoalFacts(g, tuple(chosen)))
    return found


def _weeks(reader: Reader, facts: SchoolFacts, today: date, more: str, roll: tuple[Any, ...]) -> dict[int, tuple[WeekCount, ...]]:
    scale = facts.library.get(LESSON_SCALE)
    if scale is None or scale.main.count_from is None:
        return {}
    calendar = facts.calendar
    weeks = list(calendar.weeks(today - timedelta(days=200), today))[-ENGAGEMENT_WEEKS:] if calendar else []
    first = weeks[0].first_day if len(weeks) == ENGAGEMENT_WEEKS else today - timedelta(weeks=ENGAGEMENT_WEEKS + 4)
    a, b = to_number(first) * 8, (to_number(today) + 1) * 8
    counts: dict[int, dict[date, tuple[int, int]]] = {}
    rows: list[Any] = reader.sql(_WEEKS.format(more=more), int(scale.main.count_from), a, b, *roll)
    for pupil, week, count, of in rows:
        counts.setdefault(pupil, {})[to_date(7 * week + 2)] = (int(count), int(of))
    mondays = [w.first_day for w in weeks if w.first_day >= first]
    found: dict[int, tuple[WeekCount, ...]] = {}
    for pupil, c in counts.items():
        if len(c) >= TREND_WEEKS:
            found[pupil] = tuple(WeekCount(m, i, *c.get(m, (0, 0))) for i, m in enumerate(mondays, start=1)) if mondays else school_weeks(c)
    return found


def _day(number: Any) -> date | None:
    return None if number is None else to_date(number)


def _of(reader: Reader, cls: type[Any], ids: list[int], where: str, *values: object) -> list[Any]:
    """The records of these pupils that this viewer may read; of very many the whole table is walked once."""
    if not ids:
        return []
    if len(ids) > 400:
        kept = set(ids)
        return [r for r in _records(reader, cls, where, *values) if r.pupil_id in kept]
    return _records(reader, cls, f"pupil_id IN ({', '.join('?' * len(ids))}) AND {where}", *ids, *values)


def _records(reader: Reader, cls: type[Any], where: str, *values: object) -> list[Any]:
    kind = kind_of(cls)
    columns, order = ", ".join(kind.key + kind.fields), ", ".join(kind.key)
    rows = reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {where} ORDER BY {order}", *values)
    return [r for r in (reader.rows.record(kind, row) for row in rows) if reader.may(r)]


def _by_pupil(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for r in rows:
        found.setdefault(r.pupil_id, []).append(r)
    return found
