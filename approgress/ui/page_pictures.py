"""Every page and important state of the window as PNG, without a screen: for people to look at, for tests, and for `approgress pictures`.

Nothing is written to the school or to this person's preferences. File names say which page it is and never a pupil's name.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from approgress.domain.errors import Trouble
from approgress.ui.main_window import MainWindow
from approgress.ui.pictures import grab
from approgress.ui.places import PAGES
from approgress.ui.school_frame import SchoolFrame
from approgress.ui.theme import TEXT_SIZES, start_theme, theme

if TYPE_CHECKING:
    from approgress.school.school import School
    from approgress.ui.workspace import Workspace

Progress = Callable[[int, int], None]
Seen = Callable[[str, QWidget], None]
"""Called with the name of a picture and the window that it shows, while it is shown: tests look for faults there."""

PUPILS: Final = 5
LONGEST_WAIT: Final = 20.0


def render_pages(
    school: School,
    out: Path,
    look: str = "light",
    size: tuple[int, int] = (1366, 768),
    scale: int = 100,
    *,
    progress: Progress | None = None,
    seen: Seen | None = None,
) -> list[Path]:
    """The files written, in order. `size` is in device pixels.

    `scale` in percent is the ratio of device pixels that the application was started with (QT_SCALE_FACTOR); what that ratio lacks to
    `scale` is made up by the text size, so that 200 is the folded state either way. Trouble where `out` cannot be written to.
    """
    from approgress.ui.parts.ring import start_rings
    from approgress.ui.start import start_application

    app = start_application(["approgress"])
    ratio = app.devicePixelRatio()
    text = round(scale / ratio)
    if text not in TEXT_SIZES:
        raise Trouble(f"A scale of {scale} cannot be shown with a ratio of {ratio:g}. Nothing was written.")
    start_theme(app, look, text)
    start_rings(app)
    import_module("pyqtgraph")  # so that charts are there at once, not when idle time has brought their library
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise Trouble(f"{out} could not be made ({e.strerror}). Nothing was written. Choose another folder.") from None
    room = (round(size[0] / ratio), round(size[1] / ratio))
    files: list[Path] = []
    shots = _Shots(out, room, files, progress, seen)
    try:
        shots.before_a_school()
        shots.of_a_school(school)
    except OSError as e:
        raise Trouble(f"{out} could not be written to ({e.strerror or e}). {len(files)} pictures are there. Choose another folder.") from None
    finally:
        theme().set_look("light", 100)
    return files


class _Shots:
    """One run."""

    def __init__(self, out: Path, room: tuple[int, int], files: list[Path], progress: Progress | None, seen: Seen | None) -> None:
        self._out, self._room, self._files, self._progress, self._seen = out, room, files, progress, seen
        self._total = 66

    def shot(self, name: str, window: QWidget) -> None:
        """One picture of a window."""
        path = self._out / f"{len(self._files) + 1:02d}-{name}.png"
        grab(window, path)
        self._files.append(path)
        if self._seen is not None:
            self._seen(name, window)
        if self._progress is not None:
            self._total = max(self._total, len(self._files) + 1)
            self._progress(len(self._files), self._total)

    @contextmanager
    def window(self) -> Iterator[MainWindow]:
        """A window of the wanted size, shown and active, and freed in the end."""
        window = MainWindow()
        window.setMinimumSize(1, 1)
        window.resize(*self._room)
        window.show()
        window.activateWindow()
        try:
            yield window
        finally:
            window.close_now()
            window.deleteLater()
            settle()

    def before_a_school(self) -> None:
        """First launch, set-up and unlock."""
        from datetime import date

        from approgress.school.proposed_year import propose_year
        from approgress.store.preferences import DraftClosure, DraftPerson, DraftTerm, SetUpDraft
        from approgress.ui.pages.launch import LaunchPage
        from approgress.ui.pages.set_up import SetUpPage
        from approgress.ui.pages.unlock import UnlockPage

        with self.window() as window:
            launch = LaunchPage()
            window.show_screen(launch, "Begin")
            settle()
            self.shot("first-launch", window)
            terms, closures = propose_year(2026)
            draft = SetUpDraft(
                name="Hawthorn Centre",
                school_year=2026,
                half_terms=tuple(DraftTerm(t.name, t.first_day, t.last_day) for t in terms),
                closures=tuple(DraftClosure(c.first_day, c.last_day, c.sort, c.label) for c in closures),
                groups=("Ash", "Birch", "Cedar"),
                people=(DraftPerson("T. Mbeki", "head"), DraftPerson("J. Okafor", "office")),
            )
            page = SetUpPage(draft, folder=Path("/"), today=date(2026, 11, 24), keeps=False)
            window.show_screen(page, "Set up our school")
            for step in (1, 2, 3, 4):
                page.show_step(step)
                settle()
                self.shot(f"set-up-{step}", window)
            unlock = UnlockPage()
            unlock.set_address("/schools/hawthorn.approgress", "Hawthorn Centre", ["J. Okafor", "T. Mbeki"])
            window.show_screen(unlock, "Unlock")
            settle()
            self.shot("unlock", window)
            from approgress.domain.errors import WrongPassphrase

            unlock.form.refuse(WrongPassphrase("That passphrase does not open this school. Nothing was changed. Check Caps Lock, or use the recovery code."))
            settle()
            self.shot("unlock-wrong", window)

    def of_a_school(self, school: School) -> None:
        """Every place, several pupils, every part of Setting, the import, dialogs, names hidden, locked."""
        from approgress.ui.pages.setting import SECTIONS
        from approgress.ui.workspace import Workspace

        workspace = Workspace(school)
        with self.window() as window:
            frame = SchoolFrame(workspace)
            window.show_school(frame)
            workspace.stop_looking()
            frame.set_backed_up("Backed up 09:12")
            frame.rail.backed_up.show()
            frame.set_saved("Saved 09:12")
            for place in PAGES:
                if place.under or place.key == "setting":
                    continue
                frame.go(place.key)
                settle(workspace, 0.8 if place.key == "attendance" else 0.15)  # its rules that are watching come in pieces
                self.shot(place.key, window)
                self._states(place.key, frame, window, workspace)
                if place.key == "today":
                    self._today(frame, window, workspace)
            for number, pupil in enumerate(_pupils(workspace)[:PUPILS], start=1):
                frame.open_pupil(pupil)
                settle(workspace)
                self.shot(f"pupil-{number}", window)
                if number == 1:
                    self._states("pupil", frame, window, workspace)
            self._morning(frame, window, workspace)
            frame.go("setting")
            for key, *_ in SECTIONS:
                workspace.open_place(f"setting/{key}")
                settle(workspace)
                self.shot(f"setting-{key}", window)
            with tempfile.TemporaryDirectory(prefix="approgress-") as folder:
                if (file := _list_to_import(workspace, Path(folder))) is not None:
                    workspace.open_place(f"import/{file}")
                    settle(workspace)
                    self.shot("import-preview", window)
            self._dialogs(frame, window, workspace)
            workspace.hide_names(True)
            for key in ("pupils", "today", "attendance"):
                frame.go(key)
                settle(workspace)
                self.shot(f"{key}-names-hidden", window)
            workspace.hide_names(False)
            window.lock()
            settle(workspace)
            assert window.cover is not None
            self.shot("locked", window.cover)
            window.unlock_for_pictures()
            frame.forget_pages()
        workspace.tasks.stop_all()
        workspace.deleteLater()
        settle()

    def _states(self, key: str, frame: SchoolFrame, window: MainWindow, workspace: Workspace) -> None:
        """What a page itself knows to be worth a picture: `picture_states()` gives (name, what brings it about), which may open a dialog."""
        states = getattr(frame.current_page(), "picture_states", None)
        if states is None:
            return
        for name, act in states():
            act()
            settle(workspace)
            self._shot_front(f"{key}-{name}", window)

    def _shot_front(self, name: str, window: MainWindow) -> None:
        """The dialog in front, which is then left; without one the window."""
        front = _dialog()
        self.shot(name, front or window)
        while (front := _dialog()) is not None:
            front.reject()
            settle()

    def _today(self, frame: SchoolFrame, window: MainWindow, workspace: Workspace) -> None:
        """The contact line below an absent pupil, the round, and marks N: what the morning of a school is made of."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.settle_n import SettleDialog

        page = frame.current_page()
        assert page is not None
        page.enter_contact()  # type: ignore[attr-defined]
        settle(workspace)
        self.shot("today-contact", window)
        workspace.open_place(f"today/{workspace.today.isoformat()}")
        for _ in range(2):  # from the morning past the afternoon to the first lesson
            _press(Qt.Key.Key_Right)
        settle(workspace)
        self.shot("today-round", window)
        show_dialog(SettleDialog(workspace, parent=page))
        settle(workspace)
        self._shot_front("dialog-marks-n", window)
        frame.find_anything()
        settle(workspace)
        self.shot("quick-find", window)
        frame.find_anything()

    def _morning(self, frame: SchoolFrame, window: MainWindow, workspace: Workspace) -> None:
        """A moment and the log of all; attendance and behaviour of a pupil, one with a part-time timetable where there is one; its form."""
        from approgress.domain.records import Timetable
        from approgress.store.reads.dossier import records_of
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.timetable import TimetableDialog

        for address, name in (("moment", "moment"), ("moment/log", "moment-log")):
            workspace.open_place(address)
            settle(workspace)
            self.shot(name, window)
        here = _pupils(workspace)
        if not here:
            return
        timetables = {t.pupil_id for t in workspace.read(lambda r: r.every(Timetable))}
        pupil = next((i for i in here if i in timetables), here[0])
        for tab in ("attendance", "behaviour"):
            workspace.open_place(f"pupil/{pupil}/{tab}")
            settle(workspace)
            self.shot(f"pupil-{tab}", window)
        show_dialog(TimetableDialog(workspace, workspace.read(records_of, pupil), parent=frame))
        settle(workspace)
        self._shot_front("dialog-timetable", window)

    def _dialogs(self, frame: SchoolFrame, window: MainWindow, workspace: Workspace) -> None:
        from approgress.ui.pages.setting import SettingPage
        from approgress.ui.pages.setting.provision import ProvisionSection

        setting = frame.go("setting")
        assert isinstance(setting, SettingPage)
        for key in ("provision", "year", "groups", "people"):
            setting.show_section(key)
            settle(workspace)
            setting.section().main()
            settle(workspace)
            self._shot_front(f"dialog-{key}", window)
            if isinstance(section := setting.section(), ProvisionSection):
                for name, act in (("day", section.change_day), ("lessons", section.change_lessons)):
                    act()
                    settle(workspace)
                    self._shot_front(f"dialog-{name}", window)
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.ask import ConfirmDialog
        from approgress.ui.forms.recovery import RecoveryDialog

        frame.show_keys()
        settle(workspace)
        self._shot_front("dialog-keys", window)
        show_dialog(RecoveryDialog(workspace.school.setting.name, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-0000", workspace.today, parent=frame))
        settle(workspace)
        self._shot_front("dialog-recovery-code", window)
        show_dialog(
            ConfirmDialog("Wipe the demonstration school?", "Its file, its backups and everything typed into it are taken away for good.", verb="Wipe it", do=_nothing, parent=frame)
        )
        settle(workspace)
        self._shot_front("dialog-wipe", window)


def _press(key: Qt.Key) -> None:
    """A key pressed where the keyboard is."""
    target = QApplication.focusWidget()
    if target is not None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def _nothing() -> None:
    """Stands for what a picture does not do."""


def _dialog() -> QDialog | None:
    found = QApplication.activeModalWidget()
    if isinstance(found, QDialog):
        return found
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()), None)


