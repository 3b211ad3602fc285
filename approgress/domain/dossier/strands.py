"""Strands of a dossier: each strand's card, and every measure's line of progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approgress.domain import change, days
from approgress.domain.dossier.missing import not_read
from approgress.domain.dossier.records import SchoolFacts
from approgress.domain.dossier.series import measure_name
from approgress.domain.dossier.views import (
    AttendanceView,
    BehaviourView,
    EngagementView,
    Missing,
    ProgressRow,
    Series,
    StartingPointView,
    StrandView,
)
from approgress.domain.instruments import AGE_MONTHS, STRANDS, Instrument
from approgress.domain.naming import ShownName
from approgress.domain.strands import LESSON_SCALE, Sign, primary_measure, unit_words, unjudged
from approgress.domain.values import Value, how_many, number, signed


def strand_view(
    strand: str,
    name: ShownName,
    facts: SchoolFacts,
    series: Series | None,
    attendance: AttendanceView,
    engagement: EngagementView,
    behaviour: BehaviourView,
    starting: StartingPointView,
) -> StrandView:
    """A strand's card: its measured series, else what is counted for it here, else what is missing."""
    if series is not None:
        return _measured_strand(strand, series, name)
    measure = primary_measure(strand, facts.measures, facts.setting)
    if strand == "attendance":
        return _attendance_strand(attendance, facts.statutory)
    if strand == "behaviour":
        return _behaviour_strand(behaviour, name)
    if strand == "engagement" and (measure is None or measure[0] == LESSON_SCALE):
        return _engagement_strand(engagement)
    if strand == "home" and measure is None:
        return _home_strand(starting, name)
    return _never_read(strand, measure, facts, name)


def _view(
    strand: str,
    measure: str,
    start: Value,
    now: Value,
    start_text: str,
    now_text: str,
    unit: str,
    sign: Sign,
    sources: tuple[str, str],
    missing: Missing | None = None,
    series: Series | None = None,
) -> StrandView:
    title = STRANDS[strand]
    if missing is not None:
        reading = " ".join(p for p in (f"{title}: {missing.what}", missing.why, missing.do) if p)
    else:
        ends = f"from {start_text} to {now_text}" if start_text and now_text else f"{start_text} at the start" if start_text else f"{now_text} now"
        reading = f"{title}, {measure}: {ends} {unit}".rstrip() + f"; {sign.text}."
    return StrandView(strand, title, measure, start, now, start_text, now_text, unit, sign, sources, reading, missing, series)


def _measured_strand(strand: str, s: Series, name: ShownName) -> StrandView:
    j = s.judgement
    start = j.start.value if j.start is not None else Value(None)
    now = j.now.value if j.now is not None else Value(None)
    asked = f"{s.name}, {number(s.given)} of {number(s.asked)} asked"
    if j.change is None:
        first = (f"{days.words(s.start.day)}, " if s.start is not None else "") + (j.why or "")
    else:
        first = "; ".join(p for p in (j.change_words, j.needs_words or j.smallest_change_words) if p)
    start_text = s.start.text if s.start is not None else ""
    now_text = s.now.text if s.now is not None else ""
    if not start_text:
        # scored only before day 0: drawn, and nothing to count from
        missing = not_read(s.instrument, s.key.respondent, s.scale, name, strand, since=True)
        return _view(strand, s.name, start, now, "", "", "", s.sign, (first, asked), missing, s)
    return _view(strand, s.name, start, now, start_text, now_text, unit_words(s.scale), s.sign, (first, asked), None, s)


def _has(instrument: Instrument, scale_id: str) -> bool:
    return any(s.id == scale_id for s in instrument.scales)


def _never_read(strand: str, measure: tuple[str, str, str] | None, facts: SchoolFacts, name: ShownName) -> StrandView:
    instrument = facts.library.get(measure[0]) if measure is not None else None
    if measure is None or instrument is None:
        missing = Missing("No measure is chosen for this strand.", "", "Choose one in Setting.", strand)
        return _view(strand, "", Value(None), Value(None), "", "", "", unjudged("no measure"), ("", ""), missing)
    missing = not_read(instrument, measure[1], instrument.scale(measure[2]) if _has(instrument, measure[2]) else instrument.main, name, strand)
    title = measure_name(instrument, instrument.short, measure[1], instrument.main)
    return _view(strand, title, Value(None), Value(None), "", "", "", unjudged(change.NO_READING), ("", ""), missing)


def _rate_text(value: Value, statutory: bool) -> str:
    if value.of is None or not value.of:
        return ""
    return value.text if statutory else value.counts


def _attendance_strand(a: AttendanceView, statutory: bool) -> StrandView:
    left, right = a.comparison if a.comparison is not None else (a.before, a.since)
    start = left.rate if left is not None else Value(None)
    now = right.rate
    measure = "Of possible sessions (DfE)" if statutory else "Of sessions offered"
    if not now.of and not start.of:
        missing = Missing("No possible sessions yet.", "", "Take the register, or bring marks in from your system.", "attendance")
        return _view("attendance", measure, start, now, "", "", "", a.sign, ("", ""), missing)
    counts = [v.counts for v in (start, now) if v.of]
    first = ", then ".join(counts) if len(counts) > 1 else f"{counts[0]} {'before' if start.of else 'since day 0'}"
    second = measure
    if left is not None and left.stated_by:
        second += f"; before: {left.stated_by}"
    elif left is None:
        second += "; nothing known of before"
    return _view("attendance", measure, start, now, _rate_text(start, statutory), _rate_text(now, statutory), "", a.sign, (first, second))


