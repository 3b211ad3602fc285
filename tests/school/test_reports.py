from __future__ import annotations

import dataclasses
import errno
import os
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal, Stopped, Trouble
from approgress.domain.records import Identifier, Name, Note, Person, Pupil
from approgress.school.report_files import safe_part
from approgress.school.reports import make_reports, preview, report_bytes
from approgress.school.school import School
from tests.domain.a_pupil import TERMS, TODAY, amara, facts

NAME = "Amara Bell progress report 2026-11-24.pdf"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """A school with Amara Bell (1), a pupil added today (2), and one of Amara's name (3)."""
    folder = tmp_path / "school"
    folder.mkdir()
    made, _ = School.create(folder / "hawthorn.approgress", "Hawthorn Centre", passphrase=None, demonstration_today=TODAY)
    with made:
        f, pupil = facts(), amara()
        records: list[object] = [*TERMS, *f.partners.values(), *f.groups.values(), Person(3, "T. Mbeki"), pupil.pupil]
        records += [r for field in dataclasses.fields(pupil) if field.name != "pupil" for r in getattr(pupil, field.name)]
        records += [Pupil(2, "QRX118", date(2012, 1, 5)), Name(2, 1, "legal", "Ola", "New")]
        made.do(Title.SET_UP, [Put(r) for r in records])
        yield made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "reports"


def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def looks(school: School) -> list[tuple[object, ...]]:
    with school.database.read() as c:
        return [tuple(row) for row in c.exec_driver_sql("SELECT what, pupil_id FROM looked ORDER BY id")]


def left_over(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".pdf")


def test_a_report_a_pupil_whole_logged_and_the_same_again(school: School, out: Path) -> None:
    steps = school.journal.newest()
    told: list[tuple[int, int | None]] = []
    made = make_reports(school, [1, 2], out, progress=lambda done, total: told.append((done, total)))
    assert [p.name for p in made.files] == [NAME, "Ola New progress report 2026-11-24.pdf"]
    assert made.refusals == () and not made.stopped and not left_over(out)
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert "128 of 162" in text(made.files[0])
    assert "no possible sessions" in text(made.files[1])
    assert f"journal step {steps:,}" in text(made.files[0]) and "demonstration: invented pupils" in text(made.files[0])
    assert looks(school) == [("report pupil-progress", 1), ("report pupil-progress", 2)]
    assert school.journal.newest() == steps  # looking is no change
    before = made.files[0].read_bytes()
    assert make_reports(school, [1], out).files[0].read_bytes() == before == report_bytes(school, 1)


def test_dates_cut_the_data_off(school: School, out: Path) -> None:
    made = make_reports(school, [1], out, first=date(2026, 9, 1), last=date(2026, 10, 23))
    assert made.files[0].name == "Amara Bell progress report 2026-10-23.pdf"
    told = text(made.files[0])
    assert "54 of 68" in told and "26 of 34" not in told and "data of 23 Oct 2026" in told
    with pytest.raises(Refusal, match="after"):
        make_reports(school, [1], out, first=date(2026, 11, 1), last=date(2026, 10, 1))


def test_names_off_leaves_no_name_in_file_name_text_or_metadata(school: School, out: Path) -> None:
    school.do(Title.SET_UP, [Put(Note(1, 900, TODAY, "note", "Amara’s mum said Amara Bell draws", audience="schools"))])
    (file,) = make_reports(school, [1], out, names=False).files
    assert file.name == "KTB412 progress report 2026-11-24.pdf"
    whole = text(file) + str(PdfReader(file).metadata) + file.name
    assert "KTB412’s mum said KTB412 KTB412 draws" in whole
    assert not any(name in whole for name in ("Amara", "Bell", "A.B."))


def test_pupils_of_one_name_get_files_of_their_own(school: School, out: Path) -> None:
    school.do(
        Title.SET_UP,
        [
            Put(Pupil(3, "ZZK331")),
            Put(Name(3, 1, "legal", "amara", "BELL")),
            Put(Pupil(4, "ZZK332")),
            Put(Name(4, 1, "legal", "Amy", "Bell")),
            Put(Name(4, 2, "preferred", "Amara", None)),
            Put(Identifier(4, 3, "number", "AP/07")),
        ],
    )
    names = [p.name for p in make_reports(school, [1, 3, 4], out).files]
    assert len({n.casefold() for n in names}) == 3
    assert names[0] == "Amara Bell AP0101 progress report 2026-11-24.pdf"
    assert names[2] == "Amara Bell AP 07 progress report 2026-11-24.pdf"
    # one at a time they do not overwrite each other either
    assert [make_reports(school, [i], out).files[0].name for i in (1, 3, 4)] == names


def test_one_file_for_all(school: School, out: Path) -> None:
    (file,) = make_reports(school, [1, 2], out, one_file=True).files
    assert file.name == "Progress reports of 2 pupils 2026-11-24.pdf"
    assert [e["/Title"] for e in PdfReader(file).outline if not isinstance(e, list)] == ["Amara Bell", "Ola New"]
    assert {pupil for _, pupil in looks(school)} == {1, 2}


