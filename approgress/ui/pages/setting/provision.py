"""Setting: the provision itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.acts.calendar import set_day, set_lesson_times
from approgress.domain.acts.setting import SORTS, change_setting
from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.domain.first_day import clock
from approgress.domain.records import LessonTime, Setting
from approgress.domain.values import number
from approgress.ui.forms import show_dialog
from approgress.ui.forms.calendar import DayDialog, LessonsDialog
from approgress.ui.forms.lists import at_left
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Line
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, NumberField, TextField, TickField
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace


class ProvisionDialog(FormDialog):
    """The details of the setting."""

    def __init__(self, section: ProvisionSection, held: Setting, parent: QWidget) -> None:
        super().__init__("The provision", verb="Keep changes", width=36, parent=parent)
        self._section, self._held = section, held
        self.name = TextField("Name", held.name, key="name", help="As it stands on reports.", most=120)
        self.add(self.name)
        self.sort = ChoiceField("What it is", list(SORTS.items()), held.sort, key="sort", width=16)
        self.add(self.sort)
        self.la = TextField("Local authority number", held.la or "", key="la", optional=True, most=3, width=5)
        self.estab = TextField("Establishment number", held.estab or "", key="estab", optional=True, most=4, width=6)
        self.urn = TextField("URN", held.urn or "", key="urn", optional=True, most=6, width=7)
        self.add_row(self.la, self.estab)
        self.add(self.urn)
        self.lessons = NumberField("Rated lessons in a day", held.lessons, low=1, high=8, key="lessons", help="A lesson is a rated slot of the school’s day; their times are under The day.")
        self.add(self.lessons)
        self.days = NumberField(
            "Days for a starting point", held.starting_point_days, low=7, high=120, key="starting_point_days", help="Counted from a pupil’s first day here."
        )
        self.add(self.days)
        self.legal = TickField("Legal names on registers", held.legal_names_on_registers)
        self.add(self.legal)

    def submit(self) -> None:
        lessons, days = self.lessons.value(), self.days.value()
        edits = change_setting(
            self._held,
            name=self.name.value(),
            sort=self.sort.value(),
            la=self.la.value(),
            estab=self.estab.value(),
            urn=self.urn.value(),
            lessons=int(lessons) if lessons is not None else None,
            starting_point_days=int(days) if days is not None else None,
            legal_names_on_registers=self.legal.value(),
        )
        self._section.do(Title.CHANGE_SETTING, edits)


class ProvisionSection(Section):
    """Name, kind and numbers, and how the days are counted."""

    key = "provision"
    name = "The provision"
    sentence = "What the school is called, what it is, and how its days are counted."
    verb = "Change details"
    short = "Change"
    icon = "pencil"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._both: QWidget | None = None
        self.show_all()
        self.body.addStretch(1)

    def show_all(self) -> None:
        """Shows what is held."""
        s = self.workspace.school.setting
        card = Card(padding=1.1)
        where = str(self.workspace.school.path or self.workspace.school.database.where)
        register = "session attendance for those who commission it" if s.sort == "non_school" else "the statutory register"
        for title, second, value in (
            ("Name", "as it stands on reports", s.name),
            ("What it is", f"keeps {register}", SORTS.get(s.sort, s.sort)),
            ("Local authority number", "three digits", s.la or "not entered"),
            ("Establishment number", "four digits", s.estab or "not entered"),
            ("URN", "six digits", s.urn or "not entered"),
            ("Days for a starting point", "counted from a pupil’s first day here", str(s.starting_point_days)),
            ("Names on registers", "", "legal" if s.legal_names_on_registers else "as the pupil is called"),
        ):
            if card.body.count():
                card.add_rule()
            card.add(Line(title, second, value))
        card.body.addStretch(1)
        both = QWidget()
        column = QVBoxLayout(both)
        space(column, gap=0.8)
        column.addWidget(SideBySide((card, 1), (self._day_card(s), 1)))
        file = Card(padding=1.1)
        file.add(Line("Where the file is", where))
        column.addWidget(file)
        if self._both is not None:
            self.body.replaceWidget(self._both, both)
            self._both.hide()
            self._both.deleteLater()
        else:
            self.body.insertWidget(0, both)
        self._both = both

    def _day_card(self, s: Setting) -> Card:
        """Registers, lessons and alerts of a day."""
        card = Card("The day", padding=1.1)
        self._times: list[LessonTime] = sorted((t for t in self.every(LessonTime) if t.setting_id == s.id), key=lambda t: (t.lesson, t.id))
        registers = f"{_starts(s.am_starts)} and {_starts(s.pm_starts)}" if s.am_starts is not None or s.pm_starts is not None else "no times entered"
        times = {t.lesson: f"{clock(t.starts)} to {clock(t.ends)}" for t in self._times}
        for title, second, value in (
            ("Sessions a day", "morning and afternoon, as every school day has", "2"),
            ("Registers start", "after they close, a late arrival is U and a change asks for its reason", registers),
            ("A register stays open", "at most 30 minutes, the same every session", f"{number(s.register_minutes)} minutes"),
            ("A pupil is listed after", "absent in a row without contact", f"{number(s.alert_sessions)} session{'' if s.alert_sessions == 1 else 's'}"),
            ("Certificates", "for a pupil’s own run of attendance", "may be printed" if s.certificates else "off"),
            ("Rated lessons", "; ".join(times.get(n, f"lesson {n + 1} without times") for n in range(s.lessons)) if times else "no times entered", number(s.lessons)),
        ):
            card.add(Line(title, second, value))
            card.add_rule()
        if self.workspace.may_write:
            day = Button("Change registers and alerts", icon="clock")
            day.clicked.connect(self.change_day)
            lessons = Button("Change lessons", icon="pencil")
            lessons.clicked.connect(self.change_lessons)
            card.add(at_left(day, lessons))
        card.body.addStretch(1)
        return card

    def change_day(self) -> None:
        """The dialog of registers and alerts."""
        show_dialog(DayDialog(self._keep_day, self.workspace.school.setting, parent=self))

    def _keep_day(self, am: int | None, pm: int | None, minutes: float | None, alert: float | None, certificates: bool) -> None:
        held = self.workspace.school.setting
        self.do(Title.CHANGE_SETTING, set_day(held, am_starts=am, pm_starts=pm, register_minutes=minutes, alert_sessions=alert, certificates=certificates))

    def change_lessons(self) -> None:
        """The dialog of lessons and their times."""
        show_dialog(LessonsDialog(self._keep_lessons, self.workspace.school.setting, self._times, parent=self))

    def _keep_lessons(self, count: float | None, wanted: list[tuple[int | None, int | None]]) -> None:
        held, times = self.workspace.school.setting, self._times

        def act(ids: NewIds) -> list[Edit]:
            return set_lesson_times(ids, held, count, wanted, times)

        self.do(Title.CHANGE_SETTING, act)

    def main(self) -> None:
        show_dialog(ProvisionDialog(self, self.workspace.school.setting, self))

    def refresh(self, changes: Changes) -> None:
        if changes.everything or changes.kinds & {"setting", "lesson_time"}:
            self.show_all()


def _starts(minutes: int | None) -> str:
    return clock(minutes) if minutes is not None else "not said"
