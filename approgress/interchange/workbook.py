"""Workbooks (.xlsx, .ods, .xls) as tables: bounded before any reader opens them, then read by python-calamine."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from approgress.domain.errors import Refusal
from approgress.interchange.table import DATE, ERROR, FORMULA, TIME, Table, heading_row

LARGEST_UNPACKED = 64_000_000
LARGEST_RANGE = 2_000_000
LARGEST_TEXT = 40_000_000
LARGEST_OLD = 30_000_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of any spreadsheet program
_PARTS = 4000
_SMALL_PART = 4_000_000
_CHUNK = 1 << 18


def _too_large(name: str) -> Refusal:
    return Refusal(
        f"{name}: this workbook unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB and was not read. Nothing was changed. "
        "Save the one sheet that is needed as CSV."
    )


# --- what is in the packet, before anybody opens it -------------------------------------------------------------------


class _Packet:
    """The parts of a zip file, unpacked by us with a limit, whatever sizes its directory declares."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        try:
            entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OSError, UnicodeDecodeError):
            raise Refusal(
                f"{name} is damaged or cut off: it begins like a workbook and does not end like one. Nothing was changed."
            ) from None
        if len(entries) > _PARTS or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
            raise _too_large(name)
        self._entries = {e.filename.replace("\\", "/").lstrip("/").casefold(): e for e in entries}
        if len(self._entries) != len(entries):
            raise Refusal(f"{name} holds two parts of one name, which no workbook does. Nothing was changed.")
        if any(e.flag_bits & 1 for e in entries):
            raise Refusal(f"{name} is protected with a password. Nothing was changed. Save it without one, or as CSV.")
        self.unpacked = 0

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self._entries

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, part: str, limit: int = LARGEST_UNPACKED) -> bytes:
        """A part's bytes; what unpacks to more than it declares, or than the limit, is refused."""
        entry = self._entries.get(part.casefold())
        if entry is None:
            return b""
        return b"".join(self._unpack(entry, limit))

    def measure(self) -> None:
        """Unpack every part once without keeping it: Refusal where that is more than declared or more than the limit."""
        for entry in self._entries.values():
            for _ in self._unpack(entry, LARGEST_UNPACKED):
                pass

    def _unpack(self, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
        at = entry.header_offset
        if self._data[at : at + 4] != b"PK\x03\x04":
            raise Refusal(f"{self._name} is damaged. Nothing was changed.")
        name_length, extra_length = struct.unpack_from("<HH", self._data, at + 26)
        begin = at + 30 + name_length + extra_length
        packed = memoryview(self._data)[begin : begin + entry.compress_size]
        total = 0
        if entry.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed[: limit + 1])
            total = len(packed)
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            opener = zlib.decompressobj(-15)
            for i in range(0, len(packed), _CHUNK):
                waiting: bytes = bytes(packed[i : i + _CHUNK])
                while waiting:
                    try:
                        piece = opener.decompress(waiting, 4 * _CHUNK)
                    except zlib.error:
                        raise Refusal(f"{self._name} is damaged: a part of it cannot be unpacked. Nothing was changed.") from None
                    waiting = opener.unconsumed_tail
                    total += len(piece)
                    if total > limit or total > entry.file_size:
                        raise _too_large(self._name)
                    yield piece
        else:
            raise Refusal(f"{self._name} is packed in a way that workbooks are not. Nothing was changed. Save it again as .xlsx or CSV.")
        if total > limit:
            raise _too_large(self._name)


@dataclass(slots=True)
class _Sheet:
    name: str
    visible: bool = True
    part: str = ""
    odd: dict[tuple[int, int], str] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=lambda: set())


