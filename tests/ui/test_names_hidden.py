"""F8: no name of a pupil or of a contact is left anywhere, on any page, in any dialog, tip, banner, model or accessible name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Put, Title
from approgress.domain.records import Contact, Group, Name, Note, Partner, Person
from approgress.school.school import School
from approgress.ui.main_window import MainWindow
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.veil import TITLE, Veil
from approgress.ui.workspace import Workspace
from tests.ui.words_shown import words_shown

_WORD = re.compile(r"[^\W\d_]+")


class Names:
    """The words that are names of pupils here and nothing else: not also a member of staff's, a partner's or a group's."""

    def __init__(self, school: School) -> None:
        names, contacts, people, partners, groups = school.read(
            lambda r: (r.every(Name), r.every(Contact), r.every(Person), r.every(Partner), r.every(Group))
        )
        parts = {w for n in names for part in (n.forename, n.middle, n.surname) if part for w in _WORD.findall(part) if len(w) > 2}
        self.contacts = {c.name for c in contacts if c.name}
        self.words = parts - {w for x in (*people, *partners, *groups) for w in _WORD.findall(x.name)}
        assert len(self.words) > 150

    def in_(self, words: Iterable[str]) -> set[str]:
        """Which of them stand in these texts."""
        whole = "\n".join(dict.fromkeys(words))
        return {w for w in _WORD.findall(whole) if w in self.words} | {c for c in self.contacts if c in whole}


@pytest.fixture
def frame(demo_school: School, window: MainWindow) -> Iterator[SchoolFrame]:
    made = SchoolFrame(Workspace(demo_school))
    window.show_school(made)
    made.go("today")
    yield made
    made.workspace.stop_looking()
    made.workspace.tasks.stop_all()


def _some_pupils(school: School) -> list[int]:
    """The pupils with the most to be shown of several kinds, so that no part of the page is empty for all of them."""
    tables = ("moment", "suspension", "intervention", "timetable", "contact", "goal", "note", "placement", "absence_contact")
    found: list[int] = []
    for table in tables:
        rows = school.read(lambda r, t=table: r.sql(f"SELECT pupil_id FROM {t} GROUP BY pupil_id ORDER BY count(*) DESC LIMIT 1"))
        found += [int(str(row[0])) for row in rows]
    return list(dict.fromkeys(found))


def _pages(frame: SchoolFrame) -> Iterator[tuple[str, QWidget]]:
    """Every page and every part of one, shown when it is given."""
    from approgress.ui.pages.pupil.page import TABS
    from approgress.ui.pages.setting import SECTIONS

    for place in PAGES:
        if place.key in ("pupil", "import"):
            continue
        page = frame.go(place.key)
        assert frame.current_page() is page
        QTest.qWait(120)
        yield place.key, page
        if place.key == "moment":
            frame.workspace.open_place("moment/log")
            QTest.qWait(50)
            yield "moment/log", page
        for key, *_ in SECTIONS if place.key == "setting" else ():
            page.show_section(key)  # type: ignore[attr-defined]
            yield f"setting/{key}", page.section()  # type: ignore[attr-defined]
    for pupil in _some_pupils(frame.workspace.school)[:2]:
        frame.open_pupil(pupil)
        page = frame.current_page()
        for key, _ in TABS:
            page.show_tab(key)  # type: ignore[union-attr]
            QTest.qWait(5)
            yield f"pupil {pupil}, {key}", page.tab(key)  # type: ignore[union-attr]
        assert page is not None
        yield f"pupil {pupil}", page


def _dialogs(frame: SchoolFrame) -> Iterator[tuple[str, QDialog]]:
    """Every dialog that the pupil's page opens, the keys, quick find's own and printing."""
    from approgress.ui.pages.pupil.page import RECORDS

    frame.open_pupil(_some_pupils(frame.workspace.school)[0])
    page = frame.current_page()
    for what, _ in (*RECORDS, ("report", "")):
        if what == "report":
            page.open_report()  # type: ignore[union-attr]
        else:
            page.add(what)  # type: ignore[union-attr]
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            yield what, dialog
            dialog.reject()
    frame.show_keys()
    keys = QApplication.activeModalWidget()
    assert isinstance(keys, QDialog)
    yield "keys", keys
    keys.reject()
    frame.current_page().show_tab("history")  # type: ignore[union-attr]
    frame.print_page()
    paper = QApplication.activeModalWidget()
    if isinstance(paper, QDialog):
        yield "print", paper
        paper.reject()


