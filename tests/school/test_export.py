"""Everything out and back: no formula anywhere, text letter for letter, numbers numbers, whole files or none."""

from __future__ import annotations

import csv
import errno
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal, Stopped, Trouble
from approgress.domain.records import (
    KINDS,
    ORDINARY,
    RESTRICTED,
    SAFEGUARDING,
    Contact,
    Enrolment,
    Flag,
    Goal,
    Group,
    Identifier,
    Intervention,
    KeptApart,
    LessonScore,
    Mark,
    Moment,
    Name,
    Note,
    Partner,
    Placement,
    Pupil,
    Reading,
    Strength,
)
from approgress.domain.viewer import Viewer
from approgress.interchange.tables import columns
from approgress.school.export import LIST_HEADINGS, export_all
from approgress.school.import_file import carry_out, plan_import
from approgress.school.school import School
from tests.importing import bring, every, new_school, twice, upn

RUNS = [
    "=cmd|'/c calc'!A0",
    "+44 7700 900123",
    "-Dash",
    "@home",
    "\tTab",
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")',
    "O'Neil",
    "＝1+1",
    "'Bea",
    "%x",
    "|y",
    "plain",
    "Côté",
]
NOTE = "-2.5 points since May"
LONG = "word " * 9000


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = new_school(tmp_path)
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(
        [
            "Admission No",
            "UPN",
            "Surname",
            "Forename",
            "Preferred Name",
            "Date of Birth",
            "Year Group",
            "SEN Status",
            "Reg Group",
            "Home School",
            "Date of Admission",
        ]
    )
    for i, surname in enumerate(RUNS):
        # a leading apostrophe is a guard in somebody else's file, so a name that has one of its own is written with two
        writer.writerow(
            [
                f"P{i}",
                upn(i),
                "'" + surname if surname[0] == "'" else surname,
                "Ann",
                "",
                f"0{i % 9 + 1}/05/2012",
                "10",
                "K",
                "10A",
                "High School",
                "03/09/2026",
            ]
        )
    bring(made, rows.getvalue())
    made.do(
        Title.WRITE_NOTE,
        lambda ids: [
            Put(Note(1, ids.other(), date(2026, 11, 24), "note", NOTE)),
            Put(Note(1, ids.other(), date(2026, 11, 24), "note", LONG)),
            Put(Note(2, ids.other(), date(2026, 11, 24), "note", 'two\r\nlines, "quoted"\rand = more ')),
            Put(Reading(1, ids.other(), date(2026, 11, 24), "school_scale", "1", "teacher", -2.5)),
            Put(Reading(2, ids.other(), date(2026, 11, 24), "who5", "1998", "pupil", 52.0, '{"a":1}', bytes([3, 2, 254, 255, 5]))),
            Put(Mark(1, 1, date(2026, 9, 7), 0, 1, None, 5)),
            Put(LessonScore(1, 9747 * 8 + 2, 4)),
            Put(Contact(1, ids.other(), "=Mum", phone="+44 7700 900123", address="1 Road", address_confidential=True)),
            Put(Strength(1, ids.other(), "good_at", "-- drawing", date(2026, 9, 9))),
            Put(Goal(1, ids.other(), "@school every day")),
        ],
    )
    yield made
    made.close()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def test_no_cell_of_any_file_is_a_formula(school: School, tmp_path: Path) -> None:
    out = tmp_path / "out"
    files = export_all(school, out)
    assert {f.name for f in files} == {p.name for p in out.iterdir()}
    assert {f"{k}.csv" for k in KINDS} <= {f.name for f in files}
    for path in files:
        if path.suffix == ".csv":
            with open(path, encoding="utf-8-sig", newline="") as f:
                assert path.read_bytes().startswith(b"\xef\xbb\xbf")
                for row in csv.reader(f):
                    for cell in row:
                        harmless = cell[:1] not in "=+-@\t\r" or not cell or _is_number(cell)
                        assert harmless, (path.name, cell)
    book = openpyxl.load_workbook(out / "approgress tables.xlsx")
    assert set(KINDS) < set(book.sheetnames)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(c.data_type != "f" and c.hyperlink is None for c in row)
    names = [c.value for c in book["name"]["F"]][1:]
    assert names == RUNS


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_numbers_are_numbers_marks_letters_and_days_iso(school: School, tmp_path: Path) -> None:
    export_all(school, tmp_path / "out")
    readings = table(tmp_path / "out", "reading")
    assert [r["value"] for r in readings] == ["-2.5", "52"] and readings[1]["answers"] == "3 2 d - 5"
    (mark,) = table(tmp_path / "out", "mark")
    assert (mark["am"], mark["pm"], mark["pm_late"], mark["day"], mark["setting"]) == ("/", "\\", "5", "2026-09-07", "Trial Bridge School")
    (score,) = table(tmp_path / "out", "lesson_score")
    assert (score["day"], score["lesson"]) == ("2026-09-08", "3")
    book = openpyxl.load_workbook(tmp_path / "out" / "approgress tables.xlsx")
    values = [c.value for c in book["reading"][columns_letter("reading", "value")]][1:]
    assert values == [-2.5, 52] and sum(values) == 49.5
    long = [c.value for c in book["note"][columns_letter("note", "text")]][2]
    assert isinstance(long, str) and "note.csv" in long and len(long) <= 32_767
    assert table(tmp_path / "out", "note")[1]["text"] == LONG


