"""What people and systems write into cells, read strictly: dates, whole numbers, yes and no, sex, needs, registration. Doubt is refused in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from approgress.domain.days import age_on, words
from approgress.interchange.text import fold, shown

YOUNGEST, OLDEST = 3, 25
"""Ages that a pupil of a list may have (as in `domain.acts.pupils`)."""
EARLIEST_EVENT = 1990


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that is not stored: the rule's short name, and why in a sentence that follows row, column and value."""

    rule: str
    why: str


BLANK = frozenset({"", "-", "\u2013", "\u2014", "n/a", "na", "null", "#n/a", "nil", "."})
"""What stands for nothing in a column that is not a name."""


def is_blank(text: str) -> bool:
    """Whether a cell says nothing (never asked of names: there are children called Null and Na)."""
    return not text or text.strip().casefold() in BLANK


# --- dates ------------------------------------------------------------------------------------------------------------

Order = Literal["dmy", "mdy"]
BIRTH, EVENT, MARK = "birth", "event", "mark"


@dataclass(frozen=True, slots=True)
class DayRead:
    """A date that was read. `said`: what is to be told about how (an Excel number, a two-digit year)."""

    day: date
    said: str = ""


_MONTHS = {
    m: i
    for i, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august", "sep sept september", "oct october",
         "nov november", "dec december"),
        start=1,
    )
    for m in names.split()
}  # fmt: skip
_MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"^(.*?)[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_NUMERIC = re.compile(r"^(\d{1,2})\s*[/.\-\\ ]\s*(\d{1,2})\s*[/.\-\\ ]\s*(\d{2}|\d{4})$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s/.\-]*(?:of )?([A-Za-z]{3,9})\.?,?[\s/.\-']*(\d{2}|\d{4})$")
_MONTH_DAY = re.compile(r"^([A-Za-z]{3,9})\.?[\s\-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})$")
_YEAR_MONTH_DAY = re.compile(r"^(\d{4})[\s\-]([A-Za-z]{3,9})[\s\-](\d{1,2})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.(\d+))?$")
_EXCEL_ZERO = date(1899, 12, 30)


def date_order(texts: Iterable[str]) -> tuple[int, int, int]:
    """How many of a column's dates can only be day first, only month first, or either (with two different days)."""
    day_first = month_first = either = 0
    for text in texts:
        found = _NUMERIC.match(_without_time(text.strip())[0])
        if not found:
            continue
        a, b = int(found[1]), int(found[2])
        if a > 12 and 1 <= b <= 12:
            day_first += 1
        elif b > 12 and 1 <= a <= 12:
            month_first += 1
        elif a != b and 1 <= a <= 12 and 1 <= b <= 12:
            either += 1
    return day_first, month_first, either


def _without_time(text: str) -> tuple[str, bool]:
    """A date's text without a time of day, and whether that time was another than midnight."""
    found = _TIME.match(text)
    if not found:
        return text, False
    hour = int(found[2])
    midnight = int(found[3]) == 0 and int(found[4] or 0) == 0 and (hour in (0, 24) or (hour == 12 and (found[5] or "").lower() == "a"))
    return found[1].strip().rstrip(","), not midnight


def read_day(text: str, sense: str, today: date, order: Order = "dmy", born: date | None = None) -> DayRead | Bad | None:
    """The day that a cell means; None for a blank, Bad with the rule for what cannot be.

    `sense` decides what is possible: BIRTH (a pupil of 3 to 25 on `today`), EVENT (1990 to two years ahead, not before `born`), MARK (an event
    whose time of day is of no matter). Two-digit years take the century that is possible. Whole numbers of five digits are Excel dates.
    """
    said = text.strip()
    if is_blank(said):
        return None
    plain, timed = _without_time(said)
    if timed and sense != MARK:
        return Bad("date", "it has a time of day, so the day may have shifted. Write the date alone.")
    weekday = _WEEKDAY.match(plain)
    if weekday:
        plain = plain[weekday.end() :].strip()
    note = ""
    parts = _parts(plain, order)
    if parts is None:
        serial = _SERIAL.match(plain)
        if not serial:
            return Bad("date", "this is not a date. Write it as 31/12/2011 or 2011-12-31.")
        if int(serial[2] or 0) and sense != MARK:
            return Bad("date", "this is a number with a time of day. Format the column as a date and save the file again.")
        day = _EXCEL_ZERO + timedelta(int(serial[1]))
        note = f"the number {plain} was read as an Excel date, {words(day)}"
    else:
        year, month, number, two_digits = parts
        made = _make(year, month, number, two_digits, sense, today, born)
        if isinstance(made, Bad):
            return made
        day = made
    if weekday and _WEEKDAYS[day.weekday()] != weekday[1].lower()[:3]:
        return Bad("date", f"{words(day)} was a {_weekday(day)}.")
    wrong = _impossible(day, sense, today, born)
    if wrong is not None:
        return wrong
    return DayRead(day, note)


def _weekday(day: date) -> str:
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day.weekday()]


