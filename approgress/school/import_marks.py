"""The plan for a file of marks: matched once for each pupil, compared day by day, kept as arrays until it is written."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast, overload

from approgress.domain import days
from approgress.domain.attendance import NOT_POSSIBLE, class_of, odd, on_roll, spans_of
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.records import Mark
from approgress.domain.register import is_closed
from approgress.domain.values import how_many
from approgress.interchange.marks import AM, NO_MARK, PM, REFUSED_MARK, MarksRead, PupilMarks, read_marks
from approgress.interchange.pupils import PupilDraft, Who
from approgress.interchange.rows import CellRefusal, place_words
from approgress.school.import_context import Context, Opened, blocked_plan, finish, remember, unused
from approgress.school.import_edits import draw
from approgress.school.import_list import Gathered, ask_who
from approgress.school.import_matching import FOUND, HOLD, Match, Matcher, question_of
from approgress.school.import_plan import CHANGED, MARKS, NEW, REFUSED, SAME, Ask, Choice, Counts, Happening, ImportPlan, RowPlan

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet, Span
    from approgress.school.school import School

MARK_KINDS = frozenset({"pupil", "name", "identifier", "enrolment", "kept_apart"})
"""Kinds of record that marks are matched with; the marks themselves are compared one by one when they are written."""

_REFUSED, _SAME, _NEW, _CHANGED = 0, 1, 2, 3
_STATES = {_REFUSED: REFUSED, _SAME: SAME, _NEW: NEW, _CHANGED: CHANGED}
_BY_HAND = (Title.TAKE_REGISTER, Title.AMEND_MARK, Title.SETTLE_N, Title.MOVEMENT)
"""Steps in which a person typed marks."""
WEEKEND, CLOSED, UNKNOWN_DAY, TO_COME = "weekend", "closed", "unknown", "to come"
"""Days that are asked about: Saturdays and Sundays, closed days, days for which the calendar has no terms."""
Stored = tuple[int | None, int | None, int | None, int | None]


def _ints() -> array[int]:
    return array("i")


def _shorts() -> array[int]:
    return array("h")


@dataclass(frozen=True, slots=True)
class _Amendment:
    """A mark that is held, whose register has closed, and that the file would change: it needs a reason."""

    pupil_id: int
    day: int
    place: int
    session: str
    code: int
    minutes: int | None
    held: int


@dataclass(slots=True)
class _Writes:
    """What is written for one pupil, a line for each day; `seen` holds the marks that are there already, by day."""

    day: array[int] = field(default_factory=_ints)
    am: array[int] = field(default_factory=_shorts)
    pm: array[int] = field(default_factory=_shorts)
    am_late: array[int] = field(default_factory=_shorts)
    pm_late: array[int] = field(default_factory=_shorts)
    seen: dict[int, Stored] = field(default_factory=lambda: {})
    why: dict[int, str] = field(default_factory=lambda: {})

    def put(self, day: int, mark: Stored, held: Stored | None) -> None:
        """Take a day's marks in."""
        values = [NO_MARK if v is None else v for v in mark]
        self.day.append(day)
        for column, value in zip((self.am, self.pm, self.am_late, self.pm_late), values, strict=True):
            column.append(value)
        if held is not None:
            self.seen[day] = held


