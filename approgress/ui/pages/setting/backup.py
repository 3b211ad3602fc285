"""Setting: backups, restoring one beside the present file, and the files of this school that lie beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from approgress.domain.days import words
from approgress.domain.edits import Changes
from approgress.school.siblings import Sibling, copies_beside, copies_words, siblings
from approgress.ui.ask import ask_open_files, ask_save_file
from approgress.ui.forms.lists import ListTable, at_left
from approgress.ui.pages.setting.section import Section
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.labels import Text
from approgress.ui.parts.tables import Column, Row, TextCell
from approgress.ui.theme import reveal
from approgress.ui.told import sentence_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from approgress.ui.tasks import Progress
    from approgress.ui.workspace import Workspace

BACKUP_COLUMNS: Final = (
    Column("Made", least=9, stretch=2, sorts=False),
    Column("Last entry in it", least=9, stretch=2, sorts=False),
    Column("Step", "right", sorts=False, drop=1),
    Column("File", least=8, stretch=3, sorts=False, drop=2),
)
FILE_COLUMNS: Final = (
    Column("File", least=9, stretch=3, sorts=False),
    Column("Last entry in it", least=9, stretch=3, sorts=False),
    Column("Step", "right", sorts=False, drop=1),
)
SHOWN = 12


class BackupSection(Section):
    """What was copied when, and the way back."""

    key = "backup"
    name = "Backup"
    sentence = "A checked copy is made each time the window is closed after a change; old ones are thinned by age."
    verb = "Back up now"
    short = "Back up"
    icon = "copy"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        if workspace.school.path is None:
            self.verb = ""
        self.backups = Card("Backups on this computer")
        self.table = ListTable("Backups", BACKUP_COLUMNS, self._restore)
        self.backups.add(self.table)
        self.none = Text("", tone="quiet", wrap=True)
        self.backups.add(self.none)
        self.other_button = Button("Restore another backup…", icon="folder")
        self.other_button.clicked.connect(self.restore_file)
        self.save_button = Button("Save a backup elsewhere…", icon="take-out")
        self.save_button.clicked.connect(self.save_elsewhere)
        self.backups.add(at_left(self.other_button, self.save_button))
        self.body.addWidget(self.backups)
        self.files = Card("Files of this school in its folder", sentence="A restored backup stands here beside the file from before, until you are sure. Choose the one to work in.")
        self.file_table = ListTable("Files of this school", FILE_COLUMNS, self._open_file)
        self.files.add(self.file_table)
        self.body.addWidget(self.files)
        self.copies = Text("", tone="attention", wrap=True)
        self.body.addWidget(self.copies)
        self.wipe_card = Card("Demonstration school", sentence="Everything in it is invented. Wiping takes away its file and its backups for good; a new one can be made at any time.")
        wipe = Button("Wipe the demonstration school…", kind="danger", icon="trash")
        wipe.clicked.connect(self._wipe)
        self.wipe_card.add(at_left(wipe))
        self.body.addWidget(self.wipe_card)
        self.body.addStretch(1)
        reveal(self.wipe_card, workspace.school.keys.is_open)
        self.show_all()

    def show_all(self) -> None:
        """Looks the backups and files up off the GUI thread, since each one is opened for its dates."""
        if self.workspace.school.path is None:
            self.none.setText("A school on a database server is backed up by whoever looks after the server.")
            for widget in (self.table, self.files, self.copies, self.other_button, self.save_button):
                widget.hide()
            return
        self.workspace.tasks.run(_look, self.workspace.school, on_done=self._found, on_failed=self._failed)

    def _found(self, found: tuple[list[Any], list[Sibling], list[Path]]) -> None:
        backups, files, copies = found
        self._backups = backups
        rows: list[Row] = []
        for b in backups[:SHOWN]:
            last = f"{words(b.last_entry.date(), weekday=True)} {b.last_entry:%H:%M}" if b.last_entry else "no entries"
            made = f"{words(b.made.date(), weekday=True)} {b.made:%H:%M}"
            rows.append(Row(b, made, (TextCell(made, kind="strong"), TextCell(last), TextCell(str(b.tick), across="right"), TextCell(b.path.name, role="quiet", may_elide=True)), tip=str(b.path)))
        self.table.rows.set_rows(rows)
        reveal(self.table, bool(rows))
        if not rows:
            self.none.setText("None yet. One is made when the window is closed, or now if you press the button.")
        elif len(backups) > SHOWN:
            self.none.setText(f"{SHOWN} of {len(backups)} shown, the newest first; the others are in {backups[0].path.parent}. Click or Enter: restore it beside the present file.")
        else:
            self.none.setText("Click or Enter: restore it beside the present file.")
        self._files = files
        self.file_table.rows.set_rows(
            [
                Row(
                    f,
                    f.path.name,
                    (
                        TextCell(f.path.name, "open now" if f.present else "", kind="strong", may_elide=True),
                        TextCell(f.words, wrap=bool(f.doubt)),
                        TextCell(str(f.steps) if f.steps else "", across="right"),
                    ),
                    tip=str(f.path),
                )
                for f in files
            ]
        )
        reveal(self.files, len(files) > 1)
        self.copies.setText(copies_words(copies))
        reveal(self.copies, bool(copies))

    def _failed(self, error: Exception) -> None:
        self.said.emit(sentence_of(error), "error")

    def main(self) -> None:
        self.said.emit("Backing up and checking…", "attention")
        self.workspace.tasks.run(_back_up, self.workspace.school, None, on_done=self._backed_up, on_failed=self._failed)

    def save_elsewhere(self) -> None:
        """A backup where a person wants it: a stick, another disk."""
        from approgress.store.backup import backup_name

        suggested = Path.home() / backup_name(self.workspace.school.setting.name, _now(self.workspace))
        to = ask_save_file(self, "Where the backup goes", suggested, "Backups (*.backup)")
        if to is not None:
            self.said.emit("Backing up and checking…", "attention")
            to = to if to.suffix == ".backup" else to.with_name(to.name + ".backup")
            self.workspace.tasks.run(_back_up, self.workspace.school, to, on_done=self._backed_up, on_failed=self._failed)

    def _backed_up(self, info: Any) -> None:
        self.said.emit(f"Backed up, opened and checked: {info.path.name}, in {info.path.parent}.", "done")
        self.workspace.asked.emit("backed_up", None)
        self.show_all()

    def restore_file(self) -> None:
        """A backup from anywhere."""
        for path in ask_open_files(self, "A backup to restore", "Backups (*.backup)", Path.home())[:1]:
            self.workspace.asked.emit("restore", path)

    def _restore(self, row: int) -> None:
        self.workspace.asked.emit("restore", self.table.rows.row(row).key.path)

    def _open_file(self, row: int) -> None:
        f: Sibling = self.file_table.rows.row(row).key
        if f.present:
            self.said.emit("That is the file that is open now.", "attention")
        elif f.doubt:
            self.said.emit(f.doubt, "error")
        else:
            self.workspace.asked.emit("open", str(f.path))

    def _wipe(self) -> None:
        self.workspace.asked.emit("wipe", None)

    def refresh(self, changes: Changes) -> None:
        if changes.everything:
            self.show_all()


def _look(school: Any, *, progress: Progress) -> tuple[list[Any], list[Sibling], list[Path]]:
    return school.automatic_backups(), siblings(school), copies_beside(school)


def _back_up(school: Any, to: Path | None, *, progress: Progress) -> Any:
    return school.back_up(to)


def _now(workspace: Workspace) -> Any:
    from datetime import datetime

    return datetime.fromtimestamp(workspace.school.now())
