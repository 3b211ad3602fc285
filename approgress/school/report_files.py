"""Files that reports go to: names that every system takes, whole files or none, and a sentence where one cannot be written."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path
from typing import Final

from approgress.domain.errors import Trouble
from approgress.school.papers_left import remember_folder

_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))})
_NAME_BYTES: Final = 110


def safe_part(text: str) -> str:
    """A text as part of a file name on Windows, macOS and Linux alike: letters, figures, spaces, hyphens and apostrophes; never empty.

    Reserved names (CON, NUL) get an underscore, and it is cut to 110 bytes, so that name, plan and date go into any file system.
    """
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") or c in " -'\u2019" else " " for c in plain)
    kept = " ".join(kept.split()).strip(" -'\u2019")
    while len(kept.encode("utf-8")) > _NAME_BYTES:
        kept = kept[:-1].rstrip()
    if kept.casefold() in _RESERVED:
        kept += "_"
    return kept or "pupil"


class Locked(Exception):  # noqa: N818
    """A file that cannot be replaced: open in another program, read-only, or a folder of that name."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoRoom(Exception):  # noqa: N818
    """The disk is full or the folder went away: nothing more can be written there."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def reports_folder(out: Path) -> Path:
    """The folder that reports go to. Trouble where it is not there, or cannot be written to."""
    folder = out.expanduser().absolute()
    try:
        if folder.exists() and not folder.is_dir():
            raise Trouble(f"{folder} is a file, not a folder. It was left as it is. Choose a folder for the reports.")
        if not folder.parent.is_dir():
            raise Trouble(
                f"The folder {folder.parent} is not there, so nothing was made. If it is on a stick or a network drive, bring it back, or choose another folder."
            )
        long_path(folder).mkdir(exist_ok=True)
    except PermissionError:
        raise Trouble(f"The folder {folder} cannot be written to by you. Nothing was made. Choose another folder.") from None
    except OSError as e:
        raise Trouble(f"The folder {folder} could not be made ({e.strerror or e}). Nothing was made. Choose another folder.") from None
    if not os.access(folder, os.W_OK | os.X_OK) or not folder.stat().st_mode & stat.S_IWUSR:
        raise Trouble(f"The folder {folder} cannot be written to by you. Nothing was made. Choose another folder.")
    return folder


def untaken(target: Path, taken: set[str]) -> Path:
    """The path, or with a number, so that no two reports of one run meet (names that differ in case only are one on Windows)."""
    n, path = 1, target
    while path.name.casefold() in taken:
        n += 1
        path = target.with_name(f"{target.stem} ({n}){target.suffix}")
    taken.add(path.name.casefold())
    return path


def long_path(path: Path) -> Path:
    """The path in the form in which Windows takes more than 260 signs."""
    text = str(path)
    if os.name == "nt" and len(text) > 240 and not text.startswith("\\\\?\\"):
        return Path("\\\\?\\UNC\\" + text[2:] if text.startswith("\\\\") else "\\\\?\\" + text)
    return path


def write_whole(target: Path, content: bytes, free_names: bool) -> Path:
    """Write a whole file at `target`, or beside it under the next free name where it is locked and that is wanted; returns where.

    The file that was there stays as it is until the new one is whole.
    """
    path, n = target, 1
    while True:
        try:
            _replace(path, content)
            remember_folder(path.parent)
            return path
        except Locked:
            if not free_names:
                raise
        n += 1
        path = target.with_name(f"{target.stem} ({n}){target.suffix}")
        while long_path(path).exists():
            n += 1
            path = target.with_name(f"{target.stem} ({n}){target.suffix}")
        if n > 999:
            raise Locked(
                f"{target.name} could not be written, nor any other name beside it. What was there is untouched. Choose another folder."
            )


def _replace(path: Path, content: bytes) -> None:
    long = long_path(path)
    if long.is_dir():
        raise Locked(f"{path.name} is a folder in {path.parent}. It was left as it is. Choose another folder, or rename it.")
    if long.exists() and not long.stat().st_mode & stat.S_IWUSR:
        raise Locked(f"{path.name} is read-only and was left as it is. Allow it to be changed, or write the report under a new name.")
    part = long.with_name(f".{long.stem[:40]}.{os.getpid()}.part")
    try:
        try:
            with open(part, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, long)
        except BaseException:
            _remove(part)
            raise
    except PermissionError:
        if not long.exists():
            raise NoRoom(f"The folder {path.parent} cannot be written to by you. Choose another folder.") from None
        raise Locked(
            f"{path.name} is open in another program and was left as it is. Close it there and try again, or write the report under a new name."
        ) from None
    except FileNotFoundError:
        raise NoRoom(f"The folder {path.parent} went away. Bring it back, or choose another folder.") from None
    except OSError as e:
        if e.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise NoRoom(
                f"The disk is full, so {path.name} was not made; what was there before is untouched. Free some space and try again."
            ) from None
        raise NoRoom(
            f"{path.name} could not be written ({e.strerror or e}). What was there before is untouched. Choose another folder."
        ) from None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is gone
