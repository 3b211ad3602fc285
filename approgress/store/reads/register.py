"""Registers: a group's register of one day, registers left open, marks without a reason, who is in the building and who has not arrived.

Marks lie clustered by pupil, so every question here names its pupils and a bounded stretch of days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approgress.domain.attendance import ATTENDED_BELOW, UNAUTHORISED_BELOW, n_last_day
from approgress.domain.cohort import InBuilding, NMark, NotArrived, NotArrivedAt, OpenRegister, Register, RegisterRow
from approgress.domain.days import to_date, to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.first_day import clock
from approgress.domain.naming import ShownName, shown
from approgress.domain.records import (
    AbsenceContact,
    Elsewhere,
    LessonNote,
    Mark,
    Movement,
    Name,
    Pupil,
    Setting,
    Suspension,
    Timetable,
    TimetableStep,
    kind_of,
)
from approgress.domain.register import AM, NOON, PM, Standing, has_begun, opens_at, standing
from approgress.domain.school_year import Calendar, school_year_of
from approgress.store.reads import Reader

OPEN_DAYS = 10
"""School days before today in which a register that was not taken is looked for."""
NOT_TAKEN = "Register not taken yet"
N_DAYS = 92
"""Marks N are looked for at least this many days back, and to the beginning of the school year (1 September)."""
_HERE = ("/", "\\", "L", "U")
"""Codes of a pupil who is in the building; K, V, P, W and B are attended elsewhere."""
_ALWAYS, _NEVER = -1_000_000, 10_000_000

# everyone on roll that day (and, with a group, in it), with the year, the placement and the home school of that day
_WHO = """
SELECT DISTINCT e.pupil_id, e.registration,
  (SELECT y.year FROM year_group y WHERE y.pupil_id = e.pupil_id AND y.school_year <= ? ORDER BY y.school_year DESC, y.id DESC LIMIT 1),
  (SELECT p.id FROM placement p WHERE p.pupil_id = e.pupil_id AND p.first_day <= ? AND coalesce(p.last_day, 10000000) >= ?
   ORDER BY p.first_day DESC, p.id DESC LIMIT 1),
  (SELECT h.partner_id FROM home_school h WHERE h.pupil_id = e.pupil_id AND coalesce(h.first_day, -1000000) <= ?
   AND coalesce(h.last_day, 10000000) >= ? ORDER BY coalesce(h.first_day, -1000000) DESC, h.id DESC LIMIT 1)
