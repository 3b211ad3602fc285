"""What the attendance page of a pupil says: both figures, nothing of the agreed one without a timetable, no percentage where none is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from approgress.domain.dossier import PupilRecords, SchoolFacts, build_dossier
from approgress.domain.figures import YEAR
from approgress.domain.pupil_attendance import LATEST, PupilAttendance, elsewhere_words, pupil_attendance, span_of, timetable_words
from approgress.domain.records import Elsewhere, Mark, Setting, Timetable, TimetableReview, TimetableStep
from tests.domain.a_pupil import DAY_0, TODAY, amara, facts

START = date(2026, 11, 2)
TIMETABLE = Timetable(1, 900, 1, "back after illness", START, target_end=date(2026, 12, 18))
STEP = TimetableStep(1, 901, 900, START, 31, 0)
REVIEW = TimetableReview(1, 902, 900, date(2026, 11, 27))


def part_time() -> PupilRecords:
    """Amara with mornings agreed since 2 November, and her afternoons since then C2."""
    records = amara()
    known = facts()
    c2 = next(c.number for c in known.codes.codes if c.text == "C2")
    marks = tuple(replace(m, pm=c2) if m.day >= START else m for m in records.marks)
    return replace(records, marks=marks, timetables=(TIMETABLE,), timetable_steps=(STEP,), timetable_reviews=(REVIEW,))


def shown(records: PupilRecords, known: SchoolFacts | None = None, year: str = LATEST) -> PupilAttendance:
    known = known or facts()
    return pupil_attendance(records, known, build_dossier(records, known, last=TODAY, today=TODAY), year=year)


def test_without_a_timetable_there_is_one_figure() -> None:
    p = shown(amara())
    assert p.agreed is None and not p.part_time and p.timetable is None
    assert (p.since.tally.attended, p.since.tally.possible) == (128, 162)
    assert p.left is not None and (p.left.tally.attended, p.left.tally.possible) == (118, 380)
    assert sum(n for _, n in p.why) == 162 - 128
    assert sum(h.tally.possible for h in p.half_terms) == sum(w.tally.possible for w in p.weeks) == 162
    assert all(h.agreed is None for h in p.half_terms)


def test_with_one_both_figures_stand_side_by_side() -> None:
    p = shown(part_time())
    assert p.agreed is not None and p.agreed_from == START and p.timetable == TIMETABLE
    assert p.agreed.asked == 17, "seventeen mornings of school days from 2 to 24 November"
    assert p.since.tally.possible == 162, "C2 stays a possible session"
    assert [h.name for h in p.half_terms if h.agreed is not None] == ["Autumn 2"]
    assert sum(w.agreed.asked for w in p.weeks if w.agreed is not None) == 17
    assert ("Not agreed (C2)", 17) in p.why
    assert "No figure before" in p.agreed_before
    view = build_dossier(part_time(), facts(), last=TODAY, today=TODAY).attendance.agreed
    assert view is not None and view.since.agreed == p.agreed and view.now == TIMETABLE


def test_where_no_register_is_kept_nothing_is_the_dfe_measure() -> None:
    known = facts(setting=Setting(1, "Hawthorn Farm", sort="non_school"))
    p = shown(part_time(), known)
    assert not p.statutory
    assert {w.rule for w in p.rules} <= {"without_leave"}
    assert "sessions offered" in p.figure.text


def test_the_map_has_the_last_year_or_a_school_year() -> None:
    p = shown(amara())
    assert p.figure.kind == YEAR and p.figure.year is not None
    assert p.years == ((LATEST, "12 months"), ("2026", "2026/27"), ("2025", "2025/26"))
    assert p.figure.year.weeks[0].first_day == DAY_0
    older = shown(amara(), year="2025")
    assert older.figure.year is not None and older.figure.year.weeks[-1].first_day <= date(2026, 8, 31)
    assert shown(amara(), year="1999").year == LATEST, "a year that is not there"
    assert span_of("2025", TODAY) == (date(2025, 9, 1), date(2026, 8, 31))
    assert span_of("2026", TODAY) == (date(2026, 9, 1), TODAY)
    assert (TODAY - span_of(LATEST, TODAY)[0]).days // 7 == 52


def test_marks_of_another_setting_before_day_0_are_on_the_map() -> None:
    records = amara()
    stroke = records.marks[0].am
    other = tuple(Mark(1, 2, date(2026, 5, d), stroke, None) for d in (4, 5, 6))
    known = facts(settings={1: facts().setting, 2: Setting(2, "Parkfield Academy")})
    p = shown(replace(records, marks=(*other, *records.marks)), known)
    assert p.figure.year is not None and p.figure.year.before_words == "marks of Parkfield Academy"
    assert p.figure.year.began == 5 and p.figure.year.since_words.startswith("Day 0, 8 Jun")


def test_a_pupil_without_any_row_gives_an_empty_page() -> None:
    empty = PupilRecords(amara().pupil)
    p = shown(empty)
    assert p.figure.empty and not p.milestones and not p.half_terms and p.of == 0 and p.left is None


def test_rules_watch_nobody_who_has_left() -> None:
    records = amara()
    left = tuple(replace(e, last_day=date(2026, 11, 20)) for e in records.enrolments)
    assert shown(records).rules and not shown(replace(records, enrolments=left)).rules


def test_timetables_and_patterns_in_words() -> None:
    when, sessions, state = timetable_words(TIMETABLE, (STEP,), (REVIEW,), TODAY)
    assert (when, sessions) == ("2 Nov 2026 to 18 Dec 2026", "5 of 10 a week: Mon, Tue, Wed, Thu and Fri mornings")
    assert state == "review due Fri 27 Nov"
    late = timetable_words(TIMETABLE, (STEP,), (REVIEW,), date(2027, 1, 5))[2]
    assert "past its end" in late and "was due" in late
    ended = replace(TIMETABLE, last_day=TODAY, outcome="full_time")
    assert timetable_words(ended, (STEP,), (REVIEW,), TODAY)[2] == "ended: Full time now"
    ahead = (STEP, TimetableStep(1, 903, 900, date(2026, 12, 7), 31, 3))
    assert "next step 7 Dec" in timetable_words(TIMETABLE, ahead, (), TODAY)[2]
    row = Elsewhere(1, 9, 1, "D", 2, 2, START, None, 7)
    assert elsewhere_words(row, facts()) == ("D: Parkfield Academy", "Tue all day", "from 2 Nov 2026")
