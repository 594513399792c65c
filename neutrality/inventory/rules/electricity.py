"""Which electricity factor: province and year of the activity, every fallback said aloud (pure; R1.43-R1.45)."""

from collections.abc import Iterable
from dataclasses import dataclass

from neutrality.inventory.rules.library import Basis, Factor

GRID = "mee.grid."
NATIONAL = "mee.grid.cn.average.kwh"
RESIDUAL = "mee.grid.cn.excl_market_nonfossil.kwh"  # average without market-traded non-fossil power (R1.44)
GRIDS = {
    "north": ("11", "12", "13", "14", "15", "37"),
    "northeast": ("21", "22", "23"),
    "east": ("31", "32", "33", "34", "35"),
    "central": ("36", "41", "42", "43"),
    "south": ("44", "45", "46", "52", "53"),
    "southwest": ("50", "51", "54"),
    "northwest": ("61", "62", "63", "64", "65"),
}
MAINLAND = {province: grid for grid, provinces in GRIDS.items() for province in provinces}


@dataclass(frozen=True)
class Choice:
    """The factor proposed and why it is not the obvious one: codes of `fallbacks` in the order they were taken."""

    factor: Factor | None
    fallbacks: tuple[str, ...]


def choose(library: Iterable[Factor], *, region_code: str, year: int, green: bool = False) -> Choice:
    """Average factor of the province and year, else the latest earlier year, else the grid region, else the country.

    `green` asks for the factor of what remains after certificates or green power were counted apart (R1.44). Hong Kong,
    Macao, Taiwan and places abroad are not covered: no factor, and "not_covered".
    """
    series: dict[str, list[Factor]] = {}
    for factor in library:
        if factor.basis is Basis.PLAIN:
            series.setdefault(factor.series, []).append(factor)
    province = region_code[:2]
    if province not in MAINLAND and region_code != "100000":
        return Choice(None, ("not_covered",))
    for step, name in enumerate(_order(province, green)):
        if series.get(name):
            factor, moved = _of_year(series[name], year)
            return Choice(factor, (("region", "national")[step - 1],) * (step > 0) + (("year",) * moved))
    return Choice(None, ("not_covered",))


def _order(province: str, green: bool) -> tuple[str, ...]:
    if green:
        return (RESIDUAL,)
    if province not in MAINLAND:
        return (NATIONAL,)
    return (f"mee.grid.cn_{province}.kwh", f"mee.grid.cn_grid_{MAINLAND[province]}.kwh", NATIONAL)


def _of_year(versions: list[Factor], year: int) -> tuple[Factor, bool]:
    """The version of `year`; else the latest before it; else the earliest there is."""
    before = [version for version in versions if version.year <= year]
    found = max(before, key=lambda version: version.year) if before else min(versions, key=lambda v: v.year)
    return found, found.year != year
