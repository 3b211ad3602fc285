"""The program behind the window: what is opened first, demonstration, set-up, unlock, restore, looks, failures, and the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from approgress.domain.errors import Refusal, Trouble, WrongPassphrase
from approgress.store.preferences import Preferences, change_preferences, read_preferences
from approgress.ui.main_window import MainWindow
from approgress.ui.theme import start_theme, theme

if TYPE_CHECKING:
    from approgress.school.school import School
    from approgress.ui.pages.launch import LaunchPage
    from approgress.ui.pages.set_up import SetUpPage
    from approgress.ui.pages.unlock import UnlockPage
    from approgress.ui.tasks import Progress, Task, Tasks

DEMONSTRATION: Final = "demonstration.approgress"
WARM: Final = (
    "sqlalchemy",
    "sqlcipher3.dbapi2",
    "argon2.low_level",
    "cryptography.hazmat.primitives.ciphers.aead",
    "approgress.school.school",
    "approgress.store.reads.school",
    "approgress.domain.cohort",
)


class Program(QObject):
    """One window and at most one opened school."""

    failed_anywhere = Signal(str, str)
    """A sentence for the person, and the report of a defect or ''. From any thread."""

    def __init__(self, app: QApplication, window: MainWindow | None = None) -> None:
        super().__init__()
        self.app = app
        self.preferences: Preferences = read_preferences()
        start_theme(app, self.preferences.theme, self.preferences.text_percent)
        self.window = window or MainWindow(self.preferences.width, self.preferences.height)
        self.window.idle_minutes = self.preferences.idle_minutes
        self.school: School | None = None
        self._address = ""
        self._given: tuple[str | None, str | None] = (None, None)
        self._first = True
        self._notices: list[str] = []
        self._tasks: Tasks | None = None
        self._making: Task | None = None
        self._closing_task: Task | None = None
        self._next_address = ""
        self._place = ""
        self._hooks: Any = None
        self._failure: QWidget | None = None
        self._unlock: UnlockPage | None = None
        self._launch: LaunchPage | None = None
        self._set_up: SetUpPage | None = None
        self._warm: threading.Thread | None = None
        self._opens = False
        self.window.closing.connect(self._closing)
        self.failed_anywhere.connect(self._tell)

    # --- start -----------------------------------------------------------------------------------------------------

    def start(self, address: str | None = None, passphrase: str | None = None, person: str | None = None) -> None:
        """Shows the window with what comes first: the school asked for, the one opened last, or first launch."""
        self._given = (passphrase, person)
        if address is None and self.preferences.schools:
            address = self.preferences.schools[0]
        if address is None:
            self.show_launch()
        else:
            self._show_first(address)
        self.window.look_changed()
        if not self.window.isVisible():
            self.window.show()
        QTimer.singleShot(0, self._go_on)

    def _show_first(self, address: str) -> None:
        """What can be said of an address without the libraries of the store: those come after the first paint."""
        self._address = address
        try:
            people, name, is_open = self._keys(address)
        except Trouble as trouble:
            self.show_launch(trouble.sentence)
            return
        if is_open or (self._given[0] is not None):
            self._show_waiting(f"Opening {name or 'the school'}", "Everything is as it was left.")
            self._opens = True
        else:
            self._show_unlock(address, name, people)

    def _keys(self, address: str) -> tuple[list[str], str, bool]:
        """Who may unlock an address, what the school is called, and whether it opens by itself; Trouble where there is nothing to open."""
        from approgress.store.keys import KeyFile, key_path
        from approgress.store.places import refuse_unsafe

        if "://" in address:
            return [], "", False
        path = Path(address)
        if not path.exists():
            raise Trouble(f"There is no file {path} any more. Nothing was changed. Choose the file, or restore a backup of it.")
        refuse_unsafe(path)
        keys = KeyFile.read(key_path(path))
        return list(keys.people.values()), str(keys.data.get("name", "")), keys.is_open

    def _go_on(self) -> None:
        """What comes after the first screen: hooks, what the last end left, the libraries of the store."""
        from approgress.ui.crash import Hooks, read_fault_files, start_fault_file
        from approgress.ui.log import note
        from approgress.ui.parts.ring import start_rings

        start_rings(self.app)
        self._hooks = Hooks(self.failed_anywhere.emit)
        self._warm = threading.Thread(target=_warm_up, name="warm up", daemon=True)
        self._warm.start()
        left = read_fault_files()
        start_fault_file()
        _end_on_signals(self.app)
        note("started")
        self._notices = [s for s in (left, *self.preferences.notices) if s]
        if self.preferences.notices:
            self.preferences = change_preferences(notices=())
        if self._launch is not None:
            self._say_notices()
        if self._opens:
            self._opens = False
            self.open_school(self._address, self._given[0], self._given[1])
        elif self._unlock is not None:
            self._say_notices()

    def _say_notices(self) -> None:
        """What the last end left to be told, once, on the first screen that can say it."""
        said = " ".join(self._notices)
        if not said:
            return
        if self._launch is not None and not self._launch.banner.sentence():
            self._launch.banner.say(said, "attention")
            self._notices = []
        elif self._unlock is not None:
            self._unlock.notice.say(said, "attention")
        elif self.window.frame is not None:
            self.window.frame.say(said, "attention")
            self._notices = []

    # --- screens ---------------------------------------------------------------------------------------------------

    def show_launch(self, sentence: str = "", kind: str = "error") -> None:
        """First launch; with a sentence where something could not be opened, or of kind done where something was done."""
        from approgress.store.preferences import read_draft
        from approgress.ui.pages.launch import LaunchPage

        page = LaunchPage()
        page.demonstration_asked.connect(self.open_demonstration)
        page.set_up_asked.connect(self.show_set_up)
        page.give_up_asked.connect(self._give_up_draft)
        page.file_asked.connect(self._choose_file)
        page.address_asked.connect(self._ask_address)
        page.school_asked.connect(self.go_to)
        page.look_asked.connect(self.set_look)
        page.stop_asked.connect(self._stop_making)
        page.set_recent([s for s in self.preferences.schools if "://" in s or Path(s).exists()])
        draft = read_draft()
        page.set_draft(draft.step if draft is not None else 0)
        if sentence:
            page.banner.say(sentence, kind)
        self._forget_screens()
        self._launch = page
        self._show(page, "Begin")

    def _show(self, page: QWidget, title: str) -> None:
        if self.window.frame is not None:
            self.window.drop_school(page, title)
        else:
            self.window.show_screen(page, title)

    def _forget_screens(self) -> None:
        self._launch = self._unlock = self._set_up = None

    def _show_unlock(self, address: str, name: str, people: list[str]) -> None:
        from approgress.ui.pages.unlock import UnlockPage

        page = UnlockPage()
        page.set_address(address, name, people)
        page.form.tried.connect(self._unlock_tried)
        page.form.other_asked.connect(self._other_school)
        self._forget_screens()
        self._unlock = page
        self._address = address
        self._show(page, "Unlock")
        self._point_out_copies(address)

    def _point_out_copies(self, address: str) -> None:
        """Copies by a synchronising program are pointed out where the file is unlocked, and once after it was opened."""
        if "://" in address or self._unlock is None:
            return
        from approgress.store.places import conflict_copies

        if copies := conflict_copies(Path(address)):
            names = ", ".join(p.name for p in copies[:3])
            self._unlock.notice.say(
                f"Beside this file lies what looks like a copy made by a synchronising program: {names}. Nothing was taken from it.", "attention"
            )

    def _show_waiting(self, title: str, sentence: str) -> None:
        from approgress.ui.pages.waiting import WaitingPage

        page = WaitingPage(title, sentence)
        self._forget_screens()
        self._show(page, title)

    def _other_school(self) -> None:
        self._given = (None, None)
        self.show_launch()

    # --- opening ---------------------------------------------------------------------------------------------------

    def go_to(self, address: str) -> None:
        """Opens a school at an address: at once where it needs no passphrase, else by the unlock page."""
        if self.school is not None:
            self._leave_school(address)
            return
        try:
            people, name, is_open = self._keys(address)
        except (Refusal, Trouble) as e:
            self.show_launch(e.sentence)
            return
        if is_open:
            self._show_waiting(f"Opening {name}", "Everything is as it was left.")
            self.open_school(address, None, None)
        else:
            self._show_unlock(address, name, people)

    def _unlock_tried(self, person: str, passphrase: str) -> None:
        self.open_school(self._address, passphrase, person or None)

    def open_school(self, address: str, passphrase: str | None, person: str | None) -> None:
        """Opens a school off the GUI thread, since making the key takes a moment by intention."""
        self._address = address

        self._run(_open, address, passphrase, person, on_done=self._opened, on_failed=self._not_opened)

    def _run(self, work: Callable[..., Any], *args: Any, **calls: Any) -> Task:
        from approgress.ui.tasks import Tasks

        if self._tasks is None:
            self._tasks = Tasks(self)
        return self._tasks.run(work, *args, **calls)

    def _opened(self, result: tuple[School, str | None]) -> None:
        from approgress.store.keys import looks_like_recovery_code
        from approgress.store.preferences import read_draft

        school, passphrase = result
        draft = read_draft()
        if draft is not None and draft.school and draft.school == str(school.path or self._address):
            self.school = school
            self._make_set_up(draft)
            assert self._set_up is not None
            self._set_up.resume(school)
            return
        by_code = passphrase is not None and looks_like_recovery_code(passphrase) and not school.keys.is_open
        self.enter(school, by_code=by_code)

    def _not_opened(self, error: Exception) -> None:
        from approgress.ui.told import sentence_of

        trouble = error if isinstance(error, Trouble) else Trouble(sentence_of(error))
        if self._unlock is not None:
            self._unlock.form.refuse(trouble)
        elif isinstance(error, WrongPassphrase):
            self.go_to(self._address)
            if self._unlock is not None:
                self._unlock.form.refuse(trouble)
        else:
            self.show_launch(trouble.sentence)

    def enter(self, school: School, *, by_code: bool = False) -> None:
        """Shows an opened school."""
        from approgress.school.siblings import copies_beside, copies_words
        from approgress.ui.log import note
        from approgress.ui.school_frame import SchoolFrame
        from approgress.ui.warm import warm_up
        from approgress.ui.workspace import Workspace

        self.school = school
        self._address = str(school.path or self._address)
        self.preferences = change_preferences(schools=read_preferences().with_school(self._address))
        workspace = Workspace(school, self)
        workspace.hide_names(self.preferences.hide_names)
        workspace.asked.connect(self._asked)
        frame = SchoolFrame(workspace)
        frame.wipe_asked.connect(self._ask_wipe)
        self._forget_screens()
        self.window.show_school(frame)
        frame.go(self.preferences.place if self.preferences.place in {"today", "pupils", "setting"} else "today")
        frame.place_shown.connect(self._place_shown)
        note("opened a school")
        QTimer.singleShot(1500, warm_up)  # large charts, when today's page has been drawn
        copies = [c for c in copies_beside(school) if str(c) not in self.preferences.kept_copies]
        if copies:
            self._notices.append(copies_words(copies))
            self.preferences = change_preferences(kept_copies=(*self.preferences.kept_copies, *(str(c) for c in copies)))
        if by_code:
            self._notices.append("You came in by the recovery code. Give yourself a new passphrase in Setting, Security.")
        self._say_notices()
        self.show_backup_state()

    def show_backup_state(self) -> None:
        """Says beside the state in the rail when the newest backup was made; looked up off the GUI thread."""
        school = self.school
        if school is None or school.path is None:
            return

        self._run(_newest_backup, school, on_done=self._backup_found, on_failed=self._backup_unknown)

    def _backup_found(self, made: Any) -> None:
        from datetime import date

        from approgress.domain.days import words

        if self.window.frame is None:
            return
        self.window.frame.rail.backed_up.show()
        if made is None:
            self.window.frame.set_backed_up("No backup yet", good=False)
        else:
            when = f"{made:%H:%M}" if made.date() == date.today() else words(made.date(), year=False)
            self.window.frame.set_backed_up(f"Backed up {when}")

    def _backup_unknown(self, _error: Exception) -> None:
        if self.window.frame is not None:
            self.window.frame.rail.backed_up.show()
            self.window.frame.set_backed_up("Backup unknown", good=False)

    # --- demonstration ---------------------------------------------------------------------------------------------

    def demonstration_path(self) -> Path:
        """Where the demonstration school of this computer lies."""
        from approgress.paths import data_dir

        return data_dir() / DEMONSTRATION

    def open_demonstration(self) -> None:
        """Opens the demonstration school, made first where it is not there."""
        path = self.demonstration_path()
        if path.exists():
            self.go_to(str(path))
            return
        if self._launch is None:
            self.show_launch()
        launch = self._launch
        assert launch is not None
        launch.set_busy(True, "Making the demonstration school")

        self._making = self._run(
            _make_demonstration,
            path,
            on_done=self._demonstration_made,
            on_failed=self._demonstration_failed,
            on_stopped=self._demonstration_stopped,
            on_progress=launch.progress.show_progress,
        )

    def _stop_making(self) -> None:
        if self._making is not None:
            self._making.cancel()

    def _demonstration_made(self, school: School) -> None:
        if self._launch is not None:
            self._launch.set_busy(False)
        self.enter(school)

    def _demonstration_failed(self, error: Exception) -> None:
        from approgress.ui.told import sentence_of

        self._clear_unfinished()
        if self._launch is not None:
            self._launch.set_busy(False)
            self._launch.banner.say(sentence_of(error), "error")

    def _demonstration_stopped(self) -> None:
        self._clear_unfinished()
        if self._launch is not None:
            self._launch.set_busy(False)
            self._launch.banner.say("Stopped. Nothing of the demonstration school was kept.", "attention")
            self._launch.demonstration_button.setFocus()

    def _clear_unfinished(self) -> None:
        """A demonstration school that was stopped or failed on the way is taken away; it holds nothing that anybody typed."""
        path = self.demonstration_path()
        for ending in ("", "-wal", "-shm", "-keys"):
            path.with_name(path.name + ending).unlink(missing_ok=True)

    def _ask_wipe(self) -> None:
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.ask import ConfirmDialog

        show_dialog(
            ConfirmDialog(
                "Wipe the demonstration school?",
                "Its file, its backups and everything typed into it are taken away for good. A new one can be made at any time.",
                verb="Wipe it",
                do=self.wipe,
                parent=self.window,
            )
        )

    def wipe(self) -> None:
        """Takes the demonstration school away and shows first launch. Trouble where its file cannot be removed."""
        from approgress.school.papers_left import papers_left, papers_words
        from approgress.school.siblings import wipe

        school = self.school
        if school is None or school.path is None or not school.keys.is_open:
            return
        path, school_id, name = school.path, school.school_id, school.setting.name
        self._close_school()
        try:
            wipe(path, school_id)
        except Trouble as trouble:
            self.show_launch(trouble.sentence)
            return
        self.preferences = change_preferences(schools=tuple(s for s in self.preferences.schools if s != str(path)))
        left = papers_words(papers_left(name))
        self.show_launch(f"The demonstration school is wiped. {left}".strip(), "attention" if left else "done")

    # --- set-up ----------------------------------------------------------------------------------------------------

    def show_set_up(self) -> None:
        """The set-up, at its first step or where it was left."""
        from approgress.store.preferences import read_draft

        draft = read_draft()
        if draft is not None and draft.school and draft.step == 5:
            self.go_to(draft.school)
            return
        self._make_set_up(draft)

    def _make_set_up(self, draft: Any) -> None:
        from datetime import date

        from approgress.paths import data_dir
        from approgress.ui.pages.set_up import SetUpPage

        page = SetUpPage(draft, folder=data_dir(), today=date.today())
        page.made.connect(self._set_up_made)
        page.finished.connect(self._set_up_finished)
        page.left.connect(self._set_up_left)
        self._forget_screens()
        self._set_up = page
        self._show(page, "Set up our school")

    def _set_up_made(self, school: School) -> None:
        self.school = school
        self._address = str(school.path or self._address)
        self.preferences = change_preferences(schools=read_preferences().with_school(self._address))

    def _set_up_finished(self) -> None:
        if self.school is not None:
            self.enter(self.school)

    def _set_up_left(self) -> None:
        self._close_school()
        self.show_launch()

    def _give_up_draft(self) -> None:
        from approgress.store.preferences import write_draft

        write_draft(None)
        if self._launch is not None:
            self._launch.set_draft(0)
            self._launch.set_up_button.setFocus()

    # --- files -----------------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        from approgress.paths import data_dir
        from approgress.ui.ask import ask_open_files

        for path in ask_open_files(self.window, "Open our school’s file", "Schools and backups (*.approgress *.backup);;All files (*)", data_dir())[:1]:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Opens a file that a person chose: a school, or a backup, which is restored first."""
        if path.suffix == ".backup":
            self.show_restore(path)
        else:
            self.go_to(str(path))

    def _ask_address(self) -> None:
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.ask import AddressDialog

        show_dialog(AddressDialog(self.go_to, parent=self.window))

    def show_restore(self, backup: Path) -> None:
        """A backup to be laid beside what is there."""
        from approgress.paths import data_dir
        from approgress.ui.pages.restore import RestorePage

        school = self.school
        if school is not None and school.path is not None:
            from approgress.domain.days import words
            from approgress.school.siblings import last_entry_of

            last = last_entry_of(school)
            said = f"last entry {words(last.date())} {last:%H:%M}" if last else "no entries"
            page = RestorePage(backup, folder=school.path.parent, present=school.path, present_words=said, expect_school=school.school_id)
            page.left.connect(self._back_to_school)
        else:
            page = RestorePage(backup, folder=data_dir())
            page.left.connect(self.show_launch)
        page.open_asked.connect(self._restored_chosen)
        if self.window.frame is None:
            self._forget_screens()
        self.window.show_screen(page, "Restore a backup")

    def _back_to_school(self) -> None:
        if self.window.frame is not None:
            self.window.show_screen(self.window.frame)
            self.window.frame.show_title()

    def _restored_chosen(self, address: str) -> None:
        if self.school is not None and self.school.path is not None and str(self.school.path) == address:
            self._back_to_school()
            return
        before = str(self.school.path) if self.school is not None and self.school.path is not None else ""
        if before:
            self._notices.append(f"You now work in {Path(address).name}. The file from before, {Path(before).name}, lies beside it as it was: Setting, Backup goes back to it.")
        self.go_to(address)

    def _leave_school(self, address: str) -> None:
        """Goes from one school to another, or to first launch for '': the one that is open is backed up and closed first."""
        self._next_address = address
        school = self.school
        assert school is not None
        self._show_waiting_over("Changing schools", "What was entered is saved; a checked backup is made first.")

        self._run(_back_up, school, on_done=self._backed_up_to_leave, on_failed=self._not_left)

    def _show_waiting_over(self, title: str, sentence: str) -> None:
        from approgress.ui.pages.waiting import WaitingPage

        page = WaitingPage(title, sentence)
        self.window.show_screen(page, title)

    def _backed_up_to_leave(self, _info: object) -> None:
        self._close_school()
        if self._next_address:
            self.go_to(self._next_address)
        else:
            self.show_launch()
            self._say_notices()

    def _not_left(self, error: Exception) -> None:
        from approgress.ui.told import sentence_of

        self._notices.append(sentence_of(error))
        self._backed_up_to_leave(None)

    def _close_school(self) -> None:
        school, self.school = self.school, None
        if self.window.frame is not None:
            self.window.frame.workspace.stop_looking()
        if school is None:
            return
        try:
            school.close()
        except Trouble as trouble:
            self._notices.append(trouble.sentence)

    # --- what pages ask --------------------------------------------------------------------------------------------

    def _asked(self, what: str, value: Any) -> None:
        if what == "look":
            self.set_look(*value)
        elif what == "idle":
            self.window.idle_minutes = int(value)
        elif what == "lock":
            self.window.lock()
        elif what == "restore":
            self.show_restore(Path(value))
        elif what == "open":
            self.go_to(str(value))
        elif what == "launch":
            self._leave_school("")
        elif what == "wipe":
            self._ask_wipe()
        elif what == "backed_up":
            self.show_backup_state()

    def set_look(self, name: str = "", percent: int = 0) -> None:
        """Other colours, another text size, or both; kept for the next start."""
        theme().set_look(name or None, percent or None)
        self.preferences = change_preferences(theme=theme().style.name, text_percent=theme().text_percent)
        self.window.look_changed()

    def _place_shown(self, key: str) -> None:
        self._place = key

    # --- failures --------------------------------------------------------------------------------------------------

    def _tell(self, sentence: str, report: str) -> None:
        """A defect gets a dialog, one at a time; the world's trouble a sentence where it can be said."""
        if report:
            if self._failure is None:
                from approgress.ui.forms import show_dialog
                from approgress.ui.forms.failure import FailureDialog

                dialog = FailureDialog(sentence, report, parent=self.window)
                dialog.finished.connect(self._failure_read)
                self._failure = show_dialog(dialog)
            return
        if self.window.frame is not None:
            self.window.frame.say(sentence, "error")
        elif self._launch is not None:
            self._launch.banner.say(sentence, "error")

    def _failure_read(self) -> None:
        self._failure = None

    # --- the end ---------------------------------------------------------------------------------------------------

    def _closing(self) -> None:
        """Backs up in the background, then closes; what went wrong is said, and again at the next start."""
        frame = self.window.frame
        if (self._tasks is not None and self._tasks.busy()) or (frame is not None and frame.workspace.tasks.busy()):
            if frame is not None and not self.window.locked:
                frame.say("Something is still being worked on. Stop it or let it finish, then close the window.", "attention")
            return
        school = self.school
        if school is None:
            self._finish()
            return
        if self.window.frame is not None:
            self.window.frame.setEnabled(False)

        self._closing_task = self._run(_back_up, school, on_done=self._backed_up_at_end, on_failed=self._not_backed_up_at_end)
        QTimer.singleShot(250, self._show_closing)

    def _show_closing(self) -> None:
        if self._closing_task is None or not self._closing_task.running() or self.window.locked:
            return
        from approgress.ui.pages.waiting import WaitingPage

        page = WaitingPage("Backing up, then closing", "Everything is saved already. The copy is opened and checked after it is written.", stop="Close without waiting")
        page.stop_asked.connect(self._finish)
        page.again_asked.connect(self._closing)
        page.leave_asked.connect(self._finish)
        self.window.show_screen(page, "Closing")

    def _backed_up_at_end(self, _info: object) -> None:
        self._finish()

    def _not_backed_up_at_end(self, error: Exception) -> None:
        from approgress.ui.told import sentence_of

        sentence = sentence_of(error)
        self._keep_notice(sentence)
        if self.window.locked:
            self._finish()
            return
        self._closing_task = None
        from approgress.ui.pages.waiting import WaitingPage

        page = WaitingPage("No backup could be made", "What you entered is saved in the school’s file; only the copy is missing.")
        page.again_asked.connect(self._closing)
        page.leave_asked.connect(self._finish)
        page.fail(sentence, again="Try again", leave="Close without a backup")
        self.window.show_screen(page, "Closing")

    def _keep_notice(self, sentence: str) -> None:
        from datetime import datetime

        from approgress.domain.days import words

        now = datetime.now()
        said = f"When the program was closed on {words(now.date())} at {now:%H:%M}, no backup was made: {sentence}"
        self.preferences = change_preferences(notices=(said,))

    def _finish(self) -> None:
        window = self.window
        maximised = window.isMaximized()
        changes: dict[str, Any] = {"maximised": maximised}
        if not maximised:
            changes |= {"width": window.width(), "height": window.height()}
        if self._place:
            changes["place"] = self._place if self._place != "pupil" else "pupils"
        self.preferences = change_preferences(**changes)
        self._close_school()
        window.close_now()

    def end(self) -> None:
        """A clean end: hooks and the fault file go."""
        from approgress.ui.crash import end_fault_file
        from approgress.ui.log import note

        if self._warm is not None:
            self._warm.join(10)
        if self.school is not None:
            self._close_school()
        if self._hooks is not None:
            self._hooks.remove()
            self._hooks = None
        end_fault_file()
        note("ended")


def _open(address: str, passphrase: str | None, person: str | None, *, progress: Progress) -> tuple[School, str | None]:
    from approgress.school.school import School

    return School.open(address, passphrase, person), passphrase


def _newest_backup(school: School, *, progress: Progress) -> Any:
    found = school.automatic_backups()
    return found[0].made if found else None


def _make_demonstration(path: Path, *, progress: Progress) -> School:
    from approgress.school.demonstration import make_demonstration

    return make_demonstration(path, progress=progress)


def _back_up(school: School, *, progress: Progress) -> Any:
    school.seal()
    return school.back_up_if_changed()


def _warm_up() -> None:
    """Imports what opening a school needs, so that it is there when a person has typed the passphrase."""
    from importlib import import_module

    for name in WARM:
        try:
            import_module(name)
        except ImportError:
            return  # opening says what is missing


def _end_on_signals(app: QApplication) -> None:
    """The system's wish to end the program ends it cleanly; the timers of the window let Python hear it."""
    import signal

    if threading.current_thread() is not threading.main_thread():
        return

    def end(_number: int, _frame: object) -> None:
        app.quit()

    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, end)
