"""The form of a suspension or permanent exclusion: length, reasons, who was told, day 6, the board, the return; with running totals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from approgress.domain import days
from approgress.domain.acts import suspensions as acts
from approgress.domain.acts.suspensions import SuspensionForm
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Suspension
from approgress.domain.suspensions import (
    LUNCHTIME,
    NEW_REASONS,
    PERMANENT,
    Exclusions,
    Standing,
    board_duty,
    day_six,
    days_words,
    last_day_of,
    standing,
    totals,
    untold,
)
from approgress.ui.forms import show_dialog
from approgress.ui.forms.pupil_details import may_narrow, number_of, partners_of
from approgress.ui.forms.why import WhyDialog, ask_strike
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Heading
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, NoteField, NumberField, TextField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import reveal

if TYPE_CHECKING:
    from approgress.domain.dossier import PupilRecords
    from approgress.ui.workspace import Workspace

_SEN: Final = (("N", "No SEN"), ("K", "SEN support"), ("E", "EHC plan"))
_YES: Final = (("yes", "Yes"), ("no", "No"))


def exclusion_lists() -> Exclusions:
    """The lists and limits that come with the program."""
    from approgress.store.catalogue import exclusions

    return exclusions()


class SuspensionDialog(FormDialog):
    """A suspension or exclusion, new or held. Where it is struck through it can only be read."""

    def __init__(
        self, workspace: Workspace, records: PupilRecords, held: Suspension | None = None, *, moment_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        lists = exclusion_lists()
        struck = held is not None and held.struck is not None
        told = f"Struck through on {days.words(held.struck_on)}: {held.struck}." if held is not None and held.struck else ""
        super().__init__(
            "Suspension or exclusion",
            told or "Only the head, or whoever acts as head, decides it. The record stays for good: it can be cancelled or struck through, with the reason.",
            verb="Keep record" if held is None else "Keep changes",
            width=46,
            parent=parent,
        )
        self.workspace, self.records, self.held, self.lists = workspace, records, held, lists
        today = workspace.today
        self._moment_id = held.moment_id if held is not None else moment_id
        if held is not None:
            form = acts.form_of(held)
        else:
            sen, care, plan = acts.as_of(records.flags, today)
            form = SuspensionForm(first_day=today, sen=sen, in_care=care, ehc_plan=plan, half_days=2)
        self._social = any(f.sort == "social_work" and f.last_day is None for f in records.flags)

        self.category = ChoiceField("What", [(c.code, c.label) for c in lists.categories], form.category, key="category")
        self.partner = ChoiceField("Issued by", partners_of(workspace.facts, ("school",)), str(form.partner_id or ""), none="this school", key="partner_id")
        self.add_row(self.category, self.partner)
        self.first_day = DateField("Begins on", form.first_day, today=today, key="first_day")
        self.starts = ChoiceField("In the", (("AM", "morning"), ("PM", "afternoon")), form.starts, key="starts")
        self.half_days = NumberField("Length", form.half_days, low=1, high=2 * lists.limits.year_days, unit="half-days", key="half_days", width=4)
        self.add_row(self.first_day, self.starts, self.half_days)
        self.reasons: list[ChoiceField] = []
        for n, title in enumerate(("Reason, the main one", "Second reason", "Third reason"), start=1):
            value = form.reasons[n - 1] if len(form.reasons) >= n else ""
            options = [(r.code, r.words) for r in lists.reasons]
            if value and value not in dict(options):
                options.append((value, f"{value} (of an older list)"))
            field = ChoiceField(title, options, value, none="none" if n > 1 else "choose", key=f"reason_{n}", optional=n > 1)
            self.reasons.append(field)
            self.add(field)
        if not all(r.before for r in lists.reasons):
            self.add_widget(Text(NEW_REASONS, "second", "quiet", wrap=True))
        may_narrow(*self.reasons, self.category, self.partner)
        self.totals = Card(kind="sunken")
        self._total_words = Text("", wrap=True)
        self._duty_words = Text("", "second", wrap=True)
        self.totals.add(self._total_words)
        self.totals.add(self._duty_words)
        self.add_widget(self.totals)

        self.form.addWidget(Heading("Told"))
        self.parents_told = DateField("Parents, in writing", form.parents_told, today=today, key="parents_told", optional=True)
        self.la_told = DateField("Local authority", form.la_told, today=today, key="la_told", optional=True)
        self.add_row(self.parents_told, self.la_told)
        self.social_worker_told = DateField("Social worker", form.social_worker_told, today=today, key="social_worker_told", optional=True)
        self.virtual_head_told = DateField("Virtual school head", form.virtual_head_told, today=today, key="virtual_head_told", optional=True)
        self.add_row(self.social_worker_told, self.virtual_head_told)
        self._untold = Text("", "second", "quiet", wrap=True)
        self.add_widget(self._untold)

        self.form.addWidget(Heading("While away"))
        self.work_set = TickField("Work is set and marked for days 1 to 5", form.work_set, key="work_set")
        self.exam_missed = TickField("A public exam or national test is missed", form.exam_missed, key="exam_missed")
        self.add_row(self.work_set, self.exam_missed)
        self.day6_where = TextField("Provision from day 6, where and by whom", form.day6_where or "", key="day6_where", optional=True, most=200)
        self.day6_from = DateField("From", form.day6_from, today=today, key="day6_from", optional=True)
        self.add_row(self.day6_where, self.day6_from)

        self.form.addWidget(Heading("Board and return"))
        self.board_met = DateField("The board met on", form.board_met, today=today, key="board_met", optional=True)
        self.outcome = ChoiceField("Result", [(r.code, r.label) for r in lists.results], form.result or "", none="none yet", key="result", optional=True)
        self.add_row(self.board_met, self.outcome)
        self.return_meeting = DateField("Return meeting", form.return_meeting, today=today, key="return_meeting", optional=True)
        self.reinstated_on = DateField("Reinstated on", form.reinstated_on, today=today, key="reinstated_on", optional=True)
        self.add_row(self.return_meeting, self.reinstated_on)
        self.return_plan = NoteField("Plan for the return", form.return_plan or "", key="return_plan", optional=True, lines=3)
        self.add(self.return_plan)

        self.form.addWidget(Heading("At that time"))
        self.sen = ChoiceField("SEN", _SEN, form.sen or "", none="not known", key="sen")
        self.ehc_plan = ChoiceField("EHC plan", _YES, _yes(form.ehc_plan), none="not known", key="ehc_plan")
        self.in_care = ChoiceField("In care", _YES, _yes(form.in_care), none="not known", key="in_care")
        self.add_row(self.sen, self.ehc_plan, self.in_care)
        may_narrow(self.outcome, self.sen)
        self.note = NoteField("Note", form.note or "", key="note", optional=True, lines=2)
        self.add(self.note)

        for field in self.fields():
            field.edited.connect(self._show_totals)
        if held is not None and not struck:
            if held.cancelled_on is None:
                cancel = Button("Cancel it\u2026", kind="danger")
                cancel.clicked.connect(self._ask_cancel)
                self.add_button(cancel)
                self.cancel_button = cancel
            strike = Button("Strike through\u2026", kind="danger")
            strike.clicked.connect(self._ask_strike)
            self.add_button(strike)
            self.strike_button = strike
        if struck or not workspace.may_write:
            self.main_button.setEnabled(False)
        self._show_totals()

    # --- what it says ----------------------------------------------------------------------------------------------

    def _form(self) -> SuspensionForm:
        length = self.half_days.value()
        return SuspensionForm(
            category=self.category.value(),
            first_day=self.first_day.value(),
            starts=self.starts.value() or "AM",
            half_days=int(length) if length is not None else None,
            reasons=tuple(f.value() for f in self.reasons if f.value()),
            partner_id=number_of(self.partner.value()),
            moment_id=self._moment_id,
            sen=self.sen.value() or None,
            in_care=_no(self.in_care.value()),
            ehc_plan=_no(self.ehc_plan.value()),
            exam_missed=self.exam_missed.value(),
            parents_told=self.parents_told.value(),
            la_told=self.la_told.value(),
            social_worker_told=self.social_worker_told.value(),
            virtual_head_told=self.virtual_head_told.value(),
            work_set=self.work_set.value(),
            day6_where=self.day6_where.value(),
            day6_from=self.day6_from.value(),
            board_met=self.board_met.value(),
            result=self.outcome.value() or None,
            reinstated_on=self.reinstated_on.value(),
            return_meeting=self.return_meeting.value(),
            return_plan=self.return_plan.value(),
            note=self.note.value(),
        )

    def _as_typed(self) -> Suspension | None:
        """The record as it would be, for the totals; None while a field cannot be read."""
        try:
            form = self._form()
        except Refusal:
            return None
        if form.first_day is None:
            return None
        held = self.held
        made = {f: getattr(form, f) for f in SuspensionForm.__dataclass_fields__ if f != "reasons"}
        if form.category == PERMANENT:
            made["half_days"] = None
        return Suspension(
            pupil_id=self.records.pupil.id,
            id=held.id if held is not None else 0,
            reasons=",".join(form.reasons),
            cancelled_on=held.cancelled_on if held is not None else None,
            cancelled_why=held.cancelled_why if held is not None else None,
            **made,
        )

    def _show_totals(self) -> None:
        permanent, lunch = self.category.value() == PERMANENT, self.category.value() == LUNCHTIME
        reveal(self.half_days, not permanent)
        reveal(self.starts, not lunch)
        s = self._as_typed()
        if s is None:
            self._total_words.setText("Say when it begins and how long it is: then the totals stand here.")
            self._duty_words.setText("")
            return
        calendar, limits = self.workspace.facts.calendar, self.lists.limits
        others = [o for o in self.records.suspensions if o.id != s.id]
        found: tuple[Standing, ...] = standing((*others, s), self.records.events)
        last = last_day_of(s, calendar)
        length = f"{days_words(s.half_days)}, to {days.words(last, weekday=True)}. " if s.half_days and last is not None else ""
        total = totals(found, calendar, s.first_day, limits)
        self._total_words.setText(length + " ".join(total.words))
        self._total_words.set_tone("decline" if total.over else "attention" if total.warns else "")
        duties = [d for d in (board_duty(s, found, calendar, limits), day_six(s, calendar, limits)) if d is not None]
        if s.exam_missed:
            duties_text = "A missed exam or test: the board meets before it if reasonably possible (not confirmed)."
        else:
            duties_text = ""
        self._duty_words.setText(" ".join(p for p in (*(d.sentence for d in duties), duties_text) if p))
        missing = untold(s, social_worker=self._social, virtual_head=bool(s.in_care), limits=limits)
        self._untold.setText(f"Still to be told: {'; '.join(missing)}." if missing else "Everyone is told.")

    # --- doing -----------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        form = self._form()

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_suspension(
                ids,
                self.records.pupil.id,
                form,
                lists=self.lists,
                calendar=self.workspace.facts.calendar,
                today=self.workspace.today,
                person_id=self.workspace.school.viewer.person_id,
                held=self.held,
                others=self.records.suspensions,
            )

        self.workspace.do(Title.SUSPENSION, act, grow=False)

    def _ask_cancel(self) -> None:
        held = self.held
        assert held is not None
        dialog = WhyDialog(
            self.workspace,
            "Cancel this suspension",
            "It stays in the record as cancelled. Days before that count on (not confirmed).",
            verb="Cancel the suspension",
            key="cancelled_why",
            day_key="cancelled_on",
            step=Title.SUSPENSION,
            act=lambda why, day: acts.cancel(held, day, why, today=self.workspace.today),
            parent=self,
        )
        dialog.accepted.connect(self.reject)
        show_dialog(dialog)

    def _ask_strike(self) -> None:
        held = self.held
        assert held is not None
        w = self.workspace
        ask_strike(self, w, lambda why: acts.strike(held, why, person_id=w.school.viewer.person_id, today=w.today))


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _no(key: str) -> bool | None:
    return None if not key else key == "yes"
