"""Paper: the ReportLab canvas with our faces, colours, drawn marks and the tags that a screen reader goes by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, partial
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from approgress.reports.fonts import Face, face
from approgress.style import MARKS, load_style

PAGE_WIDTH, PAGE_HEIGHT = float(A4[0]), float(A4[1])
LANGUAGE: Final = "en-GB"


@cache
def rgb(role: str) -> tuple[float, float, float]:
    """A colour role of the light theme (paper is white) as three parts from 0 to 1."""
    colour = load_style("light").colour(role) if role != "white" else "#FFFFFF"
    red, green, blue = (round(int(colour[i : i + 2], 16) / 255, 4) for i in (1, 3, 5))
    return red, green, blue


@cache
def _fill(role: str) -> str:
    return "{:g} {:g} {:g} rg".format(*rgb(role))


@cache
def _stroke(role: str) -> str:
    return "{:g} {:g} {:g} RG".format(*rgb(role))


def _n(x: float) -> str:
    text = f"{x:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Fragment:
    """A piece of a line that is set in one face and colour, `x` points from the line's beginning; or a drawn mark in its place."""

    __slots__ = ("colour", "face", "mark", "text", "width", "x")

    def __init__(self, x: float, width: float, set_in: Face, colour: str, text: str, mark: str = "") -> None:
        self.x = x
        self.width = width
        self.face = set_in
        self.colour = colour
        self.text = text
        self.mark = mark


