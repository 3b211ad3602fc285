"""An attendance summary: whole sessions by pupil and period, as some school states them; its sums checked, halves never rounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from approgress.interchange import cells
from approgress.interchange.cells import Bad, is_blank, read_percent, read_whole
from approgress.interchange.pupils import Who, name_order_of, read_who
from approgress.interchange.rows import CellRefusal, Row, RowReader

COUNTS = ("possible", "attended", "present", "aea", "authorised", "unauthorised", "late_before", "late_after")
HALVES = "whole number"


@dataclass(slots=True)
class SummaryRow:
    """What one row states. A count is None where the file has no such column or the cell is blank."""

    row: int
    who: Who
    counts: dict[str, int | None] = field(default_factory=lambda: {})
    percent: float | None = None
    first_day: date | None = None
    last_day: date | None = None
    school: str | None = None
    refusals: list[CellRefusal] = field(default_factory=list)
    refusal: CellRefusal | None = None

    @property
    def late(self) -> int | None:
        """Late sessions, before and after the register closed; None where the file says neither."""
        before, after = self.counts.get("late_before"), self.counts.get("late_after")
        return None if before is None and after is None else (before or 0) + (after or 0)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Counts that make sense together; `adds_up` is false where attended + authorised + unauthorised is not possible."""

    possible: int
    attended: int
    authorised: int
    unauthorised: int
    adds_up: bool = True
    apart: bool | None = None  # approved activity stood beside 'present' (True) or within it (False); None: the row cannot tell

    @property
    def total(self) -> int:
        """What the parts make."""
        return self.attended + self.authorised + self.unauthorised


def read_summary(reader: RowReader, *, double: bool = False) -> Iterator[SummaryRow]:
    """The rows of a summary. `double`: the whole file counts days, and each is two sessions."""
    order = name_order_of(reader.columns.heading("full_name")) if reader.columns.has("full_name") else None
    for row in reader.rows():
        yield _read(row, order, double)


def _read(row: Row, order: str | None, double: bool) -> SummaryRow:
    if row.refusal is not None:
        who = Who(
            upn=row.line("upn"),
            number=row.line("number"),
            surname=row.line("surname"),
            forename=row.line("forename"),
            full=row.line("full_name"),
        )
        return SummaryRow(row.number, who, refusal=row.refusal)
    who = read_who(row, order)
    found = SummaryRow(row.number, who)
    if who.says_nobody:
        found.refusal = CellRefusal(row.number, None, None, "nobody named", "it names no pupil: no UPN, number or name.")
        return found
    comma = row.reader.table.decimal_comma
    for key in COUNTS:
        text = row.text(key)
        if not text:
            continue
        value = _doubled(text) if double and key not in ("late_before", "late_after") else read_whole(text, decimal_comma=comma)
        if isinstance(value, Bad):
            row.refuse(key, value)
        else:
            found.counts[key] = value
    percent = row.text("percent")
    found.percent = read_percent(percent) if percent and not is_blank(percent) else None
    found.first_day, found.last_day = row.day("first_day", cells.EVENT), row.day("last_day", cells.EVENT)
    if found.first_day is not None and found.last_day is not None and found.last_day < found.first_day:
        row.refuse("last_day", Bad("date", "the period ends before it begins."))
    school = row.line("school")
    found.school = None if school is None or is_blank(school) else school
    found.refusals = list(row.refusals)
    if found.refusals:
        found.refusal = found.refusals[0]
        return found
    missing = [k for k in ("possible", "authorised", "unauthorised") if found.counts.get(k) is None]
    if found.counts.get("attended") is None and found.counts.get("present") is None:
        missing.append("attended")
    if missing:
        words = {
            "possible": "possible sessions",
            "authorised": "authorised absence",
            "unauthorised": "unauthorised absence",
            "attended": "sessions attended",
        }
        named = " and ".join(words[k] for k in missing)
        found.refusal = CellRefusal(
            row.number, None, None, "missing", f"it does not say {named}, so its sum cannot be checked. Its figures were left out."
        )
    return found


def _doubled(text: str) -> int | Bad | None:
    said = text.strip()
    if is_blank(said):
        return None
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", said).replace(",", ".")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?", plain):
        return read_whole(text)
    sessions = Fraction(plain) * 2
    return int(sessions) if sessions.denominator == 1 else Bad(HALVES, "twice this number of days is no whole number of sessions.")


def sessions_of(row: SummaryRow) -> Sessions:
    """The counts of a row that has them. Whether 'present' includes approved educational activity is told by the sum that makes up possible."""
    c = row.counts
    possible, authorised, unauthorised = c.get("possible") or 0, c.get("authorised") or 0, c.get("unauthorised") or 0
    attended, present, aea = c.get("attended"), c.get("present"), c.get("aea")
    if attended is None and present is not None:
        if aea:
            apart = present + aea + authorised + unauthorised == possible
            within = present + authorised + unauthorised == possible
            if within and not apart:
                return Sessions(possible, present, authorised, unauthorised, True, False)
            return Sessions(possible, present + aea, authorised, unauthorised, apart, True if apart else None)
        attended = present
    attended = attended or 0
    return Sessions(possible, attended, authorised, unauthorised, attended + authorised + unauthorised == possible)
