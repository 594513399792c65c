"""Public lists: newest first, flat in depth (a keyset, no count, no offset)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from neutrality import search
from neutrality.offsets.models import Block, Compensation, Offer, Project, Retirement, UnitKind

ROWS = 50


@dataclass(frozen=True)
class Filters:
    """What a reader asked for; empty means all. `place` is CN, "abroad" or a province's six digits."""

    registry: str = ""
    kind: str = ""
    place: str = ""
    vintage: int | None = None
    q: str = ""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    after: str
    """Cursor of the next page; empty on the last."""


def projects(filters: Filters, after: int | None = None, rows: int = ROWS) -> Page:
    found = Project.objects.select_related("registry").order_by("-id")
    if filters.registry:
        found = found.filter(registry__code=filters.registry)
    if filters.kind:
        found = found.filter(registry__kinds__code=filters.kind)
    found = found.filter(_place(filters.place, "")).filter(_words(filters.q, ""))
    return _page(found, after, rows, lambda row: row.pk)


def blocks(filters: Filters, after: int | None = None, rows: int = ROWS) -> Page:
    found = Block.objects.select_related("kind__registry", "project", "owner").order_by("-id")
    found = found.filter(_common(filters, "")).filter(_words(filters.q, "project__"))
    return _page(found, after, rows, lambda row: row.pk)


def cancellations(filters: Filters, after: int | None = None, rows: int = ROWS) -> Page:
    found = Retirement.objects.select_related(
        "block__kind__registry", "block__project", "activity__organization"
    ).order_by("-id")
    found = found.filter(_common(filters, "block__"))
    if filters.q:
        found = found.filter(_words(filters.q, "block__project__") | _words(filters.q, "activity__"))
    return _page(found, after, rows, lambda row: row.pk)


def offers(filters: Filters, after: tuple[Any, int] | None = None, rows: int = ROWS) -> Page:
    """The open catalogue, cheapest first."""
    found = Offer.objects.filter(state="open").select_related("block__kind__registry", "block__project", "organization")
    found = found.filter(_common(filters, "block__")).filter(_words(filters.q, "block__project__"))
    if after:
        price, pk = after
        found = found.filter(price_cny__gte=price).filter(Q(price_cny__gt=price) | Q(price_cny=price, pk__gt=pk))
    taken = list(found.order_by("price_cny", "id")[: rows + 1])
    more = len(taken) > rows
    last = taken[rows - 1] if more else None
    return Page(taken[:rows], f"{last.price_cny}_{last.pk}" if last else "")


def _common(filters: Filters, block: str) -> Q:
    wanted = _place(filters.place, f"{block}project__")
    if filters.registry:
        wanted &= Q(**{f"{block}kind__registry__code": filters.registry})
    if filters.kind:
        wanted &= Q(**{f"{block}kind__code": filters.kind})
    if filters.vintage:
        wanted &= Q(
            **{f"{block}vintage_start__year__lte": filters.vintage, f"{block}vintage_end__year__gte": filters.vintage}
        )
    return wanted


def _place(place: str, project: str) -> Q:
    if place == "abroad":
        return ~Q(**{f"{project}country": "CN"}) & ~Q(**{f"{project}country": ""})
    if place.isdigit():
        return Q(**{f"{project}region_code__startswith": place[:2]})
    return Q(**{f"{project}country": place}) if place else Q()


def _words(text: str, project: str) -> Q:
    asked = search.query(text) if text else None
    return Q(**{f"{project}search": asked}) if asked is not None else Q()


def _page(found: QuerySet, after: int | None, rows: int, cursor: Callable[[Any], int]) -> Page:
    if after is not None:
        found = found.filter(pk__lt=after)
    taken = list(found[: rows + 1])
    return Page(taken[:rows], str(cursor(taken[rows - 1])) if len(taken) > rows else "")


def compensated() -> tuple[int, int]:
    """Cases and units used up for compensation: all the public learns of them (R6.8)."""
    found = Compensation.objects.aggregate(cases=Count("pk"), units=Sum("quantity"))
    return found["cases"], found["units"] or 0


def totals() -> list[dict[str, Any]]:
    """Units recorded and cancelled by kind, largest first; kinds without a block are left out. Two queries."""
    issued = Block.objects.values("kind").annotate(units=Sum("quantity")).order_by()
    used = dict(Retirement.objects.values_list("block__kind").annotate(units=Sum("quantity")).order_by())
    kinds = UnitKind.objects.select_related("registry").in_bulk([row["kind"] for row in issued])
    rows = [
        {"kind": kinds[row["kind"]], "issued": row["units"], "cancelled": used.get(row["kind"], 0)} for row in issued
    ]
    return sorted(rows, key=lambda row: (-row["issued"], row["kind"].pk))
