"""The answer of `figures` as plain dicts: what the program holds to be true of each pupil, unrounded beside rounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from approgress.domain.dossier import Dossier, Stretch
from approgress.school.dossiers import dossiers_of
from approgress.store.reads.pupils import on_roll

if TYPE_CHECKING:
    from approgress.school.school import School


def figures(
    school: School,
    *,
    pupils: Sequence[int] | None = None,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
    leavers: bool = False,
    names: bool = True,
) -> dict[str, Any]:
    """The document of `figures --json`, key for key as commands.md shows it.

    `pupils` are ids (None: all on roll on the last day, with `leavers` also those who left). Without `first` each pupil's time begins
    with their day 0; `as_of` is today, and nothing after it or after `last` is seen. With `names` off the code stands for the name, and
    UPN and number are left out.
    """
    today = as_of or school.today
    until = min(last or today, today)
    setting = school.setting
    ids = list(pupils) if pupils is not None else school.read(on_roll, until, setting.id, leavers=leavers)
    with school.database.read() as connection:
        step: Any = connection.exec_driver_sql("SELECT max(tick) FROM step").scalar()
    found = [pupil_figures(d, names=names) for d in dossiers_of(school, ids, first=first, last=until, today=today, hidden=not names)]
    return {"as_of": today.isoformat(), "school": setting.name, "step": step, "pupils": found}


def pupil_figures(d: Dossier, *, names: bool = True) -> dict[str, Any]:
    """One pupil of the document."""
    measures = [s.judgement.as_figure() for s in d.series]
    for judged in (d.engagement.judgement, d.engagement.own):
        if judged is not None and judged.readings:
            measures.append(judged.as_figure())
    measures += [g.series.judgement.as_figure() for g in d.goals if g.series is not None]
    before = d.attendance.before
    return {
        "upn": d.header.upn if names else None,
        "number": d.header.number if names else None,
        "name": d.name.full,
        "attendance": _attendance(d.attendance.period, d.statutory),
        "before": _attendance(before, d.statutory) if before is not None else None,
        "measures": measures,
    }


def _attendance(stretch: Stretch, statutory: bool) -> dict[str, Any]:
    """A stretch in the shape of the document; provision that is no school sees counts and no percentages."""
    shape = stretch.tally.as_figures(stretch.first_day, stretch.last_day)
    if not statutory:
        shape |= {"attendance_percent": None, "absence_percent": None, "persistent": None, "severe": None}
    return shape
