"""Consume units for a case: they end in a place of their own and support no claim (R6.7)."""

from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.offsets import places
from neutrality.offsets.models import Block, Compensation
from neutrality.offsets.operations.days import refuse_ahead
from neutrality.offsets.operations.holdings import too_few
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotMasked(Refusal):
    code = "not_masked"
    message = _("Mask the party's name, such as 张某: the public record knows no private person.")


class CaseKnown(Refusal):
    code = "case_known"
    message = _(
        "Compensation %(number)s already used up %(units)s units of this block for this party in this case. Add the "
        "number of the later decision if there is one."
    )


@ledger.act
def compensate(
    *,
    block: Block,
    owner: Any,
    case_number: str,
    case_kind: str,
    authority: str,
    party: str,
    method: str,
    lost_t: Decimal,
    decided_on: date,
    key: str,
    by: Any,
    at: datetime,
) -> Compensation:
    """Use up the whole units that cover `lost_t`, rounded up (R6.9), out of what `owner` holds."""
    asked = {"block": block, "owner": owner, "lost_t": lost_t, "case_number": case_number.strip()}
    if done := ledger.once(Compensation, key, **asked):
        return done
    if "某" not in party and "*" not in party:
        raise NotMasked(field="party")
    refuse_ahead(decided_on, at, "decided_on")
    _refuse_twice(block, case_number.strip(), party.strip())
    quantity = int(lost_t.to_integral_value(rounding=ROUND_CEILING))
    held = lots.balance(places.held(owner), block.within)
    if held < quantity:
        raise too_few(held, "lost_t")
    texts = {"case_number": case_number, "authority": authority, "party": party, "method": method}
    facts = {"case_kind": case_kind, "lost_t": lost_t, "quantity": quantity, "decided_on": decided_on}
    facts |= {name: text.strip() for name, text in texts.items()}
    row = Compensation.objects.create(key=key, block=block, owner=owner, recorded_at=at, recorded_by=by, **facts)
    ledger.post_quantity(
        key=f"judicial:{row.number}",
        within=block.within,
        quantity=quantity,
        source=places.held(owner),
        target=places.judicial(row),
        reason="judicial",
        event_on=decided_on,
        by=by,
        at=at,
    )
    content = {"block": block.code, "case": row.case_number, "lost_t": str(lost_t), "quantity": quantity}
    trail.record(verb="units.compensate", subject=f"compensation:{row.number}", by=by, at=at, content=content)
    return row


def _refuse_twice(block: Block, case_number: str, party: str) -> None:
    """CaseKnown for a form filled in again in another window: what is used up does not come back."""
    ledger.alone(f"case:{case_number}")
    earlier = Compensation.objects.filter(block=block, case_number=case_number, party=party).first()
    if earlier is not None:
        words = CaseKnown.message % {"number": earlier.number, "units": earlier.quantity}
        raise CaseKnown(words, field="case_number")
