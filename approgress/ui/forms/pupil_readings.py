"""The forms of measures: a reading of an instrument by answers or by score, a rating of a goal, and a reading that does not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from approgress.domain.acts import measures as acts
from approgress.domain.acts.measures import RESPONDENTS, SURE, ReadingForm
from approgress.domain.days import words
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.instruments import AGE_MONTHS, STRANDS, Instrument, Scale, months_words
from approgress.domain.records import Goal, Reading
from approgress.domain.scoring import DECLINED, NOT_REACHED, answers_from_bytes, parts_of, raised
from approgress.domain.strands import primary_measure
from approgress.domain.values import number
from approgress.ui.forms.pupil_details import RecordDialog, may_narrow, number_of
from approgress.ui.parts.buttons import Button, SegmentedChoice
from approgress.ui.parts.cards import Card
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, Field, NoteField, TextField
from approgress.ui.parts.labels import Text

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace

GOAL: Final = "goal"
_ANSWERS, _SCORE = "answers", "score"
_NOT_SAID, _NONE = "declined", ""


def choices_of(instruments: Iterable[Instrument], primary: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Instruments in use as options, by strand, the strand's primary measure first: 'Wellbeing: WHO-5'; of several editions the newest."""
    first = set(primary)
    newest: dict[str, Instrument] = {}
    for i in instruments:
        if i.enabled and i.id not in (GOAL, "lesson_engagement"):
            newest[i.id] = i
    order = list(STRANDS)
    found = sorted(newest.values(), key=lambda i: (order.index(i.strand), i.id not in first, i.name.casefold()))
    return [(i.id, f"{STRANDS[i.strand]}: {i.name}") for i in found]


def score_shown(scale: Scale, value: float | None) -> str:
    """A score as it is typed."""
    if value is None:
        return ""
    return months_words(value) if scale.kind == AGE_MONTHS else number(value).replace(",", "")


