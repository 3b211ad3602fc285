"""Names off in what people wrote: a pupil's own names become the code, and those of the people at home become '[name]'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any, Final, TypeVar

from approgress.domain.dossier import PupilRecords
from approgress.domain.naming import fold
from approgress.domain.records import kind_of

R = TypeVar("R")

_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u2019'\-][^\W\d_]+)*")
_PARTS: Final = re.compile(r"([\u2019'\-])")
_NOT_NAMES: Final = frozenset(
    "mr mrs ms miss mx dr sir mum mam mom dad nan nana gran grandad grandma aunt auntie uncle carer parent step and the of".split()
)
_ALSO_WORDS: Final = frozenset(
    "will may mark art bill rob bob dawn eve faith grace hope joy june april august summer autumn rose ruby amber jade ivy lily daisy heather holly "
    "olive pearl robin jay drew chase hunter carter mason cooper king prince rich frank ernest grant wade miles max ray red sky river star storm "
    "bell brown black white green gray grey young long short day may field wood hill lane ford park parker cook baker taylor smith hall banks "
    "rivers woods stone stones waters winter winters love power price moon page ward west north south east fox wolf lamb fish bird swan rook".split()
)
"""Names that are also words: replaced only where they begin with a capital."""

_WORDS_OF_THE_PROGRAM: Final = frozenset(
    "sort audience privacy tone session strand instrument edition respondent status sure value registration system parts form year_said".split()
)
"""Text fields that hold words of the program's own, not of people; every other text of a record is looked through."""
_KINDS: Final = (
    "flags", "enrolments", "placements", "strengths", "notes", "events", "next_steps", "moments", "stated", "readings", "goals",
    "starting_points", "start_values", "timetables", "timetable_steps", "timetable_reviews", "elsewhere", "absence_contacts", "lesson_notes",
    "suspensions", "interventions",
)  # fmt: skip


@cache
def typed_texts(cls: type[Any]) -> tuple[str, ...]:
    """The fields of a kind of record that hold what people typed."""
    kind = kind_of(cls)
    return tuple(
        f for f in kind.fields if kind.types[f] is str and (f not in _WORDS_OF_THE_PROGRAM or (kind.name, f) == ("moment", "sort"))
    )


class Veil:
    """Replaces names in texts. Whole words only, whatever their accents; a name that is also a word only where it has a capital."""

    def __init__(self, code: str, own: Iterable[str], others: Iterable[str]) -> None:
        self._for: dict[str, str] = {}
        for name in others:
            self._take(name, "[name]")
        for name in own:
            self._take(name, code)

    def _take(self, name: str, put: str) -> None:
        for word in [*fold(name).split(), *(fold(w) for w in name.split())]:
            if len(word) > 1 and word not in _NOT_NAMES:
                self._for[word] = put

    def __call__(self, text: str) -> str:
        """The text without those names."""
        return _WORD.sub(self._put, unicodedata.normalize("NFC", text)) if self._for else text

    def _found(self, word: str) -> str | None:
        key = fold(word)
        put = self._for.get(key)
        return None if put is not None and key in _ALSO_WORDS and word.islower() else put

    def _put(self, found: re.Match[str]) -> str:
        word = found.group()
        put = self._found(word)
        if put is not None:
            return put
        for end in ("\u2019s", "'s", "\u2019", "'"):
            if word.endswith(end) and (put := self._found(word[: -len(end)])) is not None:
                return put + end
        return "".join(p if p in "\u2019'-" else self._found(p) or p for p in _PARTS.split(word))


def veiled(records: PupilRecords) -> PupilRecords:
    """The same rows with the pupil's names (also former ones) and the contacts' names taken out of every text that people typed.

    Names of other people cannot be known here: whoever shares a report with names off reads its notes first.
    """
    own = [part for n in records.names for part in (n.forename, n.middle, n.surname) if part]
    veil = Veil(records.pupil.code, own, (c.name for c in records.contacts))
    changed: dict[str, Any] = {field: tuple(_hide(r, veil) for r in getattr(records, field)) for field in _KINDS}
    return replace(records, **changed)


def _hide(record: R, veil: Veil) -> R:
    new: dict[str, Any] = {}
    for name in typed_texts(type(record)):
        text = getattr(record, name)
        if text:
            hidden = veil(text)
            if hidden != text:
                new[name] = hidden
    return replace(record, **new) if new else record  # type: ignore[type-var]
