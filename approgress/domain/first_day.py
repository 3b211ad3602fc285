"""First-day contact as it stands: who can be reached, what was done so far, whether the absence is explained, when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from approgress.domain.acts.contact import CALL, LETTER, SEEN, SPOKE, TEXT, VISIT, who_of
from approgress.domain.days import words

if TYPE_CHECKING:
    from approgress.domain.records import AbsenceContact, Contact
    from approgress.domain.school_year import Calendar

UNSEEN_DAYS: Final = 5
"""After so many school days unseen an explained absence comes back (rulings, Register and record rules)."""


def clock(minutes: int | None) -> str:
    """'08:58' for minutes after midnight; '' where there are none."""
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody at home: `who` as it is recorded, `call` what a line calls them, a phone number, and whether they must not be contacted."""

    who: str
    call: str
    phone: str | None
    barred: bool
    order: str | None = None


def reach_of(contacts: Iterable[Contact], *, hidden: bool = False) -> tuple[Reach, ...]:
    """The people of a pupil's home in their order, those who must not be contacted last. With names hidden only what they are."""
    found = sorted(contacts, key=lambda c: (c.must_not_contact, c.rank if c.rank is not None else 99, not c.lives_with, c.id))
    return tuple(
        Reach(
            who_of(c),
            (c.relationship or ("a contact" if hidden else c.name)).strip(),
            None if c.must_not_contact else c.phone,
            c.must_not_contact,
            c.court_order,
        )
        for c in found
    )


def called(who: str | None, *, hidden: bool = False) -> str:
    """'mother' of 'Denise Bell (mother)'; what was typed where it says no more, and with names hidden nothing of that."""
    if not who:
        return ""
    if who.endswith(")") and " (" in who:
        return who[who.rindex(" (") + 2 : -1]
    return "a contact" if hidden else who


@dataclass(frozen=True, slots=True)
class Absence:
    """One pupil's absence as first-day contact sees it.

    `done` is what was done since the pupil was last here, oldest first, struck ones left out. `seen_on` is the last day on which the
    pupil was here, or was safe and seen (None: never). `unseen` counts the school days since then, the day itself included.
    """

    pupil_id: int
    day: date
    done: tuple[AbsenceContact, ...] = ()
    reach: tuple[Reach, ...] = ()
    seen_on: date | None = None
    unseen: int = 0
    hidden: bool = False

    @property
    def of_day(self) -> tuple[AbsenceContact, ...]:
        """What was done on the day itself."""
        return tuple(c for c in self.done if c.day == self.day)

    @property
    def explanation(self) -> AbsenceContact | None:
        """The newest contact that explains the absence, however long ago."""
        return next((c for c in reversed(self.done) if c.explains), None)

    @property
    def safe(self) -> AbsenceContact | None:
        """Safe and seen on the day."""
        return next((c for c in reversed(self.of_day) if c.sort == SEEN), None)

    @property
    def came_back(self) -> bool:
        """Whether an explained absence is listed again, since nobody has seen the pupil for five school days."""
        return self.explanation is not None and self.unseen >= UNSEEN_DAYS and self.safe is None

    @property
    def settled(self) -> bool:
        """Whether nothing more needs doing today: explained and seen within five school days, or safe and seen."""
        return self.safe is not None or (self.explanation is not None and not self.came_back)

    @property
    def so_far(self) -> str:
        """'no answer 08:58, mum': the last thing that was done on the day; why it is listed again where it is; '' where nothing was."""
        if self.of_day:
            return said(self.of_day[-1], hidden=self.hidden)
        if self.came_back:
            explained = self.explanation
            return f"explained {words(explained.day, year=False) if explained else ''}, not seen for {self.unseen} school days"
        return ""

    @property
    def tried(self) -> str:
        """'1 of 2 numbers tried' of those who may be contacted; 'no number is known' where there is none."""
        numbers = [r for r in self.reach if r.phone and not r.barred]
        if not numbers:
            return "no number is known"
        at = {c.who.casefold() for c in self.of_day if c.who and c.sort in (CALL, TEXT, SPOKE)}  # 'Mum' and 'Denise Bell (mother)' alike
        n = min(len(numbers), len(at))
        return f"{n} of {len(numbers)} {'number' if len(numbers) == 1 else 'numbers'} tried"

    @property
    def next_reach(self) -> Reach | None:
        """Who is called next: the first with a number that was not tried today, else the first with a number."""
        numbers = [r for r in self.reach if r.phone and not r.barred]
        return next((r for r in numbers if not self._was_tried(r)), numbers[0] if numbers else None)

    def _was_tried(self, reach: Reach) -> bool:
        """By whom it was recorded, or by what they are ('Mum'), as it is often typed."""
        known = {reach.who.casefold(), reach.call.casefold()}
        return any(c.who and c.who.casefold() in known for c in self.of_day if c.sort in (CALL, TEXT, SPOKE))


def said(contact: AbsenceContact, *, hidden: bool = False) -> str:
    """One contact in a few words: 'no answer 08:58, mum', 'spoke to mum 09:05: ill', 'safe and seen 09:30'."""
    who = called(contact.who, hidden=hidden)
    at = clock(contact.at)
    plain = (contact.note or "").strip().rstrip(".")
    note = f": {plain}" if plain and not hidden and plain.casefold() not in ("no answer", "answered") else ""
    time = f" {at}" if at else ""
    if contact.sort == CALL:
        first = "rang" if contact.answered else "no answer"
        return f"{first}{time}{f', {who}' if who else ''}{note}"
    if contact.sort == SPOKE:
        return f"spoke to {who or 'someone'}{time}{note}"
    if contact.sort == SEEN:
        return f"safe and seen{time}{f', {who}' if who else ''}{note}"
    what = {TEXT: "text sent", LETTER: "letter sent", VISIT: "visited"}.get(contact.sort, contact.sort)
    if contact.sort == TEXT and contact.answered:
        what = "answered a text"
    return f"{what}{time}{f', {who}' if who else ''}{note}"


def unseen_days(seen_on: date | None, day: date, calendar: Calendar, since: date | None = None) -> int:
    """School days after `seen_on` (or from `since`, the first day on roll, where the pupil was never seen) up to `day`, it included."""
    first = date.fromordinal(seen_on.toordinal() + 1) if seen_on is not None else since
    return 0 if first is None or first > day else len(calendar.school_days(first, day))


def absence_of(
    pupil_id: int,
    day: date,
    contacts: Sequence[AbsenceContact],
    people: Iterable[Contact],
    attended_on: date | None,
    calendar: Calendar,
    *,
    since: date | None = None,
    hidden: bool = False,
) -> Absence:
    """Where an absence stands. `attended_on` is the last day with an attended session before or on `day`; `since` the first day on roll."""
    held = sorted((c for c in contacts if c.struck is None and c.day <= day), key=lambda c: (c.day, c.at if c.at is not None else -1, c.id))
    safe_on = max((c.day for c in held if c.sort == SEEN), default=None)
    seen_on = max((d for d in (attended_on, safe_on) if d is not None), default=None)
    done = tuple(c for c in held if attended_on is None or c.day > attended_on or c.day == day)
    return Absence(pupil_id, day, done, reach_of(people, hidden=hidden), seen_on, unseen_days(seen_on, day, calendar, since), hidden)
