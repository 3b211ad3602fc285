"""The numbers that name a pupil outside this program: UPN and ULN, checked and doubted in words, never silently mended."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEWER_AUTHORITIES = frozenset({"001", "002", "003", "004", "005", "838", "839", "940", "941", "942", "943"})
"""Authority numbers that python-stdnum's list of 2011 has not: 001 to 005 (england.md 3.1), and the authorities of 2019, 2021 and 2023."""

_LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "S": "5"}


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """What a check of a number found.

    `value` is the number without spaces and in capitals. `ok` says that form and check are right. `doubts` are sentences about this number.
    `suggestion` is what was probably meant, if that would be right. `unknown_authority` is a local authority number that is not on the
    list: a doubt of its own, said once for a file and not for each row, and no reason for `ok` to be false.
    """

    value: str
    ok: bool
    doubts: tuple[str, ...] = ()
    suggestion: str | None = None
    temporary: bool = False
    unknown_authority: str | None = None

    @property
    def authority_doubt(self) -> str | None:
        """The sentence about an unknown authority number, or None."""
        if self.unknown_authority is None:
            return None
        return f"{self.unknown_authority} is not the number of a local authority in England."


def _compact(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b\ufeff]+", "", text).upper()


def check_upn(text: str) -> NumberCheck:
    """Check a unique pupil number: 13 characters, check letter by weights 2 to 13 modulo 23 (DfE; worked in england.md 3.1).

    A temporary UPN ends in a letter. An unknown authority number is a doubt apart.
    """
    from stdnum.exceptions import InvalidComponent, ValidationError
    from stdnum.gb import upn

    value = _compact(text)
    if len(value) != 13:
        return NumberCheck(value, False, (f"It has {len(value)} characters, 13 expected.",), _without_look_alikes(value))
    if not re.fullmatch(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]", value):
        return _misformed_upn(value)
    unknown = None
    try:
        upn.validate(value)
    except InvalidComponent:
        unknown = None if value[1:4] in _NEWER_AUTHORITIES else value[1:4]
    except ValidationError:
        pass  # a wrong check letter, said below
    temporary = value[-1].isalpha()
    letter: str = upn.calc_check_digit(value[1:])
    if letter != value[0]:
        return NumberCheck(value, False, (f"The check letter should be {letter}, not {value[0]}.",), None, temporary, unknown)
    return NumberCheck(value, True, (), None, temporary, unknown)


def _without_look_alikes(value: str) -> str | None:
    """The UPN that `value` would be with digits for the letters that look like them, if that one is right."""
    if len(value) != 13:
        return None
    last = value[-1] if value[-1] not in "OIS" else _LOOK_ALIKES[value[-1]]
    meant = value[0] + "".join(_LOOK_ALIKES.get(c, c) for c in value[1:-1]) + last
    if meant == value or not re.fullmatch(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]", meant):
        return None
    from stdnum.gb import upn

    return meant if upn.calc_check_digit(meant[1:]) == meant[0] else None


def _misformed_upn(value: str) -> NumberCheck:
    suggestion = _without_look_alikes(value)
    wrong = sorted({c for c in value[1:-1] if not c.isdigit()} | {c for c in value[0] + value[-1] if c in "OIS"})
    if "O" in wrong:
        doubt = "Letter O in place of nought?"
    elif wrong and set(wrong) <= set(_LOOK_ALIKES):
        doubt = f"Letter {wrong[0]} in place of {_LOOK_ALIKES[wrong[0]]}?"
    else:
        doubt = "A UPN is a letter, eleven digits, and a digit or (temporary) a letter."
    if suggestion:
        doubt += f" {suggestion} would be right."
    return NumberCheck(value, False, (doubt,), suggestion)


def check_uln(text: str) -> NumberCheck:
    """Check a unique learner number: ten digits, the first not 0; digits times 10 to 1 add up to 10 more than a multiple of 11."""
    value = _compact(text)
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", value):
        return NumberCheck(value, False, ("A spreadsheet has shortened this number, and its last digits are lost.",))
    if not value.isascii() or not value.isdigit():
        return NumberCheck(value, False, ("A ULN is ten digits and nothing else.",))
    if len(value) != 10:
        return NumberCheck(value, False, (f"It has {len(value)} digits, 10 expected.",))
    if value[0] == "0":
        return NumberCheck(value, False, ("A ULN does not begin with 0.",))
    if sum(int(c) * w for c, w in zip(value, range(10, 0, -1), strict=True)) % 11 != 10:
        return NumberCheck(value, False, ("The check digit does not fit: one of the digits is probably wrong.",))
    return NumberCheck(value, True)
