"""The dialogs of people: a member of staff, a passphrase, leaving; and of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from approgress.domain.acts.setting import ROLES
from approgress.domain.errors import Refusal
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, DateField, PassphraseField, TextField, TickField
from approgress.ui.theme import reveal

ROLE_HELP = "A visitor may look at everything ordinary and change nothing. Everybody else may write; who wrote what stays in the history."
PASSPHRASE_HELP = "8 characters or more. Four short words are good and easy to keep. Nobody can read it back to you."


def check_pair(first: str, again: str, *, needed: bool = True) -> str | None:
    """A passphrase typed twice, or None where none was typed and none is needed; Refusal says what is wrong."""
    if not first and not again and not needed:
        return None
    if len(first) < 8:
        raise Refusal("A passphrase has 8 characters or more; four short words are good and easy to keep.", "passphrase")
    if first != again:
        raise Refusal("The two passphrases differ. Type the same one again.", "again")
    return first


class PersonDialog(FormDialog):
    """A member of staff. `keep(name, role, job, passphrase)`; the passphrase is None where none was typed, and asked for only if `passphrase`."""

    def __init__(
        self,
        keep: Callable[[str, str, str, str | None], None],
        *,
        name: str = "",
        role: str = "teacher",
        job: str = "",
        new: bool = True,
        passphrase: bool = True,
        needed: bool = False,
        you: bool = False,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = ("About you" if you else "Add a person") if new else f"Change {name}"
        super().__init__(title, ROLE_HELP if not you else "You will unlock the file with this passphrase.", verb="Add" if new else "Keep changes", width=32, parent=parent)
        self._keep, self._needed, self._remove = keep, needed, remove
        self.name = TextField("Name", name, key="name", help="As colleagues know you, such as T. Mbeki.", most=60)
        self.add(self.name)
        self.role = ChoiceField("Role", list(ROLES.items()), role, key="role", width=18)
        self.role.setVisible(not you)
        self.add(self.role)
        self.job = TextField("Job", job, key="job", optional=True, most=60)
        self.add(self.job)
        self.passphrase: PassphraseField | None = None
        self.again: PassphraseField | None = None
        if passphrase:
            label = "Passphrase" if needed else "Passphrase, so that they can unlock the file"
            self.passphrase = PassphraseField(label, key="passphrase", help=PASSPHRASE_HELP)
            self.again = PassphraseField("The same again", key="again")
            self.add(self.passphrase)
            self.add(self.again)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        typed = None
        if self.passphrase is not None and self.again is not None:
            typed = check_pair(self.passphrase.value(), self.again.value(), needed=self._needed)
        self._keep(self.name.value(), self.role.value(), self.job.value(), typed)

    def _take_out(self) -> None:
        assert self._remove is not None
        try:
            self._remove()
        except Refusal as refusal:
            self.show_refusal(refusal)
        else:
            self.reject()


class PassphraseDialog(FormDialog):
    """A new passphrase, with the present one where it is one's own. `keep(present, new)` changes it or raises Refusal."""

    def __init__(self, keep: Callable[[str, str], None], *, who: str, own: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            "Change your passphrase" if own else f"A passphrase for {who}",
            "The old one stops working for this file at once. Backups made before still open with the one of their day.",
            verb="Change passphrase" if own else "Set passphrase",
            width=32,
            parent=parent,
        )
        self._keep = keep
        self.present: PassphraseField | None = None
        if own:
            self.present = PassphraseField("Present passphrase", key="present")
            self.add(self.present)
        self.new = PassphraseField("New passphrase", key="passphrase", help=PASSPHRASE_HELP)
        self.again = PassphraseField("The same again", key="again")
        self.add(self.new)
        self.add(self.again)

    def submit(self) -> None:
        typed = check_pair(self.new.value(), self.again.value())
        assert typed is not None
        self._keep(self.present.value() if self.present is not None else "", typed)


class LeaveDialog(FormDialog):
    """A member of staff leaves on a day."""

    def __init__(self, keep: Callable[[date | None], None], *, who: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            f"{who} leaves",
            "What they wrote stays, with their name. Their passphrase stops working for this file when you press the button.",
            verb="End their time here",
            kind="danger",
            width=30,
            parent=parent,
        )
        self._keep = keep
        self.day = DateField("Last day", today, today=today, key="last_day")
        self.add(self.day)

    def submit(self) -> None:
        self._keep(self.day.value())


class GroupDialog(FormDialog):
    """A group, and who teaches it from which day on. `keep(name, person ids, last day, first day of the teachers who are new)`."""

    def __init__(
        self,
        keep: Callable[[str, list[int], date | None, date | None], None],
        *,
        today: date,
        name: str = "",
        people: Sequence[tuple[int, str]] = (),
        teachers: Sequence[int] = (),
        last_day: date | None = None,
        new: bool = True,
        remove: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Add a group" if new else f"Change {name}", verb="Add group" if new else "Keep changes", width=28, parent=parent)
        self._keep, self._remove = keep, remove
        self.name = TextField("Name", name, key="name", help="As you call it, such as Ash or 9B.", most=24)
        self.add(self.name)
        self.ticks: list[tuple[int, TickField]] = []
        for number, (person, called) in enumerate(people):
            tick = TickField(called, person in teachers, help="Teaches this group" if number == 0 else "")
            self.ticks.append((person, tick))
            self.add(tick)
        self.since = DateField("Teachers change from", today, today=today, key="since", help="Who taught the group before stays in the record until the day before.")
        self.add(self.since)
        reveal(self.since, bool(people))
        self.last_day: DateField | None = None
        if not new:
            self.last_day = DateField("Last day", last_day, today=today, key="last_day", optional=True, help="Only where the group is no longer used.")
            self.add(self.last_day)
        if remove is not None:
            button = Button("Remove", kind="danger")
            button.clicked.connect(self._take_out)
            self.add_button(button)

    def submit(self) -> None:
        chosen = [person for person, tick in self.ticks if tick.value()]
        self._keep(self.name.value(), chosen, self.last_day.value() if self.last_day is not None else None, self.since.value())

    def _take_out(self) -> None:
        assert self._remove is not None
        try:
            self._remove()
        except Refusal as refusal:
            self.show_refusal(refusal)
        else:
            self.reject()
