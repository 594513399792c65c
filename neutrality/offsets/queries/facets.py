"""How many rows and units each filter would leave: exact, from the tallies and what was added since.

Each count obeys every other filter that is set, not its own, so a reader sees what choosing differently would show.
With words, the rows are counted themselves while they are few; else the counts are left out rather than guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neutrality.offsets.queries import shelves
from neutrality.offsets.queries.asking import rows_of
from neutrality.offsets.queries.catalogue import Search
from neutrality.offsets.queries.names import MOST_MATCHED, NameSearch
from neutrality.offsets.queries.shelves import Column, Keys, Rows, Shelves
from neutrality.offsets.rules.browsing import Filters

MOST_COUNTED = 1000
SHELF_FACETS = ("registry", "kind", "place", "vintage", "year")


@dataclass(frozen=True)
class Count:
    rows: int
    units: int


@dataclass
class Facets:
    """Counts by facet and value; `total` of what is shown. `known` is False where counting would cost too much."""

    known: bool = True
    total: Count = Count(0, 0)
    counts: dict[str, dict[Any, Count]] = field(default_factory=lambda: defaultdict(dict))
    names: tuple[str, ...] = ()

    def add(self, facet: str, value: str, count: Count) -> None:
        before = self.counts[facet].get(value, Count(0, 0))
        self.counts[facet][value] = Count(before.rows + count.rows, before.units + count.units)

    def has(self, name: str) -> bool:
        """Whether rows were counted by it."""
        return self.known and name in self.names


HOW_MANY = "SELECT count(*) FROM (SELECT FROM {card} card WHERE {conditions} LIMIT {most}) card"


def of(search: Search) -> Facets:
    """Counts for a page of blocks or cancellations."""
    if search.empty:
        return Facets(names=SHELF_FACETS)
    if not search.filters.words:
        return _counted(search.filters, *shelves.standing(search.listed, search.filters))
    if search.too_common:
        return Facets(known=False)
    search.values |= {"projects": search.projects, "activities": search.activities} if search.by_project else {}
    conditions = [search.named] if search.by_project else []
    conditions += ["card.owner_id = ANY(%(owners)s::bigint[])"] if search.filters.owner else []
    facts = vars(search.listed) | {"conditions": " AND ".join(conditions), "most": MOST_COUNTED + 1}
    ((rows,),) = rows_of(HOW_MANY.format(**facts), search.values)
    if rows > MOST_COUNTED:
        return Facets(known=False)
    return _counted(search.filters, *shelves.those(search.listed, facts["conditions"], search.values))


def _counted(filters: Filters, on: Shelves, rows: Rows, keys: Keys) -> Facets:
    """Every facet: the rows whose shelf misses no filter but that of the facet itself."""
    misses = on.misses(filters, keys)
    missed = sum(misses.values(), np.zeros(on.key.size, dtype=np.int64))
    found = Facets(names=SHELF_FACETS)

    def add(facet: str, groups: Column, values: Callable[[int], Iterable[str]]) -> None:
        own = misses.get(facet)
        fits = missed == 0 if own is None else missed == own  # misses nothing, or nothing but this
        many = int(groups.max(initial=-1)) + 1
        counts = shelves.sums(groups[fits], many, *(amount[fits] for amount in rows.by_shelf))
        _note(found, facet, counts, values)

    add("registry", on.registry, lambda key: [str(key)])
    add("kind", on.kind, lambda key: [str(key)])
    add("place", on.place, lambda number: [" ".join(on.places[number])])
    add("vintage", on.span, lambda number: [str(year) for year in range(on.spans[number][0], on.spans[number][1] + 1)])
    add("total", np.zeros_like(on.key), lambda _number: [""])
    fits = (missed == 0)[rows.at]
    many = int(rows.year.max(initial=-1)) + 1
    counts = shelves.sums(rows.year[fits], many, rows.rows[fits], rows.units[fits])
    _note(found, "year", counts, lambda year: [str(year)])
    found.total = found.counts["total"].get("", Count(0, 0))
    return found


def _note(found: Facets, facet: str, counts: list[Column], values: Callable[[int], Iterable[str]]) -> None:
    """A block of several years counts in each."""
    rows, units = counts
    for group in np.flatnonzero(rows).tolist():
        for value in values(group):
            found.add(facet, value, Count(int(rows[group]), int(units[group])))


def of_projects(search: NameSearch) -> Facets:
    """How many projects each registry and place has."""
    if search.empty:
        return Facets(names=("registry", "place"))
    if search.words and len(search.matches) > MOST_MATCHED:
        return Facets(known=False)
    ask, source = dict(search.values), "offsets_projectcount"
    if search.words:
        ask["keys"] = search.matches
        source = """(SELECT registry_id, country, left(region_code, 2) AS province, count(*) AS rows
            FROM offsets_project WHERE id = ANY(%(keys)s::bigint[]) GROUP BY 1, 2, 3)"""
    registries, places = (_fits(search.narrow, of_registry) for of_registry in (True, False))
    sql = f"""SELECT registry_id, country, province, rows, {registries}, {places} FROM {source} named"""
    found = Facets(names=("registry", "place"))
    for registry, country, province, rows, in_registry, in_place in rows_of(sql, ask):
        count = Count(rows, 0)
        if in_place:
            found.add("registry", str(registry), count)
        if in_registry:
            found.add("place", f"{country} {province}", count)
        if in_place and in_registry:
            found.add("total", "", count)
    found.total = found.counts["total"].get("", Count(0, 0))
    return found


def _fits(narrow: list[str], registry: bool) -> str:
    """The conditions on the registry (kind names one too), or those on the place."""
    found = " AND ".join(sql for sql in narrow if ("registry_id" in sql) is registry) or "true"
    return found.replace("left(named.region_code, 2)", "named.province")
