"""Backups: whole, checked, thinned by age, restored beside and never over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections import namedtuple
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal, Trouble, WrongPassphrase
from approgress.domain.records import Mark, Pupil
from approgress.paths import backups_dir
from approgress.school.school import School, check, restore
from approgress.store.backup import backup_name, keep, read_backup
from approgress.store.tables import REVISION
from tests.store.conftest import PASS, add_pupils, mark


def test_a_backup_holds_everything_and_opens_as_a_new_desk(school: School, tmp_path: Path) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.TAKE_REGISTER, [Put(mark(p))])
    info = school.back_up(tmp_path / "b.backup")
    assert info.tick == 3 and info.name == "Trial Bridge School"
    restore(info.path, tmp_path / "back.approgress", PASS)
    with School.open(tmp_path / "back.approgress", PASS) as back:
        assert back.read(lambda r: r.of_pupil(Mark, p)) == [mark(p)]
        add_pupils(back, 1)
        with back.database.read() as c:
            assert int(back.journal.about(c, "desk") or 0) >> 30 == 1
        assert check(back) == []
        ids = {x.id for x in back.read(lambda r: r.every(Pupil))}
        assert len(ids) == 2
    with school.database.read() as c:
        assert school.journal.about(c, "desk") == "0"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions")
def test_a_backup_is_its_owners_to_read_as_the_data_is(school: School, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        info = school.back_up(tmp_path / "b.backup")
    finally:
        os.umask(before)
    assert stat.S_IMODE(info.path.stat().st_mode) == 0o600


def test_each_bad_backup_has_its_own_sentence_and_touches_nothing(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_pupils(school, 30)
    assert school.path is not None
    good = school.back_up(tmp_path / "good.backup").path
    whole = good.read_bytes()
    middle = len(whole) // 2
    bad = tmp_path / "bad.backup"
    present = hashlib.sha256(school.path.read_bytes()).hexdigest()
    other, _ = School.create(tmp_path / "y.approgress", "School Y", passphrase=PASS)
    other_backup = other.back_up(tmp_path / "y.backup").path
    other.close()
    said: dict[str, str] = {}

    def tries(name: str, data: bytes, **kw: object) -> None:
        bad.write_bytes(data)
        with pytest.raises((Trouble, Refusal)) as told:
            restore(bad, tmp_path / "restored.approgress", PASS, **kw)  # pyright: ignore
        said[name] = told.value.sentence
        assert "Nothing was changed" in told.value.sentence
        assert not (tmp_path / "restored.approgress").exists()
        assert not (tmp_path / "restored.approgress-keys").exists()
        assert hashlib.sha256(school.path.read_bytes()).hexdigest() == present  # pyright: ignore

    tries("cut", whole[:middle])
    tries("empty", b"")
    tries("one byte", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    tries("other school", other_backup.read_bytes(), expect_school=school.school_id)
    newer = tmp_path / "newer.backup"
    with zipfile.ZipFile(good) as z, zipfile.ZipFile(newer, "w") as n:
        manifest = json.loads(z.read("manifest.json")) | {"revision": "9999"}
        n.writestr("manifest.json", json.dumps(manifest))
        for member in ("keys.json", "data"):
            n.writestr(member, z.read(member))
    tries("newer", newer.read_bytes())
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as m:
        m.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9 - 10**6, 10**6))  # pyright: ignore
        tries("full disk", whole)
    assert len(set(said.values())) == 6, said
    with pytest.raises(WrongPassphrase):
        restore(good, tmp_path / "restored.approgress", "not the passphrase")
    restore(good, tmp_path / "restored.approgress", PASS, expect_school=school.school_id)


@pytest.mark.parametrize(
    ("name", "value"),
    [("made", "yesterday"), ("made", 5), ("last_entry", "x"), ("tick", "x"), ("school", 5), ("name", None), ("sha256", None), ("revision", 1), ("format", "x")],
)
def test_a_spoilt_table_of_contents_is_refused_in_one_sentence(school: School, tmp_path: Path, name: str, value: object) -> None:
    good = school.back_up(tmp_path / "good.backup").path
    bad = tmp_path / "bad.backup"
    with zipfile.ZipFile(good) as z, zipfile.ZipFile(bad, "w") as n:
        for member in z.namelist():
            data = z.read(member)
            n.writestr(member, json.dumps(json.loads(data) | {name: value}) if member == "manifest.json" else data)
    with pytest.raises(Trouble, match="table of contents is damaged. Nothing was changed"):
        restore(bad, tmp_path / "restored.approgress", PASS)
    assert not list(tmp_path.glob("*restored*"))


def test_a_restore_to_a_disk_without_hard_links(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = school.back_up(tmp_path / "good.backup").path

    def none(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("approgress.store.backup.os.link", none)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "taken.approgress").symlink_to("nowhere")
    with pytest.raises(Trouble, match="left as it is"):
        restore(good, stick / "taken.approgress", PASS)
    assert [p.name for p in stick.iterdir()] == ["taken.approgress"]
    restore(good, stick / "r.approgress", PASS)
    assert (stick / "r.approgress").stat().st_mode & 0o077 == 0
    with School.open(stick / "r.approgress", PASS) as back:
        assert check(back) == []


def test_a_restore_never_writes_over_a_file(school: School, tmp_path: Path) -> None:
    good = school.back_up(tmp_path / "good.backup").path
    assert school.path is not None
    before = school.path.read_bytes()
    with pytest.raises(Trouble, match="never writes over"):
        restore(good, school.path, PASS)
    assert school.path.read_bytes() == before


def test_a_backup_is_refused_where_a_file_is(school: School, tmp_path: Path) -> None:
    (tmp_path / "there.backup").write_text("mine")
    with pytest.raises(Trouble, match="already"):
        school.back_up(tmp_path / "there.backup")
    assert (tmp_path / "there.backup").read_text() == "mine"


def test_a_full_disk_leaves_no_half_backup(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9, 1000))  # pyright: ignore
    with pytest.raises(Trouble, match="disk is full"):
        school.back_up(tmp_path / "b.backup")
    assert [p.name for p in tmp_path.iterdir() if "b.backup" in p.name or p.name.startswith(".")] == []


def test_automatic_backups_only_when_something_is_new(school: School) -> None:
    assert school.back_up_if_changed() is not None
    assert school.back_up_if_changed() is None
    add_pupils(school, 1)
    assert school.automatic_backups()[0].tick < school.journal.newest()


def test_a_backup_while_somebody_writes_is_whole(school: School, tmp_path: Path) -> None:
    import threading

    (p,) = add_pupils(school, 1)
    stop = threading.Event()

    def write() -> None:
        from datetime import date

        i = 0
        while not stop.is_set():
            school.do(Title.TAKE_REGISTER, [Put(Mark(p, 1, date(2020, 1, 1) + timedelta(i), 0))])
            i += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(5):
            read_backup(school.back_up(tmp_path / f"{n}.backup").path)
    finally:
        stop.set()
        thread.join()
    restore(tmp_path / "4.backup", tmp_path / "back.approgress", PASS)
    with School.open(tmp_path / "back.approgress", PASS) as back:
        assert check(back) == []


NOW = datetime(2026, 11, 24, 16, 0)
ages = st.lists(st.integers(0, 1200 * 24), unique=True, max_size=120).map(lambda hours: [NOW - timedelta(hours=h) for h in hours])


@given(ages)
def test_thinning_keeps_the_newest_all_of_two_days_and_one_a_day_for_a_month(made: list[datetime]) -> None:
    kept = keep(made, NOW)
    assert kept <= set(made)
    if made:
        assert max(made) in kept
    for t in made:
        if NOW - t <= timedelta(days=2):
            assert t in kept
        elif NOW - t <= timedelta(days=30):
            assert any(k.date() == t.date() for k in kept)
        elif NOW - t <= timedelta(days=170):
            assert any(abs(k - t) < timedelta(days=8) for k in kept)


@given(ages)
def test_thinning_twice_is_thinning_once(made: list[datetime]) -> None:
    kept = keep(made, NOW)
    assert keep(kept, NOW) == kept
    assert len(kept) <= 2 * 24 + 1 + 31 + 27 + 25 + 4


def test_a_backups_name_is_safe_everywhere() -> None:
    name = backup_name("St. Mary's / “Ó” <PRU>", NOW)
    assert not set(name) & set('<>:"/\\|?*“”Ó')


def test_what_is_backed_up_before_an_upgrade_says_the_schema_that_it_holds(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "old_files"
    for suffix in ("", "-keys"):
        shutil.copy(old / f"0001.approgress{suffix}", tmp_path / f"school.approgress{suffix}")
    School.open(tmp_path / "school.approgress").close()
    (before,) = backups_dir().glob("before upgrade*")
    assert read_backup(before).revision == "0001", "so that the program of that schema takes it back"
    restore(before, tmp_path / "again.approgress", None)
    with School.open(tmp_path / "again.approgress") as school:
        assert check(school) == []
        assert read_backup(school.back_up().path).revision == REVISION


def test_two_schools_that_are_upgraded_in_one_second_are_both_backed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 11, 24, 9, 30)

    monkeypatch.setattr("approgress.school.school.datetime", Still)
    old = Path(__file__).parents[1] / "old_files"
    for name in ("one", "two"):
        for suffix in ("", "-keys"):
            shutil.copy(old / f"0001.approgress{suffix}", tmp_path / f"{name}.approgress{suffix}")
        School.open(tmp_path / f"{name}.approgress").close()
    assert len(list(backups_dir().glob("before upgrade*"))) == 2
