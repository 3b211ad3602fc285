"""Questions about registers: what is known beforehand, what is open, marks N, who is here; on a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approgress.domain.acts.register import settle_n
from approgress.domain.days import to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.edits import Put, Title
from approgress.domain.records import (
    AbsenceContact,
    Closure,
    Elsewhere,
    Enrolment,
    Group,
    GroupMember,
    HalfTerm,
    HomeSchool,
    LessonNote,
    Mark,
    Movement,
    Name,
    Partner,
    Pupil,
    Setting,
    Suspension,
    Timetable,
    TimetableStep,
)
from approgress.domain.register import AM, PM
from approgress.school.school import School
from approgress.store.catalogue import code_set
from approgress.store.reads import register
from approgress.store.reads.school import school_facts

N = {c.text: c.number for c in code_set().codes}
DAY = date(2026, 11, 10)  # a Tuesday
MONDAY = date(2026, 11, 9)
BORN = date(2012, 5, 1)
NAMES = {1: "Amara", 2: "Ben", 3: "Cal", 4: "Dee", 5: "Eli", 6: "Fay"}


def _rows() -> Iterator[object]:
    yield Setting(1, "Trial Bridge School", am_starts=530, pm_starts=780)
    yield HalfTerm(1, 1, "Autumn 1", date(2026, 9, 3), date(2026, 10, 23))
    yield HalfTerm(2, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18))
    yield Closure(3, 1, date(2026, 11, 2), date(2026, 11, 2), "inset", "INSET")
    yield Partner(7, "Parkfield Academy")
    yield Partner(8, "Alder High")
    yield Group(5, 1, "Ash")
    yield Group(6, 1, "Birch")
    for i, forename in NAMES.items():
        yield Pupil(i, f"QXZ00{i}", BORN)
        yield Name(i, 1, "legal", forename, "Tester")
    for i in (1, 2, 3, 5):
        yield Enrolment(i, 1, 1, "S" if i == 2 else "C", date(2026, 9, 3))
    yield Enrolment(4, 1, 1, "C", DAY)  # joins on the Tuesday
    yield Enrolment(6, 1, 1, "C", date(2026, 9, 3), MONDAY)  # left on the Monday
    for i, group in ((1, 5), (2, 5), (3, 6), (4, 6), (6, 6)):
        yield GroupMember(i, 10 + i, group)
    yield HomeSchool(1, 30, 7)
    yield HomeSchool(3, 31, 8)
    # Amara: mornings only; Ben: at the other school on Tuesday afternoons; Cal: suspended on the Monday
    yield Timetable(1, 40, 1, "anxiety", MONDAY)
    yield TimetableStep(1, 41, 40, MONDAY, am=31, pm=0)
    yield Elsewhere(2, 42, 1, "D", am=0, pm=2, partner_id=7)
    yield Suspension(3, 43, "SUSP", MONDAY, half_days=2)
    yield Mark(1, 1, DAY, N["/"])
    yield Mark(2, 1, DAY, N["N"], None)
    yield Mark(3, 1, DAY, N["U"], None, 40)
    yield AbsenceContact(2, 50, DAY, "call", "AM", 545)
    yield AbsenceContact(2, 51, MONDAY, "call", "AM", 545)
    yield Movement(1, 52, DAY, "left", 660)
    yield Movement(2, 53, DAY, "arrived", 600)
    yield LessonNote(1, to_number(DAY) * 8 + 2, "good", "drew with her")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Six pupils of two groups, filled in once on each kind of store; a test that writes takes it back."""
    if request.param == "sqlite":
        address: str | Path = tmp_path_factory.mktemp("registers") / "school.approgress"
    else:
        address = request.getfixturevalue("postgres").new_database()
    made, _ = School.create(address, "Trial Bridge School", passphrase="four short plain words")
    seen = made.setting
    made.do(Title.DEMONSTRATION, [Put(r, seen if isinstance(r, Setting) else None) for r in _rows()])
    yield made
    made.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgres").drop(address)


@pytest.fixture
def facts(filled: School) -> SchoolFacts:
    return filled.read(school_facts)