class MarkRows(Sequence[RowPlan]):
    """The rows of a file of marks; each `RowPlan` is made when it is asked for."""

    def __init__(
        self,
        read: MarksRead,
        codes: CodeSet,
        states: bytearray,
        said: dict[int, str],
        pupils: list[tuple[Match, int | None]],
        before: dict[tuple[int, int], Stored],
        matcher: Matcher,
        kept: dict[int, list[Happening]],
    ) -> None:
        self._read = read
        self._codes = codes
        self._states = states
        self._said = said
        self._pupils = pupils
        self._before = before
        self._matcher = matcher
        self._kept = kept  # by place: marks that the file would change and that stand until somebody gives the reason

    def __len__(self) -> int:
        return len(self._states)

    @overload
    def __getitem__(self, at: int) -> RowPlan: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[RowPlan]: ...
    def __getitem__(self, at: int | slice) -> RowPlan | Sequence[RowPlan]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        if not 0 <= at < len(self._states):
            raise IndexError(at)
        whose = self._read.whose[at]
        number = self._read.rows[at]
        state = _STATES[self._states[at]]
        if whose < 0:
            return RowPlan(number, state, "", "–", sentence=self._said.get(at, "left out"))
        marks = self._read.pupils[whose]
        match, pupil_id = self._pupils[whose]
        if pupil_id is None:
            return RowPlan(
                number,
                state,
                marks.who.shown,
                "–",
                sentence=self._said.get(at, match.why or "no pupil here is meant"),
                asks=match.kind == HOLD,
            )
        happens: list[Happening] = []
        line = bisect_left(marks.place, at)
        while line < len(marks.place) and marks.place[line] == at:
            day = marks.day[line]
            before = self._before.get((pupil_id, day))
            for session, code, at_before in ((AM, marks.am[line], 0), (PM, marks.pm[line], 1)):
                if code >= 0:
                    was = before[at_before] if before is not None else None
                    text = self._codes.text(code)
                    what = f"{days.words(days.to_date(day))} {session}"
                    happens.append(Happening(what, self._codes.text(was) if was is not None and was != code else None, text))
            line += 1
        kept = self._kept.get(at, [])
        if kept:
            happens = [h for h in happens if all(h.what != k.what for k in kept)] + kept
        sentence = self._said.get(at, "") if state == REFUSED else ("the same" if state == SAME and not happens else "")
        who = marks.who.shown if marks.who.names else self._matcher.shown(pupil_id)
        return RowPlan(
            number, state, who, match.by, pupil_id, tuple(happens), bool(kept) or (at in self._said and state != REFUSED), sentence
        )

    def places_in(self, state: str) -> list[int]:
        """The places of the rows in a state."""
        wanted = next(k for k, v in _STATES.items() if v == state)
        return [i for i, s in enumerate(self._states) if s == wanted]


class _TypedMarks:
    """Whether a mark was last set by a person at the register, found in the journal when a file says otherwise."""

    def __init__(self, school: School) -> None:
        self._school = school
        holes = ", ".join("?" * len(_BY_HAND))
        self._any = bool(school.read(lambda r: r.sql(f"SELECT 1 FROM step WHERE title IN ({holes}) LIMIT 1", *map(int, _BY_HAND))))
        self._pupil: int | None = None
        self._found: dict[tuple[int, str], list[tuple[Any, bool]]] = {}

    def __call__(self, pupil: int, day: int, name: str, value: int | None) -> bool:
        """Whether the newest entry of that value was a person's."""
        if not self._any:
            return False
        if self._pupil != pupil:
            self._pupil, self._found = pupil, {}
            for step in self._school.history(pupil=pupil, kinds=frozenset({"mark"})):
                if step.what == 1:
                    for x in step.changes:
                        for f, (_, after) in x.fields.items():
                            self._found.setdefault((x.key[2], f), []).append((after, step.title in _BY_HAND))
        return next((typed for after, typed in self._found.get((day, name), []) if after == value), False)


