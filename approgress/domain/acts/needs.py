"""Not worried: a line of "Needs you" rests for two weeks, with a note that says why; and waking it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from approgress.domain.edits import Edit, Erase, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.needs import REST_DAYS
from approgress.domain.records import Note, Rest

if TYPE_CHECKING:
    from approgress.domain.needs import Line, Resting

BEGINS = "Not worried: "


def rests_until(line: Line, today: date) -> date:
    """The day on which the line comes back: two weeks on, or its own last day where that is sooner."""
    until = today + timedelta(days=REST_DAYS)
    return min(until, line.rest_until) if line.rest_until is not None else until


def not_worried(ids: NewIds, line: Line, why: str, *, today: date, person_id: int | None = None) -> Iterator[Edit]:
    """The line rests, and a note of each of its pupils says why: one act, so that undo brings the line back and takes the note away.

    Refusal without a reason, and for a line that does not rest (safety, a register, a record that the law asks for), with why.
    """
    reason = " ".join(why.split())
    if not line.may_rest:
        raise Refusal(f"{line.no_rest or 'This line is about no pupil, so it does not rest.'} Nothing was changed.")
    if not reason:
        raise Refusal("Say in a few words why you are not worried. The note stays with the pupil.", "why")
    until = rests_until(line, today)
    if until <= today:
        raise Refusal("This is its last day, so it cannot rest any more. Nothing was changed.")
    notes: dict[int, int] = {}
    for pupil in line.pupils:
        notes[pupil] = ids.other()
        yield Put(Note(pupil, notes[pupil], today, "note", f"{BEGINS}{reason}", person_id))
    for pupil, key in line.keys:
        yield Put(Rest(pupil, ids.other(), key, until, notes[pupil], person_id))


def wake(resting: Iterable[Resting]) -> list[Edit]:
    """Lines come back today; the notes stay."""
    return [Erase(rest) for one in resting for rest in one.rests]
