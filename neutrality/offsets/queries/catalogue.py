"""The keys of a page of blocks or cancellations: bounded work at any depth, for any filter, newest first.

Each step only when the one before was not enough. Two filters leave some dozens of shelves: their newest rows are
merged by index. Else the newest rows are walked and filtered until the page is full: enough whenever many rows fit.
Else there are few names, or few rows on the shelves that fit: then these are read from one index and the rest is
filtered there. Else the shelves (or names) are many and full, and the newest rows of each are merged by index. Names
that fit in very great number but in no recent row are walked further, a fixed stretch to a page: such a page may be
short, and says where to go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from neutrality import statements
from neutrality.offsets.queries.asking import (
    KIND,
    OWNED,
    Listed,
    Way,
    exists,
    project_conditions,
    rows_of,
    shelf_conditions,
    values_of,
)
from neutrality.offsets.rules.browsing import ABROAD, Cursor, Filters
from neutrality.stencils import Kept
from neutrality.trail import queries as trail

# Keys are sent as bigint[], the type of their columns: in an array of smaller numbers, as they would travel otherwise,
# PostgreSQL looks for every row one by one instead of by hash (600 keys: 6 microseconds a row).
BRIEF_WALK, WALK, LONG_WALK = 400, 800, 5000
MOST_NAMES = 3000
MOST_READ = 25_000
"""Rows of an index that may be read for one page: some milliseconds."""


@dataclass(frozen=True)
class Keys:
    """Keys of a page in the order of the list; `reached` is set when the page stopped short and more may follow."""

    found: list[int]
    more: bool
    reached: int | None = None


ACTIVITIES = "SELECT id FROM activities_activity WHERE search @@ %(spoken)s::tsquery LIMIT %(most)s"
NAMES: Kept[list[int]] = Kept(64)


@dataclass
class Search:
    """One question to one catalogue; what was looked up for the page serves its counts too."""

    listed: Listed
    filters: Filters
    along: Callable[[str], str] | None = None
    """What brings more columns of the rows that fit along with the first walk."""
    values: dict[str, Any] = field(init=False)
    came: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """The columns that came along, by key."""

    def __post_init__(self) -> None:
        self.values = values_of(self.filters) | {"most": MOST_NAMES + 1}
        if self.filters.owner:
            self.values["owners"] = self.owners

    def _names(self, what: str, sql: str) -> list[int]:
        """Keys of the names that fit, at most one more than can be gathered; kept within a version of the facts, so
        that counts, rows and further pages look once."""
        version = trail.being_read()
        if not version:
            return self._look_up(sql)
        return NAMES.get((version, what, self.filters), lambda: self._look_up(sql))

    def _look_up(self, sql: str) -> list[int]:
        return [key for (key,) in rows_of(sql, self.values)]

    @cached_property
    def owners(self) -> list[int]:
        """Organizations of that code, or with that in their name."""
        return self._names("owners", f"SELECT id FROM accounts_organization WHERE {OWNED} ORDER BY id LIMIT %(most)s")

    @cached_property
    def empty(self) -> bool:
        """Signs alone name nothing."""
        asked = {"q": self.filters.q, "method": self.filters.method, "label": self.filters.label}
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
        return self.listed.has_activity and bool(self.filters.q) and not (self.filters.method or self.filters.label)

    @cached_property
    def projects(self) -> list[int]:
        """Projects whose names fit."""
        return self._names("projects", f"SELECT id FROM offsets_project project WHERE {self.by_project} LIMIT %(most)s")

    @cached_property
    def activities(self) -> list[int]:
        if not self.by_activity:
            return []
        return self._names("activities", ACTIVITIES)

    @cached_property
    def shelves(self) -> list[int]:
        """Shelves that fit."""
        return [key for key, _rows in self._shelved]

    @cached_property
    def _shelved(self) -> list[tuple[int, int]]:
        """Shelves that fit, with how many rows stood on each when they were counted."""
        counted = f"SELECT sum(rows) FROM offsets_tally WHERE what = '{self.listed.what}' AND shelf_id = shelf.id"
        sql = f"SELECT id, coalesce(({counted}), 0) FROM offsets_shelf shelf WHERE {self.by_shelf}"
        return [(key, int(rows)) for key, rows in rows_of(sql, self.values)]

    @property
    def few_on_shelves(self) -> bool:
        """Whether all rows on the shelves that fit can be read for one page."""
        return bool(self.by_shelf) and sum(rows for _key, rows in self._shelved) <= MOST_READ

    @property
    def too_common(self) -> bool:
        """More names fit than can be gathered."""
        names = [self.projects, self.activities] if self.by_project else []
        return max((len(found) for found in [*names, self.values.get("owners", [])]), default=0) > MOST_NAMES

    def conditions(self, *, words: bool, shelf: bool = True, owner: bool = True) -> list[str]:
        """What a card must be, the cheapest first. `OFFSET 0` keeps a look-up by key from becoming a search."""
        found = []
        if owner and self.filters.owner:
            found.append(self._owned)
        if shelf and self.by_shelf:
            found.append(exists("offsets_shelf shelf", f"shelf.id = card.shelf_id AND {self.by_shelf}"))
        if words and self.by_project:
            fits = exists("offsets_project project", f"project.id = card.project_id AND {self.by_project}")
            if self.by_activity:
                spoken = "activity.id = card.activity_id AND activity.search @@ %(spoken)s::tsquery"
                fits = f"({fits} OR {exists('activities_activity activity', spoken)})"
            found.append(fits)
        return found

    @property
    def _owned(self) -> str:
        if len(self.values["owners"]) <= MOST_NAMES:
            return "card.owner_id = ANY(%(owners)s::bigint[])"
        return exists("accounts_organization owner", f"owner.id = card.owner_id AND {OWNED}")

    @property
    def named(self) -> str:
        """The words as keys, once these are known."""
        named = "card.project_id = ANY(%(projects)s::bigint[])"
        return f"({named} OR card.activity_id = ANY(%(activities)s::bigint[]))" if self.by_activity else named

    def page(self, cursor: Cursor | None, rows: int, *, ascending: bool = False) -> Keys:
        """Keys of one page, newest first; turning back, the page before. `ascending`: for who reads everything."""
        if self.empty:
            return Keys([], False)
        up = ascending or (cursor is not None and cursor.back)
        ask = self.values | {"key": cursor.key if cursor else None, "wanted": rows + 1}
        keys = self._keys(ask, Way(up), rows + 1)
        found = keys.found[:rows]
        more = len(keys.found) > rows or keys.reached is not None
        return Keys(found if ascending or not up else found[::-1], more, keys.reached)

    @property
    def _looked_up(self) -> bool:
        """Whether the projects that fit are known already, and can be gathered."""
        known = bool(self.by_project) and (trail.being_read(), "projects", self.filters) in NAMES.things
        return known and not self.too_common

    def _keys(self, ask: dict[str, Any], way: Way, wanted: int) -> Keys:
        found, reached = [], ask["key"]
        if not self._looked_up:
            found, reached = self._first(ask, way)
            if len(found) >= wanted or reached is None:
                return Keys(found, False)
        if self.too_common:
            return self._further(found, ask | {"key": reached}, way)
        ask |= {"projects": self.projects, "activities": self.activities} if self.by_project else {}
        if self.by_project:
            further = self._further(found, ask | {"key": reached}, way, known=True)
            if len(further.found) >= wanted or further.reached is None:
                return Keys(further.found, False)
        return Keys(self._all(ask, way), False)

    def _further(self, found: list[int], ask: dict[str, Any], way: Way, *, known: bool = False) -> Keys:
        """Go on where a walk ended; along the shelves that fit where these hold little."""
        missing = ask["wanted"] - len(found)
        shelved = not known and self.few_on_shelves
        more, reached = self._walk(ask | {"wanted": missing}, way, LONG_WALK, known=known, shelved=shelved)
        return Keys(found + more, False, None if len(more) >= missing else reached)

    def _all(self, ask: dict[str, Any], way: Way) -> list[int]:
        """The page from everything that fits, by whichever index knows it best."""
        if self.by_shelf and self.filters.words and self.few_on_shelves:
            rest = [*([self.named] if self.by_project else []), *([self._owned] if self.filters.owner else [])]
            found, whole = self._read(ask | {"names": self.shelves}, way, "shelf_id", rest)
            if whole:
                return found
        columns = {"project_id": "projects", "activity_id": "activities"} if self.by_project else {}
        columns |= {"owner_id": "owners"} if self.filters.owner and not columns else {}
        found = []
        for column, names in columns.items():
            found += self._of_names(ask, way, column, ask[names]) if ask[names] else []
        if not columns:
            found = self._gather(ask, way, "shelf_id", None)
        return sorted(set(found), reverse=not way.up)[: ask["wanted"]]

    def _of_names(self, ask: dict[str, Any], way: Way, column: str, names: list[int]) -> list[int]:
        """Rows of these names: all of them read when they are not too many, else merged."""
        rest = [self._owned] if self.filters.owner and column != "owner_id" else []
        ask |= {"names": names}
        if self.by_shelf:
            ask, rest = ask | {"shelves": self.shelves}, [*rest, "card.shelf_id = ANY(%(shelves)s::bigint[])"]
        found, whole = self._read(ask, way, column, rest)
        if whole:
            return found
        if not self.by_shelf:
            return self._gather(ask, way, column, names)
        return self._gather(ask, way, "shelf_id", None, [f"card.{column} = ANY(%(names)s::bigint[])"])

    def _read(self, ask: dict[str, Any], way: Way, column: str, rest: list[str]) -> tuple[list[int], bool]:
        """The next rows of these names, and whether all of theirs were looked at: an index with the columns that narrow
        them answers alone."""
        sql = f"""
            WITH read AS MATERIALIZED (SELECT * FROM (
                SELECT row_id, {" AND ".join(rest) or "true"} AS fits FROM {self.listed.card} card
                WHERE {column} = ANY(%(names)s::bigint[]) AND {way.beyond("card.row_id")}) card LIMIT {MOST_READ + 1}),
              found AS (SELECT row_id FROM read WHERE fits ORDER BY row_id {way.order} LIMIT %(wanted)s)
            SELECT row_id, 0 FROM found UNION ALL SELECT NULL, count(*) FROM read"""
        rows = rows_of(sql, ask)
        return [key for key, _count in rows if key is not None], rows[-1][1] <= MOST_READ

    @property
    def narrow(self) -> bool:
        """Whether two things narrow the shelves to some dozens: these are merged sooner than a walk meets a page."""
        asked = (self.filters.kind or self.filters.registry, self.filters.place, self.filters.vintage)
        return not self.filters.words and sum(map(bool, asked)) > 1 and self.filters.place not in ("CN", ABROAD)

    @property
    def of_kinds(self) -> str:
        """The kinds that fit, where nothing else narrows the shelves and an index knows the rows of a kind."""
        other = self.filters.words or self.filters.place or self.filters.vintage
        found = [sql for name, sql in KIND.items() if getattr(self.filters, name)]
        fits = " AND ".join(found) if self.listed.of_kinds and not other else ""
        return f"SELECT id FROM offsets_unitkind kind WHERE {fits}" if fits else ""

    def _first(self, ask: dict[str, Any], way: Way) -> tuple[list[int], int | None]:
        """The first look is most often all that is needed, so it brings what the page shows, and keeps its plan."""
        if self.narrow:
            sql = self._merging(ask["wanted"], way)
        elif self.of_kinds:
            sql = self._merging(ask["wanted"], way, "kind_id", self.of_kinds, table=self.listed.of_kinds)
        else:
            sql = self._walking(ask["wanted"], way, BRIEF_WALK if self.filters.words else WALK)
        rows = statements.rows(self.along(sql) if self.along else sql, ask)
        self.came |= {row[0]: row[2:] for row in rows if row[1]}
        return _walked(rows, way)

    def _walk(
        self, ask: dict[str, Any], way: Way, far: int, *, known: bool = False, shelved: bool = False
    ) -> tuple[list[int], int | None]:
        """Rows that fit among the next `far`, and the last row looked at (None when there is nothing behind it)."""
        ask = ask | {"shelves": self.shelves} if shelved else ask
        return _walked(rows_of(self._walking(ask["wanted"], way, far, known=known, shelved=shelved), ask), way)

    def _walking(self, wanted: int, way: Way, far: int, *, known: bool = False, shelved: bool = False) -> str:
        """(row_id, fits) of the rows that fit among the next `far`; the last row looked at does not fit.

        Both tables of the statement are filled as they are read, in the order of the first, so that a walk ends with
        the page."""
        if not self.conditions(words=True):
            return f"""SELECT row_id, true FROM {self.listed.card} card WHERE {way.beyond("card.row_id")}
                ORDER BY 1 {way.order} LIMIT {wanted}"""
        conditions = [*self.conditions(words=False), self.named] if known else self.conditions(words=True)
        near, source = "", f"{self.listed.card} card WHERE {way.beyond('card.row_id')}"
        if shelved:
            on_them = "shelf_id = ANY(%(shelves)s::bigint[])"
            near = f"near AS MATERIALIZED (SELECT {self.listed.columns} FROM {source} AND {on_them}),"
            source = "near"
        return f"""
            WITH {near} card AS MATERIALIZED (SELECT * FROM {source} ORDER BY row_id {way.order} LIMIT {far}),
              fits AS MATERIALIZED (SELECT row_id FROM card WHERE {" AND ".join(conditions)} LIMIT {wanted})
            SELECT row_id, true FROM fits UNION ALL
            SELECT * FROM (SELECT row_id, false FROM card OFFSET {far - 1}) last
            WHERE (SELECT count(*) FROM fits) < {wanted}"""

    def _gather(
        self, ask: dict[str, Any], way: Way, column: str, names: list[int] | None, also: list[str] | None = None
    ) -> list[int]:
        """The next rows of the given names (or of the shelves that fit)."""
        rest = [*(also or []), *([self._owned] if self.filters.owner and column != "owner_id" else [])]
        source = None if names is None else "SELECT unnest(%(names)s::bigint[]) AS id"
        sql = self._merging(ask["wanted"], way, column, source, rest)
        return [row[0] for row in rows_of(sql, ask if names is None else ask | {"names": names})]

    def _merging(
        self,
        wanted: int,
        way: Way,
        column: str = "shelf_id",
        source: str | None = None,
        rest: Sequence[str] = (),
        table: str = "",
    ) -> str:
        """(row_id, true) of the next rows of some names, in order: only names with one of the next are read, and no
        further than the page can reach."""
        source = source or f"SELECT id FROM offsets_shelf shelf WHERE {self.by_shelf}"
        inner = " AND ".join([f"card.{column} = name.id", way.beyond("card.row_id"), *rest])
        read = f"SELECT card.row_id FROM {table or self.listed.card} card WHERE {inner}"
        end = f"SELECT CASE WHEN count(*) = {wanted} THEN {way.furthest}(row_id) ELSE {way.end} END FROM near"
        return f"""
            WITH name AS MATERIALIZED ({source}),
              next AS MATERIALIZED (
                SELECT name.*, ({read} ORDER BY card.row_id {way.order} LIMIT 1) AS row_id FROM name),
              near AS MATERIALIZED (SELECT * FROM next WHERE row_id IS NOT NULL ORDER BY row_id {way.order}
                LIMIT {wanted})
            SELECT found.row_id, true FROM near name CROSS JOIN LATERAL (
                {read} AND card.row_id {way.within} ({end}) ORDER BY card.row_id {way.order} LIMIT {wanted}) found
            ORDER BY 1 {way.order} LIMIT {wanted}"""


def _walked(rows: list[tuple[Any, ...]], way: Way) -> tuple[list[int], int | None]:
    found = sorted((row[0] for row in rows if row[1]), reverse=not way.up)
    return found, next((row[0] for row in rows if not row[1]), None)
