"""Adding a moment: the kind first, then who, what and a few words; a draft is kept at each answer, and what is latest stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from approgress.domain import days
from approgress.domain.acts import moments as acts
from approgress.domain.dossier import am_lessons
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal, Trouble
from approgress.domain.moments import (
    DRAFT,
    GOOD,
    PLACES,
    SORTS,
    TONE_KEYS,
    TONE_WORDS,
    TONES,
    Entry,
    choices,
    entries,
    is_restricted,
    story,
    when_words,
)
from approgress.domain.records import Moment
from approgress.ui.pages.moment.form import MomentFormCard, blank
from approgress.ui.pages.moment.hidden import cover
from approgress.ui.pages.moment.side import LatestCard, LatestLine, RatesCard
from approgress.ui.parts.buttons import TailButton
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.layouts import SideBySide
from approgress.ui.parts.page import Page
from approgress.ui.theme import reveal, space

if TYPE_CHECKING:
    from approgress.domain.acts.moments import MomentForm
    from approgress.domain.edits import Changes
    from approgress.domain.naming import ShownName
    from approgress.ui.workspace import Workspace

_KEEP_MS: Final = 700
"""A pause in typing after which what stands there is kept."""
_LATEST: Final = 6
_USED_DAYS: Final = 400
_FORM_KEYS: Final = ((("Tab",), "next"), (("1", "6"), "choose what"), (("Ctrl Enter",), "done"), (("Ctrl Z",), "undo, even after Done"))
_LOG_KEYS: Final = ((("Enter",), "open"), (("Ctrl C",), "copy what is chosen"), (("Ctrl P",), "print this list"), (("Esc",), "back to the form"))
_READ_KINDS: Final = frozenset({"moment", "mark", "note", "name", "enrolment", "group", "group_member", "half_term", "closure", "setting", "lesson_time", "person"})


class MomentPage(Page):
    """Writes one moment, for one pupil or several at once. `open_moment` says of whom; sections: a pupil's id, "log", "entry-<id>"."""

    title = "Add a moment"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Add a moment", parent=parent)
        self.workspace = workspace
        self._held: tuple[Moment, ...] = ()
        self._key: int | None = None
        self._writing = False
        self._from: int | None = None
        self._came: tuple[str, int | None] = ("", None)
        self._names: dict[int, ShownName] = {}
        self._kept_at = ""
        self._hidden = workspace.names_hidden
        self._stash: tuple[MomentForm, tuple[int, ...], tuple[Moment, ...], int | None] | None = None
        self._to_record: list[tuple[Moment, str]] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_KEEP_MS)
        self._later.timeout.connect(self.keep)
        self.leave_button = TailButton("Leave", keycap="Esc")
        self.leave_button.clicked.connect(self.leave)
        self.head.add(self.leave_button)
        self.done_button = TailButton("Done", keycap="Ctrl Enter", kind="primary")
        self.done_button.clicked.connect(self.done)
        self.head.set_main(self.done_button, "Done")
        self.form = MomentFormCard(workspace.today, workspace.school.setting.lessons)
        self.form.edited.connect(self.keep)
        self.form.typed.connect(self._typed)
        workspace.day_changed.connect(self._day_changed)
        side = QWidget()
        column = QVBoxLayout(side)
        space(column, gap=0.8)
        self.rates = RatesCard()
        self.latest = LatestCard()
        self.latest.chosen.connect(self._show_latest)
        self.latest.opened.connect(self.open_entry)
        self.latest.log_asked.connect(self.show_log)
        column.addWidget(self.rates)
        column.addWidget(self.latest, 1)
        self._sides = SideBySide((self.form, 100), (side, 46), stack_at=Fold.MIDDLE)
        self.body.addWidget(self._sides, 1)
        self.log: Any = None
        self.status.set_hints(_FORM_KEYS)
        reveal(self.status, True)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.done)
        for tone, key in TONE_KEYS.items():
            shortcut = QShortcut(QKeySequence(f"Alt+{key}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setObjectName(tone)
            shortcut.activated.connect(self._kind_by_key)
        self._read_choices()
        self._read_names()
        self._show(None if self._hidden else self._newest_draft())

    # --- where -----------------------------------------------------------------------------------------------------

    def came_from(self, place: str, where: int | None) -> None:
        """Told by the window: the place that was shown before this page, to which Esc leads back; `where` is a pupil's id."""
        self._came, self._from = (place, where), None

    def open_moment(self, pupils: Sequence[int] = (), tone: str = GOOD) -> None:
        """A moment of these pupils, of that kind; a draft that was being typed is kept and found under Latest."""
        self._show_form()
        if pupils and not (tuple(pupils) == self.form.pupils.value() and self._key is not None):
            self._flush()
            self._show(None)
            self.form.set_value(blank(self.workspace.today, self._now(), tone), pupils)
            self._show_title()
            self._read_side()
        elif self.form.empty:
            self._speak_of_now()
            if tone != self.form.tones.value():
                self.form.choose_kind(tone)
        self._focus_form()

    def _day_changed(self, day: date) -> None:
        self.form.let_until(day)
        self._speak_of_now()

    def _speak_of_now(self) -> None:
        """A form that is still empty is of this day and lesson, not of those at which it was first shown."""
        if self._key is None and self.form.empty:
            self.form.set_now(self.workspace.today, self._now())
            self._show_title()

    def show_section(self, section: str) -> None:
        """Opened as "moment/12" for a pupil, "moment/log" for all moments, "moment/entry-12" for one that is there."""
        if section == "log":
            self.show_log()
        elif section.startswith("log-") and section[4:].isdecimal():
            self.show_log(int(section[4:]))
        elif section.startswith("entry-") and section[6:].isdecimal():
            self.open_entry(int(section[6:]))
        elif section.isdecimal():
            self._from = int(section)
            self.open_moment((int(section),))

    def open_entry(self, key: int) -> None:
        """An entry that is there: a draft goes on, a moment that was done is mended."""
        from approgress.store.reads.moments import entry

        self._flush()
        if self.workspace.names_hidden:
            self.workspace.say("Names are hidden, and this form would show them. Show names first (F8).")
            return
        self._show_form()
        found = self.workspace.read(entry, key)
        if not found:
            self.workspace.say("This moment is not here any more: somebody took it out. Nothing was changed.")
            self._read_side()
            return
        self._show(Entry(found))
        self._focus_form()

    def may_leave(self) -> bool:
        """Leaving keeps what was typed."""
        self._flush()
        return True

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]
        """Reads again what changed; what is being typed stays, unless its own record was changed elsewhere or taken back."""
        if self._writing:
            return
        if self.workspace.names_hidden != self._hidden:
            self._hide_or_show(self.workspace.names_hidden)
        if changes.everything or changes.kinds & {"name", "enrolment", "pupil"}:
            self._read_names()
        if changes.everything or "moment" in changes.kinds or "setting" in changes.kinds:
            self._read_choices()
            self._look_again(changes.title.startswith(("Undo", "Redo")))
        if changes.everything:
            self._speak_of_now()
        if changes.everything or changes.kinds & _READ_KINDS:
            self._show_title()
            self._read_side()
        if self._shows_log() and (changes.everything or changes.kinds & _READ_KINDS):
            self.log.refresh(changes)

    def _hide_or_show(self, hidden: bool) -> None:
        """What stands in the form may name someone, so it is put away while names are hidden, and comes back with them."""
        self._hidden = hidden
        self._read_choices()
        if hidden:
            if not self.form.empty:
                self._flush()
                try:
                    self._stash = (self.form.value(), self.form.pupils.value(), self._held, self._key)
                except Refusal:
                    self._stash = None
            self._show(None)
        elif self._stash is not None and self.form.empty:
            form, pupils, held, key = self._stash
            self._stash = None
            self._held, self._key = held, key
            self._read_names()
            self.form.set_value(form, pupils)
            self._show_title()

    def _look_again(self, taken_back: bool) -> None:
        from approgress.store.reads.moments import entry

        if self._key is not None:
            there = self.workspace.read(entry, self._key)
            if there != self._held:
                self._show(Entry(there) if there else None)
        elif taken_back and self.form.empty and not self._hidden:
            found = self._newest_draft()
            if found is not None:
                self._show(found)

    # --- reading ---------------------------------------------------------------------------------------------------

    def _read_names(self) -> None:
        from approgress.store.reads.pupils import names_of, on_roll

        w = self.workspace
        here = w.read(on_roll, w.today, leavers=False)
        more = [p for p in self.form.pupils.value() if p not in here]
        found = w.read(names_of, [*here, *more], w.today, hidden=w.names_hidden)
        self._names = {p: found[p] for p in [*here, *more] if p in found}
        self.form.pupils.set_known(self._names, self._near())

    def _near(self) -> list[int]:
        """Whom the person here teaches, to be offered before anything is typed."""
        group = self._own_group()
        return self._members(group) if group is not None else []

    def _own_group(self) -> int | None:
        w = self.workspace
        mine = [
            t.group_id
            for t in w.facts.group_teachers
            if t.person_id == w.school.viewer.person_id
            and (t.first_day is None or t.first_day <= w.today)
            and (t.last_day is None or w.today <= t.last_day)
        ]
        return mine[0] if mine else None

    def _members(self, group: int | None) -> list[int]:
        from approgress.store.reads.moments import members

        w = self.workspace
        return w.read(members, group, w.today, w.school.setting.id)

    def _read_choices(self) -> None:
        from approgress.store.reads.moments import used

        found = self.workspace.read(used, self.workspace.today - timedelta(days=_USED_DAYS))
        if self._hidden:  # what was typed in one's own words may name someone
            self.form.set_choices(SORTS, PLACES)
            return
        generic = set(TONE_WORDS.values())
        sorts = {tone: choices({s: n for s, n in found.sorts.get(tone, {}).items() if s not in generic}, SORTS[tone]) for tone in TONES}
        self.form.set_choices(sorts, choices(found.places, PLACES, 5))

    def _now(self) -> tuple[int | None, str | None]:
        """The lesson and the half of the day that it is now; none on a day without school."""
        from approgress.store.reads.moments import lesson_times

        w = self.workspace
        setting = w.school.setting
        if w.facts.calendar and w.facts.calendar.knows(w.today, w.today) and not w.facts.calendar.is_school_day(w.today):
            return None, None
        clock = datetime.fromtimestamp(w.school.now())
        at = clock.hour * 60 + clock.minute
        for t in w.read(lesson_times, setting.id):
            if t.starts <= at < t.ends:
                return t.lesson, "AM" if t.lesson < am_lessons(setting.lessons) else "PM"
        return None, "AM" if at < (setting.pm_starts or 12 * 60) else "PM"

    def _newest_draft(self) -> Entry | None:
        from approgress.store.reads.moments import drafts_of

        found = entries(self.workspace.read(drafts_of, self.workspace.school.viewer.person_id))
        return max(found, key=lambda e: e.head.id, default=None)

    def _read_side(self) -> None:
        self._read_rates()
        self._show_latest()

    def _read_rates(self) -> None:
        from approgress.store.reads.moments import group_of, half_term_rates, quiet

        w = self.workspace
        pupils = self.form.pupils.value()
        group = w.read(group_of, pupils[0], w.today) if pupils else self._own_group()
        members = self._members(group)
        held = w.facts.groups.get(group) if group is not None else None
        name = "" if held is None else held.name if held.name.casefold().endswith("group") else f"{held.name} group"
        self.rates.show_rates(name, w.read(half_term_rates, w.facts, members, w.today))
        silent = w.read(quiet, members, w.today)
        first = next((q for q in silent if q.pupil_id in self._names), None)
        words = ""
        if first is not None:
            who = self._names[first.pupil_id].full
            words = f"{who}: nothing written yet." if first.last is None else f"{who}: nothing written since {days.words(first.last, year=False)}, {first.days} days."
            more = len(silent) - 1
            words += f" {more} more like this." if more else ""
        self.latest.say_quiet(words)

    def _show_latest(self, _key: str = "") -> None:
        from approgress.store.reads.moments import drafts_of, latest

        w = self.workspace
        me = w.school.viewer.person_id
        which = self.latest.choice.value()
        mine = entries(w.read(drafts_of, me))
        # an entry may be several rows, so more are read than shown
        done = entries(w.read(latest, w.today, 6 * _LATEST, tone=GOOD if which == "good" else "", person_id=me if which == "mine" else None))
        drafts = [e for e in mine if which != "good" or e.head.tone == GOOD]
        shown = [*sorted(drafts, key=lambda e: e.head.id, reverse=True), *done][:_LATEST]
        self._name_also([p for e in shown for p in e.pupils])
        empty = {"good": "No good moment is written down yet.", "mine": "You have written none yet."}.get(which, "No moment is written down yet.")
        covered = cover(w)
        self.latest.show_lines([self._line(e, covered) for e in shown], empty)

    def _name_also(self, pupils: Iterable[int]) -> None:
        from approgress.store.reads.pupils import names_of

        missing = [p for p in dict.fromkeys(pupils) if p not in self._names]
        if missing:
            w = self.workspace
            self._names |= w.read(names_of, missing, w.today, hidden=w.names_hidden)

    def _line(self, e: Entry, covered: Callable[[str], str]) -> LatestLine:
        m = e.head
        draft = m.status == DRAFT
        today = self.workspace.today
        if draft:
            when = "draft, now" if e.key == self._key else f"draft, {days.words(m.day, year=False)}"
        elif m.day == today:
            when = f"{when_words(m)} today".strip()
        else:
            when = days.words(m.day, weekday=True, year=m.day.year != today.year)
        names = ", ".join(self._names[p].full for p in e.pupils if p in self._names)
        return LatestLine(e.key, m.tone, names, when, covered(story(m)), is_restricted(m), draft)

    # --- showing ---------------------------------------------------------------------------------------------------

    def _show(self, found: Entry | None) -> None:
        """An entry in the form, or an empty form that speaks of now."""
        self._later.stop()
        if found is None:
            self._held, self._key = (), None
            self._kept_at = ""
            self.form.set_value(blank(self.workspace.today, self._now()), ())
        else:
            self._held, self._key = found.moments, found.key
            self._kept_at = ""
            self._name_also(found.pupils)
            self.form.pupils.set_known(self._names, self._near())
            self.form.set_value(acts.form_of(found.head), found.pupils)
        self._show_title()
        self._read_side()

    def _show_title(self) -> None:
        w = self.workspace
        if self._shows_log():
            self.set_title("All moments", self.log.sentence())
            self._show_kept()
            return
        lesson, session = self._now()
        now = f"lesson {lesson + 1}" if lesson is not None else {"AM": "morning", "PM": "afternoon"}.get(session or "", "")
        done = bool(self._held) and self._held[0].status != DRAFT
        verb = "Change a moment" if done else "Add a moment"
        day = f"{days.words(w.today, weekday=True)}{', ' + now if now else ''}"
        self.set_title(verb, f"{day} \u00b7 two answers are enough, the rest can wait")
        self.done_button.setEnabled(w.may_write)
        self._show_kept()

    def _show_kept(self) -> None:
        done = bool(self._held) and self._held[0].status != DRAFT
        if self._shows_log():
            self.status.say("")
        elif self._held:
            word = "Kept" if done else "Draft, kept"
            self.status.say(f"{word} {self._kept_at}".strip(), "tick" if done else "none")
        elif not self.form.empty:
            self.status.say("Not kept yet: say who it was" if not self.form.pupils.value() else "Not kept yet: say what it was")
        else:
            self.status.say("")

    def _focus_form(self) -> None:
        if self.form.pupils.value():
            self.form.sort.go()
        else:
            self.form.tones.setFocus(Qt.FocusReason.TabFocusReason)

    # --- keeping ---------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._later.start()

    def keep(self) -> None:
        """Keeps what stands in the form as a draft (a moment that was done stays done); what cannot be kept is said beside its field."""
        self._later.stop()
        if not self.workspace.may_write:
            return
        try:
            form = self.form.value()
        except Refusal as refusal:
            self._refused(refusal, go=False)
            return
        self._write(lambda ids: acts.keep_draft(ids, self.form.pupils.value(), form, today=self.workspace.today, person_id=self._me, held=self._held))

    @property
    def _me(self) -> int:
        return self.workspace.school.viewer.person_id

    def _flush(self) -> None:
        if self._later.isActive():
            self.keep()

    def _write(self, act: Any, *, done: bool = False) -> bool:
        """Writes an act and remembers the entry as it is then; whether it could be."""
        written: list[Edit] = []

        def noted(ids: NewIds) -> Iterable[Edit]:
            written[:] = act(ids)
            return list(written)

        before = self._held
        self._writing = True
        try:
            changes = self.workspace.do(Title.LOG_MOMENT, noted)
        except (Refusal, Trouble) as e:
            self._refused(e, go=done)
            return False
        finally:
            self._writing = False
        if changes or written:
            now = {m.pupil_id: m for m in before}
            for edit in written:
                if isinstance(edit, Put):
                    now[edit.record.pupil_id] = edit.record
                else:
                    now.pop(edit.seen.pupil_id, None)
            self._held = tuple(sorted(now.values(), key=lambda m: m.id))
            self._key = Entry(self._held).key if self._held else None
            self._kept_at = f"{datetime.fromtimestamp(self.workspace.school.now()):%H:%M}"
        if not done:
            self._show_title()
            self._read_side()
        return True

    def _refused(self, e: Refusal | Trouble, *, go: bool = True) -> None:
        if isinstance(e, Refusal) and e.field and e.field in (*self.form.rows, "at", "lesson", "session"):
            self.form.show_refusal(e, go=go)
            return
        self.workspace.say(e.sentence, "error" if isinstance(e, Trouble) else "attention")
        if isinstance(e, Refusal) and self._key is not None:
            self._look_again(taken_back=False)

    def done(self) -> None:
        """The moment is done; an empty form is ready for the next one, and undo brings this one back as a draft."""
        if self._shows_log():
            self._show_form()
            self._focus_form()
            return
        self._later.stop()
        try:
            form = self.form.value()
        except Refusal as refusal:
            self._refused(refusal)
            return
        if left := self.form.pupils.left_over():
            self._refused(Refusal(left, "pupils"))
            return
        pupils = self.form.pupils.value()
        hands = self.form.held.value() if form.tone == "incident" else ""
        mended = bool(self._held) and self._held[0].status != DRAFT
        # what was typed last is in the draft first, so that undo of Done gives every word back
        if not mended and not self._write(
            lambda ids: acts.keep_draft(ids, pupils, form, today=self.workspace.today, person_id=self._me, held=self._held), done=True
        ):
            return
        if not self._write(lambda ids: acts.finish(ids, pupils, form, today=self.workspace.today, person_id=self._me, held=self._held), done=True):
            return
        names = " and ".join(self.form.pupils.names()) if len(pupils) < 3 else f"{len(pupils)} pupils"
        kept = "Changed" if mended else "Kept"
        written = self._held
        self._read_choices()
        self._show(None)
        self.form.tones.setFocus(Qt.FocusReason.TabFocusReason)
        self.workspace.say(f"{kept}: {TONE_WORDS[form.tone].lower()} of {names}. Ctrl Z takes it back.", "done")
        if hands:
            self.ask_for_record(written, hands)

    def ask_for_record(self, moments: Sequence[Moment], sort: str) -> None:
        """Where a pupil was held, guided or kept apart, the record that this needs is opened, one pupil after the other."""
        from approgress.ui.forms import show_dialog
        from approgress.ui.forms.intervention import InterventionDialog

        self._to_record = [(m, sort) for m in moments]
        if self._to_record:
            m, kind = self._to_record.pop(0)
            dialog = InterventionDialog(self.workspace, m.pupil_id, self._name_of(m.pupil_id), moment=m, sort=kind, parent=self)
            dialog.accepted.connect(self._next_record)
            dialog.rejected.connect(self._record_left)
            show_dialog(dialog)

    def _next_record(self) -> None:
        waiting, self._to_record = self._to_record, []
        if waiting:
            self.ask_for_record([m for m, _ in waiting], waiting[0][1])

    def _record_left(self) -> None:
        waiting, self._to_record = self._to_record, []
        more = f" and of {len(waiting)} more" if waiting else ""
        self.workspace.say(f"The incident is kept, but no record of this hold{more} yet. Make it from the pupil\u2019s page, Behaviour, on the same day.")

    def _name_of(self, pupil: int) -> str:
        self._name_also([pupil])
        return self._names[pupil].full if pupil in self._names else "this pupil"

    def leave(self) -> None:
        """Leaves; what was typed is kept as a draft."""
        if self._shows_log():
            self._show_form()
            self._focus_form()
            return
        self._flush()
        (place, where), pupil = self._came, self._from
        self._came, self._from = ("", None), None
        if place == "pupil":
            pupil = pupil if pupil is not None else where
            place = ""
        if place:
            self.workspace.open_place(place)
        elif pupil is not None:
            self.workspace.open_pupil(pupil)
        else:
            self.workspace.open_place("today")

    # --- the log ---------------------------------------------------------------------------------------------------

    def show_log(self, pupil: int | None = None) -> None:
        """All moments (of a pupil, or of everyone) in place of the form, which keeps what is in it."""
        self._flush()
        if self.log is None:
            from approgress.ui.pages.moment.log import MomentLog

            self.log = MomentLog(self.workspace)
            self.log.opened.connect(self.open_entry)
            self.log.told.connect(self._show_title)
            self.body.addWidget(self.log, 1)
        reveal(self._sides, False)
        reveal(self.log, True)
        self.done_button.setText("Add a moment")
        self.head.set_main(self.done_button, "Add")
        self.leave_button.setText("Back")
        self.status.set_hints(_LOG_KEYS)
        self.log.show_pupil(pupil)
        self._show_title()
        self.log.go()

    def _shows_log(self) -> bool:
        return self.log is not None and not self.log.isHidden()

    def _show_form(self) -> None:
        if self.log is not None:
            reveal(self.log, False)
        reveal(self._sides, True)
        self.done_button.setText("Done")
        self.head.set_main(self.done_button, "Done")
        self.leave_button.setText("Leave")
        self.status.set_hints(_FORM_KEYS)
        self._show_title()

    # --- keys ------------------------------------------------------------------------------------------------------

    def _kind_by_key(self) -> None:
        shortcut: QObject | None = self.sender()
        if shortcut is not None and not self._sides.isHidden():
            self.form.choose_kind(shortcut.objectName())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Escape and plain:
            self.leave()
            return
        tone = {key: t for t, key in TONE_KEYS.items()}.get(event.text().upper()) if plain else None
        if tone is not None and not self._sides.isHidden():
            self.form.choose_kind(tone)
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and self._later.isActive():
            self.keep()


