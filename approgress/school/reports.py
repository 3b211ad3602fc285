"""Reports of a school: dossiers read, PDF made, whole files written, and a sentence for each that could not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from approgress.domain import days
from approgress.domain.dossier import PupilRecords, SchoolFacts, build_dossier
from approgress.domain.errors import Refusal, Stopped
from approgress.domain.naming import fold
from approgress.domain.records import Name
from approgress.domain.values import how_many
from approgress.school.report_files import Locked, NoRoom, reports_folder, safe_part, untaken, write_whole
from approgress.store.reads import Reader
from approgress.store.reads.dossier import records_of, records_of_many
from approgress.store.reads.school import school_facts

if TYPE_CHECKING:
    from approgress.reports.build import Plan, Telling
    from approgress.school.school import School

PLAN: Final = "pupil-progress"
_CHUNK: Final = 20

Progress = Callable[[int, int | None], None]
"""Told how many are done and of how many; may raise Stopped."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the files that were written, each whole, and a sentence for every report that was not made.

    `locked` are the files that could not be replaced (open in a viewer, read-only): with `free_names` the same call writes beside them.
    """

    files: tuple[Path, ...]
    refusals: tuple[str, ...] = ()
    locked: tuple[Path, ...] = ()
    stopped: bool = False


def make_reports(
    school: School,
    pupil_ids: Sequence[int],
    out: Path,
    *,
    plan: str = PLAN,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
    names: bool = True,
    one_file: bool = False,
    progress: Progress | None = None,
    free_names: bool = False,
) -> Made:
    """Make the report of each pupil as a PDF in the folder `out` (made where only its last part is missing), or all in one file.

    `first` to `last` is the time of which it tells (from day 0 to `as_of` where left out); `as_of` is today. `names` False puts codes for
    names, also in file names. A file of the same name is replaced; one that cannot be (open in a viewer, read-only) gives a sentence and the
    others go on; with `free_names` the report takes the next free name instead. Stopped by `progress`, what was written stays, whole.

    Refusal: no such plan, no pupils, or times in the wrong order. Trouble: the folder is not there or cannot be written to.
    """
    job = _Job(school, plan, first, last, as_of, names)
    if not pupil_ids:
        raise Refusal("There is no pupil to report on. Nothing was made.")
    folder = reports_folder(Path(out))
    return job.all_in_one(pupil_ids, folder, progress, free_names) if one_file else job.one_each(pupil_ids, folder, progress, free_names)


def report_bytes(
    school: School,
    pupil_id: int,
    *,
    plan: str = PLAN,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
    names: bool = True,
) -> bytes:
    """The PDF of one pupil's report, for a preview; nothing is written. Refusal as for `make_reports`, or where the pupil is gone."""
    from approgress.reports.build import build

    job = _Job(school, plan, first, last, as_of, names)
    return build([job.telling(school.read(records_of, pupil_id))])


def preview(pdf: bytes, scale: float = 1.5) -> list[bytes]:
    """The pages of a PDF as PNG pictures, for a window; `scale` 1 is 72 dots an inch."""
    from approgress.reports.preview import preview_pages

    return preview_pages(pdf, scale)


def plans() -> tuple[Plan, ...]:
    """Every kind of report."""
    from approgress.reports.build import load_plan, plan_names

    return tuple(load_plan(name) for name in plan_names())


