"""Weekly attendance notes: one PDF for each home school, all of a week in one step, whole files or a sentence for each that could not be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.days import words
from approgress.domain.errors import Refusal, Stopped
from approgress.domain.naming import fold
from approgress.domain.weekly_note import WeeklyNote, week_to_tell, weekly_notes
from approgress.school.report_files import Locked, NoRoom, reports_folder, safe_part, untaken, write_whole
from approgress.store.reads.attendance import week_records
from approgress.store.reads.school import school_facts

if TYPE_CHECKING:
    from approgress.school.school import School

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class NoteMade:
    """One note that was written: for which school, of how many pupils, and where."""

    school: str
    pupils: int
    file: Path


@dataclass(frozen=True, slots=True)
class NotesMade:
    """What came of it. `locked` are files that could not be replaced: with `free_names` the same call writes beside them."""

    monday: date
    notes: tuple[NoteMade, ...]
    refusals: tuple[str, ...] = ()
    locked: tuple[Path, ...] = ()
    stopped: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were written, each whole."""
        return tuple(n.file for n in self.notes)


def notes_of_week(
    school: School, day: date | None = None, *, as_of: date | None = None, names: bool = True, week_only: bool = False
) -> tuple[WeeklyNote, ...]:
    """The notes of the school week that holds `day` (or of the last one before it), one for each home school with a pupil on roll then.

    `as_of` is the day of the data, today where left out; `day` likewise. `week_only` leaves the counts since the start out, for a list of
    schools and pupils.
    """
    as_of = as_of or school.today
    facts = school.read(school_facts, school.codes)
    monday = week_to_tell(facts, day or as_of)
    return weekly_notes(school.read(week_records, facts, monday, as_of, week_only=week_only), facts, monday, as_of, hidden=not names)


def chosen(notes: Sequence[WeeklyNote], names: Sequence[str]) -> tuple[WeeklyNote, ...]:
    """The notes of the schools so named (the whole name, or as much of it as only one begins with). Refusal where a name finds none or several."""
    if not names:
        return tuple(notes)
    found: list[WeeklyNote] = []
    for name in names:
        wanted = fold(name)
        exact = [n for n in notes if fold(n.school.name) == wanted]
        like = exact or [n for n in notes if wanted and fold(n.school.name).startswith(wanted)]
        if not like:
            raise Refusal(f"No home school called {name!r} has a pupil here in that week. Nothing was made.", "school")
        if len(like) > 1 and not exact:
            raise Refusal(f"{len(like)} home schools begin with {name!r}: {', '.join(n.school.name for n in like)}. Nothing was made.", "school")
        found += [n for n in like if n not in found]
    return tuple(found)


def file_name(note: WeeklyNote) -> str:
    """'Parkfield Academy weekly attendance 2026-11-16.pdf': the school and the Monday, never a pupil."""
    return f"{safe_part(note.school.name)} weekly attendance {note.monday.isoformat()}.pdf"


def make_weekly_notes(
    school: School,
    out: Path,
    *,
    day: date | None = None,
    as_of: date | None = None,
    schools: Sequence[str] = (),
    ids: Sequence[int] | None = None,
    names: bool = True,
    progress: Progress | None = None,
    free_names: bool = False,
) -> NotesMade:
    """Write the note of each home school into the folder `out` (made where only its last part is missing); `schools` by name, or `ids`.

    `names` False puts codes for names. The same records, day and journal step give the same bytes. Stopped by `progress`, what was written
    stays, whole. Refusal: no home school has a pupil here in that week, or not the one asked for. Trouble: the folder cannot be written to.
    """
    from approgress.reports.build import Imprint
    from approgress.reports.weekly import build_weekly

    notes = notes_of_week(school, day, as_of=as_of, names=names)
    if not notes:
        raise Refusal("No home school has a pupil on roll here in that week, so there is no note to make. Nothing was made.")
    wanted = [n for n in chosen(notes, schools) if ids is None or n.school.id in ids]
    if not wanted:
        raise Refusal("No home school is chosen. Nothing was made.", "schools")
    folder = reports_folder(Path(out))
    imprint = Imprint(school.viewer.name, school.journal.newest(), school.seal())
    made: list[NoteMade] = []
    refusals: list[str] = []
    locked: list[Path] = []
    taken: set[str] = set()
    stopped = False
    try:
        if progress is not None:
            progress(0, len(wanted))
        for n, note in enumerate(wanted, start=1):
            target = untaken(folder / file_name(note), taken)
            try:
                file = write_whole(target, build_weekly(note, imprint), free_names)
            except Locked as e:
                refusals.append(e.sentence)
                locked.append(target)
            except NoRoom as e:
                refusals.append(f"{e.sentence} {len(made)} of {len(wanted)} notes were made, and each of them is whole.")
                break
            else:
                made.append(NoteMade(note.school.name, len(note.pupils), file))
                for p in note.pupils:
                    school.looked("weekly note", p.name.pupil_id)
            if progress is not None:
                progress(n, len(wanted))
    except Stopped:
        stopped = True
        refusals.append(f"Stopped: {len(made)} of {len(wanted)} notes were made, and each of them is whole.")
    return NotesMade(wanted[0].monday, tuple(made), tuple(refusals), tuple(locked), stopped)


def week_words(monday: date) -> str:
    """'the week of Mon 16 Nov 2026'."""
    return f"the week of {words(monday, weekday=True)}"
