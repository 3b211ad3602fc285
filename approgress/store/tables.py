"""The tables: one for each kind of record, made from its dataclass, and those of the journal.

All are WITHOUT ROWID on SQLite, so rows lie clustered by their key (pupil first). PostgreSQL ignores that.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy.types import TypeEngine

from approgress.domain.records import KINDS, Kind

REVISION = "0002"

metadata = MetaData()

_TYPES: dict[type[Any], type[TypeEngine[Any]]] = {
    int: BigInteger,
    str: Text,
    float: Float,
    bool: SmallInteger,
    date: Integer,
    bytes: LargeBinary,
}


def _table(kind: Kind) -> Table:
    columns = [Column(n, _TYPES[kind.types[n]], primary_key=True, autoincrement=False) for n in kind.key]
    columns += [Column(n, _TYPES[kind.types[n]], nullable=n in kind.may_be_none) for n in kind.fields]
    return Table(kind.name, metadata, *columns, sqlite_with_rowid=False)


TABLES: dict[str, Table] = {name: _table(k) for name, k in KINDS.items()}


def _own(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def _key(name: str, type_: type[TypeEngine[Any]] = BigInteger) -> Column[Any]:
    return Column(name, type_, primary_key=True, autoincrement=False)


step = _own(
    "step",
    _key("tick"),
    _key("desk"),
    Column("at", BigInteger, nullable=False),
    Column("who", BigInteger, nullable=False),
    Column("what", SmallInteger, nullable=False),
    Column("title", SmallInteger, nullable=False),
    Column("more", Text),
    Column("changes", LargeBinary),
)
seal = _own("seal", _key("desk"), _key("tick"), Column("steps", Integer, nullable=False), Column("hash", LargeBinary, nullable=False))
touched = _own("touched", _key("pupil_id"), _key("tick"), _key("desk"))
conflict = _own("conflict", _key("kind", Text), _key("k1"), _key("k2"), _key("k3"), _key("field", Text), Column("heads", Text, nullable=False))
salt = _own("salt", _key("pupil_id"), Column("salt", LargeBinary, nullable=False))
gone = _own("gone", _key("pupil_id"), Column("day", Integer, nullable=False))
about = _own("about", _key("name", Text), Column("value", Text, nullable=False))
looked = _own(
    "looked",
    _key("id"),
    Column("at", BigInteger, nullable=False),
    Column("who", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("pupil_id", BigInteger),
)

JOURNAL_TABLES = ("step", "seal", "touched", "conflict", "salt", "gone", "about", "looked")
