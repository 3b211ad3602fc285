"""Instruments as data: what one TOML file an edition says of items, scales, bands, reliability and licence, and its rules."""

from __future__ import annotations

from approgress.domain.instruments.file import read_instrument
from approgress.domain.instruments.instrument import (
    AGE_MONTHS,
    CHECKED,
    CONFIRMED,
    COUNT,
    HIGHER,
    INTERVAL,
    KINDS,
    LARGEST_ANSWER,
    LOWER,
    ORDINAL,
    PERCENT,
    RESPONDENTS,
    SCHOOL,
    STANDARD_SCORE,
    STRANDS,
    TOLERANCE,
    UNVERIFIED,
    Band,
    Figure,
    Instrument,
    Item,
    Licence,
    Norm,
    Reliability,
    Response,
    Scale,
    SmallestChange,
    fits,
)
from approgress.domain.instruments.library import Library
from approgress.domain.instruments.months import months_words, parse_months

__all__ = [
    "AGE_MONTHS", "CHECKED", "CONFIRMED", "COUNT", "HIGHER", "INTERVAL", "KINDS", "LARGEST_ANSWER", "LOWER", "ORDINAL", "PERCENT",
    "RESPONDENTS", "SCHOOL", "STANDARD_SCORE", "STRANDS", "TOLERANCE", "UNVERIFIED", "Band", "Figure", "Instrument", "Item", "Library",
    "Licence", "Norm", "Reliability", "Response", "Scale", "SmallestChange", "fits", "months_words", "parse_months", "read_instrument",
]  # fmt: skip
