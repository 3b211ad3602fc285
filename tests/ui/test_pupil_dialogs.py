"""Every dialog of a pupil: keys in, records out, one step each; what a rule says no to stands under its field and nothing is written."""

from __future__ import annotations

import gc
import weakref
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from approgress.domain.dossier import PupilRecords
from approgress.domain.edits import Changes
from approgress.domain.scoring import DECLINED, NOT_REACHED
from approgress.store.reads.dossier import records_of
from approgress.ui.forms.pupil_details import AddPupilDialog, ChangePupilDialog, ContactDialog, EndRollDialog, FlagDialog, PlacementDialog
from approgress.ui.forms.pupil_readings import RatingDialog, ReadingDialog, VoidDialog, choices_of
from approgress.ui.forms.pupil_records import EventDialog, GoalDialog, NextStepDialog, NoteDialog, StatedDialog, StrengthDialog
from approgress.ui.forms.starting_point import StartingPointDialog, offers_of
from approgress.ui.pages.pupil.dialogs import dialog_for
from approgress.ui.pages.pupil.page import RECORDS
from approgress.ui.pages.pupil.seen import Seen, see
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import DAY_0, TODAY, pupil_named


@pytest.fixture
def steps(workspace: Workspace) -> list[Changes]:
    """The steps written while the test runs."""
    done: list[Changes] = []
    workspace.changed.connect(done.append)
    return done


def held(workspace: Workspace, pupil: int) -> PupilRecords:
    return workspace.read(records_of, pupil)


def seen_of(workspace: Workspace, pupil: int) -> Seen:
    return see(held(workspace, pupil), workspace.facts, workspace.today, hidden=False)


def opened(qtbot: QtBot, dialog: FormDialog) -> Any:
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def type_in(field: Any, text: str) -> None:
    """Types into a field as a person does."""
    line = getattr(field, "line", None) or getattr(field, "text", None)
    line.setFocus()
    line.selectAll()
    for letter in text:  # QTest.keyClicks knows no letter beyond Latin-1
        QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def choose(field: Any, key: str) -> None:
    """Chooses an option as a person does."""
    at = field.box.findData(key)
    assert at >= 0, key
    field.box.setCurrentIndex(at)
    field.box.activated.emit(at)


def keep(dialog: FormDialog) -> None:
    """Ctrl+Enter."""
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def refused(dialog: FormDialog) -> dict[str, str]:
    """What stands beneath which field."""
    assert dialog.isVisible()
    return {f.key: f.wrong() for f in dialog.fields() if f.wrong()}


# --- who --------------------------------------------------------------------------------------------------------------


def test_add_a_pupil(qtbot: QtBot, workspace: Workspace, steps: list[Changes]) -> None:
    d = opened(qtbot, AddPupilDialog(workspace))
    assert d.focusWidget() is d.forename.line
    type_in(d.forename, "Zoë")
    type_in(d.surname, "O’Neill")
    type_in(d.born, "29.2.2012")
    choose(d.year, "10")
    choose(d.group, d.group.box.itemData(1))
    type_in(d.upn, "H801200001001")
    type_in(d.number, "0042")
    with qtbot.waitSignal(d.added) as added:
        keep(d)
    assert not d.isVisible()
    r = held(workspace, added.args[0])
    assert (r.names[0].forename, r.names[0].surname, r.pupil.born) == ("Zoë", "O’Neill", date(2012, 2, 29))
    assert {(i.system, i.value) for i in r.identifiers} == {("upn", "H801200001001"), ("number", "0042")}
    assert r.enrolments[0].first_day == TODAY and r.years[0].year == "10" and len(r.memberships) == 1
    assert len(steps) == 1 and steps[0].title == "Add a pupil"
    workspace.undo()
    from approgress.domain.errors import Refusal

    with pytest.raises(Refusal):
        held(workspace, added.args[0])


