"""Attendance of the school: what SQL sums over a range is what the domain counts of each pupil, on a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approgress.domain.attendance import Tally, by_week, tally
from approgress.domain.edits import Erase, Put, Title
from approgress.domain.records import (
    ORDINARY,
    SAFEGUARDING,
    Closure,
    Enrolment,
    Flag,
    Group,
    GroupMember,
    HomeSchool,
    Mark,
    Name,
    Placement,
    Pupil,
    StatedAttendance,
    Timetable,
    TimetableStep,
    YearGroup,
)
from approgress.domain.school_attendance import Range, ranges_of
from approgress.domain.viewer import Viewer
from approgress.school.school import School
from approgress.store.reads import Reader
from approgress.store.reads import attendance as reads
from approgress.store.reads.dossier import records_of_many
from approgress.store.reads.school import school_facts
from tests.domain.a_pupil import CALENDAR, DAY_0, TERMS, TODAY, amara, facts

N = {c.text: c.number for c in facts().codes.codes if c.in_force(TODAY)}
BIRCH = 6


def _rows() -> list[object]:
    """Amara (in Ash, then Birch from 17 November), and others who joined, left, came again, moved within a week, or have no marks."""
    known = facts()
    rows: list[object] = [*TERMS, *CALENDAR.closures, Closure(3, 1, date(2026, 11, 11), date(2026, 11, 11), "other", "Boiler"), *known.partners.values()]
    rows += [*known.groups.values(), Group(BIRCH, 1, "Birch")]
    first = amara(memberships=(GroupMember(1, 1, 5, None, date(2026, 11, 16)), GroupMember(1, 2, BIRCH, date(2026, 11, 17))))
    for f in fields(first):
        value = getattr(first, f.name)
        if f.name not in ("lesson_scores", "readings", "moments", "goals"):
            rows += list(value) if isinstance(value, tuple) else [value]
    for n in range(2, 14):
        rows += [Pupil(n, f"QXZ{n:03d}", date(2012, 1, n)), Name(n, 1, "legal", f"Forename{n}", "Surname"), YearGroup(n, 1, "9" if n % 2 else "10", 2026)]
        rows += [GroupMember(n, 1, 5 if n < 9 else BIRCH), Placement(n, 1, 1, "full_time", "x", DAY_0)]
        rows.append(Flag(n, 1, "care", "Y") if n > 11 else Flag(n, 1, "sen", "E" if n == 2 else "K"))
    rows += [Enrolment(n, 1, 1, "C", DAY_0) for n in range(2, 11)]
    rows += [Enrolment(11, 1, 1, "C", DAY_0, date(2026, 10, 2)), Enrolment(11, 2, 1, "C", date(2026, 11, 9))]
    rows += [Enrolment(12, 1, 1, "S", date(2026, 9, 7), date(2026, 11, 13)), Enrolment(13, 1, 1, "C", date(2026, 11, 18))]
    rows += [HomeSchool(n, 1, 7) for n in range(2, 5)]
    rows.append(StatedAttendance(2, 50, "Parkfield Academy", date(2025, 9, 1), date(2026, 6, 5), 300, 100, 150, 50))
    codes = [N["/"], N["L"], N["I"], N["O"], N["U"], N["D"], N["B"], None]
    for n in range(2, 13):
        for k, day in enumerate(CALENDAR.school_days(DAY_0, TODAY)):
            if (k + n) % 11:
                rows.append(Mark(n, 1, day, codes[(k * n) % 8], codes[(k + n) % 8]))
    rows.append(Mark(3, 1, date(2026, 11, 7), N["B"], N["B"]))  # a Saturday
    rows.append(Timetable(4, 1, 1, "Settling in", date(2026, 11, 2)))
    rows.append(TimetableStep(4, 1, 1, date(2026, 11, 2), 0b11111, 0b00001))
    return rows


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Thirteen pupils, filled in once on each kind of store and only read."""
    if request.param == "sqlite":
        address: str | Path = tmp_path_factory.mktemp("attendance") / "school.approgress"
    else:
        address = request.getfixturevalue("postgres").new_database()
    made, _ = School.create(address, "Trial Bridge School", passphrase="four short plain words")
    made.do(Title.DEMONSTRATION, [Put(r) for r in _rows()])
    yield made
    made.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgres").drop(address)


ALL = list(range(1, 14))


