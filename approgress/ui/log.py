"""The log: what the program did and when, a line each, without names, values or paths; kept small."""

from __future__ import annotations

from datetime import datetime
from typing import Final

LARGEST: Final = 200_000


def note(text: str) -> None:
    """Adds a line; a disk that is full or a folder that is gone costs the line and nothing else."""
    from approgress.paths import log_dir

    try:
        path = log_dir() / "approgress.log"
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".old.log"))
        with open(path, "a", encoding="utf-8") as f:
            f.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}\n")
    except OSError:
        pass
