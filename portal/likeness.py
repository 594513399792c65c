"""An inventory beside what others published about activities of the same kind, and beside published cases."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from neutrality.disclosure.models import Statement
from neutrality.inventory import queries, rules
from neutrality.inventory.models import Inventory, Result
from neutrality.inventory.rules import likeness
from neutrality.inventory.rules.likeness import PLACE, Ratio

MOST = 2000
ROOM_NIGHT = "room_night"


def sizes(inventories: Iterable[Inventory]) -> dict[int, likeness.Size]:
    """How large each account is, by primary key, in one query for all."""
    rows = list(inventories)
    nights = Result.objects.filter(line__inventory__in=[row.pk for row in rows], factor_unit=ROOM_NIGHT, memo=False)
    summed = nights.order_by().values_list("line__inventory").annotate(Sum("quantity"), Sum("kg"))
    lodging = {pk: (quantity, kg) for pk, quantity, kg in summed}
    return {row.pk: _size(row, *lodging.get(row.pk, (Decimal(0), Decimal(0)))) for row in rows}


def _size(inventory: Inventory, room_nights: Decimal, lodging_kg: Decimal) -> likeness.Size:
    activity = inventory.activity
    counted = activity.actual_people if inventory.kind == rules.Kind.ACTUAL else None
    return likeness.Size(
        total_kg=inventory.total_kg or Decimal(0),
        people=counted if counted is not None else activity.expected_people,
        days=(activity.ends_on - activity.starts_on).days + 1,
        lodging_kg=lodging_kg,
        room_nights=room_nights,
        floor_m2=activity.floor_area_m2,
    )


def published(kind: str, organization_id: int) -> list[Inventory]:
    """The newest whole account that each other organization published about an activity of the kind."""
    standing = Statement.objects.newest().filter(
        withdrawal__isnull=True,
        activity__kind=kind,
        activity__published_total_t__isnull=True,
        inventory__kind=rules.Kind.ACTUAL,
        inventory__partial=False,
    )
    standing = standing.exclude(activity__organization=organization_id).order_by("-activity__ends_on", "-pk")
    found: dict[int, Inventory] = {}
    for statement in standing.select_related("inventory__activity")[:MOST]:
        found.setdefault(statement.inventory.activity.organization_id, statement.inventory)
    return list(found.values())


def of(inventory: Inventory) -> dict[str, Any]:
    """What the page shows: a row for every ratio of this account, and the published cases of the kind."""
    activity = inventory.activity
    others = published(activity.kind, activity.organization_id)
    cases = [row for row in queries.reference() if row.activity.kind == activity.kind and row.kind == inventory.kind]
    cases = [row for row in cases if row.activity_id != activity.pk]
    known = sizes([inventory, *others, *cases])
    mine = likeness.ratios(known[inventory.pk])
    theirs = [likeness.ratios(known[other.pk]) for other in others]
    spreads = {code: likeness.spread(theirs, code) for code in mine}
    return {
        "rows": [_row(code, value, spreads[code]) for code, value in mine.items()],
        "withheld": all(one.quartiles is None for one in spreads.values()),
        "fewest": likeness.FEWEST_ORGANIZATIONS,
        "partial": inventory.partial,
        "cases": [(row, _shown(likeness.ratios(known[row.pk]).get(Ratio.HEAD))) for row in cases],
    }


def _row(code: Ratio, value: Decimal, found: likeness.Spread) -> dict[str, Any]:
    quartiles = [_shown(one) for one in found.quartiles] if found.quartiles else None
    return {"code": code.value, "value": _shown(value), "quartiles": quartiles, "organizations": found.organizations}


def _shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACE)
