"""The places of the window: what stands in the rail, in which order, and which page each opens."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.domain.edits import Changes
    from approgress.ui.workspace import Workspace


class Page(Protocol):
    """What the window asks of a page (see `approgress.ui.workspace`): a QWidget that has at least these."""

    title: str

    def refresh(self, changes: Changes) -> None:
        """Read again what changed."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its key, its name, its icon (resources/icons), and the page's module and class, imported when first opened.

    `under` names the place of the rail that is shown as chosen for a page that has no place of its own there (the pupil page).
    """

    key: str
    title: str
    icon: str
    module: str
    page: str
    under: str = ""

    def make(self, workspace: Workspace) -> QWidget:
        """The page, made."""
        return getattr(import_module(self.module), self.page)(workspace)


PAGES: Final = (
    Place("today", "Today", "today", "approgress.ui.pages.today", "TodayPage"),
    Place("attendance", "Attendance", "calendar", "approgress.ui.pages.attendance", "AttendancePage"),
    Place("moment", "Add a moment", "", "approgress.ui.pages.moment", "MomentPage", under="today"),
    Place("pupils", "Pupils", "pupils", "approgress.ui.pages.pupils", "PupilsPage"),
    Place("pupil", "Pupil", "", "approgress.ui.pages.pupil", "PupilPage", under="pupils"),
    Place("setting", "Setting", "sliders", "approgress.ui.pages.setting", "SettingPage"),
    Place("import", "Bring in", "", "approgress.ui.pages.import_preview", "ImportPreviewPage", under="setting"),
)