class _Job:
    """One run of reports: what is the same for every pupil in it, read once."""

    def __init__(self, school: School, plan: str, first: date | None, last: date | None, as_of: date | None, names: bool) -> None:
        from approgress.reports.build import Imprint, load_plan

        self.school = school
        self.plan = load_plan(plan)
        self.today = as_of or school.today
        self.last = min(last or self.today, self.today)
        self.first = first
        self.names = names
        if first is not None and first > self.last:
            raise Refusal(
                f"The time of a report begins before it ends: {days.words(first)} is after {days.words(self.last)}. Nothing was made.",
                "first",
            )
        seal = school.seal()
        self.imprint = Imprint(school.viewer.name, school.journal.newest(), seal)
        self.facts: SchoolFacts = school.as_of_now(
            f"facts of {self.last}", lambda: school.read(school_facts, school.codes, day=self.last)
        )

    def records(self, ids: Sequence[int]) -> Iterator[PupilRecords]:
        """The rows of the pupils in order, some at a time."""
        for at in range(0, len(ids), _CHUNK):
            some = list(ids[at : at + _CHUNK])
            yield from self.school.read(_some_records, some)

    def telling(self, records: PupilRecords) -> Telling:
        """What the report of one pupil is built from."""
        from approgress.reports.build import Telling

        if not self.names:
            from approgress.reports.veil import veiled

            records = veiled(records)
        dossier = build_dossier(
            records,
            self.facts,
            first=self.first,
            last=self.last,
            today=self.today,
            hidden=not self.names,
            legal=self.plan.legal_name,
            audience=self.plan.audience,
        )
        return Telling(dossier, self.plan, self.imprint)

    # --- names of files --------------------------------------------------------------------------------------------

    def file_name(self, telling: Telling) -> str:
        """'Amara Bell progress report 2026-11-24.pdf'; where another pupil of this school has that name, with the school's number (or the code)."""
        header = telling.dossier.header
        who = safe_part(header.name.full)
        if not header.name.hidden and len(self._pupils_called(fold(header.name.full)) - {header.name.pupil_id}) > 0:
            who = f"{who} {safe_part(header.number or header.name.code)}"
        return f"{who} {safe_part(self.plan.file_words)} {self.last.isoformat()}.pdf"

    def _pupils_called(self, full: str) -> set[int]:
        return self.school.as_of_now("who is called what", self._names).get(full, set())

    def _names(self) -> dict[str, set[int]]:
        rows: dict[int, list[Name]] = {}
        for row in self.school.read(lambda reader: reader.every(Name)):
            if row.use != "former":
                rows.setdefault(row.pupil_id, []).append(row)
        called: dict[str, set[int]] = {}
        for pupil, some in rows.items():
            surnames = {fold(r.surname) for r in some if r.surname} or {""}
            for forename in {fold(r.forename) for r in some if r.forename} or {""}:
                for surname in surnames:
                    called.setdefault(f"{forename} {surname}".strip(), set()).add(pupil)
        return called

    # --- the two ways ----------------------------------------------------------------------------------------------

    def one_each(self, ids: Sequence[int], folder: Path, progress: Progress | None, free_names: bool) -> Made:
        """A file a pupil."""
        from approgress.reports.build import build

        files: list[Path] = []
        refusals: list[str] = []
        locked: list[Path] = []
        taken: set[str] = set()
        seen: set[int] = set()
        done = 0
        stopped = False
        try:
            if progress is not None:
                progress(0, len(ids))
            for records in self.records(ids):
                seen.add(records.pupil.id)
                telling = self.telling(records)
                target = untaken(folder / self.file_name(telling), taken)
                try:
                    files.append(write_whole(target, build([telling]), free_names))
                except Locked as e:
                    refusals.append(e.sentence)
                    locked.append(target)
                except NoRoom as e:
                    left = len(ids) - done
                    refusals.append(
                        f"{e.sentence} {how_many(len(files), 'report was', 'reports were')} made and {_are(len(files))} whole; {left:,} not."
                    )
                    break
                else:
                    self.school.looked(f"report {self.plan.name}", records.pupil.id)
                done += 1
                if progress is not None:
                    progress(done, len(ids))
            else:
                gone = [i for i in ids if i not in seen]
                if gone:
                    refusals.append(
                        f"{how_many(len(gone), 'pupil is', 'pupils are')} not in the school\u2019s records any more and got no report. Nothing else was left out."
                    )
        except Stopped:
            stopped = True
            refusals.append(f"Stopped: {len(files):,} of {how_many(len(ids), 'report', 'reports')} were made, and each of them is whole.")
        return Made(tuple(files), tuple(refusals), tuple(locked), stopped)

    def all_in_one(self, ids: Sequence[int], folder: Path, progress: Progress | None, free_names: bool) -> Made:
        """One file with a bookmark and page numbers of its own for each pupil."""
        from approgress.reports.build import build

        tellings: list[Telling] = []
        try:
            if progress is not None:
                progress(0, len(ids))
            for records in self.records(ids):
                tellings.append(self.telling(records))
                if progress is not None:
                    progress(len(tellings), len(ids) + 1)
            if not tellings:
                raise Refusal("None of these pupils is in the school\u2019s records any more. Nothing was made.")
            pdf = build(tellings)
        except Stopped:
            return Made((), ("Stopped: all reports go into one file, so none was written.",), stopped=True)
        many = len(tellings) > 1
        name = (
            f"{safe_part(self.plan.file_words)}s of {len(tellings)} pupils {self.last.isoformat()}.pdf"
            if many
            else self.file_name(tellings[0])
        )
        target = folder / (name[:1].upper() + name[1:])
        refusals: list[str] = []
        if len(tellings) < len(set(ids)):
            gone = len(set(ids)) - len(tellings)
            refusals.append(
                f"{how_many(gone, 'pupil is', 'pupils are')} not in the school\u2019s records any more and {_are(gone)} not in the file."
            )
        try:
            file = write_whole(target, pdf, free_names)
        except Locked as e:
            return Made((), (*refusals, e.sentence), (target,))
        except NoRoom as e:
            return Made((), (*refusals, f"{e.sentence} Nothing was made."))
        for telling in tellings:
            self.school.looked(f"report {self.plan.name}", telling.dossier.pupil_id)
        if progress is not None:
            progress(len(ids) + 1, len(ids) + 1)
        return Made((file,), tuple(refusals))


def _some_records(reader: Reader, ids: Sequence[int]) -> list[PupilRecords]:
    return list(records_of_many(reader, ids))


def _are(n: int) -> str:
    return "is" if n == 1 else "are"
