"""Where files are: the resources that come with the program, and this person's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """A file or folder that comes with the program: inside the installed package, or beside it in a checkout."""
    inside = _HERE / "resources"
    return (inside if inside.is_dir() else _HERE.parent / "resources").joinpath(*parts)


def data_dir() -> Path:
    """This person's local data folder, made when missing; APPROGRESS_DATA_DIR names another."""
    given = os.environ.get("APPROGRESS_DATA_DIR")
    if given:
        folder = Path(given)
    else:
        from platformdirs import user_data_path

        folder = user_data_path("approgress", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def backups_dir() -> Path:
    """Where automatic backups go."""
    folder = data_dir() / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def log_dir() -> Path:
    """Where logs and crash reports go; none of them holds a name."""
    folder = data_dir() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
