"""The focus ring: one transparent overlay a window, shown only when a key moved the focus, never after a click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget

from approgress.style import Size
from approgress.ui.parts.painting import crisp
from approgress.ui.theme import h, theme

_OUT = 4  # gap of 2 and a line of 2
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)


class FocusRings(QObject):
    """Moves a ring to whatever has the focus, in every window of `app`; one is made by `start_rings`.

    How the focus came is read from the FocusOut of the widget that loses it, which carries the same reason as the FocusIn of its
    successor: only the widget in focus and those around it are watched, not every event of the program.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._by_key = False
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._moved)
        if (now := app.focusWidget()) is not None:
            self._moved(None, now)

    def shown(self) -> QWidget | None:
        """The widget that has a ring round it now, or None."""
        return self._target if self._ring is not None and self._ring.isVisible() else None

    def follow(self, widget: QWidget) -> None:
        """Puts the ring anew where it is round a part of `widget`."""
        if widget is self._target:
            self._show()

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        if new is None:
            return
        self._target = new
        widget: QWidget | None = new
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = None if widget.isWindow() else widget.parentWidget()
        self._show()

    def _leave(self) -> None:
        for widget in self._watched:
            try:
                widget.removeEventFilter(self)
            except RuntimeError:
                continue  # deleted meanwhile
        self._watched = []
        self._target = None
        if self._ring is not None:
            try:
                self._ring.hide()
            except RuntimeError:
                self._ring = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusOut and watched is self._target:
            reason = QFocusEvent.reason(event)  # type: ignore[arg-type]
            if reason in _BY_KEY:
                self._by_key = True
            elif reason == Qt.FocusReason.MouseFocusReason:
                self._by_key = False
        elif kind == QEvent.Type.FocusIn and watched is self._target:
            if QFocusEvent.reason(event) in _BY_KEY:  # type: ignore[arg-type]
                self._by_key = True
                self._show()
        elif kind == QEvent.Type.MouseButtonPress and watched is self._target:
            self._by_key = False
            self._show()
        elif kind in _FOLLOWED:
            self._show()
        return False

    def _show(self) -> None:
        target = self._target
        window = target.window() if target is not None else None
        rect = self._rect() if target is not None and self._by_key and target.isVisible() else None
        if rect is None or target is None or window is None or window.windowType() == Qt.WindowType.Popup:
            if self._ring is not None:
                self._ring.hide()
            return
        ring = window.findChild(_Ring, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Ring(window)
        if self._ring is not None and self._ring is not ring:
            self._ring.hide()
        self._ring = ring
        ring.go(rect[0], rect[1], rect[2])

    def _rect(self) -> tuple[QRect, QRect, float] | None:
        """Where the ring goes in the window, what of it may be seen, and the radius of the target in h; None for no ring."""
        target = self._target
        assert target is not None
        own = getattr(target, "ring_rect", None)
        if own is not None:
            inner = own()
            if inner is None:
                return None
        elif isinstance(target, QAbstractItemView):
            if target.currentIndex().isValid():
                return None  # its delegate paints the ring inside
            inner = target.rect().adjusted(_OUT, _OUT, -_OUT, -_OUT)
        else:
            inner = target.rect()
        window = target.window()
        rect = QRect(target.mapTo(window, inner.topLeft()), inner.size()).adjusted(-_OUT, -_OUT, _OUT, _OUT)
        seen = window.rect()
        widget = target.parentWidget()
        while widget is not None and widget is not window:
            area = widget.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is widget:
                seen &= QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size()).adjusted(-_OUT, -_OUT, _OUT, _OUT)
            widget = area
        if not seen.intersects(rect):
            return None
        return rect, seen, getattr(target, "ring_radius", Size.RADIUS)


class _Ring(QWidget):
    """The overlay itself; it lies over the target and lets everything through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._whole = QRect()
        self._radius = Size.RADIUS

    def go(self, rect: QRect, seen: QRect, radius: float) -> None:
        """Shows the ring at `rect` of the window, as far as it is `seen`."""
        self._whole = rect
        self._radius = radius
        self.setGeometry(rect & seen)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("focus"), 2.0))
        painter.setBrush(QColor(0, 0, 0, 0))
        whole = QRectF(self._whole.translated(-self.geometry().topLeft()))
        corner = h(self._radius) + 3.0
        painter.drawRoundedRect(crisp(painter, whole).adjusted(1, 1, -1, -1), corner, corner)
        painter.end()


def is_ring(widget: QWidget) -> bool:
    """Whether a widget is the ring itself, which lies over others by intention."""
    return isinstance(widget, _Ring)


_rings: FocusRings | None = None


def ring_moved(widget: QWidget) -> None:
    """The part of `widget` that has the ring is another now (the chosen tab): the ring goes there."""
    if _rings is not None:
        _rings.follow(widget)


def start_rings(app: QApplication) -> FocusRings:
    """Starts the focus rings of the program; called again it gives those that there are."""
    global _rings
    if _rings is None or _rings.parent() is not app:
        _rings = FocusRings(app)
    return _rings
