"""Questions to the store: what SQL sums is what the domain counts, on a file and on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approgress.domain.attendance import tally
from approgress.domain.change import engagement_weeks, judge
from approgress.domain.days import to_number
from approgress.domain.dossier import PupilRecords, build_dossier
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.instruments import AGE_MONTHS, ORDINAL
from approgress.domain.records import (
    Enrolment,
    Flag,
    HomeSchool,
    Identifier,
    LessonScore,
    Mark,
    Name,
    Note,
    Person,
    Placement,
    Pupil,
    Reading,
    Setting,
    StartingPoint,
    StartValue,
    StatedAttendance,
)
from approgress.domain.starting_point import SeriesKey, start_of
from approgress.domain.viewer import Viewer
from approgress.school.school import School
from approgress.store.reads import Reader, cohort, pupils, register
from approgress.store.reads.dossier import records_of, records_of_many, timeline
from approgress.store.reads.school import school_facts
from approgress.store.reads.starts import own_spreads
from tests.domain.a_pupil import CALENDAR, DAY_0, TERMS, TODAY, amara, facts

Asked = Callable[..., object]


def _as_pupil(r: PupilRecords, n: int) -> list[object]:
    """All rows of a pupil under another id."""
    rows: list[object] = [replace(r.pupil, id=n, code=f"QXZ{n:03d}")]
    for f in fields(r)[1:]:
        rows += [replace(x, pupil_id=n) for x in getattr(r, f.name)]
    return rows


def _pupils() -> list[PupilRecords]:
    """Amara; one with nothing; one who left and came again with an unknown first day; one at another setting before; a leaver."""
    nothing = PupilRecords(Pupil(2, "B"), names=(Name(2, 1, "legal", "Đức", "Nguyễn"),), enrolments=(Enrolment(2, 1, 1, "C", date(2026, 9, 7)),))
    again = amara(
        names=(Name(1, 1, "legal", "Zoë", "O’Neill"), Name(1, 2, "former", "Secret")),
        identifiers=(Identifier(1, 1, "upn", "E999110025262"), Identifier(1, 2, "arbor", "AP0101")),
        enrolments=(Enrolment(1, 1, 1, "C", date(2026, 6, 8), date(2026, 7, 1)), Enrolment(1, 2, 1, "C", date(2026, 9, 8))),
        stated=(StatedAttendance(1, 50, "Parkfield", date(2026, 8, 24), date(2026, 9, 8), 20, 10, 5, 5),),
        readings=tuple(replace(x, value=x.value + 8 if x.instrument == "who5" and x.value is not None else x.value) for x in amara().readings),
        starting_points=(StartingPoint(1, 1, date(2026, 9, 20), date(2026, 9, 25)), StartingPoint(1, 2, date(2026, 6, 8), date(2026, 6, 9))),
        start_values=(StartValue(1, 1, 1, "wellbeing", "WHO-5", reading_id=105), StartValue(1, 2, 2, "wellbeing", "WHO-5", reading_id=100)),
    )
    elsewhere = amara(
        names=(Name(1, 1, "legal", "Ben", "Ash"),),
        identifiers=(),
        enrolments=(Enrolment(1, 1, 1, None),),
        placements=(Placement(1, 1, 1, "full_time", "x", date(2026, 9, 9)),),
        stated=(),
        starting_points=(),
        start_values=(),
        marks=(*amara().marks, *(Mark(1, 2, date(2026, 6, 8) + timedelta(days=n), 0, 66) for n in range(60))),
        moments=(),
        home_schools=(),
    )
    left = amara(
        names=(Name(1, 1, "legal", "Cal", "Dyer"),),
        identifiers=(Identifier(1, 1, "number", "AP 0105"),),
        enrolments=(Enrolment(1, 1, 1, "C", DAY_0, date(2026, 10, 2)),),
    )
    return [amara(), nothing, again, elsewhere, left]


def _fill(school: School) -> None:
    known = facts()
    rows: list[object] = [*TERMS, *CALENDAR.closures, *known.partners.values(), *known.groups.values(), *known.group_teachers, Setting(2, "Other place")]
    rows += [Person(3, "T. Mbeki")]
    for n, r in enumerate(_pupils(), start=1):
        rows += _as_pupil(r, n)
    school.do(Title.DEMONSTRATION, [Put(r) for r in rows])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """The five pupils, filled in once on each kind of store; a test that writes takes it back."""
    if request.param == "sqlite":
        address: str | Path = tmp_path_factory.mktemp("reads") / "school.approgress"
    else:
        address = request.getfixturevalue("postgres").new_database()
    made, _ = School.create(address, "Trial Bridge School", passphrase="four short plain words")
    _fill(made)
    yield made
    made.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgres").drop(address)


ALL = [1, 2, 3, 4, 5]


def test_the_list_and_the_dossier_say_the_same(filled: School) -> None:
    known = filled.read(school_facts, day=TODAY)
    for day in (TODAY, date(2026, 10, 28), date(2026, 9, 9), DAY_0):
        known = filled.read(school_facts, day=day)
        signs = filled.read(pupils.signs, known, day, ALL)
        cards = {c.pupil_id: c for c in filled.read(pupils.cards, known, day, ids=ALL)}
        for records in filled.read(lambda r: list(records_of_many(r, ALL))):
            d = build_dossier(records, known, last=day, today=day)
            assert signs[d.pupil_id] == {v.strand: v.sign for v in d.strands}
            card = cards[d.pupil_id]
            assert card.held == d.starting_point.held and card.agreed == d.starting_point.agreed
            assert (card.name, card.year, card.group, card.chips) == (d.name, d.header.year, d.header.group, d.header.chips)
            assert (card.on_roll, card.day_number, card.home_school) == (d.header.on_roll, d.starting_point.day_number, d.header.home_school)
            this = d.attendance.this_half_term
            assert (card.half_term.attended, card.half_term.possible) == ((this.tally.attended, this.tally.possible) if this else (0, 0))


def test_a_card_by_hand(filled: School) -> None:
    known = filled.read(school_facts)
    card = next(c for c in filled.read(pupils.cards, known, TODAY) if c.pupil_id == 1)
    assert (card.half_term.attended, card.half_term.possible, card.half_term_name) == (26, 34, "Autumn 2")
    assert (card.placement, card.since, card.home_school, card.strands_started) == ("Respite", DAY_0, "Parkfield Academy", 6)
    assert card.last_written == date(2026, 11, 10)
    hidden = filled.read(pupils.cards, known, TODAY, hidden=True)
    assert all(c.name.hidden and c.name.full.startswith("QXZ") for c in hidden)


def test_who_is_on_roll_by_name_and_who_left(filled: School) -> None:
    assert filled.read(pupils.on_roll, TODAY) == [1, 4, 2, 3]  # Amara, Ben, Đức, Zoë
    assert filled.read(pupils.on_roll, TODAY, leavers=True) == [1, 4, 5, 2, 3]
    assert 5 in filled.read(pupils.on_roll, date(2026, 10, 2)) and 5 not in filled.read(pupils.on_roll, date(2026, 10, 3))
    assert 3 not in filled.read(pupils.on_roll, date(2026, 8, 1))
    assert filled.read(pupils.on_roll, TODAY, 2) == []


def test_a_key_is_a_upn_then_a_number_then_another_systems(filled: School) -> None:
    assert filled.read(pupils.by_key, "p999110025201") == [1]
    assert filled.read(pupils.by_key, "AP0101") == [1]  # the school's own number before another system's
    assert filled.read(pupils.by_key, " ap0105 ") == [5]
    assert filled.read(pupils.by_key, "nothing") == [] and filled.read(pupils.by_key, " ") == []


def test_search(filled: School) -> None:
    def found(typed: str, **more: object) -> list[int]:
        return [f.pupil_id for f in filled.read(pupils.search, typed, TODAY, **more)]  # type: ignore[arg-type]

    assert found("duc") == [2] and found("zoe") == [3] and found("oneill") == [3] and found("bell am") == [1]
    assert found("AP01") == [1, 3, 5] and found("secret") == [] and found("") == []
    assert found("amara", hidden=True) == [] and found("qxz001", hidden=True) == [1]
    assert [f.on_roll for f in filled.read(pupils.search, "cal", TODAY)] == [False]


def test_the_register_of_a_group(filled: School) -> None:
    known = filled.read(school_facts)
    reg = filled.read(register.of_group, known, 5, TODAY)
    assert reg.school_day is True and [r.pupil_id for r in reg.rows] == [1, 4, 3]
    row = reg.rows[0]
    assert row.mark == amara().marks[-1] and row.scores == (4, 4, 4, 2, 2) and row.year == "9" and row.placement_sort == "respite"
    assert [r.pupil_id for r in filled.read(register.of_group, known, None, TODAY).rows] == [1, 4, 2, 3]
    assert filled.read(register.of_group, known, None, date(2026, 8, 1)).school_day is False
    assert filled.read(register.of_group, known, 77, TODAY).rows == ()


def test_registers_show_legal_names_where_the_setting_asks_for_them(filled: School) -> None:
    filled.do(Title.CHANGE_PUPIL, [Put(Name(1, 9, "preferred", "Mara"))], grow=False)
    known = filled.read(school_facts)
    legal = filled.read(register.of_group, known, 5, TODAY)
    plain = replace(known, setting=replace(known.setting, legal_names_on_registers=False))
    called = filled.read(register.of_group, plain, 5, TODAY)
    filled.undo()
    assert legal.rows[0].name.call == "Amara" and "Mara" in [r.name.call for r in called.rows]


def test_records_of_one_and_of_many_are_the_same(filled: School) -> None:
    many = filled.read(lambda r: list(records_of_many(r, [3, 99, 1])))
    assert [m.pupil.id for m in many] == [3, 1]
    assert many == [filled.read(records_of, 3), filled.read(records_of, 1)]
    with pytest.raises(Refusal, match="not in the school's records"):
        filled.read(records_of, 99)


def test_a_viewer_reads_only_the_classes_that_are_theirs(filled: School) -> None:
    filled.do(Title.WRITE_NOTE, [Put(Note(1, 90, TODAY, "note", "restricted", privacy="restricted")), Put(Flag(1, 91, "social_work", "cp", audience="safeguarding"))], grow=False)
    visitor = Viewer(9, "Visitor", "visitor", classes=frozenset({"ordinary"}))
    with filled.database.read() as c:
        reader = Reader(c, filled.journal.rows, visitor)
        for held in (records_of(reader, 1), next(records_of_many(reader, [1]))):
            assert all(n.privacy == "ordinary" for n in held.notes) and all(f.sort != "social_work" for f in held.flags)
        known = school_facts(reader)
        card = next(x for x in pupils.cards(reader, known, TODAY) if x.pupil_id == 1)
        assert not card.has("social_work") and card.last_written == date(2026, 11, 10)
    mine = next(c for c in filled.read(pupils.cards, filled.read(school_facts), TODAY) if c.pupil_id == 1)
    filled.undo()
    assert mine.has("social_work") and mine.last_written == TODAY


def test_attendance_of_all_is_the_tally_of_each_clipped_to_the_roll(filled: School) -> None:
    known = facts()
    for first, last in ((DAY_0, TODAY), (date(2026, 6, 20), date(2026, 9, 15))):
        got = [(t.pupil_id, t.tally) for t in filled.read(cohort.attendance, 1, first, last, codes=known.codes)]
        want = []
        for records in filled.read(lambda r: list(records_of_many(r, ALL))):
            for e in records.enrolments:
                if (e.first_day or first) <= last and (e.last_day or last) >= first:
                    t = tally([m for m in records.marks if m.setting_id == 1], known.codes, ((e.first_day, e.last_day),), first=first, last=last)
                    if t.by_code:
                        want.append((records.pupil.id, replace(t, by_code={}, unmarked=None)))
        assert got == want


def test_before_and_since_of_all(filled: School) -> None:
    rows = {b.pupil_id: b for b in filled.read(cohort.before_and_since, 1, TODAY)}
    assert (rows[1].before_attended, rows[1].before_possible, rows[1].stated_by, rows[1].attended, rows[1].possible) == (118, 380, "Parkfield Academy", 128, 162)
    assert (rows[2].before_possible, rows[2].possible) == (0, 0) and 5 not in rows


def test_weekly_engagement_is_that_of_all_rated_lessons(filled: School) -> None:
    known = filled.read(school_facts)
    everyone = [
        replace(s, pupil_id=0)
        for records in filled.read(lambda r: list(records_of_many(r, ALL)))
        for s in records.lesson_scores
        for e in records.enrolments
        if (e.first_day is None or s.slot >= to_number(e.first_day) * 8) and (e.last_day is None or s.slot < (to_number(e.last_day) + 1) * 8)
    ]
    assert filled.read(cohort.weekly_engagement, known, DAY_0, TODAY) == engagement_weeks(everyone, 4, known.calendar)


def test_own_spreads_are_those_of_the_starts_that_the_domain_finds(filled: School) -> None:
    found = filled.read(own_spreads, 1, TODAY)
    # Amara 28 agreed; Zoë's present stay has the agreed 48; Ben from his placement on: 40 on 14 September; Cal 28 agreed
    who5 = found[SeriesKey("who5", "1998", "pupil")]
    assert who5.n == 4 and who5.sd == pytest.approx(96**0.5)
    assert filled.read(own_spreads, 1, date(2026, 1, 1)) == {}


def test_changes_are_the_judgements_of_the_domain(filled: School) -> None:
    known = filled.read(school_facts, day=TODAY)
    wide = replace(known, spreads={k: replace(v, n=40, sd=5.0) for k, v in known.spreads.items()})
    rows = {(r.pupil_id, r.key): r for r in filled.read(cohort.changes, wide, TODAY)}
    checked = 0
    for records in filled.read(lambda r: list(records_of_many(r, [1, 2, 3, 4]))):
        d = build_dossier(records, wide, last=TODAY, today=TODAY)
        for s in d.series:
            if not s.is_main or s.start is None or s.scale.kind in (ORDINAL, AGE_MONTHS):
                continue
            row = rows.pop((d.pupil_id, s.key))
            j = s.judgement
            assert (row.verdict, row.needs, row.why, row.start) == (j.verdict, j.needs, j.why, s.start.value)
            assert row.now_day == (j.now.day if j.now else None)
            checked += 1
    assert not rows and checked == 7
    assert any(r.verdict == "gain" for r in filled.read(cohort.changes, wide, TODAY))


def test_the_timeline_has_every_day_once_a_kind(filled: School) -> None:
    rows = filled.read(timeline, 1)
    assert [r.day for r in rows] == sorted(r.day for r in rows)
    assert len([r for r in rows if r.kind == "mark"]) == 81
    assert sum(r.value or 0 for r in rows if r.kind == "mark") == 128
    assert sum(r.of or 0 for r in rows if r.kind == "engagement") == 405
    assert [r.value for r in rows if r.kind == "reading" and r.what == "who5"] == [28, 28, 32, 36, 40, 40, 44, 48, 52]


def test_a_start_that_is_not_stated_in_sql_is_that_of_the_domain(filled: School) -> None:
    known = filled.read(school_facts, day=TODAY)
    for records in filled.read(lambda r: list(records_of_many(r, ALL))):
        d = build_dossier(records, known, last=TODAY, today=TODAY)
        series = [r for r in records.readings if r.instrument == "who5"]
        start = start_of(series, records.starting_points, records.start_values, began=d.stay.began, as_of=TODAY)
        mine = next((s for s in d.series if s.key.instrument == "who5"), None)
        assert (mine.start.reading_id if mine and mine.start else None) == (start.reading.id if start else None)
        if mine is not None:
            again = judge(mine.instrument, series, start, as_of=TODAY, own=known.spreads.get(mine.key), age=d.header.age, sex=records.pupil.sex)
            assert again.verdict == mine.judgement.verdict


def test_a_list_of_many_hundreds_is_read_whole(tmp_path: Path) -> None:
    made, _ = School.create(tmp_path / "many.approgress", "Many", passphrase="four short plain words")
    with made:
        rows: list[object] = []
        for n in range(1, 451):
            rows += [Pupil(n, f"C{n:04d}"), Name(n, 1, "legal", f"F{n:04d}", "S"), Enrolment(n, 1, 1, "C", DAY_0), HomeSchool(n, 1, 7)]
            rows += [Mark(n, 1, TODAY, 0, 66), LessonScore(n, to_number(TODAY) * 8, 4), Reading(n, 2, TODAY, "who5", "1998", "pupil", 40.0)]
        made.do(Title.DEMONSTRATION, [Put(r) for r in [*TERMS, *facts().partners.values(), *rows]])
        known = made.read(school_facts)
        cards = made.read(pupils.cards, known, TODAY)
        assert len(cards) == 450 and all((c.half_term.attended, c.half_term.possible, c.home_school) == (1, 2, "Parkfield Academy") for c in cards)
        assert [c.name.full for c in cards[:2]] == ["F0001 S", "F0002 S"] and all(c.held["wellbeing"] for c in cards)
        assert len(made.read(pupils.signs, known, TODAY, [c.pupil_id for c in cards])) == 450


@pytest.fixture
def empty(either: School) -> Iterator[School]:
    yield either


def test_an_empty_school_answers_every_question(empty: School) -> None:
    known = empty.read(school_facts)
    assert empty.read(pupils.on_roll, TODAY) == [] and empty.read(pupils.cards, known, TODAY) == []
    assert empty.read(pupils.signs, known, TODAY, []) == {} and empty.read(pupils.search, "a", TODAY) == []
    assert empty.read(register.of_group, known, None, TODAY).school_day is None
    assert empty.read(cohort.attendance, 1, DAY_0, TODAY) == [] and empty.read(cohort.changes, known, TODAY) == []
    assert empty.read(cohort.weekly_engagement, known, DAY_0, TODAY) == () and empty.read(own_spreads, 1) == {}
    assert empty.read(timeline, 1) == ()
