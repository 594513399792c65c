"""The shelves and what was counted on them, as columns in memory: what any filter leaves is sums over a few thousand
numbers, exact, in whole units.

The database gives the tallies another name (`turn`) whenever one of them is written, so what was read under a name is
used for as long as they bear it; rows behind the counter's mark are read each time. A shelf that came since is read
when a row on it is met.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from neutrality import statements
from neutrality.offsets.queries.asking import HOME, Listed, rows_of
from neutrality.offsets.rules.browsing import ABROAD, Filters

NO_KEY = -1
"""Of a registry or a kind nobody knows."""
Column = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# The tallies' name and the keys of what is asked for come first, then the rows.
ROWS = """
SELECT (SELECT turn FROM offsets_mark WHERE what = '{what}') AS turn,
       (SELECT id FROM offsets_registry WHERE code = %(registry)s)::int AS shelf_id,
       (SELECT id FROM offsets_unitkind WHERE code = %(kind)s)::int AS year, 0::bigint AS rows, 0::bigint AS units
UNION ALL
(SELECT NULL, card.shelf_id, extract(year FROM made.{on})::int, count(*), sum(made.quantity)
 FROM {card} card JOIN {table} made ON made.id = card.row_id WHERE {conditions} GROUP BY 2, 3)
"""
SHELVES = """
SELECT id, registry_id, kind_id, year_first, year_last, country, province FROM offsets_shelf ORDER BY id
"""
# One statement, so that all of it is of one moment.
COUNTED = """
SELECT mark.turn, coalesce(mark.last, 0), shelf_id, year, rows, units
FROM (SELECT array_agg(shelf_id) AS shelf_id, array_agg(year) AS year, array_agg(rows) AS rows,
             array_agg(units) AS units
      FROM offsets_tally WHERE what = %(what)s AND rows > 0) tally
  LEFT JOIN offsets_mark mark ON mark.what = %(what)s
