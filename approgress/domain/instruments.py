"""Instruments as data: what one TOML file an edition says of items, scales, bands, reliability and licence, and its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NoReturn

from approgress.domain.errors import Refusal
from approgress.domain.values import number

STRANDS = {
    "wellbeing": "Wellbeing",
    "engagement": "Engagement",
    "attendance": "Attendance",
    "behaviour": "Behaviour",
    "learning": "Learning",
    "home": "Home and community",
}
"""The six strands of a starting point, in their order, and what they are called."""

RESPONDENTS = {"pupil": "pupil", "teacher": "teacher", "parent": "parent or carer", "school": "home school"}
"""Who may answer, and what they are called."""

HIGHER, LOWER = "higher", "lower"
INTERVAL, STANDARD_SCORE, ORDINAL, AGE_MONTHS, COUNT, PERCENT = "interval", "standard_score", "ordinal", "age_months", "count", "percent"
KINDS = (INTERVAL, STANDARD_SCORE, ORDINAL, AGE_MONTHS, COUNT, PERCENT)
CONFIRMED, SCHOOL, UNVERIFIED = "confirmed", "school", "unverified"
CHECKED = (CONFIRMED, SCHOOL, UNVERIFIED)
LARGEST_ANSWER = 253
"""An answer is kept in one byte, of which 254 and 255 mean declined and not reached."""


@dataclass(frozen=True, slots=True)
class Licence:
    """Whose the instrument is, whether its text may be shown, and the line that must stand wherever it is."""

    owner: str
    text_may_be_shown: bool
    line: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that may be given, or a worded point of a scale: its number, its label, and what it looks like where that is described."""

    value: int
    label: str
    looks_like: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `risk`: any answer above the lowest raises the safeguarding prompt at once."""

    number: int
    text: str
    responses: tuple[Response, ...]
    reverse: bool = False
    risk: bool = False

    @property
    def lowest(self) -> int:
        """The smallest answer."""
        return min(r.value for r in self.responses)

    @property
    def highest(self) -> int:
        """The largest answer."""
        return max(r.value for r in self.responses)


@dataclass(frozen=True, slots=True)
class Scale:
    """One score of an instrument and how it is made.

    `items` are item numbers; `sum_of` names other scales instead (a total of typed scores). `table` is raw to converted. `steps` are all
    scores that can be reached, in order. `count_from`: an ordered scale is shown as a count at this point or above.
    """

    id: str
    name: str
    low: float
    high: float
    better: str
    kind: str
    items: tuple[int, ...] = ()
    sum_of: tuple[str, ...] = ()
    score: str = "sum"
    multiply: float = 1
    missing_allowed: int = 0
    prorate_round: bool = True
    table: tuple[tuple[int, float], ...] = ()
    step: float = 1
    steps: tuple[float, ...] = ()
    count_from: int | None = None

    @property
    def direction(self) -> int:
        """1 where higher is better, -1 where lower is."""
        return 1 if self.better == HIGHER else -1

    @property
    def best(self) -> float:
        """The best score."""
        return self.high if self.better == HIGHER else self.low

    @property
    def range_words(self) -> str:
        """'0 to 100'."""
        return f"{number(self.low)} to {number(self.high)}"

    def next_beyond(self, start: float, needs: float, direction: int) -> float | None:
        """The score nearest to `start` that can be reached, in that direction (1 or -1), and lies more than `needs` from it; None: none."""
        beyond = [s for s in self.steps if (s - start) * direction - needs > TOLERANCE]
        return min(beyond, key=lambda s: abs(s - start)) if beyond else None


TOLERANCE = 1e-9
"""Two scores nearer than this are one: decimals such as 0.1 have no exact float, and 'greater than' is not 'equal'."""


@dataclass(frozen=True, slots=True)
class Band:
    """The owner's (or the school's) name for a stretch of a scale; bounds included. `scheme` is always shown with it."""

    scale: str
    scheme: str
    low: float
    high: float
    label: str
    source: str
    checked: str
    respondents: tuple[str, ...] = ()
    sex: str | None = None
    ages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How steady a score is. `kind`: retest (over `days`), alpha, or manual (`band`: half-width at 95% for one score)."""

    scale: str
    kind: str
    source: str
    checked: str
    value: float | None = None
    band: float | None = None
    days: int | None = None
    sd: float | None = None
    sample: str = ""
    respondents: tuple[str, ...] = ()
    sex: str | None = None
    ages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and spread of a sample that the owner published (or the school typed from a manual)."""

    scale: str
    mean: float
    sd: float
    source: str
    checked: str
    n: int | None = None
    sample: str = ""
    year: int | None = None
    respondents: tuple[str, ...] = ()
    sex: str | None = None
    ages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """A published smallest change that counts: said as a fact, never a verdict."""

    scale: str
    points: float
    source: str
    checked: str
    respondents: tuple[str, ...] = ()
    sex: str | None = None
    ages: tuple[int, int] | None = None


Figure = Band | Reliability | Norm | SmallestChange


def fits(figure: Figure, respondent: str | None = None, *, age: int | None = None, sex: str | None = None) -> bool:
    """Whether a figure may be used for such a pupil: checked, and not made for others. What is not known of the pupil rules nothing out."""
    return (
        figure.checked != UNVERIFIED
        and (respondent is None or not figure.respondents or respondent in figure.respondents)
        and (age is None or figure.ages is None or figure.ages[0] <= age <= figure.ages[1])
        and (sex is None or figure.sex is None or figure.sex == sex)
    )


@dataclass(frozen=True, slots=True)
class Instrument:
    """One edition of an instrument. `entry`: items (answers are kept and scored here) or scores (typed from a form or a report).

    `scales[0]` is the main scale, whose score is a reading's `value`. `responses` are the shared answers, or the worded points of a
    school's own scale. Figures that are not checked are in here and never used (`fits`).
    """

    id: str
    edition: str
    name: str
    short: str
    strand: str
    respondents: tuple[str, ...]
    entry: str
    licence: Licence
    scales: tuple[Scale, ...]
    ages: tuple[int, int] | None = None
    interval_days: int = 0
    about: str = ""
    enabled: bool = True
    open_edition: bool = False  # the edition of a reading names the test itself, as typed
    responses: tuple[Response, ...] = ()
    items: tuple[Item, ...] = ()
    bands: tuple[Band, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    norms: tuple[Norm, ...] = ()
    smallest_changes: tuple[SmallestChange, ...] = ()
    file_name: str = ""
    _items: dict[int, Item] = field(default_factory=lambda: {}, init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        self._items.update({i.number: i for i in self.items})

    @property
    def main(self) -> Scale:
        """The scale whose score is the reading's value: the first of the file."""
        return self.scales[0]

    def scale(self, scale_id: str | None = None) -> Scale:
        """A scale by its id (the main one without). Raises KeyError where there is none."""
        if scale_id is None:
            return self.scales[0]
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)

    def scale_named(self, heading: str) -> Scale | None:
        """The scale that a column heading names, by id or by name, whatever its capitals; None: none does."""
        wanted = " ".join(heading.split()).casefold()
        return next((s for s in self.scales if wanted in (s.id.casefold(), s.name.casefold())), None)

    def item(self, item_number: int) -> Item:
        """An item by its number. Raises KeyError where there is none."""
        return self._items[item_number]

    @property
    def typed_scales(self) -> tuple[Scale, ...]:
        """The scales that a person types: those that are not made of others."""
        return tuple(s for s in self.scales if not s.sum_of)

    def bands_of(
        self, scale_id: str, respondent: str, *, scheme: str | None = None, age: int | None = None, sex: str | None = None
    ) -> tuple[Band, ...]:
        """The checked bands of a scale for that respondent, of one scheme: the one named, or the first of the file. From low to high."""
        found = [b for b in self.bands if b.scale == scale_id and fits(b, respondent, age=age, sex=sex)]
        wanted = scheme if scheme is not None else (found[0].scheme if found else None)
        return tuple(sorted((b for b in found if b.scheme == wanted), key=lambda b: b.low))

    def band_of(
        self, scale_id: str, score: float, respondent: str, *, scheme: str | None = None, age: int | None = None, sex: str | None = None
    ) -> Band | None:
        """The checked band that a score lies in, or None."""
        bands = self.bands_of(scale_id, respondent, scheme=scheme, age=age, sex=sex)
        return next((b for b in bands if b.low <= score <= b.high), None)

    def smallest_change(self, scale_id: str, respondent: str, *, age: int | None = None, sex: str | None = None) -> SmallestChange | None:
        """The checked smallest change of a scale, or None."""
        return next((c for c in self.smallest_changes if c.scale == scale_id and fits(c, respondent, age=age, sex=sex)), None)

    def with_reliability(self, *more: Reliability) -> Instrument:
        """The instrument with what a school typed from the manual put first."""
        return replace(self, reliabilities=(*more, *self.reliabilities))

    def parse(self, text: str, scale_id: str | None = None) -> float | Refusal | None:
        """The score that a person typed for a scale: a number within its range and steps; None for a blank, a Refusal with a sentence else.

        Where a table converts (entry 'scores'), the raw score is typed; `scoring.score_typed` converts it. Reading ages are months.
        """
        scale = self.scale(scale_id)
        said = text.strip()
        if not said:
            return None
        name = scale.name if len(self.scales) > 1 else self.short
        if scale.kind == AGE_MONTHS:
            months = parse_months(said)
            if isinstance(months, Refusal):
                return months
            if not scale.low <= months <= scale.high:
                return Refusal(f"{name} goes from {months_words(scale.low)} to {months_words(scale.high)} (years:months).")
            return float(months)
        value = _plain_number(said)
        if scale.table and self.entry == "scores":
            raws = [raw for raw, _ in scale.table]
            if value is None or value not in raws:
                return Refusal(f"{name}: the raw score goes from {raws[0]} to {raws[-1]}, in whole numbers.")
            return value
        goes = f"{name} goes from {scale.range_words}"
        if value is None:
            cut = said if len(said) <= 40 else f"{said[:40]}…"
            return Refusal(f"{goes}; “{cut}” is not a number.")
        if not scale.low <= value <= scale.high:
            return Refusal(f"{goes}.")
        if scale.steps:
            near = min(scale.steps, key=lambda s: abs(s - value))
            if abs(near - value) > 0.005:
                return Refusal(f"{goes} {self._step_words(scale)}; {number(value)} cannot be reached.")
            return near
        return value

    def _step_words(self, scale: Scale) -> str:
        gaps = {round(b - a, 6) for a, b in zip(scale.steps, scale.steps[1:], strict=False)}
        if gaps == {1.0}:
            return "in whole numbers"
        return f"in steps of {number(gaps.pop())}" if len(gaps) == 1 else "in its own steps"


