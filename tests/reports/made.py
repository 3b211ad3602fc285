"""Reports of the invented pupil, and what is read back out of a PDF."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from approgress.domain.dossier import Dossier, PupilRecords, build_dossier
from approgress.reports.build import Imprint, Telling, build, load_plan
from tests.domain.a_pupil import TODAY, amara, facts

IMPRINT = Imprint("T. Mbeki", 48213, "1a2b3c4d")

NOTES = (
    "Works well in Art & Design; A&E visit on 3 Nov",
    'Said "<3 this" about <b>boxing</b>',
    "5 < 6 and 7 > 4, so R&B; &nbsp; &lt;",
    '<img src="http://127.0.0.1:9/x.png"/> and </para> and <font color="white">unseen</font>',
    "100% of {name} %s %(x)s ${y} \\n \\t",
    "Line one\nLine two\n\n\tindented",
    'It\'s "fine" – he’s “fine” … 20 °C, £5, ½',
)
"""Notes that look like markup, a format string or a path; as they are typed."""


def dossier(records: PupilRecords | None = None, *, hidden: bool = False, audience: str = "schools", **more: object) -> Dossier:
    """The dossier that a progress report is made from."""
    held = records or amara(**more)
    return build_dossier(held, facts(), last=TODAY, today=TODAY, hidden=hidden, audience=audience)


def telling(d: Dossier | None = None, plan: str = "pupil-progress") -> Telling:
    """What `build` is given."""
    return Telling(d or dossier(), load_plan(plan), IMPRINT)


def pdf_of(d: Dossier | None = None) -> bytes:
    """One pupil's report."""
    return build([telling(d)])


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page as it is read back."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """All text, with single spaces."""
    return " ".join(" ".join(pages_of(pdf)).split())


def squashed(text: str) -> str:
    """A text without any white space: line breaks of the page do not matter then."""
    return "".join(text.split())
