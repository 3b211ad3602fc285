"""The tab of behaviour and its forms: rates with counts, suspensions by the form, interventions signed by a second adult, nothing undone away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Event, Intervention, Moment, Person, Suspension
from approgress.school.school import School
from approgress.ui.ask import answers
from approgress.ui.forms.intervention import InterventionDialog, ReviewDialog, SignDialog
from approgress.ui.forms.interventions import InterventionsDialog
from approgress.ui.forms.suspension import SuspensionDialog
from approgress.ui.forms.why import WhyDialog
from approgress.ui.pages.pupil import PupilPage
from approgress.ui.pages.pupil.behaviour import BehaviourTab
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.theme import start_theme
from approgress.ui.workspace import Workspace
from tests.ui.a_school import SECRETS, TODAY, make_school, pupil_named


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    made.do(Title.PEOPLE, lambda ids: [Put(Person(ids.other(), "A. Ahmed")), Put(Person(ids.other(), "V. Visit", "visitor"))])
    yield made
    made.close()


@pytest.fixture
def frame(qtbot: QtBot, qapp: QApplication, school: School) -> Iterator[SchoolFrame]:
    start_theme(qapp)
    made = SchoolFrame(Workspace(school), PAGES)
    qtbot.addWidget(made)
    made.resize(1366, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.forget_pages()


@pytest.fixture
def amara(school: School) -> int:
    return pupil_named(school, "amara")


@pytest.fixture
def page(frame: SchoolFrame, amara: int) -> PupilPage:
    frame.workspace.open_place(f"pupil/{amara}/behaviour")
    page = frame.current_page()
    assert isinstance(page, PupilPage)
    return page


def tab(page: PupilPage) -> BehaviourTab:
    found = page.tab("behaviour")
    assert isinstance(found, BehaviourTab)
    return found


def shown(qapp: QApplication, kind: type[QDialog]) -> QDialog:
    QApplication.processEvents()
    found = [w for w in qapp.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert len(found) == 1, found
    return found[0]


def cells(card: object, column: int) -> list[str]:
    return [str(row.cells[column].words()) for row in card.table.rows.rows()]  # type: ignore[attr-defined]


def suspensions(school: School) -> list[Suspension]:
    return sorted(school.read(lambda r: r.every(Suspension)), key=lambda s: s.id)


def interventions(school: School) -> list[Intervention]:
    return sorted(school.read(lambda r: r.every(Intervention)), key=lambda s: s.id)


def test_rates_stand_beside_their_counts_and_sessions(page: PupilPage) -> None:
    t = tab(page)
    assert cells(t.rates, 0)[0].startswith("Autumn 2")
    for row in t.rates.table.rows.rows():
        words = [str(c.words()) for c in row.cells]
        attended = int(words[1].replace(",", ""))
        for count, rate in ((2, 3), (4, 5), (6, 7)):
            assert words[rate] == (f"{10 * int(words[count]) / attended:.1f}" if attended else "–"), words
    assert "median" in t.settle.figure().subtitle or t.settle.figure().empty  # type: ignore[union-attr]


def test_a_moment_is_logged_from_here_and_from_a_card_that_says_so(frame: SchoolFrame, page: PupilPage, school: School) -> None:
    assert tab(page).rates.add_button is not None
    tab(page).rates.add_button.click()
    assert frame._shown == "moment"
    moment = frame.current_page()
    assert moment.form.pupils.names() == ["Amara Bell"]  # type: ignore[union-attr]
    moment.leave()  # type: ignore[union-attr]
    assert frame._shown == "pupil" and frame.current_page() is page
    odd = pupil_named(school, "zanzibar")
    frame.open_pupil(odd)
    page.show_strand("behaviour")  # the card says: log a moment of ...
    assert frame._shown == "moment" and moment.form.pupils.value() == (odd,)  # type: ignore[union-attr]


def test_what_led_to_it_is_counted(page: PupilPage, school: School, amara: int) -> None:
    def act(ids: NewIds) -> Iterator[Put]:
        for n, said in enumerate(("Seat moved", "seat moved.", "A hard morning")):
            yield Put(Moment(amara, ids.other(), TODAY, "incident", "Refused", before=said, minutes_to_settle=n, lesson=n))
        yield Put(Moment(amara, ids.other(), TODAY, "incident", "Refused", before="draft words", status="draft"))

    page.workspace.do(Title.LOG_MOMENT, act)
    causes = dict(zip((c.casefold().strip(".") for c in cells(tab(page).causes, 0)), cells(tab(page).causes, 1), strict=True))
    assert causes["seat moved"] == "2" and causes["a hard morning"] == "1"
    everything = " ".join(w.text() for w in page.findChildren(QLabel)) + " ".join(cells(tab(page).latest, 3))
    assert "draft words" not in everything


def test_a_suspension_by_the_form_with_running_totals(qapp: QApplication, page: PupilPage, school: School, amara: int) -> None:
    page.workspace.do(Title.LOG_EVENT, lambda ids: [Put(Event(amara, ids.other(), date(2026, 9, 14), "suspension", "Suspended at Parkfield", 6))])
    tab(page).suspensions.add_asked.emit()
    dialog = shown(qapp, SuspensionDialog)
    assert isinstance(dialog, SuspensionDialog)
    dialog.accept()
    assert "Choose at least one reason" in dialog.reasons[0].wrong()
    dialog.reasons[0].set_value("PA")
    dialog.half_days.line.setText("5")
    dialog.half_days.edited.emit()
    total = dialog._total_words.text()
    assert "2½ days, to Thu 26 Nov 2026." in total and "6½ days of 45 in 3 suspensions" in total and "4 days of these at another school" in total
    assert "not confirmed" in dialog._duty_words.text()
    assert "parents, in writing" in dialog._untold.text()
    dialog.half_days.line.setText("13")
    dialog.half_days.edited.emit()
    assert "due from day 6, Tue 1 Dec 2026" in dialog._duty_words.text().replace("day 6, 1 Dec", "day 6, Tue 1 Dec")
    dialog.accept()
    (s,) = suspensions(school)
    assert (s.half_days, s.reasons, s.last_day, s.person_id) == (13, "PA", date(2026, 12, 2), 1)
    t = tab(page)
    assert "10½ days of 45" in t.totals.text()
    assert cells(t.suspensions, 1)[0] == "Suspension 6½ days" and "Suspended at Parkfield 3 days" in cells(t.suspensions, 1)
    assert "tell parents, in writing" in cells(t.suspensions, 4)[0]
    assert any(p.label == "Suspended, 6½ days" for p in page.seen.dossier.phases)  # type: ignore[union-attr]


def test_over_the_limit_is_said_and_not_refused(qapp: QApplication, page: PupilPage, school: School) -> None:
    page.add("suspension")
    dialog = shown(qapp, SuspensionDialog)
    assert isinstance(dialog, SuspensionDialog)
    dialog.first_day.set_value(date(2026, 9, 8))
    dialog.reasons[0].set_value("DB")
    dialog.half_days.line.setText("88")  # and one day that stands as an event of an earlier school
    dialog.half_days.edited.emit()
    assert "limit of 45 school days is reached" in dialog._total_words.text()
    dialog.accept()
    page.add("suspension")
    dialog = shown(qapp, SuspensionDialog)
    assert isinstance(dialog, SuspensionDialog)
    dialog.half_days.line.setText("1")
    dialog.reasons[0].set_value("DB")
    dialog.category.set_value("LNCH")
    dialog.category.edited.emit()
    assert dialog.starts.isHidden()
    dialog.accept()
    assert len(suspensions(school)) == 2


def test_a_suspension_is_never_undone_away(qapp: QApplication, page: PupilPage, school: School, amara: int) -> None:
    page.workspace.do(Title.SUSPENSION, lambda ids: [Put(Suspension(amara, ids.other(), "SUSP", TODAY, "AM", 2, TODAY, "PA", person_id=1))])
    page.workspace.undo()
    (s,) = suspensions(school)
    assert s.struck and s.struck_by == 1
    t = tab(page)
    assert "struck through" in cells(t.suspensions, 4)[0] and "1 day of 45 in 1 suspension" in t.totals.text()
    page.change("suspension", s.id)
    dialog = shown(qapp, SuspensionDialog)
    assert not dialog.main_button.isEnabled()  # type: ignore[attr-defined]
    dialog.reject()


def test_a_suspension_is_cancelled_and_struck_with_a_reason(qapp: QApplication, page: PupilPage, school: School, amara: int) -> None:
    page.workspace.do(Title.SUSPENSION, lambda ids: [Put(Suspension(amara, ids.other(), "SUSP", TODAY, "AM", 2, TODAY, "PA", person_id=1))])
    for button, words, field in (("cancel_button", "Sent home in error", "cancelled_why"), ("strike_button", "Entered twice", "struck")):
        page.change("suspension", suspensions(school)[0].id)
        dialog = shown(qapp, SuspensionDialog)
        getattr(dialog, button).click()
        why = shown(qapp, WhyDialog)
        assert isinstance(why, WhyDialog)
        why.accept()
        assert "Say why" in why.why.wrong()
        why.why.set_value(words)
        why.accept()
        assert getattr(suspensions(school)[0], field) == words
        QApplication.processEvents()
        assert not [w for w in qapp.topLevelWidgets() if isinstance(w, SuspensionDialog) and w.isVisible()]


def test_a_second_adult_signs_and_the_writer_is_not_offered(qapp: QApplication, page: PupilPage, school: School) -> None:
    page.add("intervention")
    dialog = shown(qapp, InterventionDialog)
    assert isinstance(dialog, InterventionDialog)
    dialog.accept()
    assert dialog.sort.wrong()
    dialog.sort.set_value("restraint")
    dialog.notes["what_done"].set_value("Held by the arms")
    dialog.at.line.setText("10:40")
    dialog.told_who.set_value("mum")
    dialog.accept()
    assert "Say on which day the parent was told" in dialog.told_on.wrong()
    dialog.told_who.set_value("")
    dialog.told_who.edited.emit()
    assert dialog._lacks.text().startswith("Still missing: parent to be told") and "the time" not in dialog._lacks.text()
    said: list[str] = []
    page.workspace.troubled.connect(lambda sentence, _kind: said.append(sentence))
    dialog.accept()
    assert said[-1].startswith("Kept. Still missing: parent to be told, second adult\u2019s signature, where, staff present")
    assert said[-1].endswith("how long, leader\u2019s review; Needs you lists it.")
    (record,) = interventions(school)
    assert (record.at, record.privacy, record.person_id) == (640, "restricted", 1)
    assert "second adult’s signature" in cells(tab(page).interventions, 5)[0]

    page.change("intervention", record.id)
    dialog = shown(qapp, InterventionDialog)
    assert isinstance(dialog, InterventionDialog)
    dialog.place.set_value("Hall")
    dialog._ask_signature()
    assert "Keep your changes first" in dialog.banner.sentence()
    dialog.accept()
    page.change("intervention", record.id)
    dialog = shown(qapp, InterventionDialog)
    dialog._ask_signature()  # type: ignore[attr-defined]
    sign = shown(qapp, SignDialog)
    assert isinstance(sign, SignDialog)
    assert [sign.signer.box.itemText(i) for i in range(sign.signer.box.count())] == ["choose", "A. Ahmed"]
    sign.accept()
    assert "Choose the second adult" in sign.signer.wrong()
    sign.signer.set_value(sign.signer.box.itemData(1))
    sign.accept()
    assert "ticks that they have read it" in sign.tick.wrong()
    assert interventions(school)[0].signed_by is None
    sign.tick.set_value(True)
    sign.accept()
    (record,) = interventions(school)
    assert school.read(lambda r: r.one(Person, record.signed_by or 0)).name == "A. Ahmed"  # type: ignore[union-attr]
    assert cells(tab(page).interventions, 4)[0] == "A. Ahmed"


def test_where_there_are_passphrases_the_signer_types_their_own(qapp: QApplication, page: PupilPage, school: School, amara: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from approgress.school import people

    asked: list[tuple[str, int | None]] = []

    def check(_school: School, typed: str, who: int | None = None) -> bool:
        asked.append((typed, who))
        return typed == "right horse"

    monkeypatch.setattr(people, "takes_passphrases", lambda _school: True)
    monkeypatch.setattr(people, "has_passphrase", lambda _school, _who: True)
    monkeypatch.setattr(people, "check_passphrase", check)
    page.workspace.do(Title.INTERVENTION, lambda ids: [Put(Intervention(amara, ids.other(), TODAY, "force", what_done="x", person_id=1))])
    sign = SignDialog(page.workspace, interventions(school)[0], parent=page)
    sign.show()
    sign.signer.set_value(sign.signer.box.itemData(1))
    sign.signer.edited.emit()
    assert sign.passphrase.isVisible()
    sign.tick.set_value(True)
    sign.passphrase.line.setText("wrong horse")
    sign.accept()
    assert "not the passphrase of A. Ahmed" in sign.passphrase.wrong() and interventions(school)[0].signed_by is None
    sign.passphrase.line.setText("right horse")
    sign.accept()
    signer = interventions(school)[0].signed_by
    assert signer is not None and asked == [("wrong horse", signer), ("right horse", signer)]
    sign.deleteLater()


def test_a_review_is_a_leaders(qapp: QApplication, page: PupilPage, school: School, amara: int) -> None:
    page.workspace.do(Title.INTERVENTION, lambda ids: [Put(Intervention(amara, ids.other(), TODAY, "force", what_done="x", person_id=1))])
    review = ReviewDialog(page.workspace, interventions(school)[0], parent=page)
    review.show()
    review.review.set_value("Two adults at the door")
    review.accept()
    assert "another leader" in review.review.wrong()  # T. Mbeki wrote it
    school.do(Title.INTERVENTION, [Put(replace(interventions(school)[0], person_id=2), interventions(school)[0])])
    again = ReviewDialog(page.workspace, interventions(school)[0], parent=page)
    again.show()
    again.review.set_value("Two adults at the door")
    again.accept()
    assert interventions(school)[0].review == "Two adults at the door"
    for d in (review, again):
        d.reject()
        d.deleteLater()


def test_a_visitor_sees_no_intervention_and_no_restricted_moment(page: PupilPage, school: School, amara: int) -> None:
    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(Intervention(amara, ids.other(), TODAY, "force", what_done="secret hold", person_id=1))
        yield Put(Moment(amara, ids.other(), TODAY, "neutral", "Mood", text="secret words", privacy="restricted"))

    page.workspace.do(Title.INTERVENTION, act)
    assert "secret hold" in cells(tab(page).interventions, 3)[0]
    school.viewer = replace(school.viewer, role="visitor", classes=frozenset({"ordinary"}))
    page._read()
    t = tab(page)
    said = " ".join(cells(t.interventions, 3) + cells(t.latest, 3))
    assert "secret" not in said


def test_names_hidden(page: PupilPage, school: School, amara: int) -> None:
    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(Intervention(amara, ids.other(), TODAY, "force", what_done="Amara was guided, Denise told", person_id=1))
        yield Put(Moment(amara, ids.other(), TODAY, "incident", "Refused", text="Bell rang and Amara ran", before="Denise Bell rang"))
        yield Put(Suspension(amara, ids.other(), "SUSP", TODAY, "AM", 2, TODAY, "PA", struck="not Amara", struck_by=1, struck_on=TODAY))

    page.workspace.do(Title.INTERVENTION, act)
    page.workspace.hide_names(True)
    t = tab(page)
    said = " ".join(str(c.words()) for card in (t.rates, t.latest, t.causes, t.suspensions, t.interventions) for row in card.table.rows.rows() for c in row.cells)
    assert not [s for s in SECRETS if s in said]
    page.change("intervention", interventions(school)[0].id)
    assert "Names are hidden" in page.banner.sentence()


def test_the_list_of_a_term_saves_its_report(qtbot: QtBot, page: PupilPage, school: School, amara: int, tmp_path: Path) -> None:
    page.workspace.do(Title.INTERVENTION, lambda ids: [Put(Intervention(amara, ids.other(), TODAY, "force", what_done="x", person_id=1))])
    dialog = InterventionsDialog(page.workspace, parent=page)
    dialog.show()
    assert "1 record of 1 pupil (of 3 on roll)" in dialog.lead.text()
    with answers(tmp_path / "out"):
        dialog.accept()
    assert "Physical interventions Autumn term 2026-27" in dialog.banner.sentence() and dialog.isVisible()
    assert list((tmp_path / "out").glob("*.pdf"))
    dialog.term.set_value("1")
    dialog.term.edited.emit()
    assert dialog.table.isHidden() and "0 records of 0 pupils" in dialog.lead.text()
    dialog.reject()
    dialog.deleteLater()


@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("contrast", 200)])
def test_the_tab_and_the_forms_of_held_records_fit(qtbot: QtBot, qapp: QApplication, frame: SchoolFrame, school: School, amara: int, look: str, percent: int) -> None:
    from approgress.ui.pictures import cut, outside

    start_theme(qapp, look, percent)
    frame.resize(1366, 768)

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(Intervention(amara, ids.other(), TODAY, "restraint", 640, 3, what_done="Held by the arms away from the door, for three minutes", person_id=1))
        yield Put(Suspension(amara, ids.other(), "SUSP", date(2026, 11, 9), "AM", 13, date(2026, 11, 17), "PA,DM,OW", person_id=1))

    frame.workspace.do(Title.INTERVENTION, act)
    frame.workspace.open_place(f"pupil/{amara}/behaviour")
    page = frame.current_page()
    assert isinstance(page, PupilPage)
    qtbot.wait(60)
    assert [*outside(page), *cut(page)] == []
    for kind, record in (("intervention", interventions(school)[0]), ("suspension", suspensions(school)[0])):
        page.change(kind, record.id)
        dialog = shown(qapp, QDialog)
        qtbot.wait(30)
        assert [*outside(dialog), *cut(dialog)] == []
        dialog.reject()
        qtbot.wait(10)
