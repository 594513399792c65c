"""Scores and entries: insert-only, each with the policy and the case it rests on."""

from functools import cached_property

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded
from neutrality.constraints import in_order, one_of
from neutrality.oversight.models import person
from neutrality.standing import rules
from neutrality.wording import pick


class Policy(InsertOnly):
    """A dated public method. The one in force is the newest not after the day."""

    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    content = models.JSONField()
    published_at = models.DateTimeField()
    published_by = person(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["code", "version"], name="standing_policy_version")]
        ordering = ["effective_on", "version"]
        verbose_name_plural = "policies"

    def __str__(self):
        return f"{self.code} {self.version}"

    @cached_property
    def rules(self) -> rules.Policy:
        return rules.read_policy(self.content)


class Score(InsertOnly):
    """Points of an organization on a day under a policy, with the facts they come from (V36)."""

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="scores")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="scores")
    scored_on = models.DateField()
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    facts = models.JSONField()
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organization", "scored_on", "policy"], name="standing_scored_once_a_day"),
            CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="standing_score_range"),
        ]
        ordering = ["scored_on", "pk"]


class Watch(models.Model):
    """When an organization was last looked at, so that the sweeper finds who is due."""

    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="+")
    looked_on = models.DateField()


class Listing(Coded, InsertOnly):
    """An entry of the green or the black list, as a second person decided it."""

    number = models.CharField(max_length=20, unique=True)
    list = models.CharField(max_length=5)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="listings")
    subject_code = models.CharField(max_length=18)
    subject_name_zh = models.CharField(max_length=200)
    subject_name_en = models.CharField(max_length=200, blank=True)
    case = models.OneToOneField("oversight.Case", models.PROTECT, related_name="listing")
    decision = models.OneToOneField("oversight.Step", models.PROTECT, related_name="listing")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="listings")
    grade = models.CharField(max_length=8, blank=True)
    violation = models.CharField(max_length=3, blank=True)
    fact_zh = models.TextField()
    fact_en = models.TextField(blank=True)
    basis_zh = models.TextField()
    basis_en = models.TextField(blank=True)
    document = models.CharField(max_length=100)
    authority_zh = models.CharField(max_length=200)
    authority_en = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField()
    starts_on = models.DateField()
    minimum_until = models.DateField(null=True)
    repair_from = models.DateField()
    last_on = models.DateField()
    public = models.BooleanField()
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("list", rules.List),
            one_of("grade", rules.Class, blank=True),
            one_of("violation", rules.Violation, blank=True),
            in_order("starts_on", "last_on"),
            CheckConstraint(
                condition=Q(list=rules.List.GREEN, grade="", violation="")
                | Q(list=rules.List.BLACK) & ~Q(grade="") & ~Q(violation="") & ~Q(basis_zh=""),
                name="standing_listing_black_has_class_and_basis",
            ),
        ]
        indexes = [models.Index(fields=["list", "starts_on", "last_on"], name="standing_listing_days")]
        ordering = ["-starts_on", "pk"]

    def __str__(self):
        return self.number

    @property
    def subject_name(self) -> str:
        return pick(self.subject_name_zh, self.subject_name_en)

    @property
    def fact(self) -> str:
        return pick(self.fact_zh, self.fact_en)

    @property
    def basis(self) -> str:
        return pick(self.basis_zh, self.basis_en)

    @property
    def authority(self) -> str:
        return pick(self.authority_zh, self.authority_en)

    @property
    def term(self) -> rules.Term:
        return rules.Term(self.starts_on, self.minimum_until, self.repair_from, self.last_on, self.public)


class EndingReason(models.TextChoices):
    REPAIRED = "repaired"
    REVERSED = "reversed"


class Ending(InsertOnly):
    """An entry ended before its last day: from `ended_on` it is shown nowhere."""

    listing = models.OneToOneField(Listing, models.PROTECT, related_name="ending")
    reason = models.CharField(max_length=8)
    case = models.ForeignKey("oversight.Case", models.PROTECT, related_name="endings")
    ended_on = models.DateField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [one_of("reason", EndingReason)]
        ordering = ["pk"]
