"""The journal: the only writer. One transaction, one step with who, when, before and after; undo and redo are steps too.

A step is ordered by its tick (one more than the highest there is), never by the clock. While a step is the newest, of the
same person and title, under five minutes old and not sealed, further small acts are added to it as strokes, so that a
register typed key by key is durable at each key and yet one row. Undo and redo count strokes.
"""

from __future__ import annotations

import bisect
import itertools
import json
import secrets
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from approgress.domain.days import to_number, words
from approgress.domain.edits import Changes, Edit, Erase, NewIds, Put, Title
from approgress.domain.errors import Changed, Refusal
from approgress.domain.records import KINDS, Kind, key_of, kind_of
from approgress.store.bodies import PIECES, Body, Change, unpack
from approgress.store.bodies import strokes as count_strokes
from approgress.store.database import Database
from approgress.store.rows import QUICK, Rows, from_store, kinds_of_pupils, row_of, to_store

DO, UNDO, REDO, JOIN, DECIDE, ERASE = 1, 2, 3, 4, 5, 6
GROW_SECONDS = 300
GROW_STROKES = 48
GROW_BYTES = 6000
STACK = 50
_SUMMED = 2 * GROW_BYTES  # a longer body cannot grow any more
SITTING_SECONDS = 12 * 3600
STRUCK_BY_UNDO = "Taken back by the person who entered it"
_CHUNK = 2000
_PRELOAD = 12  # edits of one pupil and kind in a chunk from which on all the pupil's rows are read at once

# a record of the first kind may not go while these fields of another kind point at it
_POINTS = {
    "group": ("group_id",),
    "partner": ("partner_id", "commissioner_id"),
    "enrolment": ("enrolment_id",),
    "goal": ("goal_id",),
    "starting_point": ("starting_point_id",),
    "reading": ("reading_id",),
    "stated_attendance": ("stated_id",),
    "timetable": ("timetable_id",),
}

Act = Callable[[NewIds], Iterable[Edit]]
State = tuple[int, int, int, int]
"""What is newest in a journal: the newest step's number and desk, the length of its body, and a sum of that where it can still grow."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as history shows it: number, desk, time (seconds), person, what, title, what it refers to, and its changes."""

    tick: int
    desk: int
    at: int
    who: int
    what: int
    title: Title
    more: dict[str, Any]
    changes: list[Change]


class _Entry(NamedTuple):
    """A stroke that may be taken back or done again: its step and stroke, its title, and the step whose changes stand now, with its time."""

    tick: int
    desk: int
    stroke: int
    title: Title
    stands: int
    stands_desk: int
    at: int


