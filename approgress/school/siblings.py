"""Files of one school that lie beside each other: the one that is open, and those that a restore laid there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.errors import Trouble
from approgress.store import places
from approgress.store.database import open_file
from approgress.store.keys import KeyFile, key_path

if TYPE_CHECKING:
    from approgress.school.school import School


@dataclass(frozen=True, slots=True)
class Sibling:
    """A file of the same school: where, its newest entry (None: none, or it cannot be read), and whether it is the one that is open."""

    path: Path
    last_entry: datetime | None
    steps: int
    present: bool
    doubt: str = ""  # why it could not be read

    @property
    def words(self) -> str:
        """'last entry 23 Nov 2026 17:02'."""
        from approgress.domain.days import words

        if self.doubt:
            return self.doubt
        return f"last entry {words(self.last_entry.date())} {self.last_entry:%H:%M}" if self.last_entry else "no entries"


def last_entry_of(school: School) -> datetime | None:
    """When the newest step of the open school was written."""
    with school.database.read() as c:
        at = c.exec_driver_sql("SELECT at FROM step ORDER BY tick DESC LIMIT 1").scalar()
    return datetime.fromtimestamp(int(at)) if at else None


def siblings(school: School) -> list[Sibling]:
    """The files of this school in its folder, the open one first, then by newest entry. Nothing is written to any of them."""
    if school.path is None:
        return []
    here = school.path
    found = [Sibling(here, last_entry_of(school), school.journal.newest(), True)]
    others: list[Sibling] = []
    for path in sorted(here.parent.glob(f"*{here.suffix}")):
        if path == here or not key_path(path).exists():
            continue
        try:
            if KeyFile.read(key_path(path)).school != school.school_id or school.database.key is None:
                continue
            database = open_file(path, school.database.key)
        except Trouble as trouble:
            others.append(Sibling(path, None, 0, False, trouble.sentence))
            continue
        try:
            with database.read() as c:
                row = c.exec_driver_sql("SELECT at, tick FROM step ORDER BY tick DESC LIMIT 1").fetchone()
        finally:
            database.close()
        others.append(Sibling(path, datetime.fromtimestamp(int(row[0])) if row else None, int(row[1]) if row else 0, False))
    return found + sorted(others, key=lambda s: s.last_entry or datetime.min, reverse=True)


def copies_beside(school: School) -> list[Path]:
    """Files beside the open one that look like copies made by a synchronising program; nothing is taken from them."""
    return places.conflict_copies(school.path) if school.path is not None else []


def free_place(school_or_folder: Path, stem: str) -> Path:
    """A file name beside the present one at which nothing lies yet."""
    folder = school_or_folder
    path, number = folder / f"{stem}.approgress", 2
    while path.exists() or key_path(path).exists():
        path, number = folder / f"{stem} {number}.approgress", number + 1
    return path


def copies_words(copies: list[Path]) -> str:
    """What is said of such copies; '' where there are none."""
    if not copies:
        return ""
    names = ", ".join(p.name for p in copies[:3]) + (f" and {len(copies) - 3} more" if len(copies) > 3 else "")
    one = len(copies) == 1
    return (
        f"{'A file' if one else 'Files'} beside the school’s file {'looks like a copy' if one else 'look like copies'} made by a synchronising program: {names}. "
        f"Nothing was taken from {'it' if one else 'them'}. Keep the school’s folder out of such programs, and look into {'it' if one else 'them'} before you delete anything."
    )


def wipe(path: Path, school_id: str) -> None:
    """Take away a demonstration school: its file, its keys, and its automatic backups. Trouble for any other school, which is never wiped."""
    import shutil

    from approgress.paths import backups_dir

    keys = KeyFile.read(key_path(path))
    if not keys.is_open or keys.school != school_id:
        raise Trouble(f"{path.name} is not a demonstration school, so it is not wiped. Nothing was changed.")
    try:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", key_path(path).name):
            path.with_name(name).unlink(missing_ok=True)
        shutil.rmtree(backups_dir() / school_id, ignore_errors=True)
    except OSError as e:
        raise Trouble(f"{path.name} could not be wiped ({e.strerror}). Close other windows that show it, then try again.") from None
