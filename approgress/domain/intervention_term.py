"""Physical interventions of a term as a report holds them: each record, what it lacks, and counts with what they are counted against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from approgress.domain import days
from approgress.domain.acts.interventions import SORTS, missing
from approgress.domain.naming import ShownName
from approgress.domain.records import Intervention, Person, Setting
from approgress.domain.suspensions import Term
from approgress.domain.values import Value


@dataclass(frozen=True, slots=True)
class Told:
    """One record in words. `struck` is '' or says who struck it through, when and why; then it counts nowhere."""

    name: ShownName
    day: date
    sort: str
    at: int | None
    minutes: int | None
    place: str
    staff: str
    led_to: str
    tried_first: str
    why_needed: str
    what_done: str
    injury: str
    care: str
    account: str
    parent: str
    signed: str
    reviewed: str
    review: str
    lacks: tuple[str, ...]
    struck: str
    key: int


@dataclass(frozen=True, slots=True)
class InterventionTerm:
    """The records of a term up to `as_of`, with how many pupils were on roll and how many sessions they attended in it."""

    setting: Setting
    term: Term
    as_of: date
    records: tuple[Told, ...]
    on_roll: int
    attended: int
    hidden: bool

    @property
    def counted(self) -> tuple[Told, ...]:
        """The records that count: not struck through."""
        return tuple(t for t in self.records if not t.struck)

    @property
    def pupils(self) -> Value:
        """Pupils with a record, of those on roll in the term."""
        return Value(None, len({t.name.pupil_id for t in self.counted}), self.on_roll, rule="pupils with a record of those on roll in the term")

    def lacking(self, what: str) -> Value:
        """How many of the records lack something."""
        return Value(None, sum(what in t.lacks for t in self.counted), len(self.counted), rule=f"records without: {what}")

    def of_sort(self, sort: str) -> int:
        """How many records of a sort (force, restraint, seclusion)."""
        return sum(t.sort == sort for t in self.counted)


def tell_term(
    records: Iterable[Intervention],
    names: Mapping[int, ShownName],
    people: Mapping[int, Person],
    setting: Setting,
    term: Term,
    as_of: date,
    *,
    on_roll: int,
    attended: int,
    hidden: bool,
    covered: Callable[[int, str], str],
) -> InterventionTerm:
    """The report of a term. `covered(pupil, text)` takes names out of what was typed where names are off; staff keep theirs."""

    def who(person_id: int | None) -> str:
        person = people.get(person_id) if person_id is not None else None
        return person.name if person is not None else "somebody"

    told: list[Told] = []
    for i in sorted(records, key=lambda i: (i.day, i.at if i.at is not None else 9999, i.id)):
        if not term.first_day <= i.day <= min(term.last_day, as_of) or i.pupil_id not in names:
            continue

        def text(value: str | None, pupil: int = i.pupil_id) -> str:
            return covered(pupil, value.strip()) if value and value.strip() else ""

        if i.told_on is not None:
            how = f", {text(i.told_how)}" if i.told_how else ""
            by = f", by {text(i.told_by)}" if i.told_by else ""
            parent = f"told {days.words(i.told_on)}: {text(i.told_who)}{how}{by}"
        elif i.withheld_why:
            parent = f"not told: {text(i.withheld_why)}; decided by {text(i.withheld_by)}"
        else:
            parent = ""
        told.append(
            Told(
                name=names[i.pupil_id],
                day=i.day,
                sort=i.sort,
                at=i.at,
                minutes=i.minutes,
                place=text(i.place),
                staff=text(i.staff),
                led_to=text(i.led_to),
                tried_first=text(i.tried_first),
                why_needed=text(i.why_needed),
                what_done=text(i.what_done),
                injury=text(i.injury),
                care=text(i.care),
                account=text(i.pupils_account),
                parent=parent,
                signed=f"{who(i.signed_by)}, {days.words(i.signed_on)}" if i.signed_by is not None else "",
                reviewed=f"{who(i.reviewed_by)}, {days.words(i.reviewed_on)}" if i.reviewed_by is not None else "",
                review=text(i.review),
                lacks=missing(i),
                struck=f"struck through by {who(i.struck_by)}, {days.words(i.struck_on)}: {text(i.struck)}" if i.struck is not None else "",
                key=i.id,
            )
        )
    return InterventionTerm(setting, term, as_of, tuple(told), on_roll, attended, hidden)


def sort_words(sort: str) -> str:
    """'Guided or moved', 'Held', 'Kept apart'."""
    return SORTS.get(sort, sort)
