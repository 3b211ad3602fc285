"""Adding a moment: by keys in half a minute, drafts, undo after Done, several pupils, incidents, names hidden, the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Intervention, LessonTime, Moment
from approgress.school.school import School
from approgress.ui.forms.intervention import InterventionDialog
from approgress.ui.pages.moment import MomentPage
from approgress.ui.pages.moment.side import LatestRow
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, pupil_named

WORDS = "Shared the glue gun"


@pytest.fixture
def frame(qtbot: QtBot, qapp: QApplication, school: School) -> Iterator[SchoolFrame]:
    start_theme(qapp)
    made = SchoolFrame(Workspace(school), PAGES)
    qtbot.addWidget(made)
    made.resize(1366, 900)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    yield made
    made.forget_pages()


@pytest.fixture
def page(frame: SchoolFrame) -> MomentPage:
    frame.workspace.open_place("moment")
    page = frame.current_page()
    assert isinstance(page, MomentPage)
    return page


class Keys(QObject):
    """Counts the keys pressed and gives each to whoever has the keyboard, as a person's hands do."""

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        super().__init__()
        self.qtbot, self.window = qtbot, window
        self.count = 0

    def type(self, text: str) -> None:
        for letter in text:
            self.count += 1
            self.qtbot.keyClicks(self._to(), letter)

    def press(self, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        self.qtbot.keyClick(self._to(), key, how)

    def _to(self) -> QWidget:
        return self.window.focusWidget() or self.window


@pytest.fixture
def keys(qtbot: QtBot, frame: SchoolFrame) -> Keys:
    return Keys(qtbot, frame)


def held(school: School) -> list[Moment]:
    return sorted((m for m in school.read(lambda r: r.every(Moment)) if m.day == TODAY), key=lambda m: m.id)


def shown_texts(page: QWidget) -> str:
    said = [w.text() for w in page.findChildren(QLabel)] + [w.text() for w in page.findChildren(QLineEdit)]
    said += [w.accessibleName() for w in page.findChildren(QWidget)] + [w.toolTip() for w in page.findChildren(QWidget)]
    return " ".join(said)


def test_a_moment_takes_half_a_minute_by_keys(page: MomentPage, keys: Keys, school: School) -> None:
    keys.type("g")
    keys.type("am")
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return)
    keys.type("1")
    before = keys.count
    keys.type(WORDS)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert before == 6 and keys.count == before + len(WORDS) + 1
    (m,) = held(school)
    assert (m.pupil_id, m.tone, m.text, m.status) == (pupil_named(school, "amara"), "good", WORDS, "complete")
    assert m.sort == page.form._sorts["good"][0]
    assert m.person_id == 1 and m.session in ("AM", "PM")
    assert page.form.empty
    assert "Kept: good moment of Amara Bell." in page.banner.sentence()


def test_several_pupils_one_entry_each_typed_once(page: MomentPage, keys: Keys, school: School) -> None:
    keys.type("o")
    for name in ("am", "zan"):
        keys.type(name)
        keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return)
    keys.type("2")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one, two = held(school)
    assert {one.pupil_id, two.pupil_id} == {pupil_named(school, "amara"), pupil_named(school, "zanzibar")}
    assert one.joint == two.joint == one.id and one.tone == two.tone == "neutral" and one.sort == two.sort
    assert page.latest.lines()[0].names == "Amara Bell, Odd Forename Zanzibar"


def test_backspace_takes_the_last_pupil_away_and_a_name_that_nobody_has_is_said(page: MomentPage, keys: Keys) -> None:
    keys.type("g")
    keys.type("am")
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Backspace)
    assert page.form.pupils.value() == ()
    keys.type("xyz")
    assert page.form.pupils.line.toolTip() == "nobody on roll is called that"
    keys.press(Qt.Key.Key_Return)
    assert page.form.pupils.value() == () and page.form.pupils.line.text() == "xyz"


