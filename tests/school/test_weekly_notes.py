"""Weekly notes as files: one a home school, its own pupils only, no UPN, the same bytes, whole or not at all; and the command."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from approgress import cli
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal, Stopped, Trouble
from approgress.domain.records import (
    AbsenceContact,
    Enrolment,
    HomeSchool,
    Identifier,
    Mark,
    Name,
    Partner,
    Pupil,
    Timetable,
    TimetableStep,
)
from approgress.school.school import School
from approgress.school.weekly_notes import make_weekly_notes, notes_of_week
from tests.domain.a_pupil import DAY_0, TERMS, TODAY, facts

N = {c.text: c.number for c in facts().codes.codes if c.in_force(TODAY)}
DAY = date(2026, 11, 18)
WHO = {2: ("Amara", "Bell", 7), 3: ("Odd Forename", "Zanzibar", 7), 4: ("Cal", "Dyer", 8), 5: ("Dee", "Farthing", None)}


def fill(school: School) -> None:
    rows: list[object] = [*TERMS, Partner(7, "Parkfield Academy"), Partner(8, "CON: St Hild's/Great*")]
    for n, (forename, surname, partner) in WHO.items():
        rows += [Pupil(n, f"QXZ{n:03d}", date(2012, 1, n)), Name(n, 1, "legal", forename, surname), Enrolment(n, 1, 1, "S", DAY_0)]
        rows.append(Identifier(n, 2, "upn", f"P99911002520{n}"))
        if partner is not None:
            rows.append(HomeSchool(n, 1, partner))
        rows += [Mark(n, 1, date(2026, 11, d), N["/"], N["\\"] if d != 17 else N["I"]) for d in (16, 17, 18)]
    rows.append(AbsenceContact(2, 1, date(2026, 11, 17), "call", "PM", 800, "Denise Bell", False, note="said by nobody"))
    rows += [Timetable(4, 1, 1, "Settling in", date(2026, 11, 2)), TimetableStep(4, 1, 1, date(2026, 11, 2), 31, 0)]
    school.do(Title.DEMONSTRATION, [Put(r) for r in rows])


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """Two home schools, one of them with a name that no file may have, and a pupil with none."""
    made, _ = School.create(tmp_path / "hawthorn.approgress", "Hawthorn Centre", passphrase=None, demonstration_today=TODAY, person="T. Mbeki")
    fill(made)
    yield made
    made.close()


def words(file: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


def test_each_home_school_gets_its_own_pupils_and_nobody_elses(school: School, tmp_path: Path) -> None:
    made = make_weekly_notes(school, tmp_path / "out", day=DAY)
    assert [(n.school, n.pupils) for n in made.notes] == [("CON: St Hild's/Great*", 1), ("Parkfield Academy", 2)] and not made.refusals
    hild, park = map(words, made.files)
    assert "Amara Bell" in park and "Odd Forename Zanzibar" in park and "Cal" not in park and "Farthing" not in park + hild
    assert "Cal Dyer" in hild and "Bell" not in hild and "Parkfield" not in hild
    assert "P9991" not in park + hild, "no UPN"
    assert "2 pupils of Parkfield Academy: 10 of 12 possible sessions attended (83.3%) this week." in park
    assert "Illness (not an appointment) (I): Tue PM." in park and "We called, no answer (Tue)." in park
    assert "Denise" not in park and "said by nobody" not in park
    assert "Part-time timetable: 3 of 3 agreed sessions attended (100%), not the DfE measure." in hild
    assert "data of 24 Nov 2026, journal step" in park and "Confidential" in park and "invented pupils" in park


def test_names_of_files_are_safe_and_hold_no_pupil(school: School, tmp_path: Path) -> None:
    made = make_weekly_notes(school, tmp_path / "out", day=DAY)
    assert [f.name for f in made.files] == ["CON St Hild's Great weekly attendance 2026-11-16.pdf", "Parkfield Academy weekly attendance 2026-11-16.pdf"]


def test_the_same_data_and_day_give_the_same_bytes(school: School, tmp_path: Path) -> None:
    one = make_weekly_notes(school, tmp_path / "one", day=DAY)
    other = make_weekly_notes(school, tmp_path / "other", day=DAY)
    assert [f.read_bytes() for f in one.files] == [f.read_bytes() for f in other.files]
    school.do(Title.TAKE_REGISTER, [Put(Mark(2, 1, date(2026, 11, 19), N["O"], N["O"]))])
    later = make_weekly_notes(school, tmp_path / "later", day=DAY)
    assert later.files[1].read_bytes() != one.files[1].read_bytes()


def test_with_names_off_no_name_is_anywhere_in_the_file(school: School, tmp_path: Path) -> None:
    made = make_weekly_notes(school, tmp_path / "out", day=DAY, names=False)
    for file in made.files:
        reader = PdfReader(BytesIO(file.read_bytes()))
        said = words(file) + str(reader.metadata) + file.name
        assert "QXZ00" in said
        assert not any(part in said for forename, surname, _ in WHO.values() for part in (forename, surname))


def test_a_setting_that_keeps_no_register_sees_no_percentage(school: School, tmp_path: Path) -> None:
    school.do(Title.CHANGE_SETTING, [Put(replace(school.setting, sort="non_school"), school.setting)])
    said = words(make_weekly_notes(school, tmp_path / "out", day=DAY).files[1])
    assert "%" not in said and "10 of 12 sessions attended this week." in said and "DfE" not in said and "Department" not in said


def test_only_the_chosen_school_and_a_sentence_for_one_that_is_not_there(school: School, tmp_path: Path) -> None:
    made = make_weekly_notes(school, tmp_path / "out", day=DAY, schools=["parkfield"])
    assert [n.school for n in made.notes] == ["Parkfield Academy"]
    with pytest.raises(Refusal, match="No home school called 'Nowhere'"):
        make_weekly_notes(school, tmp_path / "out", day=DAY, schools=["Nowhere"])
    with pytest.raises(Refusal, match="no note to make"):
        make_weekly_notes(school, tmp_path / "out", day=date(2026, 5, 1), as_of=date(2026, 5, 1))


def test_stopped_in_between_leaves_whole_notes(school: School, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 1:
            raise Stopped

    made = make_weekly_notes(school, tmp_path / "out", day=DAY, progress=stop)
    assert made.stopped and len(made.files) == 1 and words(made.files[0])
    assert made.refusals == ("Stopped: 1 of 2 notes were made, and each of them is whole.",)
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_note_open_in_a_viewer_stays_and_the_others_are_made(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    make_weekly_notes(school, out, day=DAY)
    real = os.replace

    def locked(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        if Path(target).name.startswith("Parkfield Academy weekly attendance 2026-11-16.pdf"):
            raise PermissionError(13, "open")
        real(source, target)

    monkeypatch.setattr(os, "replace", locked)
    made = make_weekly_notes(school, out, day=DAY)
    assert len(made.files) == 1 and len(made.locked) == 1 and "open in another program" in made.refusals[0]
    beside = make_weekly_notes(school, out, day=DAY, free_names=True)
    assert beside.files[1].name == "Parkfield Academy weekly attendance 2026-11-16 (2).pdf" and not beside.refusals


def test_a_folder_that_is_a_file_is_refused_before_anything_is_made(school: School, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Trouble, match="is a file"):
        make_weekly_notes(school, tmp_path / "file", day=DAY)


def test_what_was_given_out_is_in_the_access_log(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int | None]] = []
    monkeypatch.setattr(school, "looked", lambda what, pupil=None: seen.append((what, pupil)))
    make_weekly_notes(school, tmp_path / "out", day=DAY)
    assert sorted(seen) == [("weekly note", 2), ("weekly note", 3), ("weekly note", 4)]


def test_the_notes_of_a_day_are_those_of_its_week(school: School) -> None:
    assert {n.monday for n in notes_of_week(school, DAY)} == {date(2026, 11, 16)}
    assert {n.monday for n in notes_of_week(school, date(2026, 10, 30))} == {date(2026, 10, 19)}


def test_the_command(school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = school.path
    school.close()
    out = tmp_path / "notes"
    assert cli.main(["weekly", str(path), "--date", "2026-11-20", "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["week"] == {"from": "2026-11-16", "to": "2026-11-20"} and answer["refusals"] == []
    assert [(n["school"], n["pupils"]) for n in answer["notes"]] == [("CON: St Hild's/Great*", 1), ("Parkfield Academy", 2)]
    assert all(Path(n["file"]).read_bytes().startswith(b"%PDF") for n in answer["notes"])
    assert cli.main(["weekly", str(path), "--school", "Parkfield Academy", "--names", "off", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "1 note is in" in said and "2026-11-23" in said
    assert cli.main(["weekly", str(path), "--school", "Nowhere", "--out", str(out)]) == 3
    assert "No home school called 'Nowhere'" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        cli.main(["weekly", str(path)])
    assert stopped.value.code == 2
