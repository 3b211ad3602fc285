"""Desks: which data file on which machine writes. A file that was copied, moved or restored takes a new number before it writes.

The machine's data folder holds a note for each school: desk, path, a random mark that the file holds too, and the newest
tick that ever left in a backup. Where they do not agree the file is a copy, and its twin may be writing elsewhere.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from approgress.domain.errors import Trouble
from approgress.store.database import Database
from approgress.store.keys import write_whole


def _note(school: str) -> Path:
    from approgress.paths import data_dir

    return data_dir() / "desks" / f"{school}.toml"


def _read(school: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_note(school).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _write(school: str, notes: dict[str, Any]) -> None:
    import tomli_w

    path = _note(school)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, tomli_w.dumps(notes).encode())
    except (OSError, Trouble):
        pass  # without a note the file only takes a new desk number again


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def found_desk(school: str, path: Path, mark: str) -> None:
    """Note that this machine's file at `path` is the founding desk 0 of a new school."""
    notes = _read(school)
    notes[_place(path)] = {"desk": 0, "mark": mark, "tick": 0}
    _write(school, notes)


def note_left(database: Database, school: str, tick: int) -> None:
    """Note the newest tick that left in a backup, so that an older file put back is seen to be older."""
    if database.path is None:
        return
    notes = _read(school)
    mine = notes.get(_place(database.path))
    if mine is not None:
        mine["tick"] = max(int(mine.get("tick", 0)), tick)
        _write(school, notes)


def is_copy(database: Database, school: str, mark: str | None, newest: int) -> bool:
    """Whether this file is not the one that this machine's note speaks of. A server is always itself."""
    if database.path is None:
        return False
    mine = _read(school).get(_place(database.path))
    return mine is None or mine.get("mark") != mark or int(mine.get("tick", 0)) > newest


def become_new_desk(database: Database, school: str) -> Callable[[Connection], None]:
    """What a journal calls before its first write: draws a new desk number and mark, within that write's transaction."""

    def fork(c: Connection) -> None:
        assert database.path is not None
        desk = 1 << 30 | secrets.randbits(30)
        mark = secrets.token_hex(16)
        for name, value in (("desk", str(desk)), ("mark", mark), ("next pupil", "1"), ("next other", "1")):
            c.exec_driver_sql("INSERT INTO about (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
        notes = _read(school)
        notes[_place(database.path)] = {"desk": desk, "mark": mark, "tick": 0}
        _write(school, notes)

    return fork


def forget(school: str, path: Path) -> None:
    """Drop the note of a file: what is put at that place next is a copy and becomes a new desk."""
    notes = _read(school)
    if notes.pop(_place(path), None) is not None:
        _write(school, notes)
