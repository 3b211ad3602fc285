"""The dossier: what it counts of a pupil worked by hand, what it says where there is nothing, and what it never shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from approgress.domain.change import OwnSpread
from approgress.domain.dossier import (
    FAMILY,
    PUPIL,
    SCHOOLS,
    STAFF,
    Dossier,
    PupilRecords,
    build_dossier,
    chips_of,
    clip,
    may_read,
    year_of,
)
from approgress.domain.findings import missing
from approgress.domain.instruments import STRANDS
from approgress.domain.records import (
    Enrolment,
    Event,
    Flag,
    LessonScore,
    Mark,
    Moment,
    NextStep,
    Note,
    Pupil,
    Reading,
    Setting,
    StartingPoint,
    StartValue,
    StatedAttendance,
    StrandMeasure,
    Suspension,
    YearGroup,
)
from approgress.domain.starting_point import SeriesKey
from tests.domain.a_pupil import CALENDAR, DAY_0, TODAY, amara, facts, marks

WHO5 = SeriesKey("who5", "1998", "pupil")
SPREAD = {WHO5: OwnSpread(112, 20.0)}


def dossier(records: PupilRecords | None = None, **more: object) -> Dossier:
    given = {"last": TODAY, "today": TODAY, **{k: v for k, v in more.items() if k not in ("facts",)}}
    return build_dossier(records or amara(), more.get("facts") or facts(), **given)  # type: ignore[arg-type]


# --- the head ---------------------------------------------------------------------------------------------------------


def test_the_head_says_year_group_placement_and_school_week() -> None:
    head = dossier().header
    # school weeks with a school day from 8 June: 6 in summer, 7 in autumn 1, 4 to 24 November, 3 more to 18 December
    assert head.line == "Year 9 · Ash group · respite placement from Parkfield Academy, school week 17 of 20"
    assert (head.home_school, head.key_adults, head.upn, head.number) == ("Parkfield Academy", ("T. Mbeki",), "P999110025201", "AP0101")
    assert [c.text for c in head.chips] == ["SEN support: SEMH", "Pupil premium"]
    assert head.on_roll and head.registration == "subsidiary registration, dual registered"


def test_flags_are_those_of_the_day() -> None:
    flags = (Flag(1, 1, "sen", "K", last_day=date(2026, 9, 1)), Flag(1, 2, "sen", "E", first_day=date(2026, 9, 2)), Flag(1, 3, "care", "Y"))
    assert [c.text for c in chips_of(flags, date(2026, 9, 1))] == ["SEN support", "In care"]
    assert [c.text for c in chips_of(flags, date(2026, 9, 2))] == ["EHC plan", "In care"]


def test_social_work_is_a_chip_that_never_stands_on_shared_paper() -> None:
    (chip,) = chips_of((Flag(1, 1, "social_work", "cp"),), TODAY)
    assert chip.text == "Child protection plan" and not chip.shared


def test_no_need_and_a_flag_that_says_no_are_no_chips() -> None:
    assert chips_of((Flag(1, 1, "sen", "N"), Flag(1, 2, "fsm", "N"), Flag(1, 3, "eal", "false")), TODAY) == ()


def test_a_year_group_of_an_older_school_year_is_said_with_its_year() -> None:
    assert year_of((YearGroup(1, 1, "8", 2025),), TODAY) == ("8", "Year 8 in 2025/26")
    assert year_of((YearGroup(1, 1, "8", 2025), YearGroup(1, 2, "9", 2026)), TODAY) == ("9", "Year 9")


@pytest.mark.parametrize(("day", "age"), [(date(2027, 2, 28), 14), (date(2027, 3, 1), 15), (date(2028, 2, 29), 16)])
def test_a_birthday_on_29_february(day: date, age: int) -> None:
    assert dossier(amara(pupil=Pupil(1, "KTB412", date(2012, 2, 29))), last=day, today=day).header.age == age


def test_names_hidden_leaves_no_name_in_what_the_dossier_makes_itself() -> None:
    d = dossier(hidden=True)
    assert d.name.full == "KTB412" and d.name.initials == ""
    made = " ".join([d.header.line, *(v.reading for v in d.strands), *(m.do for m in d.missing)])
    assert "Amara" not in made and "Bell" not in made


# --- the strands ------------------------------------------------------------------------------------------------------


def test_six_strands_in_their_order() -> None:
    assert tuple(v.strand for v in dossier().strands) == tuple(STRANDS)


def test_wellbeing_is_judged_by_this_schools_own_spread_or_not_at_all() -> None:
    without = dossier().strand("wellbeing")
    assert (without.start_text, without.now_text, without.unit, without.sign.mark) == ("28", "52", "of 100", "unjudged")
    assert "more than the published smallest change of 10" in without.sign.rest
    judged = dossier(facts=facts(spreads=SPREAD)).strand("wellbeing")
    # 1.96 * 20 * sqrt(2 * 0.15) = 21.47; the next score that can be reached is 52, 24 above
    assert judged.sign.mark == "gain" and "24 points or more count" in judged.sign.rest
    assert judged.series is not None and judged.series.judgement.needs == pytest.approx(21.4707, abs=1e-4)
    assert judged.sources[1] == "WHO-5, pupil, 9 of 9 asked"


def test_attendance_is_written_better_or_worse_and_has_no_mark() -> None:
    view = dossier().strand("attendance")
    # 81 school days; 17 of them away in both sessions
    assert (view.start.counts, view.now.counts) == ("118 of 380", "128 of 162")
    assert (view.start_text, view.now_text) == ("31.1%", "79.0%")
    assert (view.sign.mark, view.sign.word) == ("", "better")
    worse = dossier(amara(marks=marks(absent_every=1))).strand("attendance")
    assert (worse.sign.mark, worse.sign.word, worse.now_text) == ("", "worse", "0.0%")


def test_attendance_is_compared_over_equal_lengths_where_the_time_before_is_short_enough() -> None:
    stated = StatedAttendance(1, 50, "Parkfield Academy", date(2026, 5, 4), date(2026, 6, 5), 40, 20, 20, 0)
    a = dossier(amara(stated=(stated,))).attendance
    assert a.comparison is not None
    _, since = a.comparison
    assert (since.first_day, since.last_day) == (DAY_0, DAY_0 + timedelta(days=32))
    assert a.sign.rest.endswith("over equal lengths of time")


def test_a_stated_period_that_ends_after_day_0_is_not_before() -> None:
    late = StatedAttendance(1, 51, "Parkfield Academy", date(2026, 6, 1), date(2026, 7, 1), 40, 40, 0, 0)
    d = dossier(amara(stated=(late,), start_values=()))
    assert d.attendance.before is None and d.strand("attendance").start.value is None
    assert d.strand("attendance").sign.rest == "nothing is known of the time before"


def test_marks_at_another_setting_of_the_store_stand_for_before() -> None:
    there = tuple(Mark(1, 2, DAY_0 - timedelta(days=n), 0 if n % 2 else 66, 1) for n in range(1, 120))
    d = dossier(amara(stated=(), start_values=(), marks=(*marks(), *there)), facts=facts(settings={2: Setting(2, "Parkfield Academy")}))
    assert d.attendance.before is not None and d.attendance.before.stated_by == "Parkfield Academy"
    assert d.attendance.since.tally.possible == 162  # and they are never added


def test_engagement_is_counts_of_rated_lessons_and_never_a_mean() -> None:
    view = dossier().strand("engagement")
    assert (view.start.count, view.start.of, view.start.value) == (20, 100, None)
    assert (view.now.count, view.now.of, view.now.value) == (51, 85, None)
    assert view.sign.mark == "" and view.sign.word == "better" and "rising in these" in view.sign.rest
    assert view.unit == "at 4 or 5"


def test_lessons_rated_are_counted_of_those_in_sessions_attended() -> None:
    assert dossier().engagement.scored.counts == "320 of 320"
    away = tuple(replace(m, am=36, pm=66) for m in marks())
    assert dossier(amara(marks=away)).engagement.scored.counts == "0 of 0"


def test_behaviour_is_incidents_per_ten_sessions_attended() -> None:
    b = dossier().behaviour
    assert [(h.name, h.incidents, h.attended) for h in b.half_terms] == [("Summer 2", 5, 48), ("Autumn 1", 0, 54), ("Autumn 2", 1, 26)]
    view = dossier().strand("behaviour")
    assert (view.start.value, view.now.value) == (pytest.approx(50 / 48), pytest.approx(10 / 26))
    assert view.sign.mark == "" and view.sign.words == "fewer incidents"


def test_nothing_written_down_is_not_no_incidents() -> None:
    d = dossier(amara(moments=()))
    view = d.strand("behaviour")
    assert view.now.value is None and view.sign.rest == "no moments written down"
    assert view.start_text == "4"  # what the starting point says of suspensions is still shown


def test_a_standard_score_is_judged_by_the_manuals_band_only() -> None:
    view = dossier().strand("learning")
    assert (view.start_text, view.now_text, view.sign.mark) == ("82", "85", "unjudged")
    assert view.sign.rest == "no checked reliability is known for this measure"


def test_home_is_told_by_the_starting_point_and_asks_for_more() -> None:
    view = dossier().strand("home")
    assert (view.start_text, view.now_text, view.sign.rest) == ("3 of 4", "", "asked at the start only")


def test_the_schools_own_choice_of_measure_stands() -> None:
    chosen = StrandMeasure(1, 1, "wellbeing", "sdq_teacher", "teacher", "total")
    view = dossier(facts=facts(measures=(chosen,))).strand("wellbeing")
    assert view.measure.startswith("SDQ, teacher") and view.start_text == "24" and view.now_text == ""
    never = StrandMeasure(1, 1, "wellbeing", "sdq_parent", "parent", "total")
    missing = dossier(facts=facts(measures=(never,))).strand("wellbeing").missing
    assert missing is not None and "SDQ, parent or carer" in missing.what  # other readings do not stand in for it


def test_provision_that_is_no_school_sees_counts_and_no_percentages() -> None:
    d = dossier(facts=facts(setting=Setting(1, "Workshop", "non_school")))
    view = d.strand("attendance")
    assert (view.start_text, view.now_text) == ("118 of 380", "128 of 162")
    assert "%" not in view.reading and "DfE" not in view.reading


# --- readings out of order (one, two on a day, one before the start) --------------------------------------------------


def _readings(*rows: tuple[date, float]) -> tuple[Reading, ...]:
    return tuple(Reading(1, 100 + i, day, "who5", "1998", "pupil", value) for i, (day, value) in enumerate(rows))


def _who5(*rows: tuple[date, float], **more: object) -> Dossier:
    given: dict[str, object] = {
        "readings": _readings(*rows),
        "starting_points": (),
        "start_values": (),
        "enrolments": (Enrolment(1, 1, 1, "C", date(2026, 9, 7)),),
        "placements": (),
    }
    return dossier(amara(**(given | more)), facts=facts(spreads=SPREAD))


def test_one_reading_cannot_be_judged_and_is_no_change_of_nought() -> None:
    view = _who5((date(2026, 9, 10), 40.0)).strand("wellbeing")
    assert view.sign.mark == "unjudged" and view.sign.rest == "one reading only"
    assert view.now.value is None and view.now_text == ""


def test_two_readings_of_one_day_are_asked_about_and_both_stay() -> None:
    d = _who5((date(2026, 9, 10), 40.0), (date(2026, 9, 10), 56.0), (date(2026, 11, 12), 60.0))
    (series,) = [s for s in d.series if s.key == WHO5]
    assert len(series.points) == 3
    assert any("2 readings of 10 Sep 2026" in doubt for doubt in series.doubts)


def test_an_earlier_reading_typed_later_does_not_move_an_agreed_start() -> None:
    d = _who5(
        (date(2026, 9, 14), 44.0),
        (date(2026, 9, 10), 32.0),
        (date(2026, 11, 12), 60.0),
        starting_points=(StartingPoint(1, 1, date(2026, 9, 14), date(2026, 9, 20)),),
        start_values=(StartValue(1, 1, 1, "wellbeing", "WHO-5", reading_id=100),),
    )
    (series,) = [s for s in d.series if s.key == WHO5]
    assert series.start is not None and series.start.text == "44" and series.start_agreed
    assert [(p.text, p.place) for p in series.points] == [("32", "before"), ("44", "start"), ("60", "now")]
    assert any("before the agreed start" in doubt for doubt in series.doubts)


def test_nothing_after_the_last_day_is_seen() -> None:
    d = dossier(last=date(2026, 7, 1))
    assert d.strand("wellbeing").now_text == "28"
    assert d.attendance.since.last_day == date(2026, 7, 1) and all(h.last_day <= date(2026, 7, 1) for h in d.behaviour.half_terms)
    assert all(n.day <= date(2026, 7, 1) for n in d.notes)


def test_void_readings_do_not_count_and_drafts_are_asked_and_not_given() -> None:
    rows = (*_readings((DAY_0, 40.0), (date(2026, 7, 1), 90.0)), Reading(1, 130, date(2026, 9, 1), "who5", "1998", "pupil", status="draft", why="went home"))
    void = replace(rows[1], status="void", why="wrong pupil")
    d = dossier(amara(readings=(rows[0], void, rows[2]), start_values=(), starting_points=()))
    (series,) = d.series
    assert (series.given, series.asked) == (1, 2)
    assert any("went home" in m.why for m in d.missing)


@pytest.mark.parametrize("audience", [SCHOOLS, FAMILY, PUPIL])
def test_why_a_sitting_has_no_score_is_for_staff_and_others_read_only_that_there_was_none(audience: str) -> None:
    unscored = (
        Reading(1, 130, date(2026, 9, 1), "who5", "1998", "pupil", status="draft", why="in tears after a call from court"),
        Reading(1, 131, date(2026, 9, 2), "who5", "1998", "pupil", why="said it is nobody's business"),
    )
    d = dossier(amara(readings=(*_readings((DAY_0, 40.0)), *unscored), start_values=(), starting_points=()), audience=audience)
    assert [m.why for m in d.missing if "without a score" in m.what] == ["1 Sep 2026: not answered; 2 Sep 2026: not answered."]
    told = d.series[0].unscored + " ".join(f.text for f in missing(d))
    assert "court" not in told and "nobody" not in told


def test_series_are_never_mixed() -> None:
    other = Reading(1, 200, date(2026, 11, 23), "who5", "2099", "pupil", 90.0)
    d = dossier(amara(readings=(*amara().readings, other)))
    assert all(len({(r.reading_id) for r in s.points}) == len(s.points) for s in d.series)
    (mine,) = [s for s in d.series if s.key == WHO5]
    assert mine.now is not None and mine.now.value == 52.0


# --- time on roll -----------------------------------------------------------------------------------------------------

_CODE = {"/": 0, "\\": 1, "I": 36, "O": 66}


def _number(text: str) -> int:
    return next(c.number for c in facts().codes.codes if c.text == text)


def test_marks_outside_the_time_on_roll_count_nowhere() -> None:
    rows = [
        ("2026-09-07", "Z", "Z"), ("2026-09-08", "/", "\\"), ("2026-09-09", "/", "\\"), ("2026-09-10", "/", "\\"), ("2026-09-11", "I", "I"),
        ("2026-09-14", "/", "\\"), ("2026-09-15", "/", "\\"), ("2026-09-16", "L", "\\"), ("2026-09-17", "O", "O"), ("2026-09-18", "/", "\\"),
        ("2026-09-21", "/", "\\"), ("2026-09-22", "/", "N"), ("2026-09-23", "O", "O"), ("2026-09-24", "O", "O"), ("2026-11-09", "/", "\\"),
        ("2026-11-10", "C2", "C2"),
    ]  # fmt: skip
    held = tuple(Mark(1, 1, date.fromisoformat(day), _number(am), _number(pm)) for day, am, pm in rows)
    stays = (Enrolment(1, 1, 1, "C", date(2026, 9, 9), date(2026, 9, 22)), Enrolment(1, 2, 1, "C", date(2026, 11, 9)))
    d = dossier(amara(marks=held, enrolments=stays, placements=()), first=date(2026, 9, 1))
    t = d.attendance.period.tally
    assert (t.possible, t.attended, t.authorised, t.unauthorised, t.late) == (24, 17, 4, 3, 1)
    assert (t.attendance_percent, t.absence_percent, t.persistent, t.severe) == (70.8, 29.2, True, False)
    assert (d.attendance.period.first_day, d.attendance.period.last_day) == (date(2026, 9, 9), TODAY)
    assert d.attendance.since.tally.possible == 4 and d.attendance.not_final == 1


def test_a_range_is_clipped_to_the_time_on_roll() -> None:
    spans = ((date(2026, 9, 9), date(2026, 9, 22)), (date(2026, 11, 9), None))
    assert clip(date(2026, 9, 1), date(2026, 10, 1), spans) == (date(2026, 9, 9), date(2026, 9, 22))
    assert clip(date(2026, 9, 1), TODAY, spans) == (date(2026, 9, 9), TODAY)
    assert clip(date(2026, 10, 1), date(2026, 10, 5), spans) == (date(2026, 10, 1), date(2026, 10, 5))


def test_the_parts_make_up_the_whole() -> None:
    a = dossier().attendance
    assert sum(h.tally.possible for h in a.half_terms) == a.since.tally.possible
    assert sum(h.tally.attended for h in a.half_terms) == a.since.tally.attended
    assert a.since.rate.count == sum(a.since.tally.by_code.get(_CODE[c], 0) for c in "/\\")
    assert len(a.since.rate.rests_on) == 81


def test_a_pupil_who_left_and_one_who_is_still_to_come() -> None:
    left = dossier(amara(enrolments=(Enrolment(1, 1, 1, "S", DAY_0, date(2026, 7, 17)),)))
    assert not left.header.on_roll and "left on 17 Jul 2026" in left.header.line
    assert left.attendance.since.last_day == date(2026, 7, 17) and left.attendance.since.tally.possible == 60
    coming = dossier(amara(enrolments=(Enrolment(1, 1, 1, "S", date(2027, 1, 5)),), marks=(), readings=(), placements=()))
    assert not coming.header.on_roll and "comes on 5 Jan 2027" in coming.header.line and coming.first <= coming.last


def test_an_unknown_start_is_the_first_placement_or_the_first_mark() -> None:
    unknown = (Enrolment(1, 1, 1, "S"),)
    assert dossier(amara(enrolments=unknown)).stay.began == DAY_0
    assert dossier(amara(enrolments=unknown, placements=())).stay.began == amara().marks[0].day


# --- starting point, goals, phases, audience --------------------------------------------------------------------------


def test_the_starting_point_says_who_how_sure_and_of_how_many() -> None:
    sp = dossier().starting_point
    assert sp.agreed and sp.line == "8 Jun 2026 · agreed 12 Jun 2026 by T. Mbeki" and sp.strands_started == 6
    told = {v.what: (v.text, v.detail) for v in sp.values}
    assert told["Attendance, year before"] == ("31.1%", "118 of 380 · Parkfield Academy, high")
    assert told["Barriers at 3 or 4"] == ("3 of 4", "mum, medium")
    assert told["Suspensions before"] == ("4", "22 half-days · Parkfield, high")


def test_a_starting_point_that_is_not_agreed_shows_its_days() -> None:
    d = dossier(amara(starting_points=(), start_values=()), last=date(2026, 6, 27), today=date(2026, 6, 27))
    assert d.starting_point.line == "not agreed yet · day 19 of 28"
    assert any("day 19 of 28" in m.why for m in d.missing)
    late = dossier(amara(starting_points=(), start_values=()))
    assert late.starting_point.line == "not agreed yet · day 169, past 28"
    assert {v.strand for v in late.starting_point.values} == {"wellbeing", "attendance", "learning"}


def test_goals_are_verbatim_with_start_and_now() -> None:
    (goal,) = dossier().goals
    assert (goal.goal.words, goal.start_text, goal.now_text) == ("Get through maths without walking out", "3", "8")
    assert all(s.key.goal_id is None for s in dossier().series)


def test_phase_lines_are_only_of_the_kinds_that_may_stand_there() -> None:
    for sort in ("medication", "child_protection", "youth_justice"):
        d = dossier(amara(events=(Event(1, 9, date(2026, 9, 1), sort, "secret"),)))
        assert all("secret" not in p.label for p in d.phases)
    labels = [(p.label, p.planned) for p in dossier().phases]
    assert ("Suspended 1 day", False) in labels and ("First taster day at Parkfield", True) in labels


def test_an_audience_reads_only_what_is_meant_for_it() -> None:
    assert may_read(STAFF, STAFF) and not may_read(SCHOOLS, STAFF)
    assert may_read(SCHOOLS, FAMILY) and may_read(FAMILY, PUPIL) and not may_read(PUPIL, FAMILY)
    assert not may_read(FAMILY, "nonsense") and may_read(STAFF, "nonsense")
    notes = (Note(1, 1, DAY_0, "note", "for staff"), Note(1, 2, DAY_0, "quote", "for all", audience="family"))
    d = dossier(amara(notes=notes), audience=FAMILY)
    assert [n.text for n in d.notes] == ["for all"] and d.contacts == ()
    assert all("Suspended" not in p.label for p in d.phases)


def test_text_that_looks_like_markup_passes_through_untouched() -> None:
    assert dossier().notes[0].text == "Came in <b>early</b> & stayed."


def test_next_steps_are_the_open_ones_and_say_which_are_late() -> None:
    (step,) = dossier().next_steps
    assert step.overdue and step.owner == "T. Mbeki"


def test_next_steps_of_an_earlier_day_are_those_that_were_open_then() -> None:
    done = [NextStep(1, 10 + i, date(2026, 11, 9 + i), f"Done on {day}", done_on=day) for i, day in enumerate((date(2026, 11, 9), date(2026, 11, 10), TODAY))]
    records = amara(next_steps=(*done, NextStep(1, 20, date(2026, 11, 16), "Still open")))
    then = dossier(records, last=date(2026, 11, 9)).next_steps
    assert [(s.step_id, s.overdue, s.done_on) for s in then] == [(11, False, None), (12, False, None), (20, False, None)]
    assert [(s.step_id, s.overdue) for s in dossier(records, last=date(2026, 11, 12)).next_steps] == [(12, True), (20, False)]
    assert [(s.step_id, s.overdue) for s in dossier(records).next_steps] == [(20, True)]


# --- nothing ----------------------------------------------------------------------------------------------------------


def test_a_pupil_with_nothing_gives_a_whole_dossier() -> None:
    for records in (PupilRecords(Pupil(9, "XYZ123")), PupilRecords(Pupil(9, "XYZ123"), enrolments=(Enrolment(9, 1, 1, "C", TODAY),))):
        for known in (facts(), facts(calendar=type(CALENDAR)())):
            d = build_dossier(records, known, last=TODAY, today=TODAY)
            assert all(v.missing is not None and v.missing.do for v in d.strands)
            assert all(v.sign.mark == "unjudged" for v in d.strands)
            assert d.attendance.since.rate.value is None and d.attendance.since.tally.persistent is None
            assert d.progress == () and d.series == () and d.goals == ()
            assert d.starting_point.strands_started == 0


def test_a_school_without_a_calendar_knows_no_weeks_and_no_missing_marks() -> None:
    d = dossier(facts=facts(calendar=type(CALENDAR)()))
    assert d.header.placement is not None and d.header.placement.week is None
    assert d.attendance.since.tally.unmarked is None and d.attendance.half_terms == ()
    assert d.behaviour.start is not None and d.behaviour.start.attended == 128


def test_every_figure_that_is_shown_rests_on_records() -> None:
    d = dossier()
    for view in d.strands:
        for value in (view.start, view.now):
            if value.value is not None and view.strand not in ("behaviour",):
                assert value.rests_on, view.strand


def test_own_ratings_are_judged_apart() -> None:
    own = tuple(LessonScore(s.pupil_id, s.slot, s.score, 5) for s in amara().lesson_scores)
    e = dossier(amara(lesson_scores=own)).engagement
    assert e.own is not None and e.own.respondent == "pupil" and e.own.start is not None and e.own.start.value.counts == "100 of 100"
    assert e.judgement is not None and e.judgement.start is not None and e.judgement.start.value.counts == "20 of 100"


def test_minutes_to_settle_come_from_incidents_only() -> None:
    moments = (Moment(1, 1, DAY_0, "incident", "x", minutes_to_settle=9), Moment(1, 2, DAY_0, "good", "x", minutes_to_settle=1))
    assert dossier(amara(moments=moments)).behaviour.half_terms[0].settle == (9,)


# --- drafts and suspensions -------------------------------------------------------------------------------------------


def test_a_draft_of_a_moment_counts_nowhere() -> None:
    records = amara()
    with_draft = replace(records, moments=(*records.moments, Moment(records.pupil.id, 9001, TODAY, "incident", "Refused", status="draft", text="secret draft")))
    assert build_dossier(with_draft, facts(), last=TODAY, today=TODAY) == build_dossier(records, facts(), last=TODAY, today=TODAY)


def test_restricted_moments_are_for_staff_only() -> None:
    records = amara()
    more = replace(records, moments=(*records.moments, Moment(records.pupil.id, 9001, TODAY, "good", "Kind", text="kept quiet", privacy="restricted")))
    assert any(m.text == "kept quiet" for m in build_dossier(more, facts(), last=TODAY, today=TODAY).moments)
    for audience in ("schools", "family", "pupil"):
        assert not any(m.text == "kept quiet" for m in build_dossier(more, facts(), last=TODAY, today=TODAY, audience=audience).moments)


def test_a_suspension_stands_on_the_time_axis_once() -> None:
    records = replace(amara(), events=())
    pupil = records.pupil.id
    kept = Suspension(pupil, 9001, "SUSP", date(2026, 11, 9), "AM", 5, date(2026, 11, 11), "PA")
    gone = Suspension(pupil, 9002, "SUSP", date(2026, 11, 16), "AM", 2, reasons="PA", struck="error")
    cancelled = Suspension(pupil, 9003, "SUSP", date(2026, 11, 17), "AM", 2, reasons="PA", cancelled_on=date(2026, 11, 17))
    events = (Event(pupil, 9004, date(2026, 11, 9), "suspension", "Suspended", 5), Event(pupil, 9005, date(2026, 10, 5), "suspension", "Suspended at Parkfield", 2))
    d = build_dossier(replace(records, events=events, suspensions=(kept, gone, cancelled)), facts(), last=TODAY, today=TODAY)
    assert [(p.day, p.label) for p in d.phases if p.kind == "suspension"] == [(date(2026, 10, 5), "Suspended at Parkfield"), (date(2026, 11, 9), "Suspended, 2½ days")]
    assert d.behaviour.suspensions_since.value == 2
    assert ("suspension", (pupil, 9001)) in d.behaviour.suspensions_since.rests_on
    family = build_dossier(replace(records, events=(), suspensions=(kept,)), facts(), last=TODAY, today=TODAY, audience="family")
    assert not [p for p in family.phases if p.kind == "suspension"]