def by_hand(school: School, range_: Range, group: int | None = None) -> dict[int, Tally]:
    """Each enrolment's tally as the domain counts it from every mark."""
    known = school.read(school_facts)
    found: dict[int, Tally] = {}
    for r in school.read(lambda reader: list(records_of_many(reader, ALL))):
        for e in r.enrolments:
            spans = [(e.first_day, e.last_day)]
            if group is not None:
                spans = [
                    (max(m.first_day or date.min, e.first_day or date.min), min(m.last_day or date.max, e.last_day or date.max))
                    for m in r.memberships
                    if m.group_id == group
                ]
            spans = [s for s in spans if (s[0] or date.min) <= range_.last and (s[1] or date.max) >= (range_.first or range_.last) and (s[0] or date.min) <= (s[1] or date.max)]
            now = range_.first is None and not any((a or date.min) <= range_.last <= (b or date.max) for a, b in spans)
            if spans and not now:
                found[r.pupil.id * 100 + e.id] = tally(r.marks, known.codes, spans, first=range_.first, last=range_.last, calendar=known.calendar)
    return found


def counts(t: Tally) -> tuple[object, ...]:
    return t.attended, t.authorised, t.unauthorised, t.not_possible, t.late, t.unmarked


@pytest.mark.parametrize("group", [None, 5, BIRCH])
@pytest.mark.parametrize("day", [TODAY, date(2026, 10, 28), date(2026, 9, 9)])
def test_sql_sums_each_enrolment_as_the_domain_counts_it(filled: School, day: date, group: int | None) -> None:
    known = filled.read(school_facts)
    for range_ in ranges_of(known.calendar, day):
        seen = filled.read(reads.attendance, known, range_, group)
        wanted = by_hand(filled, range_, group)
        assert {line.pupil_id * 100 + line.enrolment_id: counts(line.tally) for line in seen.lines} == {k: counts(t) for k, t in wanted.items()}
        assert seen.total.total.possible == seen.total.total.attended + seen.total.total.absent


def test_weeks_make_up_the_whole_and_are_what_the_domain_counts(filled: School) -> None:
    known = filled.read(school_facts)
    range_ = Range("year", "This year", date(2026, 9, 3), TODAY)
    seen = filled.read(reads.attendance, known, range_)
    assert sum(w.tally.possible for w in seen.weeks) == seen.total.total.possible
    assert sum(w.tally.unmarked or 0 for w in seen.weeks) == seen.total.total.unmarked
    by_hand_weeks: dict[date, int] = {}
    for r in filled.read(lambda reader: list(records_of_many(reader, ALL))):
        spans = [(e.first_day, e.last_day) for e in r.enrolments]
        for w in by_week(r.marks, known.codes, known.calendar, spans, first=range_.first, last=range_.last):
            by_hand_weeks[w.first_day] = by_hand_weeks.get(w.first_day, 0) + w.tally.attended
    assert {w.monday: w.tally.attended for w in seen.weeks} == by_hand_weeks


def test_a_pupil_who_changes_groups_within_the_week_counts_in_each_for_its_days(filled: School) -> None:
    known = filled.read(school_facts)
    week = Range("week", "w", date(2026, 11, 16), date(2026, 11, 20))
    one = filled.read(reads.attendance, known, week, 5)
    other = filled.read(reads.attendance, known, week, BIRCH)
    whole = filled.read(reads.attendance, known, week)
    assert one.total.total.possible + other.total.total.possible == whole.total.total.possible
    assert [line.tally.possible for line in one.lines if line.pupil_id == 1] == [2]
    assert [line.tally.possible for line in other.lines if line.pupil_id == 1] == [8]
    assert filled.read(reads.in_group, 5, date(2026, 11, 16)) - filled.read(reads.in_group, 5, date(2026, 11, 17)) == {1}


def test_the_sessions_of_the_last_day_without_a_mark_are_told_apart(filled: School) -> None:
    known = filled.read(school_facts)
    today = Range("week", "w", TODAY, TODAY)
    seen = filled.read(reads.attendance, known, today)
    assert seen.unmarked_today == seen.total.total.unmarked and seen.unmarked_today
    saturday = Range("week", "w", date(2026, 11, 2), date(2026, 11, 7))
    assert filled.read(reads.attendance, known, saturday).unmarked_today == 0


def test_before_is_summed_only_over_those_of_whom_it_is_stated(filled: School) -> None:
    known = filled.read(school_facts)
    both = filled.read(reads.before_now, known, TODAY)
    assert (both.pupils, both.of) == (2, 12), "pupil 12 has left; 11 has come again"
    assert (both.before_attended, both.before_possible) == (218, 680)
    one = filled.read(reads.before_now, known, TODAY, {2})
    assert one.words.startswith("100 of 300 before")


def test_agreed_sessions_stand_beside_where_there_is_a_timetable(filled: School) -> None:
    known = filled.read(school_facts)
    seen = filled.read(reads.attendance, known, Range("half_term", "h", date(2026, 11, 2), TODAY))
    agreed = filled.read(reads.agreed, known, seen)
    assert list(agreed) == [(4, 1)]
    assert 0 < agreed[4, 1].asked < next(line.tally.possible for line in seen.lines if line.pupil_id == 4)


