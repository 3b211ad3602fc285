"""Who the pupils of the demonstration school are on paper: numbers, flags, contacts, strengths, and what was stated of the time before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approgress.domain.records import Contact, Flag, StatedAttendance, Strength
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.chance import Chance, clipped
from approgress.school.demonstration.register import Register
from approgress.school.demonstration.roll import Plan, Stay

_YEAR_BEFORE = (352, 380)
_TEMPORARY = "A"


def upn(plan: Plan, school_year: int) -> str:
    """A UPN with its check letter, from the nought authority 999 and a primary school that does not exist (england.md 3.1)."""
    from stdnum.gb import upn as rule

    reception = school_year - plan.year  # the school year in which the pupil was in Reception
    digits = f"9992{301 + plan.number % 40}{reception % 100:02d}{100 + plan.number // 40:03d}"
    if plan.told("temporary_upn"):
        digits = digits[:-1] + _TEMPORARY
    return rule.calc_check_digit(digits) + digits


def uln(plan: Plan) -> str:
    """A ULN with its check digit (england.md 3.2); the invented ones begin with 99."""
    serial = 40_000_00 + 2 * plan.number
    while True:
        nine = f"99{serial:07d}"
        check = (10 - sum(int(c) * w for c, w in zip(nine, range(10, 1, -1), strict=True))) % 11
        if check < 10:
            return nine + str(check)
        serial += 1


def number(plan: Plan) -> str:
    """The school's own number for the pupil."""
    return f"HC{1001 + plan.number}"


@dataclass(frozen=True, slots=True)
class Carer:
    """The first person at home: name, relationship, and what others call them in a sentence."""

    name: str
    relationship: str

    @property
    def called(self) -> str:
        """'mum', 'dad', or the relationship."""
        return {"mother": "mum", "father": "dad", "grandmother": "gran"}.get(self.relationship, self.relationship)


def carer_of(plan: Plan, book: Book, in_care: bool) -> Carer:
    """Who answers for the pupil at home."""
    told: list[dict[str, Any]] = plan.told("contacts", [])
    if told:
        return Carer(told[0]["name"], told[0]["relationship"])
    chance = plan.chance("carer")
    names = book.names
    if in_care:
        return Carer(f"{chance.one(names['girls'])} {chance.one(names['surnames'])}", "foster carer")
    relationship = (
        "mother"
        if plan.told("home") == "Parkfield Academy"
        else chance.weighted([("mother", 68.0), ("father", 18.0), ("grandmother", 9.0), ("aunt", 5.0)])
    )
    given = names["boys" if relationship == "father" else "girls"]
    return Carer(f"{chance.one(given)} {plan.surname if chance.happens(0.7) else chance.one(names['surnames'])}", relationship)


def contacts(plan: Plan, book: Book, carer: Carer, pupil: int, ids: Iterator[int]) -> Iterator[Contact]:
    """The people at home, and what each may have. Telephone numbers are those kept for drama."""
    # children of one household share its address and numbers
    chance = Chance("demonstration", plan.told("household", plan.seed), "contacts")
    homes = book.words["homes"]
    phones = [f"07700 900{n:03d}" for n in chance.some(range(1000), 4)]
    address = f"{chance.between(1, 96)} {chance.one(homes['streets'])}, {homes['town']}, ZZ9 {chance.between(1, 9)}{chance.one('ABDEFG')}{chance.one('HJLNP')}"
    told: list[dict[str, Any]] = plan.told("contacts", [])
    if told:
        for rank, c in enumerate(told, start=1):
            yield Contact(
                pupil,
                next(ids),
                c["name"],
                c["relationship"],
                None if c.get("barred") else phones[rank - 1],
                None,
                address if c.get("lives_with") else None,
                bool(c.get("confidential")),
                bool(c.get("responsible")),
                bool(c.get("lives_with")),
                bool(c.get("reports")),
                bool(c.get("barred")),
                c.get("court_order"),
                rank,
            )
        return
    parent = carer.relationship in ("mother", "father")
    email = f"home{plan.number + 1001}@mail.example" if chance.happens(0.6) else None
    yield Contact(pupil, next(ids), carer.name, carer.relationship, phones[0], email, address, False, parent, True, True, False, None, 1)
    if chance.happens(0.55):
        relationship = chance.one([r for r in homes["relationships"] if r != carer.relationship and r != "foster carer"])
        given = book.names["boys" if relationship in ("father", "stepfather", "grandfather") else "girls"]
        name = f"{chance.one(given)} {plan.surname}"
        yield Contact(
            pupil,
            next(ids),
            name,
            relationship,
            phones[1],
            parental_responsibility=relationship in ("mother", "father"),
            may_receive_reports=chance.happens(0.4),
            rank=2,
        )


