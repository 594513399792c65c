"""Units somebody else has a right in: pledged to a lender, or frozen by order. Locked units cannot be used (R3.29a)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, paired, positive
from neutrality.offsets.models.registries import Block


class LockKind(models.TextChoices):
    PLEDGED = "pledged", _("Pledged")
    FROZEN = "frozen", _("Frozen by order")


class Lock(Coded, InsertOnly):
    """Who holds the lock, since when, on what basis; it ends once, by whoever holds it. Its units lie in its place."""

    may_set = ("released_at", "released_by_id", "release_note")

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=LockKind)
    block = models.ForeignKey(Block, models.PROTECT, related_name="locks")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    holder = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    basis = models.CharField(max_length=500)
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    release_note = models.CharField(max_length=500, null=True, blank=True)  # set once, so empty is null

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("kind", LockKind),
            positive("quantity"),
            paired("released"),
            models.CheckConstraint(condition=~Q(owner=F("holder")), name="offsets_lock_two_sides"),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="offsets_lock_owner"),
            models.Index(fields=["holder", "-id"], name="offsets_lock_holder"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def code(self) -> str:
        """How the ledger's place of the lock names it."""
        return self.number

    @property
    def name(self) -> str:
        """Whose units they are; the other side stands on the lock's own page."""
        return self.owner.name
