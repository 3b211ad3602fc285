"""The demonstration school: the same everywhere, whole, believable, and its stories' figures, worked out again from raw rows."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import stdev
from typing import Any, TypeVar

import pytest

from approgress.domain.days import age_on, to_date
from approgress.domain.edits import Title
from approgress.domain.errors import Stopped, Trouble
from approgress.domain.identifiers import check_uln, check_upn
from approgress.domain.records import (
    KINDS,
    AbsenceContact,
    Closure,
    Contact,
    Enrolment,
    Event,
    Flag,
    Goal,
    Group,
    GroupMember,
    HalfTerm,
    HomeSchool,
    Identifier,
    InstrumentFile,
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
    Strength,
    Suspension,
    Timetable,
    TimetableReview,
    TimetableStep,
    YearGroup,
)
from approgress.domain.school_year import year_by_age
from approgress.domain.scoring import DECLINED
from approgress.school.demonstration import TODAY, make_demonstration
from approgress.school.demonstration.book import read_book
from approgress.school.demonstration.roll import make_roll
from approgress.school.school import School
from approgress.store.catalogue import code_set, library
from approgress.store.keys import key_path

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
STRANDS = {"wellbeing", "engagement", "attendance", "behaviour", "learning", "home"}
# one byte a band of 32: attended, authorised, unauthorised, not possible
ATTENDED, AUTHORISED, UNAUTHORISED, NOT_POSSIBLE = range(4)


class Rows:
    """All rows of the school by class and by pupil, and no arithmetic of the program's."""

    def __init__(self, school: School) -> None:
        self.all: dict[type[Any], list[Any]] = {k.cls: school.read(lambda r, c=k.cls: r.every(c)) for k in KINDS.values()}
        self.mine: dict[tuple[type[Any], int], list[Any]] = defaultdict(list)
        for cls, rows in self.all.items():
            for row in rows:
                if hasattr(row, "pupil_id"):
                    self.mine[cls, row.pupil_id].append(row)
        self.ids = {f"{n.forename} {n.surname}": n.pupil_id for n in self.all[Name] if n.use == "legal"}
        self.history = school.history()
        self.library = library(school.read(lambda r: r.every(InstrumentFile)))

    def of(self, cls: type[Any], who: str | int) -> list[Any]:
        return self.mine[cls, self.ids[who] if isinstance(who, str) else who]

    def one(self, cls: type[Any], who: str | int) -> Any:
        (row,) = self.of(cls, who)
        return row

    @property
    def on_roll(self) -> list[int]:
        return [e.pupil_id for e in self.all[Enrolment] if e.last_day is None]

    def counts(self, who: str | int, first: date = date.min, last: date = date.max) -> Counter[int]:
        """Sessions by class of code between two days."""
        marks = [m for m in self.of(Mark, who) if first <= m.day <= last]
        return Counter(n // 32 for m in marks for n in (m.am, m.pm) if n is not None)

    def attended(self, who: str | int, first: date = date.min, last: date = date.max) -> tuple[int, int]:
        """Sessions attended and possible."""
        n = self.counts(who, first, last)
        return n[ATTENDED], n[ATTENDED] + n[AUTHORISED] + n[UNAUTHORISED]

    def code(self, who: str | int, day: date) -> str:
        """'/ \\' of a day."""
        (mark,) = [m for m in self.of(Mark, who) if m.day == day]
        return f"{code_set().text(mark.am) or '-'} {code_set().text(mark.pm) or '-'}"

    def values(self, who: str, instrument: str, respondent: str = "pupil") -> list[float]:
        rows = [r for r in self.of(Reading, who) if (r.instrument, r.respondent, r.status) == (instrument, respondent, "complete")]
        return [r.value for r in sorted(rows, key=lambda r: r.day) if r.value is not None]


@pytest.fixture(scope="module")
def rows(demo_school_path: Path, data_root: Path) -> Iterator[Rows]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPROGRESS_DATA_DIR", str(data_root / "session"))
        with School.open(demo_school_path) as school:
            yield Rows(school)


HALF_TERMS = {
    "spring 2": (date(2026, 2, 23), date(2026, 3, 27)),
    "summer 1": (date(2026, 4, 13), date(2026, 5, 22)),
    "summer 2": (date(2026, 6, 1), date(2026, 7, 22)),
    "autumn 1": (date(2026, 9, 3), date(2026, 10, 23)),
    "autumn 2": (date(2026, 11, 2), TODAY),
}


# --- the same everywhere ----------------------------------------------------------------------------------------------


def fingerprint(school: School) -> dict[str, str]:
    """A hash of each table of records."""
    found: dict[str, str] = {}
    for kind in KINDS.values():
        digest = hashlib.sha256()
        for row in school.read(lambda r, c=kind.cls: r.every(c)):
            digest.update(repr(row).encode())
        found[kind.name] = digest.hexdigest()
    return found


MAKE = """
import json, sys, tempfile
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from approgress.school.demonstration import make_demonstration
from tests.school.test_demonstration import fingerprint
with tempfile.TemporaryDirectory() as folder, make_demonstration(Path(folder) / "again.approgress") as school:
    print(json.dumps(fingerprint(school)))
"""


def test_another_machine_makes_the_same_records(demo_school_path: Path, tmp_path: Path) -> None:
    away = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "LC_ALL": "C", "APPROGRESS_DATA_DIR": str(tmp_path / "other machine")}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(ROOT)], cwd=ROOT, env=os.environ | away, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with School.open(demo_school_path) as school:
        assert json.loads(done.stdout) == fingerprint(school)


