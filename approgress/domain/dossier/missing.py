"""What a dossier lacks: what is not there, why, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from approgress.domain.dossier.series import in_sentence
from approgress.domain.dossier.views import Missing, Series, StartingPointView, StrandView
from approgress.domain.instruments import AGE_MONTHS, STANDARD_SCORE, Instrument, Scale
from approgress.domain.naming import ShownName
from approgress.domain.values import how_many, number


def not_read(instrument: Instrument, respondent: str, scale: Scale, name: ShownName, strand: str, since: bool = False) -> Missing:
    """What is missing where a measure was never read (or, with `since`, not since day 0), and whom to ask."""
    when = "since day 0" if since else "yet"
    if scale.kind in (STANDARD_SCORE, AGE_MONTHS):
        return Missing(f"No {in_sentence(instrument.short)} {when}.", "", f"Test {name.call}, and add the reading.", strand)
    whom = {"pupil": name.call, "teacher": "a teacher", "parent": "a parent or carer", "school": "the home school"}.get(respondent, name.call)
    return Missing(f"{instrument.short} has not been answered {when}.", "", f"Ask {whom}, and add the reading.", strand)


def missing_things(strands: Sequence[StrandView], series: Sequence[Series], starting: StartingPointView, name: ShownName) -> tuple[Missing, ...]:
    """What is not there: starting point, measures of strands, scores of sittings; the order of the page."""
    found: list[Missing] = []
    if not starting.agreed:
        past = starting.day_number is not None and starting.day_number > starting.days
        when = f" It is day {starting.day_number} of {starting.days}." if starting.day_number is not None else ""
        if past:
            when = f" It is day {starting.day_number}, past the {starting.days} days for it."
        found.append(Missing("The starting point is not agreed yet.", when.strip(), "Agree it on the page Starting point."))
    for view in strands:
        if view.missing is not None:
            found.append(view.missing)
        elif view.series is not None and not view.now_text:
            test = view.series.scale.kind in (STANDARD_SCORE, AGE_MONTHS)
            title = view.series.title
            once, again = ("taken", f"Test {name.call} again") if test else ("answered", f"Ask again for {title}")
            found.append(Missing(f"{title} has been {once} once, so no change can be told.", "", f"{again}.", view.strand))
        elif not view.start_text and view.strand == "attendance":
            found.append(Missing("Attendance before is not known.", "", "Ask the home school for possible and attended sessions.", "attendance"))
    for s in series:
        lacking = s.asked - s.given
        if s.is_main and lacking > 0:
            found.append(Missing(f"{s.name}: {how_many(lacking, 'sitting')} of {number(s.asked)} without a score.", s.unscored, "", s.strand))
    return tuple(found)
