"""The Setting page: the provision, school year, groups, people, measures, data in and out, backup, appearance, security."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.edits import Changes
from approgress.ui.parts.fold import fold_inside
from approgress.ui.parts.page import Page
from approgress.ui.parts.tab_bar import TabStrip
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.ui.pages.setting.section import Section
    from approgress.ui.workspace import Workspace

SECTIONS: Final = (
    ("provision", "The provision", "provision", "ProvisionSection"),
    ("year", "School year", "year", "YearSection"),
    ("groups", "Groups", "groups", "GroupsSection"),
    ("people", "People", "people", "PeopleSection"),
    ("measures", "Measures", "measures", "MeasuresSection"),
    ("data", "Data in and out", "data", "DataSection"),
    ("backup", "Backup", "backup", "BackupSection"),
    ("appearance", "Appearance", "looks", "AppearanceSection"),
    ("security", "Security", "looks", "SecuritySection"),
)


class SettingPage(Page):
    """One section at a time, each made when it is first shown."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Setting", parent=parent)
        self.title = "Setting"
        self.workspace = workspace
        self.sections: dict[str, Section] = {}
        self._pending: dict[str, Changes] = {}
        self.tabs = TabStrip([(key, name) for key, name, _, _ in SECTIONS], name="Parts of Setting")
        self.tabs.chosen.connect(self.show_section)
        self.body.addWidget(self.tabs)
        self._holder = QVBoxLayout()
        space(self._holder)
        self.body.addLayout(self._holder)
        self.main_button = self.set_main_action("", self._main)
        self._shown = ""
        self.show_section(SECTIONS[0][0])

    def show_section(self, key: str) -> None:
        """Shows a section by its key."""
        if key == self._shown or key not in {k for k, *_ in SECTIONS}:
            return
        before = self.sections.get(self._shown)
        section = self.sections.get(key)
        if section is None:
            _, _, module, name = next(s for s in SECTIONS if s[0] == key)
            section = getattr(import_module(f"approgress.ui.pages.setting.{module}"), name)(self.workspace, self)
            section.said.connect(self.banner.say)
            self.sections[key] = section
            self._holder.addWidget(section)
            if self.isVisible():
                fold_inside(section, self.fold())
        if before is not None:
            before.hide()
        self._shown = key
        self.tabs.set_value(key)
        self.banner.say("")
        if (changes := self._pending.pop(key, None)) is not None:
            section.refresh(changes)
        self._show_head()
        section.show()
        if self.isVisible():
            fold_inside(section, self.fold())

    def section(self) -> Section:
        """The section that is shown."""
        return self.sections[self._shown]

    def where(self) -> int:
        """The number of the section that is shown."""
        return [k for k, *_ in SECTIONS].index(self._shown)

    def go(self, where: int) -> None:
        """Shows a section by its number."""
        self.show_section(SECTIONS[where][0])

    def _show_head(self) -> None:
        section = self.section()
        self.title = f"Setting, {section.name.lower()}" if section.name != "The provision" else "Setting"
        self.set_title(section.name, section.sentence, "Setting")
        verb = section.verb if self.workspace.may_write or section.key in ("security", "backup", "data") else ""
        self.main_button.setVisible(bool(verb))
        self.main_button.setText(verb)
        self.main_button.set_icon({"plus": ""}.get(section.icon, section.icon) if verb.startswith("Add") else section.icon)
        self.head.set_main(self.main_button, section.short)
        self.main_button.setVisible(bool(verb))

    def _main(self) -> None:
        self.section().main()

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        for key, section in self.sections.items():
            if key == self._shown:
                section.refresh(changes)
            else:
                self._pending[key] = self._pending.get(key, Changes()) | changes


