"""The whole demonstration school through dossiers: list and page agree, charts are whole, no sentence holds what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from approgress.domain.cohort import held_counts, sign_counts
from approgress.domain.dossier import SCHOOLS
from approgress.domain.figures import FIGURES, small
from approgress.domain.findings import evidence, missing, notes_about, opening, paragraph
from approgress.domain.instruments import STRANDS
from approgress.school.dossiers import dossier_of, dossiers_of, facts_of
from approgress.school.figures_json import pupil_figures
from approgress.school.school import School
from approgress.store.reads import pupils


@pytest.fixture(scope="module")
def demo(demo_school_path: Path) -> Iterator[School]:
    with School.open(demo_school_path) as school:
        yield school


def test_list_page_paper_and_document_agree_for_every_pupil(demo: School) -> None:
    day = demo.today
    known = facts_of(demo, day)
    ids = demo.read(pupils.on_roll, day, leavers=True)
    cards = {c.pupil_id: c for c in demo.read(pupils.cards, known, day, leavers=True)}
    signs = demo.read(pupils.signs, known, day, ids)
    assert len(cards) == len(ids) == 184
    for d in dossiers_of(demo, ids):
        assert signs[d.pupil_id] == {v.strand: v.sign for v in d.strands}
        assert cards[d.pupil_id].held == d.starting_point.held
        document = pupil_figures(d)
        a = d.attendance.period.tally
        counts = f"{a.possible} possible session{'' if a.possible == 1 else 's'}, {a.attended} attended" if a.possible else "no possible sessions in this time"
        text = paragraph(evidence(d))
        assert counts in text and (document["attendance"]["possible"], document["attendance"]["attended"]) == (a.possible, a.attended)
        figure = FIGURES["attendance"](d)
        here = [row for row in figure.table.rows if "," not in row[0]]
        if not figure.empty:
            assert sum(int(row[2]) for row in here) == d.attendance.since.tally.possible
        for name, make in FIGURES.items():
            f = make(d)
            assert f.empty or f.table.rows, name
        everything = "\n".join(f.text for f in (*opening(d), *evidence(d), *missing(d), *notes_about(d)))
        everything += "\n".join(v.reading for v in d.strands) + "\n".join(small(d, s).text for s in STRANDS)
        assert not re.search(r"\bnan\b|\bNone\b|\(\)|\.\.", everything)


def test_hidden_names_stand_in_nothing_that_the_program_makes(demo: School) -> None:
    day = demo.today
    known = facts_of(demo, day)
    names = {c.pupil_id: c.name for c in demo.read(pupils.cards, known, day)}
    for d in dossiers_of(demo, list(names), hidden=True, audience=SCHOOLS):
        own = [f for f in (*opening(d), *evidence(d)) if f.about not in ("strengths", "starting point", "next")]
        words = set(re.findall(r"\w+", " ".join(f.text for f in own)))
        assert names[d.pupil_id].call not in words and not words & {"she", "he", "they"}


def test_the_stories_are_told(demo: School) -> None:
    day = demo.today

    def story(forename: str) -> str:
        (found, *_) = demo.read(pupils.search, forename, day)
        return paragraph(opening(dossier_of(demo, found.pupil_id)))

    amara = story("amara bell")
    assert "from 28 to 52 of 100; a reliable gain" in amara and "118 of 380 possible sessions (31.1%)" in amara and "128 of 173 possible sessions (74.0%)" in amara
    assert "no possible sessions" in story("sol brook") and "Nothing is known yet of wellbeing" in story("ines")


def test_counts_over_the_list_have_their_whole(demo: School) -> None:
    day = demo.today
    known = facts_of(demo, day)
    cards = demo.read(pupils.cards, known, day)
    assert {v.of for v in held_counts(cards).values()} == {len(cards)} == {64}
    signs = demo.read(pupils.signs, known, day, [c.pupil_id for c in cards])
    for strand in STRANDS:
        assert sign_counts(s[strand] for s in signs.values()).of == 64
    assert sign_counts(s["attendance"] for s in signs.values()).gain == 0  # attendance has no verdict


def test_nothing_later_is_seen_from_an_earlier_day(demo: School) -> None:
    day = demo.today.replace(month=9, day=30)
    for d in dossiers_of(demo, demo.read(pupils.on_roll, day), today=day):
        assert all(p.day <= day for s in d.series for p in s.points)
        assert all(h.last_day <= day for h in d.attendance.half_terms if h.last_day is not None)
        assert all(m.day <= day for m in d.moments) and all(n.day <= day for n in d.notes)
