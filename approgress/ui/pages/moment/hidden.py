"""Names hidden in what was written of moments: those of all pupils and of the people at home, since one note often speaks of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from approgress.domain.records import Contact, Name

if TYPE_CHECKING:
    from approgress.store.reads import Reader
    from approgress.ui.workspace import Workspace

ANYONE = "[name]"


def _names(reader: Reader) -> tuple[list[str], list[str]]:
    own = [part for n in reader.every(Name) for part in (n.forename, n.middle, n.surname) if part]
    return own, [c.name for c in reader.every(Contact)]


def cover(workspace: Workspace) -> Callable[[str], str]:
    """What covers names in a text while names are hidden; else the text is left as it is."""
    if not workspace.names_hidden:
        return _as_it_is
    from approgress.reports.veil import Veil

    own, others = workspace.read(_names)
    return Veil(ANYONE, own, others)


def _as_it_is(text: str) -> str:
    return text
