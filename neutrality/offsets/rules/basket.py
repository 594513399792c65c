"""The cheapest lawful units that settle a shortage, with the shares a buyer asks for (F15).

Units fall into eight classes by which of three traits they have; inside a class the cheapest go first, so what a class
costs is convex in what is taken of it. Such a basket is the cheapest exactly when no exchange of a fixed, finite list
betters it (the Graver basis of "as many units as owed, and so many of each trait"): here one, two or three units for as
many others. `exchanges` makes that list; a test holds it to brute force.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import accumulate, combinations_with_replacement


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
    """`missing`: units no offer settles under these wishes; `has`: units with each trait; `lacks`: units of a share
    asked for that are among the missing."""

    picks: tuple[Pick, ...]
    missing: int
    has: Mapping[Trait, int]
    lacks: Mapping[Trait, int]

    @property
    def cost_cny(self) -> Decimal:
        return sum((pick.cost_cny for pick in self.picks), Decimal(0))


Price = tuple[int, Decimal, int]
"""Units nobody offers, yuan, units that ask for a reason: compared in this order."""
Class = tuple[bool, ...]
"""Which of the traits a unit has, in the order of Trait."""
Move = tuple[tuple[Class, int], ...]
"""Units that come (above zero) and go, by class."""
NOTHING: Price = (0, Decimal(0), 0)
CLASSES: tuple[Class, ...] = tuple((a, b, c) for a in (False, True) for b in (False, True) for c in (False, True))
ALL: Class = (True, True, True)
MOST_EXCHANGED = 3


def propose(lots: Iterable[Lot], units: int, percents: Mapping[Trait, int] | None = None) -> Basket:
    """The cheapest basket of `units`, with at least so many percent of them (rounded up) of each trait asked for.

    What the offers cannot settle stays open, as little as possible: filling a share with other units would not be what
    was asked for. Units that need no reason win over equally cheap ones.
    """
    order = sorted(lots, key=lambda lot: (lot.price_cny, lot.asks_reason, lot.number))
    shares = [-(-units * (percents or {}).get(trait, 0) // 100) for trait in Trait]
    shelves = {one: _Shelf([lot for lot in order if _class(lot) == one], units if one == ALL else 0) for one in CLASSES}
    _settle(shelves, units, shares)
    picks = [pick for lot in order if (pick := shelves[_class(lot)].pick(lot))]
    traits = {lot.number: lot.traits for lot in order}
    has = {trait: sum(pick.units for pick in picks if trait in traits[pick.number]) for trait in Trait}
    lacks = {trait: share - has[trait] for trait, share in zip(Trait, shares, strict=True) if share > has[trait]}
    return Basket(tuple(picks), units - sum(pick.units for pick in picks), has, lacks)


def _class(lot: Lot) -> Class:
    return tuple(trait in lot.traits for trait in Trait)


class _Shelf:
    """The units of one class, cheapest first, and how many of them are taken."""

    def __init__(self, lots: Sequence[Lot], open_units: int):
        """`open_units`: so many that nobody offers lie behind all others; what is taken of them is missing."""
        self.taken = 0
        self.prices: list[Price] = [(0, lot.price_cny, int(lot.asks_reason)) for lot in lots]
        self.ends = list(accumulate((lot.units for lot in lots), initial=0))
        self.end_of = dict(zip((lot.number for lot in lots), self.ends[1:], strict=True))
        if open_units:
            self.prices.append((1, Decimal(0), 0))
            self.ends.append(self.ends[-1] + open_units)

    def after(self, units: int) -> tuple[Price, int] | None:
        """What taking `units` more costs (below zero: what giving some back saves) and how many times in a row; None
        where there are not so many."""
        if not 0 <= self.taken + units <= self.ends[-1]:
            return None
        way = 1 if units > 0 else -1
        places = range(self.taken, self.taken + units) if way > 0 else range(self.taken - 1, self.taken + units - 1, -1)
        steps = [bisect_right(self.ends, place) - 1 for place in places]
        cost = NOTHING
        for step in steps:
            cost = _sum(cost, self.prices[step], way)
        if steps[0] != steps[-1]:
            return cost, 1
        begins, ends = self.ends[steps[0]], self.ends[steps[0] + 1]
        room = ends - self.taken if way > 0 else self.taken - begins
        return cost, room // abs(units)

    def pick(self, lot: Lot) -> Pick | None:
        end = self.end_of[lot.number]
        units = min(self.taken, end) - (end - lot.units)
        return Pick(lot.number, units, lot.price_cny) if units > 0 else None


def _sum(one: Price, other: Price, times: int = 1) -> Price:
    return one[0] + times * other[0], one[1] + times * other[1], one[2] + times * other[2]


def _settle(shelves: dict[Class, _Shelf], units: int, shares: Sequence[int]) -> None:
    """Begin with units that have every trait, offered or not, which settles every share; exchange while it pays."""
    shelves[ALL].taken = units
    spare = [units - share for share in shares]
    while best := _best(shelves, spare):
        move, times = best
        for one, count in move:
            shelves[one].taken += times * count
        for place, change in enumerate(_changes(move)):
            spare[place] += times * change


def _best(shelves: dict[Class, _Shelf], spare: Sequence[int]) -> tuple[Move, int] | None:
    """The exchange that saves most, made as often as its price holds; None where none saves anything."""
    sizes = [size for size in range(-MOST_EXCHANGED, MOST_EXCHANGED + 1) if size]
    known = {(one, size): shelf.after(size) for one, shelf in shelves.items() for size in sizes}
    best, saved = None, NOTHING
    for move, changes in exchanges():
        parts = [known[part] for part in move]
        if any(part is None for part in parts):
            continue
        cost, times = NOTHING, min(part[1] for part in parts if part)
        for part in parts:
            cost = _sum(cost, part[0]) if part else cost
        if cost >= NOTHING:
            continue
        times = min([times, *(left // -change for left, change in zip(spare, changes, strict=True) if change < 0)])
        total = _sum(NOTHING, cost, times)
        if total < saved:
            best, saved = (move, times), total
    return best


@cache
def exchanges() -> tuple[tuple[Move, tuple[int, ...]], ...]:
    """Every exchange that does not fall apart into smaller ones of the same direction, with what it changes of each
    trait. Those of three units change no trait's count; a test looks at all of them."""
    found: list[tuple[int, ...]] = []
    for size in range(1, MOST_EXCHANGED + 1):
        baskets = list(combinations_with_replacement(range(len(CLASSES)), size))
        vectors = (_vector(go, come) for go in baskets for come in baskets if not set(go) & set(come))
        if size == MOST_EXCHANGED:
            vectors = (vector for vector in vectors if not any(vector[len(CLASSES) :]))
        found += [vector for vector in vectors if not any(_inside(small, vector) for small in found)]
    return tuple((_move(vector), vector[len(CLASSES) :]) for vector in found)


def _vector(go: Iterable[int], come: Iterable[int]) -> tuple[int, ...]:
    """Units by class that come less those that go, and then the change of each trait."""
    counts = [0] * len(CLASSES)
    for place in come:
        counts[place] += 1
    for place in go:
        counts[place] -= 1
    return (*counts, *_changes(_move(counts)))


def _move(counts: Sequence[int]) -> Move:
    return tuple((one, count) for one, count in zip(CLASSES, counts, strict=False) if count)


def _changes(move: Move) -> tuple[int, ...]:
    return tuple(sum(count for one, count in move if one[place]) for place in range(len(Trait)))


def _inside(small: Sequence[int], vector: Sequence[int]) -> bool:
    """Whether `small` goes the same way as `vector` everywhere and nowhere further."""
    return all(
        not one or (one * other > 0 and abs(one) <= abs(other)) for one, other in zip(small, vector, strict=True)
    )
