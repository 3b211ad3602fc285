"""UPN and ULN checks, by the workings that were done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.identifiers import check_uln, check_upn

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def letter(rest: str) -> str:
    """The check letter, worked apart from the program: weights 2 to 13, modulo 23."""
    values = [int(c) if c.isdigit() else ALPHABET.index(c) for c in rest]
    return ALPHABET[sum(v * w for v, w in zip(values, range(2, 14), strict=True)) % 23]


@pytest.mark.parametrize("upn", ["B801200005001", "P207000016049", "M82343212600A"])
def test_upns_worked_by_hand(upn: str) -> None:
    found = check_upn(upn)
    assert found.ok
    assert found.value == upn
    assert found.doubts == ()
    assert found.unknown_authority is None
    assert found.temporary is upn[-1].isalpha()


def test_the_suppliers_example_is_wrong() -> None:
    found = check_upn("Q207000016049")
    assert not found.ok
    assert found.doubts == ("The check letter should be P, not Q.",)


def test_a_hand_kept_list() -> None:
    wrong = check_upn("Q999420124121")
    assert "check letter should be X" in wrong.doubts[0]
    assert wrong.value == "Q999420124121"
    look_alike = check_upn("C99942O1241O5")
    assert look_alike.suggestion == "C999420124105"
    assert "etter O in place of nought" in look_alike.doubts[0]
    assert "C999420124105" in look_alike.doubts[0]
    short = check_upn("A99942012412")
    assert "12 characters, 13 expected" in short.doubts[0]
    small = check_upn(" p999 420124124")
    assert (small.ok, small.value, small.doubts) == (True, "P999420124124", ())


def test_an_unknown_authority_is_a_doubt_apart() -> None:
    found = check_upn("T999400126001")
    assert found.ok
    assert found.doubts == ()
    assert found.unknown_authority == "999"
    assert found.authority_doubt is not None
    assert "999" in found.authority_doubt


@pytest.mark.parametrize("authority", ["001", "005", "201", "838", "938", "943"])
def test_known_authorities(authority: str) -> None:
    rest = f"{authority}400126001"
    assert check_upn(letter(rest) + rest).unknown_authority is None


@pytest.mark.parametrize("text", ["", "1234567890123", "IA23456789012", "P2070000160A9", "P20700001604I", "P20700001604é"])
def test_other_misforms_are_doubted(text: str) -> None:
    found = check_upn(text)
    assert not found.ok
    assert len(found.doubts) == 1


@given(st.text(alphabet="0123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + ALPHABET))
def test_the_check_letter_agrees_with_the_working(middle: str, last: str) -> None:
    rest = middle + last
    right = letter(rest)
    assert check_upn(right + rest).ok
    for other in ALPHABET:
        if other != right:
            assert check_upn(other + rest).doubts == (f"The check letter should be {right}, not {other}.",)


@given(st.text(max_size=20))
def test_no_text_breaks_the_checks(text: str) -> None:
    assert check_upn(text).ok or check_upn(text).doubts
    assert check_uln(text).ok or check_uln(text).doubts


def test_uln() -> None:
    assert check_uln("9276308686").ok
    assert check_uln("9276 308 686").value == "9276308686"
    assert "check digit" in check_uln("9276308685").doubts[0]
    assert "10 expected" in check_uln("927630868").doubts[0]
    assert "begin with 0" in check_uln("0276308686").doubts[0]
    assert "shortened" in check_uln("9.27631E+09").doubts[0]
    assert "ten digits" in check_uln("927630868X").doubts[0]


@given(st.integers(100_000_000, 999_999_999))
def test_one_check_digit_at_most_fits(first_nine: int) -> None:
    r = sum(int(c) * w for c, w in zip(str(first_nine), range(10, 1, -1), strict=True)) % 11
    fitting = [d for d in range(10) if check_uln(f"{first_nine}{d}").ok]
    assert fitting == ([] if r == 0 else [10 - r])
