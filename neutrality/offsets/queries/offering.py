"""How much of an offer is still there: what the owner offered less what was delivered of it, and never more than the
owner can dispose of now. Units that were reserved, pledged, frozen, used or found void since are not on offer."""

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from neutrality.ledger import queries as lots
from neutrality.offsets import places
from neutrality.offsets.models import Handover, Offer
from neutrality.offsets.models.holdings import HandoverState, OfferState, Side


def delivered() -> Subquery:
    """Units of orders delivered since an offer was made, by its owner and of its block; null where there are none."""
    orders = Handover.objects.filter(
        giver=OuterRef("organization"),
        block=OuterRef("block"),
        asked_side=Side.TAKER,
        state=HandoverState.DELIVERED,
        closed_at__gte=OuterRef("opened_at"),
    )
    return Subquery(orders.order_by().values("giver").annotate(units=Sum("quantity")).values("units"))


def offered() -> QuerySet[Offer]:
    """Offers with everything a row of a list shows."""
    rows = Offer.objects.select_related("block__kind__registry", "block__project", "organization")
    return rows.annotate(sold=delivered())


def counted(rows: Iterable[Offer]) -> list[Offer]:
    """The same offers, each with what is `left` of it, nothing of a closed one; one query."""
    found = list(rows)
    held = lots.balances([(places.held_code(row.organization), row.block.within) for row in found])
    for row, units in zip(found, held, strict=True):
        still = row.quantity if row.sold is None else row.quantity - row.sold
        row.left = max(0, min(still, units)) * (row.state == OfferState.OPEN)
    return found


def left(row: Offer) -> int:
    """The same of one."""
    return counted(offered().filter(pk=row.pk))[0].left


def there(rows: Sequence[Offer]) -> list[Offer]:
    """Offers of which something is left."""
    return [row for row in counted(rows) if row.left]
