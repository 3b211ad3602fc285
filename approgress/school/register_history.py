"""What became of marks: for a pupil's day, a pupil, a group or a range of days every old mark, new mark, reason, when and who.

The 2024 Regulations ask that an amended entry keeps the original, the amendment, the reason, the date and who made it (england.md 1.2).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from approgress.domain.days import to_date, words
from approgress.domain.edits import Title
from approgress.domain.records import Person
from approgress.domain.register import AM, PM, is_closed

if TYPE_CHECKING:
    from approgress.domain.attendance import CodeSet
    from approgress.domain.records import Setting
    from approgress.school.school import School
    from approgress.store.bodies import Change
    from approgress.store.journal import StepView

FIRST, CORRECTION, AMENDMENT, REASON_FOUND = "first mark", "correction", "amendment", "reason found"
"""What a change of a mark is: put where none was; changed before the register closed; changed after; an N that became a code."""
HEADINGS = ("Day", "Session", "Mark before", "Mark after", "Why", "When", "Who")
_UNDO, _REDO = 2, 3


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One change of one session's mark. `old` and `new` are codes as text with minutes late ('L 12'), '' for no mark.

    `sort` is one of FIRST, CORRECTION, AMENDMENT, REASON_FOUND; `how` says undo, redo or import, '' where it was typed. `step` is the
    number of the journal's step; `when` is for people to read and orders nothing.
    """

    pupil_id: int
    day: date
    session: str
    old: str
    new: str
    sort: str
    reason: str | None
    when: datetime
    who: str
    how: str
    step: int

    @property
    def why(self) -> str:
        """The reason as it is shown: what was typed, or how it came about, or ''."""
        parts = [
            self.reason or "",
            self.how,
            self.sort if self.sort in (CORRECTION, REASON_FOUND) and not self.reason and not self.how else "",
        ]
        return ", ".join(p for p in parts if p)

    @property
    def cells(self) -> tuple[str, ...]:
        """The change as a line under HEADINGS."""
        return (
            words(self.day, weekday=True),
            self.session,
            self.old or "no mark",
            self.new or "no mark",
            self.why,
            f"{words(self.when.date())} {self.when:%H:%M}",
            self.who,
        )


def mark_history(
    school: School,
    ids: Collection[int],
    *,
    first: date | None = None,
    last: date | None = None,
    session: str | None = None,
    all_marks: bool = False,
    setting_id: int | None = None,
) -> tuple[MarkChange, ...]:
    """What became of the marks of these pupils, by pupil, day and session, and then in the order in which it was done.

    Only changes of a mark that was there, with `all_marks` also the first marks. `first` and `last` bound the days of the marks, not of the
    changes. One reading of the journal a pupil (a tenth of a second with five years of marks).
    """
    setting = school.setting
    people = {p.id: p.name for p in school.read(lambda r: r.every(Person))}
    found: list[MarkChange] = []
    for pupil in sorted(set(ids)):
        for step in reversed(school.history(pupil=pupil, kinds=frozenset({"mark"}))):
            for change in sorted(step.changes, key=lambda x: x.stroke):
                day = to_date(change.key[2])
                if (first is None or first <= day) and (last is None or day <= last) and setting_id in (None, change.key[1]):
                    who = people.get(step.who, "Somebody")
                    found += [m for m in _of_change(step, change, day, who, school.codes, setting) if session in (None, m.session)]
    if not all_marks:
        found = [m for m in found if m.sort != FIRST]
    return tuple(sorted(found, key=lambda m: (m.pupil_id, m.day, m.session, m.step)))


def of_day(school: School, pupil: int, day: date, session: str | None = None) -> tuple[MarkChange, ...]:
    """The whole story of a pupil's marks of one day, first marks included."""
    return mark_history(school, (pupil,), first=day, last=day, session=session, all_marks=True)


def _of_change(step: StepView, change: Change, day: date, who: str, codes: CodeSet, setting: Setting) -> list[MarkChange]:
    when = datetime.fromtimestamp(step.at)
    how = {_UNDO: "taken back (undo)", _REDO: "done again (redo)"}.get(step.what, "from a file" if step.title == Title.IMPORT_MARKS else "")
    out: list[MarkChange] = []
    for session, field in ((AM, "am"), (PM, "pm")):
        before, after = change.fields.get(field, (None, None))
        late_before, late_after = change.fields.get(f"{field}_late", (None, None))
        if field not in change.fields and f"{field}_late" not in change.fields:
            continue
        if field not in change.fields:  # the same code, other minutes
            old, new = f"{late_before or 'no'} minutes late", f"{late_after or 'no'} minutes late"
            sort = CORRECTION
        else:
            old, new = _shown(codes, before, late_before), _shown(codes, after, late_after)
            if before is None:
                sort = FIRST
            elif codes.text(before) == "N" and after is not None:
                sort = REASON_FOUND
            elif is_closed(setting, day, session, when.date(), when.hour * 60 + when.minute):
                sort = AMENDMENT
            else:
                sort = CORRECTION
        out.append(MarkChange(change.pupil, day, session, old, new, sort, change.why, when, who, how, step.tick))
    return out


def _shown(codes: CodeSet, number: int | None, minutes: int | None) -> str:
    text = codes.text(number)
    return f"{text} {minutes}" if text and minutes is not None else text
