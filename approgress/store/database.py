"""Opening, making and closing a data store: an encrypted SQLite file, or a PostgreSQL address; connections to it.

Reads are one transaction each on a pooled connection; writes take the write lock first (`BEGIN IMMEDIATE`, or an advisory
lock under READ COMMITTED). The data key is given on the driver, so that no log sees it.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

from approgress.domain.errors import Trouble, WrongPassphrase
from approgress.store import tables

_LOCK = 731_031_118  # the advisory lock of every approgress writer
BUSY_MS = 10_000
_LEAST_ROOM = 65_536  # bytes: two pieces of the index beside the log, of 32 KiB each


def is_server(address: str) -> bool:
    """Whether an address names a PostgreSQL server rather than a file."""
    return address.lower().startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def refuse_address(address: str) -> None:
    """Trouble for what is meant as a file and cannot be one: nothing at all, or the address of something on a network."""
    if not address.strip():
        raise Trouble("No school was named. Nothing was changed. Give its file, such as school.approgress.")
    if "://" in address:
        kind = address.partition("://")[0]
        raise Trouble(f"An address that begins with {kind}:// cannot be used here. Nothing was changed. Give a file, or for a school a postgresql:// address.")


def _sqlite_driver() -> Any:
    import sqlcipher3.dbapi2 as driver  # pyright: ignore[reportMissingTypeStubs]

    return driver


def connect_file(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """A driver connection to an encrypted file; the key goes in first. The file must exist."""
    driver = _sqlite_driver()
    mode = "ro" if read_only else "rw"
    connection = driver.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return connection


def _no_room(path: Path | None) -> bool:
    """Whether the disk of a file is as good as full: SQLite then says "disk I/O error" where it cannot even make its index of the log."""
    try:
        return path is not None and shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def _reason(error: BaseException, where: str, path: Path | None = None) -> Trouble:
    text = str(getattr(error, "orig", error))
    if "disk is full" in text or "No space left" in text or ("disk I/O" in text and _no_room(path)):
        return Trouble(
            "The disk is full: this could not be saved and was not. Everything saved before is still there. "
            "Free some space and do it again; the program can stay open."
        )
    if "locked" in text or "busy" in text or "lock timeout" in text:
        return Trouble(f"Another program is writing to {where} and did not finish in time. Nothing was changed. Try again in a moment.")
    if "not a database" in text or "malformed" in text or "disk image" in text or "hmac" in text:
        return Trouble(
            f"{where} is damaged: a part of it cannot be read. Nothing was changed. Keep it as it is and restore the newest backup beside it."
        )
    if "readonly" in text or "read-only" in text:
        return Trouble(f"{where} may only be read here. Nothing was changed. Check who may write to the file and its folder.")
    if "unable to open" in text or "disk I/O" in text:
        return Trouble(f"{where} can no longer be reached ({text}). Everything saved before is still there. Check the disk or folder.")
    if isinstance(error, exc.OperationalError) and ("connect" in text or "server" in text):
        return Trouble(f"The database server of {where} does not answer. Nothing was changed. Check the network, then try again.")
    return Trouble(f"{where} gave an unexpected answer ({text.splitlines()[0][:200] if text else error.__class__.__name__}). Nothing was changed.")


class Database:
    """One open data store. `where` is what people call it; `path` its file, or None for a server."""

    def __init__(self, engine: Engine, where: str, path: Path | None = None, key: bytes | None = None) -> None:
        self.engine = engine
        self.where = where
        self.path = path
        self.key = key
        self.dialect: str = engine.dialect.name
        self._writing = threading.RLock()
        self._driver_errors: tuple[type[Exception], ...] = (engine.dialect.loaded_dbapi.Error,)
        self._statements: dict[tuple[str, str], str] = {}

    @contextmanager
    def read(self) -> Generator[Connection, None, None]:
        """A connection that sees one unchanging state of the store."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (exc.DBAPIError, *self._driver_errors) as e:
            raise _reason(e, self.where, self.path) from e

    @contextmanager
    def write(self) -> Generator[Connection, None, None]:
        """A connection that holds the write lock; committed durably at the end, rolled back on any error."""
        try:
            with self._writing, self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                if self.dialect == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                yield connection
        except (exc.DBAPIError, *self._driver_errors) as e:
            raise _reason(e, self.where, self.path) from e
        except OSError as e:
            raise _reason(e, self.where, self.path) from e

    @contextmanager
    def quiet(self) -> Generator[Connection, None, None]:
        """The write lock right after a checkpoint, with no thread of our own writing in between, for copying the file."""
        with self._writing:
            self.checkpoint()
            with self.write() as connection:
                yield connection

    def sql(self, name: str, statement: Any, columns: tuple[str, ...] | None = None) -> str:
        """The text of a Core statement in this store's dialect with positional parameters, compiled once."""
        found = self._statements.get((name, self.dialect))
        if found is None:
            dialect = self.engine.dialect
            if self.dialect == "postgresql":  # positional %s, as the driver's cursor takes them
                dialect = type(dialect)(paramstyle="format")  # pyright: ignore[reportCallIssue]
            compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns else None)
            found = self._statements[(name, self.dialect)] = str(compiled)
        return found

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead log into the file (SQLite)."""
        if self.path is not None:
            try:
                with self.engine.connect() as c:
                    c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            except (exc.DBAPIError, *self._driver_errors) as e:
                raise _reason(e, self.where, self.path) from e

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        self.engine.dispose()


def _file_engine(path: Path, key: bytes) -> Engine:
    driver = _sqlite_driver()

    def creator() -> Any:
        connection = connect_file(path, key)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = OFF", "cache_size = -16000", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    engine = sa.create_engine(
        "sqlite+pysqlite://", module=driver, creator=creator, poolclass=QueuePool, pool_size=4, max_overflow=8, pool_reset_on_return="rollback"
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _other_key(path: Path) -> Trouble:
    return Trouble(
        f"{path.name} cannot be read with the key file beside it: it is damaged, or the key file belongs to another school. "
        "Nothing was changed. Keep both files as they are and restore the newest backup beside them."
    )


def open_file(path: Path, key: bytes) -> Database:
    """The encrypted file at `path`, checked to be one of ours under this key. Trouble says what is wrong; nothing is changed."""
    check_file(path)
    database = Database(_file_engine(path, key), path.name, path, key)
    try:
        try:
            database.engine.connect().close()  # the first connection reads the first page
        except (exc.DBAPIError, _sqlite_driver().Error) as e:
            if "not a database" in str(e):
                raise _other_key(path) from None
            raise _reason(e, path.name, path) from e
        with database.read() as c:
            if c.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'about'").scalar() != 1:
                raise Trouble(f"{path.name} is not a school's file of approgress. Nothing was changed. Choose another file.")
    except BaseException:
        database.close()
        raise
    return database


def check_file(path: Path) -> None:
    """Trouble for what can be seen without a key: missing, empty, foreign, or cut off."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Trouble(f"{path} is a folder, not a school's file. Nothing was changed. Choose the file with the ending .approgress.")
        with open(path, "rb") as f:
            head = f.read(16)
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}. Nothing was changed. Check the name and the folder.") from None
    except PermissionError:
        raise Trouble(f"{path} may not be read by you. Nothing was changed. Ask who looks after this computer.") from None
    except OSError as e:
        raise Trouble(f"{path} could not be read ({e.strerror}). Nothing was changed.") from None
    if size == 0:
        raise Trouble(f"{path.name} is empty: 0 bytes. It holds no school. Nothing was changed. Restore the newest backup.")
    if head.startswith(b"SQLite format 3"):
        raise Trouble(f"{path.name} is a plain database, not a school's file of approgress, which is always encrypted. Nothing was changed.")
    if head.startswith(b"PK\x03\x04"):
        raise Trouble(f"{path.name} is a backup or another packed file. Nothing was changed. A backup is opened by restoring it.")
    known = {b"\x89PNG": "a picture", b"%PDF": "a PDF", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\xd0\xcf\x11\xe0": "an old Office document"}
    for signature, what in known.items():
        if head.startswith(signature):
            raise Trouble(f"{path.name} is {what}, not a school's file of approgress. Nothing was changed. Choose another file.")
    if size % 4096 != 0:
        raise Trouble(
            f"{path.name} is cut off or foreign: its length of {size:,} bytes is not that of a whole file. "
            "Nothing was changed. Keep it as it is and restore the newest backup beside it."
        )


def make_file(path: Path, key: bytes) -> Database:
    """A new encrypted file with all tables at the present revision. Trouble where something is there already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise Trouble(f"The folder {path.parent} could not be made ({e.strerror}). Nothing was written. Choose another folder.") from None
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.close(handle)
    except FileExistsError:
        raise Trouble(f"There is a file {path} already, and it was left as it is. Choose another name or folder.") from None
    except OSError as e:
        raise Trouble(f"{path} could not be made ({e.strerror}). Nothing was written. Choose another folder.") from None
    database = Database(_file_engine(path, key), path.name, path, key)
    try:
        make_tables(database)
    except BaseException:
        database.close()
        path.unlink(missing_ok=True)
        raise
    return database


def make_tables(database: Database) -> None:
    """All tables at the present revision, in one transaction."""
    with database.write() as c:
        tables.metadata.create_all(c)
        c.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        c.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{tables.REVISION}')")


def open_server(address: str) -> Database:
    """A PostgreSQL store. Trouble when it does not answer or its default isolation is not READ COMMITTED."""
    try:
        scheme, _, rest = address.partition("://")
        url = sa.make_url(f"{scheme.lower()}://{rest}").set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, pool_size=4, max_overflow=8, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except (exc.ArgumentError, ValueError):  # its text is not repeated: it may hold a password
        raise Trouble(
            "The address of the database server is not one. Nothing was changed. "
            "It looks like postgresql://person:password@server:5432/school; signs such as @ or / inside a password are written as %40 and %2F."
        ) from None
    where = f"{url.database or 'the school'} on {url.host or 'this machine'}"
    database = Database(engine, where)
    try:
        with engine.connect() as c:
            level = str(c.exec_driver_sql("SHOW transaction_isolation").scalar())
            if level != "read committed":
                raise Trouble(
                    f"The server of {where} uses the isolation level '{level}', under which two people could overwrite each other unseen. "
                    "Nothing was changed. Set default_transaction_isolation to 'read committed' for this database."
                )
    except exc.DBAPIError as e:
        engine.dispose()
        said = (str(e.orig).splitlines() or [""])[0][:160]
        if "password authentication failed" in said or "no password supplied" in said:
            raise WrongPassphrase(f"The database server of {where} does not let you in. Nothing was changed. Check the name and the password.") from None
        raise Trouble(
            f"The database server of {where} does not answer ({said}). Nothing was changed. Check the address and the network, then try again."
        ) from None
    except BaseException:
        engine.dispose()
        raise
    return database


def revision(database: Database) -> str | None:
    """The schema's revision in the store, or None where there are no tables yet."""
    with database.read() as c:
        if not sa.inspect(c).has_table("alembic_version"):
            return None
        return c.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
