"""The one style sheet, generated from a Style: it names parts by class and property, and never sets a colour for everything.

A blanket rule such as `QWidget { color: ... }` would reach into pop-up lists, placeholder texts and labels and outlive a change
of palette; so plain text takes its colour from the palette. Lengths are whole pixels counted from h: Qt reads `em` by the font of
each widget and takes `pt` in `min-width` for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from approgress.paths import resource
from approgress.style import TYPES, Size, Style

# Pictures that a sheet can only name by file: icon, colour role, width of line. resources/themes/images holds one a theme.
IMAGES: Final[Mapping[str, tuple[str, str, float]]] = {
    "check": ("check", "on_accent", 3.0),
    "minus": ("minus", "on_accent", 3.0),
    "dot": ("dot", "on_accent", 2.0),
    "down": ("chevron-down", "quiet", 2.25),
    "up": ("chevron-up", "quiet", 2.25),
    "left": ("chevron-left", "quiet", 2.25),
    "right": ("chevron-right", "quiet", 2.25),
}

_TONES: Final = ("ink", "quiet", "accent", "gain", "none", "decline", "attention", "on_accent", "on_soft")
_CHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "gain": ("gain", "gain_soft"),
    "none": ("none", "none_soft"),
    "decline": ("decline", "decline_soft"),
    "attention": ("attention", "attention_soft"),
    "accent": ("on_soft", "soft"),
}


def sheet(style: Style, h: float, points: float) -> str:
    """The style sheet of a theme, for a line height of `h` logical pixels and a base size of `points`."""
    return "\n".join(
        part(style, h, points) for part in (_text, _buttons, _cards, _fields, _choices, _tables, _tabs, _scrolling, _popups, _calendar)
    )


def _px(h: float, multiple: float) -> int:
    return max(1, round(h * multiple))


def _image(style: Style, name: str) -> str:
    return f'url("{resource("themes", "images", f"{style.name}-{name}.svg").as_posix()}")'


def _text(s: Style, h: float, points: float) -> str:
    rules = [
        f'QLabel[type="{name}"] {{ font-size: {points * kind.size:.2f}pt; font-weight: {kind.weight}; }}'
        for name, kind in TYPES.items()
        if name != "body"
    ]
    rules += [f'QLabel[tone="{tone}"] {{ color: {s.colour(tone)}; }}' for tone in _TONES]
    rules.append(f'QLabel[tone="on_brand"] {{ color: {s.ink if s.dark else s.on_accent}; }}')
    for name, (ink, ground) in _CHIPS.items():
        edge = s.colour(ink if s.outlined else ground)
        if s.outlined and name == "accent":
            edge = s.soft
        rules.append(
            f'QLabel[chip="{name}"] {{ color: {s.colour(ink)}; background: {s.colour(ground)}; border: 1px solid {edge};'
            f" border-radius: {_px(h, Size.CHIP_RADIUS)}px; padding: {_px(h, 0.1)}px {_px(h, 0.4)}px;"
            f" font-size: {points * 0.80:.2f}pt; font-weight: 600; }}"
        )
        rules.append(
            f'QLabel[badge="{name}"] {{ color: {s.colour(ink)}; background: {s.colour(ground)}; border: 1px solid {edge};'
            f" border-radius: {_px(h, 1.1) // 2}px; min-height: {_px(h, 1.1) - 2}px; max-height: {_px(h, 1.1) - 2}px;"
            f" min-width: {_px(h, 0.7)}px; padding: 0px {_px(h, 0.3)}px; font-size: {points * 0.80:.2f}pt; font-weight: 600; }}"
        )
    rules.append(f'QLabel[chip][marked="true"] {{ padding-left: {_px(h, 1.15)}px; }}')
    rules.append(
        f'QLabel[keycap="true"] {{ background: {s.surface}; color: {s.ink}; border: 1px solid {s.line};'
        f" border-bottom: 2px solid {s.line}; border-radius: {_px(h, 0.2)}px; padding: 0px {_px(h, 0.3)}px;"
        f" font-size: {points * 0.80:.2f}pt; font-weight: 600; }}"
    )
    return "\n".join(rules)


def _buttons(s: Style, h: float, points: float) -> str:
    w = s.edge_width
    radius, pad = _px(h, Size.RADIUS), _px(h, Size.BUTTON_PADDING)
    # In high contrast second text is as white as the first: what is off has a dashed edge there.
    off = "dashed" if s.outlined else "solid"
    tall, small = _px(h, Size.CONTROL) - 2 * w, _px(h, Size.CONTROL_SMALL) - 2 * w
    return f"""
