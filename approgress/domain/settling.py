"""The chart of minutes to settle: the median of each half-term with how many incidents it rests on."""

from __future__ import annotations

from approgress.domain.dossier import Dossier
from approgress.domain.figures import BARS, Bar, Figure, Table, ValueAxis, nice_top, value_ticks
from approgress.domain.moments import INCIDENT, settling
from approgress.domain.values import number

MOST = 7
"""Half-terms drawn at most, the newest."""


def settling_figure(d: Dossier) -> Figure:
    """Minutes to settle after incidents, a bar for each half-term of the stay: the median, with 'noted of incidents' below it.

    A half-term without a noted time has no bar and says so. It rests on the dossier's moments, from its first day on.
    """
    title = "Minutes to settle"
    halves = [h for h in d.behaviour.half_terms if h.last_day >= d.first][-MOST:]
    found = [(h, settling(m for m in d.moments if m.tone == INCIDENT and h.first_day <= m.day <= h.last_day)) for h in halves]
    if not any(s.noted for _, s in found):
        words = "No minutes to settle are noted yet. Note them with an incident: they can fall even when the incidents do not."
        return Figure("settling", BARS, title, "", "behaviour", words, empty=words)
    last_year = halves[-1].first_day.year
    name = {h.first_day: h.name if h.first_day.year == last_year else f"{h.name} {h.first_day.year}" for h in halves}
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    for h, s in found:
        top = number(s.middle) if s.middle is not None else "none noted" if s.incidents else "no incident"
        bars.append(Bar(s.middle, "behaviour", top, (h.short if h.first_day.year == last_year else f"{h.short} {h.first_day.year}", f"{s.noted} of {s.incidents}"), rests_on=s.rests_on))
        rows.append((name[h.first_day], number(s.middle), str(s.noted), str(s.incidents)))
    known = [(h, s) for h, s in found if s.middle is not None]
    first, last = known[0], known[-1]
    if len(known) > 1:
        text = (
            f"The median went from {number(first[1].middle)} minutes in {name[first[0].first_day]} ({first[1].noted} noted) "
            f"to {number(last[1].middle)} in {name[last[0].first_day]} ({last[1].noted} noted)."
        )
    else:
        text = f"{name[first[0].first_day]}: {first[1].words}."
    top = nice_top(max((b.value for b in bars if b.value is not None), default=1.0) or 1.0)
    return Figure(
        name="settling",
        kind=BARS,
        title=title,
        subtitle="median of the incidents for which it was noted",
        strand="behaviour",
        text=text,
        y=ValueAxis(0, top, value_ticks(0, top, most=3), "minutes to settle"),
        bars=tuple(bars),
        table=Table(("Half-term", "Median, minutes", "Noted", "Incidents"), tuple(rows)),
    )
