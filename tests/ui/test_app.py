"""main(): commands without Qt, no screen, what is loaded before the first paint, and the whole way from a file to the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from approgress import app

HEAVY = ("sqlalchemy", "numpy", "pyqtgraph", "reportlab", "pandas", "openpyxl")


def _python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=90)


def test_a_command_without_a_window_imports_no_qt() -> None:
    done = _python("import sys; from approgress.app import main; c = main(['check', 'nowhere.approgress']); print(c, any('PySide' in m for m in sys.modules))")
    assert done.stdout.strip() == "3 False", done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux may have no screen")
@pytest.mark.parametrize("arguments", [[], ["open", __file__]])
def test_without_a_screen_one_sentence_and_3(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.main(arguments) == 3
    said = capsys.readouterr().err.strip()
    assert said == app.NO_SCREEN and "\n" not in said


def test_open_of_a_file_that_is_not_there_is_3(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert app.main(["open", str(tmp_path / "no.approgress")]) == 3
    assert "There is no file" in capsys.readouterr().err


def test_pictures_refuse_a_size_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for wrong in (["--size", "big"], ["--scale", "110"]):
        assert app.main(["pictures", str(tmp_path / "s.approgress"), "--out", str(tmp_path), *wrong]) == 3
        assert "Nothing was written" in capsys.readouterr().err


def test_before_the_first_paint_nothing_heavy_is_loaded_and_after_it_the_store_is(tmp_path: Path) -> None:
    """performance.md, U3."""
    code = """
import sys, threading
from approgress.ui.main_window import MainWindow
HEAVY = HEAVY_ONES
paint = MainWindow.paintEvent
seen = []
def painted(self, event):
    paint(self, event)
    if not seen:
        seen.append([m for m in HEAVY if m in sys.modules])
MainWindow.paintEvent = painted
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
def look():
    if "sqlalchemy" in sys.modules and "argon2.low_level" in sys.modules and "approgress.school.school" in sys.modules:
        QApplication.topLevelWidgets()[0].close()
    else:
        QTimer.singleShot(50, look)
from approgress.ui import start
real = start.start_application
def made(arguments=None):
    app = real(arguments)
    QTimer.singleShot(50, look)
    return app
start.start_application = made
from approgress.app import main
print(main([]), seen)
""".replace("HEAVY_ONES", repr(HEAVY))
    done = _python(code, APPROGRESS_DATA_DIR=str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.stdout.strip() == "0 [[]]", done.stdout + done.stderr
    assert not list((tmp_path / "logs").glob("fault-*")), "a clean end leaves no fault file"
