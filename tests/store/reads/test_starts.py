"""Which reading is the start and which period is before, in SQL and in the domain alike, of a pupil who left and came again; and what a visitor's timeline holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from approgress.domain.edits import Put, Title
from approgress.domain.records import RESTRICTED, Enrolment, Moment, Placement, Reading, StartingPoint, StartValue, StatedAttendance
from approgress.domain.starting_point import before_of, start_of
from approgress.domain.strands import stay_of
from approgress.school.school import School
from approgress.store.reads import Reader
from approgress.store.reads.cohort import before_and_since
from approgress.store.reads.dossier import records_of, timeline
from approgress.store.reads.starts import starts_and_ends
from tests.store.conftest import DAY, add_pupils, mark

CAME_AGAIN = date(2026, 1, 5)
TODAY = date(2026, 9, 1)


def _start(school: School, p: int) -> tuple[int | None, int | None]:
    """The start of the series by SQL and by the domain."""
    start, _ = school.read(starts_and_ends, 1, TODAY, on_roll=True)[p, "who5", "1998", "pupil"]
    records = school.read(records_of, p)
    found = start_of(records.readings, records.starting_points, records.start_values, began=CAME_AGAIN, as_of=TODAY)
    return start[1] if start else None, found.reading.id if found else None


def test_an_earlier_stays_agreed_start_gives_way_once_one_is_agreed_in_the_present_stay(either: School) -> None:
    (p,) = add_pupils(either, 1)
    first = date(2024, 9, 10)
    either.do(
        Title.ADD_PUPIL,
        [
            Put(Enrolment(p, 100, 1, "S", date(2024, 9, 2), date(2025, 3, 1))),
            Put(Enrolment(p, 101, 1, "S", CAME_AGAIN)),
            Put(Reading(p, 110, first, "who5", "1998", "pupil", 20.0)),
            Put(Reading(p, 111, date(2026, 1, 10), "who5", "1998", "pupil", 60.0)),
            Put(Reading(p, 112, date(2026, 6, 10), "who5", "1998", "pupil", 64.0)),
            Put(StartingPoint(p, 120, first, first)),
            Put(StartValue(p, 121, 120, "wellbeing", "WHO-5", reading_id=110)),
        ],
    )
    assert _start(either, p) == (110, 110)
    # agreed again, and of another strand only
    again = StartingPoint(p, 130, date(2026, 1, 12), date(2026, 1, 12))
    either.do(Title.STARTING_POINT, [Put(again), Put(StartValue(p, 131, 130, "home", "At home", value=1.0))])
    assert _start(either, p) == (111, 111)
    either.do(Title.STARTING_POINT, [Put(replace(again, agreed_on=None), again)])
    assert _start(either, p) == (110, 110)


def _before(school: School, p: int) -> tuple[int, int, str]:
    """What stands for before, by SQL; and the domain's answer is the same."""
    row = next(b for b in school.read(before_and_since, 1, TODAY) if b.pupil_id == p)
    records = school.read(records_of, p)
    stay = stay_of(records.enrolments, records.placements, 1, TODAY, first_seen=min((m.day for m in records.marks), default=None))
    found = before_of(records.stated, records.starting_points, records.start_values, began=stay.began, as_of=TODAY)
    of_domain = (found.attended, found.possible, found.school) if found else (0, 0, "")
    assert (row.before_attended, row.before_possible, row.stated_by) == of_domain
    return of_domain


def test_before_is_the_period_that_the_agreed_starting_point_names(either: School) -> None:
    (p,) = add_pupils(either, 1)

    def stated(id_: int, last: date | None, possible: int) -> Put:
        return Put(StatedAttendance(p, id_, f"School {id_}", date(2024, 1, 1), last, possible, id_ - 100, 0, possible - id_ + 100))

    rows = [stated(110, date(2025, 7, 18), 380), stated(111, date(2025, 12, 19), 120), stated(112, date(2025, 12, 19), 140)]
    either.do(Title.ADD_PUPIL, [Put(Enrolment(p, 101, 1, "S", CAME_AGAIN)), *rows, stated(113, date(2026, 2, 1), 400), stated(114, None, 500)])
    assert _before(either, p) == (12, 140, "School 112"), "the latest that ended by day 0, the longer of two"
    point = StartingPoint(p, 130, date(2026, 1, 12), None)
    names = [StartValue(p, 131, 130, "attendance", "Before", stated_id=110), StartValue(p, 132, 130, "attendance", "After", stated_id=113)]
    either.do(Title.STARTING_POINT, [Put(point), *(Put(v) for v in names)])
    assert _before(either, p) == (12, 140, "School 112"), "not agreed"
    agreed = replace(point, agreed_on=date(2026, 1, 13))
    either.do(Title.STARTING_POINT, [Put(agreed, point)])
    assert _before(either, p) == (10, 380, "School 110")
    earlier = [StartingPoint(p, 120, date(2024, 9, 10), date(2024, 9, 10)), StartValue(p, 121, 120, "attendance", "Before", stated_id=111)]
    either.do(Title.STARTING_POINT, [Put(r) for r in earlier])
    assert _before(either, p) == (10, 380, "School 110")
    either.do(Title.STARTING_POINT, [Put(replace(agreed, day=date(2026, 12, 1)), agreed)])
    assert _before(either, p) == (11, 120, "School 111"), "a point that is still to come names nothing; the earlier stay's does where it is alone"
    # a newer one that names no period that may stand for before leaves it to the one below it
    newer = [StartingPoint(p, 140, date(2026, 3, 2), date(2026, 3, 2)), StartValue(p, 141, 140, "attendance", "After", stated_id=113)]
    held = replace(agreed, day=date(2026, 12, 1))
    either.do(Title.STARTING_POINT, [Put(agreed, held), *(Put(r) for r in newer)])
    assert _before(either, p) == (10, 380, "School 110")


def test_before_ends_by_the_first_placement_where_the_first_day_on_roll_is_not_known(either: School) -> None:
    (p,) = add_pupils(either, 1)
    first = StatedAttendance(p, 110, "Parkfield", date(2024, 9, 1), date(2025, 7, 18), 100, 50, 0, 50)
    later = StatedAttendance(p, 111, "Parkfield", date(2025, 9, 1), date(2026, 2, 1), 120, 50, 0, 70)
    either.do(Title.ADD_PUPIL, [Put(Enrolment(p, 101, 1, "S")), Put(first), Put(later)])
    assert _before(either, p)[1] == 120, "day 0 is not known: the latest"
    either.do(Title.ADD_PUPIL, [Put(mark(p, day=date(2026, 1, 20)))])
    assert _before(either, p)[1] == 100, "it ends after the first mark"
    either.do(Title.ADD_PUPIL, [Put(Placement(p, 102, 101, "respite", "x", date(2026, 2, 1)))])
    assert _before(either, p)[1] == 120, "a placement says it better than the first mark"


def test_a_timeline_holds_the_moments_that_its_viewer_may_read(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(
        Title.LOG_MOMENT,
        [Put(Moment(p, 901, DAY, "good", "helped")), Put(Moment(p, 902, DAY, "incident", "fight", privacy=RESTRICTED)), Put(Moment(p, 903, DAY, "incident", "fight", status="draft"))],
    )

    def keys(classes: frozenset[str]) -> list[int]:
        with either.database.read() as c:
            return [r.key for r in timeline(Reader(c, either.journal.rows, replace(either.viewer, classes=classes)), p)]

    assert keys(either.viewer.classes) == [901, 902]
    assert keys(frozenset({"ordinary"})) == [901]
    assert keys(frozenset()) == []
