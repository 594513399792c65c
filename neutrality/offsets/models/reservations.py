"""Units set aside for one activity, for a time: nobody else uses them, and they return to their owner exactly once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, positive
from neutrality.offsets.models.registries import Block


class Ending(models.TextChoices):
    USED = "used", _("used for the activity")
    RELEASED = "released", _("released by the owner")
    EXPIRED = "expired", _("expired")


class Reservation(Coded, InsertOnly):
    """What lies in its place is set aside until `expires_on` is over. It ends once: used, released, or by the clock,
    which is nobody in particular."""

    may_set = ("ended_at", "ended_by_id", "ending")

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="reservations")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="reservations")
    quantity = models.BigIntegerField()
    expires_on = models.DateField()
    reserved_at = models.DateTimeField()
    reserved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, null=True, blank=True)  # set once, so empty is null

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("ending", Ending),
            positive("quantity"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ending__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=True, ending="expired")
                | Q(ended_at__isnull=False, ended_by__isnull=False, ending__in=["used", "released"]),
                name="offsets_reservation_ended_by_somebody_or_the_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "-id"], name="offsets_reservation_activity"),
            models.Index(fields=["owner", "-id"], name="offsets_reservation_owner"),
            models.Index(fields=["expires_on"], condition=Q(ended_at__isnull=True), name="offsets_reservation_running"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def code(self) -> str:
        """How the ledger's place of the reservation names it."""
        return self.number

    @property
    def name(self) -> str:
        """Whose units they are."""
        return self.owner.name


class Clearance(Coded, InsertOnly):
    """A dated certificate that units lay free with their owner: neither pledged, frozen nor reserved. It says so of its
    own moment only; the first move of any of its units makes it no longer current."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="clearances")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    reader = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.BigIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    seen = models.BigIntegerField()
    """The number of the last transfer that touched these units before the certificate."""
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            positive("quantity"),
            models.CheckConstraint(
                condition=Q(reader__isnull=True) | ~Q(reader=F("owner")), name="offsets_clearance_for_another"
            ),
        ]
        indexes = [models.Index(fields=["reader", "-id"], name="offsets_clearance_reader")]

    def __str__(self) -> str:
        return self.number

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The units, in the house's own numbers."""
        return [(first, last) for first, last in self.content["units"]]
