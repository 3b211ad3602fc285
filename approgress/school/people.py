"""Who can unlock a school's file: the slots of its key file, beside the records of the people themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from approgress.school.school import School


def has_passphrase(school: School, person_id: int) -> bool:
    """Whether a person has a passphrase for this school."""
    return str(person_id) in school.keys.people


def takes_passphrases(school: School) -> bool:
    """Whether passphrases are looked after here: not in the demonstration school, which is open, nor on a server."""
    return school.path is not None and not school.keys.is_open


def take_passphrase(school: School, person_id: int) -> None:
    """Take a person's passphrase away: they can no longer open this file (a backup made before still opens with it)."""
    if school.path is not None and has_passphrase(school, person_id):
        school.change_keys(lambda keys: keys.drop_person(person_id))


def rename_slot(school: School, person_id: int, name: str) -> None:
    """Give a person's slot the name that they now have, by which they are chosen when the file is unlocked."""
    if school.path is not None and school.keys.people.get(str(person_id), name) != name:
        school.change_keys(lambda keys: keys.rename_person(person_id, name))


def check_passphrase(school: School, passphrase: str, person_id: int | None = None) -> bool:
    """Whether a passphrase (or the recovery code) opens this school, for that person or for anybody with a slot."""
    from approgress.domain.errors import WrongPassphrase

    try:
        school.keys.open(passphrase, str(person_id) if person_id is not None else None)
    except WrongPassphrase:
        return False
    return True
