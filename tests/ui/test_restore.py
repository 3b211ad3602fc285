"""Restore: beside the present file with both dates, six bad backups six sentences, the choice and its undoing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Put, Title
from approgress.domain.records import Group
from approgress.school.school import School
from approgress.ui.main_window import MainWindow
from approgress.ui.pages.restore import RestorePage
from approgress.ui.program import Program
from tests.ui.a_school import make_school

WORDS = "four short words"


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    made = Program(qapp)
    qtbot.addWidget(made.window, before_close_func=MainWindow.close_now)
    made.start()
    qtbot.waitExposed(made.window)
    yield made
    if made._tasks is not None:
        made._tasks.stop_all()
    if made.window.frame is not None:
        made.window.frame.workspace.tasks.stop_all()
    made.end()


def _quiet(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program._tasks is None or not program._tasks.busy(), timeout=30_000)


def _page(program: Program) -> RestorePage:
    page = program.window.screen_shown()
    assert isinstance(page, RestorePage)
    return page


def test_a_good_backup_stands_beside_and_the_choice_can_be_undone(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    backup = school.back_up(tmp_path / "copy.backup")
    school.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, "Rowan"))])
    program.enter(school)
    _quiet(program, qtbot)
    present = sha256((tmp_path / "s.approgress").read_bytes()).hexdigest()
    program.window.frame.workspace.asked.emit("restore", backup.path)  # type: ignore[union-attr]
    page = _page(program)
    assert page.present_card.isVisible() and not page.passphrase.isVisible(), "the demonstration school opens by itself"
    page.main.click()
    qtbot.waitUntil(lambda: page.restored is not None or bool(page.banner.sentence()), timeout=30_000)
    assert page.restored is not None, page.banner.sentence()
    assert page.restored.parent == tmp_path and page.choice.isVisible()
    assert sha256((tmp_path / "s.approgress").read_bytes()).hexdigest() == present
    page.use_restored.click()
    qtbot.waitUntil(lambda: program.school is not None and program.school.path == page.restored, timeout=30_000)
    assert "Rowan" not in {g.name for g in program.school.read(lambda r: r.every(Group))}  # type: ignore[union-attr]
    said = program.window.frame.current_page().banner.sentence()  # type: ignore[union-attr]
    assert "s.approgress" in said and "lies beside it" in said
    _quiet(program, qtbot)
    program.window.frame.workspace.asked.emit("open", str(tmp_path / "s.approgress"))  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: program.school is not None and program.school.path == tmp_path / "s.approgress", timeout=30_000)
    assert "Rowan" in {g.name for g in program.school.read(lambda r: r.every(Group))}  # type: ignore[union-attr]
    _quiet(program, qtbot)


def test_staying_with_the_present_one_changes_nothing(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    backup = school.back_up(tmp_path / "copy.backup")
    program.enter(school)
    _quiet(program, qtbot)
    program.show_restore(backup.path)
    page = _page(program)
    page.main.click()
    qtbot.waitUntil(lambda: page.restored is not None, timeout=30_000)
    page.use_present.click()
    assert program.window.screen_shown() is program.window.frame and program.school is school


def test_the_passphrase_of_the_backups_day_is_asked(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school, code = School.create(tmp_path / "real.approgress", "Real School", passphrase=WORDS)
    school.back_up(tmp_path / "copy.backup")
    school.close()
    program.open_path(tmp_path / "copy.backup")
    page = _page(program)
    page.main.click()
    assert "Type the passphrase" in page.passphrase.wrong()
    page.passphrase.set_value("wrong words here")
    page.main.click()
    qtbot.waitUntil(lambda: "does not open this backup" in page.passphrase.wrong(), timeout=30_000)
    assert page.restored is None
    page.passphrase.set_value(code)
    page.main.click()
    qtbot.waitUntil(lambda: page.restored is not None, timeout=30_000)
    with School.open(page.restored, WORDS) as again:  # type: ignore[arg-type]
        assert again.setting.name == "Real School"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _one_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def _newer(path: Path) -> None:
    with zipfile.ZipFile(path) as z:
        parts = {name: z.read(name) for name in z.namelist()}
    manifest = json.loads(parts["manifest.json"])
    manifest["revision"] = "v9999"
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as z:
        for name, data in parts.items():
            z.writestr(name, data)


@pytest.mark.parametrize(("spoil", "said"), [(_cut, "cut off"), (_empty, "0 bytes"), (_one_byte, "damaged"), (_newer, "newer approgress")])
def test_each_bad_backup_has_its_own_sentence_and_the_present_file_stays(
    program: Program, tmp_path: Path, qtbot: QtBot, spoil: Callable[[Path], None], said: str
) -> None:
    school = make_school(tmp_path)
    backup = school.back_up(tmp_path / "copy.backup")
    spoil(backup.path)
    program.enter(school)
    _quiet(program, qtbot)
    before = sha256((tmp_path / "s.approgress").read_bytes()).hexdigest()
    program.show_restore(backup.path)
    page = _page(program)
    if page.main.isEnabled():
        page.main.click()
        qtbot.waitUntil(lambda: bool(page.banner.sentence()), timeout=30_000)
    assert said in page.banner.sentence() and page.restored is None
    assert sha256((tmp_path / "s.approgress").read_bytes()).hexdigest() == before
    assert sorted(p.name for p in tmp_path.glob("*restored*")) == []
    page._back_button.click()
    assert program.window.screen_shown() is program.window.frame


def test_a_backup_of_another_school_is_refused(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    other, _ = School.create(tmp_path / "other.approgress", "Another School", passphrase=WORDS)
    backup = other.back_up(tmp_path / "other.backup")
    other.close()
    program.enter(make_school(tmp_path))
    _quiet(program, qtbot)
    program.show_restore(backup.path)
    page = _page(program)
    page.passphrase.set_value(WORDS)
    page.main.click()
    qtbot.waitUntil(lambda: bool(page.banner.sentence()), timeout=30_000)
    assert "another school" in page.banner.sentence()


def test_a_place_where_something_lies_already_is_never_written_over(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    school = make_school(tmp_path)
    backup = school.back_up(tmp_path / "copy.backup")
    program.enter(school)
    _quiet(program, qtbot)
    program.show_restore(backup.path)
    page = _page(program)
    page.place.set_value(str(tmp_path / "s.approgress"))
    page.main.click()
    qtbot.waitUntil(lambda: bool(page.banner.sentence()), timeout=30_000)
    assert "never writes over one" in page.banner.sentence()
