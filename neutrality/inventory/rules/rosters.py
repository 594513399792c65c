"""The life of a list of participants on its way into a draft (pure). Its bytes rest only until it ends."""

from enum import StrEnum


class RosterState(StrEnum):
    """Where a list stands."""

    WAITING = "waiting"
    WORKING = "working"
    ASKING = "asking"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN = (RosterState.WAITING, RosterState.WORKING, RosterState.ASKING)
FINDINGS = 200  # questions and faults kept for the page, the worst first
ROWS_OF_A_FINDING = 500


class RosterStage(StrEnum):
    """What is being done with it, in order."""

    ARRIVED = "arrived"
    READING = "reading"
    ADDING = "adding"
    WRITING = "writing"
    ENDED = "ended"


PERCENT = {
    RosterStage.ARRIVED: 0,
    RosterStage.READING: 10,
    RosterStage.ADDING: 60,
    RosterStage.WRITING: 85,
    RosterStage.ENDED: 100,
}
