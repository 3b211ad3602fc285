"""Starting values over the school: one pass for this school's own spread of each series."""

from __future__ import annotations

from datetime import date
from typing import Any

from approgress.domain.change import OwnSpread, own_spread
from approgress.domain.days import to_number
from approgress.domain.starting_point import SeriesKey
from approgress.store.reads import Reader

FAR = 2**31
"""A day number after all days."""

# day 0 of each pupil's present stay, as `strands.stay_of` finds it: the last enrolment that had begun by the day asked for; where its first
# day is not known, that of its first placement, else of the first mark
_BEGAN = """
WITH began AS (
  SELECT e.pupil_id, max(coalesce(e.first_day,
      (SELECT min(p.first_day) FROM placement p WHERE p.pupil_id = e.pupil_id AND p.enrolment_id = e.id),
      (SELECT min(m.day) FROM mark m WHERE m.pupil_id = e.pupil_id AND m.setting_id = e.setting_id), -1000000)) AS day
  FROM enrolment e WHERE e.setting_id = ? AND coalesce(e.first_day, -1000000) <= ? GROUP BY e.pupil_id
)
"""

EARLIEST_STARTS = (
    _BEGAN
    + """
SELECT pupil_id, instrument, edition, respondent, value, day, id FROM (
  SELECT r.pupil_id, r.instrument, r.edition, r.respondent, r.value, r.day, r.id,
         row_number() OVER (PARTITION BY r.pupil_id, r.instrument, r.edition, r.respondent ORDER BY r.day, r.id) AS n
  FROM began b JOIN reading r ON r.pupil_id = b.pupil_id
  WHERE r.status = 'complete' AND r.goal_id IS NULL AND r.day <= ? AND r.day >= b.day
) AS numbered WHERE n = 1
"""
)

# the readings that agreed starting points name, the newest agreed point of the present stay first, and within one the earliest reading first
AGREED_STARTS = (
    _BEGAN
    + """
SELECT r.pupil_id, r.instrument, r.edition, r.respondent, r.value, r.day, r.id
FROM began b
JOIN starting_point p ON p.pupil_id = b.pupil_id
JOIN start_value v ON v.pupil_id = p.pupil_id AND v.starting_point_id = p.id
JOIN reading r ON r.pupil_id = v.pupil_id AND r.id = v.reading_id
WHERE p.agreed_on IS NOT NULL AND p.agreed_on <= ? AND p.day <= ? AND r.status = 'complete' AND r.goal_id IS NULL AND r.day <= ?
ORDER BY r.pupil_id, CASE WHEN p.day >= b.day THEN 0 ELSE 1 END, p.day DESC, p.agreed_on DESC, p.id DESC, r.day, r.id
"""
)


def own_spreads(reader: Reader, setting_id: int, day: date | None = None) -> dict[SeriesKey, OwnSpread]:
    """The spread of this school's own starting values of each series (main scale), one value a pupil, as of a day (None: of all days).

    A start is the agreed starting point's reading, else the earliest complete reading since day 0 (rulings, start, now, change 1 and 3).
    """
    until = to_number(day) if day is not None else FAR
    starts: dict[tuple[Any, ...], Any] = {}
    for pupil, instrument, edition, respondent, value, _, _ in reader.sql(EARLIEST_STARTS, setting_id, until, until):
        starts[pupil, instrument, edition, respondent] = value
    agreed: set[tuple[Any, ...]] = set()
    for pupil, instrument, edition, respondent, value, _, _ in reader.sql(AGREED_STARTS, setting_id, until, until, until, until):
        key = (pupil, instrument, edition, respondent)
        if key not in agreed:
            agreed.add(key)
            starts[key] = value
    values: dict[SeriesKey, list[float | None]] = {}
    for (_, instrument, edition, respondent), value in starts.items():
        values.setdefault(SeriesKey(instrument, edition, respondent), []).append(value)
    return {key: own_spread(found) for key, found in values.items()}
