"""Series of a dossier: every scale that was scored, with the judgement of its change, and each strand's primary one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from approgress.domain import change, days
from approgress.domain.change import Judgement
from approgress.domain.days import age_on
from approgress.domain.dossier.audiences import STAFF
from approgress.domain.dossier.records import PupilRecords, SchoolFacts
from approgress.domain.dossier.views import Series, SeriesPoint
from approgress.domain.instruments import AGE_MONTHS, RESPONDENTS, STANDARD_SCORE, STRANDS, Instrument, Scale
from approgress.domain.records import Reading
from approgress.domain.scoring import reading_score
from approgress.domain.starting_point import COMPLETE, VOID, SeriesKey, Start, complete, same_day, series_of, start_of
from approgress.domain.strands import Stay, judgement_sign, primary_key, primary_measure, score_text
from approgress.domain.values import how_many


def series_list(records: PupilRecords, facts: SchoolFacts, stay: Stay, last: date, audience: str) -> tuple[Series, ...]:
    """Every scale that was ever scored, each series apart, in order of strand, instrument and scale; readings after `last` are not seen.

    Why a sitting has no score is typed by staff in their own words, and told only where the `audience` is the staff.
    """
    found: list[tuple[tuple[int, int, str, str, str, int, int], Series]] = []
    for key, readings in series_of(r for r in records.readings if r.day <= last and r.status != VOID).items():
        instrument = facts.library.get(key.instrument, key.edition)
        if instrument is None:
            continue
        start = start_of(readings, records.starting_points, records.start_values, began=stay.began, as_of=last)
        strand = list(STRANDS).index(instrument.strand)
        for n, scale in enumerate(instrument.scales):
            scored = [r for r in complete(readings, last) if reading_score(r, instrument, scale.id) is not None]
            if n and not scored:
                continue
            own = facts.spreads.get(SeriesKey(key.instrument, key.edition, key.respondent)) if n == 0 and key.goal_id is None else None
            born = records.pupil.born
            age = age_on(born, start.reading.day) if born is not None and start is not None and born <= start.reading.day else None
            judged = change.judge(
                instrument, readings, start, as_of=last, respondent=key.respondent, scale_id=scale.id, own=own, age=age, sex=records.pupil.sex
            )
            one = _series(key, instrument, scale, n == 0, readings, scored, start, judged, audience)
            found.append(((strand, n > 0, key.instrument, key.respondent, key.edition, key.goal_id or 0, n), one))
    found.sort(key=lambda f: f[0])
    return tuple(one for _, one in found)


def _series(
    key: SeriesKey,
    instrument: Instrument,
    scale: Scale,
    is_main: bool,
    readings: Sequence[Reading],
    scored: Sequence[Reading],
    start: Start | None,
    judged: Judgement,
    audience: str,
) -> Series:
    first = start.reading if start is not None else None
    newest = scored[-1].id if scored and judged.now is not None else None
    points: list[SeriesPoint] = []
    for r in scored:
        value = reading_score(r, instrument, scale.id)
        assert value is not None
        if first is None or (r.day, r.id) < (first.day, first.id):
            place = "before"
        elif r.id == first.id:
            place = "start"
        else:
            place = "now" if r.id == newest else "after"
        points.append(SeriesPoint(r.day, value, score_text(scale, value), place, r.id, r.rater, r.form))
    doubts = [
        f"{len(rows)} readings of {days.words(rows[0].day)} are complete: a mistake, or two sittings? The one entered last is used."
        for rows in same_day(readings)
    ]
    early = [p for p in points if p.place == "before"]
    if early and start is not None and start.agreed:
        doubts.append(f"{how_many(len(early), 'reading')} before the agreed start {'is' if len(early) == 1 else 'are'} drawn and not counted from.")
    who = "own answers" if key.respondent == "pupil" else RESPONDENTS.get(key.respondent, key.respondent)
    title = key.edition if instrument.open_edition else instrument.short
    last_day = scored[-1].day if scored else None
    return Series(
        key=key,
        strand=instrument.strand,
        name=measure_name(instrument, key.edition, key.respondent, scale),
        title=title,
        who=who,
        instrument=instrument,
        scale=scale,
        is_main=is_main,
        points=tuple(points),
        start=next((p for p in points if p.place == "start"), None),
        now=next((p for p in points if p.place == "now"), None),
        start_agreed=bool(start and start.agreed),
        judgement=judged,
        sign=judgement_sign(judged),
        given=len(scored),
        asked=len([r for r in readings if r.status != VOID and (is_main or r in scored)]),
        again_from=last_day + timedelta(days=instrument.interval_days) if last_day is not None and instrument.interval_days else None,
        unscored=_unscored(readings, scored, audience) if is_main else "",
        doubts=tuple(doubts),
        rests_on=tuple(("reading", (r.pupil_id, r.id)) for r in scored),
    )


def _unscored(readings: Sequence[Reading], scored: Sequence[Reading], audience: str) -> str:
    kept = {r.id for r in scored}
    told = [f"{days.words(r.day)}: {_why_unscored(r) if audience == STAFF else 'not answered'}" for r in readings if r.id not in kept]
    return f"{'; '.join(told)}." if told else ""


def _why_unscored(reading: Reading) -> str:
    return reading.why or ("not finished" if reading.status != COMPLETE else "chose not to answer")


def measure_name(instrument: Instrument, edition: str, respondent: str, scale: Scale) -> str:
    """What a measure is called: 'WHO-5, pupil', 'SDQ, teacher: total difficulties', 'NGRT: standard score'; the test's edition names it."""
    title = edition if instrument.open_edition else instrument.short
    who = RESPONDENTS.get(respondent, respondent)
    if who not in title and "own answers" not in title and scale.kind not in (STANDARD_SCORE, AGE_MONTHS):
        title = f"{title}, {who}"
    return title if len(instrument.scales) == 1 else f"{title}: {in_sentence(scale.name)}"


def in_sentence(title: str) -> str:
    """A title inside a sentence: 'reading test', but 'WHO-5' and 'SDQ' as they are."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def primary_series(records: PupilRecords, facts: SchoolFacts, series: Sequence[Series], last: date) -> dict[str, Series]:
    """The series of each strand's primary measure, where it was read."""
    groups = series_of(r for r in records.readings if r.status == COMPLETE and r.day <= last)
    instruments = {s.key: s.instrument for s in series}
    found: dict[str, Series] = {}
    for strand in STRANDS:
        measure = primary_measure(strand, facts.measures, facts.setting)
        if measure is None:
            continue
        key = primary_key(groups, measure, instruments, last)
        chosen = next((s for s in series if s.key == key and s.scale.id == measure[2]), None)
        if chosen is not None:
            found[strand] = chosen
    return found
