"""The window: launch, set-up, unlock and the opened school with its frame; lock, hide names, title, state, and the end with its backup."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStackedWidget, QVBoxLayout, QWidget

from approgress.domain.edits import Changes
from approgress.domain.errors import Refusal, Trouble
from approgress.ui.parts.frame import Frame
from approgress.ui.parts.frame import Place as FramePlace
from approgress.ui.places import PAGES, Place
from approgress.ui.theme import px, space

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from approgress.store.preferences import Preferences
    from approgress.ui.workspace import Workspace

ALL: Final = Changes(everything=True)
DONE_SHOWN_MS: Final = 8000
IDLE_LOOK_MS: Final = 5000
_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
        QEvent.Type.InputMethod,
    }
)


class SchoolFrame(Frame):
    """The frame of an opened school: makes pages when they are first shown, tells them what changed, and carries out where they go."""

    title_changed = Signal(str)
    wipe_asked = Signal()

    def __init__(self, workspace: Workspace, places: tuple[Place, ...] = PAGES, parent: QWidget | None = None) -> None:
        self.workspace = workspace
        self._all = {place.key: place for place in places}
        shown = [place for place in places if not place.under]
        super().__init__(
            [FramePlace(place.key, place.title, place.icon, partial(place.make, workspace)) for place in shown],
            school=workspace.school.setting.name,
            parent=parent,
        )
        self._pending: dict[str, Changes] = {}
        self._trail: list[tuple[str, int | None]] = []
        self._at: int | None = None
        self._titles_timer = _once(self, 250, self._show_undo)
        self._done_timer = _once(self, DONE_SHOWN_MS, self._hide_done)
        self._told: QWidget | None = None
        self.wipe_button: QWidget | None = None
        w = workspace
        w.changed.connect(self._changed)
        w.names_hidden_changed.connect(self._names_hidden)
        w.day_changed.connect(self._day_changed)
        w.troubled.connect(self.say)
        w.saved_changed.connect(self.set_saved)
        w.pupil_asked.connect(self.open_pupil)
        w.place_asked.connect(self._place_asked)
        w.badge_changed.connect(self.set_count)
        self.hide_names_asked.connect(self._hide_names)
        self.undo_asked.connect(w.undo)
        self.redo_asked.connect(w.redo)
        self.keys_asked.connect(self.show_keys)
        self._show_school()
        self.set_names_hidden(w.names_hidden)
        self.rail.backed_up.hide()  # until it is known when the last one was made
        self._show_undo()

    # --- pages -----------------------------------------------------------------------------------------------------

    def open_page(self, place: str, name: str, factory: Callable[[], QWidget]) -> QWidget:
        """Shows the page of that name; the page's own module is imported and the page made when it is first shown."""
        return self.go(name)

    def open_pupil(self, pupil_id: int) -> None:
        """Shows a pupil's page."""
        self.go("pupil", pupil_id)

    def go(self, key: str, where: int | None = None, *, remember: bool = True) -> QWidget:
        """Shows a place, at `where` inside it (a pupil's id); refused by the page that is shown where that must be finished first."""
        now = self.current_page()
        if now is not None:
            may_leave = getattr(now, "may_leave", None)
            if may_leave is not None and not may_leave():
                self.rail.list.choose(self._under(self._shown))
                return now
            if remember and (key, where) != (self._shown, self._at):
                self._trail.append((self._shown, self._where()))
                del self._trail[:-40]
        page = self._pages.get(key)
        made = page is None
        if page is None:
            page = self._pages[key] = self._all[key].make(self.workspace)
            self.pages.addWidget(page)
            self._pending.pop(key, None)
        self._home[key] = self._under(key)
        if where is not None:
            self._tell(page, "open_pupil" if hasattr(page, "open_pupil") else "go", where)
            self._pending.pop(key, None)
        elif not made and (changes := self._pending.pop(key, None)) is not None:
            self._refresh(page, changes)
        self._shown, self._at = key, where
        self.pages.setCurrentWidget(page)
        self.rail.list.choose(self._under(key))
        if self._open:
            self.toggle_rail()
        self.place_shown.emit(key)
        self.show_title()
        self._focus(page)
        return page

    def _focus(self, page: QWidget) -> None:
        """Puts the keyboard into the page: where it was there last, else on its table, else on the first thing that takes it."""
        focused = QApplication.focusWidget()
        if focused is not None and page.isAncestorOf(focused):
            return  # the page has seen to it
        wanted = page.focusWidget()
        if wanted is None:
            tables = [t for t in page.findChildren(QAbstractItemView) if t.isVisibleTo(page) and t.focusPolicy() & _by_tab()]
            wanted = tables[0] if tables else None
        if wanted is None:
            wanted = next((w for w in page.findChildren(QWidget) if w.isVisibleTo(page) and w.isEnabled() and w.focusPolicy() & _by_tab()), None)
        if wanted is not None:
            wanted.setFocus()

    def back(self) -> None:
        """Shows what was shown before."""
        while self._trail:
            key, where = self._trail.pop()
            if (key, where) != (self._shown, self._where()):
                page = self.go(key, where, remember=False)
                go = getattr(page, "go", None)
                if where is not None and go is not None and not hasattr(page, "open_pupil"):
                    self._tell(page, "go", where)
                return

    def _where(self) -> int | None:
        where = getattr(self.current_page(), "where", None)
        return where() if where is not None else self._at

    def _under(self, key: str) -> str:
        place = self._all.get(key)
        return place.under or key if place is not None else key

    def _place_asked(self, key: str) -> None:
        place, _, section = key.partition("/")
        page = self.go(place)
        if section:
            show = getattr(page, "show_section", None)
            if show is not None:
                show(section)

    def _tell(self, page: QWidget, method: str, value: Any) -> None:
        try:
            getattr(page, method)(value)
        except (Refusal, Trouble) as e:
            self._say_in(page, e.sentence, "error" if isinstance(e, Trouble) else "attention")

    def _refresh(self, page: QWidget, changes: Changes) -> None:
        try:
            page.refresh(changes)  # type: ignore[attr-defined]
        except Trouble as e:
            self._say_in(page, e.sentence, "error")

    # --- what changed ----------------------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        for key, page in self._pages.items():
            if key == self._shown:
                self._refresh(page, changes)
            else:
                self._pending[key] = self._pending.get(key, Changes()) | changes
        if changes.everything or changes.kinds & {"setting", "person"}:
            self._show_school()
        self._titles_timer.start()

    def _names_hidden(self, hidden: bool) -> None:
        self.set_names_hidden(hidden)
        self._all_anew()

    def _day_changed(self, _day: object) -> None:
        self._show_school()
        self._all_anew()

    def _all_anew(self) -> None:
        for key, page in self._pages.items():
            if key == self._shown:
                self._refresh(page, ALL)
            else:
                self._pending[key] = ALL

    def _hide_names(self) -> None:
        self.workspace.hide_names(not self.workspace.names_hidden)

    def _show_undo(self) -> None:
        try:
            self.set_undo(self.workspace.undo_titles()[0])
        except Trouble:
            self.set_undo("")

    def _show_school(self) -> None:
        from approgress.domain.acts.setting import ROLES
        from approgress.domain.days import words

        setting = self.workspace.school.setting
        self.set_school(setting.name)
        viewer = self.workspace.school.viewer
        self.set_person(viewer.name, ROLES.get(viewer.role, viewer.role).split(" or ")[0].split(",")[0])
        if setting.demonstration:
            self.set_demonstration("Demonstration school", f"Its today is {words(self.workspace.today, weekday=True)}")
            if self.wipe_button is None:
                from approgress.ui.parts.buttons import Button

                button = Button("Wipe it", kind="link", small=True, name="Wipe the demonstration school")
                button.clicked.connect(self.wipe_asked)
                self.wipe_button = button
                head = self.rail.demonstration_day.parentWidget().layout()
                assert isinstance(head, QVBoxLayout)
                head.addWidget(button)
                head.setAlignment(button, _left())
        else:
            self.set_demonstration("")
        self.show_title()

    def show_title(self) -> None:
        """Says what the window's title is now: the page and the school, never a pupil."""
        page = self.current_page()
        title = getattr(page, "title", "") if page is not None else ""
        name = self.workspace.school.setting.name
        self.title_changed.emit(" · ".join(part for part in (title, name, "approgress") if part))

    # --- sentences -------------------------------------------------------------------------------------------------

    def say(self, sentence: str, kind: str = "attention") -> None:
        """A sentence in the banner of the page that is shown; what was done goes by itself, what needs a person stays."""
        page = self.current_page()
        if page is not None:
            self._say_in(page, sentence, kind)

    def _say_in(self, page: QWidget, sentence: str, kind: str) -> None:
        banner = getattr(page, "banner", None)
        if banner is None:
            return
        banner.say(sentence, kind)
        self._told = banner if kind == "done" else None
        if kind == "done":
            self._done_timer.start()
        else:
            self._done_timer.stop()

    def _hide_done(self) -> None:
        if self._told is not None:
            self._told.say("")  # type: ignore[attr-defined]
            self._told = None

    def show_keys(self) -> None:
        """The keys of the page that is shown, and those that always work."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.keys import KeysDialog

        status = getattr(self.current_page(), "status", None)
        hints = status.hints() if status is not None else []
        show_dialog(KeysDialog(getattr(self.current_page(), "title", ""), hints, parent=self))

    def forget_pages(self) -> None:
        """Frees every page, when the school is closed."""
        self.forget_all()
        self._pending.clear()
        self._trail.clear()


class MainWindow(QWidget):
    """The window and its screens. It says what a person wants of the program (`closing`, `unlock_tried`); the program does it."""

    painted = Signal()
    """The first paint is over: now what is slow to import may be imported."""
    closing = Signal()
    """A person closes the window while a school is open: the program backs up and then calls `close_now`."""
    lock_changed = Signal(bool)
    sized = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("approgress")
        self._painted = False
        self._may_close = False
        self.idle_minutes = preferences.idle_minutes
        column = QVBoxLayout(self)
        space(column)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self.frame: SchoolFrame | None = None
        self.cover: QWidget | None = None
        self._last_input = (time.monotonic(), time.time())
        self._watched: list[QWindow] = []
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOOK_MS)
        self._idle.timeout.connect(self.look_idle)
        self.setMinimumSize(px(18), px(16))
        if preferences.width and preferences.height:
            self.resize(preferences.width, preferences.height)
        else:
            self.resize(1366, 768)
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)

    # --- screens ---------------------------------------------------------------------------------------------------

    def show_screen(self, screen: QWidget, title: str = "") -> None:
        """Shows a screen instead of the one that is shown; one that is not the opened school is freed when it goes."""
        before = self._stack.currentWidget()
        if self._stack.indexOf(screen) < 0:
            self._stack.addWidget(screen)
        self._stack.setCurrentWidget(screen)
        if before is not None and before is not screen and before is not self.frame:
            self._stack.removeWidget(before)
            before.hide()
            before.deleteLater()
        if not isinstance(screen, SchoolFrame):
            self.setWindowTitle(f"{title} · approgress" if title else "approgress")
        self._fold(screen)

    def screen_shown(self) -> QWidget | None:
        """The screen that is shown."""
        return self._stack.currentWidget()

    def show_school(self, frame: SchoolFrame) -> None:
        """Shows an opened school."""
        self.frame = frame
        frame.title_changed.connect(self.setWindowTitle)
        frame.lock_asked.connect(self.lock)
        self.show_screen(frame)
        frame.workspace.start_looking()
        self._last_input = (time.monotonic(), time.time())
        self._idle.start()

    def drop_school(self, screen: QWidget, title: str = "") -> None:
        """Shows another screen and frees the school's pages; the school itself is closed by the program."""
        frame, self.frame = self.frame, None
        self._idle.stop()
        if frame is not None:
            frame.workspace.stop_looking()
            frame.forget_pages()
        self.show_screen(screen, title)
        if frame is not None and self._stack.indexOf(frame) >= 0:
            self._stack.removeWidget(frame)
            frame.hide()
            frame.deleteLater()

    def _fold(self, screen: QWidget) -> None:
        from approgress.ui.parts.fold import fold_for, fold_inside

        if isinstance(screen, Frame):
            return
        fold = fold_for(self.width())
        own = getattr(screen, "set_fold", None)
        if own is not None:
            own(fold)
        fold_inside(screen, fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        screen = self._stack.currentWidget()
        if screen is not None:
            self._fold(screen)
        self.sized.emit()

    def look_changed(self) -> None:
        """The text size is new, so there is more or less room."""
        self.setMinimumSize(px(18), px(16))
        screen = self._stack.currentWidget()
        if screen is not None:
            self._fold(screen)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    # --- lock ------------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Whether the data is covered and the passphrase asked for."""
        return self.cover is not None

    def lock(self) -> None:
        """Covers everything that shows data, in every window of the program, and asks for the passphrase in front of it."""
        if self.frame is None or self.cover is not None:
            return
        from approgress.ui.lock import LockDialog, cover_windows

        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        covers = cover_windows()
        self.setWindowTitle("Locked · approgress")
        dialog = LockDialog(self.frame.workspace.school, covers, parent=self)
        dialog.opened_again.connect(self._unlocked)
        dialog.leave_asked.connect(self.closing)
        self.cover = dialog
        dialog.open()
        dialog.raise_()
        dialog.activateWindow()
        self.lock_changed.emit(True)

    def _unlocked(self) -> None:
        dialog, self.cover = self.cover, None
        if dialog is not None:
            dialog.deleteLater()
        self._last_input = (time.monotonic(), time.time())
        if self.frame is not None:
            self.frame.show_title()
            self.frame.workspace.look_round()
            page = self.frame.current_page()
            if page is not None:
                page.setFocus()
        self.lock_changed.emit(False)

    def unlock_for_pictures(self) -> None:
        """Takes the lock away without asking: only for the demonstration school's pictures, which hold nobody's data, and for tests."""
        from approgress.ui.lock import LockDialog

        if isinstance(self.cover, LockDialog):
            self.cover.let_in()

    def look_idle(self) -> None:
        """Locks when nothing was typed or pointed at for as long as the person set; a computer that slept that long counts as well."""
        if not self.idle_minutes or self.frame is None or self.locked:
            return
        ran, wall = self._last_input
        if max(time.monotonic() - ran, time.time() - wall) >= self.idle_minutes * 60:
            self.lock()

    def _watch(self, window: QWindow | None) -> None:
        """Raw input reaches the system's windows first; there are few events there, so watching them costs nothing."""
        if window is not None and window not in self._watched:
            self._watched.append(window)
            window.destroyed.connect(self._forget_windows)
            window.installEventFilter(self)
        if window is not None and self.frame is not None and not self.locked:
            self.frame.workspace.look_round()

    def _forget_windows(self) -> None:
        import shiboken6

        self._watched = [w for w in self._watched if shiboken6.isValid(w)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._last_input = (time.monotonic(), time.time())
        return False

    # --- the end ---------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close or self.frame is None:
            event.accept()
            self._may_close = True
            return
        event.ignore()
        page = self.frame.current_page()
        may_leave = getattr(page, "may_leave", None)
        if not self.locked and may_leave is not None and not may_leave():
            return
        self.closing.emit()

    def close_now(self) -> None:
        """Closes without asking the program again."""
        self._may_close = True
        self.close()


def _once(owner: QObject, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer


def _by_tab() -> Any:
    from PySide6.QtCore import Qt

    return Qt.FocusPolicy.TabFocus


def _left() -> Any:
    from PySide6.QtCore import Qt

    return Qt.AlignmentFlag.AlignLeft
