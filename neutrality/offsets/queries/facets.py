"""How many rows and units each filter would leave: exact, from the tallies and what was added since.

Each count obeys every other filter that is set, not its own, so a reader sees what choosing differently would show.
With words, the rows are counted themselves while they are few; else the counts are left out rather than guessed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from neutrality.offsets.queries.catalogue import Search, rows_of, shelf_conditions
from neutrality.offsets.queries.names import MOST_MATCHED, NameSearch

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


TALLIED = """
  SELECT shelf_id, year, rows, units FROM offsets_tally WHERE what = '{what}' AND rows > 0
  UNION ALL
  SELECT card.shelf_id, extract(year FROM made.{on})::smallint, 1, made.quantity
  FROM {card} card JOIN {table} made ON made.id = card.row_id
  WHERE card.row_id > {mark}
"""
MARK = "SELECT coalesce((SELECT last FROM offsets_mark WHERE what = %(what)s), 0)"  # before the first count: none
HOW_MANY = "SELECT count(*) FROM (SELECT FROM {card} card WHERE {conditions} LIMIT {most}) card"
FOUND = """
  SELECT card.shelf_id, extract(year FROM made.{on})::smallint AS year, 1 AS rows, made.quantity AS units
  FROM {card} card JOIN {table} made ON made.id = card.row_id WHERE {conditions}
"""


def of(search: Search) -> Facets:
    """Counts for a page of blocks or cancellations."""
    if search.empty:
        return Facets(names=SHELF_FACETS)
    if not search.filters.words:
        return _tallied(search)
    if search.too_common:
        return Facets(known=False)
    search.values |= {"projects": search.projects, "activities": search.activities} if search.by_project else {}
    conditions = [search.named] if search.by_project else []
    conditions += ["card.owner_id = ANY(%(owners)s::bigint[])"] if search.filters.owner else []
    facts = vars(search.listed) | {"conditions": " AND ".join(conditions), "most": MOST_COUNTED + 1}
    ((rows,),) = rows_of(HOW_MANY.format(**facts), search.values)
    return Facets(known=False) if rows > MOST_COUNTED else _counted(search, FOUND.format(**facts))


def _tallied(search: Search) -> Facets:
    """The mark is asked first, so that the planner knows how little lies behind it; counted meanwhile is read again."""
    while True:
        ((mark,),) = rows_of(MARK, {"what": search.listed.what})
        found = _counted(search, TALLIED.format(**vars(search.listed), mark=mark), mark)
        if found is not None:
            return found


def _counted(search: Search, source: str, mark: int | None = None) -> Any:
    """Every facet in one pass: rows are grouped by value and by the filter they miss; none may miss two. None when the
    tallies have moved past `mark` since."""
    conditions = shelf_conditions(search.filters)
    bits = {name: 1 << number for number, name in enumerate(conditions)}
    miss = " + ".join(f"(NOT ({sql}))::int * {bits[name]}" for name, sql in conditions.items()) or "0"
    sql = f"""
        WITH shelf AS MATERIALIZED (
          SELECT id, registry_id, kind_id, country, province, year_first, year_last, {miss} AS miss
          FROM offsets_shelf shelf),
          counted AS MATERIALIZED ({source})
        SELECT miss, registry_id, kind_id, country, province, year_first, year_last, counted.year, sum(counted.rows),
               sum(counted.units), coalesce((SELECT last FROM offsets_mark WHERE what = '{search.listed.what}'), 0)
        FROM counted JOIN shelf ON shelf.id = counted.shelf_id WHERE miss = ANY(%(single)s::bigint[])
        GROUP BY GROUPING SETS ((miss, registry_id), (miss, kind_id), (miss, country, province),
          (miss, year_first, year_last), (miss, counted.year), (miss))"""
    found = Facets(names=SHELF_FACETS)
    rows = rows_of(sql, search.values | {"single": [0, *bits.values()]})
    if mark is not None and any(row[-1] != mark for row in rows):
        return None
    for missed, registry, kind, country, province, first, last, year, *counts in rows:
        count = Count(int(counts[0]), int(counts[1]))
        facet, values = _facet(registry, kind, country, province, first, last, year)
        if missed == 0 or missed == bits.get(facet):
            for value in values:
                found.add(facet, value, count)
    found.total = found.counts["total"].get("", Count(0, 0))
    return found


def _facet(registry: Any, kind: Any, country: Any, province: Any, first: Any, last: Any, year: Any) -> Any:
    """Which facet a group is of, and its values: a block of several years counts in each."""
    if registry is not None:
        return "registry", [str(registry)]
    if kind is not None:
        return "kind", [str(kind)]
    if country is not None:
        return "place", [f"{country} {province}"]
    if first is not None:
        return "vintage", [str(every) for every in range(first, last + 1)]
    return ("total", [""]) if year is None else ("year", [str(year)])


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
