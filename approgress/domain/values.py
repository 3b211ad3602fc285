"""The one object in which a figure travels, rounding as the Department for Education rounds, and the words for counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

MINUS = "\u2212"
NOTHING = "\u2013"  # an en dash: no figure, which is not nought

Key = tuple[str, tuple[int, ...]]
"""A record that a figure rests on: kind of record and its key (`records.key_of`)."""


def ratio_half_up(numerator: int, denominator: int, places: int = 0) -> float:
    """`numerator / denominator` rounded to `places`, halves away from zero, worked in whole numbers so that no half is lost.

    Raises ZeroDivisionError where the denominator is 0.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    scale = 10**places
    size = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    if numerator < 0:
        size = -size
    return size / scale


def round_half_up(x: float | Fraction, places: int = 0) -> float:
    """`x` rounded to `places`, halves away from zero, as DfE does (analysts' guide), never banker's rounding.

    Exact for whole numbers and Fractions. A float is taken as the shortest decimal that stands for it, so 2.85 is 2.9.
    Raises ValueError for a float that is no number.
    """
    if not isinstance(x, float):
        return ratio_half_up(x.numerator, x.denominator, places)
    from decimal import ROUND_HALF_UP, Decimal
    from math import isfinite

    if not isfinite(x):
        raise ValueError(f"{x} cannot be rounded")
    return float(Decimal(float.__repr__(x)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def percent(count: int, of: int, places: int = 1) -> float | None:
    """100 * count / of, half up to `places` from the counts; None where `of` is 0 (none, not 0: a share of nothing is not known)."""
    if count < 0 or of < 0:
        raise ValueError("a percentage is made from counts, and counts are not negative")
    return ratio_half_up(100 * count, of, places) if of else None


def number(x: float | None, places: int | None = None) -> str:
    """`x` as it is shown: halves up, thousands with commas, a true minus sign; without `places` up to two decimals, as needed."""
    if x is None:
        return NOTHING
    rounded = round_half_up(x, 2 if places is None else places)
    text = f"{abs(rounded):,.{2 if places is None else places}f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    return MINUS + text if rounded < 0 else text


def signed(x: float | None, places: int | None = None) -> str:
    """A change as it is shown: '+24', '−5', '0'."""
    text = number(x, places)
    return "+" + text if x is not None and round_half_up(x, 2 if places is None else places) > 0 else text


def how_many(n: int, one: str, several: str | None = None) -> str:
    """'1 reading', '3 readings'; `several` where a plural is not made with an s."""
    return f"{number(n)} {one if n == 1 else several or one + 's'}"


def share_words(count: int, of: int) -> str:
    """'29 of 33'."""
    return f"{number(count)} of {number(of)}"


def percent_words(count: int, of: int, places: int = 0) -> str:
    """'88%', from the counts; an en dash where there is nothing to divide by. It stands beside `share_words`, never alone."""
    value = percent(count, of, places)
    return NOTHING if value is None else f"{number(value, places)}%"


def counted_words(count: int, of: int, places: int = 0) -> str:
    """'29 of 33 (88%)', or '0 of 0' where there is no percentage."""
    return f"{share_words(count, of)} ({percent_words(count, of, places)})" if of else share_words(count, of)


def _no_missing() -> dict[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with all that makes it honest: how many of how many, who is missing and why, by which rule, resting on which records.

    `value` is not rounded (None: not known). `text` is. Where `unit` is '%', the text is made from `count` and `of`.
    """

    value: float | int | None
    count: int | None = None
    of: int | None = None
    missing: Mapping[str, int] = field(default_factory=_no_missing, hash=False)
    rule: str = ""
    rests_on: tuple[Key, ...] = ()
    unit: str = ""
    places: int | None = None

    @classmethod
    def share(
        cls,
        count: int,
        of: int,
        *,
        missing: Mapping[str, int] | None = None,
        rule: str = "",
        rests_on: tuple[Key, ...] = (),
        places: int = 1,
    ) -> Value:
        """A percentage with its counts; its value is None where `of` is 0."""
        value = 100 * count / of if of else None
        return cls(value, count, of, missing or {}, rule, rests_on, "%", places)

    @property
    def text(self) -> str:
        """The figure, rounded half up, with its unit; an en dash where it is not known. A percentage needs `counts` beside it."""
        if self.value is None:
            return NOTHING
        if self.unit == "%":
            if self.count is not None and self.of:
                return percent_words(self.count, self.of, self.places or 0)
            return number(self.value, self.places or 0) + "%"
        return number(self.value, self.places) + (f" {self.unit}" if self.unit else "")

    @property
    def counts(self) -> str:
        """'29 of 33', or '' where the figure has no counts."""
        return "" if self.count is None or self.of is None else share_words(self.count, self.of)

    @property
    def words(self) -> str:
        """The figure as it may stand alone: '29 of 33 (88%)', '12 of 20', '52'."""
        if self.unit == "%" and self.counts:
            return f"{self.counts} ({self.text})" if self.of else self.counts
        if self.value is None and self.counts:
            return self.counts
        return self.text

    @property
    def missing_words(self) -> str:
        """'3 no starting point; 2 never attended', or ''."""
        return "; ".join(f"{number(n)} {why}" for why, n in self.missing.items() if n)

    @property
    def denominator(self) -> str:
        """'9 of 14; 3 no starting point; 2 never attended': what the figure rests on, in one line."""
        return "; ".join(part for part in (self.counts, self.missing_words) if part)
