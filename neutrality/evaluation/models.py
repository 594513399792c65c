"""Who confirmed what, for which digest."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded
from neutrality.constraints import one_of, paired
from neutrality.evaluation.checks import Code, Severity
from neutrality.evaluation.rules import Opinion, State, Verdict
from neutrality.fields import KgField
from neutrality.wording import pick

DIGEST_LENGTH = 64


def person(**options):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class SelfCommitment(Coded, InsertOnly):
    """The organizer checked itself against the guide and answers for the truth of one inventory (R1.33)."""

    may_set = ("withdrawn_at", "withdrawn_by_id", "withdrawal_reason")

    number = models.CharField(max_length=20, unique=True)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="self_commitments")
    inventory = models.ForeignKey("inventory.Inventory", models.PROTECT, related_name="self_commitments")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    affirmed = models.JSONField()
    signatory = models.CharField(max_length=100)
    committed_at = models.DateTimeField()
    committed_by = person()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = person(null=True)
    withdrawal_reason = models.TextField(null=True)

    class Meta:
        constraints = [
            paired("withdrawn"),
            UniqueConstraint(
                fields=["inventory"], condition=Q(withdrawn_at__isnull=True), name="evaluation_one_commitment_stands"
            ),
        ]
        ordering = ["committed_at", "pk"]


class Assignment(Coded):
    """An evaluator invited to judge one activity, and its declaration of independence (R1.34, R1.35)."""

    coded = "code"
    code = models.CharField(max_length=20, unique=True)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="assignments")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, default=State.INVITED)
    message = models.TextField(blank=True)
    invited_at = models.DateTimeField()
    invited_by = person()
    declared = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = person(null=True)
    declined_at = models.DateTimeField(null=True)
    declined_by = person(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = person(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("state", State),
            paired("invited"),
            paired("accepted"),
            paired("declined"),
            paired("withdrawn"),
            UniqueConstraint(
                fields=["activity", "organization"],
                condition=Q(state__in=[State.INVITED, State.ACCEPTED]),
                name="evaluation_one_open_assignment",
            ),
        ]
        ordering = ["invited_at", "pk"]

    def __str__(self):
        return self.code


class LineFinding(InsertOnly):
    """What the evaluator found about one line; the newest about a line counts."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="line_findings")
    inventory = models.ForeignKey("inventory.Inventory", models.PROTECT, related_name="line_findings")
    position = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    difference_kg = KgField(null=True)
    found_at = models.DateTimeField()
    found_by = person()

    class Meta:
        constraints = [
            one_of("verdict", Verdict),
            CheckConstraint(condition=Q(verdict=Verdict.AGREED) | ~Q(text=""), name="evaluation_linefinding_says_why"),
        ]
        indexes = [models.Index(fields=["assignment", "inventory", "position", "-id"], name="evaluation_line_newest")]
        ordering = ["pk"]


class Evaluation(Coded, InsertOnly):
    """A signed opinion about exactly one digest (V19)."""

    number = models.CharField(max_length=20, unique=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="evaluations")
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="evaluations")
    inventory = models.ForeignKey("inventory.Inventory", models.PROTECT, related_name="evaluations")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    opinion = models.CharField(max_length=12)
    conclusion_zh = models.TextField(blank=True)
    conclusion_en = models.TextField(blank=True)
    declared = models.JSONField()
    findings = models.JSONField()
    report = models.ForeignKey("evidence.File", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    signed_by = person()

    class Meta:
        constraints = [
            one_of("opinion", Opinion),
            UniqueConstraint(fields=["assignment", "inventory"], name="evaluation_one_opinion_per_inventory"),
            CheckConstraint(
                condition=~Q(conclusion_zh="", conclusion_en=""), name="evaluation_evaluation_has_conclusion"
            ),
        ]
        ordering = ["signed_at", "pk"]

    @property
    def conclusion(self) -> str:
        return pick(self.conclusion_zh, self.conclusion_en)


class Check(InsertOnly):
    """The automatic checks looked at this inventory, with this version of their tables: once."""

    inventory = models.ForeignKey("inventory.Inventory", models.PROTECT, related_name="checks")
    version = models.PositiveSmallIntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["inventory", "version"], name="evaluation_checked_once")]
        ordering = ["pk"]


class Finding(InsertOnly):
    """One question the automatic checks ask. It judges nobody."""

    check_run = models.ForeignKey(Check, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=30)
    severity = models.CharField(max_length=10)
    line = models.PositiveIntegerField(null=True)
    params = models.JSONField(default=dict)

    class Meta:
        constraints = [one_of("code", Code), one_of("severity", Severity)]
        ordering = ["pk"]
