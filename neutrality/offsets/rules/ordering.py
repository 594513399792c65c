"""The steps of an order of units between its asking and its end: who may do what next (pure).

A buyer orders; the owner confirms the price or names another, which the buyer agrees to or not; the buyer says it has
paid, the owner that the money came in. Paying happens elsewhere: a step says only what a side stated, and when. The
owner may deliver whenever a price stands; the buyer may leave until it has said it paid, the owner until it has said
the money came in.
"""

from collections.abc import Sequence
from enum import StrEnum


class Side(StrEnum):
    GIVER = "giver"
    TAKER = "taker"


class Step(StrEnum):
    """What a side states while an order is open."""

    PRICED = "priced"
    AGREED = "agreed"
    PAID = "paid"
    RECEIVED = "received"


class End(StrEnum):
    """What closes it."""

    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


Choice = Step | End
_NEXT: dict[Step | None, dict[Side, tuple[Choice, ...]]] = {
    None: {Side.GIVER: (Step.AGREED, Step.PRICED, End.DELIVERED, End.DECLINED), Side.TAKER: (End.WITHDRAWN,)},
    Step.PRICED: {Side.GIVER: (Step.PRICED, End.DECLINED), Side.TAKER: (Step.AGREED, End.WITHDRAWN)},
    Step.AGREED: {
        Side.GIVER: (Step.RECEIVED, End.DELIVERED, End.DECLINED),
        Side.TAKER: (Step.PAID, End.WITHDRAWN),
    },
    Step.PAID: {Side.GIVER: (Step.RECEIVED, End.DELIVERED, End.DECLINED), Side.TAKER: ()},
    Step.RECEIVED: {Side.GIVER: (End.DELIVERED,), Side.TAKER: ()},
}
_PROPOSAL = {Side.TAKER: (End.DELIVERED, End.DECLINED), Side.GIVER: (End.WITHDRAWN,)}


def choices(asked_side: str, steps: Sequence[str], side: str) -> tuple[Choice, ...]:
    """What a side may do now. What an owner proposes by itself is taken or not, without steps between."""
    if Side(asked_side) is Side.GIVER:
        return _PROPOSAL[Side(side)]
    return _NEXT[Step(steps[-1]) if steps else None][Side(side)]


def awaited(asked_side: str, last: str | None) -> Side:
    """Whose word is awaited."""
    if Side(asked_side) is Side.GIVER or last in (Step.PRICED, Step.AGREED):
        return Side.TAKER
    return Side.GIVER
