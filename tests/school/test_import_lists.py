"""Lists brought in: a snapshot of its day, what people typed kept, questions and their answers, one step and one undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approgress.domain.acts.pupils import PupilForm, add_pupil, leave, put_flag
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Changed, Refusal, Stopped, Trouble
from approgress.domain.records import (
    Enrolment,
    Flag,
    Group,
    GroupMember,
    HeadingMap,
    HomeSchool,
    Identifier,
    ImportAnswer,
    KeptApart,
    Name,
    Partner,
    Pupil,
    YearGroup,
)
from approgress.school.import_file import carry_out, plan_import, refusal_list
from approgress.school.school import School
from tests.importing import TODAY, bring, every, new_school, plan, said, twice, upn, write

HEAD = "Admission No,UPN,Surname,Forename,Date of Birth,Year Group,Reg Group,SEN Status,Pupil Premium,Home School\n"
AIRD = f"P1,{upn(1)},Aird,Zoë,14/03/2012,10,10A,K,Yes,High School\n"
BELL = f"P2,{upn(2)},Bell,Max,02/04/2012,9,9B,N,No,\n"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path)
    yield made
    made.close()


def everything(school: School) -> dict[str, list[object]]:
    kinds = (Pupil, Name, YearGroup, Identifier, Flag, Enrolment, HomeSchool, GroupMember, Group, Partner)
    return {k.__name__: list(every(school, k)) for k in kinds}


def typed(school: School, **form: object) -> None:
    values = {"forename": "Zoë", "surname": "Aird", "born": date(2012, 3, 14), "upn": upn(1), "first_day": date(2026, 9, 3)} | form
    school.do(Title.ADD_PUPIL, lambda ids: add_pupil(ids, PupilForm(**values), code="QXZ001", setting_id=1, today=TODAY), grow=False)  # type: ignore[arg-type]


def test_nothing_is_written_by_looking_and_one_undo_takes_it_back(school: School) -> None:
    before, newest = everything(school), school.journal.newest()
    made = plan(school, HEAD + AIRD + BELL)
    assert made.writes and everything(school) == before and school.journal.newest() == newest
    result = carry_out(school, made)
    assert result.step == newest + 1 and len(every(school, Pupil)) == 2
    assert school.history(last=1)[0].title == Title.IMPORT_PUPILS
    school.undo()
    assert everything(school) == before and not every(school, HeadingMap)
    assert twice(school, HEAD + AIRD + BELL).new == 2


def test_a_new_pupil_is_made_of_rows_with_their_dates(school: School) -> None:
    bring(school, HEAD + AIRD)
    (pupil,) = every(school, Pupil)
    assert len(pupil.code) == 6 and pupil.code[:3].isalpha() and not set(pupil.code[:3]) & set("AEIOU") and pupil.code[3:].isdigit()
    (enrolment,) = every(school, Enrolment)
    assert (enrolment.first_day, enrolment.last_day, enrolment.setting_id, enrolment.typed) == (None, None, 1, False)
    assert [(f.sort, f.value, f.first_day, f.typed) for f in every(school, Flag)] == [
        ("sen", "K", TODAY, False),
        ("pupil_premium", "yes", TODAY, False),
    ]
    assert [(y.year, y.school_year) for y in every(school, YearGroup)] == [("10", 2026)]
    assert [g.name for g in every(school, Group)] == ["10A"] and [p.name for p in every(school, Partner)] == ["High School"]
    assert {(i.system, i.value) for i in every(school, Identifier)} == {("upn", upn(1)), ("number", "P1")}


def test_a_list_is_a_snapshot_of_its_day(school: School) -> None:
    bring(school, HEAD + AIRD, taken_on=date(2026, 9, 10))
    made = twice(school, HEAD + AIRD.replace(",K,", ",E,").replace("10A", "10B"), taken_on=date(2026, 11, 2))
    assert made.changed == 1
    sen = [f for f in every(school, Flag) if f.sort == "sen"]
    assert [(f.value, f.first_day, f.last_day) for f in sen] == [
        ("K", date(2026, 9, 10), date(2026, 11, 1)),
        ("E", date(2026, 11, 2), None),
    ]
    groups = {g.id: g.name for g in every(school, Group)}
    assert [(groups[m.group_id], m.first_day, m.last_day) for m in every(school, GroupMember)] == [
        ("10A", None, date(2026, 11, 1)),
        ("10B", date(2026, 11, 2), None),
    ]
    assert "SEN support (K) → EHC plan (E) from 2 Nov 2026" in made.rows[0].words


def test_a_year_later_the_new_year_stands_beside_the_old(school: School) -> None:
    bring(school, HEAD + AIRD, taken_on=date(2026, 9, 10))
    bring(school, HEAD + AIRD.replace(",10,", ",11,"), taken_on=date(2027, 9, 10))
    assert [(y.year, y.school_year) for y in every(school, YearGroup)] == [("10", 2026), ("11", 2027)]


def test_a_blank_never_overwrites(school: School) -> None:
    bring(school, HEAD + AIRD)
    before = everything(school)
    made = twice(school, HEAD + f",{upn(1)},Aird,Zoë,,,,,,\n")
    assert (made.counts.same, len(made.asks)) == (1, 0) and everything(school) == before


def test_a_flag_that_has_gone_is_asked_about_and_not_ended(school: School) -> None:
    bring(school, HEAD + AIRD, taken_on=date(2026, 9, 10))
    before = everything(school)
    gone = HEAD + AIRD.replace(",K,Yes,", ",N,No,")
    made = twice(school, gone)
    assert (made.counts.same, made.rows[0].asks) == (1, True) and everything(school) == before
    assert [a.kept for a in made.asks] == ["SEN support (K)", "pupil premium"]
    answers = {made.asks[0].question: "end", made.asks[1].question: "keep"}
    assert twice(school, gone, answers).changed == 1
    flags = {f.sort: f.last_day for f in every(school, Flag)}
    assert flags == {"sen": date(2026, 11, 23), "pupil_premium": None}
    assert not plan(school, gone).open_asks  # both answers are remembered
    assert {a.answer for a in every(school, ImportAnswer)} == {"end", "keep"}


def test_a_flag_ended_on_the_day_it_began_stays_ended(school: School) -> None:
    bring(school, HEAD + AIRD)
    gone = HEAD + AIRD.replace(",K,Yes,", ",N,No,")
    answers = {a.question: "end" for a in plan(school, gone).asks}
    twice(school, gone, answers)


def test_what_a_person_typed_beats_the_file_and_is_listed(school: School) -> None:
    typed(school, year="9", sex="F")
    head = "UPN,Legal Surname,Legal Forename,Date of Birth,Sex,Year Group,Date of Admission\n"
    made = twice(school, head + f"{upn(1)},Aird,Zoë,15/03/2012,,,\n")
    assert (made.counts.same, made.asks[0].value, made.asks[0].kept) == (1, "15 Mar 2012", "14 Mar 2012")
    text = head + f"{upn(1)},Ayrd,Zoë,14/03/2012,M,10,01/09/2026\n"
    made = twice(school, text)
    assert (made.changed, made.counts.same) == (0, 1)
    assert [(a.value, a.kept) for a in made.asks] == [
        ("Male", "Female"),
        ("Zoë Ayrd", "Zoë Aird"),
        ("Year 10", "Year 9"),
        ("1 Sep 2026", "3 Sep 2026"),
    ]
    assert twice(school, text, {a.question: "file" for a in made.asks}).changed == 1
    (pupil,) = every(school, Pupil)
    assert pupil.sex == "M"
    assert [(n.use, n.surname) for n in every(school, Name)] == [("former", "Aird"), ("legal", "Ayrd")]


def test_what_an_earlier_file_said_is_changed_without_asking(school: School) -> None:
    bring(school, HEAD + AIRD)
    for text in (AIRD.replace("Aird", "Aird-Smith"), AIRD.replace("Aird", "Aird-Smith").replace("14/03/2012", "15/03/2012")):
        made = twice(school, HEAD + text)
        assert made.changed == 1 and not made.asks
    assert every(school, Pupil)[0].born == date(2012, 3, 15)
    assert [(n.use, n.surname, n.last_day) for n in every(school, Name)] == [
        ("former", "Aird", date(2026, 11, 23)),
        ("legal", "Aird-Smith", None),
    ]


@pytest.mark.parametrize("row", ["AIRD,ZOE", "Aird,Zoe", "aird,zoë", "Aird ,Zoë"])
def test_a_name_written_with_less_care_is_the_same(school: School, row: str) -> None:
    bring(school, HEAD + AIRD)
    before = every(school, Name)
    assert twice(school, f"UPN,Surname,Forename,Date of Birth\n{upn(1)},{row},14/03/2012\n").counts.same == 1
    assert every(school, Name) == before


def test_a_flag_a_person_ended_is_not_begun_again_without_asking(school: School) -> None:
    bring(school, HEAD + BELL)
    school.do(Title.CHANGE_PUPIL, lambda ids: put_flag(ids, 1, "young_carer", "yes", date(2026, 9, 1)))
    (flag,) = every(school, Flag)
    from dataclasses import replace

    school.do(Title.CHANGE_PUPIL, [Put(replace(flag, last_day=date(2026, 10, 1)), flag)])
    made = twice(school, f"UPN,Surname,Forename,Date of Birth,Young Carer\n{upn(2)},Bell,Max,02/04/2012,Yes\n")
    assert made.counts.same == 1 and "ended here" in made.asks[0].sentence


def test_a_upn_that_contradicts_name_and_birthday_is_asked_about(school: School) -> None:
    bring(school, HEAD + AIRD + BELL)
    before = everything(school)
    for row in (f"{upn(1)},Bell,Max,02/04/2012", f"{upn(1)},Carr,Ed,01/01/2011", f"{upn(1)},Aird,Zara,14/03/2012"):
        made = twice(school, f"UPN,Surname,Forename,Date of Birth\n{row}\n")
        assert made.refused == 1 and made.asks[0].holds and "UPN is that of Zoë Aird" in made.asks[0].sentence
    assert everything(school) == before


def test_a_person_may_say_whose_row_it_is_and_no_upn_is_taken_from_another(school: School) -> None:
    bring(school, HEAD + AIRD + BELL)
    text = f"UPN,Surname,Forename,Date of Birth,Sex\n{upn(1)},Bell,Max,02/04/2012,M\n"
    (ask,) = plan(school, text).asks
    bell = every(school, Pupil)[1]
    twice(school, text, {ask.question: f"same:{bell.code}"})
    assert [p.sex for p in every(school, Pupil)] == [None, "M"]
    assert sorted(i.value for i in every(school, Identifier) if i.system == "upn") == sorted([upn(1), upn(2)])
    assert plan(school, text).counts.same == 1  # remembered


def test_likeness_of_names_only_asks(school: School) -> None:
    bring(school, HEAD + AIRD)
    near_day = plan(school, "Surname,Forename,Date of Birth\nAird,Zoë,13/03/2012\n")
    no_day = plan(school, "Surname,Forename\nAird,Zoë\n")
    other_surname = plan(school, "Surname,Forename,Date of Birth\nAyrd,Zoë,14/03/2012\n")
    for made in (near_day, no_day, other_surname):
        assert (made.new, made.refused) == (0, 1) and made.asks[0].holds
    # another UPN tells them apart, so that there is nothing to ask
    twin = plan(school, f"UPN,Surname,Forename,Date of Birth\n{upn(3)},Aird,Zara,14/03/2012\n")
    assert twin.new == 1 and not twin.asks
    bring(school, "Surname,Forename,Date of Birth\nAird,Zoë,13/03/2012\n", answers={near_day.asks[0].question: "new"})
    assert len(every(school, Pupil)) == 2


def test_pupils_kept_apart_are_never_offered_as_one(school: School) -> None:
    bring(school, HEAD + AIRD + BELL)
    school.do(Title.KEEP_APART, lambda ids: [Put(KeptApart(ids.other(), 1, 2))])
    made = plan(school, f"UPN,Surname,Forename,Date of Birth\n{upn(1)},Bell,Max,02/04/2012\n")
    assert made.refused == 1 and not [c for a in made.asks for c in a.choices if c.key.startswith("same:")]


def test_a_second_systems_number_stands_beside_the_first(school: School) -> None:
    bring(school, HEAD + AIRD)
    twice(
        school,
        '"Globally Unique Student ID","Arbor Student ID","UPN","Legal First Name","Legal Last Name","Date of Birth"\n'
        f'"XX-1","201","{upn(1)}","Zoë","Aird","2012-03-14"\n',
    )
    assert {(i.system, i.value) for i in every(school, Identifier)} == {
        ("upn", upn(1)),
        ("number", "P1"),
        ("arbor", "201"),
        ("arbor_global", "XX-1"),
    }
    other = twice(school, f"Admission No,UPN,Surname,Forename\n7788,{upn(1)},Aird,Zoë\n")
    assert other.counts.same == 1 and "kept" in said(other)
    assert plan(school, "Arbor Student ID,Date,AM,PM\n201,09/11/2026,/,\\\n").new == 1


def test_a_temporary_upn_gives_way_to_the_permanent_one(school: School) -> None:
    from stdnum.gb import upn as rules

    body = "99940012603B"
    temporary = rules.calc_check_digit(body) + body
    bring(school, HEAD + AIRD.replace(upn(1), temporary))
    made = twice(school, HEAD + AIRD)
    assert made.changed == 1
    assert {(i.system, i.value) for i in every(school, Identifier)} == {("former_upn", temporary), ("upn", upn(1)), ("number", "P1")}


def test_a_leaver_in_the_list_is_asked_about_and_a_new_admission_begins_anew(school: School) -> None:
    bring(school, HEAD + AIRD)
    (e,) = every(school, Enrolment)
    school.do(Title.LEAVE, leave(e, [], date(2026, 10, 1), reason=None, destination=None))
    made = twice(school, HEAD + AIRD)
    assert made.counts.same == 1 and "Back with us?" in made.asks[0].sentence
    text = f"UPN,Surname,Forename,Date of Birth,Date of Admission\n{upn(1)},Aird,Zoë,14/03/2012,02/11/2026\n"
    assert twice(school, text).changed == 1
    assert [(e.first_day, e.last_day) for e in every(school, Enrolment)] == [(None, date(2026, 10, 1)), (date(2026, 11, 2), None)]


def test_a_leaving_date_in_the_list_ends_a_time_on_roll_and_a_missing_row_does_not(school: School) -> None:
    bring(school, HEAD + AIRD + BELL)
    text = f"UPN,Surname,Forename,Date of Birth,Date of Leaving,Reason for Leaving\n{upn(1)},Aird,Zoë,14/03/2012,01/10/2026,Moved\n"
    made = twice(school, text)
    assert [(e.last_day, e.leaving_reason) for e in every(school, Enrolment)] == [(date(2026, 10, 1), "Moved"), (None, None)]
    assert [m.who for m in made.missing] == ["Max Bell"]


def test_totals_and_footers_make_no_pupil(school: School) -> None:
    made = twice(school, "Pupil list\nPrinted 24/11/2026\n\n" + HEAD + AIRD + "\nTotal pupils: 1\n")
    assert (made.new, made.refused, made.counts.rows) == (1, 1, 2)
    assert [r.row for r in made.rows] == [5, 7] and len(every(school, Pupil)) == 1


def test_headings_met_again_are_no_row(school: School) -> None:
    made = twice(school, HEAD + AIRD + HEAD + BELL)
    assert (made.counts.rows, made.new) == (2, 2) and [r.row for r in made.rows] == [2, 4]


def test_rows_with_cells_too_many_or_too_few_are_refused(school: School) -> None:
    text = (
        f"UPN,Surname,Forename,Date of Birth,SEN Status\n{upn(1)},Aird, Jr,Zoë,14/03/2012,K\n{upn(2)},Bell\n{upn(3)},Cole,Al,03/04/2012,\n"
    )
    made = twice(school, text)
    assert [r.state for r in made.rows] == ["refused", "refused", "new"]


def test_columns_may_be_said_by_a_person_and_are_remembered(school: School) -> None:
    text = f"UPN,Surname,Forename,Date of Birth,Base\n{upn(1)},Aird,Zoë,14/03/2012,Invented Academy\n"
    made = plan(school, text)
    assert made.columns[4].meaning is None and any("Base" in w for w in made.warnings)
    bring(school, text, mapping={"E": "home_school"})
    assert [p.name for p in every(school, Partner)] == ["Invented Academy"]
    again = plan(school, text.replace("Invented Academy", "Other Academy"))
    assert again.columns[4].meaning == "home_school" and again.columns[4].remembered and again.changed == 1
    with pytest.raises(Refusal, match="no column"):
        plan(school, text, mapping={"Z": "upn"})
    with pytest.raises(Refusal, match="not something"):
        plan(school, text, mapping={"E": "shoe size"})


def test_a_file_that_is_no_list_is_refused_in_a_sentence(school: School) -> None:
    for text in ("hello\n", "a,b\n1,2\n", "UPN\n"):
        with pytest.raises(Refusal, match="headings"):
            plan(school, text)
    with pytest.raises(Refusal, match="not a kind of file"):
        plan(school, HEAD + AIRD, as_="pictures")
    assert plan(school, HEAD).counts.rows == 0 and bring(school, HEAD).step is None


def test_what_changed_since_the_preview_stops_the_import(school: School) -> None:
    bring(school, HEAD + AIRD)
    made = plan(school, HEAD + AIRD.replace("10A", "10B") + BELL)
    typed(school, forename="Max", surname="Bell", born=date(2012, 4, 2), upn=upn(2))
    before = everything(school)
    with pytest.raises(Changed, match="since this file was compared"):
        carry_out(school, made)
    assert everything(school) == before
    # something of no concern does not
    made = plan(school, HEAD + AIRD.replace("10A", "10B"))
    from approgress.domain.records import LessonScore

    school.do(Title.ENTER_ENGAGEMENT, [Put(LessonScore(1, 80, 4))])
    assert carry_out(school, made).step is not None


def test_stopping_leaves_nothing(school: School) -> None:
    file = write(school.path.parent, HEAD + "".join(f"P{i},{upn(i)},Name{i},A,14/03/2012,10,10A,K,Yes,\n" for i in range(600)))  # type: ignore[union-attr]

    def stop_at(n: int) -> object:
        calls = iter(range(10**9))

        def progress(done: int, of: int) -> None:
            assert 0 <= done <= of
            if next(calls) >= n:
                raise Stopped

        return progress

    newest = school.journal.newest()
    for n in (0, 1, 3):
        with pytest.raises(Stopped):
            plan_import(school, file, progress=stop_at(n))  # type: ignore[arg-type]
    made = plan_import(school, file)
    with pytest.raises(Stopped):
        carry_out(school, made, progress=stop_at(1))  # type: ignore[arg-type]
    assert school.journal.newest() == newest and not every(school, Pupil)
    assert carry_out(school, made).step == newest + 1 and len(every(school, Pupil)) == 600


def test_a_workbooks_hidden_rows_and_sheets_are_asked_about(school: School) -> None:
    import io

    import openpyxl

    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in ["UPN Surname Forename", f"{upn(1)} Aird Zoe", f"{upn(2)} Bell Max"]:
        sheet.append(row.split())
    sheet.row_dimensions[3].hidden = True
    out = io.BytesIO()
    made.save(out)
    file = write(school.path.parent, out.getvalue(), "pupils.xlsx")  # type: ignore[union-attr]
    found = twice(school, file)
    assert (found.new, found.refused) == (1, 1) and "hidden" in found.asks[0].sentence
    assert twice(school, file, {found.asks[0].question: "read"}).new == 1
    second = made.create_sheet("Year 11")
    second.append(["UPN", "Surname", "Forename"])
    second.append([upn(3), "Cole", "Al"])
    out = io.BytesIO()
    made.save(out)
    file = write(school.path.parent, out.getvalue(), "two.xlsx")  # type: ignore[union-attr]
    blocked = plan(school, file)
    assert blocked.blocked and {c.key for c in blocked.asks[0].choices} == {"Sheet", "Year 11"}
    assert twice(school, file, {blocked.asks[0].question: "Year 11"}).new == 1


NAME = (
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèöñçÀÉ' -", min_size=1, max_size=12)
    .map(lambda s: " ".join(s.split()))
    .filter(lambda s: s.strip("'- "))
)
PUPIL = st.tuples(
    NAME,
    NAME,
    st.dates(date(2009, 1, 1), date(2016, 1, 1)),
    st.sampled_from(["", "K", "E", "N"]),
    st.sampled_from(["", "Yes", "No"]),
    st.sampled_from(["", "7", "Year 10", "R", "12+"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PUPIL, min_size=1, max_size=6), st.booleans())
def test_any_list_brought_in_twice_changes_nothing(
    tmp_path: Path, pupils: list[tuple[str, str, date, str, str, str]], with_upn: bool
) -> None:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["UPN", "Surname", "Forename", "Date of Birth", "SEN Status", "Pupil Premium", "Year Group"])
    for i, (surname, forename, born, sen, premium, year) in enumerate(pupils):
        writer.writerow([upn(i) if with_upn else "", surname, forename, f"{born:%d/%m/%Y}", sen, premium, year])
    school = new_school(tmp_path)
    try:
        twice(school, out.getvalue())
    finally:
        school.close()


def test_a_column_that_is_missing_is_asked_for(school: School) -> None:
    text = f"UPN,When,AM,PM\n{upn(1)},07/09/2026,/,\\\n"
    bring(school, HEAD + AIRD)
    made = plan(school, text, as_="marks")
    assert made.blocked and "Day" in made.asks[0].sentence and {c.key for c in made.asks[0].choices} == {"B"}
    assert twice(school, text, {made.asks[0].question: "B"}, as_="marks").new == 1
    with pytest.raises(Refusal, match="no column for"):
        plan(school, f"UPN,AM,PM\n{upn(1)},/,\\\n", as_="marks")


def test_what_was_refused_is_a_list_to_hand_back(school: School) -> None:
    made = plan(school, HEAD + AIRD.replace("14/03/2012", "31/02/2012").replace("Aird", "=Aird"))
    assert refusal_list(made).splitlines() == [
        "Row,Column,Value,Why", "2,Date of Birth,31/02/2012,\"“Date of Birth” in row 2, 31/02/2012: February has no day 31.\"",
    ]  # fmt: skip


def test_new_names_are_kept_in_composed_letters(school: School) -> None:
    twice(school, f"UPN,Surname,Forename,Date of Birth\n{upn(1)},Ai\u0301rd,Zoe\u0308,14/03/2012\n")
    (name,) = every(school, Name)
    assert (name.surname, name.forename) == ("Aírd", "Zoë")


PIECES = [
    ",",
    ";",
    '"',
    "\n",
    "\r",
    "\t",
    "'",
    "=",
    "\0",
    "\ufeff",
    "N/A",
    "40786",
    "31/02/2012",
    "1e9",
    "-5",
    "P1",
    "UPN",
    "Surname",
    "Date",
    "AM",
    "é",
    "  ",
]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES), st.integers(0, 12)), min_size=1, max_size=8),
    st.sampled_from(["pupils", "marks", "summary", "readings", None]),
)
def test_a_spoilt_file_is_refused_or_read_and_never_a_surprise(
    school: School, spoilt: list[tuple[float, str, int]], as_: str | None
) -> None:
    text = HEAD + AIRD + BELL + "P3,,Cole,Al,03/04/2012,9,9B,,,\n"
    for where, piece, cut in spoilt:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + cut :]
    try:
        made = plan(school, text, as_=as_)
    except (Refusal, Trouble):
        return
    c = made.counts
    assert c.new + c.changed + c.same + c.refused == c.rows == len(made.rows)
    assert all(r.words or r.state for r in made.rows) and made.to_json()["rows"] == c.rows


def test_a_leaver_among_the_pupils_is_not_put_on_roll(school: School) -> None:
    text = "UPN,Surname,Forename,Date of Birth,Enrolment Status,Date of Admission,Date of Leaving\n"
    text += f"{upn(1)},Aird,Zoë,14/03/2012,Leaver,03/09/2025,\n{upn(2)},Bell,Max,02/04/2012,P - Previous,03/09/2025,17/07/2026\n"
    made = twice(school, text)
    assert [r.state for r in made.rows] == ["refused", "new"] and "leaver" in made.refusals[0].sentence
    assert [(e.first_day, e.last_day) for e in every(school, Enrolment)] == [(date(2025, 9, 3), date(2026, 7, 17))]
    # one who is on roll here is kept on roll, and that is asked about
    bring(school, HEAD + AIRD)
    again = plan(school, text)
    assert again.rows[0].state == "changed" and any("but not when" in a.sentence for a in again.asks)
    bring(school, text)
    assert {(e.pupil_id, e.first_day, e.last_day) for e in every(school, Enrolment)} >= {(2, date(2025, 9, 3), None)}
