"""Uncertainty by the IPCC rules: percent half-widths of a 95 % interval, combined by root sum of squares (pure, R2.38).

Lines that share a factor move together: their factor parts add, they do not cancel. An interval informs; it never
changes what is owed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from neutrality.inventory.rules.library import Category, Factor, Grade
from neutrality.inventory.rules.lines import Line, Tier
from neutrality.quantities import EXACT

# Where no source prints one: proposals of this portal, shown as such.
QUANTITY_PERCENT = {
    Tier.MEASURED: Decimal(5),
    Tier.CALCULATED: Decimal(15),
    Tier.PROXY: Decimal(30),
    Tier.DEFAULT: Decimal(50),
}
_ENERGY = {Grade.A: 5, Grade.B: 10, Grade.C: 20, Grade.OWN: 20}
_TRAVEL = {Grade.A: 20, Grade.B: 30, Grade.C: 50, Grade.OWN: 50}
_GOODS = {Grade.A: 30, Grade.B: 30, Grade.C: 100, Grade.OWN: 50}
_SERVICE = {Grade.A: 50, Grade.B: 50, Grade.C: 50, Grade.OWN: 50}
_GAS = {Grade.A: 30, Grade.B: 30, Grade.C: 30, Grade.OWN: 30}
FACTOR_PERCENT: dict[Category | None, dict[Grade, int]] = {
    None: _SERVICE,
    Category.STATIONARY_COMBUSTION: _ENERGY,
    Category.MOBILE_COMBUSTION: _ENERGY,
    Category.PURCHASED_ELECTRICITY: _ENERGY,
    Category.PURCHASED_HEAT: _ENERGY,
    Category.PARTICIPANT_TRAVEL: _TRAVEL,
    Category.LOCAL_TRANSPORT: _TRAVEL,
    Category.FREIGHT: _TRAVEL,
    Category.ACCOMMODATION: _SERVICE,
    Category.CATERING: _SERVICE,
    Category.MATERIALS: _GOODS,
    Category.VENUE_CONSTRUCTION: _GOODS,
    Category.WATER: _GOODS,
    Category.WASTEWATER: _GOODS,
    Category.WASTE: _SERVICE,
    Category.FUGITIVE: _GAS,
    Category.DIGITAL: _SERVICE,
    Category.OTHER: _SERVICE,
}
PERCENT_PLACE = Decimal("0.1")


@dataclass(frozen=True)
class Spread:
    """Half-widths in percent below and above; `ours` when no source prints them."""

    low: Decimal
    high: Decimal
    ours: bool = False


@dataclass(frozen=True)
class Interval:
    """A 95 % interval around a total: half-widths in percent, and the bounds in kg."""

    low_percent: Decimal
    high_percent: Decimal
    low_kg: Decimal
    high_kg: Decimal


def root_sum(*parts: Decimal) -> Decimal:
    """Square root of the sum of squares."""
    return EXACT.sqrt(sum((EXACT.multiply(part, part) for part in parts), Decimal(0)))


def factor_spread(factor: Factor) -> Spread:
    """The published interval of a factor, or ours by its category and grade."""
    if factor.low_percent is not None and factor.high_percent is not None:
        return Spread(factor.low_percent, factor.high_percent)
    percent = Decimal(FACTOR_PERCENT[factor.category][factor.grade])
    return Spread(percent, percent, ours=True)


def quantity_spread(line: Line) -> Spread:
    """What the organizer stated about the quantity, or ours by its tier."""
    if line.spread_percent is not None:
        return Spread(line.spread_percent, line.spread_percent)
    percent = QUANTITY_PERCENT[line.tier]
    return Spread(percent, percent, ours=True)


def line_spread(line: Line) -> Spread:
    """Quantity and factor together: products add their percents in quadrature."""
    return _product(quantity_spread(line), factor_spread(_factor(line)))


@lru_cache(maxsize=4096)
def _product(quantity: Spread, factor: Spread) -> Spread:
    return Spread(
        root_sum(quantity.low, factor.low), root_sum(quantity.high, factor.high), quantity.ours or factor.ours
    )


def _factor(line: Line) -> Factor:
    if line.factor is None:
        raise ValueError("a line without a factor has no result, hence no interval")
    return line.factor


def interval(results: Iterable[tuple[Line, Decimal]]) -> Interval | None:
    """The interval of a sum of lines with their kg; None where there is nothing to sum."""
    by_factor: dict[int, list[tuple[Line, Decimal]]] = {}
    for line, kg in results:
        by_factor.setdefault(id(_factor(line)), []).append((line, kg))
    groups: dict[tuple[str, Decimal], list[tuple[Line, Decimal]]] = {}
    for members in by_factor.values():
        factor = _factor(members[0][0])
        groups.setdefault((factor.series, factor.value), []).extend(members)
    total = sum((kg for members in groups.values() for _, kg in members), Decimal(0))
    if not total:
        return None
    low = root_sum(*(_group_half_width(members, low=True) for members in groups.values()))
    high = root_sum(*(_group_half_width(members, low=False) for members in groups.values()))
    return Interval(_percent(low, total), _percent(high, total), max(Decimal(0), total - low), total + high)


def _group_half_width(members: list[tuple[Line, Decimal]], *, low: bool) -> Decimal:
    """Half-width in kg of lines sharing a factor: one common error, and each line's own."""
    spread = factor_spread(_factor(members[0][0]))
    shared = sum((kg for _, kg in members), Decimal(0)) * (spread.low if low else spread.high) / 100
    own = (kg * (quantity_spread(line).low if low else quantity_spread(line).high) / 100 for line, kg in members)
    return root_sum(shared, *own)


def _percent(half_width: Decimal, total: Decimal) -> Decimal:
    return EXACT.divide(half_width * 100, total).quantize(PERCENT_PLACE, context=EXACT)
