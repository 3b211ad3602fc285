"""Questions to the store, by subject, answered with domain objects. Every question takes a Reader: connection and viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.engine import Connection

from approgress.domain.viewer import Viewer
from approgress.store.rows import Rows

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """One reading of the store: what `read` functions take. `viewer` is who looks."""

    connection: Connection
    rows: Rows
    viewer: Viewer

    def every(self, cls: type[T]) -> list[T]:
        """All records of a class this viewer may read."""
        return [r for r in self.rows.every(self.connection, cls) if self.may(r)]

    def of_pupil(self, cls: type[T], pupil: int) -> list[T]:
        """All records of a class of one pupil that this viewer may read."""
        return [r for r in self.rows.of_pupil(self.connection, cls, pupil) if self.may(r)]

    def one(self, cls: type[T], *key: int) -> T | None:
        """One record by key, or None."""
        found = self.rows.one(self.connection, cls, *key)
        return found if found is None or self.may(found) else None

    def may(self, record: object) -> bool:
        """Whether this viewer may read a record: its class is `privacy`, ordinary where it has none."""
        privacy = getattr(record, "privacy", None)
        return privacy is None or self.viewer.may_read(privacy)

    def sql(self, text: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of a statement with `?` for values, in either dialect.

        On the driver's own cursor, which costs a tenth of a statement through Core; inside the connection's transaction, so that all
        questions of one reading see one state.
        """
        if self.rows.database.dialect == "postgresql":
            text = text.replace("?", "%s")
        if not self.connection.in_transaction():
            self.connection.begin()
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(text, values)
            return list(cursor.fetchall())
        finally:
            cursor.close()