def _plain_number(text: str) -> float | None:
    plain = text.replace("\u2212", "-")
    return float(plain) if re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", plain) else None


# --- reading ages -----------------------------------------------------------------------------------------------------


def parse_months(text: str) -> int | Refusal:
    """A reading age in months, from '9:06', '9y 6m', '10 years 7 months' or '9 years'; what could be two things is refused in words.

    7.5 and 6.11 are refused (years and months, or a decimal?), as are dates and ages below or above what the test can tell.
    """
    said = " ".join(text.split())
    if re.match(r"^[<>]|.*\+$|^(below|above|under|over)\b", said, re.IGNORECASE):
        return Refusal(f"“{said}” is below or above what the test can tell, so it is not a number of months. Keep it as a note.")
    if re.fullmatch(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?: .*)?", said) or re.fullmatch(r"\d{1,2}[-/]\d{1,2}", said):
        return Refusal(f"“{said}” looks like a date. Write a reading age as years:months, such as 9:06.")
    found = re.fullmatch(r"(\d{1,2}):(\d{1,2})(?::00)?", said) or re.fullmatch(
        r"(\d{1,2}) ?(?:y|yr|yrs|year|years)\.?,?(?: ?(?:and )?(\d{1,2}) ?(?:m|mth|mths|month|months)\.?)?", said, re.IGNORECASE
    )
    if found is None:
        if re.fullmatch(r"\d{1,2}[.,]\d{1,2}", said):
            return Refusal(f"“{said}” could be years and months, or a decimal. Write it as years:months, such as 9:06.")
        return Refusal(f"“{said}” is not a reading age. Write it as years:months, such as 9:06.")
    years, months = int(found[1]), int(found[2] or 0)
    if months > 11:
        return Refusal(f"“{said}” has {months} months; a year has 12, so months go from 0 to 11.")
    return years * 12 + months


