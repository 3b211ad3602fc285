"""First-day contact: for pupils who are not here, what was done so far, who can be reached, and when they were last seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from approgress.domain.attendance import ATTENDED_BELOW
from approgress.domain.days import to_date, to_number
from approgress.domain.dossier import SchoolFacts
from approgress.domain.first_day import Absence, absence_of
from approgress.domain.records import AbsenceContact, Contact, kind_of
from approgress.store.reads import Reader

_BACK = 120  # days: an absence that goes on longer came back to the list long ago


def absences(reader: Reader, facts: SchoolFacts, day: date, ids: Sequence[int], *, hidden: bool = False) -> dict[int, Absence]:
    """Where first-day contact stands for each of these pupils on a day; struck contacts are left out."""
    if not ids:
        return {}
    n, setting = to_number(day), facts.setting.id
    holes = ", ".join("?" * len(ids))
    people = _by_pupil(reader, Contact, f"pupil_id IN ({holes})", *ids)
    done = _by_pupil(reader, AbsenceContact, f"pupil_id IN ({holes}) AND day <= ? AND day > ?", *ids, n, n - _BACK)
    attended: dict[Any, Any] = dict(
        reader.sql(  # type: ignore[arg-type]
            f"SELECT pupil_id, max(day) FROM mark WHERE pupil_id IN ({holes}) AND setting_id = ? AND day <= ? AND (am < ? OR pm < ?) GROUP BY pupil_id",
            *ids,
            setting,
            n,
            ATTENDED_BELOW,
            ATTENDED_BELOW,
        )
    )
    since: dict[Any, Any] = dict(
        reader.sql(  # type: ignore[arg-type]
            f"SELECT pupil_id, max(first_day) FROM enrolment WHERE pupil_id IN ({holes}) AND setting_id = ? AND coalesce(first_day, -1000000) <= ? "
            "GROUP BY pupil_id",
            *ids,
            setting,
            n,
        )
    )
    return {
        i: absence_of(
            i,
            day,
            done.get(i, ()),
            people.get(i, ()),
            to_date(attended[i]) if attended.get(i) is not None else None,
            facts.calendar,
            since=to_date(since[i]) if since.get(i) is not None else None,
            hidden=hidden,
        )
        for i in ids
    }


def _by_pupil(reader: Reader, cls: type[Any], where: str, *values: object) -> dict[int, list[Any]]:
    kind = kind_of(cls)
    columns = ", ".join(kind.key + kind.fields)
    found: dict[int, list[Any]] = {}
    for row in reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {where}", *values):
        record = reader.rows.record(kind, row)
        if reader.may(record):
            found.setdefault(record.pupil_id, []).append(record)
    return found
