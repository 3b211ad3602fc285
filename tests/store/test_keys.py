"""Keys: passphrases, the recovery code, and a key file that is lost, damaged, moved or newer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal, Trouble, WrongPassphrase
from approgress.school.school import School
from approgress.store.keys import KeyFile, key_path, new_data_key, new_recovery_code, read_recovery_code
from tests.store.conftest import PASS, add_pupils


def test_a_passphrase_opens_and_another_does_not(school: School) -> None:
    path = school.path
    assert path is not None
    add_pupils(school, 1)
    school.close()
    before = path.read_bytes()
    with pytest.raises(WrongPassphrase, match="Nothing was changed"):
        School.open(path, "not the passphrase")
    assert path.read_bytes() == before
    School.open(path, PASS).close()


def test_a_passphrase_typed_in_composed_or_decomposed_letters_is_the_same(tmp_path: Path) -> None:
    School.create(tmp_path / "s.approgress", "S", passphrase="caf\u00e9 au lait")[0].close()
    School.open(tmp_path / "s.approgress", "cafe\u0301 au lait").close()


def test_the_recovery_code_opens_also_with_o_for_nought_and_small_letters(tmp_path: Path) -> None:
    school, code = School.create(tmp_path / "s.approgress", "S", passphrase=PASS)
    school.close()
    School.open(tmp_path / "s.approgress", code.lower().replace("0", "o").replace("1", "l").replace("-", " ")).close()


@given(st.integers(0, 31), st.sampled_from("ABCDEFGHJKMNPQRSTVWXYZ0123456789"))
def test_one_mistyped_sign_of_a_recovery_code_is_noticed(place: int, sign: str) -> None:
    code = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345-67".replace("-", "")
    from approgress.store.keys import _check_signs  # pyright: ignore[reportPrivateUsage]

    code = code[:30] + _check_signs(code[:30])
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong == code:
        assert read_recovery_code(wrong) == code[:30]
    else:
        with pytest.raises(Refusal, match="mistype"):
            read_recovery_code(wrong)


def test_recovery_codes_differ_and_have_no_letter_that_is_read_as_a_digit() -> None:
    codes = {new_recovery_code() for _ in range(50)}
    assert len(codes) == 50
    assert not set("".join(codes)) & set("ILOU")


def test_a_wrap_moved_to_another_persons_slot_does_not_open() -> None:
    keys = KeyFile.new("0011", "S")
    data_key = new_data_key()
    keys.add_person(1, "A", "first passphrase", data_key)
    keys.data["people"]["2"] = keys.data["people"].pop("1")
    with pytest.raises(WrongPassphrase):
        keys.open("first passphrase")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refusal, match="8 characters"):
        KeyFile.new("0011", "S").add_person(1, "A", "short", new_data_key())


def test_lost_damaged_foreign_and_newer_key_files_have_their_own_sentences(school: School, tmp_path: Path) -> None:
    path = school.path
    assert path is not None
    school.close()
    good = key_path(path).read_text()
    said: set[str] = set()

    def opens(text: str | None) -> None:
        if text is None:
            key_path(path).unlink()
        else:
            key_path(path).write_text(text)
        with pytest.raises(Trouble) as told:
            School.open(path, PASS)
        assert "Nothing was changed" in told.value.sentence
        said.add(told.value.sentence)

    opens(None)
    opens("{ not json")
    opens(json.dumps(json.loads(good) | {"format": 99}))
    other, _ = School.create(tmp_path / "other.approgress", "Other", passphrase=PASS)
    assert other.path is not None
    other.close()
    opens(key_path(other.path).read_text())
    assert len(said) == 4
    key_path(path).write_text(good)
    School.open(path, PASS).close()


def test_the_key_file_of_another_school_is_named_when_its_passphrase_is_right(school: School, tmp_path: Path) -> None:
    path = school.path
    assert path is not None
    school.close()
    other, _ = School.create(tmp_path / "other.approgress", "Other", passphrase="other plain words")
    assert other.path is not None
    other.close()
    key_path(path).write_bytes(key_path(other.path).read_bytes())
    with pytest.raises(Trouble, match="key file belongs to another school"):
        School.open(path, "other plain words")


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "a slot that is no slot": lambda d: d.update(people={"1": 1}),
    "a person's number that is none": lambda d: d.update(people={"x": d["people"]["1"]}),
    "a name that is a number": lambda d: d["people"]["1"].update(name=5),
    "more memory than there is": lambda d: d["people"]["1"].update(m=2**31 - 1),
    "less than no memory": lambda d: d["people"]["1"].update(m=-1),
    "a thousand million rounds": lambda d: d["people"]["1"].update(t=10**9),
    "no lanes": lambda d: d["people"]["1"].update(p=0),
    "memory as text": lambda d: d["people"]["1"].update(m="65536"),
    "no salt": lambda d: d["people"]["1"].update(salt=""),
    "half a nonce": lambda d: d["people"]["1"].update(nonce="AA=="),
    "an open key that is none": lambda d: d.update(open="zzz"),
    "an open key that is a number": lambda d: d.update(open=5),
    "a school that is a number": lambda d: d.update(school=5),
    "a code without a wrap": lambda d: d["recovery"].pop("wrap"),
    "a format as text": lambda d: d.update(format="1"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_a_damaged_value_anywhere_in_the_key_file_is_said_and_never_tried(spoil: Callable[[dict[str, Any]], object]) -> None:
    keys = KeyFile.new("0011", "S")
    data_key = new_data_key()
    keys.add_person(1, "A", PASS, data_key)
    keys.set_recovery(new_recovery_code(), data_key)
    assert KeyFile.from_text(keys.text(), "k").data == keys.data
    spoil(keys.data)
    with pytest.raises(Trouble, match="key file k is damaged. Nothing was changed"):
        KeyFile.from_text(keys.text(), "k")


@pytest.mark.skipif(os.name == "nt", reason="rights are kept otherwise there")
def test_a_new_key_file_may_be_read_by_its_owner_only_and_keeps_the_rights_it_was_given(school: School) -> None:
    assert school.path is not None
    path = key_path(school.path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    school.new_recovery_code()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_passphrase_and_a_new_code_replace_the_old(school: School) -> None:
    path = school.path
    assert path is not None
    school.set_passphrase(1, "A. Teacher", "a wholly new passphrase")
    code = school.new_recovery_code()
    school.close()
    with pytest.raises(WrongPassphrase):
        School.open(path, PASS)
    School.open(path, "a wholly new passphrase").close()
    School.open(path, code).close()
