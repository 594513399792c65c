"""The cheapest lawful units that settle a shortage, with at most one share asked for (F15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Trait(StrEnum):
    """What the rules encourage and a buyer may ask a share of (R1.21, R2.8)."""

    LOCAL = "local"
    FORESTRY = "forestry"
    FORMERLY_POOR = "formerly_poor"


@dataclass(frozen=True)
class Lot:
    """Units on offer at one price. Only lawful ones are handed to `propose`."""

    number: str
    units: int
    price_cny: Decimal
    traits: frozenset[Trait] = frozenset()
    asks_reason: bool = False


@dataclass(frozen=True)
class Pick:
    number: str
    units: int
    price_cny: Decimal

    @property
    def cost_cny(self) -> Decimal:
        return self.units * self.price_cny


@dataclass(frozen=True)
class Basket:
    """`missing`: units the offers cannot cover; `share_missing`: of the share asked for."""

    picks: tuple[Pick, ...]
    missing: int
    share_missing: int

    @property
    def cost_cny(self) -> Decimal:
        return sum((pick.cost_cny for pick in self.picks), Decimal(0))


def propose(lots: Iterable[Lot], units: int, trait: Trait | None = None, percent: int = 0) -> Basket:
    """The cheapest basket of `units`, at least `percent` of them (rounded up) with `trait`.

    Units that need no reason win over equally cheap ones. First the share is filled with its cheapest units, then the
    rest with the cheapest left: with one share no exchange of two units can lower the cost.
    """
    order = sorted(lots, key=lambda lot: (lot.price_cny, lot.asks_reason, lot.number))
    share = -(-units * percent // 100) if trait else 0
    left = {lot.number: lot.units for lot in order}
    share_missing = _take([lot for lot in order if trait in lot.traits], left, share)
    # What the share lacks stays open: filling it with other units would not be what was asked for.
    missing = _take(order, left, units - share)
    picks = [Pick(lot.number, lot.units - left[lot.number], lot.price_cny) for lot in order]
    return Basket(tuple(pick for pick in picks if pick.units), missing + share_missing, share_missing)


def _take(order: list[Lot], left: dict[str, int], units: int) -> int:
    """Take `units` out of `left` in order; what could not be taken."""
    for lot in order:
        taken = min(units, left[lot.number])
        left[lot.number] -= taken
        units -= taken
    return units
