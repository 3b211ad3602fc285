"""main(): arguments, log, crash handling, window; the only place that knows all parts. What needs no window imports no Qt."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

NO_SCREEN = (
    "There is no screen here, so the window cannot be opened. Nothing was changed. "
    "Everything but the window works without one: approgress --help lists the commands."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        # the parser of the commands is not needed, and its making is a part of the time to the first paint
        return _window(None, None, None)
    from approgress import cli

    if not cli.needs_window(given):
        try:
            return cli.main(given)
        except Exception as e:  # noqa: BLE001 - a traceback may quote a pupil's name
            return cli.unforeseen(e)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    options = cli.parser().parse_args(given)
    if options.command == "pictures":
        return cli.guarded(lambda: _pictures(options))
    if options.command == "open":
        return cli.guarded(lambda: _open(options))
    return _window(None, None, None)


def has_screen() -> bool:
    """Whether a window can be shown: on Linux a display has to be named, or a platform of Qt chosen."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _open(options: argparse.Namespace) -> int:
    from approgress import cli
    from approgress.domain.errors import Trouble

    given: str | None = None
    if options.passphrase_file or os.environ.get("APPROGRESS_PASSPHRASE") is not None:
        given = cli.passphrase(options)
    if "://" not in options.school:
        from pathlib import Path

        path = Path(options.school).expanduser().absolute()
        if not path.exists():
            raise Trouble(f"There is no file {path}. Nothing was changed. Check the name and the folder.")
        options.school = str(path)
    return _window(options.school, given, options.person)


def _pictures(options: argparse.Namespace) -> int:
    import re
    from pathlib import Path

    from approgress import cli
    from approgress.domain.errors import Refusal

    size = re.fullmatch(r"(\d{3,4})x(\d{3,4})", options.size)
    if size is None:
        raise Refusal(f"{options.size!r} is not a size such as 1366x768. Nothing was written.")
    if options.scale not in (100, 125, 150, 175, 200):
        raise Refusal("The scale is 100, 125, 150, 175 or 200. Nothing was written.")
    # both are read by Qt when the application is made, and never after
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = f"{options.scale / 100:g}"
    out = Path(options.out).expanduser().absolute()
    with cli.open_school(options) as school:
        from PySide6.QtCore import qInstallMessageHandler

        from approgress.ui.page_pictures import render_pages

        qInstallMessageHandler(_qt_says)
        bar = cli.Bar("Pictures", options.quiet or options.json)
        files = render_pages(school, out, options.theme, (int(size[1]), int(size[2])), options.scale, progress=bar)
    if options.json:
        import json

        print(json.dumps({"files": [str(f) for f in files]}, indent=1))
    elif not options.quiet:
        print(f"{len(files)} pictures are in {out}")
    return cli.DONE


def _qt_says(_kind: object, _context: object, text: str) -> None:
    """What Qt says goes to standard error, but for what its platform without a screen says of itself."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


def _window(address: str | None, passphrase: str | None, person: str | None) -> int:
    if not has_screen():
        print(NO_SCREEN, file=sys.stderr)
        return 3
    from approgress.ui.start import run

    return run(address, passphrase, person)


if __name__ == "__main__":
    sys.exit(main())