def test_a_draft_is_kept_at_each_answer_and_found_again(qtbot: QtBot, page: MomentPage, keys: Keys, school: School, frame: SchoolFrame) -> None:
    keys.type("g")
    keys.type("am")
    keys.press(Qt.Key.Key_Return)
    assert held(school) == []  # who alone is nothing to keep
    keys.press(Qt.Key.Key_Return)
    keys.type("2")
    (draft,) = held(school)
    assert draft.status == "draft"
    assert page.status._right.accessibleName().startswith("Draft, kept ")
    assert page.latest.lines()[0].when == "draft, now"
    keys.type("Half a")
    keys.press(Qt.Key.Key_Escape)  # leaves at once, and keeps what was typed a moment ago
    assert frame._shown == "today"
    (draft,) = held(school)
    assert draft.text == "Half a" and draft.status == "draft"
    page.deleteLater()
    frame._pages.pop("moment")
    frame.workspace.open_place("moment")  # made anew, as after the program was closed
    again = frame.current_page()
    assert isinstance(again, MomentPage) and again.form.text.text() == "Half a"
    assert again.form.pupils.names() == ["Amara Bell"]
    again.done()
    (done,) = held(school)
    assert (done.id, done.status) == (draft.id, "complete")


def test_what_is_typed_is_kept_after_a_pause(qtbot: QtBot, page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setFocus()
    keys.type("Quiet")
    qtbot.waitUntil(lambda: [m.text for m in held(school)] == ["Quiet"], timeout=5000)


def test_undo_of_done_brings_the_draft_back_into_the_form(page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText(WORDS)
    page.keep()
    page.done()
    assert page.form.empty
    page.workspace.undo()
    assert [m.status for m in held(school)] == ["draft"]
    assert page.form.text.text() == WORDS
    page.workspace.redo()
    assert [m.status for m in held(school)] == ["complete"]


def test_what_is_typed_stays_when_the_kind_changes(page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText(WORDS)
    page.form.helped.setText("Two to a bench")
    page.form.choose_kind("incident")
    page.form.before.setText("Seat moved")
    page.form.response.setText("A walk")
    page.form.minutes.set_value(9)
    page.form.severity._choose("2")
    page.form.choose_kind("good")
    assert (page.form.text.text(), page.form.helped.text(), page.form.before.text()) == (WORDS, "Two to a bench", "Seat moved")
    assert page.form.incident.isHidden()
    page.form.choose_kind("incident")
    assert not page.form.incident.isHidden()
    assert page.form.minutes.value() == 9 and page.form.severity.value() == "2"
    page.done()
    (m,) = held(school)
    assert (m.tone, m.before, m.response, m.severity, m.minutes_to_settle, m.helped) == ("incident", "Seat moved", "A walk", 2, 9, "Two to a bench")


def test_done_says_what_is_missing_beside_it_and_keeps_what_was_typed(page: MomentPage, keys: Keys, school: School) -> None:
    page.form.text.setText(WORDS)
    page.done()
    assert "Say who" in page.form.rows["pupils"].wrong()
    assert page.form.text.text() == WORDS
    page.form.pupils.add(pupil_named(school, "amara"))
    assert page.form.rows["pupils"].wrong() == ""
    page.form.text.clear()
    page.form.helped.setText("quiet corner")
    page.done()
    assert "Choose what it was" in page.form.rows["sort"].wrong()
    page.form.day.line.setText("31/02/2026")
    page.form.text.setText(WORDS)
    page.done()
    assert "not a date" in page.form.rows["day"].wrong()
    page.form.day.set_value(TODAY)
    page.form.at.setText("99")
    page.done()
    assert "not a time" in page.form.rows["day"].wrong()
    assert [m.status for m in held(school)] == ["draft"]


def test_a_moment_in_ones_own_words_becomes_a_choice(page: MomentPage, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.sort.chips.choose("other")
    page.form.sort.line.setText("Fixed the bike")
    page.done()
    assert held(school)[0].sort == "Fixed the bike"
    page.open_moment((pupil_named(school, "amara"),))
    assert "Fixed the bike" in [c.key for c in page.form.sort.chips.chips()]


def test_a_held_pupil_asks_for_a_record_of_its_own(qtbot: QtBot, qapp: QApplication, page: MomentPage, school: School) -> None:
    amara = pupil_named(school, "amara")
    page.open_moment((amara,), "incident")
    page.form.choose_kind("incident")
    page.form.text.setText("Left by the fire door")
    page.form.response.setText("Guided back by the elbow")
    page.form.held._choose("force")
    page.done()
    (dialog,) = [w for w in qapp.topLevelWidgets() if isinstance(w, InterventionDialog) and w.isVisible()]
    assert dialog.sort.value() == "force" and dialog.notes["what_done"].value() == "Guided back by the elbow"
    dialog.accept()
    (record,) = school.read(lambda r: r.every(Intervention))
    assert (record.pupil_id, record.moment_id, record.privacy) == (amara, held(school)[0].id, "restricted")


def test_leaving_the_record_of_a_hold_is_said(qapp: QApplication, page: MomentPage, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"), pupil_named(school, "zanzibar")), "incident")
    page.form.choose_kind("incident")
    page.form.text.setText("x")
    page.form.held._choose("restraint")
    page.done()
    (dialog,) = [w for w in qapp.topLevelWidgets() if isinstance(w, InterventionDialog) and w.isVisible()]
    dialog.reject()
    assert "no record of this hold and of 1 more yet" in page.banner.sentence()
    assert len(held(school)) == 2


def test_rates_are_never_bare_counts(page: MomentPage, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    counts, rate = page.rates._counts["good"]
    assert " in " in counts.text() and rate.text().endswith(" per 10")
    heading = page.rates.heading
    assert heading is not None
    assert heading.title.text() == "Ash group, this half-term" and "sessions attended, 2 to 24 Nov" in heading.sentence.text()
    n, of = counts.text().split(" in ")
    assert f"{10 * int(n) / int(of):.1f} per 10" == rate.text()


def test_the_lesson_of_now_is_offered(school: School, frame: SchoolFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    school.do(Title.CHANGE_SETTING, lambda ids: [Put(LessonTime(ids.other(), 1, n, n * 60, (n + 1) * 60)) for n in range(5)])
    monkeypatch.setattr(School, "now", lambda self: __import__("datetime").datetime(2026, 11, 24, 1, 30).timestamp())
    frame.workspace.open_place("moment")
    page = frame.current_page()
    assert isinstance(page, MomentPage)
    assert page.form.slot.currentText() == "lesson 2" and "lesson 2" in page.head.sentence.text()
    page.form.pupils.add(pupil_named(school, "amara"))
    page.form.text.setText("x")
    page.done()
    assert held(school)[0].lesson == 1


def test_restricted_shows_a_lock_and_home_is_told_by_one_key(page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText(WORDS)
    page.form.seen_by._choose("restricted")
    page.form.tell_home.click()
    page.done()
    (m,) = held(school)
    assert m.privacy == "restricted" and m.tell_home
    assert page.latest.lines()[0].locked
    page.show_section("log")
    log = page.log
    log.to_tell.click()
    assert log.model.rowCount() == 1 and log.tell.isVisible()
    log.table.setFocus()
    keys.type("t")
    assert held(school)[0].told_home_on == TODAY
    assert log.model.rowCount() == 0
    page.workspace.undo()
    assert held(school)[0].told_home_on is None and log.model.rowCount() == 1


def test_names_hidden_show_no_name_and_the_form_comes_back(page: MomentPage, school: School, frame: SchoolFrame) -> None:
    amara = pupil_named(school, "amara")
    page.open_moment((amara,))
    page.form.text.setText("Amara helped Odd Forename")
    page.keep()
    page.workspace.hide_names(True)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    text = shown_texts(page)
    assert not [s for s in SECRETS if s in text]
    assert page.form.text.text() == ""
    page.show_section("log")
    said = " ".join(str(c.words()) for row in page.log.model.rows() for c in row.cells)
    assert not [s for s in SECRETS if s in said]
    page.leave()
    page.open_entry(held(school)[0].id)
    assert "Names are hidden" in page.banner.sentence()
    page.workspace.hide_names(False)
    assert page.form.text.text() == "Amara helped Odd Forename" and page.form.pupils.value() == (amara,)


def test_a_visitor_sees_nothing_restricted_and_writes_nothing(page: MomentPage, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText("for few")
    page.form.seen_by._choose("restricted")
    page.done()
    school.viewer = replace(school.viewer, role="visitor", classes=frozenset({"ordinary"}))
    page._read_side()
    assert "for few" not in [line.story for line in page.latest.lines()]
    page.form.pupils.add(pupil_named(school, "amara"))
    page.form.text.setText("x")
    page.keep()
    page.done()
    assert len(school.read(lambda r: [m for m in r.every(Moment) if m.day == TODAY])) == 0
    assert "change nothing" in page.banner.sentence()


def test_the_log_filters_by_kind_words_and_pupil_and_opens_an_entry(page: MomentPage, keys: Keys, school: School) -> None:
    amara, odd = pupil_named(school, "amara"), pupil_named(school, "zanzibar")

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(Moment(odd, ids.other(), TODAY, "good", "Kind", text="Carried the trays", helped="A tick list"))
        yield Put(Moment(odd, ids.other(), TODAY, "incident", "Refused", text="Hood up"))
        yield Put(Moment(odd, ids.other(), TODAY, "good", "Kind", text="never seen", status="draft"))

    school.do(Title.LOG_MOMENT, act)
    page.show_section("log")
    log = page.log
    whole = log.model.rowCount()
    assert "All moments" in page.head.title.text() and f"{whole} entries" in page.head.sentence.text()
    assert not any("never seen" in str(c.words()) for row in log.model.rows() for c in row.cells)
    log.search.setText("tick LIST")
    log.read()
    assert [row.name for row in log.model.rows()] == ["Good moment, Odd Forename Zanzibar, 24 Nov 2026"]
    log.search.clear()
    log.tone._choose("incident")
    log.show_pupil(odd)
    assert log.model.rowCount() == 1
    log.table.opened.emit(0)
    assert page.form.text.text() == "Hood up" and page.head.title.text() == "Change a moment"
    page.form.text.setText("Hood up, then down")
    page.done()
    assert [m.text for m in held(school) if m.tone == "incident"] == ["Hood up, then down"]
    page.show_section(f"log-{amara}")
    log.tone._choose("good")
    log.search.setText("no such words")
    log.read()
    assert log.model.rowCount() == 0 and "Choose other days or other words" in log.empty.text()


def test_an_entry_taken_out_elsewhere_is_a_sentence(page: MomentPage, school: School) -> None:
    page.open_entry(987654)
    assert "not here any more" in page.banner.sentence()


def test_what_somebody_else_changed_is_not_overwritten(page: MomentPage, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText("mine")
    page.keep()
    (m,) = held(school)
    school.do(Title.LOG_MOMENT, [Put(replace(m, text="theirs"), m)])  # the page is not told yet
    page.form.text.setText("mine again")
    page.done()
    assert held(school)[0].text == "theirs"
    assert "text is now theirs" in page.banner.sentence()


@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("dark", 100), ("contrast", 200)])
@pytest.mark.parametrize("section", ["", "log"])
def test_the_page_fits_in_every_look(qtbot: QtBot, qapp: QApplication, frame: SchoolFrame, school: School, look: str, percent: int, section: str) -> None:
    from approgress.ui.pictures import cut, outside

    start_theme(qapp, look, percent)
    frame.resize(1366, 768)
    frame.workspace.open_place(f"moment/{section}" if section else "moment")
    page = frame.current_page()
    assert isinstance(page, MomentPage)
    if not section:
        page.form.choose_kind("incident")
    qapp.processEvents()
    qtbot.wait(50)
    assert [*outside(page), *cut(page)] == []


def test_every_row_is_reached_by_tab_in_reading_order(page: MomentPage, keys: Keys, school: School, frame: SchoolFrame) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.tones.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[int] = []
    for _ in range(40):
        keys.press(Qt.Key.Key_Tab)
        now = frame.focusWidget()
        if now is None or not page.form.isAncestorOf(now):
            break
        seen.append(now.mapTo(page.form, now.rect().topLeft()).y())
    assert seen == sorted(seen) and len(seen) >= 9


def test_rows_of_latest_say_all_to_those_who_do_not_see_them(page: MomentPage, school: School) -> None:
    rows = page.latest.findChildren(LatestRow)
    assert rows and all(":" in r.accessibleName() for r in rows)


def test_the_page_is_freed(qtbot: QtBot, qapp: QApplication, frame: SchoolFrame, page: MomentPage) -> None:
    import gc
    import weakref

    page.show_section("log")
    gone = weakref.ref(page)
    frame.forget_pages()
    del page
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None or isinstance(gone(), MomentPage)


def test_arrows_choose_in_every_segmented_choice(page: MomentPage, keys: Keys) -> None:
    page.form.choose_kind("incident")
    for choice, wanted in ((page.form.severity, "2"), (page.form.held, "force"), (page.form.seen_by, "restricted")):
        choice.setFocus(Qt.FocusReason.TabFocusReason)
        keys.press(Qt.Key.Key_Right)
        assert choice.value() == wanted
    page.form.severity.setFocus(Qt.FocusReason.TabFocusReason)
    keys.press(Qt.Key.Key_Left)
    assert page.form.severity.value() == "1", "and go on from what is chosen"


def test_esc_leads_back_to_where_one_came_from(page: MomentPage, keys: Keys, school: School, frame: SchoolFrame) -> None:
    amara = pupil_named(school, "amara")
    frame.workspace.open_place("today")
    frame.workspace.open_place(f"moment/{amara}")
    keys.press(Qt.Key.Key_Escape)
    assert frame._shown == "today"
    frame.workspace.open_pupil(amara)
    frame.workspace.open_place(f"moment/{amara}")
    keys.press(Qt.Key.Key_Escape)
    assert (frame._shown, frame._at) == ("pupil", amara)


def test_a_name_that_chose_nobody_is_not_dropped_on_done(page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setText(WORDS)
    page.form.pupils.line.setFocus()
    keys.type("xyz")
    page.done()
    assert "Nobody on roll is called \u201cxyz\u201d" in page.form.rows["pupils"].wrong() and page.form.pupils.line.text() == "xyz"
    assert all(m.status == "draft" for m in held(school))
    page.form.pupils.line.clear()
    keys.type("zan")
    page.done()
    assert "Press Enter for Odd Forename Zanzibar" in page.form.rows["pupils"].wrong()
    keys.press(Qt.Key.Key_Return)
    page.done()
    assert [m.status for m in held(school)] == ["complete", "complete"]


def test_undo_of_done_gives_back_words_that_were_never_kept_as_a_draft(page: MomentPage, keys: Keys, school: School) -> None:
    page.open_moment((pupil_named(school, "amara"),))
    page.form.text.setFocus()
    keys.type(WORDS)
    page.done()
    page.workspace.undo()
    assert [(m.status, m.text) for m in held(school)] == [("draft", WORDS)]
    assert page.form.text.text() == WORDS


def test_the_log_names_its_own_keys(page: MomentPage) -> None:
    def said() -> set[str]:
        QApplication.processEvents()
        return {w.text().removesuffix(" \u00b7") for w in page.status.findChildren(QLabel) if not w.isHidden()}

    assert "choose what" in said()
    page.show_log()
    assert "choose what" not in said() and "back to the form" in said()
    page.leave()
    assert "choose what" in said() and "back to the form" not in said()


def test_an_empty_form_speaks_of_the_day_on_which_it_is_used_and_a_begun_one_of_its_own(
    page: MomentPage, frame: SchoolFrame, school: School
) -> None:
    first = school.today
    assert page.form.value().day == first

    def next_day(day: date) -> None:
        school.do(Title.CHANGE_SETTING, [Put(replace(school.setting, today=day), school.setting)], grow=False)
        frame.workspace.look_round()
        page.open_moment()

    next_day(first + timedelta(1))
    assert page.form.value().day == first + timedelta(1)
    page.open_moment((pupil_named(school, "Amara"),))
    next_day(first + timedelta(2))
    assert page.form.value().day == first + timedelta(1)
