"""The body of a journal step: changes as columns, as JSON, deflated; and the same read back.

A change is `Change(stroke, op, kind, key, fields, why)`: op `+` made, `~` edited, `-` erased, `=` decided, `!` cut out for
good; `fields` maps a field to (before, after), only fields that differ. Values are those of the tables (days as numbers).
The first byte of a body says how it is packed: 0 plain deflate, 1 deflate with the first dictionary, 2 pieces. A piece is
one packed body of a few pupils with its lowest and highest pupil before it, so that a reader of one pupil inflates little.
A dictionary, once used, is never changed: another is added.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from approgress.domain.records import KINDS

PIECES = 2
_HEAD = struct.Struct(">qqI")

_DICTIONARY_1 = (
    b'"outreach","placement","strength","next_step","starting_point","start_value","identifier","year_group",'
    b'"event","flag","first_day","last_day","typed","audience","family","schools","surname","forename","preferred","legal",'
    b'"reading","instrument","edition","respondent","teacher","parent","pupil","value","parts","answers","rater","status",'
    b'"complete","draft","who5","sdq_teacher","goal","source","sure","high","medium","moment","tone","good","neutral","incident",'
    b'"note","text","person_id","day","sort","privacy","ordinary","am_late","pm_late","score","own"],"k":"lesson_score",'
    b'{"o":"~","k":"mark","f":["am"],"s":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14],"K":[[{"o":"+","k":"lesson_score","f":["score"],'
    b'{"o":"+","k":"mark","f":["am","pm"],"s":[0],"K":[[1,1,1,1],[1],[0,1,2,3]],"b":[],"a":[[0],[1]],"w":null}]'
)
_DICTIONARIES = {1: _DICTIONARY_1}
_NEWEST = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One record made, edited, erased, decided or cut out within a step; `stroke` counts the person's separate acts in it."""

    stroke: int
    op: str
    kind: str
    key: tuple[int, ...]
    fields: dict[str, tuple[Any, Any]]
    why: str | None = None

    @property
    def pupil(self) -> int:
        """The pupil it speaks of, or 0."""
        return self.key[0] if KINDS[self.kind].of_pupil else 0

    def opposite(self, stroke: int) -> Change:
        """The change that takes this one back."""
        op = {"+": "-", "-": "+"}.get(self.op, self.op)
        return Change(stroke, op, self.kind, self.key, {f: (after, before) for f, (before, after) in self.fields.items()})


def _column(values: list[Any]) -> list[Any]:
    first = values[0]
    if all(v == first and type(v) is type(first) for v in values):
        values = [first]
    return [{"x": base64.b64encode(v).decode()} if isinstance(v, bytes) else v for v in values]


def _spread(column: list[Any], n: int) -> list[Any]:
    column = [base64.b64decode(v["x"]) if isinstance(v, dict) else v for v in column]
    return column * n if len(column) == 1 else column


def _differences(values: list[int]) -> list[int]:
    before = 0
    out: list[int] = []
    for v in values:
        out.append(v - before)
        before = v
    return out


def _sums(values: list[int]) -> list[int]:
    total = 0
    out: list[int] = []
    for v in values:
        total += v
        out.append(total)
    return out


def _pack(changes: list[Change], dictionary: int = _NEWEST) -> bytes:
    groups: dict[tuple[str, str, tuple[str, ...], bool], list[Change]] = {}
    for c in changes:
        groups.setdefault((c.op, c.kind, tuple(c.fields), c.why is not None), []).append(c)
    out: list[dict[str, Any]] = []
    for (op, kind, fields, has_why), members in groups.items():
        group: dict[str, Any] = {
            "o": op,
            "k": kind,
            "f": fields,
            "n": len(members),
            "s": _column([c.stroke for c in members]),
            "K": [_column(_differences([c.key[i] for c in members])) for i in range(len(members[0].key))],
        }
        if op != "+":
            group["b"] = [_column([c.fields[f][0] for c in members]) for f in fields]
        if op != "-":
            group["a"] = [_column([c.fields[f][1] for c in members]) for f in fields]
        if has_why:
            group["w"] = [c.why for c in members]
        out.append(group)
    text = json.dumps(out, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _DICTIONARIES[dictionary])
    return bytes([dictionary]) + packer.compress(text) + packer.flush()


def _unpack(body: bytes) -> Iterator[Change]:
    if body[0] == 0:
        text = zlib.decompress(body[1:], -15)
    else:
        opener = zlib.decompressobj(-15, zdict=_DICTIONARIES[body[0]])
        text = opener.decompress(body[1:]) + opener.flush()
    for group in json.loads(text):
        n, fields = group["n"], group["f"]
        keys = list(zip(*(_sums(_spread(c, n)) for c in group["K"]), strict=True))
        befores = [_spread(c, n) for c in group["b"]] if "b" in group else [[None] * n] * len(fields)
        afters = [_spread(c, n) for c in group["a"]] if "a" in group else [[None] * n] * len(fields)
        whys = group.get("w") or [None] * n
        strokes = _spread(group["s"], n)
        for i in range(n):
            values = {f: (befores[j][i], afters[j][i]) for j, f in enumerate(fields)}
            yield Change(strokes[i], group["o"], group["k"], keys[i], values, whys[i])


class Body:
    """Gathers the changes of one step, packing pieces as they fill, so that a large import is never held whole."""

    def __init__(self, piece: int = 3000) -> None:
        self._piece = piece
        self._waiting: list[Change] = []
        self._pieces: list[bytes] = []
        self.count = 0
        self.kinds: set[str] = set()
        self.pupils: set[int] = set()

    def add(self, changes: Iterable[Change]) -> None:
        """Take further changes in; a piece is closed between two pupils once it is large enough."""
        for c in changes:
            if len(self._waiting) >= self._piece and (self._waiting[-1].pupil != c.pupil or len(self._waiting) >= 8 * self._piece):
                self._close()
            self._waiting.append(c)
            self.count += 1
            self.kinds.add(c.kind)
            self.pupils.add(c.pupil)

    def _close(self) -> None:
        pupils = [c.pupil for c in self._waiting]
        packed = _pack(self._waiting)
        self._pieces.append(_HEAD.pack(min(pupils), max(pupils), len(packed)) + packed)
        self._waiting = []

    def bytes(self) -> bytes:
        """The packed body."""
        if not self._pieces:
            return _pack(self._waiting)
        if self._waiting:
            self._close()
        return bytes([PIECES]) + b"".join(self._pieces)


def pack(changes: Iterable[Change]) -> bytes:
    """The body that holds these changes."""
    body = Body()
    body.add(changes)
    return body.bytes()


def unpack(body: bytes | None, pupil: int | None = None) -> Iterator[Change]:
    """The changes of a body in the order of their groups; with `pupil`, only those that speak of that pupil."""
    if not body:
        return
    if body[0] != PIECES:
        for c in _unpack(body):
            if pupil is None or c.pupil == pupil:
                yield c
        return
    at = 1
    while at < len(body):
        low, high, length = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        if pupil is None or low <= pupil <= high:
            for c in _unpack(body[at : at + length]):
                if pupil is None or c.pupil == pupil:
                    yield c
        at += length


def strokes(changes: list[Change]) -> int:
    """How many separate strokes a step holds."""
    return 1 + max((c.stroke for c in changes), default=0)
