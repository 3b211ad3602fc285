"""Charts as data: whole scales, honest strokes and labels, the same figures in their tables, words where there is nothing to draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain import figures
from approgress.domain.change import OwnSpread
from approgress.domain.dossier import Dossier, PupilRecords, build_dossier
from approgress.domain.figures import FIGURES, Figure, nice_top, series_figure, small, strokes, time_ticks, value_ticks
from approgress.domain.instruments import STRANDS
from approgress.domain.records import Goal, HalfTerm, LessonScore, Mark, Pupil, Reading, Setting, StatedAttendance
from approgress.domain.school_year import Calendar, Holiday
from approgress.domain.starting_point import SeriesKey
from approgress.style import MARKS, ROLES
from tests.domain.a_pupil import DAY_0, TODAY, amara, facts

SPREADS = {SeriesKey("who5", "1998", "pupil"): OwnSpread(112, 20.0)}


def dossier(records: PupilRecords | None = None, **more: object) -> Dossier:
    known = more.pop("facts", None) or facts(spreads=SPREADS)
    return build_dossier(records or amara(), known, **{"last": TODAY, "today": TODAY, **more})  # type: ignore[arg-type]


EMPTY = build_dossier(PupilRecords(Pupil(9, "XYZ123")), facts(), last=TODAY, today=TODAY)


def whole(f: Figure) -> None:
    """What holds for every chart: something to draw or words, roles and shapes that exist, marks within the axes, a sentence."""
    assert f.title and f.text
    assert not any(bad in f.text + f.empty + f.note for bad in ("nan", "None", "inf"))
    if f.empty:
        assert not (f.lines or f.bars or f.rows)
        return
    assert f.lines or f.bars or f.rows
    assert f.table.rows and all(len(row) == len(f.table.headings) for row in f.table.rows)
    assert f.y is not None and f.y.low < f.y.high
    for line in f.lines:
        assert line.role in ROLES and f.x is not None
        for mark in line.marks:
            assert mark.shape in MARKS and f.x.first <= mark.day <= f.x.last and f.y.low <= mark.value <= f.y.high
        assert len(line.strokes) == max(0, len(line.marks) - 1)
    for bar in f.bars:
        assert bar.role in ROLES and (bar.value is None or f.y.low <= bar.value <= f.y.high)
    for row in f.rows:
        assert row.role in ROLES
        assert all(v is None or f.y.low <= v <= f.y.high for v in (row.start, row.now))
    if f.corridor is not None:
        assert f.y.low <= f.corridor.low < f.corridor.high <= f.y.high


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_chart_is_whole(name: str) -> None:
    whole(FIGURES[name](dossier()))


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_chart_says_in_words_when_there_is_nothing(name: str) -> None:
    f = FIGURES[name](EMPTY)
    whole(f)
    assert f.empty and f.x is None


@pytest.mark.parametrize("strand", list(STRANDS))
def test_the_small_chart_shows_the_same_figures(strand: str) -> None:
    large, little = figures.main(dossier(), strand), small(dossier(), strand)
    whole(little)
    assert [(m.day, m.value) for line in little.lines for m in line.marks] == [(m.day, m.value) for line in large.lines for m in line.marks]
    assert [b.value for b in little.bars] == [b.value for b in large.bars][-len(little.bars) :]
    assert little.phases == () and (little.x is None or little.x.ticks == ())
    assert small(EMPTY, strand).empty


def test_the_wellbeing_chart_has_scale_corridor_start_and_phases() -> None:
    f = FIGURES["wellbeing"](dossier())
    assert f.y is not None and [t.label for t in f.y.ticks] == ["0", "25", "50", "75", "100"]
    assert f.corridor is not None and (f.corridor.low, f.corridor.high) == (pytest.approx(6.529, abs=1e-3), pytest.approx(49.47, abs=1e-2))
    assert (f.corridor.low_label, f.corridor.high_label) == ("−21.5", "+21.5")
    assert [(level.value, level.label) for level in f.levels] == [(28.0, "start 28")]
    marks = f.lines[0].marks
    assert [m.label for m in marks if m.strong] == ["52"] and [m.filled for m in marks].count(True) == 1
    assert ("Suspended 1 day", False) in [(p.label, p.planned) for p in f.phases]
    assert f.today == TODAY  # the axis reaches on to what is planned
    assert "21.5 points" in f.note and "112 starts" in f.note


def test_a_corridor_that_meets_the_end_of_the_scale_is_cut_and_not_labelled_there() -> None:
    low = tuple(Reading(1, 100 + i, DAY_0 + timedelta(days=60 * i), "who5", "1998", "pupil", v) for i, v in enumerate((8.0, 12.0)))
    f = FIGURES["wellbeing"](dossier(amara(readings=low, start_values=(), starting_points=())))
    assert f.corridor is not None and f.corridor.low == 0 and f.corridor.low_label == "" and f.corridor.high_label == "+21.5"


def test_a_window_shows_only_its_own_time_but_keeps_the_start() -> None:
    f = FIGURES["wellbeing"](dossier(first=date(2026, 11, 1)))
    assert f.x is not None and f.x.first == date(2026, 11, 1)
    assert [m.label for m in f.lines[0].marks] == ["48", "52"] and f.levels[0].value == 28.0
    before = FIGURES["wellbeing"](dossier(first=date(2026, 1, 1)))
    assert next(s.kind for s in before.shades) == "history"
    assert FIGURES["wellbeing"](dossier(first=date(2026, 11, 24))).empty


def test_strokes_are_dashed_over_a_holiday_that_is_most_of_the_gap() -> None:
    summer = Holiday(date(2026, 7, 18), date(2026, 9, 6), "summer holiday")
    found = strokes([(date(2026, 7, 13), 1.0), (date(2026, 7, 17), 2.0), (date(2026, 9, 14), 3.0), (date(2026, 9, 21), 3.0)], [summer])
    assert [s.dashed for s in found] == [False, True, False]


def test_weeks_with_too_few_rated_lessons_are_not_drawn_as_low_weeks() -> None:
    scores = amara().lesson_scores
    monday = DAY_0 + timedelta(days=28)
    fewer = tuple(s for s in scores if not (monday <= date(2000, 1, 1) + timedelta(days=s.slot // 8) < monday + timedelta(days=7)))
    one = next(s for s in scores if date(2000, 1, 1) + timedelta(days=s.slot // 8) == monday)
    f = FIGURES["engagement"](dossier(amara(lesson_scores=(*fewer, LessonScore(1, one.slot, 1)))))
    assert monday not in {m.day for m in f.lines[0].marks}
    assert "1 week with fewer than 5 rated lessons not drawn" in f.text
    assert f.table.rows[4] == ("6 Jul 2026", "0", "1")  # and the table has it


def test_engagement_is_shares_with_counts_and_no_corridor() -> None:
    f = FIGURES["engagement"](dossier())
    assert f.corridor is None and f.y is not None and (f.y.low, f.y.high) == (0, 100)
    assert f.lines[0].marks[0].label == "5 of 25"


def test_attendance_bars_have_before_in_grey_and_counts_below() -> None:
    f = FIGURES["attendance"](dossier())
    assert [(b.role, b.top, b.under) for b in f.bars] == [
        ("before", "31.1%", ("year before", "118 of 380")),
        ("attendance", "80.0%", ("Sum 2", "48 of 60")),
        ("attendance", "79.4%", ("Aut 1", "54 of 68")),
        ("attendance", "76.5%", ("Aut 2", "26 of 34")),
    ]
    assert "Autumn 2 is counted to 24 Nov 2026" in f.text and "Parkfield Academy" in f.note
    assert [row[3] for row in f.table.rows] == [b.top for b in f.bars]


def test_percentages_are_half_up_in_chart_and_table() -> None:
    stated = StatedAttendance(1, 50, "Parkfield Academy", None, date(2026, 6, 5), 16, 1, 15, 0)
    f = FIGURES["attendance"](dossier(amara(stated=(stated,), start_values=())))
    assert f.bars[0].top == "6.3%" and f.table.rows[0][3] == "6.3%"


def test_provision_that_is_no_school_has_no_percentages_in_its_chart() -> None:
    f = FIGURES["attendance"](dossier(facts=facts(setting=Setting(1, "Workshop", "non_school"))))
    assert [b.top for b in f.bars] == ["118 of 380", "48 of 60", "54 of 68", "26 of 34"]
    assert "%" not in f.text + f.subtitle + "".join(t.label for t in f.y.ticks if f.y)  # type: ignore[union-attr]


def test_many_half_terms_are_joined_to_school_years_without_losing_a_session() -> None:
    terms = tuple(
        HalfTerm(10 * year + i, 1, name, date(year + (month < 9), month, 5), date(year + (month < 9), month, 25))
        for year in (2023, 2024, 2025, 2026)
        for i, (name, month) in enumerate((("Autumn 1", 9), ("Autumn 2", 11), ("Spring 1", 1), ("Summer 1", 4)))
    )
    calendar = Calendar.of(terms)
    days = calendar.school_days(date(2023, 9, 1), TODAY)
    held = tuple(Mark(1, 1, d, 0, 66 if n % 4 == 0 else 1) for n, d in enumerate(days))
    enrolments = (replace(amara().enrolments[0], first_day=date(2023, 9, 4)),)
    d = dossier(amara(marks=held, enrolments=enrolments, stated=(), start_values=()), facts=facts(calendar=calendar))
    f = FIGURES["attendance"](d)
    assert [b.under[0] for b in f.bars] == ["2023/24", "2024/25", "2025/26", "Aut 1", "Aut 2"]
    assert sum(int(row[2]) for row in f.table.rows) == d.attendance.since.tally.possible


def test_behaviour_bars_have_their_denominators() -> None:
    f = FIGURES["behaviour"](dossier())
    assert [(b.top, b.under[1]) for b in f.bars] == [("1.0", "5 in 48"), ("0.0", "0 in 54"), ("0.4", "1 in 26")]


def test_goals_stand_verbatim_on_a_scale_of_0_to_10() -> None:
    long = "x" * 300
    f = FIGURES["goals"](dossier(amara(goals=(Goal(1, 60, "Get <b>through</b> maths"), Goal(1, 61, long)))))
    assert [(r.label, r.start, r.now, r.right) for r in f.rows] == [("Get <b>through</b> maths", 3.0, 8.0, "3 to 8 of 10"), (long, None, None, "not rated yet")]


def test_raters_stand_side_by_side_and_are_never_one_line() -> None:
    readings = (
        Reading(1, 140, DAY_0, "sdq_teacher", "T4-17", "teacher", 24.0),
        Reading(1, 141, TODAY, "sdq_teacher", "T4-17", "teacher", 12.0),
        Reading(1, 142, DAY_0, "sdq_parent", "P4-17", "parent", 25.0),
        Reading(1, 143, TODAY, "sdq_parent", "P4-17", "parent", 26.0),
    )
    f = FIGURES["raters"](dossier(amara(readings=readings)))
    assert [(r.label, r.start, r.now) for r in f.rows] == [("SDQ, parent or carer", 25.0, 26.0), ("SDQ, teacher", 24.0, 12.0)]
    assert f.lines == () and "lower is better" in f.subtitle


def test_a_subscale_has_a_chart_of_its_own() -> None:
    reading = Reading(1, 140, DAY_0, "sdq_teacher", "T4-17", "teacher", 24.0, parts='{"prosocial":7.0}')
    d = dossier(amara(readings=(reading,)))
    (scale,) = [s for s in d.series if s.scale.id == "prosocial"]
    f = series_figure(d, scale)
    whole(f)
    assert f.corridor is None and f.y is not None and f.y.high == 10


# --- axes -------------------------------------------------------------------------------------------------------------


@given(st.integers(-500, 500), st.integers(1, 1000), st.integers(3, 8))
def test_value_ticks_are_round_few_and_inside(low: int, span: int, most: int) -> None:
    ticks = [t.at for t in value_ticks(low, low + span, most=most)]
    assert 1 <= len(ticks) <= most and all(low - 1e-6 <= t <= low + span + 1e-6 for t in ticks)  # type: ignore[operator]
    assert ticks == sorted(ticks)  # type: ignore[type-var]
    steps = {round(b - a, 6) for a, b in zip(ticks, ticks[1:], strict=False)}  # type: ignore[operator]
    assert len(steps) <= 1


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 2500))
def test_time_ticks_are_inside_in_order_and_few(first: date, span: int) -> None:
    last = first + timedelta(days=span)
    ticks = [t.at for t in time_ticks(first, last)]
    assert ticks == sorted(set(ticks)) and all(first <= t <= last for t in ticks)  # type: ignore[type-var, operator]
    assert len(ticks) <= 15 and (span > 300 or ticks[0] == first)


@given(st.floats(0, 10_000, allow_nan=False))
def test_the_top_of_a_rates_axis_is_round_and_above(value: float) -> None:
    top = nice_top(value)
    assert top >= value and top <= max(1.0, 2.5 * value) and int(str(int(top))[0]) in (1, 2, 4, 5)


def test_two_charts_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="wellbeing"):
        figures.figure("wellbeing")(FIGURES["home"])
