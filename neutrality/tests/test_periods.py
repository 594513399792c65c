"""Deadlines: TV4, TV6 and the edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.periods import (
    Calendar,
    CalendarMissing,
    months_after,
    working_days_after,
    working_days_inclusive,
    years_after,
)

PLAIN = Calendar(frozenset(), frozenset(), frozenset({2026}))
# The 2026 National Day holiday: 1 to 7 October off; 20 September and 10 October worked.
OCTOBER = Calendar(
    frozenset(date(2026, 10, day) for day in range(1, 8)),
    frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    frozenset({2026}),
)


def test_tv4():
    assert working_days_inclusive(date(2026, 7, 17), 20, PLAIN) == date(2026, 8, 13)


def test_tv6():
    assert years_after(date(2026, 5, 18), 1) == date(2027, 5, 18)
    assert years_after(date(2026, 5, 18), 6) == date(2032, 5, 18)
    assert years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert years_after(date(2028, 2, 29), 6) == date(2034, 2, 28)


def test_months():
    assert months_after(date(2026, 5, 10), 3) == date(2026, 8, 10)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 200))
def test_months_keep_the_day_or_take_the_last(day, n):
    end = months_after(day, n)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == n
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


def test_holidays_do_not_count_and_make_up_days_do():
    assert working_days_after(date(2026, 9, 30), 1, OCTOBER) == date(2026, 10, 8)
    assert working_days_after(date(2026, 9, 30), 3, OCTOBER) == date(2026, 10, 10)
    assert working_days_inclusive(date(2026, 9, 20), 1, OCTOBER) == date(2026, 9, 20)
    assert working_days_inclusive(date(2026, 10, 1), 1, OCTOBER) == date(2026, 10, 8)


def test_a_year_without_its_calendar_is_not_guessed():
    with pytest.raises(CalendarMissing) as missing:
        working_days_after(date(2026, 12, 30), 5, OCTOBER)
    assert missing.value.year == 2027


@pytest.mark.parametrize("n", [0, -1])
def test_no_empty_period(n):
    with pytest.raises(ValueError, match="at least one"):
        working_days_after(date(2026, 7, 1), n, PLAIN)


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(1, 60))
def test_exactly_n_working_days_lie_in_the_period(day, n):
    end = working_days_after(day, n, PLAIN)
    between = [day + timedelta(days=i) for i in range(1, (end - day).days + 1)]
    assert sum(PLAIN.works(each) for each in between) == n
    assert PLAIN.works(end)
