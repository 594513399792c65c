"""What a reader asks of the catalogue, in SQL: which shelves, projects and owners fit, and which way a list is read."""

from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from django.db import connection

from neutrality import search
from neutrality.offsets.rules.browsing import ABROAD, Filters

HOME = ("CN", "HK", "MO", "TW")
FIRST, LAST = 0, 2**63 - 1


def rows_of(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What one statement answers, planned for these very values: what fits best depends on them."""
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
    of_kinds: str = ""
    """Rows with their kind, where an index knows these."""

    @property
    def columns(self) -> str:
        """What the index of the shelves holds."""
        return f"row_id, shelf_id, project_id, owner_id{', activity_id' * self.has_activity}"


OF_KINDS = "(SELECT id AS row_id, kind_id FROM offsets_block)"
BLOCKS = Listed("offsets_blockcard", "offsets_block", "block", "issued_on", of_kinds=OF_KINDS)
RETIREMENTS = Listed("offsets_retirementcard", "offsets_retirement", "retirement", "cancelled_on", True)


def place_of(place: str, table: str, province: str) -> str:
    """The condition of a place; the columns are fixed, the value travels as %(place)s."""
    if place == ABROAD:
        return f"{table}.country <> '' AND {table}.country <> ALL(%(home)s)"
    if place == "CN":
        return f"{table}.country = ANY(%(home)s)"
    return f"{province} = left(%(place)s, 2)" if place.isdigit() else f"{table}.country = %(place)s"


# What a kind must be, where nothing but it or its registry is asked for.
KIND = {
    "registry": "kind.registry_id = (SELECT id FROM offsets_registry WHERE code = %(registry)s)",
    "kind": "kind.code = %(kind)s",
}
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


def labelled(table: str) -> str:
    """Whether the words of %(label)s stand side by side among the labels of a project; an index holds the same
    expression (`offsets_project_labelled`)."""
    return (
        f"to_tsvector('simple'::regconfig, COALESCE({table}.labels, '')) @@ phraseto_tsquery('simple'::regconfig, "
        "%(label)s)"
    )


def project_conditions(filters: Filters) -> list[str]:
    """What a project must be: its words first, then what narrows them."""
    found = []
    if filters.q:
        found.append("project.search @@ %(q)s::tsquery")
    if filters.method:
        found.append("project.search @@ %(method)s::tsquery")
    if filters.label:
        found.append(labelled("project"))
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
        "label": normalize("NFKC", filters.label) if search.tokens(filters.label) else "",
        "developer": search.asked(filters.owner, "D"),
        "spoken": search.raw(filters.q),
        "owner": filters.owner.strip(),
        "owner_part": f"%{_literal(filters.owner.strip())}%",
    }


def _literal(text: str) -> str:
    """The text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


OWNED = "(code = upper(%(owner)s) OR name_zh LIKE %(owner_part)s OR name_en ILIKE %(owner_part)s)"


def exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {table} WHERE {condition} OFFSET 0)"


@dataclass(frozen=True)
class Way:
    """Down the list or up it."""

    up: bool

    @property
    def order(self) -> str:
        return "ASC" if self.up else "DESC"

    def beyond(self, column: str) -> str:
        """Behind the cursor; without one, everything."""
        far = FIRST if self.up else LAST
        return f"{column} {'>' if self.up else '<'} coalesce(%(key)s::bigint, {far})"

    @property
    def furthest(self) -> str:
        """Which of some rows lies furthest that way."""
        return "max" if self.up else "min"

    @property
    def within(self) -> str:
        """No further than a row."""
        return "<=" if self.up else ">="

    @property
    def end(self) -> int:
        """No row lies further that way."""
        return LAST if self.up else FIRST
