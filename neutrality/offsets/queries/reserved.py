"""What is set aside for activities, what is pledged to lenders, and whether a certificate of freedom still holds."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, Max, Q, QuerySet, Sum

from neutrality.ledger.models import Transfer
from neutrality.offsets.models import Clearance, Lock, Reservation

Spans = Iterable[tuple[int, int]]


def reservations() -> QuerySet[Reservation]:
    return Reservation.objects.select_related("block__kind", "block__project", "owner", "activity__organization")


def reserved_for(activity: Any) -> QuerySet[Reservation]:
    """What is set aside for an activity now."""
    return reservations().filter(activity=activity, ended_at__isnull=True)


def reserved_units(activity: Any) -> int:
    found = Reservation.objects.filter(activity=activity, ended_at__isnull=True).aggregate(units=Sum("quantity"))
    return found["units"] or 0


def pledged_to(lenders: Iterable[Any]) -> QuerySet[Lock]:
    """Units pledged to these lenders, running ones first."""
    rows = Lock.objects.filter(holder__in=lenders, kind="pledged").select_related(
        "block__kind", "block__project", "owner", "holder", "locked_by", "released_by"
    )
    return rows.order_by(F("released_at").desc(nulls_first=True), "-pk")


def frozen_in(registries: Iterable[Any]) -> QuerySet[Lock]:
    """Units of these registries frozen by order, running ones first."""
    rows = Lock.objects.filter(kind="frozen", block__kind__registry__in=registries)
    rows = rows.select_related("block__kind", "owner", "holder")
    return rows.order_by(F("released_at").desc(nulls_first=True), "-pk")


def _touching(spans: Spans) -> Q:
    condition = Q(pk__in=[])
    for first, last in spans:
        condition |= Q(span__overlap=NumericRange(first, last + 1))
    return condition


def last_move(spans: Spans) -> int:
    """The number of the last transfer that touched any of these units."""
    found = Transfer.objects.filter(_touching(spans)).aggregate(number=Max("number"))
    return found["number"] or 0


def first_move_since(row: Clearance) -> Transfer | None:
    """What made a certificate no longer current: the first move of any of its units since; None while it holds."""
    moves = Transfer.objects.filter(_touching(row.spans), number__gt=row.seen).order_by("number")
    return moves.select_related("source", "target").first()
