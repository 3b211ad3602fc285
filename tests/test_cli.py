"""The command line: shapes, exit codes and sentences that scripts build on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from approgress import cli

PASS = "four short plain words"
PUPILS = """Admission No,UPN,Legal Surname,Legal Forename,Preferred Name,Date of Birth,Gender,Year Group,SEN Status,Pupil Premium
AP0101,T999400126001,Testerton,Ash,Ash,14/03/2012,M,Year 10,K - SEN Support,Yes
AP0102,M999400125014,Sampleby,Bryn,Bryn,02/11/2012,F,Year 9,E - EHCP,No
"""
MARKS = """Admission No,UPN,Date,AM,PM
AP0101,T999400126001,07/09/2026,/,\\
AP0101,T999400126001,08/09/2026,L,O
AP0102,M999400125014,07/09/2026,I,I
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("APPROGRESS_PASSPHRASE", PASS)

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(a) for a in arguments])
        except SystemExit as e:
            code = int(e.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def school(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "school.approgress"
    assert run("new", path, "--name", "Trial Bridge School")[0] == 0
    return path


def file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def asked(run: Run, *arguments: object) -> Any:
    code, out, _ = run(*arguments, "--json")
    assert code in (0, 1)
    return json.loads(out)


def test_new_prints_the_recovery_code_once_and_never_overwrites(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", tmp_path / "s.approgress", "--name", "S", "--json")
    assert code == 0 and len(json.loads(out)["recovery_code"]) == 39
    before = (tmp_path / "s.approgress").read_bytes()
    code, _, err = run("new", tmp_path / "s.approgress", "--name", "S")
    assert code == 3 and "already" in err
    assert (tmp_path / "s.approgress").read_bytes() == before


def test_import_answers_in_the_promised_shape_and_the_same_file_changes_nothing(run: Run, school: Path, tmp_path: Path) -> None:
    pupils = file(tmp_path, "pupils.csv", PUPILS)
    tried = asked(run, "import", school, pupils, "--try")
    assert tried["step"] is None and tried["new"] == 2
    first = asked(run, "import", school, pupils)
    assert {"file", "as", "rows", "new", "changed", "same", "refused", "step", "asks", "refusals"} <= set(first)
    assert (first["rows"], first["new"], first["refused"]) == (2, 2, 0) and first["step"]
    again = asked(run, "import", school, pupils)
    assert (again["same"], again["new"], again["changed"], again["step"]) == (2, 0, 0, None)


def test_a_refused_row_leaves_1_and_names_row_column_value_and_rule(run: Run, school: Path, tmp_path: Path) -> None:
    wrong = file(tmp_path, "pupils.csv", PUPILS.replace("02/11/2012", "31/02/2012"))
    code, out, _ = run("import", school, wrong, "--json")
    document = json.loads(out)
    assert code == 1 and document["new"] == 1 and document["refused"] == 1
    (refusal,) = document["refusals"]
    assert refusal["row"] == 3 and refusal["column"] == "Date of Birth" and refusal["value"] == "31/02/2012" and refusal["sentence"]


def test_figures_have_the_promised_shape(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    run("import", school, file(tmp_path, "marks.csv", MARKS))
    figures = asked(run, "figures", school, "--from", "2026-09-07", "--to", "2026-09-18", "--date", "2026-09-18")
    assert figures["as_of"] == "2026-09-18" and figures["school"] == "Trial Bridge School" and figures["step"]
    ash = next(p for p in figures["pupils"] if p["number"] == "AP0101")
    a = ash["attendance"]
    assert (a["possible"], a["attended"], a["authorised"], a["unauthorised"], a["late"]) == (4, 3, 0, 1, 1)
    assert (a["attendance_percent"], a["absence_percent"], a["persistent"], a["severe"]) == (75.0, 25.0, True, False)
    assert set(a) >= {"from", "to", "unmarked"} and ash["before"] is None and ash["measures"] == []
    off = asked(run, "figures", school, "--names", "off", "--date", "2026-09-18")
    assert "Testerton" not in json.dumps(off)


def test_one_pupil_by_upn_or_number_and_nobody_by_another(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    for key in ("T999400126001", "AP0101"):
        assert [p["number"] for p in asked(run, "figures", school, "--pupil", key)["pupils"]] == ["AP0101"]
    code, _, err = run("figures", school, "--pupil", "AP9999")
    assert code == 3 and "AP9999" in err


def test_history_and_undo(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    run("import", school, file(tmp_path, "marks.csv", MARKS))
    steps = asked(run, "history", school, "--last", "1")["steps"]
    assert steps[0]["title"] == "Import marks" and {"step", "when", "who", "desk", "title", "changes"} <= set(steps[0])
    change = steps[0]["changes"][0]
    assert change["kind"] == "mark" and change["before"] is None and change["after"]["am"] in ("/", "L", "I")
    code, out, _ = run("undo", school)
    assert code == 0 and "changes taken back" in out
    assert asked(run, "figures", school, "--pupil", "AP0101")["pupils"][0]["attendance"]["possible"] == 0
    code, _, err = run("undo", school, "--step", "999")
    assert code == 3 and "no step 999" in err


def test_history_for_people_shows_days_and_fields_and_nothing_of_the_program(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    run("import", school, file(tmp_path, "marks.csv", MARKS))
    _, out, _ = run("history", school)
    assert "day 2026-09-08): nothing -> am L, pm O" in out and "born 2012-03-14" in out
    assert "datetime" not in out and "None" not in out and "{'" not in out


@pytest.mark.parametrize("arguments", [("weekly",), ("report", "--all"), ("export",), ("backup",), ("pictures",)])
def test_an_empty_place_to_write_to_is_not_the_folder_one_is_in(
    run: Run, school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    command, *more = arguments
    code, _, err = run(command, school, *more, "--out", "")
    assert code == 2 and "name a place" in err and not list(here.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ("undo", "SCHOOL", "--step", "0"),
        ("undo", "SCHOOL", "--step", str(10**30)),
        ("history", "SCHOOL", "--last", "-1"),
        ("history", "SCHOOL", "--last", "many"),
        ("demo", "SCHOOL", "--pupils", "0"),
        ("demo", "SCHOOL", "--years", str(10**12)),
    ],
)
def test_a_number_that_is_none_is_not_understood(run: Run, school: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*(school if a == "SCHOOL" else a for a in arguments))
    assert code == 2 and not out and "whole number from 1 on" in err


@pytest.mark.parametrize("command", ["figures", "report"])
def test_a_period_that_ends_before_it_begins_is_refused(run: Run, school: Path, tmp_path: Path, command: str) -> None:
    more = ("--all", "--out", tmp_path / "r") if command == "report" else ()
    code, out, err = run(command, school, "--from", "2026-11-02", "--to", "2026-11-01", *more)
    assert code == 3 and not out and "before it begins" in err and not (tmp_path / "r").exists()


def test_a_file_that_cannot_be_read_after_one_that_was_brought_in_says_what_is_in(run: Run, school: Path, tmp_path: Path) -> None:
    pupils = file(tmp_path, "pupils.csv", PUPILS)
    code, out, err = run("import", school, pupils, tmp_path / "nowhere.csv", "--json")
    first, second = json.loads(out)["files"]
    assert code == 1 and first["new"] == 2 and set(second) == {"file", "error"} and second["file"] == "nowhere.csv"
    assert "nowhere.csv" in err and f"step {first['step']} is written" in err
    code, out, err = run("import", school, pupils, tmp_path / "nowhere.csv", "--json")  # the first changes nothing now
    assert code == 3 and not out and "Nothing was changed" in err


def test_stopped_right_after_the_writing_does_not_say_that_nothing_was_changed(
    run: Run, school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from approgress.school.school import School

    done = School.do

    def stopped(self: School, *arguments: Any, **named: Any) -> Any:
        done(self, *arguments, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(School, "do", stopped)
    code, _, err = run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    assert code == 1 and "Nothing was changed" not in err and "step 2 is written" in err.lower()


def test_a_backup_is_not_restored_to_an_address_and_a_pupil_named_twice_comes_once(
    run: Run, school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    assert run("backup", school, "--out", tmp_path / "b.backup")[0] == 0
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for address in ("postgresql://localhost/x", "https://example.org/x"):
        code, _, err = run("restore", tmp_path / "b.backup", "--out", address)
        assert code == 3 and "Nothing was" in err
    assert run("restore", tmp_path / "b.backup", "--out", "")[0] == 2
    assert list((tmp_path / "here").iterdir()) == []
    assert len(asked(run, "figures", school, "--pupil", "AP0101", "--pupil", "AP0101", "--pupil", "T999400126001")["pupils"]) == 1


def test_a_fault_of_the_program_is_one_sentence_without_a_value(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from approgress import app

    def fails(_: object) -> int:
        raise KeyError("Testerton, Ash")

    monkeypatch.setitem(cli._COMMANDS, "check", fails)  # pyright: ignore[reportPrivateUsage]
    assert app.main(["check", "s.approgress"]) == 3
    out, err = capsys.readouterr()
    assert not out and "KeyError in cli.py" in err and "Testerton" not in err and err.count("\n") == 1


def test_a_name_that_the_systems_letters_cannot_write_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.guarded(lambda: len("Åberg".encode("ascii"))) == 3
    assert "C.UTF-8" in capsys.readouterr().err


def test_an_instrument_file_that_is_wrong_says_that_nothing_was_added(run: Run, school: Path, tmp_path: Path) -> None:
    code, _, err = run("instrument", school, file(tmp_path, "i.toml", "id = 5"))
    assert code == 3 and "i.toml, line 1" in err and "Nothing was added" in err
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.toml")
        code, _, err = run("instrument", school, tmp_path / "pipe.toml")
        assert code == 3 and "not an ordinary file" in err and "Nothing was added" in err


def test_a_name_cannot_steer_the_terminal(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS.replace("Testerton", "\x1b[2JTester\u202eton\x9b")))
    for command in ("figures", "history", "check"):
        _, out, err = run(command, school)
        assert not set("\x1b\x9b\u202e") & set(out + err)
    assert "Testerton" in run("figures", school)[1]


def test_check_points_out_copies_made_by_synchronising_programs(run: Run, school: Path) -> None:
    copy = school.with_name("school (Anna's conflicted copy 2026-11-20).approgress")
    copy.write_bytes(school.read_bytes())
    code, _, err = run("check", school)
    assert code == 0 and copy.name in err and "nothing was taken from it" in err
    assert asked(run, "check", school)["copies"] == [copy.name]


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_link_to_a_school_opens_it(run: Run, school: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "link.approgress").symlink_to(school)
    assert run("check", tmp_path / "desk" / "link.approgress")[0] == 0


def test_backup_restore_and_check(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    assert run("backup", school, "--out", tmp_path / "b.backup")[0] == 0
    assert run("restore", tmp_path / "b.backup", "--out", tmp_path / "back.approgress")[0] == 0
    assert run("restore", tmp_path / "b.backup", "--out", tmp_path / "back.approgress")[0] == 3
    assert asked(run, "figures", school, "--date", "2026-11-24")["pupils"] == asked(run, "figures", tmp_path / "back.approgress", "--date", "2026-11-24")["pupils"]
    assert run("check", tmp_path / "back.approgress")[0] == 0
    data = bytearray(school.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = bytes(255 - b for b in data[middle : middle + 600])
    school.write_bytes(data)
    assert run("check", school)[0] == 3


def test_check_lists_rules_that_the_data_break_and_leaves_0(run: Run, school: Path, tmp_path: Path) -> None:
    run("import", school, file(tmp_path, "pupils.csv", PUPILS))
    from datetime import date

    from approgress.domain.edits import Put, Title
    from approgress.domain.records import Enrolment, HalfTerm, Identifier, Mark, Pupil
    from approgress.school.school import School

    with School.open(school, PASS) as opened:
        first, *_ = opened.read(lambda r: r.every(Pupil))
        opened.do(Title.CHANGE_PUPIL, lambda ids: [Put(Enrolment(first.id, ids.other(), 1, "C", date(2026, 9, 7)))])
        opened.do(Title.CALENDAR, lambda ids: [Put(HalfTerm(ids.other(), 1, "Autumn", date(2026, 9, 7), date(2026, 10, 23)))])
        opened.do(Title.TAKE_REGISTER, [Put(Mark(first.id, 1, date(2026, 9, 12), 0, None))])
        opened.do(Title.ADD_PUPIL, lambda ids: [Put(Pupil(p := ids.pupil(), "ZZZ999")), Put(Identifier(p, ids.other(), "upn", "T999400126001"))])
        opened.do(Title.CHANGE_PUPIL, lambda ids: [Put(Identifier(first.id, ids.other(), "upn", "T999400126001"))])
    code, out, _ = run("check", school)
    assert code == 0 and "the same UPN" in out
    assert "2026/27: 1 mark stands on days on which the calendar says that the school is closed: 1 at weekends." in out


def test_a_wrong_passphrase_leaves_4_and_the_file_untouched(run: Run, school: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = school.read_bytes()
    monkeypatch.setenv("APPROGRESS_PASSPHRASE", "wrong")
    code, out, err = run("figures", school)
    assert code == 4 and out == "" and "Nothing was changed" in err and school.read_bytes() == before
    assert run("figures", school, "--passphrase-file", file(tmp_path, "p.txt", PASS + "\n"))[0] == 0
    monkeypatch.delenv("APPROGRESS_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", None)
    code, _, err = run("figures", school)
    assert code == 4 and "no terminal" in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["frobnicate"], 2), (["figures"], 2), (["import", "x"], 2), (["figures", "none.approgress"], 3), (["--version"], 0), (["--help"], 0), (["report", "--help"], 0)],
)
def test_exit_codes(run: Run, arguments: list[str], code: int) -> None:
    assert run(*arguments)[0] == code


def test_a_report_needs_to_know_whose(run: Run, school: Path, tmp_path: Path) -> None:
    code, _, err = run("report", school, "--out", tmp_path / "r")
    assert code == 3 and "--all" in err


def test_an_instrument_is_checked_and_added_once(run: Run, school: Path, tmp_path: Path) -> None:
    text = """
id = "lesson_settled"
edition = "2026"
name = "Settled in lessons"
strand = "engagement"
respondents = ["teacher"]
entry = "items"
interval_days = 7
[licence]
owner = "This school"
text_may_be_shown = true
[[responses]]
value = 0
label = "Not yet"
[[responses]]
value = 2
label = "Mostly"
[[items]]
number = 1
text = "Starts work within five minutes"
[[scales]]
id = "total"
name = "Total"
items = [1]
score = "sum"
range = [0, 2]
better = "higher"
kind = "interval"
"""
    path = file(tmp_path, "settled.toml", text)
    assert asked(run, "instrument", school, path)["step"]
    assert asked(run, "instrument", school, path)["step"] is None
    code, _, err = run("instrument", school, file(tmp_path, "broken.toml", text.replace('kind = "interval"', 'kind = "odd"')))
    assert code == 3 and "broken.toml" in err and "line" in err


def test_the_demonstration_school_is_made_once_and_needs_no_passphrase(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPROGRESS_PASSPHRASE", "whatever is given is ignored")
    assert run("demo", tmp_path, "--pupils", "20", "--years", "1")[0] == 0
    assert run("demo", tmp_path)[0] == 3
    document = asked(run, "figures", tmp_path / "demonstration.approgress")
    assert document["as_of"] == "2026-11-24" and len(document["pupils"]) >= 20
    assert run("export", tmp_path / "demonstration.approgress", "--out", tmp_path / "tables")[0] == 0
    assert len(list((tmp_path / "tables").glob("*.csv"))) >= 8


def test_no_qt_is_imported_by_the_command_line(tmp_path: Path) -> None:
    code = "import sys; from approgress import cli; cli.main(['new', sys.argv[1], '--name', 'S']); print([m for m in sys.modules if m.startswith('PySide6')])"
    import os

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.approgress")], capture_output=True, text=True, env=os.environ | {"APPROGRESS_PASSPHRASE": PASS}
    )
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
