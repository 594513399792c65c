"""What was cancelled for an activity, how it is proved, and what was later found void."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import in_order, one_of, paired, positive
from neutrality.offsets.models.registries import Block, Project, SerialLine, UnitKind


class PurposeChoice(models.TextChoices):
    EVENT = "event", _("Neutrality of an activity")
    ORGANISATION = "organisation", _("Offsetting an organization's emissions")
    COMPLIANCE = "compliance", _("Compliance clearing")
    JUDICIAL = "judicial", _("Judicial purchase")
    COMPENSATION = "compensation", _("Compensation of ecological damage")
    PUBLIC_BENEFIT = "public_benefit", _("Public benefit")


class DocumentChoice(models.TextChoices):
    REGISTRY_CERTIFICATE = "registry_certificate", _("Cancellation certificate of the registry")
    REGISTRY_RECORD = "registry_record", _("Public cancellation record of the registry")
    ATTESTATION = "attestation", _("Attestation of the registry's administrator")
    HONOUR_CERTIFICATE = "honour_certificate", _("Honour or donation certificate")
    EXCHANGE_RECEIPT = "exchange_receipt", _("Receipt of an exchange")


class Way(models.TextChoices):
    HOUSE = "house", _("Cancelled here")
    OUTSIDE = "outside", _("Cancelled in its registry, proof checked")


class ProofState(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for the check")
    CHECKED = "checked", _("Checked")
    REJECTED = "rejected", _("Rejected")


class VoidReason(models.TextChoices):
    INVALID = "invalid", _("False data")
    OVER_ISSUED = "over_issued", _("Issued too much")
    REVERSED = "reversed", _("Cancellation reversed by the registry")
    BURNT = "burnt", _("Forest lost")


class VoidState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Dropped")


class Proof(Coded):
    """A cancellation made in an outside registry, with everything a certificate must show (R3.3, R3.38)."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="proofs")
    kind = models.ForeignKey(UnitKind, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    project_id_text = models.CharField(max_length=40, blank=True)
    project_name = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    vintage_start = models.DateField()
    vintage_end = models.DateField()
    serial = models.CharField(max_length=200, blank=True)
    line = models.ForeignKey(SerialLine, models.PROTECT, null=True, blank=True, related_name="+")
    numbers = BigIntegerRangeField(null=True, blank=True)
    quantity = models.BigIntegerField()
    certificate_number = models.CharField(max_length=80, blank=True)
    cancelled_on = models.DateField()
    account_holder = models.CharField(max_length=200)
    beneficiary = models.CharField(max_length=300)
    stated_purpose = models.CharField(max_length=20, choices=PurposeChoice)
    document_kind = models.CharField(max_length=24, choices=DocumentChoice)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=1000, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ProofState, default=ProofState.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", ProofState),
            one_of("stated_purpose", PurposeChoice),
            one_of("document_kind", DocumentChoice),
            positive("quantity"),
            paired("decided"),
            in_order("vintage_start", "vintage_end"),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False)),
                name="offsets_proof_decided_or_waiting",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="offsets_proof_second_person",
            ),
            models.CheckConstraint(condition=~Q(serial="", certificate_number=""), name="offsets_proof_has_a_number"),
            # One file, one certificate, one serial run: one activity (V7, R3.4). A rejected proof frees them.
            models.UniqueConstraint(fields=["digest"], condition=~Q(state="rejected"), name="offsets_proof_file_once"),
            models.UniqueConstraint(
                fields=["kind", "certificate_number"],
                condition=~Q(state="rejected") & ~Q(certificate_number=""),
                name="offsets_proof_certificate_once",
            ),
            ExclusionConstraint(
                name="offsets_proof_numbers_once",
                expressions=[("numbers", RangeOperators.OVERLAPS)],
                condition=~Q(state="rejected") & Q(numbers__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="offsets_proof_queue"),
            models.Index(fields=["activity", "id"], name="offsets_proof_activity"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def names(self) -> list[str]:
        """What a certificate may call its beneficiary: the activity or its organizer (R3.31)."""
        activity, organization = self.activity, self.activity.organization
        return [activity.name_zh, activity.name_en, organization.name_zh, organization.name_en, organization.code]


class Retirement(Coded, InsertOnly):
    """One run of units cancelled for one activity: the meaning of one transfer into `retired:<activity>`."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    transfer = models.OneToOneField("ledger.Transfer", models.PROTECT, related_name="retirement")
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="retirements")
    block = models.ForeignKey(Block, models.PROTECT, related_name="retirements")
    holder = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+")
    span = BigIntegerRangeField()
    quantity = models.BigIntegerField()
    serial = models.CharField(max_length=250)
    purpose = models.CharField(max_length=20, choices=PurposeChoice)
    beneficiary = models.CharField(max_length=300)
    donor = models.CharField(max_length=200, blank=True)
    cancelled_on = models.DateField()
    family = models.CharField(max_length=20)
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=1000, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    proof = models.ForeignKey(Proof, models.PROTECT, null=True, blank=True, related_name="retirements")
    certificate_number = models.CharField(max_length=80, blank=True)
    act = models.CharField(max_length=64)
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("way", Way),
            one_of("purpose", PurposeChoice),
            positive("quantity"),
            ExclusionConstraint(name="offsets_retirement_once", expressions=[("span", RangeOperators.OVERLAPS)]),
            # Judicial, compliance and other uses never stand behind a claim (R3.5, R6.7).
            models.CheckConstraint(
                condition=Q(purpose__in=["event", "organisation"]), name="offsets_retirement_for_a_claim"
            ),
            models.CheckConstraint(
                condition=Q(way="house", proof__isnull=True) | Q(way="outside", proof__isnull=False),
                name="offsets_retirement_proof_if_outside",
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "id"], name="offsets_retirement_activity"),
            models.Index(fields=["block", "id"], name="offsets_retirement_block"),
            models.Index(fields=["beneficiary", "id"], name="offsets_retirement_named"),
            models.Index(
                fields=["certificate_number"],
                condition=~Q(certificate_number=""),
                name="offsets_retirement_certificate",
            ),
            models.Index(fields=["act"], name="offsets_retirement_act"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def first(self) -> int:
        return int(self.span.lower)

    @property
    def last(self) -> int:
        return int(self.span.upper) - 1


class VoidNotice(Coded):
    """A registry operator found a run of a block to be false; a second person confirms before anything moves (V4)."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, related_name="void_notices")
    span = BigIntegerRangeField()
    quantity = models.BigIntegerField()
    serial = models.CharField(max_length=250)
    reason = models.CharField(max_length=12, choices=VoidReason)
    explanation = models.CharField(max_length=2000)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    found_on = models.DateField()
    state = models.CharField(max_length=10, choices=VoidState, default=VoidState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", VoidState),
            one_of("reason", VoidReason),
            positive("quantity"),
            paired("decided"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="offsets_void_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class VoidedPart(InsertOnly):
    """One run a confirmed notice moved to `void:`, with the retirement it had been used for, if any."""

    notice = models.ForeignKey(VoidNotice, models.PROTECT, related_name="parts")
    retirement = models.ForeignKey(Retirement, models.PROTECT, null=True, blank=True, related_name="voided_parts")
    transfer = models.OneToOneField("ledger.Transfer", models.PROTECT, related_name="+")
    span = BigIntegerRangeField()
    quantity = models.BigIntegerField()
    found_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            positive("quantity"),
            ExclusionConstraint(name="offsets_voided_once", expressions=[("span", RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.span}"
