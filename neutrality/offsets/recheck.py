"""A second look at cancellations and blocks: each says what its transfer says, and no unit of a block is astray."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from neutrality.findings import Finding
from neutrality.ledger import queries as ledger
from neutrality.ledger import rules as spans
from neutrality.ledger.models import Lot
from neutrality.offsets.models import Block, Lock, Retirement

BATCH = 2000


def findings() -> Iterator[Finding]:
    """Cancellations beside their transfer, blocks whose units do not add up."""
    columns = ("transfer__target", "activity", "block")
    for row in Retirement.objects.select_related(*columns).order_by("pk").iterator(chunk_size=BATCH):
        if (row.span, row.quantity) != (row.transfer.span, row.transfer.quantity):
            yield Finding("offsets_retirement", str(row.pk), "is not the span its transfer moved")
        if row.transfer.target.code != f"retired:{row.activity.code}":
            yield Finding("offsets_retirement", str(row.pk), "stands behind another activity than its transfer")
    for block in Block.objects.order_by("pk").iterator(chunk_size=BATCH):
        found = sum(spans.count(span) for held in ledger.holdings(block.within).values() for span in held)
        if found != block.quantity:
            yield Finding("offsets_block", str(block.pk), f"{found} of its {block.quantity} units are somewhere")
    yield from _astray()


def _astray() -> Iterator[Finding]:
    """Units in an activity's place that no cancellation speaks of, and units under a lock that was released."""
    covered = Retirement.objects.filter(span__overlap=OuterRef("span"))
    used = Lot.objects.filter(place__code__startswith="retired:").exclude(Exists(covered))
    for pk, code in used.values_list("pk", "place__code"):
        yield Finding("ledger_lot", str(pk), f"lies in {code} and no cancellation says so")
    released = Lock.objects.filter(released_at__isnull=False).annotate(place=Concat("kind", Value(":"), "number"))
    for code in Lot.objects.filter(place__code__in=released.values("place")).values_list("place__code", flat=True):
        yield Finding("offsets_lock", code, "was released and still holds units")
