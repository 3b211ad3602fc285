"""Reading ages in months: how they are read from what a person types, and said."""

from __future__ import annotations

import re

from approgress.domain.errors import Refusal


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
