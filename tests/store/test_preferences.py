"""Preferences and the draft of a set-up: what is kept comes back, what cannot be right gives the default, no password is kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.store.preferences import (
    DraftClosure,
    DraftPerson,
    DraftTerm,
    Preferences,
    SetUpDraft,
    change_preferences,
    draft_path,
    preferences_path,
    read_draft,
    read_preferences,
    without_password,
    write_draft,
    write_preferences,
)

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(
    st.builds(
        Preferences,
        theme=st.sampled_from(["light", "dark", "contrast"]),
        text_percent=st.sampled_from([100, 125, 150, 175, 200]),
        width=st.integers(0, 9000),
        height=st.integers(0, 9000),
        maximised=st.booleans(),
        place=TEXT,
        schools=st.lists(TEXT, max_size=6).map(tuple),
        hide_names=st.booleans(),
        idle_minutes=st.integers(0, 240),
        notices=st.lists(TEXT, max_size=3).map(tuple),
        kept_copies=st.lists(TEXT, max_size=3).map(tuple),
    )
)
def test_what_is_kept_comes_back(wanted: Preferences) -> None:
    write_preferences(wanted)
    assert read_preferences() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "theme = 3\ntext_percent = 'big'\nschools = 'one'\nidle_minutes = -4\n",
        "theme = 'pink'\ntext_percent = 117\nidle_minutes = 100000\n",
        "not toml at all [[",
        "schools = [1, 2]\nwidth = true\n",
        "",
    ],
)
def test_a_value_that_cannot_be_right_gives_the_default_and_never_stops_the_program(text: str) -> None:
    preferences_path().write_text(text)
    assert read_preferences() == Preferences()


def test_the_look_of_the_first_paint_finds_its_lines() -> None:
    """`quick_value` reads the file without a parser: what is written has to stay readable so."""
    from approgress.ui.main_window import quick_value

    change_preferences(theme="contrast", width=1200, height=800, maximised=True, schools=("a", "b"))
    file = preferences_path()
    assert [quick_value(file, k) for k in ("theme", "width", "height", "maximised")] == ["contrast", "1200", "800", "true"]
    assert quick_value(file, "schools") not in ("", "[]")
    change_preferences(schools=())
    assert quick_value(file, "schools") == "[]" and quick_value(file, "nothing") == ""


def test_schools_are_kept_last_first_without_doubles() -> None:
    p = Preferences()
    for address in ("a", "b", "a", "c"):
        p = change_preferences(schools=p.with_school(address))
    assert p.schools == ("c", "a", "b")


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("postgresql://name:secret@server:5432/db", "postgresql://name@server:5432/db"),
        ("postgresql://server/db?password=secret&sslmode=require", "postgresql://server/db?sslmode=require"),
        ("postgresql://name@server/db", "postgresql://name@server/db"),
        ("/home/x/a:b@c.approgress", "/home/x/a:b@c.approgress"),
    ],
)
def test_no_password_is_kept(given_: str, kept: str) -> None:
    assert without_password(given_) == kept
    assert "secret" not in " ".join(Preferences().with_school(given_))


def test_a_draft_comes_back_and_goes() -> None:
    assert read_draft() is None
    draft = SetUpDraft(
        step=3,
        name="Hawthorn Centre",
        half_terms=(DraftTerm("Autumn 1", date(2026, 9, 3), date(2026, 10, 23)),),
        closures=(DraftClosure(date(2026, 10, 9), date(2026, 10, 9), "inset", "INSET day"),),
        groups=("Ash",),
        people=(DraftPerson("T. Mbeki", "head"),),
    )
    write_draft(draft)
    assert read_draft() == draft
    write_draft(None)
    assert read_draft() is None and not draft_path().exists()


def test_a_preference_that_cannot_be_written_costs_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("approgress.store.preferences._write", full)
    assert change_preferences(theme="dark").theme == "dark"
