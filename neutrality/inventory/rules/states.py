"""The life of an inventory (pure)."""

from enum import StrEnum


class State(StrEnum):
    """Where an inventory stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"


class Action(StrEnum):
    """What can be done with it."""

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"


TRANSITIONS = {
    (State.DRAFT, Action.SAVE): State.DRAFT,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.SEND_BACK): State.RETURNED,
}
