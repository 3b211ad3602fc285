"""The plan for a table that approgress exported, brought into this or another school: pupils known by their code, ids drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from approgress.domain.attendance import on_roll
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import KINDS, Enrolment, Kind, LessonScore, Mark, Person, Pupil, kind_of
from approgress.interchange.rows import CellRefusal
from approgress.interchange.table import Table
from approgress.interchange.tables import NAMED, PUPIL_CODE, columns, parse_cell
from approgress.interchange.text import fold, unguard
from approgress.school.import_context import Context, finish
from approgress.school.import_edits import NEW_ID, PupilEdits, draw
from approgress.school.import_plan import CHANGED, NEW, REFUSED, SAME, TABLE, Counts, Happening, ImportPlan, RowPlan
from approgress.school.import_pupils import Held

if TYPE_CHECKING:
    from approgress.store.reads import Reader

TITLES = {
    "mark": Title.IMPORT_MARKS,
    "lesson_score": Title.ENTER_ENGAGEMENT,
    "reading": Title.IMPORT_READINGS,
    "stated_attendance": Title.IMPORT_SUMMARY,
    "note": Title.WRITE_NOTE,
    "goal": Title.SET_GOAL,
    "strength": Title.STRENGTHS,
    "contact": Title.CHANGE_CONTACT,
    "moment": Title.LOG_MOMENT,
    "event": Title.LOG_EVENT,
    "next_step": Title.NEXT_STEP,
}
"""What the step is called; other tables of pupils are an import of pupils."""

_LEFT_OUT = {"start_value": "a starting point", "starting_point": "its values"}


def _of_pupil(r: Reader, cls: type[Any], pupil: int) -> list[Any]:
    return r.of_pupil(cls, pupil)


def _all_of(r: Reader, kind: Kind) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = {}
    for record in r.every(kind.cls):
        out.setdefault(record.id if kind.name == "pupil" else record.pupil_id, []).append(record)
    return out


def plan_table(ctx: Context, table: Table, kind: Kind) -> ImportPlan:
    """The plan of an exported table of pupils. Refusal for tables that belong to no pupil, or that only make sense with others."""
    if not kind.of_pupil or kind.name in _LEFT_OUT:
        raise Refusal(
            f"{ctx.name} is the table “{kind.name}” of approgress, which is not brought in by itself. Nothing was changed. "
            "Restore a backup to have all of a school again."
        )
    school = ctx.school
    codes = school.codes
    pupils, there, held, people, stays = school.read(
        lambda r: (
            {p.code: p for p in r.every(Pupil)},
            _all_of(r, kind) if kind.name not in ("mark", "lesson_score") else {},
            Held.read(r),
            {fold(p.name): p.id for p in r.every(Person)},
            _all_of(r, KINDS["enrolment"]),
        )
    )
    headings = columns(kind)
    at = {h: i for i, h in enumerate(headings)}
    rows: list[RowPlan] = []
    edits: dict[str, PupilEdits] = {}
    made: dict[str, set[tuple[Any, ...]]] = {}
    taken: set[tuple[Any, ...]] = set()
    natural = kind.cls in (Mark, LessonScore)
    mine: dict[int, dict[Any, Any]] = {}
    for n, (row, cells) in enumerate(table.records()):
        if row == 1:
            continue
        if n % 1000 == 0:
            ctx.told(n, table.about)
        texts = [unguard(c) if table.is_text else c for c in cells] + [""] * (len(headings) - len(cells))
        code = texts[0]
        try:
            if len(cells) > len(headings) or not code:
                raise ValueError("the row is not whole")
            record = _record(kind, texts, at, codes, school.setting.id)
            record = _linked(
                kind, record, texts, at, held, people, stays.get(pupils[code].id, []) if code in pupils else [], school.setting.id
            )
        except ValueError as e:
            refusal = CellRefusal(row, None, code or None, "table", f"{e}. This row was left out.")
            ctx.refuse(refusal)
            rows.append(RowPlan(row, REFUSED, code, "–", sentence=refusal.sentence))
            continue
        pupil = pupils.get(code)
        out = edits.setdefault(code, PupilEdits(pupil.id if pupil else None))
        if pupil is None and not out.edits and kind.name != "pupil":
            out.edits.append(Put(Pupil(NEW_ID, code, made_on=ctx.taken_on)))
        state, edit = SAME, None
        if kind.name == "pupil":
            if pupil is None:
                state, edit = NEW, Put(replace(record, id=NEW_ID, code=code))
            else:
                filled = {
                    f.name: v
                    for f in fields(record)
                    if f.name not in ("id", "code", "made_on") and (v := getattr(record, f.name)) is not None
                }
                after = replace(pupil, **filled)
                if after != pupil:
                    state, edit = CHANGED, Put(after, pupil)
        elif natural:
            if pupil is not None and pupil.id not in mine:
                mine[pupil.id] = _by_key(school.read(_of_pupil, kind.cls, pupil.id))
            key = _natural_key(record)
            if (code, key) in taken:
                refusal = CellRefusal(row, None, code, "table", "another row speaks of the same day. This one was left out.")
                ctx.refuse(refusal)
                rows.append(RowPlan(row, REFUSED, code, "–", sentence=refusal.sentence))
                continue
            taken.add((code, key))
            seen = mine[pupil.id].get(key) if pupil is not None else None
            record = replace(record, pupil_id=pupil.id if pupil else NEW_ID)
            if seen is None:
                state, edit = NEW, Put(record)
            elif record != seen:
                state, edit = CHANGED, Put(record, seen)
        else:
            content = _content(record)
            if code not in made:
                made[code] = {_content(r) for r in there.get(pupil.id, [])} if pupil is not None else set()
            if content not in made[code]:
                made[code].add(content)
                state, edit = NEW, Put(replace(record, pupil_id=pupil.id if pupil else NEW_ID, id=NEW_ID))
        if edit is not None:
            out.edits.append(edit)
        rows.append(
            RowPlan(
                row,
                state,
                code,
                "code" if pupil else "no match",
                pupil.id if pupil else None,
                (Happening(kind.plain, None, "brought in" if edit else "the same"),),
            )
        )
    groups = [g for g in edits.values() if g.edits]
    groups.sort(key=lambda g: (g.pupil_id is None, g.pupil_id or 0))
    records: list[Any] = [e.record for g in groups for e in g.edits if isinstance(e, Put)]
    used = {v for r in records for link in ("group_id", "partner_id") if (v := getattr(r, link, None)) is not None and v < 0}
    top = [r for r in (*held.new_groups.values(), *held.new_partners.values()) if r.id in used]
    states = [r.state for r in rows]
    counts = Counts(len(rows), states.count(NEW), states.count(CHANGED), states.count(SAME), states.count(REFUSED))
    n = sum(len(g.edits) for g in groups) + len(top)

    def write(ids: NewIds) -> Iterator[Edit]:
        return draw(top, groups, ids)

    return finish(
        ctx, TABLE, TITLES.get(kind.name, Title.IMPORT_PUPILS), rows, counts, edits=write, edit_count=n, read_as=f"the table “{kind.name}” of approgress",
        rests_on=frozenset({"pupil", kind.name, "group", "partner", "enrolment"}),
    )  # fmt: skip


def _record(kind: Kind, texts: list[str], at: dict[str, int], codes: Any, setting_id: int) -> Any:
    """The record a row holds, its ids left to be drawn. ValueError, in words, for what cannot be."""
    day = date.fromisoformat(texts[at["day"]]) if "day" in at and texts[at["day"]] and kind.name == "mark" else None
    values: dict[str, Any] = {}
    for name in (*kind.key, *kind.fields):
        if kind.name == "pupil" and name in ("id", "code"):
            values[name] = NEW_ID if name == "id" else texts[at[PUPIL_CODE]]
            continue
        text = texts[at[name]]
        if name in ("pupil_id", "id"):
            values[name] = NEW_ID
            continue
        if name == "setting_id":
            values[name] = setting_id
            continue
        value = parse_cell(kind, name, text, codes, day)
        if value is None and name not in kind.may_be_none:
            if kind.types[name] is not str:
                raise ValueError(f"“{name}” is blank")
            value = ""
        values[name] = value
    return kind.cls(**values)


def _linked(
    kind: Kind,
    record: Any,
    texts: list[str],
    at: dict[str, int],
    held: Held,
    people: dict[str, int],
    stays: list[Enrolment],
    setting_id: int,
) -> Any:
    """The record with its links to groups, schools, people and times on roll of this school; ValueError where one cannot be made."""
    changes: dict[str, Any] = {}
    for link in NAMED:
        value = getattr(record, link, None)
        if value is None or link == "setting_id":
            continue
        name = texts[at[NAMED[link]]]
        if link in ("partner_id", "commissioner_id"):
            if not name and link not in kind.may_be_none:
                raise ValueError("it names no school")
            changes[link] = held.partner(name).id if name and link == "partner_id" else None
        elif link == "group_id":
            if not name:
                raise ValueError("it names no group")
            changes[link] = held.group(name, setting_id).id
        else:
            changes[link] = people.get(fold(name))
    if kind.name == "placement":
        stay = next((e for e in stays if e.setting_id == setting_id and on_roll(record.first_day, ((e.first_day, e.last_day),))), None)
        if stay is None:
            raise ValueError("there is no time on roll here that this placement lies in; bring the table “enrolment” in first")
        changes["enrolment_id"] = stay.id
    if kind.name == "reading" and record.goal_id is not None:
        raise ValueError("a rating of a goal belongs to its goal and is not brought in by itself")
    return replace(record, **changes) if changes else record


def _content(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, f) for f in kind_of(record).fields if f != "typed")


def _natural_key(record: Any) -> Any:
    return (record.setting_id, record.day) if isinstance(record, Mark) else record.slot


def _by_key(records: list[Any]) -> dict[Any, Any]:
    return {_natural_key(r): r for r in records}
