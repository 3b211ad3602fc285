"""What a pupil's page shows at one moment: the rows, the dossier made of them, and the same seen over other stretches of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from approgress.domain.dossier import Dossier, PupilRecords, SchoolFacts, build_dossier
from approgress.domain.school_year import school_year_of

SINCE, YEAR, ALL = "start", "year", "all"


@dataclass(slots=True)
class Seen:
    """One pupil as read at one moment.

    `held` are the rows as they are stored, for dialogs that change them; `records` are the rows as they may be shown: with names hidden,
    names are taken out of every text. `dossier` begins with day 0.
    """

    held: PupilRecords
    records: PupilRecords
    facts: SchoolFacts
    dossier: Dossier
    today: date
    hidden: bool
    _others: dict[str, Dossier] = field(default_factory=dict)

    @property
    def pupil_id(self) -> int:
        """Whose it is."""
        return self.held.pupil.id

    def over(self, stretch: str) -> Dossier:
        """The dossier since day 0, of this school year, or of all that is known."""
        if stretch == SINCE:
            return self.dossier
        if stretch not in self._others:
            first = date(school_year_of(self.today), 9, 1) if stretch == YEAR else self.earliest()
            self._others[stretch] = build_dossier(self.records, self.facts, first=first, last=self.today, today=self.today, hidden=self.hidden)
        return self._others[stretch]

    def earliest(self) -> date:
        """The first day of which anything is known that a chart over time could show."""
        found = [r.day for r in self.records.readings if r.status == "complete"]
        found += [m.day for m in self.records.marks[:1]] + [e.day for e in self.records.events if not e.planned]
        if self.dossier.stay.began is not None:
            found.append(self.dossier.stay.began)
        return min(found, default=self.today)

    def stretches(self) -> tuple[tuple[str, str], ...]:
        """The stretches of time that differ from each other, as (key, words)."""
        began = self.dossier.stay.began
        year = date(school_year_of(self.today), 9, 1)
        found = [(SINCE, "Since start")]
        if began is not None and began < year:
            found.append((YEAR, "This year"))
        if began is None or self.earliest() < began:
            found.append((ALL, "All"))
        return tuple(found)


def see(held: PupilRecords, facts: SchoolFacts, today: date, *, hidden: bool) -> Seen:
    """The page's moment from a pupil's rows."""
    records = held
    if hidden:
        from approgress.reports.veil import veiled

        records = veiled(held)
    dossier = build_dossier(records, facts, last=today, today=today, hidden=hidden)
    return Seen(held, records, facts, dossier, today, hidden)
