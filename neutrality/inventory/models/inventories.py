"""Inventories: a draft is edited, a submitted one is frozen with its results and its sealed dossier."""

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from neutrality import fields
from neutrality.activities.models import Activity
from neutrality.appendonly import InsertOnly
from neutrality.constraints import in_order, not_negative, one_of, paired
from neutrality.evidence.models import File
from neutrality.inventory import rules
from neutrality.inventory.models.factors import FactorVersion
from neutrality.refusals import Refusal
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.rules import SourceCode


class NoTotal(Refusal):
    code = "no_total"
    message = _("This inventory has no total yet. Submit it first; what units have to cover follows from the total.")


class InventoryQuerySet(models.QuerySet):
    def submitted(self):
        """Those that stand."""
        return self.filter(state=rules.State.SUBMITTED)

    def drafts(self):
        return self.filter(state=rules.State.DRAFT)

    def of(self, activity, kind):
        """All versions of one kind, newest first."""
        return self.filter(activity=activity, kind=kind).order_by("-version")

    def with_cover(self):
        """With what their `cover` asks for, in the same query."""
        chosen = CoverChoice.objects.filter(activity=OuterRef("activity")).order_by("-pk").values("level")[:1]
        level = Coalesce(Subquery(chosen), Value(rules.CoverLevel.MEAN.value))
        return self.annotate(cover_level=level).select_related("simulation")


