"""Tables of the room: the factor library and the inventories."""

from neutrality.inventory.models.factors import Factor, FactorVersion, Gwp, Publication
from neutrality.inventory.models.inventories import CoverChoice, Deposit, Inventory, Line, Result, Seal, Simulation

__all__ = [
    "CoverChoice",
    "Deposit",
    "Factor",
    "FactorVersion",
    "Gwp",
    "Inventory",
    "Line",
    "Publication",
    "Result",
    "Seal",
    "Simulation",
]
