"""The recovery code: shown, printed or saved as PDF, and typed back once, so that it is known to be on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from approgress.domain.days import words
from approgress.domain.errors import Refusal, Trouble
from approgress.store.keys import read_recovery_code
from approgress.ui.ask import ask_save_file
from approgress.ui.parts.banner import Banner
from approgress.ui.parts.buttons import Button
from approgress.ui.parts.cards import Card
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import TextField
from approgress.ui.parts.labels import Text
from approgress.ui.theme import space, theme

WHY = (
    "If every passphrase is forgotten, this code opens the file, and nothing else does: not us, not anybody. "
    "Print it or write it down now; it is not shown again. Keep it in the school’s safe, not with the computer."
)


def check_typed(code: str, typed: str) -> None:
    """Refusal where what was typed is not the code."""
    if not typed.strip():
        raise Refusal("Type the code from your paper, so that we both know that it is there.", "typed")
    if read_recovery_code(typed) != read_recovery_code(code):
        raise Refusal("That is a recovery code, but not this school’s. Check that the sheet in your hand is the one of today.", "typed")


def draw_sheet(device: QPagedPaintDevice, school: str, code: str, day: date) -> None:
    """The printed sheet on a printer or into a PDF; Trouble where it cannot be begun."""
    painter = QPainter()
    if not painter.begin(device):
        raise Trouble("The sheet with the recovery code could not be printed. The code is still on the screen; choose another place or printer.")
    family = theme().font().family()
    unit = device.logicalDpiY() / 72
    width = device.width()
    y = 0.0

    def line(text: str, points: float, weight: int, after: float, *, wrap: bool = False) -> None:
        nonlocal y
        font = QFont(family)
        font.setPixelSize(round(points * unit))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        painter.setFont(font)
        flags = int(Qt.TextFlag.TextWordWrap if wrap else Qt.TextFlag.TextSingleLine)
        room = painter.boundingRect(QRectF(0, y, width, 10_000), flags, text)
        painter.drawText(QRectF(0, y, width, room.height() + unit), flags, text)
        y += room.height() + after * unit

    line("approgress", 11, 600, 14)
    line(f"Recovery code of {school}", 20, 700, 6, wrap=True)
    line(f"Made on {words(day)}", 11, 400, 26)
    groups = code.split("-")
    for half in (groups[:4], groups[4:]):
        line("  -  ".join(half), 24, 700, 10)
    y += 16 * unit
    line("This code opens the school’s file where every passphrase is forgotten. Nothing else does.", 12, 400, 8, wrap=True)
    line("Keep it in the school’s safe, not with the computer. There is no letter I, L, O or U in it: those are figures 1 and 0, and V.", 12, 400, 8, wrap=True)
    line("A new code (Setting, Security) makes this one useless for the file; backups keep the code of their day.", 12, 400, 0, wrap=True)
    painter.end()


def save_pdf(path: Path, school: str, code: str, day: date) -> None:
    """The sheet as PDF; Trouble where it cannot be written, and nothing half-written stays."""
    from approgress.store.keys import write_whole

    # made in memory first: Qt would say nothing about a disk that is full
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(25, 25, 25, 25), QPageLayout.Unit.Millimeter)
    writer.setResolution(300)
    writer.setTitle("Recovery code")
    draw_sheet(writer, school, code, day)
    try:
        write_whole(path, bytes(held.data().data()))
    except Trouble:
        raise Trouble(f"{path.name} could not be written to {path.parent}. The code is still on the screen; choose another folder or print it.") from None


class RecoveryCard(Card):
    """The code in large type, what it is for, and the buttons to print and to save it; below, the field to type it back."""

    edited = Signal()

    def __init__(self, school: str, code: str, day: date, parent: QWidget | None = None) -> None:
        super().__init__("Recovery code", sentence=WHY, padding=1.1, parent=parent)
        self._school, self.code, self._day = school, code, day
        groups = code.split("-")
        shown = Card(kind="sunken")
        for half in (groups[:4], groups[4:]):
            text = Text("  -  ".join(half), "figure", wrap=True, across="middle")
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
            text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            shown.add(text)
        shown.setAccessibleName(f"Recovery code: {code}")
        self.add(shown)
        row = QHBoxLayout()
        space(row, gap=0.6)
        self.print_button = Button("Print…", icon="printer")
        self.print_button.clicked.connect(self._print)
        self.save_button = Button("Save as PDF…", icon="document")
        self.save_button.clicked.connect(self._save)
        row.addWidget(self.print_button)
        row.addWidget(self.save_button)
        row.addStretch(1)
        self.add_layout(row)
        self.banner = Banner("", "done")
        self.add(self.banner)
        self.typed = TextField(
            "Type it back once, from your paper", key="typed", help="Capitals or not, with hyphens or without: as you like.", placeholder="eight groups of four"
        )
        self.typed.edited.connect(self.edited)
        self.add(self.typed)

    def check(self) -> bool:
        """Whether the code was typed back; what is wrong is said beneath the field."""
        try:
            check_typed(self.code, self.typed.value())
        except Refusal as refusal:
            self.typed.set_wrong(refusal.sentence)
            self.typed.setFocus(Qt.FocusReason.TabFocusReason)
            return False
        self.typed.set_wrong("")
        return True

    def save_to(self, path: Path) -> None:
        """Saves the sheet; how it went is said in the card."""
        try:
            save_pdf(path, self._school, self.code, self._day)
        except Trouble as trouble:
            self.banner.say(trouble.sentence, "error")
        else:
            self.banner.say(f"Saved as {path.name}. Print it and keep the paper in the safe; then delete the file.", "done")

    def _save(self) -> None:
        found = ask_save_file(self, "Save the recovery code as PDF", Path.home() / "recovery-code.pdf", "PDF (*.pdf)")
        if found:
            self.save_to(found.with_suffix(".pdf"))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            try:
                draw_sheet(printer, self._school, self.code, self._day)
            except Trouble as trouble:
                self.banner.say(trouble.sentence, "error")
            else:
                self.banner.say("Sent to the printer. Check the paper before you go on.", "done")
        dialog.deleteLater()


class RecoveryDialog(FormDialog):
    """A new recovery code, in Setting; it closes when the code was typed back, or when a person says that it need not be."""

    def __init__(self, school: str, code: str, day: date, parent: QWidget | None = None) -> None:
        super().__init__("A new recovery code", "The old one no longer opens this file.", verb="It is on paper", leave="Close without checking", width=36, parent=parent)
        self.card = RecoveryCard(school, code, day)
        self.add_widget(self.card)

    def submit(self) -> None:
        check_typed(self.card.code, self.card.typed.value())

    def show_refusal(self, refusal: Refusal) -> None:
        self.card.typed.set_wrong(refusal.sentence)
        self.card.typed.setFocus(Qt.FocusReason.TabFocusReason)


__all__ = ["RecoveryCard", "RecoveryDialog", "check_typed", "draw_sheet", "save_pdf"]