def test_a_register_knows_what_is_expected_and_what_happened(filled: School, facts: SchoolFacts) -> None:
    rows = {r.pupil_id: r for r in filled.read(register.of_group, facts, None, DAY).rows}
    assert sorted(rows) == [1, 2, 3, 4, 5]

    def due(i: int) -> list[str | None]:
        return [e.code if e else None for e in (rows[i].expected_am, rows[i].expected_pm)]

    assert (due(1), due(2), due(3), due(4)) == ([None, "C2"], [None, "D"], [None, None], [None, None])
    assert (rows[1].am.agreed, rows[1].pm.agreed, rows[4].am.agreed) == (True, False, None)
    assert rows[2].am.dual and not rows[1].am.dual
    assert [c.id for c in rows[2].contacts] == [50] and [m.at for m in rows[1].movements] == [660]
    assert [n and n.worked for n in rows[1].notes] == [None, None, "drew with her", None, None]
    assert (rows[1].home_school, rows[2].home_school, rows[2].registration) == ("Parkfield Academy", None, "S")
    monday = {r.pupil_id: r for r in filled.read(register.of_group, facts, None, MONDAY).rows}
    assert monday[3].expected_pm is not None and monday[3].expected_pm.code == "E" and monday[3].pm.suspended == 1
    closed = filled.read(register.of_group, facts, None, date(2026, 11, 2)).rows
    assert closed and all(r.expected_am is not None and r.expected_am.code == "#" for r in closed)


def test_some_rows_read_again_are_those_of_the_whole(filled: School, facts: SchoolFacts) -> None:
    for group in (None, 5):
        whole = filled.read(register.of_group, facts, group, DAY)
        part = filled.read(register.of_group, facts, group, DAY, only=[2, 3])
        assert part.rows == tuple(r for r in whole.rows if r.pupil_id in (2, 3))
        assert whole.with_rows(part.rows) == whole
        assert filled.read(register.of_group, facts, group, DAY, only=[]).rows == ()


def open_(school: School, facts: SchoolFacts, **more: int) -> list[tuple[str, int, str, int, int]]:
    found = school.read(register.unfinished, facts, DAY, **more)
    return [(o.group, o.day.day, o.session, o.blanks, o.due) for o in found]


def test_open_registers_are_counted_by_group_and_session_and_only_of_sessions_that_have_begun(filled: School, facts: SchoolFacts) -> None:
    assert open_(filled, facts, minutes=529, school_days=0) == []
    morning = open_(filled, facts, minutes=530, school_days=0)
    assert morning == [("Birch", 10, AM, 1, 2), ("No group", 10, AM, 1, 1)]  # Ash is taken; Dee joined; Eli is in no group
    assert open_(filled, facts, minutes=779, school_days=0) == morning
    # in the afternoon Amara (C2) and Ben (D) are not due, so Ash waits for nobody
    assert open_(filled, facts, minutes=780, school_days=0) == [*morning, ("Birch", 10, PM, 2, 2), ("No group", 10, PM, 1, 1)]


def test_open_registers_of_the_days_before(filled: School, facts: SchoolFacts) -> None:
    found = open_(filled, facts, minutes=0, school_days=1)
    # Monday: Amara not due after noon, Ben and Fay there, Cal suspended, Dee not yet on roll
    assert found == [("Ash", 9, AM, 2, 2), ("Birch", 9, AM, 1, 1), ("No group", 9, AM, 1, 1), ("Ash", 9, PM, 1, 1), ("Birch", 9, PM, 1, 1), ("No group", 9, PM, 1, 1)]  # fmt: skip
    ten = filled.read(register.unfinished, facts, DAY, minutes=0)
    days = {o.day for o in ten}
    assert len(days) == 10 and date(2026, 11, 2) not in days and min(days) == date(2026, 10, 19)  # INSET and half-term skipped
    assert all(o.never_taken for o in ten) and ten[0].words == "Ash, AM Mon 9 Nov: never taken"
    assert filled.read(register.unfinished, facts, date(2026, 10, 28), school_days=0) == ()


