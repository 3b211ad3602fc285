"""Engagement and behaviour of a dossier: lessons rated, and moments by half-term."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from approgress.domain import change, days
from approgress.domain.attendance import ATTENDED, class_of
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.views import AttendanceView, BehaviourView, EngagementView, StartingPointView
from approgress.domain.records import LessonScore, Mark, Moment, named_key
from approgress.domain.strands import LESSON_SCALE, MomentCount, Stay, behaviour_sign, engagement_sign, primary_measure, top_words, unjudged
from approgress.domain.suspensions import standing
from approgress.domain.values import Value


def am_lessons(lessons: int) -> int:
    """How many of a day's lessons belong to the morning session: the larger half."""
    return (lessons + 1) // 2


def engagement_of(records: PupilRecords, facts: SchoolFacts, stay: Stay, marks: Sequence[Mark], last: date) -> EngagementView:
    """Lessons rated since day 0 up to `last`, and what they tell."""
    measure = primary_measure("engagement", facts.measures, facts.setting)
    instrument = facts.library.get(measure[0] if measure and measure[0] == LESSON_SCALE else LESSON_SCALE)
    began, ended = stay.began, min(last, stay.ended or last)
    counted = [
        s
        for s in records.lesson_scores
        if s.score is not None and (began is None or s.slot >= days.to_number(began) * 8) and s.slot < (days.to_number(ended) + 1) * 8
    ]
    scored = _scored(counted, marks, facts.setting.lessons, began, ended)
    if instrument is None or instrument.main.count_from is None:
        return EngagementView(None, None, (), len(counted), scored, 4, "", unjudged("no scale of engagement is in use"))
    scale = instrument.main
    top = scale.count_from or 0
    weeks = change.engagement_weeks(counted, top, facts.calendar, began=began, as_of=ended)
    judged = change.judge_engagement_weeks(instrument, weeks)
    own = None
    if any(s.own is not None for s in records.lesson_scores):
        own = change.judge_engagement(instrument, records.lesson_scores, began=began, as_of=ended, calendar=facts.calendar, own_ratings=True)
    return EngagementView(judged, own, weeks, len(counted), scored, top, top_words(scale), engagement_sign(judged, scale, weeks))


def _scored(scores: Sequence[LessonScore], marks: Sequence[Mark], lessons: int, began: date | None, last: date) -> Value:
    """Lessons rated of the lessons in sessions attended."""
    morning = am_lessons(lessons)
    attended: dict[int, tuple[bool, bool]] = {}
    of = 0
    for m in marks:
        if (began is None or m.day >= began) and m.day <= last:
            am, pm = m.am is not None and class_of(m.am) == ATTENDED, m.pm is not None and class_of(m.pm) == ATTENDED
            attended[days.to_number(m.day)] = (am, pm)
            of += am * morning + pm * (lessons - morning)
    count = 0
    for s in scores:
        am, pm = attended.get(s.slot // 8, (False, False))
        count += (am if s.slot % 8 < morning else pm) and s.slot % 8 < lessons
    return Value(None, count, of, rule="lessons rated of the lessons in sessions attended")


def behaviour_of(records: PupilRecords, stay: Stay, attendance: AttendanceView, starting: StartingPointView, last: date) -> BehaviourView:
    """Moments of this stay up to `last` by half-term, each with the sessions attended, and suspensions."""
    ended = min(last, stay.ended or last)
    moments = [m for m in records.moments if (stay.began is None or m.day >= stay.began) and m.day <= ended]
    halves: list[MomentCount] = []
    for part in attendance.half_terms:
        if part.first_day is None or part.last_day is None or part.name == "outside the half-terms":
            continue
        within = [m for m in moments if part.first_day <= m.day <= part.last_day]
        halves.append(_moment_count(part.name, part.short, part.first_day, part.last_day, within, part.tally.attended))
    if not halves and attendance.since.first_day is not None and attendance.since.last_day is not None:
        whole = attendance.since
        halves.append(_moment_count("since day 0", "since", whole.first_day or last, whole.last_day or last, moments, whole.tally.attended))
    attended = [h for h in halves if h.attended]
    suspended = standing(records.suspensions, records.events)
    since = [s for s in suspended if (stay.began is None or s.day >= stay.began) and s.day <= ended and not (s.planned or s.cancelled)]
    return BehaviourView(
        half_terms=tuple(halves),
        start=attended[0] if attended else None,
        now=attended[-1] if len(attended) > 1 else None,
        incidents=sum(m.tone == "incident" for m in moments),
        good=sum(m.tone == "good" for m in moments),
        neutral=sum(m.tone == "neutral" for m in moments),
        sign=behaviour_sign(halves),
        suspensions_before=next((v for v in starting.values if v.strand == "behaviour" and "suspension" in v.what.casefold()), None),
        suspensions_since=Value(len(since), rule="suspensions since day 0", rests_on=tuple(s.key for s in since)),
    )


def _moment_count(name: str, short: str, first: date, last: date, moments: Sequence[Moment], attended: int) -> MomentCount:
    incidents = [m for m in moments if m.tone == "incident"]
    return MomentCount(
        name=name,
        short=short,
        first_day=first,
        last_day=last,
        incidents=len(incidents),
        good=sum(m.tone == "good" for m in moments),
        neutral=sum(m.tone == "neutral" for m in moments),
        attended=attended,
        settle=tuple(sorted(m.minutes_to_settle for m in incidents if m.minutes_to_settle is not None)),
        rests_on=tuple(map(named_key, incidents)),
    )
