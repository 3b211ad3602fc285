"""All rows of one pupil, or of many at once; and one pupil's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from approgress.domain.cohort import TimelineRow
from approgress.domain.days import to_date
from approgress.domain.dossier import PupilRecords
from approgress.domain.errors import Refusal
from approgress.domain.records import (
    AbsenceContact,
    Contact,
    Elsewhere,
    Enrolment,
    Event,
    Flag,
    Goal,
    GroupMember,
    HomeSchool,
    Identifier,
    Intervention,
    LessonNote,
    LessonScore,
    Mark,
    Moment,
    Name,
    NextStep,
    Note,
    Placement,
    Pupil,
    Reading,
    StartingPoint,
    StartValue,
    StatedAttendance,
    Strength,
    Suspension,
    Timetable,
    TimetableReview,
    TimetableStep,
    YearGroup,
    kind_of,
)
from approgress.store.reads import Reader

ROWS: dict[str, type[Any]] = {
    "names": Name,
    "years": YearGroup,
    "identifiers": Identifier,
    "flags": Flag,
    "enrolments": Enrolment,
    "placements": Placement,
    "home_schools": HomeSchool,
    "memberships": GroupMember,
    "contacts": Contact,
    "strengths": Strength,
    "notes": Note,
    "events": Event,
    "next_steps": NextStep,
    "marks": Mark,
    "lesson_scores": LessonScore,
    "moments": Moment,
    "stated": StatedAttendance,
    "readings": Reading,
    "goals": Goal,
    "starting_points": StartingPoint,
    "start_values": StartValue,
    "timetables": Timetable,
    "timetable_steps": TimetableStep,
    "timetable_reviews": TimetableReview,
    "elsewhere": Elsewhere,
    "absence_contacts": AbsenceContact,
    "lesson_notes": LessonNote,
    "suspensions": Suspension,
    "interventions": Intervention,
}
"""The fields of `PupilRecords` and the kind of record that each holds."""

_AT_ONCE = 25


def may(reader: Reader, record: Any) -> bool:
    """Whether the viewer may read a record: its class is `privacy`, or for a flag its `audience` (ordinary, restricted, safeguarding)."""
    if isinstance(record, Flag):
        return reader.viewer.may_read(record.audience)
    return reader.may(record)


def records_of(reader: Reader, pupil_id: int) -> PupilRecords:
    """All rows of a pupil that the viewer may read. Refusal where there is no such pupil (erased, or never there)."""
    pupil = reader.one(Pupil, pupil_id)
    if pupil is None:
        raise Refusal("This pupil is not in the school's records any more. Nothing was changed; go back to the list.")
    held: dict[str, Any] = {}
    for field, cls in ROWS.items():
        held[field] = tuple(r for r in _rows(reader, cls, (pupil_id,)) if may(reader, r))
    return PupilRecords(pupil, **held)


def records_of_many(reader: Reader, pupil_ids: Sequence[int]) -> Iterator[PupilRecords]:
    """`records_of` for many pupils, in the order given, some at a time with one question a kind; ids that are no pupil are passed over."""
    for at in range(0, len(pupil_ids), _AT_ONCE):
        some = pupil_ids[at : at + _AT_ONCE]
        pupils = {p.id: p for p in _rows(reader, Pupil, some)}
        held: dict[int, dict[str, list[Any]]] = {i: {field: [] for field in ROWS} for i in pupils}
        for field, cls in ROWS.items():
            for record in _rows(reader, cls, some):
                if record.pupil_id in held and may(reader, record):
                    held[record.pupil_id][field].append(record)
        for i in some:
            if i in pupils:
                yield PupilRecords(pupils[i], **{field: tuple(rows) for field, rows in held[i].items()})


def _rows(reader: Reader, cls: type[Any], ids: Sequence[int]) -> Iterator[Any]:
    kind = kind_of(cls)
    marks = ", ".join("?" * len(ids))
    columns = ", ".join(kind.key + kind.fields)
    order = ", ".join(kind.key)
    for row in reader.sql(f"SELECT {columns} FROM {kind.name} WHERE {kind.key[0]} IN ({marks}) ORDER BY {order}", *ids):
        yield reader.rows.record(kind, row)


# --- timeline ---------------------------------------------------------------------------------------------------------

_TIMELINE = """
SELECT day, 'mark' AS kind, '' AS what,
       CAST((CASE WHEN am < 32 THEN 1 ELSE 0 END) + (CASE WHEN pm < 32 THEN 1 ELSE 0 END) AS FLOAT) AS value,
       (CASE WHEN am < 96 THEN 1 ELSE 0 END) + (CASE WHEN pm < 96 THEN 1 ELSE 0 END) AS of_all, setting_id AS k
FROM mark WHERE pupil_id = ?
UNION ALL
SELECT slot / 8, 'engagement', '', CAST(sum(CASE WHEN score >= ? THEN 1 ELSE 0 END) AS FLOAT), count(score), min(slot)
FROM lesson_score WHERE pupil_id = ? GROUP BY slot / 8
UNION ALL
SELECT day, 'reading', instrument, value, NULL, id FROM reading WHERE pupil_id = ? AND status = 'complete'
UNION ALL
SELECT day, 'moment', tone, minutes_to_settle, NULL, id FROM moment WHERE pupil_id = ? AND status <> 'draft' AND privacy IN ({})
UNION ALL
SELECT day, 'event', sort, half_days, NULL, id FROM event WHERE pupil_id = ?
ORDER BY 1, 2, 6
"""


def timeline(reader: Reader, pupil_id: int, top: int = 4) -> tuple[TimelineRow, ...]:
    """All that was measured of a pupil, by day: marks and lesson scores summed to days, readings, moments that the viewer may read, events.

    `top` is the point of the engagement scale from which lessons count.
    """
    classes = sorted(reader.viewer.classes)
    text = _TIMELINE.format(", ".join("?" * len(classes)) or "''")
    rows: list[Any] = reader.sql(text, pupil_id, top, pupil_id, pupil_id, pupil_id, *classes, pupil_id)
    return tuple(TimelineRow(to_date(day), kind, what, value, of, key) for day, kind, what, value, of, key in rows)
