"""What a planting promised, what of it grew and was verified, and when it counts (pure; R1.22 to R1.27, I3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from neutrality.periods import years_after
from neutrality.quantities import floor, tonnes, total

MOST_SURVEYS = 6
"""One survey a year, for six years (R1.22)."""
YEARS_AHEAD = 1
"""How long before an activity begins its new forest may have been planted [design on R1.3]."""
NO_CREDIT = "R1.24"


class State(StrEnum):
    """What a planting is on a day: computed, never stored."""

    PROMISED = "promised"
    GROWING = "growing"
    FULFILLED = "fulfilled"
    SHORT = "short"
    CALLED_OFF = "called_off"


class Outcome(StrEnum):
    VERIFIED = "verified"
    REFUSED = "refused"


@dataclass(frozen=True)
class Increment:
    """What a competent body certified for a stretch of growth; below zero for what was lost (fire, pests, felling)."""

    kg: Decimal
    grown_to: date
    decided_on: date


@dataclass(frozen=True)
class Standing:
    """One planting on a day. `counted` are whole tonnes that stand behind the claim; `lost` once did."""

    state: State
    promised: int
    counted: int
    lost: int = 0
    lost_on: date | None = None
    short: int = 0


def in_time(increment: Increment, horizon: date) -> bool:
    """Growth counts when it grew and was certified within the six years (R1.22); a loss always counts."""
    return increment.kg < 0 or (increment.grown_to <= horizon and increment.decided_on <= horizon)


def whole(increments: Iterable[Increment]) -> int:
    """Whole tonnes of exact kilograms, rounded down once and never below zero: not in the claimant's favour."""
    return max(0, floor(tonnes(total(one.kg for one in increments))))


def standing(promised: int, increments: Sequence[Increment], *, horizon: date, on: date, ended: bool) -> Standing:
    """What a planting is on the day `on`: promised until something is verified, short when its six years are over."""
    timely = [one for one in increments if one.decided_on <= on and in_time(one, horizon)]
    grown = [one for one in timely if one.kg >= 0]
    losses = [one for one in timely if one.kg < 0]
    counted, before = whole(timely), whole(grown)
    lost_on = max((one.decided_on for one in losses), default=None)
    if ended:
        return Standing(State.CALLED_OFF, promised, 0)
    found = Standing(State.PROMISED, promised, counted, before - counted, lost_on)
    if counted >= promised:
        return replace(found, state=State.FULFILLED)
    if on > horizon:
        return replace(found, state=State.SHORT, short=promised - counted)
    return replace(found, state=State.GROWING) if grown else found


def year_begins(planted_on: date, year: int) -> date:
    """The day from which a look at the stand can be the survey of this year; the first begins with the planting."""
    return years_after(planted_on, year - 1)


@dataclass(frozen=True)
class Due:
    """One yearly survey: which year, by when, whether it was handed in, whether it is late."""

    year: int
    on: date
    done: bool
    late: bool


def surveys_due(planted_on: date, horizon: date, years: Iterable[int], on: date) -> tuple[Due, ...]:
    """The yearly surveys a planting owes until its horizon, the last at the horizon itself."""
    done = set(years)
    found: list[Due] = []
    for year in range(1, MOST_SURVEYS + 2):
        day = min(years_after(planted_on, year), horizon)
        found.append(Due(year, day, year in done, year not in done and on > day))
        if day == horizon:
            break
    return tuple(found)
