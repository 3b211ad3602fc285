"""Sentences made from numbers: none says more than its number, none holds a number that is not known, strengths come first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approgress.domain import findings
from approgress.domain.change import OwnSpread
from approgress.domain.days import to_number
from approgress.domain.dossier import FAMILY, SCHOOLS, Dossier, PupilRecords, build_dossier
from approgress.domain.findings import evidence, missing, opening, paragraph
from approgress.domain.instruments import Norm, Reliability
from approgress.domain.records import (
    Enrolment,
    LessonScore,
    Mark,
    Moment,
    Name,
    Pupil,
    Reading,
    Setting,
    StartingPoint,
    StatedAttendance,
    Strength,
)
from approgress.domain.starting_point import SeriesKey
from tests.domain.a_pupil import CALENDAR, DAY_0, TODAY, amara, facts

SPREADS = {SeriesKey("who5", "1998", "pupil"): OwnSpread(112, 20.0)}


def dossier(records: PupilRecords | None = None, **more: object) -> Dossier:
    known = more.pop("facts", None) or facts(spreads=SPREADS)
    return build_dossier(records or amara(), known, **{"last": TODAY, "today": TODAY, **more})  # type: ignore[arg-type]


def everything(d: Dossier) -> str:
    return "\n".join(f.text for f in (*opening(d), *evidence(d), *missing(d), *findings.notes_about(d)))


def test_the_opening_begins_with_strengths_then_how_she_came_then_attendance() -> None:
    found = opening(dossier())
    assert [f.about for f in found][:5] == ["strengths", "arrival", "before", "before", "attendance"]
    assert found[0].text.startswith("Amara is good at drawing, mending bikes") and found[0].runs[0].strong
    assert found[1].text == "She came on 8 Jun 2026 for a respite placement from Parkfield Academy."
    assert found[2].text == "In the year before she had attended 118 of 380 possible sessions (31.1%), as Parkfield Academy stated."
    assert found[4].text == "Since coming here she has attended 128 of 162 possible sessions (79.0%), better than before."


def test_wellbeing_is_a_reliable_gain_only_where_it_is_judged() -> None:
    told = next(f for f in opening(dossier()) if f.about == "wellbeing").text
    assert "from 28 to 52 of 100; a reliable gain" in told and "24 points or more count" in told
    plain = next(f for f in opening(dossier(facts=facts())) if f.about == "wellbeing").text
    assert "cannot be judged" in plain and "reliable" not in plain.replace("reliability", "")


def test_a_difference_that_is_too_small_is_no_clear_change_and_never_no_change() -> None:
    rows = tuple(Reading(1, 100 + i, DAY_0 + timedelta(days=60 * i), "who5", "1998", "pupil", v) for i, v in enumerate((40.0, 48.0)))
    told = next(f for f in opening(dossier(amara(readings=rows, start_values=(), starting_points=()))) if f.about == "wellbeing").text
    assert "no clear change" in told and "may be ordinary wobble" in told and "less than the published smallest change of 10" in told


def test_the_evidence_has_every_denominator() -> None:
    text = paragraph(evidence(dossier()))
    for words in (
        "162 possible sessions, 128 attended",
        "Before: 118 of 380 possible sessions for 1 Sep 2025 to 5 Jun 2026, as Parkfield Academy stated",
        "320 of 320 lessons attended were rated",
        "6 incidents, 1 good moment, 0 neutral moments in 128 sessions attended",
        "WHO-5, pupil: 9 of 9 asked have a score",
        "9 Jun 2026 (A) to 16 Nov 2026 (B)",
        "Children often arrive at a low point",
    ):
        assert words in text


def test_missing_marks_and_open_reasons_are_said() -> None:
    rows = list(amara().marks)
    n = next(c.number for c in facts().codes.codes if c.text == "N")
    rows[3] = replace(rows[3], am=n)
    text = paragraph(evidence(dossier(amara(marks=tuple(rows[:-2])))))
    assert "1 of them still marked N, reason not yet established" in text and "4 sessions without a mark yet" in text


def test_a_pupil_who_came_today_is_told_of_without_a_figure_that_is_not_there() -> None:
    d = build_dossier(PupilRecords(Pupil(9, "XYZ123"), names=(Name(9, 1, "legal", "Sol", "Brook"),), enrolments=(Enrolment(9, 1, 1, "C", TODAY),)), facts(), last=TODAY, today=TODAY)
    text = everything(d)
    assert "no possible sessions" in text and "0 of 0" in text and "not agreed yet" in text
    assert "Nothing is known yet of wellbeing, engagement, behaviour, learning or home and community." in text
    assert "%" not in text


def test_sentences_use_the_name_where_there_are_no_pronouns() -> None:
    text = everything(dossier(amara(pupil=Pupil(1, "KTB412", date(2012, 10, 3), "F"))))
    assert not re.search(r"\b(she|her|hers|he|his|him|they|their|them)\b", text.replace("mending bikes with her uncle", ""), re.IGNORECASE)
    assert "Amara’s own answers to WHO-5" in text


def test_they_takes_its_own_verbs() -> None:
    text = paragraph(opening(dossier(amara(pupil=Pupil(1, "KTB412", pronouns="they/them")))))
    assert "Since coming here they have attended" in text and "their own answers" in text


def test_with_names_hidden_no_sentence_of_ours_names_the_pupil() -> None:
    text = everything(dossier(hidden=True))
    assert "Amara" not in text and "Bell" not in text and "KTB412" in text
    assert not re.search(r"\b(she|he|they)\b", text)


def test_suspensions_are_not_told_to_the_family_by_rule() -> None:
    assert "Suspensions before: 4." in paragraph(opening(dossier(audience=SCHOOLS)))
    assert "uspension" not in paragraph(opening(dossier(audience=FAMILY)))


def test_provision_that_is_no_school_tells_counts_and_no_percentages() -> None:
    text = everything(dossier(facts=facts(setting=Setting(1, "Workshop", "non_school"))))
    assert "%" not in text and "128 of 162 sessions offered" in text and "DfE" not in text


def test_the_equal_stretch_is_said_where_better_was_judged_on_it() -> None:
    stated = StatedAttendance(1, 50, "Parkfield Academy", date(2026, 5, 4), date(2026, 6, 5), 40, 20, 20, 0)
    told = next(f for f in opening(dossier(amara(stated=(stated,), start_values=()))) if f.about == "attendance").text
    assert told.endswith("better than before: 40 of 50 possible sessions (80.0%) over as many days as the time before.")


def test_ordinary_drift_is_said_where_norm_and_reliability_are_checked() -> None:
    base = facts()
    test = base.library.get("reading_test", "NGRT")
    assert test is not None
    known = replace(
        test,
        edition="NGRT",
        short="NGRT",
        open_edition=False,
        norms=(Norm("standard_score", 100, 15, "manual", "confirmed"),),
        reliabilities=(Reliability("standard_score", "retest", "manual", "confirmed", value=0.9, days=200),),
    )
    library = replace(base.library, instruments=(known, *(i for i in base.library.instruments if i.id != "reading_test")))
    text = paragraph(evidence(dossier(facts=facts(library=library))))
    assert "NGRT: standard score about 1.8 points" in text  # (1 - 0.9) * (100 - 82)
    above = replace(amara().readings[9], value=110.0)
    rows = (*amara().readings[:9], above, *amara().readings[10:])
    assert "drift" not in paragraph(evidence(dossier(amara(readings=rows), facts=facts(library=library))))


def test_texts_of_people_pass_through_untouched() -> None:
    note = Strength(1, 9, "good_at", 'R&B <font color="white">x</font>')
    assert 'R&B <font color="white">x</font>' in opening(dossier(amara(strengths=(note,))))[0].text


# --- properties -------------------------------------------------------------------------------------------------------

_days = st.sampled_from(CALENDAR.school_days(DAY_0, TODAY))
_codes = st.sampled_from([c.number for c in facts().codes.codes] + [None])


@st.composite
def records(draw: st.DrawFn) -> PupilRecords:
    """Any pupil: marks, scores, readings and moments in any number, also none."""
    marked = draw(st.dictionaries(_days, st.tuples(_codes, _codes), max_size=12))
    scored = draw(st.dictionaries(st.tuples(_days, st.integers(0, 4)), st.sampled_from([None, 1, 2, 3, 4, 5]), max_size=40))
    read = draw(st.lists(st.tuples(_days, st.integers(0, 25), st.sampled_from(["complete", "draft", "void"])), max_size=5))
    tested = draw(st.lists(st.tuples(_days, st.integers(60, 140)), max_size=3))
    said = draw(st.lists(st.tuples(_days, st.sampled_from(["good", "neutral", "incident"])), max_size=5))
    stated = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=1))
    pronouns = draw(st.sampled_from([None, "she/her", "they/them"]))
    first = draw(st.sampled_from([None, DAY_0, date(2026, 9, 8), TODAY]))
    readings = [Reading(1, 100 + i, d, "who5", "1998", "pupil", 4.0 * v if s != "draft" else None, status=s) for i, (d, v, s) in enumerate(read)]
    readings += [Reading(1, 200 + i, d, "reading_test", "NGRT", "pupil", float(v)) for i, (d, v) in enumerate(tested)]
    return PupilRecords(
        Pupil(1, "KTB412", date(2012, 10, 3), "F", pronouns),
        names=draw(st.sampled_from([(), (Name(1, 1, "legal", "Amara", "Bell"),)])),
        enrolments=draw(st.sampled_from([(), (Enrolment(1, 1, 1, "C", first),), (Enrolment(1, 1, 1, "C", DAY_0, date(2026, 9, 30)),)])),
        marks=tuple(Mark(1, 1, d, a, p) for d, (a, p) in sorted(marked.items())),
        lesson_scores=tuple(LessonScore(1, to_number(d) * 8 + k, s) for (d, k), s in sorted(scored.items())),
        readings=tuple(readings),
        moments=tuple(Moment(1, i, d, tone, "x") for i, (d, tone) in enumerate(said)),
        stated=tuple(StatedAttendance(1, 50, "Parkfield Academy", None, date(2026, 6, 1), a + b + c, a, b, c) for a, b, c in stated),
        starting_points=draw(st.sampled_from([(), (StartingPoint(1, 1, DAY_0, date(2026, 6, 20)),)])),
    )


@settings(max_examples=120)
@given(records(), st.booleans(), st.sampled_from(["ap_academy", "non_school"]))
def test_no_sentence_holds_what_is_not_known(held: PupilRecords, hidden: bool, sort: str) -> None:
    d = dossier(held, facts=facts(spreads=SPREADS, setting=Setting(1, "Hawthorn Centre", sort)), hidden=hidden)
    text = everything(d) + "\n".join(v.reading for v in d.strands) + "\n".join(r.sign.text for r in d.progress)
    assert not re.search(r"\bnan\b|None|\binf\b|\(\)|  |\.\.|::", text), text
    for count, of in re.findall(r"\b(\d+) of (\d+)\b", text):
        assert int(count) <= int(of)
    for count, of, share in re.findall(r"(\d+) of (\d+)[a-z ]* \((\d+\.\d)%\)", text):
        assert int(of) > 0 and abs(100 * int(count) / int(of) - float(share)) <= 0.05 + 1e-9
    assert re.findall(r"\d%", text) == [] or sort != "non_school"
    assert not re.search(r"(?<![\d.(])\d+(\.\d)?%", everything(d))  # never a percentage without its counts before it
    if not d.attendance.period.tally.possible:
        assert "no possible sessions" in text
    if hidden:
        assert "Amara" not in text and not re.search(r"\b(she|they)\b", text)


@settings(max_examples=60)
@given(records())
def test_every_sentence_is_one_and_ends(held: PupilRecords) -> None:
    d = dossier(held)
    for f in (*opening(d), *evidence(d), *missing(d)):
        assert f.text and f.text[0] == f.text[0].upper() and f.text.endswith(".")
        assert all(r.text for r in f.runs)


@settings(max_examples=60)
@given(records())
def test_a_gain_is_said_only_of_a_judged_series(held: PupilRecords) -> None:
    d = dossier(held)
    judged = [s for s in d.series if s.judgement.verdict in ("gain", "decline")]
    assert ("reliable gain" in everything(d) or "reliable decline" in everything(d)) == bool([s for s in judged if s.is_main and s.key.instrument in ("who5", "reading_test")])


@pytest.mark.parametrize("first", [None, date(2026, 9, 1)])
def test_the_evidence_counts_the_time_asked_for(first: date | None) -> None:
    d = dossier(first=first)
    assert f"{d.attendance.period.tally.possible} possible sessions" in paragraph(evidence(d))
