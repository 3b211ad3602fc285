"""What "Needs you" reads: the same for everyone at once and for one pupil, in a bounded number of statements, and true to the records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from approgress.domain.days import to_number
from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.needs import arrange
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Enrolment,
    Event,
    Goal,
    HalfTerm,
    Intervention,
    LessonNote,
    LessonScore,
    Mark,
    Moment,
    Name,
    Note,
    Pupil,
    Reading,
    Rest,
    StartingPoint,
    Suspension,
    Timetable,
    TimetableReview,
)
from approgress.school.school import School
from approgress.store.reads import Reader, needs
from approgress.store.reads.register import n_marks
from approgress.store.reads.school import school_facts


def found(school: School, **more: object) -> needs.Found:
    facts = school.read(school_facts, school.codes)
    return school.read(needs.needs, facts, school.today, now=9 * 60 + 30, **more)


def test_one_pupil_and_everyone_are_told_the_same(demo_school: School) -> None:
    whole = found(demo_school)
    roll = demo_school.read(needs.on_roll, 1, demo_school.today)
    assert set(whole.lines) == set(roll) and any(whole.lines.values())
    parts = {p: found(demo_school, pupils=[p]).lines[p] for p in roll[::7]}
    assert parts == {p: whole.lines[p] for p in parts}
    assert found(demo_school, pupils=[10**6]).lines == {10**6: ()}, "who is not on roll has no lines"


def test_the_number_of_statements_does_not_grow_with_the_pupils(demo_school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    sql = Reader.sql
    monkeypatch.setattr(Reader, "sql", lambda self, text, *values: (asked.append(text), sql(self, text, *values))[1])
    facts = demo_school.read(school_facts, demo_school.codes)
    counts: list[int] = []
    roll = demo_school.read(needs.on_roll, 1, demo_school.today)
    for n in (8, 64):
        asked.clear()
        demo_school.read(needs.pupil_facts, facts, demo_school.today, pupils=roll[:n])
        counts.append(len([t for t in asked if "FROM mark m" in t or "lesson_score" in t or "reading" in t or "note" in t or "absence_contact" in t]))
    cards = 30  # of starting points with gaps, a handful of pupils
    assert counts[1] <= counts[0] + cards


def test_every_n_that_is_listed_by_itself_is_one_here(demo_school: School) -> None:
    facts = demo_school.read(school_facts, demo_school.codes)
    listed = {(n.pupil_id, f"n:{n.day.isoformat()}:{n.session}") for n in demo_school.read(n_marks, facts, demo_school.today) if n.school_days >= 3}
    here = {k for lines in found(demo_school).lines.values() for line in lines if line.key.startswith("n:") for k in line.keys}
    assert listed and here == listed


def test_what_is_written_down_takes_a_line_away_and_undo_brings_it_back(demo_school: School) -> None:
    today = demo_school.today
    n = next(c.number for c in demo_school.codes.codes if c.text == "N")
    pupil = next(p for p, lines in sorted(found(demo_school).lines.items()) if not any(x.safety for x in lines))
    days = demo_school.calendar.school_days(date(2026, 11, 20), today)
    held = {m.day: m for m in demo_school.read(lambda r: r.of_pupil(Mark, pupil))}
    demo_school.do(Title.TAKE_REGISTER, [Put(Mark(pupil, 1, d, n, n), held.get(d)) for d in days])

    def safety() -> list[str]:
        return [x.title for x in found(demo_school, pupils=[pupil]).lines[pupil] if x.safety]

    assert safety() == ["6 sessions absent, no contact"]

    def spoke(ids: NewIds) -> list[Put]:
        return [Put(AbsenceContact(pupil, ids.other(), today, "spoke", who="mum", answered=True, explains=True))]

    demo_school.do(Title.ABSENCE_CONTACT, spoke)
    assert safety() == []


@pytest.mark.parametrize("kind", ["note", "moment"])
def test_silence_ends_with_the_first_word(demo_school: School, kind: str) -> None:
    today = demo_school.today
    facts = demo_school.read(school_facts, demo_school.codes)
    later = date(2026, 12, 11)
    lines = demo_school.read(needs.needs, facts, later).lines
    pupil = next(p for p, rows in sorted(lines.items()) if any(x.joins == "silence" for x in rows))

    def write(ids: NewIds) -> list[Put]:
        if kind == "note":
            return [Put(Note(pupil, ids.other(), today, "note", "seen at the gate"))]
        return [Put(Moment(pupil, ids.other(), today, "good", "helped"))]

    if kind == "moment":
        step = demo_school.do(Title.LOG_MOMENT, lambda ids: [Put(replace(r.record, status="draft")) for r in write(ids)], grow=False).step
        before = demo_school.read(needs.needs, facts, later, pupils=[pupil]).lines[pupil]
        assert [x for x in before if x.joins == "silence"] == [x for x in lines[pupil] if x.joins == "silence"], "a draft counts nowhere"
        demo_school.undo(step)
    demo_school.do(Title.WRITE_NOTE, write)
    again = [x for x in demo_school.read(needs.needs, facts, later, pupils=[pupil]).lines[pupil] if x.joins == "silence"]
    assert all(x.since == today for x in again), "counted from the new entry"
    day_after = demo_school.read(needs.needs, facts, date(2026, 11, 30), pupils=[pupil]).lines[pupil]
    assert not any(x.joins == "silence" for x in day_after)


def test_with_names_hidden_no_line_names_anybody(demo_school: School) -> None:
    facts = demo_school.read(school_facts, demo_school.codes)
    whole = found(demo_school)
    panel = arrange([x for rows in whole.lines.values() for x in rows], whole.rests, demo_school.today)
    shown = demo_school.read(needs.names, facts, demo_school.today, panel.pupils)
    codes = demo_school.read(needs.names, facts, demo_school.today, panel.pupils, hidden=True)
    said = " ".join(x.sentence for x in panel.named(codes).shown)
    assert not any(name in said for name in shown.values()) and any(code in said for code in codes.values())
    assert any(name in " ".join(x.sentence for x in panel.named(shown).shown) for name in shown.values())


def test_only_what_still_rests_is_read(demo_school: School) -> None:
    today = demo_school.today
    pupil = demo_school.read(needs.on_roll, 1, today)[0]

    def rest(ids: NewIds) -> list[Put]:
        return [Put(Rest(pupil, ids.other(), "a", today)), Put(Rest(pupil, ids.other(), "b", date(2026, 12, 2)))]

    before = found(demo_school).rests
    demo_school.do(Title.REST, rest)
    assert [r.line for r in found(demo_school).rests if r not in before] == ["b"]


def test_both_stores_tell_the_same_of_a_small_school(either: School) -> None:
    """Every statement runs on SQLite and PostgreSQL: marks, contacts, plans, goals, engagement, records, silence, registers, calls."""
    day = date(2026, 11, 24)
    number = {c.text: c.number for c in either.codes.codes}
    made: list[int] = []

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(HalfTerm(ids.other(), 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)))
        yield Put(HalfTerm(ids.other(), 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)))
        for i in range(3):
            p = ids.pupil()
            made.append(p)
            yield Put(Pupil(p, f"QXZ{i:03d}", date(2012, 1, 1)))
            yield Put(Name(p, ids.other(), "legal", f"Forename{i}", f"Surname{i}"))
            yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 9, 7)))
            yield Put(StartingPoint(p, ids.other(), date(2026, 9, 8), agreed_on=date(2026, 9, 9)))
        away, falling, quiet = made
        for d in either_days:
            n = number["N"] if d >= date(2026, 11, 16) else number["/"]
            yield Put(Mark(away, 1, d, n, n))
        yield Put(AbsenceContact(away, ids.other(), date(2026, 11, 18), "call"))
        yield Put(Contact(away, ids.other(), "Denise", "mother", "01234 567890"))
        yield Put(Contact(away, ids.other(), "Norman", "father", "09999 111111", must_not_contact=True))
        plan = ids.other()
        yield Put(Timetable(away, plan, 1, "building up", date(2026, 11, 2), date(2026, 11, 27)))
        yield Put(TimetableReview(away, ids.other(), plan, date(2026, 11, 27)))
        yield Put(Suspension(away, ids.other(), "SUSP", date(2026, 11, 12), half_days=2))
        yield Put(Intervention(falling, ids.other(), date(2026, 11, 20), "restraint"))
        goal = ids.other()
        yield Put(Goal(falling, goal, "Get here by bus", target=8, target_day=date(2026, 12, 18)))
        for week in range(4):
            yield Put(Reading(falling, ids.other(), date(2026, 9, 14 + 2 * week), "goal", "1", "pupil", 2.0, goal_id=goal))
        yield Put(Reading(falling, ids.other(), date(2026, 9, 14), "who5", "1998", "pupil", 40.0))
        yield Put(LessonNote(falling, to_number(day) * 8, "good", "a walk first"))
        for week, monday in enumerate(mondays):
            for lesson in range(10):
                slot = (to_number(monday) + lesson // 5) * 8 + lesson % 5
                yield Put(LessonScore(falling, slot, 5 if lesson < 9 - week else 2))
        yield Put(Note(quiet, ids.other(), date(2026, 11, 10), "note", "a good start"))

    either_days = [date(2026, 11, i) for i in range(2, 25) if date(2026, 11, i).weekday() < 5]
    mondays = [date(2026, 9, 28), *(date(2026, 10, i) for i in (5, 12, 19)), *(date(2026, 11, i) for i in (2, 9, 16, 23))]
    either.do(Title.DEMONSTRATION, act)
    facts = either.read(school_facts, either.codes)
    found = either.read(needs.needs, facts, day)
    titles = {made.index(p): {line.title for line in lines} for p, lines in found.lines.items()}
    assert titles == {
        0: {"Not seen, 7 school days absent", "2 N codes overdue", "Part-time timetable review", "Parents not told yet", "Return meeting not held"},
        1: {"Record to finish", "Below the aim line", "Wellbeing follow-up due", "Engagement is falling"},
        2: {"Nothing written for 14 days"},
    }
    calls = either.read(needs.call_list, facts, day)
    assert [(c.name.full, [r.phone for r in c.reach], c.urgent) for c in calls] == [
        ("Forename0 Surname0", ["01234 567890"], True),
        ("Forename1 Surname1", [], False),
    ]
    assert calls[1].reasons == ("tell the parent of the record of Fri 20 Nov",)


def test_a_struck_suspension_brings_back_no_event_of_its_day_for_the_boards_duty(either: School) -> None:
    day = date(2026, 11, 24)
    made: list[int] = []

    def act(ids: NewIds) -> Iterator[Put]:
        p = ids.pupil()
        made.append(p)
        yield Put(HalfTerm(ids.other(), 1, "Autumn 1", date(2026, 9, 7), date(2026, 10, 23)))
        yield Put(HalfTerm(ids.other(), 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)))
        yield Put(Pupil(p, "QXZ001", date(2012, 1, 1)))
        yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 9, 7)))
        yield Put(Event(p, ids.other(), date(2026, 9, 14), "suspension", "Suspended", 31))
        yield Put(Suspension(p, ids.other(), "SUSP", date(2026, 9, 14), half_days=31, struck="another pupil"))
        yield Put(Suspension(p, ids.other(), "SUSP", date(2026, 11, 23), half_days=4, parents_told=date(2026, 11, 23)))

    either.do(Title.DEMONSTRATION, act)
    lines = either.read(needs.needs, either.read(school_facts, either.codes), day).lines[made[0]]
    assert not [line.title for line in lines if "board" in line.title]
