"""How far an activity is on its way to a settled account, and what comes next (R8.3; pure)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """The way, in order."""

    PLAN = "plan"
    HOLD = "hold"
    ACCOUNT = "account"
    COVER = "cover"
    CONFIRM = "confirm"
    PUBLISH = "publish"


class State(StrEnum):
    """Where a step stands."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Facts:
    """What the steps are worked out from. `owed` is None while nothing is accounted; `units` are those that count.

    `statement_on` is the day of a statement about the current figures; an older one is none.
    """

    on: date
    starts_on: date
    ends_on: date
    deadline: date
    plan_on: date | None = None
    accounted_on: date | None = None
    sent_back: bool = False
    owed: int | None = None
    units: int = 0
    confirmed: bool = False
    statement_on: date | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class Step:
    """One step: its state, the day it was done or falls due, and by how many tonnes it is short."""

    code: Code
    state: State
    on: date | None = None
    short: int = 0


def short(facts: Facts) -> int:
    """Whole tonnes still to be cancelled; nothing while nothing is accounted."""
    return max(0, (facts.owed or 0) - facts.units)


def steps(facts: Facts) -> tuple[Step, ...]:
    """Every step. The first that is not done is the current one, or blocked when something is wrong with it."""
    done = {
        Code.PLAN: facts.plan_on is not None,
        Code.HOLD: facts.plan_on is not None and facts.on > facts.ends_on,
        Code.ACCOUNT: facts.accounted_on is not None,
        Code.COVER: facts.owed is not None and short(facts) == 0,
        Code.CONFIRM: facts.confirmed,
        Code.PUBLISH: facts.statement_on is not None,
    }
    days = {
        Code.PLAN: facts.plan_on or facts.starts_on,
        Code.HOLD: facts.ends_on,
        Code.ACCOUNT: facts.accounted_on or facts.deadline,
        Code.COVER: None if done[Code.COVER] else facts.deadline,
        Code.PUBLISH: facts.statement_on,
    }
    wrong = {
        Code.ACCOUNT: facts.sent_back,
        Code.COVER: facts.owed is not None and facts.on > facts.deadline,
    }
    current = next((code for code in Code if not done[code]), None)
    found = []
    for code in Code:
        state = State.DONE if done[code] else State.WAITING
        if code is current and not facts.cancelled:
            state = State.BLOCKED if wrong.get(code) else State.CURRENT
        found.append(Step(code, state, days.get(code), short(facts) if code is Code.COVER else 0))
    return tuple(found)


def next_step(found: tuple[Step, ...]) -> Step | None:
    """The step to take now; None when the way is done or was called off."""
    return next((step for step in found if step.state in (State.CURRENT, State.BLOCKED)), None)
