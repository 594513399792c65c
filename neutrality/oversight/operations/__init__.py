"""The verbs of oversight, one file per matter."""

from neutrality.oversight.operations.cases import Barred, CalendarUnknown, advance, exhibit, start, take_back
from neutrality.oversight.operations.challenges import Said, TooMany, challenge, confirm, end_review, propose
from neutrality.oversight.operations.clocks import beat, confirm_clock
from neutrality.oversight.operations.invalidations import invalidate, restore
from neutrality.oversight.operations.listings import (
    ClockDoubtful,
    DueProcess,
    acknowledge,
    appeal,
    decide,
    deliver,
    demand_clock,
    recommend,
    serve,
)
from neutrality.oversight.operations.reviews import open_review, remark, send_back
from neutrality.oversight.words import LACKS

__all__ = [
    "LACKS",
    "Barred",
    "CalendarUnknown",
    "ClockDoubtful",
    "DueProcess",
    "Said",
    "TooMany",
    "acknowledge",
    "advance",
    "appeal",
    "beat",
    "challenge",
    "confirm",
    "confirm_clock",
    "decide",
    "deliver",
    "demand_clock",
    "end_review",
    "exhibit",
    "invalidate",
    "open_review",
    "propose",
    "recommend",
    "remark",
    "restore",
    "send_back",
    "serve",
    "start",
    "take_back",
]