FROM enrolment e
"""
_IN_GROUP = "JOIN group_member g ON g.pupil_id = e.pupil_id AND g.group_id = ? AND coalesce(g.first_day, -1000000) <= ? AND coalesce(g.last_day, 10000000) >= ?"
_ROLL = " WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? AND coalesce(e.last_day, 10000000) >= ? ORDER BY e.pupil_id"


def of_group(
    reader: Reader,
    facts: SchoolFacts,
    group_id: int | None,
    day: date,
    *,
    hidden: bool = False,
    only: Collection[int] | None = None,
) -> Register:
    """The register of a group on a day (of everyone on roll without `group_id`), in the order of names.

    Names are the legal ones where the setting asks for them on registers. `school_day` is None without a calendar for that day. With
    `only` the rows of these pupils alone, to be put into a register that was read before (`Register.with_rows`).
    """
    setting = facts.setting
    n = to_number(day)
    values: list[Any] = [school_year_of(day), n, n, n, n]
    text = _WHO
    if group_id is not None:
        text += _IN_GROUP
        values += [group_id, n, n]
    roll = _ROLL
    if only is not None:
        if not only:
            return Register(setting.id, group_id, day, _school_day(day, facts.calendar), ())
        roll = _ROLL.replace(" WHERE ", f" WHERE e.pupil_id IN ({_holes(only)}) AND ")
        values += sorted(only)
    who: dict[Any, tuple[Any, ...]] = {p: tuple(rest) for p, *rest in reader.sql(text + roll, *values, setting.id, n, n)}
    school_day = _school_day(day, facts.calendar)
    if not who:
        return Register(setting.id, group_id, day, school_day, ())
    ids = list(who)
    holes = _holes(ids)
    pupils: dict[int, Pupil] = {p.id: p for p in _records(reader, Pupil, f"id IN ({holes})", *ids)}
    names = _by_pupil(reader, Name, f"pupil_id IN ({holes})", *ids)
    marks: dict[int, Mark] = {
        m.pupil_id: m for m in _records(reader, Mark, f"pupil_id IN ({holes}) AND setting_id = ? AND day = ?", *ids, setting.id, n)
    }
    scores: dict[Any, dict[Any, tuple[Any, Any]]] = {}
    for pupil, slot, score, own in reader.sql(
        f"SELECT pupil_id, slot, score, own FROM lesson_score WHERE pupil_id IN ({holes}) AND slot >= ? AND slot < ?",
        *ids,
        n * 8,
        (n + 1) * 8,
    ):
        scores.setdefault(pupil, {})[slot % 8] = (score, own)  # pyright: ignore[reportOperatorIssue]
    notes = _by_pupil(reader, LessonNote, f"pupil_id IN ({holes}) AND slot >= ? AND slot < ?", *ids, n * 8, (n + 1) * 8)
    contacts = _by_pupil(reader, AbsenceContact, f"pupil_id IN ({holes}) AND day = ?", *ids, n)
    movements = _by_pupil(reader, Movement, f"pupil_id IN ({holes}) AND day = ?", *ids, n)
    placements: dict[Any, Any] = {}
    if any(v[2] is not None for v in who.values()):
        text = f"SELECT pupil_id, id, sort, sessions_a_week, partner_id FROM placement WHERE pupil_id IN ({holes})"
        placements = {(p, i): rest for p, i, *rest in reader.sql(text, *ids)}
    patterns = _patterns(reader, facts, ids, day, day)
    lessons = range(setting.lessons)
    rows: list[RegisterRow] = []
    for i in ids:
        if i not in pupils:
            continue
        registration, year, placement, home = who[i]
        sort, weekly, placed_by = placements.get((i, placement), (None, None, None))
        partner = facts.partners.get(placed_by if placed_by is not None else home)  # pyright: ignore[reportArgumentType]
        mine = scores.get(i, {})
        written = {x.slot % 8: x for x in notes.get(i, ())}
        born = pupils[i].born
        am, pm = patterns.of_day(i, day, born, registration)
        rows.append(
            RegisterRow(
                pupil_id=i,
                name=shown(pupils[i], names.get(i, ()), day, hidden=hidden, legal=setting.legal_names_on_registers),
                mark=marks.get(i),
                scores=tuple(mine.get(k, (None, None))[0] for k in lessons),
                own=tuple(mine.get(k, (None, None))[1] for k in lessons),
                year=year,
                placement_sort=sort,
                sessions_a_week=weekly,
                born=born,
                am=am,
                pm=pm,
                contacts=tuple(sorted(contacts.get(i, ()), key=lambda c: (c.at is None, c.at or 0, c.id))),
                movements=tuple(sorted(movements.get(i, ()), key=lambda m: (m.at, m.id))),
                notes=tuple(written.get(k) for k in lessons),
                registration=registration,
                home_school=partner.name if partner is not None else None,
            )
        )
    rows.sort(key=lambda r: r.name.by_forename)
    return Register(setting.id, group_id, day, school_day, tuple(rows))


def _school_day(day: date, calendar: Calendar) -> bool | None:
    if calendar and calendar.knows(day, day):
        return calendar.is_school_day(day)
    return None if day.weekday() < 5 else False


# --- patterns ---------------------------------------------------------------------------------------------------------


def _nothing() -> dict[int, list[Any]]:
    return {}


@dataclass(slots=True)
class _Patterns:
    """What lets a session's code be expected, by pupil: part-time timetables, sessions elsewhere, suspensions, and the calendar."""

    setting_id: int
    calendar: Calendar
    timetables: dict[int, list[Timetable]] = field(default_factory=_nothing)
    steps: dict[int, list[TimetableStep]] = field(default_factory=_nothing)
    elsewhere: dict[int, list[Elsewhere]] = field(default_factory=_nothing)
    suspensions: dict[int, list[Suspension]] = field(default_factory=_nothing)
    _closed: dict[date, tuple[Standing, Standing] | None] = field(default_factory=dict[date, tuple[Standing, Standing] | None])

    def of_day(self, pupil: int, day: date, born: date | None, registration: str | None) -> tuple[Standing, Standing]:
        """What is known of the morning and the afternoon."""
        if pupil not in self.timetables and pupil not in self.elsewhere and pupil not in self.suspensions:
            if day not in self._closed:
                open_ = self.calendar.is_school_day(day) or _school_day(day, self.calendar) is None
                self._closed[day] = None if open_ else (self._one(0, day, AM, None, None), self._one(0, day, PM, None, None))
            plain = self._closed[day]
            if plain is not None:
                return plain
            known = _DUAL if registration in ("M", "S") else _PLAIN
            return known, known
        return self._one(pupil, day, AM, born, registration), self._one(pupil, day, PM, born, registration)

    def _one(self, pupil: int, day: date, session: str, born: date | None, registration: str | None) -> Standing:
        return standing(
            day,
            session,
            setting_id=self.setting_id,
            timetables=self.timetables.get(pupil, ()),
            steps=self.steps.get(pupil, ()),
            elsewhere=self.elsewhere.get(pupil, ()),
            suspensions=self.suspensions.get(pupil, ()),
            born=born,
            registration=registration,
            calendar=self.calendar,
        )


