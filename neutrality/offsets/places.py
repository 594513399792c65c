"""The places of units: where a unit lies is what it is."""

from typing import Any

from neutrality.ledger import operations as ledger
from neutrality.ledger.models import Place


def held(organization: Any) -> Place:
    """What an organization may use, offer or hand over."""
    return ledger.open_place(code=held_code(organization))


def held_code(organization: Any) -> str:
    return f"held:{organization.code}"


def retired(activity: Any) -> Place:
    """What was cancelled for one activity: an end."""
    return ledger.open_place(code=retired_code(activity), ending=True)


def retired_code(activity: Any) -> str:
    return f"retired:{activity.code}"


def to_retire(holder: Any, activity: Any) -> tuple[Place, Place]:
    """Both ends of a retirement, not read: the ledger finds or opens them while it moves the units."""
    return Place(code=held_code(holder)), Place(code=retired_code(activity), ending=True)


def outside(registry: Any) -> Place:
    """Where units lie for the moment between their issue here and their place in `retired:`, entered with a proof."""
    return ledger.open_place(code=f"outside:{registry.code}")


def locked(lock: Any) -> Place:
    """What lies under one lock."""
    return ledger.open_place(code=locked_code(lock))


def locked_code(lock: Any) -> str:
    return f"{lock.kind}:{lock.number}"


def reserved(reservation: Any) -> Place:
    """What is set aside by one reservation."""
    return ledger.open_place(code=reserved_code(reservation))


def reserved_code(reservation: Any) -> str:
    return f"reserved:{reservation.number}"


def judicial(compensation: Any) -> Place:
    """What was used up for one case: an end."""
    return ledger.open_place(code=judicial_code(compensation), ending=True)


def judicial_code(compensation: Any) -> str:
    return f"judicial:{compensation.number}"


def surrendered(surrender: Any) -> Place:
    """What was used up for another purpose: an end."""
    return ledger.open_place(code=surrendered_code(surrender), ending=True)


def surrendered_code(surrender: Any) -> str:
    return f"surrendered:{surrender.number}"


def void() -> Place:
    """Units found false."""
    return ledger.open_place(code="void:", ending=True)
