"""Between records and the rows of their tables: the statements of each kind, compiled once, and the conversion of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from approgress.domain.days import to_date, to_number
from approgress.domain.errors import Refusal
from approgress.domain.records import KINDS, Kind, kind_of
from approgress.store.database import Database
from approgress.store.tables import TABLES

T = TypeVar("T")

_LIMIT = 2**63


def to_store(kind: Kind, field: str, value: Any) -> Any:
    """A record's value as the table keeps it; ValueError when its type is wrong (a mistake of the program, not of a person)."""
    if value is None:
        if field not in kind.may_be_none:
            raise ValueError(f"{kind.name}.{field} may not be empty")
        return None
    type_ = kind.types[field]
    if type_ is date:
        return to_number(value)
    if type_ is bool:
        return int(bool(value))
    if type_ is str:
        if not isinstance(value, str):
            raise ValueError(f"{kind.name}.{field} takes text, not {value!r}")
        return value.replace("\0", "") if "\0" in value else value
    if type_ is float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise ValueError(f"{kind.name}.{field} takes a number, not {value!r}")
        return float(value)
    if type_ is int:
        if isinstance(value, bool) or not isinstance(value, int) or not -_LIMIT <= value < _LIMIT:
            raise ValueError(f"{kind.name}.{field} takes a whole number, not {value!r}")
        return value
    return bytes(value)


def from_store(kind: Kind, field: str, value: Any) -> Any:
    """A table's value as the record keeps it."""
    if value is None:
        return None
    type_ = kind.types[field]
    if type_ is date:
        return to_date(value)
    if type_ is bool:
        return bool(value)
    if type_ is bytes:
        return bytes(value)
    return value


def row_of(record: Any) -> dict[str, Any]:
    """A record's fields (not its key) as the table keeps them."""
    kind = kind_of(record)
    return {f: to_store(kind, f, getattr(record, f)) for f in kind.fields}


class Quick:
    """The quick way of one kind whose fields are all numbers or days: key and row of a record as tuples, types checked once each."""

    __slots__ = ("_good", "key", "kind", "_row")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

        def part(name: str) -> str:
            if kind.types[name] is date:
                return f"(None if r.{name} is None else to_number(r.{name}))"
            return f"r.{name}"

        def tuple_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
            return eval(f"lambda r: ({', '.join(map(part, names))},)", {"to_number": to_number})  # names come from the dataclasses

        self.key: Callable[[Any], tuple[int, ...]] = tuple_of(kind.key)
        self._row: Callable[[Any], tuple[Any, ...]] = tuple_of(kind.fields)
        self._good: set[tuple[type[Any], ...]] = set()

    def row(self, record: Any) -> tuple[Any, ...]:
        """The fields of a record as stored; ValueError for a wrong type."""
        row = self._row(record)
        types = tuple(map(type, row))
        if types not in self._good:
            for f in self.kind.fields:
                to_store(self.kind, f, getattr(record, f))
            self._good.add(types)
        return row


QUICK = {k.name: Quick(k) for k in KINDS.values() if set(k.types.values()) <= {int, date} and k.of_pupil and k.name != "pupil"}


