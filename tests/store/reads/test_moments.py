"""Questions about moments, on file and server: what the school used, drafts, rates of a group, who is not written about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Enrolment, Group, GroupMember, HalfTerm, LessonTime, Mark, Moment, Note
from approgress.school.school import School
from approgress.store.reads import moments as reads
from approgress.store.reads.school import school_facts
from tests.store.conftest import add_pupils

TODAY = date(2026, 11, 24)


@pytest.fixture
def pupils(either: School) -> list[int]:
    a, b, c = add_pupils(either)

    def act(ids: NewIds) -> Iterator[Put]:
        yield Put(HalfTerm(ids.other(), 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)))
        yield Put(Group(500, 1, "Ash"))
        for p in (a, b, c):
            yield Put(Enrolment(p, ids.other(), 1, "C", date(2026, 9, 1)))
        yield Put(GroupMember(a, ids.other(), 500))
        yield Put(GroupMember(b, ids.other(), 500, None, date(2026, 11, 13)))
        yield Put(GroupMember(c, ids.other(), 500, date(2026, 11, 9)))
        yield Put(Mark(a, 1, date(2026, 11, 2), 0, 1))
        yield Put(Mark(a, 1, date(2026, 10, 1), 0, 1))
        yield Put(Mark(c, 1, date(2026, 11, 24), 0, 64))
        yield Put(Moment(a, 601, date(2026, 11, 2), "good", "Kind", place="Hall", text="one", person_id=1))
        yield Put(Moment(a, 602, date(2026, 11, 24), "incident", "Refused", joint=602, person_id=1))
        yield Put(Moment(c, 603, date(2026, 11, 24), "incident", "Refused", joint=602, person_id=1))
        yield Put(Moment(c, 604, date(2026, 11, 24), "good", "Kind", status="draft", person_id=1))
        yield Put(Moment(c, 605, date(2026, 10, 9), "good", "Kind", person_id=2))
        yield Put(Moment(b, 606, date(2026, 11, 3), "neutral", "Mood", privacy="restricted"))
        yield Put(Note(b, 607, date(2026, 11, 5), "note", "written"))
        yield Put(LessonTime(ids.other(), 1, 1, 600, 650))
        yield Put(LessonTime(ids.other(), 1, 0, 540, 590))

    either.do(Title.DEMONSTRATION, act)
    return [a, b, c]


def ids_of(moments: object) -> list[int]:
    return [m.id for m in moments]  # type: ignore[attr-defined]


def test_what_the_school_used_without_drafts(either: School, pupils: list[int]) -> None:
    found = either.read(reads.used, date(2026, 1, 1))
    assert found.sorts == {"good": {"Kind": 2}, "neutral": {"Mood": 1}, "incident": {"Refused": 2}} and found.places == {"Hall": 1}
    assert either.read(reads.used, TODAY).sorts["good"] == {}


def test_moments_of_some_days_newest_first(either: School, pupils: list[int]) -> None:
    assert ids_of(either.read(reads.between, date(2026, 11, 2), TODAY)) == [603, 602, 606, 601]
    assert ids_of(either.read(reads.between, None, TODAY, pupils=[pupils[2]], drafts=True)) == [604, 603, 605]
    assert ids_of(either.read(reads.between, None, TODAY, pupils=[])) == []
    assert ids_of(either.read(reads.between, None, TODAY, pupils=range(1, 2000)))[:1] == [603]
    assert ids_of(either.read(reads.latest, TODAY, 2)) == [603, 602]
    assert ids_of(either.read(reads.latest, TODAY, 9, tone="good", person_id=1)) == [601]
    assert ids_of(either.read(reads.latest, TODAY, 9, pupils=[pupils[1]])) == [606]
    assert ids_of(either.read(reads.entry, 602)) == [602, 603] and either.read(reads.entry, 9999) == ()
    assert ids_of(either.read(reads.drafts_of, 1)) == [604] and either.read(reads.drafts_of, 2) == ()


def test_a_viewer_reads_only_the_classes_that_are_theirs(either: School, pupils: list[int]) -> None:
    either.viewer = replace(either.viewer, role="visitor", classes=frozenset({"ordinary"}))
    assert 606 not in ids_of(either.read(reads.between, None, TODAY)) and 606 not in ids_of(either.read(reads.latest, TODAY, 9))
    either.viewer = replace(either.viewer, classes=frozenset())
    assert either.read(reads.latest, TODAY, 9) == ()
    assert len(either.read(reads.quiet, pupils, TODAY)) == 3


def test_a_group_is_those_in_it_that_day_and_its_rates_count_their_sessions(either: School, pupils: list[int]) -> None:
    a, b, c = pupils
    assert either.read(reads.members, 500, TODAY, 1) == [a, c]
    assert either.read(reads.members, 500, date(2026, 11, 3), 1) == [a, b]
    assert either.read(reads.members, None, TODAY, 1) == [a, b, c]
    assert either.read(reads.group_of, b, TODAY) is None and either.read(reads.group_of, c, TODAY) == 500
    facts = either.read(school_facts, either.codes)
    found = either.read(reads.half_term_rates, facts, [a, c], TODAY)
    assert found is not None
    # two sessions of a and one of c in this half-term; those of October count nowhere
    assert found.attended == 3 and [found.of(t).count for t in ("good", "neutral", "incident")] == [1, 0, 2]
    assert either.read(reads.half_term_rates, facts, [a], date(2026, 10, 28)) is None


def test_who_is_not_written_about(either: School, pupils: list[int]) -> None:
    a, b, c = pupils
    found = either.read(reads.quiet, pupils, TODAY)
    assert [(q.pupil_id, q.last, q.days) for q in found] == [(b, date(2026, 11, 5), 19)]
    assert [q.pupil_id for q in either.read(reads.quiet, pupils, TODAY, least=0)] == [b, a, c]
    assert [(q.pupil_id, q.days) for q in either.read(reads.quiet, [c], date(2026, 10, 1))] == [(c, None)]
    assert either.read(reads.quiet, [], TODAY) == ()


def test_the_lessons_of_the_day_and_the_school_in_some_days(either: School, pupils: list[int]) -> None:
    assert [(t.lesson, t.starts) for t in either.read(reads.lesson_times, 1)] == [(0, 540), (1, 600)]
    assert either.read(reads.roll_and_attended, 1, date(2026, 11, 2), TODAY) == (3, 3)
    assert either.read(reads.roll_and_attended, 1, date(2026, 1, 1), date(2026, 8, 31)) == (0, 0)
