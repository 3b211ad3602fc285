"""The form of sessions elsewhere: a weekly pattern at the other school, by the local authority, or arranged by this school."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.acts import timetables as acts
from approgress.domain.acts.timetables import CODES, ElsewhereForm
from approgress.domain.edits import Edit, NewIds, Title
from approgress.domain.errors import Refusal
from approgress.domain.records import Elsewhere
from approgress.ui.forms.pupil_details import RecordDialog, may_narrow, number_of, partners_of
from approgress.ui.forms.week_grid import WeekField
from approgress.ui.parts.fields import ChoiceField, DateField, OptionsField, TextField

if TYPE_CHECKING:
    from approgress.domain.dossier import PupilRecords
    from approgress.ui.workspace import Workspace

_SHORT = {"D": "At the other school (D)", "K": "The local authority arranged it (K)", "B": "This school arranged it (B)"}
_LONG = {
    "D": "Where the pupil is registered as well. Not a possible session here.",
    "K": "Education at a place that is no school of the pupil’s. Attended.",
    "B": "Off site, educational and supervised. Attended.",
}


class ElsewhereDialog(RecordDialog):
    """Sessions elsewhere entered, changed, ended or taken out. The register proposes the code; marks already taken stay."""

    take_out_title = Title.ELSEWHERE

    def __init__(self, workspace: Workspace, records: PupilRecords, held: Elsewhere | None = None, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            held,
            "Change sessions elsewhere" if held else "Sessions elsewhere",
            "Which sessions of the week the pupil is at another place. The register then proposes the code.",
            verb="Keep changes" if held else "Add sessions",
            width=36,
            parent=parent,
        )
        self.held: Elsewhere | None = held
        self.records = records
        today = workspace.today
        form = acts.form_of(held) if held else ElsewhereForm(first_day=today)
        self.code = OptionsField("Who arranged it", [(c, _SHORT[c], _LONG[c]) for c in CODES], form.code, key="code")
        self.add(self.code)
        self.week = WeekField("Sessions elsewhere", form.am, form.pm, key="week")
        self.add(self.week)
        self.first_day = DateField("From", form.first_day, today=today, key="first_day", optional=True)
        self.last_day = DateField("To", form.last_day, today=today, key="last_day", optional=True)
        self.add_row(self.first_day, self.last_day)
        self.partner = ChoiceField("School or authority", partners_of(workspace.facts), str(form.partner_id or ""), none="none", key="partner_id")
        self.place = TextField("Place", form.place or "", key="place", optional=True, most=120)
        may_narrow(self.partner)
        self.add_row(self.partner, self.place)
        if held is not None:
            self.offer_take_out()
        for field in self._fields:
            field.edited.connect(self._hint)
        self._hint()

    def typed(self) -> ElsewhereForm:
        """What is in the fields; Refusal where one of them cannot be read."""
        am, pm = self.week.value()
        return ElsewhereForm(
            self.code.value(), am, pm, self.first_day.value(), self.last_day.value(), number_of(self.partner.value()), self.place.value() or None
        )

    def _hint(self) -> None:
        try:
            said = dict(acts.elsewhere_hints(self.typed()))
        except Refusal:
            return
        for field in (self.code, self.partner, self.place):
            if field._help_text != said.get(field.key, ""):
                field.set_help(said.get(field.key, ""))

    def submit(self) -> None:
        form = self.typed()
        setting = self.workspace.facts.setting
        others = [e for e in self.records.elsewhere if e.setting_id == setting.id and (self.held is None or e.id != self.held.id)]

        def act(ids: NewIds) -> Iterable[Edit]:
            return acts.put_elsewhere(ids, self.records.pupil.id, setting.id, form, held=self.held, others=others)

        self.workspace.do(Title.ELSEWHERE, act)
