"""Crash handling: a report without names, a hard crash told at the next start, and nothing said after a clean end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Refusal, Trouble
from approgress.paths import log_dir
from approgress.ui import crash
from approgress.ui.forms.failure import FailureDialog

CHILD = "Amara Bell"


def _fail(pupil: str) -> None:
    raise ValueError(f"cannot read {pupil}")


def _caught() -> tuple[type[BaseException], BaseException]:
    try:
        try:
            _fail(CHILD)
        except ValueError:
            raise KeyError(CHILD)  # noqa: B904 - the chain is what is tested
    except KeyError as error:
        return type(error), error


def test_a_report_has_kinds_and_frames_and_no_value_message_or_folder() -> None:
    kind, error = _caught()
    text = crash.report_text(kind, error, error.__traceback__)
    assert "KeyError" in text and "ValueError" in text
    assert "test_crash.py" in text and " in _fail" in text
    assert CHILD not in text and "cannot read" not in text
    assert str(Path(__file__).parent) not in text and str(Path.home()) not in text


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/a person/x/approgress/ui/pages/setting.py", "approgress/ui/pages/setting.py"),
        ("/srv/approgress/x/approgress/ui/crash.py", "approgress/ui/crash.py"),
        ("C:\\Users\\A Person\\approgress\\school\\school.py", "approgress/school/school.py"),
        ("/opt/env/lib/python3.11/site-packages/sqlalchemy/engine/base.py", "sqlalchemy/engine/base.py"),
        ("/usr/lib/python3.11/json/decoder.py", "decoder.py"),
    ],
)
def test_paths_are_shortened(path: str, short: str) -> None:
    assert crash.short_path(path) == short


def test_reports_are_kept_and_thinned() -> None:
    from datetime import datetime, timedelta

    for i in range(crash.KEPT_REPORTS + 4):
        assert crash.write_report(f"{i}\n", datetime(2026, 11, 24) + timedelta(minutes=i)) is not None
    kept = sorted(log_dir().glob("crash-*.txt"))
    assert len(kept) == crash.KEPT_REPORTS
    assert kept[-1].read_text() == f"{crash.KEPT_REPORTS + 3}\n"


def test_hooks_tell_by_guilt(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, str]] = []
    hooks = crash.Hooks(lambda sentence, report: told.append((sentence, report)))
    try:
        assert sys.excepthook == hooks.caught
        trouble = Trouble("The disk is full.")
        sys.excepthook(Trouble, trouble, None)
        sys.excepthook(Refusal, Refusal("No."), None)
        kind, error = _caught()
        sys.excepthook(kind, error, error.__traceback__)
    finally:
        hooks.remove()
    assert told[0] == ("The disk is full.", "") and told[1] == ("No.", "")
    assert told[2][0] == crash.WENT_WRONG and "KeyError" in told[2][1]
    assert len(list(log_dir().glob("crash-*.txt"))) == 1
    assert CHILD not in capsys.readouterr().err
    assert sys.excepthook != hooks.caught


def test_a_thread_that_fails_is_told_too() -> None:
    told: list[tuple[str, str]] = []
    hooks = crash.Hooks(lambda sentence, report: told.append((sentence, report)))
    try:
        thread = threading.Thread(target=_fail, args=(CHILD,), name="import")
        thread.start()
        thread.join()
    finally:
        hooks.remove()
    assert len(told) == 1 and "in the thread import" in told[0][1] and CHILD not in told[0][1]


def test_a_clean_end_leaves_nothing_to_tell() -> None:
    crash.start_fault_file()
    assert list(log_dir().glob("fault-*.txt"))
    crash.end_fault_file()
    assert not list(log_dir().glob("fault-*.txt"))
    assert crash.read_fault_files() == ""


def _run(code: str) -> int:
    program = "from approgress.ui import crash; crash.start_fault_file()\n" + code
    if sys.platform != "win32":  # a machine that keeps memory images of crashes would leave one here
        program = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n" + program
    return subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, check=False).returncode


def test_a_hard_crash_is_told_once_and_reported_without_folders() -> None:
    assert _run("import ctypes; ctypes.string_at(0)") != 0
    assert crash.read_fault_files() == crash.CRASHED
    assert crash.read_fault_files() == ""
    (report,) = log_dir().glob("crash-*.txt")
    text = report.read_text()
    assert "string_at" in text and "/" not in text.replace(str(report.name), "").split("hard crash")[1].replace("ctypes/", "")


def test_a_kill_is_told_in_its_own_words() -> None:
    if sys.platform == "win32":
        pytest.skip("Windows ends a process in another way")
    assert _run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)") == -9
    assert crash.read_fault_files() == crash.CUT_OFF
    assert "saved" in crash.CUT_OFF


def test_the_file_of_a_running_window_is_left_alone() -> None:
    (log_dir() / f"fault-{os.getppid()}.txt").write_text("")
    assert crash.read_fault_files() == ""
    assert (log_dir() / f"fault-{os.getppid()}.txt").exists()


def test_the_dialog_is_calm_and_shows_the_report_when_asked(qtbot: QtBot) -> None:
    dialog = FailureDialog(crash.WENT_WRONG, "ValueError\n  approgress/ui/x.py:3 in y\n")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.main_button.hasFocus() or dialog.main_button.isDefault()
    assert not dialog._report.isVisible()
    dialog.show_button.click()
    assert dialog._report.isVisible() and "approgress/ui/x.py" in dialog._report.value()