class Journal:
    """Writes of one person at one desk. `now` gives the wall clock in seconds, for people to read and for nothing else."""

    def __init__(self, database: Database, person: int, *, now: Callable[[], float] = time.time, fork: Callable[[Connection], None] | None = None) -> None:
        self.database = database
        self.rows = Rows(database)
        self.person = person
        self._now = now
        self._fork = fork  # takes a new desk number before the first write, where this file is a copy
        self.own: dict[State, State] = {}
        """What this journal wrote since somebody last looked: what was newest before, and what is since."""
        self.session_began = 0
        """The newest step when the school was opened: what is newer belongs to this sitting."""
        self._counted: dict[tuple[int, int, int], int] = {}
        self._salted: set[int] = set()
        self._salting: set[int] = set()
        self._mark = "?" if database.dialect == "sqlite" else "%s"

    # --- small reads -----------------------------------------------------------------------------------------------

    def _q(self, text: str) -> str:
        return text if self._mark == "?" else text.replace("?", "%s")

    def about(self, c: Connection, name: str) -> str | None:
        """A value of the store's own notes."""
        return c.exec_driver_sql(self._q("SELECT value FROM about WHERE name = ?"), (name,)).scalar()

    def set_about(self, c: Connection, name: str, value: str) -> None:
        """Keep a value among the store's own notes."""
        c.exec_driver_sql(
            self._q("INSERT INTO about (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"), (name, value)
        )

    def newest(self) -> int:
        """The number of the newest step, 0 where there is none."""
        with self.database.read() as c:
            return self._newest_tick(c)

    def _newest_tick(self, c: Connection) -> int:
        return int(c.exec_driver_sql("SELECT coalesce(max(tick), 0) FROM step").scalar() or 0)

    def state(self) -> State:
        """What is newest; it differs after every write, whoever's, also where a step only grew."""
        with self.database.read() as c:
            return self._state(c)

    def _state(self, c: Connection) -> State:
        text = (
            "SELECT tick, desk, coalesce(length(changes), 0), CASE WHEN length(changes) <= ? THEN changes END FROM step ORDER BY tick DESC, desk DESC LIMIT 1"
        )
        row = c.exec_driver_sql(self._q(text), (_SUMMED,)).fetchone()
        return (0, 0, 0, 0) if row is None else (row[0], row[1], row[2], zlib.crc32(row[3] or b""))  # as state_of, without fetching a large body

    # --- doing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Generator[Connection]:
        """The write lock; a copy becomes a desk of its own first, and is one only once something was written for good."""
        with self.database.write() as c:
            if self._fork is not None:
                self._fork(c)
            before = self._state(c)
            yield c
            after = self._state(c)
        self._fork = None
        if after != before:
            if len(self.own) > 5000:  # nobody looks
                self.own.clear()
            self.own[before] = after

    def do(
        self,
        title: Title,
        edits: Iterable[Edit] | Act,
        *,
        grow: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> Changes:
        """Write edits as one step (or one stroke of the newest) and answer what changed; nothing changed gives empty Changes.

        `edits` may be an act that is handed `NewIds` inside the transaction. `progress` is called with the number of
        edits taken so far and may raise Stopped; then nothing of it is there. Changed when somebody else was first.
        """
        with self._write() as c:
            desk = int(self.about(c, "desk") or 0)
            counters = _Counters(self, c, desk)
            stream = edits(NewIds(counters.draw)) if callable(edits) else edits
            stream = iter(stream)
            first = list(itertools.islice(stream, _CHUNK))
            if not first:
                counters.save()
                return Changes()
            small = len(first) < 64
            grown = self._growing(c, desk, title) if small and grow else None
            stroke = count_strokes(grown.changes) if grown else 0
            body = Body()
            written: set[tuple[str, tuple[int, ...]]] = set()
            out: set[tuple[str, tuple[int, ...]]] = set()
            taken = 0
            chunk = first
            while chunk:
                self._write_chunk(c, chunk, stroke, written, out, body)
                taken += len(chunk)
                if progress is not None:
                    progress(taken)
                chunk = list(itertools.islice(stream, _CHUNK))
            if not body.count:
                counters.save()
                return Changes()
            self._no_loose_ends(c, out)
            tick = self._record(c, desk, DO, title, {}, body, grown)
            counters.save()
        self._salted |= self._salting
        return Changes(frozenset(body.kinds), frozenset(body.pupils - {0}), tick, title.words, body.count, len(body.pupils) > 400)

    def _growing(self, c: Connection, desk: int, title: Title) -> StepView | None:
        row = c.exec_driver_sql("SELECT tick, desk, at, who, what, title, more, changes FROM step ORDER BY tick DESC, desk DESC LIMIT 1").fetchone()
        if row is None or (row[1], row[3], row[4], row[5]) != (desk, self.person, DO, int(title)):
            return None
        if not 0 <= self._now() - row[2] < GROW_SECONDS or len(row[7]) > GROW_BYTES:
            return None
        sealed = c.exec_driver_sql(self._q("SELECT coalesce(max(tick), 0) FROM seal WHERE desk = ?"), (desk,)).scalar() or 0
        if int(sealed) >= row[0]:
            return None
        step = _view(row)
        return step if count_strokes(step.changes) < GROW_STROKES else None

    def _record(self, c: Connection, desk: int, what: int, title: Title, more: dict[str, Any], body: Body, grown: StepView | None = None) -> int:
        self._salts(c, body.pupils)
        if grown is not None:
            whole = Body()
            whole.add(grown.changes)
            whole.add(unpack(body.bytes()))
            c.exec_driver_sql(self._q("UPDATE step SET changes = ? WHERE tick = ? AND desk = ?"), (whole.bytes(), grown.tick, desk))
            return grown.tick
        tick = self._newest_tick(c) + 1
        c.exec_driver_sql(
            self._q("INSERT INTO step (tick, desk, at, who, what, title, more, changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
            (tick, desk, int(self._now()), self.person, what, int(title), json.dumps(more) if more else None, body.bytes()),
        )
        return tick

    def _salts(self, c: Connection, pupils: set[int]) -> None:
        """A salt for each pupil who has none, for the seals' commitments."""
        new = [p for p in sorted(pupils) if p not in self._salted]
        if new:
            c.exec_driver_sql(
                self._q("INSERT INTO salt (pupil_id, salt) VALUES (?, ?) ON CONFLICT (pupil_id) DO NOTHING"),
                [(p, secrets.token_bytes(16)) for p in new],
            )
            self._salting = set(new)  # remembered once this transaction has ended well

    def _write_chunk(
        self,
        c: Connection,
        chunk: list[Edit],
        stroke: int,
        written: set[tuple[str, tuple[int, ...]]],
        out: set[tuple[str, tuple[int, ...]]],
        body: Body,
    ) -> None:
        """Compare a chunk of edits with what is there, write the differences by kind, and add them to the body; `out` gets what was taken out."""
        named: list[tuple[Edit, Kind, tuple[int, ...]]] = []
        crowd: dict[tuple[str, int], int] = {}
        for edit in chunk:
            record = edit.record if isinstance(edit, Put) else edit.seen
            kind = kind_of(record)
            quick = QUICK.get(kind.name)
            key = quick.key(record) if quick is not None else key_of(record)
            identity = (kind.name, key)
            if identity in written:
                raise ValueError(f"two edits of one {kind.name} in one act")
            written.add(identity)
            named.append((edit, kind, key))
            first = (kind.name, key[0])
            crowd[first] = crowd.get(first, 0) + 1
        read = {
            (name, first): self.rows.of_first(c, KINDS[name], first)
            for (name, first), n in crowd.items()
            if n >= _PRELOAD and len(KINDS[name].key) > 1
        }
        made: dict[str, list[tuple[Any, ...]]] = {}
        edited: dict[str, list[tuple[tuple[int, ...], dict[str, Any]]]] = {}
        erased: dict[str, list[tuple[int, ...]]] = {}
        changes: list[Change] = []
        for edit, kind, key in named:
            held = read.get((kind.name, key[0]))
            there = held.get(key) if held is not None else self.rows.get(c, kind, key)
            if there is None and isinstance(edit, Put) and edit.seen is None and edit.why is None:
                quick = QUICK.get(kind.name)
                row = quick.row(edit.record) if quick is not None else tuple(row_of(edit.record).values())
                made.setdefault(kind.name, []).append(key + row)
                if changes:  # the order of changes stays that of the edits
                    body.add(changes)
                    changes = []
                body.made(kind, key[0] if kind.of_pupil else 0, key, row, stroke)
                continue
            change = self._change(c, edit, kind, key, there, stroke)
            if change is None:
                continue
            changes.append(change)
            if change.op == "+":
                assert isinstance(edit, Put)
                made.setdefault(kind.name, []).append(key + tuple(row_of(edit.record).values()))
            elif change.op == "-":
                erased.setdefault(kind.name, []).append(key)
                out.add((kind.name, key))
            else:
                assert there is not None
                edited.setdefault(kind.name, []).append((key, there | {f: after for f, (_, after) in change.fields.items()}))
        body.add(changes)
        for name, rows in made.items():
            self.rows.insert_tuples(c, KINDS[name], rows)
        for name, rows in edited.items():
            self.rows.update(c, KINDS[name], rows)
        for name, keys in erased.items():
            self.rows.delete(c, KINDS[name], keys)

    def _change(self, c: Connection, edit: Edit, kind: Kind, key: tuple[int, ...], there: dict[str, Any] | None, stroke: int) -> Change | None:
        if isinstance(edit, Erase):
            if kind.kept:
                raise Refusal(f"{_a(kind.plain)} is never taken away: strike it through and say why. Nothing was changed.")
            seen = row_of(edit.seen)
            if there is None:
                return None
            if there != seen:
                raise self._changed(c, kind, key, there, seen)
            return Change(stroke, "-", kind.name, key, {f: (v, None) for f, v in there.items() if v is not None}, edit.why)
        new = row_of(edit.record)
        if edit.seen is None:
            if there is None:
                return Change(stroke, "+", kind.name, key, {f: (None, v) for f, v in new.items() if v is not None}, edit.why)
            seen: dict[str, Any] = dict.fromkeys(kind.fields)
        else:
            seen = row_of(edit.seen)
            if there is None:
                raise self._changed(c, kind, key, None, seen)
            if kind.kept and there not in (seen, new):
                # one whole, since somebody may have signed what stands there: no field of it is changed under their name unseen
                raise self._changed(c, kind, key, there, seen)
        fields: dict[str, tuple[Any, Any]] = {}
        for f in kind.fields:
            if new[f] == seen[f] or (new[f] == there[f] and seen[f] in (None, there[f])):
                continue  # not touched, or a blank that somebody filled with the very same value
            if there[f] != seen[f]:
                raise self._changed(c, kind, key, there, seen, f)
            fields[f] = (there[f], new[f])
        return Change(stroke, "~", kind.name, key, fields, edit.why) if fields else None

    def _changed(
        self, c: Connection, kind: Kind, key: tuple[int, ...], there: dict[str, Any] | None, seen: dict[str, Any], field: str | None = None
    ) -> Changed:
        step, change = self._last_touch(c, kind.name, key, field)
        who = self.person_name(c, step.who) if step else "Somebody"
        when = f" at {datetime.fromtimestamp(step.at).strftime('%H:%M')} on {words(datetime.fromtimestamp(step.at).date())}" if step else ""
        if there is None or (change is not None and change.op == "-"):
            said = f"{who} took this {kind.plain} out{when}"
        else:
            field = field or next((f for f in kind.fields if there[f] != seen.get(f)), None)
            value = shown_value(kind, field, there[field]) if field else ""
            said = f"{who} changed this {kind.plain}{when}" + (f": {plain_field(field)} is now {value or 'empty'}" if field else "")
        return Changed(f"{said}. Your entry was not written and nothing was overwritten; look at the new value and enter it again if it should be.")

    def _last_touch(self, c: Connection, kind: str, key: tuple[int, ...], field: str | None) -> tuple[StepView | None, Change | None]:
        pupil = key[0] if KINDS[kind].of_pupil else 0
        rows = c.exec_driver_sql("SELECT tick, desk, at, who, what, title, more, changes FROM step ORDER BY tick DESC, desk DESC LIMIT 3000")
        for row in rows:
            for change in unpack(row[7], pupil):
                if change.kind == kind and change.key == key and (field is None or field in change.fields or change.op in "+-"):
                    return _view(row, with_changes=False), change
        return None, None

    def person_name(self, c: Connection, person: int) -> str:
        """What a person is called; 'Somebody' where the record is gone."""
        name = c.exec_driver_sql(self._q("SELECT name FROM person WHERE id = ?"), (person,)).scalar()
        return str(name) if name else "Somebody"

    def _no_loose_ends(self, c: Connection, out: Iterable[tuple[str, tuple[int, ...]]]) -> None:
        """Refuse an erasure that would leave records pointing at nothing."""
        for name, key in out:
            kind = KINDS[name]
            if name == "pupil":
                pointing = [(k, "pupil_id") for k in kinds_of_pupils()]
            else:
                pointing = [(k, f) for f in _POINTS.get(name, ()) for k in KINDS.values() if f in k.fields]
            for other, field in pointing:
                where, values = f"{field} = ?", (key[-1],)
                if kind.of_pupil and other.of_pupil and name != "pupil":
                    where, values = f"pupil_id = ? AND {where}", (key[0], key[-1])
                if c.exec_driver_sql(self._q(f'SELECT 1 FROM "{other.name}" WHERE {where} LIMIT 1'), values).fetchone():
                    raise Refusal(
                        f"This {kind.plain} is still used: there is a {other.plain} that belongs to it. Take that back first; nothing was changed."
                    )

    # --- undo and redo ---------------------------------------------------------------------------------------------

    def undo(self, step: int | None = None) -> Changes:
        """Take this person's last stroke back, or the whole of a step by its number. Refusal says why not."""
        return self._back(UNDO, step)

    def redo(self) -> Changes:
        """Do again what this person last took back. Refusal when there is nothing."""
        return self._back(REDO, None)

    def can_undo(self) -> tuple[Title | None, Title | None]:
        """The titles of what undo and redo would take next, for the menu; None where there is nothing."""
        with self.database.read() as c:
            done, undone = (self._recent(stack) for stack in self._stacks(c))
            return (done[-1].title if done else None, undone[-1].title if undone else None)

    def _stacks(self, c: Connection) -> tuple[list[_Entry], list[_Entry]]:
        """(undoable, redoable) of this person, whichever desk wrote it, the last 50 of each: the last is next.

        The step that founded the school is none of them: without it there is no school.
        """
        rows = c.exec_driver_sql(
            self._q("SELECT tick, desk, at, who, what, title, more, changes FROM step WHERE who = ? ORDER BY tick DESC, desk DESC LIMIT 400"),
            (self.person,),
        ).fetchall()
        done: list[_Entry] = []
        undone: list[_Entry] = []
        for row in reversed(rows):
            tick, desk, at, what, title = row[0], row[1], row[2], row[4], Title(row[5])
            if what == DO:
                if tick > 1:
                    done += [_Entry(tick, desk, s, title, tick, desk, at) for s in range(self._strokes(tick, desk, row[7]))]
                undone = []
            elif what in (UNDO, REDO):
                more = json.loads(row[6])
                source, target = (done, undone) if what == UNDO else (undone, done)
                of, stroke = (more["of"][0], more.get("desk", desk)), more["of"][1]
                for i in range(len(source) - 1, -1, -1):
                    entry = source[i]
                    if (entry.tick, entry.desk) == of and stroke in (None, entry.stroke):
                        del source[i]
                        target.append(entry._replace(stands=tick, stands_desk=desk, at=at))
                        if stroke is not None:
                            break
        return _newest(done), _newest(undone)

    def _strokes(self, tick: int, desk: int, body: bytes) -> int:
        """How many strokes a step holds; a body in pieces is a large import, which never grows. Counted once, as this is asked after each key."""
        if not body or body[0] == PIECES:
            return 1
        key = (tick, desk, len(body))
        count = self._counted.get(key)
        if count is None:
            if len(self._counted) > 2000:
                self._counted.clear()
            count = self._counted[key] = count_strokes(list(unpack(body)))
        return count

    def _recent(self, stack: list[_Entry]) -> list[_Entry]:
        """Those of today, and those of this sitting that midnight divided from today: nobody takes back unseen what they did last week."""
        now = self._now()
        morning = datetime.combine(datetime.fromtimestamp(now).date(), datetime.min.time()).timestamp()
        return [e for e in stack if e.at >= morning or (e.stands > self.session_began and now - e.at < SITTING_SECONDS)]

    def _back(self, what: int, number: int | None) -> Changes:
        verb = "take back" if what == UNDO else "do again"
        with self._write() as c:
            desk = int(self.about(c, "desk") or 0)
            done, undone = self._stacks(c)
            stack = done if what == UNDO else undone
            if number is not None:
                chosen = [e for e in stack if e.tick == number]
                if not chosen:
                    raise Refusal(self._why_not(c, number, what))
                chosen = [e for e in chosen if e.desk == chosen[-1].desk]
                stroke: int | None = None if len(chosen) > 1 else chosen[-1].stroke
            else:
                recent = self._recent(stack)
                if not recent:
                    older = " What is older than today is changed where it stands, or taken back by its number." if stack and what == UNDO else ""
                    raise Refusal(f"There is nothing to {verb}.{older}")
                chosen = [recent[-1]]
                stroke = chosen[0].stroke
            last = chosen[-1]
            changes: list[Change] = []
            for source in sorted({(e.stands, e.stands_desk) for e in chosen}, reverse=True):
                row = c.exec_driver_sql(
                    self._q("SELECT tick, desk, at, who, what, title, more, changes FROM step WHERE tick = ? AND desk = ?"), source
                ).fetchone()
                assert row is not None
                own = source == (last.tick, last.desk)
                strokes = {e.stroke for e in chosen if (e.stands, e.stands_desk) == source}
                found = [x for x in unpack(row[7]) if x.op != "!" and (not own or x.stroke in strokes)]
                if found:
                    self._refuse_touched(c, found, source, verb, stroke if own else None)
                changes += sorted(found, key=lambda x: -x.stroke)
            if not changes:
                raise Refusal(f"This was erased for good and cannot be {'taken back' if what == UNDO else 'done again'}.")
            back = [self._struck(x) if x.op == "-" and KINDS[x.kind].kept else x for x in _fold([x.opposite(0) for x in changes])]
            body = Body()
            self._apply(c, back, verb)
            body.add(back)
            self._no_loose_ends(c, [(x.kind, x.key) for x in back if x.op == "-"])
            more = {"of": [last.tick, stroke]} | ({"desk": last.desk} if last.desk != desk else {})
            new = self._record(c, desk, what, last.title, more, body)
        words_ = f"{'Undo' if what == UNDO else 'Redo'}: {last.title.words}"
        return Changes(frozenset(body.kinds), frozenset(body.pupils - {0}), new, words_, body.count, len(body.pupils) > 400)

    def _struck(self, taken: Change) -> Change:
        """What is kept for good is struck through where anything else would be taken away."""
        day = to_number(datetime.fromtimestamp(self._now()).date())
        after = {"struck": STRUCK_BY_UNDO, "struck_by": self.person, "struck_on": day}
        fields = {f: (taken.fields.get(f, (None, None))[0], value) for f, value in after.items()}
        return Change(taken.stroke, "~", taken.kind, taken.key, fields)

    def _why_not(self, c: Connection, number: int, what: int) -> str:
        row = c.exec_driver_sql(self._q("SELECT who, what FROM step WHERE tick = ?"), (number,)).fetchone()
        if row is None:
            return f"There is no step {number}. Nothing was changed; the history lists the steps."
        if row[0] != self.person:
            return f"Step {number} is {self.person_name(c, row[0])}'s; each person takes back their own steps. Nothing was changed."
        if row[1] != DO:
            return f"Step {number} is itself an undo or redo. Nothing was changed."
        return f"Step {number} was taken back already, or it lies further back than the last {STACK}. Nothing was changed."

    def _refuse_touched(self, c: Connection, changes: list[Change], since: tuple[int, int], verb: str, own: int | None) -> None:
        """Refuse when something later than step `since` (than its stroke `own`, if one is named) touches the same field of the same record."""
        wanted: dict[tuple[str, tuple[int, ...]], set[str]] = {}
        for x in changes:
            whole = x.op != "~" or KINDS[x.kind].kept  # a signature stands for all of a record that is kept
            wanted.setdefault((x.kind, x.key), set()).update({"*"} if whole else x.fields)
        pupils = {x.pupil for x in changes}
        only = next(iter(pupils)) if len(pupils) == 1 else None
        cancelled = self._cancelled(c, *since, own)

        def touches(x: Change) -> bool:
            fields = wanted.get((x.kind, x.key))
            return fields is not None and ("*" in fields or x.op in "+-" or bool(fields & set(x.fields)))

        for tick, desk, x, who in self._strokes_after(c, *since, own, only):
            if (tick, desk, x.stroke) not in cancelled and touches(x):
                kind = KINDS[x.kind]
                fields = [plain_field(f) for f in x.fields if f in kind.fields] if x.op == "~" else []
                name = "you" if who == self.person else self.person_name(c, who)
                what = f"the {kind.plain}" + (f" ({', '.join(fields)})" if fields else "")
                raise Refusal(f"This cannot be {'taken back' if verb == 'take back' else 'done again'}: {name} changed {what} since. Nothing was changed.")

    def _cancelled(self, c: Connection, since: int, desk: int, stroke_of_since: int | None) -> set[tuple[int, int, int]]:
        """Strokes after step `since` (or after its given stroke) that were undone, and the undo steps that did so: together they touch nothing."""
        text = "SELECT tick, desk, what, more FROM step WHERE tick > ? AND what IN (2, 3) ORDER BY tick, desk"
        state: dict[tuple[int, int], list[tuple[int, int, int, int | None]]] = {}
        for tick, its_desk, what, said in c.exec_driver_sql(self._q(text), (since,)).fetchall():
            more = json.loads(said)
            state.setdefault((more["of"][0], more.get("desk", its_desk)), []).append((tick, its_desk, what, more["of"][1]))
        out: set[tuple[int, int, int]] = set()
        for (tick, its_desk), steps in state.items():
            body = None
            if any(stroke is None for *_, stroke in steps):
                body = c.exec_driver_sql(self._q("SELECT changes FROM step WHERE tick = ? AND desk = ?"), (tick, its_desk)).scalar()
            everything = range(self._strokes(tick, its_desk, body)) if body else range(0)
            turned: dict[int, int] = {}
            undone: set[int] = set()
            of_step: list[tuple[tuple[int, int], list[int]]] = []
            for number, of_desk, what, stroke in steps:  # an undo of a whole step turns what still stood of it
                some = [stroke] if stroke is not None else [s for s in everything if s not in undone]
                undone = undone | set(some) if what == UNDO else undone - set(some)
                turned |= {s: turned.get(s, 0) + 1 for s in some}
                of_step.append(((number, of_desk), some))
            same = (tick, its_desk) == (since, desk)
            later = {s for s in turned if tick > since or (same and stroke_of_since is not None and s > stroke_of_since)}
            nothing = later | {s for s, n in turned.items() if n % 2 == 0}
            out |= {(tick, its_desk, s) for s in later & undone}
            out |= {(*step, 0) for step, some in of_step if nothing.issuperset(some)}
        return out

    def _strokes_after(self, c: Connection, since: int, desk: int, own: int | None, only: int | None) -> Iterator[tuple[int, int, Change, int]]:
        """(tick, desk, change, who) of what came after a step; of the step itself the strokes after `own`, if one of its strokes is taken."""
        rows = c.exec_driver_sql(self._q("SELECT tick, desk, who, changes FROM step WHERE tick >= ? ORDER BY tick"), (since,))
        for tick, other, who, body in rows:
            for x in unpack(body, only):
                if (tick, other) == (since, desk) and (own is None or x.stroke <= own):
                    continue
                yield tick, other, x, who

    def _apply(self, c: Connection, changes: list[Change], verb: str) -> None:
        """Write the changes of an undo or redo; Refusal where a record is not what they start from, whatever the journal led to believe."""
        made: dict[str, list[tuple[tuple[int, ...], dict[str, Any]]]] = {}
        edited: dict[str, list[tuple[tuple[int, ...], dict[str, Any]]]] = {}
        erased: dict[str, list[tuple[int, ...]]] = {}
        crowd: dict[tuple[str, int], int] = {}
        for x in changes:
            crowd[x.kind, x.key[0]] = crowd.get((x.kind, x.key[0]), 0) + 1
        read = {
            (name, first): self.rows.of_first(c, KINDS[name], first)
            for (name, first), n in crowd.items()
            if n >= _PRELOAD and len(KINDS[name].key) > 1
        }
        for x in changes:
            kind = KINDS[x.kind]
            held = read.get((x.kind, x.key[0]))
            there = held.get(x.key) if held is not None else self.rows.get(c, kind, x.key)
            before = {f: b for f, (b, _) in x.fields.items() if f in kind.fields}
            if x.op == "-":
                before = _unsaid(x.kind) | before
            if (there is None) != (x.op == "+") or (there is not None and any(there[f] != b for f, b in before.items())):
                done = "taken back" if verb == "take back" else "done again"
                raise Refusal(f"This cannot be {done}: the {kind.plain} is not as it was left any more. Nothing was changed.")
            after = {f: a for f, (_, a) in x.fields.items() if f in kind.fields}
            if x.op == "+":
                made.setdefault(x.kind, []).append((x.key, _unsaid(x.kind) | after))
            elif x.op == "-":
                erased.setdefault(x.kind, []).append(x.key)
            else:
                assert there is not None
                edited.setdefault(x.kind, []).append((x.key, there | after))
        for name, rows in made.items():
            self.rows.insert(c, KINDS[name], rows)
        for name, rows in edited.items():
            self.rows.update(c, KINDS[name], rows)
        for name, keys in erased.items():
            self.rows.delete(c, KINDS[name], keys)

    # --- history ---------------------------------------------------------------------------------------------------

    def history(self, c: Connection, *, pupil: int | None = None, last: int | None = None, kinds: frozenset[str] | None = None) -> list[StepView]:
        """Steps, newest first: all, or those that speak of a pupil (with that pupil's changes only), or of some kinds; at most `last`."""
        out: list[StepView] = []
        stretches = self._stretches(c, pupil) if pupil is not None else None
        rows = c.exec_driver_sql("SELECT tick, desk, at, who, what, title, more, changes FROM step ORDER BY tick DESC, desk DESC")
        for row in rows:
            if stretches is not None and not stretches(row[0], row[1]):
                continue
            changes = [x for x in unpack(row[7], pupil) if kinds is None or x.kind in kinds]
            if (pupil is not None or kinds is not None) and not changes:
                continue
            view = _view(row, with_changes=False)
            out.append(StepView(view.tick, view.desk, view.at, view.who, view.what, view.title, view.more, changes))
            if last is not None and len(out) >= last:
                break
        return out

    def _stretches(self, c: Connection, pupil: int) -> Callable[[int, int], bool]:
        """Whether a step may speak of a pupil: its seal's stretch is known to, or it is not sealed yet."""
        seals: dict[int, list[int]] = {}
        for desk, tick in c.exec_driver_sql("SELECT desk, tick FROM seal ORDER BY desk, tick"):
            seals.setdefault(desk, []).append(tick)
        spoken = {(d, t) for t, d in c.exec_driver_sql(self._q("SELECT tick, desk FROM touched WHERE pupil_id = ?"), (pupil,))}

        def may(tick: int, desk: int) -> bool:
            ticks = seals.get(desk, [])
            i = bisect.bisect_left(ticks, tick)
            return i == len(ticks) or (desk, ticks[i]) in spoken

        return may


@cache
def _unsaid(name: str) -> dict[str, Any]:
    """The fields of a kind as they are where a step says nothing of them: empty, or, for a field that came with a later schema and may not be
    empty, what that schema put there."""
    kind = KINDS[name]
    defaults = {f.name: f.default for f in fields(kind.cls) if f.default is not MISSING and f.name not in kind.may_be_none}
    return {f: to_store(kind, f, defaults[f]) if f in defaults else None for f in kind.fields}


def _newest(stack: list[_Entry]) -> list[_Entry]:
    """The last 50 of a stack, and the rest of the step that the oldest of them belongs to, so that a step is never taken back by half."""
    steps = {(e.tick, e.desk) for e in stack[-STACK:]}
    return [e for e in stack if (e.tick, e.desk) in steps]


def _fold(changes: list[Change]) -> list[Change]:
    """One change for each record, from several strokes' changes given newest first."""
    out: dict[tuple[str, tuple[int, ...]], Change] = {}
    for x in changes:
        earlier = out.get((x.kind, x.key))
        if earlier is None:
            out[x.kind, x.key] = x
            continue
        fields = dict(earlier.fields)
        for f, (before, after) in x.fields.items():
            fields[f] = (fields[f][0] if f in fields else before, after)
        fields = {f: v for f, v in fields.items() if v[0] != v[1]}
        ops = earlier.op + x.op
        op = {"~~": "~", "+~": "+", "~-": "-", "--": "-", "-+": "~", "+-": ""}.get(ops, x.op)
        if op == "":
            del out[x.kind, x.key]
            continue
        out[x.kind, x.key] = Change(0, op, x.kind, x.key, fields)
    return [x for x in out.values() if x.fields or x.op != "~"]


def state_of(tick: int, desk: int, body: bytes | None) -> State:
    """The state of a journal whose newest step is this one."""
    length = len(body or b"")
    return tick, desk, length, zlib.crc32(body or b"") if length <= _SUMMED else 0


def _view(row: Any, *, with_changes: bool = True) -> StepView:
    more: dict[str, Any] = json.loads(row[6]) if row[6] else {}
    return StepView(row[0], row[1], row[2], row[3], row[4], Title(row[5]), more, list(unpack(row[7])) if with_changes else [])


class _Counters:
    """The desk's counters, raised in the same transaction, so that an id is never given twice."""

    def __init__(self, journal: Journal, c: Connection, desk: int) -> None:
        self._journal, self._c, self._desk = journal, c, desk
        self._next: dict[str, int] = {}
        self._start: dict[str, int] = {}

    def draw(self, kind: str) -> int:
        name = "pupil" if kind == "pupil" else "other"
        if name not in self._next:
            self._next[name] = self._start[name] = int(self._journal.about(self._c, f"next {name}") or 1)
        n = self._next[name]
        self._next[name] = n + 1
        if name == "pupil":
            if self._desk and n >= 65_535:
                raise Refusal("This desk has drawn all its pupil numbers. Open the school again; it takes a new desk number then.")
            return self._desk << 16 | n if self._desk else n
        return self._desk << 32 | n

    def save(self) -> None:
        for name, n in self._next.items():
            if n != self._start[name]:
                self._journal.set_about(self._c, f"next {name}", str(n))


def _a(plain: str) -> str:
    return f"{'An' if plain[0] in 'aeiou' else 'A'} {plain}"


def plain_field(field: str | None) -> str:
    """A field's name as people read it."""
    names = {"am": "the morning mark", "pm": "the afternoon mark", "value": "the score", "first_day": "the first day", "last_day": "the last day"}
    return names.get(field or "", (field or "").replace("_", " "))


def shown_value(kind: Kind, field: str, value: Any) -> str:
    """A stored value as words, a mark's code as its letters."""
    value = from_store(kind, field, value)
    if value is None:
        return ""
    if kind.name == "mark" and field in ("am", "pm"):
        from approgress.store.catalogue import code_set

        return code_set().text(value)
    if hasattr(value, "isoformat"):
        return words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

