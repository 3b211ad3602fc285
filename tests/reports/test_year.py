"""The year on paper and the attendance section: both figures with their labels, one page, every code there, names off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from approgress.domain.dossier import build_dossier
from approgress.domain.pupil_attendance import pupil_attendance, span_of
from approgress.reports.plot import Chart
from approgress.reports.year import build_year
from tests.domain.a_pupil import TODAY, amara, facts
from tests.domain.test_pupil_attendance import part_time
from tests.reports.made import IMPRINT, dossier, pages_of, pdf_of, squashed, text_of
from tests.reports.test_plot import drawn


def year_pdf(*, hidden: bool = False, year: str = "latest") -> bytes:
    records = part_time()
    first, last = span_of(year, TODAY)
    whole = build_dossier(records, facts(), last=last, today=TODAY, hidden=hidden)
    shown = pupil_attendance(records, facts(), whole, year=year)
    return build_year(build_dossier(records, facts(), first=first, last=last, today=TODAY, hidden=hidden), shown, IMPRINT)


@pytest.mark.parametrize("year", ["latest", "2026", "2025"])
def test_a_year_is_one_page_and_the_same_bytes_each_time(year: str) -> None:
    pdf = year_pdf(year=year)
    assert len(pages_of(pdf)) == 1
    assert year_pdf(year=year) == pdf


def test_both_figures_stand_there_with_their_labels() -> None:
    text = text_of(year_pdf())
    since = pupil_attendance(part_time(), facts(), build_dossier(part_time(), facts(), last=TODAY, today=TODAY)).since
    assert since.agreed is not None
    assert f"{since.tally.attended} of {since.tally.possible}" in text and "of possible sessions, the DfE measure" in text
    assert f"{since.agreed.attended} of {since.agreed.asked}" in text and "not the DfE measure" in text
    for heading in ("By half-term", "Milestones", "Rules that are watching, on 24 Nov 2026", "Every session"):
        assert squashed(heading) in squashed(text)


def test_names_off_puts_the_code_in_place_of_the_name() -> None:
    assert "Amara" in text_of(year_pdf())
    hidden = text_of(year_pdf(hidden=True))
    assert "Amara" not in hidden and "Bell" not in hidden and amara().pupil.code in hidden


def test_the_map_on_paper_holds_every_letter_within_its_width() -> None:
    records = part_time()
    figure = pupil_attendance(records, facts(), build_dossier(records, facts(), last=TODAY, today=TODAY)).figure
    assert figure.year is not None
    codes = [c.code for w in figure.year.weeks for d in w.days if d is not None for c in (d.am, d.pm) if c.code]
    samples = [sample for _, sample, _ in figure.year.legend if sample]
    for width in (508.0, 300.0):
        placed = drawn(Chart(figure), width, at=(40.0, 800.0))
        texts = [text for text, _, _ in placed]
        for code in set(codes):
            assert texts.count(code) == codes.count(code) + samples.count(code), code
        assert all(40 <= x <= 40 + width for text, x, _ in placed if text)
        assert all(name in texts for name in ("Mon", "Fri", "AM", "PM"))


def test_the_section_says_both_figures_only_where_there_was_a_timetable() -> None:
    plain = text_of(pdf_of())
    assert "not the DfE measure" not in plain
    d = build_dossier(part_time(), facts(), last=TODAY, today=TODAY, audience="schools")
    text = text_of(pdf_of(d))
    assert "Part-time timetable:" in text
    assert "of possible sessions, the DfE measure;" in text and "of the sessions that it asked for, not the DfE measure." in text
    earlier = build_dossier(part_time(), facts(), last=date(2026, 10, 23), today=TODAY, audience="schools")
    assert "not the DfE measure" not in text_of(pdf_of(earlier)), "the timetable began after that report's last day"


def test_where_no_register_is_kept_the_section_has_no_percentage() -> None:
    known = facts(setting=replace(facts().setting, sort="non_school"))
    d = build_dossier(part_time(), known, last=TODAY, today=TODAY, audience="schools")
    text = text_of(pdf_of(d))
    part = text[text.index("Attendance, in sessions") :][:900]
    assert "the DfE measure;" not in part and "of the sessions that it asked for" in part
    assert dossier().statutory