def columns_letter(kind: str, column: str) -> str:
    return openpyxl.utils.get_column_letter(columns(KINDS[kind]).index(column) + 1)


def test_the_pupil_list_comes_back_into_an_empty_school(school: School, tmp_path: Path) -> None:
    export_all(school, tmp_path / "out")
    other = new_school(tmp_path / "other")
    made = twice(other, tmp_path / "out" / "pupil list.csv")
    assert made.new == len(RUNS)
    assert [n.surname for n in every(other, Name)] == RUNS
    assert [p.code for p in every(other, Pupil)] == [p.code for p in every(school, Pupil)]
    assert [(e.first_day, e.last_day) for e in every(other, Enrolment)] == [(date(2026, 9, 3), None)] * len(RUNS)
    assert [g.name for g in every(other, Group)] == ["10A"] and [p.name for p in every(other, Partner)] == ["High School"]
    assert {(f.sort, f.value) for f in every(other, Flag)} == {("sen", "K")}
    # and into the school it came from: nothing new
    assert plan_import(school, tmp_path / "out" / "pupil list.csv").counts.same == len(RUNS)
    other.close()


def test_the_workbook_comes_back_as_its_pupil_list(school: School, tmp_path: Path) -> None:
    export_all(school, tmp_path / "out")
    other = new_school(tmp_path / "other")
    assert twice(other, tmp_path / "out" / "approgress tables.xlsx").new == len(RUNS)
    assert [n.surname for n in every(other, Name)] == RUNS
    other.close()


def without_ids(records: list[Any]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(r, f) for f in r.__match_args__ if f not in ("id", "group_id", "partner_id", "made_on")) for r in records]


@pytest.mark.parametrize("order", ["as exported", "backwards"])
def test_every_table_of_pupils_comes_back_letter_for_letter(school: School, tmp_path: Path, order: str) -> None:
    files = [
        f
        for f in export_all(school, tmp_path / "out")
        if f.stem in KINDS and KINDS[f.stem].of_pupil and KINDS[f.stem].name not in ("starting_point", "start_value")
    ]
    other = new_school(tmp_path / "other")
    for file in files if order == "as exported" else reversed(files):
        made = twice(other, file)
        assert made.refused == 0, made.refusals
    for kind in (Pupil, Name, Identifier, Flag, Enrolment, Note, Reading, Mark, LessonScore, Contact, Strength, Goal):
        mine, theirs = without_ids(every(school, kind)), without_ids(every(other, kind))
        if order == "backwards":
            mine, theirs = sorted(map(repr, (m[1:] for m in mine))), sorted(map(repr, (t[1:] for t in theirs)))
        assert mine == theirs, kind
    for file in files:
        assert carry_out(school, plan_import(school, file)).step is None
    other.close()


