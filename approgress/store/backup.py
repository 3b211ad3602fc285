"""Backups: one file that holds the encrypted data, the key file and a manifest; written whole, opened and checked after.

Thinning by age is a pure function. Restoring makes a file beside the present one, never over it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from approgress.domain.days import words
from approgress.domain.errors import Refusal, Trouble
from approgress.store.database import Database, check_file, open_file, revision
from approgress.store.keys import KeyFile, key_path
from approgress.store.tables import REVISION

FORMAT = 1
SUFFIX = ".backup"


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup says of itself."""

    path: Path
    school: str
    name: str
    made: datetime
    tick: int
    last_entry: datetime | None
    revision: str
    demonstration: bool


def write_backup(database: Database, to: Path, *, now: datetime, rehearse: Callable[[Path], None] | None = None) -> BackupInfo:
    """Write a backup of an open file to `to`, which must not exist, then open and check it. Trouble says why not; nothing half-written stays."""
    if database.path is None:
        raise Trouble("A school on a database server is backed up by whoever looks after the server. Nothing was written.")
    if to.exists():
        raise Trouble(f"There is a file {to} already, and it was left as it is. Choose another name.")
    keys = KeyFile.read(key_path(database.path))
    copy: Path | None = None
    temporary = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        need = database.path.stat().st_size * 2 + 1_000_000
        if shutil.disk_usage(to.parent).free < need // 2:
            raise OSError(28, "No space left on device")
        for attempt in range(20):
            time.sleep(0.02 * attempt)
            with database.quiet() as c:
                log = database.path.with_name(database.path.name + "-wal")
                if log.exists() and log.stat().st_size > 0:
                    continue  # somebody wrote between the checkpoint and our lock
                handle, name = tempfile.mkstemp(prefix=".copy-", dir=to.parent)
                os.close(handle)
                copy = Path(name)
                shutil.copyfile(database.path, copy)
                tick = int(c.exec_driver_sql("SELECT coalesce(max(tick), 0) FROM step").scalar() or 0)
                at = c.exec_driver_sql("SELECT at FROM step ORDER BY tick DESC LIMIT 1").scalar()
                demonstration = bool(c.exec_driver_sql("SELECT coalesce(max(demonstration), 0) FROM setting").scalar())
                revision_ = str(c.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
                name_ = str(c.exec_driver_sql("SELECT name FROM setting ORDER BY id LIMIT 1").scalar() or "")
            break
        else:
            raise Trouble("The school is being written to all the time, so no backup could be made now. Nothing was changed. Try again in a minute.")
        data = copy.read_bytes()
        manifest = {
            "format": FORMAT,
            "school": keys.school,
            "name": name_,
            "made": now.isoformat(timespec="seconds"),
            "tick": tick,
            "last_entry": datetime.fromtimestamp(at).isoformat(timespec="seconds") if at else None,
            "revision": revision_,  # the file's own: what was backed up before an upgrade goes back into the program that made it
            "demonstration": demonstration,
            "sha256": hashlib.sha256(data).hexdigest(),
            "keys_sha256": hashlib.sha256(keys.text().encode()).hexdigest(),
        }
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as f:  # as the data's own file: nobody else's
            with zipfile.ZipFile(f, "w", zipfile.ZIP_STORED) as z:
                z.writestr("manifest.json", json.dumps(manifest, indent=1))
                z.writestr("keys.json", keys.text())
                z.writestr("data", data)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, to)
    except OSError as e:
        full = e.errno == 28
        raise Trouble(
            f"No backup could be made in {to.parent}: {'the disk is full' if full else e.strerror or e}. The school's file is untouched. "
            + ("Free some space or choose another disk." if full else "Choose another folder.")
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
        if copy is not None:
            copy.unlink(missing_ok=True)
    try:
        info = read_backup(to)
        _rehearse(to, database.key)
        if rehearse is not None:
            rehearse(to)
    except Trouble as e:
        to.unlink(missing_ok=True)
        raise Trouble(f"The backup was written but did not pass its check, so it was thrown away: {e.sentence}") from None
    return info


def _manifest(path: Path) -> tuple[dict[str, Any], zipfile.ZipFile]:
    try:
        if path.stat().st_size == 0:
            raise Trouble(f"{path.name} is empty: 0 bytes. It holds no backup. Nothing was changed. Choose another backup.")
        z = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}. Nothing was changed.") from None
    except zipfile.BadZipFile:
        with open(path, "rb") as f:
            cut = f.read(4) == b"PK\x03\x04"
        if cut:
            raise Trouble(f"The backup {path.name} is cut off: its end is missing. Nothing was changed. Choose another backup.") from None
        raise Trouble(f"{path.name} is not a backup of approgress. Nothing was changed. Choose another file.") from None
    except OSError as e:
        raise Trouble(f"{path} could not be read ({e.strerror}). Nothing was changed.") from None
    try:
        manifest = json.loads(z.read("manifest.json"))
        fmt = int(manifest["format"])
        if fmt <= FORMAT:
            for needed in ("school", "made", "revision", "sha256"):
                if not isinstance(manifest[needed], str):
                    raise TypeError
            datetime.fromisoformat(manifest["made"])
            if manifest.get("last_entry") is not None:
                datetime.fromisoformat(manifest["last_entry"])
            if not isinstance(manifest.setdefault("name", ""), str):
                raise TypeError
            int(manifest["tick"])
    except (KeyError, ValueError, TypeError, RecursionError, NotImplementedError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        z.close()
        raise Trouble(f"{path.name} is not a backup of approgress, or its table of contents is damaged. Nothing was changed.") from None
    if fmt > FORMAT or str(manifest["revision"]) > REVISION:
        z.close()
        raise Trouble(
            f"The backup {path.name} was made by a newer approgress than this one. Nothing was changed. Update the program, then restore it."
        )
    return manifest, z


def read_backup(path: Path) -> BackupInfo:
    """What a backup says of itself, its contents checked against their hashes; Trouble for one that is damaged, cut off, foreign or newer."""
    manifest, z = _manifest(path)
    with z:
        _members(path, manifest, z)
    last = manifest.get("last_entry")
    return BackupInfo(
        path,
        manifest["school"],
        manifest.get("name", ""),
        datetime.fromisoformat(manifest["made"]),
        int(manifest["tick"]),
        datetime.fromisoformat(last) if last else None,
        str(manifest["revision"]),
        bool(manifest.get("demonstration")),
    )


def _members(path: Path, manifest: dict[str, Any], z: zipfile.ZipFile) -> tuple[bytes, str]:
    damaged = Trouble(
        f"The backup {path.name} is damaged: its contents are not what was written on {manifest['made'][:10]}. Nothing was changed. Choose another backup."
    )
    try:
        data, keys = z.read("data"), z.read("keys.json").decode()
    except (KeyError, zipfile.BadZipFile, UnicodeDecodeError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise damaged from None
    if hashlib.sha256(data).hexdigest() != manifest["sha256"] or hashlib.sha256(keys.encode()).hexdigest() != manifest.get("keys_sha256"):
        raise damaged
    return data, keys


def _rehearse(path: Path, key: bytes | None) -> None:
    """Open the backup's data in a temporary folder and check it page by page."""
    if key is None:
        return
    with tempfile.TemporaryDirectory(prefix="approgress-") as folder:
        manifest, z = _manifest(path)
        with z:
            data, _ = _members(path, manifest, z)
        copy = Path(folder) / "copy.approgress"
        copy.write_bytes(data)
        database = open_file(copy, key)
        try:
            check_pages(database)
            with database.read() as c:
                if int(c.exec_driver_sql("SELECT coalesce(max(tick), 0) FROM step").scalar() or 0) != int(manifest["tick"]):
                    raise Trouble("its newest journal step is not the one that was copied.")
        finally:
            database.close()


def check_pages(database: Database) -> None:
    """Trouble when a page of the file is damaged (SQLite: SQLCipher's and SQLite's own checks)."""
    if database.path is None:
        return
    with database.read() as c:
        bad = [r[0] for r in c.exec_driver_sql("PRAGMA cipher_integrity_check")]
        if not bad:
            bad = [r[0] for r in c.exec_driver_sql("PRAGMA quick_check") if r[0] != "ok"]
    if bad:
        raise Trouble(
            f"{database.where} is damaged: {len(bad)} {'page' if len(bad) == 1 else 'pages'} cannot be trusted. Nothing was changed. "
            "Keep the file as it is and restore the newest backup beside it."
        )


def restore_backup(path: Path, to: Path, unlock: Callable[[KeyFile], bytes], *, expect_school: str | None = None) -> BackupInfo:
    """Lay a backup's school at `to`, checked before it is put in place; `unlock` gives the data key for its key file.

    Never over a file that is there. With `expect_school`, a backup of another school is refused.
    """
    info = read_backup(path)
    if expect_school is not None and info.school != expect_school:
        raise Refusal(f"{path.name} is a backup of another school ({info.name}). Nothing was changed. Choose a backup of this school.")
    if to.exists():
        other = ""
        try:
            present = KeyFile.read(key_path(to))
            if present.school != info.school:
                other = f" It belongs to another school than the backup of {info.name} does."
        except Trouble:
            pass
        raise Trouble(f"There is a file {to} already; a restore never writes over one, and it was left as it is.{other} Choose another name beside it.")
    if key_path(to).exists():
        raise Trouble(f"There is a key file {key_path(to)} already, and it was left as it is. Choose another name beside it.")
    manifest, z = _manifest(path)
    with z:
        data, keys_text = _members(path, manifest, z)
    keys = KeyFile.from_text(keys_text, "of the backup")
    data_key = unlock(keys)
    temporary = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(to.parent).free < len(data) + 2_000_000:
            raise OSError(28, "No space left on device")
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        check_file(temporary)
        database = open_file(temporary, data_key)
        try:
            check_pages(database)
            found = revision(database)
            if found is not None and found > REVISION:
                raise Trouble(f"The backup {path.name} was made by a newer approgress. Nothing was changed. Update the program first.")
        finally:
            database.close()
        for ending in ("-wal", "-shm"):
            temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
        _put_in_place(temporary, to)
        try:
            keys.write(key_path(to))  # after the data, whose place only one restore can take
        except BaseException:
            to.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise Trouble(f"There is a file {to} already, and it was left as it is. Choose another name.") from None
    except OSError as e:
        why = "the disk is full" if e.errno == 28 else str(e.strerror or e)
        raise Trouble(f"The backup could not be restored to {to.parent}: {why}. Nothing was changed there. Choose another place.") from None
    finally:
        for ending in ("", "-wal", "-shm"):
            temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
    return info


def _put_in_place(temporary: Path, to: Path) -> None:
    """Give a finished file its name; FileExistsError where something took that name meanwhile, also on disks without hard links."""
    if os.name != "nt":
        try:
            os.link(temporary, to)
            return
        except FileExistsError:
            raise
        except OSError:  # FAT sticks and some shares have no links; a rename there goes over a file, so the name is looked at first
            if os.path.lexists(to):
                raise FileExistsError(17, "File exists", str(to)) from None
    os.rename(temporary, to)


def keep(made: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which backups to keep: all of the last two days, the newest of each day for 30 days, of each week for 180, of each month for 2 years.

    The newest one of all is always kept.
    """
    times = sorted(made, reverse=True)
    kept: set[datetime] = set(times[:1])
    seen: set[tuple[str, Any]] = set()
    for t in times:
        age = now - t
        if age <= timedelta(days=2):
            kept.add(t)
            continue
        if age <= timedelta(days=30):
            slot: tuple[str, Any] = ("day", t.date())
        elif age <= timedelta(days=180):
            slot = ("week", t.isocalendar()[:2])
        elif age <= timedelta(days=730):
            slot = ("month", (t.year, t.month))
        else:
            continue
        if slot not in seen:
            seen.add(slot)
            kept.add(t)
    return kept


def backup_name(name: str, now: datetime) -> str:
    """A file name for an automatic backup, safe on every system."""
    safe = "".join(ch if ch.isalnum() and ch.isascii() or ch in "-_" else "-" for ch in name).strip("-")[:40] or "school"
    return f"{safe} {now:%Y-%m-%d %H-%M-%S}{SUFFIX}"


def thin(folder: Path, school: str, now: datetime) -> list[Path]:
    """Throw away automatic backups of a school that are no longer to be kept; returns what was removed."""
    found: dict[datetime, Path] = {}
    for p in folder.glob(f"*{SUFFIX}"):
        try:
            manifest, z = _manifest(p)
            z.close()
        except Trouble:
            continue
        if manifest["school"] == school:
            found[datetime.fromisoformat(manifest["made"])] = p
    kept = keep(found, now)
    removed = [p for t, p in found.items() if t not in kept]
    for p in removed:
        p.unlink(missing_ok=True)
    return removed


def describe(info: BackupInfo) -> str:
    """One line about a backup for a list."""
    last = f"last entry {words(info.last_entry.date())} {info.last_entry:%H:%M}" if info.last_entry else "no entries"
    return f"{info.name}, made {words(info.made.date())} {info.made:%H:%M}, {last}"
