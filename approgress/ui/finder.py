"""What quick find finds in an opened school: pupils, pages with their parts, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from approgress.domain.naming import fold
from approgress.domain.records import RESTRICTED
from approgress.ui.parts.quick_find import Found

if TYPE_CHECKING:
    from approgress.domain.edits import Changes
    from approgress.store.reads.find import Findable
    from approgress.ui.places import Place
    from approgress.ui.workspace import Workspace

PUPILS, PAGES, ACTIONS = "Pupils", "Pages", "What to do"
_MOST_PUPILS: Final = 8
_MOST_OTHERS: Final = 6
_OF_PUPILS: Final = frozenset({"pupil", "name", "year_group", "enrolment", "identifier", "kept_apart"})

Key = tuple[str, str, int]
"""('pupil', '', id), ('place', 'setting/people', 0), ('tab', 'measures', id), ('add', 'reading', id) or ('do', 'lock', 0)."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done: its key, words, other words by which it is found, icon and key cap; `writes` where it changes records."""

    key: str
    words: str
    also: str = ""
    icon: str = ""
    cap: str = ""
    writes: bool = False


DEEDS: Final = (
    Deed("moment", "Add a moment", "log incident good behaviour", "plus", "", True),
    Deed("add_pupil", "Add a pupil", "new pupil", "person", "", True),
    Deed("register", "Take today’s register", "register marks attendance lessons", "today"),
    Deed("weekly_notes", "Weekly notes", "letters home schools", "document"),
    Deed("call_list", "Call list", "ring phone contact", "printer"),
    Deed("interventions", "Physical interventions", "restraint holds force", "document"),
    Deed("closure", "Add an INSET day, holiday or closed days", "closure inset holidays school year", "calendar", "", True),
    Deed("lesson_times", "Lesson times", "rated lessons timetable of the day", "today", "", True),
    Deed("log", "All moments", "moments incidents log history", "document"),
    Deed("import", "Bring in pupils or marks", "import csv excel information system", "bring-in", "", True),
    Deed("print", "Print this page’s list", "paper pdf", "printer", "Ctrl P"),
    Deed("hide", "Hide names", "show names codes privacy", "eye-off", "F8"),
    Deed("lock", "Lock", "cover window", "lock", "Ctrl L"),
    Deed("undo", "Undo", "take back", "undo", "Ctrl Z", True),
    Deed("redo", "Do again what was undone", "redo", "redo", "Ctrl Y", True),
    Deed("back_up", "Back up now", "backup copy save", "copy"),
    Deed("export", "Take everything out as tables", "export csv", "take-out"),
    Deed("keys", "All keys", "help shortcuts keyboard", "key", "F1"),
    Deed("light", "Appearance: light, dark, contrast, text size", "theme larger text zoom", "sun"),
)
OWN_SCHOOL: Final = Deed("own_school", "Set up or open our own school", "leave demonstration other school", "house")

OF_A_PUPIL: Final = (
    ("add", "reading", "New reading", "measure score questionnaire", "plus"),
    ("add", "moment", "Add a moment", "log incident good behaviour", "plus"),
    ("add", "note", "New note", "write", "pencil"),
    ("add", "timetable", "Part-time timetable", "reduced hours", "calendar"),
    ("add", "suspension", "Suspension", "exclusion", "document"),
    ("add", "intervention", "Physical intervention", "restraint hold force", "document"),
    ("do", "report", "Progress report", "print pdf paper", "document"),
)
"""What can be done about one pupil: sort and key, words, other words, icon. A part of the pupil's page is found in the same way."""


_NEEDS_A_PUPIL: Final = frozenset({"timetable", "suspension", "intervention", "history"})
"""What is found without a name too, and leads to the list of pupils."""
_ENOUGH: Final = 3
"""Letters from which on that is offered: fewer fit too much."""
_BELONGS: Final = {"weekly_notes": "attendance", "register": "today", "closure": "setting", "lesson_times": "setting", "log": "moment"}
"""Deeds that are done in a place, and are offered only where it is there."""


