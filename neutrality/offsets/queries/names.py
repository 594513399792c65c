"""Pages of what has a name of its own: projects, newest first, and beneficiaries, largest first."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from neutrality import statements
from neutrality.offsets.queries.asking import labelled, place_of, rows_of, values_of
from neutrality.offsets.queries.catalogue import LONG_WALK
from neutrality.offsets.rules.browsing import Filters
from neutrality.stencils import Kept
from neutrality.trail import queries as trail

WALK, MOST_MATCHED = 2000, 1500
PROJECT_WORDS = {
    "q": "named.search @@ %(q)s::tsquery",
    "method": "named.search @@ %(method)s::tsquery",
    "label": labelled("named"),
    "owner": "named.search @@ %(developer)s::tsquery",
}


@dataclass(frozen=True)
class Register:
    """A table of names and the columns of its order, the last of them the key."""

    table: str
    order: tuple[str, ...]
    kept: bool
    """Whether its names change with the facts only, so that what fits may be kept as long as these last."""

    def columns(self, direction: str) -> str:
        return ", ".join(f"{name} {direction}" for name in self.order)

    def said(self, fits: str) -> str:
        """The key, whether it fits, what else orders."""
        *others, key = self.order
        return ", ".join([key, fits, *others])


PROJECTS = Register("offsets_project", ("id",), kept=True)
BENEFICIARIES = Register("offsets_beneficiary", ("units", "id"), kept=False)
Place = tuple[int, ...]
MATCHES: Kept[list[int]] = Kept(64)


@dataclass
class NameSearch:
    """One question to one register."""

    register: Register
    filters: Filters
    along: Callable[[str], str] | None = None
    """What brings more columns of the names that fit along."""
    came: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """The columns that came along, by key."""

    @cached_property
    def values(self) -> dict[str, Any]:
        return values_of(self.filters)

    @cached_property
    def words(self) -> str:
        """What is searched in the names."""
        asked = [sql for name, sql in PROJECT_WORDS.items() if getattr(self.filters, name)]
        return " AND ".join(asked)

    @cached_property
    def narrow(self) -> list[str]:
        """What a project must be besides."""
        found = []
        if self.filters.registry:
            found.append("named.registry_id = (SELECT id FROM offsets_registry WHERE code = %(registry)s)")
        if self.filters.kind:
            found.append("named.registry_id = (SELECT registry_id FROM offsets_unitkind WHERE code = %(kind)s)")
        if self.filters.place:
            found.append(place_of(self.filters.place, "named", "left(named.region_code, 2)"))
        return found

    @cached_property
    def empty(self) -> bool:
        pairs = (("q", "q"), ("method", "method"), ("label", "label"), ("owner", "developer"))
        return any(getattr(self.filters, name) and not self.values[asked] for name, asked in pairs)

    @cached_property
    def matches(self) -> list[int]:
        """Keys of the names that fit, in order, at most one more than can be gathered; kept within a version of the
        facts, so that every further page of a search reads its rows only."""
        version = self.register.kept and trail.being_read()
        return MATCHES.get((version, self.filters), self._match) if version else self._match()

    def _match(self) -> list[int]:
        conditions = " AND ".join([self.words, *self.narrow])
        sql = f"SELECT id FROM {self.register.table} named WHERE {conditions} LIMIT {MOST_MATCHED + 1}"
        return sorted(key for (key,) in rows_of(sql, self.values))

    def _matched(self) -> list[int] | None:
        """The names that fit, if all of them are known already."""
        found = MATCHES.things.get((trail.being_read(), self.filters)) if self.register.kept else None
        return found if found is not None and len(found) <= MOST_MATCHED else None

    def page(self, place: Place | None, rows: int, *, up: bool = False, ascending: bool = False) -> tuple[Any, ...]:
        """Keys of one page and, where it stopped short, the place it reached."""
        if self.empty:
            return [], False, None
        ask, known, forward = dict(self.values), self._matched(), up or ascending
        beyond = self._beyond(place, forward, ask)
        if known is None:
            found, reached = self._find(ask, beyond, "ASC" if forward else "DESC", rows + 1)
        else:
            found, reached = _next(known, place, forward, rows + 1), None
        keys = found[:rows]
        return (keys[::-1] if up and not ascending else keys), len(found) > rows or reached is not None, reached

    def _beyond(self, place: Place | None, up: bool, ask: dict[str, Any]) -> str:
        if place is None:
            return "true"
        ask |= {f"place{number}": value for number, value in enumerate(place)}
        given = ", ".join(f"%(place{number})s" for number in range(len(place)))
        return f"({', '.join(self.register.order)}) {'>' if up else '<'} ({given})"

    def _find(self, ask: dict[str, Any], beyond: str, direction: str, wanted: int) -> tuple[list[int], Place | None]:
        if not self.words:
            every = self._grouped if self.narrow else self._reading
            return self._ask(every([beyond, *self.narrow], direction, wanted), ask, direction)
        found, reached = self._ask(self._walking(beyond, direction, WALK, wanted), ask, direction)
        if len(found) >= wanted or reached is None:
            return found, None
        if len(self.matches) <= MOST_MATCHED:
            keys = self._reading([beyond, "named.id = ANY(%(keys)s::bigint[])"], direction, wanted)
            return self._ask(keys, ask | {"keys": self.matches}, direction)
        found, reached = self._ask(self._walking(beyond, direction, LONG_WALK, wanted), ask, direction)
        return found, None if len(found) >= wanted else reached

    def _ask(self, sql: str, ask: dict[str, Any], direction: str) -> tuple[list[int], Place | None]:
        """Keys in order, and the place of the last name looked at when more may lie behind it. What the page shows of
        them comes along."""
        rows = statements.rows(self.along(sql) if self.along else sql, ask)
        if self.along:
            self.came |= {row[0]: row[2:] for row in rows if row[1]}
        places = sorted((self._place(row) for row in rows if row[1]), reverse=direction == "DESC")
        return [place[-1] for place in places], next((self._place(row) for row in rows if not row[1]), None)

    def _place(self, row: tuple[Any, ...]) -> Place:
        return (*row[2 : 1 + len(self.register.order)], row[0])

    def _grouped(self, conditions: list[str], direction: str, wanted: int) -> str:
        """The next projects of the registries and places that fit, of which there are some hundred: those with one of
        the next are read by their index and merged."""
        beyond, *narrow = conditions
        fits = " AND ".join(narrow).replace("left(named.region_code, 2)", "named.province")
        read = f"""SELECT project.id FROM offsets_project project WHERE project.registry_id = named.registry_id
            AND project.country = named.country AND left(project.region_code, 2) = named.province AND {beyond}
            ORDER BY project.id {direction}"""
        return f"""
            WITH next AS MATERIALIZED (SELECT registry_id, country, province, ({read} LIMIT 1) AS nearest
                FROM offsets_projectcount named WHERE rows > 0 AND {fits}),
              named AS MATERIALIZED (SELECT * FROM next WHERE nearest IS NOT NULL ORDER BY nearest {direction}
                LIMIT {wanted})
            SELECT found.id, true FROM named CROSS JOIN LATERAL ({read} LIMIT {wanted}) found
            ORDER BY 1 {direction} LIMIT {wanted}"""

    def _reading(self, conditions: list[str], direction: str, wanted: int) -> str:
        return f"""SELECT {self.register.said("true")} FROM {self.register.table} named
            WHERE {" AND ".join(conditions)} ORDER BY {self.register.columns(direction)} LIMIT {wanted}"""

    def _walking(self, beyond: str, direction: str, far: int, wanted: int) -> str:
        """Names that fit among the next `far`; the last one looked at does not fit.

        Both tables of the statement are filled as they are read, in the order of the first, so that a walk ends with
        the page."""
        order, columns = self.register.columns(direction), ", ".join(self.register.order)
        return f"""
            WITH named AS MATERIALIZED (
                SELECT * FROM {self.register.table} WHERE {beyond} ORDER BY {order} LIMIT {far}),
              fits AS MATERIALIZED (SELECT {columns} FROM named WHERE {" AND ".join([self.words, *self.narrow])}
                LIMIT {wanted})
            SELECT {self.register.said("true")} FROM fits UNION ALL
            SELECT * FROM (SELECT {self.register.said("false")} FROM named OFFSET {far - 1}) last
            WHERE (SELECT count(*) FROM fits) < {wanted}"""


def _next(keys: list[int], place: Place | None, up: bool, wanted: int) -> list[int]:
    """The next of these keys behind a place."""
    if up:
        behind = keys[bisect_right(keys, place[0]) :] if place else keys
        return behind[:wanted]
    behind = keys[: bisect_left(keys, place[0])] if place else keys
    return behind[: -wanted - 1 : -1]