_PLAIN, _DUAL = Standing(), Standing(dual=True)


def _patterns(reader: Reader, facts: SchoolFacts, ids: Sequence[int], first: date, last: date) -> _Patterns:
    """The patterns of these pupils that can hold on a day from `first` to `last`."""
    a, b, setting = to_number(first), to_number(last), facts.setting.id
    holes = _holes(ids)
    within = f"pupil_id IN ({holes}) AND setting_id = ? AND coalesce(first_day, {_ALWAYS}) <= ? AND coalesce(last_day, {_NEVER}) >= ?"
    timetables = _by_pupil(reader, Timetable, within, *ids, setting, b, a)
    steps: dict[int, list[Any]] = {}
    if timetables:
        steps = _by_pupil(reader, TimetableStep, f"pupil_id IN ({_holes(timetables)}) AND first_day <= ?", *timetables, b)
    return _Patterns(
        setting,
        facts.calendar,
        timetables,
        steps,
        _by_pupil(reader, Elsewhere, within, *ids, setting, b, a),
        _by_pupil(
            reader,
            Suspension,
            f"pupil_id IN ({holes}) AND first_day <= ? AND coalesce(last_day, {_NEVER}) >= ? AND struck IS NULL AND partner_id IS NULL",
            *ids,
            b,
            a,
        ),
    )


# --- registers left open ----------------------------------------------------------------------------------------------


def unfinished(
    reader: Reader, facts: SchoolFacts, day: date, *, minutes: int | None = None, school_days: int = OPEN_DAYS
) -> tuple[OpenRegister, ...]:
    """Registers never taken or not finished, of `day` and the `school_days` before it, by group and session; the newest first.

    `minutes` after midnight say which sessions of `day` have begun: the morning from its start, the afternoon from `pm_starts`, or from noon
    without one; without `minutes` the whole day has. Sessions with an expected code are not due. Pupils in no group stand under no group.
    Without a calendar for that time only `day` is looked at.
    """
    setting = facts.setting
    days = _days_back(facts.calendar, day, school_days)
    if not days:
        return ()
    first, last = days[0], days[-1]
    a, b = to_number(first), to_number(last)
    roll: dict[Any, list[tuple[int, int]]] = {}
    for pupil, begins, ends in reader.sql(
        f"SELECT pupil_id, coalesce(first_day, {_ALWAYS}), coalesce(last_day, {_NEVER}) FROM enrolment "
        f"WHERE setting_id = ? AND coalesce(first_day, {_ALWAYS}) <= ? AND coalesce(last_day, {_NEVER}) >= ?",
        setting.id, b, a,
    ):  # fmt: skip
        roll.setdefault(pupil, []).append((begins, ends))  # type: ignore[arg-type]
    if not roll:
        return ()
    groups: dict[Any, list[tuple[Any, Any, Any]]] = {}
    for pupil, group, begins, ends in reader.sql(
        f"SELECT pupil_id, group_id, coalesce(first_day, {_ALWAYS}), coalesce(last_day, {_NEVER}) FROM group_member "
        f"WHERE coalesce(first_day, {_ALWAYS}) <= ? AND coalesce(last_day, {_NEVER}) >= ?",
        b, a,
    ):  # fmt: skip
        if group in facts.groups:
            groups.setdefault(pupil, []).append((group, begins, ends))
    ids = sorted(roll)
    has: tuple[dict[Any, set[Any]], dict[Any, set[Any]]] = ({}, {})  # by session: the days that have a mark, by pupil
    text = f"SELECT pupil_id, day, am, pm FROM mark WHERE pupil_id IN ({_holes(ids)}) AND setting_id = ? AND day >= ? AND day <= ?"
    for pupil, n, am, pm in reader.sql(text, *ids, setting.id, a, b):
        if am is not None:
            has[0].setdefault(pupil, set()).add(n)
        if pm is not None:
            has[1].setdefault(pupil, set()).add(n)
    wanted = [
        frozenset(to_number(d) for d in days if d != day or minutes is None or has_begun(setting, d, s, day, minutes)) for s in (AM, PM)
    ]
    throughout: dict[Any, int] = {}  # by group: pupils who were on roll and in it all the time, whose days need not be looked at one by one
    of: dict[_Open, int] = {}
    blank: dict[_Open, list[int]] = {}
    nothing: set[Any] = set()
    for pupil in ids:
        stay, mine = roll[pupil], groups.get(pupil, ())
        if (
            len(stay) == 1
            and stay[0][0] <= a
            and stay[0][1] >= b
            and len(mine) < 2
            and all(begins <= a and ends >= b for _, begins, ends in mine)
        ):
            g = mine[0][0] if mine else None
            throughout[g] = throughout.get(g, 0) + 1
            for k in (0, 1):
                for n in wanted[k] - has[k].get(pupil, nothing):
                    blank.setdefault((g, n, k), []).append(pupil)
            continue
        for n in map(to_number, days):
            if any(begins <= n <= ends for begins, ends in stay):
                for g in [g for g, begins, ends in mine if begins <= n <= ends] or (None,):
                    for k in (0, 1):
                        if n in wanted[k]:
                            of[g, n, k] = of.get((g, n, k), 0) + 1
                            if n not in has[k].get(pupil, nothing):
                                blank.setdefault((g, n, k), []).append(pupil)
    marked = {key: throughout.get(key[0], 0) + of.get(key, 0) - len(pupils) for key, pupils in blank.items()}
    return _without_expected(reader, facts, blank, marked, first, last)


