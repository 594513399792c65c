"""Which portion of a quantity is this activity's: a car that is shared, material that is used again (pure).

A car: passenger-kilometres divided by the people in the car are the kilometres of the car, and its factor is per
kilometre. Kilometres of the car stand for everybody in it already and are never divided.

Material, bought or rented: EU product environmental footprint (Recommendation (EU) 2021/2279, annex I, 4.4.9). What is
used n times in its life counts one n-th at each use, the first use among the n. Where only a part is used again, the
rest counts in full: (1 - part) + part / n. Nobody divides without saying how the uses are known, and nothing but goods,
stands and stages is divided.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from neutrality.inventory.rules import units
from neutrality.inventory.rules.library import Factor
from neutrality.inventory.rules.lines import Fault, Line
from neutrality.quantities import ONE

REUSED_SOURCES = frozenset({"goods", "venue_construction"})
CAR_SOURCES = frozenset({"participant_travel", "staff_travel", "local_transport", "other"})
MOST_USES = 1000
MOST_IN_CAR = 60
HUNDRED = Decimal(100)
PERSON_KM, KM = "passenger_km", "km"


@lru_cache(maxsize=1024)
def used_again(uses: int, percent: Decimal | None) -> Fraction:
    """What one use counts of material with so many uses in all, of which `percent` is used again (None: all of it)."""
    again = Fraction(HUNDRED if percent is None else percent) / 100
    return 1 - again + again / uses


def of(line: Line) -> Fraction:
    """The portion of the quantity of a line that counts: exactly 1 where nothing is shared."""
    part = ONE if line.uses is None else used_again(line.uses, line.reused_percent)
    return part if line.sharing is None else part / Fraction(line.sharing)


def ratio(line: Line, factor: Factor) -> Fraction:
    """How many units of the factor one unit of the quantity is. Raises UnitsDiffer."""
    if line.sharing is not None:
        return units.ratio(line.unit, PERSON_KM) * units.ratio(KM, factor.unit)
    return units.ratio(line.unit, factor.unit)


def counted(line: Line, factor: Factor) -> Fraction:
    """What one unit of the quantity counts for, in the unit of the factor. Raises UnitsDiffer."""
    if line.uses is None and line.sharing is None:
        return units.ratio(line.unit, factor.unit)
    return ratio(line, factor) * of(line)


def by_car(unit: str, factor_unit: str) -> bool:
    """Whether passenger-kilometres meet a factor per kilometre of a vehicle."""
    return PERSON_KM in units.fitting(units.plain(unit)) and KM in units.fitting(units.plain(factor_unit))


def fitted(line: Line, factor: Factor | None) -> Line:
    """The line with another factor; who shares a car is left out where the factor is of no car."""
    if factor is None or line.sharing is None or by_car(line.unit, factor.unit):
        return replace(line, factor=factor)
    return replace(line, factor=factor, sharing=None)


def missing(line: Line) -> Iterable[str]:
    """Fields without which the portion is not known: nobody divides by a number that nothing shows."""
    if line.uses is None and (line.reused_percent is not None or line.uses_basis):
        yield "uses"
    if line.uses is not None and line.uses > 1 and not line.uses_basis:
        yield "uses_basis"


def faults(line: Line, factor: Factor | None) -> Iterable[Fault]:
    """What cannot be: a number out of range, a division where none is due."""
    at = line.position
    if line.uses is not None and not 1 <= line.uses <= MOST_USES:
        yield Fault("uses_range", "uses", at, (("most", MOST_USES),))
    if line.reused_percent is not None and not 0 < line.reused_percent <= HUNDRED:
        yield Fault("change_percent", "reused_percent", at)
    for name in ("uses", "reused_percent", "uses_basis"):
        if getattr(line, name) not in (None, "") and line.source not in REUSED_SOURCES:
            yield Fault("uses_not_here", name, at)
    if line.sharing is not None and not 1 <= line.sharing <= MOST_IN_CAR:
        yield Fault("sharing_range", "sharing", at, (("most", MOST_IN_CAR),))
    if line.sharing is not None and not _in_a_car(line, factor):
        yield Fault("sharing_not_here", "sharing", at)


def _in_a_car(line: Line, factor: Factor | None) -> bool:
    """Whether people can share what the line is about, as far as it is known yet."""
    if line.source not in CAR_SOURCES:
        return False
    return factor is None or not line.unit or by_car(line.unit, factor.unit)
