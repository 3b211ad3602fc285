"""Printing a list that a page has made: to a printer, or as PDF to a place that the person chooses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from approgress.domain.days import words
from approgress.domain.errors import Trouble
from approgress.domain.values import how_many
from approgress.ui.ask import Choice, ask_choice, ask_save_file

if TYPE_CHECKING:
    from approgress.ui.forms.list_paper import PaperColumn, PaperList
    from approgress.ui.workspace import Workspace


def paper_of(
    workspace: Workspace, title: str, said: str, columns: tuple[PaperColumn, ...], rows: tuple[tuple[str, ...], ...], key: str = ""
) -> PaperList:
    """A list with the setting, the day and "Confidential" where every list has them."""
    from approgress.ui.forms.list_paper import PaperList

    setting = workspace.school.setting
    mark = " (demonstration: invented pupils)" if setting.demonstration else ""
    head = f"{setting.name}{mark} · {said}"
    foot = f"{setting.name}{mark} · Confidential · printed {words(workspace.today)}"
    return PaperList(title, head, foot, columns, rows, key)


def print_or_save(parent: QWidget, workspace: Workspace, paper: PaperList, file_name: str) -> None:
    """Asks for printer or file, and does it; how it went is said in the banner."""
    count = len(paper.rows)
    sentence = f"{count} {'line' if count == 1 else 'lines'}." if count else "There is nothing on this list; it is printed as an empty one."
    choices = (Choice("pdf", "Save as PDF…"), Choice("print", "Print…", "primary"))
    chosen = ask_choice(parent, paper.title, sentence, choices, default="print")
    if chosen == "pdf":
        save_paper_as(parent, workspace, paper, file_name)
    elif chosen == "print":
        print_paper(parent, workspace, paper)


def save_paper_as(parent: QWidget, workspace: Workspace, paper: PaperList, file_name: str) -> None:
    """Saves a list as PDF where the person says; `file_name` (without an ending) is what is proposed."""
    path = ask_save_file(parent, "Save the list as PDF", Path.home() / f"{file_name}.pdf", "PDF (*.pdf)")
    if path is not None:
        save_paper(workspace, paper, path if path.suffix else path.with_suffix(".pdf"))


def save_paper(workspace: Workspace, paper: PaperList, path: Path) -> None:
    """Saves a list as PDF; how it went is said in the banner."""
    from approgress.ui.forms.list_paper import save_list

    try:
        pages = save_list(path, paper)
    except Trouble as trouble:
        workspace.say(trouble.sentence, "error")
    else:
        workspace.say(f"{path.name} is saved: {how_many(pages, 'page')}.", "done")


def print_paper(parent: QWidget, workspace: Workspace, paper: PaperList, *, across: bool = False) -> None:
    """Prints a list on a printer that the person chooses; `across` proposes the page on its side."""
    from PySide6.QtGui import QPageLayout
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from approgress.ui.forms.list_paper import draw_list

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if across:
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() == QPrintDialog.DialogCode.Accepted:
        try:
            draw_list(printer, paper)
        except Trouble as trouble:
            workspace.say(trouble.sentence, "error")
