"""Workspace: what it passes on, when it says saved, where refusals and troubles go, what other windows do, the day that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from approgress.domain.edits import Changes, Put, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.records import Group, Setting
from approgress.school.school import School
from approgress.ui.workspace import Workspace


@pytest.fixture
def workspace(school: School, qapp: object) -> Iterator[Workspace]:
    made = Workspace(school)
    yield made
    made.stop_looking()
    made.tasks.stop_all()


def _seen(workspace: Workspace) -> list[Changes]:
    seen: list[Changes] = []
    workspace.changed.connect(seen.append)
    return seen


def _group(name: str) -> Callable[..., list[Put]]:
    return lambda ids: [Put(Group(ids.other(), 1, name))]


def test_a_write_is_passed_on_and_said_to_be_saved_only_then(workspace: Workspace) -> None:
    seen = _seen(workspace)
    assert workspace.saved == ""
    workspace.do(Title.GROUPS, _group("Rowan"))
    assert workspace.saved.startswith("Saved ") and len(workspace.saved) == len("Saved 09:12")
    assert [c.kinds for c in seen] == [{"group"}]


def test_nothing_is_said_where_nothing_changed(workspace: Workspace) -> None:
    seen = _seen(workspace)
    workspace.do(Title.GROUPS, [])
    assert workspace.saved == "" and seen == []


def test_do_raises_and_attempt_tells(workspace: Workspace, qtbot: QtBot) -> None:
    def refuse(_ids: object) -> list[Put]:
        raise Refusal("A rule says no.")

    with pytest.raises(Refusal):
        workspace.do(Title.GROUPS, refuse)
    with qtbot.waitSignal(workspace.troubled) as told:
        assert not workspace.attempt(Title.GROUPS, refuse)
    assert told.args == ["A rule says no.", "attention"]
    assert workspace.attempt(Title.GROUPS, _group("Rowan"))
    assert workspace.saved


def test_a_full_disk_is_said_and_never_shown_as_saved(workspace: Workspace, school: School, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    sentence = "The disk is full: this could not be saved and was not."

    def full(*_: object, **__: object) -> Changes:
        raise Trouble(sentence)

    monkeypatch.setattr(school, "do", full)
    seen = _seen(workspace)
    with qtbot.waitSignal(workspace.troubled) as told:
        assert not workspace.attempt(Title.GROUPS, _group("Rowan"))
    assert told.args == [sentence, "error"] and workspace.saved == "" and seen == []
    monkeypatch.undo()
    assert workspace.attempt(Title.GROUPS, _group("Rowan")), "typing goes on without restarting"


def test_undo_and_redo_name_what_they_take(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.do(Title.GROUPS, _group("Rowan"))
    assert workspace.undo_titles() == ("Change groups", "")
    with qtbot.waitSignal(workspace.troubled) as told:
        workspace.undo()
    assert told.args == ["Undo: Change groups.", "done"]
    assert workspace.undo_titles()[1] == "Change groups"
    assert "Rowan" not in {g.name for g in workspace.read(lambda r: r.every(Group))}
    workspace.redo()
    assert "Rowan" in {g.name for g in workspace.read(lambda r: r.every(Group))}


def test_undo_with_nothing_to_take_back_says_so(workspace: Workspace, qtbot: QtBot) -> None:
    while workspace.undo_titles()[0]:
        workspace.undo()
    with qtbot.waitSignal(workspace.troubled) as told:
        workspace.undo()
    assert told.args == ["There is nothing to take back.", "attention"]


def test_what_another_window_wrote_comes_within_a_second(workspace: Workspace, school: School, qtbot: QtBot) -> None:
    seen = _seen(workspace)
    with School.open(school.path or "") as other:
        other.do(Title.GROUPS, _group("Rowan"))
    workspace.start_looking()
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert "group" in seen[0].kinds
    assert workspace.saved == "", "what somebody else wrote is not our saving"


def test_facts_are_kept_until_one_of_their_records_changes(workspace: Workspace) -> None:
    first = workspace.facts
    assert workspace.facts is first
    workspace.do(Title.GROUPS, _group("Rowan"))
    assert workspace.facts is not first
    assert "Rowan" in {g.name for g in workspace.facts.groups.values()}


def test_a_file_out_of_reach_is_said_once(workspace: Workspace, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    workspace.troubled.connect(lambda sentence, _kind: told.append(sentence))

    def gone() -> Changes:
        raise Trouble("s.approgress can no longer be reached.")

    monkeypatch.setattr(school, "others_changes", gone)
    for _ in range(3):
        workspace.look_round()
    assert told == ["s.approgress can no longer be reached."]
    monkeypatch.undo()
    workspace.look_round()
    monkeypatch.setattr(school, "others_changes", gone)
    workspace.look_round()
    assert len(told) == 2, "a second loss is told again"


def test_another_day_is_told(workspace: Workspace, school: School, qtbot: QtBot) -> None:
    setting = school.setting
    with qtbot.waitSignal(workspace.day_changed) as told:
        workspace.do(Title.CHANGE_SETTING, [Put(replace(setting, today=date(2026, 11, 30)), setting)])
        workspace.look_round()
    assert told.args == [date(2026, 11, 30)] and workspace.today == date(2026, 11, 30)


def test_hiding_names_is_said_once(workspace: Workspace) -> None:
    said: list[bool] = []
    workspace.names_hidden_changed.connect(said.append)
    workspace.hide_names(True)
    workspace.hide_names(True)
    workspace.hide_names(False)
    assert said == [True, False]


def test_signals_survive_thousands(workspace: Workspace) -> None:
    """PySide6 6.12 on CPython 3.11 lost a reference at each emit and aborted after some hundreds (house.md)."""
    count = 0

    def seen(_changes: object) -> None:
        nonlocal count
        count += 1

    workspace.changed.connect(seen)
    for _ in range(5000):
        workspace.changed.emit(Changes())
    assert count == 5000


def test_the_setting_is_read(workspace: Workspace) -> None:
    assert workspace.read(lambda r: r.every(Setting))[0].name == "Trial Bridge School"
