"""Setting: the provision itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from approgress.domain.acts.setting import SORTS, change_setting
from approgress.domain.edits import Changes, Title
from approgress.domain.records import Setting
from approgress.ui.forms import show_dialog
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.cards import Card, Line
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, NumberField, TextField, TickField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

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
        self.lessons = NumberField("Rated lessons in a day", held.lessons, low=1, high=8, key="lessons", help="A lesson is a rated slot of the school’s day; the register has its own two sessions.")
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
        self._card: Card | None = None
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
            ("Rated lessons in a day", "a lesson is a rated slot; the register has its own two sessions", str(s.lessons)),
            ("Days for a starting point", "counted from a pupil’s first day here", str(s.starting_point_days)),
            ("Names on registers", "", "legal" if s.legal_names_on_registers else "as the pupil is called"),
        ):
            card.add(Line(title, second, value))
            card.add_rule()
        card.add(Line("Where the file is", where))
        if self._card is not None:
            self.body.replaceWidget(self._card, card)
            self._card.hide()
            self._card.deleteLater()
        else:
            self.body.insertWidget(0, card)
        self._card = card

    def main(self) -> None:
        show_dialog(ProvisionDialog(self, self.workspace.school.setting, self))

    def refresh(self, changes: Changes) -> None:
        if changes.everything or "setting" in changes.kinds:
            self.show_all()
