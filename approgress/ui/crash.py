"""What happens when the program itself fails: a report without names, a calm word to the person, and what the next start says.

A report holds the kind of error and the frames it came through: file inside the program, line, function. Never a value, never a
message (which may quote one), never a path of this computer. A hard crash is caught by faulthandler into a file of this process, which
the next start reads.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

from approgress import __version__
from approgress.domain.errors import Refusal, Stopped, Trouble
from approgress.paths import log_dir

KEPT_REPORTS: Final = 20

CRASHED: Final = (
    "The program closed unexpectedly last time. Nothing that was shown as saved is lost. "
    "A report without names is in the folder of logs, for whoever helps you."
)
CUT_OFF: Final = "The program was ended from outside last time (power, restart or a crash). Nothing that was shown as saved is lost."
WENT_WRONG: Final = (
    "Something went wrong inside the program, and what you did just now may not have been done. "
    "Everything that was shown as saved is saved. You can go on; if it happens again, close the program and open it."
)

_fault_file: TextIO | None = None


def short_path(path: str) -> str:
    """Where a file of code lies, without this computer's folders: 'approgress/ui/pages/setting.py', 'sqlalchemy/engine/base.py'."""
    parts = Path(path.replace("\\", "/")).parts
    for root in ("site-packages", "dist-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    if "approgress" in parts:
        return "/".join(parts[len(parts) - 1 - parts[::-1].index("approgress") :])
    return parts[-1] if parts else "unknown"


def report_text(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, *, where: str = "") -> str:
    """A report of an error: what kind, through which frames; no message and no value."""
    lines = [f"approgress {__version__}", f"Python {sys.version.split()[0]} on {sys.platform}"]
    if "PySide6" in sys.modules:
        lines.append(f"Qt {sys.modules['PySide6'].__version__}")
    lines += [f"{datetime.now():%Y-%m-%d %H:%M:%S}", ""]
    seen: set[int] = set()
    chain: list[tuple[type[BaseException], TracebackType | None]] = []
    while True:
        chain.append((kind, trace))
        if error is None:
            break
        seen.add(id(error))
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None or id(before) in seen:
            break
        error, kind, trace = before, type(before), before.__traceback__
    for number, (kind, trace) in enumerate(reversed(chain)):
        if number:
            lines += ["", "and while that was handled:"]
        lines.append(f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ != "builtins" else kind.__qualname__)
        for frame in traceback.extract_tb(trace):
            lines.append(f"  {short_path(frame.filename)}:{frame.lineno} in {frame.name}")
    if where:
        lines.append(f"in the thread {where}")
    return "\n".join(lines) + "\n"


def write_report(text: str, now: datetime | None = None) -> Path | None:
    """Keep a report in the folder of logs; None where it cannot be written. The oldest go when there are more than twenty."""
    now = now or datetime.now()
    try:
        folder = log_dir()
        path = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
        path.write_text(text, encoding="utf-8")
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def start_fault_file() -> None:
    """Have faulthandler write a hard crash of this process into a file of its own."""
    global _fault_file
    end_fault_file()
    try:
        _fault_file = open(log_dir() / f"fault-{os.getpid()}.txt", "w", encoding="utf-8")  # noqa: SIM115
        faulthandler.enable(_fault_file)
    except (OSError, ValueError, RuntimeError):
        _fault_file = None


def end_fault_file() -> None:
    """A clean end: nothing for the next start to tell."""
    global _fault_file
    if _fault_file is None:
        return
    name = _fault_file.name
    faulthandler.disable()
    _fault_file.close()
    _fault_file = None
    Path(name).unlink(missing_ok=True)


def read_fault_files() -> str:
    """What the last start of the program left: a sentence for the person, or ''. The files are turned into reports and taken away."""
    sentence = ""
    try:
        files = sorted(log_dir().glob("fault-*.txt"))
    except OSError:
        return ""
    for path in files:
        process = path.stem.removeprefix("fault-")
        # a file with our own number is of an earlier process that had it: ours is only begun after this
        if not process.isdecimal() or (int(process) != os.getpid() and _runs(int(process))):
            continue
        try:
            text = path.read_text("utf-8", "replace")
            path.unlink()
        except OSError:
            continue
        if text.strip():
            write_report(f"approgress {__version__} on {sys.platform}, a hard crash\n\n{_shortened(text)}")
            sentence = CRASHED
        else:
            sentence = sentence or CUT_OFF
    return sentence


def _runs(process: int) -> bool:
    """Whether a process with that number runs (another one may have taken the number: then the file waits)."""
    if sys.platform == "win32":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == 259  # STILL_ACTIVE
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _shortened(text: str) -> str:
    """The lines of a faulthandler file with paths shortened; only lines of its own shapes are kept."""
    kept: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith('File "') and '", line ' in stripped:
            path, _, rest = stripped[6:].partition('", line ')
            kept.append(f"  {short_path(path)}:{rest}")
        elif stripped.startswith(("Fatal Python error", "Windows fatal exception", "Thread 0x", "Current thread 0x", "Extension modules")):
            kept.append(stripped.split(":")[0] if stripped.startswith("Extension modules") else stripped)
    return "\n".join(kept) + "\n"


class Hooks:
    """Takes over what nobody caught, in any thread; `tell(sentence, report)` is called for the person, in the thread of the error."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        self._tell = tell
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.caught
        threading.excepthook = self._in_thread

    def remove(self) -> None:
        """Put back what was there."""
        sys.excepthook, threading.excepthook = self._before

    def caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, where: str = "") -> None:
        """An error that nobody caught. One of the world, or of a rule, is not a defect: its sentence is said and no report is written."""
        if issubclass(kind, KeyboardInterrupt | SystemExit | GeneratorExit):
            self._before[0](kind, error, trace)  # type: ignore[arg-type]
            return
        if isinstance(error, Stopped):
            return
        if isinstance(error, Refusal | Trouble):
            self._tell(error.sentence, "")
            return
        text = report_text(kind, error, trace, where=where)
        path = write_report(text)
        print(f"A defect was met; the report is {path}." if path else text, file=sys.stderr)
        self._tell(WENT_WRONG, text)

    def _in_thread(self, told: threading.ExceptHookArgs) -> None:
        self.caught(told.exc_type, told.exc_value, told.exc_traceback, told.thread.name if told.thread else "")
