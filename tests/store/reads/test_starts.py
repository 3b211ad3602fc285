"""Which reading is the start, in SQL and in the domain alike, of a pupil who left and came again; and what a visitor's timeline holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from approgress.domain.edits import Put, Title
from approgress.domain.records import RESTRICTED, Enrolment, Moment, Reading, StartingPoint, StartValue
from approgress.domain.starting_point import start_of
from approgress.school.school import School
from approgress.store.reads import Reader
from approgress.store.reads.dossier import records_of, timeline
from approgress.store.reads.starts import starts_and_ends
from tests.store.conftest import DAY, add_pupils

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
