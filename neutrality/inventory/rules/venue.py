"""Electricity of a venue without a meter, from floor area, days and hours (pure).

A building's yearly electricity per square metre, by the part of the year it was used. Where the standard corrects for
hours of use (offices; GB/T 51161-2016 divides by 0.3 + 0.7 × hours / 2,500), three tenths run whatever happens and go
by the day, seven tenths follow the hours; elsewhere all goes by the day. The split over the days of an event is ours.
A crude figure: tier default, ± 70 %, ours.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from neutrality.quantities import EXACT

SPREAD_PERCENT = Decimal(70)
DAYS_OF_YEAR = Decimal(365)
FIXED, BY_HOURS = Decimal("0.3"), Decimal("0.7")
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Building:
    """A kind of building: kWh a square metre and year, and the yearly hours of use this stands for, if it says."""

    kind: str
    name_zh: str
    name_en: str
    kwh_m2_year: Decimal
    hours: Decimal | None


def kwh(building: Building, *, area_m2: Decimal, days: int, hours: Decimal | None) -> Decimal:
    """Whole kWh of so many days; `hours` of use in all of them, for buildings that go by hours. Rounded up."""
    by_day = EXACT.divide(Decimal(days), DAYS_OF_YEAR)
    share = by_day
    if building.hours is not None:
        if hours is None:
            raise ValueError("this kind of building goes by hours of use")
        share = FIXED * by_day + EXACT.divide(BY_HOURS * hours, building.hours)
    used = EXACT.multiply(EXACT.multiply(area_m2, building.kwh_m2_year), share)
    return used.quantize(WHOLE, ROUND_CEILING, context=EXACT)