def plan_marks(ctx: Context, opened: Opened) -> ImportPlan:
    """The plan of a file of marks."""
    unused(ctx, opened)
    if ctx.blocked:
        return blocked_plan(ctx, opened, Title.IMPORT_MARKS)
    school, reader = ctx.school, opened.reader
    codes = school.codes
    total = 2 * max(reader.table.about, 1)
    leave_out: frozenset[int] = frozenset() if opened.read_hidden else reader.table.hidden_rows
    p_question = f"p:{opened.fingerprint[:8]}"
    read = read_marks(reader, codes, lambda done: ctx.told(done, total), leave_out, p_is_present=ctx.answers.get(p_question) == "present")
    matcher = school.read(Matcher)
    comparison = _Comparison(ctx, opened, read, matcher, codes)
    comparison.run(total)
    comparison.amend()
    comparison.say(p_question)
    states = comparison.states
    tally = Counter(states)
    counts = Counts(len(states), tally[_NEW], tally[_CHANGED], tally[_SAME], tally[_REFUSED])
    writes = comparison.writes
    setting_id = school.setting.id
    n = sum(len(w.day) for w in writes.values())
    last = remember(ctx, opened)
    if not n:
        last = [e for e in last if e.record.__class__.__name__ == "ImportAnswer"]

    def edits(ids: NewIds) -> Iterator[Edit]:
        dates: dict[int, date] = {}
        for pupil in sorted(writes):
            w = writes[pupil]
            for i in sorted(range(len(w.day)), key=w.day.__getitem__):
                number = w.day[i]
                day = dates.get(number)
                if day is None:
                    day = dates[number] = days.to_date(number)
                am, pm, am_late, pm_late = w.am[i], w.pm[i], w.am_late[i], w.pm_late[i]
                record = Mark(
                    pupil,
                    setting_id,
                    day,
                    am if am >= 0 else None,
                    pm if pm >= 0 else None,
                    am_late if am_late >= 0 else None,
                    pm_late if pm_late >= 0 else None,
                )
                seen = w.seen.get(number)
                yield Put(record) if seen is None else Put(record, Mark(pupil, setting_id, day, *seen), w.why.get(number))
        yield from draw((), (), ids, last)

    rows = MarkRows(read, codes, states, comparison.said, comparison.pupils, comparison.before, matcher, comparison.kept)
    return finish(ctx, MARKS, Title.IMPORT_MARKS, rows, counts, opened=opened, edits=edits, edit_count=n + len(last), rests_on=MARK_KINDS)