@pytest.mark.parametrize("by", list(reads.COMPARED_BY))
def test_parts_of_a_comparison_make_up_the_whole_and_small_ones_are_hidden(filled: School, by: str) -> None:
    known = filled.read(school_facts)
    seen = filled.read(reads.attendance, known, Range("half_term", "h", date(2026, 11, 2), TODAY))
    parts = filled.read(reads.divided, known, seen, by)
    assert sum(p.total.total.possible for p in parts) == seen.total.total.possible
    assert all(p.hidden for p in parts if 0 < p.people < 10)


def test_a_comparison_knows_only_the_flags_that_its_viewer_may_read(filled: School) -> None:
    known = filled.read(school_facts)
    seen = filled.read(reads.attendance, known, Range("half_term", "h", date(2026, 11, 2), TODAY))
    care = Flag(2, 90, "care", "Y", audience=SAFEGUARDING)
    filled.do(Title.CHANGE_PUPIL, [Put(care)], grow=False)

    def in_care(viewer: Viewer) -> int:
        with filled.database.read() as c:
            return sum(p.people for p in reads.divided(Reader(c, filled.journal.rows, viewer), known, seen, "care") if p.name == "Looked after")

    try:
        assert in_care(filled.viewer) == 2
        assert in_care(replace(filled.viewer, role="visitor", classes=frozenset({ORDINARY}))) == 1
    finally:
        filled.do(Title.CHANGE_PUPIL, [Erase(care)], grow=False)


def test_whose_a_line_is_with_names_hidden_and_years_and_groups_of_the_day(filled: School) -> None:
    known = filled.read(school_facts)
    now = filled.read(reads.whose, known, [1, 2, 12], TODAY)
    assert (now[1].name.full, now[1].group, now[1].home_school, now[1].year) == ("Amara Bell", "Birch", "Parkfield Academy", "9")
    assert filled.read(reads.whose, known, [1], date(2026, 11, 16))[1].group == "Ash"
    hidden = filled.read(reads.whose, known, [1], TODAY, hidden=True)
    assert hidden[1].name.full == "KTB412" and "Amara" not in repr(hidden)


def test_the_wall_holds_the_marks_of_the_newest_school_days(filled: School) -> None:
    known = filled.read(school_facts)
    wall = filled.read(reads.wall, known, Range("since", "s", None, TODAY), ALL, most=5)
    assert wall.days == tuple(known.calendar.school_days(TODAY - timedelta(days=6), TODAY))[-5:]
    assert set(wall.marks) <= set(ALL) and 13 not in wall.marks
    assert all(d in wall.days for mine in wall.marks.values() for d in mine)


def test_rules_that_are_reached_come_without_persistent_and_severe(filled: School) -> None:
    known = filled.read(school_facts)
    found = filled.read(reads.watching, known, ALL, TODAY)
    assert set(found) == set(ALL)
    rules = {w.rule for watches in found.values() for w in watches}
    assert "unauthorised" in rules and not rules & {"persistent", "severe", "late"}
    assert all(w.reached for watches in found.values() for w in watches)


def test_week_records_are_those_on_roll_in_the_week_with_a_home_school(filled: School) -> None:
    known = filled.read(school_facts)
    ids = [r.pupil.id for r in filled.read(reads.week_records, known, date(2026, 11, 9), TODAY)]
    assert ids == [1, 2, 3, 4], "the others have no home school"
    after = filled.read(reads.week_records, known, date(2026, 11, 16), date(2026, 11, 18))
    assert (after[0].marks[0].day, after[0].marks[-1].day) == (DAY_0, date(2026, 11, 18))
    week = filled.read(reads.week_records, known, date(2026, 11, 16), date(2026, 11, 18), week_only=True)
    assert replace(after[0], marks=after[0].marks[-3:]) == week[0]


def test_the_list_of_a_group_on_a_day_is_that_of_its_register(filled: School) -> None:
    from approgress.store.reads.register import of_group

    known = filled.read(school_facts)
    for day in (date(2026, 11, 16), date(2026, 11, 17), date(2026, 10, 5), TODAY):
        for group in (5, BIRCH):
            held = filled.read(reads.members_on, 1, group, day)
            assert set(held) == {r.pupil_id for r in filled.read(of_group, known, group, day).rows}
            assert all(m.group_id == group for m in held.values())
    assert filled.read(reads.in_no_group, 1, TODAY) == []


def test_marks_on_days_are_counted_by_session(filled: School) -> None:
    assert filled.read(reads.marks_on, 1, [date(2026, 11, 7)]) == (2, 1)
    assert filled.read(reads.marks_on, 1, [date(2026, 11, 11), date(2026, 8, 1)])[1] == 1, "marked before it was closed, and kept"
    assert filled.read(reads.marks_on, 1, [date(2026, 8, 1)]) == (0, 0)
    assert filled.read(reads.marks_on, 1, []) == (0, 0)
    sessions, on = filled.read(reads.marks_on, 1, [date(2026, 11, 9), date(2026, 11, 10)])
    assert on == 2 and sessions > 20
