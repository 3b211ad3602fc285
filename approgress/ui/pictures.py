"""Pictures of the window and what a machine can see wrong in them: parts outside, text cut, weak contrast, rings, tab order."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QRect, Qt
from PySide6.QtGui import QImage, QKeyEvent, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QTableView,
    QWidget,
)

from approgress.style import contrast
from approgress.ui.parts.painting import recorded_overflows
from approgress.ui.parts.ring import is_ring
from approgress.ui.parts.tables import TableHeading


def grab(widget: QWidget, path: Path) -> QImage:
    """Saves a picture of a widget as PNG and returns it; OSError where it cannot be written."""
    QApplication.processEvents()
    image = widget.grab().toImage()
    if not image.save(str(path)):
        raise OSError(f"The picture {path.name} could not be written.")
    return image


def faults(window: QWidget) -> list[str]:
    """Everything that the checks below find in a shown window, one sentence each; empty when all is well."""
    with recorded_overflows() as overflows:
        QApplication.processEvents()
        window.grab()
    painted = [
        f"Painted text needs {o.needed[0]:.0f} x {o.needed[1]:.0f}, has {o.given[0]:.0f} x {o.given[1]:.0f}: {o.text!r}" for o in overflows
    ]
    return [*outside(window), *cut(window), *painted, *weak_text(window)]


def _children(window: QWidget) -> list[QWidget]:
    return [child for child in window.findChildren(QWidget) if child.isVisible() and child.window() is window and not is_ring(child)]


def _named(widget: QWidget) -> str:
    words = widget.accessibleName() or getattr(widget, "text", lambda: "")() or widget.objectName()
    return f"{type(widget).__name__} {words!r}"


def outside(window: QWidget) -> list[str]:
    """Visible parts that reach out of their parent (what scrolls and the ring excepted)."""
    found: list[str] = []
    for child in _children(window):
        parent = child.parentWidget()
        if parent is None or _scrolls(child):
            continue
        if not parent.rect().contains(child.geometry()):
            found.append(f"{_named(child)} at {_rect(child.geometry())} reaches out of {_named(parent)}, {_rect(parent.rect())}")
    for area in (child for child in _children(window) if isinstance(child, QScrollArea)):
        inside = area.widget()
        if inside is not None and inside.width() > area.viewport().width():
            found.append(f"{_named(area)}: what is in it is {inside.width()} wide and has {area.viewport().width()}")
    return found


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    area = parent.parentWidget() if parent is not None else None
    in_viewport = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
    return in_viewport or isinstance(parent, QAbstractSpinBox | QComboBox | QStackedWidget | QScrollBar)


def _rect(rect: QRect) -> str:
    return f"{rect.x()},{rect.y()} {rect.width()}x{rect.height()}"


def cut(window: QWidget) -> list[str]:
    """Labels, buttons and headings that have less room than their text asks for."""
    found: list[str] = []
    for child in _children(window):
        if isinstance(child, QLabel) and child.text():
            if child.wordWrap():
                needed = child.heightForWidth(child.width())
                if child.height() < needed - 1:
                    found.append(f"{_named(child)} is {child.height()} high and needs {needed}")
                longest = max((child.fontMetrics().horizontalAdvance(word) for word in _plain(child).split()), default=0)
                if longest > child.width() + 1:
                    found.append(f"{_named(child)} is {child.width()} wide and its longest word needs {longest}")
            elif not _enough(child):
                found.append(f"{_named(child)} has {child.width()}x{child.height()} and needs {_needs(child)}")
        elif child.objectName().startswith("qt_calendar_"):
            continue  # Qt lays out its own calendar; the words have room, the wished padding has not
        elif isinstance(child, QAbstractButton) and (not isinstance(child, QPushButton) or child.text()) and not child.hasHeightForWidth():
            if not _enough(child):
                found.append(f"{_named(child)} has {child.width()}x{child.height()} and needs {_needs(child)}")
        elif isinstance(child, QLineEdit) and child.isReadOnly() and child.fontMetrics().horizontalAdvance(child.text()) > child.width():
            found.append(f"{_named(child)} cannot show its text")
        elif isinstance(child, QHeaderView) and isinstance(child.parentWidget(), QTableView):
            found.extend(_cut_headings(child))
    return found


def _plain(label: QLabel) -> str:
    """The words of a label without its markup."""
    if label.textFormat() == Qt.TextFormat.PlainText or not re.search(r"<[a-z/!][^>]*>", label.text()):
        return label.text()
    return QTextDocumentFragment.fromHtml(label.text()).toPlainText()


def _cut_headings(heading: QHeaderView) -> list[str]:
    found: list[str] = []
    for section in range(heading.count()):
        if heading.isSectionHidden(section):
            continue
        needed = heading.needed(section) if isinstance(heading, TableHeading) else heading.sectionSizeHint(section)
        if heading.sectionSize(section) < needed - 1:
            words = heading.model().headerData(section, heading.orientation())
            found.append(f"Heading {words!r} is {heading.sectionSize(section)} wide and needs {needed}")
    return found


def _enough(widget: QWidget) -> bool:
    hint = widget.sizeHint()
    return widget.width() >= hint.width() - 1 and widget.height() >= hint.height() - 1


def _needs(widget: QWidget) -> str:
    return f"{widget.sizeHint().width()}x{widget.sizeHint().height()}"


# Contrast from pixels


def measured_contrast(image: QImage, rect: QRect | None = None, *, least_pixels: int = 3) -> float:
    """The best ratio between the commonest colour of a picture and any colour that has at least `least_pixels` pixels.

    `rect` in pixels of the picture; crop inside an edge first, or the edge is taken for text.
    """
    area = image.rect() if rect is None else rect & image.rect()
    if area.isEmpty():
        return 1.0
    piece = image.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    pixels = bytes(piece.constBits())
    counted = Counter(memoryview(pixels).cast("I").tolist())
    colours = [(f"#{value & 0xFFFFFF:06X}", count) for value, count in counted.most_common(400)]
    ground = colours[0][0]
    return max((contrast(ground, colour) for colour, count in colours if count >= least_pixels), default=1.0)


def weak_text(window: QWidget, least: float = 4.5) -> list[str]:
    """Labels, buttons and fields whose text stands out too little from its ground."""
    found: list[str] = []
    image = window.grab().toImage()
    ratio = image.devicePixelRatio()
    for child in _children(window):
        if not isinstance(child, QLabel | QPushButton | QLineEdit):
            continue
        text = child.text() or (child.placeholderText() if isinstance(child, QLineEdit) else "")
        if not text.strip() or child.visibleRegion().isEmpty() or child.visibleRegion().boundingRect() != child.rect():
            continue
        inset = 3 if isinstance(child, QLabel) else 5
        corner = child.mapTo(window, QPoint(0, 0))
        inner = QRect(corner, child.size()).adjusted(inset, inset, -inset, -inset)
        device = QRect(*(round(value * ratio) for value in (inner.x(), inner.y(), inner.width(), inner.height())))
        # one thin letter may have no three pixels of one colour
        measured = measured_contrast(image, device, least_pixels=1 if len(text.strip()) < 3 else 3)
        if measured < least:
            found.append(f"{_named(child)} has a contrast of {measured:.1f}")
    return found


# Focus


def rings(window: QWidget) -> list[QWidget]:
    """The focus rings that are seen in a window; there is never more than one."""
    return [child for child in window.findChildren(QWidget) if is_ring(child) and child.isVisible()]


def tab_order(window: QWidget) -> list[QWidget]:
    """What Tab reaches in a shown window, in its order, beginning with what stands highest; a widget is in it once.

    The key is really pressed until it comes round: walking Qt's focus chain instead makes each widget the Python parent of the next.
    What has the focus and what is scrolled to are as before afterwards.
    """
    found = _pressed_through(window)[0]
    if not found:
        return found
    places = [one.mapTo(window, QPoint(0, 0)) for one in found]
    start = min(range(len(found)), key=lambda i: (places[i].y(), places[i].x()))
    return found[start:] + found[:start]


def _pressed_through(window: QWidget) -> tuple[list[QWidget], QWidget | None]:
    """What Tab reaches, from what has the focus on, and what it does not leave again, if there is such a thing."""
    _activate(window)
    before = window.focusWidget()
    bars = [bar for area in window.findChildren(QAbstractScrollArea) for bar in (area.horizontalScrollBar(), area.verticalScrollBar())]
    scrolled = [bar.value() for bar in bars]
    found: list[QWidget] = []
    trap = None
    while True:
        last = QApplication.focusWidget()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(QApplication.focusWidget() or window, QKeyEvent(kind, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t"))
        now = QApplication.focusWidget()
        if now is None or now.window() is not window:
            break
        if now in found:
            trap = now if now is last and len(found) > 1 else None
            break
        found.append(now)
    if before is not None:
        before.setFocus()
    elif (now := window.focusWidget()) is not None:
        now.clearFocus()
    for bar, value in zip(bars, scrolled, strict=True):
        bar.setValue(value)
    QApplication.processEvents()
    return found, trap


def _activate(window: QWidget, seconds: float = 5.0) -> None:
    """Only the active window has a focus that moves."""
    window.activateWindow()
    until = monotonic() + seconds
    while not window.isActiveWindow():
        if monotonic() > until:
            raise RuntimeError(f"{_named(window)} cannot be made the active window, so that no key moves its focus.")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


def order_faults(window: QWidget) -> list[str]:
    """Where Tab jumps back up the page by more than a row of its column (left out are steps into another column), or goes no further."""
    found: list[str] = []
    if (trap := _pressed_through(window)[1]) is not None:
        found.append(f"Tab does not leave {_named(trap)}")
    order = tab_order(window)
    places = [(widget, QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())) for widget in order]
    for (one, first), (other, second) in zip(places, places[1:], strict=False):
        if _scroller(one) is not _scroller(other):
            continue  # what scrolls away below the foot is still above it
        overlaps = first.left() < second.right() and second.left() < first.right()
        if overlaps and second.bottom() < first.top():
            found.append(f"Tab goes up from {_named(one)} to {_named(other)}")
    return found


def _scroller(widget: QWidget) -> QWidget | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def unnamed(window: QWidget) -> list[str]:
    """What can have the focus, or is painted by hand, and has no words for those who do not see it."""
    found: list[str] = []
    for child in _children(window):
        if isinstance(child, QAbstractItemView | QAbstractButton | QLineEdit | QComboBox):
            words = child.accessibleName() or (child.text() if isinstance(child, QAbstractButton) else "")
            inside = isinstance(child.parentWidget(), QComboBox | QAbstractSpinBox) or isinstance(child, QHeaderView)
            if not words and not inside and child.objectName()[:3] != "qt_":
                found.append(type(child).__name__)
    return found
