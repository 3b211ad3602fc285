"""The dialogs of the school's time: a half-term, closed days, the day's registers, its lessons, and moving a pupil between groups.

What is entered goes to the function that the page gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.calendar import LONGEST_REGISTER, MOST_ALERT
from approgress.domain.acts.setting import CLOSURES, HALF_TERM_NAMES
from approgress.domain.errors import Refusal
from approgress.domain.records import LessonTime, Setting
from approgress.ui.forms.contact import TimeField
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FieldRow, FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, NumberField, TextField, TickField
from approgress.ui.theme import reveal

KeepTerm = Callable[[str, date | None, date | None], None]
KeepClosure = Callable[[str, str, date | None, date | None], None]


class HalfTermDialog(FormDialog):
    """A half-term: name, first and last day for pupils. `keep` writes it or raises Refusal; `remove` takes it out."""

    def __init__(
        self,
        keep: KeepTerm,
        *,
        today: date,
        name: str = "",
        first: date | None = None,
        last: date | None = None,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        new = first is None
        super().__init__(
            "Add a half-term" if new else f"Change {name}",
            "From the first to the last day on which pupils are in; holidays are what lies between.",
            verb="Add half-term" if new else "Keep changes",
            width=34,
            parent=parent,
        )
        self._keep = keep
        self._remove = remove
        self.name = TextField("Name", name, key="name", help=f"Such as {HALF_TERM_NAMES[0]} or {HALF_TERM_NAMES[3]}.", most=30)
        self.add(self.name)
        self.first = DateField("First day", first, today=today, key="first_day")
        self.last = DateField("Last day", last, today=today, key="last_day")
        self.add_row(self.first, self.last)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        self._keep(self.name.value(), self.first.value(), self.last.value())

    def _take_out(self) -> None:
        assert self._remove is not None
        _remove_and_close(self, self._remove)


class ClosureDialog(FormDialog):
    """Closed days inside a half-term: why, from when to when."""

    def __init__(
        self,
        keep: KeepClosure,
        *,
        today: date,
        sort: str = "inset",
        label: str = "",
        first: date | None = None,
        last: date | None = None,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        new = first is None
        super().__init__(
            "Add closed days" if new else "Change closed days",
            "Days inside a half-term on which no pupil is in. Nobody is marked on them and they are not counted.",
            verb="Add closed days" if new else "Keep changes",
            width=34,
            parent=parent,
        )
        self._keep = keep
        self._remove = remove
        self.sort = ChoiceField("Why", list(CLOSURES.items()), sort, key="sort", width=16)
        self.add(self.sort)
        self.label = TextField("Name", label, key="label", optional=True, help="Shown in the calendar, such as Polling station.", most=60)
        self.add(self.label)
        self.first = DateField("First day", first, today=today, key="first_day")
        self.last = DateField("Last day", last if last != first else None, today=today, key="last_day", optional=True)
        self.add_row(self.first, self.last)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        self._keep(self.sort.value(), self.label.value(), self.first.value(), self.last.value())

    def _take_out(self) -> None:
        assert self._remove is not None
        _remove_and_close(self, self._remove)


KeepDay = Callable[[int | None, int | None, float | None, float | None, bool], None]
KeepLessons = Callable[[float | None, list[tuple[int | None, int | None]]], None]
MOST_LESSONS = 8


class DayDialog(FormDialog):
    """When the day's two registers start and how long they stay open, when an absence is listed, and certificates."""

    def __init__(self, keep: KeepDay, held: Setting, *, parent: QWidget | None = None) -> None:
        super().__init__(
            "The registers of a day",
            "Two sessions a day, morning and afternoon. Whoever comes after a register has closed is marked U, and a mark that is changed then asks for the reason.",
            verb="Keep changes",
            width=34,
            parent=parent,
        )
        self._keep = keep
        self.am = TimeField("Morning register starts", held.am_starts, key="am_starts")
        self.pm = TimeField("Afternoon register starts", held.pm_starts, key="pm_starts")
        self.am.set_help("Such as 9:00. Empty: not said, and it never closes by itself.")
        self.add_row(self.am, self.pm)
        self.minutes = NumberField(
            "Stays open", held.register_minutes, low=1, high=LONGEST_REGISTER, unit="minutes", key="register_minutes", help="At most 30, the same for every session."
        )
        self.add(self.minutes)
        self.alert = NumberField(
            "List a pupil after", held.alert_sessions, low=1, high=MOST_ALERT, unit="sessions", key="alert_sessions", help="Absent in a row without contact: then the pupil is under Needs you."
        )
        self.add(self.alert)
        self.certificates = TickField("Certificates for a run of attendance may be printed", held.certificates, help="They are the pupil’s own; nothing announces that a run has ended.")
        self.add(self.certificates)

    def submit(self) -> None:
        self._keep(self.am.minutes(), self.pm.minutes(), self.minutes.value(), self.alert.value(), self.certificates.value())


