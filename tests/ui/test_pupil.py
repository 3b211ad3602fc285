"""The page of one pupil: what stands on it, what is read again, names hidden, a pupil with nothing, long and odd texts, and that it is freed."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from approgress.domain.acts.measures import ReadingForm, put_next_step, put_reading, write_note
from approgress.domain.edits import Changes, Put, Title
from approgress.domain.figures import FIGURES
from approgress.domain.instruments import STRANDS
from approgress.domain.records import Name
from approgress.school.school import School
from approgress.store.reads.dossier import records_of
from approgress.ui.forms.lists import ListTable
from approgress.ui.pages.pupil import PupilPage
from approgress.ui.pages.pupil.history import change_words
from approgress.ui.pages.pupil.lists import shortened
from approgress.ui.pages.pupil.page import TABS
from approgress.ui.parts.strand_card import StrandCard
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, pupil_named
from tests.ui.words_shown import words_shown

KEYS = [key for key, _ in TABS]


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, amara: int) -> PupilPage:
    return shown(qtbot, workspace, amara)


def shown(qtbot: QtBot, workspace: Workspace, pupil: int, width: int = 1240, height: int = 800) -> PupilPage:
    made = PupilPage(workspace)
    qtbot.addWidget(made)
    workspace.changed.connect(made.refresh)
    made.resize(width, height)
    made.open_pupil(pupil)
    made.show()
    qtbot.waitExposed(made)
    return made


def everything(page: PupilPage) -> list[str]:
    """All words of all tabs."""
    for key in KEYS:
        page.show_tab(key)
        QApplication.processEvents()
    return words_shown(page)


def test_head_says_who_and_why_here(page: PupilPage) -> None:
    assert page.head.title.text() == "Amara Bell"
    assert page.head.sentence.text() == "Year 9 · Ash group · respite placement from Parkfield Academy, school week 17 of 20"
    assert {"SEN support: SEMH", "Pupil premium"} <= set(words_shown(page.chips))
    assert page.title == "Pupil"  # the window's title never names a child


def test_overview_has_strengths_six_strands_and_what_is_next(page: PupilPage) -> None:
    body = page.tab("overview")
    words = words_shown(body)
    assert "Good at drawing, mending bikes with her uncle, younger children" in words
    assert "In her words “I can do it if nobody is watching me do it.”" in words
    cards = body.findChildren(StrandCard)
    assert [c.facts().strand for c in cards] == list(STRANDS)
    wellbeing = cards[0].facts()
    assert (wellbeing.start, wellbeing.now, wellbeing.unit) == ("28", "52", "of 100")
    assert cards[2].facts().start == "31%" and cards[2].facts().sign == ""  # attendance has no verdict
    assert "Ask mum again for the SDQ" in words and "overdue, T. Mbeki" in words
    assert "3 → 8 of 10".replace("→", "to") in [w.removeprefix("from ") for w in words]


def test_cards_say_in_words_what_they_show(page: PupilPage) -> None:
    card = page.tab("overview").findChildren(StrandCard)[0]
    assert card.accessibleName().startswith("Wellbeing: from 28 to 52 of 100")


def test_a_strand_card_opens_its_measure(qtbot: QtBot, page: PupilPage) -> None:
    cards = page.tab("overview").findChildren(StrandCard)
    cards[0].click()
    assert page.tabs.value() == "measures"
    qtbot.waitUntil(lambda: page._scroll.verticalScrollBar().value() > 0)
    page.show_tab("overview")
    cards[2].click()
    assert page.tabs.value() == "attendance"


def test_the_large_chart_follows_strand_and_stretch(qtbot: QtBot, page: PupilPage) -> None:
    chart = page.tab("overview").chart  # type: ignore[attr-defined]
    assert page.seen is not None
    assert chart.figure() == FIGURES["wellbeing"](page.seen.dossier)
    assert chart.sentence.text() == chart.figure().text
    assert [k for k, _ in page.seen.stretches()] == ["start", "year"]
    chart.stretch._choose("year")
    assert chart.figure().x.first.isoformat() == "2026-09-01"
    chart.choose_strand("attendance")
    assert chart.figure().kind == "bars"
    chart.choose_strand("wellbeing")
    qtbot.waitUntil(lambda: chart.plot is not None, timeout=20_000)
    assert chart._current() is chart.plot
    assert chart.plot.readings()[-1] == "23 Nov 2026: 52"


def test_no_tab_is_without_content(page: PupilPage) -> None:
    for key in KEYS:
        page.show_tab(key)
        assert len([w for w in words_shown(page.tab(key)) if len(w) > 12]) > 5, key


def test_measures_list_each_reading_and_each_series(page: PupilPage) -> None:
    page.show_tab("measures")
    body = page.tab("measures")
    rows = body.readings.table.rows.rows()  # type: ignore[attr-defined]
    assert len(rows) == 12
    assert rows[0].cells[0].words() == "23 Nov 2026" and rows[0].cells[2].words() == "52"
    progress = [r.name for r in body.progress.table.rows.rows()]  # type: ignore[attr-defined]
    assert progress[0] == "WHO-5, pupil" and "SDQ, teacher: total difficulties" in progress


def test_attendance_counts_every_week_and_half_term(page: PupilPage) -> None:
    page.show_tab("attendance")
    body = page.tab("attendance")
    terms = body.half_terms.table.rows.rows()  # type: ignore[attr-defined]
    assert [r.name for r in terms] == ["Since day 0", "Autumn 2, to 24 Nov", "Autumn 1", "Summer 2", "Before, Parkfield Academy"]
    assert [r.cells[1].words() for r in terms[:4]] == ["128 of 162", "26 of 34", "54 of 68", "48 of 60"]
    assert [r.cells[2].words() for r in terms[:2]] == ["79%", "76%"]
    weeks = body.weeks.table.rows.rows()  # type: ignore[attr-defined]
    assert sum(int(r.cells[1].words().split(" of ")[1]) for r in weeks) == 162
    assert "DfE measure" in words_shown(body)
    assert body.agreed.isHidden() and len(terms[0].cells) == 6, "there is no part-time timetable"  # type: ignore[attr-defined]


def test_models_keep_the_rules_of_models(page: PupilPage, qtmodeltester: ModelTester) -> None:
    for key in KEYS:
        page.show_tab(key)
    tables = page.findChildren(ListTable)
    assert len(tables) > 10
    for table in tables:
        qtmodeltester.check(table.model())


# --- reading again ----------------------------------------------------------------------------------------------------


def test_a_reading_is_seen_at_once_and_only_its_rows_are_read(page: PupilPage, workspace: Workspace, amara: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    from approgress.store.reads import Reader

    whole = Reader.of_pupil
    monkeypatch.setattr(Reader, "of_pupil", lambda self, cls, pupil: (asked.append(cls.__name__), whole(self, cls, pupil))[1])
    who5 = workspace.facts.library.get("who5")
    assert who5 is not None
    workspace.do(Title.ENTER_READING, lambda ids: put_reading(ids, amara, who5, ReadingForm(TODAY, "pupil", {"total": 60.0}), today=TODAY))
    assert asked == ["Reading"]
    card = page.tab("overview").cards["wellbeing"]  # type: ignore[attr-defined]
    assert card.facts().now == "60"
    assert page.tab("overview").chart.figure().lines[0].marks[-1].value == 60  # type: ignore[attr-defined]
    workspace.undo()
    assert card.facts().now == "52"


def test_what_touches_another_pupil_is_not_read(page: PupilPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    other = pupil_named(workspace.school, "zanzibar")
    seen = page.seen
    workspace.do(Title.WRITE_NOTE, lambda ids: write_note(ids, other, TODAY, "Elsewhere", today=TODAY))
    assert page.seen is seen


def test_others_changes_come_to_the_page(page: PupilPage, workspace: Workspace, amara: int, tmp_path: Path) -> None:
    other = School.open(workspace.school.path or tmp_path)
    other.do(Title.NEXT_STEP, lambda ids: put_next_step(ids, amara, TODAY, "Written elsewhere", owner="J. Okafor"))
    other.close()
    assert "Written elsewhere" not in words_shown(page)
    workspace.look_round()
    assert "Written elsewhere" in words_shown(page)


def test_hidden_tabs_are_read_when_they_are_shown(page: PupilPage, workspace: Workspace, amara: int) -> None:
    page.show_tab("plan")
    page.show_tab("overview")
    workspace.do(Title.WRITE_NOTE, lambda ids: write_note(ids, amara, TODAY, "Brand new words", today=TODAY))
    assert not any("Brand new words" in w for w in words_shown(page.tab("plan")))
    page.show_tab("plan")
    assert any("Brand new words" in w for w in words_shown(page.tab("plan")))


def test_a_pupil_who_is_gone_is_said_and_nothing_stays(page: PupilPage, workspace: Workspace) -> None:
    from approgress.domain.acts.pupils import PupilForm, add_pupil

    workspace.do(Title.ADD_PUPIL, lambda ids: add_pupil(ids, PupilForm("Short", "Visit"), code="VIS111", setting_id=1, today=TODAY))
    page.open_pupil(pupil_named(workspace.school, "short visit"))
    assert page.head.title.text() == "Short Visit"
    workspace.undo()
    assert page.gone.isVisible()
    assert not any("Short Visit" in w for w in words_shown(page))


def test_ticking_a_step_off_and_undo(page: PupilPage, workspace: Workspace, amara: int) -> None:
    step = workspace.read(records_of, amara).next_steps[0]
    page.finish_step(step.id)
    assert workspace.read(records_of, amara).next_steps[0].done_on == TODAY
    assert "Ask mum again for the SDQ" not in words_shown(page.tab("overview"))
    workspace.undo()
    assert "Ask mum again for the SDQ" in words_shown(page.tab("overview"))


# --- names hidden -----------------------------------------------------------------------------------------------------


def test_hidden_names_stand_nowhere_on_any_tab(page: PupilPage, workspace: Workspace, amara: int) -> None:
    workspace.do(Title.WRITE_NOTE, lambda ids: write_note(ids, amara, TODAY, "Amara’s mum Denise rang about Amara Bell.", today=TODAY))
    assert any("Denise" in w for w in everything(page))
    workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    told = [w for w in everything(page) if any(secret in w for secret in SECRETS)]
    assert told == []
    assert page.head.title.text() == "KTB412"
    workspace.hide_names(False)
    page.refresh(Changes(everything=True))
    assert page.head.title.text() == "Amara Bell"


def test_no_form_shows_what_is_hidden(qtbot: QtBot, page: PupilPage, workspace: Workspace) -> None:
    workspace.hide_names(True)
    page.refresh(Changes(everything=True))
    with qtbot.waitSignal(workspace.troubled) as said:
        page.change("details", None)
    assert said.args is not None and "hidden" in said.args[0]


def test_a_former_name_is_never_shown(page: PupilPage, workspace: Workspace, amara: int) -> None:
    legal = next(n for n in workspace.read(records_of, amara).names if n.use == "legal")
    workspace.do(
        Title.CHANGE_PUPIL,
        lambda ids: [Put(replace(legal, use="former"), legal), Put(Name(amara, ids.other(), "legal", "Amara", "Quill", first_day=TODAY))],
    )
    for key in KEYS:
        if key != "history":
            page.show_tab(key)
            assert not [w for w in words_shown(page.tab(key)) if "Bell" in w and "Denise" not in w], key
    assert page.head.title.text() == "Amara Quill"


# --- odd pupils -------------------------------------------------------------------------------------------------------


def test_a_pupil_with_nothing_is_told_what_to_do(qtbot: QtBot, workspace: Workspace) -> None:
    from approgress.domain.acts.pupils import PupilForm, add_pupil

    workspace.do(Title.ADD_PUPIL, lambda ids: add_pupil(ids, PupilForm("Sol", "Brook"), code="SOL111", setting_id=1, today=TODAY))
    page = shown(qtbot, workspace, pupil_named(workspace.school, "sol brook"))
    words = everything(page)
    assert all(c.facts().missing and c.facts().to_do for c in page.tab("overview").findChildren(StrandCard) if c.facts().strand != "attendance")
    for bad in ("nan", "None", "n/a", "0%", "1970"):
        assert not [w for w in words if bad in w.split()], bad
    page.show_tab("overview")
    assert page.tab("overview").chart.figure().empty  # type: ignore[attr-defined]


def test_markup_in_texts_is_shown_letter_for_letter(page: PupilPage, workspace: Workspace, amara: int) -> None:
    from PySide6.QtWidgets import QLabel

    from approgress.domain.acts.measures import put_strength

    odd = "J&C Cuisine <b>bold</b> <img src='x'> &amp; </p>"
    workspace.do(Title.STRENGTHS, lambda ids: put_strength(ids, amara, "good_at", odd, day=TODAY))
    label = next(w for w in page.tab("overview").findChildren(QLabel) if "Cuisine" in w.text())
    from PySide6.QtGui import QTextDocument

    document = QTextDocument()
    document.setHtml(label.text())
    assert odd in document.toPlainText()
    page.show_tab("plan")
    rows = page.tab("plan").strengths.table.rows.rows()  # type: ignore[attr-defined]
    assert any(odd in r.cells[1].words() for r in rows)


def test_a_note_of_nine_thousand_words_is_shortened_in_the_list_and_whole_in_its_form(qtbot: QtBot, page: PupilPage, workspace: Workspace, amara: int) -> None:
    text = " ".join(f"word{n}" for n in range(9000))
    workspace.do(Title.WRITE_NOTE, lambda ids: write_note(ids, amara, TODAY, text, today=TODAY))
    page.show_tab("plan")
    card = page.tab("plan").notes  # type: ignore[attr-defined]
    row = card.table.rows.rows()[0]
    assert "9,000 words" in row.cells[1].words() and len(row.cells[1].words()) < 400
    assert card.table.height() < 2000
    page.change("note", row.key)
    from approgress.ui.forms.pupil_records import NoteDialog

    dialog = page.findChild(NoteDialog)
    assert dialog is not None and dialog.text.value() == text
    dialog.reject()


def test_shortened_keeps_short_texts_whole() -> None:
    assert shortened("a\nb  c") == "a\nb  c"
    assert shortened("x" * 1000).startswith("x")


def test_a_visitor_may_look_and_not_change(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    workspace.school.viewer = replace(workspace.school.viewer, role="visitor")
    page = shown(qtbot, workspace, amara)
    assert not page.add_record.isEnabled()
    with qtbot.waitSignal(workspace.troubled):
        page.change("details", None)


# --- history ----------------------------------------------------------------------------------------------------------


def test_history_tells_before_and_after_with_who(page: PupilPage, workspace: Workspace, amara: int) -> None:
    step = workspace.read(records_of, amara).next_steps[0]
    workspace.do(Title.NEXT_STEP, [Put(replace(step, text="Ask her dad"), step)])
    page.show_tab("history")
    row = page.tab("history").steps.table.rows.rows()[0]  # type: ignore[attr-defined]
    assert row.cells[1].words() == "T. Mbeki" and row.cells[2].words() == "Next step"
    assert "Ask mum again for the SDQ, now Ask her dad" in row.cells[3].words()


def test_a_mark_is_told_with_the_letters_of_its_code() -> None:
    from datetime import date

    change = {"kind": "mark", "key": {"pupil_id": 1, "setting_id": 1, "day": date(2026, 9, 9)}, "before": {"am": "N"}, "after": {"am": "I"}}
    assert change_words(change) == "mark of 9 Sep 2026: morning N, now I"


def test_the_history_counts_lessons_from_1_and_says_no_ids_and_codes_as_codes() -> None:
    moment = {"kind": "moment", "key": {"id": 5}, "before": None, "after": {"text": "calm", "lesson": 1, "joint": 6934591}}
    assert change_words(moment).endswith("added: text calm, lesson 2")
    pupil = {"kind": "pupil", "key": {"id": 5}, "before": {"ethnicity": None}, "after": {"ethnicity": "BAFR"}}
    assert "ethnicity \u2013, now code BAFR" in change_words(pupil)


# --- look -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "percent", "look"), [(1240, 800, 100, "light"), (800, 700, 100, "dark"), (1246, 768, 200, "light"), (1160, 768, 100, "contrast")]
)
def test_every_tab_folds_without_faults(qtbot: QtBot, qapp: QApplication, workspace: Workspace, amara: int, width: int, height: int, percent: int, look: str) -> None:
    from approgress.ui.pictures import faults, order_faults, unnamed

    start_theme(qapp, look, percent)
    page = shown(qtbot, workspace, amara, width, height)
    found: dict[str, list[str]] = {}
    for key in KEYS:
        page.show_tab(key)
        for _ in range(40):  # layouts settle over several turns of the event loop
            qapp.processEvents()
            found[key] = [*faults(page), *unnamed(page)]
            if not found[key]:
                del found[key]
                break
            qtbot.wait(20)
        if wrong := order_faults(page):
            found[f"{key}, order"] = wrong
    assert found == {}


def test_keys_move_between_tabs(page: PupilPage) -> None:
    page.tabs._bar.setFocus()
    QTest.keyClick(page.tabs._bar, Qt.Key.Key_Right)
    assert page.tabs.value() == "start"


def test_the_page_is_freed(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    page = PupilPage(workspace)
    page.open_pupil(amara)
    page.show()
    for key in KEYS:
        page.show_tab(key)
    gone = weakref.ref(page)
    page.close()
    page.deleteLater()
    del page
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()
    assert gone() is None
