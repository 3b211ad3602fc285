"""What a dossier needs to know of the school, read once: setting, calendar, instruments, partners, groups, people, own spreads."""

from __future__ import annotations

from datetime import date

from approgress.domain.attendance import CodeSet
from approgress.domain.dossier import SchoolFacts
from approgress.domain.errors import Refusal
from approgress.domain.records import (
    Closure,
    Group,
    GroupTeacher,
    HalfTerm,
    InstrumentFile,
    Partner,
    Person,
    Setting,
    StrandMeasure,
)
from approgress.domain.school_year import Calendar
from approgress.store.catalogue import code_set, library
from approgress.store.reads import Reader
from approgress.store.reads.starts import own_spreads


def school_facts(reader: Reader, codes: CodeSet | None = None, *, day: date | None = None, setting_id: int | None = None) -> SchoolFacts:
    """The facts of a setting (the first one without `setting_id`); the spreads of own starts as of `day` (None: of all readings).

    Refusal where the store has no setting.
    """
    settings = {s.id: s for s in reader.every(Setting)}
    if not settings or (setting_id is not None and setting_id not in settings):
        raise Refusal("This school has not been set up yet. Set it up first; nothing was changed.")
    setting = settings[setting_id] if setting_id is not None else next(iter(settings.values()))
    return SchoolFacts(
        setting=setting,
        calendar=Calendar.of(reader.every(HalfTerm), reader.every(Closure), setting.id),
        codes=codes if codes is not None else code_set(),
        library=library(reader.every(InstrumentFile)),
        partners={p.id: p for p in reader.every(Partner)},
        groups={g.id: g for g in reader.every(Group)},
        group_teachers=tuple(reader.every(GroupTeacher)),
        people={p.id: p for p in reader.every(Person)},
        measures=tuple(reader.every(StrandMeasure)),
        spreads=own_spreads(reader, setting.id, day),
        settings=settings,
    )
