"""What still stands between a decided case and an entry of a list (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from neutrality.oversight.rules import Lack
from neutrality.standing.rules.policies import Policy
from neutrality.standing.rules.terms import Class, Violation

DECISION_DAYS = 30


class Obstacle(StrEnum):
    """Beyond due process (oversight's lacks): what the decision itself must have."""

    NO_DECISION = "no_decision"
    OTHER_CASE = "other_case"
    OLD_DECISION = "old_decision"
    FUTURE_DECISION = "future_decision"
    REVERSED = "reversed"
    NO_BASIS = "no_basis"
    NO_POLICY = "no_policy"
    CLASS = "class"
    CLOCK = "clock"
    LISTED = "listed"


@dataclass(frozen=True)
class Decision:
    """What the second person decided, as its step records it."""

    case: str
    decided_on: date | None
    grade: Class | None
    violation: Violation | None
    basis: str
    policy_on: date | None
    reversed: bool = False


def obstacles(
    decision: Decision,
    case: str,
    lacks: tuple[Lack, ...],
    policy: Policy | None,
    clock: str | None,
    listed: bool,
    on: date,
) -> tuple[Obstacle | Lack, ...]:
    """Everything that forbids the entry on `on`, all at once; empty only when all of it is in order (I8, V32)."""
    day = decision.decided_on
    in_force = policy is not None and decision.policy_on is not None and policy.effective_on <= decision.policy_on
    offence = policy.offence(decision.violation) if policy and in_force and decision.violation is not None else None
    fits = offence is not None and decision.grade in offence.classes
    tests = (
        (Obstacle.NO_DECISION, day is None),
        (Obstacle.OTHER_CASE, decision.case != case),
        (Obstacle.OLD_DECISION, day is not None and on > day + timedelta(days=DECISION_DAYS)),
        (Obstacle.FUTURE_DECISION, day is not None and day > on),
        (Obstacle.REVERSED, decision.reversed),
        (Obstacle.NO_BASIS, not decision.basis.strip()),
        (Obstacle.NO_POLICY, not in_force),
        (Obstacle.CLASS, in_force and not fits),
        (Obstacle.CLOCK, clock is not None),
        (Obstacle.LISTED, listed),
    )
    return (*lacks, *(code for code, found in tests if found))
