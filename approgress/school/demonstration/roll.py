"""Who is, and was, on roll at the demonstration school: one plan a pupil, from a story or by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approgress.domain.school_year import Calendar, school_year_of
from approgress.school.demonstration.book import Book, Story
from approgress.school.demonstration.chance import Chance, clipped

ONE = timedelta(days=1)
ON_ROLL, LEAVERS = 64, 120
LARGE_ON_ROLL, LARGE_YEARS = 600, 5
_QUOTAS = {"part_time": 7, "respite": 20}
"""Of 64 on roll; what is left is full time. Outreach is the community teacher's four."""
_CARE, _PLANS = 9, 20


@dataclass(frozen=True, slots=True)
class Stay:
    """One time on roll and the placement in it. `left` None: still here."""

    placement: str
    came: date
    left: date | None = None
    planned_end: date | None = None
    home: str | None = None
    reason: str | None = None
    destination: str | None = None
    outcome: str | None = None
    sessions_a_week: int | None = None

    @property
    def registration(self) -> str:
        """S where a home school keeps the pupil on its roll, else C."""
        return "S" if self.home is not None else "C"


@dataclass(frozen=True, slots=True)
class Plan:
    """A pupil before any record is made. `seed` names the draws that belong to the pupil; `group` is the last one they were in."""

    seed: str
    number: int
    forename: str
    surname: str
    sex: str
    pronouns: str | None
    born: date
    year: int  # in the school year of `last_day`
    group: str
    stays: tuple[Stay, ...]
    in_care: bool = False
    plan_held: bool = False
    story: Story = field(default_factory=dict)

    @property
    def stay(self) -> Stay:
        """The last time on roll."""
        return self.stays[-1]

    @property
    def leaver(self) -> bool:
        """Whether the pupil has left."""
        return self.stay.left is not None

    def chance(self, what: str) -> Chance:
        """The pupil's own draws for one purpose, so that a change in one leaves the others as they were."""
        return Chance("demonstration", self.seed, what)

    def told(self, key: str, otherwise: Any = None) -> Any:
        """What the pupil's story says, or else."""
        return self.story.get(key, otherwise)


def make_roll(book: Book, pupils: int, leavers: int) -> list[Plan]:
    """The plans: those on roll first (stories, then drawn), then those who left. Names are used once."""
    calendar = book.calendar
    plans: list[Plan] = []
    used: set[str] = set()
    told = book.stories[:pupils]
    for story in told:
        used.add(f"{story['forename']} {story['surname']}")
    gone = book.leavers[:leavers]
    for story in gone:
        used.add(f"{story['forename']} {story['surname']}")
    places = _places(book, told, pupils)
    care, held = _chosen(told, pupils)
    for i, story in enumerate(told):
        plans.append(_from_story(story, i, i in care, i in held))
    for i in range(len(told), pupils):
        placement, group = places[i - len(told)]
        plans.append(_drawn(book, calendar, used, i, placement, group, i in care, i in held))
    first = len(plans)
    for i, story in enumerate(gone):
        plans.append(_from_story(story, first + i, False, False))
    for i in range(len(gone), leavers):
        plans.append(_drawn_leaver(book, calendar, used, first + i))
    return plans


def _from_story(story: Story, number: int, in_care: bool, plan_held: bool) -> Plan:
    stays: list[Stay] = []
    for said in [s for s in (story.get("earlier"), story) if s]:
        stays.append(
            Stay(
                said["placement"],
                said["came"],
                said.get("left"),
                said.get("planned_end"),
                said.get("home"),
                said.get("reason"),
                said.get("destination", said.get("home") if said.get("left") else None),
                said.get("outcome"),
                said.get("sessions_a_week"),
            )
        )
    return Plan(
        seed=f"{story['forename']} {story['surname']}",
        number=number,
        forename=story["forename"],
        surname=story["surname"],
        sex=story["sex"],
        pronouns=story.get("pronouns"),
        born=story["born"],
        year=int(story["year"]),
        group=story.get("group", "Birch"),
        stays=tuple(stays),
        in_care=in_care,
        plan_held=plan_held,
        story=story,
    )


def _places(book: Book, told: list[Story], pupils: int) -> list[tuple[str, str]]:
    """Kind of placement and group for each drawn pupil on roll, so that kinds keep their shares and groups fill evenly."""
    n = max(0, pupils - len(told))
    sorts: list[str] = []
    for sort, quota in _QUOTAS.items():
        wanted = round(quota * pupils / ON_ROLL)
        sorts += [sort] * max(0, wanted - sum(s["placement"] == sort for s in told))
    sorts = (sorts + ["full_time"] * n)[:n]
    sorts = Chance("demonstration", "placements").some(sorts, n)
    names = [g for g in book.groups if g not in ("Ash", "Outreach")] + (book.more_groups if pupils > 2 * ON_ROLL else [])
    size = {g: sum(s.get("group") == g for s in told) for g in names}
    groups: list[str] = []
    for _ in range(n):
        smallest = min(names, key=lambda g: (size[g], names.index(g)))
        size[smallest] += 1
        groups.append(smallest)
    return list(zip(sorts, groups, strict=True))


def _chosen(told: list[Story], pupils: int) -> tuple[set[int], set[int]]:
    """Which drawn pupils are in care and which hold an EHC plan, so that the counts are kept. A story says so for itself."""
    chance = Chance("demonstration", "flags")
    drawn = list(range(len(told), pupils))

    def told_so(sort: str, value: str | None = None) -> int:
        return sum(any(f[0] == sort and (value is None or f[1] == value) and len(f) < 5 for f in s.get("flags", [])) for s in told)

    care = chance.some(drawn, max(0, round(_CARE * pupils / ON_ROLL) - told_so("care")))
    plans = chance.some(drawn, max(0, round(_PLANS * pupils / ON_ROLL) - told_so("sen", "E")))
    return set(care), set(plans)


