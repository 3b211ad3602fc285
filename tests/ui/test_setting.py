"""Setting: every section opens, mends by acts, refuses in words; one undo each; export, reports, backup and restore; keys of the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from approgress.domain.edits import Changes, Put, Title
from approgress.domain.errors import Trouble
from approgress.domain.records import Closure, Group, GroupTeacher, HalfTerm, Person, StrandMeasure
from approgress.school.people import check_passphrase, has_passphrase
from approgress.school.school import School
from approgress.store.preferences import read_preferences
from approgress.ui import ask
from approgress.ui.pages.setting import SECTIONS, SettingPage
from approgress.ui.pictures import faults, unnamed
from approgress.ui.workspace import Workspace
from tests.ui.a_school import make_school

WORDS = "four short words"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[School]:
    made, _ = School.create(tmp_path / "real.approgress", "Real School", passphrase=WORDS, person="T. Mbeki")
    yield made
    made.close()


def _open(school: School, qtbot: QtBot) -> tuple[Workspace, SettingPage]:
    workspace = Workspace(school)
    page = SettingPage(workspace)
    workspace.changed.connect(page.refresh)
    qtbot.addWidget(page)
    qtbot.addWidget(page, before_close_func=lambda _: workspace.tasks.stop_all())
    page.resize(1150, 768)
    page.show()
    qtbot.waitExposed(page)
    return workspace, page


@pytest.fixture
def page(school: School, qtbot: QtBot) -> SettingPage:
    return _open(school, qtbot)[1]


def _dialog() -> QDialog:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog


def _quiet(page: SettingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.workspace.tasks.busy(), timeout=30_000)


def test_every_section_opens_with_one_main_action_and_nothing_cut(page: SettingPage, qtbot: QtBot) -> None:
    for key, name, _, _ in SECTIONS:
        page.show_section(key)
        _quiet(page, qtbot)
        qtbot.wait(1)
        assert page.section().isVisible() and page.head.title.text() == name
        assert page.main_button.isVisible() == bool(page.section().verb)
        assert faults(page) == [] and unnamed(page) == [], key


@pytest.mark.parametrize("size", [(1030, 614), (683, 384)])
def test_nothing_is_cut_in_little_room(school: School, qtbot: QtBot, size: tuple[int, int]) -> None:
    _, page = _open(school, qtbot)
    page.resize(*size)
    for key, *_ in SECTIONS:
        page.show_section(key)
        _quiet(page, qtbot)
        qtbot.wait(1)
        assert faults(page) == [], key


def test_where_and_go(page: SettingPage) -> None:
    page.show_section("people")
    at = page.where()
    page.show_section("year")
    page.go(at)
    assert page.tabs.value() == "people"


def test_details_are_mended_by_an_act_and_refused_at_the_field(page: SettingPage, school: School) -> None:
    page.main_button.click()
    dialog = _dialog()
    dialog.la.set_value("38")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "three digits" in dialog.la.wrong()  # type: ignore[attr-defined]
    dialog.la.set_value("380")  # type: ignore[attr-defined]
    dialog.lessons.set_value(9)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "1 to 8" in dialog.lessons.wrong()  # type: ignore[attr-defined]
    dialog.lessons.set_value(6)  # type: ignore[attr-defined]
    dialog.name.set_value("  Trial   Bridge School, North ")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert (school.setting.name, school.setting.la, school.setting.lessons) == ("Trial Bridge School, North", "380", 6)
    page.workspace.undo()
    assert school.setting.name == "Trial Bridge School"


def test_dialogs_are_freed(page: SettingPage, qtbot: QtBot) -> None:
    for key in ("provision", "year", "groups", "people"):
        page.show_section(key)
        page.main_button.click()
        dialog = _dialog()
        dialog.reject()
        qtbot.waitUntil(lambda d=dialog: not isValid(d))


def test_half_terms_and_closed_days(page: SettingPage, school: School) -> None:
    page.show_section("year")
    section = page.section()
    before = {t.id: t for t in school.read(lambda r: r.every(HalfTerm))}
    page.main_button.click()
    dialog = _dialog()
    first = min(t.first_day for t in before.values())
    dialog.first.set_value(first)  # type: ignore[attr-defined]
    dialog.last.set_value(date(first.year, first.month, first.day))  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "overlap" in dialog.first.wrong()  # type: ignore[attr-defined]
    dialog.reject()
    section.open_term(0)  # type: ignore[attr-defined]
    dialog = _dialog()
    last = dialog.last.value()  # type: ignore[attr-defined]
    shorter = date.fromordinal(last.toordinal() - 7)
    dialog.last.set_value(shorter)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert shorter in {t.last_day for t in school.read(lambda r: r.every(HalfTerm))}
    section.add_closure()  # type: ignore[attr-defined]
    dialog = _dialog()
    inside = max(before.values(), key=lambda t: t.first_day).first_day
    dialog.first.set_value(inside)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    closed = school.read(lambda r: r.every(Closure))
    assert [(c.first_day, c.last_day, c.label) for c in closed if c.first_day == inside] == [(inside, inside, "INSET day")]
    row = next(i for i, r in enumerate(section.closures.rows.rows()) if r.key.first_day == inside)  # type: ignore[attr-defined]
    section.open_closure(row)  # type: ignore[attr-defined]
    _dialog()._take_out()  # type: ignore[attr-defined]
    assert inside not in {c.first_day for c in school.read(lambda r: r.every(Closure))}


def test_the_usual_dates_of_the_next_year_are_one_step_and_one_undo(page: SettingPage, school: School) -> None:
    page.show_section("year")
    before = len(school.read(lambda r: r.every(HalfTerm)))
    page.section().propose.click()  # type: ignore[attr-defined]
    assert len(school.read(lambda r: r.every(HalfTerm))) == before + 6
    assert "Compare each" in page.banner.sentence()
    page.workspace.undo()
    assert len(school.read(lambda r: r.every(HalfTerm))) == before


def test_groups_with_their_teachers(page: SettingPage, school: School) -> None:
    page.show_section("groups")
    section = page.section()
    page.main_button.click()
    dialog = _dialog()
    dialog.name.set_value("ash")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "There is a group Ash already" in dialog.name.wrong()  # type: ignore[attr-defined]
    dialog.name.set_value("Rowan")  # type: ignore[attr-defined]
    dialog.ticks[0][1].set_value(True)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    rowan = next(g for g in school.read(lambda r: r.every(Group)) if g.name == "Rowan")
    assert [t.person_id for t in school.read(lambda r: r.every(GroupTeacher)) if t.group_id == rowan.id] == [1]
    row = next(i for i, r in enumerate(section.table.rows.rows()) if r.key.name == "Ash")  # type: ignore[attr-defined]
    section.open_group(row)  # type: ignore[attr-defined]
    dialog = _dialog()
    dialog._take_out()  # type: ignore[attr-defined]
    assert "still used" in dialog.banner.sentence(), "pupils are in it"  # type: ignore[attr-defined]
    dialog.reject()
    row = next(i for i, r in enumerate(section.table.rows.rows()) if r.key.name == "Rowan")  # type: ignore[attr-defined]
    section.open_group(row)  # type: ignore[attr-defined]
    _dialog()._take_out()  # type: ignore[attr-defined]
    assert "Rowan" not in {g.name for g in school.read(lambda r: r.every(Group))}


def test_people_come_get_a_passphrase_and_leave(real: School, qtbot: QtBot) -> None:
    _, page = _open(real, qtbot)
    page.show_section("people")
    section = page.section()
    page.main_button.click()
    dialog = _dialog()
    dialog.name.set_value("J. Okafor")  # type: ignore[attr-defined]
    dialog.passphrase.set_value("another four words")  # type: ignore[attr-defined]
    dialog.again.set_value("another four words")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    person = next(p for p in real.read(lambda r: r.every(Person)) if p.name == "J. Okafor")
    assert check_passphrase(real, "another four words", person.id)
    row = section.table.rows.find(person)  # type: ignore[attr-defined]
    section.open_person(row)  # type: ignore[attr-defined]
    _dialog().name.set_value("Jo Okafor")  # type: ignore[attr-defined]
    _dialog().main_button.click()  # type: ignore[attr-defined]
    assert real.keys.people[str(person.id)] == "Jo Okafor"
    person = next(p for p in real.read(lambda r: r.every(Person)) if p.name == "Jo Okafor")
    section.open_person(section.table.rows.find(person))  # type: ignore[attr-defined]
    section._ask_passphrase()  # type: ignore[attr-defined]
    dialog = _dialog()
    dialog.new.set_value("yet another four words")  # type: ignore[attr-defined]
    dialog.again.set_value("yet another four words")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert check_passphrase(real, "yet another four words", person.id) and not check_passphrase(real, "another four words", person.id)
    section.open_person(section.table.rows.find(person))  # type: ignore[attr-defined]
    section._ask_leave()  # type: ignore[attr-defined]
    _dialog().main_button.click()  # type: ignore[attr-defined]
    left = next(p for p in real.read(lambda r: r.every(Person)) if p.id == person.id)
    assert left.last_day == real.today and not has_passphrase(real, person.id)


def test_the_last_head_keeps_the_role(real: School, qtbot: QtBot) -> None:
    _, page = _open(real, qtbot)
    page.show_section("people")
    section = page.section()
    section.open_person(0)  # type: ignore[attr-defined]
    dialog = _dialog()
    dialog.role.set_value("teacher")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "the only one" in dialog.role.wrong()  # type: ignore[attr-defined]
    dialog.reject()


def test_measures_have_licence_cards_and_one_primary_measure_a_strand(page: SettingPage, school: School, tmp_path: Path) -> None:
    page.show_section("measures")
    box = page.section().box  # type: ignore[attr-defined]
    field = box.primary["wellbeing"]
    keys = [field.box.itemData(i) for i in range(field.box.count())]
    assert "who5|pupil|total" in keys and "" in keys
    field.set_value("who5|pupil|total")
    field.edited.emit()
    assert [(m.strand, m.instrument) for m in school.read(lambda r: r.every(StrandMeasure)) if m.strand == "wellbeing"] == [("wellbeing", "who5")]
    page.workspace.undo()
    (tmp_path / "broken.toml").write_text("id = 3\n")
    box.add_file(tmp_path / "broken.toml")
    assert "broken.toml" in page.banner.sentence()


def test_export_and_reports_with_progress(page: SettingPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    page.show_section("data")
    section = page.section()
    out = tmp_path / "out"
    out.mkdir()
    with ask.answers(out, out):
        section.export_button.click()  # type: ignore[attr-defined]
        _quiet(page, qtbot)
        assert "files are in" in page.banner.sentence() and list(out.glob("*.csv"))
        section.names.set_value(False)  # type: ignore[attr-defined]
        section.report_button.click()  # type: ignore[attr-defined]
        _quiet(page, qtbot)
    assert len(list(out.glob("*.pdf"))) == 3, page.banner.sentence()
    assert all("Bell" not in p.name for p in out.glob("*.pdf"))
    assert not section.progress.isVisible()  # type: ignore[attr-defined]


def test_a_report_that_is_open_in_a_viewer_stays_and_the_new_one_may_stand_beside(
    page: SettingPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from approgress.school.reports import Made

    calls: list[bool] = []

    def some_locked(_school: object, _ids: object, folder: Path, *, free_names: bool, **_: object) -> Made:
        calls.append(free_names)
        if free_names:
            return Made((folder / "Bell 2.pdf",))
        return Made((), ("Bell.pdf could not be replaced: it is open in another program.",), (folder / "Bell.pdf",))

    monkeypatch.setattr("approgress.school.reports.make_reports", some_locked)
    page.show_section("data")
    with ask.answers(tmp_path, "beside") as asked:
        page.section().report_button.click()  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: calls == [False, True], timeout=20_000)
        _quiet(page, qtbot)
    assert asked[1].title == "Bell.pdf could not be replaced" and "1 file is in" in page.banner.sentence()


def test_a_folder_that_went_away_is_said(page: SettingPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.show_section("data")
    with ask.answers(tmp_path / "gone" / "away"):
        page.section().report_button.click()  # type: ignore[attr-defined]
        _quiet(page, qtbot)
    assert page.banner.sentence() and "files are" not in page.banner.sentence()


def test_a_file_is_brought_in_by_the_preview(page: SettingPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.show_section("data")
    with ask.answers([tmp_path / "x" / "pupils.csv"]), qtbot.waitSignal(page.workspace.place_asked) as asked:
        page.main_button.click()
    assert asked.args == [f"import/{tmp_path / 'x' / 'pupils.csv'}"]


def test_backup_now_is_listed_and_restoring_is_asked_of_the_program(page: SettingPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    page.show_section("backup")
    _quiet(page, qtbot)
    section = page.section()
    page.main_button.click()
    _quiet(page, qtbot)
    _quiet(page, qtbot)
    assert "Backed up, opened and checked" in page.banner.sentence()
    (backup,) = school.automatic_backups()
    qtbot.waitUntil(lambda: section.table.rows.rowCount() == 1)  # type: ignore[attr-defined]
    with qtbot.waitSignal(page.workspace.asked) as asked:
        section.table.opened.emit(0)  # type: ignore[attr-defined]
    assert asked.args == ["restore", backup.path]
    with ask.answers(tmp_path / "stick.backup"):
        section.save_button.click()  # type: ignore[attr-defined]
        _quiet(page, qtbot)
    assert (tmp_path / "stick.backup").exists()


def test_a_backup_that_fails_says_so(page: SettingPage, school: School, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page.show_section("backup")
    _quiet(page, qtbot)

    def full(_to: object = None) -> None:
        raise Trouble("No backup could be made in backups: the disk is full. The school's file is untouched.")

    monkeypatch.setattr(school, "back_up", full)
    page.main_button.click()
    _quiet(page, qtbot)
    assert "the disk is full" in page.banner.sentence()


def test_files_of_this_school_beside_each_other_are_shown_and_chosen(page: SettingPage, school: School, tmp_path: Path, qtbot: QtBot) -> None:
    from approgress.school.school import restore

    info = school.back_up(tmp_path / "copy.backup")
    restore(info.path, tmp_path / "s restored.approgress", None)
    page.show_section("backup")
    _quiet(page, qtbot)
    section = page.section()
    qtbot.waitUntil(lambda: section.file_table.rows.rowCount() == 2)  # type: ignore[attr-defined]
    assert [r.key.present for r in section.file_table.rows.rows()] == [True, False]  # type: ignore[attr-defined]
    with qtbot.waitSignal(page.workspace.asked) as asked:
        section.file_table.opened.emit(1)  # type: ignore[attr-defined]
    assert asked.args == ["open", str(tmp_path / "s restored.approgress")]


def test_looks_and_lock_are_asked_of_the_program_and_kept(page: SettingPage, qtbot: QtBot) -> None:
    page.show_section("appearance")
    section = page.section()
    section.colours.set_value("dark")  # type: ignore[attr-defined]
    with qtbot.waitSignal(page.workspace.asked) as asked:
        section._colours_chosen()  # type: ignore[attr-defined]
    assert asked.args == ["look", ("dark", 0)]
    page.show_section("security")
    section = page.section()
    section.idle.set_value("2")  # type: ignore[attr-defined]
    with qtbot.waitSignal(page.workspace.asked) as asked:
        section._idle_chosen()  # type: ignore[attr-defined]
    assert asked.args == ["idle", 2] and read_preferences().idle_minutes == 2
    section.hide_names.set_value(True)  # type: ignore[attr-defined]
    section._hide_chosen()  # type: ignore[attr-defined]
    assert read_preferences().hide_names
    with qtbot.waitSignal(page.workspace.asked) as asked:
        page.main_button.click()
    assert asked.args == ["lock", None]


def test_ones_own_passphrase_needs_the_present_one(real: School, qtbot: QtBot) -> None:
    _, page = _open(real, qtbot)
    page.show_section("security")
    section = page.section()
    section.passphrase_button.click()  # type: ignore[attr-defined]
    dialog = _dialog()
    dialog.present.set_value("wrong words here")  # type: ignore[attr-defined]
    dialog.new.set_value("brand new four words")  # type: ignore[attr-defined]
    dialog.again.set_value("brand new four words")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "not your present passphrase" in dialog.present.wrong() and check_passphrase(real, WORDS, 1)  # type: ignore[attr-defined]
    dialog.present.set_value(WORDS)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert check_passphrase(real, "brand new four words", 1) and not check_passphrase(real, WORDS, 1)


def test_a_new_recovery_code_replaces_the_old_one_and_is_typed_back(real: School, qtbot: QtBot) -> None:
    _, page = _open(real, qtbot)
    page.show_section("security")
    with ask.answers(WORDS):
        page.section().code_button.click()  # type: ignore[attr-defined]
    dialog = _dialog()
    code = dialog.card.code  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert dialog.isVisible() and dialog.card.typed.wrong()  # type: ignore[attr-defined]
    dialog.card.typed.set_value(code)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert QApplication.activeModalWidget() is None and check_passphrase(real, code)


def test_what_another_person_changed_is_refused_and_not_overwritten(page: SettingPage, school: School) -> None:
    page.main_button.click()
    dialog = _dialog()
    other = school.setting
    from dataclasses import replace

    with School.open(school.path or "") as second:
        second.do(Title.CHANGE_SETTING, [Put(replace(other, name="Named elsewhere"), other)])
    dialog.name.set_value("Named here")  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "nothing was overwritten" in dialog.banner.sentence()  # type: ignore[attr-defined]
    dialog.reject()
    page.refresh(Changes(everything=True))


def test_a_visitor_looks_and_changes_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    made = make_school(tmp_path)
    from dataclasses import replace

    person = made.read(lambda r: r.every(Person))[0]
    made.do(Title.PEOPLE, [Put(replace(person, role="visitor"), person)])
    made.close()
    with School.open(tmp_path / "s.approgress") as school:
        workspace, page = _open(school, qtbot)
        assert not workspace.may_write and not page.main_button.isVisible()
        page.show_section("people")
        assert not page.main_button.isVisible()
        workspace.tasks.stop_all()