def test_a_pupil_without_a_name_or_born_tomorrow_is_refused_at_the_field(qtbot: QtBot, workspace: Workspace, steps: list[Changes]) -> None:
    d = opened(qtbot, AddPupilDialog(workspace))
    keep(d)
    assert "needs a name" in refused(d)["forename"]
    type_in(d.forename, "A")
    type_in(d.born, "1 Jan 2030")
    keep(d)
    assert "lies in the future" in refused(d)["born"]
    type_in(d.born, "31 Feb 2012")
    keep(d)
    assert "has 29 days" in refused(d)["born"]
    assert steps == []


def test_a_upn_with_a_wrong_check_letter_is_refused_and_its_text_kept(qtbot: QtBot, workspace: Workspace, steps: list[Changes]) -> None:
    d = opened(qtbot, AddPupilDialog(workspace))
    type_in(d.forename, "A")
    type_in(d.upn, "A801200001001")
    keep(d)
    assert "A801200001001" in refused(d)["upn"] and "check letter should be H" in refused(d)["upn"]
    assert steps == []


def test_a_upn_of_an_unknown_authority_is_warned_of_and_kept(qtbot: QtBot, workspace: Workspace) -> None:
    from approgress.domain.identifiers import check_upn

    typed = next(u for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if check_upn(u := f"{letter}999200001001").ok)
    d = opened(qtbot, AddPupilDialog(workspace))
    type_in(d.forename, "A")
    type_in(d.upn, typed)
    assert "999 is not the number of a local authority" in d.upn._help.text()
    with qtbot.waitSignal(d.added):
        keep(d)


def test_escape_changes_nothing(qtbot: QtBot, workspace: Workspace, steps: list[Changes]) -> None:
    d = opened(qtbot, AddPupilDialog(workspace))
    type_in(d.forename, "A")
    QTest.keyClick(d, Qt.Key.Key_Escape)
    assert not d.isVisible() and steps == []


