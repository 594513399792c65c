"""What units are bought for: the mean, or the 90th percentile of the simulated total (pure; F8, R2.38, R1.29).

An interval never lowers what is owed: for the mean it is the ceiling of the exact total, for the 90th percentile the
ceiling of the simulated one, and never less than the former.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from neutrality.quantities import obligation


class CoverLevel(StrEnum):
    """The figure units are bought for, the lower one first."""

    MEAN = "mean"
    P90 = "p90"


@dataclass(frozen=True)
class Cover:
    """What has to be covered, in kg: `total_kg` is exact, `p90_kg` drawn once in whole kg, None where nothing was."""

    level: CoverLevel
    total_kg: Decimal
    p90_kg: int | None = None

    def due_kg(self, level: CoverLevel | None = None) -> Decimal:
        """The kilograms that units must cover at `level`, at the chosen one without it."""
        if (level or self.level) is CoverLevel.MEAN or self.p90_kg is None:
            return self.total_kg
        return max(self.total_kg, Decimal(self.p90_kg))

    def owed(self, level: CoverLevel | None = None) -> int:
        """Whole units for that: always up (R1.29)."""
        return obligation(self.due_kg(level))

    @property
    def p90(self) -> bool:
        return self.level is CoverLevel.P90


def lowers(before: CoverLevel, after: CoverLevel) -> bool:
    """Whether a change of mind would let somebody off with less."""
    order = list(CoverLevel)
    return order.index(after) < order.index(before)
