"""How old what a registry publishes is here: a feed nobody read, and a feed that is read and stands still (F22)."""

from datetime import date
from enum import StrEnum


class Age(StrEnum):
    NEVER = "never"
    CURRENT = "current"
    STALE = "stale"
    FROZEN = "frozen"


def age(
    *, read_on: date | None, own_on: date | None, moved_on: date | None, today: date, every: int, moves: int
) -> Age:
    """Stale: not read for longer than `every` days. Frozen: read, yet when it was read its newest own date (or, in a
    table without dates, its last change) lay more than `moves` days back, so the registry's export stands still."""
    if read_on is None:
        return Age.NEVER
    if (today - read_on).days > every:
        return Age.STALE
    last = own_on or moved_on
    return Age.FROZEN if last is not None and (read_on - last).days > moves else Age.CURRENT
