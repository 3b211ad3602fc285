from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from approgress.domain.dossier import Phase
from approgress.domain.figures import (
    BARS,
    DOTS,
    FIGURES,
    LINE,
    STEPS,
    Bar,
    Corridor,
    DotRow,
    Figure,
    Level,
    Line,
    Mark,
    Shade,
    Stroke,
    Tick,
    TimeAxis,
    ValueAxis,
)
from approgress.reports.paper import Paper
from approgress.reports.plot import Box, Chart, Pair
from tests.reports.made import dossier

FIRST = date(2026, 6, 8)
Placed = tuple[str, float, float]


def drawn(chart: Chart, width: float = 240.0, at: tuple[float, float] = (60.0, 700.0)) -> list[Placed]:
    """The texts of a chart on a page, with their places."""
    paper = Paper(title="t", author="a", subject="s", keywords="k", made=FIRST)
    chart.paint(paper, at[0], at[1], width)
    paper.showPage()
    found: list[Placed] = []
    page = PdfReader(BytesIO(paper.finish())).pages[0]
    page.extract_text(visitor_text=lambda text, _cm, tm, _font, _size: found.append((text.strip(), tm[4], tm[5])) if text.strip() else None)
    return found


def line_figure(values: list[float], kind: str = LINE, **more: object) -> Figure:
    """A line with a reading every fortnight."""
    days = [FIRST + timedelta(days=14 * i) for i in range(len(values))]
    marks = tuple(
        Mark(d, v, "circle", i == len(values) - 1, f"v{i}", strong=i in (0, len(values) - 1))
        for i, (d, v) in enumerate(zip(days, values, strict=True))
    )
    strokes = tuple(
        Stroke(a.day, a.value, b.day, b.value, dashed=i % 3 == 1) for i, (a, b) in enumerate(zip(marks, marks[1:], strict=False))
    )
    last = days[-1] if days else FIRST
    held: dict[str, object] = {
        "x": TimeAxis(FIRST, last, tuple(Tick(d, f"{d.day} {d:%b}") for d in days[::2])),
        "y": ValueAxis(0, 100, (Tick(0, "0"), Tick(50, "50"), Tick(100, "100"))),
        "lines": (Line("WHO-5", "wellbeing", marks, strokes),),
        "corridor": Corridor(10, 46, "-18", "+18"),
        "levels": (Level(28, "start 28"),),
    }
    return Figure("wellbeing", kind, "Wellbeing", "0 to 100", "wellbeing", "From 28 to 52.", **{**held, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_chart_of_a_dossier_can_be_painted_in_narrow_and_wide(name: str) -> None:
    figure = FIGURES[name](dossier())
    for width in (150.0, 242.0, 508.0):
        chart = Chart(figure)
        texts = drawn(chart, width, (60.0, 780.0))
        assert any(figure.title.split()[0] in text for text, _, _ in texts)
        height = chart.measure(width)
        for text, x, y in texts:
            assert 59 <= x <= 60 + width + 0.5, text
            assert 780 - height - 1 <= y <= 780, text


def test_an_empty_figure_says_so_in_words() -> None:
    figure = Figure("home", DOTS, "Home", "", "home", "Nothing is known yet.", empty="Nothing is known yet. Ask those at home.")
    texts = " ".join(text for text, _, _ in drawn(Chart(figure)))
    assert "Nothing is known yet. Ask those at home." in texts


@given(st.lists(st.floats(min_value=-20, max_value=120), min_size=1, max_size=14), st.sampled_from([LINE, STEPS]))
def test_labels_of_values_never_cover_each_other(values: list[float], kind: str) -> None:
    figure = line_figure(values, kind)
    texts = drawn(Chart(figure, sentence=False))
    labels = [(t, x, y) for t, x, y in texts if t.startswith("v")]
    assert {"v0", f"v{len(values) - 1}"} <= {t for t, _, _ in labels}  # start and now always carry their figure
    boxes = [Box(x, y, x + 4.6 * len(t), y + 6.0) for t, x, y in labels]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a.meets(b) < 4.0


def test_one_reading_on_one_day_is_drawn() -> None:
    texts = [t for t, _, _ in drawn(Chart(line_figure([28.0])))]
    assert "v0" in texts


def test_a_scale_without_extent_is_drawn() -> None:
    figure = line_figure([5.0, 5.0], y=ValueAxis(5, 5, (Tick(5, "5"),)))
    assert drawn(Chart(figure))


def test_phase_labels_are_staggered_and_stay_within_the_chart() -> None:
    phases = tuple(
        Phase(FIRST + timedelta(days=d), f"Something that happened on day {d}", "other", planned=d > 80) for d in (20, 24, 30, 90)
    )
    figure = line_figure([28, 30, 35, 40, 41, 45, 50, 52], phases=phases)
    texts = drawn(Chart(figure), 508.0)
    places = {t: (x, y) for t, x, y in texts if t.startswith("Something")}
    assert len(places) == 4
    assert len({y for _, y in places.values()}) >= 3  # three that are close stand in three rows
    numbered = drawn(Chart(figure, numbers={(p.day, p.label): i for i, p in enumerate(phases, 1)}))
    assert {"1", "2", "3", "4"} <= {t for t, _, _ in numbered}
    assert not any(t.startswith("Something") for t, _, _ in numbered)


def test_bars_carry_their_figure_and_counts_and_history_is_hatched() -> None:
    bars = (
        Bar(31.1, "before", "31.1%", ("year before", "118 of 380"), hatched=True),
        *(Bar(60.0 + i, "attendance", f"{60 + i}.0%", (f"Autumn {i}", f"{30 + i} of 50")) for i in range(7)),
        Bar(None, "attendance", "none possible", ("Spring 1", "0 of 0")),
    )
    figure = Figure(
        "attendance", BARS, "Attendance", "%", "attendance", "Words.", y=ValueAxis(0, 100, (Tick(0, "0"), Tick(100, "100"))), bars=bars
    )
    texts = " ".join(t for t, _, _ in drawn(Chart(figure)))
    squashed = texts.replace(" ", "")
    for bar in bars:
        assert bar.value is None or bar.top in texts
        for under in bar.under:
            assert under.replace(" ", "") in squashed or all(part in texts for part in under.split())
    paper = Paper(title="t", author="a", subject="s", keywords="k", made=FIRST)
    Chart(figure).paint(paper, 60, 700, 240)
    code = "\n".join(paper._code)
    assert " W n " in code  # the hatching is clipped to its bar


def test_rows_of_dots_carry_words_and_figures() -> None:
    rows = (DotRow("Get through maths " * 12, 3, 8, "accent", "3 to 8 of 10"), DotRow("x" * 300, None, None, "accent", "not rated yet"))
    figure = Figure("goals", DOTS, "Goals", "rated 0 to 10", "home", "Words.", y=ValueAxis(0, 10), rows=rows)
    texts = drawn(Chart(figure), 400.0)
    together = "".join(t for t, _, _ in texts).replace(" ", "")
    assert "x" * 300 in together and "3to8of10" in together and "notratedyet" in together


def test_two_charts_side_by_side_begin_at_one_height_and_can_be_lower() -> None:
    left, right = Chart(line_figure([28, 52])), Chart(FIGURES["engagement"](dossier()))
    pair = Pair(left, right)
    assert pair.least(508) < pair.measure(508)
    lower = pair.squeezed(508, pair.measure(508) - 10)
    assert lower is not None and lower.measure(508) == pytest.approx(pair.measure(508) - 10, abs=0.5)
    assert pair.squeezed(508, pair.least(508) - 5) is None


def test_shades_before_day_0_carry_their_name_where_there_is_room() -> None:
    shade = Shade(FIRST, FIRST + timedelta(days=60), "before day 0", "history")
    texts = [t for t, _, _ in drawn(Chart(line_figure([20, 20, 20, 20, 90, 90, 90, 90, 90], shades=(shade,))), 508.0)]
    assert "before day 0" in texts
