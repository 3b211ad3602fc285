"""The call list on paper: whom to ring today, what for, at which numbers, with boxes to tick and room to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from approgress.domain.days import words
from approgress.ui.forms.list_paper import PaperColumn
from approgress.ui.forms.print_list import paper_of

if TYPE_CHECKING:
    from approgress.store.reads.needs import Call
    from approgress.ui.forms.list_paper import PaperList
    from approgress.ui.workspace import Workspace

BOX = "[   ]"
COLUMNS = (
    PaperColumn(""),
    PaperColumn("Pupil"),
    PaperColumn("What for", stretch=1),
    PaperColumn("Who may be rung"),
    PaperColumn("Number"),
    PaperColumn("Time"),
    PaperColumn("What was said", stretch=6),
)


def call_rows(calls: tuple[Call, ...]) -> tuple[tuple[str, ...], ...]:
    """A row for each number, the pupil and what for beside the first; addresses are never on it."""
    rows: list[tuple[str, ...]] = []
    for call in calls:
        reach = [(r.who if not call.name.hidden else r.call, r.phone or "") for r in call.reach]
        for n, (who, number) in enumerate(reach or [("", "no number that may be rung")]):
            rows.append((BOX if reach else "", call.name.full if n == 0 else "", "; ".join(call.reasons) if n == 0 else "", who, number, "", ""))
    return tuple(rows)


def call_paper(workspace: Workspace) -> PaperList:
    """The call list of today, as names are shown now. Trouble where the file cannot be read."""
    from approgress.store.reads.needs import call_list

    w = workspace
    calls = w.read(call_list, w.facts, w.today, hidden=w.names_hidden)
    count = f"{len(calls)} {'pupil' if len(calls) == 1 else 'pupils'}"
    said = f"{words(w.today, weekday=True)} · {count} · those not seen or without contact first"
    return paper_of(w, "Call list", said, COLUMNS, call_rows(calls), key="Whoever must not be contacted is not on this list.")