def test_open_registers_are_those_that_the_registers_show(filled: School, facts: SchoolFacts) -> None:
    counted = {(o.group_id, o.day, o.session): (o.blanks, o.due) for o in filled.read(register.unfinished, facts, DAY)}
    for day in facts.calendar.school_days(date(2026, 10, 19), DAY):
        groups = {g: filled.read(register.of_group, facts, g, day).rows for g in facts.groups}
        placed = {r.pupil_id for rows in groups.values() for r in rows}
        everyone = filled.read(register.of_group, facts, None, day).rows
        for group, rows in {**groups, None: tuple(r for r in everyone if r.pupil_id not in placed)}.items():
            for session in (AM, PM):
                due = [r for r in rows if r.number(session) is not None or r.standing(session).expected is None]
                blanks = sum(r.number(session) is None for r in due)
                assert counted.pop((group, day, session), (0, len(due))) == (blanks, len(due))
    assert not counted


def test_trial_51_an_n_is_overdue_across_half_term_and_an_inset_day(filled: School, facts: SchoolFacts) -> None:
    first, second = date(2026, 10, 16), date(2026, 10, 20)
    filled.do(Title.TAKE_REGISTER, [Put(Mark(5, 1, first, N["N"])), Put(Mark(3, 1, second, None, N["N"]))], grow=False)
    try:

        def told(day: date) -> list[tuple[int, str, date | None, bool]]:
            return [(n.pupil_id, n.session, n.last_day, n.overdue) for n in filled.read(register.n_marks, facts, day)]

        for day in (first + timedelta(days=i) for i in range(5, 30)):
            known = {n.pupil_id: n for n in filled.read(register.n_marks, facts, day) if n.day in (first, second)}
            assert (known[5].last_day, known[3].last_day) == (date(2026, 10, 23), date(2026, 11, 4))
            assert known[5].overdue == (day >= date(2026, 10, 24)) and known[3].overdue == (day >= date(2026, 11, 5))
        # on school days: overdue from Tue 3 Nov (the next school day after Fri 23 Oct) and from Thu 5 Nov
        assert told(date(2026, 10, 23))[0] == (5, AM, date(2026, 10, 23), False) and told(date(2026, 11, 3))[0][3]
        assert not told(date(2026, 11, 4))[1][3] and told(date(2026, 11, 5))[1][3]
        assert [n.school_days for n in filled.read(register.n_marks, facts, date(2026, 11, 3))] == [6, 4]
        # nothing turns into O by itself; a person settles both at once
        marks = {n.pupil_id: n for n in filled.read(register.n_marks, facts, DAY) if n.day in (first, second)}
        assert [code_set().text(marks[5].mark.am), code_set().text(marks[3].mark.pm)] == ["N", "N"]
        changes = filled.do(Title.SETTLE_N, settle_n([(marks[5], "O"), (marks[3], "M")], facts.codes), grow=False)
        assert changes.count == 2
        left = [n.pupil_id for n in filled.read(register.n_marks, facts, DAY)]
        assert left == [2]
        filled.undo()
        assert len(filled.read(register.n_marks, facts, DAY)) == 3
    finally:
        filled.undo()
    assert [n.pupil_id for n in filled.read(register.n_marks, facts, DAY)] == [2]


def test_n_marks_of_leavers_and_of_long_ago_are_not_read(filled: School, facts: SchoolFacts) -> None:
    assert filled.read(register.n_marks, facts, DAY, ids=[1, 3]) == ()
    assert filled.read(register.n_marks, facts, date(2027, 9, 1)) == ()  # another school year, and more than 92 days


def test_who_is_in_the_building(filled: School, facts: SchoolFacts) -> None:
    def here(minutes: int) -> list[tuple[str, bool, str]]:
        return [(b.name.call, b.known, b.why) for b in filled.read(register.in_the_building, facts, DAY, minutes)]

    nothing = [("Dee", False, "no mark yet"), ("Eli", False, "no mark yet")]
    assert here(659) == [("Amara", True, "AM mark /"), ("Ben", True, "arrived 10:00"), ("Cal", True, "AM mark U"), *nothing]
    assert here(660) == [("Ben", True, "arrived 10:00"), ("Cal", True, "AM mark U"), *nothing]
    assert [name for name, _, _ in here(599)] == ["Amara", "Cal", "Dee", "Eli"]  # Ben is N and has not arrived
    seen = filled.read(lambda r: r.one(Mark, 1, 1, to_number(DAY)))
    assert seen is not None
    filled.do(Title.TAKE_REGISTER, [Put(replace(seen, pm=N["\\"]), seen)], grow=False)
    try:
        assert ("Amara", True, "PM mark \\") in here(780)  # back for the afternoon by its mark
        assert "Amara" not in [n for n, _, _ in here(779)]
    finally:
        filled.undo()


