"""Starting point and goals of a dossier: the values agreed or proposed, and goals with their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from approgress.domain import days
from approgress.domain.dossier.audiences import may_read
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.views import AttendanceView, EngagementView, GoalView, Series, StartingPointView, StartValueView
from approgress.domain.instruments import RESPONDENTS, STRANDS
from approgress.domain.records import StartValue
from approgress.domain.starting_point import VOID
from approgress.domain.strands import Stay, current_starting_point, score_text, strands_held, strands_read, unit_words
from approgress.domain.values import Key, Value, number


def starting_point_of(
    records: PupilRecords,
    facts: SchoolFacts,
    stay: Stay,
    series: Sequence[Series],
    attendance: AttendanceView,
    engagement: EngagementView,
    last: date,
) -> StartingPointView:
    """The starting point in force on `last`, agreed or not; where none is written down, the values that would be proposed."""
    points = [p for p in records.starting_points if p.day <= last]
    point = current_starting_point(points, stay.began)
    values = [v for v in records.start_values if point is not None and v.starting_point_id == point.id]
    agreed = point is not None and point.agreed_on is not None and point.agreed_on <= last
    strands = list(STRANDS)
    views = [_start_value(v, records, facts) for v in sorted(values, key=lambda v: (strands.index(v.strand) if v.strand in strands else 9, v.id))]
    if point is None:
        views = _proposed(series, attendance)
    began_moments = sum((stay.began is None or m.day >= stay.began) and m.day <= last for m in records.moments)
    held = strands_held(
        values,
        records.readings,
        read=strands_read(records.readings, facts.strand_of, stay.began, last),
        before=attendance.before is not None,
        rated_lessons=engagement.rated,
        moments=began_moments,
    )
    number_of_day = (last - stay.began).days if stay.began is not None and stay.began <= last else None
    total = facts.setting.starting_point_days
    if agreed and point is not None:
        by = f" by {point.agreed_by}" if point.agreed_by else ""
        line = f"{days.words(point.day)} \u00b7 agreed {days.words(point.agreed_on)}{by}"
    else:
        line = "not agreed yet"
        if number_of_day is not None:
            line += f" \u00b7 day {number_of_day} of {total}" if number_of_day <= total else f" \u00b7 day {number_of_day}, past {total}"
    return StartingPointView(
        agreed=agreed,
        day=point.day if point is not None else stay.began,
        agreed_on=point.agreed_on if point is not None and agreed else None,
        agreed_by=point.agreed_by if point is not None and agreed else None,
        line=line,
        values=tuple(views),
        held=held,
        day_number=number_of_day,
        days=total,
        earlier=tuple(p for p in sorted(points, key=lambda p: (p.day, p.id)) if point is not None and p.id != point.id),
    )


def _start_value(v: StartValue, records: PupilRecords, facts: SchoolFacts) -> StartValueView:
    own: Key = ("start_value", (v.pupil_id, v.id))
    reading = next((r for r in records.readings if r.id == v.reading_id), None) if v.reading_id is not None else None
    stated = next((s for s in records.stated if s.id == v.stated_id), None) if v.stated_id is not None else None
    unit, day, source, sure = "", None, v.source or "", v.sure or ""
    detail = v.detail or ""
    if reading is not None:
        instrument = facts.library.get(reading.instrument, reading.edition)
        keys = (own, ("reading", (reading.pupil_id, reading.id)))
        value = Value(reading.value if reading.status != VOID else None, rests_on=keys)
        text = score_text(instrument.main, value.value) if instrument is not None else number(value.value)
        unit = unit_words(instrument.main) if instrument is not None else ""
        if reading.status == VOID:
            detail = detail or "this reading no longer counts"
        day = reading.day
        source = source or reading.rater or RESPONDENTS.get(reading.respondent, reading.respondent)
        sure = sure or reading.sure or ""
    elif stated is not None:
        keys = (own, ("stated_attendance", (stated.pupil_id, stated.id)))
        value = Value.share(stated.attended, stated.possible, rule="attended of possible sessions, as stated", rests_on=keys)
        text = value.text if facts.statutory else value.counts
        unit = value.counts if facts.statutory else ""
        day = stated.said_on or stated.last_day
        source = source or stated.school
        sure = sure or stated.sure or ""
    elif v.value is not None and v.of is not None and v.value == int(v.value):
        value = Value(None, int(v.value), v.of, rests_on=(own,))
        text = value.counts
    elif v.value is not None:
        value = Value(v.value, rests_on=(own,))
        text = number(v.value)
        unit = f"of {number(v.of)}" if v.of is not None else ""
    else:
        value = Value(None, rests_on=(own,))
        text, detail = (detail or number(None)), ""
    said = ", ".join(p for p in (source, sure) if p)
    line = " \u00b7 ".join(p for p in (unit, detail, said) if p)
    return StartValueView(v.strand, v.what, value, text, line, source, sure, day, value.rests_on)


def _proposed(series: Sequence[Series], attendance: AttendanceView) -> list[StartValueView]:
    """What would be the starting values where none were written down: attendance as stated and the first readings."""
    found: list[StartValueView] = []
    for s in series:
        if s.is_main and s.start is not None and s.key.goal_id is None and s.judgement.start is not None:
            value = s.judgement.start.value
            who = s.start.rater or s.who
            line = f"{unit_words(s.scale)} \u00b7 {days.words(s.start.day)}, {who}"
            found.append(StartValueView(s.strand, s.name, value, s.start.text, line, who, "", s.start.day, value.rests_on))
    if attendance.before is not None:
        b = attendance.before
        line = f"{b.rate.counts} \u00b7 {b.stated_by}"
        found.append(StartValueView("attendance", "Attendance before", b.rate, b.rate.text, line, b.stated_by or "", "", b.last_day, b.rate.rests_on))
    strands = list(STRANDS)
    return sorted(found, key=lambda v: strands.index(v.strand))


def goals_of(records: PupilRecords, series: Sequence[Series], audience: str, last: date) -> tuple[GoalView, ...]:
    """The goals that `audience` may read, begun by `last`, each with its ratings."""
    found: list[GoalView] = []
    for g in sorted(records.goals, key=lambda g: (g.rank if g.rank is not None else 99, g.id)):
        if not may_read(audience, g.audience) or (g.first_day is not None and g.first_day > last):
            continue
        mine = [s for s in series if s.key.goal_id == g.id and s.is_main]
        one = max(mine, key=lambda s: (s.key.respondent == "pupil", s.given), default=None)
        start = one.judgement.start.value if one is not None and one.judgement.start is not None else Value(None)
        now = one.judgement.now.value if one is not None and one.judgement.now is not None else Value(None)
        high = number(one.scale.high) if one is not None else "10"
        start_text = number(start.value) if start.value is not None else ""
        now_text = number(now.value) if now.value is not None else ""
        if not start_text:
            text = "not rated yet"
        else:
            text = f"{start_text}, now {now_text} of {high}" if now_text else f"{start_text} of {high}, rated once"
        found.append(GoalView(g, g.owner, one, start, now, start_text, now_text, text))
    return tuple(found)
