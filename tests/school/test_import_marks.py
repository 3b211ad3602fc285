"""Marks brought in: counted as worked by hand, compared day by day, kept small, stopped or killed without a trace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approgress.domain.acts.register import take_mark
from approgress.domain.attendance import spans_of, stated_tally, tally
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Changed, Stopped
from approgress.domain.records import Enrolment, Identifier, Mark, Pupil, StatedAttendance
from approgress.school.import_file import carry_out, plan_import
from approgress.school.register_history import of_day
from approgress.school.school import School, check
from approgress.store import seals
from tests.importing import amended, bring, every, new_school, plan, said, twice, upn, write

DATA = Path(__file__).parents[1] / "data"
PUPILS = (
    "Admission No,UPN,Surname,Forename,Date of Birth,Date of Admission\n"
    f"P1,{upn(1)},Aird,Zoë,14/03/2012,03/09/2026\nP2,{upn(2)},Bell,Max,02/04/2012,03/09/2026\n"
)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path)
    yield made
    made.close()


def letters(school: School) -> dict[tuple[int, date], tuple[str, str]]:
    return {(m.pupil_id, m.day): (school.codes.text(m.am), school.codes.text(m.pm)) for m in every(school, Mark)}


# --- the samples, worked by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("sims", "arbor"), ("arbor", "sims")])
def test_the_samples_give_the_counts_worked_by_hand(school: School, order: tuple[str, str]) -> None:
    for kind in order:
        assert twice(school, DATA / f"{kind}-style-pupils-invented.csv").refused == 0
    assert len(every(school, Pupil)) == 6
    marks = twice(school, DATA / "mis-session-marks-invented.csv")
    assert (marks.counts.rows, marks.new, marks.refused) == (30, 30, 0)
    numbers = {i.pupil_id: i.value for i in every(school, Identifier) if i.system == "number"}
    by_pupil: dict[str, list[Mark]] = {}
    for m in every(school, Mark):
        by_pupil.setdefault(numbers[m.pupil_id], []).append(m)
    got = {n: tally(m, school.codes, first=date(2026, 9, 7), last=date(2026, 9, 18)) for n, m in by_pupil.items()}
    figures = {
        n: (t.possible, t.attended, t.authorised, t.unauthorised, t.late, t.attendance_percent, t.absence_percent, t.persistent, t.severe)
        for n, t in got.items()
    }
    assert figures == {
        "AP0101": (12, 10, 2, 0, 1, 83.3, 16.7, True, False),
        "AP0102": (20, 15, 5, 0, 0, 75.0, 25.0, True, False),
        "AP0103": (18, 8, 6, 4, 1, 44.4, 55.6, True, True),
    }
    assert (2, 12) in {(m.am, m.am_late) for m in every(school, Mark)}  # L, twelve minutes
    summary = twice(school, DATA / "mis-attendance-summary-invented.csv")
    assert summary.new == 6
    stated = [stated_tally(s) for s in every(school, StatedAttendance)]
    # attended is present and approved activity: 40 + 5, 80 + 6, 48 + 2, 40 + 0, 90 + 0, 47 + 0
    assert [(t.attended, t.possible, t.attendance_percent, t.late) for t in stated] == [
        (45, 90, 50.0, 10), (86, 96, 89.6, 4), (50, 100, 50.0, 17), (40, 44, 90.9, 0), (90, 96, 93.8, 4), (47, 94, 50.0, 1),
    ]  # fmt: skip
    assert {(s.first_day, s.last_day) for s in every(school, StatedAttendance)} == {(date(2026, 9, 1), date(2026, 11, 6))}
    ctf = twice(school, DATA / "ctf-invented.xml")
    assert (ctf.changed, ctf.new) == (3, 0)
    from_file = [s for s in every(school, StatedAttendance) if s.source == "ctf"]
    assert [(s.attended, s.possible, s.school) for s in from_file] == [(28, 40, "Sample High School")] * 3
    # what was stated is never added to the marks
    assert [tally(m, school.codes).possible for m in by_pupil.values()] == [12, 20, 18]
    while school.journal.can_undo()[0] not in (None, Title.SET_UP):
        school.undo()
    assert not every(school, Pupil) and not every(school, Mark) and not every(school, StatedAttendance)


# --- shapes --------------------------------------------------------------------------------------------------------------


def test_one_session_a_row(school: School) -> None:
    bring(school, PUPILS)
    text = f"UPN,Date,Session,Mark,Minutes Late\n{upn(1)},07/09/2026,AM,L,9\n{upn(1)},07/09/2026,pm,\\,\n{upn(1)},08/09/2026,Morning,,\n{upn(1)},09/09/2026,X,/,\n"
    made = twice(school, text)
    assert [r.state for r in made.rows] == ["new", "new", "same", "refused"]
    (mark,) = every(school, Mark)
    assert (mark.am, mark.pm, mark.am_late) == (2, 1, 9)


@pytest.mark.parametrize(
    "headings", ["07/09/2026 AM,07/09/2026 PM,08/09/2026 AM,08/09/2026 PM", "Mon 07/09/2026,Mon 07/09/2026,8 Sep 2026,8 Sep 2026"]
)
def test_a_register_with_a_column_for_each_session(school: School, headings: str) -> None:
    bring(school, PUPILS)
    made = twice(school, f'UPN,Name,{headings}\n{upn(1)},Aird Zoë,/,\\,L,\\\n{upn(2)},"Bell, Max",I,I,,A\n')
    assert [r.state for r in made.rows] == ["new", "new"]
    assert [c.meaning for c in made.columns][2] == "marks:2026-09-07"
    assert letters(school) == {
        (1, date(2026, 9, 7)): ("/", "\\"), (1, date(2026, 9, 8)): ("L", "\\"), (2, date(2026, 9, 7)): ("I", "I"),
    }  # fmt: skip
    assert [(r.row, r.value) for r in made.refusals] == [(3, "A")]


def test_pupils_are_found_by_number_name_or_upn_in_one_file(school: School) -> None:
    bring(school, PUPILS)
    made = twice(
        school,
        f"Admission No,UPN,Surname,Forename,Date of Birth,Date,AM,PM\nP1,,,,,07/09/2026,/,\n,{upn(1)},,,,07/09/2026,,\\\n,,Bell,Max,02/04/2012,07/09/2026,/,\\\n",
    )
    assert [r.matched_by for r in made.rows] == ["number", "UPN", "name and birth date"]
    assert letters(school) == {(1, date(2026, 9, 7)): ("/", "\\"), (2, date(2026, 9, 7)): ("/", "\\")}


def test_unknown_pupils_are_refused_once_with_how_many_rows(school: School) -> None:
    bring(school, PUPILS)
    made = twice(
        school, "UPN,Date,AM,PM\n" + "".join(f"{upn(9)},{d:02d}/09/2026,/,\\\n" for d in range(7, 12)) + f"{upn(1)},07/09/2026,/,\\\n"
    )
    assert (made.new, made.refused, len(made.refusals)) == (1, 5, 1)
    assert upn(9) in made.refusals[0].sentence and "5 rows" in made.refusals[0].sentence


def test_what_is_odd_is_told_and_not_refused(tmp_path: Path) -> None:
    school = new_school(tmp_path, calendar=True)
    bring(school, PUPILS)
    made = twice(
        school,
        f"UPN,Date,AM,PM\n{upn(1)},09/10/2026,/,\\\n{upn(1)},28/10/2026,/,\\\n{upn(1)},27/10/2026,#,#\n{upn(1)},10/12/2026,M,M\n{upn(1)},14/09/2026,X,Z\n",
    )
    assert (made.new, made.refused) == (4, 1), "a day that has not come waits for an answer"
    text = said(made)
    assert "2 rows (first in row 2, Fri 9 Oct 2026) have marks of a day that is no school day" in text
    (ahead,) = [a for a in made.asks if "not come yet" in a.sentence]
    assert "1 row (first in row 5, Thu 10 Dec 2026)" in ahead.sentence and ahead.holds and (1, date(2026, 12, 10)) not in letters(school)
    assert "X, which is not for a pupil of compulsory school age" in text and "Z, which is for a pupil not yet on roll" in text
    school.close()


def test_marks_of_a_sunday_or_outside_any_calendar_are_asked_about(tmp_path: Path) -> None:
    school = new_school(tmp_path, calendar=True)
    bring(school, PUPILS.replace("03/09/2026", "01/09/2023"))
    text = f"UPN,Date,AM,PM\n{upn(1)},13/09/2026,/,\\\n{upn(1)},14/09/2026,/,\\\n{upn(1)},12/09/2026,#,\n{upn(1)},07/09/2023,/,\\\n{upn(2)},13/09/2026,I,\n"
    made = twice(school, text)
    sunday, unknown = sorted(made.asks, key=lambda a: a.sentence, reverse=True)
    assert "2 rows (first in row 2, Sun 13 Sep 2026) have marks of a Saturday or Sunday" in sunday.sentence and sunday.holds
    assert "1 row (first in row 5, Thu 7 Sep 2023)" in unknown.sentence and "no terms" in unknown.sentence and not unknown.holds
    # a closed sign on a Saturday is asked of nobody; the Sunday is held, the old day is in
    assert [r.state for r in made.rows] == ["refused", "new", "new", "new", "refused"] and "Sun 13 Sep 2026" in made.rows[0].words
    assert sorted(d for _, d in letters(school)) == [date(2023, 9, 7), date(2026, 9, 12), date(2026, 9, 14)]
    made = twice(school, text, {sunday.question: "in"})
    assert [r.state for r in made.rows] == ["new", "same", "same", "same", "new"]
    assert letters(school)[2, date(2026, 9, 13)] == ("I", "")
    school.undo()
    made = plan(school, text, answers={sunday.question: "out"})
    assert [r.state for r in made.rows] == ["refused", "same", "same", "same", "refused"] and "as you answered" in made.rows[0].words
    school.close()


def test_a_bad_mark_in_a_row_that_is_otherwise_the_same_is_counted(school: School) -> None:
    bring(school, PUPILS)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,/,\\\n{upn(1)},08/09/2026,/,\\\n")
    made = twice(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,A,\\\n{upn(1)},08/09/2026,/,\\\n")
    assert [r.state for r in made.rows] == ["refused", "same"] and "“A”" in made.rows[0].words
    # also where the same session stands in two rows, and their other session is the same
    made = twice(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,I,\\\n{upn(1)},07/09/2026,M,\\\n")
    assert [r.state for r in made.rows] == ["refused", "refused"]
    assert letters(school) == {(1, date(2026, 9, 7)): ("/", "\\"), (1, date(2026, 9, 8)): ("/", "\\")}


# --- amendments ----------------------------------------------------------------------------------------------------------


def test_an_amended_mark_waits_for_its_reason_and_the_history_keeps_it(school: School) -> None:
    bring(school, PUPILS)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,L,N\n{upn(2)},07/09/2026,/,\\\n")
    text = f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,M,O\n{upn(2)},07/09/2026,O,\n"
    made = plan(school, text)
    (ask,) = made.asks
    assert ask.holds and ask.free and "2 marks would be amended" in ask.sentence and "7 Sep 2026 AM, L to M" in ask.sentence
    assert made.rows[0].asks and made.rows[1].asks and "AM L kept" in made.rows[0].words and "PM N → O" in made.rows[0].words
    carry_out(school, made)  # nobody answered: N to a code needs no reason, the rest stands
    assert letters(school) == {(1, date(2026, 9, 7)): ("L", "O"), (2, date(2026, 9, 7)): ("/", "\\")}
    ask = plan(school, text).asks[0]
    keep = plan(school, text, answers={ask.question: "keep"})
    assert (keep.new, keep.changed) == (0, 0)
    made = twice(school, text, {ask.question: "letter from the hospital"})
    assert made.changed == 2
    assert letters(school) == {(1, date(2026, 9, 7)): ("M", "O"), (2, date(2026, 9, 7)): ("O", "\\")}
    (first, amendment) = of_day(school, 1, date(2026, 9, 7), "AM")
    assert (first.new, amendment.old, amendment.new, amendment.reason, amendment.how) == (
        "L",
        "L",
        "M",
        "letter from the hospital",
        "from a file",
    )
    assert amendment.sort == "amendment"
    school.undo()
    assert letters(school)[1, date(2026, 9, 7)] == ("L", "O")
    assert [m.how for m in of_day(school, 1, date(2026, 9, 7), "AM")][-1] == "taken back (undo)"


def test_a_mark_of_today_before_the_register_closes_is_corrected_without_a_reason(tmp_path: Path) -> None:
    school = new_school(tmp_path)
    bring(school, PUPILS)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},24/11/2026,N,\n{upn(2)},24/11/2026,/,\n")
    made = twice(school, f"UPN,Date,AM,PM\n{upn(2)},24/11/2026,I,\n")
    assert made.changed == 1 and not made.asks
    school.close()


def test_a_mark_amended_by_hand_beats_the_file_too(school: School) -> None:
    bring(school, PUPILS)
    day = date(2026, 9, 7)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,/,\\\n")
    (held,) = every(school, Mark)
    school.do(Title.AMEND_MARK, take_mark(held, 1, 1, day, "AM", "I", school.codes, why="told later", closed=True))
    made = plan(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,O,\\\n")
    assert [a.kept for a in made.asks] == ["I"] and "typed here" in made.asks[0].sentence


def test_codes_of_their_day(school: School) -> None:
    bring(school, PUPILS.replace("03/09/2026", "01/09/2023"))
    made = twice(school, f"UPN,Date,AM,PM\n{upn(1)},03/06/2024,H,Y\n{upn(1)},07/09/2026,H,J1\n")
    assert letters(school)[1, date(2024, 6, 3)] == ("H", "Y")
    assert letters(school)[1, date(2026, 9, 7)] == ("H", "J1")
    assert "has not been a code since" in said(made)


# --- compared with what is there -----------------------------------------------------------------------------------------


def test_a_blank_erases_nothing_and_a_further_mark_is_added(school: School) -> None:
    bring(school, PUPILS)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,/,\n")
    made = twice(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,,\\\n{upn(1)},08/09/2026,,\n")
    assert [r.state for r in made.rows] == ["new", "same"]
    assert letters(school) == {(1, date(2026, 9, 7)): ("/", "\\")}


def test_a_mark_typed_into_the_register_beats_the_file(school: School) -> None:
    bring(school, PUPILS)
    day = date(2026, 9, 7)
    bring(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,N,N\n")
    (held,) = every(school, Mark)
    school.do(Title.TAKE_REGISTER, take_mark(held, 1, 1, day, "AM", "M", school.codes, why="told by the mother"))
    text = f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,O,O\n"
    made = twice(school, text)
    assert letters(school) == {(1, day): ("M", "O")}  # the afternoon was a file's, and is changed
    (ask,) = made.asks
    assert (ask.row, ask.value, ask.kept) == (2, "O", "M")
    twice(school, text, {ask.question: "file"})
    assert letters(school) == {(1, day): ("O", "O")}


def test_marks_changed_since_the_preview_stop_the_import(school: School) -> None:
    bring(school, PUPILS)
    made = plan(school, f"UPN,Date,AM,PM\n{upn(1)},07/09/2026,/,\\\n{upn(2)},07/09/2026,/,\\\n")
    school.do(Title.TAKE_REGISTER, take_mark(None, 2, 1, date(2026, 9, 7), "AM", "I", school.codes))
    with pytest.raises(Changed):
        carry_out(school, made)
    assert letters(school) == {(2, date(2026, 9, 7)): ("I", "")}


def test_a_thousand_rows_are_one_step_and_one_undo(school: School) -> None:
    bring(school, PUPILS)
    days = [date(2026, 9, 3) + timedelta(n) for n in range(80)]
    made = twice(school, "UPN,Date,AM,PM\n" + "".join(f"{upn(p)},{d:%d/%m/%Y},/,\\\n" for d in days for p in (1, 2)))
    assert made.new == 160 and school.history(last=1)[0].title == Title.IMPORT_MARKS
    school.undo()
    assert not every(school, Mark)


MARKS = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(0, 20),
        st.sampled_from(["/", "\\", "L", "I", "N", "C2", "", "-", "A"]),
        st.sampled_from(["/", "\\", "O", "", "D", "Present"]),
    ),
    max_size=30,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MARKS)
def test_any_marks_brought_in_twice_change_nothing(school: School, rows: list[tuple[int, int, str, str]]) -> None:
    if not every(school, Pupil):
        bring(school, PUPILS)
    before = letters(school)
    text = "UPN,Date,AM,PM\n" + "".join(f"{upn(p)},{date(2026, 9, 3) + timedelta(d):%d/%m/%Y},{am},{pm}\n" for p, d, am, pm in rows)
    amended(school, text)
    after = letters(school)
    said_of: dict[tuple[int, date, int], set[str]] = {}
    for p, d, am, pm in rows:
        for session, (name, typed) in enumerate((("AM", am), ("PM", pm))):
            code = school.codes.read(typed, name, date(2026, 9, 3))
            number = getattr(getattr(code, "code", None), "text", None)
            if number:
                said_of.setdefault((p, date(2026, 9, 3) + timedelta(d), session), set()).add(number)
    for (p, day, session), codes in said_of.items():
        expected = codes.pop() if len(codes) == 1 else before.get((p, day), ("", ""))[session]
        assert after.get((p, day), ("", ""))[session] == expected


# --- stopped, killed, large ----------------------------------------------------------------------------------------------


def many(folder: Path, pupils: int, days: int) -> tuple[Path, Path]:
    """A list of pupils and a file with their marks of so many days."""
    dates = [date(2025, 9, 1) + timedelta(n) for n in range(days)]
    chance = random.Random(5)
    text = "Admission No,UPN,Surname,Forename,Date of Birth\n" + "".join(f"B{i},{upn(i)},Big{i},Pupil,14/03/2012\n" for i in range(pupils))
    marks = "UPN,Date,AM,PM\n" + "".join(
        f"{upn(i)},{d:%d/%m/%Y},{chance.choice('/LIN')},{chance.choice('ION')}\n" for i in range(pupils) for d in dates
    )
    return write(folder, text, "pupils.csv"), write(folder, marks, "marks.csv")


def test_stopping_within_marks_leaves_nothing(school: School) -> None:
    pupils, marks = many(school.path.parent, 30, 200)  # type: ignore[union-attr]
    bring(school, pupils)
    newest = school.journal.newest()
    made = plan_import(school, marks)
    seen: list[int] = []

    def stop(done: int, of: int) -> None:
        seen.append(done)
        if done > 3000:
            raise Stopped

    with pytest.raises(Stopped):
        carry_out(school, made, progress=stop)
    with pytest.raises(Stopped):
        plan_import(school, marks, progress=stop)
    assert seen == sorted(seen[: seen.index(max(seen)) + 1]) + seen[seen.index(max(seen)) + 1 :]
    assert school.journal.newest() == newest and not every(school, Mark)
    assert carry_out(school, made).step == newest + 1 and len(every(school, Mark)) == 6000
    assert plan_import(school, marks).counts.same == 6000


_IMPORT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from approgress.school.import_file import carry_out, plan_import
    from approgress.school.school import School

    with School.open(sys.argv[1]) as school:
        plan = plan_import(school, Path(sys.argv[2]))
        print("ready", flush=True)
        print(carry_out(school, plan).step, flush=True)
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_while_importing_nothing_of_the_file_is_there(tmp_path: Path) -> None:
    pupils, marks = many(tmp_path, 15, 200)
    base = new_school(tmp_path)
    bring(base, pupils)
    address = base.path
    assert address is not None
    newest = base.journal.newest()
    base.close()
    chance = random.Random(7)
    whole = killed = 0
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", _IMPORT, str(address), str(marks)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        said_step = process.communicate()[0].strip()
        with School.open(address) as school:
            n = len(every(school, Mark))
            assert n in (0, 3000), "half an import is there"
            assert school.journal.newest() in ((newest,) if n == 0 else (newest + 1,))
            assert not said_step or n == 3000, "an import that was acknowledged is gone"
            assert check(school) == [] and not seals.check_seals(school.database).faults
            if n:
                whole += 1
                school.undo()
                newest = school.journal.newest()
            else:
                killed += 1
    with School.open(address) as school:
        assert carry_out(school, plan_import(school, marks)).step is not None and len(every(school, Mark)) == 3000
    assert killed + whole == 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is measured as Linux counts it")
def test_marks_are_held_small(tmp_path: Path) -> None:
    """45,000 rows take less than 45 MB beyond what the program takes without them: 570,000 then stay under 600 MB in all."""
    pupils, marks = many(tmp_path, 150, 300)
    base = new_school(tmp_path)
    bring(base, pupils)
    address = base.path
    base.close()
    program = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from approgress.school.import_file import carry_out, plan_import
        from approgress.school.school import School

        with School.open(sys.argv[1]) as school:
            carry_out(school, plan_import(school, Path(sys.argv[2])))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            plan = plan_import(school, Path(sys.argv[3]))
            assert plan.new == 45_000, plan.said
            carry_out(school, plan)
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        """
    )
    run = subprocess.run([sys.executable, "-c", program, str(address), str(pupils), str(marks)], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 45_000, f"{run.stdout} KB"


def test_the_same_on_a_database_server(postgres_url: object) -> None:
    address = postgres_url()  # type: ignore[operator]
    school, _ = School.create(address, "Trial Bridge School", passphrase=None, demonstration_today=date(2026, 11, 24))
    folder = Path(os.environ["APPROGRESS_DATA_DIR"])
    pupils, marks = many(folder, 4, 60)
    assert twice(school, pupils).new == 4
    assert twice(school, marks).new == 240
    later = write(folder, marks.read_text().replace(",L,", ",M,"))
    (ask,) = [a for a in plan_import(school, later).asks if a.question.startswith("amended:")]
    made = plan_import(school, later, answers={ask.question: "put right by the office"})
    school.do(Title.TAKE_REGISTER, [Put(Mark(1, 1, date(2024, 1, 8), 0, 1))])
    assert carry_out(school, made).step is not None
    made = plan_import(school, write(folder, "UPN,Surname,Forename,Date of Birth\n" + f"{upn(99)},New,Kid,14/03/2012\n"))
    school.do(Title.ADD_PUPIL, lambda ids: [Put(Pupil(ids.pupil(), "QXZ999"))])
    with pytest.raises(Changed):
        carry_out(school, made)
    assert spans_of(every(school, Enrolment)) == ((None, None),) * 4
    school.undo()
    school.close()


# --- columns that contradict one another, and minutes that belong to no late mark --------------------------------------------


def test_two_columns_for_one_session_are_neither_brought_in_and_a_blank_takes_nothing_out(school: School) -> None:
    bring(school, PUPILS)
    made = plan(school, f"UPN,09/11/2026 AM,09/11/2026 AM,09/11/2026 PM\n{upn(1)},/,I,\\\n{upn(2)},M,-,\\\n")
    carry_out(school, made)
    (refusal,) = made.refusals
    assert refusal.rule == "two marks for one session" and "9 Nov 2026 AM" in refusal.sentence
    found = letters(school)
    ids = {i.value: i.pupil_id for i in every(school, Identifier) if i.system == "number"}
    assert found[ids["P1"], date(2026, 11, 9)] == ("", "\\")
    assert found[ids["P2"], date(2026, 11, 9)] == ("M", "\\")


def test_minutes_late_stand_with_late_marks_only(school: School) -> None:
    bring(school, PUPILS)
    rows = "".join(
        f"{upn(1)},{9 + i:02d}/11/2026,{code},\\,{minutes}\n"
        for i, (code, minutes) in enumerate((("/", 12), ("L", 12), ("I", 30), ("/", 0)))
    )
    made = plan(school, f"UPN,Date,AM,PM,AM minutes late\n{rows}")
    carry_out(school, made)
    assert [(r.row, r.rule) for r in made.refusals] == [(2, "minutes"), (4, "minutes")]
    assert "here stands /" in made.refusals[0].sentence
    assert {m.day.day: (school.codes.text(m.am), m.am_late) for m in every(school, Mark)} == {
        9: ("/", None),
        10: ("L", 12),
        11: ("I", None),
        12: ("/", None),
    }