def test_a_mark_of_the_morning_does_not_take_a_pupil_off_the_list_of_the_afternoon(filled: School, facts: SchoolFacts) -> None:
    seen = filled.read(lambda r: r.one(Mark, 3, 1, to_number(DAY)))
    assert seen is not None
    filled.do(Title.TAKE_REGISTER, [Put(replace(seen, am=N["M"], am_late=None), seen)], grow=False)
    try:

        def cal(minutes: int) -> list[tuple[bool, str]]:
            return [(b.known, b.why) for b in filled.read(register.in_the_building, facts, DAY, minutes) if b.name.call == "Cal"]

        assert cal(779) == []  # at the dentist
        assert cal(780) == [(False, "AM mark M, no PM mark yet")]  # may have come back: he is looked for
    finally:
        filled.undo()


def test_who_came_in_the_morning_and_is_absent_in_the_afternoon_has_not_arrived(filled: School, facts: SchoolFacts) -> None:
    def missing(session: str) -> list[tuple[str, str | None]]:
        found = filled.read(register.not_arrived, facts, DAY, session)
        return [(p.name.call, p.code) for x in found for p in x.pupils]

    seen = filled.read(lambda r: r.one(Mark, 2, 1, to_number(DAY)))
    assert seen is not None
    filled.do(Title.TAKE_REGISTER, [Put(replace(seen, pm=N["N"]), seen)], grow=False)
    try:
        assert missing(AM) == []  # N, but he arrived at 10:00
        assert ("Ben", "N") in missing(PM)
        filled.do(Title.MOVEMENT, [Put(Movement(2, 60, DAY, "left", 700))], grow=False)
        try:
            assert missing(AM) == [("Ben", "N")]  # came, and left again: nobody's school should think that he is here
            assert ("Ben", "N") in missing(PM)
            filled.do(Title.MOVEMENT, [Put(Movement(2, 61, DAY, "returned", 790))], grow=False)
            try:
                assert ("Ben", "N") not in missing(PM)
            finally:
                filled.undo()
        finally:
            filled.undo()
    finally:
        filled.undo()


def test_who_has_not_arrived_by_home_school(filled: School, facts: SchoolFacts) -> None:
    def missing(session: str) -> list[tuple[str, int | None, list[tuple[str, str | None]]]]:
        found = filled.read(register.not_arrived, facts, DAY, session)
        return [(x.school, x.partner_id, [(p.name.call, p.code) for p in x.pupils]) for x in found]

    # Amara is present; Ben was N and has arrived; Cal came late; Dee and Eli have no home school
    assert missing(AM) == []
    assert missing(PM) == [("Register not taken yet", None, [("Cal", None)])]  # Amara C2, Ben D: not due
    filled.do(Title.TAKE_REGISTER, [Put(Mark(4, 1, DAY, None, N["\\"]))], grow=False)  # Dee is in Cal's group, so its register was begun
    try:
        assert missing(PM) == [("Alder High", 8, [("Cal", None)])]
    finally:
        filled.undo()
    movement = filled.read(lambda r: r.one(Movement, 2, 53))
    assert movement is not None
    filled.do(Title.MOVEMENT, [Put(replace(movement, sort="left"), movement)], grow=False)
    try:
        assert missing(AM) == [("Home school not known", None, [("Ben", "N")])]
    finally:
        filled.undo()


def test_names_are_hidden_everywhere(filled: School, facts: SchoolFacts) -> None:
    marks = filled.read(register.n_marks, facts, DAY, hidden=True)
    here = filled.read(register.in_the_building, facts, DAY, 659, hidden=True)
    away = filled.read(register.not_arrived, facts, DAY, PM, hidden=True)
    assert marks and here and away
    assert all(x.name.full.startswith("QXZ") for x in (*marks, *here, *away[0].pupils))
