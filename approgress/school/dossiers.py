"""Dossiers of an opened school: facts read once, one pupil or many at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from approgress.domain.dossier import STAFF, Dossier, SchoolFacts, build_dossier
from approgress.store.reads.dossier import records_of, records_of_many
from approgress.store.reads.school import school_facts

if TYPE_CHECKING:
    from approgress.school.school import School


def facts_of(school: School, day: date | None = None) -> SchoolFacts:
    """What dossiers need to know of the school; this school's own spreads as of `day` (None: of all readings), so that a report of an
    earlier day stays as it was."""
    return school.read(school_facts, school.codes, day=day)


def dossier_of(
    school: School,
    pupil_id: int,
    *,
    first: date | None = None,
    last: date | None = None,
    today: date | None = None,
    hidden: bool = False,
    legal: bool = False,
    audience: str = STAFF,
    facts: SchoolFacts | None = None,
) -> Dossier:
    """One pupil's dossier from `first` (None: day 0) to `last` (None: today). Refusal where there is no such pupil."""
    now = today or school.today
    until = min(last or now, now)
    known = facts if facts is not None else facts_of(school, until)
    records = school.read(records_of, pupil_id)
    return build_dossier(records, known, first=first, last=until, today=now, hidden=hidden, legal=legal, audience=audience)


def dossiers_of(
    school: School,
    pupil_ids: Sequence[int],
    *,
    first: date | None = None,
    last: date | None = None,
    today: date | None = None,
    hidden: bool = False,
    legal: bool = False,
    audience: str = STAFF,
) -> Iterator[Dossier]:
    """Dossiers of many pupils, in the order given, one at a time, all of one state of the store; ids that are no pupil are passed over."""
    from approgress.store.reads import Reader

    now = today or school.today
    until = min(last or now, now)
    with school.database.read() as connection:
        reader = Reader(connection, school.journal.rows, school.viewer)
        facts = school_facts(reader, school.codes, day=until)
        for records in records_of_many(reader, pupil_ids):
            yield build_dossier(records, facts, first=first, last=until, today=now, hidden=hidden, legal=legal, audience=audience)
