"""How a pupil is named: the one function that turns a pupil's rows into what lists, pages, sentences, files and screen readers show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from approgress.domain.records import Name, Pupil


@dataclass(frozen=True, slots=True)
class Pronouns:
    """A pupil's pronouns, taken from the field and never from sex: she, her, her, hers, herself; `plural` where the verb is (they have)."""

    subject: str
    object: str
    possessive: str
    own: str
    reflexive: str
    plural: bool = False


@dataclass(frozen=True, slots=True)
class ShownName:
    """A pupil as they are shown. Nothing else in the program puts a name together.

    `full` is the name on screen and paper, `call` what a sentence calls them, `listed` the surname first. With names hidden all
    three are the stored random `code`, `initials` is empty and nothing here holds a name. `pronouns` None: the name is used.
    """

    pupil_id: int
    full: str
    call: str
    listed: str
    initials: str
    code: str
    hidden: bool
    pronouns: Pronouns | None
    by_forename: tuple[str, str, int]
    by_surname: tuple[str, str, int]
    search: str
    file_part: str

    @property
    def subject(self) -> str:
        """'she', or the name."""
        return self.pronouns.subject if self.pronouns else self.call

    @property
    def object(self) -> str:
        """'her', or the name."""
        return self.pronouns.object if self.pronouns else self.call

    @property
    def possessive(self) -> str:
        """'her', or 'Amara's'."""
        return self.pronouns.possessive if self.pronouns else self.whose

    @property
    def whose(self) -> str:
        """'Amara's', always the name."""
        return f"{self.call}\u2019s"

    def verb(self, one: str, several: str) -> str:
        """The form of a verb that goes with `subject`: 'has' or 'have'."""
        return several if self.pronouns is not None and self.pronouns.plural else one


_SETS = (
    Pronouns("she", "her", "her", "hers", "herself"),
    Pronouns("he", "him", "his", "his", "himself"),
    Pronouns("they", "them", "their", "theirs", "themself", plural=True),
)
_KNOWN = {form: p for p in _SETS for form in (p.subject, f"{p.subject}/{p.object}", f"{p.subject}/{p.object}/{p.own}")} | {
    f"{p.subject}/{p.object}/{p.possessive}": p for p in _SETS
}


def pronouns_of(field: str | None) -> Pronouns | None:
    """The pronouns that a field names ('she/her', 'They / them'); five forms with slashes name any set; None: the name is used.

    A field that names more than one set (she/they), or one that is not known in all its forms, gives None rather than a guess.
    """
    forms = [part.strip().casefold() for part in (field or "").split("/")]
    known = _KNOWN.get("/".join(forms))
    if known is not None:
        return known
    if len(forms) == 5 and all(forms):
        return Pronouns(forms[0], forms[1], forms[2], forms[3], forms[4])
    return None


_LETTERS = str.maketrans(
    {
        "\u0111": "d", "\u00f0": "d", "\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th", "\u0127": "h",
        "\u0131": "i", "\u014b": "n", "\u0167": "t", "\u0180": "b", "\u0268": "i", "\u01dd": "e", "\u0259": "e",
        "'": "", "\u2019": "", "\u2018": "", "\u02bc": "", "\u02b9": "", "`": "", "\u00b4": "",
    }
)  # fmt: skip


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text as it is searched and sorted: small letters without accents or apostrophes, hyphens as spaces, single spaces.

    'Zo\u00eb' and 'zoe', '\u0110\u1ee9c' and 'duc', 'O\u2019Neill' and 'oneill' are alike.
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def file_part(text: str) -> str:
    """A text as a part of a file name that is safe on Windows, macOS and Linux: letters, digits and hyphens, at most 60, never empty."""
    import unicodedata

    plain = unicodedata.normalize("NFC", text)
    kept = "".join(c if c.isalnum() else "-" for c in plain)
    while "--" in kept:
        kept = kept.replace("--", "-")
    kept = kept.strip("-")[:60].strip("-")
    return kept or "pupil"


def legal_name(names: Iterable[Name], day: date) -> Name | None:
    """The legal name in force on `day`; where none is, the one that began last. Former names are never taken."""
    return _in_force([n for n in names if n.use == "legal"], day)


def _in_force(names: list[Name], day: date) -> Name | None:
    def begins(name: Name) -> tuple[date, int]:
        return (name.first_day or date.min, name.id)

    held = [n for n in names if (n.first_day is None or n.first_day <= day) and (n.last_day is None or day <= n.last_day)]
    return max(held or names, key=begins, default=None)


def shown(pupil: Pupil, names: Iterable[Name], day: date, *, hidden: bool = False, legal: bool = False) -> ShownName:
    """How a pupil is shown on `day`, which is today also when the past is looked at, so that a former name never comes back.

    The preferred name where there is one, each part that it has over the legal name's; with `legal` (registers, a commissioner's report)
    the legal name. `hidden` (names off, Hide names) gives the stored random code everywhere, without initials and without
    pronouns (which could tell who it is). A pupil without any name is shown by the code too. Rulings, "Names".
    """
    rows = [n for n in names if n.use != "former"]
    lawful = legal_name(rows, day)
    preferred = [n for n in rows if n.use == "preferred"]
    chosen = None
    if not legal:
        held = [n for n in preferred if (n.first_day is None or n.first_day <= day) and (n.last_day is None or day <= n.last_day)]
        chosen = _in_force(held, day)
    forename = _part(chosen, "forename") or _part(lawful, "forename")
    surname = _part(chosen, "surname") or _part(lawful, "surname")
    pronouns = pronouns_of(pupil.pronouns)
    if hidden or not (forename or surname):
        key, code = fold(pupil.code), pupil.code
        return ShownName(
            pupil.id, code, code, code, "", code, hidden, None if hidden else pronouns, (key, "", pupil.id), (key, "", pupil.id), key, file_part(code)
        )
    full = " ".join(p for p in (forename, surname) if p)
    first, last = fold(forename), fold(surname)
    # legal parts are searched too: the office knows a child by the name on the certificate
    searched = dict.fromkeys(w for n in (chosen, lawful) if n is not None for part in (n.forename, n.middle, n.surname) if part for w in fold(part).split())
    return ShownName(
        pupil_id=pupil.id,
        full=full,
        call=forename or full,
        listed=f"{surname}, {forename}" if forename and surname else full,
        initials="".join(p[0] for p in (forename, surname) if p).upper(),
        code=pupil.code,
        hidden=False,
        pronouns=pronouns,
        by_forename=(first, last, pupil.id),
        by_surname=(last, first, pupil.id),
        search=" ".join(dict.fromkeys([fold(full), *searched])),
        file_part=file_part(full),
    )


def _part(name: Name | None, part: str) -> str:
    text = getattr(name, part) if name is not None else None
    return " ".join(text.split()) if text else ""


def matches(name: ShownName, typed: str) -> bool:
    """Whether every word typed begins a word of the name ('zo bell' finds Zo\u00eb Bell)."""
    words = name.search.split()
    return all(any(w.startswith(t) for w in words) for t in fold(typed).split())
