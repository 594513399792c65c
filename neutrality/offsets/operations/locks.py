"""Pledge, freeze, release. Locked units leave `held:`, so no path can retire or hand them over (F16)."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.offsets import places
from neutrality.offsets.models import Block, Lock
from neutrality.offsets.models.locks import LockKind
from neutrality.offsets.operations.holdings import OneOwner, too_few
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotLocked(Refusal):
    code = "not_locked"
    message = _("These units were already released.")


@ledger.act
def lock(
    *, kind: str, block: Block, owner: Any, holder: Any, quantity: int, basis: str, key: str, by: Any, at: datetime
) -> Lock:
    """Put `quantity` of the owner's units under a lock of `holder`: a lender's pledge, or a registry body's freeze."""
    asked = {"block": block, "owner": owner, "holder": holder, "quantity": quantity, "basis": basis.strip()}
    if done := ledger.once(Lock, key, kind=kind, **asked):
        return done
    if owner.pk == holder.pk:
        raise OneOwner(field="holder")
    held = lots.balance(places.held(owner), block.within)
    if held < quantity:
        raise too_few(held)
    facts = {"kind": LockKind(kind), "block": block, "owner": owner, "holder": holder, "quantity": quantity}
    row = Lock.objects.create(key=key, basis=basis.strip(), locked_at=at, locked_by=by, **facts)
    ledger.post_quantity(
        key=f"lock:{row.number}",
        within=block.within,
        quantity=quantity,
        source=places.held(owner),
        target=places.locked(row),
        reason="pledge" if row.kind == LockKind.PLEDGED else "freeze",
        event_on=localdate(at),
        by=by,
        at=at,
    )
    content = {"block": block.code, "owner": owner.code, "holder": holder.code, "quantity": quantity, "kind": row.kind}
    trail.record(verb="units.lock", subject=f"lock:{row.number}", by=by, at=at, content=content)
    return row


@ledger.act
def release(*, lock: Lock, note: str, by: Any, at: datetime) -> Lock:
    """End a lock, once: what still lies under it returns to its owner. Access decides that `by` acts for its holder."""
    row = Lock.objects.select_for_update(of=("self",)).select_related("block", "owner").get(pk=lock.pk)
    if row.released_at is not None:
        raise NotLocked
    source, target = places.locked(row), places.held(row.owner)
    for span in lots.spans(source):
        ledger.post(
            key=f"release:{row.number}:{span[0]}",
            span=span,
            source=source,
            target=target,
            reason="release",
            event_on=localdate(at),
            by=by,
            at=at,
        )
    row.released_at, row.released_by, row.release_note = at, by, note.strip()
    row.save(update_fields=["released_at", "released_by", "release_note"])
    trail.record(verb="units.release", subject=f"lock:{row.number}", by=by, at=at)
    return row
