"""The journal: what it writes, refuses, takes back and does again; on the file and on a server."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approgress.domain.edits import Erase, Put, Title
from approgress.domain.errors import Changed, Refusal, Stopped
from approgress.domain.records import KINDS, AbsenceContact, Group, GroupMember, Mark, Name, Note, Person, Pupil, key_of
from approgress.school.school import School, check
from approgress.store.journal import STRUCK_BY_UNDO
from approgress.store.keys import KeyFile
from tests.store.conftest import DAY, PASS, add_pupils, mark


def marks(school: School, pupil: int) -> list[Mark]:
    return school.read(lambda r: r.of_pupil(Mark, pupil))


def everything(school: School) -> dict[str, Any]:
    return {k: {key_of(x): x for x in school.read(lambda r, c=k: r.every(KINDS[c].cls))} for k in KINDS}


def test_a_mark_is_written_and_names_what_it_changed(either: School) -> None:
    (p,) = add_pupils(either, 1)
    changes = either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    assert changes.kinds == {"mark"} and changes.pupils == {p} and changes.step == 3
    assert marks(either, p) == [mark(p)]


def test_the_same_value_again_writes_nothing(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    before = either.journal.newest()
    assert not either.do(Title.TAKE_REGISTER, [Put(mark(p), mark(p))])
    assert not either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    assert either.journal.newest() == before


def test_keys_typed_one_by_one_are_one_step_and_as_many_undos(either: School) -> None:
    pupils = add_pupils(either, 3)
    for p in pupils:
        either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    assert either.journal.newest() == 3
    assert len(either.history(last=1)[0].changes) == 3
    for left in (2, 1, 0):
        either.undo()
        assert sum(bool(marks(either, p)) for p in pupils) == left
    for there in (1, 2, 3):
        either.redo()
        assert sum(bool(marks(either, p)) for p in pupils) == there
    with pytest.raises(Refusal, match="nothing to do again"):
        either.redo()
    assert check(either) == []


def test_a_step_does_not_grow_once_it_is_sealed(school: School) -> None:
    a, b = add_pupils(school, 2)
    school.do(Title.TAKE_REGISTER, [Put(mark(a))])
    school.seal()
    school.do(Title.TAKE_REGISTER, [Put(mark(b))])
    assert school.journal.newest() == 4


def test_a_second_writer_is_told_who_changed_it_and_nothing_is_overwritten(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    seen = marks(either, p)[0]
    either.do(Title.TAKE_REGISTER, [Put(replace(seen, am=2), seen)])
    with pytest.raises(Changed, match="A. Teacher changed this mark") as told:
        either.do(Title.TAKE_REGISTER, [Put(replace(seen, am=32), seen)])
    assert "nothing was overwritten" in told.value.sentence
    assert marks(either, p)[0].am == 2


def test_morning_and_afternoon_of_one_day_do_not_collide(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    seen = marks(either, p)[0]
    either.do(Title.TAKE_REGISTER, [Put(replace(seen, am=2), seen)])
    either.do(Title.TAKE_REGISTER, [Put(replace(seen, pm=1), seen)])  # saw the old morning, changes the afternoon only
    assert marks(either, p) == [mark(p, 2, 1)]


def test_undo_is_refused_when_the_field_was_touched_since_and_allowed_when_another_was(either: School) -> None:
    a, b = add_pupils(either, 2)
    either.do(Title.TAKE_REGISTER, [Put(mark(a))], grow=False)
    step = either.journal.newest()
    seen = marks(either, a)[0]
    either.do(Title.ENTER_ENGAGEMENT, [Put(replace(seen, am=32), seen)])
    either.do(Title.WRITE_NOTE, lambda ids: [Put(Note(b, ids.other(), DAY, "note", "something else"))])
    with pytest.raises(Refusal, match="you changed the mark"):
        either.undo(step)
    either.undo()  # the note
    either.undo()  # the change of the mark
    either.undo(step)
    assert marks(either, a) == []


def test_nobody_takes_back_another_persons_step(school: School) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.PEOPLE, [Put(Person(2, "B. Other"))])
    school.set_passphrase(2, "B. Other", "another good passphrase")
    assert school.path is not None
    with School.open(school.path, "another good passphrase") as other:
        other.do(Title.TAKE_REGISTER, [Put(mark(p))])
        theirs = other.journal.newest()
        with pytest.raises(Refusal, match="B. Other's"):
            school.undo(theirs)
        assert other.undo().count == 1


def test_a_pupil_with_marks_is_not_undone_from_under_them(either: School) -> None:
    (p,) = add_pupils(either, 1)
    step = either.journal.newest()
    either.do(Title.TAKE_REGISTER, [Put(mark(p))])
    with pytest.raises(Refusal, match="mark that belongs to it"):
        either.undo(step)
    assert either.read(lambda r: r.one(Pupil, p)) is not None


def test_a_group_in_use_is_not_erased(school: School) -> None:
    (p,) = add_pupils(school, 1)
    school.do(Title.GROUPS, [Put(Group(500, 1, "Ash"))])
    school.do(Title.GROUPS, [Put(GroupMember(p, 501, 500))])
    with pytest.raises(Refusal, match="still used"):
        school.do(Title.GROUPS, [Erase(Group(500, 1, "Ash"))])


def test_an_act_that_fails_halfway_leaves_nothing(either: School) -> None:
    (p,) = add_pupils(either, 1)
    before, step = everything(either), either.journal.newest()

    def act(ids: Any) -> Any:
        for i in range(5000):
            yield Put(mark(p, day=DAY + timedelta(i)))
        raise Stopped

    with pytest.raises(Stopped):
        either.do(Title.IMPORT_MARKS, act)
    assert everything(either) == before and either.journal.newest() == step


def test_an_import_is_one_step_and_one_undo(either: School) -> None:
    pupils = add_pupils(either, 12)
    before = everything(either)
    either.do(Title.IMPORT_MARKS, [Put(mark(p, 0, 1, DAY + timedelta(i))) for p in pupils for i in range(300)])
    step = either.journal.newest()
    assert sum(len(marks(either, p)) for p in pupils) == 3600
    either.undo()
    assert everything(either) == before
    either.redo()
    assert sum(len(marks(either, p)) for p in pupils) == 3600
    assert step + 2 == either.journal.newest()
    assert check(either) == []


def test_fifty_undos_after_closing_and_opening_again(tmp_path: Any) -> None:
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS)
    (p,) = add_pupils(school, 1)
    for i in range(60):
        school.do(Title.TAKE_REGISTER, [Put(mark(p, day=DAY + timedelta(i)))])
    path = school.path
    assert path is not None
    school.close()
    with School.open(path, PASS) as again:
        for _ in range(50):
            again.undo()
        assert len(marks(again, p)) == 10


def test_ids_are_never_given_twice_even_after_an_undo(school: School) -> None:
    first = add_pupils(school, 1)
    school.undo()
    assert add_pupils(school, 1) != first


def test_a_wrong_type_never_reaches_the_file(school: School) -> None:
    (p,) = add_pupils(school, 1)
    for wrong in ("abc", True, 2**70, 1.5):
        with pytest.raises(ValueError, match="whole number"):
            school.do(Title.TAKE_REGISTER, [Put(mark(p, wrong))])  # pyright: ignore[reportArgumentType]
    assert marks(school, p) == []


def test_text_with_a_nul_is_stored_without_it_on_both_stores(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.WRITE_NOTE, lambda ids: [Put(Note(p, ids.other(), DAY, "note", "a\0b"))])
    assert either.read(lambda r: r.of_pupil(Note, p))[0].text == "ab"


def test_the_history_orders_by_step_not_by_the_clock(tmp_path: Any) -> None:
    clock = [1_792_890_000.0]  # the night on which the clocks go back
    school, _ = School.create(tmp_path / "s.approgress", "S", passphrase=PASS, clock=lambda: clock[0])
    (p,) = add_pupils(school, 1)
    school.do(Title.WRITE_NOTE, lambda ids: [Put(Note(p, ids.other(), DAY, "note", "first"))])
    clock[0] -= 3600
    school.do(Title.SET_GOAL, lambda ids: [Put(Note(p, ids.other(), DAY, "note", "second"))])
    texts = [s.changes[0].fields["text"][1] for s in school.history(last=2)]
    assert texts == ["second", "first"]
    school.undo()
    assert [n.text for n in school.read(lambda r: r.of_pupil(Note, p))] == ["first"]
    school.close()


def test_history_of_one_pupil_holds_that_pupil_only(either: School) -> None:
    a, b = add_pupils(either, 2)
    either.do(Title.IMPORT_MARKS, [Put(mark(p)) for p in (a, b)])
    for step in either.history(pupil=a):
        assert {c.pupil for c in step.changes} == {a}
    either.seal()
    assert len(either.history(pupil=a)) == 2


def test_a_title_holds_no_name(school: School) -> None:
    add_pupils(school, 1)
    assert all("Surname" not in s.title.words and not s.more for s in school.history())


def test_two_threads_adding_one_lose_nothing(either: School) -> None:
    (p,) = add_pupils(either, 1)
    either.do(Title.TAKE_REGISTER, [Put(Mark(p, 1, DAY, 0, am_late=0))])
    refused: list[int] = []

    def add(n: int) -> None:
        for _ in range(n):
            while True:
                seen = marks(either, p)[0]
                assert seen.am_late is not None
                try:
                    either.do(Title.TAKE_REGISTER, [Put(replace(seen, am_late=seen.am_late + 1), seen)])
                    break
                except Changed:
                    refused.append(1)

    threads = [threading.Thread(target=add, args=(20,)) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert marks(either, p)[0].am_late == 40


def test_another_window_hears_of_a_change(either: School) -> None:
    (p,) = add_pupils(either, 1)
    address = either.path or either.database.engine.url.render_as_string(hide_password=False)
    with School.open(address, PASS) as other:
        assert not other.others_changes()
        either.do(Title.TAKE_REGISTER, [Put(mark(p))])
        heard = other.others_changes()
        assert heard.kinds >= {"mark"} and heard.pupils >= {p}
        assert not other.others_changes()


# --- against a model: undo and redo as a person would expect them ------------------------------------------------------

acts = st.lists(
    st.one_of(
        st.tuples(st.just("am"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("pm"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("erase"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
        st.tuples(st.just("redo"), st.just(0), st.just(0)),
        st.tuples(st.just("seal"), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def model_school(tmp_path_factory: pytest.TempPathFactory) -> Any:
    school, _ = School.create(tmp_path_factory.mktemp("model") / "s.approgress", "S", passphrase=PASS)
    yield school
    school.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_undo_and_redo_agree_with_a_plain_model(model_school: School, acts: list[tuple[str, int, int]]) -> None:
    school = model_school
    pupils = add_pupils(school, 3)
    state: dict[int, Mark] = {}
    past: list[dict[int, Mark]] = []
    future: list[dict[int, Mark]] = []
    for what, i, value in acts:
        p = pupils[i]
        if what in ("am", "pm"):
            seen = state.get(p)
            new = replace(seen or Mark(p, 1, DAY), **{what: value})
            if new == seen:
                continue
            school.do(Title.TAKE_REGISTER, [Put(new, seen)])
            past.append(dict(state))
            future.clear()
            state[p] = new
        elif what == "erase":
            if p in state:
                school.do(Title.TAKE_REGISTER, [Erase(state[p])])
                past.append(dict(state))
                future.clear()
                del state[p]
        elif what == "seal":
            school.seal()
        elif what == "undo":
            if past:
                school.undo()
                future.append(dict(state))
                state = past.pop()
        elif future:
            school.redo()
            past.append(dict(state))
            state = future.pop()
        assert {p: m for p in pupils for m in marks(school, p)} == state
    assert check(school) == []


def test_every_kind_goes_in_comes_out_and_goes_back(either: School) -> None:
    examples: dict[type[Any], Any] = {int: 7, str: "text é", float: 1.5, bool: True, date: DAY, bytes: b"\x00\xff"}
    (p,) = add_pupils(either, 1)
    for n, kind in enumerate(KINDS.values()):
        values = {f: examples[kind.types[f]] for f in kind.fields}
        keys = {k: (p if k == "pupil_id" else DAY if kind.types[k] is date else 9000 + n) for k in kind.key}
        if "privacy" in values:
            values["privacy"] = "restricted"
        record = kind.cls(**keys, **values)
        either.do(Title.DEMONSTRATION, [Put(record)], grow=False)
        assert either.read(lambda r, k=kind, x=record: r.one(k.cls, *key_of(x))) == record
        either.undo()
        left = either.read(lambda r, k=kind, x=record: r.one(k.cls, *key_of(x)))
        if kind.kept:
            assert left is not None and (left.struck, left.struck_by) == (STRUCK_BY_UNDO, either.viewer.person_id)
        else:
            assert left is None


def test_the_key_file_knows_nothing_of_pupils(school: School) -> None:
    add_pupils(school, 1)
    assert school.path is not None
    assert "Surname" not in KeyFile.read(school.path.with_name(school.path.name + "-keys")).text()
    assert isinstance(school.read(lambda r: r.every(Name))[0], Name)


def test_what_is_kept_is_struck_through_and_never_taken_away(either: School) -> None:
    (p,) = add_pupils(either, 1)
    seen = AbsenceContact(p, 900, DAY, "call", "AM", at=540, who="mum")
    either.do(Title.ABSENCE_CONTACT, [Put(seen)], grow=False)
    with pytest.raises(Refusal, match="strike it through"):
        either.do(Title.ABSENCE_CONTACT, [Erase(seen)])
    either.undo()
    held = either.read(lambda r: r.one(AbsenceContact, p, 900))
    assert held is not None and held.struck == STRUCK_BY_UNDO and held.struck_by == either.viewer.person_id and held.struck_on is not None
    assert replace(held, struck=None, struck_by=None, struck_on=None) == seen
    either.redo()
    assert either.read(lambda r: r.one(AbsenceContact, p, 900)) == seen
