"""The guards around every test can bark: what they forbid fails a test, and what they allow does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TRIALS = """
import os, threading, time, warnings
import pytest
import tests.postgres as server
from approgress.paths import data_dir

def none():
    raise server.NoServer("it is not installed")

server.find_binaries = none
first = None

def test_forbidden_thread():
    threading.Thread(target=time.sleep, args=(6,), name="stays").start()

def test_forbidden_qt(qapp):
    from PySide6.QtCore import qWarning
    qWarning("Qt complains")

def test_forbidden_warning():
    warnings.warn("Python complains", DeprecationWarning)

@pytest.mark.xfail
def test_forbidden_pass():
    pass

def test_allowed_offscreen(qapp):
    from PySide6.QtWidgets import QWidget
    w = QWidget()
    w.resize(40, 40)
    w.show()
    w.raise_()
    w.grabKeyboard()
    w.releaseKeyboard()
    w.close()

def test_allowed_place_and_time():
    global first
    assert os.environ["TZ"] == "Europe/London" and os.environ["LC_ALL"] == "C.UTF-8"
    first = data_dir()
    assert first.name.startswith("test-")

def test_allowed_own_folder():
    assert data_dir() != first

def test_server(postgres_url):
    pass
"""


def outcomes(tmp_path: Path, *arguments: str, **environment: str) -> tuple[dict[str, str], str]:
    """Run the trials under the project's settings and guards; returns the outcome of each (the worst word said), and all that was said."""
    (tmp_path / "test_trial.py").write_text(TRIALS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-p", "tests.conftest"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path / "test_trial.py"), *arguments]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": str(ROOT)} | environment
    said = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    found: dict[str, str] = {}
    for line in said.splitlines():
        for word in ("PASSED", "SKIPPED", "FAILED", "ERROR"):
            if "::test_" in line and word in line:
                name = line.split("::test_")[1].split()[0]
                found[name] = word if found.get(name) in (None, "PASSED") else found[name]
    return found, said


def test_what_is_forbidden_fails_and_what_is_allowed_does_not(tmp_path: Path) -> None:
    found, said = outcomes(tmp_path, CI="", APPROGRESS_DATA_DIR=str(tmp_path / "a person's own"), LC_ALL="C", TZ="Asia/Tokyo")
    assert found == {
        "forbidden_thread": "ERROR",
        "forbidden_qt": "FAILED",
        "forbidden_warning": "FAILED",
        "forbidden_pass": "FAILED",
        "allowed_offscreen": "PASSED",
        "allowed_place_and_time": "PASSED",
        "allowed_own_folder": "PASSED",
        "server": "SKIPPED",
    }, said
    for words in ("stays", "Qt complains", "Python complains", "XPASS(strict)", "NOT TESTED ON POSTGRESQL: it is not installed"):
        assert words in said
    assert not (tmp_path / "a person's own").exists()


def test_without_postgresql_tests_fail_in_ci(tmp_path: Path) -> None:
    found, said = outcomes(tmp_path, "-k", "server", CI="true")
    assert found == {"server": "ERROR"}, said
    assert "it is not installed" in said


def test_each_address_is_a_fresh_database(postgres_url: object) -> None:
    import psycopg

    assert callable(postgres_url)
    one, other = postgres_url(), postgres_url()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE t (x int)")
    with psycopg.connect(other) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_the_server_is_not_roots_and_only_on_loopback(postgres: object) -> None:
    import psycopg

    with psycopg.connect(postgres.address("postgres")) as connection:  # type: ignore[attr-defined]
        row = connection.execute("SELECT pg_backend_pid(), current_setting('listen_addresses')").fetchone()
    assert row is not None and row[1] == "127.0.0.1"
    status = Path(f"/proc/{row[0]}/status")
    if status.exists():
        uids = next(line for line in status.read_text().splitlines() if line.startswith("Uid:")).split()[1:]
        assert "0" not in uids