QPushButton {{ background: {s.surface}; color: {s.ink}; border: {w}px solid {s.edge}; border-radius: {radius}px;
  padding: 0px {pad}px; min-height: {tall}px; font-weight: 600; }}
QPushButton:hover {{ background: {s.hover}; }}
QPushButton:pressed {{ background: {s.soft_press}; color: {s.on_soft if s.outlined else s.ink}; }}
QPushButton:disabled {{ background: {s.surface}; color: {s.quiet}; border-color: {s.edge}; border-style: {off}; }}
QPushButton[compact="true"] {{ min-height: {small}px; padding: 0px {_px(h, 0.55)}px; font-size: {points * 0.87:.2f}pt; }}
QPushButton[menu="true"] {{ padding-right: {_px(h, 2.0)}px; }}
QPushButton[menu="true"][compact="true"] {{ padding-right: {_px(h, 1.6)}px; }}
QPushButton::menu-indicator {{ image: none; width: 0px; }}

QPushButton[kind="primary"] {{ background: {s.accent}; color: {s.on_accent}; border-color: {s.accent}; }}
QPushButton[kind="primary"]:hover {{ background: {s.accent_hover}; border-color: {s.accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {s.accent_press}; border-color: {s.accent_press}; }}
QPushButton[kind="primary"]:disabled {{ background: {s.hover if s.outlined else s.line}; color: {s.quiet};
  border-color: {s.hover if s.outlined else s.line}; }}

QPushButton[kind="danger"] {{ color: {s.decline}; border-color: {s.decline}; }}
QPushButton[kind="danger"]:hover {{ background: {s.hover if s.outlined else s.decline_soft}; }}
QPushButton[kind="danger"]:pressed {{ background: {s.decline}; color: {s.surface}; }}
QPushButton[kind="danger"]:disabled {{ background: {s.surface}; color: {s.quiet}; border-color: {s.edge}; }}

QPushButton[kind="link"] {{ background: transparent; color: {s.accent}; border: {w}px solid transparent; padding: 0px {_px(h, 0.35)}px; }}
QPushButton[kind="link"]:hover {{ background: {s.hover}; }}
QPushButton[kind="link"]:pressed {{ background: {s.soft_press}; color: {s.on_soft}; }}
QPushButton[kind="link"]:disabled {{ background: transparent; color: {s.quiet}; border-color: transparent; }}
QPushButton[kind="plain"] {{ background: transparent; color: {s.quiet}; border: {w}px solid transparent; padding: 0px {_px(h, 0.35)}px;
  font-weight: 400; }}
QPushButton[kind="plain"]:hover {{ background: {s.hover}; color: {s.ink}; }}
QPushButton[kind="plain"]:pressed {{ background: {s.soft_press}; color: {s.on_soft}; }}
QPushButton[kind="plain"]:disabled {{ background: transparent; color: {s.quiet}; border-color: transparent; }}
QPushButton[kind="icon"] {{ padding: 0px; min-width: {tall}px; max-width: {tall}px; }}
QPushButton[kind="icon"][compact="true"] {{ min-width: {small}px; max-width: {small}px; }}
QPushButton[kind="bare"] {{ background: transparent; border: {w}px solid transparent; padding: 0px;
  min-width: {small}px; max-width: {small}px; min-height: {small}px; max-height: {small}px; }}
QPushButton[kind="bare"]:hover {{ background: {s.hover}; }}
QPushButton[kind="bare"]:pressed {{ background: {s.soft_press}; }}
QPushButton[kind="bare"]:disabled {{ background: transparent; border-color: transparent; }}

QPushButton[segment] {{ border-radius: 0px; border-left: 1px solid {s.edge if s.outlined else s.line}; border-right-width: 0px; }}
QPushButton[segment="first"] {{ border-left: {w}px solid {s.edge}; border-top-left-radius: {radius}px;
  border-bottom-left-radius: {radius}px; }}
QPushButton[segment="last"] {{ border-right: {w}px solid {s.edge}; border-top-right-radius: {radius}px;
  border-bottom-right-radius: {radius}px; }}
QPushButton[segment="only"] {{ border: {w}px solid {s.edge}; border-radius: {radius}px; }}
QPushButton[segment]:checked {{ background: {s.soft}; color: {s.on_soft}; }}
QPushButton[segment]:checked:hover {{ background: {s.soft_press}; }}
QPushButton[segment]:checked:disabled {{ background: {s.hover}; color: {s.quiet}; }}

QPushButton[kind="filter"] {{ min-height: {_px(h, 1.55) - 2 * w}px; border-radius: {_px(h, 1.55) // 2}px;
  padding: 0px {_px(h, 0.65)}px; font-size: {points * 0.87:.2f}pt; }}
QPushButton[kind="filter"]:checked {{ background: {s.soft}; color: {s.on_soft}; border-color: {s.soft if s.outlined else s.accent}; }}
QPushButton[kind="filter"]:checked:hover {{ background: {s.soft_press}; }}
QPushButton[kind="filter"]:checked:disabled {{ background: {s.hover}; color: {s.quiet}; border-color: {s.edge}; }}
"""


def _cards(s: Style, h: float, points: float) -> str:
    w = s.edge_width
    radius = _px(h, Size.CARD_RADIUS)
    return f"""
QFrame[card="plain"] {{ background: {s.surface}; border: {w}px solid {s.line}; border-radius: {radius}px; }}
QFrame[card="chosen"] {{ background: {s.surface}; border: 2px solid {s.accent}; border-radius: {radius}px; }}
QFrame[card="sunken"] {{ background: {s.sunken}; border: {w}px solid {s.line}; border-radius: {radius}px; }}
QFrame[card="missing"] {{ background: {s.surface}; border: {w}px solid {s.surface}; border-radius: {radius}px; }}
QFrame[banner="attention"] {{ background: {s.attention_soft}; border: {w}px solid {s.attention}; border-radius: {_px(h, Size.RADIUS)}px; }}
QFrame[banner="error"] {{ background: {s.decline_soft}; border: {w}px solid {s.decline}; border-radius: {_px(h, Size.RADIUS)}px; }}
QFrame[banner="done"] {{ background: {s.gain_soft}; border: {w}px solid {s.gain}; border-radius: {_px(h, Size.RADIUS)}px; }}
QFrame[rule="across"] {{ background: {s.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[rule="down"] {{ background: {s.line}; border: none; min-width: 1px; max-width: 1px; }}
QWidget[ground="rail"] {{ background: {s.surface}; border: none; border-right: 1px solid {s.line}; }}
QWidget[ground="brand"] {{ background: {s.surface if s.outlined else s.soft if s.dark else s.accent}; }}
QLabel[disc="true"] {{ background: {s.soft}; color: {s.on_soft}; font-weight: 700; }}
QProgressBar {{ background: {s.band}; border: {f"1px solid {s.edge}" if s.outlined else "none"}; border-radius: {_px(h, 0.3)}px;
  min-height: {_px(h, Size.PROGRESS)}px; max-height: {_px(h, Size.PROGRESS)}px; text-align: center; }}
QProgressBar::chunk {{ background: {s.accent}; border-radius: {_px(h, 0.3) - (1 if s.outlined else 0)}px; }}
"""


def _fields(s: Style, h: float, points: float) -> str:
    w = s.edge_width
    radius, pad, tall = _px(h, Size.RADIUS), _px(h, 0.5), _px(h, Size.CONTROL) - 2 * w
    boxes = ("QLineEdit", "QComboBox", "QAbstractSpinBox")
    every = ", ".join((*boxes, "QPlainTextEdit", "QTextEdit"))

    def state(suffix: str) -> str:
        return ", ".join(f"{box}{suffix}" for box in (*boxes, "QPlainTextEdit", "QTextEdit"))

    return f"""
{every} {{ background: {s.surface}; color: {s.ink}; border: {w}px solid {s.edge}; border-radius: {radius}px;
  placeholder-text-color: {s.quiet}; selection-background-color: {s.accent}; selection-color: {s.on_accent}; }}
{", ".join(boxes)} {{ min-height: {tall}px; padding: 0px {pad}px; }}
QPlainTextEdit, QTextEdit {{ padding: {_px(h, 0.25)}px {_px(h, 0.3)}px; }}
{state(":hover")} {{ border-color: {s.ink}; }}
{state(":focus")} {{ border-color: {s.focus}; }}
{state(":disabled")} {{ background: {s.sunken}; color: {s.quiet}; border-color: {s.edge};
  border-style: {"dashed" if s.outlined else "solid"}; }}
{state('[wrong="true"]')} {{ border: 2px solid {s.decline}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"], QAbstractSpinBox[wrong="true"] {{ padding: 0px {pad - (2 - w)}px;
  min-height: {_px(h, Size.CONTROL) - 4}px; }}
QLineEdit[readonly="true"] {{ background: {s.sunken}; }}
QLineEdit[figures="true"] {{ font-weight: 700; }}
QComboBox {{ padding-right: {_px(h, 1.9)}px; combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; background: transparent; width: {_px(h, 1.7)}px; }}
QComboBox::down-arrow {{ image: {_image(s, "down")}; width: {_px(h, 0.85)}px; height: {_px(h, 0.85)}px; }}
QComboBox QAbstractItemView {{ background: {s.surface}; color: {s.ink}; border: 1px solid {s.edge}; padding: {_px(h, 0.2)}px;
  outline: 0; selection-background-color: {s.accent}; selection-color: {s.on_accent}; }}
QComboBox QAbstractItemView::item {{ min-height: {_px(h, 1.6)}px; padding: 0px {_px(h, 0.4)}px; border-radius: {_px(h, 0.25)}px; }}
QComboBox QAbstractItemView::item:selected {{ background: {s.accent}; color: {s.on_accent}; }}
QAbstractSpinBox {{ padding-right: {_px(h, 1.5)}px; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; background: transparent; padding: 0px 0px 0px {pad}px;
  min-height: 0px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: {_px(h, 1.4)}px; border: none;
  background: transparent; margin: {w}px; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; border-top-right-radius: {radius - 1}px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; border-bottom-right-radius: {radius - 1}px; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {s.hover}; }}
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {{ background: {s.soft_press}; }}
QAbstractSpinBox::up-arrow {{ image: {_image(s, "up")}; width: {_px(h, 0.65)}px; height: {_px(h, 0.65)}px; }}
QAbstractSpinBox::down-arrow {{ image: {_image(s, "down")}; width: {_px(h, 0.65)}px; height: {_px(h, 0.65)}px; }}
"""


def _choices(s: Style, h: float, points: float) -> str:
    box, w = _px(h, 0.95), s.edge_width
    return f"""
QCheckBox, QRadioButton {{ spacing: {_px(h, 0.5)}px; padding: {_px(h, 0.15)}px {_px(h, 0.2)}px; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {s.quiet}; }}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QGroupBox::indicator {{
  width: {box - 2 * w}px; height: {box - 2 * w}px; border: {w}px solid {s.edge}; background: {s.surface}; }}
QCheckBox::indicator, QAbstractItemView::indicator, QGroupBox::indicator {{ border-radius: {_px(h, 0.22)}px; }}
QRadioButton::indicator {{ border-radius: {box // 2}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QAbstractItemView::indicator:hover {{ background: {s.hover};
  border-color: {s.ink}; }}
QCheckBox::indicator:pressed, QRadioButton::indicator:pressed {{ background: {s.soft_press}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QGroupBox::indicator:checked {{ background: {s.accent};
  border-color: {s.accent}; image: {_image(s, "check")}; }}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{ background: {s.accent}; border-color: {s.accent};
  image: {_image(s, "minus")}; }}
QRadioButton::indicator:checked {{ background: {s.accent}; border-color: {s.accent}; image: {_image(s, "dot")}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {s.sunken}; border-color: {s.edge};
  border-style: {"dashed" if s.outlined else "solid"}; }}
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled {{ background: {s.edge}; border-color: {s.edge}; }}
QGroupBox {{ border: none; margin-top: {_px(h, 1.6)}px; padding: 0px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; subcontrol-position: top left; padding: 0px; }}
"""


def _tables(s: Style, h: float, points: float) -> str:
    return f"""
QTableView, QListView, QTreeView {{ background: {s.surface}; border: none; outline: 0; gridline-color: transparent;
  selection-background-color: {s.soft}; selection-color: {s.on_soft}; }}
QListView[ground="clear"], QTableView[ground="clear"] {{ background: transparent; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: {s.surface}; color: {s.quiet}; border: none; border-bottom: 1px solid {s.line};
  padding: {_px(h, 0.25)}px {_px(h, 0.4)}px; font-size: {points * 0.80:.2f}pt; font-weight: 600; }}
QTableCornerButton::section {{ background: {s.surface}; border: none; border-bottom: 1px solid {s.line}; }}
QSlider::groove:horizontal {{ height: {_px(h, 0.2)}px; border-radius: {_px(h, 0.1)}px; background: {s.edge}; }}
QSlider::sub-page:horizontal {{ border-radius: {_px(h, 0.1)}px; background: {s.accent}; }}
QSlider::handle:horizontal {{ background: {s.surface}; border: 2px solid {s.accent}; width: {_px(h, 0.7)}px;
  margin: -{_px(h, 0.35)}px 0px; border-radius: {_px(h, 0.35) + 1}px; }}
QSlider::handle:horizontal:hover {{ background: {s.hover}; }}
QSplitter::handle {{ background: transparent; }}
"""


def _tabs(s: Style, h: float, points: float) -> str:
    bar = _px(h, 0.14)
    return f"""
QTabBar {{ background: transparent; border: none; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {s.quiet}; border: none; border-bottom: {bar}px solid transparent;
  padding: {_px(h, 0.45)}px {_px(h, 0.5)}px {_px(h, 0.5)}px {_px(h, 0.5)}px; margin: 0px; font-weight: 500; }}
QTabBar::tab:hover {{ color: {s.ink}; }}
QTabBar::tab:selected {{ color: {s.accent}; border-bottom: {bar}px solid {s.accent}; font-weight: 600; }}
QTabBar::tab:disabled {{ color: {s.quiet}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {s.line}; }}
"""


def _scrolling(s: Style, h: float, points: float) -> str:
    wide, inset = _px(h, 0.65), _px(h, 0.12)
    radius = (wide - 2 * inset) // 2
    return f"""
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget[ground="clear"] {{ background: transparent; border: none; }}
QScrollBar {{ background: transparent; border: none; margin: 0px; }}
QScrollBar:vertical {{ width: {wide}px; }}
QScrollBar:horizontal {{ height: {wide}px; }}
QScrollBar::handle {{ background: {s.edge}; border: none; border-radius: {radius}px; margin: {inset}px; }}
QScrollBar::handle:vertical {{ min-height: {_px(h, 1.5)}px; }}
QScrollBar::handle:horizontal {{ min-width: {_px(h, 1.5)}px; }}
QScrollBar::handle:hover {{ background: {s.quiet}; }}
QScrollBar::handle:pressed {{ background: {s.accent}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; border: none; background: transparent; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollBar::up-arrow, QScrollBar::down-arrow, QScrollBar::left-arrow, QScrollBar::right-arrow {{ image: none; width: 0px; height: 0px; }}
"""


def _popups(s: Style, h: float, points: float) -> str:
    return f"""
QMenu {{ background: {s.surface}; color: {s.ink}; border: 1px solid {s.edge}; padding: {_px(h, 0.25)}px; }}
QMenu::item {{ background: transparent; padding: {_px(h, 0.3)}px {_px(h, 1.0)}px {_px(h, 0.3)}px {_px(h, 0.6)}px;
  border-radius: {_px(h, 0.25)}px; }}
QMenu::item:selected {{ background: {s.soft}; color: {s.on_soft}; }}
QMenu::item:disabled {{ color: {s.quiet}; background: transparent; }}
QMenu::icon {{ padding-left: {_px(h, 0.4)}px; }}
QMenu::indicator {{ width: {_px(h, 0.85)}px; height: {_px(h, 0.85)}px; margin-left: {_px(h, 0.35)}px; border: 1px solid {s.edge};
  border-radius: {_px(h, 0.2)}px; background: {s.surface}; }}
QMenu::indicator:checked {{ background: {s.accent}; border-color: {s.accent}; image: {_image(s, "check")}; }}
QMenu::indicator:exclusive {{ border-radius: {_px(h, 0.42)}px; }}
QMenu::indicator:exclusive:checked {{ background: {s.accent}; border-color: {s.accent}; image: {_image(s, "dot")}; }}
QMenu::right-arrow {{ image: {_image(s, "right")}; width: {_px(h, 0.8)}px; height: {_px(h, 0.8)}px; }}
QMenu::separator {{ height: 1px; background: {s.line}; margin: {_px(h, 0.25)}px {_px(h, 0.4)}px; }}
QToolTip {{ background: {s.surface}; color: {s.ink}; border: 1px solid {s.edge}; padding: {_px(h, 0.25)}px {_px(h, 0.4)}px; }}
QFrame[popup="true"] {{ background: {s.surface}; border: 1px solid {s.edge}; }}
QMenuBar {{ background: {s.paper}; color: {s.ink}; border: none; }}
QMenuBar::item {{ background: transparent; padding: {_px(h, 0.25)}px {_px(h, 0.5)}px; border-radius: {_px(h, 0.25)}px; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {s.soft}; color: {s.on_soft}; }}
QStatusBar {{ background: {s.paper}; border: none; }}
QStatusBar::item {{ border: none; }}
QToolButton {{ background: transparent; color: {s.ink}; border: 1px solid transparent; border-radius: {_px(h, 0.3)}px;
  padding: {_px(h, 0.15)}px {_px(h, 0.3)}px; }}
QToolButton:hover {{ background: {s.hover}; }}
QToolButton:pressed, QToolButton:checked {{ background: {s.soft}; color: {s.on_soft}; }}
QToolButton:disabled {{ color: {s.quiet}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _calendar(s: Style, h: float, points: float) -> str:
    return f"""
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {s.surface}; border: none; border-bottom: 1px solid {s.line}; }}
QCalendarWidget QToolButton {{ font-weight: 600; min-height: {_px(h, 1.2)}px; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: {_image(s, "left")}; }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: {_image(s, "right")}; }}
QCalendarWidget QSpinBox {{ min-height: {_px(h, 1.4)}px; padding: 0px {_px(h, 0.3)}px; }}
QCalendarWidget QAbstractItemView {{ background: {s.surface}; color: {s.ink}; alternate-background-color: {s.surface};
  selection-background-color: {s.accent}; selection-color: {s.on_accent}; outline: 0; border: none; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {s.quiet}; }}
"""