class Rows:
    """Reads and writes of every kind by key, on one store."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._makers: dict[str, list[int]] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def _text(self, what: str, kind: Kind) -> str:
        found = self._texts.get((what, kind.name))
        if found is None:
            found = self._texts[what, kind.name] = self._compile(what, kind)
        return found

    def _compile(self, what: str, kind: Kind) -> str:
        table = TABLES[kind.name]
        keys = [table.c[k] == sa.bindparam(f"k_{k}") for k in kind.key]
        if what == "get":
            statement: Any = sa.select(*(table.c[f] for f in kind.fields)).where(*keys)
        elif what == "all":
            statement = sa.select(table).order_by(*(table.c[k] for k in kind.key))
        elif what == "of":
            statement = sa.select(table).where(table.c[kind.key[0]] == sa.bindparam("k")).order_by(*(table.c[k] for k in kind.key))
        elif what == "insert":
            statement = sa.insert(table)
        elif what == "update":
            statement = sa.update(table).values({table.c[f]: sa.bindparam(f"v_{f}") for f in kind.fields}).where(*keys)
        else:
            statement = sa.delete(table).where(*keys)
        return self.database.sql(f"{what} {kind.name}", statement)

    def get(self, c: Connection, kind: Kind, key: tuple[int, ...]) -> dict[str, Any] | None:
        """The stored fields of one record, or None."""
        cursor = c.connection.cursor()
        cursor.execute(self._text("get", kind), key)
        row = cursor.fetchone()
        cursor.close()
        return dict(zip(kind.fields, row, strict=True)) if row is not None else None

    def of_first(self, c: Connection, kind: Kind, first: int) -> dict[tuple[int, ...], dict[str, Any]]:
        """All records whose first key is `first`, by key."""
        n = len(kind.key)
        cursor = c.connection.cursor()
        cursor.execute(self._text("of", kind), (first,))
        rows = cursor.fetchall()
        cursor.close()
        return {tuple(r[:n]): dict(zip(kind.fields, r[n:], strict=True)) for r in rows}

    def insert(self, c: Connection, kind: Kind, rows: list[tuple[tuple[int, ...], dict[str, Any]]]) -> None:
        """Add records."""
        self._many(c, self._text("insert", kind), [(*key, *(v[f] for f in kind.fields)) for key, v in rows])

    def insert_tuples(self, c: Connection, kind: Kind, rows: list[tuple[Any, ...]]) -> None:
        """Add records given as tuples of key and fields."""
        self._many(c, self._text("insert", kind), rows)

    def _many(self, c: Connection, text: str, rows: list[Any]) -> None:
        # on the driver's own cursor: half the price of going through Core, which matters at each key and in imports
        cursor = c.connection.cursor()
        try:
            if len(rows) == 1:
                cursor.execute(text, rows[0])
            else:
                cursor.executemany(text, rows)
        except OverflowError:
            raise ValueError("a whole number is too large to be stored") from None
        finally:
            cursor.close()

    def update(self, c: Connection, kind: Kind, rows: list[tuple[tuple[int, ...], dict[str, Any]]]) -> None:
        """Replace records' fields."""
        self._many(c, self._text("update", kind), [(*(v[f] for f in kind.fields), *key) for key, v in rows])

    def delete(self, c: Connection, kind: Kind, keys: list[tuple[int, ...]]) -> None:
        """Take records out."""
        self._many(c, self._text("delete", kind), keys)

    def record(self, kind: Kind, row: Any) -> Any:
        """The record of a full row (key columns, then fields, as `SELECT *` gives them)."""
        special = self._makers.get(kind.name)
        names = kind.key + kind.fields
        if special is None:
            special = self._makers[kind.name] = [i for i, n in enumerate(names) if kind.types[n] in (date, bool, bytes)]
        if not special:
            return kind.cls(*row) if _same_order(kind) else kind.cls(**dict(zip(names, row, strict=True)))
        values = list(row)
        for i in special:
            values[i] = from_store(kind, names[i], values[i])
        return kind.cls(*values) if _same_order(kind) else kind.cls(**dict(zip(names, values, strict=True)))

    def every(self, c: Connection, cls: type[T]) -> list[T]:
        """All records of a class, in key order."""
        kind = kind_of(cls)
        return [self.record(kind, r) for r in c.exec_driver_sql(self._text("all", kind))]

    def of_pupil(self, c: Connection, cls: type[T], pupil: int) -> list[T]:
        """All records of a class that belong to a pupil, in key order."""
        kind = kind_of(cls)
        return [self.record(kind, r) for r in c.exec_driver_sql(self._text("of", kind), (pupil,))]

    def one(self, c: Connection, cls: type[T], *key: int) -> T | None:
        """One record by its key, or None."""
        kind = kind_of(cls)
        row = self.get(c, kind, key)
        return self.record(kind, (*key, *row.values())) if row is not None else None


def _same_order(kind: Kind) -> bool:
    return kind.cls.__match_args__ == kind.key + kind.fields


def kinds_of_pupils() -> Iterator[Kind]:
    """The kinds whose first key is a pupil, the pupil's own record excepted."""
    return (k for k in KINDS.values() if k.of_pupil and k.name != "pupil")


def refuse_lone(name: str, rows: Iterable[Any]) -> None:
    """Refusal when something still refers to what is being taken out."""
    if any(True for _ in rows):
        raise Refusal(f"This {name} is still used by other records. Take those back first; nothing was changed.")
