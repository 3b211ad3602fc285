"""Where files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from approgress.domain.errors import Trouble
from approgress.paths import backups_dir, data_dir, log_dir, resource


def test_resources_are_found() -> None:
    assert resource("fonts").is_dir()
    assert resource("codes", "attendance.toml").is_file()


def test_the_variable_names_the_data_folder_and_it_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APPROGRESS_DATA_DIR", str(tmp_path / "a é" / "b"))
    assert data_dir() == tmp_path / "a é" / "b"
    assert backups_dir() == data_dir() / "backups" and backups_dir().is_dir()
    assert log_dir() == data_dir() / "logs" and log_dir().is_dir()


def test_without_the_variable_it_is_this_persons_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("APPROGRESS_DATA_DIR")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, appauthor: tmp_path / "own" / name)
    assert data_dir() == tmp_path / "own" / "approgress"
    assert data_dir().is_dir()


def test_a_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("APPROGRESS_DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(Trouble, match="cannot be made.*Nothing was changed"):
        data_dir()
