"""Quick find: whom it finds and in which order, what it does, that hidden names stay hidden, and that Esc changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Enrolment, Identifier, KeptApart, Name, Person, Pupil
from approgress.school.school import School
from approgress.store.reads.find import everyone
from approgress.ui.finder import PUPILS, Finder
from approgress.ui.main_window import MainWindow
from approgress.ui.parts.quick_find import Found
from approgress.ui.pictures import faults
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.theme import start_theme, theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, make_school, pupil_named
from tests.ui.words_shown import words_shown

PLACES = tuple(p for p in PAGES if p.key in ("today", "pupils", "pupil", "setting"))
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    made.do(Title.ADD_PUPIL, _more)
    yield made
    made.close()


def _more(ids: NewIds) -> Iterator[Put]:
    for forename, surname, code, preferred, number in (
        ("Leonard", "Marsh", "QQY001", "Leon", "B820200012345"),
        ("Đức", "Ó Briain", "QQY002", None, "4711"),
        ("Marshall", "Adeyemi", "QQY003", None, ""),
    ):
        p = ids.pupil()
        yield Put(Pupil(p, code, date(2012, 3, 4)))
        yield Put(Name(p, ids.other(), "legal", forename, surname))
        if preferred:
            yield Put(Name(p, ids.other(), "preferred", preferred, surname))
            yield Put(Name(p, ids.other(), "former", "Grimsby", "Formerly"))
        yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 9, 2)))
        if number:
            yield Put(Identifier(p, ids.other(), "upn" if len(number) > 9 else "number", number))


@pytest.fixture
def frame(school: School, window: MainWindow) -> Iterator[SchoolFrame]:
    workspace = Workspace(school)
    made = SchoolFrame(workspace, PLACES)
    window.show_school(made)
    made.go("today")
    yield made
    workspace.stop_looking()
    workspace.tasks.stop_all()


def _pupils(finder: Finder, typed: str) -> list[str]:
    return [f.words for f in finder.find(typed) if f.group == PUPILS]


def _words(finder: Finder, typed: str) -> list[str]:
    return [f.words for f in finder.find(typed)]


@pytest.fixture
def finder(school: School) -> Finder:
    return Finder(Workspace(school), PLACES)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("leon", "Leon Marsh"),
        ("marsh leon", "Leon Marsh"),
        ("LEON  MARSH", "Leon Marsh"),
        ("leonard", "Leon Marsh"),
        ("b8202", "Leon Marsh"),
        ("B820 2000 12345", "Leon Marsh"),
        ("qqy001", "Leon Marsh"),
        ("duc", "Đức Ó Briain"),
        ("o briain", "Đức Ó Briain"),
        ("briain du", "Đức Ó Briain"),
        ("4711", "Đức Ó Briain"),
        ("left", "Left Already"),
    ],
)
def test_pupils_are_found_by_every_name_that_they_bear_and_by_number(finder: Finder, typed: str, first: str) -> None:
    assert _pupils(finder, typed)[0] == first


def test_a_former_name_finds_nobody(finder: Finder) -> None:
    assert _pupils(finder, "grimsby") == [] and _pupils(finder, "formerly") == []


def test_those_on_roll_come_first_and_leavers_are_marked(finder: Finder) -> None:
    assert _pupils(finder, "mar")[0] == "Marshall Adeyemi", "the name begins so"
    assert _pupils(finder, "a") == ["Amara Bell", "Marshall Adeyemi", "Left Already"]
    left = next(f for f in finder.find("already") if f.group == PUPILS)
    assert "has left" in left.second


def test_a_former_number_leads_to_nobody_who_is_kept_apart(school: School) -> None:
    leon, duc = pupil_named(school, "leon"), pupil_named(school, "duc")
    school.do(Title.CHANGE_PUPIL, lambda ids: [Put(Identifier(p, ids.other(), "former_upn", f"Z99{p}")) for p in (leon, duc)])
    finder = Finder(Workspace(school), PLACES)
    assert _pupils(finder, f"z99{leon}") == ["Leon Marsh"]
    school.do(Title.KEEP_APART, lambda ids: [Put(KeptApart(ids.other(), leon, pupil_named(school, "amara")))])
    finder = Finder(Workspace(school), PLACES)
    assert _pupils(finder, f"z99{leon}") == []
    assert _pupils(finder, f"z99{duc}") == ["Đức Ó Briain"]


def test_hidden_names_are_not_found_and_not_said(school: School) -> None:
    workspace = Workspace(school)
    finder = Finder(workspace, PLACES)
    assert _pupils(finder, "leon") == ["Leon Marsh"]
    workspace.hide_names(True)
    assert _pupils(finder, "leon") == []
    assert _pupils(finder, "qqy") == ["QQY001", "QQY002", "QQY003"]
    assert _pupils(finder, "4711") == ["QQY002"]
    said = " ".join(f.spoken() + f.initials for typed in ("qqy001", "reading qqy001", "qq", "b8202") for f in finder.find(typed))
    assert not any(secret in said for secret in (*SECRETS, "Leon", "Marsh"))


def test_a_pupil_who_is_added_or_renamed_is_found_at_once(school: School) -> None:
    workspace = Workspace(school)
    finder = Finder(workspace, PLACES)
    assert _pupils(finder, "zelda") == []
    leon = pupil_named(school, "leon")
    name = next(n for n in school.read(lambda r: r.every(Name)) if n.pupil_id == leon and n.use == "preferred")
    workspace.do(Title.CHANGE_PUPIL, [Put(replace(name, forename="Zelda"), name)])
    assert _pupils(finder, "zelda") == ["Zelda Marsh"]


def test_pages_parts_and_deeds(finder: Finder) -> None:
    assert {"Today", "Pupils", "Setting", "Lock", "Hide names", "All keys"} <= set(_words(finder, ""))
    assert "Leon Marsh" not in _words(finder, ""), "nobody is shown before anything is typed"
    assert "Backup" in _words(finder, "backup") and "Back up now" in _words(finder, "backup")
    assert _words(finder, "print")[0] == "Print this page’s list"
    assert "New reading: Leon Marsh" in _words(finder, "leon reading") and "New reading: Leon Marsh" in _words(finder, "new reading marsh leon")
    assert "Measures: Leon Marsh" in _words(finder, "measures leon")
    assert "Progress report: Leon Marsh" in _words(finder, "leonard"), "for one pupil alone"
    assert _words(finder, "qwrtz") == []
    assert "Undo" in _words(finder, "undo"), "adding the pupils can be undone"


def test_a_visitor_is_offered_nothing_that_writes(school: School) -> None:
    person = school.read(lambda r: r.every(Person))[0]
    school.viewer = replace(school.viewer, role="visitor", person_id=person.id)
    finder = Finder(Workspace(school), PLACES)
    said = " ".join([*_words(finder, ""), *_words(finder, "leonard"), *_words(finder, "reading leon")])
    assert "Lock" in said and "Progress report" in said
    assert not any(words in said for words in ("New reading", "Add a pupil", "Undo", "Bring in"))


def _open(qtbot: QtBot, frame: SchoolFrame, typed: str) -> list[Found]:
    qtbot.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_K, CTRL)
    assert frame.quick is not None and frame.quick.isVisible() and frame.quick.line.hasFocus()
    qtbot.keyClicks(frame.quick.line, typed)
    return [row for row in frame.quick.list.results.rows if isinstance(row, Found)]


def test_ctrl_k_typing_and_enter_open_a_pupil(qtbot: QtBot, frame: SchoolFrame, school: School) -> None:
    found = _open(qtbot, frame, "marsh leon")
    assert found[0].words == "Leon Marsh"
    assert frame.quick is not None and "Leon Marsh" in frame.quick.line.accessibleDescription()
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)
    assert not frame.quick.isVisible()
    assert getattr(frame.current_page(), "pupil_id", None) == pupil_named(school, "leon")


def test_arrows_pass_over_headings_and_come_round(qtbot: QtBot, frame: SchoolFrame) -> None:
    found = _open(qtbot, frame, "leonard")
    assert frame.quick is not None
    seen = []
    for _ in found:
        current = frame.quick.list.current()
        assert current is not None
        seen.append(current.words)
        qtbot.keyClick(frame.quick.line, Qt.Key.Key_Down)
    assert seen == [f.words for f in found]
    current = frame.quick.list.current()
    assert current is not None and current.words == seen[0]
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Up)
    assert frame.quick.list.current() is not None and frame.quick.list.current().words == seen[-1]  # type: ignore[union-attr]
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Tab)
    assert frame.quick.line.hasFocus(), "the keyboard does not get lost behind it"


def test_esc_and_a_press_outside_leave_everything_as_it_was(qtbot: QtBot, frame: SchoolFrame) -> None:
    newest = frame.workspace.school.journal.newest()
    before = QApplication.focusWidget()
    for way in ("esc", "ctrl k", "press"):
        _open(qtbot, frame, "leon")
        assert frame.quick is not None
        if way == "esc":
            qtbot.keyClick(frame.quick.line, Qt.Key.Key_Escape)
        elif way == "ctrl k":
            qtbot.keyClick(frame.quick.line, Qt.Key.Key_K, CTRL)
        else:
            qtbot.mouseClick(frame.quick, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        assert not frame.quick.isVisible() and QApplication.focusWidget() is before, way
        assert frame.current_page() is frame.page("today")
    assert frame.workspace.school.journal.newest() == newest


def test_a_click_takes_what_it_hits(qtbot: QtBot, frame: SchoolFrame, school: School) -> None:
    _open(qtbot, frame, "amara")
    assert frame.quick is not None
    view = frame.quick.list
    row = next(i for i, r in enumerate(view.results.rows) if isinstance(r, Found))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.results.index(row, 0)).center())
    assert getattr(frame.current_page(), "pupil_id", None) == pupil_named(school, "amara")


def test_f8_while_it_is_open_hides_what_it_shows(qtbot: QtBot, frame: SchoolFrame) -> None:
    _open(qtbot, frame, "amara")
    assert frame.quick is not None
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_F8)
    assert frame.quick.isVisible()
    shown = [w for w in words_shown(frame.quick) if w != frame.quick.line.text()]
    assert not any(secret in words for words in shown for secret in SECRETS)


@pytest.mark.parametrize(
    ("typed", "place"),
    [("new reading leon", "pupil"), ("measures leon", "pupil"), ("groups", "setting"), ("add a pupil", "pupils"), ("appearance", "setting")],
)
def test_what_is_found_is_carried_out(qtbot: QtBot, frame: SchoolFrame, typed: str, place: str) -> None:
    _open(qtbot, frame, typed)
    assert frame.quick is not None
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)
    assert frame.current_page() is frame.page(place)
    dialog = QApplication.activeModalWidget()
    assert (dialog is not None) == (typed in ("new reading leon", "add a pupil"))
    if dialog is not None:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_lock_hide_and_undo_from_quick_find(qtbot: QtBot, frame: SchoolFrame, window: MainWindow) -> None:
    for typed in ("hide names", "undo"):
        _open(qtbot, frame, typed)
        qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)  # type: ignore[union-attr]
    assert frame.workspace.names_hidden
    assert [f for f in everyone_shown(frame) if f == "QQY001"] == [], "the pupils added last are taken back"
    _open(qtbot, frame, "lock")
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)  # type: ignore[union-attr]
    assert window.locked
    window.unlock_for_pictures()


def everyone_shown(frame: SchoolFrame) -> list[str]:
    w = frame.workspace
    return [f.name.full for f in w.read(everyone, w.today, hidden=w.names_hidden)]


@pytest.mark.parametrize(("size", "percent"), [((1366, 768), 100), ((1366, 768), 200), ((900, 500), 100)])
def test_nothing_is_cut(qtbot: QtBot, qapp: QApplication, frame: SchoolFrame, window: MainWindow, size: tuple[int, int], percent: int) -> None:
    start_theme(qapp, "light", percent)
    window.look_changed()
    window.resize(*size)
    _open(qtbot, frame, "")
    qapp.processEvents()
    assert frame.quick is not None
    assert faults(frame.quick) == []
    inside = frame.quick.list.geometry().bottomLeft() + QPoint(2, -2)
    shown = window.grab().toImage().pixelColor(frame.quick.sheet.mapTo(window, inside))
    assert shown.name() == theme().colour("surface").name(), "the page does not shine through"
    assert frame.quick.sheet.geometry().bottom() <= frame.height()


def test_two_thousand_pupils_are_read_once_and_then_looked_through(qtbot: QtBot, school: School) -> None:
    def many(ids: NewIds) -> Iterator[Put]:
        for n in range(2000):
            p = ids.pupil()
            yield Put(Pupil(p, f"ZZ{n:04}"))
            yield Put(Name(p, ids.other(), "legal", f"Fane{n}", f"Sur{n % 90}"))

    school.do(Title.IMPORT_PUPILS, many)
    workspace = Workspace(school)
    finder = Finder(workspace, PLACES)
    assert len(finder.everyone()) == 2007
    reads = []
    workspace.read = lambda *a, **k: reads.append(a)  # type: ignore[method-assign]
    for typed in ("f", "fa", "fane1999", "sur7 fane"):
        assert _pupils(finder, typed), typed
    assert reads == []
    more = [f for f in finder.find("fane") if f.group == PUPILS]
    assert len(more) == 8 and "and 1992 more" in more[-1].second


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("call list", "Call list"),
        ("inset", "Add an INSET day, holiday or closed days"),
        ("holiday", "Add an INSET day, holiday or closed days"),
        ("lesson times", "Lesson times"),
        ("register", "Take today’s register"),
        ("interventions", "Physical interventions"),
        ("suspension", "Suspension: choose the pupil"),
        ("part-time", "Part-time timetable: choose the pupil"),
        ("suspension marsh", "Suspension: Leon Marsh"),
        ("part-time leon", "Part-time timetable: Leon Marsh"),
        ("history leon", "History: Leon Marsh"),
    ],
)
def test_daily_work_is_found(finder: Finder, typed: str, words: str) -> None:
    assert words in _words(finder, typed)


def test_weekly_notes_are_found_where_the_attendance_page_is(school: School, finder: Finder) -> None:
    assert "Weekly notes" not in _words(finder, "weekly notes")
    assert "Weekly notes" in _words(Finder(Workspace(school), PAGES), "weekly notes")


@pytest.mark.parametrize(("typed", "dialog"), [("suspension leon", "SuspensionDialog"), ("inset", "ClosureDialog"), ("lesson times", "LessonsDialog")])
def test_the_exact_form_opens(qtbot: QtBot, frame: SchoolFrame, typed: str, dialog: str) -> None:
    _open(qtbot, frame, typed)
    assert frame.quick is not None
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)
    shown = QApplication.activeModalWidget()
    assert shown is not None and type(shown).__name__ == dialog
    qtbot.keyClick(shown, Qt.Key.Key_Escape)


def test_a_tab_that_is_found_has_the_keyboard(qtbot: QtBot, frame: SchoolFrame, school: School) -> None:
    frame.open_pupil(pupil_named(school, "amara"))
    _open(qtbot, frame, "history leon")
    qtbot.keyClick(frame.quick.line, Qt.Key.Key_Return)  # type: ignore[union-attr]
    page = frame.current_page()
    focus = QApplication.focusWidget()
    assert focus is not None and page.tab("history").isAncestorOf(focus) and focus.isVisible()  # type: ignore[union-attr]
