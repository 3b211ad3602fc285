"""Amendments of marks: the original, the new mark, the reason, when and who; and two people at one mark, on a file and on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from approgress.domain.acts.register import settle_n, title_of
from approgress.domain.cohort import Register
from approgress.domain.days import to_number
from approgress.domain.edits import Put, Title
from approgress.domain.errors import Changed
from approgress.domain.records import Elsewhere, Enrolment, Group, GroupMember, HalfTerm, Mark, Name, Person, Pupil, Setting
from approgress.domain.register import AM, PM, NeedsReason, is_closed
from approgress.domain.sheets import RegisterSheet
from approgress.school.register_history import AMENDMENT, CORRECTION, FIRST, HEADINGS, REASON_FOUND, MarkChange, mark_history, of_day
from approgress.school.school import School
from approgress.store.reads import register
from approgress.store.reads.school import school_facts

DAY = date(2026, 11, 24)
PASS = "four short plain words"


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 55)

    def __call__(self) -> float:
        return self.now.timestamp()

    def at(self, text: str, day: date = DAY) -> None:
        self.now = datetime.combine(day, datetime.strptime(text, "%H:%M").time())


def fill(school: School) -> None:
    seen = school.setting
    rows = [
        Setting(1, "Trial Bridge School", am_starts=530, pm_starts=780),
        HalfTerm(1, 1, "Autumn 2", date(2026, 11, 2), date(2026, 12, 18)),
        Group(5, 1, "Ash"),
        Person(2, "B. Colleague"),
        *(Pupil(i, f"QXZ00{i}", date(2012, 5, 1)) for i in (1, 2, 3)),
        *(Name(i, 1, "legal", f"Fore{i}", "Tester") for i in (1, 2, 3)),
        *(Enrolment(i, 1, 1, "C", date(2026, 9, 3)) for i in (1, 2, 3)),
        *(GroupMember(i, 2, 5) for i in (1, 2, 3)),
        Elsewhere(3, 9, 1, "K", 31, 0),
    ]
    school.do(Title.DEMONSTRATION, [Put(r, seen if isinstance(r, Setting) else None) for r in rows])


class Window:
    """One window on a school: the register as it was last read, and keys typed into it as the page types them."""

    def __init__(self, school: School, clock: Clock, day: date = DAY) -> None:
        self.school, self.clock, self.day = school, clock, day
        self.look()

    def _read(self) -> Register:
        return self.school.read(register.of_group, self.school.read(school_facts), 5, self.day)

    def look(self) -> None:
        self.sheet = RegisterSheet(self._read(), self.school.codes)

    def key(self, pupil: int, session: str, text: str, why: str | None = None) -> None:
        row = next(r for r in self.sheet.register.rows if r.pupil_id == pupil)
        now = self.clock.now
        closed = is_closed(self.school.setting, self.day, session, now.date(), now.hour * 60 + now.minute)
        edits = self.sheet.typed(row, session, text, why, closed=closed)
        self.school.do(title_of(edits, closed=closed), edits)
        self.look()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    if request.param == "sqlite":
        return tmp_path / "school.approgress"
    new_database: Callable[[], str] = request.getfixturevalue("postgres_url")
    return new_database()


@pytest.fixture
def school(address: str | Path, clock: Clock) -> Iterator[School]:
    made, _ = School.create(address, "Trial Bridge School", passphrase=PASS, person="A. Teacher", clock=clock)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def other(school: School, address: str | Path, clock: Clock) -> Iterator[School]:
    """The same school in a second window."""
    with School.open(address, PASS, clock=clock) as opened:
        yield opened


def told(changes: tuple[MarkChange, ...]) -> list[tuple[str, str, str, str]]:
    return [(m.session, m.old, m.new, m.sort) for m in changes]


def test_a_morning_of_keys_and_its_history(school: School, clock: Clock) -> None:
    w = Window(school, clock)
    w.key(1, AM, "/")  # the first key writes the K that is expected of pupil 3 too
    row = next(r for r in w.sheet.register.rows if r.pupil_id == 3)
    assert school.codes.text(row.number(AM)) == "K"
    w.key(2, AM, "/")
    w.key(2, AM, "N")  # before closing: a correction, no reason asked
    clock.at("09:30")
    w.key(2, AM, "U40")  # arrived after closing: the code is the reason
    with pytest.raises(NeedsReason):
        w.key(1, AM, "O")
    w.key(1, AM, "I", "mother rang at 9:25, sent home ill")
    clock.at("15:15")
    school.undo()  # undo after closing is itself in the history

    (first, amended, undone) = of_day(school, 1, DAY)
    assert told((first, amended, undone)) == [(AM, "", "/", FIRST), (AM, "/", "I", AMENDMENT), (AM, "I", "/", AMENDMENT)]
    assert (amended.reason, amended.who, amended.when) == (
        "mother rang at 9:25, sent home ill",
        "A. Teacher",
        datetime(2026, 11, 24, 9, 30),
    )
    assert undone.how == "taken back (undo)" and undone.when == datetime(2026, 11, 24, 15, 15)
    assert len(amended.cells) == len(HEADINGS)
    assert amended.cells == ("Tue 24 Nov 2026", "AM", "/", "I", "mother rang at 9:25, sent home ill", "24 Nov 2026 09:30", "A. Teacher")
    assert told(of_day(school, 2, DAY)) == [(AM, "", "/", FIRST), (AM, "/", "N", CORRECTION), (AM, "N", "U 40", REASON_FOUND)]
    # of the group, only what changed a mark that was there
    both = mark_history(school, (1, 2, 3), first=DAY, last=DAY)
    assert [(m.pupil_id, m.old, m.new) for m in both] == [(1, "/", "I"), (1, "I", "/"), (2, "/", "N"), (2, "N", "U 40")]
    assert mark_history(school, (1, 2), first=DAY + timedelta(days=1)) == () and of_day(school, 1, DAY, PM) == ()
    assert [s.title for s in school.history(last=2)] == [Title.AMEND_MARK, Title.AMEND_MARK]


def test_a_mark_filled_late_is_no_amendment(school: School, clock: Clock) -> None:
    clock.at("16:00")
    w = Window(school, clock)
    w.key(1, AM, "/")
    assert told(of_day(school, 1, DAY)) == [(AM, "", "/", FIRST)] and mark_history(school, (1,)) == ()


def test_undo_takes_the_expected_codes_back_with_the_key_that_wrote_them(school: School, clock: Clock) -> None:
    w = Window(school, clock)
    w.key(1, AM, "/")
    school.undo()
    w.look()
    assert all(r.number(AM) is None for r in w.sheet.register.rows)
    school.redo()
    w.look()
    assert [r.number(AM) is not None for r in w.sheet.register.rows] == [True, False, True]


def test_ns_settled_together_keep_their_reason_in_the_history(school: School, clock: Clock) -> None:
    w = Window(school, clock)
    w.key(1, AM, "N")
    w.key(2, AM, "N")
    facts = school.read(school_facts)
    clock.at("11:00", DAY + timedelta(days=10))
    found = school.read(register.n_marks, facts, DAY + timedelta(days=10))
    assert [n.overdue for n in found] == [True, True]
    school.do(Title.SETTLE_N, settle_n([(n, "O") for n in found], school.codes, "letters unanswered"))
    assert [(m.pupil_id, m.old, m.new, m.reason) for m in mark_history(school, (1, 2))] == [
        (1, "N", "O", "letters unanswered"),
        (2, "N", "O", "letters unanswered"),
    ]


def test_the_later_of_two_windows_sees_what_changed_and_chooses(school: School, other: School, clock: Clock) -> None:
    mine, theirs = Window(school, clock), Window(other, clock)
    theirs.key(1, AM, "I")
    with pytest.raises(Changed, match="the morning mark is now I") as e:
        mine.key(1, AM, "/")
    assert "nothing was overwritten" in e.value.sentence
    typed_on = mine.sheet
    mine.look()
    row = next(r for r in mine.sheet.register.rows if r.pupil_id == 1)
    clash = typed_on.clash(row, AM, "/")
    assert clash is not None and (clash.before, clash.theirs, clash.mine) == ("", "I", "/")
    kept = other.read(lambda r: r.one(Mark, 1, 1, to_number(DAY)))
    assert kept is not None and other.codes.text(kept.am) == "I"  # keep theirs: nothing more to do
    mine.key(1, AM, "/")  # write mine over theirs, knowingly
    assert [(m.old, m.new) for m in of_day(school, 1, DAY)] == [("", "I"), ("I", "/")]
    assert other.others_changes().pupils >= {1}


def test_a_colleague_at_the_other_session_or_with_the_same_mark_is_no_clash(school: School, other: School, clock: Clock) -> None:
    mine, theirs = Window(school, clock), Window(other, clock)
    theirs.key(1, PM, "\\")
    mine.key(1, AM, "/")  # another field of the same row
    theirs.look()
    theirs.key(2, AM, "/")
    mine.key(2, AM, "/")  # the very same value into a cell that was blank
    marks = [school.read(lambda r, i=i: r.one(Mark, i, 1, to_number(DAY))) for i in (1, 2)]
    assert [(m.am, m.pm) for m in marks if m] == [(0, 1), (0, None)]


def test_a_clash_over_an_expected_code_is_solved_by_reading_again(school: School, other: School, clock: Clock) -> None:
    mine, theirs = Window(school, clock), Window(other, clock)
    theirs.key(3, AM, "I")  # over the expected K
    with pytest.raises(Changed):
        mine.key(1, AM, "/")  # would write that K besides
    typed_on = mine.sheet
    mine.look()
    row = next(r for r in mine.sheet.register.rows if r.pupil_id == 1)
    assert typed_on.clash(row, AM, "/") is None
    mine.key(1, AM, "/")
    kept = school.read(lambda r: r.one(Mark, 3, 1, to_number(DAY)))
    assert kept is not None and school.codes.text(kept.am) == "I"
