"""Rules that the data of a school break: read pupil by pupil, said in sentences, nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from approgress.domain.checks import broken_by, closed_sentences, on_closed_days, twice
from approgress.domain.naming import shown
from approgress.domain.records import Identifier, Pupil

if TYPE_CHECKING:
    from approgress.school.school import School


def broken_rules(school: School, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Sentences about what a person should look at; empty where every rule holds."""
    from approgress.store.reads.dossier import records_of
    from approgress.store.reads.school import school_facts

    facts = school.read(school_facts, school.codes)
    pupils = school.read(lambda r: r.every(Pupil))
    out: list[str] = []
    called: dict[int, str] = {}
    closed: Counter[tuple[int, str]] = Counter()
    for n, pupil in enumerate(pupils):
        records = school.read(records_of, pupil.id)
        called[pupil.id] = shown(records.pupil, records.names, school.today).full
        out += broken_by(records, facts, called[pupil.id])
        closed.update(on_closed_days(records, facts))
        if progress is not None:
            progress(n + 1, len(pupils))
    numbers = school.read(lambda r: r.every(Identifier))
    for system, what in (("upn", "UPN"), ("uln", "ULN"), ("number", "number")):
        out += twice(((i.value, called.get(i.pupil_id, "?")) for i in numbers if i.system == system), what)
    out += closed_sentences(closed)
    return out
