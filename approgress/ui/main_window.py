"""The window: its screens, the lock, what is typed or not, and the end.

It is shown before anything else of the program is loaded, so this module imports Qt and nothing more, and the shell that is painted
first takes its colours from the theme's file by a look at two lines.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QWindow

    from approgress.ui.school_frame import SchoolFrame

IDLE_LOOK_MS: Final = 5000


def quick_value(path: Path, key: str) -> str:
    """The value of a key that stands on a line of its own in a small TOML file, without quotation marks; '' where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(key) and line[len(key) :].lstrip().startswith("="):
                    return line.partition("=")[2].strip().strip('"')
    except (OSError, UnicodeDecodeError):
        pass
    return ""


class MainWindow(QWidget):
    """The window and its screens. It says what a person wants of the program (`closing`, `unlock_tried`); the program does it."""

    painted = Signal()
    """The first paint is over: now what is slow to import may be imported."""
    closing = Signal()
    """A person closes the window while a school is open: the program backs up and then calls `close_now`."""
    lock_changed = Signal(bool)
    sized = Signal()

    def __init__(self, width: int = 0, height: int = 0, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("approgress")
        self._painted = False
        self._may_close = False
        self.idle_minutes = 5
        self._shell: tuple[str, str, float] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self.frame: SchoolFrame | None = None
        self.cover: QWidget | None = None
        self._last_input = (time.monotonic(), time.time())
        self._watched: list[QWindow] = []
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOOK_MS)
        self._idle.timeout.connect(self.look_idle)
        self.resize(width or 1366, height or 768)
        self._input: frozenset[QEvent.Type] = frozenset()

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
        self._shell = None
        if screen is not self.frame:
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
        self.start_watching()
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

        if screen is self.frame:
            return  # it folds by itself
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
        from approgress.ui.theme import px

        self.setMinimumSize(px(18), px(16))
        screen = self._stack.currentWidget()
        if screen is not None:
            self._fold(screen)

    def show_shell(self, theme: str, opens_a_school: bool) -> None:
        """What is painted while the program is being loaded: the ground of the page, and the band at the left that will stand there."""
        from approgress.paths import resource

        file = resource("themes", f"{theme or 'light'}.toml")
        dark = quick_value(file, "dark") == "true"
        ground = quick_value(file, "paper") or "#F6F5F1"
        band = quick_value(file, "surface" if opens_a_school or theme == "contrast" else "soft" if dark else "accent") or ground
        self._shell = (ground, band, 0.15 if opens_a_school else 0.307)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._shell is not None:
            ground, band, share = self._shell
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(ground))
            painter.fillRect(0, 0, round(self.width() * share), self.height(), QColor(band))
            painter.end()
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

    def start_watching(self) -> None:
        """From now on input counts. Not before the first paint: naming Qt's kinds of events costs a part of the time to it."""
        if self._input:
            return
        kinds = QEvent.Type
        self._input = frozenset(
            {
                kinds.KeyPress,
                kinds.MouseButtonPress,
                kinds.MouseMove,
                kinds.Wheel,
                kinds.TouchBegin,
                kinds.TouchUpdate,
                kinds.TabletMove,
                kinds.InputMethod,
            }
        )
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

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
        if event.type() in self._input:
            self._last_input = (time.monotonic(), time.time())
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F8 and watched is not self.windowHandle():
                return self._hide_from_dialog()
        return False

    def _hide_from_dialog(self) -> bool:
        """F8 hides names also while a dialog is open, which the keys of the window do not reach."""
        if self.frame is None or self.locked:
            return False
        self.frame.hide_names_asked.emit()
        return True

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
