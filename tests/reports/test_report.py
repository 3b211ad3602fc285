from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from approgress.domain.dossier import PupilRecords
from approgress.domain.errors import Refusal
from approgress.domain.records import Name, Note, Pupil, StartingPoint, Strength
from approgress.reports import build as building
from approgress.reports.build import SECTIONS, build, load_plan, load_sections, plan_names
from tests.domain.a_pupil import amara
from tests.reports.made import NOTES, dossier, pages_of, pdf_of, squashed, telling, text_of


def nothing() -> PupilRecords:
    """A pupil added with a name and a birthday only."""
    return PupilRecords(Pupil(2, "QRX118"), names=(Name(2, 1, "legal", "Ola", "New"),))


def test_figures_on_paper_are_those_of_the_dossier() -> None:
    d = dossier()
    text = text_of(pdf_of(d))
    since = d.attendance.since.tally
    assert (since.attended, since.possible) == (128, 162)
    assert "128 of 162" in text
    assert "118 of 380" in text and "Parkfield Academy" in text
    for stretch in d.attendance.half_terms:
        assert stretch.rate.counts in text
    j = d.engagement.judgement
    assert j is not None and j.start is not None and j.now is not None
    assert j.start.value.counts in text and j.now.value.counts in text
    for row in d.progress:
        assert row.start_text in text and row.change_text in text
    for series in d.series:
        assert series.name in text
    for week in ("Summer 2", "Autumn 1", "Autumn 2"):
        assert week in text


def test_two_pages_or_more_numbered_and_named_at_the_foot() -> None:
    pages = pages_of(pdf_of())
    assert len(pages) >= 2
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
        assert "Hawthorn Centre" in page and "Confidential" in page and "A.B." in page
        assert "data of 24 Nov 2026" in page and "journal step 48,213" in page and "1a2b3c4d" in page and "T. Mbeki" in page


def test_same_data_same_bytes_in_two_processes() -> None:
    here = pdf_of()
    code = "import sys; from tests.reports.made import pdf_of; sys.stdout.buffer.write(pdf_of())"
    root = Path(__file__).resolve().parents[2]
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, check=True, env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    )
    assert there.stdout == here
    assert pdf_of() == here


def test_all_typefaces_are_embedded_and_none_is_built_in() -> None:
    for pdf in (pdf_of(), pdf_of(dossier(nothing()))):
        reader = PdfReader(BytesIO(pdf))
        names: set[str] = set()
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                descriptor = font.get_object()["/FontDescriptor"].get_object()
                assert "/FontFile2" in descriptor
                names.add(str(font.get_object()["/BaseFont"]))
        assert names and all("Atkinson" in n or "DejaVu" in n for n in names)
        assert b"Helvetica" not in pdf


def test_metadata_language_bookmarks_and_structure() -> None:
    pdf = pdf_of()
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Progress from starting point: Amara Bell, 8 Jun 2026 to 24 Nov 2026"
    assert reader.metadata.author == "Hawthorn Centre"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    titles = [entry["/Title"] for entry in reader.outline]  # type: ignore[call-overload]
    assert "Where she started, where she is now" in titles and "How to read this report" in titles
    with pikepdf.open(BytesIO(pdf)) as whole:
        assert whole.check_pdf_syntax() == [] if hasattr(whole, "check_pdf_syntax") else whole.check() == []
        assert whole.Root.MarkInfo.Marked


def test_every_chart_has_words_for_those_who_hear_the_page() -> None:
    found: list[str] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure":
            found.append(str(element["/Alt"]))
        kids = element.get("/K") if isinstance(element, pikepdf.Dictionary) else None
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                walk(kid)

    with pikepdf.open(BytesIO(pdf_of())) as whole:
        walk(whole.Root.StructTreeRoot.K)
        nums = whole.Root.StructTreeRoot.ParentTree.Nums
        assert len(nums) == 2 * len(whole.pages)
        for page in whole.pages:
            marked = page.Contents.read_bytes()
            assert marked.count(b"BDC") + marked.count(b"BMC") == marked.count(b"EMC")
            assert len(re.findall(rb"/MCID \d+", marked)) == len(nums[2 * int(page.StructParents) + 1])
    assert any("WHO-5" in words and "28" in words and "52" in words for words in found)
    assert any("118 of 380" in words for words in found)


def test_no_figure_stands_as_none_or_nan() -> None:
    for records in (amara(), nothing(), amara(readings=(), marks=(), lesson_scores=(), moments=(), goals=(), stated=())):
        text = text_of(pdf_of(dossier(records)))
        assert not re.search(r"\b(nan|None|NaN|inf|n/a|1970)\b", text)


