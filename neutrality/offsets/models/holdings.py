"""What owners offer and hand over. What they hold is read from the ledger."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, paired, positive
from neutrality.offsets.models.registries import Block


class OfferState(models.TextChoices):
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class HandoverState(models.TextChoices):
    ASKED = "asked", _("Waiting for the other side")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Step(models.TextChoices):
    """What a side of an open order stated (`rules.ordering`)."""

    PRICED = "priced", _("The owner names a price")
    AGREED = "agreed", _("The price is agreed")
    PAID = "paid", _("The buyer says it has paid")
    RECEIVED = "received", _("The owner says the money came in")


class Side(models.TextChoices):
    GIVER = "giver", _("The owner")
    TAKER = "taker", _("The buyer")


class Offer(Coded):
    """Units an owner offers in the open catalogue. Paying happens elsewhere; no money moves here."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    block = models.ForeignKey(Block, models.PROTECT, related_name="offers")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    price_cny = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    sold: int | None
    left: int
    """Filled in by `queries.offering`: units delivered of it (None: none), units still there."""

    class Meta:
        ordering = ["price_cny", "id"]
        constraints = [
            one_of("state", OfferState),
            positive("quantity"),
            positive("price_cny"),
            paired("closed"),
            models.UniqueConstraint(
                fields=["block", "organization"], condition=Q(state="open"), name="offsets_offer_one_open"
            ),
        ]
        indexes = [models.Index(fields=["state", "price_cny", "id"], name="offsets_offer_open")]

    def __str__(self) -> str:
        return f"{self.block_id} {self.price_cny}"


class Handover(Coded):
    """Units that change owner once both sides agreed: one side asks, the other delivers or accepts."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    taker = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    price_cny = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    asked_side = models.CharField(max_length=10, choices=Side)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", HandoverState),
            one_of("asked_side", Side),
            positive("quantity"),
            paired("closed"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="offsets_handover_two_sides"),
        ]
        indexes = [
            models.Index(fields=["giver", "-id"], name="offsets_handover_giver"),
            models.Index(fields=["taker", "-id"], name="offsets_handover_taker"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def price(self) -> Any:
        """Yuan per tonne as it stands now, None where none was named."""
        named = [step.price_cny for step in self.steps.all() if step.price_cny is not None]
        return named[-1] if named else self.price_cny


class HandoverStep(InsertOnly):
    """One dated word of a side while an order is open. Paying happens elsewhere: this only says who stated it."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    price_cny = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("step", Step),
            models.CheckConstraint(
                condition=Q(step="priced", price_cny__isnull=False, price_cny__gt=0)
                | (~Q(step="priced") & Q(price_cny=None)),
                name="offsets_handoverstep_price_where_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.step}"
