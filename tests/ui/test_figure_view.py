"""Charts on the screen: what is painted, what pointer and keys read, what a screen reader hears, table and copy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from approgress.domain.dossier import Dossier, build_dossier
from approgress.domain.figures import FIGURES, Figure, small
from approgress.domain.instruments import STRANDS
from approgress.ui.parts.figure_painting import Scales, place_labels, readings_of
from approgress.ui.parts.figure_view import FigureCard, FigureView, TableDialog, spoken, table_text
from approgress.ui.parts.mini import MiniBars, MiniLine
from approgress.ui.parts.painting import recorded_overflows
from approgress.ui.parts.sparkline import mini_of
from approgress.ui.theme import start_theme, theme
from tests.domain.a_pupil import DAY_0, TODAY, amara, facts


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return build_dossier(amara(), facts(), last=TODAY, today=TODAY)


@pytest.fixture(scope="module")
def nothing() -> Dossier:
    blank = {f: () for f in ("readings", "marks", "lesson_scores", "moments", "stated", "goals", "starting_points", "start_values", "events")}
    return build_dossier(amara(**blank), facts(), last=TODAY, today=TODAY)


def shown(qtbot: QtBot, figure: Figure, width: int = 620, height: int = 340) -> FigureView:
    view = FigureView(figure)
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.mark.parametrize("name", sorted(FIGURES))
@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
@pytest.mark.parametrize(("width", "percent"), [(620, 100), (330, 100), (900, 200)])
def test_every_chart_is_painted_without_cut_words(qtbot: QtBot, qapp: object, dossier: Dossier, name: str, look: str, width: int, percent: int) -> None:
    start_theme(qapp, look, percent)  # type: ignore[arg-type]
    view = shown(qtbot, FIGURES[name](dossier), width, 10)
    view.resize(width, max(view.heightForWidth(width), round(theme().h * 10)))
    with recorded_overflows() as overflows:
        view.grab()
    assert overflows == []


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_pupil_with_nothing_gets_a_sentence_and_no_empty_axes(qtbot: QtBot, nothing: Dossier, name: str) -> None:
    figure = FIGURES[name](nothing)
    assert figure.empty, name
    view = shown(qtbot, figure)
    assert view.readings() == []
    assert figure.empty in view.accessibleName()
    assert all(word not in view.accessibleName() for word in ("nan", "None", "0%"))


def test_the_line_is_drawn_where_its_value_lies(qtbot: QtBot, dossier: Dossier) -> None:
    view = shown(qtbot, FIGURES["wellbeing"](dossier))
    image = view.grab().toImage()
    scales = view._lay()
    assert scales is not None
    newest = FIGURES["wellbeing"](dossier).lines[0].marks[-1]
    at = scales.point(newest).toPoint()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)) == theme().colour("wellbeing")
    assert scales.y(0) > scales.y(50) > scales.y(100)
    assert scales.x(DAY_0) == scales.plot.left()


def test_keys_read_every_value_in_order_and_escape_leaves(qtbot: QtBot, dossier: Dossier) -> None:
    figure = FIGURES["wellbeing"](dossier)
    view = shown(qtbot, figure)
    view.setFocus()
    said = []
    for _ in figure.lines[0].marks:
        QTest.keyClick(view, Qt.Key.Key_Right)
        said.append(view.reading())
    assert said[0] == "8 Jun 2026: 28. Day 0: placed here"
    assert said[-1] == "23 Nov 2026: 52"
    assert view.accessibleDescription() == said[-1]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.reading() == said[-1]
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.reading() == said[0]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.reading() == "" == view.accessibleDescription()


def test_the_pointer_reads_the_nearest_day(qtbot: QtBot, dossier: Dossier) -> None:
    view = shown(qtbot, FIGURES["wellbeing"](dossier))
    scales = view._lay()
    assert scales is not None
    mark = FIGURES["wellbeing"](dossier).lines[0].marks[2]
    QTest.mouseMove(view, scales.point(mark).toPoint() + QPoint(3, 40))
    qtbot.waitUntil(lambda: view.reading().startswith("6 Jul 2026: 32"))


def test_bars_and_dots_are_read_with_their_counts(qtbot: QtBot, dossier: Dossier) -> None:
    bars = shown(qtbot, FIGURES["attendance"](dossier))
    assert bars.readings()[0] == "year before, 31.1%, 118 of 380"
    dots = shown(qtbot, FIGURES["goals"](dossier))
    dots.grab()
    dots.setFocus()
    QTest.keyClick(dots, Qt.Key.Key_Down)
    assert dots.reading() == "Get through maths without walking out: 3 to 8 of 10"


def test_a_week_without_a_label_is_read_with_its_denominator(qtbot: QtBot, dossier: Dossier) -> None:
    view = shown(qtbot, FIGURES["engagement"](dossier))
    words = view.readings()
    assert len(words) == len(FIGURES["engagement"](dossier).lines[0].marks)
    assert all(" of " in w for w in words)


def test_a_screen_reader_hears_title_sentence_and_note(dossier: Dossier) -> None:
    figure = FIGURES["attendance"](dossier)
    assert spoken(figure) == f"{figure.title}. {figure.text} {figure.note}"


def test_labels_never_lie_over_each_other(dossier: Dossier) -> None:
    from PySide6.QtCore import QRectF

    figure = FIGURES["wellbeing"](dossier)
    assert figure.x is not None and figure.y is not None
    for width in (260, 420, 800):
        scales = Scales(QRectF(30, 40, width, 180), figure.x.first.toordinal(), figure.x.last.toordinal(), figure.y.low, figure.y.high)
        values = [label.place.adjusted(1, 3, -1, -3) for label in place_labels(figure, scales, width + 60) if not label.ground]
        assert not [(a, b) for i, a in enumerate(values) for b in values[i + 1 :] if a.intersects(b)], width
        strong = max(figure.lines[0].marks, key=lambda m: m.day)
        assert strong.label in [label.text for label in place_labels(figure, scales, width + 60)]


def test_many_readings_stay_readable(dossier: Dossier) -> None:
    from PySide6.QtCore import QRectF

    figure = FIGURES["wellbeing"](dossier)
    assert figure.x is not None
    line = figure.lines[0]
    crowded = replace(figure, lines=(replace(line, marks=line.marks * 60),))
    scales = Scales(QRectF(30, 40, 400, 180), figure.x.first.toordinal(), figure.x.last.toordinal(), 0, 100)
    assert len(readings_of(crowded, scales)) == len(line.marks)


def test_table_and_copy(qtbot: QtBot, dossier: Dossier) -> None:
    figure = FIGURES["attendance"](dossier)
    view = shown(qtbot, figure)
    view.copy_table()
    assert QGuiApplication.clipboard().text() == table_text(figure)
    assert table_text(figure).splitlines()[0] == "Time\tAttended\tPossible\tAttendance"
    dialog = TableDialog(figure)
    qtbot.addWidget(dialog)
    assert dialog.table.model().rowCount() == len(figure.table.rows)


def test_the_card_says_all_of_it_and_takes_another_figure(qtbot: QtBot, dossier: Dossier) -> None:
    card = FigureCard(FIGURES["wellbeing"](dossier))
    qtbot.addWidget(card)
    card.show()
    assert card.heading is not None
    assert card.heading.title.text() == FIGURES["wellbeing"](dossier).title
    assert card.sentence.text() == FIGURES["wellbeing"](dossier).text
    card.set_figure(FIGURES["attendance"](dossier))
    assert card.note.text().startswith("Grey bar")


@pytest.mark.parametrize("strand", sorted(STRANDS))
def test_small_charts_hold_what_the_figure_holds(dossier: Dossier, strand: str) -> None:
    figure = small(dossier, strand)
    chart = mini_of(figure)
    if isinstance(chart, MiniLine):
        assert [v for _, v in chart.points if v is not None] == [m.value for m in figure.lines[0].marks]
        assert (chart.low, chart.high) == (figure.y.low, figure.y.high)  # type: ignore[union-attr]
    elif isinstance(chart, MiniBars):
        assert [b.value for b in chart.bars] == [b.value for b in figure.bars]
        assert all("%" not in b.figure for b in chart.bars)
    assert chart is not None


def test_no_small_chart_of_nothing(nothing: Dossier) -> None:
    assert [mini_of(small(nothing, s)) for s in STRANDS] == [None] * len(STRANDS)


# --- the large chart --------------------------------------------------------------------------------------------------


def plot(qtbot: QtBot, figure: Figure):  # type: ignore[no-untyped-def]
    from approgress.ui.parts.figure_plot import FigurePlot

    view = FigurePlot()
    qtbot.addWidget(view)
    view.resize(640, 360)
    view.set_figure(figure)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_the_large_chart_draws_what_the_painter_draws(qtbot: QtBot, dossier: Dossier) -> None:
    figure = FIGURES["wellbeing"](dossier)
    large, painted = plot(qtbot, figure), shown(qtbot, figure, 640, 360)
    assert large.readings() == painted.readings()
    scales = large.scales()
    newest = figure.lines[0].marks[-1]
    at = scales.point(newest).toPoint()
    image = large.grab().toImage()
    ratio = image.devicePixelRatio()
    assert image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)) == theme().colour("wellbeing")


def test_the_large_chart_is_made_once_and_then_given_data(qtbot: QtBot, dossier: Dossier) -> None:
    large = plot(qtbot, FIGURES["wellbeing"](dossier))
    items = len(large.scene().items())
    for name in ("engagement", "wellbeing", "learning", "wellbeing"):
        large.set_figure(FIGURES[name](dossier))
        large.grab()
    assert len(large.scene().items()) == items


def test_the_large_chart_is_enlarged_along_its_days_only(qtbot: QtBot, dossier: Dossier) -> None:
    figure = FIGURES["wellbeing"](dossier)
    large = plot(qtbot, figure)
    large.setFocus()
    whole = large.scales()
    QTest.keyClick(large, Qt.Key.Key_Plus)
    near = large.scales()
    assert near.last - near.first < whole.last - whole.first
    assert (near.low, near.high) == (whole.low, whole.high) == (0, 100)
    assert near.first >= whole.first and near.last <= whole.last
    QTest.keyClick(large, Qt.Key.Key_0)
    assert large.scales() == whole
    QTest.keyClick(large, Qt.Key.Key_End)
    assert large.reading().endswith("52")


def test_many_strokes_get_pens_of_one_pixel(qtbot: QtBot, dossier: Dossier) -> None:
    figure = FIGURES["wellbeing"](dossier)
    line = figure.lines[0]
    large = plot(qtbot, replace(figure, lines=(replace(line, strokes=line.strokes * 40),)))
    assert large._series[0].solid.opts["pen"].widthF() == 1.0
    few = plot(qtbot, figure)
    assert few._series[0].solid.opts["pen"].widthF() > 1.0
