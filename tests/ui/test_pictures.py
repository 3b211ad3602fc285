"""Pictures of every page: in each theme and size, with the checks that a machine can make; the command and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from approgress.domain.errors import Trouble
from approgress.school.school import School
from approgress.store.preferences import preferences_path
from approgress.ui.page_pictures import render_pages
from approgress.ui.pages.setting import SECTIONS
from approgress.ui.pictures import faults, unnamed
from approgress.ui.theme import theme
from tests.ui.a_school import SECRETS, make_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    folder = tmp_path / "school"
    folder.mkdir()
    made = make_school(folder)
    yield made
    made.close()


# one digit, drawn small, has too few pixels of one colour for the measure of contrast
_NOT_A_FAULT = ("KeyCap",)


@pytest.mark.parametrize(("look", "scale"), [("light", 100), ("dark", 150), ("contrast", 200)])
def test_every_page_is_pictured_and_nothing_is_cut(school: School, tmp_path: Path, look: str, scale: int) -> None:
    step = school.journal.newest()
    found: list[str] = []

    def seen(name: str, window: QWidget) -> None:
        behind = (*_NOT_A_FAULT, "contrast") if name == "quick-find" else _NOT_A_FAULT  # the page behind it is darkened
        found.extend(f"{name}: {f}" for f in (*faults(window), *unnamed(window)) if not any(n in f for n in behind))

    files = render_pages(school, tmp_path / "out", look, (1366, 768), scale, seen=seen)
    names = {f.stem[3:] for f in files}
    assert {"first-launch", "set-up-1", "set-up-4", "unlock", "today", "pupils", "pupil-1", "import-preview", "locked", "dialog-keys"} <= names
    assert {f"setting-{key}" for key, *_ in SECTIONS} <= names
    assert {"attendance", "attendance-weeks", "attendance-compared", "attendance-every-mark", "attendance-weekly-notes"} <= names
    assert {"today-contact", "today-round", "dialog-marks-n", "quick-find", "moment", "moment-log"} <= names
    assert {"pupil-attendance", "pupil-behaviour", "dialog-timetable", "dialog-day", "dialog-lessons", "attendance-names-hidden"} <= names
    assert found == []
    assert (QImage(str(files[0])).width(), QImage(str(files[0])).height()) == (1366, 768)
    assert school.journal.newest() == step and not preferences_path().exists(), "nothing is written to the school or to the preferences"
    assert not any(secret.split()[0] in f.name for f in files for secret in SECRETS)
    assert theme().text_percent == 100 and theme().style.name == "light"


def test_progress_is_said_and_a_folder_that_cannot_be_made_refused(school: School, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Trouble) as refused:
        render_pages(school, tmp_path / "file" / "out")
    assert "Nothing was written" in refused.value.sentence


def test_the_command_writes_png_of_the_size_in_device_pixels(school: School, tmp_path: Path) -> None:
    path = school.path
    assert path is not None
    done = subprocess.run(
        [sys.executable, "-m", "approgress", "pictures", str(path), "--out", str(tmp_path / "out"), "--theme", "dark", "--scale", "200", "--json"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["files"]
    assert len(files) >= 25 and all(Path(f).read_bytes().startswith(b"\x89PNG") for f in files)
    image = QImage(files[0])
    assert (image.width(), image.height()) == (1366, 768)
    assert "Traceback" not in done.stderr, done.stderr
