"""From Style to what Qt shows: typeface, palette, style sheet, icons, and the unit h in which every length is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLayout, QWidget

from approgress.paths import resource
from approgress.style import BASE_POINTS, TYPES, Style, load_style
from approgress.ui.theme_sheet import sheet

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

# PySide makes a class with all its enumerations when it is first named, some taking 2 to 15 ms. What the first paint does not
# need is therefore imported in the function that needs it.

FAMILY: Final = "Atkinson Hyperlegible Next"
SECOND_FAMILY: Final = "DejaVu Sans"
TEXT_SIZES: Final = (100, 125, 150, 175, 200)


class Theme(QObject):
    """What the whole program looks like now: one per application, started by `start_theme`, found by `theme()`."""

    changed = Signal()
    """Colours or text size are new; palette and style sheet are set already. Painted things need `update()` at most."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._family = ""
        self._second_loaded = False
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        self._colours: dict[str, QColor] = {}
        self._pixmaps: dict[tuple[str, str, float, float, float], QPixmap] = {}
        self.style: Style = load_style("light")
        self.text_percent: int = 100
        self.h: float = 1.0

    # What it looks like

    def set_look(self, name: str | None = None, text_percent: int | None = None) -> None:
        """Changes colours (one of `style.THEMES`), text size (one of `TEXT_SIZES`) or both, at once and everywhere."""
        if name is not None:
            self.style = load_style(name)
        if text_percent is not None:
            self.text_percent = text_percent
        self._fonts.clear()
        self._metrics.clear()
        self._colours.clear()
        self._pixmaps.clear()
        app = self._app
        base = self._base_font()
        if base != app.font():
            app.setFont(base)
        self.h = QFontMetricsF(base).height()
        app.styleHints().setColorScheme(Qt.ColorScheme.Dark if self.style.dark else Qt.ColorScheme.Light)
        app.setPalette(_palette(self.style))
        app.setStyleSheet(sheet(self.style, self.h, base.pointSizeF()))
        _measure_again(app)
        self.changed.emit()

    def font(self, kind: str = "body") -> QFont:
        """The font of a size of type (a key of `style.TYPES`), with tabular figures."""
        found = self._fonts.get(kind)
        if found is None:
            kept = TYPES[kind]
            found = QFont(self._app.font())
            found.setPointSizeF(found.pointSizeF() * kept.size)
            found.setWeight(QFont.Weight(kept.weight))
            self._fonts[kind] = found
        return found

    def metrics(self, kind: str = "body") -> QFontMetricsF:
        """The measures of `font(kind)`."""
        found = self._metrics.get(kind)
        if found is None:
            found = self._metrics[kind] = QFontMetricsF(self.font(kind))
        return found

    def colour(self, role: str) -> QColor:
        """The colour of a role; AttributeError for a name that is no role."""
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = QColor(self.style.colour(role))
        return found

    def pixmap(self, name: str, role: str = "ink", size: float = 1.0, gap: float = 0.0) -> QPixmap:
        """The icon `name` (a file of resources/icons) in the colour of a role, `size` h high, with `gap` h free at the right.

        Rendered once for each theme, colour and size; FileNotFoundError where there is no such icon.
        """
        ratio = self._app.devicePixelRatio()
        key = (name, role, size, gap, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = _render(name, self.style.colour(role), round(size * self.h), round(gap * self.h), ratio)
        return found

    def icon(self, name: str, role: str = "ink", size: float = 1.0, gap: float = 0.0, *, off: str = "quiet", on: str = "") -> QIcon:
        """An icon in the colour of `role`, of `off` while its button is disabled, and of `on` while its button is chosen."""
        from PySide6.QtGui import QIcon

        made = QIcon(self.pixmap(name, role, size, gap))
        made.addPixmap(self.pixmap(name, off, size, gap), QIcon.Mode.Disabled)
        if on:
            made.addPixmap(self.pixmap(name, on, size, gap), QIcon.Mode.Normal, QIcon.State.On)
        return made

    # How it is made

    def _base_font(self) -> QFont:
        font = QFont()
        font.setFamilies([self._family or self._app.font().family(), SECOND_FAMILY])
        font.setPointSizeF(BASE_POINTS * self.text_percent / 100)
        # "29 of 33" above "9 of 33" only lines up in figures of one width; a style sheet cannot ask for them.
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def load_typeface(self) -> None:
        """Loads the bundled typeface, or as much of it as is there; without any file the system's own face is used."""
        from PySide6.QtGui import QFontDatabase

        folder = resource("fonts")
        for file in sorted(folder.glob("AtkinsonHyperlegibleNext-*.ttf")) if folder.is_dir() else ():
            number = QFontDatabase.addApplicationFont(str(file))
            if number >= 0 and FAMILY in QFontDatabase.applicationFontFamilies(number):
                self._family = FAMILY

    def load_second_face(self) -> None:
        """Loads the face for letters that the first has not (names in other scripts); the frame calls it after the first paint."""
        if self._second_loaded:
            return
        self._second_loaded = True
        from PySide6.QtGui import QFontDatabase

        folder = resource("fonts")
        for file in sorted(folder.glob("DejaVuSans*.ttf")) if folder.is_dir() else ():
            QFontDatabase.addApplicationFont(str(file))


_theme: Theme | None = None


def make_application(arguments: Sequence[str]) -> QApplication:
    """The application, with Fusion from the start: `setStyle` hands back a QStyle, and making that class costs 13 ms."""
    app = QApplication([*arguments[:1], "-style", "fusion", *arguments[1:]])
    app.setProperty("fusion", True)
    return app


def start_theme(app: QApplication, name: str = "light", text_percent: int = 100) -> Theme:
    """Gives `app` its look before the first window is made; called again it only changes the look."""
    global _theme
    if _theme is None or _theme.parent() is not app:
        if not app.property("fusion"):
            app.setStyle("Fusion")
        _theme = Theme(app)
        _theme.load_typeface()
    _theme.set_look(name, text_percent)
    return _theme


def theme() -> Theme:
    """The look of the running program; RuntimeError before `start_theme`."""
    if _theme is None:
        raise RuntimeError("start_theme(app) has not been called.")
    return _theme


def h(multiple: float = 1.0) -> float:
    """`multiple` times the height of a line of body text, in logical pixels."""
    return theme().h * multiple


def px(multiple: float) -> int:
    """`h(multiple)` as a whole number of pixels, at least 1."""
    return max(1, round(theme().h * multiple))


def dress(widget: QWidget, **properties: str | bool) -> None:
    """Sets the properties by which the style sheet knows a part (kind, tone, type, ...), also on a widget that is shown already."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.update()


def reveal(widget: QWidget, shown: bool) -> None:
    """Shows or hides a part; one that has no parent yet is not shown, which would make a window of it, but will be with its parent."""
    if shown and widget.parentWidget() is None:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
    else:
        widget.setVisible(shown)


def space(layout: QLayout, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0, gap: float = 0) -> None:
    """Margins and gap of a layout in h, kept when the text size changes."""
    layout.setProperty("space", f"{left} {top} {right} {bottom} {gap}")
    _space(layout)


def measure(
    widget: QWidget,
    *,
    width: float | None = None,
    height: float | None = None,
    least_width: float | None = None,
    least_height: float | None = None,
    most_width: float | None = None,
    most_height: float | None = None,
) -> None:
    """Fixed, least and most sizes of a widget in h, kept when the text size changes."""
    wanted = {
        "MinimumWidth": width if least_width is None else least_width,
        "MaximumWidth": width if most_width is None else most_width,
        "MinimumHeight": height if least_height is None else least_height,
        "MaximumHeight": height if most_height is None else most_height,
    }
    widget.setProperty("measure", " ".join(f"{name}={value}" for name, value in wanted.items() if value is not None))
    _measure(widget)


def _space(layout: QLayout) -> None:
    left, top, right, bottom, gap = (float(part) for part in layout.property("space").split())
    unit = theme().h
    layout.setContentsMargins(round(left * unit), round(top * unit), round(right * unit), round(bottom * unit))
    layout.setSpacing(round(gap * unit))


def _measure(widget: QWidget) -> None:
    unit = theme().h
    for part in widget.property("measure").split():
        name, value = part.split("=")
        getattr(widget, f"set{name}")(round(float(value) * unit))


def _measure_again(app: QApplication) -> None:
    for widget in app.allWidgets():
        if widget.property("measure"):
            _measure(widget)
        layout = widget.layout()
        if layout is not None:
            for one in (layout, *layout.findChildren(QLayout)):
                if one.property("space"):
                    _space(one)


def _render(name: str, colour: str, side: int, gap: int, ratio: float) -> QPixmap:
    from PySide6.QtCore import QByteArray, QRectF
    from PySide6.QtGui import QPainter
    from PySide6.QtSvg import QSvgRenderer

    text = icon_text(name, colour)
    pixmap = QPixmap(round((side + gap) * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap


def icon_text(name: str, colour: str, stroke: float | None = None) -> str:
    """The SVG text of an icon in a colour, as '#RRGGBB', and in another width of line where one is given."""
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return text if stroke is None else re.sub(r'stroke-width="[^"]*"', f'stroke-width="{stroke:g}"', text)


def _palette(style: Style) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()

    def put(roles: Iterable[QPalette.ColorRole], colour: str) -> None:
        for one in roles:
            palette.setColor(one, QColor(colour))

    put((role.Window,), style.paper)
    put((role.Base, role.Button, role.ToolTipBase), style.surface)
    put((role.AlternateBase,), style.sunken)
    put((role.WindowText, role.Text, role.ButtonText, role.BrightText, role.ToolTipText), style.ink)
    put((role.PlaceholderText,), style.quiet)
    put((role.Highlight, role.Accent), style.accent)
    put((role.HighlightedText,), style.on_accent)
    put((role.Link, role.LinkVisited), style.accent)
    put((role.Light, role.Midlight), style.surface)
    put((role.Mid, role.Dark), style.edge)
    put((role.Shadow,), style.line)
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, one, QColor(style.quiet))
    palette.setColor(group.Disabled, role.Base, QColor(style.sunken))
    palette.setColor(group.Disabled, role.Highlight, QColor(style.line))
    palette.setColor(group.Disabled, role.HighlightedText, QColor(style.quiet))
    return palette
