"""What holds for every test: place and time fixed, a data folder of its own, nothing left running; and a PostgreSQL server on request."""

from __future__ import annotations

import locale
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Cluster, NoServer

pytest_plugins = ("tests.demonstration",)

os.environ["TZ"] = "Europe/London"
if hasattr(time, "tzset"):
    time.tzset()
for name in [n for n in os.environ if n.startswith(("LC_", "LANG", "APPROGRESS_", "QT_SCALE", "QT_FONT", "QT_STYLE"))]:
    del os.environ[name]
os.environ["LC_ALL"] = "C.UTF-8"
with suppress(locale.Error):  # Windows and macOS know no C.UTF-8
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
if sys.platform == "linux":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)

# No deadline: two cores shared with others make any a lottery. In CI the same examples every time, so that a run can be repeated.
settings.register_profile("by hand", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("by hand"), derandomize=True, print_blob=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "by hand")


@pytest.fixture(scope="session", autouse=True)
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where data folders of tests lie; what fixtures of the whole session write goes to one of their own there."""
    root = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPROGRESS_DATA_DIR", str(root / "session"))
        yield root


@pytest.fixture(autouse=True)
def own_data_folder(data_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where approgress.paths.data_dir() points in this test: a folder of its own, made when first asked for."""
    # most tests never make it, so a name is used up only by those that do
    folder = data_root / f"test-{len(os.listdir(data_root))}"
    monkeypatch.setenv("APPROGRESS_DATA_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """No test leaves a thread behind that would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in left:
        thread.join(timeout=5)
    left = [t for t in left if t.is_alive()]
    assert not left, f"threads left running: {', '.join(t.name for t in left)}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server for this process's tests. Without one they skip loudly by hand and fail in CI."""
    try:
        cluster = Cluster()
    except NoServer as why:
        if os.environ.get("CI"):
            pytest.fail(f"These tests need PostgreSQL, and CI has to have it: {why}.", pytrace=False)
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {why}. On Debian: apt-get install postgresql")
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a fresh, empty PostgreSQL database; they are dropped after the test."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgres.new_database())
        return made[-1]

    yield fresh
    for address in made:
        postgres.drop(address)