class Inventory(models.Model):
    """One version of an activity's estimate or actual figures (R1.12, R1.14). `edition` counts the saves of a draft."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="inventories")
    kind = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, default=rules.State.DRAFT.value)
    edition = models.PositiveIntegerField(default=0)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    correction_reason = models.CharField(max_length=300, blank=True)
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+")
    gwp_set = models.CharField(max_length=8, default=rules.GWP_DEFAULT.value)
    partial = models.BooleanField(default=False)
    total_kg = fields.KgField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.CharField(max_length=1000, blank=True)

    objects = InventoryQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "kind", "version"]
        constraints = [
            one_of("kind", rules.Kind),
            one_of("state", rules.State),
            one_of("gwp_set", rules.GWP_CHOICES),
            paired("submitted"),
            paired("returned"),
            not_negative("total_kg"),
            models.UniqueConstraint(fields=["activity", "kind", "version"], name="inventory_version_once"),
            models.UniqueConstraint(
                fields=["activity", "kind"], condition=Q(state=rules.State.DRAFT.value), name="inventory_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state=rules.State.DRAFT.value, submitted_at__isnull=True, total_kg__isnull=True, digest="")
                | Q(submitted_at__isnull=False, total_kg__isnull=False)
                & ~Q(state=rules.State.DRAFT.value)
                & ~Q(digest=""),
                name="inventory_frozen_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state=rules.State.RETURNED.value, returned_at__isnull=False)
                | Q(returned_at__isnull=True) & ~Q(state=rules.State.RETURNED.value),
                name="inventory_returned_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.code} {self.kind} {self.version}"

    @property
    def cover(self) -> rules.Cover:
        """What units have to cover if this inventory stands (F8). Raises NoTotal for a draft: nobody owes nothing
        because nobody has added up yet."""
        if self.total_kg is None:
            raise NoTotal
        level = getattr(self, "cover_level", None)
        if level is None:
            chosen = CoverChoice.objects.filter(activity=self.activity_id).order_by("pk").last()
            level = chosen.level if chosen else rules.CoverLevel.MEAN
        drawn = getattr(self, "simulation", None)
        return rules.Cover(rules.CoverLevel(level), self.total_kg, drawn.p90_kg if drawn else None)

    @property
    def subject(self) -> str:
        """How the trail names it."""
        return f"inventory:{self.activity.code}/{self.kind}/{self.version}"


class Line(models.Model):
    """One row of the grid. Either a version of the library or an own factor stands behind it; `key` lives on in later
    versions of the inventory, so that a change can be told from a new row."""

    inventory = models.ForeignKey(Inventory, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=36)
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=24)
    stage = models.CharField(max_length=12)
    treatment = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    description = models.CharField(max_length=300, blank=True)
    quantity = fields.QuantityField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    factor_version = models.ForeignKey(FactorVersion, models.PROTECT, null=True, blank=True, related_name="lines")
    own_value = fields.FactorField(null=True)
    own_unit = models.CharField(max_length=20, blank=True)
    own_source = models.CharField(max_length=300, blank=True)
    own_gwp = models.CharField(max_length=8, blank=True)
    tier = models.CharField(max_length=12)
    spread_percent = fields.QuantityField(null=True)
    evidence = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    uses = models.PositiveSmallIntegerField(null=True)  # in its whole life, this one included
    reused_percent = fields.QuantityField(null=True)  # the part that is used again; null: all of it
    uses_basis = models.CharField(max_length=300, blank=True)  # how the uses are known
    sharing = fields.QuantityField(null=True)  # people in each car

    class Meta:
        ordering = ["inventory", "position"]
        constraints = [
            one_of("treatment", rules.Treatment, blank=True),
            one_of("tier", rules.Tier),
            not_negative("quantity"),
            not_negative("own_value"),
            models.CheckConstraint(
                condition=(Q(uses__isnull=True) | Q(uses__gte=1))
                & (Q(reused_percent__isnull=True) | Q(reused_percent__gt=0, reused_percent__lte=100))
                & (Q(sharing__isnull=True) | Q(sharing__gte=1)),
                name="inventory_line_portion_in_range",
            ),
            models.UniqueConstraint(fields=["inventory", "position"], name="inventory_line_position_once"),
            models.UniqueConstraint(fields=["inventory", "key"], name="inventory_line_key_once"),
            models.CheckConstraint(
                condition=Q(factor_version__isnull=True) | Q(own_value__isnull=True), name="inventory_line_one_factor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inventory} line {self.position}"

    @property
    def factor(self) -> rules.Factor | None:
        """The factor behind the line, for the pure rules."""
        if self.factor_version is not None:
            return self.factor_version.facts
        if self.own_value is None:
            return None
        return rules.own_factor(
            value=self.own_value, unit=self.own_unit, source=self.own_source, gwp_set=rules.GwpSet(self.own_gwp)
        )

    @property
    def facts(self) -> rules.Line:
        """The line for the pure rules."""
        return rules.Line(
            key=self.key,
            position=self.position,
            source=self.source,
            stage=self.stage,
            treatment=rules.Treatment(self.treatment) if self.treatment else None,
            reason=self.reason,
            description=self.description,
            quantity=self.quantity,
            unit=self.unit,
            factor=self.factor,
            tier=rules.Tier(self.tier),
            spread_percent=self.spread_percent,
            evidence=self.evidence.digest if self.evidence is not None else "",
            uses=self.uses,
            reused_percent=self.reused_percent,
            uses_basis=self.uses_basis,
            sharing=self.sharing,
        )


class Result(InsertOnly):
    """What a line came to when it was submitted. Insert-only: a later edition of a factor moves nothing here."""

    line = models.OneToOneField(Line, models.PROTECT, related_name="result")
    quantity = fields.QuantityField()
    unit = models.CharField(max_length=20)
    factor_value = fields.FactorField()
    factor_unit = models.CharField(max_length=20)
    factor_code = models.CharField(max_length=100)
    factor_source = models.CharField(max_length=310)
    gwp_set = models.CharField(max_length=8)
    scope = models.PositiveSmallIntegerField()
    kg = fields.KgField()
    memo = models.BooleanField(default=False)
    low_percent = fields.QuantityField()
    high_percent = fields.QuantityField()
    ratio = models.CharField(max_length=80, blank=True)  # what one unit counts for, as a fraction; "": as the units say

    class Meta:
        ordering = ["line"]
        constraints = [one_of("scope", rules.SCOPES), not_negative("kg"), one_of("gwp_set", rules.GwpSet)]

    def __str__(self) -> str:
        return f"{self.line}: {self.kg} kg"

    @property
    def counted(self) -> Fraction:
        """What one unit of the quantity counted for, in the unit of the factor."""
        return Fraction(self.ratio) if self.ratio else rules.ratio(self.unit, self.factor_unit)


class Seal(InsertOnly):
    """The dossier of a submitted inventory: the canonical text whose digest is printed. Anyone can recompute it."""

    inventory = models.OneToOneField(Inventory, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Simulation(InsertOnly):
    """What the total may be, drawn when the inventory was submitted: whole kilograms. It informs and binds nobody."""

    inventory = models.OneToOneField(Inventory, models.PROTECT, related_name="simulation")
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    mean_kg = models.BigIntegerField()
    deviation_kg = models.BigIntegerField()
    p5_kg = models.BigIntegerField()
    p50_kg = models.BigIntegerField()
    p90_kg = models.BigIntegerField()
    p95_kg = models.BigIntegerField()

    class Meta:
        constraints = [in_order("p5_kg", "p50_kg"), in_order("p50_kg", "p90_kg"), in_order("p90_kg", "p95_kg")]

    def __str__(self) -> str:
        return f"{self.inventory}: {self.p5_kg} to {self.p95_kg} kg"


class Deposit(InsertOnly):
    """One month of an operating period as it was deposited: a reading or a bill with its evidence. A later deposit of
    the same month and meter takes its place; the earlier one stays to be read."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="deposits")
    month = models.DateField()  # its first day
    source = models.CharField(max_length=24)
    label = models.CharField(max_length=80)
    quantity = fields.QuantityField()
    unit = models.CharField(max_length=20)
    evidence = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    deposited_at = models.DateTimeField()
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["activity", "month", "source", "label", "pk"]
        constraints = [
            not_negative("quantity"),
            one_of("source", SourceCode),
            models.CheckConstraint(condition=Q(month__day=1), name="inventory_deposit_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.month:%Y-%m}"

    @property
    def facts(self) -> rules.Reading:
        """The reading for the pure rules."""
        return rules.Reading(
            source=self.source,
            label=self.label,
            unit=self.unit,
            month=self.month,
            quantity=self.quantity,
            evidence=self.evidence.digest if self.evidence is not None else "",
        )


class CoverChoice(InsertOnly):
    """Whether units are bought for the mean or the 90th percentile: the newest choice of an activity stands, without
    one the mean."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="cover_choices")
    level = models.CharField(max_length=4)
    reason = models.CharField(max_length=300, blank=True)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["activity", "pk"]
        constraints = [one_of("level", rules.CoverLevel)]

    def __str__(self) -> str:
        return f"{self.activity.code}: {self.level}"