def months_words(months: float) -> str:
    """'9:06' for 114 months."""
    whole = int(months)
    return f"{whole // 12}:{whole % 12:02d}"


# --- the library ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Library:
    """All instruments at hand, and the sentences about the files that were refused."""

    instruments: tuple[Instrument, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @classmethod
    def of(cls, files: Iterable[tuple[str, str] | tuple[str, str, bool]], before: Library | None = None) -> Library:
        """The library of TOML texts given as (file name, text) or (file name, text, in use), after those of `before`.

        A file that breaks a rule is refused and the others still load; an edition that is there already is never changed under its data.
        """
        found = list(before.instruments) if before else []
        refused = list(before.refused) if before else []
        for file_name, text, *more in files:
            try:
                instrument = read_instrument(text, file_name)
            except Refusal as refusal:
                refused.append(refusal)
                continue
            if any((i.id, i.edition) == (instrument.id, instrument.edition) for i in found):
                twice = f"{file_name}: {instrument.id}, edition {instrument.edition}, is there already; give it another edition."
                refused.append(Refusal(twice, "edition"))
                continue
            found.append(replace(instrument, enabled=instrument.enabled and bool(more[0])) if more else instrument)
        return cls(tuple(found), tuple(refused))

    def get(self, instrument_id: str, edition: str | None = None) -> Instrument | None:
        """The instrument of that id and edition (without: the last one that is in use, else the last one); None where there is none.

        An instrument with an open edition (a standardised test named in each reading) answers to any edition, and then carries it.
        """
        editions = [i for i in self.instruments if i.id == instrument_id]
        if edition is None:
            return next((i for i in reversed(editions) if i.enabled), editions[-1] if editions else None)
        for i in editions:
            if i.edition == edition:
                return i
        return next((replace(i, edition=edition) for i in editions if i.open_edition), None)

    def of_strand(self, strand: str) -> tuple[Instrument, ...]:
        """The instruments of a strand that are in use."""
        return tuple(i for i in self.instruments if i.strand == strand and i.enabled)


# --- reading a file ---------------------------------------------------------------------------------------------------

_BARE = re.compile(r"[A-Za-z0-9_-]+")
Path = tuple[str | int, ...]


def _lines(text: str) -> dict[Path, int]:
    """The line on which each table, key and outermost array element of a TOML text stands (tomllib tells lines of syntax errors only)."""
    lines: dict[Path, int] = {(): 1}
    arrays: dict[Path, int] = {}
    table: Path = ()
    i, line, n = 0, 1, len(text)

    def resolve(parts: list[str]) -> Path:
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if path in arrays:
                path = (*path, arrays[path])
        return path

    def string_end(at: int) -> int:
        quote = text[at]
        triple = text.startswith(quote * 3, at)
        end = quote * 3 if triple else quote
        at += len(end)
        while at < n:
            if text[at] == "\\" and quote == '"':
                at += 2
                continue
            if text.startswith(end, at):
                at += len(end)
                while triple and at < n and text[at] == quote:
                    at += 1  # quotes that end a long string may be followed by one or two of its own
                return at
            at += 1
        return n

    def keys_until(at: int, stop: str) -> tuple[list[str], int]:
        parts: list[str] = []
        while at < n and not text.startswith(stop, at) and text[at] != "\n":
            if text[at] in "\"'":
                end = string_end(at)
                parts.append(text[at + 1 : end - 1])
                at = end
            elif match := _BARE.match(text, at):
                parts.append(match[0])
                at = match.end()
            else:
                at += 1
        return parts, at + len(stop)

    while i < n:
        c = text[i]
        if c == "\n":
            line += 1
            i += 1
        elif c in " \t\r":
            i += 1
        elif c == "#":
            i = text.find("\n", i) if "\n" in text[i:] else n
        elif text.startswith("[[", i):
            parts, i = keys_until(i + 2, "]]")
            outer = resolve(parts[:-1])
            array: Path = (*outer, parts[-1]) if parts else ()
            arrays[array] = arrays.get(array, -1) + 1
            table = (*array, arrays[array])
            lines.setdefault(array, line)
            lines[table] = line
        elif c == "[":
            parts, i = keys_until(i + 1, "]")
            table = resolve(parts)
            lines.setdefault(table, line)
        else:
            parts, i = keys_until(i, "=")
            key: Path = (*table, *parts)
            lines.setdefault(key, line)
            depth, element, fresh = 0, -1, False
            while i < n:
                c = text[i]
                if c == "\n":
                    if depth == 0:
                        break
                    line += 1
                    i += 1
                elif c == "#":
                    i = text.find("\n", i) if "\n" in text[i:] else n
                elif c in " \t\r":
                    i += 1
                else:
                    if fresh and c not in "],":
                        element += 1
                        lines.setdefault((*key, element), line)
                        fresh = False
                    if c in "\"'":
                        end = string_end(i)
                        line += text.count("\n", i, end)
                        i = end
                        continue
                    if c in "[{":
                        depth += 1
                        fresh = depth == 1 and c == "["
                    elif c in "]}":
                        depth -= 1
                    elif c == "," and depth == 1:
                        fresh = True
                    i += 1
    return lines


_REQUIRED = object()
_FREE = ("note", "citation")  # words for people, allowed in every table


class _Reader:
    """A parsed file with its lines, and the rules that its values must keep."""

    def __init__(self, text: str, file_name: str, data: dict[str, Any]) -> None:
        self.file_name = file_name
        self.data = data
        self._lines = _lines(text)

    def refuse(self, path: Path, rule: str) -> NoReturn:
        """Refuse the file, naming the line of `path` or of the nearest table that holds it."""
        at = path
        while at not in self._lines:
            at = at[:-1]
        where = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
        raise Refusal(f"{self.file_name}, line {self._lines[at]}: {rule}", where or None)

    def table(self, parent: Any, path: Path, allowed: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(parent, dict):
            self.refuse(path, f"{path[-1]} must be a table.")
        table: dict[str, Any] = parent  # pyright: ignore[reportUnknownVariableType]
        for key in table:
            if key not in allowed and key not in _FREE:
                self.refuse((*path, key), f"“{key}” is not a key that is known here; known are {', '.join(allowed)}.")
        return table

    def tables(self, table: dict[str, Any], path: Path, key: str, allowed: tuple[str, ...]) -> list[tuple[Path, dict[str, Any]]]:
        found = table.get(key, [])
        if not isinstance(found, list):
            self.refuse((*path, key), f"{key} must be a list of tables, each under [[{key}]].")
        rows: list[Any] = found  # pyright: ignore[reportUnknownVariableType]
        return [((*path, key, i), self.table(row, (*path, key, i), allowed)) for i, row in enumerate(rows)]

    def _get(self, table: dict[str, Any], path: Path, key: str, default: object) -> Any:
        if key in table:
            return table[key]
        if default is _REQUIRED:
            self.refuse(path, f"{key} is missing.")
        return default

    def text(self, table: dict[str, Any], path: Path, key: str, default: object = _REQUIRED, *, blank: bool = False) -> str:
        value = self._get(table, path, key, default)
        if not isinstance(value, str):
            self.refuse((*path, key), f"{key} must be a text in quotation marks.")
        if not value.strip() and not blank:
            self.refuse((*path, key) if key in table else path, f"{key} must not be empty.")
        return value

    def word(self, table: dict[str, Any], path: Path, key: str, allowed: Iterable[str], default: object = _REQUIRED) -> str:
        value = self._get(table, path, key, default)
        words = tuple(allowed)
        if value not in words:
            self.refuse((*path, key), f"{key} is “{value}”, but must be one of {', '.join(words)}.")
        return value

    def truth(self, table: dict[str, Any], path: Path, key: str, default: object = _REQUIRED) -> bool:
        value = self._get(table, path, key, default)
        if not isinstance(value, bool):
            self.refuse((*path, key), f"{key} must be true or false.")
        return value

    def whole(
        self, table: dict[str, Any], path: Path, key: str, default: object = _REQUIRED, *, low: int = 0, high: int | None = None
    ) -> int:
        value = self._get(table, path, key, default)
        if not _is_int(value):
            self.refuse((*path, key), f"{key} must be a whole number.")
        if value < low or (high is not None and value > high):
            goes = f"{low} to {high}" if high is not None else f"{low} or more"
            self.refuse((*path, key), f"{key} is {value}, but must be {goes}.")
        return value

    def real(self, table: dict[str, Any], path: Path, key: str, default: object = _REQUIRED, *, above: float | None = None) -> float:
        value = self._get(table, path, key, default)
        if not _is_number(value):
            self.refuse((*path, key), f"{key} must be a number.")
        if above is not None and not value > above:
            self.refuse((*path, key), f"{key} is {value}, but must be more than {number(above)}.")
        return value

    def pair(self, table: dict[str, Any], path: Path, key: str) -> tuple[Any, Any]:
        value: Any = self._get(table, path, key, _REQUIRED)
        if not _are(value, 2, _is_number):
            self.refuse((*path, key), f"{key} must be two numbers, such as [0, 40].")
        low, high = value[0], value[1]
        if low >= high:
            self.refuse((*path, key), f"{key} must go from the lower to the higher number.")
        return low, high

    def ages(self, table: dict[str, Any], path: Path) -> tuple[int, int] | None:
        if "ages" not in table:
            return None
        value: Any = table["ages"]
        if not _are(value, 2, _is_int) or value[0] > value[1]:
            self.refuse((*path, "ages"), "ages must be two whole numbers of years, the lower first, such as [11, 16].")
        return value[0], value[1]

    def respondents(self, table: dict[str, Any], path: Path, *, required: bool) -> tuple[str, ...]:
        value = self._get(table, path, "respondents", _REQUIRED if required else [])
        if not isinstance(value, list) or (required and not value):
            self.refuse((*path, "respondents"), f"respondents must be a list of one or more of {', '.join(RESPONDENTS)}.")
        names: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        for name in names:
            if name not in RESPONDENTS:
                self.refuse((*path, "respondents"), f"“{name}” is not a respondent; they are {', '.join(RESPONDENTS)}.")
        if len(set(names)) != len(names):
            self.refuse((*path, "respondents"), "a respondent is named twice.")
        return tuple(names)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are(values: Any, n: int, rule: Callable[[object], bool]) -> bool:
    return isinstance(values, list) and len(values) == n and all(rule(v) for v in values)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _is_number(value: object) -> bool:
    return _is_int(value) or (isinstance(value, float) and value - value == 0)


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
    reader = _Reader(text, file_name, data)
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


def _licence(reader: _Reader, top: dict[str, Any], entry: str) -> Licence:
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


def _responses(reader: _Reader, table: dict[str, Any], path: Path) -> tuple[Response, ...]:
    found: list[Response] = []
    for at, row in reader.tables(table, path, "responses", ("value", "label", "looks_like")):
        value = reader.whole(row, at, "value", high=LARGEST_ANSWER)
        if any(r.value == value for r in found):
            reader.refuse((*at, "value"), f"two responses have the value {value}.")
        found.append(Response(value, reader.text(row, at, "label"), reader.text(row, at, "looks_like", "", blank=True)))
    return tuple(found)


def _items(reader: _Reader, top: dict[str, Any], entry: str, licence: Licence, shared: tuple[Response, ...]) -> tuple[Item, ...]:
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


def _scales(reader: _Reader, top: dict[str, Any], entry: str, items: tuple[Item, ...]) -> tuple[Scale, ...]:
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
            score=reader.word(row, at, "score", ("sum", "mean", "table"), _REQUIRED if entry == "items" and not parts else "sum"),
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


def _numbers(reader: _Reader, row: dict[str, Any], at: Path, by_number: dict[int, Item], entry: str) -> tuple[int, ...]:
    value = row.get("items", [])
    if not isinstance(value, list):
        reader.refuse((*at, "items"), "items must be a list of item numbers.")
    numbers: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
    for n in numbers:
        if not _is_int(n) or (entry == "items" and n not in by_number):
            reader.refuse((*at, "items"), f"there is no item {n}.")
    if len(set(numbers)) != len(numbers):
        reader.refuse((*at, "items"), "an item is named twice.")
    if entry == "items" and not numbers and not row.get("sum_of"):
        reader.refuse(at, "items is missing: which items make this scale?")
    return tuple(numbers)


def _parts(reader: _Reader, row: dict[str, Any], at: Path, scale_id: str, names: list[Any]) -> tuple[str, ...]:
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


def _table(reader: _Reader, row: dict[str, Any], at: Path) -> tuple[tuple[int, float], ...]:
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
        if not _are(pair, 2, _is_number) or not _is_int(pair[0]):
            reader.refuse((*at, "table", i), "a line of the table is a whole raw score and its converted score, such as [7, 9.51].")
        if found and pair[0] != found[-1][0] + 1:
            reader.refuse((*at, "table", i), f"after the raw score {found[-1][0]} comes {found[-1][0] + 1}, not {pair[0]}.")
        if found and pair[1] < found[-1][1]:
            reader.refuse((*at, "table", i), f"the converted score falls at raw {pair[0]}.")
        found.append((pair[0], pair[1]))
    return tuple(found)


def _check_scale(reader: _Reader, row: dict[str, Any], at: Path, scale: Scale, entry: str) -> None:
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


def _steps(reader: _Reader, at: Path, scale: Scale, entry: str, by_number: dict[int, Item]) -> tuple[float, ...]:
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
    reader: _Reader, row: dict[str, Any], at: Path, scales: dict[str, Scale]
) -> tuple[Scale, str, str, tuple[str, ...], str | None, tuple[int, int] | None]:
    """What every figure carries: its scale, source, whether it is checked, and for whom it was made."""
    scale_id = reader.text(row, at, "scale")
    if scale_id not in scales:
        reader.refuse((*at, "scale"), f"there is no scale “{scale_id}”.")
    checked = reader.word(row, at, "checked", CHECKED)
    source = reader.text(row, at, "source", "" if checked == UNVERIFIED else _REQUIRED, blank=checked == UNVERIFIED)
    sex = reader.word(row, at, "sex", ("M", "F")) if "sex" in row else None
    return scales[scale_id], source, checked, reader.respondents(row, at, required=False), sex, reader.ages(row, at)


_NOT_PRINTED = re.compile(r"abnormal|\bnormal|clinical|disorder", re.IGNORECASE)


def _bands(reader: _Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Band, ...]:
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


def _reliabilities(reader: _Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Reliability, ...]:
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


def _norms(reader: _Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[Norm, ...]:
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


def _smallest_changes(reader: _Reader, top: dict[str, Any], scales: dict[str, Scale]) -> tuple[SmallestChange, ...]:
    found: list[SmallestChange] = []
    for at, row in reader.tables(top, (), "smallest_change", (*_FOR, "points")):
        scale, source, checked, respondents, sex, ages = _figure(reader, row, at, scales)
        found.append(SmallestChange(scale.id, reader.real(row, at, "points", above=0), source, checked, respondents, sex, ages))
    return tuple(found)
