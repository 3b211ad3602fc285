"""Setting: appearance and security: what belongs to this person at this computer, and who gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from approgress.school.people import check_passphrase, takes_passphrases
from approgress.store.preferences import change_preferences, read_preferences
from approgress.ui.forms import show_dialog
from approgress.ui.forms.lists import at_left
from approgress.ui.forms.people import PassphraseDialog
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.fields import ChoiceField, OptionsField, TickField
from approgress.ui.parts.fold import Fold
from approgress.ui.parts.labels import Text
from approgress.ui.parts.layouts import CardGrid
from approgress.ui.theme import TEXT_SIZES, reveal, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.workspace import Workspace

MINUTES: Final = (("1", "after 1 minute"), ("2", "after 2 minutes"), ("5", "after 5 minutes"), ("10", "after 10 minutes"), ("15", "after 15 minutes"), ("30", "after 30 minutes"), ("0", "never by itself"))


class AppearanceSection(Section):
    """Colours and text size, at once and everywhere."""

    key = "appearance"
    name = "Appearance"
    sentence = "Yours, on this computer. Nothing of it is written into the school’s file."

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        grid = CardGrid({Fold.WIDE: 2, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=0.8, least=14)
        colours = Card("Colours", padding=1.0)
        self.colours = OptionsField(
            "",
            (
                ("light", "Light", "dark letters on white"),
                ("dark", "Dark", "for a dim room"),
                ("contrast", "High contrast", "black, white and yellow, with every edge drawn"),
            ),
            theme().style.name,
        )
        self.colours.editor.setAccessibleName("Colours")
        self.colours.edited.connect(self._colours_chosen)
        colours.add(self.colours)
        colours.body.addStretch(1)
        text = Card("Text size", padding=1.0)
        self.text = OptionsField("", [(str(p), f"{p}%", "as the computer has it" if p == 100 else "") for p in TEXT_SIZES], str(theme().text_percent))
        self.text.editor.setAccessibleName("Text size")
        self.text.edited.connect(self._text_chosen)
        text.add(self.text)
        text.body.addStretch(1)
        grid.add(colours)
        grid.add(text)
        self.body.addWidget(grid)
        self.body.addStretch(1)

    def _colours_chosen(self) -> None:
        self.workspace.asked.emit("look", (self.colours.value(), 0))

    def _text_chosen(self) -> None:
        self.workspace.asked.emit("look", ("", int(self.text.value())))


class SecuritySection(Section):
    """When the window locks, names at the start, and the two keys: passphrase and recovery code."""

    key = "security"
    name = "Security"
    sentence = "Who gets in, and what somebody sees who walks past."
    verb = "Lock now"
    short = "Lock"
    icon = "lock"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        kept = read_preferences()
        grid = CardGrid({Fold.WIDE: 2, Fold.MIDDLE: 2, Fold.NARROW: 1}, gap=0.8, least=15)
        lock = Card("When nobody is here", padding=1.0)
        options = list(MINUTES)
        if str(kept.idle_minutes) not in dict(options):
            options.insert(0, (str(kept.idle_minutes), f"after {kept.idle_minutes} minutes"))
        self.idle = ChoiceField("Lock", options, str(kept.idle_minutes), width=13, help="The data is covered and the passphrase asked for. What was typed is saved already.")
        self.idle.edited.connect(self._idle_chosen)
        lock.add(self.idle)
        self.hide_names = TickField("Hide names when the program opens", kept.hide_names, help="Each pupil is shown by a code; F8 shows and hides names at any time.")
        self.hide_names.edited.connect(self._hide_chosen)
        lock.add(self.hide_names)
        lock.body.addStretch(1)
        keys = Card("What opens the file", padding=1.0)
        self._note = Text("", tone="quiet", wrap=True)
        keys.add(self._note)
        self.passphrase_button = Button("Change your passphrase…", icon="key")
        self.passphrase_button.clicked.connect(self.change_passphrase)
        self.code_button = Button("Make a new recovery code…", icon="printer")
        self.code_button.clicked.connect(self.new_code)
        keys.add(at_left(self.passphrase_button))
        keys.add(at_left(self.code_button))
        keys.body.addStretch(1)
        grid.add(lock)
        grid.add(keys)
        self.body.addWidget(grid)
        self.body.addStretch(1)
        school = workspace.school
        here = takes_passphrases(school)
        reveal(self.passphrase_button, here)
        reveal(self.code_button, here)
        if school.keys.is_open:
            self._note.setText("The demonstration school opens without a passphrase: everything in it is invented.")
        elif not here:
            self._note.setText("On a database server, passphrases are looked after by whoever looks after the server.")
        else:
            self._note.setText("Your passphrase, or the recovery code on paper in the school’s safe. Nobody else can open it, and nobody can read either back to you.")

    def main(self) -> None:
        self.workspace.asked.emit("lock", None)

    def _idle_chosen(self) -> None:
        minutes = int(self.idle.value())
        change_preferences(idle_minutes=minutes)
        self.workspace.asked.emit("idle", minutes)

    def _hide_chosen(self) -> None:
        change_preferences(hide_names=self.hide_names.value())

    def change_passphrase(self) -> None:
        """The dialog of one's own passphrase."""
        show_dialog(PassphraseDialog(self._keep_passphrase, who=self.workspace.school.viewer.name, own=True, parent=self))

    def _keep_passphrase(self, present: str, new: str) -> None:
        from approgress.domain.errors import Refusal

        school = self.workspace.school
        person = school.viewer.person_id
        if not check_passphrase(school, present, person):
            raise Refusal("That is not your present passphrase. Nothing was changed. The recovery code will do as well.", "present")
        school.set_passphrase(person, school.viewer.name, new)
        self.said.emit("Your passphrase was changed. The old one no longer opens this file.", "done")

    def new_code(self) -> None:
        """A new recovery code, after one's own passphrase was typed: whoever holds the code holds the file."""
        from approgress.domain.errors import Refusal, Trouble
        from approgress.ui.ask import ask_text
        from approgress.ui.forms.recovery import RecoveryDialog

        school = self.workspace.school

        def check(typed: str) -> None:
            if not check_passphrase(school, typed, school.viewer.person_id):
                raise Refusal("That is not your passphrase. Nothing was changed; the recovery code that there is still works.")

        typed = ask_text(
            self,
            "Make a new recovery code",
            "The one that is printed stops working for this file as soon as the new one is shown. Backups keep the code of their day.",
            label="Your passphrase",
            verb="Make it",
            secret=True,
            check=check,
        )
        if typed is None:
            return
        try:
            code = school.new_recovery_code()
        except Trouble as trouble:
            self.said.emit(trouble.sentence, "error")
            return
        show_dialog(RecoveryDialog(school.setting.name, code, self.workspace.today, parent=self))
