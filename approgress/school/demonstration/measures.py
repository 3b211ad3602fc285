"""Readings of one pupil of the demonstration school: WHO-5 by answer, SDQ and reading test by score, barriers, goals, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approgress.domain.instruments import Instrument
from approgress.domain.scoring import DECLINED, NOT_REACHED, answers_to_bytes, score, score_typed
from approgress.school.demonstration.book import Book
from approgress.school.demonstration.chance import Chance, clipped
from approgress.school.demonstration.register import Register
from approgress.school.demonstration.roll import Plan, Stay

WHO5, SDQ_TEACHER, SDQ_PARENT, SDQ_SELF, READING, BARRIERS, GOAL = (
    "who5",
    "sdq_teacher",
    "sdq_parent",
    "sdq_self",
    "reading_test",
    "barriers",
    "goal",
)
STANDARD, FOLLOW_UP = "standard", "follow-up"
_SDQ_SHARES = {"emotional": 25.0, "conduct": 24.0, "hyperactivity": 32.0, "peer": 19.0}
_RAW = 4  # WHO-5: points of the 0 to 100 scale for one of an answer


@dataclass(frozen=True, slots=True)
class Sitting:
    """A reading before it has an id. `goal` is the place of its goal in the pupil's list."""

    day: date
    instrument: str
    edition: str
    respondent: str
    value: float | None = None
    parts: str | None = None
    answers: bytes | None = None
    rater: str | None = None
    goal: int | None = None
    status: str = "complete"
    why: str | None = None
    source: str = "typed"
    sure: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """A goal in the pupil's words, and the day of its first rating."""

    words: str
    first_day: date
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """All sittings and goals of a pupil, the sittings in order of day."""

    sittings: tuple[Sitting, ...]
    goals: tuple[GoalPlan, ...]


