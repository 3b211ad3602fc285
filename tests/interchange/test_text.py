"""Encodings guessed and said, spreadsheet guards undone, letters folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.interchange.text import clean, decode, fold, guard, same_text, unguard

NAMES = "Côté Émilie; Åberg Nils; Muñoz Inés; Seán Ó Briain; Zoë O’Hara"


@pytest.mark.parametrize(
    ("encoding", "said", "guessed"),
    [
        ("utf-8", "UTF-8", False),
        ("utf-8-sig", "UTF-8", False),
        ("utf-16", "UTF-16", False),
        ("utf-16-le", "UTF-16 without a mark", True),
        ("cp1252", "Windows-1252", True),
    ],
)
def test_an_encoding_is_told_and_said(encoding: str, said: str, guessed: bool) -> None:
    read = decode(f"Name\r\n{NAMES}\r\n".encode(encoding))
    assert NAMES in read.text
    assert (read.encoding, read.guessed, read.lost) == (said, guessed, 0)


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp850", "Siân Muñoz Chloé"), ("cp1252", "Siân Muñoz Chloé"), ("mac_roman", "Muñoz Chloé Åberg Émilie")]
)
def test_old_encodings_are_told_apart_by_the_letters_they_give(encoding: str, name: str) -> None:
    assert name in decode(f"Name\r\n{name}\r\n".encode(encoding)).text


def test_lines_that_end_as_on_an_old_mac_are_read_as_its_letters() -> None:
    assert "Zoë" in decode("Name\rZoë\rSiân\r".encode("mac_roman")).text


def test_a_file_cut_off_within_a_letter_is_still_read() -> None:
    data = "Name\nZoë".encode()[:-1]
    assert decode(data).text == "Name\nZo"
    assert decode(data).lost == 1


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="000412"', "000412"),
        ('="a ""b"" c"', 'a "b" c'),
        ("'000413", "000413"),
        ("'Bea", "Bea"),
        ("O'Hara", "O'Hara"),
        ("'t Hooft", "'t Hooft"),
        ("\u00a0Smith \u200b", "Smith"),
        ("Sm\0ith", "Smith"),
        ("\tTab", "\tTab"),
        ("=cmd|'/c calc'!A0", "=cmd|'/c calc'!A0"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_what_only_a_spreadsheet_needs_goes_and_the_rest_stays(cell: str, text: str) -> None:
    assert clean(cell) == text


@given(st.text())
def test_a_guard_is_undone_letter_for_letter(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_names_are_compared_without_accents_and_as_either_system_writes_them() -> None:
    assert fold("Tra\u0302\u0300n") == fold("Trần") == "tran"
    assert fold("Đức") == "duc"
    assert fold("O’Hara-Smith") == fold("o'hara smith")
    assert fold("Ægir Strauß") == "aegirstrauss"
    assert fold(None) == ""
    assert same_text("Zoe\u0308", "Zoë") and same_text("O’Hara", "O'Hara") and not same_text("Zoe", "Zoë")
