"""Folding: what a window of a certain width, counted in h, has room for. Large text and a small window are one case."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtWidgets import QWidget

from approgress.ui.theme import h

WIDE_FROM: Final = 62.0
MIDDLE_FROM: Final = 44.0


class Fold(Enum):
    """All columns; side panels under the main card; rail as icons, one thing under the other."""

    WIDE = "wide"
    MIDDLE = "middle"
    NARROW = "narrow"


def fold_for(width: float) -> Fold:
    """The fold of a window that is `width` logical pixels wide."""
    count = width / h()
    return Fold.WIDE if count >= WIDE_FROM else Fold.MIDDLE if count >= MIDDLE_FROM else Fold.NARROW


def fold_of(widget: QWidget) -> Fold:
    """The fold of the window in which `widget` is; a dialog folds with the window that it belongs to."""
    window = widget.window()
    while (parent := window.parentWidget()) is not None:
        window = parent.window()
    return fold_for(window.width())


def fold_inside(widget: QWidget, fold: Fold) -> None:
    """Tells every part inside `widget` that folds (it has a method `set_fold`) what it has room for."""
    for child in widget.findChildren(QWidget):
        told = getattr(child, "set_fold", None)
        if told is not None:
            told(fold)
