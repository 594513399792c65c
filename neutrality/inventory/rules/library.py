"""What a factor is to the calculation: a frozen figure with its unit, scope, basis and source (pure)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from neutrality.rulebook.rules import FactorCategory


class Category(StrEnum):
    """Categories of the library: those a rule pack may name, and the memo items that are never summed."""

    STATIONARY_COMBUSTION = FactorCategory.STATIONARY_COMBUSTION.value
    MOBILE_COMBUSTION = FactorCategory.MOBILE_COMBUSTION.value
    PURCHASED_ELECTRICITY = FactorCategory.PURCHASED_ELECTRICITY.value
    PURCHASED_HEAT = FactorCategory.PURCHASED_HEAT.value
    PARTICIPANT_TRAVEL = FactorCategory.PARTICIPANT_TRAVEL.value
    LOCAL_TRANSPORT = FactorCategory.LOCAL_TRANSPORT.value
    FREIGHT = FactorCategory.FREIGHT.value
    ACCOMMODATION = FactorCategory.ACCOMMODATION.value
    CATERING = FactorCategory.CATERING.value
    MATERIALS = FactorCategory.MATERIALS.value
    VENUE_CONSTRUCTION = FactorCategory.VENUE_CONSTRUCTION.value
    WATER = FactorCategory.WATER.value
    WASTEWATER = FactorCategory.WASTEWATER.value
    WASTE = FactorCategory.WASTE.value
    FUGITIVE = FactorCategory.FUGITIVE.value
    DIGITAL = FactorCategory.DIGITAL.value
    OTHER = "other"


class GwpSet(StrEnum):
    """The assessment report whose warming potentials are inside a figure (R1.46)."""

    AR4 = "AR4"
    AR5 = "AR5"
    AR6 = "AR6"
    CO2 = "CO2"  # carbon dioxide only: the same in every set
    UNKNOWN = "unknown"  # the source does not say


GWP_CHOICES = (GwpSet.AR5, GwpSet.AR6)
GWP_DEFAULT = GwpSet.AR5


class Basis(StrEnum):
    """What kind of figure it is."""

    PLAIN = "plain"
    LIFE_CYCLE = "life_cycle"  # electricity footprint: never in scope 2 (R1.45)
    MEMO = "memo"  # biogenic CO2: shown apart, never summed (R2.35)
    SUPERSEDED = "superseded"  # kept to read old reports


class Grade(StrEnum):
    """How surely the figure was read: A in the publication itself, B in a faithful copy, C in one place only."""

    A = "A"
    B = "B"
    C = "C"
    OWN = "O"  # brought by the organizer, with its source


@dataclass(frozen=True)
class Factor:
    """One figure: kg CO2e per `unit`. `low_percent`/`high_percent` are the published 95 % interval or None."""

    code: str
    series: str
    category: Category | None  # None: an organizer's own factor fits any source
    value: Decimal
    unit: str
    scope: int
    basis: Basis = Basis.PLAIN
    gwp_set: GwpSet = GwpSet.UNKNOWN
    grade: Grade = Grade.C
    low_percent: Decimal | None = None
    high_percent: Decimal | None = None
    source: str = ""
    year: int = 0
    region: str = ""

    @property
    def own(self) -> bool:
        return self.grade is Grade.OWN


OWN = "own"


def own_factor(*, value: Decimal, unit: str, source: str, gwp_set: GwpSet = GwpSet.UNKNOWN, scope: int = 1) -> Factor:
    """An organizer's own factor; two with the same unit and source are one series."""
    return Factor(
        code=OWN,
        series=f"{OWN}:{unit}:{source}",
        category=None,
        value=value,
        unit=unit,
        scope=scope,
        gwp_set=gwp_set,
        grade=Grade.OWN,
        source=source,
    )
