"""What the parts of the Setting page have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain.edits import Changes, Edit, NewIds, Title
from approgress.ui.theme import space

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace


class Section(QWidget):
    """A part of Setting. `verb` is its main action, top right ('' for none), which calls `main`; `said` goes to the page's banner."""

    key = ""
    name = ""
    sentence = ""
    verb = ""
    short = ""
    icon = "plus"
    said = Signal(str, str)
    verb_changed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.body = QVBoxLayout(self)
        space(self.body, gap=0.8)

    def main(self) -> None:
        """What the main action does."""

    def refresh(self, changes: Changes) -> None:
        """Reads again what changed."""

    def do(self, title: Title, edits: Callable[[NewIds], list[Edit]] | list[Edit]) -> Changes:
        """Writes; Refusal and Trouble go to whoever called, which is a dialog."""
        return self.workspace.do(title, edits)

    def every(self, cls: type[Any]) -> list[Any]:
        """All records of a class that this person may read."""
        return self.workspace.read(lambda r: r.every(cls))
