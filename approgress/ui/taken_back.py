"""What undo or redo did, in words for the banner: what it was and whose record, by the name as shown; and where that record stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.days import to_date, words
from approgress.domain.register import NOON, opens_at

if TYPE_CHECKING:
    from approgress.domain.edits import Changes
    from approgress.store.bodies import Change
    from approgress.ui.workspace import Workspace

_FEW: Final = 500
"""Of more changes than this (an import) no single one is looked at."""
_SLOTS: Final = 8
"""A lesson's slot is its day's number times 8, and the lesson."""
_PLACES: Final = {
    "setting": "setting/provision",
    "lesson_time": "setting/provision",
    "partner": "setting/provision",
    "person": "setting/people",
    "group": "setting/groups",
    "group_teacher": "setting/groups",
    "half_term": "setting/year",
    "closure": "setting/year",
    "instrument_file": "setting/measures",
    "strand_measure": "setting/measures",
}
_OF_A_DAY: Final = frozenset({"mark", "lesson_score", "lesson_note", "absence_contact", "movement"})
_OF_MOMENTS: Final = frozenset({"moment", "intervention", "suspension"})


def back_words(workspace: Workspace, changes: Changes) -> tuple[str, str]:
    """(sentence, address): 'Undo: Take the register · Amara Bell, Tue 24 Nov.' and 'today/2026-11-24/AM/7'.

    The address is a place as `Workspace.open_place` takes it, 'pupil/7' for a pupil's page, or '' where there is nowhere to go.
    """
    few = changes.count <= _FEW
    step = next((s for s in workspace.school.history(last=1) if s.tick == changes.step), None) if few else None
    made = step.changes if step is not None else []
    parts = [changes.title]
    whose = _whose(workspace, changes)
    days = {day for x in made if (day := _day_of(x)) is not None} if changes.kinds & _OF_A_DAY else set()
    when = words(next(iter(days)), weekday=True, year=False) if len(days) == 1 else f"{len(days)} days" if days else ""
    about = ", ".join(part for part in (whose, when) if part)
    if about:
        parts.append(about)
    return f"{' · '.join(parts)}.", _address(workspace, changes, made, days)


def _whose(workspace: Workspace, changes: Changes) -> str:
    from approgress.store.reads.pupils import names_of

    if len(changes.pupils) > 1:
        return f"{len(changes.pupils)} pupils"
    found = workspace.read(names_of, changes.pupils, workspace.today, hidden=workspace.names_hidden) if changes.pupils else {}
    return next((name.full for name in found.values()), "")


def _day_of(x: Change) -> date | None:
    if x.kind == "mark":
        return to_date(x.key[2])
    if x.kind in ("lesson_score", "lesson_note"):
        return to_date(x.key[1] // _SLOTS)
    if x.kind in ("absence_contact", "movement"):
        day = next((v for v in x.fields.get("day", ()) if v is not None), None)
        return to_date(day) if isinstance(day, int) else None
    return None


def _session_of(workspace: Workspace, x: Change) -> str:
    """AM or PM, of a mark, a lesson, a contact or a coming and going; AM where both or neither are touched."""
    setting = workspace.school.setting
    if x.kind == "mark":
        afternoon = {"pm", "pm_late"} & x.fields.keys() and not {"am", "am_late"} & x.fields.keys()
    elif x.kind in ("lesson_score", "lesson_note"):
        afternoon = x.key[1] % _SLOTS >= (setting.lessons + 1) // 2  # as domain.sheets.RegisterSheet.session_of
    elif x.kind == "movement":
        starts = opens_at(setting, "PM")
        at = next((v for v in x.fields.get("at", ()) if isinstance(v, int)), 0)
        afternoon = at >= (starts if starts is not None else NOON)
    else:
        afternoon = "PM" in x.fields.get("session", ())
    return "PM" if afternoon else "AM"


def _address(workspace: Workspace, changes: Changes, made: list[Change], days: set[date]) -> str:
    if changes.kinds & _OF_A_DAY and days:
        first = next(x for x in made if _day_of(x) is not None)
        whom = f"/{_session_of(workspace, first)}/{first.pupil}" if len(days) == 1 else ""
        return f"today/{max(days).isoformat()}{whom}"
    if not changes.pupils:
        return next((_PLACES[kind] for kind in sorted(changes.kinds) if kind in _PLACES), "")
    if len(changes.pupils) > 1:
        return "moment/log" if changes.kinds & _OF_MOMENTS else "pupils"
    pupil = next(iter(changes.pupils))
    there = workspace.read(lambda r: r.sql("SELECT 1 FROM pupil WHERE id = ?", pupil))
    return f"pupil/{pupil}" if there else "pupils"
