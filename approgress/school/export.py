"""Everything out: each table as CSV and all of them in one workbook, with a data dictionary; whole or not at all."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from approgress.domain.days import words
from approgress.domain.errors import Trouble
from approgress.domain.records import (
    KINDS,
    Enrolment,
    Flag,
    Group,
    GroupMember,
    HomeSchool,
    Identifier,
    Kind,
    Name,
    Partner,
    Person,
    Pupil,
    Setting,
    YearGroup,
    class_field,
)
from approgress.domain.school_year import school_year_of, year_words
from approgress.interchange.tables import PUPIL_CODE, columns, csv_cell, dictionary, rows_of
from approgress.store.rows import from_store

if TYPE_CHECKING:
    from approgress.school.school import School
    from approgress.store.reads import Reader

LONGEST_CELL = 32_767
"""Letters that a cell of a workbook may hold."""
_MOST_ROWS = 1_000_000
_PUPILS_AT_ONCE = 40

LIST_HEADINGS = (
    PUPIL_CODE, "Admission No", "UPN", "Former UPN", "ULN", "Legal surname", "Legal forename", "Middle names", "Preferred surname", "Preferred name", "Date of birth", "Sex",
    "Pronouns", "Year group", "Group", "Enrolment status", "Date of admission", "Date of leaving", "Home school", "SEN status", "SEN need", "Pupil premium",
    "Free school meals", "EAL", "In care", "Previously looked after", "Young carer", "Service child", "Child in need", "Child protection", "Ethnicity", "First language",
)  # fmt: skip
"""The headings of 'pupil list.csv', in the shape of a list that can be brought in again."""


def export_all(school: School, folder: Path, progress: Callable[[int, int], None] | None = None) -> list[Path]:
    """Write every table into `folder` and answer the files written: CSV (UTF-8 with mark), the pupil list, one workbook, dictionary, README.

    Each file appears whole or not at all; what was there under the same names is replaced. Trouble where the folder cannot be written to,
    Stopped where `progress` stops it: then nothing was changed. What the viewer may not read is left out.
    """
    folder = Path(folder).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
    except OSError as e:
        raise Trouble(
            f"{folder} could not be written to ({e.strerror or e.__class__.__name__}). Nothing was exported. Choose another folder."
        ) from None
    try:
        names = school.read(lambda r: _write_all(school, r, working, progress or (lambda done, of: None)))
        for name in names:
            os.replace(working / name, folder / name)
    except OSError as e:
        full = e.errno == 28
        why = "The disk is full" if full else f"{folder} could not be written to ({e.strerror or e.__class__.__name__})"
        raise Trouble(
            f"{why}: the export was not finished. Free some space or choose another folder, close files of it that are open, and export again."
        ) from None
    finally:
        shutil.rmtree(working, ignore_errors=True)
    school.looked("export of all tables")
    return [folder / name for name in names]


def _write_all(school: School, reader: Reader, folder: Path, told: Callable[[int, int], None]) -> list[str]:
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

    codes = {p.id: p.code for p in reader.every(Pupil)}
    ids = sorted(codes)
    named = _Names(reader)
    files: list[str] = []
    steps = len(KINDS) + 3
    book: Any = xlsxwriter.Workbook(
        str(folder / "approgress tables.xlsx"),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(folder),
        },
    )
    try:
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for n, kind in enumerate(KINDS.values()):
            told(n, steps)
            name = f"{kind.name}.csv"
            sheets = _Sheets(book, kind.name, columns(kind), day_format)
            with _csv_file(folder / name) as out:
                out.row(columns(kind))
                for i, cells in enumerate(rows_of(kind, _records(reader, kind, ids), school.codes, lambda p: codes.get(p, ""), named.of)):
                    if i % 2000 == 0:
                        told(n, steps)
                    out.cells(cells)
                    sheets.row(cells)
            files.append(name)
        told(len(KINDS), steps)
        flat = list(_pupil_list(reader, school.today, codes))
        _put(folder / "pupil list.csv", LIST_HEADINGS, flat)
        sheets = _Sheets(book, "pupil list", LIST_HEADINGS, day_format)
        for cells in flat:
            sheets.row(cells)
        headings, *rows = dictionary()
        _put(folder / "data dictionary.csv", headings, rows)
        sheets = _Sheets(book, "data dictionary", headings, day_format)
        for cells in rows:
            sheets.row(cells)
        code_rows = [[c.text, c.label, c.counts_as, c.session, c.counts_late, c.first_day, c.last_day] for c in school.codes.codes]
        _put(
            folder / "attendance codes.csv", ("code", "meaning", "counts as", "session", "counts late", "first_day", "last_day"), code_rows
        )
        told(len(KINDS) + 1, steps)
        book.close()
    finally:
        for sheet in book.worksheets():  # its temporary files, which it leaves open where it was not finished
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
    text = _readme(school, len(codes))
    (folder / "README.txt").write_text(text.replace("\n", "\r\n"), "utf-8-sig", newline="")
    told(steps, steps)
    return [*files, "pupil list.csv", "data dictionary.csv", "attendance codes.csv", "approgress tables.xlsx", "README.txt"]


class _csv_file:  # noqa: N801
    """A CSV file being written: UTF-8 with mark, commas, carriage return and line feed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _csv_file:
        self._file = open(self._path, "w", encoding="utf-8-sig", newline="")
        try:
            self._writer = csv.writer(self._file, lineterminator="\r\n")
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def row(self, texts: Sequence[str]) -> None:
        """The headings."""
        self._writer.writerow(texts)

    def cells(self, cells: Iterable[Any]) -> None:
        """One record."""
        self._writer.writerow([csv_cell(c) for c in cells])


