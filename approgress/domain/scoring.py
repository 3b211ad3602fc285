"""From answers to scores: sums, means and tables, reversed items, unanswered items, and what declined and not reached mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from approgress.domain.errors import Refusal
from approgress.domain.instruments import Instrument, Item, Scale
from approgress.domain.records import Reading
from approgress.domain.values import number

if TYPE_CHECKING:
    from fractions import Fraction

SCORER = 1
"""The version of these rules, kept with every reading that they scored; raised whenever a score could come out otherwise."""

DECLINED, NOT_REACHED = 254, 255
"""The two bytes that stand for no answer: the pupil would rather not say, or did not get that far."""

Answers = Mapping[int, int | None]
"""Item number to answer; None or DECLINED: would rather not say; an item that is not named (or NOT_REACHED) was not reached."""


def answers_to_bytes(instrument: Instrument, answers: Answers) -> bytes:
    """The answers as a reading keeps them: one byte an item, in the order of the instrument's items. Raises Refusal as `score` does."""
    return bytes(_answer(instrument, item, answers) for item in _known(instrument, answers))


def answers_from_bytes(instrument: Instrument, kept: bytes) -> dict[int, int]:
    """The answers of a reading by item number. Raises Refusal where their number is not that of the items."""
    if len(kept) != len(instrument.items):
        raise Refusal(f"{instrument.name} has {len(instrument.items)} items, but {len(kept)} answers are stored.")
    return {item.number: answer for item, answer in zip(instrument.items, kept, strict=True)}


