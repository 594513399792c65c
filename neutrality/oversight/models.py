"""Cases and what happened in them. Every row is insert-only: the state of a case is that of its last step."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, OuterRef, Q, Subquery, UniqueConstraint

from neutrality.appendonly import InsertOnly, InsertOnlyQuerySet
from neutrality.codes import Coded
from neutrality.constraints import one_of, paired
from neutrality.oversight.rules import DECISIONS, FINAL, Act, ClockFault, Kind, State
from neutrality.wording import pick


def person(**options):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class CaseQuerySet(InsertOnlyQuerySet):
    def with_state(self):
        """Each case with `state`, `due_on`, `moved_at` of its last step."""
        last = Step.objects.filter(case=OuterRef("pk")).order_by("-position")
        return self.annotate(
            state=Subquery(last.values("state")[:1]),
            due_on=Subquery(last.values("due_on")[:1]),
            moved_at=Subquery(last.values("at")[:1]),
        )

    def pending(self):
        return self.with_state().exclude(state__in=FINAL)


class Case(Coded, InsertOnly):
    """One matter: what it is about, when it came up, who is concerned."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=200, unique=True)
    region_code = models.CharField(max_length=6)
    subject = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="cases")
    subject_code = models.CharField(max_length=18)
    subject_name_zh = models.CharField(max_length=200)
    subject_name_en = models.CharField(max_length=200, blank=True)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, null=True, related_name="cases")
    inventory = models.ForeignKey("inventory.Inventory", models.PROTECT, null=True, related_name="cases")
    statement_number = models.CharField(max_length=40, blank=True)
    figure = models.CharField(max_length=60, blank=True)
    content = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    opened_by = person(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind),
            CheckConstraint(condition=~Q(kind=Kind.REVIEW, inventory=None), name="oversight_review_has_inventory"),
            CheckConstraint(
                condition=~Q(kind=Kind.CHALLENGE, statement_number=""), name="oversight_challenge_has_statement"
            ),
        ]
        indexes = [models.Index(fields=["kind", "region_code"], name="oversight_kind_region")]
        ordering = ["opened_at", "pk"]

    def __str__(self):
        return self.number

    @property
    def subject_name(self) -> str:
        return pick(self.subject_name_zh, self.subject_name_en)


class Step(InsertOnly):
    """One act in a case. `prepared_by` names whose proposal a decision is about: never the decider's own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = person(null=True)
    prepared_by = person(null=True)
    due_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    public_text = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    file = models.ForeignKey("evidence.File", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            one_of("act", Act),
            one_of("state", State),
            UniqueConstraint(fields=["case", "position"], name="oversight_step_position"),
            UniqueConstraint(fields=["case"], condition=Q(act=Act.DECIDE), name="oversight_decided_once"),
            CheckConstraint(
                condition=~Q(act__in=DECISIONS)
                | Q(by__isnull=False, prepared_by__isnull=False) & ~Q(by=F("prepared_by")),
                name="oversight_step_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["case", "-position"], name="oversight_last_step")]
        ordering = ["case", "position"]


class Exhibit(InsertOnly):
    """One piece of evidence of a case; a row that `withdraws` another takes it back."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="exhibits")
    subject_code = models.CharField(max_length=18)
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    file = models.ForeignKey("evidence.File", models.PROTECT, null=True, related_name="+")
    withdraws = models.OneToOneField("self", models.PROTECT, null=True, related_name="withdrawn")
    reason = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = person(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="oversight_exhibit_has_digest"),
        ]
        ordering = ["pk"]


class Voice(InsertOnly):
    """One challenge as somebody wrote it. Never public; `network` is a keyed digest of the day, to hold the rate."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="voices")
    key = models.CharField(max_length=64, unique=True)
    figure = models.CharField(max_length=60)
    text = models.TextField()
    network = models.CharField(max_length=64)
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["network", "said_at"], name="oversight_voice_network")]
        ordering = ["pk"]


class Contact(models.Model):
    """Who wants to hear of the outcome: kept apart from the voice, so that it can be erased."""

    voice = models.OneToOneField(Voice, models.PROTECT, related_name="contact")
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)


class Beat(InsertOnly):
    """One look at the clocks. A doubtful one stops settling until an officer confirms the time (T59)."""

    may_set = ("confirmed_at", "confirmed_by_id")

    wall_at = models.DateTimeField()
    database_at = models.DateTimeField()
    boot = models.CharField(max_length=64)
    uptime_s = models.BigIntegerField()
    fault = models.CharField(max_length=10, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = person(null=True)

    class Meta:
        constraints = [one_of("fault", ClockFault, blank=True), paired("confirmed")]
        ordering = ["pk"]
