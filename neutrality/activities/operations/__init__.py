"""What is done to activities and their measures; called through this module: `operations.register(...)`."""

from neutrality.activities.operations.lives import amend, cancel, commit, copy, count_people, edit, register
from neutrality.activities.operations.measures import add_measure, edit_measure, remove_measure, report_measure
from neutrality.activities.operations.shared import (
    AlreadyCancelled,
    AlreadyHeld,
    Contradictory,
    Incomplete,
    KeyReused,
    MeasureSettled,
    NoReason,
    NoRulebook,
    NotAmendable,
    NotCommitted,
    NotDraft,
    NotOurs,
    NotYetHeld,
    WrongStage,
)

__all__ = [
    "AlreadyCancelled",
    "AlreadyHeld",
    "Contradictory",
    "Incomplete",
    "KeyReused",
    "MeasureSettled",
    "NoReason",
    "NoRulebook",
    "NotAmendable",
    "NotCommitted",
    "NotDraft",
    "NotOurs",
    "NotYetHeld",
    "WrongStage",
    "add_measure",
    "amend",
    "cancel",
    "commit",
    "copy",
    "count_people",
    "edit",
    "edit_measure",
    "register",
    "remove_measure",
    "report_measure",
]
