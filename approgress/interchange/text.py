"""Bytes of a text file to text, and text to comparable text: encodings guessed and named, spreadsheet guards undone, letters folded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the encoding by which it was read, in words, and whether that was only guessed. `lost` counts letters that were lost."""

    text: str
    encoding: str
    guessed: bool = False
    lost: int = 0


def decode(data: bytes) -> Decoded:
    """The text of a file: by its byte-order mark, else as UTF-8, else as the likeliest of the one-byte encodings, which is then said."""
    for bom, codec, words in BOMS:
        if data.startswith(bom):
            text = data.decode(codec, "replace")
            return Decoded(text.lstrip("\ufeff"), words, False, text.count("\ufffd"))
    zeros = data[:2000].count(0)
    if zeros and zeros * 3 > len(data[:2000]):
        codec = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text = data.decode(codec, "replace")
        return Decoded(text, "UTF-16 without a mark", True, text.count("\ufffd"))
    try:
        text = data.decode("utf-8")
        return Decoded(text, "UTF-8", False, text.count("\ufffd"))
    except UnicodeDecodeError as e:
        if e.start >= len(data) - 3 and e.reason == "unexpected end of data":  # cut off in the middle of a letter
            return Decoded(data[: e.start].decode("utf-8"), "UTF-8", False, 1)
    mac_first = b"\r" in data and b"\n" not in data
    order = ("mac_roman", "cp1252", "cp850") if mac_first else ("cp1252", "cp850", "mac_roman")
    names = {"cp1252": "Windows-1252", "cp850": "MS-DOS (850)", "mac_roman": "Macintosh"}
    best = max(order, key=lambda codec: (_looks_right(data, codec) + (codec == order[0]), -order.index(codec)))
    text = data.decode(best, "replace")
    return Decoded(text, names[best], True, text.count("\ufffd"))


_LETTERS = frozenset("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŠŽàáâãäåçèéêëìíîïñòóôõöøùúûüšž")
_RARE = frozenset("ÆÐÝÞŒŸæðýþœÿß")
_SIGNS = frozenset("–—£€…•·°½")


def _looks_right(data: bytes, codec: str) -> int:
    """How well the letters beyond ASCII fit between their neighbours when read by `codec`; higher is likelier."""
    score = 0
    for match in re.finditer(rb"([\x00-\x7f]?)([\x80-\xff])(?=(.?))", data[:2_000_000], re.DOTALL):
        before, byte, after = match.groups()
        letter = byte.decode(codec, "replace")
        within = before.isalpha() and after.isalpha()
        if letter in _LETTERS or letter in _RARE:
            alone = not (before.isalpha() or before > b"\x7f" or after.isalpha() or after > b"\x7f")
            fits = not alone if letter.islower() else not (before.isalpha() and before.islower())
            score += (2 if letter in _LETTERS else 1) if fits else -1
        elif letter in "’‘“”":
            score += 2 if letter == "’" and within else -1 if within else 1
        else:
            score += 1 if letter in _SIGNS and not within else -2
    return score


# --- cells ------------------------------------------------------------------------------------------------------------

_EQUALS = re.compile(r'^="((?:[^"]|"")*)"$')
_SPACES = " \u00a0\r\n\f\v\u200b\ufeff\u2028\u2029"
_DUTCH = re.compile(r"^'(?:t|s|n|k) ", re.IGNORECASE)  # 't Hooft, 's Gravesande: the apostrophe is part of the name


def clean(cell: str) -> str:
    """A cell of somebody else's file without what only a spreadsheet needs: ="…", a leading apostrophe, spaces at the ends, NUL."""
    if not cell:
        return cell
    if "\0" in cell:
        cell = cell.replace("\0", "")
    cell = cell.strip(_SPACES)
    if cell[:1] == "=":
        guarded = _EQUALS.match(cell)
        if guarded:
            cell = guarded[1].replace('""', '"').strip(_SPACES)
    if cell[:1] == "'" and len(cell) > 1 and not _DUTCH.match(cell):
        cell = cell[1:].lstrip(_SPACES)
    return cell


DANGEROUS = frozenset("=+-@\t\r\n|%＝＋－＠")
"""First characters at which a spreadsheet might run a text, or a person's import of it might: such texts are guarded when written as CSV."""


def guard(text: str) -> str:
    """`text` as it is written into a CSV cell: with an apostrophe before it where a spreadsheet would run it, or where it begins with one."""
    return "'" + text if text[:1] in DANGEROUS or text[:1] == "'" else text


def unguard(cell: str) -> str:
    """What `guard` was given, letter for letter."""
    return cell[1:] if cell[:1] == "'" else cell


# --- letters ----------------------------------------------------------------------------------------------------------

_NO_DECOMPOSITION = str.maketrans(
    {"đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th",
     "ð": "d", "Ð": "d", "ı": "i", "ħ": "h", "Ħ": "h", "ŋ": "n", "ə": "e", "Ə": "e", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
)  # fmt: skip


def fold(text: str | None) -> str:
    """A name for comparing: no accents, no capitals, no hyphens, apostrophes or spaces; 'Đức' and 'duc', 'O’Hara' and 'o'hara' are one."""
    if not text:
        return ""
    if text.isascii():
        return _plain(text.lower())
    plain = unicodedata.normalize("NFKD", text.translate(_NO_DECOMPOSITION))
    return _plain("".join(c for c in plain if not unicodedata.combining(c)).casefold())


_NOT_WORD = re.compile(r"[^\w]+|_")


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text)


def same_text(a: str | None, b: str | None) -> bool:
    """Whether two texts are the same to a reader: composed or decomposed letters, one space or two, straight or curly apostrophe."""
    return _reading(a) == _reading(b)


def _reading(text: str | None) -> str:
    if not text:
        return ""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u02bc", "'").split())


def shown(value: str | None, limit: int = 60) -> str:
    """A cell's text within a sentence: one line, cut with … where it is long."""
    text = " ".join((value or "").split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