def test_names_hidden_from_the_start_are_nowhere(frame: SchoolFrame, window: MainWindow) -> None:
    names = Names(frame.workspace.school)
    assert names.in_(words_shown(frame)), "they are shown while they are not hidden"
    frame.workspace.hide_names(True)
    for where, part in _pages(frame):
        assert names.in_(words_shown(part)) == set(), where
    assert names.in_(words_shown(frame.rail)) == set()
    for where, dialog in _dialogs(frame):
        assert names.in_(words_shown(dialog)) == set(), where


def test_f8_hides_them_at_once_on_every_page_whatever_it_had_said(frame: SchoolFrame, window: MainWindow, qtbot: QtBot) -> None:
    names = Names(frame.workspace.school)
    for where, part in _pages(frame):
        if where.startswith("setting"):
            continue  # the parts of Setting show nobody, and reading them all twice takes its time
        page = frame.current_page()
        assert page is not None
        page.banner.say("Undo: Take the register · Leon Marsh.", "done")  # type: ignore[attr-defined]
        qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_F8)
        assert frame.workspace.names_hidden
        # parts of the pupil's page that are not shown read anew when they are
        assert names.in_(words_shown(page, visible=True) if part is page else words_shown(part)) == set(), where
        assert names.in_([page.banner.sentence()]) == set(), where  # type: ignore[attr-defined]
        assert names.in_([window.windowTitle()]) == set(), where
        qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_F8)
        assert not frame.workspace.names_hidden


def test_a_page_that_was_left_does_not_show_them_when_it_comes_back(frame: SchoolFrame, window: MainWindow) -> None:
    names = Names(frame.workspace.school)
    for place in ("today", "attendance", "pupils"):
        frame.go(place)
        QTest.qWait(120)
    frame.open_pupil(_some_pupils(frame.workspace.school)[0])
    frame.workspace.hide_names(True)
    for place in ("today", "attendance", "pupils"):
        page = frame.go(place)
        assert names.in_(words_shown(page)) == set(), place
    frame.back()
    assert names.in_(words_shown(frame.current_page() or window)) == set()


def test_f8_in_an_open_dialog_veils_it_and_f8_gives_it_back_with_what_was_typed(
    frame: SchoolFrame, window: MainWindow, qtbot: QtBot
) -> None:
    names = Names(frame.workspace.school)
    frame.open_pupil(_some_pupils(frame.workspace.school)[0])
    frame.current_page().change("details", None)  # type: ignore[union-attr]
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog) and names.in_(words_shown(dialog, visible=True))
    field = dialog.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "xyz")
    title, size, typed = dialog.windowTitle(), dialog.size(), words_shown(dialog)
    handle = dialog.windowHandle()
    window._watch(handle)  # pyright: ignore[reportPrivateUsage] # as the system does when it gets the focus
    QTest.keyClick(handle, Qt.Key.Key_F8)
    assert frame.workspace.names_hidden
    assert names.in_(words_shown(dialog, visible=True)) == set() and dialog.windowTitle() == TITLE and dialog.size() == size
    veil = dialog.findChild(Veil)
    assert veil is not None and veil.isVisible() and veil.hasFocus()
    qtbot.keyClick(veil, Qt.Key.Key_Escape)
    qtbot.keyClick(veil, Qt.Key.Key_Return)
    assert dialog.isVisible(), "keys meant for a form that is not seen do nothing"
    QTest.keyClick(handle, Qt.Key.Key_F8)
    assert not frame.workspace.names_hidden
    assert dialog.windowTitle() == title and dialog.size() == size and field.isVisible() and field.hasFocus()
    assert words_shown(dialog) == typed
    dialog.reject()


def test_what_was_typed_to_find_somebody_is_forgotten(frame: SchoolFrame, qtbot: QtBot) -> None:
    page = frame.go("pupils")
    page.search.setText("marsh")  # type: ignore[attr-defined]
    frame.find_anything()
    assert frame.quick is not None
    frame.quick.line.setText("marsh")
    frame.workspace.hide_names(True)
    assert page.search.text() == "" and frame.quick.line.text() == ""  # type: ignore[attr-defined]


def test_an_undo_says_the_code(frame: SchoolFrame, window: MainWindow) -> None:
    names = Names(frame.workspace.school)
    pupil = _some_pupils(frame.workspace.school)[0]
    w = frame.workspace
    w.do(Title.WRITE_NOTE, lambda ids: [Put(Note(pupil, ids.other(), w.today, "note", "x"))])
    w.hide_names(True)
    w.undo()
    page = frame.current_page()
    assert page is not None and "Undo" in page.banner.sentence()  # type: ignore[attr-defined]
    assert names.in_(words_shown(window)) == set()