_Open = tuple[Any, int, int]
"""Group, day and session (0 AM, 1 PM)."""


def _without_expected(
    reader: Reader, facts: SchoolFacts, blank: dict[_Open, list[int]], marked: dict[_Open, int], first: date, last: date
) -> tuple[OpenRegister, ...]:
    lacking = sorted({p for pupils in blank.values() for p in pupils})
    if not lacking:
        return ()
    patterns = _patterns(reader, facts, lacking, first, last)
    with_pattern = {*patterns.timetables, *patterns.elsewhere, *patterns.suspensions}
    born = _born(reader, with_pattern)
    found: list[OpenRegister] = []
    for (group, n, k), pupils in blank.items():
        d = to_date(n)
        due = [p for p in pupils if p not in with_pattern or patterns.of_day(p, d, born.get(p), None)[k].expected is None]
        if due:
            name = facts.groups[group].name if group is not None else "No group"
            found.append(OpenRegister(group, name, d, PM if k else AM, len(due), len(due) + marked[group, n, k]))
    return tuple(sorted(found, key=lambda o: (-to_number(o.day), o.session, o.group.casefold(), o.group_id or 0)))


def _days_back(calendar: Calendar, day: date, school_days: int) -> list[date]:
    """The school days before `day`, at most so many, and `day` itself where it is one, in order."""
    if not calendar or not calendar.knows(day, day):
        return [day] if day.weekday() < 5 else []
    back = calendar.school_days(day - timedelta(days=max(7, school_days * 7)), day)
    before = [d for d in back if d < day]
    return before[len(before) - min(len(before), school_days) :] + ([day] if day in back[-1:] else [])


def _born(reader: Reader, ids: Iterable[int]) -> dict[int, date | None]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = reader.sql(f"SELECT id, born FROM pupil WHERE id IN ({_holes(wanted)})", *wanted)
    return {i: None if born is None else to_date(born) for i, born in rows}  # type: ignore[misc,arg-type]


# --- marks without a reason -------------------------------------------------------------------------------------------


