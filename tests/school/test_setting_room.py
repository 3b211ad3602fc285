"""What Setting rests on: the proposed school year, who can unlock, files beside each other, wiping a demonstration school."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.edits import Put, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.records import SAFEGUARDING, Closure, Group, HalfTerm, InstrumentFile, Person
from approgress.domain.school_year import Calendar, school_year_of
from approgress.paths import backups_dir
from approgress.school import people
from approgress.school.proposed_year import bank_holidays, easter, propose_year
from approgress.school.school import School, restore
from approgress.school.siblings import copies_beside, copies_words, free_place, last_entry_of, siblings, wipe
from approgress.store.keys import KeyFile, key_path

WORDS = "four short words"


@given(st.integers(2015, 2060))
def test_a_proposed_year_can_be_a_school_year(year: int) -> None:
    terms, closures = propose_year(year)
    assert [t.name for t in terms] == ["Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2"]
    for before, after in zip(terms, terms[1:], strict=False):
        assert before.last_day < after.first_day
    assert all(t.first_day.weekday() < 5 and t.last_day.weekday() < 5 and 3 <= (t.last_day - t.first_day).days / 7 <= 9 for t in terms)
    assert all(school_year_of(d) == year for t in terms for d in (t.first_day, t.last_day))
    calendar = Calendar.of([HalfTerm(i, 1, t.name, t.first_day, t.last_day) for i, t in enumerate(terms)], [Closure(i, 1, c.first_day, c.last_day, c.sort, c.label) for i, c in enumerate(closures)])
    assert 185 <= len(calendar.school_days(terms[0].first_day, terms[-1].last_day)) <= 200
    holiday = bank_holidays(terms[0].first_day, terms[-1].last_day)
    assert not any(calendar.is_school_day(day) for day in holiday), "nobody is in on a bank holiday"
    sunday = easter(year + 1)
    assert not any(calendar.is_school_day(sunday + timedelta(days=n)) for n in (-2, 1)), "Good Friday and Easter Monday"


def test_the_year_of_the_trials_but_for_its_own_inset_days() -> None:
    terms, closures = propose_year(2026)
    assert [(t.first_day, t.last_day) for t in terms] == [
        (date(2026, 9, 3), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
        (date(2027, 2, 22), date(2027, 3, 25)),
        (date(2027, 4, 12), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 21)),
    ]
    assert [c.first_day for c in closures] == [date(2027, 5, 3)]


@pytest.mark.parametrize(("year", "day"), [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))])
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


def _school(folder: Path, name: str = "s") -> School:
    return School.create(folder / f"{name}.approgress", "Real School", passphrase=WORDS, person="T. Mbeki")[0]


def test_slots_of_the_key_file(tmp_path: Path) -> None:
    with _school(tmp_path) as school:
        school.set_passphrase(2, "J. Okafor", "another four words")
        assert people.takes_passphrases(school) and people.has_passphrase(school, 2) and not people.has_passphrase(school, 3)
        assert people.check_passphrase(school, "another four words", 2) and not people.check_passphrase(school, "another four words", 1)
        people.rename_slot(school, 2, "Jo Okafor")
        assert KeyFile.read(key_path(tmp_path / "s.approgress")).people["2"] == "Jo Okafor"
        people.rename_slot(school, 9, "Nobody")
        people.take_passphrase(school, 2)
        people.take_passphrase(school, 2)
        assert list(KeyFile.read(key_path(tmp_path / "s.approgress")).people) == ["1"]
    with pytest.raises(Trouble):
        School.open(tmp_path / "s.approgress", "another four words")


def test_a_bundled_instrument_out_of_use_keeps_its_text_and_edition(tmp_path: Path) -> None:
    with _school(tmp_path) as school:
        edition = school.library.get("who5").edition  # type: ignore[union-attr]
        school.do(Title.CHANGE_SETTING, lambda ids: [Put(InstrumentFile(ids.other(), "who5", edition, "id = 'changed'", False))])
        assert "who5" not in {i.id for i in school.library.of_strand("wellbeing")}
        who5 = school.library.get("who5", edition)
        assert who5 is not None and who5.items and not who5.enabled and not school.library.refused


def test_files_of_one_school_beside_each_other(tmp_path: Path) -> None:
    with _school(tmp_path) as school, _school(tmp_path, "another"):
        info = school.back_up(tmp_path / "copy.backup")
        restore(info.path, tmp_path / "s restored.approgress", WORDS)
        school.do(Title.GROUPS, lambda ids: [Put(Group(ids.other(), 1, "Ash"))])
        found = siblings(school)
        assert [(s.path.name, s.present) for s in found] == [("s.approgress", True), ("s restored.approgress", False)]
        assert found[0].last_entry == last_entry_of(school) and found[0].steps == found[1].steps + 1
        (tmp_path / "s restored.approgress").write_bytes(b"x" * 4096)
        assert "damaged" in siblings(school)[1].words
        assert free_place(tmp_path, "s") == tmp_path / "s 2.approgress"


def test_copies_are_pointed_out_and_never_opened(tmp_path: Path) -> None:
    with _school(tmp_path, "school") as school:
        assert copies_words(copies_beside(school)) == ""
        for name in ("school (Anna's conflicted copy 2026-11-20).approgress", "school-LAPTOP2.approgress"):
            (tmp_path / name).write_bytes(b"x")
        said = copies_words(copies_beside(school))
        assert "conflicted copy 2026-11-20" in said and "school-LAPTOP2" in said and "Nothing was taken from them" in said


def test_only_a_demonstration_school_can_be_wiped(tmp_path: Path) -> None:
    with _school(tmp_path) as school:
        number = school.school_id
    with pytest.raises(Trouble):
        wipe(tmp_path / "s.approgress", number)
    assert (tmp_path / "s.approgress").exists()
    with School.create(tmp_path / "d.approgress", "Demo", passphrase=None, demonstration_today=date(2026, 11, 24))[0] as demo:
        demo.back_up()
        number = demo.school_id
    with pytest.raises(Trouble):
        wipe(tmp_path / "d.approgress", "another")
    wipe(tmp_path / "d.approgress", number)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.approgress", "s.approgress-keys"] and not (backups_dir() / number).exists()


def test_a_key_whose_person_was_taken_back_opens_no_more_than_a_visitors(tmp_path: Path) -> None:
    with _school(tmp_path) as school:
        school.do(Title.PEOPLE, [Put(Person(90, "A. Visitor", "visitor"))], grow=False)
        school.set_passphrase(90, "A. Visitor", "another four words")
        school.undo()
    with School.open(tmp_path / "s.approgress", "another four words") as school:
        assert school.viewer.role == "visitor" and not school.viewer.may_read(SAFEGUARDING)
        with pytest.raises(Refusal, match="change nothing"):
            school.do(Title.PEOPLE, [Put(Person(91, "B. Visitor"))])
