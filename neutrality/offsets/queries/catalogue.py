"""The keys of a page of blocks or cancellations: bounded work at any depth, for any filter, newest first.

Three steps, each only when the one before was not enough. The newest rows are walked and filtered: enough whenever many
rows fit. Else the few shelves, projects, activities or owners that fit are gathered, and the newest rows of each are
merged by index. Words that fit very many names but no recent row are walked further, a fixed stretch to a page: such a
page may be short, and says where to go on.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from neutrality import search
from neutrality.offsets.rules.browsing import ABROAD, Cursor, Filters

BRIEF_WALK, WALK, LONG_WALK = 1200, 2000, 5000
MOST_NAMES = 1500
FEW_SHELVES, FEW_OWNERS = 100, 3
MOST_OWNERS = 200
HOME = ("CN", "HK", "MO", "TW")


def rows_of(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@dataclass(frozen=True)
class Listed:
    """A table of cards and what it is a catalogue of."""

    card: str
    table: str
    what: str
    on: str
    """The column of the day it happened."""
    has_activity: bool = False


BLOCKS = Listed("offsets_blockcard", "offsets_block", "block", "issued_on")
RETIREMENTS = Listed("offsets_retirementcard", "offsets_retirement", "retirement", "cancelled_on", True)


@dataclass(frozen=True)
class Keys:
    """Keys of a page in the order of the list; `reached` is set when the page stopped short and more may follow."""

    found: list[int]
    more: bool
    reached: int | None = None


def place_of(place: str, table: str, province: str) -> str:
    """The condition of a place; the columns are fixed, the value travels as %(place)s."""
    if place == ABROAD:
        return f"{table}.country <> '' AND {table}.country <> ALL(%(home)s)"
    if place == "CN":
        return f"{table}.country = ANY(%(home)s)"
    return f"{province} = left(%(place)s, 2)" if place.isdigit() else f"{table}.country = %(place)s"


SHELF = {
    "registry": "shelf.registry_id = (SELECT id FROM offsets_registry WHERE code = %(registry)s)",
    "kind": "shelf.kind_id = (SELECT id FROM offsets_unitkind WHERE code = %(kind)s)",
    "vintage": "%(vintage)s BETWEEN shelf.year_first AND shelf.year_last",
}


def shelf_conditions(filters: Filters) -> dict[str, str]:
    """What a shelf must be, by the filter that asks it."""
    found = {name: sql for name, sql in SHELF.items() if getattr(filters, name)}
    if filters.place:
        found["place"] = place_of(filters.place, "shelf", "shelf.province")
    return found


def project_conditions(filters: Filters) -> list[str]:
    """What a project must be: its words first, then what narrows them."""
    found = []
    if filters.q:
        found.append("project.search @@ %(q)s::tsquery")
    if filters.method:
        found.append("project.search @@ %(method)s::tsquery")
    if found and filters.registry:
        found.append("project.registry_id = (SELECT id FROM offsets_registry WHERE code = %(registry)s)")
    if found and filters.kind:  # a kind has one registry, and so have its projects
        found.append("project.registry_id = (SELECT registry_id FROM offsets_unitkind WHERE code = %(kind)s)")
    if found and filters.place:
        found.append(place_of(filters.place, "project", "left(project.region_code, 2)"))
    return found


def values_of(filters: Filters) -> dict[str, Any]:
    """Everything a statement may ask of the filters."""
    return {
        "registry": filters.registry,
        "kind": filters.kind,
        "place": filters.place,
        "vintage": filters.vintage,
        "home": list(HOME),
        "q": search.asked(filters.q),
        "method": search.asked(filters.method, "C"),
        "developer": search.asked(filters.owner, "D"),
        "spoken": search.raw(filters.q),
        "most": MOST_NAMES + 1,
    }


def owners(text: str) -> list[int]:
    """Organizations of that code, or with that in their name."""
    names = "code = upper(%(text)s) OR name_zh LIKE %(part)s OR name_en ILIKE %(part)s"
    part = "%" + text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    sql = f"SELECT id FROM accounts_organization WHERE {names} ORDER BY id LIMIT %(most)s"
    return [key for (key,) in rows_of(sql, {"text": text.strip(), "part": part, "most": MOST_OWNERS})]


@dataclass
class Search:
    """One question to one catalogue; what was looked up for the page serves its counts too."""

    listed: Listed
    filters: Filters
    values: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.values = values_of(self.filters)
        if self.filters.owner:
            self.values["owners"] = owners(self.filters.owner)

    @cached_property
    def empty(self) -> bool:
        """Signs alone name nothing."""
        asked = {"q": self.filters.q, "method": self.filters.method}
        return any(text and not self.values[name] for name, text in asked.items()) or self.values.get("owners") == []

    @cached_property
    def by_shelf(self) -> str:
        return " AND ".join(shelf_conditions(self.filters).values())

    @cached_property
    def by_project(self) -> str:
        return " AND ".join(project_conditions(self.filters))

    @property
    def by_activity(self) -> bool:
        """A cancellation is also found by the name of its activity."""
        return self.listed.has_activity and bool(self.filters.q) and not self.filters.method

    @cached_property
    def projects(self) -> list[int]:
        """Projects whose names fit, at most one more than can be gathered."""
        sql = f"SELECT id FROM offsets_project project WHERE {self.by_project} LIMIT %(most)s"
        return [key for (key,) in rows_of(sql, self.values)]

    @cached_property
    def activities(self) -> list[int]:
        sql = "SELECT id FROM activities_activity WHERE search @@ %(spoken)s::tsquery LIMIT %(most)s"
        return [key for (key,) in rows_of(sql, self.values)] if self.by_activity else []

    @cached_property
    def few_shelves(self) -> list[int]:
        """Shelves that fit, at most one more than are few."""
        sql = f"SELECT id FROM offsets_shelf shelf WHERE {self.by_shelf} LIMIT {FEW_SHELVES + 1}"
        return [key for (key,) in rows_of(sql, self.values)]

    @property
    def too_common(self) -> bool:
        """More names fit than can be gathered."""
        return bool(self.by_project) and max(len(self.projects), len(self.activities)) > MOST_NAMES

    def conditions(self, *, words: bool, shelf: bool = True, owner: bool = True) -> list[str]:
        """What a card must be, the cheapest first. `OFFSET 0` keeps a look-up by key from becoming a search."""
        found = []
        if owner and self.filters.owner:
            found.append("card.owner_id = ANY(%(owners)s)")
        if shelf and self.by_shelf:
            found.append(_exists("offsets_shelf shelf", f"shelf.id = card.shelf_id AND {self.by_shelf}"))
        if words and self.by_project:
            fits = _exists("offsets_project project", f"project.id = card.project_id AND {self.by_project}")
            if self.by_activity:
                spoken = "activity.id = card.activity_id AND activity.search @@ %(spoken)s::tsquery"
                fits = f"({fits} OR {_exists('activities_activity activity', spoken)})"
            found.append(fits)
        return found

    def page(self, cursor: Cursor | None, rows: int, *, ascending: bool = False) -> Keys:
        """Keys of one page, newest first; turning back, the page before. `ascending`: for who reads everything."""
        if self.empty:
            return Keys([], False)
        up = ascending or (cursor is not None and cursor.back)
        ask = self.values | {"key": cursor.key if cursor else None, "wanted": rows + 1}
        keys = self._keys(ask, _Way(up), rows + 1)
        found = keys.found[:rows]
        more = len(keys.found) > rows or keys.reached is not None
        return Keys(found if ascending or not up else found[::-1], more, keys.reached)

    def _keys(self, ask: dict[str, Any], way: "_Way", wanted: int) -> Keys:
        found, reached = self._walk(ask, way, BRIEF_WALK if self.by_project else WALK)
        if len(found) >= wanted or reached is None:
            return Keys(found, False)
        if self.by_project and not self.too_common:
            return Keys(self._named(ask, way, wanted), False)
        few = len(self.few_shelves) <= FEW_SHELVES if self.by_shelf else False
        if self.filters.owner and not (self.by_shelf and len(self.values["owners"]) <= FEW_OWNERS):
            return Keys(self._gather(ask, way, "owner_id", self.values["owners"]), False)
        if self.filters.owner or few or not self.by_project:
            return Keys(self._gather(ask, way, "shelf_id", None), False)
        found, reached = self._walk(ask, way, LONG_WALK)
        return Keys(found, False, None if len(found) >= wanted else reached)

    def _named(self, ask: dict[str, Any], way: "_Way", wanted: int) -> list[int]:
        """The words fit so few names that these are known by key."""
        ask |= {"projects": self.projects, "activities": self.activities}
        found, reached = self._walk(ask, way, LONG_WALK, known=True)
        if len(found) >= wanted or reached is None:
            return found
        found = self._gather(ask, way, "project_id", self.projects)
        found += self._gather(ask, way, "activity_id", self.activities) if self.activities else []
        return sorted(set(found), reverse=not way.up)[:wanted]

    def _walk(self, ask: dict[str, Any], way: "_Way", far: int, *, known: bool = False) -> tuple[list[int], int | None]:
        """Rows that fit among the next `far`, and the last row looked at (None when there is nothing behind it)."""
        conditions = self.conditions(words=True, shelf=False, owner=False) or ["true"]
        if known:
            named = "card.project_id = ANY(%(projects)s)"
            conditions = [f"({named} OR card.activity_id = ANY(%(activities)s))" if self.by_activity else named]
        if not self.conditions(words=True):
            sql = f"""SELECT row_id FROM {self.listed.card} card WHERE {way.beyond("card.row_id")}
                ORDER BY 1 {way.order} LIMIT %(wanted)s"""
            return [key for (key,) in rows_of(sql, ask)], None
        sql = f"""
            WITH card AS MATERIALIZED (SELECT * FROM {self.listed.card} card WHERE {way.beyond("card.row_id")}
                ORDER BY row_id {way.order} LIMIT %(far)s),
              standing AS MATERIALIZED (
                SELECT * FROM card WHERE {" AND ".join(self.conditions(words=False)) or "true"}),
              fits AS (SELECT row_id FROM standing card WHERE {" AND ".join(conditions)}
                ORDER BY 1 {way.order} LIMIT %(wanted)s)
            SELECT row_id, true FROM fits UNION ALL
            (SELECT row_id, false FROM card ORDER BY row_id {way.order} OFFSET %(far)s - 1)"""
        rows = rows_of(sql, ask | {"far": far})
        return [key for key, fits in rows if fits], next((key for key, fits in rows if not fits), None)

    def _gather(self, ask: dict[str, Any], way: "_Way", column: str, names: list[int] | None) -> list[int]:
        """The next rows of the given names (or of the shelves that fit): only names with one of the next are read."""
        source, by_word = "SELECT unnest(%(names)s::bigint[]) AS id", column in ("project_id", "activity_id")
        rest = self.conditions(words=not by_word, shelf=names is not None)
        if names is None:
            source = f"SELECT id FROM offsets_shelf shelf WHERE {self.by_shelf}"
        if names is None and self.filters.owner:  # each owner on each shelf, by the index of both
            source = f"SELECT id, owner FROM ({source}) shelf, unnest(%(owners)s::bigint[]) owner"
            rest = ["card.owner_id = name.owner", *rest]
        inner = " AND ".join([f"card.{column} = name.id", way.beyond("card.row_id"), *rest])
        read = f"SELECT card.row_id FROM {self.listed.card} card WHERE {inner} ORDER BY card.row_id {way.order}"
        sql = f"""
            WITH name AS MATERIALIZED ({source}),
              next AS MATERIALIZED (SELECT name.*, ({read} LIMIT 1) AS row_id FROM name),
              near AS MATERIALIZED (SELECT * FROM next WHERE row_id IS NOT NULL ORDER BY row_id {way.order}
                LIMIT %(wanted)s)
            SELECT found.row_id FROM near name CROSS JOIN LATERAL ({read} LIMIT %(wanted)s) found
            ORDER BY 1 {way.order} LIMIT %(wanted)s"""
        return [key for (key,) in rows_of(sql, ask | {"names": names})]


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {table} WHERE {condition} OFFSET 0)"


@dataclass(frozen=True)
class _Way:
    """Down the list or up it."""

    up: bool

    @property
    def order(self) -> str:
        return "ASC" if self.up else "DESC"

    def beyond(self, column: str) -> str:
        """Behind the cursor; without one, everything."""
        far = "0" if self.up else "9223372036854775807"
        return f"{column} {'>' if self.up else '<'} coalesce(%(key)s::bigint, {far})"