def _parts(plain: str, order: Order) -> tuple[int, int, int, bool] | None:
    if found := _ISO.match(plain) or _COMPACT.match(plain):
        return int(found[1]), int(found[2]), int(found[3]), False
    if found := _NUMERIC.match(plain):
        a, b = int(found[1]), int(found[2])
        if order == "mdy":
            a, b = b, a
        return int(found[3]), b, a, len(found[3]) == 2
    if found := _DAY_MONTH.match(plain):
        month = _MONTHS.get(found[2].lower())
        return (int(found[3]), month, int(found[1]), len(found[3]) == 2) if month else None
    if found := _MONTH_DAY.match(plain):
        month = _MONTHS.get(found[1].lower())
        return (int(found[3]), month, int(found[2]), False) if month else None
    if found := _YEAR_MONTH_DAY.match(plain):
        month = _MONTHS.get(found[2].lower())
        return (int(found[1]), month, int(found[3]), False) if month else None
    return None


def _make(year: int, month: int, number: int, two_digits: bool, sense: str, today: date, born: date | None) -> date | Bad:
    if not 1 <= month <= 12:
        return Bad("date", f"there is no month {month}.")
    if two_digits:
        for century in (2000, 1900):
            made = _day(century + year, month, number)
            if isinstance(made, date) and _impossible(made, sense, today, born) is None:
                return made
        last = _day(1900 + year, month, number)
        if isinstance(last, Bad):
            made = _day(2000 + year, month, number)
            return made if isinstance(made, Bad) else last
        if sense == BIRTH:
            return Bad("date", f"neither {1900 + year} nor {2000 + year} can be the year of birth of a pupil of {YOUNGEST} to {OLDEST}.")
        return Bad("date", f"neither {1900 + year} nor {2000 + year} can be right here. Write the year with four digits.")
    if year < 1900:
        meant = 2000 + year % 100
        return Bad("date", f"the year {year} cannot be right. Was {meant} meant?" if year < 100 else f"the year {year} cannot be right.")
    return _day(year, month, number)


def _day(year: int, month: int, number: int) -> date | Bad:
    if number < 1:
        return Bad("date", f"there is no day {number}.")
    try:
        return date(year, month, number)
    except ValueError:
        if month == 2 and number == 29:
            return Bad("date", f"{year} had no 29 February.")
        return Bad("date", f"{_MONTH_NAMES[month - 1]} has no day {number}.")


def _impossible(day: date, sense: str, today: date, born: date | None) -> Bad | None:
    if sense == BIRTH:
        if day > today:
            return Bad("date", "this date of birth lies in the future.")
        age = age_on(day, today)
        if age < YOUNGEST:
            return Bad("age", f"born then, the pupil would be {age} now; pupils are {YOUNGEST} to {OLDEST}.")
        if age > OLDEST:
            return Bad("age", f"born then, the pupil would be {age} now; pupils are {YOUNGEST} to {OLDEST}.")
        return None
    if day.year < EARLIEST_EVENT or day.toordinal() > today.toordinal() + 731:
        return Bad("date", f"{words(day)} cannot be right here. Check the year.")
    if born is not None and age_on(born, day) < 2:
        return Bad("date", f"{words(day)} lies before the pupil, born {words(born)}, could be at school.")
    return None


# --- numbers ----------------------------------------------------------------------------------------------------------

