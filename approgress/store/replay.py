"""Whether the tables hold what the journal says: all steps are counted through and compared with the rows, without holding either.

Each value stands for a number drawn from its kind, key and field; what a step writes is added, what it takes away subtracted. At the end
the sum of a pupil's kind is that of the rows that are there, or something was written past the journal, or lost. A sum of 64 bits can
hide a difference by chance once in some 10 to the 19.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import MISSING, fields
from typing import Any

from approgress.domain.records import KINDS, Kind
from approgress.store.bodies import unpack
from approgress.store.database import Database

_MASK = (1 << 64) - 1


class _Weights:
    """The number that each value of a kind stands for. None, and what a field is when nothing is said, weigh nothing: earlier schemas had
    no word for fields that came later."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._unsaid = {f.name: f.default for f in fields(kind.cls) if f.default is not MISSING}

    def of(self, key: tuple[int, ...], field: str, value: Any) -> int:
        if value is None or value == self._unsaid.get(field):
            return 0
        return hash((self.kind.name, field, key, value)) & _MASK

    def there(self, key: tuple[int, ...]) -> int:
        return hash((self.kind.name, key)) & _MASK


def disagreements(database: Database) -> list[str]:
    """Sentences about kinds of record whose rows are not those that the journal leads to; empty when they agree."""
    weights = {name: _Weights(kind) for name, kind in KINDS.items()}
    sums: dict[tuple[str, int], int] = defaultdict(int)
    with database.read() as c:
        gone = {p for (p,) in c.exec_driver_sql("SELECT pupil_id FROM gone")}
        for (body,) in c.exec_driver_sql("SELECT changes FROM step ORDER BY tick, desk"):
            try:
                for change in unpack(body):
                    if change.op == "!" or change.kind not in weights:
                        continue
                    w, key = weights[change.kind], change.key
                    total = w.there(key) if change.op == "+" else -w.there(key) if change.op == "-" else 0
                    for field, (before, after) in change.fields.items():
                        if field in w.kind.fields:
                            total += w.of(key, field, after) - w.of(key, field, before)
                    sums[change.kind, change.pupil] += total
            except (zlib.error, ValueError, LookupError, TypeError):
                return []  # a damaged step has its own sentence
        for name, kind in KINDS.items():
            w, keys = weights[name], len(kind.key)
            columns = ", ".join(kind.key + kind.fields)
            for row in c.exec_driver_sql(f'SELECT {columns} FROM "{name}"'):
                key = tuple(row[:keys])
                total = w.there(key)
                for field, value in zip(kind.fields, row[keys:], strict=True):
                    total += w.of(key, field, bytes(value) if isinstance(value, memoryview) else value)  # pyright: ignore[reportUnknownArgumentType]
                sums[name, key[0] if kind.of_pupil else 0] -= total
    wrong: dict[str, int] = defaultdict(int)
    for (name, pupil), total in sums.items():
        if total and pupil not in gone:
            wrong[name] += 1
    return [_sentence(KINDS[name], n) for name, n in wrong.items()]


def _sentence(kind: Kind, pupils: int) -> str:
    whose = f" of {'1 pupil' if pupils == 1 else f'{pupils:,} pupils'}" if kind.of_pupil else ""
    return (
        f"The table of the kind “{kind.plain}”{whose} does not hold what the journal leads to: something was written past the program, or lost. "
        "Restore the newest backup that is whole, beside this file, and compare."
    )
