"""Set-up: five steps by keys, refused in words, stopped and gone on with, the recovery code typed back, the school whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from approgress.domain.errors import Stopped, Trouble
from approgress.domain.records import Closure, Group, HalfTerm, InstrumentFile, Person, StrandMeasure
from approgress.school.school import School
from approgress.store.keys import KeyFile, key_path
from approgress.store.preferences import DraftPerson, DraftTerm, SetUpDraft, draft_path, read_draft
from approgress.ui.forms.recovery import RecoveryCard, save_pdf
from approgress.ui.pages.set_up import SetUpPage, file_stem, make_school

TODAY = date(2026, 11, 24)
WORDS = "four short words"


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[SetUpPage]:
    made = SetUpPage(None, folder=tmp_path, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made._tasks.stop_all()
    if made.school is not None:
        made.school.close()


def _dialog() -> object:
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    return dialog


def _add_person(page: SetUpPage, name: str, passphrase: str) -> None:
    page._add_person()
    dialog = _dialog()
    dialog.name.set_value(name)  # type: ignore[attr-defined]
    dialog.passphrase.set_value(passphrase)  # type: ignore[attr-defined]
    dialog.again.set_value(passphrase)  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert QApplication.activeModalWidget() is None, dialog.passphrase.wrong()  # type: ignore[attr-defined]


def _to_people(page: SetUpPage) -> None:
    page.name.set_value("Hawthorn Centre")
    page.next_button.click()
    page.next_button.click()
    page.groups.set_value("Ash, Birch; Cedar")
    page.next_button.click()
    assert page.step == 4


def _make(page: SetUpPage, qtbot: QtBot) -> None:
    page.next_button.click()
    qtbot.waitUntil(lambda: page._recovery is not None or bool(page.banner.sentence()), timeout=30_000)


def test_the_whole_way_to_a_school_that_opens(page: SetUpPage, qtbot: QtBot, tmp_path: Path) -> None:
    _to_people(page)
    _add_person(page, "T. Mbeki", WORDS)
    _add_person(page, "J. Okafor", "another four words")
    with qtbot.waitSignal(page.made, timeout=30_000):
        page.next_button.click()
    recovery = page._recovery
    assert recovery is not None and read_draft() is not None and read_draft().school == str(tmp_path / "Hawthorn Centre.approgress")  # type: ignore[union-attr]
    page.next_button.click()
    assert page._recovery is recovery and "so that we both know" in recovery.typed.wrong()
    recovery.typed.set_value(recovery.code.replace("-", " ").lower())
    page.next_button.click()
    assert page.step == 5
    box = page._part
    box.use(next(i for i in page.school.library.instruments if i.id == "who5"), False)  # type: ignore[union-attr]
    field = box.primary["wellbeing"]  # type: ignore[union-attr]
    field.set_value("sdq_teacher|teacher|total")
    field.edited.emit()
    with qtbot.waitSignal(page.finished):
        page.next_button.click()
    assert read_draft() is None
    code = recovery.code
    page.school.close()  # type: ignore[union-attr]
    with School.open(tmp_path / "Hawthorn Centre.approgress", "another four words", "J. Okafor") as school:
        assert school.viewer.name == "J. Okafor" and school.setting.name == "Hawthorn Centre"
        assert [t.name for t in school.read(lambda r: r.every(HalfTerm))] == ["Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"]
        assert {g.name for g in school.read(lambda r: r.every(Group))} == {"Ash", "Birch", "Cedar"}
        assert {(p.name, p.role) for p in school.read(lambda r: r.every(Person))} == {("T. Mbeki", "head"), ("J. Okafor", "teacher")}
        assert any(c.sort == "bank_holiday" for c in school.read(lambda r: r.every(Closure)))
        assert [(m.strand, m.instrument) for m in school.read(lambda r: r.every(StrandMeasure))] == [("wellbeing", "sdq_teacher")]
        assert [(f.instrument, f.enabled) for f in school.read(lambda r: r.every(InstrumentFile))] == [("who5", False)]
        assert "who5" not in {i.id for i in school.library.of_strand("wellbeing")}
    with School.open(tmp_path / "Hawthorn Centre.approgress", code):
        pass


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "A school needs a name."),
        ("la", "12", "three digits"),
        ("estab", "11a0", "four digits"),
        ("place", "/tmp/OneDrive - Trial Trust/Documents", "synchronised folder"),
    ],
)
def test_the_first_step_refuses_at_the_field(page: SetUpPage, field: str, value: str, said: str) -> None:
    page.name.set_value("Hawthorn Centre")
    getattr(page, field).set_value(value)
    page.next_button.click()
    assert page.step == 1 and said in getattr(page, field).wrong()


def test_dates_are_proposed_and_can_be_mended_added_and_removed(page: SetUpPage) -> None:
    page.name.set_value("Hawthorn Centre")
    page.next_button.click()
    assert page.terms.rows.rowCount() == 6 and page.terms.rows.row(0).cells[1].text == "Thu 3 Sep 2026"  # type: ignore[union-attr]
    page._open_term(0)
    dialog = _dialog()
    dialog.last.set_value(date(2026, 11, 10))  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "overlap Autumn 2" in dialog.last.wrong()  # type: ignore[attr-defined]
    dialog.last.set_value(date(2026, 10, 22))  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert page.draft.half_terms[0].last_day == date(2026, 10, 22)
    page._open_term(5)
    _dialog()._take_out()  # type: ignore[attr-defined]
    assert len(page.draft.half_terms) == 5
    page._add_closure()
    dialog = _dialog()
    dialog.first.set_value(date(2026, 12, 25))  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert "no half-term" in dialog.first.wrong()  # type: ignore[attr-defined]
    dialog.first.set_value(date(2026, 11, 2))  # type: ignore[attr-defined]
    dialog.main_button.click()  # type: ignore[attr-defined]
    assert page.draft.closures[0].label == "INSET day"
    page.year.set_value("2027")
    page._year_chosen()
    assert page.draft.half_terms[0].first_day.year == 2027 and len(page.draft.half_terms) == 6


def test_groups_are_refused_twice_and_too_long(page: SetUpPage) -> None:
    page.show_step(3)
    page.groups.set_value("Ash, ash")
    page.next_button.click()
    assert page.step == 3 and "twice" in page.groups.wrong()
    page.groups.set_value("A" * 25)
    page.next_button.click()
    assert "24 letters" in page.groups.wrong()


def test_passphrases_are_refused_in_words(page: SetUpPage) -> None:
    _to_people(page)
    page._add_person()
    dialog = _dialog()
    dialog.name.set_value("T. Mbeki")  # type: ignore[attr-defined]
    for first, again, field, said in (("", "", "passphrase", "8 characters"), ("short", "short", "passphrase", "8 characters"), (WORDS, "other words", "again", "differ")):
        dialog.passphrase.set_value(first)  # type: ignore[attr-defined]
        dialog.again.set_value(again)  # type: ignore[attr-defined]
        dialog.main_button.click()  # type: ignore[attr-defined]
        assert said in getattr(dialog, field).wrong()
    dialog.reject()  # type: ignore[attr-defined]
    page.next_button.click()
    assert "Enter your own name" in page.banner.sentence() and page.step == 4


def test_stopped_it_goes_on_where_it_was_without_passphrases(page: SetUpPage, qtbot: QtBot, tmp_path: Path) -> None:
    _to_people(page)
    _add_person(page, "T. Mbeki", WORDS)
    with qtbot.waitSignal(page.left):
        page.stop_button.click()
    draft = read_draft()
    assert draft is not None and draft.step == 4 and draft.groups == ("Ash", "Birch", "Cedar")
    assert WORDS not in draft_path().read_text("utf-8"), "passphrases wait nowhere"
    again = SetUpPage(draft, folder=tmp_path, today=TODAY)
    qtbot.addWidget(again)
    assert again.step == 4
    again.next_button.click()
    assert "needs a passphrase" in again.banner.sentence()
    again._tasks.stop_all()


def test_what_cannot_be_made_leaves_nothing(page: SetUpPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise Trouble("The disk is full: nothing was written.")

    _to_people(page)
    _add_person(page, "T. Mbeki", WORDS)
    monkeypatch.setattr(School, "do", full)
    _make(page, qtbot)
    assert page.banner.sentence() == "The disk is full: nothing was written."
    assert list(tmp_path.glob("*.approgress*")) == []
    monkeypatch.undo()
    _make(page, qtbot)
    assert page._recovery is not None, "the same step works once there is room"


def test_stop_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    draft = SetUpDraft(
        name="Hawthorn Centre",
        address=str(tmp_path / "h.approgress"),
        half_terms=(DraftTerm("Autumn 1", date(2026, 9, 3), date(2026, 10, 23)),),
        people=(DraftPerson("T. Mbeki", "head"), DraftPerson("J. Okafor", "office")),
    )

    def stop(done: int, _total: int) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        make_school(draft, [WORDS, WORDS], progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_school_whose_code_was_not_typed_back_gets_a_new_one(qtbot: QtBot, tmp_path: Path) -> None:
    draft = SetUpDraft(step=5, name="Hawthorn Centre", address=str(tmp_path / "h.approgress"), people=(DraftPerson("T. Mbeki", "head"),))
    school, old = make_school(draft, [WORDS], progress=lambda *_: None)
    page = SetUpPage(draft, folder=tmp_path, today=TODAY)
    qtbot.addWidget(page)
    page.resume(school)
    assert page._recovery is not None and page._recovery.code != old
    keys = KeyFile.read(key_path(tmp_path / "h.approgress"))
    assert keys.open(page._recovery.code)[1] is None
    page._tasks.stop_all()
    school.close()


def test_the_sheet_is_a_pdf_and_a_folder_without_permission_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    card = RecoveryCard("Hawthorn Centre", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-0000", TODAY)
    qtbot.addWidget(card)
    card.save_to(tmp_path / "code.pdf")
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF") and "Saved as code.pdf" in card.banner.sentence()
    card.save_to(tmp_path / "gone" / "code.pdf")
    assert "could not be written" in card.banner.sentence() and not list(tmp_path.glob(".*"))
    with pytest.raises(Trouble):
        save_pdf(tmp_path / "gone" / "code.pdf", "x", "AAAA-BBBB", TODAY)


@pytest.mark.parametrize(
    ("name", "stem"), [("Hawthorn Centre", "Hawthorn Centre"), ("St. Mary's / Äpfel: C:\\x", "St Mary s Äpfel C x"), ("???", "school"), ("a" * 99, "a" * 60)]
)
def test_the_file_takes_the_schools_name(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_second_school_of_one_name_takes_another_file(page: SetUpPage, tmp_path: Path) -> None:
    (tmp_path / "Hawthorn Centre.approgress").write_bytes(b"")
    assert page.address_for("Hawthorn Centre", "") == str(tmp_path / "Hawthorn Centre 2.approgress")
    assert page.address_for("Hawthorn Centre", "postgresql://db/x") == "postgresql://db/x"
