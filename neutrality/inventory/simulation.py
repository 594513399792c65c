"""Monte Carlo: what the total may be when every quantity and factor is drawn from its interval (R2.38; F8).

Binary arithmetic is right here and only here: draws are chance, and what comes out is rounded to whole kilograms. The
generator is seeded, so the same inventory gives the same figures. Lines that share a factor draw it together. Nothing
that is owed depends on this.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

import numpy as np
from numpy.typing import NDArray

from neutrality.inventory.rules import Line, Spread, factor_spread, quantity_spread

DRAWS = 100_000
SEED = 2021
APART = 40  # lines of one factor beyond this many are drawn as one sum
NORMAL_95 = np.float64("1.959963984540054")
WIDE = 50  # percent above the value from which a spread is drawn lognormal
PERCENTILES = (5, 50, 90, 95)

Draws = NDArray[np.float64]
Chance = Iterator[Draws]
"""Standard normal draws, one array after the other; each belongs to whoever takes it."""

_KEPT: ContextVar[dict[tuple[int, int], tuple[np.random.Generator, list[Draws]]] | None] = ContextVar(
    "kept", default=None
)


@dataclass(frozen=True)
class Simulation:
    """Whole kilograms: mean, standard deviation, and the percentiles of PERCENTILES."""

    draws: int
    seed: int
    mean_kg: int
    deviation_kg: int
    p5_kg: int
    p50_kg: int
    p90_kg: int
    p95_kg: int


def simulate(results: Iterable[tuple[Line, Decimal]], *, draws: int = DRAWS, seed: int = SEED) -> Simulation | None:
    """The spread of the sum of lines with their kg; None where there is nothing to draw."""
    total = draw_totals(results, draws=draws, seed=seed)
    if total is None:
        return None
    found = [round(value) for value in np.percentile(total, PERCENTILES)]
    return Simulation(draws, seed, round(total.mean()), round(total.std()), *found)


def draw_totals(results: Iterable[tuple[Line, Decimal]], *, draws: int, seed: int) -> Draws | None:
    """One drawn total in kg for every draw."""
    groups: dict[tuple[str, str], list[tuple[Line, Decimal]]] = {}
    for line, kg in results:
        if line.factor is not None and kg:
            groups.setdefault((line.factor.series, str(line.factor.value)), []).append((line, kg))
    if not groups:
        return None
    chance = _chance(seed, draws)
    total = np.zeros(draws)
    for _, members in sorted(groups.items()):
        first = members[0][0].factor
        if first is not None:
            drawn = deviate(next(chance), factor_spread(first))
            drawn *= _quantities(chance, members, draws)
            total += drawn
    return total


@contextmanager
def kept() -> Iterator[None]:
    """Meanwhile what a seed gives is drawn once, for whoever submits many inventories: 0.8 MB for each line."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def _chance(seed: int, draws: int) -> Chance:
    known = _KEPT.get()
    if known is None:
        random = np.random.default_rng(seed)
        while True:
            yield random.standard_normal(draws)
    random, made = known.setdefault((seed, draws), (np.random.default_rng(seed), []))
    for number in count():
        if number == len(made):
            made.append(random.standard_normal(draws))
        yield made[number].copy()


def deviate(drawn: Draws, spread: Spread) -> Draws:
    """Multipliers around one: a normal with its own half-width on either side, never below zero; lognormal with mean
    one where the upper half-width is wide. Worked out in the array of standard normals that is handed in."""
    low, high = np.float64(spread.low) / 100, np.float64(spread.high) / 100
    if spread.high > WIDE:
        sigma = np.log1p(high) / NORMAL_95
        drawn *= sigma
        drawn -= sigma**2 / 2
        return np.exp(drawn, out=drawn)
    drawn *= high if low == high else np.where(drawn < 0, low, high)
    drawn /= NORMAL_95
    drawn += 1
    return np.maximum(drawn, 0, out=drawn)


def _quantities(chance: Chance, members: list[tuple[Line, Decimal]], draws: int) -> Draws:
    """What the lines of one factor come to, each quantity with an error of its own."""
    members = sorted(members, key=lambda member: (-member[1], member[0].key))
    total = np.zeros(draws)
    for line, kg in members[:APART]:
        drawn = deviate(next(chance), quantity_spread(line))
        drawn *= np.float64(kg)
        total += drawn
    rest = members[APART:]
    if rest:
        variance = sum((np.float64(kg) * np.float64(quantity_spread(line).high) / 100) ** 2 for line, kg in rest)
        mean = np.float64(sum(kg for _, kg in rest))
        total += mean + next(chance) * np.sqrt(variance) / NORMAL_95
    return total
