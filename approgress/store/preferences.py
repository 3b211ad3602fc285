"""What one person at one computer prefers, and what the next start must know: two typed TOML files in the data folder.

Qt's own settings differ in type by system; these are read into frozen dataclasses, and a file that cannot be read, or a value of the
wrong type, gives the default and never stops the program.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints
from urllib.parse import urlsplit, urlunsplit

from approgress.paths import data_dir

RECENT = 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How the window looks and what it opens. `schools` are files and addresses, the last one first, without any password."""

    theme: str = "light"
    text_percent: int = 100
    width: int = 0  # of the window in logical pixels; 0 until it was sized
    height: int = 0
    maximised: bool = False
    place: str = ""
    schools: tuple[str, ...] = ()
    hide_names: bool = False
    idle_minutes: int = 5  # 0: never
    notices: tuple[str, ...] = ()  # sentences for the next start, such as that a backup could not be made; none holds a name
    kept_copies: tuple[str, ...] = ()  # copies by a synchronising program that were pointed out and put aside

    def with_school(self, address: str) -> tuple[str, ...]:
        """`schools` with this one first."""
        address = without_password(address)
        return (address, *(s for s in self.schools if s != address))[:RECENT]


@dataclass(frozen=True, slots=True)
class DraftTerm:
    """A half-term of a set-up that is not finished."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class DraftClosure:
    """Closed days of a set-up that is not finished."""

    first_day: date
    last_day: date
    sort: str
    label: str


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """A member of staff of a set-up that is not finished; passphrases are never kept here."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class SetUpDraft:
    """How far the set-up of a school is: `step` is the next one to do (1 to 5), `school` its file once it is made."""

    step: int = 1
    name: str = ""
    sort: str = "ap_academy"
    la: str = ""
    estab: str = ""
    address: str = ""
    school_year: int = 0
    half_terms: tuple[DraftTerm, ...] = ()
    closures: tuple[DraftClosure, ...] = ()
    groups: tuple[str, ...] = ()
    people: tuple[DraftPerson, ...] = ()
    school: str = ""
    code_confirmed: bool = False


def without_password(address: str) -> str:
    """A database address without the password in it, which is never kept in a file; any other address as it is."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    query = "&".join(q for q in parts.query.split("&") if q and not q.lower().startswith("password="))
    who, at, where = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who.split(':')[0]}{at}{where}", query=query))


def preferences_path() -> Path:
    """Where the preferences are kept."""
    return data_dir() / "preferences.toml"


def draft_path() -> Path:
    """Where an unfinished set-up is kept."""
    return data_dir() / "set-up.toml"


def read_preferences() -> Preferences:
    """The preferences, defaults where there are none or where a value cannot be right."""
    from approgress.style import THEMES

    found = _read(preferences_path(), Preferences)
    sane: dict[str, Any] = {}
    if found.theme not in THEMES:
        sane["theme"] = "light"
    if found.text_percent not in (100, 125, 150, 175, 200):
        sane["text_percent"] = 100
    if not 0 <= found.idle_minutes <= 240:
        sane["idle_minutes"] = 5
    return Preferences(**(_shallow(found) | sane))


def write_preferences(wanted: Preferences) -> None:
    """Keep the preferences. Trouble where the file cannot be written; the old one is then untouched."""
    _write(preferences_path(), wanted)


def change_preferences(**changes: Any) -> Preferences:
    """Read, change some and keep; returns what is kept now. A disk that is full costs the preference and nothing else."""
    from approgress.domain.errors import Trouble

    wanted = Preferences(**(_shallow(read_preferences()) | changes))
    try:
        write_preferences(wanted)
    except (Trouble, OSError):
        pass
    return wanted


def read_draft() -> SetUpDraft | None:
    """The unfinished set-up, or None."""
    return _read(draft_path(), SetUpDraft) if draft_path().exists() else None


def write_draft(draft: SetUpDraft | None) -> None:
    """Keep an unfinished set-up; None: it is finished or given up. Trouble where the file cannot be written."""
    if draft is None:
        draft_path().unlink(missing_ok=True)
    else:
        _write(draft_path(), draft)


def _shallow(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in fields(record)}


def _write(path: Path, record: Any) -> None:
    import tomli_w

    from approgress.store.keys import write_whole

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, tomli_w.dumps({k: _plain(v) for k, v in asdict(record).items()}).encode())


def _plain(value: Any) -> Any:
    """TOML has lists and no tuples."""
    return [_plain(v) for v in cast("tuple[Any, ...]", value)] if isinstance(value, tuple | list) else value


def _read(path: Path, cls: type[T]) -> T:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return cls()
    return _made(cls, raw) or cls()


def _made(cls: type[T], raw: object) -> T | None:
    """A dataclass from a table; values of another type are left at their default, None where one without default is missing."""
    if not isinstance(raw, dict):
        return None
    hints = get_type_hints(cls)
    kept = {name: value for name in hints if name in raw and (value := _value(hints[name], raw[name])) is not None}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    try:
        return cls(**kept)
    except TypeError:
        return None


def _value(hint: Any, value: Any) -> Any:
    inner = getattr(hint, "__args__", ())
    if inner:
        if not isinstance(value, list):
            return None
        made: list[Any] = [_value(inner[0], v) for v in cast("list[Any]", value)]
        return tuple(v for v in made if v is not None)
    if hint in (str, int, bool, date):
        return value if type(value) is hint else None
    return _made(hint, value)
