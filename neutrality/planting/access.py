"""One getter per noun: fetch and authorise together."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts import access as accounts
from accounts.rules import Permission, area
from neutrality.planting import queries
from neutrality.planting.models import Planting, Survey


def planting(number: str) -> Planting:
    """Public (R1.25)."""
    return _found(queries.seen().filter(number=number))


def own(user: Any, number: str, may: Permission) -> Planting:
    """A planting for members of its organizer who may."""
    row = planting(number)
    accounts.require(user, may, row.activity.organization)
    return row


def survey(user: Any, number: str) -> Survey:
    """A survey for the people of the body it names. Members of the organizer never decide on their own (R1.35)."""
    rows = Survey.objects.select_related("planting__activity__organization", "planting__plot", "body", "evidence")
    row = _found(rows.filter(number=number))
    accounts.require(user, Permission.EVALUATE, row.body)
    if accounts.role(user, row.planting.activity.organization) is not None:
        raise accounts.Hidden
    return row


def bodies(user: Any) -> QuerySet:
    """The evaluating bodies for which the user decides; Hidden for everybody else."""
    found = accounts.organizations(user, Permission.EVALUATE)
    if not found.exists():
        raise accounts.Hidden
    return found


def overseen(user: Any) -> QuerySet[Planting]:
    """Plantings of activities in the areas of the user's regulators; Hidden for everybody else."""
    codes = accounts.regulated_areas(user, Permission.REVIEW)
    if not codes:
        raise accounts.Hidden
    inside = Q(pk__in=[])
    for code in codes:
        inside |= Q(region_code__startswith=area(code))
    return queries.seen().filter(inside)


def _found(rows: QuerySet) -> Any:
    row = rows.first()
    if row is None:
        raise accounts.Hidden
    return row
