"""The way to a settled account, step by step (R8.3): every state, and time that only moves forward."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.steps import Code, Facts, State, next_step, short, steps

DAY = date(2026, 5, 18)
PLAN = date(2026, 3, 1)
DEADLINE = date(2027, 5, 18)
BEFORE = {"on": date(2026, 4, 1), "starts_on": DAY, "ends_on": DAY, "deadline": DEADLINE}
AFTER = {**BEFORE, "on": date(2026, 9, 1), "plan_on": PLAN}
FILED = {**AFTER, "accounted_on": date(2026, 7, 1), "owed": 104}


@pytest.mark.parametrize(
    ("facts", "code", "state"),
    [
        (BEFORE, Code.PLAN, State.CURRENT),
        ({**BEFORE, "plan_on": PLAN}, Code.HOLD, State.CURRENT),
        ({**BEFORE, "plan_on": PLAN, "on": DAY}, Code.HOLD, State.CURRENT),
        (AFTER, Code.ACCOUNT, State.CURRENT),
        ({**AFTER, "sent_back": True}, Code.ACCOUNT, State.BLOCKED),
        ({**FILED, "units": 103}, Code.COVER, State.CURRENT),
        ({**FILED, "units": 103, "on": DEADLINE}, Code.COVER, State.CURRENT),
        ({**FILED, "units": 103, "on": DEADLINE + timedelta(1)}, Code.COVER, State.BLOCKED),
        ({**FILED, "units": 104}, Code.CONFIRM, State.CURRENT),
        ({**FILED, "units": 104, "confirmed": True}, Code.PUBLISH, State.CURRENT),
    ],
)
def test_what_comes_next(facts, code, state):
    step = next_step(steps(Facts(**facts)))
    assert step is not None
    assert (step.code, step.state) == (code, state)


def test_nothing_comes_next_when_the_way_is_done_or_called_off():
    done = Facts(**FILED, units=104, confirmed=True, statement_on=date(2026, 8, 1))
    assert next_step(steps(done)) is None
    assert [step.state for step in steps(done)] == [State.DONE] * len(Code)
    assert next_step(steps(Facts(**AFTER, cancelled=True))) is None


def test_a_short_step_says_by_how_much_and_until_when():
    cover = {step.code: step for step in steps(Facts(**FILED, units=60))}[Code.COVER]
    assert (cover.short, cover.on) == (44, DEADLINE)
    assert short(Facts(**AFTER)) == 0


days = st.dates(date(2026, 1, 1), date(2029, 1, 1))
known = st.builds(
    Facts,
    on=days,
    starts_on=days,
    ends_on=days,
    plan_on=st.none() | days,
    accounted_on=st.none() | days,
    sent_back=st.booleans(),
    owed=st.none() | st.integers(0, 300),
    units=st.integers(0, 300),
    deadline=days,
    confirmed=st.booleans(),
    statement_on=st.none() | days,
    cancelled=st.booleans(),
)


@given(known)
def test_at_most_one_step_is_the_next_and_nothing_before_it_is_open(facts):
    found = steps(facts)
    assert [step.code for step in found] == list(Code)
    open_steps = [step for step in found if step.state in (State.CURRENT, State.BLOCKED)]
    assert len(open_steps) <= 1
    if open_steps:
        before = found[: found.index(open_steps[0])]
        assert all(step.state is State.DONE for step in before)
    elif not facts.cancelled:
        assert all(step.state is State.DONE for step in found)


@given(known, st.integers(1, 200))
def test_cancelling_more_never_reopens_a_step(facts, more):
    after = Facts(**{**vars(facts), "units": facts.units + more})
    done = [step.state is State.DONE for step in steps(facts)]
    assert all(new or not old for old, new in zip(done, (s.state is State.DONE for s in steps(after)), strict=True))
