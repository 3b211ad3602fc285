"""The record of force, restraint or seclusion: what happened, who was told, the second adult's signature, the leader's review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from approgress.domain import days
from approgress.domain.acts import interventions as acts
from approgress.domain.acts.interventions import SORTS, InterventionForm
from approgress.domain.edits import Edit, NewIds, Put, Title
from approgress.domain.errors import Refusal
from approgress.domain.moments import read_time, time_words
from approgress.domain.records import Intervention, Moment, Person
from approgress.ui.forms import show_dialog
from approgress.ui.forms.why import ask_strike
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Heading
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, NoteField, NumberField, PassphraseField, TextField, TickField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import reveal

if TYPE_CHECKING:
    from approgress.ui.workspace import Workspace

_NOTES: Final = (
    ("led_to", "What led to it", 2),
    ("tried_first", "What was tried first", 2),
    ("why_needed", "Why it was needed", 2),
    ("what_done", "What was done", 2),
)


class InterventionDialog(FormDialog):
    """The record, new (also from a moment) or held. Where it is struck through it can only be read."""

    def __init__(
        self,
        workspace: Workspace,
        pupil_id: int,
        name: str,
        held: Intervention | None = None,
        *,
        moment: Moment | None = None,
        sort: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            f"Record of physical intervention: {name}",
            _state(workspace, held),
            verb="Keep record" if held is None else "Keep changes",
            width=46,
            parent=parent,
        )
        self.workspace, self.pupil_id, self.held = workspace, pupil_id, held
        today = workspace.today
        form = acts.form_of(held) if held is not None else _from_moment(moment, sort, today)
        self._moment_id = form.moment_id
        self.sort = ChoiceField("What", list(SORTS.items()), form.sort, none="choose", key="sort")
        self.day = DateField("Day", form.day, today=today, latest=today, key="day")
        self.at = TextField("At", time_words(form.at), key="at", placeholder="10:40", most=8, width=5)
        self.minutes = NumberField("For how long", form.minutes, low=0, high=acts.LONGEST, unit="minutes", key="minutes", width=4)
        self.add_row(self.sort, self.day)
        self.add_row(self.at, self.minutes)
        self.place = TextField("Where", form.place or "", key="place", most=80)
        self.staff = TextField("Staff present and acting", form.staff or "", key="staff", most=300)
        self.add_row(self.place, self.staff)
        self.notes: dict[str, NoteField] = {}
        for key, title, lines in _NOTES:
            self.notes[key] = NoteField(title, getattr(form, key) or "", key=key, lines=lines)
            self.add(self.notes[key])
        self.injury = TextField("Injuries, also to staff", form.injury or "", key="injury", most=300, help="Write \u201cnone\u201d where there were none.")
        self.care = TextField("Care given", form.care or "", key="care", most=300, optional=True)
        self.add_row(self.injury, self.care)
        self.account = NoteField("The pupil\u2019s own account", form.pupils_account or "", key="pupils_account", lines=2)
        self.add(self.account)

        self.form.addWidget(Heading("The parent", sentence="Told as soon as practicable, or not told where that would risk significant harm."))
        self.told_who = TextField("Who was told", form.told_who or "", key="told_who", most=120)
        self.told_on = DateField("On", form.told_on, today=today, key="told_on")
        self.add_row(self.told_who, self.told_on)
        self.told_how = TextField("How", form.told_how or "", key="told_how", most=120, placeholder="call, letter, in person")
        self.told_by = TextField("By whom", form.told_by or "", key="told_by", most=120)
        self.add_row(self.told_how, self.told_by)
        self.withheld_why = TextField("Not told, because", form.withheld_why or "", key="withheld_why", most=300, optional=True)
        self.withheld_by = TextField("Decided by", form.withheld_by or "", key="withheld_by", most=120, optional=True)
        self.add_row(self.withheld_why, self.withheld_by)
        if held is not None and held.review:
            self.form.addWidget(Heading("Leader\u2019s review", sentence=f"{_who(workspace, held.reviewed_by)}, {days.words(held.reviewed_on)}"))
            self.add_widget(Text(held.review, wrap=True))
        self._lacks = Text("", "second", "attention", wrap=True)
        self.add_widget(self._lacks)
        for field in self.fields():
            field.edited.connect(self._show_lacks)
        self._show_lacks()
        open_ = held is not None and held.struck is None and workspace.may_write
        if open_:
            assert held is not None
            for words, slot, shown in (
                ("Second adult signs\u2026", self._ask_signature, held.signed_by is None),
                ("Review\u2026", self._ask_review, held.reviewed_by is None),
                ("Strike through\u2026", self._ask_strike, True),
            ):
                if shown:
                    button = Button(words, kind="danger" if words.startswith("Strike") else "quiet")
                    button.clicked.connect(slot)
                    self.add_button(button)
        if (held is not None and held.struck is not None) or not workspace.may_write:
            self.main_button.setEnabled(False)

    def _form(self) -> InterventionForm:
        minutes = self.minutes.value()
        notes = {key: field.value() for key, field in self.notes.items()}
        return InterventionForm(
            day=self.day.value(),
            sort=self.sort.value(),
            at=read_time(self.at.value()),
            minutes=int(minutes) if minutes is not None else None,
            place=self.place.value(),
            moment_id=self._moment_id,
            staff=self.staff.value(),
            injury=self.injury.value(),
            care=self.care.value(),
            pupils_account=self.account.value(),
            told_who=self.told_who.value(),
            told_on=self.told_on.value(),
            told_how=self.told_how.value(),
            told_by=self.told_by.value(),
            withheld_why=self.withheld_why.value(),
            withheld_by=self.withheld_by.value(),
            **notes,
        )

    def submit(self) -> None:
        form = self._form()
        kept: list[Edit] = []

        def act(ids: NewIds) -> Iterable[Edit]:
            kept[:] = acts.put_intervention(
                ids, self.pupil_id, form, today=self.workspace.today, person_id=self.workspace.school.viewer.person_id, held=self.held
            )
            return kept

        self.workspace.do(Title.INTERVENTION, act, grow=False)
        record = next((e.record for e in kept if isinstance(e, Put) and isinstance(e.record, Intervention)), self.held)
        lacks = acts.missing(record) if record is not None else ()
        if record is not None and lacks:
            # Needs you asks for the parent and the signature; the rest is listed with the record
            where = "Needs you lists it" if record.signed_by is None or (record.told_on is None and not record.withheld_why) else "Behaviour lists it"
            self.workspace.say(f"Kept. Still missing: {', '.join(lacks)}; {where}.")

    def _show_lacks(self) -> None:
        """Says below the fields which of what the law asks for is not filled in yet; an empty field is never taken for a finished one."""
        try:
            form = self._form()
        except Refusal:
            return  # a time or date is being typed; what is wrong with it is said when it is kept
        blank = self.held if self.held is not None else Intervention(self.pupil_id, 0, form.day or self.workspace.today, form.sort)
        lacks = acts.missing(replace(blank, **{f: getattr(form, f) for f in InterventionForm.__dataclass_fields__ if f not in ("day", "sort")}))
        self._lacks.setText(f"Still missing: {', '.join(lacks)}." if lacks else "")
        reveal(self._lacks, bool(lacks))

    def _unchanged(self) -> bool:
        """Whether what stands in the form is what is kept: nobody signs or reviews what is not written yet."""
        held = self.held
        if held is None:
            return False
        try:
            kept = acts.put_intervention(NewIds(None), self.pupil_id, self._form(), today=self.workspace.today, person_id=None, held=held)
        except Refusal as refusal:
            self.show_refusal(refusal)
            return False
        if kept:
            self.banner.say("Keep your changes first: what is signed or reviewed is what is kept.", "attention")
        return not kept

    def _ask_signature(self) -> None:
        if self.held is not None and self._unchanged():
            dialog = SignDialog(self.workspace, self.held, parent=self)
            dialog.accepted.connect(self.reject)
            show_dialog(dialog)

    def _ask_review(self) -> None:
        if self.held is not None and self._unchanged():
            dialog = ReviewDialog(self.workspace, self.held, parent=self)
            dialog.accepted.connect(self.reject)
            show_dialog(dialog)

    def _ask_strike(self) -> None:
        held = self.held
        assert held is not None
        w = self.workspace
        ask_strike(self, w, lambda why: acts.strike(held, why, person_id=w.school.viewer.person_id, today=w.today))


class SignDialog(FormDialog):
    """The second adult reads the record and signs it here: with their own passphrase where the school has passphrases."""

    def __init__(self, workspace: Workspace, held: Intervention, parent: QWidget | None = None) -> None:
        super().__init__(
            "The second adult signs",
            f"{_who(workspace, held.person_id)} wrote this record. Another adult who was there, or who has read it, signs it.",
            verb="Sign",
            width=34,
            parent=parent,
        )
        from approgress.school.people import has_passphrase, takes_passphrases

        self.workspace, self.held = workspace, held
        self._passphrases = takes_passphrases(workspace.school)
        self._has_passphrase = has_passphrase
        people = [p for p in workspace.facts.people.values() if p.role != "visitor" and (p.last_day is None or p.last_day >= workspace.today)]
        options = [(str(p.id), p.name) for p in sorted(people, key=lambda p: p.name.casefold()) if p.id != held.person_id]
        self.signer = ChoiceField("Who signs", options, none="choose", key="signed_by")
        self.signer.edited.connect(self._chosen)
        self.add(self.signer)
        self.passphrase = PassphraseField("Their own passphrase", key="passphrase", help="Typed by the one who signs.")
        self.add(self.passphrase)
        self.tick = TickField("I am this person, I have read the record, and it is right.", key="confirmed")
        self.add(self.tick)
        self._chosen()

    def _asks_passphrase(self) -> bool:
        key = self.signer.value()
        return self._passphrases and bool(key) and int(key) != self.workspace.school.viewer.person_id

    def _chosen(self) -> None:
        reveal(self.passphrase, self._asks_passphrase())

    def submit(self) -> None:
        from approgress.school.people import check_passphrase

        key = self.signer.value()
        signer: Person | None = self.workspace.facts.people.get(int(key)) if key else None
        edits = acts.sign(self.held, signer, today=self.workspace.today)
        if not self.tick.value():
            raise Refusal("Whoever signs ticks that they have read it.", "confirmed")
        if self._asks_passphrase():
            assert signer is not None
            if not self._has_passphrase(self.workspace.school, signer.id):
                raise Refusal(f"{signer.name} has no passphrase here yet, so they cannot sign. Set one under Setting, People.", "signed_by")
            if not check_passphrase(self.workspace.school, self.passphrase.value(), signer.id):
                raise Refusal(f"That is not the passphrase of {signer.name}. Nothing was signed.", "passphrase")
        self.workspace.do(Title.INTERVENTION, edits, grow=False)


class ReviewDialog(FormDialog):
    """The leader's review, written by a head or deputy who is unlocked here."""

    def __init__(self, workspace: Workspace, held: Intervention, parent: QWidget | None = None) -> None:
        super().__init__("Leader\u2019s review", "What was learnt, and what changes for this pupil and for us.", verb="Keep review", width=38, parent=parent)
        self.workspace, self.held = workspace, held
        self.review = NoteField("Review", key="review", lines=5)
        self.add(self.review)

    def submit(self) -> None:
        me = self.workspace.facts.people.get(self.workspace.school.viewer.person_id)
        self.workspace.do(Title.INTERVENTION, acts.review(self.held, me, self.review.value(), today=self.workspace.today), grow=False)


