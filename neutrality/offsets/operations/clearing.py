"""Certify that units lie free with their owner. The certificate says it of one moment and goes stale by itself."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger import rules as spans
from neutrality.ledger.models import Place
from neutrality.offsets import places, queries
from neutrality.offsets.models import Block, Clearance
from neutrality.offsets.operations.holdings import OneOwner
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail
from neutrality.trail.rules import canonical, digest


class NothingFree(Refusal):
    code = "nothing_free"
    message = _("No unit of this block lies free with its owner now.")


@transaction.atomic
def clear(*, block: Block, owner: Any, reader: Any, key: str, by: Any, at: datetime) -> Clearance:
    """Write down which units of a block lie free with `owner` now, for `reader` (a lender) or for anybody."""
    if done := ledger.once(Clearance, key, block=block, owner=owner):
        return done
    if reader is not None and reader.pk == owner.pk:
        raise OneOwner(field="reader")
    # Whoever moves units out of a place holds its lock: so what is seen here is what the last transfer left.
    place = Place.objects.select_for_update(no_key=True).get(pk=places.held(owner).pk)
    free = lots.spans(place, block.within)
    if not free:
        raise NothingFree
    content = {
        "format": "qingzhang-clearance-1",
        "block": block.code,
        "kind": block.kind.code,
        "owner": owner.code,
        "reader": reader.code if reader else None,
        "units": [list(span) for span in free],
        "serials": [block.serial_of(*span) for span in free],
        "quantity": sum(map(spans.count, free)),
        "at": at.isoformat(),
    }
    row = Clearance.objects.create(
        key=key,
        block=block,
        owner=owner,
        reader=reader,
        quantity=content["quantity"],
        content=content,
        digest=digest(canonical(content)),
        seen=queries.last_move(free),
        issued_at=at,
        issued_by=by,
    )
    said = {"clearance": row.number, "digest": row.digest, "quantity": row.quantity}
    trail.record(verb="units.clear", subject=f"clearance:{row.number}", by=by, at=at, content=said, public=True)
    return row
