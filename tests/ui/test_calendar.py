"""The school's calendar in Setting: years in numbers, bank holidays, marks left on closed days, registers and lessons, groups on any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Put, Title
from approgress.domain.records import Closure, GroupMember, HalfTerm, LessonTime, Mark
from approgress.school.school import School
from approgress.ui.ask import answers
from approgress.ui.pages.setting import SettingPage
from approgress.ui.pictures import faults, unnamed
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, pupil_named
from tests.ui.words_shown import words_shown


@pytest.fixture
def page(school: School, qtbot: QtBot) -> SettingPage:
    return opened(Workspace(school), qtbot)


def opened(workspace: Workspace, qtbot: QtBot) -> SettingPage:
    page = SettingPage(workspace)
    workspace.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1150, 768)
    page.show()
    qtbot.waitExposed(page)
    return page


def dialog() -> QDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, QDialog)
    return found


def lines(table: object) -> list[list[str]]:
    return [[c.words() for c in row.cells] for row in table.rows.rows()]  # type: ignore[attr-defined]


def test_a_closed_day_with_marks_says_how_many_and_keeps_them(page: SettingPage, school: School) -> None:
    page.show_section("year")
    section = page.section()
    days = int(lines(section.years)[0][1])  # type: ignore[attr-defined]
    assert lines(section.years)[0][2] == str(2 * days)  # type: ignore[attr-defined]
    before = school.read(lambda r: r.every(Mark))
    assert "the day is in no figure" in section.closed_words.text()  # type: ignore[attr-defined]
    section.add_closure()  # type: ignore[attr-defined]
    form = dialog()
    form.first.set_value(date(2026, 11, 17))  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert page.banner.sentence().startswith("2 marks were taken on this day; they still count in figures. Where nobody was in: take")
    card = section.closed_words.text()  # type: ignore[attr-defined]
    assert "no figure" not in card and "2 marks stand on closed days, and still count" in card and "take the closed day out" in card
    assert school.read(lambda r: r.every(Mark)) == before
    assert int(lines(section.years)[0][1]) == days - 1 and "1 INSET day" in lines(section.years)[0][3]  # type: ignore[attr-defined]
    page.workspace.undo()
    assert int(lines(section.years)[0][1]) == days  # type: ignore[attr-defined]


def test_a_closed_day_to_come_says_nothing_of_marks(page: SettingPage) -> None:
    page.show_section("year")
    page.section().add_closure()  # type: ignore[attr-defined]
    form = dialog()
    form.first.set_value(date(2026, 12, 14))  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert page.banner.sentence() == ""


def test_a_half_term_made_shorter_says_what_it_left(page: SettingPage) -> None:
    page.show_section("year")
    section = page.section()
    row = next(i for i, r in enumerate(section.terms.rows.rows()) if r.key.name == "Autumn 1")  # type: ignore[attr-defined]
    section.open_term(row)  # type: ignore[attr-defined]
    form = dialog()
    form.last.set_value(date(2026, 10, 21))  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert page.banner.sentence().startswith("4 marks were taken on these days; they still count in figures.")


def test_bank_holidays_that_are_missing_are_put_in_and_can_be_mended(page: SettingPage, school: School) -> None:
    page.show_section("year")
    section = page.section()
    assert not section.holidays.isVisibleTo(section), "none falls into these half-terms"  # type: ignore[attr-defined]
    page.workspace.do(Title.CALENDAR, lambda ids: [Put(HalfTerm(ids.other(), 1, "Summer 1", date(2027, 4, 12), date(2027, 5, 28)))])
    assert section.holidays.text() == "Put in the bank holiday that is missing"  # type: ignore[attr-defined]
    section.holidays.click()  # type: ignore[attr-defined]
    (held,) = [c for c in school.read(lambda r: r.every(Closure)) if c.sort == "bank_holiday"]
    assert (held.first_day, held.label) == (date(2027, 5, 3), "May Day") and "3 May 2027" in page.banner.sentence()
    assert not section.holidays.isVisibleTo(section)  # type: ignore[attr-defined]
    row = next(i for i, r in enumerate(section.closures.rows.rows()) if r.key.id == held.id)  # type: ignore[attr-defined]
    section.open_closure(row)  # type: ignore[attr-defined]
    form = dialog()
    form.label.set_value("Early May bank holiday")  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert "Early May bank holiday" in {c.label for c in school.read(lambda r: r.every(Closure))}


def test_registers_and_alerts_of_a_day(page: SettingPage, school: School) -> None:
    section = page.section()
    section.change_day()  # type: ignore[attr-defined]
    form = dialog()
    assert [*faults(form), *unnamed(form)] == []
    form.am.set_value("quarter to nine")  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert "is not a time" in form.am.wrong()  # type: ignore[attr-defined]
    form.am.set_value("845")  # type: ignore[attr-defined]
    form.pm.set_value("12.50")  # type: ignore[attr-defined]
    form.minutes.set_value(31)  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert "30" in form.minutes.wrong()  # type: ignore[attr-defined]
    form.minutes.set_value(20)  # type: ignore[attr-defined]
    form.alert.set_value(4)  # type: ignore[attr-defined]
    form.certificates.set_value(True)  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    held = school.setting
    assert (held.am_starts, held.pm_starts, held.register_minutes, held.alert_sessions, held.certificates) == (525, 770, 20, 4, True)
    said = " ".join(words_shown(page))
    assert "08:45 and 12:50" in said and "20 minutes" in said and "4 sessions" in said and "may be printed" in said
    page.workspace.undo()
    assert school.setting.am_starts is None


def test_lessons_and_their_times(page: SettingPage, school: School) -> None:
    section = page.section()
    section.change_lessons()  # type: ignore[attr-defined]
    form = dialog()
    assert [*faults(form), *unnamed(form)] == []
    assert [starts.isVisible() for starts, _ in form.rows] == [True] * 5 + [False] * 3  # type: ignore[attr-defined]
    form.rows[0][0].set_value("9")  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert "both times" in form.rows[0][1].wrong()  # type: ignore[attr-defined]
    form.rows[0][1].set_value("9:40")  # type: ignore[attr-defined]
    form.lessons.line.setText("6")  # type: ignore[attr-defined]
    form.lessons.edited.emit()  # type: ignore[attr-defined]
    assert form.rows[5][0].isVisible()  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert school.setting.lessons == 6
    assert [(t.lesson, t.starts, t.ends) for t in school.read(lambda r: r.every(LessonTime))] == [(0, 540, 580)]
    assert "09:00 to 09:40" in " ".join(words_shown(page))


def test_who_is_in_a_group_on_any_day_and_a_move_in_mid_week(page: SettingPage, school: School, qtbot: QtBot) -> None:
    page.show_section("groups")
    section = page.section()
    section.group.set_value(next(str(g.id) for g in section._groups if g.name == "Birch"))  # type: ignore[attr-defined]
    section.show_members()  # type: ignore[attr-defined]
    assert [row[0].split()[0] for row in lines(section.members)] == ["Maximiliana-Theodora", "Odd"]  # type: ignore[attr-defined]
    section.day.set_value(date(2026, 11, 19))  # type: ignore[attr-defined]
    section.show_members()  # type: ignore[attr-defined]
    assert lines(section.members) == [] and "0 pupils in Birch on Thu 19 Nov 2026" in section.nobody.text()  # type: ignore[attr-defined]
    section.day.set_value(TODAY)  # type: ignore[attr-defined]
    section.show_members()  # type: ignore[attr-defined]
    section.members.setFocus()  # type: ignore[attr-defined]
    section.members.go_to(1)  # type: ignore[attr-defined]
    QTest.keyClick(section.members, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    form = dialog()
    assert [*faults(form), *unnamed(form)] == []
    assert form.pupil.box.currentText().startswith("Odd") and form.into.box.currentText() == "Ash"  # type: ignore[attr-defined]
    form.day.set_value(date(2026, 11, 10))  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    assert "not on roll" in form.day.wrong()  # type: ignore[attr-defined]
    form.day.set_value(TODAY)  # type: ignore[attr-defined]
    form.main_button.click()  # type: ignore[attr-defined]
    pupil = pupil_named(school, "zanzibar")
    held = sorted(school.read(lambda r: r.of_pupil(GroupMember, pupil)), key=lambda m: m.id)
    assert [(m.first_day, m.last_day) for m in held] == [(date(2026, 11, 20), date(2026, 11, 23)), (TODAY, None)]
    assert [row[0].split()[0] for row in lines(section.members)] == ["Maximiliana-Theodora"]  # type: ignore[attr-defined]
    assert "in Ash from Tue 24 Nov 2026" in page.banner.sentence()
    page.workspace.undo()
    assert len(lines(section.members)) == 2  # type: ignore[attr-defined]


def test_who_is_in_no_group_is_listed_and_put_into_one(page: SettingPage, school: School) -> None:
    pupil = pupil_named(school, "zanzibar")
    (m,) = school.read(lambda r: r.of_pupil(GroupMember, pupil))
    from approgress.domain.edits import Erase

    page.workspace.do(Title.GROUPS, [Erase(m)])
    page.show_section("groups")
    section = page.section()
    section.group.set_value("none")  # type: ignore[attr-defined]
    section.show_members()  # type: ignore[attr-defined]
    assert [row[1] for row in lines(section.members)] == ["in no group"]  # type: ignore[attr-defined]
    section.move_button.click()  # type: ignore[attr-defined]
    dialog().main_button.click()  # type: ignore[attr-defined]
    assert len(school.read(lambda r: r.of_pupil(GroupMember, pupil))) == 1
    assert "everyone on roll is in a group" in section.nobody.text()  # type: ignore[attr-defined]


def test_the_list_of_a_group_is_saved_and_hides_names(page: SettingPage, tmp_path: Path) -> None:
    from pypdf import PdfReader

    page.workspace.hide_names(True)
    page.show_section("groups")
    section = page.section()
    assert not any(secret.split()[0] in " ".join(words_shown(page)) for secret in SECRETS)
    path = tmp_path / "list.pdf"
    with answers(path):
        section.print_button.click()  # type: ignore[attr-defined]
    said = " ".join(" ".join(p.extract_text() for p in PdfReader(path).pages).split())
    assert "1 pupil in Ash on Tue 24 Nov 2026" in said and "Amara" not in said
