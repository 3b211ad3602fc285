"""The data file: sealed, and each way in which it can be wrong has a sentence and leaves it untouched."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Trouble
from approgress.domain.records import Mark
from approgress.school.school import School, check
from approgress.store import database, tables
from approgress.store.database import Database, open_file
from approgress.store.keys import key_path
from approgress.store.places import conflict_copies, synchronised
from tests.store.conftest import DAY, PASS, add_pupils, mark


def closed(school: School) -> Path:
    path = school.path
    assert path is not None
    school.close()
    return path


def test_nothing_is_readable_on_disk(school: School) -> None:
    add_pupils(school, 3)
    assert school.path is not None
    for file in school.path.parent.iterdir():
        if file.is_file():
            assert b"Surname1" not in file.read_bytes()
            assert not file.read_bytes().startswith(b"SQLite format 3")
    path = closed(school)
    assert b"Surname1" not in path.read_bytes()


def test_each_damage_has_its_own_sentence(school: School, tmp_path: Path) -> None:
    for p in add_pupils(school, 40):
        school.do(Title.TAKE_REGISTER, [Put(mark(p))])
    path = closed(school)
    whole = path.read_bytes()
    middle = len(whole) // 2
    cases = {
        "cut": whole[: middle - middle % 4096 + 1000],
        "cut at a page": whole[: middle - middle % 4096],
        "flipped": whole[:middle] + bytes(255 - b for b in whole[middle : middle + 600]) + whole[middle + 600 :],
        "first page": bytes(600) + whole[600:],
        "empty": b"",
        "picture": b"\x89PNG" + bytes(5000),
        "one byte": b"x",
    }
    said: dict[str, str] = {}
    for name, data in cases.items():
        path.write_bytes(data)
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        try:
            with School.open(path, PASS) as opened:
                said[name] = " ".join(check(opened))
        except Trouble as e:
            said[name] = e.sentence
        assert said[name], f"{name}: nothing was said"
        if name not in ("cut at a page", "flipped"):  # those open, for other tables still answer
            assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert len(set(said.values())) >= 5, said
    assert "0 bytes" in said["empty"] and "picture" in said["picture"] and "cut off" in said["cut"]


def test_a_missing_file_a_folder_and_a_plain_database(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="There is no file"):
        School.open(tmp_path / "none.approgress", PASS)
    with pytest.raises(Trouble, match="folder"):
        School.open(tmp_path, PASS)
    plain = tmp_path / "plain.approgress"
    connection = sqlite3.connect(plain)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    with pytest.raises(Trouble, match="plain database"):
        School.open(plain, PASS)


def test_a_newer_file_is_left_alone(school: School) -> None:
    with school.database.write() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    path = closed(school)
    with pytest.raises(Trouble, match="newer approgress"):
        School.open(path, PASS)


def test_a_school_is_never_made_over_a_file(school: School) -> None:
    path = closed(school)
    before = path.read_bytes()
    with pytest.raises(Trouble, match="already"):
        School.create(path, "Another", passphrase=PASS)
    assert path.read_bytes() == before


def test_a_locked_file_says_so_and_keeps_what_was_there(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    (p,) = add_pupils(school, 1)
    assert school.path is not None and school.database.key is not None
    monkeypatch.setattr("approgress.store.database.BUSY_MS", 200)
    other = open_file(school.path, school.database.key)
    fresh = open_file(school.path, school.database.key)
    with other.write() as c:
        c.exec_driver_sql("UPDATE about SET value = value WHERE name = 'desk'")
        with pytest.raises(Trouble, match="Another program is writing"), fresh.write():
            pass
    other.close()
    fresh.close()
    school.do(Title.TAKE_REGISTER, [Put(mark(p))])


def test_a_full_disk_is_said_and_nothing_saved_is_lost(school: School) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.TAKE_REGISTER, [Put(mark(p))])
    with school.database.engine.connect() as c:
        pages = int(c.exec_driver_sql("PRAGMA page_count").scalar() or 0)
    school.database.close()

    @sa.event.listens_for(school.database.engine, "connect")
    def small(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()  # pyright: ignore

    from datetime import timedelta

    with pytest.raises(Trouble, match="disk is full"):
        school.do(Title.IMPORT_MARKS, [Put(mark(p, day=DAY + timedelta(i + 1))) for i in range(5000)])
    sa.event.remove(school.database.engine, "connect", small)
    school.database.close()
    assert len(school.read(lambda r: r.of_pupil(Mark, p))) == 1
    school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(1)))])
    assert check(school) == []


def test_a_disk_too_full_to_open_is_said_to_be_full(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    path = closed(school)
    error = sa.exc.OperationalError("PRAGMA", None, Exception("disk I/O error"))
    assert "can no longer be reached" in database._reason(error, path.name, path).sentence  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr("approgress.store.database.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6, 0))  # type: ignore[attr-defined]
    assert "The disk is full" in database._reason(error, path.name, path).sentence  # pyright: ignore[reportPrivateUsage]


def test_the_tables_are_those_of_the_migrations(tmp_path: Path, postgres_url: object) -> None:
    """A store made at once and one migrated from nothing are the same, on both kinds of store."""
    from approgress.store.database import make_file, make_tables, open_server
    from approgress.store.upgrade import migrate

    def shape(database: Database) -> dict[str, list[tuple[str, str, bool]]]:
        with database.read() as c:
            look = sa.inspect(c)
            return {
                t: [(col["name"], str(col["type"]), bool(col["nullable"])) for col in look.get_columns(t)]
                + [(k, "key", False) for k in look.get_pk_constraint(t)["constrained_columns"]]
                for t in sorted(look.get_table_names())
                if t != "alembic_version"
            }

    made = make_file(tmp_path / "made.approgress", b"k" * 32)
    migrated = make_file(tmp_path / "migrated.approgress", b"k" * 32)
    with migrated.write() as c:
        tables.metadata.drop_all(c)
        c.exec_driver_sql("DELETE FROM alembic_version")
    migrate(migrated)
    assert shape(made) == shape(migrated)
    made.close()
    migrated.close()
    a, b = open_server(postgres_url()), open_server(postgres_url())  # pyright: ignore
    make_tables(a)
    migrate(b)
    assert shape(a) == shape(b)
    a.close()
    b.close()


def test_every_table_is_clustered(school: School) -> None:
    with school.database.read() as c:
        for (name, sql) in c.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"):
            assert "WITHOUT ROWID" in sql, name


def test_a_server_with_repeatable_read_is_refused(postgres_url: object) -> None:
    address = postgres_url()  # pyright: ignore
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as c:
        name = c.exec_driver_sql("SELECT current_database()").scalar()
        c.exec_driver_sql(f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'repeatable read'")
        c.commit()
    engine.dispose()
    with pytest.raises(Trouble, match="isolation level"):
        School.create(address, "S", passphrase=PASS)


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(Trouble, match="does not answer"):
        School.open("postgresql://nobody@127.0.0.1:9/none", PASS)


@pytest.mark.parametrize(
    "address", ["postgresql://u:secret@localhost:abc/x", "postgresql://u:secret@[::1/x", "postgresql://u:secret@127.0.0.1:9/x?foo=bar", "POSTGRESQL://u:secret@127.0.0.1:9"]
)
def test_an_odd_server_address_is_a_sentence_without_the_password(address: str) -> None:
    with pytest.raises(Trouble) as told:
        School.open(address, PASS)
    assert "Nothing was changed" in told.value.sentence and "secret" not in told.value.sentence and "None" not in told.value.sentence


@pytest.mark.parametrize("address", ["", " ", "mysql://x/y", "sqlite:///x", "https://example.org/school"])
def test_no_file_is_made_of_an_address(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(Trouble, match="Nothing was changed"):
        School.create(address, "S", passphrase=PASS)
    assert [p.name for p in tmp_path.iterdir() if p.is_file() or any(p.iterdir())] == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/x/OneDrive - Trial Trust/Documents/s.approgress", True),
        ("/home/x/Dropbox (Personal)/s.approgress", True),
        ("/Users/x/Library/Mobile Documents/s.approgress", True),
        ("/Users/x/Library/CloudStorage/OneDrive-TrialTrust/s.approgress", True),
        ("/srv/GoogleDrive-x@example.org/s.approgress", True),
        ("/home/x/Google Drive/My Drive/s.approgress", True),
        ("/home/x/one drive notes/s.approgress", False),
        ("/home/x/.local/share/approgress/s.approgress", False),
    ],
)
def test_synchronised_folders(path: str, found: bool) -> None:
    assert (synchronised(Path(path)) is not None) == found


def test_a_school_is_not_made_in_a_synchronised_folder(tmp_path: Path) -> None:
    place = tmp_path / "OneDrive - Trial Trust" / "Documents"
    with pytest.raises(Trouble, match="synchronised folder"):
        School.create(place / "s.approgress", "S", passphrase=PASS)
    assert not place.exists()


def test_a_link_into_a_synchronised_folder_is_seen(tmp_path: Path) -> None:
    (tmp_path / "OneDrive - Trial Trust").mkdir()
    (tmp_path / "papers").symlink_to(tmp_path / "OneDrive - Trial Trust")
    with pytest.raises(Trouble, match="OneDrive"):
        School.create(tmp_path / "papers" / "s.approgress", "S", passphrase=PASS)
    assert not list((tmp_path / "papers").iterdir())


def test_conflict_copies_are_pointed_out_and_nothing_else(tmp_path: Path) -> None:
    good = tmp_path / "school.approgress"
    for name in ("school.approgress", "school (Anna's conflicted copy 2026-11-20).approgress", "school-LAPTOP2.approgress", "school two.approgress", "school.approgress-keys"):
        (tmp_path / name).touch()
    assert {p.name for p in conflict_copies(good)} == {"school (Anna's conflicted copy 2026-11-20).approgress", "school-LAPTOP2.approgress"}


@pytest.mark.parametrize("folder", ["Siân Ó M#r%20in & co", "it's a % of ?#", "a" * 100 + "/" + "b" * 120])
def test_odd_paths(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    school, _ = School.create(place / "school.approgress", "S", passphrase=PASS)
    add_pupils(school, 1)
    path = closed(school)
    assert path == place / "school.approgress"
    assert sorted(p.name for p in place.iterdir()) == ["school.approgress", "school.approgress-keys"]
    with School.open(path, PASS) as again:
        assert again.journal.newest() == 2


def test_a_folder_without_permission(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        code = (
            "import os, sys; os.setuid(65534)\n"
            "from pathlib import Path\nfrom approgress.school.school import School\nfrom approgress.domain.errors import Trouble\n"
            "try:\n School.create(Path(sys.argv[1]) / 's.approgress', 'S', passphrase='four short plain words')\n"
            "except Trouble as e:\n print(e.sentence); sys.exit(3)\n"
        )
        if os.name == "nt":
            pytest.skip("permissions of folders are another matter on Windows")
        place = tmp_path / "closed"
        place.mkdir(mode=0o755)
        run = subprocess.run([sys.executable, "-c", code, str(place)], capture_output=True, text=True, env=os.environ | {"APPROGRESS_DATA_DIR": "/tmp"})
        if run.returncode != 3:
            pytest.skip("another user cannot run this Python here")
        assert str(place) in run.stdout and "Choose another folder" in run.stdout
        return
    place = tmp_path / "closed"
    place.mkdir(mode=0o500)
    with pytest.raises(Trouble, match="Choose another folder"):
        School.create(place / "s.approgress", "S", passphrase=PASS)


def test_a_file_and_its_key_file_can_be_moved_together(school: School, tmp_path: Path) -> None:
    add_pupils(school, 1)
    path = closed(school)
    there = tmp_path / "elsewhere"
    there.mkdir()
    shutil.move(path, there / path.name)
    shutil.move(key_path(path), key_path(there / path.name))
    with School.open(there / path.name, PASS) as moved:
        add_pupils(moved, 1)
        assert check(moved) == []
