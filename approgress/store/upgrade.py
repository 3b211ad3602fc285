"""Bringing an older store to the present schema: back up, check, migrate, count, check again. Alembic is imported only here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from approgress.domain.errors import Trouble
from approgress.store.database import Database, revision
from approgress.store.tables import REVISION

REVISIONS = ("0001", "0002")


def needs_upgrade(database: Database) -> bool:
    """Whether the store is older than this program. Trouble when it is newer."""
    found = revision(database)
    if found is None:
        raise Trouble(f"{database.where} is not a school's store of approgress. Nothing was changed.")
    if found not in REVISIONS:
        raise Trouble(
            f"{database.where} was last used with a newer approgress than this one. Nothing was changed. Update the program on this computer first."
        )
    return found != REVISION


def _config(connection: Any) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, to: str = REVISION) -> None:
    """Run the migrations in one transaction; the rows of every table are counted before and after."""
    from alembic import command

    with database.write() as c:
        before = _counts(c)
        command.upgrade(_config(c), to)
        after = _counts(c)
        lost = {t: (n, after.get(t, 0)) for t, n in before.items() if t != "alembic_version" and after.get(t, n) < n}
        if lost:
            raise Trouble(f"The change of schema would have lost rows ({', '.join(lost)}), so it was not made. The file is as it was.")


def _counts(c: Any) -> dict[str, int]:
    return {t: int(c.exec_driver_sql(f'SELECT count(*) FROM "{t}"').scalar() or 0) for t in inspect(c).get_table_names()}


def bring_up_to_date(database: Database, backups: Path, now: datetime) -> bool:
    """Upgrade an older store after backing it up; returns whether there was anything to do."""
    if not needs_upgrade(database):
        return False
    if database.path is not None:
        from approgress.store.backup import SUFFIX, check_pages, write_backup

        check_pages(database)
        backups.mkdir(parents=True, exist_ok=True)
        name = f"before upgrade {now:%Y-%m-%d %H-%M-%S}"
        to, n = backups / f"{name}{SUFFIX}", 1
        while to.exists():  # of another school, upgraded in the same second
            n += 1
            to = backups / f"{name} {n}{SUFFIX}"
        write_backup(database, to, now=now)
    migrate(database)
    if database.path is not None:
        from approgress.store.backup import check_pages

        check_pages(database)
    return True
