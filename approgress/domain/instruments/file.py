"""An instrument's file: one edition read from its TOML text, or refused by the rule that it breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from approgress.domain.errors import Refusal
from approgress.domain.instruments.instrument import (
    CHECKED,
    HIGHER,
    KINDS,
    LARGEST_ANSWER,
    LOWER,
    ORDINAL,
    STRANDS,
    UNVERIFIED,
    Band,
    Instrument,
    Item,
    Licence,
    Norm,
    Reliability,
    Response,
    Scale,
    SmallestChange,
)
from approgress.domain.instruments.lines import Path
from approgress.domain.instruments.reader import REQUIRED, Reader, are, is_number, is_whole
from approgress.domain.values import number

_TOP = (
    "id",
    "edition",
    "name",
    "short",
    "strand",
    "respondents",
    "ages",
    "entry",
    "interval_days",
    "about",
    "enabled",
    "open_edition",
    "licence",
    "responses",
    "items",
    "scales",
    "bands",
    "reliability",
    "norm",
    "smallest_change",
)
_SCALE = (
    "id",
    "name",
    "items",
    "sum_of",
    "score",
    "multiply",
    "range",
    "better",
    "kind",
    "missing_allowed",
    "prorate_round",
    "table",
    "step",
    "count_from",
)
_FOR = ("scale", "source", "checked", "respondents", "sex", "ages")


@lru_cache(maxsize=128)
def read_instrument(text: str, file_name: str) -> Instrument:
    """The instrument that a TOML text describes (instrument-file.md).

    Raises Refusal naming file, line and rule where the text breaks one; `field` is then the key, such as 'scales.1.range'.
    """
    import tomllib

    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(found[2]) if found and found[2] else text.count("\n") + 1
        said = found[1] if found else str(error)
        raise Refusal(f"{file_name}, line {line}: this is not TOML ({said}).") from error
    reader = Reader(text, file_name, data)
    top = reader.table(data, (), _TOP)
    identity = reader.text(top, (), "id")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", identity):
        reader.refuse(("id",), f"id is “{identity}”, but may hold only small letters, digits and _, and begins with a letter.")
    name = reader.text(top, (), "name")
    entry = reader.word(top, (), "entry", ("items", "scores"))
    licence = _licence(reader, top, entry)
    responses = _responses(reader, top, ())
    items = _items(reader, top, entry, licence, responses)
    scales = _scales(reader, top, entry, items)
    by_id = {s.id: s for s in scales}
    return Instrument(
        id=identity,
        edition=reader.text(top, (), "edition"),
        name=name,
        short=reader.text(top, (), "short", name),
        strand=reader.word(top, (), "strand", STRANDS),
        respondents=reader.respondents(top, (), required=True),
        entry=entry,
        licence=licence,
        scales=scales,
        ages=reader.ages(top, ()),
        interval_days=reader.whole(top, (), "interval_days", 0),
        about=reader.text(top, (), "about", "", blank=True),
        enabled=reader.truth(top, (), "enabled", True),
        open_edition=reader.truth(top, (), "open_edition", False),
        responses=responses,
        items=items,
        bands=_bands(reader, top, by_id),
        reliabilities=_reliabilities(reader, top, by_id),
        norms=_norms(reader, top, by_id),
        smallest_changes=_smallest_changes(reader, top, by_id),
        file_name=file_name,
    )


def _licence(reader: Reader, top: dict[str, Any], entry: str) -> Licence:
    if "licence" not in top:
        reader.refuse((), "the [licence] table is missing: whose is this instrument, and may its text be shown?")
    path: Path = ("licence",)
    table = reader.table(top["licence"], path, ("owner", "text_may_be_shown", "line", "source"))
    shown = reader.truth(table, path, "text_may_be_shown")
    if not shown and entry != "scores":
        reader.refuse(("entry",), "the licence does not let the text be shown (text_may_be_shown = false), so entry must be “scores”.")
    return Licence(
        reader.text(table, path, "owner"),
        shown,
        reader.text(table, path, "line", "", blank=True),
        reader.text(table, path, "source", "", blank=True),
    )


def _responses(reader: Reader, table: dict[str, Any], path: Path) -> tuple[Response, ...]:
    found: list[Response] = []
    for at, row in reader.tables(table, path, "responses", ("value", "label", "looks_like")):
        value = reader.whole(row, at, "value", high=LARGEST_ANSWER)
        if any(r.value == value for r in found):
            reader.refuse((*at, "value"), f"two responses have the value {value}.")
        found.append(Response(value, reader.text(row, at, "label"), reader.text(row, at, "looks_like", "", blank=True)))
    return tuple(found)


def _items(reader: Reader, top: dict[str, Any], entry: str, licence: Licence, shared: tuple[Response, ...]) -> tuple[Item, ...]:
    found: list[Item] = []
    for at, row in reader.tables(top, (), "items", ("number", "text", "reverse", "risk", "responses")):
        item_number = reader.whole(row, at, "number", low=1)
        if any(i.number == item_number for i in found):
            reader.refuse((*at, "number"), f"two items are numbered {item_number}.")
        text = reader.text(row, at, "text", "", blank=True)
        if text.strip() and not licence.text_may_be_shown:
            reader.refuse((*at, "text"), "the licence does not let the text be shown (text_may_be_shown = false), so no item has a text.")
        if entry == "items" and not text.strip():
            reader.refuse((*at, "text") if "text" in row else at, f"item {item_number} has no text.")
        own = _responses(reader, row, at) or shared
        if entry == "items" and len(own) < 2:
            reader.refuse(at, f"item {item_number} needs two or more responses, its own or shared ones.")
        found.append(Item(item_number, text, own, reader.truth(row, at, "reverse", False), reader.truth(row, at, "risk", False)))
    if entry == "items" and not found:
        reader.refuse(("entry",), "entry is “items”, but there are no [[items]].")
    return tuple(found)


def _scales(reader: Reader, top: dict[str, Any], entry: str, items: tuple[Item, ...]) -> tuple[Scale, ...]:
    rows = reader.tables(top, (), "scales", _SCALE)
    if not rows:
        reader.refuse((), "there must be one or more [[scales]].")
    by_number = {i.number: i for i in items}
    names = [row.get("id") for _, row in rows]
    found: list[Scale] = []
    for at, row in rows:
        scale_id = reader.text(row, at, "id")
        if names.count(scale_id) > 1:
            reader.refuse((*at, "id"), f"two scales have the id {scale_id}.")
        numbers = _numbers(reader, row, at, by_number, entry)
        parts = _parts(reader, row, at, scale_id, names)
        low, high = reader.pair(row, at, "range")
        kind = reader.word(row, at, "kind", KINDS)
        scale = Scale(
            id=scale_id,
            name=reader.text(row, at, "name"),
            low=low,
            high=high,
            better=reader.word(row, at, "better", (HIGHER, LOWER)),
            kind=kind,
            items=numbers,
            sum_of=parts,
            score=reader.word(row, at, "score", ("sum", "mean", "table"), REQUIRED if entry == "items" and not parts else "sum"),
            multiply=reader.real(row, at, "multiply", 1, above=0),
            missing_allowed=reader.whole(row, at, "missing_allowed", 0),
            prorate_round=reader.truth(row, at, "prorate_round", True),
            table=_table(reader, row, at),
            step=reader.real(row, at, "step", 1, above=0),
            count_from=reader.whole(row, at, "count_from") if "count_from" in row else None,
        )
        _check_scale(reader, row, at, scale, entry)
        found.append(replace(scale, steps=_steps(reader, at, scale, entry, by_number)))
    for (at, _), scale in zip(rows, found, strict=True):
        for part in scale.sum_of:
            if next(s for s in found if s.id == part).sum_of:
                reader.refuse((*at, "sum_of"), f"{part} is a sum itself; a total is made of typed or scored scales.")
        if scale.sum_of:
            parts = [s for s in found if s.id in scale.sum_of]
            low, high = sum(s.low for s in parts), sum(s.high for s in parts)
            if (low, high) != (scale.low, scale.high):
                reader.refuse((*at, "range"), f"the range must be that of its parts together, {number(low)} to {number(high)}.")
    return tuple(found)


def _numbers(reader: Reader, row: dict[str, Any], at: Path, by_number: dict[int, Item], entry: str) -> tuple[int, ...]:
    value = row.get("items", [])
    if not isinstance(value, list):
        reader.refuse((*at, "items"), "items must be a list of item numbers.")
    numbers: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    for n in numbers:
        if not is_whole(n) or (entry == "items" and n not in by_number):
            reader.refuse((*at, "items"), f"there is no item {n}.")
    if len(set(numbers)) != len(numbers):
        reader.refuse((*at, "items"), "an item is named twice.")
    if entry == "items" and not numbers and not row.get("sum_of"):
        reader.refuse(at, "items is missing: which items make this scale?")
    return tuple(numbers)


def _parts(reader: Reader, row: dict[str, Any], at: Path, scale_id: str, names: list[Any]) -> tuple[str, ...]:
    value = row.get("sum_of", [])
    if not isinstance(value, list):
        reader.refuse((*at, "sum_of"), "sum_of must be a list of ids of scales.")
    parts: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    for part in parts:
        if part not in names or part == scale_id:
            reader.refuse((*at, "sum_of"), f"there is no other scale “{part}”.")
    if len(set(parts)) != len(parts):
        reader.refuse((*at, "sum_of"), "a scale is named twice.")
    if parts and row.get("items"):
        reader.refuse((*at, "sum_of"), "a scale is made of items or of other scales, not of both.")
    return tuple(parts)


def _table(reader: Reader, row: dict[str, Any], at: Path) -> tuple[tuple[int, float], ...]:
    if row.get("score") != "table":
        if "table" in row:
            reader.refuse((*at, "table"), "a table needs score = “table”.")
        return ()
    value = row.get("table")
    if not isinstance(value, list) or len(value) < 2:  # pyright: ignore[reportUnknownArgumentType]
        reader.refuse((*at, "table") if value is not None else at, "score is “table”, so table must list pairs of raw and converted score.")
    pairs: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    found: list[tuple[int, float]] = []
    for i, pair in enumerate(pairs):
        if not are(pair, 2, is_number) or not is_whole(pair[0]):
            reader.refuse((*at, "table", i), "a line of the table is a whole raw score and its converted score, such as [7, 9.51].")
        if found and pair[0] != found[-1][0] + 1:
            reader.refuse((*at, "table", i), f"after the raw score {found[-1][0]} comes {found[-1][0] + 1}, not {pair[0]}.")
        if found and pair[1] < found[-1][1]:
            reader.refuse((*at, "table", i), f"the converted score falls at raw {pair[0]}.")
        found.append((pair[0], pair[1]))
    return tuple(found)


def _check_scale(reader: Reader, row: dict[str, Any], at: Path, scale: Scale, entry: str) -> None:
    if scale.missing_allowed and (entry != "items" or not scale.items):
        reader.refuse((*at, "missing_allowed"), "missing_allowed is for scales that are scored from items here.")
    if scale.items and scale.missing_allowed >= len(scale.items):
        reader.refuse((*at, "missing_allowed"), f"missing_allowed is {scale.missing_allowed}, but there are only {len(scale.items)} items.")
    if scale.table and scale.missing_allowed and not scale.prorate_round:
        reader.refuse((*at, "prorate_round"), "a table has whole raw scores only, so prorate_round must be true.")
    if scale.table and scale.multiply != 1:
        reader.refuse((*at, "multiply"), "a converted score is not multiplied.")
    if scale.sum_of and (scale.score != "sum" or scale.multiply != 1):
        reader.refuse(at, "a scale made of other scales is their sum.")
    if scale.count_from is not None and (scale.kind != ORDINAL or not scale.low < scale.count_from <= scale.high):
        reader.refuse((*at, "count_from"), "count_from is a point of an ordinal scale, above its lowest.")
    if "step" in row and entry == "items":
        reader.refuse((*at, "step"), "step is for typed scores; here it follows from the items.")


def _steps(reader: Reader, at: Path, scale: Scale, entry: str, by_number: dict[int, Item]) -> tuple[float, ...]:
    """All scores that can be reached, and the rule that the range is theirs."""
    from fractions import Fraction

    low, high = Fraction(str(scale.low)), Fraction(str(scale.high))
    if entry == "items" and scale.items:
        items = [by_number[n] for n in scale.items]
        lowest, highest = sum(i.lowest for i in items), sum(i.highest for i in items)
        if scale.table:
            if (scale.table[0][0], scale.table[-1][0]) != (lowest, highest):
                reader.refuse((*at, "table"), f"the items give raw scores from {lowest} to {highest}; the table must hold each of them.")
        else:
            factor = Fraction(str(scale.multiply)) / (len(items) if scale.score == "mean" else 1)
            if max(abs(lowest * factor - low), abs(highest * factor - high)) > Fraction(1, 1000):
                goes = f"{number(float(lowest * factor))} to {number(float(highest * factor))}"
                reader.refuse((*at, "range"), f"the items give scores from {goes}, so that must be the range.")
            if scale.missing_allowed and scale.prorate_round:
                raws = set(range(lowest, highest + 1))  # rounding may land on any whole number
            else:
                raws = {0}
                for item in items:
                    raws = {raw + r.value for raw in raws for r in item.responses}
            return tuple(float(factor * raw) for raw in sorted(raws))
    if scale.table:
        converted = [c for _, c in scale.table]
        if (converted[0], converted[-1]) != (scale.low, scale.high):
            goes = f"{number(converted[0])} to {number(converted[-1])}"
            reader.refuse((*at, "range"), f"the table goes from {goes}, so that must be the range.")
        return tuple(float(c) for c in converted)
    step = Fraction(str(scale.step))
    count = (high - low) / step
    if count.denominator != 1 or count > 100_000:
        reader.refuse((*at, "step") if scale.step != 1 else (*at, "range"), f"the range cannot be walked in steps of {number(scale.step)}.")
    return tuple(float(low + step * k) for k in range(int(count) + 1))


def _figure(
    reader: Reader, row: dict[str, Any], at: Path, scales: dict[str, Scale]
) -> tuple[Scale, str, str, tuple[str, ...], str | None, tuple[int, int] | None]:
    """What every figure carries: its scale, source, whether it is checked, and for whom it was made."""
    scale_id = reader.text(row, at, "scale")
    if scale_id not in scales:
        reader.refuse((*at, "scale"), f"there is no scale “{scale_id}”.")
    checked = reader.word(row, at, "checked", CHECKED)
    source = reader.text(row, at, "source", "" if checked == UNVERIFIED else REQUIRED, blank=checked == UNVERIFIED)
    sex = reader.word(row, at, "sex", ("M", "F")) if "sex" in row else None
    return scales[scale_id], source, checked, reader.respondents(row, at, required=False), sex, reader.ages(row, at)


_NOT_PRINTED = re.compile(r"abnormal|\bnormal|clinical|disorder", re.IGNORECASE)


def _bands(reader: Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Band, ...]:
    found: list[Band] = []
    for at, row in reader.tables(top, (), "bands", (*_FOR, "scheme", "from", "to", "label")):
        scale, source, checked, respondents, sex, ages = _figure(reader, row, at, scales)
        low, high = reader.real(row, at, "from"), reader.real(row, at, "to")
        if low > high:
            reader.refuse((*at, "to"), "a band goes from the lower to the higher score.")
        if low < scale.low or high > scale.high:
            end = "from" if low < scale.low else "to"
            reader.refuse((*at, end), f"{scale.name} goes from {scale.range_words}; this band goes beyond.")
        label = reader.text(row, at, "label")
        if _NOT_PRINTED.search(label):
            reader.refuse((*at, "label"), f"“{label}” is not printed of a child here; name the band in plain words, such as “raised”.")
        band = Band(scale.id, reader.text(row, at, "scheme"), low, high, label, source, checked, respondents, sex, ages)
        for other in found:
            same = (other.scale, other.scheme, other.respondents, other.sex, other.ages) == (scale.id, band.scheme, respondents, sex, ages)
            if same and low <= other.high and other.low <= high:
                reader.refuse((*at, "from"), f"this band and “{other.label}” both hold {number(max(low, other.low))}.")
        found.append(band)
    return tuple(found)


def _reliabilities(reader: Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Reliability, ...]:
    found: list[Reliability] = []
    for at, row in reader.tables(top, (), "reliability", (*_FOR, "kind", "value", "band", "days", "sd", "sample")):
        scale, source, checked, respondents, sex, ages = _figure(reader, row, at, scales)
        kind = reader.word(row, at, "kind", ("retest", "alpha", "manual"))
        value = band = days = None
        if kind == "manual":
            if "value" in row:
                reader.refuse((*at, "value"), "a manual gives a band; a reliability from it is of kind retest or alpha.")
            band = reader.real(row, at, "band", above=0)
        else:
            if "band" in row:
                reader.refuse((*at, "band"), "a band is of kind manual.")
            value = reader.real(row, at, "value", above=0)
            if value >= 1:
                reader.refuse((*at, "value"), f"value is {value}, but a reliability is less than 1.")
        if kind == "retest":
            days = reader.whole(row, at, "days", low=1)
        elif "days" in row:
            reader.refuse((*at, "days"), "days is for a retest.")
        sd = reader.real(row, at, "sd", above=0) if "sd" in row else None
        sample = reader.text(row, at, "sample", "", blank=True)
        found.append(Reliability(scale.id, kind, source, checked, value, band, days, sd, sample, respondents, sex, ages))
    return tuple(found)


def _norms(reader: Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Norm, ...]:
    found: list[Norm] = []
    for at, row in reader.tables(top, (), "norm", (*_FOR, "mean", "sd", "n", "sample", "year")):
        scale, source, checked, respondents, sex, ages = _figure(reader, row, at, scales)
        found.append(
            Norm(
                scale.id,
                reader.real(row, at, "mean"),
                reader.real(row, at, "sd", above=0),
                source,
                checked,
                reader.whole(row, at, "n", low=1) if "n" in row else None,
                reader.text(row, at, "sample", "", blank=True),
                reader.whole(row, at, "year", low=1900, high=2100) if "year" in row else None,
                respondents,
                sex,
                ages,
            )
        )
    return tuple(found)


def _smallest_changes(reader: Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[SmallestChange, ...]:
    found: list[SmallestChange] = []
    for at, row in reader.tables(top, (), "smallest_change", (*_FOR, "points")):
        scale, source, checked, respondents, sex, ages = _figure(reader, row, at, scales)
        found.append(SmallestChange(scale.id, reader.real(row, at, "points", above=0), source, checked, respondents, sex, ages))
    return tuple(found)
