"""Corrections of what is written about a project: who, when, why, and what stood there before."""

from django.db import models

from neutrality.appendonly import InsertOnly
from neutrality.constraints import positive
from neutrality.offsets.models.registries import Project


class ProjectAmendment(InsertOnly):
    """One correction by a registry operator. `changes`: field -> [what stood, what stands now]; days as ISO."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    changes = models.JSONField()
    reason = models.CharField(max_length=1000)
    body = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    amended_at = models.DateTimeField()
    amended_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="offsets_projectamendment_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="offsets_projectamendment_reason"),
            positive("number"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"
