"""An activity beside those like it: kilograms a head, a head and day, a room night, a square metre (pure).

Others are shown as median and quartiles, one activity of each organization, and only where at least five organizations
published one: fewer would be a list of neighbours, not a measure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from neutrality.quantities import EXACT

FEWEST_ORGANIZATIONS = 5
PLACE = Decimal("0.1")


class Ratio(StrEnum):
    """What emissions are divided by."""

    HEAD = "head"
    HEAD_DAY = "head_day"
    ROOM_NIGHT = "room_night"
    SQUARE_METRE = "square_metre"


@dataclass(frozen=True)
class Size:
    """One account and how large it was: kg in all and of lodging, people, days, room nights, floor area in m²."""

    total_kg: Decimal
    people: int | None
    days: int
    lodging_kg: Decimal = Decimal(0)
    room_nights: Decimal = Decimal(0)
    floor_m2: Decimal | None = None


@dataclass(frozen=True)
class Spread:
    """Lower quartile, median, upper quartile of so many organizations; None where they are too few to show."""

    organizations: int
    quartiles: tuple[Decimal, Decimal, Decimal] | None


def ratios(size: Size) -> dict[Ratio, Decimal]:
    """Every ratio whose divisor is known; a divisor of zero is none."""
    people = Decimal(size.people or 0)
    pairs = {
        Ratio.HEAD: (size.total_kg, people),
        Ratio.HEAD_DAY: (size.total_kg, people * size.days),
        Ratio.ROOM_NIGHT: (size.lodging_kg, size.room_nights),
        Ratio.SQUARE_METRE: (size.total_kg, size.floor_m2 or Decimal(0)),
    }
    return {code: EXACT.divide(kg, by) for code, (kg, by) in pairs.items() if by > 0}


def spread(others: Iterable[Mapping[Ratio, Decimal]], code: Ratio) -> Spread:
    """One ratio over the others, each of another organization."""
    values = sorted(each[code] for each in others if code in each)
    if len(values) < FEWEST_ORGANIZATIONS:
        return Spread(len(values), None)
    first, middle, last = (_quantile(values, quarter) for quarter in (1, 2, 3))
    return Spread(len(values), (first, middle, last))


def _quantile(values: list[Decimal], quarter: int) -> Decimal:
    """The quartile between the neighbouring values (Hyndman and Fan 1996, type 7)."""
    below, rest = divmod((len(values) - 1) * quarter, 4)
    if not rest:
        return values[below]
    step = values[below + 1] - values[below]
    return values[below] + EXACT.divide(step * rest, Decimal(4))
