"""One filled file of every released schema is opened by today's program: brought up to date after a backup, with everything still there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from approgress.domain.records import KINDS
from approgress.school.school import School, check
from approgress.store.tables import REVISION
from approgress.store.upgrade import REVISIONS

OLD = Path(__file__).parents[1] / "old_files"


def test_there_is_a_file_of_every_earlier_schema() -> None:
    assert REVISIONS[-1] == REVISION
    assert {p.stem for p in OLD.glob("*.approgress")} == set(REVISIONS[:-1])


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_old_file_opens_with_everything_in_it(tmp_path: Path, revision: str) -> None:
    for suffix in ("", "-keys"):
        shutil.copy(OLD / f"{revision}.approgress{suffix}", tmp_path / f"school.approgress{suffix}")
    school = School.open(str(tmp_path / "school.approgress"))
    try:
        counts = {name: len(school.read(lambda r, cls=kind.cls: r.every(cls))) for name, kind in KINDS.items()}
        assert counts["pupil"] == 9 and counts["mark"] > 200 and counts["moment"] > 10 and counts["reading"] > 5
        assert counts["suspension"] == counts["timetable"] == 0
        moments = school.read(lambda r: r.every(KINDS["moment"].cls))
        assert {(m.status, m.privacy, m.tell_home) for m in moments} == {("complete", "ordinary", False)}
        assert (school.setting.register_minutes, school.setting.alert_sessions, school.setting.am_starts) == (30, 2, None)
        assert check(school) == []
    finally:
        school.close()