def test_a_placement_finds_its_time_on_roll(school: School, tmp_path: Path) -> None:
    stay = every(school, Enrolment)[0]
    school.do(Title.ADD_PLACEMENT, lambda ids: [Put(Placement(1, ids.other(), stay.id, "respite", "settle", date(2026, 9, 7)))])
    export_all(school, tmp_path / "out")
    other = new_school(tmp_path / "other")
    assert twice(other, tmp_path / "out" / "placement.csv").refused == 1
    twice(other, tmp_path / "out" / "enrolment.csv")
    assert twice(other, tmp_path / "out" / "placement.csv").new == 1
    assert every(other, Placement)[0].enrolment_id in {e.id for e in every(other, Enrolment)}
    other.close()


def test_tables_that_mean_nothing_alone_are_refused_in_words(school: School, tmp_path: Path) -> None:
    export_all(school, tmp_path / "out")
    for name in ("setting", "person", "start_value"):
        with pytest.raises(Refusal, match="not brought in by itself"):
            plan_import(school, tmp_path / "out" / f"{name}.csv")


def test_the_readme_says_how_text_is_guarded_and_what_is_confidential(school: School, tmp_path: Path) -> None:
    export_all(school, tmp_path / "out")
    text = (tmp_path / "out" / "README.txt").read_text("utf-8-sig")
    assert "apostrophe" in text and "address_confidential" in text
    rows = table(tmp_path / "out", "data dictionary")
    assert {r["table"] for r in rows} == set(KINDS)
    assert LIST_HEADINGS[0] == "pupil_code"


def test_stopped_or_failing_leaves_what_was_there(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    export_all(school, out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    bring(school, f"UPN,Surname,Forename,Date of Birth\n{upn(77)},New,Kid,14/03/2012\n")

    def stop(done: int, of: int) -> None:
        if done > 10:
            raise Stopped

    with pytest.raises(Stopped):
        export_all(school, out, stop)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(csv, "writer", full)
        with pytest.raises(Trouble, match="disk is full"):
            export_all(school, out)
    with monkeypatch.context() as patch:
        patch.setattr(xlsxwriter.Workbook, "close", full)
        with pytest.raises(Trouble, match="disk is full"):
            export_all(school, out)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(Trouble, match="could not be written"):
        export_all(school, tmp_path / "file" / "in")
    # and afterwards it works again
    export_all(school, out)
    assert len(table(out, "pupil")) == len(RUNS) + 1


def test_what_a_visitor_may_not_read_is_in_no_file(school: School, tmp_path: Path) -> None:
    school.do(
        Title.CHANGE_PUPIL,
        [
            Put(Flag(1, 9001, "social_work", "cp", detail="QXZ-secret", audience=SAFEGUARDING)),
            Put(Flag(1, 9002, "pupil_premium", "yes")),
            Put(KeptApart(9003, 1, 2, "QXZ-secret", RESTRICTED)),
            Put(Note(1, 9004, date(2026, 11, 24), "note", "QXZ-secret", privacy=RESTRICTED)),
            Put(Moment(1, 9005, date(2026, 11, 24), "incident", "fight", text="QXZ-secret", privacy=RESTRICTED)),
            Put(Intervention(1, 9006, date(2026, 11, 24), "restraint", what_done="QXZ-secret")),
        ],
    )
    everything, little = tmp_path / "everything", tmp_path / "little"
    export_all(school, everything)
    school.viewer = Viewer(9007, "A. Visitor", "visitor", classes=frozenset({ORDINARY}))
    export_all(school, little)
    told = [p.name for p in everything.glob("*.csv") if "QXZ-secret" in p.read_text("utf-8-sig")]
    assert sorted(told) == ["flag.csv", "intervention.csv", "kept_apart.csv", "moment.csv", "note.csv"]
    assert not [p.name for p in little.glob("*.csv") if "QXZ-secret" in p.read_text("utf-8-sig")]
    for folder, said in ((everything, "yes"), (little, "")):
        row = next(r for r in table(folder, "pupil list") if r["Pupil premium"] == "yes")
        assert row["Child protection"] == said
    book = openpyxl.load_workbook(little / "approgress tables.xlsx", read_only=True)
    assert not [s.title for s in book for row in s.iter_rows(values_only=True) if any("QXZ-secret" in str(v) for v in row)]
    book.close()