def flags(plan: Plan, pupil: int, ids: Iterator[int], today: date) -> Iterator[Flag]:
    """Needs and statuses with their dates: the story's, or drawn; some have ended."""
    told: list[list[Any]] = plan.told("flags", [])
    for sort, value, first, *more in told:
        rank = more[0] if more else None
        yield Flag(pupil, next(ids), sort, value, rank or None, first, more[1] if len(more) > 1 else None)
    if plan.told("bare"):
        return
    chance = plan.chance("flags")
    came = plan.stays[0].came
    last = plan.stay.left or today

    def since(longest: int) -> date:
        return came - timedelta(days=chance.between(30, longest))

    held = {sort for sort, *_ in told}
    if "sen" not in held:
        need = chance.weighted([("SEMH", 62.0), ("SLCN", 9.0), ("ASD", 12.0), ("MLD", 9.0), ("SPLD", 8.0)])
        if plan.plan_held:
            begun = since(700)
            yield Flag(pupil, next(ids), "sen", "K", None, begun - timedelta(days=400), begun - timedelta(days=1))
            yield Flag(pupil, next(ids), "sen", "E", None, begun)
            yield Flag(pupil, next(ids), "need", need, 1, begun - timedelta(days=400))
            if chance.happens(0.35):
                yield Flag(pupil, next(ids), "need", "SLCN" if need != "SLCN" else "SEMH", 2, begun)
        elif chance.happens(0.82):
            begun = since(500)
            yield Flag(pupil, next(ids), "sen", "K", None, begun)
            yield Flag(pupil, next(ids), "need", need, 1, begun)
    if plan.in_care and "care" not in held:
        begun = since(900)
        yield Flag(pupil, next(ids), "care", "yes", None, begun)
        yield Flag(pupil, next(ids), "social_work", "cin", None, begun, audience="staff")
    elif "social_work" not in held and chance.happens(0.16):
        begun = since(300)
        ended = begun + timedelta(days=chance.between(60, 240)) if chance.happens(0.35) else None
        yield Flag(
            pupil,
            next(ids),
            "social_work",
            chance.one(("cin", "early_help", "cp")),
            None,
            begun,
            ended if ended and ended < last else None,
            audience="staff",
        )
    if "pupil_premium" not in held and (plan.in_care or chance.happens(0.62)):
        begun = since(900)
        yield Flag(pupil, next(ids), "pupil_premium", "LAP" if plan.in_care else "DPP", None, begun)
        if not plan.in_care and chance.happens(0.8):
            yield Flag(
                pupil,
                next(ids),
                "fsm",
                "TFSM",
                None,
                begun,
                last - timedelta(days=40) if chance.happens(0.1) and begun < last - timedelta(days=60) else None,
            )
    for sort, share in (("young_carer", 0.05), ("eal", 0.08), ("service_child", 0.01)):
        if sort not in held and chance.happens(share):
            yield Flag(pupil, next(ids), sort, "yes", None, since(600) if sort != "eal" else came)


def strengths(plan: Plan, book: Book, pupil: int, ids: Iterator[int]) -> Iterator[Strength]:
    """What the pupil is good at, what helps, and their own words."""
    if plan.told("bare"):
        return
    chance = plan.chance("strengths")
    told: list[list[str]] = plan.told("strengths", [])
    day = plan.stay.came + timedelta(days=1 if plan.stay.came < book.today - timedelta(days=1) else 0)
    said = book.words["strengths"]
    if not told:
        told = [
            ["good_at", "; ".join(chance.some(said["good_at"], 2))],
            ["what_helps", "; ".join(chance.some(said["what_helps"], 2))],
            ["own_words", chance.one(said["own_words"])],
        ]
    for sort, text in told:
        yield Strength(pupil, next(ids), sort, text, day)


def stated_before(plan: Plan, stay: Stay, book: Book, register: Register, pupil: int, ids: Iterator[int]) -> StatedAttendance | None:
    """Attendance of the year before, as the school before states it; a few have none."""
    told: dict[str, Any] | None = plan.told("before") if stay is plan.stay else None
    if told:
        authorised = told["possible"] - told["attended"] - told["unauthorised"]
        return StatedAttendance(
            pupil, next(ids), told["school"], told["first_day"], told["last_day"], told["possible"], told["attended"], authorised, told["unauthorised"],
            None, None, "summary", told["said_on"], told["sure"],
        )  # fmt: skip
    if plan.told("start") == "none" or (plan.leaver and plan.chance("no statement").happens(0.1)):
        return None
    chance = plan.chance(f"before {stay.came.isoformat()}")
    school = stay.home or chance.one(book.partners[:-1])["name"]
    possible = 2 * chance.between(_YEAR_BEFORE[0] // 2, _YEAR_BEFORE[1] // 2)
    share = clipped(chance.normal(0.38, 0.15), 0.04, 0.92)
    points = plan.told("points")
    until = stay.left or book.today
    if points is not None and register.possible(stay.came, until):
        share = clipped(len(register.attended(stay.came, until)) / register.possible(stay.came, until) - points / 100, 0, 1)
    elif points is not None:
        share = 0.12
    attended = round(possible * share)
    unauthorised = round((possible - attended) * clipped(chance.normal(0.5, 0.14), 0.05, 0.95))
    last = stay.came - timedelta(days=1)
    last -= timedelta(days=max(0, last.weekday() - 4))
    first = date(stay.came.year - 1, stay.came.month, min(stay.came.day, 28))
    sure = chance.weighted([("high", 60.0), ("medium", 30.0), ("low", 10.0)])
    said_on = min(stay.came + timedelta(days=chance.between(1, 9)), book.today)
    return StatedAttendance(
        pupil,
        next(ids),
        school,
        first,
        last,
        possible,
        attended,
        possible - attended - unauthorised,
        unauthorised,
        None,
        None,
        "summary",
        said_on,
        sure,
    )


def suspensions_before(plan: Plan, chance: Chance) -> tuple[int, int]:
    """Suspensions of the year before and half-days they took."""
    told: list[int] | None = plan.told("suspensions")
    if told:
        return told[0], told[1]
    n = max(0, round(chance.normal(2.4, 1.8)))
    return n, sum(2 * chance.between(1, 4) for _ in range(n))
