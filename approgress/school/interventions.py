"""Physical interventions of a term: which terms there are, the term's records for those who may see them, and the report as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.errors import Refusal, Trouble
from approgress.domain.intervention_term import InterventionTerm, tell_term
from approgress.domain.records import RESTRICTED, Contact, Intervention, Name
from approgress.domain.suspensions import Term, term_of
from approgress.school.report_files import Locked, NoRoom, reports_folder, safe_part, write_whole
from approgress.store.reads.moments import roll_and_attended
from approgress.store.reads.pupils import names_of
from approgress.store.reads.school import school_facts

if TYPE_CHECKING:
    from approgress.school.school import School
    from approgress.store.reads import Reader

TERMS_BACK = 9


def terms(school: School) -> tuple[Term, ...]:
    """The terms of the calendar that have begun, the newest first; today's where there is no calendar."""
    calendar, today = school.calendar, school.today
    found = {term_of(t.first_day, calendar) for t in calendar.half_terms if t.first_day <= today} or {term_of(today, calendar)}
    return tuple(sorted(found, key=lambda t: t.first_day, reverse=True)[:TERMS_BACK])


def of_term(school: School, term: Term, *, names: bool = True) -> InterventionTerm:
    """The records of a term. Refusal for a viewer who may not see restricted records."""
    if not school.viewer.may_read(RESTRICTED):
        raise Refusal("Records of physical intervention are restricted, and you may not see them. Ask the head.")
    facts = school.read(school_facts, school.codes)
    today = school.today
    until = min(term.last_day, today)
    records = school.read(lambda r: r.every(Intervention))
    wanted = [i for i in records if term.first_day <= i.day <= until]
    shown = school.read(names_of, sorted({i.pupil_id for i in wanted}), today, hidden=not names)
    roll, attended = school.read(roll_and_attended, facts.setting.id, term.first_day, until)
    covered = school.read(_cover) if not names else None
    return tell_term(
        wanted,
        shown,
        facts.people,
        facts.setting,
        term,
        until,
        on_roll=roll,
        attended=attended,
        hidden=not names,
        covered=(lambda _pupil, text: covered(text)) if covered is not None else (lambda _pupil, text: text),
    )


def _cover(reader: Reader) -> Callable[[str], str]:
    from approgress.reports.veil import Veil

    own = [part for n in reader.every(Name) for part in (n.forename, n.middle, n.surname) if part]
    return Veil("[name]", own, [c.name for c in reader.every(Contact)])


def file_name(term: Term, day: date) -> str:
    """'Physical interventions Autumn term 2026-27 2026-11-24.pdf': the term and the day of the data, never a pupil."""
    return f"Physical interventions {safe_part(term.name.replace('/', '-'))} {day.isoformat()}.pdf"


def make_intervention_report(school: School, folder: Path, term: Term, *, names: bool = True, free_names: bool = False) -> Path:
    """Write the term's report into a folder; answers the file. Refusal for who may not see it; Trouble where it cannot be written."""
    from approgress.reports.build import Imprint
    from approgress.reports.interventions import build_interventions

    told = of_term(school, term, names=names)
    into = reports_folder(Path(folder))
    pdf = build_interventions(told, Imprint(school.viewer.name, school.journal.newest(), school.seal()))
    try:
        file = write_whole(into / file_name(term, told.as_of), pdf, free_names)
    except (Locked, NoRoom) as e:
        raise Trouble(e.sentence) from None
    for pupil in sorted({t.name.pupil_id for t in told.records}):
        school.looked("report of physical interventions", pupil)
    return file