class ReadingDialog(RecordDialog):
    """A reading. The items are shown only where the owner allows it; else, or by choice, scores are typed."""

    take_out_title = Title.CHANGE_READING

    def __init__(
        self,
        workspace: Workspace,
        pupil_id: int,
        readings: Sequence[Reading],
        *,
        held: Reading | None = None,
        strand: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            workspace, held, "Change a reading" if held else "Add a reading", verb="Keep changes" if held else "Keep reading", width=38, parent=parent
        )
        self.held: Reading | None = held
        self.pupil_id = pupil_id
        self.readings = tuple(readings)
        library = workspace.facts.library
        self.instruments = library.instruments
        facts = workspace.facts
        measures = (primary_measure(s, facts.measures, facts.setting) for s in STRANDS)
        options = choices_of(self.instruments, [m[0] for m in measures if m is not None])
        if held is not None:
            instrument = library.get(held.instrument, held.edition)
            options = [(held.instrument, instrument.name if instrument else held.instrument)]
        elif strand:
            options.sort(key=lambda o: not o[1].startswith(STRANDS[strand]))
        self.instrument = ChoiceField("Measure", options, held.instrument if held else (options[0][0] if options else ""), key="instrument")
        self.instrument.setEnabled(held is None)
        may_narrow(self.instrument)
        self.instrument.edited.connect(self._instrument_edited)
        self.add(self.instrument)
        self.respondent = ChoiceField("Answered by", key="respondent")
        self.day = DateField("Date", held.day if held else workspace.today, today=workspace.today, latest=workspace.today, key="day")
        self.add_row(self.respondent, self.day)
        self.edition = TextField("Which test", (held.edition if held else ""), key="edition", most=60, help="Its name and edition, such as NGRT. Only readings of one test are compared.")
        self.form_name = TextField("Form", (held.form if held else None) or "", key="form", optional=True, most=40, placeholder="A, B, follow-up")
        self.add_row(self.edition, self.form_name)
        self.rater = TextField("Name of whoever answered", (held.rater if held else None) or "", key="rater", optional=True, most=80)
        self.sure = ChoiceField("How sure", list(SURE.items()), (held.sure if held else None) or "", none="not said", key="sure")
        self.add_row(self.rater, self.sure)
        self.way = SegmentedChoice(((_ANSWERS, "Answer by answer"), (_SCORE, "Score only")), _ANSWERS, name="How it is entered")
        self.way.chosen.connect(self._way_chosen)
        self.add_widget(self.way)
        self.licence = Card(kind="sunken", padding=0.5)
        self.licence_text = Text("", "second", "quiet", wrap=True)
        self.licence.add(self.licence_text)
        self.items: dict[int, ChoiceField] = {}
        self.scores: dict[str, TextField] = {}
        self._entry: list[QWidget] = []
        self.add_widget(self.licence)
        if held is not None:
            self.void_button = Button("Does not count…", kind="danger")
            self.void_button.clicked.connect(self._void)
            if held.status != "void":
                self.add_button(self.void_button)
        self._show_instrument()

    # --- what is shown ---------------------------------------------------------------------------------------------

    def chosen(self) -> Instrument | None:
        """The instrument chosen."""
        key = self.instrument.value()
        if not key:
            return None
        return self.workspace.facts.library.get(key, self.held.edition if self.held else None)

    def _by_items(self, instrument: Instrument) -> bool:
        return instrument.entry == "items" and instrument.licence.text_may_be_shown

    def _instrument_edited(self) -> None:
        self._show_instrument()

    def _way_chosen(self, _way: str) -> None:
        self._show_entry()

    def _show_instrument(self) -> None:
        i = self.chosen()
        if i is None:
            self.licence_text.setText("No measure is in use. Choose some under Setting, Measures.")
            return
        held = self.held
        kept = self.respondent.value()
        value = held.respondent if held else kept if kept in i.respondents else i.respondents[0]
        self.respondent.set_options([(r, RESPONDENTS[r]) for r in i.respondents], value)
        self.respondent.setEnabled(held is None and len(i.respondents) > 1)
        self.edition.setVisible(i.open_edition)
        self.edition.setEnabled(held is None)
        if i.open_edition and held is None:
            mine = [r for r in self.readings if r.instrument == i.id]
            self.edition.set_value(mine[-1].edition if mine else "")
        by_items = self._by_items(i)
        self.way.setVisible(by_items)
        typed = held is not None and held.answers is None
        self.way.set_value(_SCORE if typed or not by_items else _ANSWERS)
        about = f"About {i.about}. " if i.about else ""
        if i.entry == "items" and not i.licence.text_may_be_shown:
            about += "Its wording is not ours to show: score the paper form and type the scores. "
        again = self._again(i)
        self.licence_text.setText(" ".join(p for p in (about.strip(), i.licence.line, again) if p))
        self._show_entry()

    def _again(self, i: Instrument) -> str:
        from datetime import timedelta

        if not i.interval_days or self.held is not None:
            return ""
        last = [r for r in self.readings if r.instrument == i.id and r.status == "complete"]
        if not last:
            return ""
        day = max(r.day for r in last) + timedelta(days=i.interval_days)
        return f"Last asked {words(max(r.day for r in last))}; it is meant to be asked again from {words(day)}." if day > self.workspace.today else ""

    def _show_entry(self) -> None:
        i = self.chosen()
        for field in (*self.items.values(), *self.scores.values()):
            self._fields.remove(field)
        for widget in self._entry:
            self.form.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.items, self.scores, self._entry = {}, {}, []
        if i is None:
            return
        if self._by_items(i) and self.way.value() == _ANSWERS:
            given = answers_from_bytes(i, self.held.answers) if self.held is not None and self.held.answers is not None else {}
            for item in i.items:
                options = [(str(r.value), r.label) for r in item.responses]
                options.append((_NOT_SAID, "would rather not say"))
                kept = given.get(item.number)
                value = _NONE if kept in (None, NOT_REACHED) else _NOT_SAID if kept == DECLINED else str(kept)
                asked = Text(f"{item.number}. {item.text}", "strong", wrap=True)
                self.add_widget(asked)
                self._entry.append(asked)
                field = ChoiceField("", options, value, none="not answered", key=f"item{item.number}")
                field.label = asked.text()  # above the field, since the wording of an item is longer than a line of large text
                field.box.setAccessibleName(field.label)
                may_narrow(field)
                self.items[item.number] = field
                self._put(field)
        else:
            parts = parts_of(self.held) if self.held is not None else {}
            for scale in i.scales:
                if scale.sum_of and len(i.typed_scales) < len(i.scales) and scale is not i.main:
                    continue
                value = self.held.value if self.held is not None and scale is i.main else parts.get(scale.id)
                raw = scale.table and i.entry == "scores"
                goes = f"raw score, {scale.table[0][0]} to {scale.table[-1][0]}" if raw else scale.range_words
                if scale.kind == AGE_MONTHS:
                    goes = f"years:months, {months_words(scale.low)} to {months_words(scale.high)}"
                main = scale is i.main
                label = scale.name if len(i.scales) > 1 else i.short
                field = TextField(label, score_shown(scale, value), key=scale.id, help=goes, optional=not main, width=7, most=12)
                self.scores[scale.id] = field
            fields = list(self.scores.values())
            self._put(*fields[:1])
            for n in range(1, len(fields), 3):
                self._put(*fields[n : n + 3])
        self._fit()

    def _put(self, *fields: Field) -> None:
        if not fields:
            return
        if len(fields) == 1:
            self.add(fields[0])
        else:
            self.add_row(*fields)
        at = self.form.itemAt(self.form.count() - 1)
        widget = at.widget() if at is not None else None
        if widget is not None:
            self._entry.append(widget)
            widget.show()

    # --- keeping ---------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        i = self.chosen()
        if i is None:
            raise Refusal("Choose a measure first.", "instrument")
        form = self._form(i)

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_reading(ids, self.pupil_id, i, form, today=self.workspace.today, held=self.held)

        self.workspace.do(Title.CHANGE_READING if self.held else Title.ENTER_READING, act)
        if form.answers is not None and raised(i, form.answers):
            self.workspace.say(
                "An answer in this reading asks for action today. Speak with the safeguarding lead now, as your school’s procedure says.", "error"
            )

    def _form(self, i: Instrument) -> ReadingForm:
        answers: dict[int, int | None] | None = None
        scores: dict[str, float] | None = None
        if self.items:
            answers = {}
            for item_number, field in self.items.items():
                key = field.value()
                if key != _NONE:
                    answers[item_number] = None if key == _NOT_SAID else int(key)
            if not answers:
                raise Refusal("Nothing is answered yet.", f"item{next(iter(self.items))}")
        else:
            scores = {}
            for scale_id, field in self.scores.items():
                parsed = i.parse(field.value(), scale_id)
                if isinstance(parsed, Refusal):
                    raise Refusal(parsed.sentence, scale_id)
                if parsed is not None:
                    scores[scale_id] = parsed
        edition = self.edition.value() if i.open_edition else i.edition
        if i.open_edition and not edition:
            raise Refusal("Say which test this was; only readings of one test are compared.", "edition")
        return ReadingForm(
            self.day.value(),
            self.respondent.value(),
            scores,
            answers,
            self.rater.value() or None,
            self.held.goal_id if self.held else None,
            self.sure.value() or None,
            self.form_name.value() or None,
            edition,
            self.held.status if self.held and self.held.status == "void" else "complete",
        )

    def _void(self) -> None:
        from approgress.ui.forms import show_dialog

        assert self.held is not None
        show_dialog(VoidDialog(self.workspace, self.held, parent=self.parentWidget()))
        self.reject()


