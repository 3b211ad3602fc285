"""A pupil's year of attendance and certificate printed: records read, the page made, one whole file written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.agreed import certificate_words
from approgress.domain.dossier import build_dossier
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.pupil_attendance import LATEST, pupil_attendance, span_of
from approgress.school.report_files import Locked, NoRoom, reports_folder, safe_part, write_whole
from approgress.store.reads.dossier import records_of
from approgress.store.reads.school import school_facts

if TYPE_CHECKING:
    from approgress.school.school import School


def year_bytes(school: School, pupil_id: int, *, year: str = LATEST, names: bool = True) -> bytes:
    """The page as PDF; nothing is written. `year` as `pupil_attendance.span_of`; without `names` the code stands for the name.

    Refusal where the pupil is gone.
    """
    return _made(school, pupil_id, year, names)[0]


def print_year(school: School, pupil_id: int, folder: Path, *, year: str = LATEST, names: bool = True, free_name: bool = False) -> Path:
    """Writes the page into a folder ('Leon Marsh attendance year 2026-11-24.pdf') and returns where; it is noted that it was looked at.

    A file of that name is replaced; with `free_name` the page goes beside one that cannot be. Trouble where it cannot be written.
    """
    pdf, name = _made(school, pupil_id, year, names)
    target = reports_folder(Path(folder)) / name
    try:
        path = write_whole(target, pdf, free_name)
    except (Locked, NoRoom) as e:
        raise Trouble(e.sentence) from None
    school.looked("attendance year", pupil_id)
    return path


def print_certificate(school: School, pupil_id: int, folder: Path, *, free_name: bool = False) -> Path:
    """Writes the pupil's own certificate for the longest run so far into a folder, and returns where.

    Refusal where the school has not allowed certificates, or there is no run yet. Trouble where the file cannot be written.
    """
    from approgress.reports.certificate import build_certificate

    setting = school.setting
    if not setting.certificates:
        raise Refusal("Certificates are off. Allow them in Setting, under the provision, if this school wants them.")
    today = school.today
    records = school.read(records_of, pupil_id)
    facts = school.as_of_now(f"facts of {today}", lambda: school.read(school_facts, school.codes, day=today))
    d = build_dossier(records, facts, last=today, today=today)
    run = next((m for m in pupil_attendance(records, facts, d).milestones if certificate_words(m)), None)
    if run is None or run.day is None:
        raise Refusal("There is no run of sessions yet, so there is nothing to certify.")
    pdf = build_certificate(d.name, setting.name, certificate_words(run), run.day, demonstration=setting.demonstration)
    target = reports_folder(Path(folder)) / f"{safe_part(d.name.full)} certificate {run.day.isoformat()}.pdf"
    try:
        path = write_whole(target, pdf, free_name)
    except (Locked, NoRoom) as e:
        raise Trouble(e.sentence) from None
    school.looked("certificate", pupil_id)
    return path


def _made(school: School, pupil_id: int, year: str, names: bool) -> tuple[bytes, str]:
    from approgress.reports.build import Imprint
    from approgress.reports.year import PLAN, build_year

    today = school.today
    records = school.read(records_of, pupil_id)
    if not names:
        from approgress.reports.veil import veiled

        records = veiled(records)
    facts = school.as_of_now(f"facts of {today}", lambda: school.read(school_facts, school.codes, day=today))
    first, last = span_of(year, today)
    whole = build_dossier(records, facts, last=last, today=today, hidden=not names)
    shown = pupil_attendance(records, facts, whole, year=year)
    dossier = build_dossier(records, facts, first=first, last=last, today=today, hidden=not names)
    pdf = build_year(dossier, shown, Imprint(school.viewer.name, school.journal.newest(), school.seal()))
    return pdf, f"{safe_part(whole.name.full)} {PLAN.file_words} {last.isoformat()}.pdf"
