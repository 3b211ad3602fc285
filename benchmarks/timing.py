"""Timing product and floor in turn, and the table that says how they compare."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: milliseconds (or bytes) of product and floor, the paired ratio and the goal."""

    id: str
    what: str
    product: float
    floor: float
    ratio: float
    goal: float
    unit: str = "ms"
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the ratio is within the goal."""
        return self.ratio <= self.goal


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def paired(
    product: Callable[[], object], floor: Callable[[], object], *, rounds: int = 15, allowance_ms: float = 0.0
) -> tuple[float, float, float]:
    """(product ms, floor ms, median of each round's ratio) over rounds in which the two take turns.

    `allowance_ms` is a fixed price that a goal allows: it is taken off the product before the ratio.
    """
    product()
    floor()
    products: list[float] = []
    floors: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for i in range(rounds):
            if i % 2:
                floors.append(timed(floor))
                products.append(timed(product))
            else:
                products.append(timed(product))
                floors.append(timed(floor))
    finally:
        gc.enable()
    ratios = [max(p - allowance_ms, 0.0) / f for p, f in zip(products, floors, strict=True)]
    return statistics.median(products), statistics.median(floors), statistics.median(ratios)


def table(results: list[Result]) -> str:
    """The results as a table for people."""
    lines = [f"{'id':<5} {'what':<58} {'product':>12} {'floor':>12} {'ratio':>7} {'goal':>6}  "]
    for r in results:
        shown = (lambda x: f"{x / 2**20:.2f} MiB") if r.unit == "bytes" else (lambda x: f"{x:.2f} ms")
        lines.append(
            f"{r.id:<5} {r.what[:58]:<58} {shown(r.product):>12} {shown(r.floor):>12} {r.ratio:>6.2f}x {r.goal:>5.2f}x  "
            f"{'holds' if r.holds else 'falls short'}{'; ' + r.note if r.note else ''}"
        )
    return "\n".join(lines)
