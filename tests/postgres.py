"""A PostgreSQL server of the tests' own: a throw-away cluster on loopback, never run as root, gone when its owner goes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

USER = "approgress"
PASSWORD = "for-these-tests-only"


class NoServer(Exception):
    """PostgreSQL cannot be started here; the text says why."""


def find_binaries() -> Path:
    """The newest installed PostgreSQL's folder of programs; NoServer where there is none."""
    found: list[tuple[int, Path]] = []
    for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        with suppress(ValueError):
            found.append((int(initdb.parts[-3]), initdb.parent))
    if found:
        return max(found)[1]
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoServer("PostgreSQL's server is not installed (no initdb on the path or under /usr/lib/postgresql)")
    return Path(on_path).resolve().parent


def _as_ordinary_user() -> dict[str, Any]:
    """What makes a child process run as an ordinary user: nothing unless we are root, for whom PostgreSQL refuses to run."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoServer("these tests run as root, and there is neither a user postgres nor a user nobody to run the server as")


class Cluster:
    """A running server; `new_database()` gives the address of a fresh, empty database."""

    def __init__(self) -> None:
        self._binaries = find_binaries()
        self._ordinary = _as_ordinary_user()
        self._folder = Path(tempfile.mkdtemp(prefix="approgress-postgres-"))
        self._count = 0
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self._make()
            # another process may take a free port between our looking and the server's
            for attempt in range(5):
                if self._start():
                    return
                if attempt == 4:
                    raise NoServer(f"the server did not start: {self._said()[-500:]}")
        except BaseException:
            self.stop()
            raise

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD, encoding="ascii")
        if self._ordinary:
            for path in (self._folder, secret):
                os.chown(path, self._ordinary["user"], self._ordinary["group"])
        command = [self._binaries / "initdb", "--no-sync", "--no-instructions", "-D", self._folder / "data", "-U", USER]
        command += ["--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C"]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **self._ordinary
        )
        if done.returncode:
            raise NoServer(f"initdb failed: {(done.stderr or done.stdout).strip()[-500:]}")

    def _start(self) -> bool:
        with socket.socket() as looking:
            looking.bind(("127.0.0.1", 0))
            self.port: int = looking.getsockname()[1]
        command: list[str | Path] = [self._binaries / "postgres", "-D", self._folder / "data", "-p", str(self.port)]
        # a server that no test outlives needs no disk to be sure of
        for setting in (
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=32MB",
            "max_connections=40",
            "max_wal_size=256MB",
            "autovacuum=off",
        ):
            command += ["-c", setting]
        guard = shutil.which("setpriv")
        if guard and sys.platform == "linux":
            # the server goes when its owner is killed, too
            command = [guard, "--pdeathsig", "INT", "--", *command]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **self._ordinary
            )
        import psycopg

        until = time.monotonic() + 60
        while time.monotonic() < until and self._server.poll() is None:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _said(self) -> str:
        log = self._folder / "log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def address(self, database: str) -> str:
        """The address of a database of this server."""
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a fresh, empty database."""
        import psycopg

        self._count += 1
        name = f"school_{self._count}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Drop a database, whoever is still connected."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {address.rpartition('/')[2]} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(2)  # SIGINT: a fast shutdown
            try:
                self._server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
