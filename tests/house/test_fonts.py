"""The bundled typefaces: they load in Qt and embed in ReportLab, figures line up, and names that schools have can be set."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from approgress.paths import resource

WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
ATKINSON = tuple(f"AtkinsonHyperlegibleNext-{name}.ttf" for name in WEIGHTS)
DEJAVU = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
NAMES = "Côté Åberg Đorđe Ní Bhriain Łukasz Şahin Ğül Žižek Őrsi Ÿ ŵ ŷ ß Þór O’Neill–Smith £ € … − ≥ ≤ ½ °"
BEYOND = "Trần Đức Adéọlá Ẹniọlá Ελένη Наталья"


def font_file(name: str) -> Path:
    return resource("fonts", name)


@pytest.mark.parametrize("name", [*ATKINSON, *DEJAVU])
def test_every_face_embeds_in_a_pdf(name: str) -> None:
    from pypdf import PdfReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont(f"test {name}", str(font_file(name))))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(f"test {name}", 12)
    canvas.drawString(72, 700, NAMES)
    canvas.save()
    page = PdfReader(io.BytesIO(out.getvalue())).pages[0]
    assert page.extract_text().split() == NAMES.split()
    fonts = [f.get_object() for f in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    used = [f for f in fonts if f["/BaseFont"] != "/Helvetica"]
    assert used and all("/FontFile2" in f["/FontDescriptor"].get_object() for f in used)


@pytest.mark.parametrize("name", ATKINSON)
def test_figures_have_one_width_and_names_have_their_letters(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    face = TTFontFile(str(font_file(name)))
    assert len({face.charWidths[ord(figure)] for figure in "0123456789"}) == 1
    assert [letter for letter in NAMES if ord(letter) not in face.charToGlyph] == []


@pytest.mark.parametrize("name", DEJAVU)
def test_the_second_face_has_what_the_first_lacks(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    face = TTFontFile(str(font_file(name)))
    assert [letter for letter in BEYOND + NAMES if ord(letter) not in face.charToGlyph] == []


@pytest.mark.parametrize(("name", "weight"), list(zip(ATKINSON, (400, 500, 600, 700), strict=True)))
def test_every_weight_loads_in_qt_under_its_own_weight(qapp: object, name: str, weight: int) -> None:
    from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF

    number = QFontDatabase.addApplicationFont(str(font_file(name)))
    assert number >= 0
    assert QFontDatabase.applicationFontFamilies(number)[0].startswith("Atkinson Hyperlegible Next")
    font = QFont("Atkinson Hyperlegible Next", 20)
    font.setWeight(QFont.Weight(weight))
    assert QFontInfo(font).family().startswith("Atkinson Hyperlegible Next")
    assert QFontInfo(font).weight() == weight
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


def test_the_licences_are_beside_the_faces() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in font_file("OFL-AtkinsonHyperlegibleNext.txt").read_text(encoding="utf-8")
    assert "Bitstream Vera Fonts Copyright" in font_file("LICENSE-DejaVu.txt").read_text(encoding="utf-8")