def test_a_mended_spelling_leaves_no_former_name(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = opened(qtbot, ChangePupilDialog(workspace, held(workspace, amara)))
    assert not d.changed_on.isVisible()
    type_in(d.forename, "Amarah")
    keep(d)
    assert [n.use for n in held(workspace, amara).names] == ["legal"]
    assert len(steps) == 1


def test_a_name_changed_on_a_day_becomes_a_former_one(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, ChangePupilDialog(workspace, held(workspace, amara)))
    type_in(d.surname, "Quill")
    assert d.changed_on.isVisible()
    type_in(d.changed_on, "1 Nov 2026")
    keep(d)
    names = {n.use: n for n in held(workspace, amara).names}
    assert names["former"].surname == "Bell" and names["former"].last_day == date(2026, 10, 31)
    assert names["legal"].surname == "Quill" and names["legal"].first_day == date(2026, 11, 1)


def test_a_change_made_meanwhile_by_another_is_said_and_kept(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    from dataclasses import replace

    from approgress.domain.edits import Put, Title

    d = opened(qtbot, ChangePupilDialog(workspace, held(workspace, amara)))
    pupil = held(workspace, amara).pupil
    workspace.do(Title.CHANGE_PUPIL, [Put(replace(pupil, pronouns="he/him"), pupil)])
    type_in(d.pronouns, "they/them")
    keep(d)
    assert d.isVisible() and d.banner.sentence()
    assert held(workspace, amara).pupil.pronouns == "he/him"


def test_a_placement_needs_a_purpose_and_lies_in_the_time_on_roll(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = opened(qtbot, PlacementDialog(workspace, held(workspace, amara).enrolments))
    keep(d)
    assert "needs a purpose" in refused(d)["purpose"]
    type_in(d.purpose, "Catch up in maths")
    type_in(d.first_day, "1 Jan 2026")
    keep(d)
    assert "came on roll on 8 Jun 2026" in refused(d)["first_day"]
    type_in(d.first_day, "1 Sep 2026")
    type_in(d.sessions, "11")
    keep(d)
    assert refused(d)["sessions_a_week"]
    type_in(d.sessions, "6")
    choose(d.sort, "part_time")
    keep(d)
    p = held(workspace, amara).placements[-1]
    assert (p.sort, p.purpose, p.first_day, p.sessions_a_week) == ("part_time", "Catch up in maths", date(2026, 9, 1), 6)
    assert len(steps) == 1


def test_a_placement_is_mended_ended_and_taken_out(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    r = held(workspace, amara)
    d = opened(qtbot, PlacementDialog(workspace, r.enrolments, r.placements[0]))
    type_in(d.last_day, "20 Nov 2026")
    type_in(d.outcome, "Back in lessons")
    keep(d)
    p = held(workspace, amara).placements[0]
    assert (p.last_day, p.outcome, p.id) == (date(2026, 11, 20), "Back in lessons", r.placements[0].id)
    d = opened(qtbot, PlacementDialog(workspace, r.enrolments, p))
    d.take_out_button.click()
    assert held(workspace, amara).placements == ()
    workspace.undo()
    assert held(workspace, amara).placements == (p,)


def test_leaving_ends_the_time_on_roll_and_the_open_placement(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    r = held(workspace, amara)
    d = opened(qtbot, EndRollDialog(workspace, r.enrolments[0], r.placements))
    type_in(d.last_day, "1 Jun 2026")
    keep(d)
    assert "before the first" in refused(d)["last_day"]
    type_in(d.last_day, "20 Nov 2026")
    type_in(d.destination, "Parkfield Academy")
    keep(d)
    r = held(workspace, amara)
    assert r.enrolments[0].last_day == r.placements[0].last_day == date(2026, 11, 20)
    assert r.enrolments[0].destination == "Parkfield Academy"
    workspace.undo()
    assert held(workspace, amara).enrolments[0].last_day is None


def test_a_status_begins_ends_and_a_mistake_is_taken_out(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, FlagDialog(workspace, amara))
    assert not d.rank.isVisible()
    choose(d.sort, "need")
    assert d.rank.isVisible()
    choose(d.value, "ASD")
    type_in(d.rank, "2")
    type_in(d.first_day, "1 Sep 2025")
    keep(d)
    flag = held(workspace, amara).flags[-1]
    assert (flag.sort, flag.value, flag.rank, flag.first_day) == ("need", "ASD", 2, date(2025, 9, 1))
    d = opened(qtbot, FlagDialog(workspace, amara, flag))
    type_in(d.last_day, "1 Jan 2025")
    keep(d)
    assert "before the first" in refused(d)["last_day"]
    type_in(d.last_day, "1 Jan 2026")
    keep(d)
    flag = held(workspace, amara).flags[-1]
    assert flag.last_day == date(2026, 1, 1)
    d = opened(qtbot, FlagDialog(workspace, amara, flag))
    d.take_out_button.click()
    assert flag not in held(workspace, amara).flags


def test_who_must_not_be_contacted_gets_no_reports(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = opened(qtbot, ContactDialog(workspace, amara))
    type_in(d.name, "Somebody Else")
    d.never.box.click()
    d.reports.box.click()
    keep(d)
    assert "cannot receive reports" in refused(d)["may_receive_reports"]
    d.reports.box.click()
    d.confidential.box.click()
    type_in(d.address, "1 Hidden Road")
    keep(d)
    c = held(workspace, amara).contacts[-1]
    assert (c.name, c.must_not_contact, c.may_receive_reports, c.address_confidential) == ("Somebody Else", True, False, True)
    assert len(steps) == 1


# --- measures ---------------------------------------------------------------------------------------------------------


def reading_dialog(qtbot: QtBot, workspace: Workspace, pupil: int, instrument: str, **more: Any) -> Any:
    d = opened(qtbot, ReadingDialog(workspace, pupil, held(workspace, pupil).readings, **more))
    if more.get("held") is None:
        choose(d.instrument, instrument)
    return d


def test_who5_is_answered_item_by_item_in_its_own_words(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = reading_dialog(qtbot, workspace, amara, "who5")
    assert next(f.label for f in d.items.values()) == "1. I have felt cheerful and in good spirits"
    assert "World Health Organization" in d.licence_text.text()
    keep(d)
    assert "Nothing is answered yet" in refused(d)["item1"]
    for n, value in enumerate(("5", "4", "3", "2", "1"), 1):
        choose(d.items[n], value)
    choose(d.sure, "high")
    keep(d)
    r = max(held(workspace, amara).readings, key=lambda r: r.id)
    assert (r.instrument, r.value, r.answers, r.status, r.sure, r.day) == ("who5", 60.0, bytes((5, 4, 3, 2, 1)), "complete", "high", TODAY)
    assert len(steps) == 1 and steps[0].title == "Enter a reading"


def test_declined_and_unanswered_are_kept_apart_and_make_no_score(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = reading_dialog(qtbot, workspace, amara, "who5")
    choose(d.items[1], "5")
    choose(d.items[2], "declined")
    keep(d)
    r = max(held(workspace, amara).readings, key=lambda r: r.id)
    assert r.answers == bytes((5, DECLINED, NOT_REACHED, NOT_REACHED, NOT_REACHED))
    assert (r.value, r.status) == (None, "draft")


def test_a_score_out_of_range_is_refused_beneath_it(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = reading_dialog(qtbot, workspace, amara, "who5")
    d.way._choose("score")
    type_in(d.scores["total"], "101")
    keep(d)
    assert "0 to 100" in refused(d)["total"]
    type_in(d.scores["total"], "33")
    keep(d)
    assert "cannot be reached" in refused(d)["total"]
    assert steps == []
    type_in(d.scores["total"], "36")
    type_in(d.day, "25 Nov 2026")
    keep(d)
    assert "after 24 Nov 2026" in refused(d)["day"]
    type_in(d.day, "20/11/2026")
    keep(d)
    assert max(held(workspace, amara).readings, key=lambda r: r.id).day == date(2026, 11, 20)


def test_the_wording_of_an_owner_who_does_not_allow_it_is_never_shown(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    for instrument in workspace.facts.library.instruments:
        if instrument.licence.text_may_be_shown or instrument.id not in dict(choices_of(workspace.facts.library.instruments)):
            continue
        d = reading_dialog(qtbot, workspace, amara, instrument.id)
        assert d.items == {} and d.scores
        assert not d.way.isVisible()
        assert instrument.licence.line in d.licence_text.text()
        d.reject()


def test_a_total_that_its_parts_do_not_make_is_refused(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = reading_dialog(qtbot, workspace, amara, "sdq_teacher")
    parts = [k for k in d.scores if k != next(iter(d.scores))]
    sums = workspace.facts.library.get("sdq_teacher").main.sum_of  # type: ignore[union-attr]
    assert set(sums) <= set(parts)
    for part in sums:
        type_in(d.scores[part], "2")
    type_in(d.scores[next(iter(d.scores))], "9")
    keep(d)
    assert "but its parts make 8" in refused(d)[next(iter(d.scores))]


def test_a_standardised_test_names_its_edition(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = reading_dialog(qtbot, workspace, amara, "reading_test")
    assert d.edition.isVisible() and d.edition.value() == "NGRT"  # as the last one of this pupil
    type_in(d.edition, " ")
    type_in(d.scores["standard_score"] if "standard_score" in d.scores else next(iter(d.scores.values())), "90")
    keep(d)
    assert "Say which test" in refused(d)["edition"]
    type_in(d.edition, "NGRT")
    type_in(d.form_name, "C")
    keep(d)
    r = max(held(workspace, amara).readings, key=lambda r: r.id)
    assert (r.edition, r.value, r.form) == ("NGRT", 90.0, "C")


def test_a_reading_is_mended_with_what_it_was(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    first = min((r for r in held(workspace, amara).readings if r.instrument == "who5"), key=lambda r: r.day)
    d = reading_dialog(qtbot, workspace, amara, "who5", held=first)
    assert d.scores["total"].value() == "28" and not d.instrument.isEnabled()
    type_in(d.scores["total"], "32")
    keep(d)
    mended = next(r for r in held(workspace, amara).readings if r.id == first.id)
    assert (mended.value, mended.day, mended.rater) == (32.0, first.day, "Amara")
    assert steps[0].title == "Change a reading"


def test_a_reading_that_does_not_count_needs_a_reason_and_stays(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    first = held(workspace, amara).readings[0]
    d = opened(qtbot, VoidDialog(workspace, first))
    keep(d)
    assert "Say why" in refused(d)["why"]
    type_in(d.why, "Filled in by a friend")
    keep(d)
    void = next(r for r in held(workspace, amara).readings if r.id == first.id)
    assert (void.status, void.why, void.value) == ("void", "Filled in by a friend", first.value)


def test_does_not_count_leads_from_the_reading_to_the_reason(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    first = held(workspace, amara).readings[0]
    d = ReadingDialog(workspace, amara, (), held=first, parent=parent)
    d.show()
    d.void_button.click()
    assert not d.isVisible()
    reason = parent.findChild(VoidDialog)
    assert reason is not None and reason.isVisible()
    reason.reject()


def test_a_goal_in_their_words_with_its_first_rating_is_one_step(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = opened(qtbot, GoalDialog(workspace, amara))
    keep(d)
    assert "own words" in refused(d)["words"]
    type_in(d.words, "  sleep before midnight  ")
    type_in(d.rating, "2")
    type_in(d.target, "8")
    keep(d)
    r = held(workspace, amara)
    goal = r.goals[-1]
    rating = next(x for x in r.readings if x.goal_id == goal.id)
    assert (goal.words, goal.owner, goal.target, rating.value, rating.respondent) == ("sleep before midnight", "pupil", 8, 2.0, "pupil")
    assert len(steps) == 1
    workspace.undo()
    assert len(held(workspace, amara).goals) == 1


def test_a_goal_is_rated_and_mended(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    goals = held(workspace, amara).goals
    d = opened(qtbot, RatingDialog(workspace, amara, goals))
    type_in(d.value, "11")
    keep(d)
    assert refused(d)["value"]
    type_in(d.value, "9")
    keep(d)
    rated = max((r for r in held(workspace, amara).readings if r.goal_id == goals[0].id), key=lambda r: (r.day, r.id))
    assert (rated.value, rated.day) == (9.0, TODAY)
    d = opened(qtbot, GoalDialog(workspace, amara, goals[0], rated=True))
    assert not hasattr(d, "take_out_button")  # its ratings would hang in the air
    type_in(d.ended, "23 Nov 2026")
    keep(d)
    assert held(workspace, amara).goals[0].ended_on == date(2026, 11, 23)


# --- what is written down ---------------------------------------------------------------------------------------------


def test_a_note_is_kept_letter_for_letter(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, NoteDialog(workspace, amara))
    keep(d)
    assert "nothing written" in refused(d)["text"]
    text = "  J&C <b>said</b>:\n\n\t“no”  "
    d.text.text.setPlainText(text)
    choose(d.audience, "family")
    keep(d)
    note = held(workspace, amara).notes[-1]
    assert (note.text, note.audience, note.day, note.person_id) == (text, "family", TODAY, 1)
    d = opened(qtbot, NoteDialog(workspace, amara, note))
    d.take_out_button.click()
    assert note not in held(workspace, amara).notes
    workspace.undo()
    assert note in held(workspace, amara).notes


def test_a_strength(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, StrengthDialog(workspace, amara))
    keep(d)
    assert refused(d)["text"]
    d.sort.set_value("what_helps")
    type_in(d.text, "A walk first")
    keep(d)
    s = held(workspace, amara).strengths[-1]
    assert (s.sort, s.text, s.day) == ("what_helps", "A walk first", TODAY)


def test_a_next_step_is_added_done_and_opened_again(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, NextStepDialog(workspace, amara))
    keep(d)
    assert refused(d)["text"]
    type_in(d.text, "Ring home")
    keep(d)
    assert "which day" in refused(d)["day"]
    type_in(d.day, "30 Nov 2026")
    keep(d)
    step = held(workspace, amara).next_steps[-1]
    assert (step.text, step.day, step.owner) == ("Ring home", date(2026, 11, 30), "T. Mbeki")
    d = opened(qtbot, NextStepDialog(workspace, amara, step))
    d.tick.box.click()
    keep(d)
    assert held(workspace, amara).next_steps[-1].done_on == TODAY
    d = opened(qtbot, NextStepDialog(workspace, amara, held(workspace, amara).next_steps[-1]))
    d.tick.box.click()
    keep(d)
    assert held(workspace, amara).next_steps[-1].done_on is None


def test_an_event_ahead_is_planned_and_half_days_belong_to_suspensions(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    d = opened(qtbot, EventDialog(workspace, amara))
    assert not d.half_days.isVisible()
    keep(d)
    assert refused(d)["label"]
    type_in(d.label, "Taster at Parkfield")
    choose(d.sort, "taster")
    type_in(d.day, "1 Dec 2026")
    keep(d)
    e = held(workspace, amara).events[-1]
    assert (e.sort, e.planned, e.half_days) == ("taster", True, None)
    d = opened(qtbot, EventDialog(workspace, amara, e))
    choose(d.sort, "suspension")
    type_in(d.half_days, "2")
    type_in(d.day, "23 Nov 2026")
    keep(d)
    mended = held(workspace, amara).events[-1]
    assert (mended.id, mended.sort, mended.planned, mended.half_days) == (e.id, "suspension", False, 2)


def test_stated_attendance_has_to_add_up(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    d = opened(qtbot, StatedDialog(workspace, amara, school="Parkfield Academy", began=DAY_0))
    assert d.school.value() == "Parkfield Academy"
    keep(d)
    assert "number is needed" in refused(d)["possible"]
    for field, n in ((d.possible, "380"), (d.attended, "118"), (d.authorised, "200"), (d.unauthorised, "61")):
        type_in(field, n)
    keep(d)
    assert "when the period ends" in refused(d)["last_day"]
    type_in(d.last_day, "5 Jun 2026")
    keep(d)
    assert "make 379, not 380" in refused(d)["possible"]
    type_in(d.unauthorised, "62")
    keep(d)
    s = held(workspace, amara).stated[-1]
    assert (s.possible, s.attended, s.authorised, s.unauthorised, s.source, s.last_day) == (380, 118, 200, 62, "typed", date(2026, 6, 5))
    assert len(steps) == 1


# --- the starting point -----------------------------------------------------------------------------------------------


def test_a_first_starting_point_is_offered_what_is_known(qtbot: QtBot, workspace: Workspace, amara: int) -> None:
    from approgress.domain.edits import Erase, Title

    r = held(workspace, amara)
    workspace.do(Title.STARTING_POINT, [Erase(v) for v in r.start_values] + [Erase(p) for p in r.starting_points])
    seen = seen_of(workspace, amara)
    offers = offers_of(seen.held, seen.dossier)
    assert [(o.strand, o.words) for o in offers][:2] == [
        ("wellbeing", "24 on 20 Jun 2026, teacher") if offers[0].what.startswith("SDQ") else ("wellbeing", "28 on 8 Jun 2026, Amara"),
        ("wellbeing", "28 on 8 Jun 2026, Amara") if offers[0].what.startswith("SDQ") else ("wellbeing", "24 on 20 Jun 2026, teacher"),
    ]
    assert any(o.strand == "attendance" and o.words.startswith("118 of 380") for o in offers)
    d = opened(qtbot, StartingPointDialog(workspace, seen.held, seen.dossier))
    assert d.day.value() == DAY_0
    unticked = next(row for row in d.offers if row.offer.strand == "learning")
    unticked.tick.box.click()
    type_in(d.by, "")
    d.by.set_value("")
    keep(d)
    assert "Say who" in refused(d)["agreed_by"]
    type_in(d.by, "T. Mbeki, Amara, mum")
    d.add_value()
    type_in(d.typed[0].value, "4")
    keep(d)
    assert "Name this value" in refused(d)["what1"]
    type_in(d.typed[0].what, "Suspensions before")
    choose(d.typed[0].strand, "behaviour")
    type_in(d.typed[0].source, "Parkfield")
    choose(d.typed[0].sure, "high")
    keep(d)
    r = held(workspace, amara)
    point = r.starting_points[-1]
    assert (point.day, point.agreed_on, point.agreed_by) == (DAY_0, TODAY, "T. Mbeki, Amara, mum")
    values = {v.what: v for v in r.start_values if v.starting_point_id == point.id}
    assert values["Suspensions before"].value == 4 and values["Suspensions before"].source == "Parkfield"
    assert {v.strand for v in values.values()} == {"wellbeing", "attendance", "behaviour"}
    assert seen_of(workspace, amara).dossier.starting_point.agreed


def test_a_second_starting_point_stands_beside_the_first(qtbot: QtBot, workspace: Workspace, amara: int, steps: list[Changes]) -> None:
    seen = seen_of(workspace, amara)
    assert seen.dossier.starting_point.agreed
    d = opened(qtbot, StartingPointDialog(workspace, seen.held, seen.dossier))
    assert any(row.offer.words.startswith("52 on 23 Nov 2026") for row in d.offers)  # what is known now
    keep(d)
    points = held(workspace, amara).starting_points
    assert [p.day for p in points] == [DAY_0, TODAY]
    assert len(steps) == 1
    workspace.undo()
    assert len(held(workspace, amara).starting_points) == 1


def test_a_starting_point_of_nothing_is_refused(qtbot: QtBot, workspace: Workspace) -> None:
    other = pupil_named(workspace.school, "zanzibar")
    seen = seen_of(workspace, other)
    d = opened(qtbot, StartingPointDialog(workspace, seen.held, seen.dossier))
    assert d.offers == []
    keep(d)
    assert "at least one value" in d.banner.sentence()


# --- all of them ------------------------------------------------------------------------------------------------------


KINDS = [key for key, _ in RECORDS] + ["details", "roll"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("contrast", 200)])
def test_every_dialog_fits_its_screen_without_faults(qtbot: QtBot, qapp: QApplication, workspace: Workspace, amara: int, kind: str, look: str, percent: int) -> None:
    from approgress.ui.pictures import cut, outside

    start_theme(qapp, look, percent)
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1366, 768)
    d = dialog_for(workspace, seen_of(workspace, amara), kind, None, parent)
    d.show()
    qapp.processEvents()
    room = d.screen().availableGeometry()
    assert d.width() <= room.width() and d.height() <= room.height()
    assert isinstance(d, FormDialog)
    assert d.main_button.isVisible() and d.rect().contains(d.main_button.geometry().center())
    assert [*outside(d), *cut(d)] == []
    d.reject()


@pytest.mark.parametrize("kind", KINDS)
def test_every_dialog_is_freed(qtbot: QtBot, qapp: QApplication, workspace: Workspace, amara: int, kind: str) -> None:
    from approgress.ui.forms import show_dialog

    parent = QWidget()
    qtbot.addWidget(parent)
    d: QDialog = show_dialog(dialog_for(workspace, seen_of(workspace, amara), kind, None, parent))
    gone = weakref.ref(d)
    d.reject()
    del d
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    gc.collect()
    assert gone() is None


def test_a_new_pupil_without_time_on_roll_gets_no_placement(qtbot: QtBot, workspace: Workspace) -> None:
    d = opened(qtbot, PlacementDialog(workspace, ()))
    type_in(d.purpose, "x")
    keep(d)
    assert "no time on roll" in refused(d)["first_day"]