def test_a_pupil_with_nothing_gets_a_whole_report_that_says_what_to_do() -> None:
    pages = pages_of(pdf_of(dossier(nothing())))
    text = " ".join(" ".join(pages).split())
    assert all(len(page.split()) > 40 for page in pages)
    assert "No starting point yet" in text
    assert "no possible sessions" in text
    assert "There are no readings yet" in text and "Add the first" in text
    assert "0 of 0" in text
    assert "nothing to draw yet" in text
    assert "0%" not in text and "%" not in text.replace("100%", "")


def test_notes_that_look_like_markup_are_printed_letter_for_letter() -> None:
    notes = tuple(Note(1, 500 + i, dossier().last, "note", text, audience="schools") for i, text in enumerate(NOTES))
    names = (Name(1, 1, "legal", "Amara", "Bell"), Name(1, 2, "preferred", "Al <i>& Co", None))
    pdf = pdf_of(dossier(notes=notes, names=names))
    text = squashed("".join(pages_of(pdf)))
    for note in NOTES:
        assert squashed(note) in text
    assert squashed("Al <i>& Co Bell") in text
    whole = "\n".join(pages_of(pdf))
    assert "Line one\nLine two\n" in whole  # line ends stay
    assert re.search(r"\n {3,}indented", whole)  # a tab stays a gap
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert not any("/URI" in str(annotation) for page in opened.pages for annotation in page.get("/Annots", []))
        assert not any("/XObject" in page.Resources for page in opened.pages)  # no image was fetched
        white = sum(page.Contents.read_bytes().count(b"1 1 1 rg") for page in opened.pages)
        text_in_white = sum(len(re.findall(rb"BT 1 1 1 rg", page.Contents.read_bytes())) for page in opened.pages)
        assert white and not text_in_white


def test_signs_that_the_typeface_lacks_come_from_the_second_face() -> None:
    strange = "Ελένη, Київ, ✓ and 😀 and 漢"
    pdf = pdf_of(dossier(strengths=(Strength(1, 9, "good_at", strange),)))
    text = squashed("".join(pages_of(pdf)))
    assert squashed(strange) in text
    assert b"DejaVuSans" in pdf


def test_very_long_texts_flow_over_pages() -> None:
    words = "we talked about the bus the dog and the two mornings that he would like to try next week".split()
    long_note = " ".join(words[i % len(words)] for i in range(8997)) + " end of note"
    quote = "\n".join(f"line {i} she said it was all right" for i in range(1, 401)) + "\nend of quote"
    goal = "x" * 300 + " end of word"
    from dataclasses import replace

    records = amara()
    d = dossier(
        notes=(
            Note(1, 501, dossier().last, "visit", long_note, audience="schools"),
            Note(1, 502, dossier().last, "quote", quote, audience="schools"),
        ),
        goals=(replace(records.goals[0], words=goal),),
    )
    pages = pages_of(pdf_of(d))
    text = " ".join(" ".join(pages).split())
    for end in ("end of note", "end of word", "end of quote"):
        assert end in text
    assert "x" * 300 in squashed(text)
    assert text.count("we talked about the bus") >= 8997 // len(words) - 40  # some lie across a page's foot
    assert sum("Notes and words, continued" in page for page in pages) >= 10
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
        assert len(page.split()) > 40


def test_nothing_is_written_outside_the_page() -> None:
    records = amara(strengths=(Strength(1, 9, "good_at", "W" * 400),))
    for page in PdfReader(BytesIO(pdf_of(dossier(records)))).pages:
        places: list[tuple[float, float]] = []
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size, places=places: places.append((tm[4], tm[5])) if text.strip() else None
        )
        assert places and all(40 <= x <= 552 and 14 <= y <= 812 for x, y in places)


def test_names_off_leaves_no_name_anywhere() -> None:
    from approgress.reports.veil import veiled

    notes = (
        Note(1, 500, dossier().last, "note", "Amara and AMARA, amara's bike; Bell rang; Ms Bell; she rang the bell", audience="schools"),
        Note(1, 501, dossier().last, "quote", "Mia was here", audience="schools"),
    )
    names = (
        Name(1, 1, "legal", "Amara", "Bell"),
        Name(1, 2, "former", "Mia", "Ringwood"),
        Name(1, 3, "preferred", "Zoë", None),
    )
    agreed = (StartingPoint(1, 1, date(2026, 6, 8), date(2026, 6, 12), "T. Mbeki, Amara, mum"),)
    strengths = (Strength(1, 1, "good_at", "zoe's drawings, Zoë’s jokes"),)
    records = veiled(amara(notes=notes, names=names, strengths=strengths, starting_points=agreed))
    pdf = pdf_of(dossier(records, hidden=True))
    text = text_of(pdf)
    assert "KTB412" in text
    for name in ("Amara", "amara", "AMARA", "Bell", "Zoë", "Zoe", "zoe", "Mia", "Ringwood", "A.B.", "P999110025201"):
        assert name not in text
        assert name.encode() not in pdf and name.encode("utf-16-be") not in pdf
        assert name.encode("utf-16-be").hex().upper().encode() not in pdf
    assert "she rang the bell" in text  # a word that is also a name stays where it is a word
    assert str(PdfReader(BytesIO(pdf)).metadata).count("KTB412") >= 1


