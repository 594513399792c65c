"""Set units aside for an activity, and end that once: used, released by hand, or expired by the clock."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.activities.models import Activity
from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.offsets import places, queries
from neutrality.offsets.facts import block_verdict
from neutrality.offsets.models import Block, Reservation, Retirement
from neutrality.offsets.models.cancellations import Way
from neutrality.offsets.models.reservations import Ending
from neutrality.offsets.operations.holdings import too_few
from neutrality.offsets.operations.retiring import NotEligible, NotOpen, eligible, write
from neutrality.offsets.rules import Verdict
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

LONGEST_DAYS = 180
"""Nobody keeps units from others for longer than half a year without saying so anew [design]."""
log = logging.getLogger(__name__)


class OverQuota(Refusal):
    code = "over_quota"
    message = _("The activity lacks %(units)s units that are not reserved yet. Reserve no more than that.")


class BadExpiry(Refusal):
    code = "bad_expiry"
    message = _("Choose a day from tomorrow to %(day)s: within 180 days, and not after the last day for units.")


class NotReserved(Refusal):
    code = "not_reserved"
    message = _("This reservation has ended already. Reload the page to see how.")


@ledger.act
def reserve(
    *,
    block: Block,
    owner: Any,
    activity: Any,
    quantity: int,
    expires_on: date,
    quota: int,
    key: str,
    by: Any,
    at: datetime,
) -> Reservation:
    """Set `quantity` of the owner's units aside for the activity until `expires_on` is over. `quota` is what the
    activity lacks now, told by whoever sees both rooms; what is reserved for it already is taken off."""
    asked = {"block": block, "owner": owner, "activity": activity, "quantity": quantity}
    if done := ledger.once(Reservation, key, expires_on=expires_on, **asked):
        return done
    # One at a time for an activity, so that two do not fill the same quota.
    activity = (
        Activity.objects.select_for_update(of=("self",), no_key=True).select_related("rulebook").get(pk=activity.pk)
    )
    refuse(activity, block, expires_on, localdate(at))
    left = max(0, quota - queries.reserved_units(activity))
    if quantity > left:
        raise OverQuota(OverQuota.message % {"units": left}, field="quantity")
    held = lots.balance(places.held(owner), block.within)
    if held < quantity:
        raise too_few(held)
    facts = {"block": block, "owner": owner, "activity": activity, "quantity": quantity, "expires_on": expires_on}
    row = Reservation.objects.create(key=key, reserved_at=at, reserved_by=by, **facts)
    ledger.post_quantity(
        key=f"reserve:{row.number}",
        within=block.within,
        quantity=quantity,
        source=places.held(owner),
        target=places.reserved(row),
        reason="reserve",
        event_on=localdate(at),
        by=by,
        at=at,
    )
    content = {"block": block.code, "owner": owner.code, "activity": activity.code, "quantity": quantity}
    content |= {"expires_on": expires_on.isoformat()}
    trail.record(verb="units.reserve", subject=f"reservation:{row.number}", by=by, at=at, content=content)
    return row


def refuse(activity: Any, block: Block, expires_on: date, on: date) -> None:
    """Why units of a block cannot be set aside for an activity until a day, if so."""
    if activity.state != "committed":
        raise NotOpen
    verdict = block_verdict(activity, block)
    if verdict.refused:
        raise NotEligible(NotEligible.message % {"rule": verdict.rule})
    last = min(on + timedelta(days=LONGEST_DAYS), activity.units_deadline)
    if not on < expires_on <= last:
        raise BadExpiry(BadExpiry.message % {"day": last}, field="expires_on")


def running(reservation: Reservation) -> Reservation:
    """The row, locked, if it has not ended: whoever comes second finds it ended."""
    rows = Reservation.objects.select_for_update(of=("self",))
    row = rows.select_related("block", "owner", "activity__organization", "activity__rulebook").get(pk=reservation.pk)
    if row.ended_at is not None:
        raise NotReserved
    return row


@ledger.act
def unreserve(*, reservation: Reservation, by: Any, at: datetime) -> Reservation:
    """The owner lets the units go; access decides that `by` acts for it."""
    return _end(running(reservation), Ending.RELEASED, by, at)


@ledger.act
def expire(*, reservation: Reservation, at: datetime) -> Reservation:
    """The clock ends it, once its last day is over."""
    row = running(reservation)
    if localdate(at) <= row.expires_on:
        raise BadExpiry(BadExpiry.message % {"day": row.expires_on})
    return _end(row, Ending.EXPIRED, None, at)


@ledger.act
def use(*, reservation: Reservation, quantity: int, by: Any, at: datetime, reason: str = "") -> list[Retirement]:
    """Cancel `quantity` of the reserved units for the activity they are reserved for; the rest returns to its owner."""
    row = running(reservation)
    verdict = _judged(row, quantity, reason, at)
    activity, block, source = row.activity, row.block, places.reserved(row)
    facts = {"event_on": localdate(at), "by": by, "at": at}
    moves = ledger.post_quantity(
        key=f"use:{row.number}",
        within=block.within,
        quantity=quantity,
        source=source,
        target=places.retired(activity),
        reason="retire",
        **facts,
    )
    donor = "" if row.owner == activity.organization else row.owner.name_zh
    common = {"holder": row.owner, "cancelled_on": localdate(at), "reason": reason.strip(), "way": Way.HOUSE}
    rows = write(activity, block, moves, verdict, by=by, at=at, act=f"use:{row.number}", donor=donor, **common)
    _end(row, Ending.USED, by, at, quietly=True)
    content = {"block": block.code, "holder": row.owner.code, "serials": [one.serial for one in rows]}
    content |= {"quantity": quantity, "reservation": row.number}
    trail.record(verb="units.retire", subject=f"activity:{activity.code}", by=by, at=at, content=content, public=True)
    return rows


def foresee_use(*, reservation: Reservation, quantity: int, reason: str, at: datetime) -> int:
    """How many units would return to their owner. Raises what `use` would refuse as things stand now, before anybody is
    asked whether they are sure."""
    if reservation.ended_at is not None:
        raise NotReserved
    _judged(reservation, quantity, reason, at)
    return lots.balance(places.reserved(reservation), reservation.block.within) - quantity


def _judged(row: Reservation, quantity: int, reason: str, at: datetime) -> Verdict:
    if localdate(at) > row.expires_on:
        raise NotReserved
    if row.activity.state != "committed":
        raise NotOpen
    lying = lots.balance(places.reserved(row), row.block.within)
    if not 1 <= quantity <= lying:
        raise too_few(lying)
    return eligible(row.activity, row.block, reason)


def _end(row: Reservation, ending: Ending, by: Any, at: datetime, *, quietly: bool = False) -> Reservation:
    """What still lies there returns to its owner; `quietly` where the caller writes the trail."""
    source, target = places.reserved(row), places.held(row.owner)
    for span in lots.spans(source):
        ledger.post(
            key=f"unreserve:{row.number}:{span[0]}",
            span=span,
            source=source,
            target=target,
            reason="unreserve",
            event_on=localdate(at),
            by=by,
            at=at,
        )
    row.ended_at, row.ended_by, row.ending = at, by, ending.value
    row.save(update_fields=["ended_at", "ended_by", "ending"])
    if not quietly:
        verb = "units.expire" if ending is Ending.EXPIRED else "units.unreserve"
        trail.record(verb=verb, subject=f"reservation:{row.number}", by=by, at=at)
    return row


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """End every reservation whose last day is over, each by itself; a second run finds nothing."""
    due = Reservation.objects.filter(ended_at__isnull=True, expires_on__lt=localdate(at)).order_by("expires_on", "pk")
    ended = 0
    for row in due[:limit]:
        try:
            expire(reservation=row, at=at)
            ended += 1
        except Refusal as refusal:  # ended by hand a moment ago
            log.info("reservation %s: %s", row.number, refusal.code)
    return ended