class _Comparison:
    """Compares the marks of a file with those held, pupil by pupil."""

    def __init__(self, ctx: Context, opened: Opened, read: MarksRead, matcher: Matcher, codes: CodeSet) -> None:
        self.ctx = ctx
        self.opened = opened
        self.read = read
        self.matcher = matcher
        self.codes = codes
        self.setting_id = ctx.school.setting.id
        self.states = bytearray(len(read.rows))
        self.said: dict[int, str] = {}
        self.pupils: list[tuple[Match, int | None]] = []
        self.before: dict[tuple[int, int], Stored] = {}
        self.writes: dict[int, _Writes] = {}
        self.typed = _TypedMarks(ctx.school)
        self.calendar = ctx.school.calendar
        self.header = {k: opened.reader.columns.heading(k) for k in ("date", "am", "pm", "mark")}
        self.today = days.to_number(ctx.school.today)
        now = datetime.fromtimestamp(ctx.school.now())
        self._now = now.hour * 60 + now.minute
        self._odd_days: dict[int, str] = {}  # days that are asked about, and why
        self._odd_answers: dict[str, tuple[str, str | None]] = {}  # by kind of day: the question's key and the answer
        self._on_odd_days: dict[str, tuple[int, int, int]] = {}  # by kind: rows, the first row, its day
        self._closed: dict[tuple[int, str], bool] = {}
        self._amended: list[_Amendment] = []
        self._why: dict[tuple[int, int], str] = {}
        self.kept: dict[int, list[Happening]] = {}
        self.odd: dict[str, tuple[int, int]] = {}
        self.p_marks = 0
        self.present_marks = 0
        code = next((c for c in codes.codes if c.text == "P"), None)
        self._p = code.number if code else -9
        code = next((c for c in codes.codes if c.text == "N"), None)
        self._n = code.number if code else -9
        self._no_effect = frozenset(c.number for c in codes.codes if c.text in ("Z", "#"))
        self._watched = {c.number: c for c in codes.codes if c.text in ("X", "Z")}

    def run(self, total: int) -> None:
        """Match every pupil of the file, then compare each pupil's days."""
        read, ctx = self.read, self.ctx
        for place, refusals in sorted(read.refusals.items()):
            for r in refusals:
                ctx.refuse(r)
            if refusals:
                self.said[place] = refusals[0].sentence
        ctx.refusals_left_out += read.refusals_left_out
        self._find_odd_days()
        by_pupil: dict[int, list[int]] = {}
        for index, marks in enumerate(read.pupils):
            match = self._match(marks)
            pupil_id = match.pupil_id if match.kind == FOUND else None
            self.pupils.append((match, pupil_id))
            if pupil_id is None:
                self._refuse_pupil(marks, match)
            else:
                by_pupil.setdefault(pupil_id, []).append(index)
        done = 0
        for n, (pupil_id, indices) in enumerate(by_pupil.items()):
            if n % 4 == 0:
                ctx.told(total // 2 + done // 2, total)
            lines = self._lines(indices)
            done += len(lines)
            self._pupil(pupil_id, lines)

    def _find_odd_days(self) -> None:
        """Which days of the file are asked about, and what was answered: the key of a question rests on its days."""
        all_days: set[int] = set()
        for marks in self.read.pupils:
            all_days.update(marks.day)
        for number in all_days:
            day = days.to_date(number)
            if number > self.today:
                self._odd_days[number] = TO_COME
            elif day.weekday() > 4:
                self._odd_days[number] = WEEKEND
            elif self.calendar and not self.calendar.knows(day, day):
                self._odd_days[number] = UNKNOWN_DAY
            elif self.calendar and not self.calendar.is_school_day(day):
                self._odd_days[number] = CLOSED
        for kind in (WEEKEND, CLOSED, UNKNOWN_DAY, TO_COME):
            mine = sorted(n for n, k in self._odd_days.items() if k == kind)
            if mine:
                key = f"{kind}:{hashlib.sha256(','.join(map(str, mine)).encode()).hexdigest()[:12]}"
                answer = self.ctx.answers.get(key)
                self._odd_answers[kind] = (key, answer if answer in ("in", "out") else None)

    def _match(self, marks: PupilMarks) -> Match:
        who = marks.who
        question = question_of(who)
        answer = self.ctx.answers.get(question)
        match = self.matcher.match(who, answer)
        if answer is not None:
            self.ctx.used[question] = answer
        if marks.place and (match.kind == HOLD or (match.kind != FOUND and match.like)):
            row = self.read.rows[marks.place[0]]
            g = Gathered(PupilDraft(who, [row]), Match(HOLD, None, match.by, match.like, match.why, question, False), rows=[row])
            ask_who(self.ctx, g, self.matcher)
        return match

    def _refuse_pupil(self, marks: PupilMarks, match: Match) -> None:
        places = sorted(set(marks.place))
        if not places:
            return  # every row of theirs was refused already
        first = self.read.rows[places[0]]
        who = marks.who
        if match.kind == HOLD or match.like:
            why = f"{who.shown}: {match.why}."
        else:
            why = f"no pupil here has {_said_of(who)}, so {'this row was' if len(places) == 1 else f'these {len(places):,} rows were'} left out. Bring the pupil list in first."
        refusal = CellRefusal(first, None, who.upn or who.number or who.shown, "unknown pupil", why)
        self.ctx.refuse(refusal)
        for place in places:
            self.said[place] = refusal.sentence

    def _lines(self, indices: list[int]) -> list[tuple[int, int, int, int, int, int]]:
        lines: list[tuple[int, int, int, int, int, int]] = []
        for index in indices:
            m = self.read.pupils[index]
            lines += zip(m.day, m.place, m.am, m.pm, m.am_late, m.pm_late, strict=True)
        lines.sort()
        return lines

    def _stored(self, pupil_id: int) -> dict[int, Stored]:
        rows = self.ctx.school.read(
            lambda r: r.sql(
                "SELECT day, am, pm, am_late, pm_late FROM mark WHERE pupil_id = ? AND setting_id = ?", pupil_id, self.setting_id
            )
        )
        return {cast(int, row[0]): cast(Stored, row[1:]) for row in rows}

    def _pupil(self, pupil_id: int, lines: list[tuple[int, int, int, int, int, int]]) -> None:
        known = self.matcher.known[pupil_id]
        spans = spans_of(known.enrolments, self.setting_id)
        stored = self._stored(pupil_id)
        writes = _Writes()
        open_roll = any(first is None and last is None for first, last in spans)
        states, n = self.states, len(lines)
        i = 0
        while i < n:
            day = lines[i][0]
            j = i + 1
            while j < n and lines[j][0] == day:
                j += 1
            group = lines[i:j]
            i = j
            if len(group) == 1:
                _, place, am, pm, am_late, pm_late = group[0]
            else:
                am, pm, am_late, pm_late = self._together(pupil_id, group)
                place = group[0][1]
            if not open_roll and not on_roll(days.to_date(day), spans):
                self._off_roll(group, day, am, pm, spans)
                continue
            held = stored.get(day)
            if day in self._odd_days and self._left_out(group, day, am, pm, held):
                continue
            new_am, new_pm = (held[0], held[1]) if held is not None else (None, None)
            new_am_late, new_pm_late = (held[2], held[3]) if held is not None else (None, None)
            result_am = result_pm = _REFUSED
            if am >= 0:
                result_am, new_am, new_am_late = self._session(pupil_id, day, place, AM, am, am_late, new_am, new_am_late)
            elif am == NO_MARK:
                result_am = _SAME
            if pm >= 0:
                result_pm, new_pm, new_pm_late = self._session(pupil_id, day, place, PM, pm, pm_late, new_pm, new_pm_late)
            elif pm == NO_MARK:
                result_pm = _SAME
            if len(group) == 1:
                state = max(result_am, result_pm)
                if state == _SAME and REFUSED_MARK in (am, pm):
                    state = _REFUSED  # one mark is the same, but the other is no mark at all
                states[place] = max(states[place], state)
            else:
                self._share(group, result_am, result_pm)
            if result_am > _SAME or result_pm > _SAME:
                writes.put(day, (new_am, new_pm, new_am_late, new_pm_late), held)
                if held is not None:
                    self.before[pupil_id, day] = held
                if (pupil_id, day) in self._why:
                    writes.why[day] = self._why[pupil_id, day]
                self._odd(known.pupil.born, day, place, am, pm)
        if writes.day:
            self.writes[pupil_id] = writes

    def _session(
        self, pupil_id: int, day: int, place: int, session: str, code: int, minutes: int, held: int | None, held_late: int | None
    ) -> tuple[int, int | None, int | None]:
        """(what becomes of it, the mark, minutes late) for one session."""
        late = minutes if minutes >= 0 else None
        if code == self._p:
            self.p_marks += 1
        elif code < 2:
            self.present_marks += 1
        if held is None:
            return _NEW, code, late
        if held == code:
            if late is None or late == held_late:
                return _SAME, held, held_late
            return _CHANGED, held, late
        name = session.lower()
        if self.typed(pupil_id, day, name, held):
            if not self._take(pupil_id, day, place, session, code, held):
                return _SAME, held, held_late
            self._why[pupil_id, day] = f"The mark of {self.ctx.name} was taken in place of the one typed here"
            return _CHANGED, code, late
        if held == self._p and code < 2 and self.read.p_is_present:
            self._why[pupil_id, day] = f"P in {self.ctx.name} was meant as present"
            return _CHANGED, code, late
        if held != self._n and self._has_closed(day, session):
            self._amended.append(_Amendment(pupil_id, day, place, session, code, late, held))
            return _SAME, held, held_late  # until there is a reason: see `amend`
        return _CHANGED, code, late

    def _has_closed(self, day: int, session: str) -> bool:
        found = self._closed.get((day, session))
        if found is None:
            school = self.ctx.school
            found = self._closed[day, session] = is_closed(school.setting, days.to_date(day), session, school.today, self._now)
        return found

    def amend(self) -> None:
        """Ask for the reason of what the file would amend, once for the file, and take the changes in where it was given.

        After a register has closed the original, the new mark and the reason are kept (2024 Regulations); N to a code needs none.
        """
        if not self._amended:
            return
        known, text = self.matcher.known, self.codes.text
        items = [f"{known[a.pupil_id].pupil.code}|{a.day}|{a.session}|{a.held}|{a.code}" for a in self._amended]
        key = f"amended:{hashlib.sha256(chr(10).join(sorted(items)).encode()).hexdigest()[:12]}"
        said: list[str] = []
        for a in self._amended[:3]:
            when = f"{days.words(days.to_date(a.day))} {a.session}"
            said.append(f"{place_words(self.read.rows[a.place])}{known[a.pupil_id].shown}, {when}, {text(a.held)} to {text(a.code)}")
        more = f"; and {len(self._amended) - 3:,} more" if len(self._amended) > 3 else ""
        n = len(self._amended)
        answer = self.ctx.ask(
            key,
            f"{how_many(n, 'mark')} would be amended after {'its register' if n == 1 else 'their registers'} closed, which needs a reason: "
            f"{'; '.join(said)}{more}. The old mark, the new one and the reason are kept. Why?",
            (("system", "amended in the system that this file comes from"), ("keep", "keep the marks that are here")),
            row=self.read.rows[self._amended[0].place],
            column=self.header.get(self._amended[0].session.lower()),
            value=text(self._amended[0].code),
            kept=text(self._amended[0].held),
            free=True,
        )  # fmt: skip
        reason = f"Amended in the system that {self.ctx.name} comes from" if answer == "system" else (answer or "").strip()
        if not reason or answer == "keep":
            for a in self._amended:
                what = f"{days.words(days.to_date(a.day))} {a.session}"
                why = "" if answer == "keep" else f", until there is a reason for {text(a.code)}"
                self.kept.setdefault(a.place, []).append(Happening(what, f"{text(a.held)}", f"{text(a.code)}{why}", kept=True))
            return
        for a in self._amended:
            self._take_amendment(a, reason)

    def _take_amendment(self, a: _Amendment, reason: str) -> None:
        writes = self.writes.setdefault(a.pupil_id, _Writes())
        at = next((i for i, d in enumerate(writes.day) if d == a.day), None)
        if at is None:
            held = self._stored(a.pupil_id)[a.day] if (a.pupil_id, a.day) not in self.before else self.before[a.pupil_id, a.day]
            writes.put(a.day, held, held)
            self.before[a.pupil_id, a.day] = held
            at = len(writes.day) - 1
        minutes = NO_MARK if a.minutes is None else a.minutes
        if a.session == AM:
            writes.am[at], writes.am_late[at] = a.code, minutes
        else:
            writes.pm[at], writes.pm_late[at] = a.code, minutes
        writes.why[a.day] = reason
        self.states[a.place] = _CHANGED

    def _left_out(self, group: list[tuple[int, int, int, int, int, int]], day: int, am: int, pm: int, held: Stored | None) -> bool:
        """Whether the marks of a day that is asked about stay out; nothing is asked where they bring nothing that counts."""
        before = held if held is not None else (None, None, None, None)
        if not any(c >= 0 and c != before[i] and class_of(c) != NOT_POSSIBLE for i, c in ((0, am), (1, pm))):
            return False
        kind = self._odd_days[day]
        first = self.read.rows[group[0][1]]
        n, row, of = self._on_odd_days.get(kind, (0, first, day))
        self._on_odd_days[kind] = (n + len(group), min(row, first), day if first < row else of)
        answer = self._odd_answers[kind][1]
        if answer == "in" or (answer is None and not self._holds(kind)):
            return False
        when = days.words(days.to_date(day), weekday=True)
        why = f"{when} is no school day; the marks were left out" + (
            ", as you answered." if answer == "out" else " until somebody says that there was school."
        )
        for line in group:
            self.states[line[1]] = max(self.states[line[1]], _REFUSED)
            self.said.setdefault(line[1], why)
        return True

    def _take(self, pupil_id: int, day: int, place: int, session: str, code: int, held: int) -> bool:
        """Whether a person said that the file's mark stands in place of a typed one; asked, and until then the typed one is kept."""
        known = self.matcher.known[pupil_id]
        said, kept = self.codes.text(code), self.codes.text(held)
        when = f"{days.words(days.to_date(day))}, {session}"
        question = f"typed-mark:{known.pupil.code}:{day}:{session}:{said}"
        answer = self.ctx.answers.get(question)
        if answer not in (None, "file", "keep"):
            answer = None
        if answer is not None:
            self.ctx.used[question] = answer
        row = self.read.rows[place]
        self.ctx.add_ask(
            Ask(
                question, f"{place_words(row)}the mark of {known.shown} on {when} was typed here as {kept}, and the file says {said}.",
                (Choice("keep", f"keep {kept}"), Choice("file", f"take {said}")), row, self.header.get(session.lower(), session), said, kept, False, answer,
            )
        )  # fmt: skip
        return answer == "file"

    def _together(self, pupil_id: int, group: list[tuple[int, int, int, int, int, int]]) -> tuple[int, int, int, int]:
        """The marks of several rows of one day: blanks are filled by the other row, two different codes are refused with both rows named."""
        out = [NO_MARK, NO_MARK, NO_MARK, NO_MARK]
        for at, session in ((0, AM), (1, PM)):
            codes = {line[2 + at] for line in group if line[2 + at] >= 0}
            if len(codes) > 1:
                out[at] = REFUSED_MARK
                rows = [self.read.rows[line[1]] for line in group if line[2 + at] >= 0]
                for line in group:
                    if line[2 + at] < 0:
                        continue
                    row = self.read.rows[line[1]]
                    others = " and ".join(f"row {r}" for r in rows if r != row)
                    text = self.codes.text(line[2 + at])
                    every = ", ".join(self.codes.text(c) for c in sorted(codes) if c != line[2 + at])
                    heading = self.header.get(session.lower(), session)
                    if heading == session.lower():
                        heading = self.header.get("mark", session)
                    refusal = CellRefusal(
                        row, heading, text, "two marks for one session",
                        f"{others} say{'s' if len(rows) == 2 else ''} {every} for the same session, {days.words(days.to_date(line[0]))} {session}. Neither was brought in.",
                    )  # fmt: skip
                    self.ctx.refuse(refusal)
                    self.said[line[1]] = refusal.sentence
            elif codes:
                out[at] = codes.pop()
                late = {line[4 + at] for line in group if line[4 + at] >= 0}
                out[2 + at] = max(late, default=NO_MARK)
            elif any(line[2 + at] == REFUSED_MARK for line in group):
                out[at] = REFUSED_MARK
        return out[0], out[1], out[2], out[3]

    def _share(self, group: list[tuple[int, int, int, int, int, int]], result_am: int, result_pm: int) -> None:
        """Give each of several rows of one day the state of what it was the first to bring."""
        first_am = next((line[1] for line in group if line[2] >= 0), None)
        first_pm = next((line[1] for line in group if line[3] >= 0), None)
        for line in group:
            place = line[1]
            gives = [
                r
                for r, first, code in ((result_am, first_am, line[2]), (result_pm, first_pm, line[3]))
                if code >= 0 and (first == place or r == _REFUSED)
            ]
            state = max(gives, default=_SAME)
            refused = REFUSED_MARK in (line[2], line[3]) or any(
                r == _REFUSED for r, code in ((result_am, line[2]), (result_pm, line[3])) if code >= 0
            )
            if state == _SAME and refused:
                state = _REFUSED  # one mark is the same, but the other goes in nowhere
            self.states[place] = max(self.states[place], state)

    def _off_roll(self, group: list[tuple[int, int, int, int, int, int]], day: int, am: int, pm: int, spans: Sequence[Span]) -> None:
        """Hold back marks outside the times on roll; Z and # have no effect there."""
        for line in group:
            place = line[1]
            if all(c < 0 or c in self._no_effect for c in (line[2], line[3])):
                self.states[place] = max(self.states[place], _SAME)
                continue
            row = self.read.rows[place]
            text = " and ".join(self.codes.text(c) for c in (line[2], line[3]) if c >= 0)
            why = f"not on roll that day: the mark{'s' if ' and ' in text else ''} {text} of {days.words(days.to_date(day))} {'were' if ' and ' in text else 'was'} held back. {_roll(spans)}"
            refusal = CellRefusal(row, self.header["date"], days.to_date(day).isoformat(), "not on roll", why)
            self.ctx.refuse(refusal)
            self.said[place] = refusal.sentence

    def _odd(self, born: date | None, day: int, place: int, am: int, pm: int) -> None:
        row = self.read.rows[place]
        if am in self._watched or pm in self._watched:
            for c in (am, pm):
                if c in self._watched:
                    sentence = odd(self._watched[c], days.to_date(day), born=born)
                    if sentence:
                        key = self._watched[c].text
                        n, first = self.odd.get(key, (0, row))
                        self.odd[key] = (n + 1, min(first, row))

    def say(self, p_question: str) -> None:
        """Tell what is odd about the file as a whole, each kind of thing once."""
        ctx, read = self.ctx, self.read
        for sentence, (n, first) in list(read.said.items())[:20]:
            ctx.warnings.append(f"{sentence.rstrip('.')} (first in row {first})." if n else sentence)
        if read.cut_off:
            ctx.warnings.append(f"{ctx.name} looks cut off: it ends in the middle of row {read.rows[-1]}.")
        for kind, (n, row, day) in self._on_odd_days.items():
            self._ask_of_days(kind, n, row, day)
        for text, (n, first) in self.odd.items():
            what = {"X": "X, which is not for a pupil of compulsory school age", "Z": "Z, which is for a pupil not yet on roll"}[text]
            ctx.warnings.append(f"{how_many(n, 'mark')} (first in row {first}) {'is' if n == 1 else 'are'} {what}.")
        answered = p_question in ctx.answers
        if answered or (self.p_marks >= 2 and (read.odd_words or self.p_marks * 5 > self.present_marks)):
            ctx.ask(
                p_question,
                f"{how_many(self.p_marks, 'mark')} of {ctx.name} {'is' if self.p_marks == 1 else 'are'} P, the code of approved sporting activity. Was P meant as present?",
                (("sport", "sporting activity, as the code says"), ("present", "present")), column=self.header.get("am"), value="P", kept="sporting activity", holds=False,
            )  # fmt: skip

    def _holds(self, kind: str) -> bool:
        """Whether marks of such days stay out while nobody has answered: a day that has not come, a Sunday of a school whose calendar is known."""
        return kind == TO_COME or (kind == WEEKEND and bool(self.calendar))

    def _ask_of_days(self, kind: str, n: int, row: int, day: int) -> None:
        when = days.words(days.to_date(day), weekday=True)
        rows, have, are = f"{how_many(n, 'row')} (first in row {row}, {when})", "has" if n == 1 else "have", "is" if n == 1 else "are"
        sentence = {
            WEEKEND: f"{rows} {have} marks of a Saturday or Sunday. Was there school?",
            CLOSED: f"{rows} {have} marks of a day that is no school day in the calendar. Was there school?",
            UNKNOWN_DAY: f"{rows} {are} of days for which the calendar holds no terms, so nothing can be said of school days there. Bring them in?",
            TO_COME: f"{rows} {are} of days that have not come yet; a register is taken on its day. Bring them in all the same?",
        }[kind]
        choices = (("in", "bring them in"), ("out", "leave them out"))
        kept = "left out until it is answered" if self._holds(kind) else "brought in"
        self.ctx.ask(self._odd_answers[kind][0], sentence, choices, row=row, column=self.header["date"], kept=kept, holds=self._holds(kind))


def _said_of(who: Who) -> str:
    if who.upn:
        return f"the UPN {who.upn}"
    if who.number or who.systems:
        return f"the number {who.number or who.systems[0][1]}"
    return f"the name {who.shown}" + (f" and the birthday {days.words(who.born)}" if who.born else "")


def _roll(spans: Sequence[Span]) -> str:
    if not spans:
        return "The pupil has no time on roll here."
    parts = [f"{days.words(first) if first else 'an unknown day'} to {days.words(last) if last else 'now'}" for first, last in spans]
    return f"On roll: {'; '.join(parts)}."
