"""Rows of blocks, cancellations and projects as lists print them: one statement, the columns that are shown, names in
the reader's language. Half the cost of a page would be to make whole models of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from neutrality import statements
from neutrality.offsets import geography
from neutrality.offsets.rules import written
from neutrality.wording import in_chinese


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


class ProjectLine(NamedTuple):
    pk: int
    code: str
    name: str
    identifier: str
    registry: str
    place: str
    methodology: str
    developer: str


BLOCKS = """
SELECT block.id, block.code, block.pattern, block.serial_first, block.serial_last, {kind}, {registry}, project.code,
       {project}, {owner}, extract(year FROM block.vintage_start)::int, extract(year FROM block.vintage_end)::int,
       block.quantity, block.issued_on
FROM offsets_block block JOIN offsets_unitkind kind ON kind.id = block.kind_id
     JOIN offsets_registry registry ON registry.id = kind.registry_id
     LEFT JOIN offsets_project project ON project.id = block.project_id
     LEFT JOIN accounts_organization owner ON owner.id = block.owner_id
WHERE block.id = ANY(%(keys)s::bigint[])"""
CANCELLATIONS = """
SELECT made.id, made.number, made.serial, {kind}, {activity}, {organizer}, made.quantity, made.cancelled_on
FROM offsets_retirement made JOIN offsets_block block ON block.id = made.block_id
     JOIN offsets_unitkind kind ON kind.id = block.kind_id
     JOIN activities_activity activity ON activity.id = made.activity_id
     JOIN accounts_organization organizer ON organizer.id = activity.organization_id
WHERE made.id = ANY(%(keys)s::bigint[])"""
PROJECTS = """
SELECT project.id, project.code, {project}, project.identifier, {registry}, project.country, project.place_name,
       project.methodology, project.developer
FROM offsets_project project JOIN offsets_registry registry ON registry.id = project.registry_id
WHERE project.id = ANY(%(keys)s::bigint[])"""
NAMES = ("kind", "registry", "project", "owner", "activity", "organizer")


def blocks(keys: list[int]) -> list[BlockLine]:
    """Blocks in the order of the keys."""
    return _in_order(keys, (_block(*row) for row in _read(BLOCKS, keys)))


def cancellations(keys: list[int]) -> list[CancellationLine]:
    """Cancellations in the order of the keys."""
    return _in_order(keys, (CancellationLine(*row) for row in _read(CANCELLATIONS, keys)))


def projects(keys: list[int]) -> list[ProjectLine]:
    """Projects in the order of the keys."""
    return _in_order(keys, (_project(*row) for row in _read(PROJECTS, keys)))


def _read(statement: str, keys: list[int]) -> list[tuple[Any, ...]]:
    if not keys:
        return []
    first, second = ("zh", "en") if in_chinese() else ("en", "zh")
    chosen = {name: f"coalesce(nullif({name}.name_{first}, ''), {name}.name_{second})" for name in NAMES}
    return statements.rows(statement.format(**chosen), {"keys": keys})


def _in_order(keys: list[int], lines: Iterable[Any]) -> list[Any]:
    found = {line.pk: line for line in lines}
    return [found[key] for key in keys if key in found]


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