"""


@dataclass(frozen=True)
class Shelves:
    """Every shelf there was, in the order of their keys. `place` and `span` are numbers in `places` and `spans`."""

    key: Column
    registry: Column
    kind: Column
    place: Column
    span: Column
    places: tuple[tuple[str, str], ...]
    spans: tuple[tuple[int, int], ...]

    def at(self, keys: Column) -> Column | None:
        """Where the shelves of these keys stand; None when one of them is not among these."""
        if not keys.size:
            return keys
        found = np.searchsorted(self.key, keys)
        known = found < self.key.size
        return found if known.all() and (self.key[found] == keys).all() else None

    def misses(self, filters: Filters, keys: "Keys") -> dict[str, Mask]:
        """The shelves each filter that is set leaves out. `keys` of the registry and the kind that are asked for."""
        registry, kind = (NO_KEY if key is None else key for key in keys)
        found: dict[str, Mask] = {}
        if filters.registry:
            found["registry"] = self.registry != registry
        if filters.kind:
            found["kind"] = self.kind != kind
        if filters.place:
            out = [not _lies_in(filters.place, *place) for place in self.places]
            found["place"] = np.array(out, dtype=np.bool_)[self.place]
        if filters.vintage:
            out = [not first <= filters.vintage <= last for first, last in self.spans]
            found["vintage"] = np.array(out, dtype=np.bool_)[self.span]
        return found


@dataclass(frozen=True)
class Rows:
    """How many rows and units of a year stand on a shelf (`at`: its place among the shelves)."""

    at: Column
    year: Column
    rows: Column
    units: Column
    shelves: int

    @cached_property
    def by_shelf(self) -> list[Column]:
        """Rows and units on each shelf."""
        return sums(self.at, self.shelves, self.rows, self.units)

    def and_those(self, other: "Rows") -> "Rows":
        pairs = ((self.at, other.at), (self.year, other.year), (self.rows, other.rows), (self.units, other.units))
        return Rows(*map(np.concatenate, pairs), self.shelves)


@dataclass(frozen=True)
class Counted:
    """What was counted under one name of the tallies, up to the row `last`; the shelves of then or later."""

    turn: Any
    last: int
    shelf: Column
    year: Column
    rows: Column
    units: Column
    shelves: Shelves

    @cached_property
    def tallied(self) -> Rows:
        found = self.shelves.at(self.shelf)
        if found is None:
            raise RuntimeError("a tally without a shelf")  # a foreign key forbids it, and shelves never go
        return Rows(found, self.year, self.rows, self.units, self.shelves.key.size)


_KNOWN: dict[str, Counted] = {}
Keys = tuple[int | None, int | None]


def standing(listed: Listed, filters: Filters) -> tuple[Shelves, Rows, Keys]:
    """Every row: those that were counted and those behind the mark. What was read before is tried first; the mark
    stands in the statement, so that the planner knows how little lies behind it."""
    known = _KNOWN.get(listed.what) or _read(listed.what)
    while True:
        turn, keys, behind = _rows(listed, f"card.row_id > {known.last}", vars(filters))
        if turn == known.turn:
            break
        known = _read(listed.what)
    known, fresh = _placed(listed.what, known, behind)
    return known.shelves, known.tallied.and_those(fresh) if behind else known.tallied, keys


def those(listed: Listed, conditions: str, values: dict[str, Any]) -> tuple[Shelves, Rows, Keys]:
    """The rows of which this is true."""
    known = _KNOWN.get(listed.what) or _read(listed.what)
    turn, keys, found = _rows(listed, conditions, values)
    known, rows = _placed(listed.what, known if turn == known.turn else _read(listed.what), found)
    return known.shelves, rows, keys


def _rows(listed: Listed, conditions: str, values: dict[str, Any]) -> tuple[Any, Keys, list[tuple[Any, ...]]]:
    (turn, registry, kind, *_rest), *found = rows_of(ROWS.format(**vars(listed), conditions=conditions), values)
    return turn, (registry, kind), [row[1:] for row in found]


def _read(what: str) -> Counted:
    """What is counted now."""
    ((turn, last, *columns),) = statements.rows(COUNTED, {"what": what})
    tallies = (np.array(column or [], dtype=np.int64) for column in columns)
    return _kept(what, Counted(turn, last, *tallies, _shelves()))


def _kept(what: str, found: Counted) -> Counted:
    """Kept if it has a name."""
    if found.turn is not None:
        _KNOWN[what] = found
    return found


def _shelves() -> Shelves:
    found = statements.rows(SHELVES, [])
    numbers = np.array([row[:5] for row in found], dtype=np.int64).reshape(-1, 5).T
    places, place = _numbered([row[5:] for row in found])
    spans, span = _numbered([row[3:5] for row in found])
    return Shelves(numbers[0], numbers[1], numbers[2], place, span, places, spans)


def _placed(what: str, known: Counted, found: list[tuple[Any, ...]]) -> tuple[Counted, Rows]:
    """Rows of (shelf, year, rows, units) on their shelves; these are read anew when a row's is not among them."""
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    at = known.shelves.at(columns[0])
    if at is None:
        known = _kept(what, replace(known, shelves=_shelves()))
        at = known.shelves.at(columns[0])
    if at is None:
        raise RuntimeError("a row without a shelf")
    return known, Rows(at, columns[1], columns[2], columns[3], known.shelves.key.size)


def _numbered(values: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], Column]:
    """The different values, and the number of each in them."""
    numbers: dict[Any, int] = {}
    found = [numbers.setdefault(value, len(numbers)) for value in values]
    return tuple(numbers), np.array(found, dtype=np.int64)


def _lies_in(place: str, country: str, province: str) -> bool:
    if place == ABROAD:
        return country != "" and country not in HOME
    if place == "CN":
        return country in HOME
    return province == place[:2] if place.isdigit() else country == place


def sums(groups: Column, many: int, *amounts: Column) -> list[Column]:
    """The sum of each amount in each of so many groups."""
    found = []
    for amount in amounts:
        total = np.zeros(many, dtype=np.int64)
        np.add.at(total, groups, amount)
        found.append(total)
    return found
