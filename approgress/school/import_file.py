"""Bringing a file in: `plan_import` reads, matches and compares and writes nothing; `carry_out` writes the plan as one journal step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from approgress.domain.edits import Changes, Edit, NewIds
from approgress.domain.errors import Refusal
from approgress.school.import_context import begin, open_list, still_holds
from approgress.school.import_plan import (
    CTF,
    MARKS,
    PUPILS,
    READINGS,
    SORT_WORDS,
    SORTS,
    SUMMARY,
    Ask,
    Choice,
    ColumnRead,
    Counts,
    Happening,
    ImportPlan,
    ImportResult,
    MissingPupil,
    Progress,
    RowPlan,
    RowRefusal,
    refusal_list,
)

if TYPE_CHECKING:
    from approgress.school.school import School


def plan_import(
    school: School,
    path: Path,
    *,
    as_: str | None = None,
    taken_on: date | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[int | str, str | None] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """What a file holds and what would become of it; nothing is written.

    `as_` is one of SORTS, guessed from the headings when None. `taken_on` is the day a list was taken (today). `answers` answer questions
    by their key, `mapping` says by column (number from 0, letter or heading) what it holds, None for not used. `progress` may raise Stopped.
    Raises Refusal for a file that is no such list, Trouble where it cannot be read.
    """
    from approgress.interchange.headings import is_known
    from approgress.interchange.table import open_table, read_bytes
    from approgress.interchange.tables import table_of
    from approgress.interchange.transfer_file import looks_like_one

    if as_ is not None and as_ not in SORTS:
        raise Refusal(f"“{as_}” is not a kind of file that is brought in here; they are {', '.join(SORTS)}.")
    ctx = begin(school, path, taken_on, answers, progress)
    data = read_bytes(ctx.path)
    if as_ == CTF or (as_ is None and looks_like_one(data)):
        from approgress.school.import_stated import plan_transfer_file

        return plan_transfer_file(ctx, data)
    table = open_table(data, ctx.name, is_known)
    own = table_of(table) if as_ is None else None
    if own is not None:
        from approgress.school.import_table import plan_table

        return plan_table(ctx, table, own)
    opened = open_list(ctx, data, table, as_, mapping, _scale_headings(school))
    if opened.sort == MARKS:
        from approgress.school.import_marks import plan_marks

        return plan_marks(ctx, opened)
    if opened.sort == SUMMARY:
        from approgress.school.import_stated import plan_summary

        return plan_summary(ctx, opened)
    if opened.sort == READINGS:
        from approgress.school.import_readings import plan_readings

        return plan_readings(ctx, opened)
    from approgress.school.import_list import plan_list

    return plan_list(ctx, opened)


def _scale_headings(school: School) -> dict[str, str]:
    """Headings that name a scale of an instrument, and the meaning such a column has."""
    from approgress.interchange.headings import plain_heading

    found: dict[str, str] = {}
    for instrument in school.library.instruments:
        for scale in instrument.scales:
            for name in (scale.id, scale.name):
                plain = plain_heading(name)
                if plain and plain not in ("total", "score"):
                    found[plain] = f"scale:{scale.id}"
    return found


def carry_out(school: School, plan: ImportPlan, progress: Progress | None = None) -> ImportResult:
    """Write a plan as one journal step and answer what changed; nothing at all where it holds nothing new.

    Raises Changed where what it was compared with has been changed since, and Stopped where `progress` stops it: then nothing is written.
    """
    if not plan.writes:
        return ImportResult(plan, Changes())
    make = plan.make_edits
    assert make is not None

    def act(ids: NewIds) -> Iterator[Edit]:
        still_holds(school, plan)
        return make(ids)

    def told(done: int) -> None:
        if progress is not None:
            progress(min(done, plan.edit_count), plan.edit_count)

    return ImportResult(plan, school.do(plan.title, act, grow=False, progress=told))


__all__ = [
    "CTF", "MARKS", "PUPILS", "READINGS", "SORTS", "SORT_WORDS", "SUMMARY", "Ask", "Choice", "ColumnRead", "Counts", "Happening", "ImportPlan", "ImportResult",
    "MissingPupil", "Progress", "RowPlan", "RowRefusal", "carry_out", "plan_import", "refusal_list",
]  # fmt: skip
