"""The form of a moment: kind, who, what, a few words, what helped, where and when, what an incident asks, who sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from approgress.domain.acts.moments import MomentForm
from approgress.domain.errors import Refusal
from approgress.domain.moments import INCIDENT, SEVERITY, SEVERITY_HELP, TONES, read_time, time_words
from approgress.ui.forms.lists import at_left
from approgress.ui.pages.moment.pieces import OTHER, ArrowChoice, ChoiceChips, FormRow, PupilPicker, ToneRow
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import ChoiceBox, DateField, NumberField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import KeyCap, Rule, Text
from approgress.ui.parts.layouts import FlowLayout
from approgress.ui.parts.ticks import TickBox
from approgress.ui.theme import measure, reveal, space

HELD: Final = (("", "No"), ("force", "Guided"), ("restraint", "Held"), ("seclusion", "Kept apart"))
"""Whether hands were used, or the pupil was kept alone: a record of its own is then needed (england.md 2.5)."""


class ChoiceOrLine(QWidget):
    """Chips, the last of which ("Other...") opens a line; `value()` is the text that is meant."""

    changed = Signal()
    taken = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        space(column, gap=0.35)
        self.chips = ChoiceChips(name=name)
        self.chips.changed.connect(self._chosen)
        self.chips.taken.connect(self._taken)
        column.addWidget(self.chips)
        self.line = QLineEdit()
        self.line.setAccessibleName(f"{name}, in your own words")
        self.line.setPlaceholderText("in your own words")
        self.line.setMaxLength(60)
        measure(self.line, least_width=8, most_width=16)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self.taken)
        self.line.hide()
        column.addWidget(self.line)
        self.setFocusProxy(self.chips)

    def set_choices(self, choices: Sequence[str], value: str) -> None:
        """What is offered, and what is chosen; a text that is not offered stands in the line."""
        self.chips.set_choices([*choices, OTHER], {OTHER: "Other\u2026"})
        self.set_value(value)

    def value(self) -> str:
        """The text that is meant, '' for none."""
        key = self.chips.chosen()
        return self.line.text().strip() if key == OTHER else key

    def set_value(self, value: str) -> None:
        """Chooses or writes, without a signal."""
        offered = [c.key for c in self.chips.chips()]
        if value and value not in offered:
            self.chips.choose(OTHER)
            self.line.setText(value)
        else:
            self.chips.choose(value)
            self.line.clear()
        reveal(self.line, self.chips.chosen() == OTHER)

    def go(self) -> None:
        """Puts the keyboard here."""
        self.chips.go()

    def _chosen(self, _keys: object) -> None:
        other = self.chips.chosen() == OTHER
        reveal(self.line, other)
        if other:
            self.line.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _taken(self) -> None:
        if self.chips.chosen() != OTHER:
            self.taken.emit()

    def _typed(self, _text: str) -> None:
        self.changed.emit()


class MomentFormCard(Card):
    """All that is asked of a moment. `edited` after each answer; `typed` while words are typed; `kind_chosen` when the kind is another."""

    edited = Signal()
    typed = Signal()
    kind_chosen = Signal(str)

    def __init__(self, today: date, lessons: int, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._tighten()
        self._sorts: Mapping[str, Sequence[str]] = {tone: () for tone in TONES}
        self._sort_of: dict[str, str] = {}
        head = QHBoxLayout()
        space(head, gap=0.3)
        head.addWidget(Text("What kind of moment?", "heading"))
        head.addStretch(1)
        self._press = QWidget()
        press = QHBoxLayout(self._press)
        space(press, gap=0.3)
        press.addWidget(Text("press", "second", "quiet"))
        for key in ("G", "O", "I"):
            press.addWidget(KeyCap(key))
        head.addWidget(self._press)
        self.add_layout(head)
        self.tones = ToneRow()
        self.tones.chosen.connect(self._kind_chosen)
        self.body.addSpacing(6)
        self.add(self.tones)
        self.body.addSpacing(8)
        self.rows: dict[str, FormRow] = {}

        self.pupils = PupilPicker()
        self.pupils.changed.connect(self._pupils_changed)
        self.pupils.gone_on.connect(self._go_to_sort)
        self._row("pupils", "Who", "", self.pupils)

        self.sort = ChoiceOrLine("What")
        self.sort.changed.connect(self._sort_changed)
        self.sort.taken.connect(self._go_to_text)
        self._row("sort", "What", "", self.sort)

        self.text = self._line("In a few words")
        self._row("text", "In a few words", "", self.text)

        # an incident unfolds here, so that what is typed above and below stays where it is
        self.incident = QWidget()
        inside = QVBoxLayout(self.incident)
        space(inside)
        self._inside = inside
        self.before = self._line("What led to it")
        self.response = self._line("What we did")
        self.severity = ArrowChoice([(str(n), f"{n} {words}") for n, words in SEVERITY.items()], name="How serious", small=False)
        self.severity.chosen.connect(self._severity_chosen)
        self.severity_words = Text("", "second", "quiet", wrap=True)
        self.minutes = NumberField("", None, low=0, high=600, unit="minutes", key="minutes_to_settle", width=4)
        self.minutes.line.setAccessibleName("Minutes to settle")
        self.minutes.line.textEdited.connect(self._typed_on)
        self.minutes.line.editingFinished.connect(self._edited)
        self.minutes.line.returnPressed.connect(self._next)
        self.held = ArrowChoice(HELD, "", name="Held or guided")
        self.held.chosen.connect(self._held_chosen)
        self.held_words = Text("", "second", "quiet", wrap=True)
        self._row("before", "What led to it", "", self.before, within=inside)
        self._row("response", "What we did", "", self.response, within=inside)
        self._row("severity", "How serious", "", at_left(self.severity), self.severity_words, within=inside)
        self._row("minutes_to_settle", "Minutes to settle", "", self.minutes, within=inside)
        self._row("held", "Held or guided?", "", at_left(self.held), self.held_words, within=inside)
        self.add(self.incident)

        self.helped = self._line("What helped")
        self._row("helped", "What helped", "finds its way to the school\u2019s pack", self.helped)

        self.place = ChoiceOrLine("Where")
        self.place.changed.connect(self._edited)
        self.place.taken.connect(self._next)
        self._row("place", "Where", "", self.place)

        when = QWidget()
        flow = FlowLayout(when, gap=0.6)
        policy = when.sizePolicy()
        policy.setHeightForWidth(True)
        when.setSizePolicy(policy)
        self.day = DateField("", today, today=today, latest=today, key="day")
        self.day.line.setAccessibleName("Day")
        self.day.edited.connect(self._typed_on)
        self.day.line.editingFinished.connect(self._edited)
        self.slot = ChoiceBox()
        self.slot.setAccessibleName("Lesson or half of the day")
        self.slot.addItem("time of day not said", "")
        for n in range(lessons):
            self.slot.addItem(f"lesson {n + 1}", f"{n}")
        self.slot.addItem("morning", "AM")
        self.slot.addItem("afternoon", "PM")
        self.slot.activated.connect(self._slot_chosen)
        self.at = QLineEdit()
        self.at.setPlaceholderText("or a time")
        self.at.setAccessibleName("Or a time, such as 10:40")
        self.at.setMaxLength(8)
        measure(self.at, width=4.6)
        self.at.textEdited.connect(self._typed_on)
        self.at.editingFinished.connect(self._edited)
        self.at.returnPressed.connect(self._next)
        measure(self.slot, width=10)
        for widget in (self.day, self.slot, self.at):
            flow.addWidget(widget)
        self._row("day", "When", "", when)

        seen = QWidget()
        seen_flow = FlowLayout(seen, gap=0.8)
        seen.setSizePolicy(policy)
        self.seen_by = ArrowChoice((("all", "All staff"), ("restricted", "Restricted")), "all", name="Seen by")
        self.seen_by.chosen.connect(self._seen_chosen)
        self.tell_home = TickBox("Tell home tonight")
        self.tell_home.clicked.connect(self._edited)
        seen_flow.addWidget(self.seen_by)
        seen_flow.addWidget(self.tell_home)
        self._row("privacy", "Seen by", "a lock shows if not all", seen)
        self.hint = Card(kind="missing")
        hint_head = QHBoxLayout()
        hint_head.addWidget(Text("Choosing Incident unfolds here, on the same page", "strong", wrap=True), 1)
        hint_head.addWidget(KeyCap("I"))
        self.hint.add_layout(hint_head)
        self.hint.add(
            Text(
                "How serious, what led to it, what we did, minutes to settle, held or guided? A second adult signs. What is typed above is kept when the kind changes.",
                "second",
                "quiet",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self.add(self.hint)
        self._lessons = lessons
        self._show_kind()

    # --- making ----------------------------------------------------------------------------------------------------

    def _tighten(self) -> None:
        """The rows bring their own air, so the card adds none between them."""
        margins = self.body.contentsMargins()
        self.body.setSpacing(0)
        self.body.setContentsMargins(margins)

    def _row(self, key: str, title: str, second: str, *widgets: QWidget, within: QVBoxLayout | None = None) -> None:
        row = FormRow(title, second)
        for widget in widgets:
            row.put(widget)
        self.rows[key] = row
        into = within if within is not None else self.body
        into.addWidget(Rule())
        into.addWidget(row)

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setMaxLength(2000)
        line.textEdited.connect(self._typed_on)
        line.editingFinished.connect(self._edited)
        line.returnPressed.connect(self._next)
        return line

    # --- what it holds ---------------------------------------------------------------------------------------------

    def set_choices(self, sorts: Mapping[str, Sequence[str]], places: Sequence[str]) -> None:
        """What the school used so far; what is chosen stays."""
        self._sorts = sorts
        value, place = self.sort.value(), self.place.value()
        self.sort.set_choices(self._sorts[self.tones.value()], value)
        self.place.set_choices(places, place)

    def value(self) -> MomentForm:
        """What was answered; Refusal names the field that cannot be read."""
        day = self.day.value()
        slot = self.slot.currentData() or ""
        lesson = int(slot) if slot.isdecimal() else None
        try:
            minutes = self.minutes.value()
        except Refusal as refusal:
            if self.tones.value() == INCIDENT:
                raise
            del refusal
            minutes = None
        return MomentForm(
            tone=self.tones.value(),
            sort=self.sort.value(),
            text=self.text.text(),
            helped=self.helped.text(),
            place=self.place.value(),
            day=day,
            session=slot if slot in ("AM", "PM") else None,
            lesson=lesson,
            at=read_time(self.at.text()),
            before=self.before.text(),
            response=self.response.text(),
            severity=int(self.severity.value()) if self.severity.value() else None,
            minutes_to_settle=None if minutes is None else int(minutes),
            restricted=self.seen_by.value() == "restricted",
            tell_home=self.tell_home.isChecked(),
        )

    def set_value(self, form: MomentForm, pupils: Sequence[int]) -> None:
        """Shows an entry, without a signal."""
        self._sort_of = {form.tone: form.sort}
        self.tones.set_value(form.tone)
        self.pupils.set_value(pupils)
        self.sort.set_choices(self._sorts[form.tone], form.sort)
        for line, text in ((self.text, form.text), (self.helped, form.helped), (self.before, form.before), (self.response, form.response)):
            line.setText(text)
        self.place.set_value(form.place)
        self.day.set_value(form.day)
        slot = str(form.lesson) if form.lesson is not None else form.session or ""
        self.slot.setCurrentIndex(max(0, self.slot.findData(slot)))
        self.at.setText(time_words(form.at))
        self.severity.set_value(str(form.severity) if form.severity is not None else "")
        self.minutes.set_value(form.minutes_to_settle)
        self.held.set_value("")
        self.seen_by.set_value("restricted" if form.restricted else "all")
        self.tell_home.setChecked(form.tell_home)
        self.clear_wrong()
        self._show_kind()

    def let_until(self, today: date) -> None:
        """Days until this one may be typed."""
        self.day.set_today(today)

    def set_now(self, today: date, at: tuple[int | None, str | None]) -> None:
        """A form that is still empty speaks of now: day, lesson and half of the day."""
        lesson, session = at
        self.day.set_value(today)
        slot = str(lesson) if lesson is not None else session or ""
        self.slot.setCurrentIndex(max(0, self.slot.findData(slot)))

    @property
    def empty(self) -> bool:
        """Whether nothing was answered yet."""
        try:
            form = self.value()
        except Refusal:
            return False
        return not self.pupils.value() and not form.answered and not form.restricted and not form.tell_home and not form.place

    def choose_kind(self, tone: str) -> None:
        """Another kind; what is typed stays, and the keyboard goes on to who."""
        self.tones.set_value(tone)
        self._kind_chosen(tone)
        (self.pupils.line if not self.pupils.value() else self.sort.chips).setFocus(Qt.FocusReason.TabFocusReason)
        if self.pupils.value():
            self.sort.go()

    # --- what is wrong ---------------------------------------------------------------------------------------------

    def show_refusal(self, refusal: Refusal, *, go: bool = True) -> bool:
        """Shows a refusal beside what it speaks of and (`go`) puts the keyboard there; whether there is such a place."""
        field = {"at": "day", "lesson": "day", "session": "day"}.get(refusal.field or "", refusal.field or "")
        row = self.rows.get(field)
        if row is None:
            return False
        row.set_wrong(refusal.sentence)
        if not go:
            return True
        place = {"pupils": self.pupils.line, "text": self.text, "day": self.at if refusal.field == "at" else self.day.line, "minutes_to_settle": self.minutes.line}
        if field in place:
            place[field].setFocus(Qt.FocusReason.TabFocusReason)
        elif field == "sort":
            self.sort.go()
        return True

    def clear_wrong(self) -> None:
        """Takes every refusal away."""
        for row in self.rows.values():
            if row.wrong():
                row.set_wrong("")

    # --- what happens ----------------------------------------------------------------------------------------------

    def set_fold(self, fold: Fold) -> None:
        super().set_fold(fold)
        self.body.setSpacing(0)
        reveal(self._press, fold is not Fold.NARROW)

    def _kind_chosen(self, tone: str) -> None:
        # a type belongs to its kind; what was written in one's own words is kept for all of them
        value = self._sort_of.get(tone, "") or (self.sort.value() if self.sort.chips.chosen() == OTHER else "")
        self.sort.set_choices(self._sorts[tone], value)
        self._show_kind()
        self.kind_chosen.emit(tone)
        self._edited()

    def _show_kind(self) -> None:
        incident = self.tones.value() == INCIDENT
        reveal(self.incident, incident)
        reveal(self.hint, not incident)
        self._show_severity()
        self._show_held()

    def _sort_changed(self) -> None:
        self._sort_of[self.tones.value()] = self.sort.value()
        self._edited()

    def _severity_chosen(self, _key: str) -> None:
        self._show_severity()
        self._edited()

    def _show_severity(self) -> None:
        key = self.severity.value()
        words = SEVERITY_HELP.get(int(key), "") if key else ""
        self.severity_words.setText(words)
        reveal(self.severity_words, bool(words))

    def _held_chosen(self, _key: str) -> None:
        self._show_held()
        self._edited()

    def _show_held(self) -> None:
        on = bool(self.held.value())
        self.held_words.setText("Done opens the record that this needs: who, how long, why, told home. A second adult signs it." if on else "")
        reveal(self.held_words, on)

    def _slot_chosen(self, _index: int) -> None:
        self._edited()

    def _seen_chosen(self, _key: str) -> None:
        self._edited()

    def _pupils_changed(self) -> None:
        self._edited()

    def _typed_on(self, *_: object) -> None:
        self.clear_wrong()
        self.typed.emit()

    def _edited(self, *_: object) -> None:
        self.clear_wrong()
        self.edited.emit()

    def _go_to_sort(self) -> None:
        self.sort.go()

    def _go_to_text(self) -> None:
        self.text.setFocus(Qt.FocusReason.TabFocusReason)

    def _next(self) -> None:
        self.focusNextChild()


def blank(today: date, at: tuple[int | None, str | None], tone: str = "good") -> MomentForm:
    """An empty form that speaks of now."""
    lesson, session = at
    return replace(MomentForm(), tone=tone, day=today, lesson=lesson, session=None if lesson is not None else session)
