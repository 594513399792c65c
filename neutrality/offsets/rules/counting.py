"""How many cancelled units stand behind a claim (R1.28, R3.7, R3.19, I3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

REPLACEMENT_DAYS = 90
"""Days after a void notice in which its units may be replaced, though the activity's year is over [design, R3.19]."""


@dataclass(frozen=True)
class Cancellation:
    units: int
    """What still lies there: units found void are no longer among them."""
    cancelled_on: date


@dataclass(frozen=True)
class Voiding:
    units: int
    found_on: date
    cancelled_on: date
    """When the units now void had been cancelled: only timely ones can be replaced late."""


def counted(cancellations: Iterable[Cancellation], voidings: Iterable[Voiding], deadline: date) -> int:
    """Units that count: all cancelled in time, and late ones so far as they replace timely ones found void."""
    rows = list(cancellations)
    timely = sum(row.units for row in rows if row.cancelled_on <= deadline)
    late = sorted((row for row in rows if row.cancelled_on > deadline), key=lambda row: row.cancelled_on)
    # Shortages are served by the earliest end of their window first, which replaces the most that can be replaced.
    shortages = sorted((one for one in voidings if one.cancelled_on <= deadline), key=lambda one: one.found_on)
    open_units = [one.units for one in shortages]
    replaced = 0
    for row in late:
        left = row.units
        for place, shortage in enumerate(shortages):
            in_window = shortage.found_on <= row.cancelled_on <= shortage.found_on + timedelta(days=REPLACEMENT_DAYS)
            taken = min(left, open_units[place]) if in_window else 0
            open_units[place] -= taken
            left -= taken
            replaced += taken
    return timely + replaced
