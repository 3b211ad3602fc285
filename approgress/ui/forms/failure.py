"""The calm word when the program itself failed: what was kept, what to do, and the report for whoever helps."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from approgress.ui.parts.buttons import Button
from approgress.ui.parts.dialogs import FormDialog
from approgress.ui.parts.fields import NoteField


class FailureDialog(FormDialog):
    """Enter and Esc go on. The report can be looked at and copied; it holds no names."""

    def __init__(self, sentence: str, report: str, parent: QWidget | None = None) -> None:
        super().__init__("Something went wrong", sentence, verb="Go on", width=36, parent=parent)
        self.leave_button.hide()
        self._report = NoteField("Report, without names", report, lines=8)
        self._report.text.setReadOnly(True)
        self._report.hide()
        self.add_widget(self._report)
        self.show_button = Button("Show the report")
        self.show_button.clicked.connect(self._show_report)
        self.copy_button = Button("Copy the report", icon="copy")
        self.copy_button.clicked.connect(self._copy)
        self.add_button(self.show_button)
        self.add_button(self.copy_button)

    def submit(self) -> None:
        """Nothing to do: it was read."""

    def _show_report(self) -> None:
        self._report.show()
        self.show_button.hide()
        self._fit()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._report.value())
        self.copy_button.setText("Copied")
