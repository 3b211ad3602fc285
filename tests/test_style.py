"""Themes: every role there, every promised contrast kept; marks are shapes inside their box."""

from __future__ import annotations

import tomllib

import pytest

from approgress.paths import resource
from approgress.style import MARKS, ROLES, SIGN_ROLE, STRANDS, THEMES, TYPES, Style, contrast, load_style

TEXT, EDGE = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunken", "hover")


@pytest.fixture(params=THEMES)
def style(request: pytest.FixtureRequest) -> Style:
    return load_style(request.param)


def test_contrast_follows_the_published_formula() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0000FF", "#FFFFFF") == pytest.approx(8.59, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_files_hold_the_roles_and_no_others() -> None:
    for name in THEMES:
        raw = tomllib.loads(resource("themes", f"{name}.toml").read_text(encoding="utf-8"))
        assert set(raw["colours"]) == set(ROLES), name
        assert raw["name"] == name
        for colour in (*raw["colours"].values(), *(c for part in raw["scores"].values() for c in part if c)):
            assert len(colour) == 7 and int(colour[1:], 16) >= 0


def test_a_role_too_few_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    text = resource("themes", "light.toml").read_text(encoding="utf-8").replace('quiet = "#5B6068"\n', "")

    class Folder:
        def open(self, _mode: str) -> object:
            import io

            return io.BytesIO(text.encode())

    monkeypatch.setattr("approgress.style.resource", lambda *_parts: Folder())
    with pytest.raises(ValueError, match="quiet"):
        load_style.__wrapped__("light")


@pytest.mark.parametrize("role", ["ink", "quiet"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_on_every_ground(style: Style, role: str, ground: str) -> None:
    assert contrast(style.colour(role), style.colour(ground)) >= TEXT


@pytest.mark.parametrize("role", ["accent", "gain", "none", "decline", "attention"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_coloured_text(style: Style, role: str, ground: str) -> None:
    assert contrast(style.colour(role), style.colour(ground)) >= TEXT


@pytest.mark.parametrize("role", ["gain", "none", "decline", "attention"])
def test_coloured_text_on_its_soft_ground(style: Style, role: str) -> None:
    assert contrast(style.colour(role), style.colour(f"{role}_soft")) >= TEXT


def test_text_on_filled_grounds(style: Style) -> None:
    for ground in (style.accent, style.accent_hover, style.accent_press):
        assert contrast(style.on_accent, ground) >= TEXT
    for ground in (style.soft, style.soft_press):
        assert contrast(style.on_soft, ground) >= TEXT
    assert contrast(style.ink, style.soft_press if not style.outlined else style.surface) >= TEXT
    # A disabled primary button is quiet on the colour of a line, in high contrast on that of hover.
    assert contrast(style.quiet, style.hover if style.outlined else style.line) >= TEXT


@pytest.mark.parametrize("ground", ["surface", "hover"])
def test_edges_of_controls(style: Style, ground: str) -> None:
    assert contrast(style.edge, style.colour(ground)) >= EDGE


@pytest.mark.parametrize("ground", GROUNDS)
def test_focus_ring(style: Style, ground: str) -> None:
    assert contrast(style.focus, style.colour(ground)) >= EDGE


@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
def test_chart_marks(style: Style, ground: str) -> None:
    for role in (*(strand.role for strand in STRANDS.values()), "before"):
        assert contrast(style.colour(role), style.colour(ground)) >= EDGE, role


def test_scores(style: Style) -> None:
    for ground, figure, edge in zip(style.score_ground, style.score_figure, style.score_edge, strict=True):
        assert contrast(figure, ground) >= TEXT
        stands_out = edge or ground
        assert contrast(stands_out, style.surface) >= EDGE


def test_score_ramp_goes_one_way(style: Style) -> None:
    from approgress.style import luminance

    steps = [luminance(ground) for ground in style.score_ground]
    assert steps == sorted(steps, reverse=not style.dark)


def test_high_contrast_outlines_what_has_no_ground() -> None:
    style = load_style("contrast")
    assert style.outlined and style.edge_width == 2
    assert {style.gain_soft, style.none_soft, style.decline_soft, style.attention_soft} == {style.surface}


def test_a_style_cannot_be_changed(style: Style) -> None:
    with pytest.raises(AttributeError):
        style.ink = "#000000"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        style.colour("mauve")


def test_marks_lie_in_their_box_and_begin_somewhere() -> None:
    for name, mark in MARKS.items():
        assert mark.path[0][0] == "M", name
        for step in mark.path:
            assert all(-0.57 <= value <= 0.57 for value in step[1:]), name
            assert len(step) == {"M": 3, "L": 3, "C": 7, "Z": 1}[step[0]], name


def test_circle_is_round() -> None:
    steps = [step for step in MARKS["circle"].path if step[0] == "C"]
    for step in steps:
        start = (0.0, 0.0)
        x, y = step[5:7]  # type: ignore[misc]
        assert (x**2 + y**2) ** 0.5 == pytest.approx(0.5, abs=1e-6), start


def test_signs_and_strands_name_things_that_are_there() -> None:
    assert set(SIGN_ROLE) <= set(MARKS)
    assert set(SIGN_ROLE.values()) <= set(ROLES)
    assert {strand.mark for strand in STRANDS.values()} <= set(MARKS)
    assert set(STRANDS) == {"wellbeing", "engagement", "attendance", "behaviour", "learning", "home"}
    assert min(kind.size for kind in TYPES.values()) >= 0.8
