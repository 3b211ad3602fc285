"""The document of `figures --json`: its keys to the letter, figures by hand, and pupils of whom nothing is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from approgress.domain.dossier import FAMILY
from approgress.domain.edits import Put, Title
from approgress.domain.records import Enrolment, Identifier, Mark, Name, Pupil, StatedAttendance
from approgress.domain.values import percent_words
from approgress.school.dossiers import dossier_of, dossiers_of, facts_of
from approgress.school.figures_json import figures
from approgress.school.school import School
from tests.domain.a_pupil import CALENDAR, DAY_0, TERMS, TODAY, amara, facts

ATTENDANCE = {
    "from", "to", "possible", "attended", "authorised", "unauthorised", "late", "unmarked", "attendance_percent", "absence_percent",
    "persistent", "severe",
}  # fmt: skip
MEASURE = {
    "instrument", "edition", "respondent", "scale", "strand", "start", "now", "readings", "change", "verdict", "rule", "needs", "basis",
    "why", "smallest_change",
}  # fmt: skip


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    made, _ = School.create(
        tmp_path_factory.mktemp("figures") / "f.approgress", "Trial Bridge School", passphrase=None, demonstration_today=TODAY
    )
    known = facts()
    rows: list[object] = [*TERMS, *CALENDAR.closures, *known.partners.values(), *known.groups.values(), *known.people.values(), *known.group_teachers]
    held = amara()
    rows.append(held.pupil)
    for f in fields(held)[1:]:
        rows += getattr(held, f.name)
    rows += [Pupil(2, "BBB222", date(2012, 2, 29)), Name(2, 1, "legal", "Sol", "Brook"), Enrolment(2, 1, 1, "C", TODAY)]
    rows += [Pupil(3, "CCC333"), Name(3, 1, "legal", "Cal", "Dyer"), Enrolment(3, 1, 1, "C", date(2026, 9, 7), date(2026, 10, 2))]
    rows += [Identifier(3, 1, "number", "AP0103"), Mark(3, 1, date(2026, 9, 8), 0, 66), Mark(3, 1, date(2026, 10, 5), 66, 66)]
    made.do(Title.DEMONSTRATION, [Put(r) for r in rows])
    yield made
    made.close()


def test_the_document_has_its_keys_and_is_json(school: School) -> None:
    document = json.loads(json.dumps(figures(school), allow_nan=False))
    assert set(document) == {"as_of", "school", "step", "pupils"}
    assert (document["as_of"], document["school"]) == ("2026-11-24", "Trial Bridge School") and isinstance(document["step"], int)
    for p in document["pupils"]:
        assert set(p) == {"upn", "number", "name", "attendance", "before", "measures"}
        assert set(p["attendance"]) == ATTENDANCE and (p["before"] is None or set(p["before"]) == ATTENDANCE)
        for m in p["measures"]:
            assert set(m) >= MEASURE
            assert m["verdict"] in ("gain", "decline", "no clear change", "cannot be judged", None)
            assert (m["why"] is not None) == (m["verdict"] == "cannot be judged")
            assert m["rule"] in ("reliable change", None)


def test_amara_by_hand(school: School) -> None:
    amaras = next(p for p in figures(school)["pupils"] if p["number"] == "AP0101")
    assert amaras["attendance"] == {
        "from": "2026-06-08", "to": "2026-11-24", "possible": 162, "attended": 128, "authorised": 17, "unauthorised": 17, "late": 0,
        "unmarked": 0, "attendance_percent": 79.0, "absence_percent": 21.0, "persistent": True, "severe": False,
    }  # fmt: skip
    assert (amaras["before"]["possible"], amaras["before"]["attended"], amaras["before"]["attendance_percent"]) == (380, 118, 31.1)
    assert (amaras["before"]["from"], amaras["before"]["to"]) == ("2025-09-01", "2026-06-05")
    by = {(m["instrument"], m["scale"]): m for m in amaras["measures"]}
    who5 = by["who5", "total"]
    assert (who5["start"], who5["now"], who5["readings"], who5["change"]) == ({"date": "2026-06-08", "value": 28}, {"date": "2026-11-23", "value": 52}, 9, 24)
    assert who5["smallest_change"] == 10 and who5["strand"] == "wellbeing" and who5["respondent"] == "pupil"
    lessons = by["lesson_engagement", "engagement"]
    assert lessons["start"]["value"] == {"count": 20, "of": 100} and lessons["now"]["value"] == {"count": 51, "of": 85}
    assert lessons["verdict"] is None and lessons["why"] is None
    assert by["goal", "rating"]["now"]["value"] == 8


def test_a_pupil_of_whom_nothing_is_known_still_appears(school: School) -> None:
    sol = next(p for p in figures(school)["pupils"] if p["name"] == "Sol Brook")
    a = sol["attendance"]
    assert (a["possible"], a["attended"], a["attendance_percent"], a["absence_percent"], a["persistent"], a["severe"]) == (0, 0, None, None, None, None)
    assert sol["before"] is None and sol["measures"] == [] and sol["upn"] is None


def test_leavers_only_when_asked_and_clipped_to_their_time(school: School) -> None:
    assert [p["name"] for p in figures(school)["pupils"]] == ["Amara Bell", "Sol Brook"]
    cal = next(p for p in figures(school, leavers=True)["pupils"] if p["name"] == "Cal Dyer")
    a = cal["attendance"]
    assert (a["from"], a["to"], a["possible"], a["attended"]) == ("2026-09-07", "2026-10-02", 2, 1)
    earlier = figures(school, last=date(2026, 9, 30))
    assert [p["name"] for p in earlier["pupils"]] == ["Amara Bell", "Cal Dyer"]


def test_a_range_of_days(school: School) -> None:
    (only,) = figures(school, pupils=[1], first=date(2026, 6, 1), last=date(2026, 6, 19))["pupils"]
    a = only["attendance"]
    assert (a["from"], a["to"], a["possible"], a["attended"], a["unmarked"]) == ("2026-06-08", "2026-06-19", 20, 16, 0)
    assert [m["now"] for m in only["measures"] if m["instrument"] == "who5"] == [None]


def test_names_off_shows_the_code_and_no_number(school: School) -> None:
    for p in figures(school, names=False)["pupils"]:
        assert p["name"] in ("KTB412", "BBB222") and p["upn"] is None and p["number"] is None


def test_today_is_what_it_is_told_to_be(school: School) -> None:
    early = figures(school, as_of=date(2026, 7, 1))
    assert early["as_of"] == "2026-07-01"
    (only,) = early["pupils"]
    assert only["attendance"]["to"] == "2026-07-01"
    assert [m["now"]["value"] for m in only["measures"] if m["instrument"] == "who5"] == [28]


@pytest.mark.parametrize(
    ("possible", "attended", "share", "absent"),
    [(16, 1, 6.3, 93.8), (16, 5, 31.3, 68.8), (16, 11, 68.8, 31.3), (80, 13, 16.3, 83.8), (80, 3, 3.8, 96.3), (80, 45, 56.3, 43.8), (3, 2, 66.7, 33.3)],
)
def test_halves_round_up_the_same_in_document_and_dossier(tmp_path: Path, possible: int, attended: int, share: float, absent: float) -> None:
    made, _ = School.create(tmp_path / "r.approgress", "R", passphrase=None, demonstration_today=TODAY)
    with made:
        stated = StatedAttendance(1, 2, "Parkfield", date(2025, 9, 1), date(2026, 6, 1), possible, attended, possible - attended, 0)
        made.do(Title.DEMONSTRATION, [Put(Pupil(1, "AAA111")), Put(Enrolment(1, 1, 1, "C", DAY_0)), Put(stated)])
        (only,) = figures(made)["pupils"]
        assert (only["before"]["attendance_percent"], only["before"]["absence_percent"]) == (share, absent)
        view = dossier_of(made, 1).strand("attendance")
        assert view.start_text == f"{share}%" == percent_words(attended, possible, 1)


def test_dossiers_of_many_are_those_of_each(school: School) -> None:
    known = facts_of(school, TODAY)
    assert list(dossiers_of(school, [2, 1], audience=FAMILY)) == [dossier_of(school, i, audience=FAMILY, facts=known) for i in (2, 1)]