def test_an_open_or_read_only_file_is_left_as_it_is_and_the_others_go_on(
    school: School, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir()
    old = out / NAME
    old.write_bytes(b"old")
    old.chmod(0o444)
    made = make_reports(school, [1, 2], out)
    assert [p.name for p in made.files] == ["Ola New progress report 2026-11-24.pdf"] and made.locked == (old,)
    (sentence,) = made.refusals
    assert NAME in sentence and "read-only" in sentence and "new name" in sentence
    assert old.read_bytes() == b"old" and not left_over(out)
    old.chmod(0o644)

    replace = os.replace

    def locked(src: object, dst: object) -> None:
        if Path(str(dst)).name == NAME:
            raise PermissionError(errno.EACCES, "used by another process")
        replace(src, dst)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", locked)
    made = make_reports(school, [1], out)
    assert made.files == () and "open in another program" in made.refusals[0] and NAME in made.refusals[0]
    assert old.read_bytes() == b"old" and not left_over(out)
    (free,) = make_reports(school, [1], out, free_names=True).files
    assert free.name == "Amara Bell progress report 2026-11-24 (2).pdf" and free.read_bytes()[:5] == b"%PDF-"
    monkeypatch.undo()  # the viewer was closed: the same call works without a restart
    assert make_reports(school, [1], out).files == (old,) and old.read_bytes()[:5] == b"%PDF-"


def test_a_folder_that_went_away_is_said_and_nothing_is_half_written(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match="not there"):
        make_reports(school, [1], tmp_path / "stick" / "reports")
    (tmp_path / "a file").write_text("x")
    with pytest.raises(Trouble, match="is a file"):
        make_reports(school, [1], tmp_path / "a file")
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    with pytest.raises(Trouble, match="cannot be written to") as caught:
        make_reports(school, [1], closed)
    assert str(closed) in caught.value.sentence and "another folder" in caught.value.sentence
    closed.chmod(0o755)

    def gone(src: object, dst: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(os, "replace", gone)
    made = make_reports(school, [1, 2], tmp_path / "out")
    assert made.files == () and len(made.refusals) == 1 and "went away" in made.refusals[0]


def test_a_full_disk_leaves_whole_files_only(school: School, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def full(fd: int) -> None:
        nonlocal count
        count += 1
        if count > 1:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    made = make_reports(school, [1, 2], out)
    assert [p.name for p in made.files] == [NAME] and made.files[0].read_bytes().rstrip().endswith(b"%%EOF")
    assert "disk is full" in made.refusals[0] and "1 report was made" in made.refusals[0]
    assert not left_over(out)


def test_stop_leaves_whole_files_and_says_how_many(school: School, out: Path) -> None:
    def stop_after(n: int) -> Callable[[int, int | None], None]:
        def progress(done: int, total: int | None) -> None:
            if done >= n:
                raise Stopped

        return progress

    made = make_reports(school, [1, 2], out, progress=stop_after(1))
    assert made.stopped and [p.name for p in made.files] == [NAME]
    assert "1 of 2 reports were made" in made.refusals[0]
    made = make_reports(school, [1, 2], out, progress=stop_after(1), one_file=True)
    assert made.stopped and made.files == () and "none was written" in made.refusals[0]
    assert not left_over(out)


def test_what_is_not_there_is_refused_in_words(school: School, out: Path) -> None:
    with pytest.raises(Refusal, match="no report called"):
        make_reports(school, [1], out, plan="none such")
    with pytest.raises(Refusal, match="no pupil"):
        make_reports(school, [], out)
    made = make_reports(school, [1, 77], out)
    assert len(made.files) == 1 and "1 pupil is not in the school’s records" in made.refusals[0]


def test_a_folder_whose_name_is_odd_holds_reports(school: School, tmp_path: Path) -> None:
    folder = tmp_path / "Siân Ó M#r%20in & co" / "it’s here"
    folder.parent.mkdir()
    (file,) = make_reports(school, [1], folder).files
    assert file.parent == folder and file.exists()


def test_preview_gives_a_picture_a_page(school: School) -> None:
    pdf = report_bytes(school, 1)
    pictures = preview(pdf, 0.5)
    assert len(pictures) == len(PdfReader(BytesIO(pdf)).pages)
    assert all(p.startswith(b"\x89PNG") for p in pictures)
    with pytest.raises(ValueError, match="no PDF"):
        preview(b"nothing")


@given(st.text(max_size=200))
def test_file_names_are_safe_on_windows(name: str) -> None:
    part = safe_part(name)
    assert part and len(part.encode()) <= 111
    assert not set(part) & set('<>:"/\\|?*.\n\t\0') and part == part.strip(" .")
    assert part.casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("CON", "CON_"),
        ("nul", "nul_"),
        ("a/b\\c:d", "a b c d"),
        ("...", "pupil"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("O’Neill-Smith", "O’Neill-Smith"),
    ],
)
def test_names_that_windows_keeps_for_itself(name: str, part: str) -> None:
    assert safe_part(name) == part