class LessonsDialog(FormDialog):
    """How many rated lessons a day has, and their times."""

    def __init__(self, keep: KeepLessons, held: Setting, times: Sequence[LessonTime], *, parent: QWidget | None = None) -> None:
        super().__init__(
            "Lessons of a day",
            "A lesson is a rated slot of the day; the register has its own two sessions. Times may be left empty.",
            verb="Keep changes",
            width=32,
            parent=parent,
        )
        self._keep = keep
        self.lessons = NumberField("Rated lessons in a day", held.lessons, low=1, high=MOST_LESSONS, key="lessons")
        self.lessons.edited.connect(self._count)
        self.add(self.lessons)
        by_lesson = {t.lesson: t for t in times}
        self.rows: list[tuple[TimeField, TimeField]] = []
        for n in range(MOST_LESSONS):
            t = by_lesson.get(n)
            starts = TimeField(f"Lesson {n + 1} from", t.starts if t else None, key=f"starts {n}")
            ends = TimeField("to", t.ends if t else None, key=f"ends {n}")
            ends.line.setAccessibleName(f"Lesson {n + 1} to")
            self.rows.append((starts, ends))
            self.add_row(starts, ends)
        self._count()

    def _shown(self) -> int:
        try:
            count = self.lessons.value()
        except Refusal:
            count = None  # a number that is being typed is judged when it is kept
        return int(count) if count is not None and 1 <= count <= MOST_LESSONS else len(self.rows)

    def _count(self) -> None:
        shown = self._shown()
        for n, (starts, ends) in enumerate(self.rows):
            row = starts.parentWidget()
            for part in (starts, ends, row):
                if isinstance(part, TimeField | FieldRow):
                    reveal(part, n < shown)

    def submit(self) -> None:
        count = self.lessons.value()
        self._keep(count, [(starts.minutes(), ends.minutes()) for starts, ends in self.rows[: self._shown()]])


class MoveDialog(FormDialog):
    """A pupil changes groups from a day on. `keep(pupil, group or None, day)`."""

    def __init__(
        self,
        keep: Callable[[int, int | None, date | None], None],
        *,
        pupils: Sequence[tuple[int, str]],
        pupil: int | None,
        out_of: str,
        groups: Sequence[tuple[int, str]],
        day: date,
        today: date,
        may_leave: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Move a pupil",
            f"Out of {out_of}. The day before stays the last one there, so that each day’s register holds those who were in it."
            if may_leave
            else "Into a group from a day on. Until then they are in no group’s register.",
            verb="Move",
            width=30,
            parent=parent,
        )
        self._keep = keep
        self.pupil = ChoiceField("Pupil", [(str(i), name) for i, name in pupils], str(pupil if pupil is not None else pupils[0][0] if pupils else ""), key="pupil")
        self.add(self.pupil)
        self.into = ChoiceField("Into", [(str(i), name) for i, name in groups], "" if may_leave else str(groups[0][0] if groups else ""), none="no group" if may_leave else "", key="into")
        if may_leave and groups:
            self.into.set_value(str(groups[0][0]))
        self.add(self.into)
        self.day = DateField("First day there", day, today=today, key="day", help="Also in the middle of a week.")
        self.add(self.day)

    def submit(self) -> None:
        into = self.into.value()
        self._keep(int(self.pupil.value()), int(into) if into else None, self.day.value())


def _remove_and_close(dialog: FormDialog, remove: Callable[[], None]) -> None:
    """No question is asked before: undo brings it back."""
    from approgress.domain.errors import Trouble

    try:
        remove()
    except Refusal as refusal:
        dialog.show_refusal(refusal)
    except Trouble as trouble:
        dialog.banner.say(trouble.sentence, "error")
    else:
        dialog.reject()
