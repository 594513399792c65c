"""Rows of blocks, cancellations and projects as lists print them: one statement, the columns that are shown, names in
the reader's language. Half the cost of a page would be to make whole models of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from neutrality import statements
from neutrality.offsets import geography
from neutrality.offsets.rules import written
from neutrality.wording import in_chinese

NAMES = ("kind", "registry", "project", "owner", "activity", "organizer")
SAID = "SELECT {first}{columns} FROM ({walk}) shown (row_id, fits) {joins}"
KEYS = "SELECT unnest(%(keys)s::bigint[]), true"
Line = TypeVar("Line")


class Named(NamedTuple):
    """What a row leads to."""

    code: str
    name: str


class BlockLine(NamedTuple):
    pk: int
    code: str
    serial: str
    kind: str
    registry: str
    project: Named | None
    owner: str
    vintage: str
    quantity: int
    """Units, whole tonnes."""
    issued_on: date


class CancellationLine(NamedTuple):
    pk: int
    number: str
    serial: str
    kind: str
    activity: str
    organizer: str
    quantity: int
    cancelled_on: date
    void: int
    """Units of it found void since."""


class ProjectLine(NamedTuple):
    pk: int
    code: str
    name: str
    identifier: str
    registry: str
    place: str
    methodology: str
    developer: str


@dataclass(frozen=True)
class Lines(Generic[Line]):
    """The columns a line is made of, and the tables they stand in, joined to the key of a row."""

    columns: str
    joins: str
    make: Callable[..., Line]

    def of(self, keys: list[int], known: Mapping[int, tuple[Any, ...]] | None = None) -> list[Line]:
        """Lines in the order of their keys, from the columns that are known already and one statement for the rest."""
        found = dict(known or {})
        missing = [key for key in keys if key not in found]
        if missing:
            keyed = SAID.format(first="", columns=self._named, walk=KEYS, joins=self.joins)
            found |= {row[0]: row for row in statements.rows(keyed, {"keys": missing}) if row[0] is not None}
        return [self.make(*found[key]) for key in keys if key in found]

    def along(self, walk: str) -> str:
        """A statement that answers (row_id, fits), with the columns of the rows that fit."""
        joins = self.joins.replace("shown.row_id", "shown.row_id AND shown.fits", 1)
        return SAID.format(first="shown.row_id, shown.fits, ", columns=self._named, walk=walk, joins=joins)

    @property
    def _named(self) -> str:
        """The columns, with names in the reader's language; in the other one where that is missing."""
        first, second = ("zh", "en") if in_chinese() else ("en", "zh")
        chosen = {name: f"coalesce(nullif({name}.name_{first}, ''), {name}.name_{second})" for name in NAMES}
        return self.columns.format(**chosen)


def _block(
    pk: int,
    code: str,
    pattern: str,
    low: int,
    high: int,
    kind: str,
    registry: str,
    project_code: str | None,
    project: str,
    owner: str | None,
    start: int,
    end: int,
    quantity: int,
    issued_on: date,
) -> BlockLine:
    leads_to = Named(project_code, project) if project_code else None
    vintage = str(end) if start == end else f"{start}–{end}"
    serial = written(pattern, low, high)
    return BlockLine(pk, code, serial, kind, registry, leads_to, owner or "", vintage, quantity, issued_on)


def _project(
    pk: int,
    code: str,
    name: str,
    identifier: str,
    registry: str,
    country: str,
    place_name: str,
    methodology: str,
    developer: str,
) -> ProjectLine:
    place = " · ".join(filter(None, (geography.country(country) if country else "", place_name)))
    return ProjectLine(pk, code, name, identifier, registry, place, methodology, developer)


# Every join is a left one: who is joined is there by its foreign key, and a walk also answers a row without a line.
BLOCKS = Lines(
    "block.id, block.code, block.pattern, block.serial_first, block.serial_last, {kind}, {registry}, project.code, "
    "{project}, {owner}, extract(year FROM block.vintage_start)::int, extract(year FROM block.vintage_end)::int, "
    "block.quantity, block.issued_on",
    "LEFT JOIN offsets_block block ON block.id = shown.row_id "
    "LEFT JOIN offsets_unitkind kind ON kind.id = block.kind_id "
    "LEFT JOIN offsets_registry registry ON registry.id = kind.registry_id "
    "LEFT JOIN offsets_project project ON project.id = block.project_id "
    "LEFT JOIN accounts_organization owner ON owner.id = block.owner_id",
    _block,
)
CANCELLATIONS = Lines(
    "made.id, made.number, made.serial, {kind}, {activity}, {organizer}, made.quantity, made.cancelled_on, "
    "coalesce((SELECT sum(part.quantity) FROM offsets_voidedpart part WHERE part.retirement_id = made.id), 0)::bigint",
    "LEFT JOIN offsets_retirement made ON made.id = shown.row_id "
    "LEFT JOIN offsets_block block ON block.id = made.block_id "
    "LEFT JOIN offsets_unitkind kind ON kind.id = block.kind_id "
    "LEFT JOIN activities_activity activity ON activity.id = made.activity_id "
    "LEFT JOIN accounts_organization organizer ON organizer.id = activity.organization_id",
    CancellationLine,
)
PROJECTS = Lines(
    "project.id, project.code, {project}, project.identifier, {registry}, project.country, project.place_name, "
    "project.methodology, project.developer",
    "LEFT JOIN offsets_project project ON project.id = shown.row_id "
    "LEFT JOIN offsets_registry registry ON registry.id = project.registry_id",
    _project,
)
