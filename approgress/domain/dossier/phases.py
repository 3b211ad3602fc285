"""Phases of a dossier: what stands on its time axis, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from approgress.domain.dossier.audiences import SCHOOLS, may_read
from approgress.domain.dossier.header import PLACEMENTS, is_here
from approgress.domain.dossier.records import PupilRecords
from approgress.domain.dossier.views import Phase, Step
from approgress.domain.records import Event, NextStep, named_key
from approgress.domain.strands import Stay
from approgress.domain.suspensions import phase_label, standing
from approgress.domain.values import how_many


def next_steps_of(steps: Iterable[NextStep], last: date, today: date) -> tuple[Step, ...]:
    """What was still to be done at the end of `last`, the earliest first: open now, or done after it and until `today`; late is judged on it.

    When a step was written is not kept, so that one written since stands there by its day as the others do.
    """
    open_ones = sorted((s for s in steps if s.done_on is None or last < s.done_on <= today), key=lambda s: (s.day, s.id))
    return tuple(Step(s.day, s.text, s.owner or "", s.day < last, None, s.id) for s in open_ones)


_EVENTS = frozenset({"plan", "taster", "suspension", "move", "return", "other"})


def phases_of(records: PupilRecords, stay: Stay, audience: str, last: date) -> tuple[Phase, ...]:
    """Lines on the time axis, in order; only the kinds that may stand there (never medication, child protection or youth justice)."""
    found: list[Phase] = []
    if stay.began is not None and stay.began <= last:
        found.append(Phase(stay.began, "Day 0: placed here", "placement", rests_on=(named_key(stay.enrolment),) if stay.enrolment else ()))
    for p in records.placements:
        if p.first_day != stay.began and is_here(p, stay, records):
            short = PLACEMENTS.get(p.sort, PLACEMENTS["other"])[0]
            found.append(Phase(p.first_day, short, "placement", p.first_day > last, rests_on=(named_key(p),)))
        ends = p.last_day or p.planned_end
        if p.planned_end is not None and p.last_day is None and ends is not None and ends > last:
            found.append(Phase(ends, "Placement due to end", "placement_end", True, rests_on=(named_key(p),)))
    told = {s.key for s in standing(records.suspensions, records.events) if not s.cancelled}
    for e in records.events:
        if e.sort in _EVENTS and may_read(audience, e.audience) and (e.sort != "suspension" or named_key(e) in told):
            found.append(Phase(e.day, e.label, e.sort, e.planned or e.day > last, _half_days(e), (named_key(e),)))
    if may_read(audience, SCHOOLS):
        for s in records.suspensions:
            if named_key(s) in told:
                detail = how_many(s.half_days, "half-day") if s.half_days else ""
                found.append(Phase(s.first_day, phase_label(s), "suspension", s.first_day > last, detail, (named_key(s),)))
    return tuple(sorted(found, key=lambda p: (p.day, p.kind != "placement", p.label)))


def _half_days(event: Event) -> str:
    return how_many(event.half_days, "half-day") if event.half_days else ""
