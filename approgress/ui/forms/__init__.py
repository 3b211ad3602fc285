"""Forms that more than one page opens: half-terms, closed days, groups, people, passphrases, the recovery code."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

D = TypeVar("D", bound=QDialog)


def show_dialog(dialog: D) -> D:
    """Opens a dialog over its window, to be freed when it is closed; returns it at once, since nothing waits inside a call."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
