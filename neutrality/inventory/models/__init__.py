"""Tables of the room: the factor library, the inventories, what measures change in them."""

from neutrality.inventory.models.changes import Change
from neutrality.inventory.models.factors import Factor, FactorVersion, Gwp, Publication
from neutrality.inventory.models.inventories import (
    CoverChoice,
    Deposit,
    Inventory,
    Line,
    NoTotal,
    Result,
    Seal,
    Simulation,
)
from neutrality.inventory.models.rosters import Roster
from neutrality.inventory.models.surveys import Headcount, Survey, SurveyAnswer, SurveyBatch, SurveyGroup

__all__ = [
    "Change",
    "CoverChoice",
    "Deposit",
    "Factor",
    "FactorVersion",
    "Gwp",
    "Headcount",
    "Inventory",
    "Line",
    "NoTotal",
    "Publication",
    "Result",
    "Roster",
    "Seal",
    "Simulation",
    "Survey",
    "SurveyAnswer",
    "SurveyBatch",
    "SurveyGroup",
]
