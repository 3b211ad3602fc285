"""Attendance of one pupil as its page and its printed year show it: both figures, reasons, rules, the map of a year, half-terms, weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from approgress.domain import days
from approgress.domain.acts.timetables import OUTCOMES
from approgress.domain.agreed import (
    AgreedTally,
    Milestone,
    TwoFigures,
    Watch,
    agreed_tally,
    is_agreed,
    milestones,
    rules_watching,
    sessions_in,
    shown_rules,
    step_on,
    timetable_on,
    two_by_half_term,
    two_by_week,
    week_words,
)
from approgress.domain.attendance import Tally, on_roll
from approgress.domain.dossier import Dossier, PupilRecords, SchoolFacts, Stretch
from approgress.domain.figures import Figure, year_figure
from approgress.domain.records import Elsewhere, Mark, Timetable, TimetableReview, TimetableStep
from approgress.domain.school_year import school_year_of, school_year_words, week_of
from approgress.domain.values import counted_words, number, share_words
from approgress.domain.year_map import YearMap, reasons, year_map, year_sentence

LATEST = "latest"
"""The choice of the last 52 school and other weeks and this one, beside the school years."""
_WEEKS = 52


@dataclass(frozen=True, slots=True)
class PupilAttendance:
    """What the page shows. `left` and `right` are the stretches before and since, of equal length where that is known (`left` None: nothing
    known of before); `agreed` since day 0 (None: never part time); `agreed_from` its first day. `why` are reasons with sessions, of `of`.
    """

    left: Stretch | None
    right: Stretch
    agreed: AgreedTally | None
    agreed_from: date | None
    agreed_before: str
    why: tuple[tuple[str, int], ...]
    of: int
    late: Watch | None
    rules: tuple[Watch, ...]
    figure: Figure
    years: tuple[tuple[str, str], ...]
    year: str
    since: TwoFigures
    half_terms: tuple[TwoFigures, ...]
    weeks: tuple[TwoFigures, ...]
    milestones: tuple[Milestone, ...]
    timetable: Timetable | None
    statutory: bool
    not_final: int

    @property
    def part_time(self) -> bool:
        """Whether there is, or was, a part-time timetable in this stay."""
        return self.agreed is not None


def pupil_attendance(records: PupilRecords, facts: SchoolFacts, d: Dossier, *, year: str = LATEST) -> PupilAttendance:
    """All of it, up to the dossier's last day, seen on its today. `year` is LATEST or the calendar year in which a school year begins."""
    codes, calendar, setting = facts.codes, facts.calendar, facts.setting.id
    marks = tuple(m for m in records.marks if m.setting_id == setting and m.day <= d.last)
    timetables = tuple(t for t in records.timetables if t.setting_id == setting)
    steps = records.timetable_steps
    spans = d.stay.spans or None
    own = ((d.stay.enrolment.first_day, d.stay.enrolment.last_day),) if d.stay.enrolment is not None else None
    began, ended = d.stay.began, min(d.last, d.stay.ended or d.last)
    a = d.attendance
    left, right = a.comparison if a.comparison is not None else (a.before, a.since)
    agreed = agreed_tally(marks, codes, timetables, steps, own, first=began, last=ended, calendar=calendar)
    in_force = [t for t in timetables if t.first_day <= ended and (began is None or t.last_day is None or t.last_day >= began)]
    agreed_from = max(min((t.first_day for t in in_force), default=ended), began or date.min) if agreed is not None and in_force else None
    watches = rules_watching(marks, codes, calendar, spans, last=d.last, born=records.pupil.born, statutory=d.statutory)
    choices = _years(records, d, marks)
    chosen = year if year in dict(choices) else LATEST
    stones = milestones(marks, codes, timetables, steps, calendar, own, first=began, last=ended) if marks else ()
    return PupilAttendance(
        left=left,
        right=right,
        agreed=agreed,
        agreed_from=agreed_from,
        agreed_before="No figure before: no part-time timetable is known." if left is not None and left.tally.possible else "",
        why=reasons(a.since.tally, codes),
        of=a.since.tally.possible,
        late=next((w for w in watches if w.rule == "late"), None),
        rules=shown_rules(watches) if d.stay.on_roll(d.last) else (),  # of who has left, nothing is watched any more
        figure=_figure(records, facts, d, marks, timetables, chosen),
        years=choices,
        year=chosen,
        since=TwoFigures("since", began, ended, a.since.tally, agreed),
        half_terms=two_by_half_term(marks, codes, timetables, steps, calendar, own, first=began, last=d.last) if calendar else (),
        weeks=two_by_week(marks, codes, timetables, steps, calendar, own, first=began, last=d.last),
        milestones=stones,
        timetable=timetable_on(ended, timetables) if d.stay.on_roll(ended) else None,
        statutory=d.statutory,
        not_final=a.not_final,
    )


