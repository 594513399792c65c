"""Places, transfers, lots. Lots are written by the database alone (migration 0002_guards)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from neutrality.appendonly import InsertOnly
from neutrality.constraints import positive


class Place(InsertOnly):
    """Where units can lie: `held:<owner>`, `retired:<activity>`, `void:`. An ending place is left only for `void:`."""

    code = models.CharField(max_length=120, unique=True)
    ending = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Transfer(InsertOnly):
    """A span of numbered units moved from one place to another. Issuing is a transfer too, from `issued:`."""

    number = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)  # one key may move several spans
    asked = models.CharField(max_length=64)  # digest of what the key asked for
    reason = models.CharField(max_length=60)
    event_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(Place, models.PROTECT, related_name="departures")
    target = models.ForeignKey(Place, models.PROTECT, related_name="arrivals")
    span = BigIntegerRangeField()
    quantity = models.PositiveBigIntegerField()
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")

    again = False  # not a column: the verb was asked before under this key, and this is what it did then

    class Meta:
        ordering = ("number",)
        indexes = [GistIndex(fields=["span"], name="ledger_transfer_span")]
        constraints = [
            models.UniqueConstraint(fields=["key", "position"], name="ledger_transfer_key"),
            positive("quantity"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ledger_transfer_moves"),
            models.CheckConstraint(
                condition=Q(span__endswith=F("span__startswith") + F("quantity")), name="ledger_transfer_span_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first}-{self.last} {self.source_id} -> {self.target_id}"

    @property
    def first(self) -> int:
        """First number moved."""
        return self.span.lower

    @property
    def last(self) -> int:
        """Last number moved, inclusive."""
        return self.span.upper - 1


class Lot(models.Model):
    """Where a span lies now. No two lots share a number."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="lots", db_index=False)  # first in the index below
    span = BigIntegerRangeField()

    class Meta:
        ordering = ("span",)
        indexes = [models.Index(F("place"), F("span__startswith"), name="ledger_lot_by_place")]
        constraints = [
            ExclusionConstraint(name="ledger_lot_one_place", expressions=[("span", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(condition=Q(span__isempty=False), name="ledger_lot_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.place_id}"
