"""The lists that are printed from Today: the register as it stands, who is in the building, who has not arrived by home school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.acts.register import MOVES
from approgress.domain.days import words
from approgress.domain.first_day import clock
from approgress.domain.sheets import SESSIONS, RegisterSheet
from approgress.ui.forms.list_paper import PaperColumn
from approgress.ui.forms.print_list import paper_of

if TYPE_CHECKING:
    from approgress.domain.cohort import InBuilding, NotArrivedAt
    from approgress.ui.forms.list_paper import PaperList
    from approgress.ui.workspace import Workspace

REGISTER, BUILDING, NOT_ARRIVED = "register", "building", "not_arrived"
LISTS: Final = (
    (REGISTER, "Print this register…\tCtrl+P"),
    (BUILDING, "Who is in the building now…"),
    (NOT_ARRIVED, "Not arrived, by home school…"),
)


def register_paper(workspace: Workspace, sheet: RegisterSheet, group: str, day: date) -> PaperList:
    """The register of a group: marks, minutes late, lesson scores, comings and goings. An expected code stands in brackets."""
    columns = (
        PaperColumn("Pupil", stretch=2),
        *(PaperColumn(s, "middle") for s in SESSIONS),
        *(PaperColumn(str(i + 1), "middle") for i in range(sheet.lessons)),
        PaperColumn("Came and went", stretch=2),
    )
    rows: list[tuple[str, ...]] = []
    for row in sheet.register.rows:
        marks: list[str] = []
        for session in SESSIONS:
            shown = sheet.shown(row, session)
            late = None if row.mark is None else row.mark.am_late if session == "AM" else row.mark.pm_late
            text = "" if shown is None else f"({shown.text})" if shown.expected else shown.text
            marks.append(f"{text} {late}" if late is not None and text else text)
        scores = ["" if s is None else str(s) for s in row.scores]
        moves = ", ".join(f"{MOVES[m.sort].lower()} {clock(m.at)}" for m in row.movements)
        rows.append((row.name.full, *marks, *scores, moves))
    said = f"{group}, {words(day, weekday=True)} · " + " · ".join(p for s in SESSIONS for p in sheet.count(s).words)
    return paper_of(
        workspace,
        "Register",
        said,
        columns,
        tuple(rows),
        "A code in brackets is expected and not yet marked. Figures behind a code are minutes late.",
    )


def building_paper(workspace: Workspace, found: Sequence[InBuilding], minutes: int) -> PaperList:
    """For an evacuation: who should be in the building now, with a box to tick; last, those of whom nothing is known."""
    columns = (
        PaperColumn("Here"),
        PaperColumn("Pupil", stretch=2),
        PaperColumn("Group"),
        PaperColumn("Known by", stretch=1),
        PaperColumn("Since"),
    )
    rows = tuple(("[  ]", p.name.full, p.group or "", p.why, clock(p.since)) for p in found)
    known = sum(p.known for p in found)
    said = f"{words(workspace.today, weekday=True)} {clock(minutes)} · {known} should be in the building"
    if known < len(found):
        said += f", {len(found) - known} not known yet, at the end"
    return paper_of(workspace, "Who is in the building", said, columns, rows)


def not_arrived_paper(workspace: Workspace, found: Sequence[NotArrivedAt], day: date, session: str) -> PaperList:
    """Who has not arrived, by home school; those whose register nobody took yet stand last and are not counted as such."""
    columns = (
        PaperColumn("Home school", stretch=1),
        PaperColumn("Pupil", stretch=1),
        PaperColumn("Mark"),
        PaperColumn("What is known", stretch=2),
    )
    rows = tuple((school.school, p.name.full, p.code or "none", p.said) for school in found for p in school.pupils)
    from approgress.store.reads.register import NOT_TAKEN

    untaken = sum(len(school.pupils) for school in found if school.school == NOT_TAKEN)
    said = f"{session}, {words(day, weekday=True)} \u00b7 {sum(len(school.pupils) for school in found) - untaken} not arrived"
    if untaken:
        said += f", {untaken} whose register is not taken yet, at the end"
    return paper_of(workspace, "Not arrived, by home school", said, columns, rows)
