"""Surrender: use units up for another purpose than an activity. They end in a place of their own (R3.5)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.offsets import places
from neutrality.offsets.models import Block, Surrender
from neutrality.offsets.models.surrenders import SurrenderPurpose
from neutrality.offsets.operations.holdings import too_few
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

LEGACY_UNTIL = date(2025, 1, 1)


class LegacyNotCleared(Refusal):
    code = "legacy_not_cleared"
    message = _("Units filed before 2017-03-14 no longer serve compliance clearing (R3.20). Choose other units.")


@ledger.act
def surrender(
    *,
    block: Block,
    owner: Any,
    purpose: str,
    beneficiary: str,
    period: str,
    quantity: int,
    key: str,
    by: Any,
    at: datetime,
) -> Surrender:
    """Use up `quantity` of the owner's units for one purpose, for ever. The same key returns the same row. Raises
    TooFew where fewer are held, LegacyNotCleared."""
    asked = {"block": block, "owner": owner, "quantity": quantity, "purpose": purpose, "period": period.strip()}
    if done := ledger.once(Surrender, key, beneficiary=beneficiary.strip(), **asked):
        return done
    foresee(block=block, owner=owner, purpose=purpose, quantity=quantity, at=at)
    on, source = timezone.localtime(at).date(), places.held(owner)
    row = Surrender.objects.create(
        key=key,
        block=block,
        owner=owner,
        purpose=SurrenderPurpose(purpose),
        beneficiary=beneficiary.strip(),
        period=period.strip(),
        quantity=quantity,
        surrendered_on=on,
        recorded_at=at,
        recorded_by=by,
    )
    facts = {"source": source, "target": places.surrendered(row), "reason": "surrender"}
    ledger.post_quantity(
        key=f"surrender:{row.number}", within=block.within, quantity=quantity, event_on=on, by=by, at=at, **facts
    )
    content = {"block": block.code, "owner": owner.code, "quantity": quantity, "purpose": row.purpose}
    content |= {"beneficiary": row.beneficiary, "period": row.period}
    subject = f"surrender:{row.number}"
    trail.record(verb="units.surrender", subject=subject, by=by, at=at, content=content, public=True)
    return row


def foresee(*, block: Block, owner: Any, purpose: str, quantity: int, at: datetime) -> None:
    """What `surrender` would refuse as things stand now, before anybody is asked whether they are sure."""
    on = timezone.localtime(at).date()
    if purpose == SurrenderPurpose.COMPLIANCE and block.kind.legacy and on >= LEGACY_UNTIL:
        raise LegacyNotCleared(field="purpose")
    held = lots.balance(places.held(owner), block.within)
    if held < quantity:
        raise too_few(held)
