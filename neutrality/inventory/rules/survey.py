"""One answer of a survey: what a party says about its journey and stay, and what that comes to (pure).

The same factors and detours as for a list of participants. A distance the party states is taken as it is; one between
two cities is made longer by the detour of its means of travel.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from neutrality.inventory.rules import travel
from neutrality.quantities import EXACT

SMALLEST = 5  # a group of fewer answers is not shown
MOST_PARTY = 60  # people one answer may speak for
MOST_KM = Decimal(20_040)  # half way around the world
MOST_ROOM_NIGHTS = Decimal(2_000)
MOST_MEALS = Decimal(2_000)
FLOOD = 3  # answers stop at so many times the people there are, and this many more
FLOOD_AND = 50


class HeadcountBasis(StrEnum):
    """On what ground the organizer states how many people there are."""

    REGISTERED = "registered"
    TICKETS = "tickets"
    COUNTED = "counted"
    EXPECTED = "expected"


@dataclass(frozen=True)
class Answer:
    """A party's answer. `km` one way; `stated` by the party itself or measured between two cities."""

    group: int
    people: int
    origin: str
    domestic: bool
    km: Decimal
    stated: bool
    there: travel.Mode
    back: travel.Mode
    sharing: int | None = None
    room_nights: Decimal | None = None
    meals: Decimal | None = None


def amounts(answer: Answer, *, domestic: bool) -> dict[str, Decimal]:
    """What the party caused, by factor code, both directions. `domestic`: whether the activity is in China."""
    found: dict[str, Decimal] = {}
    for mode in (answer.there, answer.back):
        way = travel.way_of(mode, travel.Cabin.AVERAGE, domestic=domestic and answer.domestic)
        if way is None:
            continue
        km = answer.km if answer.stated else answer.km * way.detour
        heads = Decimal(answer.people)
        if way.per_vehicle:
            heads = EXACT.divide(heads, Decimal(max(1, answer.sharing or answer.people)))
        found[way.factor] = found.get(way.factor, Decimal(0)) + km * heads
    for code, amount in ((travel.LODGING, answer.room_nights), (travel.MEAL, answer.meals)):
        if amount:
            found[code] = amount
    return {code: amount for code, amount in found.items() if amount}


def shown(values: Iterable[str]) -> tuple[list[tuple[str, int]], int]:
    """How often each value was given, the most frequent first, and how many are not told apart.

    Fewer than SMALLEST are never shown, and neither is a rest that small: the smallest group joins it then."""
    counts = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    apart = [item for item in counts if item[1] >= SMALLEST]
    rest = sum(count for _, count in counts) - sum(count for _, count in apart)
    while apart and 0 < rest < SMALLEST:
        rest += apart.pop()[1]
    return apart, rest


def flooded(answers: int, population: int) -> bool:
    """Whether there are more answers than the people there are can give."""
    return answers >= FLOOD * population + FLOOD_AND