def _put(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with _csv_file(path) as out:
        out.row(headings)
        for cells in rows:
            out.cells(cells)


class _Sheets:
    """One table in a workbook, going on in a further sheet where one is full. Text is always text, numbers are numbers."""

    def __init__(self, book: Any, title: str, headings: Sequence[str], day_format: Any) -> None:
        self._book, self._title, self._headings, self._day_format = book, title, headings, day_format
        self._n = 0
        self._begin()

    def _begin(self) -> None:
        self._n += 1
        title = self._title if self._n == 1 else f"{self._title} {self._n}"
        self._sheet = self._book.add_worksheet(title[:31])
        for i, heading in enumerate(self._headings):
            self._sheet.write_string(0, i, heading)
        self._row = 0

    def row(self, cells: Iterable[Any]) -> None:
        """One record."""
        self._row += 1
        if self._row > _MOST_ROWS:
            self._begin()
            self._row = 1
        sheet = self._sheet
        for i, value in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(self._row, i, value)
            elif isinstance(value, date):
                if value.year < 1900:
                    sheet.write_string(self._row, i, value.isoformat())
                else:
                    sheet.write_datetime(self._row, i, value, self._day_format)
            elif isinstance(value, int | float):
                sheet.write_number(self._row, i, value)
            else:
                text = cast(str, value)
                if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
                    text = text[: LONGEST_CELL - 300] + f" … (longer than a cell of a workbook can be; whole in {self._title}.csv)"
                sheet.write_string(self._row, i, text)


def _records(reader: Reader, kind: Kind, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """The records of a kind the viewer may read, as key and fields in order, pupil by pupil so that a large table is never held whole."""
    names = (*kind.key, *kind.fields)
    select = f'SELECT {", ".join(names)} FROM "{kind.name}"'  # names of our own tables, never anybody's text
    order = ", ".join(kind.key)
    privacy = names.index(field) if (field := class_field(kind)) is not None else None
    first = "id" if kind.name == "pupil" else "pupil_id"
    if kind.of_pupil:
        for i in range(0, len(ids), _PUPILS_AT_ONCE):
            some = ids[i : i + _PUPILS_AT_ONCE]
            yield from _plain(
                kind, names, privacy, reader, reader.sql(f"{select} WHERE {first} BETWEEN ? AND ? ORDER BY {order}", some[0], some[-1])
            )
    else:
        yield from _plain(kind, names, privacy, reader, reader.sql(f"{select} ORDER BY {order}"))


def _plain(
    kind: Kind, names: Sequence[str], privacy: int | None, reader: Reader, rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    special = [i for i, n in enumerate(names) if kind.types[n] in (date, bool, bytes)]
    for row in rows:
        if privacy is not None and not reader.viewer.may_read(str(row[privacy])):
            continue
        values = list(row)
        for i in special:
            values[i] = from_store(kind, names[i], values[i])
        yield tuple(values)


class _Names:
    """What ids stand for."""

    def __init__(self, reader: Reader) -> None:
        partners = {p.id: p.name for p in reader.every(Partner)}
        self._by = {
            "partner_id": partners,
            "commissioner_id": partners,
            "group_id": {g.id: g.name for g in reader.every(Group)},
            "person_id": {p.id: p.name for p in reader.every(Person)},
            "setting_id": {s.id: s.name for s in reader.every(Setting)},
        }

    def of(self, field: str, record_id: int) -> str | None:
        """The name behind an id."""
        return self._by[field].get(record_id)


def _pupil_list(reader: Reader, today: date, codes: dict[int, str]) -> Iterator[list[Any]]:
    """One row for each pupil as they are today, under LIST_HEADINGS."""

    def by_pupil(kind: type[Any]) -> dict[int, list[Any]]:
        out: dict[int, list[Any]] = {}
        for record in reader.every(kind):
            out.setdefault(record.pupil_id, []).append(record)
        return out

    names, numbers, years, flags = by_pupil(Name), by_pupil(Identifier), by_pupil(YearGroup), by_pupil(Flag)
    stays, members, homes = by_pupil(Enrolment), by_pupil(GroupMember), by_pupil(HomeSchool)
    named = _Names(reader)

    def now(records: list[Any]) -> list[Any]:
        return [r for r in records if (r.first_day is None or r.first_day <= today) and (r.last_day is None or r.last_day >= today)]

    for p in reader.every(Pupil):
        if p.id not in codes:
            continue
        legal = next((n for n in reversed(names.get(p.id, [])) if n.use == "legal" and n.last_day is None), None)
        preferred = next((n for n in reversed(names.get(p.id, [])) if n.use == "preferred" and n.last_day is None), None)
        number = {i.system: i.value for i in numbers.get(p.id, [])}
        year = max((y for y in years.get(p.id, []) if y.school_year <= school_year_of(today)), key=lambda y: y.school_year, default=None)
        stay = max(stays.get(p.id, []), key=lambda e: (e.first_day or date.min, e.id), default=None)
        member, home = now(members.get(p.id, [])), now(homes.get(p.id, []))
        flag: dict[str, str] = {}
        needs: list[tuple[int, str]] = []
        for f in now([f for f in flags.get(p.id, []) if reader.viewer.may_read(f.audience)]):
            if f.sort == "need":
                needs.append((f.rank or 99, f.value))
            elif f.sort == "social_work":
                flag[f.value] = "yes"
            else:
                flag[f.sort] = f.value
        yield [
            p.code, number.get("number"), number.get("upn"), number.get("former_upn"), number.get("uln"), legal.surname if legal else None, legal.forename if legal else None,
            legal.middle if legal else None, preferred.surname if preferred else None, preferred.forename if preferred else None, p.born, p.sex, p.pronouns,
            year_words(year.year) if year and len(year.year) < 3 and year.year.isdigit() else year.year if year else None,
            named.of("group_id", member[-1].group_id) if member else None, stay.registration if stay else None, stay.first_day if stay else None, stay.last_day if stay else None,
            named.of("partner_id", home[-1].partner_id) if home else None, flag.get("sen"), ", ".join(v for _, v in sorted(needs)) or None, flag.get("pupil_premium"),
            flag.get("fsm"), flag.get("eal"), flag.get("care"), flag.get("previously_looked_after"), flag.get("young_carer"), flag.get("service_child"), flag.get("cin"),
            flag.get("cp"), p.ethnicity, p.first_language,
        ]  # fmt: skip


def _readme(school: School, pupils: int) -> str:
    return f"""Tables of {school.setting.name}, exported by approgress on {words(school.today)}: {pupils} pupils.

Each file is one table; "data dictionary.csv" says what its columns hold. "pupil list.csv" is one row a pupil as of that day, in a shape
that can be brought in again. "approgress tables.xlsx" holds the same tables as sheets. The history of changes is not in here; it stays in
the school's own file and its backups.

CSV files are UTF-8 with a byte-order mark, with commas, dates as yyyy-mm-dd, true and false, and the register's letters for marks.

How text is guarded. A spreadsheet takes a cell of a CSV file that begins with = + - @ (or with a tab) for a formula, and text from elsewhere
could so do harm. In CSV files a text that begins with = + - @ | % a tab, a line end or their wide forms, or with an apostrophe, has one
apostrophe put before it. Take one leading apostrophe off to have the text letter for letter; approgress does so when it reads a file with the
column {PUPIL_CODE}. Numbers are never guarded: -2.5 is a number. In the workbook nothing is guarded and nothing is a formula: every text is
stored as text.

What is in here is for the school itself. Addresses marked confidential, contacts who must not be contacted and restricted notes that you may
read are in these files, marked as such. Look at the columns address_confidential, must_not_contact, court_order, audience and privacy before
any of it leaves the school.
"""
