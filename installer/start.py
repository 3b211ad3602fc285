"""Set approgress up in this checkout and start it: python3 installer/start.py; with --tests, run all tests instead.

Makes .venv with the locked packages, sees that Qt's system libraries are there, and opens the window with the demonstration school.
Without a screen it makes the demonstration school and its reports instead. Needs nothing but Python 3.11 or later.
"""

# An old Python has to be able to read this file, to be told in words that it is too old: hence annotations in quotes.

import argparse
import base64
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

ROOT = Path(os.path.abspath(__file__)).parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "approgress-set-up.json"
# there from before the first package until after the last: an environment with it is half made
UNFINISHED = VENV / "approgress-unfinished"
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
COMMAND = BIN / ("approgress.exe" if WINDOWS else "approgress")
OLDEST = (3, 11)

# Debian's names of the libraries that Qt's own files ask for
OFFSCREEN = ["libglib2.0-0", "libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3"]
X11 = [
    *["libx11-xcb1", "libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"],
    *["libxcb-render-util0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-xfixes0", "libxcb-xkb1"],
]
WAYLAND = ["libwayland-client0", "libwayland-cursor0", "libwayland-egl1"]

LOAD_QT = "from PySide6 import QtCore, QtGui, QtWidgets"
LOAD_PLATFORM = (
    LOAD_QT + "; import ctypes; ctypes.CDLL(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath) + '/platforms/lib{}.so')"
)
OPEN_SCREEN = LOAD_QT + "; app = QtGui.QGuiApplication([]); assert app.primaryScreen() is not None"


class Stop(Exception):
    """It cannot go on; the text says what happened and what to do."""


def say(*lines: object) -> None:
    for line in lines:
        print(line, flush=True)


