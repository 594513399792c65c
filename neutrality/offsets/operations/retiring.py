"""Retire: cancel units for one activity, for ever. The act the whole room exists for."""

from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger.models import Transfer
from neutrality.offsets import places, rules
from neutrality.offsets.facts import block_verdict
from neutrality.offsets.models import Block, Retirement
from neutrality.offsets.models.cancellations import Way
from neutrality.offsets.operations.blocks import refuse_planted
from neutrality.offsets.operations.holdings import too_few
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotEligible(Refusal):
    code = "not_eligible"
    message = _("Units of this kind cannot stand behind a claim under this rule pack (rule %(rule)s).")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Say why units of this family are used: the rule pack prefers others (rule %(rule)s).")


class NotOpen(Refusal):
    code = "not_open"
    message = _("Units can be cancelled once the activity's plan is published, and not for a cancelled activity.")


class NoUnits(Refusal):
    code = "no_units"
    message = _("Enter how many units to cancel: at least 1.")


@ledger.act
def retire(
    *,
    activity: Any,
    block: Block,
    quantity: int,
    key: str,
    by: Any,
    at: datetime,
    reason: str = "",
    holder: Any = None,
) -> list[Retirement]:
    """Cancel `quantity` units of `block` for `activity`, out of what `holder` holds (the organizer unless a donor is
    named). One row per contiguous run, lowest numbers first. The same key returns the same rows and changes nothing."""
    holder = holder or activity.organization
    verdict = _judged(activity, block, quantity, reason)
    on = timezone.localtime(at).date()
    source, target = places.to_retire(holder, activity)
    facts = {"reason": "retire", "event_on": on, "by": by, "at": at, "source": source, "target": target}
    try:
        moves = ledger.post_quantity(key=f"retire:{key}", within=block.within, quantity=quantity, **facts)
    except ledger.NotHeld as missing:
        held = lots.balance(source, block.within)
        raise too_few(held) from missing
    if moves[0].again:
        return list(Retirement.objects.filter(act=key).order_by("id"))
    common = {"holder": holder, "cancelled_on": on, "reason": reason.strip(), "way": Way.HOUSE, "act": key}
    common |= {"donor": "" if holder == activity.organization else holder.name_zh}
    rows = write(activity, block, moves, verdict, by=by, at=at, **common)
    content = {
        "block": block.code,
        "holder": holder.code,
        "serials": [row.serial for row in rows],
        "quantity": quantity,
    }
    trail.record(verb="units.retire", subject=f"activity:{activity.code}", by=by, at=at, content=content, public=True)
    return rows


def foresee(*, activity: Any, block: Block, quantity: int, reason: str, holder: Any) -> None:
    """What `retire` would refuse as things stand now, before anybody is asked whether they are sure."""
    _judged(activity, block, quantity, reason)
    held = lots.balance(places.held(holder), block.within)
    if held < quantity:
        raise too_few(held)


def _judged(activity: Any, block: Block, quantity: int, reason: str) -> rules.Verdict:
    if quantity < 1:
        raise NoUnits(field="quantity")
    if activity.state != "committed":
        raise NotOpen
    return eligible(activity, block, reason)


def eligible(activity: Any, block: Block, reason: str) -> rules.Verdict:
    """The verdict of the activity's rule pack, or the refusal that names its rule.

    Units recorded before their project's land was known to be planted for an activity support no claim either. Only
    forests are asked about, so that nobody else's retirement costs a question more.
    """
    if block.project is not None and block.project.forestry:
        refuse_planted(block.project, block.vintage_end, field="")
    verdict = block_verdict(activity, block)
    if verdict.refused:
        raise NotEligible(NotEligible.message % {"rule": verdict.rule})
    if verdict.asks_reason and not reason.strip():
        raise ReasonMissing(ReasonMissing.message % {"rule": verdict.rule}, field="reason")
    return verdict


def write(
    activity: Any,
    block: Block,
    moves: list[Transfer],
    verdict: rules.Verdict,
    *,
    by: Any,
    at: datetime,
    **common: Any,
) -> list[Retirement]:
    """One retirement per transfer into the activity's place."""
    common.setdefault("purpose", "event" if activity.form == "event" else "organisation")
    common.setdefault("beneficiary", f"{activity.name_zh}（{activity.organization.name_zh}）")
    rows = [
        Retirement(
            transfer=move,
            activity=activity,
            block=block,
            span=NumericRange(move.first, move.last + 1),
            quantity=move.quantity,
            serial=block.serial_of(move.first, move.last),
            family=verdict.family,
            rule=verdict.rule,
            retired_at=at,
            retired_by=by,
            **common,
        )
        for move in moves
    ]
    Retirement.insert(rows)
    return rows
