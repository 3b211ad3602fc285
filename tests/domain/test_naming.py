"""How pupils are named: preferred over legal, never a former name, hidden by the code, found without accents."""

from __future__ import annotations

import unicodedata
from dataclasses import astuple
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.naming import file_part, fold, matches, pronouns_of, shown
from approgress.domain.records import Name, Pupil

DAY = date(2026, 11, 24)
PUPIL = Pupil(1, "KTB412", pronouns="she/her", sex="F")
NAMES = (
    Name(1, 1, "legal", "Amara", "Bell-O\u2019Neill", "Jo"),
    Name(1, 2, "preferred", "Mara"),
    Name(1, 3, "former", "Alan", "Former"),
)


def test_a_preferred_part_stands_over_the_legal_one() -> None:
    name = shown(PUPIL, NAMES, DAY)
    assert (name.full, name.call, name.listed, name.initials) == ("Mara Bell-O\u2019Neill", "Mara", "Bell-O\u2019Neill, Mara", "MB")


def test_registers_can_ask_for_the_legal_name() -> None:
    assert shown(PUPIL, NAMES, DAY, legal=True).full == "Amara Bell-O\u2019Neill"


def test_an_ended_preferred_name_is_not_used() -> None:
    ended = (NAMES[0], Name(1, 2, "preferred", "Mara", last_day=date(2026, 1, 1)))
    assert shown(PUPIL, ended, DAY).call == "Amara"


def test_a_changed_legal_name_never_comes_back_with_an_older_day_of_ending() -> None:
    names = (
        Name(1, 1, "legal", "Amara", "Old", last_day=date(2026, 5, 31)),
        Name(1, 2, "legal", "Amara", "New", first_day=date(2026, 6, 1)),
    )
    assert shown(PUPIL, names, DAY).full == "Amara New"


def test_a_former_name_is_in_nothing_that_is_shown_or_searched() -> None:
    for legal in (False, True):
        assert "former" not in str(astuple(shown(PUPIL, NAMES, DAY, legal=legal))).casefold()
        assert not matches(shown(PUPIL, NAMES, DAY, legal=legal), "alan")


def test_hidden_is_the_code_everywhere_and_never_initials() -> None:
    name = shown(PUPIL, NAMES, DAY, hidden=True)
    assert (name.full, name.call, name.listed, name.initials, name.file_part) == ("KTB412", "KTB412", "KTB412", "", "KTB412")
    assert name.pronouns is None
    told = str(astuple(name)).casefold()
    assert not any(part in told for part in ("amara", "mara", "bell", "neill", "jo"))


def test_a_pupil_without_a_name_is_shown_by_the_code() -> None:
    name = shown(PUPIL, (), DAY)
    assert name.full == "KTB412" and name.initials == "" and not name.hidden


@pytest.mark.parametrize(
    ("typed", "full"),
    [("zoe", "Zo\u00eb Ní Cheallaigh"), ("duc", "\u0110\u1ee9c Nguy\u1ec5n"), ("oneill", "Sam O\u2019Neill"), ("quinn moss", "Harley Quinn-Moss"), ("wojcik", "Libby W\u00f3jcik")],
)
def test_search_knows_no_accents_apostrophes_or_hyphens(typed: str, full: str) -> None:
    forename, surname = full.split(" ", 1)
    for form in ("NFC", "NFD"):
        names = (Name(1, 1, "legal", unicodedata.normalize(form, forename), unicodedata.normalize(form, surname)),)
        assert matches(shown(PUPIL, names, DAY), typed)


def test_search_wants_every_word_to_begin_a_word_of_the_name() -> None:
    name = shown(PUPIL, NAMES, DAY)
    assert matches(name, "bell ma") and matches(name, "") and matches(name, "amara")
    assert not matches(name, "ell") and not matches(name, "mara smith")


def test_sorting_puts_accented_names_among_the_plain_ones() -> None:
    order = sorted(["Zara", "\u00c9lise", "Eli", "Emma", "\u0141ukasz", "Luke", "Mo"], key=fold)
    assert order == ["Eli", "\u00c9lise", "Emma", "\u0141ukasz", "Luke", "Mo", "Zara"]


def test_text_that_looks_like_markup_passes_through_untouched() -> None:
    names = (Name(1, 1, "legal", "Alan", "B"), Name(1, 2, "preferred", "Al <i>& Co"))
    assert shown(PUPIL, names, DAY).full == "Al <i>& Co B"


@pytest.mark.parametrize(
    ("field", "subject", "possessive"),
    [("she/her", "she", "her"), ("He/Him", "he", "his"), ("they / them", "they", "their"), ("they", "they", "their"), ("xe/xem/xyr/xyrs/xemself", "xe", "xyr")],
)
def test_pronouns_come_from_the_field(field: str, subject: str, possessive: str) -> None:
    found = pronouns_of(field)
    assert found is not None and (found.subject, found.possessive) == (subject, possessive)


@pytest.mark.parametrize("field", [None, "", "she/they", "xe/xem", "ask me", "F"])
def test_pronouns_that_are_not_sure_are_none(field: str | None) -> None:
    assert pronouns_of(field) is None


def test_without_pronouns_the_name_is_used_whatever_the_sex() -> None:
    name = shown(Pupil(1, "KTB412", sex="F"), NAMES, DAY)
    assert (name.subject, name.object, name.possessive, name.verb("has", "have")) == ("Mara", "Mara", "Mara\u2019s", "has")


def test_they_takes_the_verb_of_several() -> None:
    assert shown(Pupil(1, "KTB412", pronouns="they/them"), NAMES, DAY).verb("has", "have") == "have"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=90))
def test_a_part_of_a_file_name_is_safe_everywhere(text: str) -> None:
    part = file_part(text)
    assert part and len(part) <= 60 and not part.startswith("-") and not part.endswith("-")
    assert all(c.isalnum() or c == "-" for c in part)


@given(st.text(min_size=1, max_size=12), st.text(max_size=12), st.booleans())
def test_hidden_names_do_not_depend_on_the_name(forename: str, surname: str, legal: bool) -> None:
    one = shown(PUPIL, (Name(1, 1, "legal", forename, surname),), DAY, hidden=True, legal=legal)
    assert one == shown(PUPIL, NAMES, DAY, hidden=True)
