"""Promised until verified; whole tonnes rounded down; nothing after the six years; short when they end."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.planting.rules import Increment, State, standing, surveys_due

HORIZON = date(2032, 5, 18)
DAY = date(2028, 6, 1)


def grew(kg: str, to: date = DAY, decided: date | None = None) -> Increment:
    return Increment(Decimal(kg), to, decided or to)


def of(*increments: Increment, on: date = date(2029, 1, 1), promised: int = 100, ended: bool = False):
    return standing(promised, increments, horizon=HORIZON, on=on, ended=ended)


TABLE = {
    "nothing verified": ((), {}, State.PROMISED, 0, 0),
    "under a tonne": ((grew("999.9999"),), {}, State.GROWING, 0, 0),
    "floor of the sum, once": ((grew("600"), grew("600"), grew("1799.9")), {}, State.GROWING, 2, 0),
    "as promised": ((grew("100000"),), {}, State.FULFILLED, 100, 0),
    "a gram less": ((grew("99999.9999"),), {}, State.GROWING, 99, 0),
    "the six years are over": ((grew("40500"),), {"on": date(2032, 5, 19)}, State.SHORT, 40, 60),
    "the last day": ((grew("40500"),), {"on": HORIZON}, State.GROWING, 40, 0),
    "nothing at the end": ((), {"on": date(2032, 5, 19)}, State.SHORT, 0, 100),
    "growth after the end": ((grew("200000", date(2032, 5, 19)),), {"on": date(2033, 1, 1)}, State.SHORT, 0, 100),
    "certified after the end": (
        (grew("200000", HORIZON, date(2032, 5, 19)),),
        {"on": date(2033, 1, 1)},
        State.SHORT,
        0,
        100,
    ),
    "burnt": ((grew("100000"), grew("-30000.5", date(2028, 9, 1))), {}, State.GROWING, 69, 0),
    "burnt after the end": (
        (grew("100000"), grew("-1", date(2034, 1, 1))),
        {"on": date(2035, 1, 1)},
        State.SHORT,
        99,
        1,
    ),
    "more lost than grew": ((grew("10000"), grew("-30000")), {}, State.GROWING, 0, 0),
    "called off": ((), {"ended": True}, State.CALLED_OFF, 0, 0),
    "decided later than asked": ((grew("100000", DAY, date(2029, 2, 1)),), {}, State.PROMISED, 0, 0),
}


@pytest.mark.parametrize(("increments", "more", "state", "counted", "short"), TABLE.values(), ids=TABLE.keys())
def test_what_a_planting_is(increments, more, state, counted, short):
    found = of(*increments, **more)
    assert (found.state, found.counted, found.short) == (state, counted, short)


def test_a_loss_says_what_was_lost_and_when():
    found = of(grew("100000"), grew("-30000.5", date(2028, 9, 1)))
    assert (found.lost, found.lost_on) == (31, date(2028, 9, 1))


@given(st.lists(st.integers(-(10**9), 10**9), max_size=8))
def test_never_more_than_grew(kilograms):
    """Whole tonnes never exceed the exact sum, and never fall a tonne below it."""
    found = of(*(grew(str(kg)) for kg in kilograms))
    exact = sum(kilograms)
    assert found.counted >= 0
    assert found.counted * 1000 <= max(0, exact) < (found.counted + 1) * 1000


def test_surveys_are_yearly_and_end_with_the_six_years():
    due = surveys_due(date(2026, 6, 1), HORIZON, [1, 3], date(2029, 6, 2))
    assert [one.on.year for one in due] == [2027, 2028, 2029, 2030, 2031, 2032]
    assert due[-1].on == HORIZON
    assert [one.year for one in due if one.done] == [1, 3]
    assert [one.year for one in due if one.late] == [2]


def test_planted_before_the_event_there_are_seven():
    due = surveys_due(date(2025, 11, 1), HORIZON, [], date(2026, 1, 1))
    assert (len(due), due[-1].on) == (7, HORIZON)
