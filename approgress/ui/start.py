"""The start of the window: shown and painted first, then filled, so that a person sees it at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from approgress.ui.garbage import keep_garbage_here
from approgress.ui.main_window import MainWindow, quick_value

if TYPE_CHECKING:
    from approgress.ui.program import Program


def start_application(arguments: list[str] | None = None) -> QApplication:
    """The application object, with what Qt wants to know of the program; the one that is there already, if one is."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    app = QApplication(arguments or ["approgress"])
    app.setApplicationName("approgress")
    app.setDesktopFileName("approgress")
    keep_garbage_here()
    return app


def shell(address: str | None) -> MainWindow:
    """The window as it was left: its size, its colours, whether a school will open in it. Read by a look at a few lines, without a parser."""
    from approgress.paths import data_dir

    file = data_dir() / "preferences.toml"
    width, height = (int(v) if (v := quick_value(file, key)).isdecimal() and len(v) < 5 else 0 for key in ("width", "height"))
    window = MainWindow(width, height)
    window.show_shell(quick_value(file, "theme"), address is not None or quick_value(file, "schools") not in ("", "[]"))
    if quick_value(file, "maximised") == "true":
        window.showMaximized()
    else:
        window.show()
    return window


class Start:
    """Holds what runs until the window is closed."""

    def __init__(self, app: QApplication, *given: Any) -> None:
        self._app, self._given = app, given
        self.program: Program | None = None
        self.window = shell(given[0])
        self.window.painted.connect(self.fill)

    def fill(self) -> None:
        """After the first paint: everything else."""
        from approgress.ui.program import Program

        self.program = Program(self._app, self.window)
        self.program.start(*self._given)


def run(address: str | None = None, passphrase: str | None = None, person: str | None = None) -> int:
    """Opens the window and stays until it is closed; returns the exit code."""
    app = start_application(sys.argv[:1])
    start = Start(app, address, passphrase, person)
    code = app.exec()
    if start.program is not None:
        start.program.end()
    return code
