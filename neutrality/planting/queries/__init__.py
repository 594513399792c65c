"""Reads of the planting room: land nearby, what a planting is on a day, what stands behind an activity's claim."""

from neutrality.planting.queries.land import barring, beginning, near, within
from neutrality.planting.queries.standing import (
    Grown,
    Sinks,
    grown,
    increments_of,
    of_activity,
    seen,
    sinks_of,
    standings,
    waiting,
)

__all__ = [
    "Grown",
    "Sinks",
    "barring",
    "beginning",
    "grown",
    "increments_of",
    "near",
    "of_activity",
    "seen",
    "sinks_of",
    "standings",
    "waiting",
    "within",
]