class VoidDialog(FormDialog):
    """A reading that does not count: it stays, struck through, with the reason."""

    def __init__(self, workspace: Workspace, held: Reading, parent: QWidget | None = None) -> None:
        super().__init__(
            "This reading does not count", f"Of {words(held.day)}. It stays in the record with the reason, and no figure uses it.", verb="It does not count", kind="danger", width=30, parent=parent
        )
        self.workspace, self.held = workspace, held
        self.why = NoteField("Why", held.why or "", key="why", lines=2)
        self.add(self.why)

    def submit(self) -> None:
        self.workspace.do(Title.CHANGE_READING, acts.void_reading(self.held, self.why.value()))


class RatingDialog(RecordDialog):
    """A rating of a goal, 0 to 10."""

    take_out_title = Title.CHANGE_READING

    def __init__(
        self, workspace: Workspace, pupil_id: int, goals: Sequence[Goal], *, goal_id: int | None = None, held: Reading | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            workspace, held, "Change a rating" if held else "Rate a goal", "0 is not at all, 10 is reached.", verb="Keep changes" if held else "Keep rating", width=32, parent=parent
        )
        self.held: Reading | None = held
        self.pupil_id = pupil_id
        chosen = held.goal_id if held else goal_id
        live = [g for g in goals if g.ended_on is None or g.id == chosen]
        self.goal = ChoiceField("Goal", [(str(g.id), g.words) for g in live], str(chosen or (live[0].id if live else "")), key="goal_id")
        self.goal.setEnabled(held is None)
        may_narrow(self.goal)
        self.add(self.goal)
        self.value = TextField("How close today", score_shown_plain(held.value if held else None), key="value", help="0 to 10", width=5, most=4)
        self.day = DateField("Date", held.day if held else workspace.today, today=workspace.today, latest=workspace.today, key="day")
        self.add_row(self.value, self.day)
        self.respondent = ChoiceField("Rated by", list(RESPONDENTS.items()), held.respondent if held else "pupil", key="respondent")
        self.respondent.setEnabled(held is None)
        self.add(self.respondent)
        if held is not None and held.status != "void":
            button = Button("Does not count…", kind="danger")
            button.clicked.connect(self._void)
            self.add_button(button)

    def submit(self) -> None:
        goal = self.workspace.facts.library.get(GOAL)
        if goal is None or not self.goal.value():
            raise Refusal("There is no goal to rate yet. Add one first.", "goal_id")
        parsed = goal.parse(self.value.value())
        if parsed is None or isinstance(parsed, Refusal):
            raise Refusal(parsed.sentence if isinstance(parsed, Refusal) else "Type a number from 0 to 10.", "value")
        form = ReadingForm(self.day.value(), self.respondent.value(), {goal.main.id: parsed}, goal_id=number_of(self.goal.value()))

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_reading(ids, self.pupil_id, goal, form, today=self.workspace.today, held=self.held)

        try:
            self.workspace.do(Title.CHANGE_READING if self.held else Title.ENTER_READING, act)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, "value" if refusal.field == goal.main.id else refusal.field) from None

    def _void(self) -> None:
        from approgress.ui.forms import show_dialog

        assert self.held is not None
        show_dialog(VoidDialog(self.workspace, self.held, parent=self.parentWidget()))
        self.reject()


def score_shown_plain(value: float | None) -> str:
    """A rating as it is typed."""
    return "" if value is None else number(value)


__all__ = ["Field", "RatingDialog", "ReadingDialog", "VoidDialog", "choices_of"]
