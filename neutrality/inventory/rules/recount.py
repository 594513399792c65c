"""The same inventory read under other warming potentials or other editions of its factors (pure; R1.46, F6).

For reading only: the submitted figure stays what it is. One column holds one set: a line whose source prints no gases
cannot be read under another set, so it is named and no total is formed. A factor keeps its printed value under its own
set; under another it moves by its gases times the difference of the potentials, so the rounding of the source stays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from neutrality.inventory.rules.calculation import Result, Sheet
from neutrality.inventory.rules.library import Basis, Category, Factor, GwpSet
from neutrality.quantities import EXACT, line_kg, total

Gases = Mapping[str, Decimal]  # kg of gas for each unit of the factor
Potentials = Mapping[GwpSet, Mapping[str, Decimal]]  # of each set: gas, kg CO2e for each kg
VALUE_PLACE = Decimal("0.000000001")  # what a factor is kept with
REFRIGERANT = re.compile(r"[.]r([0-9]+[a-z]{0,2})[.]kg$")
FAMILIES = ("R-", "HFC-", "HCFC-", "CFC-")


@dataclass(frozen=True)
class Cell:
    """One line in one column: what it comes to in kg, None where that cannot be said, with the factor used."""

    result: Result
    kg: Decimal | None
    factor: Factor

    @property
    def moved(self) -> bool:
        return self.kg is not None and self.kg != self.result.kg


@dataclass(frozen=True)
class Column:
    """Every summed line under one set or one edition; `total_kg` only where each of them can be read."""

    cells: tuple[Cell, ...]

    @property
    def unread(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.kg is None)

    @property
    def read_before_kg(self) -> Decimal:
        """What the lines that can be read came to as submitted."""
        return total(cell.result.kg for cell in self.cells if cell.kg is not None)

    @property
    def read_kg(self) -> Decimal:
        """What they come to here."""
        return total(cell.kg for cell in self.cells if cell.kg is not None)

    @property
    def total_kg(self) -> Decimal | None:
        return None if self.unread else self.read_kg

    def of(self, source: str) -> Decimal | None:
        """One source, None where a line of it cannot be read."""
        cells = [cell for cell in self.cells if cell.result.line.source == source]
        return None if any(cell.kg is None for cell in cells) else total(cell.kg or Decimal(0) for cell in cells)


def under(sheet: Sheet, wanted: GwpSet, gases: Mapping[str, Gases], potentials: Potentials) -> Column:
    """The lines of `sheet` under the potentials of `wanted`; `gases` are those of each factor by its code."""
    cells = []
    for result in _summed(sheet):
        known = gases.get(result.factor.code) or refrigerant(result.factor, potentials)
        value = revalued(result.factor, wanted, known, potentials)
        cells.append(_cell(result, None if value is None else replace(result.factor, value=value)))
    return Column(tuple(cells))


def revalued(factor: Factor, wanted: GwpSet, gases: Gases, potentials: Potentials) -> Decimal | None:
    """The factor under another set, None where its source does not say enough."""
    if factor.gwp_set in (wanted, GwpSet.CO2):
        return factor.value
    old, new = potentials.get(factor.gwp_set, {}), potentials.get(wanted, {})
    if not gases or any(gas not in old or gas not in new for gas in gases):
        return None
    moved = (EXACT.multiply(kg, EXACT.subtract(new[gas], old[gas])) for gas, kg in gases.items())
    value = sum(moved, factor.value).quantize(VALUE_PLACE, ROUND_HALF_UP, EXACT)
    return value if value >= 0 else None


def refrigerant(factor: Factor, potentials: Potentials) -> Gases:
    """A released refrigerant is its own gas: read off the name of the series, and only where the printed value is the
    potential of that gas in the factor's own set, to the whole kilogram."""
    name = REFRIGERANT.search(factor.series)
    if factor.category is not Category.FUGITIVE or name is None:
        return {}
    known = potentials.get(factor.gwp_set, {})
    for gas in (family + name[1].upper() for family in FAMILIES):
        found = next((each for each in known if each.upper() == gas), None)
        if found and known[found].quantize(Decimal(1), ROUND_HALF_UP) == factor.value.quantize(Decimal(1)):
            return {found: Decimal(1)}
    return {}


def edition(sheet: Sheet, versions: Mapping[str, Sequence[Factor]], own: GwpSet, until: int | None = None) -> Column:
    """The lines with the newest versions of their factors, or the newest of the year `until` or before; a line keeps
    its version where there is none, and no version of another set is taken in."""
    cells = []
    for result in _summed(sheet):
        fitting = [
            version
            for version in versions.get(result.factor.series, ())
            if version.gwp_set in (own, GwpSet.CO2, GwpSet.UNKNOWN)
            and version.basis in (Basis.PLAIN, result.factor.basis)
            and (until is None or version.year <= until)
        ]
        cells.append(_cell(result, fitting[-1] if fitting else result.factor))
    return Column(tuple(cells))


def _summed(sheet: Sheet) -> list[Result]:
    return [result for result in sheet.results if not result.memo]


def _cell(result: Result, factor: Factor | None) -> Cell:
    if factor is None:
        return Cell(result, None, result.factor)
    return Cell(result, line_kg(result.quantity, factor.value, result.ratio), factor)
