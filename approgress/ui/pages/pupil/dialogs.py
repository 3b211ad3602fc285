"""Which dialog adds or changes which kind of record of the pupil that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from approgress.domain.errors import Refusal
from approgress.ui.forms.pupil_details import ChangePupilDialog, ContactDialog, EndRollDialog, FlagDialog, PlacementDialog
from approgress.ui.forms.pupil_readings import RatingDialog, ReadingDialog
from approgress.ui.forms.pupil_records import EventDialog, GoalDialog, NextStepDialog, NoteDialog, StatedDialog, StrengthDialog
from approgress.ui.forms.starting_point import StartingPointDialog

if TYPE_CHECKING:
    from approgress.ui.pages.pupil.seen import Seen
    from approgress.ui.workspace import Workspace


def dialog_for(workspace: Workspace, seen: Seen, what: str, key: object, parent: QWidget) -> QDialog:
    """The dialog for a kind of record (`page.RECORDS`, details or roll), of the record with that id, or a new one for None.

    Refusal where the record is gone, or where names are hidden and the form would show them.
    """
    if seen.hidden and (key is not None or what in _NAMING):
        raise Refusal("Names are hidden, and this form would show them. Show names first (F8).")
    return _DIALOGS[what](workspace, seen, key, parent)


_NAMING = frozenset({"starting_point", "details", "rating"})


def _one(records: Iterable[Any], key: object) -> Any:
    if key is None:
        return None
    found = next((r for r in records if r.id == key), None)
    if found is None:
        raise Refusal("This record is gone: somebody took it out. Nothing was changed.")
    return found


def _details(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return ChangePupilDialog(workspace, seen.held, parent)


def _placement(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    home = next((h.partner_id for h in reversed(seen.held.home_schools) if h.last_day is None), None)
    return PlacementDialog(workspace, seen.held.enrolments, _one(seen.held.placements, key), home=home, parent=parent)


def _roll(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    rolls = sorted(seen.held.enrolments, key=lambda e: (e.first_day or date.min, e.id))
    enrolment = _one(rolls, key) if key is not None else (rolls[-1] if rolls else None)
    if enrolment is None:
        raise Refusal("This pupil has no time on roll here yet. Enter the first day under Change details.")
    return EndRollDialog(workspace, enrolment, seen.held.placements, parent)


def _flag(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return FlagDialog(workspace, seen.pupil_id, _one(seen.held.flags, key), parent)


def _contact(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return ContactDialog(workspace, seen.pupil_id, _one(seen.held.contacts, key), parent)


def _reading(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return ReadingDialog(workspace, seen.pupil_id, seen.held.readings, held=_one(seen.held.readings, key), parent=parent)


def _rating(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    if not seen.held.goals:
        raise Refusal("There is no goal to rate yet. Add one first.")
    return RatingDialog(workspace, seen.pupil_id, seen.held.goals, held=_one(seen.held.readings, key), parent=parent)


def _goal(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    held = _one(seen.held.goals, key)
    rated = held is not None and any(r.goal_id == held.id for r in seen.held.readings)
    return GoalDialog(workspace, seen.pupil_id, held, rated=rated, parent=parent)


def _note(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return NoteDialog(workspace, seen.pupil_id, _one(seen.held.notes, key), parent)


def _strength(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return StrengthDialog(workspace, seen.pupil_id, _one(seen.held.strengths, key), parent)


def _next_step(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return NextStepDialog(workspace, seen.pupil_id, _one(seen.held.next_steps, key), parent)


def _event(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return EventDialog(workspace, seen.pupil_id, _one(seen.held.events, key), parent)


def _stated(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    d = seen.dossier
    return StatedDialog(
        workspace, seen.pupil_id, _one(seen.held.stated, key), school=d.header.home_school or "", began=d.stay.began, parent=parent
    )


def _starting_point(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    return StartingPointDialog(workspace, seen.held, seen.dossier, parent)


def _timetable(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    from approgress.domain.acts.timetables import TimetableRows
    from approgress.ui.forms.timetable import TimetableDialog

    held = _one(seen.held.timetables, key)
    rows = TimetableRows.of(held, seen.held.timetable_steps, seen.held.timetable_reviews) if held is not None else None
    return TimetableDialog(workspace, seen.held, rows, parent)


def _elsewhere(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    from approgress.ui.forms.elsewhere import ElsewhereDialog

    return ElsewhereDialog(workspace, seen.held, _one(seen.held.elsewhere, key), parent)


def _suspension(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    from approgress.ui.forms.suspension import SuspensionDialog

    return SuspensionDialog(workspace, seen.held, _one(seen.held.suspensions, key), parent=parent)


def _intervention(workspace: Workspace, seen: Seen, key: object, parent: QWidget) -> QDialog:
    from approgress.ui.forms.intervention import InterventionDialog

    return InterventionDialog(workspace, seen.pupil_id, seen.dossier.name.full, _one(seen.held.interventions, key), parent=parent)


_DIALOGS: dict[str, Callable[[Any, Any, object, QWidget], QDialog]] = {
    "details": _details,
    "placement": _placement,
    "roll": _roll,
    "flag": _flag,
    "contact": _contact,
    "reading": _reading,
    "rating": _rating,
    "goal": _goal,
    "note": _note,
    "strength": _strength,
    "next_step": _next_step,
    "event": _event,
    "stated": _stated,
    "starting_point": _starting_point,
    "timetable": _timetable,
    "elsewhere": _elsewhere,
    "suspension": _suspension,
    "intervention": _intervention,
}
