"""Setting: what is measured with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from approgress.domain.edits import Changes
from approgress.ui.forms.measures import MeasuresBox
from approgress.ui.pages.setting.section import Section

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace


class _Box(MeasuresBox):
    """The box of the set-up, writing through the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        super().__init__(workspace.school, workspace.do)

    def added(self, changes: Changes) -> None:
        self._workspace.tell(changes)


class MeasuresSection(Section):
    """Instruments with their licence cards, and the primary measures."""

    key = "measures"
    name = "Measures"
    sentence = "What you measure with, whose it is, and what may be said with it."
    verb = "Add an instrument file…"
    short = "Instrument"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.box = _Box(workspace)
        self.box.add_button.hide()
        self.box.troubled.connect(self.said)
        self.body.addWidget(self.box)

    def main(self) -> None:
        self.box.choose_file()

    def refresh(self, changes: Changes) -> None:
        if not self.box.writing and (changes.everything or changes.kinds & {"instrument_file", "strand_measure"}):
            self.box.show_all()
