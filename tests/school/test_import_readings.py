"""Readings and attendance as stated, brought in: scored by the program, sums checked, two of one day asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import HomeSchool, Name, Partner, Pupil, Reading, StatedAttendance
from approgress.school.school import School
from tests.importing import bring, every, new_school, plan, said, twice, upn, write

PUPILS = f"Admission No,UPN,Surname,Forename,Date of Birth\nP1,{upn(1)},Aird,Zoë,14/03/2012\nP2,{upn(2)},Bell,Max,02/04/2012\n"
HEAD = "pupil,date,instrument,respondent,total,item1,item2,item3,item4,item5\n"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path)
    bring(made, PUPILS)
    yield made
    made.close()


def test_answers_are_scored_and_totals_checked(school: School) -> None:
    made = twice(
        school,
        HEAD
        + f"{upn(1)},10/09/2026,who5,pupil,,3,2,1,4,5\nP2,11/09/2026,WHO-5,,40,,,,,\nP2,12/09/2026,WHO-5 Well-Being Index,self,60,3,2,1,4,5\n"
        f"P1,13/09/2026,who5,pupil,,3,2,declined,4,\n",
    )
    assert (made.new, made.refused) == (4, 0)
    readings = every(school, Reading)
    assert [(r.pupil_id, r.value, r.answers, r.status) for r in readings] == [
        (1, 60.0, bytes([3, 2, 1, 4, 5]), "complete"), (1, None, bytes([3, 2, 254, 4, 255]), "draft"),
        (2, 40.0, None, "complete"), (2, 60.0, bytes([3, 2, 1, 4, 5]), "complete"),
    ]  # fmt: skip
    assert {(r.instrument, r.edition, r.respondent, r.source, r.scorer) for r in readings} == {("who5", "1998", "pupil", "file", 1)}


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("P1,13/09/2026,who5,pupil,,3,2,9,4,1", "item3", "score"),
        ("P1,14/09/2026,who5,teacher,40,,,,,", "respondent", "respondent"),
        ("P1,15/09/2026,who5,pupil,41,,,,,", "total", "score"),
        ("P1,15/09/2026,who5,pupil,104,,,,,", "total", "score"),
        ("P1,16/09/2026,no such,pupil,40,,,,,", "instrument", "instrument"),
        ("P1,25/11/2026,who5,pupil,40,,,,,", "date", "date"),
        ("P1,31/09/2026,who5,pupil,40,,,,,", "date", "date"),
        ("P1,16/09/2026,who5,pupil,44,3,2,1,4,5", "total", "score"),
        ("P1,16/09/2026,who5,pupil,,,,,,", None, "nothing measured"),
        ("P9,16/09/2026,who5,pupil,40,,,,,", None, "unknown pupil"),
        ("P1,16/09/2026,goal,pupil,4,,,,,", "instrument", "instrument"),
        ("P1,16/09/2026,who5,pupil,,x,2,1,4,5", "item1", "answer"),
    ],
)
def test_a_wrong_row_is_refused_and_the_rest_goes_in(school: School, row: str, column: str | None, rule: str) -> None:
    made = twice(school, HEAD + row + "\nP2,11/09/2026,who5,pupil,40,,,,,\n")
    assert (made.new, made.refused) == (1, 1)
    assert (made.refusals[0].row, made.refusals[0].column, made.refusals[0].rule) == (2, column, rule)
    assert "row 2" in made.refusals[0].sentence


def test_two_of_one_day_are_asked_about(school: School) -> None:
    text = HEAD + "P1,10/09/2026,who5,pupil,40,,,,,\nP1,10/09/2026,who5,pupil,56,,,,,\nP1,10/09/2026,who5,pupil,56,,,,,\n"
    made = twice(school, text)
    assert [r.state for r in made.rows] == ["refused", "refused", "refused"] and not every(school, Reading)
    assert len(made.asks) == 2 and all("two sittings" in a.sentence for a in made.asks)
    twice(school, text, {made.asks[0].question: "both", made.asks[1].question: "leave"})
    assert [r.value for r in every(school, Reading)] == [40.0]
    later = twice(school, HEAD + "P1,10/09/2026,who5,pupil,44,,,,,\n")
    assert later.refused == 1 and "held here (40)" in later.refusals[0].sentence


def test_a_void_reading_stands_in_nobodys_way(school: School) -> None:
    school.do(
        Title.ENTER_READING,
        lambda ids: [Put(Reading(1, ids.other(), date(2026, 9, 10), "who5", "1998", "pupil", 40.0, status="void", why="wrong form"))],
    )
    assert twice(school, HEAD + "P1,10/09/2026,who5,pupil,44,,,,,\n").new == 1


def test_a_column_for_each_scale(school: School) -> None:
    made = twice(
        school,
        "UPN,Test date,Instrument,Edition,Standard score,Reading age,Form\n"
        f"{upn(1)},05/11/2026,reading_test,Invented Reading Test 2,94,9:06,A\n",
    )
    assert made.new == 1
    (reading,) = every(school, Reading)
    assert (reading.value, json.loads(reading.parts or ""), reading.edition, reading.form) == (
        94.0,
        {"reading_age": 114},
        "Invented Reading Test 2",
        "A",
    )


def test_an_instrument_that_headings_do_not_tell_is_asked_for(school: School) -> None:
    text = f"UPN,Date,Respondent,Emotional problems,Conduct problems\n{upn(1)},05/11/2026,teacher,4,2\n"
    made = plan(school, text)
    if made.blocked:
        assert any(c.key.startswith("sdq") for c in made.asks[0].choices)
        assert twice(school, text, {made.asks[0].question: "sdq_teacher"}).new == 1
    else:
        assert made.refused == 1 or made.new == 1


# --- attendance as stated ------------------------------------------------------------------------------------------------

SUMMARY = "UPN,Name,Possible,Present,Approved Educational Activity,Authorised,Unauthorised,Start Date,End Date\n"
PERIOD = "01/09/2026,06/11/2026"


def test_the_sum_says_whether_present_includes_approved_activity(school: School) -> None:
    apart = twice(school, SUMMARY + f"{upn(1)},Aird Zoë,90,40,5,30,15,{PERIOD}\n{upn(2)},Bell Max,50,50,0,0,0,{PERIOD}\n")
    assert any("stands beside" in w for w in apart.warnings)
    within = twice(school, SUMMARY.replace("Name", "Student Name") + f"{upn(1)},Aird Zoë,85,40,5,30,15,01/01/2027,31/03/2027\n")
    assert any("includes approved educational activity" in w for w in within.warnings)
    assert [(s.attended, s.possible) for s in every(school, StatedAttendance) if s.pupil_id == 1] == [(45, 90), (40, 85)]


def test_a_sum_that_is_not_right_is_asked_about_with_both_numbers(school: School) -> None:
    text = SUMMARY + f"{upn(1)},Aird Zoë,95,40,5,30,15,{PERIOD}\n"
    made = twice(school, text)
    assert made.refused == 1 and not every(school, StatedAttendance)
    (ask,) = [a for a in made.asks if a.holds]
    assert "90" in ask.sentence and "95" in ask.sentence
    twice(school, text, {ask.question: "stated"})
    assert [(s.attended, s.possible) for s in every(school, StatedAttendance)] == [(45, 95)]


def test_two_statements_of_one_period_contradict_each_other_or_are_one(school: School) -> None:
    one, other = f"{upn(1)},Aird Zoë,90,40,5,30,15,{PERIOD}\n", f"{upn(1)},Aird Zoë,90,41,5,29,15,{PERIOD}\n"
    assert [r.state for r in twice(school, SUMMARY + one + one).rows] == ["new", "same"]
    made = twice(school, SUMMARY + one + other)
    assert [r.state for r in made.rows] == ["refused", "refused"] and "row 3" in made.refusals[0].sentence.lower()
    changed = twice(school, SUMMARY + other)
    assert changed.changed == 1 and "45 of 90" in changed.rows[0].words
    assert len(every(school, StatedAttendance)) == 1


def test_figures_typed_by_a_person_beat_the_file(school: School) -> None:
    typed = StatedAttendance(1, 500, "Trial Bridge School", date(2026, 9, 1), date(2026, 11, 6), 90, 44, 31, 15, source="typed")
    school.do(Title.STATE_ATTENDANCE, [Put(typed)])
    made = twice(school, SUMMARY + f"{upn(1)},Aird Zoë,90,40,5,30,15,{PERIOD}\n")
    assert made.counts.same == 1 and every(school, StatedAttendance) == [typed]
    assert any("typed here" in a.sentence for a in made.asks)


def test_school_and_period_may_be_said_by_a_person(school: School) -> None:
    text = "UPN,Name,Possible,Attended,Authorised,Unauthorised\n" + f"{upn(1)},Aird Zoë,90,45,30,15\n"
    asks = {a.question.split(":")[0]: a.question for a in plan(school, text).asks}
    twice(school, text, {asks["period"]: "2026-01-05/2026-07-21", asks["school"]: "Invented High School"})
    (stated,) = every(school, StatedAttendance)
    assert (stated.school, stated.first_day, stated.last_day, stated.source) == (
        "Invented High School",
        date(2026, 1, 5),
        date(2026, 7, 21),
        "summary",
    )
    with pytest.raises(Refusal, match="not a period"):
        plan(school, text, answers={asks["period"]: "spring"})


def test_a_total_row_is_no_pupil_and_a_percentage_that_differs_is_told(school: School) -> None:
    text = f"UPN,Name,Possible,Attended,Authorised,Unauthorised,Attendance %\n{upn(1)},Aird Zoë,90,45,30,15,40.0\n,Total,90,45,30,15,50.0\n"
    made = twice(school, text)
    assert (made.new, made.refused) == (1, 1) and len(every(school, Pupil)) == 2
    assert "40.0% stated, 50.0% by its counts" in said(made)


def test_names_without_a_comma_are_read_as_known_pupils_tell(school: School) -> None:
    text = "UPN,Name,Possible,Attended,Authorised,Unauthorised\n" + f"{upn(1)},Zoë Aird,90,45,30,15\n{upn(3)},Ann New,10,10,0,0\n"
    made = twice(school, text)
    assert not [a for a in made.asks if "comma" in a.sentence]
    assert [(n.forename, n.surname) for n in every(school, Name)][-1] == ("Ann", "New")


CTF = """<?xml version="1.0"?><CTfile><Header><CTFversion>26.0</CTFversion><DateTime>2026-11-09T09:30:00</DateTime><SourceSchool><LEA>{la}</LEA><Estab>{estab}</Estab>
<SchoolName>{school}</SchoolName></SourceSchool></Header><CTFpupilData><Pupil><UPN>{upn}</UPN><Surname>Aird</Surname><Forename>Zoë</Forename><DOB>2012-03-14</DOB><Attendance><YearData>
<Year>{year}</Year><SessionsPossible>40</SessionsPossible><SessionsAuthorised>6</SessionsAuthorised><SessionsAttended>28</SessionsAttended><SessionsUnauthorised>6</SessionsUnauthorised>
</YearData></Attendance></Pupil></CTFpupilData></CTfile>"""


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        ("2025/26", date(2025, 9, 1), date(2026, 8, 31)),
        ("2027", date(2026, 9, 1), date(2026, 11, 9)),
        ("2026-2027", date(2026, 9, 1), date(2026, 11, 9)),
    ],
)
def test_a_year_that_says_what_it_means_is_not_asked_about(school: School, year: str, first: date, last: date) -> None:
    file = write(school.path.parent, CTF.format(la="999", estab="4001", school="Sample High School", upn=upn(1), year=year), "x.xml")  # type: ignore[union-attr]
    made = twice(school, file)
    assert made.changed == 1 and not made.asks
    (stated,) = every(school, StatedAttendance)
    assert (stated.school, stated.first_day, stated.last_day, stated.source) == ("Sample High School", first, last, "ctf")
    assert [p.name for p in every(school, Partner)] == ["Sample High School"] and len(every(school, HomeSchool)) == 1


def test_two_sen_entries_of_one_day_are_told_before_the_file_goes_in(school: School) -> None:
    history = "".join(f"<SEN><StartDate>2025-09-01</StartDate><SENprovision>{code}</SENprovision></SEN>" for code in "NK")
    text = CTF.format(la="999", estab="4001", school="Sample High School", upn=upn(1), year="2025/26")
    text = text.replace("<Attendance>", f"<SENhistory>{history}</SENhistory><Attendance>")
    made = plan(school, write(school.path.parent, text, "x.xml"))  # type: ignore[union-attr]
    (told,) = [w for w in made.warnings if "SEN provision" in w]
    assert told.startswith("In row 2: SEN provision is given more than once from 1 Sep 2025 (N, K). K, which stands last in the file, was taken")


def test_the_schools_own_file_makes_no_home_school_of_itself(school: School) -> None:
    twice(
        school,
        write(school.path.parent, CTF.format(la="999", estab="1100", school="Trial Bridge School", upn=upn(1), year="2025/26"), "x.xml"),
    )  # type: ignore[union-attr]
    assert not every(school, HomeSchool)


def test_a_later_file_of_the_same_year_moves_its_figures_on(school: School) -> None:
    text = CTF.format(la="999", estab="4001", school="Sample High School", upn=upn(1), year="2026/27")
    twice(school, write(school.path.parent, text, "x.xml"))  # type: ignore[union-attr]
    later = text.replace("2026-11-09", "2026-11-20").replace(">40<", ">50<").replace(">28<", ">38<")
    assert twice(school, write(school.path.parent, later, "x.xml")).changed == 1  # type: ignore[union-attr]
    (stated,) = every(school, StatedAttendance)
    assert (stated.possible, stated.attended, stated.last_day) == (50, 38, date(2026, 11, 20))
