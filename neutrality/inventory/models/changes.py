"""What a measure does to lines of the estimate, so that the engine can be run with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from neutrality import fields
from neutrality.activities.models import Measure
from neutrality.constraints import one_of, positive
from neutrality.inventory.models.factors import FactorVersion
from neutrality.inventory.rules import whatif


class Change(models.Model):
    """One change of one line, named by its key, which lives on in later versions. Replaced with the others of its
    measure while that is a draft; what a published plan rests on stays."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="changes")
    line_key = models.CharField(max_length=36)
    way = models.CharField(max_length=6)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = fields.QuantityField(null=True)  # in the unit of the line
    factor_version = models.ForeignKey(FactorVersion, models.PROTECT, null=True, related_name="+")
    ratio = fields.QuantityField(default=1)  # how many of the new unit stand for one of the old
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["measure", "pk"]
        constraints = [
            one_of("way", whatif.Way),
            positive("percent"),
            positive("amount"),
            positive("ratio"),
            models.UniqueConstraint(fields=["measure", "line_key", "way"], name="inventory_change_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="inventory_change_at_most_all"
            ),
            models.CheckConstraint(
                condition=Q(way="amount", amount__isnull=False)
                | Q(way="share", percent__isnull=False)
                | Q(way="move", percent__isnull=False, factor_version__isnull=False)
                | Q(way="factor", factor_version__isnull=False),
                name="inventory_change_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.way}"

    @property
    def facts(self) -> whatif.Change:
        """The change for the pure rules."""
        return whatif.Change(
            measure=self.measure.number,
            line=self.line_key,
            way=whatif.Way(self.way),
            percent=self.percent,
            amount=self.amount,
            factor=self.factor_version.facts if self.factor_version is not None else None,
            ratio=self.ratio,
        )
