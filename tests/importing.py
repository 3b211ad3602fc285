"""What tests of imports share: a small empty school on 24 November 2026, files written in a line, UPNs with a right letter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stdnum.gb import upn as upn_rules

from approgress.domain.edits import NewIds, Put, Title
from approgress.domain.records import Closure, HalfTerm
from approgress.school.import_file import ImportPlan, ImportResult, carry_out, plan_import
from approgress.school.school import School

TODAY = date(2026, 11, 24)
_numbers = itertools.count()


def upn(n: int) -> str:
    """An invented UPN of authority 999 with a right check letter."""
    body = f"9994{n:08d}"
    return upn_rules.calc_check_digit(body) + body


def new_school(folder: Path, *, calendar: bool = False) -> School:
    """An empty school whose today is 24 November 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    made, _ = School.create(
        folder / f"trial{next(_numbers)}.approgress",
        "Trial Bridge School",
        passphrase=None,
        la="999",
        estab="1100",
        demonstration_today=TODAY,
    )
    if calendar:

        def act(ids: NewIds) -> list[Put]:
            terms = (("Autumn 1", date(2026, 9, 3), date(2026, 10, 23)), ("Autumn 2", date(2026, 11, 3), date(2026, 12, 18)))
            return [
                *(Put(HalfTerm(ids.other(), 1, name, first, last)) for name, first, last in terms),
                Put(Closure(ids.other(), 1, date(2026, 10, 9), date(2026, 10, 9), "inset", "INSET")),
            ]

        made.do(Title.CALENDAR, act)
    return made


def write(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    """A file in a folder of its own."""
    place = folder / f"f{next(_numbers)}"
    place.mkdir(parents=True)
    path = place / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def plan(school: School, file: Path | str, **kwargs: Any) -> ImportPlan:
    """The plan of a file (or of a CSV text)."""
    assert school.path is not None
    return plan_import(school, write(school.path.parent, file) if isinstance(file, str) else file, **kwargs)


def bring(school: School, file: Path | str, **kwargs: Any) -> ImportResult:
    """A file brought in."""
    return carry_out(school, plan(school, file, **kwargs))


def twice(school: School, file: Path | str, answers: Mapping[str, str] | None = None, **kwargs: Any) -> ImportPlan:
    """A file brought in, and again: the second time nothing is new and nothing is written. The first plan."""
    if isinstance(file, str):
        assert school.path is not None
        file = write(school.path.parent, file)
    first = plan_import(school, file, answers=answers, **kwargs)
    carry_out(school, first)
    second = plan_import(school, file, answers=answers, **kwargs)
    assert (second.new, second.changed) == (0, 0), [r for r in second.rows if r.state in ("new", "changed")]
    assert carry_out(school, second).step is None
    c = first.counts
    assert c.new + c.changed + c.same + c.refused == c.rows == len(first.rows)
    return first


def amended(school: School, file: Path | str, reason: str = "system", **kwargs: Any) -> ImportPlan:
    """As `twice`, with the reason given for marks that would be amended after their register closed."""
    if isinstance(file, str):
        assert school.path is not None
        file = write(school.path.parent, file)
    asked = [a.question for a in plan_import(school, file, **kwargs).asks if a.question.startswith("amended:")]
    return twice(school, file, dict.fromkeys(asked, reason), **kwargs)


def every(school: School, kind: type[Any]) -> list[Any]:
    """All records of a kind."""
    return school.read(lambda r: r.every(kind))


def said(made: ImportPlan) -> str:
    """Everything a plan says, in one text."""
    return "\n".join(
        [*made.warnings, *(r.sentence for r in made.refusals), *(a.sentence for a in made.asks), *(r.words for r in made.rows)]
    )
