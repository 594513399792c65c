"""An operating period from its months: which are there, what the missing ones are estimated at (pure; 以月保年).

A series is one meter or one kind of bill: source, label, unit. A missing month counts as the mean of the months that
are there, as long as at least half of them are; the estimate stands in a line of its own and is marked as such.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from neutrality.quantities import EXACT

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Reading:
    """What was deposited for one month of a series; later readings of the same month replace earlier ones."""

    source: str
    label: str
    unit: str
    month: date
    quantity: Decimal
    evidence: str = ""


@dataclass(frozen=True)
class Series:
    """The months of one meter: readings by month, missing months, their sum, and the estimate for what is missing.

    `estimated` is None where nothing is missing, or where too little is there to estimate from."""

    source: str
    label: str
    unit: str
    readings: dict[date, Reading]
    missing: tuple[date, ...]
    measured: Decimal
    estimated: Decimal | None

    @property
    def complete(self) -> bool:
        return not self.missing


def series(readings: Iterable[Reading], months: tuple[date, ...]) -> tuple[Series, ...]:
    """Readings in the order in which they were deposited, as series over `months`, ordered by source and label."""
    found: dict[tuple[str, str, str], dict[date, Reading]] = {}
    for reading in readings:
        if reading.month in months:
            found.setdefault((reading.source, reading.label, reading.unit), {})[reading.month] = reading
    return tuple(_series(*name, by_month, months) for name, by_month in sorted(found.items()))


def _series(source: str, label: str, unit: str, by_month: dict[date, Reading], months: tuple[date, ...]) -> Series:
    missing = tuple(month for month in months if month not in by_month)
    measured = sum((reading.quantity for reading in by_month.values()), Decimal(0))
    estimated = None
    if missing and 2 * len(by_month) >= len(months):
        share = EXACT.divide(EXACT.multiply(measured, Decimal(len(missing))), Decimal(len(by_month)))
        estimated = share.quantize(SIX_PLACES, context=EXACT)
    return Series(source, label, unit, by_month, missing, measured, estimated)
