"""Offers and handovers. No money moves here: a price is what the owner asks, paying happens elsewhere."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger.operations import NotHeld
from neutrality.offsets import places, rules
from neutrality.offsets.models import Block, Handover, HandoverStep, Offer
from neutrality.offsets.models.holdings import HandoverState, OfferState, Side
from neutrality.offsets.queries import offering
from neutrality.offsets.rules.ordering import End
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class TooFew(NotHeld):
    code = "too_few"
    message = _("Only %(units)s units of this block are held. Choose a smaller number.")


def too_few(held: int, field: str = "quantity") -> TooFew:
    """The refusal that says how many there are."""
    none = _("No unit of this block lies free here now.")
    return TooFew(TooFew.message % {"units": held} if held else none, field=field)


class NotWaiting(Refusal):
    code = "not_waiting"
    message = _("This was already decided. Reload the page to see how.")


class OneOwner(Refusal):
    code = "one_owner"
    message = _("Both sides are the same organization. Enter the code of the other one.")


class NotNow(Refusal):
    code = "not_now"
    message = _("This cannot be said now: the order has moved on. Reload the page to see how.")


class PriceMissing(Refusal):
    code = "price_missing"
    message = _("Name the price per tonne.")


class NotOffered(Refusal):
    code = "not_offered"
    message = _("This offer is no longer open. See the catalogue for others.")


class BeyondOffer(Refusal):
    code = "beyond_offer"
    message = _("Only %(units)s units of this offer are left. Choose a smaller number, or order the rest elsewhere.")


def _held(organization: Any, block: Block) -> int:
    return lots.balance(places.held(organization), block.within)


def _at_least(quantity: int, organization: Any, block: Block) -> None:
    held = _held(organization, block)
    if held < quantity:
        raise too_few(held)


@transaction.atomic
def offer(*, block: Block, organization: Any, quantity: int, price_cny: Decimal, by: Any, at: datetime) -> Offer:
    """Put units into the open catalogue; a new offer of the same block takes the place of the old one."""
    _at_least(quantity, organization, block)
    for old in Offer.objects.select_for_update().filter(block=block, organization=organization, state=OfferState.OPEN):
        _close_offer(old, by, at)
    made = Offer.objects.create(
        block=block, organization=organization, quantity=quantity, price_cny=price_cny, opened_at=at, opened_by=by
    )
    content = {"organization": organization.code, "quantity": quantity, "price_cny": str(price_cny)}
    trail.record(verb="offer.open", subject=f"block:{block.code}", by=by, at=at, content=content, public=True)
    return made


@transaction.atomic
def withdraw_offer(*, offer: Offer, by: Any, at: datetime) -> Offer:
    """Take an offer out of the catalogue; a second time changes nothing."""
    locked = Offer.objects.select_for_update(of=("self",)).select_related("block", "organization").get(pk=offer.pk)
    if locked.state == OfferState.OPEN:
        _close_offer(locked, by, at)
        content = {"organization": locked.organization.code}
        trail.record(
            verb="offer.withdraw", subject=f"block:{locked.block.code}", by=by, at=at, content=content, public=True
        )
    return locked


def _close_offer(row: Offer, by: Any, at: datetime) -> None:
    row.state, row.closed_at, row.closed_by = OfferState.WITHDRAWN, at, by
    row.save(update_fields=["state", "closed_at", "closed_by"])


@transaction.atomic
def order(*, offer: Offer, taker: Any, quantity: int, key: str, by: Any, at: datetime, note: str = "") -> Handover:
    """A buyer orders units of an open offer at its price. Raises NotOffered, BeyondOffer."""
    facts = {"block": offer.block, "giver": offer.organization, "taker": taker, "quantity": quantity, "note": note}
    if done := ledger.once(Handover, key, **facts):
        return done
    row = Offer.objects.select_for_update(of=("self",)).select_related("block", "organization").get(pk=offer.pk)
    left = offering.left(row)
    if not left:
        raise NotOffered
    if quantity > left:
        raise BeyondOffer(BeyondOffer.message % {"units": left}, field="quantity")
    return ask(**facts, side="taker", key=key, price_cny=row.price_cny, by=by, at=at)


@transaction.atomic
def ask(
    *,
    block: Block,
    giver: Any,
    taker: Any,
    side: str,
    quantity: int,
    key: str,
    by: Any,
    at: datetime,
    price_cny: Decimal | None = None,
    note: str = "",
) -> Handover:
    """One side asks for a change of owner: the buyer orders (side "taker"), or the owner proposes (side "giver")."""
    if done := ledger.once(Handover, key, block=block, giver=giver, taker=taker, quantity=quantity, note=note):
        return done
    if giver.pk == taker.pk:
        raise OneOwner(field="taker")
    _at_least(quantity, giver, block)
    row = Handover.objects.create(
        key=key,
        block=block,
        giver=giver,
        taker=taker,
        quantity=quantity,
        price_cny=price_cny,
        asked_side=Side(side),
        note=note,
        asked_at=at,
        asked_by=by,
    )
    content = {"block": block.code, "giver": giver.code, "taker": taker.code, "quantity": quantity, "side": side}
    trail.record(verb="handover.ask", subject=f"handover:{row.number}", by=by, at=at, content=content)
    return row


def _waiting(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("block", "giver", "taker")
    locked = rows.get(pk=handover.pk)
    if locked.state != HandoverState.ASKED:
        raise NotWaiting
    return locked


@ledger.act
def accept(*, handover: Handover, by: Any, at: datetime) -> Handover:
    """The other side agrees: the units change owner now. Access decides that `by` acts for the side that was asked."""
    row = _waiting(handover)
    _refuse_out_of_turn(row, End.DELIVERED)
    ledger.post_quantity(
        key=f"handover:{row.number}",
        within=row.block.within,
        quantity=row.quantity,
        source=places.held(row.giver),
        target=places.held(row.taker),
        reason="handover",
        event_on=localdate(at),
        by=by,
        at=at,
    )
    return _closed(row, HandoverState.DELIVERED, "handover.deliver", by, at)


@transaction.atomic
def close(*, handover: Handover, state: str, by: Any, at: datetime) -> Handover:
    """Declined by the side that was asked, or withdrawn by the side that asked; nothing moves."""
    wanted = HandoverState(state)
    if wanted not in (HandoverState.DECLINED, HandoverState.WITHDRAWN):
        raise ValueError(f"{state} does not close a handover")
    row = _waiting(handover)
    _refuse_out_of_turn(row, End(wanted.value))
    return _closed(row, wanted, f"handover.{wanted.value}", by, at)


def _refuse_out_of_turn(row: Handover, choice: rules.ordering.Choice) -> None:
    """NotNow unless one of the sides may do this now. Access decides that `by` acts for that side."""
    steps = list(row.steps.values_list("step", flat=True))
    if all(choice not in rules.ordering.choices(row.asked_side, steps, side) for side in Side.values):
        raise NotNow


@transaction.atomic
def declare(
    *, handover: Handover, step: str, by: Any, at: datetime, price_cny: Decimal | None = None, note: str = ""
) -> HandoverStep:
    """One side states a step of an open order: a price, its agreement, that it paid, that the money came in. Said a
    second time it is the same step. Raises NotWaiting, NotNow, PriceMissing."""
    row, wanted = _waiting(handover), rules.ordering.Step(step)
    last = row.steps.last()
    if last is not None and (last.step, last.price_cny, last.by_id) == (wanted.value, price_cny, by.pk):
        return last
    _refuse_out_of_turn(row, wanted)
    named = wanted is rules.ordering.Step.PRICED
    if named and price_cny is None:
        raise PriceMissing(field="price_cny")
    if wanted is rules.ordering.Step.AGREED and row.price is None:
        raise PriceMissing(_("No price was named yet. Name one first."))
    made = HandoverStep.objects.create(
        handover=row, step=wanted.value, price_cny=price_cny if named else None, note=note.strip(), at=at, by=by
    )
    content = {"price_cny": str(price_cny)} if named else {}
    trail.record(verb=f"handover.{wanted.value}", subject=f"handover:{row.number}", by=by, at=at, content=content)
    return made


def _closed(row: Handover, state: HandoverState, verb: str, by: Any, at: datetime) -> Handover:
    row.state, row.closed_at, row.closed_by = state, at, by
    row.save(update_fields=["state", "closed_at", "closed_by"])
    trail.record(verb=verb, subject=f"handover:{row.number}", by=by, at=at)
    return row
