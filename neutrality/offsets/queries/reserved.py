"""What is set aside for activities, what is pledged to lenders, and whether a certificate of freedom still holds."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from neutrality.ledger.models import Transfer
from neutrality.offsets.models import Clearance, Lock, Reservation, VoidedPart, VoidNotice

Spans = Iterable[tuple[int, int]]


def found_void(*code: Any) -> Coalesce:
    """Units that notices took out of a place, by the parts of its code: whoever holds them holds fewer than it says."""
    taken = VoidedPart.objects.filter(transfer__source__code=Concat(*code)).order_by()
    return Coalesce(Subquery(taken.values("transfer__source").annotate(units=Sum("quantity")).values("units")), 0)


def notices_at(code: str) -> list[VoidNotice]:
    """The notices that took units out of a place, oldest first, each with how many as `taken`."""
    at = Q(parts__transfer__source__code=code)
    return list(VoidNotice.objects.filter(at).annotate(taken=Sum("parts__quantity", filter=at)).order_by("id"))


def reservations() -> QuerySet[Reservation]:
    """With the units of each that were found void as `void`."""
    rows = Reservation.objects.annotate(void=found_void(Value("reserved:"), OuterRef("number")))
    return rows.select_related("block__kind", "block__project", "owner", "activity__organization")


def reserved_for(activity: Any) -> QuerySet[Reservation]:
    """What is set aside for an activity now."""
    return reservations().filter(activity=activity, ended_at__isnull=True)


def reserved_units(activity: Any) -> int:
    """Units set aside for an activity that can still be used."""
    found = reserved_for(activity).aggregate(units=Sum(F("quantity") - F("void")))
    return found["units"] or 0


def pledged_to(lenders: Iterable[Any]) -> QuerySet[Lock]:
    """Units pledged to these lenders, running ones first."""
    rows = Lock.objects.annotate(void=found_void(Value("pledged:"), OuterRef("number")))
    rows = rows.filter(holder__in=lenders, kind="pledged").select_related(
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