class Measures:
    """Makes the sittings of one pupil, stay by stay."""

    def __init__(self, plan: Plan, register: Register, book: Book, instruments: Mapping[str, Instrument], carer: str) -> None:
        self.plan, self.book, self.carer = plan, book, carer
        self.instruments = instruments
        self.in_school = register.in_school()
        self.found: list[Sitting] = []
        self.goals: list[GoalPlan] = []
        self.teacher = book.teacher_of(plan.group)

    def make(self) -> Measured:
        """The sittings of all stays."""
        if not (self.plan.told("bare") or self.plan.told("unmeasured")):
            for stay in self.plan.stays:
                last = min(stay.left or self.book.today, self.book.today - timedelta(days=1))
                days = [d for d in self.in_school if stay.came <= d <= last]
                told = self.plan.story if stay is self.plan.stay else {}
                self._who5(stay, days, told)
                self._sdq(stay, last, told)
                self._reading(stay, days, told)
                self._barriers(stay, last, told)
                self._goals(stay, days, told)
        return Measured(tuple(sorted(self.found, key=lambda s: (s.day, s.instrument, s.goal or 0))), tuple(self.goals))

    def _chance(self, what: str, stay: Stay) -> Chance:
        return self.plan.chance(f"{what} {stay.came.isoformat()}")

    # --- WHO-5 -----------------------------------------------------------------------------------------------------

    def _who5(self, stay: Stay, days: list[date], told: Mapping[str, Any]) -> None:
        chance = self._chance(WHO5, stay)
        values: list[tuple[date, float]] = [(d, v) for d, v in told["who5"]] if "who5" in told else self._drawn_who5(days, chance)
        for day, value in values:
            self._put_who5(day, self._answers(round(value / _RAW), chance))
        for day in told.get("who5_declined", []):
            self._put_who5(day, dict.fromkeys(range(1, 6), DECLINED), "Would rather not answer")
        if "who5" not in told and values:
            self._who5_that_failed(days, [d for d, _ in values], chance)

    def _drawn_who5(self, days: list[date], chance: Chance) -> list[tuple[date, float]]:
        if not days or (self.plan.leaver and chance.happens(0.12)):
            return []
        when = [days[min(chance.below(3), len(days) - 1)]]
        while True:
            after = when[-1] + timedelta(days=chance.between(19, 38))
            later = [d for d in days if d >= after]
            if not later:
                break
            when.append(later[0])
        latest = [d for d in days if d >= self.book.today - timedelta(days=13) and (d - when[-1]).days >= 14]
        if latest and not self.plan.leaver and when[-1] < self.book.today - timedelta(days=13) and chance.happens(0.85):
            when.append(chance.one(latest))
        if chance.happens(0.07):
            when = when[:1]
        start = clipped(chance.normal(43, 23), 4, 88)
        end = clipped(start + chance.normal(8, 13), 0, 100)
        n = len(when)
        values = [start + (end - start) * i / max(1, n - 1) + (chance.normal(0, 4) if 0 < i < n - 1 else 0) for i in range(n)]
        return [(d, _RAW * round(clipped(v, 0, 100) / _RAW)) for d, v in zip(when, values, strict=True)]

    def _answers(self, raw: int, chance: Chance) -> dict[int, int]:
        """Five answers of 0 to 5 that make the raw score, uneven as answers are."""
        answers = dict.fromkeys(range(1, 6), raw // 5)
        for i in chance.some(range(1, 6), raw % 5):
            answers[i] += 1
        for _ in range(chance.below(3)):
            up, down = chance.some(range(1, 6), 2)
            if answers[up] < 5 and answers[down] > 0:
                answers[up] += 1
                answers[down] -= 1
        return answers

    def _put_who5(self, day: date, answers: dict[int, int], why: str | None = None, status: str | None = None) -> None:
        instrument = self.instruments[WHO5]
        made = score(instrument, answers)
        known = status or ("complete" if made.main.value is not None else "draft")
        self.found.append(
            Sitting(
                day,
                WHO5,
                instrument.edition,
                "pupil",
                made.main.value,
                made.parts,
                answers_to_bytes(instrument, answers),
                None,
                None,
                known,
                why,
                "sitting",
                "high",
            )
        )

    def _who5_that_failed(self, days: list[date], used: list[date], chance: Chance) -> None:
        """One sitting in some pupils that was begun and not finished, or that does not count."""
        free = [d for d in days[10:-10] if d not in used]
        if not free:
            return
        reasons = self.book.words["reasons"]
        if chance.happens(0.12):
            answers = self._answers(chance.between(5, 15), chance)
            for i in chance.some((3, 4, 5), 2):
                answers[i] = NOT_REACHED
            self._put_who5(chance.one(free), answers, chance.one(reasons["not_answered"]))
        elif chance.happens(0.04):
            self._put_who5(chance.one(free), self._answers(chance.between(5, 20), chance), chance.one(reasons["void"]), "void")

    # --- SDQ -------------------------------------------------------------------------------------------------------

    def _sdq(self, stay: Stay, last: date, told: Mapping[str, Any]) -> None:
        chance = self._chance(SDQ_TEACHER, stay)
        if SDQ_TEACHER in told:
            for i, (day, total, rater, sure) in enumerate(told[SDQ_TEACHER]):
                self._put_sdq(SDQ_TEACHER, "teacher", day, total, rater, sure, i, chance)
        elif not self.plan.told("due") and (not self.plan.leaver or chance.happens(0.85)):
            self._drawn_sdq(SDQ_TEACHER, "teacher", stay, last, (20.5, 5.6), (-2.2, 4.2), self.teacher, chance)
        chance = self._chance(SDQ_PARENT, stay)
        late = self.book.words["reasons"]["late_form"]
        if SDQ_PARENT in told:
            for i, (day, total, rater, sure) in enumerate(told[SDQ_PARENT]):
                self._put_sdq(SDQ_PARENT, "parent", day, total, rater, sure, i, chance)
        for day, why in told.get("sdq_parent_late", []):
            self._put_missing(SDQ_PARENT, "parent", day, why)
        if SDQ_PARENT not in told and "sdq_parent_late" not in told:
            if chance.happens(0.5):
                self._drawn_sdq(SDQ_PARENT, "parent", stay, last, (21, 6), (-1.6, 4.6), self.carer, chance)
            elif chance.happens(0.6) and stay.came + timedelta(days=30) <= last:
                self._put_missing(SDQ_PARENT, "parent", stay.came + timedelta(days=chance.between(20, 30)), chance.one(late))
        chance = self._chance(SDQ_SELF, stay)
        if not self.plan.story and chance.happens(0.22):
            self._drawn_sdq(SDQ_SELF, "pupil", stay, last, (18.5, 5), (-1.4, 4.2), None, chance)

    def _drawn_sdq(
        self,
        instrument: str,
        respondent: str,
        stay: Stay,
        last: date,
        start: tuple[float, float],
        change: tuple[float, float],
        rater: str | None,
        chance: Chance,
    ) -> None:
        day = stay.came + timedelta(days=chance.between(7, 18))
        first = clipped(chance.normal(*start), 3, 37)
        drift = chance.normal(*change)
        i = 0
        while day <= last:
            total = round(clipped(first + drift * min(1.0, 0.5 * i) + (chance.normal(0, 1.5) if i else 0), 0, 40))
            self._put_sdq(
                instrument, respondent, self._weekday(day), total, rater, "high" if respondent != "parent" else "medium", i, chance
            )
            day += timedelta(days=chance.between(84, 130))
            i += 1
            if respondent == "parent" and chance.happens(0.4):
                if day <= last:
                    self._put_missing(instrument, respondent, self._weekday(day), chance.one(self.book.words["reasons"]["late_form"]))
                return

    def _weekday(self, day: date) -> date:
        return day - timedelta(days=max(0, day.weekday() - 4))

    def _put_sdq(
        self, instrument_id: str, respondent: str, day: date, total: int, rater: str | None, sure: str, place: int, chance: Chance
    ) -> None:
        instrument = self.instruments[instrument_id]
        parts: dict[str, float] = dict.fromkeys(_SDQ_SHARES, 0)
        for _ in range(total):
            parts[chance.weighted([(p, w) for p, w in _SDQ_SHARES.items() if parts[p] < 10])] += 1
        typed = {**parts, "prosocial": round(clipped(chance.normal(9 - total / 7, 1.3), 0, 10))}
        typed["impact"] = round(clipped(chance.normal(total / 8, 1), 0, instrument.scale("impact").high))
        made = score_typed(instrument, typed)
        form = STANDARD if place == 0 else FOLLOW_UP
        self.found.append(
            Sitting(
                day,
                instrument_id,
                instrument.edition,
                respondent,
                made.main.value,
                made.parts,
                None,
                rater,
                None,
                "complete",
                None,
                "typed",
                sure,
                form,
            )
        )

    def _put_missing(self, instrument_id: str, respondent: str, day: date, why: str, edition: str | None = None) -> None:
        self.found.append(
            Sitting(day, instrument_id, edition or self.instruments[instrument_id].edition, respondent, status="draft", why=why)
        )

    # --- reading ---------------------------------------------------------------------------------------------------

    def _reading(self, stay: Stay, days: list[date], told: Mapping[str, Any]) -> None:
        chance = self._chance(READING, stay)
        if "reading" in told or "reading_late" in told:
            values: list[tuple[date, int, str]] = [(d, v, f) for d, v, f in told.get("reading", [])]
        else:
            values = (
                self._drawn_reading(days, chance)
                if not (told.get("start") == "draft" or (self.plan.leaver and chance.happens(0.12)))
                else []
            )
        for day, value, form in values:
            self._put_reading(day, value, form, chance)
        for day, value, test in told.get("other_test", []):
            self.found.append(Sitting(day, READING, test, "pupil", float(value), rater=stay.home, source="typed", sure="medium"))
        for day, why in told.get("reading_late", []):
            self._put_missing(READING, "pupil", day, why, self.instruments[READING].edition)

    def _drawn_reading(self, days: list[date], chance: Chance) -> list[tuple[date, int, str]]:
        if not days:
            return []
        when = days[min(chance.between(2, 8), len(days) - 1)]
        if (when - days[0]).days > 15:
            when = days[0]
        value = clipped(chance.normal(88, 11), 62, 124)
        found = [(when, round(value), "A")]
        drift = chance.normal(1.8, 5)
        for form in ("B", "A", "B"):
            later = [d for d in days if d >= found[-1][0] + timedelta(days=chance.between(125, 175))]
            if not later:
                break
            if chance.happens(0.18):
                self._put_missing(
                    READING, "pupil", later[0], chance.one(self.book.words["reasons"]["not_sat"]), self.instruments[READING].edition
                )
                break
            value = clipped(value + drift + chance.normal(0, 2), 55, 132)
            found.append((later[0], round(value), form))
            drift *= 0.5
        return found

    def _put_reading(self, day: date, value: int, form: str, chance: Chance) -> None:
        instrument = self.instruments[READING]
        months = (day - self.plan.born).days / 30.4375 + (value - 100) * 1.9 + chance.normal(0, 2)
        made = score_typed(instrument, {"standard_score": value, "reading_age": round(clipped(months, 66, 204))})
        self.found.append(
            Sitting(
                day,
                READING,
                instrument.edition,
                "pupil",
                made.main.value,
                made.parts,
                None,
                None,
                None,
                "complete",
                None,
                "typed",
                "high",
                f"form {form}",
            )
        )

    # --- barriers and goals ----------------------------------------------------------------------------------------

    def _barriers(self, stay: Stay, last: date, told: Mapping[str, Any]) -> None:
        chance = self._chance(BARRIERS, stay)
        if BARRIERS in told:
            for day, items in told[BARRIERS]:
                self._put_barriers(day, items)
            return
        if told.get("start") == "draft" and "home" not in told.get("start_only", ["home"]):
            return
        items = [round(clipped(chance.normal(2.4, 1.1), 0, 4)) for _ in range(4)]
        easing = chance.normal(0.3, 0.5)
        day = stay.came + timedelta(days=chance.between(2, 10))
        if self.plan.leaver and chance.happens(0.25):
            return
        while day <= last:
            self._put_barriers(self._weekday(day), items)
            if chance.happens(0.3):
                return
            items = [round(clipped(v - max(0.0, chance.normal(easing, 0.6)) + (0.8 if chance.happens(0.12) else 0), 0, 4)) for v in items]
            day += timedelta(days=chance.between(70, 120))

    def _put_barriers(self, day: date, items: Sequence[int]) -> None:
        instrument = self.instruments[BARRIERS]
        answers = dict(enumerate(items, start=1))
        made = score(instrument, answers)
        self.found.append(
            Sitting(
                day, BARRIERS, instrument.edition, "parent", made.main.value, made.parts, answers_to_bytes(instrument, answers), self.carer, None, "complete", None,
                "typed", "medium",
            )
        )  # fmt: skip

    def _goals(self, stay: Stay, days: list[date], told: Mapping[str, Any]) -> None:
        chance = self._chance(GOAL, stay)
        if "goals" in told:
            for said in told["goals"]:
                self._put_goal(said["words"], [(d, v) for d, v in said["ratings"]])
            return
        if len(days) < 12 or told.get("start") == "draft" or (self.plan.leaver and chance.happens(0.35)):
            return
        up, n = told.get("goals_up", (None, chance.between(1, 3)))
        for i, words in enumerate(chance.some(self.book.words["goals"]["words"], n)):
            first = chance.between(1, 5)
            if up is None:
                last = round(clipped(first + chance.normal(2, 2.2), 0, 10))
            else:
                last = min(10, first + chance.between(3, 5)) if i < up else max(0, first + chance.between(-1, 2))
            when = [days[min(len(days) - 2, 5 + chance.below(6))]]
            while later := [d for d in days if d >= when[-1] + timedelta(days=chance.between(28, 48))]:
                when.append(later[0])
            if len(when) == 1:
                when.append(days[-1])
            steps = len(when) - 1
            self._put_goal(words, [(d, round(first + (last - first) * j / steps)) for j, d in enumerate(when)])

    def _put_goal(self, words: str, ratings: list[tuple[date, int]]) -> None:
        instrument = self.instruments[GOAL]
        place = len(self.goals)
        self.goals.append(GoalPlan(words, ratings[0][0], 8))
        for day, value in ratings:
            self.found.append(
                Sitting(day, GOAL, instrument.edition, "pupil", float(value), None, None, None, place, "complete", None, "typed", "high")
            )
