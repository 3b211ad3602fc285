"""Restoring a backup: what it holds, what is there now, where it goes beside the present file, and afterwards which one to work in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from approgress.domain.days import words
from approgress.domain.errors import Refusal, Trouble, WrongPassphrase
from approgress.store.backup import BackupInfo, read_backup
from approgress.ui.ask import ask_save_file
from approgress.ui.forms.lists import at_left
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card, Line
from approgress.ui.parts.fields import PassphraseField, TextField
from approgress.ui.parts.page import Page
from approgress.ui.parts.progress import ProgressRow
from approgress.ui.tasks import Progress, Tasks
from approgress.ui.theme import measure
from approgress.ui.told import sentence_of


class RestorePage(Page):
    """A backup, laid beside what is there. `open_asked(address)` says which file a person chose to work in; `left` that they went back."""

    open_asked = Signal(str)
    left = Signal()

    def __init__(
        self,
        backup: Path,
        *,
        folder: Path,
        present: Path | None = None,
        present_words: str = "",
        expect_school: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Restore a backup", "A backup is never laid over a file: it stands beside the present one, and you choose.", parent=parent)
        self.title = "Restore a backup"
        self._backup, self._present, self._expect = backup, present, expect_school
        self.info: BackupInfo | None = None
        self.restored: Path | None = None
        self._tasks = Tasks(self)
        self._back_button = self.add_action("Back", self._leave, icon="arrow-left")
        self.main = self.set_main_action("Restore beside", self._restore)
        self.card = Card("The backup", padding=1.1)
        measure(self.card, most_width=50)
        self.body.addWidget(self.card)
        self.present_card = Card("The present file", padding=1.1)
        measure(self.present_card, most_width=50)
        self.body.addWidget(self.present_card)
        if present is not None:
            self.present_card.add(Line(present.name, str(present.parent), present_words))
        else:
            self.present_card.hide()
        self.form = Card(padding=1.1)
        measure(self.form, most_width=50)
        self.place = TextField("Where it goes", "", key="place", help="Beside the present file, under another name.")
        browse = Button("Choose another place…", icon="folder", small=True)
        browse.clicked.connect(self._browse)
        self.passphrase = PassphraseField("Passphrase of the backup’s day, or the recovery code", key="passphrase")
        self.passphrase.line.returnPressed.connect(self._restore)
        self.form.add(self.passphrase)
        self.form.add(self.place)
        self.form.add(at_left(browse))
        self.body.addWidget(self.form)
        self.progress = ProgressRow("Restoring and checking")
        self.progress.stop.hide()
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.choice = Card("Which one do you want to work in?", padding=1.1)
        measure(self.choice, most_width=50)
        self.use_restored = Button("Work in the restored one", kind="primary")
        self.use_restored.clicked.connect(self._use_restored)
        self.use_present = Button("Stay with the present one")
        self.use_present.clicked.connect(self._use_present)
        self.choice.hide()
        self.body.addWidget(self.choice)
        self.body.addStretch(1)
        self._read(folder)

    def _read(self, folder: Path) -> None:
        try:
            self.info = read_backup(self._backup)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
            self.form.hide()
            self.card.hide()
            self.main.setEnabled(False)
            self._back_button.setFocus()
            return
        from approgress.school.siblings import free_place

        info = self.info
        self.card.add(Line(info.name, self._backup.name, f"made {words(info.made.date())} {info.made:%H:%M}"))
        last = f"{words(info.last_entry.date())} {info.last_entry:%H:%M}" if info.last_entry else "none"
        self.card.add(Line("Last entry in it", f"journal step {info.tick}", last))
        stem = self._present.stem if self._present is not None else info.name
        safe = "".join(c if c.isalnum() or c in " -_" else " " for c in stem).strip() or "school"
        self.place.set_value(str(free_place(folder, f"{safe} restored {info.made:%Y-%m-%d %H-%M}")))
        self.passphrase.setVisible(not info.demonstration)
        (self.passphrase if not info.demonstration else self.place).setFocus(Qt.FocusReason.OtherFocusReason)

    def _browse(self) -> None:
        found = ask_save_file(self, "Where the restored file goes", Path(self.place.value()), "Schools (*.approgress)")
        if found:
            self.place.set_value(str(found))

    def _restore(self) -> None:
        if self._tasks.busy() or self.info is None or self.restored is not None:
            return
        self.banner.say("")
        self.passphrase.set_wrong("")
        self.place.set_wrong("")
        typed = self.passphrase.value()
        if not self.info.demonstration and not typed.strip():
            self.passphrase.set_wrong("Type the passphrase that was in use when the backup was made, or the recovery code.")
            self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)
            return
        if not self.place.value():
            self.place.set_wrong("Say where the restored file goes.")
            return
        given = None if self.info.demonstration else typed
        self._busy(True)
        self._tasks.run(_restore, self._backup, Path(self.place.value()), given, self._expect, on_done=self._done, on_failed=self._failed)

    def _busy(self, busy: bool) -> None:
        self.main.setEnabled(not busy)
        self._back_button.setEnabled(not busy)
        self.form.setEnabled(not busy)
        self.progress.setVisible(busy)
        if busy:
            self.progress.begin("Restoring and checking")

    def _failed(self, error: BaseException) -> None:
        self._busy(False)
        if isinstance(error, WrongPassphrase):
            self.passphrase.set_wrong("That passphrase does not open this backup. Nothing was changed. A backup keeps the passphrases and the recovery code of its day.")
            self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)
        elif isinstance(error, Refusal):
            self.banner.say(error.sentence, "attention")
        else:
            self.banner.say(sentence_of(error), "error")

    def _done(self, to: Path) -> None:
        self._busy(False)
        self.restored = to
        assert self.info is not None
        self.form.hide()
        self.main.hide()
        self.banner.say(f"Restored and checked: {to.name}. The present file was not touched.", "done")
        last = f"last entry {words(self.info.last_entry.date())} {self.info.last_entry:%H:%M}" if self.info.last_entry else "no entries"
        self.choice.add(Line(to.name, "restored just now", last))
        buttons = [self.use_restored]
        if self._present is not None:
            buttons.append(self.use_present)
        self.choice.add(at_left(*buttons))
        self.choice.show()
        self.use_restored.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use_restored(self) -> None:
        self.open_asked.emit(str(self.restored))

    def _use_present(self) -> None:
        if self._present is not None:
            self.open_asked.emit(str(self._present))

    def _leave(self) -> None:
        self.left.emit()


def _restore(backup: Path, to: Path, passphrase: str | None, expect: str | None, *, progress: Progress) -> Path:
    from approgress.school.school import restore

    restore(backup, to, passphrase, expect_school=expect)
    return to if to.suffix else to.with_name(to.name + ".approgress")
