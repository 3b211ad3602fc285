"""Files as tables: separators, line ends, row numbers, cut-off files; workbooks with their odd cells, and the limits before any is opened."""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from approgress.domain.errors import Refusal, Trouble
from approgress.interchange import workbook
from approgress.interchange.headings import is_known
from approgress.interchange.table import DATE, ERROR, FORMULA, TIME, Table, cell_name, letter, open_table, read_bytes

HEAD = "Admission No,UPN,Surname,Forename,Date of Birth"
ROWS = [["Admission No", "UPN", "Surname", "Forename"], ["P1", "", "Aird", "Zoë"], ["P2", "", "Bell, Jr", "Max"]]


def table(data: bytes | str, name: str = "file.csv", sheet: str | None = None) -> Table:
    return open_table(data if isinstance(data, bytes) else data.encode(), name, is_known, sheet)


def rows(data: bytes | str) -> list[tuple[int, list[str]]]:
    return list(table(data).records())


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_told(separator: str, line_end: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows(ROWS)
    for text in (out.getvalue(), out.getvalue().rstrip("\r\n")):
        assert [r for _, r in rows(text)] == ROWS


@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=4, max_size=4), max_size=8
    )
)
def test_what_was_written_is_read(cells: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([HEAD.split(",")[:4], *cells])
    read = [r for _, r in rows("\ufeff" + out.getvalue())][1:]
    assert read == [c for c in cells if any(x and not x.isspace() for x in c)]


def test_a_separator_line_is_a_hint_and_no_row() -> None:
    found = rows("sep=;\r\nUPN;Surname;Possible\r\nX;A;66,7\r\n")
    assert found == [(1, ["UPN", "Surname", "Possible"]), (2, ["X", "A", "66,7"])]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    found = rows(f'{HEAD}\r\nP1,,A,B,"one\r\ntwo, with ""quotes""\r\n\r\n"\r\n\r\nP2,,C,D,x\r\n')
    assert [(n, r[0]) for n, r in found] == [(1, "Admission No"), (2, "P1"), (4, "P2")]
    assert found[1][1][4] == 'one\r\ntwo, with "quotes"\r\n\r\n'


def test_a_long_cell_is_whole() -> None:
    long = "Seen at home. " * 9000
    assert rows(f'{HEAD}\nP1,,A,B,"{long}"\n')[1][1][4] == long


def test_a_quotation_mark_that_is_never_closed_is_found() -> None:
    found = table(f'{HEAD}\nP1,,A,B,x\nP2,,"C,D,y\nP3,,E,F,z\n')
    assert found.open_quote_row == 3 and "never closed" in found.cut_off
    assert table(f"{HEAD}\nP1,,A,B,5'11\"\n").open_quote_row is None


def test_a_last_line_without_end_is_noted() -> None:
    assert table(f"{HEAD}\nP1,,A,B").unterminated and not table(f"{HEAD}\nP1,,A,B,x\n").unterminated


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n...", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"SQLite format 3\0", "is a database"),
        (bytes(range(256)) * 20, "is not text"),
        (b"<?xml version='1.0'?><other/>", "is XML, but not"),
        (b"PK\x03\x04 cut off", "is damaged or cut off"),
        (b"<html><body>Log in again</body></html>", "without a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged or no workbook"),
    ],
)
def test_what_is_no_list_is_refused_by_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        table(data, "list.csv")


def test_a_web_page_with_a_workbooks_name_is_read_as_its_table() -> None:
    page = "<html><style>td{}</style><table><tr><th>UPN<th>Surname</tr><tr><td>X1<td>Aird &amp; Co<script>alert(1)</script></tr></table></html>"
    found = table(page, "pupils.xls")
    assert [r for _, r in found.records()] == [["UPN", "Surname"], ["X1", "Aird & Co"]]
    assert "web page" in found.warnings[0]


