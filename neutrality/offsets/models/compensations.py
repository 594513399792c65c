"""Units bought under a court's decision or a compensation agreement: consumed, and never part of any claim (R6)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, positive
from neutrality.fields import QuantityField
from neutrality.offsets.models.registries import Block


class CaseKind(models.TextChoices):
    CRIMINAL = "criminal", _("Criminal case")
    CIVIL = "civil", _("Civil public-interest case")
    AGREEMENT = "agreement", _("Compensation agreement")


class Compensation(Coded, InsertOnly):
    """One purchase as substitute restoration. The party is masked; the public sees sums only (R6.8)."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="compensations")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    case_number = models.CharField(max_length=80)
    case_kind = models.CharField(max_length=10, choices=CaseKind)
    authority = models.CharField(max_length=160)
    party = models.CharField(max_length=80)
    method = models.CharField(max_length=200)
    lost_t = QuantityField()
    quantity = models.BigIntegerField()
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("case_kind", CaseKind),
            positive("quantity"),
            positive("lost_t"),
            # Whole units cover the loss, rounded up and no further (R6.9).
            models.CheckConstraint(
                condition=Q(quantity__gte=F("lost_t")) & Q(quantity__lt=F("lost_t") + 1),
                name="offsets_compensation_covers",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def excess_t(self):
        """What the whole units exceed the loss by."""
        return self.quantity - self.lost_t
