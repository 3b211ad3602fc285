"""The register as a grid: what is shown, typed, refused, asked about, and what the first key of a session writes besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.acts.register import title_of
from approgress.domain.cohort import Register, RegisterRow
from approgress.domain.edits import Edit, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.naming import shown
from approgress.domain.records import Mark, Name, Pupil
from approgress.domain.register import AM, PM, Expected, NeedsReason, Standing
from approgress.domain.sheets import CodeShown, RegisterSheet
from approgress.store.catalogue import code_set

CODES = code_set()
DAY = date(2026, 11, 24)
N = {c.text: c.number for c in CODES.codes}
C2 = Standing(Expected("C2", "part-time timetable: this session is not agreed"), agreed=False)
D = Standing(Expected("D", "due at the other school"), elsewhere="D", dual=True)


def row(i: int, mark: Mark | None = None, am: Standing = Standing(), pm: Standing = Standing()) -> RegisterRow:
    name = shown(Pupil(i, f"QXZ{i:03d}"), (Name(i, 1, "legal", f"Fore{i}", f"Sur{i}"),), DAY)
    return RegisterRow(i, name, mark, (), (), "10", None, None, date(2012, 5, 1), am, pm)


def sheet(*rows: RegisterRow, school_day: bool | None = True) -> RegisterSheet:
    return RegisterSheet(Register(1, 5, DAY, school_day, rows), CODES)


def written(edits: list[Edit]) -> dict[int, tuple[str, str]]:
    puts = [e for e in edits if isinstance(e, Put)]
    return {e.record.pupil_id: (CODES.text(e.record.am), CODES.text(e.record.pm)) for e in puts}


def test_an_expected_code_is_shown_as_such_and_counts_nowhere() -> None:
    s = sheet(row(1), row(2, am=C2))
    due = s.shown(s.register.rows[1], AM)
    assert due is not None and (due.text, due.tone, due.expected) == ("C2", "none", True) and "no mark yet" in due.words
    assert s.shown(s.register.rows[0], AM) is None and s.shown(s.register.rows[1], PM) is None
    count = s.count(AM)
    assert (count.marked, count.due, count.absent, count.no_reason, count.expected) == (0, 2, 0, 0, 1)
    assert "1 known beforehand" in count.words
    assert s.blanks(AM) == 1 and s.blanks(PM) == 2 and s.not_in(AM) == ()


def test_a_mark_hides_what_was_expected() -> None:
    s = sheet(row(1, Mark(1, 1, DAY, N["/"]), am=D))
    assert s.shown(s.register.rows[0], AM) == CodeShown("/", "gain", "/, Present at morning registration")
    assert s.count(AM).expected == 0


def test_the_first_mark_writes_the_expected_codes_of_the_others_in_the_same_act() -> None:
    s = sheet(row(1), row(2, am=C2), row(3, am=D, pm=C2), row(4, Mark(4, 1, DAY, N["/"]), am=C2), row(5))
    assert written(s.typed(s.register.rows[0], AM, "/")) == {1: ("/", ""), 2: ("C2", ""), 3: ("D", "")}
    assert written(s.typed(s.register.rows[0], AM, "/", fill=False)) == {1: ("/", "")}
    assert written(s.typed(s.register.rows[0], PM, "N")) == {1: ("", "N"), 3: ("", "C2")}
    # over an expected code a person's own stands
    assert written(s.typed(s.register.rows[1], AM, "/")) == {2: ("/", ""), 3: ("D", "")}
    # taking a mark out, or typing it again, fills nothing
    assert written(s.typed(s.register.rows[3], AM, "")) == {4: ("", "")}
    assert s.typed(s.register.rows[3], AM, "/") == []


def test_all_present_is_the_stroke_for_who_is_due_and_the_expected_code_for_the_rest() -> None:
    s = sheet(row(1), row(2, am=C2), row(3, Mark(3, 1, DAY, N["I"]), am=D), row(4, Mark(4, 1, DAY, None, N["\\"])))
    assert written(s.all_present(AM)) == {1: ("/", ""), 2: ("C2", ""), 4: ("/", "\\")}
    assert all(e.seen is None or e.seen.am is None for e in s.all_present(AM) if isinstance(e, Put))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("X", "compulsory"),
        ("Z", "on roll"),
        ("#", "whole school"),
        ("C2", "none is in force"),
        ("A", "not an attendance code"),
        ("12", "12"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_left_out(text: str, says: str) -> None:
    s = sheet(row(1), row(2, am=C2))
    with pytest.raises(Refusal, match="othing was written") as e:
        s.typed(s.register.rows[0], AM, text)
    assert says in e.value.sentence


def test_k_where_d_is_due_is_refused_and_d_without_a_second_school_is_asked_about() -> None:
    s = sheet(row(1, pm=D), row(2))
    with pytest.raises(Refusal, match="never K"):
        s.typed(s.register.rows[0], PM, "K")
    warned = s.warning(s.register.rows[1], PM, "D")
    assert warned is not None and "dual" in warned
    assert written(s.typed(s.register.rows[1], PM, "D"))[2] == ("", "D")  # asked about, never refused
    assert s.warning(s.register.rows[0], PM, "D") is None and s.warning(s.register.rows[0], PM, "nonsense") is None
    assert s.warning(row(2, Mark(2, 1, DAY, None, N["D"])), PM, "d") is None  # it stands already


def test_the_stroke_of_the_other_session_is_turned_with_a_word() -> None:
    s = sheet(row(1))
    assert written(s.typed(s.register.rows[0], AM, "\\")) == {1: ("/", "")}
    assert "PM stroke" in s.told(AM, "\\") and s.told(AM, "/") == "" and s.told(PM, "/") != ""


def test_a_holiday_has_no_register() -> None:
    s = sheet(row(1), school_day=False)
    for act in (lambda: s.typed(s.register.rows[0], AM, "/"), lambda: s.all_present(AM)):
        with pytest.raises(Refusal, match="not a school day"):
            act()
    assert sheet(row(1), school_day=None).typed(row(1), AM, "/")  # without a calendar there is nothing to know it by


def test_minutes_late_are_kept_shown_and_changed() -> None:
    s = sheet(row(1))
    (edit,) = s.typed(s.register.rows[0], AM, "l12")
    assert isinstance(edit, Put) and (CODES.text(edit.record.am), edit.record.am_late) == ("L", 12)
    held = row(1, edit.record)
    cell = sheet(held).shown(held, AM)
    assert cell is not None and cell.text == "L" and cell.words.endswith("12 minutes late")
    (again,) = sheet(held).typed(held, AM, "35")
    assert isinstance(again, Put) and again.record.am_late == 35
    (other,) = sheet(held).typed(held, AM, "U(40)")
    assert isinstance(other, Put) and (CODES.text(other.record.am), other.record.am_late) == ("U", 40)
    assert sheet(held).typed(held, AM, "L") == [] and sheet(held).typed(held, AM, "L12") == []
    (gone,) = sheet(held).typed(held, AM, "/")
    assert isinstance(gone, Put) and gone.record.am_late is None
    with pytest.raises(Refusal, match="longer than a school day"):
        s.typed(s.register.rows[0], AM, "L421")


@pytest.mark.parametrize(("text", "odd"), [("L30", False), ("L31", True), ("U31", False), ("L", False), ("L 45 mins", True)])
def test_more_minutes_than_a_register_is_open_are_asked_about(text: str, odd: bool) -> None:
    s = sheet(row(1))
    warned = s.warning(s.register.rows[0], AM, text)
    assert (warned is not None) is odd and s.typed(s.register.rows[0], AM, text)
    late = row(2, Mark(2, 1, DAY, N["L"], None, 5))
    assert sheet(late).warning(late, AM, "45") is not None and sheet(late).warning(late, AM, "12") is None


standings = st.sampled_from([Standing(), C2, D, Standing(Expected("K", "college")), Standing(suspended=7)])
any_rows = st.lists(
    st.tuples(st.sampled_from([None, *(c.number for c in CODES.in_force(DAY))]), st.sampled_from([None, 0, 1, 66]), standings, standings),
    min_size=1,
    max_size=12,
)


@given(any_rows, st.sampled_from([AM, PM]), st.data())
def test_a_register_once_taken_leaves_no_expected_session_blank(
    held: list[tuple[int | None, int | None, Standing, Standing]], session: str, data: st.DataObject
) -> None:
    rows = [row(i, Mark(i, 1, DAY, am, pm) if (am, pm) != (None, None) else None, a, p) for i, (am, pm, a, p) in enumerate(held, start=1)]
    s = sheet(*rows)
    count = s.count(session)
    assert count.marked + count.expected + s.blanks(session) == count.due == len(rows)
    assert count.present + count.late + count.after_closing + count.elsewhere + count.absent + count.no_reason + count.not_due == count.marked
    at = data.draw(st.integers(0, len(rows) - 1))
    for edits, all_of_them in ((s.typed(rows[at], session, "V"), False), (s.all_present(session), True)):
        marks = {r.pupil_id: r.mark for r in rows}
        for e in edits:
            assert isinstance(e, Put) and e.seen == marks[e.record.pupil_id]
            marks[e.record.pupil_id] = e.record
        assert len({e.record.pupil_id for e in edits if isinstance(e, Put)}) == len(edits)  # one edit a record
        after = sheet(*(replace(r, mark=marks[r.pupil_id]) for r in rows))
        other = PM if session == AM else AM
        assert [r.number(other) for r in after.register.rows] == [r.number(other) for r in rows]
        if edits:
            assert after.count(session).expected == 0
        if all_of_them:
            assert after.count(session).marked == len(rows)
            assert after.count(session).no_reason == count.no_reason  # nobody was made absent without a reason
        for r, b in zip(after.register.rows, rows, strict=True):
            if b.number(session) is not None and b.pupil_id != rows[at].pupil_id:
                assert r.number(session) == b.number(session)  # a mark that stood is never written over


# --- amendments -------------------------------------------------------------------------------------------------------


def test_after_closing_a_changed_mark_needs_a_reason_and_before_it_none() -> None:
    held = row(1, Mark(1, 1, DAY, N["/"]))
    s = sheet(held)
    assert written(s.typed(held, AM, "O")) == {1: ("O", "")}
    with pytest.raises(NeedsReason) as asked:
        s.typed(held, AM, "O", closed=True)
    assert (asked.value.session, asked.value.old, asked.value.new) == (AM, "/", "O") and "/ becomes O" in asked.value.sentence
    with pytest.raises(NeedsReason):
        s.typed(held, AM, "O", "  ", closed=True)
    with pytest.raises(NeedsReason, match="/ is taken out"):
        s.typed(held, AM, "", closed=True)
    edits = s.typed(held, AM, "O", " mother rang: moved away ", closed=True)
    assert isinstance(edits[0], Put) and edits[0].why == "mother rang: moved away"
    assert title_of(edits, closed=True) == Title.AMEND_MARK and title_of(edits, closed=False) == Title.TAKE_REGISTER


def test_after_closing_an_n_becomes_a_code_and_a_blank_is_filled_without_a_reason() -> None:
    n = row(1, Mark(1, 1, DAY, N["N"]))
    assert written(sheet(n).typed(n, AM, "M", closed=True)) == {1: ("M", "")}
    with pytest.raises(NeedsReason):  # N taken out is not N to a code
        sheet(n).typed(n, AM, "", closed=True)
    blank = row(2, Mark(2, 1, DAY, None, N["\\"]))
    edits = sheet(blank).typed(blank, AM, "/", closed=True)
    assert written(edits) == {2: ("/", "\\")} and title_of(edits, closed=True) == Title.TAKE_REGISTER
    late = row(3, Mark(3, 1, DAY, N["L"], None, 5))
    assert sheet(late).typed(late, AM, "L9", closed=True)  # minutes are a local record, the code stays


# --- somebody else was first ------------------------------------------------------------------------------------------


def test_a_clash_says_both_and_can_be_written_over_knowingly() -> None:
    before = row(1)
    s = sheet(before)
    now = row(1, Mark(1, 1, DAY, N["I"]))
    clash = s.clash(now, AM, "/")
    assert clash is not None and (clash.before, clash.theirs, clash.mine) == ("", "I", "/")
    assert clash.question == "AM is I by now; it was blank when you typed /. Keep I, or write / over it?"
    (edit,) = sheet(now).typed(now, AM, "/")
    assert isinstance(edit, Put) and edit.seen == now.mark
    assert s.clash(row(1, Mark(1, 1, DAY, N["/"])), AM, "/") is None  # the same mark
    assert s.clash(row(1, Mark(1, 1, DAY, None, N["\\"])), AM, "/") is None  # another session
    late = row(2, Mark(2, 1, DAY, N["L"], None, 3))
    assert sheet(late).clash(replace(late, mark=Mark(2, 1, DAY, N["L"], None, 8)), AM, "12") is None


def test_rows_read_again_are_put_in_and_strangers_left_out() -> None:
    register = sheet(row(1), row(2)).register
    after = register.with_rows([row(2, Mark(2, 1, DAY, 0)), row(9)])
    assert [(r.pupil_id, r.mark is not None) for r in after.rows] == [(1, False), (2, True)]


# --- lessons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "known", "may"),
    [
        (None, Standing(), True),
        (None, C2, False),
        ("/", C2, True),
        ("U", Standing(), True),
        ("N", Standing(), False),
        ("I", Standing(), False),
    ],
)
def test_a_lesson_is_rated_for_who_was_there_or_may_be(code: str | None, known: Standing, may: bool) -> None:
    r = row(1, Mark(1, 1, DAY, N[code]) if code else None, am=known)
    assert replace(sheet(r), lessons=5).rates(r, 0) is may