def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no file"):
        read_bytes(tmp_path / "none.csv")
    with pytest.raises(Trouble, match="folder"):
        read_bytes(tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf\r\n")
    with pytest.raises(Refusal, match="is empty"):
        read_bytes(tmp_path / "empty.csv")


def test_columns_are_named_as_a_spreadsheet_does() -> None:
    assert [letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert cell_name(4, 9) == "J4"


# --- workbooks --------------------------------------------------------------------------------------------------------


def book(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    made = openpyxl.Workbook()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def mixed(made: openpyxl.Workbook) -> None:
    sheet = made.active
    assert sheet is not None
    sheet.append(["Adm No", "UPN", "Surname", "DOB", "Pupil Premium", "Tutor group", "Time", "Sum"])
    sheet.append([1234, "W1", "Ambergate", dt.date(2011, 11, 2), True, 10.1, dt.time(9, 6), "=1+1"])
    sheet.append(["01235", "K1", "Bullbridge", "02/11/2011", False, "10.10", None, None])
    sheet.append([412, "Z1", "Crich", dt.datetime(2012, 3, 4), "Yes", dt.date(2026, 10, 1), None, "#N/A"])
    sheet["A4"].number_format = "000000"
    sheet["H4"].data_type = "e"
    sheet.row_dimensions[3].hidden = True
    secret = made.create_sheet("Old")
    secret.append(["UPN", "Surname", "Forename"])
    secret.sheet_state = "hidden"


def test_cells_of_a_workbook_are_what_a_person_reads_in_them() -> None:
    found = table(book(mixed), "pupils.xlsx")
    read = dict(found.records())
    assert read[2] == ["1234", "W1", "Ambergate", "2011-11-02", "TRUE", "10.1", "09:06:00", "(formula without its result)"]
    assert read[3][:6] == ["01235", "K1", "Bullbridge", "02/11/2011", "FALSE", "10.10"]
    assert read[4] == ["000412", "Z1", "Crich", "2012-03-04", "Yes", "2026-10-01", "", "#error"]
    assert {k: found.odd[k] for k in ((2, 6), (2, 7), (4, 5), (4, 7))} == {(2, 6): TIME, (2, 7): FORMULA, (4, 5): DATE, (4, 7): ERROR}
    assert found.hidden_rows == {3} and "hidden sheet" in found.warnings[0] and found.sheets == ("Sheet", "Old")


def test_the_sheet_that_looks_like_a_list_is_read_and_its_rivals_named() -> None:
    def fill(made: openpyxl.Workbook) -> None:
        assert made.active is not None
        made.active.append(["Read me"])
        for year in ("Year 10", "Year 11"):
            sheet = made.create_sheet(year)
            sheet.append(["UPN", "Surname", "Forename"])
            sheet.append([year, "A", "B"])

    found = table(book(fill), "pupils.xlsx")
    assert (found.sheet, found.rival_sheets) == ("Year 10", ("Year 11",))
    assert dict(open_table(book(fill), "pupils.xlsx", is_known, "Year 11").records())[2][0] == "Year 11"


def test_an_old_workbook_is_read(pytestconfig: pytest.Config) -> None:
    found = table((pytestconfig.rootpath / "tests/data/pupils-invented.xls").read_bytes(), "pupils.xls")
    read = dict(found.records())
    assert read[2] == ["1234", "W999410724181", "Ambergate", "Zak", "2011-11-02"] and read[3][0] == "01235"
    assert found.hidden_rows == {3} and "Old" in found.warnings[0]


def packed(parts: dict[str, bytes], declared: dict[str, int] | None = None) -> bytes:
    """A zip file whose directory may declare other sizes than there are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    data = bytearray(out.getvalue())
    for name, size in (declared or {}).items():
        at = data.rindex(name.encode()) - 46
        struct.pack_into("<I", data, at + 24, size)
    return bytes(data)


def parts_with(sheet: bytes, strings: bytes = b"") -> dict[str, bytes]:
    made = book(lambda w: None)
    with zipfile.ZipFile(io.BytesIO(made)) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return parts


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@cache
def bombs() -> dict[str, bytes]:
    row = b'<row><c t="inlineStr"><is><t>' + b"a" * 200 + b"</t></is></c></row>"
    big = SHEET % (row * 290_000)
    string = b"<sst><si><t>" + b"b" * 1_000_000 + b"</t></si></sst>"
    return {
        "declared": packed(parts_with(big)),
        "lying": packed(parts_with(big), {"xl/worksheets/sheet1.xml": 1000}),
        "far": packed(parts_with(SHEET % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "far single quotes": packed(
            parts_with(SHEET % b"<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")
        ),
        "one string, many cells": packed(parts_with(SHEET % (b'<row><c t="s"><v>0</v></c></row>' * 5000), string)),
        "doctype": packed(parts_with(b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + SHEET % b"")),
    }


@pytest.mark.parametrize("kind", ["declared", "lying", "far", "far single quotes", "one string, many cells", "doctype"])
def test_a_workbook_that_would_not_fit_is_refused_before_it_is_opened(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the reader was asked")

    monkeypatch.setattr(workbook, "_read", opened)
    with pytest.raises(Refusal):
        table(bombs()[kind], "bomb.xlsx")
    with pytest.raises(Refusal):
        table(bombs()[kind], "bomb.csv")


_ODD_SHEETS = (
    b'<row r="1"><c r="A1"><v>1</v></c><c r="E4294967295"><v>1</v></c></row>',
    b'<row r="1"><c r="A1"><v>1</v></c><c r="D1699999999999999999999"><v>1</v></c></row>',
    b'<row r="99999999999"><c><v>1</v></c></row>',
    b'<row r="0"><c><v>1</v></c></row>',
    b'<row r="1"><c r="A0"><v>1</v></c></row>',
    b'<row r="1"><c r="A1" s=">" r2="1"><v>1</v></c></row>',
)


@pytest.mark.parametrize("cells", _ODD_SHEETS)
def test_a_cell_outside_every_sheet_is_refused_before_room_is_made_for_it(cells: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the reader was asked, and would end the program")

    monkeypatch.setattr(workbook, "_read", opened)
    with pytest.raises(Refusal, match="not built as workbooks are"):
        table(packed(parts_with(SHEET % cells)), "odd.xlsx")


@pytest.mark.parametrize("promised", [b'uniqueCount="4294967295"', b'count="18446744073709551615"', b"uniqueCount='-1'"])
def test_strings_that_are_only_promised_get_no_room(promised: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the reader was asked, and would end the program")

    monkeypatch.setattr(workbook, "_read", opened)
    strings = b"<sst " + promised + b'><si><t>Its count="99999999999"</t></si></sst>'
    with pytest.raises(Refusal, match="not built as workbooks are"):
        table(packed(parts_with(SHEET % b'<row><c t="s"><v>0</v></c></row>', strings)), "odd.xlsx")


def test_a_number_without_end_is_an_error_in_its_cell_alone() -> None:
    found = table(packed(parts_with(SHEET % b'<row r="1"><c r="A1"><v>1e400</v></c><c r="B1"><v>7</v></c></row>')), "odd.xlsx")
    assert list(found.records()) == [(1, ["#error", "7"])]


_OPEN_DOCUMENT = (
    b'<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="B">%s'
    b"</table:table></office:spreadsheet></office:body></office:document-content>"
)


@pytest.mark.parametrize(
    "content",
    [
        _OPEN_DOCUMENT % b'<table:table-row><table:table-cell/><table:table-cell table:number-columns-repeated="1048576"/></table:table-row>',
        _OPEN_DOCUMENT % b'<table:table-row><table:table-cell table:number-columns-repeated="+99999999"/></table:table-row>',
        _OPEN_DOCUMENT % b'<table:table-row table:number-rows-repeated="99999999"><table:table-cell/></table:table-row>',
        (_OPEN_DOCUMENT % b"<table:table-row><table:table-cell><text:p>a</text:p>")[:-60],
    ],
)
def test_an_open_document_that_no_program_writes_is_refused_before_it_is_opened(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the reader was asked, and would never come back")

    monkeypatch.setattr(workbook, "_read", opened)
    with pytest.raises(Refusal, match="not built as workbooks are"):
        table(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}), "odd.ods")


def test_repeated_cells_of_an_open_document_are_counted() -> None:
    content = (
        b'<office:document-content><office:body><office:spreadsheet><table:table table:name="B"><table:table-row table:number-rows-repeated="1000000">'
        b'<table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>a</text:p></table:table-cell></table:table-row>'
        b"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with pytest.raises(Refusal, match="larger than is read"):
        table(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}), "bomb.ods")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"word/document.xml": b"<x/>"}, "is a document"),
        ({"xl/workbook.bin": b""}, "binary workbook"),
        ({"Index/Document.iwa": b""}, "Numbers"),
        ({"a.txt": b"x"}, "no workbook"),
    ],
)
def test_other_packed_files_are_refused_by_what_they_are(parts: dict[str, bytes], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        table(packed(parts), "list.xlsx")


def test_a_cut_workbook_is_refused() -> None:
    whole = book(mixed)
    for length in (30, len(whole) // 2, len(whole) - 10):
        with pytest.raises(Refusal):
            table(whole[:length], "pupils.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are not on Windows")
def test_bombs_stay_within_memory(tmp_path: Path) -> None:
    """Each of them in a process that may take 300 MB of address space beyond what Python itself has."""
    for kind, data in bombs().items():
        (tmp_path / f"{kind}.xlsx").write_bytes(data)
    program = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from approgress.domain.errors import Refusal
        from approgress.interchange.headings import is_known
        from approgress.interchange.table import open_table, read_bytes
        import approgress.interchange.workbook, python_calamine
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if Path("/proc/self/statm").exists() else 400_000_000
        resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000,) * 2)
        for path in sorted(Path(sys.argv[1]).iterdir()):
            try:
                open_table(read_bytes(path), path.name, is_known)
            except Refusal:
                continue
            sys.exit(f"{path.name} was read")
        """
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
