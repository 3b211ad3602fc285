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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from approgress.domain.records import KINDS, Kind

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


def _column(values: Sequence[Any]) -> list[Any]:
    first = values[0]
    if values.count(first) == len(values) and all(type(v) is type(first) for v in values):
        return [{"x": base64.b64encode(first).decode()}] if isinstance(first, bytes) else [first]
    return [_plain(v) for v in values] if bytes in set(map(type, values)) else list(values)


def _plain(v: Any) -> Any:
    return {"x": base64.b64encode(v).decode()} if isinstance(v, bytes) else v


def _spread(column: list[Any], n: int) -> list[Any]:
    column = [base64.b64decode(v["x"]) if isinstance(v, dict) else v for v in column]  # pyright: ignore[reportUnknownArgumentType]
    return column * n if len(column) == 1 else column


def _differences(values: Iterable[int]) -> list[int]:
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


class _Columns:
    """The changes of one (op, kind, fields), as columns."""

    __slots__ = ("afters", "befores", "keys", "strokes", "whys")

    def __init__(self) -> None:
        self.strokes: list[int] = []
        self.keys: list[tuple[int, ...]] = []
        self.befores: list[tuple[Any, ...]] = []
        self.afters: list[tuple[Any, ...]] = []
        self.whys: list[str | None] = []


_Groups = dict[tuple[str, str, tuple[str, ...], bool], _Columns]


def _pack(groups: _Groups, dictionary: int = _NEWEST) -> bytes:
    out: list[dict[str, Any]] = []
    for (op, kind, fields, has_why), columns in groups.items():
        group: dict[str, Any] = {
            "o": op,
            "k": kind,
            "f": fields,
            "n": len(columns.keys),
            "s": _column(columns.strokes),
            "K": [_column(_differences(part)) for part in zip(*columns.keys, strict=True)],
        }
        if op != "+":
            group["b"] = [_column(part) for part in zip(*columns.befores, strict=True)]
        if op != "-":
            group["a"] = [_column(part) for part in zip(*columns.afters, strict=True)]
        if has_why:
            group["w"] = columns.whys
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
        self._groups: _Groups = {}
        self._waiting = 0
        self._low = self._high = self._last = 0
        self._pieces: list[bytes] = []
        self._patterns: dict[tuple[str, tuple[bool, ...]], tuple[str, ...]] = {}
        self.count = 0
        self.kinds: set[str] = set()
        self.pupils: set[int] = set()

    def _columns(self, op: str, kind: str, fields: tuple[str, ...], pupil: int, has_why: bool) -> _Columns:
        if self._waiting >= self._piece and (self._last != pupil or self._waiting >= 8 * self._piece):
            self._close()
        if self._waiting == 0:
            self._low = self._high = pupil
        elif pupil != self._last:
            self._low, self._high = min(self._low, pupil), max(self._high, pupil)
        if pupil != self._last or self._waiting == 0:
            self.pupils.add(pupil)
        self._last = pupil
        self._waiting += 1
        self.count += 1
        columns = self._groups.get((op, kind, fields, has_why))
        if columns is None:
            columns = self._groups[op, kind, fields, has_why] = _Columns()
            self.kinds.add(kind)
        return columns

    def add(self, changes: Iterable[Change]) -> None:
        """Take further changes in; a piece is closed between two pupils once it is large enough."""
        for c in changes:
            columns = self._columns(c.op, c.kind, tuple(c.fields), c.pupil, c.why is not None)
            columns.strokes.append(c.stroke)
            columns.keys.append(c.key)
            if c.op != "+":
                columns.befores.append(tuple(b for b, _ in c.fields.values()))
            if c.op != "-":
                columns.afters.append(tuple(a for _, a in c.fields.values()))
            if c.why is not None:
                columns.whys.append(c.why)

    def made(self, kind: Kind, pupil: int, key: tuple[int, ...], row: tuple[Any, ...], stroke: int) -> None:
        """Take a new record in: its key and all its fields, empty ones included; the quick way for imports."""
        shape = tuple([v is not None for v in row])
        fields = self._patterns.get((kind.name, shape))
        if fields is None:
            fields = self._patterns[kind.name, shape] = tuple(f for f, there in zip(kind.fields, shape, strict=True) if there)
        columns = self._columns("+", kind.name, fields, pupil, False)
        columns.strokes.append(stroke)
        columns.keys.append(key)
        columns.afters.append(tuple([v for v in row if v is not None]))

    def _close(self) -> None:
        packed = _pack(self._groups)
        self._pieces.append(_HEAD.pack(self._low, self._high, len(packed)) + packed)
        self._groups, self._waiting = {}, 0

    def bytes(self) -> bytes:
        """The packed body."""
        if not self._pieces:
            return _pack(self._groups)
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