_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet shortened a long number to '9.28E+09', whose last digits are lost."""
    return bool(_SCIENTIFIC.match(text.strip()))


def read_whole(text: str, *, decimal_comma: bool = False) -> int | Bad | None:
    """A whole number of sessions or the like, from 0; None for a blank. Marks between thousands are allowed, halves and minus are refused."""
    said = text.strip().replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")
    if is_blank(said):
        return None
    if is_scientific(said):
        return Bad("number", "a spreadsheet has shortened this number, and its last digits are lost.")
    plain = re.sub(r"^\+", "", said)
    if re.fullmatch(r"-\s?[\d.,]+|\([\d.,]+\)", plain):
        return Bad("whole number", "a number of sessions is not negative.")
    if re.fullmatch(r"\d{1,3}(?:[ ,]\d{3})+", plain) and not (decimal_comma and "," in plain):
        plain = re.sub(r"[ ,]", "", plain)
    if re.fullmatch(r"\d{1,9}", plain):
        return int(plain)
    if found := re.fullmatch(r"(\d{1,9})[.,](\d{1,6})", plain):
        mark = plain[len(found[1])]
        if mark == "," and len(found[2]) == 3:
            return Bad(
                "whole number", f"“{shown(said)}” could be {found[1]}{found[2]} or {found[1]} and a part. Write it without the comma."
            )
        if not int(found[2]) and not (mark == "." and decimal_comma and len(found[2]) == 3):
            return int(found[1])
        return Bad("whole number", "sessions are whole numbers. Does the file count days, of two sessions each?")
    return Bad("number", "this is not a whole number.")


def read_percent(text: str) -> float | None:
    """A percentage as a number, with comma or point; None where there is none."""
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%?", text.strip())
    return float(found[1].replace(",", ".")) if found else None


# --- words ------------------------------------------------------------------------------------------------------------

_YES = frozenset({"yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "eligible", "on"})
_NO = frozenset({"no", "n", "false", "f", "0", "none", "not eligible", "ineligible", "✗", "✘", "☐", "off"})


def read_yes(text: str) -> bool | Bad | None:
    """Yes or no in its many spellings; None for a blank, Bad for anything else."""
    plain = " ".join(text.split()).casefold()
    if plain in _NO:
        return False
    if is_blank(plain) or plain in ("unknown", "not known", "refused", "u", "?", "not declared", "not yet obtained"):
        return None
    if plain in _YES:
        return True
    head = re.match(r"^(yes|y|true|no|n|false)\b\s*[-(:,/]", plain)
    if head:
        return head[1][0] in "yt"
    return Bad("yes or no", "this is neither yes nor no.")


def read_sex(text: str) -> str | Bad | None:
    """M, F or U; None for a blank."""
    plain = fold(text)
    if not plain:
        return None
    for code, names in (
        ("M", ("m", "male", "boy", "man")),
        ("F", ("f", "female", "girl", "woman")),
        ("U", ("u", "unknown", "notknown", "unspecified")),
    ):
        if plain in names:
            return code
    return Bad("sex", "this is not M, F or U (male, female, unknown).")


SEN_WORDS = {"N": "no SEN", "K": "SEN support (K)", "E": "EHC plan (E)"}


def read_sen(text: str) -> str | Bad | None:
    """The SEN status N, K or E (england.md 3.3); None for a blank. Statements and School Action, which ended, are refused by name."""
    plain = " ".join(text.replace("&", " and ").split()).casefold()
    if is_blank(plain) or plain in ("unknown", "not known"):
        return "N" if plain in ("nil",) else None
    letters = fold(plain)
    head = re.match(r"^([a-z])\b", plain)
    if letters in (
        "n",
        "none",
        "no",
        "nosen",
        "nonsen",
        "notsen",
        "nospecialeducationalneed",
        "nospecialeducationalneeds",
        "nosenprovision",
        "false",
        "0",
    ):
        return "N"
    if "healthandcare" in letters or "ehcp" in letters or "ehcplan" in letters or letters in ("e", "ehc"):
        return "E"
    if "sensupport" in letters or "senregister" in letters or letters in ("k", "senk", "support", "specialeducationalneedssupport"):
        return "K"
    if "statement" in letters or letters == "s":
        return Bad("SEN status", "statements ended in April 2018; the status now is N, K or E.")
    if "schoolaction" in letters or letters in ("a", "p", "q"):
        return Bad("SEN status", "School Action ended in 2014; the status now is N, K or E.")
    if head and head[1] in "nke":
        return head[1].upper()
    if letters in ("yes", "y", "true", "1", "sen"):
        return Bad("SEN status", "this says that there is a need, but not whether it is SEN support (K) or an EHC plan (E).")
    return Bad("SEN status", "this is not a SEN status (N, K or E).")


NEEDS = {
    "SPLD": "specific learning difficulty",
    "MLD": "moderate learning difficulty",
    "SLD": "severe learning difficulty",
    "PMLD": "profound and multiple learning difficulty",
    "SEMH": "social, emotional and mental health",
    "SLCN": "speech, language and communication",
    "HI": "hearing impairment",
    "VI": "vision impairment",
    "MSI": "multi-sensory impairment",
    "PD": "physical disability",
    "ASD": "autism",
    "DS": "Down syndrome",
    "OTH": "other",
    "NSA": "SEN support, not yet assessed",
}
"""Types of need by code (england.md 3.3)."""
_NEED_WORDS = (
    ("PMLD", ("profoundandmultiple",)),
    ("SEMH", ("socialemotional", "mentalhealth")),
    ("SLCN", ("speechlanguage", "communicationneed")),
    ("SPLD", ("specificlearning",)),
    ("MLD", ("moderatelearning",)),
    ("SLD", ("severelearning",)),
    ("MSI", ("multisensory",)),
    ("ASD", ("autis", "asc")),
    ("HI", ("hearing",)),
    ("VI", ("visual", "vision")),
    ("PD", ("physical",)),
    ("DS", ("downsyndrome", "downssyndrome")),
    ("NSA", ("nospecialistassessment", "notyetassessed")),
    ("OTH", ("other",)),
)


def read_needs(text: str) -> list[str] | Bad | None:
    """The types of need a cell names, in its order, as codes; None for a blank."""
    if is_blank(text) or fold(text) in ("none", "no", "n"):
        return None
    found: list[str] = []
    whole = _need(text)
    for part in [text] if whole else re.split(r"[;,/+|\n]| and ", text):
        if not part.strip():
            continue
        code = _need(part)
        if code is None:
            return Bad("need", f"“{shown(part)}” is not a type of need that is known here ({', '.join(NEEDS)}).")
        if code not in found:
            found.append(code)
    return found or None


def _need(text: str) -> str | None:
    plain = fold(text)
    if plain.upper() in NEEDS:
        return plain.upper()
    if plain == "asc":
        return "ASD"
    head = re.match(r"^\s*([A-Za-z]{2,4})\s*[-:(]", text)
    if head and head[1].upper() in NEEDS:
        return head[1].upper()
    if "," not in text or "social" in plain or "speech" in plain:
        for code, names in _NEED_WORDS:
            if any(n in plain for n in names):
                return code
    return None


REGISTRATION_WORDS = {
    "C": "sole registration",
    "M": "main, dual registered",
    "S": "subsidiary, dual registered",
    "G": "guest",
    "F": "FE college",
    "O": "other provider",
}
LEFT = "P"


def read_registration(text: str) -> str | Bad | None:
    """The enrolment status C, M, S, G, F or O, or P for a pupil who left (england.md 3.5); None for a blank."""
    plain = fold(text)
    if is_blank(text) or not plain:
        return None
    if len(plain) == 1:
        return plain.upper() if plain in "cmsgfop" else Bad("enrolment status", "this is not an enrolment status (C, M, S, G, F, O or P).")
    if "subsid" in plain:
        return "S"
    if plain.startswith(("m", "dual")) and "main" in plain:
        return "M"
    if "main" in plain and "dual" in plain:
        return "M"
    if "guest" in plain:
        return "G"
    if "left" in plain or "leaver" in plain or "previous" in plain or "former" in plain or "offroll" in plain:
        return LEFT
    if (
        "single" in plain
        or "sole" in plain
        or plain in ("current", "onroll", "currentpupil", "currentstudent", "enrolled", "active", "csingleregistration")
    ):
        return "C"
    if "fecollege" in plain or "furthereducation" in plain:
        return "F"
    if "otherprovider" in plain:
        return "O"
    head = re.match(r"^\s*([CMSGFOP])\s*[-:]", text.upper())
    if head:
        return head[1]
    if plain in ("dual", "dualregistration", "dualregistered"):
        return Bad("enrolment status", "this says dual registered, but not whether here is the main (M) or the subsidiary (S) school.")
    return Bad("enrolment status", "this is not an enrolment status that is known here (C, M, S, G, F, O or P).")


def read_session(text: str) -> str | Bad | None:
    """AM or PM."""
    plain = fold(text)
    if not plain:
        return None
    if plain in ("am", "a", "morning", "1", "s1", "session1", "amsession", "amregistration"):
        return "AM"
    if plain in ("pm", "p", "afternoon", "2", "s2", "session2", "pmsession", "pmregistration"):
        return "PM"
    return Bad("session", "a session is AM or PM.")


def split_name(text: str) -> tuple[str, str] | None:
    """(surname, forename) of a name written 'Surname, Forename'; None where there is no comma to tell."""
    surname, comma, forename = text.partition(",")
    if not comma or not surname.strip() or not forename.strip():
        return None
    return " ".join(surname.split()), " ".join(forename.split())