def _from_moment(moment: Moment | None, sort: str, today: object) -> InterventionForm:
    if moment is None:
        return InterventionForm(day=today, sort=sort)  # type: ignore[arg-type]
    return InterventionForm(
        day=moment.day, sort=sort, at=moment.at, place=moment.place, moment_id=moment.id, led_to=moment.before, what_done=moment.response or moment.text
    )


def _who(workspace: Workspace, person_id: int | None) -> str:
    person = workspace.facts.people.get(person_id) if person_id is not None else None
    return person.name if person is not None else "Somebody"


def _state(workspace: Workspace, held: Intervention | None) -> str:
    if held is None:
        return "Written on the same day, as soon as possible. A second adult signs it; a leader reviews it. It is restricted and stays for good."
    if held.struck is not None:
        return f"Struck through by {_who(workspace, held.struck_by)} on {days.words(held.struck_on)}: {held.struck}."
    parts = [f"Written by {_who(workspace, held.person_id)}."]
    if held.signed_by is not None:
        parts.append(f"Signed by {_who(workspace, held.signed_by)} on {days.words(held.signed_on)}.")
    lacks = acts.missing(held)
    parts.append(f"Still missing: {', '.join(lacks)}." if lacks else "Nothing is missing.")
    return " ".join(parts)
