"""Trouble that users of school systems have reported in public, each as a whole kind: what a user does, what must happen. All pupils are invented."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from approgress.domain.acts.pupils import PupilForm, add_pupil
from approgress.domain.attendance import spans_of, stated_tally, tally
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import (
    Enrolment,
    Flag,
    Group,
    HomeSchool,
    Identifier,
    Mark,
    Name,
    Note,
    Partner,
    Pupil,
    Reading,
    StatedAttendance,
    YearGroup,
)
from approgress.domain.school_year import year_by_age
from approgress.school.import_file import ImportPlan
from approgress.school.register_history import mark_history
from approgress.school.school import School
from tests.importing import bring, every, new_school, plan, said, twice, upn, write


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path)
    yield made
    made.close()


def names(school: School) -> list[tuple[str | None, str | None]]:
    return [(n.surname, n.forename) for n in every(school, Name) if n.use == "legal"]


def states(made: ImportPlan) -> list[str]:
    return [r.state for r in made.rows]


def percents(school: School) -> list[tuple[int, int, float | None]]:
    return [(s.attended, s.possible, stated_tally(s).attendance_percent) for s in every(school, StatedAttendance)]


# --- how the file was saved ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("hint", ["sep=;\r\n", ""])
def test_a_summary_with_semicolons_and_decimal_commas(school: School, encoding: str, hint: str) -> None:
    text = hint + "Admission No;UPN;Student Name;Possible;Present;Authorised;Unauthorised;Attendance %\r\n"
    for i, (name, figures) in enumerate(
        [("Côté Émilie", "120;80;30;10;66,7"), ("Åberg Nils", "96;87;6;3;90,6"), ("Muñoz Inés", "104;52;40;12;50,0")]
    ):
        text += f"P{i};{upn(i)};{name};{figures}\r\n"
    made = twice(school, write(school.path.parent, text.encode(encoding)))  # type: ignore[union-attr]
    assert (made.counts.rows, made.new, made.refused) == (3, 3, 0)
    assert percents(school) == [(80, 120, 66.7), (87, 96, 90.6), (52, 104, 50.0)]
    tallies = [stated_tally(s) for s in every(school, StatedAttendance)]
    assert [(t.persistent, t.severe) for t in tallies] == [(True, False), (False, False), (True, True)]
    assert names(school) == [("Côté", "Émilie"), ("Åberg", "Nils"), ("Muñoz", "Inés")]
    assert ("Windows-1252" in said(made)) == (encoding == "cp1252")


@pytest.mark.parametrize("end", ["\r", ""])
def test_a_list_with_carriage_returns_only(school: School, end: str) -> None:
    rows = [
        "Admission No,UPN,Legal Surname,Legal Forename,Date of Birth,SEN Status",
        *(f"P{i},{upn(i)},Surname{i},Fore{i},05/06/201{i},K" for i in range(4)),
    ]
    made = twice(school, "\r".join(rows) + end)
    assert (made.counts.rows, made.new, made.refused) == (4, 4, 0)
    assert names(school)[-1] == ("Surname3", "Fore3")


def test_an_error_after_cells_with_line_breaks_is_named_by_the_spreadsheets_row(school: School) -> None:
    long = "Seen at home with Mum; talked about the bus. " * 300
    made = twice(
        school,
        "Admission No,UPN,Surname,Forename,Date of Birth,Notes\r\n"
        f'P1,{upn(1)},Rowsley,Tam,16/05/2012,"Line one\nLine two, with a comma\n\n""quoted"" words"\r\n'
        f"P2,{upn(2)},Bakewell,Ned,31/04/2012,short\r\n"
        f'P3,{upn(3)},Youlgreave,Wyn,21/12/2011,"{long}"\r\n'
        f"P4,{upn(4)},Bonsall,Fay,01/01/2012,\r\n",
    )
    assert (made.counts.rows, made.new, made.refused) == (4, 3, 1)
    (refusal,) = made.refusals
    assert (refusal.row, refusal.column, refusal.value, refusal.rule) == (3, "Date of Birth", "31/04/2012", "date")
    assert "row 3" in refusal.sentence and "April has no day 31" in refusal.sentence
    assert [n.text for n in every(school, Note)] == ['Line one\nLine two, with a comma\n\n"quoted" words', long.strip()]


def test_values_guarded_for_a_spreadsheet(school: School) -> None:
    made = twice(
        school,
        "Admission No,UPN,Surname,Forename,Date of Birth\r\n"
        f'="000412",="{upn(1)}",Hartington,\'Bea,2012-05-01\r\n'
        f"'000413,'{upn(2)},O'Hara,Sid,'02/06/2012\r\n"
        f'="000414",="{upn(3)}",Sheen,Ivo,="03/07/2012"\r\n',
    )
    assert (made.new, made.refused) == (3, 0)
    assert [i.value for i in every(school, Identifier) if i.system == "number"] == ["000412", "000413", "000414"]
    assert names(school) == [("Hartington", "Bea"), ("O'Hara", "Sid"), ("Sheen", "Ivo")]
    assert [p.born for p in every(school, Pupil)] == [date(2012, 5, 1), date(2012, 6, 2), date(2012, 7, 3)]


def test_a_download_that_stopped(school: School) -> None:
    text = (
        f"Admission No,UPN,Student Name,Possible,Present,Authorised,Unauthorised,Attendance %\n1,{upn(1)},Kilburn Ros,120,90,20,10,75.0\n"
    )
    text += f"2,{upn(2)},Horsley Sol,110,100,6,4,90.9\n3,{upn(3)},Denby Tad,9"
    made = twice(school, text)
    assert (made.new, made.refused) == (2, 1)
    assert percents(school) == [(90, 120, 75.0), (100, 110, 90.9)]
    assert "looks cut off" in made.refusals[0].sentence and any("looks cut off" in w for w in made.warnings)
    assert ("Denby", "Tad") not in names(school)


@pytest.mark.parametrize("kind", ["marks", "pupils"])
def test_a_cut_off_list_of_another_kind(school: School, kind: str) -> None:
    bring(school, f"UPN,Surname,Forename,Date of Birth\n{upn(1)},Kilburn,Ros,01/02/2012\n")
    if kind == "marks":
        made = twice(school, f"UPN,Date,AM,PM\n{upn(1)},09/11/2026,/,\\\n{upn(1)},10/11/2026,/")
    else:
        made = twice(school, f"UPN,Surname,Forename,Date of Birth\n{upn(2)},Horsley,Sol,02/02/2012\n{upn(3)},Denby,T")
    assert (made.new, made.refused) == (1, 1)
    assert "cut off" in said(made)


# --- dates ---------------------------------------------------------------------------------------------------------------


def test_two_digit_and_odd_years(school: School) -> None:
    rows = [
        ("14/03/12", "01/09/26"),
        ("01/01/0015", "05/10/26"),
        ("05/06/69", "05/10/26"),
        ("30/11/11", "04/09/68"),
        ("24/11/2026", "09/11/2026"),
    ]
    text = "Adm,UPN,Surname,Forename,DOB,Date of Admission\n" + "".join(
        f"P{i},{upn(i)},Name{i},Al,{a},{b}\n" for i, (a, b) in enumerate(rows)
    )
    made = twice(school, text)
    assert states(made) == ["new", "refused", "refused", "refused", "refused"]
    assert [(r.row, r.column, r.value) for r in made.refusals] == [
        (3, "DOB", "01/01/0015"), (4, "DOB", "05/06/69"), (5, "Date of Admission", "04/09/68"), (6, "DOB", "24/11/2026"),
    ]  # fmt: skip
    assert every(school, Pupil)[0].born == date(2012, 3, 14)
    assert every(school, Enrolment)[0].first_day == date(2026, 9, 1)


def test_impossible_dates_among_good_ones(school: School) -> None:
    dates = ["29/02/2012", "29/02/2011", "31/06/2012", "00/00/0000", "", "31 December 2011", "2012-13-01"]
    text = "Admission No,UPN,Legal Surname,Legal Forename,Date of Birth\n" + "".join(
        f"P{i},{upn(i)},N{i},A,{d}\n" for i, d in enumerate(dates)
    )
    made = twice(school, text)
    assert (made.counts.rows, made.refused) == (7, 4)
    assert [r.row for r in made.rows if r.state == "new"] == [2, 6, 7]
    assert [r.value for r in made.refusals] == ["29/02/2011", "31/06/2012", "00/00/0000", "2012-13-01"]
    assert [p.born for p in every(school, Pupil)] == [date(2012, 2, 29), None, date(2011, 12, 31)]
    assert any("no date of birth" in w and "6" in w for w in made.warnings)


def test_excel_numbers_and_midnight_times(school: School) -> None:
    dates = ["40786", "31/08/2011 00:00:00", "01-Sep-2011", "40968.0"]
    text = "Admission No,UPN,Surname,Forename,Date of Birth\n" + "".join(f"P{i},{upn(i)},N{i},A,{d}\n" for i, d in enumerate(dates))
    made = twice(school, text)
    assert made.new == 4
    born = [p.born for p in every(school, Pupil)]
    assert born == [date(2011, 8, 31), date(2011, 8, 31), date(2011, 9, 1), date(2012, 2, 29)]
    assert [year_by_age(b, 2026) for b in born] == ["11", "11", "10", "10"]
    assert "40786" in said(made) and "40968.0" in said(made)


def test_months_written_first_are_asked_about_and_nothing_is_taken_for_granted(school: School) -> None:
    text = f"UPN,Surname,Forename,Date of Birth\n{upn(1)},A,B,03/14/2012\n{upn(2)},C,D,04/02/2012\n"
    made = plan(school, text)
    assert made.blocked and (made.new, made.refused) == (0, 2)
    (ask,) = made.asks
    assert "month" in ask.sentence
    assert twice(school, text, {ask.question: "mdy"}).new == 2
    assert [p.born for p in every(school, Pupil)] == [date(2012, 3, 14), date(2012, 4, 2)]


# --- cells of a workbook, headings ----------------------------------------------------------------------------------------


def test_mixed_cell_types(school: School) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Adm No", "UPN", "Surname", "Forename", "DOB", "NC Year", "Pupil Premium", "EAL", "ULN", "Tutor group"])
    sheet.append([1234, upn(1), "Ambergate", "Zak", dt.date(2011, 11, 2), 10, True, False, 9276308686, 10.1])
    sheet.append(["01235", upn(2), "Bullbridge", "Ash", "02/11/2011", "10", "TRUE", "N", "9276308686", "10.10"])
    sheet.append([1236, upn(3), "Crich", "Bex", dt.datetime(2012, 3, 4), "Yr10", "Yes", "no", 9276308686, dt.date(2026, 10, 1)])
    out = io.BytesIO()
    made.save(out)
    found = twice(school, write(school.path.parent, out.getvalue(), "pupils.xlsx"))  # type: ignore[union-attr]
    assert (found.counts.rows, found.new) == (3, 3)
    assert [i.value for i in every(school, Identifier) if i.system == "number"] == ["1234", "01235", "1236"]
    assert [y.year for y in every(school, YearGroup)] == ["10", "10", "10"]
    assert [f.value for f in every(school, Flag) if f.sort == "pupil_premium"] == ["yes"] * 3
    assert sorted(g.name for g in every(school, Group)) == ["10.1", "10.10"]
    assert not [i for i in every(school, Identifier) if i.system == "uln"]
    text = said(found)
    assert "J4" in text and text.count("9276308686") >= 3


def test_the_same_heading_twice(school: School) -> None:
    text = (
        "UPN,Surname,Surname,Forename,Start Date,Date of Birth,Start Date\n"
        f"{upn(1)},Wessington,,Cia,07/09/2026,12/12/2011,06/01/2025\n{upn(2)},Brackenfield,Brackenfield-Lee,Dee,14/09/2026,01/02/2012,\n"
    )
    made = plan(school, text)
    assert made.blocked and not made.writes and (made.counts.rows, made.refused) == (2, 2)
    assert len(made.asks) == 2
    assert "Brackenfield-Lee" in made.asks[0].sentence and "06/01/2025" in made.asks[1].sentence
    assert bring(school, text).step is None and not every(school, Pupil)
    assert {c.key for c in made.asks[0].choices} == {"B", "C", "none"}
    answers = {a.question: a.choices[0].key for a in made.asks}
    assert twice(school, text, answers).new == 2
    assert names(school) == [("Wessington", "Cia"), ("Brackenfield", "Dee")]
    assert [e.first_day for e in every(school, Enrolment)] == [date(2026, 9, 7), date(2026, 9, 14)]
    # remembered: the same headings are not asked about again
    assert plan(school, text).counts.same == 2


def test_the_same_heading_twice_with_the_same_contents_is_no_question(school: School) -> None:
    made = twice(school, f"UPN,Surname,Surname,Forename,DOB\n{upn(1)},Wessington,Wessington,Cia,12/12/2011\n")
    assert made.new == 1 and not made.asks


# --- who is who ----------------------------------------------------------------------------------------------------------


def test_twins_of_whom_one_has_no_upn(school: School) -> None:
    head = "Admission No,UPN,Surname,Forename,Date of Birth,Year Group,SEN Status,Pupil Premium\n"
    jaden = f"P401,{upn(1)},Marlowe-Kerr,Jaden,18/04/2012,10,K,Yes\n"
    bring(school, head + jaden)
    reading = Reading(1, 900, date(2026, 11, 2), "who5", "1998", "pupil", 52.0)
    school.do(Title.ENTER_READING, [Put(reading)])
    text = head + jaden + "P402,,Marlowe-Kerr,Jayden,18/04/2012,10,N,Yes\n"
    made = plan(school, text)
    assert (made.new, made.counts.same) == (1, 1)
    (hint,) = made.asks
    assert not hint.holds and "twin" in hint.sentence and "new" in {c.key for c in hint.choices}
    bring(school, text)
    again = plan(school, text)
    assert (again.counts.same, len(again.asks)) == (2, 0)
    assert names(school) == [("Marlowe-Kerr", "Jaden"), ("Marlowe-Kerr", "Jayden")]
    assert every(school, Reading) == [reading]


def test_one_row_a_need_and_one_true_contradiction(school: School) -> None:
    text = (
        "UPN,Last Name,First Name,Date of Birth,SEN status,SEN need,SEN need ranking\n"
        f"{upn(1)},Sallow,Wren,2012-03-08,SEN Support,SEMH,1\n{upn(1)},Sallow,Wren,2012-03-08,SEN Support,SLCN,2\n"
        f"{upn(2)},Teal,Bram,2011-12-02,EHC Plan,ASD,1\n"
        f"{upn(3)},Vane,Cleo,2012-05-01,SEN Support,SEMH,1\n{upn(3)},Vane,Cleo,2012-01-05,SEN Support,SEMH,1\n"
    )
    made = twice(school, text)
    assert (made.new, made.refused) == (2, 2)
    assert names(school) == [("Sallow", "Wren"), ("Teal", "Bram")]
    assert [(f.pupil_id, f.value, f.rank) for f in every(school, Flag) if f.sort == "need"] == [
        (1, "SEMH", 1),
        (1, "SLCN", 2),
        (2, "ASD", 1),
    ]
    first, second = made.refusals
    assert (first.row, second.row) == (5, 6) and "row 6" in first.sentence.lower() and "row 5" in second.sentence.lower()


def test_lost_zeros_and_shortened_numbers(school: School) -> None:
    bring(
        school,
        f"Surname,Forename,Date of Birth,UPN,Admission No,ULN\nKerr,Sasha,20/01/2012,{upn(1)},000045,9276308686\n"
        f"Lowe,Dale,03/03/2012,{upn(2)},45,\nMoon,Avis,08/08/2011,{upn(3)},001190,\n",
    )
    before = every(school, Identifier)
    made = twice(
        school,
        "Admission No,Surname,Forename,Date of Birth,ULN\n45,Kerr,Sasha,20/01/2012,9.28E+09\n45,Lowe,Dale,03/03/2012,9.28E+09\n1190,Moon,Avis,08/08/2011,9.28E+09\n",
    )
    assert (made.new, made.changed, made.counts.same) == (0, 0, 3)
    assert [r.pupil_id for r in made.rows] == [1, 2, 3]
    assert [(r.row, r.column, r.value) for r in made.refusals] == [(n, "ULN", "9.28E+09") for n in (2, 3, 4)]
    assert every(school, Identifier) == before


def test_a_number_alone_never_finds_another_child_by_its_value(school: School) -> None:
    bring(school, f"Surname,Forename,Date of Birth,UPN,Admission No\nKerr,Sasha,20/01/2012,{upn(1)},000045\n")
    made = twice(school, "Admission No,Date,AM,PM\n45,09/11/2026,/,\\\n")
    assert made.refused == 1 and not every(school, Mark)


def test_pupils_who_are_not_in_the_file(school: School) -> None:
    head = "Admission No,UPN,Surname,Forename,Date of Birth,Year Group,SEN Status,Pupil Premium,Home School,Preferred Name\n"
    rook = f"P1,{upn(1)},Rook,Dawn,02/02/2012,10,K,Yes,Invented High School,Dee\n"
    rest = f"P2,{upn(2)},Heron,Max,03/03/2012,9,E,No,Invented High School,\nP3,{upn(3)},Swift,Kai,04/04/2012,9,N,Yes,Other Invented School,K\nP4,{upn(4)},Wren,Joy,05/05/2012,9,K,No,,\n"
    assert twice(school, head + rook + rest).new == 4
    assert [p.name for p in every(school, Partner)] == ["Invented High School", "Other Invented School"]
    assert len(every(school, HomeSchool)) == 3
    enrolments = every(school, Enrolment)
    made = twice(school, head + rest)
    assert (made.counts.same, made.new) == (3, 0)
    assert [m.who for m in made.missing] == ["Dawn Rook"]
    assert any("1 pupil on roll is not in this file: Dawn Rook" in w for w in made.warnings)
    assert every(school, Enrolment) == enrolments


def test_a_known_as_surname_before_an_adoption_order(school: School) -> None:
    assert (
        twice(school, f"UPN,Legal Surname,Legal Forename,Preferred Surname,Date of Birth\n{upn(1)},Granger,Bo,Fairley,01/12/2012\n").new
        == 1
    )
    before = every(school, Name)
    assert [(n.use, n.surname) for n in before] == [("legal", "Granger"), ("preferred", "Fairley")]
    made = twice(school, f"UPN,Surname,Forename,Date of Birth\n{upn(1)},Fairley,Bo,01/12/2012\n")
    assert (made.new, made.changed, made.counts.same) == (0, 0, 1)
    assert every(school, Name) == before


def test_names_in_decomposed_letters_against_names_typed_in_the_window(school: School) -> None:
    typed = [("Grützmann", "Zoë", date(2011, 10, 12)), ("Ní Bhriain", "Áine", date(2012, 6, 4)), ("Trần", "Đức", date(2012, 3, 15))]
    for i, (surname, forename, born) in enumerate(typed):
        school.do(
            Title.ADD_PUPIL,
            lambda ids, s=surname, f=forename, b=born, n=i: add_pupil(
                ids, PupilForm(f, s, born=b, first_day=date(2026, 9, 3)), code=f"QXZ{n:03d}", setting_id=1, today=school.today
            ),
            grow=False,
        )
    before = every(school, Name)
    import unicodedata

    text = "Surname,Forename,Date of Birth,Date,AM,PM\n" + "".join(
        f"{unicodedata.normalize('NFD', s)},{unicodedata.normalize('NFD', f)},{b:%d/%m/%Y},09/11/2026,{am},{pm}\n"
        for (s, f, b), (am, pm) in zip(typed, ["/\\", "/N", "L\\"], strict=True)
    )
    made = twice(school, text)
    assert (made.new, made.refused) == (3, 0)
    assert sum((m.am is not None) + (m.pm is not None) for m in every(school, Mark)) == 6
    assert every(school, Name) == before and len(every(school, Pupil)) == 3


def test_mistyped_upns(school: School) -> None:
    right = [upn(n) for n in (101, 105, 201, 124)]
    wrong_letter = ("A" if right[0][0] != "A" else "B") + right[0][1:]
    letter_o = right[1].replace("0", "O")
    short = right[2][:-1]
    small = right[3].lower()
    rows = [wrong_letter, letter_o, short, small]
    text = "UPN,Surname,Forename,Date of Birth\n" + "".join(f"{u},Name{i},A,0{i + 1}/05/2012\n" for i, u in enumerate(rows))
    made = twice(school, text)
    assert (made.new, made.refused, len(made.refusals)) == (4, 0, 0)
    assert len(made.asks) == 3 and sum("authority" in w for w in made.warnings) == 1
    assert "check letter should be " + right[0][0] in made.asks[0].sentence
    assert right[1] in made.asks[1].sentence and "12 characters, 13 expected" in made.asks[2].sentence
    assert [(i.value, i.doubt is not None) for i in every(school, Identifier)] == [
        (wrong_letter, True),
        (letter_o, True),
        (short, True),
        (right[3], False),
    ]
    # the offer taken
    other = new_school(school.path.parent / "other")  # type: ignore[union-attr]
    bring(other, text, answers={made.asks[1].question: "suggestion"})
    assert [i.value for i in every(other, Identifier)][1] == right[1]
    other.close()


def test_year_groups_in_many_forms(school: School) -> None:
    forms = ["10", "Year 10", "Yr10", "Y10", "10.0", "Year  10 ", "R", "Reception", "N2", "7/8", "Mixed 9-10", "KS4", "", "15", "X"]
    text = "UPN,Surname,Forename,Date of Birth,Year Group\n" + "".join(
        f"{upn(i)},Yearling,{chr(65 + i)}my,12/02/201{3 if i == 0 else 2},{y}\n" for i, y in enumerate(forms)
    )
    made = twice(school, text)
    assert (made.counts.rows, made.new, made.refused) == (15, 15, 0)
    stored = {y.pupil_id - 1: y.year for y in every(school, YearGroup)}
    assert stored == {**dict.fromkeys(range(6), "10"), 6: "R", 7: "R", 8: "N2", 14: "X"}
    assert all(y.school_year == 2026 for y in every(school, YearGroup))
    assert [(r.row, r.value) for r in made.refusals] == [(11, "7/8"), (12, "Mixed 9-10"), (13, "KS4"), (15, "15")]


# --- marks ---------------------------------------------------------------------------------------------------------------


def test_marks_outside_a_time_on_roll(school: School) -> None:
    bring(
        school,
        "UPN,Surname,Forename,Date of Birth,Date of Admission,Date of Leaving\n"
        f"{upn(1)},Winter,Harlow,01/02/2012,09/09/2026,22/09/2026\n{upn(1)},Winter,Harlow,01/02/2012,09/11/2026,\n",
    )
    assert [(e.first_day, e.last_day) for e in every(school, Enrolment)] == [
        (date(2026, 9, 9), date(2026, 9, 22)),
        (date(2026, 11, 9), None),
    ]
    days = [
        ("07/09", "Z", "Z"), ("08/09", "/", "\\"), ("09/09", "/", "\\"), ("10/09", "/", "\\"), ("11/09", "I", "I"), ("14/09", "/", "\\"), ("15/09", "/", "\\"),
        ("16/09", "L", "\\"), ("17/09", "O", "O"), ("18/09", "/", "\\"), ("21/09", "/", "\\"), ("22/09", "/", "N"), ("23/09", "O", "O"), ("24/09", "O", "O"),
        ("09/11", "/", "\\"), ("10/11", "C2", "C2"),
    ]  # fmt: skip
    made = twice(school, "UPN,Date,AM,PM\n" + "".join(f"{upn(1)},{d}/2026,{a},{p}\n" for d, a, p in days))
    assert [r.value for r in made.refusals] == ["2026-09-08", "2026-09-23", "2026-09-24"]
    assert all("not on roll that day" in r.sentence.lower() for r in made.refusals)
    t = tally(every(school, Mark), school.codes, spans_of(every(school, Enrolment)), first=date(2026, 9, 1), last=date(2026, 11, 24))
    assert (t.possible, t.attended, t.authorised, t.unauthorised, t.late) == (24, 17, 4, 3, 1)
    assert (t.attendance_percent, t.absence_percent, t.persistent, t.severe) == (70.8, 29.2, True, False)


def test_two_marks_for_one_session_and_an_amended_one(school: School) -> None:
    bring(school, f"UPN,Surname,Forename,Date of Birth,Date of Admission\n{upn(4)},Dub,Al,01/02/2012,03/09/2026\n")
    u = upn(4)
    first = f"UPN,Date,AM,PM\n{u},09/11/2026,/,\\\n{u},09/11/2026,/,\\\n{u},10/11/2026,N,N\n{u},10/11/2026,I,I\n{u},11/11/2026,/,\n{u},11/11/2026,,\\\n{u},12/11/2026,L,\\\n"
    made = twice(school, first)
    assert made.refused == 2 and {r.row for r in made.refusals} == {4, 5}
    assert all(("row 5" if r.row == 4 else "row 4") in r.sentence.lower() for r in made.refusals)
    t = tally(every(school, Mark), school.codes)
    assert (t.possible, t.attended, t.late, t.attendance_percent) == (6, 6, 1, 100.0)
    later = f"UPN,Date,AM,PM\n{u},09/11/2026,/,\\\n{u},12/11/2026,M,\\\n{u},13/11/2026,,\n"
    made = plan(school, later)
    (ask,) = made.asks
    assert "needs a reason" in ask.sentence and "row 3" in ask.sentence.lower() and "12 Nov 2026 AM, L to M" in ask.sentence
    assert states(made) == ["same", "same", "same"] and made.rows[1].asks and "L kept" in made.rows[1].words  # held until answered
    made = twice(school, later, {ask.question: "dentist's letter came"})
    assert states(made) == ["same", "changed", "same"] and "L → M" in made.rows[1].words
    t = tally(every(school, Mark), school.codes)
    assert (t.possible, t.attended, t.authorised, t.attendance_percent) == (6, 5, 1, 83.3)
    assert not [m for m in every(school, Mark) if m.day == date(2026, 11, 13)]
    (kept,) = mark_history(school, [1], first=date(2026, 11, 12), last=date(2026, 11, 12))
    assert (kept.old, kept.new, kept.reason, kept.sort) == ("L", "M", "dentist's letter came", "amendment")


@pytest.mark.parametrize("shape", ["wide", "long"])
@pytest.mark.parametrize(("one", "two"), [("N", "I"), ("/", "O"), ("L", "U")])
def test_a_session_said_twice_is_held_back_and_one_said_in_parts_is_whole(school: School, shape: str, one: str, two: str) -> None:
    bring(school, f"UPN,Surname,Forename,Date of Birth\n{upn(4)},Dub,Al,01/02/2012\n")
    u = upn(4)
    if shape == "wide":
        rows = [f"{u},09/11/2026,{one},", f"{u},10/11/2026,/,", f"{u},09/11/2026,{two},\\", f"{u},10/11/2026,,\\"]
        made = twice(school, "UPN,Date,AM,PM\n" + "\n".join(rows) + "\n")
    else:
        rows = [
            f"{u},09/11/2026,AM,{one}",
            f"{u},10/11/2026,AM,/",
            f"{u},09/11/2026,AM,{two}",
            f"{u},10/11/2026,PM,\\",
            f"{u},09/11/2026,PM,\\",
        ]
        made = twice(school, "UPN,Date,Session,Mark\n" + "\n".join(rows) + "\n")
    assert [(r.row, r.value) for r in made.refusals] == [(2, one), (4, two)]
    assert "row 4" in made.refusals[0].sentence.lower() and "row 2" in made.refusals[1].sentence.lower()
    assert [(m.day.day, m.am, school.codes.text(m.pm)) for m in every(school, Mark)] == [(9, None, "\\"), (10, 0, "\\")]


@pytest.mark.parametrize("cell", ["✓", "✔", "√", "A", "a", "Absent", "1", "0", "Late", "x1", "PP", "/ \\", "yes"])
def test_what_is_no_code_is_refused_by_cell_with_a_sentence(school: School, cell: str) -> None:
    bring(school, f"UPN,Surname,Forename,Date of Birth\n{upn(5)},Dub,Al,01/02/2012\n")
    made = twice(school, f"UPN,Date,AM,PM\n{upn(5)},09/11/2026,{cell},\\\n{upn(5)},10/11/2026,/,{cell}\n")
    assert [(r.row, r.column, r.value) for r in made.refusals] == [(2, "AM", cell), (3, "PM", cell)]
    assert all(cell in r.sentence and "not an attendance code" in r.sentence for r in made.refusals)
    assert [(m.am, m.pm) for m in every(school, Mark)] == [(None, 1), (0, None)]


@pytest.mark.parametrize(
    ("rows", "asked"), [([("P", "P")] * 3, True), ([("/", "\\")] * 9 + [("P", "P")], False), ([("/", "P"), ("P", "\\")], True)]
)
def test_p_meant_as_present_is_asked_where_many_marks_are_p(school: School, rows: list[tuple[str, str]], asked: bool) -> None:
    bring(school, f"UPN,Surname,Forename,Date of Birth\n{upn(5)},Dub,Al,01/02/2012\n")
    text = "UPN,Date,AM,PM\n" + "".join(f"{upn(5)},{9 + i // 5 * 7 + i % 5:02d}/11/2026,{am},{pm}\n" for i, (am, pm) in enumerate(rows))
    made = twice(school, text)
    assert [a for a in made.asks if "sporting" in a.sentence] == list(made.asks) and bool(made.asks) == asked
    assert "P" in {school.codes.text(m.am) for m in every(school, Mark)} | {school.codes.text(m.pm) for m in every(school, Mark)}


def test_a_number_of_one_pupil_with_name_and_birthday_of_another_is_asked(school: School) -> None:
    bring(
        school,
        f"UPN,Admission No,Surname,Forename,Date of Birth\n{upn(1)},101,Kerr,Sasha,20/01/2012\n{upn(2)},102,Lowe,Dale,03/03/2012\n",
    )
    text = "Admission No,Surname,Forename,Date of Birth,Date,AM,PM\n101,Lowe,Dale,03/03/2012,09/11/2026,/,\\\n"
    made = twice(school, text)
    (ask,) = made.asks
    assert ask.holds and "the number 101 is that of Sasha Kerr" in ask.sentence and "Dale Lowe" in ask.sentence
    assert states(made) == ["refused"] and not every(school, Mark)
    dale = next(c.key for c in ask.choices if "Lowe" in c.words)
    twice(school, text, {ask.question: dale})
    assert [m.pupil_id for m in every(school, Mark)] == [2]


def test_such_a_number_in_a_pupil_list_is_asked_and_nobody_is_changed(school: School) -> None:
    bring(school, "Admission No,Surname,Forename,Date of Birth\n101,Kerr,Sasha,20/01/2012\n102,Lowe,Dale,03/03/2012\n")
    before = every(school, Identifier), every(school, Flag), names(school)
    made = twice(school, "Admission No,Surname,Forename,Date of Birth,SEN Status\n101,Lowe,Dale,03/03/2012,K\n")
    assert made.counts.refused == 1 and "101" in made.asks[0].sentence
    assert (every(school, Identifier), every(school, Flag), names(school)) == before


# --- attendance as stated ------------------------------------------------------------------------------------------------


def test_percentages_that_end_in_an_exact_half(school: School) -> None:
    figures = [(16, 1, 15), (16, 5, 11), (16, 11, 5), (80, 13, 67), (80, 3, 77), (80, 45, 35), (3, 2, 1)]
    text = "UPN,Name,Possible,Present,Approved Educational Activity,Authorised,Unauthorised,Attendance %\n"
    text += "".join(f"{upn(i)},{chr(65 + i)}a,{p},{a},0,{x},0,\n" for i, (p, a, x) in enumerate(figures))
    assert twice(school, text).new == 7
    assert [x[2] for x in percents(school)] == [6.3, 31.3, 68.8, 16.3, 3.8, 56.3, 66.7]
    assert [stated_tally(s).absence_percent for s in every(school, StatedAttendance)] == [93.8, 68.8, 31.3, 83.8, 96.3, 43.8, 33.3]


def test_a_groups_rate_is_the_sum_of_sessions(school: School) -> None:
    text = (
        "UPN,Name,Possible,Present,Approved Educational Activity,Authorised,Unauthorised,Attendance %\n"
        f'{upn(1)},"Small, Ada",4,4,0,0,0,100\n{upn(2)},"Big, Ben",100,30,0,40,30,30\n{upn(3)},"Mid, Cat",96,24,0,50,22,25\n'
    )
    twice(school, text)
    from approgress.domain.attendance import group_tally

    group = group_tally(stated_tally(s) for s in every(school, StatedAttendance))
    assert (group.total.attended, group.total.possible, group.total.attendance_percent, group.persistent, group.severe) == (
        58,
        200,
        29.0,
        2,
        2,
    )


def test_days_in_place_of_sessions(school: School) -> None:
    text = (
        f'UPN,Name,Possible,Attended,Authorised,Unauthorised\n{upn(1)},"Quarter, Ann",190,171.5,12,6.5\n{upn(2)},"Minus, Bob",100,104,0,-4\n'
        f'{upn(3)},"Comma, Cas","1,040",980,40,20\n{upn(4)},"Days, Dee",95,85.5,9.5,0\n'
    )
    made = twice(school, text)
    assert (made.new, made.refused) == (1, 3)
    assert percents(school) == [(980, 1040, 94.2)]
    assert {r.value for r in made.refusals} == {"171.5", "6.5", "-4", "85.5", "9.5"}
    doubling = next(a for a in made.asks if "days" in a.sentence)
    assert "whole file" in doubling.sentence
    other = new_school(school.path.parent / "other")  # type: ignore[union-attr]
    made = twice(other, text, {doubling.question: "double"})
    assert [(s.attended, s.possible) for s in every(other, StatedAttendance)] == [(343, 380), (1960, 2080), (171, 190)]
    other.close()


CTF = """<?xml version="1.0" encoding="UTF-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.1</CTFversion><DateTime>2026-11-10T09:00:00</DateTime><SourceSchool><LEA>999</LEA>
<Estab>4212</Estab><SchoolName>Invented High School</SchoolName></SourceSchool></Header><CTFpupilData>{}</CTFpupilData></CTfile>"""
CTF_PUPIL = """<Pupil><UPN>{}</UPN><Surname>{}</Surname><Forename>{}</Forename><DOB>2012-10-01</DOB><BasicDetails><NCyearActual>9</NCyearActual><SomethingNew>kept out</SomethingNew>
</BasicDetails><Attendance><YearData><Year>2025</Year><LEA>999</LEA><Estab>4212</Estab><SchoolName>Invented High School</SchoolName><SessionsPossible>{}</SessionsPossible>
<SessionsAuthorised>{}</SessionsAuthorised><SessionsAttended>{}</SessionsAttended><SessionsUnauthorised>{}</SessionsUnauthorised></YearData></Attendance></Pupil>"""


def test_a_transfer_files_sums_that_do_not_add_up(school: School) -> None:
    text = CTF.format(
        CTF_PUPIL.format(upn(1), "Odds", "Eve", 190, 50, 100, 30) + CTF_PUPIL.format(upn(2), "Evens", "Abe", 150, 30, 100, 20)
    )
    file = write(school.path.parent, text, "9994212_CTF_9991100_003.xml")  # type: ignore[union-attr]
    made = twice(school, file)
    assert made.new == 2
    assert percents(school) == [(100, 150, 66.7)]
    (sums,) = [a for a in made.asks if "180" in a.sentence]
    assert "190" in sums.sentence and sums.holds
    (year,) = [a for a in made.asks if "2025" in a.sentence and a is not sums]
    (stated,) = every(school, StatedAttendance)
    assert (stated.school, stated.first_day, stated.year_said) == ("Invented High School", None, "2025")
    # answered: dated, and the other figures as the parts make them
    twice(school, file, {sums.question: "sum", year.question: "start"})
    assert sorted(percents(school)) == [(100, 150, 66.7), (100, 180, 55.6)]
    assert {(s.first_day, s.last_day, s.year_said) for s in every(school, StatedAttendance)} == {
        (date(2025, 9, 1), date(2026, 8, 31), None)
    }
    assert not plan(school, file).open_asks


def test_entity_bombs_are_refused_and_the_school_is_as_before(school: School) -> None:
    doctype = '<?xml version="1.0"?><!DOCTYPE CTfile [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + CTF.split("\n", 1)[1].format(
        "<Pupil><Surname>&x;</Surname></Pupil>"
    )
    for data in (doctype.encode(), doctype.replace("<?xml", '<?xml encoding="UTF-16"').encode("utf-16")):
        for name in ("9994212_CTF_9991100_010.xml", "list.csv"):
            with pytest.raises(Refusal):
                bring(school, write(school.path.parent, data, name))  # type: ignore[union-attr]
    assert not every(school, Pupil)


# --- readings ------------------------------------------------------------------------------------------------------------


def test_reading_ages_that_a_spreadsheet_changed(school: School) -> None:
    ages = ["9:06", "8y 3m", "7.5", "6.11", "8:13", "<5", "12+", "10 years 7 months", "2026-07-10 00:00:00", "09:06:00"]
    bring(
        school,
        "UPN,Surname,Forename,Date of Birth\n" + "".join(f"{upn(i)},Reader,{chr(65 + i)}l,01/0{i % 9 + 1}/2012\n" for i in range(10)),
    )
    made = twice(
        school,
        "UPN,Surname,Forename,Test date,Reading age\n"
        + "".join(f"{upn(i)},Reader,{chr(65 + i)}l,05/11/2026,{a}\n" for i, a in enumerate(ages)),
    )
    assert (made.new, made.refused) == (4, 6)
    assert [r.value for r in made.refusals] == ["7.5", "6.11", "8:13", "<5", "12+", "2026-07-10 00:00:00"]
    import json

    assert [json.loads(r.parts or "{}")["reading_age"] for r in every(school, Reading)] == [114, 99, 127, 114]
    assert "9 years 6 months" in said(made)


def test_two_rows_of_one_name_and_birthday_with_two_numbers_are_never_made_one_pupil(school: School) -> None:
    head = "Admission No,Legal Surname,Legal Forename,Date of Birth\n"
    made = twice(school, head + "M0,Smith,Ann,01/01/2012\nM1,Smith,Ann,01/01/2012\nM2,Other,Bea,01/01/2012\n")
    assert (made.new, made.refused) == (1, 2)
    assert "row 3" in said(made) and "row 2" in said(made) and "number" in said(made)
    # one UPN is one pupil, admitted again under another number
    with_upn = f"UPN,{head}{upn(7)},M3,Third,Cy,02/01/2012\n{upn(7)},M4,Third,Cy,02/01/2012\n"
    assert (twice(school, with_upn).new, names(school).count(("Third", "Cy"))) == (1, 1)
