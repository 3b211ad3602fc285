"""Bodies of steps: what is packed comes back, whole or by pupil, also from dictionaries used before."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from approgress.store.bodies import _DICTIONARIES, PIECES, Body, Change, _pack, pack, unpack  # pyright: ignore[reportPrivateUsage]

value = st.one_of(st.none(), st.integers(-(2**62), 2**62), st.text(max_size=40), st.floats(allow_nan=False, allow_infinity=False), st.binary(max_size=30))
fields = st.dictionaries(st.sampled_from(["am", "pm", "text", "answers", "value"]), st.tuples(value, value), min_size=1, max_size=4)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    op = draw(st.sampled_from("+~-"))
    values = draw(fields)
    if op == "+":
        values = {f: (None, a) for f, (_, a) in values.items()}
    if op == "-":
        values = {f: (b, None) for f, (b, _) in values.items()}
    kind, width = draw(st.sampled_from([("mark", 3), ("reading", 2), ("setting", 1), ("pupil", 1)]))
    key = tuple(draw(st.lists(st.integers(0, 2**50), min_size=width, max_size=width)))
    return Change(draw(st.integers(0, 40)), op, kind, key, values, draw(st.one_of(st.none(), st.text(max_size=20))))


def canonical(found: list[Change]) -> list[str]:
    return sorted(repr(c) for c in found)


@given(st.lists(changes(), max_size=30))
def test_what_goes_in_comes_out(given_: list[Change]) -> None:
    assert canonical(list(unpack(pack(given_)))) == canonical(given_)


@given(st.lists(changes(), min_size=1, max_size=60), st.integers(1, 7))
def test_pieces_hold_the_same_and_answer_for_one_pupil(given_: list[Change], piece: int) -> None:
    body = Body(piece)
    body.add(given_)
    packed = body.bytes()
    assert canonical(list(unpack(packed))) == canonical(given_)
    for pupil in {c.pupil for c in given_}:
        assert canonical(list(unpack(packed, pupil))) == canonical([c for c in given_ if c.pupil == pupil])


def test_a_large_step_is_kept_in_pieces() -> None:
    body = Body(100)
    body.add(Change(0, "+", "mark", (p, 1, d), {"am": (None, 0), "pm": (None, 1)}) for p in range(1, 21) for d in range(40))
    packed = body.bytes()
    assert packed[0] == PIECES
    assert len(list(unpack(packed, 7))) == 40
    assert len(packed) < 800 * 3  # a mark costs a few bytes, not dozens


def test_every_dictionary_ever_used_still_reads() -> None:
    change = Change(0, "~", "mark", (5, 1, 9700), {"am": (0, 32)})
    for number in _DICTIONARIES:
        body = Body()
        body.add([change])
        assert list(unpack(_pack(body._groups, number))) == [change]  # pyright: ignore[reportPrivateUsage]
    assert zlib.crc32(_DICTIONARIES[1]) == 2259901900, "a dictionary, once used, is never changed: add another"