class Finder:
    """Answers what was typed. It reads the pupils once and again only when one of their records changed."""

    def __init__(self, workspace: Workspace, places: Sequence[Place]) -> None:
        self.workspace = workspace
        self._places = tuple(p for p in places if p.key not in ("pupil", "moment"))
        self._there = frozenset(p.key for p in places)
        self._moments = any(p.key == "moment" for p in places)
        self._everyone: tuple[Findable, ...] | None = None
        self._read_for: tuple[object, bool] | None = None
        workspace.changed.connect(self._changed)

    def _changed(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & _OF_PUPILS:
            self._everyone = None

    def everyone(self) -> tuple[Findable, ...]:
        """All pupils as they may be shown now: never by name while names are hidden."""
        from approgress.store.reads.find import everyone

        w = self.workspace
        wanted = (w.today, w.names_hidden)
        if self._everyone is None or self._read_for != wanted:
            self._everyone = w.read(everyone, w.today, hidden=w.names_hidden)
            self._read_for = wanted
        return self._everyone

    def find(self, typed: str) -> list[Found]:
        """What begins with the words typed, in any order: pupils, then pages, then deeds; all pages and deeds where nothing is typed."""
        words = fold(typed).split()
        if not words:
            return [*self._pages(words), *self._deeds(words)]
        pupils = self._pupils(words)
        shown = [self._pupil(p) for p in pupils[:_MOST_PUPILS]]
        if len(pupils) > _MOST_PUPILS:
            last = shown[-1]
            more = f"and {len(pupils) - _MOST_PUPILS} more: type more of the name"
            shown[-1] = Found(last.key, last.group, last.words, f"{last.second} · {more}", last.icon, last.initials)
        about = self._about(words, pupils)
        pages = self._pages(words)[:_MOST_OTHERS]
        deeds = self._deeds(words)[:_MOST_OTHERS]
        mixed = [*shown, *[a for a in about if a.group == PAGES], *pages, *[a for a in about if a.group == ACTIONS], *deeds]
        return mixed

    # --- pupils ----------------------------------------------------------------------------------------------------

    def _pupils(self, words: Sequence[str]) -> list[Findable]:
        """Whom all the words fit; a number is typed as one word. Names that begin as typed come first, of those on roll first of all."""
        if not words:
            return []
        joined = "".join(words)
        found = [p for p in self.everyone() if _fits(words, p.words) or any(n.startswith(joined) for n in p.numbers)]
        phrase = " ".join(words)
        found.sort(key=lambda p: (not p.on_roll, not fold(p.name.full).startswith(phrase)))
        return found

    def _pupil(self, p: Findable) -> Found:
        second = " · ".join(part for part in (p.year, p.state) if part)
        return Found(("pupil", "", p.pupil_id), PUPILS, p.name.full, second, "" if p.name.initials else "person", p.name.initials)

    def _about(self, words: Sequence[str], pupils: Sequence[Findable]) -> list[Found]:
        """What can be done about a pupil, and the parts of their page: where some words name it and the others the pupil."""
        out: list[Found] = []
        for sort, key, title, also, icon in (*OF_A_PUPIL, *self._tabs()):
            if (sort == "add" and not self.workspace.may_write) or (key == "moment" and not self._moments):
                continue
            named = fold(f"{title} {also}").split()
            rest = [w for w in words if not any(n.startswith(w) for n in named)]
            if len(rest) == len(words):
                continue
            whom = self._pupils(rest) if rest else []
            if not rest and key in _NEEDS_A_PUPIL and len("".join(words)) >= _ENOUGH:
                out.append(Found(("place", "pupils", 0), ACTIONS, f"{title}: choose the pupil", "or type the name as well", icon))
            if not rest or not whom:
                continue
            group = PAGES if sort == "tab" else ACTIONS
            out += [Found((sort, key, p.pupil_id), group, f"{title}: {p.name.full}", p.year, icon) for p in whom[:3]]
        if not out and len(pupils) == 1:
            p = pupils[0]
            out = [
                Found((sort, key, p.pupil_id), ACTIONS, f"{title}: {p.name.full}", "", icon)
                for sort, key, title, _also, icon in OF_A_PUPIL
                if (self.workspace.may_write or sort != "add") and (key != "moment" or self._moments)
            ]
        return out

    @staticmethod
    def _tabs() -> list[tuple[str, str, str, str, str]]:
        from approgress.ui.pages.pupil.page import TABS

        return [("tab", key, name, "", "person") for key, name in TABS if key != "overview"]

    # --- pages and deeds -------------------------------------------------------------------------------------------

    def _pages(self, words: Sequence[str]) -> list[Found]:
        from approgress.ui.pages.setting import SECTIONS

        out: list[Found] = []
        for place in self._places:
            if place.key == "import":
                continue
            number = [p.key for p in self._places if not p.under].index(place.key) + 1 if not place.under else 0
            if _fits(words, fold(place.title).split()):
                out.append(
                    Found(("place", place.key, 0), PAGES, place.title, "", place.icon or "dot", "", f"Ctrl {number}" if number else "")
                )
        if words:
            for key, name, *_ in SECTIONS:
                if _fits(words, fold(f"{name} setting").split()):
                    out.append(Found(("place", f"setting/{key}", 0), PAGES, name, "Setting", "sliders"))
        return out

    def _deeds(self, words: Sequence[str]) -> list[Found]:
        w = self.workspace
        back, again = w.undo_titles() if not words or _fits_some(words, "undo take back redo do again") else ("", "")
        out: list[Found] = []
        for deed in (*DEEDS, *((OWN_SCHOOL,) if w.school.setting.demonstration else ())):
            if (deed.writes and not w.may_write) or (deed.key == "moment" and not self._moments):
                continue
            if deed.key in _BELONGS and _BELONGS[deed.key] not in self._there:
                continue
            if deed.key == "interventions" and not w.school.viewer.may_read(RESTRICTED):
                continue
            title, second = deed.words, ""
            if deed.key == "hide" and w.names_hidden:
                title = "Show names"
            elif deed.key in ("undo", "redo"):
                second = back if deed.key == "undo" else again
                if not second:
                    continue
            if _fits(words, fold(f"{title} {deed.also}").split()):
                out.append(Found(("do", deed.key, 0), ACTIONS, title, second, deed.icon, "", deed.cap))
        return out


def _fits(typed: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every word typed begins one of the words."""
    return all(any(word.startswith(one) for word in words) for one in typed)


def _fits_some(typed: Sequence[str], words: str) -> bool:
    return any(word.startswith(one) for word in words.split() for one in typed)
