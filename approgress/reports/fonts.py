"""The typefaces of paper: registered once, measured, split into runs that their own glyphs cover, and embedded as subsets made once."""

from __future__ import annotations

import threading
import unicodedata
import zlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab.lib.rl_accel import instanceStringWidthTTF  # pyright: ignore[reportUnknownVariableType]
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, TTFont

from approgress.paths import resource

# ReportLab carries no types: what is built on it is checked as far as our own names go
_TTFont: Any = TTFont
_pdf: Any = pdfdoc
_metrics: Any = pdfmetrics


# Every report uses these, so that the first subset of a face is the same in all of them and is made once in a run of reports.
_COMMON: Final = [*range(32, 127), *map(ord, "£°±·½×éëüáíóúèêçñäöï–—‘’“”…−≥≤")]


class Face(_TTFont):
    """A TrueType face whose common glyphs are subset and compressed once, however many reports are made.

    ReportLab subsets and compresses each face again for every file, which is a third of a report's time. Here subset 0 holds the same
    glyphs in the same places in every file; whatever else a text needs goes to further subsets. Signs that the face lacks keep a place of
    their own, so that the text of the page still holds them.
    """

    def __init__(self, name: str, path: Path) -> None:
        _TTFont.__init__(self, name, str(path), validate=0, shapable=False)
        self.glyphs: frozenset[str] = frozenset(chr(code) for code in self.face.charToGlyph)
        self._first = [0] * 32 + _COMMON[:95] + [0] + _COMMON[95:]
        self._first_places = {code: place for place, code in enumerate(self._first) if code}
        self._first_signs = frozenset(map(chr, self._first_places)) | {"\xa0"}
        self._first_table = {**self._first_places, 0xA0: 32}
        self._made: dict[tuple[int, ...], tuple[bytes, int, bytes, list[float]]] = {}

    def width(self, text: str, size: float) -> float:
        """The width of `text` in points."""
        return float(instanceStringWidthTTF(self, text, size))

    def first_codes(self, text: str) -> bytes | None:
        """The text in the codes of subset 0, or None where that lacks a sign of it."""
        if text.isascii():
            return text.encode("ascii")
        return text.translate(self._first_table).encode("latin-1") if self._first_signs.issuperset(text) else None

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """The text as (subset, bytes) of this document, as ReportLab asks for it."""
        state = self._state_of(doc)
        first = self.first_codes(text)
        if first is not None:
            return [(0, first)]
        places = state.assignments
        out: list[tuple[int, bytes]] = []
        current, codes = -1, bytearray()
        for sign in text:
            code = ord(sign)
            place = places.get(code)
            if place is None:
                place = self._assign(state, code)
            if place >> 8 != current:
                if codes:
                    out.append((current, bytes(codes)))
                current, codes = place >> 8, bytearray()
            codes.append(place & 0xFF)
        if codes:
            out.append((current, bytes(codes)))
        return out

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802
        """The name of a subset in this document."""
        self._state_of(doc)
        return str(_TTFont.getSubsetInternalName(self, subset, doc))

    def _state_of(self, doc: Any) -> Any:
        state = self.state.get(doc)
        if state is None:
            state = self.state[doc] = _TTFont.State(False, self)
            state.assignments = dict(self._first_table)
            state.subsets = [self._first]
        return state

    @staticmethod
    def _assign(state: Any, code: int) -> int:
        last: list[int] = state.subsets[-1]
        if len(state.subsets) == 1 or len(last) == 256:
            last = [0]
            state.subsets.append(last)
        if len(last) == 32:
            last.append(32)  # 32 is a space in every subset
        place = (len(state.subsets) - 1) << 8 | len(last)
        last.append(code)
        state.assignments[code] = place
        return place

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Put the subsets that this document uses into it."""
        state = self._state_of(doc)
        state.frozen = 1
        face = self.face
        for n, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(n, doc)[1:]
            name = f"{_tag(n)}+{face.name.decode('ascii')}"
            program, length, to_unicode, widths = self._subset(tuple(subset))
            font = _pdf.PDFTrueTypeFont()
            font.Name = internal
            font.BaseFont = name
            font.FirstChar = 0
            font.LastChar = len(subset) - 1
            font.Widths = _pdf.PDFArray(widths)
            font.ToUnicode = doc.Reference(_packed(to_unicode), "toUnicodeCMap:" + name)
            program_stream = _packed(program)
            program_stream.dictionary["Length1"] = length
            descriptor = _pdf.PDFDictionary(
                {
                    "Type": "/FontDescriptor",
                    "Ascent": face.ascent,
                    "CapHeight": face.capHeight,
                    "Descent": face.descent,
                    "Flags": face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC,
                    "FontBBox": _pdf.PDFArray(face.bbox),
                    "FontName": _pdf.PDFName(name),
                    "ItalicAngle": face.italicAngle,
                    "StemV": face.stemV,
                    "FontFile2": doc.Reference(program_stream, "fontFile:" + name),
                    "MissingWidth": face.defaultWidth,
                }
            )
            font.FontDescriptor = doc.Reference(descriptor, "fontDescriptor:" + name)
            doc.Reference(font, internal)
            doc.idToObject["BasicFonts"].dict[internal] = font
        del self.state[doc]

    def _subset(self, codes: tuple[int, ...]) -> tuple[bytes, int, bytes, list[float]]:
        made = self._made.get(codes)
        if made is None:
            with _LOCK:  # the face's file is read through one position
                program = self.face.makeSubset(list(codes))
            widths = [self.face.getCharWidth(code) for code in codes]
            made = zlib.compress(program, 9), len(program), zlib.compress(_to_unicode(codes)), widths
            if len(self._made) < 64:
                self._made[codes] = made
        return made


def _tag(n: int) -> str:
    """Six letters that tell subsets of one face apart (PDF 32000-1, 9.6.4)."""
    return "AAAA" + chr(65 + n // 26 % 26) + chr(65 + n % 26)


def _packed(content: bytes) -> Any:
    stream = _pdf.PDFStream(content=content)
    stream.dictionary["Filter"] = _pdf.PDFArray([_pdf.PDFName("FlateDecode")])
    return stream


def _to_unicode(codes: tuple[int, ...]) -> bytes:
    """The map from places back to letters, in UTF-16, so that text can be searched, copied and read aloud (PDF 32000-1, 9.10.3)."""
    rows = [f"<{place:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for place, code in enumerate(codes) if code]
    parts = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for i in range(0, len(rows), 100):  # a hundred a block, by the specification
        block = rows[i : i + 100]
        parts += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    parts += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(parts).encode("ascii")


_LOCK = threading.RLock()


@cache
def _faces() -> tuple[dict[int, Face], dict[int, Face]]:
    with _LOCK:
        folder = resource("fonts")
        faces = {weight: Face(f"paper{weight}", folder / name) for weight, name in _FILES.items()}
        plain, bold = (Face(f"second{weight}", folder / name) for weight, name in _SECOND.items())
        for made in (*faces.values(), plain, bold):
            _metrics.registerFont(made)
        return faces, {400: plain, 600: bold, 700: bold}


_FILES: Final = {
    400: "AtkinsonHyperlegibleNext-Regular.ttf",
    600: "AtkinsonHyperlegibleNext-SemiBold.ttf",
    700: "AtkinsonHyperlegibleNext-Bold.ttf",
}
_SECOND: Final = {400: "DejaVuSans.ttf", 700: "DejaVuSans-Bold.ttf"}


def face(weight: int) -> Face:
    """The face of a weight: 400, 600 or 700."""
    return _faces()[0][weight]


def runs(text: str, weight: int) -> list[tuple[Face, str]]:
    """The text as runs that one face covers: the chosen weight, and the second face for signs that it lacks.

    A sign that neither has stays with the second face, whose empty box then stands for it.
    """
    faces, seconds = _faces()
    first, second = faces[weight], seconds[weight]
    glyphs = first.glyphs
    if glyphs.issuperset(text):
        return [(first, text)]
    out: list[tuple[Face, str]] = []
    for sign in text:
        chosen = first if sign in glyphs else second
        if out and out[-1][0] is chosen:
            out[-1] = (chosen, out[-1][1] + sign)
        else:
            out.append((chosen, sign))
    return out


_KEPT: Final = 20_000
_words: dict[int, dict[str, tuple[tuple[Face, str, float], ...]]] = {400: {}, 600: {}, 700: {}}


def measured(word: str, weight: int) -> tuple[tuple[Face, str, float], ...]:
    """`runs` of a word, each with its width at size 1; words come back in every report, so they are kept."""
    kept = _words[weight]
    found = kept.get(word)
    if found is None:
        found = tuple((set_in, text, set_in.width(text, 1000.0) / 1000.0) for set_in, text in runs(word, weight))
        if len(kept) > _KEPT:
            kept.clear()
        kept[word] = found
    return found


def text_width(text: str, weight: int, size: float) -> float:
    """The width of `text` in points."""
    return size * sum(unit for _, _, unit in measured(text, weight))


_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}


def clean(text: str) -> str:
    """A text as it may be set: one kind of line end, letters composed, and without signs that have no form (controls, half surrogates).

    Everything else stays letter for letter.
    """
    if text.isascii() and text.isprintable():
        return text
    for end, one in _LINE_ENDS.items():
        text = text.replace(end, one)
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