def n_marks(
    reader: Reader, facts: SchoolFacts, day: date, *, hidden: bool = False, ids: Collection[int] | None = None
) -> tuple[NMark, ...]:
    """The marks N of pupils on roll on `day` (of `ids` only, if given), the oldest first, with the last school day on which each may stand.

    An N is overdue from the school day after that (regulation 10(7)); nothing becomes O by itself. Looked at: the school year of `day`, and
    at least `N_DAYS` days. Without a calendar that far no last day is known, and none is overdue.
    """
    setting, n = facts.setting, to_number(day)
    numbers = [c.number for c in facts.codes.codes if c.text == "N"]
    roll = [p for (p,) in reader.sql("SELECT DISTINCT e.pupil_id FROM enrolment e" + _ROLL, setting.id, n, n)]
    wanted = [p for p in roll if ids is None or p in ids]
    if not wanted or not numbers:
        return ()
    first = min(date(school_year_of(day), 9, 1), day - timedelta(days=N_DAYS))
    held = _records(
        reader,
        Mark,
        f"pupil_id IN ({_holes(wanted)}) AND setting_id = ? AND day >= ? AND day <= ? AND (am IN ({_holes(numbers)}) OR pm IN ({_holes(numbers)}))",
        *wanted, setting.id, to_number(first), n, *numbers, *numbers,
    )  # fmt: skip
    if not held:
        return ()
    people = sorted({m.pupil_id for m in held})
    names = _names(reader, facts, people, day, hidden=hidden)
    born = _born(reader, people)
    patterns = _patterns(reader, facts, people, min(m.day for m in held), day)
    found: list[NMark] = []
    calendar = facts.calendar
    for m in held:
        until = n_last_day(m.day, calendar) if calendar and calendar.knows(m.day, m.day) else None
        gone_by = len(calendar.school_days(m.day + timedelta(days=1), day)) if calendar else 0
        overdue = until is not None and day > until
        known = patterns.of_day(m.pupil_id, m.day, born.get(m.pupil_id), None)
        found += [
            NMark(m.pupil_id, names[m.pupil_id], m.day, session, m, until, gone_by, overdue, born.get(m.pupil_id), known[k])
            for session, number, k in ((AM, m.am, 0), (PM, m.pm, 1))
            if number in numbers and m.pupil_id in names
        ]
    return tuple(sorted(found, key=lambda x: (x.day, x.name.by_forename, x.session)))


# --- who is here ------------------------------------------------------------------------------------------------------


def in_the_building(reader: Reader, facts: SchoolFacts, day: date, minutes: int, *, hidden: bool = False) -> tuple[InBuilding, ...]:
    """Who should be in the building at that time (minutes after midnight), in the order of names: the list for an evacuation.

    The later of the latest mark of a session that has begun and the latest arrival, leaving or return decides; marks count from the start of
    their session. At the end stand those of whom nothing is known yet (`known` False): they are looked for too.
    """
    register = of_group(reader, facts, None, day, hidden=hidden)
    group_of = _groups_on(reader, facts, [r.pupil_id for r in register.rows], day)
    sure: list[InBuilding] = []
    unknown: list[InBuilding] = []
    setting = facts.setting
    for row in register.rows:
        latest: tuple[int, int, bool, str] | None = None  # when, movements after marks, whether here, why
        text: str | None = None
        for session in (AM, PM):
            number = row.number(session)
            if number is not None and has_begun(setting, day, session, day, minutes):
                text = facts.codes.text(number)
                starts = opens_at(setting, session)
                at = starts if starts is not None else NOON if session == PM else 0
                latest = (at, 0, text in _HERE, f"{session} mark {text}")
        for m in row.movements:
            if m.at <= minutes and (latest is None or (m.at, 1) >= latest[:2]):
                latest = (m.at, 1, m.sort != "left", f"{m.sort} {clock(m.at)}")
        group = group_of.get(row.pupil_id)
        if latest is not None and latest[2]:
            sure.append(InBuilding(row.pupil_id, row.name, group, text, latest[0] if latest[1] else None, latest[3]))
            continue
        now = PM if has_begun(setting, day, PM, day, minutes) else AM
        # a mark of the morning says nothing of who came for the afternoon, before its register is taken
        stale = latest is not None and not latest[1] and now == PM and row.number(PM) is None
        if (latest is None or stale) and row.standing(now).expected is None:
            why = "no mark yet" if latest is None else f"{latest[3]}, no PM mark yet"
            unknown.append(InBuilding(row.pupil_id, row.name, group, None, None, why, known=False))
    return (*sure, *unknown)


