"""The form of the progress report: which time, names on or off, its pages as they will be printed, and where the PDF goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from approgress.domain.dossier import build_dossier
from approgress.domain.errors import Refusal, Trouble
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import DateField, TickField
from approgress.ui.parts.labels import Rule, Text
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.parts.scroll import ScrollArea
from approgress.ui.tasks import Task, Tasks
from approgress.ui.theme import h, reveal, space
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from datetime import date

    from approgress.school.reports import Made
    from approgress.ui.workspace import Workspace

SCALE: Final = 1.6


class PagePicture(QLabel):
    """One page of the report, as wide as there is room."""

    def __init__(self, picture: bytes, number: int, of: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = QPixmap()
        self._whole.loadFromData(picture, "PNG")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Page {number} of {of}")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        wide = max(1, round(min(self.width(), h(38)) * ratio))
        if self._whole.isNull():
            return
        shown = self._whole.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)
        self.setFixedHeight(round(shown.height() / ratio))


class ReportDialog(QDialog):
    """Makes one pupil's progress report. Everything slow happens in a worker; closing stops it."""

    def __init__(self, workspace: Workspace, pupil_id: int, began: date | None = None, *, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace, self.pupil_id = workspace, pupil_id
        self.setWindowTitle("Progress report")
        self._folder = folder
        self._tasks = Tasks(self)
        self._task: Task | None = None
        self._asked = 0
        self._last_folder: Path | None = None
        outer = QVBoxLayout(self)
        space(outer)
        middle = QHBoxLayout()
        space(middle)
        outer.addLayout(middle, 1)
        side = ScrollArea(gap=0.8)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._side = side
        space(side.body, 1.2, 1.1, 1.2, 1.0, 0.8)
        side.body.addWidget(Text("Progress report", "dialog", wrap=True))
        today = workspace.today
        self.first = DateField("From", began, today=today, latest=today, key="first", optional=True, help="Empty: from day 0.")
        self.last = DateField("To", today, today=today, latest=today, key="last", help="Nothing after this day is in the report.")
        self.names = TickField("Names on", not workspace.names_hidden, key="names", help="Off: the pupil’s code stands for the name, also in the file’s name.")
        for field in (self.first, self.last, self.names):
            side.body.addWidget(field)
        self.first.line.editingFinished.connect(self.make_preview)
        self.last.line.editingFinished.connect(self.make_preview)
        self.names.edited.connect(self.make_preview)
        self.lacking = Card("Before you share it", kind="sunken", padding=0.6)
        self.lacking_text = Text("", "second", wrap=True)
        self.lacking.add(self.lacking_text)
        side.body.addWidget(self.lacking)
        side.body.addStretch(1)
        middle.addWidget(side)
        middle.addWidget(Rule(upright=True))
        right = QVBoxLayout()
        space(right, 1.0, 0.8, 1.0, 0, 0.6)
        middle.addLayout(right, 1)
        self.banner = Banner("", "error")
        right.addWidget(self.banner)
        self.progress = ProgressRow("Laying out the pages")
        self.progress.stop_asked.connect(self._stop)
        right.addWidget(self.progress)
        self.pages = ScrollArea(gap=0.8)
        self.pages.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pages.setAccessibleName("Pages of the report")
        right.addWidget(self.pages, 1)
        outer.addWidget(Rule())
        foot = QHBoxLayout()
        space(foot, 1.2, 0.7, 1.2, 0.8, 0.6)
        self.count = Text("", "second", "quiet")
        foot.addWidget(self.count, 1)
        self.leave_button = Button("Close")
        self.leave_button.clicked.connect(self.reject)
        self.save_button = Button("Save as PDF…", kind="primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.save)
        foot.addWidget(self.leave_button)
        foot.addWidget(self.save_button)
        outer.addLayout(foot)
        self._key: object = None

    # --- preview ---------------------------------------------------------------------------------------------------

    def choices(self) -> dict[str, Any] | None:
        """First and last day and names as chosen; None where a field is wrong, which is said beneath it."""
        found: dict[str, Any] = {}
        for field in (self.first, self.last):
            try:
                found[field.key] = field.value()
            except Refusal as refusal:
                field.set_wrong(refusal.sentence)
                return None
            field.set_wrong("")
        if found["first"] and found["last"] and found["first"] > found["last"]:
            self.first.set_wrong("It begins after it ends.")
            return None
        found["names"] = self.names.value()
        return found

    def make_preview(self) -> None:
        """Lays the pages out anew, in the worker, if anything chosen has changed."""
        choices = self.choices()
        if choices is None or choices == self._key:
            return
        self._key = choices
        self._stop()
        self._show_lacking(choices)
        self.progress.begin("Laying out the pages")
        reveal(self.progress, True)
        self.save_button.setEnabled(False)
        self._task = self._tasks.run(
            _pages, self.workspace.school, self.pupil_id, choices, on_done=self._show_pages, on_failed=self._failed, on_stopped=self._stopped, on_progress=self.progress.show_progress
        )

    def _show_lacking(self, choices: dict[str, Any]) -> None:
        """What is missing in the report, before it is shared."""
        from approgress.domain.findings import missing
        from approgress.store.reads.dossier import records_of

        records = self.workspace.read(records_of, self.pupil_id)
        hidden = not choices["names"]
        if hidden:
            from approgress.reports.veil import veiled

            records = veiled(records)
        today = self.workspace.today
        dossier = build_dossier(records, self.workspace.facts, first=choices["first"], last=choices["last"] or today, today=today, hidden=hidden)
        self.lacking_text.setText("\n".join(f.text for f in missing(dossier)))

    def _show_pages(self, pictures: list[bytes]) -> None:
        body = self.pages.body
        while (item := body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for n, picture in enumerate(pictures):
            body.addWidget(PagePicture(picture, n + 1, len(pictures)))
        body.addStretch(1)
        self.count.setText(f"{len(pictures)} page{'' if len(pictures) == 1 else 's'}")
        reveal(self.progress, False)
        self.save_button.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        reveal(self.progress, False)
        self.save_button.setEnabled(True)
        self.banner.say(sentence_of(error), "error")

    def _stopped(self) -> None:
        self.progress.finish("Stopped; nothing was written.")
        self.save_button.setEnabled(True)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # --- saving ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Asks for a folder and writes the PDF there."""
        from approgress.ui.ask import ask_folder

        folder = ask_folder(self, "Where to save the report", self._folder or _documents())
        if folder is not None:
            self.save_to(folder)

    def save_to(self, folder: Path, *, free_name: bool = False) -> None:
        """Writes the report into a folder, in the worker; how it went is said in the banner."""
        choices = self.choices()
        if choices is None:
            return
        self._last_folder = self._folder = folder
        self.save_button.setEnabled(False)
        self.banner.say("")
        self._task = self._tasks.run(_write, self.workspace.school, self.pupil_id, folder, choices, free_name, on_done=self._saved, on_failed=self._failed)

    def _saved(self, made: Made) -> None:
        self.save_button.setEnabled(True)
        if made.files:
            name = made.files[0].name if not self.workspace.names_hidden or not self.names.value() else "The report"
            self.banner.say(f"{name} is saved in {made.files[0].parent}.", "done")
            return
        self._offer = bool(made.locked)
        said = " ".join(made.refusals) or "Nothing was made."
        self.banner.say(said, "error", action="Save under another name" if made.locked else "")
        if made.locked:
            self.banner.acted.connect(self._another_name, Qt.ConnectionType.UniqueConnection)

    def _another_name(self) -> None:
        if self._last_folder is not None:
            self.save_to(self._last_folder, free_name=True)

    # --- the window ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        room = self.screen().availableGeometry()
        return QSize(min(round(h(62)), room.width() - round(h(1))), min(round(h(42)), room.height() - round(h(2))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(round(min(h(18.5), self.width() * 0.4)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.resize(self.sizeHint())
            self.make_preview()
            self.save_button.setFocus(Qt.FocusReason.TabFocusReason)

    def done(self, result: int) -> None:
        self._tasks.stop_all()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tasks.stop_all()
        super().closeEvent(event)


def _pages(school: Any, pupil_id: int, choices: dict[str, Any], *, progress: Any) -> list[bytes]:
    from approgress.school.reports import preview, report_bytes

    progress(0, 2)
    pdf = report_bytes(school, pupil_id, first=choices["first"], last=choices["last"], names=choices["names"])
    progress(1, 2)
    pictures = preview(pdf, SCALE)
    progress(2, 2)
    return pictures


def _write(school: Any, pupil_id: int, folder: Path, choices: dict[str, Any], free_name: bool, *, progress: Any) -> Made:
    from approgress.school.reports import make_reports

    return make_reports(
        school, [pupil_id], folder, first=choices["first"], last=choices["last"], names=choices["names"], free_names=free_name
    )


def _documents() -> Path:
    from PySide6.QtCore import QStandardPaths

    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


__all__ = ["PagePicture", "ReportDialog", "Trouble"]