def open_packed(data: bytes, name: str, known: Callable[[str], bool], sheet: str | None = None) -> Table:
    """The table of an .xlsx or .ods workbook. Refusal where its size unpacked, its used range or its text would be too large."""
    packet = _Packet(data, name)
    if "xl/workbook.bin" in packet:
        raise Refusal(f"{name} is a binary workbook (.xlsb). Nothing was changed. Save it as .xlsx or CSV.")
    if "xl/workbook.xml" in packet:
        packet.measure()
        sheets = _xlsx_sheets(packet, name)
    elif "content.xml" in packet:
        packet.measure()
        sheets = _ods_sheets(packet, name)
    elif any(n.startswith(("word/", "ppt/")) for n in packet.names):
        raise Refusal(f"{name} is a document, not a list. Nothing was changed. Export the list as CSV or as a workbook (.xlsx).")
    elif any(n.startswith("index/") and n.endswith(".iwa") for n in packet.names):
        raise Refusal(f"{name} is a Numbers document. Nothing was changed. Export it from Numbers as CSV or Excel.")
    else:
        raise Refusal(f"{name} is a packed file and no workbook. Nothing was changed. Unpack it first.")
    return _read(data, name, sheets, known, sheet)


_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(row|c)(?=[\s/>])([^>]*?)(/?)>")
_FORMULA = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f\b")
_VALUE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?v\b[^>]*>\s*([^<]*)")
_ATTRIBUTE = re.compile(rb"""(?:^|\s)([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_USUAL = re.compile(rb'^ r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d{1,6})")?(?: t="(\w+)")? ?$')
_REFERENCE = re.compile(rb"^([A-Za-z]{1,3})(\d{1,7})$")
_STRINGS = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?sst\b([^>]*)>")


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {k: a or b for k, a, b in _ATTRIBUTE.findall(text)}


def _odd(name: str) -> Refusal:
    return Refusal(f"{name} is not built as workbooks are. Nothing was changed. Save it again as .xlsx or CSV.")


def _xml_part(packet: _Packet, part: str, name: str, limit: int) -> bytes:
    data = packet.read(part, limit)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:2000]:
        raise _odd(name)
    return data


def _xlsx_sheets(packet: _Packet, name: str) -> list[_Sheet]:
    book = _xml_part(packet, "xl/workbook.xml", name, _SMALL_PART)
    links = _xml_part(packet, "xl/_rels/workbook.xml.rels", name, _SMALL_PART)
    targets: dict[bytes, str] = {}
    for match in re.finditer(rb"<(?:\w+:)?Relationship\b([^>]*)>", links):
        a = _attributes(match[1])
        target = a.get(b"Target", b"").decode("utf-8", "replace")
        targets[a.get(b"Id", b"")] = target.lstrip("/") if target.startswith("/") else "xl/" + target
    import html

    sheets: list[_Sheet] = []
    for match in re.finditer(rb"<(?:\w+:)?sheet\b([^>]*)>", book):
        a = _attributes(match[1])
        link = next((v for k, v in a.items() if k.endswith(b":id") or k == b"id"), b"")
        title = html.unescape(a.get(b"name", b"").decode("utf-8", "replace"))
        sheets.append(_Sheet(title, a.get(b"state", b"visible") == b"visible", targets.get(link, "")))
    pads = _pads(_xml_part(packet, "xl/styles.xml", name, _SMALL_PART * 4))
    shared = packet.read("xl/sharedStrings.xml")
    lengths = _string_lengths(shared)
    for match in _STRINGS.finditer(shared):
        a = _attributes(match[1])
        for promised in (a.get(b"count", b"0").strip(), a.get(b"uniqueCount", b"0").strip()):
            # the reader makes room for as many as are promised, and ends the whole program where there is none
            if not (promised.isdigit() and len(promised) < 9 and int(promised) <= LARGEST_RANGE):
                raise _odd(name)
    for one in sheets:
        if one.part:
            _scan(_xml_part(packet, one.part, name, LARGEST_UNPACKED), one, pads, lengths, name)
    return sheets


def _string_lengths(shared: bytes) -> list[int]:
    lengths: list[int] = []
    at = 0
    for match in re.finditer(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>)", shared):
        if lengths:
            lengths[-1] = match.start() - at
        lengths.append(0)
        at = match.start()
    if lengths:
        lengths[-1] = len(shared) - at
    return lengths


def _pads(styles: bytes) -> dict[int, int]:
    """Which cell styles show whole numbers with leading zeros ('000000'), and how many places they have."""
    formats = {
        int(a[b"numFmtId"]): a.get(b"formatCode", b"")
        for m in re.finditer(rb"<(?:\w+:)?numFmt\b([^>]*)>", styles)
        if (a := _attributes(m[1])).get(b"numFmtId", b"").isdigit()
    }
    cells = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    out: dict[int, int] = {}
    if cells:
        for i, match in enumerate(re.finditer(rb"<(?:\w+:)?xf\b([^>]*)>", cells[0])):
            number = _attributes(match[1]).get(b"numFmtId", b"0")
            code = formats.get(int(number) if number.isdigit() else 0, b"")
            if re.fullmatch(rb"0{2,20}", code):
                out[i] = len(code)
    return out


def _column(letters: bytes) -> int:
    n = 0
    for c in letters.upper():
        n = n * 26 + c - 64
    return n - 1


def _scan(data: bytes, sheet: _Sheet, pads: dict[int, int], lengths: list[int], name: str) -> None:
    """Bound a sheet's used range and text, and note hidden rows, formulas without result and padded numbers."""
    row = column = -1
    last_row = last_column = 0
    text = 0
    formulas = _FORMULA.search(data) is not None
    weigh = max(lengths, default=0) * data.count(b"<") > LARGEST_TEXT
    columns: dict[bytes, int] = {}
    at = _TAG.search(data)
    while at is not None:
        match, at = at, _TAG.search(data, at.end())
        tag, attributes, closed = match.groups()
        if tag == b"row":
            a = _attributes(attributes) if attributes else {}
            row += 1
            column = -1
            number = a.get(b"r")
            if number is not None:
                if not (number.isdigit() and len(number) < 8 and int(number)):
                    raise _odd(name)
                row = int(number) - 1
            if a.get(b"hidden", b"0") in (b"1", b"true"):
                sheet.hidden.add(row)
            continue
        if usual := _USUAL.match(attributes):
            letters, digits, style, kind = usual[1], usual[2], usual[3], usual[4]
        else:
            a = _attributes(attributes)
            said = a.get(b"r")
            reference = _REFERENCE.match(said) if said is not None else None
            if (said is not None and reference is None) or attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
                raise _odd(name)  # the reader might make another cell of it, far outside what was measured here
            letters, digits = (reference[1], reference[2]) if reference else (None, b"0")
            style, kind = a.get(b"s"), a.get(b"t")
        if letters is None:
            column += 1
        else:
            if letters not in columns:
                columns[letters] = _column(letters)
            column = columns[letters]
            row = int(digits) - 1
            if row < 0:
                raise _odd(name)
        if row > last_row or column > last_column:
            last_row, last_column = max(row, last_row), max(column, last_column)
            if (last_row + 1) * (last_column + 1) > LARGEST_RANGE:
                raise Refusal(
                    f"{name}: the used part of the sheet “{sheet.name}” reaches to row {last_row + 1:,} and column {last_column + 1:,}, "
                    "more than is read. Nothing was changed. Copy the list alone into a new sheet, or save it as CSV."
                )
        if kind == b"e":
            sheet.odd[row + 1, column] = ERROR
        elif pads and kind in (None, b"n") and style is not None and style.isdigit() and int(style) in pads:
            sheet.padded[row + 1, column] = pads[int(style)]
        if closed or not (formulas or (kind == b"s" and weigh)):
            continue
        end = at.start() if at is not None else len(data)
        value = _VALUE.search(data, match.end(), end)
        if kind == b"s" and weigh and value and value[1].strip().isdigit():
            place = int(value[1])
            text += lengths[place] if place < len(lengths) else 0
            if text > LARGEST_TEXT:
                raise _too_large(name)
        elif formulas and (value is None or (not value[1] and kind != b"str")) and _FORMULA.search(data, match.end(), end):
            sheet.odd[row + 1, column] = FORMULA


_ODS = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>")


def _ods_sheets(packet: _Packet, name: str) -> list[_Sheet]:
    data = _xml_part(packet, "content.xml", name, LARGEST_UNPACKED)
    _whole(data, name)
    import html

    hidden_styles = {
        m[1]
        for m in re.finditer(
            rb'<style:style\b[^>]*style:name="([^"]*)"[^>]*style:family="table"[^>]*>(?:(?!</style:style>).)*?table:display="false"', data
        )
    }
    sheets: list[_Sheet] = []
    rows = columns = widest = repeats = 0
    hidden_row = False
    for match in _ODS.finditer(data):
        tag, attributes, closed = match.groups()
        a = _attributes(attributes)
        if tag == b"table":
            style = a.get(b"table:style-name", b"")
            sheets.append(_Sheet(html.unescape(a.get(b"table:name", b"").decode("utf-8", "replace")), style not in hidden_styles))
            rows = widest = repeats = 0
        elif tag == b"table-row":
            rows += repeats
            repeats = _repeat(a.get(b"table:number-rows-repeated", b"1"))
            columns = 0
            if repeats < 1 or rows + repeats > _MOST_ROWS:
                raise _odd(name)
            hidden_row = a.get(b"table:visibility", b"") in (b"collapse", b"filter")
            if hidden_row and sheets:
                sheets[-1].hidden.update(range(rows, rows + min(repeats, 2000)))
        else:
            n = _repeat(a.get(b"table:number-columns-repeated", b"1"))
            if n < 1 or columns + n > _MOST_COLUMNS or attributes.count(b'"') % 2 or attributes.count(b"'") % 2:
                raise _odd(name)  # no program writes such a row, and the reader would make all of it, blank as it is
            filled = any(k.endswith(b"value-type") for k in a) or not closed
            if filled:
                widest = max(widest, columns + n)
                if (rows + repeats) * widest > LARGEST_RANGE:
                    raise Refusal(
                        f"{name}: the used part of a sheet is larger than is read. Nothing was changed. "
                        "Copy the list alone into a new sheet, or save it as CSV."
                    )
                if n * repeats * 8 > LARGEST_TEXT and not closed:
                    raise _too_large(name)
            if b"table:formula" in a and not any(k.endswith(b"value-type") for k in a) and sheets:
                sheets[-1].odd[rows + 1, columns] = FORMULA
            columns += n
    return sheets


def _whole(data: bytes, name: str) -> None:
    """Refusal where XML is not well formed: the reader of open documents would look for a missing end for ever."""
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise _odd(name) from None


def _repeat(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else 10**9


# --- the old binary workbook ------------------------------------------------------------------------------------------


def open_old(data: bytes, name: str, known: Callable[[str], bool], sheet: str | None = None) -> Table:
    """The table of an .xls workbook, bounded by its own records first. Refusal where it is protected, damaged or too large."""
    if len(data) > LARGEST_OLD:
        raise Refusal(f"{name} is larger than {LARGEST_OLD // 1_000_000} MB. It was not read. Save the one sheet that is needed as CSV.")
    damaged = Refusal(f"{name} is damaged or no workbook. Nothing was changed. Save it again as .xlsx or CSV.")
    try:
        streams = _old_streams(data)
    except (struct.error, IndexError, ValueError):
        raise damaged from None
    if "EncryptedPackage" in streams:
        raise Refusal(f"{name} is protected with a password. Nothing was changed. Save it without one, or as CSV.")
    if "WordDocument" in streams:
        raise Refusal(f"{name} is a document, not a list. Nothing was changed. Export the list as CSV or as a workbook (.xlsx).")
    book = streams.get("Workbook") or streams.get("Book")
    if book is None:
        raise damaged
    try:
        sheets = _old_sheets(book, name)
    except struct.error:
        raise damaged from None
    return _read(data, name, sheets, known, sheet)


def _old_streams(data: bytes) -> dict[str, bytes]:
    """The streams of an OLE compound file by name (only those in whole sectors, and the small ones as empty)."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError
    size = 1 << shift
    limit = len(data) // size + 2

    def sector(n: int) -> bytes:
        return data[(n + 1) * size : (n + 2) * size]

    table_sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < 0xFFFFFFFA]
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, limit)):
        if more >= 0xFFFFFFFA:
            break
        block = struct.unpack(f"<{size // 4}I", sector(more))
        table_sectors += [n for n in block[:-1] if n < 0xFFFFFFFA]
        more = block[-1]
    fat: list[int] = []
    for n in table_sectors[:limit]:
        fat += struct.unpack(f"<{size // 4}I", sector(n))

    def chain(n: int) -> bytes:
        out: list[bytes] = []
        while n < 0xFFFFFFFA and len(out) < limit:
            out.append(sector(n))
            n = fat[n]
        return b"".join(out)

    directory = chain(struct.unpack_from("<I", data, 48)[0])
    cutoff = struct.unpack_from("<I", data, 56)[0]
    streams: dict[str, bytes] = {}
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        if not 2 <= length <= 64 or directory[at + 66] != 2:
            continue
        title = directory[at : at + length - 2].decode("utf-16-le", "replace")
        first, total = struct.unpack_from("<I", directory, at + 116)[0], struct.unpack_from("<I", directory, at + 120)[0]
        streams[title] = chain(first)[:total] if total >= cutoff and title in ("Workbook", "Book") else b""
    return streams


_OLD_CELLS = frozenset(
    {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005}
)


def _old_sheets(book: bytes, name: str) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    current, last_row, last_column, text = -1, 0, 0, 0
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == 0x002F:
            raise Refusal(f"{name} is protected with a password. Nothing was changed. Save it without one, or as CSV.")
        if kind == 0x0085 and length >= 8:
            n, wide = body[6], body[7] & 1
            title = body[8 : 8 + n * 2].decode("utf-16-le", "replace") if wide else body[8 : 8 + n].decode("cp1252", "replace")
            if body[5] == 0:
                sheets.append(_Sheet(title, body[4] & 3 == 0))
        elif kind in (0x0809, 0x0409, 0x0209, 0x0009) and length >= 4:
            if struct.unpack_from("<H", body, 2)[0] == 0x0010:
                current += 1
                last_row = last_column = 0
        elif kind == 0x0208 and length >= 16 and 0 <= current < len(sheets):
            if struct.unpack_from("<I", body, 12)[0] & 0x20:
                sheets[current].hidden.add(struct.unpack_from("<H", body, 0)[0])
        elif kind in _OLD_CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", body, 0)
            if kind in (0x00BD, 0x00BE):
                column = struct.unpack_from("<H", body, length - 2)[0]
            last_row, last_column = max(last_row, row), max(last_column, column)
            text += length
            if (last_row + 1) * (last_column + 1) > LARGEST_RANGE or text > LARGEST_TEXT:
                raise Refusal(
                    f"{name}: the used part of a sheet is larger than is read. Nothing was changed. "
                    "Copy the list alone into a new sheet, or save it as CSV."
                )
    return sheets


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(data: bytes, name: str, sheets: list[_Sheet], known: Callable[[str], bool], wanted: str | None) -> Table:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise Refusal(f"{name} is protected with a password. Nothing was changed. Save it without one, or as CSV.") from None
    except (calamine.CalamineError, OSError, ValueError) as e:
        raise Refusal(
            f"{name} could not be read as a workbook ({_plain(e)}). Nothing was changed. Save it again as .xlsx or CSV."
        ) from None
    about = {s.name: s for s in sheets}
    visible: dict[str, bool] = {}
    for meta in book.sheets_metadata:
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            own = about.get(meta.name)
            visible[meta.name] = meta.visible == calamine.SheetVisibleEnum.Visible and (own is None or own.visible)
    if wanted is not None and wanted not in visible:
        raise Refusal(f"{name} has no sheet “{wanted}”. It has {', '.join(visible)}. Nothing was changed.")
    values: dict[str, list[list[Any]]] = {}
    ranks: dict[str, int] = {}
    for title in visible:
        if wanted is not None and title != wanted:
            continue
        try:
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        except (calamine.CalamineError, OSError, ValueError) as e:
            raise Refusal(f"{name} could not be read ({_plain(e)}). Nothing was changed. Save it again as .xlsx or CSV.") from None
        values[title] = rows
        looked = [(i, [str(v) for v in r]) for i, r in enumerate(rows[:60]) if any(v not in ("", None) for v in r)][:25]
        ranks[title] = sum(1 for c in looked[heading_row(looked, known)][1] if known(c)) if len(looked) > 1 else len(looked) - 1
    shown = [t for t in values if visible[t]] or list(values)
    if not shown:
        raise Refusal(f"{name} has no sheet with cells. Nothing was changed.")
    title = wanted or max(shown, key=lambda t: (ranks[t], -shown.index(t)))
    sheet = about.get(title, _Sheet(title))
    texts, odd = _texts(values[title], sheet)
    own = any("pupil_code" in cells for _, cells in texts[:1])  # our own workbook, whose sheets are known
    others = () if own or wanted is not None else tuple(t for t in values if t != title and ranks[t] >= 3)
    rivals = tuple(t for t in others if visible[t])
    table = Table(
        name, f"the sheet “{title}”", lambda: iter(texts), about=len(texts), odd=odd, sheet=title, sheets=tuple(visible), is_text=False
    )
    table.hidden_rows = frozenset(r + 1 for r in sheet.hidden)
    table.rival_sheets = rivals
    table.hidden_lists = tuple(t for t in others if not visible[t])
    unseen = [t for t, v in visible.items() if not v and t != title]
    if unseen:
        table.warnings.append(
            f"{name} has {'a hidden sheet that was' if len(unseen) == 1 else 'hidden sheets that were'} not read: {', '.join(unseen)}."
        )
    return table


def _plain(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0][:120]


def _texts(rows: list[list[Any]], sheet: _Sheet) -> tuple[list[tuple[int, list[str]]], dict[tuple[int, int], str]]:
    out: list[tuple[int, list[str]]] = []
    odd = dict(sheet.odd)
    for number, values in enumerate(rows, start=1):
        cells: list[str] = []
        for column, value in enumerate(values):
            if isinstance(value, str):
                cells.append(value)
            elif value is None:
                cells.append("")
            elif isinstance(value, bool):
                cells.append("TRUE" if value else "FALSE")
            elif isinstance(value, datetime):
                odd[number, column] = DATE
                cells.append(value.date().isoformat() if value.time() == time() else value.isoformat(" "))
            elif isinstance(value, date):
                odd[number, column] = DATE
                cells.append(value.isoformat())
            elif isinstance(value, time):
                odd[number, column] = TIME
                cells.append(value.strftime("%H:%M:%S"))
            elif isinstance(value, timedelta):
                odd[number, column] = TIME
                seconds = int(value.total_seconds())
                cells.append(f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}")
            else:
                text = _number(value)
                places = sheet.padded.get((number, column))
                cells.append(text.zfill(places) if places and text.isdigit() else text)
            if odd and (kind := odd.get((number, column))) in (ERROR, FORMULA) and not cells[-1]:
                cells[-1] = "#error" if kind == ERROR else "(formula without its result)"
        if any(c and not c.isspace() for c in cells):
            out.append((number, cells))
    return out, odd


def _number(value: float) -> str:  # calamine gives float, and int where the file says so
    """A number as a person reads it in the sheet: no '.0', no exponent, fifteen places at most."""
    if not isfinite(value):
        return "#error"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"