class Element:
    """A node of the tag tree: a heading, a paragraph, a cell, a figure. `parts` are elements, or (page, number) of marked content."""

    __slots__ = ("alt", "kind", "name", "parent", "parts", "scope")

    def __init__(self, kind: str, parent: Element | None, name: str, alt: str = "", scope: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.name = name
        self.alt = alt
        self.scope = scope
        self.parts: list[Element | tuple[int, int]] = []


# ReportLab carries no types: what is built on it is checked as far as our own names go
_PDFObject: Any = pdfdoc.PDFObject
_Canvas: Any = Canvas


class _Bytes(_PDFObject):
    """An object of the file that knows how to write itself."""

    __RefOnly__ = 1

    def __init__(self, make: Any) -> None:
        self._make = make

    def format(self, document: Any) -> bytes:
        return bytes(self._make(document))


class Paper(_Canvas):
    """A canvas in A4 whose bytes depend on nothing but what is drawn: no clock, no built-in face, no order of a set.

    Everything that is drawn between `begin` and `end` belongs to an element of the tag tree, everything else is marked as ornament.
    """

    def __init__(self, *, title: str, author: str, subject: str, keywords: str, made: date) -> None:
        self._buffer = BytesIO()
        _Canvas.__init__(
            self,
            self._buffer,
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            initialFontName=face(400).fontName,
            initialFontSize=9,
            lang=LANGUAGE,
            pdfVersion=(1, 7),
        )
        self.setTitle(title)
        self.setAuthor(author)
        self.setSubject(subject)
        self.setKeywords(keywords)
        self.setCreator("approgress")
        self.setViewerPreference("DisplayDocTitle", "true")
        stamp = self._doc._timeStamp  # the day of the data: the same data give the same bytes
        stamp.YMDhms = (made.year, made.month, made.day, 0, 0, 0)
        self._tree = Element("Document", None, "tag:0")
        self._open: list[Element] = [self._tree]
        self._elements = [self._tree]
        self._content: list[list[Element]] = [[]]
        self._inside = ""
        self._names: dict[tuple[Face, int], str] = {}

    # --- tags ------------------------------------------------------------------------------------------------------

    def begin(self, kind: str, alt: str = "", scope: str = "") -> None:
        """Open an element: Sect, H1, H2, P, Table, TR, TH, TD, L, LI, LBody, Figure (with its words in `alt`)."""
        self._close_content()
        element = Element(kind, self._open[-1], f"tag:{len(self._elements)}", alt, scope)
        self._elements.append(element)
        self._open[-1].parts.append(element)
        self._open.append(element)

    def end(self) -> None:
        """Close the element that was opened last."""
        self._close_content()
        self._open.pop()

    def _content_of_element(self) -> None:
        if self._inside == "content":
            return
        self._close_content()
        on_page = self._content[-1]
        element = self._open[-1]
        element.parts.append((len(self._content) - 1, len(on_page)))
        self._code.append(f"/{element.kind} <</MCID {len(on_page)}>> BDC")
        on_page.append(element)
        self._inside = "content"

    def _ornament(self) -> None:
        if self._inside == "ornament":
            return
        self._close_content()
        self._code.append("/Artifact BMC")
        self._inside = "ornament"

    def _close_content(self) -> None:
        if self._inside:
            self._code.append("EMC")
            self._inside = ""

    def drawing(self) -> None:
        """Say that what is drawn next belongs to the open element (a chart)."""
        self._content_of_element()

    def ornament(self) -> None:
        """Say that what is drawn next is ornament, or repeats what is said elsewhere (rules, running heads, feet)."""
        self._ornament()

    def showPage(self) -> None:  # noqa: N802
        """Close this page."""
        self._close_content()
        _Canvas.showPage(self)
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self._content) - 1
        page.Tabs = "/S"
        self._content.append([])

    def _write_tree(self) -> None:
        doc = self._doc
        refs: dict[str, Any] = {}

        def ref(name: str) -> str:
            found = refs.get(name)
            if found is None:
                number, generation = doc.idToObjectNumberAndVersion[name]
                found = refs[name] = f"{number} {generation} R"
            return str(found)

        def element_bytes(element: Element, _: Any) -> bytes:
            # short, because a report has hundreds: marked content of the element's own page is a mere number
            kids: list[str] = []
            own = next((part[0] for part in element.parts if not isinstance(part, Element)), None)
            for part in element.parts:
                if isinstance(part, Element):
                    kids.append(ref(part.name))
                elif part[0] == own:
                    kids.append(str(part[1]))
                else:
                    kids.append(f"<</Type/MCR/Pg {ref(f'Page{part[0] + 1}')}/MCID {part[1]}>>")
            parent = ref(element.parent.name) if element.parent else ref("tags")
            extra = f"/Pg {ref(f'Page{own + 1}')}" if own is not None else ""
            if element.alt:
                extra += f"/Alt {pdf_text(element.alt)}"
            if element.scope:
                extra += f"/A<</O/Table/Scope/{element.scope}>>"
            if element.parent is None:
                extra += f"/Lang({LANGUAGE})"
            told = kids[0] if len(kids) == 1 else f"[{' '.join(kids)}]"
            return f"<</S/{element.kind}/P {parent}{extra}/K {told}>>".encode("ascii")

        def root_bytes(_: Any) -> bytes:
            rows = " ".join(f"{i} [{' '.join(ref(e.name) for e in on_page)}]" for i, on_page in enumerate(self._content) if on_page)
            return f"<</Type /StructTreeRoot /K {ref('tag:0')} /ParentTree <</Nums [{rows}]>> /ParentTreeNextKey {len(self._content)}>>".encode(
                "ascii"
            )

        root = _Bytes(root_bytes)
        doc.Reference(root, "tags")
        for element in self._elements:
            doc.Reference(_Bytes(partial(element_bytes, element)), element.name)
        doc.Catalog.StructTreeRoot = root
        doc.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def finish(self) -> bytes:
        """The whole file."""
        self._write_tree()
        self.save()
        return self._buffer.getvalue()

    # --- drawing ---------------------------------------------------------------------------------------------------

    def write_line(self, x: float, y: float, size: float, fragments: Iterable[Fragment], *, mark_size: float | None = None) -> None:
        """Set the fragments of one line, its base line at `y`."""
        if self._inside != "ornament":
            self._content_of_element()
        code = self._code
        doc = self._doc
        escape = self._escape
        for f in fragments:
            if f.mark:
                reach = mark_size or size * 0.76
                self.mark(f.mark, x + f.x + f.width / 2, y + size * 0.33, reach, f.colour)
                continue
            if not f.text:
                continue
            place = f"BT {_fill(f.colour)} 1 0 0 1 {x + f.x:.2f} {y:.2f} Tm"
            first = f.face.first_codes(f.text)
            if first is not None:
                code.append(f"{place} {self._name(f.face, 0)} {size:g} Tf ({escape(first)}) Tj ET")
                continue
            out = [place]
            for subset, chunk in f.face.splitString(f.text, doc):
                out.append(f"{self._name(f.face, subset)} {size:g} Tf ({escape(chunk)}) Tj")
            code.append(" ".join([*out, "ET"]))

    def _name(self, set_in: Face, subset: int) -> str:
        name = self._names.get((set_in, subset))
        if name is None:
            name = self._names[set_in, subset] = set_in.getSubsetInternalName(subset, self._doc)
        return name

    def fill_rect(self, x: float, y: float, width: float, height: float, role: str) -> None:
        """A filled rectangle without an edge."""
        self._code.append(f"{_fill(role)} {_n(x)} {_n(y)} {_n(width)} {_n(height)} re f")

    def rule(self, x: float, y: float, width: float, role: str = "line", thickness: float = 0.6) -> None:
        """A level hairline, filled and not stroked, so that it is crisp."""
        self.fill_rect(x, y - thickness / 2, width, thickness, role)

    def polyline(
        self, points: Sequence[tuple[float, float]], role: str, thickness: float, dash: tuple[float, ...] = (), *, round_ends: bool = True
    ) -> None:
        """A line through the points."""
        if len(points) < 2:
            return
        (x0, y0), *rest = points
        path = " ".join([f"{_n(x0)} {_n(y0)} m", *(f"{_n(x)} {_n(y)} l" for x, y in rest)])
        pattern = f"[{' '.join(_n(d) for d in dash)}] 0 d "
        cap = 0 if dash or not round_ends else 1
        self._code.append(f"q {_stroke(role)} {_n(thickness)} w {cap} J 1 j {pattern if dash else ''}{path} S Q")

    def frame(self, x: float, y: float, width: float, height: float, role: str, thickness: float, dash: tuple[float, ...] = ()) -> None:
        """The edge of a rectangle."""
        pattern = f"[{' '.join(_n(d) for d in dash)}] 0 d " if dash else ""
        self._code.append(f"q {_stroke(role)} {_n(thickness)} w {pattern}{_n(x)} {_n(y)} {_n(width)} {_n(height)} re S Q")

    def mark(self, name: str, x: float, y: float, size: float, role: str, *, hollow: bool = False, thickness: float = 1.4) -> None:
        """A painted mark of `style.MARKS` around (x, y), `size` points wide: filled, drawn with a pen, or hollow on white."""
        shape = MARKS[name]
        path: list[str] = []
        for step in shape.path:
            letter, numbers = step[0], step[1:]
            if letter == "Z":
                path.append("h")
                continue
            places = [_n(x + n * size) if i % 2 == 0 else _n(y - n * size) for i, n in enumerate(numbers)]
            path.append(" ".join(places) + {"M": " m", "L": " l", "C": " c"}[letter])
        drawn = " ".join(path)
        if shape.stroke:
            self._code.append(f"q {_stroke(role)} {_n(shape.stroke * size)} w 1 J 1 j {drawn} S Q")
        elif hollow:
            self._code.append(f"q {_fill('white')} {_stroke(role)} {_n(thickness)} w 1 j {drawn} B Q")
        else:
            self._code.append(f"{_fill(role)} {drawn} f")

    def hatch(self, x: float, y: float, width: float, height: float, role: str, *, gap: float = 3.2, thickness: float = 0.9) -> None:
        """Slanted lines in a rectangle with an edge: what must differ also where there is no colour."""
        lines: list[str] = []
        reach = x - height
        while reach < x + width:
            lines.append(f"{_n(reach)} {_n(y)} m {_n(reach + height)} {_n(y + height)} l")
            reach += gap
        box = f"{_n(x)} {_n(y)} {_n(width)} {_n(height)} re"
        self._code.append(f"q {_fill('white')} {box} f {box} W n {_stroke(role)} {_n(thickness)} w {' '.join(lines)} S Q")
        self.frame(x, y, width, height, role, thickness)


def pdf_text(text: str) -> str:
    """A text string of the file, in UTF-16 as hexadecimal digits."""
    return "<FEFF" + text.encode("utf-16-be", "ignore").hex().upper() + ">"
