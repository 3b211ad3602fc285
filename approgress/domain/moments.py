"""Moments: their words, rates per 10 sessions attended, minutes to settle, entries typed for several pupils, and what a search finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

from approgress.domain.change import rate_per_ten
from approgress.domain.errors import Refusal
from approgress.domain.naming import fold
from approgress.domain.records import ORDINARY, Moment, kind_of
from approgress.domain.values import Key, Value, how_many, number

GOOD, NEUTRAL, INCIDENT = "good", "neutral", "incident"
TONES: Final = (GOOD, NEUTRAL, INCIDENT)
DRAFT, COMPLETE = "draft", "complete"

TONE_WORDS: Final = {GOOD: "Good moment", NEUTRAL: "Observation", INCIDENT: "Incident"}
TONE_PLURALS: Final = {GOOD: "Good moments", NEUTRAL: "Observations", INCIDENT: "Incidents"}
TONE_HELP: Final = {GOOD: "what went right, and why", NEUTRAL: "worth knowing later", INCIDENT: "asks a little more"}
TONE_KEYS: Final = {GOOD: "G", NEUTRAL: "O", INCIDENT: "I"}

SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    GOOD: ("Helped someone", "Kept going", "Asked for help", "Came back", "Kind"),
    NEUTRAL: ("Mood", "Tired", "Friends", "Food", "Said something"),
    INCIDENT: ("Left the room", "Shouted", "Refused", "Damage", "Hurt someone"),
}
"""What a school begins with; from then on what it uses itself stands first."""
SORTS_SHOWN: Final = 5
PLACES: Final = ("Classroom", "Workshop", "Outside", "Dinner", "Journey")

SEVERITY: Final = {1: "Mild", 2: "Moderate", 3: "Serious"}
SEVERITY_HELP: Final = {
    1: "a word was enough, work went on",
    2: "work stopped for others, or took an adult",
    3: "someone was or could have been hurt",
}


def complete(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """The moments that count: a draft counts nowhere."""
    return tuple(m for m in moments if m.status != DRAFT)


# --- choices ----------------------------------------------------------------------------------------------------------


def choices(used: Mapping[str, int], default: Sequence[str], shown: int = SORTS_SHOWN) -> tuple[str, ...]:
    """What is offered: what the school used most, then what it begins with; at most `shown`, in an order that stays where counts do.

    `used` counts uses by text. What differs only in capitals or blanks is one choice, in its commonest spelling.
    """
    totals: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for text, n in used.items():
        plain = " ".join(text.split())
        if plain:
            key = fold(plain) or plain
            totals[key] += n
            spelt.setdefault(key, Counter())[plain] += n
    known = {fold(d): d for d in default}
    order = {fold(d): i for i, d in enumerate(default)}
    ranked = sorted(totals, key=lambda k: (-totals[k], order.get(k, len(order)), k))
    found = [known.get(k) or min(spelt[k], key=lambda t: (-spelt[k][t], t)) for k in ranked[:shown]]
    found += [d for d in default if fold(d) not in totals]
    return tuple(found[:shown])


# --- when and in one line ---------------------------------------------------------------------------------------------


def time_words(at: int | None) -> str:
    """'09:05' for minutes after midnight; '' where not known."""
    return "" if at is None else f"{at // 60:02d}:{at % 60:02d}"


def when_words(m: Moment) -> str:
    """'09:05', 'lesson 2', 'AM' or '': when on its day, as closely as it is known."""
    if m.at is not None:
        return time_words(m.at)
    if m.lesson is not None:
        return f"lesson {m.lesson + 1}"
    return m.session or ""


def story(m: Moment) -> str:
    """A moment in one or two sentences: what was written, what led to it, and how long it took to settle; its type where nothing was written."""
    parts = [(m.text or "").strip() or (m.sort.strip() or TONE_WORDS.get(m.tone, m.tone))]
    if m.before and m.before.strip():
        parts.append(f"Led to it: {m.before.strip()}")
    if m.minutes_to_settle is not None:
        parts.append(f"Settled in {m.minutes_to_settle} {'minute' if m.minutes_to_settle == 1 else 'minutes'}")
    return ". ".join(p.rstrip(".") for p in parts) + ("." if len(parts) > 1 else "")


# --- entries typed for several pupils ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed once: one moment for each pupil, the first of them as its head."""

    moments: tuple[Moment, ...]

    @property
    def head(self) -> Moment:
        """The entry's first moment, which holds what all of them say."""
        return self.moments[0]

    @property
    def pupils(self) -> tuple[int, ...]:
        """The pupils, in the order in which they were chosen."""
        return tuple(m.pupil_id for m in self.moments)

    @property
    def key(self) -> int:
        """What finds the entry again: the id of its first moment."""
        return self.head.joint if self.head.joint is not None else self.head.id