def _engagement_strand(e: EngagementView) -> StrandView:
    j = e.judgement
    measure = f"Lessons {e.top_words}" if e.top_words else "Lessons rated"
    start = j.start.value if j is not None and j.start is not None else Value(None)
    now = j.now.value if j is not None and j.now is not None else Value(None)
    if not e.rated:
        missing = Missing("No lesson has been rated yet.", "", "Rate lessons 1 to 5 in Today.", "engagement")
        return _view("engagement", measure, Value(None), Value(None), "", "", "", e.sign, ("", ""), missing)
    second = f"{e.scored.counts} lessons attended were rated" if e.scored.of else f"{how_many(e.rated, 'lesson')} rated"
    first = f"First and last {change.ENGAGEMENT_WEEKS} school weeks" if now.of else f"First {change.ENGAGEMENT_WEEKS} school weeks"
    return _view("engagement", measure, start, now, start.counts, now.counts, e.top_words, e.sign, (first, second))


def _behaviour_strand(b: BehaviourView, name: ShownName) -> StrandView:
    measure = "Incidents per 10 sessions attended"
    if b.start is None or not (b.incidents or b.good or b.neutral):
        if b.suspensions_before is not None:
            v = b.suspensions_before
            return _view("behaviour", v.what, v.value, Value(None), v.text, "", "", b.sign, (v.detail, "No moments written down here yet"))
        missing = Missing("No moments written down yet.", "", f"Log a moment of {name.call}, good ones first.", "behaviour")
        return _view("behaviour", measure, Value(None), Value(None), "", "", "", b.sign, ("", ""), missing)
    start = b.start.rate
    now = b.now.rate if b.now is not None else Value(None)
    words = [c.words for c in (b.start, b.now) if c is not None]
    good = [number(c.good) for c in (b.start, b.now) if c is not None]
    first, second = f"Incidents: {', then '.join(words)} sessions", f"Good moments: {', then '.join(good)}"
    now_text = number(now.value, 1) if now.value is not None else ""
    return _view("behaviour", measure, start, now, number(start.value, 1), now_text, "per 10", b.sign, (first, second))


def _home_strand(starting: StartingPointView, name: ShownName) -> StrandView:
    values = [v for v in starting.values if v.strand == "home"]
    if not values:
        missing = Missing("Nothing is known yet of home and community.", "", f"Ask {name.call} and those at home; add it to the starting point.", "home")
        return _view("home", "Starting point", Value(None), Value(None), "", "", "", unjudged("no value yet"), ("", ""), missing)
    v = next((v for v in values if v.value.of is not None), values[0])
    sign = unjudged("asked at the start only")
    return _view("home", v.what, v.value, Value(None), v.text, "", "", sign, (v.what, v.detail))


def progress_rows(strands: Sequence[StrandView], series: Sequence[Series], primary: Mapping[str, Series]) -> tuple[ProgressRow, ...]:
    """Every measure with its start and now, strand by strand, the primary one of a strand first."""
    rows: list[ProgressRow] = []
    for view in strands:
        if view.missing is None and (view.start_text or view.now_text):
            rows.append(
                ProgressRow(
                    view.strand,
                    view.title,
                    view.measure,
                    view.start,
                    view.now,
                    view.start_text or number(None),
                    view.now_text or number(None),
                    _change_text(view),
                    view.sign,
                )
            )
        chosen = primary.get(view.strand)
        for s in series:
            is_age = s.scale.kind == AGE_MONTHS
            if s.strand != view.strand or s is chosen or s.key.goal_id is not None or s.start is None or not (s.is_main or is_age):
                continue
            j = s.judgement
            rows.append(
                ProgressRow(
                    s.strand,
                    view.title,
                    s.name,
                    j.start.value if j.start is not None else Value(None),
                    j.now.value if j.now is not None else Value(None),
                    s.start.text,
                    s.now.text if s.now is not None else number(None),
                    (signed(j.change) + (" months" if is_age else "")) if j.change is not None else number(None),
                    s.sign,
                )
            )
    return tuple(rows)


def _change_text(view: StrandView) -> str:
    if view.series is not None:
        return view.series.judgement.change_words
    if view.strand == "attendance" and view.start.value is not None and view.now.value is not None:
        return f"{signed(view.now.value - view.start.value, 1)} points"
    if view.strand == "behaviour" and view.start.value is not None and view.now.value is not None:
        return signed(view.now.value - view.start.value, 1)
    if view.strand == "engagement" and view.start.of and view.start.of == view.now.of:
        return signed((view.now.count or 0) - (view.start.count or 0))
    return number(None)
