"""Files. Insert-only; publishing one is the only thing that may be added later."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from neutrality.appendonly import InsertOnly
from neutrality.constraints import one_of, paired, positive
from neutrality.evidence.rules import MEDIA_TYPES


class File(InsertOnly):
    """One deposited file: what it is called, what it is, whose it is, and the SHA-256 of its bytes as hex."""

    may_set = ("published_at", "published_by_id")

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    owner_code = models.CharField(max_length=18)
    deposited_at = models.DateTimeField()
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-deposited_at", "-pk")
        indexes = [models.Index(fields=["digest"], name="evidence_file_digest")]
        constraints = [
            models.UniqueConstraint(fields=["owner_code", "digest"], name="evidence_file_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="evidence_file_digest_form"),
            one_of("media_type", MEDIA_TYPES.values()),
            positive("size"),
            paired("published"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public(self) -> bool:
        """Whether anyone may read it."""
        return self.published_at is not None
