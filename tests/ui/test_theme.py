"""The look: sheet without a mistake, nothing left behind by a change of theme, icons in every colour, sizes that follow the text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from approgress.paths import resource
from approgress.style import ROLES, THEMES, TYPES, load_style
from approgress.ui.pictures import measured_contrast
from approgress.ui.theme import TEXT_SIZES, dress, h, icon_text, measure, px, reveal, space, start_theme, theme
from approgress.ui.theme_sheet import IMAGES, sheet


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("percent", TEXT_SIZES)
def test_sheet_is_taken_whole(qtbot: QtBot, qapp: QApplication, name: str, percent: int) -> None:
    # A mistake drops the whole sheet with a Qt warning, and every warning fails a test.
    start_theme(qapp, name, percent)
    button = QPushButton("Go")
    dress(button, kind="primary")
    qtbot.addWidget(button)
    button.show()
    image = button.grab().toImage()
    assert image.pixelColor(image.width() // 2, 4).name().upper() == load_style(name).accent


def test_sheet_has_no_rule_for_everything_and_no_bad_length() -> None:
    text = sheet(load_style("light"), 19.5, 11)
    assert "QWidget {" not in text and "* {" not in text
    assert not [part for part in text.split() if part.startswith("0.") and "px" in part]


def test_typeface_with_tabular_figures(qapp: QApplication) -> None:
    assert qapp.font().family() == "Atkinson Hyperlegible Next"
    for kind in TYPES:
        metrics = QFontMetricsF(theme().font(kind))
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000"), kind


@pytest.mark.parametrize("percent", TEXT_SIZES)
def test_everything_follows_the_size_of_the_text(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    space(column, 1, 2, 1, 2, 0.5)
    box = QWidget()
    measure(box, width=4, height=2)
    inner = QVBoxLayout()
    space(inner, gap=1)
    column.addWidget(box)
    column.addLayout(inner)
    qtbot.addWidget(window)
    start_theme(qapp, "light", percent)
    assert h() == pytest.approx(QFontMetricsF(qapp.font()).height())
    assert qapp.font().pointSizeF() == pytest.approx(11 * percent / 100)
    assert (box.width(), box.height()) == (round(h(4)), round(h(2))) or box.minimumWidth() == round(h(4))
    assert column.contentsMargins().top() == round(h(2))
    assert inner.spacing() == round(h(1))
    assert px(0.01) == 1


def test_theme_change_leaves_no_colour_behind(qtbot: QtBot, qapp: QApplication) -> None:
    from tests.ui.gallery import gallery_window

    foreign = {name: _others(name) for name in THEMES}
    window = gallery_window()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    for place in ("pupil", "parts", "pupils", "today"):
        window.centralWidget().show_place(place)  # type: ignore[attr-defined]
        for name in ("dark", "contrast", "light"):
            start_theme(qapp, name, 100)
            qapp.processEvents()
            seen = _flat_colours(window)
            assert not seen & foreign[name], (place, name, seen & foreign[name])


def _others(name: str) -> set[str]:
    mine = {load_style(name).colour(role) for role in ROLES} | set(load_style(name).score_ground)
    rest = {load_style(other).colour(role) for other in THEMES if other != name for role in ROLES}
    return {colour for colour in rest - mine if colour not in ("#FFFFFF", "#000000")}


def _flat_colours(window: QWidget) -> set[str]:
    """Colours that fill something: 40 pixels or more, so that mixtures at the edges of letters do not count."""
    from collections import Counter

    image = window.grab().toImage().convertToFormat(window.grab().toImage().Format.Format_RGB32)
    counted = Counter(memoryview(bytes(image.constBits())).cast("I").tolist())
    return {f"#{value & 0xFFFFFF:06X}" for value, count in counted.items() if count >= 40}


def test_plain_labels_follow_the_palette(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel("Plain words")
    qtbot.addWidget(label)
    label.show()
    for name in ("dark", "contrast", "light"):
        start_theme(qapp, name)
        image = label.grab().toImage()
        assert measured_contrast(image) > 12, name


def test_every_icon_is_drawn_and_takes_its_colour(qapp: QApplication) -> None:
    for file in sorted(resource("icons").glob("*.svg")):
        text = icon_text(file.stem, "#123456")
        assert "currentColor" not in text and 'stroke="#123456"' in text, file.name
        image = theme().pixmap(file.stem, "decline", 1.5).toImage()
        solid = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert solid == {load_style("light").decline.lower()}, file.name


def test_icons_are_made_once_for_each_theme_and_size(qapp: QApplication) -> None:
    one = theme().pixmap("today", "ink", 1.0)
    assert theme().pixmap("today", "ink", 1.0).cacheKey() == one.cacheKey()
    start_theme(qapp, "dark")
    assert theme().pixmap("today", "ink", 1.0).cacheKey() != one.cacheKey()
    with pytest.raises(FileNotFoundError):
        theme().pixmap("no such icon")


def test_pictures_of_the_sheet_are_those_of_icons_and_colours() -> None:
    # After a change of a colour or an icon: python -m tests.ui.make_theme_images
    wanted = {f"{name}-{image}.svg" for name in THEMES for image in IMAGES}
    assert {file.name for file in resource("themes", "images").glob("*.svg")} == wanted
    for name in THEMES:
        for image, (icon, role, stroke) in IMAGES.items():
            made = resource("themes", "images", f"{name}-{image}.svg").read_text(encoding="utf-8")
            assert made == icon_text(icon, load_style(name).colour(role), stroke), (name, image)


def test_reveal_makes_no_window(qtbot: QtBot, qapp: QApplication) -> None:
    lone = QLabel("lone")
    qtbot.addWidget(lone)
    lone.hide()
    reveal(lone, True)
    assert not lone.isVisible()
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(lone)
    window.show()
    assert lone.isVisible()
    reveal(lone, False)
    assert not lone.isVisible()


def test_parts_are_made_without_showing_a_window(qapp: QApplication) -> None:
    from tests.ui.gallery import parts_page, pupil_page, pupils_page, today_page

    for factory in (parts_page, pupil_page, pupils_page, today_page):
        page = factory()
        assert not [window for window in qapp.topLevelWidgets() if window.isVisible()], factory.__name__
        page.deleteLater()


def test_emitting_keeps_the_references_of_none_and_true(qtbot: QtBot) -> None:
    # PySide6 6.12.0 on CPython 3.11 loses one at each call and aborts after some thousands.
    from PySide6.QtCore import QObject, Signal

    class Speaker(QObject):
        said = Signal(object, bool)

        def __init__(self) -> None:
            super().__init__()
            self.count = 0
            self.said.connect(self.heard)

        def heard(self, _what: object, _on: bool) -> None:
            self.count += 1

    speaker, label = Speaker(), QLabel()
    qtbot.addWidget(label)
    speaker.said.emit(None, True)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(5_000):
        speaker.said.emit(None, True)
        label.setText("x")
    assert speaker.count == 5_001
    assert abs(sys.getrefcount(None) - before[0]) < 500
    assert abs(sys.getrefcount(True) - before[1]) < 500


def test_what_the_first_window_imports(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import approgress.ui.theme, approgress.ui.parts.frame, approgress.ui.parts.ring, approgress.ui.parts.page\n"
        "import approgress.ui.parts.tables, approgress.ui.parts.strand_card, approgress.ui.parts.dialogs, approgress.ui.tasks, approgress.ui.ask\n"
        "heavy = ('sqlalchemy', 'numpy', 'scipy', 'pyqtgraph', 'reportlab', 'pandas', 'openpyxl', 'alembic')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_frame_does_not_bring_what_the_first_paint_does_without() -> None:
    code = (
        "import sys\n"
        "import approgress.ui.parts.frame\n"
        "late = ('approgress.ui.parts.buttons', 'approgress.ui.parts.fields', 'approgress.ui.parts.tables', 'PySide6.QtSvg')\n"
        "print([name for name in late if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
