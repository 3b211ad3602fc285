"""Printing what a page shows (Ctrl+P): which of its lists, on a printer or as PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from approgress.domain.errors import Refusal, Trouble
from approgress.ui.forms.list_paper import PaperList, draw_list, save_list
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import ChoiceField, OptionsField

_WAYS = (("printer", "On a printer", ""), ("pdf", "As a PDF file", ""))


class PrintDialog(FormDialog):
    """Which list, and where to. `told(sentence)` is called when it is done; what went wrong is shown in the dialog."""

    def __init__(self, papers: Sequence[PaperList], told: Callable[[str], None], *, day: str, parent: QWidget | None = None) -> None:
        first = papers[0]
        sentence = f"{first.title}: {_rows(first)}." if len(papers) == 1 else ""
        super().__init__("Print", sentence, verb="Print", width=30, parent=parent)
        self._papers = list(papers)
        self._told = told
        self._day = day
        self.which: ChoiceField | None = None
        if len(papers) > 1:
            options = [(str(i), f"{p.title}: {_rows(p)}") for i, p in enumerate(papers)]
            self.which = ChoiceField("Which list", options, "0", key="which")
            self.add(self.which)
        self.way = OptionsField("Where to", _WAYS, "printer", key="way")
        self.add(self.way)

    def paper(self) -> PaperList:
        """The list that is chosen."""
        return self._papers[int(self.which.value() or 0) if self.which is not None else 0]

    def submit(self) -> None:
        if self.way.value() == "pdf":
            self._save(self.paper())
        else:
            self._print(self.paper())

    def _save(self, what: PaperList) -> None:
        from approgress.ui.ask import ask_save_file

        name = " ".join("".join(c if c.isalnum() or c == "-" else " " for c in what.title).split()) or "List"
        path = ask_save_file(self, "Save as PDF", Path.home() / f"{name} {self._day}.pdf", "PDF (*.pdf)")
        if path is None:
            raise Refusal("Nothing was saved: no file was chosen.", "way")
        path = path if path.suffix else path.with_suffix(".pdf")
        pages = save_list(path, what)
        self._told(f"{path.name} is saved: {pages} {'page' if pages == 1 else 'pages'}.")

    def _print(self, what: PaperList) -> None:
        from PySide6.QtGui import QPageLayout
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            raise Trouble("There is no printer on this computer. Nothing was printed; choose a PDF file instead.")
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if len(what.columns) > 6 else QPageLayout.Orientation.Portrait)
        dialog = QPrintDialog(printer, self)
        done = dialog.exec() == QPrintDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not done:
            raise Refusal("Nothing was printed.", "way")
        draw_list(printer, what)
        self._told("The list was handed to the printer.")


def _rows(paper: PaperList) -> str:
    return "1 row" if len(paper.rows) == 1 else f"{len(paper.rows)} rows"
