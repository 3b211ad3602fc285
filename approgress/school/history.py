"""The journal as people and scripts read it: who, when, what, before and after, codes as letters and days as dates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from approgress.domain.agreed import mask_words
from approgress.domain.records import KINDS, Kind, Person
from approgress.store.bodies import Change
from approgress.store.rows import from_store

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.school.school import School


def readable(kind: Kind, field: str, value: Any, codes: CodeSet) -> Any:
    """A stored value as it is read: a mark's code as its letters, the sessions of a week as weekdays, a day as a date."""
    if value is None:
        return None
    if kind.name == "mark" and field in ("am", "pm"):
        return codes.text(value)
    if kind.name in ("timetable_step", "elsewhere") and field in ("am", "pm"):
        return mask_words(value)
    return from_store(kind, field, value)


def readable_key(kind: Kind, key: tuple[int, ...]) -> dict[str, Any]:
    """A record's key by name."""
    return {name: from_store(kind, name, value) for name, value in zip(kind.key, key, strict=True)}


def _change(x: Change, codes: CodeSet) -> dict[str, Any]:
    kind = KINDS[x.kind]
    before = {f: readable(kind, f, b, codes) for f, (b, _) in x.fields.items()} if x.op != "+" else None
    after = {f: readable(kind, f, a, codes) for f, (_, a) in x.fields.items()} if x.op != "-" else None
    out: dict[str, Any] = {"kind": x.kind, "key": readable_key(kind, x.key), "before": before, "after": after}
    if x.why:
        out["why"] = x.why
    return out


def history_document(school: School, *, pupil: int | None = None, last: int | None = None) -> dict[str, Any]:
    """{"steps": [...]}, newest first, as commands.md shapes it."""
    people = {p.id: p.name for p in school.read(lambda r: r.every(Person))}
    codes = school.codes
    steps: list[dict[str, Any]] = []
    for s in school.history(pupil=pupil, last=last):
        steps.append(
            {
                "step": s.tick,
                "when": datetime.fromtimestamp(s.at).isoformat(),
                "who": people.get(s.who, "Somebody"),
                "desk": s.desk,
                "title": ("Undo: " if s.what == 2 else "Redo: " if s.what == 3 else "") + s.title.words,
                "changes": [_change(x, codes) for x in s.changes],
            }
        )
    return {"steps": steps}
