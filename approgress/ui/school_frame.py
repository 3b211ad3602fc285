"""The frame of an opened school: its pages, what changed, where to go, and what the rail says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from approgress.domain.edits import Changes
from approgress.domain.errors import Refusal, Trouble
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.frame import Frame
from approgress.ui.parts.frame import Place as FramePlace
from approgress.ui.places import PAGES, Place

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from approgress.ui.finder import Finder, Key
    from approgress.ui.forms.keys import Hint
    from approgress.ui.parts.quick_find import QuickFind
    from approgress.ui.veil import Veil
    from approgress.ui.workspace import Workspace

ALL: Final = Changes(everything=True)
DONE_SHOWN_MS: Final = 8000


class SchoolFrame(Frame):
    """The frame of an opened school: makes pages when they are first shown, tells them what changed, and carries out where they go."""

    title_changed = Signal(str)
    wipe_asked = Signal()

    quick: QuickFind | None = None
    """Quick find, once it was opened."""
    _finder: Finder | None = None
    _before_find: QWidget | None = None

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
        self._veils: list[Veil] = []
        self.wipe_button: QWidget | None = None
        self.own_button: QWidget | None = None
        w = workspace
        w.changed.connect(self._changed)
        w.names_hidden_changed.connect(self._names_hidden)
        w.day_changed.connect(self._day_changed)
        w.troubled.connect(self.say)
        w.saved_changed.connect(self.set_saved)
        w.pupil_asked.connect(self.open_pupil)
        w.place_asked.connect(self._place_asked)
        w.went_back.connect(self._show_taken_back)
        w.badge_changed.connect(self.set_count)
        self.hide_names_asked.connect(self._hide_names)
        self.undo_asked.connect(w.undo)
        self.redo_asked.connect(w.redo)
        self.keys_asked.connect(self.show_keys)
        self.find_asked.connect(self.find_anything)
        self.print_asked.connect(self.print_page)
        self.place_shown.connect(self._leave_find)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self._undo_keys: QObject | None = None
        self._watched_line: QWidget | None = None
        self._show_school()
        self.set_names_hidden(w.names_hidden)
        self.rail.backed_up.hide()  # until it is known when the last one was made
        self.set_undo("")
        self._titles_timer.start()

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
        if key != self._shown and (came_from := getattr(page, "came_from", None)) is not None:
            came_from(self._shown, self._at)
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
            tables = [t for t in page.findChildren(QAbstractItemView) if t.isVisibleTo(page) and t.focusPolicy() & Qt.FocusPolicy.TabFocus]
            wanted = tables[0] if tables else None
        if wanted is None:
            wanted = next((w for w in page.findChildren(QWidget) if w.isVisibleTo(page) and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if wanted is not None:
            wanted.setFocus()

    def _focus_in(self, part: QWidget) -> None:
        """Puts the keyboard into a part of a page: on its table, else on the first thing that takes it but for a search line."""
        from approgress.ui.parts.fields import SearchField

        def takes(w: QWidget) -> bool:
            return w.isVisibleTo(part) and w.isEnabled() and bool(w.focusPolicy() & Qt.FocusPolicy.TabFocus) and not isinstance(w, SearchField)

        tables: list[QWidget] = [t for t in part.findChildren(QAbstractItemView) if takes(t)]
        wanted = next(iter(tables), None) or next((w for w in part.findChildren(QWidget) if takes(w)), None)
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Watches the keys of a line of text in this frame while it has the focus, whichever page it is on."""
        import shiboken6

        if not shiboken6.isValid(self):
            return
        before, self._watched_line = self._watched_line, None
        if before is not None and self._undo_keys is not None and shiboken6.isValid(before):
            before.removeEventFilter(self._undo_keys)
        if isinstance(new, QLineEdit | QPlainTextEdit) and self.isAncestorOf(new):
            from approgress.ui.parts.fields import UndoKeys

            if self._undo_keys is None:
                self._undo_keys = UndoKeys(self)
            new.installEventFilter(self._undo_keys)
            self._watched_line = new

    def show_place(self, key: str) -> QWidget:
        """A place of the rail, by its key or a press; Today, come to from elsewhere, shows today and not the day looked at before."""
        elsewhere = self._shown != key
        page: Any = super().show_place(key)
        if key == "today" and elsewhere and self._shown == key and hasattr(page, "go"):
            self._tell(page, "go", self.workspace.today.toordinal())
        return page

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
        """A place, or a part of it: 'setting/people', 'today/2026-11-18', 'moment/12', 'pupil/12/attendance'."""
        place, _, section = key.partition("/")
        if place == "pupil" and section:
            pupil, _, tab = section.partition("/")
            page = self.go(place, int(pupil))
            if tab and (show_tab := getattr(page, "show_tab", None)) is not None:
                show_tab(tab)
            return
        page = self.go(place)
        if section and self._shown == place:  # else a page that must be finished first was not left
            show = getattr(page, "show_section", None)
            if show is not None:
                show(section)

    def _show_taken_back(self, address: str) -> None:
        """Goes to what undo or redo changed, unless it is shown already."""
        place, _, rest = address.partition("/")
        page: Any = self.current_page()
        if place not in self._all or page is None:
            return
        if place == "pupil":
            if (self._shown, getattr(page, "pupil_id", None)) != ("pupil", int(rest)) and self._shown != "moment":
                self.go("pupil", int(rest))
            return
        if place == "today":
            day, _, whom = rest.partition("/")
            pupil = int(whom.partition("/")[2] or 0)
            if self._shown == "pupil" and pupil and getattr(page, "pupil_id", None) == pupil:
                return  # their page shows it too
            here = self._shown == "today" and page.where() == date.fromisoformat(day).toordinal()
            if here and (not pupil or any(t.model().find(pupil) >= 0 for t in self._tables(page) if hasattr(t.model(), "find"))):
                return
        elif place == self._shown and place != "setting":
            return
        self._place_asked(address)
        self._leave_search()

    def _leave_search(self) -> None:
        """After an undo the keyboard is on what is shown, not in a line that would take the next key for itself."""
        from approgress.ui.parts.fields import SearchField

        page = self.current_page()
        if page is not None and isinstance(QApplication.focusWidget(), SearchField):
            self._focus_in(page)

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
        from approgress.ui.veil import lift_veils, veil_dialogs

        self.set_names_hidden(hidden)
        if hidden:
            self._veils = veil_dialogs()
            self._forget_words()
        self._all_anew()
        if self.quick is not None and self.quick.isVisible():
            self.quick.look()
        if not hidden:
            lift_veils(self._veils)
            self._veils = []

    def _forget_words(self) -> None:
        """What was said, and what was typed to find somebody, may be a name."""
        from approgress.ui.parts.fields import SearchField

        for page in self._pages.values():
            banner = getattr(page, "banner", None)
            if banner is not None:
                banner.say("")
            for field in page.findChildren(SearchField):
                field.clear()
        if self.quick is not None:
            self.quick.line.clear()

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
        """What undo takes back and what the person's role is called: neither is needed for the first picture of a page."""
        from approgress.domain.acts.setting import ROLES

        viewer = self.workspace.school.viewer
        self.set_person(viewer.name, ROLES.get(viewer.role, viewer.role).split(" or ")[0].split(",")[0])
        try:
            self.set_undo(self.workspace.undo_titles()[0])
            self.set_saved(self.workspace.last_saved())
        except Trouble:
            self.set_undo("")

    def _show_school(self) -> None:
        from approgress.domain.days import words

        setting = self.workspace.school.setting
        self.set_school(setting.name)
        self.set_person(self.workspace.school.viewer.name)
        if setting.demonstration:
            self.set_demonstration("Demonstration school", f"Its today is {words(self.workspace.today, weekday=True)}")
            if self.wipe_button is None:
                box = self.rail.demonstration_day.parentWidget()
                head = box.layout() if box is not None else None
                assert isinstance(head, QVBoxLayout)
                own = Button("Our own school", kind="link", small=True, name="Set up or open our own school; the demonstration school stays")
                own.clicked.connect(self._to_own_school)
                self.own_button = own
                button = Button("Wipe it", kind="link", small=True, name="Wipe the demonstration school")
                button.clicked.connect(self.wipe_asked)
                self.wipe_button = button
                for one in (own, button):
                    head.addWidget(one, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.set_demonstration("")
        self.show_title()

    def show_title(self) -> None:
        """Says what the window's title is now: the page and the school, never a pupil."""
        page = self.current_page()
        title = getattr(page, "title", "") if page is not None else ""
        name = self.workspace.school.setting.name
        self.title_changed.emit(" · ".join(part for part in (title, name, "approgress") if part))

    # --- find and print --------------------------------------------------------------------------------------------

    def find_anything(self) -> None:
        """Opens quick find; pressed again, it goes."""
        from approgress.ui.finder import Finder
        from approgress.ui.parts.quick_find import QuickFind

        if self.quick is not None and self.quick.isVisible():
            self.quick.leave()
            return
        if self._finder is None:
            self._finder = Finder(self.workspace, tuple(self._all.values()))
        if self.quick is None:
            self.quick = QuickFind(self._find, self)
            self.quick.chosen.connect(self._found)
            self.quick.left.connect(self._after_find)
        self._before_find = QApplication.focusWidget()
        self.quick.open()
        QTimer.singleShot(30, self._read_ahead)  # the line is there at once; whom it can find is read before a first letter is typed

    def _read_ahead(self) -> None:
        if self._finder is not None and self.quick is not None and self.quick.isVisible():
            try:
                self._finder.everyone()
            except Trouble:
                pass  # said when something is typed

    def _find(self, typed: str) -> list[Any]:
        assert self._finder is not None
        try:
            return self._finder.find(typed)
        except Trouble as e:
            self.say(e.sentence, "error")
            return []

    def _leave_find(self, _key: str = "") -> None:
        if self.quick is not None and self.quick.isVisible():
            self.quick.hide()

    def _after_find(self) -> None:
        """The keyboard goes back to where it was."""
        before, self._before_find = self._before_find, None
        page = self.current_page()
        import shiboken6

        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is not None:
            self._focus(page)

    def _found(self, key: Key) -> None:
        sort, what, pupil = key
        self._after_find()
        if sort == "pupil":
            self.workspace.open_pupil(pupil)
        elif sort == "place":
            self.workspace.open_place(what)
        elif sort == "add" and what == "moment":
            self.workspace.open_place(f"moment/{pupil}")
        elif pupil:
            self.go("pupil", pupil)
            page = self.current_page()
            if self._shown == "pupil" and page is not None:  # a page that must be finished first was not left
                act: Any = getattr(page, {"tab": "show_tab", "add": "add", "do": "open_report"}[sort])
                act() if sort == "do" else act(what)
                if sort == "tab":
                    self._focus_in(page.tab(what))  # type: ignore[attr-defined]
        else:
            self._do(what)

    def _do(self, what: str) -> None:
        """Carries out a deed that quick find found."""
        at_place = {"register": f"today/{self.workspace.today.isoformat()}", "moment": "moment", "log": "moment/log", "import": "setting/data", "export": "setting/data", "light": "setting/appearance"}
        if what in at_place:
            self.workspace.open_place(at_place[what])
        elif what == "add_pupil":
            page: Any = self.go("pupils")
            if self._shown == "pupils":
                page.add_pupil()
        elif what == "weekly_notes":
            page = self.go("attendance")
            if self._shown == "attendance":
                page.open_notes()
        elif what in ("closure", "lesson_times"):
            section, act = {"closure": ("year", "add_closure"), "lesson_times": ("provision", "change_lessons")}[what]
            self.workspace.open_place(f"setting/{section}")
            page = self.current_page()
            if self._shown == "setting" and page is not None:
                getattr(page.section(), act)()
        elif what == "interventions":
            from approgress.ui.forms import show_dialog
            from approgress.ui.forms.interventions import InterventionsDialog

            show_dialog(InterventionsDialog(self.workspace, parent=self))
        elif what == "call_list":
            from approgress.ui.forms.call_list import call_paper
            from approgress.ui.forms.print_list import print_or_save

            try:
                paper = call_paper(self.workspace)
            except Trouble as e:
                self.say(e.sentence, "error")
                return
            print_or_save(self, self.workspace, paper, f"Call list {self.workspace.today.isoformat()}")
        elif what == "back_up":
            self.workspace.open_place("setting/backup")
            page = self.current_page()
            if self._shown == "setting" and page is not None:
                page.section().main()
        elif what == "own_school":
            self._to_own_school()
        else:
            deeds: dict[str, Callable[[], None]] = {
                "print": self.print_page,
                "hide": self._hide_names,
                "lock": self.lock_asked.emit,
                "undo": self.workspace.undo,
                "redo": self.workspace.redo,
                "keys": self.show_keys,
            }
            deeds[what]()

    def _to_own_school(self) -> None:
        """From the demonstration school to first launch, where one's own is set up or opened."""
        page = self.current_page()
        may_leave = getattr(page, "may_leave", None)
        if may_leave is None or may_leave():
            self.workspace.asked.emit("launch", None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.quick is not None and self.quick.isVisible():
            self.quick.arrange()

    def papers(self) -> list[Any]:
        """The tables on the page that is shown, for paper, the one with the keyboard first."""
        from approgress.domain.days import words
        from approgress.ui.forms.list_paper import paper_of

        page: Any = self.current_page()
        if page is None:
            return []
        setting = self.workspace.school.setting
        mark = " (demonstration: invented pupils)" if setting.demonstration else ""
        today = words(self.workspace.today)
        head = getattr(page, "head", None)
        title = head.title.text() if head is not None else page.title
        sentence = " · ".join(part for part in (f"{setting.name}{mark}", today, head.sentence.text() if head is not None else "") if part)
        foot = f"{setting.name}{mark} · Confidential · printed {today}"
        return [paper_of(t, f"{title}: {t.accessibleName()}" if t.accessibleName() != title else title, sentence, foot) for t in self._tables(page)]

    @staticmethod
    def _tables(page: QWidget) -> list[Any]:
        from approgress.ui.parts.tables import TableView

        shown = [t for t in page.findChildren(TableView) if t.isVisible() and t.model() is not None and t.model().rowCount()]
        return sorted(shown, key=lambda t: not t.hasFocus())

    def print_page(self) -> None:
        """Prints the list on the page that is shown, on a printer or as PDF: in the page's own way where it has one."""
        page = self.current_page()
        own = getattr(page, "print_list", None) or getattr(page, "print_register", None)
        if own is not None:
            own()
            return
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.print_page import PrintDialog

        papers = self.papers()
        if not papers:
            self.say("There is no list on this page to print. A pupil’s report is made with the button at the top right of their page.")
            return
        show_dialog(PrintDialog(papers, self._printed, day=self.workspace.today.isoformat(), parent=self))

    def _printed(self, sentence: str) -> None:
        page = self.current_page()
        pupil = getattr(page, "pupil_id", None)
        self.workspace.school.looked(f"list on {self._shown}", pupil)
        self.say(sentence, "done")

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
        page = self.current_page()
        show_dialog(KeysDialog(getattr(page, "title", ""), hints, parent=self, grid=self._grid_keys(page)))

    def _grid_keys(self, page: QWidget | None) -> Sequence[Hint]:
        from approgress.ui.forms.keys import SHEETS, TABLES
        from approgress.ui.parts.sheet_view import SheetView

        tables = self._tables(page) if page is not None else []
        return SHEETS if any(isinstance(t, SheetView) for t in tables) else TABLES if tables else ()

    def forget_pages(self) -> None:
        """Frees every page, when the school is closed."""
        self.forget_all()
        self._pending.clear()
        self._trail.clear()


def _once(owner: QObject, milliseconds: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
