"""Where a data file may lie: on a local disk, in no folder that another program synchronises."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from approgress.domain.errors import Trouble

_SYNCED = re.compile(
    r"^(onedrive([ -].*)?|dropbox([ -].*)?|google ?drive([ -].*)?|icloud ?drive|mobile documents|cloudstorage|my drive|nextcloud|owncloud|"
    r"pcloud ?drive|synologydrive|box sync)$",
    re.I,
)
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "sshfs", "fuse.sshfs", "davfs", "fuse.davfs2", "fuse.rclone", "afpfs", "webdav"}
_COPY = re.compile(r"conflicted copy|\bconflict(ed)?\b|in conflict|-(LAPTOP|DESKTOP|PC)[-\w]*(?=\.|$)|\bcopy( \d+| \(\d+\))?(?=\.|$)| \(\d+\)(?=\.|$)", re.I)


def synchronised(path: Path) -> str | None:
    """The part of the path that belongs to a synchronising program, if any; also where a link on the way leads."""
    for place in (os.path.abspath(path), os.path.realpath(path)):
        for part in Path(place).parts:
            if _SYNCED.match(part):
                return part
    for variable in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        root = os.environ.get(variable)
        if root and os.path.realpath(path).lower().startswith(os.path.realpath(root).lower() + os.sep):
            return root
    return None


def on_network(path: Path) -> bool:
    """Whether the folder lies on a network share, as far as the system tells."""
    text = os.path.realpath(path)
    if sys.platform == "win32":
        import ctypes

        if text.startswith("\\\\"):
            return True
        return ctypes.windll.kernel32.GetDriveTypeW(os.path.splitdrive(text)[0] + "\\") == 4  # DRIVE_REMOTE
    try:
        mounts = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    best, sort = "", ""
    for line in mounts:
        _, point, fs, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if (text == point or text.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, sort = point, fs
    return sort in _NETWORK


def refuse_unsafe(path: Path) -> None:
    """Trouble when a live data file must not lie there: SQLite on a share or a synchronised folder loses data."""
    from approgress.paths import data_dir

    folder = synchronised(path)
    if folder is not None:
        raise Trouble(
            f"The school's file cannot live in {folder}: a synchronised folder can damage it while it is open. "
            f"Nothing was written. Choose a folder on this computer, such as {data_dir()}; backups may go to {folder}."
        )
    if on_network(path):
        raise Trouble(
            f"{path.parent} is on a network drive, where the school's file can be damaged. Nothing was written. "
            f"Choose a folder on this computer, such as {data_dir()}; backups may go to the network drive."
        )


def conflict_copies(path: Path) -> list[Path]:
    """Files beside a data file that look like copies made by a synchronising program; nothing is taken from them."""
    stem = path.stem.split(" (")[0]
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:
        return []
    return [
        p
        for p in beside
        if p != path and p.suffix == path.suffix and p.stem != path.stem and p.stem.startswith(stem) and _COPY.search(p.name[len(stem) :])
    ]