def _known(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    numbers = {item.number for item in instrument.items}
    strange = next((n for n in answers if n not in numbers), None)
    if strange is not None:
        raise Refusal(f"{instrument.name} has no item {strange}.", f"item{strange}")
    return instrument.items


def _answer(instrument: Instrument, item: Item, answers: Answers) -> int:
    answer = answers.get(item.number, NOT_REACHED)
    if answer is None:
        return DECLINED
    if answer not in (DECLINED, NOT_REACHED) and all(r.value != answer for r in item.responses):
        allowed = sorted(r.value for r in item.responses)
        goes = f"{allowed[0]} to {allowed[-1]}" if len(allowed) == allowed[-1] - allowed[0] + 1 else ", ".join(map(str, allowed))
        raise Refusal(f"Item {item.number} of {instrument.short} takes {goes}, not {answer}.", f"item{item.number}")
    return answer


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """The score of one scale and how it came about. `value` None: it cannot be made, and `why` says why.

    `answered`, `declined` and `not_reached` count its items (all 0 for a typed score); `prorated`: unanswered items were filled with the
    mean of those answered, as the instrument allows.
    """

    scale: str
    value: float | None
    answered: int = 0
    declined: int = 0
    not_reached: int = 0
    prorated: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Scores(Mapping[str, "float | None"]):
    """The scores of one sitting by scale id, in the instrument's order (main scale first), and the version of the rules that made them.

    As a mapping it gives each scale's score, None where it could not be made; `of` says how it came about.
    """

    scores: tuple[ScaleScore, ...]
    scorer: int = SCORER

    @property
    def main(self) -> ScaleScore:
        """The score that is the reading's `value`."""
        return self.scores[0]

    def __getitem__(self, scale_id: str) -> float | None:
        return self.of(scale_id).value

    def __iter__(self) -> Iterator[str]:
        return (s.scale for s in self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    def of(self, scale_id: str) -> ScaleScore:
        """The score of a scale with how it came about. Raises KeyError for a scale that is not there."""
        for score in self.scores:
            if score.scale == scale_id:
                return score
        raise KeyError(scale_id)

    @property
    def parts(self) -> str | None:
        """The other scales as a reading keeps them: JSON {"scale": score}; None where there are none."""
        others = {s.scale: s.value for s in self.scores[1:] if s.value is not None}
        return json.dumps(others, separators=(",", ":"), sort_keys=True) if others else None


def score(instrument: Instrument, answers: Answers | bytes) -> Scores:
    """Score a sitting of an instrument with items.

    Reversed items count lowest + highest - answer. Up to `missing_allowed` unanswered items (declined or not reached) are prorated: mean of
    those answered, times items; a raw sum is then rounded half up where the instrument says so (a mean is the mean of those answered).
    More missing, and there is no score. Raises Refusal for an answer that an item does not take, or an item that is not there.
    """
    given = answers_from_bytes(instrument, answers) if isinstance(answers, bytes) else dict(answers)
    known = {item.number: _answer(instrument, item, given) for item in _known(instrument, given)}
    made = {s.id: _score_items(instrument, s, known) for s in instrument.scales if not s.sum_of}
    return _with_sums(instrument, made)


def score_typed(instrument: Instrument, typed: Mapping[str, float]) -> Scores:
    """The scores of a sitting whose scores were typed, by scale id. A table converts raw to converted; a total is made of its parts.

    A total that was typed without all its parts stands as typed. Raises Refusal for a score outside its scale, a scale that is not there,
    or a total that its parts do not make.
    """
    ids = {s.id for s in instrument.scales}
    strange = next((name for name in typed if name not in ids), None)
    if strange is not None:
        raise Refusal(f"{instrument.short} has no scale “{strange}”.", strange)
    made: dict[str, ScaleScore] = {}
    for scale in instrument.scales:
        if scale.id in typed:
            made[scale.id] = ScaleScore(scale.id, _typed(instrument, scale, typed[scale.id]))
        elif not scale.sum_of:
            made[scale.id] = ScaleScore(scale.id, None, why="not given")
    return _with_sums(instrument, made)


def _typed(instrument: Instrument, scale: Scale, value: float) -> float:
    if scale.table and instrument.entry == "scores":
        converted = dict(scale.table).get(int(value)) if value == int(value) else None
        if converted is None:
            raise Refusal(f"{scale.name}: the raw score goes from {scale.table[0][0]} to {scale.table[-1][0]}, in whole numbers.", scale.id)
        return float(converted)
    if not scale.low <= value <= scale.high:
        raise Refusal(f"{scale.name} goes from {scale.range_words}, not {number(value)}.", scale.id)
    return float(value)


def _with_sums(instrument: Instrument, made: dict[str, ScaleScore]) -> Scores:
    found: list[ScaleScore] = []
    for scale in instrument.scales:
        if not scale.sum_of:
            found.append(made[scale.id])
            continue
        parts = [made[p].value for p in scale.sum_of]
        known = [p for p in parts if p is not None]
        total = sum(known) if len(known) == len(parts) else None
        typed = made[scale.id].value if scale.id in made else None
        if typed is not None and total is not None and abs(typed - total) > 1e-9:
            raise Refusal(f"{scale.name} was given as {number(typed)}, but its parts make {number(total)}.", scale.id)
        value = typed if total is None else total
        lacking = len(parts) - len(known)
        why = None if value is not None else f"{lacking} of the {len(parts)} scales that make it {'is' if lacking == 1 else 'are'} missing"
        found.append(ScaleScore(scale.id, value, prorated=total is not None and any(made[p].prorated for p in scale.sum_of), why=why))
    return Scores(tuple(found))


def _score_items(instrument: Instrument, scale: Scale, answers: Mapping[int, int]) -> ScaleScore:
    from fractions import Fraction

    declined = sum(answers[n] == DECLINED for n in scale.items)
    not_reached = sum(answers[n] == NOT_REACHED for n in scale.items)
    missing = declined + not_reached
    answered = len(scale.items) - missing
    if missing > scale.missing_allowed or not answered:
        why = "; ".join(
            part
            for part in (
                f"{declined} of {len(scale.items)} declined" if declined else "",
                f"{not_reached} of {len(scale.items)} not reached" if not_reached else "",
            )
            if part
        )
        return ScaleScore(scale.id, None, answered, declined, not_reached, why=why)
    total = sum(_counted(instrument.item(n), answers[n]) for n in scale.items if answers[n] not in (DECLINED, NOT_REACHED))
    return ScaleScore(scale.id, float(_made(scale, Fraction(total), answered)), answered, declined, not_reached, prorated=missing > 0)


def _counted(item: Item, answer: int) -> int:
    return item.lowest + item.highest - answer if item.reverse else answer


def _made(scale: Scale, total: Fraction, answered: int) -> Fraction:
    from fractions import Fraction

    items = len(scale.items)
    multiply = Fraction(str(scale.multiply))
    if scale.score == "mean":
        return total / answered * multiply
    raw = total
    if answered < items:
        raw = total * items / answered
        if scale.prorate_round:
            raw = Fraction((2 * raw.numerator + raw.denominator) // (2 * raw.denominator))
    if scale.score == "table":
        return Fraction(str(dict(scale.table)[int(raw)]))
    return raw * multiply


def raised(instrument: Instrument, answers: Answers | bytes) -> tuple[int, ...]:
    """The numbers of the risk items answered above their lowest answer: each raises the safeguarding prompt for the adult at once."""
    given = answers_from_bytes(instrument, answers) if isinstance(answers, bytes) else answers
    return tuple(
        i.number
        for i in instrument.items
        if i.risk and (answer := given.get(i.number)) is not None and answer not in (DECLINED, NOT_REACHED) and answer > i.lowest
    )


def reading_score(reading: Reading, instrument: Instrument, scale_id: str | None = None) -> float | None:
    """The score of a scale in a reading (the main one without); None where it has none."""
    if scale_id is None or scale_id == instrument.main.id:
        return reading.value
    return parts_of(reading).get(scale_id)


def parts_of(reading: Reading) -> dict[str, float]:
    """The scores of a reading's other scales by scale id."""
    if not reading.parts:
        return {}
    return {name: float(value) for name, value in json.loads(reading.parts).items() if value is not None}
