"""Where files are: the resources that come with the program, and this person's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

from approgress.domain.errors import Trouble

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """A file or folder that comes with the program: inside the installed package, or beside it in a checkout."""
    inside = _HERE / "resources"
    return (inside if inside.is_dir() else _HERE.parent / "resources").joinpath(*parts)


def data_dir() -> Path:
    """This person's local data folder, made when missing; APPROGRESS_DATA_DIR names another. Trouble where it cannot be made."""
    given = os.environ.get("APPROGRESS_DATA_DIR")
    if given:
        folder = Path(given)
    else:
        from platformdirs import user_data_path

        folder = user_data_path("approgress", appauthor=False)
    return _made(folder)


def backups_dir() -> Path:
    """Where automatic backups go."""
    return _made(data_dir() / "backups")


def log_dir() -> Path:
    """Where logs and crash reports go; none of them holds a name."""
    return _made(data_dir() / "logs")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(
            f"The folder {folder} cannot be made: {error.strerror}. Nothing was changed. "
            "Mend that, or name another folder in the variable APPROGRESS_DATA_DIR."
        ) from error
    return folder
