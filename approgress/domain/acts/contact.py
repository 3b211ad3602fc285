"""First-day contact: what is done about an absence, by whom, and striking through what was entered by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from approgress.domain.acts.pupils import clean
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Put
from approgress.domain.errors import Refusal
from approgress.domain.records import AbsenceContact, Contact

CALL, TEXT, LETTER, VISIT, SPOKE, SEEN = "call", "text", "letter", "visit", "spoke", "seen"
SORTS: Final = {CALL: "Call", TEXT: "Text", LETTER: "Letter", VISIT: "Visit", SPOKE: "Spoke to", SEEN: "Safe and seen"}
OUTGOING: Final = frozenset({CALL, TEXT, LETTER, VISIT})
"""What this school starts: never towards somebody who must not be contacted. That they rang themselves can be written down."""


def who_of(contact: Contact) -> str:
    """How a contact stands in the record: 'Denise Bell (mother)'."""
    return f"{contact.name} ({contact.relationship})" if contact.relationship else contact.name


def record_contact(
    ids: NewIds,
    pupil: int,
    day: date,
    sort: str,
    *,
    today: date,
    session: str | None = None,
    at: int | None = None,
    who: str | None = None,
    answered: bool = False,
    explains: bool = False,
    note: str | None = None,
    person_id: int | None = None,
    contacts: Iterable[Contact] = (),
) -> list[Edit]:
    """One thing that was done about an absence. Refusal names the field.

    `contacts` are the pupil's: who must not be contacted is refused for whatever this school starts.
    """
    if sort not in SORTS:
        raise Refusal("Choose what was done: call, text, letter, visit, spoke to, or safe and seen.", "sort")
    if day > today:
        raise Refusal(f"{words(day)} has not come yet. Nothing was written.", "day")
    who, note = clean(who), clean(note)
    if sort == SPOKE and who is None:
        raise Refusal("Say who it was that you spoke to.", "who")
    if sort in OUTGOING and who is not None:
        barred = _barred(who, contacts)
        if barred is not None:
            raise Refusal(f"{barred.name} must not be contacted. Nothing was written; choose somebody else.", "who")
    reached = answered or sort in (SPOKE, SEEN)
    if explains and not reached:
        raise Refusal("Nobody was reached, so the absence is not explained yet. Untick one of the two.", "explains")
    return [Put(AbsenceContact(pupil, ids.other(), day, sort, session, at, who, reached, explains, note, person_id))]


def strike_contact(held: AbsenceContact, why: str | None, *, by: int | None, on: date) -> list[Edit]:
    """Strike a contact through, with who and why; it stays readable. Refusal without a reason, or where it is struck already."""
    if held.struck is not None:
        raise Refusal("This is struck through already. Nothing was changed.")
    why = clean(why)
    if why is None:
        raise Refusal("Say why it is struck through; it stays readable with your reason.", "why")
    return [Put(replace(held, struck=why, struck_by=by, struck_on=on), held)]


def _barred(who: str, contacts: Iterable[Contact]) -> Contact | None:
    """The contact who must not be contacted and whom the words mean: by name or a part of it, or by what they are to the pupil, where
    these words fit nobody else ('Ray', 'Mr Ray Bell', 'father').
    """
    typed = _words(who)
    people = list(contacts)

    def meant(c: Contact) -> bool:
        name, relation = _words(c.name), _words(c.relationship or "")
        return bool(typed) and bool(name) and (typed <= name or name <= typed or typed == relation)

    others = [c for c in people if not c.must_not_contact and meant(c)]
    for c in people:
        name = _words(c.name)
        if c.must_not_contact and meant(c) and (not others or (name <= typed and not any(name < _words(o.name) <= typed for o in others))):
            return c
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))