def _name(book: Book, chance: Chance, used: set[str]) -> tuple[str, str, str]:
    sex = "F" if chance.happens(0.36) else "M"
    while True:
        forename = chance.one(book.names["girls" if sex == "F" else "boys"])
        surname = chance.one(book.names["surnames"])
        if f"{forename} {surname}" not in used:
            used.add(f"{forename} {surname}")
            return forename, surname, sex


def _pronouns(chance: Chance, sex: str) -> str | None:
    return chance.weighted([("she/her" if sex == "F" else "he/him", 86.0), ("they/them", 4.0), (None, 10.0)])


def _born(chance: Chance, year: int, school_year: int) -> date:
    """A birthday of the year group: 1 September to 31 August."""
    first = date(school_year - year - 5, 9, 1)
    return first + timedelta(days=chance.below((date(first.year + 1, 9, 1) - first).days))


def _year_7(year: int, school_year: int) -> date:
    """The day from which a pupil of that year group is of secondary age, the youngest that come here."""
    return date(school_year - (year - 7), 9, 1)


def _drawn(book: Book, calendar: Calendar, used: set[str], number: int, placement: str, group: str, in_care: bool, plan_held: bool) -> Plan:
    chance = Chance("demonstration", "on roll", number)
    forename, surname, sex = _name(book, chance, used)
    year = chance.weighted([(7, 8.0), (8, 16.0), (9, 25.0), (10, 28.0), (11, 23.0)])
    days = calendar.school_days(max(book.first_day, _year_7(year, school_year_of(book.today))), book.today - timedelta(days=21))
    back = int(clipped(chance.share() ** 1.4 * (150 if placement == "respite" else 330), 0, len(days) - 1))
    came = days[-1 - back]
    home = chance.one(book.partners[:-1])["name"] if placement == "respite" or (placement == "part_time" and chance.happens(0.6)) else None
    planned = chance.one((date(2026, 12, 18), date(2027, 2, 12), date(2027, 3, 25))) if placement == "respite" else None
    stay = Stay(placement, came, planned_end=planned, home=home, sessions_a_week=6 if placement == "part_time" else None)
    born = _born(chance, year, school_year_of(book.today))
    return Plan(f"on roll {number}", number, forename, surname, sex, _pronouns(chance, sex), born, year, group, (stay,), in_care, plan_held)


def _drawn_leaver(book: Book, calendar: Calendar, used: set[str], number: int) -> Plan:
    chance = Chance("demonstration", "left", number)
    forename, surname, sex = _name(book, chance, used)
    days = calendar.school_days(book.first_day, book.today - timedelta(days=4))
    summers = [t.last_day for t in book.terms if t.name == "Summer 2" and t.last_day < book.today]
    oldest = bool(summers) and chance.happens(0.4)
    if oldest:
        # Year 11 leaves in the last week of June, when compulsory school age ends
        summer = chance.one(summers)
        left = max(d for d in days if d <= date(summer.year, 6, 30) and d.weekday() == 4)
        year = 11
    else:
        left = days[chance.between(min(30, len(days) - 1), len(days) - 1)]
        year = chance.weighted([(7, 12.0), (8, 20.0), (9, 28.0), (10, 32.0), (11, 8.0)])
    stayed = [d for d in days if _year_7(year, school_year_of(left)) <= d <= left]
    came = stayed[-1 - int(clipped(chance.normal(95, 45), 20, len(stayed) - 1))] if len(stayed) > 21 else stayed[0]
    words = book.words["leaving"]
    if oldest:
        placement = chance.weighted([("full_time", 80.0), ("part_time", 20.0)])
        reason, destination, home = words["college"], chance.one(words["colleges"]), None
    else:
        placement = chance.weighted([("respite", 46.0), ("full_time", 44.0), ("part_time", 10.0)])
        home = chance.one(book.partners[:-1])["name"] if placement == "respite" else None
        if home is not None and chance.happens(0.8):
            reason, destination = words["returned"], home
        else:
            reason = chance.weighted(
                [(words["other_school"], 36.0), (words["specialist"], 30.0), (words["moved"], 24.0), (words["home_educated"], 10.0)]
            )
            destination = {
                words["other_school"]: chance.one(book.partners[:-1])["name"],
                words["specialist"]: chance.one(words["specialist_schools"]),
            }.get(reason)
    outcome = chance.one(book.words["purposes"]["met"]) if reason != words["returned"] else "Met: returned as planned"
    stay = Stay(
        placement,
        came,
        left,
        left if placement == "respite" else None,
        home,
        reason,
        destination,
        outcome,
        6 if placement == "part_time" else None,
    )
    born = _born(chance, year, school_year_of(left))
    group = chance.one([g for g in book.groups if g not in ("Ash", "Outreach")])
    return Plan(
        f"left {number}",
        number,
        forename,
        surname,
        sex,
        _pronouns(chance, sex),
        born,
        year,
        group,
        (stay,),
        chance.happens(0.12),
        chance.happens(0.3),
    )


def school_years(stay: Stay, today: date) -> Iterator[int]:
    """The school years that a time on roll touches."""
    yield from range(school_year_of(stay.came), school_year_of(min(stay.left or today, today)) + 1)