def clean_environment(**more: str) -> "dict[str, str]":
    """The environment for what is started here: nothing of another Python project, no pip setting that puts packages elsewhere."""
    drop = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"}
    environment = {k: v for k, v in os.environ.items() if k not in drop}
    environment.update({"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}, **more)
    return environment


def run(command: "Sequence[str | Path]", **more: "Any") -> "subprocess.CompletedProcess[str]":
    """Run a command without input and return what it left and said."""
    more.setdefault("env", clean_environment())
    try:
        return subprocess.run(
            [str(c) for c in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            **more,
        )
    except OSError as error:
        return subprocess.CompletedProcess([], 127, str(error))
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess([], 124, str(error))


def last_lines(text: str, count: int = 12) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join("    " + line for line in lines[-count:])


# ----- the environment ---------------------------------------------------------------------------------------------


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wanted(tests: bool) -> "dict[str, str]":
    """What the stamp of a finished environment says: which lists it holds, of which project, where."""
    stamp = {"place": str(ROOT), "project": digest(ROOT / "pyproject.toml"), "run": digest(ROOT / "installer" / "requirements.txt")}
    if tests:
        stamp["tests"] = digest(ROOT / "installer" / "requirements-test.txt")
    return stamp


def stamp() -> "dict[str, str]":
    """What the last finished set-up noted; nothing where there was none, or one was broken off."""
    if UNFINISHED.exists():
        return {}
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def set_up(tests: bool) -> None:
    """Make .venv hold the locked packages and the command `approgress`; at once when it does already."""
    want, have = wanted(tests), stamp()
    works = run([PYTHON, "-I", "-c", "import sys; assert sys.version_info >= " + repr(OLDEST)]).returncode == 0
    if works and COMMAND.exists() and all(have.get(k) == v for k, v in want.items()):
        return
    if UNFINISHED.exists():
        say("An earlier set-up was not finished; it is done again from the start.")
    if UNFINISHED.exists() or (VENV.exists() and not works):
        shutil.rmtree(str(VENV), ignore_errors=WINDOWS)
    fresh = not PYTHON.exists()
    VENV.mkdir(exist_ok=True)
    UNFINISHED.write_text("")
    if fresh:
        say(f"Making the environment in {VENV} ...")
        make_venv()
    kind = "tests" if tests else "run"
    if have.get(kind) != want[kind] or not works:
        install("requirements-test.txt" if tests else "requirements.txt")
    link()
    # the tests' list holds all of the other one
    kept = {} if fresh else {k: v for k, v in have.items() if k == "tests"}
    STAMP.write_text(json.dumps({**kept, **want}, indent=1), encoding="utf-8")
    UNFINISHED.unlink()


def make_venv() -> None:
    """Make .venv; also with Debian's python3, which may lack what venv needs for pip."""
    done = run([sys.executable, "-m", "venv", VENV])
    if done.returncode == 0:
        return
    bare = run([sys.executable, "-m", "venv", "--without-pip", VENV])
    if bare.returncode == 0 and pip() is not None:
        return
    package = f"python3.{sys.version_info[1]}-venv"
    if may_install() and install_system([package]):
        done = run([sys.executable, "-m", "venv", VENV])
        if done.returncode == 0:
            return
    if shutil.which("apt-get"):
        raise Stop(
            "This Python cannot make an environment with pip. Install what it lacks with this line, then run the same command again:\n\n"
            f"    sudo apt-get install -y {package}\n"
        )
    raise Stop(f"This Python could not make an environment in {VENV}:\n{last_lines(done.stdout)}")


def pip() -> "list[str | Path] | None":
    """The command that installs into .venv: its own pip, or that of the Python we run under; None when neither can."""
    if run([PYTHON, "-m", "pip", "--version"]).returncode == 0:
        return [PYTHON, "-m", "pip"]
    other = [sys.executable, "-m", "pip", "--python", PYTHON]
    return other if run([*other, "--version"]).returncode == 0 else None


def install(name: str) -> None:
    """Install a locked list. Only built packages: what a source package needs for building is in no list and has no hash."""
    lock = ROOT / "installer" / name
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Fetching and installing about {count} packages; the first time this takes a few minutes ...")
    found = pip()
    if found is None:
        raise Stop(f"There is no pip that could install into {VENV}. Remove that folder and run the same command again.")
    command = [*found, "install", "--require-hashes", "--only-binary", ":all:", "--no-deps", "--progress-bar", "off", "-r", lock]
    process = subprocess.Popen(
        [str(c) for c in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=clean_environment(PYTHONIOENCODING="utf-8"),
    )
    told, collected = [], 0
    try:
        for line in process.stdout or ():
            told.append(line)
            if line.startswith("Collecting "):
                collected += 1
                if sys.stdout.isatty():
                    print("\r{} of {} {:<50.50}".format(collected, count, line.split()[1].partition("==")[0]), end="", flush=True)
            elif line.startswith("Installing collected") and sys.stdout.isatty():
                print("\r{:<70}".format("Unpacking ..."), end="", flush=True)
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if sys.stdout.isatty():
        print("\r{:<70}\r".format(""), end="", flush=True)
    if code:
        raise Stop(
            "The packages could not be installed. Is the network there, and is this Python ({}) one that they are made for? "
            "Run the same command again; it goes on by itself. pip said:\n\n{}".format(
                ".".join(map(str, sys.version_info[:3])), last_lines("".join(told))
            )
        )


def link() -> None:
    """Put this checkout and its command `approgress` into .venv.

    As a wheel made here, of nothing but a path and the names of the commands: pip then makes the commands as each system wants them,
    and no build tool has to be fetched. The path is relative, so that no letter in it can be misread.
    """
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    asked = run([PYTHON, "-I", "-X", "utf8", "-c", "import json, sysconfig; print(json.dumps(sysconfig.get_path('purelib')))"])
    if asked.returncode:
        raise Stop(f"The environment {VENV} does not work: {last_lines(asked.stdout)}")
    packages = os.path.realpath(json.loads(asked.stdout))
    about = f"{name}-{version}.dist-info/"
    metadata = ["Metadata-Version: 2.1", "Name: " + name, "Version: " + version, "Requires-Python: " + project["requires-python"]]
    files = {
        name + ".pth": os.path.relpath(os.path.realpath(str(ROOT)), packages) + "\n",
        about + "METADATA": "\n".join([*metadata, *("Requires-Dist: " + d for d in project["dependencies"])]) + "\n",
        about + "WHEEL": "Wheel-Version: 1.0\nGenerator: approgress\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        about + "entry_points.txt": "[console_scripts]\n" + "".join("{} = {}\n".format(*s) for s in project["scripts"].items()),
    }
    record = []
    for path, text in files.items():
        raw = hashlib.sha256(text.encode()).digest()
        record.append("{},sha256={},{}\n".format(path, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), len(text.encode())))
    files[about + "RECORD"] = "".join(record) + about + "RECORD,,\n"
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(str(wheel), "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        done = run([*(pip() or [PYTHON, "-m", "pip"]), "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", wheel])
    if done.returncode or not COMMAND.exists():
        raise Stop(f"The command approgress could not be made in {BIN}:\n{last_lines(done.stdout)}")
    if not WINDOWS and set(str(PYTHON)) & set('$`"\\'):
        # pip's own command puts the path in double quotes, where the shell reads these letters
        COMMAND.write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m approgress "$@"\n', encoding="utf-8")


# ----- system libraries --------------------------------------------------------------------------------------------


def root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def may_install() -> bool:
    """Whether system packages can be installed without asking anybody: as root, or by sudo without a password."""
    if not shutil.which("apt-get"):
        return False
    return root() or (shutil.which("sudo") is not None and run(["sudo", "-n", "true"]).returncode == 0)


def install_system(packages: "list[str]") -> bool:
    """Install Debian packages; returns whether that worked."""
    say("Installing system packages: {} ...".format(" ".join(packages)))
    before = [] if root() else ["sudo", "-n"]
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    command = [*apt, "install", "--no-install-recommends", *packages]
    done = run(command)
    if done.returncode:
        # on a fresh machine the lists of packages are missing or old
        run([*apt, "update"])
        done = run(command)
    if done.returncode:
        say("apt-get could not install them:", last_lines(done.stdout))
    return done.returncode == 0


def not_installed(packages: "list[str]") -> "list[str]":
    """Those that dpkg does not know as installed; all of them where that says nothing."""
    out = []
    for package in packages:
        asked = run(["dpkg-query", "-W", "-f", "${Status}", package])
        if asked.returncode or "install ok installed" not in asked.stdout:
            out.append(package)
    return out or list(packages)


def loads(code: str, **environment: str) -> "str | None":
    """What Python said when it could not run `code` in .venv; None when it could."""
    try:
        done = run([PYTHON, "-I", "-c", code], env=clean_environment(**environment), timeout=120)
    except UnicodeEncodeError as error:
        return str(error)
    return None if done.returncode == 0 else (done.stdout.strip() or f"it ended with {done.returncode}")


def need_libraries(code: str, packages: "list[str]", purpose: str) -> None:
    """See that `code` runs in .venv; where system libraries keep it from that, install them or say the line that does."""
    said = loads(code, QT_QPA_PLATFORM="offscreen")
    if said is None:
        return
    missing = not_installed(packages)
    if may_install() and install_system(missing):
        said = loads(code, QT_QPA_PLATFORM="offscreen")
        if said is None:
            return
    elif shutil.which("apt-get"):
        raise Stop(
            "System libraries for {} are missing, and they cannot be installed from here without an administrator. "
            "Run this line, then the same command again:\n\n    sudo apt-get install -y {}\n".format(purpose, " ".join(missing))
        )
    raise Stop(f"Qt cannot be loaded for {purpose}. Python said:\n\n{last_lines(said, 4)}\n")


def linux() -> bool:
    return sys.platform.startswith("linux")


def screen() -> "tuple[bool, str]":
    """Whether a window can be opened, and if not the sentence that says why."""
    if not linux():
        return True, ""
    if os.environ.get("DISPLAY"):
        need_libraries(LOAD_PLATFORM.format("qxcb"), [*OFFSCREEN, *X11], "the window")
        name = "DISPLAY is " + os.environ["DISPLAY"]
    elif os.environ.get("WAYLAND_DISPLAY"):
        need_libraries(LOAD_PLATFORM.format("qwayland"), [*OFFSCREEN, *WAYLAND], "the window")
        name = "WAYLAND_DISPLAY is " + os.environ["WAYLAND_DISPLAY"]
    else:
        return False, "There is no screen here"
    if loads(OPEN_SCREEN) is not None:
        return False, f"The screen does not answer ({name})"
    return True, ""


# ----- what is started ---------------------------------------------------------------------------------------------


def approgress(*arguments: object) -> int:
    """Run the program; returns its exit code."""
    return subprocess.call([str(PYTHON), "-P", "-m", "approgress", *map(str, arguments)], env=clean_environment())


def demonstration_folder() -> Path:
    """Where the demonstration school lies: in this person's local data folder, since a checkout may be synchronised elsewhere."""
    asked = run(
        [PYTHON, "-I", "-X", "utf8", "-c", "import json; from approgress.paths import data_dir; print(json.dumps(str(data_dir())))"]
    )
    if asked.returncode:
        raise Stop(f"The data folder could not be found or made:\n\n{last_lines(asked.stdout, 3)}\n")
    return Path(json.loads(asked.stdout)) / "demonstration"


def demonstrate(folder: Path, reports: bool) -> "tuple[Path, int]":
    """Make the demonstration school, and its reports if asked, where they are not there yet; returns the school's file and an exit code."""
    school, unfinished = folder / "demonstration.approgress", folder / "unfinished"
    pages = folder / "reports"
    if unfinished.exists() and unfinished.read_text() == "school":
        shutil.rmtree(str(folder))
    code = 0
    if not school.exists():
        say("Making the demonstration school (invented pupils) ...")
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text("school")
        code = approgress("demo", folder, *(["--reports"] if reports else []))
    elif reports and (unfinished.exists() or not any(pages.glob("*.pdf"))):
        say("Making the reports of the demonstration school ...")
        unfinished.write_text("reports")
        code = approgress("report", school, "--all", "--out", pages)
    if code not in (0, 1):
        raise Stop(f"The demonstration school could not be made in {folder}; the reason stands above.")
    if unfinished.exists():
        unfinished.unlink()
    return school, code


def start(window: bool) -> int:
    """Open the window with the demonstration school, or make it and its reports where there is no screen."""
    set_up(tests=False)
    if linux():
        need_libraries(LOAD_QT, OFFSCREEN, "Qt")
    here, why = screen() if window else (False, "No window was asked for")
    folder = demonstration_folder()
    if here:
        school, _ = demonstrate(folder, reports=False)
        say("Opening the window. From now on it can be opened with:", f"    {quoted(COMMAND)} open {quoted(school)}")
        return approgress("open", school)
    say(why + ", so instead of opening the window this makes the demonstration school and its reports.")
    school, code = demonstrate(folder, reports=True)
    say(
        f"The demonstration school: {school}",
        "Its reports ({} PDF files): {}".format(len(list((folder / "reports").glob("*.pdf"))), folder / "reports"),
        f"All commands: {quoted(COMMAND)} --help",
    )
    return code


def quoted(path: Path) -> str:
    return f'"{path}"' if WINDOWS else shlex.quote(str(path))


def test(arguments: "list[str]") -> int:
    """Run all tests; returns pytest's exit code."""
    set_up(tests=True)
    more = {}
    if linux():
        need_libraries(LOAD_QT, OFFSCREEN, "Qt")
        more["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.call([str(PYTHON), "-m", "pytest", "-n", "2", *arguments], cwd=str(ROOT), env=clean_environment(**more))


def too_old(version: "Sequence[Any]") -> "str | None":
    """The sentence for a Python that is too old; None for one that is not."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return (
        "approgress needs Python {}.{} or later, and this is Python {}.{}. Nothing was changed. "
        "Install a newer Python (python.org, or your system's packages) and run this file with it.".format(*OLDEST, *version[:2])
    )


def main(arguments: "list[str]") -> int:
    sentence = too_old(sys.version_info)
    if sentence:
        say(sentence)
        return 3
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--tests", nargs=argparse.REMAINDER, metavar="...", help="run all tests; what follows is passed on to pytest")
    what.add_argument("--no-window", action="store_true", help="make the demonstration school and its reports, as where there is no screen")
    options = parser.parse_args(arguments)
    try:
        if options.tests is not None:
            return test(options.tests)
        return start(window=not options.no_window)
    except Stop as stop:
        say(str(stop))
        return 3
    except OSError as error:
        say(f"It could not be set up: {error}. Mend that and run the same command again; it goes on by itself.")
        return 3
    except KeyboardInterrupt:
        say("", "Stopped. Run the same command again; it goes on by itself.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
