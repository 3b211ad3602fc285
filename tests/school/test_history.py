"""The history of a school as its viewer may read it: restricted records leave no words in it for those who may not see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from approgress.domain.edits import Erase, Put, Title
from approgress.domain.records import Flag, Intervention, Moment
from approgress.school.history import history_document
from approgress.school.school import School
from tests.ui.a_school import TODAY, make_school, pupil_named


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    yield made
    made.close()


def test_restricted_words_stand_in_the_history_of_those_only_who_may_read_them(school: School) -> None:
    amara = pupil_named(school, "amara")
    kept = Moment(amara, 9001, TODAY, "neutral", "Mood", text="secret one", privacy="restricted")
    gone = replace(kept, id=9002, text="secret two")
    open_ = replace(kept, id=9003, text="for all", privacy="ordinary")
    hold = Intervention(amara, 9004, TODAY, "force", what_done="secret hold", person_id=1)
    flag = Flag(amara, 9005, "social_work", "cp", detail="secret flag", audience="safeguarding")
    school.do(Title.LOG_MOMENT, [Put(kept), Put(gone), Put(open_), Put(hold), Put(flag)], grow=False)
    school.do(Title.LOG_MOMENT, [Put(replace(kept, text="secret three"), kept)], grow=False)
    school.do(Title.LOG_MOMENT, [Erase(gone)], grow=False)
    whole = str(history_document(school, pupil=amara))
    assert all(f"secret {w}" in whole for w in ("one", "two", "three", "hold", "flag")) and "for all" in whole
    school.viewer = replace(school.viewer, role="visitor", classes=frozenset({"ordinary"}))
    said = str(history_document(school, pupil=amara))
    assert "secret" not in said and "for all" in said
    assert "secret" not in str(school.history())


def test_what_was_for_all_and_is_restricted_now_is_hidden_as_a_whole(school: School) -> None:
    amara = pupil_named(school, "amara")
    first = Moment(amara, 9001, TODAY, "neutral", "Mood", text="told too much")
    school.do(Title.LOG_MOMENT, [Put(first)], grow=False)
    school.do(Title.LOG_MOMENT, [Put(replace(first, privacy="restricted"), first)], grow=False)
    school.viewer = replace(school.viewer, role="visitor", classes=frozenset({"ordinary"}))
    assert "told too much" not in str(history_document(school, pupil=amara))
