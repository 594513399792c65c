"""Two projects of two registries that may be one: found by the rules, decided by a person, and never by a score."""

from django.db import models
from django.db.models import F, Q

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.offsets.models.registries import Project


class Twin(Coded, InsertOnly):
    """A pair the rules found likely, with its points and reasons as they were then. `first` has the smaller key."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    first = models.ForeignKey(Project, models.PROTECT, related_name="+")
    second = models.ForeignKey(Project, models.PROTECT, related_name="+")
    points = models.SmallIntegerField()
    reasons = models.JSONField()
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="offsets_twin_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="offsets_twin_in_order"),
        ]

    def __str__(self) -> str:
        return self.number


class TwinDecision(InsertOnly):
    """What a registry operator decided, with the reason. The newest decision of a pair stands."""

    twin = models.ForeignKey(Twin, models.PROTECT, related_name="decisions")
    same = models.BooleanField()
    reason = models.CharField(max_length=1000)
    body = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.twin_id} {self.same}"