def test_it_is_marked_and_carries_its_own_day(demo_school: School) -> None:
    times = {"am_starts": 8 * 60 + 50, "pm_starts": 12 * 60 + 40}
    assert demo_school.setting == Setting(1, "Hawthorn Centre", "ap_academy", "999", "1104", demonstration=True, today=TODAY, **times)
    assert demo_school.today == TODAY and TODAY.strftime("%A %d %B %Y") == "Tuesday 24 November 2026"
    assert (demo_school.viewer.name, demo_school.viewer.role) == ("T. Mbeki", "teacher")


def test_a_smaller_school_has_the_first_stories_and_one_year_will_do(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with make_demonstration(tmp_path / "small", pupils=8, years=1, progress=lambda done, total: told.append((done, total))) as school:
        small = Rows(school)
    assert len(small.on_roll) == 8 and len(small.all[Pupil]) == 8 + 15
    assert {"Amara Bell", "Leon Marsh", "Reuben Castell", "Gwen Tallis"} <= set(small.ids)
    assert small.attended("Amara Bell", *HALF_TERMS["autumn 2"]) == (29, 33)
    assert min(t.first_day for t in small.all[HalfTerm]) == date(2026, 9, 3) == min(m.day for m in small.all[Mark])
    assert told == sorted(told) and told[0] == (0, 23) and told[-1] == (23, 23) and len(told) == 24


def test_the_large_school_has_600_pupils_and_five_years() -> None:
    book = read_book(5)
    plans = make_roll(book, 600, 1125)
    assert len(plans) == 1725 and sum(not p.leaver for p in plans) == 600
    assert len({(p.forename, p.surname) for p in plans}) == 1725
    assert book.first_day == date(2022, 9, 5) and min(p.stays[0].came for p in plans) < date(2023, 9, 1)
    sizes = Counter(p.group for p in plans if not p.leaver)
    assert sizes["Ash"] == 11 and len(sizes) > 15 and max(sizes.values()) <= 35


@pytest.mark.parametrize("after", [0, 5, 19])
def test_stopped_leaves_nothing_behind(tmp_path: Path, after: int) -> None:
    def stop(done: int, total: int) -> None:
        if done == after:
            raise Stopped

    folder = tmp_path / "place"
    with pytest.raises(Stopped):
        make_demonstration(folder / "demo.approgress", pupils=10, leavers=10, progress=stop)
    assert list(folder.iterdir()) == []
    with make_demonstration(folder / "demo.approgress", pupils=2, leavers=0) as school:
        assert len(school.read(lambda r: r.every(Pupil))) == 2


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "demo.approgress"
    there.write_bytes(b"something else")
    with pytest.raises(Trouble):
        make_demonstration(there, pupils=1, leavers=0)
    assert there.read_bytes() == b"something else" and not key_path(there).exists()


# --- whole ------------------------------------------------------------------------------------------------------------


def test_sizes(rows: Rows) -> None:
    assert len(rows.on_roll) == len(set(rows.on_roll)) == 64
    assert len(rows.all[Pupil]) == 64 + 120
    assert sorted({t.first_day.year for t in rows.all[HalfTerm]}) == [2024, 2025, 2026, 2027] and len(rows.all[HalfTerm]) == 18
    assert len(rows.all[Mark]) > 15_000 and len(rows.all[LessonScore]) > 30_000 and len(rows.all[Reading]) > 3_000
    groups = {g.id: g.name for g in rows.all[Group]}
    assert Counter(groups[rows.of(GroupMember, p)[-1].group_id] for p in rows.on_roll) == {
        "Ash": 11, "Birch": 10, "Cedar": 10, "Elm": 10, "Hazel": 10, "Maple": 9, "Outreach": 4,
    }  # fmt: skip
    kinds = Counter(p.sort for i in rows.on_roll for p in rows.of(Placement, i) if p.last_day is None)
    assert kinds == {"full_time": 33, "respite": 20, "part_time": 7, "outreach": 4}
    held = Counter((f.sort, f.value) for i in rows.on_roll for f in rows.of(Flag, i) if f.last_day is None)
    assert held["care", "yes"] == 9 and held["sen", "E"] == 20


def test_every_row_belongs_to_a_pupil_and_points_at_what_is_there(rows: Rows) -> None:
    pupils = {p.id for p in rows.all[Pupil]}
    assert {row.pupil_id for (_, _), found in rows.mine.items() for row in found} <= pupils
    ids = {
        cls: {row.id for row in rows.all[cls]}
        for cls in (Enrolment, Goal, Reading, StartingPoint, StatedAttendance, Partner, Person, Group)
    }
    for cls, field, to in (
        (Placement, "enrolment_id", Enrolment), (Placement, "partner_id", Partner), (Placement, "commissioner_id", Partner),
        (HomeSchool, "partner_id", Partner), (GroupMember, "group_id", Group), (Reading, "goal_id", Goal), (Moment, "person_id", Person),
        (Note, "person_id", Person), (StartValue, "starting_point_id", StartingPoint), (StartValue, "reading_id", Reading),
        (StartValue, "stated_id", StatedAttendance),
    ):  # fmt: skip
        assert {getattr(row, field) for row in rows.all[cls]} - {None} <= ids[to], (cls, field)
    mine = {cls: {row.id: row.pupil_id for row in rows.all[cls]} for cls in (Reading, StartingPoint, StatedAttendance)}
    for v in rows.all[StartValue]:
        assert mine[StartingPoint][v.starting_point_id] == v.pupil_id
        assert v.reading_id is None or mine[Reading][v.reading_id] == v.pupil_id
        assert v.stated_id is None or mine[StatedAttendance][v.stated_id] == v.pupil_id


def test_marks_only_on_school_days_and_while_on_roll_and_none_missing(rows: Rows) -> None:
    closed = {c.first_day + timedelta(days=i) for c in rows.all[Closure] for i in range((c.last_day - c.first_day).days + 1)}
    open_ = {
        day
        for t in rows.all[HalfTerm]
        for i in range((t.last_day - t.first_day).days + 1)
        if (day := t.first_day + timedelta(days=i)).weekday() < 5 and day not in closed
    }
    for pupil in rows.all[Pupil]:
        roll = {d for e in rows.of(Enrolment, pupil.id) for d in open_ if e.first_day <= d <= (e.last_day or TODAY)}
        marked = {m.day for m in rows.of(Mark, pupil.id)}
        assert marked <= roll, pupil
        assert roll - {TODAY} <= marked, pupil
        for m in rows.of(Mark, pupil.id):
            if m.day < TODAY:
                assert m.am is not None and m.pm is not None
            else:
                assert m.am is not None and m.pm is None


def test_codes_are_in_force_of_their_session_and_late_only_with_minutes(rows: Rows) -> None:
    codes = code_set()
    for m in rows.all[Mark]:
        for session, number, late in (("AM", m.am, m.am_late), ("PM", m.pm, m.pm_late)):
            if number is None:
                continue
            code = codes.by_number(number)
            assert code.in_force(m.day) and code.session in (None, session), m
            assert (late is not None) == (code.text in ("L", "U")), m
            assert code.text not in ("#", "Z", "X")


def test_lessons_are_rated_only_where_the_pupil_was_in_school(rows: Rows) -> None:
    present = {n for n in range(32) if code_set().text(n) in ("/", "\\", "L")}
    in_school = {(m.pupil_id, m.day, s) for m in rows.all[Mark] for s, n in (("AM", m.am), ("PM", m.pm)) if n in present}
    for s in rows.all[LessonScore]:
        day, lesson = to_date(s.slot // 8), s.slot % 8
        assert 0 <= lesson <= 4 and s.score in range(1, 6) and s.own in (None, *range(1, 6))
        assert (s.pupil_id, day, "AM" if lesson < 3 else "PM") in in_school, s
    rated, lessons = len(rows.all[LessonScore]), sum(3 if s == "AM" else 2 for _, _, s in in_school)
    assert 0.6 < rated / lessons < 0.95  # some are not rated
    assert any(s.own is not None for s in rows.all[LessonScore])


def test_readings_are_by_who_may_answer_and_within_their_scales(rows: Rows) -> None:
    for r in rows.all[Reading]:
        instrument = rows.library.get(r.instrument, r.edition)
        assert instrument is not None and r.respondent in instrument.respondents, r
        assert r.day <= TODAY and (r.value is None) == (r.status == "draft"), r
        if instrument.ages is not None:
            born = next(p.born for p in rows.all[Pupil] if p.id == r.pupil_id)
            assert instrument.ages[0] <= age_on(born, r.day) <= instrument.ages[1], r
        if r.value is not None:
            assert min(abs(r.value - s) for s in instrument.main.steps) < 1e-9, r
        for scale_id, value in json.loads(r.parts or "{}").items():
            scale = instrument.scale(scale_id)
            assert scale.low <= value <= scale.high, r
        if r.instrument == "who5":
            answers = list(r.answers or b"")
            assert len(answers) == 5 and all(a <= 5 or a in (254, 255) for a in answers)
            assert r.value == (4 * sum(answers) if max(answers) <= 5 else None)
        if r.instrument.startswith("sdq") and r.value is not None:
            parts = json.loads(r.parts or "")
            assert r.value == sum(parts[p] for p in ("emotional", "conduct", "hyperactivity", "peer"))
        if r.status in ("draft", "void"):
            assert r.why
        assert (r.goal_id is not None) == (r.instrument == "goal")


def test_pupils_answer_only_on_days_when_they_were_there(rows: Rows) -> None:
    outreach = {p.pupil_id for p in rows.all[Placement] if p.sort == "outreach"}
    attended = {(m.pupil_id, m.day) for m in rows.all[Mark] if (m.am is not None and m.am < 32) or (m.pm is not None and m.pm < 32)}
    came = {p: min(e.first_day for e in rows.of(Enrolment, p)) for p in (x.id for x in rows.all[Pupil])}
    for r in rows.all[Reading]:
        if r.instrument in ("who5", "reading_test") and r.status == "complete" and r.pupil_id not in outreach and r.day >= came[r.pupil_id]:
            assert (r.pupil_id, r.day) in attended, r


def test_nobody_is_rated_twice_on_one_day(rows: Rows) -> None:
    sittings = Counter(
        (r.pupil_id, r.instrument, r.edition, r.respondent, r.goal_id, r.day) for r in rows.all[Reading] if r.status == "complete"
    )
    assert [s for s, n in sittings.items() if n > 1] == []


def test_numbers_of_pupils_are_right_and_their_own(rows: Rows) -> None:
    values = [(i.system, i.value) for i in rows.all[Identifier]]
    assert len(values) == len(set(values))
    for i in rows.all[Identifier]:
        if i.system == "upn":
            check = check_upn(i.value)
            assert check.ok and check.unknown_authority == "999", i
        if i.system == "uln":
            assert check_uln(i.value).ok, i
    for p in rows.all[Pupil]:
        assert {i.system for i in rows.of(Identifier, p.id)} >= {"upn", "number"}
    assert len({p.code for p in rows.all[Pupil]}) == 184
    temporary = [i for i in rows.all[Identifier] if i.system == "upn" and check_upn(i.value).temporary]
    assert [i.pupil_id for i in temporary] == [rows.ids["Sol Brook"]]


def test_year_groups_fit_birthdays(rows: Rows) -> None:
    for p in rows.all[Pupil]:
        for y in rows.of(YearGroup, p.id):
            assert y.year == year_by_age(p.born, y.school_year), (p, y)
            assert 7 <= int(y.year) <= 11 or p.id not in rows.on_roll


def test_names_are_used_once_and_every_pupil_has_strengths_first(rows: Rows) -> None:
    legal = Counter((n.forename, n.surname) for n in rows.all[Name] if n.use == "legal")
    assert max(legal.values()) == 1 and len(legal) == 184
    for p in rows.on_roll:
        sorts = {s.sort for s in rows.of(Strength, p)}
        assert sorts == {"good_at", "what_helps", "own_words"} or p == rows.ids["Sol Brook"]


def test_leavers_have_an_end_a_reason_and_an_outcome(rows: Rows) -> None:
    gone = [e for e in rows.all[Enrolment] if e.last_day is not None]
    assert len(gone) == 121  # and one pupil who came back
    assert all(e.leaving_reason and e.last_day <= TODAY for e in gone)
    assert all(p.outcome for p in rows.all[Placement] if p.last_day is not None)
    reasons = Counter(e.leaving_reason for e in gone)
    assert reasons["Returned to home school"] > 20 and reasons["End of Year 11"] > 20 and len(reasons) >= 5
    assert all(p.purpose for p in rows.all[Placement])


# --- believable -------------------------------------------------------------------------------------------------------


def test_absence_is_that_of_such_schools(rows: Rows) -> None:
    """State-funded AP in 2024/25: absence 42.0% (authorised 23.3, unauthorised 18.8), 81.9% persistently absent (england.md 1.5)."""
    total = Counter(n // 32 for m in rows.all[Mark] for n in (m.am, m.pm) if n is not None)
    possible = total[ATTENDED] + total[AUTHORISED] + total[UNAUTHORISED]
    assert 0.36 < 1 - total[ATTENDED] / possible < 0.48
    assert 0.18 < total[AUTHORISED] / possible < 0.29 and 0.13 < total[UNAUTHORISED] / possible < 0.23
    pupils = [rows.attended(p.id) for p in rows.all[Pupil]]
    persistent = [10 * (of - n) >= of for n, of in pupils if of]
    assert 0.75 < sum(persistent) / len(persistent) < 0.98
    texts = Counter(code_set().text(n) for m in rows.all[Mark] for n in (m.am, m.pm) if n is not None)
    assert set(texts) >= set("/ \\ L U I M C R O N G E B K V W P D C2 Y4".split())


def test_most_come_more_often_and_not_all(rows: Rows) -> None:
    better = worse = 0
    for p in rows.all[Pupil]:
        marks = sorted(rows.of(Mark, p.id), key=lambda m: m.day)
        if len(marks) >= 60:
            early, late = marks[: len(marks) // 3], marks[-len(marks) // 3 :]
            a, b = (sum(n is not None and n < 32 for m in part for n in (m.am, m.pm)) / len(part) for part in (early, late))
            better, worse = better + (b > a), worse + (b < a)
    assert better > 1.5 * worse > 15


def test_snow_shut_the_site_for_everyone(rows: Rows) -> None:
    marks = [m for m in rows.all[Mark] if m.day == date(2026, 1, 20)]
    assert len(marks) > 20 and {(code_set().text(m.am), code_set().text(m.pm)) for m in marks} == {("Y4", "Y4")}


def test_n_is_young_but_for_two(rows: Rows) -> None:
    last = [date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23), TODAY]
    found = [(m.pupil_id, m.day) for m in rows.all[Mark] for n in (m.am, m.pm) if code_set().text(n) == "N"]
    old = {(p, d) for p, d in found if d < last[0]}
    assert old == {(rows.ids["Mina Halloran"], date(2026, 11, 10)), (rows.ids["Archie Peckover"], date(2026, 11, 12))}
    assert len(found) > 5 and (rows.ids["Harley Quinn-Moss"], date(2026, 11, 18)) in found


def test_good_moments_are_more_than_incidents_and_all_are_of_days_attended(rows: Rows) -> None:
    tones = Counter(m.tone for m in rows.all[Moment])
    assert tones["good"] > tones["incident"] > 500 and tones["neutral"] > 500
    attended = {(m.pupil_id, m.day) for m in rows.all[Mark] if (m.am is not None and m.am < 32) or (m.pm is not None and m.pm < 32)}
    assert {(m.pupil_id, m.day) for m in rows.all[Moment]} <= attended


def starts(rows: Rows, instrument: str) -> list[float]:
    """Each pupil's first complete reading since the last time on roll began."""
    found: list[float] = []
    for p in rows.all[Pupil]:
        began = max(e.first_day for e in rows.of(Enrolment, p.id))
        here = [r for r in rows.of(Reading, p.id) if r.instrument == instrument and r.status == "complete" and r.day >= began]
        if here:
            found.append(min(here, key=lambda r: r.day).value or 0.0)
    return found


@pytest.mark.parametrize("instrument", ["who5", "sdq_teacher", "reading_test"])
def test_the_schools_own_spread_can_be_used(rows: Rows, instrument: str) -> None:
    values = starts(rows, instrument)
    assert len(values) >= 30 and stdev(values) > 4


def test_wellbeing_changes_honestly(rows: Rows) -> None:
    """By reliable change on the school's own spread and the published alpha of .85: some gains, some declines, most unclear."""
    needs = 1.96 * stdev(starts(rows, "who5")) * (2 * (1 - 0.85)) ** 0.5
    assert 20 < needs < 24  # so that Amara's 24 points count
    gains = declines = unclear = 0
    for p in rows.on_roll:
        began = max(e.first_day for e in rows.of(Enrolment, p))
        here = sorted((r.day, r.value) for r in rows.of(Reading, p) if r.instrument == "who5" and r.status == "complete" and r.day >= began)
        if len(here) > 1:
            change = here[-1][1] - here[0][1]
            gains, declines, unclear = gains + (change > needs), declines + (change < -needs), unclear + (abs(change) <= needs)
    assert gains >= 5 and declines >= 2 and unclear > 2 * (gains + declines) > 0


def test_what_is_missing_is_there_with_its_reason(rows: Rows) -> None:
    drafts = [r for r in rows.all[Reading] if r.status == "draft"]
    assert {r.instrument for r in drafts} >= {"who5", "sdq_parent", "reading_test"} and len({r.why for r in drafts}) >= 6
    assert any(r.status == "void" for r in rows.all[Reading])


def test_starting_points_full_for_58_and_six_without(rows: Rows) -> None:
    held: dict[int, set[str]] = {p: set() for p in rows.on_roll}
    for p in rows.on_roll:
        newest = max((s.id for s in rows.of(StartingPoint, p)), default=None)
        held[p] = {v.strand for v in rows.of(StartValue, p) if v.starting_point_id == newest}
    without = {name for name, i in rows.ids.items() if i in held and held[i] != STRANDS}
    assert without == {"Kacey Lomas", "Maya Petrov", "Jayden Pike", "Sol Brook", "Rowan Alder", "Ines Moreau"}
    assert Counter(s for strands in held.values() for s in strands) == {
        "wellbeing": 61, "engagement": 61, "attendance": 62, "behaviour": 62, "learning": 59, "home": 60,
    }  # fmt: skip
    for p in rows.on_roll:
        for s in rows.of(StartingPoint, p):
            assert (s.agreed_on is None) == (held[p] != STRANDS) or s.id != max(x.id for x in rows.of(StartingPoint, p))
            for v in rows.of(StartValue, p):
                reading = next((r for r in rows.of(Reading, p) if r.id == v.reading_id), None)
                if reading is not None and s.agreed_on is not None and v.starting_point_id == s.id:
                    assert s.day <= reading.day <= s.agreed_on


def test_four_pupils_have_nothing_written_in_a_fortnight(rows: Rows) -> None:
    last = {p: max([n.day for n in rows.of(Note, p)] + [m.day for m in rows.of(Moment, p)], default=None) for p in rows.on_roll}
    quiet = {name: last[i] for name, i in rows.ids.items() if i in last and (last[i] or date.min) <= date(2026, 11, 10)}
    assert quiet == {
        "Imran Shah": date(2026, 11, 10), "Keir Vance": date(2026, 11, 9), "Ines Moreau": date(2026, 11, 6), "Sol Brook": None,
    }  # fmt: skip


# --- the stories ------------------------------------------------------------------------------------------------------


def test_amara_a_respite_and_the_return(rows: Rows) -> None:
    who = "Amara Bell"
    assert [rows.attended(who, *HALF_TERMS[t]) for t in ("summer 2", "autumn 1", "autumn 2")] == [(43, 66), (56, 74), (29, 33)]
    assert rows.attended(who) == (128, 173)
    before = rows.one(StatedAttendance, who)
    assert (before.school, before.attended, before.possible) == ("Parkfield Academy", 118, 380)
    assert before.attended + before.authorised + before.unauthorised == before.possible
    assert rows.values(who, "who5") == [28, 28, 32, 36, 40, 40, 44, 48, 52]
    assert rows.values(who, "sdq_teacher", "teacher") == [24, 19]
    ngrt = [(r.day, r.value, r.form) for r in rows.of(Reading, who) if r.instrument == "reading_test" and r.edition == "NGRT"]
    assert ngrt == [(date(2026, 6, 9), 82, "form A"), (date(2026, 11, 16), 85, "form B")]
    (late,) = [r for r in rows.of(Reading, who) if r.instrument == "sdq_parent"]
    assert late.status == "draft" and late.why == "Form sent home twice, not returned"
    scores = [s.score for s in sorted(rows.of(LessonScore, who), key=lambda s: s.slot)]
    assert len(scores) == 280
    assert (sum(s >= 4 for s in scores[:20]), sum(s >= 4 for s in scores[-20:])) == (4, 12)
    am = sum(m.am is not None and m.am < 32 for m in rows.of(Mark, who))
    assert 3 * am + 2 * (128 - am) == 320  # lessons in 128 sessions, three in a morning
    for term, (incidents, attended) in {"summer 2": (14, 43), "autumn 1": (11, 56), "autumn 2": (3, 29)}.items():
        first, last = HALF_TERMS[term]
        assert sum(m.tone == "incident" and first <= m.day <= last for m in rows.of(Moment, who)) == incidents
        assert rows.attended(who, first, last)[0] == attended
    goals = {
        g.words: [r.value for r in sorted((r for r in rows.of(Reading, who) if r.goal_id == g.id), key=lambda r: r.day)]
        for g in rows.of(Goal, who)
    }
    assert {w: (v[0], v[-1]) for w, v in goals.items()} == {
        "Get through maths without walking out": (3, 8),
        "Sleep before midnight on school nights": (2, 5),
        "Go back and be with my mates": (1, 6),
    }
    point = rows.one(StartingPoint, who)
    assert (point.day, point.agreed_on) == (date(2026, 6, 8), date(2026, 6, 26))
    values = {v.what: v for v in rows.of(StartValue, who)}
    assert values["Suspensions, year before"].value == 4 and values["Suspensions, year before"].detail == "22 half-days"
    assert values["Areas that stop it or do on most days"].value == 3 and {v.strand for v in values.values()} == STRANDS
    assert all(v.source and v.sure for v in values.values())
    assert rows.code(who, date(2026, 10, 15)) == "E E"
    events = {(e.day, e.label, e.planned) for e in rows.of(Event, who)}
    assert {
        (date(2026, 9, 7), "Mentoring starts", False),
        (date(2026, 12, 11), "Taster", True),
    } <= events
    assert [n.day for n in rows.of(NextStep, who)] == [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 11)]
    placement = rows.one(Placement, who)
    assert (placement.sort, placement.first_day, placement.planned_end) == ("respite", date(2026, 6, 8), date(2026, 12, 18))


def test_leon_part_time_counted_both_ways(rows: Rows) -> None:
    terms = ("summer 1", "summer 2", "autumn 1", "autumn 2")
    assert [rows.attended("Leon Marsh", *HALF_TERMS[t]) for t in terms] == [(13, 58), (32, 76), (37, 74), (17, 33)]
    texts = Counter(code_set().text(n) for m in rows.of(Mark, "Leon Marsh") for n in (m.am, m.pm) if n is not None)
    assert texts["C2"] == 122 and texts["L"] == 14 and texts["I"] + texts["M"] == 8 and texts["O"] == 12
    agreed = sum(texts.values()) - texts["C2"]
    assert (rows.attended("Leon Marsh")[0], agreed, sum(texts.values())) == (99, 119, 241)
    assert rows.code("Leon Marsh", TODAY) == "C2 -"
    before = rows.one(StatedAttendance, "Leon Marsh")
    assert (before.attended, before.possible, before.unauthorised) == (48, 148, 65)


def test_leons_timetable_is_what_his_register_follows(rows: Rows) -> None:
    timetable = rows.one(Timetable, "Leon Marsh")
    assert (timetable.first_day, timetable.target_end, timetable.last_day) == (date(2026, 4, 13), date(2026, 11, 27), None)
    assert [r.day for r in rows.of(TimetableReview, "Leon Marsh") if r.held_on is None] == [date(2026, 11, 27)]


def test_part_time_marks_follow_the_steps_of_the_timetable(rows: Rows) -> None:
    codes, seen = code_set(), 0
    for timetable in rows.all[Timetable]:
        steps = sorted((s for s in rows.of(TimetableStep, timetable.pupil_id) if s.timetable_id == timetable.id), key=lambda s: s.first_day)
        assert steps and steps[0].first_day == timetable.first_day and timetable.reason and timetable.agreed_by
        for m in rows.of(Mark, timetable.pupil_id):
            if m.day < timetable.first_day or (timetable.last_day and m.day > timetable.last_day):
                continue
            step = [s for s in steps if s.first_day <= m.day][-1]
            for number, mask in ((m.am, step.am), (m.pm, step.pm)):
                text = codes.text(number)
                if text and text not in ("Y4", "Y", "E"):
                    assert (text in ("C2", "C")) is not bool(mask >> m.day.weekday() & 1) or text == "C", (timetable, m)
                    seen += 1
    assert seen > 1000


def test_suspensions_are_the_runs_of_e_and_calls_belong_to_missed_sessions(rows: Rows) -> None:
    codes = code_set()
    suspended = list(rows.all[Suspension])
    assert len(suspended) > 20 and all(s.reasons and s.half_days and s.last_day >= s.first_day for s in suspended)
    excluded = sum(codes.text(n) == "E" for m in rows.all[Mark] for n in (m.am, m.pm) if n is not None)
    assert sum(s.half_days for s in suspended) == excluded
    missed = {(m.pupil_id, m.day) for m in rows.all[Mark] for n in (m.am, m.pm) if n is not None and n // 32 in (AUTHORISED, UNAUTHORISED)}
    assert len(rows.all[AbsenceContact]) > 100 and all((c.pupil_id, c.day) in missed for c in rows.all[AbsenceContact])


def test_lesson_notes_and_interventions_are_whole(rows: Rows) -> None:
    rated = {(s.pupil_id, s.slot) for s in rows.all[LessonScore]}
    assert len(rows.all[LessonNote]) > 50 and all((n.pupil_id, n.slot) in rated and n.worked for n in rows.all[LessonNote])
    held = rows.all[Intervention]
    assert held and all(i.signed_by != i.person_id and i.told_on and i.moment_id for i in held)


def test_tom_missing_for_19_days_and_now_in_two_mornings_a_week(rows: Rows) -> None:
    marks = sorted(rows.of(Mark, "Tom Reilly"), key=lambda m: m.day)
    codes = code_set()
    first = [m for m in marks if m.day <= date(2026, 10, 1)]
    assert len(first) == 19 and {(codes.text(m.am), codes.text(m.pm)) for m in first} == {("O", "O")}
    since = [m for m in marks if m.day >= date(2026, 10, 12)]
    asked = [(m.day.strftime("%a"), codes.text(m.am)) for m in since if codes.text(m.am) != "C2"]
    assert {d for d, _ in asked} == {"Tue", "Thu"} and Counter(c for _, c in asked) == {"/": 10, "I": 1}
    assert {codes.text(m.pm) for m in since} == {"C2", ""}
    assert rows.attended("Tom Reilly") == (10, 103)


def test_reuben_wellbeing_dips_while_attendance_climbs(rows: Rows) -> None:
    terms = ("spring 2", "summer 1", "summer 2", "autumn 1", "autumn 2")
    found = [rows.attended("Reuben Castell", *HALF_TERMS[t]) for t in terms]
    assert found == [(17, 40), (33, 58), (52, 76), (61, 74), (31, 33)]
    shares = [n / of for n, of in found]
    answers = rows.values("Reuben Castell", "who5")
    assert shares == sorted(shares) and answers == [64, 60, 52, 48, 44, 40, 36]


def test_kacey_has_no_starting_point_yet_on_day_19_of_28(rows: Rows) -> None:
    point = rows.one(StartingPoint, "Kacey Lomas")
    assert point.agreed_on is None and (TODAY - point.day).days == 19
    assert {v.strand for v in rows.of(StartValue, "Kacey Lomas")} == {"wellbeing", "attendance", "behaviour"}
    assert rows.attended("Kacey Lomas") == (20, 26) and len(rows.of(LessonScore, "Kacey Lomas")) == 14
    assert [m for m in rows.of(Mark, "Kacey Lomas") if m.day == TODAY] == []
    assert [n.privacy for n in rows.of(Note, "Kacey Lomas") if n.privacy != "ordinary"] == ["restricted"]


def test_gwen_teacher_and_parent_disagree(rows: Rows) -> None:
    assert rows.values("Gwen Tallis", "sdq_teacher", "teacher") == [9, 8]
    assert rows.values("Gwen Tallis", "sdq_parent", "parent") == [23, 25]


def test_bethan_left_and_the_26_week_check(rows: Rows) -> None:
    left = rows.one(Enrolment, "Bethan Rook")
    assert (left.last_day, left.destination) == (date(2026, 5, 22), "Northgate School")
    check = date(2026, 5, 22) + timedelta(weeks=26)
    assert check == date(2026, 11, 20)
    assert [e.label for e in rows.of(Event, "Bethan Rook") if e.day == check] == ["26-week check: still there, 164 of 180 sessions"]
    stated = {s.last_day: (s.attended, s.possible) for s in rows.of(StatedAttendance, "Bethan Rook")}
    assert stated[check] == (164, 180) and stated[date(2026, 7, 3)] == (46, 50) and stated[date(2026, 1, 9)] == (121, 378)
    assert rows.attended("Bethan Rook", last=date(2026, 5, 22)) == (122, 156)
    assert rows.values("Bethan Rook", "who5") == [32, 36, 44, 52, 56]


def test_this_morning_in_ash(rows: Rows) -> None:
    """today.png: ten of eleven marked, six of six present scored."""
    codes = code_set()
    (ash,) = [g.id for g in rows.all[Group] if g.name == "Ash"]
    ids = [m.pupil_id for m in rows.all[GroupMember] if m.group_id == ash and m.last_day is None]
    names = {i: n for n, i in rows.ids.items()}
    marks = {names[m.pupil_id]: codes.text(m.am) for m in rows.all[Mark] if m.day == TODAY and m.pupil_id in ids}
    assert marks == {
        "Amara Bell": "/", "Callum Dyer": "/", "Chloe Winter": "L", "Dariusz Wolski": "/", "Ellis Grant": "K", "Faith Oduya": "/",
        "Harley Quinn-Moss": "N", "Imran Shah": "/", "Josie Penn": "I", "Leon Marsh": "C2",
    }  # fmt: skip
    scores = {names[s.pupil_id]: s.score for s in rows.all[LessonScore] if to_date(s.slot // 8) == TODAY}
    assert scores == {"Amara Bell": 3, "Callum Dyer": 4, "Chloe Winter": 2, "Dariusz Wolski": 3, "Faith Oduya": 5, "Imran Shah": 4}
    half_term = {names[i]: rows.attended(i, *HALF_TERMS["autumn 2"]) for i in ids}
    assert half_term == {
        "Amara Bell": (29, 33), "Callum Dyer": (32, 33), "Chloe Winter": (31, 33), "Dariusz Wolski": (20, 33), "Ellis Grant": (33, 33),
        "Faith Oduya": (27, 33), "Harley Quinn-Moss": (25, 33), "Imran Shah": (28, 33), "Josie Penn": (30, 33), "Kacey Lomas": (20, 26),
        "Leon Marsh": (17, 33),
    }  # fmt: skip
    assert sum(n for n, _ in half_term.values()) == 292
    tones = Counter(m.tone for m in rows.all[Moment] if m.pupil_id in ids and m.day >= date(2026, 11, 2))
    assert tones == {"good": 58, "neutral": 41, "incident": 12}
    assert rows.attended("Maya Petrov") == (19, 23) and rows.attended("Nathan Cole", *HALF_TERMS["autumn 2"]) == (26, 33)


@pytest.mark.parametrize(
    ("who", "first", "last"),
    [
        ("Callum Dyer", 6, 11),
        ("Chloe Winter", 8, 9),
        ("Dariusz Wolski", 5, 7),
        ("Faith Oduya", 13, 6),
        ("Josie Penn", 9, 9),
        ("Nathan Cole", 5, 12),
    ],
)
def test_engagement_of_the_first_and_last_twenty_lessons(rows: Rows, who: str, first: int, last: int) -> None:
    scores = [s.score for s in sorted(rows.of(LessonScore, who), key=lambda s: s.slot)]
    assert (sum(s >= 4 for s in scores[:20]), sum(s >= 4 for s in scores[-20:])) == (first, last)


def one_or_none(found: Iterable[T]) -> T | None:
    return next(iter(found), None)


def test_the_pupils_that_pages_must_cope_with(rows: Rows) -> None:
    codes = code_set()
    assert rows.of(Mark, "Sol Brook") == [] and rows.of(Reading, "Sol Brook") == [] and rows.of(StartingPoint, "Sol Brook") == []
    assert rows.one(Enrolment, "Sol Brook").first_day == TODAY
    assert "Oluwaseun-Christopher Featherstonehaugh" in rows.ids and "Zoë Ní Cheallaigh" in rows.ids and "Niamh O'Dowd" in rows.ids
    assert rows.values("Marnie Holt", "who5") == [52]
    assert rows.values("Keir Vance", "who5") == [88, 92, 88, 92]
    declined = [r for r in rows.of(Reading, "Ines Moreau") if r.instrument == "who5"]
    assert [list(r.answers or b"") for r in declined] == [[DECLINED] * 5] * 2 and all(
        r.status == "draft" and r.value is None for r in declined
    )
    late = [
        n
        for n in ("Jayden Pike", "Ines Moreau")
        if (TODAY - rows.one(StartingPoint, n).day).days > 28 and not rows.one(StartingPoint, n).agreed_on
    ]
    assert late == ["Jayden Pike", "Ines Moreau"]
    preferred = {rows.ids[w]: one_or_none(n for n in rows.of(Name, w) if n.use == "preferred") for w in ("Chloe Winter", "Charlotte Rowe")}
    assert [(n.forename, n.surname) for n in preferred.values() if n] == [(None, "Frost"), ("Charlie", None)]
    assert [n.surname for n in rows.of(Name, "Elijah Fairbourne") if n.use == "former"] == ["Tully"]
    wren = Counter(codes.text(n) for m in rows.of(Mark, "Wren Maddison") for n in (m.am, m.pm))
    assert wren["D"] > 50 and rows.one(Enrolment, "Wren Maddison").registration == "S"
    assert [rows.code("Dexter Plume", date(2026, 11, d)) for d in (16, 17, 18)] == ["E E"] * 3
    mother, father = rows.of(Contact, "Leila Farrow")
    assert mother.address_confidential and not mother.must_not_contact
    assert father.must_not_contact and not father.may_receive_reports and father.address is None and father.court_order
    twins = [next(p for p in rows.all[Pupil] if p.id == rows.ids[f"{n} Winterbourne"]) for n in ("Ella", "Elsa")]
    assert (
        twins[0].born == twins[1].born
        and rows.of(Contact, "Ella Winterbourne")[0].address == rows.of(Contact, "Elsa Winterbourne")[0].address
    )
    assert next(p.born for p in rows.all[Pupil] if p.id == rows.ids["Frankie Underhay"]) == date(2012, 2, 29)
    assert any(rows.of(HomeSchool, p) == [] for p in rows.on_roll)
    assert len(rows.of(Enrolment, "Joel Sandys")) == 2 and len([s for s in rows.of(StartingPoint, "Joel Sandys") if s.agreed_on]) == 2
    worse = (
        rows.values("Archie Peckover", "who5"),
        rows.values("Archie Peckover", "sdq_teacher", "teacher"),
        rows.values("Archie Peckover", "reading_test"),
    )
    assert worse[0][-1] < worse[0][0] and worse[1][-1] > worse[1][0] and worse[2][-1] < worse[2][0]


# --- the journal ------------------------------------------------------------------------------------------------------


def test_history_has_typed_steps_an_amendment_and_something_taken_back(rows: Rows) -> None:
    people = {p.id: p.name for p in rows.all[Person]}
    steps = rows.history
    assert [s.at for s in steps] == sorted((s.at for s in steps), reverse=True)
    assert (steps[0].title, people[steps[0].who], len(steps[0].changes)) == (Title.ENTER_ENGAGEMENT, "T. Mbeki", 6)
    assert {people[s.who] for s in steps} >= {"T. Mbeki", "R. Sand", "J. Okafor", "C. Adeyemi"}
    amended = [c for s in steps for c in s.changes if c.kind == "mark" and c.op == "~"]
    assert [(c.key[0], c.why) for c in amended] == [
        (rows.ids["Faith Oduya"], "Appointment card seen on Monday; the mark of Friday morning was O")
    ]
    codes = code_set()
    assert [(codes.text(b), codes.text(a)) for c in amended for b, a in c.fields.values()] == [("O", "M")]
    assert rows.code("Faith Oduya", date(2026, 11, 20)) == "M \\"
    assert [s.what for s in steps].count(2) == 1


def test_undo_takes_back_what_was_typed_last_and_never_the_school(demo_school: School) -> None:
    last = [s for s in demo_school.read(lambda r: r.every(LessonScore)) if to_date(s.slot // 8) == TODAY]
    assert len(last) == 6
    demo_school.undo()
    assert len([s for s in demo_school.read(lambda r: r.every(LessonScore)) if to_date(s.slot // 8) == TODAY]) == 5
    demo_school.redo()
    assert [s for s in demo_school.read(lambda r: r.every(LessonScore)) if to_date(s.slot // 8) == TODAY] == last
    made = [s for s in demo_school.history() if s.title == Title.DEMONSTRATION]
    assert made and all(s.who != demo_school.viewer.person_id for s in made)
