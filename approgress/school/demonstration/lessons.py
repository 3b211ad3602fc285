"""Lesson scores of one pupil of the demonstration school: engagement 1 to 5 in lessons attended, some of them not rated."""

from __future__ import annotations

from datetime import date

from approgress.domain.days import to_number
from approgress.domain.records import LessonScore
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.chance import Chance, clipped
from approgress.school.demonstration.register import AM, IN_LESSONS, Register
from approgress.school.demonstration.roll import Plan

LESSONS = {AM: (0, 1, 2), "PM": (3, 4)}
WINDOW = 20


def lessons_attended(register: Register, today: date) -> list[tuple[date, int]]:
    """(day, lesson) of every lesson attended in the building; this morning only the first has been."""
    return [(h.day, n) for h in register.halves if h.code in IN_LESSONS for n in (LESSONS[h.session] if h.day < today else (0,))]


def make_scores(plan: Plan, register: Register, book: Book, pupil_id: int) -> list[LessonScore]:
    """The pupil's lesson scores in order; the pupil's own rating stands beside some."""
    told = plan.told("lessons", {})
    chance = plan.chance("lessons")
    attended = lessons_attended(register, book.today)
    if paused := told.get("paused"):
        attended = [x for x in attended if not paused[0] <= x[0] <= paused[1]]
    today = [x for x in attended if x[0] == book.today]
    if "today" not in told:
        attended = [x for x in attended if x[0] != book.today]
    rated = _rated(attended, told.get("rated"), told.get("rated_in_all"), bool(today and "today" in told), chance)
    first = told.get("first", round(clipped(chance.normal(6, 3), 0, 16)))
    last = told.get("last", round(clipped(first + chance.normal(3, 3.5), 0, 18)))
    whole = len(rated) // WINDOW
    windows: list[int] = told["windows"][-whole:] if whole and "windows" in told else _windows(whole, first, last, chance)
    scores: list[int] = []
    for i, at_top in enumerate(windows):
        fixed = told.get("today") if i == len(windows) - 1 and rated and rated[-1][0] == book.today else None
        scores += _window(at_top, WINDOW, fixed, chance)
    rest = len(rated) - len(scores)
    scores += _window(round(rest * told.get("rate", first / WINDOW)), rest, None, chance) if rest > 0 else []
    own = chance.happens(0.4)
    return [
        LessonScore(
            pupil_id, to_number(day) * 8 + lesson, score, _own(score, chance) if own and day.weekday() == 4 and lesson in (0, 3) else None
        )
        for (day, lesson), score in zip(rated, scores, strict=True)
    ]


def _rated(
    attended: list[tuple[date, int]], told: list[tuple[date, int]] | None, in_all: int | None, keep_last: bool, chance: Chance
) -> list[tuple[date, int]]:
    """Which lessons were rated: so many up to each day as told, or nearly nine of ten in whole twenties."""
    if told:
        chosen: list[tuple[date, int]] = []
        since = date.min
        for until, n in told:
            stretch = [x for x in attended if since < x[0] <= until]
            kept = stretch[-1:] if keep_last and until == told[-1][0] else []
            chosen += sorted(chance.some([x for x in stretch if x not in kept], n - len(kept)) + kept)
            since = until
        return chosen
    wanted = in_all if in_all is not None else int(0.88 * len(attended))
    if in_all is None and wanted >= WINDOW:
        wanted -= wanted % WINDOW
    kept = attended[-1:] if keep_last else []
    return sorted(chance.some(attended[: len(attended) - len(kept)], wanted - len(kept)) + kept)


def _windows(n: int, first: int, last: int, chance: Chance) -> list[int]:
    """At 4 or 5 in each twenty: from the first to the last, unevenly between them."""
    if n == 0:
        return []
    found = [round(clipped(first + (last - first) * i / max(1, n - 1) + chance.normal(0, 1.2), 0, WINDOW)) for i in range(n)]
    found[0], found[-1] = first, last
    return found


def _window(at_top: int, size: int, last_is: int | None, chance: Chance) -> list[int]:
    if last_is is not None:
        size -= 1
        at_top -= last_is >= 4
    top = set(chance.some(range(size), at_top))
    scores = [
        chance.weighted([(4, 66.0), (5, 34.0)]) if i in top else chance.weighted([(3, 50.0), (2, 32.0), (1, 18.0)]) for i in range(size)
    ]
    return scores if last_is is None else [*scores, last_is]


def _own(score: int, chance: Chance) -> int:
    return round(clipped(score + chance.weighted([(0, 50.0), (1, 28.0), (-1, 18.0), (2, 4.0)]), 1, 5))
