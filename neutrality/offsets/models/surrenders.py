"""Units used up for another purpose than an activity: consumed, public, and never part of any claim (R3.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, positive
from neutrality.offsets.models.registries import Block


class SurrenderPurpose(models.TextChoices):
    """The purposes of R3.5 that are neither an activity nor a court's case."""

    COMPLIANCE = "compliance", _("Compliance clearing")
    ORGANISATION = "organisation", _("Offsetting an organization's emissions")
    PUBLIC_BENEFIT = "public_benefit", _("Public benefit")


class Surrender(Coded, InsertOnly):
    """What an owner used up for one purpose, fixed for ever. `period` is the year or the occasion it was used for."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="surrenders")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=SurrenderPurpose)
    beneficiary = models.CharField(max_length=200)
    period = models.CharField(max_length=80)
    quantity = models.BigIntegerField()
    surrendered_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [one_of("purpose", SurrenderPurpose), positive("quantity")]
        indexes = [models.Index(fields=["owner", "-id"], name="offsets_surrender_owner")]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """What the book of a block says of it: who used the units, and what for."""
        return f"{self.owner.name} · {self.get_purpose_display()}"
