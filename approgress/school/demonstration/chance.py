"""Chance that falls the same on every machine: draws from a seed of words, made of nothing but uniform numbers and whole steps."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of draws. The same seed gives the same draws, whatever the clock, the machine and the hash seed.

    Only `Random.random` is used, which has not changed since Python 3.2; a normal draw is a sum of twelve, so that no library of
    mathematics can round it otherwise.
    """

    def __init__(self, *seed: object) -> None:
        self._draw = Random("\x1f".join(str(part) for part in seed)).random

    def share(self) -> float:
        """A number from 0 to below 1."""
        return self._draw()

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._draw() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def happens(self, probability: float) -> bool:
        """True with that probability."""
        return self._draw() < probability

    def one(self, of: Sequence[T]) -> T:
        """One of a sequence."""
        return of[self.below(len(of))]

    def weighted(self, of: Sequence[tuple[T, float]]) -> T:
        """One of (thing, weight)."""
        at = self._draw() * sum(weight for _, weight in of)
        for thing, weight in of:
            at -= weight
            if at < 0:
                return thing
        return of[-1][0]

    def some(self, of: Sequence[T], n: int) -> list[T]:
        """`n` different ones of a sequence (all of it where it is shorter), in the order drawn."""
        left = list(of)
        return [left.pop(self.below(len(left))) for _ in range(min(n, len(left)))]

    def normal(self, mean: float, sd: float) -> float:
        """A draw that is near enough to normal: twelve uniform draws, within six standard deviations."""
        return mean + sd * (sum(self._draw() for _ in range(12)) - 6)


def clipped(value: float, low: float, high: float) -> float:
    """`value`, or the nearer end."""
    return min(high, max(low, value))