def entries(moments: Iterable[Moment]) -> tuple[Entry, ...]:
    """Moments joined as they were typed, newest first; an entry stands at its newest day, then by its id."""
    parts: dict[int, list[Moment]] = {}
    for m in moments:
        parts.setdefault(m.joint if m.joint is not None else m.id, []).append(m)
    found = [Entry(tuple(sorted(p, key=lambda m: m.id))) for p in parts.values()]
    return tuple(sorted(found, key=lambda e: (e.head.day, e.key), reverse=True))


# --- rates and settling -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rates:
    """Moments of some pupils in a stretch of time by tone, each against the sessions that those pupils attended in it."""

    first_day: date
    last_day: date
    attended: int
    by_tone: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def of(self, tone: str) -> Value:
        """The rate per 10 sessions attended of a tone."""
        return self.by_tone[tone]


def rates(moments: Iterable[Moment], attended: int, first: date, last: date) -> Rates:
    """How often each tone was written down between two days per 10 sessions attended; drafts are left out.

    Each rate carries its counts; where no session was attended it has no value. Several pupils in one entry are as many moments.
    """
    within = [m for m in complete(moments) if first <= m.day <= last]
    by_tone: dict[str, Value] = {}
    for tone in TONES:
        found = [m for m in within if m.tone == tone]
        by_tone[tone] = rate_per_ten(len(found), attended, rests_on=tuple((kind_of(m).name, (m.pupil_id, m.id)) for m in found))
    return Rates(first, last, attended, by_tone)


def rate_text(value: Value) -> str:
    """'2.0 per 10', or '' where no session was attended."""
    return "" if value.value is None else f"{number(value.value, 1)} per 10"


def count_text(value: Value) -> str:
    """'58 in 292'."""
    return f"{number(value.count)} in {number(value.of)}"


@dataclass(frozen=True, slots=True)
class Settling:
    """Minutes to settle: the median of those incidents for which it was noted, how many those are, and of how many incidents."""

    middle: float | None
    noted: int
    incidents: int
    rests_on: tuple[Key, ...] = ()

    @property
    def words(self) -> str:
        """'9 minutes, the median of 6 noted of 8 incidents', or why there is none."""
        if not self.incidents:
            return "no incidents"
        if self.middle is None:
            return f"not noted for any of {how_many(self.incidents, 'incident')}"
        return f"{number(self.middle, None)} {'minute' if self.middle == 1 else 'minutes'}, the median of {self.noted} noted of {how_many(self.incidents, 'incident')}"


def settling(moments: Iterable[Moment]) -> Settling:
    """Minutes to settle after incidents, as a median with its counts; drafts are left out."""
    incidents = [m for m in complete(moments) if m.tone == INCIDENT]
    noted = [m for m in incidents if m.minutes_to_settle is not None]
    middle = float(median(m.minutes_to_settle for m in noted if m.minutes_to_settle is not None)) if noted else None
    return Settling(middle, len(noted), len(incidents), tuple((kind_of(m).name, (m.pupil_id, m.id)) for m in noted))


# --- finding ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of moments is to hold. An empty field asks for nothing; `pupils` None is everyone."""

    tone: str = ""
    pupils: frozenset[int] | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""
    person_id: int | None = None
    helped: bool = False  # only those that say what helped
    to_tell: bool = False  # only those of which home is still to be told


def found(moments: Iterable[Moment], wanted: Wanted) -> tuple[Moment, ...]:
    """The complete moments that are wanted. Every word that was typed must stand somewhere in the moment, whatever its capitals and accents."""
    words = fold(wanted.text).split()
    out: list[Moment] = []
    for m in complete(moments):
        if wanted.tone and m.tone != wanted.tone:
            continue
        if wanted.pupils is not None and m.pupil_id not in wanted.pupils:
            continue
        if (wanted.first is not None and m.day < wanted.first) or (wanted.last is not None and m.day > wanted.last):
            continue
        if wanted.person_id is not None and m.person_id != wanted.person_id:
            continue
        if wanted.helped and not (m.helped or "").strip():
            continue
        if wanted.to_tell and not (m.tell_home and m.told_home_on is None):
            continue
        if words:
            said = fold(" ".join(p for p in (m.sort, m.text, m.helped, m.before, m.response, m.place) if p))
            if not all(w in said for w in words):
                continue
        out.append(m)
    return tuple(out)


def is_restricted(m: Moment) -> bool:
    """Whether not all staff may read it, so that a lock stands beside it."""
    return m.privacy != ORDINARY


def read_time(text: str) -> int | None:
    """Minutes after midnight that a person typed ('9:05', '09.05', '0905', '9'); None for nothing. Refusal with a sentence for the rest."""
    import re

    typed = text.strip()
    if not typed:
        return None
    found = re.fullmatch(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?", typed.lower())
    if found is not None:
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    raise Refusal(f"\u201c{typed}\u201d is not a time. Type it as 9:05 or 14:30.", "at")
