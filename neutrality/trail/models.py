"""Entries and checkpoints. Both are insert-only."""

from django.db import models
from django.db.models import Q

from neutrality.appendonly import InsertOnly
from neutrality.trail import rules

VERB_FORM = r"^[a-z]+\.[a-z_]+$"


class Entry(InsertOnly):
    """One act. The tree covers `fact()`; of the content it covers a salted digest, so that what must stay private can
    be proven later without being printed here."""

    number = models.PositiveBigIntegerField(primary_key=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    by = models.UUIDField(null=True)  # public_id of the person; empty: the portal itself
    at = models.DateTimeField()
    content = models.JSONField(default=dict)
    public = models.BooleanField(default=False)
    salt = models.CharField(max_length=32)
    nodes = models.BinaryField()  # hashes of the complete subtrees that end here, 32 bytes each, smallest first

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["subject", "number"], name="trail_entry_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="trail_entry_number_from_one"),
            models.CheckConstraint(condition=Q(verb__regex=VERB_FORM), name="trail_entry_verb_form"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"

    def fact(self) -> rules.Fact:
        """What the leaf is made of."""
        commitment = rules.commitment(self.salt, self.content)
        by = str(self.by) if self.by else None
        return rules.Fact(self.number, self.verb, self.subject, by, self.at, commitment)

    @property
    def leaf(self) -> str:
        """The leaf hash, as hex."""
        return bytes(self.nodes)[: rules.SIZE].hex()


class Checkpoint(InsertOnly):
    """The tree after `size` entries."""

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("size",)

    def __str__(self) -> str:
        return f"{self.size} {self.root}"
