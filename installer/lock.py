"""Renew the locked requirements from pyproject.toml: python installer/lock.py [--upgrade] [package ...].

Writes installer/requirements.txt (to run) and installer/requirements-test.txt (to run and test), with hashes, for every system and for
Python 3.11 and later. Versions that are locked stay, except with --upgrade (all of them, or the packages named). Needs `uv` on the path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHY = """\
# Locked by installer/lock.py from pyproject.toml: change it there, then renew.
# Hashes only, no address: it installs from whatever index the machine is set to.
"""


def main(arguments: list[str]) -> int:
    """Lock both lists; returns 0, or uv's exit code."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        print("There is no uv on the path (pip install uv). Nothing was changed.", file=sys.stderr)
        return 3
    upgrade: list[str] = []
    if "--upgrade" in arguments:
        named = [a for a in arguments if a != "--upgrade"]
        upgrade = [f"--upgrade-package={name}" for name in named] or ["--upgrade"]
    shape = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--generate-hashes"]
    shape += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet", "--constraints", "constraints.txt"]
    # the tests' list first: what both hold gets the same version in the other
    for name, extra, like in (
        ("requirements-test.txt", ["--extra", "test"], []),
        ("requirements.txt", [], ["--constraints", "requirements-test.txt"]),
    ):
        lock = HERE / name
        command = [uv, "pip", "compile", "../pyproject.toml", *extra, *shape, *like, *upgrade, "--no-annotate", "--output-file", name]
        code = subprocess.run(command, cwd=HERE, stdout=subprocess.DEVNULL, check=False).returncode
        if code:
            return code
        lock.write_text(WHY + lock.read_text(encoding="utf-8").removeprefix(WHY), encoding="utf-8", newline="\n")
        print(f"{name}: {sum('==' in line for line in lock.read_text(encoding='utf-8').splitlines())} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
