"""The report of physical interventions by term: which records, counts and what they are counted against, names off, who may not see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from approgress.domain.acts.interventions import sign
from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.errors import Changed, Refusal, Trouble
from approgress.domain.records import Intervention, Mark, Person
from approgress.school.interventions import make_intervention_report, of_term, terms
from approgress.school.school import School
from tests.ui.a_school import SECRETS, TODAY, make_school, pupil_named


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    amara, odd = pupil_named(made, "amara"), pupil_named(made, "zanzibar")

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(Intervention(amara, ids.other(), date(2026, 11, 12), "restraint", 640, 3, what_done="Amara was held while Zanzibar went", person_id=1))
        yield Put(
            Intervention(
                amara, ids.other(), date(2026, 9, 10), "force", what_done="Guided out", person_id=1, signed_by=2, signed_on=date(2026, 9, 10),
                told_who="Denise Bell", told_on=date(2026, 9, 10), reviewed_by=1, reviewed_on=date(2026, 9, 11), review="Fewer people at the door",
            )
        )  # fmt: skip
        yield Put(Intervention(odd, ids.other(), date(2026, 11, 13), "force", what_done="x", person_id=1, struck="Wrong pupil", struck_by=1, struck_on=date(2026, 11, 13)))
        yield Put(Intervention(amara, ids.other(), date(2026, 7, 1), "seclusion", what_done="last school year", person_id=1))

    made.do(Title.INTERVENTION, act)
    yield made
    made.close()


def text_of(file: Path) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(file.read_bytes())).pages).split())


def test_a_term_holds_its_own_records_and_counts_only_what_is_not_struck(school: School) -> None:
    now, before = terms(school)[:2]
    assert (now.name, before.name) == ("Autumn term 2026/27", "Summer term 2025/26")
    told = of_term(school, now)
    assert [t.day for t in told.records] == [date(2026, 9, 10), date(2026, 11, 12), date(2026, 11, 13)]
    assert len(told.counted) == 2 and told.of_sort("force") == 1 and told.of_sort("seclusion") == 0
    assert (told.pupils.count, told.pupils.of) == (1, 3)
    assert told.lacking("second adult’s signature").counts == "1 of 2"
    assert [t.what_done for t in of_term(school, before).records] == ["last school year"]


def test_sessions_attended_are_those_of_all_pupils_while_on_roll(school: School) -> None:
    before = of_term(school, terms(school)[0]).attended
    odd = pupil_named(school, "zanzibar")  # on roll from 20 November
    school.do(Title.TAKE_REGISTER, [Put(Mark(odd, 1, date(2026, 11, 23), 0, 1)), Put(Mark(odd, 1, date(2026, 11, 19), 0, 1))])
    assert of_term(school, terms(school)[0]).attended == before + 2


def test_the_report_says_all_of_it(school: School, tmp_path: Path) -> None:
    file = make_intervention_report(school, tmp_path / "out", terms(school)[0])
    assert file.name == f"Physical interventions Autumn term 2026-27 {TODAY.isoformat()}.pdf"
    text = text_of(file)
    told = of_term(school, terms(school)[0])
    assert f"2 records of 1 pupil (of 3 on roll); together they attended {told.attended:,} sessions in this term." in text
    for said in ("Amara Bell", "not signed", "to be told", "Struck through by T. Mbeki, 13 Nov 2026: Wrong pupil", "told 10 Sep 2026: Denise Bell", "Fewer people at the door", "not confirmed", "10:40"):
        assert said in text, said
    assert "Confidential: restricted" in text and "invented pupils" in text


def test_names_off_leaves_no_name_of_a_pupil_or_their_family(school: School, tmp_path: Path) -> None:
    file = make_intervention_report(school, tmp_path / "out", terms(school)[0], names=False)
    text = text_of(file)
    assert not [s for s in SECRETS if s in text]
    assert not [s for s in SECRETS if s in file.name]
    assert "[name] was held while [name] went" in text
    raw = PdfReader(BytesIO(file.read_bytes()))
    assert not [s for s in SECRETS if s in str(raw.metadata)]


def test_the_same_records_give_the_same_bytes(school: School, tmp_path: Path) -> None:
    a = make_intervention_report(school, tmp_path / "a", terms(school)[0])
    b = make_intervention_report(school, tmp_path / "b", terms(school)[0])
    assert a.read_bytes() == b.read_bytes()


def test_a_term_without_records_is_a_whole_report(school: School, tmp_path: Path) -> None:
    quiet = replace(terms(school)[1], first_day=date(2026, 7, 2))
    text = text_of(make_intervention_report(school, tmp_path / "out", quiet))
    assert "No record in this term of" in text and "Each record" not in text


def test_a_visitor_may_not_see_it(school: School, tmp_path: Path) -> None:
    school.viewer = replace(school.viewer, classes=frozenset({"ordinary"}))
    with pytest.raises(Refusal, match="restricted"):
        make_intervention_report(school, tmp_path / "out", terms(school)[0])
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_a_sentence(school: School, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is not there"):
        make_intervention_report(school, tmp_path / "no" / "where", terms(school)[0])


def test_a_file_that_is_in_the_way_is_named(school: School, tmp_path: Path) -> None:
    blocked = tmp_path / "out" / f"Physical interventions Autumn term 2026-27 {TODAY.isoformat()}.pdf"
    blocked.mkdir(parents=True)
    with pytest.raises(Trouble):
        make_intervention_report(school, tmp_path / "out", terms(school)[0])
    assert make_intervention_report(school, tmp_path / "out", terms(school)[0], free_names=True).exists()


# --- a signature stands for what was read ------------------------------------------------------------------------------------


def _signed_by_another(school: School) -> Intervention:
    """The writer changes a record, and a second adult signs it in another window; the record as the writer last saw it."""
    first = next(i for i in school.read(lambda r: r.every(Intervention)) if i.day == date(2026, 11, 12))
    seen = replace(first, what_done="Guided by the arm")
    second = Person(77, "J. Okafor", "teacher")
    school.do(Title.PEOPLE, [Put(second)])
    school.do(Title.INTERVENTION, [Put(seen, first)], grow=False)
    other = School.open(school.path)  # type: ignore[arg-type]
    try:
        other.journal.person = second.id
        other.do(Title.INTERVENTION, sign(seen, second, today=TODAY), grow=False)
    finally:
        other.close()
    return seen


def test_undo_puts_no_other_words_above_a_signature(school: School) -> None:
    seen = _signed_by_another(school)
    with pytest.raises(Refusal, match="J. Okafor changed the record of physical intervention"):
        school.undo()
    now = school.read(lambda r: r.one(Intervention, seen.pupil_id, seen.id))
    assert now is not None and (now.what_done, now.signed_by) == ("Guided by the arm", 77)


def test_a_form_opened_before_the_signature_writes_nothing_below_it(school: School) -> None:
    seen = _signed_by_another(school)
    with pytest.raises(Changed, match="J. Okafor changed this record of physical intervention"):
        school.do(Title.INTERVENTION, [Put(replace(seen, injury="A bruise on the arm"), seen)], grow=False)
    now = school.read(lambda r: r.one(Intervention, seen.pupil_id, seen.id))
    assert now is not None and (now.injury, now.signed_by) == (None, 77)