def test_upn_and_former_names_are_never_printed() -> None:
    names = (Name(1, 1, "legal", "Amara", "Bell"), Name(1, 2, "former", "Mia", "Ringwood"))
    text = text_of(pdf_of(dossier(names=names)))
    for hidden in ("P999110025201", "Mia", "Ringwood"):
        assert hidden not in text


def test_a_progress_report_holds_nothing_that_schools_may_not_read() -> None:
    day = dossier().last
    notes = (
        Note(1, 1, day, "note", "for staff only", audience="staff"),
        Note(1, 2, day, "note", "for schools", audience="schools"),
        Note(1, 3, day, "quote", "for the family", audience="family"),
        Note(1, 4, day, "note", "restricted words", audience="schools", privacy="restricted"),
        Note(1, 5, day, "note", "safeguarding words", audience="family", privacy="safeguarding"),
    )
    text = text_of(pdf_of(dossier(notes=notes)))
    assert "for schools" in text and "for the family" in text
    assert "for staff only" not in text and "restricted words" not in text and "safeguarding words" not in text


def test_one_file_for_several_has_bookmarks_and_page_numbers_of_each_pupil() -> None:
    d = dossier()
    pdf = build([telling(d), telling(dossier(nothing())), telling(d)])
    reader = PdfReader(BytesIO(pdf))
    tops = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [str(entry["/Title"]) for entry in tops] == ["Amara Bell", "Ola New", "Amara Bell"]
    starts = [reader.get_destination_page_number(entry) for entry in tops]
    texts = pages_of(pdf)
    assert "Amara Bell" in texts[starts[0]] and "Ola New" in texts[starts[1]] and "Amara Bell" in texts[starts[2]]
    assert f"1 of {starts[1]}" in texts[0] and f"1 of {starts[2] - starts[1]}" in texts[starts[1]]
    assert len(pdf) < 0.75 * (2 * len(pdf_of(d)) + len(pdf_of(dossier(nothing()))))


def test_a_summary_that_ends_in_an_exact_half_rounds_up_on_paper() -> None:
    from approgress.domain.records import StatedAttendance

    for possible, attended, percent in (
        (16, 1, "6.3%"),
        (16, 5, "31.3%"),
        (16, 11, "68.8%"),
        (80, 13, "16.3%"),
        (80, 3, "3.8%"),
        (80, 45, "56.3%"),
    ):
        stated = (StatedAttendance(1, 50, "Parkfield Academy", None, dossier().first, possible, attended, possible - attended, 0),)
        text = text_of(pdf_of(dossier(stated=stated)))
        assert f"{attended} of {possible} {percent}" in text


@pytest.mark.parametrize("name", plan_names())
def test_plans_name_sections_that_are_there(name: str) -> None:
    plan = load_plan(name)
    assert plan.title and plan.file_words and plan.sections and set(plan.sections) <= set(SECTIONS)


def test_every_section_is_named_in_a_plan() -> None:
    load_sections()
    assert set(SECTIONS) == {section for name in plan_names() for section in load_plan(name).sections}


def test_an_unknown_report_is_refused() -> None:
    with pytest.raises(Refusal, match="no report called 'end-of-term'"):
        load_plan("end-of-term")


def test_no_two_sections_have_one_name() -> None:
    load_sections()
    with pytest.raises(ValueError, match="two sections"):
        building.section("goals")(lambda _: building.Part(""))


def test_paper_uses_the_fast_parts_of_reportlab_and_none_of_its_charts() -> None:
    import importlib.util

    code = (
        "import sys; from tests.reports.made import pdf_of; pdf_of();"
        "assert 'reportlab.graphics.charts' not in sys.modules, 'charts';"
        "assert not [m for m in sys.modules if m.startswith('PySide6')], 'Qt';"
        "import _rl_accel"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(root)})
    assert done.returncode == 0, done.stderr
    assert importlib.util.find_spec("_rl_accel") is not None
