"""P1 and P3: the pupil's report beside a ReportLab canvas that draws two like pages by hand, and many reports in one go."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from approgress.school.school import School
from benchmarks.book import Book
from benchmarks.timing import Result, paired, timed

_WORDS = "the pupil came to us in June and has been in most mornings since then with one adult to go to and a seat by the door".split()


def demonstration(folder: Path) -> School:
    """The demonstration school of 64, made once in a folder."""
    from approgress.school.demonstration import make_demonstration

    path = folder / "demonstration.approgress"
    return School.open(path) if path.exists() else make_demonstration(path)


def by_hand(pages: int) -> bytes:
    """Pages drawn by hand with the same embedded faces: head, paragraphs, a table of 14 rows, four charts, foot; on each page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from approgress.paths import resource

    faces = sorted(resource("fonts").glob("AtkinsonHyperlegibleNext-*.ttf"))
    names = ["Floor0", "Floor1"]
    for name, face in zip(names, (faces[0], faces[-1]), strict=True):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(face)))
    out = io.BytesIO()
    c = Canvas(out, pagesize=(595, 842), pageCompression=1)
    for page in range(pages):
        c.setFont(names[1], 18)
        c.drawString(48, 780, "Progress from starting point")
        y = 750.0
        for paragraph in range(3):
            for line in range(4):
                c.setFont(names[0], 10.5)
                c.drawString(48, y, " ".join(_WORDS[(line + paragraph + page) % 5 :])[:95])
                y -= 15
            y -= 6
        for row in range(14):
            c.setFont(names[0], 9)
            for x, text in (
                (48, "Wellbeing"),
                (140, f"Measure {row}"),
                (290, f"{row} of 20"),
                (350, f"{row + 3} of 20"),
                (410, "+3"),
                (450, "no clear change"),
            ):
                c.drawString(x, y, text)
            c.setLineWidth(0.5)
            c.line(48, y - 5, 547, y - 5)
            y -= 16
        for chart in range(4):
            left, bottom = 48 + (chart % 2) * 255, 180 - (chart // 2) * 110
            c.rect(left, bottom, 235, 90, stroke=1, fill=0)
            before = None
            for i in range(10):
                x, z = left + 10 + i * 23, bottom + 15 + (i * 13 + chart * 7) % 60
                c.circle(x, z, 2.5, fill=1)
                if before:
                    c.line(*before, x, z)
                before = (x, z)
                c.setFont(names[0], 7)
                c.drawString(x - 4, bottom - 9, f"{i} Nov")
        c.setFont(names[0], 8)
        c.drawString(48, 40, f"School · Confidential · page {page + 1} of {pages}")
        c.showPage()
    c.save()
    return out.getvalue()


def p1(book: Book) -> Result:
    """One pupil's report, laid out and written, against as many pages drawn by hand."""
    from approgress.school.reports import make_reports
    from approgress.store.reads.pupils import by_key, on_roll

    with demonstration(book.folder) as school:
        pupils = school.read(on_roll, school.today)
        pupil = (school.read(by_key, "HC0001") or pupils)[0]
        out = book.folder / "one"
        out.mkdir()
        made = make_reports(school, [pupil], out)
        import pypdf

        pages = len(pypdf.PdfReader(made.files[0]).pages)
        p, f, x = paired(lambda: make_reports(school, [pupil], out), lambda: by_hand(pages), rounds=15)
    return Result(
        "P1", f"one pupil's report of {pages} pages, queries and file included", p, f, x, 1.5, note="floor: canvas by hand, as many pages"
    )


def p3(book: Book) -> Result:
    """All reports of those on roll in one go, in pages a second."""
    import pypdf

    from approgress.school.reports import make_reports
    from approgress.store.reads.pupils import on_roll

    with demonstration(book.folder) as school:
        pupils = school.read(on_roll, school.today)
        out = book.folder / "many"
        out.mkdir()
        make_reports(school, pupils[:3], out)
        took = timed(lambda: make_reports(school, pupils, out))
        pages = [len(pypdf.PdfReader(f).pages) for f in out.glob("*.pdf")]
        floor = timed(lambda: [by_hand(n) for n in pages])
    return Result(
        "P3",
        f"{len(pages)} reports, {sum(pages)} pages, with their queries",
        took,
        floor,
        took / floor,
        1 / 0.55,
        note=f"{1000 * sum(pages) / took:.0f} pages a second",
    )


ALL: dict[str, Callable[[Book], Result]] = {"P1": p1, "P3": p3}
