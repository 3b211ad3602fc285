"""The panel "Needs you": keys, places, resting and waking, names hidden, the banner of a narrow window, the list of N marks, the call list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Changes, NewIds, Put, Title
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Enrolment,
    Group,
    GroupMember,
    HalfTerm,
    Mark,
    Name,
    Note,
    Pupil,
    Rest,
    StartingPoint,
)
from approgress.school.school import School
from approgress.store.reads import needs as reads
from approgress.ui.forms.call_list import call_paper
from approgress.ui.forms.not_worried import NotWorriedDialog
from approgress.ui.forms.settle_n import SettleDialog
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.needs_panel import NeedsPanel
from approgress.ui.workspace import Workspace

DAY = date(2026, 11, 24)
NAMES = ("Amara Bell", "Callum Dyer", "Harley Quinn-Moss", "Faith Oduya")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """Four pupils: Callum has not been seen, Harley has an N of four days ago and one overdue, nobody wrote about Faith."""
    made, _ = School.create(tmp_path / "s.approgress", "Trial Bridge School", passphrase=None, demonstration_today=DAY, person="T. Mbeki")
    number = {c.text: c.number for c in made.codes.codes}

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(HalfTerm(ids.other(), 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)))
        ash = ids.other()
        yield Put(Group(ash, 1, "Ash"))
        for i, name in enumerate(NAMES):
            p = ids.pupil()
            forename, surname = name.split()
            yield Put(Pupil(p, f"BCD{i:03d}", date(2012, 1, 1)))
            yield Put(Name(p, ids.other(), "legal", forename, surname))
            yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 11, 2)))
            yield Put(GroupMember(p, ids.other(), ash))
            yield Put(StartingPoint(p, ids.other(), date(2026, 11, 3), agreed_on=date(2026, 11, 3)))
            if forename != "Faith":
                yield Put(Note(p, ids.other(), date(2026, 11, 20), "note", "a good start"))
            yield Put(Contact(p, ids.other(), "Denise", "mother", "01234 567890", address="1 Hidden Lane", address_confidential=True))
            yield Put(Contact(p, ids.other(), "Norman", "father", "09999 111111", must_not_contact=True))
            for d in made_days:
                am, pm = number["/"], number["\\"]
                if forename == "Callum" and d >= date(2026, 11, 17):
                    am = pm = number["I"]
                if forename == "Harley" and d in (date(2026, 11, 18), date(2026, 11, 11)):
                    am = number["N"]
                yield Put(Mark(p, 1, d, am, pm))

    made_days = [date(2026, 11, 2 + i) for i in range(22) if date(2026, 11, 2 + i).weekday() < 5]
    made.do(Title.DEMONSTRATION, act)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, school: School) -> NeedsPanel:
    workspace = Workspace(school)
    made = NeedsPanel(workspace)
    workspace.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(360, 800)
    made.show()
    qtbot.waitExposed(made)
    made.set_fold(Fold.WIDE)
    made.read_now()
    return made


def said(panel: NeedsPanel) -> list[tuple[str, str]]:
    return [(line.title, line.sentence) for line in panel.lines]


def dialog(panel: NeedsPanel, kind: type[QDialog]) -> QDialog:
    return next(d for d in panel.findChildren(kind) if d.isVisible())


def test_safety_first_then_what_is_overdue_and_what_can_wait(panel: NeedsPanel) -> None:
    assert said(panel) == [
        ("Not seen, 5 school days absent", "Callum Dyer · last seen Mon 16 Nov"),
        ("N code overdue", "Harley Quinn-Moss · Wed 11 Nov AM has no reason yet, and 1 more"),
        ("Nothing written for 14 days", "Faith Oduya · nothing written yet"),
    ]
    assert panel.foot.isHidden()


def test_arrows_go_between_the_lines_and_enter_opens_the_place(qtbot: QtBot, panel: NeedsPanel) -> None:
    asked: list[str] = []
    panel.workspace.place_asked.connect(asked.append)
    first = panel._rows[0].words
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert panel._rows[1].words.hasFocus() and panel._rows[1]._row.isVisible() and not panel._rows[0]._row.isVisible()
    qtbot.keyClick(panel._rows[1].words, Qt.Key.Key_End)
    qtbot.keyClick(panel._rows[2].words, Qt.Key.Key_Return)
    pupils = [x.pupil_id for x in panel.lines]
    assert asked == [f"today/2026-11-23/PM/{pupils[0]}", f"pupil/{pupils[2]}/plan"]


def test_only_the_current_line_is_a_tab_stop_and_right_goes_to_its_buttons(qtbot: QtBot, panel: NeedsPanel) -> None:
    words = panel._rows[1].words
    words.setFocus(Qt.FocusReason.TabFocusReason)
    assert [bool(r.words.focusPolicy() & Qt.FocusPolicy.TabFocus) for r in panel._rows] == [False, True, False]
    qtbot.keyClick(words, Qt.Key.Key_Right)
    assert panel._rows[1].buttons[0].hasFocus() and panel._rows[1].buttons[0].text() == "Give a reason"
    qtbot.keyClick(panel._rows[1].buttons[0], Qt.Key.Key_Left)
    assert words.hasFocus()
    assert "N code overdue" in words.accessibleName() and "Harley Quinn-Moss" in words.accessibleName()


def test_tab_goes_through_the_lines_before_what_is_folded(qtbot: QtBot, panel: NeedsPanel) -> None:
    panel.foot.setText("2 more folded")
    panel.foot.show()
    panel.call_button.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[object] = []
    for _ in range(6):
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
        seen.append(panel.focusWidget())
        if seen[-1] is panel.foot:
            break
    first = panel._rows[0]
    assert seen == [first.words, *first.buttons, panel.foot]


def test_both_buttons_of_a_line_stand_side_by_side_where_they_fit(qtbot: QtBot, panel: NeedsPanel) -> None:
    panel._make_current(panel._rows[1])
    one = next(row for row in panel._rows if len(row.buttons) > 1)
    panel._make_current(one)
    qtbot.wait(10)
    assert len({button.y() for button in one.buttons}) == 1


def test_what_does_not_rest_has_no_such_button(panel: NeedsPanel) -> None:
    offered = [[b.text() for b in row.buttons] for row in panel._rows]
    assert offered == [["Write a contact down", "Open"], ["Give a reason", "Open"], ["Open", "Not worried because…"]]


def test_not_worried_rests_the_line_with_a_note_and_undo_brings_it_back(qtbot: QtBot, panel: NeedsPanel, school: School) -> None:
    before = len(school.read(lambda r: r.every(Note)))
    panel._rows[2].buttons[1].click()
    asked = dialog(panel, NotWorriedDialog)
    assert isinstance(asked, NotWorriedDialog)
    asked.accept()
    assert asked.isVisible() and asked.why.wrong(), "a reason is needed"
    asked.why.text.setPlainText("her key worker writes on Fridays")
    asked.accept()
    panel.read_now()
    assert len(panel.lines) == 2 and panel.foot.text() == "1 resting until 8 Dec"
    assert school.read(lambda r: r.every(Note))[-1].text == "Not worried: her key worker writes on Fridays"
    panel.workspace.undo()
    panel.read_now()
    assert len(panel.lines) == 3 and len(school.read(lambda r: r.every(Note))) == before and not school.read(lambda r: r.every(Rest))


def test_resting_lines_are_listed_below_the_fold_and_can_be_woken(panel: NeedsPanel, school: School) -> None:
    line = panel.lines[2]
    assert line.pupil_id is not None
    school.do(Title.REST, lambda ids: [Put(Rest(line.pupil_id or 0, ids.other(), line.key, date(2026, 12, 2)))])
    panel.refresh(Changes(kinds=frozenset({"rest"}), pupils=frozenset({line.pupil_id})))
    panel.read_now()
    panel.foot.click()
    assert panel._rows[-1].shown.resting is not None and [b.text() for b in panel._rows[-1].buttons] == ["Wake it", "Open"]
    panel._rows[-1].buttons[0].click()
    panel.read_now()
    assert len(panel.lines) == 3 and panel.foot.isHidden()


def test_a_change_is_read_after_a_moment_and_only_of_the_pupils_it_touched(qtbot: QtBot, panel: NeedsPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []
    needs = reads.needs
    monkeypatch.setattr(reads, "needs", lambda *a, **k: (asked.append(list(k["pupils"])), needs(*a, **k))[1])
    line = panel.lines[0]
    assert line.pupil_id is not None
    pupil: int = line.pupil_id
    for minute in (1, 2, 3):
        panel.workspace.do(
            Title.ABSENCE_CONTACT, lambda ids, at=minute: [Put(AbsenceContact(pupil, ids.other(), DAY, "call", at=at))], grow=False
        )
    assert panel.busy() and asked == [], "nothing is read at each key"
    qtbot.waitUntil(lambda: not panel.busy(), timeout=5000)
    assert asked == [[pupil]]
    panel.workspace.do(Title.ABSENCE_CONTACT, lambda ids: [Put(AbsenceContact(pupil, ids.other(), DAY, "seen", answered=True))])
    qtbot.waitUntil(lambda: not panel.busy() and len(panel.lines) == 2, timeout=5000)


def test_a_panel_that_is_not_shown_reads_nothing_until_it_is(qtbot: QtBot, panel: NeedsPanel) -> None:
    line = panel.lines[0]
    panel.hide()
    panel.workspace.do(Title.ABSENCE_CONTACT, lambda ids: [Put(AbsenceContact(line.pupil_id or 0, ids.other(), DAY, "seen", answered=True))])
    qtbot.wait(450)
    assert not panel.busy() and len(panel.lines) == 3
    panel.show()
    qtbot.waitUntil(lambda: len(panel.lines) == 2, timeout=5000)


def test_hiding_names_takes_them_out_at_once_everywhere(panel: NeedsPanel) -> None:
    panel.workspace.hide_names(True)
    shown = " ".join([t.text() for t in panel.findChildren(QLabel) if t.isVisible()] + [r.words.accessibleName() for r in panel._rows] + [panel.strip.accessibleName()])
    assert not any(part in shown for name in NAMES for part in name.split()) and "BCD001" in shown
    panel.workspace.hide_names(False)
    assert "Callum Dyer" in panel._rows[0].words.accessibleName()


def test_a_narrow_window_has_one_banner_that_opens(qtbot: QtBot, panel: NeedsPanel) -> None:
    panel.set_fold(Fold.NARROW)
    assert panel.strip.isVisible() and not panel.card.isVisible()
    assert panel.strip.accessibleName() == "Needs you: 3. Not seen, Callum Dyer, today"
    panel.strip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.strip, Qt.Key.Key_Return)
    assert panel.card.isVisible() and panel._rows[0].words.hasFocus()


def test_the_rail_counts_what_is_shown(panel: NeedsPanel) -> None:
    badges: list[tuple[str, int, str]] = []
    panel.workspace.badge_changed.connect(lambda *a: badges.append(a))
    panel.refresh(Changes(everything=True))
    panel.read_now()
    assert badges[-1] == ("today", 3, "3 need you")


# --- marks without a reason --------------------------------------------------------------------------------------------


def codes_of(school: School, pupil: int) -> dict[str, str]:
    text = school.codes.text
    return {m.day.isoformat(): text(m.am) for m in school.read(lambda r: r.of_pupil(Mark, pupil)) if m.day in (date(2026, 11, 11), date(2026, 11, 18))}


def settling(panel: NeedsPanel) -> SettleDialog:
    panel._rows[1].buttons[0].click()
    made = dialog(panel, SettleDialog)
    assert isinstance(made, SettleDialog)
    return made


def test_n_marks_are_settled_by_one_key_each_as_one_step(qtbot: QtBot, panel: NeedsPanel, school: School) -> None:
    pupil = panel.lines[1].pupil_id or 0
    asked = settling(panel)
    assert [n.overdue for n in asked.marks] == [True, False], "overdue first"
    steps = school.journal.newest()
    qtbot.keyClicks(asked.view, "OI")
    assert codes_of(school, pupil) == {"2026-11-11": "N", "2026-11-18": "N"}, "nothing is written before the verb"
    assert asked.main_button.text() == "Change 2 marks"
    asked.accept()
    assert codes_of(school, pupil) == {"2026-11-11": "O", "2026-11-18": "I"} and school.journal.newest() == steps + 1
    panel.workspace.undo()
    assert codes_of(school, pupil) == {"2026-11-11": "N", "2026-11-18": "N"}


def test_what_is_no_reason_is_refused_at_its_row_and_the_rest_is_kept(qtbot: QtBot, panel: NeedsPanel) -> None:
    asked = settling(panel)
    qtbot.keyClicks(asked.view, "O")
    qtbot.keyClicks(asked.view, "9")
    assert "Harley Quinn-Moss" in asked.wrong.text() and "not an attendance code" in asked.wrong.text()
    assert [c.text for c in asked.codes.values()] == ["O"]
    asked._pasted(0, 3, [["I"], ["X"], ["O"]])
    assert asked.codes[0].text == "I" and "X" in asked.wrong.text() and 1 not in asked.codes


def test_o_for_what_is_overdue_types_and_does_not_write(panel: NeedsPanel, school: School) -> None:
    pupil = panel.lines[1].pupil_id or 0
    asked = settling(panel)
    asked.unknown_button.click()
    assert {asked.marks[i].day.day: c.text for i, c in asked.codes.items()} == {11: "O"}
    asked.reject()
    assert codes_of(school, pupil)["2026-11-11"] == "N"


# --- the call list -----------------------------------------------------------------------------------------------------


def test_the_call_list_names_whom_to_ring_and_never_who_must_not_be(panel: NeedsPanel, tmp_path: Path) -> None:
    from approgress.ui.forms.list_paper import save_list

    paper = call_paper(panel.workspace)
    assert [row[1] for row in paper.rows] == ["Callum Dyer", "Harley Quinn-Moss"]
    assert paper.rows[0][2].startswith("not seen, 5 school days absent") and paper.rows[1][2] == "reason for Wed 11 Nov AM and 1 more session"
    assert paper.rows[0][3:5] == ("Denise (mother)", "01234 567890")
    everything = " ".join(" ".join(row) for row in paper.rows)
    assert "Norman" not in everything and "09999" not in everything and "Hidden Lane" not in everything
    assert save_list(tmp_path / "calls.pdf", paper) == 1


def test_the_call_list_with_names_hidden(panel: NeedsPanel) -> None:
    panel.workspace.hide_names(True)
    paper = call_paper(panel.workspace)
    everything = " ".join(" ".join(row) for row in paper.rows) + paper.title + paper.sentence
    assert "BCD001" in everything and "mother" in everything
    assert not any(part in everything for name in (*NAMES, "Denise") for part in name.split())
