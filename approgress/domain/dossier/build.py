"""Building of a dossier: its parts put together for one pupil, period and audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from approgress.domain.dossier.attendance import attendance_of
from approgress.domain.dossier.audiences import STAFF, may_read
from approgress.domain.dossier.engagement import behaviour_of, engagement_of
from approgress.domain.dossier.header import header_of, strengths_shown
from approgress.domain.dossier.missing import missing_things
from approgress.domain.dossier.phases import next_steps_of, phases_of
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.series import primary_series, series_list
from approgress.domain.dossier.starting import goals_of, starting_point_of
from approgress.domain.dossier.strands import progress_rows, strand_view
from approgress.domain.dossier.views import Dossier
from approgress.domain.instruments import STRANDS
from approgress.domain.moments import DRAFT
from approgress.domain.moments import complete as complete_moments
from approgress.domain.naming import shown
from approgress.domain.records import ORDINARY
from approgress.domain.strands import stay_of


def build_dossier(
    records: PupilRecords,
    facts: SchoolFacts,
    *,
    last: date,
    today: date,
    first: date | None = None,
    hidden: bool = False,
    legal: bool = False,
    audience: str = STAFF,
) -> Dossier:
    """All that is known of a pupil from `first` to `last`, seen on `today`.

    Without `first` the time begins with the pupil's day 0. Nothing after `last` is seen, and no day after `today`. `hidden` shows the code
    in place of the name, `legal` the legal name; `audience` leaves out what is not for those readers. A pupil without any rows gives a
    whole dossier that says what is missing.
    """
    last = min(last, today)
    setting = facts.setting
    if any(m.status == DRAFT for m in records.moments):
        records = replace(records, moments=complete_moments(records.moments))  # a draft counts nowhere
    here = tuple(m for m in records.marks if m.setting_id == setting.id and m.day <= last)
    stay = stay_of(records.enrolments, records.placements, setting.id, last, first_seen=here[0].day if here else None)
    begins = first if first is not None else min(stay.began or last, last)
    name = shown(records.pupil, records.names, today, hidden=hidden, legal=legal)
    series = series_list(records, facts, stay, last, audience)
    attendance = attendance_of(records, facts, stay, here, first, begins, last)
    engagement = engagement_of(records, facts, stay, here, last)
    starting = starting_point_of(records, facts, stay, series, attendance, engagement, last)
    behaviour = behaviour_of(records, stay, attendance, starting, last)
    primary = primary_series(records, facts, series, last)
    strands = tuple(strand_view(s, name, facts, primary.get(s), attendance, engagement, behaviour, starting) for s in STRANDS)
    header = header_of(records, facts, stay, name, last)
    goals = goals_of(records, series, audience, last)
    return Dossier(
        pupil_id=records.pupil.id,
        school=setting.name,
        setting=setting,
        calendar=facts.calendar,
        first=begins,
        last=last,
        today=today,
        audience=audience,
        header=header,
        strengths=strengths_shown(records.strengths, audience, last),
        strands=strands,
        series=tuple(s for s in series if s.key.goal_id is None),
        progress=progress_rows(strands, series, primary),
        attendance=attendance,
        engagement=engagement,
        behaviour=behaviour,
        goals=goals,
        starting_point=starting,
        next_steps=next_steps_of(records.next_steps, last, today),
        phases=phases_of(records, stay, audience, last),
        holidays=facts.calendar.holidays(begins, max(last, begins)),
        notes=tuple(sorted((n for n in records.notes if n.day <= last and may_read(audience, n.audience)), key=lambda n: (n.day, n.id), reverse=True)),
        moments=tuple(sorted((m for m in records.moments if begins <= m.day <= last and (audience == STAFF or m.privacy == ORDINARY)), key=lambda m: (m.day, m.id), reverse=True)),
        contacts=records.contacts if audience == STAFF else (),
        missing=missing_things(strands, series, starting, name),
        stay=stay,
        statutory=facts.statutory,
    )
