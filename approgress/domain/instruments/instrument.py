"""What an instrument is: its items, scales, bands, figures and licence, and a score as a person types it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from approgress.domain.errors import Refusal
from approgress.domain.instruments.months import months_words, parse_months
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
