"""Pages of what has a name of its own: projects, newest first, and beneficiaries, largest first."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from neutrality.offsets.queries.catalogue import LONG_WALK, WALK, place_of, rows_of, values_of
from neutrality.offsets.rules.browsing import Filters

MOST_MATCHED = 1500
PROJECT_WORDS = {
    "q": "named.search @@ %(q)s::tsquery",
    "method": "named.search @@ %(method)s::tsquery",
    "owner": "named.search @@ %(developer)s::tsquery",
}


@dataclass(frozen=True)
class Register:
    """A table of names and the columns of its order, the last of them the key."""

    table: str
    order: tuple[str, ...]

    def columns(self, direction: str) -> str:
        return ", ".join(f"{name} {direction}" for name in self.order)


PROJECTS = Register("offsets_project", ("id",))
BENEFICIARIES = Register("offsets_beneficiary", ("units", "id"))
Place = tuple[int, ...]


@dataclass
class NameSearch:
    """One question to one register."""

    register: Register
    filters: Filters

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
        pairs = (("q", "q"), ("method", "method"), ("owner", "developer"))
        return any(getattr(self.filters, name) and not self.values[asked] for name, asked in pairs)

    @cached_property
    def matches(self) -> list[int]:
        """Keys of the names that fit, at most one more than can be gathered."""
        conditions = " AND ".join([self.words, *self.narrow])
        sql = f"SELECT id FROM {self.register.table} named WHERE {conditions} LIMIT {MOST_MATCHED + 1}"
        return [key for (key,) in rows_of(sql, self.values)]

    def page(self, place: Place | None, rows: int, *, up: bool = False, ascending: bool = False) -> tuple[Any, ...]:
        """Keys of one page and, where it stopped short, the place it reached."""
        if self.empty:
            return [], False, None
        ask = self.values | {"wanted": rows + 1}
        beyond = self._beyond(place, up or ascending, ask)
        found, reached = self._find(ask, beyond, "ASC" if up or ascending else "DESC", rows + 1)
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
            every = self._grouped if self.narrow else self._read
            return every(ask, [beyond, *self.narrow], direction), None
        found, reached = self._walk(ask, beyond, direction, WALK)
        if len(found) >= wanted or reached is None:
            return found, None
        if len(self.matches) <= MOST_MATCHED:
            keys = ask | {"keys": self.matches}
            return self._read(keys, [beyond, "named.id = ANY(%(keys)s::bigint[])"], direction), None
        found, reached = self._walk(ask, beyond, direction, LONG_WALK)
        return found, None if len(found) >= wanted else reached

    def _grouped(self, ask: dict[str, Any], conditions: list[str], direction: str) -> list[int]:
        """The next projects of the registries and places that fit, of which there are some hundred: those with one of
        the next are read by their index and merged."""
        beyond, *narrow = conditions
        fits = " AND ".join(narrow).replace("left(named.region_code, 2)", "named.province")
        read = f"""SELECT project.id FROM offsets_project project WHERE project.registry_id = named.registry_id
            AND project.country = named.country AND left(project.region_code, 2) = named.province AND {beyond}
            ORDER BY project.id {direction}"""
        sql = f"""
            WITH next AS MATERIALIZED (SELECT registry_id, country, province, ({read} LIMIT 1) AS nearest
                FROM offsets_projectcount named WHERE rows > 0 AND {fits}),
              named AS MATERIALIZED (SELECT * FROM next WHERE nearest IS NOT NULL ORDER BY nearest {direction}
                LIMIT %(wanted)s)
            SELECT found.id FROM named CROSS JOIN LATERAL ({read} LIMIT %(wanted)s) found
            ORDER BY 1 {direction} LIMIT %(wanted)s"""
        return [key for (key,) in rows_of(sql, ask)]

    def _read(self, ask: dict[str, Any], conditions: list[str], direction: str) -> list[int]:
        sql = f"""SELECT id FROM {self.register.table} named WHERE {" AND ".join(conditions)}
            ORDER BY {self.register.columns(direction)} LIMIT %(wanted)s"""
        return [key for (key,) in rows_of(sql, ask)]

    def _walk(self, ask: dict[str, Any], beyond: str, direction: str, far: int) -> tuple[list[int], Place | None]:
        """Names that fit among the next `far`, and the last one looked at (None when there is nothing behind it)."""
        order, columns = self.register.columns(direction), ", ".join(self.register.order)
        sql = f"""
            WITH named AS MATERIALIZED (
                SELECT * FROM {self.register.table} WHERE {beyond} ORDER BY {order} LIMIT %(far)s),
              fits AS (SELECT * FROM named WHERE {" AND ".join([self.words, *self.narrow])} ORDER BY {order}
                LIMIT %(wanted)s)
            SELECT true, {columns} FROM fits UNION ALL
            (SELECT false, {columns} FROM named ORDER BY {order} OFFSET %(far)s - 1)"""
        rows = rows_of(sql, ask | {"far": far})
        return [row[-1] for row in rows if row[0]], next((row[1:] for row in rows if not row[0]), None)
