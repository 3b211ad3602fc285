"""Which reports of a demonstration school still lie about when it is wiped: the folders reports went to are remembered, never a file's name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from approgress.paths import data_dir

_MOST_FOLDERS: Final = 40
_MOST_FILES: Final = 400
_MOST_BYTES: Final = 30_000_000
_MADE_HERE: Final = b"/Creator (approgress)"


def _note() -> Path:
    return data_dir() / "report-folders.txt"


def report_folders() -> list[Path]:
    """The folders that reports went to on this computer, the latest first."""
    try:
        return [Path(line) for line in _note().read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        return []


def remember_folder(folder: Path) -> None:
    """Remembers that a report went to a folder. Where that cannot be noted nothing is lost but the note."""
    before = report_folders()
    if before[:1] == [folder] or "\n" in str(folder):
        return
    lines = [str(folder), *(str(f) for f in before if f != folder)][:_MOST_FOLDERS]
    part = _note().with_suffix(".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("\n".join(lines) + "\n", "utf-8")
        os.replace(part, _note())
    except (OSError, UnicodeEncodeError):
        return


def papers_left(school_name: str) -> list[Path]:
    """Reports that this program made for a school of that name and that still lie in a remembered folder, by folder and name."""
    author = f"/Author ({school_name})".encode("ascii", "replace")
    found: list[Path] = []
    for folder in report_folders():
        try:
            files = sorted((f for f in folder.iterdir() if f.suffix.lower() == ".pdf"), key=lambda f: -f.stat().st_mtime)[:_MOST_FILES]
            found += sorted(f for f in files if f.stat().st_size <= _MOST_BYTES and _made_for(f.read_bytes(), author))
        except OSError:
            continue  # a folder that is not there holds nothing that we could name
    return found


def _made_for(content: bytes, author: bytes) -> bool:
    return content.startswith(b"%PDF") and _MADE_HERE in content and author in content


def papers_words(papers: list[Path]) -> str:
    """What is said of them after the school is gone; '' where there are none."""
    if not papers:
        return ""
    folders = list(dict.fromkeys(p.parent for p in papers))
    names = ", ".join(p.name for p in papers[:3]) if len(papers) <= 3 else f"{len(papers)} files"
    where = f" and {len(folders) - 1} more {'folder' if len(folders) == 2 else 'folders'}" if len(folders) > 1 else ""
    one = len(papers) == 1
    return (
        f"{'A report' if one else 'Reports'} made from it {'was' if one else 'were'} left where {'it lies' if one else 'they lie'}: "
        f"{names} in {folders[0]}{where}. Delete {'it' if one else 'them'} there if you do not want {'it' if one else 'them'} any more."
    )
