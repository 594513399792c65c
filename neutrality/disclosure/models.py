"""Plans, statements, withdrawals, reviews. What is published is never changed; what is said about it is computed."""

import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from neutrality.activities.models import Activity
from neutrality.appendonly import InsertOnly, InsertOnlyQuerySet
from neutrality.codes import Coded
from neutrality.inventory.models import Inventory
from neutrality.trail.rules import canonical, digest


def person(**options: Any) -> models.ForeignKey:
    """The user who did it."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class Published(Coded, InsertOnly):
    """A snapshot under a public number: its canonical text, the digest of exactly these bytes, its predecessor."""

    number = models.CharField(max_length=12, unique=True)
    key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = person()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="%(class)s_digest_form"),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def content(self) -> dict[str, Any]:
        """The frozen snapshot; amounts are strings."""
        return json.loads(self.text)

    def recoded(self) -> None:
        """The snapshot holds its number."""
        self.__dict__.pop("content", None)
        data = canonical(self.content | {"number": self.number})
        self.__dict__.pop("content")
        self.text, self.digest = data.decode(), digest(data)


class Plan(Published):
    """The published plan of an activity (R1.10, R1.12)."""

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="plan")
    estimate = models.OneToOneField(Inventory, models.PROTECT, related_name="plan")

    class Meta(Published.Meta):
        ordering = ("-published_at", "-pk")


class StatementQuerySet(InsertOnlyQuerySet):
    def newest(self) -> "StatementQuerySet":
        """The last one of each activity: those without a successor."""
        return self.filter(successor__isnull=True)


class Statement(Published):
    """A published statement of account (R1.36). A correction is a new statement that names the one it replaces."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="statements")
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="statements")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    correction = models.CharField(max_length=1000, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta(Published.Meta):
        ordering = ("-published_at", "-pk")
        constraints = [
            *Published.Meta.constraints,
            # One chain per activity: one beginning, one successor each (V21).
            models.UniqueConstraint(
                fields=["activity"], condition=Q(replaces__isnull=True), name="disclosure_statement_one_beginning"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(correction=""), name="disclosure_statement_says_why"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")), name="disclosure_statement_not_itself"
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="disclosure_statement_newest")]


class Withdrawal(InsertOnly):
    """A statement taken back, with its reason; it stays readable. `basis` names a decision, if one stands behind it."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000)
    basis = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField()
    withdrawn_by = person()

    class Meta:
        ordering = ("withdrawn_at", "pk")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disclosure_withdrawal_says_why")]

    def __str__(self) -> str:
        return f"{self.statement} withdrawn"


class Review(InsertOnly):
    """An activity's claim is being looked at because of a case (`basis`, its number); ended when that is decided."""

    may_set = ("ended_at", "ended_by_id")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="reviews")
    basis = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000)
    opened_at = models.DateTimeField()
    opened_by = person(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = person(null=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "basis"], condition=Q(ended_at__isnull=True), name="disclosure_review_once"
            ),
            # The clock may end a review too: a person without a moment is impossible, a moment without a person is not.
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="disclosure_review_ended_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.basis}"
