"""Starting values over the school: one pass for this school's own spread of each series."""

from __future__ import annotations

from datetime import date
from typing import Any

from approgress.domain.change import OwnSpread, own_spread
from approgress.domain.days import to_number
from approgress.domain.starting_point import SeriesKey
from approgress.store.reads import Reader

# day 0 of each pupil's present stay, as `strands.stay_of` finds it: the last enrolment that had begun by the day asked for; where its first
# day is not known, that of its first placement, else of the first mark. The third value: only pupils on roll on that day or later
_BEGAN = """
WITH began AS (
  SELECT e.pupil_id, max(coalesce(e.first_day,
      (SELECT min(p.first_day) FROM placement p WHERE p.pupil_id = e.pupil_id AND p.enrolment_id = e.id),
      (SELECT min(m.day) FROM mark m WHERE m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id), -1000000)) AS day
  FROM enrolment e WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ?
  GROUP BY e.pupil_id HAVING max(coalesce(e.last_day, 10000000)) >= ?
)
"""

# The days of the earliest complete reading since day 0 and of the newest with a score, of each series; then the readings of these two days.
# Two walks along the pupil's rows (a window sorts whole rows and takes four times as long); the days are compared before the texts.
_ENDS = (
    _BEGAN
    + """
, ends AS (
  SELECT r.pupil_id, r.instrument, r.edition, r.respondent,
         min(CASE WHEN r.day >= b.day THEN r.day END) AS first_day, max(CASE WHEN r.value IS NOT NULL THEN r.day END) AS last_day
  FROM began b JOIN reading r ON r.pupil_id = b.pupil_id
  WHERE r.status = 'complete' AND r.goal_id IS NULL AND r.day <= ?
  GROUP BY r.pupil_id, r.instrument, r.edition, r.respondent
)
SELECT x.pupil_id, x.instrument, x.edition, x.respondent, r.day, r.id, r.value, x.first_day, x.last_day
FROM ends x JOIN reading r ON r.pupil_id = x.pupil_id
WHERE CASE WHEN r.day = x.first_day OR r.day = x.last_day
  THEN r.instrument = x.instrument AND r.edition = x.edition AND r.respondent = x.respondent AND r.status = 'complete' AND r.goal_id IS NULL
  ELSE FALSE END
"""
)

# the readings that agreed starting points name, the newest point first, and within one the earliest reading first; where one was agreed in the
# present stay, those of earlier stays are left out (`starting_point.agreed_starting_points`)
_AGREED = (
    _BEGAN
    + """
SELECT r.pupil_id, r.instrument, r.edition, r.respondent, r.day, r.id, r.value
FROM began b
JOIN starting_point p ON p.pupil_id = b.pupil_id
JOIN start_value v ON v.pupil_id = p.pupil_id AND v.starting_point_id = p.id
JOIN reading r ON r.pupil_id = v.pupil_id AND r.id = v.reading_id
WHERE p.agreed_on IS NOT NULL AND p.agreed_on <= ? AND p.day <= ? AND r.status = 'complete' AND r.goal_id IS NULL AND r.day <= ?
  AND (p.day >= b.day OR NOT EXISTS (
    SELECT 1 FROM starting_point x WHERE x.pupil_id = b.pupil_id AND x.day >= b.day AND x.agreed_on IS NOT NULL AND x.agreed_on <= ? AND x.day <= ?))
ORDER BY r.pupil_id, p.day DESC, p.agreed_on DESC, p.id DESC, r.day, r.id
"""
)

_ALWAYS, _NEVER = -(2**31), 2**31
Ended = tuple[int, int, float | None]
"""A reading as (day, id, value)."""


def starts_and_ends(
    reader: Reader, setting_id: int, day: date | None, *, on_roll: bool = False
) -> dict[tuple[int, str, str, str], tuple[Ended | None, Ended | None]]:
    """The start and the newest scored reading of every series (pupil, instrument, edition, respondent) as of a day (None: of all days).

    A start is the agreed starting point's reading, else the earliest complete reading since day 0; None where there is none (rulings, start,
    now, change 1). With `on_roll` only of pupils on roll on that day.
    """
    until = to_number(day) if day is not None else _NEVER
    since = until if on_roll else _ALWAYS
    found: dict[tuple[int, str, str, str], tuple[Ended | None, Ended | None]] = {}
    rows: list[Any] = reader.sql(_ENDS, setting_id, until, since, until)
    for pupil, instrument, edition, respondent, when, reading, value, first, last in rows:
        key = (pupil, instrument, edition, respondent)
        start, end = found.get(key, (None, None))
        this = (when, reading, value)
        if when == first and (start is None or this[:2] < start[:2]):
            start = this
        if when == last and value is not None and (end is None or this[:2] > end[:2]):
            end = this
        found[key] = (start, end)
    agreed: set[tuple[int, str, str, str]] = set()
    named: list[Any] = reader.sql(_AGREED, setting_id, until, since, until, until, until, until, until)
    for pupil, instrument, edition, respondent, when, reading, value in named:
        key = (pupil, instrument, edition, respondent)
        if key not in agreed:
            agreed.add(key)
            found[key] = ((when, reading, value), found.get(key, (None, None))[1])
    return found


def own_spreads(reader: Reader, setting_id: int, day: date | None = None) -> dict[SeriesKey, OwnSpread]:
    """The spread of this school's own starting values of each series (main scale), one value a pupil, as of a day (None: of all days).

    A start counts as in `starts_and_ends` (rulings, start, now, change 3).
    """
    values: dict[SeriesKey, list[float | None]] = {}
    for (_, instrument, edition, respondent), (start, _) in starts_and_ends(reader, setting_id, day).items():
        if start is not None:
            values.setdefault(SeriesKey(instrument, edition, respondent), []).append(start[2])
    return {key: own_spread(found) for key, found in values.items()}
