"""Edits of an import before its ids are drawn, and the drawing of them inside the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.records import Pupil, kind_of

NEW_ID = 0
"""Stands for an id that is drawn when the edit is written; a negative id stands for a new record of no pupil (a group, a school)."""


def _edits() -> list[Edit]:
    return []


@dataclass(slots=True)
class PupilEdits:
    """The edits that concern one pupil; `pupil_id` None: a pupil who is made by them (their `Pupil` comes first)."""

    pupil_id: int | None
    edits: list[Edit] = field(default_factory=_edits)


def draw(of_no_pupil: Iterable[Any], pupils: Iterable[PupilEdits], ids: NewIds, last: Iterable[Any] = ()) -> Iterator[Edit]:
    """The edits with their ids: records of no pupil first, then pupil by pupil, then `last` (headings and answers remembered)."""
    real: dict[int, int] = {}
    for record in of_no_pupil:
        real[record.id] = ids.other()
        yield Put(replace(record, id=real[record.id]))
    for group in pupils:
        pupil = group.pupil_id
        for edit in group.edits:
            if isinstance(edit, Erase):
                yield edit
                continue
            record = edit.record
            if isinstance(record, Pupil):
                if record.id == NEW_ID:
                    pupil = ids.pupil()
                    record = replace(record, id=pupil)
                yield Put(record, edit.seen, edit.why)
                continue
            changes: dict[str, Any] = {}
            kind = kind_of(record)
            if kind.of_pupil and record.pupil_id == NEW_ID:
                changes["pupil_id"] = pupil
            if kind.numbered and record.id == NEW_ID:
                changes["id"] = ids.other()
            for link in ("group_id", "partner_id"):
                value = getattr(record, link, None)
                if value is not None and value < 0:
                    changes[link] = real[value]
            yield Put(replace(record, **changes) if changes else record, edit.seen, edit.why)
    for edit in last:
        record = edit.record
        yield Put(replace(record, id=ids.other()) if record.id == NEW_ID else record, edit.seen)