def _years(records: PupilRecords, d: Dossier, marks: tuple[Mark, ...]) -> tuple[tuple[str, str], ...]:
    """The last year, and every school year with a mark, newest first."""
    known = {school_year_of(m.day) for m in marks}
    known |= {school_year_of(m.day) for m in records.marks if d.stay.began is not None and m.day < d.stay.began}
    return ((LATEST, "12 months"), *((str(y), school_year_words(y)) for y in sorted(known, reverse=True)))


def span_of(year: str, last: date) -> tuple[date, date]:
    """The days that a choice of the map shows, up to `last`: the last 52 weeks and this one, or a school year."""
    if year == LATEST:
        return week_of(last) - timedelta(weeks=_WEEKS), last
    begins = date(int(year), 9, 1)
    return begins, min(last, date(int(year) + 1, 8, 31))


def _figure(
    records: PupilRecords, facts: SchoolFacts, d: Dossier, marks: tuple[Mark, ...], timetables: tuple[Timetable, ...], year: str
) -> Figure:
    first, last = span_of(year, d.last)
    began = d.stay.began
    others = [m for m in records.marks if m.setting_id != facts.setting.id and began is not None and m.day < began]
    place = max(others, key=lambda m: m.day).setting_id if others else 0
    before = [m for m in others if m.setting_id == place]
    school = facts.settings[place].name if place in facts.settings else ""
    since = ""
    if began is not None:
        part_time = is_agreed(began, "AM", timetables, records.timetable_steps) is not None
        since = f"Day 0, {days.words(began, year=False)}: here{', part time' if part_time else ''}"
    spans = d.stay.spans or None
    seen_from = [m.day for m in (*marks, *before) if first <= m.day <= last]
    if began is not None and first <= began <= last:
        seen_from.append(began)
    elif began is not None and began < first and (spans is None or on_roll(first, spans)):
        seen_from.append(first)
    if not seen_from:
        return year_figure(YearMap((), (), ()), first, last, "")
    shown_from = max(first, week_of(min(seen_from)))
    friday = week_of(last) + timedelta(days=4)
    made = year_map(
        marks,
        facts.codes,
        facts.calendar,
        first=shown_from,
        last=friday if last == d.today else last,
        today=d.today,
        spans=spans,
        began=began,
        before=before,
        before_school=school,
        since_words=since,
    )
    text = year_sentence(marks, facts.codes, spans, first=max(shown_from, began or shown_from), last=last, statutory=d.statutory)
    return year_figure(made, shown_from, last, text)


# --- in words ---------------------------------------------------------------------------------------------------------


def tally_words(counted: Tally, statutory: bool) -> str:
    """'99 of 241 (41%)', without the percentage where the setting keeps no statutory register."""
    return counted_words(counted.attended, counted.possible) if statutory else share_words(counted.attended, counted.possible)


def timetable_words(
    timetable: Timetable, steps: tuple[TimetableStep, ...], reviews: tuple[TimetableReview, ...], day: date
) -> tuple[str, str, str]:
    """A timetable as it is listed: its days, its sessions now (or at its end), and what comes next or how it ended."""
    until = timetable.last_day or timetable.target_end
    when = f"{days.words(timetable.first_day)} to {days.words(until)}" if until is not None else f"from {days.words(timetable.first_day)}"
    at = max(min(day, timetable.last_day or day), timetable.first_day)
    step = step_on(at, timetable, steps)
    sessions = f"{number(sessions_in(step))} of 10 a week: {week_words(step.am, step.pm)}" if step is not None else "no sessions said"
    if timetable.last_day is not None:
        return when, sessions, f"ended: {OUTCOMES.get(timetable.outcome or '', 'outcome not said')}"
    due = sorted(r.day for r in reviews if r.timetable_id == timetable.id and r.held_on is None)
    ahead = sorted(s.first_day for s in steps if s.timetable_id == timetable.id and s.first_day > day)
    said: list[str] = []
    if until is not None and until < day:
        said.append("past its end: say how it ended")
    if due:
        said.append(f"review {'was due' if due[0] < day else 'due'} {days.words(due[0], weekday=True, year=False)}")
    if ahead:
        said.append(f"next step {days.words(ahead[0], year=False)}")
    return when, sessions, "; ".join(said)


def elsewhere_words(row: Elsewhere, facts: SchoolFacts) -> tuple[str, str, str]:
    """A pattern of sessions elsewhere as it is listed: where, which sessions, and its days."""
    partner = facts.partners.get(row.partner_id or 0)
    where = ", ".join(p for p in (partner.name if partner else "", row.place or "") if p) or "place not said"
    when = " ".join(
        p
        for p in (f"from {days.words(row.first_day)}" if row.first_day else "", f"to {days.words(row.last_day)}" if row.last_day else "")
        if p
    )
    return f"{row.code}: {where}", week_words(row.am, row.pm), when or "always"
