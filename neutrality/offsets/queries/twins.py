"""Projects a person found to be one, and the blocks that therefore may hold the same tonnes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from neutrality.offsets.models import Block, Project, Twin, TwinDecision


@dataclass(frozen=True)
class Likeness:
    """The other project of a confirmed pair, and the decision."""

    project: Project
    decision: TwinDecision


def _newest() -> QuerySet:
    decisions = TwinDecision.objects.filter(twin=OuterRef("pk")).order_by("-id")
    newest, same = (Subquery(decisions.values(name)[:1]) for name in ("pk", "same"))
    return Twin.objects.annotate(decision=newest, same=same)


def waiting(registries: Any, rows: int = 50) -> list[Twin]:
    """Pairs nobody has decided yet that concern one of the registries, the likeliest first."""
    found = _newest().filter(decision=None).filter(_concerns(registries))
    found = found.select_related("first__registry", "second__registry")
    return list(found.order_by("-points", "-id")[:rows])


def decided(registries: Any, rows: int = 20) -> list[TwinDecision]:
    """The latest decisions that concern one of the registries."""
    pairs = Q(twin__first__registry__in=registries) | Q(twin__second__registry__in=registries)
    found = TwinDecision.objects.filter(pairs).select_related("twin__first", "twin__second", "body")
    return list(found.order_by("-id")[:rows])


def _concerns(registries: Any) -> Q:
    return Q(first__registry__in=registries) | Q(second__registry__in=registries)


def likenesses(projects: Iterable[int]) -> dict[int, list[Likeness]]:
    """For each project those a person found to be the same, with the decision. Two queries."""
    keys = set(projects)
    pairs = list(
        _newest().filter(same=True).filter(Q(first__in=keys) | Q(second__in=keys)).select_related(
            "first__registry", "second__registry"
        )
    )  # fmt: skip
    decisions = TwinDecision.objects.select_related("body").in_bulk([pair.decision for pair in pairs])
    found: dict[int, list[Likeness]] = {}
    for pair in pairs:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if one.pk in keys:
                found.setdefault(one.pk, []).append(Likeness(other, decisions[pair.decision]))
    return found


def doubtful(blocks: Iterable[Block]) -> dict[int, list[Likeness]]:
    """Blocks whose project is one with another that has a block of an overlapping vintage: a warning where units are
    chosen, on both of them."""
    rows = [block for block in blocks if block.project_id]
    found = likenesses(block.project_id for block in rows) if rows else {}
    if not found:
        return {}
    others = {one.project.pk for likely in found.values() for one in likely}
    spans = list(Block.objects.filter(project__in=others).values_list("project", "vintage_start", "vintage_end"))
    return {
        block.pk: likely
        for block in rows
        if (likely := [one for one in found.get(block.project_id, []) if _overlaps(block, one.project.pk, spans)])
    }


def _overlaps(block: Block, project: int, spans: list[tuple[Any, ...]]) -> bool:
    return any(
        other == project and start <= block.vintage_end and end >= block.vintage_start for other, start, end in spans
    )
