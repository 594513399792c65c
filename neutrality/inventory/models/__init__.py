"""Tables of the room: the factor library and the inventories."""

from neutrality.inventory.models.factors import Factor, FactorVersion, Gwp, Publication
from neutrality.inventory.models.inventories import Inventory, Line, Result, Seal, Simulation

__all__ = ["Factor", "FactorVersion", "Gwp", "Inventory", "Line", "Publication", "Result", "Seal", "Simulation"]
