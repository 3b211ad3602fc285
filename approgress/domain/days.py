"""Days as whole numbers, the form in which the store keeps them: days since 1 January 2000."""

from __future__ import annotations

from datetime import date

_ZERO = date(2000, 1, 1).toordinal()


def to_number(day: date) -> int:
    """Days from 1 January 2000 to `day`; negative before it."""
    return day.toordinal() - _ZERO


def to_date(number: int) -> date:
    """The day that is `number` days after 1 January 2000."""
    return date.fromordinal(number + _ZERO)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def words(day: date | None, *, weekday: bool = False, year: bool = True) -> str:
    """'24 Nov 2026', the one way in which a date is shown (the same in every locale); '' where there is none."""
    if day is None:
        return ""
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    if year:
        text += f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {text}" if weekday else text


def age_on(born: date, day: date) -> int:
    """Whole years of age on `day`; a birthday on 29 February is reached on 1 March in common years (English law)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
