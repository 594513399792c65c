"""Monte Carlo: what the total may be when every quantity and factor is drawn from its interval (R2.38; F8).

Binary arithmetic is right here and only here: draws are chance, and what comes out is rounded to whole kilograms. The
generator is seeded, so the same inventory gives the same figures. Lines that share a factor draw it together. Nothing
that is owed depends on this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

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
    random = np.random.default_rng(seed)
    total = np.zeros(draws)
    for _, members in sorted(groups.items()):
        first = members[0][0].factor
        if first is not None:
            total += deviate(random, factor_spread(first), draws) * _quantities(random, members, draws)
    return total


def deviate(random: np.random.Generator, spread: Spread, draws: int) -> Draws:
    """Multipliers around one: a normal with its own half-width on either side, never below zero; lognormal with mean
    one where the upper half-width is wide."""
    low, high = np.float64(spread.low) / 100, np.float64(spread.high) / 100
    normal = random.standard_normal(draws)
    if spread.high > WIDE:
        sigma = np.log1p(high) / NORMAL_95
        return np.asarray(np.exp(sigma * normal - sigma**2 / 2))
    return np.maximum(0, 1 + normal * np.where(normal < 0, low, high) / NORMAL_95)


def _quantities(random: np.random.Generator, members: list[tuple[Line, Decimal]], draws: int) -> Draws:
    """What the lines of one factor come to, each quantity with an error of its own."""
    members = sorted(members, key=lambda member: (-member[1], member[0].key))
    total = np.zeros(draws)
    for line, kg in members[:APART]:
        total += deviate(random, quantity_spread(line), draws) * np.float64(kg)
    rest = members[APART:]
    if rest:
        variance = sum((np.float64(kg) * np.float64(quantity_spread(line).high) / 100) ** 2 for line, kg in rest)
        mean = np.float64(sum(kg for _, kg in rest))
        total += mean + random.standard_normal(draws) * np.sqrt(variance) / NORMAL_95
    return total
