"""Every word that a page gives away: texts, tool tips, accessible names, and all roles of all models."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from approgress.ui.parts.tables import CELL, SORT

_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole, CELL, SORT)


def words_shown(widget: QWidget, *, visible: bool = False) -> list[str]:
    """All texts in a widget, its children and their models, hidden ones too, or only those of what is visible now."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what was taken away is no longer there to be read
    found: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        if visible and not one.isVisible():
            continue
        found += [one.toolTip(), one.accessibleName(), one.accessibleDescription(), one.windowTitle(), one.statusTip(), one.whatsThis()]
        if isinstance(one, QLabel | QAbstractButton | QLineEdit):
            found.append(one.text())
        if isinstance(one, QPlainTextEdit):
            found.append(one.toPlainText())
        if isinstance(one, QComboBox):
            found += [one.itemText(n) for n in range(one.count())]
        if isinstance(one, QAbstractItemView) and one.model() is not None:
            model = one.model()
            for row in range(model.rowCount()):
                found.append(str(model.headerData(row, Qt.Orientation.Vertical)))
                for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
                    index = model.index(row, column)
                    found += [str(index.data(role)) for role in _ROLES if index.data(role) is not None]
    return [text for text in found if text]