def not_arrived(reader: Reader, facts: SchoolFacts, day: date, session: str, *, hidden: bool = False) -> tuple[NotArrivedAt, ...]:
    """Pupils of home schools (registration S, or with a home school) who have not arrived for a session, by home school and name.

    Not arrived: marked absent, or no mark yet where one is due; not who is due elsewhere, whose timetable does not ask for the session, or
    who has arrived since and not left again (`_came`). Home schools in the order of names, then those whose home school is not known. Of a
    pupil whose register nobody took yet (no mark of that session in the group) nothing is known: these stand last, by themselves.
    """
    register = of_group(reader, facts, None, day, hidden=hidden)
    groups = _groups_on(reader, facts, [row.pupil_id for row in register.rows], day)
    taken = {groups.get(row.pupil_id, "") for row in register.rows if row.number(session) is not None}
    found: dict[str, list[NotArrived]] = {}
    untaken: list[NotArrived] = []
    for row in register.rows:
        if row.home_school is None and row.registration != "S":
            continue
        if _came(row, session, facts.setting):
            continue
        number = row.number(session)
        if number is None:
            if row.standing(session).expected is not None:
                continue
            if groups.get(row.pupil_id, "") not in taken:
                untaken.append(NotArrived(row.pupil_id, row.name, None, row.home_school or "home school not known"))
                continue
            code, said = None, "no mark yet"
        else:
            if number < ATTENDED_BELOW or number >= UNAUTHORISED_BELOW:
                continue
            try:
                held = facts.codes.by_number(number)
            except KeyError:
                continue
            if held.text in ("U", "C2"):
                continue
            code, said = held.text, "no reason yet" if held.text == "N" else held.label
        found.setdefault(row.home_school or "", []).append(NotArrived(row.pupil_id, row.name, code, said))
    partner_of = {p.name: p.id for p in facts.partners.values()}
    schools = [
        NotArrivedAt(partner_of.get(school), school or "Home school not known", tuple(found[school]))
        for school in sorted(found, key=lambda s: (not s, s.casefold()))
    ]
    return (*schools, *([NotArrivedAt(None, NOT_TAKEN, tuple(untaken))] if untaken else ()))


def _came(row: RegisterRow, session: str, setting: Setting) -> bool:
    """Whether somebody saw the pupil come, and not go again, so that a mark of absence in the session is behind the times.

    Who came in the morning is not known to be there in the afternoon once its register says absent: an arrival before the afternoon
    began tells against no mark of it.
    """
    last = row.movements[-1] if row.movements else None
    if last is None or last.sort == "left":
        return False
    starts = opens_at(setting, PM)
    afternoon = starts if starts is not None else NOON
    return session == AM or row.number(PM) is None or last.at >= afternoon


# --- pieces -----------------------------------------------------------------------------------------------------------


def _groups_on(reader: Reader, facts: SchoolFacts, ids: Sequence[int], day: date) -> dict[int, str]:
    if not ids:
        return {}
    n = to_number(day)
    rows = reader.sql(
        f"SELECT pupil_id, group_id FROM group_member WHERE pupil_id IN ({_holes(ids)}) AND coalesce(first_day, {_ALWAYS}) <= ? "
        f"AND coalesce(last_day, {_NEVER}) >= ? ORDER BY id",
        *ids, n, n,
    )  # fmt: skip
    return {p: facts.groups[g].name for p, g in rows if g in facts.groups}  # type: ignore[index,misc]


def _names(reader: Reader, facts: SchoolFacts, ids: Collection[int], day: date, *, hidden: bool) -> dict[int, ShownName]:
    wanted = sorted(ids)
    names = _by_pupil(reader, Name, f"pupil_id IN ({_holes(wanted)})", *wanted)
    legal = facts.setting.legal_names_on_registers
    return {
        p.id: shown(p, names.get(p.id, ()), day, hidden=hidden, legal=legal)
        for p in _records(reader, Pupil, f"id IN ({_holes(wanted)})", *wanted)
    }


def _holes(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _by_pupil(reader: Reader, cls: type[Any], where: str, *values: object) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for record in _records(reader, cls, where, *values):
        found.setdefault(record.pupil_id, []).append(record)
    return found


def _records(reader: Reader, cls: type[Any], where: str, *values: object) -> list[Any]:
    kind = kind_of(cls)
    columns, order = ", ".join(kind.key + kind.fields), ", ".join(kind.key)
    rows = (
        reader.rows.record(kind, row) for row in reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {where} ORDER BY {order}", *values)
    )
    return [r for r in rows if reader.may(r)]