def settle(workspace: Workspace | None = None, quiet: float = 0.15) -> None:
    """Waits until the window has nothing more to do: work off its thread, timers that are due, layouts."""
    app = QApplication.instance()
    assert app is not None
    until = monotonic() + LONGEST_WAIT
    still = monotonic() + quiet
    while monotonic() < until:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if workspace is not None and workspace.tasks.busy():
            still = monotonic() + quiet
        elif monotonic() >= still:
            break
    app.sendPostedEvents(None, 52)  # DeferredDelete, which no event loop of ours would send
    app.processEvents()


def _pupils(workspace: Workspace) -> list[int]:
    from approgress.store.reads.pupils import on_roll

    return list(workspace.read(on_roll, workspace.today))


def _list_to_import(workspace: Workspace, folder: Path) -> Path | None:
    """A small pupil list made of the school's own pupils: some as they are, one moved, one new, one refused. None without pupils."""
    from approgress.domain.naming import legal_name
    from approgress.domain.records import Identifier, Name, Pupil

    today = workspace.today
    rows: list[list[str]] = []
    for pupil in _pupils(workspace)[:9]:
        record = workspace.read(lambda r, p=pupil: r.one(Pupil, p))
        names = workspace.read(lambda r, p=pupil: r.of_pupil(Name, p))
        numbers = {i.system: i.value for i in workspace.read(lambda r, p=pupil: r.of_pupil(Identifier, p))}
        name = legal_name(names, today)
        if record is None or name is None:
            continue
        born = f"{record.born:%d/%m/%Y}" if record.born else ""
        rows.append([numbers.get("number", ""), numbers.get("upn", ""), name.surname or "", name.forename or "", born, ""])
    if not rows:
        return None
    rows[1 % len(rows)][5] = "Elm"
    rows.append(["", "", "Alder", "Rowan", "03/05/2013", "Birch"])
    rows.append(["", "", "Farthing", "Dee", "31/02/2012", "Ash"])
    path = folder / "pupils.csv"
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        out = csv.writer(f)
        out.writerow(["Admission No", "UPN", "Legal Surname", "Legal Forename", "Date of Birth", "Reg Group"])
        out.writerows(rows)
    return path
