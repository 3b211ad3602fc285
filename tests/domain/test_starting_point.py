"""Which reading is the start and which is now; what was stated of the time before; completeness."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.instruments import STRANDS
from approgress.domain.records import Reading, StartingPoint, StartValue, StatedAttendance
from approgress.domain.starting_point import (
    agreed_starting_points,
    before_of,
    complete,
    completeness,
    due_on,
    newest,
    now_of,
    same_day,
    series_of,
    start_of,
)

TODAY = date(2026, 11, 24)


def reading(id: int, day: date, value: float | None = 40, **more: object) -> Reading:
    fields: dict[str, object] = {"instrument": "who5", "edition": "1998", "respondent": "pupil", **more}
    return Reading(1, id, day, value=value, **fields)  # type: ignore[arg-type]


def agreed(id: int, day: date, on: date | None = None) -> StartingPoint:
    return StartingPoint(1, id, day, on or day, "T. Mbeki")


def start_value(id: int, point: int, reading_id: int | None = None, **more: object) -> StartValue:
    return StartValue(1, id, point, "wellbeing", "WHO-5", reading_id=reading_id, **more)  # type: ignore[arg-type]


def test_the_agreed_reading_is_the_start_whatever_is_typed_later() -> None:
    """A reading of September, typed after the starting point of November was agreed, moves nothing."""
    rows = [reading(7, date(2026, 11, 12), 44), reading(9, date(2026, 9, 10), 32)]
    start = start_of(rows, [agreed(1, date(2026, 11, 12))], [start_value(1, 1, 7)], began=date(2026, 9, 3), as_of=TODAY)
    assert start is not None
    assert (start.reading.value, start.agreed, start.words) == (44, True, "agreed 12 Nov 2026")


def test_without_an_agreement_the_earliest_since_the_placement_began() -> None:
    rows = [reading(1, date(2026, 5, 1), 20), reading(2, date(2026, 6, 8), 28), reading(3, date(2026, 6, 9), 12)]
    start = start_of(rows, [], [], began=date(2026, 6, 8), as_of=TODAY)
    assert start is not None
    assert (start.reading.id, start.agreed, start.words) == (2, False, "not yet agreed")
    draft = StartingPoint(1, 1, date(2026, 6, 9))
    assert start_of(rows, [draft], [start_value(1, 1, 3)], began=date(2026, 6, 8), as_of=TODAY) == start
    unknown = start_of(rows, [], [], began=None, as_of=TODAY)
    assert unknown is not None
    assert unknown.reading.id == 1
    assert start_of(rows, [], [], began=date(2026, 7, 1), as_of=TODAY) is None


def test_a_draft_or_void_reading_is_no_start_and_no_now() -> None:
    rows = [
        reading(1, date(2026, 6, 8), status="draft"),
        reading(2, date(2026, 6, 9), status="void", why="wrong pupil"),
        reading(3, date(2026, 6, 10)),
    ]
    start = start_of(rows, [agreed(1, date(2026, 6, 9))], [start_value(1, 1, 2)], began=date(2026, 6, 8), as_of=TODAY)
    assert start is not None
    assert (start.reading.id, start.agreed) == (3, False)
    now = now_of(rows, TODAY)
    assert now is not None
    assert now.id == 3
    assert now_of(rows[:2], TODAY) is None


def test_now_is_the_latest_and_never_the_best() -> None:
    rows = [
        reading(1, date(2026, 6, 8), 28),
        reading(2, date(2026, 7, 8), 80),
        reading(3, date(2026, 11, 23), 52),
        reading(4, date(2026, 12, 1), 90),
    ]
    now = now_of(reversed(rows), TODAY)
    assert now is not None
    assert now.value == 52


def test_a_report_of_an_earlier_day_knows_what_was_agreed_then() -> None:
    rows = [reading(1, date(2026, 6, 8), 28), reading(2, date(2026, 6, 20), 40)]
    points, values = [agreed(1, date(2026, 6, 20), date(2026, 6, 25))], [start_value(1, 1, 2)]
    before, after = (start_of(rows, points, values, began=date(2026, 6, 8), as_of=d) for d in (date(2026, 6, 24), date(2026, 6, 25)))
    assert before is not None
    assert after is not None
    assert (before.reading.id, after.reading.id) == (1, 2)


def test_a_second_starting_point_stands_beside_the_first() -> None:
    rows = [
        reading(1, date(2024, 9, 9), 20),
        reading(2, date(2025, 9, 9), 60),
        reading(3, date(2026, 9, 9), 32),
        reading(4, date(2026, 11, 9), 50),
    ]
    points = [agreed(1, date(2024, 9, 9)), agreed(2, date(2026, 9, 10))]
    both = [start_value(1, 1, 1), start_value(2, 2, 3)]
    start = start_of(rows, points, both, began=date(2026, 9, 3), as_of=TODAY)
    assert start is not None
    assert start.reading.id == 3
    earlier = start_of(rows, points, both, began=date(2024, 9, 3), as_of=date(2026, 9, 9))
    assert earlier is not None
    assert earlier.reading.id == 1
    lacking = start_of(rows, points, both[:1], began=date(2026, 9, 3), as_of=TODAY)
    assert lacking is not None
    assert (lacking.reading.id, lacking.agreed) == (3, False), "the starting point of an earlier stay is not used"
    new_placement = start_of(rows, points[:1], both[:1], began=date(2025, 9, 3), as_of=TODAY)
    assert new_placement is not None
    assert new_placement.reading.id == 1, "no newer one was agreed, so the first stands"
    assert newest(points) == points[1]
    assert newest([]) is None
    assert [p.id for p in agreed_starting_points(points, TODAY)] == [2, 1]


def test_series_are_never_mixed() -> None:
    rows = [
        reading(1, date(2026, 6, 8)),
        reading(2, date(2026, 6, 8), respondent="teacher"),
        reading(3, date(2026, 6, 8), edition="2024"),
        reading(4, date(2026, 6, 8), instrument="goal", goal_id=1),
        reading(5, date(2026, 6, 8), instrument="goal", goal_id=2),
        reading(6, date(2026, 5, 8), form="follow-up", rater="A. Okafor"),
    ]
    found = series_of(rows)
    assert sorted(tuple(r.id for r in s) for s in found.values()) == [(2,), (3,), (4,), (5,), (6, 1)]


def test_two_readings_of_one_day_are_asked_about() -> None:
    rows = [
        reading(1, date(2026, 9, 10), 40),
        reading(2, date(2026, 9, 10), 56),
        reading(3, date(2026, 11, 12), 60),
        reading(4, date(2026, 9, 10), status="void"),
    ]
    assert [tuple(r.id for r in pair) for pair in same_day(rows)] == [(1, 2)]
    assert same_day([reading(1, date(2026, 9, 10), rater="A"), reading(2, date(2026, 9, 10), rater="B")]) == ()


DAYS = st.integers(0, 400).map(lambda n: date(2025, 12, 1) + timedelta(days=n))
ROWS = st.lists(st.tuples(DAYS, st.sampled_from(["complete", "draft", "void"])), max_size=12).map(
    lambda rows: [reading(i, day, status=status) for i, (day, status) in enumerate(rows, 1)]
)


@given(ROWS, DAYS, DAYS)
def test_start_is_not_before_the_placement_and_not_after_now(rows: list[Reading], began: date, as_of: date) -> None:
    start, now = start_of(rows, [], [], began=began, as_of=as_of), now_of(rows, as_of)
    if start is not None:
        assert now is not None
        assert began <= start.reading.day <= now.day <= as_of
        assert start.reading.status == now.status == "complete"
    assert list(complete(rows, as_of)) == sorted(
        (r for r in rows if r.status == "complete" and r.day <= as_of), key=lambda r: (r.day, r.id)
    )


def stated(id: int, last: date | None, possible: int = 100, **more: object) -> StatedAttendance:
    return StatedAttendance(1, id, "Parkfield", None, last, possible, 40, 30, 30, **more)  # type: ignore[arg-type]


def test_before_is_stated_and_ends_by_day_0() -> None:
    rows = [
        stated(1, date(2026, 6, 8)),
        stated(2, date(2026, 6, 9)),
        stated(3, date(2025, 7, 20)),
        stated(4, None),
        stated(5, date(2026, 6, 8), 380),
    ]
    found = before_of(rows, [], [], began=date(2026, 6, 8), as_of=TODAY)
    assert found is not None
    assert found.id == 5
    point, value = agreed(1, date(2026, 6, 9)), StartValue(1, 1, 1, "attendance", "Attendance, year before", stated_id=3)
    chosen = before_of(rows, [point], [value], began=date(2026, 6, 8), as_of=TODAY)
    assert chosen is not None
    assert chosen.id == 3
    assert before_of(rows, [], [], began=date(2025, 1, 1), as_of=TODAY) is None


def test_completeness_by_strand() -> None:
    rows = [
        StartValue(1, 1, 1, "wellbeing", "WHO-5", reading_id=1),
        StartValue(1, 2, 1, "attendance", "Attendance", stated_id=1),
        StartValue(1, 3, 1, "behaviour", "Suspensions", value=0),
        StartValue(1, 4, 1, "home", "Schools before us", detail="three"),
        StartValue(1, 5, 1, "learning", "Reading", detail=" "),
        StartValue(1, 6, 1, "other", "Other", value=1),
    ]
    found = completeness(rows)
    assert found.have == ("wellbeing", "attendance", "behaviour", "home")
    assert found.lacking == ("engagement", "learning")
    assert found.words == "4 of 6 strands; missing: Engagement, Learning"
    assert not found.whole
    assert completeness(rows, [reading(1, TODAY, status="void")]).have == ("attendance", "behaviour", "home")
    whole = completeness(StartValue(1, i, 1, s, s, value=1) for i, s in enumerate(STRANDS))
    assert (whole.whole, whole.words) == (True, "6 of 6 strands")


@pytest.mark.parametrize(("days", "due"), [(28, date(2026, 7, 6)), (0, date(2026, 6, 8))])
def test_a_starting_point_is_due(days: int, due: date) -> None:
    assert due_on(date(2026, 6, 8), days) == due
