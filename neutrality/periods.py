"""Deadlines: year and month arithmetic, working days given a calendar (pure).

Civil Code counting (R8.1): the starting day is not counted; a period in years or months ends on the same calendar day,
or on the month's last day where that day is missing. Working days need the official calendar as yearly data (R8.2).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)


class CalendarMissing(LookupError):
    """No official calendar is loaded for `year`, so working days in it cannot be counted."""

    def __init__(self, year: int):
        super().__init__(f"no official working-day calendar for {year}")
        self.year = year


def months_after(day: date, n: int) -> date:
    """The day `n` months after `day`, or the last day of that month (TV6b)."""
    years, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def years_after(day: date, n: int) -> date:
    """The day `n` years after `day` (TV6a), or the last day of February."""
    return months_after(day, 12 * n)


@dataclass(frozen=True)
class Calendar:
    """The official calendar: days off on weekdays, make-up workdays on weekends, and the years it covers."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether `day` is a working day; CalendarMissing where the year is not loaded."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)


def _working_days(first: date, calendar: Calendar) -> Iterator[date]:
    day = first
    while True:
        if calendar.works(day):
            yield day
        day += DAY


def _nth(first: date, n: int, calendar: Calendar) -> date:
    if n < 1:
        raise ValueError("a period has at least one working day")
    days = _working_days(first, calendar)
    for _ in range(n - 1):
        next(days)
    return next(days)


def working_days_after(day: date, n: int, calendar: Calendar) -> date:
    """The `n`-th working day after `day`; `day` itself is not counted (R8.1)."""
    return _nth(day + DAY, n, calendar)


def working_days_inclusive(start: date, n: int, calendar: Calendar) -> date:
    """The last of `n` working days of which `start` is the first, if it is one (TV4)."""
    return _nth(start, n, calendar)
