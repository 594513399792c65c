"""Lists of participants on their way into a draft: who handed what in, how far it is, what it asks, what it came to."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from neutrality.activities.models import Activity
from neutrality.constraints import one_of
from neutrality.inventory import rules


class RosterQuerySet(models.QuerySet):
    def open(self):
        """Those that have not ended."""
        return self.filter(state__in=rules.OPEN)


class Roster(models.Model):
    """One list. While it is open its bytes rest in the waiting room under `key`; afterwards only what it came to stays:
    sums, groups of five and more, rows without names. `findings` are questions and faults, the worst first."""

    key = models.UUIDField(unique=True)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="rosters")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=9, default=rules.RosterState.WAITING.value)
    stage = models.CharField(max_length=8, default=rules.RosterStage.ARRIVED.value)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    venue = models.CharField(max_length=100)
    infer = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    found = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    kinds = models.BinaryField(blank=True, default=b"")
    rows = models.BinaryField(blank=True, default=b"")
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        ordering = ["-handed_in_at", "-pk"]
        constraints = [
            one_of("kind", rules.Kind),
            one_of("state", rules.RosterState),
            one_of("stage", rules.RosterStage),
            models.UniqueConstraint(
                fields=["activity", "kind"],
                condition=Q(state__in=[state.value for state in rules.OPEN]),
                name="inventory_roster_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=[state.value for state in rules.OPEN])
                | Q(ended_at__isnull=False, name="") & ~Q(state__in=[state.value for state in rules.OPEN]),
                name="inventory_roster_ended_keeps_no_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.code} {self.kind} {self.key}"

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def percent(self) -> int:
        """How far it is."""
        return rules.PERCENT[rules.RosterStage(self.stage)]
